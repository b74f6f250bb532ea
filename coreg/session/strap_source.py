"""Two straps of a hub as the hearts of a session, worn by A and by B.

Whatever arrives carries the time of its arrival; a session's inputs are the same facts,
counted from the session's start, with a tick four times a second in between. They are
strictly in order, and go on while a strap is lost.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from coreg.base import clock
from coreg.errors import RadioError
from coreg.facts.both import Both
from coreg.facts.events import (
    NS_PER_S,
    BatteryRead,
    Cue,
    Input,
    Link,
    LinkChanged,
    Partner,
    Source,
    Stream,
    StreamStarted,
    StreamTakenBack,
    Tick,
)
from coreg.sensors.quirks.words import Trouble, once_ended
from coreg.sensors.straps.hub import Arrived, Listener, StrapHub, StrapState, Want
from coreg.sensors.straps.radio import FoundStrap, Radio
from coreg.sensors.timing.latency import (
    Calibration,
    PairDelays,
    calibrated_delays,
    pair_delays,
)
from coreg.session.live import TICK_NS
from coreg.session.sources import NOTHING_MEASURED, SessionSource, taken_back
from coreg.store.calibrations import strap_pair
from coreg.words import say

# After a computer slept for hours, nobody needs each quarter of a second of them.
_MOST_TICKS_LATE = 240


class WornPair:
    """Which straps of a hub A and B wear, for as long as nobody says otherwise."""

    def __init__(self, hub: StrapHub, a: str, b: str) -> None:
        self._hub = hub
        self._worn = {Partner.A: a, Partner.B: b}

    def state(self, partner: Partner) -> StrapState:
        """Return what is known of one partner's strap now."""
        return self._hub.state(self._worn[partner])

    async def set_clock(self, partner: Partner) -> None:
        """Set a strap's clock to this computer's, in UTC.

        Raises
        ------
        RadioError
            If it is not connected, or cannot be told.
        """
        await self._hub.set_clock(self._worn[partner], clock.utc_now)

    def heard_by(
        self, listener: Listener, streams: frozenset[Stream] = frozenset()
    ) -> AbstractContextManager[Want]:
        """Have everything that arrives handed over, its `t_ns` on the host's clock."""
        return self.each_heard_by(listener, Both(streams, streams))

    def each_heard_by(
        self, listener: Listener, streams: Both[frozenset[Stream]]
    ) -> AbstractContextManager[Want]:
        """Have what arrives handed over, with what A's and B's strap are to measure."""
        return self._hub.heard_by(listener, self._worn, streams=dict(streams.items()))

    def source(self, streams: frozenset[Stream] = frozenset()) -> "StrapSource":
        """Return the hearts of a session that begins when they are first asked."""
        return StrapSource(self, Both(streams, streams))

    def hearts(
        self, folder: Path, streams: frozenset[Stream] = frozenset()
    ) -> SessionSource:
        """Return both as the hearts of a session; both straps measure `streams` too."""
        return self.hearts_of_each(folder, Both(streams, streams))

    def hearts_of_each(
        self, folder: Path, streams: Both[frozenset[Stream]]
    ) -> SessionSource:
        """Return both as the hearts of a session.

        `folder` holds what is known of pairs of straps; `streams` are what A's and B's
        strap measure beside heartbeats, where they can.

        Raises
        ------
        StorageUnusable
            If calibrations are kept in `folder` and cannot be read.
        """
        a, b = (self.state(partner) for partner in Partner)
        source = StrapSource(self, streams)
        return SessionSource(
            kind=Source.STRAPS,
            source=source,
            streams=(a.model, b.model),
            common_clock=True,
            delays=delays_of(self, folder),
            seed=0,
            ends_with_source=False,
            measured=streams,
            measure_only=source.measure_only,
        )

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
            wrong, do = once_ended(late.words)
            raise RadioError(
                say(
                    "faults.no-beats.wrong", strap=late.name or late.address, why=wrong
                ).strip(),
                do or say("faults.no-beats.do"),
                trouble=Trouble.NO_ANSWER,
            )

    def _late(self) -> list[StrapState]:
        states = [self.state(partner) for partner in Partner]
        return [
            each
            for each in states
            if each.link is not Link.STREAMING or each.info is None
        ]


@asynccontextmanager
async def held_pair(
    radio: Radio, straps: Mapping[Partner, FoundStrap]
) -> AsyncIterator[WornPair]:
    """Hold A's and B's strap while this is entered."""
    async with StrapHub(radio) as hub:
        for strap in straps.values():
            hub.hold(strap)
        a, b = (straps[partner].address for partner in Partner)
        yield WornPair(hub, a, b)


class StrapSource:
    """A session's inputs from two straps; begins when `inputs` is first asked."""

    def __init__(
        self, pair: WornPair, streams: Both[frozenset[Stream]] = NOTHING_MEASURED
    ) -> None:
        self._pair = pair
        self._agreed = self._streams = streams
        self._take: Callable[[Arrived | StreamTakenBack], None] | None = None
        self._want: Want | None = None  # there once it began; harmless once it is over

    def measure_only(self, streams: Both[frozenset[Stream]]) -> None:
        """Measure no more than these from now on, and nothing that was not before."""
        kept = Both(*(now & streams[of] for of, now in self._streams.items()))
        if kept == self._streams:
            return
        before, self._streams = self._streams, kept
        if self._want is not None:
            self._want(dict(kept.items()))
        if self._take is not None:
            for each in taken_back(before, kept, t_ns=clock.monotonic_ns()):
                self._take(each)

    def hear(self, cue: Cue) -> None:
        """Do nothing: real people need no telling."""

    async def inputs(self) -> AsyncGenerator[Input, None]:
        """Yield what arrives and ticks, strictly in order, for ever."""
        arrived: deque[Arrived | StreamTakenBack] = deque()
        news = asyncio.Event()

        def take(each: Arrived | StreamTakenBack) -> None:
            arrived.append(each)
            news.set()

        self._take = take

        with self._pair.each_heard_by(take, self._streams) as self._want:
            start_ns = clock.monotonic_ns()
            known = [
                *self._known(),
                *taken_back(self._agreed, self._streams, t_ns=0),
            ]
            for each in known:
                yield each
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
            state = self._pair.state(partner)
            yield LinkChanged(
                t_ns=0, partner=partner, link=state.link, detail=state.words
            )
            for stream, (asked, answer) in state.streams:
                if stream in self._streams[partner]:
                    yield StreamStarted(
                        t_ns=0,
                        partner=partner,
                        stream=stream,
                        asked=asked,
                        answer=answer,
                        holds_breaths=True,
                    )
            if state.battery_percent is not None:
                yield BatteryRead(
                    t_ns=0, partner=partner, percent=state.battery_percent
                )


def delays_of(pair: WornPair, folder: Path) -> PairDelays:
    """Return what is known of the delays of two straps.

    Raises
    ------
    StorageUnusable
        If calibrations are kept in `folder` and cannot be read.
    """
    a, b = (pair.state(partner) for partner in Partner)
    known = strap_pair(folder, a.identity, b.identity)
    if known is None:
        return pair_delays(a.model, b.model)
    measured = Calibration(
        difference_s=known.difference_s, uncertainty_s=known.uncertainty_s
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
