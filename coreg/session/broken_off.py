"""Which practice broke off and may go on: found by what its log says.

Only the session that was recorded last is asked of: whoever has practised since has
left the one before. A simulated couple and recordings are no practice of two people: a
real one from before them that may go on still does. What a file is called, and what the
clock says now, finds nothing and hides nothing; the time of day alone says whether the
evening is over.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coreg.errors import CoregError
from coreg.facts.events import Ended, Opened, Source
from coreg.facts.kinds import WhyNot
from coreg.session.going_on import away_s
from coreg.session.live import versions
from coreg.store.left import is_left
from coreg.store.library import ListedSession, list_sessions
from coreg.store.reader import State, StoredSession, read_beginning

LONGEST_AWAY_S: Final = 3600.0
"""After an hour an evening is over: the quiet of it is gone, and what each said of it
before no longer holds."""

_NOT_REAL: Final = {
    Source.SIMULATED: WhyNot.SIMULATED,
    Source.RECORDINGS: WhyNot.RECORDINGS,
    Source.NOBODY: WhyNot.DAMAGED,  # no coreg writes a file of that
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenOff:
    """A session that broke off; `why_not` says why it does not go on, if so.

    `away_s` is how long ago that was, None where no clock can tell.
    """

    path: Path
    opened: Opened
    why_not: WhyNot | None
    away_s: float | None

    @property
    def session_id(self) -> str:
        """The session's name, which is its file's."""
        return self.path.stem


def broken_off(folder: Path, *, utc: dt.datetime) -> BrokenOff | None:
    """Return the session that was recorded last, where it broke off; else None.

    A real one that may go on comes before later ones in which nobody practised. One
    that cannot be read now is none: the list says so.

    Raises
    ------
    StorageUnusable
        If the folder cannot be read.
    """
    sessions = list_sessions(folder)
    real = [each for each in sessions if not _is_nobodys(each)]
    found = _found(real[-1], utc) if real else None
    if found is not None and found.why_not is None:
        return found
    return _found(sessions[-1], utc) if sessions else None


def _is_nobodys(session: ListedSession) -> bool:
    return session.opened is not None and session.opened.couple.source in _NOT_REAL


def _found(last: ListedSession, utc: dt.datetime) -> BrokenOff | None:
    if last.opened is None or last.state not in {State.INTERRUPTED, State.DAMAGED}:
        return None
    try:
        if is_left(last.path):
            return None
        session = read_beginning(last.path)
    except CoregError:  # damaged to its first row, or no room to read it
        return None
    if session.erased is not None:
        return None  # one of both hearts is gone: two cannot go on with it
    away = away_s(session.events, utc)
    return BrokenOff(
        path=last.path,
        opened=session.opened,
        why_not=_why_not(session, away),
        away_s=away,
    )


def _why_not(session: StoredSession, away: float | None) -> WhyNot | None:
    source = session.opened.couple.source
    if session.state is State.DAMAGED:
        return WhyNot.DAMAGED
    if source in _NOT_REAL:
        return _NOT_REAL[source]
    if any(isinstance(each.fact, Ended) for each in session.events):
        return WhyNot.OVER
    if away is not None and away > LONGEST_AWAY_S:
        return WhyNot.LONG_AGO
    if session.opened.identity.versions != versions():
        return WhyNot.OTHER_VERSION
    return None
