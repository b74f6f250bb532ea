"""The shared pacer beside six, a hill-climb, stepped and sliding assessments.

    python -m benchmarks.pacing_beside [SEED] [--couples N]

The couples are those of the acceptance benchmark (`bench/pacing.py` in the sibling
folder `shared`, or in COREG_SHARED), and so are *six*, *hill-climb* and the figures of
coreg, which is called as that benchmark calls it. What was published for one person is
done here with two, from the same glide, with the same measurement of a swing and the
same rule (the rate whose smaller swing, each over the own largest, is the largest):

* stepped: 6.5, 6, 5.5, 5 and 4.5/min, two minutes each (Lehrer, Vaschillo & Vaschillo,
  *Appl. Psychophysiol. Biofeedback* 25 (2000) 177; Shaffer & Meehan, *Front. Neurosci.*
  14 (2020) 570400), then the best for both. An evening of twelve minutes is over half a
  minute later, so one minute a rate as well.
* sliding: from 6.75/min steadily down (Fisher & Lehrer, *Appl. Psychophysiol.
  Biofeedback* 47 (2022) 17), then the best for both; to 4.5 only, the slowest that is
  safe here. At the published speed (2.5/min in fifteen minutes) the evening ends on the
  way, so in five minutes as well.

Regret is 1 less the couple's worth at the pacer's rate over the best that one rate
could do for them: the mean over couples, the 95th percentile, and the mean difference
to six of the same couples on the same evening with its standard error. *Six is right*
are the couples whose best rate lies within .3/min of it. *Its choice* is the regret at
the rate that an assessment ended with: what it would be worth had the evening gone on.
Exit status 2 without the benchmark.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coreg.facts.events import Partner

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("COREG_SHARED", ROOT.parent / "shared"))
ADAPTER = ROOT / "benchmarks" / "adapter.py"

# As many skipped and watched as the benchmark's hill-climb has.
SETTLING_BREATHS = 2
WATCHED_BREATHS = 6

Floats = NDArray[np.float64]
Cycle = tuple[float, float]  # start_s, rate_per_min
Figures = dict[str, float]  # of one couple, by the benchmark's names
Table = Callable[[int, int, ModuleType, ModuleType], None]


class Assessment(Protocol):
    """Rates that are tried one after another, and the breaths that are compared."""

    @property
    def first_per_min(self) -> float: ...
    @property
    def length_s(self) -> float: ...

    def rate_per_min(self, into_s: float) -> float: ...
    def stretches(self, cycles: Sequence[Cycle]) -> list[list[Cycle]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """Each rate for the same time; its first breaths do not count."""

    step_s: float
    rates_per_min: tuple[float, ...] = (6.5, 6.0, 5.5, 5.0, 4.5)

    @property
    def first_per_min(self) -> float:
        return self.rates_per_min[0]

    @property
    def length_s(self) -> float:
        return self.step_s * len(self.rates_per_min)

    def rate_per_min(self, into_s: float) -> float:
        step = int(into_s / self.step_s)
        return self.rates_per_min[min(step, len(self.rates_per_min) - 1)]

    def stretches(self, cycles: Sequence[Cycle]) -> list[list[Cycle]]:
        steps = [list(each) for _, each in groupby(cycles, key=lambda cycle: cycle[1])]
        return [each[SETTLING_BREATHS:] for each in steps]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sliding:
    """Steadily slower; any few breaths that follow one another are compared."""

    length_s: float
    first_per_min: float = 6.75
    last_per_min: float = 4.5

    def rate_per_min(self, into_s: float) -> float:
        share = min(into_s / self.length_s, 1.0)
        return self.first_per_min + share * (self.last_per_min - self.first_per_min)

    def stretches(self, cycles: Sequence[Cycle]) -> list[list[Cycle]]:
        ends = range(WATCHED_BREATHS, len(cycles) + 1)
        return [list(cycles[end - WATCHED_BREATHS : end]) for end in ends]


ASSESSMENTS: dict[str, Assessment] = {
    "stepped, 2 min a rate": Stepped(step_s=120.0),
    "stepped, 1 min a rate": Stepped(step_s=60.0),
    "sliding, as published": Sliding(length_s=15 * 60 * 2.25 / 2.5),
    "sliding, 5 min": Sliding(length_s=300.0),
}


class Assessing:
    """A pacer that does an assessment after the glide, then keeps the best for both.

    A pacer of the benchmark hears the beats and leads the glide. `chosen_per_min` is
    NaN until the assessment is over.
    """

    def __init__(self, assessment: Assessment, baselines: ModuleType) -> None:
        self._assessment = assessment
        self._baselines = baselines
        self._glide = baselines.FixedSix()
        self._glide.glide_to = assessment.first_per_min
        self._cycles: list[Cycle] = []
        self.chosen_per_min = np.nan

    def observe(
        self, partner: str, arrival_s: float, beat_t_s: float, rr_ms: float
    ) -> None:
        self._glide.observe(partner, arrival_s, beat_t_s, rr_ms)

    def rate_per_min(self, t_s: float) -> float:
        into_s = t_s - self._glide.glide_s
        if into_s < 0:
            return float(self._glide.rate_per_min(t_s))
        if into_s >= self._assessment.length_s + self._baselines.ARRIVAL_WAIT_S:
            if np.isnan(self.chosen_per_min):
                self.chosen_per_min = self._best_for_both()
            return self.chosen_per_min
        rate = self._assessment.rate_per_min(into_s)
        self._cycles.append((t_s, rate))
        return rate

    def _best_for_both(self) -> float:
        """Return the rate that leaves neither behind; six where nothing was heard."""
        rates, swings_ms = [], []
        for stretch in self._assessment.stretches(self._cycles):
            found_ms = [self._swing_ms(partner, stretch) for partner in Partner]
            if not np.isnan(found_ms).any():
                rates.append(float(np.mean([rate for _, rate in stretch])))
                swings_ms.append(found_ms)
        if not rates:
            return 6.0
        relative = np.array(swings_ms) / np.max(swings_ms, axis=0)
        return rates[int(relative.min(axis=1).argmax())]

    def _swing_ms(self, partner: Partner, stretch: list[Cycle]) -> float:
        heard = self._glide.beats[partner.value]
        if not stretch or not heard:
            return np.nan
        found_ms = self._baselines.fitted_rsa_ms(*np.array(heard).T, stretch)
        return np.nan if found_ms is None else float(found_ms)


def assessed(
    seed: int, assessment: Assessment, bench: ModuleType, baselines: ModuleType
) -> Figures:
    """Return the figures of one couple, as `bench.one_couple` makes them."""
    couple = bench.make_couple(seed, bench.Scenario())
    pacer = Assessing(assessment, baselines)
    figures = regret_of(couple, pacer, bench)
    chosen = couple.shared_value(pacer.chosen_per_min) / couple.best_value
    right = abs(couple.best_rate - 6.0) <= 0.3
    return {**figures, "six_is_right": float(right), "choice": float(1 - chosen)}


def regret_of(couple: Any, pacer: object, bench: ModuleType) -> Figures:
    """Let a couple of the benchmark breathe with a pacer; return its mean regret."""
    cycles, _ = bench.run_session(couple, pacer)
    start_s, rate_per_min, length_s = cycles.T
    regret = 1 - couple.shared_value(rate_per_min) / couple.best_value
    late, glided = start_s >= bench.LATE_S, start_s >= bench.GLIDE_S
    return {
        "late": float(np.average(regret[late], weights=length_s[late])),
        "whole": float(np.average(regret[glided], weights=length_s[glided])),
    }


def of_all(name: str, seeds: range, one: Callable[[int], Figures]) -> dict[str, Floats]:
    """Return the figures of all couples, saying so as they come."""
    rows = []
    for number, seed in enumerate(seeds, start=1):
        rows.append(one(seed))
        if number % 20 == 0 or number == len(seeds):
            print(f"{name}: {number} of {len(seeds)} couples", file=sys.stderr)
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}


def line(name: str, ours: dict[str, Floats], six: dict[str, Floats]) -> str:
    """Return a row of the table."""
    right = ours["six_is_right"] > 0
    cells = [
        f"{name:25}",
        *(_spread(ours[part]) + _less(ours[part] - six[part]) for part in PARTS),
        f"{_mean(ours['late'][right])}{_less((ours['late'] - six['late'])[right])}",
        _mean(ours.get("choice", np.array([]))),
    ]
    return " |".join(cells)


PARTS = ("late", "whole")
HEAD = """\
                          |  minutes 6-12               |  minutes 1.5-12             \
|  6-12, six is right  |  its
                          |  mean    p95   less six     |  mean    p95   less six     \
|  mean   less six     | choice"""


def _mean(values: Floats) -> str:
    is_known = values.size and np.isfinite(values).all()
    return f"{values.mean():6.3f}" if is_known else "     -"


def _spread(values: Floats) -> str:
    return f"{_mean(values)}{np.percentile(values, 95):7.3f}"


def _less(differences: Floats) -> str:
    """Return a mean difference with its standard error."""
    if differences.size < 2:
        return "      -    -  "
    error = differences.std(ddof=1) / np.sqrt(differences.size)
    return f"{differences.mean():+8.3f} ±{error:5.3f}"


def table(seed: int, couples: int, bench: ModuleType, baselines: ModuleType) -> None:
    """Run all pacers and print what they reached."""
    seeds = range(20_000 + 1_000 * seed, 20_000 + 1_000 * seed + couples)

    def benched(name: str, pacer: str, evenings: int) -> dict[str, Floats]:
        def one(couple: int) -> Figures:
            job = bench.Job(pacer=pacer, seed=couple, evenings=evenings)
            return dict(bench.one_couple(job))

        return of_all(name, seeds, one)

    def tried(name: str, assessment: Assessment) -> dict[str, Floats]:
        return of_all(name, seeds, lambda s: assessed(s, assessment, bench, baselines))

    six = benched("six", "six", 1)
    rows = [("six", six, six), ("hill-climb", benched("hill-climb", "hill", 1), six)]
    rows += [(name, tried(name, one), six) for name, one in ASSESSMENTS.items()]
    rows += [("coreg, first evening", benched("coreg", "project", 1), six)]
    again = benched("six, second evening", "six", 2)
    ours = benched("coreg, second evening", "project", 2)
    rows += [("six, second evening", again, again)]
    rows += [("coreg, second evening", ours, again)]
    right = [int(each["six_is_right"].sum()) for each in (six, again)]
    print(f"regret of {couples} couples, seed {seed}, in an evening of 12 min")
    print(f"six is right for {right[0]} of them, on the second evening for {right[1]}")
    print(HEAD)
    for row in rows:
        print(line(*row))


def benchmark() -> tuple[ModuleType, ModuleType]:
    """Return the acceptance benchmark and its simple pacers.

    Raises
    ------
    ImportError
        If the benchmark's folder is not there.
    """
    sys.path.insert(0, str(SHARED / "bench"))
    harness: Any = importlib.import_module("harness")
    harness.load_adapter(str(ADAPTER), ("shared_pacer",))
    return importlib.import_module("pacing"), importlib.import_module(
        "pacing_baselines"
    )


def run(what: str | None, couples: int, table: Table) -> int:
    """Read a seed and `--couples` from the command line and print such a table."""
    parser = argparse.ArgumentParser(description=(what or "").splitlines()[0])
    parser.add_argument("seed", nargs="?", type=int, default=0)
    parser.add_argument("--couples", type=int, default=couples)
    told = parser.parse_args()
    try:
        bench, baselines = benchmark()
    except ImportError:
        print(f"no benchmark in {SHARED / 'bench'}: nothing was tried", file=sys.stderr)
        return 2
    table(told.seed, told.couples, bench, baselines)
    return 0


if __name__ == "__main__":
    raise SystemExit(run(__doc__, 160, table))
