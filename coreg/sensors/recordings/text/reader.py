"""A text file -> a recording: each dialect it can be in is tried, and they must agree.

Where a comma can part columns or stand before decimals, and both make sense, nobody
guesses: the file is refused with words that say what to write.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Final

import numpy as np

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.beat_holes import between_holes, is_hole
from coreg.sensors.recordings.file_marks import NO_MARKS, FileMarks
from coreg.sensors.recordings.lines import Lines, all_lines, fault_at, nothing_in_it
from coreg.sensors.recordings.marks_beside import events_of_hrv_logger
from coreg.sensors.recordings.recording import Kind, Packet, Recording, Remark
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.text import evidence
from coreg.sensors.recordings.text.consistent import (
    expect_each_once,
    expect_no_row_again,
    expect_no_run_again,
    expect_unit_of_times,
)
from coreg.sensors.recordings.text.dialect import (
    Dialect,
    dialects_of,
    is_comment,
    said_delimiter,
)
from coreg.sensors.recordings.text.events import events_in, times_of_rows
from coreg.sensors.recordings.text.lists import list_of
from coreg.sensors.recordings.text.marks import Marks, marks_of
from coreg.sensors.recordings.text.meaning import (
    NAME_THEM,
    Meaning,
    expect_one_scale,
    meaning_of,
    said_unit,
)
from coreg.sensors.recordings.text.names import Role, role_of
from coreg.sensors.recordings.text.packets import (
    MARK,
    Rows,
    arrived,
    in_sequence,
    numbered,
    rows_of,
)
from coreg.sensors.recordings.text.people import SeveralHearts, marks_beats
from coreg.sensors.recordings.text.plain import (
    in_plain_digits,
    without_marks_of_text,
)
from coreg.sensors.recordings.text.printed import fit_csv_of, rdann_of
from coreg.sensors.recordings.text.rates_beside import said_against
from coreg.sensors.recordings.text.repeated import are_written_again
from coreg.sensors.recordings.text.sampled import is_sampled
from coreg.sensors.recordings.text.signals import is_ecg, may_be_signal
from coreg.sensors.recordings.text.table import Column, Table, table_of
from coreg.sensors.recordings.text.times import (
    Times,
    expect_within_a_week,
    times_of,
)
from coreg.sensors.recordings.text.units import DOUBTFUL_UNNAMED_MS
from coreg.sensors.recordings.text.unread import oldest_first, unread_times

# As numpy and pandas print it: between values, or alone in each cell of a row.
_CUT: Final = re.compile(
    r"\A\s*+(?:\[?+(?:\.{2,3}+|…)[\s,]*+)++\]?+\s*+\Z|\d\.?[,\s]++(?:\.{3}|…)[,\s]++\d"
)
_FRAME: Final = re.compile(r"\+(?:-+\+)+")
_FRAMED: Final = re.compile(r"\|.*\|")
_RATE_IN_NAME: Final = re.compile(
    r"(?<![^\W\d_])fs[ _=-]?(\d{2,5})(?!\d)", re.IGNORECASE
)
_OF_MS: Final = 1000  # samples a second, each of which is a millisecond
_HEAD: Final = 100  # lines within which a heading stands
_SAME_MS: Final = 1.0
_FEWEST_SORTED: Final = 30
_LIKELY_MS: Final = (240.0, 3000.0)
_LEAST_LIKELY: Final = 0.75
_COUNTED_TWICE: Final = 1.5
_OFF: Final = 0.15


class CommaInDoubt(BadRecordingError):
    """Refused because a comma can part two columns or stand before decimals."""


def _read(source: FileSource) -> Recording:
    lines = in_plain_digits(all_lines(source.data))
    written = [text for _, text in lines if text.strip()]
    if not written:
        raise nothing_in_it()
    if all(map(is_comment, written)):
        raise BadRecordingError(
            "Nothing stands in the file but notes (lines that begin with #, % or //).",
            "Give the file with the RR intervals.",
        )
    _expect_whole(lines)
    listed = fit_csv_of(lines) or rdann_of(lines) or list_of(lines, source.wanted)
    if listed is not None:
        return _recording(listed, source)
    said, lines = _said(without_marks_of_text(_unframed(lines)))
    numbered = _with_numbers(lines)
    dialects = dialects_of(numbered, said, _above(lines, numbered))
    certain = [each for each in dialects if not each.thousands]
    try:
        return _agreed(certain, lines, source)
    except (SeveralHearts, CommaInDoubt):
        raise
    except BadRecordingError as error:
        grouped = [each for each in dialects if each.thousands]
        if not grouped:
            raise
        try:
            return _agreed(grouped, lines, source)
        except SeveralHearts:
            raise
        except BadRecordingError:
            raise error from None


def _unframed(lines: Lines) -> Lines:
    """Return lines without the frame that databases print around a table."""
    first = next(text for _, text in lines if text.strip())
    if not _FRAME.fullmatch(first.strip()):
        return lines
    kept = [(n, text.strip()) for n, text in lines]
    return [
        (n, text[1:-1] if _FRAMED.fullmatch(text) else text)
        for n, text in kept
        if not _FRAME.fullmatch(text)
    ]


def _expect_whole(lines: Lines) -> None:
    """Refuse what a program printed with its middle left out; with the line."""
    for number, text in lines:
        if _CUT.search(text) and not is_comment(text):
            raise fault_at(
                number,
                "'...' stands in place of values: a program printed only the first and "
                "the last of them.",
                "Save all values to a file (numpy.savetxt, or to_csv in pandas), and "
                "give that.",
            )


def _above(lines: Lines, numbered: Sequence[str]) -> list[str]:
    """Return the texts at the beginning that are no rows of numbers, comments too."""
    rows = set(numbered)
    return [text for _, text in lines[:_HEAD] if text.strip() and text not in rows]


def _said(lines: Lines) -> tuple[str | None, Lines]:
    first = next(i for i, (_, text) in enumerate(lines) if text.strip())
    said = said_delimiter(lines[first][1])
    return said, lines[first + 1 :] if said else lines


def _with_numbers(lines: Lines) -> list[str]:
    """Return the lines that are mostly numbers, all that have one where none is."""
    written = [text for _, text in lines if text.strip() and not is_comment(text)]
    with_digits = [text for text in written if any(map(str.isdigit, text))]
    mostly = [
        text
        for text in with_digits
        if sum(map(str.isdigit, text)) >= sum(map(str.isalpha, text))
    ]
    return mostly or with_digits or written


def _agreed(dialects: Sequence[Dialect], lines: Lines, source: FileSource) -> Recording:
    """Return what the file says in all dialects that make sense of it, if it is one."""
    found: list[Recording] = []
    several: SeveralHearts | None = None
    wrong: BadRecordingError | None = None
    for dialect in dialects:
        try:
            found.append(_recording(table_of(lines, dialect), source))
        except SeveralHearts as error:
            several = several or error
        except BadRecordingError as error:
            wrong = wrong or error
    if several is not None and found:
        raise SeveralHearts(
            f"{several.wrong} Or do commas stand before decimals?",
            f"{several.do} Or write decimals with a point.",
        )
    if several is not None:
        raise several
    if not found:
        raise wrong or nothing_in_it()
    if not all(_are_same(found[0], each) for each in found[1:]):
        raise CommaInDoubt(
            "A comma in it can part two columns or stand before decimals, and these "
            "are not the same intervals.",
            "Write decimals with a point, or part columns by a semicolon.",
        )
    return found[0]


def _are_same(one: Recording, other: Recording) -> bool:
    pairs = np.array(one.rr_ms), np.array(other.rr_ms)
    return pairs[0].size == pairs[1].size and bool(
        np.all(np.abs(pairs[0] - pairs[1]) <= _SAME_MS)
    )


# --- from a table to a recording ----------------------------------------------


def _recording(table: Table, source: FileSource) -> Recording:
    meaning = meaning_of(oldest_first(table), source.wanted)
    if meaning.beats is not None:
        return _of_beats(meaning, meaning.beats, source)
    return _of_intervals(meaning, source)


def _of_beats(meaning: Meaning, beats: Column, source: FileSource) -> Recording:
    """Return the intervals between times of beats; a missing one is a gap."""
    t_ms = beats.numbers() * meaning.rr_unit_ms
    expect_within_a_week(t_ms / 1000, meaning.table.lines)
    steps_ms = np.diff(t_ms)
    rows = Rows(
        lines=meaning.table.lines[1:],
        rr_ms=tuple((rr if np.isfinite(rr) else None,) for rr in steps_ms.tolist()),
    )
    has_holes = bool(is_hole(steps_ms).any())
    packets = between_holes(t_ms) if has_holes else in_sequence(rows, None)
    _expect_likely(packets)
    return Recording(
        name=source.name,
        kind=Kind.BEAT_TIMES,
        packets=packets,
        has_times=has_holes,
        has_clock=False,
        remarks=(Remark.VALUES_MISSING,) if rows.is_missing else (),
        file_marks=_marks_at_beats(meaning.table, beats, t_ms / 1000),
    )


def _marks_at_beats(table: Table, beats: Column, t_s: Floats) -> FileMarks:
    """Return what a table of beat times marks; its recording begins with a beat."""
    known_s = t_s[np.isfinite(t_s)]
    if not known_s.size or known_s.size < t_s.size:  # a row without a time has none
        return NO_MARKS
    return events_in(table, {beats.place}, (t_s - t_s[0]).tolist())


def _of_intervals(meaning: Meaning, source: FileSource) -> Recording:
    table = meaning.table
    names = {column.name.lower() for column in table.columns}
    _expect_one_kind_of_number(meaning, source)
    filled, columns = _without_blank_rows(meaning)
    rows = rows_of(columns, filled.lines, meaning.rr_unit_ms)
    expect_each_once([rr for row in rows.rr_ms for rr in row])
    times = _times(filled, rows, [*columns, meaning.index], names)
    if times is not None:
        _expect_no_curve(times, rows)
        expect_no_row_again(times.t_s, rows.sums_ms(), rows.lines)
        if len(columns) == 1:
            expect_unit_of_times(times.t_s, np.array(rows.sums_ms()), columns[0])
    if times is None:
        _expect_no_rate_in_name(meaning, source.name)
    like_readings = _is_sampled(meaning)
    if source.wanted.column is None:
        if times is None:
            _expect_no_heart_rates_in_name(meaning, source.name)
        _expect_what_nobody_named(meaning, times, rows, like_readings=like_readings)
    unread: Column | None = None
    marked_table = table
    if times is not None:
        marked_table = filled
        found = marks_of(filled, columns)
        packets = arrived(rows, times.t_s.tolist())
        marked = arrived(numbered(rows), times.t_s.tolist())
    else:
        rows = rows_of(meaning.rr, table.lines, meaning.rr_unit_ms)
        found = marks_of(table, meaning.rr)
        packets = in_sequence(rows, _row_numbers(meaning.index))
        marked = in_sequence(numbered(rows), _row_numbers(meaning.index))
        unread = unread_times(table, meaning.rr)
    is_missing = rows.is_missing or (times is None and _skips(meaning.index))
    details = _details(unread, found, meaning)
    remarks = [
        *(times.remarks if times is not None else ()),
        *([Remark.VALUES_MISSING] if is_missing else ()),
        *([Remark.UNIT_DOUBTFUL] if _is_doubtful(meaning, packets) else ()),
        *details,
        *([Remark.LIKE_READINGS] if times is None and like_readings else ()),
        *([Remark.VALUES_REPEATED] if times is None and _repeats(meaning) else ()),
    ]
    _expect_likely(packets)
    kind = _kind(names, times)
    first_stamp_s = times.first_stamp_s if times is not None else None
    of_columns = events_in(
        marked_table,
        {each.place for each in meaning.rr} | found.places,
        times.t_s.tolist()
        if times is not None
        else times_of_rows(rows, packets, marked),
    )
    return Recording(
        name=source.name,
        kind=kind,
        packets=packets,
        has_times=times is not None,
        has_clock=times is not None and times.has_clock,
        first_stamp_s=first_stamp_s,
        remarks=tuple(remarks),
        details={each.value: about for each, about in details.items()},
        marks=_marks(rows, marked, found) if found.rows else (),
        file_marks=events_of_hrv_logger(source, first_stamp_s)
        if kind is Kind.HRV_LOGGER and not of_columns.seen
        else of_columns,
    )


def _is_sampled(meaning: Meaning) -> bool:
    """Whether a list without times may be readings at a fixed rate, by its changes."""
    if len(meaning.rr) > 1:
        return False
    rr_ms = meaning.rr[0].numbers() * meaning.rr_unit_ms
    return is_sampled(rr_ms) or may_be_signal(rr_ms)


def _repeats(meaning: Meaning) -> bool:
    """Whether a list has more equal neighbours than hearts do."""
    values_ms = [each.numbers() * meaning.rr_unit_ms for each in meaning.rr]
    return len(values_ms) == 1 and are_written_again(values_ms[0])


def _details(
    unread: Column | None, found: Marks, meaning: Meaning
) -> dict[Remark, Mapping[str, str | int]]:
    """Return what is to be said of columns that hold no intervals that were read."""
    details: dict[Remark, Mapping[str, str | int]] = {}
    if unread is not None:
        details[Remark.TIMES_UNREAD] = {"column": unread.name or str(unread.place)}
    if found.rows:
        column = ", ".join(found.used)
        details[Remark.MARKS_USED] = {"column": column, "n": found.rows}
    if found.unused:
        column = ", ".join(found.unused)
        details[Remark.MARKS_UNUSED] = {"column": column, "n": found.unused_rows}
    if len(meaning.rr) == 1:
        details |= said_against(meaning.rr[0], meaning.rr_unit_ms, meaning.table)
    if meaning.versions is not None:
        details[Remark.ONE_OF_TWO] = meaning.versions
    return details


def _marks(rows: Rows, marked: Sequence[Packet], found: Marks) -> tuple[str, ...]:
    """Return what the file says of each interval, by the number that each one has."""
    of_numbers = [""]
    for row, mark in zip(rows.rr_ms, found.of_rows, strict=True):
        of_numbers.extend(mark for _ in row)
    return tuple(of_numbers[int(n)] for _, held in marked for n in held)


def _expect_one_kind_of_number(meaning: Meaning, source: FileSource) -> None:
    """Refuse a count above a list, and values of two units in one column."""
    table = meaning.table
    if len(table.columns) == 1 and source.wanted.column is None:
        _expect_no_count_above(meaning.rr[0], table)
    for column in meaning.rr:
        expect_one_scale(column.numbers(), table.lines)


def _expect_what_nobody_named(
    meaning: Meaning, times: Times | None, rows: Rows, *, like_readings: bool
) -> None:
    """Refuse intervals of no column that was asked for, where they may be others."""
    table = meaning.table
    if times is not None and not table.has_names:
        _expect_own_times(table, times, rows)
    if times is None and len(meaning.rr) == 1:
        _expect_unsorted(meaning.rr[0])
        _expect_no_ecg(meaning.rr[0])
    if not like_readings:
        expect_no_run_again(*rows.each_with_line())
    is_marked = any(map(marks_beats, table.columns))
    if len(meaning.rr) == 1 and not is_marked:
        _expect_one_heart(meaning.rr[0], rows, times)


def _expect_no_rate_in_name(meaning: Meaning, name: str) -> None:
    """Refuse intervals without a unit, where the file's name has a rate they may be of.

    The name alone is no unit: it may be that of the ECG, whose intervals are in ms.
    """
    found = _RATE_IN_NAME.search(name)
    if found is None or meaning.rr_unit_ms != 1 or any(map(said_unit, meaning.rr)):
        return
    rate_hz, usual = int(found[1]), float(np.nanmedian(meaning.rr[0].numbers()))
    as_samples_ms = usual * _OF_MS / rate_hz if rate_hz else 0.0
    if rate_hz != _OF_MS and _LIKELY_MS[0] <= as_samples_ms <= _LIKELY_MS[1]:
        raise BadRecordingError(
            f"By its name it is of {rate_hz} samples a second, and its intervals "
            f"(usually about {usual:g}) can be in ms or in such samples: nothing in it "
            "says which.",
            "Write the unit into a heading above the values: `RR [ms]`, or "
            f"`RR (samples, fs={rate_hz})`.",
        )


def _expect_no_heart_rates_in_name(meaning: Meaning, name: str) -> None:
    """Refuse a bare list whose file is called after heart rates: 712 may be 71.2 bpm.

    Nothing in the numbers tells: both have the same breath in them.
    """
    if len(meaning.table.columns) > 1 or meaning.rr_unit_ms != 1:
        return
    if meaning.rr[0].name or role_of(PurePath(name).stem) is not Role.HEART_RATE:
        return
    usual = float(np.nanmedian(meaning.rr[0].numbers()))
    raise BadRecordingError(
        f"By its name it holds heart rates, and its values (usually about {usual:g}) "
        f"can be tenths of beats a minute ({usual / 10:.1f}) as well as intervals in "
        "ms: nothing in it says which.",
        "If they are intervals, write `RR [ms]` above the values, or say --column 1.",
    )


def _expect_no_curve(times: Times, rows: Rows) -> None:
    """Refuse a tachogram that was interpolated, in which the beats are lost."""
    sums_ms = np.array(rows.sums_ms(), dtype=np.float64)
    if evidence.is_sampled_curve(times.t_s, sums_ms):
        step_s = float(np.median(np.diff(times.t_s)))
        raise BadRecordingError(
            f"Its values stand every {step_s:g} s, closer than they are long, and lie "
            "on a curve: RR intervals that were interpolated, in which the beats are "
            "lost.",
            "Give the RR intervals themselves, from before they were resampled.",
        )


def _expect_unsorted(column: Column) -> None:
    """Refuse values in order of size, in which neighbours are lost."""
    steps = np.diff(evidence.known(column.numbers()))
    is_one_way = bool(np.all(steps >= 0) or np.all(steps <= 0))
    if np.count_nonzero(steps) >= _FEWEST_SORTED and is_one_way:
        raise BadRecordingError(
            "Its values only rise, or only fall, from one to the next: were they "
            "sorted? Then which beats were neighbours is lost.",
            "Give them in the order in which they were recorded.",
        )


def _expect_no_ecg(column: Column) -> None:
    """Refuse samples of an ECG that lie where intervals do, unless a name says RR."""
    if role_of(column.name) is not Role.RR and is_ecg(column.numbers()):
        raise BadRecordingError(
            "Its values stay near one level, and leave it again and again for a few "
            "rows, always in the same way: samples of an ECG, not RR intervals.",
            "Find the R peaks with your ECG program, and give the intervals between "
            "them, one a line. If these are intervals, say so with --column "
            f"{column.place}.",
        )


def _expect_own_times(table: Table, times: Times, rows: Rows) -> None:
    """Refuse unnamed columns of which the times go with none taken for intervals."""
    sums_ms = np.array(rows.sums_ms(), dtype=np.float64)
    covered = evidence.coverage(times.t_s, sums_ms)
    if len(table.columns) > 2 and abs(covered - 1) > _OFF:
        raise BadRecordingError(
            f"It has {len(table.columns)} columns without a heading, and what can be "
            f"RR intervals accounts for {covered:.0%} of the time that goes by.",
            NAME_THEM,
        )


def _expect_no_count_above(column: Column, table: Table) -> None:
    """Refuse a list below a number that says how many follow, or their rate."""
    values = column.numbers()
    if values.size and evidence.is_no_interval(float(values[0]), values[1:]):
        raise fault_at(
            table.lines[0],
            f"{values[0]:g} above values of usually about {np.nanmedian(values):g}: "
            "how many they are, or samples a second?",
            "Take that line out. If it is a rate, write it into a heading, such as "
            "`RR (samples, fs=360)`.",
        )


def _expect_one_heart(column: Column, rows: Rows, times: Times | None) -> None:
    """Refuse two hearts in turn in one column; times that account for one are one."""
    if times is not None:
        sums_ms = np.array(rows.sums_ms(), dtype=np.float64)
        if not evidence.coverage(times.t_s, sums_ms) > _COUNTED_TWICE:
            return
    values = column.numbers()
    if evidence.are_two_in_turn(values) or evidence.are_two_of_one_level(values):
        raise SeveralHearts(
            "Its values go up and down from one to the next, as if two hearts were "
            "written into one list in turn (or every second beat came early, or was "
            "missed).",
            "Give each heart a file of its own. If it is one heart, say so with "
            f"--column {column.place}.",
        )


def _without_blank_rows(meaning: Meaning) -> tuple[Table, tuple[Column, ...]]:
    """Return the table without rows in which nothing stands: times span them."""
    table = meaning.table
    kept = [
        i
        for i in range(len(table.lines))
        if any(column.cells[i] is not None for column in table.columns)
    ]
    if len(kept) == len(table.lines):
        return table, meaning.rr
    columns = tuple(
        replace(each, cells=tuple(each.cells[i] for i in kept))
        for each in table.columns
    )
    chosen = {each.place for each in meaning.rr}
    lines = tuple(table.lines[i] for i in kept)
    return (
        replace(table, lines=lines, columns=columns),
        tuple(each for each in columns if each.place in chosen),
    )


_SINCE_START: Final = ("since start", "since_start")
_PHONE: Final = "phone timestamp"


def _times(
    table: Table, rows: Rows, taken: Sequence[Column | None], names: set[str]
) -> Times | None:
    """Return the times of rows; two apps say by a name which of theirs to take."""
    rr_ms = np.array(rows.sums_ms(), dtype=np.float64)
    surest = next((name for name in (*_SINCE_START, _PHONE) if name in names), None)
    places = {each.place for each in taken if each is not None}
    if surest is not None:
        others = [each for each in table.columns if each.name.lower() != surest]
    else:
        others = [each for each in table.columns if each.place in places]
    return times_of(table, rr_ms, others)


def _row_numbers(index: Column | None) -> list[float] | None:
    return None if index is None else index.numbers().tolist()


def _skips(index: Column | None) -> bool:
    return index is not None and bool(np.any(np.diff(index.numbers()) > 1))


def _kind(names: set[str], times: Times | None) -> Kind:
    if _PHONE in names:
        return Kind.SENSOR_LOGGER
    if "rr" in names and (names & set(_SINCE_START) or names == {"date", "rr"}):
        return Kind.HRV_LOGGER
    if times is None:
        return Kind.TEXT
    return Kind.ARRIVALS if times.has_clock else Kind.TIMED


def _is_doubtful(meaning: Meaning, packets: Sequence[Packet]) -> bool:
    """Whether no unit is said, and in ms the heart would beat very fast."""
    if any(said_unit(each) for each in meaning.rr) or meaning.rr_unit_ms != 1:
        return False
    held = [rr for _, together in packets for rr in together if rr > 0]
    return bool(held) and float(np.median(held)) < DOUBTFUL_UNNAMED_MS


def _expect_likely(packets: Sequence[Packet]) -> None:
    beats = [rr for _, together in packets for rr in together if rr != MARK]
    likely = sum(_LIKELY_MS[0] <= rr <= _LIKELY_MS[1] for rr in beats)
    if len(beats) >= 2 and likely < _LEAST_LIKELY * len(beats):
        raise BadRecordingError(
            f"Only {likely} of {len(beats)} values can be heartbeats (240-3000 ms).",
            "Give one RR interval a line, in ms or s, or a CSV `arrival_s,rr_ms`.",
        )


TEXT: Final = Reader(recognises=lambda _source: True, read=_read)
