"""What stands in a log for a heart that was erased."""

from dataclasses import dataclass

from coreg.facts.kinds import Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartErased:
    """A tombstone: all that told of this partner's heart was taken out of the log.

    One stands for all of it. As many as there were packets, each in its place among the
    ticks, would still say how fast that heart was.
    """

    t_ns: int
    partner: Partner
