"""Two streams of intervals with times of their own (LSL, ANT+) as a session's hearts.

Strategy. A sample carries the time that its sender gave it, and comes later than that:
by a moment, or by seconds where beats are sent at their own time. A session takes its
inputs in order, so each sample waits until a fixed delay after its stamp, and is logged
then; the delay is logged too, as what a strap takes to deliver, and the engine takes it
off again. So a beat stands where its stamp says, live and in a replay. A sample that
comes too late for that is no beat at a wrong time: it is marked as lost.

Some senders stamp a beat with when it was, others with when they heard of it. Which it
is shows in the first samples: stamps of beats are as far apart as intervals are long.
Only such are taken for the beats' own times (`stamped_clock`).
"""

import asyncio
import heapq
import math
import statistics
import threading
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from coreg.base import clock
from coreg.base.supervision import once
from coreg.errors import CoregError, LslError
from coreg.facts.events import (
    NS_PER_S,
    Cue,
    Input,
    Intervals,
    Link,
    LinkChanged,
    Partner,
    Source,
    Tick,
)
from coreg.sensors.timing.latency import UNKNOWN_STRAPS, PairDelays
from coreg.sensors.timing.samples import LOST_MS, Sample
from coreg.sensors.timing.stamped_clock import are_beat_times
from coreg.session.live import TICK_NS
from coreg.session.sources import SessionSource
from coreg.words import wrong_and_do

_PULL_S = 0.2
_SILENT_NS = 5 * NS_PER_S
_FIRST_SAMPLES = 5
_FIRST_WITHIN_S = 60.0
_SPARE_S = 0.5
_STEP_S = 0.25
_LONGEST_DELAY_S = 15.0
_FURTHEST_AHEAD_S = 0.25
# After a computer slept for hours, nobody needs each quarter of a second of them.
_MOST_TICKS_LATE = 240
_RR_MS = (240.0, 3000.0)


class RrInlet(Protocol):
    """A stream of intervals."""

    name: str

    def pull(self, within_s: float) -> list[Sample]:
        """Return what came since the last call; wait for it as long as this."""
        ...

    def close(self) -> None:
        """Read no more."""
        ...


def _lsl_is_silent(stream: str) -> CoregError:
    return LslError(*wrong_and_do("errors.lsl.silent", stream=stream))


@asynccontextmanager
async def stream_hearts(
    inlets: Mapping[Partner, RrInlet],
    within_s: float = _FIRST_WITHIN_S,
    *,
    way: str = "LSL",
    silent: Callable[[str], CoregError] = _lsl_is_silent,
) -> AsyncIterator[SessionSource]:
    """Read two streams while this is entered, and yield them as hearts.

    `way` is how they come, and `silent` what is raised of one that sends nothing.

    Raises
    ------
    CoregError
        If one sends no intervals for `within_s`, or with times that cannot be.
    """
    async with _heard(inlets) as heard:
        first = await _first_samples(inlets, heard, within_s, silent)
        delays_s = {
            partner: delay_s(inlets[partner].name, samples)
            for partner, samples in first.items()
        }
        stamped = {
            partner: are_beat_times(
                [(each.stamp_ns / NS_PER_S, each.rr_ms) for each in samples]
            )
            for partner, samples in first.items()
        }
        a, b = (inlets[partner].name for partner in Partner)
        yield SessionSource(
            kind=Source.STRAPS,
            source=StreamSource(heard, delays_s),
            streams=(f"{way} {a}", f"{way} {b}"),
            common_clock=True,
            # What a stamp means is its sender's affair: nothing is known of its strap.
            delays=PairDelays(
                latency_s=tuple(delays_s[partner] for partner in Partner),
                lag_resolution_s=UNKNOWN_STRAPS.lag_resolution_s,
            ),
            seed=0,
            ends_with_source=False,
            stamped=tuple(stamped[partner] for partner in Partner),
        )


def delay_s(stream: str, samples: Sequence[Sample]) -> float:
    """Return how long after its stamp a sample of a stream is taken.

    Raises
    ------
    LslError
        If these are no intervals in the unit that is said, or stamped by another clock.
    """
    usual_ms = statistics.median(rr for each in samples for rr in each.rr_ms)
    if not _RR_MS[0] <= usual_ms <= _RR_MS[1]:
        told = wrong_and_do("errors.lsl.not-rr", stream=stream, usual=f"{usual_ms:.4g}")
        raise LslError(*told)
    late_s = [(each.heard_ns - each.stamp_ns) / NS_PER_S for each in samples]
    for each in (min(late_s), max(late_s)):
        if not -_FURTHEST_AHEAD_S <= each <= _LONGEST_DELAY_S:
            told = wrong_and_do(
                "errors.lsl.too-late", stream=stream, late=f"{abs(each):.1f}"
            )
            raise LslError(*told)
    return _STEP_S * math.ceil((max(late_s) + _SPARE_S) / _STEP_S)


@dataclass(slots=True)
class HeardSamples:
    """What came of each stream and was not taken yet."""

    waiting: list[tuple[Partner, Sample]]
    news: asyncio.Event

    def taken(self) -> list[tuple[Partner, Sample]]:
        """Take all that came."""
        self.news.clear()
        taken, self.waiting = self.waiting, []
        return taken


@asynccontextmanager
async def _heard(inlets: Mapping[Partner, RrInlet]) -> AsyncIterator[HeardSamples]:
    """Read each stream in a thread of its own."""
    heard = HeardSamples(waiting=[], news=asyncio.Event())
    loop = asyncio.get_running_loop()
    is_over = threading.Event()

    def take(partner: Partner, samples: list[Sample]) -> None:
        heard.waiting += [(partner, each) for each in samples]
        heard.news.set()

    def read(partner: Partner) -> None:
        while not is_over.is_set():
            if samples := inlets[partner].pull(_PULL_S):
                loop.call_soon_threadsafe(take, partner, samples)

    # One that ends by a fault is silent from then on, and so is said to be lost.
    reading = [
        once(
            f"reading the stream of {partner}",
            partial(asyncio.to_thread, read, partner),
            failed=lambda _error: None,
        )
        for partner in inlets
    ]
    try:
        yield heard
    finally:
        is_over.set()
        await asyncio.gather(*reading)
        for inlet in inlets.values():
            inlet.close()


async def _first_samples(
    inlets: Mapping[Partner, RrInlet],
    heard: HeardSamples,
    within_s: float,
    silent: Callable[[str], CoregError],
) -> dict[Partner, list[Sample]]:
    """Wait until some intervals came from both, to see how late they come."""
    first: dict[Partner, list[Sample]] = {partner: [] for partner in inlets}
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while min(map(len, first.values())) < _FIRST_SAMPLES:
                await heard.news.wait()
                for partner, sample in heard.taken():
                    if any(rr != LOST_MS for rr in sample.rr_ms):
                        first[partner].append(sample)
    for partner, samples in first.items():
        if len(samples) < _FIRST_SAMPLES:
            raise silent(inlets[partner].name)
    return first


class Playout:
    """Puts samples and silences in order, each a fixed delay after its time.

    All times are of the session; pure, so that a test can plant any of them.
    """

    def __init__(self, delays_ns: Mapping[Partner, int]) -> None:
        self._delays_ns = delays_ns
        self._due: list[tuple[int, int, Intervals | LinkChanged]] = []
        self._count = 0
        self._given_ns = 0  # nothing may be given out before it any more
        self._last_due_ns = dict.fromkeys(delays_ns, 0)
        self._heard_ns = dict.fromkeys(delays_ns, 0)
        self._is_silent = dict.fromkeys(delays_ns, False)

    def add(self, partner: Partner, sample: Sample) -> None:
        """Take a sample; from before the session's beginning none is."""
        due_ns = sample.stamp_ns + self._delays_ns[partner]
        if due_ns < 0:
            return
        rr_ms = sample.rr_ms
        if due_ns < max(self._given_ns, self._last_due_ns[partner]):
            due_ns = max(self._given_ns, self._last_due_ns[partner])
            rr_ms = tuple(LOST_MS for _ in rr_ms)
        self._heard_ns[partner] = max(self._heard_ns[partner], sample.heard_ns)
        if self._is_silent[partner]:
            self._is_silent[partner] = False
            self._link(due_ns, partner, Link.STREAMING)
        self._last_due_ns[partner] = due_ns
        self._put(Intervals(t_ns=due_ns, partner=partner, rr_ms=rr_ms))

    def until(self, t_ns: int) -> list[Intervals | LinkChanged]:
        """Return what is due, up to and with this moment."""
        for partner, heard_ns in self._heard_ns.items():
            if t_ns - heard_ns > _SILENT_NS and not self._is_silent[partner]:
                self._is_silent[partner] = True
                # What is on its way is still of the time before.
                due_ns = max(t_ns, self._last_due_ns[partner])
                self._last_due_ns[partner] = due_ns
                self._link(due_ns, partner, Link.LOST)
        self._given_ns = max(self._given_ns, t_ns)
        given = []
        while self._due and self._due[0][0] <= t_ns:
            given.append(heapq.heappop(self._due)[2])
        return given

    def _link(self, t_ns: int, partner: Partner, link: Link) -> None:
        self._put(LinkChanged(t_ns=t_ns, partner=partner, link=link, detail=""))

    def _put(self, fact: Intervals | LinkChanged) -> None:
        self._count += 1
        heapq.heappush(self._due, (fact.t_ns, self._count, fact))


class StreamSource:
    """A session's inputs from two streams; begins when `inputs` is first asked."""

    def __init__(self, heard: HeardSamples, delays_s: Mapping[Partner, float]) -> None:
        self._heard = heard
        self._delays_s = delays_s

    def hear(self, cue: Cue) -> None:
        """Do nothing: real people need no telling."""

    async def inputs(self) -> AsyncGenerator[Input, None]:
        """Yield intervals and ticks, strictly in order, for ever."""
        start_ns = clock.monotonic_ns()
        playout = Playout(
            {each: round(s * NS_PER_S) for each, s in self._delays_s.items()}
        )
        for partner in Partner:
            yield LinkChanged(t_ns=0, partner=partner, link=Link.STREAMING, detail="")
        tick_ns = 0
        while True:
            # Up to each tick in turn, so that what is due never waits for the next.
            for partner, sample in self._heard.taken():
                playout.add(
                    partner,
                    replace(
                        sample,
                        stamp_ns=sample.stamp_ns - start_ns,
                        heard_ns=sample.heard_ns - start_ns,
                    ),
                )
            for fact in playout.until(tick_ns):
                yield fact
            yield Tick(t_ns=tick_ns)
            tick_ns += TICK_NS
            wait_ns = start_ns + tick_ns - clock.monotonic_ns()
            if wait_ns < -_MOST_TICKS_LATE * TICK_NS:
                skipped = -wait_ns // TICK_NS - _MOST_TICKS_LATE
                tick_ns += skipped * TICK_NS
            await asyncio.sleep(max(wait_ns, 0) / NS_PER_S)
