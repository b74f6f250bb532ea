"""What a column beside the intervals marks: a press, a note, where a part begins.

Strategy. Only a column that is called so holds marks. An app writes the word on the row
where something happened, or on every row until the next: both begin where the word is
another than on the row above. Nothing and 0 mark nothing. A number is called by its
column too, as it says nothing alone. Where nearly every row is marked the column says
something of each beat and marks no moment.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

from coreg.sensors.recordings.file_marks import (
    NO_MARKS,
    FileMarks,
    file_marks,
    is_of_each_beat,
)
from coreg.sensors.recordings.recording import Packet
from coreg.sensors.recordings.text.cells import Cell
from coreg.sensors.recordings.text.packets import Rows
from coreg.sensors.recordings.text.table import Column, Table

_MARKS_MOMENTS: Final = re.compile(
    r"(?<![a-z])(events?|ereignis\w*|markers?|marks?|marken?|markierung\w*|labels?|"
    r"annotations?|triggers?|laps?|runden?|notes?|notiz\w*|comments?|kommentare?|"
    r"bemerkung\w*|phases?|conditions?|bedingung\w*|tasks?|aufgaben?|abschnitte?|"
    r"segments?|blocks?|trial[ _]types?)(?![a-z])"
)
_NOTHING: Final = frozenset({"", "-", "none", "n/a", "nan", "na", "null", "false", "0"})


def events_in(
    table: Table, taken: Collection[int], row_t_s: Sequence[float]
) -> FileMarks:
    """Return the marks in a table's columns.

    Parameters
    ----------
    table : Table
    taken : collection of int
        Places of columns that are something else.
    row_t_s : sequence of float, seconds
        When each row was.
    """
    found: list[tuple[float, str]] = []
    dense = 0
    for column in table.columns:
        if column.place in taken or not _marks_moments(column):
            continue
        begun = _begun(column)
        if is_of_each_beat(len(begun), len(table.lines)):
            dense += len(begun)
        else:
            found += [(row_t_s[at], label) for at, label in begun]
    if not found and not dense:
        return NO_MARKS
    return file_marks(found).and_left(dense)


def times_of_rows(
    rows: Rows, packets: Sequence[Packet], numbered: Sequence[Packet]
) -> list[float]:
    """Return when each row was: where its first interval ended.

    `numbered` are the same packets with the numbers of intervals in their place. A row
    without an interval that is kept is at the one before it.
    """
    at_s = {
        int(n): t_s
        for (t_s, _), (_, held) in zip(packets, numbered, strict=True)
        for n in held
    }
    times_s: list[float] = []
    number, before_s = 0, 0.0
    for row in rows.rr_ms:
        numbers = range(number + 1, number + 1 + len(row))
        before_s = next((at_s[n] for n in numbers if n in at_s), before_s)
        times_s.append(before_s)
        number += len(row)
    return times_s


def _marks_moments(column: Column) -> bool:
    return bool(_MARKS_MOMENTS.search(column.name[:80].lower())) and not column.is_stamp


def _begun(column: Column) -> list[tuple[int, str]]:
    """Return the rows on which another word begins, and what it is."""
    begun: list[tuple[int, str]] = []
    before = ""
    for at, cell in enumerate(column.cells):
        said = _said(cell, column.name)
        if said and said != before:
            begun.append((at, said))
        before = said
    return begun


def _said(cell: Cell, name: str) -> str:
    if isinstance(cell, float):
        return f"{name} {cell:g}" if cell else ""
    text = str(cell).strip() if isinstance(cell, str) else ""
    return "" if text.casefold() in _NOTHING else text
