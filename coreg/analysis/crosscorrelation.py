"""Two heart rates side by side: one grid for both, then windowed cross-correlation.

The surface (Boker et al. 2002) is for looking, not for deciding: breathing with one
pacer makes any two hearts look alike in it.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from coreg.analysis.tachogram import MAX_HOLE_S
from coreg.facts.arrays import Flags, Floats

GRID_RATE_HZ = 4.0
_FLAT = 1e-9
"""Window sums of squares below this, in variances of the whole series, are rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LagSurface:
    """Correlation of two series over time and lag.

    Attributes
    ----------
    t_s : ndarray, shape (windows,), seconds
        Middle of each window, from the first sample.
    lag_s : ndarray, shape (lags,), seconds
        Above 0: what A shows, B shows later.
    r : ndarray, shape (lags, windows)
        Pearson correlation, signed; NaN where a window holds a gap, does not vary, or
        reaches beyond the record.
    """

    t_s: Floats
    lag_s: Floats
    r: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Windowed:
    """One standardised series and the sums over the window that begins at a sample."""

    z: Floats
    total: Floats
    squares: Floats


def instantaneous_hr_bpm(
    beat_t_s: Floats, nn_ms: Floats, gaps_s: Floats, grid_s: Floats
) -> Floats:
    """Heart rate on a regular grid, from a monotone curve through ln(NN).

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        When each beat came; strictly increasing.
    nn_ms : ndarray, shape (n,), milliseconds
        The interval that ended with each beat; NaN where cleaning rejected it.
    gaps_s : ndarray, shape (m, 2), seconds
        Start and end of the stretches in which beats were lost.
    grid_s : ndarray, shape (k,), seconds
        When the rate is wanted; increasing.

    Returns
    -------
    ndarray, shape (k,), beats per minute
        NaN outside the accepted beats, between the two that enclose a gap, and where
        accepted beats are more than `MAX_HOLE_S` apart.

    Raises
    ------
    ValueError
        If beat times do not increase strictly.

    Notes
    -----
    The logarithm makes interval and rate two signs of one curve, and PCHIP (Fritsch &
    Carlson 1980) never overshoots: an ordinary spline rings beside a rejected beat.

    Examples
    --------
    >>> beat_t_s = np.array([1.0, 2.0, 3.0])
    >>> nn_ms = np.array([1000.0, 1000.0, 1000.0])
    >>> instantaneous_hr_bpm(
    ...     beat_t_s, nn_ms, np.empty((0, 2)), np.array([0.5, 1.5, 2.5])
    ... )
    array([nan, 60., 60.])
    """
    if np.any(np.diff(beat_t_s) <= 0):
        raise ValueError("beat times must increase strictly")
    accepted = np.isfinite(nn_ms)
    knots_s = beat_t_s[accepted]
    hr_bpm = np.full(grid_s.size, np.nan)
    if knots_s.size < 2:
        return hr_bpm
    ln_nn = PchipInterpolator(knots_s, np.log(nn_ms[accepted]), extrapolate=False)
    known = ~_within(grid_s, _breaks_s(knots_s, gaps_s))
    hr_bpm[known] = 60_000 * np.exp(-ln_nn(grid_s[known]))
    return hr_bpm


def _breaks_s(knots_s: Floats, gaps_s: Floats) -> Floats:
    """Return the stretches between accepted beats that hold a gap or are too long."""
    broken = np.diff(knots_s) > MAX_HOLE_S
    for start_s, end_s in gaps_s:
        broken |= (knots_s[:-1] < end_s) & (knots_s[1:] > start_s)
    return np.column_stack((knots_s[:-1][broken], knots_s[1:][broken]))


def _within(t_s: Floats, spans_s: Floats) -> Flags:
    """Say which times lie strictly inside one of these ordered spans."""
    if not spans_s.size:
        return np.zeros(t_s.size, dtype=bool)
    at = np.searchsorted(spans_s[:, 0], t_s, side="left") - 1
    inside: Flags = (at >= 0) & (t_s < spans_s[at, 1])
    return inside


def windowed_cross_correlation(
    a: Floats,
    b: Floats,
    *,
    rate_hz: float,
    window_s: float = 30.0,
    max_lag_s: float = 10.0,
    step_s: float = 1.0,
) -> LagSurface:
    """Windowed cross-correlation of two series on one grid.

    Parameters
    ----------
    a, b : ndarray, shape (n,)
        The two series, sampled together; NaN in gaps.
    rate_hz : float
        Samples a second; every lag of a whole number of samples is computed.
    window_s, max_lag_s, step_s : float, seconds
        Length of a window, the largest lag either way, and the way from one window to
        the next.

    Returns
    -------
    LagSurface
        With no windows where the series are shorter than one.

    Raises
    ------
    ValueError
        If the series differ in length, or a window or step is shorter than its least
        (3 samples, 1 sample).

    Notes
    -----
    1. Both windows move, each by half the lag, so that a cell shows its own moment
       and exchanging the partners turns the surface over and changes nothing else.
    2. Each series is standardised once; sums over windows are differences of
       cumulative sums, so a cell costs the same however long the window is.

    References
    ----------
    Boker, Xu, Rotondo & King (2002), Psychological Methods 7(3), 338-355.

    Examples
    --------
    >>> t_s = np.arange(240) / 4
    >>> a, b = np.sin(t_s), np.sin(t_s - 1.0)  # B does it one second later
    >>> surface = windowed_cross_correlation(a, b, rate_hz=4.0, max_lag_s=3.0)
    >>> float(surface.lag_s[np.argmax(surface.r[:, 15])])
    1.0
    """
    window, step = round(window_s * rate_hz), round(step_s * rate_hz)
    if a.shape != b.shape:
        raise ValueError(f"series of {a.size} and {b.size} samples share no grid")
    if window < 3 or step < 1:
        raise ValueError("a window takes at least 3 samples and a step at least 1")
    starts = np.arange(0, a.size - window + 1, step)
    lags = np.arange(-round(max_lag_s * rate_hz), round(max_lag_s * rate_hz) + 1)
    r = np.full((lags.size, starts.size), np.nan)
    if starts.size:
        of_a, of_b = _windowed(a, window), _windowed(b, window)
        for row, lag in enumerate(lags):
            early, late = (of_a, of_b) if lag >= 0 else (of_b, of_a)
            _correlate(early, late, abs(int(lag)), window, starts, r[row])
    middle_s: Floats = np.asarray(starts + (window - 1) / 2, dtype=np.float64) / rate_hz
    return LagSurface(t_s=middle_s, lag_s=lags / rate_hz, r=r)


def _windowed(x: Floats, window: int) -> _Windowed:
    known = np.isfinite(x)
    z = np.zeros(x.size)
    if known.any():
        z[known] = x[known] - x[known].mean()
        spread = float(np.sqrt(np.mean(z[known] ** 2)))
        if spread > 1e-12 * float(np.abs(x[known]).max()):
            z /= spread
        else:
            z[:] = 0.0  # a constant: what is left is rounding
    total = _sums(z, window)
    squares = _sums(z * z, window) - total**2 / window
    unusable = (_sums((~known).astype(np.float64), window) > 0) | (squares < _FLAT)
    squares[unusable] = np.nan
    return _Windowed(z=z, total=total, squares=squares)


def _sums(x: Floats, window: int) -> Floats:
    """Return the sum over each window, by the sample at which it begins."""
    running = np.concatenate(([0.0], np.cumsum(x)))
    sums: Floats = running[window:] - running[:-window]
    return sums


def _correlate(
    early: _Windowed,
    late: _Windowed,
    lag: int,
    window: int,
    starts: NDArray[np.int64],
    out: Floats,
) -> None:
    """Write one row: `early` half the lag before each start, `late` half after."""
    first, second = starts - lag // 2, starts + lag - lag // 2
    inside = (first >= 0) & (second + window <= early.z.size)
    if not inside.any():
        return
    first, second = first[inside], second[inside]
    products = _sums(early.z[: early.z.size - lag] * late.z[lag:], window)
    covariance = products[first] - early.total[first] * late.total[second] / window
    scale = np.sqrt(early.squares[first] * late.squares[second])
    out[inside] = np.clip(covariance / scale, -1.0, 1.0)


def masked_beyond_half_breath(surface: LagSurface, breath_s: Floats) -> LagSurface:
    """Blank the lags that only repeat others while breathing is regular.

    Two hearts that swing with one regular breath are alike again a whole breath later:
    beyond half a breath a lag says nothing that a shorter one has not said.

    Parameters
    ----------
    surface : LagSurface
    breath_s : ndarray, shape (windows,), seconds
        Length of a breath at each window; NaN where breathing is free.

    Returns
    -------
    LagSurface
        The same, NaN where the lag exceeds half a breath.

    Examples
    --------
    >>> surface = LagSurface(
    ...     t_s=np.array([15.0]), lag_s=np.array([0.0, 5.0, 6.0]), r=np.ones((3, 1))
    ... )
    >>> masked_beyond_half_breath(surface, np.array([10.0])).r.ravel()
    array([ 1.,  1., nan])
    """
    repeats = np.abs(surface.lag_s)[:, np.newaxis] > breath_s[np.newaxis, :] / 2
    return replace(surface, r=np.where(repeats, np.nan, surface.r))
