"""How many heartbeats are found in a strap's ECG, and how finely they are timed.

    python -m benchmarks.r_peaks

Annotated: record 100 of the MIT-BIH database at 130 Hz. Measured: ten minutes of a
Polar H10 whose wearer has very frequent ventricular beats, beside the RR that the strap
itself sent. Made: an ECG (`made_ecg`) from the beats of 83 annotated chest-strap
recordings, of people who sit to people who jog, each with a body and noise of its own.
The rules were chosen with seeds below 20; what is printed is of others.

A beat is found if one is given within 50 ms. Sensitivity is found of all; positive
predictivity is found of given. With --peer also NeuroKit2's own detector, run by the
interpreter that is named, on the same samples.
"""

import argparse
import csv
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.made_ecg import CALM, MOVING, ROUGH, Motion, anybody, made_ecg
from coreg.analysis.r_peaks import r_peaks

Array = NDArray[np.float64]
ROOT: Final = Path(__file__).resolve().parents[1]
SHARED: Final = Path(os.environ.get("COREG_SHARED", ROOT.parent / "shared"))
NEAR_S: Final = 0.05
RATE_HZ: Final = 130.0
NOISES: Final = {"calm": CALM, "moving": MOVING, "rough": ROUGH}
PEER: Final = """
import json, sys, warnings
warnings.simplefilter("ignore")
import neurokit2, numpy
found = []
for ecg in json.load(sys.stdin):
    ecg = neurokit2.ecg_clean(numpy.array(ecg), sampling_rate=130, method="neurokit")
    _, info = neurokit2.ecg_peaks(ecg, sampling_rate=130, method="neurokit")
    found.append([int(at) for at in info["ECG_R_Peaks"]])
json.dump([neurokit2.__version__, found], sys.stdout)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of one recording: beats, found, given; errors of those found, in ms."""

    beats: int
    hits: int
    given: int
    off_ms: Array
    unreadable: float


def pairs(found_s: Array, true_s: Array) -> tuple[list[int], list[int]]:
    """Return which of the found are which of the true, each once, within 50 ms."""
    i = j = 0
    found: list[int] = []
    true: list[int] = []
    while i < found_s.size and j < true_s.size:
        apart_s = found_s[i] - true_s[j]
        if abs(apart_s) <= NEAR_S:
            found.append(i)
            true.append(j)
        i, j = i + (apart_s <= NEAR_S), j + (apart_s >= -NEAR_S)
    return found, true


def scored(found_s: Array, true_s: Array, unreadable: float = 0.0) -> Score:
    ours, theirs = pairs(found_s, true_s)
    off_ms = 1000 * (found_s[ours] - true_s[theirs])
    return Score(
        beats=true_s.size,
        hits=len(ours),
        given=found_s.size,
        off_ms=off_ms - np.median(off_ms) if off_ms.size else off_ms,
        unreadable=unreadable,
    )


def of_coreg(t_s: Array, ecg_uv: Array, true_s: Array) -> Score:
    found = r_peaks(t_s, ecg_uv, rate_hz=RATE_HZ)
    dark_s = sum(each.end_s - each.start_s for each in found.unreadable)
    return scored(found.t_s, true_s, float(dark_s / (t_s[-1] - t_s[0])))


def row(name: str, who: str, scores: list[Score]) -> str:
    beats, hits, given = (
        sum(getattr(each, field) for each in scores)
        for field in ("beats", "hits", "given")
    )
    sensitivity = np.array([each.hits / each.beats for each in scores])
    predictivity = np.array([each.hits / max(each.given, 1) for each in scores])
    off_ms = np.abs(np.concatenate([each.off_ms for each in scores]))
    dark = float(np.mean([each.unreadable for each in scores]))
    below = sum(
        1
        for sens, pred in zip(sensitivity, predictivity, strict=True)
        if min(sens, pred) < 0.995
    )
    return (
        f"| {name} | {who} | {len(scores)} | {beats} | {beats - hits} | {given - hits}"
        f" | {100 * hits / beats:.2f} ± {error(sensitivity):.2f}"
        f" | {100 * hits / max(given, 1):.2f} ± {error(predictivity):.2f} | {below}"
        f" | {np.median(off_ms):.2f} | {np.quantile(off_ms, 0.95):.2f}"
        f" | {100 * dark:.2f} |"
    )


def error(shares: Array) -> float:
    """Return the standard error of a mean over recordings, in %; 0 of one."""
    if shares.size < 2:
        return 0.0
    return float(100 * np.std(shares, ddof=1) / np.sqrt(shares.size))


def record_100() -> tuple[Array, Array, Array]:
    folder = SHARED / "data" / "mitdb_130hz"
    with gzip.open(folder / "100_ecg130hz_600s.csv.gz", "rt") as lines:
        ecg_uv = 1000 * np.loadtxt(lines, skiprows=1)
    with (folder / "100_beats.csv").open() as lines:
        true_s = np.array([float(each["t_s"]) for each in csv.DictReader(lines)])
    return np.arange(ecg_uv.size) / RATE_HZ, ecg_uv, true_s


def many_ventricular() -> tuple[Array, Array, Array]:
    """Times, voltages, and the strap's own RR in ms."""
    path = SHARED / "data" / "polar_h10_ecg_pvc" / "polar_h10_130hz_10min.csv.gz"
    with gzip.open(path, "rt", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return (
        np.array([float(each["t_s"]) for each in rows]),
        1000 * np.array([float(each["ecg_mv"]) for each in rows]),
        np.array([float(each["rr_ms"]) for each in rows if each["rr_ms"]]),
    )


def beside_the_straps_own(found_s: Array, strap_ms: Array) -> str:
    """Return how far RR are from the strap's, at the shift at which most beats fit."""
    strap_s = np.cumsum(strap_ms) / 1000
    shifts_s = [float(found_s[1] - strap_s[k]) for k in range(20)]
    best_s = max(shifts_s, key=lambda s: len(pairs(strap_s + s, found_s[1:])[0]))
    theirs, ours = pairs(strap_s + best_s, found_s[1:])
    off_ms = np.abs(strap_ms[theirs] - 1000 * np.diff(found_s)[ours])
    return (
        f"{found_s.size} beats; {len(ours)} of the strap's {strap_ms.size} RR matched;"
        f" |difference| median {np.median(off_ms):.2f} ms, 95 %"
        f" {np.quantile(off_ms, 0.95):.2f} ms, largest {off_ms.max():.1f} ms"
    )


def made(motion: Motion, seeds: range) -> Iterator[tuple[Array, Array, Array]]:
    folder = SHARED / "data" / "gudb_cheststrap_rpeaks"
    for seed in seeds:
        for k, path in enumerate(sorted(folder.glob("*.tsv"))):
            true_s = np.loadtxt(path) / 250
            true_s = true_s[true_s > 0.5]
            rng = np.random.default_rng([seed, k])
            yield *made_ecg(true_s, anybody(rng), motion, rng), true_s


def invented_in_noise() -> str:
    """Of what electrodes give that no chest is at, twenty times two minutes each."""
    t_s = np.arange(0, 120, 1 / RATE_HZ)
    counts: dict[str, list[int]] = {"hiss": [], "mains": [], "drift": [], "muscles": []}
    for seed in range(20, 40):
        rng = np.random.default_rng(seed)
        hiss_uv = rng.normal(0, 300, t_s.size)
        mains_uv = 500 * np.sin(2 * np.pi * 50 * t_s) + hiss_uv / 30
        bursts_uv = hiss_uv * np.abs(np.sin(2 * np.pi * 0.15 * t_s)) ** 3
        kinds = (hiss_uv, mains_uv, np.cumsum(hiss_uv), bursts_uv)
        for name, ecg_uv in zip(counts, kinds, strict=True):
            counts[name].append(r_peaks(t_s, np.round(ecg_uv)).t_s.size)
    return ", ".join(f"{name} {np.mean(n) / 2:.2f}" for name, n in counts.items())


def of_peer(python: str, all_uv: list[Array]) -> tuple[str, list[NDArray[np.int64]]]:
    answer = subprocess.run(
        [python, "-c", PEER],
        input=json.dumps([ecg_uv.tolist() for ecg_uv in all_uv]),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    version, found = json.loads(answer.stdout)
    return f"NeuroKit2 {version}", [np.array(each, dtype=int) for each in found]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3, metavar="N")
    parser.add_argument("--peer", metavar="PYTHON")
    asked = parser.parse_args()
    recordings = {"record 100": [record_100()]}
    for name, motion in NOISES.items():
        recordings[f"made, {name}"] = list(made(motion, range(20, 20 + asked.seeds)))
    print("| | | recordings | beats | missed | invented | sensitivity, %", end="")
    print(" | predictivity, % | below 99.5 % | error, ms | 95 % | unreadable, % |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for name, each in recordings.items():
        print(row(name, "coreg", [of_coreg(*one) for one in each]))
        if asked.peer:
            who, found = of_peer(asked.peer, [ecg_uv for _, ecg_uv, _ in each])
            scores = [
                scored(t_s[at], true_s)
                for (t_s, _, true_s), at in zip(each, found, strict=True)
            ]
            print(row(name, who, scores), flush=True)
    print("\nNoise alone, beats invented a minute:", invented_in_noise())
    t_s, ecg_uv, strap_ms = many_ventricular()
    print("\nMany ventricular beats, beside the strap's own RR:")
    found_s = r_peaks(t_s, ecg_uv).t_s
    print("coreg:", beside_the_straps_own(found_s, strap_ms))
    if asked.peer:
        who, (at,) = of_peer(asked.peer, [ecg_uv])
        print(f"{who}:", beside_the_straps_own(t_s[at], strap_ms))
    return 0


if __name__ == "__main__":
    sys.exit(main())
