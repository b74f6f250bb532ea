"""What somebody said of their own evening."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRating:
    """What somebody said of oneself, before or after; None where nothing was said."""

    moment: str
    at_ease: int | None
    awake: int | None
    myself: int | None
