"""EDF and EDF+: beats among the annotations.

An EDF+ file may hold annotations with times of their own. Those that give an interval
(`RR 812 ms`, `beat rr_ms=812`) are read; else those that mark beats (`R`, `QRS`,
`beat`, or the one letter that PhysioNet has for each sort of beat). An EDF with an ECG
alone holds no beats, and in a signal of intervals at even steps they are lost: both are
named. All other annotations are the file's own marks.
"""

import io
import re
import struct
import warnings
from collections.abc import Callable
from typing import Any, Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.file_marks import FileMarks, file_marks
from coreg.sensors.recordings.optional_package import optional_package
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    Row,
    beat_to_beat,
    listed,
    rr_in_range,
    stamped,
)
from coreg.sensors.recordings.recording import Kind, Packet, Recording
from coreg.sensors.recordings.source import FileSource, Reader

_MAGIC: Final = b"0       "
_HEADER_BYTES: Final = 256
_HEADER_SIZE: Final = slice(184, 192)  # where its length stands
_MOST_CHARS = 200  # of an annotation
_BEAT: Final = re.compile(
    r"(?i:r|qrs|beat|heart ?beat|r[- ]?(peak|wave))|[NLRVASFJEejaQ]"
)
_INTERVAL: Final = re.compile(
    r"(?<![a-z])(?:rr|r-r|ibi)(?:[ _]?(?P<unit>ms|s))?[ :=]{1,3}(?P<rr>[\d.,]+)"
    r"(?: ?(?P<after>ms|s)\b)?",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d{1,5}(\.\d{1,20})?", re.ASCII)
_ECG: Final = re.compile(r"(?<![a-z])(ecg|ekg)(?![a-z])", re.IGNORECASE)
_RR_SIGNAL: Final = re.compile(
    r"(?<![a-z])(rr|r-r|ibi|nn|ppi|hrv)(?![a-z])", re.IGNORECASE
)


def _read(source: FileSource) -> Recording:
    annotations, labels = _contents(source)
    given = _intervals(annotations)
    packets = given or _beats(annotations)
    if not packets:
        raise _without_beats(labels)
    return Recording(
        name=source.name,
        kind=Kind.EDF,
        packets=packets,
        has_times=True,
        has_clock=False,
        file_marks=_marks(annotations, is_beat=_is_interval if given else _is_beat),
    )


def _marks(
    annotations: list[tuple[float, str]], *, is_beat: Callable[[str], bool]
) -> FileMarks:
    """Return all annotations but beats; a recording begins with its first beat."""
    zero_s = next(t_s for t_s, text in annotations if is_beat(text))
    others = [each for each in annotations if not _is_interval(each[1])]
    return file_marks([each for each in others if not _is_beat(each[1])], zero_s=zero_s)


def _contents(source: FileSource) -> tuple[list[tuple[float, str]], list[str]]:
    """Return the annotations in order of time, and the signals' names."""
    edfio = optional_package("edfio", "an EDF file")
    try:
        with warnings.catch_warnings(action="error"):  # it warns of what is cut off
            edf: Any = edfio.read_edf(io.BytesIO(_in_ascii(source.data)))
        annotations = sorted((float(a.onset), str(a.text)) for a in edf.annotations)
        return annotations, [str(each.label) for each in edf.signals]
    # What a damaged header makes of a parser that trusts it.
    except (
        *(ValueError, LookupError, TypeError, ArithmeticError, AttributeError),
        *(struct.error, EOFError, OSError, MemoryError, Warning),
    ):
        raise BadRecordingError(
            "The EDF file is damaged or cut off.", EXPORT_AGAIN
        ) from None


def _in_ascii(data: bytes) -> bytes:
    """Return a file whose header is ASCII, as the standard says; some names are not."""
    size = min(len(data), int(data[_HEADER_SIZE]))
    return (
        bytes(data[:size])
        .decode("ascii", "replace")
        .replace("\ufffd", "?")
        .encode("ascii")
        + data[size:]
    )


def _intervals(annotations: list[tuple[float, str]]) -> tuple[Packet, ...]:
    """Return the intervals that annotations give; in ms where no unit is told."""
    rows: list[Row] = []
    for n, (t_s, text) in enumerate(annotations, 1):
        written = _INTERVAL.search(text[:_MOST_CHARS])
        if written:
            place = f"annotation {n}"
            rows.append((place, t_s, (_rr_ms(written, place),)))
    return stamped(rows)


def _rr_ms(written: re.Match[str], place: str) -> float:
    if not _NUMBER.fullmatch(written["rr"]):
        raise BadRecordingError(
            f"{place}: '{written[0][:40]}' gives no interval such as 'RR 812'.",
            EXPORT_AGAIN,
        )
    unit = written["unit"] or written["after"] or "ms"
    rr_ms = float(written["rr"]) * (1000 if unit.casefold() == "s" else 1)
    return rr_in_range(rr_ms, place)


def _beats(annotations: list[tuple[float, str]]) -> tuple[Packet, ...]:
    return beat_to_beat(
        [
            (f"annotation {n}", t_s, False)
            for n, (t_s, text) in enumerate(annotations, 1)
            if _is_beat(text)
        ]
    )


def _is_interval(text: str) -> bool:
    return _INTERVAL.search(text[:_MOST_CHARS]) is not None


def _is_beat(text: str) -> bool:
    return _BEAT.fullmatch(text.strip()) is not None


def _without_beats(labels: list[str]) -> BadRecordingError:
    if any(map(_RR_SIGNAL.search, labels)):
        return BadRecordingError(
            "This EDF holds a signal of intervals sampled evenly, in which the beats"
            f" are lost ({listed(labels)}).",
            "Export the RR intervals themselves, as text, one a line.",
        )
    if any(map(_ECG.search, labels)):
        return BadRecordingError(
            f"This EDF holds an ECG and no beats ({listed(labels)}).",
            "Find the R peaks with your ECG program, and export the RR intervals as"
            " text, one a line.",
        )
    return BadRecordingError(
        f"This EDF holds no beats ({listed(labels) or 'no signal'}).",
        "Export the RR intervals as text, one a line.",
    )


def _recognises(source: FileSource) -> bool:
    head = source.data[:_HEADER_BYTES]
    return (
        head.startswith(_MAGIC)
        and len(head) == _HEADER_BYTES
        and head[_HEADER_SIZE].strip().isdigit()
        and head[252:256].strip().isdigit()
    )


EDF = Reader(recognises=_recognises, read=_read)
