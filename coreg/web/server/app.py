"""The server: routes behind the door, one WebSocket a page, in the engine's own loop.

Loopback only. There is no option to listen to anybody else.
"""

import asyncio
import base64
import hashlib
import mimetypes
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict
from functools import partial
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from coreg.base.supervision import again, apart, ended, once
from coreg.errors import CoregError
from coreg.web.server import evenings
from coreg.web.server.connections import (
    BACKLOG,
    HttpConnection,
    write_down_faults_alone,
)
from coreg.web.server.door import LOOPBACK, SUBPROTOCOL, Door, LaunchLinks
from coreg.web.server.drawer import Drawer
from coreg.web.server.drawing import drawn
from coreg.web.server.drawing_process import DrawPage
from coreg.web.server.guests import Guests
from coreg.web.server.hall import Hall
from coreg.web.server.page import Haste, PageConnection
from coreg.web.server.places import in_our_language, places_of
from coreg.web.server.run_session import now_s
from coreg.web.wire.incoming import (
    LARGEST_MESSAGE_BYTES,
    Ping,
    parse,
)
from coreg.web.wire.named import Seat
from coreg.web.wire.numbered import number_of
from coreg.web.wire.outgoing import Pong, RefusedTold, encode
from coreg.web.wire.readers import BadMessage
from coreg.web.words import (
    STATIC,
    front_page,
    language_of,
    page_that_asks_again,
    refusal,
    words_of_pages,
)
from coreg.words import Language, speak, wrong_and_do

_TRY_LATER, _POLICY, _FAULT = 1013, 1008, 1011
_ONE_TOO_MANY = 4013  # our own: a page that hears it does not come back
_CLOSED = 423
_LEFT = 499  # nobody hears it
_CLOSE_WITHIN_S = 2
_NEXT_LINK_S = 1.0
_WINDOWS = {seat.value: seat for seat in (Seat.BOTH, Seat.LIGHT)}
_ASKED_ANEW = {"Cache-Control": "no-cache"}
_LARGEST_HEAD_BYTES = 64 * 1024  # other programs' cookies come along

# Some computers' registries call a script plain text, which browsers refuse to run.
mimetypes.add_type("text/javascript", ".js")


def _nowhere(_link: str) -> None:
    """Keep no launch link."""


async def serve(
    hall: Hall,
    listening: socket.socket,
    *,
    opened: Callable[[str], None],
    stop: asyncio.Event,
    linked: Callable[[str], None] = _nowhere,
    draw: DrawPage = drawn,
    guests: Guests | None = None,
) -> None:
    """Answer pages until `stop` is set; a session under way is finished in order.

    `opened` is called with the launch link once pages are answered. `linked` is called
    with it too, before, in a thread of its own, and with the next one each time one was
    used. `draw` draws the pages of evenings, in a process of its own. `guests` are
    those whom the door lets in; nobody yet, where nothing is said.
    """
    port = listening.getsockname()[1]
    guests = guests or Guests(hall.folder)
    links = LaunchLinks(port, front=guests.front, now_s=now_s)
    drawer = Drawer(draw)
    hall.locked = drawer.forget
    door = Door(_app(hall, drawer, links), port=port, guests=guests, links=links)
    server = _Server(_config(door))
    write_down_faults_alone()
    broken: list[Exception] = []

    async def answer() -> None:
        try:
            await server.serve(sockets=[listening])
        finally:
            stop.set()  # without answers there is nothing to wait for

    async with hall.living():
        serving = once("answering pages", answer, failed=broken.append)
        try:
            async with drawer:
                await _until_started(server, stop)
                async with _handed_over(links, linked) as first:
                    if not broken:
                        opened(first)
                    await stop.wait()
            await hall.finish()
        finally:
            server.should_exit = True
            await asyncio.wait([serving])
    if broken:
        raise broken[0]


@asynccontextmanager
async def _handed_over(
    links: LaunchLinks, linked: Callable[[str], None]
) -> AsyncIterator[str]:
    """Hand over each launch link as soon as it is good; yield the first of them."""

    async def hand_over() -> str:
        link = await links.next()
        await apart("keeping a launch link", partial(linked, link))
        return link

    async def go_on() -> None:
        while True:
            await hand_over()

    first = await hand_over()
    keeping = again(
        "keeping launch links", go_on, failed=_is_said, after_s=_NEXT_LINK_S
    )
    try:
        yield first
    finally:
        await ended(keeping)


def _is_said(_error: Exception) -> None:
    """Do no more: its traceback is written, and the pages that are open go on."""


def listen(port: int | None) -> socket.socket:
    """Return a socket on this computer's own address.

    Without a port: one that nobody can guess. What another program once put in the
    browser's hands for an address (a service worker) would wait there for our pages.

    Raises
    ------
    CoregError
        If the port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":  # there it would let another program take our port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port or 0))
    except OSError:
        listening.close()
        told = wrong_and_do("errors.port.taken", port=str(port))
        raise CoregError(*told) from None
    return listening


class _Server(uvicorn.Server):
    """Leaves signals to the command line, which ends a session first."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: Door) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http=HttpConnection,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        backlog=BACKLOG,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=_LARGEST_HEAD_BYTES,
        timeout_graceful_shutdown=_CLOSE_WITHIN_S,
    )


async def _until_started(server: uvicorn.Server, stop: asyncio.Event) -> None:
    while not (server.started or stop.is_set()):
        await asyncio.sleep(0.005)


def _app(hall: Hall, drawer: Drawer, links: LaunchLinks) -> Starlette:
    async def page(websocket: WebSocket) -> None:
        # Only a page that has its key gets here: a cookie alone changes no language.
        speak(_asked(websocket))
        await _converse(hall, websocket)

    async def listed(request: Request) -> Response:
        service = hall.service
        if service is None:
            return _closed(request)
        hall.used()
        told = await apart("listing evenings", lambda: evenings.listed(service))
        return JSONResponse([asdict(evening) for evening in told])

    async def lines(request: Request) -> Response:
        service = hall.service
        if service is None:
            return _closed(request)
        hall.used()
        await service.all_kept()  # one that was read just now is among them
        told = await apart("listing lines", lambda: evenings.lines(service))
        return JSONResponse([asdict(each) for each in told])

    async def places(_request: Request) -> Response:
        told = await asyncio.to_thread(places_of, hall.folder)
        shown = in_our_language(told)
        return JSONResponse(shown.told(), headers={"Cache-Control": "no-store"})

    async def report(request: Request) -> Response:
        service = hall.service
        if service is None:
            return _closed(request)
        hall.used()
        asked = request.path_params
        # A browser's tab asks again; whatever else asks is held until there is a page.
        page_key = getattr(request.state, "page_key", None)
        have = drawer.page if page_key is None else drawer.page_or_soon
        ticket = request.query_params.get("ticket", "")
        reply = partial(
            evenings.report, service, have, asked["session"], asked["whose"], ticket
        )
        return await _while_asked(request, partial(_report, reply, page_key))

    return Starlette(
        routes=[
            Route("/", _front),
            Route("/static/words.json", _words),
            Mount("/static", _Static(directory=STATIC)),
            WebSocketRoute("/ws", page),
            Route("/evenings", listed),
            Route("/lines", lines),
            Route("/places", places),
            Route("/window/{seat}", partial(_window, links), methods=["POST"]),
            Route("/evenings/{session}/{whose}", report, methods=["GET", "POST"]),
        ],
        exception_handlers={Exception: _sorry},
    )


def _closed(request: Request) -> Response:
    """Answer that what is kept here is locked."""
    return HTMLResponse(refusal("locked", _asked(request)), status_code=_CLOSED)


async def _sorry(request: Request, _error: Exception) -> Response:
    """Answer in words; the server logs the traceback."""
    return HTMLResponse(refusal("fault-page", _asked(request)), status_code=500)


async def _window(links: LaunchLinks, request: Request) -> Response:
    """Answer with a link that opens one more window of this computer."""
    try:
        seat = _WINDOWS[request.path_params["seat"]]
    except KeyError:
        return Response(status_code=404)
    return PlainTextResponse(links.for_window(seat))


async def _front(request: Request) -> Response:
    return HTMLResponse(front_page(_asked(request)), headers=_ASKED_ANEW)


async def _words(request: Request) -> Response:
    """Answer with the words of the pages, in the language of whoever asks."""
    language = _asked(request)
    headers = {**_ASKED_ANEW, "Content-Language": language}
    return JSONResponse(words_of_pages(language), headers=headers)


def _seat(of: HTTPConnection) -> Seat:
    """Return whose page asks, as the door found it by its keys."""
    seat: Seat = of.state.seat
    return seat


def _asked(by: HTTPConnection) -> Language:
    return language_of(by.cookies, by.headers.get("accept-language", ""))


class _Static(StaticFiles):
    """Static files, asked for anew each time: coreg may have been updated."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_ASKED_ANEW)
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
    reply: Callable[[], Awaitable[evenings.Reply]], page_key: str | None
) -> Response:
    told = await reply()
    if told.waits and page_key is not None:
        html = page_that_asks_again(told.waits, page_key)
        return HTMLResponse(html, status_code=told.status)
    if told.is_text:
        return PlainTextResponse(told.html, status_code=told.status)
    headers = {}
    if told.style:
        digest = base64.b64encode(hashlib.sha256(told.style.encode()).digest())
        headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'sha256-{digest.decode()}'; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
    return HTMLResponse(told.html, status_code=told.status, headers=headers)


async def _converse(hall: Hall, websocket: WebSocket) -> None:
    """Talk with one page until it goes, is too hasty, or no longer listens."""
    await websocket.accept(SUBPROTOCOL)
    page = PageConnection(_seat(websocket))
    try:
        if hall.came(page):
            await _both_ways(hall, page, websocket)
        else:
            await websocket.close(_ONE_TOO_MANY)
    finally:
        hall.left(page)


async def _both_ways(hall: Hall, page: PageConnection, websocket: WebSocket) -> None:
    """Send and receive until either ends; after a fault the page comes back itself."""
    broken: list[Exception] = []
    ways = (
        once("sending", partial(_send, page, websocket), failed=broken.append),
        once(
            "receiving",
            partial(_receive, hall, page, websocket),
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


async def _receive(hall: Hall, page: PageConnection, websocket: WebSocket) -> None:
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
        _hear(hall, page, received.get("text") or "")


def _hear(hall: Hall, page: PageConnection, text: str) -> None:
    """Take one message of a page; a ping is answered before anything else."""
    number = number_of(text)
    try:
        message = parse(text)
    except BadMessage as error:
        why = f"the message {error}"  # for whoever writes a page: none shows it
        page.tell(encode(RefusedTold(why=why, id=number)))
        return
    if isinstance(message, Ping):
        page.tell(encode(Pong(id=message.id, server_s=now_s())))
    else:
        hall.ask(message, page, number)
