"""What `coreg analyze` does with corrections: figures before and after, and agreement.

Without any it hands on to what shows the figures of a recording as it is.
"""

import argparse
import math
from collections.abc import Mapping
from pathlib import Path

from coreg.analysis.corrections import Did, WhichRecording, corrected
from coreg.analysis.hrv import FLOORS
from coreg.cli.common import say, say_json, tell
from coreg.cli.out_folder import wanted_folder
from coreg.cli.recording_figures import (
    as_json,
    draw,
    lines_above,
    recording_of,
    show_figures,
)
from coreg.findings.corrected import (
    Compared,
    CorrectedFigures,
    compared,
    corrected_figures,
    which,
)
from coreg.findings.recording import RecordingFigures
from coreg.report.words import corrections as words
from coreg.report.words.numbers import NBSP, NONE, figure
from coreg.report.words.recording import meaning_with, unit, why_none
from coreg.store.corrections import corrections_path, read_corrections, sha256_of
from coreg.words import say as word


def run_analyze(given: argparse.Namespace) -> int:
    """Show a recording's figures, correct its beats, or both; return the status."""
    if given.edit:
        # The pages' server takes time to load: only whoever edits waits for it.
        from coreg.cli.beat_editor import edit  # noqa: PLC0415

        return edit(given, corrections_file(given))
    if given.corrections is None:
        status = show_figures(given)
        if (beside := corrections_path(given.file)).exists():
            tell(word("terminal.corrections.beside", file=beside.name))
        return status
    return _show_corrected(given)


def corrections_file(given: argparse.Namespace) -> Path:
    """Return the file of corrections that was named, else the one beside."""
    named = given.corrections
    return named if isinstance(named, Path) else corrections_path(given.file)


def _show_corrected(given: argparse.Namespace) -> int:
    out = wanted_folder(given)  # before there is anything to lose
    recording = recording_of(given)
    of, path = which(recording, sha256_of(given.file)), corrections_file(given)
    figures = corrected_figures(recording, read_corrections(path, of))
    against = _against(given.against, of, figures)
    if given.json:
        say_json(_as_json(figures, path, against), indent=2)
    else:
        for line in _lines(figures, path, against):
            say(line.replace(NBSP, " "))
    if out is not None:
        draw(figures.after, given, out, by_hand=_by_hand(figures, path))
    return 0


def _against(
    path: Path | None, of: WhichRecording, figures: CorrectedFigures
) -> Compared | None:
    if path is None:
        return None
    other = corrected(figures.as_cleaned, read_corrections(path, of))
    return compared(figures.as_cleaned, figures.editing.edited, other.edited)


def _lines(
    figures: CorrectedFigures, path: Path, against: Compared | None
) -> list[str]:
    names = list(FLOORS)
    return [
        *lines_above(figures.after),
        *_by_hand(figures, path),
        *(words.agreement_lines(against) if against else ()),
        "",
        f"{'':17} {words.before():>11} {words.after():>11}",
        *(_row(figures.before, figures.after, name) for name in names),
    ]


def _by_hand(figures: CorrectedFigures, path: Path) -> list[str]:
    """Return what was corrected, and what to know of figures that rest on it."""
    return [
        words.applied(path.name, figures.by_hand.done),
        *words.cautions(figures.by_hand),
    ]


def _row(before: RecordingFigures, after: RecordingFigures, name: str) -> str:
    was, now = (getattr(each.hrv, name) for each in (before, after))
    if math.isnan(now):
        meaning = why_none(after.hrv.reasons[name])
    else:
        meaning = meaning_with(after.hrv.cautions.get(name), name)
    told = (NONE if math.isnan(each) else figure(each, 4) for each in (was, now))
    both = " ".join(f"{each:>11}" for each in told)
    return f"{name:17} {both} {unit(name):9}  {meaning}"


def _as_json(
    figures: CorrectedFigures, path: Path, against: Compared | None
) -> dict[str, object]:
    """Return the figures after as those of any recording, with those before beside."""
    done: Mapping[str, int] = figures.by_hand.done
    told: dict[str, object] = {
        **as_json(figures.after),
        "corrections": {
            "file": str(path),
            **{str(did): done.get(did, 0) for did in Did},
            "intervals_made": figures.by_hand.made,
            "accepted_in_irregular": figures.by_hand.in_irregular,
        },
        "before": as_json(figures.before),
    }
    if against is not None:
        told["agreement"] = _agreement_json(against)
    return told


def _agreement_json(against: Compared) -> dict[str, object]:
    agreed = against.agreement
    return {
        "beats": agreed.things,
        "same": agreed.same,
        "observed": agreed.observed,
        "expected": agreed.expected,
        "kappa": None if math.isnan(agreed.kappa) else agreed.kappa,
        "pairs": [
            {"first": first, "second": second, "beats": n}
            for (first, second), n in sorted(against.pairs.items())
        ],
    }
