"""The server: routes behind the door, one WebSocket a page, in the engine's own loop.

Loopback only; phones of the house come in beside it, where they are let in (lan.py).
"""

import asyncio
import base64
import hashlib
import socket
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from coreg.base.supervision import apart, ended, once
from coreg.web.server import evenings
from coreg.web.server.asked import SUBPROTOCOL
from coreg.web.server.connections import write_down_faults_alone
from coreg.web.server.door import Door, LaunchLinks
from coreg.web.server.drawer import Drawer
from coreg.web.server.drawing import drawn
from coreg.web.server.drawing_process import DrawPage
from coreg.web.server.guests import Guests
from coreg.web.server.hall import Hall
from coreg.web.server.hearing import Hearing
from coreg.web.server.lan import House, Lan
from coreg.web.server.launching import handed_over
from coreg.web.server.listening import pages_server
from coreg.web.server.page import PageConnection
from coreg.web.server.places import in_our_language, places_of
from coreg.web.server.run_session import now_s
from coreg.web.server.static_pages import asked, front, sorry, static_routes
from coreg.web.server.streams import Streams
from coreg.web.wire.named import Seat
from coreg.web.words import (
    page_that_asks_again,
    refusal,
)
from coreg.words import speak

_TRY_LATER, _POLICY, _FAULT = 1013, 1008, 1011
_ONE_TOO_MANY = 4013  # our own: a page that hears it does not come back
_CLOSED = 423
_OF_THE_LAPTOP = {Seat.BOTH, Seat.THERAPIST}
_LEFT = 499  # nobody hears it
_WINDOWS = {seat.value: seat for seat in (Seat.BOTH, Seat.LIGHT)}


def _nowhere(_link: str) -> None:
    """Keep no launch link."""


async def serve(  # noqa: PLR0913 - each is another way to begin, of the command line
    hall: Hall,
    listening: socket.socket,
    *,
    opened: Callable[[str], None],
    stop: asyncio.Event,
    linked: Callable[[str], None] = _nowhere,
    draw: DrawPage = drawn,
    guests: Guests | None = None,
    house: House | None = None,
) -> None:
    """Answer pages until `stop` is set; a session under way is finished in order.

    `opened` is called with the launch link once pages are answered. `linked` is called
    with it too, before, in a thread of its own, and with the next one each time one was
    used. `draw` draws the pages of evenings, in a process of its own. `guests` are
    those whom the door lets in; nobody yet, where nothing is said. `house` is the
    network that phones may be in.
    """
    port = listening.getsockname()[1]
    guests = guests or Guests(hall.folder)
    links = LaunchLinks(port, front=guests.front, now_s=now_s)
    drawer = Drawer(draw)
    hall.locked = drawer.forget
    lan = Lan(hall, guests, house or House())

    def send_all_away() -> None:
        links.forget_windows()
        lan.send_all_away()

    hall.parted = send_all_away
    streams = Streams(hall, now_s)
    app = _app(hall, drawer, links, lan, streams)
    door = Door(app, port=port, guests=guests, links=links)
    server = pages_server(door)
    write_down_faults_alone()
    broken: list[Exception] = []

    async def answer() -> None:
        try:
            await server.answer_on([listening])
        finally:
            stop.set()  # without answers there is nothing to wait for

    async with hall.living():
        serving = once("answering pages", answer, failed=broken.append)
        try:
            async with drawer, lan.living(app):
                await server.until_started(stop)
                async with handed_over(links, linked) as first:
                    if not broken:
                        opened(first)
                    await stop.wait()
            await hall.finish()
        finally:
            streams.end()
            server.should_exit = True
            await asyncio.wait([serving])
    if broken:
        raise broken[0]


def _app(
    hall: Hall, drawer: Drawer, links: LaunchLinks, lan: Lan, streams: Streams
) -> Starlette:
    async def page(websocket: WebSocket) -> None:
        _speak(websocket)
        await _converse(hall, websocket)

    async def events(request: Request) -> Response:
        _speak(request)
        return streams.open(hall.coming(_seat(request)))

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
        return await _whileasked(request, partial(_report, reply, page_key))

    return Starlette(
        routes=[
            Route("/", _front),
            *static_routes(),
            WebSocketRoute("/ws", page),
            Route("/events", events),
            Route("/said", streams.said, methods=["POST"]),
            Route("/evenings", listed),
            Route("/lines", lines),
            Route("/places", places),
            Route("/phones", partial(_phones, hall, lan)),
            Route("/phones/{what}", partial(_turned, hall, lan), methods=["POST"]),
            Route("/phones/free/{seat}", partial(_freed, hall, lan), methods=["POST"]),
            Route("/window/{seat}", partial(_window, links), methods=["POST"]),
            Route("/evenings/{session}/{whose}", report, methods=["GET", "POST"]),
        ],
        exception_handlers={Exception: sorry},
    )


def _closed(request: Request) -> Response:
    """Answer that what is kept here is locked."""
    return HTMLResponse(refusal("locked", asked(request)), status_code=_CLOSED)


async def _window(links: LaunchLinks, request: Request) -> Response:
    """Answer with a link that opens one more window of this computer."""
    try:
        seat = _WINDOWS[request.path_params["seat"]]
    except KeyError:
        return Response(status_code=404)
    return PlainTextResponse(links.for_window(seat))


async def _phones(hall: Hall, lan: Lan, request: Request) -> Response:
    """Answer with how a phone comes in, and which are here."""
    if hall.service is None:
        return _closed(request)
    return JSONResponse(asdict(lan.told()))


async def _turned(hall: Hall, lan: Lan, request: Request) -> Response:
    """Let phones in from now on, or nobody."""
    turns = {"on": True, "off": False}
    if request.path_params["what"] not in turns:
        return Response(status_code=404)
    hall.used()
    on = turns[request.path_params["what"]]
    if hall.service is not None or not on:  # nobody has to be there to close a door
        await lan.turn(on=on)
    if not on:
        return JSONResponse(asdict(lan.told()))
    return await _phones(hall, lan, request)


async def _freed(hall: Hall, lan: Lan, request: Request) -> Response:
    """Have whoever has a place let in no more."""
    hall.used()
    with suppress(ValueError):  # no such seat: nobody has it
        lan.free(Seat(request.path_params["seat"]))
    return await _phones(hall, lan, request)


async def _front(request: Request) -> Response:
    return front(request, "index.html")


def _seat(of: HTTPConnection) -> Seat:
    """Return whose page asks, as the door found it by its keys."""
    seat: Seat = of.state.seat
    return seat


def _speak(to: HTTPConnection) -> None:
    """Say what is said to both in the language of the laptop that they share.

    Only a page that has its key gets here: a cookie alone changes no language. Nor does
    somebody's own phone.
    """
    if _seat(to) in _OF_THE_LAPTOP:
        speak(asked(to))


async def _whileasked(
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
    page = hall.coming(_seat(websocket))
    await websocket.accept(SUBPROTOCOL)
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
    hearing = Hearing(hall, page)
    while True:
        received = await websocket.receive()
        if received["type"] == "websocket.disconnect":
            return
        if not hearing.hear(received.get("text") or ""):
            await websocket.close(_POLICY)
            return
