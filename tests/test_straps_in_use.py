"""Straps that somebody else on this computer has: shown, named, and left alone.

Over bleak's own BlueZ backend. A strap is one link of the computer, whoever asked for
it: BlueZ takes a second program onto the same link, delivers every packet twice to
both, and the first of the two that lets go cuts off the other.
"""

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from coreg.base import clock
from coreg.cli import doctor
from coreg.cli.strap_hearts import strap_hearts
from coreg.cli.straps import line, look_around, measure
from coreg.errors import RadioError
from coreg.facts.events import Link
from coreg.sensors.straps.choice import the_two
from coreg.sensors.straps.hub import StrapHub
from coreg.sensors.straps.radio import FoundStrap, Radio
from coreg.web.server.strap_scanner import StrapScanner

if sys.platform != "linux":
    pytest.skip("BlueZ is the Bluetooth of Linux", allow_module_level=True)

from coreg.testing.fake_bluez.air import FakeStrap
from coreg.testing.fake_bluez.bench import (
    another_program,
    bluetooth,
    connected_by_another,
    run,
    strap_a,
    strap_b,
    system_bus,
)
from coreg.testing.fake_bluez.bluetoothd import FakeBluez
from coreg.testing.fake_bluez.daemon import OPEN_TO_ALL
from coreg.testing.fake_bluez.life import Play, end_of_search, life_on_bus, worn
from coreg.testing.virtual_radio.ears import held

ANOTHER_COREG = "Another coreg on this computer is using Strap A."
ANOTHER_PROGRAM = "Another program on this computer is using Strap A."


@pytest.fixture
def on_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Play a scene with a bluetoothd as quick as in life, in jumping time."""
    with life_on_bus(monkeypatch) as play:
        yield play


@asynccontextmanager
async def heard_by_another(bluez: FakeBluez, strap: FakeStrap) -> AsyncIterator[None]:
    """Let a program connect to a strap and listen to it."""
    async with (
        connected_by_another(bluez.address, strap),
        another_program(bluez.address, strap),
    ):
        yield


def found(strap: FakeStrap) -> FoundStrap:
    return FoundStrap(
        name=strap.name,
        address=strap.address,
        rssi_dbm=-60,
        is_in_use=False,
        services=(),
    )


def ever_connected(bluez: FakeBluez) -> int:
    return bluez.members_called.count("Connect")


# --- `coreg straps` -----------------------------------------------------------


def test_straps_shows_a_strap_of_a_running_practice_in_use_and_does_not_touch_it(
    on_bus: Play,
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a, b = strap_a(), strap_b()
        async with worn(bluez, a, b), held(Radio(), a.address) as ear:
            await asyncio.sleep(10)
            said, called = list(ear.links), ever_connected(bluez)
            seen = await look_around(Radio(), 5.0)
            await asyncio.sleep(10)
            assert ear.links == said
        assert ear.numbers == sorted(set(ear.numbers))
        assert ever_connected(bluez) == called + 1  # B's, which is free
        lines = {strap.name: line(strap, info) for strap, info in seen}
        assert "in use" in lines["Strap A"]
        assert "battery    ?" in lines["Strap A"]
        assert "-60 dBm  battery  87 %" in lines["Strap B"]

    on_bus(scene)


def test_straps_leaves_a_link_alone_that_nobody_listens_to_yet(on_bus: Play) -> None:
    """Another program may be about to: only whoever holds it may let go of it."""

    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        async with worn(bluez, a), connected_by_another(bluez.address, a):
            link = a.link
            ((strap, info),) = await look_around(Radio(), 5.0)
            assert (strap.is_in_use, info) == (True, None)
            with pytest.raises(RadioError, match="is using this strap"):
                await Radio().ask(a.address)
            assert a.link is link is not None
        assert "Disconnect" not in bluez.members_called

    on_bus(scene)


def test_straps_does_not_ask_a_strap_that_another_coreg_is_looking_for(
    on_bus: Play,
) -> None:
    """It advertises while the practice that lost it tries to regain it."""

    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        async with worn(bluez, a), StrapHub(Radio()) as hub:
            hub.hold(found(a))
            await asyncio.sleep(10)
            a.drop()
            ((strap, info),) = await look_around(Radio(), 0.2)
            assert (strap.is_in_use, info) == (True, None)
            await asyncio.sleep(5)
            assert hub.state(a.address).link is Link.STREAMING

    on_bus(scene)


def test_the_command_itself_leaves_a_practice_of_another_process_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def scene(address: str) -> None:
        # The locks of this test's own run are not those of the command: a new address.
        number = random.randbytes(3).hex(":").upper()  # noqa: S311 - no secret
        a = FakeStrap(address=f"02:00:00:{number}", name="Strap A")
        async with (
            bluetooth(address) as bluez,
            worn(bluez, a),
            held(Radio(), a.address) as ear,
        ):
            while not ear.packets:
                await asyncio.sleep(0.05)
            links, link = list(ear.links), a.link
            command = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "coreg", "straps", "--seconds", "0.5", "--json"),
                *("--data-dir", tmp_path / "another"),
                stdout=asyncio.subprocess.PIPE,
                env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address},
            )
            told, _ = await command.communicate()
            assert command.returncode == 0
            (strap,) = json.loads(told)["straps"]
            assert (strap["name"], strap["is_in_use"]) == ("Strap A", True)
            assert (ear.links, a.link) == (links, link)
            assert ever_connected(bluez) == 1

    with system_bus(monkeypatch, OPEN_TO_ALL) as address:
        run(scene(address))


# --- whoever would hold one ----------------------------------------------------


def test_a_second_coreg_refuses_a_strap_that_the_first_one_holds_until_it_lets_go(
    on_bus: Play,
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        async with (
            worn(bluez, a),
            StrapHub(Radio()) as first,
            StrapHub(Radio()) as second,
        ):
            first.hold(found(a))
            for wait_s in (0, 10):  # before it is connected, and while it streams
                await asyncio.sleep(wait_s)
                with pytest.raises(RadioError) as refused:
                    second.hold(found(a))
                assert str(refused.value).startswith(ANOTHER_COREG)
                assert "Close that one first" in str(refused.value)
            assert second.states == ()
            await first.let_go(a.address)
            second.hold(found(a))
            await asyncio.sleep(10)
            assert second.state(a.address).link is Link.STREAMING
            with pytest.raises(RadioError, match="Another coreg"):
                first.hold(found(a))

    on_bus(scene)


def test_a_practice_is_refused_straps_of_another_coreg_also_with_another_data_folder(
    on_bus: Play, tmp_path: Path
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a, b = strap_a(), strap_b()
        async with (
            worn(bluez, a, b),
            strap_hearts((), tmp_path / "one", Radio()),
        ):
            links = (a.link, b.link)
            with pytest.raises(RadioError) as refused:
                async with strap_hearts((), tmp_path / "two", Radio()):
                    pass
            assert str(refused.value).startswith(ANOTHER_COREG)
            with pytest.raises(RadioError) as refused:
                await measure(Radio(), "Strap A", "Strap B")
            assert str(refused.value).startswith(ANOTHER_COREG)
            assert (a.link, b.link) == links

    on_bus(scene)


def test_a_strap_that_another_program_listens_to_is_not_taken_for_a_practice(
    on_bus: Play, tmp_path: Path
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a, b = strap_a(), strap_b()
        async with worn(bluez, a, b), heard_by_another(bluez, a):
            link = a.link
            with pytest.raises(RadioError) as refused:
                async with strap_hearts((), tmp_path, Radio()):
                    pass
            assert str(refused.value).startswith(ANOTHER_PROGRAM)
            assert "Close that program" in str(refused.value)
            with pytest.raises(RadioError) as refused:
                await measure(Radio(), "Strap A", "Strap B")
            assert str(refused.value).startswith(ANOTHER_PROGRAM)
            assert a.link is link is not None

    on_bus(scene)


def test_of_three_straps_of_which_one_is_in_use_the_free_two_are_taken() -> None:
    one, two, three = (
        FoundStrap(
            name=name, address=name, rssi_dbm=None, is_in_use=in_use, services=()
        )
        for name, in_use in (("one", False), ("two", True), ("three", False))
    )
    assert set(the_two([one, two, three]).values()) == {one, three}
    with pytest.raises(RadioError, match=r"found 1: two two \(in use\)"):
        the_two([two])


def test_a_link_whose_program_died_is_taken_over(on_bus: Play) -> None:
    """BlueZ keeps it; such a strap is silent, and nobody is left to close anything."""

    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        async with worn(bluez, a):
            async with heard_by_another(bluez, a):
                pass
            assert a.link is not None
            (strap,) = await Radio().find_straps(3.0)
            assert (strap.rssi_dbm, strap.is_in_use) == (None, False)
            async with StrapHub(Radio()) as hub:
                hub.hold(strap)
                await asyncio.sleep(10)
                assert hub.state(a.address).link is Link.STREAMING

    on_bus(scene)


def test_a_strap_that_another_program_took_while_it_was_lost_is_waited_for(
    on_bus: Play,
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        async with worn(bluez, a), held(Radio(), a.address) as ear:
            await asyncio.sleep(10)
            a.walk_off()
            await asyncio.sleep(60)
            await end_of_search(bluez)  # the next one is in half a minute
            a.walk_in()
            async with heard_by_another(bluez, a):
                link = a.link
                await asyncio.sleep(60)
                assert a.link is link is not None
                in_use = (
                    "Another program on this computer is using this strap. "
                    "Close that program and coreg will carry on."
                )
                assert ear.links[-1][1:] == (Link.LOST, in_use)
            a.drop()
            await asyncio.sleep(60)
            assert ear.links[-1][1] is Link.STREAMING

    on_bus(scene)


# --- Home and doctor -----------------------------------------------------------


async def looked_at(at_home: StrapScanner, seconds: float) -> list[str]:
    """Look at Home for a while; return the straps shown at the end of it."""
    for _ in range(round(2 * seconds)):
        at_home.straps(clock.monotonic_ns())
        await asyncio.sleep(0.5)
    return [each.name for each in at_home.straps(clock.monotonic_ns())]


def test_home_says_who_has_a_strap_and_takes_it_once_it_is_free(
    on_bus: Play, tmp_path: Path
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a, b = strap_a(), strap_b()
        home = StrapScanner(Radio(), tmp_path, remembered=dict, named=())
        async with worn(bluez, a, b), home:
            async with heard_by_another(bluez, a):
                link = a.link
                assert await looked_at(home, 20) == ["Strap B"]
                assert home.trouble == (
                    f"{ANOTHER_PROGRAM} Close that program and coreg will carry on."
                )
                assert a.link is link is not None
            a.drop()
            assert await looked_at(home, 20) == ["Strap B", "Strap A"]
            assert home.trouble == ""

    on_bus(scene)


def test_a_second_home_says_that_another_coreg_has_the_straps(
    on_bus: Play, tmp_path: Path
) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a = strap_a()
        home = StrapScanner(Radio(), tmp_path, remembered=dict, named=())
        async with worn(bluez, a), home, held_by_a_first(a) as ear:
            assert await looked_at(home, 20) == []
            assert home.trouble == (
                f"{ANOTHER_COREG} Close that one and coreg will carry on here."
            )
            assert ear.link is Link.STREAMING

    on_bus(scene)


class _First:
    """A first coreg, with one strap."""

    def __init__(self, hub: StrapHub, address: str) -> None:
        self._hub, self._address = hub, address

    @property
    def link(self) -> Link:
        return self._hub.state(self._address).link


@asynccontextmanager
async def held_by_a_first(strap: FakeStrap) -> AsyncIterator[_First]:
    async with StrapHub(Radio()) as hub:
        hub.hold(found(strap))
        await asyncio.sleep(10)
        yield _First(hub, strap.address)


def test_the_doctor_names_straps_in_use_and_leaves_them_alone(on_bus: Play) -> None:
    async def scene(bluez: FakeBluez) -> None:
        a, b = strap_a(), strap_b()
        async with worn(bluez, a, b), heard_by_another(bluez, a):
            link, called = a.link, ever_connected(bluez)
            (straps,) = [
                each for each in await doctor.look_at_radio() if each.what == "straps"
            ]
            assert straps.words == "2 nearby: Strap B, Strap A (in use)."
            assert a.link is link is not None
            assert ever_connected(bluez) == called

    on_bus(scene)
