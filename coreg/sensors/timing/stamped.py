"""What a file's own stamps say of its intervals: of their times, unit and number.

`beats` times what a strap sends, and `surplus` watches it live. A file may hold more
than arrivals: where each stamp is that of its beat, a loss of one beat shows at once,
and the sum of all intervals may be held against the time that all of them took.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from coreg.facts.arrays import Floats
from coreg.sensors.decoding.heart_rate import TICKS_PER_S
from coreg.sensors.timing.surplus import MOST_SHARE, SurplusStretch

Packets = Sequence[tuple[float, tuple[float, ...]]]

_FEWEST = 20
_NEAR_MS = 20.0
_EXACT_MS = 2.01  # two stamps rounded to 1 ms, and an interval in 1/1024 s
_LOST_SHARE = 0.5
_LONGEST_BATCH_S = 3.0
_MS_SHARE = 1000 / TICKS_PER_S
_TICK_NEAR = 0.004  # of 0.023 between the units
_MINUTES_S = 160.0
_WINDOW = 8
_WHOLE = 0.92  # of the time in intervals: none is lost but in holes
_SAME_STEP = 1e-4
_NEAR_BEATS, _FEW = 0.1, 0.05


def stamped_at_beats(packets: Packets) -> bool:
    """Whether stamps are as far apart as intervals are long, each of them.

    Examples
    --------
    >>> stamped_at_beats([(0.8 * i, (800.0,)) for i in range(40)])
    True
    >>> stamped_at_beats([(1.0 * i, (800.0,)) for i in range(40)])
    False
    """
    off_ms = [
        abs(1000 * (t_s - before_s) - rr_ms[0])
        for (before_s, _), (t_s, rr_ms) in pairwise(packets)
        if len(rr_ms) == 1
    ]
    if len(off_ms) < max(_FEWEST, 0.9 * (len(packets) - 1)):
        return False
    return float(np.median(off_ms)) < _NEAR_MS


def times_of_stamped_beats(packets: Packets) -> Floats | None:
    """Return when each interval ended, where stamps say it as exactly as they can.

    None where they do not, or a mark of a lost beat stands between them. A step longer
    than its interval is a loss, and no error of a stamp.

    Examples
    --------
    >>> times_of_stamped_beats([(0.8 * i, (800.0,)) for i in range(40)])[:3]
    array([0. , 0.8, 1.6])
    >>> late_s = (0.0, 0.01) * 20
    >>> times_of_stamped_beats([(0.8 * i + s, (800.0,)) for i, s in enumerate(late_s)])
    """
    filled = [(t_s, together) for t_s, together in packets if together]
    rr_ms = np.array([rr for _, together in filled for rr in together])
    if len(filled) < _FEWEST or np.any(rr_ms <= 0) or not stamped_at_beats(packets):
        return None
    # Of those that came together, the last ended with the stamp.
    ends_s = [
        t_s - sum(together[at + 1 :]) / 1000
        for t_s, together in filled
        for at in range(len(together))
    ]
    ends = np.array(ends_s, dtype=np.float64)
    off_ms = 1000 * np.diff(ends) - rr_ms[1:]
    is_whole = off_ms < _LOST_SHARE * rr_ms[1:]
    is_exact = np.abs(off_ms[is_whole]) <= _EXACT_MS
    return ends if is_exact.all() and is_whole.mean() > _LOST_SHARE else None


def stamped_at_some_beats(packets: Packets) -> bool:
    """Whether stamps are those of beats of which many are not in the file.

    Then each step is an interval, or longer by as many usual ones as are lost: never by
    a part of one, as where packets wait for a clock to tick.

    Examples
    --------
    >>> stamped_at_some_beats([(1.6 * i, (800.0,)) for i in range(40)])
    True
    >>> stamped_at_some_beats([(1.2 * i, (800.0,)) for i in range(40)])
    False
    """
    alone = [
        (t_s - before_s, was[-1] / 1000, rr_ms[0] / 1000)
        for (before_s, was), (t_s, rr_ms) in pairwise(packets)
        if len(rr_ms) == 1 and was
    ]
    if len(alone) < max(_FEWEST, 0.9 * (len(packets) - 1)):
        return False
    step_s, was_s, rr_s = np.array(alone).T
    usual_s = np.maximum((was_s + rr_s) / 2, 1e-3)
    lost = (step_s - rr_s) / usual_s
    off = np.abs(lost - np.maximum(np.round(lost), 0))
    return bool(
        _usual_share(step_s, rr_s) < _WHOLE
        and np.median(off) < _NEAR_BEATS
        and np.quantile(off, 0.8) < 2 * _NEAR_BEATS
        and np.mean(lost < -_NEAR_BEATS) < _FEW
    )


def evenly_stamped(packets: Packets) -> bool:
    """Whether stamps go on in steps of one length, with which intervals do not agree.

    Heartbeats do not come so, and what arrives with a tick comes twice in one step, or
    not at all, now and then. A row then is a reading at a fixed rate, or its stamp was
    made up. Where intervals go with the stamps, rounding alone may make them even.

    Examples
    --------
    >>> evenly_stamped([(1.0 * i, (800.0 + i % 3,)) for i in range(40)])
    True
    >>> evenly_stamped([(0.8 * i, (800.0 + i % 3,)) for i in range(40)])
    False
    """
    rr_s = np.array([rr[0] / 1000 for _, rr in packets if len(rr) == 1])
    if rr_s.size < max(_FEWEST, len(packets)) or np.ptp(rr_s) == 0:
        return False
    t_s = np.array([t_s for t_s, _ in packets])
    steps_s = np.diff(t_s)
    usual_s = float(np.median(steps_s))
    ahead_s = t_s - np.cumsum(rr_s)
    apart_s = usual_s + float(rr_s.max())  # what rounding and a wait can make
    is_even = bool(np.all(np.abs(steps_s - usual_s) <= _SAME_STEP * usual_s))
    return is_even and float(np.ptp(ahead_s)) > apart_s


def usual_coverage(packets: Packets) -> float:
    """Return how much of the time intervals hold, in the usual few packets.

    A hole moves it little. Packets without intervals only let time pass. NaN for a
    recording of less than 40 packets, and where marks say what is lost.

    Examples
    --------
    >>> round(usual_coverage([(1.0 * i, (800.0,)) for i in range(80)]), 6)
    0.8
    """
    filled = [(t_s, together) for t_s, together in packets if together]
    marks = sum(0.0 in together for _, together in filled)
    if len(filled) < 2 * _FEWEST or marks > _FEW * len(filled):
        return float("nan")
    held_s = np.array([sum(together) / 1000 for _, together in filled[1:]])
    return _usual_share(np.diff([t_s for t_s, _ in filled]), held_s)


def _usual_share(step_s: Floats, rr_s: Floats) -> float:
    """Return how much of the time intervals hold, in the usual stretch of rows."""
    window = min(_WINDOW, step_s.size)
    sums = [np.concatenate(([0.0], np.cumsum(each))) for each in (step_s, rr_s)]
    took_s, held_s = (each[window:] - each[:-window] for each in sums)
    return float(np.median(held_s / np.maximum(took_s, 1e-3)))


def counts_ticks_as_ms(packets: Packets) -> bool:
    """Whether intervals grow against the clock as milliseconds taken for 1/1024 s do.

    The other way round, 1/1024 s taken for milliseconds, counts too. Stamps of beats
    are sure, as nothing that is lost changes their usual step; those of a clock are
    where their sum grows as evenly as no loss makes it.
    """
    if not stamped_at_beats(packets):
        return _differs_in_sum(packets)
    shares = [
        rr_ms[0] / (1000 * (t_s - before_s))
        for (before_s, _), (t_s, rr_ms) in pairwise(packets)
        if len(rr_ms) == 1 and t_s > before_s and rr_ms[0] > 0
    ]
    usual = float(np.median(shares))
    return any(abs(usual - unit) < _TICK_NEAR for unit in (_MS_SHARE, 1 / _MS_SHARE))


def _differs_in_sum(packets: Packets) -> bool:
    filled = [(t_s, sum(together)) for t_s, together in packets if together]
    if len(filled) < _FEWEST:
        return False
    share = steady_share(*(np.array(each) for each in zip(*filled, strict=True)))
    near = (_MS_SHARE, 1 / _MS_SHARE)
    return share is not None and any(abs(share - unit) < _TICK_NEAR for unit in near)


def steady_share(t_s: Floats, rr_ms: Floats) -> float | None:
    """Return how much longer the time is than intervals, if it is so all the way.

    For clocks of whole seconds, which say nothing of a step and the sum over minutes to
    a second. Beats that are lost here and there make it uneven. None where it is, where
    an interval is missing, and for less than three minutes.

    Examples
    --------
    >>> t_s = np.cumsum(np.tile([0.8, 0.85], 200))
    >>> round(steady_share(np.floor(t_s), np.tile([400.0, 425.0], 200)), 2)
    2.0
    """
    if t_s.size < _FEWEST or not np.all(np.isfinite(rr_ms) & (rr_ms > 0)):
        return None
    sums_s = np.cumsum(rr_ms) / 1000
    lasted_s = float(t_s[-1] - t_s[0])
    if lasted_s < _MINUTES_S or sums_s[-1] == sums_s[0]:
        return None
    share, begun_s = np.polyfit(sums_s, t_s, 1)
    off_s = t_s - (share * sums_s + begun_s)
    usual_s = share * float(np.median(rr_ms)) / 1000
    return float(share) if np.ptp(off_s) < 1.2 + usual_s else None


def overcounted_in_all(packets: Packets) -> tuple[SurplusStretch, ...]:
    """Return the whole recording where its intervals are longer than it lasted.

    `surplus` looks back a minute before it is sure; this holds for shorter ones too.

    Examples
    --------
    >>> len(overcounted_in_all([(0.5 * i, (900.0,)) for i in range(80)]))
    1
    >>> overcounted_in_all([(0.9 * i, (900.0,)) for i in range(80)])
    ()
    """
    if len(packets) < _FEWEST:
        return ()
    lasted_s = packets[-1][0] - packets[0][0]
    held_s = sum(rr for _, together in packets[1:] for rr in together) / 1000
    if held_s < (1 + 2 * MOST_SHARE) * lasted_s + _LONGEST_BATCH_S:
        return ()
    return (SurplusStretch(start_s=packets[0][0], end_s=packets[-1][0]),)
