"""What `coreg analyze` shows of one recording: lines or JSON, and a picture."""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from coreg.analysis.hrv import FLOORS, Hrv
from coreg.cli.common import say, say_json, tell
from coreg.findings.ecg_beside import EcgTold
from coreg.findings.hanging import Hanging
from coreg.findings.recording import RecordingFigures
from coreg.report.charts.recording import recording_sheet
from coreg.report.words import ecg as ecg_words, progress, recording as words
from coreg.report.words.file_marks import held_by_file
from coreg.report.words.numbers import NBSP, NONE, figure
from coreg.report.write_page import write_picture
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recording import Recording, Remark
from coreg.sensors.recordings.source import Wanted


def show_figures(
    given: argparse.Namespace,
    figures: RecordingFigures,
    stem: str,
    out: Path | None,
    ecg: EcgTold | None = None,
) -> int:
    """Show the figures of one heart; return the exit status."""
    if given.json:
        say_json(as_json(figures) | ecg_json(ecg), indent=2)
    else:
        rows = [_row(figures.hrv, name) for name in FLOORS]
        for line in (*lines_above(figures), *ecg_lines(ecg), "", *rows):
            say(line)
    if out is not None:
        draw(figures, stem, out)
    return 0


def recording_of(given: argparse.Namespace) -> Recording:
    """Return the recording that was named, read as was asked."""
    wanted = Wanted(column=given.column, person=given.person)
    return read_recording(given.file, wanted)


def draw(
    figures: RecordingFigures,
    stem: str,
    out: Path,
    *,
    by_hand: Sequence[str] = (),
) -> None:
    """Draw the picture of these figures, and say where it is.

    One of corrected beats says what was done by hand, and never lies where the one of
    the recording as it is does.
    """
    kind = "hrv-corrected" if by_hand else "hrv"
    path = out / f"{stem}-{kind}.png"
    write_picture(lambda: recording_sheet(figures, by_hand), path)
    tell(progress.written(str(path)))


def lines_above(figures: RecordingFigures) -> list[str]:
    """Return what stands above the figures of a recording."""
    line = words.summary_line(
        kind=figures.kind, intervals=len(figures.labels), labels=figures.label_counts
    )
    untrue = [
        *words.untrue_lines(figures.over_counted_s),
        *words.irregular_lines(figures.irregular_s),
        *words.remark_lines([each.value for each in figures.remarks], figures.details),
        *held_by_file(len(figures.file_marks.kept), figures.file_marks.unread),
    ]
    untrue = [each.replace(NBSP, " ") for each in untrue]
    return [figures.name, line, *untrue]


def ecg_lines(ecg: EcgTold | None) -> list[str]:
    """Return what a strap's own ECG says of its beats; nothing where it sent none."""
    if ecg is None:
        return []
    lines = [*ecg_words.sentences(ecg, ecg.partner.value), ecg_words.alone(ecg)]
    return [each.replace(NBSP, " ") for each in lines]


def ecg_json(ecg: EcgTold | None) -> dict[str, object]:
    """Return what a strap's ECG says as `ecg`; times in seconds of the practice."""
    if ecg is None:
        return {}
    alone = {name: getattr(ecg.alone.hrv, name) for name in FLOORS}
    said: dict[str, object] = {
        "goes_together": ecg.goes_together,
        "beats": ecg.beats,
        "reported_by_strap": ecg.matched,
        "median_difference_ms": _or_null(ecg.difference_ms),
        "early_with_another_shape": ecg.foreign,
        "set_aside_by_ecg": ecg.taken,
        "unreadable_s": ecg.unreadable_s,
        "doubted": [
            {
                "what": each.what.value,
                "beats": each.beats,
                "from_s": each.start_s - ecg.start_s,
                "to_s": each.end_s - ecg.start_s,
            }
            for each in ecg.doubted
        ],
        "intervals_alone": ecg.alone.counted,
        "alone": {name: _or_null(value) for name, value in alone.items()},
    }
    return {"ecg": said}


def _or_null(value: float) -> float | None:
    return None if math.isnan(value) else value


def _row(hrv: Hrv, name: str) -> str:
    value = getattr(hrv, name)
    if math.isnan(value):
        return f"{name:17} {NONE:>11} {'':9}  {words.why_none(hrv.reasons[name])}"
    meaning = words.meaning_with(hrv.cautions.get(name), name)
    return f"{name:17} {figure(value, 4):>11} {words.unit(name):9}  {meaning}"


def as_json(figures: RecordingFigures) -> dict[str, object]:
    """Return the figures by name; null and a reason where one is below its floor."""
    values = {name: getattr(figures.hrv, name) for name in FLOORS}
    return {
        "name": figures.name,
        "kind": figures.kind,
        "intervals": len(figures.labels),
        "labels": dict(sorted(figures.label_counts.items())),
        **{name: None if math.isnan(v) else v for name, v in values.items()},
        "over_counted_s": figures.over_counted_s,
        "irregular_s": figures.irregular_s,
        "remarks": [each.value for each in figures.remarks],
        "unread_column": figures.details.get(Remark.TIMES_UNREAD, {}).get("column", ""),
        "remark_details": {
            name: dict(about) for name, about in figures.details.items()
        },
        "file_marks": len(figures.file_marks.kept),
        "file_marks_left": figures.file_marks.too_many + figures.file_marks.untimed,
        "file_marks_unread": figures.file_marks.unread,
        "file_marks_used": False,
        "clean_s": figures.hrv.clean_s,
        "reasons": dict(figures.hrv.reasons),
        "cautions": dict(figures.hrv.cautions),
        "hangs_on_beats": _hanging_json(figures.hangs_on),
    }


def _hanging_json(found: Hanging | None) -> dict[str, object] | None:
    """Return what RMSSD hangs on; times in seconds, as the recording has them."""
    if found is None:
        return None
    return {
        "rmssd_if_left_out_ms": _or_null(found.if_left_out_ms),
        "rmssd_if_kept_ms": _or_null(found.if_kept_ms),
        "beats": [
            {"t_s": each.t_s, "intervals": each.intervals, "is_kept": each.is_kept}
            for each in found.beats
        ],
    }
