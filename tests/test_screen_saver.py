"""A desktop leaves its screen on while two people practise, where it can be asked."""

import asyncio
import sys
import threading
from pathlib import Path

import pytest

from coreg.base.awake import kept_awake
from coreg.words import say

if sys.platform != "linux":
    pytest.skip("a bus of Linux", allow_module_level=True)

from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method

from coreg.testing.fake_bluez.daemon import OPEN_TO_ALL, is_installed, private_bus

if not is_installed():
    pytest.skip(
        "dbus-daemon is not installed (Debian: apt-get install dbus)",
        allow_module_level=True,
    )


class Desktop(ServiceInterface):
    """A desktop of Linux that keeps a list of who asked it to leave the screen on."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.ScreenSaver")
        self.kept: list[str] = []
        self.let_go: list[int] = []

    @dbus_method()
    def Inhibit(self, who: "s", why: "s") -> "u":  # type: ignore[name-defined] # noqa: F821, N802
        self.kept.append(f"{who}: {why}")
        return 71

    @dbus_method()
    def UnInhibit(self, cookie: "u") -> None:  # type: ignore[name-defined] # noqa: F821, N802
        self.let_go.append(cookie)


def test_a_desktop_leaves_its_screen_on_for_as_long_as_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def go(address: str) -> None:
        bus = await MessageBus(bus_address=address).connect()
        desktop = Desktop()
        bus.export("/org/freedesktop/ScreenSaver", desktop)
        await bus.request_name("org.freedesktop.ScreenSaver")
        leave = threading.Event()

        def practise_() -> None:
            with kept_awake():
                leave.wait(60)

        practising = asyncio.create_task(asyncio.to_thread(practise_))
        async with asyncio.timeout(60):
            while not desktop.kept:
                await asyncio.sleep(0.01)
            assert desktop.kept == [f"coreg: {say('errors.awake.why')}"]
            assert desktop.let_go == []
            leave.set()
            while not desktop.let_go:
                await asyncio.sleep(0.01)
            assert desktop.let_go == [71]
            await practising
        bus.disconnect()

    with private_bus(OPEN_TO_ALL) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        asyncio.run(go(address))


@pytest.mark.parametrize("answers", ["no desktop", "no bus"])
def test_where_no_desktop_can_be_asked_a_practice_goes_on(
    answers: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with private_bus(OPEN_TO_ALL) as address:
        there = address if answers == "no desktop" else f"unix:path={tmp_path}/none"
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", there)
        with kept_awake():
            pass
