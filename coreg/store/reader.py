"""Reading a session file, its every row checked, whatever became of its writer.

A file is read whole in one short transaction and understood afterwards, so a reader
never makes the writer's log grow. What reads is what was written: a fault anywhere
raises `SessionDamaged` with words, and `check_session` returns the same words.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from coreg.base import locks
from coreg.errors import SessionDamaged, SessionNotFound, StorageUnusable
from coreg.facts.events import NS_PER_S, Ended, Opened
from coreg.store import rows
from coreg.store.beginnings import odd_part
from coreg.store.database import connect_for_reading, error_code, in_words, version_of

_EVERY_ROW = "SELECT * FROM event ORDER BY seq"
_ENDS = (
    "SELECT * FROM event WHERE seq = 1 OR seq = (SELECT max(seq) FROM event)"
    " ORDER BY seq"
)
_KEEP_IT = "Keep the file as it is: parts of it may still be read by hand."
_OTHERS = "See `coreg sessions` for what is; of recordings, name two recordings."
_COPY_ATTEMPTS = 20
_JOURNAL_BYTES = slice(18, 20)  # of SQLite's header: 2 2 with a write-ahead log, or 1 1
_Answer = TypeVar("_Answer")


class State(StrEnum):
    """What became of a session's recording."""

    WHOLE = "whole"
    INTERRUPTED = "interrupted"
    RUNNING = "running"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """A session as its file holds it; every row of it was checked."""

    path: Path
    opened: Opened
    state: State
    events: tuple[rows.Recorded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHead:
    """What a list says of a session; only its first and last rows were checked."""

    opened: Opened
    state: State
    length_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Whether every event of a session is as it was written.

    `words` is `ok: N events`, or that and `(interrupted)` or `(running)`, or the
    first fault.
    """

    path: Path
    state: State
    events: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contents:
    """Rows as they were found, in one transaction."""

    meta: list[tuple[object, ...]]
    events: list[tuple[object, ...]]
    has_ended: bool


def read_session(path: Path) -> StoredSession:
    """Return a session, also one that is being recorded or was interrupted.

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If it is no session file, or anything in it is not as it was written.
    """
    unended = _unended_state(path)
    contents = _taken(path, _everything)
    try:
        about = _about(contents)
        events = _all_events(contents, about["events"])
    except rows.BadRow as error:
        raise _damaged(path, str(error)) from error
    return StoredSession(
        path=path,
        opened=_opened(path, events),
        state=State.WHOLE if _is_whole(about, contents) else unended,
        events=events,
    )


def read_head(path: Path) -> SessionHead:
    """Return what a list says of a session, without reading all of it.

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If it is no session file, or its first or last event is not as it was written.
    """
    unended = _unended_state(path)
    contents = _taken(path, _ends)
    try:
        about = _about(contents)
        count = int(about["events"])
        numbers = (1, count) if count > 1 else (1,)
        ends = tuple(
            rows.recorded(row, seq=seq)
            for seq, row in zip(numbers, contents.events, strict=True)
        )
    except ValueError as error:  # a bad row, or fewer rows than there should be
        raise _damaged(path, str(error)) from error
    return SessionHead(
        opened=_opened(path, ends),
        state=State.WHOLE if _is_whole(about, contents) else unended,
        length_s=(ends[-1].t_ns - ends[0].t_ns) / NS_PER_S,
    )


def check_session(path: Path) -> CheckResult:
    """Say whether every event of a session file is as it was written.

    Raises
    ------
    SessionNotFound
        If there is no such file.
    """
    try:
        session = read_session(path)
    except SessionDamaged as damage:
        return CheckResult(path=path, state=State.DAMAGED, events=0, words=damage.wrong)
    count = len(session.events)
    whole = session.state is State.WHOLE
    words = f"ok: {count} events" + ("" if whole else f" ({session.state})")
    return CheckResult(path=path, state=session.state, events=count, words=words)


def lock_path(path: Path) -> Path:
    """Return the file whose lock says that a session is being recorded."""
    return path.with_name(f"{path.name}-lock")


def snapshot(path: Path) -> bytes:
    """Return a session at this moment as the bytes of one plain file.

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If it is no session file, or so damaged that it cannot be copied.
    """
    content = bytearray(_taken(path, _serialised))
    content[_JOURNAL_BYTES] = b"\x01\x01"
    return bytes(content)


def _taken(path: Path, take: Callable[[sqlite3.Connection], _Answer]) -> _Answer:
    """Return what `take` reads from a session file, by way of a copy where it must be.

    SQLite cannot always read what a crash left in a folder that it may not write.
    """
    _refuse_absent(path)
    try:
        try:
            return _taken_in_place(path, take)
        except sqlite3.OperationalError as error:
            if error_code(error) not in {
                sqlite3.SQLITE_CANTOPEN,
                sqlite3.SQLITE_READONLY,
            }:
                raise
        with tempfile.TemporaryDirectory(prefix="coreg-") as aside:
            return _taken_in_place(_copied(path, Path(aside)), take)
    except (rows.BadRow, MemoryError) as error:
        raise _damaged(path, str(error) or "a size in it cannot be") from error
    except sqlite3.Error as error:
        do = _OTHERS if error_code(error) == sqlite3.SQLITE_NOTADB else _KEEP_IT
        raise _damaged(path, in_words(error), do) from error
    except UnicodeError as error:  # sqlite3 raises it for names, not for values
        raise _damaged(path, "the file is damaged") from error
    except OSError as error:
        raise _damaged(path, f"it cannot be read ({error.strerror})") from error


def _refuse_absent(path: Path) -> None:
    """Stop where there is no file, or a folder or a broken link in its place."""
    if path.is_file():
        return
    if path.exists() or path.is_symlink():
        raise _damaged(path, "it is no file", _OTHERS)
    raise SessionNotFound(
        f"There is no session file {path}.", "See `coreg sessions` for what is."
    )


def _taken_in_place(
    path: Path, take: Callable[[sqlite3.Connection], _Answer]
) -> _Answer:
    with closing(connect_for_reading(path)) as connection:
        return take(connection)


def _everything(connection: sqlite3.Connection) -> _Contents:
    connection.execute("BEGIN")
    _refuse_foreign(connection)
    return _contents(connection, _EVERY_ROW)


def _serialised(connection: sqlite3.Connection) -> bytes:
    connection.execute("BEGIN")
    _refuse_foreign(connection)
    return connection.serialize()


def _ends(connection: sqlite3.Connection) -> _Contents:
    connection.execute("BEGIN")
    _refuse_foreign(connection)
    return _contents(connection, _ENDS)


def _contents(connection: sqlite3.Connection, which: str) -> _Contents:
    # The end is near the end: looked for from there, and by its kind alone.
    ended = connection.execute(
        "SELECT 1 FROM event WHERE kind = ? ORDER BY seq DESC LIMIT 1",
        (Ended.__name__,),
    ).fetchone()
    return _Contents(
        meta=connection.execute("SELECT * FROM meta").fetchall(),
        events=connection.execute(which).fetchall(),
        has_ended=ended is not None,
    )


def _refuse_foreign(connection: sqlite3.Connection) -> None:
    """Stop at a database that is not ours, before anything in it is asked for."""
    if version_of(connection) is None:
        raise rows.BadRow("it was not made by coreg")
    found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    ours = [("table", name, sql) for name, sql in rows.TABLES.items()]
    if sorted(found, key=repr) != sorted(ours, key=repr):
        raise rows.BadRow("its tables are not those of a session")


def _about(contents: _Contents) -> dict[str, str]:
    about = rows.meta(contents.meta)
    version = about.get("schema")
    if version != rows.SCHEMA_VERSION:
        raise rows.BadRow(
            f"its layout is {version}, and this coreg reads {rows.SCHEMA_VERSION} "
            "(a newer coreg may read it)"
        )
    if about.keys() != {"schema", "events", "state"} or not contents.events:
        raise rows.BadRow("event 1 is missing")
    return about


def _opened(path: Path, events: tuple[rows.Recorded, ...]) -> Opened:
    fact = events[0].fact
    if not isinstance(fact, Opened):
        raise _damaged(path, "event 1 is not the session's beginning")
    if odd := odd_part(fact):
        raise _damaged(path, f"no session begins with such {odd} (event 1)")
    return fact


def _all_events(contents: _Contents, count: str) -> tuple[rows.Recorded, ...]:
    events = tuple(
        rows.recorded(row, seq=seq) for seq, row in enumerate(contents.events, start=1)
    )
    if count != str(len(events)):
        raise rows.BadRow(
            f"event {len(events) + 1} is missing: the file holds {len(events)} of"
            f" {count} events"
        )
    return events


def _is_whole(about: dict[str, str], contents: _Contents) -> bool:
    return about["state"] == "closed" and contents.has_ended


def _unended_state(path: Path) -> State:
    """Return what a session is that has no end; asked before it is read.

    Afterwards would be too late: the writer may just have ended it.
    """
    return State.RUNNING if locks.is_held(lock_path(path)) else State.INTERRUPTED


def _copied(path: Path, folder: Path) -> Path:
    """Return a copy of a file and its write-ahead log that belong together."""
    for _ in range(_COPY_ATTEMPTS):
        before = _version(path)
        copy = Path(shutil.copyfile(path, folder / path.name))
        if _wal(path).exists():
            shutil.copyfile(_wal(path), _wal(copy))
        if _version(path) == before:
            return copy
    raise StorageUnusable(
        f"The session {path.stem} changes while it is read.", "Try again in a moment."
    )


def _version(path: Path) -> tuple[float, int, bytes]:
    """Return what changes whenever the write-ahead log is folded in or begun anew."""
    try:
        with _wal(path).open("rb") as wal:
            head = wal.read(32)
    except FileNotFoundError:
        head = b""
    now = path.stat()
    return now.st_mtime_ns, now.st_size, head


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _damaged(path: Path, why: str, do: str = _KEEP_IT) -> SessionDamaged:
    return SessionDamaged(f"{path.name} cannot be read as a session: {why}.", do)
