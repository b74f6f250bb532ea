"""Readers of JSON values: each returns the value it promises or refuses the message."""

import math
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from coreg.exercises.pacing.pace_limits import (
    FASTEST_PER_MIN,
    SLOWEST_PER_MIN,
    is_slow_pace,
)

LONGEST_NAME = 40

Reader = Callable[[Any], Any]


class BadMessage(ValueError):
    """Text that is none of these messages; says why, for the page's console."""


def yes_or_no(value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise BadMessage("is neither true nor false")
    return value


def whole(least: int, most: int) -> Reader:
    """Return a reader of whole numbers within these bounds."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadMessage("is no whole number")
        if not least <= value <= most:
            raise BadMessage(f"is not from {least} to {most}")
        return value

    return read


def minutes(value: Any) -> float:
    """Return the minutes of a block."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadMessage("is no number")
    if not 1 <= value <= 60 or not math.isfinite(value):
        raise BadMessage("is not from 1 to 60")
    return float(value)


def pace(value: Any) -> float:
    """Return breaths a minute, to a tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadMessage("is no number")
    if not is_slow_pace(value):
        raise BadMessage(f"is not from {SLOWEST_PER_MIN:g} to {FASTEST_PER_MIN:g}")
    return round(float(value), 1)


def text(longest: int) -> Reader:
    """Return a reader of a word by which programs know something: nothing odd in it."""

    def read(value: Any) -> str:
        _need_text(value, longest)
        if any(unicodedata.category(each) in {"Cc", "Cs"} for each in value):
            raise BadMessage("holds a character that cannot be written")
        return str(value).strip()

    return read


def written(longest: int) -> Reader:
    """Return a reader of what somebody wrote: kept as it is, whatever is in it.

    Pasted text holds all kinds of characters, and nobody can find the one that is not
    wanted. Half a character, which no file can hold, no page sends.
    """

    def read(value: Any) -> str:
        _need_text(value, longest)
        return str(value).strip()

    return read


def name(value: Any) -> str:
    """Return a name: one line, single spaces, and whatever else somebody wrote."""
    read = written(LONGEST_NAME)(value)
    line = "".join(" " if unicodedata.category(c) == "Cc" else c for c in read)
    return " ".join(line.split())


def _need_text(value: Any, longest: int) -> None:
    if not isinstance(value, str):
        raise BadMessage("is no text")
    if len(value) > longest:
        raise BadMessage(f"is longer than {longest} characters")


def one_of(kind: type[StrEnum]) -> Reader:
    """Return a reader of these words."""

    def read(value: Any) -> StrEnum:
        if not isinstance(value, str) or value not in {each.value for each in kind}:
            raise BadMessage(f"is not one of {', '.join(kind)}")
        return kind(value)

    return read


def the_word(word: str) -> Reader:
    """Return a reader that takes this word alone."""

    def read(value: Any) -> str:
        if value != word:
            raise BadMessage(f"is not the word {word!r}")
        return word

    return read


def or_none(read: Reader) -> Reader:
    """Return a reader that takes nothing as well."""

    def read_or_none(value: Any) -> Any:
        return None if value is None else read(value)

    return read_or_none
