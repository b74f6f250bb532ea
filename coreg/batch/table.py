"""Rows as Parquet: one schema for every shard, and what each column means in it."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from coreg.base.packages import package
from coreg.batch.session import Row
from coreg.report.exchange.dictionary import Column
from coreg.report.exchange.session_table import columns_of_table

_FILE: Final = (
    Column(name="file", unit="", definition="The session's file, below the folder."),
)
_MORE: Final = (
    Column(
        name="couple",
        unit="",
        definition="Which couple it is: the seed of a simulated one, the folder of one"
        " with straps. Empty of recordings, which do not say who they are of.",
    ),
    Column(
        name="pair_statistic",
        unit="",
        definition="How alike the two heart rates were at the best lag, as it is"
        " counted: Fisher's z, one that comes later or is opposite counting less.",
    ),
    Column(
        name="pair_by_chance",
        unit="",
        definition="The same of chance, the mean over surrogates.",
    ),
    Column(
        name="pair_programme",
        unit="",
        definition="The same in parts in which the same was done, to the breath."
        " Only of these may one heart be compared with another couple's.",
    ),
    Column(
        name="pair_slow",
        unit="ln IBI",
        definition="What is compared of this heart's rate, one value a second from 5 s"
        " into the part, to seven digits: the course of the session is taken out. NaN"
        " where the heart is not known.",
    ),
    Column(
        name="heart_print",
        unit="",
        definition="What this heart's beats are known again by in another session,"
        " however it was cut: hashes of eight intervals in a row. In the row of the"
        " practice alone.",
    ),
    Column(
        name="error_kind",
        unit="",
        definition="Why there is no figure of this session; else empty.",
    ),
    Column(name="error", unit="", definition="The same in words."),
)
_WHOLE_NUMBERS: Final = frozenset(
    {"is_damaged", "part", "beats", "gaps", "pair_surrogates", "pair_seed"}
)
_TEXTS: Final = frozenset(
    {
        *("file", "session", "opened_utc", "practice", "source", "ending", "partner"),
        *("scope", "part_kind", "part_name", "why_empty", "cautions", "couple"),
        *("pair_untested", "pair_doing", "pair_answer", "pair_lead"),
        *("pair_programme", "heart_print", "error_kind", "error"),
    }
)
_NESTED: Final = "pair_slow"
_ABOUT: Final = {
    "table": "Each heart of each session over the whole practice (scope `practice`) and"
    " over each part of it (scope `part`), in the order of their files. Take one scope"
    " at a time. A session without figures has one row, whose error says why.",
    "pair": "Columns that begin with pair_ are of both hearts and stand the same in the"
    " row of either, but for pair_slow, which is of one.",
    "empty": "A figure is empty where too little was there for it; why_empty says so.",
    "left_out": "Sessions that either partner set aside, or that both did not open to"
    " each other, are not in it.",
}


def columns() -> tuple[Column, ...]:
    """Return what each column is, in their order."""
    return (*_FILE, *columns_of_table(), *_MORE)


@cache
def schema() -> Any:
    """Return the Arrow schema; each field says what it means.

    Raises
    ------
    MissingPackageError
        If pyarrow is not installed.
    """
    arrow = package("pyarrow")

    def kind(name: str) -> Any:
        if name in _TEXTS:
            return arrow.string()
        if name in _WHOLE_NUMBERS:
            return arrow.int64()
        return arrow.list_(arrow.float32()) if name == _NESTED else arrow.float64()

    return arrow.schema(
        [
            arrow.field(each.name, kind(each.name), metadata=each.told())
            for each in columns()
        ]
    )


def schema_of(about: Mapping[str, object]) -> Any:
    """Return the schema of a whole table, which says how it came to be."""
    told = {**_ABOUT, **about, "made_by": "coreg"}
    return schema().with_metadata({"coreg": json.dumps(told)})


def parquet_of(rows: Iterable[Row]) -> bytes:
    """Return rows as a Parquet file; what is not known is null."""
    parquet = package("pyarrow.parquet")
    target = io.BytesIO()
    parquet.write_table(table_of(list(rows)), target, compression="zstd")
    return target.getvalue()


def table_of(rows: Sequence[Row]) -> Any:
    """Return rows as an Arrow table."""
    arrow = package("pyarrow")
    wanted = schema()
    unknown = {name for row in rows for name in row} - set(wanted.names)
    if unknown:
        raise ValueError(f"no column is there for {sorted(unknown)}")
    arrays = [
        arrow.array([_known(row.get(field.name)) for row in rows], type=field.type)
        for field in wanted
    ]
    return arrow.Table.from_arrays(arrays, schema=wanted)


def _known(value: object) -> object:
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124
