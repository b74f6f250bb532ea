"""A plan is data that a therapist can write; a fault is named by its place."""

import math
import tomllib

import pytest
from hypothesis import given, strategies as st

from coreg.cli import main
from coreg.errors import BadPlanError
from coreg.exercises.blocks import BlockKind
from coreg.exercises.plan import (
    Pace,
    parse_plan,
    with_breathing_min,
    with_length,
)
from coreg.exercises.plan_blocks import Length
from coreg.store.plans import plan_names, plan_text
from tests.helpers.short_plans import SHORT_EVENING, SHORT_FILE

WITHOUT = "-without-breathing"
SMALL = """
format = 1
name = "small"
version = 3
title = "Small"
purpose = "To be tested."
opened_by = "therapist"

[[block]]
name = "Sit"
kind = "arrive"
minutes = 0.5
words = "Sit."
inputs = []
measured = ["heart rate"]
shown = ["words"]
"""


def test_the_main_practice_has_the_blocks_and_minutes_of_its_description() -> None:
    plan = parse_plan(plan_text("relaxed-and-alert"))
    assert [(block.kind, block.length_s / 60) for block in plan.blocks] == [
        (BlockKind.QUESTION, 1),
        (BlockKind.ARRIVE, 2),
        (BlockKind.BREATHE, 8),
        (BlockKind.REST, 6),
        (BlockKind.WORDS, 2),
    ]


@pytest.mark.parametrize("name", plan_names())
def test_every_plan_that_ships_is_valid_and_named_as_its_file(name: str) -> None:
    assert parse_plan(plan_text(name)).name == name


def test_only_breathing_blocks_take_another_length() -> None:
    plan = with_breathing_min(parse_plan(plan_text("relaxed-and-alert")), 3)
    assert [block.length_s / 60 for block in plan.blocks] == [1, 2, 3, 6, 2]


@pytest.mark.parametrize(
    ("written", "instead", "place", "right"),
    [
        ('kind = "arrive"', 'kind = "hover"', "block 1 (Sit), kind", "breathe"),
        ("minutes = 0.5", "minutes = 0", "block 1 (Sit), minutes", "above 0"),
        ("minutes = 0.5", "minutes = nan", "block 1 (Sit), minutes", "above 0"),
        ("minutes = 0.5", "minutes = true", "block 1 (Sit), minutes", "above 0"),
        ("minutes = 0.5", "minutes = 600", "block 1 (Sit), minutes", "at most 60"),
        ('words = "Sit."', 'words = ""', "block 1 (Sit), words", "words in quotes"),
        ("inputs = []", "inputs = [3]", "block 1 (Sit), inputs", "list of words"),
        ("inputs = []", "", "block 1 (Sit), inputs is nothing", "a list"),
        ("inputs = []", "inputs = []\ncolour = 1", "colour", "only these"),
        ("format = 1", "format = 3", "the plan, format", "1"),
        ("version = 3", 'version = "3"', "the plan, version", "whole number"),
        ('opened_by = "therapist"', "", "opened_by is nothing", "couple, therapist"),
    ],
)
def test_a_fault_is_named_by_its_place_and_by_what_would_be_right(
    written: str, instead: str, place: str, right: str
) -> None:
    assert written in SMALL
    with pytest.raises(BadPlanError) as caught:
        parse_plan(SMALL.replace(written, instead))
    assert place in caught.value.wrong
    assert right in caught.value.do


BREATHES = 'pace = "blocks"\n' + SMALL.replace(
    'kind = "arrive"', 'kind = "breathe"\nbreaths_per_min = 5.5'
)


def test_a_block_may_keep_a_pace_of_its_own() -> None:
    assert parse_plan(BREATHES).blocks[0].breaths_per_min == 5.5
    assert math.isnan(parse_plan(SMALL).blocks[0].breaths_per_min)


def test_a_plan_of_before_with_a_fixed_pace_and_paces_of_blocks_is_still_one() -> None:
    before = parse_plan(BREATHES.replace('"blocks"', '"fixed"', 1))
    assert before.pace is Pace.FIXED
    assert before.blocks == parse_plan(BREATHES).blocks


@pytest.mark.parametrize(
    ("written", "instead", "right"),
    [
        ("= 5.5", "= 4.4", "breaths a minute from 4.5 to 10"),
        ("= 5.5", '= "slow"', "breaths a minute from 4.5 to 10"),
        ("= 5.5", "= nan", "breaths a minute from 4.5 to 10"),
        ('"breathe"', '"rest"', "only in a block of kind breathe"),
        ('pace = "blocks"', "", 'pace = "blocks" at the head'),
        ('pace = "blocks"', 'pace = "shared"', 'pace = "blocks" at the head'),
    ],
)
def test_a_pace_that_cannot_be_kept_is_refused_by_its_place(
    written: str, instead: str, right: str
) -> None:
    with pytest.raises(BadPlanError) as caught:
        parse_plan(BREATHES.replace(written, instead))
    assert "block 1 (Sit), breaths_per_min" in caught.value.wrong
    assert right in caught.value.do


def test_only_a_therapist_may_set_a_pace_above_seven() -> None:
    fast = BREATHES.replace("= 5.5", "= 9")
    assert parse_plan(fast).blocks[0].breaths_per_min == 9
    with pytest.raises(BadPlanError, match=r"from 4\.5 to 7"):
        parse_plan(fast.replace('"therapist"', '"couple"'))


def test_both_evenings_of_finding_a_pace_have_five_paces_of_three_minutes() -> None:
    first, second = (
        [
            (block.breaths_per_min, block.length_s)
            for block in parse_plan(plan_text(name)).blocks
            if "curve" in block.measured
        ]
        for name in ("our-pace", "our-pace-second-evening")
    )
    assert first == [(rate, 180) for rate in (6.5, 6.0, 5.5, 5.0, 4.5)]
    assert second == first[::-1]


def test_a_plan_without_blocks_is_refused() -> None:
    with pytest.raises(BadPlanError, match="block"):
        parse_plan(SMALL.split("[[block]]", maxsplit=1)[0])


@given(st.text(max_size=200))
def test_any_text_is_a_plan_or_a_named_fault(text: str) -> None:
    with pytest.raises(BadPlanError):
        parse_plan(text)


@given(
    st.dictionaries(
        st.sampled_from(["format", "name", "version", "title", "block", "x"]),
        st.one_of(st.integers(), st.text(), st.lists(st.integers())),
    )
)
def test_any_table_is_a_plan_or_a_named_fault(table: dict[str, object]) -> None:
    lines = [f"{key} = {_toml(value)}" for key, value in table.items()]
    text = "\n".join(lines)
    assert tomllib.loads(text).keys() == table.keys()
    with pytest.raises(BadPlanError):
        parse_plan(text)


def _toml(value: object) -> str:
    if isinstance(value, str):
        escaped = "".join(f"\\U{ord(letter):08X}" for letter in value)
        return f'"{escaped}"'
    return str(value)


def test_the_list_of_practices_has_straight_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["practices"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert len(listed) == len(plan_names())
    assert len({line.index(" min  ") for line in listed}) == 1


def test_an_unknown_practice_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadPlanError, match="relaxed-and-alert"):
        plan_text("no-such-practice")


@pytest.mark.parametrize("name", ["relaxed-and-alert", f"relaxed-and-alert{WITHOUT}"])
@pytest.mark.parametrize(
    ("length", "minutes"),
    [
        (Length.SHORTER, [1, 2, 4, 2, 1]),
        (Length.USUAL, [1, 2, 8, 6, 2]),
        (Length.LONGER, [1, 2, 14, 11, 2]),
    ],
)
def test_the_main_practice_is_done_in_ten_minutes_or_takes_half_an_hour(
    name: str, length: Length, minutes: list[float]
) -> None:
    plan = parse_plan(with_length(plan_text(name), length))
    assert [block.length_s / 60 for block in plan.blocks] == minutes
    assert plan.minutes == {"shorter": 10, "usual": 19, "longer": 30}[length]


def test_a_length_leaves_all_else_of_a_plan_as_it_was() -> None:
    usual = tomllib.loads(plan_text("relaxed-and-alert"))
    shorter = tomllib.loads(with_length(plan_text("relaxed-and-alert"), Length.SHORTER))
    assert shorter == usual | {"length": "shorter"}


@pytest.mark.parametrize("name", ["our-pace", "our-pace-second-evening"])
def test_paces_that_are_compared_keep_their_own_times(name: str) -> None:
    assert parse_plan(plan_text(name)).lengths == (Length.USUAL,)


def test_a_plan_without_other_minutes_cannot_be_asked_for_another_length() -> None:
    with pytest.raises(
        BadPlanError, match=r"length is 'shorter'\. Write one of: usual"
    ):
        parse_plan(with_length(SMALL, Length.SHORTER))


def test_minutes_of_another_length_are_checked_though_it_is_not_asked_for() -> None:
    wrong = SMALL.replace("minutes = 0.5", "minutes = 0.5\nlonger_minutes = 0")
    with pytest.raises(BadPlanError, match=r"block 1 \(Sit\), longer_minutes"):
        parse_plan(wrong)


def test_the_short_evening_of_the_tests_is_the_main_practice_of_today() -> None:
    assert SHORT_FILE.read_text(encoding="utf-8") == SHORT_EVENING
    short = parse_plan(SHORT_EVENING)
    usual = parse_plan(plan_text("relaxed-and-alert"))
    assert [each.kind for each in short.blocks] == [each.kind for each in usual.blocks]
    assert short.minutes < usual.minutes / 3
