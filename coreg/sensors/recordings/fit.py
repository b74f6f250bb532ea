"""FIT of Garmin, Wahoo, Suunto and others: the `hrv` messages (number 78).

An `hrv` message holds up to five intervals and no time; what is unused of it is filled
up and comes as nothing. It is written as it comes, between the `record` messages, each
of which has a time in whole seconds. So intervals are taken to have arrived at the
record after them, as long as that can be: some programs write all `hrv` messages
together, and their place in the file then says nothing.
"""

import io
import math
import struct
from collections.abc import Iterator
from datetime import datetime
from types import ModuleType
from typing import Any, Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.optional_package import optional_package
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    LOST_MS,
    one_after_another,
    rr_in_range,
    stamped,
)
from coreg.sensors.recordings.recording import Kind, Packet, Recording
from coreg.sensors.recordings.source import FileSource, Reader

_MAGIC: Final = b".FIT"
_MOST_MESSAGES: Final = 1_000_000  # five days of a record and a beat each second
_MOST_AHEAD_S: Final = 10.0  # intervals are written seconds late, not minutes
_RECORDS: Final = ("record", "event")
_OTHER_BEATS: Final = ("beat_intervals", "raw_bbi")
_LIKE_RR: Final = ("rr", "r-r", "ibi", "hrv", "beat")

# A time, and the intervals that were written since the time before it.
_Group = tuple[float, list[float]]


def _read(source: FileSource) -> Recording:
    fitdecode = optional_package("fitdecode", "a FIT file")
    groups: list[_Group] = []
    pending: list[float] = []
    aside: dict[str, None] = {}
    has_begun = False
    for message in _messages(source, fitdecode):
        if message.name == "hrv":
            pending.extend(_intervals_ms(message))
        elif message.name in _RECORDS:
            aside.update(dict.fromkeys(_developer_fields(message)))
            t_s = _time_s(message)
            if t_s is not None and not (groups and t_s < groups[-1][0]):
                groups.append((t_s, pending))
                # Where the timer starts again, what was before is no neighbour.
                has_begun = has_begun or bool(pending)
                pending = [LOST_MS] if has_begun and _is_start(message) else []
        elif message.name in _OTHER_BEATS:
            aside[message.name] = None
    if pending:
        groups.append((groups[-1][0] if groups else 0.0, pending))
    rr_ms = [
        rr_in_range(rr, "an hrv message") for _, together in groups for rr in together
    ]
    if not any(rr_ms):
        raise _without_intervals(list(aside))
    timed = _timed(groups)
    return Recording(
        name=source.name,
        kind=Kind.FIT,
        packets=timed or one_after_another(rr_ms),
        has_times=timed is not None,
        has_clock=False,
        first_stamp_s=next(t for t, rr in groups if rr) if timed else None,
    )


def _messages(source: FileSource, fitdecode: ModuleType) -> Iterator[Any]:
    """Yield the data messages of a whole and undamaged file."""
    seen = 0
    try:
        with fitdecode.FitReader(
            io.BytesIO(source.data),
            check_crc=fitdecode.CrcCheck.RAISE,
            error_handling=fitdecode.ErrorHandling.RAISE,
        ) as frames:
            for frame in frames:
                if frame.frame_type != fitdecode.FIT_FRAME_DATA:
                    continue
                seen += 1
                if seen > _MOST_MESSAGES:
                    raise BadRecordingError(
                        f"It holds more than {_MOST_MESSAGES} messages.",
                        "Cut the recording to the part you need.",
                    )
                yield frame
    # What a damaged file makes of a parser that trusts it.
    except (
        *(fitdecode.FitError, struct.error, ValueError, LookupError, TypeError),
        *(ArithmeticError, AttributeError, AssertionError, EOFError),
    ):
        raise BadRecordingError(
            "The FIT file is damaged or cut off.", EXPORT_AGAIN
        ) from None


def _intervals_ms(message: Any) -> Iterator[float]:
    """Yield the intervals of an `hrv` message, without what fills it up."""
    for field in message.fields:
        if field.name == "time":
            given = field.value if isinstance(field.value, tuple) else (field.value,)
            for s in given:
                if s is not None and not (isinstance(s, float) and math.isnan(s)):
                    yield round(1000 * float(s), 6)


def _developer_fields(message: Any) -> list[str]:
    """Return the names of an app's own fields that may hold intervals."""
    return [
        str(field.name)
        for field in message.fields
        if getattr(field, "is_dev", False)
        and any(mark in str(field.name).casefold() for mark in _LIKE_RR)
    ]


def _is_start(message: Any) -> bool:
    return bool(
        message.name == "event"
        and message.get_value("event", fallback=None) == "timer"
        and message.get_value("event_type", fallback=None) == "start"
    )


def _time_s(message: Any) -> float | None:
    at = message.get_value("timestamp", fallback=None)
    return at.timestamp() if isinstance(at, datetime) else None


def _timed(groups: list[_Group]) -> tuple[Packet, ...] | None:
    """Return packets, or None where the place of an interval says nothing of its time.

    Between two records no more may have been written than the time between them, but
    for the few seconds that a watch may be late.
    """
    before_s = groups[0][0]
    for t_s, rr_ms in groups:
        if sum(rr_ms) / 1000 > t_s - before_s + _MOST_AHEAD_S:
            return None
        before_s = t_s
    # A record without intervals is no notification of the strap.
    return stamped(("a record", t_s, tuple(rr_ms)) for t_s, rr_ms in groups if rr_ms)


def _without_intervals(aside: list[str]) -> BadRecordingError:
    if aside:
        return BadRecordingError(
            "This FIT file has no `hrv` messages. What an app or the wrist wrote"
            f" instead ({', '.join(aside)[:80]}) is not read.",
            "Export the RR intervals as text from that app.",
        )
    return BadRecordingError(
        "This FIT file holds heart rate and no RR intervals.",
        "Record with a chest strap, and switch on the recording of HRV in the watch"
        " (Garmin: Data Recording, Log HRV).",
    )


FIT = Reader(recognises=lambda source: source.data[8:12] == _MAGIC, read=_read)
