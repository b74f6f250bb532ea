"""When a strap that notifies by a clock let its packets go, before the radio held them.

Most straps notify once a second by their own clock. Then all that is uneven in the
arrivals comes from the radio and the host, and a packet's place in the count of ticks
tells when it left to within milliseconds, however late it came; and it tells exactly
which packets are missing. The tick line is the lower envelope of the arrivals, as in
`clock_skew`. A stretch of packets that keeps to no such line (a strap that notifies at
each beat, a slow radio link) is left as it is.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from coreg.facts.arrays import Floats
from coreg.sensors.timing.cadence import CadenceArrival
from coreg.sensors.timing.clock_skew import slope_under

_LONGEST_SILENCE_S = 5.0
_FEWEST_PACKETS = 60
_SLACK = 0.3
_ORDINARY_DELAY = 0.2
_ORDINARY_SHARE = 0.85
_WINDOW = 120


def released(arrived: Sequence[CadenceArrival]) -> list[CadenceArrival]:
    """Return the packets at the time of their tick where the strap has ticks.

    A recording without a single packet without RR is left as it is: its recorder may
    have left them out, and then a tick that is missing says nothing of a loss.
    """
    if all(each.rr_ms for each in arrived):
        return list(arrived)
    result: list[CadenceArrival] = []
    for stretch in _stretches(arrived):
        result.extend(_on_ticks(stretch))
    return result


def _stretches(arrived: Sequence[CadenceArrival]) -> list[list[CadenceArrival]]:
    """Split where a silence may have begun a new count of ticks."""
    stretches: list[list[CadenceArrival]] = []
    last_s = -np.inf
    for each in arrived:
        if each.arrival_s - last_s > _LONGEST_SILENCE_S:
            stretches.append([])
        stretches[-1].append(each)
        last_s = each.arrival_s
    return stretches


def _on_ticks(stretch: list[CadenceArrival]) -> list[CadenceArrival]:
    if len(stretch) < _FEWEST_PACKETS:
        return stretch
    arrivals_s = np.array([each.arrival_s for each in stretch])
    period_s = usual_pause_s(arrivals_s)
    if period_s <= 0:
        return stretch
    period_s = _over_ever_longer_spans(arrivals_s, period_s)
    for _ in range(2):
        count = _count(arrivals_s, period_s)
        off_s = arrivals_s - period_s * count
        period_s += slope_under(list(zip(count.tolist(), off_s.tolist(), strict=True)))
    count = _count(arrivals_s, period_s)
    off_s = arrivals_s - period_s * count
    late_s = off_s - _running_minimum(off_s)
    if np.mean(late_s < _ORDINARY_DELAY * period_s) < _ORDINARY_SHARE:
        return stretch
    missing_s = period_s * np.maximum(np.diff(count) - 1, 0)
    return [
        stretch[0],
        *(
            replace(each, arrival_s=float(tick_s), missing_s=float(gap_s))
            for each, tick_s, gap_s in zip(
                stretch[1:], (arrivals_s - late_s)[1:], missing_s, strict=True
            )
        ),
    ]


def usual_pause_s(arrivals_s: Floats) -> float:
    """Mean pause between notifications, less holes and bursts.

    Parameters
    ----------
    arrivals_s : ndarray, shape (n,), seconds
        When each notification arrived, ascending.

    Returns
    -------
    float, seconds
        The mean of pauses within half to one and a half times the median one; 0 where
        there is none.

    Examples
    --------
    >>> usual_pause_s(np.array([0.0, 1.0, 2.0, 9.0, 10.0]))
    1.0
    """
    pauses_s = np.diff(arrivals_s)
    middle_s = np.median(pauses_s) if pauses_s.size else 0.0
    usual = (pauses_s >= 0.5 * middle_s) & (pauses_s <= 1.5 * middle_s)
    return float(pauses_s[usual].mean()) if usual.any() else 0.0


def _over_ever_longer_spans(arrivals_s: Floats, period_s: float) -> float:
    """Return the period sharpened: each span counts the ticks of one twice as long.

    The median of fifteen spans, so that no packet that the host held up decides.
    """
    ends, last = np.arange(15), 32
    while last < 2 * arrivals_s.size:
        high = min(last, arrivals_s.size - 1)
        spans_s = arrivals_s[high - ends] - arrivals_s[ends]
        ticks = np.maximum(1, np.round(spans_s / period_s))
        period_s = float(np.median(spans_s / ticks))
        last *= 2
    return period_s


def _running_minimum(x: Floats) -> Floats:
    """Return the lowest of the values up to half a window away."""
    half = _WINDOW // 2
    padded = np.pad(x, half, constant_values=np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    lowest: Floats = windows.min(axis=1)
    return lowest


def _count(arrivals_s: Floats, period_s: float) -> Floats:
    """Return the tick of each packet: the latest that its followers leave free.

    A packet cannot leave after it arrives, nor two with one tick; packets that the
    host held up arrive together and belong to the ticks just before.
    """
    count = np.floor((arrivals_s - _phase_s(arrivals_s, period_s)) / period_s + _SLACK)
    for i in range(count.size - 2, -1, -1):
        count[i] = min(count[i], count[i + 1] - 1)
    return count


def _phase_s(arrivals_s: Floats, period_s: float) -> float:
    """Return the first tick's time: the lower edge of the arrivals' commonest phase."""
    turns = (arrivals_s - arrivals_s[0]) / period_s
    phases = turns - np.floor(turns)
    near = [np.mean((phases - edge) % 1.0 < _ORDINARY_DELAY) for edge in phases[:200]]
    return float(arrivals_s[0] + period_s * (phases[int(np.argmax(near))] - 1))
