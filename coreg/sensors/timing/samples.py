"""Intervals that carry a time of their sender's, on this computer's clock."""

from dataclasses import dataclass
from typing import Final

LOST_MS: Final = 0.0
"""What stands for a beat that its sender marks as lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """RR intervals that carry one time: `stamp_ns` is that, `heard_ns` when they came.

    Both are on the host's clock (`coreg.base.clock`).
    """

    stamp_ns: int
    heard_ns: int
    rr_ms: tuple[float, ...]
