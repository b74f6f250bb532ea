"""Readers of JSON values: each returns the value it promises or refuses the message.

A reader knows its shape, too: the same limits, as the documentation says them.
"""

import datetime as dt
import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import UnionType
from typing import (
    Annotated,
    Any,
    Generic,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from coreg.exercises.pacing.pace_limits import (
    FASTEST_PER_MIN,
    SLOWEST_PER_MIN,
    is_slow_pace,
)

LONGEST_NAME = 40
LONGEST_PASSCODE = 200
FURTHEST_S = 10**12
_JOINS = frozenset({"\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"})
"""What some scripts need within a word, and emoji of several people."""

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)  # each is itself, and types hash it
class Reader(Generic[_T_co]):
    """Returns the value that is promised; `shape` says what that is (shapes.py)."""

    read: Callable[[Any], _T_co]
    shape: Mapping[str, Any]

    def __call__(self, value: Any) -> _T_co:
        """Return the value, or refuse the message."""
        return self.read(value)


class BadMessage(ValueError):
    """Text that is none of these messages; says why, for the page's console."""


def _reads(**shape: Any) -> Callable[[Callable[[Any], _T]], Reader[_T]]:
    """Return what makes a reader of a function; `a` is what its values are."""
    told = {"is": shape.pop("a"), **shape}
    return lambda read: Reader(read, told)


@_reads(a="yes-no")
def yes_or_no(value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise BadMessage("is neither true nor false")
    return value


def whole(least: int, most: int) -> Reader[int]:
    """Return a reader of whole numbers within these bounds."""

    @_reads(a="whole", least=least, most=most)
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadMessage("is no whole number")
        if not least <= value <= most:
            raise BadMessage(f"is not from {least} to {most}")
        return value

    return read


@_reads(a="number", least=1, most=60)
def minutes(value: Any) -> float:
    """Return the minutes of a block."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadMessage("is no number")
    if not 1 <= value <= 60 or not math.isfinite(value):
        raise BadMessage("is not from 1 to 60")
    return float(value)


@_reads(a="number", least=-FURTHEST_S, most=FURTHEST_S)
def server_moment_s(value: Any) -> float:
    """Return a moment on the server's clock, as a page guesses it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadMessage("is no number")
    if not -FURTHEST_S <= value <= FURTHEST_S:
        raise BadMessage(f"is not from {-FURTHEST_S} to {FURTHEST_S}")
    return float(value)


@_reads(a="number", least=SLOWEST_PER_MIN, most=FASTEST_PER_MIN)
def pace(value: Any) -> float:
    """Return breaths a minute, to a tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadMessage("is no number")
    if not is_slow_pace(value):
        raise BadMessage(f"is not from {SLOWEST_PER_MIN:g} to {FASTEST_PER_MIN:g}")
    return round(float(value), 1)


def text(longest: int) -> Reader[str]:
    """Return a reader of a word by which programs know something: nothing odd in it."""

    @_reads(a="text", longest=longest)
    def read(value: Any) -> str:
        _need_text(value, longest)
        if any(unicodedata.category(each) in {"Cc", "Cs"} for each in value):
            raise BadMessage("holds a character that cannot be written")
        return str(value).strip()

    return read


def written(longest: int) -> Reader[str]:
    """Return a reader of what somebody wrote: kept as it is, whatever is in it.

    Pasted text holds all kinds of characters, and nobody can find the one that is not
    wanted. Half a character, which no file can hold, no page sends.
    """

    @_reads(a="text", longest=longest)
    def read(value: Any) -> str:
        _need_text(value, longest)
        return str(value).strip()

    return read


@_reads(a="text", longest=LONGEST_NAME)
def name(value: Any) -> str:
    """Return a name: one line, single spaces, and whatever else somebody wrote.

    Marks that nobody sees, or that turn round what stands behind them, are left out: a
    name stands in the middle of sentences. What is none but for them is none.
    """
    read = written(LONGEST_NAME)(value)
    kinds = [(each, unicodedata.category(each)) for each in read]
    seen = [pair for pair in kinds if pair[1] != "Cf" or pair[0] in _JOINS]
    line = "".join(" " if kind == "Cc" else each for each, kind in seen)
    is_seen = any(kind[0] in "LNPS" for _, kind in seen)
    return " ".join(line.split()) if is_seen else ""


@_reads(a="text", longest=LONGEST_PASSCODE)
def passcode(value: Any) -> str:
    """Return a passcode; what is wrong with one is never said with it."""
    return written(LONGEST_PASSCODE)(value)


def _need_text(value: Any, longest: int) -> None:
    if not isinstance(value, str):
        raise BadMessage("is no text")
    if len(value) > longest:
        raise BadMessage(f"is longer than {longest} characters")


@_reads(a="text", longest=10)
def iso_day(value: Any) -> dt.date:
    """Return a day, as 2026-03-28."""
    _need_text(value, 10)
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise BadMessage("is no day") from None


def one_of(kind: type[StrEnum]) -> Reader[StrEnum]:
    """Return a reader of these words."""

    @_reads(a="word", words=[each.value for each in kind])
    def read(value: Any) -> StrEnum:
        if not isinstance(value, str) or value not in {each.value for each in kind}:
            raise BadMessage(f"is not one of {', '.join(kind)}")
        return kind(value)

    return read


def the_word(word: str) -> Reader[str]:
    """Return a reader that takes this word alone."""

    @_reads(a="word", words=[word])
    def read(value: Any) -> str:
        if value != word:
            raise BadMessage(f"is not the word {word!r}")
        return word

    return read


def or_none(read: Reader[_T]) -> Reader[_T | None]:
    """Return a reader that takes nothing as well."""

    def read_or_none(value: Any) -> _T | None:
        return None if value is None else read(value)

    return Reader(read_or_none, {**read.shape, "null": True})


# --- from a field's type to its reader ------------------------------------------


def unfolded(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a type, and what is said of it beside."""
    if get_origin(hint) is Annotated:
        return hint.__origin__, hint.__metadata__
    return hint, ()


def but_none(hint: Any) -> Any:
    """Return the type that may be missing, itself None where this one may not be.

    Examples
    --------
    >>> but_none(int | None), but_none(int)
    (<class 'int'>, None)
    """
    if get_origin(hint) not in {Union, UnionType}:
        return None
    (kind,) = (each for each in get_args(hint) if each is not type(None))
    return kind


def is_words(kind: Any) -> bool:
    """Whether a type is a choice of words."""
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def reader_of(hint: Any) -> Reader[Any]:
    """Return the reader of a field's type.

    What has no bounds has no reader: of numbers and text, pages are told how much.

    Raises
    ------
    TypeError
        If a page may not send this.

    Examples
    --------
    >>> reader_of(bool | None)(None)
    >>> reader_of(str)
    Traceback (most recent call last):
    TypeError: <class 'str'> has no bounds
    """
    kind, said = unfolded(hint)
    readers = [each for each in said if isinstance(each, Reader)]
    if readers:
        return readers[0]
    if (there := but_none(kind)) is not None:
        return or_none(reader_of(there))
    if get_origin(kind) is Literal:
        (word,) = get_args(kind)
        return the_word(word)
    if is_words(kind):
        return one_of(kind)
    if kind is bool:
        return yes_or_no
    raise TypeError(f"{kind} has no bounds")
