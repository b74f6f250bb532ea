"""How a Polar strap is told what time it is: by a query of its file transfer.

A query is two bytes of its number, the highest bit set, and its parameters as a
Protocol Buffer. It travels in packets of one byte and what fits beside it::

    packet  bit 0: it goes on | bits 1-2: 0 answer, 1 last, 3 more | bits 4-7: count
    answer  a packet of kind 0 with an error u16, 0 for none

Only what it takes to set the time is here: query 3, `{date {year, month, day}, time
{hour, minute, second, millisecond}, minutes ahead of UTC}`, numbered from 1. Read from
the vendor's open SDK (its utilities of file transfer, and the issues named in
docs/decisions/0058): no document of the vendor's lays it out.
"""

import datetime as dt
from typing import Final

from coreg.errors import BadPacketError

TRANSFER_UUID: Final = "fb005c51-02e7-f387-1cad-8acd2d8df0c8"
"""Queries are written here, and answers come from here."""
SERVICE_UUID: Final = "0000feee-0000-1000-8000-00805f9b34fb"

_SET_LOCAL_TIME: Final = 3
_IS_QUERY: Final = 0x80
_ANSWER, _LAST, _MORE = 0, 1, 3
_COUNTS: Final = 16
_NUMBER, _BYTES = 0, 2  # kinds of fields of a Protocol Buffer


def set_time_packets(utc: dt.datetime, packet_bytes: int) -> list[bytes]:
    """Return what to write, in order, to tell a strap this time.

    Examples
    --------
    >>> at = dt.datetime(2026, 12, 2, 9, 30, 15, 250_000, tzinfo=dt.UTC)
    >>> [each.hex(" ") for each in set_time_packets(at, 64)]
    ['02 03 80 0a 07 08 ea 0f 10 0c 18 02 12 09 08 09 10 1e 18 0f 20 fa 01 18 00']
    """
    date = b"".join(map(_number, (1, 2, 3), (utc.year, utc.month, utc.day)))
    of_day = (utc.hour, utc.minute, utc.second, utc.microsecond // 1000)
    time = b"".join(map(_number, (1, 2, 3, 4), of_day))
    message = (
        bytes([_SET_LOCAL_TIME, _IS_QUERY])
        + _part(1, date)
        + _part(2, time)
        + _number(3, 0)
    )
    room = packet_bytes - 1
    parts = [message[k : k + room] for k in range(0, len(message), room)]
    return [
        bytes([_head(n, _LAST if n == len(parts) - 1 else _MORE)]) + part
        for n, part in enumerate(parts)
    ]


def time_set(packets: list[bytes]) -> dt.datetime:
    """Return the time that these packets tell: for straps that are made up.

    Raises
    ------
    BadPacketError
        If they are no query to set the time.
    """
    message = b"".join(packet[1:] for packet in packets)
    kinds = [packet[0] for packet in packets]
    wanted = [_head(n, _MORE) for n in range(len(packets) - 1)]
    if kinds != [*wanted, _head(len(packets) - 1, _LAST)]:
        raise _bad(message)
    if message[:2] != bytes([_SET_LOCAL_TIME, _IS_QUERY]):
        raise _bad(message)
    fields = _fields(message[2:])
    date, time = _fields(bytes(fields[1])), _fields(bytes(fields[2]))
    try:
        year, month, day = (int(date[n]) for n in (1, 2, 3))
        hour, minute, second, ms = (int(time[n]) for n in (1, 2, 3, 4))
        return dt.datetime(
            year, month, day, hour, minute, second, 1000 * ms, tzinfo=dt.UTC
        )
    except (KeyError, ValueError, TypeError):
        raise _bad(message) from None


def is_last(packet: bytes) -> bool:
    """Whether a query ends with this packet."""
    return bool(packet) and packet[0] >> 1 & 3 == _LAST


def answer(error: int) -> bytes:
    """Return a strap's answer: 0 where all is well."""
    return bytes([_ANSWER]) + error.to_bytes(2, "little")


def error_answered(packet: bytes) -> int | None:
    """Return the error of an answer, 0 for none; None where it is another packet.

    Examples
    --------
    >>> error_answered(bytes([0, 0, 0])), error_answered(bytes([0, 201, 0]))
    (0, 201)
    """
    if not packet or packet[0] >> 1 & 3 != _ANSWER or len(packet) < 3:
        # A strap may end a query with an empty last packet: that is no error either.
        return 0 if is_last(packet) else None
    return int.from_bytes(packet[1:3], "little")


def _head(number: int, kind: int) -> int:
    return (number % _COUNTS) << 4 | kind << 1 | (number > 0)


def _number(field: int, value: int) -> bytes:
    return bytes([field << 3 | _NUMBER]) + _varint(value)


def _part(field: int, data: bytes) -> bytes:
    return bytes([field << 3 | _BYTES]) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    data = []
    while value >= _IS_QUERY:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*data, value])


def _fields(data: bytes) -> dict[int, int | bytes]:
    """Return the fields of a Protocol Buffer of numbers and parts."""
    fields: dict[int, int | bytes] = {}
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            if at >= len(data):
                raise _bad(data)
            value |= (data[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if not data[at - 1] & 0x80:
                return value

    while at < len(data):
        key = varint()
        value = varint()
        if key & 7 == _BYTES:
            fields[key >> 3] = data[at : at + value]
            at += value
        elif key & 7 == _NUMBER:
            fields[key >> 3] = value
        else:
            raise _bad(data)
    return fields


def _bad(data: bytes) -> BadPacketError:
    return BadPacketError(
        f"The query {data.hex(' ') or '(empty)'} sets no time.",
        "It is left out; a strap that is made up understands nothing else.",
    )
