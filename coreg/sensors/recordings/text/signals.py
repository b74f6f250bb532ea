"""Whether a bare list holds samples of a signal, in place of heartbeats.

An ECG of ten bits lies around 512, and a pulse or a breathing belt where its maker
wanted it: read as intervals in ms they are a heart. Three traces tell.

1. An ECG is quiet, and has one shape again and again that lasts a few samples and
   takes a twentieth of the time to the next. No heart's intervals do so: what stands
   out there is one beat and the pause behind it, a run of beats of no fixed length, or
   an arousal of ten beats within fifty.
2. Below 65 samples a second a spike is one or two rows, as an odd beat is. Then it
   tells that what lies between two of them, a T wave, is of one shape again and again,
   too: behind an odd beat the breath goes on as it happens to.
3. What is sampled tens of times in each of its waves lies on a parabola over nine rows,
   but for noise. Intervals vary by the breath, which takes three to eight beats. Very
   slow and very deep breathing looks the same, so that this is for a caution.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.spread import MAD_TO_SD, scaled_mad
from coreg.facts.arrays import Floats

_T = TypeVar("_T")

_FEWEST: Final = 200
_SECTION: Final = 6000  # rows looked at together
_MOST_SECTIONS: Final = 3
# A mean of so many rows is a slower clock of the same signal, with less noise.
_OF_BEATS: Final = (1, 4)
_OF_WAVES: Final = (1, 2, 4, 8, 16)
_PARABOLA: Final = np.array([-21, 14, 39, 54, 59, 54, 39, 14, -21]) / 231
_SLOW: Final = 61
_PART: Final = 100
_OFF_PARABOLA: Final = 0.12  # of its size; real hearts have at least .16
_FEWEST_A_WAVE: Final = 20
_BASE: Final = 101
_EDGE: Final = 12
_FEWEST_SPIKES: Final = 4
_FEWEST_SURE: Final = 8
_TOP: Final = 0.995
_QUIET: Final = 3.5
_FEWEST_WIDE: Final = 3  # two would be a beat that was split
_NARROW: Final = 0.08  # of the time from one to the next
_FEWEST_APART: Final = 20
_EVENLY: Final = 0.25
_SURELY_ALIKE: Final = 0.75
_ALIKE: Final = 0.85
_AS_A_PULSE: Final = 0.08
_OF_A_PULSE: Final = 0.25
_ALIKE_PULSES: Final = 0.92
_FEW: Final = 0.2
_APART_SLOWLY: Final = (16, 80)  # rows: 20 to 65 a second, 50 to 80 beats a minute
_NARROW_SLOWLY: Final = 0.12
_BETWEEN: Final = (0.08, 0.6)  # of the time from one spike to the next: the T wave
_FEWEST_BETWEEN: Final = 5
_SAME: Final = 0.8
_SURELY_AGAIN: Final = 0.6  # of all pairs; real hearts have at most .55, and flat tops
_AGAIN: Final = 0.15
_TWIN: Final = 0.85


def is_ecg(values: Floats) -> bool:
    """Whether values, one after another, are surely samples of an ECG.

    Examples
    --------
    >>> beat = np.zeros(80)
    >>> beat[10:16] = 20, 90, 200, 120, -30, -10
    >>> beat[36:50] = 20 * np.hanning(14)
    >>> is_ecg(512 + np.tile(beat, 12)), is_ecg(812 + 40 * np.sin(np.arange(960) / 3))
    (True, False)
    """
    as_it_is, slower = (_spikes_in(values, scale) for scale in _OF_BEATS)
    return (
        _stand_out(as_it_is, lambda each: each.are_beats)
        or _stand_out(slower, lambda each: each.are_beats)
        or _stand_out(as_it_is, lambda each: each.are_slow_beats)
    )


def may_be_signal(values: Floats) -> bool:
    """Whether values may be samples of an ECG, or of waves of tens of rows each.

    Examples
    --------
    >>> pulse = 40 * np.exp(-np.square(np.linspace(-2, 8, 44)))
    >>> may_be_signal(520 + np.tile(pulse, 20))
    True
    >>> may_be_signal(812 + 40 * np.sin(np.arange(960) / 2))
    False
    """
    as_it_is, slower = (_spikes_in(values, scale) for scale in _OF_BEATS)
    return (
        _stand_out(as_it_is, lambda each: each.may_be_beats)
        or _stand_out(slower, lambda each: each.may_be_beats)
        or _stand_out(as_it_is, lambda each: each.may_be_slow_beats)
        or any(
            _mostly(_sections(values, scale), _is_on_parabolas) for scale in _OF_WAVES
        )
    )


def _mostly(of: Sequence[_T], is_so: Callable[[_T], bool]) -> bool:
    return sum(map(is_so, of)) > len(of) / 2


def _stand_out(
    of: Sequence["_Spikes | None"], is_so: Callable[["_Spikes"], bool]
) -> bool:
    """Whether spikes stand out of most sections, and are so."""
    return _mostly(of, lambda each: each is not None and is_so(each))


def _sections(values: Floats, scale: int) -> list[Floats]:
    """Return sections of a list by a clock `scale` times slower; none if too short."""
    held = values[np.isfinite(values) & (values > 0)]
    rows = held[: held.size // scale * scale].reshape(-1, scale).mean(axis=1)
    if rows.size < _FEWEST or np.ptp(rows) == 0:
        return []
    begins = np.linspace(0, max(0, rows.size - _SECTION), _MOST_SECTIONS)
    return [rows[at : at + _SECTION] for at in sorted({int(b) for b in begins})]


def _spikes_in(values: Floats, scale: int) -> list["_Spikes | None"]:
    return [_spikes(rows) for rows in _sections(values, scale)]


def _is_on_parabolas(rows: Floats) -> bool:
    low, high = np.quantile(rows, [1 - _TOP, _TOP])
    rows = np.clip(rows, low, high)
    smooth = np.convolve(rows, _PARABOLA, "valid")
    level = np.convolve(rows, np.full(_SLOW, 1 / _SLOW), "valid")
    cut = (smooth.size - level.size) // 2
    smooth = smooth[cut : cut + level.size]
    cut += (_PARABOLA.size - 1) // 2
    off, wave = rows[cut : cut + level.size] - smooth, smooth - level
    parts = range(0, max(1, wave.size - _PART + 1), _PART)
    sizes = [(off[i : i + _PART].std(), wave[i : i + _PART].std()) for i in parts]
    ratio = float(
        np.median([small / large if large else 1.0 for small, large in sizes])
    )
    turns = np.count_nonzero(np.diff(np.sign(wave)))
    is_slow = wave.size > int(turns) * _FEWEST_A_WAVE / 2
    return is_slow and ratio < _OFF_PARABOLA


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spikes:
    """What stands out of a quiet line: how often, how far apart, wide and alike."""

    n: int
    apart: float
    least_apart: float
    spread: float
    wide: float
    alike: float
    again: float
    twin: float

    @property
    def are_beats(self) -> bool:
        """Whether nothing else than heartbeats of an ECG is so."""
        return (
            self.n >= _FEWEST_SURE
            and self.least_apart >= _FEWEST_APART
            and self.spread <= _EVENLY * self.apart
            and _FEWEST_WIDE <= self.wide <= _NARROW * self.apart
            and self.alike > _SURELY_ALIKE
        )

    @property
    def may_be_beats(self) -> bool:
        """Whether they are of one shape, though few or wide or at odd times."""
        if self.least_apart < _FEWEST_APART or self.wide < _FEWEST_WIDE:
            return False
        is_narrow = self.wide <= _NARROW * self.apart and self.alike > _ALIKE
        is_pulse = (
            self.n >= _FEWEST_SURE
            and self.spread <= _AS_A_PULSE * self.apart
            and self.wide <= _OF_A_PULSE * self.apart
            and self.alike > _ALIKE_PULSES
        )
        return is_narrow or is_pulse

    @property
    def are_slow_beats(self) -> bool:
        """Whether nothing else is so than an ECG of 20 to 65 samples a second."""
        is_even = self.spread <= _EVENLY * self.apart
        return self._are_few_rows and is_even and self.again > _SURELY_AGAIN

    @property
    def may_be_slow_beats(self) -> bool:
        """Whether what lies between spikes is of a few shapes, again and again."""
        return self._are_few_rows and self.again > _AGAIN and self.twin > _TWIN

    @property
    def _are_few_rows(self) -> bool:
        return (
            self.n >= _FEWEST_SURE
            and _APART_SLOWLY[0] <= self.apart <= _APART_SLOWLY[1]
            and self.wide <= _NARROW_SLOWLY * self.apart
        )


def _spikes(rows: Floats) -> _Spikes | None:
    padded = np.pad(rows, _BASE // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _BASE)
    rows = rows - np.median(windows, axis=1)
    if np.quantile(rows, _TOP) < -np.quantile(rows, 1 - _TOP):
        rows = -rows
    top = float(np.quantile(rows, _TOP))
    quiet = MAD_TO_SD * float(np.median(np.abs(rows)))
    at = np.flatnonzero(rows > top / 2)
    if top < _QUIET * quiet or not at.size:
        return None
    groups = np.split(at, np.flatnonzero(np.diff(at) > _EDGE) + 1)
    peaks = np.array([group[np.argmax(rows[group])] for group in groups])
    peaks = peaks[(peaks > _EDGE) & (peaks < rows.size - _EDGE - 1)]
    if peaks.size < _FEWEST_SPIKES:
        return None
    apart = np.diff(peaks)
    usual = float(np.median(apart))
    wide = float(np.median([_width(rows, int(peak)) for peak in peaks]))
    again, twin = _between(rows, peaks, usual)
    return _Spikes(
        n=peaks.size,
        apart=usual,
        least_apart=float(np.quantile(apart, 0.05)),
        spread=scaled_mad(apart),
        wide=wide,
        alike=_likeness(rows, peaks, wide),
        again=again,
        twin=twin,
    )


def _between(
    rows: Floats, peaks: NDArray[np.int_], usual: float
) -> tuple[float, float]:
    """Return how much of what follows one spike follows the others, too.

    That is the share of others in which it does so, for the usual one; and how alike
    the most alike two are, for all but the least alike fifth.
    """
    begin, end = (round(part * usual) for part in _BETWEEN)
    begin = max(begin, 2) + 1
    peaks = peaks[peaks < rows.size - end]
    if peaks.size < _FEWEST_SURE or end - begin < _FEWEST_BETWEEN:
        return 0.0, 0.0
    shapes = np.array([rows[peak + begin : peak + end] for peak in peaks])
    shapes = shapes - shapes.mean(axis=1, keepdims=True)
    sizes = shapes.std(axis=1, keepdims=True)
    shapes = np.divide(shapes, sizes, out=np.zeros_like(shapes), where=sizes > 0)
    alike = shapes @ shapes.T / shapes.shape[1]
    np.fill_diagonal(alike, -1.0)
    again = float(np.median(np.mean(alike > _SAME, axis=1)))
    return again, float(np.quantile(alike.max(axis=1), _FEW))


def _width(rows: Floats, peak: int) -> int:
    """Return how many rows around a peak are above a quarter of it."""
    is_below = rows <= rows[peak] / 4
    before, behind = is_below[:peak][::-1], is_below[peak:]
    left = int(np.argmax(before)) if before.any() else before.size
    right = int(np.argmax(behind)) if behind.any() else behind.size
    return left + right


def _likeness(rows: Floats, peaks: NDArray[np.int_], wide: float) -> float:
    """Return how alike spikes are to the usual one, but for the least alike fifth."""
    reach = min(_EDGE, int(np.ceil(1.5 * wide)))
    shapes = np.array([rows[peak - reach : peak + reach + 1] for peak in peaks])
    usual = np.median(shapes, axis=0)
    if not np.ptp(usual) or not np.all(np.ptp(shapes, axis=1)):
        return 0.0
    alike = [float(np.corrcoef(each, usual)[0, 1]) for each in shapes]
    return float(np.quantile(alike, _FEW))
