"""How fast somebody breathes, from the acceleration of their chest.

A strap on the breastbone tilts with every breath, so gravity shows the breath on all
three axes: some thousandths of G in a quiet one. Whoever sits still can be read; who
turns, laughs or walks moves the strap far more than any breath does, and then nothing
is said rather than something wrong.

1. Samples are averaged into bins of .2 s on a grid of time, whatever their rate and
   however they arrived, so that live and afterwards give the same to the bit.
2. A bin that jumps away from the one before, or is rough within, is a movement; so is a
   hole. What came before it is put aside: the strap may sit otherwise now.
3. Once a second, what was still since then, at most the last `WINDOW_S`, is fitted by
   one rhythm on all three axes together, beside level and trend. The rate is the one
   that explains most; `quality` is the share of variance that it explains with its
   first harmonic. Below `KNOWN_QUALITY`, or with less than `FEWEST_BREATHS` breaths
   seen, the rate is not known.

Because the axes are fitted together, nobody has to know how the strap sits, and a new
posture changes no sign. Whether a chest rises or falls is not known by it.

References
----------
Hughes, Liu & Zheng, Front. Physiol. 11:823 (2020): the breath in the acceleration of
the chest, and how movement spoils it. The fit of one rhythm beside a trend is a
Lomb-Scargle periodogram with a floating mean (Zechmeister & Kuerster 2009).
"""

import math
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats

BIN_S: Final = 0.2
WINDOW_S: Final = 30.0
SLOWEST_PER_MIN: Final = 3.5
FASTEST_PER_MIN: Final = 26.0
FEWEST_BREATHS: Final = 1.8
KNOWN_QUALITY: Final = 0.6

_BINS: Final = round(WINDOW_S / BIN_S)
_FEWEST_BINS: Final = round(10.0 / BIN_S)
_EACH_BINS: Final = round(1.0 / BIN_S)
_JUMP_MG: Final = 25.0  # a breath of 20 mG moves 10 in a bin at 24 a minute
_ROUGH_MG: Final = 30.0  # a heartbeat shakes the chest by some mG
_STEP_PER_MIN: Final = 0.1
_SETTLES_BINS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChestBreath:
    """One chest's breathing over the last still stretch, at one second.

    `rate_per_min` is in breaths a minute, NaN where it is not known. `quality` (0 to 1)
    is the share of the chest's slow movement that this one rhythm explains, NaN while
    too little was still. `size_mg` is half the swing from full to empty. `seen_s` is
    how long the stretch is.
    """

    t_s: float
    rate_per_min: float
    quality: float
    size_mg: float
    seen_s: float

    @property
    def is_known(self) -> bool:
        """Whether the rate can be gone by."""
        return math.isfinite(self.rate_per_min)


class ChestBreathing:
    """Acceleration as it comes, to one `ChestBreath` a second.

    Examples
    --------
    >>> t_s = np.arange(0.0, 40.0, 0.02)
    >>> breath = 8 * np.sin(2 * np.pi * t_s / 6)
    >>> still = np.column_stack([breath, np.full(t_s.size, -980.0), 0.3 * breath])
    >>> last = ChestBreathing().feed(t_s, still)[-1]
    >>> round(last.rate_per_min, 2), last.quality > 0.99, round(last.size_mg)
    (10.0, True, 8)
    """

    def __init__(self) -> None:
        self._bins: deque[Floats] = deque(maxlen=_BINS)
        self._bin: int | None = None  # the number of the one that is being filled
        self._sum: Floats = np.zeros(3)
        self._squares: Floats = np.zeros(3)
        self._count = 0
        self._unsettled = 0

    def feed(self, t_s: Floats, acceleration_mg: Floats) -> list[ChestBreath]:
        """Take samples, oldest first; return what became known by them.

        Parameters
        ----------
        t_s : ndarray, shape (n,), seconds
            When each was taken; never before one that was given already.
        acceleration_mg : ndarray, shape (n, 3), thousandths of G
        """
        said: list[ChestBreath] = []
        numbers = np.floor(t_s / BIN_S).astype(np.int64)
        edges = np.flatnonzero(np.diff(numbers)) + 1
        for part in np.split(np.arange(t_s.size), edges):
            if part.size:
                said += self._fill(int(numbers[part[0]]), acceleration_mg[part])
        return said

    def _fill(self, number: int, samples: Floats) -> list[ChestBreath]:
        said: list[ChestBreath] = []
        if self._bin is not None and number > self._bin:
            said = self._close(self._bin)
            if number > self._bin + 1:
                self._begin_anew()
        if self._bin is None or number > self._bin:
            self._bin = number
            self._sum, self._squares, self._count = np.zeros(3), np.zeros(3), 0
        self._sum = self._sum + samples.sum(axis=0)
        self._squares = self._squares + (samples**2).sum(axis=0)
        self._count += len(samples)
        return said

    def _close(self, number: int) -> list[ChestBreath]:
        mean = self._sum / self._count
        spread = np.maximum(self._squares / self._count - mean**2, 0.0)
        is_rough = math.sqrt(float(spread.sum())) > _ROUGH_MG
        is_jump = bool(self._bins) and _length(mean - self._bins[-1]) > _JUMP_MG
        if is_rough or is_jump:
            self._begin_anew()
        if self._unsettled:
            self._unsettled -= 1
            if self._bins and _length(mean - self._bins[-1]) > _JUMP_MG:
                self._unsettled = _SETTLES_BINS
            self._bins.clear()
        self._bins.append(mean)
        if (number + 1) % _EACH_BINS:
            return []
        return [self._told((number + 1) * BIN_S)]

    def _begin_anew(self) -> None:
        self._bins.clear()
        self._unsettled = _SETTLES_BINS

    def _told(self, t_s: float) -> ChestBreath:
        seen_s = len(self._bins) * BIN_S
        if len(self._bins) < _FEWEST_BINS:
            return ChestBreath(
                t_s=t_s,
                rate_per_min=math.nan,
                quality=math.nan,
                size_mg=math.nan,
                seen_s=seen_s,
            )
        rate, quality, size_mg = _one_rhythm(np.array(self._bins))
        enough = rate * seen_s / 60 >= FEWEST_BREATHS
        is_known = enough and quality >= KNOWN_QUALITY
        return ChestBreath(
            t_s=t_s,
            rate_per_min=rate if is_known else math.nan,
            quality=quality,
            size_mg=size_mg,
            seen_s=seen_s,
        )


def _length(step: Floats) -> float:
    return math.sqrt(float(step @ step))


def _one_rhythm(x_mg: Floats) -> tuple[float, float, float]:
    """Return rate (per minute), share explained, and size of the best rhythm.

    `x_mg` has shape (n, 3), one row each `BIN_S`.
    """
    n = len(x_mg)
    rates, level, waves = _bases(n)
    rest = x_mg - level @ (level.T @ x_mg)
    total = float((rest**2).sum())
    if total <= 1e-9:
        return math.nan, 0.0, 0.0
    held = np.einsum("fkn,na->fka", waves, rest)
    power = (held**2).sum(axis=(1, 2))
    rate = _refined(rates, power)
    wave = _basis(n, level, rate, harmonics=1)
    both = _basis(n, level, rate, harmonics=2)
    explained = float(((both.T @ rest) ** 2).sum()) / total
    size_mg = math.sqrt(2 * float(((wave.T @ rest) ** 2).sum()) / n)
    return rate, min(explained, 1.0), size_mg


def _refined(rates: Floats, power: Floats) -> float:
    """Return the rate at the top of the highest hill, between the rates of the grid."""
    at = int(np.argmax(power))
    if not 0 < at < rates.size - 1:
        return float(rates[at])
    before, top, after = power[at - 1 : at + 2].tolist()
    bend = before - 2 * top + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(rates[at] + shift * _STEP_PER_MIN)


@lru_cache(maxsize=2 * _BINS)
def _bases(n: int) -> tuple[Floats, Floats, Floats]:
    """Return rates, the basis of level and trend, and one of each rate beside them."""
    rates = np.arange(SLOWEST_PER_MIN, FASTEST_PER_MIN + 1e-9, _STEP_PER_MIN)
    level, _ = np.linalg.qr(np.column_stack([np.ones(n), np.arange(n) - (n - 1) / 2]))
    waves = np.array([_basis(n, level, rate, harmonics=1).T for rate in rates])
    return rates, level, waves


def _basis(n: int, level: Floats, rate_per_min: float, harmonics: int) -> Floats:
    """Return an orthonormal basis of a rhythm beside level and trend; shape (n, k)."""
    turns = 2 * np.pi * rate_per_min / 60 * BIN_S * np.arange(n)
    parts = [f(k * turns) for k in range(1, harmonics + 1) for f in (np.cos, np.sin)]
    design = np.column_stack(parts)
    design = design - level @ (level.T @ design)
    basis, _ = np.linalg.qr(design)
    return basis
