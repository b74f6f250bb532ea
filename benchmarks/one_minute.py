"""How often it is said that one minute carries what makes two hearts alike, and where.

    python -m benchmarks.one_minute [--couples N] [--first SEED] [--rows NAME ...]

Evenings of `other_couples`, n a row. Of the parts that are told alike: how many are
said to be carried by one minute (chance loses its own most telling minute too), how
many would be by the plain rule (the test once more without that minute), and how many
are too short to leave one out. Where something happened in the room, naming is right;
where hearts were coupled all along, it is false.
"""

import argparse
import math
from collections.abc import Sequence

import numpy as np

from benchmarks.other_couples import PHASES, ROWS, SURROGATES, TOLD, evening
from coreg.analysis.influence import most_telling_minute, without_minute
from coreg.analysis.synchrony import synchrony
from coreg.findings.chance import MINUTE_SURROGATES

IN_THE_ROOM = ("three bells", "seats, twice", "five coughs", "talk in turns")
COUPLED = ("coupled 0.3", "coupled 0.5")


def parts(name: str, seed: int) -> list[tuple[float, float]]:
    """Return p without a minute of each part told alike, ours and the plain one."""
    (a, b), pacer = evening(ROWS[name], seed)
    found = synchrony(
        a, b, phases=PHASES, pacer=pacer, surrogates=SURROGATES, seed=seed
    )
    told = []
    for phase, of in zip(PHASES, found.per_phase, strict=True):
        if not (of.p_hr_holm < TOLD and of.hr.r > 0):
            continue
        minute = most_telling_minute(
            a,
            b,
            phase=phase,
            pacer=pacer,
            surrogates=MINUTE_SURROGATES,
            seed=seed,
        )
        plain = math.nan
        if math.isfinite(minute.p):
            once_more = synchrony(
                without_minute(a, minute.start_s),
                without_minute(b, minute.start_s),
                phases=[phase],
                pacer=pacer,
                surrogates=SURROGATES,
                seed=seed,
            )
            plain = once_more.p_hr
        told.append((minute.p, plain))
    return told


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
        f"{'':30}{'evenings':>9}{'parts':>7}{'too short':>11}{'named':>15}{'plain':>8}"
    )
    for name in given.rows:
        found = [parts(name, seed) for seed in range(given.first, given.first + n)]
        every = np.array([each for evening in found for each in evening]).reshape(-1, 2)
        known = every[np.isfinite(every[:, 0])]
        named, plain = (known > TOLD).mean(axis=0) if known.size else (math.nan,) * 2
        se = math.sqrt(named * (1 - named) / len(known)) if known.size else math.nan
        print(
            f"{name:30}{sum(map(bool, found)):9}{len(every):7}"
            f"{len(every) - len(known):11}{named:8.2f} ± {se:.2f}{plain:8.2f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
