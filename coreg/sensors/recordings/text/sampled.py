"""Whether a bare list holds readings at a fixed rate, in place of heartbeats.

Programs interpolate a tachogram for a spectrum, at 2 to 10 values a second, and save
it. Read as beats its mean is right, and every figure of neighbours far too small. Some
save a temperature. Four traces tell, none of which needs a time:

1. A spline leaves nothing above the breath but rounding. A heart varies from beat to
   beat, and its beats are found to a millisecond or two: of 365 stretches of real
   recordings the least unforeseen change was 3 ms. Faster readings show it once only
   each second or third is looked at.
2. A straight line between beats has a bend at each of them and none in between.
3. A value that is held until the next beat stands several times in a row, and nearly
   none stands once.
4. What changes as slowly as a temperature mostly stands still, and else goes one step
   of its last digit.

Where readings are fewer than two a second nothing of this shows. What somebody made up
to try a program with can look the same, so it is a caution and no refusal.
"""

from typing import Final

import numpy as np

from coreg.facts.arrays import Floats

_FEWEST: Final = 60
_WINDOW: Final = 64
_TOP: Final = 0.4  # cycles a row: above it no curve through slower beats has anything
_LEAST_NOISE_MS: Final = 0.6
_CHANGES: Final = 4.0  # times as large as what is unforeseen in them
_ROUNDED_MS: Final = 0.29  # what rounding to whole ms alone makes unforeseen
_THINNED: Final = (2, 3)
_FEWEST_THINNED: Final = 256
_FEWEST_BENDS: Final = 20
_LONGEST_LINE: Final = 14
_LARGE_BENDS: Final = 6.0
_MOSTLY: Final = 0.9
_CURVED: Final = 0.7
_ONCE: Final = 0.15
_LARGE_STEPS: Final = 5.0
_FEWEST_CRAWLS: Final = 5
_CRAWLS: Final = 0.3  # of rows; a pacemaker's jitter changes half of them
_SMALLEST_DIGIT: Final = 0.004  # of the level: a clock of 256 a second has longer ones


def is_sampled(rr_ms: Floats) -> bool:
    """Whether values in ms, one after another, change as readings do, not as beats.

    Examples
    --------
    >>> rows = np.arange(300)
    >>> is_sampled(np.round(812 + 40 * np.sin(rows / 3)))
    True
    >>> is_sampled(np.round(812 + 40 * np.sin(rows / 3) + rows * rows % 11))
    False
    """
    held = _held(rr_ms)
    if not held.size:
        return False
    thinned = [held[::each] for each in _THINNED if held.size >= each * _FEWEST_THINNED]
    is_curve = any(map(_is_curve, [held, *thinned]))
    return is_curve or _is_of_lines(held) or _is_held(held) or _is_still(held)


def _held(rr_ms: Floats) -> Floats:
    """Return the values that there are; none where too few tell."""
    held = rr_ms[np.isfinite(rr_ms) & (rr_ms > 0)]
    return held[:0] if held.size < _FEWEST or np.ptp(held) == 0 else held


def _is_curve(values: Floats) -> bool:
    """Whether rows follow from those before them, but for rounding."""
    steps = np.diff(values)
    size = min(_WINDOW, steps.size // 2 * 2)
    windows = np.lib.stride_tricks.sliding_window_view(steps, size)[:: size // 2]
    windows = windows - windows.mean(axis=1, keepdims=True)
    taper = np.hanning(size)
    power = np.abs(np.fft.rfft(windows * taper, axis=1)) ** 2 / np.sum(taper**2)
    rate = np.fft.rfftfreq(size)
    top = rate >= _TOP
    # Unforeseen changes of the values themselves, which differences make larger.
    own = power[:, top] / (4 * np.sin(np.pi * rate[top]) ** 2)
    noise = np.sqrt(own.mean(axis=1))
    changes = np.sqrt(np.mean(windows**2, axis=1))
    is_small = float(np.median(noise)) < _LEAST_NOISE_MS
    ratio = float(np.median(changes / np.maximum(noise, _ROUNDED_MS)))
    return is_small and ratio > _CHANGES


def _is_of_lines(values: Floats) -> bool:
    """Whether rows lie on straight pieces, with one bend at the end of each."""
    digit = max(_last_digit(values), 0.01)
    bends = np.abs(values[2:] - 2 * values[1:-1] + values[:-2])
    is_bent = bends > 2.01 * digit
    if np.count_nonzero(is_bent) < _FEWEST_BENDS:
        return False
    padded = np.concatenate(([0], is_bent.astype(int), [0]))
    edges = np.flatnonzero(np.diff(padded))
    bent, straight = edges[1::2] - edges[::2], edges[2::2] - edges[1:-1:2]
    if not straight.size:
        return False
    one = float(np.median(np.abs(np.diff(values))))
    two = float(np.median(np.abs(values[2:] - values[:-2])))
    return bool(
        np.mean(bent <= 2) > _MOSTLY
        and np.quantile(bends, _MOSTLY) > _LARGE_BENDS * digit
        and np.quantile(straight, 0.95) <= _LONGEST_LINE
        and one < _CURVED * two
    )


def _is_held(values: Floats) -> bool:
    """Whether nearly no value stands once, though they change by far more than a digit.

    Equal neighbours are real where a quiet heart is measured coarsely.
    """
    steps = np.abs(np.diff(values))
    at = np.flatnonzero(steps)
    lengths = np.diff(at)
    if lengths.size < _FEWEST_BENDS:
        return False
    changes = steps[at]
    is_large = np.median(changes) >= _LARGE_STEPS * max(float(changes.min()), 0.2)
    return bool(np.mean(lengths == 1) < _ONCE and is_large)


def _is_still(values: Floats) -> bool:
    """Whether values stand for several rows, and go one step of their last digit."""
    steps = np.abs(np.diff(values))
    changes = steps[steps > 0]
    if changes.size < _FEWEST_CRAWLS or changes.size > _CRAWLS * steps.size:
        return False
    digit = float(changes.min())
    is_one = float(np.mean(changes < 1.5 * digit)) >= _MOSTLY
    return is_one and digit <= _SMALLEST_DIGIT * float(np.median(values))


def _last_digit(values: Floats) -> float:
    """Return the unit of the last digit that numbers are written with."""
    for decimals in range(4):
        if np.all(np.abs(values - np.round(values, decimals)) < 1e-9):
            return float(10.0**-decimals)
    return 0.0
