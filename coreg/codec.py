"""Facts as canonical bytes and back: for the session log and for block hashes.

One fact is one JSON array of its fields in order; NaN is null, bytes are hexadecimal.
Floats are written with `repr`, the shortest text that reads back as the same double,
so equal bytes mean equal facts, to the last bit.
"""

import json
import math
from dataclasses import fields
from enum import StrEnum
from types import GenericAlias
from typing import Any, get_args, get_type_hints

from coreg import events
from coreg.events import Cue, Fact, Feature, Input

FACTS: dict[str, type[Fact]] = {
    kind.__name__: kind
    for kind in (*get_args(Input), *get_args(Feature), *get_args(Cue))
}
INPUTS: tuple[type[Input], ...] = get_args(Input)
FEATURES: tuple[type[Feature], ...] = get_args(Feature)
CUES: tuple[type[Cue], ...] = get_args(Cue)

_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in FACTS.values()}
_TYPES = {
    kind: tuple(get_type_hints(kind, vars(events))[name] for name in names)
    for kind, names in _NAMES.items()
}


def encode(fact: Fact) -> bytes:
    """Return the canonical bytes of a fact (its kind is not part of them)."""
    kind = type(fact)
    values = [
        _plain(hint, getattr(fact, name))
        for name, hint in zip(_NAMES[kind], _TYPES[kind], strict=True)
    ]
    return json.dumps(
        values, allow_nan=False, separators=(",", ":"), ensure_ascii=False
    ).encode()


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
    names = _NAMES[fact]
    try:
        values = json.loads(payload, parse_constant=_refuse_constant)
        if not isinstance(values, list) or len(values) != len(names):
            raise ValueError(f"{kind} has {len(names)} fields, the payload has others")
        typed = map(_typed, _TYPES[fact], values)
        return fact(**dict(zip(names, typed, strict=True)))
    except (OverflowError, RecursionError) as error:
        # JSON can hold numbers beyond a double and nest deeper than a stack.
        raise ValueError(f"the payload of {kind} is out of bounds") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


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
        return math.nan if value is None else float(_expect(value, (int, float)))
    if hint is bytes:
        return bytes.fromhex(_expect(value, str))
    if issubclass(hint, StrEnum):
        return hint(value)
    return _expect(value, hint)


def _expect(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise ValueError(f"{value!r} is not {kind}")
    return value
