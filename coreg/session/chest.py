"""What one strap measures beside heartbeats: its frames become breaths, as they come.

One causal pass, the same live and in a replay. Frames that cannot be read are said to
be bad and left out; where some are missing, what was measured before is no part of what
comes after.
"""

import math

import numpy as np

from coreg.analysis.chest_breath import ChestBreath, ChestBreathing
from coreg.errors import BadPacketError
from coreg.facts.events import (
    BadPacket,
    BreathSeen,
    Feature,
    Partner,
    Stream,
    StreamPacket,
    StreamStarted,
)
from coreg.sensors.decoding.polar_control import Answer, decode_control, factor_started
from coreg.sensors.decoding.polar_frames import AccelerationFrame, decode_frame
from coreg.sensors.timing.frame_times import FrameTimes


class Chest:
    """One partner's chest, by the acceleration of their strap."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner
        self._factors: dict[Stream, float | None] = {}
        self._times = FrameTimes()
        self._breathing = ChestBreathing()

    def started(self, given: StreamStarted) -> None:
        """Take what a strap answered to a start: its clock may count anew."""
        try:
            answer = decode_control(given.answer)
            known = factor_started(answer) if isinstance(answer, Answer) else None
        except BadPacketError:
            known = None  # packed frames are refused then, each by name
        self._factors[given.stream] = known
        if given.stream is Stream.ACCELERATION:
            self._times = FrameTimes()

    def packet(self, t_s: float, given: StreamPacket) -> list[Feature]:
        """Take a frame as it arrived; return what became known of the breath."""
        try:
            frame = decode_frame(given.data, self._factors.get(given.stream))
        except BadPacketError as error:
            bad = BadPacket(t_s=t_s, partner=self._partner, reason=error.wrong)
            return [bad]
        if not isinstance(frame, AccelerationFrame):
            return []
        sample_t_s = self._times.of(t_s, frame.last_ns, len(frame.acceleration_mg))
        seen = self._breathing.feed(sample_t_s, np.array(frame.acceleration_mg))
        return [self._fact(each) for each in seen]

    def _fact(self, seen: ChestBreath) -> BreathSeen:
        return BreathSeen(
            t_s=seen.t_s,
            partner=self._partner,
            rate_per_min=seen.rate_per_min if seen.is_known else math.nan,
            quality=seen.quality,
            seen_s=seen.seen_s,
        )
