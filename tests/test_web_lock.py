"""The lock on the pages: nothing is told until somebody opens it, and then all is."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from coreg.errors import StorageLocked
from coreg.facts.events import Notification, Partner
from coreg.session.sources import simulated_hearts
from coreg.store import keys, locking
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.reader import State, check_session, read_session
from coreg.web.evening.effects import Begin, GoOnWith, Stepped
from coreg.web.evening.state import Evening
from coreg.web.server import evening_service
from tests.helpers.evening_server import (
    CHEAP,
    LATE_S,
    PageClient,
    Served,
    entered,
    page,
    served,
)
from tests.helpers.two_people import FAST, TwoStraps, agree, sessions

PASSPHRASE, OTHER = "four words we remember", "another four words"
NAMES = {"A": "Adalgunde", "B": "Bohumil"}
WRITTEN = "canary-of-an-evening"


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    keys.let_go(tmp_path)


def evening(data: Path, **how: Any) -> AbstractAsyncContextManager[Served]:
    usual: dict[str, Any] = {"at_home": TwoStraps(FAST), "asks_for_lock": True}
    return served(data, **(usual | {"speed": FAST} | how))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A server, and what lets a page in."""

    at: Served
    good: dict[str, str]


@asynccontextmanager
async def paged(data: Path, **how: Any) -> AsyncIterator[tuple["Paged", PageClient]]:
    async with evening(data, **how) as at:
        good = await entered(at)
        async with page(at, good) as one:
            yield Paged(at=at, good=good), one


async def first_evening(one: PageClient) -> None:
    """Come for the first time, up to the question of a lock."""
    await one.screen("welcome")
    await one.say("names", **NAMES)
    for partner in "AB":
        await one.turn(partner)
        await agree(one, partner)


async def locked_with(one: PageClient) -> str:
    answer = await one.ask("choose-passphrase", passphrase=PASSPHRASE)
    assert answer["type"] == "taken", answer
    key: str = answer["recovery_key"]
    return key


async def at_home(one: PageClient) -> None:
    """Go home with straps on."""
    await one.say("go", screen="home")
    await one.screen("home")
    for partner in "AB":
        await one.say("assign", strap_id=f"simulated-{partner}", partner=partner)


async def practised(one: PageClient) -> None:
    """Begin, write something, breathe."""
    await one.begin(lambda each: {"text": WRITTEN} if each == "A" else {})
    await one.screen("breathe")


def laid(data: Path) -> Path:
    """A locked folder, closed again, with a name in it."""
    folder = data_folder(data)
    locking.lock(folder, PASSPHRASE, cost=CHEAP)
    Library(folder).keep_names(*NAMES.values())
    keys.let_go(folder)
    return folder


def bytes_in(data: Path) -> bytes:
    files = [each for each in data.rglob("*") if each.is_file()]
    return b"".join(each.read_bytes() for each in files)


# --- first use --------------------------------------------------------------------


def test_nothing_is_recorded_before_both_chose_a_lock_or_none(data: Path) -> None:
    async def go() -> None:
        async with paged(data) as (_, one):
            await first_evening(one)
            state = await one.screen("lock")
            assert state["lock"] == "unasked"
            for screen in ("home", "settings"):
                await one.say("go", screen=screen)
            answer = await one.ask("start")
            assert answer["why"] == "not-now"
            assert one.state["screen"] == "lock"

    asyncio.run(go())
    assert sessions(data) == []


def test_a_whole_evening_under_a_lock_leaves_nothing_to_be_read(data: Path) -> None:
    async def go() -> None:
        async with paged(data) as (to, one):
            await first_evening(one)
            await one.screen("lock")
            assert len((await locked_with(one)).replace("-", "")) == 28
            await at_home(one)
            await practised(one)
            await to.at.service.all_kept()
            while_recording.append(bytes_in(data))
            await one.say("press", press="finish")
            await one.screen("look-back")
            await to.at.service.all_kept()

    while_recording: list[bytes] = []
    asyncio.run(go())
    (path,) = sessions(data)
    session = read_session(path)
    assert session.state is State.WHOLE
    packets = [e.fact for e in session.events if isinstance(e.fact, Notification)]
    assert len(packets) > 5
    intervals = [each.data for each in packets if len(each.data) >= 6]  # two of them
    assert intervals
    for held in (*while_recording, bytes_in(data)):
        for text in (
            *NAMES.values(),
            WRITTEN,
            "relaxed-and-alert",
            "Relaxed and alert",
        ):
            assert text.encode() not in held
        for packet in intervals[:20]:
            assert packet not in held
    keys.let_go(data)
    assert check_session(path).words.startswith("ok: ")


def test_whoever_wants_none_says_so_once(data: Path) -> None:
    async def go() -> None:
        async with paged(data) as (_, one):
            await first_evening(one)
            await one.screen("lock")
            assert (await one.ask("no-lock"))["type"] == "taken"
            state = await one.screen("home")
            assert state["lock"] == "open"
        async with paged(data) as (_, one):
            await one.screen("home")

    asyncio.run(go())
    assert not keys.is_locked(data)


def test_two_who_came_before_there_was_a_lock_are_asked_once(data: Path) -> None:
    async def go() -> None:
        async with paged(data) as (_, one):
            await first_evening(one)
        async with paged(data) as (_, one):
            await one.screen("lock")

    asyncio.run(go())


def test_a_simulated_couple_is_not_asked(data: Path) -> None:
    async def go() -> None:
        async with paged(data) as (_, one):
            await one.screen("welcome")
            await one.say("source", source="simulated")
            await one.screen("home")

    asyncio.run(go())


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [("short", "passphrase-short"), ("a" * 40, "passphrase-easy")],
)
def test_what_is_no_passphrase_is_refused_and_locks_nothing(
    data: Path, passphrase: str, why: str
) -> None:
    async def go() -> None:
        async with paged(data) as (_, one):
            await first_evening(one)
            answer = await one.ask("choose-passphrase", passphrase=passphrase)
            assert answer["why"] == why
            assert one.state["lock"] == "unasked"

    asyncio.run(go())
    assert not keys.is_locked(data)


# --- what is locked ---------------------------------------------------------------


def test_while_it_is_locked_a_page_is_told_that_and_nothing_else(data: Path) -> None:
    laid(data)

    async def go() -> None:
        async with paged(data) as (to, one):
            assert await one.hear() == {
                "type": "locked",
                "v": 1,
                "words": "",
                "clinic": None,
            }
            for kind, fields in (
                ("names", NAMES),
                ("go", {"screen": "evenings"}),
                ("start", {}),
                ("no-lock", {}),
                ("choose-passphrase", {"passphrase": OTHER, "old": PASSPHRASE}),
                ("erase", {"what": "everything", "confirm": "erase"}),
                ("own-lines", {"partner": "A"}),
            ):
                answer = await one.ask(kind, **fields)
                assert (answer["type"], answer["why"]) == ("refused", "locked")
            async with httpx.AsyncClient(headers=to.good, timeout=LATE_S) as client:
                for path in ("/evenings", "/evenings/x/page", "/evenings/x/A"):
                    closed = await client.get(f"{to.at.origin}{path}")
                    assert closed.status_code == 423
                    assert NAMES["A"] not in closed.text
                # Whom to call in need is not what is kept.
                places = await client.get(f"{to.at.origin}/places")
                assert places.status_code == 200
            assert "state" not in {each["type"] for each in one.heard}

    asyncio.run(go())


def test_the_passphrase_opens_it_for_every_page(data: Path) -> None:
    laid(data)

    async def go() -> None:
        async with paged(data) as (to, one), page(to.at, to.good) as other:
            for wrong in ("", "four words", OTHER):
                answer = await one.ask("unlock", passphrase=wrong)
                assert answer["why"] == "passphrase-wrong"
            assert (await one.ask("unlock", passphrase=PASSPHRASE))["type"] == "taken"
            for each in (one, other):
                state = await each.until(lambda m: m["type"] == "state")
                assert state["couple"]["A"]["name"] == NAMES["A"]
                assert state["lock"] == "locked"
            assert (await other.ask("unlock", passphrase=""))["type"] == "taken"

    asyncio.run(go())


def test_a_lost_passphrase_and_the_recovery_key_open_it_and_both_lost_do_not(
    data: Path,
) -> None:
    folder = data_folder(data)
    recovery_key = locking.lock(folder, PASSPHRASE, cost=CHEAP).recovery_key
    keys.let_go(folder)

    async def go() -> None:
        async with paged(data) as (_, one):
            asked = {"recovery_key": "0000-" * 7, "passphrase": OTHER}
            assert (await one.ask("recover", **asked))["why"] == "recovery-slip"
            asked = {"recovery_key": recovery_key, "passphrase": "short"}
            assert (await one.ask("recover", **asked))["why"] == "passphrase-short"
            asked = {"recovery_key": recovery_key.lower(), "passphrase": OTHER}
            answer = await one.ask("recover", **asked)
            assert answer["type"] == "taken"
            assert answer["recovery_key"] not in {None, recovery_key}
            await one.screen("welcome")
        keys.let_go(folder)
        async with paged(data) as (_, one):
            answer = await one.ask("unlock", passphrase=PASSPHRASE)
            assert answer["why"] == "passphrase-wrong"
            assert (await one.ask("unlock", passphrase=OTHER))["type"] == "taken"

    asyncio.run(go())


def test_it_is_locked_at_once_where_somebody_asks_and_the_key_is_forgotten(
    data: Path,
) -> None:
    laid(data)

    async def go() -> None:
        async with paged(data) as (to, one), page(to.at, to.good) as other:
            await one.ask("unlock", passphrase=PASSPHRASE)
            await other.screen("welcome")
            await other.say("lock-now")
            for each in (one, other):
                await each.until(lambda m: m["type"] == "locked")
            with pytest.raises(StorageLocked):
                keys.vault_of(data)
            assert (await one.ask("start"))["why"] == "locked"
            assert (await one.ask("unlock", passphrase=PASSPHRASE))["type"] == "taken"
            await other.until(lambda m: m["type"] == "state")

    asyncio.run(go())


def straight(speed: float) -> dict[str, Any]:
    hearts = simulated_hearts(seed=1, speed=speed)
    return {
        "straight_to": hearts,
        "speed": speed,
    }


def test_what_nobody_uses_locks_itself_and_a_practice_goes_on_to_its_end(
    data: Path,
) -> None:
    laid(data)

    async def go() -> None:
        async with paged(data, locks_after_s=0.4, **straight(20.0)) as (_, one):
            await one.ask("unlock", passphrase=PASSPHRASE)
            await one.screen("breathe")
            await asyncio.sleep(1.0)  # nobody asks for anything, for longer than that
            await one.say("press", press="finish")
            await one.until(lambda m: m["type"] == "locked")
            assert one.state["screen"] == "look-back"

    asyncio.run(go())
    (path,) = sessions(data)
    assert check_session(path).state is State.WHOLE


def test_without_a_passphrase_nothing_locks_itself(data: Path) -> None:
    async def go() -> None:
        async with paged(data, asks_for_lock=False, locks_after_s=0.05) as (_, one):
            await one.screen("welcome")
            await asyncio.sleep(0.5)
            await one.say("lock-now")
            answer = await one.ask("names", **NAMES)
            assert answer["type"] == "taken"
            assert "locked" not in {each["type"] for each in one.heard}

    asyncio.run(go())


# --- changing it ------------------------------------------------------------------


def test_while_they_practise_nothing_is_locked_chosen_or_given_up(data: Path) -> None:
    async def go() -> None:
        async with paged(data) as (_, one):
            await first_evening(one)
            await locked_with(one)
            await at_home(one)
            await practised(one)
            await one.say("lock-now")
            for kind, fields in (
                ("choose-passphrase", {"passphrase": OTHER, "old": PASSPHRASE}),
                ("no-lock", {"passphrase": PASSPHRASE}),
            ):
                assert (await one.ask(kind, **fields))["why"] == "practising"
            await one.say("press", press="finish")
            await one.screen("look-back")

    asyncio.run(go())


def test_another_passphrase_takes_the_old_one(data: Path) -> None:
    laid(data)

    async def go() -> None:
        async with paged(data) as (_, one):
            await one.ask("unlock", passphrase=PASSPHRASE)
            for old, why in (
                ("wrong", "passphrase-wrong"),
                (None, "passphrase-chosen"),
            ):
                asked = {"passphrase": OTHER, "old": old}
                assert (await one.ask("choose-passphrase", **asked))["why"] == why
            asked = {"passphrase": OTHER, "old": PASSPHRASE}
            assert (await one.ask("choose-passphrase", **asked))["recovery_key"]

    asyncio.run(go())
    assert keys.opened_with(data, OTHER) == keys.vault_of(data)


def test_the_lock_is_taken_off_with_the_passphrase_alone(data: Path) -> None:
    laid(data)

    async def go() -> None:
        async with paged(data) as (_, one):
            await one.ask("unlock", passphrase=PASSPHRASE)
            for wrong in (None, OTHER):
                answer = await one.ask("no-lock", passphrase=wrong)
                assert answer["why"] == "passphrase-wrong"
            assert (await one.ask("no-lock", passphrase=PASSPHRASE))["type"] == "taken"
            assert one.state["lock"] == "open"

    asyncio.run(go())
    assert not keys.is_locked(data)
    assert Library(data).person(Partner.A).name == NAMES["A"]


def test_no_evening_begins_while_the_lock_is_taken_off(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would lie there under keys that are gone."""
    laid(data)
    begun, slow, off = threading.Event(), threading.Event(), locking.unlock_for_good

    def slowly(folder: Path) -> dict[str, str]:
        begun.set()
        slow.wait(LATE_S)
        return off(folder)

    monkeypatch.setattr(locking, "unlock_for_good", slowly)

    async def go() -> None:
        async with paged(data) as (to, one), page(to.at, to.good) as other:
            await one.ask("unlock", passphrase=PASSPHRASE)
            await other.screen("welcome")
            await one.say("no-lock", passphrase=PASSPHRASE, id=1)
            assert await asyncio.to_thread(begun.wait, LATE_S)
            await other.ask("source", source="simulated")
            assert (await other.ask("start"))["why"] == "not-now"
            slow.set()
            await one.until(lambda m: m.get("type") == "taken" and m["id"] == 1)
            assert (await other.ask("start"))["type"] == "taken"

    asyncio.run(go())
    assert not keys.is_locked(data)


@pytest.mark.parametrize("begun", [Begin(), GoOnWith(session_id="x")])
def test_whatever_begins_a_practice_waits_until_a_lock_is_done(
    data: Path, begun: Begin | GoOnWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that goes on after a crash would lie under keys that are gone, too."""

    def begins(evening: Evening, *_given: object, **_how: object) -> Stepped:
        return replace(evening, starting=True), (begun,)

    async def go() -> None:
        async with paged(data) as (to, one):
            await one.screen("welcome")
            monkeypatch.setattr(evening_service, "step", begins)
            with to.at.service.beginning_nothing():
                assert (await one.ask("start"))["why"] == "not-now"
                assert not to.at.service.evening.is_busy
            monkeypatch.undo()

    asyncio.run(go())


def test_why_it_does_not_open_is_said(data: Path) -> None:
    laid(data)
    for name in ("library.db", "library-copy.db"):
        (data / name).write_bytes(b"damaged")

    async def go() -> None:
        async with paged(data) as (_, one):
            await one.ask("unlock", passphrase=PASSPHRASE)
            said = [m for m in one.heard if m["type"] == "locked" and m["words"]]
            assert "library" in said[0]["words"]

    asyncio.run(go())


def test_erasing_everything_takes_the_keys_and_the_next_two_are_asked(
    data: Path,
) -> None:
    async def go() -> None:
        async with paged(data) as (to, one):
            await first_evening(one)
            await locked_with(one)
            await one.say("go", screen="home")
            await one.screen("home")
            await one.say("go", screen="settings")
            await one.screen("settings")
            await one.say("erase", what="everything", confirm="erase")
            state = await one.screen("welcome")
            await to.at.service.all_kept()
            assert state["lock"] == "unasked"
            await first_evening(one)
            await one.screen("lock")

    asyncio.run(go())
    assert not keys.is_locked(data)


def test_a_page_of_a_locked_evening_is_drawn_while_it_is_open(data: Path) -> None:
    laid(data)

    async def go() -> None:
        async with paged(data, **straight(500.0)) as (to, one):
            await one.ask("unlock", passphrase=PASSPHRASE)
            await one.screen("words")
            await one.say("press", press="next")
            await one.screen("look-back")
            for partner in "BA":
                await one.say("look", partner=partner, whose="ours")
            state = await one.state_when(lambda m: bool((m["look"] or {}).get("page")))
            async with httpx.AsyncClient(headers=to.good, timeout=120) as client:
                url = to.at.origin + state["look"]["page"]
                answer = await client.get(url)
                assert answer.status_code == 200
                assert "<svg" in answer.text
                await one.say("lock-now")
                await one.until(lambda m: m["type"] == "locked")
                assert (await client.get(url)).status_code == 423

    asyncio.run(go())
