"""From a couple's sessions to the therapist's page over evenings."""

import traceback
from collections.abc import Callable
from pathlib import Path

from coreg.errors import CoregError, NotReleased, SessionError
from coreg.facts.events import Opened, Partner
from coreg.findings.kept import Kept, evenings_until
from coreg.findings.reading import summary_of
from coreg.findings.room import OwnWords, RoomEvening, room_evening, room_evenings
from coreg.findings.summary import heard_of, read_in
from coreg.report.page import Page
from coreg.report.pages.room import room_page
from coreg.report.wanted import Wanted
from coreg.report.words import progress as words
from coreg.store.recorded_order import in_order
from coreg.words import wrong_and_do


def room_of(
    path: Path,
    last: Opened,
    wanted: Wanted,
    kept: Kept,
    tell: Callable[[str], None],
) -> Page:
    """Return the page over all evenings up to this one, for a therapist.

    Evenings that either set aside are in none of it, and no page says how many.

    Raises
    ------
    NotReleased
        If nobody agreed that a therapist sees it.
    SessionError
        If there is no evening to show.
    """
    shown = kept.shown_to_therapist(last.couple.source)
    if not shown:
        raise NotReleased(*wrong_and_do("errors.page.not-therapist"))
    paths, unread = _paths(path, last, wanted, shown)
    aside = kept.aside() | wanted.left_out
    used = [each for each in paths if each.stem not in aside]
    if not used:
        raise SessionError(*wrong_and_do("errors.page.all-left-out"))
    evenings: list[RoomEvening] = []
    for number, each in enumerate(used, start=1):
        tell(words.evening_of(number, len(used)))
        try:
            evenings.append(_evening(each, wanted, kept, shown))
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
        raise SessionError(*wrong_and_do("errors.page.none-opens"))
    return room_page(
        room_evenings(
            evenings,
            shown,
            frozenset(wanted.keys) if wanted.keys else frozenset(),
            left_out=len(paths) - len(used),
            unread=len(unread),
        )
    )


def _paths(
    path: Path, last: Opened, wanted: Wanted, shown: frozenset[Partner]
) -> tuple[list[Path], dict[str, str]]:
    """Return the evenings that have a heart which may be seen."""
    found: dict[Path, None] = {}
    unread: dict[str, str] = {}
    for partner in sorted(shown):
        paths, wrong = evenings_until(path, last, wanted.data_folder, partner)
        found |= dict.fromkeys(paths)
        unread |= wrong
    return in_order(found), unread


def _evening(
    path: Path, wanted: Wanted, kept: Kept, shown: frozenset[Partner]
) -> RoomEvening:
    summary = read_in(summary_of(path), wanted.zone)
    summary = heard_of(summary, kept.in_quiet(path.stem))
    own = {
        partner: OwnWords(
            ratings=tuple(kept.ratings(partner, path.stem)),
            said=kept.said(partner, path.stem),
        )
        for partner in shown
        if partner in wanted.keys
    }
    return room_evening(summary, shown, own)
