"""A table -> which of its columns holds intervals, and which times.

Strategy. A name decides where it can only be one thing. Where no name does, a column
is taken for intervals only if its values can be some and every other column is
explained: it counts rows, says the time, is the heart rate of these intervals, a mark,
or a text. Two columns that both can be intervals are two people: they are named, and
none of them is taken unasked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.lines import fault_at
from coreg.sensors.recordings.source import Wanted
from coreg.sensors.recordings.text import evidence
from coreg.sensors.recordings.text.known import named_refusal
from coreg.sensors.recordings.text.marks import names_marks
from coreg.sensors.recordings.text.names import (
    Role,
    is_stranger,
    role_of,
    same_name,
    says_a_wave,
    says_no_heartbeats,
)
from coreg.sensors.recordings.text.packets import EMPTY_MARKS
from coreg.sensors.recordings.text.people import SeveralHearts, of_one
from coreg.sensors.recordings.text.places import (
    are_places,
    fill_the_time,
    places_of_fit,
)
from coreg.sensors.recordings.text.rows_in_time import in_usual_rows
from coreg.sensors.recordings.text.table import LOOK_THERE, Column, Table
from coreg.sensors.recordings.text.time_units import steady_unit_s
from coreg.sensors.recordings.text.units import (
    SAY_UNIT,
    Unit,
    are_rates,
    ms_per_unit,
    rate_in,
    unit_in,
)
from coreg.sensors.recordings.text.versions import (
    Kept,
    are_said_to_be_versions,
    without_versions,
)

NAME_THEM: Final = (
    "Name the columns `arrival_s,rr_ms`, say which holds the intervals with --column, "
    "or give one RR interval a line."
)
_TICKS: Final = re.compile(
    r"(?:[a-z]+[ _-])*(?:rri?|nn|ibi)(?:[ _-][a-z]+)*[ _-]*(1024|512|256|128)",
    re.IGNORECASE,
)
_TORN: Final = re.compile(r"\d[\d:./-]+\s.*[\s;|]\d+")
_MOST_ON_ITS_SIDE: Final = 4
_FEWEST_ON_ITS_SIDE: Final = 12
_FEWEST_WRAPPED: Final = 4
_SCALES: Final = 50.0
_LATEST_EPOCH_MS: Final = (1e12, 4e12)  # from 2001 on
_OF_UNIT: Final = re.compile(
    r"(?<![^\W\d_])(?:units?|einheit(?:en)?)\s*[:=]", re.IGNORECASE
)
# `anna s` is somebody, `second session` the next one.
_NO_SECONDS: Final = re.compile(r"[^\W\d_] +[sс]\Z|\bsecond +[^\W\d_]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Meaning:
    """What a table was found to hold.

    `rr` holds the intervals, with one column for each place in a packet; where there
    are none, `beats` holds when each heart beat. `times` may be the time of each row,
    `index` its number. `rr_unit_ms` is milliseconds per unit of either. `versions` says
    which of two columns of one heart was taken.
    """

    table: Table
    rr: tuple[Column, ...]
    beats: Column | None
    rr_unit_ms: float
    index: Column | None
    versions: Mapping[str, str | int] | None = None


def meaning_of(table: Table, wanted: Wanted) -> Meaning:
    """Return what the columns of a table are.

    Raises
    ------
    SeveralHearts
        If more than one column or person can be meant, naming them.
    BadRecordingError
        If none can, or the unit of intervals is not to be had.
    """
    if wanted.column is None:
        table = in_usual_rows(table)
    table, asked = of_one(table, wanted)
    if asked is not None:
        kept = Kept(
            columns=(_column_named(table, asked, is_person=wanted.column is None),)
        )
    else:
        kept = _intervals(table)
    rr = kept.columns
    index = next((each for each in table.columns if _counts_rows(each)), None)
    if not rr:
        beats = _beat_times(table)
        return Meaning(
            table=table,
            rr=(),
            beats=beats,
            rr_unit_ms=_beat_unit_ms(beats, table),
            index=None,
        )
    return Meaning(
        table=table,
        rr=rr,
        beats=None,
        rr_unit_ms=_rr_unit_ms(rr, table),
        index=index if index not in rr else None,
        versions=kept.about,
    )


def said_unit(column: Column) -> Unit | None:
    """Return the unit that stands in a column's heading, or beside its numbers."""
    if column.unit:
        return unit_in(column.unit)
    if _NO_SECONDS.search(column.name) and role_of(column.name) is Role.OTHER:
        return None
    return unit_in(column.name)


# --- columns ------------------------------------------------------------------


def _column_named(table: Table, asked: str, *, is_person: bool) -> Column:
    """Return the column that a person asked for, by its name or place."""
    named = [each for each in table.columns if same_name(each.name, asked)]
    if not named and asked.strip().isdecimal():
        named = [each for each in table.columns if each.place == int(asked)]
    if not named:
        have = ", ".join(each.called for each in table.columns[:12])
        if is_person:
            raise BadRecordingError(
                f"Nothing in it is called '{asked[:40]}': it names no people or parts, "
                f"and its columns are: {have}.",
                "Leave --person out, or give it the name of somebody's column.",
            )
        raise BadRecordingError(
            f"There is no column '{asked[:40]}'; there are: {have}.",
            "Give one of these to --column, or its place from 1.",
        )
    if not named[0].is_number:
        raise BadRecordingError(
            f"The column {named[0].called} holds no numbers.",
            "Name the column with the RR intervals.",
        )
    return named[0]


# --- intervals ----------------------------------------------------------------


def _intervals(table: Table) -> Kept:
    """Return the column of intervals, or one for each place in a packet."""
    numbers = [e for e in table.columns if e.is_number and not names_marks(e)]
    named = [each for each in numbers if role_of(each.name) is Role.RR]
    _expect_rows_of_beats(table, numbers)
    _expect_numbers(table)
    if not named:
        refusal = named_refusal([each.name for each in table.columns])
        if refusal is not None:
            raise refusal
        _expect_heartbeats_alone(table)
        places = places_of_fit(numbers)
        if places:
            return Kept(columns=places)
        columns = _unnamed(table, numbers)
        _expect_no_waves(table, columns)
        return Kept(columns=columns)
    if any(map(_is_torn, table.columns)):
        raise _none_of(table)
    distinct = without_versions(named)
    if len(distinct.columns) == 1 or are_places(distinct.columns):
        return distinct
    if fill_the_time(distinct.columns, table):
        return distinct
    raise _two_of(distinct.columns)


def _expect_rows_of_beats(table: Table, numbers: Sequence[Column]) -> None:
    """Refuse a recording in each row, which is a table lying on its side."""
    rows = len(table.lines)
    if rows > _MOST_ON_ITS_SIDE or len(numbers) < max(_FEWEST_ON_ITS_SIDE, 4 * rows):
        return
    raise SeveralHearts(
        f"It has {len(numbers)} columns and {rows} "
        f"{'row' if rows == 1 else 'rows'}: a series in each row?",
        "Give each series a file of its own, one RR interval a line.",
    )


def _expect_heartbeats_alone(table: Table) -> None:
    """Refuse a list whose heading says that it holds something else."""
    if len(table.columns) != 1 or not says_no_heartbeats(table.columns[0].name):
        return
    raise BadRecordingError(
        f"Its heading '{table.columns[0].name[:60]}' says that it holds no RR "
        "intervals.",
        "Export RR intervals (some apps call them R-R, IBI or HRV data). If these are "
        "some, write `RR [ms]` above them, or give --column 1.",
    )


def _expect_numbers(table: Table) -> None:
    """Refuse a column of intervals in which something else stands; with the line."""
    named = [
        each
        for each in table.columns
        if role_of(each.name) is Role.RR and not names_marks(each)
    ]
    if named and all(each.is_empty for each in named):
        raise BadRecordingError(
            f"Nothing stands under {named[0].called}.",
            "Give the file with its intervals, or say which column holds them with "
            "--column.",
        )
    for column in named:
        if column.is_empty or column.is_number:
            continue
        kinds = [isinstance(each, str) for each in column.cells]
        if not all(k or c is None for k, c in zip(kinds, column.cells, strict=True)):
            at = kinds.index(True)
            raise fault_at(
                table.lines[at],
                f"'{str(column.cells[at])[:40]}' is no number.",
                LOOK_THERE,
            )


def _two_of(columns: Sequence[Column]) -> SeveralHearts:
    called = " and ".join(each.called for each in columns[:6])
    first = columns[0]
    if are_said_to_be_versions(columns):
        return SeveralHearts(
            f"The columns {called} each can be RR intervals, and differ in most rows: "
            "one heart before and after correction, or two people?",
            f"Say which, such as --column {first.name}.",
        )
    return SeveralHearts(
        f"The columns {called} each can be RR intervals: two people?"
        if first.name
        else f"Its {called} each can be RR intervals: two people?",
        f"Say which, such as --column {first.name or first.place}.",
    )


def _wrapped_or_several(table: Table, columns: Sequence[Column]) -> SeveralHearts:
    """Return the refusal of many columns of intervals, by what they look like.

    Neighbours in a row that are as alike as rows are read on row by row: one list.
    """
    whole = np.array([each.numbers() for each in columns]).T
    across = float(np.nanmedian(np.abs(np.diff(whole, axis=1))))
    levels = float(np.ptp(np.nanmedian(whole, axis=0)))
    if table.has_names or levels > 2 * across:
        return _two_of(columns)
    return SeveralHearts(
        f"Its {len(columns)} columns without names each can be RR intervals: one list "
        "that goes on from row to row, or as many hearts?",
        "If it is one list, give one RR interval a line. If each column is somebody's, "
        "say which, such as --column 1.",
    )


def _unnamed(table: Table, numbers: Sequence[Column]) -> tuple[Column, ...]:
    """Return the column that can be intervals where no name says so."""
    maybe = [
        each
        for each in numbers
        if _may_be_intervals(each, table)
        and evidence.can_be_rr(each.numbers(), _said_ms(each))
    ]
    maybe = list(without_versions(maybe).columns)
    if len(maybe) >= _FEWEST_WRAPPED and len(maybe) == len(table.columns):
        raise _wrapped_or_several(table, maybe)
    if len(maybe) > 1:
        raise _two_of(maybe)
    if len(numbers) == 1 and _may_be_intervals(numbers[0], table):
        only = numbers[0]
        if _is_beat_times(only):
            return ()
        unread = any(map(_is_unread, table.columns))
        if len(table.columns) == 1 or (maybe and not unread):
            return (only,)
    if not maybe:
        _expect_no_unit_missing(numbers)
        beats = [each for each in numbers if _is_beat_times(each)]
        others = [each for each in numbers if each not in beats]
        rivals = [c for c in others if evidence.can_be_rr(c.numbers(), _said_ms(c))]
        explained = all(_is_explained(c, beat, 1.0) for c in others for beat in beats)
        if len(beats) == 1 and explained and not rivals:
            return ()
        raise _none_of(table)
    column = maybe[0]
    unit_ms = _rr_unit_ms((column,), table)
    strangers = [
        each
        for each in numbers
        if each is not column and not _is_explained(each, column, unit_ms)
    ]
    if strangers or any(map(_is_unread, table.columns)):
        raise _none_of(table)
    return (column,)


def _expect_no_waves(table: Table, columns: Sequence[Column]) -> None:
    """Refuse what has a signal beside it, and no name that says intervals."""
    wave = next((c for c in table.columns if says_a_wave(c.name)), None)
    if wave is None or not columns:
        return
    column = columns[0]
    raise BadRecordingError(
        f"It holds a signal ({wave.called}), and nothing says that {column.called} "
        "holds RR intervals.",
        "Export RR intervals (some apps call them R-R, IBI or HRV data). If these are "
        f"some, give --column {column.name or column.place}.",
    )


def _is_torn(column: Column) -> bool:
    """Whether its texts are dates or times with the beginnings of numbers behind."""
    texts = [each for each in column.cells if isinstance(each, str)]
    torn = sum(_TORN.fullmatch(each) is not None for each in texts)
    return not column.is_stamp and torn > 0.5 * len(texts)


def _is_unread(column: Column) -> bool:
    """Whether it holds numbers written in a way that is not this table's."""
    if column.is_number or column.is_stamp or column.is_empty:
        return False
    texts = [each for each in column.cells if isinstance(each, str)]
    digits = sum(each.strip("'\"")[:1].isdigit() for each in texts)
    return digits > 0.5 * len(texts)


def _expect_no_unit_missing(numbers: Sequence[Column]) -> None:
    """Refuse intervals that go with times in a unit that neither of them names."""
    for times in numbers:
        for each in numbers:
            steps = np.diff(times.numbers())
            if each is times or not evidence.rises_strictly(times.numbers()):
                continue
            if evidence.is_same(steps, each.numbers()[1:]):
                ms_per_unit(float(np.median(evidence.known(each.numbers()))), None)


def _may_be_intervals(column: Column, table: Table) -> bool:
    """Whether its name leaves open that it holds intervals."""
    if len(table.columns) == 1:
        return True
    if column.name and not is_stranger(column.name):
        return False
    return not _counts_rows(column)


def _counts_rows(column: Column) -> bool:
    if not column.is_number or role_of(column.name) in {Role.TIME, Role.RR, Role.BEAT}:
        return False
    return evidence.is_index(column.numbers())


def _is_explained(other: Column, rr: Column, unit_ms: float) -> bool:
    """Whether a column that is none of intervals is known for what it is."""
    if other.name and not is_stranger(other.name):
        return True
    values = other.numbers()
    rr_ms = rr.numbers() * unit_ms
    return (
        evidence.is_index(values)
        or evidence.is_constant(values)
        or evidence.are_flags(values)
        or evidence.is_rate_of(values, rr_ms)
        or evidence.is_same(values, rr_ms)
        or can_be_time_of(values, rr_ms)
    )


def can_be_time_of(values: Floats, rr_ms: Floats) -> bool:
    """Whether numbers without a name are when these intervals were, in some unit."""
    if not evidence.rises(values):
        return False
    if steady_unit_s(values, rr_ms) is not None:
        return True  # stamps of beats say it row by row, whatever was lost
    for unit_s in (1, 1e-3, 1e-6, 1e-9):
        usual, spread = evidence.step_ratio(values * unit_s, rr_ms)
        if abs(usual - 1) < 0.05 and spread < 0.1:
            return True
    ratios = [
        evidence.coverage(values * unit_s, rr_ms) for unit_s in (1, 1e-3, 1e-6, 1e-9)
    ]
    return any(0.9 <= each <= 1.1 for each in ratios)


def _none_of(table: Table) -> BadRecordingError:
    if not table.has_names:
        if len(table.columns) == 1:
            return BadRecordingError(
                "It has one column without a heading, which is surely no list of RR "
                "intervals.",
                NAME_THEM,
            )
        return BadRecordingError(
            f"It has {len(table.columns)} columns without a heading, of which none is "
            "surely RR intervals.",
            NAME_THEM,
        )
    names = ", ".join(each.called for each in table.columns[:8])
    if len(table.columns) == 1:
        return BadRecordingError(
            f"Its column {names[:120]} is none that we know as RR intervals.", NAME_THEM
        )
    return BadRecordingError(
        f"Its columns {names[:120]} are none that we know as RR intervals.", NAME_THEM
    )


# --- units --------------------------------------------------------------------


def _said_ms(column: Column) -> float | None:
    said = said_unit(column)
    return said.ms if said is not None else None


def _rr_unit_ms(rr: Sequence[Column], table: Table) -> float:
    held = np.concatenate([_held(each) for each in rr])
    held = held[(held > 0) & ~np.isin(held, EMPTY_MARKS)]
    if not held.size:
        raise BadRecordingError("There are no RR intervals in it.", NAME_THEM)
    if len(rr) == 1 and evidence.rises_strictly(rr[0].numbers()):
        raise BadRecordingError(
            f"The values of {rr[0].called} rise from row to row: they are times of "
            "beats, not the intervals between them.",
            "Name the column `beat [s]` or `beat [ms]`, or give the intervals.",
        )
    if are_rates(rr[0].name, float(np.median(held))):
        raise BadRecordingError(
            f"By its heading {rr[0].called} holds heart rates in beats a minute, and "
            "no intervals.",
            "Export RR intervals in ms or s (some apps call them R-R, IBI or HRV "
            "data). A rate that was worked out from each interval has lost digits that "
            "HRV needs.",
        )
    said = next((said for each in rr if (said := said_unit(each))), None)
    said = _said_in_notes(said, table)
    ticks = _TICKS.fullmatch(rr[0].name.strip())
    if said is None and ticks:
        raise BadRecordingError(
            f"By its name, {rr[0].called} is in 1/{ticks[1]} s, or in ms? The values "
            "can be both.",
            f"Write the unit into the heading: `RR [1/{ticks[1]} s]`, or `RR [ms]`.",
        )
    return ms_per_unit(float(np.median(held)), said, _units_of_notes(table))


def _said_in_notes(said: Unit | None, table: Table) -> Unit | None:
    """Return the unit of intervals, with what a note says where the heading does not.

    `unit: 1/1024 s` says it; the rate of an ECG does where the heading counts samples.
    """
    if said is None:
        notes = [n for n in table.notes if _OF_UNIT.search(n)]
        told = [unit_in(n) for n in notes if role_of(n) is not Role.TIME]
        units = {each.ms: each for each in told if each is not None and each.ms}
        return units.popitem()[1] if len(units) == 1 else None
    if said.ms is None:
        rates_hz = {rate for note in table.notes if (rate := rate_in(note))}
        if len(rates_hz) == 1:
            rate_hz = rates_hz.pop()
            return Unit(ms=1000 / rate_hz, name=f"samples at {rate_hz:g} Hz")
    return said


def _held(column: Column) -> Floats:
    held: list[float] = []
    for cell in column.cells:
        if isinstance(cell, float):
            held.append(cell)
        elif isinstance(cell, tuple):
            held.extend(cell)
    return np.array(held, dtype=np.float64)


def _units_of_notes(table: Table) -> tuple[Unit, ...]:
    found = [unit for note in table.notes if (unit := unit_in(note)) and unit.ms]
    return tuple(found)


# --- beat times ---------------------------------------------------------------


def _is_beat_times(column: Column) -> bool:
    values = column.numbers()
    if role_of(column.name) not in {Role.UNNAMED, Role.BEAT} and not is_stranger(
        column.name
    ):
        return False
    if not evidence.rises_strictly(values) or evidence.is_index(values):
        return False
    steps = np.diff(evidence.known(values))
    usual = float(np.median(steps))
    return bool(np.mean((steps > 0.3 * usual) & (steps < 3 * usual)) > 0.8)


def _beat_times(table: Table) -> Column:
    found = [each for each in table.columns if each.is_number and _is_beat_times(each)]
    if len(found) > 1:
        raise _two_of(found)
    return found[0]


def _beat_unit_ms(column: Column, table: Table) -> float:
    """Return milliseconds per unit of beat times.

    Whole numbers without a unit are samples of an ECG as often as milliseconds.
    """
    values = evidence.known(column.numbers())
    usual = float(np.median(np.diff(values)))
    said = _said_in_notes(said_unit(column), table)
    if said is None and _LATEST_EPOCH_MS[0] < values[0] < _LATEST_EPOCH_MS[1]:
        return 1.0  # milliseconds since 1970, and no sample has such a number
    whole = bool(np.all(values == np.round(values)))
    if said is None and whole and not _units_of_notes(table):
        raise BadRecordingError(
            f"Its whole numbers rise by usually {usual:g}: times of beats in ms, or in "
            "samples of an ECG? Nothing says which.",
            "Write a heading above them: `beat [ms]`, or `beat (samples, fs=360)`.",
        )
    try:
        return ms_per_unit(usual, said, _units_of_notes(table))
    except BadRecordingError:
        raise BadRecordingError(
            f"Its values rise by usually {usual:g}: as times of beats in ms or s these "
            "are no heartbeats.",
            SAY_UNIT.replace("RR", "beat"),
        ) from None


def expect_one_scale(values: Floats, lines: Sequence[int]) -> None:
    """Refuse values of two units or ways of writing in one column; with the line."""
    held = values[np.isfinite(values) & (values > 0)]
    if not held.size:
        return
    usual = float(np.median(held))
    odd = np.flatnonzero((values > 0) & (values < usual / _SCALES))
    if odd.size:
        raise BadRecordingError(
            f"line {lines[int(odd[0])]}: {values[odd[0]]:g} among values of usually "
            f"about {usual:g}.",
            "Write all in one unit, without signs between thousands.",
        )
