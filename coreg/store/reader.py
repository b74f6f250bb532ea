"""Reading a session file, its every row checked, whatever became of its writer.

A file is read whole in one short transaction and understood afterwards, so a reader
never makes the writer's log grow. What reads is what was written: a fault anywhere
raises `SessionDamaged` with words, and `check_session` returns the same words. Whoever
wants what came before the fault asks for it by name (`read_beginning`).
"""

import errno
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from coreg.base import locks
from coreg.errors import (
    SessionDamaged,
    SessionNotFound,
    StorageLocked,
    StorageUnusable,
)
from coreg.facts.events import NS_PER_S, Ending, Opened, Partner
from coreg.store import rows
from coreg.store.beginnings import odd_part
from coreg.store.database import error_code, in_words, version_of
from coreg.store.keys import session_seal
from coreg.store.own_log import connect_to_own, refuse_foreign
from coreg.store.sealing import Seal
from coreg.words import say, system_said, wrong_and_do

_EVERY_ROW = "SELECT * FROM event ORDER BY seq"
_ENDED = "SELECT seq FROM event WHERE kind IN (?, ?) ORDER BY seq DESC LIMIT 1"
# Where a press ends a session, the input that came with it is the last row.
_ENDS = (
    "SELECT * FROM event WHERE seq IN (1, 2) OR seq = (SELECT max(seq) FROM event)"
    " OR seq = :ended ORDER BY seq"
)
_COPY_ATTEMPTS = 20
_JOURNAL_BYTES = slice(18, 20)  # of SQLite's header: 2 2 with a write-ahead log, or 1 1
_READS_AS_A_COPY = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,  # reading needs room beside the file: an index of its log
}
_VERSIONS = {  # and what `meta` holds in each
    rows.SCHEMA_VERSION: {"schema", "events", "state"},
    rows.SEALED_VERSION: {"schema", "events", "state", "key"},
}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_Answer = TypeVar("_Answer")


class State(StrEnum):
    """What became of a session's recording."""

    WHOLE = "whole"
    INTERRUPTED = "interrupted"
    RUNNING = "running"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """A session as its file holds it; every row of it was checked.

    `wrong` says what comes after the last of `events`, where `state` is damaged. `seal`
    is what its rows were sealed with, None where they lie open.
    """

    path: Path
    opened: Opened
    state: State
    events: tuple[rows.Recorded, ...]
    wrong: str
    seal: Seal | None = field(default=None, repr=False)

    @property
    def erased(self) -> Partner | None:
        """Whose heart was erased from it; None where both are there."""
        return rows.erased_in(self.events[: rows.ERASED_SEQ])


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHead:
    """What a list says of a session; only its first and last rows were checked.

    `wrong` says what was found in a damaged one, of which `length_s` is clean; `erased`
    whose heart was erased from it. `ending` is None where it did not end in order.
    """

    opened: Opened
    state: State
    length_s: float
    wrong: str
    erased: Partner | None
    ending: Ending | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Whether every event of a session is as it was written.

    `words` is `ok: N events`, or that and what is to be known of it (`interrupted`,
    `running`, `locked`, `one heart erased`), or the first fault, or why the file cannot
    be read at the moment. `events` counts those that are as they were written.
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
    ended_seq: int | None


def read_session(path: Path) -> StoredSession:
    """Return a session, also one that is being recorded or was interrupted.

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If it is no session file, or anything in it is not as it was written.
    StorageUnusable
        If there is no room to read it.
    """
    unended = _unended_state(path)
    contents = _taken(path, _everything)
    try:
        about = _about(contents)
        seal = _seal(about)
        events = _all_events(contents, about["events"], seal)
    except rows.BadRow as error:
        raise _damaged(path, str(error)) from error
    return StoredSession(
        path=path,
        opened=_opened(path, events),
        state=State.WHOLE if _is_whole(about, contents) else unended,
        events=events,
        wrong="",
        seal=seal,
    )


def read_beginning(path: Path) -> StoredSession:
    """Return a session as far as it is as it was written; all of it, if all is.

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If it is no session file, or its first event is not as it was written.
    StorageUnusable
        If there is no room to read it.
    """
    try:
        return read_session(path)
    except SessionDamaged as damage:
        return _beginning(path, damage)


def _beginning(path: Path, damage: SessionDamaged) -> StoredSession:
    contents = _taken(path, _readable)
    seal, is_ours = _seal_of_damaged(contents.meta)
    events = tuple(_clean(contents.events, seal))
    if not (events and is_ours):
        raise damage
    return StoredSession(
        path=path,
        opened=_opened(path, events),
        state=State.DAMAGED,
        events=events,
        wrong=damage.wrong,
    )


def _clean(
    found: Iterable[tuple[object, ...]], seal: Seal | None
) -> Iterator[rows.Recorded]:
    """Yield what is as it was written, until something is not."""
    with suppress(rows.BadRow):
        for seq, row in enumerate(found, start=1):
            yield rows.recorded(row, seq=seq, seal=seal)


def _seal_of_damaged(meta: list[tuple[object, ...]]) -> tuple[Seal | None, bool]:
    """Return what opens a damaged session, and whether its layout may be read here.

    Of one whose `meta` is damaged, each row of that is looked at by itself: a damaged
    count must not hide the key.
    """
    about: dict[str, str] = {}
    for row in meta:
        with suppress(rows.BadRow):
            about |= rows.meta([row])
    version = about.get("schema", rows.SCHEMA_VERSION)
    if "key" in about:
        with suppress(rows.BadRow):
            return _seal({**about, "schema": rows.SEALED_VERSION}), True
    return None, version in _VERSIONS


def _seal(about: dict[str, str]) -> Seal | None:
    """Return what a session's rows were sealed with."""
    if about["schema"] != rows.SEALED_VERSION:
        return None
    try:
        wrapped = bytes.fromhex(about["key"])
    except ValueError as error:
        raise rows.BadRow(say("errors.why.key-changed")) from error
    return session_seal(wrapped)


def read_head(path: Path) -> SessionHead:
    """Return what a list says of a session, without reading all of one that is whole.

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If it is no session file, or its first event is not as it was written.
    StorageUnusable
        If there is no room to read it.
    """
    try:
        return _head(path)
    except SessionDamaged as damage:
        session = _beginning(path, damage)
        return SessionHead(
            opened=session.opened,
            state=session.state,
            length_s=_length_s(session.events),
            wrong=session.wrong,
            erased=session.erased,
            ending=rows.ending_of(session.events),
        )


def _head(path: Path) -> SessionHead:
    unended = _unended_state(path)
    contents = _taken(path, _ends)
    try:
        about = _about(contents)
        count, seal = int(about["events"]), _seal(about)
        numbers = {1, min(2, count), count}  # the second may be a tombstone
        if contents.ended_seq is not None:
            numbers.add(contents.ended_seq)
        ends = tuple(
            rows.recorded(row, seq=seq, seal=seal)
            for seq, row in zip(sorted(numbers), contents.events, strict=True)
        )
    except ValueError as error:  # a bad row, or fewer rows than there should be
        raise _damaged(path, str(error)) from error
    return SessionHead(
        opened=_opened(path, ends),
        state=State.WHOLE if _is_whole(about, contents) else unended,
        length_s=_length_s(ends),
        wrong="",
        erased=rows.erased_in(ends),
        ending=rows.ending_of(ends),
    )


def read_meta(path: Path) -> dict[str, str]:
    """Return what a session file says of itself, beside its events.

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If it is no session file, or what it says of itself was changed.
    StorageUnusable
        If there is no room to read it.
    """
    try:
        return rows.meta(_taken(path, _said_of_itself))
    except rows.BadRow as error:
        raise _damaged(path, str(error)) from error


def _length_s(events: tuple[rows.Recorded, ...]) -> float:
    return (events[-1].t_ns - events[0].t_ns) / NS_PER_S


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
        return _damage(path, damage)
    except StorageLocked:
        return _checked_unopened(path)
    except StorageUnusable as error:
        return CheckResult(
            path=path, state=State.UNREADABLE, events=0, words=error.wrong
        )
    count = len(session.events)
    words = _well(count, session.state, "-one-heart" if session.erased else "")
    return CheckResult(path=path, state=session.state, events=count, words=words)


def _well(events: int, state: State, also: str) -> str:
    return say(f"errors.check.{state}{also}", events=events)


def _checked_unopened(path: Path) -> CheckResult:
    """Check a session that is locked: each of its rows, though not what they mean."""
    unended = _unended_state(path)
    contents = _taken(path, _everything)
    try:
        about = _about(contents)
        for seq, row in enumerate(contents.events, start=1):
            rows.need_row(row, seq=seq)
        _need_count(contents, about["events"])
    except rows.BadRow as error:
        words = _damaged(path, str(error)).wrong
        return CheckResult(path=path, state=State.DAMAGED, events=0, words=words)
    state = State.WHOLE if _is_whole(about, contents) else unended
    count = len(contents.events)
    words = _well(count, state, "-locked")
    return CheckResult(path=path, state=state, events=count, words=words)


def _damage(path: Path, damage: SessionDamaged) -> CheckResult:
    """Say what is wrong with a session, and how much of it is not."""
    try:
        count = len(_beginning(path, damage).events)
    except SessionDamaged:
        count = 0
    words = damage.wrong
    if count:
        words = say("errors.check.damaged-after", why=words, events=count)
    return CheckResult(path=path, state=State.DAMAGED, events=count, words=words)


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
    StorageUnusable
        If there is no room to read it.
    """
    content = bytearray(_taken(path, _serialised))
    content[_JOURNAL_BYTES] = b"\x01\x01"
    return bytes(content)


def _taken(path: Path, take: Callable[[sqlite3.Connection], _Answer]) -> _Answer:
    """Return what `take` reads from a session file, by way of a copy where it must be.

    SQLite cannot always read what a crash left in a folder that it may not write, or
    that has no room.
    """
    _refuse_absent(path)
    try:
        try:
            return _taken_in_place(path, take)
        except sqlite3.OperationalError as error:
            if error_code(error) not in _READS_AS_A_COPY:
                raise
        with tempfile.TemporaryDirectory(prefix="coreg-") as aside:
            return _taken_in_place(_copied(path, Path(aside)), take)
    except (rows.BadRow, MemoryError) as error:
        raise _damaged(path, str(error) or say("errors.why.size")) from error
    except sqlite3.Error as error:
        if error_code(error) == sqlite3.SQLITE_FULL:
            raise _no_room(path) from error
        if error_code(error) == sqlite3.SQLITE_NOTADB:
            raise _no_session(path, in_words(error)) from error
        raise _damaged(path, in_words(error)) from error
    except UnicodeError as error:  # sqlite3 raises it for names, not for values
        raise _damaged(path, say("errors.why.damaged-file")) from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise _no_room(path) from error
        why = say("errors.why.unreadable", why=system_said(error))
        raise _damaged(path, why) from error


def _refuse_absent(path: Path) -> None:
    """Stop where there is no file, or a folder or a broken link in its place."""
    if path.is_file():
        return
    if path.exists() or path.is_symlink():
        raise _no_session(path, say("errors.why.no-file"))
    raise SessionNotFound(*wrong_and_do("errors.session.gone", path=path))


def _taken_in_place(
    path: Path, take: Callable[[sqlite3.Connection], _Answer]
) -> _Answer:
    with closing(connect_to_own(path, wal_path(path))) as connection:
        if not locks.is_held(lock_path(path)):  # else its log is being written
            refuse_foreign(connection, path, wal_path(path))
        return take(connection)


def _everything(connection: sqlite3.Connection) -> _Contents:
    connection.execute("BEGIN")
    _refuse_foreign(connection)
    return _contents(connection, _EVERY_ROW)


def _readable(connection: sqlite3.Connection) -> _Contents:
    """Return the rows that come before damage which SQLite itself met."""
    # Else SQLite refuses all of a file that was cut, as by a copy that was broken off.
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("BEGIN")
    _refuse_foreign(connection)
    return _Contents(
        meta=_until_damage(connection, "SELECT * FROM meta"),
        events=_until_damage(connection, _EVERY_ROW),
        ended_seq=None,
    )


def _until_damage(
    connection: sqlite3.Connection, which: str
) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    try:
        found.extend(connection.execute(which))
    except (MemoryError, UnicodeError):
        return found
    except sqlite3.Error as error:
        if error_code(error) in _READS_AS_A_COPY:
            raise
    return found


def _serialised(connection: sqlite3.Connection) -> bytes:
    connection.execute("BEGIN")
    _refuse_foreign(connection)
    return connection.serialize()


def _said_of_itself(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    connection.execute("BEGIN")
    _refuse_foreign(connection)
    return connection.execute("SELECT * FROM meta").fetchall()


def _ends(connection: sqlite3.Connection) -> _Contents:
    connection.execute("BEGIN")
    _refuse_foreign(connection)
    return _contents(connection, _ENDS)


def _contents(connection: sqlite3.Connection, which: str) -> _Contents:
    # The end is near the end: looked for from there, and by its kind alone.
    ended = connection.execute(_ENDED, rows.ENDS).fetchone()
    ended_seq = None if ended is None else int(ended[0])
    return _Contents(
        meta=connection.execute("SELECT * FROM meta").fetchall(),
        events=connection.execute(which, {"ended": ended_seq}).fetchall(),
        ended_seq=ended_seq,
    )


def _refuse_foreign(connection: sqlite3.Connection) -> None:
    """Stop at a database that is not ours, before anything in it is asked for."""
    if version_of(connection) is None:
        raise rows.BadRow(say("errors.why.not-ours"))
    found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    ours = [("table", name, sql) for name, sql in rows.TABLES.items()]
    if sorted(found, key=repr) != sorted(ours, key=repr):
        raise rows.BadRow(say("errors.why.tables"))


def _about(contents: _Contents) -> dict[str, str]:
    about = rows.meta(contents.meta)
    version = about.get("schema")
    if version not in _VERSIONS:
        known = "/".join(_VERSIONS)
        layout = say("errors.why.layout", found=str(version), known=known)
        raise rows.BadRow(layout)
    if about.keys() - {"number"} != _VERSIONS[version] or not contents.events:
        raise rows.BadRow(say("errors.why.no-first"))
    return about


def _opened(path: Path, events: tuple[rows.Recorded, ...]) -> Opened:
    fact = events[0].fact
    if not isinstance(fact, Opened):
        raise _damaged(path, say("errors.why.no-beginning"))
    if odd := odd_part(fact):
        raise _damaged(path, say("errors.why.odd-beginning", what=odd))
    return fact


def _all_events(
    contents: _Contents, count: str, seal: Seal | None
) -> tuple[rows.Recorded, ...]:
    events = tuple(
        rows.recorded(row, seq=seq, seal=seal)
        for seq, row in enumerate(contents.events, start=1)
    )
    _need_count(contents, count)
    return events


def _need_count(contents: _Contents, count: str) -> None:
    """Raise unless there are as many events as there should be."""
    found = len(contents.events)
    if count != str(found):
        missing = say(
            "errors.why.event-missing", seq=found + 1, found=found, count=count
        )
        raise rows.BadRow(missing)


def _is_whole(about: dict[str, str], contents: _Contents) -> bool:
    return about["state"] == "closed" and contents.ended_seq is not None


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
        if wal_path(path).exists():
            shutil.copyfile(wal_path(path), wal_path(copy))
        if _version(path) == before:
            return copy
    raise StorageUnusable(*wrong_and_do("errors.session.changes", session=path.stem))


def _version(path: Path) -> tuple[float, int, bytes]:
    """Return what changes whenever the write-ahead log is folded in or begun anew."""
    try:
        with wal_path(path).open("rb") as wal:
            head = wal.read(32)
    except FileNotFoundError:
        head = b""
    now = path.stat()
    return now.st_mtime_ns, now.st_size, head


def wal_path(path: Path) -> Path:
    """Return where SQLite writes ahead of a file."""
    return path.with_name(f"{path.name}-wal")


def _no_room(path: Path) -> StorageUnusable:
    return StorageUnusable(*wrong_and_do("errors.session.no-room", name=path.name))


def _damaged(path: Path, why: str) -> SessionDamaged:
    return SessionDamaged(
        *wrong_and_do("errors.session.damaged", name=path.name, why=why)
    )


def _no_session(path: Path, why: str) -> SessionDamaged:
    return SessionDamaged(
        *wrong_and_do("errors.session.no-session", name=path.name, why=why)
    )
