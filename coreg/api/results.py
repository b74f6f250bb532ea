"""What all results have in common: frozen, and plain where somebody wants it plain."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from coreg.errors import MissingPackageError
from coreg.facts.arrays import Floats

if TYPE_CHECKING:
    import pandas as pd


class Result:
    """Something that can be had as plain Python."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it by name, in lists, numbers and texts: ready for `json.dumps`.

        None stands where there is no number (NaN).
        """
        plain: dict[str, Any] = _plain_fields(self)
        return plain


def plain(value: Any) -> Any:
    """Return a value as plain Python; None for what is no number.

    Examples
    --------
    >>> plain({"nn_ms": np.array([800.0, np.nan])})
    {'nn_ms': [800.0, None]}
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return _plain_fields(value) if is_dataclass(value) else _plain_one(value)


def _plain_one(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)  # a word of an enumeration is its text
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain_fields(value: Any) -> dict[str, Any]:
    return {field.name: plain(getattr(value, field.name)) for field in fields(value)}


def frozen(values: ArrayLike) -> Floats:
    """Return a copy that nobody can write into.

    Examples
    --------
    >>> frozen([1.0]).flags.writeable
    False
    """
    copy = np.array(values, dtype=np.float64)
    copy.setflags(write=False)
    return copy


def frame(columns: Mapping[str, object]) -> "pd.DataFrame":
    """Return a pandas table.

    Raises
    ------
    MissingPackageError
        If pandas is not installed: coreg does not need it and does not bring it.
    """
    try:
        pandas = import_module("pandas")
    except ImportError as error:
        raise MissingPackageError(
            "A table takes pandas, which is not installed.",
            "Install it (pip install pandas), or take to_dict().",
        ) from error
    table: pd.DataFrame = pandas.DataFrame(dict(columns))
    return table
