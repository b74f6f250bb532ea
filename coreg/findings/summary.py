"""The numbers of one session, gathered from its facts: what pages draw and tell.

Everything is cut to the practice, from the first block's start to the end. Nothing is
smoothed here and nothing filled in: what is not known is NaN.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from coreg.analysis.crosscorrelation import GRID_RATE_HZ
from coreg.errors import HeartGone, SessionError
from coreg.exercises.plan import title_in
from coreg.exercises.states.gates import MinutesTogether
from coreg.facts.arrays import Floats
from coreg.facts.events import (
    Cue,
    Ended,
    Ending,
    Feature,
    FileMarked,
    InQuiet,
    Opened,
    Partner,
)
from coreg.findings.awake import Awake, awake_of, both_minutes
from coreg.findings.chest_breath import (
    ChestBreath,
    EcgBreath,
    chest_breath_of,
    ecg_breath_of,
)
from coreg.findings.corrected import CorrectedByHand
from coreg.findings.ecg_seen import EcgBeside
from coreg.findings.heart import HeartFigures, heart_of
from coreg.findings.settled import Settled, settled_of
from coreg.findings.timeline import (
    BlockSpan,
    Break,
    PacedBreaths,
    Span,
    breaks_of,
    pace_of,
    pauses_of,
    phases_of,
    session_span,
)
from coreg.words import wrong_and_do

LETTERS: Final[Mapping[Partner, str]] = {each: each.value for each in Partner}
"""What the two are called wherever nobody may know their names."""
# Each day takes 0.4 GB to draw. A pause may be forgotten over a weekend, no longer;
# what says otherwise is a file with a time in it that no practice had.
_LONGEST_DAYS: Final = 7
_S_PER_DAY: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SessionSummary:
    """One session in numbers; both hearts on one grid, four points a second.

    `shown` says whose heart a page may show: both, or one alone (`own`). `called` is
    what the page calls them: A and B, unless those who look at it are (`named`). `zone`
    is where they are (`read_in`): UTC, unless somebody said so. `is_cut` says that the
    recording is damaged, and all this is of what came before. `erased` is whose heart
    was erased from it: then nothing here is of both. `in_quiet` is what was in its
    quiet time, as either said afterwards (`heard_of`); empty where nobody did.
    `by_hand` is what somebody corrected of whose heartbeats (`corrected_session`),
    `chest_breath` what is known of whose breath by their chest, `ecg_breath` by their
    ECG, where there is no chest, and `ecg` what a strap's ECG says of whose heartbeats
    (`ecg_beside`). `ecg_shown` is whose ECG itself may be drawn: of nobody, unless it
    is for a therapist, by whom they agreed to be seen.
    """

    opened: Opened
    practice: str
    start_s: float
    end_s: float
    phases: tuple[BlockSpan, ...]
    pauses: tuple[Span, ...]
    breaks: tuple[Break, ...]
    ending: Ending | None
    pace: PacedBreaths
    grid_s: Floats
    a: HeartFigures
    b: HeartFigures
    settled: dict[Partner, Settled]
    awake: dict[Partner, Awake]
    both: MinutesTogether
    shown: tuple[Partner, ...]
    called: Mapping[Partner, str]
    zone: dt.tzinfo
    is_cut: bool
    erased: Partner | None
    in_quiet: frozenset[InQuiet] = frozenset()
    by_hand: Mapping[Partner, CorrectedByHand] = field(default_factory=dict)
    ecg: Mapping[Partner, EcgBeside] = field(default_factory=dict)
    ecg_shown: frozenset[Partner] = frozenset()
    chest_breath: Mapping[Partner, ChestBreath] = field(default_factory=dict)
    ecg_breath: Mapping[Partner, EcgBreath] = field(default_factory=dict)
    file_marks: tuple[FileMarked, ...] = ()

    @property
    def hearts(self) -> tuple[HeartFigures, ...]:
        """Those that are shown, A first."""
        return tuple(heart for heart in (self.a, self.b) if heart.partner in self.shown)

    @property
    def recorded_s(self) -> float:
        """How long the practice took, without what is not known of it."""
        return self.end_s - self.start_s - sum(each.length_s for each in self.breaks)


def summarise(opened: Opened, outputs: Iterable[Feature | Cue]) -> SessionSummary:
    """Gather a session's facts into the numbers that its pages need.

    Parameters
    ----------
    opened : Opened
        The session's first input.
    outputs : iterable of features and cues
        Everything the engine said, in its order.

    Raises
    ------
    SessionError
        If it lasts for so many days that no computer could draw it.
    """
    facts = tuple(outputs)
    session = session_span(facts)
    _refuse_endless(session)
    pauses = pauses_of(facts, session)
    breaks = breaks_of(facts)
    phases = phases_of(facts, session)
    pace = pace_of(facts, session)
    points = math.floor((session.end_s - session.start_s) * GRID_RATE_HZ) + 1
    grid_s = session.start_s + np.arange(points) / GRID_RATE_HZ
    a, b = (
        heart_of(partner, facts, session, grid_s, phases, pauses, breaks)
        for partner in Partner
    )
    return SessionSummary(
        opened=opened,
        practice=title_in(opened.practice.plan_toml),
        start_s=session.start_s,
        end_s=session.end_s,
        phases=phases,
        pauses=pauses,
        breaks=breaks,
        ending=next((f.ending for f in facts if isinstance(f, Ended)), None),
        pace=pace,
        grid_s=grid_s,
        a=a,
        b=b,
        settled={partner: settled_of(partner, facts) for partner in Partner},
        awake={partner: awake_of(partner, facts) for partner in Partner},
        both=both_minutes(facts),
        shown=tuple(Partner),
        called=LETTERS,
        zone=dt.UTC,
        is_cut=False,
        erased=None,
        chest_breath={
            partner: breath
            for partner in Partner
            if (breath := chest_breath_of(partner, facts, session, pace))
        },
        ecg_breath={
            partner: by_ecg
            for partner in Partner
            if (by_ecg := ecg_breath_of(partner, facts, session))
        },
    )


def _refuse_endless(session: Span) -> None:
    days = (session.end_s - session.start_s) / _S_PER_DAY
    if days > _LONGEST_DAYS:
        told = wrong_and_do(
            "errors.session.endless", days=f"{days:.3g}", most=_LONGEST_DAYS
        )
        raise SessionError(*told)


def own(summary: SessionSummary, partner: Partner) -> SessionSummary:
    """Return the summary for a page that shows one partner's heart and no other."""
    return replace(summary, shown=(partner,))


def named(summary: SessionSummary, called: Mapping[Partner, str]) -> SessionSummary:
    """Return the summary for a page that calls the two what they call themselves.

    Only for their own eyes: whatever is exported knows A and B.
    """
    return replace(summary, called=called)


def cut(summary: SessionSummary) -> SessionSummary:
    """Return the summary of what came before the damage of a recording."""
    return replace(summary, is_cut=True)


def without(summary: SessionSummary, erased: Partner) -> SessionSummary:
    """Return the summary of a session from which this heart was erased."""
    return replace(summary, shown=(erased.other,), erased=erased)


def marked_in_files(
    summary: SessionSummary, marks: Iterable[FileMarked]
) -> SessionSummary:
    """Return the summary of a session of recordings whose files hold marks."""
    return replace(summary, file_marks=tuple(marks))


def heard_of(summary: SessionSummary, in_quiet: frozenset[InQuiet]) -> SessionSummary:
    """Return the summary of a session of whose quiet time somebody said something."""
    return replace(summary, in_quiet=in_quiet)


def ecg_shown_of(summary: SessionSummary, agreed: frozenset[Partner]) -> SessionSummary:
    """Return the summary for a therapist, who may be shown the ECG of these."""
    return replace(summary, ecg_shown=agreed)


def need_both(summary: SessionSummary) -> None:
    """Stop where something is to be said of both hearts, and one was erased.

    Raises
    ------
    HeartGone
        If it was.
    """
    if summary.erased is not None:
        raise HeartGone(*wrong_and_do("errors.session.not-of-both"))


def read_in(summary: SessionSummary, zone: dt.tzinfo) -> SessionSummary:
    """Return the summary for pages that give times of day as this zone has them."""
    return replace(summary, zone=zone)
