"""Cleaning a whole recording: a label for every interval, NaN where it is rejected.

The rules, and where they come from, are in `beat_evidence`. They are asked only about
beats that are displaced, which is found for all of them at once; so a day costs about
as much as its artefacts. `cleaning_causal` asks the same rules beat by beat.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coreg.analysis.beat_evidence import (
    CLIP_MS,
    FLOOR,
    LONE_FLOOR,
    LOOKAHEAD,
    MEMORY,
    Tape,
    verdict,
)
from coreg.analysis.beat_hypotheses import LONGEST_MS, SHORTEST_MS, Explanation
from coreg.facts.arrays import Flags, Floats

LOST_SHARE = 0.5  # of an interval: less is no lost beat
LOST_AT_LEAST_MS = 200.0  # below this a step is an error of the beat times


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What cleaning says of each raw interval, and two views of what it left.

    Attributes
    ----------
    labels : tuple of str, one per raw interval
        `normal`, `ectopic`, `missed`, `extra`, `long`, `short` or `gap`: the last
        where beats were lost before the interval.
    nn_ms : ndarray, shape (n,), milliseconds
        The raw interval where its label is `normal`, NaN elsewhere.
    corrected_ms : ndarray, milliseconds
        What may be known of the true series: an extra beat is removed, a gap is
        one NaN before its interval. NaN where the truth cannot be known. The number
        of intervals may differ from that of the raw ones.
    """

    labels: tuple[str, ...]
    nn_ms: Floats
    corrected_ms: Floats


def clean(rr_ms: ArrayLike, beat_t_s: ArrayLike | None = None) -> Cleaned:
    """Label artefacts and ectopic beats in a recording.

    Parameters
    ----------
    rr_ms : array_like, shape (n,), milliseconds
        Raw intervals; NaN, or 0 as straps mark it, where a beat is known to be lost.
    beat_t_s : array_like, shape (n,), seconds, optional
        Time of the beat that ends each interval. Where it goes further than the
        interval, beats were lost, and nothing is said about the two sides together.

    Returns
    -------
    Cleaned
        Labels and views; the raw intervals stay as they are.

    Raises
    ------
    ValueError
        If the intervals are not one row, or the times do not match them.

    Examples
    --------
    A beat that was not seen, and one that is none:

    >>> rr = [800.0] * 30
    >>> rr[10] = 1600.0
    >>> rr[20:22] = [300.0, 500.0]
    >>> cleaned = clean(rr)
    >>> [(i, label) for i, label in enumerate(cleaned.labels) if label != "normal"]
    [(10, 'missed'), (20, 'extra'), (21, 'extra')]
    >>> cleaned.corrected_ms[20]
    np.float64(800.0)
    """
    raw_ms = np.array(rr_ms, dtype=np.float64)
    if raw_ms.ndim != 1:
        raise ValueError(f"Intervals come in one row; got shape {raw_ms.shape}.")
    is_gap = _gaps(raw_ms, beat_t_s)
    known = np.isfinite(raw_ms) & (raw_ms > 0)
    is_gap[1:] |= ~known[:-1]
    is_gap |= ~known
    usable_ms = np.clip(np.where(known, raw_ms, 0.0), 0.0, CLIP_MS)
    verdicts = _verdicts(usable_ms, is_gap)
    return _cleaned(raw_ms, is_gap, verdicts)


def _gaps(rr_ms: Floats, beat_t_s: ArrayLike | None) -> Flags:
    """Where the clock went on by more than the interval: beats were lost before it."""
    is_gap = np.zeros(rr_ms.size, dtype=np.bool_)
    if beat_t_s is None:
        return is_gap
    t_s = np.asarray(beat_t_s, dtype=np.float64)
    if t_s.shape != rr_ms.shape:
        raise ValueError(
            f"Each interval needs the time of its beat; got {rr_ms.shape} intervals"
            f" and {t_s.shape} times."
        )
    lost_ms = 1000 * np.diff(t_s) - rr_ms[1:]
    is_gap[1:] = lost_ms > np.maximum(LOST_AT_LEAST_MS, LOST_SHARE * rr_ms[1:])
    return is_gap


def displacements_ms(rr_ms: Floats, is_gap: Flags) -> Floats:
    """Displacement of the beat after each interval; 0 where it ends a stretch."""
    n = rr_ms.size
    padded_ms = np.concatenate(([np.nan] * 2, rr_ms, [np.nan] * 3))
    stretch = np.concatenate(([-1] * 2, np.cumsum(is_gap), [-1] * 3))
    earlier, before, right, after, later = (
        np.where(stretch[k : k + n] == stretch[2 : n + 2], padded_ms[k : k + n], np.nan)
        for k in (0, 1, 3, 4, 5)
    )
    slope_ms = (before - after) / 2 - (earlier - later) / 10
    slope_ms = np.where(np.isnan(slope_ms), (before - after) / 3, slope_ms)
    displaced_ms = ((rr_ms - right) - np.nan_to_num(slope_ms)) / 2
    return np.nan_to_num(displaced_ms)


def _verdicts(rr_ms: Floats, is_gap: Flags) -> dict[int, Explanation]:
    """Find what happened, by the index of the first interval it happened to."""
    displaced_ms = displacements_ms(rr_ms, is_gap)
    pair_ms = rr_ms + np.append(rr_ms[1:], 0.0)
    maybe = np.abs(displaced_ms) > FLOOR / 2 * pair_ms
    maybe[1:] |= maybe[:-1]
    sides_ms = np.minimum(rr_ms[:-2], rr_ms[2:])
    maybe[1:-1] |= sides_ms - rr_ms[1:-1] > LONE_FLOOR * rr_ms[:-2]
    implausible = (rr_ms < SHORTEST_MS) | (rr_ms > LONGEST_MS)
    tape = Tape(
        rr_ms=rr_ms.tolist(),
        displaced_ms=displaced_ms.tolist(),
        ordinary_ms=np.abs(displaced_ms).tolist(),
        rejected=[False] * rr_ms.size,
    )
    at = np.flatnonzero(maybe | implausible)
    bounds = np.concatenate(([0], np.flatnonzero(is_gap), [rr_ms.size]))
    of_stretch = np.searchsorted(bounds, at, side="right")
    stretches = zip(bounds[of_stretch - 1], bounds[of_stretch], strict=True)
    found: dict[int, Explanation] = {}
    for i, (start, stop) in zip(at.tolist(), stretches, strict=True):
        if tape.rejected[i]:
            continue
        spread = tape.spread_ms(max(MEMORY, i + LOOKAHEAD - 2))
        explanation = verdict(tape, i, range(start, stop), spread)
        if explanation is not None:
            found[i] = explanation
            tape.reject(i, i + len(explanation.labels))
    return found


def _cleaned(
    raw_ms: Floats,
    is_gap: Flags,
    found: dict[int, Explanation],
) -> Cleaned:
    """Put labels and views together."""
    labels = ["normal"] * raw_ms.size
    nn_ms, corrected_ms = raw_ms.copy(), raw_ms.copy()
    stays = np.ones(raw_ms.size, dtype=np.bool_)
    for i, explanation in found.items():
        past = i + len(explanation.labels)
        standing = i + len(explanation.corrected_ms)
        labels[i:past] = explanation.labels
        nn_ms[i:past] = np.nan
        corrected_ms[i:standing] = explanation.corrected_ms
        stays[standing:past] = False
    gaps = np.flatnonzero(is_gap)
    for i in gaps.tolist():
        labels[i] = "gap"
    nn_ms[gaps] = np.nan
    # An event never reaches over a gap, so the interval after one always stays.
    before_gaps = np.cumsum(stays)[gaps] - 1
    corrected_ms = np.insert(corrected_ms[stays], before_gaps, np.nan)
    return Cleaned(labels=tuple(labels), nn_ms=nn_ms, corrected_ms=corrected_ms)
