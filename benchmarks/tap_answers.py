"""How many answers *awake* needs, and whether leaving out the quickest too would help.

    python -m benchmarks.tap_answers [--people N] [SEED]

The judgement alone, window by window, without the engine: people as in `tap_hits`, of a
variability of .20, one window each. Printed are shares of windows called slower, by how
many recent answers there are and which are left out: the slowest fifth, or a tenth at
either end. Of whoever does not change they are false; 20 % slower, hits.
"""

import argparse
import math
import sys
from collections.abc import Callable
from functools import partial
from unittest.mock import patch

import numpy as np

from benchmarks.tap_hits import BETWEEN_EVENINGS, BETWEEN_PEOPLE, MEDIAN_S
from coreg.exercises.states import awake
from coreg.exercises.states.usual_taps import AN_EVENING, KEPT
from coreg.facts.arrays import Floats
from coreg.facts.kinds import Wakefulness

VARIABILITY = 0.20
MISSED_S = 2.0
CALLED_SLOWER = (Wakefulness.BETWEEN, Wakefulness.DROWSY)
RULES = (
    (10, "slowest fifth", (0.0, 0.2)),
    (10, "a tenth at either end", (0.1, 0.1)),
    (13, "slowest fifth", (0.0, 0.2)),
    (13, "a tenth at either end", (0.1, 0.1)),
)


def mean_log(reaction_s: Floats, *, quickest: float, slowest: float) -> float:
    """Return the mean logarithm of what lies between these shares."""
    edges = np.clip(
        np.arange(reaction_s.size + 1),
        quickest * reaction_s.size,
        (1 - slowest) * reaction_s.size,
    )
    return float(np.average(np.log(np.sort(reaction_s)), weights=np.diff(edges)))


def is_called_slower(
    rng: np.random.Generator, recent: int, *, slowing: float, misses: float, first: bool
) -> bool | None:
    """Judge one window of a person drawn anew; None where nothing can be said."""
    usual = math.log(MEDIAN_S) + BETWEEN_PEOPLE * rng.standard_normal()
    known = AN_EVENING if first else KEPT
    reference_s = np.exp(usual + VARIABILITY * rng.standard_normal(known))
    if first:
        reference_s = reference_s[rng.random(known) >= misses]
    else:
        usual += BETWEEN_EVENINGS * rng.standard_normal()
    recent_s = np.exp(usual + VARIABILITY * rng.standard_normal(recent))
    recent_s *= 1 + slowing
    recent_s[rng.random(recent) < misses] = MISSED_S
    between = 0.0 if first else BETWEEN_EVENINGS
    band = awake.wakefulness(recent_s, reference_s, evenings_sd=between)
    return None if band is Wakefulness.UNKNOWN else band in CALLED_SLOWER


def share(judge: Callable[[], bool | None], people: int) -> float:
    said = [judge() for _ in range(people)]
    return float(np.mean([each for each in said if each is not None]))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=4000)
    parser.add_argument("seed", type=int, nargs="?", default=0)
    given = parser.parse_args()
    error = math.sqrt(0.25 / given.people)
    print(f"{given.people} people a figure; standard error at most {error:.3f}")
    print("evening  answers  left out                 false  20 % slower  10 % missed")
    for is_first in (True, False):
        for recent, words, (quickest, slowest) in RULES:
            rule = partial(mean_log, quickest=quickest, slowest=slowest)
            row = f"{'first' if is_first else 'later':9}{recent:7}  {words:22}"
            with patch.object(awake, "_mean_log", rule):
                for slowing, misses in ((0.0, 0.0), (0.2, 0.0), (0.0, 0.1)):
                    judge = partial(
                        is_called_slower,
                        np.random.default_rng(given.seed),
                        recent,
                        slowing=slowing,
                        misses=misses,
                        first=is_first,
                    )
                    row += f"{share(judge, given.people):10.3f}"
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
