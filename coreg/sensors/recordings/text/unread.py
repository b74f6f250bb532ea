"""Columns that seem to hold times and could not be used: whoever reads is told.

Without them the two sides of a hole become neighbours, and nothing shows it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats
from coreg.sensors.recordings.text import evidence, stamps
from coreg.sensors.recordings.text.names import Role, is_stranger, role_of
from coreg.sensors.recordings.text.table import Column, Table

_FEWEST: Final = 8
_MOSTLY: Final = 0.9
_LIKE_STAMPS: Final = re.compile(
    r"\d.*[:/T]|\d{4}-|\d.*(?<![a-z])[a-z]{3}", re.IGNORECASE
)
_MINUTES: Final = ("m", "min", "mm", "minute", "minutes", "minuten")
_SECONDS: Final = ("s", "sec", "ss", "second", "seconds", "sek", "sekunden", "sekunde")
_COUNTS_DOWN: Final = re.compile(r"remain|left|countdown|verbleib|rest", re.IGNORECASE)
_DIGITS: Final = 3
_CONSTANT_STAMP: Final = 1e5  # a time of this size has lost the digits that change


def can_be_of_time(column: Column) -> bool:
    """Whether the name of a column leaves open that it holds times, or says so."""
    role = role_of(column.name)
    if role is Role.OTHER:
        return is_stranger(column.name)
    return role not in {Role.RR, Role.PULSE, Role.HEART_RATE}


def unread_times(table: Table, taken: Sequence[Column]) -> Column | None:
    """Return the first column that seems to hold the times of rows, if one does."""
    places = {each.place for each in taken}
    left = (each for each in table.columns if each.place not in places)
    found = next((each for each in left if _seems_time(each)), None)
    return found or _of_clock_in_parts(table)


def _of_clock_in_parts(table: Table) -> Column | None:
    """Return the column of seconds, where hours, minutes and seconds stand apart."""
    named = {each.name.strip().lower(): each for each in table.columns}
    seconds = next((named[each] for each in _SECONDS if each in named), None)
    return seconds if any(each in named for each in _MINUTES) else None


def _seems_time(column: Column) -> bool:
    held = [each for each in column.cells if each is not None]
    if len(held) < _FEWEST:
        return False
    if column.is_stamp:
        return any(stamps.has_time(each) for each in held if isinstance(each, str))
    if column.is_number:
        return _seem_times(column)
    texts = [each for each in held if isinstance(each, str)]
    like = sum(_is_like_stamp(each) for each in texts)
    if role_of(column.name) is Role.TIME:
        return len(set(texts)) > 1 or like > 0
    many = len(set(texts)) > len(held) / 2
    return many and like > _MOSTLY * len(held) and can_be_of_time(column)


def _seem_times(column: Column) -> bool:
    """Whether numbers go one way from row to row, and count no rows."""
    values = evidence.known(column.numbers())
    if values.size < _FEWEST or not can_be_of_time(column):
        return False
    if evidence.is_index(values) or evidence.is_index(values[::-1]):
        return False
    if evidence.is_constant(values):
        return role_of(column.name) is Role.TIME and values[0] > _CONSTANT_STAMP
    if role_of(column.name) is Role.TIME:
        return True
    return max(_rising(values), _rising(-values)) > _MOSTLY


def _rising(values: Floats) -> float:
    return float(np.mean(np.diff(values) > 0))


def _is_like_stamp(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits >= _DIGITS and _LIKE_STAMPS.search(text) is not None


def oldest_first(table: Table) -> Table:
    """Return rows that go back in time in the order in which they were."""
    if len(table.columns) < 2 or not any(map(_falls, table.columns)):
        return table
    columns = tuple(replace(each, cells=each.cells[::-1]) for each in table.columns)
    return replace(table, lines=table.lines[::-1], columns=columns)


def _falls(column: Column) -> bool:
    if column.is_stamp:
        texts = [each for each in column.cells if isinstance(each, str)]
        found = [stamps.stamp_s(each) for each in texts if stamps.has_time(each)]
        values = np.array([each for each in found if each is not None])
    elif _COUNTS_DOWN.search(column.name):
        return False
    elif column.is_number and role_of(column.name) is Role.TIME:
        values = evidence.known(column.numbers())
    else:
        return False
    steps = np.diff(values)
    if steps.size < _FEWEST:
        return False
    return float(np.mean(steps <= 0)) > 0.95 and float(np.mean(steps < 0)) > 0.2
