"""How one heart answered one paced breath: size and phase, as a complex number.

Paced breathing fixes the frequency, so nothing has to be searched: the answer is the
first Fourier coefficient of the RR intervals over exactly that breath, after the mean
over exactly one breath around each moment is taken away. That mean cancels the swing
itself and leaves the slow waves, which are larger than many a swing. On simulated
hearts at six a minute the noise of one answer has a third less variance than with a
straight line fitted to each breath, that of six breaths' mean a tenth less.

Answers are averaged as complex numbers. Their mean size is then that of the swing which
keeps step with the pacer, without the bias that noise gives to any single size, and a
breath that was not followed counts as what it is: no answer.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.arrival import LONGEST_ARRIVAL_S, beats_are_in
from coreg.facts.arrays import Floats

UNKNOWN: Final = complex(math.nan, math.nan)

MIN_COVERAGE: Final = 0.6
MIN_BEATS: Final = 4
LONGEST_HOLE: Final = 0.4  # of a breath
# RR of neighbours differ by 6 % at most in the widest swings; half a beat early, an
# extra or a missed one by 30 % and more.
_FAR_OFF: Final = 0.2
_NEIGHBOURS: Final = 4
_STEP_S: Final = 0.25


def needed_after_s(period_s: float) -> float:
    """Return how long after a breath's end beats still count towards its answer."""
    return period_s / 2


def is_answer_in(
    end_s: float, period_s: float, *, last_beat_s: float, t_s: float
) -> bool:
    """Return whether an answer to a breath can be taken, or never better than now.

    Parameters
    ----------
    end_s, period_s : float, seconds
        The breath.
    last_beat_s : float, seconds
        When the last beat was that is known; -inf where none is.
    t_s : float, seconds
        Now.

    Examples
    --------
    >>> [is_answer_in(60, 10, last_beat_s=at_s, t_s=66) for at_s in (64.5, 65.5)]
    [False, True]
    """
    needed_s = end_s + needed_after_s(period_s)
    latest_s = needed_s + LONGEST_ARRIVAL_S
    return beats_are_in(needed_s, last_beat_s=last_beat_s, t_s=t_s, latest_s=latest_s)


def plausible(t_s: Floats, nn_ms: Floats) -> tuple[Floats, Floats]:
    """Return the beats that cleaning accepted, less what lies far off those around it.

    Cleaning alone decides nearly always. Where one beat in ten is wrong it lets one in
    twenty-five of these pass, and an answer, which is a least-squares fit to a dozen
    beats, is spoiled by a single one (docs/decisions/0043).

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        Beat times, ascending.
    nn_ms : ndarray, shape (n,), milliseconds
        The interval that ended with each beat; NaN where cleaning rejected one.

    Returns
    -------
    t_s, nn_ms : ndarray, shape (m,), seconds and milliseconds
        Those accepted within a fifth of the median of nine accepted around them, the
        ends repeated.

    Examples
    --------
    >>> nn_ms = np.array([800.0, 810.0, 1610.0, 805.0, np.nan, np.nan, 800.0])
    >>> plausible(np.array([0.8, 1.6, 3.2, 4.0, 4.4, 4.8, 5.6]), nn_ms)[1].tolist()
    [800.0, 810.0, 805.0, 800.0]
    """
    accepted = np.isfinite(nn_ms)
    t_s, nn_ms = t_s[accepted], nn_ms[accepted]
    if not nn_ms.size:
        return t_s, nn_ms
    around = np.pad(nn_ms, _NEIGHBOURS, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * _NEIGHBOURS + 1)
    usual_ms = np.median(windows, axis=1)
    kept = np.abs(nn_ms - usual_ms) < _FAR_OFF * usual_ms
    return t_s[kept], nn_ms[kept]


def response_ms(t_s: Floats, nn_ms: Floats, start_s: float, period_s: float) -> complex:
    """Answer of the heart to one breath.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        Beat times, ascending; from half a breath before this one to half a breath
        after it.
    nn_ms : ndarray, shape (n,), milliseconds
        The interval that ended with each of them, none NaN.
    start_s, period_s : float, seconds
        The breath.

    Returns
    -------
    complex, milliseconds
        Its modulus is half the swing from peak to trough, its argument the phase of
        the longest interval, 0 at the start of the breath. `UNKNOWN` where accepted
        intervals cover less than `MIN_COVERAGE` of the breath, fewer than `MIN_BEATS`
        end in it, a hole is longer than `LONGEST_HOLE` of it, or beats do not reach
        half a breath beyond both ends.

    Examples
    --------
    >>> t_s = np.arange(-6.0, 18.0)
    >>> nn_ms = 1000 + 2 * t_s + 40 * np.cos(2 * np.pi * (t_s - 0.5 - 2.5) / 10)
    >>> answer = response_ms(t_s, nn_ms, 0.0, 10.0)
    >>> round(abs(answer)), round(float(np.angle(answer)) / (2 * np.pi), 2)
    (39, -0.25)
    """
    half_s = period_s / 2
    slack_s = LONGEST_HOLE * period_s / 2
    near = (t_s >= start_s - half_s - slack_s) & (t_s <= start_s + 3 * half_s + slack_s)
    t_s, nn_ms = t_s[near], nn_ms[near]
    if not _is_covered(t_s, nn_ms, start_s, period_s):
        return UNKNOWN
    count = 2 * math.ceil(half_s / _STEP_S)
    step_s = period_s / count
    grid_s = start_s + step_s * (np.arange(-count // 2, count + count // 2) + 0.5)
    # An interval tells of the moment at its middle, not of the beat that ended it.
    curve_ms = np.interp(grid_s, t_s - nn_ms / 2000, nn_ms)
    total_ms = np.concatenate(([0.0], np.cumsum(curve_ms)))
    mean_ms = (total_ms[count:] - total_ms[:-count]) / count
    # Means lie between two samples: the mean of two neighbours lies on one.
    slow_ms = (mean_ms[:-1] + mean_ms[1:]) / 2
    swing_ms = curve_ms[count // 2 : count // 2 + count] - slow_ms
    turn = np.exp(-2j * np.pi * (np.arange(count) + 0.5) / count)
    return complex(2 * np.mean(swing_ms * turn))


def responses_ms(
    t_s: Floats, nn_ms: Floats, start_s: Floats, period_s: Floats
) -> NDArray[np.complex128]:
    """Answers of the heart to many breaths: `response_ms` for each.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        Beat times, ascending.
    nn_ms : ndarray, shape (n,), milliseconds
        The interval that ended with each of them, none NaN.
    start_s, period_s : ndarray, shape (k,), seconds
        The breaths.

    Returns
    -------
    ndarray, shape (k,), complex, milliseconds

    Examples
    --------
    >>> t_s = np.arange(-6.0, 28.0)
    >>> nn_ms = 1000 + 40 * np.cos(2 * np.pi * (t_s - 0.5) / 10)
    >>> np.abs(responses_ms(t_s, nn_ms, np.array([0.0, 10]), np.full(2, 10.0))).round()
    array([39., 39.])
    """
    breaths = zip(start_s.tolist(), period_s.tolist(), strict=True)
    answers = [response_ms(t_s, nn_ms, *breath) for breath in breaths]
    return np.array(answers, dtype=np.complex128)


def _is_covered(t_s: Floats, nn_ms: Floats, start_s: float, period_s: float) -> bool:
    inside = (t_s > start_s) & (t_s <= start_s + period_s)
    if inside.sum() < MIN_BEATS:
        return False
    if nn_ms[inside].sum() / 1000 < MIN_COVERAGE * period_s:
        return False
    hole_s = LONGEST_HOLE * period_s
    half_s = period_s / 2
    reaches = (
        t_s[0] <= start_s - half_s + hole_s / 2
        and t_s[-1] >= start_s + period_s + half_s - hole_s / 2
    )
    return bool(reaches and np.diff(t_s).max() <= hole_s)
