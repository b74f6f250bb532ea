"""What the library takes, looked at before anything is computed from it.

Whatever is doubtful is refused in words: a number in the wrong unit gives a figure
that looks right.
"""

import math
import operator
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coreg.errors import BadInputError
from coreg.facts.arrays import Floats

_SHORTEST_MEDIAN_MS: Final = 10.0
"""Nobody's heart: these are seconds."""
_LONGEST_MEDIAN_S: Final = 30.0
"""Nobody's heart either: these are milliseconds."""
_LONGEST_S: Final = 7 * 86_400.0


def row_of(values: ArrayLike, name: str) -> Floats:
    """Return a copy of numbers that come in one row.

    Raises
    ------
    BadInputError
        If they are not numbers, not in one row, or infinite.

    Examples
    --------
    >>> row_of([800, 810], "rr_ms")
    array([800., 810.])
    """
    if np.ma.isMaskedArray(values):
        raise BadInputError(
            f"{name} is a masked array.", "Give it with NaN in place of the mask."
        )
    try:
        found = np.asarray(values)
    except ValueError as error:
        raise _no_row(name, "rows of different lengths") from error
    if found.ndim != 1:
        raise _no_row(name, f"shape {found.shape}")
    if found.size and found.dtype.kind not in "iuf":
        raise BadInputError(
            f"{name} holds something other than numbers ({found.dtype}).",
            "Give numbers, and NaN where one is missing.",
        )
    numbers = found.astype(np.float64)
    if np.isinf(numbers).any():
        at = int(np.flatnonzero(np.isinf(numbers))[0])
        raise BadInputError(
            f"{name}[{at}] is infinite.", "Give NaN where a value is missing."
        )
    return numbers


def _no_row(name: str, seen: str) -> BadInputError:
    return BadInputError(
        f"{name} has to be one row of numbers, and is {seen}.",
        "Give one heart at a time, as a one-dimensional array.",
    )


def intervals_of(values: ArrayLike, name: str) -> Floats:
    """Return intervals in milliseconds: none below 0, not seconds, NaN allowed."""
    ms = row_of(values, name)
    if (ms < 0).any():
        at = int(np.flatnonzero(ms < 0)[0])
        raise BadInputError(
            f"{name}[{at}] is {ms[at]:g}: no interval is below 0 ms.",
            "Give NaN where a beat is known to be lost.",
        )
    beats_ms = ms[ms > 0]
    if beats_ms.size and np.median(beats_ms) < _SHORTEST_MEDIAN_MS:
        raise BadInputError(
            f"{name} is in milliseconds, and its median is {np.median(beats_ms):g}.",
            "Multiply by 1000 if these are seconds.",
        )
    return ms


def times_of(values: ArrayLike, name: str) -> Floats:
    """Return times in seconds: all known, none earlier than the one before."""
    t_s = row_of(values, name)
    if np.isnan(t_s).any():
        at = int(np.flatnonzero(np.isnan(t_s))[0])
        raise BadInputError(
            f"{name}[{at}] is NaN: a beat without a time has no place.",
            "Leave that beat out, here and in the intervals, or give its time.",
        )
    steps_s = np.diff(t_s)
    if (steps_s < 0).any():
        at = 1 + int(np.flatnonzero(steps_s < 0)[0])
        raise BadInputError(
            f"{name}[{at}] is {t_s[at]:g}, earlier than {t_s[at - 1]:g} before it.",
            "Sort the beats by time, or cut where the clock was set back.",
        )
    if steps_s.size and np.median(steps_s) > _LONGEST_MEDIAN_S:
        raise BadInputError(
            f"{name} is in seconds, and its steps are usually {np.median(steps_s):g}.",
            "Divide by 1000 if these are milliseconds.",
        )
    return t_s


def beats_of(values: ArrayLike, name: str) -> Floats:
    """Return the times of beats, each later than the one before."""
    t_s = times_of(values, name)
    same = np.flatnonzero(np.diff(t_s) == 0)
    if same.size:
        at = 1 + int(same[0])
        raise BadInputError(
            f"{name}[{at}] is {t_s[at]:g}, as the beat before it: two beats at once.",
            "Leave one of them out (numpy.unique does so for all).",
        )
    if t_s.size and t_s[-1] - t_s[0] > _LONGEST_S:
        raise BadInputError(
            f"{name} goes over {(t_s[-1] - t_s[0]) / 86_400:.3g} days.",
            "Give at most a week at a time.",
        )
    return t_s


def same_length(of: Mapping[str, NDArray[np.generic]]) -> None:
    """Raise unless all these rows have one length."""
    if len({each.size for each in of.values()}) > 1:
        sizes = ", ".join(f"{name} {each.size}" for name, each in of.items())
        raise BadInputError(
            f"These belong together and differ in length: {sizes}.",
            "Give one value of each for every beat.",
        )


def number_of(value: float, name: str, *, low: float, high: float) -> float:
    """Return a number between two limits.

    Examples
    --------
    >>> number_of(6, "breaths_per_min", low=3, high=30)
    6.0
    """
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise BadInputError(f"{name} is {value!r}.", "Give a number.") from error
    if not low <= number <= high:  # NaN is not
        raise BadInputError(
            f"{name} is {number:g}.", f"Give a number from {low:g} to {high:g}."
        )
    return number


def whole_of(value: int, name: str, *, low: int, high: float = math.inf) -> int:
    """Return a whole number between two limits.

    Examples
    --------
    >>> whole_of(7, "seed", low=0)
    7
    """
    upper = "" if high == math.inf else f" to {high:g}"
    do = f"Give a whole number from {low}{upper}."
    try:
        number = operator.index(value)
    except TypeError as error:
        raise BadInputError(f"{name} is {value!r}.", do) from error
    if not low <= number <= high:
        raise BadInputError(f"{name} is {number}.", do)
    return number


def path_of(path: "str | os.PathLike[str]") -> Path:
    """Return where a file is.

    Examples
    --------
    >>> path_of("rest.csv").name
    'rest.csv'
    """
    try:
        return Path(path)
    except TypeError as error:
        raise BadInputError(
            f"{path!r} names no file.", "Give a path, as a text or a pathlib.Path."
        ) from error
