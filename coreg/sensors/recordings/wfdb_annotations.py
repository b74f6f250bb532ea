"""PhysioNet's WFDB: the beats of an annotation file, with the header beside it.

Strategy. An annotation file has no signature: it is a row of 16-bit words, little end
first, of which the upper six bits say what is annotated and the lower ten how many
samples after the one before. So a file is taken for one only if all of it can be read
as one. How long a sample is stands in a note at its beginning (`## time resolution:
250`), or else in the header (`.hea`) beside it.

Only beats are read as heartbeats, and neither noise nor waves. Between the beats around
a stretch of ventricular flutter, or of no readable signal, lies no interval. Notes, and
where a rhythm begins, are the file's own marks, in the words that stand there.

References
----------
Moody, G. B. WFDB Programmer's Guide, section "Annotations" and `ecgcodes.h`; WFDB
Applications Guide, `annot(5)` and `header(5)`.
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.file_marks import FileMarks, file_marks
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    beat_to_beat,
    one_of,
)
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader

# Codes of beats: normal, bundle branch blocks, ectopic ones of all kinds, fusion,
# paced, escape, "R on T", and beats not classified.
_BEATS: Final = frozenset({*range(1, 14), 25, 30, 34, 35, 38, 41})
_FLUTTER: Final = frozenset({31, 32, 33})  # a wave of it, its begin, its end
_NOISE: Final = 14
_NOTED: Final = frozenset({22, 28})  # a note, and where a rhythm begins
_UNREADABLE: Final = 0x10  # in a note of signal quality: all signals unreadable
_SKIP, _NUM, _SUB, _CHAN, _AUX = 59, 60, 61, 62, 63
_LAST_CODE: Final = 49
_HIGHEST_HZ: Final = 100_000
_USUAL_HZ: Final = 250.0  # header(5): where a header names no rate
_MOST_HEADER_BYTES: Final = 100_000
_LARGEST_ANNOTATION_FILE: Final = 20_000_000

_TEXT = re.compile(rb"[\t\n\r -~]*")
_RESOLUTION = re.compile(rb"## time resolution: (\d{1,6}(?:\.\d{1,9})?)")
_RECORD_LINE = re.compile(
    r"[\w/-]{1,80}[ \t]+\d{1,3}(?:[ \t]+(\d{1,7}(?:\.\d{1,9})?)(?:[/(\s]|$).*|[ \t]*$)",
    re.ASCII,
)
_SIGNAL_LINE = re.compile(r"\S+\.\w+[ \t]+\d{1,3}(x\d+)?(:\d+)?(\+\d+)?([ \t]|$)")
_NO_ANNOTATIONS: Final = (".hea", ".dat", ".mat", ".txt", ".csv", ".hea-", ".xws")


class _NoAnnotationsError(Exception):
    """Bytes that are no annotation file."""


class _Annotations:
    """What an annotation file holds.

    `found` has the sample, the code and the sub-code of each annotation, `notes` the
    sample and the words of notes and rhythms. `rate_hz` is what the file itself says of
    its samples, or None.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) % 2 or not 4 <= len(data) <= _LARGEST_ANNOTATION_FILE:
            raise _NoAnnotationsError
        self.found: list[tuple[int, int, int]] = []
        self.notes: list[tuple[int, str]] = []
        self.rate_hz: float | None = None
        self._data = data
        self._words = [word for (word,) in struct.iter_unpack("<H", data)]
        self._sample = 0
        if self._words[-1] != 0:  # the end is marked
            raise _NoAnnotationsError
        at = 0
        while at < len(self._words) - 1:
            at = self._take(self._words[at] >> 10, self._words[at] & 0x3FF, at + 1)
        if at >= len(self._words):
            raise _NoAnnotationsError

    def _take(self, code: int, low: int, at: int) -> int:
        """Take in one word; return where the next begins."""
        if code == _SKIP:
            return self._skip(at)
        if code == _AUX:
            return self._note(low, at)
        if code == _SUB:
            if self.found:
                self.found[-1] = (*self.found[-1][:2], low & 0xFF)
        elif code in (_NUM, _CHAN):
            pass
        elif code > _LAST_CODE or (code == 0 and low == 0):  # the end, in the middle
            raise _NoAnnotationsError
        else:
            self._sample += low
            if code > 0:  # with 0 some only take a step
                self.found.append((self._sample, code, 0))
        return at

    def _skip(self, at: int) -> int:
        """Take in a step of more than ten bits: two words, the upper one first."""
        if at + 2 >= len(self._words):
            raise _NoAnnotationsError
        upper, lower = self._words[at : at + 2]
        (step,) = struct.unpack("<i", struct.pack("<HH", lower, upper))
        self._sample += step
        return at + 2

    def _note(self, length: int, at: int) -> int:
        words = self._data[2 * at : 2 * at + length]
        told = _RESOLUTION.match(words)
        if told and self.rate_hz is None:
            self.rate_hz = float(told[1])
        elif self.found and self.found[-1][1] in _NOTED:
            text = words.rstrip(b"\0").decode("utf-8", "replace")
            self.notes.append((self.found[-1][0], text))
        return at + (length + 1) // 2


def _recognises(source: FileSource) -> bool:
    data = source.data
    # Padded text can be read as annotations, too.
    if data[-2:] != b"\x00\x00" or _TEXT.fullmatch(data.rstrip(b"\x00")):
        return False
    try:
        found = _Annotations(data).found
    except _NoAnnotationsError:
        return False
    samples = [sample for sample, _, _ in found]
    beats = sum(code in _BEATS for _, code, _ in found)
    return beats >= 2 and samples == sorted(samples)


def _read(source: FileSource) -> Recording:
    annotations = _Annotations(source.data)
    return _recording(source, annotations, _rate_hz(source.path, annotations))


def _recording(
    source: FileSource, annotations: _Annotations, rate_hz: float
) -> Recording:
    if not 1 <= rate_hz <= _HIGHEST_HZ:
        raise BadRecordingError(
            f"Its header tells of {rate_hz:g} samples a second.", EXPORT_AGAIN
        )
    return Recording(
        name=source.name,
        kind=Kind.WFDB,
        packets=beat_to_beat(list(_beats(annotations, rate_hz))),
        has_times=True,
        has_clock=False,
        file_marks=_marks(annotations, rate_hz),
    )


def _marks(annotations: _Annotations, rate_hz: float) -> FileMarks:
    """Return notes and rhythms; the recording begins with the first beat."""
    first = next(sample for sample, code, _ in annotations.found if code in _BEATS)
    said = [
        (sample / rate_hz, text)
        for sample, text in annotations.notes
        if not text.startswith("## ")
    ]
    return file_marks(said, zero_s=first / rate_hz)


def _beats(
    annotations: _Annotations, rate_hz: float
) -> Iterator[tuple[str, float, bool]]:
    """Yield each beat's time, and whether it follows a stretch without beats."""
    is_broken = False
    for n, (sample, code, subcode) in enumerate(annotations.found, 1):
        if code in _BEATS:
            yield f"annotation {n}", sample / rate_hz, is_broken
            is_broken = False
        elif code in _FLUTTER or (code == _NOISE and subcode & _UNREADABLE):
            is_broken = True


def _rate_hz(path: Path | None, annotations: _Annotations) -> float:
    if annotations.rate_hz is not None:
        return annotations.rate_hz
    header = path.with_suffix(".hea") if path is not None else None
    if header is None or not header.is_file():
        raise BadRecordingError(
            "These are WFDB annotations, which count in samples; how many there are a"
            " second stands in the header, and it is not there.",
            f"Put {header.name if header else 'its header (.hea)'} beside it.",
        )
    return _rate_in(_bytes_of(header, _MOST_HEADER_BYTES))


def _bytes_of(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        raise BadRecordingError(
            f"{path.name} beside it cannot be read.", "Look at who may read it."
        ) from None


def _rate_in(header: bytes) -> float:
    line = _record_line(header)
    if line is None:
        raise BadRecordingError(
            "The header (.hea) beside it is no WFDB header.", "Download it again."
        )
    return float(line[1]) if line[1] else _USUAL_HZ


def _record_line(header: bytes) -> re.Match[str] | None:
    """Return the first line of a header that is no comment."""
    lines = header.decode("latin-1").splitlines()
    first = next((x for x in lines if x.strip() and not x.startswith("#")), "")
    return _RECORD_LINE.match(first.strip())


def _is_header(source: FileSource) -> bool:
    """Whether this is a header: a record's line, and one for a signal below."""
    if b"\x00" in source.data[:4096] or _record_line(source.data[:4096]) is None:
        return False
    lines = source.data[:4096].decode("latin-1").splitlines()
    plain = [x for x in lines if x.strip() and not x.startswith("#")]
    return len(plain) > 1 and bool(_SIGNAL_LINE.match(plain[1]))


def _read_beside(source: FileSource) -> Recording:
    """Read the annotations beside a header."""
    beside: list[tuple[str, _Annotations]] = []
    if source.path is not None:
        for path in sorted(source.path.parent.glob(f"{_plain(source.path.stem)}.*")):
            if path.suffix in _NO_ANNOTATIONS or not path.is_file():
                continue
            data = _bytes_of(path, _LARGEST_ANNOTATION_FILE + 1)
            if _recognises(FileSource(name=path.name, data=data)):
                beside.append((path.suffix.lstrip("."), _Annotations(data)))
    if not beside:
        raise BadRecordingError(
            "This is the header of a WFDB record; no annotated beats are beside it.",
            "Put its annotations beside it (.atr, .qrs, .ecg), or make some with gqrs.",
        )
    found = one_of(beside, source.wanted.column, what="column")
    return _recording(source, found, _rate_in(source.data))


def _plain(stem: str) -> str:
    """Return a name for a pattern in which it stands for itself."""
    return re.sub(r"([\[\]*?])", r"[\1]", stem)


WFDB_ANNOTATIONS = Reader(recognises=_recognises, read=_read)
WFDB_HEADER = Reader(recognises=_is_header, read=_read_beside)
