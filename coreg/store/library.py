"""The sessions of a data folder: named, listed, found, copied."""

import datetime as dt
import difflib
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path

from coreg.base.whole_file import write_whole
from coreg.errors import SessionDamaged, SessionNotFound, StorageUnusable
from coreg.facts.events import Ending, Opened, Partner
from coreg.store.folder import sessions_folder
from coreg.store.reader import State, read_head, snapshot
from coreg.store.recorded_order import SUFFIX, in_order, order_of, session_files
from coreg.words import system_said, wrong_and_do

_TOKEN = re.compile(r"[0-9a-z]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSession:
    """One line of the list. A file that cannot be read is listed too: `wrong` says why.

    `opened` is None and `length_s` NaN where nothing of it can be read; of a damaged
    one that can, they are of its clean beginning. `erased` says whose heart was erased,
    `ending` how it ended, None where it did not in order.
    """

    session_id: str
    path: Path
    state: State
    opened: Opened | None
    length_s: float
    wrong: str
    erased: Partner | None
    ending: Ending | None


def new_session_id(utc: dt.datetime, token: str) -> str:
    """Return a session's name: when it began in UTC, and four characters of chance.

    Raises
    ------
    ValueError
        If the time has no zone, or the token is not four of 0-9 and a-z.

    Examples
    --------
    >>> new_session_id(dt.datetime(2026, 3, 1, 19, 30, tzinfo=dt.UTC), "7f3a")
    '20260301-193000-7f3a'
    """
    if utc.tzinfo is None:
        raise ValueError("a session's name needs a time with a zone")
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"a session's token is four of 0-9 and a-z, not {token!r}")
    return f"{utc.astimezone(dt.UTC):%Y%m%d-%H%M%S}-{token}"


def began_utc(session_id: str) -> str | None:
    """Return when a session began as its name says it; None where it is no such name.

    Examples
    --------
    >>> began_utc('20260301-193000-7f3a')
    '2026-03-01T19:30:00+00:00'
    """
    try:
        began = dt.datetime.strptime(f"{session_id[:15]}+0000", "%Y%m%d-%H%M%S%z")
    except ValueError:
        return None
    return began.isoformat()


def session_path(folder: Path, session_id: str) -> Path:
    """Return where a session of this name lies in a data folder."""
    return sessions_folder(folder) / f"{session_id}{SUFFIX}"


def list_sessions(folder: Path) -> list[ListedSession]:
    """Return the sessions of a data folder; an absent one has none.

    The one recorded last comes last, whatever the clock said (`recorded_order`).

    Raises
    ------
    StorageUnusable
        If there is something else in its place, or it cannot be read.
    """
    return [_listed(path) for path in in_order(list_session_files(folder))]


def find_session(folder: Path, name: str) -> Path:
    """Return the file of a session: by its id, a beginning of it, `last`, or a path.

    Raises
    ------
    SessionNotFound
        If nothing fits, or more than one does.
    """
    files = {path.stem: path for path in list_session_files(folder)}
    if name == "last" and files:
        return max(files.values(), key=order_of)
    if name in files:
        return files[name]
    fitting = [stem for stem in files if name and stem.startswith(name)]
    if len(fitting) == 1:
        return files[fitting[0]]
    if fitting:
        told = wrong_and_do(
            "errors.session.ambiguous", n=len(fitting), name=name, some=_some(fitting)
        )
        raise SessionNotFound(*told)
    if name and Path(name).is_file():
        return Path(name)
    raise _not_found(name, list(files))


def copy_session(path: Path, target: Path) -> None:
    """Copy a session to `target` as one plain file: all of it or nothing.

    Raises
    ------
    SessionNotFound
        If there is no such session.
    SessionDamaged
        If it is no session file, or too damaged to be copied.
    StorageUnusable
        If the copy cannot be written.
    """
    content = snapshot(path)
    try:
        write_whole(target, content)
    except OSError as error:
        told = wrong_and_do(
            "errors.session.copy-unwritable", path=target, why=system_said(error)
        )
        raise StorageUnusable(*told) from error


def list_session_files(folder: Path) -> list[Path]:
    """Return the session files of a data folder, by name.

    Raises
    ------
    StorageUnusable
        If there is something else in its place, or it cannot be read.
    """
    try:
        os.scandir(sessions_folder(folder)).close()
    except FileNotFoundError:
        return []
    except OSError as error:  # which `glob` takes for an empty folder
        told = wrong_and_do(
            "errors.folder.unreadable", folder=folder, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
    return sorted(session_files(sessions_folder(folder)), key=lambda p: p.stem)


def _listed(path: Path) -> ListedSession:
    try:
        head = read_head(path)
    except (SessionDamaged, SessionNotFound, StorageUnusable) as error:
        is_well = isinstance(error, StorageUnusable)
        return ListedSession(
            session_id=path.stem,
            path=path,
            state=State.UNREADABLE if is_well else State.DAMAGED,
            opened=None,
            length_s=math.nan,
            wrong=error.wrong,
            erased=None,
            ending=None,
        )
    return ListedSession(
        session_id=path.stem,
        path=path,
        state=head.state,
        opened=head.opened,
        length_s=head.length_s,
        wrong=head.wrong,
        erased=head.erased,
        ending=head.ending,
    )


def _not_found(name: str, known: list[str]) -> SessionNotFound:
    path = Path(name)
    if name and path.is_dir():
        return SessionNotFound(*wrong_and_do("errors.session.folder", name=name))
    if path.suffix or path.name != name:
        return SessionNotFound(*wrong_and_do("errors.session.no-file", name=name))
    if not known:
        return SessionNotFound(*wrong_and_do("errors.session.none-yet"))
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if not near:
        return SessionNotFound(*wrong_and_do("errors.session.unknown", name=repr(name)))
    told = wrong_and_do(
        "errors.session.unknown-near", name=repr(name), near=_some(near)
    )
    return SessionNotFound(*told)


def _some(names: list[str]) -> str:
    return ", ".join(names[-3:]) + (", ..." if len(names) > 3 else "")
