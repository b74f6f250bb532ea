"""Time stamps as text -> seconds: dates, times of day, and both.

A stamp with a date counts from 1970, one without from midnight. Where day and month
can be confused the order does not matter to us: only steps between stamps do, and a
file that crosses midnight says by its own rows which of them changes.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from coreg.sensors.recordings.text.spelled import in_digits

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_CLOCK: Final = (
    r"(?P<h>\d{1,4}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,:](?P<f>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_DATE: Final = (
    r"(?:(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"
    r"|(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y2>\d{4}|\d{2}))"
)
_ZONE: Final = r"(?:\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_STAMP: Final = re.compile(
    rf"(?:{_DATE}(?:[T\s_,]+{_CLOCK})?|{_CLOCK.replace('?P<', '?P<o_')}"
    r"|(?P<min>\d{1,4}):(?P<sec>\d{2}[.,]\d{1,9}))"
    rf"{_ZONE}",
    re.ASCII,
)
_HALF_DAY_H: Final = 12
_LONGEST: Final = 64
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """When something was as a clock showed it, to how many seconds.

    `t_s` counts from midnight, or from 1970 where it `has_date`.
    """

    t_s: float
    precision_s: float
    has_date: bool


def clock_time(text: str) -> ClockTime | None:
    """Return a stamp that has seconds, and how finely it has them; None if it has none.

    Examples
    --------
    >>> clock_time("19:02:10")
    ClockTime(t_s=68530.0, precision_s=1.0, has_date=False)
    >>> clock_time("7:02:10.5 pm").precision_s, clock_time("19:02")
    (0.1, None)
    """
    t_s, found = stamp_s(text), _parts(text)
    if t_s is None or found is None or not (has_date(text) or t_s < _DAY_S):
        return None
    own = "" if found["h"] else "o_"
    if found[f"{own}s"] is None:
        return None
    digits = len(found[f"{own}f"] or "")
    return ClockTime(t_s=t_s, precision_s=10.0**-digits, has_date=has_date(text))


@lru_cache(maxsize=4096)
def _parts(text: str) -> re.Match[str] | None:
    """Return the parts of a stamp, None if a text is none."""
    if len(text) > _LONGEST or not text:
        return None
    return _STAMP.fullmatch(text) or _STAMP.fullmatch(in_digits(text))


def is_stamp(text: str) -> bool:
    """Whether a text is a date, a time of day, or both."""
    return _parts(text) is not None


def has_date(text: str) -> bool:
    """Whether a stamp holds a date."""
    found = _parts(text)
    return found is not None and (found["y1"] or found["y2"]) is not None


def has_time(text: str) -> bool:
    """Whether a stamp holds a time of day."""
    found = _parts(text)
    if found is None:
        return False
    return any(found[part] is not None for part in ("h", "o_h", "min"))


def has_zone(text: str) -> bool:
    """Whether a stamp says how far it is from universal time."""
    found = _parts(text)
    return found is not None and found["zone"] is not None


def has_half(text: str) -> bool:
    """Whether a stamp says AM or PM."""
    found = _parts(text)
    return found is not None and bool(found["half"] or found["o_half"])


def is_month_first(texts: tuple[str, ...]) -> bool:
    """Whether the second number of dates is a day: some is beyond 12."""
    found = (_parts(text) for text in (texts[0], texts[-1]) if texts)
    return any(each is not None and int(each["b"] or 0) > 12 for each in found)


def stamp_s(text: str, *, month_first: bool = False) -> float | None:
    """Return seconds since 1970, or since midnight without a date; None if it is none.

    Examples
    --------
    >>> stamp_s("1970-01-02 00:00:00.5"), stamp_s("0:00:01.25"), stamp_s("soon")
    (86400.5, 1.25, None)
    """
    found = _parts(text)
    if found is None:
        return None
    if found["min"]:
        return 60 * int(found["min"]) + float(found["sec"].replace(",", "."))
    own = "" if found["h"] else "o_"
    since_midnight_s = _clock_s(found, own)
    if since_midnight_s is None:
        return None
    if not (found["y1"] or found["y2"]):
        return since_midnight_s
    day = _date(found, month_first=month_first)
    if day is None:
        return None
    ahead_s = _zone_s(found["zone"])
    return (day - _EPOCH).total_seconds() + since_midnight_s - ahead_s


def _clock_s(found: re.Match[str], own: str) -> float | None:
    hours = int(found[f"{own}h"] or 0)
    minutes, seconds = int(found[f"{own}m"] or 0), int(found[f"{own}s"] or 0)
    if minutes > 59 or seconds > 60:
        return None
    if half := found[f"{own}half"]:
        if not 1 <= hours <= _HALF_DAY_H:
            return None
        hours = hours % _HALF_DAY_H + _HALF_DAY_H * (half in "Pp")
    return 3600 * hours + 60 * minutes + seconds + float(f"0.{found[f'{own}f'] or 0}")


def _date(found: re.Match[str], *, month_first: bool) -> dt.datetime | None:
    if found["y1"]:
        year, month, day = int(found["y1"]), int(found["m1"]), int(found["d1"])
    else:
        year, day, month = int(found["y2"]), int(found["a"]), int(found["b"])
        year += 2000 * (year < 100)
        if month_first:
            day, month = month, day
    try:
        return dt.datetime(year, month, day, tzinfo=dt.UTC)
    except ValueError:
        return None


def _zone_s(zone: str | None) -> float:
    if zone is None or zone[0] not in "+-":
        return 0.0
    digits = zone[1:].replace(":", "")
    ahead_s = 3600 * int(digits[:2]) + 60 * int(digits[2:])
    return ahead_s if zone[0] == "+" else -ahead_s
