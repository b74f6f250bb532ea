"""Facts of packets that bring no beats of their own (`coreg.events`)."""

from dataclasses import dataclass

from coreg.kinds import Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPacket:
    """A feature: bytes that are no Heart Rate Measurement; counted, never guessed."""

    t_s: float
    partner: Partner
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedPacket:
    """A feature: a packet that had come already; the log keeps it, nothing counts it.

    The input that arrived at `t_s` is meant.
    """

    t_s: float
    partner: Partner
