"""Facts as canonical bytes and back: for the session log and for block hashes.

One fact is one JSON array of its fields in order; NaN is null, bytes are hexadecimal.
Floats are written with `repr`, the shortest text that reads back as the same double,
so equal bytes mean equal facts, to the last bit.

Old sessions stay readable for ever: a fact may only grow at its end, and a field that
it grows has a default, which an older payload is read with.
"""

import json
import math
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from types import GenericAlias
from typing import Any, NamedTuple, TypeVar, cast, get_args, get_type_hints

from coreg.base.bounds import json_of, shown
from coreg.facts.events import Cue, Fact, Feature, HeartErased, Input, Opened
from coreg.facts.opened import ALWAYS_WRITTEN, PARTS, WRITTEN, opened_from

LARGEST_FACT_CHARS = 4 * 1024 * 1024

FACTS: dict[str, type[Fact]] = {
    kind.__name__: kind
    for kind in (*get_args(Input), *get_args(Feature), *get_args(Cue), HeartErased)
}
INPUTS: tuple[type[Input], ...] = get_args(Input)
FEATURES: tuple[type[Feature], ...] = get_args(Feature)
CUES: tuple[type[Cue], ...] = get_args(Cue)

_Kind = TypeVar("_Kind")


class _Shape(NamedTuple):
    """A fact's fields by name and type, and how many it had at first."""

    fields: tuple[tuple[str, Any], ...]
    fewest: int


def _shape_of(kind: Any) -> _Shape:
    if kind is Opened:
        return _shape_of_opened()
    hints = get_type_hints(kind)
    return _Shape(
        fields=tuple((field.name, hints[field.name]) for field in fields(kind)),
        fewest=sum(field.default is MISSING for field in fields(kind)),
    )


def _shape_of_opened() -> _Shape:
    """Return the one row that the parts of a session's beginning are written as."""
    parts = {part: _shape_of(kind) for part, kind in PARTS.items()}
    hints = {part: dict(shape.fields) for part, shape in parts.items()}
    return _Shape(
        fields=(
            ("t_ns", int),
            *((f"{part}.{name}", hints[part][name]) for part, name in WRITTEN),
        ),
        fewest=1 + sum(shape.fewest for shape in parts.values()),
    )


_USUAL: tuple[Any, ...] = tuple(
    next(each.default for each in fields(PARTS[part]) if each.name == name)
    for part, name in WRITTEN
)
"""What each field of a beginning is where nothing is said of it, if it may be left."""
_SHAPES: dict[type, _Shape] = {kind: _shape_of(kind) for kind in FACTS.values()}


def encode(fact: Fact) -> bytes:
    """Return the canonical bytes of a fact (its kind is not part of them)."""
    values: list[Any] = [
        _plain(hint, value)
        for (_, hint), value in zip(
            _SHAPES[type(fact)].fields, _values_of(fact), strict=True
        )
    ]
    if isinstance(fact, Opened):
        values = _without_usual(values)
    return json.dumps(
        values, allow_nan=False, separators=(",", ":"), ensure_ascii=False
    ).encode()


def _without_usual(values: list[Any]) -> list[Any]:
    """Return the row of a beginning without what is as usual at its end."""
    kept = list(values)
    while (
        len(kept) > 1 + ALWAYS_WRITTEN and kept[-1] == _usual_written()[len(kept) - 2]
    ):
        kept.pop()
    return kept


@cache
def _usual_written() -> tuple[Any, ...]:
    """Return what a beginning's row holds of each field where nothing is said of it."""
    hints = [hint for _, hint in _SHAPES[Opened].fields[1:]]
    return tuple(
        usual if usual is MISSING else _plain(hint, usual)
        for hint, usual in zip(hints, _USUAL, strict=True)
    )


def decode(kind: str, payload: bytes) -> Fact:
    """Return the fact of this kind.

    Raises
    ------
    ValueError
        If the kind is unknown or the payload is not one of its facts.
    """
    fact = FACTS.get(kind)
    if fact is None:
        raise ValueError(f"unknown kind of event {kind!r}")
    return decode_as(fact, payload)


def decode_as(kind: type[_Kind], payload: bytes) -> _Kind:
    """Return the payload as a frozen dataclass of this kind.

    Raises
    ------
    ValueError
        If the payload is none, or was written by a coreg that knows more fields.
    """
    shape = _SHAPES.get(kind) or _shape_of(kind)
    values = json_of(payload.decode(), LARGEST_FACT_CHARS)
    if not isinstance(values, list) or len(values) < shape.fewest:
        raise ValueError(f"a {kind.__name__} has {len(shape.fields)} fields")
    if len(values) > len(shape.fields):
        raise ValueError(f"this {kind.__name__} is of a newer coreg")
    known = {
        name: _typed(hint, value)
        for (name, hint), value in zip(shape.fields, values, strict=False)
    }
    if kind is Opened:
        return cast("_Kind", _opened(known))
    return kind(**known)


def _values_of(fact: Fact) -> list[object]:
    """Return the values of a fact in the order in which they are written."""
    if isinstance(fact, Opened):
        parts = (getattr(getattr(fact, part), name) for part, name in WRITTEN)
        return [fact.t_ns, *parts]
    return [getattr(fact, name) for name, _ in _SHAPES[type(fact)].fields]


def _opened(known: dict[str, Any]) -> Opened:
    named = {name.rpartition(".")[2]: value for name, value in known.items()}
    return opened_from(named.pop("t_ns"), named)


def _plain(hint: Any, value: Any) -> Any:
    """Return what JSON can say of a field."""
    if hint is float:
        return _number(float(value))  # an int given for a float is the same fact
    if hint is bytes:
        return value.hex()
    if isinstance(hint, GenericAlias):
        item = get_args(hint)[0]
        return [_plain(item, each) for each in value]
    return value


def _number(value: float) -> float | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        raise ValueError("an infinite figure is a bug: only NaN stands for 'not known'")
    return value


def _typed(hint: Any, value: Any) -> Any:
    """Return a JSON value as the type its field has; ValueError where it is not."""
    if isinstance(hint, GenericAlias):
        item = get_args(hint)[0]
        return tuple(_typed(item, each) for each in _expect(value, list))
    if hint is float:
        return _float(value)
    if hint is bytes:
        return bytes.fromhex(_expect(value, str))
    if issubclass(hint, StrEnum):
        return _one_of(hint, value)
    return _expect(value, hint)


def _one_of(hint: type[StrEnum], value: Any) -> StrEnum:
    try:
        return hint(value)
    except ValueError:
        raise ValueError(f"{shown(value)} is no {hint.__name__}") from None


def _float(value: Any) -> float:
    """Return a number that a fact may hold; JSON has some beyond every double."""
    if value is None:
        return math.nan
    number = float(_expect(value, (int, float)))
    if math.isinf(number):
        raise ValueError("an infinite figure was never written")
    return number


def _expect(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise ValueError(f"{shown(value)} is not {kind}")
    return value
