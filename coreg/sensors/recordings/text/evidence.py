"""What the values of a column can be, whatever its name.

All of these say what is possible, not what is so: `meaning` puts them together.
"""

from itertools import pairwise
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats
from coreg.sensors.recordings.text.units import FASTEST_UNNAMED_MS, SLOWEST_MS

_FEWEST: Final = 8
_MOSTLY: Final = 0.9
_BESIDE: Final = 0.12  # a heart rate shown beside an interval is smoothed
_OF_EACH: Final = 0.01  # it is that of each interval, rounded
_ALIKE: Final = 0.5
_LEVEL: Final = 0.02  # by which two hearts differ at least, to be told by it
_SURE: Final = 3.5  # standard errors
_TURNS: Final = 0.75  # of steps that go from one heart to the other
_TURNS_OF_JITTER: Final = 0.667  # of beats that were found a little early or late
_APART: Final = 0.09  # more than a slow heart swings that breathes within three beats
_EVEN: Final = 0.02
_REPEATED: Final = 0.2
_CURVED: Final = 0.8
_RATES: Final = frozenset(
    {100, 125, 128, 130, 200, 250, 256, 360, 500, 512, 1000, 1024}
)
_UNITS_MS: Final = (60_000, 1000, 100, 10, 1, 1e-3, 1e-6)
_TICKS_MS: Final = tuple(1000 / rate for rate in sorted(_RATES | {64, 300, 2000, 2048}))
_RATIOS_OF_UNITS: Final = np.array(
    [
        ratio
        for plain in _UNITS_MS
        for unit in (*_UNITS_MS, *_TICKS_MS)
        for ratio in (plain / unit, unit / plain)
    ]
)
_OF_A_UNIT: Final = 0.003  # one of them rounded, to hundredths of a second
_OF_ONE_UNIT: Final = 0.0006
_SMOOTH: Final = 0.35
_IN_TURN: Final = 2.2  # of 365 stretches of real hearts one comes to 2.1, a mirror
_MIRRORED: Final = -0.2
_SLOW: Final = 41  # rows
_LONG: Final = 20  # even: as many of each heart stand in it
_WINDOW: Final = 20
_MOST_FLAGS: Final = 8
_HIGHEST_FLAG: Final = 20


def known(values: Floats) -> Floats:
    """Return the values that are there."""
    return values[np.isfinite(values)]


def is_index(values: Floats) -> bool:
    """Whether it counts rows: whole numbers, mostly one more than the one before."""
    held = known(values)
    if held.size < 3 or np.any(held != np.round(held)):
        return False
    steps = np.diff(held)
    return bool(np.all(steps >= 1) and np.mean(steps == 1) >= _MOSTLY)


def rises(values: Floats) -> bool:
    """Whether it never falls and rises mostly: times, or a count."""
    steps = np.diff(known(values))
    return bool(steps.size >= 2 and np.all(steps >= 0) and steps.sum() > 0)


def rises_strictly(values: Floats) -> bool:
    """Whether each value is above the one before, over enough of them."""
    steps = np.diff(known(values))
    return bool(steps.size >= _FEWEST and np.all(steps > 0))


def is_constant(values: Floats) -> bool:
    """Whether it says the same in every row."""
    held = known(values)
    return held.size == 0 or bool(np.all(held == held[0]))


def are_flags(values: Floats) -> bool:
    """Whether it holds few small whole numbers: marks, labels, yes and no."""
    held = known(values)
    whole = bool(np.all(held == np.round(held)))
    return (
        whole
        and np.unique(held).size <= _MOST_FLAGS
        and bool(np.all(held <= _HIGHEST_FLAG))
    )


def can_be_rr(values: Floats, ms_per_unit: float | None) -> bool:
    """Whether they can be intervals; with no unit said, in ms or s."""
    held = known(values)
    held = held[held > 0]
    if held.size < 2 or (is_constant(held) and held.size > _FEWEST):
        return False
    if rises_strictly(values) or are_flags(values):
        return False
    usual = float(np.median(held))
    units = (1.0, 1000.0) if ms_per_unit is None else (ms_per_unit,)
    if not any(FASTEST_UNNAMED_MS <= usual * u <= SLOWEST_MS for u in units):
        return False
    return bool(np.mean((held > 0.4 * usual) & (held < 2.5 * usual)) >= 0.75)


def is_rate_of(values: Floats, rr_ms: Floats) -> bool:
    """Whether they are the heart rates of these intervals, in beats a minute."""
    both = np.isfinite(values) & np.isfinite(rr_ms) & (rr_ms > 0) & (values > 0)
    if both.sum() < 2:
        return False
    rates = 60_000 / rr_ms[both]
    off = np.abs(values[both] / rates - 1)
    if float(np.median(off)) > _BESIDE:
        return False
    if float(np.median(off)) < _OF_EACH:
        return True
    kernel = np.full(5, 0.2) if both.sum() >= _WINDOW else np.ones(1)
    smooth = [np.convolve(each, kernel, "valid") for each in (rates, values[both])]
    spread = min(float(each.std()) for each in smooth)
    return spread > 0 and float(np.corrcoef(smooth[0], smooth[1])[0, 1]) > _ALIKE


def is_same(one: Floats, other: Floats) -> bool:
    """Whether two columns hold the same intervals, maybe in two units."""
    both = np.isfinite(one) & np.isfinite(other) & (one > 0) & (other > 0)
    if both.sum() < max(2, 0.5 * one.size):
        return False
    ratio = one[both] / other[both]
    usual = float(np.median(ratio))
    # Two hearts a few ms apart have a steady ratio as well, but one of no two units.
    off = np.abs(usual / _RATIOS_OF_UNITS - 1)
    if not np.any(off < np.where(_RATIOS_OF_UNITS == 1, _OF_ONE_UNIT, _OF_A_UNIT)):
        return False
    return bool(np.mean(np.abs(ratio / usual - 1) < 0.002) >= _MOSTLY)


def coverage(t_s: Floats, rr_ms: Floats) -> float:
    """Return how much of the time the intervals account for, in the usual stretch.

    1 where nothing is lost or counted twice. The median of stretches is not moved by a
    gap. NaN where there are too few rows.
    """
    is_both = np.isfinite(t_s) & np.isfinite(rr_ms)
    t_s, rr_ms = t_s[is_both], rr_ms[is_both]
    window = min(_WINDOW, t_s.size - 1)
    if window < 2:
        return float("nan")
    sums_s = np.concatenate(([0.0], np.cumsum(rr_ms))) / 1000
    took_s = t_s[window:] - t_s[:-window]
    held_s = sums_s[window + 1 :] - sums_s[1:-window]
    fits = took_s > 0
    if not fits.any():
        return float("nan")
    return float(np.median(held_s[fits] / took_s[fits]))


def step_ratio(t_s: Floats, rr_ms: Floats) -> tuple[float, float]:
    """Return how much longer steps in time are than intervals: median and spread.

    The spread is the median deviation: small where each stamp is the time of a beat.
    """
    steps_ms = 1000 * np.diff(t_s)
    beside = rr_ms[1:]
    both = np.isfinite(steps_ms) & np.isfinite(beside) & (beside > 0)
    if both.sum() < _FEWEST:
        return float("nan"), float("inf")
    ratio = steps_ms[both] / beside[both]
    usual = float(np.median(ratio))
    return usual, float(np.median(np.abs(ratio - usual)))


def are_interleaved(values: Floats, labels: list[str]) -> bool:
    """Whether rows of several hearts stand between one another, by their labels.

    Within one heart neighbours are alike; where the row changes its heart they jump.
    """
    groups = {each: np.array([at == each for at in labels]) for each in set(labels)}
    if not 2 <= len(groups) <= 12:
        return False
    if min(int(rows.sum()) for rows in groups.values()) < max(3, 0.1 * len(labels)):
        return False
    changes = sum(a != b for a, b in pairwise(labels))
    if changes < 0.1 * len(labels):
        return False

    def roughness(of: Floats) -> float:
        steps = np.abs(np.diff(known(of)))
        return float(np.median(steps)) if steps.size else 0.0

    within = float(np.median([roughness(values[rows]) for rows in groups.values()]))
    return roughness(values) > 1.3 * within


def are_successive(places: list[Floats]) -> bool:
    """Whether what stands beside each other in a row are one heart's next intervals.

    Then they are as long as one another in the mean, and as alike as neighbours are.
    Two hearts have levels and rhythms of their own.

    Parameters
    ----------
    places : list of ndarray, shape (rows,)
        NaN where a place is empty.
    """
    for one, other in pairwise(places):
        both = np.isfinite(one) & np.isfinite(other)
        if both.sum() < _FEWEST:
            continue
        steps = other[both] - one[both]
        error = float(steps.std()) / np.sqrt(both.sum())
        level = _LEVEL * float(np.median(one[both]))
        if abs(float(steps.mean())) > max(_SURE * error, level):
            return False
        between = np.abs(np.diff(one))
        usual = float(np.nanmedian(between)) if np.isfinite(between).any() else np.inf
        if float(np.median(np.abs(steps))) > max(3 * usual, 2 * level):
            return False
    return True


def are_two_in_turn(values: Floats) -> bool:
    """Whether two hearts' intervals stand in one column, mostly in turn.

    Nearly each step goes from one level to the other, and each level is smooth of
    itself. Beats found early or late turn in two of three steps; an early beat and
    the pause after it, each second time, look like two hearts and are none of use.
    """
    held = known(values)
    held = held[held > 0]
    if held.size < 2 * _LONG:
        return False
    padded = np.pad(held, _LONG // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded[1:], _LONG)
    above = held > np.median(windows, axis=1)
    least = _TURNS_OF_JITTER + _SURE * float(np.sqrt(0.222 / held.size))
    if float(np.mean(above[1:] != above[:-1])) < max(_TURNS, least):
        return False
    high, low = held[above], held[~above]
    gap = float(np.median(high) - np.median(low))
    within = max(float(np.median(np.abs(np.diff(each)))) for each in (high, low))
    return gap > _APART * float(np.median(held)) and within < _SMOOTH * gap


def are_two_of_one_level(values: Floats) -> bool:
    """Whether two hearts of nearly one level stand in one column in turn.

    Each row then follows from the second one before and behind it, and hardly from its
    neighbours. So it does in one slow heart that breathes within two or three beats:
    there odd and even rows mirror one another, which those of two hearts do not.
    """
    held = known(values)
    held = held[held > 0]
    if held.size < 2 * _LONG:
        return False
    steps = np.abs(np.diff(held))
    if not np.any(steps > 0):
        return False
    inner = held[2:-2]
    beside = np.median(np.abs(inner - (held[1:-3] + held[3:-1]) / 2))
    second = np.median(np.abs(inner - (held[:-4] + held[4:]) / 2))
    if beside < _IN_TURN * max(float(second), float(steps[steps > 0].min())):
        return False
    odd, even = (_around_zero(held[i : held.size // 2 * 2 : 2]) for i in (1, 0))
    if odd.std() == 0 or even.std() == 0:
        return False
    return float(np.corrcoef(odd, even)[0, 1]) > _MIRRORED


def _around_zero(values: Floats) -> Floats:
    """Return values less their mean over so many rows that an alias of breath stays."""
    padded = np.pad(values, _SLOW // 2, mode="edge")
    return values - np.convolve(padded, np.full(_SLOW, 1 / _SLOW), "valid")


def is_sampled_curve(t_s: Floats, rr_ms: Floats) -> bool:
    """Whether values stand at even steps much shorter than themselves, on a curve.

    So does a tachogram that was interpolated for a spectrum; its beats are lost.
    Intervals that were asked for too often stand at even steps too, yet each of them is
    written down again until the next one comes.
    """
    both = np.isfinite(t_s) & np.isfinite(rr_ms)
    t_s, rr_ms = t_s[both], rr_ms[both]
    if t_s.size < _WINDOW:
        return False
    steps_s = np.diff(t_s)
    step_s = float(np.median(steps_s))
    is_even = bool(np.mean(np.abs(steps_s - step_s) < _EVEN * step_s) > _MOSTLY)
    if not is_even or step_s <= 0 or float(np.median(rr_ms)) < 1500 * step_s:
        return False
    one, two = np.abs(np.diff(rr_ms)), np.abs(rr_ms[2:] - rr_ms[:-2])
    if float(np.mean(one == 0)) > _REPEATED:
        return False
    return float(np.median(one)) < _CURVED * float(np.median(two))


def is_no_interval(first: float, others: Floats) -> bool:
    """Whether what stands above a list is how many follow, or samples a second."""
    held = known(others)
    held = held[held > 0]
    if held.size < _FEWEST:
        return False
    is_off = not 0.6 <= first / float(np.median(held)) <= 1.6
    return is_off and (first == others.size or first in _RATES)
