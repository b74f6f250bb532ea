"""The straps that are held: what is known of each, and whoever wants to hear them.

A `StrapHub` holds straps from the first look on: Home and Fit show what it knows of
them, and a session hears two of them without connecting anew. It knows straps, not
people: who wears which is said by whoever listens, and may be said otherwise next time.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Self

from coreg.base import clock
from coreg.base.supervision import again, ended, noted
from coreg.errors import BadPacketError
from coreg.facts.events import (
    NS_PER_S,
    BatteryRead,
    Link,
    LinkChanged,
    Notification,
    Partner,
    Quirk,
    Stream,
    StreamPacket,
    StreamStarted,
)
from coreg.facts.kinds import BROKEN_LINKS
from coreg.sensors.decoding import heart_rate
from coreg.sensors.quirks.habits import QuirkWatch
from coreg.sensors.quirks.repeats import Repeats
from coreg.sensors.quirks.words import Trouble, radio_error
from coreg.sensors.straps import strap_locks
from coreg.sensors.straps.held_strap import HeldStrap
from coreg.sensors.straps.radio import FoundStrap, Radio, StrapInfo
from coreg.sensors.straps.strap_locks import StrapLock

Arrived = Notification | LinkChanged | BatteryRead | StreamStarted | StreamPacket
Listener = Callable[[Arrived], None]
Want = Callable[[Mapping[Partner, frozenset[Stream]]], None]
"""Says what is to be measured of each from now on."""

NOTHING_MORE: Mapping[Partner, frozenset[Stream]] = MappingProxyType({})
"""Heartbeats, and nothing beside them."""

# What arrived from a strap, once it is said whose: `(partner=...)` makes it a fact.
_Whosever = Callable[..., Arrived]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapState:
    """What is known of one strap now, for the pages. 0 beats/min is no signal.

    `quirks` are its habits: those that pass, such as no contact, only while they last.
    `streams` are those under way, with how each was asked for and answered;
    `refused` says of others that were wanted why they are not, `offers` which it could
    measure, None while it has not said so.
    """

    name: str
    address: str
    link: Link
    words: str
    hr_bpm: int
    battery_percent: int | None
    info: StrapInfo | None
    quirks: tuple[Quirk, ...]
    streams: tuple[tuple[Stream, tuple[bytes, bytes]], ...] = ()
    refused: tuple[tuple[Stream, str], ...] = ()
    offers: frozenset[Stream] | None = None

    def why_not(self, stream: Stream) -> str:
        """Return why a stream is not under way; empty where nothing is said of it."""
        return dict(self.refused).get(stream, "")

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


@dataclass(slots=True, kw_only=True, eq=False)
class _Listening:
    """Who wears what, for one who listens, and what that one wants measured of whom."""

    wearers: Mapping[str, Partner]
    listener: Listener
    streams: Mapping[Partner, frozenset[Stream]]

    def wants(self, address: str) -> frozenset[Stream]:
        """Return what the strap at this address is to measure for this one."""
        wearer = self.wearers.get(address)
        return frozenset() if wearer is None else self.streams.get(wearer, frozenset())


class StrapHub:
    """Straps, by address; those held are let go when this is left (`async with`)."""

    def __init__(self, radio: Radio) -> None:
        self._radio = radio
        self._ears: dict[str, _Ear] = {}
        self._held: dict[str, HeldStrap] = {}
        self._holding: dict[str, asyncio.Task[None]] = {}
        self._locks: dict[str, StrapLock] = {}
        self._listeners: list[_Listening] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await ended(*self._holding.values())
        finally:
            for lock in self._locks.values():
                lock.release()

    def hold(self, strap: FoundStrap) -> None:
        """Hold a strap from now on, unless it is held already.

        Raises
        ------
        RadioError
            If another coreg or another program of this computer has it.
        """
        if strap.address in self._ears:
            return
        self._locks[strap.address] = _ours_alone(strap)
        ear = _Ear(strap, self._hear)
        held = HeldStrap(self._radio, strap.address, ear)
        self._ears[strap.address] = ear
        self._held[strap.address] = held
        self._want(strap.address)
        self._holding[strap.address] = again(
            "holding a strap",
            held.hold,
            failed=lambda _error: held.has_failed(),
            after_s=self._radio.timings.first_wait_s,
        )

    async def let_go(self, address: str) -> None:
        """Disconnect a strap, and know it no longer."""
        del self._ears[address], self._held[address]
        try:
            await ended(self._holding.pop(address))
        finally:
            self._locks.pop(address).release()

    @property
    def states(self) -> tuple[StrapState, ...]:
        """What is known of each strap now, in the order they were found."""
        return tuple(map(self.state, self._ears))

    def state(self, address: str) -> StrapState:
        """Return what is known of one strap now."""
        return replace(self._ears[address].state, offers=self._held[address].offers)

    async def set_clock(self, address: str, now: Callable[[], dt.datetime]) -> None:
        """Tell a strap that is held what time it is.

        Raises
        ------
        RadioError
            If it is not connected, or cannot be told.
        """
        await self._held[address].set_clock(now)

    @contextmanager
    def heard_by(
        self,
        listener: Listener,
        worn: Mapping[Partner, str],
        *,
        streams: Mapping[Partner, frozenset[Stream]] = NOTHING_MORE,
    ) -> Iterator[Want]:
        """Have what arrives from these straps handed over, as their wearers' own.

        `worn` is the address of each one's strap; `t_ns` is on the host's clock.
        `streams` are measured of each for as long, by the straps that can; of whom
        nothing is said, nothing. What this yields takes others in their place: what is
        not wanted any more is handed over no more, from that moment on.
        """
        wearers = {address: partner for partner, address in worn.items()}
        listening = _Listening(wearers=wearers, listener=listener, streams=streams)
        self._listeners.append(listening)

        def want(streams: Mapping[Partner, frozenset[Stream]]) -> None:
            listening.streams = streams
            for address in wearers:
                self._want(address)

        try:
            want(streams)
            yield want
        finally:
            self._listeners.remove(listening)
            for address in wearers:
                self._want(address)

    def _want(self, address: str) -> None:
        """Tell a strap what all who listen to it want measured."""
        wanted = (each.wants(address) for each in self._listeners)
        if (held := self._held.get(address)) is not None:
            held.want(frozenset().union(*wanted))

    def _hear(
        self, address: str, arrived: _Whosever, only: Stream | None = None
    ) -> None:
        """Hand over what arrived: to everybody, or to those who want that stream."""
        for each in tuple(self._listeners):
            is_wanted = only is None or only in each.wants(address)
            if address in each.wearers and is_wanted:
                with noted("hearing a strap", failed=_no_matter):
                    each.listener(arrived(partner=each.wearers[address]))


class _Ear:
    """Hears one strap: keeps its state, passes everything on."""

    def __init__(self, strap: FoundStrap, hear: Callable[..., None]) -> None:
        self._hear = partial(hear, strap.address)
        self._watch = QuirkWatch()
        self._repeats = Repeats()
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
        with noted("understanding a strap", failed=_no_matter):
            self._understand(data, t_ns)
        self._hear(partial(Notification, t_ns=t_ns, data=data))

    def started(self, stream: Stream, asked: bytes, answer: bytes, t_ns: int) -> None:
        others = [each for each in self.state.streams if each[0] is not stream]
        streams = (*others, (stream, (asked, answer)))
        refused = tuple(each for each in self.state.refused if each[0] is not stream)
        self.state = replace(self.state, streams=streams, refused=refused)
        arrived = partial(
            StreamStarted, t_ns=t_ns, stream=stream, asked=asked, answer=answer
        )
        self._hear(arrived, only=stream)

    def stopped(self, stream: Stream) -> None:
        going = tuple(each for each in self.state.streams if each[0] is not stream)
        self.state = replace(self.state, streams=going)

    def not_started(self, stream: Stream, words: str) -> None:
        others = [each for each in self.state.refused if each[0] is not stream]
        self.state = replace(self.state, refused=(*others, (stream, words)))

    def frame(self, stream: Stream, data: bytes, t_ns: int) -> None:
        arrived = partial(StreamPacket, t_ns=t_ns, stream=stream, data=data)
        self._hear(arrived, only=stream)

    def _understand(self, data: bytes, t_ns: int) -> None:
        with suppress(BadPacketError):  # the engine says so; here it changes nothing
            said = heart_rate.decode(data)
            t_s = t_ns / NS_PER_S
            if not self._repeats.is_repeat(t_s, data, said.rr_ms):
                self._watch.feed(t_s, said)
            self.state = replace(self.state, hr_bpm=said.hr_bpm, quirks=self._watch.now)

    def link(self, link: Link, words: str) -> None:
        self.state = replace(self.state, link=link, words=words)
        if link in BROKEN_LINKS:
            self._repeats.reconnected()
            self.state = replace(self.state, streams=())
        if link in (Link.GAP, Link.LOST):
            self.state = replace(self.state, hr_bpm=0)
        t_ns = clock.monotonic_ns()
        self._hear(partial(LinkChanged, t_ns=t_ns, link=link, detail=words))

    def info(self, info: StrapInfo) -> None:
        self.state = replace(self.state, info=info)

    def battery(self, percent: int) -> None:
        self.state = replace(self.state, battery_percent=percent)
        self._hear(partial(BatteryRead, t_ns=clock.monotonic_ns(), percent=percent))


def _ours_alone(strap: FoundStrap) -> StrapLock:
    """Return the lock on a strap that nobody else on this computer has.

    Raises
    ------
    RadioError
        If somebody has.
    """
    name = strap.name or strap.address
    lock = strap_locks.take(strap.address)
    if lock is None:
        raise radio_error(Trouble.IN_USE_BY_COREG, strap=name)
    if strap.is_in_use:
        lock.release()
        raise radio_error(Trouble.IN_USE, strap=name)
    return lock


def _no_matter(_error: Exception) -> None:
    """Say nothing: what others hear of a strap does not depend on this one."""
