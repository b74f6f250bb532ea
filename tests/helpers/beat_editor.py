"""A beat editor that answers on this computer, and a day of heartbeats to correct."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

import httpx
import numpy as np
from websockets.asyncio.client import connect

from coreg.base.supervision import ended, once
from coreg.findings.corrected import correctable
from coreg.sensors.recordings.reading import read_recording
from coreg.store.corrections import KeptBeside, corrections_path, sha256_of
from coreg.web.server.asked import PAGE_KEY_HEADER
from coreg.web.server.beat_editor import BeatEditor
from coreg.web.server.beat_editor_app import LEFT_ALONE_S, serve_editor
from coreg.web.server.launching import listen
from tests.helpers.evening_server import protocols

LARGEST_ANSWER = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedEditor:
    """An editor under way; `links` holds the one that opens a page next, last."""

    editor: BeatEditor
    file: Path
    links: list[str]
    stop: asyncio.Event
    loop: asyncio.AbstractEventLoop

    def end(self) -> None:
        """End it, as Ctrl-C does, from any thread."""
        self.loop.call_soon_threadsafe(self.stop.set)

    @property
    def host(self) -> str:
        return urlsplit(self.links[-1]).netloc

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    async def keys(self) -> dict[str, str]:
        """Follow the link, as a browser does; return what its page then sends."""
        async with httpx.AsyncClient() as client:
            answer = await client.get(self.links[-1])
            key = re.search('name="coreg-page-key" content="([^"]+)"', answer.text)
            assert key is not None, answer.text
            cookies = (f"{name}={value}" for name, value in client.cookies.items())
            return {"Cookie": "; ".join(cookies), PAGE_KEY_HEADER: key[1]}

    def line(self, keys: dict[str, str]) -> connect:
        """Open a page's line."""
        return connect(
            f"ws://{self.host}/ws",
            origin=self.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": keys["Cookie"]},
            subprotocols=protocols(keys[PAGE_KEY_HEADER]),
            max_size=LARGEST_ANSWER,
            proxy=None,
        )


@asynccontextmanager
async def editing(
    recording: Path, *, left_alone_s: float = LEFT_ALONE_S
) -> AsyncIterator[ServedEditor]:
    """Serve the editor of a recording until the block ends."""
    path = corrections_path(recording)
    beats = correctable(read_recording(recording), sha256_of(recording))
    editor = BeatEditor(beats, KeptBeside(path))
    links: list[str] = []
    opened, stop = asyncio.Event(), asyncio.Event()
    broken: list[Exception] = []
    with listen(None) as listening:

        async def serve() -> None:
            await serve_editor(
                editor,
                listening,
                of=path,
                opened=lambda _link: opened.set(),
                linked=links.append,
                stop=stop,
                left_alone_s=left_alone_s,
            )

        serving = once("serving an editor", serve, failed=broken.append)
        await opened.wait()
        try:
            yield ServedEditor(
                editor=editor,
                file=path,
                links=links,
                stop=stop,
                loop=asyncio.get_running_loop(),
            )
        finally:
            stop.set()
            await asyncio.wait([serving], timeout=10)
            await ended(serving)
    assert not broken


@contextmanager
def editing_apart(recording: Path) -> Iterator[ServedEditor]:
    """Serve an editor in a thread of its own, for a browser."""
    begun: Queue[ServedEditor] = Queue()

    async def go() -> None:
        async with editing(recording, left_alone_s=60) as at:
            begun.put(at)
            await at.stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(go()), daemon=True)
    thread.start()
    at = begun.get(timeout=60)
    try:
        yield at
    finally:
        with suppress(RuntimeError):  # it has ended already
            at.end()
        thread.join(timeout=20)


def a_day_ms(beats: int = 100_000, planted: int = 150) -> list[float]:
    """A day of made-up intervals with beats missed, early and made up among them."""
    rng = np.random.default_rng(5)
    at = np.arange(beats)
    rr_ms = 850 + 120 * np.sin(2 * np.pi * at / beats)
    rr_ms += 40 * np.sin(2 * np.pi * at / 4.7) + rng.normal(0, 12, beats)
    rr_ms = rr_ms.round()
    for n, i in enumerate(rng.choice(beats - 10, planted, replace=False)):
        if n % 3 == 0:
            rr_ms[i] *= 2
        elif n % 3 == 1:
            rr_ms[i] -= 250
            rr_ms[i + 1] += 250
        else:
            rr_ms[i] = 300
    return [float(rr) for rr in rr_ms]


def kept_at(path: Path, rr_ms: list[float]) -> Path:
    """Write intervals as text."""
    path.write_text("\n".join(f"{rr:.0f}" for rr in rr_ms), encoding="utf-8")
    return path
