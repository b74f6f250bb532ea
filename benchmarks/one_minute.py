"""How often it is said that one minute carries what makes two hearts alike, and where.

    python -m benchmarks.one_minute [--couples N] [--first SEED] [--rows NAME ...]

Evenings of `other_couples`, n a row. Of the parts that are told alike: how many are
said to be carried by one minute (less than half of what is beyond chance is left
without it), what is left in the middle of them, and how many are too short to leave one
out. It describes: where hearts were coupled all along, one minute may still say most.
"""

import argparse
import math
from collections.abc import Sequence

import numpy as np

from benchmarks.other_couples import PHASES, ROWS, SURROGATES, TOLD, evening
from coreg.analysis.influence import most_telling_minute
from coreg.analysis.synchrony import synchrony
from coreg.findings.together import MOST_CARRIED

IN_THE_ROOM = ("three bells", "seats, twice", "five coughs", "talk in turns")
COUPLED = ("coupled 0.3", "coupled 0.5")


def parts(name: str, seed: int) -> list[float]:
    """Return what is left without a minute of each part told alike."""
    (a, b), pacer = evening(ROWS[name], seed)
    found = synchrony(
        a, b, phases=PHASES, pacer=pacer, surrogates=SURROGATES, seed=seed
    )
    return [
        most_telling_minute(a, b, phase=phase, pacer=pacer, likeness=of.hr).left
        for phase, of in zip(PHASES, found.per_phase, strict=True)
        if of.p_hr_holm < TOLD and of.hr.r > 0
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--couples", type=int, default=100)
    parser.add_argument("--first", type=int, default=70_000)
    parser.add_argument(
        "--rows", nargs="*", default=[*IN_THE_ROOM, *COUPLED], choices=list(ROWS)
    )
    given = parser.parse_args(arguments)
    n = given.couples
    print(f"{n} couples a row, seeds from {given.first}; of parts told alike:")
    print(
        f"{'':30}{'evenings':>9}{'parts':>7}{'too short':>11}{'named':>15}{'left':>8}"
    )
    for name in given.rows:
        found = [parts(name, seed) for seed in range(given.first, given.first + n)]
        every = np.array([each for evening in found for each in evening])
        known = every[np.isfinite(every)]
        named = (known < MOST_CARRIED).mean() if known.size else math.nan
        middle = float(np.median(known)) if known.size else math.nan
        se = math.sqrt(named * (1 - named) / known.size) if known.size else math.nan
        print(
            f"{name:30}{sum(map(bool, found)):9}{every.size:7}"
            f"{every.size - known.size:11}{named:8.2f} ± {se:.2f}{middle:8.2f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
