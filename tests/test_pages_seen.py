"""Pages as somebody sees them: by night, on a phone, and word against evidence."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.text import Text

from coreg.analysis.pooling import EVENINGS_FOR_AN_ANSWER
from coreg.analysis.synchrony import TRIM_S, Missing, PhaseSynchrony
from coreg.facts.events import Partner, Source
from coreg.findings.evenings import evening, over_evenings
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import Doing, Stretch, Together, together
from coreg.report.charts.theme import style
from coreg.report.html.document import document, stylesheet
from coreg.report.html.figures import WIDE_IN, chart_figure
from coreg.report.page import Chart, Numbers, Page
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import own_page, therapist_page
from coreg.report.words import (
    couple as couple_words,
)
from coreg.report.words.session import name as shown_name, what_happened
from coreg.words import say
from tests.helpers.couples import Planted, couple, opened_by
from tests.helpers.once import once_a_run
from tests.helpers.openings import changed
from tests.helpers.readers import html_words, plain

SVG = "{http://www.w3.org/2000/svg}"


@once_a_run
def summary() -> SessionSummary:
    return summarise(opened_by(1), couple(Planted(seed=1, coupling=0.9)))


@once_a_run
def compared() -> Together:
    return together(summary(), surrogates=99)


@once_a_run
def therapists_html() -> str:
    with style():
        return document(therapist_page(summary(), compared()))


# --- by night, on a phone ---------------------------------------------------------


def test_night_colours_reach_what_is_drawn_through_use() -> None:
    """A cloned mark has no `svg` above it to a selector (SVG 2, 5.6.3)."""
    night = stylesheet().split("prefers-color-scheme: dark")[1]
    painted = [
        line for line in night.splitlines() if re.search(r"\[(fill|stroke)", line)
    ]
    assert painted
    assert all(re.match(r"\[(fill|stroke)=", line) for line in painted)


def test_every_reference_of_a_drawing_leads_somewhere() -> None:
    """A hatching whose pattern has lost its name is not drawn."""
    drawings = re.findall(r"<svg.*?</svg>", therapists_html(), flags=re.DOTALL)
    patterns = 0
    for drawing in drawings:
        root = ET.fromstring(drawing)  # noqa: S314 - our own drawing
        ids = {element.get("id") for element in root.iter()}
        values = [value for element in root.iter() for value in element.attrib.values()]
        wanted = {
            match for value in values for match in re.findall(r"url\(#(.+?)\)", value)
        }
        assert wanted <= ids
        patterns += len(list(root.iter(f"{SVG}pattern")))
    assert patterns  # the pacer's band is hatched


@pytest.mark.parametrize("paint", ["fill", "stroke"])
def test_every_colour_of_a_drawing_is_one_that_a_browser_knows(paint: str) -> None:
    """What is no colour is painted black (CSS Color 4; SVG 2, 13.2)."""
    drawings = "".join(re.findall(r"<svg.*?</svg>", therapists_html(), flags=re.DOTALL))
    colours = set(re.findall(rf' {paint}="([^"]*)"', drawings))
    assert len(colours) > 3
    for colour in colours:
        assert re.fullmatch(r"none|#[0-9a-f]{6}|url\(#[\w-]+\)", colour), colour


def test_definitions_of_figures_wrap_beside_them() -> None:
    rule = re.search(r"(?m)^[^{\n]*\.remark[^{]*\{([^}]*)\}", stylesheet())
    assert rule
    assert "white-space: normal" in rule[1]
    assert "text-align: left" in rule[1]
    assert 'class="remark"' in therapists_html()


# --- words for the couple: no larger than the evidence ----------------------------


def part(
    name: str, doing: Doing, p_holm: float, r: float
) -> tuple[Stretch, PhaseSynchrony]:
    """One tested part with a planted answer."""
    stretch = Stretch(name=name, part=0, doing=doing, start_s=0.0, end_s=300.0)
    found = compared().found
    assert found is not None
    phase = found.per_phase[0]
    told = replace(
        phase,
        hr=replace(phase.hr, r=r),
        p_hr_holm=p_holm,
        missing=None,
        shared_s=int(stretch.end_s - 2 * TRIM_S),  # nothing of it is lost
    )
    return stretch, told


def couple_reads(*parts: tuple[Stretch, PhaseSynchrony]) -> tuple[str, ...]:
    found = compared().found
    assert found is not None
    phases = tuple(phase for _, phase in parts)
    both = replace(
        compared(),
        stretches=tuple(stretch for stretch, _ in parts),
        found=replace(found, per_phase=phases),
    )
    return tuple(map(plain, couple_words.moved_together(both)))


ALIKE, OPPOSITE, OPEN = (0.01, 0.6), (0.01, -0.6), (0.6, 0.1)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ((ALIKE, ALIKE), say("report.couple.moved_together")),
        ((ALIKE, OPEN), say("report.couple.for_part")),
        ((ALIKE, OPPOSITE), say("report.couple.for_part")),
        ((OPEN, OPEN), say("report.couple.no_pattern")),
        ((OPPOSITE, OPEN), say("report.couple.no_pattern")),
        ((OPPOSITE, OPPOSITE), say("report.couple.no_pattern")),
    ],
)
def test_a_couple_reads_one_sentence_no_larger_than_what_was_found(
    answers: tuple[tuple[float, float], ...], told: str
) -> None:
    said = couple_reads(
        *(part(f"{at}", Doing.FREE, *answer) for at, answer in enumerate(answers))
    )
    chance = [say("report.couple.chance_is")] if ALIKE in answers else []
    assert said == (
        told,
        *chance,
        say("report.couple.one_evening"),
        say("report.couple.not_about_you"),
    )


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ((Missing.NO_MOVEMENT, Missing.NO_MOVEMENT), say("report.couple.no_pattern")),
        ((Missing.TOO_LITTLE_DATA, None), say("report.couple.no_pattern")),
        ((Missing.TOO_LITTLE_DATA, Missing.TOO_SHORT), say("report.couple.lost")),
        ((Missing.TOO_SHORT, Missing.TOO_SHORT), say("report.couple.too_short")),
    ],
)
def test_what_could_not_be_compared_for_a_plain_reason_says_the_reason(
    missing: tuple[Missing | None, ...], told: str
) -> None:
    parts = []
    for at, why in enumerate(missing):
        stretch, phase = part(f"{at}", Doing.FREE, *OPEN)
        parts.append((stretch, replace(phase, missing=why)))
    assert couple_reads(*parts)[0] == told


def test_an_own_page_speaks_of_one_heart() -> None:
    page = own_page(summary(), Partner.A, ())
    with style():
        text = html_words(document(page))
    assert "How much your heart moved with your breath" in text
    assert "each heart" not in text


@pytest.mark.parametrize("partner", Partner)
def test_no_chart_of_an_own_page_names_whose_heart_it_is(partner: Partner) -> None:
    page = own_page(summary(), partner, ())
    with style():
        for name in ("hearts", "swings"):
            written = chart_figure(chart(page, name), WIDE_IN).findobj(Text)
            assert not {text.get_text() for text in written} & set("AB"), name


def test_a_part_that_was_passed_over_at_once_is_not_told() -> None:
    first, second, *others = summary().phases
    passed = replace(first, end_s=first.start_s + 0.2)
    of = replace(summary(), phases=(passed, second, *others))
    for told in (what_happened(of)[0], couple_words.what_happened(of)[0]):
        assert f"{shown_name(second.name)} " in told
        assert f"{shown_name(first.name)} " not in told
        assert not re.search(r"\b0\s(s|min)\b", told)


# --- words for the therapist ------------------------------------------------------


def test_a_p_is_defined_on_the_sheet_where_it_first_decides() -> None:
    page = therapist_page(summary(), compared())
    tested = next(
        sheet
        for sheet in page.sheets
        if sheet[0].heading == say("report.together.tested")
    )
    text = " ".join(line.text for line in tested[0].lines)  # type: ignore[union-attr]
    assert (
        "p is the share of chance, these two counted in, that lies as far out" in text
    )


def figures(found: Together) -> dict[str, tuple[str, str]]:
    page = therapist_page(summary(), found)
    (numbers,) = (
        each
        for sheet in page.sheets
        for each in sheet
        if isinstance(each, Numbers) and each.heading == say("report.research.measures")
    )
    rows = zip(numbers.table.rows, numbers.table.remarks, strict=True)
    return {name: (value, told) for (name, value), told in rows}


def test_a_model_that_was_never_fitted_is_not_said_to_predict_no_more() -> None:
    """With no free time nothing was held out, so nothing was found of the partner."""
    paced = tuple(replace(s, doing=Doing.PACED) for s in compared().stretches)
    told = figures(replace(compared(), stretches=paced))
    for name in ("oscillator, A", "growth_per_s", "inertia, B", "coordination, A"):
        assert told[name] == ("–", say("report.research.no_free_time")), name


def test_the_delay_behind_the_pacer_says_from_where_it_counts() -> None:
    assert "0 where breathing in begins" in figures(compared())["delay, A"][1]


def test_the_four_held_out_p_are_not_taken_for_corrected() -> None:
    """Said once, above the table in which all four stand."""
    with style():
        told = html_words(document(therapist_page(summary(), compared())))
    assert "each p is one of four and not corrected for that" in told
    models = ("oscillator", "inertia")
    names = [f"{model}, {partner}" for model in models for partner in Partner]
    assert set(names) <= set(figures(compared()))


def test_figures_below_zero_have_a_minus_as_the_axes_do() -> None:
    found = compared().found
    assert found is not None
    below = replace(compared(), found=replace(found, hr=replace(found.hr, r=-0.5)))
    assert figures(below)["r"][0] == "−0.500"


# --- words over evenings ----------------------------------------------------------


def evenings(count: int) -> Page:
    taken = [
        evening(replace(summary(), opened=opened_by(number)), None, Partner.A, ())
        for number in range(1, count + 1)
    ]
    return evenings_page(over_evenings(Partner.A, taken, left_out=0))


def compared_evenings(count: int, source: Source) -> Page:
    taken = []
    for number in range(1, count + 1):
        opened = changed(opened_by(number), source=source)
        here = replace(summary(), opened=opened)
        taken.append(evening(here, compared(), Partner.A, ()))
    return evenings_page(over_evenings(Partner.A, taken, left_out=0))


def chart(page: Page, name: str) -> Chart:
    (found,) = (
        each
        for sheet in page.sheets
        for each in sheet
        if isinstance(each, Chart) and each.name == name
    )
    return found


def test_grey_is_only_explained_where_there_is_grey() -> None:
    """The middle half is drawn of four evenings and more."""
    assert "Grey" not in chart(evenings(3), "rest").caption
    assert "Grey: the middle half" in chart(evenings(4), "rest").caption


def test_only_of_people_s_own_evenings_is_it_said_that_both_opened_them() -> None:
    """Nobody opens a simulated couple's evening to anybody."""
    for count in (1, EVENINGS_FOR_AN_ANSWER):
        with style():
            simulated = html_words(document(compared_evenings(count, Source.SIMULATED)))
            own = html_words(document(compared_evenings(count, Source.STRAPS)))
        opened = re.compile("you both open(ed)?")
        assert not opened.search(simulated)
        assert opened.search(own)


def test_small_charts_over_evenings_name_their_axis() -> None:
    with style():
        pace, rest = (
            chart_figure(chart(evenings(4), name), WIDE_IN) for name in ("pace", "rest")
        )
    assert [axes.get_ylabel() for axes in pace.axes] == ["breaths/min"]
    for axes in rest.axes:  # no number to be compared with the other's
        labels = [label.get_text() for label in axes.get_yticklabels()]
        assert labels == ["less", "more"]
    cells = {cell for _, *row in chart(evenings(4), "rest").table.rows for cell in row}
    assert cells <= {"less", "in between", "more", "–"}


def test_one_evening_has_no_order() -> None:
    assert evenings(1).story == ("1\N{NO-BREAK SPACE}evening.",)
    assert evenings(2).story == ("2\N{NO-BREAK SPACE}evenings, oldest first.",)


def test_without_a_shared_breath_the_page_does_not_blame_the_rest() -> None:
    unpaced = replace(
        summary(),
        pace=replace(
            summary().pace,
            start_s=np.array([]),
            end_s=np.array([]),
            breaths_per_min=np.array([]),
        ),
    )
    one = evening(unpaced, None, Partner.A, ())
    page = evenings_page(over_evenings(Partner.A, [one], left_out=0))
    with style():
        drawn = document(page)
    told = re.sub(r"<[^>]+>", "", drawn)
    assert say("report.evenings.no_pace") in told
    assert say("report.evenings.no_rest") not in told


def test_levels_send_nobody_to_a_test_that_was_not_made() -> None:
    """Recordings without a common clock get levels and no test; nobody paced them."""
    apart = changed(opened_by(1), common_clock=False)
    here = replace(summary(), opened=apart)
    page = therapist_page(here, together(here))
    with style():
        text = html_words(document(page))
    assert "Not compared" in text
    assert not re.search(r"beside the test|the paced breath", text)
