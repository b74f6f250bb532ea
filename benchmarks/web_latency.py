"""From a strap's notification to a page: how long, at what quantile.

A simulated couple practises at the pace of life in the program as it is: source, log,
engine, evening, WebSocket. Each notification is told to a page as soon as the engine
has understood it, as cues are, and the page says when it had it; both in one process,
on one clock. Run: ``python -m benchmarks.web_latency [--seconds 60]``.

With ``--streams`` both hearts come with ECG (130 Hz) and acceleration (200 Hz, an H10's
fastest) as a Polar strap frames them. All that is due in a quarter of a second comes at
once, frames before notifications: each notification is counted from then, so it waits
for the frames before it. Printed too: the share of one core that the whole program
took, page included, its memory, and how large the log of an hour becomes.
"""

import argparse
import asyncio
import json
import re
import resource
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from benchmarks.measured import Measured
from coreg.base import clock
from coreg.facts.events import Cue, Input, Notification, Tick
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
    """A source that remembers since when each notification could be handed over.

    `measured` comes before them: what both straps measure beside heartbeats.
    """

    def __init__(self, source: object, measured: Measured | None) -> None:
        self._source = source
        self._measured = measured
        self.handed_ns: list[int] = []

    def hear(self, cue: Cue) -> None:
        self._source.hear(cue)  # type: ignore[attr-defined]

    async def inputs(self) -> AsyncGenerator[Input, None]:
        waiting: list[Input] = []
        async for given in self._source.inputs():  # type: ignore[attr-defined]
            waiting.append(given)
            if not isinstance(given, Tick):
                continue
            now_ns = clock.monotonic_ns()
            for each in (*self._due(given.t_ns), *waiting):
                if isinstance(each, Notification):
                    self.handed_ns.append(now_ns)
                yield each
            waiting.clear()

    def _due(self, t_ns: int) -> Iterator[Input]:
        return self._measured.until(t_ns) if self._measured else iter(())


async def latencies_ms(
    seconds: float, data: Path, measured: Measured | None
) -> np.ndarray:
    """Practise for so many seconds; return each notification's way to the page."""
    folder, catalogue = data_folder(data), PracticeCatalogue()
    hearts = simulated_hearts(seed=1, speed=1.0)
    source = Stamped(hearts.source, measured)
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
    parser.add_argument("--streams", action="store_true")
    given = parser.parse_args()
    measured = Measured(acceleration_hz=200) if given.streams else None
    with tempfile.TemporaryDirectory() as data:
        began_s, cpu_s = clock.monotonic_ns() / 1e9, time.process_time()
        ms = asyncio.run(latencies_ms(given.seconds, Path(data), measured))
        took_s = clock.monotonic_ns() / 1e9 - began_s
        cpu_s = time.process_time() - cpu_s
        log_bytes = sum(each.stat().st_size for each in Path(data).rglob("*.coreg*"))
    p50, p99 = np.percentile(ms, [50, 99])
    print(f"n {ms.size}  p50 {p50:.2f} ms  p99 {p99:.2f} ms  most {ms.max():.2f} ms")
    most_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{100 * cpu_s / took_s:.1f} % of one core, start and end included; "
        f"{most_kib / 1024:.0f} MiB at most; "
        f"the log of an hour {log_bytes / took_s * 3600 / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
