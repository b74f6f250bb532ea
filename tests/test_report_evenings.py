"""What the page over evenings says to whoever cannot see it, on paper too."""

import math
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from coreg.facts.events import Partner, Source
from coreg.findings.evenings import EveningFigures, evening, over_evenings
from coreg.findings.kept import Kept
from coreg.findings.own_rating import OwnRating
from coreg.findings.summary import summarise
from coreg.report.charts.theme import style
from coreg.report.page import Chart, Page
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import own_page
from coreg.report.paper.typeset import Typeset
from coreg.report.words.numbers import figure
from coreg.store.library_db import Library, Sitting
from coreg.words import Language, say, speaking
from tests.helpers.readers import plain
from tests.helpers.report_sessions import opened, session

BEFORE = OwnRating(moment="before", at_ease=4, awake=5, myself=6)
AFTER = OwnRating(moment="after", at_ease=7, awake=8, myself=None)
# What coreg 0.1 asked: 3 on Karolinska's scale of 1 to 9 is three quarters awake.
OF_BEFORE = OwnRating(
    moment="after", at_ease=7, awake=7.5, myself=None, is_turned_round=True
)


@cache
def one_evening() -> EveningFigures:
    summary = summarise(opened(Source.STRAPS), session())
    return evening(summary, None, Partner.A, (BEFORE, AFTER))


def page(*evenings: EveningFigures) -> Page:
    return evenings_page(over_evenings(Partner.A, evenings, left_out=0))


def alt(of: Page, name: str) -> str:
    return next(
        each.alt
        for sheet in of.sheets
        for each in sheet
        if isinstance(each, Chart) and each.name == name
    )


def printed(of: Page) -> str:
    with style(), Typeset(of) as paper:
        reader = PdfReader(BytesIO(paper.pdf()))
    return plain(" ".join(sheet.extract_text() for sheet in reader.pages))


def test_on_an_own_page_a_picture_of_ratings_says_each_of_them() -> None:
    summary = summarise(opened(Source.STRAPS), session())
    told = alt(own_page(summary, Partner.A, (BEFORE, AFTER)), "ratings")
    for sentence in ("At ease: 4 before, 7 after.", "Awake: 5 before, 8 after."):
        assert sentence in told
    assert "Myself: 6 before." in told


def test_over_evenings_a_picture_says_each_value_and_points_to_no_table() -> None:
    slow = replace(one_evening(), breaths_per_min=6.0)
    same = page(*(slow,) * 7)
    assert "6.0 on all 7 evenings." in alt(same, "pace")
    unlike = page(slow, replace(slow, breaths_per_min=math.nan, ratings=()), slow)
    assert "evening by evening: 6.0; nothing; 6.0." in alt(unlike, "pace")
    assert "Awake, after, evening by evening: 8; nothing; 8." in alt(unlike, "ratings")
    for chart in ("ratings", "rest", "pace"):
        assert "table" not in alt(unlike, chart)


def test_of_many_evenings_the_last_ones_are_said() -> None:
    slow = [replace(one_evening(), breaths_per_min=6.0 + n / 10) for n in range(30)]
    told = alt(page(*slow), "pace")
    assert "on the last 12 evenings: 7.8;" in told
    assert "8.9." in told
    assert "7.7" not in told


@pytest.mark.parametrize("language", Language)
def test_answers_that_are_turned_round_are_said_to_be_on_paper_too(
    language: Language,
) -> None:
    summary = summarise(opened(Source.STRAPS), session())
    with speaking(language):
        told = plain(say("report.evenings.turned_round"))
        for ratings, is_told in (((BEFORE, OF_BEFORE), True), ((BEFORE, AFTER), False)):
            figures = replace(one_evening(), ratings=ratings)
            for shown in (own_page(summary, Partner.A, ratings), page(figures)):
                assert (told in printed(shown)) == is_told


def test_minutes_together_are_those_that_were_kept(tmp_path: Path) -> None:
    sitting = Sitting(sat_s=1260.0, breathing_s=600.0, breaths_per_min=6.0)
    Library(tmp_path).keep_sitting("kept", sitting)
    kept = Kept(tmp_path, {})
    evenings = [
        replace(one_evening(), sat_s=kept.sat_s(n)) for n in ("kept", "not", "kept")
    ]
    told = alt(page(*evenings), "minutes")
    assert "Minutes together, evening by evening: 21; nothing; 21." in told


def test_where_no_minutes_were_kept_there_is_no_picture_of_them() -> None:
    names = [
        each.name
        for sheet in page(one_evening(), one_evening()).sheets
        for each in sheet
        if isinstance(each, Chart)
    ]
    assert names == ["ratings", "rest", "pace"]


@pytest.mark.parametrize("language", Language)
def test_where_nothing_was_rated_one_evening_is_not_these_evenings(
    language: Language,
) -> None:
    unrated = replace(one_evening(), ratings=())
    with speaking(language):
        for count in (1, 2):
            told = printed(page(*(unrated,) * count))
            assert plain(say("report.evenings.no_ratings", n=count)) in told


@pytest.mark.parametrize("language", Language)
def test_of_one_evening_a_sentence_says_what_a_chart_of_one_mark_would(
    language: Language,
) -> None:
    one = replace(one_evening(), breaths_per_min=6.0, ln_rmssd=3.4, sat_s=1140.0)
    unknown = replace(
        one, breaths_per_min=math.nan, ln_rmssd=math.nan, sat_s=math.nan, ratings=()
    )
    with speaking(language):
        for evenings in ((one,), (one, unknown)):
            told = page(*evenings)
            names = [
                each.name
                for sheet in told.sheets
                for each in sheet
                if isinstance(each, Chart)
            ]
            assert names == ["ratings"]
            pace = say("report.evenings.pace_one", pace=figure(6.0, 1))
            for sentence in (
                pace,
                say("report.evenings.rest_one"),
                say("report.evenings.minutes_one", n=19),
            ):
                assert plain(sentence) in printed(told)
