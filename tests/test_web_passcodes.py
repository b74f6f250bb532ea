"""One's own door on the pages: what a passcode opens, to whom, and for how long."""

import asyncio
import datetime as dt
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from coreg.base.clock import utc_now
from coreg.errors import StorageUnusable
from coreg.facts.events import Partner, Source
from coreg.store.audit import What
from coreg.store.library_db import (
    HARDER_UNTIL,
    RESTS_AS_SAID,
    RESTS_UNTIL,
    Library,
    Purpose,
)
from coreg.store.own_things import OwnThings
from coreg.store.passcode import new_key
from coreg.web.evening.effects import EraseAtEnd
from coreg.web.server.console import Console
from coreg.web.server.evening_store import ERASE_AT_END, EveningStore
from coreg.web.server.own_access import UNLOCKED_FOR_S, OwnAccess
from coreg.web.server.page import PageConnection
from coreg.web.wire.of_own import (
    ChoosePasscode,
    DeleteOwnLine,
    EnterPasscode,
    ReadOwnLines,
)
from coreg.web.wire.outgoing import RefusedTold, Taken
from coreg.web.words import say
from tests.helpers.evening_server import (
    CHEAP,
    LATE_S,
    NOW,
    PageClient,
    Served,
    entered,
    page,
)
from tests.helpers.once import folder_once_a_run
from tests.helpers.two_people import (
    PASSCODES,
    YES,
    agree,
    evening_of_two,
    first_use,
    said_before,
    sessions,
    unlock,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Two pages of two people, and an evening that lies behind them."""

    at: Served
    headers: dict[str, str]
    one: PageClient
    other: PageClient
    session_id: str

    async def get(self, whose: str, ticket: str) -> httpx.Response:
        async with httpx.AsyncClient(headers=self.headers, timeout=LATE_S) as client:
            path = f"/evenings/{self.session_id}/{whose}"
            return await client.get(self.at.origin + path, params={"ticket": ticket})


# Time goes on, and a strap's line and signal with it, whatever anybody does.
MOVES_BY_ITSELF = {"server_s", "straps"}


def evening(data: Path) -> AbstractAsyncContextManager[Served]:
    return evening_of_two(data)


@pytest.fixture(scope="session")
def behind_us(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of two people with one evening in it, lived once."""

    def lived(folder: Path) -> None:
        async def go() -> None:
            async with (
                evening(folder / "data") as at,
                page(at, await entered(at)) as one,
            ):
                await an_evening(one)

        asyncio.run(go())

    folder = folder_once_a_run("behind-us", lived, tmp_path_factory.mktemp)
    return folder / "data"


async def an_evening(one: PageClient) -> None:
    await first_use(one)
    await one.begin(said_before)
    await one.screen("words")
    await one.say("press", press="next")
    await one.screen("look-back")


@pytest.fixture
def data(behind_us: Path, tmp_path: Path) -> Path:
    """That evening, to be gone on from."""
    return Path(shutil.copytree(behind_us, tmp_path / "data"))


def at_home(data: Path, what: Callable[[Home], Awaitable[None]]) -> None:
    """Come home to an evening that lies behind them, with two pages open."""

    async def go() -> None:
        async with evening(data) as at:
            headers = await entered(at)
            async with page(at, headers) as one, page(at, headers) as other:
                await one.screen("home")
                await other.screen("home")
                (path,) = sessions(data)
                home = Home(
                    at=at,
                    headers=headers,
                    one=one,
                    other=other,
                    session_id=path.stem,
                )
                await what(home)

    asyncio.run(go())


async def begun(one: PageClient) -> None:
    """Put the straps on and begin another practice."""
    for partner in "AB":
        await one.say("assign", strap_id=f"simulated-{partner}", partner=partner)
    await one.begin()
    await one.screen("arrive")


def told_all(home: Home) -> str:
    return "".join(home.other.raw)


async def drained(one: PageClient) -> None:
    """Hear all that was told until now."""
    await one.say("ping", id=9)
    await one.until(lambda m: m["type"] == "pong")


def test_what_one_wrote_comes_back_to_that_one_and_to_nobody_else(
    data: Path,
) -> None:
    async def what(home: Home) -> None:
        refused = await home.one.ask("own-lines", partner="A")
        assert refused["why"] == "locked"
        await unlock(home.one, "A")
        answer = await home.one.ask("own-lines", partner="A")
        written = {line["block"]: line["text"] for line in answer["own"]["lines"]}
        assert written == {"question": "secret A before", "before": None}
        (rating,) = [line for line in answer["own"]["lines"] if line["text"] is None]
        rated = (rating["at_ease"], rating["wide_awake"], rating["myself"])
        assert (rated, rating["awake"]) == ((7, 8, 8), None)
        for page_, partner in ((home.one, "B"), (home.other, "A"), (home.other, "B")):
            refused = await page_.ask("own-lines", partner=partner)
            assert (refused["type"], refused["why"]) == ("refused", "locked")
        assert "secret" not in told_all(home)

    at_home(data, what)


def test_a_line_is_changed_and_deleted_where_it_is_shown(data: Path) -> None:
    async def what(home: Home) -> None:
        await unlock(home.one, "B")
        lines = (await home.one.ask("own-lines", partner="B"))["own"]["lines"]
        (words,) = [line for line in lines if line["text"] is not None]
        number = words["number"]
        changed = {"partner": "B", "number": number, "text": "calm now"}
        told = (await home.one.ask("change-own-line", **changed))["own"]["lines"]
        assert [line["text"] for line in told if line["text"]] == ["calm now"]
        empty = await home.one.ask("change-own-line", **{**changed, "text": ""})
        assert empty["why"] == "no-such-line"
        gone = await home.one.ask("delete-own-line", partner="B", number=number)
        assert [line["text"] for line in gone["own"]["lines"]] == [None]
        again = await home.one.ask("delete-own-line", partner="B", number=number)
        assert again["why"] == "no-such-line"
        for each in ("change-own-line", "delete-own-line"):
            fields = changed if each == "change-own-line" else {"number": number}
            refused = await home.other.ask(each, **{**fields, "partner": "B"})
            assert refused["why"] == "locked"

    at_home(data, what)


def test_an_own_page_opens_with_its_owners_ticket_alone(data: Path) -> None:
    async def what(home: Home) -> None:
        ticket = await unlock(home.one, "A")
        opened = await home.get("A", ticket)
        assert opened.status_code == 200
        assert "Relaxed and alert" in opened.text
        for whose, given in (("B", ticket), ("A", ""), ("A", "x"), ("page", ticket)):
            assert (await home.get(whose, given)).status_code == 403, (whose, given)
        await home.one.say("lock-again")
        await drained(home.one)
        closed = await home.get("A", ticket)
        assert closed.status_code == 403
        assert say("not-unlocked") in closed.text

    at_home(data, what)


def test_whoever_comes_next_locks_what_was_open(data: Path) -> None:
    async def what(home: Home) -> None:
        of_a = await unlock(home.one, "A")
        of_b = await unlock(home.one, "B")
        assert (await home.get("A", of_a)).status_code == 403
        assert (await home.get("B", of_b)).status_code == 200
        async with page(home.at, home.headers) as third:
            on_third = await unlock(third, "A")
            assert (await home.get("A", on_third)).status_code == 200
        for _ in range(100):  # its goodbye takes a moment to be heard
            if (await home.get("A", on_third)).status_code == 403:
                return
        raise AssertionError("a page that is gone still unlocks")

    at_home(data, what)


def test_a_practice_locks_everything(data: Path) -> None:
    async def what(home: Home) -> None:
        ticket = await unlock(home.other, "A")
        await begun(home.one)
        assert (await home.get("A", ticket)).status_code == 403
        refused = await home.other.ask("own-lines", partner="A")
        assert refused["why"] == "locked"

    at_home(data, what)


def test_five_wrong_ones_slow_down_on_every_page_and_after_a_restart(
    data: Path,
) -> None:
    asked = {"partner": "A", "passcode": "0815"}

    async def what(home: Home) -> None:
        for number, one in enumerate([home.one, home.other] * 2 + [home.one]):
            refused = await one.ask("enter-passcode", **asked)
            assert refused["why"] == "passcode-wrong"
            assert (refused["wait_s"] > 0) is (number == 4)
        right = {"partner": "A", "passcode": PASSCODES["A"]}
        refused = await home.other.ask("enter-passcode", **right)
        assert refused["why"] == "passcode-wait"
        assert 30 < refused["wait_s"] <= 60
        await unlock(home.other, "B")  # who has tried nothing is not slowed down

    at_home(data, what)

    async def again() -> None:
        async with evening(data) as at, page(at, await entered(at)) as one:
            refused = await one.ask("enter-passcode", **asked)
            assert refused["why"] == "passcode-wait"

    asyncio.run(again())


def test_whoever_comes_back_hears_that_somebody_tried(data: Path) -> None:
    async def what(home: Home) -> None:
        for _ in range(2):
            wrong = {"partner": "A", "passcode": "0815"}
            await home.other.ask("enter-passcode", **wrong)
        right = {"partner": "A", "passcode": PASSCODES["A"]}
        answer = await home.one.ask("enter-passcode", **right)
        assert answer["unlocked"]["wrong_tries"] == 2

    at_home(data, what)


# --- consent behind it ----------------------------------------------------------


def test_what_somebody_agreed_to_is_behind_their_passcode(data: Path) -> None:
    async def what(home: Home) -> None:
        one = home.one
        await one.say("go", screen="consent", partner="A")
        await one.screen("consent")
        assert (await one.ask("own-consent", partner="A"))["why"] == "locked"
        no = {**YES, "partner": "A", "record": False}
        assert (await one.ask("consent", **no))["why"] == "locked"
        not_now = {**YES, "partner": "A", "choice": "not-now"}
        assert (await one.ask("consent", **not_now))["why"] == "locked"
        await unlock(one, "B")
        assert (await one.ask("own-consent", partner="A"))["why"] == "locked"
        await unlock(one, "A")
        agreed = (await one.ask("own-consent", partner="A"))["agreed"]
        assert agreed["record"] is True
        assert (await home.other.ask("own-consent", partner="A"))["why"] == "locked"
        assert (await one.ask("consent", **no))["type"] == "taken"
        # It is locked again by itself: the page is handed on.
        assert (await one.ask("own-lines", partner="A"))["why"] == "locked"

    at_home(data, what)
    assert not Library(data).person(Partner.A).agrees(Purpose.RECORD)


def test_everybody_has_a_passcode_before_they_say_yes_or_no(tmp_path: Path) -> None:
    """Else that somebody has none would tell that they said no."""

    async def go() -> None:
        async with evening(tmp_path) as at, page(at, await entered(at)) as one:
            await one.screen("welcome")
            await one.say("names", A="Ada", B="Bo")
            await one.turn("A")
            no = {**YES, "partner": "A", "choice": "not-now"}
            for kind, said in (
                ("own-consent", {"partner": "A"}),
                ("consent", {"partner": "A", **YES}),
                ("consent", no),
            ):
                assert (await one.ask(kind, **said))["why"] == "passcode-first"
            chosen = {"partner": "A", "passcode": PASSCODES["A"]}
            await one.ask("choose-passcode", **chosen)
            answer = await one.ask("own-consent", partner="A")
            assert (answer["type"], answer["agreed"]) == ("taken", None)
            assert (await one.ask("consent", **no))["type"] == "taken"
            assert one.state["turn"] == "B"
            await agree(one, "B")
            await one.screen("not-yet")

    asyncio.run(go())


def test_a_forgotten_passcode_is_erased_with_its_things_and_shows_nowhere(
    data: Path,
) -> None:
    async def what(home: Home) -> None:
        await drained(home.other)
        before = home.other.state
        forgotten = {"partner": "A", "confirm": "erase"}
        answer = await home.one.ask("forget-passcode", **forgotten)
        assert answer["type"] == "taken"
        await drained(home.other)
        after = home.other.state
        assert after["couple"]["A"] == {
            "name": "Ada",
            "passcode_utc": None,
            "renamed_utc": None,
            "before": None,
        }
        changed = {key for key in after if after[key] != before[key]}
        assert changed <= {"couple"} | MOVES_BY_ITSELF
        stranger = {"partner": "A", "passcode": "9274"}
        answer = await home.one.ask("choose-passcode", **stranger)
        assert answer["type"] == "taken"
        assert (await home.one.ask("own-lines", partner="A"))["own"]["lines"] == []
        opened = answer["unlocked"]["ticket"]
        assert (await home.get("A", opened)).status_code == 403  # nor a heart of before
        await unlock(home.other, "B")
        lines = (await home.other.ask("own-lines", partner="B"))["own"]["lines"]
        assert [line["text"] for line in lines] == ["secret B before", None]

    at_home(data, what)
    library = Library(data)
    assert not library.person(Partner.A).has_agreed
    assert library.person(Partner.B).has_agreed


def test_everything_of_somebody_takes_that_ones_passcode_to_erase(data: Path) -> None:
    erase = {"what": "partner", "partner": "A", "session_id": None, "confirm": "erase"}

    async def what(home: Home) -> None:
        one = home.one
        await one.say("go", screen="settings")
        await one.screen("settings")
        assert (await one.ask("erase", **erase))["why"] == "locked"
        await unlock(one, "B")  # no other one opens it
        assert (await one.ask("erase", **erase))["why"] == "locked"
        await unlock(home.other, "A")  # nor A's own, on another page
        assert (await one.ask("erase", **erase))["why"] == "locked"
        assert Library(data).own.has_passcode(Partner.A)
        await unlock(one, "A")
        assert (await one.ask("erase", **erase))["type"] == "taken"

    at_home(data, what)
    library = Library(data)
    assert not library.own.has_passcode(Partner.A)
    told = [each for each in library.audit.lines() if each.what is What.ERASED]
    assert [each.whose for each in told] == ["A"]  # who proved to be that one


def test_without_a_passcode_the_log_says_where_it_was_erased_and_not_by_whom(
    data: Path,
) -> None:
    erase = {"what": "partner", "partner": "A", "session_id": None, "confirm": "erase"}

    async def what(home: Home) -> None:
        forgotten = {"partner": "A", "confirm": "erase"}
        assert (await home.one.ask("forget-passcode", **forgotten))["type"] == "taken"
        await home.one.ask("go", screen="settings")
        assert (await home.one.ask("erase", **erase))["type"] == "taken"

    at_home(data, what)
    told = [each for each in Library(data).audit.lines() if each.what is What.ERASED]
    assert [each.whose for each in told] == ["on the shared pages"]


@pytest.mark.parametrize("what_goes", ["partner", "everything"])
def test_whatever_is_erased_a_running_no_stays(data: Path, what_goes: str) -> None:
    until = (utc_now() + dt.timedelta(hours=2)).isoformat()
    resting = {RESTS_UNTIL: until, RESTS_AS_SAID: "yes", HARDER_UNTIL: until}
    for name, value in resting.items():
        Library(data).keep_setting(name, value)
    whose = "A" if what_goes == "partner" else None
    erase = {"what": what_goes, "partner": whose, "session_id": None}

    async def what(home: Home) -> None:
        await home.one.ask("go", screen="settings")
        await unlock(home.one, "A")
        answer = await home.one.ask("erase", **erase, confirm="erase")
        assert answer["type"] == "taken"

    at_home(data, what)
    kept = Library(data).settings()
    assert {name: kept.get(name) for name in resting} == resting


def test_a_passcode_is_in_no_message_and_in_no_word_of_the_program(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def what(home: Home) -> None:
        def broken(*_: Any, **__: Any) -> Any:
            raise StorageUnusable("The disk is full.", "Make room.")

        monkeypatch.setattr(OwnThings, "enter", broken)
        asked = {"partner": "A", "passcode": "never-to-be-said"}
        refused = await home.one.ask("enter-passcode", **asked)
        assert refused["why"] == "not-kept"
        too_long = {"partner": "A", "passcode": "never-to-be-said" * 20}
        await home.one.ask("enter-passcode", **too_long)
        await drained(home.other)
        assert home.other.state["notices"] == []  # nobody learns that Ada tried
        assert "never-to-be-said" not in "".join([*home.one.raw, *home.other.raw])

    at_home(data, what)
    said = capsys.readouterr()
    assert "never-to-be-said" not in said.out + said.err
    assert "never" not in repr(EnterPasscode(partner=Partner.A, passcode="never"))
    assert "0x" not in repr(new_key())


# --- for how long, without a server ---------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def test_a_name_that_changed_is_told_to_whoever_has_a_passcode(tmp_path: Path) -> None:
    """And after another start, too; a name before there was a passcode is none."""

    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await first_use(one)
                called = one.state["couple"]["A"]
                assert (called["name"], called["renamed_utc"]) == ("Ada", None)
                assert (await one.ask("names", A="Eve", B="Bo"))["type"] == "taken"
                await one.state_when(lambda state: bool(state["couple"]["A"]["before"]))
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await one.screen("home")
                a, b = (one.state["couple"][each] for each in "AB")
                assert (a["name"], a["before"]) == ("Eve", "Ada")
                assert dt.datetime.fromisoformat(a["renamed_utc"]).tzinfo is not None
                assert (b["renamed_utc"], b["before"]) == (None, None)

    asyncio.run(go())
    library = Library(tmp_path)
    library.erase_person(Partner.B)  # either may have had the other one's name
    assert "Ada" not in "".join(library.settings().values())


def test_what_is_left_open_is_locked_after_ten_minutes(tmp_path: Path) -> None:
    clock, here = Clock(), PageConnection()
    library = Library(tmp_path, passcode_cost=CHEAP)
    own, loose = library.own, library.loose_ends
    access = OwnAccess(
        own,
        clock,
        forget=lambda _: None,
        read=lambda _: (),
        loose_ends=loose,
        therapist=Console(),
    )
    chosen = ChoosePasscode(partner=Partner.A, passcode="4711")
    told, _ = access.answer(chosen, here, access.visit(here), 1)
    assert isinstance(told, Taken)
    assert told.unlocked is not None
    read = ReadOwnLines(partner=Partner.A)
    for _ in range(3):  # as long as it is used
        clock.s += UNLOCKED_FOR_S - 1
        assert access.key_for(told.unlocked.ticket, Partner.A) is not None
        assert isinstance(access.answer(read, here, access.visit(here), 2)[0], Taken)
    clock.s += UNLOCKED_FOR_S + 1
    assert access.key_for(told.unlocked.ticket, Partner.A) is None
    line = DeleteOwnLine(partner=Partner.A, number=1)
    late, _ = access.answer(line, here, access.visit(here), 3)
    assert late == RefusedTold(why="locked", id=3)
    assert UNLOCKED_FOR_S == 600


@pytest.mark.parametrize("way", ["the page locks", "a practice begins"])
def test_a_passcode_that_is_still_being_tried_unlocks_nothing_for_who_left(
    tmp_path: Path, way: str
) -> None:
    here = PageConnection()
    library = Library(tmp_path, passcode_cost=CHEAP)
    own, loose = library.own, library.loose_ends
    access = OwnAccess(
        own,
        Clock(),
        forget=lambda _: None,
        read=lambda _: (),
        loose_ends=loose,
        therapist=Console(),
    )
    own.choose(Partner.A, "4711", now=NOW)
    asked = access.visit(here)  # then it waits for its turn, and for scrypt
    if way == "the page locks":
        access.lock(here)
    else:
        access.lock_all()
    entering = EnterPasscode(partner=Partner.A, passcode="4711")
    late, _ = access.answer(entering, here, asked, 1)
    assert late == RefusedTold(why="locked", id=1)
    assert not access.is_unlocked(here, Partner.A)


def test_a_passcode_is_changed_by_the_old_one_alone(data: Path) -> None:
    async def what(home: Home) -> None:
        ticket = await unlock(home.one, "A")
        change = {"partner": "A", "passcode": "8302"}
        assert (await home.one.ask("choose-passcode", **change))["why"] == (
            "passcode-chosen"
        )  # left open for a moment, it is not the other's to change
        wrong = await home.one.ask("choose-passcode", **change, old="0815")
        assert wrong["why"] == "passcode-wrong"
        right = await home.one.ask("choose-passcode", **change, old=PASSCODES["A"])
        assert right["type"] == "taken"
        assert (await home.get("A", ticket)).status_code == 403
        lines = (await home.one.ask("own-lines", partner="A"))["own"]["lines"]
        assert lines[0]["text"] == "secret A before"

    at_home(data, what)


def test_another_page_that_was_open_is_locked_where_the_passcode_changes(
    data: Path,
) -> None:
    """Its key opens nothing any more, and it could still delete."""

    async def what(home: Home) -> None:
        ticket = await unlock(home.other, "A")
        change = {"partner": "A", "passcode": "8302", "old": PASSCODES["A"]}
        assert (await home.one.ask("choose-passcode", **change))["type"] == "taken"
        refused = await home.other.ask("delete-own-line", partner="A", number=None)
        assert refused["why"] == "locked"
        assert (await home.get("A", ticket)).status_code == 403
        lines = (await home.one.ask("own-lines", partner="A"))["own"]["lines"]
        assert len(lines) == 2

    at_home(data, what)


def test_a_lock_that_is_answered_does_not_refuse_what_comes_after_it(
    data: Path,
) -> None:
    async def what(home: Home) -> None:
        entering = {"partner": "A", "passcode": PASSCODES["A"]}
        await home.one.say("lock-again", id=71)
        await home.one.say("enter-passcode", id=72, **entering)
        told = await home.one.until(lambda m: m.get("id") == 72)
        assert told["type"] == "taken"

    at_home(data, what)


def test_nothing_is_forgotten_while_they_practise(data: Path) -> None:
    async def what(home: Home) -> None:
        await begun(home.one)
        forgotten = {"partner": "A", "confirm": "erase"}
        refused = await home.other.ask("forget-passcode", **forgotten)
        assert refused["why"] == "practising"

    at_home(data, what)


def test_a_session_that_was_to_go_goes_though_the_program_was_killed(
    data: Path,
) -> None:
    async def what(home: Home) -> None:
        store = home.at.service.evening_store
        gone = "2026-01-01T00-00-00_beef"  # another one of the hour, erased before
        store.keep(EraseAtEnd(session_ids=(gone, home.session_id)))

    at_home(data, what)
    assert len(sessions(data)) == 1
    EveningStore(data).evening(
        frozenset({"relaxed-and-alert"}), source=Source.STRAPS, seed=1, speed=1.0
    )
    assert sessions(data) == []
    library = Library(data)
    assert library.settings()[ERASE_AT_END] == ""


def test_nobody_opens_both_hearts_for_the_other(tmp_path: Path) -> None:
    """Who stays at the laptop after a row does not say yes for who left."""

    async def go() -> None:
        async with evening(tmp_path) as at, page(at, await entered(at)) as one:
            await an_evening(one)
            await unlock(one, "B")
            released = await one.ask("look", partner="B", whose="ours")
            assert released["type"] == "taken"
            for _ in range(2):
                refused = await one.ask("look", partner="A", whose="ours")
                assert refused["why"] == "locked"
                await unlock(one, "B")  # his own opens nothing of hers
            done = await one.ask("look", partner="A", whose="nothing")
            assert done["type"] == "taken"
            assert one.state["look"]["page"] is None

    asyncio.run(go())
