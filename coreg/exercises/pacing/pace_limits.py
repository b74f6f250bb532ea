"""Between which paces a breath may be kept, whoever asks for it: breaths a minute."""

from typing import Final

SLOWEST_PER_MIN: Final = 4.5
FASTEST_PER_MIN: Final = 7.0  # slow breathing ends here
FASTEST_BY_THERAPIST_PER_MIN: Final = 10.0


def is_slow_pace(breaths_per_min: float) -> bool:
    """Whether a couple may keep to this pace; NaN is not one.

    Examples
    --------
    >>> [is_slow_pace(rate) for rate in (4.4, 4.5, 7.0, 7.1, float("nan"))]
    [False, True, True, False, False]
    """
    return SLOWEST_PER_MIN <= breaths_per_min <= FASTEST_PER_MIN
