"""Stamps as other programs spell them -> the one way that `stamps` reads.

Months by their names, durations of ISO 8601 and of pandas, `10h00m01s`, digits without
signs between them: `20261201T100001`, and the name of a zone behind its difference.
"""

import re
from typing import Final

# By their first letters, in English and German.
_NAMED: Final = (
    *("jan", "feb", "mar mär mrz mae", "apr", "may mai", "jun", "jul", "aug", "sep"),
    *("oct okt", "nov", "dec dez"),
)
_MONTHS: Final = {
    name: month for month, names in enumerate(_NAMED, 1) for name in names.split()
}
_MONTH: Final = (
    r"(?P<month>jan(?:uary|uar)?|jänner|feb(?:ruary|ruar)?|mar(?:ch)?|mär(?:z)?|mrz|"
    r"maerz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|"
    r"o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\.?"
)
_WEEKDAY: Final = r"(?:[a-zäöü]{2,10}\.?,?[ ]+)?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_CLOCK: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?"
_REST: Final = r"(?P<rest>.*)"
_DAY_FIRST: Final = re.compile(
    rf"{_WEEKDAY}{_DAY}[-/. ]*{_MONTH}[-/., ]*(?P<year>\d{{4}}|\d{{2}})\b"
    rf"[T:, ]*{_REST}",
    re.IGNORECASE,
)
_MONTH_FIRST: Final = re.compile(
    rf"{_WEEKDAY}{_MONTH}[- ]+{_DAY}[-, ]+(?P<year>\d{{4}})\b"
    rf"(?:[, ]+at)?[, ]*{_REST}",
    re.IGNORECASE,
)
_YEAR_FIRST: Final = re.compile(
    rf"(?P<year>\d{{4}})[-/. ]?{_MONTH}[-/. ]?{_DAY}\b[T:, ]*{_REST}",
    re.IGNORECASE,
)
_YEAR_LAST: Final = re.compile(  # as C prints it: Tue Dec  1 10:00:01 2026
    rf"{_WEEKDAY}{_MONTH}[ ]+{_DAY}[ ]+(?P<rest>{_CLOCK})[ ]+(?P<year>\d{{4}})",
    re.IGNORECASE,
)
_DATED: Final = (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST, _YEAR_LAST)
_NUMBER: Final = r"\d{1,9}(?:[.,]\d{1,9})?"
_DURATIONS: Final = (
    re.compile(
        rf"P(?:(?P<d>\d{{1,3}})D)?T(?:(?P<h>\d{{1,4}})H)?(?:(?P<m>\d{{1,6}})M)?"
        rf"(?:(?P<s>{_NUMBER})S)?"
    ),
    re.compile(
        rf"(?P<d>\d{{1,3}})[ ]days?,?[ ]+\+?"
        rf"(?P<h>\d{{1,2}}):(?P<m>\d{{2}}):(?P<s>{_NUMBER})"
    ),
    re.compile(
        rf"(?:(?P<h>\d{{1,4}})[ ]?h[ ]?)?(?:(?P<m>\d{{1,6}})[ ]?m(?:in)?[ ]?)"
        rf"(?:(?P<s>{_NUMBER})[ ]?s(?:ec)?)?(?P<d>)"
    ),
)
_COMPACT: Final = re.compile(
    r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[T _-]?"
    r"([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?:[.,]?(\d{3})|[.,](\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d{4})?",
    re.ASCII,
)
_ZONE_NAME: Final = re.compile(
    r"[ ]?(?:\[[A-Za-z][\w+-]*(?:/[\w+-]+){0,2}\]|\([^()]{1,40}\))\Z"
)
_AHEAD: Final = re.compile(r"(?:GMT|UTC)(?=[+-]\d)")
_CLOCK_OF_DASHES: Final = re.compile(
    r"(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})[ T_]+(\d{1,2})([.-])(\d{2})\3(\d{2})(.*)"
)
_EASTERN: Final = str.maketrans(
    {"年": "-", "月": "-", "日": " ", "時": ":", "时": ":", "分": ":", "秒": ""}
)
_BLANKS: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})
_FEWEST_DIGITS: Final = 2


def is_compact(text: str) -> bool:
    """Whether digits alone are a date and a time of day."""
    return len(text) >= 14 and _COMPACT.fullmatch(text) is not None


def in_digits(text: str) -> str:
    """Return a stamp in digits and signs; what is none stays as it stands.

    Examples
    --------
    >>> in_digits("1. Dez. 2026 10:00:01,4"), in_digits("Dec 1, 2026 10:00:01 PM")
    ('2026-12-01 10:00:01,4', '2026-12-01 10:00:01 PM')
    >>> in_digits("PT1M2.5S"), in_digits("0 days 00:00:01.4"), in_digits("10h00m01s")
    ('0:01:02.5', '0:00:01.4', '10:00:01')
    >>> in_digits("20261201T100001"), in_digits("2026-12-01T10:00Z[UTC]")
    ('2026-12-01 10:00:01', '2026-12-01T10:00Z')
    """
    text = _ZONE_NAME.sub("", text.translate(_BLANKS)).removesuffix(" Uhr")
    text = _AHEAD.sub("", text)
    if "年" in text:
        return " ".join(text.translate(_EASTERN).split())
    text = _CLOCK_OF_DASHES.sub(r"\1 \2:\4:\5\6", text)
    if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return _duration(text) or text
    if found := _COMPACT.fullmatch(text):
        parts = found.groups()
        decimals = parts[6] or parts[7]
        at = "-".join(parts[:3]) + " " + ":".join(parts[3:6])
        return at + (f".{decimals}" if decimals else "") + (found["zone"] or "")
    return _dated(text) or _duration(text) or text


def _dated(text: str) -> str | None:
    for way in _DATED:
        if found := way.fullmatch(text):
            year = found["year"] if len(found["year"]) > 2 else f"20{found['year']}"
            month = _MONTHS[found["month"].lower().replace("jänner", "jan")[:3]]
            date = f"{year}-{month:02d}-{int(found['day']):02d}"
            return f"{date} {found['rest']}".strip()
    return None


def _duration(text: str) -> str | None:
    """Return a length of time as hours, minutes and seconds."""
    for way in _DURATIONS:
        found = way.fullmatch(text)
        if found is None or not (found["h"] or found["s"]):
            continue  # minutes alone may be metres, or anything
        whole, _, decimals = (found["s"] or "0").replace(",", ".").partition(".")
        minutes = 60 * (24 * int(found["d"] or 0) + int(found["h"] or 0))
        total = 60 * (minutes + int(found["m"] or 0)) + int(whole)
        hours, left = divmod(total, 3600)
        clock = f"{hours}:{left // 60:02d}:{left % 60:02d}"
        return f"{clock}.{decimals}" if decimals else clock
    return None
