"""Heart-rate variability: every figure that a recording is long enough for."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from coreg.analysis import hrv as analysed
from coreg.analysis.tachogram import elapsed_s
from coreg.api.checks import intervals_of, same_length, times_of
from coreg.api.results import Result, frame
from coreg.errors import BadInputError

if TYPE_CHECKING:
    import pandas as pd


class Hrv(Result, analysed.Hrv):
    """Heart-rate variability of one recording; definitions in docs/measures.md.

    A figure below its floor is NaN, and `reasons` says by its name what was missing;
    `cautions` says which are to be read with care. The unit is the last word of a name;
    `ln_rmssd`, `lf_hf`, `sampen` and `dfa_alpha1` have none.
    """

    __slots__ = ()

    def to_frame(self) -> "pd.DataFrame":
        """Return a pandas table of one row; MissingPackageError without pandas."""
        names = (*analysed.FLOORS, "clean_s")
        return frame({name: [getattr(self, name)] for name in names})


def hrv(nn_ms: ArrayLike, t_s: ArrayLike | None = None) -> Hrv:
    """Take every figure of heart-rate variability that there is enough data for.

    Parameters
    ----------
    nn_ms : array_like, shape (n,), milliseconds
        Intervals that cleaning accepted, NaN where it rejected one: never a shorter
        row, or intervals that were not neighbours become so.
    t_s : array_like, shape (n,), seconds, optional
        Time of the beat that ends each interval. Without, intervals are taken to have
        followed one another, and a NaN to have lasted as long as the median.

    Returns
    -------
    Hrv

    Raises
    ------
    BadInputError
        If an interval is 0 or below, a time is not known or goes back, the two do not
        match, or the numbers are in another unit.

    Examples
    --------
    Successive differences of 20 ms, and too little time for a spectrum:

    >>> figures = hrv([990.0, 1010.0] * 20)
    >>> round(figures.rmssd_ms, 6), figures.hf_ms2
    (20.0, nan)
    >>> figures.reasons["hf_ms2"]
    'needs 60 s of clean intervals and got 40 s'
    """
    kept_ms = intervals_of(nn_ms, "nn_ms")
    if (kept_ms == 0).any():
        raise BadInputError(
            f"nn_ms[{int(np.flatnonzero(kept_ms == 0)[0])}] is 0: no beat.",
            "Clean the intervals first: coreg.clean(rr_ms).nn_ms.",
        )
    if t_s is None:
        times_s = elapsed_s(kept_ms)
    else:
        times_s = times_of(t_s, "t_s")
        same_length({"nn_ms": kept_ms, "t_s": times_s})
    found = analysed.hrv(times_s, kept_ms)
    values: dict[str, Any] = {f.name: getattr(found, f.name) for f in fields(found)}
    return Hrv(**values)
