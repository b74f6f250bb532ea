"""A locked data folder: nothing reads without its key, and nothing is lost."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from coreg.errors import PassphraseRefused, StorageLocked, StorageUnusable
from coreg.facts.events import Notification, Partner
from coreg.store import keys, library_file, locking, rows
from coreg.store.folder import data_folder
from coreg.store.library import find_session, list_sessions, session_path
from coreg.store.library_db import Library, check_library
from coreg.store.own_things import RatingKept, WordsKept
from coreg.store.reader import State, check_session, read_beginning, read_session
from coreg.store.session_log import SessionLog
from tests.helpers.evening_server import CHEAP, NOW
from tests.helpers.sessions import (
    OPENED,
    PACKET,
    QUICK_S,
    SESSION_ID,
    append_all,
    beats,
    facts_in,
    left_by_a_crash,
    wait_until,
    whole_session,
)

WORDS = "four words we remember"
NAME, SAID, EVENING = "Adalgunde", "SECRET-OF-ADA", b"20260301-193000"
OPEN_TEXTS = [
    NAME.encode(),
    SAID.encode(),
    b"Six breaths a minute",  # the plan, in a session's first event
    b"Opened",
    b"Notification",
    PACKET,  # a heart rate and an RR interval, as the strap sent them
    b"CREATE TABLE person",
]
ANOTHER = "20260302-193000-7f3b"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = data_folder(tmp_path / "data")
    yield folder
    keys.let_go(folder)


def lived_in(folder: Path) -> Path:
    """What two people leave in a data folder: names, words, ratings, an evening."""
    library = Library(folder, passcode_cost=CHEAP)
    library.keep_names(NAME, "Bo")
    library.own.choose(Partner.A, "4711", now=NOW)
    said = WordsKept(session_id=SESSION_ID, block="words", text=SAID, utc="now")
    library.own.keep(Partner.A, said)
    rated = RatingKept(
        session_id=SESSION_ID, moment="after", at_ease=9, awake=8, myself=7, utc="now"
    )
    library.own.keep(Partner.A, rated)
    path = session_path(folder, SESSION_ID)
    whole_session(path)
    return path


def found(folder: Path) -> dict[bytes, list[str]]:
    """Which of the open texts are in which files."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return {
        text: names
        for text in OPEN_TEXTS
        if (names := [each.name for each in files if text in each.read_bytes()])
    }


def lock(folder: Path) -> locking.Locked:
    return locking.lock(folder, WORDS, cost=CHEAP)


# --- nothing lies open ------------------------------------------------------------


def test_what_lay_open_is_locked_and_reads_the_same(folder: Path) -> None:
    path = lived_in(folder)
    before = read_session(path)
    assert set(found(folder)) >= {NAME.encode(), PACKET, b"Opened"}
    assert lock(folder).left == {}
    assert found(folder) == {}
    after = read_session(path)
    assert (after.events, after.state) == (before.events, State.WHOLE)
    library = Library(folder, passcode_cost=CHEAP)
    assert library.person(Partner.A).name == NAME
    key = library.own.enter(Partner.A, "4711", now=NOW).key
    assert [each.text for each in library.own.lines(Partner.A, key).words] == [SAID]


def test_a_recording_lies_locked_from_its_first_byte_on(folder: Path) -> None:
    lock(folder)
    path = session_path(folder, SESSION_ID)
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        assert found(folder) == {}
        append_all(log, beats(50))
        wait_until(lambda: log.unsaved == 0)
        assert path.with_name(f"{path.name}-wal").stat().st_size > 1000
        assert found(folder) == {}
        assert facts_in(path) == [OPENED, *beats(50)]
    assert found(folder) == {}


def test_when_a_beat_came_does_not_lie_open_either(folder: Path) -> None:
    lock(folder)
    path = session_path(folder, SESSION_ID)
    whole_session(path)
    with sqlite3.connect(path) as db:
        shown = db.execute("SELECT t_mono_ns, source, kind FROM event").fetchall()
    assert set(shown) == {(0, "", "sealed"), (0, "", "sealed end")}


def test_what_is_locked_opens_nowhere_without_its_key(folder: Path) -> None:
    path = lived_in(folder)
    lock(folder)
    keys.let_go(folder)
    for ask in (
        lambda: read_session(path),
        lambda: read_beginning(path),
        lambda: Library(folder),
        lambda: Library(folder, only_reads=True),
        lambda: SessionLog.create(session_path(folder, ANOTHER), OPENED),
        lambda: SessionLog.reopen(path),
        lambda: locking.finish(folder),
    ):
        with pytest.raises(StorageLocked):
            ask()
    (listed,) = list_sessions(folder)
    assert (listed.opened, listed.state) == (None, State.UNREADABLE)
    # Its every byte is checked all the same, without telling anything.
    assert check_session(path).words == "ok: 42 events (locked)"
    library = check_library(folder)
    assert library is not None
    assert library.words == "ok (locked)"


def test_a_program_that_was_given_no_key_writes_nothing_in_clear(folder: Path) -> None:
    """Also where a lock came while it was running."""
    library = Library(folder)
    lock(folder)
    keys.let_go(folder)
    with pytest.raises(StorageLocked):
        library.keep_names(NAME, "Bo")
    assert found(folder) == {}


# --- the ways in ------------------------------------------------------------------


def test_the_passphrase_opens_however_it_is_spaced_and_another_does_not(
    folder: Path,
) -> None:
    lock(folder)
    vault = keys.opened_with(folder, "  four words  we remember ")
    assert vault == keys.vault_of(folder)
    for wrong in ("four words we remembe", "Four words we remember", ""):
        with pytest.raises(PassphraseRefused, match="isn’t the passphrase"):
            keys.opened_with(folder, wrong)


def test_a_lost_passphrase_and_the_recovery_key_open_and_both_lost_do_not(
    folder: Path,
) -> None:
    path = lived_in(folder)
    recovery_key = lock(folder).recovery_key
    keys.let_go(folder)
    typed = recovery_key.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    vault = keys.recovered_with(folder, typed)
    keys.hold(folder, vault)
    anew = keys.choose_anew(folder, vault, "another four words", cost=CHEAP)
    assert len(facts_in(path)) == 42
    assert keys.opened_with(folder, "another four words") == vault
    for was in (WORDS, ""):
        with pytest.raises(PassphraseRefused):
            keys.opened_with(folder, was)
    with pytest.raises(PassphraseRefused, match="of this folder"):
        keys.recovered_with(folder, recovery_key)  # which somebody may have copied
    assert keys.recovered_with(folder, anew) == vault


@given(place=st.integers(0, 27), sign=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWX"))
@settings(max_examples=60, deadline=None)
def test_a_slip_of_the_pen_is_said_to_be_one(
    tmp_path_factory: pytest.TempPathFactory, place: int, sign: str
) -> None:
    folder = data_folder(tmp_path_factory.mktemp("slip"))
    _, recovery_key = keys.lock_with(folder, WORDS, cost=CHEAP)
    signs = list(recovery_key.replace("-", ""))
    assert len(signs) == 28
    is_other = signs[place] != sign
    signs[place] = sign
    if not is_other:
        keys.recovered_with(folder, "".join(signs))
        return
    with pytest.raises(PassphraseRefused) as caught:
        keys.recovered_with(folder, "".join(signs))
    # One slip in 4096 has the right check: it opens nothing either way.
    assert caught.value.why in {"recovery-slip", "recovery-wrong"}


@pytest.mark.parametrize(
    ("typed", "why"),
    [("", "recovery-slip"), ("AAAA", "recovery-slip"), ("süß" * 9, "recovery-slip")],
)
def test_what_is_no_recovery_key_is_said_so(folder: Path, typed: str, why: str) -> None:
    lock(folder)
    with pytest.raises(PassphraseRefused) as caught:
        keys.recovered_with(folder, typed)
    assert caught.value.why == why


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        ("short", "passphrase-short"),
        ("  nine nin  ", "passphrase-short"),
        ("aaaaaaaaaaaaaa", "passphrase-easy"),
        ("1212121212121", "passphrase-easy"),
        ("four words " * 20, "passphrase-long"),
    ],
)
def test_what_is_no_passphrase_locks_nothing(
    folder: Path, passphrase: str, why: str
) -> None:
    with pytest.raises(PassphraseRefused) as caught:
        locking.lock(folder, passphrase, cost=CHEAP)
    assert caught.value.why == why
    assert not keys.is_locked(folder)


def test_a_key_of_another_folder_opens_nothing_here(
    folder: Path, tmp_path: Path
) -> None:
    path = lived_in(folder)
    lock(folder)
    keys.let_go(folder)
    elsewhere = data_folder(tmp_path / "elsewhere")
    lock(elsewhere)
    try:
        with pytest.raises(StorageLocked):
            read_session(path)
        shutil.copy(elsewhere / "keys.json", folder)
        shutil.copy(elsewhere / "keys-copy.json", folder)
        keys.hold(folder, keys.opened_with(folder, WORDS))
        with pytest.raises(StorageUnusable, match="another one"):
            Library(folder)
    finally:
        keys.let_go(elsewhere)


# --- damage -----------------------------------------------------------------------


def test_no_changed_byte_of_a_locked_session_is_taken_for_what_was_written(
    folder: Path,
) -> None:
    lock(folder)
    path = session_path(folder, SESSION_ID)
    facts = whole_session(path, count=12)
    intact = path.read_bytes()
    for place in range(0, len(intact), 11):
        changed = bytearray(intact)
        changed[place] ^= 0x10
        path.write_bytes(changed)
        said = check_session(path)
        if said.state is State.DAMAGED:
            assert said.words != ""
            continue
        assert facts_in(path) == facts


@pytest.mark.parametrize("which", ["keys.json", "keys-copy.json"])
def test_damaged_keys_are_mended_from_their_copy(folder: Path, which: str) -> None:
    lived_in(folder)
    lock(folder)
    (folder / which).write_bytes(b"{}")
    keys.let_go(folder)
    assert keys.check_keys(folder) != ""
    keys.hold(folder, keys.opened_with(folder, WORDS))
    locking.finish(folder)
    assert keys.check_keys(folder) == ""
    (folder / "keys.json").unlink()
    assert keys.is_locked(folder)  # and nothing is written in clear
    assert keys.opened_with(folder, WORDS) == keys.vault_of(folder)


def test_without_any_keys_it_is_said_what_to_do_and_nothing_is_written(
    folder: Path,
) -> None:
    lived_in(folder)
    lock(folder)
    keys.let_go(folder)
    for name in ("keys.json", "keys-copy.json"):
        (folder / name).unlink()
    with pytest.raises(StorageUnusable, match="from a backup"):
        Library(folder)
    with pytest.raises(StorageLocked):
        read_session(session_path(folder, SESSION_ID))


def test_rows_of_one_session_are_none_of_another(folder: Path) -> None:
    lock(folder)
    path, other = session_path(folder, SESSION_ID), session_path(folder, ANOTHER)
    whole_session(path)
    whole_session(other)
    with sqlite3.connect(path) as db:
        taken = db.execute("SELECT * FROM event WHERE seq = 7").fetchone()
    with sqlite3.connect(other) as db:
        db.execute(rows.INSERT_EVENT.replace("INSERT", "REPLACE"), taken)
    with pytest.raises(Exception, match="event 7 cannot be opened"):
        read_session(other)


# --- on the way, and back ---------------------------------------------------------


def test_all_small_events_have_one_length_so_that_no_packet_is_told(
    folder: Path,
) -> None:
    lock(folder)
    path = session_path(folder, SESSION_ID)
    many = [
        Notification(t_ns=n * 10**6, partner=Partner.A, data=b"\x10\x3c" + b"\0\4" * n)
        for n in range(1, 9)
    ]
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, [*many, *beats(20)])
    with sqlite3.connect(path) as db:
        lengths = db.execute("SELECT length(payload) FROM event WHERE seq > 1")
        assert len(set(lengths.fetchall())) == 1
    assert facts_in(path) == [OPENED, *many, *beats(20)]


def test_where_one_cannot_be_laid_open_the_lock_stays_and_nothing_is_laid_open(
    folder: Path,
) -> None:
    lived_in(folder)
    other = session_path(folder, ANOTHER)
    whole_session(other)
    lock(folder)
    damaged = bytearray(other.read_bytes())
    damaged[damaged.rindex(b"sealed") + 20] ^= 1
    other.write_bytes(damaged)
    assert list(locking.unlock_for_good(folder)) == [ANOTHER]
    assert keys.is_locked(folder)
    assert found(folder) == {}


def test_whoever_held_the_key_when_the_lock_was_given_up_writes_open_things(
    folder: Path,
) -> None:
    """Another program did it meanwhile, and maybe locked the folder anew."""
    lock(folder)
    Library(folder).keep_names(NAME, "Bo")
    code = (
        "import sys; from pathlib import Path;"
        "from coreg.store import keys, locking; from coreg.store.passcode import Cost;"
        "folder = Path(sys.argv[1]);"
        "keys.hold(folder, keys.opened_with(folder, sys.argv[2]));"
        "assert locking.unlock_for_good(folder) == {};"
        "sys.argv[3:] and locking.lock(folder, sys.argv[2], cost=Cost(n=2, r=8, p=1))"
    )
    command = [sys.executable, "-c", code, str(folder), WORDS]
    subprocess.run(command, check=True)
    Library(folder).keep_names(NAME, "Eve")
    assert Library(folder).person(Partner.B).name == "Eve"
    lock(folder)
    subprocess.run([*command, "again"], check=True)
    with pytest.raises(StorageLocked):  # under keys that are gone nothing is written
        Library(folder).keep_names(NAME, "Mallory")
    keys.hold(folder, keys.opened_with(folder, WORDS))
    assert Library(folder).person(Partner.B).name == "Eve"


def test_where_the_library_cannot_be_locked_nothing_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived_in(folder)

    def full(*_given: object) -> None:
        raise StorageUnusable("No space left on device.", "Make room.")

    monkeypatch.setattr(library_file.LibraryFile, "_write", full)
    with pytest.raises(StorageUnusable, match="No space left"):
        lock(folder)
    monkeypatch.undo()
    assert not keys.is_locked(folder)
    assert lock(folder).left == {}


def test_going_on_with_what_could_not_be_locked_writes_nothing_in_clear(
    folder: Path, tmp_path: Path
) -> None:
    path = session_path(folder, SESSION_ID)
    lock(folder)
    elsewhere = session_path(data_folder(tmp_path / "elsewhere"), SESSION_ID)
    left_by_a_crash(elsewhere, tmp_path / "aside", 30)
    for each in elsewhere.parent.glob(f"{SESSION_ID}*"):
        each.replace(path.parent / each.name)
    assert PACKET in found(folder)
    with SessionLog.reopen(path, commit_every_s=QUICK_S) as log:
        append_all(log, beats(50)[30:])
    assert found(folder) == {}
    assert facts_in(path) == [OPENED, *beats(50)]


def test_a_sessions_place_among_others_stays_when_it_is_locked(folder: Path) -> None:
    """`last` is the one recorded last, also where the clock was set back."""
    later, earlier = session_path(folder, ANOTHER), session_path(folder, SESSION_ID)
    whole_session(later)
    whole_session(earlier)  # recorded after it, by a clock that was set back
    assert find_session(folder, "last") == earlier
    lock(folder)
    assert find_session(folder, "last") == earlier
    locking.unlock_for_good(folder)
    assert find_session(folder, "last") == earlier


def test_an_interrupted_session_is_locked_with_its_log_and_goes_on(
    folder: Path, tmp_path: Path
) -> None:
    path = session_path(folder, SESSION_ID)
    left_by_a_crash(path, tmp_path / "aside", 50)
    assert lock(folder).left == {}
    assert found(folder) == {}
    assert read_session(path).state is State.INTERRUPTED
    with SessionLog.reopen(path, commit_every_s=QUICK_S) as log:
        append_all(log, beats(70)[50:])
    assert found(folder) == {}
    assert facts_in(path) == [OPENED, *beats(70)]


def test_what_cannot_be_read_stays_as_it_is_and_is_said(folder: Path) -> None:
    path = session_path(folder, SESSION_ID)
    whole_session(path)
    damaged = bytearray(path.read_bytes())
    damaged[damaged.index(PACKET)] ^= 1
    path.write_bytes(damaged)
    left = lock(folder).left
    assert list(left) == [SESSION_ID]
    assert path.read_bytes() == bytes(damaged)


def test_giving_the_lock_up_lays_all_open_again(folder: Path) -> None:
    path = lived_in(folder)
    before = facts_in(path)
    lock(folder)
    assert locking.unlock_for_good(folder) == {}
    assert not keys.is_locked(folder)
    assert facts_in(path) == before
    assert Library(folder).person(Partner.A).name == NAME
    assert sorted(each.name for each in folder.glob("keys*")) == []
    lock(folder)  # and again
    assert found(folder) == {}


def test_killed_on_the_way_it_opens_and_the_rest_is_locked_next(
    folder: Path, tmp_path: Path
) -> None:
    lived_in(folder)
    for number in range(6):
        whole_session(session_path(folder, f"2026030{number + 3}-193000-7f3a"))
    code = (
        "import os, sys; from pathlib import Path;"
        "from coreg.store import locking; from coreg.store.passcode import Cost;"
        "locking.lock(Path(sys.argv[1]), sys.argv[2], cost=Cost(n=2, r=8, p=1),"
        " tell=lambda done, _: done == int(sys.argv[3]) and os._exit(9))"
    )
    for at in (0, 3, 6):
        half = tmp_path / f"half-{at}"
        shutil.copytree(folder, half)
        command = [sys.executable, "-c", code, str(half), WORDS, str(at)]
        assert subprocess.run(command, check=False).returncode == 9
        assert found(half) != {}
        keys.hold(half, keys.opened_with(half, WORDS))
        assert len(list_sessions(half)) == 7
        assert all(each.opened is not None for each in list_sessions(half))
        assert locking.finish(half) == {}
        assert found(half) == {}
        keys.let_go(half)


def test_a_session_that_is_being_recorded_is_locked_later(folder: Path) -> None:
    path = session_path(folder, SESSION_ID)
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        assert list(lock(folder).left) == [SESSION_ID]
        append_all(log, beats(5))
    assert locking.finish(folder) == {}
    assert found(folder) == {}
    assert facts_in(path) == [OPENED, *beats(5)]


def test_the_usual_cost_is_what_is_recommended(folder: Path) -> None:
    """OWASP's first choice for scrypt: N = 2^17, r = 8, p = 1."""
    keys.lock_with(folder, WORDS)
    said = (folder / "keys.json").read_bytes()
    assert b'"cost": {"n": 131072, "r": 8, "p": 1}' in said
    assert library_file.is_library_in(folder) is False
