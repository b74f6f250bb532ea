"""Two worn straps on a bus of their own: a program, for whatever has its own loop.

It prints the bus's address, and ends with its input. Run as a module.
"""

import asyncio
import sys

from coreg.testing.fake_bluez.adapter import CENTRAL
from coreg.testing.fake_bluez.bench import strap_a, strap_b
from coreg.testing.fake_bluez.bluetoothd import serving
from coreg.testing.fake_bluez.daemon import OPEN_TO_ALL, private_bus
from coreg.testing.fake_bluez.device import LIFE
from coreg.testing.fake_bluez.life import worn


async def _live(address: str) -> None:
    async with serving(address, LIFE) as bluez:
        bluez.adapter.plug_in(CENTRAL)
        async with worn(bluez, strap_a(), strap_b()):
            print(address, flush=True)
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with private_bus(OPEN_TO_ALL) as bus:
        asyncio.run(_live(bus))
