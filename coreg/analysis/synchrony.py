"""Synchrony: were two hearts more alike than with their timing broken.

Strategy.

1. Two slow series of each heart, fixed in advance (`synchrony_channels`).
2. Phase by phase, what the session does to anybody is taken out of both, and the slow
   band kept (`session_regressors`): the one step without which a shared pacer makes
   any two people synchronous.
3. No moment may speak for all: both series are cut where they leave their usual range,
   twice (`evened`). A seat that is shifted moves two hearts like nothing else does.
4. The statistic is the largest correlation over lags up to 10 s, one soon and alike
   counting most (`likeness`), pooled over phases.
5. Chance is B with its Fourier phases drawn anew, sent through steps 2 and 3 again, so
   that whatever they do to a heart, they do to chance as well.

So chance is these two hearts with their timing broken. It is not two people who do not
know each other in the same room: talk, music and a cough move them alike, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from coreg.analysis.lagged_correlation import lagged_fisher_z
from coreg.analysis.likeness import Likeness, likeness, unknown_likeness
from coreg.analysis.session_regressors import (
    Pacer,
    PhaseFilter,
    evened,
    is_paced,
    phase_filter,
    regressors,
    residual,
)
from coreg.analysis.surrogates import holm, phase_randomised
from coreg.analysis.synchrony_channels import Channels, ComparedHeart, channels
from coreg.facts.arrays import Flags, Floats

TRIM_S = 5.0
LEAST_SHARED_S = 90
"""Less holds too few slow waves to say anything: under ten of them."""
LEAST_SHARE = 0.5
FINEST_LEAD_S = 2.0
LEAST_MOVE = 1e-6
"""Of ln(IBI): a microsecond in a second. What moves less does not move."""
_HR, _RSA = 0, 1


class Missing(StrEnum):
    """Why there is no answer."""

    TOO_SHORT = "too short"
    TOO_LITTLE_DATA = "not enough clean data of both"
    NO_MOVEMENT = "a series that does not vary"


class Lead(StrEnum):
    """Who moved first. Before, never because."""

    A = "A before B"
    B = "B before A"
    NOBODY = "no clear leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of the session in which one thing was done."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhaseSynchrony:
    """One phase by itself.

    Attributes
    ----------
    name : str
    hr, rsa : Likeness
        In heart rate, and in the swing with the breath.
    p_hr_holm, p_rsa_holm : float
        Corrected for having looked at every phase.
    shared_s : int, seconds
        How long both were known.
    missing : Missing or None
        Why there is no answer, where there is none.
    """

    name: str
    hr: Likeness
    rsa: Likeness
    p_hr_holm: float
    p_rsa_holm: float
    shared_s: int
    missing: Missing | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Synchrony:
    """The answer for a session.

    Attributes
    ----------
    p_hr, p_rsa : float
        Share of chance that is as alike; NaN where it could not be computed.
    p_any : float
        The smaller one, corrected for there being two (Holm).
    lag_s : float, seconds
        Of heart rate; above 0: A before B. No leader without `leader`.
    sign : int
        1 where the hearts moved alike, -1 where oppositely, 0 where unknown.
    p_direction : float
        Share of chance in which one comes before the other as clearly.
    hr, rsa : Likeness
        The two channels over all phases.
    per_phase : tuple of PhaseSynchrony
    shared_s, surrogates, seed : int
        What the figures rest on, and how to have them again.
    missing : Missing or None
        Why there is no answer, where no phase has one.
    """

    p_hr: float
    p_rsa: float
    p_any: float
    lag_s: float
    sign: int
    p_direction: float
    hr: Likeness
    rsa: Likeness
    per_phase: tuple[PhaseSynchrony, ...]
    shared_s: int
    surrogates: int
    seed: int
    missing: Missing | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Measured:
    """Fisher's z of a phase, shape (channels, 1 + surrogates, lags), the data first."""

    z: Floats
    shared_s: int


def synchrony(
    a: ComparedHeart,
    b: ComparedHeart,
    *,
    phases: Sequence[Phase],
    pacer: Pacer,
    surrogates: int = 999,
    seed: int,
) -> Synchrony:
    """Test whether two hearts were more alike than chance, session and phase.

    Parameters
    ----------
    a, b : Heart
        Cleaned, on one clock.
    phases : sequence of Phase
        Without overlap. What lies outside them is not looked at.
    pacer : Pacer
        As logged; `NO_PACER` where there was none. A pacer that was shown and not
        given here makes strangers look synchronous.
    surrogates : int
        How often chance is drawn: at least 999 for anything that is shown.
    seed : int
        The same seed gives the same answer.

    Returns
    -------
    Synchrony

    Raises
    ------
    ValueError
        If there is no phase, one ends before it begins, there is no surrogate, or beat
        times do not increase.

    Notes
    -----
    It cannot tell why: two people who hear the same siren move together. It says
    nothing of love, health or fit. Coupling is often missed: absence is no finding
    (docs/measures.md has how often).

    References
    ----------
    Design of the null: phases randomised and the nuisance regression repeated, after
    Theiler et al. (1992), Physica D 58, 77, and the caution of Schreiber & Schmitz
    (2000), Physica D 142, 346, that a surrogate must go the way of the data. Why
    strangers must be the measure: Burgess (2013), Front. Hum. Neurosci. 7, 881.

    Examples
    --------
    >>> from coreg.analysis.session_regressors import NO_PACER
    >>> beat_t_s = np.arange(1.0, 60.0)
    >>> heart = ComparedHeart(
    ...     beat_t_s=beat_t_s, nn_ms=np.full(59, 1000.0), gaps_s=np.empty((0, 2))
    ... )
    >>> minute = Phase(name="rest", start_s=0.0, end_s=60.0)
    >>> told = synchrony(heart, heart, phases=[minute], pacer=NO_PACER, seed=1)
    >>> told.p_any, str(told.missing)
    (nan, 'too short')
    """
    _check(phases, surrogates)
    both = tuple(channels_over(x, phases) for x in (a, b))
    t_s = seconds_over(phases)
    rng = np.random.default_rng(seed)
    found = [
        _measured(both[0], both[1], phase, t_s, pacer, (surrogates, rng))
        for phase in phases
    ]
    return _answer(phases, found, surrogates, seed)


def seconds_over(phases: Sequence[Phase]) -> Floats:
    """Return the middle of each second from the first phase to the last."""
    start_s = min(phase.start_s for phase in phases)
    seconds = int(np.ceil(max(phase.end_s for phase in phases) - start_s))
    t_s: Floats = start_s + np.arange(seconds, dtype=np.float64) + 0.5
    return t_s


def channels_over(heart: ComparedHeart, phases: Sequence[Phase]) -> Channels:
    """Return the slow series of a heart at `seconds_over` these phases."""
    start_s = min(phase.start_s for phase in phases)
    return channels(heart, start_s=start_s, seconds=seconds_over(phases).size)


def seconds_in(phase: Phase, t_s: Floats) -> Flags:
    """Say which seconds of a phase are compared: not the first ones and the last."""
    inside: Flags = (t_s >= phase.start_s + TRIM_S) & (t_s < phase.end_s - TRIM_S)
    return inside


def left_in_phase(
    of: Channels, phase: Phase, t_s: Floats, pacer: Pacer
) -> tuple[PhaseFilter, Floats]:
    """Return what the session alone does not explain of one heart in one phase.

    Returns
    -------
    tuple of PhaseFilter and ndarray, shape (channels, n)
        What the phase lets through of this heart, and what is left of heart rate and of
        the swing with the breath, second by second (`seconds_in`); 0 in gaps.
    """
    inside = seconds_in(phase, t_s)
    nuisance = regressors(pacer, t_s[inside], phase.start_s)
    passed = phase_filter(nuisance, of.known[inside])
    series = _paced_series if is_paced(pacer, t_s[inside]) else _free_series
    return passed, residual(passed, series(of)[:, inside])


def leader(found: Synchrony, lag_resolution_s: float) -> Lead:
    """Say who moved first, where that may be said.

    Parameters
    ----------
    found : Synchrony
    lag_resolution_s : float, seconds
        What the straps' own delays leave open: two models may differ by a second.

    Returns
    -------
    Lead
        Nobody, unless the session and the direction are both beyond chance and the lag
        is neither below the resolution nor below 2 s: by a raw peak lag, more than
        half of truly simultaneous couples would get a "leader".
    """
    finest_s = max(FINEST_LEAD_S, lag_resolution_s)
    clear = found.p_hr < 0.05 and found.p_direction < 0.05
    if not clear or abs(found.lag_s) < finest_s:
        return Lead.NOBODY
    return Lead.A if found.lag_s > 0 else Lead.B


def _check(phases: Sequence[Phase], surrogates: int) -> None:
    if not phases:
        raise ValueError("synchrony needs at least one phase")
    for phase in phases:
        if not phase.end_s > phase.start_s:
            raise ValueError(f"phase {phase.name!r} ends before it begins")
    if surrogates < 1:
        raise ValueError(f"chance takes at least one surrogate, not {surrogates}")


def _measured(
    of_a: Channels,
    of_b: Channels,
    phase: Phase,
    t_s: Floats,
    pacer: Pacer,
    chance: tuple[int, np.random.Generator],
) -> _Measured | Missing:
    """Correlate one phase, or say why not."""
    inside = seconds_in(phase, t_s)
    known_a, known_b = of_a.known[inside], of_b.known[inside]
    shared_s = int(np.count_nonzero(known_a & known_b))
    if known_a.size < LEAST_SHARED_S:
        return Missing.TOO_SHORT
    if shared_s < max(LEAST_SHARED_S, LEAST_SHARE * known_a.size):
        return Missing.TOO_LITTLE_DATA
    pass_a, left_a = left_in_phase(of_a, phase, t_s, pacer)
    pass_b, left_b = left_in_phase(of_b, phase, t_s, pacer)
    if min(left_a.std(axis=1).min(), left_b.std(axis=1).min()) < LEAST_MOVE:
        return Missing.NO_MOVEMENT
    drawn = phase_randomised(left_b, *chance)
    all_b = evened(pass_b, np.concatenate((left_b[:, np.newaxis], drawn), axis=1))
    pairs = zip(evened(pass_a, left_a), all_b, strict=True)
    z = np.stack([lagged_fisher_z(x, known_a, y, known_b) for x, y in pairs])
    return _Measured(z=z, shared_s=shared_s)


def _free_series(of: Channels) -> Floats:
    return np.stack((of.ln_ibi, of.ln_free_rsa))


def _paced_series(of: Channels) -> Floats:
    return np.stack((of.ln_ibi, of.ln_paced_rsa))


def _answer(
    phases: Sequence[Phase],
    found: Sequence[_Measured | Missing],
    surrogates: int,
    seed: int,
) -> Synchrony:
    measured = [each for each in found if isinstance(each, _Measured)]
    hr, rsa = (_pooled(measured, channel, surrogates) for channel in (_HR, _RSA))
    return Synchrony(
        p_hr=hr.p,
        p_rsa=rsa.p,
        p_any=min(holm((hr.p, rsa.p))),
        lag_s=hr.lag_s,
        sign=int(np.nan_to_num(np.sign(hr.r))),
        p_direction=hr.p_direction,
        hr=hr,
        rsa=rsa,
        per_phase=_per_phase(phases, found, surrogates),
        shared_s=sum(each.shared_s for each in measured),
        surrogates=surrogates,
        seed=seed,
        missing=None if measured else _commonest(found),
    )


def _per_phase(
    phases: Sequence[Phase], found: Sequence[_Measured | Missing], surrogates: int
) -> tuple[PhaseSynchrony, ...]:
    alone = [[each] if isinstance(each, _Measured) else [] for each in found]
    hr = [_pooled(each, _HR, surrogates) for each in alone]
    rsa = [_pooled(each, _RSA, surrogates) for each in alone]
    p_hr_holm = holm([each.p for each in hr])
    p_rsa_holm = holm([each.p for each in rsa])
    return tuple(
        PhaseSynchrony(
            name=phase.name,
            hr=hr[i],
            rsa=rsa[i],
            p_hr_holm=p_hr_holm[i],
            p_rsa_holm=p_rsa_holm[i],
            shared_s=sum(each.shared_s for each in alone[i]),
            missing=each if isinstance(each := found[i], Missing) else None,
        )
        for i, phase in enumerate(phases)
    )


def _pooled(measured: Sequence[_Measured], channel: int, surrogates: int) -> Likeness:
    """Pool phases by how long both were known in each."""
    if not measured:
        return unknown_likeness(surrogates)
    total_s = sum(each.shared_s for each in measured)
    z = np.sum([each.shared_s / total_s * each.z[channel] for each in measured], axis=0)
    return likeness(z)


def _commonest(found: Sequence[_Measured | Missing]) -> Missing | None:
    """Return the reason that holds for most phases."""
    reasons = [each for each in found if isinstance(each, Missing)]
    return max(reasons, key=reasons.count, default=None)
