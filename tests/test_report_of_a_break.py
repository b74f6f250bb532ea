"""A session that broke off and went on: what its pages say and draw of the gap."""

import math
from functools import cache

import numpy as np
import pytest

from coreg.facts.events import Partner, Source, WentOn
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import shown_pacer, stretches_of
from coreg.report.charts.session import calm_hearts_chart, hearts_chart
from coreg.report.html.figures import WIDE_IN, chart_figure
from coreg.report.page_format import Whose
from coreg.report.session import page_of
from coreg.report.words import couple
from coreg.words import say
from tests.helpers.report_sessions import BLOCKS, opened, session

SINCE_S, BACK_S, ON_S = 300.0, 900.0, 930.0  # in the middle of breathing together


@cache
def broken(*, is_timed: bool = True) -> SessionSummary:
    """A session of straps, paused for what the break and the waiting took."""
    lost = tuple((partner, SINCE_S, BACK_S + 1.0) for partner in Partner)
    facts = session(pause=(SINCE_S, ON_S), lost=lost)
    went_on = WentOn(t_s=BACK_S, since_s=SINCE_S, is_timed=is_timed)
    return summarise(opened(Source.STRAPS), [*facts, went_on])


@cache
def unbroken() -> SessionSummary:
    return summarise(opened(Source.STRAPS), session(pause=(SINCE_S, ON_S)))


def story(summary: SessionSummary, whose: Whose) -> str:
    return " ".join(page_of(summary, whose, ()).story).replace(
        "\N{NO-BREAK SPACE}", " "
    )


@pytest.mark.parametrize("whose", [Whose.THERAPIST, Whose.JOINT, Whose.A])
def test_every_page_says_that_it_stopped_and_for_how_long(whose: Whose) -> None:
    told = story(broken(), whose)
    assert "At 5:00 coreg stopped; it went on 10 minutes later." in told
    assert "Nothing was recorded in between." in told
    assert "coreg stopped" not in story(unbroken(), whose)


def test_where_no_clock_could_tell_it_says_so_and_names_no_time() -> None:
    told = story(broken(is_timed=False), Whose.JOINT)
    assert "how long that was isn’t known" in told
    assert "10 minutes" not in told


def test_the_practice_took_no_longer_for_it() -> None:
    # Sixteen minutes of blocks and half a minute until both went on.
    assert broken().recorded_s == pytest.approx(sum(b[2] for b in BLOCKS) + 30.0)
    assert "The practice took 16 minutes" in story(broken(), Whose.JOINT)
    assert "The practice took 26 minutes" in story(unbroken(), Whose.JOINT)


def test_it_is_nobodys_pause() -> None:
    assert "paused" not in story(broken(), Whose.A)
    assert "pause" not in story(broken(), Whose.THERAPIST)
    assert "one pause of 10 minutes" in story(unbroken(), Whose.THERAPIST)


def test_it_is_no_gap_of_a_strap() -> None:
    for heart in broken().hearts:
        assert (heart.signal.gaps, heart.signal.gap_s) == (0, 0.0)
        assert heart.signal.heard_share > 0.97
        assert math.isnan(heart.signal.silent_from_s)
    assert couple.heard(broken()) == ("The straps heard you well.",)


def test_what_a_strap_lost_before_it_stays_its_own() -> None:
    lost = ((Partner.A, 270.0, BACK_S + 1.0), (Partner.B, SINCE_S, BACK_S + 40.0))
    facts = session(pause=(SINCE_S, ON_S), lost=lost)
    summary = summarise(
        opened(Source.STRAPS),
        [*facts, WentOn(t_s=BACK_S, since_s=SINCE_S, is_timed=True)],
    )
    assert summary.a.signal.gaps == summary.b.signal.gaps == 1
    assert summary.a.signal.gap_s == pytest.approx(30.0, abs=1.5)
    assert summary.b.signal.gap_s == pytest.approx(40.0, abs=1.5)


def test_no_rate_is_known_in_it_and_no_stretch_is_compared_across_it() -> None:
    summary = broken()
    within = (summary.grid_s > SINCE_S + 2) & (summary.grid_s < BACK_S)
    for heart in summary.hearts:
        assert np.isnan(heart.hr_bpm[within]).all()
    for stretch in stretches_of(summary, shown_pacer(summary)):
        assert stretch.end_s <= SINCE_S or stretch.start_s >= ON_S


@pytest.mark.parametrize("chart", [hearts_chart, lambda s: calm_hearts_chart(s, ())])
def test_it_is_drawn_grey_for_its_length(chart: object) -> None:
    drawn = chart(broken())  # type: ignore[operator]
    assert say("report.session.grey_is_not_recorded") in drawn.caption
    assert "Nothing was recorded from 5:00 to 15:00." in drawn.alt
    figure = chart_figure(drawn, WIDE_IN)
    for axes in figure.axes[: len(Partner)]:
        (grey,) = [p for p in axes.patches if p.get_gid() == "not recorded"]
        edges_min = grey.get_path().get_extents(grey.get_transform() - axes.transData)
        assert (edges_min.x0, edges_min.x1) == pytest.approx((5.0, 15.0))
        for line in axes.lines:
            if not str(line.get_gid()).startswith(("heart", "calm")):
                continue
            t_min, bpm = (np.asarray(each, dtype=float) for each in line.get_data())
            assert np.isnan(bpm[(t_min > 5.05) & (t_min < 15.0)]).all()
            assert np.isfinite(bpm[t_min > 16.0]).any()
    unmarked = chart(unbroken())  # type: ignore[operator]
    assert say("report.session.grey_is_not_recorded") not in unmarked.caption
