"""The times of a table's rows: which column they stand in, and its clock put right.

A clock on the wall goes back or ahead an hour twice a year, begins anew at midnight,
and is set right by less than a second now and then. All of this is read, and said by a
remark. Where time goes back by more, rows of two recordings stand in one file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.lines import fault_at
from coreg.sensors.recordings.recording import Remark
from coreg.sensors.recordings.text import evidence, stamps
from coreg.sensors.recordings.text.meaning import can_be_time_of, said_unit
from coreg.sensors.recordings.text.names import Role, role_of
from coreg.sensors.recordings.text.table import LOOK_THERE, Column, Table
from coreg.sensors.recordings.text.time_units import (
    DAY_S,
    clock_digits_s,
    is_of_blocks,
    steady_unit_s,
)
from coreg.sensors.recordings.text.unread import can_be_of_time

HOUR_S: Final = 3600.0
_WEEK_S: Final = 7 * DAY_S
_LONGEST_STEP_BACK_S: Final = 1.0
_UNITS_S: Final = (1.0, 1e-3, 1e-6, 1e-9)
_LEAST, _MOST = (
    0.02,
    9.0,
)  # of intervals to time, where the unit of time is the right one
_JUDGED: Final = 10
_NEAR, _SPREAD = 0.05, 0.1
_LEAST_OF_CLOCK: Final = 0.3
_LEAST_OF_HOURS: Final = 0.05  # of hours in intervals; of minutes it is a sixtieth
_BY_AN_HOUR_S: Final = 5.0
PHONE: Final = "phone timestamp"
CLOCK_NAMES: Final = ("arrival_s", "t_s")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Times:
    """When each row was, shape (rows,), seconds; `first_stamp_s` as in `Recording`."""

    t_s: Floats
    has_clock: bool
    first_stamp_s: float | None
    remarks: tuple[Remark, ...]


def times_of(table: Table, rr_ms: Floats, taken: Sequence[Column]) -> Times | None:
    """Return when each row was, None where no column says it.

    Parameters
    ----------
    table : Table
    rr_ms : ndarray, shape (rows,), milliseconds
        All intervals of each row together, NaN where there is none.
    taken : sequence of Column
        Columns that are something else.

    Raises
    ------
    BadRecordingError
        If a column of times does not fit the intervals, or goes back; with the line.
    """
    clock = next(
        (c for name in CLOCK_NAMES for c in table.columns if c.name.lower() == name),
        None,
    )
    if clock is not None and clock.is_number and clock not in taken:
        return _of_clock(clock, table, rr_ms)
    _expect_stamps(table, taken)
    found = [
        times
        for column in table.columns
        if column not in taken
        and (times := _of_column(column, table, rr_ms)) is not None
        and not is_of_blocks(times.t_s)
    ]
    date = next((c for c in table.columns if _is_date_alone(c)), None)
    if not found:
        return None
    if date is not None:
        found = [each for each in found if each.first_stamp_s is not None] or found
    best = _best(found, rr_ms)
    expect_within_a_week(best.t_s, table.lines)
    return best


def expect_within_a_week(t_s: Floats, lines: Sequence[int]) -> None:
    """Refuse times of longer than a week: one wrong digit makes a year of a minute."""
    first_s = t_s[np.isfinite(t_s)][:1]
    late = np.flatnonzero(t_s > first_s + _WEEK_S)
    if late.size:
        raise fault_at(
            lines[int(late[0])],
            "this is more than a week after the start.",
            "Correct its date, or cut the recording to the part you need.",
        )


def _expect_stamps(table: Table, taken: Sequence[Column]) -> None:
    """Refuse words where an app writes the time of each row; with the line."""
    for column in table.columns:
        if column.name.lower() != PHONE or column in taken or column.is_stamp:
            continue
        for line, cell in zip(table.lines, column.cells, strict=True):
            if isinstance(cell, str) and not stamps.is_stamp(cell):
                raise fault_at(line, f"'{cell[:40]}' is no time stamp.", LOOK_THERE)


def _best(found: Sequence[Times], rr_ms: Floats) -> Times:
    """Return the times that fit the intervals best; of the same, the first."""

    def misfit(times: Times) -> float:
        usual, spread = evidence.step_ratio(times.t_s, rr_ms)
        off = abs(usual - 1) + spread
        return round(off, 2) if np.isfinite(off) else float("inf")

    return min(found, key=misfit)


def _of_clock(column: Column, table: Table, rr_ms: Floats) -> Times:
    """Return times of a session's clock, which never goes back."""
    t_s = _complete(column, table) * 1.0
    for line, each in zip(table.lines, t_s.tolist(), strict=True):
        if not 0 <= each <= _WEEK_S:
            raise fault_at(
                line,
                f"a time of {each:g} s; times count from the session's start.",
                "Take the start off all times (the same in both partners' files).",
            )
    _expect_no_step_back(t_s, table.lines, most_s=0.0)
    covered = evidence.coverage(t_s, rr_ms)
    if t_s.size >= _JUDGED and covered < _LEAST:
        raise BadRecordingError(
            f"The times of {column.called} go by {1 / covered:.0f} times faster than "
            "the intervals: they are no seconds.",
            "Give times in s, or name the column by its unit, such as `time [ms]`.",
        )
    return Times(t_s=t_s, has_clock=True, first_stamp_s=None, remarks=())


def _complete(column: Column, table: Table) -> Floats:
    values = column.numbers()
    missing = np.flatnonzero(~np.isfinite(values))
    blank = [
        i
        for i in missing.tolist()
        if any(c.cells[i] is not None for c in table.columns)
    ]
    if blank:
        raise fault_at(
            table.lines[blank[0]],
            f"no time under {column.called}.",
            "Write the time there, or take that line out.",
        )
    return values


def _of_column(column: Column, table: Table, rr_ms: Floats) -> Times | None:
    """Return the times that a column holds, None if it holds none."""
    if column.is_stamp:
        return _of_stamps(column, table, rr_ms)
    if not column.is_number:
        return None
    # A name that says so is enough also where it holds whole seconds, row by row.
    if role_of(column.name) is Role.TIME or _go_with(column, rr_ms):
        return _of_numbers(column, table, rr_ms)
    return None


def _go_with(column: Column, rr_ms: Floats) -> bool:
    """Whether numbers that no name calls times are when these intervals were."""
    values = column.numbers()
    if evidence.is_index(values) or not can_be_of_time(column):
        return False
    if role_of(column.name) is Role.UNNAMED:
        return can_be_time_of(values, rr_ms)
    # Under another name, only what goes with each interval.
    if not evidence.rises(values):
        return False
    said = said_unit(column)
    if said is None or said.ms is None:
        return steady_unit_s(values, rr_ms) is not None
    usual, spread = evidence.step_ratio(values * said.ms / 1000, rr_ms)
    return abs(usual - 1) < _NEAR and spread < _SPREAD


def _of_numbers(column: Column, table: Table, rr_ms: Floats) -> Times | None:
    """Return times of numbers, in the unit in which they go with the intervals."""
    values = _complete(column, table)
    if evidence.is_constant(values):
        return None
    said = said_unit(column)
    if said is not None and said.ms is not None:
        units_s: tuple[float, ...] = (said.ms / 1000,)
    elif (clock_s := clock_digits_s(values)) is not None and (
        _LEAST_OF_CLOCK < evidence.coverage(clock_s, rr_ms) < 1 / _LEAST_OF_CLOCK
    ):
        return _of_wall(clock_s, table, is_of_day=True, is_zoned=False)
    elif (unit_s := steady_unit_s(values, rr_ms)) is not None:
        units_s = (unit_s,)
    else:
        units_s = _UNITS_S
    steps = np.diff(values)
    begun_s = None
    fitting = [
        (abs(np.log(covered)), unit_s)
        for unit_s in units_s
        if (covered := evidence.coverage(values * unit_s, rr_ms)) > _LEAST
        and covered < _MOST
    ]
    if not fitting and values.size < _JUDGED and (steps >= 0).all():
        fitting = [(0.0, unit_s) for unit_s in units_s[:1]]
    if not fitting:
        if is_wrong_unit(said is not None, values, steps):
            raise BadRecordingError(
                f"The times of {column.called} do not go with the intervals, whatever "
                "their unit.",
                "Name the column by its unit, such as `time [s]`, or leave it out.",
            )
        return None
    _, unit_s = min(fitting)
    t_s = values * unit_s
    if abs(float(t_s[0])) > _WEEK_S:
        # Large numbers lose their last digits in seconds: subtract before scaling.
        begun_s, t_s = float(t_s[0]), (values - values[0]) * unit_s
    t_s, remarks = _put_right(t_s, table.lines, is_wall=begun_s is not None)
    if t_s.size and t_s[0] < 0:
        t_s = t_s - t_s[0]
    return Times(
        t_s=np.round(t_s, 6), has_clock=False, first_stamp_s=begun_s, remarks=remarks
    )


def is_wrong_unit(is_said: bool, values: Floats, steps: Floats) -> bool:  # noqa: FBT001
    """Whether numbers are meant as times, though not in the unit said."""
    return is_said or bool(values.size >= _JUDGED and (steps >= 0).mean() > 0.9)


def _of_stamps(column: Column, table: Table, rr_ms: Floats) -> Times | None:
    texts = _texts(column, table)
    month_first = stamps.is_month_first(tuple(texts))
    seconds = []
    for line, text in zip(table.lines, texts, strict=True):
        at_s = stamps.stamp_s(text, month_first=month_first) if text else None
        if at_s is None:
            raise fault_at(line, f"'{text[:40]}' is no time stamp.", LOOK_THERE)
        seconds.append(at_s)
    wall_s = np.array(seconds, dtype=np.float64)
    if evidence.is_constant(wall_s):
        return None
    is_of_day = not stamps.has_date(texts[0])
    if is_of_day and all(each.count(":") == 1 for each in texts):
        wall_s = _in_its_unit(wall_s, column, rr_ms)
    if not any(map(stamps.has_half, texts)):
        wall_s = _without_half_days(wall_s)
    is_zoned = stamps.has_zone(texts[0])
    return _of_wall(wall_s, table, is_of_day=is_of_day, is_zoned=is_zoned)


def _of_wall(wall_s: Floats, table: Table, *, is_of_day: bool, is_zoned: bool) -> Times:
    """Return times of a clock on the wall, which begins anew at midnight."""
    begun_s = float(wall_s[0])
    t_s = wall_s - begun_s
    if is_of_day:
        midnights = np.cumsum(np.concatenate(([0.0], np.diff(wall_s))) < -DAY_S / 2)
        t_s = t_s + DAY_S * midnights
    t_s, remarks = _put_right(t_s, table.lines, is_wall=not is_zoned)
    return Times(
        t_s=np.round(t_s, 6),  # stamps have microseconds
        has_clock=False,
        first_stamp_s=begun_s,
        remarks=remarks,
    )


def _in_its_unit(wall_s: Floats, column: Column, rr_ms: Floats) -> Floats:
    """Return times such as 10:01 as hours or as minutes, by what intervals last."""
    steps_s = np.diff(wall_s)
    held_s, rose_s = float(np.nansum(rr_ms)) / 1000, float(steps_s[steps_s > 0].sum())
    if wall_s.size < _JUDGED or not rose_s or held_s > _LEAST_OF_HOURS * rose_s:
        return wall_s
    if held_s > _LEAST_OF_HOURS * rose_s / 60:
        return wall_s / 60
    raise BadRecordingError(
        f"The times of {column.called} do not go with the intervals, read as hours or "
        "as minutes.",
        "Write times as hh:mm:ss, or leave the column out.",
    )


def _without_half_days(wall_s: Floats) -> Floats:
    """Return times of a clock that begins anew after 12:59, with no AM or PM."""
    hours = np.floor(wall_s / HOUR_S) % 24
    if np.any(hours < 1) or np.any(hours > 12):
        return wall_s
    steps_s = np.diff(wall_s)
    anew = (hours[:-1] == 12) & (hours[1:] == 1) & (steps_s < 0)
    return wall_s + DAY_S / 2 * np.cumsum(np.concatenate(([False], anew)))


def _is_date_alone(column: Column) -> bool:
    if not column.is_stamp:
        return False
    held = [each for each in column.cells if isinstance(each, str)]
    return not any(stamps.has_time(each) for each in held)


def _texts(column: Column, table: Table) -> list[str]:
    """Return the stamps of a column, with the date that a column beside it holds."""
    own = [each if isinstance(each, str) else "" for each in column.cells]
    if stamps.has_date(own[0]):
        return own
    date = next((c for c in table.columns if _is_date_alone(c)), None)
    if date is None:
        return own
    return [f"{day} {time}" for day, time in zip(date.cells, own, strict=True)]


def _put_right(
    t_s: Floats, lines: Sequence[int], *, is_wall: bool
) -> tuple[Floats, tuple[Remark, ...]]:
    """Return times that never go back, and what had to be put right."""
    remarks: list[Remark] = []
    if is_wall:
        t_s, changed = _without_clock_change(t_s)
        remarks += [Remark.CLOCK_CHANGED] if changed else []
    highest = np.maximum.accumulate(t_s)
    if np.any(highest > t_s):
        _expect_no_step_back(t_s, lines, most_s=_LONGEST_STEP_BACK_S)
        remarks.append(Remark.STEPPED_BACK)
        t_s = highest
    return t_s, tuple(remarks)


def _without_clock_change(t_s: Floats) -> tuple[Floats, bool]:
    """Return times as if the clock on the wall had not been changed by an hour."""
    steps_s = np.diff(t_s)
    back = (steps_s < -_LONGEST_STEP_BACK_S) & (np.abs(steps_s + HOUR_S) < HOUR_S / 2)
    ahead = np.abs(steps_s - HOUR_S) < _BY_AN_HOUR_S
    hours = np.cumsum(np.concatenate(([0], back.astype(int) - ahead.astype(int))))
    return t_s + HOUR_S * hours, bool(np.any(back | ahead))


def _expect_no_step_back(t_s: Floats, lines: Sequence[int], *, most_s: float) -> None:
    highest = np.maximum.accumulate(t_s)
    wrong = np.flatnonzero(highest - t_s > most_s)
    if wrong.size:
        i = int(wrong[0])
        raise fault_at(
            lines[i],
            f"time goes back from {highest[i]:g} to {t_s[i]:g} s.",
            "Do not join recordings in one file: give each part a file of its own.",
        )
