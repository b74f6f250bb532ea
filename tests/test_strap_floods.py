"""A strap that sends too much, lies about its state, or falls silent as it measures."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from coreg.facts.events import NS_PER_S, Link, Partner, Stream
from coreg.sensors.decoding.polar_control import (
    Answer,
    Op,
    Status,
    Stopped,
    encode_control,
)
from coreg.sensors.quirks.words import Trouble, sentence
from coreg.sensors.straps.budget import BURST_BYTES, MOST_BYTES_PER_S, Budget
from coreg.sensors.straps.held_strap import HeldStrap
from coreg.testing.polar_streams import PolarStreams
from coreg.testing.virtual_radio.air import RadioModel
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import VirtualCouple, virtual_couple
from coreg.testing.virtual_radio.ears import Ear
from coreg.testing.virtual_radio.straps import VirtualStrap

A = Partner.A
BOTH = frozenset(Stream)
ECG = frozenset({Stream.ECG})
Scene = Callable[[VirtualCouple, VirtualStrap, PolarStreams, Ear], Awaitable[None]]
Play = Callable[..., None]


@pytest.fixture
def holding(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Play a scene with a virtual H10 that is held, in jumping time."""

    def play(scene: Scene, streams: frozenset[Stream]) -> None:
        async def main() -> None:
            # Nobody ends a link that only hears nothing: coreg has to notice.
            model = RadioModel(interval_s=0.05, repeat_share=0.0, supervision_s=600.0)
            async with virtual_couple(model, measures_more=True) as couple:
                strap, ear = couple.straps[A], Ear()
                held = HeldStrap(couple.radio, strap.address, ear)
                held.want(streams)
                assert strap.polar is not None
                task = asyncio.create_task(held.hold())
                try:
                    await scene(couple, strap, strap.polar, ear)
                finally:
                    task.cancel()
                    await asyncio.wait([task])

        run_in_no_time(main(), monkeypatch)

    return play


async def until(ear: Ear, *links: Link) -> float:
    """Wait until the last link is one of these; return when it became so."""
    while ear.links[-1][1] not in links:
        await asyncio.sleep(0.05)
    return ear.links[-1][0]


def size(ear: Ear) -> int:
    return sum(len(data) for _, data, _ in ear.frames)


def test_a_strap_of_the_fastest_streams_stays_within_its_budget_after_a_hold_up() -> (
    None
):
    budget = Budget()  # 200 Hz, 36 samples in a frame of 226 bytes: 5.6 a second
    frames = [n * 36 / 200 for n in range(20_000)]
    late = [max(t_s, 60.0) if 30 < t_s < 60 else t_s for t_s in frames]
    assert all(budget.takes(226, t_ns=round(t_s * NS_PER_S)) for t_s in late)


def test_an_hour_of_a_flood_is_bounded_however_small_its_pieces_are() -> None:
    for piece in (0, 20, 512):
        budget, taken = Budget(), 0
        for n in range(3600 * 100):
            taken += (piece + 60) * budget.takes(piece, t_ns=n * NS_PER_S // 100)
        assert taken <= BURST_BYTES + 3600 * MOST_BYTES_PER_S


def test_a_strap_that_floods_with_frames_is_said_and_not_asked_again(
    holding: Play,
) -> None:
    async def scene(
        _couple: VirtualCouple, strap: VirtualStrap, polar: PolarStreams, ear: Ear
    ) -> None:
        await asyncio.sleep(30)
        assert {stream for stream, _, _ in ear.frames} == BOTH
        before, flood = size(ear), 0
        ecg = next(d for s, d, _ in ear.frames if s is Stream.ECG)
        for _ in range(3000):
            flood += len(ecg)
            await strap._device.notify_subscribers(strap._data, ecg)  # noqa: SLF001
            await asyncio.sleep(0.01)
        assert flood > 5 * BURST_BYTES
        assert size(ear) - before < 2 * BURST_BYTES
        assert (Stream.ECG, sentence(Trouble.FLOODS)) in ear.refusals
        assert set(polar.going) == {Stream.ACCELERATION}
        count = len(ear.packets)
        await asyncio.sleep(120)
        assert [stream for stream, _, _ in ear.starts].count(Stream.ECG) == 1
        assert len(ear.packets) - count > 100  # its heart is heard all along

    holding(scene, BOTH)


def test_a_flood_of_heart_rate_packets_is_left_out_and_said_once(holding: Play) -> None:
    async def scene(
        _couple: VirtualCouple, strap: VirtualStrap, _polar: PolarStreams, ear: Ear
    ) -> None:
        await asyncio.sleep(30)
        usual = ear.packets[-1][0]
        for _ in range(12_000):
            await strap.send(usual)
            await asyncio.sleep(0.005)
        assert len(ear.packets) < 6000
        said = [words for _, _, words in ear.links if words]
        assert 1 <= said.count(sentence(Trouble.FLOODS)) <= 6  # a minute of it
        await asyncio.sleep(60)
        assert ear.links[-1][1] is Link.STREAMING  # it is over

    holding(scene, frozenset())


def test_a_stream_that_another_program_began_is_begun_anew(holding: Play) -> None:
    async def scene(
        _couple: VirtualCouple, _strap: VirtualStrap, polar: PolarStreams, ear: Ear
    ) -> None:
        written = polar.written

        def began_before(data: bytes, t_s: float) -> bytes:
            if data[0] == Op.GET_SETTINGS and not tried:
                polar.going[Stream.ACCELERATION] = (200, t_s)  # 50 Hz is asked for
            tried.append(data[0])
            return written(data, t_s)

        tried: list[int] = []
        polar.written = began_before  # type: ignore[method-assign]
        while not ear.starts:
            await asyncio.sleep(0.5)
        assert polar.going[Stream.ACCELERATION][0] == 50
        answer = ear.starts[0][1][-5:]
        assert Status.ALREADY_IN_STATE not in answer[3:4]

    holding(scene, frozenset({Stream.ACCELERATION}))


def test_a_strap_that_says_it_goes_already_and_will_not_stop_is_not_believed(
    holding: Play,
) -> None:
    async def scene(
        _couple: VirtualCouple, _strap: VirtualStrap, polar: PolarStreams, ear: Ear
    ) -> None:
        polar.refuses = Status.ALREADY_IN_STATE
        await asyncio.sleep(60)
        assert not ear.starts
        assert ear.refusals[0] == (Stream.ECG, sentence(Trouble.NO_STREAM))
        assert len(ear.packets) > 50

    holding(scene, ECG)


def test_nothing_is_begun_on_a_strap_that_does_not_stop(holding: Play) -> None:
    async def scene(
        _couple: VirtualCouple, _strap: VirtualStrap, polar: PolarStreams, ear: Ear
    ) -> None:
        written = polar.written

        def never_stops(data: bytes, t_s: float) -> bytes:
            if data[0] != Op.STOP:
                return written(data, t_s)
            stops.append(data)
            return encode_control(
                Answer(
                    op=Op.STOP,
                    measurement=data[1],
                    status=Status.INVALID_PARAMETER,
                    more=None,
                    parameters=b"",
                )
            )

        stops: list[bytes] = []
        polar.written = never_stops  # type: ignore[method-assign]
        await asyncio.sleep(50)
        assert len(stops) >= 4  # twice, and again half a minute later
        assert not ear.starts
        assert len(ear.packets) > 40

    holding(scene, ECG)


def test_a_stream_that_the_strap_ended_by_itself_is_begun_again(holding: Play) -> None:
    async def scene(
        _couple: VirtualCouple, strap: VirtualStrap, polar: PolarStreams, ear: Ear
    ) -> None:
        await asyncio.sleep(30)
        assert len(ear.starts) == 1
        polar.going.clear()
        told = encode_control(Stopped(measurements=(0,)))
        await strap._device.indicate_subscribers(strap._control, told)  # noqa: SLF001
        await asyncio.sleep(10)
        assert ear.stops == [Stream.ECG]
        assert len(ear.starts) == 2
        assert set(polar.going) == ECG

    holding(scene, ECG)


def test_one_that_ends_as_soon_as_it_is_begun_is_not_begun_for_ever(
    holding: Play,
) -> None:
    async def scene(
        _couple: VirtualCouple, strap: VirtualStrap, polar: PolarStreams, ear: Ear
    ) -> None:
        seen = 0
        told = encode_control(Stopped(measurements=(0,)))
        for _ in range(600):
            await asyncio.sleep(0.1)
            if len(ear.starts) > seen:
                seen = len(ear.starts)
                polar.going.clear()
                await strap._device.indicate_subscribers(  # noqa: SLF001
                    strap._control,  # noqa: SLF001
                    told,
                )
        assert 1 <= len(ear.starts) <= 2
        assert len(ear.packets) > 50

    holding(scene, ECG)


def test_a_strap_that_fell_silent_is_found_as_soon_with_streams_as_without(
    holding: Play,
) -> None:
    def back_after_s(streams: frozenset[Stream]) -> float:
        took_s: list[float] = []

        async def scene(
            couple: VirtualCouple, strap: VirtualStrap, polar: PolarStreams, ear: Ear
        ) -> None:
            await asyncio.sleep(30)
            assert set(polar.going) == streams
            couple.air.walk_away(strap.address)
            gap_s = await until(ear, Link.GAP)
            couple.air.drop_links(strap.address)
            await until(ear, *(set(Link) - {Link.GAP}))
            couple.air.come_back(strap.address)
            took_s.append(await until(ear, Link.STREAMING) - gap_s)

        holding(scene, streams)
        return took_s[0]

    assert back_after_s(BOTH) - back_after_s(frozenset()) < 1.1
