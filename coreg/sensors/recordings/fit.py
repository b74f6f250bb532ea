"""FIT of Garmin, Wahoo, Suunto and others: the `hrv` messages (number 78).

An `hrv` message holds up to five intervals and no time; what is unused of it is filled
up and comes as nothing. It is written as it comes, between the `record` messages, each
of which has a time in whole seconds. So intervals are taken to have arrived at the
record after them, as long as that can be: some programs write all `hrv` messages
together, and their place in the file then says nothing.

Several activities may stand in one file, each after a `file_id` of its own: they are
named by when they began, and never joined.

Laps, by when each began, and events of the watch are the file's own marks.
"""

import io
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.file_marks import (
    FileMarks,
    file_marks,
    untimed_marks,
)
from coreg.sensors.recordings.optional_package import optional_package
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    LOST_MS,
    one_after_another,
    one_of,
    rr_in_range,
    stamped,
)
from coreg.sensors.recordings.recording import Kind, Packet, Recording
from coreg.sensors.recordings.source import FileSource, Reader

_MAGIC: Final = b".FIT"
_MOST_MESSAGES: Final = 1_000_000  # five days of a record and a beat each second
_MOST_AHEAD_S: Final = 10.0  # intervals are written seconds late, not minutes
_YEAR_2000_S: Final = 946_684_800.0
_RECORDS: Final = ("record", "event")
_OTHER_BEATS: Final = ("beat_intervals", "raw_bbi")
_LIKE_RR: Final = ("rr", "r-r", "ibi", "hrv", "beat")
_DAMAGED: Final = "The FIT file is damaged or cut off."

# A time, and the intervals that were written since the time before it.
_Group = tuple[float, list[float]]


@dataclass(slots=True)
class _Activity:
    """What was met of one activity so far."""

    groups: list[_Group] = field(default_factory=list)
    pending: list[float] = field(default_factory=list)
    marks: list[tuple[float, str]] = field(default_factory=list)
    untimed: int = 0
    laps: int = 0
    has_begun: bool = False

    @property
    def holds_any(self) -> bool:
        return any(any(rr_ms) for _, rr_ms in self.groups)

    @property
    def called(self) -> str:
        """When it began, as far as it says so."""
        if self.groups[0][0] < _YEAR_2000_S:
            return "an activity without a date"
        began = datetime.fromtimestamp(self.groups[0][0], tz=UTC)
        return f"{began:%Y-%m-%dT%H:%M:%SZ}"

    def at(self, t_s: float, *, is_start: bool) -> None:
        """Take a time, by which all that is pending has arrived."""
        if self.groups and t_s < self.groups[-1][0]:
            return
        self.groups.append((t_s, self.pending))
        # Where the timer starts again, what was before is no neighbour.
        self.has_begun = self.has_begun or bool(self.pending)
        self.pending = [LOST_MS] if self.has_begun and is_start else []

    def mark(self, message: Any) -> None:
        """Take a lap, or what the watch calls an event, and when that was."""
        name, t_s = message.name, _time_s(message)
        if name == "lap":
            self.laps += 1
            began = message.get_value("start_time", fallback=None)
            t_s = began.timestamp() if isinstance(began, datetime) else t_s
        label = f"lap {self.laps}" if name == "lap" else _called(message)
        if t_s is None:
            self.untimed += bool(label)
        else:
            self.marks.append((t_s, label))

    def ended(self) -> "_Activity":
        if self.pending:
            last_s = self.groups[-1][0] if self.groups else 0.0
            self.groups.append((last_s, self.pending))
            self.pending = []
        return self


def _read(source: FileSource) -> Recording:
    fitdecode = optional_package("fitdecode", "a FIT file")
    activities = [_Activity()]
    aside: dict[str, None] = {}
    for message in _messages(source, fitdecode):
        now = activities[-1]
        if message.name == "file_id":  # files may be written one after another in one
            activities.append(_Activity())
        elif message.name == "hrv":
            now.pending.extend(_intervals_ms(message))
        elif message.name == "lap":
            now.mark(message)
        elif message.name in _RECORDS:
            if message.name == "event":
                now.mark(message)
            aside.update(dict.fromkeys(_developer_fields(message)))
            t_s = _time_s(message)
            if t_s is not None:
                now.at(t_s, is_start=_is_start(message))
        elif message.name in _OTHER_BEATS:
            aside[message.name] = None
    found = [each for each in activities if each.ended().holds_any]
    if not found:
        raise _without_intervals(list(aside))
    named = [(each.called, each) for each in found]
    activity = one_of(named, source.wanted.column, what="column")
    groups = activity.groups
    rr_ms = [
        rr_in_range(rr, "an hrv message") for _, together in groups for rr in together
    ]
    timed = _timed(groups)
    first_s = next(t for t, rr in groups if rr) if timed else None
    return Recording(
        name=source.name,
        kind=Kind.FIT,
        packets=timed or one_after_another(rr_ms),
        has_times=timed is not None,
        has_clock=False,
        first_stamp_s=first_s,
        file_marks=_marks(activity, first_s),
    )


def _marks(activity: _Activity, first_s: float | None) -> FileMarks:
    if first_s is None:
        marks = untimed_marks(label for _, label in activity.marks)
    else:
        marks = file_marks(activity.marks, zero_s=first_s)
    return replace(marks, untimed=marks.untimed + activity.untimed)


def _called(message: Any) -> str:
    """Return what an event is called, and what of it: `timer stop`."""
    said = (message.get_value(key, fallback=None) for key in ("event", "event_type"))
    return " ".join(str(each).replace("_", " ") for each in said if each is not None)


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
        raise BadRecordingError(_DAMAGED, EXPORT_AGAIN) from None


def _intervals_ms(message: Any) -> Iterator[float]:
    """Yield the intervals of an `hrv` message, without what fills it up."""
    for each in message.fields:
        if each.name == "time":
            given = each.value if isinstance(each.value, tuple) else (each.value,)
            for s in given:
                if isinstance(s, str | bytes):  # as a damaged definition calls them
                    raise BadRecordingError(_DAMAGED, EXPORT_AGAIN)
                if s is not None and not (isinstance(s, float) and math.isnan(s)):
                    yield round(1000 * float(s), 6)


def _developer_fields(message: Any) -> list[str]:
    """Return the names of an app's own fields that may hold intervals."""
    return [
        str(each.name)
        for each in message.fields
        if getattr(each, "is_dev", False)
        and any(mark in str(each.name).casefold() for mark in _LIKE_RR)
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
