"""What a strap reports of a heart beside what its own ECG shows.

A strap counts beats by itself and sends the intervals; its ECG arrives apart from them,
timed by another clock. Both are of one heart: where they differ, one of them is wrong.

1. *One clock.* The intervals arrive later by an unknown, almost steady time. It is the
   shift at which most beats of both coincide and have the same interval: rhythm alone
   decides, and a heart that is steady is told by the little that it varies. Around it
   each minute may differ a little.
2. *Pairs.* A beat of one is a beat of the other if each is the other's nearest, within
   `NEAR_S`.
3. *Only one.* A beat without a partner counts only where the other was listening: no
   gap, and no stretch that is unreadable, so nobody is blamed for silence. And only if
   its absence shows: where the strap's interval is long enough for two, a beat of the
   ECG is one that the strap missed; where the ECG's is as long as usual, and the
   strap cuts it into parts that are too short, one of the strap is one too many. All
   else may be the ECG's own mistake.
4. Where less than half of the beats coincide nothing is said: the two may not be of one
   heart.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.rr_level import levels_ms
from coreg.facts.arrays import Flags, Floats

NEAR_S: Final = 0.12
SHOWN: Final = 0.8
"""As much as this a beat that only the ECG shows has to look like the heart's own."""
_FARTHEST_S, _STEP_S = 4.0, 0.02
_SAME_MS: Final = 30.0
_WINDOW: Final = 60
_DRIFT_S: Final = 0.4
_SMOOTH: Final = 20
_FEWEST: Final = 20
_LEAST: Final = 0.5
_FOR_TWO, _PART = 1.4, 0.75  # of what intervals are around it

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Beats by one witness: `t_s` ascending, the intervals that ended with them in ms.

    All of shape (n,). `after_gap` is where beats may be missing before one, and
    `is_sure` where it is certain to be one.
    """

    t_s: Floats
    rr_ms: Floats
    after_gap: Flags
    is_sure: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoWitnesses:
    """How the beats of a strap and those of its ECG go together.

    `ecg_of` and `strap_of` say which beat of the other each is, -1 none: shapes (strap
    beats,) and (ECG beats,). `difference_ms` is the strap's interval less the ECG's,
    NaN where the two are not of the same two beats. `only_strap` and `only_ecg` are
    beats that the other would have had to tell of and did not. `late_s` is how much
    later, in the median, a strap's beat is than the ECG's.
    """

    ecg_of: Indices
    strap_of: Indices
    difference_ms: Floats
    only_strap: Flags
    only_ecg: Flags
    late_s: float

    @property
    def matched(self) -> int:
        """How many beats both told of."""
        return int((self.ecg_of >= 0).sum())


def two_witnesses(strap: Heard, ecg: Heard) -> TwoWitnesses | None:
    """Compare the beats of a strap with those of its ECG.

    Returns
    -------
    TwoWitnesses or None
        None where too few coincide to say that both are of one heart.

    Examples
    --------
    A strap that is 2 s late and did not see one of thirty beats:

    >>> t_s = np.cumsum(0.8 + 0.05 * np.sin(np.arange(30.0)))
    >>> never, always = np.zeros(30, bool), np.ones(30, bool)
    >>> rr_ms = 1000 * np.diff(t_s, prepend=0.0)
    >>> ecg = Heard(t_s=t_s, rr_ms=rr_ms, after_gap=never, is_sure=always)
    >>> fewer_s = np.delete(t_s, 12)
    >>> strap = Heard(
    ...     t_s=fewer_s + 2.0,
    ...     rr_ms=1000 * np.diff(fewer_s, prepend=0.0),
    ...     after_gap=never[1:],
    ...     is_sure=always[1:],
    ... )
    >>> told = two_witnesses(strap, ecg)
    >>> told.matched, np.flatnonzero(told.only_ecg).tolist(), round(told.late_s, 6)
    (29, [12], 2.0)
    """
    if min(strap.t_s.size, ecg.t_s.size) < _FEWEST:
        return None
    late_s = _late_s(strap, ecg)
    if late_s is None:
        return None
    ecg_of, strap_of = _pairs(strap.t_s - late_s, ecg.t_s)
    for _ in range(2):  # the first pairs say more exactly how late each minute is
        late_s = _smoothed(late_s, strap.t_s, ecg.t_s, ecg_of)
        ecg_of, strap_of = _pairs(strap.t_s - late_s, ecg.t_s)
    is_one = ecg_of >= 0
    on_ecg_s = strap.t_s - late_s
    on_strap_s = ecg.t_s + np.interp(ecg.t_s, on_ecg_s, late_s)
    one_too_many = (_interval_at(ecg, on_ecg_s) < _FOR_TWO) & _cuts(strap)
    for_two = _interval_at(strap, on_strap_s) >= _FOR_TWO
    return TwoWitnesses(
        ecg_of=ecg_of,
        strap_of=strap_of,
        difference_ms=_difference_ms(strap, ecg, ecg_of),
        only_strap=~is_one & strap.is_sure & one_too_many,
        only_ecg=(strap_of < 0) & ecg.is_sure & for_two,
        late_s=float(np.median(strap.t_s[is_one] - ecg.t_s[ecg_of[is_one]])),
    )


def _late_s(strap: Heard, ecg: Heard) -> Floats | None:
    """Return about how late each beat of the strap is; None: they do not coincide."""
    everywhere_s = np.arange(-_FARTHEST_S, _FARTHEST_S + _STEP_S / 2, _STEP_S)
    listens = np.array([_agreement(strap, ecg, each_s) for each_s in everywhere_s])
    totals = listens.sum(axis=1)
    usual_s = float(everywhere_s[totals.argmax()])
    middles, shifts_s = [], []
    near = np.abs(everywhere_s - usual_s) <= _DRIFT_S
    for first in range(0, strap.t_s.size, _WINDOW):
        part = listens[near, first : first + _WINDOW].sum(axis=1)
        if part.max() < _LEAST * min(_WINDOW, strap.t_s.size - first):
            continue
        middles.append(first + _WINDOW / 2)
        shifts_s.append(float(everywhere_s[near][part.argmax()]))
    if totals.max() < _LEAST * _possible(strap, ecg, usual_s) or not middles:
        return None
    late_s: Floats = np.interp(np.arange(strap.t_s.size), middles, shifts_s)
    return late_s


def _agreement(strap: Heard, ecg: Heard, late_s: float) -> Floats:
    """Return how well each beat of the strap fits one of the ECG, 0 to 1."""
    at = _nearest(ecg.t_s, strap.t_s - late_s)
    apart_s = np.abs(strap.t_s - late_s - ecg.t_s[at])
    off_ms = np.abs(strap.rr_ms - ecg.rr_ms[at])
    fits = np.clip(1 - np.nan_to_num(off_ms, nan=_SAME_MS) / _SAME_MS, 0, 1)
    fit: Floats = np.where(apart_s <= NEAR_S, fits, 0.0)
    return fit


def _possible(strap: Heard, ecg: Heard, late_s: float) -> int:
    """Return how many beats of the strap could be compared at all."""
    return int(_listens(ecg, strap.t_s - late_s).sum())


def _nearest(t_s: Floats, at_s: Floats) -> Indices:
    right = np.clip(np.searchsorted(t_s, at_s), 1, t_s.size - 1)
    nearer: Indices = right - (at_s - t_s[right - 1] < t_s[right] - at_s)
    return nearer


def _pairs(strap_s: Floats, ecg_s: Floats) -> tuple[Indices, Indices]:
    """Return which beat of the other each is: both the other's nearest, and near."""
    ecg_of, strap_of = _nearest(ecg_s, strap_s), _nearest(strap_s, ecg_s)
    each = np.arange(strap_s.size)
    is_one = (strap_of[ecg_of] == each) & (np.abs(strap_s - ecg_s[ecg_of]) <= NEAR_S)
    back = np.full(ecg_s.size, -1)
    back[ecg_of[is_one]] = each[is_one]
    return np.where(is_one, ecg_of, -1), back


def _smoothed(
    late_s: Floats, strap_s: Floats, ecg_s: Floats, ecg_of: Indices
) -> Floats:
    """Return how late each beat is by the median of the pairs around it."""
    paired = np.flatnonzero(ecg_of >= 0)
    if not paired.size:
        return late_s
    each_s = strap_s[paired] - ecg_s[ecg_of[paired]]
    middle_s = [
        float(np.median(each_s[max(0, k - _SMOOTH) : k + _SMOOTH + 1]))
        for k in range(paired.size)
    ]
    smooth_s: Floats = np.interp(np.arange(strap_s.size), paired, middle_s)
    return smooth_s


def _difference_ms(strap: Heard, ecg: Heard, ecg_of: Indices) -> Floats:
    follows = np.zeros(strap.t_s.size, dtype=np.bool_)
    follows[1:] = (
        (ecg_of[1:] > 0) & (ecg_of[:-1] >= 0) & (ecg_of[1:] == ecg_of[:-1] + 1)
    )
    follows &= ~strap.after_gap & ~ecg.after_gap[np.maximum(ecg_of, 0)]
    apart_ms = strap.rr_ms - ecg.rr_ms[np.maximum(ecg_of, 0)]
    difference_ms: Floats = np.where(follows, apart_ms, np.nan)
    return difference_ms


def _listens(of: Heard, at_s: Floats) -> Flags:
    """Say at which times this witness was listening: between two of its neighbours."""
    after = np.searchsorted(of.t_s, at_s)
    inside = (after > 0) & (after < of.t_s.size)
    listens: Flags = inside & ~of.after_gap[np.clip(after, 0, of.t_s.size - 1)]
    return listens


def _cuts(strap: Heard) -> Flags:
    """Say which beats of the strap have an interval beside them that is too short."""
    known_ms = np.where(strap.after_gap, np.nan, strap.rr_ms)
    is_short = known_ms < _PART * levels_ms(known_ms)
    cuts: Flags = is_short | np.append(is_short[1:], False)
    return cuts


def _interval_at(of: Heard, at_s: Floats) -> Floats:
    """Return how long the interval at each time is, beside those around it.

    NaN where this witness was not listening.
    """
    share = of.rr_ms / levels_ms(np.where(of.after_gap, np.nan, of.rr_ms))
    after = np.clip(np.searchsorted(of.t_s, at_s), 0, of.t_s.size - 1)
    shares: Floats = np.where(_listens(of, at_s), share[after], np.nan)
    return shares
