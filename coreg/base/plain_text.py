"""Words from elsewhere as one line that hides nothing and orders nothing.

A terminal obeys some characters: they move its cursor, wipe what it said, name its
window. Others it does not show, or shows in another order than they stand in. Whoever
names a file, a couple, a practice or a strap could write with them what coreg never
said. So what is printed is shown as what it is: such a character by its number.
"""

import unicodedata
from typing import Final

# Marks and letters that nobody sees, though Python counts them as printable. The
# variation selectors of emoji are not among them: they only choose how one looks.
_UNSEEN: Final = frozenset(
    [
        *("\N{COMBINING GRAPHEME JOINER}", "\N{BRAILLE PATTERN BLANK}"),
        *("\N{HANGUL CHOSEONG FILLER}", "\N{HANGUL JUNGSEONG FILLER}"),
        *("\N{HANGUL FILLER}", "\N{HALFWIDTH HANGUL FILLER}"),
        *("\N{KHMER VOWEL INHERENT AQ}", "\N{KHMER VOWEL INHERENT AA}"),
    ]
)
_MOST_MARKS: Final = 4  # on one letter, as Vietnamese or Hebrew may need; more cover it


def plain(text: str) -> str:
    r"""Return a text as one line in which every character is seen.

    Examples
    --------
    >>> print(plain("Zoë & Łukasz ❤️"))
    Zoë & Łukasz ❤️
    >>> print(plain("\x1b[2Jok: 12 events\nok: all whole"))
    \x1b[2Jok: 12 events\x0aok: all whole
    >>> print(plain("\u202egnp.\u202c evening"))
    \u202egnp.\u202c evening
    """
    if text.isascii() and text.isprintable():
        return text
    said, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        said.append(char if _is_seen(char) and marks <= _MOST_MARKS else _number(char))
    return "".join(said)


def _is_seen(char: str) -> bool:
    is_space = unicodedata.category(char) == "Zs"  # of any width, it is seen as space
    return (char.isprintable() or is_space) and char not in _UNSEEN


def _number(char: str) -> str:
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
