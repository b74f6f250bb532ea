"""FIT files written by hand after the FIT protocol (2.0), for tests to read."""

import struct
from collections.abc import Iterable, Sequence

EPOCH_UNIX_S = 631_065_600  # FIT counts from 1989-12-31T00:00:00Z
_CRC = (
    *(0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401),
    *(0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400),
)


def crc(data: bytes) -> int:
    """Return the check sum of the protocol, four bits at a time."""
    value = 0
    for byte in data:
        for half in (byte & 0xF, byte >> 4):
            value = (value >> 4) & 0x0FFF ^ _CRC[value & 0xF] ^ _CRC[half]
    return value


def definition(local: int, number: int, *fields: tuple[int, int, int]) -> bytes:
    """Define a message: fields are (number, size in bytes, base type)."""
    head = struct.pack("<BBBHB", 0x40 | local, 0, 0, number, len(fields))
    return head + b"".join(bytes(field) for field in fields)


def whole(body: bytes) -> bytes:
    head = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    head += struct.pack("<H", crc(head))
    return head + body + struct.pack("<H", crc(head + body))


# A file id: an activity, of no maker in particular.
FILE_ID = definition(0, 0, (0, 1, 0x00), (1, 2, 0x84)) + struct.pack("<BBH", 0, 4, 255)
HRV = definition(1, 78, (0, 10, 0x84))  # five uint16, 1/1000 s
RECORD = definition(2, 20, (253, 4, 0x86), (3, 1, 0x02))  # time, heart rate
START = FILE_ID + HRV + RECORD


def hrv(rr_ms: Sequence[int]) -> bytes:
    """Return one message of up to five intervals; 65535 fills it up."""
    return struct.pack("<B5H", 1, *rr_ms, *[0xFFFF] * (5 - len(rr_ms)))


def record(unix_s: int) -> bytes:
    return struct.pack("<BIB", 2, unix_s - EPOCH_UNIX_S, 70)


def activity(seconds: Iterable[tuple[int, Sequence[int]]]) -> bytes:
    """Return a file with a record each second, and its intervals before it."""
    body = b"".join(
        b"".join(hrv(rr_ms[n : n + 5]) for n in range(0, len(rr_ms), 5))
        + record(unix_s)
        for unix_s, rr_ms in seconds
    )
    return whole(START + body)
