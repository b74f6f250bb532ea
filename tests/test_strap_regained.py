"""How soon a strap is back: life's own timings, bleak's BlueZ backend, jumping time.

What an undisturbed return takes here: 0.25 s of ours, an advertisement within 0.5 s,
0.6 s to connect and be told what the strap has; so 1.2 s.
"""

import asyncio
import sys
from collections.abc import Iterator

import pytest

from coreg.facts.events import Link
from coreg.sensors.straps.radio import Radio

if sys.platform != "linux":
    pytest.skip("BlueZ is the Bluetooth of Linux", allow_module_level=True)

from coreg.testing.fake_bluez.adapter import CENTRAL
from coreg.testing.fake_bluez.air import AttFirst
from coreg.testing.fake_bluez.bench import strap_a, strap_b
from coreg.testing.fake_bluez.bluetoothd import FakeBluez
from coreg.testing.fake_bluez.life import Play, end_of_search, life_on_bus, worn
from coreg.testing.virtual_radio.ears import Ear, held


@pytest.fixture
def on_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Play a scene with a bluetoothd as quick as in life, in jumping time."""
    with life_on_bus(monkeypatch) as play:
        yield play


def connections(ear: Ear) -> list[float]:
    return [t_s for t_s, link, _ in ear.links if link is Link.CONNECTED]


async def connected_after_s(ear: Ear, since_s: float) -> float:
    """Wait for the next connection that brings beats; return when it was made."""
    while not connections(ear)[-1:] > [since_s] or ear.links[-1][1] is Link.CONNECTED:
        await asyncio.sleep(0.05)
    return connections(ear)[-1] - since_s


def test_while_a_is_away_b_is_back_as_soon_as_ever(on_bus: Play) -> None:
    """Looking for A held the adapter for 6 s; B then came back up to 5.6 s later."""

    async def scene(bluez: FakeBluez) -> None:
        a, b, radio = strap_a(), strap_b(), Radio()
        now_s = asyncio.get_running_loop().time
        async with (
            worn(bluez, a, b),
            held(radio, a.address) as ear_of_a,
            held(radio, b.address) as ear,
        ):
            await asyncio.sleep(20)
            a.walk_off()
            await asyncio.sleep(10)
            took_s = list[float]()
            for _ in range(40):  # A is looked for 6 s in 36: each part of that is met
                await asyncio.sleep(10.37)
                b.drop()
                took_s.append(await connected_after_s(ear, now_s()))
            assert ear_of_a.links[-1][1] is Link.LOST
        assert max(took_s) < 1.3, took_s

    on_bus(scene)


@pytest.mark.parametrize("away_s", [20, 40, 60, 90, 120])
def test_a_strap_that_is_heard_again_is_tried_again_at_once_however_long_it_was_away(
    on_bus: Play, away_s: int
) -> None:
    """ATT before mgmt, three times in a row: waits had grown to half a minute each."""

    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        now_s = asyncio.get_running_loop().time
        async with worn(bluez, a), held(Radio(), a.address) as ear:
            await asyncio.sleep(20)
            a.walk_off()
            await asyncio.sleep(away_s)
            a.next_answers.extend([AttFirst()] * 3)
            a.walk_in()
            while len(a.next_answers) == 3:  # until it was heard, so tried
                await asyncio.sleep(0.05)
            tried_s = now_s()
            while a.next_answers:
                await asyncio.sleep(0.05)
            assert await connected_after_s(ear, tried_s) < 3 * 3.0 + 1.3

    on_bus(scene)


def test_a_strap_that_another_search_hears_is_connected_without_waiting_on(
    on_bus: Play,
) -> None:
    """As on Home, which searches again and again."""

    async def scene(bluez: FakeBluez) -> None:
        a, radio = strap_a(), Radio()
        now_s = asyncio.get_running_loop().time
        async with worn(bluez, a), held(radio, a.address) as ear:
            await asyncio.sleep(20)
            a.walk_off()
            await asyncio.sleep(100)  # by now we wait half a minute between attempts
            await end_of_search(bluez)
            a.walk_in()
            back_s = now_s()
            await radio.find_straps(3.0)
            assert await connected_after_s(ear, back_s) < 2.0

    on_bus(scene)


def test_a_strap_that_is_heard_and_never_holds_is_tried_every_few_seconds(
    on_bus: Play,
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        a.next_answers.extend([AttFirst()] * 20)
        async with worn(bluez, a), held(Radio(), a.address) as ear:
            await asyncio.sleep(100)
        assert not a.next_answers
        assert ear.links[-1][1] is Link.STREAMING
        assert ear.words == [
            "The connection to the strap keeps breaking. Move closer. Trying again…"
        ]

    on_bus(scene)


# --- bluetoothd itself ---------------------------------------------------------

STOPPED = (
    "The Bluetooth service on this computer has stopped. "
    "coreg will carry on when it’s back; if it stays away, restart this computer."
)
LOST = "Lost the strap. Move closer. Looking again…"
QUIET = "The strap has gone quiet. Check that it’s snug. Reconnecting…"


def test_a_service_that_stops_in_mid_session_is_said_to_have_stopped(
    on_bus: Play,
) -> None:
    """bleak takes what is left of it for a computer without an adapter."""

    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        async with worn(bluez, a), held(Radio(), a.address) as ear:
            await asyncio.sleep(20)
            await bluez.stop()
            await asyncio.sleep(30)
            assert ear.links[-1][1:] == (Link.LOST, STOPPED)
            await bluez.start()
            bluez.adapter.plug_in(CENTRAL)
            await asyncio.sleep(40)
            assert ear.links[-1][1] is Link.STREAMING
        assert ear.words == [LOST, STOPPED]

    on_bus(scene)


def test_a_service_that_is_killed_is_said_to_have_stopped_once_it_is_noticed(
    on_bus: Play,
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        async with worn(bluez, a), held(Radio(), a.address) as ear:
            await asyncio.sleep(20)
            await bluez.die()
            await asyncio.sleep(30)
            assert ear.links[-1][1:] == (Link.LOST, STOPPED)
            await bluez.start()
            bluez.adapter.plug_in(CENTRAL)
            await asyncio.sleep(40)
            assert ear.links[-1][1] is Link.STREAMING
        assert ear.words == [QUIET, STOPPED]
        assert ear.numbers == sorted(set(ear.numbers))

    on_bus(scene)


def test_a_service_that_is_back_before_its_adapter_is_not_called_a_missing_adapter(
    on_bus: Play,
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a, radio = strap_a(), Radio()
        async with worn(bluez, a):
            await radio.find_straps(1.0)
            await bluez.stop()
            await bluez.start()
            finding = asyncio.create_task(radio.find_straps(5.0))
            await asyncio.sleep(1.5)
            bluez.adapter.plug_in(CENTRAL)
            assert [each.name for each in await finding] == ["Strap A"]

    on_bus(scene)


def test_an_adapter_that_is_pulled_out_is_still_said_to_be_missing(
    on_bus: Play,
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        async with worn(bluez, a), held(Radio(), a.address) as ear:
            await asyncio.sleep(20)
            bluez.adapter.unplug()
            await asyncio.sleep(30)
            assert "No Bluetooth adapter found." in ear.words[-1]
            bluez.adapter.plug_in(CENTRAL)
            await asyncio.sleep(40)
            assert ear.links[-1][1] is Link.STREAMING

    on_bus(scene)


def test_a_search_that_is_given_up_at_any_moment_spoils_no_later_one(
    on_bus: Play,
) -> None:
    """Half a StartDiscovery leaves BlueZ scanning, and the next one InProgress."""

    async def scene(bluez: FakeBluez) -> None:
        a, radio = strap_a(), Radio()
        async with worn(bluez, a):
            await radio.find_straps(1.0)
            for turns in range(0, 60, 2):
                search = asyncio.create_task(radio.find_straps(30.0))
                for _ in range(turns):
                    await asyncio.sleep(0)
                search.cancel()
                await asyncio.wait([search])
                assert not bluez.adapter.is_scanning
                (found,) = await radio.find_straps(1.0)
                assert found.name == "Strap A"
                assert not bluez.adapter.is_scanning

    on_bus(scene)
