"""What somebody said of their own evening."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRating:
    """What somebody said of oneself, before or after; None where nothing was said.

    Each from 0 to 10, more is more. `is_turned_round` says that `awake` was asked the
    other way round, and is laid onto this scale (`awake_of`).
    """

    moment: str
    at_ease: int | None
    awake: float | None
    myself: int | None
    is_turned_round: bool = False


def awake_of(wide_awake: int | None, sleepiness: int | None) -> float | None:
    """Return how awake somebody was, 0 nearly asleep to 10 wide awake.

    coreg 0.1 asked on Karolinska's scale of sleepiness (1 very alert to 9
    fighting sleep): that is laid onto this one end to end, and rounded nowhere.

    Examples
    --------
    >>> awake_of(7, None), awake_of(None, 1), awake_of(None, 3), awake_of(None, 9)
    (7, 10.0, 7.5, 0.0)
    """
    if wide_awake is not None or sleepiness is None:
        return wide_awake
    return 10 * (9 - sleepiness) / 8
