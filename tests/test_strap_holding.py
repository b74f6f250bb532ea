"""Holding straps on the virtual air; each trap is shown to bite whoever ignores it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDBusError

from coreg.errors import RadioError
from coreg.facts.events import Link, Partner
from coreg.sensors.straps.radio import MEASUREMENT, Radio
from coreg.sensors.straps.scan import HEART_RATE_SERVICE
from coreg.testing.virtual_radio.air import RadioModel
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.computer import Computer
from coreg.testing.virtual_radio.couple import VirtualCouple, virtual_couple
from coreg.testing.virtual_radio.ears import held
from coreg.testing.virtual_radio.straps import number_of

A, B = Partner.A, Partner.B
Scene = Callable[[VirtualCouple], Awaitable[None]]
PERFECT = RadioModel(interval_s=0.05, repeat_share=0.0)


@pytest.fixture
def on_air(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Play a scene with a virtual couple, in jumping time."""

    def play(scene: Scene, model: RadioModel = PERFECT) -> None:
        async def main() -> None:
            async with virtual_couple(model) as couple:
                await scene(couple)

        run_in_no_time(main(), monkeypatch)

    return play


Play = Callable[..., None]


async def discover(computer: Computer, seconds: float) -> list[BLEDevice]:
    """Scan as a program does that knows of nobody else."""
    backend = computer.backends.scanner
    assert backend is not None
    return await BleakScanner.discover(seconds, backend=backend)


def test_straps_are_found_by_their_service_with_name_and_signal(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        found = await couple.radio.find_straps(5.0)
        assert {each.address for each in found} == {
            strap.address for strap in couple.straps.values()
        }
        assert {each.name for each in found} == {"Polar H10 A", "Polar H10 B"}
        assert all(each.services == (HEART_RATE_SERVICE,) for each in found)
        assert all(each.rssi_dbm == -50 for each in found)

    on_air(scene)


def test_a_strap_says_who_it_is_and_how_full_its_battery_is(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        async with held(couple.radio, couple.straps[A].address) as ear:
            await asyncio.sleep(1300)
        (info,) = ear.infos
        assert (info.maker, info.model) == ("Polar Electro Oy", "H10")
        assert (info.serial, info.firmware) == ("12345678", "5.0.0")
        assert info.location == "chest"
        assert ear.batteries == [80, 80, 80]  # on connecting, then every ten minutes

    on_air(scene)


def test_a_strap_that_says_nothing_of_itself_is_held_all_the_same(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        couple.computer.fail_next("read", *[TimeoutError()] * 7)
        async with held(couple.radio, couple.straps[A].address) as ear:
            await asyncio.sleep(30)
        (info,) = ear.infos
        assert (info.maker, info.serial, info.battery_percent) == ("", "", None)
        assert len(ear.packets) > 20

    on_air(scene)


def test_states_come_in_the_order_in_which_a_person_meets_them(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        async with held(couple.radio, couple.straps[A].address) as ear:
            await asyncio.sleep(20)
            couple.straps[A].is_silent = True
            await asyncio.sleep(5.9)
            couple.straps[A].is_silent = False
            await asyncio.sleep(20)
            await couple.straps[A].drop_link()
            await asyncio.sleep(20)
        again = [Link.CONNECTED, Link.WAITING_FOR_RR, Link.STREAMING]
        assert [link for _, link, _ in ear.links] == [
            Link.SEARCHING,
            *again,
            Link.GAP,
            *again,
            Link.LOST,
            *again,
        ]  # and letting go of it ourselves is no loss

    on_air(scene)


def test_two_drops_bring_every_packet_once(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        strap = couple.straps[A]
        async with held(couple.radio, strap.address) as ear:
            for wait_s in (20.5, 20, 20):  # never while a packet is under way
                await asyncio.sleep(wait_s)
                await strap.drop_link()
        sent = [number_of(data) for _, data in strap.sent]
        assert ear.numbers == sent
        assert len(sent) > 45

    on_air(scene)


def test_whoever_does_not_disconnect_after_a_drop_gets_packets_twice_then_thrice(
    on_air: Play,
) -> None:
    """The trap itself, as measured with bleak 3.1.0 on bluetoothd 5.66."""

    async def scene(couple: VirtualCouple) -> None:
        strap, computer = couple.straps[A], couple.computer
        seen: list[int] = []
        for _ in range(3):
            found = await discover(computer, 3.0)
            device = next(each for each in found if each.address == strap.address)
            client = BleakClient(device, backend=computer.backends.client)
            await client.connect()
            await client.start_notify(
                MEASUREMENT, lambda _, data: seen.append(number_of(bytes(data)))
            )
            await asyncio.sleep(10.5)
            await strap.drop_link()
        times = [seen.count(number_of(data)) for _, data in strap.sent]
        under_way = {0}  # when the link dropped
        assert set(times) - under_way == {1, 2, 3}

    on_air(scene)


def test_what_the_radio_loses_is_all_that_is_lost(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        strap = couple.straps[A]
        async with held(couple.radio, strap.address) as ear:
            await asyncio.sleep(300.5)
        lost = {number_of(data) for data in couple.air.lost}
        sent = [number_of(data) for _, data in strap.sent]
        assert len(lost) > 3
        assert ear.numbers == [number for number in sent if number not in lost]

    on_air(scene, RadioModel(repeat_share=0.3, loss_share=0.05))


def test_arrivals_are_stamped_at_connection_events(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        strap = couple.straps[A]
        async with held(couple.radio, strap.address) as ear:
            await asyncio.sleep(60)
        sent_s = {number_of(data): t_s for t_s, data in strap.sent}
        late_s = [t_ns / 1e9 - sent_s[number_of(data)] for data, t_ns in ear.packets]
        assert all(0 <= each <= 0.051 for each in late_s)

    on_air(scene)


def test_looking_for_two_straps_at_once_waits_for_its_turn(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        addresses = [strap.address for strap in couple.straps.values()]
        first, second = (held(couple.radio, address) for address in addresses)
        async with first as a, second as b:
            await asyncio.sleep(20)
        assert a.words == b.words == []
        assert couple.computer.attempts["scan"] == 2
        # Two that do not know of each other are refused, as BlueZ does:
        with pytest.raises(BleakDBusError, match="InProgress"):
            await asyncio.gather(
                discover(couple.computer, 1.0),
                discover(couple.computer, 1.0),
            )

    on_air(scene)


def test_attempts_come_at_doubling_distance_up_to_half_a_minute(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        couple.computer.turn_off()
        loop = asyncio.get_running_loop()
        start_s, seen = loop.time(), list[float]()
        original = couple.computer.attempt

        def attempt(what: str) -> None:
            seen.append(loop.time() - start_s)
            original(what)

        couple.computer.attempt = attempt  # type: ignore[method-assign]
        async with held(couple.radio, couple.straps[A].address):
            await asyncio.sleep(150)
        waits = [later - earlier for earlier, later in pairwise(seen)]
        assert waits[:10] == pytest.approx([0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30])

    on_air(scene)


def test_a_link_that_is_up_and_dumb_is_ended_after_five_seconds(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        strap = couple.straps[A]
        async with held(couple.radio, strap.address) as ear:
            await asyncio.sleep(20)
            strap.is_silent = True
            last_s = ear.packets[-1][1] / 1e9
            await asyncio.sleep(10)
        gap_s = next(t_s for t_s, link, _ in ear.links if link is Link.GAP)
        assert gap_s - last_s == pytest.approx(5.0, abs=0.01)

    on_air(scene)


@pytest.mark.parametrize(
    "sent", [bytes([0x00, 72]), bytes([0x10, 72, 0, 0])], ids=["no RR", "an RR of 0"]
)
def test_heart_rate_without_beats_waits_for_rr_and_says_so(
    on_air: Play, sent: bytes
) -> None:
    async def scene(couple: VirtualCouple) -> None:
        strap = couple.straps[A]
        strap.is_silent = True  # its own heart; bytes are sent by hand
        async with held(couple.radio, strap.address) as ear:
            while not strap.listeners:
                await asyncio.sleep(0.1)
            for _ in range(15):
                await strap.send(sent)
                await asyncio.sleep(1)
        links = [link for _, link, _ in ear.links]
        assert links[-1] is Link.WAITING_FOR_RR
        assert Link.STREAMING not in links
        assert "only an average" in ear.words[-1]

    on_air(scene)


@pytest.mark.parametrize(
    "packet", [b"", b"\x10", bytes([0x10, 60, 0x00, 0x04, 0x7F])], ids=str
)
def test_bytes_reach_the_log_as_they_are_even_when_they_are_no_measurement(
    on_air: Play, packet: bytes
) -> None:
    async def scene(couple: VirtualCouple) -> None:
        strap = couple.straps[A]
        strap.is_silent = True
        async with held(couple.radio, strap.address) as ear:
            while not strap.listeners:
                await asyncio.sleep(0.1)
            await strap.send(packet)
            await asyncio.sleep(1)
        assert [data for data, _ in ear.packets] == [packet]

    on_air(scene)


def test_a_strap_that_the_system_still_holds_after_a_crash_is_taken_over(
    on_air: Play,
) -> None:
    async def scene(couple: VirtualCouple) -> None:
        strap, computer = couple.straps[A], couple.computer
        await computer.device.connect_le(strap.address)  # somebody who then died
        found = {each.address: each for each in await couple.radio.find_straps(3.0)}
        assert found[strap.address].rssi_dbm is None  # held, so it is silent
        async with held(couple.radio, strap.address) as ear:
            await asyncio.sleep(30)
        assert len(ear.packets) > 15

    on_air(scene)


def test_an_attempt_that_times_out_spoils_no_later_one(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        device = couple.computer.device
        with pytest.raises(Exception, match=r"^$"):
            await device.connect_le("C0:00:00:00:00:FF", timeout=2.0)
        connection = await device.connect_le(couple.straps[A].address, timeout=5.0)
        await connection.disconnect()

    on_air(scene)


def test_asking_a_strap_lets_go_of_it_again(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        info = await couple.radio.ask(couple.straps[A].address)
        assert info.battery_percent == 80
        assert not couple.computer.device.connections
        with pytest.raises(RadioError, match="not found"):
            await couple.radio.ask("C0:00:00:00:00:FF")

    on_air(scene)


def test_a_radio_with_other_patience_is_as_patient_as_told(on_air: Play) -> None:
    async def scene(couple: VirtualCouple) -> None:
        quick = replace(couple.radio.timings, search_s=0.5)
        loop = asyncio.get_running_loop()
        start_s = loop.time()
        with pytest.raises(RadioError):
            await Radio(couple.computer.backends, quick).ask("C0:00:00:00:00:FF")
        assert loop.time() - start_s < 0.7

    on_air(scene)


def test_a_link_that_drops_while_a_strap_says_who_it_is_leaves_that_for_later(
    on_air: Play,
) -> None:
    async def scene(couple: VirtualCouple) -> None:
        strap = couple.straps[A]
        async with held(couple.radio, strap.address) as ear:
            while not strap.listeners:
                await asyncio.sleep(0.01)
            await strap.drop_link()
            await asyncio.sleep(20)
        assert [info.model for info in ear.infos] == ["H10"]

    on_air(scene)


def test_a_strap_that_connects_and_never_speaks_is_asked_ever_more_seldom(
    on_air: Play,
) -> None:
    async def scene(couple: VirtualCouple) -> None:
        couple.straps[A].is_silent = True
        async with held(couple.radio, couple.straps[A].address) as ear:
            await asyncio.sleep(300)
        gaps_s = [t_s for t_s, link, _ in ear.links if link is Link.GAP]
        assert len(gaps_s) < 15
        assert gaps_s[-1] - gaps_s[-2] > 30

    on_air(scene)
