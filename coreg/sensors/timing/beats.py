"""From packets to timed beats: when each heart beat, on the host's one clock.

A strap sends RR intervals in packets that wait: for its next notification (up to a
second), for the radio, for the host. Summing RR from the first arrival is wrong as soon
as one packet is lost; taking arrivals is wrong by a quarter of a second. So the times
here are the sum of RR plus an offset, inferred from all arrivals (`delay_belief`).

`BeatClock` does this live and never revises a beat that it gave out; `beat_times` does
it afterwards with the whole recording, forward and backward (`beat_smoothing`), and
counts the sender's ticks where it has some (`ticks`).

Beats were lost only where two signs agree: notifications are missing and not repaid by
a burst (`cadence`), and the offset stepped up by about what was missing. Either alone
is not enough: real straps leave holes of 2 s in which no beat was lost. Where the
connection is known to have broken, nothing is late: then the clock alone decides, and a
single beat that was lost leaves a gap of its own length. A strap that marks a beat as
lost, with an RR of 0, says so itself: no beat comes of the mark, the next one comes
after a gap, and how much time was lost is for the arrivals to tell.

The latency that all beats of a strap share is invisible in the data and stays in.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coreg.facts.arrays import Flags, Floats
from coreg.sensors.decoding.heart_rate import is_beat
from coreg.sensors.timing.beat_smoothing import smoothed
from coreg.sensors.timing.cadence import Cadence, CadenceArrival, in_parts
from coreg.sensors.timing.clock_skew import SkewHull
from coreg.sensors.timing.delay_belief import (
    MADE_UP,
    Filter,
    Loss,
    Packet,
    WaitProfile,
)
from coreg.sensors.timing.delays import Delays, seconds

_LONGEST_WAIT_S = 1.5
_LONGEST_HOLD_S = 2.0
_LONGEST_DOUBT_S = 20.0
_SURE = 0.98
_OF_ONE_NUMBER = 0.8
_ROOM = 1.1
_RARE, _JUDGED, _LATELY = 0.05, 60, 30
_SHORTEST_REACH_S = 0.05
_WARM_UP_PACKETS = 30
_LARGEST_DRIFT_S = 0.25
_RADIO_S = 0.05
_NEW_TICK_S = 0.01
# The step of doubles from one second on. Around zero they step by 5e-324 s, and no
# curve can be drawn through beats so near to one another.
_NEAREST_S = 2.0**-52

Delivery = tuple[float, tuple[float, ...]]
"""When a notification arrived (s), and its RR intervals (ms); often none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedBeat:
    """One heartbeat on the host's clock, less no latency of the strap.

    `after_gap` says that beats were lost before this one.
    """

    t_s: float
    rr_ms: float
    after_gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatTimes:
    """The beats of a whole recording, one for each RR.

    `t_s`, shape (n,), seconds; `after_gap`, shape (n,), where beats were lost before. A
    mark of a lost beat has a place in the row too, at the beat before it.
    """

    t_s: Floats
    after_gap: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubt:
    """Where a connection broke: the offset before, and the interval of a lost beat."""

    before_s: float
    rr_s: float

    @property
    def width_s(self) -> float:
        """As wide as one number of lost beats, and no other, can be."""
        return _OF_ONE_NUMBER * self.rr_s


class BeatClock:
    """Times the beats of one strap as its packets arrive.

    Beats are given out at once, except after a hole in the strap's notifications: then
    they are held until the next notification at the ordinary pace, and up to 2 s more
    while it is in doubt whether beats were lost. `flush` gives out what is held.

    Examples
    --------
    >>> clock = BeatClock()
    >>> [beat.rr_ms for beat in clock.feed(10.0, (812.0, 805.0))]
    [812.0, 805.0]
    """

    def __init__(self) -> None:
        self._cadence = Cadence()
        self._delays = Delays()
        self._waits = _Waits()
        self._filter = Filter(self._waits.profile)
        self._skew = SkewHull()
        self._held: list[_Held] = []
        self._hole_s = self._newest_s = -math.inf
        self._is_told = False  # that beats were lost at the hole: its mark says it
        self._doubt: _Doubt | None = None
        self._packets = 0
        self._offset_s = 0.0
        self._last_t_s = -math.inf

    def feed(self, arrival_s: float, rr_ms: tuple[float, ...]) -> tuple[TimedBeat, ...]:
        """Take in one packet, also one without RR; return the beats now timed."""
        return self._timed(self._cadence.feed(arrival_s, rr_ms))

    def reconnected(self) -> None:
        """Learn that the connection broke: what did not come yet never will."""
        self._cadence.reconnected()

    def flush(self) -> tuple[TimedBeat, ...]:
        """Give out what is held: no more packets are to be expected soon."""
        return (*self._timed(self._cadence.flush()), *self._released())

    def _timed(self, packets: tuple[CadenceArrival, ...]) -> tuple[TimedBeat, ...]:
        beats: list[TimedBeat] = []
        for arrived in (part for packet in packets for part in in_parts(packet)):
            taken = self._delays.packet(arrived)
            if taken is None:
                continue
            packet, sums_s = taken
            self._newest_s = arrived.arrival_s
            loss = self._delays.loss(packet) or self._filter.made_up(packet)
            if loss is not None:
                beats.extend(self._released())
                self._hole_s = arrived.arrival_s
                self._is_told = packet.is_marked
                self._doubt = self._doubted(packet, loss)
            self._hold(packet, sums_s, arrived)
            self._take(packet, loss, arrived.arrival_s)
            if not self._is_held(arrived.arrival_s):
                beats.extend(self._released())
        return tuple(beats)

    def _hold(
        self, packet: Packet, sums_s: tuple[float, ...], arrived: CadenceArrival
    ) -> None:
        after_mark = packet.is_marked
        for sum_s, rr_ms in zip(sums_s, arrived.rr_ms, strict=True):
            self._held.append(
                _Held(
                    sum_s=sum_s,
                    rr_ms=rr_ms,
                    arrival_s=arrived.arrival_s,
                    after_mark=after_mark,
                )
            )
            after_mark = False

    def _take(self, packet: Packet, loss: Loss | None, arrival_s: float) -> None:
        before_s = self._offset_s
        if self._doubt is not None:
            self._filter.profile = self._profile_in_doubt()
        self._filter.step(packet, loss)
        self._offset_s = self._believed_s()
        change_s = self._offset_s - before_s
        is_step = abs(change_s) > _LARGEST_DRIFT_S and self._packets > _WARM_UP_PACKETS
        if is_step or loss is MADE_UP:
            self._skew.stepped(change_s)
        self._packets += 1
        in_doubt = self._filter.kept is not None
        if not in_doubt:
            sum_s = self._delays.raw_sum_s
            self._skew.add(sum_s, arrival_s - sum_s)
            self._delays.skew = self._skew.skew
        if not in_doubt or self._cadence.is_of_the_heart:
            wait_s = packet.first_s - self._offset_s
            self._filter.profile = self._profile_after(wait_s)

    def _believed_s(self) -> float:
        """Return the offset to time beats by."""
        return self._filter.edge_s()

    def _profile_after(self, wait_s: float) -> WaitProfile:
        """Return how likely waits are, now that this one was seen."""
        return self._waits.after(wait_s, self._cadence)

    def _profile_in_doubt(self) -> WaitProfile:
        """Return how likely waits are where it is asked how many beats were lost."""
        return self._waits.of_one_pause(self._cadence)

    def _doubted(self, packet: Packet, loss: Loss) -> _Doubt | None:
        """Begin to ask how many beats were lost with a connection, where one was."""
        if not packet.is_reconnected or packet.is_marked or not loss.parts:
            return None
        below_s = self._waits.most_below_s(self._cadence)
        if math.isfinite(below_s):
            self._filter.rise_to(self._offset_s - below_s)
        return _Doubt(before_s=self._offset_s, rr_s=packet.rr_s)

    def _is_held(self, now_s: float) -> bool:
        chance = self._filter.chance_of_loss()
        is_open = 1 - _SURE < chance < _SURE
        if self._doubt is not None:
            *_, share = self._filter.likeliest(self._doubt.width_s)
            is_open = share < _SURE
        return is_open and now_s - self._hole_s <= _LONGEST_HOLD_S

    def _was_lost(self, doubt: _Doubt) -> bool:
        """Settle for how many beats were lost with a connection; say whether any was.

        The gap is then as long as the times step, and later packets move no gap.
        """
        first, after, _ = self._filter.likeliest(doubt.width_s)
        self._filter.settle(first, after)
        before_s, self._offset_s = self._offset_s, self._believed_s()
        if abs(self._offset_s - before_s) > _LARGEST_DRIFT_S:
            self._skew.stepped(self._offset_s - before_s)
        self._doubt = None
        return self._offset_s - doubt.before_s > doubt.rr_s / 2

    def _released(self) -> list[TimedBeat]:
        held, self._held = self._held, []
        if not held:
            return []
        chance = self._filter.chance_of_loss()
        after_gap = chance > _SURE and not self._is_told
        if self._doubt is not None:
            after_gap = self._was_lost(self._doubt)
        is_old = self._newest_s - self._hole_s > _LONGEST_DOUBT_S
        if is_old or not 1 - _SURE < chance < _SURE:
            self._filter.kept = None
        beats = []
        for each in held:
            t_s = each.sum_s + self._offset_s
            self._last_t_s = _later(self._last_t_s, t_s, each.rr_ms, each.arrival_s)
            is_after_gap, after_gap = after_gap or each.after_mark, False
            beats.append(
                TimedBeat(t_s=self._last_t_s, rr_ms=each.rr_ms, after_gap=is_after_gap)
            )
        return beats


class TickClock(BeatClock):
    """A beat clock that knows that a strap's own clock lets its packets go.

    What waits for a clock's next tick waits for any time up to a period, and no longer.
    So both ends of the waits tell of the offset, from the first minute on, and the
    middle of what is believed is nearer than its edge. A strap that notifies at each
    beat, or whose packets come as no clock sends them, is timed as `BeatClock` does.
    """

    def __init__(self) -> None:
        super().__init__()
        self._has_ticks = self._is_uneven = False
        self._tick_s = 0.0
        self._of_a_tick = self._filter.profile

    def _believed_s(self) -> float:
        if not self._has_ticks or math.isnan(self._filter.mean_s):
            return super()._believed_s()
        return self._filter.mean_s

    def _profile_after(self, wait_s: float) -> WaitProfile:
        learned = super()._profile_after(wait_s)
        # A slow link keeps its ways: to and fro between two would move beats.
        self._is_uneven |= self._cadence.is_uneven
        is_late = self._waits.are_often_longer or self._is_uneven
        self._has_ticks = not (is_late or self._cadence.is_of_the_heart)
        return self._within_a_tick() if self._has_ticks else learned

    def _profile_in_doubt(self) -> WaitProfile:
        if self._has_ticks:
            return self._within_a_tick()
        return super()._profile_in_doubt()

    def _within_a_tick(self) -> WaitProfile:
        if abs(self._cadence.period_s - self._tick_s) > _NEW_TICK_S:
            self._tick_s = self._cadence.period_s
            self._of_a_tick = WaitProfile.within(self._tick_s, _RADIO_S)
        return self._of_a_tick


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A beat that is not timed yet; `after_mark`: its strap marked one before it."""

    sum_s: float
    rr_ms: float
    arrival_s: float
    after_mark: bool


class _Waits:
    """Follows the longest ordinary wait; all waits up to it count as equally likely.

    Successive waits are alike where RR and the sender's period nearly agree, so that
    a finer shape, learned from few of them, would claim too much.
    """

    def __init__(self) -> None:
        self._longest_s = _LONGEST_WAIT_S
        self.profile = WaitProfile(self._longest_s)
        self._drawn_s = self._longest_s
        self._packets = 0
        self._longer = 1.0
        self._lately_s: deque[float] = deque(maxlen=_LATELY)

    def after(self, wait_s: float, cadence: Cadence) -> WaitProfile:
        """Return how likely waits are, now that this one was seen."""
        self._packets += 1
        self._lately_s.append(wait_s)
        is_longer = wait_s > _ROOM * cadence.period_s
        self._longer += (is_longer - self._longer) / min(self._packets, _JUDGED)
        if cadence.is_of_the_heart:
            longest_s = max(6 * cadence.off_beat_s, _SHORTEST_REACH_S)
        else:
            # The quantile of .95, by stochastic approximation (Robbins & Monro 1951).
            step_s = max(2.0 / (self._packets + 50), 0.005)
            share = 0.95 if wait_s > self._longest_s / _ROOM else -0.05
            longest_s = self._longest_s + _ROOM * step_s * share
        self._longest_s = min(max(longest_s, _SHORTEST_REACH_S), 1.6 * cadence.period_s)
        if abs(self._longest_s - self._drawn_s) > 0.1 * self._drawn_s:
            self._drawn_s = self._longest_s
            self.profile = WaitProfile(self._drawn_s)
        return self.profile

    @property
    def are_often_longer(self) -> bool:
        """Whether waits are longer than a period more often than by a rare hold-up."""
        return self._longer > _RARE

    def most_below_s(self, cadence: Cadence) -> float:
        """Return how far the offset may lie below the one that waits are counted from.

        The longest wait of late would be longer by so much.
        """
        if self.are_often_longer:
            return math.inf
        return max(0.0, _ROOM * cadence.period_s - max(self._lately_s))

    def of_one_pause(self, cadence: Cadence) -> WaitProfile:
        """Return how likely waits are where the longest is not learned yet.

        What waits for a clock's next tick waits no longer than from tick to tick. That
        is asked where it counts, between one number of lost beats and the next.
        """
        longest_s = _ROOM * cadence.period_s
        if self.are_often_longer or self._longest_s <= longest_s:
            return self.profile
        return WaitProfile(longest_s)


def _later(last_s: float, t_s: float, rr_ms: float, arrival_s: float) -> float:
    """Return a beat's time, never before or on the beat before it.

    A better estimate may lie up to half an interval earlier; the rest is made up for
    by the beats that follow, but for none of them beyond its arrival.
    """
    soonest_s = min(last_s + seconds(rr_ms) / 2, arrival_s)
    if rr_ms > 0:
        next_s = max(math.nextafter(last_s, math.inf), last_s + _NEAREST_S)
        soonest_s = max(soonest_s, next_s)
    return max(t_s, soonest_s)


def beat_times(packets: Sequence[Delivery]) -> BeatTimes:
    """Time the beats of a whole recording.

    Parameters
    ----------
    packets : sequence of (arrival_s, rr_ms)
        In order of arrival; those without RR too, as they tell of losses.

    Returns
    -------
    BeatTimes
        One time for each RR. The latency that all beats share is not removed.

    References
    ----------
    Zhang, L., Liu, Z. and Xia, C. H. (2002). Clock synchronization algorithms for
    network measurements. IEEE INFOCOM. See `delay_belief` for the method.

    Examples
    --------
    >>> beats = beat_times([(10.0, (800.0,)), (11.0, (810.0, 790.0))])
    >>> [round(float(t), 2) for t in np.diff(beats.t_s)]
    [0.81, 0.79]
    """
    cadence = Cadence()
    arrived = [each for packet in packets for each in cadence.feed(*packet)]
    arrived.extend(cadence.flush())
    path = smoothed(arrived)
    t_s, last_s = np.empty(path.t_s.size), -math.inf
    rr_ms = [rr for each in arrived for rr in each.rr_ms]
    came = [
        (rr, each.arrival_s) for each in arrived for rr in each.rr_ms if is_beat(rr)
    ]
    for i, (rr, arrival_s) in enumerate(came):
        last_s = t_s[i] = _later(last_s, float(path.t_s[i]), rr, arrival_s)
    return _with_marks(rr_ms, BeatTimes(t_s=t_s, after_gap=path.after_gap), arrived)


def _with_marks(
    rr_ms: Sequence[float], of: BeatTimes, arrived: Sequence[CadenceArrival]
) -> BeatTimes:
    """Return one time for each RR: marks of lost beats at the beat before them."""
    is_one = np.array([is_beat(rr) for rr in rr_ms], dtype=np.bool_)
    if is_one.all():
        return of
    began_s = arrived[0].arrival_s
    if of.t_s.size:
        first_ms = rr_ms[int(np.argmax(is_one))]
        before_s = math.nextafter(of.t_s[0], -math.inf)
        began_s = min(of.t_s[0] - seconds(first_ms), before_s)
    after_gap = np.zeros(is_one.size, dtype=np.bool_)
    after_gap[is_one] = of.after_gap
    t_s = np.concatenate(([began_s], of.t_s))[np.cumsum(is_one)]
    return BeatTimes(t_s=t_s, after_gap=after_gap)
