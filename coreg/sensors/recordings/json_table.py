"""JSON of no known app: a table written as objects or as lists, read as one.

`[{"t": 0.8, "rr": 813}, ...]` and `{"t": [0.8, ...], "rr": [813, ...]}` hold what a CSV
holds, and mean what it means. So they are written as one, and the evidence that tells
the meaning of columns is asked; nothing is guessed here.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import MAX_LINES
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_json import json_in
from coreg.sensors.recordings.text.reader import TEXT

_MOST_COLUMNS = 100
_MOST_CELLS = 10_000_000  # a week of heartbeats, and ten things said of each
_FEWEST_ROWS = 2
_WIDEST_ROW = 8

_Columns = Mapping[str, Sequence[object]]


def _read(source: FileSource) -> Recording:
    found = _tables(_whole(source))
    if len(found) != 1:
        told = "no table" if not found else f"{len(found)} tables"
        raise BadRecordingError(
            f"This JSON is of no app that is known, and holds {told}.",
            "Give one list of RR intervals, or a CSV `arrival_s,rr_ms`.",
        )
    try:
        return TEXT.read(replace(source, data=_as_csv(found[0])))
    except BadRecordingError as error:
        if not any(name.strip() for name in found[0]):
            raise
        raise BadRecordingError(
            f"As a table below a heading of its names: {error.wrong}", error.do
        ) from None


def _whole(source: FileSource) -> object:
    """Return the values of a file; of JSON Lines, the objects of its lines."""
    lines = [line for line in source.data.splitlines() if line.strip()]
    first = lines[0].strip().removeprefix(b"\xef\xbb\xbf")
    is_lines = 1 < len(lines) < MAX_LINES and (
        first.startswith(b"{") and first.endswith(b"}")
    )
    if not is_lines:
        return json_in(source)
    return [json_in(replace(source, data=line)) for line in lines]


def _tables(whole: object) -> list[_Columns]:
    """Return the tables of a value, at its top or one step below."""
    at_top = _table(whole)
    if at_top:
        return [at_top]
    inner = whole.values() if isinstance(whole, dict) else ()
    return [table for each in inner if (table := _table(each))]


def _table(value: object) -> _Columns:
    """Return the columns of objects in a list, or of lists in an object; else none."""
    if isinstance(value, list):
        if _is_column(value):
            return {" ": value}
        value = _named_pairs(value)
        rows = [_flat(each) for each in value if isinstance(each, dict)]
        if len(rows) != len(value) or not _FEWEST_ROWS <= len(rows) < MAX_LINES:
            return {}
        names = list(dict.fromkeys(name for row in rows for name in row))
        if len(names) * len(rows) > _MOST_CELLS:
            return {}
        columns = {name: [row.get(name) for row in rows] for name in names}
    elif isinstance(value, dict):
        columns = {name: each for name, each in value.items() if _is_column(each)}
        if len({len(each) for each in columns.values()}) != 1:
            return {}
    else:
        return {}
    plain = {name: cells for name, cells in columns.items() if _is_column(cells)}
    return plain if len(plain) <= _MOST_COLUMNS else {}


def _flat(row: dict[str, object]) -> dict[str, object]:
    """Return a row whose objects are parts of it, and whose lists stand in a cell."""
    flat: dict[str, object] = {}
    for name, each in row.items():
        inner = each if isinstance(each, dict) else {}
        for part, value in inner.items():
            flat[f"{name}.{part}"] = _cell(value)
        if not inner:
            flat[name] = _cell(each)
    return flat


def _cell(value: object) -> object:
    """Return a list of numbers as the text of one cell; others as they are."""
    if isinstance(value, list) and all(isinstance(n, int | float) for n in value):
        return "|".join(map(str, value))
    return value


def _named_pairs(rows: list[object]) -> list[object]:
    """Return rows of lists, `[[0.8, 813], ...]`, as objects whose names say nothing."""
    widths = {len(each) if isinstance(each, list) else 0 for each in rows}
    if len(widths) != 1 or not 0 < widths.copy().pop() <= _WIDEST_ROW:
        return rows
    return [
        {" " * at: cell for at, cell in enumerate(each)}
        for each in rows
        if isinstance(each, list)
    ]


def _is_column(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= _FEWEST_ROWS
        and not any(isinstance(each, dict | list) for each in value)
    )


def _as_csv(columns: _Columns) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    if any(name.strip() for name in columns):
        rows.writerow(columns)
    rows.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode("utf-8", "replace")


def _recognises(source: FileSource) -> bool:
    """Whether this is a JSON object, or an array of them: a plain list is text."""
    start = source.data[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith((b'{"', b"{\n", b"{\r", b"{ ")) or (
        start.startswith(b"[") and start[1:].lstrip().startswith((b"{", b"[", b'"'))
    )


JSON_TABLE = Reader(recognises=_recognises, read=_read)
