"""A disk that does not answer is said soon, and said to be over once it is."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coreg.base import clock
from coreg.facts.events import Opened
from coreg.store import database, session_log
from coreg.store.session_log import LONGEST_UNSAVED_S, SessionLog
from coreg.web.server import run_session
from tests.helpers.evening_server import one_page, simulated
from tests.helpers.sessions import (
    OPENED,
    QUICK_S,
    append_all,
    beats,
    facts_in,
    packet,
    wait_until,
)

NAME = f"{OPENED.identity.session_id}.coreg"


@pytest.fixture(autouse=True)
def _whoever_waits_is_never_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_S", 3600.0)


@contextmanager
def silent(path: Path) -> Iterator[None]:
    """Keep the writer of a file waiting, as a disk that does not answer does."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


def test_a_disk_that_does_not_answer_is_said_within_three_seconds() -> None:
    # Whoever listens asks at every tick of the session, four times a second.
    assert LONGEST_UNSAVED_S + 0.25 < 3.0


def test_what_waits_for_a_silent_disk_is_trouble_until_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / NAME
    now_ns = 10**12
    monkeypatch.setattr(clock, "monotonic_ns", lambda: now_ns)
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        log.append(packet(1), packet(1).t_ns)
        wait_until(lambda: log.unsaved == 0)
        now_ns += 3600 * 10**9
        assert log.trouble is None  # nothing happened, so nothing waits
        with silent(path):
            log.append(packet(2), packet(2).t_ns)
            now_ns += 1_900_000_000
            log.append(packet(3), packet(3).t_ns)
            assert log.trouble is None
            now_ns += 200_000_000
            assert "slow to answer" in str(log.trouble)
        wait_until(lambda: log.unsaved == 0)
        assert log.trouble is None
    assert facts_in(path) == [OPENED, packet(1), packet(2), packet(3)]


def test_a_disk_that_is_silent_while_a_session_is_closed_is_said_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_log, "LONGEST_UNSAVED_S", 0.01)
    path = tmp_path / NAME
    log = SessionLog.create(path, OPENED, commit_every_s=QUICK_S)
    append_all(log, beats(3))
    wait_until(lambda: log.unsaved == 0)
    closing = threading.Thread(target=log.close)
    with silent(path):
        closing.start()
        wait_until(lambda: "slow to answer" in str(log.trouble))
        assert log.unsaved == 0  # only the mark of its end is still to be written
    closing.join()
    assert log.trouble is None
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


def test_both_read_on_the_page_that_the_disk_is_slow_and_that_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_log, "LONGEST_UNSAVED_S", 0.5)

    async def practise() -> None:
        async with one_page(simulated(tmp_path, speed=1.0)) as page:
            await page.state_when(lambda state: bool(state["block"]))
            (path,) = (tmp_path / "sessions").glob("*.coreg")
            with silent(path):
                told = await page.state_when(lambda state: not state["recording"]["ok"])
                assert "slow to answer" in told["recording"]["words"]
            await page.state_when(lambda state: state["recording"]["ok"])

    asyncio.run(practise())


def test_a_disk_that_is_silent_at_the_end_of_a_practice_is_said_before_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_log, "LONGEST_UNSAVED_S", 0.5)

    async def practise() -> None:
        async with one_page(simulated(tmp_path, speed=1.0)) as page:
            await page.state_when(lambda state: bool(state["block"]))
            (path,) = (tmp_path / "sessions").glob("*.coreg")
            with silent(path):
                await page.say("press", press="finish")
                told = await page.state_when(lambda state: not state["recording"]["ok"])
                assert told["screen"] != "look-back"
            told = await page.screen("look-back")
            assert told["recording"]["ok"]

    asyncio.run(practise())


def test_a_disk_that_is_silent_before_a_practice_begins_is_said_on_its_last_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_session, "LONGEST_UNSAVED_S", 0.5)
    answers = threading.Event()
    create = SessionLog.create

    def create_late(path: Path, opened: Opened) -> SessionLog:
        assert answers.wait(60)
        return create(path, opened)

    monkeypatch.setattr(SessionLog, "create", create_late)

    async def practise() -> None:
        async with one_page(simulated(tmp_path, speed=1.0)) as page:
            told = await page.state_when(lambda state: not state["recording"]["ok"])
            assert told["screen"] == "home"
            answers.set()
            told = await page.state_when(lambda state: bool(state["block"]))
            assert told["recording"]["ok"]

    asyncio.run(practise())
