"""Heart Rate Measurement (0x2A37): bytes to value and back, without a radio.

Layout, little-endian (Bluetooth SIG, GATT Specification Supplement; the encoding was
introduced with Heart Rate Service 1.0, 2011)::

    flags u8 | heart rate u8 or u16 | [energy u16, kJ] | RR u16 x n, 1/1024 s

What the flags announce has to be there, or the packet is refused. What they do not
announce is read past, because a newer strap may send more than we know: reserved flag
bits, an odd byte at the end, bytes after the last announced field. An RR flag without
RR is a beatless second. For packets without such extras the two functions are each
other's inverse: ``encode(decode(data)) == data`` and ``decode(encode(m)) == m``.
"""

import math
import struct
from dataclasses import dataclass

from coreg.errors import BadPacketError

TICKS_PER_S = 1024
"""RR intervals are sent in 1/1024 s; a tick is exact in milliseconds as a double."""
LONGEST_RR_MS = 64_000.0
"""An RR is sent as 16 bit in units of 1/1024 s: nothing longer can be meant."""

_WIDE_HR = 0x01
_CONTACT = 0x02
_CONTACT_SUPPORTED = 0x04
_ENERGY = 0x08
_RR = 0x10

_U8_MAX = 0xFF
_U16_MAX = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartRateMeasurement:
    """One notification of a heart-rate strap.

    `contact` is None where the strap does not sense its contact (Polar H10), so that
    "not known" is never taken for "off the skin". `energy_kj` is None where the packet
    holds none. `rr_ms` is oldest first. `wide_hr` says that the heart rate travels in
    two bytes, which some straps do below 256 too; it is kept so that a packet can be
    written again as it came.
    """

    hr_bpm: int
    wide_hr: bool
    contact: bool | None
    energy_kj: int | None
    rr_ms: tuple[float, ...]


def is_beat(rr_ms: float) -> bool:
    """Whether a beat ended this interval: with an RR of 0, straps mark a lost one.

    Examples
    --------
    >>> is_beat(820.0), is_beat(0.0), is_beat(math.nan)
    (True, False, False)
    """
    return 0 < rr_ms <= LONGEST_RR_MS


def decode(data: bytes) -> HeartRateMeasurement:
    """Return what a packet says.

    Parameters
    ----------
    data : bytes
        The value of one notification.

    Returns
    -------
    HeartRateMeasurement
        RR intervals in milliseconds, not rounded; not each need be one (`is_beat`).

    Raises
    ------
    BadPacketError
        If the packet is shorter than its flags announce.

    Examples
    --------
    >>> decode(bytes([0x10, 60, 0x00, 0x04])).rr_ms
    (1000.0,)
    """
    flags = data[0] if data else 0
    wide_hr, has_energy = bool(flags & _WIDE_HR), bool(flags & _ENERGY)
    layout = struct.Struct(
        "<B" + ("H" if wide_hr else "B") + ("H" if has_energy else "")
    )
    if len(data) < layout.size:
        raise BadPacketError(
            f"The heart-rate packet {data.hex(' ') or '(empty)'} has {len(data)} bytes"
            f" and needs at least {layout.size}.",
            "It is left out; if this happens often, move closer to the computer.",
        )
    _, hr_bpm, *energy = layout.unpack_from(data)
    return HeartRateMeasurement(
        hr_bpm=hr_bpm,
        wide_hr=wide_hr,
        contact=bool(flags & _CONTACT) if flags & _CONTACT_SUPPORTED else None,
        energy_kj=energy[0] if energy else None,
        rr_ms=_rr_ms(data[layout.size :]) if flags & _RR else (),
    )


def encode(measurement: HeartRateMeasurement) -> bytes:
    """Return the packet that says so; RR go to the nearest 1/1024 s.

    Raises
    ------
    ValueError
        If a value does not fit into its field: a mistake of the caller.

    Examples
    --------
    >>> encode(
    ...     HeartRateMeasurement(
    ...         hr_bpm=60, wide_hr=False, contact=None, energy_kj=None, rr_ms=(1000.0,)
    ...     )
    ... ).hex(" ")
    '10 3c 00 04'
    """
    flags, fields = 0, b""
    if measurement.wide_hr:
        flags |= _WIDE_HR
        fields += _u16("a heart rate in 1/min", measurement.hr_bpm)
    else:
        fields += _u8("a heart rate in 1/min (wide_hr=False)", measurement.hr_bpm)
    if measurement.contact is not None:
        flags |= _CONTACT_SUPPORTED | (_CONTACT if measurement.contact else 0)
    if measurement.energy_kj is not None:
        flags |= _ENERGY
        fields += _u16("an energy in kJ", measurement.energy_kj)
    if measurement.rr_ms:
        flags |= _RR
        fields += b"".join(map(_rr_field, measurement.rr_ms))
    return bytes([flags]) + fields


def _rr_ms(tail: bytes) -> tuple[float, ...]:
    """Return the intervals; an odd last byte is half an interval and means nothing."""
    whole = tail[: len(tail) // 2 * 2]
    return tuple(
        1000 * ticks / TICKS_PER_S for (ticks,) in struct.iter_unpack("<H", whole)
    )


def _rr_field(rr_ms: float) -> bytes:
    if not math.isfinite(rr_ms):
        raise ValueError(f"an RR interval is a number of milliseconds, not {rr_ms}")
    return _u16(f"an RR interval of {rr_ms} ms", round(rr_ms * TICKS_PER_S / 1000))


def _u8(what: str, value: int) -> bytes:
    if not 0 <= value <= _U8_MAX:
        raise ValueError(f"{what} takes 0 to {_U8_MAX}, not {value}")
    return struct.pack("<B", value)


def _u16(what: str, value: int) -> bytes:
    if not 0 <= value <= _U16_MAX:
        raise ValueError(f"{what} takes 0 to {_U16_MAX} units, not {value}")
    return struct.pack("<H", value)
