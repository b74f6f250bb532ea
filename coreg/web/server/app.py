"""The server: routes behind the door, one WebSocket a page, in the engine's own loop.

Loopback only. There is no option to listen to anybody else.
"""

import asyncio
import base64
import hashlib
import mimetypes
import os
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from coreg.base.supervision import apart, ended, once
from coreg.errors import CoregError
from coreg.web.server import evenings
from coreg.web.server.door import LOOPBACK, Door, launch_token
from coreg.web.server.drawer import Drawer
from coreg.web.server.drawing import drawn
from coreg.web.server.drawing_process import DrawPage
from coreg.web.server.evening_service import EveningService
from coreg.web.server.page import Haste, PageConnection
from coreg.web.server.places import places_of
from coreg.web.server.run_session import now_s
from coreg.web.wire.incoming import LARGEST_MESSAGE_BYTES, Ping, parse
from coreg.web.wire.numbered import number_of
from coreg.web.wire.outgoing import Pong, RefusedTold, encode
from coreg.web.wire.readers import BadMessage
from coreg.web.words import STATIC, page_of_words, say

DEFAULT_PORT = 8367
_PORTS_TRIED = 10
_TRY_LATER, _POLICY, _FAULT = 1013, 1008, 1011
_LEFT = 499  # nobody hears it
_CLOSE_WITHIN_S = 2
_LARGEST_HEAD_BYTES = 16 * 1024

# Some computers' registries call a script plain text, which browsers refuse to run.
mimetypes.add_type("text/javascript", ".js")


async def serve(
    service: EveningService,
    listening: socket.socket,
    secret: bytes,
    *,
    opened: Callable[[str], None],
    stop: asyncio.Event,
    draw: DrawPage = drawn,
) -> None:
    """Answer pages until `stop` is set; a session under way is finished in order.

    `opened` is called with the launch address once pages are answered. `draw` draws the
    pages of evenings, in a process of its own.
    """
    port = listening.getsockname()[1]
    launch = launch_token()
    drawer = Drawer(draw)
    app = _app(service, drawer)
    server = _Server(_config(Door(app, port=port, secret=secret, launch=launch)))
    broken: list[Exception] = []

    async def answer() -> None:
        try:
            await server.serve(sockets=[listening])
        finally:
            stop.set()  # without answers there is nothing to wait for

    async with service.living():
        serving = once("answering pages", answer, failed=broken.append)
        try:
            async with drawer:
                await _until_started(server, stop)
                if not broken:
                    opened(f"http://{LOOPBACK}:{port}/?launch={launch}")
                await stop.wait()
            await service.finish()
        finally:
            server.should_exit = True
            await asyncio.wait([serving])
    if broken:
        raise broken[0]


def listen(port: int | None) -> socket.socket:
    """Return a socket on this computer's own address.

    Without a port: the usual one, so that pages find their server again, or one of the
    next few where another program has it.

    Raises
    ------
    CoregError
        If the port is taken.
    """
    wanted = (
        [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TRIED)
    )
    for each in wanted:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name != "nt":  # there it would let another program take our port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((LOOPBACK, each))
        except OSError:
            listening.close()
        else:
            return listening
    raise CoregError(
        f"Port {wanted[0]} is taken by another program.", "Choose one with --port."
    )


class _Server(uvicorn.Server):
    """Leaves signals to the command line, which ends a session first."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: Door) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=_LARGEST_HEAD_BYTES,
        timeout_graceful_shutdown=_CLOSE_WITHIN_S,
    )


async def _until_started(server: uvicorn.Server, stop: asyncio.Event) -> None:
    while not (server.started or stop.is_set()):
        await asyncio.sleep(0.005)


def _app(service: EveningService, drawer: Drawer) -> Starlette:
    async def page(websocket: WebSocket) -> None:
        await _converse(service, websocket)

    async def listed(_request: Request) -> Response:
        told = await apart("listing evenings", lambda: evenings.listed(service))
        return JSONResponse([asdict(evening) for evening in told])

    async def places(_request: Request) -> Response:
        told = await asyncio.to_thread(places_of, service.folder)
        return JSONResponse(told.told(), headers={"Cache-Control": "no-store"})

    async def report(request: Request) -> Response:
        asked = request.path_params
        # A browser's tab asks again; whatever else asks is held until there is a page.
        is_tab = request.headers.get("sec-fetch-dest") == "document"
        have = drawer.page_or_soon if is_tab else drawer.page
        draw = partial(_report, service, have, asked["session"], asked["whose"])
        return await _while_asked(request, draw)

    return Starlette(
        routes=[
            Route("/", _front),
            Mount("/static", _Static(directory=STATIC)),
            WebSocketRoute("/ws", page),
            Route("/evenings", listed),
            Route("/places", places),
            Route("/evenings/{session}/{whose}", report),
        ],
        exception_handlers={Exception: _sorry},
    )


async def _sorry(_request: Request, _error: Exception) -> Response:
    """Answer in words; the server logs the traceback."""
    return HTMLResponse(page_of_words(say("fault-page")), status_code=500)


async def _front(_request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


class _Static(StaticFiles):
    """Static files, asked for anew each time: coreg may have been updated."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def _while_asked(
    request: Request, answer: Callable[[], Coroutine[Any, Any, Response]]
) -> Response:
    """Return an answer, worked on for as long as whoever asked is there to read it."""
    answers: list[Response] = []
    broken: list[Exception] = []

    async def work() -> None:
        answers.append(await answer())

    async def listen() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    ways = (
        once("answering", work, failed=broken.append),
        once("listening for a reader's leave", listen, failed=broken.append),
    )
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await ended(*ways)
    if broken:
        raise broken[0]
    return answers[0] if answers else Response(status_code=_LEFT)


async def _report(
    service: EveningService, have: evenings.Have, session_id: str, whose: str
) -> Response:
    told = await evenings.report(service, have, session_id, whose)
    headers = {}
    if told.style:
        digest = base64.b64encode(hashlib.sha256(told.style.encode()).digest())
        headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'sha256-{digest.decode()}'; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
    return HTMLResponse(told.html, status_code=told.status, headers=headers)


async def _converse(service: EveningService, websocket: WebSocket) -> None:
    """Talk with one page until it goes, is too hasty, or no longer listens."""
    await websocket.accept()
    page = PageConnection()
    try:
        if service.came(page):
            await _both_ways(service, page, websocket)
        else:
            await websocket.close(_TRY_LATER)
    finally:
        service.left(page)


async def _both_ways(
    service: EveningService, page: PageConnection, websocket: WebSocket
) -> None:
    """Send and receive until either ends; after a fault the page comes back itself."""
    broken: list[Exception] = []
    ways = (
        once("sending", partial(_send, page, websocket), failed=broken.append),
        once(
            "receiving",
            partial(_receive, service, page, websocket),
            failed=broken.append,
        ),
    )
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await ended(*ways)
    if broken:
        with suppress(RuntimeError, WebSocketDisconnect):  # it may be gone already
            await websocket.close(_FAULT)


async def _send(page: PageConnection, websocket: WebSocket) -> None:
    try:
        while (text := await page.next()) is not None:
            await websocket.send_text(text)
        await websocket.close(_TRY_LATER)
    except (RuntimeError, WebSocketDisconnect):
        # The page left, or was closed for its haste meanwhile: either way it is gone.
        if websocket.application_state is WebSocketState.CONNECTED:
            raise


async def _receive(
    service: EveningService, page: PageConnection, websocket: WebSocket
) -> None:
    haste = Haste(now_s())
    while True:
        received = await websocket.receive()
        if received["type"] == "websocket.disconnect":
            return
        if not haste.allows(now_s()):
            if haste.is_too_much:
                await websocket.close(_POLICY)
                return
            number = number_of(received.get("text") or "")
            page.tell(encode(RefusedTold(why="too-fast", id=number)))
            continue
        _hear(service, page, received.get("text") or "")


def _hear(service: EveningService, page: PageConnection, text: str) -> None:
    """Take one message of a page; a ping is answered before anything else."""
    number = number_of(text)
    try:
        message = parse(text)
    except BadMessage as error:
        page.tell(encode(RefusedTold(why=f"the message {error}", id=number)))
        return
    if isinstance(message, Ping):
        page.tell(encode(Pong(id=message.id, server_s=now_s())))
    else:
        service.ask(message, page, number)
