"""A real server on this computer's own address, and pages that talk to it."""

import asyncio
import datetime as dt
import json
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from coreg.facts.events import Source
from coreg.session.sources import SessionSource, simulated_hearts
from coreg.store import keys
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.passcode import Cost
from coreg.web.server.app import serve
from coreg.web.server.asked import KEY_SUBPROTOCOL, PAGE_KEY_HEADER, SUBPROTOCOL
from coreg.web.server.drawing import drawn
from coreg.web.server.drawing_process import DrawPage
from coreg.web.server.evening_service import EveningService
from coreg.web.server.evening_store import PRACTISED, EveningStore
from coreg.web.server.guests import Guests
from coreg.web.server.hall import LOCKS_AFTER_S, Hall
from coreg.web.server.hearts import HomeStraps, NoStraps
from coreg.web.server.lan import House
from coreg.web.server.launching import listen
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.wire.named import Seat

NOW = dt.datetime(2026, 3, 1, 21, 0, tzinfo=dt.UTC)
CHEAP = Cost(n=2, r=8, p=1)
"""So that a passcode is tried in no time; how long a real one takes is measured."""
Said = Callable[[str], dict[str, object]]
LATE_S = 60.0
NEVER_S = 55.0  # whatever fails fails within a minute, on a busy machine, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server under way."""

    hall: Hall
    launch_url: str
    stop: asyncio.Event
    guests: Guests = field(default_factory=lambda: Guests(Path()))
    links: list[str] = field(default_factory=list)  # each one's time came; the last now

    @property
    def service(self) -> EveningService:
        """The evening; there is none while it is locked."""
        assert self.hall.service is not None
        return self.hall.service

    @property
    def origin(self) -> str:
        return "http://" + urlsplit(self.launch_url).netloc

    @property
    def host(self) -> str:
        return urlsplit(self.launch_url).netloc


@asynccontextmanager
async def served(
    data: Path,
    *,
    straight_to: SessionSource | None = None,
    speed: float = 1.0,
    at_home: HomeStraps | None = None,
    plan_toml: str | None = None,
    draw: DrawPage = drawn,
    port: int = 0,
    asks_for_lock: bool = False,
    locks_after_s: float = LOCKS_AFTER_S,
    practised: int | None = 2,
    taps: bool = False,
    source: Source = Source.STRAPS,
    is_quiet: bool = False,
    front: Seat = Seat.BOTH,
    house: House | None = None,
    with_therapist: bool = False,
) -> AsyncIterator[Served]:
    """Serve an evening from this data folder until the block ends.

    Both want no passphrase for it, where nothing else is said: `asks_for_lock`; and
    know the way, having `practised` (None: as often as the folder says).
    """
    folder, catalogue = data_folder(data), PracticeCatalogue(plan_toml)

    def evening() -> EveningService:
        evening_store = EveningStore(folder, passcode_cost=CHEAP)
        if not (asks_for_lock or keys.is_locked(folder)):
            evening_store.keep_no_lock()
        if practised is not None:
            Library(folder).keep_setting(PRACTISED, str(practised))
        evening = evening_store.evening(
            catalogue.names_with_therapist if with_therapist else catalogue.names,
            source=straight_to.kind if straight_to else source,
            seed=straight_to.seed if straight_to else 1,
            speed=speed,
        )
        return EveningService(
            folder,
            evening_store=evening_store,
            evening=replace(evening, taps=taps, with_therapist=with_therapist),
            at_home=at_home or NoStraps(),
            catalogue=catalogue,
            straight_to=straight_to,
            lot=lambda: is_quiet,
        )

    hall = Hall(
        folder,
        evening,
        passphrase_cost=CHEAP,
        locks_after_s=locks_after_s,
    )
    guests = Guests(folder, front=front)
    async with answering(hall, guests, port=port, draw=draw, house=house) as at:
        yield at


@asynccontextmanager
async def answering(
    hall: Hall,
    guests: Guests,
    *,
    port: int = 0,
    draw: DrawPage = drawn,
    house: House | None = None,
) -> AsyncIterator[Served]:
    """Answer the pages of a hall until the block ends."""
    stop, opened, links = asyncio.Event(), asyncio.Queue[str](), list[str]()
    with listen(port) as listening:
        serving = asyncio.create_task(
            serve(
                hall,
                listening,
                opened=opened.put_nowait,
                linked=links.append,
                stop=stop,
                draw=draw,
                guests=guests,
                house=house,
            )
        )
        try:
            url = await asyncio.wait_for(opened.get(), LATE_S)
            yield Served(
                hall=hall, launch_url=url, stop=stop, guests=guests, links=links
            )
        finally:
            stop.set()
            await asyncio.wait_for(serving, LATE_S)


def simulated(
    data: Path,
    *,
    speed: float,
    seed: int = 1,
    plan_toml: str | None = None,
    house: House | None = None,
) -> AbstractAsyncContextManager[Served]:
    """Serve a practice of the simulated couple."""
    hearts = simulated_hearts(seed=seed, speed=speed)
    return served(
        data, straight_to=hearts, speed=speed, plan_toml=plan_toml, house=house
    )


def phones_of_tests(*, is_on: bool = True) -> House:
    """Return a house of this computer alone: tests are reached from nowhere else."""
    return House(addresses=lambda: ("127.0.0.1",), name="", is_on=is_on)


async def entered(at: Served) -> dict[str, str]:
    """Follow the launch link, as a browser does; return what its page then sends."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(at.launch_url)
        assert answer.status_code == 200, answer.text
        key = re.search('name="coreg-page-key" content="([^"]+)"', answer.text)
        assert key is not None
        cookies = (f"{name}={value}" for name, value in client.cookies.items())
        return {"Cookie": "; ".join(cookies), PAGE_KEY_HEADER: key[1]}


def on_a_phone(at: Served, seat: Seat) -> dict[str, str]:
    """Return what a phone that has a seat sends with whatever it asks."""
    guest = at.guests.from_elsewhere(seat)
    cookie = f"{at.guests.cookie_name}={guest.cookie}"
    return {"Cookie": cookie, PAGE_KEY_HEADER: guest.page}


class PageClient:
    """A page without a browser: says, hears, and remembers all it heard."""

    def __init__(self, socket_: ClientConnection) -> None:
        self._socket = socket_
        self.heard: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self._asked = 1000
        self._looked = 0  # how many of what it heard `until` has gone through

    @property
    def state(self) -> dict[str, Any]:
        return next(each for each in reversed(self.heard) if each["type"] == "state")

    async def say(self, kind: str, **fields: object) -> None:
        await self._socket.send(json.dumps({"type": kind, **fields}))

    async def ask(self, kind: str, **fields: object) -> dict[str, Any]:
        """Say something and hear what became of it.

        What is told before the answer is what `until` looks at first.
        """
        self._asked += 1
        number, asked_at = self._asked, len(self.heard)
        await self.say(kind, id=number, **fields)
        answer = await self.until(
            lambda m: m["type"] in {"taken", "refused"} and m["id"] == number
        )
        self._looked = asked_at
        return answer

    async def send(self, text: str | bytes) -> None:
        await self._socket.send(text)

    async def hear(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self._socket.recv(), LATE_S)
        assert isinstance(text, str)
        self.raw.append(text)
        message: dict[str, Any] = json.loads(text)
        self.heard.append(message)
        self._looked = len(self.heard)
        return message

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Hear until a message holds, and return that one.

        It may have been heard while an answer was waited for. A server that talks on
        and never says it fails the test, with its last words.
        """
        for number in range(self._looked, len(self.heard)):
            if holds(self.heard[number]):
                self._looked = number + 1
                return self.heard[number]
        with suppress(TimeoutError):
            async with asyncio.timeout(NEVER_S):
                while not holds(message := await self.hear()):
                    pass
                return message
        raise AssertionError(f"never said; its last words: {self.heard[-20:]}")

    async def state_when(
        self, holds: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Hear until a state holds; at once where the last one does."""
        return await self.told_when("state", holds)

    async def told_when(
        self, kind: str, holds: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Hear until what is told of this kind holds; at once where the last does.

        It may have been told before this is waited for, and not again.
        """
        told = (each for each in reversed(self.heard) if each["type"] == kind)
        last: dict[str, Any] | None = next(told, None)
        if last is not None and holds(last):
            return last
        return await self.until(lambda m: m["type"] == kind and holds(m))

    async def begin(self, said: Said = lambda _: {}) -> None:
        """Begin a practice of two who both say that today is all right.

        `said` is what else each of them says alone, by partner.
        """
        await self.say("start")
        await self.screen("gate")
        await self.say("gate", partner="A", answer="yes", **said("A"))
        await self.turn("B")
        await self.say("gate", partner="B", answer="yes", **said("B"))

    async def turn(self, of: str | None) -> dict[str, Any]:
        """Hear until it is this one's turn, or nobody's; at once where it is."""
        return await self.state_when(lambda state: state["turn"] == of)

    async def screen(self, name: str) -> dict[str, Any]:
        """Hear until this screen is shown; at once where it is shown already."""
        return await self.state_when(lambda state: state["screen"] == name)


def protocols(page_key: str) -> list[Subprotocol]:
    """What a page offers to speak, its key among it."""
    return [Subprotocol(SUBPROTOCOL), Subprotocol(KEY_SUBPROTOCOL + page_key)]


@asynccontextmanager
async def page(at: Served, keys: Mapping[str, str]) -> AsyncIterator[PageClient]:
    """Open a page that has been let in."""
    async with connect(
        f"ws://{at.host}/ws",
        origin=at.origin,  # type: ignore[arg-type]
        additional_headers={"Cookie": keys["Cookie"]},
        subprotocols=protocols(keys[PAGE_KEY_HEADER]),
        proxy=None,
        max_queue=None,  # a page that hears no more must not hold up its own goodbye
    ) as socket_:
        yield PageClient(socket_)


@asynccontextmanager
async def one_page(
    serving: AbstractAsyncContextManager[Served],
) -> AsyncIterator[PageClient]:
    """Serve, and open one page."""
    async with serving as at, page(at, await entered(at)) as one:
        yield one


@contextmanager
def taken_port() -> Iterator[int]:
    """A port that another program has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@contextmanager
def beside(serving: AbstractAsyncContextManager[Served]) -> Iterator[Served]:
    """Serve in a thread of its own: the browser has this one."""
    loop, found, over = asyncio.new_event_loop(), list[Served](), asyncio.Event()
    ready = threading.Event()

    async def go() -> None:
        async with serving as at:
            found.append(at)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(go(),))
    thread.start()
    assert ready.wait(LATE_S)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(LATE_S)
        loop.close()
