"""A couple whose hearts moved against one another reads nothing of it, anywhere.

Whoever reads it reads: we are against one another. It says no such thing: two who talk
in turns have hearts that move so.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from coreg.facts.events import Partner
from coreg.findings.evenings import EveningFigures, evening, over_evenings
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import Answer, Together, answer, together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.one_sentence import of_both, of_one
from coreg.report.page import Page
from coreg.report.page_format import PageFormat
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words.couple import moved_together
from coreg.report.words.evenings import moved_together as moved_over_evenings
from coreg.report.write_page import write_page
from coreg.words import ENGLISH, Language, say, speaking
from tests.helpers.banned import everything_said
from tests.helpers.couples import Planted, couple, opened_by
from tests.helpers.once import once_a_run
from tests.helpers.readers import html_words, pdf_words, svg_words

OPPOSITE = {
    ENGLISH: re.compile(
        r"opposite|opposed|opposing|against one another|against each other|counter\w*"
        r"|the other way|out of step|different from evening|anti-?phase|−1",
        re.IGNORECASE,
    ),
    Language.GERMAN: re.compile(
        r"gegenläufig|gegeneinander|entgegen|auseinander|Gegentakt|verschieden bewegt"
        r"|−1",
        re.IGNORECASE,
    ),
}


@once_a_run
def summary() -> SessionSummary:
    """Hearts of which one slows down whenever the other speeds up."""
    return summarise(opened_by(1), couple(Planted(seed=3, coupling=0.9, sign=-1.0)))


@once_a_run
def found() -> Together:
    return together(summary())


@once_a_run
def uncoupled() -> Together:
    return together(summarise(opened_by(1), couple(Planted(seed=2, coupling=0.0))))


def over() -> Page:
    """Six such evenings of one of the two."""
    one: EveningFigures = evening(summary(), found(), Partner.A, ())
    return evenings_page(over_evenings(Partner.A, [one] * 6, left_out=0))


def pages() -> dict[str, Page]:
    """Every page that one of the two, or both, may open."""
    return {
        "joint": joint_page(summary(), found()),
        "own of A": own_page(summary(), Partner.A, ()),
        "own of B": own_page(summary(), Partner.B, ()),
        "over evenings": over(),
    }


def raw(page: Page) -> str:
    """All of a page's HTML, attributes, alternative texts and tables too."""
    with style():
        html = document(page)
    without_style = re.sub(r"(?s)<style.*?</style>", "", html)
    # Paths of pictures hold figures and no words.
    return re.sub(r'\b(d|points|transform|style)="[^"]*"', "", without_style)


def test_they_are_opposite_indeed_and_a_therapist_reads_so() -> None:
    told = found()
    assert told.found is not None
    assert Answer.OPPOSITE in {answer(phase) for phase in told.found.per_phase}
    with style():
        text = everything_said(document(therapist_page(summary(), told)))
    assert OPPOSITE[ENGLISH].search(text)


@pytest.mark.parametrize("language", list(Language))
def test_no_page_of_a_couple_holds_a_word_of_it_in_any_of_its_parts(
    language: Language,
) -> None:
    with speaking(language):
        for name, page in pages().items():
            seen = OPPOSITE[language].search(raw(page))
            assert seen is None, f"{name}: {seen}"


@pytest.mark.parametrize("whose", ["joint", "over evenings"])
def test_nor_does_paper_nor_a_picture(whose: str, tmp_path: Path) -> None:
    write_page(pages()[whose], tmp_path, "page", list(PageFormat))
    said = [
        html_words((tmp_path / "page.html").read_text("utf-8")),
        pdf_words(tmp_path / "page.pdf"),
        *map(svg_words, tmp_path.glob("*.svg")),
    ]
    for text in said:
        assert text
        assert not OPPOSITE[ENGLISH].search(text)


@pytest.mark.parametrize("language", list(Language))
def test_they_read_what_a_couple_reads_of_whom_nothing_is_told(
    language: Language,
) -> None:
    with speaking(language):
        assert moved_together(found()) == moved_together(uncoupled())
        assert of_both(summary()) == say("report.couple.no_pattern")
        for partner in Partner:
            assert not OPPOSITE[language].search(of_one(summary(), partner))


@pytest.mark.parametrize("language", list(Language))
def test_over_evenings_too(language: Language) -> None:
    last = opened_by(1)
    with speaking(language):
        untold = moved_over_evenings(Answer.OPEN, Answer.OPEN, last)
        for other in (Answer.OPPOSITE, Answer.OPEN):
            assert moved_over_evenings(Answer.OPPOSITE, other, last) == untold
            assert moved_over_evenings(other, Answer.OPPOSITE, last) == untold


def test_the_search_would_find_it() -> None:
    """What is searched for stands on a therapist's page of the same evening."""
    of_therapist = replace(joint_page(summary(), found()), story=("in opposite ways",))
    assert OPPOSITE[ENGLISH].search(raw(of_therapist))
