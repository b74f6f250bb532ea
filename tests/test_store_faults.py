"""Whatever strikes, what was acknowledged is there, and damage is never silent."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from coreg.errors import StorageUnusable
from coreg.store import session_log
from coreg.store.database import connect_for_writing
from coreg.store.folder import data_folder
from coreg.store.library import copy_session, list_sessions
from coreg.store.reader import State, check_session, read_session
from coreg.store.rows import Logged
from coreg.store.session_log import SessionLog
from tests.helpers.disks import can_mount, fill, mounted, ran
from tests.helpers.sessions import (
    ENDED,
    OPENED,
    QUICK_S,
    append_all,
    beats,
    crashed_copy,
    facts_in,
    packet,
    rounds,
    wait_until,
)

REPOSITORY = Path(__file__).resolve().parents[1]
NAME = f"{OPENED.identity.session_id}.coreg"


# --- the program dies ---------------------------------------------------------


def killed_writer(path: Path, after_s: float) -> int:
    """Kill a writing program at some moment; return what it had said was safe."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.session_writer", str(path)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "starting\n"
        try:
            child.wait(after_s)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        *said, _ = child.stdout.read().split("\n")  # the last line may be torn
    return int(said[-1]) if said else 0


def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(
    tmp_path: Path,
) -> None:
    chance = np.random.default_rng(620)
    folder = data_folder(tmp_path)
    for number in range(rounds(12, thorough=500)):
        path = folder / "sessions" / f"{number:05}.coreg"
        acknowledged = killed_writer(path, float(chance.choice([0.003, 0.02, 0.3])))
        if not path.exists():  # killed before there was a session
            assert acknowledged == 0
            continue
        facts = facts_in(path)
        assert len(facts) >= max(1, acknowledged)
        assert facts == [OPENED, *(packet(n) for n in range(1, len(facts)))]
        assert check_session(path).words == f"ok: {len(facts)} events (interrupted)"
    states = {session.state for session in list_sessions(folder)}
    assert states == {State.INTERRUPTED}


class CrashingLog(RuleBasedStateMachine):
    """Append, crash, fold in, go on: a crashed copy holds what was acknowledged."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / NAME
        self.log = SessionLog.create(self.path, OPENED, commit_every_s=QUICK_S)
        self.facts: list[Logged] = [OPENED]

    @rule(count=st.integers(1, 60))
    def append(self, count: int) -> None:
        more = beats(count)
        append_all(self.log, more)
        self.facts += more

    @rule()
    def wait(self) -> None:
        wait_until(lambda: self.log.unsaved == 0)

    @rule()
    def fold_in(self) -> None:
        connection = sqlite3.connect(self.path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.close()

    @rule()
    def close_and_go_on(self) -> None:
        self.log.close()
        assert self.log.acknowledged == len(self.facts)
        self.log = SessionLog.reopen(self.path, commit_every_s=QUICK_S)

    @rule()
    def crash_and_go_on(self) -> None:
        wait_until(lambda: self.log.unsaved == 0)  # else the copy itself would tear
        crashed = crashed_copy(self.path, self.folder / "crashed")
        assert facts_in(crashed) == self.facts
        self.log.close()
        for companion in ("", "-wal", "-shm"):
            self.path.with_name(NAME + companion).unlink(missing_ok=True)
        for file in crashed.parent.iterdir():
            shutil.move(file, self.folder / file.name)
        self.log = SessionLog.reopen(self.path, commit_every_s=QUICK_S)

    @invariant()
    def a_reader_sees_all_that_is_acknowledged_and_nothing_else(self) -> None:
        acknowledged = self.log.acknowledged
        seen = facts_in(self.path)
        assert len(seen) >= acknowledged
        assert seen == self.facts[: len(seen)]
        assert self.log.trouble is None

    def teardown(self) -> None:
        self.log.close()
        assert facts_in(self.path) == self.facts
        shutil.rmtree(self.folder)


TestCrashingLog = CrashingLog.TestCase
TestCrashingLog.settings = settings(
    max_examples=rounds(10, thorough=100),
    stateful_step_count=20,
    suppress_health_check=[HealthCheck.too_slow],
)


# --- the disk fails -----------------------------------------------------------


def test_a_full_disk_stops_the_recording_in_words_and_keeps_what_was_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / NAME

    def nearly_full(path: Path) -> sqlite3.Connection:
        connection = connect_for_writing(path)
        connection.execute("PRAGMA max_page_count = 12").fetchall()
        return connection

    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        monkeypatch.setattr(session_log, "connect_for_writing", nearly_full)
        for number in range(2000):
            log.append(packet(number + 1), packet(number + 1).t_ns)
            if number % 50 == 0:
                wait_until(lambda: log.unsaved == 0 or log.trouble is not None)
    assert log.trouble is not None
    assert "the disk is full" in log.trouble
    assert log.acknowledged > 1
    assert log.unsaved == 2001 - log.acknowledged
    assert len(facts_in(path)) == log.acknowledged
    assert read_session(path).state is State.INTERRUPTED


@can_mount
def test_when_a_full_disk_has_room_again_nothing_is_missing(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as disk:
        path = disk / NAME
        facts: list[Logged] = [OPENED]
        with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
            append_all(log, beats(30))
            wait_until(lambda: log.unsaved == 0)
            fill(disk / "ballast")
            append_all(log, beats(3000))
            wait_until(lambda: log.trouble is not None)
            assert "the disk is full" in str(log.trouble)
            assert len(facts_in(path)) >= log.acknowledged >= 31
            (disk / "ballast").unlink()
            wait_until(lambda: log.unsaved == 0)
            assert log.trouble is None
            log.append(ENDED, 0)
        facts += [*beats(30), *beats(3000), ENDED]
        assert facts_in(path) == facts
        assert check_session(path).state is State.WHOLE


@can_mount
def test_a_disk_that_stays_full_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as disk:
        path = disk / NAME
        with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
            for _ in range(100):
                append_all(log, beats(300))
                wait_until(lambda: log.unsaved == 0 or log.trouble is not None)
        assert "the disk is full" in str(log.trouble)
        assert log.unsaved > 0
        assert len(facts_in(path)) == log.acknowledged
        with pytest.raises(StorageUnusable, match="cannot be written"):
            copy_session(path, disk / "copy.coreg")


def test_a_session_whose_file_is_taken_away_is_not_called_recorded(
    tmp_path: Path,
) -> None:
    path = tmp_path / NAME
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, beats(5))
        wait_until(lambda: log.unsaved == 0)
        path.unlink()
        append_all(log, beats(5))
        wait_until(lambda: log.trouble is not None)
    assert "the session's file is gone" in str(log.trouble)
    assert log.unsaved == 5


# --- the folder cannot be written ---------------------------------------------


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    if os.geteuid() != 0:
        folder.chmod(0o500)
        try:
            yield
        finally:
            folder.chmod(0o700)
        return
    if ran("mount", "--bind", str(folder), str(folder)) != 0:
        pytest.skip("this machine lets not even root mount a folder")
    try:
        assert ran("mount", "-o", "remount,ro,bind", str(folder)) == 0
        yield
    finally:
        assert ran("umount", str(folder)) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder made read-only")
@pytest.mark.parametrize("companions", [(), ("-wal",), ("-wal", "-shm")])
def test_an_interrupted_session_reads_in_a_folder_that_cannot_be_written(
    tmp_path: Path, companions: tuple[str, ...]
) -> None:
    path = tmp_path / NAME
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, beats(20))
        wait_until(lambda: log.unsaved == 0)
        folder = tmp_path / "crashed"
        folder.mkdir()
        for companion in ("", *companions):
            shutil.copyfile(
                path.with_name(NAME + companion), folder / f"{NAME}{companion}"
            )
    count = 21 if companions else 1  # without its log the file holds its beginning
    with read_only(folder):
        assert check_session(folder / NAME).words == f"ok: {count} events (interrupted)"
        copy_session(folder / NAME, tmp_path / "copy.coreg")
        assert sorted(each.name for each in folder.iterdir()) == sorted(
            NAME + companion for companion in ("", *companions)
        )
    assert len(facts_in(tmp_path / "copy.coreg")) == count
