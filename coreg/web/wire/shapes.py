"""What a value on the wire may be, as JSON: read off the types of fields.

Strategy. The dataclasses of incoming.py and outgoing.py are the definition of what goes
over the wire. Their types become shapes here, which the browser's check
(static/wire.js) and the tables of docs/web-messages.md are written from
(`python -m coreg.web.write_wire`).

A shape is an object: `is` says what a value is, the rest how far that goes.

* `yes-no`, `whole`, `number` (`least`, `most`, `above`, `less_than` another field)
* `text` (`longest`, `pattern`), `word` (`words`)
* `list` (`of`), `each` (`keys`, `of`): the same of each key, `object` (`of`: its name)
* `null`: nothing may be said, too
* `or`: what a page goes on with where it understands nothing of a value. Without it the
  page leaves aside what the value is a part of.

A page may be older than the server, so nearly everything has such a value: of its own
accord what says least (false, no words, an empty list, null), or as its field says.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from coreg.web.wire.readers import (
    Reader,
    but_none,
    is_words,
    one_of,
    unfolded,
    yes_or_no,
)

Shape = dict[str, Any]
Objects = dict[str, dict[str, Shape]]
"""The shapes of the fields of each object, by the object's name."""

NEW = "new"
"""What a page takes a word for that matters and that it does not know."""

_PLAIN: dict[Any, Shape] = {
    bool: dict(yes_or_no.shape),
    int: {"is": "whole"},
    float: {"is": "number"},
    str: {"is": "text"},
}
_SAYS_LEAST = {"yes-no": False, "text": "", "list": []}
_ENDINGS = ("Shown", "Told")


class Limits:
    """How far a value goes that the server tells."""

    def __init__(self, **shape: Any) -> None:
        self.shape = shape


class Otherwise:
    """What a page goes on with where it does not understand a value."""

    def __init__(self, value: Any) -> None:
        self.value = asdict(value) if is_dataclass(value) else value  # type: ignore[arg-type]


class _Needed:
    """Nothing can be done without this value."""


NEEDED = _Needed()


def shape_of(hint: Any, objects: Objects) -> Shape:
    """Return the shape of a type; the objects in it are added to those known.

    Examples
    --------
    >>> shape_of(tuple[float | None, ...], {})
    {'is': 'list', 'of': {'is': 'number', 'null': True, 'or': None}}
    """
    kind, said = unfolded(hint)
    shape = _bare(kind, objects)
    for each in said:
        if isinstance(each, Reader | Limits):
            shape |= each.shape
        elif isinstance(each, Otherwise):
            shape["or"] = each.value
    return shape


def name_of(kind: type) -> str:
    """Return what an object is called where it is told.

    Examples
    --------
    >>> class BlockShown: ...
    >>> name_of(BlockShown)
    'Block'
    """
    name = kind.__name__
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return name


def fields_of(kind: Any, objects: Objects) -> dict[str, Shape]:
    """Return the shapes of an object's fields, as a page that may be older reads them.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Block:
    ...     number: int
    ...     waits: bool
    >>> fields_of(Block, {})["waits"]
    {'is': 'yes-no', 'or': False}
    """
    hints = get_type_hints(kind, include_extras=True)
    return {each.name: _field(hints[each.name], objects) for each in fields(kind)}


def _field(hint: Any, objects: Objects) -> Shape:
    shape = shape_of(hint, objects)
    if NEEDED in unfolded(hint)[1]:
        return shape
    return {**shape, "or": shape.get("or", _says_least(shape))}


def _says_least(shape: Mapping[str, Any]) -> Any:
    if shape.get("null"):
        return None
    if shape["is"] == "each":
        of = shape["of"]
        return {key: of["or"] for key in shape["keys"] if "or" in of}
    return _SAYS_LEAST.get(shape["is"])


def _bare(kind: Any, objects: Objects) -> Shape:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if is_words(kind):
        return dict(one_of(kind).shape)
    if is_dataclass(kind):
        return _object(kind, objects)
    if (there := but_none(kind)) is not None:
        return {**shape_of(there, objects), "null": True, "or": None}
    return _of_many(get_origin(kind), get_args(kind), objects)


def _object(kind: Any, objects: Objects) -> Shape:
    name, of = name_of(kind), fields_of(kind, objects)
    if objects.setdefault(name, of) != of:
        raise TypeError(f"two objects are called {name}")
    return {"is": "object", "of": name}


def _of_many(origin: Any, of: tuple[Any, ...], objects: Objects) -> Shape:
    if origin is Literal:
        return {"is": "word", "words": list(of)}
    if origin is tuple:
        return {"is": "list", "of": _element(of[0], objects)}
    if origin is dict:
        keys = [each.value for each in of[0]]
        return {"is": "each", "keys": keys, "of": _element(of[1], objects)}
    raise TypeError(f"{origin} does not go over the wire")


def _element(hint: Any, objects: Objects) -> Shape:
    """Return the shape of one of many: what is not understood of it is left out.

    Of what is either so or not, the latter is understood.
    """
    shape = shape_of(hint, objects)
    return {**shape, "or": shape.get("or", False)} if shape["is"] == "yes-no" else shape
