"""A session as XDF: a stream of intervals for each heart, and one of what happened.

After the specification of the Extensible Data Format 1.0 (SCCN). Samples stand at the
times of their beats, in seconds after the session was opened; nothing is sampled
evenly, and nothing fills a gap: the stream of labels says `gap` at the first beat after
one.
"""

import struct
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from coreg.facts.events import NS_PER_S, Partner
from coreg.findings.beat_rows import HeartRows, SessionRows
from coreg.report.exchange.names import of_all

_MAGIC: Final = b"XDF:"
_FILE_HEADER, _STREAM_HEADER, _SAMPLES = 1, 2, 3
_CLOCK_OFFSET, _STREAM_FOOTER = 4, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stream:
    """One stream: what it is, and its samples as (`t_s`, bytes of the values)."""

    name: str
    kind: str
    value_format: str
    channels: tuple[tuple[str, str], ...]
    samples: tuple[tuple[float, bytes], ...]


def xdf_files(rows: SessionRows) -> dict[str, bytes]:
    """Return one file of all hearts that are given."""
    head = Element("info")
    SubElement(head, "version").text = "1.0"
    if rows.began:
        SubElement(head, "datetime").text = rows.began.isoformat()
    streams = [stream for heart in rows.hearts for stream in _of_heart(heart)]
    streams.append(_of_practice(rows))
    streams += [each for heart in rows.hearts for each in _of_file(rows, heart.partner)]
    chunks = [_chunk(_FILE_HEADER, _xml(head))]
    numbered = list(enumerate(streams, 1))
    chunks += [_chunk(_STREAM_HEADER, _id(n) + _header(each)) for n, each in numbered]
    for n, each in numbered:
        if each.samples:
            chunks.append(_chunk(_SAMPLES, _id(n) + _samples(each)))
            chunks += [_chunk(_CLOCK_OFFSET, _id(n) + at) for at in _offsets(each)]
    chunks += [_chunk(_STREAM_FOOTER, _id(n) + _footer(each)) for n, each in numbered]
    return {f"{of_all(rows)}.xdf": _MAGIC + b"".join(chunks)}


def _of_heart(heart: HeartRows) -> tuple[_Stream, _Stream]:
    return (
        _Stream(
            name=f"coreg RR {heart.partner}",
            kind="RR",
            value_format="double64",
            channels=(("rr_ms", "milliseconds"), ("nn_ms", "milliseconds")),
            samples=tuple(
                (beat.t_s, struct.pack("<dd", beat.rr_ms, beat.nn_ms))
                for beat in heart.beats
            ),
        ),
        _Stream(
            name=f"coreg beat labels {heart.partner}",
            kind="Markers",
            value_format="string",
            channels=(("label", ""),),
            samples=tuple(
                (beat.t_s, _string("gap" if _is_apart(heart, at) else beat.label))
                for at, beat in enumerate(heart.beats)
            ),
        ),
    )


def _is_apart(heart: HeartRows, at: int) -> bool:
    return at > 0 and not heart.beats[at].follows


def _of_practice(rows: SessionRows) -> _Stream:
    marks = [
        (each.start_s, f"part {each.number + 1}: {each.name}") for each in rows.parts
    ]
    for pause in rows.pauses:
        marks += [(pause.start_s, "pause"), (pause.end_s, "pause over")]
    if rows.parts:
        marks.append((rows.parts[-1].end_s, "end"))
    return _Stream(
        name="coreg practice",
        kind="Markers",
        value_format="string",
        channels=(("mark", ""),),
        samples=tuple((t_s, _string(text)) for t_s, text in sorted(marks)),
    )


def _of_file(rows: SessionRows, partner: Partner) -> tuple[_Stream, ...]:
    """Return the marks of the file that a heart was imported from, where it has any."""
    marks = [each for each in rows.marks if each.partner is partner]
    if not marks:
        return ()
    return (
        _Stream(
            name=f"coreg marks of file {partner}",
            kind="Markers",
            value_format="string",
            channels=(("mark", ""),),
            samples=tuple(
                (each.t_ns / NS_PER_S, _string(each.label)) for each in marks
            ),
        ),
    )


def _header(stream: _Stream) -> bytes:
    info = Element("info")
    for name, value in (
        ("name", stream.name),
        ("type", stream.kind),
        ("channel_count", str(len(stream.channels))),
        ("nominal_srate", "0"),
        ("channel_format", stream.value_format),
        ("source_id", stream.name.replace(" ", "-")),
        ("created_at", "0"),
    ):
        SubElement(info, name).text = value
    channels = SubElement(SubElement(info, "desc"), "channels")
    for label, unit in stream.channels:
        channel = SubElement(channels, "channel")
        SubElement(channel, "label").text = label
        SubElement(channel, "unit").text = unit
        SubElement(channel, "type").text = stream.kind
    return _xml(info)


def _footer(stream: _Stream) -> bytes:
    info = Element("info")
    if stream.samples:
        SubElement(info, "first_timestamp").text = repr(stream.samples[0][0])
        SubElement(info, "last_timestamp").text = repr(stream.samples[-1][0])
    SubElement(info, "sample_count").text = str(len(stream.samples))
    SubElement(info, "clock_offsets")
    return _xml(info)


def _samples(stream: _Stream) -> bytes:
    return _length(len(stream.samples)) + b"".join(
        b"\x08" + struct.pack("<d", t_s) + values for t_s, values in stream.samples
    )


def _offsets(stream: _Stream) -> list[bytes]:
    """Say at either end that the stream's clock is the session's own."""
    ends_s = stream.samples[0][0], stream.samples[-1][0]
    return [struct.pack("<dd", t_s, 0.0) for t_s in ends_s]


def _string(text: str) -> bytes:
    data = text.encode()
    return _length(len(data)) + data


def _xml(element: Element) -> bytes:
    text: bytes = tostring(element, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0"?>' + text


def _id(number: int) -> bytes:
    return struct.pack("<I", number)


def _chunk(tag: int, content: bytes) -> bytes:
    return _length(len(content) + 2) + struct.pack("<H", tag) + content


def _length(count: int) -> bytes:
    r"""Return a number behind the number of its bytes: 1, 4 or 8.

    Examples
    --------
    >>> _length(255), _length(256)
    (b'\x01\xff', b'\x04\x00\x01\x00\x00')
    """
    size, layout = next(
        (size, layout)
        for size, layout in ((1, "<B"), (4, "<I"), (8, "<Q"))
        if count < 256**size
    )
    return bytes([size]) + struct.pack(layout, count)
