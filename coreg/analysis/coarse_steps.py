"""Whether intervals go in steps so coarse that these alone make RMSSD larger.

Intervals worked out from whole heart rates go in steps of RR²/60 000, 17 ms at one beat
a second; a clock of 128 a second gives steps of 7.8 ms. Rounding to steps of `s` adds
s²/12 to the variance of each interval (Widrow & Kollár 2008, Quantization Noise, 4.1)
and so s²/6 to the square of RMSSD.
"""

from typing import Final

import numpy as np

from coreg.analysis.spread import MAD_TO_SD
from coreg.facts.arrays import Floats

_FEWEST: Final = 60
_FEWEST_LEVELS: Final = 3
_LEAST_STEP_MS: Final = 3.0
_CENTRAL: Final = (0.05, 0.95)
_USUAL_GAP: Final = 0.25  # some levels are empty: most gaps are one step or a few
_MATTERS: Final = 0.04  # of the square of RMSSD: 2 % of RMSSD itself


def coarse_step_ms(rr_ms: Floats) -> float:
    """Return the step that intervals go in where it makes RMSSD larger by 2 % or more.

    Parameters
    ----------
    rr_ms : ndarray, shape (beats,), milliseconds
        Intervals as they stand in a file; NaN for none.

    Returns
    -------
    float
        Milliseconds, and 0 where no step of 3 ms or more shows, or does not matter.

    Examples
    --------
    >>> bpm = 60 + np.array([0, 1, 2, 3, 4, 3, 2, 1] * 12)
    >>> round(coarse_step_ms(60_000 / bpm))
    15
    >>> coarse_step_ms(np.arange(800.0, 900.0))
    0.0
    """
    held = rr_ms[np.isfinite(rr_ms) & (rr_ms > 0)]
    if held.size < _FEWEST:
        return 0.0
    low, high = np.quantile(held, _CENTRAL)
    levels = np.unique(held[(held >= low) & (held <= high)])
    gaps = np.diff(levels)
    if levels.size < _FEWEST_LEVELS or gaps.min() < _LEAST_STEP_MS:
        return 0.0
    step_ms = float(np.quantile(gaps, _USUAL_GAP))
    # The median is not moved by the few intervals that cleaning will set aside.
    rmssd_ms = MAD_TO_SD * float(np.median(np.abs(np.diff(held))))
    return step_ms if step_ms**2 / 6 > _MATTERS * rmssd_ms**2 else 0.0
