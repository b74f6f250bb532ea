"""Every sentence about one recording."""

from collections.abc import Mapping
from typing import Final

from coreg.report.words.numbers import short_length

TACHOGRAM = "Intervals over time; crosses are set aside by cleaning"
SPECTRUM = "Power spectrum (Welch)"
POINCARE = "Each interval against the next"
NO_SPECTRUM = "Too short, or too many gaps, for a spectrum."
NO_NEIGHBOURS = "No two clean intervals follow one another."
MOST_NAMED_FLAGS: Final = 25

UNITS: Final[Mapping[str, str]] = {
    "mean_nn_ms": "ms",
    "mean_hr_bpm": "beats/min",
    "mean_inst_hr_bpm": "beats/min",
    "sdnn_ms": "ms",
    "rmssd_ms": "ms",
    "ln_rmssd": "ln ms",
    "pnn50_pct": "%",
    "sd1_ms": "ms",
    "sd2_ms": "ms",
    "vlf_ms2": "ms²",
    "lf_ms2": "ms²",
    "hf_ms2": "ms²",
    "lf_peak_hz": "Hz",
    "hf_peak_hz": "Hz",
    "lf_hf": "",
    "sampen": "",
    "dfa_alpha1": "",
}

MEANINGS: Final[Mapping[str, str]] = {
    "mean_nn_ms": "mean interval",
    "mean_hr_bpm": "60 000 over the mean interval",
    "mean_inst_hr_bpm": "mean of 60 000 over each interval",
    "sdnn_ms": "standard deviation of intervals",
    "rmssd_ms": "root mean square of successive differences",
    "ln_rmssd": "natural logarithm of RMSSD in ms",
    "pnn50_pct": "successive differences above 50 ms",
    "sd1_ms": "Poincaré plot, across",
    "sd2_ms": "Poincaré plot, along",
    "vlf_ms2": "power at .0033-.04 Hz",
    "lf_ms2": "power at .04-.15 Hz",
    "hf_ms2": "power at .15-.40 Hz",
    "lf_peak_hz": "peak within LF",
    "hf_peak_hz": "peak within HF",
    "lf_hf": "LF over HF; no balance of anything",
    "sampen": "sample entropy, m 2, r .2 SD",
    "dfa_alpha1": "detrended fluctuation, boxes 4-16",
}


def caution_lines(cautions: Mapping[str, str]) -> list[str]:
    """Return each caution once, with the figures that it is about.

    Examples
    --------
    >>> caution_lines({"lf_ms2": "from 200 s", "lf_hf": "from 200 s"})
    ['Caution: from 200 s (lf_ms2, lf_hf)']
    """
    about: dict[str, list[str]] = {}
    for name, why in cautions.items():
        about.setdefault(why, []).append(name)
    return [f"Caution: {why} ({', '.join(names)})" for why, names in about.items()]


def untrue_lines(over_counted_s: float) -> list[str]:
    r"""Warn of more heartbeats than there was time for, where there were.

    Examples
    --------
    >>> untrue_lines(0.0), untrue_lines(90.0)[0][:23]
    ([], 'Caution: for 1\xa0min\xa030\xa0s')
    """
    if not over_counted_s:
        return []
    caution = (
        f"Caution: for {short_length(over_counted_s)} there is more time in the "
        "intervals than on the recorder’s clock, as if heartbeats had been written "
        "down twice; all of them are set aside."
    )
    return [caution]


def summary_line(*, kind: str, intervals: int, labels: Mapping[str, int]) -> str:
    """Return what a recording is and what cleaning made of it."""
    flagged = ", ".join(
        f"{count} {label}"
        for label, count in sorted(labels.items())
        if label != "normal"
    )
    return f"{intervals} intervals ({kind}); set aside: {flagged or 'none'}"
