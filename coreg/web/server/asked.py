"""What a request says of itself: read as it came, and believed in nothing."""

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qs

from starlette.types import Receive, Scope

from coreg.web.words import language_of
from coreg.words import Language

PAGE_KEY_HEADER = "Coreg-Page"
PAGE_KEY_FIELD = "page-key"  # in the form that opens a page of an evening
SUBPROTOCOL = "coreg"
KEY_SUBPROTOCOL = "coreg.page."  # and the key
READING = {"GET", "HEAD"}
_LONGEST_FORM_BYTES = 4096
_FORM_WITHIN_S = 5.0


def lines(scope: Scope, name: bytes) -> list[str]:
    """Return each header of this name."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def header(scope: Scope, name: bytes) -> str | None:
    """Return a header that was sent once; None where it is absent or doubled."""
    found = lines(scope, name)
    return found[0] if len(found) == 1 else None


def cookies(scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield the name and value of each cookie, however odd the others are.

    Another program on this computer may set cookies of any look, and one of ours' name:
    so nothing is refused here, and none takes the place of another.
    """
    for line in lines(scope, b"cookie"):
        for cookie in line.split(";"):
            name, _, value = cookie.strip().partition("=")
            yield name, value


def field(encoded: bytes, name: str) -> str | None:
    """Return the first field of this name in a query or a form."""
    try:
        fields = parse_qs(encoded.decode("latin-1"), max_num_fields=4)
    except ValueError:  # more fields than anything of ours has
        return None
    return fields[name][0] if name in fields else None


def is_empty_page(scope: Scope) -> bool:
    """Whether this is what every coreg serves to everybody."""
    path: str = scope["path"]
    return scope["type"] == "http" and (path == "/" or path.startswith("/static/"))


def page_key(scope: Scope) -> str | None:
    """Return the page's key that a request or a WebSocket came with."""
    if scope["type"] == "http":
        return header(scope, PAGE_KEY_HEADER.lower().encode())
    for protocol in scope.get("subprotocols", ()):
        if protocol.startswith(KEY_SUBPROTOCOL):
            key: str = protocol.removeprefix(KEY_SUBPROTOCOL)
            return key
    return None


def is_form(scope: Scope) -> bool:
    """Whether it is a form that a browser posts by itself."""
    kind = header(scope, b"content-type")
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and kind == "application/x-www-form-urlencoded"
    )


async def page_key_of_form(receive: Receive) -> str | None:
    """Return the page's key in a form that is short and comes in time."""
    body = await _short(receive)
    return None if body is None else field(body, PAGE_KEY_FIELD)


async def short_body(receive: Receive) -> str | None:
    """Return what was posted, where it is short and comes in time."""
    body = await _short(receive)
    return None if body is None else body.decode("utf-8", "replace")


async def _short(receive: Receive) -> bytes | None:
    body, is_whole = b"", False
    try:
        async with asyncio.timeout(_FORM_WITHIN_S):
            while not is_whole and len(body) <= _LONGEST_FORM_BYTES:
                message = await receive()
                body += message.get("body", b"")
                is_whole = not message.get("more_body", False)
    except TimeoutError:
        return None
    return body if len(body) <= _LONGEST_FORM_BYTES else None


def language(scope: Scope) -> Language:
    """Return the language of whoever asks: theirs alone, and never the other's."""
    asked = ",".join(lines(scope, b"accept-language"))
    return language_of(dict(cookies(scope)), asked)
