"""Places to turn to: the list that ships with coreg, or the one that lies beside it.

A wrong number can harm somebody, so a list of one's own is shown as it is or not at
all: where it cannot be read, the list that ships is shown.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from coreg.base.bounds import BadText, json_of
from coreg.base.text_files import text_of
from coreg.errors import BadPlacesError
from coreg.web.wire.answers import Place, Places
from coreg.web.wire.readers import BadMessage, Reader, text
from coreg.web.words import STATIC
from coreg.words import in_words, say, system_said, wrong_and_do

FILE_NAME = "places.json"
_LARGEST_BYTES = 64_000
_NEEDED = ("where", "name", "source")
_MAY_MISS = ("for_whom", "by_text")  # lists from before there were any are read
_MOST_PLACES = 100
_WORDS: Reader[str] = text(120)


def places_of(folder: Path) -> Places:
    """Return the places of this data folder, or those that ship with coreg."""
    try:
        own = own_places(folder)
    except BadPlacesError:
        own = None  # not to be trusted; `coreg doctor` says why
    return own or parse_places((STATIC / FILE_NAME).read_text(encoding="utf-8"))


def in_our_language(places: Places) -> Places:
    """Return the places with countries, and whom each is for, in words of ours."""
    return Places(
        as_of=in_words(places.as_of, "helplines"),
        places=tuple(
            replace(
                place,
                where=in_words(place.where, "helplines"),
                name=in_words(place.name, "helplines"),
                for_whom=in_words(place.for_whom, "helplines"),
                by_text=in_words(place.by_text, "helplines"),
            )
            for place in places.places
        ),
    )


def own_places(folder: Path) -> Places | None:
    """Return the list that lies in this data folder, None where none does.

    Raises
    ------
    BadPlacesError
        Where it cannot be read, saying why.
    """
    path = folder / FILE_NAME
    try:
        return parse_places(text_of(path, _LARGEST_BYTES))
    except FileNotFoundError:
        return None
    except OSError as error:
        why = say("errors.places.unreadable", why=system_said(error))
        raise _not_shown(path, why) from error
    except (BadText, BadMessage) as error:
        raise _not_shown(path, str(error)) from error


def _not_shown(path: Path, why: str) -> BadPlacesError:
    return BadPlacesError(*wrong_and_do("errors.places.not-shown", path=path, why=why))


def parse_places(written: str) -> Places:
    """Return the places that a file holds.

    Raises
    ------
    BadText
        Where it is no JSON, or beyond what is read.
    BadMessage
        Where anything is missing, empty, too long or of another kind.

    Examples
    --------
    >>> parse_places('{"as_of": "May 2026", "places": []}')
    Places(as_of='May 2026', places=())
    """
    given = json_of(written, _LARGEST_BYTES)
    if not isinstance(given, dict):
        raise BadMessage("has no list of places")
    for name in ("as_of", "places"):
        if name not in given:
            raise BadMessage(f"has nowhere {name!r}")
    listed = given["places"]
    if not isinstance(listed, list) or len(listed) > _MOST_PLACES:
        raise BadMessage(f"has no list of at most {_MOST_PLACES} places")
    return Places(
        as_of=_words(given, "as_of", "at its top"),
        places=tuple(_place(each, number) for number, each in enumerate(listed, 1)),
    )


def _place(given: Any, number: int) -> Place:
    at = f"in place {number}"
    if not isinstance(given, dict):
        raise BadMessage(f"has no place where one should be ({at})")
    may_miss = {name: _text(given, name, at) for name in _MAY_MISS if name in given}
    number_of = _text if may_miss.get("by_text") else _words
    return Place(
        **{name: _words(given, name, at) for name in _NEEDED},
        number=number_of(given, "number", at),
        **may_miss,
    )


def _words(given: dict[str, Any], name: str, at: str) -> str:
    words = _text(given, name, at)
    if not words:
        raise BadMessage(f"has an empty field {name!r} {at}")
    return words


def _text(given: dict[str, Any], name: str, at: str) -> str:
    if name not in given:
        raise BadMessage(f"has no {name!r} {at}")
    try:
        return _WORDS(given[name])
    except BadMessage as error:
        raise BadMessage(f"has a field {name!r} {at} that {error}") from None
