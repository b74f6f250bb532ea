"""Killed in mid-practice, started again, and gone on with: through the real pages."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from coreg.base import clock as clock_of_this_computer
from coreg.cli import main
from coreg.facts.codec import CUES
from coreg.facts.events import (
    NS_PER_S,
    BlockBegan,
    Continued,
    Ended,
    Ending,
    Notification,
    Paused,
    Resumed,
    WentOn,
)
from coreg.session.replay import compare
from coreg.store.library import find_session
from coreg.store.reader import State, read_session
from tests.helpers.evening_server import LATE_S, PageClient, Served, entered, page
from tests.helpers.two_people import first_use, look_back, sessions

SPEED = 20.0
LATER_S, EARLIER_S = 900.0, -40 * 86_400.0
CLOCKS = {"on": LATER_S, "set back": EARLIER_S}


@contextmanager
def killed_after(data: Path, *, clock_by_s: float | None = None) -> Iterator[Served]:
    """Serve in another process, and kill it at the end without a word.

    With another clock on the wall the computer was started anew in between.
    """
    program = [sys.executable, "-m", "tests.helpers.interrupted_evening"]
    given = [str(data), str(SPEED), *([str(clock_by_s)] if clock_by_s else [])]
    with subprocess.Popen([*program, *given], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().decode().strip()
            yield Served(hall=None, launch_url=url, stop=None)  # type: ignore[arg-type]
        finally:
            process.kill()


async def practise_until(at: Served, screen: str) -> None:
    """Two people come for the first time and practise up to here."""
    async with page(at, await entered(at)) as one:
        await first_use(one)
        await one.say("go", screen="home")
        await one.screen("home")
        assert one.state["unfinished"] is None
        await one.say(
            "choose",
            practice="short",
            minutes=None,
            length=None,
            without_breathing=False,
        )
        await one.begin()
        await one.screen(screen)
        await asyncio.sleep(1.5)  # half a minute of the session


async def go_on(one: PageClient) -> dict[str, Any]:
    """Go on from Home, both together; return the state of the pause in between."""
    offered = (await one.screen("home"))["unfinished"]
    assert offered["may_go_on"]
    for is_ready in (True, False, True):
        await one.state_when(partial(_says, is_ready))
        if not is_ready:  # each wears the other's strap
            assert (await one.ask("onward", way="go-on"))["why"] == "other-straps"
        await one.say("swap")
    await one.say("swap")
    await one.say("onward", way="go-on")
    paused = await one.screen("pause")
    assert paused["pause"]["is_back"]
    assert not paused["pause"]["is_last"]
    assert (await one.ask("press", press="resume"))["why"] == "takes-both"
    for partner in "AB":
        await one.say("hold", partner=partner, on=True)
    return paused


def _says(is_ready: bool, state: dict[str, Any]) -> bool:
    offered = state["unfinished"]
    return offered is not None and offered["is_ready"] is is_ready


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_practice_killed_twice_goes_on_twice_and_ends_whole(
    tmp_path: Path, clock: str, capsys: pytest.CaptureFixture[str]
) -> None:
    by_s = CLOCKS[clock]

    async def go() -> None:
        with killed_after(tmp_path) as at:
            await practise_until(at, "arrive")
        with killed_after(tmp_path, clock_by_s=by_s) as at:
            async with page(at, await entered(at)) as one:
                paused = await go_on(one)
                assert paused["block"]["kind"] == "arrive"
                await one.screen("breathe")
                await asyncio.sleep(1.0)
        with killed_after(tmp_path, clock_by_s=by_s + LATER_S) as at:
            async with page(at, await entered(at)) as one:
                paused = await go_on(one)
                assert paused["block"]["kind"] == "breathe"
                await one.screen("breathe")
                look = await look_back(one)
                assert look["page"] is not None

    asyncio.run(go())
    (path,) = sessions(tmp_path)
    session = read_session(path)
    assert session.state is State.WHOLE
    facts = [each.fact for each in session.events]
    compared = compare(facts, is_whole=True)
    assert compared.difference == ""
    assert [each.number for each in facts if isinstance(each, BlockBegan)] == [0, 1]
    (ended,) = [each for each in facts if isinstance(each, Ended)]
    assert ended.ending is Ending.COMPLETE
    went_on = [each for each in facts if isinstance(each, WentOn)]
    assert [each.is_timed for each in went_on] == [clock == "on", True]
    assert [each.t_s for each in went_on] == [
        each.t_ns / 1e9 for each in facts if isinstance(each, Continued)
    ]
    # The computer had just been started: its clock said less than in the beginning.
    assert all(
        each.monotonic_ns < LATE_S * NS_PER_S < clock_of_this_computer.monotonic_ns()
        for each in facts
        if isinstance(each, Continued)
    )
    assert len([each for each in facts if isinstance(each, Paused | Resumed)]) == 4
    for gone in went_on:  # nothing is in the gap
        assert not [
            each for each in session.events if gone.since_s < each.t_ns / 1e9 < gone.t_s
        ]
    arrived_ns = [each.t_ns for each in facts if isinstance(each, Notification)]
    assert arrived_ns == sorted(arrived_ns)
    assert main(["check", "last", "--data-dir", str(tmp_path)]) == 0
    assert main(["replay", "last", "--data-dir", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "interrupted" not in said
    assert "identical" in said
    assert len([fact for fact in facts if isinstance(fact, CUES)]) == compared.cues
    assert find_session(tmp_path, "last") == path


def test_both_segments_are_erased_as_one_session(tmp_path: Path) -> None:
    async def go() -> str:
        with killed_after(tmp_path) as at:
            await practise_until(at, "breathe")
        with killed_after(tmp_path) as at:
            async with page(at, await entered(at)) as one:
                await go_on(one)
                await one.screen("breathe")
                await one.say("press", press="finish")
                await one.screen("look-back")
                (path,) = sessions(tmp_path)
                await one.say("go", screen="evenings")
                await one.screen("evenings")
                erased = await one.ask(
                    "erase", what="session", session_id=path.stem, confirm="erase"
                )
                assert erased["type"] == "taken"
                return path.stem

    session_id = asyncio.run(go())
    assert sessions(tmp_path) == []
    every = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert not [each for each in every if session_id in each.name]
    assert not [each for each in every if session_id.encode() in each.read_bytes()]


def test_looked_back_at_it_opens_its_page_and_is_asked_of_no_more(
    tmp_path: Path,
) -> None:
    async def go() -> tuple[str, list[dict[str, Any]], object]:
        with killed_after(tmp_path) as at:
            await practise_until(at, "breathe")
        with killed_after(tmp_path, clock_by_s=EARLIER_S) as at:
            keys = await entered(at)
            async with (
                page(at, keys) as one,
                httpx.AsyncClient(headers=keys, timeout=LATE_S) as client,
            ):
                await one.screen("home")
                await one.say("onward", way="look-back")
                look = await look_back(one)
                answer = await client.get(at.origin + look["page"])
                listed = (await client.get(f"{at.origin}/evenings")).json()
        with killed_after(tmp_path) as at:
            async with page(at, await entered(at)) as one:
                offered = (await one.screen("home"))["unfinished"]
        return answer.text, listed, offered

    html, listed, offered = asyncio.run(go())
    assert "Did your hearts move together?" in html
    (path,) = sessions(tmp_path)
    assert [(each["id"], each["state"]) for each in listed] == [
        (path.stem, "interrupted")
    ]
    assert offered is None
