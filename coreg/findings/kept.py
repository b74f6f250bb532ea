"""What was kept beside a session: own ratings, wishes, and the other evenings."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from coreg.facts.events import InQuiet, Opened, Partner, Source
from coreg.findings.own_rating import OwnRating, awake_of
from coreg.findings.steps import SaidInPart
from coreg.store.library import list_sessions, session_path
from coreg.store.library_db import Library, Purpose, Sitting, is_library_in
from coreg.store.own_things import AnswerKept, OwnLines
from coreg.store.passcode import OwnKey
from coreg.store.reader import State
from coreg.store.recorded_order import in_order, order_of
from coreg.store.release import UNSAID, Said, may_see, shown_to_therapist


class Kept:
    """What the library knows of evenings; nothing where there is no library yet.

    `keys` are those of the partners who gave their passcode.
    """

    def __init__(self, folder: Path, keys: Mapping[Partner, OwnKey]) -> None:
        known = is_library_in(folder)
        self._library = Library(folder, only_reads=True) if known else None
        self._keys = keys
        self._folder = folder
        self._lines: dict[Partner, OwnLines] = {}  # unsealed once, for many evenings
        self._sittings: dict[str, Sitting] | None = None

    def ratings(self, partner: Partner, session_id: str) -> list[OwnRating]:
        """Return what one partner said of one evening, where their key is here."""
        if self._library is None or partner not in self._keys:
            return []
        if partner not in self._lines:
            lines = self._library.own.lines(partner, self._keys[partner])
            self._lines[partner] = lines
        return own_ratings(self._lines[partner], session_id)

    def said(self, partner: Partner, session_id: str) -> tuple[SaidInPart, ...]:
        """Return what one partner said in parts of one evening, where their key is."""
        self.ratings(partner, session_id)  # which unseals all lines, once
        lines = self._lines.get(partner)
        return () if lines is None else said_of(lines.answers, session_id)

    def sat_s(self, session_id: str) -> float:
        """Return how long both sat together one evening; NaN where it is not kept."""
        if self._sittings is None:
            self._sittings = self._library.sittings() if self._library else {}
        known = self._sittings.get(session_id)
        return math.nan if known is None else known.sat_s

    def aside(self) -> frozenset[str]:
        """Return the evenings that either partner set aside."""
        return self._library.aside() if self._library else frozenset()

    def in_quiet(self, session_id: str) -> frozenset[InQuiet]:
        """Return what was in the quiet time of one evening, as either said."""
        return self._library.in_quiet(session_id) if self._library else frozenset()

    def may_see(self, opened: Opened, whose: Partner | None) -> bool:
        """Whether one partner's own page of an evening is open, or the joint one."""

        def said(partner: Partner) -> Said:
            if self._library is None:
                return UNSAID
            session_id = opened.identity.session_id
            said = self._library.said(partner, session_id)
            return replace(said, owns=said.owns and self._is_here(session_id))

        return may_see(opened.couple.source, said, whose, self._keys)

    def _is_here(self, session_id: str) -> bool:
        """Whether this folder has that evening, so that its passcodes are theirs.

        A file from elsewhere may be other people's: whoever chose a passcode here is
        not its wearer by that.
        """
        return session_path(self._folder, session_id).is_file()

    def shown_to_therapist(self, source: Source) -> frozenset[Partner]:
        """Return whose own part of several evenings a therapist may see."""

        def agrees(partner: Partner) -> bool:
            known = self._library
            return known is not None and known.person(partner).agrees(Purpose.THERAPIST)

        return shown_to_therapist(source, agrees)


class KeptWithRatings(Kept):
    """What the library knows, with ratings that somebody else unsealed.

    So a process that draws needs nobody's key.
    """

    def __init__(
        self, folder: Path, partner: Partner, ratings: Mapping[str, list[OwnRating]]
    ) -> None:
        super().__init__(folder, {})
        self._partner = partner
        self._ratings = ratings

    def ratings(self, partner: Partner, session_id: str) -> list[OwnRating]:
        """Return what was given of one evening; the other's are never here."""
        if partner is not self._partner:
            return []
        return self._ratings.get(session_id, [])


def own_ratings(lines: OwnLines, session_id: str) -> list[OwnRating]:
    """Return how somebody was around one session."""
    return [
        OwnRating(
            moment=each.moment,
            at_ease=each.at_ease,
            awake=awake_of(each.wide_awake, each.awake),
            myself=each.myself,
            is_turned_round=each.wide_awake is None and each.awake is not None,
        )
        for each in lines.ratings
        if each.session_id == session_id
    ]


def said_of(answers: Iterable[AnswerKept], session_id: str) -> tuple[SaidInPart, ...]:
    """Return what was answered in the parts of one session, of all that one key opens.

    What an earlier coreg kept has no part, and belongs to no step.
    """
    return tuple(
        SaidInPart(block=each.block, name=each.name, value=each.value)
        for each in answers
        if each.session_id == session_id and each.block is not None
    )


def evenings_until(
    path: Path, last: Opened, folder: Path, partner: Partner
) -> tuple[list[Path], dict[str, str]]:
    """Return a partner's evenings with hearts of the same kind, this one the last.

    One from which this partner's heart was erased is none of them.
    The same simulated couple, or the same two recordings, practised again are the same
    evening again and counted once. Beside them, by name: what cannot be read, and why.
    """
    found: dict[object, Path] = {}
    unread: dict[str, str] = {}
    for session in list_sessions(folder):
        of = session.opened
        if (
            session.state is State.RUNNING
            or session.erased is partner
            or _is_later(session.path, than=path)
        ):
            continue
        if of is None:
            unread[session.session_id] = session.wrong
        elif of.couple.source is last.couple.source:
            found[_identity(of)] = session.path
    found[_identity(last)] = path
    return in_order(found.values()), unread


def _is_later(path: Path, *, than: Path) -> bool:
    """Whether an evening is after another one by both its number and its name.

    A clock that was set back turns names round, and files that somebody put there
    numbers: a doubtful one is shown.
    """
    return order_of(path) > order_of(than) and path.stem > than.stem


def _identity(opened: Opened) -> object:
    if opened.couple.source is Source.STRAPS:
        return opened.identity.session_id
    return opened.couple.source, opened.couple.seed, opened.straps.streams
