"""How often does a 95 % interval of `coreg cohort` hold the change that was planted?

    python -m benchmarks.cohort_change [--cohorts N] [--seed N]

Cohorts are made up in which couples differ in how ln RMSSD changes from a session to
the next, and do not change on average. Asked are the mixed model of `coreg cohort`, the
mean of couples' slopes beside it, and, to see what it guards against, a mixed model in
which all couples change alike with a normal interval. .95 of the intervals should hold
nought. Takes statsmodels.
"""

import argparse
import math
import warnings
from importlib import import_module

import numpy as np

from coreg.batch.cohort import _change, _mixed

COHORTS = ((4, 4, 0.05), (8, 5, 0.05), (20, 5, 0.05), (8, 5, 0.0))
LEVEL_SD = 0.3
NOISE_SD = 0.15
Rows = list[tuple[str, str, int, float]]


def made(rng: np.random.Generator, couples: int, sessions: int, sd: float) -> Rows:
    rows: Rows = []
    for couple in range(couples):
        level, change = rng.normal(0, LEVEL_SD), rng.normal(0, sd)
        for partner in "AB":
            own, slope = rng.normal(0, LEVEL_SD), change + rng.normal(0, sd / 2)
            for number in range(1, sessions + 1):
                y = 3 + level + own + slope * number + rng.normal(0, NOISE_SD)
                rows.append((f"couple {couple:03d}", partner, number, y))
    return rows


def by_slopes(rows: Rows) -> tuple[float, float]:
    people: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for couple, partner, number, y in rows:
        people.setdefault((couple, partner), []).append((number, y))
    slopes: dict[str, list[float]] = {}
    for (couple, _), points in people.items():
        number, y = np.array(points).T
        slopes.setdefault(couple, []).append(float(np.polyfit(number, y, 1)[0]))
    change = _change("", "rmssd_ms", [float(np.mean(each)) for each in slopes.values()])
    return change.low, change.high


def by_model(rows: Rows) -> tuple[float, float]:
    told = _mixed("", rows)
    return told.low, told.high


def by_model_of_all_alike(rows: Rows) -> tuple[float, float]:
    pandas = import_module("pandas")
    frame = pandas.DataFrame(rows, columns=["couple", "partner", "number", "y"])
    frame["person"] = frame["couple"] + " " + frame["partner"]
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        fitted = import_module("statsmodels.formula.api").mixedlm(
            "y ~ number",
            frame,
            groups="couple",
            re_formula="1",
            vc_formula={"person": "0 + C(person)"},
        )
        low, high = fitted.fit().conf_int().loc["number"]
    return float(low), float(high)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cohorts", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    ways = {
        "coreg cohort, mixed model": by_model,
        "coreg cohort, couples' slopes": by_slopes,
        "mixed model, all alike": by_model_of_all_alike,
    }
    version = import_module("statsmodels").__version__
    print(f"{given.cohorts} cohorts a row, seed {given.seed}, statsmodels {version}")
    for couples, sessions, sd in COHORTS:
        rng = np.random.default_rng(given.seed)
        cohorts = [made(rng, couples, sessions, sd) for _ in range(given.cohorts)]
        print(f"\n{couples} couples, {sessions} sessions, slopes differ by {sd} (sd)")
        for name, way in ways.items():
            ends = [way(each) for each in cohorts]
            known = [each for each in ends if math.isfinite(each[0] + each[1])]
            share = float(np.mean([low <= 0 <= high for low, high in known]))
            error = math.sqrt(max(share * (1 - share), 1 / len(known)) / len(known))
            print(
                f"  {name:30} held by {share:.2f} ± {error:.2f},"
                f" not fitted {len(ends) - len(known)}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
