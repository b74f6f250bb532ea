"""Text with a structure of its own: its beginning, its cells, its numbers."""

import codecs
from typing import Final

from coreg.sensors.recordings.lines import fault_at
from coreg.sensors.recordings.packets import EXPORT_AGAIN, rr_in_range
from coreg.sensors.recordings.source import FileSource
from coreg.sensors.recordings.text.cells import number_in

_LOOKED_AT: Final = 65_536


def beginning_of(source: FileSource) -> str:
    """Return the first part of a file as text, in the letters that its lines are in."""
    start = source.data[:_LOOKED_AT]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", errors="replace")
    try:
        # Not the last of it: a letter may be cut in two there.
        return codecs.getincrementaldecoder("utf-8-sig")().decode(start)
    except UnicodeDecodeError:  # an old file of Windows
        return start.decode("latin-1")


def cells_in(text: str, delimiter: str) -> list[str]:
    """Return the cells of a line, without the quotes around them."""
    return [cell.strip().strip('"').strip() for cell in text.split(delimiter)]


def is_number(cell: str) -> bool:
    """Whether a cell holds a number, with a decimal point or a decimal comma."""
    return value_in(cell) is not None


def value_in(cell: str) -> float | None:
    """Return the number in a cell, with a decimal point or comma; None if it is none.

    Examples
    --------
    >>> value_in("0,813"), value_in("813."), value_in("1,054.5"), value_in("n/a")
    (0.813, 813.0, None, None)
    """
    return number_in(cell.replace(",", "."))


def number_at(cell: str, line: int) -> float:
    """Return the number in a cell.

    Raises
    ------
    BadRecordingError
        If it holds none, naming the line and what stands there.
    """
    value = value_in(cell)
    if value is None:
        raise fault_at(line, f"'{cell[:40]}' is no number.", EXPORT_AGAIN)
    return value


def rr_at(cell: str, per_unit: float, line: int) -> float:
    """Return the interval in a cell, in ms."""
    return rr_in_range(round(per_unit * number_at(cell, line), 9), f"line {line}")
