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

from coreg.analysis.cleaning import clean
from coreg.analysis.pooling import pseudo_pair_p
from coreg.analysis.session_regressors import NO_PACER
from coreg.analysis.synchrony import Phase, synchrony
from coreg.analysis.synchrony_channels import Heart
from coreg.facts.events import NS_PER_S, Partner
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.simulation.couple import SimulatedCouple

SECONDS = 420.0
SITTING = Phase(name="sitting", start_s=30.0, end_s=SECONDS - 10)
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
        told = synchrony(
            a, b, phases=[SITTING], pacer=NO_PACER, surrogates=99, seed=row
        )
        alike[row, column] = told.hr.statistic
    strangers = alike[~np.eye(len(couples), dtype=bool)]
    for number, own in enumerate(np.diag(alike), start=1):
        p = pseudo_pair_p(float(own), strangers)
        print(f"couple {number}: likeness {own:.2f}, p against strangers {p:.2f}")
    print(f"{strangers.size} pairs of strangers: median {np.nanmedian(strangers):.2f}")


def of_recording(path: Path) -> Heart:
    """Return the first minutes of one person's recording; its clock is its own."""
    rr_ms = np.array(read_recording(path).rr_ms)
    t_s = np.cumsum(rr_ms) / 1000
    used = t_s < SECONDS
    return Heart(
        beat_t_s=t_s[used],
        nn_ms=clean(rr_ms[used], t_s[used]).nn_ms,
        gaps_s=np.empty((0, 2)),
    )


def simulated(seed: int) -> tuple[Heart, Heart]:
    """Return the true beats of two simulated people who sit and breathe freely."""
    couple = SimulatedCouple(seed=seed)
    couple.advance(round(SECONDS * NS_PER_S))
    a, b = (np.array(couple.people[who].beat_times_s) for who in Partner)
    return of_beats(a), of_beats(b)


def of_beats(beat_t_s: np.ndarray) -> Heart:
    return Heart(
        beat_t_s=beat_t_s[1:],
        nn_ms=1000 * np.diff(beat_t_s),
        gaps_s=np.empty((0, 2)),
    )


if __name__ == "__main__":
    main()
