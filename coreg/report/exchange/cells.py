"""Rows as CSV that no spreadsheet takes for orders, and numbers as text."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

Cell = str | float | int | None

_BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_QUOTE: Final = "'"  # which spreadsheets read as "this is text"


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    r"""Return a table as UTF-8 text, a heading above it (RFC 4180, lines end in LF).

    A cell is empty where nothing is known. Text that a spreadsheet would run as a
    formula gets an apostrophe before it; numbers stay numbers, also those below 0.

    Examples
    --------
    >>> csv_of(["x", "name"], [(-1.5, "=1+1"), (float("nan"), "A")]).decode()
    "x,name\n-1.5,'=1+1\n,A\n"
    """
    lines = [columns, *([written(cell) for cell in row] for row in rows)]
    return "".join(f"{','.join(map(_quoted, line))}\n" for line in lines).encode()


def written(cell: Cell) -> str:
    """Return a cell as it stands in a table."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"{_QUOTE}{cell}" if cell.startswith(_BEGINS_FORMULA) else cell
    return number(cell)


def number(value: float) -> str:
    """Return the shortest text that reads back as the same number; empty for NaN.

    Examples
    --------
    >>> number(813.4765625), number(1000.0), number(float("nan")), number(0.1 + 0.2)
    ('813.4765625', '1000', '', '0.30000000000000004')
    """
    if isinstance(value, int):
        return str(int(value))
    if not math.isfinite(value):
        return ""
    return repr(value).removesuffix(".0")


def rounded(value: float, digits: int) -> str:
    """Return a number with so many decimals at most.

    Examples
    --------
    >>> rounded(0.8134765625, 6), rounded(1.0, 6), rounded(-0.0000001, 6)
    ('0.813477', '1', '0')
    """
    return number(round(value, digits) + 0.0)


def _quoted(cell: str) -> str:
    # By hand: csv.writer leaves a carriage return bare, which ends a line for others.
    if any(sign in cell for sign in ',"\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
