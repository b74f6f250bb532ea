"""Who listens in tests: keeps everything a strap brought, and when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from coreg.facts.events import Link, Stream
from coreg.sensors.straps.held_strap import HeldStrap
from coreg.sensors.straps.radio import Radio, StrapInfo
from coreg.testing.virtual_radio.straps import number_of


class Ear:
    """Remembers what one strap brought."""

    def __init__(self) -> None:
        self.packets: list[tuple[bytes, int]] = []
        self.starts: list[tuple[Stream, bytes, int]] = []
        self.stops: list[Stream] = []
        self.refusals: list[tuple[Stream, str]] = []
        self.frames: list[tuple[Stream, bytes, int]] = []
        self.links: list[tuple[float, Link, str]] = []
        self.infos: list[StrapInfo] = []
        self.batteries: list[int] = []

    def packet(self, data: bytes, t_ns: int) -> None:
        self.packets.append((data, t_ns))

    def started(self, stream: Stream, asked: bytes, answer: bytes, t_ns: int) -> None:
        self.starts.append((stream, asked + answer, t_ns))

    def stopped(self, stream: Stream) -> None:
        self.stops.append(stream)

    def not_started(self, stream: Stream, words: str) -> None:
        self.refusals.append((stream, words))

    def frame(self, stream: Stream, data: bytes, t_ns: int) -> None:
        self.frames.append((stream, data, t_ns))

    def link(self, link: Link, words: str) -> None:
        self.links.append((asyncio.get_running_loop().time(), link, words))

    def info(self, info: StrapInfo) -> None:
        self.infos.append(info)

    def battery(self, percent: int) -> None:
        self.batteries.append(percent)

    @property
    def numbers(self) -> list[int]:
        return [number_of(data) for data, _ in self.packets]

    @property
    def words(self) -> list[str]:
        return [words for _, _, words in self.links if words]


@asynccontextmanager
async def held(radio: Radio, address: str) -> AsyncIterator[Ear]:
    """Hold a strap while this is entered."""
    ear = Ear()
    holding = asyncio.create_task(HeldStrap(radio, address, ear).hold())
    try:
        yield ear
    finally:
        holding.cancel()
        await asyncio.wait([holding])
