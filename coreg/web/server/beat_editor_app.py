"""The pages of the beat editor: behind the same door as all others, one line a page.

Loopback only. It ends when its last page was closed, which is looked at for a moment
longer than a reload takes.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from coreg.base.supervision import again, ended, once
from coreg.web.server.asked import SUBPROTOCOL
from coreg.web.server.beat_editor import BeatEditor
from coreg.web.server.connections import write_down_faults_alone
from coreg.web.server.door import Door, LaunchLinks
from coreg.web.server.guests import Guests
from coreg.web.server.launching import handed_over
from coreg.web.server.listening import pages_server
from coreg.web.server.run_session import now_s
from coreg.web.server.static_pages import asked, front, sorry, static_routes
from coreg.web.wire.named import Seat
from coreg.web.wire.readers import BadMessage
from coreg.words import speak

LEFT_ALONE_S: Final = 3.0
_LOOKS_EVERY_S: Final = 0.25
_MOST_PAGES: Final = 8
_POLICY, _TRY_LATER, _FAULT = 1008, 1013, 1011


async def serve_editor(
    editor: BeatEditor,
    listening: socket.socket,
    *,
    of: Path,
    opened: Callable[[str], None],
    linked: Callable[[str], None],
    stop: asyncio.Event,
    left_alone_s: float = LEFT_ALONE_S,
) -> None:
    """Answer the editor's pages until `stop` is set, or the last one was closed.

    `of` is the file that is edited, after which the browser's cookie is called.
    `opened` and `linked` are as in `app.serve`.
    """
    port = listening.getsockname()[1]
    guests = Guests(of)
    links = LaunchLinks(port, front=Seat.BOTH, now_s=now_s)
    server = pages_server(Door(_app(editor), port=port, guests=guests, links=links))
    write_down_faults_alone()
    broken: list[Exception] = []

    async def answer() -> None:
        try:
            await server.answer_on([listening])
        finally:
            stop.set()  # without answers there is nothing to wait for

    serving = once("answering pages", answer, failed=broken.append)
    beside = (
        once("working out figures", editor.follow_with_figures, failed=broken.append),
        again(
            "ending what was left alone",
            partial(_end_left_alone, editor, stop, left_alone_s),
            failed=lambda _fault: None,
            after_s=left_alone_s,
        ),
    )
    try:
        await server.until_started(stop)
        async with handed_over(links, linked) as first:
            if not broken:
                opened(first)
            await stop.wait()
    finally:
        await ended(*beside)
        editor.end()
        server.should_exit = True
        await asyncio.wait([serving])
    if broken:
        raise broken[0]


async def _end_left_alone(
    editor: BeatEditor, stop: asyncio.Event, for_s: float
) -> None:
    """Set `stop` once there were pages and there was none for that long."""
    while not editor.has_pages:
        await asyncio.sleep(_LOOKS_EVERY_S)
    since_s = now_s()
    while now_s() - since_s < for_s:
        await asyncio.sleep(min(_LOOKS_EVERY_S, for_s))
        if editor.has_pages:
            since_s = now_s()
    stop.set()


def _app(editor: BeatEditor) -> Starlette:
    async def page(websocket: WebSocket) -> None:
        speak(asked(websocket))
        await websocket.accept(SUBPROTOCOL)
        if len(editor.pages) >= _MOST_PAGES:
            await websocket.close(_TRY_LATER)
            return
        await _converse(editor, websocket)

    return Starlette(
        routes=[
            Route("/", _front),
            *static_routes(),
            WebSocketRoute("/ws", page),
        ],
        exception_handlers={Exception: sorry},
    )


async def _converse(editor: BeatEditor, websocket: WebSocket) -> None:
    """Tell a page all that changes and hear what it asks, until either ends."""
    told = await editor.came()
    broken: list[Exception] = []

    async def send() -> None:
        with suppress(RuntimeError, WebSocketDisconnect):  # it has gone
            while (text := await told.get()) is not None:
                await websocket.send_text(text)
            await websocket.close()

    async def hear() -> None:
        while True:
            received = await websocket.receive()
            if received["type"] == "websocket.disconnect":
                return
            try:
                await editor.hear(received.get("text") or "", told)
            except BadMessage:
                await websocket.close(_POLICY)
                return

    ways = (
        once("telling an editor's page", send, failed=broken.append),
        once("hearing an editor's page", hear, failed=broken.append),
    )
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        editor.left(told)
        await ended(*ways)
    if broken and websocket.application_state is WebSocketState.CONNECTED:
        with suppress(RuntimeError, WebSocketDisconnect):
            await websocket.close(_FAULT)


async def _front(request: Request) -> Response:
    return front(request, "editor.html")
