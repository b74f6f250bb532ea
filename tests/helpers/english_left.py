"""Finds words in the code that a person would read in English, whatever they speak.

Whatever people read lies in the catalogue, so no literal of the code is a sentence, and
none goes into an error that they read or onto a line that a command prints.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from coreg import errors

STAYS_ENGLISH: Final = {
    # Who writes Python, or measures, reads English; figures keep one name everywhere.
    "analysis": "said to whoever calls a function",
    "api": "said to whoever calls the library",
    "testing": "for tests",
    "__init__.py": "said to whoever imports it",
    # Files that somebody wrote by hand: their keys are English, and what to write.
    "base/bounds.py": "what is wrong inside a file",
    "base/text_files.py": "what is wrong inside a file",
    "base/toml_table.py": "what is wrong inside a file",
    "exercises": "what is wrong inside a practice; and its texts, which are recorded",
    "sensors/recordings": "what is wrong inside a recording",
    "sensors/simulation": "what is wrong inside a couple's file",
    # What is recorded is the same in every language, for a replay compares it.
    "sensors/decoding": "why a packet was left out stands in the session",
    # Commands for research, and how a command is used.
    "batch": "batch and cohort",
    "cli/batch.py": "batch",
    "cli/cohort.py": "cohort",
    "cli/cohort_picture.py": "cohort",
    "cli/inspect.py": "replay",
    "cli/plan_outline.py": "practices check",
    "cli/simulate.py": "simulate",
    "cli/synchrony_figures.py": "synchrony",
    "findings/pair.py": "synchrony of two files",
    "cli/options": "usage and help, with the names of options",
    "cli/write_reference.py": "writes docs/commands.md",
    # Files for other programs: names of columns and what they mean.
    "report/exchange": "read by programs, and by whoever analyses what they read",
    # Between programs, or written for who develops it.
    "web/wire": "between a page and the server; and the documentation of that",
    "web/write_wire.py": "writes docs/protocol.md",
    "base/supervision.py": "names of tasks in a traceback",
}
"""Rooms in which English stays, and why."""

_OF_ERRORS: Final = {
    *(
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.CoregError)
    ),
    "BadRow",
    "NotAsWritten",
    "LinkedElsewhere",
}
_PRINTS: Final = {"say", "tell", "print", "input", "getpass", "add_note"}
_FROM_CATALOGUE: Final = {"say", "word", "say_in", "wrong_and_do"}
_BLANK: Final = "{}"
_TWO_WORDS = re.compile(r"[^\W\d_] [^\W\d_]{2,}")
_SENTENCE = re.compile(r"(?s)\s*[A-Z{“][^{]*? .* .*[.?!:]\s*")
_NO_WORDS_OF_OURS = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH|<|:root)"
)


def left_in(code: str) -> list[str]:
    """Return what of this code is English that a person would read."""
    tree = ast.parse(code)
    ignored = _documentation(tree) | _said_to_developers(tree)
    return [*_in_calls(tree), *_sentences(tree, ignored)]


def left_in_rooms(root: Path) -> Iterator[str]:
    """Yield what is left in all rooms but those in which English stays."""
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if any(name == room or name.startswith(f"{room}/") for room in STAYS_ENGLISH):
            continue
        for words in left_in(path.read_text(encoding="utf-8")):
            yield f"{name}: {words}"


def _in_calls(tree: ast.AST) -> Iterator[str]:
    """Yield words in errors that are made, and on lines that are printed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _OF_ERRORS | _PRINTS:
            for given in node.args:
                yield from filter(_says_something, _literals(given))


def _says_something(text: str) -> bool:
    said = _TWO_WORDS.search(text.replace(_BLANK, "blank"))
    return said is not None and any(map(str.isalpha, text.replace(_BLANK, "")))


def _literals(node: ast.AST) -> Iterator[str]:
    """Yield the literals of an expression that come from no catalogue."""
    if isinstance(node, ast.Call) and _called(node) in _FROM_CATALOGUE:
        return
    if isinstance(node, ast.JoinedStr):
        yield _text(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _literals(child)


def _sentences(tree: ast.AST, ignored: set[int]) -> Iterator[str]:
    for node in ast.walk(tree):
        if id(node) in ignored:
            continue
        if isinstance(node, ast.JoinedStr):
            ignored |= {id(part) for part in node.values}
            text = _text(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if _SENTENCE.fullmatch(text) and not _NO_WORDS_OF_OURS.match(text):
            yield text


def _text(joined: ast.JoinedStr) -> str:
    """Return an f-string with its blanks empty."""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else _BLANK
        for part in joined.values
    )


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _documentation(tree: ast.AST) -> set[int]:
    """Return the literals that stand by themselves: docstrings."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _said_to_developers(tree: ast.AST) -> set[int]:
    """Return the literals in errors of Python's own, which are bugs and no messages."""
    return {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and _called(node) in {"ValueError", "TypeError", "KeyError", "RuntimeError"}
        for part in ast.walk(node)
    }
