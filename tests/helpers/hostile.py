"""Evenings as no couple has them: straps that send anything, at any time.

What is drawn is small, so that a counterexample can be read: stretches of packets that
go round and round. `inputs_of` makes of them what a session's log would hold.
"""

import asyncio
import itertools
import math
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from coreg.facts.events import (
    NS_PER_S,
    BatteryRead,
    Cue,
    Input,
    Intervals,
    Link,
    LinkChanged,
    Notification,
    Opened,
    Partner,
    Press,
    Pressed,
    Source,
    SourceEnded,
    Tapped,
    Tick,
)
from coreg.sensors.decoding.heart_rate import TICKS_PER_S
from coreg.session.live import TICK_NS, Presses, practise
from coreg.store.library import session_path
from coreg.store.session_log import SessionLog
from tests.helpers.openings import changed, opening

LONGEST_S = 260.0  # longer than the practice below
MOST_PACKETS = 600  # of one stretch: a strap at its quickest, and a minute of it

QUESTION = """
[[block]]
name = "A question"
kind = "question"
minutes = 0.1
words = "?"
inputs = []
measured = []
shown = []
"""
BLOCKS = """
[[block]]
name = "Arrive"
kind = "arrive"
minutes = 0.5
words = "Sit."
inputs = []
measured = []
shown = []

[[block]]
name = "Breathe"
kind = "breathe"
minutes = 2
words = "Breathe."
inputs = []
measured = [{measured}]
shown = ["orb", "warmth"]

[[block]]
name = "Just be"
kind = "rest"
minutes = 1
words = "Be."
inputs = []
measured = []
shown = []
"""
HEAD = """format = 1
name = "hostile"
version = 1
title = "Anything"
purpose = "To bear it."
opened_by = "couple"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Packets that one strap sends round and round, `every_s` apart (0: at once).

    Intervals in place of bytes are what a recording has.
    """

    lasts_s: float
    every_s: float
    packets: tuple[bytes | tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A session's beginning, what each strap does in turn, and all else, in order.

    `stops_s` is when the inputs stop, whatever the practice is at.
    """

    opened: Opened
    straps: dict[Partner, tuple[Stretch, ...]]
    others: tuple[Input, ...]
    stops_s: float


def measurement(flags: int, hr: bytes, rr_ticks: tuple[int, ...]) -> bytes:
    """A Heart Rate Measurement, whether or not its flags fit what it holds."""
    return bytes([flags]) + hr + b"".join(t.to_bytes(2, "little") for t in rr_ticks)


def sound(level_ms: float, swing: float) -> tuple[bytes, ...]:
    """A minute of a heart that beats well, a packet a beat."""
    packets, t_s = [], 0.0
    while t_s < 60:
        rr_s = level_ms / 1000 * (1 + swing * math.sin(2 * math.pi * t_s / 10))
        ticks = max(1, round(rr_s * TICKS_PER_S))
        packets.append(measurement(0x10, bytes([min(255, round(60 / rr_s))]), (ticks,)))
        t_s += ticks / TICKS_PER_S
    return tuple(packets)


extreme_ticks = st.sampled_from(
    [0, 0, 0, 1, 2, 204, 246, 511, 512, 819, 840, 1024, 1680, 3071, 4096, 65535]
)
any_ticks = st.one_of(extreme_ticks, st.integers(0, 0xFFFF))
valid = st.builds(
    lambda contact, hr, rr: measurement(0x10 | contact, bytes([hr]), tuple(rr)),
    st.sampled_from([0x00, 0x04, 0x06]),
    st.sampled_from([0, 1, 60, 73, 120, 255]),
    st.lists(any_ticks, max_size=9),
)
odd = st.builds(
    lambda flags, hr, rr, tail: measurement(flags, hr, tuple(rr)) + tail,
    st.integers(0, 0xFF),
    st.binary(max_size=4),
    st.lists(any_ticks, max_size=4),
    st.binary(max_size=1),
)
packets = st.one_of(valid, valid, odd, st.binary(max_size=24))

# What a strap is known to do, or what broke once.
patterns = st.sampled_from(
    [
        (820, 820, 0),
        (0, 0, 820),
        (0,),
        (0, 0, 0),
        (1,),
        (840,),
        (840, 0),
        (512,),
        (65535,),
        (840, 840, 840, 1680),
        (840, 840, 420, 420),
    ]
).map(lambda ticks: tuple(measurement(0x10, b"\x49", (each,)) for each in ticks))
one_packet_each = st.sampled_from([(820, 820, 0), (0, 0, 820), (0, 0), (840, 0)]).map(
    lambda ticks: (measurement(0x10, b"\x49", ticks),)
)
hearts = st.builds(sound, st.sampled_from([480, 830, 1100, 1900]), st.floats(0, 0.2))

# A recording of before may hold what is refused in one today; bytes never do.
intervals_ms = st.sampled_from(
    [0.0, 0.0, -820.0, math.nan, 1e300, 64_000.0, 0.5, 240.0, 820.0, 820.0, 3000.0]
)
from_recordings = st.lists(st.lists(intervals_ms, max_size=4).map(tuple), max_size=6)

lengths_s = st.sampled_from([0.3, 2.0, 5.5, 12.0, 40.0, 130.0, 400.0])
stretches = st.one_of(
    st.builds(  # one packet a beat, or nearly
        Stretch,
        lasts_s=lengths_s,
        every_s=st.sampled_from([0.83, 0.83, 0.48, 1.1]),
        packets=hearts,
    ),
    st.builds(
        Stretch,
        lasts_s=lengths_s,
        every_s=st.sampled_from([0.8, 1.0, 1.0, 2.4]),
        packets=st.one_of(patterns, one_packet_each),
    ),
    st.builds(
        Stretch,
        lasts_s=lengths_s,
        every_s=st.sampled_from([0.0, 0.02, 0.4, 1.0, 1.0, 7.0, 31.0]),
        packets=st.one_of(
            st.lists(packets, max_size=5).map(tuple), from_recordings.map(tuple)
        ),
    ),
)
moments_ns = st.floats(0, LONGEST_S).map(lambda t_s: round(t_s * NS_PER_S))
partners = st.sampled_from(Partner)
others = st.one_of(
    st.builds(Pressed, t_ns=moments_ns, press=st.sampled_from(Press)),
    st.builds(Pressed, t_ns=moments_ns, press=st.just(Press.RESUME)),
    st.builds(Tapped, t_ns=moments_ns, partner=partners),
    st.builds(
        LinkChanged,
        t_ns=moments_ns,
        partner=partners,
        link=st.sampled_from(Link),
        detail=st.sampled_from(["", "Lost the strap."]),
    ),
    st.builds(
        BatteryRead,
        t_ns=moments_ns,
        partner=partners,
        percent=st.sampled_from([0, 1, 15, 100, 255]),
    ),
)


PLAIN = opening(
    session_id="20260301-193000-7f3a",
    opened_utc="2026-03-01T19:30:00Z",
    source=Source.SIMULATED,
    streams=("one", "two"),
    common_clock=True,
    latency_s=(0.0, 0.0),
    lag_resolution_s=2.2,
    seed=0,
    plan_toml=HEAD + QUESTION + BLOCKS.format(measured=""),
    breathing_min=0.0,
    steps_wait=False,
    ends_with_source=False,
    consent="",
    versions=(),
)


@st.composite
def openings(draw: st.DrawFn) -> Opened:
    pace = draw(st.sampled_from(["", 'pace = "blocks"\n', 'pace = "fixed"\n']))
    measured = draw(st.sampled_from(["", '"curve"']))
    question = draw(st.sampled_from(["", QUESTION]))
    source = draw(st.sampled_from([Source.STRAPS, Source.STRAPS, *Source]))
    return changed(
        PLAIN,
        source=source,
        common_clock=draw(st.sampled_from([True, True, True, False])),
        latency_s=draw(st.sampled_from([(0.0, 0.0), (2.6, 0.4)])),
        lag_resolution_s=draw(st.sampled_from([0.1, 2.2, math.nan])),
        plan_toml=pace + HEAD + question + BLOCKS.format(measured=measured),
        ends_with_source=source is Source.RECORDINGS and draw(st.booleans()),
        steps_wait=draw(st.sampled_from([False, False, False, True])),
        finds_pace=draw(st.booleans()) and not pace,
        rest_bpm=draw(st.sampled_from([(math.nan, math.nan), (62.0, 71.0)])),
        taps=draw(st.booleans()),
    )


straps = st.lists(stretches, max_size=5).map(tuple)
evenings = st.builds(
    Evening,
    opened=openings(),
    straps=st.fixed_dictionaries({Partner.A: straps, Partner.B: straps}),
    others=st.lists(others, max_size=8).map(tuple),
    stops_s=st.sampled_from([0.0, 1.0, 4.0, 60.0, 200.0, *[LONGEST_S] * 5]),
)


def inputs_of(evening: Evening) -> list[Input]:
    """What arrives and ticks after the session's beginning, in the order of its log."""
    stops_ns = round(evening.stops_s * NS_PER_S)
    arrived: list[Input] = [each for each in evening.others if each.t_ns <= stops_ns]
    for partner, strap in evening.straps.items():
        arrived += _sent(partner, strap, stops_ns)
    ticks = [Tick(t_ns=t_ns) for t_ns in range(0, stops_ns + 1, TICK_NS)]
    ends = (
        [SourceEnded(t_ns=stops_ns)] if evening.opened.practice.ends_with_source else []
    )
    return sorted([*arrived, *ticks, *ends], key=lambda each: each.t_ns)


def _sent(
    partner: Partner, strap: tuple[Stretch, ...], stops_ns: int
) -> Iterator[Notification | Intervals]:
    begins_s = 0.1
    for stretch in strap:
        sent = itertools.cycle(stretch.packets) if stretch.packets else iter(())
        count = math.ceil(stretch.lasts_s / stretch.every_s) if stretch.every_s else 40
        for number, data in enumerate(itertools.islice(sent, min(count, MOST_PACKETS))):
            t_ns = round((begins_s + number * stretch.every_s) * NS_PER_S)
            if t_ns > stops_ns:
                break
            if isinstance(data, bytes):
                yield Notification(t_ns=t_ns, partner=partner, data=data)
            else:
                yield Intervals(t_ns=t_ns, partner=partner, rr_ms=data)
        begins_s += stretch.lasts_s


class Given:
    """Inputs as a source, as fast as they can be taken."""

    def __init__(self, inputs: list[Input]) -> None:
        self._inputs = inputs

    def hear(self, cue: Cue) -> None:
        """Nobody listens."""

    async def inputs(self) -> AsyncGenerator[Input, None]:
        for each in self._inputs:
            yield each


def recorded(opened: Opened, inputs: list[Input], folder: Path) -> Path:
    """Practise with these inputs as live, into a session file; return it."""
    path = session_path(folder, opened.identity.session_id)
    with SessionLog.create(path, opened) as log:
        asyncio.run(practise(opened, Given(inputs), log, Presses(), []))
        log.close()
        assert log.trouble is None
    return path
