"""A note that may be copied: facts of an hour, and nothing of a heart."""

import datetime as dt
from dataclasses import fields, replace

import pytest

from coreg.facts.both import Both
from coreg.facts.events import Ending, Partner
from coreg.findings.factual_note import FactualNote, Heard, factual_note
from coreg.findings.summary import summarise
from coreg.report.words.factual_note import note_lines
from coreg.words import Language, speaking
from tests.helpers.report_sessions import BLOCKS, A, B, opened, session

NAMES = Both("Ada", "Ben")
ALONE = Both(dt.date(2026, 11, 5), None)


def note_of(facts: list[object]) -> FactualNote:
    summary = summarise(opened(), facts)  # type: ignore[arg-type]
    return factual_note(summary, present=NAMES, home_plan="", seen_alone=ALONE)


def test_the_lines_are_those_of_the_specification_and_no_others() -> None:
    """spec/practices.md 4, each line in its order, worked by hand."""
    minutes = round((sum(length for *_, length in BLOCKS) + 60) / 60)
    note = note_of([*session(pause=(200.0, 260.0))])
    assert note_lines(note) == (
        "Date: 19 November 2026",
        "Present: Ada, Ben",
        "Practice: Relaxed and alert",
        f"Length: {minutes} minutes",
        "Pauses: 1",
        "Signal: both straps heard well",
        "Plan for home: none",
        "Seen alone on: Ada, 5 November 2026, Ben, not noted",
    )
    with speaking(Language.GERMAN):
        assert note_lines(note)[4] == "Pausen: 1"


def test_no_field_has_room_for_anything_else() -> None:
    assert {each.name for each in fields(FactualNote)} == {
        *("on", "present", "practice", "minutes", "pauses"),
        *("heard", "home_plan", "seen_alone"),
    }


def test_other_hearts_another_end_and_other_minds_give_the_same_note() -> None:
    """Whatever the hearts did, and whoever ended it, no reader can tell."""
    calm = note_of([*session()])
    fast = replace(A, level_bpm=A.level_bpm + 45.0)
    assert note_of([*session(bodies=(fast, B))]) == calm
    assert note_of([*session(bodies=(B, A), follows=False)]) == calm
    assert note_of([*session(ending=Ending.FINISHED_EARLY)]) == calm


@pytest.mark.parametrize("partner", list(Partner))
def test_the_signal_is_the_worse_one_and_nobody_s(partner: Partner) -> None:
    total_s = sum(length for *_, length in BLOCKS)
    for share, heard in ((0.05, Heard.WELL), (0.3, Heard.PARTLY), (0.7, Heard.HARDLY)):
        lost = ((partner, 20.0, 20.0 + share * total_s),)
        assert note_of([*session(lost=lost)]).heard is heard
