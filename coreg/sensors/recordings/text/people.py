"""Whose rows are whose: labels that part a table into people, recordings or parts.

Strategy. What parts the rows is never passed over: either it is known for a mark of
single beats (N and V, flags, quality, sleep), or the rows are of several hearts or
recordings, which are named, and one of them has to be asked for. A name decides where
it can only be one thing; elsewhere the labels themselves do, and whether the time goes
on by one interval where they change, as it does within one heart.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum, auto
from itertools import pairwise
from typing import Final

import numpy as np

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.source import Wanted
from coreg.sensors.recordings.text import evidence, stamps
from coreg.sensors.recordings.text.cells import Cell
from coreg.sensors.recordings.text.names import (
    Role,
    is_stranger,
    role_of,
    same_name,
)
from coreg.sensors.recordings.text.table import Column, Table
from coreg.sensors.recordings.text.units import FASTEST_MS, SLOWEST_MS

_MOST_GROUPS: Final = 50
_SHOWN: Final = 6
_FEWEST_OF_BLOCK: Final = 5
_LEAST_SHARE: Final = 0.1
_LONG_BLOCK: Final = 10
_GOES_ON_S: Final = 1.5
_HALF_DAY_S: Final = 43_200.0
_FEWEST_OF_SERIALS: Final = 1000
_TWICE: Final = 1.5

_RECORDING: Final = re.compile(
    r"(?<![a-z])(id|ids|file|files|filename|datei|dateiname|session|sessions|sitzung|"
    r"recording|recordings|record|aufnahme|messung|dataset|source|quelle|mac|serial|"
    r"seriennummer|address|addr|adresse|channel|kanal|belt|gurt|wer|kennung|visit|"
    r"couple|paar|whose|group|gruppe|h10|hr_?id|uuid|member|player|side|seat|platz)"
    r"(?![a-z])|(?:file|session|device|source|record)[ _-]?(?:id|name)|ger[äa]e?t",
    re.IGNORECASE,
)
_PART: Final = re.compile(
    r"(?<![a-z])(condition|conditions|bedingung|task|aufgabe|block|part|teil|section|"
    r"abschnitt|segment|trial|run|phase|period|treatment|intervention|epoch|"
    r"activity|aktivit\w*|posture|haltung|position|lage|"
    r"körperlage|exercise|übung|state|zustand)(?![a-z])",
    re.IGNORECASE,
)
_MARK: Final = re.compile(
    r"(?<![a-z])(flag|flags|artifacts?|artefacts?|artefakte?|label|labels|annotations?|"
    r"ann|events?|markers?|marks?|valid|ok|status|quality|qualität|contact|blocker|"
    r"notes?|comments?|kommentar|bemerkung|type|typ|beat[ _-]?type|rhythm|rhythmus|"
    r"sleep|schlaf\w*|stage|stadium|corrected|class|unit|einheit|age|sex)(?![a-z])",
    re.IGNORECASE,
)
# The beat labels of WFDB and of others: marks, where N is among them.
_BEATS: Final = frozenset("nlrbajsvfequxtp~|/+01-")
_SAID_OF_BEATS: Final = frozenset(
    {
        *("n", "normal", "nn", "v", "pvc", "vpc", "vebs", "veb", "s", "sve", "pac"),
        *("apc", "a", "f", "u", "q", "ectopic", "ektopisch", "artifact", "artefact"),
        *("artefakt", "noise", "noisy", "good", "bad", "gut", "schlecht", "ok", "okay"),
        *("yes", "no", "y", "ja", "nein", "j", "true", "false", "t", "valid"),
        *("invalid", "accepted", "rejected", "clean", "corrected", "original", "raw"),
        *("missed", "missing", "extra", "long", "short", "on", "off", "contact"),
        *("none", "beat", "wake", "w", "n1", "n2", "n3", "n4", "rem", "r", "light"),
        *("deep", "awake", "asleep", "sleep", "wach", "sit", "sitting", "walk"),
        *("walking", "run", "running", "stand", "standing", "lie", "lying", "supine"),
        *("sitzen", "gehen", "laufen", "stehen", "liegen", "0", "1", "-1"),
    }
)
_MAYBE_TIMES: Final = frozenset({Role.TIME, Role.UNNAMED})
_SIGNS: Final = ":;=,. \t"
_MOST_MEASURES: Final = 12
_NO_MEASURES: Final = frozenset({Role.UNNAMED, Role.PERSON, Role.INDEX, Role.BEAT})


class SeveralHearts(BadRecordingError):
    """Refused because two columns, or two people, can each be meant."""


class _Split(Enum):
    PEOPLE = auto()
    RECORDINGS = auto()
    PARTS = auto()


def _of_intervals_alone(table: Table) -> Table:
    """Return the rows of intervals of a table that names what each row holds.

    `rr,812` and `hr,74` in turn are no two hearts. The column of values takes the name
    that its rows have, and with it the unit.
    """
    named = [c for c in table.columns if not c.is_empty and _is_text(c)]
    values = [c for c in table.columns if c.is_number and is_stranger(c.name)]
    for column in named:
        groups = set(column.cells)
        if not 2 <= len(groups) <= _MOST_MEASURES or len(values) != 1:
            continue
        names = [each for each in groups if isinstance(each, str)]
        rr = [each for each in names if role_of(each) is Role.RR]
        others = [each for each in names if each not in rr]
        known = len(names) == len(groups) and not any(map(is_stranger, others))
        if len(rr) == 1 and known and not {role_of(e) for e in others} & _NO_MEASURES:
            rows = [i for i, each in enumerate(column.cells) if each == rr[0]]
            table = _at_places(table, rows, without=column)
            return replace(
                table,
                columns=tuple(
                    replace(each, name=rr[0]) if each.place == values[0].place else each
                    for each in table.columns
                ),
            )
    return table


def of_one(table: Table, wanted: Wanted) -> tuple[Table, str | None]:
    """Return the rows of the one that was asked for, and the column, if one was.

    Raises
    ------
    SeveralHearts
        If the rows are of several people, recordings or parts, and none was chosen.
    """
    asked = _choices(wanted.person)
    if not asked and wanted.column is None:
        table = _of_intervals_alone(table)
    used: list[str] = []
    while True:
        parting = _parting(table)
        if parting is None:
            break
        column, split = parting
        labels = _labels(column)
        chosen = next(
            (a for a in asked if any(same_name(each, a) for each in labels)), None
        )
        if chosen is None:
            raise _several(column, split, asked, used)
        used.append(chosen)
        rows = [i for i, each in enumerate(labels) if same_name(each, chosen)]
        table = _with_rows(table, rows, without=column)
    return table, wanted.column or (None if used else wanted.person)


def marks_beats(column: Column) -> bool:
    """Whether a column says of each beat what it is, as cleaning programs do."""
    groups = set(_labels(column)) - {""}
    return len(groups) > 1 and _is_text(column) and _says_of_beats(groups)


def _choices(person: str | None) -> list[str]:
    """Return what was asked for: whole, and what commas part in it."""
    if person is None:
        return []
    parts = [each.strip() for each in person.split(",")]
    return list(dict.fromkeys([person, *parts]))


def _with_rows(table: Table, rows: Sequence[int], *, without: Column) -> Table:
    """Return these rows, with an empty one wherever others lay between two blocks.

    Rows of another heart that stand between single beats interrupt nothing.
    """
    ends = [at for at, (i, j) in enumerate(pairwise(rows), 1) if j > i + 1]
    are_blocks = len(rows) >= _FEWEST_OF_BLOCK * (len(ends) + 1)
    places: list[int | None] = list(rows)
    for at in reversed(ends if are_blocks else []):
        places.insert(at, None)
    return _at_places(table, places, without=without)


def _at_places(table: Table, places: Sequence[int | None], *, without: Column) -> Table:
    """Return the rows at these places, an empty one for None."""
    columns = tuple(
        replace(each, cells=tuple(None if i is None else each.cells[i] for i in places))
        for each in table.columns
        if each is not without
    )
    first = next(i for i in places if i is not None)
    lines = tuple(table.lines[first if i is None else i] for i in places)
    return replace(table, lines=lines, columns=columns)


def _several(
    column: Column, split: _Split, asked: Sequence[str], used: Sequence[str]
) -> BadRecordingError:
    labels = list(dict.fromkeys(each for each in _labels(column) if each))
    shown = ", ".join(sorted(labels)[:_SHOWN])
    more = ", ..." if len(labels) > _SHOWN else ""
    if asked and not used:
        return BadRecordingError(
            f"{_capital(column.called)} names nobody '{asked[0][:40]}', but: {shown}"
            f"{more}.",
            "Give one of these to --person.",
        )
    said = ",".join([*used, min(labels)])
    if split is _Split.PARTS:
        return SeveralHearts(
            f"It holds several parts, by {column.called}: {shown}{more}. Where one "
            "ends and the next begins, two intervals would be taken for neighbours.",
            f"Say which part you mean, such as --person {said}. If one heart was "
            "recorded without a pause, take that column out.",
        )
    if split is _Split.RECORDINGS:
        return SeveralHearts(
            f"It holds several people or recordings, by {column.called}: {shown}"
            f"{more}.",
            f"Say which you mean, such as --person {said}, or give each a file of its "
            "own. If all are of one heart without a pause, take that column out.",
        )
    return SeveralHearts(
        f"It holds several people, by {column.called}: {shown}{more}.",
        f"Say whom you mean, such as --person {said}, or give each a file of their "
        "own.",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _labels(column: Column) -> list[str]:
    """Return the label of each row, "" where there is none.

    A label that stands once, where its rows begin, is that of all until the next.
    """
    labels = [
        f"{each:.10g}"
        if isinstance(each, float)
        else ""
        if each is None
        else str(each).strip().rstrip(_SIGNS)
        for each in column.cells
    ]
    at = [i for i, each in enumerate(labels) if each]
    is_once = len(at) == len({labels[i] for i in at}) and at[:1] == [0]
    names = role_of(column.name) is Role.PERSON or _RECORDING.search(column.name)
    if not (is_once and names):
        return labels
    ends = [*at[1:], len(labels)]
    return [labels[i] for i, end in zip(at, ends, strict=True) for _ in range(i, end)]


def _parting(table: Table) -> tuple[Column, _Split] | None:
    """Return the column whose labels part the rows, people before parts."""
    if len(table.columns) < 2:
        return None
    found = [
        (column, split)
        for column in table.columns
        if (split := _split_by(column, table)) is not None
    ]
    return min(found, key=lambda each: each[1].value, default=None)


def _split_by(column: Column, table: Table) -> _Split | None:
    """Return what the labels of a column part the rows into, None if into nothing."""
    labels = _labels(column)
    groups = set(labels) - {""}
    if not 2 <= len(groups) <= _MOST_GROUPS or column.is_stamp:
        return None
    is_several = any(isinstance(each, tuple) for each in column.cells)
    if is_several or _counts_days(labels, table):
        return None
    if role_of(column.name) is Role.PERSON:
        return _Split.PEOPLE
    is_open = role_of(column.name) in {Role.UNNAMED, Role.OTHER, Role.INDEX}
    if not is_open and not _RECORDING.search(column.name):
        return None
    numbers = evidence.known(column.numbers())
    if column.is_number and (np.any(numbers != np.round(numbers)) or min(numbers) < 0):
        return None
    return _known_by_name(column.name)(column, labels, table)


def _counts_days(labels: Sequence[str], table: Table) -> bool:
    """Whether labels change where a clock of the day begins anew, and nowhere else."""
    at = [i for i, (a, b) in enumerate(pairwise(labels)) if a != b]
    for column in table.columns:
        texts = [each for each in column.cells if isinstance(each, str)]
        if not column.is_stamp or any(map(stamps.has_date, texts)):
            continue
        steps_s = np.diff(np.array([_stamp_s(each) for each in column.cells]))
        if np.flatnonzero(steps_s < -_HALF_DAY_S).tolist() == at:
            return True
    return False


def _known_by_name(name: str) -> Callable[[Column, list[str], Table], _Split | None]:
    if _MARK.search(name):
        return _split_by_mark
    if _RECORDING.search(name):
        return _split_by_recording
    if _PART.search(name):
        return _split_by_part
    return _split_by_anything


def _split_by_recording(
    column: Column, labels: list[str], table: Table
) -> _Split | None:
    """Return whether a column such as `session` or `mac` names several.

    A number that each row, or nearly each, has of its own only counts the rows.
    """
    if column.is_number and evidence.is_index(column.numbers()):
        return None
    groups = set(labels) - {""}
    is_split = len(labels) >= 2 * len(groups) and not _says_of_beats(groups)
    if not is_split:
        return None
    return (
        _Split.PEOPLE if _is_interleaved(column, labels, table) else (_Split.RECORDINGS)
    )


def _split_by_part(column: Column, labels: list[str], table: Table) -> _Split | None:
    """Return whether a column such as `condition` parts rows into long blocks.

    Phases of each breath change within few rows, and mark beats of one heart.
    """
    if _is_interleaved(column, labels, table):
        return _Split.PEOPLE
    if len(labels) < _LONG_BLOCK * (_changes(labels) + 1):
        return None
    return None if _time_goes_on(labels, table) else _Split.PARTS


def _split_by_mark(column: Column, labels: list[str], table: Table) -> _Split | None:
    """Return whether what is named like a mark names hearts: blocks of their own."""
    groups = set(labels) - {""}
    if _says_of_beats(groups):
        return None
    if column.is_number:
        numbers = evidence.known(column.numbers())
        are_serials = bool(numbers.min() >= _FEWEST_OF_SERIALS)
        return _split_by_numbers(column, labels, table) if are_serials else None
    if _is_interleaved(column, labels, table):
        return _Split.PEOPLE
    if "" in labels or not _are_blocks(labels, 2 * _LONG_BLOCK):
        return None
    return None if _time_goes_on(labels, table) else _Split.RECORDINGS


def _split_by_anything(
    column: Column, labels: list[str], table: Table
) -> _Split | None:
    """Return what labels part rows into of which no name says what they are."""
    groups = set(labels) - {""}
    if column.is_number:
        return _split_by_numbers(column, labels, table)
    if _is_interleaved(column, labels, table) and not _says_of_beats(groups):
        return _Split.PEOPLE
    if "" in labels or _says_of_beats(groups) or not _is_text(column):
        return None
    least = min(labels.count(each) for each in groups)
    shared = least >= max(3, _LEAST_SHARE * len(labels))
    if not shared and not _are_blocks(labels, _FEWEST_OF_BLOCK):
        return None
    return None if _time_goes_on(labels, table) else _Split.RECORDINGS


def _split_by_numbers(column: Column, labels: list[str], table: Table) -> _Split | None:
    numbers = column.numbers()
    are_serials = bool(np.nanmin(numbers) >= _FEWEST_OF_SERIALS)
    if "" in labels or not (evidence.are_flags(numbers) or are_serials):
        return None
    if are_serials and (len(set(labels)) > 12 or evidence.can_be_rr(numbers, None)):
        return None
    if _is_interleaved(column, labels, table):
        return _Split.PEOPLE
    if np.nanmin(numbers) < 1 or not _are_blocks(labels, 2 * _LONG_BLOCK):
        return None
    return None if _time_goes_on(labels, table) else _Split.RECORDINGS


def _says_of_beats(groups: set[str]) -> bool:
    """Whether labels are such as are given to beats, and not to people."""
    plain = {each.casefold() for each in groups}
    if plain <= _SAID_OF_BEATS:
        return True
    return plain <= _BEATS and "n" in plain


def _is_text(column: Column) -> bool:
    return not any(isinstance(each, float) for each in column.cells)


def _changes(labels: Sequence[str]) -> int:
    return sum(a != b for a, b in pairwise(labels))


def _are_blocks(labels: Sequence[str], fewest: int) -> bool:
    """Whether the rows of each label stand together, and are so many at least."""
    groups = set(labels)
    is_once = _changes(labels) == len(groups) - 1
    return is_once and min(labels.count(each) for each in groups) >= fewest


def _intervals_beside(column: Column, table: Table) -> list[Column]:
    others = [c for c in table.columns if c is not column and c.is_number]
    named = [c for c in others if role_of(c.name) is Role.RR]
    return named or [c for c in others if evidence.can_be_rr(c.numbers(), None)]


def _is_interleaved(column: Column, labels: list[str], table: Table) -> bool:
    """Whether rows of several hearts stand between one another.

    By their values, which jump where the label changes; or by the time, of which each
    label's intervals account for all that there is.
    """
    for each in _intervals_beside(column, table):
        values = each.numbers()
        if evidence.are_interleaved(values, labels):
            return True
        groups = [[i for i, at in enumerate(labels) if at == g] for g in set(labels)]
        for t_s in clocks(table):
            rr_ms = _in_ms(values)
            whole = evidence.coverage(t_s, rr_ms)
            ones = [evidence.coverage(t_s[rows], rr_ms[rows]) for rows in groups]
            if whole > _TWICE and all(0.8 < one < 1.2 for one in ones):
                return True
    return False


def _in_ms(values: Floats) -> Floats:
    held = evidence.known(values)
    usual = float(np.median(held)) if held.size else 1.0
    return values if FASTEST_MS <= usual <= SLOWEST_MS else 1000 * values


def clocks(table: Table) -> list[Floats]:
    """Return the times that a table may hold, in seconds."""
    found: list[Floats] = []
    for column in table.columns:
        is_number = column.is_number and role_of(column.name) in _MAYBE_TIMES
        if column.is_stamp:
            found.append(np.array([_stamp_s(each) for each in column.cells]))
        elif is_number and evidence.rises(column.numbers()):
            found += [column.numbers() * unit_s for unit_s in (1, 1e-3, 1e-6, 1e-9)]
    return found


def _stamp_s(cell: Cell) -> float:
    at_s = stamps.stamp_s(cell) if isinstance(cell, str) else None
    return np.nan if at_s is None else at_s


def _time_goes_on(labels: Sequence[str], table: Table) -> bool:
    """Whether the time goes on by one interval also where the label changes."""
    at = [i for i, (a, b) in enumerate(pairwise(labels)) if a != b]
    for t_s in clocks(table):
        steps_s = np.diff(t_s)
        usual_s = float(np.nanmedian(steps_s)) if steps_s.size else np.nan
        if not 0.2 <= usual_s <= 3:
            continue
        if np.all((steps_s[at] >= 0) & (steps_s[at] < usual_s + _GOES_ON_S)):
            return True
    return False
