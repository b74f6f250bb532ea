"""How honest the report's curves are, and how good its pace for both.

Simulated couples go through the practice `resonance`. Of each heart: does the range
that is said hold the rate of its widest swing, and how much of its true curve lies
within the band (to .02)? Of each couple: regret, 1 less the worth of the chosen pace
over that of the best one, worth being the smaller of both swings over the own best.

    python benchmarks/found_pace.py [FIRST_SEED [COUPLES]]
"""

import math
import sys

import numpy as np
from numpy.typing import NDArray

from coreg.events import NS_PER_S, Breath, Partner
from coreg.exercises import practice
from coreg.exercises.curves import GUIDED_PER_MIN
from coreg.exercises.found import Curve, answers, curve, shared
from coreg.exercises.plan import parse_plan
from coreg.sensors.simulate import PersonTraits, SimulatedCouple
from coreg.sensors.simulated_breath import comfortable_share
from coreg.store.plans import plan_text

Floats = NDArray[np.float64]


def offered() -> tuple[list[Breath], float]:
    """Return the breaths of the practice, and when it ends."""
    plan = parse_plan(plan_text("resonance"))
    state, _ = practice.begin(plan, t_s=0, steps_wait=False, ends_with_source=False)
    breaths: list[Breath] = []
    t_s = 0.0
    while not state.ended:
        t_s += 0.25
        state, _ = practice.step(state, practice.TimeWent(t_s=t_s))
        due_s = practice.breath_due_s(state, t_s)
        if not math.isnan(due_s):
            chosen = practice.RateChosen(t_s=due_s, rate_per_min=6.0)
            state, said = practice.step(state, chosen)
            breaths += [one for one in said if isinstance(one, Breath)]
    return breaths, t_s


def true_curve(person: PersonTraits) -> Floats:
    """Return the swing at each guided rate over the own best, as far as followed."""
    body = person.body
    lowest = body.breath.lowest_comfortable_per_min
    swing = np.array(
        [
            body.curve.steady_rsa_ms(rate) * comfortable_share(rate, lowest)
            for rate in GUIDED_PER_MIN.tolist()
        ]
    )
    return np.asarray(swing / swing.max())


def holds_best(found: Curve, truth: Floats) -> bool:
    """Return whether the range that is said holds the best rate, to half a step."""
    best = float(GUIDED_PER_MIN[truth.argmax()])
    return found.best_low_per_min - 0.051 <= best <= found.best_high_per_min + 0.051


def main(first_seed: int, couples: int) -> None:
    breaths, end_s = offered()
    start_s = np.array([b.t_s for b in breaths])
    period_s = np.array([b.period_s for b in breaths])
    best, band, regret, at_six = [], [], [], []
    for seed in range(first_seed, first_seed + couples):
        couple = SimulatedCouple(seed=seed)
        for breath in breaths:
            couple.hear(breath)
        couple.advance(int(end_s * NS_PER_S))
        weights, truths = [], []
        for partner in Partner:
            person = couple.people[partner]
            beats_s = np.array(person.beat_times_s)
            heard = answers(beats_s[1:], 1000 * np.diff(beats_s), start_s, period_s)
            found, truth = curve(heard.weights), true_curve(person.traits)
            best.append(holds_best(found, truth))
            inside = (truth >= found.low - 0.02) & (truth <= found.high + 0.02)
            band.append(inside.mean())
            weights.append(heard.weights)
            truths.append(truth)
        worth = np.minimum(*truths) / np.minimum(*truths).max()
        choice = shared(*weights).choice_per_min
        regret.append(1 - np.interp(choice, GUIDED_PER_MIN, worth))
        at_six.append(1 - np.interp(6.0, GUIDED_PER_MIN, worth))
    print(f"{couples} couples, seeds from {first_seed}")
    print(f"range holds the best rate  {np.mean(best):.2f} of hearts")
    print(f"curve within the band      {np.mean(band):.2f}")
    print(
        f"regret of the choice       {np.mean(regret):.3f}; six {np.mean(at_six):.3f}"
    )


if __name__ == "__main__":
    numbers = [int(arg) for arg in sys.argv[1:]]
    main(*(numbers + [0, 60][len(numbers) :]))
