"""Damage is named and never silent, and what is not a session is refused in words."""

import binascii
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from coreg.errors import SessionDamaged
from coreg.facts.events import (
    Breath,
    Ended,
    Ending,
    Intervals,
    Notification,
    Partner,
    Tick,
)
from coreg.store.library import copy_session
from coreg.store.reader import (
    State,
    check_session,
    read_beginning,
    read_head,
    read_session,
)
from coreg.store.rows import Entry, event_row, meta_row
from coreg.store.session_log import SessionLog
from tests.helpers.openings import changed
from tests.helpers.sessions import (
    OPENED,
    QUICK_S,
    append_all,
    beats,
    crashed_copy,
    facts_in,
    rounds,
    wait_until,
    whole_session,
)

NAME = f"{OPENED.identity.session_id}.coreg"
KEPT = Path(__file__).resolve().parent / "data" / "session-layout-1.coreg"
KEPT_FACTS = [
    changed(OPENED, by_labels=False),
    Tick(t_ns=250_000_000),
    Notification(t_ns=310_000_000, partner=Partner.A, data=b"\x10\x3c\x00\x04"),
    Intervals(t_ns=320_000_000, partner=Partner.B, rr_ms=(812.5, 1000 / 3)),
    Breath(t_s=0.5, period_s=10.0, inhale_s=4.0),
    Ended(t_s=1.0, ending=Ending.COMPLETE),
]


def test_a_log_that_was_cut_or_changed_leaves_a_clean_beginning(tmp_path: Path) -> None:
    path = tmp_path / NAME
    facts = [OPENED, *beats(60)]
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        for fact in facts[1:]:
            append_all(log, [fact])
            wait_until(lambda: log.unsaved == 0)
        crashed = crashed_copy(path, tmp_path / "crashed")
    wal = crashed.with_name(f"{NAME}-wal")
    intact = wal.read_bytes()
    assert len(facts_in(crashed)) == 61
    chance = np.random.default_rng(150)
    lengths = set()
    for _ in range(rounds(50, thorough=300)):
        for harmed in (truncated(intact, chance), with_one_bit_flipped(intact, chance)):
            crashed.with_name(f"{NAME}-shm").unlink(missing_ok=True)
            wal.write_bytes(harmed)
            seen = facts_in(crashed)
            assert seen == facts[: len(seen)]
            lengths.add(len(seen))
    assert len(lengths) > 10  # beginnings of many lengths, not always all or nothing


def test_no_flipped_bit_of_a_file_changes_what_is_read_in_silence(
    tmp_path: Path,
) -> None:
    path = tmp_path / NAME
    facts = whole_session(path, count=300)
    intact = path.read_bytes()
    chance = np.random.default_rng(300)
    noticed = 0
    for _ in range(rounds(400, thorough=3000)):
        path.write_bytes(with_one_bit_flipped(intact, chance))
        result = check_session(path)
        if result.state is State.DAMAGED:
            noticed += 1
            assert not result.words.startswith("ok")
            with pytest.raises(SessionDamaged):
                read_session(path)
        else:  # the bit was in a part of the file that says nothing
            assert facts_in(path) == facts
    assert noticed > 100


def test_a_truncated_file_is_damaged_and_never_a_shorter_session(
    tmp_path: Path,
) -> None:
    path = tmp_path / NAME
    facts = whole_session(path, count=300)
    intact = path.read_bytes()
    chance = np.random.default_rng(4)
    begun = 0
    for _ in range(rounds(60, thorough=1000)):
        path.write_bytes(truncated(intact, chance))
        result = check_session(path)
        assert result.state is State.DAMAGED
        if result.events:
            begun += 1
            seen = [each.fact for each in read_beginning(path).events]
            assert seen == facts[: result.events]
    assert begun > 30


def truncated(content: bytes, chance: np.random.Generator) -> bytes:
    return content[: chance.integers(len(content))]


def with_one_bit_flipped(content: bytes, chance: np.random.Generator) -> bytes:
    changed = bytearray(content)
    changed[chance.integers(len(content))] ^= 1 << chance.integers(8)
    return bytes(changed)


CHANGES: list[tuple[str, str]] = [
    ("UPDATE event SET payload = x'00' WHERE seq = 5", "event 5 was changed"),
    ("UPDATE event SET t_mono_ns = 1 WHERE seq = 5", "event 5 was changed"),
    ("UPDATE event SET source = 'A' WHERE seq = 5", "event 5 was changed"),
    ("UPDATE event SET kind = 'Tick' WHERE seq = 5", "event 5 was changed"),
    ("UPDATE event SET crc = crc + 1 WHERE seq = 5", "event 5 was changed"),
    ("UPDATE event SET seq = 99 WHERE seq = 5", "event 5 is missing"),
    ("DELETE FROM event WHERE seq = 5", "event 5 is missing"),
    ("DELETE FROM event WHERE seq > 40", "event 41 is missing"),
    ("DELETE FROM event WHERE seq = 1", "event 1 is missing"),
    ("DELETE FROM event", "event 1 is missing"),
    ("UPDATE meta SET value = '41' WHERE key = 'events'", "'events'"),
    ("DELETE FROM meta WHERE key = 'events'", "is missing"),
    ("UPDATE event SET payload = 'text' WHERE seq = 5", "event 5 was changed"),
]


@pytest.mark.parametrize(("change", "fault"), CHANGES)
def test_a_changed_row_is_named(tmp_path: Path, change: str, fault: str) -> None:
    path = tmp_path / NAME
    whole_session(path)
    execute(path, change)
    words = check_session(path).words
    assert fault in words
    assert "\n" not in words


# --- what comes before the damage is read --------------------------------------


@pytest.mark.parametrize(
    ("change", "whole"),
    [
        ("UPDATE event SET payload = x'00' WHERE seq = 5", 4),
        ("UPDATE event SET seq = 99 WHERE seq = 5", 4),
        ("DELETE FROM event WHERE seq > 40", 40),
        ("UPDATE meta SET value = '41' WHERE key = 'events'", 42),
        ("DELETE FROM meta", 42),
    ],
)
def test_one_damaged_row_leaves_all_before_it_with_words(
    tmp_path: Path, change: str, whole: int
) -> None:
    path = tmp_path / NAME
    facts = whole_session(path)
    execute(path, change)
    session = read_beginning(path)
    assert [each.fact for each in session.events] == facts[:whole]
    assert session.state is State.DAMAGED
    checked = check_session(path)
    assert session.wrong in checked.words
    assert checked.events == whole
    assert f"The first {whole} events are as they were written" in checked.words


def test_of_a_session_as_it_was_written_the_beginning_is_all_of_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / NAME
    whole_session(path)
    assert read_beginning(path) == read_session(path)
    assert read_session(path).wrong == ""


@pytest.mark.parametrize(
    "change", ["DELETE FROM event", "UPDATE event SET t_mono_ns = 1 WHERE seq = 1"]
)
def test_a_session_without_its_first_event_has_no_beginning(
    tmp_path: Path, change: str
) -> None:
    path = tmp_path / NAME
    whole_session(path)
    execute(path, change)
    with pytest.raises(SessionDamaged, match="event 1"):
        read_beginning(path)


def test_of_a_spoiled_file_what_is_read_is_a_beginning_of_what_was_written(
    tmp_path: Path,
) -> None:
    path = tmp_path / NAME
    facts = whole_session(path, count=600)
    intact = path.read_bytes()
    chance = np.random.default_rng(31)
    read = damaged = 0
    for _ in range(rounds(200, thorough=2000)):
        spoil = chance.choice(np.array([with_one_bit_flipped, with_a_sector_of_nought]))
        path.write_bytes(spoil(intact, chance))
        try:
            session = read_beginning(path)
        except SessionDamaged:
            damaged += 1
            continue
        seen = [each.fact for each in session.events]
        assert seen == facts[: len(seen)]
        assert (seen == facts) or session.wrong
        damaged += session.state is State.DAMAGED
        read += session.state is State.DAMAGED
    assert read > 0.8 * damaged > 50


def with_a_sector_of_nought(content: bytes, chance: np.random.Generator) -> bytes:
    at = 512 * int(chance.integers(len(content) // 512))
    return content[:at] + bytes(512) + content[at + 512 :]


def test_a_session_whose_last_event_is_damaged_is_listed_with_its_beginning(
    tmp_path: Path,
) -> None:
    path = tmp_path / NAME
    whole_session(path)
    execute(path, "UPDATE event SET payload = x'00' WHERE seq = 42")
    head = read_head(path)
    assert head.opened == OPENED
    assert head.state is State.DAMAGED
    assert "event 42 was changed" in head.wrong
    assert head.length_s == pytest.approx(0.040)


def test_a_session_of_a_later_layout_has_no_beginning_that_this_coreg_reads(
    tmp_path: Path,
) -> None:
    path = tmp_path / NAME
    whole_session(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("REPLACE INTO meta VALUES (?, ?, ?)", meta_row("schema", "3"))
    with pytest.raises(SessionDamaged, match="a newer coreg"):
        read_beginning(path)


# --- the file is someone else's -----------------------------------------------

FOREIGN: list[Callable[[Path], object]] = [
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(84)),
    lambda path: path.write_bytes(b"arrival_s,rr_ms\n0.8,800\n"),
    lambda path: path.write_bytes(os.urandom(9000)),
    lambda path: execute(path, "CREATE TABLE event (seq)"),
]
UNWANTED = [
    "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END",
    "CREATE VIEW v AS SELECT * FROM event",
    "CREATE INDEX i ON event (kind)",
    "CREATE TABLE more (x)",
    "ALTER TABLE event ADD COLUMN more",
    "DROP TABLE meta",
]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_file_of_another_kind_is_refused_in_words(
    tmp_path: Path, foreign: Callable[[Path], object]
) -> None:
    path = tmp_path / NAME
    foreign(path)
    with pytest.raises(SessionDamaged, match=f"{NAME} cannot be read as a session"):
        read_session(path)
    with pytest.raises(SessionDamaged):
        copy_session(path, tmp_path / "copy.coreg")
    assert not (tmp_path / "copy.coreg").exists()


@pytest.mark.parametrize("unwanted", UNWANTED)
def test_a_session_file_with_anything_else_in_it_is_refused(
    tmp_path: Path, unwanted: str
) -> None:
    path = tmp_path / NAME
    whole_session(path)
    execute(path, unwanted)
    with pytest.raises(SessionDamaged, match="its tables are not those of a session"):
        read_session(path)


def execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("Nonsense", b"[1]"),
        ("Tick", b"[1,2]"),
        ("Tick", b"["),
        ("Tick", b"[" * 100_000),
        ("Tick", b"\xff"),
        ("Intervals", b'[1,"C",[]]'),
        ("Breath", b"[1" + b"0" * 400 + b",1.0,1.0]"),
        ("Beat", b'[0.1,"A",800.0,800.0,"normal"]'),
        ("Opened", b"[]"),
    ],
)
def test_a_forged_row_with_a_fitting_check_is_still_refused_in_words(
    tmp_path: Path, kind: str, payload: bytes
) -> None:
    path = tmp_path / NAME
    whole_session(path)
    forged = event_row(5, Entry(t_ns=1, source="A", kind=kind, payload=payload))
    connection = sqlite3.connect(path)
    connection.execute("REPLACE INTO event VALUES (?, ?, ?, ?, ?, ?)", forged)
    connection.commit()
    connection.close()
    assert "event 5" in check_session(path).words


def test_a_session_of_the_first_layout_stays_readable() -> None:
    """Kept from version 0.1.0; the facts below are what was put in by hand."""
    session = read_session(KEPT)
    assert session.state is State.WHOLE
    assert session.opened == changed(OPENED, by_labels=False)
    assert [each.fact for each in session.events] == KEPT_FACTS
    assert check_session(KEPT).words == "ok: 6 events"


def test_the_check_of_a_row_is_the_crc_32_over_all_its_columns_before_it() -> None:
    """Another program can verify a file: each column led by its length in 4 bytes."""
    connection = sqlite3.connect(f"{KEPT.as_uri()}?mode=ro", uri=True)
    rows = connection.execute("SELECT * FROM event").fetchall()
    connection.close()
    for seq, t_mono_ns, source, kind, payload, crc in rows:
        numbers = seq.to_bytes(8, "big") + t_mono_ns.to_bytes(8, "big")
        columns = (numbers, source.encode(), kind.encode(), payload)
        covered = b"".join(len(each).to_bytes(4, "big") + each for each in columns)
        assert binascii.crc32(covered) == crc


def test_a_session_of_a_later_layout_asks_for_a_newer_coreg(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(KEPT.read_bytes())
    # Each column led by its length in 4 bytes, as above: "schema", "3".
    check = binascii.crc32(b"\x00\x00\x00\x06schema" + b"\x00\x00\x00\x013")
    connection = sqlite3.connect(path)
    connection.execute(
        "UPDATE meta SET value = '3', crc = ? WHERE key = 'schema'", [check]
    )
    connection.commit()
    connection.close()
    assert "its layout is 3" in check_session(path).words
    assert "a newer coreg" in check_session(path).words
