"""The number a page gave a message, to hear by it what became of that message."""

from coreg.web.wire.incoming import (
    NUMBER,
    object_of,
)
from coreg.web.wire.readers import BadMessage


def number_of(text: str) -> int | None:
    """Return the number of a message; None where it has none that can be read.

    A ping's own number is not one: it comes back with the pong.

    Examples
    --------
    >>> number_of('{"type": "start", "id": 7}'), number_of('{"type": "ping", "id": 7}')
    (7, None)
    """
    try:
        given = object_of(text)
        if given.get("type") == "ping":
            return None
        number: int | None = NUMBER(given.get("id"))
    except BadMessage:
        return None
    return number
