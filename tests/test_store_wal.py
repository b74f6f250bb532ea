"""A program that reads on and on makes no recording's log grow without end."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from coreg.store.session_log import GROUP_COMMIT_S, SessionLog
from tests.helpers.sessions import (
    OPENED,
    QUICK_S,
    facts_in,
    packet,
    wait_until,
)

EVENTS_PER_S = 8  # two straps, four ticks, and the pacer's breaths and glints
TWENTY_MIN_S = 20 * 60
MIB = 1024 * 1024


@contextmanager
def foreign_reader(path: Path) -> Iterator[None]:
    """A program that looks at a session and forgets to stop."""
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM event").fetchall()
    try:
        yield
    finally:
        reader.close()


def test_a_foreign_reader_of_twenty_minutes_leaves_the_log_below_four_mib(
    tmp_path: Path,
) -> None:
    """Commits are counted, not timed; such a reader grew it to 39 MB."""
    path = tmp_path / f"{OPENED.identity.session_id}.coreg"
    numbers, passed_s = count(1), 0.0
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        log.append(packet(0), packet(0).t_ns)
        wait_until(lambda: log.unsaved == 0)
        with foreign_reader(path):
            while passed_s < TWENTY_MIN_S:
                lasts_s = GROUP_COMMIT_S * log.commit_every_s / QUICK_S
                assert lasts_s < 1.0  # a crash loses at most a second
                for number, _ in zip(
                    numbers, range(round(EVENTS_PER_S * lasts_s)), strict=False
                ):
                    log.append(packet(number), packet(number).t_ns)
                wait_until(lambda: log.unsaved == 0)
                passed_s += lasts_s
            assert path.with_name(f"{path.name}-wal").stat().st_size < 4 * MIB
        log.append(packet(0), packet(0).t_ns)
        wait_until(lambda: log.unsaved == 0)
        assert log.trouble is None
    assert len(facts_in(path)) == log.acknowledged
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_log_that_nobody_holds_up_is_written_as_soon_as_ever(tmp_path: Path) -> None:
    path = tmp_path / f"{OPENED.identity.session_id}.coreg"
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        for number in range(1, 2000):
            log.append(packet(number), packet(number).t_ns)
            wait_until(lambda: log.unsaved == 0)
            assert log.commit_every_s == QUICK_S
