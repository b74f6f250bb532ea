"""Is more likeness after a warm part found where it is planted, and nowhere else?

    python -m benchmarks.warm_truth [--couples N] [--first SEED]

Simulated evenings: two minutes of arriving, six of telling by turns, three of rest,
with talk in the turns. What is told of couples of eight evenings each is held against
how their hearts were scripted: strangers all along; alike all along, which is no
effect; alike from the telling on, a little and much. Then what 24 evenings would tell,
drawn from the same ones. Exit status 1 where, without an effect, one is told of more
than a tenth of the couples of eight.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from coreg.analysis.session_regressors import NO_PACER
from coreg.analysis.synchrony_channels import ComparedHeart
from coreg.facts.events import NS_PER_S, Partner
from coreg.findings.timeline import Span
from coreg.findings.warm import WarmEvening, WarmOver, before_and_after, warm_over
from coreg.sensors.simulation.couple import Script, SimulatedCouple
from coreg.sensors.simulation.coupling import UNCOUPLED, Coupling, CouplingKind
from coreg.sensors.simulation.turns import ScriptedTurn

ARRIVE_S, TELL_S, REST_S = 120.0, 360.0, 180.0
END_S = ARRIVE_S + TELL_S + REST_S
SURROGATES = 199
FEW, MANY, DRAWN = 8, 24, 200
MOST_TOLD = 0.10


def coupled(strength: float, *, begins_s: float = 0.0) -> Coupling:
    return Coupling(
        kind=CouplingKind.LEADER_FOLLOWER,
        leader=Partner.A,
        strength=strength,
        lag_s=2.0,
        begins_s=begins_s,
    )


SCRIPTS: dict[str, tuple[Coupling, bool]] = {
    "strangers all along": (UNCOUPLED, False),
    "alike all along, .5": (coupled(0.5), False),
    "alike from the telling on, .5": (coupled(0.5, begins_s=ARRIVE_S + 60), True),
    "alike from the telling on, .8": (coupled(0.8, begins_s=ARRIVE_S + 60), True),
}


def script(coupling: Coupling) -> Script:
    half_s = TELL_S / 2
    turns = tuple(
        ScriptedTurn(start_s=ARRIVE_S + n * half_s, length_s=half_s, speaker=partner)
        for n, partner in enumerate(Partner)
    )
    events = {
        partner: tuple(e for turn in turns for e in turn.events_of(partner))
        for partner in Partner
    }
    return Script(coupling=coupling, events=events, turns=turns)


def evening(seed: int, coupling: Coupling) -> WarmEvening:
    couple = SimulatedCouple(seed=seed, script=script(coupling))
    for _ in couple.advance(round((END_S + 5) * NS_PER_S)):
        pass
    a, b = (_heart(couple.people[partner].beat_times_s) for partner in Partner)
    free = (
        Span(start_s=0.0, end_s=ARRIVE_S),
        Span(start_s=ARRIVE_S + TELL_S, end_s=END_S),
    )
    return before_and_after(a, b, free, NO_PACER, surrogates=SURROGATES, seed=seed)


def _heart(beats_s: Sequence[float]) -> ComparedHeart:
    t_s = np.array(beats_s)
    return ComparedHeart(
        beat_t_s=t_s[1:], nn_ms=1000 * np.diff(t_s), gaps_s=np.empty((0, 2))
    )


def one(given: tuple[int, str]) -> WarmEvening:
    seed, name = given
    return evening(seed, SCRIPTS[name][0])


def told(found: Sequence[WarmOver], evenings: int) -> float:
    """Print what is told of couples, and return of how many an effect is."""
    p = np.array([each.change_z.p for each in found])
    low = np.array([each.change_z.low for each in found])
    high = np.array([each.change_z.high for each in found])
    change = np.array([each.change_z.estimate for each in found])
    above, below = float(np.mean(low > 0)), float(np.mean(high < 0))
    print(
        f"  {len(found)} couples of {evenings}: told of more likeness afterwards "
        f"{above:.3f}, of less {below:.3f} (p < .05: {np.mean(p < 0.05):.3f}); change "
        f"of z {np.median(change):+.3f}, half of its interval "
        f"{np.median((high - low) / 2):.3f}",
        flush=True,
    )
    return above + below


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--couples", type=int, default=60)
    parser.add_argument("--first", type=int, default=50_000)
    given = parser.parse_args(arguments)
    count, is_well = given.couples * FEW, True
    with ProcessPoolExecutor() as pool:
        for at, (name, (_, has_effect)) in enumerate(SCRIPTS.items()):
            first = given.first + at * count
            seeds = [(seed, name) for seed in range(first, first + count)]
            found = list(pool.map(one, seeds, chunksize=8))
            changes = [each.change_z for each in found]
            print(
                f"{name}: {count} evenings, seeds from {first}; change of z: mean "
                f"{np.mean(changes):+.3f}, SD {np.std(changes, ddof=1):.3f}"
            )
            both = frozenset(Partner)
            few = [warm_over(found[n : n + FEW], both) for n in range(0, count, FEW)]
            alarms = told(few, FEW)
            rng = np.random.default_rng(first)
            drawn = [
                [found[n] for n in rng.choice(count, min(MANY, count), replace=False)]
                for _ in range(DRAWN)
            ]
            told([warm_over(each, both) for each in drawn], min(MANY, count))
            is_well &= has_effect or alarms <= MOST_TOLD
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
