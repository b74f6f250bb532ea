"""Places to turn to: the list that ships with coreg, or the one that lies beside it.

A wrong number can harm somebody, so a list of one's own is shown as it is or not at
all: where it cannot be read, the list that ships is shown.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coreg.web.readers import BadMessage, Reader, text
from coreg.web.words import STATIC

FILE_NAME = "places.json"
_LARGEST_BYTES = 64 * 1024
_MOST_PLACES = 100
_WORDS: Reader = text(120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody to call, for whom it is, and who says that this is the number."""

    where: str
    name: str
    number: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """A list of places, and as of when its numbers were looked up."""

    as_of: str
    places: tuple[Place, ...]

    def told(self) -> dict[str, Any]:
        """Return the list as pages read it."""
        return asdict(self)


def places_of(folder: Path) -> Places:
    """Return the places of this data folder, or those that ship with coreg."""
    try:
        own = own_places(folder)
    except BadMessage:
        own = None  # not to be trusted; `coreg doctor` says why
    return own or parse_places((STATIC / FILE_NAME).read_text(encoding="utf-8"))


def own_places(folder: Path) -> Places | None:
    """Return the list that lies in this data folder, None where none does.

    Raises
    ------
    BadMessage
        Where it cannot be read, saying why.
    """
    path = folder / FILE_NAME
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise BadMessage(f"is larger than {_LARGEST_BYTES // 1024} KiB")
        return parse_places(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadMessage(f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise BadMessage("is no text") from None


def parse_places(written: str) -> Places:
    """Return the places that a file holds.

    Raises
    ------
    BadMessage
        Where anything is missing, empty, too long or of another kind.

    Examples
    --------
    >>> parse_places('{"as_of": "2025", "places": []}')
    Places(as_of='2025', places=())
    """
    try:
        given = json.loads(written)
        listed = given["places"]
        if not isinstance(listed, list) or len(listed) > _MOST_PLACES:
            raise BadMessage("has no list of places")
        names = ("where", "name", "number", "source")
        return Places(
            as_of=_words(given["as_of"]),
            places=tuple(
                Place(**{name: _words(each[name]) for name in names}) for each in listed
            ),
        )
    except json.JSONDecodeError as error:
        raise BadMessage(f"is no JSON: {error}") from None
    except KeyError as error:
        raise BadMessage(f"has nowhere {error}") from None
    except (TypeError, RecursionError):
        raise BadMessage("has no list of places") from None


def _words(value: Any) -> str:
    words: str = _WORDS(value)
    if not words:
        raise BadMessage("has an empty field")
    return words
