"""How a table is written: what stands between cells, before decimals, in thousands.

A comma can be each of the three, a point two of them. So a file may have several
dialects, and `dialects_of` returns all that its lines allow; which of them makes sense
is for its values to say.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_SEP: Final = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)
_COMMENT: Final = re.compile(
    r"#(?!N/?A|NV|NULL!|VALUE!|WERT!|DIV/0!|NUM!|ZAHL!|N/D|REF!|BEZUG!|NAME\?)|%|//"
)
_QUOTED: Final = re.compile(r'"[^"]*"')
_BRACKETS: Final = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?", re.ASCII)
_POINT: Final = re.compile(r"[+-]?\d*\.\d+", re.ASCII)
_THOUSANDS: Final = {
    ",": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII),
    ".": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", re.ASCII),
}
_THIN: Final = re.compile(r"[\u00a0\u202f\u2009'’]")
_THIN_THOUSANDS: Final = re.compile(
    r"\d{1,3}(?:[\u00a0\u202f\u2009'’]\d{3})+,\d+", re.ASCII
)
# A date and a time of day are one cell, also where blanks stand between cells.
_STAMP: Final = re.compile(
    r"(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})[ ]+(\d{1,2}:\d{2}(?::\d{2})?[.,:\d]*)"
    r"([ ]+[AP]M\b)?([ ]+[+-]\d{2}:?\d{2}\b)?"
)
# Points in dates and times of day say nothing of those in numbers.
_WHEN: Final = re.compile(
    r"(?<!\d)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)|(?<!\d)\d{1,3}:\d{2}(?::\d{2}(?:\.\d+)?)?"
)
_TIME_AM: Final = re.compile(r"(\d{1,2}:\d{2}:\d{2}[.\d]*)[ ]+([AP]M)\b", re.IGNORECASE)
_PAIR: Final = re.compile(r"(\d{1,12}),(\d{1,12})", re.ASCII)
_MAYBE_PAIR: Final = re.compile(r"(\d{0,12}),(\d{1,12})", re.ASCII)
_SINCE_1970: Final = re.compile(r"\s*1\d{12},\d", re.ASCII)  # ms; no beat lasts so
_FEWEST_OF_MS: Final = 3  # digits of an interval in ms
_FEWEST_OF_ALIKE: Final = 12
_SECONDS_OF_RR: Final = 3  # before their comma stands 0, 1 or 2
_ALIKE: Final = 2.5
# From the first comma alone: looked for from each, a long line would be read as often.
_PARTS: Final = re.compile(r"\",|^[^,]*,(?:\s*\S.*,\s|\s+\S)")
_LETTER: Final = re.compile(r"[^\W\d_]")
_UNITS: Final = frozenset(
    {"ms", "msec", "milliseconds", "s", "sec", "secs", "seconds", "sekunden", "us"}
)
_ZERO_FIRST: Final = re.compile(r"0\d")
_FEWEST: Final = 8
_GLUE: Final = "\x00"
_MOST: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What parts cells ("": blanks), stands before decimals and within thousands."""

    delimiter: str
    decimal: str = "."
    thousands: str = ""

    def cells(self, text: str) -> list[str]:
        """Return a line's cells without quotes and blanks around them."""
        if self.delimiter == "":
            return _blank_parted(text)
        if self.delimiter == "\n":
            return [text.strip().strip('"').strip()]
        return [each.strip() for each in _parted(text, self.delimiter)]

    def plain(self, cell: str) -> str:
        """Return a cell's number as Python writes it; other texts as they stand."""
        if self.thousands and _THOUSANDS[self.thousands].fullmatch(cell):
            cell = cell.replace(self.thousands, "")
        elif self.decimal == "," and _THIN_THOUSANDS.fullmatch(cell):
            cell = _THIN.sub("", cell)
        elif self.decimal == "," and _POINT.fullmatch(cell):
            return f"'{cell}'"  # a number only where a point stands before decimals
        if self.decimal == "," and _DECIMAL_COMMA.fullmatch(cell):
            cell = cell.replace(",", ".")
        return cell


def is_comment(text: str) -> bool:
    """Whether a line is a note beside the table."""
    return _COMMENT.match(text.lstrip()) is not None


def said_delimiter(first: str) -> str | None:
    """Return what a line `sep=;` says, as Excel writes and reads it."""
    found = _SEP.fullmatch(first.strip())
    return found[1] if found else None


def _blank_parted(text: str) -> list[str]:
    text = _STAMP.sub(lambda found: re.sub(" +", _GLUE, found[0]), text)
    text = _TIME_AM.sub(rf"\1{_GLUE}\2", text)
    if '"' in text:
        text = _QUOTED.sub(lambda found: found[0].replace(" ", _GLUE), text)
    cells = re.split(r"[ \t]+", text.strip(" \t\u00a0"))
    return [each.replace(_GLUE, " ").strip('"').strip() for each in cells]


def _parted(text: str, delimiter: str) -> list[str]:
    if '"' in text:
        try:
            return next(
                csv.reader([text], delimiter=delimiter, skipinitialspace=True), [""]
            )
        except csv.Error:
            return text.split(delimiter)
    if not any(each in text for each in "([{"):
        return text.split(delimiter)
    cells, depth, began = [], 0, 0  # a heading may hold `samples, fs=360` in brackets
    for at, sign in enumerate(text):
        depth += _BRACKETS.get(sign, 0)
        if sign == delimiter and depth <= 0:
            cells.append(text[began:at])
            began = at + 1
    return [*cells, text[began:]]


def dialects_of(
    lines: Sequence[str], said: str | None = None, above: Sequence[str] = ()
) -> list[Dialect]:
    """Return the dialects that most of these lines can be written in.

    Parameters
    ----------
    lines : sequence of str
        Lines with numbers; neither comments nor blank ones.
    said : str, optional
        What the file itself says that its delimiter is.
    above : sequence of str
        What stands before these lines: titles, notes and the names of columns.
    """
    bare = [_QUOTED.sub('""', line) for line in lines]
    quoted = [cell for line in lines for cell in _QUOTED.findall(line)]
    delimiter = said or _surest_delimiter(bare)
    if delimiter is None and any(_names_by_commas(each, bare) for each in above):
        return _commas_part(bare, quoted)
    if delimiter == ",":
        return _of_commas(bare, quoted)
    if delimiter is not None:
        inside = [line.replace(delimiter, " ") for line in bare]
        return _with_decimals(delimiter, [*inside, *quoted])
    if any("," in line for line in bare):
        return _of_commas(bare, quoted)
    return _with_decimals("", [*bare, *quoted])


def _surest_delimiter(bare: Sequence[str]) -> str | None:
    """Return a delimiter that is nothing else, where one stands in most lines."""
    return next(
        (
            sign
            for sign in "\t;|"
            if sum(sign in line for line in bare) > _MOST * len(bare)
        ),
        None,
    )


def _with_decimals(delimiter: str, texts: Sequence[str]) -> list[Dialect]:
    """Return what commas and points within cells can be, where neither parts them."""
    texts = [_WHEN.sub("", text) for text in texts]
    commas = any("," in text for text in texts)
    points = any(re.search(r"\d\.\d", text) for text in texts)
    found = []
    if commas and points:
        if _all(texts, _numbers_like(_THOUSANDS[","])):
            found.append(Dialect(delimiter=delimiter, thousands=","))
        if _all(texts, _numbers_like(_THOUSANDS["."])):
            found.append(Dialect(delimiter=delimiter, decimal=",", thousands="."))
        return found or [Dialect(delimiter=delimiter)]
    sign = "," if commas else "."
    found.append(Dialect(delimiter=delimiter, decimal=sign))
    if (commas or points) and any(
        _THOUSANDS[sign].fullmatch(cell) for text in texts for cell in _numbers(text)
    ):
        found.append(
            Dialect(
                delimiter=delimiter, decimal="," if sign == "." else ".", thousands=sign
            )
        )
    return found


def _commas_part(bare: Sequence[str], quoted: Sequence[str]) -> list[Dialect]:
    """Return what points, and commas in quotes, can be where commas part cells."""
    return _with_decimals(",", [*(line.replace(",", " ") for line in bare), *quoted])


def _names_by_commas(text: str, bare: Sequence[str]) -> bool:
    """Whether a heading names as many columns as commas make of the lines below.

    A blank behind its commas that theirs lack makes it a title, and `RR,s` names one
    column and its unit. Nor are decimals parted that begin with a nought: 1,054.
    """
    text = text.lstrip().lstrip("#%/").strip().rstrip(",")
    names = [each.strip().strip("\"'").strip() for each in _parted(text, ",")]
    if len(names) < 2 or ", " in text or not all(map(_LETTER.search, names)):
        return False
    if len(names) == 2 and names[1].lower() in _UNITS:
        return False
    alike = sum(line.strip().rstrip(",").count(",") == len(names) - 1 for line in bare)
    pairs = [found for line in bare if (found := _PAIR.fullmatch(line.strip()))]
    noughts = sum(_ZERO_FIRST.match(found[2]) is not None for found in pairs)
    return alike > _MOST * len(bare) and not noughts


def _of_commas(bare: Sequence[str], quoted: Sequence[str]) -> list[Dialect]:
    """Return what commas can be where nothing else surely parts cells."""
    as_delimiter = _commas_part(bare, quoted)
    # A blank behind a comma, or a quote before it: it parts cells.
    if any("," in cell for cell in quoted) or any(map(_PARTS.search, bare)):
        return as_delimiter
    if _are_columns(bare) or all(map(_SINCE_1970.match, bare)):
        return as_delimiter
    found = [] if _are_decimals(bare) else list(as_delimiter)
    if _counts_up(bare):
        return found
    if not any(re.search(r"\d\.\d", _WHEN.sub("", line)) for line in bare):
        found.append(Dialect(delimiter="", decimal=","))
    if any(_THOUSANDS[","].fullmatch(cell) for line in bare for cell in line.split()):
        found.append(Dialect(delimiter="", thousands=","))
    return found


def _are_decimals(bare: Sequence[str]) -> bool:
    """Whether the digits after each line's one comma are decimals, by their zeros.

    No number is 054. And where shorter ones have lost the zeros at their end, all have:
    0.77 stands beside 0.813, and 77 ms beside 813 ms are no heartbeats.
    """
    pairs = [_PAIR.fullmatch(line.strip()) for line in bare]
    ends = [each[2] for each in pairs if each]
    if len(ends) < len(bare) or not ends:
        return False
    if any(_ZERO_FIRST.match(each) for each in ends):
        return True
    usual = sorted(map(int, ends))[len(ends) // 2]
    short = [each for each in ends if int(each) < 0.2 * usual]
    lost = len(short) >= max(3, 0.03 * len(ends))
    return lost and not any(each.endswith("0") for each in ends)


def _are_columns(bare: Sequence[str]) -> bool:
    """Whether the digits after each line's one comma are values of their own.

    Nothing stands before it and two digits after it: hundredths of a second, or samples
    below an empty name. Or whole numbers of many kinds stand before it, and those after
    it stay as alike as a heart's intervals, which decimals never are.
    """
    pairs = [_MAYBE_PAIR.fullmatch(line.strip()) for line in bare]
    ends = [each[2] for each in pairs if each]
    if len(ends) < len(bare) or len(ends) < 2:
        return False
    begins = [each[1] for each in pairs if each]
    if not any(begins):
        return max(map(len, ends)) < _FEWEST_OF_MS
    if not all(begins):
        return False
    counts, values = [int(each) for each in begins], [int(each) for each in ends]
    is_long = len(values) >= _FEWEST_OF_ALIKE and min(map(len, ends)) > 1
    is_varied = max(counts) >= _SECONDS_OF_RR and len(set(values)) > 1
    return is_long and is_varied and 0 < max(values) < _ALIKE * min(values)


def _counts_up(bare: Sequence[str]) -> bool:
    """Whether what stands before each line's one comma counts the lines."""
    pairs = [_PAIR.fullmatch(line.strip()) for line in bare]
    if len(pairs) < _FEWEST or not all(pairs):
        return False
    counts = [int(each[1]) for each in pairs if each]
    return all(b - a == 1 for a, b in pairwise(counts))


def _numbers(text: str) -> list[str]:
    return re.findall(r"[\d.,]{0,40}\d", text)


def _numbers_like(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    plain = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
    return lambda cell: bool(pattern.fullmatch(cell) or plain.fullmatch(cell))


def _all(texts: Sequence[str], fits: Callable[[str], bool]) -> bool:
    return all(fits(cell) for text in texts for cell in _numbers(text))
