"""Erasing that finishes, whatever stops it half way.

Strategy.

1. What is to be erased is written down first, on the disk, in a small file of its own
   beside the library (`erasing.json`). A coreg that is killed over it takes it up again
   when it next starts, before anything else is kept; then the file goes, too.
2. Rows before files: a session that is still there can be asked for again, but what
   was said about one that is gone could not.
3. Each step may be done twice. So a session is erased by its name, whether or not it
   is still listed.
4. The sessions that a person's heart is in are listed when that is asked, and struck
   out with the rows once those are gone: taken up later, it takes nothing that came
   since.
5. With a person goes that one's heart (`one_heart`): a session is written anew, and
   holds the other's. One without another heart, or that nobody can read, goes whole.
"""

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from coreg.base import locks
from coreg.base.bounds import BadText, json_of, shown
from coreg.base.text_files import text_of
from coreg.base.whole_file import remove_half_made, sync_folder, write_whole
from coreg.errors import (
    CoregError,
    SessionDamaged,
    SessionError,
    SessionNotFound,
    StorageUnusable,
)
from coreg.facts.events import Partner, Source
from coreg.store import keys, learned
from coreg.store.calibrations import forget_strap, forget_strap_pairs
from coreg.store.erase import erase_session_file
from coreg.store.library import list_sessions, session_path
from coreg.store.library_db import Library
from coreg.store.one_heart import without_heart
from coreg.store.one_hour import sessions_of_hour
from coreg.store.page_copies import forget_all_pages, forget_pages_of
from coreg.store.reader import lock_path, read_session
from coreg.store.rewriting import taken, write_anew
from coreg.store.session_corrections import forget_corrections
from coreg.words import system_said, wrong_and_do

INTENTS_NAME = "erasing.json"
SET_UP = "both agreed once"
"""A setting: what is taken back later must not show in where one arrives."""
HOME_PLAN = "home plan"
"""A setting: the plan for home of both, which nobody follows alone."""
PHONES_CERTIFICATE_NAME = "phones-certificate.pem"
"""What phones are shown: this computer's addresses and name; made anew when needed."""
_PAGE_SECRET_NAME = "page-secret"  # noqa: S105 - a file's name
_LARGEST_BYTES = 10_000_000
_LONGEST_NAME_BYTES = 200


class _What(StrEnum):
    SESSION = "session"
    PARTNER = "partner"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Intent:
    """What was asked to be erased, and how much of it is still to be done.

    `whose` is a partner's letter and `strap` what that one's strap is known by, both
    empty where it is not about one partner. `has_rows` says that rows are still there.
    """

    what: _What
    whose: str
    strap: str
    sessions: tuple[str, ...]
    has_rows: bool


def worn_by(partner: Partner) -> str:
    """Return the name of the setting that says which strap somebody wore last."""
    return f"strap of {partner}"


def erase_session(folder: Path, library: Library, session_id: str) -> None:
    """Erase a session: its file, and what both said about it.

    Raises
    ------
    SessionNotFound
        If that can be no session's name.
    SessionError
        If it is being recorded.
    StorageUnusable
        If it cannot be erased now; what is left goes at the next start.
    """
    _erase_sessions(folder, library, (session_id,))


def erase_hour(folder: Path, library: Library, session_id: str) -> None:
    """Erase a session with all of the hour that it is a part of, as one.

    Raises
    ------
    SessionNotFound
        If that can be no session's name.
    SessionError
        If a part of it is being recorded: then nothing of it goes.
    StorageUnusable
        If it cannot be erased now; what is left goes at the next start.
    """
    parts = [each.session_id for each in sessions_of_hour(folder, session_id)]
    _erase_sessions(folder, library, tuple(parts or [session_id]))


def _erase_sessions(folder: Path, library: Library, names: tuple[str, ...]) -> None:
    for name in names:
        if not _is_name(name):
            raise SessionNotFound(*wrong_and_do("errors.session.no-name"))
        if locks.is_held(lock_path(session_path(folder, name))):
            told = wrong_and_do("errors.session.recording", session=name)
            raise SessionError(*told)
    intent = _Intent(
        what=_What.SESSION, whose="", strap="", sessions=names, has_rows=True
    )
    _carry_out(folder, library, intent)


def erase_partner(folder: Path, library: Library, partner: Partner) -> None:
    """Erase one partner, and that one's heart in every session recorded with straps.

    The other's heart stays, and what the other one said; what was found of both goes,
    and so does a plan for home.

    Raises
    ------
    StorageUnusable
        If it cannot be erased now; what is left goes at the next start.
    """
    intent = _Intent(
        what=_What.PARTNER,
        whose=partner.value,
        strap=library.settings().get(worn_by(partner), ""),
        sessions=_recorded(folder, {Source.STRAPS}),
        has_rows=True,
    )
    _carry_out(folder, library, intent)


def erase_everything(folder: Path, library: Library) -> None:
    """Erase both partners, all sessions, and all that is known of straps and pages.

    Raises
    ------
    StorageUnusable
        If it cannot be erased now; what is left goes at the next start.
    """
    intent = _Intent(
        what=_What.EVERYTHING,
        whose="",
        strap="",
        sessions=_recorded(folder, set(Source)),
        has_rows=True,
    )
    _carry_out(folder, library, intent)


def finish_erasing(folder: Path, library: Library) -> list[CoregError]:
    """Take up what an earlier run could not finish; return what still cannot be.

    Only who alone writes to this data folder can ask for it.
    """
    try:
        _sweep(folder)
        intents = _intents(folder)
    except CoregError as error:
        return [error]
    unfinished: list[CoregError] = []
    for intent in intents:
        try:
            _finish(folder, library, intent)
        except CoregError as error:
            unfinished.append(error)
    return unfinished


def erase_rows_first(folder: Path, library: Library) -> None:
    """Erase rows that are still to go, before anything new comes among them.

    Raises
    ------
    StorageUnusable
        If they cannot be erased yet: nothing new can be kept either.
    """
    try:
        intents = _intents(folder)
    except StorageUnusable:
        return  # which was said at the start, and is said where somebody erases
    for intent in intents:
        if intent.has_rows:
            _without_rows(folder, library, intent)


def _recorded(folder: Path, sources: set[Source]) -> tuple[str, ...]:
    """Return the sessions of these sources, and those that nobody can read."""
    return tuple(
        each.session_id
        for each in list_sessions(folder)
        if each.opened is None or each.opened.couple.source in sources
    )


def _carry_out(folder: Path, library: Library, intent: _Intent) -> None:
    _keep(folder, [*_intents(folder), intent])
    _finish(folder, library, intent)


def _finish(folder: Path, library: Library, intent: _Intent) -> None:
    if intent.has_rows:
        intent = _without_rows(folder, library, intent)
    _erase_files(folder, library, intent)
    _strike(folder, intent, [])


def _without_rows(folder: Path, library: Library, intent: _Intent) -> _Intent:
    _erase_rows(library, intent)
    left = replace(intent, has_rows=False)
    _strike(folder, intent, [left])
    return left


def _erase_rows(library: Library, intent: _Intent) -> None:
    match intent.what:
        case _What.SESSION:
            for session_id in intent.sessions:
                learned.forget_rest(library, session_id)
                library.erase_session(session_id)
        case _What.PARTNER:
            partner = Partner(intent.whose)
            library.keep_setting(worn_by(partner), "")
            library.keep_setting(SET_UP, "no")
            library.keep_setting(HOME_PLAN, "")  # what it says was said of both
            learned.forget_partner(library, partner)
            library.erase_person(partner)
        case _What.EVERYTHING:
            library.erase_everything()


def _erase_files(folder: Path, library: Library, intent: _Intent) -> None:
    """Erase the hearts, and what small files know.

    One session that cannot be erased keeps none of the others, and is said at the end.
    """
    if intent.what is _What.EVERYTHING:
        forget_all_pages(folder)
    else:
        forget_pages_of(folder, intent.sessions)
    kept: list[CoregError] = []
    for session_id in intent.sessions:
        path = session_path(folder, session_id)
        try:
            if intent.what is _What.PARTNER:
                _erase_heart(folder, path, Partner(intent.whose))
            else:
                erase_session_file(path)
        except CoregError as error:
            kept.append(error)
    if intent.strap:
        forget_strap(folder, intent.strap)
    if intent.what is _What.EVERYTHING:
        forget_strap_pairs(folder)
        for name in (_PAGE_SECRET_NAME, PHONES_CERTIFICATE_NAME):
            _forget_file(folder / name)
    if kept:
        raise kept[0]
    if intent.what is _What.EVERYTHING and keys.is_locked(folder):
        library.lay_open(lambda: keys.forget_keys(folder))  # nothing is in it any more


def _erase_heart(folder: Path, path: Path, partner: Partner) -> None:
    """Leave a session with the other's heart alone; one without it goes whole."""
    with taken(path):
        is_left = _leave_other(folder, path, partner)
    if is_left:
        forget_corrections(path, (partner,))
    else:
        erase_session_file(path)


def _leave_other(folder: Path, path: Path, partner: Partner) -> bool:
    """Return whether the other's heart is left in a session, and nobody else's."""
    try:
        session = read_session(path)
    except (SessionDamaged, SessionNotFound):
        return False
    if session.erased is None and session.opened.couple.source is Source.STRAPS:
        write_anew(
            path,
            without_heart(session.events, partner),
            vault=keys.vault_of(folder),
        )
    return session.erased is not partner.other


def _forget_file(path: Path) -> None:
    """Forget what a page or a phone knows this computer by; it is made anew."""
    try:
        path.unlink(missing_ok=True)
        remove_half_made(path)
        sync_folder(path.parent)
    except OSError as error:
        raise _stuck(path, error) from error


def _is_name(session_id: str) -> bool:
    """Whether this can be a session's name, and nothing that leads elsewhere."""
    try:
        size = len(session_id.encode())
    except UnicodeEncodeError:
        return False
    is_plain = Path(session_id).name == session_id and "\0" not in session_id
    return is_plain and 0 < size <= _LONGEST_NAME_BYTES


# --- what is written down -----------------------------------------------------


def _strike(folder: Path, done: _Intent, left: list[_Intent]) -> None:
    """Strike out an intent; what is left of it stands in its place."""
    _keep(folder, [each for each in _intents(folder) if each != done] + left)


def _sweep(folder: Path) -> None:
    """Remove what was half written down when a coreg was killed."""
    path = folder / INTENTS_NAME
    try:
        remove_half_made(path)
    except OSError as error:
        raise _stuck(path, error) from error


def _keep(folder: Path, intents: list[_Intent]) -> None:
    path = folder / INTENTS_NAME
    try:
        if intents:
            text = json.dumps([asdict(each) for each in intents])
            write_whole(path, text.encode())
        else:
            path.unlink(missing_ok=True)
            sync_folder(folder)
    except OSError as error:
        raise _stuck(path, error) from error


def _intents(folder: Path) -> list[_Intent]:
    path = folder / INTENTS_NAME
    try:
        listed = json_of(text_of(path, _LARGEST_BYTES), _LARGEST_BYTES)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _stuck(path, error) from error
    except BadText as error:
        raise _broken(path, f"it {error}") from error
    if not isinstance(listed, list):
        raise _broken(path, shown(listed))
    return [_intent(path, each) for each in listed]


def _intent(path: Path, told: object) -> _Intent:
    match told:
        case {
            "what": str(what),
            "whose": str(whose),
            "strap": str(strap),
            "sessions": [*sessions],
            "has_rows": bool(has_rows),
        } if what in set(_What) and whose in {"", *Partner}:
            names = tuple(each for each in sessions if isinstance(each, str))
            if len(names) == len(sessions) and all(map(_is_name, names)):
                return _Intent(
                    what=_What(what),
                    whose=whose,
                    strap=strap,
                    sessions=names,
                    has_rows=has_rows,
                )
    raise _broken(path, shown(told))


def _stuck(path: Path, error: OSError) -> StorageUnusable:
    return StorageUnusable(
        *wrong_and_do("errors.erasing.stuck", path=path, why=system_said(error))
    )


def _broken(path: Path, detail: str) -> StorageUnusable:
    return StorageUnusable(
        *wrong_and_do("errors.erasing.broken", path=path, detail=detail)
    )
