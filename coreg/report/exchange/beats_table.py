"""A row a beat, as tidy CSV and as Parquet, each with what its columns mean."""

import io
import json
import math
from collections.abc import Iterator
from typing import Any, Final

from coreg.base.packages import package
from coreg.findings.beat_rows import BeatRow, HeartRows, SessionRows
from coreg.report.exchange.cells import Cell, csv_of
from coreg.report.exchange.dictionary import BEATS, dictionary_of
from coreg.report.exchange.names import of_all

_NAMES: Final = tuple(each.name for each in BEATS)


def csv_files(rows: SessionRows) -> dict[str, bytes]:
    """Return the table and its data dictionary; A's beats come before B's."""
    return {
        f"{of_all(rows)}-beats.csv": csv_of(_NAMES, _cells(rows)),
        f"{of_all(rows)}-beats.json": dictionary_of(BEATS, about(rows)),
    }


def parquet_files(rows: SessionRows) -> dict[str, bytes]:
    """Return the same table as Parquet; what is not known is null.

    Raises
    ------
    MissingPackageError
        If pyarrow is not installed.
    """
    arrow, parquet = package("pyarrow"), package("pyarrow.parquet")
    types = {
        "t_s": arrow.float64(),
        "rr_ms": arrow.float64(),
        "nn_ms": arrow.float64(),
        "gap_before_s": arrow.float64(),
        "part": arrow.int32(),
        "in_pause": arrow.int8(),
    }
    fields = [
        arrow.field(
            each.name, types.get(each.name, arrow.string()), metadata=each.told()
        )
        for each in BEATS
    ]
    schema = arrow.schema(fields, metadata={"coreg": json.dumps(about(rows))})
    columns = zip(*_cells(rows), strict=True)
    arrays = [
        arrow.array([_known(cell) for cell in column], type=field.type)
        for field, column in zip(fields, columns, strict=True)
    ]
    target = io.BytesIO()
    parquet.write_table(arrow.Table.from_arrays(arrays, schema=schema), target)
    return {f"{of_all(rows)}-beats.parquet": target.getvalue()}


def about(rows: SessionRows) -> dict[str, object]:
    """Return what is said of the whole table."""
    told: dict[str, object] = {
        "session": rows.name,
        "opened_utc": rows.began.isoformat() if rows.began else None,
        "practice": rows.title,
        "source": rows.source.value,
        "partners": [each.partner.value for each in rows.hearts],
        "made_by": "coreg",
    }
    if rows.is_cut:
        told["damaged"] = "The recording is damaged; this is what came before."
    return told


def _cells(rows: SessionRows) -> Iterator[tuple[Cell, ...]]:
    for heart in rows.hearts:
        for beat in heart.beats:
            yield _row(rows, heart, beat)


def _row(rows: SessionRows, heart: HeartRows, beat: BeatRow) -> tuple[Cell, ...]:
    part = beat.part
    return (
        rows.name,
        heart.partner.value,
        beat.t_s,
        beat.rr_ms,
        beat.nn_ms,
        beat.label.value,
        beat.gap_before_s,
        part.number + 1 if part else None,
        part.kind if part else None,
        part.name if part else None,
        int(beat.in_pause),
    )


def _known(cell: Cell) -> Any:
    return None if isinstance(cell, float) and math.isnan(cell) else cell
