"""How honest the report's curves are, and how good its pace for both.

Simulated couples go through the practice `resonance`. Of each heart: does the range
that is said hold the rate of its widest swing, and how much of its true curve lies
within the band (to .02)? Of each couple: regret, 1 less the worth of the chosen pace
over that of the best one, worth being the smaller of both swings over the own best.
Both with the belief as it is shown, more cautious (`CAUTION` of
`coreg.exercises.pacing.pace_curve`), and as it leads a couple live.

The belief knows curves with one hill. So besides couples as they are drawn, those whose
curve is of no kind that it knows: *two hills*, the second one 1.2/min away and nearly
as high; *narrow*, a peak with long feet.

    python benchmarks/found_pace.py [FIRST_SEED [COUPLES]]
"""

import math
import sys
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from coreg.exercises import practice
from coreg.exercises.pacing.curves import GUIDED_PER_MIN, candidates
from coreg.exercises.pacing.pace_curve import CAUTION, Curve, answers, curve, shared
from coreg.exercises.pacing.pace_limits import FASTEST_PER_MIN, SLOWEST_PER_MIN
from coreg.exercises.plan import parse_plan
from coreg.facts.events import NS_PER_S, Breath, Partner
from coreg.sensors.simulation.body import ResonanceCurve
from coreg.sensors.simulation.breath import comfortable_share
from coreg.sensors.simulation.couple import PersonTraits, SimulatedCouple, draw_traits
from coreg.store.plans import plan_text

Floats = NDArray[np.float64]
FIELDS = fields(ResonanceCurve)


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


def as_live(shown: Floats) -> Floats:
    """Return the belief that leads a couple live, from the one that is shown."""
    prior = candidates().prior
    weights = prior * (shown / prior) ** (1 / CAUTION)
    return np.asarray(weights / weights.sum())


@dataclass(slots=True)
class Score:
    """What one kind of belief reached: an entry a heart, or a couple."""

    best: list[bool] = field(default_factory=list)
    band: list[float] = field(default_factory=list)
    regret: list[float] = field(default_factory=list)

    def take(self, weights: list[Floats], truths: list[Floats]) -> None:
        """Take what is believed and what is true of both people of a couple."""
        for own, truth in zip(weights, truths, strict=True):
            found = curve(own)
            self.best.append(holds_best(found, truth))
            inside = (truth >= found.low - 0.02) & (truth <= found.high + 0.02)
            self.band.append(float(inside.mean()))
        self.regret.append(regret(shared(*weights).choice_per_min, truths))


def regret(rate_per_min: float, truths: list[Floats]) -> float:
    worth = np.minimum(*truths) / np.minimum(*truths).max()
    return float(1 - np.interp(rate_per_min, GUIDED_PER_MIN, worth))


class TwoHills(ResonanceCurve):
    """A second hill beside the one that is drawn, where the guided rates have room."""

    def steady_rsa_ms(self, rate_per_min: float) -> float:
        """Return the larger of both swings."""
        middle = (SLOWEST_PER_MIN + FASTEST_PER_MIN) / 2
        away = 1.2 if self.resonance_per_min < middle else -1.2
        first = super().steady_rsa_ms(rate_per_min)
        return max(first, 0.95 * super().steady_rsa_ms(rate_per_min - away))


class Narrow(ResonanceCurve):
    """A Lorentzian of half the drawn width, on the drawn floor."""

    def steady_rsa_ms(self, rate_per_min: float) -> float:
        """Return the swing at this rate."""
        away = (rate_per_min - self.resonance_per_min) / (self.width_per_min / 2)
        peak = 1 / (1 + away**2)
        return self.peak_rsa_ms * (self.far_share + (1 - self.far_share) * peak)


KINDS: dict[str, type[ResonanceCurve]] = {
    "as drawn": ResonanceCurve,
    "two hills": TwoHills,
    "narrow": Narrow,
}


def couple_of(seed: int, kind: type[ResonanceCurve]) -> SimulatedCouple:
    """Return the couple of this seed with curves of this kind."""
    traits = draw_traits(seed)
    for partner, person in traits.items():
        drawn = {f.name: getattr(person.body.curve, f.name) for f in FIELDS}
        body = replace(person.body, curve=kind(**drawn))
        traits[partner] = replace(person, body=body)
    return SimulatedCouple(seed=seed, traits=traits)


def main(first_seed: int, couples: int) -> None:
    for name, kind in KINDS.items():
        tried(name, kind, range(first_seed, first_seed + couples))


def tried(name: str, kind: type[ResonanceCurve], seeds: range) -> None:
    """Print how honest the curves of such couples are."""
    breaths, end_s = offered()
    start_s = np.array([b.t_s for b in breaths])
    period_s = np.array([b.period_s for b in breaths])
    shown, live, at_six = Score(), Score(), []
    for seed in seeds:
        couple = couple_of(seed, kind)
        for breath in breaths:
            couple.hear(breath)
        couple.advance(int(end_s * NS_PER_S))
        weights, truths = [], []
        for partner in Partner:
            person = couple.people[partner]
            beats_s = np.array(person.beat_times_s)
            heard = answers(beats_s[1:], 1000 * np.diff(beats_s), start_s, period_s)
            weights.append(heard.weights)
            truths.append(true_curve(person.traits))
        shown.take(weights, truths)
        live.take([as_live(own) for own in weights], truths)
        at_six.append(regret(6.0, truths))
    print(f"{name}: {len(seeds)} couples, seeds from {seeds[0]};", end=" ")
    print(f"regret at six {np.mean(at_six):.3f}")
    for which, score in (("as shown", shown), ("as live", live)):
        holds = np.mean(score.best)
        error = np.sqrt(holds * (1 - holds) / len(score.best))
        print(
            f"  {which:9} range holds the best rate {holds:.2f} ±{error:.2f} "
            f"of hearts, curve within the band {np.mean(score.band):.2f}, "
            f"regret of the choice {np.mean(score.regret):.3f}",
            flush=True,
        )


if __name__ == "__main__":
    numbers = [int(arg) for arg in sys.argv[1:]]
    main(*(numbers + [0, 60][len(numbers) :]))
