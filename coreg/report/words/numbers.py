"""How numbers are written for people: never parted from their unit by a line's end."""

import math
from typing import Final

from coreg.words import number, say

NONE: Final = "–"
NBSP: Final = "\N{NO-BREAK SPACE}"


def with_unit(number: object, unit: str) -> str:
    r"""Return a number and its unit, which stay on one line.

    Examples
    --------
    >>> with_unit(6, "min")
    '6\xa0min'
    """
    return f"{number}{NBSP}{unit}"


def length(seconds: float) -> str:
    r"""Return a length for a sentence: to the minute from five minutes up.

    Examples
    --------
    >>> length(1), length(130), length(611)
    ('1\xa0second', '2\xa0min\xa010\xa0s', '10\xa0minutes')
    """
    minutes, rest = divmod(rounded_s(seconds), 60)
    if minutes < 2 and rest:
        return say("report.numbers.seconds", n=60 * minutes + rest)
    if rest:
        return _both(minutes, rest)
    if minutes:
        return say("report.numbers.minutes", n=minutes)
    return say("report.numbers.seconds", n=0)


def rounded_s(seconds: float) -> int:
    """Return whole seconds; whole minutes where seconds would only be noise.

    A block ends with a breath, so that eight minutes last a second or two longer.
    """
    return round(seconds) if seconds < 300 else 60 * round(seconds / 60)


def short_length(seconds: float) -> str:
    r"""Return a length for a line of several.

    Examples
    --------
    >>> short_length(40), short_length(120), short_length(130)
    ('40\xa0s', '2\xa0min', '2\xa0min\xa010\xa0s')
    """
    minutes, rest = divmod(round(seconds), 60)
    if minutes and rest:
        return _both(minutes, rest)
    if minutes:
        return say("report.numbers.min", minutes=minutes)
    return say("report.numbers.s", seconds=rest)


def _both(minutes: int, seconds: int) -> str:
    return say("report.numbers.min_s", minutes=minutes, seconds=seconds)


def clock(seconds: float) -> str:
    """Return a moment of the practice.

    Examples
    --------
    >>> clock(65.4)
    '1:05'
    """
    minutes, rest = divmod(math.floor(seconds), 60)
    return f"{minutes}:{rest:02d}"


def figure(value: float, digits: int) -> str:
    """Return a number, or a dash where it is not known.

    Examples
    --------
    >>> figure(63.96, 1), figure(-0.5, 1), figure(float("nan"), 1)
    ('64.0', '−0.5', '–')
    """
    return number(value, digits) if math.isfinite(value) else NONE


def round_figure(value: float) -> str:
    """Return a number with one decimal, or none where that is 0.

    Examples
    --------
    >>> round_figure(6.0), round_figure(6.46)
    ('6', '6.5')
    """
    return figure(value, 0 if round(10 * value) % 10 == 0 else 1)


def signed_s(seconds: float) -> str:
    """Return a number of seconds with its sign; 0 has none.

    Examples
    --------
    >>> signed_s(-5), signed_s(0), signed_s(5)
    ('−5', '0', '+5')
    """
    return f"{seconds:+.0f}".replace("-", "−") if seconds else "0"
