"""In no figure do two texts meet, and none is cut: at any width, with long names."""

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from matplotlib.figure import Figure

from coreg.facts.events import Partner, Source
from coreg.findings.evenings import EveningFigures, evening, over_evenings
from coreg.findings.own_rating import OwnRating
from coreg.findings.recording import measured
from coreg.findings.summary import SessionSummary, named, summarise
from coreg.findings.together import Together, together
from coreg.report.charts.recording import recording_sheet
from coreg.report.charts.theme import style
from coreg.report.html.figures import NARROW_IN, WIDE_IN, chart_figure
from coreg.report.page import Chart, Page
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.sensors.recordings.recognise import parse_recording
from coreg.words import Language, speaking
from tests.helpers.couples import Planted, couple, opened_by
from tests.helpers.report_sessions import Fact, opened, session
from tests.helpers.texts_apart import collisions, cut, texts_of

LONG = {
    Partner.A: "Maximiliane-Konstanze",
    Partner.B: "Bartholomäus von und zu der Hohenwarte",
}
LONG_BLOCKS = (
    ("Settling in, each in a corner of their own", "arrive", 60.0),
    ("A question to one another", "question", 20.0),
    ("Breathing together to the long soft tone", "breathe", 300.0),
    ("just be", "rest", 360.0),
)
MANY = tuple((f"step {number}", "rest", 60.0) for number in range(1, 15))
PAUSE = (300.0, 340.0)
SESSIONS: dict[str, list[Fact]] = {
    "an evening": session(pause=PAUSE, lost=((Partner.B, 700.0, 705.0),)),
    "long names": session(blocks=LONG_BLOCKS),
    "many parts": session(blocks=MANY),
    "five seconds": session(blocks=(("arrive", "arrive", 5.0),)),
    "no hearts": session(bodies=(None, None)),
}
RATINGS = (
    OwnRating(moment="before", at_ease=0, awake=9, myself=10),
    OwnRating(moment="after", at_ease=10, awake=1, myself=10),
)
PAPER_IN = (7.35, 3.79)  # a column of A4, and half of one


@cache
def summary_of(case: str) -> SessionSummary:
    return named(summarise(opened(Source.STRAPS), SESSIONS[case]), LONG)


@cache
def compared(case: str) -> Together:
    return together(summary_of(case), surrogates=19)


def pages_of(case: str) -> list[Page]:
    if case == "evenings":
        return [over(1), over(7), over(40)]
    summary = summary_of(case)
    both = compared(case)
    lettered = replace(summary, called={each: each.value for each in Partner})
    return [
        own_page(lettered, Partner.B, RATINGS),
        joint_page(summary, both),
        therapist_page(lettered, both),
    ]


@cache
def one_evening() -> EveningFigures:
    one = summarise(opened_by(1), couple(Planted(seed=1, coupling=0.7)))
    return evening(one, together(one, surrogates=19), Partner.A, RATINGS)


def over(evenings: int) -> Page:
    told = [one_evening()] * evenings
    return evenings_page(over_evenings(Partner.A, told, left_out=0, unread=0))


def figures_of(pages: list[Page]) -> Iterator[tuple[str, Figure]]:
    for page in pages:
        for sheet in page.sheets:
            for chart in sheet:
                if isinstance(chart, Chart):
                    for width_in in (NARROW_IN, WIDE_IN, *PAPER_IN):
                        name = f"{page.title}, {chart.name}, {width_in} in"
                        yield name, chart_figure(chart, width_in)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("case", [*SESSIONS, "evenings"])
def test_no_two_texts_of_a_chart_meet_and_none_is_cut(
    case: str, language: Language
) -> None:
    looked_at = 0
    with style(), speaking(language):
        for name, figure in figures_of(pages_of(case)):
            assert not collisions(figure), name
            assert not cut(figure), name
            looked_at += len(texts_of(figure))
    assert looked_at > 0


def text_of(rr_ms: list[float]) -> bytes:
    return "\n".join(f"{each:.0f}" for each in rr_ms).encode()


def odd() -> list[float]:
    rr_ms = [800 + 30 * math.sin(0.5 * n) for n in range(400)]
    for at in range(20, 400, 9):  # long, short, long: nearly on one another
        rr_ms[at] = 300.0
    rr_ms[100:103] = [1700.0, 400.0, 2500.0]
    return rr_ms


@pytest.mark.parametrize("name", ["rest", "A walk with the dog, " * 9 + "the end.txt"])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "rr_ms",
    [odd(), [800.0, 820.0] * 60, [800.0] * 400, [800.0, 820.0], [300.0, 2900.0] * 9],
    ids=["odd", "two minutes", "steady", "two intervals", "all aside"],
)
def test_no_two_texts_of_a_recording_meet_and_none_is_cut(
    name: str, rr_ms: list[float], language: Language
) -> None:
    with style(), speaking(language):
        figure = recording_sheet(measured(parse_recording(text_of(rr_ms), name=name)))
        assert not collisions(figure)
        assert not cut(figure)
        assert len(texts_of(figure)) > 6


def test_what_meets_or_is_cut_is_found() -> None:
    """The finder itself: a test that finds nothing would prove nothing."""
    figure = Figure(figsize=(4, 2))
    for x, text in ((0.1, "one and another"), (0.15, "on it"), (0.95, "over the edge")):
        figure.text(x, 0.5, text)
    assert collisions(figure) == [("on it", "one and another")]
    assert cut(figure) == ["over the edge"]
