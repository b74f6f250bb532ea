"""From a session file to its pages.

Nothing but the recorded inputs is used: a page of an old session is drawn by today's
analysis. What somebody said of an evening comes from the library, and only on that
one's own page.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path

from coreg.errors import CoregError, NotReleased, SessionError
from coreg.facts.events import Opened, Partner
from coreg.findings.evenings import EveningFigures, evening, over_evenings
from coreg.findings.kept import Kept, evenings_until
from coreg.findings.own_rating import OwnRating
from coreg.findings.reading import summary_of, summary_of_stored
from coreg.findings.summary import SessionSummary, read_in
from coreg.findings.together import together
from coreg.report.page import Page
from coreg.report.page_format import PageFormat, Wanted, Whose
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.undrawn import Report, drawn, gathered, page_of_words
from coreg.report.words import progress as words
from coreg.report.write_page import write_page
from coreg.store.reader import StoredSession, read_session

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
    summary = cache(lambda: read_in(summary_of_stored(session), wanted.zone))
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
    kept, path = Kept(wanted.data_folder), session.path
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


def _evenings(
    path: Path,
    last: Opened,
    partner: Partner,
    wanted: Wanted,
    tell: Callable[[str], None],
) -> Page:
    """Return the page over all evenings up to this one."""
    kept = Kept(wanted.data_folder)
    paths, unread = evenings_until(path, last, wanted.data_folder)
    aside = wanted.left_out | kept.aside()
    marked = [each for each in paths if each.stem in aside]
    used = [each for each in paths if each not in marked]
    if not used:
        raise SessionError(
            "Every evening of this couple is left out.", "Leave fewer of them out."
        )
    evenings: list[EveningFigures] = []
    for number, each in enumerate(used, start=1):
        tell(words.evening_of(number, len(used)))
        ratings = kept.ratings(partner, each.stem)
        try:
            summary = read_in(summary_of(each), wanted.zone)
            evenings.append(_evening(summary, partner, ratings, kept))
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
    summary: SessionSummary, partner: Partner, ratings: list[OwnRating], kept: Kept
) -> EveningFigures:
    both = together(summary) if kept.may_see_both(summary.opened) else None
    return evening(summary, both, partner, ratings)
