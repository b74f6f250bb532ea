"""One heart's intervals twice in a table: as measured, and as somebody corrected them.

Strategy. Two columns that agree in nearly all rows are one heart. Where they agree in
all of them, in whatever unit, either will do. Where they differ in some, the names say
which was measured: that one is read, as coreg cleans for itself and a corrected column
hides what was lost; a remark names both. Where no name says it, nobody guesses.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.text import evidence
from coreg.sensors.recordings.text.table import Column

_NEAR: Final = 0.002
_ROUNDED: Final = 1.02  # of half a unit of the last digit
_MEASURED: Final = re.compile(
    r"(?<![a-z])(?:raw|orig\w*|un-?corrected|un-?filtered|un-?edited|measured|roh\w*|"
    r"ungefiltert\w*|unkorrigiert\w*|gemessen\w*|before|vorher|brut\w*)(?![a-z])|rawibi"
)
_WORKED_ON: Final = re.compile(
    r"(?<![a-z])(?:clean\w*|corr|corrected|filt\w*|edited|interp\w*|proc\w*|final|"
    r"bereinigt\w*|korrigiert\w*|gefiltert\w*|after|nachher|nn|nni|nns|n-n|fixed|"
    r"smoothed|artifact[ _-]?free|artefaktfrei|normal|valid|accepted)(?![a-z])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Columns without those that hold the same; `about` says what a remark is of."""

    columns: tuple[Column, ...]
    about: Mapping[str, str | int] | None = None


def without_versions(columns: Sequence[Column]) -> Kept:
    """Return columns, of those that hold one heart the one that was measured.

    Raises
    ------
    BadRecordingError
        If two differ in some rows and no name says which of them was measured.
    """
    kept: list[Column] = []
    about: Mapping[str, str | int] | None = None
    for column in columns:
        same = next(
            (i for i, k in enumerate(kept) if _is_same_heart(column, k)),
            None,
        )
        if same is None:
            kept.append(column)
            continue
        one = kept[same]
        rows = _differing(one, column)
        if not rows:
            continue
        kept[same], other = _measured_first(one, column, rows)
        about = {"column": _called(kept[same]), "other": _called(other), "n": rows}
    return Kept(columns=tuple(kept), about=about)


def are_said_to_be_versions(columns: Sequence[Column]) -> bool:
    """Whether the names of two columns say that one of them was worked on."""
    ranks = [_rank(each) for each in columns]
    return len(columns) == 2 and (
        ranks[0] != ranks[1] and (min(ranks) == 0 or max(ranks) == 2)
    )


def _is_same_heart(one: Column, other: Column) -> bool:
    return evidence.is_same(one.numbers(), other.numbers())


def _differing(one: Column, other: Column) -> int:
    """Return in how many rows two columns differ, or only one holds something."""
    first, second = one.numbers(), other.numbers()
    both = np.isfinite(first) & np.isfinite(second) & (first > 0) & (second > 0)
    usual = float(np.median(first[both] / second[both]))
    unlike = np.zeros(first.size, dtype=bool)
    off = np.abs(first[both] - usual * second[both])
    rounded = 0.5 * (_last_digit(first[both]) + usual * _last_digit(second[both]))
    unlike[both] = off > np.maximum(_NEAR * first[both], _ROUNDED * rounded)
    alone = (np.isfinite(first) & (first > 0)) != (np.isfinite(second) & (second > 0))
    return int(np.count_nonzero(unlike | alone))


def _last_digit(values: np.ndarray) -> float:
    """Return the unit of the last digit that numbers are written with."""
    for decimals in range(6):
        if np.all(np.abs(values - np.round(values, decimals)) < 1e-9):
            return float(10.0**-decimals)
    return 0.0


def _measured_first(one: Column, other: Column, rows: int) -> tuple[Column, Column]:
    ranks = _rank(one), _rank(other)
    if ranks[0] == ranks[1]:
        raise BadRecordingError(
            f"The columns {one.called} and {other.called} hold one heart and differ in "
            f"{rows} {'row' if rows == 1 else 'rows'}, and nothing says which was "
            "measured and which corrected.",
            f"Say which to read, such as --column {_called(one)}.",
        )
    return (one, other) if ranks[0] < ranks[1] else (other, one)


def _rank(column: Column) -> int:
    """Return 0 for what was measured by its name, 2 for what was corrected."""
    name = column.name.lower()
    if _MEASURED.search(name):
        return 0
    return 2 if _WORKED_ON.search(name) else 1


def _called(column: Column) -> str:
    return column.name or str(column.place)
