"""Polar measurement data: what is written to a strap, and what it answers.

A strap that measures more than beats (Polar H10, Verity Sense) offers a service of its
own: requests go to its control point, answers come back from there, samples arrive at
its data characteristic (`polar_frames`). Layout, little-endian (Polar Measurement Data
Specification for 3rd Party)::

    request   op u8 | measurement u8 | settings
    settings  {kind u8 | count u8 | value x count} x n
    answer    F0 | op u8 | measurement u8 | status u8 | [more u8 | parameters]
    features  0F | one bit for each measurement       (the control point, when read)
    stopped   01 | measurement u8 x n                 (by the strap, unasked)

An answer is held to its form and refused where it breaks it. What a newer strap may
add is kept: unknown measurements and statuses stay numbers, and are never taken for
ones that we know. Each reader has its writer beside it, so that a strap that is made up
speaks the same bytes. Subscribe to both characteristics before a stream is started, and
stop it whatever happened: one that is not stopped drains the strap.
"""

import math
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from coreg.errors import BadPacketError
from coreg.facts.kinds import Stream

SERVICE_UUID: Final = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL_UUID: Final = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA_UUID: Final = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

MTU_NEEDED: Final = 232
"""Bytes of ATT that the strap needs (3 of them are ATT's own); less cuts frames."""

MEASUREMENT: Final = {Stream.ECG: 0, Stream.ACCELERATION: 2}
"""The number by which the strap knows a stream."""

_STREAM: Final = {number: stream for stream, number in MEASUREMENT.items()}
_MEASUREMENT_BITS: Final = 0x3F  # the upper two say how it is recorded, not what

_FEATURES: Final = 0x0F
_ANSWER: Final = 0xF0
_STOPPED: Final = 0x01
_ANSWER_HEAD: Final = 4
_U8_MAX: Final = 0xFF


class Op(IntEnum):
    """What is asked of the strap."""

    GET_SETTINGS = 1
    START = 2
    STOP = 3


class Status(IntEnum):
    """How the strap took a request."""

    SUCCESS = 0
    INVALID_OP_CODE = 1
    INVALID_MEASUREMENT = 2
    NOT_SUPPORTED = 3
    INVALID_LENGTH = 4
    INVALID_PARAMETER = 5
    ALREADY_IN_STATE = 6
    INVALID_RESOLUTION = 7
    INVALID_SAMPLE_RATE = 8
    INVALID_RANGE = 9
    INVALID_MTU = 10
    INVALID_CHANNELS = 11
    INVALID_STATE = 12
    IN_CHARGER = 13


class Kind(IntEnum):
    """What a setting is of."""

    RATE_HZ = 0
    RESOLUTION_BITS = 1
    RANGE = 2  # of an acceleration: G
    RANGE_MILLIUNIT = 3
    CHANNELS = 4
    FACTOR = 5
    SECURITY = 6


_VALUE_BYTES: Final = {
    Kind.RATE_HZ: 2,
    Kind.RESOLUTION_BITS: 2,
    Kind.RANGE: 2,
    Kind.RANGE_MILLIUNIT: 4,
    Kind.CHANNELS: 1,
    Kind.FACTOR: 4,
    Kind.SECURITY: 16,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The values of one kind: all that a strap offers, or the one that is asked for.

    They are the unsigned numbers of the wire; a factor is the bits of a float there
    (`factor`).
    """

    kind: Kind
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is written to the control point."""

    op: Op
    measurement: int
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the control point says to a request.

    `op` and `status` are the numbers of the wire, which compare equal to `Op` and
    `Status`; `said` has the words. With `more`, the parameters go on in the next
    answer: join them before they are read. `more` is None in the short form, which
    ends with the status.
    """

    op: int
    measurement: int
    status: int
    more: bool | None
    parameters: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the strap can measure: its bits as they came, the first measurement first.

    Some straps with this service have none (H9, H10 with old firmware): what is not
    here is not to be started.
    """

    bitmap: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The strap ended these measurements by itself."""

    measurements: tuple[int, ...]


def stream_of(measurement: int) -> Stream | None:
    """Return the stream that a strap means by this number; None for what is not read.

    Examples
    --------
    >>> stream_of(2), stream_of(1)
    (<Stream.ACCELERATION: 'acceleration'>, None)
    """
    return _STREAM.get(measurement & _MEASUREMENT_BITS)


def streams_of(features: Features) -> frozenset[Stream]:
    """Return the streams that the strap can send.

    Examples
    --------
    >>> sorted(streams_of(Features(bitmap=bytes([5]))))
    [<Stream.ACCELERATION: 'acceleration'>, <Stream.ECG: 'ecg'>]
    """
    bits = int.from_bytes(features.bitmap, "little")
    return frozenset(
        stream for stream, number in MEASUREMENT.items() if bits >> number & 1
    )


def streams_stopped(stopped: Stopped) -> frozenset[Stream]:
    """Return the streams that ended, of those that are read."""
    ended = map(stream_of, stopped.measurements)
    return frozenset(stream for stream in ended if stream is not None)


def said(status: int) -> str:
    """Return the specification's name of a status, for a log.

    Examples
    --------
    >>> said(10), said(77)
    ('INVALID_MTU', 'UNKNOWN_77')
    """
    try:
        return Status(status).name
    except ValueError:
        return f"UNKNOWN_{status}"


def settings_wanted(stream: Stream) -> tuple[Setting, ...]:
    """Return what we ask an H10 for, where it has not said what it offers.

    ECG has one rate. Acceleration at 50 Hz is five times what a breath needs, and a
    quarter of what would travel at the strap's fastest.
    """
    if stream is Stream.ECG:
        wanted = {Kind.RATE_HZ: 130, Kind.RESOLUTION_BITS: 14}
    else:
        wanted = {Kind.RATE_HZ: 50, Kind.RESOLUTION_BITS: 16, Kind.RANGE: 8}
    return tuple(Setting(kind=kind, values=(value,)) for kind, value in wanted.items())


def settings_chosen(
    stream: Stream, offered: tuple[Setting, ...]
) -> tuple[Setting, ...]:
    """Return one value of each kind offered: the wanted one, or the next above it.

    Where all are below the wanted one it is the highest; where nothing is wanted of a
    kind, the first offered. Another rate is no fault: frames say when they were taken.

    Examples
    --------
    >>> verity = (Setting(kind=Kind.RATE_HZ, values=(26, 52, 104)),)
    >>> settings_chosen(Stream.ACCELERATION, verity)[0].values
    (52,)
    """
    wanted = {setting.kind: setting.values[0] for setting in settings_wanted(stream)}
    return tuple(
        Setting(kind=one.kind, values=(_chosen(one.values, wanted.get(one.kind)),))
        for one in offered
        if one.values and one.kind not in (Kind.FACTOR, Kind.SECURITY)
    )


def get_settings(stream: Stream) -> bytes:
    """Return the request for what the strap offers of this stream.

    Examples
    --------
    >>> get_settings(Stream.ACCELERATION).hex(" ")
    '01 02'
    """
    return _request(Op.GET_SETTINGS, stream, ())


def start(stream: Stream, settings: tuple[Setting, ...]) -> bytes:
    """Return the request to send this stream.

    Examples
    --------
    >>> start(Stream.ECG, settings_wanted(Stream.ECG)).hex(" ")
    '02 00 00 01 82 00 01 01 0e 00'
    """
    return _request(Op.START, stream, settings)


def stop(stream: Stream) -> bytes:
    """Return the request to send this stream no longer.

    Examples
    --------
    >>> stop(Stream.ECG).hex(" ")
    '03 00'
    """
    return _request(Op.STOP, stream, ())


def encode_request(request: Request) -> bytes:
    """Return the bytes to write to the control point.

    Raises
    ------
    ValueError
        If a value does not fit into its field: a mistake of the caller.
    """
    head = bytes([request.op, request.measurement])
    return head + encode_settings(request.settings)


def decode_request(data: bytes) -> Request:
    """Return what is asked: for straps that are made up.

    Raises
    ------
    BadPacketError
        If it is no request.
    """
    if len(data) < 2:
        raise _bad("request", data, "needs an operation and a measurement")
    try:
        op = Op(data[0])
    except ValueError:
        raise _bad("request", data, f"has the unknown operation {data[0]}") from None
    settings = decode_settings(data[2:])
    return Request(op=op, measurement=data[1], settings=settings)


def rate_asked_hz(asked: bytes) -> float | None:
    """Return how many samples a second a strap was asked for; None: nothing says it.

    Examples
    --------
    >>> rate_asked_hz(bytes.fromhex("02 00 00 01 82 00 01 01 0e 00"))
    130.0
    """
    try:
        settings = decode_request(asked).settings
    except BadPacketError:
        return None
    rates = (each.values for each in settings if each.kind is Kind.RATE_HZ)
    return next((float(values[0]) for values in rates if values and values[0]), None)


def encode_settings(settings: tuple[Setting, ...]) -> bytes:
    """Return settings as they travel in a request and in an answer.

    Raises
    ------
    ValueError
        If a value does not fit into its field: a mistake of the caller.
    """
    data = b""
    for setting in settings:
        size = _VALUE_BYTES[setting.kind]
        if len(setting.values) > _U8_MAX:
            raise ValueError(f"{len(setting.values)} values of {setting.kind.name}")
        data += bytes([setting.kind, len(setting.values)])
        for value in setting.values:
            if not 0 <= value < 1 << 8 * size:
                raise ValueError(f"{setting.kind.name} takes {size} bytes, not {value}")
            data += value.to_bytes(size, "little")
    return data


def decode_settings(parameters: bytes) -> tuple[Setting, ...]:
    """Return the settings in the parameters of an answer, or of a request.

    Raises
    ------
    BadPacketError
        If a kind is unknown, whose size nobody can tell, or values are missing.

    Examples
    --------
    >>> decode_settings(bytes.fromhex("0001820001010e00"))[0].values
    (130,)
    """
    settings = []
    at = 0
    while at < len(parameters):
        try:
            kind = Kind(parameters[at])
        except ValueError:
            raise _bad(
                "settings", parameters, f"hold the unknown kind {parameters[at]}"
            ) from None
        size = _VALUE_BYTES[kind]
        count = parameters[at + 1] if at + 1 < len(parameters) else 0
        values = parameters[at + 2 : at + 2 + count * size]
        if at + 1 >= len(parameters) or len(values) < count * size:
            raise _bad("settings", parameters, f"end within {kind.name}")
        settings.append(
            Setting(
                kind=kind,
                values=tuple(
                    int.from_bytes(values[k : k + size], "little")
                    for k in range(0, len(values), size)
                ),
            )
        )
        at += 2 + len(values)
    return tuple(settings)


def factor_started(answer: Answer) -> float | None:
    """Return the unit of one step of the delta frames that were started, or None.

    An H10 sends none and needs none: a single reserved byte stands there. Without a
    factor no delta frame is read.

    Raises
    ------
    BadPacketError
        If a factor is announced, and is not there or is no positive number.

    Examples
    --------
    >>> verity = decode_control(bytes.fromhex("f00202000005 0140da7f39"))
    >>> round(factor_started(verity), 9)
    0.000244
    """
    announced = answer.parameters[:1] == bytes([Kind.FACTOR])
    if answer.op != Op.START or answer.status != Status.SUCCESS or not announced:
        return None
    for setting in decode_settings(answer.parameters):
        if setting.kind is Kind.FACTOR and setting.values:
            factor = _float(setting.values[0])
            if math.isfinite(factor) and factor > 0:
                return factor
    raise _bad("answer", answer.parameters, "announces a factor and has none")


def factor_setting(factor: float) -> Setting:
    """Return a factor as a strap that is made up sends it: the nearest float of 32 bit.

    Examples
    --------
    >>> encode_settings((factor_setting(1.0),)).hex(" ")
    '05 01 00 00 80 3f'
    """
    bits = int.from_bytes(struct.pack("<f", factor), "little")
    return Setting(kind=Kind.FACTOR, values=(bits,))


def decode_control(data: bytes) -> Answer | Features | Stopped:
    """Return what came from the control point, read or indicated.

    Raises
    ------
    BadPacketError
        If it is none of the three, or shorter than it has to be.

    Examples
    --------
    >>> decode_control(bytes.fromhex("f00200 0a")).status == Status.INVALID_MTU
    True
    """
    first = data[0] if data else None
    if first == _FEATURES and len(data) > 1:
        return Features(bitmap=data[1:])
    if first == _STOPPED and len(data) > 1:
        return Stopped(measurements=tuple(data[1:]))
    if first == _ANSWER and len(data) >= _ANSWER_HEAD:
        return Answer(
            op=data[1],
            measurement=data[2],
            status=data[3],
            more=bool(data[_ANSWER_HEAD]) if len(data) > _ANSWER_HEAD else None,
            parameters=data[_ANSWER_HEAD + 1 :],
        )
    raise _bad("answer", data, "is none that is known, or is cut")


def encode_control(said_by_strap: Answer | Features | Stopped) -> bytes:
    """Return what a strap sends from its control point.

    Raises
    ------
    ValueError
        If it has no bytes: a mistake of the caller.
    """
    match said_by_strap:
        case Features(bitmap=bitmap):
            if not bitmap:
                raise ValueError("features take at least one byte")
            return bytes([_FEATURES]) + bitmap
        case Stopped(measurements=measurements):
            if not measurements:
                raise ValueError("at least one measurement is stopped")
            return bytes([_STOPPED, *measurements])
        case Answer() as answer:
            head = bytes([_ANSWER, answer.op, answer.measurement, answer.status])
            if answer.more is None:
                if answer.parameters:
                    raise ValueError("the short form of an answer has no parameters")
                return head
            return head + bytes([answer.more]) + answer.parameters


def _request(op: Op, stream: Stream, settings: tuple[Setting, ...]) -> bytes:
    request = Request(op=op, measurement=MEASUREMENT[stream], settings=settings)
    return encode_request(request)


def _chosen(values: tuple[int, ...], wanted: int | None) -> int:
    if wanted is None:
        return values[0]
    above = [value for value in values if value >= wanted]
    return min(above) if above else max(values)


def _float(bits: int) -> float:
    (value,) = struct.unpack("<f", bits.to_bytes(4, "little"))
    return float(value)


def _bad(what: str, data: bytes, why: str) -> BadPacketError:
    return BadPacketError(
        f"The strap's {what} {data.hex(' ') or '(empty)'} {why}.",
        "It is left out; if this happens often, update the strap's firmware.",
    )
