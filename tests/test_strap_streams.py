"""ECG and acceleration of virtual H10s: begun when wanted, stopped whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from pathlib import Path

import numpy as np
import pytest

from coreg.facts.both import Both
from coreg.facts.codec import INPUTS
from coreg.facts.events import (
    NS_PER_S,
    BreathSeen,
    EcgBeat,
    Input,
    Notification,
    Partner,
    Stream,
    StreamPacket,
    StreamStarted,
    StreamTakenBack,
    Tick,
)
from coreg.sensors.decoding.polar_control import Op, Status
from coreg.sensors.decoding.polar_frames import EcgFrame, decode_frame
from coreg.sensors.straps.held_strap import HeldStrap
from coreg.session.engine import Output, run
from coreg.session.live import Presses, practise
from coreg.store.plans import plan_text
from coreg.store.reader import read_session
from coreg.store.session_log import SessionLog
from coreg.testing.virtual_radio.air import RadioModel
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import VirtualCouple, virtual_couple
from coreg.testing.virtual_radio.ears import Ear
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED

A, B = Partner.A, Partner.B
BOTH = frozenset(Stream)
PERFECT = RadioModel(interval_s=0.05, repeat_share=0.0)
Scene = Callable[[VirtualCouple], Awaitable[None]]
Play = Callable[..., None]


@pytest.fixture
def on_air(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Play a scene with two virtual H10s, in jumping time."""

    def play(scene: Scene, *, measures_more: bool = True) -> None:
        async def main() -> None:
            async with virtual_couple(PERFECT, measures_more=measures_more) as couple:
                await scene(couple)

        run_in_no_time(main(), monkeypatch)

    return play


def going(couple: VirtualCouple, partner: Partner) -> set[Stream]:
    polar = couple.straps[partner].polar
    assert polar is not None
    return set(polar.going)


def asked(couple: VirtualCouple, partner: Partner, op: Op) -> list[Stream | None]:
    polar = couple.straps[partner].polar
    assert polar is not None
    return [stream for each, stream in polar.asked if each is op]


class Holding:
    """One strap held, and whoever hears it."""

    def __init__(self, couple: VirtualCouple, partner: Partner = A) -> None:
        self.ear = Ear()
        self.strap = HeldStrap(couple.radio, couple.straps[partner].address, self.ear)
        self._task = asyncio.create_task(self.strap.hold())

    async def let_go(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


def ecg_s(ear: Ear) -> float:
    """How many seconds of ECG were heard."""
    frames = [
        decode_frame(data) for stream, data, _ in ear.frames if stream is Stream.ECG
    ]
    return sum(len(f.ecg_uv) for f in frames if isinstance(f, EcgFrame)) / 130


def test_what_is_wanted_is_measured_and_ends_with_the_wish(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        holding = Holding(couple)
        await asyncio.sleep(10)
        assert going(couple, A) == set()
        holding.strap.want(BOTH)
        await asyncio.sleep(60)
        assert going(couple, A) == BOTH
        assert ecg_s(holding.ear) == pytest.approx(60, abs=2)
        assert {stream for stream, _, _ in holding.ear.starts} == BOTH
        holding.strap.want(frozenset({Stream.ACCELERATION}))
        await asyncio.sleep(10)
        assert going(couple, A) == {Stream.ACCELERATION}
        assert holding.ear.stops == [Stream.ECG]
        assert len(holding.ear.packets) > 70  # heartbeats came all along
        await holding.let_go()

    on_air(scene)


def test_whoever_lets_go_of_a_strap_stops_what_it_started(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        holding = Holding(couple)
        holding.strap.want(BOTH)
        await asyncio.sleep(20)
        assert going(couple, A) == BOTH
        await holding.let_go()
        assert going(couple, A) == set()

    on_air(scene)


def test_what_a_killed_coreg_left_going_is_stopped_at_the_next_connection(
    on_air: Play,
) -> None:
    async def scene(couple: VirtualCouple) -> None:
        polar = couple.straps[A].polar
        assert polar is not None
        for stream in Stream:  # nobody stopped them: the process was killed
            polar.going[stream] = (
                130 if stream is Stream.ECG else 200,
                asyncio.get_running_loop().time(),
            )
        holding = Holding(couple)
        await asyncio.sleep(15)
        assert going(couple, A) == set()
        assert not asked(couple, A, Op.START)
        assert not holding.ear.frames or len(holding.ear.packets) > 5
        await holding.let_go()

    on_air(scene)


def test_streams_are_started_anew_after_a_link_that_dropped(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        holding = Holding(couple)
        holding.strap.want(BOTH)
        await asyncio.sleep(30)
        await couple.straps[A].drop_link()
        await asyncio.sleep(30)
        assert going(couple, A) == BOTH
        assert len(holding.ear.starts) == 4
        before = len(holding.ear.frames)
        await asyncio.sleep(10)
        # 1.8 frames of ECG and 1.4 of acceleration (50 Hz) a second: none comes twice.
        assert 26 <= len(holding.ear.frames) - before <= 38
        await holding.let_go()

    on_air(scene)


def test_a_strap_whose_link_breaks_over_it_keeps_its_heartbeats(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        strap, polar = couple.straps[A], couple.straps[A].polar
        assert polar is not None
        answer = polar.written

        def breaks(data: bytes, t_s: float) -> bytes:
            if data[0] == Op.START:
                dropping.append(asyncio.create_task(drop()))
            return answer(data, t_s)

        async def drop() -> None:
            await asyncio.sleep(0.5)
            await strap.drop_link()

        dropping: list[asyncio.Task[None]] = []
        polar.written = breaks  # type: ignore[method-assign]
        holding = Holding(couple)
        holding.strap.want(frozenset({Stream.ECG}))
        await asyncio.sleep(120)
        assert len(dropping) == 2
        before = len(holding.ear.packets)
        await asyncio.sleep(60)
        assert len(holding.ear.packets) - before >= 58
        await holding.let_go()

    on_air(scene)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.INVALID_MTU, "link is too narrow"),
        (Status.IN_CHARGER, "in its charger"),
        (Status.INVALID_STATE, "didn’t start"),
    ],
)
def test_why_a_stream_does_not_start_is_said_and_heartbeats_go_on(
    on_air: Play, status: Status, words: str
) -> None:
    async def scene(couple: VirtualCouple) -> None:
        polar = couple.straps[A].polar
        assert polar is not None
        polar.refuses = status
        holding = Holding(couple)
        holding.strap.want(frozenset({Stream.ECG}))
        await asyncio.sleep(90)
        stream, said = holding.ear.refusals[0]
        assert stream is Stream.ECG
        assert words in said
        assert len(holding.ear.packets) > 80
        await holding.let_go()

    on_air(scene)


def test_a_stream_that_does_not_start_ends_no_other(
    on_air: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(couple: VirtualCouple) -> None:
        polar = couple.straps[A].polar
        assert polar is not None
        written = polar.written

        def without_ecg(data: bytes, t_s: float) -> bytes:
            is_start = data[:2] == bytes([Op.START, 0])
            polar.refuses = Status.INVALID_STATE if is_start else None
            return written(data, t_s)

        monkeypatch.setattr(polar, "written", without_ecg)
        holding = Holding(couple)
        holding.strap.want(BOTH)
        await asyncio.sleep(120)
        assert {stream for stream, _ in holding.ear.refusals} == {Stream.ECG}
        assert len(holding.ear.refusals) > 1  # it is asked again
        assert going(couple, A) == {Stream.ACCELERATION}
        assert len(holding.ear.starts) == 1
        assert not holding.ear.stops
        await holding.let_go()
        assert going(couple, A) == set()

    on_air(scene)


def test_a_strap_that_measures_no_more_than_beats_goes_on_as_ever(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        holding = Holding(couple)
        holding.strap.want(BOTH)
        await asyncio.sleep(60)
        assert len(holding.ear.packets) > 55
        assert not holding.ear.frames
        assert not holding.ear.refusals
        await holding.let_go()

    on_air(scene, measures_more=False)


def test_a_session_hears_what_each_measures_and_nobody_else_does(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        async with couple.pair() as pair:
            await pair.until_streaming(30.0)
            heard: list[Input] = []

            async def listen() -> None:
                async for given in pair.source(BOTH).inputs():
                    heard.append(given)  # noqa: PERF401 - it ends by being cancelled

            session = asyncio.create_task(listen())
            await asyncio.sleep(30)
            assert going(couple, A) == going(couple, B) == BOTH
            session.cancel()
            with suppress(asyncio.CancelledError):
                await session
            await asyncio.sleep(5)
            assert going(couple, A) == going(couple, B) == set()
        times = [each.t_ns for each in heard]
        assert times == sorted(times)
        packets = [each for each in heard if isinstance(each, StreamPacket)]
        started = [each for each in heard if isinstance(each, StreamStarted)]
        for partner in Partner:
            for stream in Stream:
                of = [p for p in packets if (p.partner, p.stream) == (partner, stream)]
                assert len(of) > 35
                first = next(
                    s for s in started if (s.partner, s.stream) == (partner, stream)
                )
                assert first.t_ns <= of[0].t_ns <= first.t_ns + 2 * NS_PER_S

    on_air(scene)


def test_what_is_taken_back_within_a_session_stops_at_once(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        async with couple.pair() as pair:
            await pair.until_streaming(30.0)
            source, heard = pair.source(BOTH), list[Input]()

            async def listen() -> None:
                async for given in source.inputs():
                    heard.append(given)

            session = asyncio.create_task(listen())
            await asyncio.sleep(30)
            until = len(heard)
            back_ns = heard[-1].t_ns
            source.measure_only(Both(frozenset({Stream.ECG}), BOTH))
            await asyncio.sleep(2)
            assert going(couple, A) == {Stream.ECG}
            assert going(couple, B) == BOTH
            assert Stream.ACCELERATION in asked(couple, A, Op.STOP)
            # Nothing that was taken back begins again within the session.
            source.measure_only(Both(BOTH, BOTH))
            await couple.straps[A].drop_link()
            await asyncio.sleep(30)
            assert going(couple, A) == {Stream.ECG}
            session.cancel()
            with suppress(asyncio.CancelledError):
                await session
        later = {
            (each.partner, each.stream)
            for each in heard[until:]
            if isinstance(each, StreamPacket)
        }
        assert later == {(A, Stream.ECG), (B, Stream.ECG), (B, Stream.ACCELERATION)}
        assert any(isinstance(each, Notification) for each in heard[-20:])
        # It is said once, whose and when; and not as something that was lost.
        (back,) = [each for each in heard if isinstance(each, StreamTakenBack)]
        assert (back.partner, back.stream) == (A, Stream.ACCELERATION)
        assert 0 <= back.t_ns - back_ns <= NS_PER_S // 4
        assert [each.t_ns for each in heard] == sorted(each.t_ns for each in heard)

    on_air(scene)


def test_what_is_taken_back_before_the_first_moment_is_said_in_it(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        async with couple.pair() as pair:
            await pair.until_streaming(30.0)
            source = pair.source(BOTH)
            source.measure_only(Both(BOTH, frozenset({Stream.ECG})))
            inputs, heard = source.inputs(), list[Input]()
            async with aclosing(inputs), asyncio.timeout(10):
                async for given in inputs:
                    heard.append(given)
                    if isinstance(given, Tick):
                        break
        assert [each for each in heard if isinstance(each, StreamTakenBack)] == [
            StreamTakenBack(t_ns=0, partner=Partner.B, stream=Stream.ACCELERATION)
        ]

    on_air(scene)


def test_a_session_with_ecg_and_acceleration_replays_to_the_bit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    live: list[Output] = []

    async def main() -> None:
        async with (
            virtual_couple(measures_more=True) as couple,
            couple.pair() as pair,
        ):
            await pair.until_streaming(30.0)
            opened = changed(OPENED, plan_toml=plan_text("relaxed-and-alert"))
            path = tmp_path / f"{opened.identity.session_id}.coreg"
            with SessionLog.create(path, opened) as log:
                session = asyncio.create_task(
                    practise(
                        opened,
                        pair.source(BOTH),
                        log,
                        Presses(),
                        [lambda _given, said: live.extend(said)],
                    )
                )
                await asyncio.sleep(90)
                await couple.straps[A].drop_link()
                await asyncio.sleep(60)
                session.cancel()
                await asyncio.wait([session])

    run_in_no_time(main(), monkeypatch)
    (path,) = tmp_path.glob("*.coreg")
    events = [each.fact for each in read_session(path).events]
    again = list(run(each for each in events if isinstance(each, INPUTS)))
    assert [repr(each) for each in again[: len(live)]] == [repr(each) for each in live]
    for partner in Partner:
        beats = [
            each
            for each in live
            if isinstance(each, EcgBeat) and each.partner is partner
        ]
        assert len(beats) > 120  # its wave comes once a second
        known = np.array([each.rr_ms for each in beats if np.isfinite(each.rr_ms)])
        assert np.abs(known - 1000).max() < 3
        rates = [
            each.rate_per_min
            for each in live
            if isinstance(each, BreathSeen) and each.partner is partner
        ]
        known = np.array(rates)[np.isfinite(rates)]
        assert known.size > 60
        assert np.abs(known - 12).max() < 0.3


def test_a_subscription_that_failed_is_made_again(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        holding = Holding(couple)
        holding.strap.want(BOTH)
        while not holding.ear.packets:
            await asyncio.sleep(0.1)
        await holding.let_go()
        polar = couple.straps[A].polar
        assert polar is not None
        # Heart rate is listened to first, then the control point, then the frames.
        again = Holding(couple)
        again.strap.want(BOTH)
        count = couple.computer.attempts["notify"]
        while couple.computer.attempts["notify"] < count + 2:
            await asyncio.sleep(0.001)
        couple.computer.fail_next("notify", TimeoutError())
        await asyncio.sleep(90)
        assert going(couple, A) == BOTH
        assert len(again.ear.frames) > 50
        await again.let_go()

    on_air(scene)
