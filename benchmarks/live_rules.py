"""One rule for artefacts on the live path, or several? What each leaves to steer by.

    python -m benchmarks.live_rules [--hearts 60]

A heart breathes at six a minute for about six minutes; 3 % of its beats are missed,
made up, or early with or without a pause. The figures that pace and flooding go by are
taken of its beats as each rule leaves them, against those of the true beats:

* the answer to each breath (`response_ms`): error as a share of the true answer, and
  how many breaths have none;
* heart rate over exactly one breath (`hr_between`), beats a minute;
* RMSSD over 20 s, as a ratio, of neighbours that are left.

Rules: none; within 20 % of the median of nine around (pace and *settled*); within 30 %
of the median of the last nine (flooding); the live cleaner, whose answer comes three
beats late.
"""

import argparse
import math
import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.quiet_hearts import breath, on_ticks, places, slow_waves
from coreg.analysis.cleaning_causal import CausalCleaner, CleanedBeat
from coreg.exercises.pacing.response import plausible, response_ms
from coreg.exercises.states.flooding import hr_between
from coreg.sensors.timing.beats import TimedBeat

Array = NDArray[np.float64]
Kept = tuple[Array, Array]
BEATS = 400
PERIOD_S = 10.0
RMSSD_S = 20.0
SHARE = 0.03


def true_heart(rng: np.random.Generator) -> Array:
    """50-85 beats a minute, a swing of 4-30 % with six breaths a minute."""
    mean_ms = rng.uniform(700, 1200)
    per_beat = mean_ms / 1000 / PERIOD_S
    swing = rng.uniform(0.02, 0.15) * breath(BEATS, per_beat, rng)
    noise = rng.normal(0, rng.uniform(3, 15), BEATS)
    return on_ticks(mean_ms * (1 + swing) + noise + 15 * slow_waves(BEATS, rng))


def disturbed(rr_ms: Array, rng: np.random.Generator) -> Array:
    """Return what a strap sends of it; the clock goes on as it did, but for resets."""
    out: list[float] = []
    at = set(places(rr_ms.size, round(SHARE * rr_ms.size), rng))
    i = 0
    while i < rr_ms.size:
        rr = float(rr_ms[i])
        if i not in at:
            out.append(rr)
            i += 1
            continue
        match int(rng.integers(4)):
            case 0:
                out.append(rr + float(rr_ms[i + 1]))
                i += 1
            case 1:
                part = rng.uniform(0.25, 0.75)
                out += [part * rr, (1 - part) * rr]
            case 2:
                early = rng.uniform(0.1, 0.35) * rr
                out += [rr - early, float(rr_ms[i + 1]) + early]
                i += 1
            case _:
                out.append(rr * (1 - rng.uniform(0.1, 0.25)))
        i += 1
    return on_ticks(np.array(out))


def none(t_s: Array, rr_ms: Array) -> Kept:
    return t_s, rr_ms


def around_nine(t_s: Array, rr_ms: Array) -> Kept:
    return plausible(t_s, rr_ms)


def last_nine(t_s: Array, rr_ms: Array) -> Kept:
    usual = [float(np.median(rr_ms[max(0, i - 8) : i + 1])) for i in range(rr_ms.size)]
    kept = np.abs(rr_ms - usual) <= 0.3 * np.array(usual)
    return t_s[kept], rr_ms[kept]


def cleaner(t_s: Array, rr_ms: Array) -> Kept:
    causal, said = CausalCleaner(), list[CleanedBeat]()
    for at_s, rr in zip(t_s.tolist(), rr_ms.tolist(), strict=True):
        said += causal.feed(t_s=at_s, rr_ms=rr, after_gap=False)
    said += causal.flush()
    kept = np.isfinite([each.nn_ms for each in said])
    return t_s[kept], rr_ms[kept]


RULES: dict[str, Callable[[Array, Array], Kept]] = {
    "none": none,
    "20 % of nine around": around_nine,
    "30 % of the last nine": last_nine,
    "live cleaner": cleaner,
}


def rmssd(t_s: Array, rr_ms: Array, until_s: float) -> float:
    """RMSSD of the last `RMSSD_S`, of beats that followed one another."""
    adjacent = np.diff(t_s) - rr_ms[1:] / 1000 < 0.5
    steps = np.diff(rr_ms)[
        adjacent & (t_s[1:] > until_s - RMSSD_S) & (t_s[1:] <= until_s)
    ]
    return math.sqrt(float(np.mean(steps**2))) if steps.size >= 8 else math.nan


def figures(t_s: Array, rr_ms: Array, starts_s: Array) -> tuple[Array, Array, Array]:
    """Answer, heart rate and RMSSD at each breath."""
    beats = [
        TimedBeat(t_s=at_s, rr_ms=rr, after_gap=False)
        for at_s, rr in zip(t_s.tolist(), rr_ms.tolist(), strict=True)
    ]
    answers, rates, spreads = [], [], []
    for start_s in starts_s.tolist():
        end_s = start_s + PERIOD_S
        answers.append(response_ms(t_s, rr_ms, start_s, PERIOD_S))
        over = hr_between(beats, from_s=start_s, until_s=end_s)
        rates.append(over.hr_bpm if over.share >= 0.6 else math.nan)
        spreads.append(rmssd(t_s, rr_ms, end_s))
    return np.array(answers), np.array(rates), np.array(spreads)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hearts", type=int, default=60, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    asked = parser.parse_args()
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in RULES}
    for number in range(asked.hearts):
        rng = np.random.default_rng([6, asked.seed, number])
        true_ms = true_heart(rng)
        sent_ms = disturbed(true_ms, rng)
        true_s, sent_s = np.cumsum(true_ms) / 1000, np.cumsum(sent_ms) / 1000
        starts_s = np.arange(40.0, min(true_s[-1], sent_s[-1]) - 20, PERIOD_S)
        truth = figures(true_s, true_ms, starts_s)
        for name, rule in RULES.items():
            left = figures(*rule(sent_s, sent_ms), starts_s)
            unknown = np.isnan(left[0])
            off = np.abs(np.abs(left[0]) - np.abs(truth[0])) / np.abs(truth[0])
            ratio = np.abs(left[2] / truth[2] - 1)
            rows[name].append(
                (
                    float(np.nanmean(off)),
                    float(unknown.mean()),
                    float(np.nanmean(np.abs(left[1] - truth[1]))),
                    float(np.nanmean(ratio)),
                    float(np.isnan(left[2]).mean()),
                )
            )
    print(f"mean over {asked.hearts} hearts, and its standard error")
    print(
        f"{'':24}{'answer off':>16}{'no answer':>16}{'rate off, /min':>16}"
        f"{'RMSSD off':>16}{'no RMSSD':>16}"
    )
    for name, of in rows.items():
        table = np.array(of)
        se = table.std(axis=0, ddof=1) / math.sqrt(len(of))
        cells = zip(table.mean(axis=0), se, strict=True)
        print(f"{name:24}" + "".join(f"{m:9.3f} ±{s:5.3f}" for m, s in cells))
    return 0


if __name__ == "__main__":
    sys.exit(main())
