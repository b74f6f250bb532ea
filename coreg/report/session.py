"""From a session file to its pages.

Nothing but the recorded inputs is used: a page of an old session is drawn by today's
analysis. What somebody said of an evening comes from the library, and only on that
one's own page.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from coreg.errors import CoregError, HeartGone, NotReleased, SessionError
from coreg.facts.events import Opened, Partner
from coreg.findings.evenings import EveningFigures, evening, over_evenings
from coreg.findings.kept import Kept, evenings_until
from coreg.findings.own_rating import OwnRating
from coreg.findings.reading import (
    corrected_by_hand,
    summary_of,
    summary_of_stored,
)
from coreg.findings.steps import SaidInPart
from coreg.findings.summary import SessionSummary, ecg_shown_of, heard_of, read_in
from coreg.findings.together import together
from coreg.report.page import Page
from coreg.report.page_format import FOR_THERAPIST, OWN, PageFormat, Whose
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.room import room_of
from coreg.report.undrawn import Report, drawn, gathered, page_of_words
from coreg.report.wanted import Wanted
from coreg.report.words import progress as words
from coreg.report.write_page import write_page
from coreg.store.reader import StoredSession, read_beginning
from coreg.words import say, wrong_and_do


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
    tell(say("report.progress.reading"))
    session = read_beginning(path)
    summary = cache(partial(_summary, session, wanted))
    return gathered(
        report
        for whose in wanted.pages
        for report in _reports(
            cache(partial(_page, session, summary, whose, wanted, tell)),
            session,
            out,
            whose,
            wanted,
        )
    )


def _summary(session: StoredSession, wanted: Wanted) -> SessionSummary:
    kept = Kept(wanted.data_folder, {})
    summary = read_in(summary_of_stored(session), wanted.zone)
    return heard_of(summary, kept.in_quiet(session.path.stem))


def _reports(
    page: Callable[[], Page],
    session: StoredSession,
    out: Path,
    whose: Whose,
    wanted: Wanted,
) -> Iterator[Report]:
    """Draw one page in each format."""
    # Named after the file, not after the id in it, which a stranger may choose.
    stem = session.path.stem
    name = stem if whose is Whose.THERAPIST else f"{stem}-{whose}"

    def write(page: Callable[[], Page], page_format: PageFormat) -> list[Path]:
        return write_page(page(), out, name, (page_format,))

    words_instead = partial(page_of_words, session.opened, whose, wanted.zone)
    for each in wanted.formats:
        yield drawn(
            whose, partial(write, page, each), partial(write, words_instead, each)
        )


def page_of(
    summary: SessionSummary,
    whose: Whose,
    ratings: Iterable[OwnRating],
    said: Iterable[SaidInPart] = (),
) -> Page:
    """Return a page of one session; what its owner said goes on their own alone.

    Raises
    ------
    HeartGone
        If it would show a heart that was erased.
    """
    if summary.erased is not None:
        need_heart(summary.erased, whose)
    match whose:
        case Whose.THERAPIST:
            return therapist_page(summary, together(summary))
        case Whose.JOINT:
            return joint_page(summary, together(summary))
        case _:
            return own_page(summary, OWN[whose], tuple(ratings), tuple(said))


def need_heart(erased: Partner, whose: Whose) -> None:
    """Raise unless a page shows the one heart that was not erased, and no other."""
    if OWN.get(whose) is erased.other:
        return
    told = wrong_and_do("errors.page.closed", page=whose, other=erased.other)
    raise HeartGone(*told)


def _page(
    session: StoredSession,
    summary: Callable[[], SessionSummary],
    whose: Whose,
    wanted: Wanted,
    tell: Callable[[str], None],
) -> Page:
    kept, path = Kept(wanted.data_folder, wanted.keys), session.path
    if whose is Whose.EVENINGS_THERAPIST:
        page = room_of(path, session.opened, wanted, kept, tell)
        tell(words.drawing(whose))
        return page
    if session.erased is not None:
        need_heart(session.erased, whose)
    if whose not in FOR_THERAPIST:
        _need_released(kept, session, whose)
    if whose in {Whose.EVENINGS_A, Whose.EVENINGS_B}:
        page = _evenings(
            path, session.opened, OWN[whose], wanted, kept, _in_words(tell)
        )
    elif whose in OWN:
        ratings = kept.ratings(OWN[whose], path.stem)
        said = kept.said(OWN[whose], path.stem)
        page = page_of(summary(), whose, ratings, said)
    else:
        tell(say("report.progress.comparing"))
        of = summary()
        if whose is Whose.THERAPIST:  # the couple's pages stay as they were
            agreed = kept.shown_to_therapist(session.opened.couple.source)
            of = ecg_shown_of(corrected_by_hand(session, of), agreed)
        page = page_of(of, whose, ())
    tell(words.drawing(whose))
    return page


def _need_released(kept: Kept, session: StoredSession, whose: Whose) -> None:
    """Raise unless a couple's page is open to whoever asks."""
    if kept.may_see(session.opened, OWN.get(whose)):
        return
    name = session.path.stem
    if whose is Whose.JOINT:
        raise NotReleased(*wrong_and_do("errors.page.not-joint", session=name))
    told = wrong_and_do("errors.page.not-own", partner=OWN[whose], session=name)
    raise NotReleased(*told)


def evenings_of(
    path: Path,
    partner: Partner,
    wanted: Wanted,
    kept: Kept,
    reached: Callable[[int, int], None],
) -> Page:
    """Return the page of one partner over all evenings up to this one.

    `reached` hears the number of each, and of how many, as it is read.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    session = read_beginning(path)
    telling = _Telling(words=_nobody, reached=reached)
    return _evenings(path, session.opened, partner, wanted, kept, telling)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """Who hears how far a page over evenings is, and what is left out of it."""

    words: Callable[[str], None]
    reached: Callable[[int, int], None]


def _in_words(tell: Callable[[str], None]) -> _Telling:
    def reached(number: int, of: int) -> None:
        tell(words.evening_of(number, of))

    return _Telling(words=tell, reached=reached)


def _nobody(_words: str) -> None:
    """Tell nobody."""


def _evenings(
    path: Path,
    last: Opened,
    partner: Partner,
    wanted: Wanted,
    kept: Kept,
    tell: _Telling,
) -> Page:
    """Return the page over all evenings up to this one."""
    paths, unread = evenings_until(path, last, wanted.data_folder, partner)
    used = [each for each in paths if each.stem not in wanted.left_out]
    if not used:
        raise SessionError(*wrong_and_do("errors.page.all-left-out"))
    evenings: list[EveningFigures] = []
    for number, each in enumerate(used, start=1):
        tell.reached(number, len(used))
        ratings = kept.ratings(partner, each.stem)
        try:
            summary = read_in(summary_of(each), wanted.zone)
            summary = heard_of(summary, kept.in_quiet(each.stem))
            evenings.append(_evening(each.stem, summary, partner, ratings, kept))
        except CoregError as error:  # one evening hides none of the others
            unread[each.stem] = error.wrong
        except Exception as error:  # nor does a fault of ours in one
            if each == path:
                raise
            tell.words("".join(traceback.format_exception(error)))
            unread[each.stem] = words.fault(error)
    for name, wrong in unread.items():
        tell.words(words.unread(name, wrong))
    if not evenings:
        raise SessionError(*wrong_and_do("errors.page.none-opens"))
    return evenings_page(
        over_evenings(
            partner,
            evenings,
            left_out=len(paths) - len(used),
            unread=len(unread),
        )
    )


def _evening(
    name: str,
    summary: SessionSummary,
    partner: Partner,
    ratings: list[OwnRating],
    kept: Kept,
) -> EveningFigures:
    # An evening that either set aside counts for nothing of both. It stays among one's
    # own: were it missing, whoever did not tick would know that the other did.
    may_pool = name not in kept.aside() and kept.may_see(summary.opened, None)
    both = together(summary) if may_pool else None
    return evening(summary, both, partner, ratings, kept.sat_s(name))
