"""From packets to timed beats: when each heart beat, on the host's one clock.

A strap sends RR intervals in packets that wait: for its next notification (up to a
second), for the radio, for the host. Summing RR from the first arrival is wrong as soon
as one packet is lost; taking arrivals is wrong by a quarter of a second. So:

1. A beat's delay is its arrival less the sum of RR. The line under the delays
   (`beat_envelope`) is where nothing waited: its slope is the skew of the two clocks.
2. Beats were lost only where two signs agree: notifications are missing and are not
   repaid by a burst, and the delay rises above all that waiting was seen to explain.
   Either alone is not enough: real straps leave holes of 2 s in which nothing is lost.
3. After a loss the sum of RR is put forward by a whole number of beats, or starts anew
   where the silence was too long to count them.

`BeatClock` does this live and never revises a beat that it gave out. A constant latency
of the strap (docs/measures.md) is invisible in the data and stays in.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreg.sensors.beat_envelope import Envelope

Packet = tuple[float, tuple[float, ...]]

# RR is sent as 16 bit in units of 1/1024 s: nothing longer can be meant.
_LONGEST_RR_MS = 64_000.0
_HOLE_CADENCES = 1.6
_BURST_CADENCES = 0.5
_FRESH_START_S = 10.0
_LATEST_S = 1e11  # three thousand years: what lies beyond is no time of a session
_MARGIN_S = 0.1
_WARM_UP_BEATS = 30
_REACH_FORGETTING = 0.0005


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
    """Beats of a whole recording: their times (s) and where beats were lost before."""

    t_s: NDArray[np.float64]
    after_gap: NDArray[np.bool_]


def _seconds(rr_ms: float) -> float:
    """Return the time that an RR can stand for; 0 for what no strap can mean."""
    return rr_ms / 1000 if 0 < rr_ms <= _LONGEST_RR_MS else 0.0


class BeatClock:
    """Times the beats of one strap as its packets arrive.

    A packet after a hole in the strap's cadence is held until the next one shows
    whether packets were lost or late: about one notification, and never past the
    first packet that comes at its ordinary pace. `flush` gives out what is held.

    Examples
    --------
    >>> clock = BeatClock()
    >>> [beat.rr_ms for beat in clock.feed(10.0, (812.0, 805.0))]
    [812.0, 805.0]
    """

    def __init__(self) -> None:
        self._envelope = Envelope()
        self._held: list[Packet] = []
        self._arrival_s = -math.inf
        self._before_hole_s = 0.0
        self._packets_since = 0
        self._cadence_s = 1.0
        self._off_rr_s = 0.0
        self._off_beat_s = 0.0
        self._rr_s = 0.8
        self._sum_s = 0.0
        self._lost_s = 0.0
        self._reach_s = 0.0
        self._beats = 0
        self._last_t_s = -math.inf

    def feed(self, arrival_s: float, rr_ms: tuple[float, ...]) -> tuple[TimedBeat, ...]:
        """Take in one packet, also one without RR; return the beats now timed."""
        arrival_s = max(min(arrival_s, _LATEST_S), self._arrival_s, -_LATEST_S)
        pause_s = arrival_s - self._arrival_s
        previous_s, self._arrival_s = self._arrival_s, arrival_s
        packet = (arrival_s, rr_ms)
        if self._held:
            return self._while_in_doubt(packet, pause_s)
        if math.isfinite(pause_s):
            if self._opens_doubt(packet, pause_s):
                self._before_hole_s = previous_s
                self._packets_since = 1
                self._held.append(packet)
                return ()
            self._learn_cadence(pause_s, rr_ms)
        return tuple(self._timed(packet, after_gap=False))

    def flush(self) -> tuple[TimedBeat, ...]:
        """Give out what is held, as beats after a loss: nothing repaid the hole."""
        return self._released(lost=True) if self._held else ()

    def _learn_cadence(self, pause_s: float, rr_ms: tuple[float, ...]) -> None:
        if rr_ms and pause_s < 1.5 * self._cadence_s:
            # Whose beat is it: the heart's (a packet a beat) or a clock's?
            off_rr_s = abs(pause_s - _seconds(rr_ms[0]))
            off_beat_s = abs(pause_s - self._cadence_s)
            self._off_rr_s += 0.05 * (off_rr_s - self._off_rr_s)
            self._off_beat_s += 0.05 * (off_beat_s - self._off_beat_s)
        low, high = _BURST_CADENCES * self._cadence_s, 1.5 * self._cadence_s
        if pause_s > low:
            self._cadence_s += 0.1 * (min(pause_s, high) - self._cadence_s)

    def _ceiling_s(self) -> float:
        """Return the longest wait that ordinary packets explain."""
        if self._beats < _WARM_UP_BEATS or self._off_rr_s >= self._off_beat_s:
            return max(self._reach_s, 1.6 * self._cadence_s) + _MARGIN_S
        return self._reach_s + _MARGIN_S

    def _wait_s(self, packet: Packet) -> float:
        """Return the first beat's wait, had no beat been lost before it."""
        arrival_s, rr_ms = packet
        sum_s = self._sum_s + sum(map(_seconds, rr_ms[:1]))
        return arrival_s - sum_s - self._lost_s - self._envelope.at(sum_s)

    def _opens_doubt(self, packet: Packet, pause_s: float) -> bool:
        return (
            bool(packet[1])
            and not self._envelope.is_empty
            and pause_s > _HOLE_CADENCES * self._cadence_s
            and self._wait_s(packet) > self._ceiling_s()
        )

    def _while_in_doubt(self, packet: Packet, pause_s: float) -> tuple[TimedBeat, ...]:
        self._held.append(packet)
        self._packets_since += 1
        due = (self._arrival_s - self._before_hole_s) / self._cadence_s
        repaid = self._packets_since > due - 0.5
        if not repaid and pause_s < _BURST_CADENCES * self._cadence_s:
            return ()
        return self._released(lost=not repaid)

    def _released(self, *, lost: bool) -> tuple[TimedBeat, ...]:
        held, self._held = self._held, []
        if lost:
            self._skip_lost(held)
        beats: list[TimedBeat] = []
        for packet in held:
            beats.extend(self._timed(packet, after_gap=lost and not beats))
        return tuple(beats)

    def _skip_lost(self, held: list[Packet]) -> None:
        """Put the sum of RR forward by the beats that were lost."""
        sums_s, waits_s, sum_s = list[float](), list[float](), self._sum_s
        for arrival_s, rr_ms in held:
            for rr in rr_ms:
                sum_s += _seconds(rr)
                sums_s.append(sum_s)
                waits_s.append(
                    arrival_s - sum_s - self._lost_s - self._envelope.at(sum_s)
                )
        longest, shortest = max(waits_s), min(waits_s)
        if longest > _FRESH_START_S:
            self._lost_s += shortest
            self._envelope = Envelope()
            return
        missing_s = (held[0][0] - self._before_hole_s) - self._cadence_s
        fitting = [
            count
            for count in range(1, 1 + int(longest / self._rr_s) + 1)
            if longest - count * self._rr_s < self._ceiling_s()
            and shortest - count * self._rr_s > -_MARGIN_S
        ]
        if fitting:
            expected = missing_s / self._rr_s
            best = min(fitting, key=lambda count: abs(count - expected))
            self._lost_s += best * self._rr_s
        else:
            self._lost_s += shortest

    def _timed(self, packet: Packet, *, after_gap: bool) -> list[TimedBeat]:
        arrival_s, rr_ms = packet
        beats = []
        for rr in rr_ms:
            beats.append(self._beat(arrival_s, rr, after_gap=after_gap))
            after_gap = False
        return beats

    def _beat(self, arrival_s: float, rr_ms: float, *, after_gap: bool) -> TimedBeat:
        rr_s = _seconds(rr_ms)
        self._sum_s += rr_s
        delay_s = arrival_s - self._sum_s - self._lost_s
        self._envelope.add(self._sum_s, delay_s)
        base_s = self._envelope.at(self._sum_s)
        wait_s = delay_s - base_s
        if wait_s > self._reach_s + 3 * self._cadence_s and self._beats:
            # Without a hole nothing was lost: RR are too short (a wrong unit).
            self._lost_s += wait_s - self._reach_s
        else:
            self._reach_s += _REACH_FORGETTING * (wait_s - self._reach_s)
            self._reach_s = max(self._reach_s, wait_s)
        self._beats += 1
        if rr_s:
            self._rr_s += 0.3 * (rr_s - self._rr_s)
        t_s = self._sum_s + self._lost_s + base_s
        soonest_s = self._last_t_s + rr_s / 2
        if rr_ms > 0 and soonest_s <= self._last_t_s:
            soonest_s = math.nextafter(self._last_t_s, math.inf)
        self._last_t_s = max(t_s, soonest_s)
        return TimedBeat(t_s=self._last_t_s, rr_ms=rr_ms, after_gap=after_gap)


def beat_times(packets: Sequence[Packet]) -> BeatTimes:
    """Time the beats of a whole recording."""
    clock = BeatClock()
    beats = [
        beat for arrival_s, rr_ms in packets for beat in clock.feed(arrival_s, rr_ms)
    ]
    beats.extend(clock.flush())
    return BeatTimes(
        t_s=np.array([beat.t_s for beat in beats], dtype=np.float64),
        after_gap=np.array([beat.after_gap for beat in beats], dtype=np.bool_),
    )
