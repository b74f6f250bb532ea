"""Were two hearts of one session more alike than chance: from its facts to the test.

Pure, and without a word for people: what is said of an answer is in `together_words`.

Strategy.

1. The blocks of the practice are the phases of the test, without those in which each is
   alone with a question or both talk: whoever talks in turn breathes in turn.
2. A pause splits a block: what stopping and going on does to both is then taken out of
   each part by itself, as it is at the start of a block.
3. Free time that was not quiet is not tested: talk in turns, seats that are shifted and
   music make two hearts alike, or unlike, by themselves. It was not where either said
   so afterwards, and where the practice itself offers something to listen to. Nor is
   it tested where nobody said a thing, though they were asked; nor that of an hour with
   a therapist: three sit there, and nobody is asked.
4. The pacer is what was shown. Hearts from recordings never saw it; hearts of an
   earlier session followed another one, of which this session knows nothing, and are
   not tested at all.
5. The seed comes from the session's name: the same session always gives the same p.
"""

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from coreg.analysis.influence import TellingMinute, most_telling_minute
from coreg.analysis.likeness import Likeness
from coreg.analysis.session_regressors import NO_PACER, Pacer, is_paced
from coreg.analysis.synchrony import (
    TRIM_S,
    Lead,
    Missing,
    Phase,
    PhaseSynchrony,
    Synchrony,
    leader,
    synchrony,
)
from coreg.analysis.synchrony_channels import ComparedHeart
from coreg.exercises.blocks import meaning_of
from coreg.exercises.open_hour import is_of_an_hour
from coreg.exercises.plan import readable_plan
from coreg.facts.arrays import Floats
from coreg.facts.events import InQuiet, Opened, Source
from coreg.findings.chance import SURROGATES
from coreg.findings.heart import HeartFigures, forward
from coreg.findings.power import LOST_SHARE
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import PacedBreaths, Span, without

BEYOND_CHANCE = 0.05
MOST_CARRIED = 0.5
"""One minute carries most where less than this is left without it (`TellingMinute`)."""
_PACER_RATE_HZ = 4.0
_SESSION = re.compile(r"\bsession \d{8}-\d{6}-[0-9a-z]{4}\b")


class Untested(StrEnum):
    """Why two hearts were not compared at all."""

    NO_COMMON_CLOCK = "no common clock"
    UNKNOWN_PACER = "hearts of an earlier session, which followed its pacer"
    NO_PHASE = "nothing to compare"
    ONE_HEART = "one heart was erased"
    NOT_QUIET = "free time that may not have been quiet"


class Unquiet(StrEnum):
    """Why free time is not taken for quiet; the first four are what somebody said."""

    TALK = "talk"
    MOVING = "moving"
    SOUND = "sound"
    UNNAMED = "something that only a newer coreg names"
    MAY_LISTEN = "the practice offers something to listen to"
    WITH_THERAPIST = "three were in the room, and nobody is asked"
    NOBODY_SAID = "they were asked, and nobody said whether it was quiet"


_UNQUIET: Final = {
    InQuiet.TALK: Unquiet.TALK,
    InQuiet.MOVING: Unquiet.MOVING,
    InQuiet.SOUND: Unquiet.SOUND,
    InQuiet.UNNAMED: Unquiet.UNNAMED,
}


class Doing(StrEnum):
    """What a stretch was: breathing together is kept apart from free time."""

    PACED = "paced"
    FREE = "free"


class Answer(StrEnum):
    """What may be said of one stretch, of heart rate, corrected for all stretches."""

    ALIKE = "more alike than chance"
    OPPOSITE = "more opposite than chance"
    OPEN = "not told from chance"
    TOO_SHORT = "too short"
    TOO_LITTLE_DATA = "too little data"
    STILL = "a heart that does not vary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of the session that is tested: a block, or what a pause leaves of one.

    `part` counts from 1 where a pause split the block, and is 0 where none did.
    """

    name: str
    part: int
    doing: Doing
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Together:
    """The test of one session.

    `found.per_phase` follows `stretches`. `breathing` is heart rate while both were
    paced, `free_after` in the free time after that, the fairest place to look; None
    where there was none. `left_out` is the free time that was not quiet, as `unquiet`
    says, and is none of `stretches`. `minutes` follows `stretches`: the minute that
    says most of a part that is told alike, None of another one.
    """

    stretches: tuple[Stretch, ...]
    found: Synchrony | None
    untested: Untested | None
    lead: Lead
    breathing: Likeness | None
    free_after: Likeness | None
    seed: int
    left_out: tuple[Stretch, ...] = ()
    unquiet: tuple[Unquiet, ...] = ()
    minutes: tuple[TellingMinute | None, ...] = ()

    @property
    def one_minute_carries(self) -> bool:
        """Whether in every part that is told alike one minute carries most of it.

        A part may be too short to leave one out: then that is not said.
        """
        told = [each.left for each in self.minutes if each is not None]
        return bool(told) and all(left < MOST_CARRIED for left in told)


def spans_of(stretches: Sequence[Stretch]) -> tuple[Span, ...]:
    """Return when these were."""
    return tuple(Span(start_s=each.start_s, end_s=each.end_s) for each in stretches)


def is_much_lost(together: Together) -> bool:
    """Whether much of the time that could be tested is not known of both hearts."""
    if together.found is None:
        return False
    parts = zip(together.stretches, together.found.per_phase, strict=True)
    long_enough = [
        (each.end_s - each.start_s - 2 * TRIM_S, phase.shared_s)
        for each, phase in parts
        if phase.missing is not Missing.TOO_SHORT
    ]
    tested_s = sum(length_s for length_s, _ in long_enough)
    shared_s = sum(shared_s for _, shared_s in long_enough)
    return shared_s < (1 - LOST_SHARE) * tested_s


def together(summary: SessionSummary, *, surrogates: int = SURROGATES) -> Together:
    """Test a session.

    Parameters
    ----------
    summary : SessionSummary
    surrogates : int
        How often chance is drawn.

    Returns
    -------
    Together
        With the reason in `untested` where nothing could be compared.
    """
    pacer = shown_pacer(summary)
    seed = seed_of(summary.opened)
    return tested(summary, pacer, surrogates=surrogates, seed=seed)


def tested(
    summary: SessionSummary, pacer: Pacer, *, surrogates: int, seed: int
) -> Together:
    """Test a session with a pacer and a seed of the caller's own."""
    stretches, left_out = quiet_of(summary, pacer)
    unquiet = unquiet_of(summary) if left_out else ()
    untested = why_not(summary, (*stretches, *left_out))
    if untested is None and not stretches:
        untested = Untested.NOT_QUIET
    if untested is not None:
        return Together(
            stretches=stretches,
            found=None,
            untested=untested,
            lead=Lead.NOBODY,
            breathing=None,
            free_after=None,
            seed=seed,
            left_out=left_out,
            unquiet=unquiet,
        )
    a, b = (compared_heart(heart) for heart in (summary.a, summary.b))

    def compared(some: tuple[Stretch, ...], seed: int) -> Synchrony:
        return synchrony(
            a,
            b,
            phases=[_phase(each) for each in some],
            pacer=pacer,
            surrogates=surrogates,
            seed=seed,
        )

    def as_one(some: list[int], seed: int) -> Likeness | None:
        """Return several stretches as one; one alone is known already."""
        if len(some) < 2:
            return found.per_phase[some[0]].hr if some else None
        return compared(tuple(stretches[at] for at in some), seed).hr

    def minute(stretch: Stretch, phase: PhaseSynchrony) -> TellingMinute | None:
        if answer(phase) is not Answer.ALIKE:
            return None
        return most_telling_minute(
            a,
            b,
            phase=_phase(stretch),
            pacer=pacer,
            likeness=phase.hr,
        )

    found = compared(stretches, seed)
    return Together(
        stretches=stretches,
        found=found,
        untested=None,
        lead=_lead(found, summary.opened.straps.lag_resolution_s),
        breathing=as_one(_paced(stretches), seed + 1),
        free_after=as_one(_free_after(stretches), seed + 2),
        seed=seed,
        left_out=left_out,
        unquiet=unquiet,
        minutes=tuple(map(minute, stretches, found.per_phase)),
    )


def _phase(stretch: Stretch) -> Phase:
    return Phase(name=stretch.name, start_s=stretch.start_s, end_s=stretch.end_s)


def seed_of(opened: Opened) -> int:
    """Return the seed of a session's chance, from its name."""
    digest = hashlib.sha256(opened.identity.session_id.encode()).digest()
    return int.from_bytes(digest[:4], "big")


def answer(phase: PhaseSynchrony) -> Answer:
    """Say what may be said of one stretch."""
    if phase.missing is not None:
        return {
            Missing.TOO_SHORT: Answer.TOO_SHORT,
            Missing.TOO_LITTLE_DATA: Answer.TOO_LITTLE_DATA,
            Missing.NO_MOVEMENT: Answer.STILL,
        }[phase.missing]
    if not phase.p_hr_holm < BEYOND_CHANCE:
        return Answer.OPEN
    return Answer.ALIKE if phase.hr.r > 0 else Answer.OPPOSITE


def why_not(summary: SessionSummary, stretches: tuple[Stretch, ...]) -> Untested | None:
    """Return why two hearts cannot be compared; None where they can."""
    opened = summary.opened
    if summary.erased is not None:
        return Untested.ONE_HEART
    if not opened.straps.common_clock:
        return Untested.NO_COMMON_CLOCK
    recorded = opened.couple.source is Source.RECORDINGS
    if recorded and any(_SESSION.search(stream) for stream in opened.straps.streams):
        return Untested.UNKNOWN_PACER
    return None if stretches else Untested.NO_PHASE


def _lead(found: Synchrony, lag_resolution_s: float) -> Lead:
    if math.isnan(lag_resolution_s):  # then no lag may be claimed at all
        return Lead.NOBODY
    return leader(found, lag_resolution_s)


def compared_heart(heart: HeartFigures) -> ComparedHeart:
    """Return what the test goes by of one heart."""
    in_order = forward(heart.beat_t_s)
    return ComparedHeart(
        beat_t_s=heart.beat_t_s[in_order],
        nn_ms=heart.nn_ms[in_order],
        gaps_s=heart.gaps_s,
    )


def _paced(stretches: tuple[Stretch, ...]) -> list[int]:
    return [at for at, each in enumerate(stretches) if each.doing is Doing.PACED]


def _free_after(stretches: tuple[Stretch, ...]) -> list[int]:
    first = min(_paced(stretches), default=len(stretches))
    free = [at for at, each in enumerate(stretches) if each.doing is Doing.FREE]
    return [at for at in free if at > first]


def stretches_of(summary: SessionSummary, pacer: Pacer) -> tuple[Stretch, ...]:
    """Return the parts that are tested, in their order, and what each was."""
    stretches: list[Stretch] = []
    for phase in summary.phases:
        if not meaning_of(phase.kind).is_compared:
            continue
        whole = Span(start_s=phase.start_s, end_s=phase.end_s)
        parts = without(whole, summary.pauses)
        for number, part in enumerate(parts, start=1):
            seconds = np.arange(part.start_s, part.end_s)
            stretches.append(
                Stretch(
                    name=phase.name,
                    part=number if len(parts) > 1 else 0,
                    doing=Doing.PACED if is_paced(pacer, seconds) else Doing.FREE,
                    start_s=part.start_s,
                    end_s=part.end_s,
                )
            )
    return tuple(stretches)


def quiet_of(
    summary: SessionSummary, pacer: Pacer
) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Return the parts that are tested, and the free ones that were not quiet."""
    stretches = stretches_of(summary, pacer)
    if not unquiet_of(summary):
        return stretches, ()
    left_out = tuple(each for each in stretches if each.doing is Doing.FREE)
    return tuple(each for each in stretches if each not in left_out), left_out


def unquiet_of(summary: SessionSummary) -> tuple[Unquiet, ...]:
    """Return why the free time of a session was not quiet; empty where it may be.

    Of a plan that this coreg cannot read nobody knows what it offers: as ever.
    """
    said = tuple(why for what, why in _UNQUIET.items() if what in summary.in_quiet)
    plan = readable_plan(summary.opened.practice.plan_toml)
    offers = plan is not None and any(block.may_listen for block in plan.blocks)
    of_plan = (Unquiet.MAY_LISTEN,) if offers else ()
    of_hour = (Unquiet.WITH_THERAPIST,) if is_of_an_hour(summary.opened) else ()
    known = (*said, *of_plan, *of_hour)
    nobody_said = summary.opened.practice.asks_quiet and not summary.in_quiet
    return (Unquiet.NOBODY_SAID,) if nobody_said and not known else known


def shown_pacer(summary: SessionSummary) -> Pacer:
    """Return what the pacer showed, four times a second; `NO_PACER` where none was."""
    pace = summary.pace
    if summary.opened.couple.source is Source.RECORDINGS or not pace.start_s.size:
        return NO_PACER
    return pacer_at(pace, _pacer_times_s(summary))


def steady_pacer(summary: SessionSummary, breaths_per_min: float) -> Pacer:
    """Return a pacer of one pace from first to last, of which nobody kept a log.

    When its breaths began need not be known: the regression finds that.
    """
    t_s = _pacer_times_s(summary)
    rate_hz = np.full(t_s.size, breaths_per_min / 60)
    return Pacer(
        t_s=t_s,
        rate_hz=rate_hz,
        phase_rad=np.asarray(2 * np.pi * rate_hz * t_s, dtype=np.float64),
        is_on=np.ones(t_s.size, dtype=np.bool_),
    )


def _pacer_times_s(summary: SessionSummary) -> Floats:
    length_s = summary.end_s - summary.start_s
    return summary.start_s + np.arange(0.0, length_s, 1 / _PACER_RATE_HZ)


def pacer_at(pace: PacedBreaths, t_s: Floats) -> Pacer:
    """Return what the breaths of a pace were at these times.

    Parameters
    ----------
    pace : Pace
        With at least one breath.
    t_s : ndarray, shape (n,), seconds
        Increasing.

    Examples
    --------
    >>> pace = PacedBreaths(
    ...     start_s=np.array([0.0, 10.0]),
    ...     end_s=np.array([10.0, 14.0]),
    ...     breaths_per_min=np.array([6.0, 7.5]),
    ... )
    >>> shown = pacer_at(pace, np.array([5.0, 12.0, 15.0]))
    >>> (shown.phase_rad / (2 * np.pi)).tolist(), shown.is_on.tolist()
    ([0.5, 1.25, 1.5], [True, True, False])
    """
    at = np.searchsorted(pace.start_s, t_s, side="right") - 1
    begun = np.clip(at, 0, None)
    is_on = (at >= 0) & (t_s < pace.end_s[begun])
    rate_hz = pace.breaths_per_min[begun] / 60
    shown_s = np.minimum(t_s, pace.end_s[begun]) - pace.start_s[begun]
    turns = begun + np.clip(shown_s * rate_hz, 0.0, 1.0)
    return Pacer(
        t_s=t_s,
        rate_hz=np.where(is_on, rate_hz, np.nan),
        phase_rad=np.asarray(2 * np.pi * turns, dtype=np.float64),
        is_on=is_on,
    )
