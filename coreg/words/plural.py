"""Which form of a sentence goes with a number (Unicode CLDR, by Babel)."""

from functools import cache
from typing import Final

from babel import Locale

from coreg.words.language import Language

CATEGORIES: Final = frozenset({"zero", "one", "two", "few", "many", "other"})


def category(language: Language, n: int) -> str:
    """Return the plural category of a number in a language.

    Examples
    --------
    >>> category(Language.GERMAN, 1), category(Language.GERMAN, 0)
    ('one', 'other')
    """
    return str(_locale(language).plural_form(n))


def categories(language: Language) -> frozenset[str]:
    """Return the plural categories that a language tells apart."""
    return frozenset({"other", *_locale(language).plural_form.rules})


@cache
def _locale(language: Language) -> Locale:
    return Locale.parse(language.locale)
