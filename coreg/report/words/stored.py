"""What facts say in English, in the language that is spoken.

A session's file keeps its words as they were written, so that the same evening is the
same file everywhere, and a figure says in English why there is none; only what is shown
of them is said anew.
"""

import re
from functools import cache

from coreg.words import ENGLISH, number, say, spoken
from coreg.words.catalogue import places

_BLANK = re.compile(r"\\\{(\w+)\\\}")  # as `re.escape` leaves it
_FIGURES = "figures"
_INNER = ("what", "also")
"""The blanks that hold such words themselves; others hold names, which stay."""
_DECIMAL = re.compile(r"\d+\.(\d+)")


def in_own_words(text: str, area: str = "stored") -> str:
    """Return a text of a fact in the language that is spoken; unknown ones stay.

    `area` is the catalogue of such texts: of a file (`stored`) or of `figures`.

    Examples
    --------
    >>> from coreg.words import Language, speaking
    >>> with speaking(Language.GERMAN):
    ...     in_own_words("simulated person A"), in_own_words("Polar H10")
    ('simulierte Person A', 'Polar H10')
    """
    if spoken() is ENGLISH:
        return text
    for key, pattern in _patterns(area):
        if found := pattern.fullmatch(text):
            blanks = found.groupdict()
            for inner in _INNER:
                if inner in blanks:
                    blanks[inner] = in_own_words(blanks[inner], area)
            if area == _FIGURES:
                blanks = {name: _as_spoken(blank) for name, blank in blanks.items()}
            return say(key, **blanks)
    return text


def _as_spoken(blank: str) -> str:
    """Return a decimal number as this language writes it; all else stays."""
    found = _DECIMAL.fullmatch(blank)
    return number(float(blank), len(found[1])) if found else blank


@cache
def _patterns(area: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the pattern of each, in the order of the catalogue: the longest first."""
    return tuple(
        (key, re.compile(_BLANK.sub(r"(?P<\1>.+)", re.escape(str(english)))))
        for key, english in places(ENGLISH, area)
    )
