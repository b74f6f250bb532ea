"""Two held straps over bleak's own BlueZ backend, through all that goes wrong.

The straps number their packets, so that each can be followed: every packet that a
strap sent while we were listening arrives once and in order, none arrives twice.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest

from coreg.errors import RadioError
from coreg.facts.events import Link, Stream
from coreg.sensors.quirks.words import Trouble, radio_error, sentence
from coreg.sensors.straps.held_strap import HeldStrap
from coreg.sensors.straps.radio import Radio, StrapInfo
from coreg.sensors.straps.timings import StrapTimings

if sys.platform != "linux":
    pytest.skip("BlueZ is the Bluetooth of Linux", allow_module_level=True)

from coreg.testing.fake_bluez import refusals
from coreg.testing.fake_bluez.adapter import CENTRAL
from coreg.testing.fake_bluez.air import (
    CHEST_STRAP,
    HEART_RATE_MEASUREMENT,
    Abortion,
    FakeStrap,
    Refusal,
    frames_due,
    measures_more,
    without,
)
from coreg.testing.fake_bluez.bench import (
    A_MOMENT_S,
    bluetooth,
    packet,
    run,
    strap_a,
    strap_b,
    system_bus,
    until,
)
from coreg.testing.fake_bluez.bluetoothd import FakeBluez, serving
from coreg.testing.fake_bluez.daemon import NO_BLUETOOTH_FOR_USERS, OPEN_TO_ALL
from coreg.testing.fake_bluez.device import Timing
from coreg.testing.polar_streams import PolarStreams

# In life a beat a second and 5 s of patience; here all runs several times faster.
BEAT_EVERY_S = 0.05
QUICK = StrapTimings(
    search_s=0.6,
    connect_s=2.0,
    read_s=1.0,
    let_go_s=1.0,
    silence_s=0.8,
    first_wait_s=0.02,
    longest_wait_s=0.1,
)


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A private bus that this process takes for the system's."""
    with system_bus(monkeypatch, OPEN_TO_ALL) as address:
        yield address


@dataclass(eq=False, kw_only=True)
class Wearer:
    """A strap that beats, and all that was heard of it."""

    strap: FakeStrap
    is_beating: bool = True
    beaten: int = 0
    listening: list[bytes] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    said: list[tuple[Link, str]] = field(default_factory=list)
    infos: list[StrapInfo] = field(default_factory=list)
    percents: list[int] = field(default_factory=list)
    starts: list[tuple[Stream, bytes, int]] = field(default_factory=list)
    stops: list[Stream] = field(default_factory=list)
    refusals: list[tuple[Stream, str]] = field(default_factory=list)
    frames: list[tuple[Stream, bytes, int]] = field(default_factory=list)

    async def live(self) -> None:
        """Beat for ever; note what was sent while somebody said to be listening."""
        while True:
            await asyncio.sleep(BEAT_EVERY_S)
            if self.is_beating:
                self._beat()

    def _beat(self) -> None:
        before = len(self.strap.sent)
        self.strap.beat(packet(self.beaten))
        self.beaten += 1
        if self.said and self.said[-1][0] in (Link.WAITING_FOR_RR, Link.STREAMING):
            self.listening.extend(self.strap.sent[before:])

    def packet(self, data: bytes, _t_ns: int) -> None:
        """Hear a packet."""
        self.heard.append(data)

    def started(self, stream: Stream, asked: bytes, answer: bytes, t_ns: int) -> None:
        """Hear that a stream begins."""
        self.starts.append((stream, asked + answer, t_ns))

    def stopped(self, stream: Stream) -> None:
        """Hear that one has ended."""
        self.stops.append(stream)

    def not_started(self, stream: Stream, words: str) -> None:
        """Hear that one does not."""
        self.refusals.append((stream, words))

    def frame(self, stream: Stream, data: bytes, t_ns: int) -> None:
        """Hear a frame."""
        self.frames.append((stream, data, t_ns))

    def link(self, link: Link, words: str) -> None:
        """Hear of the connection."""
        self.said.append((link, words))

    def info(self, info: StrapInfo) -> None:
        """Hear who the strap is."""
        self.infos.append(info)

    def battery(self, percent: int) -> None:
        """Hear of the battery."""
        self.percents.append(percent)

    def links(self) -> list[Link]:
        """Return the states in order."""
        return [link for link, _ in self.said]


async def goes_on(*wearers: Wearer) -> None:
    """Wait until each of them is heard again, five packets long."""
    for wearer in wearers:
        enough = len(wearer.heard) + 5
        await until(lambda w=wearer, n=enough: len(w.heard) >= n)  # type: ignore[misc]


async def connects_anew(wearer: Wearer) -> None:
    """Wait for the next connection, whether or not the strap then beats."""
    before = wearer.links().count(Link.CONNECTED)
    await until(lambda: wearer.links().count(Link.CONNECTED) > before)
    await until(lambda: wearer.links()[-1] is not Link.CONNECTED)


def nothing_lost_or_doubled(wearer: Wearer) -> None:
    """What was sent to a listener arrived; nothing came twice or out of order."""
    numbers = [int.from_bytes(each[2:4], "little") for each in wearer.heard]
    assert numbers == sorted(set(numbers))
    assert set(wearer.heard) <= set(wearer.strap.sent)
    # The very last may still be on the bus.
    assert set(wearer.listening[:-1]) <= set(wearer.heard)


@asynccontextmanager
async def held(bluez: FakeBluez, *wearers: Wearer) -> AsyncIterator[None]:
    """Put the straps on and hold them, all with one radio."""
    bluez.put_on(*(wearer.strap for wearer in wearers))
    radio = Radio(timings=QUICK)
    straps = [HeldStrap(radio, w.strap.address, w) for w in wearers]
    tasks = [
        *(asyncio.create_task(wearer.live()) for wearer in wearers),
        *(asyncio.create_task(strap.hold()) for strap in straps),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_a_session_goes_on_through_silence_drops_absence_and_a_dead_adapter(
    bus: str,
) -> None:
    async def scenario() -> None:
        a, b = Wearer(strap=strap_a()), Wearer(strap=strap_b())
        async with bluetooth(bus) as bluez, held(bluez, a, b):
            await goes_on(a, b)

            a.is_beating = False  # in life 10 s
            await until(lambda: Link.GAP in a.links())
            for _ in range(2):
                await connects_anew(a)
            a.is_beating = True
            await goes_on(a, b)

            for _ in range(2):
                b.strap.drop()
                await goes_on(b, a)

            a.strap.walk_off()  # in life 40 s
            await until(lambda: a.links()[-1] is Link.LOST)
            await asyncio.sleep(1.0)
            a.strap.walk_in()
            await goes_on(a, b)

            bluez.adapter.power_off()
            await until(lambda: a.said[-1][1] == b.said[-1][1] == sentence(Trouble.OFF))
            bluez.adapter.power_on()
            await goes_on(a, b)
        for wearer in (a, b):
            nothing_lost_or_doubled(wearer)
        assert len(a.strap.lost) > 0
        assert b.heard == b.strap.sent[: len(b.heard)]  # a drop loses nothing sent
        assert b.links().count(Link.LOST) >= 3

    run(scenario())


def test_a_strap_is_asked_who_it_is_once_and_for_its_battery_each_time(
    bus: str,
) -> None:
    async def scenario() -> None:
        a = Wearer(strap=strap_a())
        async with bluetooth(bus) as bluez, held(bluez, a):
            await until(lambda: len(a.percents) == 1)
            a.strap.drop()
            await until(lambda: len(a.percents) == 2)
        info = a.infos.pop()
        assert (info.maker, info.model) == ("Example Straps", "ES-1")
        assert (info.firmware, info.serial) == ("1.2.3", "0042")
        assert (info.location, info.battery_percent) == ("chest", 87)
        assert a.infos == []
        assert a.percents == [87, 87]

    run(scenario())


def test_a_strap_that_bluez_forgot_is_found_anew(bus: str) -> None:
    async def scenario() -> None:
        a = Wearer(strap=strap_a())
        async with bluetooth(bus) as bluez, held(bluez, a):
            await goes_on(a)
            bluez.forget(a.strap)
            await goes_on(a)
        nothing_lost_or_doubled(a)

    run(scenario())


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(refusals.IN_PROGRESS, id="in progress"),
        pytest.param(refusals.UNKNOWN_OBJECT, id="unknown object"),
        pytest.param(refusals.DENIED, id="denied"),
        pytest.param(
            Abortion(),
            id="aborted by local",
        ),
    ],
)
def test_a_connection_that_fails_twice_is_tried_until_it_holds(
    bus: str, answer: Refusal | Abortion
) -> None:
    async def scenario() -> None:
        a = Wearer(strap=strap_a())
        a.strap.next_answers.extend([answer, answer])
        async with bluetooth(bus) as bluez, held(bluez, a):
            await goes_on(a)
            assert bluez.members_called.count("Connect") == 3
        nothing_lost_or_doubled(a)

    run(scenario())


def said(trouble: Trouble) -> str:
    """Return what whoever tries once reads of it."""
    return str(radio_error(trouble))


async def words_of_a_try(timings: StrapTimings) -> str:
    with pytest.raises(RadioError) as caught:
        await Radio(timings=timings).connect(
            strap_a().address, lambda: None, lambda: None
        )
    return str(caught.value)


def when_scan_stops(
    monkeypatch: pytest.MonkeyPatch, bluez: FakeBluez, then: Callable[[], None]
) -> None:
    """Let something happen between a scan and the connecting that follows it."""
    stop_scan = bluez.adapter.stop_scan

    def stop(owner: str) -> None:
        stop_scan(owner)
        then()

    monkeypatch.setattr(bluez.adapter, "stop_scan", stop)


def test_a_strap_that_does_not_answer_is_said_to_be_held_by_another(
    bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        a = strap_a()
        quick = StrapTimings(search_s=0.3, connect_s=0.2)
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            when_scan_stops(monkeypatch, bluez, a.walk_off)
            assert await words_of_a_try(quick) == said(Trouble.NO_ANSWER)

    run(scenario())


def test_a_strap_forgotten_as_the_scan_stops_went_away(
    bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        a = strap_a()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            when_scan_stops(monkeypatch, bluez, partial(bluez.forget, a))
            assert await words_of_a_try(QUICK) == said(Trouble.WENT_AWAY)

    run(scenario())


def test_a_strap_that_drops_while_its_services_are_read_broke_off(bus: str) -> None:
    async def scenario() -> None:
        a = strap_a()
        async with serving(bus, Timing(resolve_s=0.2)) as bluez:
            bluez.adapter.plug_in(CENTRAL)
            bluez.put_on(a)
            trying = asyncio.create_task(words_of_a_try(QUICK))
            await until(lambda: a.link is not None)
            await asyncio.sleep(A_MOMENT_S)
            a.drop()
            assert await trying == said(Trouble.BROKE_OFF)

    run(scenario())


def test_a_device_without_the_measurement_is_no_strap(bus: str) -> None:
    async def scenario() -> None:
        a = Wearer(strap=strap_a())
        a.strap.services = without(HEART_RATE_MEASUREMENT, CHEST_STRAP)
        async with bluetooth(bus) as bluez, held(bluez, a):
            no_strap = sentence(Trouble.NO_HEART_RATE)
            await until(lambda: a.said[-1:] == [(Link.LOST, no_strap)])

    run(scenario())


def test_nothing_in_the_air_and_each_fault_of_the_machine_has_its_words(
    bus: str,
) -> None:
    async def scenario() -> None:
        async with serving(bus, Timing()) as bluez:
            assert await words_of_a_try(QUICK) == said(Trouble.NO_ADAPTER)
            bluez.adapter.plug_in(("peripheral",))
            await asyncio.sleep(A_MOMENT_S)
            assert await words_of_a_try(QUICK) == said(Trouble.NO_LOW_ENERGY)
            bluez.adapter.unplug()
            bluez.adapter.plug_in(CENTRAL)
            await asyncio.sleep(A_MOMENT_S)
            assert await words_of_a_try(QUICK) == said(Trouble.NOTHING_FOUND)
            bluez.adapter.power_off()
            await asyncio.sleep(A_MOMENT_S)
            assert await words_of_a_try(QUICK) == said(Trouble.OFF)

    run(scenario())


@pytest.mark.usefixtures("bus")
def test_no_service_has_its_words() -> None:
    async def scenario() -> None:
        assert await words_of_a_try(QUICK) == said(Trouble.NO_SERVICE)

    run(scenario())


def test_a_user_without_permission_reads_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario(address: str) -> None:
        async with bluetooth(address):
            denied = said(Trouble.NOT_ALLOWED_BY_SYSTEM)
            assert await words_of_a_try(QUICK) == denied

    with system_bus(monkeypatch, NO_BLUETOOTH_FOR_USERS) as address:
        run(scenario(address))


def test_straps_are_listed_with_those_that_this_computer_holds(bus: str) -> None:
    async def scenario() -> None:
        a = Wearer(strap=strap_a())
        async with bluetooth(bus) as bluez, held(bluez, a):
            bluez.put_on(strap_b())
            await goes_on(a)
            listed = await Radio(timings=QUICK).find_straps(0.2)
        assert [(s.name, s.rssi_dbm) for s in listed] == [
            ("Strap B", -60),
            ("Strap A", None),
        ]

    run(scenario())


def test_ecg_and_acceleration_come_over_the_bus_and_end_with_the_holding(
    bus: str,
) -> None:
    async def scenario() -> None:
        a, polar = Wearer(strap=strap_a()), PolarStreams()
        measures_more(a.strap, polar)
        sent: list[bytes] = []

        async def measure() -> None:
            while True:
                await asyncio.sleep(0.02)
                sent.extend(frames_due(a.strap, polar))

        async with bluetooth(bus) as bluez:
            bluez.put_on(a.strap)
            strap = HeldStrap(Radio(timings=QUICK), a.strap.address, a)
            strap.want(frozenset(Stream))
            running = [
                asyncio.create_task(each)
                for each in (a.live(), measure(), strap.hold())
            ]
            await until(lambda: len(a.frames) > 6)
            a.strap.drop()
            await until(lambda: len(a.starts) == 4)
            assert set(polar.going) == set(Stream)
            before = len(a.frames)
            await until(lambda: len(a.frames) > before + 6)
            running[2].cancel()
            await asyncio.wait([running[2]])
            assert polar.going == {}
            for task in running[:2]:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        heard = [data for _, data, _ in a.frames]
        assert len(set(heard)) == len(heard)  # none twice, after the drop neither
        assert set(heard) <= set(sent)
        nothing_lost_or_doubled(a)

    run(scenario())
