"""Were two hearts more alike than two strangers' doing the same exercise?

Strategy.

1. Two slow series of each heart, fixed in advance (`synchrony_channels`).
2. Phase by phase, what the session does to anybody is taken out of both, and the slow
   band kept (`session_regressors`): the one step without which a shared pacer makes
   any two people synchronous.
3. The statistic is the largest correlation over lags up to 10 s, pooled over phases.
4. Chance is B with its Fourier phases drawn anew, sent through step 2 again, so that
   whatever the regression does to a heart, it does to chance as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.lagged_correlation import LAGS_S, lagged_fisher_z
from coreg.analysis.session_regressors import (
    Pacer,
    is_paced,
    regressors,
    slow_filter,
)
from coreg.analysis.surrogates import holm, p_value, phase_randomised
from coreg.analysis.synchrony_channels import Channels, Heart, channels

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ALPHA = 0.05
TRIM_S = 5.0
LEAST_SHARED_S = 90
LEAST_SHARE = 0.5
LEAST_COEFFICIENTS = 4
FINEST_LEAD_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of the session in which one thing was done."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """How alike two series were, and what chance gives.

    Attributes
    ----------
    p : float
        Share of chance that reaches it; NaN where it could not be computed.
    r : float
        Correlation at `lag_s`, signed.
    lag_s : float, seconds
        Where it is largest in size; above 0: A before B.
    statistic : float
        Fisher's z of the size of `r`, before rounding by `tanh`.
    null : ndarray, shape (surrogates,)
        The same of chance.
    p_direction : float
        Of one coming before the other, whoever it is.
    """

    p: float
    r: float
    lag_s: float
    statistic: float
    null: Floats
    p_direction: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhaseSynchrony:
    """One phase."""

    name: str
    hr: Likeness
    rsa: Likeness
    p_hr_holm: float
    p_rsa_holm: float
    shared_s: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Synchrony:
    """The answer for a session."""

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
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _PhaseZ:
    """Fisher's z of a phase: shape (channels, 1 + surrogates, lags), data first."""

    z: Floats
    shared_s: int


def synchrony(
    a: Heart,
    b: Heart,
    *,
    phases: Sequence[Phase],
    pacer: Pacer,
    surrogates: int = 999,
    seed: int,
) -> Synchrony:
    start_s = min(phase.start_s for phase in phases)
    seconds = int(np.ceil(max(phase.end_s for phase in phases) - start_s))
    of_a = channels(a, start_s=start_s, seconds=seconds)
    of_b = channels(b, start_s=start_s, seconds=seconds)
    t_s = start_s + np.arange(seconds) + 0.5
    rng = np.random.default_rng(seed)
    found = [
        _phase_z(of_a, of_b, t_s, phase, pacer, surrogates, rng) for phase in phases
    ]
    usable = [each for each in found if isinstance(each, _PhaseZ)]
    hr, rsa = (_pooled(usable, channel, surrogates) for channel in (0, 1))
    any_p = holm((hr.p, rsa.p))
    per_phase = []
    hr_phase = [_of_phase(each, 0, surrogates) for each in found]
    rsa_phase = [_of_phase(each, 1, surrogates) for each in found]
    hr_holm = holm([each.p for each in hr_phase])
    rsa_holm = holm([each.p for each in rsa_phase])
    for i, phase in enumerate(phases):
        each = found[i]
        per_phase.append(
            PhaseSynchrony(
                name=phase.name,
                hr=hr_phase[i],
                rsa=rsa_phase[i],
                p_hr_holm=hr_holm[i],
                p_rsa_holm=rsa_holm[i],
                shared_s=each.shared_s if isinstance(each, _PhaseZ) else 0,
                reason="" if isinstance(each, _PhaseZ) else each,
            )
        )
    return Synchrony(
        p_hr=hr.p,
        p_rsa=rsa.p,
        p_any=float(np.nanmin(any_p)),
        lag_s=hr.lag_s,
        sign=int(np.sign(hr.r)),
        p_direction=hr.p_direction,
        hr=hr,
        rsa=rsa,
        per_phase=tuple(per_phase),
        shared_s=sum(each.shared_s for each in usable),
        surrogates=surrogates,
        seed=seed,
        reasons=tuple(each for each in found if isinstance(each, str)),
    )


def _phase_z(of_a, of_b, t_s, phase, pacer, surrogates, rng):
    inside = (t_s >= phase.start_s + TRIM_S) & (t_s < phase.end_s - TRIM_S)
    shared = of_a.known[inside] & of_b.known[inside]
    if shared.sum() < max(LEAST_SHARED_S, LEAST_SHARE * inside.sum()):
        return f"{phase.name}: too short"
    at_s = t_s[inside]
    nuisance = regressors(pacer, at_s, phase.start_s)
    paced = is_paced(pacer, at_s)
    known_a, known_b = of_a.known[inside], of_b.known[inside]
    x_a, x_b = _series(of_a, inside, paced), _series(of_b, inside, paced)
    filter_a, filter_b = slow_filter(nuisance, known_a), slow_filter(nuisance, known_b)
    slow_a = x_a @ filter_a.T @ filter_a
    res_b = _residual(x_b, nuisance, known_b)
    drawn = phase_randomised(res_b, surrogates, rng)
    both = np.concatenate((x_b[:, np.newaxis], drawn), axis=1)
    z = np.stack(
        [
            lagged_fisher_z(slow_a[c], known_a, both[c] @ filter_b.T @ filter_b, known_b)
            for c in range(2)
        ]
    )
    return _PhaseZ(z=z, shared_s=int(shared.sum()))

def _residual(x, nuisance, known):
    x = np.where(known, x, 0.)
    X = np.where(known[:, None], nuisance, 0.)
    X = X / np.maximum(np.linalg.norm(X, axis=0), 1e-300)
    beta = np.linalg.lstsq(X, x.T, rcond=1e-6)[0]
    return np.where(known, x - (X @ beta).T, 0.)

def _series(of: Channels, inside: Flags, paced: bool) -> Floats:
    rsa = of.ln_paced_rsa if paced else of.ln_free_rsa
    return np.stack((of.ln_ibi[inside], rsa[inside]))


def _of_phase(found, channel, surrogates):
    return _pooled([found] if isinstance(found, _PhaseZ) else [], channel, surrogates)


def _pooled(found: Sequence[_PhaseZ], channel: int, surrogates: int) -> Likeness:
    nan = float("nan")
    if not found:
        return Likeness(p=nan, r=nan, lag_s=nan, statistic=nan, null=np.full(surrogates, nan), p_direction=nan)
    total = sum(each.shared_s for each in found)
    z = sum(each.shared_s / total * each.z[channel] for each in found)
    size = np.abs(z).max(axis=1)
    peak = int(np.argmax(np.abs(z[0])))
    r = np.tanh(z)
    lead = np.abs(r[:, LAGS_S > 0].mean(axis=1) - r[:, LAGS_S < 0].mean(axis=1))
    return Likeness(
        p=p_value(size[0], size[1:]),
        r=float(r[0, peak]),
        lag_s=float(LAGS_S[peak]),
        statistic=float(size[0]),
        null=size[1:],
        p_direction=p_value(lead[0], lead[1:]),
    )
