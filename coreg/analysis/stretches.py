"""A series cut into stretches of one length, such as the seconds of a 4 Hz series."""

from coreg.facts.arrays import Floats


def whole_stretches(x: Floats, size: int) -> Floats:
    """Return a series as one row a stretch; what is left over at its end is left out.

    Parameters
    ----------
    x : ndarray, shape (n,), any unit
    size : int
        Values in a stretch.

    Returns
    -------
    ndarray, shape (n // size, size)
        A view of `x` where numpy can give one.

    Examples
    --------
    >>> import numpy as np
    >>> whole_stretches(np.arange(5.0), 2).tolist()
    [[0.0, 1.0], [2.0, 3.0]]
    """
    return x[: x.size // size * size].reshape(-1, size)


def stretch_means(x: Floats, size: int) -> Floats:
    """Return the mean of each stretch, NaN where it holds one.

    Parameters
    ----------
    x : ndarray, shape (n,), any unit
    size : int
        Values in a stretch.

    Returns
    -------
    ndarray, shape (n // size,), the same unit

    Examples
    --------
    >>> import numpy as np
    >>> stretch_means(np.array([1.0, 3.0, np.nan, 5.0, 9.0]), 2).tolist()
    [2.0, nan]
    """
    means: Floats = whole_stretches(x, size).mean(axis=1)
    return means
