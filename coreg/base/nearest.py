"""Which name was probably meant, where somebody mistyped one."""

import difflib
from collections.abc import Iterable
from typing import Final

_NEAR: Final = 0.6  # of difflib's measure of likeness, as difflib itself takes it


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the one of these that was probably meant; empty where none is near.

    Examples
    --------
    >>> nearest("analyse", ["analyze", "synchrony"]), nearest("zebra", ["analyze"])
    ('analyze', '')
    """
    by_small = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(word.casefold(), by_small, n=1, cutoff=_NEAR)
    return by_small[found[0]] if found else ""
