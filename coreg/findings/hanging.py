"""What is said of an RMSSD that hangs on few beats: its caution, and where they are."""

import math
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np

from coreg.analysis.hanging_beats import HangsOn, hangs_on
from coreg.analysis.hrv import Hrv
from coreg.facts.arrays import Flags, Floats
from coreg.findings.heart import HeartFigures

_BY_HAND = "by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatInDoubt:
    """When the first of some intervals ended, how many they are, whether they count."""

    t_s: float
    intervals: int
    is_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """RMSSD had cleaning decided otherwise; NaN where that would not matter."""

    if_left_out_ms: float
    if_kept_ms: float
    beats: tuple[BeatInDoubt, ...]


def hanging(
    *,
    t_s: Floats,
    rr_ms: Floats,
    nn_ms: Floats,
    labels: tuple[str, ...],
    lost_before: Flags,
    by_hand: AbstractSet[int] = frozenset(),
) -> Hanging | None:
    """Return what RMSSD hangs on; None where on no beat that is in doubt.

    Of beats that somebody decided `by_hand`, here by their place, none is in doubt.
    """
    told = tuple(
        _BY_HAND if at in by_hand else label for at, label in enumerate(labels)
    )
    found = hangs_on(rr_ms, nn_ms, told, lost_before)
    return None if found is None else _placed(found, t_s)


def hanging_in_heart(
    heart: HeartFigures, counts: Flags, start_s: float
) -> Hanging | None:
    """Return what RMSSD of these beats of a session hangs on, timed from `start_s`."""
    return hanging(
        t_s=heart.beat_t_s - start_s,
        rr_ms=heart.rr_ms,
        nn_ms=np.where(counts, heart.nn_ms, np.nan),
        labels=heart.labels,
        lost_before=heart.after_gap,
        by_hand=heart.by_hand,
    )


def _placed(found: HangsOn, t_s: Floats) -> Hanging:
    return Hanging(
        if_left_out_ms=found.if_left_out_ms,
        if_kept_ms=found.if_kept_ms,
        beats=tuple(
            BeatInDoubt(
                t_s=float(t_s[each.first]),
                intervals=each.intervals,
                is_kept=each.is_kept,
            )
            for each in found.beats
        ),
    )


def with_caution(figures: Hrv, found: Hanging | None) -> Hrv:
    """Return figures of which RMSSD has the caution that it hangs on few beats."""
    if found is None or math.isnan(figures.rmssd_ms):
        return figures
    told = _caution(found)
    selected = figures.cautions.get("rmssd_ms")
    why = f"{selected}; also {told}" if selected else told
    return replace(figures, cautions={**figures.cautions, "rmssd_ms": why})


def _caution(found: Hanging) -> str:
    """Return it in English, as figures have theirs: `in_own_words` knows it."""
    kept = _where(found, is_kept=True)
    aside = _where(found, is_kept=False)
    without = f"{found.if_left_out_ms:.1f} ms had cleaning left out {kept}"
    if not aside:
        return f"hangs on few beats: {without}"
    if not kept:
        with_them = f"{found.if_kept_ms:.1f} ms had cleaning kept {aside}"
        return f"hangs on few beats: {with_them}"
    return (
        f"hangs on few beats: {without}, and {found.if_kept_ms:.1f} ms had it kept"
        f" {aside}"
    )


def _where(found: Hanging, *, is_kept: bool) -> str:
    """Return how many intervals, and when."""
    those = [each for each in found.beats if each.is_kept is is_kept]
    if not those:
        return ""
    at = ", ".join(f"{np.floor(each.t_s):.0f}" for each in those)
    return f"{sum(each.intervals for each in those)} more, at {at} s"
