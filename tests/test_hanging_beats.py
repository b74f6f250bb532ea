"""RMSSD that hangs on few beats in doubt: said, with what it would be otherwise."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coreg.analysis.cleaning import clean
from coreg.analysis.corrections import Accept, Reject
from coreg.analysis.hanging_beats import HangsOn, hangs_on
from coreg.analysis.timedomain import rmssd_ms
from coreg.cli import main
from coreg.facts.arrays import Floats
from coreg.facts.events import BeatLabel, Partner
from coreg.findings.corrected import correctable, corrected_figures
from coreg.findings.recording import measured
from coreg.findings.research import hrv_of_phase
from coreg.findings.study import study_of
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import Together, together
from coreg.report.page import Lines
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words.recording import meaning_with
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Recording
from coreg.words import Language, say, speaking
from tests.helpers.report_sessions import opened, session

AT = 150


def quiet_heart(seed: int, n: int = 300) -> Floats:
    """Return a heart at 65 a minute whose RMSSD is 9-11 ms: breath, waves, noise."""
    rng = np.random.default_rng(seed)
    at = np.arange(n)
    rr_ms: Floats = 920 + 10 * np.sin(at * 1.4) + 12 * np.sin(at / 11)
    return rr_ms + rng.normal(0, 3, n)


def early(rr_ms: Floats, share: float, at: int = AT) -> Floats:
    """Return the heart with one beat early by a share, which sets the rhythm anew."""
    planted_ms = rr_ms.copy()
    planted_ms[at] = min(rr_ms[at - 1], rr_ms[at + 1]) - share * rr_ms.mean()
    return planted_ms


def with_step(rr_ms: Floats, at: int = AT) -> Floats:
    """Return the heart with a short and a long interval: as sinus beats can be."""
    planted_ms = rr_ms.copy()
    planted_ms[at : at + 2] += np.array([-0.06, 0.06]) * rr_ms.mean()
    return planted_ms


def asked(rr_ms: Floats) -> HangsOn | None:
    said = clean(rr_ms)
    return hangs_on(rr_ms, said.nn_ms, said.labels, np.zeros(rr_ms.size, dtype=bool))


def recording_of(rr_ms: Floats) -> Recording:
    return parse_recording(text_of(rr_ms), name="planted")


def text_of(rr_ms: Floats) -> bytes:
    return "".join(f"{rr:.3f}\n" for rr in rr_ms).encode()


# --- what is in doubt -----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_a_kept_beat_that_may_be_early_is_named_with_the_true_rmssd(seed: int) -> None:
    truth_ms = quiet_heart(seed)
    rr_ms = early(truth_ms, 0.058)
    assert clean(rr_ms).labels[AT] == "normal"
    told = asked(rr_ms)
    assert told is not None
    assert AT in {each.first for each in told.beats if each.is_kept}
    assert rmssd_ms(rr_ms) > 1.08 * rmssd_ms(truth_ms)
    assert told.if_left_out_ms == pytest.approx(rmssd_ms(truth_ms), rel=0.03)
    assert math.isnan(told.if_kept_ms)


@pytest.mark.parametrize("seed", range(4))
def test_beats_left_out_that_may_be_the_hearts_are_named_with_all_in(seed: int) -> None:
    rr_ms = with_step(quiet_heart(seed))
    assert clean(rr_ms).labels[AT : AT + 2] == ("short", "long")
    told = asked(rr_ms)
    assert told is not None
    assert [(each.first, each.intervals) for each in told.beats] == [(AT, 2)]
    assert not told.beats[0].is_kept
    assert told.if_kept_ms == pytest.approx(rmssd_ms(rr_ms))
    assert math.isnan(told.if_left_out_ms)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_said_of_a_heart_in_which_nothing_is_wrong(seed: int) -> None:
    rng = np.random.default_rng(seed)
    at = np.arange(300)
    lively_ms = 1000 + 90 * np.sin(at * 0.6) + rng.normal(0, 20, 300)
    assert asked(quiet_heart(seed)) is None
    assert asked(lively_ms) is None


def test_nothing_is_said_of_a_beat_that_is_early_beyond_doubt() -> None:
    rr_ms = quiet_heart(1)
    rr_ms[AT : AT + 2] += np.array([-250.0, 250.0])
    assert clean(rr_ms).labels[AT] == "ectopic"
    assert asked(rr_ms) is None


def test_beats_beside_a_loss_are_never_taken_for_neighbours() -> None:
    rr_ms = early(quiet_heart(2), 0.058)
    lost_before = np.zeros(rr_ms.size, dtype=bool)
    lost_before[AT + 1] = True
    said = ["normal"] * rr_ms.size
    assert hangs_on(rr_ms, rr_ms, said, ~lost_before & False) is not None
    assert hangs_on(rr_ms, rr_ms, said, lost_before) is None


def test_what_lies_in_an_irregular_stretch_is_not_brought_back() -> None:
    rr_ms = with_step(quiet_heart(3))
    said = clean(rr_ms)
    nn_ms = said.nn_ms.copy()
    nn_ms[AT - 40 : AT + 40] = np.nan
    is_lost = np.zeros(rr_ms.size, dtype=bool)
    assert hangs_on(rr_ms, nn_ms, said.labels, is_lost) is None


@pytest.mark.parametrize("rr_ms", [[], [800.0], [800.0] * 400, [0.0] * 30])
def test_what_has_no_figure_hangs_on_nothing(rr_ms: list[float]) -> None:
    assert asked(np.array(rr_ms, dtype=np.float64)) is None


# --- where it is said -----------------------------------------------------------------


def test_figures_stay_and_the_caution_says_both_where_and_how_many() -> None:
    rr_ms = early(quiet_heart(1), 0.058)
    figures = measured(recording_of(rr_ms))
    found = figures.hangs_on
    assert found is not None
    assert figures.hrv.rmssd_ms == pytest.approx(rmssd_ms(rr_ms), abs=0.01)
    assert found.beats[0].t_s == pytest.approx(rr_ms[: AT + 1].sum() / 1000, abs=0.01)
    told = f"hangs on few beats: {found.if_left_out_ms:.1f} ms had cleaning left out"
    assert figures.hrv.cautions["rmssd_ms"].startswith(told)
    assert f"at {math.floor(found.beats[0].t_s)} s" in figures.hrv.cautions["rmssd_ms"]


def test_analyze_says_it_in_lines_and_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "planted.txt"
    path.write_bytes(text_of(with_step(quiet_heart(1))))
    assert main(["analyze", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    row = next(line for line in lines if line.startswith("rmssd_ms"))
    assert "ms had cleaning kept 2 more, at 138 s" in row
    assert main(["analyze", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "hangs on few beats" in told["cautions"]["rmssd_ms"]
    hanging = told["hangs_on_beats"]
    assert hanging["rmssd_if_left_out_ms"] is None
    assert hanging["rmssd_if_kept_ms"] > 1.05 * told["rmssd_ms"]
    assert [each["intervals"] for each in hanging["beats"]] == [2]


def test_json_says_null_where_it_hangs_on_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "whole.txt"
    path.write_bytes(text_of(quiet_heart(1)))
    assert main(["analyze", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["hangs_on_beats"] is None
    assert "rmssd_ms" not in told["cautions"]


def test_german_says_it_whole_and_with_its_own_comma() -> None:
    both = measured(recording_of(early(with_step(quiet_heart(1), at=60), 0.058)))
    assert both.hangs_on is not None
    with_them = f"{both.hangs_on.if_kept_ms:.1f} ms".replace(".", ",")
    caution = both.hrv.cautions["rmssd_ms"]
    part = "from 45% of the time; the beats set aside may differ"
    with speaking(Language.GERMAN):
        for why in (caution, f"{part}; also {caution}"):
            told = meaning_with(why, "rmssd_ms")
            assert with_them in told
            assert "mehr ausgelassen, bei" in told
            assert not {"had", "beats", "also", "and"} & set(told.split())


@pytest.mark.parametrize(("share", "do"), [(0.058, Reject), (0.09, Accept)])
def test_what_somebody_decided_by_hand_is_in_doubt_no_more(
    share: float, do: type[Accept | Reject]
) -> None:
    rr_ms = early(quiet_heart(1), share)
    of = correctable(recording_of(rr_ms), "0" * 64)
    assert of.figures(of.cleaned).hangs_on is not None
    t_s = float(of.cleaned.t_s[AT])
    said = do(beat=AT + 1, last=AT + 1, t_s=t_s)
    assert corrected_figures(of, [said]).after.hangs_on is None


# --- in a session ---------------------------------------------------------------------


def planted_session() -> SessionSummary:
    """Return an evening in which A's heart is quiet, with one beat in doubt at rest."""
    summary = summarise(opened(), session())
    heart, n = summary.a, summary.a.beat_t_s.size
    rr_ms = 1000 * np.diff(heart.beat_t_s, prepend=heart.beat_t_s[0] - 1)
    rr_ms = rr_ms.mean() + quiet_heart(1, n) - quiet_heart(1, n).mean()
    part = summary.phases[-1]
    at = int(np.searchsorted(heart.beat_t_s, (part.start_s + part.end_s) / 2))
    rr_ms = early(rr_ms, 0.058, at)
    quiet = replace(
        heart,
        rr_ms=rr_ms,
        nn_ms=rr_ms,
        labels=(BeatLabel.NORMAL,) * n,
        after_gap=np.zeros(n, dtype=bool),
    )
    return replace(summary, a=quiet)


def test_the_therapists_sheet_says_it_and_no_page_of_the_two_does() -> None:
    summary = planted_session()
    found = together(summary, surrogates=19)
    heading = say("report.research.with_care")
    (cared,) = (
        each.lines
        for sheet in therapist_page(summary, found).sheets
        for each in sheet
        if isinstance(each, Lines) and each.heading == heading
    )
    name = summary.phases[-1].name
    assert [line.text.split(":")[0] for line in cared] == [f"A, {name}"]
    pages = [joint_page(summary, found)]
    pages += [own_page(summary, partner, ()) for partner in Partner]
    for page in pages:
        for sheet in page.sheets:
            assert heading not in [getattr(each, "heading", "") for each in sheet]


def test_the_table_of_a_session_has_the_caution_and_the_same_figures() -> None:
    summary = planted_session()
    name = summary.phases[-1].name
    (row,) = (
        row
        for row in study_of("planted", summary, test=untested).rows
        if row.partner is Partner.A and row.part and row.part.name == name
    )
    assert "hangs on few beats" in row.hrv.cautions["rmssd_ms"]
    plain = hrv_of_phase(summary.a, summary.phases[-1], summary.pauses)
    assert row.hrv.rmssd_ms == pytest.approx(plain.rmssd_ms)


def untested(summary: SessionSummary) -> Together:
    return together(summary, surrogates=19)
