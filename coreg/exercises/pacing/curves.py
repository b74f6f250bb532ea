"""What bodies do: candidate curves of heart-rate swing against breathing rate.

The shared pacer has to tell from a few noisy minutes which rate suits a person. It
never fits a curve; it weighs these candidates, each with the share of adults for whom
it is taken to hold. Only the shape counts here: every candidate is divided by its own
best in the guided range.

Families, and where they come from:

* **resonant** (most adults): a bump where the baroreflex resonates, on a share that
  does not depend on it. Resonances of adults lie at 4.5-6.6 breaths/min, about 5.5 in
  the middle (Vaschillo, Vaschillo & Lehrer, *Appl. Psychophysiol. Biofeedback* 31
  (2006) 129; Lehrer et al., *ibid.* 25 (2000) 177; Capdevila et al., *Sci. Rep.* 11
  (2021) 8400); the prior is wider than that. Widths are not published for single
  people: narrow, middling and broad are all kept.
* **slower is better**: the swing grows all the way down (Song & Lehrer, *Appl.
  Psychophysiol. Biofeedback* 28 (2003) 13).
* **flat**: nothing but the roll-off.

All roll off above a corner, by about 21 dB a decade (Hirsch & Bishop, *Am. J. Physiol.*
241 (1981) H620). Each candidate comes with and without a lower limit of comfort, below
which a person drifts off the pacer: what is not followed is no swing with the breath.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from coreg.exercises.pacing.pace_limits import FASTEST_PER_MIN, SLOWEST_PER_MIN
from coreg.facts.arrays import Floats

STEP_PER_MIN: Final = 0.1
# The rates a couple may be guided at, and those through which it may get there.
_GUIDED_TENTHS: Final = round(10 * SLOWEST_PER_MIN), round(10 * FASTEST_PER_MIN) + 1
GUIDED_PER_MIN: Final[Floats] = np.arange(*_GUIDED_TENTHS) / 10
ALL_PER_MIN: Final[Floats] = np.arange(40, 201) / 10
_GUIDED_COLUMNS: Final = slice(5, 31)

SHARE_RESONANT: Final = 0.70
SHARE_SLOWER_IS_BETTER: Final = 0.18
SHARE_FLAT: Final = 0.12

_RESONANCES_PER_MIN: Final[Floats] = np.arange(420, 695, 15) / 100
_RESONANCE_MEAN_PER_MIN: Final = 5.5
_RESONANCE_SD_PER_MIN: Final = 0.8
_WIDTHS_PER_MIN: Final = (0.5, 0.8, 1.3)
_FLOOR_SHARES: Final = (0.35, 0.6)
_SLOW_POWERS: Final = (0.4, 0.8, 1.3)
_CORNERS_PER_MIN: Final = (5.7, 8.0)
_MEAN_CORNER_PER_MIN: Final = 7.0
_ROLL_OFF_POWER: Final = 21 / 20  # 21 dB a decade

# One person in seven is taken to drift off a very slow pace.
_COMFORT_PER_MIN: Final = ((3.0, 0.85), (5.0, 0.045), (5.4, 0.06), (5.8, 0.045))
_COMFORT_SPREAD_PER_MIN: Final = 0.15


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidate curves and how common each is.

    Attributes
    ----------
    swing : ndarray, shape (n, 161)
        Swing at each of `ALL_PER_MIN`, over the candidate's own best in the guided
        range.
    prior : ndarray, shape (n,)
        Share of adults for whom it is taken to hold; adds up to 1.
    resonance_per_min : ndarray, shape (n,)
        Where it resonates; NaN where it does not.
    """

    swing: Floats
    prior: Floats
    resonance_per_min: Floats

    @property
    def guided(self) -> Floats:
        """Swing at each of `GUIDED_PER_MIN`, shape (n, 26)."""
        return self.swing[:, _GUIDED_COLUMNS]


@cache
def candidates() -> Candidates:
    """Return all candidates; the same object each time, its arrays read-only.

    Examples
    --------
    >>> each = candidates()
    >>> float(round(each.prior.sum(), 9)), float(each.guided.max())
    (1.0, 1.0)
    """
    shapes = [*_resonant(), *_slower_is_better(), *_flat()]
    swing, prior, resonance = [], [], []
    for shape, share, resonance_per_min in shapes:
        for limit_per_min, part in _COMFORT_PER_MIN:
            swing.append(shape * _followed_share(limit_per_min))
            prior.append(share * part)
            resonance.append(resonance_per_min)
    curves = np.array(swing)
    curves /= curves[:, _GUIDED_COLUMNS].max(axis=1, keepdims=True)
    found = Candidates(curves, np.array(prior), np.array(resonance))
    for array in (found.swing, found.prior, found.resonance_per_min):
        array.setflags(write=False)
    return found


Shape = tuple[Floats, float, float]  # curve, share of adults, resonance or NaN


def _resonant() -> list[Shape]:
    away = (_RESONANCES_PER_MIN - _RESONANCE_MEAN_PER_MIN) / _RESONANCE_SD_PER_MIN
    common = np.exp(-(away**2) / 2)
    common *= SHARE_RESONANT / common.sum()
    kinds = [(width, floor) for width in _WIDTHS_PER_MIN for floor in _FLOOR_SHARES]
    return [
        (_bump(float(rate), width, floor), float(share) / len(kinds), float(rate))
        for rate, share in zip(_RESONANCES_PER_MIN, common, strict=True)
        for width, floor in kinds
    ]


def _bump(resonance_per_min: float, width_per_min: float, floor: float) -> Floats:
    away = (ALL_PER_MIN - resonance_per_min) / width_per_min
    raised = floor + (1 - floor) * np.exp(-(away**2) / 2)
    return _roll_off(_MEAN_CORNER_PER_MIN) * raised


def _slower_is_better() -> list[Shape]:
    share = SHARE_SLOWER_IS_BETTER / len(_SLOW_POWERS)
    return [(ALL_PER_MIN**-power, share, np.nan) for power in _SLOW_POWERS]


def _flat() -> list[Shape]:
    share = SHARE_FLAT / len(_CORNERS_PER_MIN)
    return [(_roll_off(corner), share, np.nan) for corner in _CORNERS_PER_MIN]


def _roll_off(corner_per_min: float) -> Floats:
    return (1 + (ALL_PER_MIN / corner_per_min) ** 4) ** (-_ROLL_OFF_POWER / 4)


def _followed_share(limit_per_min: float) -> Floats:
    """Share of breaths that somebody with this limit of comfort manages to follow."""
    above = (ALL_PER_MIN - limit_per_min) / _COMFORT_SPREAD_PER_MIN
    return np.asarray(1 / (1 + np.exp(-above)))
