"""A session is written as it happens, completely, and for this user's eyes only."""

import os
import sqlite3
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from coreg.errors import LibraryBusy, SessionError, StorageUnusable
from coreg.facts.events import (
    BlockBegan,
    BlockEnded,
    Breath,
    Intervals,
    Link,
    LinkChanged,
    Notification,
    PacerStopped,
    Partner,
    Paused,
    Press,
    Pressed,
    Resumed,
    SignalBack,
    SignalLost,
    SourceEnded,
    Stream,
    StreamPacket,
    StreamStarted,
    Tick,
)
from coreg.store import database, rows
from coreg.store.reader import State, check_session, read_session
from coreg.store.rows import Logged
from coreg.store.session_log import GROUP_COMMIT_S, SessionLog
from tests.helpers.sessions import (
    ENDED,
    OPENED,
    PACKET,
    QUICK_S,
    append_all,
    beats,
    packet,
    wait_until,
    whole_session,
)

ONE_OF_EACH: list[tuple[str, Logged]] = [
    ("A", Notification(t_ns=1, partner=Partner.A, data=PACKET)),
    ("B", Notification(t_ns=2, partner=Partner.B, data=b"")),
    ("A", Intervals(t_ns=3, partner=Partner.A, rr_ms=(812.3, 799.0))),
    ("B", LinkChanged(t_ns=4, partner=Partner.B, link=Link.LOST, detail="weit weg ü")),
    ("clock", Tick(t_ns=5)),
    ("couple", Pressed(t_ns=6, press=Press.PAUSE)),
    ("practice", BlockBegan(t_s=0.1, number=0, name="sit", kind="rest", length_s=60.0)),
    ("practice", BlockEnded(t_s=0.2, number=0, features=3, features_sha256="00")),
    ("practice", Breath(t_s=0.3, period_s=10.0, inhale_s=4.0)),
    ("practice", PacerStopped(t_s=0.4)),
    ("practice", Paused(t_s=0.5)),
    ("practice", Resumed(t_s=0.6)),
    ("A", SignalLost(t_s=0.7, partner=Partner.A)),
    ("B", SignalBack(t_s=0.8, partner=Partner.B)),
    ("session", SourceEnded(t_ns=7)),
    (
        "A",
        StreamStarted(
            t_ns=8,
            partner=Partner.A,
            stream=Stream.ECG,
            asked=b"\x02\0",
            answer=b"\xf0\x02\0\0\0",
        ),
    ),
    *(
        (
            partner.value,
            StreamPacket(t_ns=8, partner=partner, stream=stream, data=PACKET),
        )
        for partner in Partner
        for stream in Stream
    ),
    ("practice", ENDED),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / f"{OPENED.identity.session_id}.coreg"


@pytest.fixture
def umask_0() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def raw(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_every_kind_of_fact_comes_back_as_it_went_in(path: Path) -> None:
    facts = [fact for _, fact in ONE_OF_EACH]
    with SessionLog.create(path, OPENED) as log:
        append_all(log, facts)
    session = read_session(path)
    assert [each.fact for each in session.events] == [OPENED, *facts]
    assert [each.seq for each in session.events] == list(range(1, len(facts) + 2))
    assert session.opened == OPENED
    assert session.state is State.WHOLE


def test_each_row_names_its_source_and_never_who_of_the_two_pressed(path: Path) -> None:
    with SessionLog.create(path, OPENED) as log:
        append_all(log, [fact for _, fact in ONE_OF_EACH])
    sources = [source for (source,) in raw(path, "SELECT source FROM event")]
    assert sources == ["session", *(source for source, _ in ONE_OF_EACH)]


def test_a_notification_is_stored_as_the_very_bytes_that_arrived(path: Path) -> None:
    with SessionLog.create(path, OPENED) as log:
        log.append(Notification(t_ns=9, partner=Partner.A, data=PACKET), 9)
    query = "SELECT t_mono_ns, source, kind, payload FROM event WHERE seq = 2"
    assert raw(path, query) == [(9, "A", "Notification", b"\x10\x3c\x00\x04")]


def test_a_packet_of_a_stream_is_stored_behind_one_byte_that_says_which(
    path: Path,
) -> None:
    ecg, motion = (
        StreamPacket(t_ns=9, partner=Partner.B, stream=stream, data=b"\x02\xff")
        for stream in (Stream.ECG, Stream.ACCELERATION)
    )
    with SessionLog.create(path, OPENED) as log:
        append_all(log, [ecg, motion])
    query = "SELECT source, kind, payload FROM event WHERE seq > 1"
    assert raw(path, query) == [
        ("B", "StreamPacket", b"\x00\x02\xff"),
        ("B", "StreamPacket", b"\x01\x02\xff"),
    ]


@pytest.mark.parametrize("payload", [b"", b"\x07\x02"])
def test_a_stream_that_is_not_known_is_a_fault_that_is_named(payload: bytes) -> None:
    row = rows.event_row(
        2, rows.Entry(t_ns=9, source="A", kind="StreamPacket", payload=payload)
    )
    with pytest.raises(rows.BadRow, match="newer coreg"):
        rows.recorded(row, seq=2)


def test_an_input_cannot_be_logged_with_another_time_than_its_own(path: Path) -> None:
    with (
        SessionLog.create(path, OPENED) as log,
        pytest.raises(ValueError, match="9 ns is logged with 8 ns"),
    ):
        log.append(Tick(t_ns=9), 8)


def test_the_beginning_is_on_the_disk_before_anything_else_happens(path: Path) -> None:
    with SessionLog.create(path, OPENED, commit_every_s=60.0) as log:
        assert log.acknowledged == 1
        assert check_session(path).words == "ok: 1 events (running)"


def test_an_event_is_on_the_disk_soon_without_another_one_or_an_end(
    path: Path,
) -> None:
    assert GROUP_COMMIT_S <= 0.25  # so that half a second holds on a slow disk too
    with SessionLog.create(path, OPENED) as log:
        log.append(packet(1), packet(1).t_ns)
        wait_until(lambda: log.acknowledged == 2)
        assert read_session(path).events[1].fact == packet(1)


def test_a_whole_session_is_one_plain_file(path: Path) -> None:
    whole_session(path)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert raw(path, "PRAGMA journal_mode") == [("delete",)]
    assert check_session(path).words == "ok: 42 events"


def test_a_session_closed_before_its_end_is_interrupted(path: Path) -> None:
    with SessionLog.create(path, OPENED) as log:
        append_all(log, beats(3))
    assert check_session(path).words == "ok: 4 events (interrupted)"


def test_an_interrupted_session_goes_on_where_it_stopped(path: Path) -> None:
    with SessionLog.create(path, OPENED) as log:
        append_all(log, beats(3))
    with SessionLog.reopen(path) as log:
        assert log.acknowledged == 4
        append_all(log, [packet(7), ENDED])
        wait_until(lambda: log.acknowledged == 6)
        assert read_session(path).state is State.RUNNING
    facts = [each.fact for each in read_session(path).events]
    assert facts == [OPENED, *beats(3), packet(7), ENDED]
    assert check_session(path).words == "ok: 6 events"


def test_a_whole_session_is_not_written_to_again(path: Path) -> None:
    whole_session(path)
    with pytest.raises(SessionError, match="is at its end"):
        SessionLog.reopen(path)


def test_a_session_is_never_overwritten_by_another(path: Path) -> None:
    facts = whole_session(path)
    with pytest.raises(StorageUnusable, match="already"):
        SessionLog.create(path, OPENED)
    assert [each.fact for each in read_session(path).events] == facts


def test_a_session_has_one_writer(path: Path) -> None:
    with (
        SessionLog.create(path, OPENED),
        pytest.raises(LibraryBusy, match="is being recorded"),
    ):
        SessionLog.reopen(path)


def test_close_may_be_called_twice(path: Path) -> None:
    log = SessionLog.create(path, OPENED)
    log.close()
    log.close()
    assert log.trouble is None


def test_appending_never_waits_for_the_disk(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_S", 3600.0)  # whoever waits is never done
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")  # the writer now waits, as for a slow disk
        appending = threading.Thread(
            target=append_all, args=(log, beats(1000)), daemon=True
        )
        appending.start()
        appending.join(60)
        assert not appending.is_alive()
        assert log.unsaved >= 1000
        blocker.execute("ROLLBACK")
        blocker.close()
    assert log.unsaved == 0


def test_reading_while_it_is_written_sees_a_beginning_and_disturbs_nothing(
    path: Path,
) -> None:
    facts = [OPENED, *beats(600)]
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        for number, fact in enumerate(facts[1:]):
            log.append(fact, getattr(fact, "t_ns", 0))
            if number % 40 == 0:
                acknowledged = log.acknowledged
                seen = [each.fact for each in read_session(path).events]
                assert seen == facts[: len(seen)]
                # Not the other way round: what was just committed is seen before the
                # writer comes to say so.
                assert len(seen) >= acknowledged
    assert log.trouble is None
    assert len(read_session(path).events) == 601


def test_a_reader_that_stays_open_leaves_the_log_bounded(path: Path) -> None:
    """One that held a transaction for 20 min grew the log to 21 MB; ours hold none."""
    largest = 0
    stop = threading.Event()

    def read_on() -> None:
        while not stop.is_set():
            read_session(path)

    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        reader = threading.Thread(target=read_on)
        reader.start()
        for number in range(400):
            log.append(packet(number), packet(number).t_ns)
            wait_until(lambda: log.unsaved == 0)
            wal = path.with_name(path.name + "-wal")
            largest = max(largest, wal.stat().st_size)
        stop.set()
        reader.join()
    assert log.trouble is None
    assert largest < 2 * 1024 * 1024


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
@pytest.mark.usefixtures("umask_0")
def test_files_are_for_this_user_only_whatever_the_umask(path: Path) -> None:
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, beats(3))
        wait_until(lambda: log.acknowledged == 4)
        modes = {
            each.name[len(path.name) :]: stat.S_IMODE(each.stat().st_mode)
            for each in path.parent.iterdir()
        }
    assert modes == {"": 0o600, "-wal": 0o600, "-shm": 0o600, "-lock": 0o600}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
