"""How much one evening tells is said where it is read, by one set of figures."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from coreg.analysis.synchrony import Missing
from coreg.facts.events import Partner
from coreg.findings.power import PART_TOLD, PART_TOLD_OF_LOST
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import Together, is_much_lost, together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.pages.session import joint_page, therapist_page
from coreg.words import ENGLISH, Language, say, speaking
from tests.helpers.banned import banned_in, everything_said
from tests.helpers.couples import Planted, couple, opened_by
from tests.helpers.once import once_a_run
from tests.helpers.readers import plain

MEASURES = Path(__file__).resolve().parents[1] / "docs" / "measures.md"
LOST = tuple(
    (each, 130.0 + 100 * n, 155.0 + 100 * n) for each in Partner for n in range(8)
)


@once_a_run
def summary(*, is_lost: bool) -> SessionSummary:
    planted = Planted(seed=2, coupling=0.0, lost=LOST if is_lost else ())
    return summarise(opened_by(1), couple(planted))


@once_a_run
def found(*, is_lost: bool) -> Together:
    return together(summary(is_lost=is_lost))


def said_on(*, to_both: bool, is_lost: bool) -> str:
    page = joint_page if to_both else therapist_page
    with style():
        return everything_said(
            document(page(summary(is_lost=is_lost), found(is_lost=is_lost)))
        )


def test_the_page_of_measures_has_the_figures_that_the_pages_say() -> None:
    row = re.search(
        r"^\| a part, as a couple reads it \|(.*)\|$",
        MEASURES.read_text("utf-8"),
        re.MULTILINE,
    )
    assert row is not None
    figures = [float(each) for each in row[1].split("|")]
    assert figures == [*PART_TOLD.values(), PART_TOLD_OF_LOST]


def test_where_nothing_is_told_a_therapist_reads_how_much_an_evening_tells() -> None:
    text = said_on(to_both=False, is_lost=False)
    shares = [round(100 * each) for each in PART_TOLD.values()]
    assert "on {}, {} and {} of 100 evenings".format(*shares) in text
    assert "Much of this one was lost" not in text


def test_where_much_was_lost_it_is_said_by_its_own_figure() -> None:
    assert is_much_lost(found(is_lost=True))
    assert not is_much_lost(found(is_lost=False))
    text = said_on(to_both=False, is_lost=True)
    assert f"on {round(100 * PART_TOLD_OF_LOST)} of 100 evenings" in text


@pytest.mark.parametrize("language", list(Language))
def test_a_couple_reads_that_too_and_no_figure_of_it(language: Language) -> None:
    with speaking(language):
        much_lost = plain(say("report.couple.much_lost"))
        lost, usual = (
            said_on(to_both=True, is_lost=is_lost) for is_lost in (True, False)
        )
    assert much_lost in lost
    assert much_lost not in usual
    assert language is not ENGLISH or not banned_in(lost)


def test_parts_that_are_short_by_plan_are_no_loss() -> None:
    whole = found(is_lost=False)
    assert whole.found is not None
    first, *others = whole.found.per_phase
    short = replace(first, missing=Missing.TOO_SHORT, shared_s=0)
    told = replace(whole.found, per_phase=(short, *others))
    assert not is_much_lost(replace(whole, found=told))
