"""A couple's hours for their therapist's page: the list of them, and one of them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from coreg.base import clock
from coreg.base.local_time import local
from coreg.errors import BadCorrectionsError
from coreg.exercises.plan import title_in
from coreg.facts.events import Opened, Partner
from coreg.session.home_plan_words import held_in_short
from coreg.store.clinic.book import Book
from coreg.store.clinic.records import Couple
from coreg.store.corrections import how_many
from coreg.store.library import list_sessions
from coreg.store.one_hour import by_hour, sessions_of_hour
from coreg.store.session_corrections import (
    session_corrections_path,
    text_of_session,
)
from coreg.web.wire.of_clinic import (
    CorrectableShown,
    HeartLineShown,
    HourLineShown,
    HourTold,
    MarkedShown,
    PaceStretchShown,
    PastHourShown,
    StretchShown,
)
from coreg.web.wire.outgoing import PROTOCOL
from coreg.words import day, in_words, say

if TYPE_CHECKING:
    from coreg.report.clinic_hour import Reviewed

MOST_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PastHours:
    """A couple's hours as they are listed, the last one first, and the last one's day.

    `last` is None where there is none, or none whose day can be read.
    """

    shown: tuple[PastHourShown, ...] = ()
    last: dt.date | None = None


def hours_of(folder: Path) -> PastHours:
    """Return the hours in a couple's folder.

    A practice inside an hour, and what of the hour came after it, is no hour by itself.
    """
    readable = (each for each in list_sessions(folder) if each.opened is not None)
    hours = [
        [session.opened for session in each if session.opened is not None]
        for each in by_hour(readable)
    ]
    listed = hours[-MOST_LISTED:]
    began = [local(each[0].identity.opened_utc, clock.HERE) for each in listed]
    return PastHours(
        shown=tuple(_hour_shown(each) for each in reversed(listed)),
        last=max((each.date() for each in began if each is not None), default=None),
    )


def _hour_shown(sessions: Sequence[Opened]) -> PastHourShown:
    first = sessions[0].identity  # or what is left of the hour, where that was erased
    began = local(first.opened_utc, clock.HERE)
    titles = [in_words(title_in(each.practice.plan_toml)) for each in sessions]
    words = list(dict.fromkeys(titles))
    if began is not None:
        words.insert(0, day(began.date()))
    return PastHourShown(id=first.session_id, words=", ".join(words))


def hour_told(book: Book, couple: Couple, session_id: str) -> HourTold | None:
    """Return one hour as its therapist goes over it; None where there is none."""
    # What recomputes a session takes time to load: a list does not wait for it.
    from coreg.report.clinic_hour import lines_of, note_of, reviewed  # noqa: PLC0415

    folder = book.open_couple(couple.id_)
    files = [each.path for each in sessions_of_hour(folder, session_id)]
    if not files:
        return None
    sessions = [reviewed(book, couple, path) for path in files]
    begin_s = _begin_s(sessions)
    plan = held_in_short(folder, clock.today())
    may = [
        each
        for path, of in zip(files, sessions, strict=True)
        for each in _correctable(path, of, couple, is_one_of_many=len(files) > 1)
    ]
    return HourTold(
        v=PROTOCOL,
        session_id=session_id,
        couple=couple.called,
        line=_line_shown(sessions, begin_s, couple),
        lines=_apart(
            [
                lines_of(each, couple, from_s=from_s)
                for from_s, each in zip(begin_s, sessions, strict=True)
            ]
        ),
        note=_apart(
            [note_of(each.summary, couple, plan, clock.HERE) for each in sessions]
        ),
        correctable=tuple(may),
    )


def _correctable(
    path: Path, of: "Reviewed", couple: Couple, *, is_one_of_many: bool
) -> Iterator[CorrectableShown]:
    """Yield the hearts of a session that may be corrected by hand."""
    part = in_words(title_in(of.summary.opened.practice.plan_toml))
    for partner in of.summary.shown:
        if partner in of.seen:
            yield CorrectableShown(
                session_id=path.stem,
                partner=partner,
                name=couple.names[partner],
                part=part if is_one_of_many else "",
                words=_corrected_so_far(path, partner),
            )


def _corrected_so_far(path: Path, partner: Partner) -> str:
    place = session_corrections_path(path, partner).name
    try:
        text = text_of_session(path, partner)
        n = 0 if text is None else how_many(text, place)
    except BadCorrectionsError as error:
        return error.wrong
    return say("pages.server.corrected", n=n) if n else ""


def _begin_s(sessions: "Sequence[Reviewed]") -> list[float]:
    """Return how far into the hour each of its sessions began."""
    begun = [local(each.summary.opened.identity.opened_utc, UTC) for each in sessions]
    first = begun[0]
    begin_s: list[float] = []
    over_s = 0.0  # where a clock was set back, or ran faster than life
    for began, each in zip(begun, sessions, strict=True):
        after_s = 0.0
        if began is not None and first is not None:
            after_s = (began - first).total_seconds()
        begin_s.append(max(after_s, over_s))
        over_s = begin_s[-1] + each.summary.end_s - each.summary.start_s
    return begin_s


def _apart(told: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what is told of several sessions, with an empty line between two."""
    lines = [line for each in told for line in ("", *each)]
    return tuple(lines[1:])


def _line_shown(
    sessions: "Sequence[Reviewed]", begin_s: Sequence[float], couple: Couple
) -> HourLineShown:
    from coreg.findings.hour_line import hour_line, joined  # noqa: PLC0415 - as above

    lines = [hour_line(each.summary, each.hour, each.seen) for each in sessions]
    line = joined(list(zip(begin_s, lines, strict=True)))
    return HourLineShown(
        length_s=round(line.length_s, 1),
        parts=tuple(
            StretchShown(start_s=e.start_s, end_s=e.end_s, words=in_words(e.words))
            for e in line.parts
        ),
        pauses=tuple(
            StretchShown(start_s=e.start_s, end_s=e.end_s, words="")
            for e in line.pauses
        ),
        paces=tuple(
            PaceStretchShown(
                start_s=e.start_s, end_s=e.end_s, breaths_per_min=e.breaths_per_min
            )
            for e in line.paces
        ),
        moments=tuple(
            MarkedShown(
                t_s=e.t_s,
                key=e.key,
                words=e.words or say("report.hour.unnamed"),
            )
            for e in line.moments
        ),
        hearts=tuple(
            HeartLineShown(
                partner=e.partner,
                name=couple.names[e.partner],
                t_s=tuple(round(t_s, 1) for t_s in e.t_s),
                bpm=tuple(None if isnan(bpm) else round(bpm, 1) for bpm in e.bpm),
            )
            for e in line.hearts
        ),
    )
