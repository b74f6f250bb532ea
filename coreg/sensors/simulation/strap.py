"""One simulated strap: beats in, late and imperfect 0x2A37 packets out.

About once a second of its own crystal the strap hands over the intervals that are
ready, or none; the packet leaves at the next connection event of the radio. On the way
beats are missed, invented or early, and for seconds at a time nothing arrives.
"""

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from coreg.sensors.decoding.heart_rate import TICKS_PER_S, HeartRateMeasurement, encode

_HR_FROM_INTERVALS = 5
_RETRANSMITTED_SHARE = 0.05
_MOST_RETRANSMISSIONS = 5
_HIGHEST_HR_BPM = 255


class Artefact(StrEnum):
    """What a strap got wrong about a beat."""

    MISSED = "missed"
    EXTRA = "extra"
    ECTOPIC = "ectopic"


_KINDS = tuple(Artefact)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapTraits:
    """What makes one strap this strap.

    `latency_s` passes from a beat until the strap can send it, before the wait for the
    next packet (up to 1 s). The strap's clock is fast by `skew_ppm`. A strap that does
    not sense its contact says nothing of it, as a Polar H10.
    """

    latency_s: float
    skew_ppm: float
    connection_interval_s: float
    senses_contact: bool
    artefact_share: float
    dropouts_per_min: float


def draw_strap_traits(rng: np.random.Generator) -> StrapTraits:
    """Draw a strap.

    Latency: median delivery of 0.4-2.1 s over models (doi 10.1088/1361-6579/adece4).
    A crystal within 50 ppm, connection intervals, one artefact in 200 beats and one
    dropout in seven minutes are assumptions.
    """
    return StrapTraits(
        latency_s=float(rng.uniform(0.4, 2.1)),
        skew_ppm=float(rng.uniform(-50, 50)),
        connection_interval_s=float(rng.choice([0.015, 0.03, 0.05])),
        senses_contact=bool(rng.random() < 0.3),
        artefact_share=0.005,
        dropouts_per_min=0.15,
    )


class Strap:
    """Turns true beats into packets, one after the other.

    `artefacts` (at which true beat) and `dropouts_s` (from, to) are the truth.
    """

    def __init__(self, traits: StrapTraits, seeds: np.random.SeedSequence) -> None:
        self._traits = traits
        sensor, radio, gaps = map(np.random.default_rng, seeds.spawn(3))
        self._sensor, self._radio, self._gaps = sensor, radio, gaps
        self._clock_rate = 1 + 1e-6 * traits.skew_ppm
        self._radio_phase_s = float(radio.uniform(0, traits.connection_interval_s))
        self._packets = 0
        self._first_packet_s = float(radio.random())
        self._last_beat_s: float | None = None
        self._last_ticks: int | None = None
        self._ready: list[int] = []
        self._recent: deque[int] = deque(maxlen=_HR_FROM_INTERVALS)
        self.artefacts: list[tuple[float, Artefact]] = []
        self.dropouts_s = [self._dropout_after(0.0)]

    @property
    def next_packet_s(self) -> float:
        """When the strap hands over its next packet."""
        return (self._first_packet_s + self._packets) / self._clock_rate

    @property
    def sensed_until_s(self) -> float:
        """Beats up to this time belong in the next packet."""
        return self.next_packet_s - self._traits.latency_s

    def sense(self, beat_s: float) -> None:
        """Sense one true beat, rightly or wrongly."""
        before_s, self._last_beat_s = self._last_beat_s, beat_s
        chance, which, where = self._sensor.random(3).tolist()
        if before_s is None or chance >= self._traits.artefact_share:
            self._report(beat_s)
            return
        kind = _KINDS[int(which * len(_KINDS))]
        self.artefacts.append((beat_s, kind))
        interval_s = beat_s - before_s
        if kind is Artefact.EXTRA:
            self._report(before_s + (0.2 + 0.6 * where) * interval_s)
            self._report(beat_s)
        elif kind is Artefact.ECTOPIC:
            self._report(beat_s - (0.25 + 0.15 * where) * interval_s)

    def packet(self) -> tuple[float, bytes] | None:
        """Return the next packet and its arrival, or None where it is lost."""
        sent_s = self.next_packet_s
        self._packets += 1
        ready, self._ready = self._ready, []
        arrival_s = self._arrival_s(sent_s)
        if self._drops_out(sent_s):
            return None
        measurement = HeartRateMeasurement(
            hr_bpm=self._hr_bpm(),
            wide_hr=False,
            contact=True if self._traits.senses_contact else None,
            energy_kj=None,
            rr_ms=tuple(1000 * ticks / TICKS_PER_S for ticks in ready),
        )
        return arrival_s, encode(measurement)

    def _report(self, beat_s: float) -> None:
        # Ticks of the beat's time, not of its interval: rounding never adds up.
        ticks = round(beat_s * self._clock_rate * TICKS_PER_S)
        if self._last_ticks is not None:
            self._ready.append(ticks - self._last_ticks)
            self._recent.append(ticks - self._last_ticks)
        self._last_ticks = ticks

    def _arrival_s(self, sent_s: float) -> float:
        """Return the time of the connection event that carries the packet."""
        interval_s = self._traits.connection_interval_s
        events = math.ceil((sent_s - self._radio_phase_s) / interval_s)
        again = int(self._radio.geometric(1 - _RETRANSMITTED_SHARE)) - 1
        events += min(again, _MOST_RETRANSMISSIONS)
        return self._radio_phase_s + interval_s * events

    def _drops_out(self, sent_s: float) -> bool:
        while sent_s >= self.dropouts_s[-1][1]:
            self.dropouts_s.append(self._dropout_after(self.dropouts_s[-1][1]))
        return sent_s >= self.dropouts_s[-1][0]

    def _dropout_after(self, t_s: float) -> tuple[float, float]:
        wait, length = float(self._gaps.exponential()), float(self._gaps.uniform(2, 8))
        if self._traits.dropouts_per_min == 0:
            return math.inf, math.inf
        start_s = t_s + 60 * wait / self._traits.dropouts_per_min
        return start_s, start_s + length

    def _hr_bpm(self) -> int:
        """Return the rate over the last intervals; 0, "no signal", before any."""
        if not self._recent:
            return 0
        mean_s = sum(self._recent) / len(self._recent) / TICKS_PER_S
        return min(round(60 / mean_s), _HIGHEST_HR_BPM)
