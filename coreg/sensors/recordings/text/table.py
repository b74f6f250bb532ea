"""Lines -> a table: heading, columns, and notes beside it.

Strategy. Most rows of a table look alike: as many cells, numbers where the others have
numbers. What stands before the first such row is heading and notes, what stands after
the last is a footer. In between nothing else may stand: it is named, never left out. A
blank line between rows is a row without values, as spreadsheets write it, except where
each row is followed by one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.lines import MAX_LINES, Lines, fault_at, too_many
from coreg.sensors.recordings.text.cells import Cell, cell_in, is_missing, unit_beside
from coreg.sensors.recordings.text.dialect import Dialect, is_comment
from coreg.sensors.recordings.text.names import Role, role_of
from coreg.sensors.recordings.text.stamps import is_stamp
from coreg.sensors.recordings.text.units import states_rate_of_recording, unit_in

LOOK_THERE: Final = (
    "Write there what belongs there; leave the cell empty if a value is missing, "
    "and it is taken for a gap."
)
MOST_COLUMNS: Final = 400
_NUMBERED: Final = re.compile(r"[+-]?[\d.,]+\Z")
_UNIT: Final = re.compile(
    r"[\[(]?(?:m?sec(?:onds?)?|milliseconds?|m?s|[uµμ]s|ns|min|h|1/\d{2,4} ?s|samples?|"
    r"bpm|1/min|beats/min|k?hz|[uµμm]?v|m?g|%|#|-+|n|1|n/?a|none|d{1,4}|"
    r"(?:[dmy]{1,4}[-./, T]{0,2}){0,3}"
    r"h{1,2}[:.]m{1,2}(?:[:.]s{1,2}(?:[.,:][0sfmz]{1,6})?)?"
    r")[\])]?",
    re.IGNORECASE,
)
_UNIT_OF_TIME: Final = re.compile(
    r"m?sec|milli|(?<![a-z])[mnuµμ]?s(?![a-z])", re.IGNORECASE
)
_WORD: Final = re.compile(r"[^\W\d_]")
_MOSTLY_DIGITS: Final = 20
_DOUBLE_SPACED: Final = 0.9
_FEWEST_OF_BLOCK: Final = 5
_RULE: Final = re.compile(r"-{2,}|={2,}|_{2,}|\*{2,}|~{2,}|[—–─═]+|#{2,}")
_MOST_RULES: Final = 11
_LONG_BLOCK: Final = 20
_NEAR_ROWS: Final = 12
_OTHER_LEVEL: Final = 0.05
_GROUPED: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?)?", re.ASCII)
_BELOW: Final = re.compile(r"[^\W\d_]{3}|^[-=_*]+$|^\"?(SD|HR|LF|HF|TP|SE|CV)\b")
_COUNTED: Final = re.compile(r"n ?[=:] ?(\d{1,7})", re.IGNORECASE | re.ASCII)
_LONGEST_NAME: Final = 4  # words
_TYPES = {float: "n", tuple: "n", str: "x", type(None): "m"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A column of a table: its name, "" where there is none, and its cells.

    `unit` is what stands beside each of its numbers. `place` counts from 1.
    """

    name: str
    place: int
    cells: tuple[Cell, ...]
    unit: str = ""

    @property
    def called(self) -> str:
        """How to name it to a person."""
        return f"'{self.name}'" if self.name else f"column {self.place}"

    def numbers(self) -> Floats:
        """Return its numbers, NaN where there is none; shape (rows,)."""
        return np.array(
            [each if isinstance(each, float) else np.nan for each in self.cells],
            dtype=np.float64,
        )

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(each is None for each in self.cells)

    @property
    def is_number(self) -> bool:
        """Whether all that it holds are numbers."""
        return not self.is_empty and not any(isinstance(c, str) for c in self.cells)

    @property
    def is_stamp(self) -> bool:
        """Whether it holds dates or times of day."""
        held = [each for each in self.cells if each is not None]
        return bool(held) and all(isinstance(c, str) and is_stamp(c) for c in held)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """What a text file holds: `lines` has one line number for each row of `columns`.

    `notes` are comments, titles and other lines before the table.
    """

    lines: tuple[int, ...]
    columns: tuple[Column, ...]
    notes: tuple[str, ...]

    @property
    def has_names(self) -> bool:
        """Whether a heading names the columns."""
        return any(column.name for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: int
    texts: list[str]
    cells: list[Cell]
    written: str

    @property
    def whole(self) -> str:
        """Its text without the blanks around it, of which tabs may part cells."""
        return self.written.strip()

    @property
    def types(self) -> str:
        return "".join(
            "s" if isinstance(each, str) and is_stamp(each) else _TYPES[type(each)]
            for each in self.cells
        )


def table_of(lines: Lines, dialect: Dialect) -> Table:
    """Return the table that lines hold.

    Raises
    ------
    BadRecordingError
        If there is none, or a line within it is unlike the others; with the line.
    """
    notes = [text for _, text in lines if is_comment(text)]
    written = [(number, text) for number, text in lines if not is_comment(text)]
    rows = _rows(written, dialect)
    width, types = _shape(rows)
    first, last = _ends(rows, width, types)
    _expect_no_rules(rows[first : last + 1], width)
    body = _body(rows[first : last + 1], width, types)
    _expect_one_level(rows[first : last + 1], width)
    _expect_footer(rows[last + 1 :], width, types, len(body))
    _expect_no_blocks(lines, body)
    before = _expect_heading(rows[:first], width, types)
    commented = [
        text.lstrip().lstrip("#%/").strip()
        for number, text in lines
        if is_comment(text) and number < body[0].line
    ]
    texts = [*(row.written for row in before), *(commented if not before else [])]
    ends_empty = all(row.cells[width - 1] is None for row in body)
    _expect_columns_named(texts, body, dialect)
    names, used = _names(texts, width, dialect, ends_empty=ends_empty)
    columns = _columns(body, names)
    return Table(
        lines=tuple(row.line for row in body),
        columns=columns,
        notes=tuple([text.strip() for text in texts if text != used] + notes),
    )


def _rows(lines: Lines, dialect: Dialect) -> list[_Row]:
    rows, held = [], 0
    for number, text in lines:
        texts = dialect.cells(text) if text.strip() else []
        held += len(texts)
        if held > MAX_LINES:
            raise too_many()
        cells = [cell_in(dialect.plain(each)) for each in texts]
        rows.append(_Row(line=number, texts=texts, cells=cells, written=text))
    return rows


def _shape(rows: Sequence[_Row]) -> tuple[int, list[str]]:
    """Return how many cells most rows with numbers have, and what is in each."""
    with_numbers = [row for row in rows if "n" in row.types or "s" in row.types]
    with_numbers = [row for row in with_numbers if "n" in row.types] or with_numbers
    if not with_numbers:
        raise BadRecordingError(
            "There are no RR intervals in it; at least 2 are needed.", ONE_A_LINE
        )
    widths = Counter(len(row.cells) for row in with_numbers)
    heading = next((len(row.cells) for row in rows if set(row.types) == {"x"}), 0)
    width = max(widths, key=lambda each: (widths[each], each == heading, each))
    alike = [row.types for row in with_numbers if len(row.cells) == width]
    types = []
    for place in range(width):
        seen = Counter(each[place] for each in alike)
        del seen["m"]
        types.append(max(seen, key=lambda kind: seen[kind]) if seen else "m")
    return width, types


ONE_A_LINE: Final = (
    "Give one RR interval a line, in ms or s, or a CSV `arrival_s,rr_ms`."
)


def _is_alike(row: _Row, width: int, types: Sequence[str]) -> bool:
    """Whether a row is one of the table: empty cells at its end may be left out."""
    extra = row.cells[width:]
    if len(row.cells) < width or any(each is not None for each in extra):
        return False
    mixed = "ns" if width > 1 else ""
    return all(
        have in {"m", expected}
        or expected == "m"
        or (expected == "x" and have in "ns")
        or (expected in mixed and have in mixed)
        for have, expected in zip(row.types, types, strict=False)
    )


def _ends(rows: Sequence[_Row], width: int, types: Sequence[str]) -> tuple[int, int]:
    def begins(row: _Row) -> bool:
        alike = bool(row.cells) and _is_alike(row, width, types)
        return alike and not (set(types) - {"x", "m"} and set(row.types) <= {"x"})

    at = [i for i, row in enumerate(rows) if begins(row)]
    if not at:
        raise BadRecordingError(
            "There are no RR intervals in it; at least 2 are needed.", ONE_A_LINE
        )
    held = [i for i in at if set(rows[i].types) != {"m"}]
    return at[0], held[-1] if held else at[-1]


def _body(rows: Sequence[_Row], width: int, types: Sequence[str]) -> list[_Row]:
    """Return the rows of the table, blank lines as rows without values."""
    blanks = sum(not row.cells for row in rows)
    filled = len(rows) - blanks
    double_spaced = blanks > _DOUBLE_SPACED * (filled - 1)
    body = []
    for row in rows:
        if not row.cells:
            if not double_spaced:
                empty: list[Cell] = [None] * width
                body.append(_Row(line=row.line, texts=[], cells=empty, written=""))
            continue
        if not _is_alike(row, width, types):
            raise _odd(row, width, types)
        body.append(row)
    return body


def _expect_no_rules(rows: Sequence[_Row], width: int) -> None:
    """Refuse lines that part values into blocks: of dashes, or of other signs.

    Many of them in a list, with few values between, say each that one is missing.
    """
    at = [i for i, row in enumerate(rows) if _RULE.fullmatch(row.whole)]
    blocks = [b - a - 1 for a, b in pairwise([-1, *at, len(rows)])]
    are_missing = len(at) > _MOST_RULES or min(blocks) < _FEWEST_OF_BLOCK
    if not at or (width == 1 and is_missing(rows[at[0]].whole) and are_missing):
        return
    raise fault_at(
        rows[at[0]].line,
        f"a line '{rows[at[0]].whole[:20]}' between the values: do another person's, "
        "or another recording's, begin there?",
        "Give each part a file of its own. If one heart goes on and a value is missing "
        "there, leave the line empty, or write NaN.",
    )


def _expect_one_level(rows: Sequence[_Row], width: int) -> None:
    """Refuse a list that goes on at another level behind an empty line.

    What is missing is a beat or some: a heart does not change its level within one, as
    its level on either side shows.
    """
    empty = [i for i, row in enumerate(rows) if not row.cells]
    starts = [i for i in empty if i + 1 < len(rows) and rows[i + 1].cells]
    if width != 1 or not starts or len(starts) > _MOST_RULES:
        return
    values = np.array([_only_number(row) for row in rows])
    for begin, at, end in zip(
        [0, *starts], starts, [*starts[1:], len(rows)], strict=False
    ):
        blocks = values[begin:at], values[at + 1 : end]
        before, behind = (each[np.isfinite(each)] for each in blocks)
        if min(before.size, behind.size) < _LONG_BLOCK:
            continue
        step = float(np.median(behind)) - float(np.median(before))
        near, far = before[-_NEAR_ROWS:], behind[:_NEAR_ROWS]
        spread = float(np.hypot(np.diff(near).std(), np.diff(far).std()))
        here = float(far.mean() - near.mean()) * np.sign(step)
        if abs(step) > _OTHER_LEVEL * float(np.median(before)) and here > max(
            0.5 * abs(step), 1.5 * spread
        ):
            raise fault_at(
                rows[at].line,
                "an empty line, and behind it intervals of another level: do another "
                "person's, or another recording's, begin there?",
                "Give each part a file of its own. If one heart goes on and a value is "
                "missing there, write NaN.",
            )


def _only_number(row: _Row) -> float:
    cell = row.cells[0] if row.cells else None
    return cell if isinstance(cell, float) else float("nan")


def _expect_no_blocks(lines: Lines, body: Sequence[_Row]) -> None:
    """Refuse blocks below comments of their own: `# A` and, further down, `# B`."""
    numbers = [row.line for row in body]
    comments = [(n, text) for n, text in lines if is_comment(text)]
    within = [(n, t) for n, t in comments if numbers[0] < n < numbers[-1]]
    first = [(n, text) for n, text in comments if n < numbers[0]][-1:]
    starts = [n for n, _ in [*first, *within]]
    if not within or len(numbers) < _FEWEST_OF_BLOCK * (len(within) + 1):
        return
    texts = [text.strip().lstrip("#%/ ")[:20] for _, text in [*first, *within]]
    shown = ", ".join(f"'{each}'" for each in texts[:4])
    raise BadRecordingError(
        f"line {starts[1] if first else starts[0]}: a note between the values ({shown})"
        ": do another person's, or another recording's, begin there?",
        "Give each part a file of its own, or take the note out if one heart goes on.",
    )


def _odd(row: _Row, width: int, types: Sequence[str]) -> BadRecordingError:
    if len(row.cells) < width or any(each is not None for each in row.cells[width:]):
        have = "cell" if len(row.cells) == 1 else "cells"
        columns = "column" if width == 1 else "columns"
        wrong = f"{len(row.cells)} {have} under {width} {columns}: '{row.whole[:40]}'."
        if width == 1:
            wrong = f"'{row.whole[:40]}' is no number."
        return fault_at(row.line, wrong, LOOK_THERE)
    for text, have, expected in zip(row.texts, row.types, types, strict=False):
        if have not in {expected, "m"} and expected in "ns":
            what = "number" if expected == "n" else "time stamp"
            return fault_at(row.line, f"'{text[:40]}' is no {what}.", LOOK_THERE)
    return fault_at(row.line, f"'{row.whole[:40]}' is unlike the others.", LOOK_THERE)


def _expect_footer(
    rows: Sequence[_Row], width: int, types: Sequence[str], above: int
) -> None:
    """Refuse below a table what is no note; `N=200` is one below so many rows."""
    for row in rows:
        if all(each is None for each in row.cells):
            continue
        counted = _COUNTED.fullmatch(row.whole)
        if counted and int(counted[1]) == above:
            continue
        if set(types) == {"n"} == set(row.types) and len(row.cells) < width > 3:
            raise fault_at(
                row.line,
                f"{len(row.cells)} numbers below rows of {width}: one list that goes "
                "on from row to row?",
                "If it is one list, give one RR interval a line.",
            )
        if not _BELOW.search(row.whole):
            raise _odd(row, width, types)


def _expect_heading(
    rows: Sequence[_Row], width: int, types: Sequence[str]
) -> list[_Row]:
    """Return what stands before the table, if it can be heading and notes."""
    before = [row for row in rows if row.whole]
    for row in before:
        is_words = _WORD.search(row.whole) or any(map(is_stamp, [row.whole]))
        numbers = all(
            _NUMBERED.match(text) or unit_beside(text) or is_missing(text)
            for text in row.texts
        )
        is_ruled = not re.search(r"[\d.]", row.whole)
        if not (is_words or is_ruled) or numbers or unit_beside(row.whole):
            raise _odd(row, width, types)
        digits, letters = (
            sum(map(each, row.whole)) for each in (str.isdigit, str.isalpha)
        )
        if digits > _MOSTLY_DIGITS * max(letters, 1):
            raise _odd(row, width, types)
    return before


def _expect_columns_named(
    texts: Sequence[str], body: Sequence[_Row], dialect: Dialect
) -> None:
    """Refuse commas that part numbers below one name: 130,345.5 below `peak`."""
    width = len(body[0].cells)
    if width == 1 or dialect.delimiter != "," or not texts:
        return
    name = texts[-1].strip("\"' \t")
    is_one = "," not in name and len(name.split()) <= _LONGEST_NAME
    if (
        is_one
        and role_of(name) in {Role.RR, Role.BEAT}
        and (unit_in(name) or all(_GROUPED.fullmatch(row.whole) for row in body))
    ):
        raise BadRecordingError(
            f"Commas make {width} columns below its one heading '{name[:40]}'.",
            "Write decimals with a point, and no sign between thousands.",
        )


def _names(
    texts: Sequence[str], width: int, dialect: Dialect, *, ends_empty: bool
) -> tuple[list[str], str | None]:
    """Return each column's name, and the line that names them; the last that can.

    `ends_empty`: nothing stands in the last column, as behind a sign at a row's end.
    """
    if width == 1:
        named = [each for each in texts if not states_rate_of_recording(each)]
        return ([named[-1].strip('"').strip()], named[-1]) if named else ([""], None)
    units: list[str] | None = None
    last: str | None = None
    for text in reversed(texts):
        names = _names_in(text, width, dialect, ends_empty=ends_empty)
        if names is None:
            continue
        if units is not None:
            return _with_unit_row(names, units), last
        if not _are_units(names):
            return names, text
        units, last = names, text
    return units or [""] * width, last


def _names_in(
    text: str, width: int, dialect: Dialect, *, ends_empty: bool
) -> list[str] | None:
    """Return as many names as there are columns, if a line holds so many."""
    ways = [dialect.cells(text)]
    ways.append([each.strip() for each in re.split(r"\t|[ ]{2,}", text)])
    ways += [Dialect(delimiter=sign).cells(text) for sign in "\t;,"]
    for way in ways:
        names = list(way)
        while len(names) > width and not names[-1]:
            names.pop()
        if len(names) == width - 1 and way is ways[0]:
            # R names no column of row names; nobody names an empty one.
            names = [*names, ""] if ends_empty else ["", *names]
        is_torn = way is not ways[0] and any(unit_beside(f"1 {n}") for n in names)
        if len(names) == width and any(names) and not is_torn:
            return [each.strip("'\" ") for each in names]
    return None


def _are_units(names: Sequence[str]) -> bool:
    """Whether a line says the units of columns, whose names stand above it."""
    held = [each for each in names if each]
    return all(map(_UNIT.fullmatch, held)) and any(
        _UNIT_OF_TIME.search(each) for each in held
    )


def _with_unit_row(names: Sequence[str], units: Sequence[str]) -> list[str]:
    return [
        f"{name} [{unit.strip('[]() ')}]" if unit.strip("[]()- ") else name
        for name, unit in zip(names, units, strict=True)
    ]


def _columns(body: Sequence[_Row], names: Sequence[str]) -> tuple[Column, ...]:
    if len(names) > MOST_COLUMNS:
        raise BadRecordingError(
            f"It has {len(names)} columns, of which nothing tells what they are.",
            ONE_A_LINE,
        )
    columns = [_column(body, place, name) for place, name in enumerate(names)]
    kept = [each for each in columns if not each.is_empty or each.name]
    return tuple(_with_units(kept))


def _column(body: Sequence[_Row], place: int, name: str) -> Column:
    cells = tuple(row.cells[place] for row in body)
    held = [each for each in cells if each is not None]
    if held and all(isinstance(each, str) for each in held):
        beside = [unit_beside(each) for each in held if isinstance(each, str)]
        units = {each[1] for each in beside if each}
        if len(units) == 1 and all(beside):
            values = iter([each[0] for each in beside if each])
            cells = tuple(None if c is None else next(values) for c in cells)
            return Column(name=name, place=place + 1, cells=cells, unit=units.pop())
    return Column(name=name, place=place + 1, cells=cells)


def _with_units(columns: Sequence[Column]) -> list[Column]:
    """Return columns, each with the unit that stands in a column right of it."""
    kept: list[Column] = []
    for column in columns:
        held = {each for each in column.cells if each is not None}
        only = held.pop() if len(held) == 1 else None
        if kept and isinstance(only, str) and unit_beside(f"1 {only}"):
            left = kept[-1]
            if left.is_number and not left.unit:
                kept[-1] = Column(
                    name=left.name, place=left.place, cells=left.cells, unit=only
                )
                continue
        kept.append(column)
    return kept
