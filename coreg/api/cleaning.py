"""Cleaning: what each interval is, and which may be measured."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from coreg.analysis import cleaning
from coreg.analysis.tachogram import elapsed_s
from coreg.api.checks import intervals_of, same_length, times_of
from coreg.api.results import Result, frame, frozen
from coreg.facts.arrays import Floats

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CleanBeats(Result):
    """Intervals and what cleaning says of each.

    Attributes
    ----------
    t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    rr_ms : ndarray, shape (n,), milliseconds
        As they were given.
    nn_ms : ndarray, shape (n,), milliseconds
        The interval where it is accepted, NaN elsewhere.
    labels : tuple of str, one an interval
        `normal`, `ectopic`, `missed`, `extra`, `long`, `short`, or `gap` where beats
        were lost before the interval.
    corrected_ms : ndarray, shape (m,), milliseconds
        What may be known of the true series: an extra beat is taken out, a gap is one
        NaN before its interval, and NaN stands where the truth cannot be known. It may
        be longer or shorter than `rr_ms`, and is not for measuring variability.
    """

    t_s: Floats
    rr_ms: Floats
    nn_ms: Floats
    labels: tuple[str, ...]
    corrected_ms: Floats

    @property
    def accepted_share(self) -> float:
        """The share of intervals that are accepted, 0 to 1; NaN where there is none."""
        if not self.nn_ms.size:
            return float("nan")
        return float(np.isfinite(self.nn_ms).mean())

    @property
    def label_counts(self) -> dict[str, int]:
        """How many intervals have each label."""
        return dict(Counter(self.labels))

    def to_frame(self) -> "pd.DataFrame":
        """Return a pandas table, a row an interval; MissingPackageError without."""
        return frame(
            {
                "t_s": self.t_s,
                "rr_ms": self.rr_ms,
                "nn_ms": self.nn_ms,
                "label": list(self.labels),
            }
        )


def clean(rr_ms: ArrayLike, t_s: ArrayLike | None = None) -> CleanBeats:
    """Say of each interval between heartbeats whether it may be measured.

    Parameters
    ----------
    rr_ms : array_like, shape (n,), milliseconds
        As the strap sent them; NaN, or 0 as some straps mark it, where a beat is known
        to be lost.
    t_s : array_like, shape (n,), seconds, optional
        Time of the beat that ends each interval. Where time goes on by more than the
        interval, beats were lost. Without times nothing can be known of that, and the
        intervals are taken to have followed one another.

    Returns
    -------
    CleanBeats

    Raises
    ------
    BadInputError
        If an interval is below 0, a time is not known or goes back, the two do not
        match, or the numbers are in another unit.

    Examples
    --------
    A beat that was not seen, and one that is none:

    >>> rr_ms = [800.0] * 30
    >>> rr_ms[10] = 1600.0
    >>> rr_ms[20:22] = [300.0, 500.0]
    >>> beats = clean(rr_ms)
    >>> beats.label_counts
    {'normal': 27, 'missed': 1, 'extra': 2}
    >>> beats.accepted_share
    0.9
    """
    raw_ms = intervals_of(rr_ms, "rr_ms")
    if t_s is None:
        times_s = elapsed_s(raw_ms)
        cleaned = cleaning.clean(raw_ms)
    else:
        times_s = times_of(t_s, "t_s")
        same_length({"rr_ms": raw_ms, "t_s": times_s})
        cleaned = cleaning.clean(raw_ms, times_s)
    return CleanBeats(
        t_s=frozen(times_s),
        rr_ms=frozen(raw_ms),
        nn_ms=frozen(cleaned.nn_ms),
        labels=cleaned.labels,
        corrected_ms=frozen(cleaned.corrected_ms),
    )
