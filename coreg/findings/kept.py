"""What was kept beside a session: own ratings, wishes, and the other evenings."""

from pathlib import Path

from coreg.facts.events import Opened, Partner, Source
from coreg.findings.own_rating import OwnRating
from coreg.store.library import list_sessions
from coreg.store.library_db import LIBRARY_NAME, Library
from coreg.store.reader import State
from coreg.store.release import UNSAID, Said, may_see


class Kept:
    """What the library knows of evenings; nothing where there is no library yet."""

    def __init__(self, folder: Path) -> None:
        known = (folder / LIBRARY_NAME).exists()
        self._library = Library(folder) if known else None

    def ratings(self, partner: Partner, session_id: str) -> list[OwnRating]:
        """Return what one partner said of one evening."""
        if self._library is None:
            return []
        return [
            OwnRating(
                moment=each.moment,
                at_ease=each.at_ease,
                awake=each.awake,
                myself=each.myself,
            )
            for each in self._library.ratings(partner)
            if each.session_id == session_id
        ]

    def aside(self) -> frozenset[str]:
        """Return the evenings that either partner set aside."""
        return self._library.aside() if self._library else frozenset()

    def may_see_both(self, opened: Opened) -> bool:
        """Whether the joint page of an evening is open."""

        def said(partner: Partner) -> Said:
            if self._library is None:
                return UNSAID
            return self._library.said(partner, opened.identity.session_id)

        return may_see(opened.couple.source, said, None)


def evenings_until(
    path: Path, last: Opened, folder: Path
) -> tuple[list[Path], dict[str, str]]:
    """Return the evenings with hearts of the same kind, this one the last.

    The same simulated couple, or the same two recordings, practised again are the same
    evening again and counted once. Beside them, by name: what cannot be read, and why.
    """
    found: dict[object, Path] = {}
    unread: dict[str, str] = {}
    for session in list_sessions(folder):
        of = session.opened
        if (
            session.state is State.RUNNING
            or session.session_id > last.identity.session_id
        ):
            continue
        if of is None:
            unread[session.session_id] = session.wrong
        elif of.couple.source is last.couple.source:
            found[_identity(of)] = session.path
    found[_identity(last)] = path
    return sorted(found.values(), key=lambda each: each.stem), unread


def _identity(opened: Opened) -> object:
    if opened.couple.source is Source.STRAPS:
        return opened.identity.session_id
    return opened.couple.source, opened.couple.seed, opened.straps.streams
