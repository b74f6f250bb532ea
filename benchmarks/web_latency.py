"""From a strap's notification to a page: how long, at what quantile.

A simulated couple practises at the pace of life in the program as it is: source, log,
engine, evening, WebSocket. Each notification is told to a page as soon as the engine
has understood it, as cues are, and the page says when it had it; both in one process,
on one clock. Run: ``python -m benchmarks.web_latency [--seconds 60]``.
"""

import argparse
import asyncio
import json
import re
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from coreg.base import clock
from coreg.facts.events import Cue, Input, Notification
from coreg.session.sources import simulated_hearts
from coreg.store.folder import data_folder
from coreg.web.server import run_session as sitting
from coreg.web.server.app import serve
from coreg.web.server.asked import KEY_SUBPROTOCOL, SUBPROTOCOL
from coreg.web.server.evening_service import EveningService
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.hall import Hall
from coreg.web.server.hearts import NoStraps
from coreg.web.server.launching import listen
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.wire.outgoing import Pong


class Stamped:
    """A source that remembers when it handed over each notification."""

    def __init__(self, source: object) -> None:
        self._source = source
        self.handed_ns: list[int] = []

    def hear(self, cue: Cue) -> None:
        self._source.hear(cue)  # type: ignore[attr-defined]

    async def inputs(self) -> AsyncGenerator[Input, None]:
        async for given in self._source.inputs():  # type: ignore[attr-defined]
            if isinstance(given, Notification):
                self.handed_ns.append(clock.monotonic_ns())
            yield given


async def latencies_ms(seconds: float, data: Path) -> np.ndarray:
    """Practise for so many seconds; return each notification's way to the page."""
    folder, catalogue = data_folder(data), PracticeCatalogue()
    hearts = simulated_hearts(seed=1, speed=1.0)
    source = Stamped(hearts.source)
    hearts = replace(hearts, source=source)
    evening_store = EveningStore(folder)
    evening = evening_store.evening(
        catalogue.names, source=hearts.kind, seed=1, speed=1.0
    )
    service = EveningService(
        folder,
        evening_store=evening_store,
        evening=evening,
        at_home=NoStraps(),
        catalogue=catalogue,
        straight_to=hearts,
    )
    _tell_each_notification(service, source)
    hall = Hall(folder, lambda: service)
    stop, opened = asyncio.Event(), asyncio.Queue[str]()
    with listen(0) as listening:
        serving = asyncio.create_task(
            serve(hall, listening, opened=opened.put_nowait, stop=stop)
        )
        had = await _page(await opened.get(), source, seconds)
        stop.set()
        await serving
    return np.array(had) / 1e6


def _tell_each_notification(service: EveningService, source: Stamped) -> None:
    """Have each notification told to the pages, where cues are told."""
    listener = sitting._Listener.__call__  # noqa: SLF001

    def tell_too(self: object, given: Input, outputs: list[object]) -> None:
        listener(self, given, outputs)  # type: ignore[arg-type]
        if isinstance(given, Notification):
            number = len(source.handed_ns) - 1
            service._tell(Pong(id=number, server_s=0.0))  # noqa: SLF001

    sitting._Listener.__call__ = tell_too  # type: ignore[assignment, method-assign] # noqa: SLF001


async def _page(url: str, source: Stamped, seconds: float) -> list[int]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(url)
        key = re.search('name="coreg-page-key" content="([^"]+)"', answer.text)
        assert key is not None
        cookies = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
    origin = url.split("/?", maxsplit=1)[0]
    had: list[int] = []
    async with connect(
        origin.replace("http", "ws") + "/ws",
        origin=origin,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookies},
        subprotocols=[Subprotocol(SUBPROTOCOL), Subprotocol(KEY_SUBPROTOCOL + key[1])],
        proxy=None,
    ) as page:
        until_ns = clock.monotonic_ns() + round(seconds * 1e9)
        while clock.monotonic_ns() < until_ns:
            message = json.loads(await page.recv())
            if message["type"] == "pong":
                now_ns = clock.monotonic_ns()
                had.append(now_ns - source.handed_ns[message["id"]])
    return had


def main() -> None:
    """Print p50, p99 and the largest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        ms = asyncio.run(latencies_ms(given.seconds, Path(data)))
    p50, p99 = np.percentile(ms, [50, 99])
    print(f"n {ms.size}  p50 {p50:.2f} ms  p99 {p99:.2f} ms  most {ms.max():.2f} ms")


if __name__ == "__main__":
    main()
