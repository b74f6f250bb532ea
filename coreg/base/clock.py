"""The only reader of clocks, and of the zone that this computer is in.

Everything else takes time as an argument. The session clock must count through a
suspended computer, or the hours asleep would vanish from the beats: CLOCK_BOOTTIME
does on Linux; elsewhere `time.monotonic_ns` is the best that Python offers (it counts
through sleep on Windows, and on macOS only while awake).
"""

import datetime as dt
import time
from typing import Final

_BOOTTIME = getattr(time, "CLOCK_BOOTTIME", None)


def monotonic_ns() -> int:
    """Return nanoseconds of a clock that never goes back."""
    if _BOOTTIME is not None:
        return time.clock_gettime_ns(_BOOTTIME)
    return time.monotonic_ns()


def utc_now() -> dt.datetime:
    """Return the time of day, UTC; read once a session as its anchor."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - the one place


class _Here(dt.tzinfo):
    """The time zone of this computer, with the daylight saving of the given day.

    Only good to convert a time into (`astimezone`): what comes out of it has a fixed
    distance from UTC, the one that the day had. Without a day there is none.
    """

    def utcoffset(self, _when: dt.datetime | None) -> None:
        return None

    dst = tzname = utcoffset

    def fromutc(self, when: dt.datetime) -> dt.datetime:
        return when.replace(tzinfo=dt.UTC).astimezone()


HERE: Final[dt.tzinfo] = _Here()


def today() -> dt.date:
    """Return what day it is here."""
    return utc_now().astimezone(HERE).date()
