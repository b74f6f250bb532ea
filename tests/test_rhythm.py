"""What is no sinus rhythm gives no figures, and nothing steers by it; what is, does."""

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from coreg.analysis.rhythm import RhythmWatch, irregular_stretches, is_irregular
from coreg.exercises.states.gates import Gate
from coreg.facts.events import (
    NS_PER_S,
    Beat,
    HeartWindow,
    Input,
    Intervals,
    IrregularRhythm,
    Partner,
    Quirk,
    QuirkNoticed,
    SettledWindow,
    SignalBack,
    SourceEnded,
    Tick,
)
from coreg.findings.recording import measured
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import is_much_lost, together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words.couple import heard
from coreg.sensors.recordings.recognise import parse_recording
from coreg.session.engine import Engine, Output, run
from coreg.session.hearts_watched import HeartNow, HeartsWatched
from coreg.words import ENGLISH, Language, say, speaking
from tests.helpers.banned import everything_said
from tests.helpers.once import once_a_run
from tests.helpers.shared import shared_file
from tests.test_engine import opened

Array = NDArray[np.float64]
A, B = Partner
IRREGULAR_S = (240.0, 420.0)
LENGTH_S = 720.0


def uneven(n: int, mean_ms: float = 700.0, seed: int = 1) -> Array:
    """Intervals of fibrillation: independent, scattered by a fifth of their mean."""
    rng = np.random.default_rng(seed)
    return np.asarray(mean_ms * rng.gamma(25.0, 1 / 25.0, n))


def breathing(mean_ms: float, breaths_per_min: float, share: float, seed: int) -> Array:
    """Sinus rhythm that swings by a share of its mean, no breath like the last."""
    rng = np.random.default_rng(seed)
    rr_ms: list[float] = []
    t_s = start_s = 0.0
    length_s, depth = 60 / breaths_per_min, share / 2
    while len(rr_ms) < 400:
        if t_s - start_s >= length_s:
            start_s += length_s
            length_s = 60 / breaths_per_min * max(0.5, rng.normal(1, 0.15))
            depth = share / 2 * max(0.3, rng.normal(1, 0.2))
        swing = depth * math.sin(2 * math.pi * (t_s - start_s) / length_s)
        rr_ms.append(mean_ms * (1 + swing) + rng.normal(0, 12))
        t_s += rr_ms[-1] / 1000
    return np.array(rr_ms)


def marked_share(rr_ms: Array) -> float:
    t_s = np.cumsum(rr_ms) / 1000
    found = irregular_stretches(t_s.tolist(), rr_ms.tolist(), [False] * rr_ms.size)
    within = np.zeros(rr_ms.size, dtype=bool)
    for each in found:
        within |= (t_s >= each.start_s) & (t_s <= each.end_s)
    return float(within.mean())


def column(name: str, key: str) -> list[str]:
    with shared_file(name).open(newline="", encoding="utf-8") as stream:
        return [row[key] for row in csv.DictReader(stream) if row[key]]


# --- one heart -------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_independent_intervals_are_irregular(seed: int) -> None:
    assert marked_share(uneven(400, seed=seed)) == 1.0


@pytest.mark.parametrize(
    ("mean_ms", "breaths_per_min", "share"),
    [
        (900, 6, 0.5),  # paced, as deep as it gets
        (1330, 6, 0.5),  # an athlete, paced
        (1330, 12, 0.3),  # three or four beats a breath, each step 9 % and more
        (1330, 15, 0.25),
        (1000, 15, 0.25),
        (1000, 18, 0.2),
        (750, 20, 0.15),
    ],
)
def test_a_heart_that_breath_swings_widely_is_in_sinus_rhythm(
    mean_ms: float, breaths_per_min: float, share: float
) -> None:
    for seed in range(5):
        assert marked_share(breathing(mean_ms, breaths_per_min, share, seed)) == 0


@pytest.mark.parametrize("every", [2, 3, 4, 7])
def test_early_beats_in_a_steady_pattern_are_for_cleaning_to_see(every: int) -> None:
    rr_ms = breathing(850, 12, 0.05, 3)
    for i in range(10, 380, every):
        rr_ms[i : i + 2] += (-250, 250 if every > 2 else 0)
    assert marked_share(rr_ms) == 0


def test_a_tenth_of_the_beats_lost_is_no_irregular_rhythm() -> None:
    rr_ms = breathing(850, 12, 0.05, 3)
    rng = np.random.default_rng(4)
    for i in sorted(rng.choice(np.arange(5, 390, 3), 35, replace=False))[::-1]:
        rr_ms = np.delete(rr_ms, i + 1)
        rr_ms[i] *= 2
    assert marked_share(rr_ms) == 0


def test_the_mark_covers_what_is_irregular_and_a_window_around_it_at_most() -> None:
    calm = breathing(850, 12, 0.05, 3)
    rr_ms = np.concatenate((calm[:200], uneven(200), calm[200:]))
    t_s = np.cumsum(rr_ms) / 1000
    (found,) = irregular_stretches(t_s.tolist(), rr_ms.tolist(), [False] * rr_ms.size)
    assert t_s[140] <= found.start_s <= t_s[200]
    assert t_s[399] <= found.end_s <= t_s[460]


def test_nothing_is_said_of_less_than_a_window_or_of_beats_that_were_lost() -> None:
    assert marked_share(uneven(59)) == 0
    rr_ms = uneven(60)
    rr_ms[::3] = math.nan
    assert not is_irregular(rr_ms.tolist())
    watch = RhythmWatch()
    for i, rr in enumerate(uneven(300).tolist()):
        watch.feed(t_s=float(i), rr_ms=rr, after_gap=i % 3 == 0)
    assert not watch.holds


@given(
    seed=st.integers(0, 2**32 - 1),
    lost=st.sampled_from([0.0, 0.03, 0.2]),
    tick_ms=st.sampled_from([1.0, 1000 / 1024, 20.0]),
)
def test_what_is_told_beat_by_beat_is_told_of_each_window_by_itself(
    seed: int, lost: float, tick_ms: float
) -> None:
    rng = np.random.default_rng(seed)
    pieces = [rng.normal(800, 20, 90), rng.uniform(150, 1100, 110)]
    rr_ms = np.concatenate([pieces[i] for i in rng.integers(0, 2, 3)])
    rr_ms = np.round(rr_ms / tick_ms) * tick_ms
    after_gap = rng.random(rr_ms.size) < lost
    known_ms = np.where(after_gap | (rr_ms < 200) | (rr_ms > 4000), math.nan, rr_ms)
    watch, since = RhythmWatch(), math.inf
    for i, rr in enumerate(rr_ms.tolist()):
        watch.feed(t_s=float(i), rr_ms=rr, after_gap=bool(after_gap[i]))
        whole = i >= 59 and is_irregular(known_ms[i - 59 : i + 1].tolist())
        since = 0 if whole else since + 1
        assert watch.holds == (since < 30)


def test_an_hour_of_real_fibrillation_is_marked_from_end_to_end() -> None:
    t_s = np.array(column("ltdb_labelled_beats/14149_hour01.csv", "t_s"), dtype=float)
    assert marked_share(1000 * np.diff(t_s)) > 0.98


@pytest.mark.parametrize("record", ["nsr001", "nsr004"])
def test_two_hours_of_real_sinus_rhythm_are_not_marked_at_all(record: str) -> None:
    ticks = column(f"nsr2db_ref/{record}_beats_first2h.csv", "sample128")
    assert marked_share(np.diff(np.array(ticks, dtype=float)) * 1000 / 128) == 0


def test_a_recording_of_fibrillation_has_no_figures_and_says_so() -> None:
    text = "\n".join(str(round(rr)) for rr in uneven(600))
    figures = measured(parse_recording(text.encode(), name="x.txt"))
    assert figures.irregular_s == pytest.approx(600 * 0.7, rel=0.05)
    assert math.isnan(figures.hrv.rmssd_ms)
    assert math.isnan(figures.hrv.sdnn_ms)


# --- a session -------------------------------------------------------------------


def hearts() -> dict[Partner, Array]:
    """A's rhythm is irregular for three minutes in the middle; B's never is."""
    whole = {}
    for partner, seed in ((A, 1), (B, 2)):
        calm = [breathing(850, 9, 0.1, 10 * seed + k) for k in range(3)]
        whole[partner] = np.concatenate(calm)
    calm_ms = whole[A]
    t_s = np.cumsum(calm_ms) / 1000
    before, after = calm_ms[t_s < IRREGULAR_S[0]], calm_ms[t_s > IRREGULAR_S[1]]
    wild = uneven(400)
    wild = wild[np.cumsum(wild) / 1000 < IRREGULAR_S[1] - IRREGULAR_S[0]]
    whole[A] = np.concatenate((before, wild, after))
    return whole


def inputs() -> Iterator[Input]:
    arrived: list[Input] = [
        Intervals(t_ns=round(t_s * NS_PER_S), partner=partner, rr_ms=(float(rr),))
        for partner, rr_ms in hearts().items()
        for t_s, rr in zip(np.cumsum(rr_ms) / 1000, rr_ms, strict=True)
        if t_s < LENGTH_S
    ]
    arrived += [Tick(t_ns=k * NS_PER_S // 4) for k in range(int(4 * LENGTH_S))]
    yield from sorted(arrived, key=lambda each: each.t_ns)
    yield SourceEnded(t_ns=round(LENGTH_S * NS_PER_S))


@once_a_run
def outputs() -> tuple[Output, ...]:
    return tuple(run([opened(), *inputs()]))


def of(kind: type[Any]) -> list[Any]:
    return [each for each in outputs() if isinstance(each, kind)]


@once_a_run
def summary() -> SessionSummary:
    return summarise(opened(), outputs())


def test_a_session_marks_whose_rhythm_was_irregular_and_when() -> None:
    (found,) = of(IrregularRhythm)
    assert found.partner is A
    assert IRREGULAR_S[0] - 60 < found.start_s <= IRREGULAR_S[0] + 5
    assert IRREGULAR_S[1] - 5 <= found.end_s < IRREGULAR_S[1] + 60


def test_while_it_lasts_there_is_no_figure_of_variability_and_nothing_is_settled() -> (
    None
):
    from_s, to_s = IRREGULAR_S[0] + 60, IRREGULAR_S[1]
    windows = [each for each in of(HeartWindow) if from_s < each.t_s < to_s]
    assert all(math.isnan(w.rmssd_ms) for w in windows if w.partner is A)
    assert not any(math.isnan(w.rmssd_ms) for w in windows if w.partner is B)
    settled = [
        each
        for each in of(SettledWindow)
        if each.partner is A and from_s < each.t_s < to_s
    ]
    assert len(settled) > 5
    assert all(Gate.SIGNAL.name in each.gates for each in settled)


def test_to_the_two_it_is_a_strap_that_cannot_be_read_until_it_can() -> None:
    (told,) = of(QuirkNoticed)
    assert (told.partner, told.quirk) == (A, Quirk.UNREADABLE)
    (back,) = of(SignalBack)
    assert back.partner is A
    assert IRREGULAR_S[0] < told.t_s < IRREGULAR_S[1] < back.t_s < IRREGULAR_S[1] + 90


def test_what_is_to_steer_hears_nothing_of_that_heart_while_it_lasts() -> None:
    engine = Engine()
    engine.feed(opened())
    heard: list[tuple[float, Partner]] = []

    class Ear:
        def hear(self, partner: Partner, beats: Any, *, readable: bool) -> None:
            del readable
            heard.extend((beat.t_s, partner) for beat in beats)

        def __getattr__(self, name: str) -> Any:
            return lambda *_: []

    engine._companions = (Ear(),)  # type: ignore[assignment]  # noqa: SLF001
    for each in inputs():
        engine.feed(each)
    from_s, to_s = IRREGULAR_S[0] + 60, IRREGULAR_S[1]
    during = {partner for t_s, partner in heard if from_s < t_s < to_s}
    assert during == {B}
    assert {partner for t_s, partner in heard if t_s > to_s + 60} == {A, B}


@once_a_run
def console() -> dict[int, dict[Partner, HeartNow]]:
    """What a therapist is shown of both, second by second."""
    engine, watched = Engine(), HeartsWatched()
    engine.feed(opened())
    told: dict[int, dict[Partner, HeartNow]] = {}
    for each in inputs():
        watched(each, engine.feed(each))
        if isinstance(each, Tick) and each.t_ns % NS_PER_S == 0:
            now_s = each.t_ns // NS_PER_S
            told[now_s] = {
                partner: watched.now(partner, after_s=now_s - 10) for partner in Partner
            }
    return told


def test_a_therapist_is_shown_no_level_and_no_line_while_it_lasts() -> None:
    """Planted at 85 a minute after 70: that isn't how stirred anybody is."""
    lasts = range(int(IRREGULAR_S[0]) + 60, int(IRREGULAR_S[1]) + 1)
    for now_s in lasts:
        a, b = console()[now_s][A], console()[now_s][B]
        assert a.signal == "unreadable"
        assert math.isnan(a.level_bpm)
        assert math.isnan(a.swing_bpm)
        assert all(math.isnan(bpm) for _, bpm in a.line)
        assert len(a.line) > 5  # of beats that came, each a gap
        assert b.signal == "good"
        assert abs(b.level_bpm) < 5
        assert all(math.isfinite(bpm) for _, bpm in b.line)


def test_once_it_is_over_the_level_is_of_beats_that_came_after_it() -> None:
    after = [each[A] for now_s, each in console().items() if now_s > IRREGULAR_S[1]]
    known = [each.level_bpm for each in after if math.isfinite(each.level_bpm)]
    assert len(known) > 150
    assert max(map(abs, known)) < 5  # as before it: never the 15 of what was planted
    assert {each.signal for each in after[120:]} == {"good"}


def test_nobody_who_opens_a_console_late_sees_what_was_irregular() -> None:
    (found,) = of(IrregularRhythm)
    watched = HeartsWatched()
    seen = [each for each in outputs() if isinstance(each, Beat)]
    before_s = found.end_s + 20
    heard: list[Output] = [beat for beat in seen if beat.t_s <= before_s]
    watched(Tick(t_ns=round(before_s * NS_PER_S)), heard)
    line = watched.now(A).line
    within = [bpm for t_s, bpm in line if found.start_s <= t_s <= found.end_s]
    assert len(within) > 100
    assert all(map(math.isnan, within))


def test_the_beats_stay_as_they_came_and_a_replay_says_the_same() -> None:
    beats = [each for each in of(Beat) if each.partner is A]
    assert np.isfinite([beat.rr_ms for beat in beats]).all()
    again = tuple(run([opened(), *inputs()]))
    assert repr(again) == repr(outputs())


def test_afterwards_it_is_left_out_as_a_hole_is() -> None:
    (found,) = of(IrregularRhythm)
    a, b = summary().a, summary().b
    inside = (a.beat_t_s >= found.start_s) & (a.beat_t_s <= found.end_s)
    assert np.isnan(a.nn_ms[inside]).all()
    grid_s = summary().grid_s
    within = (grid_s > found.start_s + 1) & (grid_s < found.end_s - 1)
    assert np.isnan(a.hr_bpm[within]).all()
    assert np.isfinite(b.hr_bpm[within]).all()
    assert a.signal.irregular_s == pytest.approx(found.end_s - found.start_s)
    assert b.signal.irregular_s == 0


@pytest.mark.parametrize("language", list(Language))
def test_no_page_of_the_couple_says_that_a_strap_lost_what_came(
    language: Language,
) -> None:
    """Every beat came: what is missing was left out, and nothing says of whom."""
    blamed = {
        ENGLISH: r"lost|missed|on and off|heard too little|contact",
        Language.GERMAN: r"verloren|verpasst|zeitweise|zu wenig von|Kontakt",
    }[language]
    beside = together(summary())
    assert is_much_lost(beside)
    mirrored = replace(summary(), a=summary().b, b=summary().a)
    with speaking(language):
        pages = [joint_page(summary(), beside), own_page(summary(), A, ())]
        for page in pages:
            with style():
                text = everything_said(document(page))
            assert not re.search(blamed, text), text
        assert say("report.couple.heard.both.on_and_off") in heard(summary())
        assert heard(summary()) == heard(mirrored)


@pytest.mark.parametrize("language", list(Language))
def test_whose_heart_it_is_reads_both_that_it_may_be_and_how_often_of_neither(
    language: Language,
) -> None:
    slips, as_often = {
        ENGLISH: ("strap that slips looks the same", r"\b(often|mostly|only)\b"),
        Language.GERMAN: ("Gurt sieht genauso aus", r"(?i)\b(oft|meist|nur)\b"),
    }[language]
    with speaking(language):
        told = say("report.couple.irregular")
    assert slips in told
    assert not re.search(as_often, told)


def test_it_is_told_to_whose_heart_it_is_and_to_a_therapist_but_not_to_the_other() -> (
    None
):
    beside = together(summary())
    mine, theirs = own_page(summary(), A, ()), own_page(summary(), B, ())
    told = say("report.couple.irregular")
    assert told in " ".join(mine.story)
    assert told not in " ".join(theirs.story)
    assert "irregular" in " ".join(therapist_page(summary(), beside).story)
    joint = repr(joint_page(summary(), beside))
    assert told not in joint
    assert "irregular" not in joint
    assert "uneven" not in joint
