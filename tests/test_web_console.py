"""A therapist's console: whose heart it is told of, and where its marks go."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coreg.errors import StorageUnusable
from coreg.exercises.ladder import MAIN
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.store.clinic.records import About, Heard
from coreg.web.evening.running import SessionClock
from coreg.web.server.console import _keep
from coreg.web.wire.named import Seat
from coreg.web.wire.of_therapist import Note
from tests.helpers.evening_server import PageClient, Served, entered, page
from tests.helpers.two_people import YES, agree, evening_of_two, unlock
from tests.test_web_seats import window

MARKS = ("Something shifted", "Rupture", "Repair", "Tears or laughter", "I stepped in")


@dataclass
class Pages:
    """A notebook as one on paper: it keeps what it is told."""

    marks: tuple[str, ...] = MARKS
    kept: list[tuple[str, float, object]] = field(default_factory=list)
    is_full: bool = False
    heard: tuple[Heard, ...] = ()
    seen_alone: Both[dt.date | None] = field(
        default_factory=lambda: Both(dt.date(2026, 3, 2), None)
    )

    def mark(self, session_id: str, t_s: float, key: int) -> None:
        self._keep(session_id, t_s, key)

    def note(self, session_id: str, t_s: float, text: str) -> None:
        self._keep(session_id, t_s, text)

    def hear(self, *heard: Heard) -> None:
        if self.is_full:
            raise StorageUnusable("The disk is full.", "Make room.")
        self.heard = (*self.heard, *heard)

    def retell(self, partner: Partner, about: About, *heard: Heard) -> None:
        if self.is_full:
            raise StorageUnusable("The disk is full.", "Make room.")
        of_it = (partner, about)
        others = (each for each in self.heard if (each.partner, each.about) != of_it)
        self.heard = (*others, *heard)

    def _keep(self, session_id: str, t_s: float, what: object) -> None:
        if self.is_full:
            raise StorageUnusable("The disk is full.", "Make room.")
        self.kept.append((session_id, t_s, what))


@asynccontextmanager
async def beside(
    data: Path, *, seen: str, is_quiet: bool = False, with_therapist: bool = False
) -> AsyncIterator[tuple[Served, PageClient, PageClient]]:
    """Two practise; `seen` agreed that a therapist may see them. And a console."""
    two = evening_of_two(data, is_quiet=is_quiet, with_therapist=with_therapist)
    async with two as at, page(at, await entered(at)) as laptop:
        await laptop.screen("welcome")
        await laptop.say("names", A="Ada", B="Bo")
        for partner in "AB":
            await laptop.turn(partner)
            await agree(laptop, partner, show_therapist=partner in seen)
        await laptop.screen("home")
        for partner in "AB":
            strap_id = f"simulated-{partner}"
            await laptop.say("assign", strap_id=strap_id, partner=partner)
        async with page(at, window(at, Seat.THERAPIST)) as console:
            yield at, laptop, console


@pytest.mark.parametrize("seen", ["", "A", "AB"])
def test_a_console_is_told_of_each_heart_that_agreed_to_be_seen(
    tmp_path: Path, seen: str
) -> None:
    async def go() -> None:
        async with beside(tmp_path, seen=seen) as (_, laptop, console):
            await laptop.begin()
            told = await console.told_when(
                "watched",
                lambda m: all(m["hearts"][each]["t_s"] for each in seen),
            )
            for partner, heart in told["hearts"].items():
                assert heart["is_seen"] == (partner in seen)
                assert bool(heart["t_s"]) == (partner in seen)
                assert (heart["signal"] == "") == (partner not in seen)
            assert not [m for m in laptop.heard if m["type"] == "watched"]

    asyncio.run(go())


def test_marks_and_notes_go_to_the_notebook_at_the_sessions_own_time(
    tmp_path: Path,
) -> None:
    pages = Pages()

    async def go() -> None:
        async with beside(tmp_path, seen="") as (at, laptop, console):
            assert (await console.ask("mark", key=2))["why"] == "no-notebook"
            at.service.open_notebook(pages)
            told = await console.state_when(lambda state: bool(state["marks"]))
            assert told["marks"] == list(MARKS)
            assert (await console.ask("mark", key=2))["why"] == "no-session"
            await laptop.begin()
            await console.screen("arrive")
            assert (await console.ask("mark", key=2))["type"] == "taken"
            assert (await console.ask("note", text="Softer.", ago_s=0))[
                "type"
            ] == "taken"
            assert (await laptop.ask("mark", key=2))["why"] == "not-at-this-seat"
            pages.is_full = True
            assert (await console.ask("mark", key=1))["why"] == "not-kept"
            running = at.service.evening.running
            assert running is not None
            (session, marked_s, mark), (_, noted_s, note) = pages.kept
            assert session == running.session_id
            assert (mark, note) == (2, "Softer.")
            assert 0 <= marked_s <= noted_s
            assert "Softer." not in "".join(laptop.raw)
            assert MARKS[0] not in "".join(laptop.raw)

    asyncio.run(go())


def test_a_console_that_comes_back_is_told_all_of_three_minutes_anew(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with beside(tmp_path, seen="AB") as (at, laptop, console):
            await laptop.begin()
            first = await console.told_when("watched", lambda m: not m["anew"])
            async with page(at, window(at, Seat.THERAPIST)) as another:
                anew = await another.told_when("watched", lambda _: True)
            assert anew["anew"]
            assert not first["anew"]

    asyncio.run(go())


@pytest.mark.parametrize(("practice", "is_quiet"), [("open", False), (MAIN, True)])
def test_no_lot_makes_a_quiet_evening_of_an_hour_that_a_therapist_opens(
    tmp_path: Path, practice: str, is_quiet: bool
) -> None:
    """The lot that falls here is always a quiet evening's."""

    async def go() -> None:
        an_hour = beside(tmp_path, seen="", is_quiet=True, with_therapist=True)
        async with an_hour as (at, laptop, console):
            chosen = {"minutes": None, "length": None, "without_breathing": False}
            await console.say("choose", practice=practice, **chosen)
            await console.say("start")
            for partner in "AB":
                await laptop.turn(partner)
                if practice == "open":
                    week = {"name": "week", "value": 6}
                    await laptop.say("answer", partner=partner, **week)
                await laptop.say("gate", partner=partner, answer="yes")
            told = await laptop.state_when(lambda state: bool(state["block"]))
            notices = [each["id"] for each in told["notices"]]
            assert ("quiet-one" in notices) is is_quiet
            running, plan = at.service.evening.running, at.service.evening.plan
            assert running is not None
            assert plan is not None
            assert (running.blocks == plan.blocks) is not is_quiet

    asyncio.run(go())


def test_before_an_hour_a_console_reads_what_both_agreed_to_and_who_was_seen_alone(
    tmp_path: Path,
) -> None:
    """Who did not agree, or took it back, reads as one who was not asked yet."""

    async def go() -> None:
        async with beside(tmp_path, seen="A") as (at, laptop, console):
            at.service.open_notebook(Pages())
            told = await console.state_when(lambda state: bool(state["marks"]))
            assert told["for_therapist"] == [
                "They’ve both agreed to be recorded.",
                "They’ve both agreed to show each other their hearts.",
                "They haven’t both agreed to show you their hearts yet.",
                "You saw Ada alone on 2 March 2026.",
                "You haven’t seen Bo alone yet.",
            ]
            await unlock(laptop, "A")
            await laptop.say("go", screen="settings")
            await laptop.say("go", screen="consent", partner="A")
            await laptop.screen("consent")
            await laptop.say("consent", partner="A", **{**YES, "record": False})
            await laptop.say("go", screen="home")
            told = await console.state_when(
                lambda state: "haven’t both" in "".join(state["for_therapist"][:1])
            )
            assert told["screen"] == "home"
            not_yet = "They haven’t both agreed to be recorded yet."
            assert told["for_therapist"][0] == not_yet
            asked = [e for e in console.heard if e.get("screen") == "consent"]
            assert {tuple(each["for_therapist"]) for each in asked} == {()}
            raw = "".join(laptop.raw)
            assert "alone on 2 March" not in raw
            before = (await console.state_when(at_home))["for_therapist"]
            await laptop.begin()
            told = await console.screen("arrive")
            assert told["for_therapist"] == before

    asyncio.run(go())


def at_home(state: dict[str, Any]) -> bool:
    return bool(state["screen"] == "home")


def test_a_note_that_was_begun_in_what_came_before_is_kept_there() -> None:
    """An hour is one session after another; a note belongs where it was begun."""
    pages = Pages()

    def sat(session_id: str, origin_s: float) -> Any:
        clock = SessionClock(origin_s=origin_s, speed=1.0)
        return SimpleNamespace(session_id=session_id, clock=clock)

    talk, practice = sat("talk", 100.0), sat("practice", 700.0)
    for ago_s in (5, 90):
        note = Note(text="Softer.", ago_s=ago_s)
        _keep(pages, note, practice, talk, 720.0)
    assert pages.kept == [("practice", 15.0, "Softer."), ("talk", 530.0, "Softer.")]
