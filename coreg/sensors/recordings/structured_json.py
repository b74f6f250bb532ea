"""JSON text -> values, within limits; and what of it is a number or a time."""

import math
from collections.abc import Iterator, Mapping

from coreg.base.bounds import BadText, json_of
from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import MAX_BYTES
from coreg.sensors.recordings.packets import EXPORT_AGAIN
from coreg.sensors.recordings.source import FileSource
from coreg.sensors.recordings.text.stamps import has_date, stamp_s


def looks_like_json(source: FileSource, *marks: bytes) -> bool:
    """Whether this is a JSON object or array that holds all of these marks."""
    start = source.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start in (b"{", b"[") and all(mark in source.data for mark in marks)


def json_in(source: FileSource) -> object:
    """Return the values that a JSON file holds.

    Raises
    ------
    BadRecordingError
        If it is no whole JSON.
    """
    try:
        return json_of(source.data.decode("utf-8-sig"), MAX_BYTES)
    except UnicodeDecodeError:
        raise BadRecordingError("The JSON is damaged.", EXPORT_AGAIN) from None
    except BadText as error:
        raise BadRecordingError(f"It {error}.", EXPORT_AGAIN) from None


def objects_in(value: object) -> Iterator[Mapping[str, object]]:
    """Yield every object in a value, the outer before the inner."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from objects_in(each)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, dict | list):
                yield from objects_in(each)


def number_of(value: object, place: str) -> float:
    """Return a number, also one written as text.

    Raises
    ------
    BadRecordingError
        If it is none, naming the place.
    """
    number = math.nan
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = math.nan
    if not math.isfinite(number):
        raise BadRecordingError(
            f"{place}: {str(value)[:40]!r} is no number.", EXPORT_AGAIN
        )
    return number


def unix_s(value: object, place: str) -> float:
    """Return seconds since 1970 of an ISO time; without a zone it counts as UTC.

    Raises
    ------
    BadRecordingError
        If it is no such time, naming the place.
    """
    text = str(value)
    is_year_first = text[:4].isdecimal() and has_date(text)
    found_s = stamp_s(text) if is_year_first else None
    if found_s is None:
        raise BadRecordingError(
            f"{place}: {text[:40]!r} is no time stamp.", EXPORT_AGAIN
        )
    return found_s
