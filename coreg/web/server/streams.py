"""Pages that may have no WebSocket: a stream of what they are told, a POST a message.

Some browsers refuse a WebSocket where a certificate was accepted by hand, though the
page itself is served under it (Safari on iOS). Then what would go over the socket goes
over two requests: the same messages, the same key, the same limits.

Strategy.

1. `GET /events` is answered by events as they come (`text/event-stream`), as long as
   the page is there. The first of them names the line, by a word that nobody can
   guess.
2. `POST /said` brings one message, and names the line that it belongs to. It is
   answered as soon as it is heard; what becomes of it comes as an event.
3. A line that is not heard for `SILENT_S` is let go: a page asks for the time every few
   seconds, and a phone that sleeps comes back by itself.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from coreg.base.supervision import ended, once
from coreg.web.server.hall import Hall
from coreg.web.server.hearing import Hearing
from coreg.web.server.page import PageConnection
from coreg.web.wire.incoming import LARGEST_MESSAGE_BYTES

LINE_HEADER = "Coreg-Line"
SILENT_S = 40.0
_BEATS_EVERY_S = 10.0
_SAID_WITHIN_S = 5.0
_LINE_BYTES = 24
_BAD_REQUEST, _GONE, _TOO_LARGE, _TOO_HASTY = 400, 410, 413, 429
# Some browsers show nothing of an answer before this much of it has come.
_FIRST = b":" + b" " * 2048 + b"\n\n"


class Streams:
    """The lines that are open, by the word that names each."""

    def __init__(self, hall: Hall, now_s: Callable[[], float]) -> None:
        self._hall = hall
        self._now_s = now_s
        self._lines: dict[str, _Line] = {}

    def open(self, page: PageConnection) -> Response:
        """Answer with what this page is told, until it goes."""
        name = secrets.token_urlsafe(_LINE_BYTES)
        hearing = Hearing(self._hall, page)
        line = _Line(page=page, hearing=hearing, heard_s=self._now_s())
        return _Events(partial(self._told, name, line))

    async def said(self, request: Request) -> Response:
        """Take one message of a page that has a line."""
        line = self._lines.get(request.headers.get(LINE_HEADER, ""))
        if line is None:
            return Response(status_code=_GONE)
        try:
            async with asyncio.timeout(_SAID_WITHIN_S):
                text = await _body(request)
        except (TimeoutError, ClientDisconnect, UnicodeDecodeError):
            return Response(status_code=_BAD_REQUEST)
        if text is None:
            line.page.let_go()
            return Response(status_code=_TOO_LARGE)
        line.heard_s = self._now_s()
        if not line.hearing.hear(text):
            line.page.let_go()
            return Response(status_code=_TOO_HASTY)
        return Response(status_code=204)

    def end(self) -> None:
        """Let go of every line; its page comes back by itself, where it may."""
        for line in list(self._lines.values()):
            line.page.let_go()

    async def _told(self, name: str, line: "_Line", send: "_SendText") -> None:
        if not self._hall.came(line.page):
            await send("event: full\ndata: .\n\n")
            return
        self._lines[name] = line
        try:
            await send(f"event: line\ndata: {name}\n\n")
            while self._now_s() - line.heard_s < SILENT_S:
                try:
                    async with asyncio.timeout(_BEATS_EVERY_S):
                        text = await line.page.next()
                except TimeoutError:
                    await send(":\n\n")
                    continue
                if text is None:
                    return
                await send(f"data: {text}\n\n")
        finally:
            del self._lines[name]
            self._hall.left(line.page)


class _Line:
    """One page's line: where it is told, where it is heard, and when it last was."""

    def __init__(
        self, *, page: PageConnection, hearing: Hearing, heard_s: float
    ) -> None:
        self.page = page
        self.hearing = hearing
        self.heard_s = heard_s


class _SendText:
    """Sends more of an answer."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, text: str) -> None:
        await self._send(
            {"type": "http.response.body", "body": text.encode(), "more_body": True}
        )


class _Events(Response):
    """An answer that goes on for as long as somebody reads it."""

    media_type = "text/event-stream"

    def __init__(self, told: Callable[[_SendText], Coroutine[Any, Any, None]]) -> None:
        super().__init__()
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell until there is nothing more to be told, or nobody to tell."""
        del scope
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"x-accel-buffering", b"no"),
        ]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": _FIRST, "more_body": True})
        broken: list[Exception] = []

        async def listen() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        telling = partial(self._told, _SendText(send))
        ways = (
            once("telling a page", telling, failed=broken.append),
            once("listening for a page's leave", listen, failed=broken.append),
        )
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await ended(*ways)
        with suppress(OSError):  # it may be gone already
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _body(request: Request) -> str | None:
    """Return what was said; None where it is more than any message."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_MESSAGE_BYTES:
            return None
    return body.decode()
