"""A backup of a clinic holds the book and every couple, sealed; it comes back whole."""

import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from coreg.errors import PassphraseRefused, StorageUnusable
from coreg.facts.events import Ending, Partner
from coreg.store import keys, locking
from coreg.store.archive import write_archive
from coreg.store.backup import back_up, is_name, restore
from coreg.store.clinic.backup import back_up_clinic, restore_clinic
from coreg.store.clinic.book import (
    Book,
    choose_passphrase_anew,
    close_clinic,
    open_clinic,
    recover,
    set_up,
)
from coreg.store.clinic.places import clinic_location, couple_folder
from coreg.store.clinic.records import Done
from coreg.store.folder import data_folder
from coreg.store.library import list_sessions
from coreg.store.library_db import Library
from coreg.store.reader import State
from tests.helpers.couple_sessions import recorded
from tests.helpers.evening_server import CHEAP

WORDS, OTHER = "four words I remember", "another four words"
ENDED, DONE = Ending.COMPLETE, Done.OPENED
NOTED = "he went pale when she said Lisbon"
UTC = "2026-03-01T21:05:10+00:00"


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Path]:
    """Two couples, one with an hour and a note."""
    place = clinic_location(tmp_path / "data")
    set_up(place, WORDS, cost=CHEAP)
    book = Book(place)
    for names in (("Adalgunde", "Ben"), ("Eve", "Gus")):
        book.add_couple(*names, WORDS, cost=CHEAP)
    ada = book.find("Adalgunde").id_
    book.note(ada, NOTED, session_id=recorded(couple_folder(place, ada), 2, ENDED))
    yield place
    close_clinic(place)


def made(clinic: Path, target: Path) -> Path:
    return back_up_clinic(Book(clinic), target, utc=UTC, version="0.2").path


def files(clinic: Path) -> dict[str, bytes]:
    """What is kept of a clinic, by name; locks and SQLite's own are nothing kept."""
    return {
        path.relative_to(clinic).as_posix(): path.read_bytes()
        for path in sorted(clinic.rglob("*"))
        if path.is_file() and path.suffix in {".json", ".book", ".db"}
    }


def test_book_and_couples_come_back_to_the_byte_and_open(
    clinic: Path, tmp_path: Path
) -> None:
    backup = made(clinic, tmp_path / "b")
    close_clinic(clinic)  # nothing of it is needed, nor any passphrase
    there = clinic_location(tmp_path / "there")
    assert restore_clinic(backup, there) == 2
    assert files(there) == files(clinic)
    for each in (there, *there.rglob("*")):
        assert each.stat().st_mode & 0o077 == 0
    with pytest.raises(PassphraseRefused):
        open_clinic(there, OTHER)
    book = open_clinic(there, WORDS)
    try:
        ada = book.find("Adalgunde").id_
        assert book.notes(ada)[0].text == NOTED
        folder = book.open_couple(ada)
        assert Library(folder).person(Partner.A).name == "Adalgunde"
        assert [each.state for each in list_sessions(folder)] == [State.WHOLE]
    finally:
        close_clinic(there)


def test_nothing_lies_in_it_in_clear(clinic: Path, tmp_path: Path) -> None:
    archive = zipfile.ZipFile(made(clinic, tmp_path / "b"))
    held = b"".join(archive.read(each) for each in archive.namelist())
    for told in (b"Adalgunde", b"Eve", b"Lisbon", b"Notification"):
        assert told not in held


def test_a_folder_that_has_lost_its_lock_stays_out_and_is_named(
    clinic: Path, tmp_path: Path
) -> None:
    book = Book(clinic)
    eve = book.find("Eve").id_
    locking.unlock_for_good(book.open_couple(eve))
    done = back_up_clinic(book, tmp_path / "b", utc=UTC, version="0.2")
    assert (done.couples, list(done.left)) == (1, [eve])
    names = zipfile.ZipFile(done.path).namelist()
    assert not [each for each in names if eve in each]


@pytest.mark.parametrize("name", ["2026-11-30 (copy)", "x" * 210, "caf\udce9"])
def test_a_session_under_a_name_that_is_not_restored_is_named_and_the_rest_comes_back(
    clinic: Path, tmp_path: Path, name: str
) -> None:
    """A file manager calls a copy so."""
    folder = couple_folder(clinic, Book(clinic).find("Adalgunde").id_)
    (session,) = (folder / "sessions").glob("*.coreg")
    shutil.copyfile(session, session.with_name(f"{name}.coreg"))
    done = back_up_clinic(Book(clinic), tmp_path / "b", utc=UTC, version="0.2")
    ((named, why),) = done.left.items()
    assert named == f"{folder.name}/{name}".replace("\udce9", "?")
    assert "rename it" in why
    there = clinic_location(tmp_path / "there")
    assert restore_clinic(done.path, there) == 2
    came = couple_folder(there, folder.name) / "sessions"
    assert [each.name for each in came.glob("*.coreg")] == [session.name]


def test_a_backup_that_could_not_be_restored_is_none(tmp_path: Path) -> None:
    entries = iter([("sessions/fine.coreg", b"x"), ("elsewhere", b"x")])
    with pytest.raises(StorageUnusable, match="not read again as it was"):
        write_archive(
            tmp_path / "b", entries, lambda _entries: {}, of="", is_name=is_name
        )
    assert not (tmp_path / "b").exists()


def test_the_recovery_key_of_that_time_opens_it(clinic: Path, tmp_path: Path) -> None:
    recovery_key = keys.choose_anew(
        clinic, keys.opened_with(clinic, WORDS), WORDS, cost=CHEAP
    )
    backup = made(clinic, tmp_path / "b")
    keys.choose_anew(clinic, keys.opened_with(clinic, WORDS), OTHER, cost=CHEAP)
    there = clinic_location(tmp_path / "there")
    restore_clinic(backup, there)
    try:
        recover(there, recovery_key, OTHER, cost=CHEAP)
        assert len(Book(there).couples()) == 2
    finally:
        close_clinic(there)


def changed(backup: Path, at: float) -> None:
    whole = bytearray(backup.read_bytes())
    whole[int(at * len(whole))] ^= 1
    backup.write_bytes(whole)


@pytest.mark.parametrize("at", [0.001, 0.2, 0.4, 0.6, 0.8, 0.95])
def test_a_damaged_one_is_refused_and_nothing_is_written(
    clinic: Path, tmp_path: Path, at: float
) -> None:
    backup = made(clinic, tmp_path / "b")
    changed(backup, at)
    there = clinic_location(tmp_path / "there")
    with pytest.raises(StorageUnusable, match="cannot be restored"):
        restore_clinic(backup, there)
    assert list(there.parent.iterdir()) == [there.parent / "sessions"]


def test_one_is_not_taken_for_the_other(clinic: Path, tmp_path: Path) -> None:
    folder = Book(clinic).open_couple(Book(clinic).find("Eve").id_)
    of_couple = back_up(folder, tmp_path / "couple", utc=UTC, version="0.2").path
    with pytest.raises(StorageUnusable, match="no backup of a clinic"):
        restore_clinic(of_couple, clinic_location(tmp_path / "there"))
    with pytest.raises(StorageUnusable, match="coreg clinic restore"):
        restore(made(clinic, tmp_path / "b"), data_folder(tmp_path / "other"))


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "couples/../../outside",
        "couples/0f3a99c1/../../outside",
        "couples/Ada/library.db",
        "couples/0f3a99c1/erasing.json",
        "couples/0f3a99c1/couples/0f3a99c1/library.db",
    ],
)
def test_no_name_in_it_leads_elsewhere(clinic: Path, tmp_path: Path, name: str) -> None:
    backup = made(clinic, tmp_path / "b")
    archive = zipfile.ZipFile(backup)
    forged = tmp_path / "forged"
    with zipfile.ZipFile(forged, "w") as other:
        for each in archive.namelist():
            told = archive.read(each)
            other.writestr(
                name if each == "therapist.book" else each,
                told.replace(b'"therapist.book"', f'"{name}"'.encode())
                if each == "manifest.json"
                else told,
            )
    with pytest.raises(StorageUnusable, match="belongs to no data folder"):
        restore_clinic(forged, clinic_location(tmp_path / "there"))
    assert not (tmp_path / "outside").exists()


def test_a_clinic_that_is_there_is_never_touched(clinic: Path, tmp_path: Path) -> None:
    backup = made(clinic, tmp_path / "b")
    Book(clinic).note_done(DONE)
    before = files(clinic)
    with pytest.raises(StorageUnusable, match="already"):
        restore_clinic(backup, clinic)
    assert files(clinic) == before
    # Nor what somebody else keeps in its place.
    there = clinic_location(tmp_path / "there")
    there.mkdir(parents=True)
    (there / "a letter.txt").write_text("Dear Ada")
    with pytest.raises(StorageUnusable, match="already"):
        restore_clinic(backup, there)
    assert (there / "a letter.txt").read_text() == "Dear Ada"


def test_a_place_in_which_nobody_has_chosen_a_passphrase_yet_is_empty(
    clinic: Path, tmp_path: Path
) -> None:
    """As a coreg leaves it whose pages were opened, and closed again."""
    backup = made(clinic, tmp_path / "b")
    there = data_folder(clinic_location(tmp_path / "there"))
    (there / "library.lock").write_text("4711\n")
    (there / "phones-certificate.pem").write_text("made anew when needed")
    assert restore_clinic(backup, there) == 2


@pytest.mark.parametrize("files_done", [0, 1, 3, 5])
def test_killed_over_it_there_is_no_clinic_by_halves_and_it_is_done_again(
    clinic: Path, tmp_path: Path, files_done: int
) -> None:
    backup = made(clinic, tmp_path / "b")
    there = clinic_location(tmp_path / "there")
    code = (
        "import os, sys; from pathlib import Path;"
        "from coreg.store.clinic.backup import restore_clinic;"
        "restore_clinic(Path(sys.argv[1]), Path(sys.argv[2]),"
        f" tell=lambda done, _: done == {files_done}"
        f" and os.kill(os.getpid(), {signal.SIGKILL}))"
    )
    command = [sys.executable, "-c", code, str(backup), str(there)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not there.exists()
    assert restore_clinic(backup, there) == 2
    assert files(there) == files(clinic)
    assert sorted(each.name for each in there.parent.iterdir()) == [
        "clinic",
        "sessions",
    ]


def test_killed_over_a_backup_the_clinic_is_whole_and_there_is_no_half_of_one(
    clinic: Path, tmp_path: Path
) -> None:
    before = files(clinic)
    code = (
        "import os, sys; from pathlib import Path;"
        "from coreg.store.clinic.backup import back_up_clinic;"
        "from coreg.store.clinic.book import open_clinic;"
        "back_up_clinic(open_clinic(Path(sys.argv[1]), sys.argv[3]),"
        " Path(sys.argv[2]), utc='', version='', tell=lambda done, _:"
        f" done == 1 and os.kill(os.getpid(), {signal.SIGKILL}))"
    )
    command = [sys.executable, "-c", code, str(clinic), str(tmp_path / "b"), WORDS]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "b").exists()
    assert files(clinic) == before


def test_a_couple_erased_meanwhile_is_in_no_backup(
    clinic: Path, tmp_path: Path
) -> None:
    book = Book(clinic)

    def erase_now(done: int, _of: int) -> None:
        if done == 1 and len(book.couples()) == 2:
            book.erase_couple(book.find("Eve").id_)

    with pytest.raises(StorageUnusable, match="came or went"):
        back_up_clinic(book, tmp_path / "b", utc=UTC, version="0", tell=erase_now)
    assert not (tmp_path / "b").exists()


def test_a_passphrase_changed_meanwhile_makes_no_backup_of_two_locks(
    clinic: Path, tmp_path: Path
) -> None:
    def change_now(done: int, _of: int) -> None:
        if done == 1:
            choose_passphrase_anew(clinic, OTHER, cost=CHEAP)

    book = Book(clinic)
    with pytest.raises(StorageUnusable, match="lock was changed"):
        back_up_clinic(book, tmp_path / "b", utc=UTC, version="0", tell=change_now)
    assert not (tmp_path / "b").exists()


def test_a_disk_that_does_not_keep_what_it_is_given_is_noticed(
    clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = zipfile.ZipFile.close

    def forgetful(archive: zipfile.ZipFile) -> None:
        is_written = archive.mode == "w" and archive.fp is not None
        close(archive)
        if is_written:
            path = Path(str(archive.filename))
            whole = path.read_bytes()
            middle = len(whole) // 3
            path.write_bytes(whole[:middle] + bytes(64) + whole[middle + 64 :])

    monkeypatch.setattr(zipfile.ZipFile, "close", forgetful)
    with pytest.raises(StorageUnusable, match="not read again"):
        made(clinic, tmp_path / "b")
    assert not (tmp_path / "b").exists()
