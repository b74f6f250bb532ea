"""Is somebody seen who does not follow, and what does it cost not to be led by them?

    python -m benchmarks.out_of_step [SEED] [--couples N]

The couples are those of the acceptance benchmark (`bench/pacing.py` in the sibling
folder `shared`, or in COREG_SHARED), first evenings of twelve minutes: as they are, B
following three breaths in ten, and B following none. *A called*, *B called*: the share
of breaths after the glide at which that heart leads no more. *Less six*: the mean
difference of regret to six of the same couples, with its standard error, led by hearts
out of step too (*before*) and not (*now*). Regret takes B's curve for what a pace is
worth to B, who does not breathe at it: it is no measure of what this is for. Exit
status 2 without the benchmark.
"""

from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.as_live import LivePacer
from benchmarks.pacing_beside import run
from coreg.exercises.pacing.shared_pacer import UNLED_S, SharedPacer
from coreg.facts.events import Partner

KINDS: dict[str, dict[str, Any]] = {
    "as they are": {},
    "B follows 30 %": {"non_adherent": ("B", 0.3)},
    "B follows none": {"non_adherent": ("B", 0.0)},
}
LED_S = {"before": 0.0, "now": UNLED_S}

Floats = NDArray[np.float64]


class Led:
    """A shared pacer as the benchmark calls it, taking note of who is out of step."""

    def __init__(self, unled_s: float) -> None:
        self._pacer = LivePacer(SharedPacer.finding(unled_s=unled_s))
        self.called: list[tuple[bool, ...]] = []

    def observe(
        self, partner: str, _arrival_s: float, beat_t_s: float, rr_ms: float
    ) -> None:
        self._pacer.observe(Partner(partner), beat_t_s, rr_ms)

    def rate_per_min(self, t_s: float) -> float:
        rate = self._pacer.rate_per_min(t_s)
        ears = self._pacer.of._ears.values()  # noqa: SLF001
        self.called.append(tuple(ear.is_unled(t_s) for ear in ears))
        return rate


def one_evening(
    seed: int, scenario: dict[str, Any], unled_s: float, bench: ModuleType
) -> dict[str, float]:
    """Return what one couple's evening came to."""
    couple = bench.make_couple(seed, bench.Scenario(**scenario))
    pacer = Led(unled_s)
    cycles, _ = bench.run_session(couple, pacer)
    start_s, rate_per_min, length_s = cycles.T
    worth = couple.shared_value(rate_per_min) / couple.best_value
    less = couple.shared_value(6.0) / couple.best_value - worth
    late, glided = start_s >= bench.LATE_S, start_s >= bench.GLIDE_S
    called = np.array(pacer.called)[glided].mean(axis=0)
    return {
        "late": float(np.average(less[late], weights=length_s[late])),
        "whole": float(np.average(less[glided], weights=length_s[glided])),
        "A": float(called[0]),
        "B": float(called[1]),
    }


def mean(values: list[float]) -> str:
    of = np.array(values)
    return f"{of.mean():+7.3f} ±{of.std(ddof=1) / np.sqrt(of.size):.3f}"


def table(seed: int, couples: int, bench: ModuleType, _: ModuleType) -> None:
    """Run every kind of couple and print what was seen and what it cost."""
    first = 20_000 + 1_000 * seed
    print(f"{couples} couples each, seed {seed}")
    print("couples         |       A called        B called |", end="")
    print("  6-12, less six  1.5-12, less six")
    for name, scenario in KINDS.items():
        for when, unled_s in LED_S.items():
            rows = [
                one_evening(number, scenario, unled_s, bench)
                for number in range(first, first + couples)
            ]
            cells = [mean([row[what] for row in rows]) for what in rows[0]]
            late, whole, a, b = cells
            print(f"{name:15} {when:7}| {a} {b} | {late} {whole}", flush=True)


if __name__ == "__main__":
    raise SystemExit(run(__doc__, 160, table))
