"""An ECG as a row of humps that may be beats: filtered, and with nothing judged yet.

Which samples arrive together changes no bit of what comes out: every value is a sum
over its own surroundings, in one order, and each hump is described by the same stretch
before and after it.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats

SIGMA_S: Final = 0.015
REFRACTORY_S: Final = 0.24
AFTER_S: Final = 0.5
_BEFORE_S: Final = 1.2
_ENERGY_S: Final = 0.092
_SHAPE_S: Final = 0.1
_FIDUCIAL_S: Final = 0.06
_OPPOSITE: Final = 1.4  # a trough as deep as this many peaks is the beat itself
_FLAT_S: Final = 1.5
_FLAT_FAR_S: Final = 0.1  # beyond what a chest has: the end of the range
_RANGE_UV: Final = 5000.0
_QUIET: Final = 0.4
_LEAST_UV: Final = 1e-3  # an ECG without any noise, as only tests have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Hump:
    """A place where the filtered ECG has the most energy within ±`REFRACTORY_S`.

    `stands_out` is that energy over what 60 % of the 1.7 s around it exceed;
    `stands_out_of_both` is less where the 1.2 s before it or the .5 s after it are
    noisier than all. `shape` is the filtered ECG around `t_s`, `width_ms` the spread of
    its energy.
    """

    t_s: float
    energy_uv: float
    height_uv: float
    stands_out: float
    stands_out_of_both: float
    shape: Floats
    width_ms: float


class Wave:
    """Filters a stretch without gaps, and gives its humps."""

    def __init__(self, rate_hz: float) -> None:
        self._step_s = 1 / rate_hz
        self._kernel = kernel(rate_hz)
        self._reach = self._kernel.size // 2
        self._half = max(1, round(_ENERGY_S * rate_hz / 2))
        self._refractory = round(REFRACTORY_S * rate_hz)
        self._before = round(_BEFORE_S * rate_hz)
        self._after = round(AFTER_S * rate_hz)
        self._shape = round(_SHAPE_S * rate_hz)
        self._fiducial = round(_FIDUCIAL_S * rate_hz)
        self._margin = self._reach + self._half
        self._begin()

    def _begin(self) -> None:
        self._t_s = self._ecg_uv = self._wave_uv = self._energy_uv = np.empty(0)
        self._next = 0  # the first place of energy that has not been looked at

    def add(self, t_s: Floats, ecg_uv: Floats) -> list[Hump]:
        """Take in samples that follow on the last ones; give humps that are known."""
        self._t_s = np.concatenate((self._t_s, t_s))
        self._ecg_uv = np.concatenate((self._ecg_uv, ecg_uv))
        self._wave_uv = _grown(self._wave_uv, self._ecg_uv, self._kernel)
        even = np.full(2 * self._half + 1, 1 / (2 * self._half + 1))
        self._energy_uv = _grown(self._energy_uv, self._wave_uv**2, even)
        humps = self._humps(self._energy_uv.size - self._after)
        self._forget()
        return humps

    def end(self) -> list[Hump]:
        """Give the humps that waited, by what is there; the next samples begin anew."""
        humps = self._humps(self._energy_uv.size)
        self._begin()
        return humps

    def _humps(self, stop: int) -> list[Hump]:
        first, stop = self._next, max(stop, self._next)
        self._next = stop
        energy, reach = self._energy_uv, self._refractory
        lowest = max(0, first - reach)
        padded = np.concatenate(
            (
                np.full(reach - (first - lowest), -np.inf),
                energy[lowest : min(energy.size, stop + reach)],
                np.full(max(0, stop + reach - energy.size), -np.inf),
            )
        )
        if stop == first:
            return []
        around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
        here = energy[first:stop]
        highest = (here > around[:, :reach].max(axis=1)) & (
            here >= around[:, reach + 1 :].max(axis=1)
        )
        humps = (self._hump(first + int(k)) for k in np.flatnonzero(highest))
        return [hump for hump in humps if hump is not None]

    def _hump(self, at: int) -> Hump | None:
        wave, middle = self._wave_uv, at + self._half
        low = max(1, middle - self._fiducial)
        high = min(wave.size - 1, middle + self._fiducial + 1)
        peak = _extremum(wave, low, high)
        low, high = peak - self._shape, peak + self._shape + 1
        if low < 0 or high > wave.size:
            return None  # a part of a beat, at an end: another lead could have it all
        raw_uv = self._ecg_uv[low + self._reach : high + self._reach]
        if 2 * np.count_nonzero(np.diff(raw_uv)) < raw_uv.size:
            return None  # the edge of where it stands still (`FlatRuns`)
        shape = wave[low:high].copy()
        before = self._energy_uv[max(0, at - self._before) : at + 1]
        after = self._energy_uv[at : at + self._after + 1]
        around = [np.concatenate((before, after))]
        sides = [side for side in (before, after) if side.size > self._after] or around
        energy_uv = math.sqrt(float(self._energy_uv[at]))
        offset = _vertex(*wave[peak - 1 : peak + 2].tolist())
        return Hump(
            t_s=float(self._t_s[peak + self._reach]) + offset * self._step_s,
            energy_uv=energy_uv,
            height_uv=float(wave[peak]),
            stands_out=energy_uv / _floor_uv(around),
            stands_out_of_both=energy_uv / _floor_uv(sides),
            shape=shape,
            width_ms=1000 * self._step_s * _spread(shape**2),
        )

    def _forget(self) -> None:
        far = self._next - self._before - 2 * self._margin - self._shape
        if far > self._before:
            self._t_s, self._ecg_uv = self._t_s[far:], self._ecg_uv[far:]
            self._wave_uv, self._energy_uv = self._wave_uv[far:], self._energy_uv[far:]
            self._next -= far


def kernel(rate_hz: float) -> Floats:
    """Return the second derivative of a Gaussian, upright, without a mean.

    A Gaussian peak of 1 mV and of the kernel's own width comes out as 1 mV.
    """
    reach = math.ceil(4 * SIGMA_S * rate_hz)
    at = np.arange(-reach, reach + 1) / (SIGMA_S * rate_hz)
    taps = (1 - at**2) * np.exp(-0.5 * at**2)
    taps -= taps.mean()
    own: Floats = taps / float(np.sum(taps * np.exp(-0.5 * at**2)))
    return own


def _grown(known: Floats, source: Floats, taps: Floats) -> Floats:
    """Return `known` with the sums over `source` that have become possible."""
    count = source.size - taps.size + 1 - known.size
    if count <= 0:
        return known
    new = np.zeros(count)
    for k, tap in enumerate(taps.tolist()):
        new += tap * source[known.size + k : known.size + k + count]
    return np.concatenate((known, new))


def _floor_uv(parts: list[Floats]) -> float:
    """Return what 60 % of the energy exceed, in the noisiest of the parts."""
    floor = max(float(np.quantile(part, _QUIET)) for part in parts)
    return max(math.sqrt(floor), _LEAST_UV)


def _extremum(wave: Floats, low: int, high: int) -> int:
    """Return the highest place, or the lowest where that is much the greater."""
    part = wave[low:high]
    up, down = int(part.argmax()), int(part.argmin())
    return low + (down if -part[down] > _OPPOSITE * part[up] else up)


def _vertex(before: float, here: float, after: float) -> float:
    """Return where the parabola through three has its vertex, in steps from `here`.

    Examples
    --------
    >>> _vertex(0.0, 2.0, 2.0)
    0.5
    """
    bend = before - 2 * here + after
    if bend == 0:
        return 0.0
    return min(max((before - after) / (2 * bend), -0.5), 0.5)


def _spread(weight: Floats) -> float:
    at = np.arange(weight.size)
    whole = float(weight.sum())
    if whole <= 0:
        return 0.0
    middle = float((weight * at).sum()) / whole
    return math.sqrt(float((weight * (at - middle) ** 2).sum()) / whole)


class FlatRuns:
    """Finds where the ECG stands still: electrodes off, or the end of the range."""

    def __init__(self) -> None:
        self._start_s = self._last_s = math.nan
        self._value_uv = math.nan

    def add(self, t_s: Floats, ecg_uv: Floats) -> list[tuple[float, float]]:
        """Take in samples that follow on the last ones; give the runs that ended."""
        changes = np.flatnonzero(np.diff(ecg_uv, prepend=self._value_uv) != 0)
        runs: list[tuple[float, float]] = []
        for at in changes.tolist():
            if at:
                self._last_s = float(t_s[at - 1])
            runs += self._run()
            self._start_s = self._last_s = float(t_s[at])
            self._value_uv = float(ecg_uv[at])
        self._last_s = float(t_s[-1])
        return runs

    def end(self) -> list[tuple[float, float]]:
        """Give the run that was going on; the next samples begin anew."""
        runs = self._run()
        self._start_s = self._last_s = self._value_uv = math.nan
        return runs

    def _run(self) -> list[tuple[float, float]]:
        far = abs(self._value_uv) >= _RANGE_UV
        if self._last_s - self._start_s >= (_FLAT_FAR_S if far else _FLAT_S):
            return [(self._start_s, self._last_s)]
        return []
