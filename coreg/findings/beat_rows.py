"""A session's beats as rows, for whoever goes on with them in another program.

Strategy.

1. All beats are given, as they were recorded: also those before the practice began,
   whose times are below 0, and those that cleaning rejected.
2. What cleaning says of a beat stands beside it. An interval that it rejected has no
   `nn_ms`, and neither has one in a stretch of which no figure is taken.
3. A gap is never closed: a row says whether the row before it is the beat before it.
4. Nothing is passed on of the heart that nobody asked for: not its rows, its strap, or
   what was worked out from both. A session that broke off ends with the last that was
   heard of either; here it ends with the last beat of those that are given.
"""

import datetime as dt
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from coreg.analysis.crosscorrelation import GRID_RATE_HZ
from coreg.base.local_time import local
from coreg.base.plain_text import plain
from coreg.errors import HeartGone, SessionError
from coreg.exercises.plan import readable_plan
from coreg.facts.events import (
    NS_PER_S,
    BeatLabel,
    FileMarked,
    Opened,
    Partner,
    Source,
)
from coreg.findings.heart import HeartFigures
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import BlockSpan, Span
from coreg.words import wrong_and_do


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatRow:
    """One heartbeat, and the interval that ended with it.

    `nn_ms` is NaN where the interval counts for no figure. `follows` says whether the
    row before is the beat before; where it is not, `gap_before_s` is the time between
    the two that no interval fills (NaN elsewhere). `part` is None before and after the
    practice.
    """

    t_s: float
    rr_ms: float
    nn_ms: float
    label: BeatLabel
    follows: bool
    gap_before_s: float
    part: BlockSpan | None
    in_pause: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RateOnGrid:
    """A heart rate at even steps; NaN wherever it is not known."""

    start_s: float
    rate_hz: float
    hr_bpm: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartRows:
    """One partner's beats, oldest first, and the heart rate during the practice."""

    partner: Partner
    beats: tuple[BeatRow, ...]
    rate: RateOnGrid


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRows:
    """What is given of a session: hearts on one clock, seconds since it was opened.

    `name` is what its file is called, `plan` and `title` what was practised. `began` is
    the moment of 0 s, None where the file does not say it. `is_cut`: the recording is
    damaged, and this is what came before. `only_part` is the number of the one part
    that this is of, from 1; None where it is of all. `marks` are those of the files
    that an imported session comes from, of these hearts alone.
    """

    name: str
    plan: str
    title: str
    source: Source
    began: dt.datetime | None
    parts: tuple[BlockSpan, ...]
    pauses: tuple[Span, ...]
    hearts: tuple[HeartRows, ...]
    is_cut: bool
    only_part: int | None = None
    marks: tuple[FileMarked, ...] = ()


def session_rows(
    name: str, summary: SessionSummary, partners: Collection[Partner]
) -> SessionRows:
    """Return the rows of these partners, and of no one else.

    Raises
    ------
    HeartGone
        If one of them was erased from the session.
    SessionError
        If nothing was recorded of one of them.
    """
    if summary.erased in partners:
        raise HeartGone(*wrong_and_do("errors.export.erased", session=name))
    given = [each for each in (summary.a, summary.b) if each.partner in partners]
    for each in given:
        if not each.beat_t_s.size:
            told = wrong_and_do(
                "errors.session.not-of-partner", name=name, partner=each.partner
            )
            raise SessionError(*told)
    end_s = summary.end_s
    if summary.ending is None:
        end_s = min(end_s, max(float(each.beat_t_s.max()) for each in given))
    parts = _until(
        (replace(each, name=plain(each.name)) for each in summary.phases), end_s
    )
    pauses = _until(summary.pauses, end_s)
    plan = readable_plan(summary.opened.practice.plan_toml)
    return SessionRows(
        name=plain(name),
        plan=plan.name if plan else "",
        title=plain(summary.practice),
        source=summary.opened.couple.source,
        began=_began(summary.opened),
        parts=parts,
        pauses=pauses,
        hearts=tuple(_heart_rows(each, summary, parts, pauses) for each in given),
        is_cut=summary.is_cut,
        marks=tuple(each for each in summary.file_marks if each.partner in partners),
    )


_Stretch = TypeVar("_Stretch", BlockSpan, Span)


def _until(stretches: Iterable[_Stretch], end_s: float) -> tuple[_Stretch, ...]:
    """Return what there is of stretches until this time."""
    return tuple(
        replace(each, end_s=min(each.end_s, end_s))
        for each in stretches
        if each.start_s < end_s
    )


def of_part(rows: SessionRows, number: int) -> SessionRows:
    """Return what is in one part of the practice, counted from 1, without its pauses.

    Raises
    ------
    SessionError
        If there is no such part, or a heart was not heard in it.
    """
    found = [each for each in rows.parts if each.number + 1 == number]
    if not found:
        parts = ", ".join(f"{each.number + 1} {each.name}" for each in rows.parts)
        told = wrong_and_do("errors.export.no-part", session=rows.name, parts=parts)
        raise SessionError(*told)
    (part,) = found
    hearts = tuple(_heart_in(each, part) for each in rows.hearts)
    if not all(each.beats for each in hearts):
        told = wrong_and_do("errors.export.silent-part", session=rows.name, part=number)
        raise SessionError(*told)
    return replace(
        rows,
        parts=(part,),
        pauses=tuple(
            each
            for each in rows.pauses
            if each.start_s < part.end_s and part.start_s < each.end_s
        ),
        hearts=hearts,
        only_part=number,
        marks=tuple(
            each
            for each in rows.marks
            if part.start_s <= each.t_ns / NS_PER_S < part.end_s
        ),
    )


def _heart_in(heart: HeartRows, part: BlockSpan) -> HeartRows:
    rows, before = list[BeatRow](), None
    for at, row in enumerate(heart.beats):
        if row.part is not part or row.in_pause:
            continue
        is_next = before is not None and before == at - 1 and row.follows
        rows.append(_after(row, rows[-1] if rows else None, is_next=is_next))
        before = at
    rate = heart.rate
    first = max(0, math.ceil((part.start_s - rate.start_s) * rate.rate_hz))
    last = math.floor((part.end_s - rate.start_s) * rate.rate_hz)
    return replace(
        heart,
        beats=tuple(rows),
        rate=replace(
            rate,
            start_s=rate.start_s + first / rate.rate_hz,
            hr_bpm=rate.hr_bpm[first : last + 1],
        ),
    )


def _heart_rows(
    heart: HeartFigures,
    summary: SessionSummary,
    parts: tuple[BlockSpan, ...],
    pauses: tuple[Span, ...],
) -> HeartRows:
    columns = zip(
        heart.beat_t_s.tolist(),
        heart.rr_ms.tolist(),
        heart.nn_ms.tolist(),
        heart.labels,
        strict=True,
    )
    rows: list[BeatRow] = []
    for t_s, rr_ms, nn_ms, label in columns:
        row = BeatRow(
            t_s=t_s,
            rr_ms=rr_ms,
            nn_ms=nn_ms,
            label=label,
            follows=False,
            gap_before_s=math.nan,
            part=_part_at(t_s, parts),
            in_pause=any(p.start_s <= t_s < p.end_s for p in pauses),
        )
        is_next = bool(rows) and label is not BeatLabel.GAP
        rows.append(_after(row, rows[-1] if rows else None, is_next=is_next))
    return HeartRows(
        partner=heart.partner,
        beats=tuple(rows),
        rate=RateOnGrid(
            start_s=summary.start_s,
            rate_hz=float(GRID_RATE_HZ),
            hr_bpm=tuple(heart.hr_bpm[: _points(summary, parts)].tolist()),
        ),
    )


def _points(summary: SessionSummary, parts: tuple[BlockSpan, ...]) -> int:
    """Return how many points of the grid lie in the practice as it is given."""
    end_s = parts[-1].end_s if parts else summary.start_s
    return math.floor((end_s - summary.start_s) * GRID_RATE_HZ) + 1


def _after(row: BeatRow, before: BeatRow | None, *, is_next: bool) -> BeatRow:
    """Return a row as it comes after another one, or as the first."""
    gap_s = math.nan
    if before is not None and not is_next:
        gap_s = max(0.0, row.t_s - row.rr_ms / 1000 - before.t_s)
    return replace(row, follows=is_next, gap_before_s=gap_s)


def _part_at(t_s: float, parts: tuple[BlockSpan, ...]) -> BlockSpan | None:
    return next((each for each in parts if each.start_s <= t_s < each.end_s), None)


def _began(opened: Opened) -> dt.datetime | None:
    """Return the moment of 0 s in UTC; None where the file names none."""
    told = local(opened.identity.opened_utc, dt.UTC)
    try:
        return told and told - dt.timedelta(seconds=opened.t_ns / NS_PER_S)
    except OverflowError:
        return None
