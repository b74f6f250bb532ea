"""Whether one minute carries most of what makes two hearts alike.

Strategy.

1. Each minute is left out in turn, moved by half a minute: its beats are lost, as where
   a strap was silent, and the test is made again.
2. Leaving out whatever says most weakens any finding, also one that is there all the
   time: of evenly coupled hearts (.5) that were told alike, half no longer were. So
   chance loses its own most telling minute too, and what is left is compared with what
   is left of chance.

A bell, a cough or a laugh of both is such a minute. So may be the one minute in which
two people met: which it was, no figure says.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coreg.analysis.session_regressors import Pacer
from coreg.analysis.surrogates import p_value
from coreg.analysis.synchrony import Phase, synchrony
from coreg.analysis.synchrony_channels import ComparedHeart

MINUTE_S: Final = 60.0
MOVED_BY_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingMinute:
    """The minute without which two hearts are least alike.

    Attributes
    ----------
    start_s, end_s : float, seconds
        On the clock of the session; NaN where it cannot be told.
    p : float
        Share of chance that is as alike without a minute of its own; NaN where too
        little is left without one.
    """

    start_s: float
    end_s: float
    p: float


UNTOLD: Final = TellingMinute(start_s=np.nan, end_s=np.nan, p=np.nan)


def most_telling_minute(
    a: ComparedHeart,
    b: ComparedHeart,
    *,
    phase: Phase,
    pacer: Pacer,
    surrogates: int,
    seed: int,
) -> TellingMinute:
    """Leave out each minute of a phase, and test what is left in slow heart rate.

    Parameters
    ----------
    a, b : ComparedHeart
        Cleaned, on one clock.
    phase : Phase
        One in which they were alike.
    pacer : Pacer
        As it was shown.
    surrogates : int
        How often chance is drawn.
    seed : int
        The same seed gives the same answer, and the same chance for each minute.

    Returns
    -------
    TellingMinute

    Examples
    --------
    >>> from coreg.analysis.session_regressors import NO_PACER
    >>> heart = ComparedHeart(
    ...     beat_t_s=np.arange(1.0, 120.0),
    ...     nn_ms=np.full(119, 1000.0),
    ...     gaps_s=np.empty((0, 2)),
    ... )
    >>> rest = Phase(name="rest", start_s=0.0, end_s=120.0)
    >>> most_telling_minute(
    ...     heart, heart, phase=rest, pacer=NO_PACER, surrogates=19, seed=1
    ... ).p
    nan
    """
    left, nulls, starts_s = [], [], []
    for start_s in np.arange(phase.start_s, phase.end_s - MINUTE_S + 1e-9, MOVED_BY_S):
        found = synchrony(
            without_minute(a, start_s),
            without_minute(b, start_s),
            phases=[phase],
            pacer=pacer,
            surrogates=surrogates,
            seed=seed,
        )
        if found.missing is None:
            left.append(found.hr.statistic * np.sign(found.hr.r))
            nulls.append(found.hr.null)
            starts_s.append(float(start_s))
    if not left:
        return UNTOLD
    least = int(np.argmin(left))
    return TellingMinute(
        start_s=starts_s[least],
        end_s=starts_s[least] + MINUTE_S,
        p=p_value(left[least], np.min(nulls, axis=0)),
    )


def without_minute(heart: ComparedHeart, start_s: float) -> ComparedHeart:
    """Return a heart of which a minute was not heard.

    Examples
    --------
    >>> heart = ComparedHeart(
    ...     beat_t_s=np.array([5.0, 50.0, 95.0]),
    ...     nn_ms=np.array([900.0, 900.0, 900.0]),
    ...     gaps_s=np.array([[70.0, 80.0], [200.0, 210.0]]),
    ... )
    >>> left = without_minute(heart, 30.0)
    >>> left.nn_ms.tolist(), left.gaps_s.tolist()
    ([900.0, nan, 900.0], [[30.0, 90.0], [200.0, 210.0]])
    """
    end_s = start_s + MINUTE_S
    inside = (heart.beat_t_s >= start_s) & (heart.beat_t_s < end_s)
    over = (heart.gaps_s[:, 0] <= end_s) & (heart.gaps_s[:, 1] >= start_s)
    touched = np.concatenate((heart.gaps_s[over].ravel(), [start_s, end_s]))
    gap_s = np.array([[touched.min(), touched.max()]])
    gaps_s = np.concatenate((heart.gaps_s[~over], gap_s))
    return replace(
        heart,
        nn_ms=np.where(inside, np.nan, heart.nn_ms),
        gaps_s=gaps_s[np.argsort(gaps_s[:, 0])],
    )
