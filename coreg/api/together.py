"""Two hearts: were they more alike than the same two with their timing broken."""

from collections.abc import Mapping
from dataclasses import fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike

from coreg.analysis import cleaning, session_regressors, synchrony as analysed
from coreg.analysis.rhythm import irregular_stretches, within_any
from coreg.analysis.synchrony_channels import ComparedHeart
from coreg.api.checks import beats_of, number_of, row_of, same_length, whole_of
from coreg.api.results import Result, frame, frozen, plain
from coreg.errors import BadInputError
from coreg.facts.arrays import Floats
from coreg.findings.chance import SURROGATES
from coreg.findings.timeline import PacedBreaths
from coreg.findings.together import pacer_at

if TYPE_CHECKING:
    import pandas as pd

SLOWEST_PER_MIN: Final = 3.0
FASTEST_PER_MIN: Final = 30.0
_FEWEST_SURROGATES: Final = 19
"""With fewer, p cannot fall below .05, whatever the hearts did."""
_MOST_SURROGATES: Final = 19_999  # of memory
_SHOWN_RATE_HZ: Final = 4.0
_LONGEST_S: Final = 7 * 86_400.0


class Pacer(session_regressors.Pacer):
    """What a breathing pacer showed, several times a second.

    Attributes
    ----------
    t_s : ndarray, shape (n,), seconds
        Increasing, on the clock of the beats.
    rate_hz : ndarray, shape (n,), breaths a second
        Anything, also NaN, where it is off.
    phase_rad : ndarray, shape (n,), radians
        Unwrapped: 2 pi more with each breath.
    is_on : ndarray of bool, shape (n,)
        Where somebody was paced.
    """

    __slots__ = ()

    @classmethod
    def steady(cls, breaths_per_min: float, *, start_s: float, end_s: float) -> Self:
        """Return a pacer of one pace; when its breaths began need not be known.

        Examples
        --------
        >>> pacer = Pacer.steady(6, start_s=60, end_s=360)
        >>> pacer.rate_hz[0]
        np.float64(0.1)
        """
        per_min = number_of(
            breaths_per_min,
            "breaths_per_min",
            low=SLOWEST_PER_MIN,
            high=FASTEST_PER_MIN,
        )
        first_s, last_s = _span_of((start_s, end_s), "the pacer")
        t_s = np.arange(first_s, last_s, 1 / _SHOWN_RATE_HZ)
        rate_hz = np.full(t_s.size, per_min / 60)
        return cls(
            t_s=frozen(t_s),
            rate_hz=frozen(rate_hz),
            phase_rad=frozen(2 * np.pi * rate_hz * (t_s - first_s)),
            is_on=np.ones(t_s.size, dtype=np.bool_),
        )

    @classmethod
    def of_breaths(cls, start_s: ArrayLike, end_s: ArrayLike) -> Self:
        """Return the pacer that showed these breaths; it was off in between.

        Parameters
        ----------
        start_s, end_s : array_like, shape (n,), seconds
            When each breath began, and when it was over.

        Raises
        ------
        BadInputError
            If there is no breath, one ends before it begins, or two overlap.

        Examples
        --------
        >>> pacer = Pacer.of_breaths([0, 10], [10, 14])
        >>> pacer.rate_hz[[0, 44]].round(3)
        array([0.1 , 0.25])
        """
        begins_s, ends_s = row_of(start_s, "start_s"), row_of(end_s, "end_s")
        same_length({"start_s": begins_s, "end_s": ends_s})
        # What is not known is neither later nor earlier: all must be true.
        lasts = bool((ends_s > begins_s).all())
        if not (begins_s.size and lasts and (begins_s[1:] >= ends_s[:-1]).all()):
            raise BadInputError(
                "A pacer's breaths have a beginning, end after it, and do not overlap.",
                "Give the start and the end of each breath, in seconds and in order.",
            )
        _span_of((begins_s[0], ends_s[-1]), "the pacer")
        pace = PacedBreaths(
            start_s=begins_s, end_s=ends_s, breaths_per_min=60 / (ends_s - begins_s)
        )
        shown = pacer_at(pace, np.arange(begins_s[0], ends_s[-1], 1 / _SHOWN_RATE_HZ))
        return cls(
            t_s=frozen(shown.t_s),
            rate_hz=frozen(shown.rate_hz),
            phase_rad=frozen(shown.phase_rad),
            is_on=shown.is_on,
        )


class Synchrony(Result, analysed.Synchrony):
    """The answer for a session: definitions and limits in docs/measures.md.

    Attributes
    ----------
    p_hr, p_rsa : float
        Share of chance that is as alike, in slow heart rate and in the swing with the
        breath; NaN where it could not be computed.
    p_any : float
        The smaller one, corrected for there being two (Holm).
    lag_s : float, seconds
        Of heart rate; above 0, A is earlier. Who leads, if anybody: `lead`.
    sign : int
        1 where the hearts moved alike, -1 where oppositely, 0 where unknown.
    p_direction : float
        Share of chance in which one comes before the other as clearly.
    hr, rsa
        All of each: `r`, `p`, `lag_s`, `profile_r` at lags of -10 to 10 s, `chance_r`.
    per_phase : tuple
        The same of each phase: `name`, `hr`, `rsa`, `p_hr_holm`, `p_rsa_holm`,
        `shared_s`, `missing`.
    shared_s : int, seconds
        How long both hearts were known.
    surrogates, seed : int
        How often chance was drawn, and how to draw the same again.
    missing : str or None
        Why there is no answer, where there is none.
    """

    __slots__ = ()

    @classmethod
    def of(cls, found: analysed.Synchrony) -> Self:
        """Return what the analysis found as a result of the library."""
        values: dict[str, Any] = {f.name: getattr(found, f.name) for f in fields(found)}
        return cls(**values)

    def lead(self, lag_resolution_s: float) -> str:
        """Say who moved first, where that may be said.

        Parameters
        ----------
        lag_resolution_s : float, seconds
            By how much the two clocks may differ. Two straps of different models, or
            recordings without a measured delay: a second and more.

        Returns
        -------
        str
            `A before B`, `B before A` or `no clear leader`: before, never because.
        """
        limit_s = number_of(lag_resolution_s, "lag_resolution_s", low=0, high=60)
        return str(analysed.leader(self, limit_s))

    def to_dict(self) -> dict[str, Any]:
        """Return the figures by name: ready for `json.dumps`, None for no number."""
        told: dict[str, Any] = plain(
            {
                "p_hr": self.p_hr,
                "p_rsa": self.p_rsa,
                "p_any": self.p_any,
                "r_hr": self.hr.r,
                "r_rsa": self.rsa.r,
                "lag_s": self.lag_s,
                "sign": self.sign,
                "p_direction": self.p_direction,
                "shared_s": self.shared_s,
                "surrogates": self.surrogates,
                "seed": self.seed,
                "missing": self.missing,
                "per_phase": [_phase_row(each) for each in self.per_phase],
            }
        )
        return told

    def to_frame(self) -> "pd.DataFrame":
        """Return a pandas table, a row a phase; MissingPackageError without pandas."""
        rows = [_phase_row(each) for each in self.per_phase]
        return frame({name: [row[name] for row in rows] for name in rows[0]})


def _phase_row(of: analysed.PhaseSynchrony) -> dict[str, Any]:
    return {
        "name": of.name,
        "r_hr": of.hr.r,
        "lag_s": of.hr.lag_s,
        "p_hr": of.hr.p,
        "p_hr_holm": of.p_hr_holm,
        "r_rsa": of.rsa.r,
        "p_rsa": of.rsa.p,
        "p_rsa_holm": of.p_rsa_holm,
        "shared_s": of.shared_s,
        "missing": None if of.missing is None else str(of.missing),
    }


def synchrony(
    beats_a_s: ArrayLike,
    beats_b_s: ArrayLike,
    *,
    phases: Mapping[str, tuple[float, float]],
    pacer: session_regressors.Pacer | None,
    surrogates: int = SURROGATES,
    seed: int,
) -> Synchrony:
    """Test whether two hearts were more alike than with their timing broken.

    Parameters
    ----------
    beats_a_s, beats_b_s : array_like, shape (n,) and (m,), seconds
        When each heart beat, on one clock. They are cleaned here.
    phases : mapping of str to (start_s, end_s)
        What was done when, without overlap: what a beginning does to everybody is taken
        out of each phase. What lies outside them is not looked at.
    pacer : Pacer or None
        What a breathing pacer showed; None where there was none. One that was shown and
        is not given makes strangers look alike, so it has no default.
    surrogates : int
        How often chance is drawn: 999 for anything that is shown.
    seed : int
        Of chance, 0 or more: the same seed gives the same answer.

    Returns
    -------
    Synchrony

    Raises
    ------
    BadInputError
        If beats have no time or do not increase, phases overlap or are none, the pacer
        does not hold together, or a number is out of its limits.

    Notes
    -----
    Chance is these two hearts with their timing broken, not two strangers in one room:
    talking, moving and sound make any two who share them alike. So it cannot tell why
    two hearts are alike, and says nothing of love, health or fit. No
    finding is no absence: how much a session misses stands in docs/measures.md (power).

    Examples
    --------
    >>> heart_s = np.arange(1.0, 60.0)
    >>> found = synchrony(
    ...     heart_s, heart_s, phases={"rest": (0, 60)}, pacer=None, seed=1
    ... )
    >>> found.p_any, str(found.missing)
    (nan, 'too short')
    """
    told = analysed.synchrony(
        _heart(beats_of(beats_a_s, "beats_a_s")),
        _heart(beats_of(beats_b_s, "beats_b_s")),
        phases=_phases_of(phases),
        pacer=_checked(pacer),
        surrogates=whole_of(
            surrogates, "surrogates", low=_FEWEST_SURROGATES, high=_MOST_SURROGATES
        ),
        seed=whole_of(seed, "seed", low=0),
    )
    return Synchrony.of(told)


def _heart(beat_t_s: Floats) -> ComparedHeart:
    """Return the heart behind beat times that nobody has cleaned yet."""
    rr_ms = 1000 * np.diff(beat_t_s)
    t_s, nn_ms = beat_t_s[1:], cleaning.clean(rr_ms, beat_t_s[1:]).nn_ms
    found = irregular_stretches(t_s.tolist(), rr_ms.tolist(), [False] * rr_ms.size)
    nn_ms[within_any(found, t_s)] = np.nan
    gaps_s = np.array([(each.start_s, each.end_s) for each in found]).reshape(-1, 2)
    return ComparedHeart(beat_t_s=t_s, nn_ms=nn_ms, gaps_s=gaps_s)


def _phases_of(phases: Mapping[str, tuple[float, float]]) -> list[analysed.Phase]:
    if not phases:
        raise BadInputError(
            "There is no phase to look at.",
            'Give at least one, by its name: phases={"rest": (0, 300)}.',
        )
    found = []
    for name, span in dict(phases).items():
        start_s, end_s = _span_of(span, f"phase {name!r}")
        found.append(analysed.Phase(name=str(name), start_s=start_s, end_s=end_s))
    in_time = sorted(found, key=lambda phase: phase.start_s)
    for before, after in pairwise(in_time):
        if after.start_s < before.end_s:
            raise BadInputError(
                f"Phase {after.name!r} begins before {before.name!r} is over.",
                "Give phases that do not overlap.",
            )
    _span_of((in_time[0].start_s, in_time[-1].end_s), "the session")
    return found


def _span_of(span: object, name: str) -> tuple[float, float]:
    ends = row_of(span, name)  # type: ignore[arg-type] # looked at there
    # NaN is no length.
    if ends.size != 2 or not 0 < ends[1] - ends[0] <= _LONGEST_S:
        raise BadInputError(
            f"The times of {name} are {ends.tolist()}.",
            "Give its start and a later end, in seconds, at most a week apart.",
        )
    return float(ends[0]), float(ends[1])


def _checked(pacer: session_regressors.Pacer | None) -> session_regressors.Pacer:
    """Return a pacer that holds together: it may have been put together by hand."""
    if pacer is None:
        return session_regressors.NO_PACER
    if not isinstance(pacer, session_regressors.Pacer):
        raise BadInputError(
            f"pacer is {type(pacer).__name__}.",
            "Give a coreg.Pacer, or None where nobody was paced.",
        )
    t_s = beats_of(pacer.t_s, "pacer.t_s")
    rate_hz, phase_rad = (
        row_of(pacer.rate_hz, "pacer.rate_hz"),
        row_of(pacer.phase_rad, "pacer.phase_rad"),
    )
    is_on = np.asarray(pacer.is_on, dtype=np.bool_)
    same_length(
        {"t_s": t_s, "rate_hz": rate_hz, "phase_rad": phase_rad, "is_on": is_on}
    )
    if not np.isfinite([rate_hz[is_on], phase_rad[is_on]]).all():
        raise BadInputError(
            "The pacer is on where its rate or phase is NaN.",
            "Give both wherever is_on is true.",
        )
    return session_regressors.Pacer(
        t_s=t_s, rate_hz=rate_hz, phase_rad=phase_rad, is_on=is_on
    )
