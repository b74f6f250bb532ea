"""Numbers and dates as people of the language that is spoken write them.

Babel, with the data of Unicode CLDR. It is loaded when a date is first written.
"""

from datetime import date, datetime, time

from coreg.words.language import spoken


def number(value: float, decimals: int = 0) -> str:
    """Return a number with so many decimals.

    Examples
    --------
    >>> from coreg.words import Language, speaking
    >>> with speaking(Language.GERMAN):
    ...     number(-5.25, 1)
    '−5,2'
    """
    text = f"{value:.{decimals}f}".replace("-", "−")
    return text.replace(".", _decimal_point())


def day(when: date, *, with_year: bool = True) -> str:
    """Return a day: `29 November 2026`; in German `29. November 2026`."""
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415 - 50 ms

    if with_year:
        return str(format_date(when, "long", locale=spoken().locale))
    at = datetime.combine(when, time())
    return str(format_skeleton("MMMMd", at, locale=spoken().locale))


def full_day(when: date) -> str:
    """Return a day of the week: `Sunday, 29 November 2026`."""
    from babel.dates import format_date  # noqa: PLC0415

    return str(format_date(when, "full", locale=spoken().locale))


def short_day(when: date) -> str:
    """Return a day as it stands in a table: `29 Nov 2026`; in German `29.11.2026`."""
    from babel.dates import format_date  # noqa: PLC0415

    return str(format_date(when, "medium", locale=spoken().locale))


def of_day(when: datetime) -> str:
    """Return the hour and minute of a day: `21:05`."""
    return f"{when:%H:%M}"


def _decimal_point() -> str:
    from babel import Locale  # noqa: PLC0415

    symbols = Locale.parse(spoken().locale).number_symbols
    return str(symbols["latn"]["decimal"])
