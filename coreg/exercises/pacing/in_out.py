"""The share of a breath that is breathed in."""

from enum import StrEnum


class InOut(StrEnum):
    """How a breath is shared between in and out; the evidence is mixed."""

    LONGER_OUT = "40:60"
    EVEN = "50:50"

    @property
    def inhale_share(self) -> float:
        """Share of the breath that is breathed in."""
        return 0.4 if self is InOut.LONGER_OUT else 0.5
