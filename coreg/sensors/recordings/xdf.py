"""XDF of LabRecorder: a stream of RR intervals among others.

Strategy. XDF is a row of chunks: each has its length, what it is, and, but for the
file's own, the stream that it belongs to. Lengths and counts are never believed beyond
the bytes that are there, which is why no package reads them: one that makes room for
as many samples as a file claims can be made to ask for all memory by a file of a few
bytes. Only the streams that may hold intervals are looked into.

Times are those of the computer that sent the stream, with the median of its measured
offset to the recording computer added. They are arrivals.

References
----------
XDF specification 1.0, github.com/sccn/xdf/wiki/Specifications.
"""

import re
import statistics
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from xml.parsers import expat

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.file_marks import (
    FileMarks,
    file_marks,
    is_of_each_beat,
)
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    MOST_BEATS,
    listed,
    ms_per_unit,
    one_of,
    rr_in_range,
    stamped,
)
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader

_MAGIC: Final = b"XDF:"
_STREAM_HEADER, _SAMPLES, _CLOCK_OFFSET = 2, 3, 4
_FORMATS: Final = {
    "float32": "f",
    "double64": "d",
    "int8": "b",
    "int16": "h",
    "int32": "i",
    "int64": "q",
}
_RR: Final = re.compile(
    r"(?<![a-z])(rr|r-r|ibi|ppi)(?![a-z])|rr[-_ ]?interval|interbeat", re.IGNORECASE
)
_NN: Final = re.compile(r"(?<![a-z])nn(?![a-z])", re.IGNORECASE)
_TEXT: Final = "string"
_MOST_CHANNELS: Final = 64
_MOST_XML: Final = 1_000_000
_DAMAGED: Final = "Record it again, or cut the file to what is whole."


@dataclass(slots=True, kw_only=True)
class _Stream:
    """One stream while it is read: its description, samples and clock offsets."""

    name: str
    kind: str
    channels: int
    text_channels: int
    labels: tuple[str, ...]
    sample_format: str
    nominal_hz: float
    samples: list[tuple[float, tuple[float, ...]]] = field(default_factory=list)
    offsets_s: list[float] = field(default_factory=list)
    marks: list[tuple[float, str]] = field(default_factory=list)
    untimed: int = 0

    @property
    def offset_s(self) -> float:
        """What to add to its times, to have those of the recording computer."""
        return statistics.median(self.offsets_s) if self.offsets_s else 0.0

    @property
    def rr_channel(self) -> int | None:
        """Which channel holds intervals, if the stream says that one does."""
        for pattern in (_RR, _NN):  # some have both: as sent, and as accepted
            named = [n for n, each in enumerate(self.labels) if pattern.search(each)]
            if len(named) == 1 and named[0] < self.channels:
                return named[0]
        says_so = _RR.search(self.name) or _RR.search(self.kind)
        return 0 if says_so and self.channels == 1 else None


def _read(source: FileSource) -> Recording:
    streams = _streams(source.data)
    found = [each for each in streams if each.rr_channel is not None]
    if not found:
        named = listed([each.name for each in streams])
        raise BadRecordingError(
            f"None of its streams says that it holds RR intervals ({named or 'none'}).",
            "Record a stream of the type RR, or export the beats as text.",
        )
    stream = one_of(
        [(each.name or f"stream {n}", each) for n, each in enumerate(found, 1)],
        source.wanted.person or source.wanted.column,
        what="person",
    )
    channel = stream.rr_channel or 0
    values = [row[channel] for _, row in stream.samples]
    per_unit = ms_per_unit([value for value in values if value > 0])
    return Recording(
        name=source.name,
        kind=Kind.XDF,
        packets=stamped(
            (f"sample {n}", t_s + stream.offset_s, _rr_ms(row[channel], per_unit, n))
            for n, (t_s, row) in enumerate(stream.samples, 1)
        ),
        has_times=True,
        has_clock=False,
        file_marks=_marks(streams, stream),
    )


def _marks(streams: Sequence[_Stream], beats: _Stream) -> FileMarks:
    """Return the samples of all streams of text, but of one that has one a beat."""
    zero_s = beats.samples[0][0] + beats.offset_s if beats.samples else 0.0
    found: list[tuple[float, str]] = []
    of_beats = 0
    for each in streams:
        if is_of_each_beat(len(each.marks), len(beats.samples)):
            of_beats += len(each.marks)
        else:
            found += [(t_s + each.offset_s, label) for t_s, label in each.marks]
    untimed = sum(each.untimed for each in streams)
    return replace(file_marks(found, zero_s=zero_s).and_left(of_beats), untimed=untimed)


def _rr_ms(value: float, per_unit: float, number: int) -> tuple[float, ...]:
    if value != value:  # NaN: a sample without an interval  # noqa: PLR0124
        return ()
    return (rr_in_range(round(per_unit * value, 6), f"sample {number}"),)


# --- chunks -------------------------------------------------------------------


def _streams(data: bytes) -> list[_Stream]:
    streams: dict[int, _Stream] = {}
    try:
        for tag, content in _chunks(data):
            if tag == _STREAM_HEADER:
                streams[_number(content)] = _described(bytes(content[4:]))
            elif tag == _SAMPLES:
                stream = streams[_number(content)]
                if stream.rr_channel is not None:
                    stream.samples.extend(_samples(content[4:], stream))
                    _expect_few(len(stream.samples))
                elif stream.text_channels:
                    for t_s, label in _texts(content[4:], stream):
                        if t_s is None:
                            stream.untimed += 1
                        else:
                            stream.marks.append((t_s, label))
                    _expect_few(len(stream.marks) + stream.untimed)
            elif tag == _CLOCK_OFFSET:
                _, _, offset_s = struct.unpack("<Idd", content)
                streams[_number(content)].offsets_s.append(offset_s)
    except (struct.error, KeyError, IndexError):
        raise BadRecordingError(
            "The XDF file is damaged or cut off.", _DAMAGED
        ) from None
    return list(streams.values())


def _expect_few(samples: int) -> None:
    if samples > MOST_BEATS:
        raise BadRecordingError(
            f"A stream holds more than {MOST_BEATS} intervals.", EXPORT_AGAIN
        )


def _chunks(data: bytes) -> Iterator[tuple[int, memoryview]]:
    view = memoryview(data)
    at = len(_MAGIC)
    while at < len(data):
        length, at = _counted(view, at)
        if length < 2 or at + length > len(data):
            raise struct.error
        (tag,) = struct.unpack_from("<H", view, at)
        yield tag, view[at + 2 : at + length]
        at += length


def _counted(view: memoryview, at: int) -> tuple[int, int]:
    """Return a count of variable length, and where what follows it begins."""
    (value,) = struct.unpack_from({1: "<B", 4: "<I", 8: "<Q"}[view[at]], view, at + 1)
    return int(value), at + 1 + view[at]


def _number(content: memoryview) -> int:
    (number,) = struct.unpack_from("<I", content)
    return int(number)


def _samples(
    content: memoryview, stream: _Stream
) -> Iterator[tuple[float, tuple[float, ...]]]:
    """Yield the time and the values of each sample of a chunk."""
    values = struct.Struct(f"<{stream.channels}{_FORMATS[stream.sample_format]}")
    count, at = _counted(content, 0)
    for _ in range(count):
        stamp_bytes = content[at]
        at += 1
        if stamp_bytes == 8:
            (t_s,) = struct.unpack_from("<d", content, at)
            at += 8
        elif stream.nominal_hz > 0 and stream.samples:
            t_s = stream.samples[-1][0] + 1 / stream.nominal_hz
        else:
            raise BadRecordingError(
                f"The stream '{stream.name[:40]}' holds intervals without times.",
                EXPORT_AGAIN,
            )
        row = values.unpack_from(content, at)
        at += values.size
        yield float(t_s), tuple(map(float, row))


def _texts(content: memoryview, stream: _Stream) -> Iterator[tuple[float | None, str]]:
    """Yield the time, or None, and the words of each sample of a chunk.

    Values beside one another are one mark, as of a trigger and its comment.
    """
    count, at = _counted(content, 0)
    for _ in range(count):
        stamp_bytes = content[at]
        at += 1
        t_s = None
        if stamp_bytes == 8:
            (t_s,) = struct.unpack_from("<d", content, at)
            at += 8
        words: list[str] = []
        for _ in range(stream.text_channels):
            size, at = _counted(content, at)
            if at + size > len(content):
                raise struct.error
            words.append(bytes(content[at : at + size]).decode("utf-8", "replace"))
            at += size
        yield t_s, " ".join(words)


# --- descriptions -------------------------------------------------------------


def _described(xml: bytes) -> _Stream:
    said = _Description()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = said.refuse
    parser.StartElementHandler = said.start
    parser.EndElementHandler = said.end
    parser.CharacterDataHandler = said.text
    try:
        parser.Parse(xml[:_MOST_XML], True)  # noqa: FBT003 - its name is not for callers
        channels = int(said.one("channel_count"))
        nominal_hz = float(said.one("nominal_srate") or 0)
    except (expat.ExpatError, ValueError, LookupError):
        raise BadRecordingError(
            "The description of a stream is damaged.", _DAMAGED
        ) from None
    sample_format = said.one("channel_format")
    is_few = 1 <= channels <= _MOST_CHANNELS
    is_small = is_few and sample_format in _FORMATS
    return _Stream(
        name=said.one("name"),
        # Text and wide signals hold no intervals, whatever they are called.
        kind=said.one("type") if is_small else "",
        channels=channels if is_small else 0,
        labels=tuple(said.labels) if is_small else (),
        text_channels=channels if is_few and sample_format == _TEXT else 0,
        sample_format=sample_format,
        nominal_hz=nominal_hz,
    )


class _Description:
    """Gathers the words of a stream's description."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self._said: dict[str, str] = {}
        self._path: list[str] = []
        self._words: list[str] = []

    def one(self, name: str) -> str:
        """Return what stands in this element of the stream's information."""
        return self._said.get(name, "")

    def start(self, name: str, _attributes: object) -> None:
        self._path.append(name)
        self._words = []

    def end(self, name: str) -> None:
        words = "".join(self._words).strip()
        if len(self._path) == 2:
            self._said.setdefault(name, words)
        if name == "label" and self._path[-2:] == ["channel", "label"]:
            self.labels.append(words)
        self._path.pop()
        self._words = []

    def text(self, piece: str) -> None:
        self._words.append(piece)

    def refuse(self, *_said: object) -> None:
        raise BadRecordingError(
            "The description of a stream has a document type, which none has.", _DAMAGED
        )


XDF = Reader(recognises=lambda source: source.data.startswith(_MAGIC), read=_read)
