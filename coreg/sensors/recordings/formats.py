"""Text of a recording -> packets of RR intervals. Pure: bytes in, value or words out.

What a file is, is read from its content, never from its name:

==================== ============================================== ==================
kind                 looks like                                     times
==================== ============================================== ==================
`Kind.ARRIVALS`      columns `arrival_s` or `t_s`, and `rr_ms`      as recorded
`Kind.SENSOR_LOGGER` `Phone timestamp;RR-interval [ms]`             arrivals, from 0
`Kind.HRV_LOGGER`    `date,rr,since start`                          since start
`Kind.POLAR_HRM`     `[Params]`, `Interval=238`, `[HRData]`         sum of RR
`Kind.TEXT`          numbers, one a line or several, ms or s        sum of RR
==================== ============================================== ==================

A value that no strap can send (negative, not finite, 64 s and more) is an error naming
its line. Anything a strap can send is kept as it stands, also when no heart does that:
0, with which Polar devices mark a place without a beat, or 180 ms. Cleaning flags it;
refusing an hour of heartbeats for one such mark, or leaving it out in silence, would
lose more.
"""

import datetime as dt
import math
import re
import statistics
from collections.abc import Iterable
from itertools import accumulate, dropwhile, groupby, islice, pairwise
from operator import itemgetter

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import (
    MAX_LINES,
    MEND,
    ONE_COLUMN,
    Lines,
    cells_of,
    delimiter_of,
    fault_at,
    lines_of,
    number_in,
    rows_of,
    tokens_of,
)
from coreg.sensors.recordings.recording import Kind, Packet, Recording
from coreg.sensors.recordings.source import FileSource, Reader

_TOO_LONG_RR_MS = 64_000.0  # 65 536 ticks of 1/1024 s: does not fit into a packet
_LAST_ARRIVAL_S = 7 * 86_400.0
_DAY_S = 86_400.0
_MOST_TOGETHER = 100_000  # a day of heartbeats; what arrives together is one fact
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_HEADING = re.compile(r"(?!(nan?|inf(inity)?|none|null)\b)[\"']?[a-z]", re.IGNORECASE)
_HRM_SECTIONS = {"[params]", "[hrdata]"}
_HRM_INTERVALS = "238"  # Polar HRM file format: "Interval=238" is beat to beat

# --- from lines to packets ----------------------------------------------------


def _text_recording(source: FileSource) -> Recording:
    lines = lines_of(source.data)
    columns = set(cells_of(lines[0][1]))
    first_stamp_s = None
    if any(text.lower() in _HRM_SECTIONS for _, text in lines):
        kind, packets = Kind.POLAR_HRM, _beat_by_beat(_polar_hrm(lines))
    elif {"arrival_s", "rr_ms"} <= columns:
        kind, packets = Kind.ARRIVALS, _arrivals(lines, "arrival_s")
    elif {"t_s", "rr_ms"} <= columns:
        kind, packets = Kind.ARRIVALS, _arrivals(lines, "t_s")
    elif {"phone timestamp", "rr-interval [ms]"} <= columns:
        kind = Kind.SENSOR_LOGGER
        first_stamp_s, packets = _sensor_logger(lines)
    elif "rr" in columns and columns & {"since start", "since_start"}:
        kind, packets = Kind.HRV_LOGGER, _hrv_logger(lines)
    else:
        kind, packets = Kind.TEXT, _beat_by_beat(_plain_text(lines))
    return Recording(
        name=source.name,
        kind=kind,
        packets=packets,
        has_times=kind is Kind.ARRIVALS,
        has_clock=kind is Kind.ARRIVALS,
        first_stamp_s=first_stamp_s,
    )


def _arrivals(lines: Lines, time_column: str) -> tuple[Packet, ...]:
    return _together(
        (
            number,
            number_in(row[time_column], number),
            _optional_rr(row["rr_ms"], number),
        )
        for number, row in rows_of(lines)
    )


def _sensor_logger(lines: Lines) -> tuple[float | None, tuple[Packet, ...]]:
    """Return the first stamp and packets counted from it; a stamp is an arrival."""
    stamped = [
        (number, _stamp_s(row["phone timestamp"], number), row["rr-interval [ms]"])
        for number, row in rows_of(lines)
    ]
    if not stamped:
        return None, ()
    zero_s = before_s = stamped[0][1]
    timed, midnights_s = [], 0.0
    for number, stamp_s, rr in stamped:
        if stamp_s + _DAY_S / 2 < before_s < _DAY_S:  # a time of day began anew
            midnights_s += _DAY_S
        before_s = stamp_s
        t_s = round(stamp_s + midnights_s - zero_s, 6)  # stamps have microseconds
        timed.append((number, t_s, _optional_rr(rr, number)))
    return zero_s, _together(timed)


def _hrv_logger(lines: Lines) -> tuple[Packet, ...]:
    """Return packets; its "since start" is in ms, in some versions in s."""
    column = "since start" if "since start" in cells_of(lines[0][1]) else "since_start"
    rows = [
        (number, number_in(row[column], number), _rr(row["rr"], number))
        for number, row in rows_of(lines)
    ]
    total_s = sum(rr for _, _, rr in rows) / 1000
    per_s = 1000 if rows and rows[-1][1] - rows[0][1] > 50 * total_s else 1
    return _together([(number, since / per_s, (rr,)) for number, since, rr in rows])


def _polar_hrm(lines: Lines) -> list[float]:
    values: list[float] = []
    section = ""
    for number, text in lines:
        if text.startswith("["):
            section = text.lower()
        elif section == "[params]":
            _expect_intervals(text, number)
        elif section == "[hrdata]":
            values.append(_rr(text.split()[0], number))
    return values


def _expect_intervals(text: str, number: int) -> None:
    key, _, value = text.partition("=")
    if key.strip().lower() == "interval" and value.strip() != _HRM_INTERVALS:
        raise fault_at(
            number,
            f"'{text[:40]}': this .hrm holds averaged heart rate, not intervals.",
            "Record with R-R data switched on.",
        )


def _plain_text(lines: Lines) -> list[float]:
    """Return intervals in ms from numbers in ms or s, below any heading."""
    numbers = (
        (number, number_in(token, number))
        for number, text in _below_heading(lines)
        for token in tokens_of(text)
    )
    values = list(islice(numbers, MAX_LINES + 1))
    if len(values) > MAX_LINES:
        raise BadRecordingError(
            f"It holds more than {MAX_LINES} numbers.",
            "Cut the recording to the part you need.",
        )
    per_unit = _ms_per_unit([value for _, value in values if 0 < value < math.inf])
    return [_in_range(per_unit * value, number) for number, value in values]


def _below_heading(lines: Lines) -> Lines:
    """Return the lines from the first that does not begin as words do."""
    rest = list(dropwhile(lambda line: _HEADING.match(line[1]), lines))
    if rest and len(rest) < len(lines):
        _expect_no_table(lines[len(lines) - len(rest) - 1], rest[0])
    return rest


def _expect_no_table(heading: tuple[int, str], first: tuple[int, str]) -> None:
    """Refuse columns that we have no meaning for, instead of reading them as beats."""
    columns = cells_of(heading[1])
    if len(columns) > 1 and len(first[1].split(delimiter_of(heading[1]))) > 1:
        raise fault_at(
            heading[0],
            f"columns '{heading[1][:60]}' are none that we know.",
            "Name them `arrival_s,rr_ms`, or give one RR interval a line.",
        )


def _ms_per_unit(positive: list[float]) -> float:
    if not positive:
        raise BadRecordingError("There are no RR intervals in it.", ONE_COLUMN)
    usual = statistics.median(positive)
    if 200 <= usual <= 5000:
        return 1.0
    if 0.2 <= usual <= 5:
        return 1000.0
    raise BadRecordingError(
        f"Its numbers (usually about {usual:g}) are RR intervals neither in ms nor s.",
        ONE_COLUMN,
    )


# --- tables -------------------------------------------------------------------


def _together(
    timed: Iterable[tuple[int, float, tuple[float, ...]]],
) -> tuple[Packet, ...]:
    """Return what arrived at one time as one packet, if time never goes back."""
    rows = list(timed)
    for number, t_s, _ in rows:
        if not 0 <= t_s <= _LAST_ARRIVAL_S:
            raise fault_at(
                number,
                f"a time of {t_s:g} s; times count from the session's start.",
                "Take the start off all times (the same in both partners' files).",
            )
    for (_, before_s, _), (number, t_s, _) in pairwise(rows):
        if t_s < before_s:
            raise fault_at(
                number, f"time goes back from {before_s:g} to {t_s:g} s.", MEND
            )
    packets = []
    for t_s, group in groupby(rows, key=itemgetter(1)):
        arrived = list(group)
        if len(arrived) > _MOST_TOGETHER:
            raise fault_at(
                arrived[_MOST_TOGETHER][0],
                f"time stands still at {t_s:g} s for over {_MOST_TOGETHER} intervals.",
                MEND,
            )
        packets.append((t_s, tuple(rr for _, _, rr_ms in arrived for rr in rr_ms)))
    return tuple(packets)


def _beat_by_beat(rr_ms: list[float]) -> tuple[Packet, ...]:
    """Return each interval at the time of the beat that ended it, from 0."""
    ends_ms = accumulate(rr_ms)
    return tuple(
        (end_ms / 1000, (rr,)) for end_ms, rr in zip(ends_ms, rr_ms, strict=True)
    )


# --- single values ------------------------------------------------------------


def _rr(cell: str, line: int) -> float:
    return _in_range(number_in(cell, line), line)


def _optional_rr(cell: str, line: int) -> tuple[float, ...]:
    """Return no interval for an empty cell: a packet that held only a heart rate."""
    return (_rr(cell, line),) if cell else ()


def _in_range(rr_ms: float, line: int) -> float:
    if not 0 <= rr_ms < _TOO_LONG_RR_MS:
        raise fault_at(line, f"{rr_ms:g} ms is no RR interval (0 to 64 000 ms).", MEND)
    return rr_ms


def _stamp_s(cell: str, line: int) -> float:
    """Return seconds since 1970, or since midnight where there is no date."""
    try:
        time = dt.time.fromisoformat(cell)
    except ValueError:
        pass
    else:
        whole_s = 3600 * time.hour + 60 * time.minute + time.second
        return whole_s + time.microsecond / 1e6
    try:
        stamp = dt.datetime.fromisoformat(cell)
    except ValueError:
        raise fault_at(line, f"'{cell[:40]}' is no time stamp.", MEND) from None
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=dt.UTC)
    return (stamp - _EPOCH).total_seconds()


TEXT = Reader(recognises=lambda _source: True, read=_text_recording)
