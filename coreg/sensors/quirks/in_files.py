"""A strap's habits in what somebody kept of it: the same watch, over a file's packets.

Strategy.

1. A file has neither contact nor heart rate, so of the habits only those count that
   intervals and their times show. Where it says that beats were lost, the time before
   and the time after are two stretches.
2. A file is over: so it is looked at in windows that overlap. What lasts for minutes of
   an hour shows in one of them, and would be thinned out over the whole.
3. A wrong unit is wrong all the time, and has to show in each window. A few beats that
   are lost somewhere make the same slope over the whole, by chance, but not in each.
"""

from bisect import bisect_left
from collections.abc import Sequence
from statistics import median
from typing import Final

from coreg.facts.events import Quirk
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement
from coreg.sensors.quirks.habits import QuirkWatch

Packets = Sequence[tuple[float, tuple[float, ...]]]

_WINDOW_S: Final = 200.0  # a unit takes 180 s to be told
_STEP_S: Final = 100.0
_FEWEST_WINDOWS: Final = 2

SEEN_IN_FILES: Final = frozenset(
    {Quirk.RR_IN_MS, Quirk.FILL_VALUES, Quirk.UNDER_COUNTED}
)


def habits_in(packets: Packets) -> frozenset[Quirk]:
    """Return what a strap did that it should not, as its stamped packets show.

    Parameters
    ----------
    packets : sequence of (t_s, rr_ms)
        In order of time; an interval of 0 stands where beats were lost.

    Examples
    --------
    >>> habits_in([(1.0 * n, (800.0,)) for n in range(120)])
    frozenset({<Quirk.UNDER_COUNTED: 'under-counted'>})
    >>> habits_in([(0.8 * n, (800.0,)) for n in range(120)])
    frozenset()
    """
    known_ms = [rr for _, together in packets for rr in together if rr > 0]
    if not known_ms:
        return frozenset()
    usual_bpm = round(60_000 / median(known_ms))
    windows = [_seen(each, usual_bpm) for each in _windows(packets)]
    found = set[Quirk]().union(*windows)
    if len(windows) < _FEWEST_WINDOWS or not all(Quirk.RR_IN_MS in e for e in windows):
        found.discard(Quirk.RR_IN_MS)
    return frozenset(found & SEEN_IN_FILES)


def _windows(packets: Packets) -> list[Packets]:
    """Return the packets of each window; of what is left at the end, with the last."""
    times_s = [t_s for t_s, _ in packets]
    starts_s = [times_s[0]]
    while starts_s[-1] + _STEP_S + _WINDOW_S <= times_s[-1]:
        starts_s.append(starts_s[-1] + _STEP_S)
    edges = [
        (bisect_left(times_s, start_s), bisect_left(times_s, start_s + _WINDOW_S))
        for start_s in starts_s
    ]
    edges[-1] = (edges[-1][0], len(packets))
    return [packets[begin:end] for begin, end in edges]


def _seen(packets: Packets, usual_bpm: int) -> set[Quirk]:
    found, watch = set[Quirk](), QuirkWatch()
    for t_s, rr_ms in packets:
        if 0.0 in rr_ms:
            watch = QuirkWatch()
            continue
        said = HeartRateMeasurement(
            hr_bpm=usual_bpm, wide_hr=False, contact=True, energy_kj=None, rr_ms=rr_ms
        )
        found.update(watch.feed(t_s, said))
    return found
