"""`coreg cohort`: what the table of many sessions says, in text and one picture."""

import argparse
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from coreg.analysis.likeness import COUNTS_LESS_S, OPPOSITE
from coreg.base.whole_file import made_whole
from coreg.batch.cohort import (
    Change,
    Cohort,
    Counted,
    Distribution,
    Mixed,
    SameBeats,
    Together,
)
from coreg.cli.cohort_picture import panels
from coreg.cli.common import make_out_folder, say, tell
from coreg.errors import SessionNotFound, StorageUnusable
from coreg.report.charts.intervals import Panel, intervals
from coreg.words import system_said

PICTURE: Final = "cohort.png"
_DPI: Final = 150
_MOST_NAMED: Final = 10
_EACH_ALONE: Final = (
    "Each interval is for itself: of twenty such, one misses the truth by chance.",
)
_WHAT_CHANGES: Final = (
    "mean, low and high: from one session to the next, in the unit that the figure's",
    "name ends in. Of a logarithm (ln), 0.1 is 10.5 % more each time, -0.1 9.5 % less.",
)
_WHAT_LIKENESS: Final = (
    "own, strangers, and excess (own less strangers): Fisher's z of the slow heart",
    "rates at the lag where it counts most. It has no unit. The later one heart comes,",
    f"the less it counts (1/e at {COUNTS_LESS_S:g} s).",
    f"Where one goes up as the other goes down, it counts {OPPOSITE:g} times.",
    "low and high: 95 % of the excess, over couples.",
)
_CAN_NOT: Final = (
    "Strangers did the same and never met. That couples are more alike than they are",
    "says that something was in common besides the practice: being in one room, too.",
)


def run(given: argparse.Namespace) -> int:
    """Say it, and draw it where that was asked for."""
    if not given.rows.is_file():
        raise SessionNotFound(
            f"There is no table {given.rows}.",
            "Make one: coreg batch --in DIR --out rows.parquet",
        )
    simulated = None if given.source is None else given.source == "simulated"
    cohort = Cohort(given.rows, given.couples, simulated=simulated)
    counted, distributions = cohort.counted(), cohort.distributions()
    changes, mixed = cohort.changes(), cohort.mixed()
    tell(f"Dealing all anew {given.draws} times (seed {given.seed}).")
    together = cohort.together(draws=given.draws, rng=np.random.default_rng(given.seed))
    same = cohort.same_beats()
    for line in (*_lines_counted(counted), *_lines_same(same)):
        say(line)
    for line in _lines(distributions, changes, mixed):
        say(line)
    for line in _lines_together(together, cohort.alone(), given.draws, given.seed):
        say(line)
    if given.out is not None:
        drawn = panels(
            *(distributions, changes, together),
            draws=given.draws,
            simulated=counted.simulated > 0,
        )
        _draw(given.out, drawn)
    return 0


def _lines_counted(counted: Counted) -> Iterator[str]:
    yield f"sessions {counted.sessions}, couples {counted.couples}"
    if counted.simulated:
        yield f"simulated: {counted.simulated}, all of them; no person has such a heart"
    if counted.errors:
        yield f"without figures: {counted.errors}, which are in nothing below"
    if counted.unfinished:
        yield (
            f"broken off or damaged: {counted.unfinished}, which are below with what "
            "was recorded of them"
        )
    if counted.unknown:
        yield (
            f"of unknown couples: {counted.unknown}, which are compared with nobody "
            "(--couples names them)"
        )


def _lines_same(same: Sequence[SameBeats]) -> Iterator[str]:
    """Warn of what counts twice; which of two is the right one nobody here knows."""
    for each in same[:_MOST_NAMED]:
        whose = "one heart" if each.hearts == 1 else "both hearts"
        yield (
            f"WARNING: {each.first} and {each.second} hold the same beats of {whose}, "
            "and count as two sessions below. Keep one of them elsewhere."
        )
    if len(same) > _MOST_NAMED:
        yield f"WARNING: so do other pairs of sessions: {len(same) - _MOST_NAMED}"


def _lines(
    distributions: Sequence[Distribution],
    changes: Sequence[Change],
    mixed: Sequence[Mixed],
) -> Iterator[str]:
    yield ""
    yield "Figures over the practice, of all hearts (not independent: two a session)"
    yield "So many of the hearts lie below; units are what the figures' names end in"
    heads = ("practice", "figure", "hearts", "5 %", "25 %", "50 %", "75 %", "95 %")
    yield from _table(heads, [_of_distribution(each) for each in distributions])
    yield ""
    yield "Change from a session to the next, mean of couples' slopes and its 95 %"
    if changes:
        columns = ("practice", "figure", "couples", "mean", "low", "high")
        yield from _table(columns, [_of_change(each) for each in changes])
        yield from _WHAT_CHANGES
        yield from _EACH_ALONE
    else:
        yield "none: it takes couples with three sessions of one practice"
    yield from _lines_mixed(mixed)


def _of_distribution(told: Distribution) -> tuple[str | float, ...]:
    return (told.practice, told.figure, told.hearts, *told.quantiles)


def _of_change(change: Change) -> tuple[str | float, ...]:
    return (
        change.practice,
        f"{'ln ' if change.is_log else ''}{change.figure}",
        change.couples,
        *(change.mean, change.low, change.high),
    )


def _lines_mixed(mixed: Sequence[Mixed]) -> Iterator[str]:
    for each in mixed:
        begins = f"mixed model of ln rmssd_ms, {each.practice}:"
        if each.why:
            yield f"{begins} none ({each.why})"
        else:
            yield (
                f"{begins} slope {each.slope:.4g} ({each.low:.4g} to "
                f"{each.high:.4g}), couples {each.couples}, people {each.people}"
            )


def _lines_together(
    together: Sequence[Together], alone: int, draws: int, seed: int
) -> Iterator[str]:
    yield ""
    yield f"Together, beside the same people dealt anew (draws {draws}, seed {seed})"
    told = [(each, each.found) for each in together]
    heads = ("practice", "part", "couples", "own", "strangers")
    yield from _table(
        (*heads, "excess", "low", "high", "p", "p (Holm)"),
        [
            (
                *(each.practice, each.part, of.couples, of.own, of.strangers),
                *(of.excess, of.low, of.high, of.p, each.p_holm),
            )
            for each, of in told
            if of is not None
        ],
    )
    for each, of in told:
        if of is None:
            yield f"{each.practice}, {each.part}: not compared ({each.why})"
    if alone:
        yield (
            f"sessions with a part that fewer than four couples did alike: {alone}; "
            "those parts are not compared"
        )
    compared = sum(of is not None for _, of in told)
    if compared:
        yield from _WHAT_LIKENESS
        yield (
            "p: the share of draws whose couples are as alike or more, one-sided; with "
            f"{draws} draws it is {1 / (draws + 1):.2g} at the smallest. "
            f"p (Holm): corrected for all that were compared ({compared})."
        )
    if told:
        yield from _CAN_NOT


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[str | float]]
) -> Iterator[str]:
    """Yield lines in columns as wide as what is in them; nothing without rows."""
    if not rows:
        return
    lines = [list(heads), *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _cell(cell: str | float) -> str:
    if isinstance(cell, float):
        return "-" if math.isnan(cell) else f"{cell:.4g}"
    return str(cell)


def _draw(out: Path, drawn: Sequence[Panel]) -> None:
    if not drawn:
        tell("There is nothing to draw.")
        return
    make_out_folder(out)
    path = out / PICTURE
    try:
        with made_whole(path) as half_made:
            intervals(drawn).savefig(half_made, dpi=_DPI, format="png")
    except OSError as error:
        raise StorageUnusable(
            f"{path} can't be written ({system_said(error)}).",
            "Choose another folder with --out.",
        ) from error
    tell(str(path))
