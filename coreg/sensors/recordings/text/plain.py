"""Numbers in digits of other scripts, or marked as text -> numbers as usual.

Spreadsheets keep a number as text by `="812"` or an apostrophe before it, and some
programs quote with apostrophes. Between thousands (`1'054`) an apostrophe stays.
"""

import re
import unicodedata
from typing import Final

from coreg.sensors.recordings.lines import Lines

_OTHER_DIGIT: Final = re.compile(r"(?![0-9])\d")
_ARABIC: Final = {"\u066b": ".", "\u066c": "", "\uff0e": ".", "\uff0c": ","}
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[\u066b\u066c\uff0e\uff0c](?=\d)")
_FORMULA: Final = re.compile(r'="([^"]*)"')
_IN_APOSTROPHES: Final = re.compile(r"(?:(?<=[,;\t])|^)[ ]*'([^']*)'[ ]*(?=[,;\t]|$)")
_AFTER_ONE: Final = re.compile(r"(?:(?<=[,;\t])|^)'(?=[\d.+-])")


def in_plain_digits(lines: Lines) -> Lines:
    """Return lines with the digits 0 to 9, whatever script their own are of.

    Examples
    --------
    >>> in_plain_digits([(1, "٨١٢٫٥"), (2, "８１２")])
    [(1, '812.5'), (2, '812')]
    """
    if all(text.isascii() for _, text in lines):
        return lines
    return [(number, _with_plain_digits(text)) for number, text in lines]


def _with_plain_digits(text: str) -> str:
    if text.isascii() or not _OTHER_DIGIT.search(text):
        return text
    text = _BETWEEN_DIGITS.sub(lambda found: _ARABIC[found[0]], text)
    return _OTHER_DIGIT.sub(lambda found: str(unicodedata.digit(found[0])), text)


def without_marks_of_text(lines: Lines) -> Lines:
    """Return lines in which cells that were marked as text are in plain quotes.

    Examples
    --------
    >>> without_marks_of_text([(1, '="0,8";="812"'), (2, "'0.8','812'"), (3, "'812")])
    [(1, '"0,8";"812"'), (2, '"0.8","812"'), (3, '812')]
    >>> without_marks_of_text([(1, "1'054;0.8")])
    [(1, "1'054;0.8")]
    """
    return [(number, _without_marks(text)) for number, text in lines]


def _without_marks(text: str) -> str:
    if '="' in text:
        text = _FORMULA.sub(r'"\1"', text)
    if "'" in text:
        text = _AFTER_ONE.sub("", _IN_APOSTROPHES.sub(r'"\1"', text))
    return text
