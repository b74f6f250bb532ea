"""All that goes over the wire, as browser and documentation are told of it.

Both are written into files by `python -m coreg.web.write_wire`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from coreg.web.wire import incoming, outgoing
from coreg.web.wire.answers import ANSWERS
from coreg.web.wire.readers import reader_of
from coreg.web.wire.shapes import NEW, Objects, Shape, fields_of, name_of, shape_of

_INDENT = "  "
_NO_FIELDS = "no fields"
_BY_HAND = """\
Written by `python -m coreg.web.write_wire`: change the definition in
coreg/web/wire/outgoing.py, not this file. What a shape is, coreg/web/wire/shapes.py
says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What goes over the wire: shapes of what is told, by name, and of what is asked.

    `messages` are the objects that the types of messages from the server are, `answers`
    what is answered over HTTP, `asked` the fields of a page's messages.
    """

    objects: Objects
    messages: dict[str, str]
    answers: dict[str, Shape]
    asked: dict[str, dict[str, Shape]]


def definition() -> Definition:
    """Return the definition, read off the dataclasses of messages."""
    objects: Objects = {}
    messages = {}
    for kind, told in outgoing.TYPES.items():
        name = messages[told] = name_of(kind)
        of = fields_of(kind, objects)
        if objects.setdefault(name, of) != of:
            raise TypeError(f"two objects are called {name}")
    answers = {path: shape_of(hint, objects) for path, hint in ANSWERS.items()}
    asked = {name: _asked(kind) for name, kind in incoming.TYPES.items()}
    return Definition(objects=objects, messages=messages, answers=answers, asked=asked)


def _asked(kind: type[incoming.Message]) -> dict[str, Shape]:
    hints = get_type_hints(kind, include_extras=True)
    return {each.name: dict(reader_of(hints[each.name]).shape) for each in fields(kind)}


# --- for the browser ----------------------------------------------------------


def javascript() -> str:
    """Return the definition of what the server tells, as a module of the pages."""
    told = definition()
    parts = [
        ("What the server may say.\n\n" + _BY_HAND, ""),
        (
            "In the place of a screen or a turn that this page does not know.",
            f"export const NEW = {json.dumps(NEW)};\n",
        ),
        (
            "The fields of objects, messages among them.",
            _exported("OBJECTS", told.objects, lines_deep=2),
        ),
        (
            "Which object a message is, by its type.",
            _exported("MESSAGES", told.messages, lines_deep=1),
        ),
        (
            "What is answered over HTTP.",
            _exported("ANSWERS", told.answers, lines_deep=1),
        ),
    ]
    return "\n".join(f"{_comment(words)}{code}" for words, code in parts)


def _comment(words: str) -> str:
    lines = words.split("\n")
    if len(lines) == 1:
        return f"/** {words} */\n"
    return "".join(
        ["/**\n", *(f" * {line}".rstrip() + "\n" for line in lines), " */\n"]
    )


def _exported(name: str, value: Mapping[str, Any], *, lines_deep: int) -> str:
    return f"export const {name} = {_written(value, lines_deep)};\n"


def _written(value: Any, lines_deep: int, indent: str = "") -> str:
    """Return JSON of one line for each of what lies that deep."""
    if not lines_deep or not value:
        return json.dumps(value)
    inner = indent + _INDENT
    lines = (
        f"{inner}{json.dumps(key)}: {_written(each, lines_deep - 1, inner)}"
        for key, each in value.items()
    )
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


# --- for the documentation ----------------------------------------------------


def told_tables() -> str:
    """Return tables of what the server tells, for the documentation."""
    told = definition()
    are = [[f"message `{kind}`", f"`{name}`"] for kind, name in told.messages.items()]
    are += [[f"answer `{path}`", _words_of(of)] for path, of in told.answers.items()]
    messages_first = dict.fromkeys([*told.messages.values(), *told.objects])
    rows = [
        [f"`{name}`", f"`{field}`", _words_of(shape), _instead(shape)]
        for name in messages_first
        for field, shape in told.objects[name].items()
    ]
    return "\n".join(
        [
            *_table(["what is told", "is"], are),
            "",
            *_table(["of", "field", "is", "not understood"], rows),
        ]
    )


def asked_table() -> str:
    """Return the table of what a page may ask, for the documentation."""
    rows = []
    for name, of in definition().asked.items():
        if not of:
            rows.append([f"`{name}`", "", _NO_FIELDS])
        rows += [
            [f"`{name}`", f"`{field}`", _words_of(shape)] for field, shape in of.items()
        ]
    return "\n".join(_table(["message", "field", "is"], rows))


def _table(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    for cells in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(cells)} |"


def _words_of(shape: Shape) -> str:
    words = f"{_SAID[shape['is']](shape)}{_within(shape)}"
    return f"{words}, or null" if shape.get("null") else words


def _within(shape: Shape) -> str:
    said = []
    if "least" in shape:
        said.append(f" from {shape['least']} to {shape['most']}")
    if "above" in shape:
        said.append(f" above {shape['above']}")
    if "less_than" in shape:
        said.append(f" and below `{shape['less_than']}`")
    if "longest" in shape:
        said.append(f" of at most {shape['longest']} characters")
    return "".join(said)


def _text(shape: Shape) -> str:
    # A bar would end the table's cell.
    pattern = shape.get("pattern", "").replace("|", "\\|")
    return f"text, `{pattern}`" if pattern else "text"


_SAID: dict[str, Callable[[Shape], str]] = {
    "yes-no": lambda _: "true or false",
    "whole": lambda _: "a whole number",
    "number": lambda _: "a number",
    "text": _text,
    "word": lambda shape: " ".join(f"`{word}`" for word in shape["words"]),
    "object": lambda shape: f"`{shape['of']}`",
    "list": lambda shape: f"a list; each {_words_of(shape['of'])}",
    "each": lambda shape: (
        f"`{{{', '.join(shape['keys'])}}}`; each {_words_of(shape['of'])}"
    ),
}


def _instead(shape: Shape) -> str:
    return f"`{json.dumps(shape['or'])}`" if "or" in shape else "leaves all of it aside"
