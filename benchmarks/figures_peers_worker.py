"""Runs inside the peers' own environment, coreg beside them: seconds of each task out.

Called by `figures_peers.py`, with how many seconds each may take in all, and the names
of the lengths. Standard output: {length: {task: {who: seconds}}} as JSON.
Whichever peer cannot be imported or fails ends it with an error.
"""

import contextlib
import io
import json
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np

from coreg.analysis import nonlinear, timedomain
from coreg.analysis.hrv import hrv
from coreg.analysis.sample_entropy import sampen
from coreg.analysis.spectrum import HF, LF, VLF, band_power_ms2, psd_welch
from coreg.analysis.tachogram import elapsed_s

Work = Callable[[], object]
LENGTHS_S = {"5 min": 300, "an hour": 3600, "a day": 86_400}
TURNS, CALLS = 20, 6
LONGEST_FOR_ENTROPY_S = 3600
"""Peers compare every stretch with every other: of a day, for minutes or in 94 GB."""


def beats(length_s: float) -> Any:
    """Intervals (ms) of 1/f noise around 800 ms with a breath, 12 a minute."""
    count = int(length_s / 0.8)
    rng = np.random.default_rng(7)
    waves = np.fft.rfft(rng.normal(0, 1, count))
    waves[1:] /= np.sqrt(np.arange(1, waves.size))
    waves[0] = 0
    slow = np.fft.irfft(waves, count)
    breath = 20 * np.sin(2 * np.pi * 0.2 * 0.8 * np.arange(count))
    return np.round(800 + 40 * slow / slow.std() + breath + rng.normal(0, 8, count))


def time_domain(rr_ms: Any) -> None:
    for figure in (
        timedomain.mean_nn_ms,
        timedomain.mean_hr_bpm,
        timedomain.mean_inst_hr_bpm,
        timedomain.sdnn_ms,
        timedomain.sdsd_ms,
        timedomain.rmssd_ms,
        timedomain.pnn50_pct,
    ):
        figure(rr_ms)


def bands(rr_ms: Any) -> None:
    spectrum = psd_welch(elapsed_s(rr_ms), rr_ms)
    for band in (VLF, LF, HF):
        band_power_ms2(spectrum, band)


def time_and_bands(rr_ms: Any) -> None:
    time_domain(rr_ms)
    bands(rr_ms)


def neurokit2(rr_ms: Any) -> dict[str, Work]:
    library = import_module("neurokit2")
    peaks = {"RRI": rr_ms, "RRI_Time": np.cumsum(rr_ms) / 1000}
    tolerance = 0.2 * float(np.std(rr_ms, ddof=1))

    def usual() -> None:
        library.hrv_time(peaks)
        library.hrv_frequency(peaks, normalize=False)

    def entropy() -> object:
        return library.entropy_sample(rr_ms, dimension=2, tolerance=tolerance)

    return {TIME_AND_BANDS: usual, ENTROPY: entropy}


def systole(rr_ms: Any) -> dict[str, Work]:
    library = import_module("systole.hrv")

    def usual() -> None:
        library.time_domain(rr_ms)
        library.frequency_domain(rr_ms)

    return {TIME_AND_BANDS: usual}


def hrv_analysis(rr_ms: Any) -> dict[str, Work]:
    vars(np).setdefault("trapz", np.trapezoid)  # hrv-analysis wants the old name
    library = import_module("hrvanalysis")
    listed = list(rr_ms)

    def usual() -> None:
        library.get_time_domain_features(listed)
        library.get_frequency_domain_features(listed)

    return {TIME_AND_BANDS: usual, ENTROPY: lambda: library.get_sampen(listed)}


TIME_AND_BANDS, ENTROPY = "time domain and bands", "sample entropy of the whole"
ALL = "all figures"
OWN: Mapping[str, Callable[[Any], object]] = {
    ALL: lambda rr_ms: hrv(elapsed_s(rr_ms), rr_ms),
    TIME_AND_BANDS: time_and_bands,
    ENTROPY: sampen,
    "detrended fluctuation": nonlinear.dfa_alpha1,
}
PEERS = {"neurokit2": neurokit2, "systole": systole, "hrv-analysis": hrv_analysis}


def seconds(work: Mapping[str, Work], most_s: float) -> dict[str, float]:
    """Least CPU time of each, in turns, so that a busy machine is so for all."""
    least = dict.fromkeys(work, float("inf"))
    spent = dict.fromkeys(work, 0.0)
    for turn in range(TURNS):
        for who, function in work.items():
            for call in range(CALLS):
                if turn and spent[who] > most_s:
                    break
                began_s = time.process_time()
                function()
                took_s = time.process_time() - began_s
                spent[who] += took_s
                if call or took_s > most_s / CALLS:  # the first one warms up
                    least[who] = min(least[who], took_s)
                if took_s > most_s:
                    break
    return least


def of_length(length_s: float, most_s: float) -> dict[str, dict[str, float]]:
    rr_ms = beats(length_s)
    work: dict[str, dict[str, Work]] = {
        task: {"coreg": partial(own, rr_ms)} for task, own in OWN.items()
    }
    for name, load in PEERS.items():
        for task, function in load(rr_ms).items():
            if task != ENTROPY or length_s <= LONGEST_FOR_ENTROPY_S:
                work[task][f"{name} {version(name)}"] = function
    return {task: seconds(by_who, most_s) for task, by_who in work.items()}


def main() -> None:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        most_s, *names = sys.argv[1:]
        took = {name: of_length(LENGTHS_S[name], float(most_s)) for name in names}
    json.dump(took, sys.stdout)


if __name__ == "__main__":
    main()
