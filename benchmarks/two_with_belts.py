"""Two people at once, with belts: what their pulse tells of breath and likeness.

    python -m benchmarks.two_with_belts

Two pairs (11 with 12, 21 with 22), each in four recordings of five minutes at most:
pulse intervals of the ear and a belt. No pacer is said.

*Breath*: in minutes that overlap by half, the pace at which the intervals swing most,
from 6 to 30 a minute, against the belt's. Beside it the belt of somebody else in the
same task: what any two breathers agree by chance.
*Likeness*: the test of the session, of those who sat together and of those who did the
same task at another time. Four people make two pairs in three ways, so whatever comes
out, the true way is the most alike of three by chance in one task of three.

Exit status 2 without data.
"""

import csv
import math
import os
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import coreg
from coreg.analysis.spectrum import Band, peak_hz, psd_welch

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("COREG_SHARED", ROOT.parent / "shared"))
FOLDER = SHARED / "data" / "physiokit_dyads"
PEOPLE = ("P11", "P12", "P21", "P22")
TOGETHER = (("P11", "P12"), ("P21", "P22"))
TASKS = ("baseline", "A_Passive", "B_Easy", "C_Hard")
BELT_HZ = 10
MINUTE_S, STEP_S = 60.0, 30.0
BREATH = Band(low_hz=0.1, high_hz=0.5)

Array = NDArray[np.float64]


def pulse(person: str, task: str) -> tuple[Array, Array]:
    """Return when each interval ended, in s, and the intervals cleaned, in ms."""
    path = FOLDER / f"{person}_{task}_pulse.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        rows = [
            (float(row["t_s"]), float(row["rr_ms"])) for row in csv.DictReader(stream)
        ]
    t_s, rr_ms = np.array(rows).T
    return t_s, coreg.clean(rr_ms, t_s).nn_ms


def belt(person: str, task: str) -> Array:
    return np.loadtxt(FOLDER / f"{person}_{task}_resp_10hz.txt")


def paces_of_pulse(person: str, task: str) -> Array:
    """Return breaths a minute, minute by minute; NaN where too little is clean."""
    t_s, nn_ms = pulse(person, task)
    paces = []
    for start_s in np.arange(0, t_s[-1] - MINUTE_S, STEP_S):
        within = (t_s >= start_s) & (t_s < start_s + MINUTE_S)
        clean_s = np.nansum(nn_ms[within]) / 1000
        if clean_s < 0.8 * MINUTE_S:
            paces.append(math.nan)
            continue
        paces.append(60 * peak_hz(psd_welch(t_s[within], nn_ms[within]), BREATH))
    return np.array(paces)


def paces_of_belt(person: str, task: str) -> Array:
    moved = belt(person, task)
    size = round(MINUTE_S * BELT_HZ)
    frequency_hz = np.fft.rfftfreq(4096, 1 / BELT_HZ)
    is_breath = (frequency_hz >= BREATH.low_hz) & (frequency_hz < BREATH.high_hz)
    paces = []
    for start in range(0, moved.size - size + 1, round(STEP_S * BELT_HZ)):
        part = moved[start : start + size]
        part = (part - part.mean()) * np.hanning(size)
        power = np.abs(np.fft.rfft(part, 4096)) ** 2
        paces.append(60 * frequency_hz[is_breath][power[is_breath].argmax()])
    return np.array(paces)


def apart(pulse_of: str, belt_of: str, task: str) -> Array:
    """Return by how many breaths a minute the two differ, minute by minute."""
    heart, breath = paces_of_pulse(pulse_of, task), paces_of_belt(belt_of, task)
    shared = min(heart.size, breath.size)
    difference = np.abs(heart[:shared] - breath[:shared])
    return difference[np.isfinite(difference)]


def tell_breath() -> None:
    print("breath, pulse against belt  minutes  median apart  within 1 a minute")
    own = [np.concatenate([apart(who, who, task) for task in TASKS]) for who in PEOPLE]
    others = [
        np.concatenate([apart(who, each, t) for each in strangers(who) for t in TASKS])
        for who in PEOPLE
    ]
    for name, found in (("one's own", own), ("a stranger's", others)):
        all_of = np.concatenate(found)
        shares = np.array([(of_one <= 1).mean() for of_one in found])
        error = shares.std(ddof=1) / math.sqrt(shares.size)
        row = f"{name:26}{all_of.size:9}{np.median(all_of):14.2f}"
        print(f"{row}{(all_of <= 1).mean():15.2f} (SE over four people {error:.2f})")
    for who, of_one in zip(PEOPLE, own, strict=True):
        row = f"  {who:24}{of_one.size:9}{np.median(of_one):14.2f}"
        print(f"{row}{(of_one <= 1).mean():15.2f}")


def strangers(person: str) -> list[str]:
    """Return who never sat with this one."""
    pair = next(pair for pair in TOGETHER if person in pair)
    return [each for each in PEOPLE if each not in pair]


def tell_likeness() -> None:
    print("\ntask        pair      sat       |r| at best   lag s      p")
    best_true = judged = 0
    for task in TASKS:
        likeness: dict[tuple[str, str], float] = {}
        for a, b in combinations(PEOPLE, 2):
            (a_s, _), (b_s, _) = pulse(a, task), pulse(b, task)
            end_s = min(a_s[-1], b_s[-1])
            found = coreg.synchrony(
                a_s, b_s, phases={"task": (0, end_s)}, pacer=None, seed=1
            )
            r = abs(found.hr.r)
            likeness[a, b] = r
            sat = "together" if (a, b) in TOGETHER else "apart"
            row = f"{task:12}{a} {b}   {sat:10}{r:9.2f}"
            print(f"{row}{found.lag_s:12.1f}{found.p_hr:9.3f}")
        ways = [
            likeness[a, b] + likeness[c, d]
            for (a, b), (c, d) in (
                TOGETHER,
                (("P11", "P21"), ("P12", "P22")),
                (("P11", "P22"), ("P12", "P21")),
            )
        ]
        if np.isfinite(ways).all():
            judged += 1
            best_true += ways[0] == max(ways)
    print(
        f"\nThose who sat together are the most alike of the three ways to pair them in"
        f" {best_true} of {judged} tasks; chance alone gives one in three."
    )


def main() -> int:
    if not FOLDER.is_dir():
        print(f"Nothing to read: {FOLDER} is not there.")
        return 2
    tell_breath()
    tell_likeness()
    print("Two pairs: no rate for couples follows from it, either way.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
