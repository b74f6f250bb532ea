"""The server: routes behind the door, one WebSocket a page, in the engine's own loop.

Loopback only. There is no option to listen to anybody else.
"""

import asyncio
import base64
import hashlib
import mimetypes
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from coreg.errors import CoregError
from coreg.web import evenings
from coreg.web.auth import LOOPBACK, Door, launch_token
from coreg.web.house import House
from coreg.web.messages import LARGEST_MESSAGE_BYTES, Ping, parse
from coreg.web.page import Haste, Page
from coreg.web.places import places_of
from coreg.web.readers import BadMessage
from coreg.web.sitting import now_s
from coreg.web.telling import Pong, RefusedTold, encode
from coreg.web.words import STATIC

DEFAULT_PORT = 8367
_PORTS_TRIED = 10
_TRY_LATER, _POLICY = 1013, 1008
_CLOSE_WITHIN_S = 2

# Some computers' registries call a script plain text, which browsers refuse to run.
mimetypes.add_type("text/javascript", ".js")


async def serve(
    house: House,
    listening: socket.socket,
    secret: bytes,
    *,
    opened: Callable[[str], None],
    stop: asyncio.Event,
) -> None:
    """Answer pages until `stop` is set; a session under way is finished in order.

    `opened` is called with the launch address once pages are answered.
    """
    port = listening.getsockname()[1]
    launch = launch_token()
    server = _Server(
        _config(Door(_app(house), port=port, secret=secret, launch=launch))
    )
    living = asyncio.create_task(house.live())
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await _until_started(server, serving)
        opened(f"http://{LOOPBACK}:{port}/?launch={launch}")
        await _first_of(asyncio.create_task(stop.wait()), living, serving)
        await house.finish()
    finally:
        server.should_exit = True
        await serving
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living


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
        h11_max_incomplete_event_size=LARGEST_MESSAGE_BYTES,
        timeout_graceful_shutdown=_CLOSE_WITHIN_S,
    )


async def _until_started(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    while not server.started:
        if serving.done():
            await serving
        await asyncio.sleep(0.005)


async def _first_of(*tasks: "asyncio.Task[object] | asyncio.Task[None]") -> None:
    """Wait for the first of these; a fault in any of them is raised here."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        await task


def _app(house: House) -> Starlette:
    async def page(websocket: WebSocket) -> None:
        await _converse(house, websocket)

    async def listed(_request: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(evenings.listed, house))

    async def places(_request: Request) -> Response:
        told = await asyncio.to_thread(places_of, house.folder)
        return JSONResponse(told.told(), headers={"Cache-Control": "no-store"})

    async def report(request: Request) -> Response:
        asked = request.path_params
        return await _report(house, asked["session"], asked["whose"])

    return Starlette(
        routes=[
            Route("/", _front),
            Mount("/static", _Static(directory=STATIC)),
            WebSocketRoute("/ws", page),
            Route("/evenings", listed),
            Route("/places", places),
            Route("/evenings/{session}/{whose}", report),
        ]
    )


async def _front(_request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


class _Static(StaticFiles):
    """Static files, asked for anew each time: coreg may have been updated."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def _report(house: House, session_id: str, whose: str) -> Response:
    await house.all_kept()
    told = await asyncio.to_thread(evenings.report, house, session_id, whose)
    headers = {}
    if told.style:
        digest = base64.b64encode(hashlib.sha256(told.style.encode()).digest())
        headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'sha256-{digest.decode()}'; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
    return HTMLResponse(told.html, status_code=told.status, headers=headers)


async def _converse(house: House, websocket: WebSocket) -> None:
    """Talk with one page until it goes, is too hasty, or no longer listens."""
    await websocket.accept()
    page = Page()
    if not house.came(page):
        await websocket.close(_TRY_LATER)
        return
    sending = asyncio.create_task(_send(page, websocket))
    try:
        await _receive(house, page, websocket)
    except WebSocketDisconnect:
        pass
    finally:
        house.left(page)
        sending.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect):
            await sending


async def _send(page: Page, websocket: WebSocket) -> None:
    while (text := await page.next()) is not None:
        await websocket.send_text(text)
    await websocket.close(_TRY_LATER)


async def _receive(house: House, page: Page, websocket: WebSocket) -> None:
    haste = Haste(now_s())
    while True:
        received = await websocket.receive()
        if received["type"] == "websocket.disconnect":
            return
        if not haste.allows(now_s()):
            if haste.is_too_much:
                await websocket.close(_POLICY)
                return
            page.tell(encode(RefusedTold(why="too-fast")))
            continue
        _hear(house, page, received.get("text"))


def _hear(house: House, page: Page, text: str | None) -> None:
    """Take one message of a page; a ping is answered before anything else."""
    try:
        message = parse("" if text is None else text)
    except BadMessage as error:
        page.tell(encode(RefusedTold(why=f"the message {error}")))
        return
    if isinstance(message, Ping):
        page.tell(encode(Pong(id=message.id, server_s=now_s())))
    else:
        house.ask(message, page)
