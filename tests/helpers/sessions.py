"""Sessions for the tests of the store: their facts, and their files in raw form."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from coreg.facts.events import (
    Ended,
    Ending,
    Notification,
    Partner,
    Source,
    Tick,
)
from coreg.store import rows
from coreg.store.reader import read_session
from coreg.store.rows import Logged
from coreg.store.session_log import SessionLog
from tests.helpers.openings import opening
from tests.helpers.thorough import THOROUGH

SESSION_ID = "20260301-193000-7f3a"
OPENED = opening(
    session_id=SESSION_ID,
    opened_utc="2026-03-01T19:30:00Z",
    source=Source.SIMULATED,
    streams=("one", "two"),
    common_clock=True,
    latency_s=(0.0, 0.0),
    lag_resolution_s=2.2,
    seed=7,
    plan_toml='name = "Six breaths a minute"',
    breathing_min=0.0,
    steps_wait=False,
    ends_with_source=False,
    consent="",
    versions=(("coreg", "0.1.0"),),
)
ENDED = Ended(t_s=1.0, ending=Ending.COMPLETE)
PACKET = b"\x10\x3c\x00\x04"  # heart rate 60, one RR of 1024/1024 s
QUICK_S = 0.002


def rounds(default: int, *, thorough: int) -> int:
    """How often to try chance: COREG_THOROUGH=1 is for the night, not every commit."""
    return thorough if THOROUGH else default


def packet(number: int) -> Notification:
    """A notification that can be told from every other one."""
    data = PACKET + number.to_bytes(4, "big")
    return Notification(t_ns=number * 1_000_000, partner=Partner.B, data=data)


def beats(count: int) -> list[Logged]:
    """Facts as they follow a session's beginning: packets and ticks by turns."""
    return [
        packet(n) if n % 3 else Tick(t_ns=n * 1_000_000) for n in range(1, count + 1)
    ]


def append_all(log: SessionLog, facts: list[Logged]) -> None:
    for fact in facts:
        t_ns = getattr(fact, "t_ns", 0)
        log.append(fact, t_ns)


def whole_session(path: Path, count: int = 40) -> list[Logged]:
    """Write a session that ends as it should; return the facts it must hold."""
    facts = [*beats(count), ENDED]
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, facts)
    assert log.trouble is None
    return [OPENED, *facts]


def facts_in(path: Path) -> list[Logged]:
    return [each.fact for each in read_session(path).events]


def wait_until(condition: Callable[[], bool], *, within_s: float = 60.0) -> None:
    """Wait for another thread or process; a failure, not a hang, where it is late."""
    for _ in range(int(within_s / 0.002)):
        if condition():
            return
        time.sleep(0.002)
    raise AssertionError("what was waited for did not happen")


def left_by_a_crash(path: Path, aside: Path, events: int) -> None:
    """Lay down a session that was being recorded when the machine stopped."""
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, beats(events))
        wait_until(lambda: log.unsaved == 0)
        crashed = crashed_copy(path, aside)
    path.unlink()
    for each in crashed.parent.iterdir():
        each.replace(path.parent / each.name)


def crashed_copy(path: Path, folder: Path) -> Path:
    """What a disk would hold, had the machine stopped now: the file and its log."""
    folder.mkdir(exist_ok=True)
    for companion in ("", "-wal"):
        source = path.with_name(path.name + companion)
        if source.exists():
            shutil.copyfile(source, folder / source.name)
    return folder / path.name


def raw_damage(path: Path, change: str) -> None:
    """Change a session's file behind its back; `?` are those of an open `state`."""
    connection = sqlite3.connect(path)
    state = rows.meta_row("state", "recording")
    connection.execute(change, state[1:] if "?" in change else ())
    connection.commit()
    connection.close()
