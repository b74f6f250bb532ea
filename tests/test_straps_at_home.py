"""Home and a practice with straps on the virtual air: found, shown, worn, kept.

The loop's time jumps (`coreg.testing.virtual_radio`), so minutes pass in no time.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from coreg.facts.both import Both
from coreg.facts.events import Notification, Partner, Press, Source
from coreg.sensors.decoding.heart_rate import decode, encode
from coreg.sensors.quirks.words import Trouble, sentence
from coreg.sensors.straps.radio import Radio
from coreg.session.replay import compare
from coreg.store.folder import data_folder
from coreg.store.reader import read_session
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import ADDRESSES, VirtualCouple, virtual_couple
from coreg.testing.virtual_radio.straps import POLAR, VirtualStrap, packets
from coreg.web.evening.state import Agreed, first_screen
from coreg.web.server.evening_service import EveningService
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.page import PageConnection
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.strap_scanner import MOST_STRAPS, StrapScanner
from coreg.web.wire.incoming import (
    Assign,
    Choose,
    Gate,
    Go,
    Message,
    Pressing,
    Start,
    Swap,
)
from coreg.web.wire.named import GateAnswer, Screen
from tests.helpers.evening_server import one_page, served
from tests.helpers.two_people import agree

A, B = Partner.A, Partner.B
FREE = Agreed(
    record=True,
    show_partner=True,
    heart_rhythm=False,
    see_doctor=False,
    find_pace=False,
    show_therapist=False,
)


@dataclass
class Home:
    """A house with one page that remembers what it was told."""

    service: EveningService
    page: PageConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def begin(self) -> None:
        """Begin a practice of two who each take a while to say that today is fine."""
        self.say(Start())
        for partner in Partner:
            await asyncio.sleep(10)
            self.say(Gate(partner=partner, answer=GateAnswer.YES))

    def say(self, message: Message) -> None:
        self.service.ask(message, self.page)

    def last(self, kind: str) -> dict[str, Any]:
        return next(each for each in reversed(self.heard) if each["type"] == kind)

    @property
    def straps(self) -> list[dict[str, Any]]:
        straps: list[dict[str, Any]] = self.last("hearts")["straps"]
        return straps

    @property
    def notices(self) -> list[str]:
        return [each["words"] for each in self.last("state")["notices"]]

    async def until(self, holds: Callable[[], bool], at_most_s: float = 120.0) -> None:
        async with asyncio.timeout(at_most_s):
            while not holds():
                await asyncio.sleep(0.25)

    async def screen(self, screen: Screen) -> None:
        await self.until(lambda: self.service.evening.screen is screen)

    async def both_seen(self) -> None:
        """Wait until both straps are given to somebody and their hearts are seen."""
        await self.until(
            lambda: [s["signal"] for s in self.straps if s["partner"]] == ["good"] * 2
        )

    async def listen(self) -> None:
        while (text := await self.page.next()) is not None:
            self.heard.append(json.loads(text))


@asynccontextmanager
async def at_home(
    couple: VirtualCouple, data: Path, named: tuple[str, ...] = (), **known: Any
) -> AsyncIterator[Home]:
    """Live in a house of two who agreed to everything, with one page open.

    `known` is what else this evening begins with.
    """
    folder, catalogue = data_folder(data), PracticeCatalogue()
    evening_store = EveningStore(folder)
    evening_store.keep_no_lock()
    evening = evening_store.evening(
        catalogue.names, source=Source.STRAPS, seed=1, speed=1.0
    )
    evening = first_screen(replace(evening, agreed=Both(FREE, FREE), **known))
    straps = StrapScanner(
        couple.radio, folder, remembered=lambda: evening_store.worn, named=named
    )
    service = EveningService(
        folder,
        evening_store=evening_store,
        evening=evening,
        at_home=straps,
        catalogue=catalogue,
        straight_to=None,
        lot=lambda: False,
    )
    home = Home(service=service, page=PageConnection())
    async with straps, service.living():
        listening = asyncio.create_task(home.listen())
        assert service.came(home.page)
        await asyncio.sleep(1.0)
        try:
            yield home
            await service.finish()
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening


def test_home_shows_both_straps_with_their_living_hearts_and_swaps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple:
            async with at_home(couple, tmp_path) as home:
                await home.both_seen()
                await asyncio.sleep(30)
                assert {each["id"]: each["partner"] for each in home.straps} == {
                    ADDRESSES[A]: "A",
                    ADDRESSES[B]: "B",
                }
                for each in home.straps:
                    assert each["model"] == "Polar Electro Oy H10"
                    # The heart's RR are 850 +- 60 ms and some noise: nothing jumps.
                    known = [jump for jump in each["jumps"] if jump is not None]
                    assert len(each["jumps"]) == 120
                    assert len(known) > 100
                    assert set(known) == {0.0}
                assert home.notices == []
                connects = couple.computer.attempts["connect"]
                home.say(Swap())
                await asyncio.sleep(1)
                assert {each["id"]: each["partner"] for each in home.straps} == {
                    ADDRESSES[A]: "B",
                    ADDRESSES[B]: "A",
                }
                assert couple.computer.attempts["connect"] == connects == 2
            assert not couple.computer.device.connections  # all is let go

    run_in_no_time(scene(), monkeypatch)


def test_nobody_begins_while_a_strap_that_was_there_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays one's own, and shown, for a minute; its heart does not arrive."""

    def arriving(home: Home) -> list[bool]:
        return [each["arrives"] for each in home.straps]

    async def scene() -> None:
        async with virtual_couple() as couple, at_home(couple, tmp_path) as home:
            await home.both_seen()
            assert arriving(home) == [True, True]
            await couple.straps[A].take_off()
            await couple.straps[B].take_off()
            await home.until(lambda: arriving(home) == [False, False])
            assert [each["partner"] for each in home.straps] == ["A", "B"]
            home.say(Start())
            await asyncio.sleep(1)
            assert home.service.evening.screen is Screen.HOME
            assert home.last("refused")["why"] == "two-hearts"
            await couple.straps[A].put_on()
            await couple.straps[B].put_on()
            await home.until(lambda: arriving(home) == [True, True])
            await home.begin()
            await home.screen(Screen.ARRIVE)

    run_in_no_time(scene(), monkeypatch)


@asynccontextmanager
async def another(
    couple: VirtualCouple,
    number: int,
    heart: Iterator[bytes],
    battery_percent: int = 80,
) -> AsyncIterator[VirtualStrap]:
    """Put on one more strap."""
    strap = VirtualStrap(
        couple.air,
        name=f"Polar H10 C{number}",
        address=f"C0:00:00:00:01:{number:02X}",
        heart=heart,
        about={**POLAR, 0x2A25: f"{number:08}".encode()},
        battery_percent=battery_percent,
    )
    await strap.put_on()
    try:
        yield strap
    finally:
        await strap.take_off()


def test_of_three_straps_none_is_anybodys_until_the_couple_picks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with (
            virtual_couple() as couple,
            another(couple, 1, packets(5)) as third,
            at_home(couple, tmp_path) as home,
        ):
            await home.until(
                lambda: [each["signal"] for each in home.straps] == ["good"] * 3
            )
            assert {each["partner"] for each in home.straps} == {None}
            home.say(Assign(strap_id=third.address, partner=B))
            home.say(Assign(strap_id=ADDRESSES[B], partner=A))
            await asyncio.sleep(1)
            worn = {each["id"]: each["partner"] for each in home.straps}
            assert worn == {ADDRESSES[A]: None, ADDRESSES[B]: "A", third.address: "B"}

    run_in_no_time(scene(), monkeypatch)


def test_no_more_than_six_straps_are_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple:
            others = [another(couple, number, packets(number)) for number in range(6)]
            for each in others:
                await each.__aenter__()
            async with at_home(couple, tmp_path) as home:
                await asyncio.sleep(120)
                assert len(home.straps) == MOST_STRAPS
            for each in others:
                await each.__aexit__(None, None, None)

    run_in_no_time(scene(), monkeypatch)


async def practise(home: Home, seconds: float) -> None:
    """Start a short practice, let it run into the breathing, and be there."""
    chosen = Choose(
        practice="relaxed-and-alert", minutes=2.0, length=None, without_breathing=False
    )
    home.say(chosen)
    await home.begin()
    await home.screen(Screen.ARRIVE)
    await asyncio.sleep(seconds)


async def finish(home: Home) -> Path:
    home.say(Pressing(press=Press.FINISH))
    await home.screen(Screen.LOOK_BACK)
    return home.service.recorded[-1]


def test_a_swapped_practice_keeps_its_straps_and_is_replayed_identically(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> tuple[Path, dict[Partner, set[bytes]]]:
        async with virtual_couple() as couple:
            async with at_home(couple, tmp_path) as home:
                await home.both_seen()
                home.say(Swap())
                await practise(home, 5.0)
                attempts = couple.computer.attempts.copy()
                await asyncio.sleep(120)
                assert couple.computer.attempts == attempts  # no search, no connecting
                assert attempts["connect"] == 2
                assert home.last("state")["straps"] == []
                path = await finish(home)
                await home.service.all_kept()
            sent = {
                partner: {data for _, data in strap.sent}
                for partner, strap in couple.straps.items()
            }
            async with at_home(couple, tmp_path) as home:  # on another evening
                await home.both_seen()
                worn = {each["id"]: each["partner"] for each in home.straps}
                assert worn == {ADDRESSES[A]: "B", ADDRESSES[B]: "A"}
                assert [each["partner"] for each in home.straps] == ["A", "B"]
        return path, sent

    path, sent = run_in_no_time(scene(), monkeypatch)
    session = read_session(path)
    facts = [each.fact for each in session.events]
    opened = session.opened
    assert opened.couple.source is Source.STRAPS
    assert opened.straps.streams == ("Polar Electro Oy H10",) * 2
    assert opened.straps.latency_s == (2.6, 2.6)  # doi 10.1088/1361-6579/adece4
    assert opened.straps.lag_resolution_s == 0.5
    heard = {
        partner: [
            each.data
            for each in facts
            if isinstance(each, Notification) and each.partner is partner
        ]
        for partner in Partner
    }
    for partner, strap in ((A, B), (B, A)):  # each wore the strap named after the other
        assert len(heard[partner]) > 100
        assert set(heard[partner]) <= sent[strap]
    compared = compare(facts, is_whole=True)
    assert compared.difference == ""
    assert compared.features > 100


def test_a_practice_says_why_a_strap_is_missed_and_that_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple, at_home(couple, tmp_path) as home:
            await home.both_seen()
            await practise(home, 10.0)
            assert home.notices == []
            couple.computer.turn_off()
            # It is the computer's, not either strap's: said once for both.
            off = sentence(Trouble.OFF)
            await home.until(lambda: home.notices == [off], at_most_s=60)
            couple.computer.turn_on()
            await home.until(lambda: home.notices == [], at_most_s=60)
            await finish(home)

    run_in_no_time(scene(), monkeypatch)


def test_without_bluetooth_home_says_so_and_goes_on_by_itself_once_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple:
            couple.computer.turn_off()
            async with at_home(couple, tmp_path) as home:
                await home.until(lambda: home.notices != [])
                assert home.notices == [sentence(Trouble.OFF)]
                assert home.straps == []
                home.say(Go(screen=Screen.EVENINGS))
                await home.until(lambda: home.notices == [])  # not there
                scans = couple.computer.attempts["scan"]
                await asyncio.sleep(60)
                assert couple.computer.attempts["scan"] <= scans + 1
                home.say(Go(screen=Screen.HOME))
                await home.until(lambda: home.notices != [])
                couple.computer.turn_on()
                await home.both_seen()
                assert home.notices == []

    run_in_no_time(scene(), monkeypatch)


def test_where_nothing_is_found_home_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple:
            for strap in couple.straps.values():
                couple.air.walk_away(strap.address)
            async with at_home(couple, tmp_path) as home:
                await home.until(lambda: home.notices != [])
                assert home.notices == [sentence(Trouble.NOTHING_FOUND)]

    run_in_no_time(scene(), monkeypatch)


def without_contact(heart: Iterator[bytes]) -> Iterator[bytes]:
    for packet in heart:
        yield encode(replace(decode(packet), contact=False))


def without_rr(heart: Iterator[bytes]) -> Iterator[bytes]:
    for packet in heart:
        yield encode(replace(decode(packet), rr_ms=()))


def test_home_says_of_each_strap_how_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with (
            virtual_couple() as couple,
            another(couple, 1, without_contact(packets(5))) as dry,
            another(couple, 2, without_rr(packets(6))) as poor,
            another(couple, 3, packets(7), battery_percent=10) as low,
            at_home(couple, tmp_path) as home,
        ):
            await asyncio.sleep(90)
            said = {each["id"]: (each["signal"], each["words"]) for each in home.straps}
            assert said[ADDRESSES[A]] == ("good", "Good contact.")
            assert said[dry.address][0] == "dry"
            assert "touching your skin" in said[dry.address][1]
            assert said[poor.address][0] == "searching"
            assert "only an average" in said[poor.address][1]
            assert said[low.address][0] == "good"
            assert "battery is low" in said[low.address][1]
            couple.straps[A].is_silent = True
            await asyncio.sleep(7)
            at_a = next(each for each in home.straps if each["id"] == ADDRESSES[A])
            assert (at_a["signal"], at_a["arrives"]) == ("silent", False)
            assert "The strap has gone quiet" in at_a["words"]
            couple.air.walk_away(ADDRESSES[B])
            await asyncio.sleep(20)
            at_b = next(each for each in home.straps if each["id"] == ADDRESSES[B])
            assert (at_b["signal"], at_b["arrives"]) == ("searching", False)
            assert "Move closer" in at_b["words"]
            couple.air.come_back(ADDRESSES[B])

    run_in_no_time(scene(), monkeypatch)


def test_a_strap_that_went_home_is_forgotten_and_comes_back_to_its_wearer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple, at_home(couple, tmp_path) as home:
            await home.both_seen()
            couple.air.walk_away(ADDRESSES[A])
            await asyncio.sleep(120)
            assert [each["id"] for each in home.straps] == [ADDRESSES[B]]
            home.say(Start())
            await asyncio.sleep(1)
            assert home.last("refused")["why"] == "two-hearts"
            couple.air.come_back(ADDRESSES[A])
            await home.both_seen()
            assert {e["id"]: e["partner"] for e in home.straps}[ADDRESSES[A]] == "A"

    run_in_no_time(scene(), monkeypatch)


def test_named_straps_are_given_to_those_they_were_named_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with (
            virtual_couple() as couple,
            another(couple, 1, packets(5)) as third,
            at_home(couple, tmp_path, named=("c1", ":0a")) as home,
        ):
            await home.both_seen()
            worn = {each["id"]: each["partner"] for each in home.straps}
            assert worn == {third.address: "A", ADDRESSES[A]: "B", ADDRESSES[B]: None}

    run_in_no_time(scene(), monkeypatch)


@pytest.mark.skipif(sys.platform != "linux", reason="only there is there a bus to miss")
def test_over_the_websocket_a_computer_without_bluetooth_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")

    async def go() -> None:
        async with (
            StrapScanner(Radio(), tmp_path, remembered=dict, named=()) as straps,
            one_page(served(tmp_path, at_home=straps)) as one,
        ):
            await one.say("names", A="Ada", B="Bo")
            for partner in "AB":
                await one.turn(partner)
                await agree(one, partner)
            told = await one.state_when(lambda state: bool(state["notices"]))
        assert told["screen"] == "home"
        (words,) = [each["words"] for each in told["notices"]]
        assert words.startswith("The Bluetooth service is not running.")
        # Nobody there sees a command line; `coreg doctor` is for those who do.
        assert not any(each in words for each in ("--", "sudo", "systemctl"))

    asyncio.run(go())
