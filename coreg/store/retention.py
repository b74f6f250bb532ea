"""How long evenings are kept: those that are older go, after it was said once.

Strategy. What is too old is written down and said at one start, and erased at a later
one, a day on at least, if it is too old then as well. So a clock that is wrong for an
evening erases nothing, and whoever wants to keep one has time to back it up. Pure:
whoever asks knows the time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from coreg.base.bounds import BadText, json_of

KEEP_DAYS, ANNOUNCED = "keep evenings for days", "evenings to go"
"""Settings of the library."""
CHOICES_DAYS = (0, 30, 90, 365)
"""What may be chosen; 0 keeps them until somebody erases them."""
_WAITS = timedelta(days=1)
_LARGEST_CHARS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be erased now, what is said to go next, and what to write down."""

    erase: tuple[str, ...]
    announce: tuple[str, ...]
    note: str


def keep_days(settings: dict[str, str]) -> int:
    """Return for how many days evenings are kept; 0 for as long as nobody erases them.

    Examples
    --------
    >>> keep_days({}), keep_days({KEEP_DAYS: "90"}), keep_days({KEEP_DAYS: "7"})
    (0, 90, 0)
    """
    text = settings.get(KEEP_DAYS, "0")
    days = int(text) if text.isdecimal() and len(text) < 5 else 0
    return days if days in CHOICES_DAYS else 0


def due(
    began_utc: Mapping[str, str | None], settings: dict[str, str], now: datetime
) -> Due:
    """Return which sessions go now, and which are said to go next.

    `began_utc` says of each when it began; one of which that is not known is kept.
    """
    days = keep_days(settings)
    if days == 0:
        return Due(erase=(), announce=(), note="")
    announced = _announced(settings.get(ANNOUNCED, ""))
    old = [each for each, utc in began_utc.items() if _is_older(utc, now, days)]
    erase = tuple(
        each for each in old if each in announced and now - announced[each] >= _WAITS
    )
    announce = tuple(each for each in old if each not in erase)
    since = {each: announced.get(each, now).isoformat() for each in announce}
    return Due(erase=erase, announce=announce, note=json.dumps(since) if since else "")


def _is_older(utc: str | None, now: datetime, days: int) -> bool:
    return utc is not None and now - datetime.fromisoformat(utc) > timedelta(days=days)


def _announced(text: str) -> dict[str, datetime]:
    """Return since when each is said to go; nothing where that cannot be read."""
    try:
        told = json_of(text or "{}", _LARGEST_CHARS)
        return {
            str(name): datetime.fromisoformat(utc)
            for name, utc in told.items()
            if datetime.fromisoformat(utc).tzinfo is not None
        }
    except (BadText, ValueError, TypeError, AttributeError):
        return {}
