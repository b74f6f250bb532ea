"""Two straps as a session's hearts: strictly in order, whatever comes whenever."""

import asyncio
import io
import json
import sys
import webbrowser
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from coreg.base import clock
from coreg.cli import main
from coreg.cli.progress import Progress
from coreg.cli.strap_hearts import strap_hearts
from coreg.errors import RadioError
from coreg.facts.events import (
    NS_PER_S,
    BatteryRead,
    Input,
    Link,
    LinkChanged,
    Notification,
    Partner,
    Press,
    Pressed,
    Source,
    Stream,
    StreamPacket,
    StreamStarted,
    Tick,
)
from coreg.sensors.decoding.polar_control import Status
from coreg.sensors.straps.choice import the_named, the_two
from coreg.sensors.straps.radio import FoundStrap
from coreg.session.live import Presses, practise
from coreg.session.strap_source import StrapSource
from coreg.store.calibrations import StrapPair, keep_strap_pair
from coreg.store.plans import plan_text
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import ADDRESSES, virtual_couple
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED

A, B = Partner.A, Partner.B


async def some(source: StrapSource, seconds: float) -> list[Input]:
    """Return a session's inputs of so many seconds."""
    seen: list[Input] = []
    inputs: AsyncIterator[Input] = source.inputs()
    async for each in inputs:
        seen.append(each)
        if each.t_ns >= seconds * NS_PER_S:
            return seen
    return seen


def test_a_session_begins_with_what_is_known_and_counts_from_its_own_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> list[Input]:
        async with virtual_couple() as couple, couple.pair() as pair:
            await pair.until_streaming(30.0)
            await asyncio.sleep(100)
            return await some(pair.source(), 10.0)

    seen = run_in_no_time(scene(), monkeypatch)
    assert seen[:4] == [
        LinkChanged(t_ns=0, partner=A, link=Link.STREAMING, detail=""),
        BatteryRead(t_ns=0, partner=A, percent=80),
        LinkChanged(t_ns=0, partner=B, link=Link.STREAMING, detail=""),
        BatteryRead(t_ns=0, partner=B, percent=80),
    ]
    assert [each.t_ns for each in seen if isinstance(each, Tick)] == [
        number * NS_PER_S // 4 for number in range(41)
    ]
    packets = [each for each in seen if isinstance(each, Notification)]
    assert {each.partner for each in packets} == {A, B}
    assert 18 <= len(packets) <= 22


@given(
    stalls=st.lists(
        st.tuples(st.floats(0.01, 3.0), st.floats(0.0, 2.0)), min_size=1, max_size=8
    )
)
@settings(max_examples=10)
def test_inputs_are_strictly_in_order_however_the_computer_stalls(
    stalls: list[tuple[float, float]],
) -> None:
    """A stall: the clock goes on, and the loop hears of it later."""
    patch = pytest.MonkeyPatch()
    ahead_ns = 0

    async def scene() -> list[Input]:
        nonlocal ahead_ns
        running_ns = clock.monotonic_ns
        with patch.context() as inner:
            inner.setattr(clock, "monotonic_ns", lambda: running_ns() + ahead_ns)
            async with virtual_couple() as couple, couple.pair() as pair:
                await pair.until_streaming(30.0)
                taking = asyncio.create_task(some(pair.source(), 30.0))
                for wait_s, stall_s in stalls:
                    await asyncio.sleep(wait_s)
                    ahead_ns += round(stall_s * NS_PER_S)
                return await taking

    seen = run_in_no_time(scene(), patch)
    times = [each.t_ns for each in seen]
    assert times == sorted(times)
    ticks = [each.t_ns for each in seen if isinstance(each, Tick)]
    assert ticks == [number * NS_PER_S // 4 for number in range(len(ticks))]


def test_hours_asleep_do_not_come_back_as_ticks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ahead_ns = 0

    async def scene() -> list[Input]:
        nonlocal ahead_ns
        running_ns = clock.monotonic_ns
        with monkeypatch.context() as inner:
            inner.setattr(clock, "monotonic_ns", lambda: running_ns() + ahead_ns)
            async with virtual_couple() as couple, couple.pair() as pair:
                await pair.until_streaming(30.0)
                taking = asyncio.create_task(some(pair.source(), 8 * 3600.0))
                await asyncio.sleep(10)
                ahead_ns += 8 * 3600 * NS_PER_S
                return await taking

    seen = run_in_no_time(scene(), monkeypatch)
    assert seen[-1].t_ns >= 8 * 3600 * NS_PER_S
    assert len(seen) < 500


def test_a_press_takes_effect_within_a_quarter_of_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> tuple[float, float]:
        async with virtual_couple() as couple, couple.pair() as pair:
            await pair.until_streaming(30.0)
            presses, loop = Presses(), asyncio.get_running_loop()
            taken: list[Pressed] = []

            def listen(each: Input, _outputs: object) -> None:
                if isinstance(each, Pressed):
                    taken.append(each)

            opened = changed(OPENED, plan_toml=plan_text("relaxed-and-alert"))
            start_s = loop.time()
            session = asyncio.create_task(
                practise(opened, pair.source(), _Nothing(), presses, [listen])
            )
            await asyncio.sleep(10.1)
            pressed_s = loop.time() - start_s
            presses.press(Press.FINISH)
            await session
            return pressed_s, taken[0].t_ns / NS_PER_S

    pressed_s, taken_s = run_in_no_time(scene(), monkeypatch)
    assert 0 <= taken_s - pressed_s <= 0.25


class _Nothing:
    def append(self, fact: object, t_ns: int) -> None:
        """Keep nothing."""


def test_the_hub_knows_the_straps_before_a_session_and_regains_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple, couple.pair() as pair:
            assert pair.state(A).link is Link.SEARCHING
            await pair.until_streaming(30.0)
            state = pair.state(A)
            assert (state.hr_bpm, state.battery_percent) == (71, 80)
            assert state.model == "Polar Electro Oy H10"
            assert state.identity == "Polar H10 A 12345678"
            await couple.straps[A].drop_link()
            await asyncio.sleep(1)
            lost = pair.state(A)
            assert (lost.link, lost.hr_bpm) == (Link.LOST, 0)
            assert "Move closer" in lost.words
            await asyncio.sleep(20)
            assert pair.state(A).link is Link.STREAMING
        assert not couple.computer.device.connections  # and both are let go

    run_in_no_time(scene(), monkeypatch)


def test_a_practice_finds_the_two_straps_and_what_is_known_of_their_delays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keep_strap_pair(
        tmp_path,
        StrapPair(
            a="Polar H10 A 12345678",
            b="Polar H10 B 12345678",
            difference_s=0.3,
            uncertainty_s=0.05,
            measured_utc="2026-01-01T00:00:00+00:00",
        ),
    )

    async def scene() -> None:
        async with virtual_couple() as couple:
            async with strap_hearts((), tmp_path, couple.radio) as hearts:
                assert hearts.kind is Source.STRAPS
                assert hearts.streams == ("Polar Electro Oy H10",) * 2
                a_s, b_s = hearts.delays.latency_s
                assert a_s - b_s == pytest.approx(0.3)
            async with strap_hearts((":0b", "h10 a"), tmp_path, couple.radio) as hearts:
                a_s, b_s = hearts.delays.latency_s
                assert a_s - b_s == pytest.approx(-0.3)  # they were named the other way
            with pytest.raises(RadioError, match=r"ZZ was not found .*Polar H10 A"):
                async with strap_hearts(("ZZ", ":0B"), tmp_path, couple.radio):
                    pass

    run_in_no_time(scene(), monkeypatch)


def test_a_strap_without_beats_is_named_when_patience_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple:
            couple.straps[B].is_silent = True
            async with couple.pair() as pair:
                with pytest.raises(
                    RadioError, match="Polar H10 B isn’t sending heartbeats"
                ):
                    await pair.until_streaming(60.0)

    run_in_no_time(scene(), monkeypatch)


def strap(name: str, address: str) -> FoundStrap:
    return FoundStrap(
        name=name, address=address, rssi_dbm=-60, is_in_use=False, services=()
    )


ONE = strap("Polar H10 1A2B3C4D", ADDRESSES[A])
TWO = strap("Movesense 0123", ADDRESSES[B])


def test_the_only_two_straps_are_a_and_b_the_same_way_every_evening() -> None:
    assert the_two([TWO, ONE]) == the_two([ONE, TWO]) == {A: ONE, B: TWO}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], "Wet the pads"),
        ([ONE], "found 1: Polar H10 1A2B3C4D"),
        ([ONE, TWO, strap("third", "00")], "--straps A B"),
    ],
    ids=["none", "one", "three"],
)
def test_without_two_straps_it_says_what_was_found(
    found: list[FoundStrap], words: str
) -> None:
    with pytest.raises(RadioError) as raised:
        the_two(found)
    assert words in str(raised.value)


def test_straps_are_named_by_how_their_address_or_name_ends() -> None:
    assert the_named([ONE, TWO], "0123", ":0a") == {A: TWO, B: ONE}
    for a, b, words in [
        ("0123", "0b", "same strap"),
        ("0123", "XX", "was not found"),
        ("0123", "", "fits 2 straps"),
    ]:
        with pytest.raises(RadioError, match=words):
            the_named([ONE, TWO], a, b)


@pytest.mark.parametrize(
    "command",
    [
        ("straps",),
        ("straps", "--json"),
        ("doctor",),
        ("calibrate", "1A2B", "3C4D"),
        ("practice", "--headless"),
        ("practice", "--headless", "--straps", "1A2B", "3C4D"),
    ],
    ids=" ".join,
)
def test_without_bluetooth_it_says_so_and_what_to_do(
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Neither bus nor Bluetooth, also where the tests run on a machine that has them.
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    monkeypatch.setenv("COREG_DATA_DIR", str(tmp_path))
    assert main(command) == 1
    if sys.platform == "linux":
        said = "".join(capsys.readouterr())
        assert "The Bluetooth service is not running." in said
        assert "systemctl start bluetooth" in said


def test_the_doctor_also_speaks_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    assert main(["doctor", "--json", "--data-dir", str(tmp_path)]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {each["what"]: each["is_well"] for each in findings}["storage"] is True


def findings(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    main(["doctor", "--json", "--data-dir", str(folder)])
    said = json.loads(capsys.readouterr().out)["findings"]
    return {each["what"]: each for each in said}


def test_the_doctor_looks_for_a_browser_and_a_port_for_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")

    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", object)
    well = findings(tmp_path, capsys)
    assert well["browser"]["is_well"]
    assert well["port"]["is_well"]
    assert "free port" in well["port"]["words"]
    monkeypatch.setattr(webbrowser, "get", none)
    ill = findings(tmp_path, capsys)
    assert not ill["browser"]["is_well"]
    assert "--no-browser" in ill["browser"]["words"]


def test_a_command_that_gives_up_does_not_say_that_it_carries_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> str:
        async with virtual_couple() as couple:
            couple.computer.turn_off()
            async with couple.pair() as pair:
                with pytest.raises(RadioError) as given_up:
                    await pair.until_streaming(20.0)
        return str(given_up.value)

    assert run_in_no_time(scene(), monkeypatch) == (
        "Polar H10 A isn’t sending heartbeats. Bluetooth is off. Turn it on, then try "
        "again."
    )


def test_a_terminal_reads_once_that_a_strap_is_quiet_and_again_once_it_was_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A silent strap is connected to anew and again: five times in 40 s."""

    async def scene() -> str:
        out = io.StringIO()
        progress = Progress(out)
        async with virtual_couple() as couple, couple.pair() as pair:
            await pair.until_streaming(30.0)
            opened = changed(OPENED, plan_toml=plan_text("relaxed-and-alert"))
            session = asyncio.create_task(
                practise(opened, pair.source(), _Nothing(), Presses(), [progress])
            )
            for quiet_s in (40, 15):
                await asyncio.sleep(20)
                couple.straps[A].is_silent = True
                await asyncio.sleep(quiet_s)
                couple.straps[A].is_silent = False
            await asyncio.sleep(20)
            session.cancel()
            await asyncio.wait([session])
        return out.getvalue()

    lines = run_in_no_time(scene(), monkeypatch).splitlines()
    quiet = [each for each in lines if "The strap has gone quiet." in each]
    assert len(quiet) == 2
    assert all(" A: " in each for each in quiet)


def test_what_is_to_be_measured_is_under_way_before_the_session_and_said_if_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = frozenset(Stream)

    async def main() -> None:
        async with virtual_couple(measures_more=True) as couple:
            plain = couple.straps[B].polar
            assert plain is not None
            plain.refuses = Status.IN_CHARGER
            async with strap_hearts(
                (), tmp_path, couple.radio, streams=wanted
            ) as hearts:
                heard = []
                async with asyncio.timeout(20):
                    async for given in hearts.source.inputs():
                        heard.append(given)
                        if given.t_ns > 10 * NS_PER_S:
                            break
        started = [each for each in heard if isinstance(each, StreamStarted)]
        assert {(each.partner, each.stream, each.t_ns) for each in started} == {
            (A, Stream.ECG, 0),
            (A, Stream.ACCELERATION, 0),
        }
        assert any(isinstance(each, StreamPacket) for each in heard)

    run_in_no_time(main(), monkeypatch)
    said = capsys.readouterr().err
    assert "B’s strap sends no ECG. The strap is in its charger" in said
    assert "A’s strap" not in said


def test_what_a_strap_cannot_measure_is_said_in_whole_sentences(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def main() -> None:
        async with (
            virtual_couple() as couple,
            strap_hearts((), tmp_path, couple.radio, streams=frozenset(Stream)),
        ):
            pass

    run_in_no_time(main(), monkeypatch)
    said = capsys.readouterr().err.splitlines()
    for partner in Partner:
        assert f"No ECG comes from {partner}’s strap." in said
        assert f"No movement of the chest comes from {partner}’s strap." in said
