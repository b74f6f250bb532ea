"""A real server on this computer's own address, and pages that talk to it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect

from coreg.facts.events import Source
from coreg.session.sources import SessionSource, simulated_hearts
from coreg.store.folder import data_folder
from coreg.web.server.app import listen, serve
from coreg.web.server.door import page_secret
from coreg.web.server.drawing import drawn
from coreg.web.server.drawing_process import DrawPage
from coreg.web.server.evening_service import EveningService
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.hearts import HomeStraps, NoStraps
from coreg.web.server.practice_catalogue import PracticeCatalogue

LATE_S = 60.0
NEVER_S = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server under way."""

    service: EveningService
    launch_url: str
    stop: asyncio.Event

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
) -> AsyncIterator[Served]:
    """Serve an evening from this data folder until the block ends."""
    folder, catalogue = data_folder(data), PracticeCatalogue(plan_toml)
    evening_store = EveningStore(folder)
    evening = evening_store.evening(
        catalogue.names,
        source=straight_to.kind if straight_to else Source.STRAPS,
        seed=straight_to.seed if straight_to else 1,
        speed=speed,
    )
    service = EveningService(
        folder,
        evening_store=evening_store,
        evening=evening,
        at_home=at_home or NoStraps(),
        catalogue=catalogue,
        straight_to=straight_to,
        lot=lambda: False,
    )
    stop, opened = asyncio.Event(), asyncio.Queue[str]()
    with listen(0) as listening:
        serving = asyncio.create_task(
            serve(
                service,
                listening,
                page_secret(folder),
                opened=opened.put_nowait,
                stop=stop,
                draw=draw,
            )
        )
        try:
            url = await asyncio.wait_for(opened.get(), LATE_S)
            yield Served(service=service, launch_url=url, stop=stop)
        finally:
            stop.set()
            await asyncio.wait_for(serving, LATE_S)


def simulated(
    data: Path, *, speed: float, seed: int = 1
) -> AbstractAsyncContextManager[Served]:
    """Serve a practice of the simulated couple."""
    hearts = simulated_hearts(seed=seed, speed=speed)
    return served(data, straight_to=hearts, speed=speed)


async def cookie(at: Served) -> str:
    """Swap the launch token for the cookie, as a browser does."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(at.launch_url)
        assert answer.status_code == 303, answer.text
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


class PageClient:
    """A page without a browser: says, hears, and remembers all it heard."""

    def __init__(self, socket_: ClientConnection) -> None:
        self._socket = socket_
        self.heard: list[dict[str, Any]] = []
        self.raw: list[str] = []

    @property
    def state(self) -> dict[str, Any]:
        return next(each for each in reversed(self.heard) if each["type"] == "state")

    async def say(self, kind: str, **fields: object) -> None:
        await self._socket.send(json.dumps({"type": kind, **fields}))

    async def send(self, text: str | bytes) -> None:
        await self._socket.send(text)

    async def hear(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self._socket.recv(), LATE_S)
        assert isinstance(text, str)
        self.raw.append(text)
        message: dict[str, Any] = json.loads(text)
        self.heard.append(message)
        return message

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Hear until a message holds, and return that one.

        A server that talks on and never says it fails the test, with its last words.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(NEVER_S):
                while not holds(message := await self.hear()):
                    pass
                return message
        raise AssertionError(f"never said; its last words: {self.heard[-20:]}")

    async def begin(self) -> None:
        """Begin a practice of two who both say that today is all right."""
        await self.say("start")
        await self.screen("gate")
        await self.say("gate", partner="A", answer="yes")
        await self.turn("B")
        await self.say("gate", partner="B", answer="yes")

    async def turn(self, of: str | None) -> dict[str, Any]:
        """Hear until it is this one's turn, or nobody's."""
        return await self.until(lambda m: m["type"] == "state" and m["turn"] == of)

    async def screen(self, name: str) -> dict[str, Any]:
        """Hear until this screen is shown; at once where it is shown already."""
        if self.heard and self.state["screen"] == name:
            return self.state
        return await self.until(lambda m: m.get("screen") == name)


@asynccontextmanager
async def page(at: Served, with_cookie: str) -> AsyncIterator[PageClient]:
    """Open a page."""
    async with connect(
        f"ws://{at.host}/ws",
        origin=at.origin,  # type: ignore[arg-type]
        additional_headers={"Cookie": with_cookie},
        proxy=None,
        max_queue=None,  # a page that hears no more must not hold up its own goodbye
    ) as socket_:
        yield PageClient(socket_)


@asynccontextmanager
async def one_page(
    serving: AbstractAsyncContextManager[Served],
) -> AsyncIterator[PageClient]:
    """Serve, and open one page."""
    async with serving as at, page(at, await cookie(at)) as one:
        yield one


@contextmanager
def taken_port() -> Iterator[int]:
    """A port that another program has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]
