"""What kills and power cuts take from a folder: its library, lock, backup, erasing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.fault_harness import Done, Harness, Struck
from coreg.errors import CoregError
from coreg.facts.events import Partner
from coreg.store import keys, locking
from coreg.store.backup import restore
from coreg.store.folder import data_folder
from coreg.store.library import list_session_files, session_path
from coreg.store.library_db import LIBRARY_NAME, Library
from coreg.store.reader import State, check_session
from coreg.store.rows import Logged
from coreg.web.server.evening_store import EveningStore
from tests.helpers.erasing import canary, found_in, lay_down, of_partner
from tests.helpers.library_rows import BOTH, library_rows
from tests.helpers.library_writer import BACKUP, PASSPHRASE, setting
from tests.helpers.power_loss import acknowledged, after_power_cut, read_changes
from tests.helpers.sessions import facts_in, whole_session

SETTINGS = 12
SESSIONS = ("20260301-193000-7f3a", "20260302-193000-7f3b")


def judged(look: Callable[[], str]) -> str:
    """Return what a look finds wrong; what it cannot read is lost, said in words."""
    try:
        return look()
    except CoregError:
        return "lost"
    except Exception:  # noqa: BLE001 - that is what is counted
        return "traceback"


def of_library(folder: Path, safe: int) -> str:
    """Return what is wrong with a library in which so many settings were safe."""

    def look() -> str:
        kept = Library(data_folder(folder)).settings()
        if kept != dict(setting(number) for number in range(len(kept))):
            return "silent"
        return "lost" if len(kept) < safe else ""

    return judged(look)


def of_folder(folder: Path, facts: list[Logged]) -> str:
    """Return what is wrong with a folder as `lived_in` laid it down."""

    def look() -> str:
        files = list_session_files(folder)
        return "" if all(facts_in(each) == facts for each in files) else "silent"

    return judged(look) or of_library(folder, SETTINGS)


def lived_in(harness: Harness) -> tuple[Path, list[Logged]]:
    """Lay down a folder with settings, a name and two evenings of the same facts."""
    folder = data_folder(harness.emptied("whole"))
    library = Library(folder)
    library.keep_names(canary("name", Partner.A), "Bo")
    for number in range(SETTINGS):
        library.keep_setting(*setting(number))
    for name in SESSIONS:
        facts = whole_session(session_path(folder, name), count=60)
    return folder, facts


def library_killed(harness: Harness) -> Struck:
    """Kill a program that keeps settings."""

    def judge(folder: Path, done: Done) -> str:
        *said, _ = done.stdout.split("\n")  # the last line may be torn
        safe = max((int(each) for each in said if each.isdecimal()), default=0)
        return of_library(folder, safe)

    program = ("library_writer", str(SETTINGS))
    return harness.kills(harness.emptied("whole"), program, judge)


def library_unsynced(harness: Harness) -> Struck:
    """Cut the power while settings are kept: of what was not synced, any of it."""
    folder = harness.emptied("traced-library")
    trace = harness.work / "trace"
    trace.unlink(missing_ok=True)
    harness.run("library_writer", str(folder), str(SETTINGS), DISK_TELLS=str(trace))
    changes = read_changes(trace)
    begun = next(n for n, each in enumerate(changes, 1) if each.what == "A")
    struck = Struck()
    for _ in range(harness.rounds * harness.cheap):
        before = changes[: harness.rng.integers(begun, len(changes) + 1)]
        found = data_folder(harness.emptied("cut"))
        for name, content in after_power_cut(before, harness.rng).items():
            (found / Path(name).name).write_bytes(content)
        struck.add(of_library(found, acknowledged(before)))
    return struck


def migration_killed(harness: Harness) -> Struck:
    """Kill a program that brings a library of before to today's form."""
    whole = data_folder(harness.emptied("whole"))
    library_of_before(whole)
    return harness.kills(
        whole, ("library_writer", "open"), lambda left, _: of_library(left, SETTINGS)
    )


def library_of_before(folder: Path) -> None:
    """Lay down a library as an SQLite file with a log, as a kill would leave it."""
    library = Library(folder)
    for number in range(SETTINGS):
        library.keep_setting(*setting(number))
    with library_rows(folder) as db:
        for table in ("audit", "line", "sitting", "loose_end"):  # since version 4
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 3")
        db.commit()
        image = db.serialize()
    for name in BOTH:
        (folder / name).unlink()
    path = folder / LIBRARY_NAME
    path.write_bytes(image)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL").fetchall()
        db.execute("UPDATE person SET heart_rhythm = 1")
        db.commit()
        left = {each.name: each.read_bytes() for each in folder.glob("library.db*")}
    for name, content in left.items():
        (folder / name).write_bytes(content)


def locking_killed(harness: Harness) -> Struck:
    """Kill a program that locks a data folder, and start again."""
    whole, facts = lived_in(harness)

    def judge(folder: Path, _done: Done) -> str:
        try:
            return judged(lambda: _opened(folder)) or of_folder(folder, facts)
        finally:
            keys.let_go(folder)

    return harness.kills(whole, ("library_writer", "lock"), judge)


def _opened(folder: Path) -> str:
    """Open a folder that was being locked, and finish that."""
    if keys.is_locked(folder):
        keys.hold(folder, keys.opened_with(folder, PASSPHRASE))
        locking.finish(folder)
        if found_in(folder, canary("name", Partner.A)):
            return "silent"
    return ""


def backup_killed(harness: Harness) -> Struck:
    """Kill a program that backs a data folder up: all of it, or none."""
    whole, facts = lived_in(harness)

    def judge(folder: Path, _done: Done) -> str:
        wrong = of_folder(folder, facts)
        if wrong or not (folder / BACKUP).exists():
            return wrong
        there = data_folder(harness.emptied("there"))

        def bring_back() -> str:
            return "" if restore(folder / BACKUP, there) == len(SESSIONS) else "lost"

        return judged(bring_back) or of_folder(there, facts)

    return harness.kills(whole, ("library_writer", "backup"), judge)


def erasing_killed(harness: Harness, what: str) -> Struck:
    """Kill an erasing, and start again."""

    def judge(folder: Path, _done: Done) -> str:
        # Killed before it was written down, it has not begun: nothing is to be gone.
        is_pending = (folder / "erasing.json").exists()
        is_all_there = all(found_in(folder, each) for each in erased(what))
        EveningStore(folder)
        is_not_begun = not is_pending and is_all_there
        return "" if is_not_begun else of_erased(folder, what)

    whole = lay_down(harness.emptied("whole"))
    return harness.kills(whole, ("erasing", what), judge, first=2)


def erased(what: str) -> list[str]:
    """Return what is to be found no more."""
    both = [*of_partner(Partner.A), *of_partner(Partner.B)]
    return both if what == "everything" else of_partner(Partner.A)


def of_erased(folder: Path, what: str) -> str:
    """Return what is wrong after an erasing; the other's evenings are whole."""
    if any(found_in(folder, each) for each in erased(what)):
        return "silent"
    states = {check_session(each).state for each in list_session_files(folder)}
    has_words = bool(found_in(folder, canary("words", Partner.B)))
    is_left = has_words and State.DAMAGED not in states
    return "lost" if what == "partner" and not is_left else ""
