"""When a strap took each sample, on its own clock, and how far that is from the host's.

A frame says when its last sample was taken, on a clock of the strap's own that begins
anew when the strap is switched on. The rate is only about what it is said to be (one
H10: 130.16 Hz, not 130). So a line is laid through the last half minute of frames, over
the count of samples: it gives the rate, and smooths the stamps.

Frames that are missing show in the stamps, whatever the radio did: the next samples
then come `after_gap`, at their own times; time is never stretched over what was lost. A
stamp that goes back, or leaps ahead while the host saw no such time pass, is a clock
that began anew: times go on from the last ones by the host's clock, and the relation
to it is learnt again. So is one whose frames overlap: no strap takes two samples at
once, so what such stamps mean cannot be known.

A rate that is off by more than the line follows is taken from four frames in a row
that agree on it. The rate stays within a tenth of the one that was asked for: what goes
beyond is no drift of a clock. Stamps that follow one another without missing a sample
and yet, over minutes, run faster or slower than the host's clock are `off_time`: time
is what they are for, and which of the two clocks errs nobody can see.

Host and strap are related as in `clock_skew`: waiting only adds, so the quickest frames
carry the truth. What all frames of a strap wait for is invisible in them and stays in.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats
from coreg.sensors.timing.clock_skew import SkewHull, shrunk_slope
from coreg.sensors.timing.time_kept import TimeKept

_FRAMES: Final = 60
_PRIOR_FRAMES: Final = 8  # what the rate that is known already weighs, in frames
_LOOSE_SAMPLES, _LOOSE_SHARE = 3.0, 0.05
_MOST_OFF = 0.1  # of the rate that was asked for
_NEXT_AFTER = 0.5  # of a sample: no nearer to the last one does a frame begin
_AGREES_S, _AGREES_SHARE = 5.0, 0.2  # what the host may hold up, and more
_OUT_OF_STEP_FRAMES: Final = 16
_RATE_FRAMES: Final = 4  # in a row that say the same of the rate are believed
_RATE_SHARE, _RATE_SAMPLES = 0.01, 1.5  # how far stamps may move a rate by themselves
_NEAREST: Final = 1 - _MOST_OFF  # of a sample: how near two may be inside a frame
_LONGEST_OFFSET_S: Final = 60.0
_NS_PER_S: Final = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameTimes:
    """When the samples of one frame were taken.

    `t_s`, shape (n,), seconds of the strap's clock since its first frame here, for ever
    ascending; without any for a frame that came twice. `after_gap` says that samples
    before it are missing, `new_clock` that the strap's clock began anew with it.
    `host_less_strap_s` is what to add for the host's clock, as far as is known now.
    `off_time` says that the two clocks part: no time of this clock is to be believed.
    `out_of_step` says that no frame has followed the one before for a while: samples
    come at another rate than was asked for, or only pieces of them.
    """

    t_s: Floats
    after_gap: bool
    new_clock: bool
    host_less_strap_s: float
    off_time: bool
    out_of_step: bool

    @property
    def untimed(self) -> bool:
        """Whether nothing is to be told from these samples."""
        return self.off_time or self.out_of_step


class HostsClock:
    """How far the host's clock is ahead of a strap's, by what arrived until now.

    Examples
    --------
    >>> host = HostsClock()
    >>> host.heard(1.0, 51.3)
    >>> host.heard(2.0, 52.1)
    >>> round(host.less_strap_s(2.0), 6)
    50.1
    """

    def __init__(self) -> None:
        self._skew = SkewHull()
        self._delays: deque[tuple[float, float]] = deque()

    def heard(self, strap_s: float, arrival_s: float) -> None:
        """Take that what the strap stamped so arrived then; stamps ascend."""
        delay_s = arrival_s - strap_s
        self._skew.add(strap_s, delay_s)
        self._delays.append((strap_s, delay_s))
        while strap_s - self._delays[0][0] > _LONGEST_OFFSET_S:
            self._delays.popleft()

    def less_strap_s(self, strap_s: float) -> float:
        """Return what to add to this time of the strap's; something was heard."""
        ahead_s = min(delay - self._skew.skew * t for t, delay in self._delays)
        return ahead_s + self._skew.skew * strap_s


class SampleClock:
    """Times the samples of one stream as its frames arrive.

    Examples
    --------
    >>> clock = SampleClock(100.0)
    >>> clock.feed(arrival_s=50.0, last_ns=10**18, count=2).t_s.tolist()
    [-0.01, 0.0]
    >>> clock.feed(arrival_s=50.1, last_ns=10**18 + 20_000_000, count=2).t_s.tolist()
    [0.01, 0.02]
    """

    def __init__(self, rate_hz: float) -> None:
        self._step_s = self._asked_step_s = 1 / rate_hz
        self._last_ns: int | None = None
        self._arrival_s = self._base_s = self._last_s = 0.0
        self._base_ns = 0
        self._line: deque[tuple[int, float]] = deque(maxlen=_FRAMES)
        self._steps_s: deque[float] = deque(maxlen=_RATE_FRAMES)
        self._host = HostsClock()
        self._kept = TimeKept()
        self._gaps_in_row = 0

    def feed(self, *, arrival_s: float, last_ns: int, count: int) -> FrameTimes:
        """Return the times of a frame of `count` samples, the last one at `last_ns`.

        Raises
        ------
        ValueError
            If it has no sample: a mistake of the caller.
        """
        if count < 1:
            raise ValueError(f"a frame of {count} samples")
        if last_ns == self._last_ns:
            return self._given(np.empty(0), after_gap=False, new_clock=False)
        self._learn_rate(last_ns, count)
        new_clock = self._is_new(arrival_s, last_ns, count)
        if new_clock:
            self._begin(arrival_s, last_ns, count)
        stamp_s = self._base_s + (last_ns - self._base_ns) / _NS_PER_S
        after_gap = new_clock or not self._follows(stamp_s, last_ns, count)
        self._gaps_in_row = self._gaps_in_row + 1 if after_gap else 0
        if after_gap:
            self._line.clear()
        at = self._line[-1][0] + count if self._line else count - 1
        self._line.append((at, stamp_s))
        end_s, step_s = self._laid(), self._step_s
        if not new_clock:
            # A stamp may be early by as much as a line is loose; no sample may be.
            least = count - 1 + _NEXT_AFTER
            end_s = max(end_s, self._last_s + least * step_s * _NEAREST)
            step_s = min(step_s, (end_s - self._last_s) / least)
        t_s = end_s - step_s * np.arange(count - 1, -1, -1.0)
        self._last_ns, self._arrival_s = last_ns, arrival_s
        self._last_s = float(t_s[-1])
        self._host.heard(self._last_s, arrival_s)
        self._kept.heard(self._last_s, arrival_s)
        return self._given(t_s, after_gap=after_gap, new_clock=new_clock)

    def _given(self, t_s: Floats, *, after_gap: bool, new_clock: bool) -> FrameTimes:
        return FrameTimes(
            t_s=t_s,
            after_gap=after_gap,
            new_clock=new_clock,
            host_less_strap_s=self._host.less_strap_s(self._last_s),
            off_time=self._kept.is_off,
            out_of_step=self._gaps_in_row >= _OUT_OF_STEP_FRAMES,
        )

    def _learn_rate(self, last_ns: int, count: int) -> None:
        """Take the rate from a few frames in a row that agree on another one."""
        if self._last_ns is None:
            return
        step_s = (last_ns - self._last_ns) / _NS_PER_S / count
        loose_s = max(_RATE_SHARE, _RATE_SAMPLES / count) * self._asked_step_s
        off_s = step_s - self._step_s
        if self._steps_s and off_s * (self._steps_s[-1] - self._step_s) < 0:
            self._steps_s.clear()
        within = abs(step_s - self._asked_step_s) <= _MOST_OFF * self._asked_step_s
        if not within or abs(off_s) <= loose_s:
            self._steps_s.clear()
            return
        self._steps_s.append(step_s)
        told = len(self._steps_s) == _RATE_FRAMES
        if told and max(self._steps_s) - min(self._steps_s) <= loose_s:
            self._step_s = sum(self._steps_s) / _RATE_FRAMES
            self._steps_s.clear()
            self._line.clear()

    def _is_new(self, arrival_s: float, last_ns: int, count: int) -> bool:
        if self._last_ns is None:
            return True
        step_s = (last_ns - self._last_ns) / _NS_PER_S
        samples_s = count * self._step_s
        if step_s < max(samples_s / 2, samples_s - self._loose_s(count)):
            return True
        passed_s = arrival_s - self._arrival_s
        lost_s = step_s - samples_s
        return lost_s > _AGREES_S + passed_s * (1 + _AGREES_SHARE)

    def _begin(self, arrival_s: float, last_ns: int, count: int) -> None:
        if self._last_ns is not None:
            passed_s = arrival_s - self._arrival_s
            least_s = (count + 1) * self._step_s
            self._base_s = self._last_s + max(passed_s, least_s)
        self._base_ns = last_ns
        self._host = HostsClock()
        self._kept = TimeKept()

    def _follows(self, stamp_s: float, last_ns: int, count: int) -> bool:
        """Whether no sample is missing between this frame and the one before.

        Beside the last sample's time, or beside the last stamp: where a rate is still
        to be learnt, the line lags behind what every stamp says.
        """
        lasts_s = count * self._step_s
        by_line_s = stamp_s - self._last_s - lasts_s
        by_stamp_s = (last_ns - (self._last_ns or 0)) / _NS_PER_S - lasts_s
        return min(abs(by_line_s), abs(by_stamp_s)) <= self._loose_s(count)

    def _loose_s(self, count: int) -> float:
        """Return how far stamps may be off the count of samples, with none missing."""
        return max(_LOOSE_SAMPLES, _LOOSE_SHARE * count) * self._step_s

    def _laid(self) -> float:
        """Lay the line anew; return where its end is, and keep its slope."""
        at = np.array([index for index, _ in self._line], dtype=np.float64)
        stamp_s = np.array([stamp for _, stamp in self._line])
        middle, middle_s = at.mean(), stamp_s.mean()
        x = at - middle
        if x.size > 1:
            frame = (at[-1] - at[0]) / (at.size - 1)
            prior = frame**2 * (_PRIOR_FRAMES**3 - _PRIOR_FRAMES) / 12
            slope = (x @ (stamp_s - middle_s) + prior * self._step_s) / (x @ x + prior)
            shortest_s = self._asked_step_s * (1 - _MOST_OFF)
            longest_s = self._asked_step_s * (1 + _MOST_OFF)
            self._step_s = min(max(float(slope), shortest_s), longest_s)
        return float(middle_s + self._step_s * x[-1])


def host_less_strap_s(last_s: Sequence[float], arrival_s: Sequence[float]) -> Floats:
    """Return what to add to the strap's times for the host's, by the whole recording.

    Parameters
    ----------
    last_s : sequence, shape (n,), seconds
        The last time of each frame of one clock (`FrameTimes.t_s`), ascending.
    arrival_s : sequence, shape (n,), seconds
        When each frame arrived.

    Returns
    -------
    ndarray, shape (n,), seconds
        One line below all delays; as steep as the two clocks drift apart.

    Examples
    --------
    >>> host_less_strap_s([0.0, 1.0, 2.0], [5.0, 6.3, 7.0]).round(6).tolist()
    [5.0, 5.0, 5.0]
    """
    t_s = np.asarray(last_s, dtype=np.float64)
    if not t_s.size:
        return t_s
    delay_s = np.asarray(arrival_s, dtype=np.float64) - t_s
    skew = shrunk_slope(list(zip(t_s.tolist(), delay_s.tolist(), strict=True)))
    return float(np.min(delay_s - skew * t_s)) + skew * t_s
