"""Samples of ECG and acceleration for LSL: decoded and timed as the session does it.

The engine keeps breaths and beats and lets go of samples, so whoever sends them reads
the frames once more, with a clock of its own that is fed the same and says the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from coreg.errors import BadPacketError
from coreg.facts.events import NS_PER_S, StreamPacket, StreamStarted
from coreg.sensors.decoding.polar_control import rate_asked_hz
from coreg.sensors.decoding.polar_frames import EcgFrame, decode_frame
from coreg.sensors.timing.device_clock import SampleClock
from coreg.session.chest import factor_answered

_NEAREST_S = 1e-4


@dataclass(slots=True)
class Samples:
    """One stream of one partner under way, from its start on."""

    clock: SampleClock
    factor: float | None
    last_s: float = field(default=0.0)

    def of(self, packet: StreamPacket) -> Iterator[tuple[float, tuple[float, ...]]]:
        """Yield when each sample of a frame was taken, in the session's time, and it.

        Times ascend: where the relation of both clocks becomes better known, samples
        are moved up and never back.
        """
        try:
            frame = decode_frame(packet.data, self.factor)
        except BadPacketError:
            return  # the engine says so
        rows: list[tuple[float, ...]] = (
            [(each,) for each in frame.ecg_uv]
            if isinstance(frame, EcgFrame)
            else list(frame.acceleration_mg)
        )
        arrival_s = packet.t_ns / NS_PER_S
        timed = self.clock.feed(
            arrival_s=arrival_s, last_ns=frame.last_ns, count=len(rows)
        )
        if timed.untimed:
            return  # the engine says so, and tells nothing from them
        for t_s, row in zip(timed.t_s.tolist(), rows, strict=False):
            self.last_s = max(t_s + timed.host_less_strap_s, self.last_s + _NEAREST_S)
            yield self.last_s, row


def samples_from(given: StreamStarted) -> Samples | None:
    """Return a stream that begins; None where its start does not say how fast it is."""
    rate_hz = rate_asked_hz(given.asked)
    if rate_hz is None:
        return None
    return Samples(SampleClock(rate_hz), factor_answered(given.answer))
