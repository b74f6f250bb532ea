"""A strap's ECG beside its own beats: who is wrong, and what is taken away by it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.ecg_beside_rr import Reviewed, reviewed
from benchmarks.made_ecg import MOVING
from benchmarks.r_peaks import many_ventricular, record_100
from coreg.analysis.corrections import Accept, Delete
from coreg.analysis.qrs_shape import qrs_shapes
from coreg.analysis.r_peaks import r_peaks
from coreg.analysis.rr_level import levels_ms
from coreg.analysis.two_witnesses import Heard, two_witnesses
from coreg.cli import main
from coreg.facts.events import Partner
from coreg.findings.corrected import editable
from coreg.findings.corrected_session import Made, corrected_summary, heart_of_session
from coreg.findings.ecg_beside import Doubt, by_ecg_alone, doubted
from coreg.findings.ecg_strips import Witness, strips_of
from coreg.findings.reading import summary_of_stored
from coreg.findings.summary import SessionSummary, ecg_shown_of
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.page_format import Whose
from coreg.report.session import page_of
from coreg.store import keys
from coreg.store.folder import data_folder
from coreg.store.library_db import Library, Purpose
from coreg.store.reader import read_session
from coreg.store.release import CONSENT_VERSION
from tests.helpers.ecg_session import (
    NAME,
    Worn,
    breathing_beats,
    ecg_of,
    logged,
    with_early,
)
from tests.helpers.evening_server import CHEAP
from tests.helpers.one_heart import record
from tests.helpers.shared import shared_file

Array = NDArray[np.float64]
A, B = Partner.A, Partner.B
MINUTES: Final = 4
EARLY: Final = [60, 110, 160]
MISSED: Final = [80, 140]


def strap_ms(beats_s: Array) -> Array:
    return np.round(np.diff(beats_s) * 1024) / 1.024


def go_over(reported_s: Array, ecg: tuple[Array, Array]) -> Reviewed:
    return reviewed(reported_s[1:] + 1.7, strap_ms(reported_s), *ecg)


def labelled(of: Reviewed, label: str) -> list[int]:
    return [k for k, said in enumerate(of.with_ecg) if said == label]


# --- two witnesses --------------------------------------------------------------


def test_beats_that_a_strap_missed_are_told_where_they_were_left_out() -> None:
    beats_s = breathing_beats(180, 1)
    gone = [50, 90, 91, 130]
    of = go_over(np.delete(beats_s, gone), ecg_of(beats_s, [], 1))
    assert of.both is not None
    seen_s = of.ecg.t_s[of.both.only_ecg]
    assert np.abs(seen_s - beats_s[gone]).max() < 0.01
    assert not of.both.only_strap.any()
    # Interval k ends with beat k + 1; each missed one is of the next beat that came.
    assert labelled(of, "missed") == [49, 88, 126]


def test_beats_that_a_strap_invented_are_told_where_they_were_put_in() -> None:
    beats_s = breathing_beats(180, 2)
    put_s = beats_s[[40, 100]] + np.array([0.4, 0.5])
    reported_s = np.sort(np.concatenate((beats_s, put_s)))
    of = go_over(reported_s, ecg_of(beats_s, [], 2))
    assert of.both is not None
    told_s = reported_s[1:][of.both.only_strap]
    assert told_s.tolist() == put_s.tolist()
    assert not of.both.only_ecg.any()
    assert labelled(of, "extra") == [40, 41, 101, 102]


@pytest.mark.parametrize("seed", range(4))
def test_a_strap_that_is_right_is_blamed_for_nothing_while_somebody_moves(
    seed: int,
) -> None:
    beats_s = breathing_beats(180, seed)
    of = go_over(beats_s, ecg_of(beats_s, [], seed, MOVING))
    assert of.both is not None
    assert not of.both.only_strap.any()
    assert not of.both.only_ecg.any()
    assert of.with_ecg == of.without


def test_what_an_ecg_does_not_hear_is_held_against_nobody() -> None:
    beats_s = breathing_beats(180, 5)
    t_s, ecg_uv = ecg_of(beats_s, [], 5)
    there = (t_s < 60) | (t_s > 90)
    of = go_over(beats_s, (t_s[there], ecg_uv[there]))
    assert of.both is not None
    assert not of.both.only_strap.any()
    assert of.both.matched < beats_s.size - 25


def test_two_hearts_are_not_taken_for_one() -> None:
    one_s, other_s = breathing_beats(180, 6), breathing_beats(180, 7, bpm=75.0)
    assert go_over(one_s, ecg_of(other_s, [], 6)).both is None


def test_the_intervals_of_a_real_strap_are_those_of_its_ecg() -> None:
    shared_file("polar_h10_ecg_pvc/device_rr.csv")
    t_s, ecg_uv, rr_ms = many_ventricular()
    of = reviewed(np.cumsum(rr_ms) / 1000, rr_ms, t_s, ecg_uv)
    assert of.both is not None
    apart_ms = np.abs(of.both.difference_ms)
    assert of.both.matched == 796
    assert np.nanmedian(apart_ms) < 1.0
    assert np.nanmax(apart_ms) < 5.0
    # Three times the strap sent the sum of two intervals: 430 + 988 ms as 1417.
    sums = np.flatnonzero(of.both.only_ecg)
    assert sums.size == 3
    for at in sums.tolist():
        own = of.both.strap_of[at + 1]
        both_ms = of.ecg.rr_ms[at] + of.ecg.rr_ms[at + 1]
        assert rr_ms[own] == pytest.approx(both_ms, abs=4)


def test_too_few_beats_are_compared_with_nothing() -> None:
    few = Heard(
        t_s=np.arange(5.0),
        rr_ms=np.full(5, 1000.0),
        after_gap=np.zeros(5, bool),
        is_sure=np.ones(5, bool),
    )
    assert two_witnesses(few, few) is None


# --- shape ----------------------------------------------------------------------


def test_wide_early_beats_are_told_by_their_shape_and_narrow_ones_are_not() -> None:
    wide, narrow, told_of = [50, 120], [80, 150], 0
    for seed in range(6):
        beats_s = with_early(breathing_beats(180, seed), [*wide, *narrow], by=0.25)
        t_s, ecg_uv = ecg_of(beats_s, wide, seed)
        found = r_peaks(t_s, ecg_uv)
        told = qrs_shapes(t_s, ecg_uv, found.t_s, found.after_gap)
        foreign_s = found.t_s[told.is_foreign]
        # The wave of a wide beat has its peak some hundredths from where it began.
        off_s = np.abs(foreign_s[:, np.newaxis] - beats_s[wide]).min(axis=1)
        assert (off_s < 0.06).all()
        told_of += foreign_s.size
    assert told_of >= 8  # of 12; four are so wide and low that no beat is found


def test_a_wide_beat_that_comes_in_time_is_not_called_foreign() -> None:
    beats_s = breathing_beats(180, 3)
    t_s, ecg_uv = ecg_of(beats_s, [50, 120], 3)
    found = r_peaks(t_s, ecg_uv)
    told = qrs_shapes(t_s, ecg_uv, found.t_s, found.after_gap)
    assert not told.is_foreign.any()
    assert np.flatnonzero(told.likeness < 0.8).tolist() == [50, 120]


def test_where_every_other_beat_is_foreign_the_hearts_own_is_still_known() -> None:
    beats_s = breathing_beats(180, 4)
    every_other = list(range(5, beats_s.size - 2, 2))
    early_s = with_early(beats_s, every_other, by=0.3)
    t_s, ecg_uv = ecg_of(early_s, every_other, 4)
    found = r_peaks(t_s, ecg_uv)
    told = qrs_shapes(t_s, ecg_uv, found.t_s, found.after_gap)
    assert np.flatnonzero(told.is_foreign).tolist() == every_other


def test_atrial_beats_that_were_annotated_are_not_called_foreign() -> None:
    shared_file("mitdb_130hz/100_beats.csv")
    t_s, ecg_uv, _ = record_100()
    found = r_peaks(t_s, ecg_uv)
    told = qrs_shapes(t_s, ecg_uv, found.t_s, found.after_gap)
    assert told.is_early.sum() >= 6
    assert not told.is_foreign.any()


def test_the_level_of_no_interval_is_nothing() -> None:
    assert levels_ms(np.empty(0)).size == 0
    assert np.isnan(levels_ms(np.array([800.0]))).all()
    assert np.isnan(levels_ms(np.array([800.0, np.nan, 800.0, np.nan]))).all()


# --- a session ------------------------------------------------------------------


@pytest.fixture(scope="module")
def truth_s() -> Array:
    """Early beats in a heart that swings so far that intervals alone hide some."""
    return with_early(breathing_beats(60 * MINUTES, 8, swing_s=0.13), EARLY, by=0.2)


@pytest.fixture(scope="module")
def sessions(
    tmp_path_factory: pytest.TempPathFactory, truth_s: Array
) -> dict[str, SessionSummary]:
    """The same evening with A's ECG and without it; B's strap sends none."""
    reported_s = np.delete(truth_s, MISSED)
    b = Worn(beats_s=breathing_beats(60 * MINUTES, 9, bpm=70.0))
    ecg = ecg_of(truth_s, EARLY, 8)
    found = {}
    for name, worn in (
        ("with", Worn(beats_s=reported_s, ecg=ecg)),
        ("without", Worn(beats_s=reported_s)),
    ):
        folder = data_folder(tmp_path_factory.mktemp(name))
        path = record(folder, NAME, logged(worn, b, 60 * MINUTES + 5.0))
        found[name] = summary_of_stored(read_session(path))
    return found


def test_a_session_without_ecg_knows_of_none(
    sessions: dict[str, SessionSummary],
) -> None:
    assert not sessions["without"].ecg
    assert set(sessions["with"].ecg) == {A}


def test_the_other_heart_stays_as_it_was_to_the_last_bit(
    sessions: dict[str, SessionSummary],
) -> None:
    one, other = sessions["with"].b, sessions["without"].b
    assert one.labels == other.labels
    for name in ("beat_t_s", "rr_ms", "nn_ms", "hr_bpm"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.levels == other.levels


def test_an_ecg_takes_intervals_away_and_gives_none_back(
    sessions: dict[str, SessionSummary],
) -> None:
    one, other = sessions["with"].a, sessions["without"].a
    np.testing.assert_array_equal(one.rr_ms, other.rr_ms)
    before, after = np.isfinite(other.nn_ms), np.isfinite(one.nn_ms)
    assert not (after & ~before).any()
    assert (before & ~after).sum() == sessions["with"].ecg[A].taken
    assert sessions["with"].ecg[A].taken > 0
    assert one.labels.count("ectopic") == 6
    assert one.labels.count("missed") == 2
    assert one.signal.clean_beats == after.sum()


def test_the_ecgs_beats_are_beside_the_straps_own_by_the_straps_clock(
    sessions: dict[str, SessionSummary], truth_s: Array
) -> None:
    seen = sessions["with"].ecg[A].seen
    inside = slice(5, -5)
    truth_ms = np.diff(truth_s, prepend=np.nan)[inside] * 1000
    assert np.abs(seen.rr_ms[: truth_s.size][inside] - truth_ms).max() < 3
    shift_s = seen.t_s[: truth_s.size] - truth_s
    assert np.ptp(shift_s) < 0.01


def test_where_a_strap_is_doubted_is_told_with_how_often(
    sessions: dict[str, SessionSummary], truth_s: Array
) -> None:
    told = doubted(sessions["with"].ecg[A])
    assert [(each.what, each.beats) for each in told] == [(Doubt.MISSED, 2)]
    (stretch,) = told
    length_s = truth_s[MISSED[1]] - truth_s[MISSED[0]]
    assert stretch.end_s - stretch.start_s == pytest.approx(length_s, abs=0.05)


def test_what_the_ecg_gives_alone_is_nearer_the_truth_than_a_strap_with_faults(
    sessions: dict[str, SessionSummary],
) -> None:
    summary = sessions["with"]
    alone = by_ecg_alone(summary, summary.ecg[A])
    assert alone.counted > np.isfinite(summary.a.nn_ms).sum()
    assert np.isfinite(alone.hrv.rmssd_ms)


def test_a_person_who_counts_a_beat_has_the_last_word(
    sessions: dict[str, SessionSummary],
) -> None:
    summary = sessions["with"]
    of = heart_of_session(summary, NAME, [], A)
    (first, *_) = (b for b in editable(of.cleaned).beats if b.label == "ectopic")
    given = Accept(beat=first.number, last=first.number, t_s=first.t_s)
    made = Made(corrections=(given,), by="Dr K", utc="")
    after = corrected_summary(summary, {A: (of, made)})
    assert np.isnan(summary.a.nn_ms[first.number - 1])
    assert after.a.nn_ms[first.number - 1] == first.rr_ms


# --- what a therapist reads -------------------------------------------------------


def page(summary: SessionSummary, whose: Whose) -> str:
    with style():
        return document(page_of(summary, whose, ()))


def test_a_therapist_reads_what_the_strap_left_out_and_sees_it_of_who_agreed(
    sessions: dict[str, SessionSummary],
) -> None:
    agreed = ecg_shown_of(sessions["with"], frozenset({A}))
    told = page(agreed, Whose.THERAPIST)
    assert "the strap left out 2 beats that its own ECG shows" in told
    assert "3 beats came early and look different" in told
    assert "ECG where heartbeats were set aside" in told
    shown = strips_of(agreed, agreed.ecg_shown)[A]
    reasons = {each.why.witness for each in shown.shown}
    assert reasons >= {Witness.SHAPE, Witness.LEFT_OUT}
    for strip in shown.shown:
        assert strip.end_s - strip.start_s == pytest.approx(6.0)
        assert all(
            strip.start_s <= each.start_s < each.end_s <= strip.end_s
            for each in strip.marked
        )


def test_nobodys_ecg_is_drawn_who_did_not_agree(
    sessions: dict[str, SessionSummary],
) -> None:
    for agreed in (frozenset[Partner](), frozenset({B})):
        told = page(ecg_shown_of(sessions["with"], agreed), Whose.THERAPIST)
        assert "ECG where heartbeats were set aside" not in told


@pytest.mark.parametrize("whose", [Whose.A, Whose.B, Whose.JOINT])
def test_no_page_of_a_couple_knows_of_an_ecg(
    sessions: dict[str, SessionSummary], whose: Whose
) -> None:
    told = page(ecg_shown_of(sessions["with"], frozenset(Partner)), whose)
    assert "ECG" not in told


def test_a_session_without_ecg_has_no_sheet_of_it(
    sessions: dict[str, SessionSummary],
) -> None:
    assert "ECG" not in page(sessions["without"], Whose.THERAPIST)


def test_beats_deleted_by_hand_move_no_mark_to_another_beat(
    sessions: dict[str, SessionSummary],
) -> None:
    summary = sessions["with"]
    of = heart_of_session(summary, NAME, [], A)
    given = [Delete(beat=n, t_s=float(of.cleaned.t_s[n - 1])) for n in (5, 20)]
    made = Made(corrections=tuple(given), by="Dr K", utc="")
    after = corrected_summary(summary, {A: (of, made)})
    assert after.a.beat_t_s.size == summary.a.beat_t_s.size - 2

    def marks(of: SessionSummary) -> set[tuple[float, Witness]]:
        return {
            (mark.when_s, mark.witness)
            for strip in strips_of(of, {A})[A].shown
            for mark in strip.marked
            if mark.witness
        }

    assert marks(after) == marks(summary)
    assert len(marks(summary)) >= 5


def test_a_strip_is_not_drawn_over_a_hole_in_the_ecg(
    sessions: dict[str, SessionSummary],
) -> None:
    summary = sessions["with"]
    beside = summary.ecg[A]
    every = strips_of(summary, {A})[A]
    hole_s = every.shown[0].start_s + 3
    there = np.abs(beside.seen.sample_t_s - hole_s) > 0.5
    seen = replace(
        beside.seen,
        sample_t_s=beside.seen.sample_t_s[there],
        sample_uv=beside.seen.sample_uv[there],
    )
    holed = replace(summary, ecg={A: replace(beside, seen=seen)})
    left = strips_of(holed, {A})[A]
    assert len(left.shown) + left.more == len(every.shown) + every.more - 1


# --- coreg analyze ----------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, truth_s: Array) -> Iterator[Path]:
    """A folder with one session of straps whose A sent an ECG, and agreed."""
    folder = data_folder(tmp_path / "data")
    library = Library(folder, passcode_cost=CHEAP)
    given = {Purpose.RECORD: True, Purpose.THERAPIST: True}
    library.keep_consent(A, given, version=CONSENT_VERSION, utc="2026-03-01T19:00:00Z")
    a = Worn(beats_s=np.delete(truth_s, MISSED), ecg=ecg_of(truth_s, EARLY, 8))
    b = Worn(beats_s=breathing_beats(60 * MINUTES, 9, bpm=70.0))
    record(folder, NAME, logged(a, b, 60 * MINUTES + 5.0))
    yield folder
    keys.let_go(folder)


def test_analyze_tells_what_the_ecg_says_in_words_and_as_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["analyze", NAME, "--partner", "A", "--data-dir", str(folder)]
    assert main(asked) == 0
    told = capsys.readouterr().out
    assert "the strap left out 2 beats that its own ECG shows" in told
    assert "ms by the ECG alone" in told
    assert main([*asked, "--json"]) == 0
    ecg = json.loads(capsys.readouterr().out)["ecg"]
    assert ecg["beats"] - ecg["reported_by_strap"] == 2
    assert ecg["early_with_another_shape"] == 3
    assert [(each["what"], each["beats"]) for each in ecg["doubted"]] == [("missed", 2)]
    assert ecg["alone"]["rmssd_ms"] > 0
