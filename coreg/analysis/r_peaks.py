"""When the heart beat, from a chest strap's ECG at about 130 Hz.

One way through, live and afterwards: `RPeakFinder` takes samples as they come and gives
each beat some `LATENCY_S` later; `r_peaks` feeds it a whole recording. Which samples
arrived together changes no bit of the result.

1. The ECG goes through the second derivative of a Gaussian of 15 ms: baseline and T
   waves are slower than its band (15 Hz), muscles and mains mostly faster, and a peak
   stays where it was.
2. Its energy over 92 ms is one hump a beat; each that is the highest of ±.24 s is a
   candidate (`ecg_wave`).
3. A candidate is a beat if it is high beside the last eight beats and stands out of its
   surroundings; one that looks like the last beats has to do so less. What is weaker
   waits: where the next beat leaves room for one more, the best of them is taken.
4. The time is that of the filtered peak, between samples by the parabola through three.

Nothing is foretold: a beat that cannot be told from noise is left out, the stretch is
named (`Unreadable`), and the next beat comes `after_gap`.

References
----------
Pan & Tompkins, IEEE Trans. Biomed. Eng. 32:230 (1985): the energy of a band-passed ECG,
levels that follow the beats, looking back for a weak one. Elgendi et al., PLoS ONE
9:e84018 (2014): where the energy of a QRS complex lies.
"""

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np

from coreg.analysis.ecg_wave import REFRACTORY_S, FlatRuns, Hump, Wave
from coreg.facts.arrays import Flags, Floats

LATENCY_S: Final = 0.7
"""How long after a clear beat it is known; a weak one waits for the next beat."""

_LEARN_S: Final = 3.0
_LEVEL_BEATS: Final = 8
_SHAPE_BEATS, _SHAPES_NEEDED = 15, 5
_STRONG, _WEAK = 0.4, 0.18  # of the level
_MONSTROUS: Final = 4.0
_ALIKE, _UNLIKE = 0.85, 0.5
_KIN: Final = 0.85
_STANDS_OUT, _STANDS_OUT_ALIKE = 3.5, 2.0
_FLOOR_UV: Final = 10.0
_T_WAVE_S, _T_WAVE = 0.36, 0.6  # not so soon, if so much lower and unlike
_ROOM_FOR_ONE: Final = 1.5  # of the usual interval
_FROM_BOTH: Final = 0.45
_ORDINARY: Final = (0.7, 1.4)
_AROUND_S: Final = 0.35


class Why(StrEnum):
    """Why no beat can be told."""

    FLAT = "flat"  # electrodes off, or the end of the strap's range
    NOISE = "noise"


@dataclass(frozen=True, slots=True, kw_only=True)
class RPeak:
    """One beat; `t_s` on the clock of the samples.

    `height_uv` is that of the filtered peak. `likeness` is the correlation (-1 to 1) of
    its shape over ±.1 s with the median shape of the last 15 beats, NaN until there are
    five. `width_ms` is the spread (standard deviation in time) of its energy. Both are
    evidence of a beat from elsewhere in the heart, and no verdict.
    """

    t_s: float
    height_uv: float
    likeness: float
    width_ms: float
    after_gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A stretch in which beats may be that nobody can tell."""

    start_s: float
    end_s: float
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class RPeaks:
    """The beats of a recording, each array of shape (n,), and where none can be told.

    Units and meanings as in `RPeak`.
    """

    t_s: Floats
    height_uv: Floats
    likeness: Floats
    width_ms: Floats
    after_gap: Flags
    unreadable: tuple[Unreadable, ...]


def r_peaks(t_s: Floats, ecg_uv: Floats, *, rate_hz: float = 130.0) -> RPeaks:
    """Find the beats of a whole recording: the same as `RPeakFinder` gives live.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        When each sample was taken, ascending.
    ecg_uv : ndarray, shape (n,), microvolts
        The samples; NaN where one is missing.
    rate_hz : float
        About how many there are a second; where two are missing there is a gap.

    Returns
    -------
    RPeaks
        What was found, and where nothing can be.

    Raises
    ------
    ValueError
        If the two differ in length.

    Examples
    --------
    >>> t_s = np.arange(0, 20, 1 / 130)
    >>> beats_s = np.arange(0.5, 20, 0.8)
    >>> ecg_uv = 900 * np.exp(-0.5 * ((t_s[:, None] - beats_s) / 0.012) ** 2).sum(1)
    >>> found = r_peaks(t_s, ecg_uv)
    >>> found.t_s.size, bool(np.abs(found.t_s - beats_s).max() < 0.001)
    (25, True)
    """
    finder = RPeakFinder(rate_hz)
    said = [*finder.feed(t_s, ecg_uv), *finder.flush()]
    beats = [each for each in said if isinstance(each, RPeak)]
    return RPeaks(
        t_s=np.array([beat.t_s for beat in beats]),
        height_uv=np.array([beat.height_uv for beat in beats]),
        likeness=np.array([beat.likeness for beat in beats]),
        width_ms=np.array([beat.width_ms for beat in beats]),
        after_gap=np.array([beat.after_gap for beat in beats], dtype=bool),
        unreadable=tuple(each for each in said if isinstance(each, Unreadable)),
    )


class RPeakFinder:
    """Finds beats as samples arrive.

    `feed` gives beats in order of time, and stretches without one when they are over;
    `flush` gives what waits when no more will come.

    Examples
    --------
    >>> finder = RPeakFinder(130.0)
    >>> finder.feed(np.arange(130) / 130, np.zeros(130))
    []
    """

    def __init__(self, rate_hz: float) -> None:
        self._longest_step_s = 2.0 / rate_hz
        self._wave = Wave(rate_hz)
        self._flat = FlatRuns()
        self._judge = _Judge()
        self._last_s = math.inf

    def feed(self, t_s: Floats, ecg_uv: Floats) -> list[RPeak | Unreadable]:
        """Take in samples, and give what is known by them."""
        if t_s.shape != ecg_uv.shape:
            raise ValueError(f"{t_s.size} times of {ecg_uv.size} samples")
        there = np.isfinite(ecg_uv)
        t_s, ecg_uv = t_s[there], ecg_uv[there]
        if not t_s.size:
            return []
        steps_s = np.diff(t_s, prepend=self._last_s)
        breaks = np.flatnonzero((steps_s > self._longest_step_s) | (steps_s <= 0))
        self._last_s = float(t_s[-1])
        said: list[RPeak | Unreadable] = []
        edges = [0, *breaks.tolist(), t_s.size]
        for k, (first, stop) in enumerate(pairwise(edges)):
            if k:
                said += self.flush()
                self._judge.lost()
            said += self._part(t_s[first:stop], ecg_uv[first:stop])
        return said

    def _part(self, t_s: Floats, ecg_uv: Floats) -> list[RPeak | Unreadable]:
        if not t_s.size:
            return []
        self._judge.flats += self._flat.add(t_s, ecg_uv)
        said: list[RPeak | Unreadable] = []
        for hump in self._wave.add(t_s, ecg_uv):
            said += self._judge.weigh(hump)
        return said

    def flush(self) -> list[RPeak | Unreadable]:
        """Give what waits, as at the end of a recording."""
        self._judge.flats += self._flat.end()
        said: list[RPeak | Unreadable] = []
        for hump in self._wave.end():
            said += self._judge.weigh(hump)
        return said + self._judge.end()


class _Judge:
    """Tells beats from other humps by the beats before them."""

    def __init__(self) -> None:
        self.flats: list[tuple[float, float]] = []
        self._energies_uv: deque[float] = deque(maxlen=_LEVEL_BEATS)
        self._intervals_s: deque[float] = deque(maxlen=_LEVEL_BEATS)
        self._shapes: deque[Floats] = deque(maxlen=_SHAPE_BEATS)
        self._mould: Floats | None = None
        self._queue: deque[Hump] = deque()
        self._held: list[Hump] = []  # while the level is being learnt
        self._weak: list[Hump] = []
        self._noisy: list[Hump] = []  # strong, and no beat
        self._given_up_s: list[float] = []  # no beat there by any level
        self._kin: deque[bool] = deque(maxlen=_LEVEL_BEATS)
        self._last: Hump | None = None
        self._since_s = -math.inf  # the last beat, or when the level began
        self._is_lost = True

    def lost(self) -> None:
        """Take note that samples are missing: no interval reaches over that."""
        self._is_lost, self._last = True, None

    def weigh(self, hump: Hump) -> list[RPeak | Unreadable]:
        """Return what is known by this hump."""
        self._queue.append(hump)
        said: list[RPeak | Unreadable] = []
        while self._queue:
            said += self._weighed(self._queue.popleft())
        return said

    def _weighed(self, hump: Hump) -> list[RPeak | Unreadable]:
        if not self._energies_uv:
            self._learn(hump)
            return []
        if self._is_beat(hump) and self._is_a_heart(hump):
            return self._accepted(hump)
        self._put_aside(hump)
        if hump.t_s - self._since_s > _LEARN_S:
            self._learn_again(hump.t_s)
        return []

    def end(self) -> list[RPeak | Unreadable]:
        """Return what waits: it will not be known better."""
        said: list[RPeak | Unreadable] = []
        if self._held and not self._energies_uv:
            self._begin_by(self._held)
            last = self._queue.pop() if self._queue else None
            said += self.weigh(last) if last is not None else []
        noise_s = self._given_up_s + [n.t_s for n in self._noisy + self._held]
        said += [*self._flat_before(math.inf), *_noise_of(noise_s)]
        self._weak, self._noisy, self._given_up_s, self._held = [], [], [], []
        return said

    def _learn(self, hump: Hump) -> None:
        self._held.append(hump)
        if hump.t_s - self._held[0].t_s >= _LEARN_S:
            self._begin_by(self._held)

    def _begin_by(self, held: list[Hump]) -> None:
        """Take the second highest of these for the level, and weigh them by it."""
        clear = [
            hump
            for hump in held
            if hump.stands_out >= _STANDS_OUT and hump.energy_uv >= _FLOOR_UV
        ]
        clear_uv = sorted(
            hump.energy_uv
            for hump in clear
            if any(
                _correlation(hump.shape, other.shape) >= _KIN
                for other in clear
                if other is not hump
            )
        )
        if len(clear_uv) < 2:
            self._held = held[1:]
            self._given_up_s.append(held[0].t_s)
            return
        self._held = []
        self._energies_uv.extend([clear_uv[-2]] * 3)
        self._since_s = held[0].t_s
        self._queue.extendleft(reversed(held))

    def _learn_again(self, t_s: float) -> None:
        """Forget the level: what was weighed by it is weighed again, less the first."""
        held = sorted(self._weak + self._noisy, key=lambda hump: hump.t_s)
        self._weak, self._noisy = [], []
        self._given_up_s += [max(self._since_s, held[0].t_s), t_s]
        for memory in (self._energies_uv, self._intervals_s, self._shapes, self._kin):
            memory.clear()
        self._mould, self._last, self._is_lost = None, None, True
        self._held = held[1:]

    def _is_beat(self, hump: Hump) -> bool:
        level_uv = float(np.median(self._energies_uv))
        like = self._likeness(hump)
        if hump.energy_uv > _MONSTROUS * level_uv and not like >= _UNLIKE:
            return False
        if hump.energy_uv < max(_STRONG * level_uv, _FLOOR_UV):
            return False
        if self._last is not None and not like >= _UNLIKE:
            apart_s = hump.t_s - self._last.t_s
            low = hump.energy_uv < _T_WAVE * self._last.energy_uv
            if apart_s < REFRACTORY_S or (apart_s < _T_WAVE_S and low):
                return False
        if like >= _ALIKE:
            return hump.stands_out >= _STANDS_OUT_ALIKE
        return hump.stands_out_of_both >= _STANDS_OUT

    def _is_a_heart(self, hump: Hump) -> bool:
        """Whether beats still come in a few shapes, as noise does not for long."""
        alike = (_correlation(hump.shape, shape) >= _KIN for shape in self._shapes)
        self._kin.append(not self._shapes or any(alike))
        return 2 * sum(self._kin) >= len(self._kin) or len(self._kin) < _SHAPES_NEEDED

    def _put_aside(self, hump: Hump) -> None:
        level_uv = float(np.median(self._energies_uv))
        if hump.energy_uv >= max(_STRONG * level_uv, _FLOOR_UV):
            self._noisy.append(hump)
        else:
            self._weak.append(hump)

    def _accepted(self, hump: Hump) -> list[RPeak | Unreadable]:
        said: list[RPeak | Unreadable] = []
        weak = self._looked_back(hump)
        if weak is not None:
            said += self._given(weak)
        return said + self._given(hump)

    def _looked_back(self, hump: Hump) -> Hump | None:
        """Return a weak beat before this one, where there is room for it."""
        if self._last is None or not self._intervals_s:
            return None
        usual_s = float(np.median(self._intervals_s))
        if hump.t_s - self._last.t_s < _ROOM_FOR_ONE * usual_s:
            return None
        first_s = self._last.t_s + _FROM_BOTH * usual_s
        last_s = hump.t_s - _FROM_BOTH * usual_s
        least_uv = max(_WEAK * float(np.median(self._energies_uv)), _FLOOR_UV)
        fitting = [
            weak
            for weak in self._weak + self._noisy
            if first_s <= weak.t_s <= last_s
            and weak.energy_uv >= least_uv
            and self._likeness(weak) >= _UNLIKE
            and weak.stands_out >= _STANDS_OUT_ALIKE
        ]
        return max(fitting, key=lambda weak: weak.energy_uv, default=None)

    def _given(self, hump: Hump) -> list[RPeak | Unreadable]:
        said: list[RPeak | Unreadable] = list(self._flat_before(hump.t_s))
        noise_s = [n.t_s for n in self._noisy if n.t_s < hump.t_s]
        noise_s, self._given_up_s = self._given_up_s + noise_s, []
        self._noisy = [each for each in self._noisy if each.t_s > hump.t_s]
        self._weak = [each for each in self._weak if each.t_s > hump.t_s]
        if said or (noise_s and not self._is_ordinary(hump)):
            self._is_lost = True
            said += _noise_of(noise_s)
        if self._last is not None and not self._is_lost:
            self._intervals_s.append(hump.t_s - self._last.t_s)
        said.append(
            RPeak(
                t_s=hump.t_s,
                height_uv=hump.height_uv,
                likeness=self._likeness(hump),
                width_ms=hump.width_ms,
                after_gap=self._is_lost,
            )
        )
        self._energies_uv.append(hump.energy_uv)
        self._shapes.append(hump.shape)
        if len(self._shapes) >= _SHAPES_NEEDED:
            self._mould = np.median(np.array(self._shapes), axis=0)
        self._last, self._since_s, self._is_lost = hump, hump.t_s, False
        return said

    def _is_ordinary(self, hump: Hump) -> bool:
        if self._last is None or not self._intervals_s:
            return False
        usual_s = float(np.median(self._intervals_s))
        low, high = _ORDINARY
        return low * usual_s <= hump.t_s - self._last.t_s <= high * usual_s

    def _likeness(self, hump: Hump) -> float:
        if self._mould is None:
            return math.nan
        return _correlation(hump.shape, self._mould)

    def _flat_before(self, t_s: float) -> list[Unreadable]:
        over = [each for each in self.flats if each[1] <= t_s]
        self.flats = [each for each in self.flats if each[1] > t_s]
        return [
            Unreadable(start_s=start_s, end_s=end_s, why=Why.FLAT)
            for start_s, end_s in over
        ]


def _noise_of(times_s: list[float]) -> list[Unreadable]:
    if not times_s:
        return []
    return [
        Unreadable(
            start_s=min(times_s) - _AROUND_S,
            end_s=max(times_s) + _AROUND_S,
            why=Why.NOISE,
        )
    ]


def _correlation(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    whole = math.sqrt(float((one**2).sum()) * float((other**2).sum()))
    return float((one * other).sum()) / whole if whole > 0 else math.nan
