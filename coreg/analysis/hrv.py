"""Every figure of heart-rate variability of one recording, each above its floor.

A figure from too little data is worse than none. `FLOORS` says how much each needs;
below that it is NaN, and `Hrv.reasons` says in words what was missing.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.analysis import nonlinear, timedomain
from coreg.analysis.sample_entropy import FEWEST_INTERVALS, sampen_by_the_hour
from coreg.analysis.spectrum import (
    HF,
    LF,
    MIN_COVERAGE,
    VLF,
    Band,
    Spectrum,
    band_power_ms2,
    peak_hz,
    psd_welch,
)
from coreg.analysis.tachogram import MAX_HOLE_S, accepted
from coreg.facts.arrays import Floats

LF_FULL_CONFIDENCE_S: Final = 250.0
SAMPEN_STEADY_INTERVALS: Final = 2000
"""From here on, within an hour, sample entropy is of many states, not of one.

Its tolerance is a share of the SD of all: a trend widens that and lowers the entropy
(PubMed 32960753, trends in 200 to 2000 intervals), and over a day the entropy varies
widely (Zurek et al. 2018, doi 10.17512/jamcm.2018.2.09).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hrv:
    """Heart-rate variability of one recording; definitions in docs/measures.md.

    `reasons` holds, by name, why a figure is NaN; `cautions` why one is to be read
    with care.
    """

    mean_nn_ms: float
    mean_hr_bpm: float
    mean_inst_hr_bpm: float
    sdnn_ms: float
    rmssd_ms: float
    ln_rmssd: float
    pnn50_pct: float
    sd1_ms: float
    sd2_ms: float
    vlf_ms2: float
    lf_ms2: float
    hf_ms2: float
    lf_peak_hz: float
    hf_peak_hz: float
    lf_hf: float
    sampen: float
    dfa_alpha1: float
    clean_s: float
    reasons: Mapping[str, str]
    cautions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much there is: of clean intervals, or what a figure needs of them.

    `clean_s` is what they last together, `differences` counts those with an accepted
    neighbour before them, `covered` is the share of the recording's time filled by
    those a tachogram can be drawn through.
    """

    clean_s: float = 0.0
    intervals: int = 0
    differences: int = 0
    covered: float = 0.0


_ANY: Final = Extent(intervals=2)  # of one interval, no mean is one
_SHORT: Final = Extent(clean_s=30, differences=10)
_HF: Final = Extent(clean_s=60, covered=MIN_COVERAGE)
_LF: Final = Extent(clean_s=120, covered=MIN_COVERAGE)
_VLF: Final = Extent(clean_s=300, covered=MIN_COVERAGE)
_LONG: Final = Extent(intervals=FEWEST_INTERVALS)

FLOORS: Final[Mapping[str, Extent]] = {
    "mean_nn_ms": _ANY,
    "mean_hr_bpm": _ANY,
    "mean_inst_hr_bpm": _ANY,
    "sdnn_ms": _SHORT,
    "rmssd_ms": _SHORT,
    "ln_rmssd": _SHORT,
    "pnn50_pct": _SHORT,
    "sd1_ms": _SHORT,
    "sd2_ms": _SHORT,
    "vlf_ms2": _VLF,
    "lf_ms2": _LF,
    "hf_ms2": _HF,
    "lf_peak_hz": _LF,
    "hf_peak_hz": _HF,
    "lf_hf": _LF,
    "sampen": _LONG,
    "dfa_alpha1": _LONG,
}

_OF_INTERVALS: Final[Mapping[str, Callable[[Floats], float]]] = {
    "mean_nn_ms": timedomain.mean_nn_ms,
    "mean_hr_bpm": timedomain.mean_hr_bpm,
    "mean_inst_hr_bpm": timedomain.mean_inst_hr_bpm,
    "sdnn_ms": timedomain.sdnn_ms,
    "rmssd_ms": timedomain.rmssd_ms,
    "ln_rmssd": timedomain.ln_rmssd,
    "pnn50_pct": timedomain.pnn50_pct,
    "sd1_ms": nonlinear.sd1_ms,
    "sd2_ms": nonlinear.sd2_ms,
    "dfa_alpha1": nonlinear.dfa_alpha1,
}

_OF_SPECTRUM: Final[Mapping[str, Callable[[Spectrum], float]]] = {
    "vlf_ms2": lambda spectrum: band_power_ms2(spectrum, VLF),
    "lf_ms2": lambda spectrum: band_power_ms2(spectrum, LF),
    "hf_ms2": lambda spectrum: band_power_ms2(spectrum, HF),
    "lf_peak_hz": lambda spectrum: _peak_hz(spectrum, LF),
    "hf_peak_hz": lambda spectrum: _peak_hz(spectrum, HF),
    "lf_hf": lambda spectrum: _ratio(
        band_power_ms2(spectrum, LF), band_power_ms2(spectrum, HF)
    ),
}

_NONE: Final = np.zeros(0)
_UNDEFINED: Final = "its definition gives no number for these intervals"


def hrv(beat_t_s: Floats, nn_ms: Floats) -> Hrv:
    """Every figure that this recording is long enough for.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval; where only intervals are known,
        `coreg.analysis.tachogram.elapsed_s` of them.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one or beats were lost
        (`coreg.analysis.timedomain.with_gaps`).

    Returns
    -------
    Hrv
        NaN below a floor, with its reason.

    Notes
    -----
    A recording of n seconds holds n seconds of whole intervals less a part of one at
    either end, so a floor counts as reached two mean intervals early.

    References
    ----------
    Task Force of ESC and NASPE, Circulation 93 (1996) 1043. Quigley et al.,
    Psychophysiology 61 (2024) e14604.

    Examples
    --------
    >>> from coreg.analysis.tachogram import elapsed_s
    >>> nn_ms = np.tile([990.0, 1010.0], 20)
    >>> figures = hrv(elapsed_s(nn_ms), nn_ms)
    >>> round(figures.rmssd_ms, 6), figures.hf_ms2
    (20.0, nan)
    >>> figures.reasons["hf_ms2"]
    'needs 60 s of clean intervals and got 40 s'
    """
    have = extent(beat_t_s, nn_ms)
    slack_s = 2 * have.clean_s / max(have.intervals, 1)
    reasons = {
        name: reason
        for name, need in FLOORS.items()
        if (reason := _shortfall(have, need, slack_s))
    }
    wanted = [name for name in FLOORS if name not in reasons]
    figures = dict.fromkeys(FLOORS, math.nan)
    figures |= {n: _OF_INTERVALS[n](nn_ms) for n in wanted if n in _OF_INTERVALS}
    if any(name in _OF_SPECTRUM for name in wanted):
        spectrum = psd_welch(beat_t_s, nn_ms)
        figures |= {n: _OF_SPECTRUM[n](spectrum) for n in wanted if n in _OF_SPECTRUM}
    entropies = sampen_by_the_hour(beat_t_s, nn_ms) if "sampen" in wanted else _NONE
    if np.isfinite(entropies).any():
        figures["sampen"] = float(np.nanmedian(entropies))
    reasons |= {name: _UNDEFINED for name in wanted if math.isnan(figures[name])}
    return Hrv(
        **figures,
        clean_s=have.clean_s,
        reasons=reasons,
        cautions=_cautions(figures, have, entropies),
    )


def extent(beat_t_s: Floats, nn_ms: Floats) -> Extent:
    """How much usable data a recording holds.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    Extent

    Raises
    ------
    ValueError
        If the two differ in length, or an interval is not longer than nothing.

    Examples
    --------
    >>> extent(np.array([1.0, 2.0, 4.0]), np.array([1000.0, 1000.0, 1000.0]))
    Extent(clean_s=3.0, intervals=3, differences=2, covered=0.75)
    """
    if beat_t_s.shape != nn_ms.shape:
        raise ValueError(f"{beat_t_s.size} beat times for {nn_ms.size} intervals")
    if np.any(nn_ms <= 0):
        raise ValueError("an interval of 0 ms or less: clean the intervals first")
    t_s, kept_ms = accepted(beat_t_s, nn_ms)
    bridged_s = float(kept_ms[kept_ms <= 1000 * MAX_HOLE_S].sum()) / 1000
    span_s = float(t_s[-1] - t_s[0] + kept_ms[0] / 1000) if t_s.size else math.inf
    return Extent(
        clean_s=float(np.nansum(nn_ms)) / 1000,
        intervals=int(np.isfinite(nn_ms).sum()),
        differences=int(timedomain.successive_ms(nn_ms).size),
        covered=bridged_s / span_s,
    )


def _shortfall(have: Extent, need: Extent, slack_s: float) -> str:
    """Return in words what is missing; nothing where nothing is."""
    if have.clean_s + slack_s < need.clean_s:
        needed = f"needs {need.clean_s:.0f} s of clean intervals"
        return f"{needed} and got {have.clean_s:.0f} s"
    if have.intervals < need.intervals:
        return f"needs {need.intervals} clean intervals and got {have.intervals}"
    if have.differences < need.differences:
        return (
            f"needs {need.differences} pairs of neighbouring clean intervals "
            f"and got {have.differences}"
        )
    if have.covered < need.covered:
        return (
            f"needs {need.covered:.0%} of the time covered by clean intervals "
            f"and got {have.covered:.0%}"
        )
    return ""


def _cautions(
    figures: Mapping[str, float], have: Extent, entropies: Floats
) -> dict[str, str]:
    """Return by name why a figure is to be read with care."""
    cautions: dict[str, str] = {}
    if have.covered < MIN_COVERAGE:  # no spectrum then; what is left is a selection
        part = f"from {have.covered:.0%} of the time; the beats set aside may differ"
        cautions |= dict.fromkeys((*_OF_INTERVALS, "sampen"), part)
    if have.clean_s < LF_FULL_CONFIDENCE_S:
        full = f"full confidence from {LF_FULL_CONFIDENCE_S:.0f} s on"
        short = f"from {have.clean_s:.0f} s; {full}"
        cautions |= dict.fromkeys(("lf_ms2", "lf_peak_hz", "lf_hf"), short)
    if entropies.size > 1:
        known = np.count_nonzero(np.isfinite(entropies))
        told = f"in {entropies.size} parts of an hour at most, median of {known}"
        selected = cautions.get("sampen")
        why = f", {selected}" if selected else "; what changes within one lowers it"
        cautions["sampen"] = told + why
    elif have.intervals > SAMPEN_STEADY_INTERVALS and "sampen" not in cautions:
        most = f"take stretches of at most {SAMPEN_STEADY_INTERVALS}"
        told = f"over {have.intervals} intervals; what changes on the way lowers it"
        cautions["sampen"] = f"{told}: {most}"
    return {n: why for n, why in cautions.items() if not math.isnan(figures[n])}


def _peak_hz(spectrum: Spectrum, band: Band) -> float:
    """Return where the band's peak is; NaN where a heart that never varies has none."""
    return peak_hz(spectrum, band) if band_power_ms2(spectrum, band) > 0 else math.nan


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan
