"""What a TOML text holds, written as TOML again: `toml_of` is the inverse.

Comments are not kept: they are no part of what a text holds.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SHORT_ESCAPES: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
}
_ESCAPED: Final = re.compile(r'["\\\x00-\x1f\x7f]')


def toml_text(values: Mapping[str, Any]) -> str:
    """Return a TOML text that holds these values: first lines, then lists of tables.

    Examples
    --------
    >>> print(toml_text({"block": [{"name": "Sit"}], "pace": "fixed"}))
    pace = "fixed"
    <BLANKLINE>
    [[block]]
    name = "Sit"
    <BLANKLINE>
    """
    lines = [
        _line(key, value) for key, value in values.items() if not _is_tables(value)
    ]
    for key, value in values.items():
        if _is_tables(value):
            for table in value:
                lines += ["", f"[[{_key(key)}]]"]
                lines += [_line(inner, each) for inner, each in table.items()]
    return "".join(f"{line}\n" for line in lines)


def _is_tables(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) for each in value)
    )


def _line(key: str, value: Any) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    match value:
        case bool() | int() | float():
            return repr(value).lower()  # which TOML reads back as the same, nan too
        case str():
            return _text(value)
        case dt.date() | dt.time():  # a datetime is a date, too
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            inner = ", ".join(_line(key, each) for key, each in value.items())
            return f"{{{inner}}}"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _text(words: str) -> str:
    return f'"{_ESCAPED.sub(_escape, words)}"'


def _escape(character: re.Match[str]) -> str:
    found = character.group()
    return _SHORT_ESCAPES.get(found, f"\\u{ord(found):04x}")
