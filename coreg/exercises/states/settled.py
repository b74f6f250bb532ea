"""Settled: a heart nearer to a calmer level of its own than to tonight's reference.

Experimental. Strategy:

1. **Reference**: heart rate over each whole breath of the first two quiet minutes
   (after the glide, where breathing is led). Its mean is the level, its spread the
   unit; twelve breaths know a spread badly, so it is drawn towards what is usual.
2. **Two levels.** A heart is at its usual level, or settled: slower by a depth that
   nobody knows beforehand (1.5 to 12 SD, each step as likely), its swing with the
   breath wider by a quarter than is expected at this rate. Two minutes do not know the
   usual level either: it may lie off the reference.
3. **Each breath** moves the belief by how much likelier it is at one level than at the
   other. Depth and usual level are learned on the way: who was a little slower all
   along has not settled, and who was deeply settled is so no more once over half of it
   is gone. That is a hidden Markov model of two states, forwards only (Rabiner, *Proc.
   IEEE* 77 (1989) 257), a bank of them for what is not known.

Slow waves move every heart all the time. How far, and how alike neighbouring breaths
are, is what `benchmarks/settled_noise.py` prints for people who do not change. Breaths
that are alike are no independent witnesses: each counts as a fifth of one (a likelihood
to a power: Miller & Dunson, *J. Am. Stat. Assoc.* 114 (2019) 1113). The swing is
divided by what the pacer's belief expects at this rate, or it would only follow the
rate; where nothing is expected, heart rate counts alone.

Nobody is scored. `benchmarks/settled_minutes.py` says how far the minutes are true, and
how often somebody is called settled who sits still and does not change at all: about
`UNCHANGING_SHARE` of the time on average, in sessions of about twenty minutes, and some
far more. That stands beside every figure.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from coreg.analysis.spread import scaled_mad
from coreg.facts.arrays import Floats

SETTLED_CUT: Final = 0.5
UNCHANGING_SHARE: Final = 0.10  # an average over people, sitting still; no bound

REFERENCE_FEWEST_BREATHS: Final = 6
USUAL_SD_BPM: Final = 1.5
USUAL_SD_BREATHS: Final = 12
FARTHEST_MAD: Final = 3.0

# benchmarks/settled_noise.py, of single breaths and of the mean of the reference.
HR_SCATTER: Final = 1.3  # of the reference's SD
REFERENCE_OFF: Final = 0.9  # of the same
# Of the logarithm: .5 there, and room for an expected swing that is a little off.
SWING_SCATTER: Final = 0.6
# Neighbours correlate by .64: (1 - .64) / (1 + .64), as of a first-order process.
BREATH_COUNTS: Final = 0.22
# Assumptions of coreg: depths, swing, and what is likely before anything was seen.
SHALLOWEST, DEEPEST, DEPTHS = 1.5, 12.0, 9
WIDER: Final = 0.25
SETTLES_AFTER_S: Final = 540.0
SETTLED_FOR_S: Final = 450.0
SETTLED_AT_FIRST: Final = 0.05
# A breath that no level explains (lost beats, a cough) tells nothing.
STRAY_DENSITY: Final = 0.01
_LONG_RUN: Final = SETTLED_FOR_S / (SETTLED_FOR_S + SETTLES_AFTER_S)

# The bank: every depth with every place of the usual level, flat.
_PLACES: Final = np.linspace(-1.6, 1.6, 5)
_DEPTH: Final = np.tile(np.geomspace(SHALLOWEST, DEEPEST, DEPTHS), _PLACES.size)
_USUAL: Final = np.repeat(REFERENCE_OFF * _PLACES, DEPTHS)
_AT_FIRST: Final = np.repeat(-0.5 * _PLACES**2, DEPTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartReference:
    """Somebody's heart rate over single quiet breaths, early in an evening."""

    hr_bpm: float
    hr_sd_bpm: float


def heart_reference(hr_bpm: ArrayLike) -> HeartReference | None:
    """Return a robust reference from heart rate over single breaths.

    Parameters
    ----------
    hr_bpm : array_like, shape (k,), beats per minute
        Over each whole breath of the first two quiet minutes; NaN unknown.

    Returns
    -------
    HeartReference or None
        Mean and SD of those within 3 scaled MAD of the median (at least within
        3 * `USUAL_SD_BPM`); the variance averaged with the usual one, which counts as
        `USUAL_SD_BREATHS`. None where fewer than `REFERENCE_FEWEST_BREATHS` are known.

    References
    ----------
    Leaving out what is farther than 3 scaled MAD: Hampel, *J. Am. Stat. Assoc.* 69
    (1974) 383.

    Examples
    --------
    >>> heart_reference([70, 71, 69, 70, 72, 68, 70]).hr_bpm
    70.0
    """
    every = np.asarray(hr_bpm, dtype=np.float64)
    known = every[np.isfinite(every)]
    if known.size < REFERENCE_FEWEST_BREATHS:
        return None
    away = np.abs(known - np.median(known))
    spread = max(scaled_mad(known), USUAL_SD_BPM)
    kept = known[away <= FARTHEST_MAD * spread]
    variance = (USUAL_SD_BREATHS * USUAL_SD_BPM**2 + kept.size * float(kept.var())) / (
        USUAL_SD_BREATHS + kept.size
    )
    return HeartReference(hr_bpm=float(kept.mean()), hr_sd_bpm=math.sqrt(variance))


class SettledBelief:
    """How likely one heart is settled, breath by breath.

    Examples
    --------
    >>> belief = SettledBelief(HeartReference(hr_bpm=70.0, hr_sd_bpm=1.5))
    >>> slower = [belief.breath(hr_bpm=64.0, wider=0.2, length_s=10.0) for _ in "12345"]
    >>> [round(each, 2) for each in slower]
    [0.1, 0.18, 0.29, 0.41, 0.55]
    """

    __slots__ = ("_evidence", "_reference", "_settled")

    def __init__(self, reference: HeartReference) -> None:
        self._reference = reference
        self._settled: Floats = np.full(_DEPTH.size, SETTLED_AT_FIRST)
        self._evidence: Floats = _AT_FIRST

    @property
    def probability(self) -> float:
        """How likely it is settled, 0 to 1, whatever its depth and usual level."""
        weight = np.exp(self._evidence - self._evidence.max())
        return float(weight @ self._settled / weight.sum())

    def breath(self, *, hr_bpm: float, wider: float, length_s: float) -> float:
        """Take one breath, or time without one; return the probability after it.

        Parameters
        ----------
        hr_bpm : float, beats per minute
            Over the whole breath; NaN where it is not known.
        wider : float
            Natural logarithm of its swing over the expected one; NaN where either is
            not known.
        length_s : float, seconds
            Time since the last breath ended.
        """
        kept = math.exp(-length_s * (1 / SETTLES_AFTER_S + 1 / SETTLED_FOR_S))
        before = _LONG_RUN + (self._settled - _LONG_RUN) * kept
        slower = (self._reference.hr_bpm - hr_bpm) / self._reference.hr_sd_bpm
        usual = _told(slower - _USUAL, HR_SCATTER)
        settled = _told(slower - _USUAL - _DEPTH, HR_SCATTER)
        swing = _told(np.array([wider, wider - WIDER]), SWING_SCATTER)
        likelier = np.exp(settled - usual + swing[1] - swing[0])
        total = 1 - before + before * likelier
        self._evidence = self._evidence + usual + np.log(total)
        self._settled = before * likelier / total
        return self.probability


def _told(away: Floats, scatter: float) -> Floats:
    """Return what a breath counts for levels so far away: 0 where it is not known."""
    likely = np.exp(-0.5 * (away / scatter) ** 2) + STRAY_DENSITY
    return np.where(np.isfinite(away), BREATH_COUNTS * np.log(likely), 0.0)
