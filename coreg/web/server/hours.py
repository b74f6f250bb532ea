"""A couple's hours for their therapist's page: the list of them, and one of them."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from coreg.base import clock
from coreg.base.local_time import local
from coreg.exercises.plan import title_in
from coreg.session.home_plan_shelf import home_plan_in, plans_there
from coreg.store.clinic.book import Book
from coreg.store.clinic.records import Couple
from coreg.store.library import list_session_files, list_sessions
from coreg.store.library_db import Library
from coreg.web.wire.of_clinic import HourTold, PastHourShown
from coreg.web.wire.outgoing import PROTOCOL
from coreg.words import day, in_words, say

MOST_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PastHours:
    """A couple's hours as they are listed, the last one first, and the last one's day.

    `last` is None where there is none, or none whose day can be read.
    """

    shown: tuple[PastHourShown, ...] = ()
    last: dt.date | None = None


def hours_of(folder: Path) -> PastHours:
    """Return the hours in a couple's folder."""
    hours, days = [], []
    for session in reversed(list_sessions(folder)[-MOST_LISTED:]):
        if session.opened is None:
            continue
        began = local(session.opened.identity.opened_utc, clock.HERE)
        title = in_words(title_in(session.opened.practice.plan_toml))
        words = title if began is None else f"{day(began.date())}, {title}"
        hours.append(PastHourShown(id=session.session_id, words=words))
        days += [] if began is None else [began.date()]
    return PastHours(shown=tuple(hours), last=max(days, default=None))


def hour_told(book: Book, couple: Couple, session_id: str) -> HourTold | None:
    """Return one hour as its therapist goes over it; None where there is none."""
    # What recomputes a session takes time to load: a list does not wait for it.
    from coreg.report.clinic_hour import copied_lines, review_lines  # noqa: PLC0415

    folder = book.open_couple(couple.id_)
    files = {path.stem: path for path in list_session_files(folder)}
    if session_id not in files:
        return None
    path = files[session_id]
    return HourTold(
        v=PROTOCOL,
        session_id=session_id,
        couple=couple.called,
        lines=review_lines(book, couple, path),
        note=copied_lines(couple, path, _home_plan(folder), clock.HERE),
    )


def _home_plan(folder: Path) -> str:
    plans = plans_there(folder)
    plan = home_plan_in(Library(folder, only_reads=True), plans)
    today = clock.utc_now().astimezone(clock.HERE).date()
    if plan is None or not plan.holds(today):
        return ""
    return say(
        "pages.server.home-plan-short",
        practice=in_words(plans[plan.practice].title),
        n=plan.times_a_week,
        day=day(plan.until),
    )
