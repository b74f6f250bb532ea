"""What a test says in English, found on pages that speak another language."""

import re
from collections.abc import Iterator
from typing import Any

from coreg.words import ENGLISH, Language
from coreg.words.catalogue import places

AREAS = ("pages", "practices", "straps", "faults", "cards")
CODES = frozenset(
    {
        "ending",
        "id",
        "kind",
        "length",
        "partner",
        "screen",
        "signal",
        "source",
        "state",
        "turn",
        "type",
        "way",
    }
)
"""Where the wire has codes and names, which are the same in every language."""
FILLED = ("You saw {", "You haven’t seen {", " a week until {")
"""What is in sentences that a server tells with something in their blanks."""
BLANK = re.compile(r"\\\{(\w+)\\\}")
"""A blank of a sentence, as `re.escape` writes it."""


def language_of(page: Any) -> Language:
    """Return which language this page speaks."""
    return Language(page.evaluate("document.documentElement.lang"))


def texts(language: Language) -> Iterator[tuple[str, str]]:
    """Yield each place of the catalogues with its words, every form by itself."""
    for area in AREAS:
        for key, entry in places(language, area):
            each: Any = entry  # a sentence, its plural forms, or a list of them
            if isinstance(each, str):
                yield key, each
            elif isinstance(each, list):
                yield from ((f"{key}.{i}", text) for i, text in enumerate(each))
            else:
                yield from ((f"{key}.{form}", text) for form, text in each.items())


def pattern(template: str) -> str:
    """Return what finds a sentence of the catalogue, whatever stands in its blanks."""
    return BLANK.sub(".+", re.escape(template))


def worded(page: Any, english: str) -> re.Pattern[str]:
    """Return what finds on this page the words that this finds in English."""
    language = language_of(page)
    if language is ENGLISH:
        return re.compile(english)
    theirs = dict(texts(language))
    # What a practice says stands under its own English words, in no other catalogue.
    of_practices = [(key, key.partition(".")[2]) for key in theirs if " " in key]
    found = [
        pattern(theirs[key].replace("{name}", name))
        for key, text in (*texts(ENGLISH), *of_practices)
        for name in ("{name}", "Ada", "Bo")
        if key in theirs and re.search(english, text.replace("{name}", name))
    ]
    assert found, f"no words in {language} for {english!r}"
    begins, ends = english.startswith("^"), english.endswith("$")
    return re.compile("|".join("^" * begins + each + "$" * ends for each in found))


def translated(told: Any, language: Language) -> Any:
    """Return what a server tells with its sentences in another language."""
    if language is ENGLISH:
        return told
    return _translated(told, _Said(language))


def _sentences(language: Language) -> dict[str, str]:
    theirs = dict(texts(language))
    ours = dict(texts(ENGLISH))
    said = {text: theirs[key] for key, text in ours.items() if key in theirs}
    said.update({key.partition(".")[2]: text for key, text in theirs.items()})
    read = dict(places(language, "report"))
    for key, text in places(ENGLISH, "report"):
        theirs_of_it = read.get(key)
        if isinstance(text, str) and isinstance(theirs_of_it, str):
            said[text] = theirs_of_it
    off = "straps.trouble.off"  # what is wrong and what to do are told as one
    said[_both(ours, off)] = _both(theirs, off)
    return said


def _both(words: dict[str, str], trouble: str) -> str:
    return f"{words[f'{trouble}.wrong']} {words[f'{trouble}.meanwhile']}"


class _Said:
    """What is said in another language, whatever stands in the blanks of a sentence."""

    def __init__(self, language: Language) -> None:
        self._whole = _sentences(language)
        self._blanks = [
            (re.compile(BLANK.sub(r"(?P<\1>.+)", re.escape(ours))), theirs)
            for ours, theirs in self._whole.items()
            if any(each in ours for each in FILLED)
        ]

    def of(self, text: str) -> str:
        if text in self._whole:
            return self._whole[text]
        for ours, theirs in self._blanks:
            if found := ours.fullmatch(text):
                return theirs.format(**found.groupdict())
        return text


def _translated(told: Any, said: _Said) -> Any:
    if isinstance(told, str):
        return said.of(told)
    if isinstance(told, dict):
        return {
            key: value if key in CODES else _translated(value, said)
            for key, value in told.items()
        }
    if isinstance(told, list | tuple):
        return [_translated(each, said) for each in told]
    return told
