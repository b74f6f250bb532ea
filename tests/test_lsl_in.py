"""Two streams of LSL as hearts: when beats were, what is refused, what is lost."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from coreg.errors import LslError
from coreg.facts.arrays import Floats
from coreg.facts.events import (
    NS_PER_S,
    Fact,
    Input,
    Intervals,
    Link,
    LinkChanged,
    Opened,
    Partner,
    Press,
    Tick,
)
from coreg.sensors.lsl.inlets import open_inlets, stamped
from coreg.sensors.lsl.streams import StreamDescription, rr_channel, the_named
from coreg.sensors.timing.beats import beat_times
from coreg.sensors.timing.samples import Sample
from coreg.session.engine import Output
from coreg.session.heart import Heart
from coreg.session.live import Presses, practise, versions
from coreg.session.lsl_source import (
    HeardSamples,
    Playout,
    StreamSource,
    delay_s,
    stream_hearts,
)
from coreg.session.replay import compare
from coreg.store.plans import plan_text
from coreg.store.reader import read_session
from coreg.store.session_log import SessionLog
from tests.helpers.lsl import lsl_or_skip
from tests.helpers.openings import opening

A, B = Partner.A, Partner.B
DELAYS_S = {A: 1.0, B: 3.0}


def described(
    *channels: tuple[str, str], kind: str = "", name: str = "x", source_id: str = ""
) -> StreamDescription:
    return StreamDescription(
        name=name, kind=kind, source_id=source_id, channels=channels, is_text=False
    )


def sample(stamp_s: float, *rr_ms: float, late_s: float = 0.25) -> Sample:
    return Sample(
        stamp_ns=round(stamp_s * NS_PER_S),
        heard_ns=round((stamp_s + late_s) * NS_PER_S),
        rr_ms=rr_ms,
    )


def playout() -> Playout:
    return Playout({each: round(s * NS_PER_S) for each, s in DELAYS_S.items()})


@pytest.mark.parametrize(
    ("stream", "number", "ms_per_unit"),
    [
        (described(("rr_ms", "milliseconds"), ("nn_ms", "milliseconds")), 0, 1.0),
        (described(("HR", "bpm"), ("RR", "s")), 1, 1000.0),
        (described(("ibi_s", "")), 0, 1000.0),
        (described(("", "ms"), kind="RR"), 0, 1.0),
    ],
)
def test_a_stream_says_by_label_and_unit_where_its_intervals_are(
    stream: StreamDescription, number: int, ms_per_unit: float
) -> None:
    found = rr_channel(stream)
    assert (found.number, found.ms_per_unit) == (number, ms_per_unit)


@pytest.mark.parametrize(
    ("stream", "seen"),
    [
        (described(("HR", "bpm")), "HR"),
        (described(("RR left", "ms"), ("RR right", "ms")), "RR left, RR right"),
        (described(("RR", "")), "unit: -"),
        (described(("RR", "1/1024 s")), "1/1024 s"),
        (described(("", "")), "which of its channels"),
    ],
)
def test_what_does_not_say_so_is_refused_by_what_was_seen(
    stream: StreamDescription, seen: str
) -> None:
    with pytest.raises(LslError, match=seen):
        rr_channel(stream)


def test_a_name_that_two_streams_have_is_none_and_a_source_id_is() -> None:
    streams = [
        described(name="RR", source_id="one"),
        described(name="RR", source_id="two"),
    ]
    assert the_named(streams, "two") == 1
    with pytest.raises(LslError, match="one, two"):
        the_named(streams, "RR")
    with pytest.raises(LslError, match="These were found: RR"):
        the_named(streams, "ECG")


def test_a_stamp_that_is_no_time_costs_its_own_beat_and_no_other() -> None:
    taken = stamped(
        [10.0, float("nan"), 11.6, float("inf"), 13.2],
        [800.0, 801.0, 802.0, 803.0, 804.0],
        ahead_ns=0,
        heard_ns=0,
    )
    assert [(each.stamp_ns, each.rr_ms) for each in taken] == [
        (10_000_000_000, (800.0,)),
        (11_600_000_000, (802.0,)),
        (13_200_000_000, (804.0,)),
    ]


def test_samples_are_taken_a_fixed_delay_after_their_stamps_in_one_order() -> None:
    out = playout()
    out.add(B, sample(1.0, 900.0, late_s=2.5))
    out.add(A, sample(2.5, 800.0))
    out.add(A, sample(3.25, 750.0, 760.0))
    told = out.until(5 * NS_PER_S)
    assert [(each.t_ns / NS_PER_S, each.partner) for each in told] == [
        (3.5, A),
        (4.0, B),
        (4.25, A),
    ]


def test_a_sample_too_late_for_its_place_is_a_lost_beat_and_not_a_misplaced_one() -> (
    None
):
    out = playout()
    out.add(A, sample(1.0, 800.0))
    assert len(out.until(3 * NS_PER_S)) == 1
    out.add(A, sample(1.8, 800.0, late_s=1.5))
    (late,) = out.until(4 * NS_PER_S)
    assert late == Intervals(t_ns=3 * NS_PER_S, partner=A, rr_ms=(0.0,))


def test_a_stream_that_is_silent_is_said_to_be_lost_and_then_to_be_back() -> None:
    out = playout()
    out.add(A, sample(1.0, 800.0))
    out.add(B, sample(7.0, 800.0))
    links = [each for each in out.until(8 * NS_PER_S) if isinstance(each, LinkChanged)]
    assert [(each.partner, each.link) for each in links] == [(A, Link.LOST)]
    out.add(A, sample(9.0, 800.0))
    back = out.until(10 * NS_PER_S)
    assert [type(each) for each in back if each.partner is A] == [
        LinkChanged,
        Intervals,
    ]


@pytest.mark.parametrize(
    ("samples", "seen"),
    [
        ([sample(1.0, 0.8), sample(2.0, 0.9)], "usually 0.85 ms"),
        ([sample(1.0, 800.0, late_s=900.0)], "900.0 s"),
        ([sample(1.0, 800.0, late_s=-4.0)], "4.0 s"),
    ],
)
def test_a_wrong_unit_and_a_foreign_clock_are_refused(
    samples: list[Sample], seen: str
) -> None:
    with pytest.raises(LslError, match=seen):
        delay_s("x", samples)


def test_a_computer_that_slept_for_hours_gives_no_tick_for_each_quarter_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_ns, asleep_ns = 0, 8 * 3600 * NS_PER_S
    monkeypatch.setattr("coreg.base.clock.monotonic_ns", lambda: now_ns)

    async def ticks() -> list[int]:
        nonlocal now_ns
        told: list[int] = []
        heard = HeardSamples(waiting=[], news=asyncio.Event())
        async with aclosing(StreamSource(heard, DELAYS_S).inputs()) as inputs:
            async for each in inputs:
                if isinstance(each, Tick):
                    told.append(each.t_ns)
                    now_ns = asleep_ns
                if told and told[-1] >= asleep_ns:
                    return told
        return told

    told = asyncio.run(ticks())
    assert told == sorted(told)
    assert told[-1] == asleep_ns
    assert 240 <= len(told) <= 250


def steady(seed: int) -> tuple[list[float], list[float]]:
    """200 beats on one clock, and the intervals that end with them."""
    rng = np.random.default_rng(seed)
    swing = 60 * np.sin(np.arange(200) / 2 + seed)
    rr_ms = 850 - 130 * seed + swing + rng.normal(0, 15, 200)
    return list(5 + np.cumsum(rr_ms) / 1000), list(rr_ms)


def logged(partner: Partner, t_s: list[float], rr_ms: list[float]) -> list[Intervals]:
    out = playout()
    for at_s, rr in zip(t_s, rr_ms, strict=True):
        out.add(partner, sample(at_s, rr))
    return [each for each in out.until(300 * NS_PER_S) if isinstance(each, Intervals)]


def live_errors_s(partner: Partner, seed: int) -> Floats:
    """How far each beat that the engine times live is from where it was."""
    t_s, rr_ms = steady(seed)
    heart = Heart(partner, DELAYS_S[partner], stamped=True, by_labels=True)
    told = logged(partner, t_s, rr_ms)
    heard = [heart.intervals(each.t_ns / NS_PER_S, each.rr_ms) for each in told]
    beats = [beat.t_s for each in [*heard, heart.let_go()] for beat in each.beats]
    errors_s: Floats = np.array(beats) - np.array(t_s)
    return errors_s


@pytest.mark.parametrize("partner", list(Partner))
def test_beats_timed_from_the_log_stand_where_their_stamps_said_to_ten_ms(
    partner: Partner,
) -> None:
    t_s, rr_ms = steady(1)
    told = logged(partner, t_s, rr_ms)
    delay = DELAYS_S[partner]
    timed = beat_times([(each.t_ns / NS_PER_S - delay, each.rr_ms) for each in told])
    assert np.abs(timed.t_s - np.array(t_s)).max() <= 0.010
    assert not timed.after_gap.any()


def test_live_two_hearts_stand_at_their_stamps_however_late_they_come() -> None:
    a, b = live_errors_s(A, 0), live_errors_s(B, 1)
    assert a.size == b.size == 200
    assert max(np.abs(a).max(), np.abs(b).max()) <= 1e-6


def planted(count: int, seed: int) -> tuple[list[float], list[float]]:
    """Beats on the sender's clock, from now on, and the intervals before them."""
    rng = np.random.default_rng(seed)
    rr_ms = 600 + 40 * np.sin(np.arange(count) / 2) + rng.normal(0, 5, count)
    return list(np.cumsum(rr_ms) / 1000), list(rr_ms)


SENT = {partner: planted(30, seed) for seed, partner in enumerate(Partner)}
UNITS = {A: ("ms", 1.0), B: ("s", 1000.0)}


@contextmanager
def sending(lsl: ModuleType) -> Iterator[None]:
    """Send what is planted, each beat 0.1 s after it was, at its own time."""
    is_over = threading.Event()
    outlets = {}
    for partner, (unit, _) in UNITS.items():
        info = lsl.StreamInfo("RR", "RR", 1, 0, lsl.cf_double64, f"planted-{partner}")
        channel = info.desc().append_child("channels").append_child("channel")
        channel.append_child_value("label", "RR")
        channel.append_child_value("unit", unit)
        outlets[partner] = lsl.StreamOutlet(info)

    def send(partner: Partner) -> None:
        outlets[partner].wait_for_consumers(20.0)
        for at_s, rr_ms in zip(*SENT[partner], strict=True):
            is_over.wait(max(0.0, start_s + at_s + 0.1 - lsl.local_clock()))
            outlets[partner].push_sample([rr_ms / UNITS[partner][1]], start_s + at_s)

    start_s = lsl.local_clock() + 7.0  # both are found and open by then
    threads = [threading.Thread(target=send, args=(partner,)) for partner in Partner]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


async def practised(folder: Path) -> tuple[Opened, Sequence[Fact]]:
    """Practise with both streams until most beats came; return what was logged."""
    names = [f"planted-{partner}" for partner in Partner]
    inlets = dict(zip(Partner, open_inlets(names, 2.0), strict=True))
    presses, arrived = Presses(), 0

    def listen(given: Input, _said: list[Output]) -> None:
        nonlocal arrived
        arrived += isinstance(given, Intervals)
        if arrived >= 44 or given.t_ns > 25 * NS_PER_S:
            presses.press(Press.FINISH)

    async with stream_hearts(inlets, within_s=30.0) as hearts:
        opened = opening(
            source=hearts.kind,
            streams=hearts.streams,
            latency_s=hearts.delays.latency_s,
            lag_resolution_s=hearts.delays.lag_resolution_s,
            stamped=hearts.stamped,
            plan_toml=plan_text("relaxed-and-alert"),
            versions=versions(),
        )
        path = folder / f"{opened.identity.session_id}.coreg"
        with SessionLog.create(path, opened) as log:
            await practise(opened, hearts.source, log, presses, [listen])
    return opened, [each.fact for each in read_session(path).events]


def test_two_streams_on_the_air_give_both_hearts_on_one_clock_to_ten_ms(
    tmp_path: Path,
) -> None:
    with sending(lsl_or_skip()):
        opened, facts = asyncio.run(practised(tmp_path))
    # The session began at one moment on the sender's clock: what was planted less
    # what is logged is that moment, the same for each beat of both.
    began_s = []
    for each in facts:
        if isinstance(each, Intervals):
            planted_s, planted_ms = SENT[each.partner]
            (rr_ms,) = each.rr_ms
            beat = int(np.argmin(np.abs(np.array(planted_ms) - rr_ms)))
            assert rr_ms == pytest.approx(planted_ms[beat], abs=1e-6)
            taken_off_s = opened.straps.latency_s[list(Partner).index(each.partner)]
            began_s.append(planted_s[beat] - (each.t_ns / NS_PER_S - taken_off_s))
    assert len(began_s) >= 40
    assert np.ptp(began_s) <= 0.010
    assert opened.straps.stamped == (True, True)
    assert not compare(facts, is_whole=True).difference
