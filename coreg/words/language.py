"""Which language is spoken, and how one is chosen."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """A language that has a catalogue."""

    ENGLISH = "en"
    GERMAN = "de"

    @property
    def locale(self) -> str:
        """Return the CLDR locale by which numbers and dates are written.

        >>> Language.ENGLISH.locale
        'en_GB'
        """
        return "en_GB" if self is Language.ENGLISH else self.value


ENGLISH: Final = Language.ENGLISH
_MOST_ASKED = 32

# Said from many places and in threads; what is spoken changes at an edge only.
_spoken: Language = ENGLISH


def speak(language: Language) -> None:
    """Speak this language from now on."""
    global _spoken  # noqa: PLW0603 - one voice a program, as with gettext
    _spoken = language


def spoken() -> Language:
    """Return the language that is spoken."""
    return _spoken


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak this language for a while."""
    before = spoken()
    speak(language)
    try:
        yield
    finally:
        speak(before)


def asked_for(accept_language: str) -> Language:
    """Return the language that a browser would rather have (RFC 9110, 12.5.4).

    English where it asks for none of ours, or in a way that cannot be read.

    Examples
    --------
    >>> asked_for("fr-CH, de;q=0.8, en;q=0.7")
    <Language.GERMAN: 'de'>
    >>> asked_for("")
    <Language.ENGLISH: 'en'>
    """
    wanted: dict[Language, float] = {}
    for asked in accept_language.split(",")[:_MOST_ASKED]:
        tag, _, weight = asked.partition(";")
        language = of_tag(tag)
        if language is not None:
            wanted[language] = max(_weight(weight), wanted.get(language, 0.0))
    best = max(wanted, key=lambda language: wanted[language], default=ENGLISH)
    return best if wanted.get(best, 0.0) > 0 else ENGLISH


def of_tag(tag: str) -> Language | None:
    """Return the language of a tag such as `de-AT` or `de_AT.UTF-8`, if it is ours."""
    primary = tag.strip().replace("_", "-").split("-")[0].split(".")[0].lower()
    return Language(primary) if primary in set(Language) else None


def of_system(environment: Mapping[str, str]) -> Language:
    """Return the language a terminal is set to (POSIX: LC_ALL, LC_MESSAGES, LANG).

    `COREG_LANGUAGE` goes before them; English where they name none of ours.

    Examples
    --------
    >>> of_system({"LANG": "de_AT.UTF-8"})
    <Language.GERMAN: 'de'>
    >>> of_system({"LC_ALL": "C", "LANG": "de_AT.UTF-8"})
    <Language.ENGLISH: 'en'>
    """
    for name in ("COREG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return of_tag(environment[name]) or ENGLISH
    return ENGLISH


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    digits = value.strip()
    is_number = name.strip() == "q" and digits.replace(".", "", 1).isdecimal()
    return min(float(digits), 1.0) if is_number and len(digits) <= 5 else 0.0
