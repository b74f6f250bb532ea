"""How often a couple whose hearts are coupled reads so: one evening, and several.

    python -m benchmarks.power [--couples N] [--first SEED] [--groups N] [--rows ...]

Evenings of `other_couples` (2 + 8 + 6 minutes), n a row. *Whole*: p < .05 in heart rate
over the evening. *A part*: what a couple reads, a part that is told alike (Holm over
parts). *Evenings*: so many of the n are drawn as one couple's, and pooled as the page
over evenings does (Holm over breathing and free time): *found*, p < .05 of either;
*told*, what a couple reads there. The groups share evenings: the standard error of a
group's share is about that of n over its size.
"""

import argparse
import datetime as dt
import math
from collections.abc import Sequence

import numpy as np

from benchmarks.other_couples import PHASES, ROWS, SURROGATES, TOLD, evening
from coreg.analysis.synchrony import Synchrony, synchrony
from coreg.facts.events import Partner
from coreg.findings.evenings import EveningFigures, over_evenings
from coreg.findings.together import Answer
from tests.helpers.couples import opened_by

WANTED = ("usual", "coupled 0.3", "coupled 0.4", "coupled 0.5", "coupled .5, 20 % lost")
EVENINGS = (6, 12, 24)
_BREATHE, _REST = 1, 2


def tested(name: str, seed: int) -> Synchrony:
    """Test one evening."""
    (a, b), pacer = evening(ROWS[name], seed)
    return synchrony(a, b, phases=PHASES, pacer=pacer, surrogates=SURROGATES, seed=seed)


def is_part_told(found: Synchrony) -> bool:
    """Whether a couple reads that its hearts moved together in a part."""
    return any(each.p_hr_holm < TOLD and each.hr.r > 0 for each in found.per_phase)


def over(group: Sequence[Synchrony]) -> tuple[bool, bool]:
    """Whether several evenings, as one couple's, are found and told alike."""
    figures = [
        EveningFigures(
            opened=opened_by(1),
            zone=dt.UTC,
            ratings=(),
            ln_rmssd=math.nan,
            breaths_per_min=math.nan,
            sat_s=math.nan,
            breathing=each.per_phase[_BREATHE].hr,
            free_after=each.per_phase[_REST].hr,
        )
        for each in group
    ]
    pooled = over_evenings(Partner.A, figures, left_out=0)
    both = (pooled.breathing, pooled.free_after)
    return (
        any(each.p_holm < TOLD for each in both),
        any(each.answer is Answer.ALIKE for each in both),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--couples", type=int, default=200)
    parser.add_argument("--first", type=int, default=90_000)
    parser.add_argument("--groups", type=int, default=200)
    parser.add_argument("--rows", nargs="*", default=list(WANTED), choices=list(ROWS))
    given = parser.parse_args(arguments)
    n = given.couples
    print(f"{n} evenings a row, seeds from {given.first}, {SURROGATES} surrogates;")
    print(f"standard error {math.sqrt(0.25 / n):.3f} at .5; {given.groups} groups")
    heads = [f"{wanted}: {what}" for wanted in EVENINGS for what in ("found", "told")]
    print(f"{'':24}{'whole':>9}{'a part':>9}" + "".join(f"{h:>12}" for h in heads))
    for name in given.rows:
        found = [tested(name, seed) for seed in range(given.first, given.first + n)]
        rng = np.random.default_rng(given.first)
        shares = [
            np.mean(
                [
                    over([found[at] for at in rng.choice(n, wanted, replace=False)])
                    for _ in range(given.groups)
                ],
                axis=0,
            )
            for wanted in EVENINGS
        ]
        whole = np.mean([each.p_hr < TOLD for each in found])
        part = np.mean([is_part_told(each) for each in found])
        row = f"{name:24}{whole:9.2f}{part:9.2f}"
        print(row + "".join(f"{each:12.2f}" for each in np.ravel(shares)), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
