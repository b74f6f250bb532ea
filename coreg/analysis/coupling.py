"""Two models of one another's influence, each held to what it predicts.

* Coupled damped oscillator: each heart swings about its level; does the partner's
  displacement or speed bend it?
* Inertia and coordination: how much of the next value is one's own last one, and how
  much the partner's.

Two more coefficients always fit better. So every model is fitted on some blocks of time
and judged on another, beside the same model without a partner. Research sheet only: in
strangers it did not predict affiliation, and what a pacer does to both looks like
influence: take the session out first (`session_regressors`), or look at free time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from coreg.analysis.stretches import stretch_means
from coreg.facts.arrays import Flags, Floats

BLOCKS = 8
EMBEDDING_S = 9
"""Samples from which a level, speed and acceleration are taken, one a second."""
_LEAST_ROWS_PER_COEFFICIENT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Whether a partner helps to predict what the model has not seen.

    Attributes
    ----------
    gain : float
        1 - squared error with the partner / without, on held-out blocks; below 0 the
        partner only misleads. NaN where there was too little data.
    p : float
        One-sided, Student's t over blocks, that the partner helps.
    blocks : int
    """

    gain: float
    p: float
    blocks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Oscillator:
    """One partner's x'' = eta x + zeta x' + eta_p x_p + zeta_p x_p'.

    Attributes
    ----------
    eta_per_s2, zeta_per_s : float
        Own displacement (below 0: it swings back) and speed (below 0: it dies away).
    partner_eta_per_s2, partner_zeta_per_s : float
        The same of the partner's displacement and speed.
    held_out : HeldOut
    """

    eta_per_s2: float
    zeta_per_s: float
    partner_eta_per_s2: float
    partner_zeta_per_s: float
    held_out: HeldOut


@dataclass(frozen=True, slots=True, kw_only=True)
class CoupledOscillator:
    """Two oscillators and what becomes of them together.

    Attributes
    ----------
    a, b : Oscillator
    growth_per_s : float
        Fastest growth (largest real part of the eigenvalues) of the two together;
        below 0 swings die away.
    growth_apart_per_s : float
        The same with the partner's terms at 0. Growth below it: damping (they settle
        each other); above it: amplification (they stir each other up). Only worth
        reading where both held-out comparisons speak for the partner.
    """

    a: Oscillator
    b: Oscillator
    growth_per_s: float
    growth_apart_per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Inertia:
    """The partner's next value = inertia x own + coordination x other + constant."""

    inertia: float
    coordination: float
    held_out: HeldOut


def coupled_oscillator(a: Floats, b: Floats) -> CoupledOscillator:
    """Fit coupled damped oscillators to two levels.

    Parameters
    ----------
    a, b : ndarray, shape (n,)
        Levels about 0 (detrended heart rate, say), one a second; NaN in gaps.

    Returns
    -------
    CoupledOscillator
        NaN where there are too few rows without a gap.

    Notes
    -----
    Level, speed and acceleration come from a parabola through 9 s around each second
    (local linear approximation; Boker, Deboeck, Edler & Keel 2010), then least squares.
    A parabola flattens what swings faster than about 0.05 Hz, and noise in the level
    pulls eta and zeta towards that window's own rhythm: compare coefficients only of
    equal windows, and believe the held-out comparison rather than a coefficient.

    It says that two are coupled, not who bends whom: the nine seconds reach both ways
    in time, so that one who only follows helps to know what the one followed just did
    (in simulations where A alone bends B, B helps to predict A in 7 of 10).

    References
    ----------
    Butler & Randall (2013), Emotion Review 5, 202-210. Reed, Barnard & Butler (2015),
    Emotion 15, 45-60. Helm, Sbarra & Ferrer (2012), Emotion 12, 748-762.

    Examples
    --------
    >>> t_s = np.arange(600.0)
    >>> found = coupled_oscillator(np.sin(0.1 * t_s), np.cos(0.07 * t_s))
    >>> round(found.a.eta_per_s2, 3), round(found.b.eta_per_s2, 3)
    (-0.01, -0.005)
    """
    of_a, of_b = _derivatives(a), _derivatives(b)
    mine_a, mine_b = _oscillator(of_a, of_b), _oscillator(of_b, of_a)
    return CoupledOscillator(
        a=mine_a,
        b=mine_b,
        growth_per_s=_growth(mine_a, mine_b, 1.0),
        growth_apart_per_s=_growth(mine_a, mine_b, 0.0),
    )


def inertia_and_coordination(a: Floats, b: Floats, step_s: int) -> tuple[Inertia, ...]:
    """Fit what of the next value is one's own and what the partner's, for A and B.

    Parameters
    ----------
    a, b : ndarray, shape (n,)
        Levels about 0, one a second; NaN in gaps.
    step_s : int, seconds
        Means over so many seconds are the values; the result depends on it.

    Returns
    -------
    tuple of two Inertia

    References
    ----------
    Reed, Randall, Post & Butler (2013), International Journal of Psychophysiology 88,
    309-316.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> a = rng.normal(size=500)
    >>> b = 0.8 * np.roll(a, 1) + rng.normal(size=500)
    >>> of_a, of_b = inertia_and_coordination(a, b, 1)
    >>> round(of_b.coordination, 1), of_b.held_out.p < 0.01, of_a.held_out.p < 0.01
    (0.8, True, False)
    """
    x_a, x_b = stretch_means(a, step_s), stretch_means(b, step_s)
    found = []
    for mine, theirs in ((x_a, x_b), (x_b, x_a)):
        own = np.column_stack((mine[:-1], np.ones_like(mine[:-1])))
        partner = theirs[:-1, np.newaxis]
        weights, held_out = _fitted(mine[1:], own, partner)
        found.append(
            Inertia(inertia=weights[0], coordination=weights[2], held_out=held_out)
        )
    return tuple(found)


def _derivatives(x: Floats) -> Floats:
    """Level, speed and acceleration at each second, shape (n, 3); NaN near gaps."""
    at = np.arange(EMBEDDING_S) - EMBEDDING_S // 2
    loading = np.column_stack((np.ones(EMBEDDING_S), at, at**2 / 2))
    weights = np.linalg.pinv(loading)
    if x.size < EMBEDDING_S:
        return np.empty((0, 3))
    windows = np.lib.stride_tricks.sliding_window_view(x, EMBEDDING_S)
    derived: Floats = windows @ weights.T
    return derived


def _oscillator(mine: Floats, theirs: Floats) -> Oscillator:
    weights, held_out = _fitted(mine[:, 2], mine[:, :2], theirs[:, :2])
    return Oscillator(
        eta_per_s2=weights[0],
        zeta_per_s=weights[1],
        partner_eta_per_s2=weights[2],
        partner_zeta_per_s=weights[3],
        held_out=held_out,
    )


def _fitted(y: Floats, own: Floats, partner: Floats) -> tuple[list[float], HeldOut]:
    """Least squares over all that is known, and its judgement on held-out blocks."""
    full = np.hstack((own, partner))
    known = np.isfinite(y) & np.isfinite(full).all(axis=1)
    if known.sum() < _LEAST_ROWS_PER_COEFFICIENT * full.shape[1]:
        nan = float("nan")
        return [nan] * full.shape[1], HeldOut(gain=nan, p=nan, blocks=0)
    weights = np.linalg.lstsq(full[known], y[known], rcond=None)[0]
    return weights.tolist(), _held_out(y, own, full, known)


def _held_out(y: Floats, own: Floats, full: Floats, known: Flags) -> HeldOut:
    """Predict each block of time from the others."""
    block = np.arange(y.size) * BLOCKS // y.size
    # Rows beside a block share samples with it (the embedding): nobody is fitted there.
    near = EMBEDDING_S if y.size > 4 * BLOCKS * EMBEDDING_S else 1
    errors = []
    for each in range(BLOCKS):
        inside = np.flatnonzero(block == each)
        asked = inside[known[inside]]
        rest = known.copy()
        rest[max(0, inside[0] - near) : inside[-1] + near + 1] = False
        if asked.size and rest.sum() > full.shape[1]:
            errors.append([_error(y, x, rest, asked) for x in (own, full)])
    return _judged(np.array(errors))


def _error(y: Floats, x: Floats, rest: Flags, asked: NDArray[np.int64]) -> float:
    weights = np.linalg.lstsq(x[rest], y[rest], rcond=None)[0]
    return float(((y[asked] - x[asked] @ weights) ** 2).sum())


def _judged(errors: Floats) -> HeldOut:
    """Compare squared errors, shape (blocks, 2): without and with the partner.

    A heart that does not move has no errors to save, and one whose partner does not
    saves the same everywhere, nothing: of neither is there a p.
    """
    nan = float("nan")
    if len(errors) < 3 or not np.all(errors[:, 0] > 0):
        return HeldOut(gain=nan, p=nan, blocks=len(errors))
    saved = 1 - errors[:, 1] / errors[:, 0]
    spread = saved.std(ddof=1) / np.sqrt(saved.size)
    p = student.sf(saved.mean() / spread, saved.size - 1) if spread > 0 else nan
    return HeldOut(
        gain=float(1 - errors[:, 1].sum() / errors[:, 0].sum()),
        p=float(p),
        blocks=len(errors),
    )


def _growth(a: Oscillator, b: Oscillator, coupling: float) -> float:
    """Return the largest real part of the joint system's eigenvalues."""
    joint = np.zeros((4, 4))
    joint[0, 1] = joint[2, 3] = 1.0
    joint[1] = [a.eta_per_s2, a.zeta_per_s, *_times(coupling, a)]
    joint[3] = [*_times(coupling, b), b.eta_per_s2, b.zeta_per_s]
    if not np.isfinite(joint).all():
        return float("nan")
    return float(np.linalg.eigvals(joint).real.max())


def _times(coupling: float, of: Oscillator) -> tuple[float, float]:
    return coupling * of.partner_eta_per_s2, coupling * of.partner_zeta_per_s
