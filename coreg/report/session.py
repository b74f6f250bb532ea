"""From session files to pages: read, recompute, compare, draw.

Nothing but the recorded inputs is used: a page of an old session is drawn by today's
analysis. What somebody said of an evening comes from the library, and only on that
one's own page.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path

from coreg.codec import INPUTS
from coreg.engine import run
from coreg.errors import CoregError, NotReleased, SessionError
from coreg.events import Opened, Partner, Source
from coreg.report import progress_words as words
from coreg.report.evenings import Evening, evening, over_evenings
from coreg.report.evenings_page import evenings_page
from coreg.report.page import Page
from coreg.report.page_format import OwnRating, PageFormat, Wanted, Whose
from coreg.report.pages import write_page
from coreg.report.session_pages import joint_page, own_page, therapist_page
from coreg.report.summary import SessionSummary, summarise
from coreg.report.together import together
from coreg.report.undrawn import Report, drawn, gathered, page_of_words
from coreg.store.library import list_sessions
from coreg.store.library_db import LIBRARY_NAME, Library
from coreg.store.reader import State, StoredSession, read_session
from coreg.store.release import UNSAID, Said, may_see

_PARTNERS = {
    Whose.A: Partner.A,
    Whose.B: Partner.B,
    Whose.EVENINGS_A: Partner.A,
    Whose.EVENINGS_B: Partner.B,
}


def report_session(
    path: Path, out: Path, wanted: Wanted, tell: Callable[[str], None]
) -> Report:
    """Write a session's pages into a folder; return where they are, and which failed.

    A page that fails takes no other with it. `NotReleased` is such a failure, where a
    joint page is wanted that not both partners opened. `tell` hears what is done at the
    moment.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    StorageUnusable
        If a page cannot be written.
    """
    tell(words.READING)
    session = read_session(path)
    summary = cache(partial(_recomputed, session))
    return gathered(
        report
        for whose in wanted.pages
        for report in _reports(
            cache(partial(_page, session, summary, whose, wanted, tell)),
            session,
            out,
            whose,
            wanted.formats,
        )
    )


def _reports(
    page: Callable[[], Page],
    session: StoredSession,
    out: Path,
    whose: Whose,
    formats: Iterable[PageFormat],
) -> Iterator[Report]:
    """Draw one page in each format."""
    # Named after the file, not after the id in it, which a stranger may choose.
    stem = session.path.stem
    name = stem if whose is Whose.THERAPIST else f"{stem}-{whose}"

    def write(page: Callable[[], Page], page_format: PageFormat) -> list[Path]:
        return write_page(page(), out, name, (page_format,))

    words_instead = partial(page_of_words, session.opened)
    for each in formats:
        yield drawn(
            whose, partial(write, page, each), partial(write, words_instead, each)
        )


def summary_of(path: Path) -> SessionSummary:
    """Read a session and recompute it."""
    return _recomputed(read_session(path))


def _recomputed(session: StoredSession) -> SessionSummary:
    inputs = [event.fact for event in session.events if isinstance(event.fact, INPUTS)]
    return summarise(session.opened, run(inputs))


def page_of(
    summary: SessionSummary, whose: Whose, ratings: Iterable[OwnRating]
) -> Page:
    """Return a page of one session."""
    match whose:
        case Whose.THERAPIST:
            return therapist_page(summary, together(summary))
        case Whose.JOINT:
            return joint_page(summary, together(summary))
        case _:
            return own_page(summary, _PARTNERS[whose], tuple(ratings))


def _page(
    session: StoredSession,
    summary: Callable[[], SessionSummary],
    whose: Whose,
    wanted: Wanted,
    tell: Callable[[str], None],
) -> Page:
    kept, path = _Kept(wanted.data_folder), session.path
    if whose in {Whose.EVENINGS_A, Whose.EVENINGS_B}:
        page = _evenings(path, session.opened, _PARTNERS[whose], wanted, tell)
    elif whose is Whose.JOINT and not kept.may_see_both(session.opened):
        raise NotReleased(
            f"The joint page of {path.stem} is not open: it takes both partners.",
            "Each opens it on the pages (`coreg`), after the practice, alone.",
        )
    elif whose in _PARTNERS:
        ratings = kept.ratings(_PARTNERS[whose], path.stem)
        page = page_of(summary(), whose, ratings)
    else:
        tell(words.COMPARING)
        page = page_of(summary(), whose, ())
    tell(words.drawing(whose))
    return page


class _Kept:
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
        """Return the evenings that one of both, nobody knows who, set aside."""
        return self._library.aside() if self._library else frozenset()

    def may_see_both(self, opened: Opened) -> bool:
        """Whether the joint page of an evening is open."""

        def said(partner: Partner) -> Said:
            if self._library is None:
                return UNSAID
            return self._library.said(partner, opened.session_id)

        return may_see(opened.source, said, None)


def _evenings(
    path: Path,
    last: Opened,
    partner: Partner,
    wanted: Wanted,
    tell: Callable[[str], None],
) -> Page:
    """Return the page over all evenings up to this one."""
    kept = _Kept(wanted.data_folder)
    paths, unread = _evenings_until(path, last, wanted.data_folder)
    aside = wanted.left_out | kept.aside()
    marked = [each for each in paths if each.stem in aside]
    used = [each for each in paths if each not in marked]
    if not used:
        raise SessionError(
            "Every evening of this couple is left out.", "Leave fewer of them out."
        )
    evenings: list[Evening] = []
    for number, each in enumerate(used, start=1):
        tell(words.evening_of(number, len(used)))
        ratings = kept.ratings(partner, each.stem)
        try:
            evenings.append(_evening(each, partner, ratings, kept))
        except CoregError as error:  # one evening hides none of the others
            unread[each.stem] = error.wrong
        except Exception as error:  # nor does a fault of ours in one
            if each == path:
                raise
            tell("".join(traceback.format_exception(error)))
            unread[each.stem] = words.fault(error)
    for name, wrong in unread.items():
        tell(words.unread(name, wrong))
    if not evenings:
        raise SessionError(
            "No evening of this couple can be opened.", "See `coreg sessions`."
        )
    return evenings_page(
        over_evenings(partner, evenings, left_out=len(marked), unread=len(unread))
    )


def _evening(
    path: Path, partner: Partner, ratings: list[OwnRating], kept: _Kept
) -> Evening:
    summary = summary_of(path)
    both = together(summary) if kept.may_see_both(summary.opened) else None
    return evening(summary, both, partner, ratings)


def _evenings_until(
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
        if session.state is State.RUNNING or session.session_id > last.session_id:
            continue
        if of is None:
            unread[session.session_id] = session.wrong
        elif of.source is last.source:
            found[_identity(of)] = session.path
    found[_identity(last)] = path
    return sorted(found.values(), key=lambda each: each.stem), unread


def _identity(opened: Opened) -> object:
    if opened.source is Source.STRAPS:
        return opened.session_id
    return opened.source, opened.seed, opened.streams
