"""Near and space, step by step: two values of one's own, and never one."""

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from coreg.errors import NotReleased
from coreg.facts.events import Partner
from coreg.findings.kept import said_of
from coreg.findings.steps import (
    SaidInPart,
    Step,
    steps_for_therapist,
    steps_of,
)
from coreg.findings.summary import summarise
from coreg.findings.together import together
from coreg.report.charts.steps import steps_chart
from coreg.report.page import Chart
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.own_things import AnswerKept
from tests.helpers.evening_server import CHEAP
from tests.helpers.openings import changed
from tests.helpers.report_sessions import opened, session

STEP = """
[[block]]
name = "Step {n}"
kind = "step"
who = "first"
minutes = 1.5
words = "Nearer, further, or stay?"
scales = [
  {{ name = "near", words = "I want to be near", low = "no", high = "very" }},
  {{ name = "space", words = "I want space", low = "no", high = "very" }},
]
"""
PLAN = (
    """
format = 2
name = "near-and-far"
version = 1
title = "Near and far"
purpose = "To choose."
opened_by = "therapist"

[[block]]
name = "Arrive"
kind = "arrive"
minutes = 2
words = "Sit."
"""
    + STEP.format(n=1)
    + STEP.format(n=2)
    + '[[block]]\nname = "Rest"\nkind = "rest"\nminutes = 2\nwords = "Rest."\n'
)
OPENED = changed(opened(), plan_toml=PLAN)


def said(block: int, name: str, value: int) -> SaidInPart:
    return SaidInPart(block=block, name=name, value=value)


def test_a_step_has_two_values_and_both_may_be_high() -> None:
    found = steps_of(
        OPENED,
        [
            said(1, "near", 9),
            said(1, "space", 8),
            said(2, "near", 2),
            said(2, "space", 1),
        ],
    )
    assert found == (
        Step(number=1, block=1, near=9, space=8),
        Step(number=2, block=2, near=2, space=1),
    )


def test_there_is_nothing_in_a_step_that_adds_or_compares_the_two() -> None:
    assert [field.name for field in fields(Step)] == [
        "number",
        "block",
        "near",
        "space",
    ]


def test_what_was_not_said_is_not_filled_in() -> None:
    assert steps_of(OPENED, [said(2, "space", 4)]) == (
        Step(number=1, block=1, near=None, space=None),
        Step(number=2, block=2, near=None, space=4),
    )


def test_of_what_was_said_twice_in_a_step_the_last_counts() -> None:
    (first, _) = steps_of(OPENED, [said(1, "near", 3), said(1, "near", 7)])
    assert first.near == 7


def test_a_therapist_sees_them_only_where_their_owner_agreed() -> None:
    answers = [said(1, "near", 9)]
    with pytest.raises(NotReleased, match="theirs alone"):
        steps_for_therapist(OPENED, answers, owner_agreed=False)
    shown = steps_for_therapist(OPENED, answers, owner_agreed=True)
    assert shown == steps_of(OPENED, answers)


def test_the_same_answer_in_two_steps_is_kept_as_two(tmp_path: Path) -> None:
    # Both were one line: whoever answers 5 twice had a step without an answer.
    now = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)
    library = Library(data_folder(tmp_path), passcode_cost=CHEAP)
    key = library.own.choose(Partner.A, "4915", now=now)
    for block, utc in ((1, "20:05"), (2, "20:07"), (2, "20:08")):
        library.own.keep(
            Partner.A,
            AnswerKept(
                session_id="one",
                name="near",
                words="I want to be near",
                value=5,
                utc=utc,
                block=block,
            ),
        )
    answers = library.own.lines(Partner.A, key).answers
    assert [each.block for each in answers] == [1, 2]
    assert [step.near for step in steps_of(OPENED, said_of(answers, "one"))] == [5, 5]
    assert said_of(answers, "another") == ()


def test_only_their_owners_page_draws_them() -> None:
    summary = summarise(OPENED, session())
    answers = [said(1, "near", 9), said(1, "space", 9), said(2, "near", 1)]
    (chart,) = (
        section
        for section in own_page(summary, Partner.A, (), answers).sheets[0]
        if isinstance(section, Chart) and section.name == "steps"
    )
    assert chart.table.rows == (("step 1", "9", "9"), ("step 2", "1", "–"))
    pages = [
        own_page(summary, Partner.B, ()),
        joint_page(summary, together(summary, surrogates=19)),
        therapist_page(summary, together(summary, surrogates=19)),
    ]
    for page in pages:
        assert "steps" not in {
            section.name
            for sheet in page.sheets
            for section in sheet
            if isinstance(section, Chart)
        }


def test_equal_wishes_are_two_dots_that_do_not_hide_each_other() -> None:
    chart = steps_chart(steps_of(OPENED, [said(1, "near", 9), said(1, "space", 9)]))
    axes = Figure().subplots()
    chart.draw([axes])
    near, space = (line for line in axes.lines if line.get_marker() == "o")
    assert np.array_equal(near.get_xdata(), space.get_xdata())
    assert not np.array_equal(near.get_ydata(), space.get_ydata())
    joined = [line for line in axes.lines if line.get_marker() != "o"]
    assert len(joined) == 2  # a hairline a step, from 0 to 10, and nothing else


def test_where_nothing_was_said_no_chart_stands_there() -> None:
    page = own_page(summarise(OPENED, session()), Partner.A, (), ())
    names = {each.name for each in page.sheets[0] if isinstance(each, Chart)}
    assert "steps" not in names
