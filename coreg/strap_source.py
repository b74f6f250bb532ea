"""Two straps as the hearts of a session, open before it begins and after it ends.

A `StrapHub` holds both straps from the first look on: Home and Fit show what it knows
of them, and a practice takes its inputs from it without connecting anew. Whatever
arrives carries the time of its arrival; a session's inputs are the same facts, counted
from the session's start, with a tick four times a second in between. They are strictly
in order, and go on while a strap is lost.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from coreg import clock
from coreg.errors import BadPacketError, RadioError
from coreg.events import (
    NS_PER_S,
    BatteryRead,
    Cue,
    Input,
    Link,
    LinkChanged,
    Notification,
    Partner,
    Quirk,
    Tick,
)
from coreg.live import TICK_NS
from coreg.sensors import heart_rate
from coreg.sensors.held_strap import HeldStrap
from coreg.sensors.latency import (
    Calibration,
    PairDelays,
    calibrated_delays,
    pair_delays,
)
from coreg.sensors.quirks import QuirkWatch
from coreg.sensors.strap import FoundStrap, Radio, StrapInfo
from coreg.sensors.strap_words import Trouble
from coreg.store.calibrations import strap_pair

Arrived = Notification | LinkChanged | BatteryRead

# After a computer slept for hours, nobody needs each quarter of a second of them.
_MOST_TICKS_LATE = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapState:
    """What is known of one strap now, for the pages. 0 beats/min is no signal."""

    name: str
    address: str
    link: Link
    words: str
    hr_bpm: int
    battery_percent: int | None
    info: StrapInfo | None
    quirks: tuple[Quirk, ...]

    @property
    def model(self) -> str:
        """What the strap calls its model; else its name on the air."""
        if self.info is None or not self.info.model:
            return self.name
        return f"{self.info.maker} {self.info.model}".strip()

    @property
    def identity(self) -> str:
        """What stays the same on another evening, also on macOS: name and serial."""
        if self.info is None or not self.info.serial:
            return self.address
        return f"{self.name} {self.info.serial}"


class StrapHub:
    """Both straps, held while this is entered (`async with`)."""

    def __init__(self, radio: Radio, straps: Mapping[Partner, FoundStrap]) -> None:
        self._radio = radio
        self._ears = {
            partner: _Ear(partner, strap, self._hear)
            for partner, strap in straps.items()
        }
        self._holding: list[asyncio.Task[None]] = []
        self._listeners: list[Callable[[Arrived], None]] = []

    async def __aenter__(self) -> Self:
        for ear in self._ears.values():
            held = HeldStrap(self._radio, ear.state.address, ear)
            self._holding.append(asyncio.create_task(held.hold()))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._holding:
            task.cancel()
        ended = await asyncio.gather(*self._holding, return_exceptions=True)
        for each in ended:
            if isinstance(each, Exception):  # no strap's doing: a bug of ours
                raise each

    def state(self, partner: Partner) -> StrapState:
        """Return what is known of one strap now."""
        return self._ears[partner].state

    @contextmanager
    def heard_by(self, listener: Callable[[Arrived], None]) -> Iterator[None]:
        """Have everything that arrives handed over, its `t_ns` on the host's clock."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def source(self) -> "StrapSource":
        """Return the hearts of a session that begins when they are first asked."""
        return StrapSource(self)

    async def until_streaming(self, patience_s: float) -> None:
        """Wait until single beats come from both and both said who they are.

        Raises
        ------
        RadioError
            If that takes longer than `patience_s`; with the words of one that is not.
        """
        news = asyncio.Event()
        with self.heard_by(lambda _arrived: news.set()), suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while self._late():
                    await news.wait()
                    news.clear()
        for late in self._late():
            words = late.words or f"It is {late.link}."
            raise RadioError(
                f"{late.name or late.address} does not send beats. {words}",
                "Put it on, wet its electrodes, and start again.",
                trouble=Trouble.NO_ANSWER,
            )

    def _late(self) -> list[StrapState]:
        states = [ear.state for ear in self._ears.values()]
        return [
            each
            for each in states
            if each.link is not Link.STREAMING or each.info is None
        ]

    def _hear(self, arrived: Arrived) -> None:
        for listener in self._listeners:
            listener(arrived)


class _Ear:
    """Hears one strap: keeps its state, passes everything on as facts."""

    def __init__(
        self, partner: Partner, strap: FoundStrap, hear: Callable[[Arrived], None]
    ) -> None:
        self._partner = partner
        self._hear = hear
        self._watch = QuirkWatch()
        self.state = StrapState(
            name=strap.name,
            address=strap.address,
            link=Link.SEARCHING,
            words="",
            hr_bpm=0,
            battery_percent=None,
            info=None,
            quirks=(),
        )

    def packet(self, data: bytes, t_ns: int) -> None:
        with suppress(BadPacketError):  # the engine says so; here it changes nothing
            said = heart_rate.decode(data)
            quirks = self._watch.feed(t_ns / NS_PER_S, said)
            self.state = replace(
                self.state,
                hr_bpm=said.hr_bpm,
                quirks=tuple(dict.fromkeys((*self.state.quirks, *quirks))),
            )
        self._hear(Notification(t_ns=t_ns, partner=self._partner, data=data))

    def link(self, link: Link, words: str) -> None:
        self.state = replace(self.state, link=link, words=words)
        if link in (Link.GAP, Link.LOST):
            self.state = replace(self.state, hr_bpm=0)
        t_ns = clock.monotonic_ns()
        self._hear(
            LinkChanged(t_ns=t_ns, partner=self._partner, link=link, detail=words)
        )

    def info(self, info: StrapInfo) -> None:
        self.state = replace(self.state, info=info)

    def battery(self, percent: int) -> None:
        self.state = replace(self.state, battery_percent=percent)
        t_ns = clock.monotonic_ns()
        self._hear(BatteryRead(t_ns=t_ns, partner=self._partner, percent=percent))


class StrapSource:
    """A session's inputs from a hub; begins when `inputs` is first asked."""

    def __init__(self, hub: StrapHub) -> None:
        self._hub = hub

    def hear(self, cue: Cue) -> None:
        """Do nothing: real people need no telling."""

    async def inputs(self) -> AsyncIterator[Input]:
        """Yield what arrives and ticks, strictly in order, for ever."""
        arrived: deque[Arrived] = deque()
        news = asyncio.Event()

        def take(each: Arrived) -> None:
            arrived.append(each)
            news.set()

        with self._hub.heard_by(take):
            start_ns = clock.monotonic_ns()
            for known in self._known():
                yield known
            ticks = _Ticks()
            while True:
                until_ns = clock.monotonic_ns() - start_ns
                news.clear()
                # What arrives from here on is stamped later than `until_ns`.
                while arrived:
                    each = arrived.popleft()
                    t_ns = each.t_ns - start_ns
                    for tick in ticks.until(t_ns):
                        yield tick
                    yield replace(each, t_ns=t_ns)
                for tick in ticks.until(until_ns):
                    yield tick
                await _wait(news, (start_ns + ticks.next_ns) - clock.monotonic_ns())

    def _known(self) -> Iterator[Arrived]:
        """Yield what was known of the straps before the session began."""
        for partner in Partner:
            state = self._hub.state(partner)
            yield LinkChanged(
                t_ns=0, partner=partner, link=state.link, detail=state.words
            )
            if state.battery_percent is not None:
                yield BatteryRead(
                    t_ns=0, partner=partner, percent=state.battery_percent
                )


def delays_of(hub: StrapHub, folder: Path) -> PairDelays:
    """Return what is known of the delays of a hub's two straps.

    Raises
    ------
    StorageUnusable
        If calibrations are kept in `folder` and cannot be read.
    """
    a, b = (hub.state(partner) for partner in Partner)
    pair = strap_pair(folder, a.identity, b.identity)
    if pair is None:
        return pair_delays(a.model, b.model)
    measured = Calibration(
        difference_s=pair.difference_s, uncertainty_s=pair.uncertainty_s
    )
    return calibrated_delays(a.model, b.model, measured)


class _Ticks:
    """A tick each quarter of a second, none twice."""

    def __init__(self) -> None:
        self.next_ns = 0

    def until(self, t_ns: int) -> Iterator[Tick]:
        """Yield the ticks that are due, up to and with this moment."""
        late = (t_ns - self.next_ns) // TICK_NS
        if late > _MOST_TICKS_LATE:
            self.next_ns += TICK_NS * (late - _MOST_TICKS_LATE)
        while self.next_ns <= t_ns:
            yield Tick(t_ns=self.next_ns)
            self.next_ns += TICK_NS


async def _wait(news: asyncio.Event, at_most_ns: int) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(max(at_most_ns, 0) / NS_PER_S):
            await news.wait()
