"""Session files: is one what its inputs say, and what there is to say of it.

A session file holds every heartbeat of two people, and the library reads all of it for
whoever has the file: it can ask nobody. On the pages of coreg an evening is shown to
those who said so; here that is up to you. Read a file only where both partners agreed
to that, and pass on only what both agreed to. There are no names in it.
"""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coreg.api.checks import path_of
from coreg.api.results import Result, frame, frozen
from coreg.api.together import Synchrony
from coreg.facts.arrays import Floats
from coreg.findings.heart import HeartFigures
from coreg.findings.kept import Kept
from coreg.findings.measures import Practised, pair_figures
from coreg.findings.reading import summary_of_stored
from coreg.findings.research import research
from coreg.findings.settled import Settled
from coreg.findings.summary import SessionSummary, heard_of, need_both
from coreg.findings.together import Together, together
from coreg.session.live import versions
from coreg.session.replay import compare
from coreg.store.folder import folder_of
from coreg.store.reader import State, StoredSession, read_session

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay(Result):
    """What a replay gave beside what was logged live.

    Attributes
    ----------
    is_identical : bool
        Whether every cue came again, to the last bit.
    difference : str
        The first one that did not; empty where all did.
    features, cues, repeated_packets : int
        How many there were.
    has_same_versions : bool
        Whether it was recorded with this coreg on such a computer. Another may round
        otherwise, and then a difference says nothing.
    recorded_with : dict of str to str
        What it was recorded with.
    """

    is_identical: bool
    difference: str
    features: int
    cues: int
    repeated_packets: int
    has_same_versions: bool
    recorded_with: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReviewedHeart(Result):
    """One partner's heart in a session, cut to the practice.

    Attributes
    ----------
    stream : str
        Where its beats came from; `simulated` where nobody wore the strap.
    beat_t_s, rr_ms, nn_ms : ndarray, shape (n,), seconds and milliseconds
        Each beat, the interval that ended with it, and that again where it is accepted.
    gaps_s : ndarray, shape (m, 2), seconds
        Start and end of the stretches without beats.
    breath_start_s, breath_period_s, rsa_bpm : ndarray, shape (k,)
        How far it swung with each paced breath, beats a minute; NaN where that was not
        measured.
    beats, clean_beats, gaps : int
    gap_s, over_counted_s, irregular_s : float, seconds
        How long beats were lost, how long there were more than time allows, and how
        long the rhythm was irregular.
    judged_s, settled_s, settled_by_chance_s : float, seconds
        Experimental: how long it could be judged, was settled, and would be called so
        by chance in somebody who does not change.
    """

    stream: str
    beat_t_s: Floats
    rr_ms: Floats
    nn_ms: Floats
    gaps_s: Floats
    breath_start_s: Floats
    breath_period_s: Floats
    rsa_bpm: Floats
    beats: int
    clean_beats: int
    gaps: int
    gap_s: float
    over_counted_s: float
    irregular_s: float
    judged_s: float
    settled_s: float
    settled_by_chance_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedPhase(Result):
    """One block as it was practised, without pauses; NaN below a figure's floor."""

    name: str
    kind: str
    start_s: float
    end_s: float
    a_hr_bpm: float
    a_rmssd_ms: float
    b_hr_bpm: float
    b_rmssd_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedMeasure(Result):
    """One figure of both hearts over the whole practice; NaN where there is none."""

    name: str
    value: float
    unit: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Review(Result):
    """What there is to say of one session: the numbers that its pages draw.

    Attributes
    ----------
    session_id, opened_utc, practice : str
    source : str
        `straps`, `simulated` or `recordings`.
    state : str
        `whole`, `interrupted` or `running`.
    ending : str or None
        How the practice ended, None where it did not.
    start_s, end_s : float, seconds
    phases : tuple of ReviewedPhase
    pauses_s, breaks_s : ndarray, shape (n, 2), seconds
        Start and end of the pauses, and of the stretches in which nothing was recorded
        since coreg had stopped. These lie in a pause that begins with them, or before.
    a, b : ReviewedHeart
    synchrony : Synchrony or None
        Whether the two hearts were more alike than chance, as on the therapist's sheets
        (999 surrogates, the seed from the session's name); None where that cannot be
        asked.
    untested : str or None
        Why it cannot.
    in_quiet : tuple of str
        What was in the free time, as the two said afterwards, together: `nothing` by
        itself, or any of `talk`, `moving`, `sound` and `unnamed` (of a newer coreg);
        empty where nobody said. Free time with any of the latter is not tested.
    measures : tuple of ReviewedMeasure
        What else the therapist's sheets list of both; none where nothing was tested.
    """

    session_id: str
    opened_utc: str
    practice: str
    source: str
    state: str
    ending: str | None
    start_s: float
    end_s: float
    phases: tuple[ReviewedPhase, ...]
    pauses_s: Floats
    breaks_s: Floats
    a: ReviewedHeart
    b: ReviewedHeart
    synchrony: Synchrony | None
    untested: str | None
    in_quiet: tuple[str, ...]
    measures: tuple[ReviewedMeasure, ...]

    def to_frame(self) -> "pd.DataFrame":
        """Return a pandas table, a row a phase; MissingPackageError without pandas."""
        columns = list(ReviewedPhase.__dataclass_fields__)
        return frame({n: [getattr(each, n) for each in self.phases] for n in columns})


def replay(path: "str | os.PathLike[str]") -> Replay:
    """Recompute a session from its inputs and compare it with what happened live.

    Parameters
    ----------
    path : str or path
        A session file (`.coreg`).

    Returns
    -------
    Replay

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If it is no session file, or not as it was written.
    HeartGone
        If one of the two hearts was erased from it.
    """
    session = read_session(path_of(path))
    compared = compare(
        [event.fact for event in session.events],
        is_whole=session.state is State.WHOLE,
    )
    return Replay(
        is_identical=not compared.difference,
        difference=compared.difference,
        features=compared.features,
        cues=compared.cues,
        repeated_packets=compared.repeated_packets,
        has_same_versions=session.opened.identity.versions == versions(),
        recorded_with=dict(session.opened.identity.versions),
    )


def review(path: "str | os.PathLike[str]") -> Review:
    """Read a session and return what there is to say of it, by today's analysis.

    The file is its owners': two people whose hearts are in it. See who may read it and
    what may be passed on at the top of docs/library.md's part on sessions.

    Parameters
    ----------
    path : str or path
        A session file (`.coreg`).

    Returns
    -------
    Review

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If it is no session file, or not as it was written.
    HeartGone
        If one of the two hearts was erased from it.
    SessionError
        If by its times it lasts longer than any practice.
    """
    session = read_session(path_of(path))
    kept = Kept(folder_of(session.path), {})  # none where the file lies by itself
    summary = heard_of(summary_of_stored(session), kept.in_quiet(session.path.stem))
    need_both(summary)
    return _reviewed(session, summary)


def _reviewed(session: StoredSession, summary: SessionSummary) -> Review:
    opened = summary.opened
    hearts = (summary.a, summary.b)
    tested = together(summary)
    a, b = (
        _heart(heart, stream, summary.settled[heart.partner])
        for heart, stream in zip(hearts, opened.straps.streams, strict=True)
    )
    return Review(
        session_id=opened.identity.session_id,
        opened_utc=opened.identity.opened_utc,
        practice=summary.practice,
        source=str(opened.couple.source),
        state=str(session.state),
        ending=None if summary.ending is None else str(summary.ending),
        start_s=summary.start_s,
        end_s=summary.end_s,
        phases=tuple(_phase(summary, at) for at in range(len(summary.phases))),
        pauses_s=frozen(
            np.array([[p.start_s, p.end_s] for p in summary.pauses]).reshape(-1, 2)
        ),
        breaks_s=frozen(
            np.array([[b.start_s, b.end_s] for b in summary.breaks]).reshape(-1, 2)
        ),
        a=a,
        b=b,
        synchrony=None if tested.found is None else Synchrony.of(tested.found),
        untested=None if tested.untested is None else str(tested.untested),
        in_quiet=tuple(sorted(map(str, summary.in_quiet))),
        measures=_measures(summary, tested),
    )


def _measures(summary: SessionSummary, tested: Together) -> tuple[ReviewedMeasure, ...]:
    beside = research(summary, tested)
    if beside is None:
        return ()
    practised = Practised(summary=summary, together=tested, research=beside)
    return tuple(
        ReviewedMeasure(
            name=each.measure.name,
            value=each.value,
            unit=each.measure.unit,
            definition=each.measure.definition,
        )
        for each in pair_figures(practised)
    )


def _heart(heart: HeartFigures, stream: str, settled: Settled) -> ReviewedHeart:
    return ReviewedHeart(
        stream=stream,
        beat_t_s=frozen(heart.beat_t_s),
        rr_ms=frozen(heart.rr_ms),
        nn_ms=frozen(heart.nn_ms),
        gaps_s=frozen(heart.gaps_s),
        breath_start_s=frozen(heart.swings.start_s),
        breath_period_s=frozen(heart.swings.period_s),
        rsa_bpm=frozen(heart.swings.rsa_bpm),
        beats=heart.signal.beats,
        clean_beats=heart.signal.clean_beats,
        gaps=heart.signal.gaps,
        gap_s=heart.signal.gap_s,
        over_counted_s=heart.signal.over_counted_s,
        irregular_s=heart.signal.irregular_s,
        judged_s=settled.judged_s,
        settled_s=settled.settled_s,
        settled_by_chance_s=settled.by_chance_s,
    )


def _phase(summary: SessionSummary, at: int) -> ReviewedPhase:
    phase, a, b = summary.phases[at], summary.a.levels[at], summary.b.levels[at]
    return ReviewedPhase(
        name=phase.name,
        kind=phase.kind,
        start_s=phase.start_s,
        end_s=phase.end_s,
        a_hr_bpm=a.mean_hr_bpm,
        a_rmssd_ms=a.rmssd_ms,
        b_hr_bpm=b.mean_hr_bpm,
        b_rmssd_ms=b.rmssd_ms,
    )
