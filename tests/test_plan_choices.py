"""What a couple chooses is written into its plan by meaning, never by looks."""

import datetime as dt
import math
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from coreg.base.bounds import toml_of
from coreg.base.toml_writer import toml_text
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan import (
    Pace,
    parse_plan,
    with_fixed_pace,
    with_in_out,
    with_length,
    with_set_pace,
)
from coreg.exercises.plan_blocks import Length
from coreg.store.plans import plan_names, plan_text
from coreg.web.server.practice_catalogue import PracticeCatalogue
from tests.test_web_evening import HOME

CHOICES: Mapping[str, tuple[Callable[[str], str], str, object]] = {
    "pace of no heart": (with_fixed_pace, "pace", "fixed"),
    "pace of its own": (lambda text: with_set_pace(text, 5.5), "breaths_per_min", 5.5),
    "in and out": (lambda text: with_in_out(text, InOut.EVEN), "in_out", "50:50"),
    "length": (lambda text: with_length(text, Length.SHORTER), "length", "shorter"),
}

HEAD = """
format = 1
name = "small"
version = 3
title = "Small"
purpose = "To be tested."
opened_by = "therapist"
"""
BLOCK = """
[[block]]
name = "Breathe"
kind = "breathe"
minutes = 4
shorter_minutes = 2
words = "Low and slow."
inputs = []
measured = ["heart rate"]
shown = ["words"]
"""
INLINE = (
    'block = [{name = "Breathe", kind = "breathe", minutes = 4, shorter_minutes = 2,'
    ' words = "W", inputs = [], measured = [], shown = []}]\n'
)
# Each was no plan any more once something was chosen, or chose nothing, where a line of
# it was looked for in front of the first "[[block]]".
WRITTEN = {
    "a comment in front": f"# A [[block]] is one part.\n{HEAD}{BLOCK}",
    "a comment behind a value": HEAD.replace('"small"', '"small" # [[block]]') + BLOCK,
    "a comment between keys": (
        HEAD + '# [[block]]\npace = "shared"\nlength = "usual"\n'
        'breaths_per_min = 6\nin_out = "40:60"\n' + BLOCK
    ),
    "keys in quotes": (
        f'{HEAD}"pace" = "shared"\n\'length\' = "usual"\n"breaths_per_min" = 6\n'
        f'"in\\u005fout" = "40:60"\n{BLOCK}'
    ),
    "words that look like keys": HEAD.replace(
        '"To be tested."', '"""\npace = "slow"\nlength = 3\n[[block]]\n"""'
    )
    + BLOCK,
    "blocks with room": HEAD + 'pace = "shared"\n' + BLOCK.replace("[[b", "[[ b"),
    "blocks in quotes": HEAD + BLOCK.replace("[[block]]", '[["block"]]'),
    "blocks in braces": HEAD + INLINE,
    "blocks in front": INLINE + HEAD + 'pace = "shared"\nin_out = "40:60"\n',
    "lines of Windows": (HEAD + 'pace = "shared"\n' + BLOCK).replace("\n", "\r\n"),
}


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_choice_changes_its_value_and_nothing_else_of_a_plan(
    text: str, choice: str
) -> None:
    choose, key, value = CHOICES[choice]
    chosen = choose(text)
    assert tomllib.loads(chosen) == tomllib.loads(text) | {key: value}
    assert parse_plan(chosen).blocks
    assert choose(chosen) == chosen


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_every_choice_can_be_made_of_a_plan_that_was_brought_along(text: str) -> None:
    by_couple = text.replace('"therapist"', '"couple"')
    versions = PracticeCatalogue(by_couple).shown(HOME)
    (small,) = [each for each in versions if each.name == "small"]
    assert small.lengths == {Length.SHORTER: 2.0, Length.USUAL: 4.0}


@pytest.mark.parametrize("name", plan_names())
def test_what_a_plan_says_already_is_left_to_the_letter(name: str) -> None:
    chosen = with_in_out(with_fixed_pace(plan_text(name)), InOut.EVEN)
    assert with_fixed_pace(chosen) == chosen
    assert with_in_out(chosen, InOut.EVEN) == chosen
    plan = parse_plan(chosen)
    assert (plan.pace, plan.in_out) == (Pace.FIXED, InOut.EVEN)


@pytest.mark.parametrize("name", plan_names())
def test_every_plan_that_ships_is_the_same_plan_written_anew(name: str) -> None:
    text = plan_text(name)
    again = toml_text(toml_of(text))
    assert toml_of(again) == toml_of(text)
    assert repr(parse_plan(again)) == repr(parse_plan(text))  # NaN is not itself


CHARACTERS = st.characters(exclude_categories=["Cs"])
ZONES = st.integers(-23 * 60, 23 * 60).map(
    lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))
)
WHEN = (
    st.dates()
    | st.times().map(lambda when: when.replace(fold=0))
    | st.datetimes().map(lambda when: when.replace(fold=0))
    | st.builds(
        lambda when, zone: when.replace(tzinfo=zone, fold=0),
        st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1)),  # noqa: DTZ001
        ZONES,
    )
)
VALUES = st.recursive(
    st.booleans()
    | st.integers(-(10**60), 10**60)
    | st.floats(allow_nan=False)
    | st.text(CHARACTERS)
    | WHEN,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(CHARACTERS), inner, max_size=4)
        | st.lists(st.dictionaries(st.text(CHARACTERS), inner, max_size=3), max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(CHARACTERS), VALUES, max_size=5))
@example({"a b": '"""\\\r\n\t\x00\x7f\u2028', "": [{}, {"x": {}}], "y": [{}, 1]})
@example({"x": 1e16, "y": -0.0, "z": math.inf, "s": 5e-324})
def test_what_is_written_as_toml_reads_back_as_it_was(values: dict[str, Any]) -> None:
    again = toml_of(toml_text(values))
    assert again == values
    # Every bit and kind of it: 1 is not 1.0, 0.0 is not -0.0. Tables come last.
    assert repr(sorted(again.items())) == repr(sorted(values.items()))
    assert toml_text(again) == toml_text(values)


def test_not_a_number_reads_back_as_none() -> None:
    assert math.isnan(toml_of(toml_text({"x": math.nan}))["x"])
