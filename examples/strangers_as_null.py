"""Strangers as the null: whether a pair is more alike than people who never met.

    python examples/strangers_as_null.py [RR files of different people]

Surrogates are made from the couple's own hearts. Where others did the identical
programme, their hearts are the truer measure: A of one couple beside B of another, who
were never in one room. Here "the programme" is sitting still. With files (RR intervals,
one person each), neighbours in the list are the "couples", and since all of them are
strangers, none should stand out. Without files, couples are simulated, whose two hearts
share nothing.
"""

import argparse
from itertools import product
from pathlib import Path

import numpy as np

import coreg

SECONDS = 420.0
SITTING = {"sitting": (30.0, SECONDS - 10)}
COUPLES = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files
    if files:
        hearts = [of_recording(path) for path in files]
        couples = list(zip(hearts[::2], hearts[1::2], strict=False))
        print(f"{len(couples)} pairs of recordings of people who never met")
    else:
        couples = [simulated(seed) for seed in range(1, COUPLES + 1)]
        print(f"{COUPLES} simulated couples whose hearts share nothing")
    alike = np.full((len(couples), len(couples)), np.nan)
    for (row, (a, _)), (column, (_, b)) in product(enumerate(couples), repeat=2):
        told = coreg.synchrony(
            a, b, phases=SITTING, pacer=None, surrogates=99, seed=row
        )
        alike[row, column] = told.hr.statistic
    apart = alike[~np.eye(len(couples), dtype=bool)]
    strangers = apart[np.isfinite(apart)]
    for number, own in enumerate(np.diag(alike), start=1):
        p = (1 + np.count_nonzero(strangers >= own)) / (strangers.size + 1)
        print(f"couple {number}: likeness {own:.2f}, p against strangers {p:.2f}")
    print(f"{strangers.size} pairs of strangers: median {np.median(strangers):.2f}")


def of_recording(path: Path) -> np.ndarray:
    """Return the beats of one person's first minutes; its clock is its own."""
    t_s = coreg.read_recording(path).t_s
    return np.unique(t_s[t_s < SECONDS])


def simulated(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the true beats of two simulated people who sit and breathe freely."""
    couple = coreg.simulate_couple(SECONDS / 60, seed)
    return couple.a.true_beat_s, couple.b.true_beat_s


if __name__ == "__main__":
    main()
