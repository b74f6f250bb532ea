"""One recording, analysed: published and hand-worked figures through the whole path."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from coreg.analysis.hrv import hrv
from coreg.cli import main
from coreg.findings.recording import measured
from coreg.report.charts.recording import recording_sheet
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recognise import parse_recording


def text_of(rr_ms: list[float]) -> bytes:
    return "\n".join(map(str, rr_ms)).encode()


def test_figures_are_those_worked_by_hand() -> None:
    # 800 and 820 in turn: mean 810, every difference 20, so RMSSD is 20, pNN50 is 0.
    figures = measured(parse_recording(text_of([800, 820] * 60), name="even")).hrv
    assert figures.mean_nn_ms == 810
    assert figures.mean_hr_bpm == pytest.approx(60_000 / 810)
    assert figures.rmssd_ms == pytest.approx(20)
    assert figures.pnn50_pct == 0
    assert math.isnan(figures.vlf_ms2)
    assert "300 s" in figures.reasons["vlf_ms2"]


def test_a_published_holter_recording_has_its_published_figures(
    recordings: Path,
) -> None:
    # RMSSD 52.622348 ms and 61.230 beats/min of the first 306 beats: the reference
    # figures stated with the PhysioNet recordings (doi 10.13026/51yd-d219), which are
    # of all beats as they stand.
    lines = (recordings / "physionet_healthy_rr/000_first2h_ms.txt").read_text().split()
    rr_ms = np.array(lines[:306], dtype=float)
    as_they_stand = hrv(np.cumsum(rr_ms) / 1000, rr_ms)
    assert as_they_stand.rmssd_ms == pytest.approx(52.622348, rel=1e-6)
    assert as_they_stand.mean_hr_bpm == pytest.approx(61.230, rel=1e-5)
    # One beat of them is 16 % earlier than both its neighbours, with no pause after it.
    figures = measured(parse_recording("\n".join(lines[:306]).encode(), name="holter"))
    assert np.flatnonzero(np.isnan(figures.nn_ms)).tolist() == [135]
    assert rr_ms[134:137].tolist() == [992.0, 828.0, 984.0]
    assert figures.hrv.rmssd_ms == pytest.approx(52.622348, rel=0.03)
    assert figures.hrv.mean_hr_bpm == pytest.approx(61.230, rel=0.005)


def test_a_planted_early_beat_is_set_aside_and_named() -> None:
    rr_ms = [800 + 15 * math.sin(0.4 * n) for n in range(200)]
    rr_ms[100] -= 260
    rr_ms[101] += 260
    figures = measured(parse_recording(text_of(rr_ms), name="early"))
    assert {figures.labels[100], figures.labels[101]} == {"ectopic"}
    assert np.flatnonzero(np.isnan(figures.nn_ms)).tolist() == [100, 101]


def test_no_difference_is_taken_across_a_planted_dropout(recordings: Path) -> None:
    whole = read_recording(recordings / "polar_h10_arrival_times" / "dhyb_10min.csv")
    rows = [
        f"{t_s},{rr_ms}"
        for t_s, packet in whole.packets
        for rr_ms in packet
        if not 300 < t_s < 305
    ]
    torn = parse_recording("\n".join(["arrival_s,rr_ms", *rows]).encode(), name="torn")
    figures = measured(torn)
    assert figures.label_counts["gap"] == 1
    assert figures.hrv.rmssd_ms == pytest.approx(measured(whole).hrv.rmssd_ms, rel=0.02)


def test_the_json_names_every_figure_and_says_why_one_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "short.txt"
    path.write_bytes(text_of([800, 820] * 60))
    assert main(["analyze", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rmssd_ms"] == pytest.approx(20)
    assert told["vlf_ms2"] is None
    assert "300 s" in told["reasons"]["vlf_ms2"]
    assert list(tmp_path.iterdir()) == [path]  # no picture unless asked for


@pytest.mark.parametrize(
    ("notes", "kept", "left"),
    [
        (["talk" if n == 40 else "" for n in range(120)], 1, 0),
        ([f"beat {n}" for n in range(120)], 0, 120),  # of each beat: no moment
    ],
)
def test_marks_of_a_file_are_counted_and_said_to_be_in_no_figure(
    notes: list[str],
    kept: int,
    left: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, rows = tmp_path / "notes.csv", ["rr_ms,notes"]
    rows += [f"{(800, 820)[n % 2]},{note}" for n, note in enumerate(notes)]
    path.write_text("\n".join(rows))
    assert main(["analyze", str(path)]) == 0
    said = capsys.readouterr().out
    assert ("mark of its own. No figure here uses it" in said) is bool(kept)
    assert ("of its own" in said) is bool(kept)
    assert main(["analyze", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["file_marks"], told["file_marks_left"]) == (kept, left)
    assert told["file_marks_used"] is False
    assert told["rmssd_ms"] == pytest.approx(20)


def test_the_lines_have_the_decimal_point_of_their_language(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "short.txt"
    path.write_bytes(text_of([800, 820] * 60))
    for language, told in (("de", "20,0000 ms"), ("en", "20.0000 ms")):
        monkeypatch.setenv("COREG_LANGUAGE", language)
        assert main(["analyze", str(path)]) == 0
        assert told in capsys.readouterr().out


def test_the_picture_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "rest.txt"
    path.write_bytes(text_of([800, 820] * 60))
    assert main(["analyze", str(path), "--out", str(tmp_path / "pictures")]) == 0
    picture = tmp_path / "pictures" / "rest-hrv.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


def written_on(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.texts)


def test_the_picture_says_the_cautions_that_the_text_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rr_ms = [800 + 30 * math.sin(0.5 * n) for n in range(280)]  # 224 s of 250
    rr_ms[::4] = [300.0 for _ in rr_ms[::4]]  # a quarter cannot be a heart's
    path = tmp_path / "odd.txt"
    path.write_bytes(text_of(rr_ms))
    assert main(["analyze", str(path), "--out", str(tmp_path)]) == 0
    told = set(re.findall(r"caution: ([^)]+)", capsys.readouterr().out))
    figures = measured(read_recording(path))
    assert told == set(figures.hrv.cautions.values())
    assert told
    seen = written_on(recording_sheet(figures))
    assert all(f"Caution: {why}" in seen for why in told)


def test_a_picture_without_cautions_says_none() -> None:
    rr_ms = [800 + 30 * math.sin(0.5 * n) for n in range(400)]  # 320 s, all clean
    figures = measured(parse_recording(text_of(rr_ms), name="clean"))
    assert not figures.hrv.cautions
    assert "aution" not in written_on(recording_sheet(figures))


@pytest.mark.parametrize("rr_ms", [[800.0, 820.0], [800.0] * 12, [300.0, 2900.0] * 9])
def test_the_picture_of_a_tiny_recording_can_be_drawn(rr_ms: list[float]) -> None:
    figure = recording_sheet(measured(parse_recording(text_of(rr_ms), name="tiny")))
    names = [axes.get_xlabel() for axes in figure.axes]
    assert names == ["time (min)", "frequency (Hz)", "NN interval (ms)"]
