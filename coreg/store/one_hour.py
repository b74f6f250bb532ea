"""Which sessions are one hour: a therapist's hour may be several, one after the other.

A file says of which hour it is a part by the name of that one's first session. So they
belong together also where the first one is gone.
"""

from collections.abc import Iterable
from pathlib import Path

from coreg.store.library import ListedSession, list_sessions


def hour_of(session: ListedSession) -> str:
    """Return what every session of an hour says of it; else a session's own name."""
    of = "" if session.opened is None else session.opened.identity.hour
    return of or session.session_id


def by_hour(sessions: Iterable[ListedSession]) -> list[list[ListedSession]]:
    """Return sessions hour by hour, as they began; mostly one is all of it.

    Hours are in the order in which their last sessions were recorded.
    """
    hours: dict[str, list[ListedSession]] = {}
    for session in sessions:
        of = hour_of(session)
        hours[of] = [*hours.pop(of, []), session]
    return [sorted(each, key=_began) for each in hours.values()]


def _began(session: ListedSession) -> str:
    """Return when it began: two of one second have names in either order."""
    return "" if session.opened is None else session.opened.identity.opened_utc


def sessions_of_hour(folder: Path, session_id: str) -> list[ListedSession]:
    """Return all sessions of the hour that this one is of, as they were recorded.

    None where there is no such session.

    Raises
    ------
    StorageUnusable
        If the folder cannot be read.
    """
    for sessions in by_hour(list_sessions(folder)):
        if session_id in {each.session_id for each in sessions}:
            return sessions
    return []
