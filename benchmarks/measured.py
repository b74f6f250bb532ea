"""What two virtual H10s measure beside heartbeats, as inputs of a session."""

from collections.abc import Iterator

import numpy as np

from benchmarks.made_ecg import CALM, RATE_HZ, anybody, made_ecg
from coreg.facts.arrays import Floats
from coreg.facts.events import (
    NS_PER_S,
    Input,
    Partner,
    Stream,
    StreamPacket,
    StreamStarted,
)
from coreg.sensors.decoding.polar_control import (
    Kind,
    Setting,
    settings_wanted,
    start,
    stream_of,
)
from coreg.testing.polar_streams import PolarStreams

_LONGEST_S = 60.0  # of an ECG that is made; it comes round again
_ARRIVES_AFTER_NS = 60_000_000


class Measured:
    """Two people's ECG and acceleration, framed as an H10 frames them."""

    def __init__(self, *, acceleration_hz: int) -> None:
        self._polars = {each: _strap(each) for each in Partner}
        self._acceleration_hz = acceleration_hz
        self._begun = False

    def until(self, t_ns: int) -> Iterator[Input]:
        """Yield what arrived by this moment of the session and was not given yet."""
        if not self._begun:
            self._begun = True
            yield from self._starts(t_ns)
        for partner, polar in self._polars.items():
            for data in polar.frames((t_ns - _ARRIVES_AFTER_NS) / NS_PER_S):
                stream = stream_of(data[0])
                assert stream is not None
                yield StreamPacket(t_ns=t_ns, partner=partner, stream=stream, data=data)

    def _starts(self, t_ns: int) -> Iterator[Input]:
        for partner, polar in self._polars.items():
            for stream in Stream:
                asked = start(stream, self._settings(stream))
                answer = polar.written(asked, t_ns / NS_PER_S)
                yield StreamStarted(
                    t_ns=t_ns,
                    partner=partner,
                    stream=stream,
                    asked=asked,
                    answer=answer,
                )

    def _settings(self, stream: Stream) -> tuple[Setting, ...]:
        if stream is Stream.ECG:
            return settings_wanted(stream)
        rate = Setting(kind=Kind.RATE_HZ, values=(self._acceleration_hz,))
        others = settings_wanted(stream)
        return (rate, *(each for each in others if each.kind is not Kind.RATE_HZ))


def _strap(partner: Partner) -> PolarStreams:
    rng = np.random.default_rng(ord(partner))
    beats_s = np.arange(0.4, _LONGEST_S - 1, 0.83) + rng.normal(0, 0.02, 71)[:71]
    made_s, made_uv = made_ecg(beats_s, anybody(rng), CALM, rng)

    def ecg_uv(t_s: Floats) -> Floats:
        at = np.round((t_s % made_s[-1]) * RATE_HZ).astype(int) % made_s.size
        here: Floats = made_uv[at]
        return here

    def acceleration_mg(t_s: Floats) -> Floats:
        breath = 8 * np.sin(2 * np.pi * t_s / 10)
        still = np.column_stack([breath, np.full(t_s.size, -980.0), 180 + 0.4 * breath])
        return still + rng.normal(0, 3, still.shape)

    return PolarStreams(
        ecg_uv=ecg_uv, acceleration_mg=acceleration_mg, fast_ppm=rng.normal(0, 30)
    )
