"""A few numbers by which beats are known again, however a recording was cut.

Strategy.

1. Every run of eight intervals in a row is hashed, and the sixteen smallest hashes are
   kept (Broder 1997, Proc. Compression and Complexity of Sequences, 21-29).
2. Whatever two cuts of one recording have in common, the smallest hashes of that part
   are mostly the smallest of both. Two hearts do not beat the same eight intervals to a
   hundredth of a millisecond; one that does not vary is left out, for it might.
"""

import hashlib
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats

RUN: Final = 8  # intervals
_KEPT: Final = 16
_FEWEST_VALUES: Final = 5  # of the eight: fewer are of no heart that could be told
FEWEST_SHARED: Final = 2
"""Hashes in common make two hearts one: a single one might be chance."""
_PER_MS: Final = 100


def heart_print(rr_ms: Floats) -> str:
    """Return what these beats are known again by.

    Parameters
    ----------
    rr_ms : ndarray, shape (n,), milliseconds
        Intervals as they were recorded, without any correction.

    Returns
    -------
    str
        Up to sixteen hashes with blanks between them; empty where there are too few
        intervals, or they hardly vary.

    Examples
    --------
    >>> rr_ms = 900 + 50 * np.sin(np.arange(300.0) ** 1.3)
    >>> one, other = heart_print(rr_ms[:280]), heart_print(rr_ms[20:])
    >>> len(set(one.split()) & set(other.split())) >= FEWEST_SHARED
    True
    >>> heart_print(np.full(300, 900.0))
    ''
    """
    told = np.round(rr_ms[np.isfinite(rr_ms)] * _PER_MS).astype("<i8")
    hashes = {
        hashlib.blake2b(run.tobytes(), digest_size=8).hexdigest()
        for run in (told[at : at + RUN] for at in range(told.size - RUN + 1))
        if np.unique(run).size >= _FEWEST_VALUES
    }
    return " ".join(sorted(hashes)[:_KEPT])
