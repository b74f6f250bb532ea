"""TOML and JSON from outside: measured before a parser is let loose on them.

Strategy. Parsers trust what they are given. Python's takes a key of ten thousand
dotted parts and spends gigabytes on it, follows brackets down until its stack is
used up, and works for minutes at a number of a million digits; each of these fits
into a small file. So a text is measured first, in one pass that knows strings and
comments from structure and nothing else of the language:

1. how long the whole text is,
2. how deep brackets nest,
3. how many parts a dotted key has,
4. how many digits a number has.

Within these bounds a parser's time and memory grow with the length of the text alone.
Whatever is still wrong becomes a `BadText`, and no other error leaves here. The
scanner agrees with the parser on where a string ends for as long as the text is valid,
and where it is not, the parser stops: nothing can hide behind a quote.
"""

import datetime as dt
import json
import re
import reprlib
import tomllib
from typing import Any, Final

MOST_DEEP: Final = 16
MOST_PARTS: Final = 16  # of a dotted key
MOST_DIGITS: Final = 100  # of one number
# Longer than any file that is taken: what is chosen is written into a plan's text.
LARGEST_TOML_CHARS: Final = 250_000

_TOML_TOKEN = re.compile(
    r'''
      (?P<string>
        """ (?: [^"\\] | \\. | "(?!"") )*+ (?: """ (?:""?)? )?
      | \'\'\' (?: [^'] | '(?!\'\') )*+ (?: \'\'\' (?:''?)? )?
      | " (?: [^"\\\n] | \\[^\n] )*+ "?
      | ' [^'\n]*+ '? )
    | (?P<comment> \#[^\n]*+ )
    | (?P<open> [\[{] )
    | (?P<close> [\]}] )
    | (?P<number> (?<![A-Za-z0-9_]) [0-9][A-Za-z0-9_]*+ )
    | (?P<dot> \. )
    | (?P<between> [=,\n] )
    ''',
    re.DOTALL | re.VERBOSE,
)
_JSON_TOKEN = re.compile(
    r"""
      (?P<string> " (?: [^"\\] | \\. )*+ "? )
    | (?P<open> [\[{] )
    | (?P<close> [\]}] )
    | (?P<number> [0-9]++ )
    """,
    re.DOTALL | re.VERBOSE,
)
_DEEPER: Final = {"open": 1, "close": -1}
_ENDS_A_KEY: Final = frozenset({"open", "close", "between"})
_LONG_NUMBER = re.compile(rf"[0-9]{{{MOST_DIGITS + 1}}}")
_HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60
_SHORT.maxlevel = _SHORT.maxlist = _SHORT.maxdict = 2


class BadText(ValueError):
    """Text that is not what it should be; says why, as words that follow its name."""


def toml_of(text: str) -> dict[str, Any]:
    """Return what a TOML text holds.

    Raises
    ------
    BadText
        If it is none, or beyond what is read.

    Examples
    --------
    >>> toml_of('title = "Two hearts"  # [[[[[[[[[[[[[[[[[[[[')
    {'title': 'Two hearts'}
    >>> toml_of(".".join("a" * 17) + " = 1")
    Traceback (most recent call last):
    coreg.base.bounds.BadText: has a key of more than 16 parts (line 1)
    """
    _measure_length(text, LARGEST_TOML_CHARS)
    _measure(text, _TOML_TOKEN)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadText(f"is not valid TOML: {fault}") from fault
    except (ArithmeticError, RecursionError, ValueError) as fault:
        raise BadText("is not valid TOML") from fault


def json_of(text: str, most_chars: int) -> Any:
    """Return what a JSON text of at most so many characters holds.

    Numbers are finite unless their exponent says otherwise (`1e999`), which whoever
    takes a number has to refuse.

    Raises
    ------
    BadText
        If it is none, or beyond what is read.

    Examples
    --------
    >>> json_of('{"as_of": "2026"}', 1000)
    {'as_of': '2026'}
    >>> json_of("[" * 17 + "]" * 17, 1000)
    Traceback (most recent call last):
    coreg.base.bounds.BadText: is nested more than 16 deep (line 1)
    """
    _measure_length(text, most_chars)
    # Most texts, such as a session's many thousand facts, need no closer look.
    if text.count("[") + text.count("{") > MOST_DEEP or _LONG_NUMBER.search(text):
        _measure(text, _JSON_TOKEN)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        if _HALF_A_CHARACTER.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as fault:
        raise BadText(f"is no JSON: {fault}") from fault
    except UnicodeEncodeError as fault:
        raise BadText("is no JSON: it holds half a character") from fault
    except BadText:
        raise
    except (ArithmeticError, RecursionError, ValueError) as fault:
        raise BadText("is no JSON") from fault
    return value


def shown(value: object) -> str:
    """Return a value as it was written, cut short, for words about what is wrong.

    Examples
    --------
    >>> shown(True), shown("slow"), shown(dt.date(2026, 3, 1))
    ('true', "'slow'", '2026-03-01')
    """
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case dt.date() | dt.time():  # a datetime is a date, too
            return value.isoformat()
        case _:
            return _SHORT.repr(value)


def _measure_length(text: str, most_chars: int) -> None:
    if len(text) > most_chars:
        raise BadText(f"is too large (more than {most_chars} characters)")


def _measure(text: str, tokens: re.Pattern[str]) -> None:
    """Refuse a text that is nested, dotted or numerous beyond the limits."""
    deep, parts = 0, 1
    for token in tokens.finditer(text):
        kind = token.lastgroup or ""
        deep = max(0, deep + _DEEPER.get(kind, 0))
        parts = 1 if kind in _ENDS_A_KEY else parts + (kind == "dot")
        if deep > MOST_DEEP:
            raise _beyond(f"is nested more than {MOST_DEEP} deep", token)
        if parts > MOST_PARTS:
            raise _beyond(f"has a key of more than {MOST_PARTS} parts", token)
        if kind == "number" and token.end() - token.start() > MOST_DIGITS:
            raise _beyond(f"has a number of more than {MOST_DIGITS} digits", token)


def _beyond(what: str, token: re.Match[str]) -> BadText:
    line = token.string.count("\n", 0, token.start()) + 1
    return BadText(f"{what} (line {line})")


def _refuse_constant(name: str) -> None:
    raise BadText(f"is no JSON: it holds {name}")
