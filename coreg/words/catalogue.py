"""Words by their place in the catalogue of the language that is spoken."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from os import PathLike
from typing import Any, Final

from coreg.words.language import ENGLISH, Language, spoken
from coreg.words.plural import CATEGORIES, category

Entry = str | Mapping[str, Any]
Blank = str | int | PathLike[str]
_BLANK: Final = re.compile(r"\{(\w+)\}")


def say(key: str, /, **blanks: Blank) -> str:
    """Return the words at this place with their blanks filled in.

    Where they count, the blank `n` chooses the form. A blank stays as it is given: a
    number that is more than a count is written by `number` first.

    Raises
    ------
    KeyError
        If there are no such words, or a blank of them is not given: a fault of ours.

    Examples
    --------
    >>> say("pages.home.swap", name="Ada")
    'Not Ada? Switch'
    """
    return say_in(spoken(), key, **blanks)


def say_in(language: Language, key: str, /, **blanks: Blank) -> str:
    """Return words as `say` does, in this language and whatever else is spoken."""
    entry = _entry(language, key)
    if isinstance(entry, Mapping):
        if not counts(entry):
            raise KeyError(f"{key} is a section, no words")
        entry = entry[category(language, int(str(blanks["n"])))]
    return _BLANK.sub(lambda blank: str(blanks[blank[1]]), entry)


def wrong_and_do(key: str, /, **blanks: Blank) -> tuple[str, str]:
    """Return what an error says: what was wrong, and what to do about it.

    Examples
    --------
    >>> wrong_and_do("errors.backup.there-already", path="old.coreg-backup")
    ('There is a file old.coreg-backup already.', 'Name another one.')
    """
    return say(f"{key}.wrong", **blanks), say(f"{key}.do", **blanks)


def system_said(error: OSError) -> str:
    """Return what the computer's system said of a fault, where we know it in words.

    Systems say it in English here, whatever the language of their terminal.

    Examples
    --------
    >>> system_said(FileNotFoundError(2, "No such file or directory"))
    'No such file or directory'
    """
    return in_words(error.strerror or str(error), "system")


def section(area: str, language: Language | None = None) -> dict[str, Any]:
    """Return all words of an area, as a page takes them; gaps are in English."""
    return _whole(language or spoken(), area)


def in_words(text: str, area: str = "practices") -> str:
    """Return a text that comes as data in the language that is spoken.

    Practices keep their own English texts, and sessions keep the practice: so what was
    recorded is the same in every language. What somebody wrote into a practice of their
    own, or into a list of places of their own (`helplines`), is shown as it is written.
    """
    return str(_catalogue(spoken(), area).get(text, text))


def counts(entry: Mapping[str, Any]) -> bool:
    """Whether these are the forms of one sentence, not a section of several."""
    return "other" in entry and set(entry) <= CATEGORIES


def places(language: Language, area: str) -> Iterator[tuple[str, Entry]]:
    """Yield every place of an area with its words, for whoever compares catalogues."""
    yield from _places(area, _catalogue(language, area))


def _places(at: str, words: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    for key, value in words.items():
        if isinstance(value, Mapping) and not counts(value):
            yield from _places(f"{at}.{key}", value)
        else:
            yield f"{at}.{key}", value


def _entry(language: Language, key: str) -> Entry:
    area, *path = key.split(".")
    entry: Any = section(area, language)
    for name in path:
        entry = entry[name]
    return entry if isinstance(entry, Mapping) else str(entry)


@cache
def _whole(language: Language, area: str) -> dict[str, Any]:
    english = _catalogue(ENGLISH, area)
    return (
        english if language is ENGLISH else _over(english, _catalogue(language, area))
    )


@cache
def _catalogue(language: Language, area: str) -> dict[str, Any]:
    file = resources.files("coreg.words") / language.value / f"{area}.json"
    if not file.is_file():
        return {}
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words


def _over(english: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return the other language's words where it has them, else the English ones."""
    both = {}
    for key, value in english.items():
        has = other.get(key)
        if isinstance(value, Mapping) and not counts(value):
            both[key] = _over(value, has if isinstance(has, Mapping) else {})
        else:
            both[key] = value if has is None else has
    return both
