"""One heart alone beside the same heart with the partner there: lines or JSON."""

import argparse
import math
from pathlib import Path

from coreg.analysis.shift import Shift
from coreg.cli.common import say, say_json, tell
from coreg.errors import BadRecordingError
from coreg.facts.events import Partner
from coreg.findings.alone import (
    FEWEST_OF_EACH,
    AloneBeside,
    alone_beside,
    sitting_alone,
    sitting_beside,
)
from coreg.findings.kept import Kept
from coreg.findings.reading import summary_of
from coreg.findings.recording import cleaned
from coreg.findings.summary import SessionSummary, need_both
from coreg.report.words.numbers import figure
from coreg.sensors.recordings.reading import read_recording
from coreg.store.folder import data_location
from coreg.store.library import find_session
from coreg.store.recorded_order import SUFFIX
from coreg.words import say as word, wrong_and_do


def show_figures(given: argparse.Namespace) -> int:
    """Compare the sittings, where both agreed that a therapist sees it."""
    folder = data_location(given.data_dir)
    _need_recordings(given.alone)
    tell(word("report.progress.reading"))
    sessions = [_session(find_session(folder, name)) for name in given.beside]
    kept = Kept(folder, {})
    agreed = frozenset(Partner)
    for each in sessions:  # of real ones each has to have said so
        agreed &= kept.shown_to_therapist(each.opened.couple.source)
    partner = Partner(given.partner)
    found = alone_beside(
        [sitting_alone(cleaned(read_recording(path))) for path in given.alone],
        [sitting_beside(each, partner) for each in sessions],
        agreed,
    )
    if given.json:
        say_json(_as_json(partner, found), indent=2)
        return 0
    for line in _lines(partner, found):
        say(line)
    return 0


def _session(path: Path) -> SessionSummary:
    summary = summary_of(path)
    need_both(summary)
    return summary


def _need_recordings(alone: list[Path]) -> None:
    """Refuse a session among those alone: whoever is in it was not."""
    for each in alone:
        if each.suffix == SUFFIX:
            told = wrong_and_do("errors.measure.not-alone", name=each)
            raise BadRecordingError(*told)


def _lines(partner: Partner, found: AloneBeside) -> list[str]:
    counted = word(
        "report.alone.counted",
        heart=partner.value,
        alone=found.alone,
        beside=found.beside,
        silent=found.silent,
    )
    if math.isnan(found.bpm.estimate):
        told = [word("report.alone.too_few", fewest=FEWEST_OF_EACH)]
    else:
        told = [
            word("report.alone.level", **_written(found.bpm, 1)),
            word("report.alone.swing", **_written(found.ln_rmssd, 2)),
        ]
    return [counted, *told, word("report.alone.limits"), word("report.alone.not_said")]


def _written(shift: Shift, digits: int) -> dict[str, str]:
    return {
        "shift": figure(shift.estimate, digits),
        "low": figure(shift.low, digits),
        "high": figure(shift.high, digits),
        "p": figure(shift.p, 3),
    }


def _as_json(partner: Partner, found: AloneBeside) -> dict[str, object]:
    """Return the figures by name; null where there is none."""
    return {
        "partner": partner.value,
        "alone": found.alone,
        "beside": found.beside,
        "without_figures": found.silent,
        **{
            f"{name}_{what}": None if math.isnan(value) else value
            for name, shift in (("bpm", found.bpm), ("ln_rmssd", found.ln_rmssd))
            for what, value in (
                ("shift", shift.estimate),
                ("low", shift.low),
                ("high", shift.high),
                ("p", shift.p),
            )
        },
    }
