"""Locking of two rhythms: to the pacer (adherence), and of free breaths to each other.

Following a pacer is following a pacer: the first figure is about an exercise, and the
second only counts where nobody was paced. How large the first one is tells of nobody
that they followed; `chance_of_step` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.surrogates import p_value, phase_randomised
from coreg.facts.arrays import Floats

_BAND_AROUND_PACER = (0.7, 1.3)
FREE_BREATH_HZ = (0.15, 0.40)
_LEAST_CYCLES = 5
_LEAST_FREE_S = 60
_USUAL_BREATH_HZ = 0.25

FEWEST_ANSWERS = 20
"""Below so many breaths there are fewer than three paces to either side to compare."""
_BESIDE = 0.15  # of the pace; a heart's own waves are as large there as at the pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """How one partner's heart followed the pacer.

    Attributes
    ----------
    locking : float
        0 (any phase) to 1 (always the same delay); NaN where it could not be computed.
        Never 0 by chance: about 1 / sqrt(independent breaths).
    delay_rad : float, radians
        Mean phase of the heart rate behind the pacer's breath, -pi to pi.
    breaths : float
        Paced breaths that were known.
    """

    locking: float
    delay_rad: float
    breaths: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoBreathing:
    """Whether two people who were not paced breathed at each other's pace.

    Attributes
    ----------
    p : float
        Share of chance that is as locked; NaN where less than 60 s were known.
    locking : float
        0 to 1, pooled over stretches; of strangers, about 1 / sqrt(breaths).
    null : ndarray, shape (surrogates,)
        The same of chance.
    breaths : float
        How many it rests on, at 0.25 Hz.
    """

    p: float
    locking: float
    null: Floats
    breaths: float


def adherence(ln_hr: Floats, phase_rad: Floats, rate_hz: float) -> Adherence:
    """Phase locking of the heart's swing to the pacer.

    Parameters
    ----------
    ln_hr : ndarray, shape (n,)
        Logarithm of heart rate on a regular grid of the paced phase; NaN in gaps.
    phase_rad : ndarray, shape (n,), radians
        The pacer's phase on that grid, unwrapped.
    rate_hz : float
        Samples a second.

    Returns
    -------
    Adherence

    Notes
    -----
    abs(mean(exp(i (heart - pacer)))), the heart's phase from the analytic signal within
    0.7 to 1.3 of the pacer's mean rate. It is adherence, not connection, and not a
    grade: a heart with much else at 0.1 Hz locks less at the same breathing.

    References
    ----------
    Lachaux, Rodriguez, Martinerie & Varela (1999), Human Brain Mapping 8, 194-208.

    Examples
    --------
    >>> turns = 2 * np.pi * 0.1 * np.arange(480) / 4
    >>> followed = adherence(0.05 * np.sin(turns - 0.5), turns - np.pi / 2, 4.0)
    >>> followed.locking > 0.99, round(followed.delay_rad, 1)
    (True, 0.5)
    """
    nan = float("nan")
    known = np.isfinite(ln_hr)
    breaths = float(np.diff(phase_rad)[known[1:]].sum() / (2 * np.pi))
    if breaths < _LEAST_CYCLES:
        return Adherence(locking=nan, delay_rad=nan, breaths=breaths)
    pacer_hz = (phase_rad[-1] - phase_rad[0]) * rate_hz
    pacer_hz /= 2 * np.pi * (phase_rad.size - 1)
    low_hz, high_hz = (share * pacer_hz for share in _BAND_AROUND_PACER)
    heart = _analytic(_bridged(ln_hr), rate_hz, (low_hz, high_hz))
    apart = np.exp(1j * (phase_rad - np.angle(heart)))[known]
    mean = complex(apart.mean())
    return Adherence(
        locking=abs(mean), delay_rad=float(np.angle(mean)), breaths=breaths
    )


def chance_of_step(answers: NDArray[np.complex128]) -> float:
    """How often a heart that does not follow would keep step like this.

    Parameters
    ----------
    answers : ndarray, shape (n,)
        The heart's answer to each paced breath, in order: its first Fourier
        coefficient over that breath, in any unit; NaN where it could not be measured.

    Returns
    -------
    float
        A p value; NaN below `FEWEST_ANSWERS` known answers, or where nothing moves.

    Notes
    -----
    1. The log of the breaths is moved in time a little more with each breath, so that
       over the whole it has one, two, three ... breaths more or fewer: up to 15 % of
       them either way. Answers to such a log are the same ones, each turned by a little
       more than the last: their sums are the bins of a Fourier transform.
    2. What does not follow has its slow waves about as large beside the pace as at it,
       however long they last. So the power at the pace over the mean power beside it is
       F with 2 and 2m degrees of freedom, m the number of paces beside it.

    One shift of the whole log would not do: a steady log moved in time is the same log,
    but for where it begins.

    References
    ----------
    Hartley (1949), Tests of significance in harmonic analysis, Biometrika 36, 194-201.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> noise = rng.normal(size=40) + 1j * rng.normal(size=40)
    >>> chance_of_step(noise + 2) < 1e-6, chance_of_step(noise) > 0.05
    (True, True)
    >>> chance_of_step(noise[:19])
    nan
    """
    known = answers[np.isfinite(answers)]
    if known.size < FEWEST_ANSWERS:
        return float("nan")
    power = np.abs(np.fft.fft(known)) ** 2
    reach = int(_BESIDE * known.size)
    beside = np.concatenate((power[1 : reach + 1], power[-reach:]))
    if not beside.mean() > 0:
        return float("nan")
    times = power[0] / beside.mean()
    return float((1 + times / beside.size) ** -beside.size)


def co_breathing(
    stretches: Sequence[tuple[Floats, Floats]],
    rate_hz: float,
    surrogates: int,
    rng: np.random.Generator,
) -> CoBreathing:
    """Phase locking of two free breaths, seen in the hearts, against surrogates.

    Parameters
    ----------
    stretches : sequence of two ndarray, shape (n,)
        Of each stretch in which nobody was paced, the logarithm of A's and of B's heart
        rate on one regular grid; NaN in gaps.
    rate_hz : float
        Samples a second.
    surrogates : int
    rng : numpy.random.Generator

    Returns
    -------
    CoBreathing

    Notes
    -----
    1. abs(mean(exp(i (a - b)))), phases of the analytic signals within 0.15-0.40 Hz,
       over the moments that both know.
    2. Stretches are pooled as the root of the mean square, by their length: the one who
       follows may do so with another delay after the pacer than before.
    3. B's Fourier phases are drawn anew, stretch by stretch; B's gaps apply.

    Breath is read from the heart, so who swings little is read badly; breathing slower
    than nine a minute is not in the band. Talking is breathing: taking turns locks
    breaths too.

    References
    ----------
    Lachaux et al. (1999), Human Brain Mapping 8, 194-208.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> breath = np.sin(1.6 * np.arange(0, 120, 0.25))
    >>> together = co_breathing([(breath, breath)], 4.0, 99, rng)
    >>> round(together.locking, 3), together.breaths
    (1.0, 30.0)
    """
    square, known = np.zeros(1 + surrogates), 0
    for a, b in stretches:
        both = np.isfinite(a) & np.isfinite(b)
        seen = int(np.count_nonzero(both))
        if seen < 2:
            continue
        square += seen * _locking(a, b, rate_hz, surrogates, rng) ** 2
        known += seen
    if known < _LEAST_FREE_S * rate_hz:
        square[:] = np.nan
    locking = np.sqrt(square / max(known, 1))
    return CoBreathing(
        p=p_value(float(locking[0]), locking[1:]),
        locking=float(locking[0]),
        null=locking[1:],
        breaths=known / rate_hz * _USUAL_BREATH_HZ,
    )


def _locking(
    a: Floats, b: Floats, rate_hz: float, surrogates: int, rng: np.random.Generator
) -> Floats:
    """Locking in one stretch, of the data first and then of surrogates."""
    known = np.isfinite(a) & np.isfinite(b)
    whole_b = _bridged(b)[np.newaxis]
    every_b = np.concatenate((whole_b, phase_randomised(whole_b, surrogates, rng)[0]))
    of_a = _analytic(_bridged(a), rate_hz, FREE_BREATH_HZ)[known]
    of_b = _analytic(every_b, rate_hz, FREE_BREATH_HZ)[:, known]
    apart = np.angle(of_b) - np.angle(of_a)
    locking: Floats = np.abs(np.exp(1j * apart).mean(axis=1))
    return locking


def _bridged(x: Floats) -> Floats:
    """Return `x` with straight lines over its gaps."""
    at, known = np.arange(x.size), np.isfinite(x)
    return np.interp(at, at[known], x[known])


def _analytic(
    x: Floats, rate_hz: float, band_hz: tuple[float, float]
) -> NDArray[np.complex128]:
    """Return the analytic signal within a band, less the line through both ends."""
    n = x.shape[-1]
    line = x[..., :1] + (x[..., -1:] - x[..., :1]) * np.linspace(0, 1, n)
    hz = np.fft.fftfreq(n, 1 / rate_hz)
    inside = (hz >= band_hz[0]) & (hz < band_hz[1])
    analytic: NDArray[np.complex128] = np.fft.ifft(2 * np.fft.fft(x - line) * inside)
    return analytic
