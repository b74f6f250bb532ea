"""How well three minutes at a pace tell how far a heart swings there.

Simulated couples keep the five paces of the practice `resonance` for three minutes
each, as in `benchmarks/found_pace.py`.

* One breath: the SD of the logarithm of a breath's swing about the middle of its pace,
  as a factor. So far apart two breaths easily lie.
* Three minutes: the size of the mean answer of a pace against the true curve at that
  pace, on the scale at which both agree best over a heart's paces, since only the shape
  is shown. SD of the logarithm, with the degree of freedom that the scale takes. Of
  paces at which the heart swings at least half as far as at its best: elsewhere it is
  too slow for this person, who breathes otherwise.

    python -m benchmarks.three_minutes [--couples 60] [--first 200]
"""

import argparse
import math
import sys

import numpy as np
from numpy.typing import NDArray

from benchmarks.found_pace import couple_of, offered, true_curve
from coreg.exercises.pacing.curves import GUIDED_PER_MIN
from coreg.exercises.pacing.pace_curve import FEWEST_BREATHS, Answers, answers
from coreg.facts.events import NS_PER_S, Partner
from coreg.sensors.simulation.body import ResonanceCurve

Floats = NDArray[np.float64]
LEAST_OF_BEST = 0.5


def of_one_heart(heard: Answers, truth: Floats) -> tuple[Floats, Floats]:
    """Return what one heart's breaths, and its paces, lie off, as logarithms."""
    known = ~np.isnan(heard.answer_ms)
    place = np.round(4 * heard.rate_per_min)
    breaths: list[float] = []
    paces: list[float] = []
    for each in np.unique(place[known]):
        within = known & (place == each)
        if within.sum() < FEWEST_BREATHS:
            continue
        of_pace = heard.answer_ms[within]
        sizes = np.log(np.abs(of_pace))
        breaths += (sizes - np.median(sizes)).tolist()
        rate = float(heard.rate_per_min[within].mean())
        true = float(np.interp(rate, GUIDED_PER_MIN, truth))
        if true < LEAST_OF_BEST:
            continue
        paces.append(math.log(abs(of_pace.mean()) / true))
    if len(paces) < 2:
        return np.array(breaths), np.empty(0)
    off = np.array(paces) - np.mean(paces)
    return np.array(breaths), off * math.sqrt(off.size / (off.size - 1))


def main() -> int:
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--couples", type=int, default=60)
    asks.add_argument("--first", type=int, default=200)
    given = asks.parse_args()
    offer, end_s = offered()
    start_s = np.array([breath.t_s for breath in offer])
    period_s = np.array([breath.period_s for breath in offer])
    one_breath: list[float] = []
    three_minutes: list[float] = []
    of_hearts: list[float] = []
    for seed in range(given.first, given.first + given.couples):
        couple = couple_of(seed, ResonanceCurve)
        for breath in offer:
            couple.hear(breath)
        couple.advance(int(end_s * NS_PER_S))
        for partner in Partner:
            person = couple.people[partner]
            beats_s = np.array(person.beat_times_s)
            heard = answers(beats_s[1:], 1000 * np.diff(beats_s), start_s, period_s)
            breaths, paces = of_one_heart(heard, true_curve(person.traits))
            one_breath += breaths.tolist()
            three_minutes += paces.tolist()
            of_hearts += [float(paces.std())] if paces.size else []
    sd_breath, sd_pace = np.std(one_breath), np.std(three_minutes)
    within = np.quantile(np.abs(three_minutes), 0.68)
    print(f"{given.couples} couples, {len(of_hearts)} hearts, up to five paces each")
    print(
        f"one breath: SD of ln {sd_breath:.3f}, a factor of {math.exp(sd_breath):.2f}"
    )
    print(
        f"three minutes: SD of ln {sd_pace:.3f}, two thirds within {within:.3f};"
        f" half of hearts below {np.median(of_hearts):.3f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
