"""A heart as a FIT activity: `hrv` messages as watches write them.

After the Flexible and Interoperable Data Transfer (FIT) Protocol and the FIT Profile
(Garmin). A `record` of every second in which a heart beat says when its intervals came,
and where beats were lost the timer stops and starts again: `hrv` alone has no times.
Intervals are whole milliseconds there, and times whole seconds.
"""

import datetime as dt
import math
import struct
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from coreg.errors import SessionError
from coreg.findings.beat_rows import BeatRow, HeartRows, SessionRows
from coreg.report.exchange.names import of_heart
from coreg.words import wrong_and_do

_EPOCH: Final = dt.datetime(1989, 12, 31, tzinfo=dt.UTC)
_HEADER: Final = struct.Struct("<BBHI4s")
_PROTOCOL, _PROFILE = 0x10, 2132
_DEFINITION: Final = 0x40
_FILE_ID, _RECORD, _EVENT, _HRV = 0, 20, 21, 78  # global message numbers
_ACTIVITY, _DEVELOPMENT = 4, 255
_TIMER, _START, _STOP_ALL = 0, 0, 4
_ENUM, _UINT8, _UINT16, _UINT32 = 0x00, 0x02, 0x84, 0x86  # base types
_EMPTY: Final = 0xFFFF
_TOGETHER: Final = 5  # intervals in one message
_TIMESTAMP: Final = 253
# Number of a message: the fields (number, size, base type) that each of ours has.
_FIELDS: Final = {
    _FILE_ID: ((0, 1, _ENUM), (1, 2, _UINT16), (2, 2, _UINT16), (4, 4, _UINT32)),
    _EVENT: ((_TIMESTAMP, 4, _UINT32), (0, 1, _ENUM), (1, 1, _ENUM)),
    _RECORD: ((_TIMESTAMP, 4, _UINT32), (3, 1, _UINT8)),
    _HRV: ((0, 2 * _TOGETHER, _UINT16),),
}
_LAYOUT: Final = {
    _FILE_ID: struct.Struct("<BHHI"),
    _EVENT: struct.Struct("<IBB"),
    _RECORD: struct.Struct("<IB"),
    _HRV: struct.Struct(f"<{_TOGETHER}H"),
}
_LOCAL: Final = {message: local for local, message in enumerate(_FIELDS)}


def fit_files(rows: SessionRows) -> dict[str, bytes]:
    """Return one file of each heart.

    Raises
    ------
    SessionError
        If the session does not say when it was, or that is before FIT's first day.
    """
    began = rows.began
    if began is None or not _EPOCH < began < _EPOCH + dt.timedelta(seconds=2**31):
        told = wrong_and_do("errors.export.no-date", session=rows.name)
        raise SessionError(*told)
    began_s = (began - _EPOCH).total_seconds()
    return {
        f"{of_heart(rows, heart)}.fit": _file(b"".join(_messages(heart, began_s)))
        for heart in rows.hearts
    }


def _messages(heart: HeartRows, began_s: float) -> Iterator[bytes]:
    yield from map(_definition, _FIELDS)
    first_s = _second(began_s, heart.beats[0])
    yield _data(_FILE_ID, _ACTIVITY, _DEVELOPMENT, 0, first_s)
    yield _data(_EVENT, first_s, _TIMER, _START)
    second_s = first_s
    for run in _without_gaps(heart.beats):
        if run[0] is not heart.beats[0]:
            yield _data(_EVENT, second_s, _TIMER, _STOP_ALL)
            yield _data(_EVENT, _second(began_s, run[0]), _TIMER, _START)
        for second_s, beats in groupby(run, lambda beat: _second(began_s, beat)):
            yield from _in_second(second_s, list(beats))
    yield _data(_EVENT, second_s, _TIMER, _STOP_ALL)


def _without_gaps(beats: Iterable[BeatRow]) -> list[list[BeatRow]]:
    """Return the beats as runs of neighbours."""
    runs: list[list[BeatRow]] = []
    for beat in beats:
        if beat.follows and runs:
            runs[-1].append(beat)
        else:
            runs.append([beat])
    return runs


def _in_second(second_s: int, beats: list[BeatRow]) -> Iterator[bytes]:
    for at in range(0, len(beats), _TOGETHER):
        some = [round(beat.rr_ms) for beat in beats[at : at + _TOGETHER]]
        yield _data(_HRV, *some, *[_EMPTY] * (_TOGETHER - len(some)))
    rate_bpm = min(254, max(1, round(60_000 / max(beats[-1].rr_ms, 1.0))))
    yield _data(_RECORD, second_s, rate_bpm)


def _second(began_s: float, beat: BeatRow) -> int:
    return math.floor(began_s + beat.t_s)


def _definition(message: int) -> bytes:
    fields = _FIELDS[message]
    head = struct.pack(
        "<BBBHB", _DEFINITION | _LOCAL[message], 0, 0, message, len(fields)
    )
    return head + b"".join(map(bytes, fields))


def _data(message: int, *values: int) -> bytes:
    return bytes([_LOCAL[message]]) + _LAYOUT[message].pack(*values)


def _file(content: bytes) -> bytes:
    size = _HEADER.size + 2
    head = _HEADER.pack(size, _PROTOCOL, _PROFILE, len(content), b".FIT")
    whole = head + _crc(head).to_bytes(2, "little") + content
    return whole + _crc(whole).to_bytes(2, "little")


def _crc(data: bytes) -> int:
    """Return FIT's checksum: CRC-16 of 0xA001, from 0.

    Examples
    --------
    >>> hex(_crc(b"123456789"))
    '0xbb3d'
    """
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _CRC_OF[(crc ^ byte) & 0xFF]
    return crc


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


_CRC_OF: Final = tuple(map(_crc_of, range(256)))
