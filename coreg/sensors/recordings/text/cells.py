"""One cell of a table -> a number, several, none, or its text."""

import math
import re
from typing import Final

from coreg.sensors.recordings.text.spelled import is_compact

Cell = float | tuple[float, ...] | str | None
"""A number; several that stand in one cell; a text; None where a value is missing."""

NUMBER: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_PLAIN_NUMBER: Final = re.compile(NUMBER, re.ASCII)
_WITH_UNIT = re.compile(
    rf"({NUMBER})[ \u00a0\u202f]*(ms|msec|s|sec|us|µs)", re.ASCII | re.IGNORECASE
)
# Signs that stand between thousands and nowhere else: thin blanks and apostrophes.
_SURE_THOUSANDS = re.compile(r"\d{1,3}(?:[\u00a0\u202f\u2009'’]\d{3})+(?:\.\d+)?")
_SURE_SIGN = re.compile(r"[\u00a0\u202f\u2009'’]")
_SURE_SIGN_BETWEEN = re.compile(r"[|,;]")
_BETWEEN = re.compile(r"[|,;\s]+")
_LONGEST_NUMBER: Final = 40
_MISSING: Final = frozenset(
    {
        *("", "nan", "na", "n/a", "n.a.", "none", "null", "nil", "missing", "-", "--"),
        *("---", ".", "?", "#n/a", "#na", "#nv", "#null!", "#value!", "#wert!"),
        *("#div/0!", "#num!", "#zahl!", "<na>", "nat", "#n/d", "#valeur!", "[]"),
        *("#ref!", "#bezug!", "#name?", "-nan", "nan(ind)", "-nan(ind)", "1.#qnan"),
        *("-1.#ind", "(null)", "undefined", "{}", "- -", "\\n"),
    }
)


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return text.lower() in _MISSING


def number_in(text: str) -> float | None:
    """Return a number with a point before decimals; None if it is none, or too large.

    Examples
    --------
    >>> number_in("812.5"), number_in("8e2"), number_in("1e999"), number_in("n/a")
    (812.5, 800.0, None, None)
    """
    value = float(text) if _PLAIN_NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def cell_in(text: str) -> Cell:
    """Return what a cell holds, with a point before decimals.

    Examples
    --------
    >>> cell_in("812.5"), cell_in("1'054"), cell_in("NaN"), cell_in("N")
    (812.5, 1054.0, None, 'N')
    >>> cell_in("0.813|0.844")
    (0.813, 0.844)
    """
    if is_compact(text):
        return text  # a date and a time of day in digits alone
    if (value := number_in(text)) is not None:
        return value if len(text) <= _LONGEST_NUMBER else text
    if is_missing(text):
        return None
    if _SURE_THOUSANDS.fullmatch(text):
        return float(_SURE_SIGN.sub("", text))
    return _several_in(text) or text


def _several_in(text: str) -> tuple[float, ...] | None:
    """Return the numbers that stand together in one cell, None if there is a word."""
    first, last = text[0], text[-1]
    is_list = first in "[({" and last in "])}"
    inner = text[1:-1] if is_list else text
    if not is_list and (not _SURE_SIGN_BETWEEN.search(text) or _SURE_SIGN.search(text)):
        return None  # blanks alone may part columns, thin ones part thousands
    texts = _BETWEEN.split(inner.strip())
    least = 1 if first in "[{" else 2  # one in round brackets is marked by them
    values = [value for each in texts if (value := number_in(each)) is not None]
    return tuple(values) if least <= len(values) == len(texts) else None


def unit_beside(text: str) -> tuple[float, str] | None:
    """Return number and unit of a cell such as `813 ms`, None if it is no such cell."""
    found = _WITH_UNIT.fullmatch(text)
    return (float(found[1]), found[2].lower()) if found else None
