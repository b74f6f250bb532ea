"""Suunto: SML of Moveslink, and JSON of the Suunto app.

Both hold `R-R`: in SML and old JSON one list for the whole move, in ms and without
times; in the app's JSON a few intervals for each sample, which has a time.
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from coreg.base.bounds import BadText, json_of
from coreg.errors import BadRecordingError
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    Row,
    one_after_another,
    rr_in_range,
    stamped,
    without_steps_back,
)
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_json import (
    json_in,
    looks_like_json,
    number_of,
    objects_in,
    unix_s,
)

_SML: Final = "suunto/sml"
_BELT: Final = "Record with a heart-rate belt: the watch's own sensor sends none."
_LOOKED_AT: Final = 4096
_MOST_CHARS: Final = 1_000_000  # of one sample


def _sml(source: FileSource) -> Recording:
    found = _RrOfSml()
    parser = expat.ParserCreate()
    # A move needs no document type, and with one a few bytes can stand for gigabytes.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text
    try:
        parser.Parse(source.data, True)  # noqa: FBT003 - its name is not for callers
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 1)
        raise BadRecordingError(
            f"line {line}: the XML is damaged or cut off.", EXPORT_AGAIN
        ) from None
    if found.moves > 1:
        raise BadRecordingError(
            f"It holds {found.moves} moves.", "Give a file for each of them."
        )
    rr_ms = _numbers("".join(found.pieces))
    if not rr_ms:
        raise BadRecordingError("This Suunto move has no R-R in it.", _BELT)
    return _without_times(source, rr_ms)


def _refuse_doctype(*_said: object) -> None:
    raise BadRecordingError(
        "The XML has a document type, which no Suunto move has.", EXPORT_AGAIN
    )


class _RrOfSml:
    """Gathers the text of `R-R` / `Data`."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.moves = 0
        self._path: list[str] = []

    def start(self, name: str, _attributes: object) -> None:
        self._path.append(name)
        self.moves += name == "DeviceLog"

    def end(self, _name: str) -> None:
        self._path.pop()
        self.pieces.append(" ")

    def text(self, piece: str) -> None:
        if self._path[-2:] == ["R-R", "Data"]:
            self.pieces.append(piece)


def _json(source: FileSource) -> Recording:
    """Return what the app or an older export wrote."""
    rows: list[Row] = []
    for n, sample in enumerate(_samples(json_in(source)), 1):
        rr = _rr_of(_attributes(sample))
        if rr:
            place = f"sample {n}"
            t_s = unix_s(sample.get("TimeISO8601"), place)
            rows.append((place, t_s, tuple(rr)))
    if rows:
        held, remarks = without_steps_back(rows)
        return Recording(
            name=source.name,
            kind=Kind.SUUNTO,
            packets=stamped(held),
            has_times=True,
            has_clock=False,
            first_stamp_s=rows[0][1],
            remarks=remarks,
        )
    whole = [rr for each in objects_in(json_in(source)) if (rr := _rr_of(each))]
    if len(whole) != 1:
        raise BadRecordingError(
            "This Suunto move has no R-R in it."
            if not whole
            else f"It holds {len(whole)} moves.",
            _BELT if not whole else "Give a file for each of them.",
        )
    return _without_times(source, whole[0])


def _samples(whole: object) -> list[Mapping[str, object]]:
    return [
        sample
        for holder in objects_in(whole)
        if isinstance(holder.get("Samples"), list)
        for sample in objects_in(holder["Samples"])
        if "Attributes" in sample
    ]


def _attributes(sample: Mapping[str, object]) -> Mapping[str, object]:
    """Return a sample's SML; some versions write it as JSON within JSON."""
    given = sample.get("Attributes")
    if isinstance(given, str):
        try:
            given = json_of(given, _MOST_CHARS)
        except BadText:
            raise BadRecordingError(
                "The attributes of a sample are damaged.", EXPORT_AGAIN
            ) from None
    inner = given.get(_SML) if isinstance(given, dict) else None
    return inner if isinstance(inner, dict) else {}


def _rr_of(holder: Mapping[str, object]) -> list[float]:
    rr = holder.get("R-R")
    if not isinstance(rr, dict):
        return []
    given = rr.get("IBI", rr.get("Data"))
    if isinstance(given, str):
        return _numbers(given)
    values = given if isinstance(given, list) else [] if given is None else [given]
    return [_rr(each, f"R-R {n}") for n, each in enumerate(values, 1)]


def _numbers(text: str) -> list[float]:
    tokens = text.replace(",", " ").split()
    return [_rr(token, f"R-R {n}") for n, token in enumerate(tokens, 1)]


def _rr(value: object, place: str) -> float:
    return rr_in_range(number_of(value, place), place)


def _without_times(source: FileSource, rr_ms: list[float]) -> Recording:
    return Recording(
        name=source.name,
        kind=Kind.SUUNTO,
        packets=one_after_another(rr_ms),
        has_times=False,
        has_clock=False,
    )


def _is_sml(source: FileSource) -> bool:
    start = source.data[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and (b"<sml" in start or b"<DeviceLog" in start)


# As a name: GoldenCheetah lists it among values.
_HAS_RR: Final = re.compile(rb'"R-R"\s*:')

SUUNTO_SML = Reader(recognises=_is_sml, read=_sml)
SUUNTO_JSON = Reader(
    recognises=lambda source: (
        looks_like_json(source, b"suunto")
        or looks_like_json(source, b'"DeviceLog"')
        or (looks_like_json(source) and _HAS_RR.search(source.data) is not None)
    ),
    read=_json,
)
