"""The library is checked as a whole and kept twice: damage is mended, or said."""

import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from coreg.base import locks
from coreg.errors import StorageUnusable
from coreg.facts.events import Partner
from coreg.store import library_file
from coreg.store.folder import data_folder
from coreg.store.library_db import Library, check_library
from tests.helpers.library_rows import BOTH, LINE
from tests.helpers.sessions import rounds

FILE, COPY = BOTH
SPOILS: dict[str, Callable[[bytes], bytes]] = {
    "no byte": lambda _: b"",
    "a byte short": lambda whole: whole[:-1],
    "a byte more": lambda whole: whole + b"\0",
    "half": lambda whole: whole[: len(whole) // 2],
    "its line alone": lambda whole: whole[: len(LINE)],
    "another program's": lambda _: b"no library" * 500,
    "zeros": lambda whole: bytes(len(whole)),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = data_folder(tmp_path / "data")
    Library(folder).keep_names("Ada", "Bo")
    return folder


def names(folder: Path) -> tuple[str, ...]:
    library = Library(folder)
    return tuple(library.person(partner).name for partner in Partner)


def as_is(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}


@pytest.mark.parametrize("which", BOTH)
@pytest.mark.parametrize("spoil", SPOILS)
def test_whichever_of_both_is_damaged_the_other_one_is_used_and_it_is_mended(
    folder: Path, which: str, spoil: str
) -> None:
    path = folder / which
    path.write_bytes(SPOILS[spoil](path.read_bytes()))
    found = check_library(folder)
    assert found is not None
    assert (found.is_well, found.words == "ok") == (which == COPY, False)
    before = as_is(folder)
    reader = Library(folder, only_reads=True)
    assert reader.person(Partner.A).name == "Ada"
    assert as_is(folder) == before  # who only reads mends nothing
    library = Library(folder)
    assert library.is_mended is reader.is_mended is (which == FILE)
    assert names(folder) == ("Ada", "Bo")
    assert (folder / FILE).read_bytes() == (folder / COPY).read_bytes()
    assert not Library(folder).is_mended
    again = check_library(folder)
    assert again is not None
    assert again.words == "ok"


def test_no_flipped_bit_is_taken_for_what_was_written(folder: Path) -> None:
    """Nothing in it is unguarded: the line, its digest, and what is kept."""
    (folder / COPY).unlink()
    path = folder / FILE
    intact = path.read_bytes()
    for place in [*range(100), *range(100, len(intact), rounds(37, thorough=1))]:
        changed = bytearray(intact)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        with pytest.raises(StorageUnusable, match="cannot be used"):
            Library(folder, only_reads=True)


@pytest.mark.parametrize("spoil", SPOILS)
def test_where_both_are_damaged_it_is_said_what_to_do_and_nothing_is_touched(
    folder: Path, spoil: str
) -> None:
    for name in BOTH:
        (folder / name).write_bytes(SPOILS[spoil]((folder / name).read_bytes()))
    before = as_is(folder)
    with pytest.raises(StorageUnusable) as caught:
        Library(folder)
    assert "Free some space" not in str(caught.value)
    assert "library.db and library-copy.db" in caught.value.do
    assert as_is(folder) == before
    found = check_library(folder)
    assert found is not None
    assert not found.is_well
    for name in BOTH:
        (folder / name).unlink()
    assert names(folder) == ("A", "B")  # and what was advised works


def test_one_of_a_newer_coreg_is_called_newer(folder: Path) -> None:
    for name in BOTH:
        content = (folder / name).read_bytes()[len(LINE) + 32 :]
        line = LINE.replace(b"4", b"5")
        digest = hashlib.sha256(line + content).digest()
        (folder / name).write_bytes(line + digest + content)
    with pytest.raises(StorageUnusable, match="newer coreg wrote it"):
        Library(folder)


def test_one_that_another_coreg_writes_to_is_waited_for_and_then_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = locks.take(folder / "library.db-lock")
    assert lock is not None
    soon = threading.Timer(0.3, lock.release)
    soon.start()
    Library(folder).keep_names("Eve", "Bo")
    soon.join()
    assert names(folder) == ("Eve", "Bo")
    again = locks.take(folder / "library.db-lock")
    assert again is not None
    monkeypatch.setattr(library_file, "_TURN_WITHIN_S", 0.05)
    with pytest.raises(StorageUnusable, match="another coreg is writing"):
        Library(folder)
    assert Library(folder, only_reads=True).person(Partner.A).name == "Eve"
    again.release()


def test_two_programs_that_write_lose_nothing_of_each_other(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from coreg.store.library_db import Library;"
        "library = Library(Path(sys.argv[1]));"
        "[library.keep_setting(f'{sys.argv[2]} {n}', 'x') for n in range(30)]"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(folder), who])
        for who in ("one", "other")
    ]
    assert [each.wait(60) for each in both] == [0, 0]
    assert len(Library(folder).settings()) == 60


def test_what_was_replaced_is_overwritten_unless_somebody_keeps_it(
    folder: Path,
) -> None:
    """As a program sees it that still has the old file open: words are gone there."""
    Library(folder).keep_setting("words", "CANARY")
    with (folder / FILE).open("rb") as old, (folder / COPY).open("rb") as old_copy:
        assert b"CANARY" in old.read()
        Library(folder).keep_setting("words", "")
        for each in (old, old_copy):
            each.seek(0)
            assert not any(each.read())
    Library(folder).keep_setting("words", "BACKUP")
    os.link(folder / FILE, folder / "backup")
    Library(folder).keep_setting("words", "")
    assert b"BACKUP" in (folder / "backup").read_bytes()


def test_a_reader_finds_whole_ones_alone_while_another_writes(folder: Path) -> None:
    library, reader = Library(folder), Library(folder, only_reads=True)
    is_over = threading.Event()
    faults: list[Exception] = []
    seen: set[str] = set()

    def read() -> None:
        while not is_over.is_set():
            try:
                seen.add(reader.settings().get("long", "")[:1])
            except Exception as error:  # noqa: BLE001 - any is a fault here
                faults.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    for number in range(40):
        library.keep_setting("long", str(number % 10) * 100_000)
    is_over.set()
    reading.join()
    assert faults == []
    assert len(seen) > 1


@pytest.mark.parametrize("which", BOTH)
def test_one_that_cannot_be_read_is_as_one_that_is_damaged(
    folder: Path, which: str
) -> None:
    (folder / which).unlink()
    (folder / which).mkdir()
    assert Library(folder, only_reads=True).person(Partner.A).name == "Ada"


def test_a_link_in_its_place_is_not_followed(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copy(folder / FILE, elsewhere)
    before = elsewhere.read_bytes()
    for name in BOTH:
        (folder / name).unlink()
        (folder / name).symlink_to(elsewhere)
    with pytest.raises(StorageUnusable):
        Library(folder)
    assert elsewhere.read_bytes() == before


@pytest.mark.parametrize("has_log", [False, True])
def test_one_of_before_is_read_as_it_is_and_becomes_an_image_when_it_is_written(
    tmp_path: Path, has_log: bool
) -> None:
    folder = data_folder(tmp_path / "before")
    made = data_folder(tmp_path / "made")
    Library(made).keep_names("Ada", "Bo")
    image = (made / FILE).read_bytes()[len(LINE) + 33 :]
    (folder / FILE).write_bytes(image)
    with closing(sqlite3.connect(folder / FILE)) as db:
        if has_log:  # as a coreg that was killed left it
            db.execute("PRAGMA journal_mode = WAL").fetchall()
        db.execute("UPDATE person SET name = 'Eve' WHERE person = 1")
        db.commit()
        copies = {path.name: path.read_bytes() for path in folder.glob(f"{FILE}*")}
    for name, content in copies.items():
        (folder / name).write_bytes(content)
    before = (folder / FILE).read_bytes()
    assert Library(folder, only_reads=True).person(Partner.A).name == "Eve"
    assert (folder / FILE).read_bytes() == before
    assert names(folder) == ("Eve", "Bo")
    assert sorted(each.name for each in folder.glob("library*")) == sorted(
        [*BOTH, "library.db-lock"]
    )
    for name in BOTH:
        assert (folder / name).read_bytes().startswith(LINE)
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
