"""What `coreg analyze` does with corrections: figures before and after, and agreement.

Without any it hands on to what shows the figures of a recording as it is.
"""

import argparse
import math
from collections.abc import Mapping
from pathlib import Path

from coreg.analysis.corrections import Did, corrected
from coreg.analysis.hrv import FLOORS
from coreg.cli.common import say, say_json, tell
from coreg.cli.correctable_beats import Chosen, chosen
from coreg.cli.out_folder import wanted_folder
from coreg.cli.recording_figures import (
    as_json,
    draw,
    ecg_json,
    ecg_lines,
    lines_above,
    show_figures,
)
from coreg.findings.compared import Compared, compared
from coreg.findings.corrected import CorrectedFigures, corrected_figures
from coreg.findings.recording import RecordingFigures
from coreg.report.charts.compared import compared_sheet
from coreg.report.words import (
    compared as compared_words,
    corrections as words,
    progress,
)
from coreg.report.words.numbers import NBSP, NONE, figure
from coreg.report.words.recording import meaning_with, unit, why_none
from coreg.report.write_page import write_picture
from coreg.store.corrections import parse_corrections, text_in
from coreg.words import say as word


def run_analyze(given: argparse.Namespace) -> int:
    """Show a heart's figures, correct its beats, or both; return the status."""
    if given.edit:
        # The pages' server takes time to load: only whoever edits waits for it.
        from coreg.cli.beat_editor import edit  # noqa: PLC0415

        of = chosen(given)
        return edit(given, of.beats, of.kept)
    if given.corrections is None:
        out = wanted_folder(given)  # before there is anything to lose
        of = chosen(given)
        figures = of.beats.figures(of.beats.cleaned)
        status = show_figures(given, figures, of.stem, out, of.ecg)
        if of.kept.place.exists():
            tell(word("terminal.corrections.beside", file=of.kept.place.name))
        return status
    return _show_corrected(given)


def _show_corrected(given: argparse.Namespace) -> int:
    out = wanted_folder(given)  # before there is anything to lose
    of = chosen(given)
    path = of.kept.place
    text = of.kept.text()
    if text is None:
        text = text_in(path)  # which says that there is none
    corrections = parse_corrections(text, of.beats.which, path.name)
    figures = corrected_figures(of.beats, corrections)
    against = _against(given.against, of, figures)
    if given.json:
        say_json(_as_json(figures, path, against) | ecg_json(of.ecg), indent=2)
    else:
        for line in (*ecg_lines(of.ecg), *_lines(figures, path, against)):
            say(line.replace(NBSP, " "))
    if out is not None:
        by_hand = _by_hand(figures, path)
        draw(figures.after, of.stem, out, by_hand=by_hand)
        if against is not None:
            picture = out / f"{of.stem}-compared.png"
            write_picture(lambda: compared_sheet(figures.as_cleaned, against), picture)
            tell(progress.written(str(picture)))
    return 0


def _against(
    path: Path | None, of: Chosen, figures: CorrectedFigures
) -> Compared | None:
    if path is None:
        return None
    theirs = parse_corrections(text_in(path), of.beats.which, path.name)
    other = corrected(figures.as_cleaned, theirs)
    return compared(
        figures.as_cleaned,
        figures.editing.edited,
        other.edited,
        names=_told_apart(of.kept.place, path),
    )


def _told_apart(one: Path, other: Path) -> tuple[str, str]:
    """Return what two files are called: by their names, unless both have the same."""
    if one.name == other.name:
        return str(one), str(other)
    return one.name, other.name


def _lines(
    figures: CorrectedFigures, path: Path, against: Compared | None
) -> list[str]:
    names = list(FLOORS)
    return [
        *lines_above(figures.after),
        *_by_hand(figures, path),
        "",
        f"{'':17} {words.before():>11} {words.after():>11}",
        *(_row(figures.before, figures.after, name) for name in names),
        *(("", *compared_words.lines(against)) if against else ()),
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
        "first": against.names[0],
        "second": against.names[1],
        "beats": agreed.things,
        "same": agreed.same,
        "observed": agreed.observed,
        "expected": agreed.expected,
        "kappa": None if math.isnan(agreed.kappa) else agreed.kappa,
        "pairs": [
            {"first": first, "second": second, "beats": n}
            for (first, second), n in sorted(against.pairs.items())
        ],
        "differences": [
            {
                "beat": each.beat,
                "last": each.last,
                "from_s": each.from_s,
                "to_s": each.to_s,
                "first": each.first,
                "second": each.second,
            }
            for each in against.differences
        ],
    }
