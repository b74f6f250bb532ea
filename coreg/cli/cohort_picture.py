"""The picture of `coreg cohort`: each question with its null, its n and its limits."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from coreg.batch.cohort import Change, Distribution, Together
from coreg.report.charts.intervals import Interval, Panel, Scale
from coreg.report.words.numbers import NBSP

_NAMES: Final = {
    "mean_hr_bpm": ("Heart rate", "beats a minute"),
    "rmssd_ms": ("RMSSD", "ms"),
    "sdnn_ms": ("SDNN", "ms"),
    "lf_ms2": ("LF power", "ms²"),
    "hf_ms2": ("HF power", "ms²"),
}
_HEARTS: Final = (
    "Dot: half of the hearts lie below. Thick line: the middle half. Thin line: nine in"
    " ten. Two hearts of one session, and sessions of one couple, are not independent:"
    " this is what there is in the table, and no estimate of a population."
)
_SLOPES: Final = (
    "Dot: the mean of couples’ slopes. Line: its 95 % over couples, each for itself: of"
    " twenty such lines, one misses the truth by chance. Practice, season and chance"
    " are not told apart."
)


def panels(
    distributions: Sequence[Distribution],
    changes: Sequence[Change],
    together: Sequence[Together],
    *,
    draws: int,
    simulated: bool,
) -> list[Panel]:
    """Return what is to be drawn; none where there is nothing.

    Every title says so where hearts are simulated: a panel may be shown alone.
    """
    drawn = (
        *_of_hearts(distributions),
        *_of_slopes(changes),
        *_of_couples(together, draws),
    )
    if not simulated:
        return list(drawn)
    return [
        replace(each, title=f"Simulated hearts. {each.title}") if each.title else each
        for each in drawn
    ]


def _of_hearts(distributions: Sequence[Distribution]) -> Iterator[Panel]:
    title, note = "Figures over a whole practice", _HEARTS
    for figure, some in groupby(distributions, key=lambda each: each.figure):
        name, unit = _NAMES[figure]
        yield Panel(
            title=title,
            note=note,
            x_label=f"{name} ({unit})",
            rows=[
                Interval(
                    label=f"{each.practice} ({each.hearts}{NBSP}hearts)",
                    low=each.quantiles[0],
                    middle=each.quantiles[2],
                    high=each.quantiles[4],
                    inner=(each.quantiles[1], each.quantiles[3]),
                )
                for each in some
            ],
            zero=False,
            scale=Scale.PLAIN if figure == "mean_hr_bpm" else Scale.FACTORS,
        )
        title = note = ""


def _of_slopes(changes: Sequence[Change]) -> Iterator[Panel]:
    """Yield those in units, and those by a factor: they have no axis in common."""
    title, note = "How a figure changes from one session to the next", _SLOPES
    for by_factor, x_label in (
        (False, "beats a minute, from one session to the next"),
        (True, "%, from one session to the next"),
    ):
        rows = [
            Interval(
                label=f"{_NAMES[each.figure][0]}, {each.practice}"
                f" ({each.couples}{NBSP}couples)",
                low=_slope(each, each.low),
                middle=_slope(each, each.mean),
                high=_slope(each, each.high),
            )
            for each in changes
            if each.couples > 1 and each.is_log is by_factor
        ]
        if rows:
            yield Panel(title=title, note=note, x_label=x_label, rows=rows, zero=True)
            title = note = ""


def _slope(change: Change, value: float) -> float:
    """Return a slope as it is drawn: what is of a logarithm, in per cent."""
    return 100 * math.expm1(value) if change.is_log else value


def _of_couples(together: Sequence[Together], draws: int) -> Iterator[Panel]:
    rows = [
        Interval(
            label=f"{each.part}, {each.practice} ({each.found.couples}{NBSP}couples)",
            low=each.found.low,
            middle=each.found.excess,
            high=each.found.high,
            null=(each.found.null_low, each.found.null_high),
            beside=f"p {each.p_holm:.2g}",
        )
        for each in together
        if each.found is not None
    ]
    if rows:
        yield Panel(
            title="How alike couples are, beside strangers who did the same",
            note="Dot: couples’ own likeness less that with strangers. Line: its 95 %"
            f" over couples. Grey: where 95 % of {draws} cohorts lie whose people were"
            " dealt anew. p: the rank among these, corrected for all parts (Holm)."
            " Couples who are more alike had something in common besides the practice:"
            " one room is enough.",
            x_label="own less strangers (Fisher’s z of the slow heart rates)",
            rows=rows,
            zero=True,
        )
