"""A write-ahead log that is not a session's own changes nothing of it in silence.

SQLite itself takes any log whose sums are right, as the logs here are: they were
written by coreg, for another session or in another hour of the same one.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from coreg.errors import SessionDamaged, SessionError
from coreg.facts.events import Opened
from coreg.store import own_log, session_log
from coreg.store.library import copy_session
from coreg.store.reader import (
    State,
    check_session,
    read_head,
    read_session,
    wal_path,
)
from coreg.store.rows import Logged
from coreg.store.session_log import SessionLog
from tests.helpers.openings import changed
from tests.helpers.sessions import ENDED, OPENED, QUICK_S, packet, wait_until

PAGE_BYTES = 512
OTHER = changed(OPENED, session_id="20260302-193000-8f3a")
COUNTS = [1, 6, 40, 400]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What a session left on the disk: its file, and the log beside it."""

    file: bytes
    log: bytes

    def lie_at(self, path: Path) -> Path:
        path.write_bytes(self.file)
        wal_path(path).write_bytes(self.log)
        return path


class Recording:
    """A session under way, of which a disk can be looked at any time."""

    def __init__(self, path: Path, opened: Opened, first: int = 0) -> None:
        self._path, self._next = path, first + 1
        self.facts: list[Logged] = [opened]
        self._log = SessionLog.create(path, opened, commit_every_s=QUICK_S)

    def go_on(self, count: int) -> None:
        """Record so many packets more, a commit each few."""
        for number in range(self._next, self._next + count):
            self._log.append(packet(number), packet(number).t_ns)
            self.facts.append(packet(number))
            if number % 7 == 0:
                self._saved()
        self._next += count
        self._saved()

    def fold_in(self) -> None:
        """Let the log be folded into the file, as SQLite does now and then."""
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def crashed(self) -> Files:
        """What the disk would hold had the computer stopped now."""
        log = wal_path(self._path)
        return Files(file=self._path.read_bytes(), log=log.read_bytes())

    def ended(self) -> bytes:
        """The file once the session has come to its end."""
        self._log.append(ENDED, 0)
        self.facts.append(ENDED)
        self._log.close()
        assert not wal_path(self._path).exists()
        return self._path.read_bytes()

    def _saved(self) -> None:
        wait_until(lambda: self._log.unsaved == 0)


@pytest.fixture
def beside(tmp_path: Path) -> Callable[[str], Path]:
    return lambda name: tmp_path / f"{name}.coreg"


def facts_at(path: Path) -> list[Logged]:
    return [event.fact for event in read_session(path).events]


@pytest.mark.parametrize("count", COUNTS)
def test_no_log_beside_a_session_that_was_closed_is_read(
    count: int, beside: Callable[[str], Path]
) -> None:
    one = Recording(beside("one"), OPENED)
    one.go_on(count)
    earlier = one.crashed().log
    one.go_on(count)
    later = one.crashed().log
    file = one.ended()
    other = Recording(beside("other"), OTHER, first=5000)
    other.go_on(2 * count + 3)
    for log in (earlier, later, other.crashed().log):
        path = Files(file=file, log=log).lie_at(beside("found"))
        assert facts_at(path) == one.facts
        assert check_session(path).words == f"ok: {len(one.facts)} events"
        assert read_head(path).state is State.WHOLE
        copy_session(path, beside("copy"))
        assert facts_at(beside("copy")) == one.facts
        assert wal_path(path).read_bytes() == log  # it was looked at by nobody
    other.ended()


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("folded", [0, 1, 100])
def test_the_log_of_another_session_is_named_and_not_read(
    count: int, folded: int, beside: Callable[[str], Path]
) -> None:
    one = Recording(beside("one"), OPENED)
    other = Recording(beside("other"), OTHER, first=5000)
    for each in (one, other):
        each.go_on(folded)
        each.fold_in()
    saved = list(one.facts)
    other.go_on(count)
    one.go_on(1)
    found = Files(file=one.crashed().file, log=other.crashed().log)
    path = found.lie_at(beside("found"))
    # Mostly by its name; where the pages do not fit at all, as any damage.
    with pytest.raises(SessionDamaged):
        read_session(path)
    assert check_session(path).state is State.DAMAGED
    with pytest.raises(SessionError):
        SessionLog.reopen(path)
    assert path.read_bytes() == found.file
    if not folded:
        with pytest.raises(SessionDamaged, match="another session"):
            copy_session(path, beside("copy"))
        assert f"{wal_path(path).name} beside it" in check_session(path).words
    wal_path(path).unlink()  # as these words say
    assert facts_at(path) == saved
    one.ended()
    other.ended()


def test_an_older_log_of_the_same_session_takes_nothing_away(
    beside: Callable[[str], Path],
) -> None:
    one = Recording(beside("one"), OPENED)
    one.go_on(30)
    older = one.crashed().log
    one.go_on(30)
    one.fold_in()
    saved = list(one.facts)
    one.go_on(3)
    path = Files(file=one.crashed().file, log=older).lie_at(beside("found"))
    with pytest.raises(SessionDamaged, match="another hour of this one"):
        read_session(path)
    wal_path(path).unlink()
    assert facts_at(path) == saved
    one.ended()


def with_log_of_other_at(
    folded: int, beside: Callable[[str], Path]
) -> tuple[list[Logged], list[Logged] | None]:
    """What is saved of one, and what is read of it with a log of another one.

    Both have events of the same size in the same number when their logs begin.
    """
    one = Recording(beside(f"one{folded}"), OPENED)
    other = Recording(beside(f"other{folded}"), OTHER, first=5000)
    for each in (one, other):
        each.go_on(folded)
        each.fold_in()
    saved = list(one.facts)
    one.go_on(1)
    other.go_on(40)
    found = Files(file=one.crashed().file, log=other.crashed().log)
    path = found.lie_at(beside(f"found{folded}"))
    one.ended()
    other.ended()
    try:
        return saved, facts_at(path)
    except SessionDamaged:
        return saved, None


def test_a_log_that_would_fit_on_to_the_very_event_is_not_read(
    beside: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where pages end with the same event, only the number of chance tells them."""
    for folded in range(20, 32):
        _, read = with_log_of_other_at(folded, beside)
        assert read is None, folded
    monkeypatch.setattr(session_log, "new_mark", lambda: 0)  # as of an older coreg
    told = [with_log_of_other_at(folded, beside) for folded in range(40, 52)]
    assert any(read is not None and read[:-1] != saved for saved, read in told)


def test_a_session_of_before_the_number_of_chance_is_read_with_its_log(
    beside: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_log, "new_mark", lambda: 0)
    one = Recording(beside("one"), OPENED)
    one.go_on(200)
    assert facts_at(one.crashed().lie_at(beside("found"))) == one.facts
    one.ended()


# --- and never at the cost of a session's own log -----------------------------------


def test_a_computer_that_stopped_while_the_log_was_folded_in_loses_nothing(
    beside: Callable[[str], Path],
) -> None:
    """Up to any of its pages, in the order of their numbers as SQLite folds them in."""
    one = Recording(beside("one"), OPENED)
    one.go_on(60)
    one.fold_in()
    one.go_on(90)
    stopped = one.crashed()
    one.fold_in()
    folded = one.crashed().file
    facts, alone = list(one.facts), 0
    for end in range(0, len(folded) + 1, PAGE_BYTES):
        file = folded[:end] + stopped.file[end:]
        path = Files(file=file, log=stopped.log).lie_at(beside("found"))
        assert facts_at(path) == facts, end
        wal_path(path).unlink()
        try:
            alone += facts_at(path) != facts
        except SessionDamaged:
            alone += 1
    assert alone > 5  # most of these files need their log
    one.ended()


def test_each_session_has_a_mark_of_its_own() -> None:
    marks = {own_log.new_mark() for _ in range(100)}
    assert len(marks) > 95
    assert all(0 < each < 2**31 for each in marks)
