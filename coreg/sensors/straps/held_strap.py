"""One strap, held for as long as it is wanted: found, listened to, found again.

A connection ends in one of two ways: the link drops, or it is "connected" and silent,
which a watchdog notices. Either way the old connection is let go before there is a new
one, and what a closed one still delivers no longer counts, so no beat comes twice.
Nothing a radio does ends the holding; only being cancelled does.

Some straps also measure ECG and acceleration, for as long as somebody wants them. What
was started is stopped, however the connection ends, or it drains the strap's battery
for hours; and since a killed coreg can stop nothing, each connection begins by stopping
what it finds. Heartbeats come first: a strap whose link breaks over it is not asked
again, and neither is one that sends far more than it was asked for: what it sends is
left out (`budget`).

Between attempts we wait ever longer. A strap that was away and is heard again begins
anew: what kept us waiting was that it was not there.
"""

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from coreg.base import clock
from coreg.base.supervision import again, ended
from coreg.errors import BadPacketError, RadioError
from coreg.facts.events import NS_PER_S, Link, Quirk, Stream
from coreg.sensors.decoding import heart_rate
from coreg.sensors.quirks.words import (
    PASSES_BY_ITSELF,
    RETRIED_SILENTLY,
    Trouble,
    quirk_words,
    radio_error,
    sentence,
)
from coreg.sensors.straps.budget import Budget
from coreg.sensors.straps.polar_streams import PolarStreams
from coreg.sensors.straps.radio import Radio, StrapConnection, StrapInfo
from coreg.sensors.straps.timings import StrapTimings

_SILENT_RETRIES = 3
_SOON_S = 3.0  # within this a link that breaks after a start may have broken over it
_MOST_BREAKS = 2

Say = Callable[[Link, str], None]


class StrapListener(Protocol):
    """Who hears of one strap; called in order, on the event loop."""

    def packet(self, data: bytes, t_ns: int) -> None:
        """Take one Heart Rate Measurement, stamped on arrival."""
        ...

    def started(self, stream: Stream, asked: bytes, answer: bytes, t_ns: int) -> None:
        """Take that ECG or acceleration begins, and what the strap answered to that."""
        ...

    def stopped(self, stream: Stream) -> None:
        """Take that one has ended, since nobody wants it any more."""
        ...

    def not_started(self, stream: Stream, words: str) -> None:
        """Take that one does not begin, and what a person should read of it."""
        ...

    def frame(self, stream: Stream, data: bytes, t_ns: int) -> None:
        """Take one frame of ECG or acceleration, stamped on arrival."""
        ...

    def link(self, link: Link, words: str) -> None:
        """Take a change of the connection, and what a person should read of it."""
        ...

    def info(self, info: StrapInfo) -> None:
        """Take what the strap says of itself, soon after connecting."""
        ...

    def battery(self, percent: int) -> None:
        """Take how full the battery is: after connecting, and now and then."""
        ...


class HeldStrap:
    """One strap; `hold` runs until it is cancelled."""

    def __init__(self, radio: Radio, address: str, listener: StrapListener) -> None:
        self.address = address
        self.offers: frozenset[Stream] | None = None  # None: it has not said yet
        self._radio = radio
        self._listener = listener
        self._said: tuple[Link, str] | None = None
        self._info: StrapInfo | None = None
        self._was_connected = False
        self._wanted: frozenset[Stream] = frozenset()
        self._wants = asyncio.Event()
        self._started_ns: int | None = None  # when a stream was last, in this link
        self._breaks = 0  # how often a link broke soon after that
        self._limits = _Limits()
        self._connection: StrapConnection | None = None

    def want(self, streams: frozenset[Stream]) -> None:
        """Have these measured too, where the strap can, until others are wanted."""
        self._wanted = streams
        self._wants.set()

    async def set_clock(self, now: Callable[[], dt.datetime]) -> None:
        """Tell the strap what time it is, over the connection that there is.

        Raises
        ------
        RadioError
            If there is none, or the strap cannot be told.
        """
        if self._connection is None:
            raise radio_error(Trouble.WENT_AWAY)
        await self._connection.set_clock(now)

    async def hold(self) -> None:
        """Listen to the strap, and find it again whenever it is lost."""
        waits = _Waits(self._radio.timings)
        if self._said is None:  # else the words of what came before hold on
            self._say(Link.SEARCHING, "")
        while True:
            heard = _Heard(
                self._listener,
                self._say,
                self._radio.timings.no_rr_s,
                self._limits,
                self._wants.set,
            )
            trouble = None
            try:
                await self._one_connection(heard)
            except RadioError as error:
                trouble = Trouble(error.trouble)
                self._say_trouble(trouble, waits.failures)
            wait_s = waits.after(heard, trouble)
            if heard.is_there:
                await asyncio.sleep(wait_s)
            else:
                await self._radio.until_heard(self.address, wait_s)

    def has_failed(self) -> None:
        """Say that holding the strap failed through a fault of coreg's own."""
        link = Link.LOST if self._was_connected else Link.SEARCHING
        self._say(link, sentence(Trouble.FAULT))

    async def _one_connection(self, heard: "_Heard") -> None:
        connection: StrapConnection | None = None
        try:
            connection = await self._radio.connect(
                self.address, heard.on_the_air, heard.dropped.set
            )
            self._was_connected = True
            self._say(Link.CONNECTED, "")
            await self._listen(connection, heard)
        except RadioError:
            if not heard.dropped.is_set():
                raise
            # Whatever broke, it broke because the link did.
            raise radio_error(Trouble.WENT_AWAY) from None
        finally:
            heard.is_open = False
            self._connection = None
            self._note_break(heard)
            if connection is not None:
                await connection.let_go()

    def _note_break(self, heard: "_Heard") -> None:
        """Count a link that broke soon after a stream was started."""
        if heard.dropped.is_set():
            self._count_if_soon()
        self._started_ns = None

    def _count_if_soon(self) -> None:
        """Count what ended, link or stream, where a stream had just been started."""
        if self._started_ns is not None:
            since_s = (clock.monotonic_ns() - self._started_ns) / NS_PER_S
            self._breaks += since_s < _SOON_S

    async def _listen(self, connection: StrapConnection, heard: "_Heard") -> None:
        """Listen until the strap falls silent, which is no error, or the link drops."""
        await connection.listen(heard.packet)
        self._connection = connection
        heard.begin()
        self._say(Link.WAITING_FOR_RR, "")
        asking = again(
            "asking a strap",
            partial(self._ask, connection, heard),
            failed=_unanswered,
            after_s=self._radio.timings.longest_wait_s,
        )
        measuring = again(
            "measuring more than heartbeats",
            partial(self._measure, connection, heard),
            failed=_unanswered,
            after_s=self._radio.timings.longest_wait_s,
        )
        try:
            await self._until_silent(heard)
        finally:
            await ended(asking, measuring)

    async def _until_silent(self, heard: "_Heard") -> None:
        while (quiet_s := self._radio.timings.silence_s - heard.silent_s()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(quiet_s):
                    await heard.dropped.wait()
                raise radio_error(Trouble.WENT_AWAY)
        self._say(Link.GAP, sentence(Trouble.SILENT))

    async def _ask(self, connection: StrapConnection, heard: "_Heard") -> None:
        """Ask the strap who it is, until it said so, and for its battery at times."""
        if self._info is None or not self._info.model:
            info = await connection.read_info()
            if heard.dropped.is_set():
                return  # what could not be read is not what the strap has not
            self._info = info
            self._listener.info(info)
        while True:
            percent = await connection.read_battery()
            if percent is not None:
                self._listener.battery(percent)
            await asyncio.sleep(self._radio.timings.battery_s)

    async def _measure(self, connection: StrapConnection, heard: "_Heard") -> None:
        """Keep going what is wanted and the strap offers, and nothing else."""
        streams = connection.streams
        offered = self.offers = await streams.offered()
        if not offered:
            return
        await streams.listen(heard)
        for stream in sorted(offered):
            await streams.stop(stream)
        going: set[Stream] = set()
        try:
            while True:
                self._wants.clear()
                for stream in sorted(heard.taken_ended() & going):
                    going.remove(stream)
                    self._listener.stopped(stream)
                    self._count_if_soon()
                wanted = self._wanted_now() & offered
                for stream in sorted(going - wanted):
                    heard.measuring.discard(stream)
                    await streams.stop(stream)
                    going.remove(stream)
                    self._listener.stopped(stream)
                for stream in sorted(self._limits.flooding & self._wanted):
                    self._listener.not_started(stream, sentence(Trouble.FLOODS))
                for stream in sorted(wanted - going):
                    going.add(stream)  # one whose answer is lost may have begun
                    self._started_ns = clock.monotonic_ns()
                    if not await self._start(streams, stream):
                        going.remove(stream)
                is_all = going == wanted
                retry_s = None if is_all else self._radio.timings.longest_wait_s
                with suppress(TimeoutError):
                    async with asyncio.timeout(retry_s):
                        await self._wants.wait()
        finally:
            for stream in sorted(going):
                self._listener.stopped(stream)
            await self._say_farewell(streams, going, heard)

    def _wanted_now(self) -> frozenset[Stream]:
        """Return what is wanted and may be asked of this strap."""
        if self._breaks >= _MOST_BREAKS:
            return frozenset()
        return self._wanted - self._limits.flooding

    async def _say_farewell(
        self, streams: PolarStreams, going: set[Stream], heard: "_Heard"
    ) -> None:
        """Stop what goes on; a strap that fell silent holds up no new connection."""
        timings = self._radio.timings
        is_silent = heard.silent_s() >= timings.silence_s or heard.dropped.is_set()
        with suppress(TimeoutError):
            async with asyncio.timeout(timings.farewell_s if is_silent else None):
                for stream in sorted(going):
                    with suppress(RadioError):
                        await streams.stop(stream)

    async def _start(self, streams: PolarStreams, stream: Stream) -> bool:
        """Return whether it begins; one that does not ends no other."""
        try:
            await streams.start(stream)
        except RadioError as error:
            self._listener.not_started(stream, sentence(Trouble(error.trouble)))
            await streams.stop(stream)
            return False
        return True

    def _say_trouble(self, trouble: Trouble, failures: int) -> None:
        if trouble in RETRIED_SILENTLY and failures < _SILENT_RETRIES:
            return
        if not self._was_connected:
            self._say(Link.SEARCHING, sentence(trouble))
            return
        if trouble is Trouble.NOTHING_FOUND:
            trouble = Trouble.WENT_AWAY  # it is known that it can be heard
        self._say(Link.LOST, sentence(trouble))

    def _say(self, link: Link, words: str) -> None:
        if self._said != (link, words):
            self._said = (link, words)
            self._listener.link(link, words)


class _Waits:
    """How long to wait between attempts, which depends on how the last ones ended."""

    def __init__(self, timings: StrapTimings) -> None:
        self.failures = 0
        self._in_vain = 0  # of them, those in a row of one kind: unheard, or heard
        self._was_there = False
        self._timings = timings

    def after(self, heard: "_Heard", trouble: Trouble | None) -> float:
        """Return how many seconds to wait after this attempt."""
        if heard.anything:
            self.failures = self._in_vain = 0
            return self._timings.first_wait_s
        self.failures += 1
        self._in_vain = self._in_vain + 1 if heard.is_there is self._was_there else 1
        self._was_there = heard.is_there
        passes = heard.is_there and trouble in PASSES_BY_ITSELF
        at_most_s = (
            self._timings.heard_wait_s if passes else self._timings.longest_wait_s
        )
        doubled = 2.0 ** min(self._in_vain - 1, 20)
        return min(self._timings.first_wait_s * doubled, at_most_s)


def _unanswered(_error: Exception) -> None:
    """Say nothing: a practice needs no strap's name or battery."""


class _Limits:
    """How much one strap may send, whatever connection it comes over."""

    def __init__(self) -> None:
        self.heart = Budget()
        self.streams = {stream: Budget() for stream in Stream}
        self.flooding: set[Stream] = set()


class _Heard:
    """What one attempt and its connection bring, while it is open.

    `measuring` are the streams that were begun here: of others no frame is taken.
    """

    def __init__(
        self,
        listener: StrapListener,
        say: Say,
        no_rr_s: float,
        limits: _Limits,
        wake: Callable[[], None],
    ) -> None:
        self.dropped = asyncio.Event()
        self.is_open = True
        self.is_there = False
        self.anything = False
        self.measuring: set[Stream] = set()
        self._ended: set[Stream] = set()
        self._limits = limits
        self._wake = wake
        self._listener = listener
        self._say = say
        self._no_rr_ns = round(no_rr_s * NS_PER_S)
        self._last_ns = self._last_rr_ns = 0

    def on_the_air(self) -> None:
        """Note that the strap itself is there."""
        self.is_there = True

    def begin(self) -> None:
        """Count silence from now on."""
        self._last_ns = self._last_rr_ns = clock.monotonic_ns()

    def silent_s(self) -> float:
        """Return how long nothing has come."""
        return (clock.monotonic_ns() - self._last_ns) / NS_PER_S

    def started(self, stream: Stream, asked: bytes, answer: bytes, t_ns: int) -> None:
        """Hand over that a stream begins."""
        if self.is_open:
            self.measuring.add(stream)
            self._listener.started(stream, asked, answer, t_ns)

    def ended(self, stream: Stream) -> None:
        """Note that the strap ended a stream by itself."""
        self.measuring.discard(stream)
        self._ended.add(stream)
        self._wake()

    def taken_ended(self) -> set[Stream]:
        """Return the streams that ended by themselves since this was asked last."""
        ended, self._ended = self._ended, set()
        return ended

    def frame(self, stream: Stream, data: bytes, t_ns: int) -> None:
        """Hand a frame over; it says nothing of heartbeats."""
        if not self.is_open or stream not in self.measuring:
            return
        if self._limits.streams[stream].takes(len(data), t_ns=t_ns):
            self._listener.frame(stream, data, t_ns)
            return
        self.measuring.discard(stream)
        self._limits.flooding.add(stream)
        self._wake()

    def packet(self, data: bytes, t_ns: int) -> None:
        """Hand a packet over, and say whether single beats come with them."""
        if not self.is_open:
            return
        self.anything = True
        self._last_ns = t_ns
        if not self._limits.heart.takes(len(data), t_ns=t_ns):
            self._say(Link.WAITING_FOR_RR, sentence(Trouble.FLOODS))
            return
        self._listener.packet(data, t_ns)
        if _has_rr(data):
            self._last_rr_ns = t_ns
            self._say(Link.STREAMING, "")
        elif t_ns - self._last_rr_ns >= self._no_rr_ns:
            self._say(Link.WAITING_FOR_RR, quirk_words(Quirk.NO_RR))


def _has_rr(data: bytes) -> bool:
    try:
        return any(map(heart_rate.is_beat, heart_rate.decode(data).rr_ms))
    except BadPacketError:
        return False  # the engine counts it and says so
