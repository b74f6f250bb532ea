"""Their own pages call two people what the screens call them; exports do not."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from coreg.facts.events import Partner
from coreg.findings.summary import SessionSummary, named, summarise
from coreg.findings.together import together
from coreg.report.charts.frame import LABEL_PT
from coreg.report.charts.theme import style, text_width_in
from coreg.report.html.document import document
from coreg.report.html.figures import NARROW_IN
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.web.server.drawing import PageAsked, drawn
from coreg.web.server.view import called
from tests.helpers.couples import Planted, couple, opened_by
from tests.helpers.once import once_a_run
from tests.helpers.readers import html_words

MARA = {Partner.A: "Mara", Partner.B: "Jon & <Bo>"}
LETTER = re.compile(r"\b[AB]\b")


@once_a_run
def summary() -> SessionSummary:
    return summarise(opened_by(1), couple(Planted(seed=1, coupling=0.9)))


def charts(html: str) -> list[list[str]]:
    """Return what is written in the pictures of both hearts, wide and narrow."""
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)[:2]
    return [
        [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture)]
        for picture in pictures
    ]


def svg_texts(html: str) -> list[str]:
    return [text for texts in charts(html) for text in texts]


def joint(of: SessionSummary) -> str:
    with style():
        return document(joint_page(of, together(of, surrogates=99)))


def test_a_joint_page_names_both_wherever_it_spoke_of_a_and_b() -> None:
    html = joint(named(summary(), MARA))
    text = html_words(html)
    assert not LETTER.search(text)
    assert "Mara: Polar H10" in text  # where from
    assert "time Mara Jon & <Bo>" in text  # columns
    assert svg_texts(html).count("Mara") == 2  # the chart, wide and narrow
    assert "Jon & <Bo>" in text


def test_a_name_is_text_and_never_a_part_of_the_page() -> None:
    assert "<Bo>" not in joint(named(summary(), MARA))


def test_an_own_page_calls_its_owner_by_name_and_nobody_else() -> None:
    mine = named(summary(), MARA)
    with style():
        text = html_words(document(own_page(mine, Partner.B, [])))
    assert "Jon & <Bo>" in text
    assert not LETTER.search(text)


def test_without_names_pages_say_the_places_as_the_screens_do() -> None:
    places = {partner: called(partner, "") for partner in Partner}
    text = html_words(joint(named(summary(), places)))
    assert "time Left Right" in text
    assert not LETTER.search(text)


def test_what_is_exported_knows_letters_alone() -> None:
    with style():
        page = document(therapist_page(summary(), together(summary(), surrogates=99)))
    assert "A: Polar H10" in html_words(page)


@pytest.mark.parametrize("name", ["Ana-María de los Ángeles y Todos los S", "$x$ $y$"])
def test_no_name_breaks_a_chart_or_leaves_it(name: str) -> None:
    wide, narrow = (
        next(text for text in texts if text.startswith(name[:5]))
        for texts in charts(joint(named(summary(), {Partner.A: name, Partner.B: "Bo"})))
    )
    assert wide == name
    assert text_width_in(narrow, LABEL_PT + 1) < NARROW_IN


def test_names_come_in_all_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    read = "coreg.findings.reading.summary_of_beginning"
    monkeypatch.setattr(read, lambda _: summary())
    names = ("李小龙", "Zoë ❤")
    asked = PageAsked(path=Path("any"), whose=None, ratings=(), called=names)
    assert svg_texts(drawn(asked).html).count("李小龙") == 2


def test_a_heart_that_never_came_is_missed_by_its_name() -> None:
    silent = replace(summary().a, hr_bpm=summary().a.hr_bpm * float("nan"))
    html = joint(replace(named(summary(), MARA), a=silent))
    assert "no heartbeats from Mara" in svg_texts(html)
