"""Scenes beside a bluetoothd as quick as in life, with straps that are worn."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from coreg.testing.fake_bluez.adapter import CENTRAL
from coreg.testing.fake_bluez.air import FakeStrap
from coreg.testing.fake_bluez.bench import system_bus
from coreg.testing.fake_bluez.bluetoothd import FakeBluez, serving
from coreg.testing.fake_bluez.clockwork import run_beside_bus
from coreg.testing.fake_bluez.daemon import OPEN_TO_ALL
from coreg.testing.fake_bluez.device import LIFE
from coreg.testing.virtual_radio.straps import packets

Scene = Callable[[FakeBluez], Awaitable[None]]
Play = Callable[[Scene], None]


@contextmanager
def life_on_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Yield what plays a scene in jumping time."""
    with system_bus(monkeypatch, OPEN_TO_ALL) as address:

        def play(scene: Scene) -> None:
            async def main() -> None:
                async with serving(address, LIFE) as bluez:
                    bluez.adapter.plug_in(CENTRAL)
                    await scene(bluez)

            run_beside_bus(main(), monkeypatch, address)

        yield play


@asynccontextmanager
async def worn(bluez: FakeBluez, *straps: FakeStrap) -> AsyncIterator[None]:
    """Put straps on: from each a packet a second while this is entered."""

    async def beat(strap: FakeStrap) -> None:
        for packet in packets(seed=ord(strap.name[-1])):
            await asyncio.sleep(1)
            strap.beat(packet)

    bluez.put_on(*straps)
    beating = [asyncio.create_task(beat(strap)) for strap in straps]
    try:
        yield
    finally:
        for each in beating:
            each.cancel()


async def end_of_search(bluez: FakeBluez) -> None:
    """Wait until a search, this one or the next, has just ended."""
    for goes_on in (False, True):
        while bluez.adapter.is_scanning is goes_on:
            await asyncio.sleep(0.05)
