"""After a marked moment: how long until a heart is back near where it was.

A heart that never came back within the time looked at is not left out, which would make
every couple look quick, nor given the last second, which would invent a return: it is
censored (Kaplan & Meier 1958). What happened before something else did not thereby
cause it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreg.facts.arrays import Floats

BASELINE_S = 60
NEAR_SD = 0.5
STAYS_S = 15
EVENTS_FOR_A_CLAIM = 8
_LEAST_BASELINE_S = 30
_LONGEST_GAP_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """What became of one heart after one event.

    Attributes
    ----------
    seconds : float
        Until it was settled, or until it was last seen unsettled; NaN where there was
        no baseline.
    settled : bool
        False: censored, so that `seconds` is a least time.
    """

    seconds: float
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SettlingCurve:
    """Share of events still unsettled, by time (Kaplan-Meier).

    Attributes
    ----------
    t_s : ndarray, shape (k,), seconds
        When events settled, increasing.
    unsettled : ndarray, shape (k,)
        Share still unsettled just after each.
    low, high : ndarray, shape (k,)
        Its 95 % interval (Greenwood's variance on the scale of ln(-ln)).
    median_s : float, seconds
        When half have settled; NaN where fewer ever did.
    events : int
        How many are in it. Below eight, nothing is claimed.
    """

    t_s: Floats
    unsettled: Floats
    low: Floats
    high: Floats
    median_s: float
    events: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventAverage:
    """Mean course around events, each less its own baseline.

    Attributes
    ----------
    t_s : ndarray, shape (n,), seconds
        From the event.
    mean, standard_error : ndarray, shape (n,)
        In the unit of the series; NaN where fewer than one, or two, are known.
    events : ndarray of int, shape (n,)
        How many are known at each time.
    """

    t_s: Floats
    mean: Floats
    standard_error: Floats
    events: NDArray[np.int64]


def settling(level: Floats, event_s: int) -> Settling:
    """Find when a level is back near its baseline, to stay.

    Parameters
    ----------
    level : ndarray, shape (n,)
        Heart rate, one value a second, smoothed as wished; NaN in gaps. What follows
        the next event should be cut off.
    event_s : int, seconds
        Where the event is.

    Returns
    -------
    Settling
        Settled at the first second from which the level stays for 15 s within 0.5 SD
        of the median of the 60 s before. It is censored at its last second, or where a
        gap longer than 5 s begins: nobody knows what happened there.

    Notes
    -----
    The standard deviation is that of the same 60 s. A level that never left its
    baseline settles after 0 s. The rule is ours, fixed in advance.

    Examples
    --------
    >>> calm = np.resize([59.0, 61.0], 60)
    >>> upset = np.full(20, 80.0)
    >>> settling(np.concatenate((calm, upset, np.full(40, 60.0))), 60)
    Settling(seconds=20.0, settled=True)
    """
    before = level[max(0, event_s - BASELINE_S) : event_s]
    known = before[np.isfinite(before)]
    if known.size < _LEAST_BASELINE_S:
        return Settling(seconds=float("nan"), settled=False)
    after = level[event_s : event_s + _seen_s(level[event_s:])]
    # NaN compares as false: a second in a short gap neither settles nor unsettles.
    far = np.abs(after - np.median(known)) > NEAR_SD * known.std(ddof=1)
    for start in np.flatnonzero(~far & np.isfinite(after)):
        stay = slice(start, start + STAYS_S)
        if after[stay].size == STAYS_S and not far[stay].any():
            return Settling(seconds=float(start), settled=True)
    return Settling(seconds=float(after.size), settled=False)


def _seen_s(after: Floats) -> int:
    """Return how long a level is followed, until the first long gap."""
    lost = ~np.isfinite(after)
    run = 0
    for second, is_lost in enumerate(lost):
        run = run + 1 if is_lost else 0
        if run > _LONGEST_GAP_S:
            return second - run + 1
    return after.size - run


def settling_curve(found: Sequence[Settling]) -> SettlingCurve:
    """Kaplan-Meier curve of how many events are still unsettled.

    Parameters
    ----------
    found : sequence of Settling
        Those without a baseline are left out.

    Returns
    -------
    SettlingCurve

    Notes
    -----
    Events of one couple are not independent of each other, so the interval is too
    narrow; and an evening that ends because all is well is not censored by chance.

    References
    ----------
    Kaplan & Meier (1958), Journal of the American Statistical Association 53, 457-481.
    Kalbfleisch & Prentice (1980), The Statistical Analysis of Failure Time Data, 1.3.

    Examples
    --------
    >>> curve = settling_curve(
    ...     [
    ...         Settling(seconds=10.0, settled=True),
    ...         Settling(seconds=20.0, settled=False),
    ...         Settling(seconds=30.0, settled=True),
    ...     ]
    ... )
    >>> curve.t_s.tolist(), curve.unsettled.round(3).tolist(), curve.median_s
    ([10.0, 30.0], [0.667, 0.0], 30.0)
    """
    known = [each for each in found if np.isfinite(each.seconds)]
    seconds = np.array([each.seconds for each in known])
    settled = np.array([each.settled for each in known], dtype=np.bool_)
    t_s = np.unique(seconds[settled])
    at_risk = (seconds >= t_s[:, np.newaxis]).sum(axis=1)
    ended = (seconds[settled] == t_s[:, np.newaxis]).sum(axis=1)
    unsettled = np.cumprod(1 - ended / at_risk)
    low, high = _greenwood(unsettled, at_risk, ended)
    half = np.flatnonzero(unsettled <= 0.5)
    return SettlingCurve(
        t_s=t_s,
        unsettled=unsettled,
        low=low,
        high=high,
        median_s=float(t_s[half[0]]) if half.size else float("nan"),
        events=len(known),
    )


def _greenwood(
    unsettled: Floats, at_risk: NDArray[np.int64], ended: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return the interval on the scale of ln(-ln), where it cannot leave 0 to 1."""
    low, high = np.zeros(unsettled.size), np.ones(unsettled.size)
    inner = (unsettled > 0) & (unsettled < 1)
    left = np.maximum(at_risk - ended, 1)
    variance = np.cumsum(ended / (at_risk * left))[inner]
    log = np.log(unsettled[inner])
    half = 1.959964 * np.sqrt(variance) / np.abs(log)
    low[inner] = unsettled[inner] ** np.exp(half)
    high[inner] = unsettled[inner] ** np.exp(-half)
    high[unsettled == 0] = 0.0
    return low, high


def event_average(
    level: Floats, events_s: Sequence[int], before_s: int, after_s: int
) -> EventAverage:
    """Average a level around events, each less the median of the 60 s before it.

    Parameters
    ----------
    level : ndarray, shape (n,)
        One value a second; NaN in gaps.
    events_s : sequence of int, seconds
    before_s, after_s : int, seconds
        How far to look either way.

    Returns
    -------
    EventAverage

    Notes
    -----
    Moments are marked because something showed: part of any mean rise at them is that
    choice, and part of the return is regression to the mean. No causal words.

    Examples
    --------
    >>> level = np.concatenate((np.full(60, 60.0), np.full(60, 70.0)))
    >>> event_average(level, [60], 1, 2).mean.tolist()
    [0.0, 10.0, 10.0]
    """
    offset = np.arange(-before_s, after_s)
    rows = np.full((len(events_s), offset.size), np.nan)
    for row, event_s in zip(rows, events_s, strict=True):
        baseline = level[max(0, event_s - BASELINE_S) : event_s]
        if np.isfinite(baseline).sum() < _LEAST_BASELINE_S:
            continue
        inside = (event_s + offset >= 0) & (event_s + offset < level.size)
        row[inside] = level[event_s + offset[inside]] - np.nanmedian(baseline)
    known = np.isfinite(rows)
    events = known.sum(axis=0)
    mean = np.where(known, rows, 0).sum(axis=0) / np.where(events > 0, events, np.nan)
    apart = np.where(known, rows - mean, 0.0)
    spread = (apart**2).sum(axis=0) / np.where(events > 1, events - 1, np.nan)
    return EventAverage(
        t_s=offset.astype(np.float64),
        mean=mean,
        standard_error=np.sqrt(spread / np.where(events > 1, events, np.nan)),
        events=events,
    )
