"""Whether one minute carries most of what makes two hearts alike.

Each minute is left out in turn, moved by half a minute: its beats are lost, as where a
strap was silent, and likeness is looked at again. What is lost with the minute that
says most is told as a share of what was beyond chance. That is a description and no
test: it says how likeness was spread over time, of hearts that share something, too.

A bell, a cough or a laugh of both is such a minute. So may be the one minute in which
two people met: which it was, no figure says.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coreg.analysis.likeness import Likeness
from coreg.analysis.session_regressors import Pacer
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
    left : float
        Share of what is beyond chance that is left without it: the statistic less the
        mean of chance, over the same of the whole phase. Below 0 where less is left
        than chance gives; NaN where too little is left to look at.
    """

    start_s: float
    end_s: float
    left: float


UNTOLD: Final = TellingMinute(start_s=np.nan, end_s=np.nan, left=np.nan)


def most_telling_minute(
    a: ComparedHeart,
    b: ComparedHeart,
    *,
    phase: Phase,
    pacer: Pacer,
    likeness: Likeness,
) -> TellingMinute:
    """Leave out each minute of a phase, and look at the slow heart rate that is left.

    Parameters
    ----------
    a, b : ComparedHeart
        Cleaned, on one clock.
    phase : Phase
        One in which they were alike.
    pacer : Pacer
        As it was shown.
    likeness : Likeness
        In heart rate, of the whole phase.

    Returns
    -------
    TellingMinute

    Examples
    --------
    >>> from coreg.analysis.likeness import unknown_likeness
    >>> from coreg.analysis.session_regressors import NO_PACER
    >>> heart = ComparedHeart(
    ...     beat_t_s=np.arange(1.0, 120.0),
    ...     nn_ms=np.full(119, 1000.0),
    ...     gaps_s=np.empty((0, 2)),
    ... )
    >>> rest = Phase(name="rest", start_s=0.0, end_s=120.0)
    >>> most_telling_minute(
    ...     heart, heart, phase=rest, pacer=NO_PACER, likeness=unknown_likeness(19)
    ... ).left
    nan
    """
    last_s = phase.end_s - MINUTE_S
    starts_s = np.append(np.arange(phase.start_s, last_s, MOVED_BY_S), last_s)
    left = []
    for start_s in starts_s[starts_s >= phase.start_s]:
        found = synchrony(
            without_minute(a, start_s),
            without_minute(b, start_s),
            phases=[phase],
            pacer=pacer,
            surrogates=1,  # of chance nothing is asked here
            seed=0,
        )
        if found.missing is None:
            signed = found.hr.statistic * np.sign(found.hr.r * likeness.r)
            left.append((float(signed), float(start_s)))
    if not left:
        return UNTOLD
    least, start_s = min(left)
    chance = float(likeness.null.mean())
    return TellingMinute(
        start_s=start_s,
        end_s=start_s + MINUTE_S,
        left=(least - chance) / (likeness.statistic - chance),
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
