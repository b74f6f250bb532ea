"""Polar measurement data: frames of ECG and acceleration, bytes to values and back.

Layout, little-endian (Polar Measurement Data Specification for 3rd Party)::

    measurement u8 & 3F | time u64, ns | form u8: bit 7 packed, else type | body

The time is that of the frame's **last** sample, on the strap's own clock: nanoseconds
since 2000, or since whenever it was switched on. Use only its differences
(`sensors.timing.device_clock`).

======== ============ =========================================================
ECG      type 0       24-bit microvolts
motion   type 0, 1, 2 x, y, z of 8, 16 or 24 bit each, in thousandths of G
motion   packed 0, 1  16-bit x, y, z as differences (`delta_frames`), times the factor
                      of the answer to the start: G (packed 0), mG (packed 1)
======== ============ =========================================================

Anything else is refused by name. No strap is known to send ECG packed, and the vendor's
own reader refuses it: a guess there would be a heart that nobody has. A frame whose
body is no whole number of samples was cut, and which sample the time belongs to is not
known any more: all of it is refused.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from coreg.errors import BadPacketError
from coreg.facts.kinds import Stream
from coreg.sensors.decoding import delta_frames
from coreg.sensors.decoding.polar_control import MEASUREMENT, MTU_NEEDED, stream_of

_HEAD: Final = struct.Struct("<BQB")
_PACKED: Final = 0x80
_ECG_BYTES: Final = 3
_AXES: Final = 3
_PACKED_BITS: Final = 16
_MG_PER_G: Final = 1000
_ATT_HEAD_BYTES: Final = 3


class Form(IntEnum):
    """How the acceleration of a frame is written."""

    MG_8_BIT = 0
    MG_16_BIT = 1  # what an H10 sends
    MG_24_BIT = 2
    PACKED_G = 0x80  # what a Verity Sense sends
    PACKED_MG = 0x81


_AXIS_BYTES: Final = {Form.MG_8_BIT: 1, Form.MG_16_BIT: 2, Form.MG_24_BIT: 3}
_MG_PER_UNIT: Final = {Form.PACKED_G: _MG_PER_G, Form.PACKED_MG: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgFrame:
    """Voltages between the two electrodes, oldest first; the last one at `last_ns`."""

    last_ns: int
    ecg_uv: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccelerationFrame:
    """Accelerations along x, y, z, oldest first; the last one at `last_ns`.

    `form` is kept so that a frame can be written again as it came.
    """

    last_ns: int
    form: Form
    acceleration_mg: tuple[tuple[float, float, float], ...]


def was_cut(data: bytes, mtu: int) -> bool:
    """Whether this frame fills a connection whose MTU is too small for whole frames.

    Such a frame may end at a whole sample and look sound, while its last samples are
    missing and its time belongs to one of those. `mtu` is the connection's, with the
    three bytes that ATT takes.

    Examples
    --------
    >>> was_cut(bytes(20), 23), was_cut(bytes(229), 232)
    (True, False)
    """
    return mtu < MTU_NEEDED and len(data) >= mtu - _ATT_HEAD_BYTES


def decode_frame(
    data: bytes, factor: float | None = None
) -> EcgFrame | AccelerationFrame:
    """Return the samples of one notification.

    Parameters
    ----------
    data : bytes
        The value of the data characteristic.
    factor : float or None
        What the strap answered when the stream was started (`factor_started`).

    Returns
    -------
    EcgFrame or AccelerationFrame
        Voltages in microvolts, or accelerations in mG; at least one sample.

    Raises
    ------
    BadPacketError
        If it is of another measurement or form, was cut, or is packed and the size of
        a step is not known.

    Examples
    --------
    >>> decode_frame(bytes.fromhex("00 0000000000000000 00 68 00 00 58 00 00")).ecg_uv
    (104, 88)
    """
    if len(data) <= _HEAD.size:
        raise _bad(f"has {len(data)} bytes, and no sample")
    number, last_ns, form = _HEAD.unpack_from(data)
    body = data[_HEAD.size :]
    stream = stream_of(number)
    if stream is Stream.ECG and form == 0:
        return EcgFrame(last_ns=last_ns, ecg_uv=tuple(_values(body, _ECG_BYTES, 1)))
    if stream is Stream.ACCELERATION and form in tuple(Form):
        return AccelerationFrame(
            last_ns=last_ns,
            form=Form(form),
            acceleration_mg=_accelerations(body, Form(form), factor),
        )
    raise _bad(f"is of measurement {number} in form {form:#04x}, which is not read")


def encode_ecg(frame: EcgFrame) -> bytes:
    """Return the notification that holds these voltages.

    Raises
    ------
    ValueError
        If there is none, or one does not fit: a mistake of the caller.
    """
    if not frame.ecg_uv:
        raise ValueError("a frame has at least one sample")
    head = _HEAD.pack(MEASUREMENT[Stream.ECG], frame.last_ns, 0)
    return head + b"".join(_field(uv, _ECG_BYTES) for uv in frame.ecg_uv)


def encode_acceleration(frame: AccelerationFrame, factor: float | None = None) -> bytes:
    """Return the notification that holds these accelerations, to the nearest step.

    Raises
    ------
    ValueError
        If there is none, one does not fit, or a packed frame gets no factor: a mistake
        of the caller.
    """
    if not frame.acceleration_mg:
        raise ValueError("a frame has at least one sample")
    head = _HEAD.pack(MEASUREMENT[Stream.ACCELERATION], frame.last_ns, frame.form)
    size = _AXIS_BYTES.get(frame.form)
    if size is not None:
        fields = (
            _field(round(mg), size) for xyz in frame.acceleration_mg for mg in xyz
        )
        return head + b"".join(fields)
    if factor is None:
        raise ValueError("a packed frame needs the size of a step")
    step_mg = factor * _MG_PER_UNIT[frame.form]
    samples = [
        tuple(round(mg / step_mg) for mg in xyz) for xyz in frame.acceleration_mg
    ]
    return head + delta_frames.packed(samples, bits=_PACKED_BITS)


def _accelerations(
    body: bytes, form: Form, factor: float | None
) -> tuple[tuple[float, float, float], ...]:
    size = _AXIS_BYTES.get(form)
    if size is not None:
        values = _values(body, size, _AXES)
        return tuple(zip(values[::3], values[1::3], values[2::3], strict=True))
    if factor is None:
        raise _bad("is packed, and the strap did not say how large a step is")
    step_mg = factor * _MG_PER_UNIT[form]
    samples = delta_frames.unpacked(body, channels=_AXES, bits=_PACKED_BITS)
    return tuple((x * step_mg, y * step_mg, z * step_mg) for x, y, z in samples)


def _values(body: bytes, size: int, channels: int) -> list[int]:
    if len(body) % (size * channels):
        raise _bad(f"ends within a sample, {len(body)} bytes of {size * channels} each")
    return [
        int.from_bytes(body[k : k + size], "little", signed=True)
        for k in range(0, len(body), size)
    ]


def _field(value: int, size: int) -> bytes:
    half = 1 << 8 * size - 1
    if not -half <= value < half:
        raise ValueError(f"{value} takes more than {size} bytes")
    return value.to_bytes(size, "little", signed=True)


def _bad(why: str) -> BadPacketError:
    return BadPacketError(
        f"A frame of the strap's own measurements {why}.",
        "It is left out; if this happens often, move closer to the computer.",
    )
