"""Where RMSSD hangs on few beats: is it said where it is wrong, and only there?

    python -m benchmarks.hanging_beats [--seeds 6 7 8 9] [--hearts 40]

The hearts of `benchmarks.quiet_hearts`, by what cleaning leaves wrong in RMSSD:

1. Real stretches of beats that somebody labelled, all of them sinus, as they are.
2. Early beats planted into quiet hearts, made-up and real. Seeds 0-5 are those that the
   bounds of doubt were chosen with, by trial; the others were not seen then. The
   stretches of 1 are the same whatever the seed.
3. Hearts in which nothing is planted, and whole recordings; of these nobody knows what
   is wrong, and `said` is how often a caution would be read.

`lower` is said of beats that were kept, `higher` of such as were left out. The error of
a share is that of a binomial; planted hearts of one seed are not independent of one
another, so that it is too small there.
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from benchmarks.quiet_hearts import (
    Array,
    Case,
    batch,
    early,
    on_ticks,
    quiet_heart,
    recorded,
    rmssd,
    sinus_stretches,
    slow_heart,
    uneven_breath,
)
from coreg.analysis.cleaning import clean
from coreg.analysis.hanging_beats import hangs_on
from coreg.analysis.rhythm import irregular_stretches, within_any

RIGHT, MATTERS, BADLY = 0.01, 0.05, 0.10


class Said(NamedTuple):
    """What is said of one series, and by which share its RMSSD is off."""

    error: float
    lower: bool
    higher: bool


def asked(rr_ms: Array, truth_ms: Array) -> Said:
    """Clean a series, leave irregular stretches out, and ask what RMSSD hangs on."""
    said = clean(rr_ms)
    t_s, is_lost = np.cumsum(rr_ms) / 1000, np.zeros(rr_ms.size, dtype=bool)
    rows = t_s.tolist(), rr_ms.tolist(), is_lost.tolist()
    is_irregular = within_any(irregular_stretches(*rows), t_s)
    nn_ms = np.where(is_irregular, np.nan, said.nn_ms)
    if not np.isfinite(np.diff(nn_ms)).any():
        return Said(math.nan, lower=False, higher=False)
    found = hangs_on(rr_ms, nn_ms, said.labels, is_lost)
    return Said(
        abs(rmssd(nn_ms) / rmssd(truth_ms) - 1),
        lower=found is not None and math.isfinite(found.if_left_out_ms),
        higher=found is not None and math.isfinite(found.if_kept_ms),
    )


def planted(real: list[Array], seed: int, hearts: int) -> Iterator[Case]:
    """Yield early beats, one or 1 %, that reset the rhythm or are repaid."""
    made = [quiet_heart(np.random.default_rng([1, seed, k])) for k in range(hearts)]
    for repaid in (0.0, 0.5, 1.0):
        for whose in (made, real):
            for share in (0.0, 0.01):
                for k, rr_ms in enumerate(whose):
                    many = max(1, round(share * rr_ms.size))
                    yield early(rr_ms, many, repaid, [seed, k, 3])


def report(what: str, said: Iterable[Said]) -> None:
    those = list(said)
    n = len(those)
    if not n:
        print(f"{what:48}{0:6}      -")
        return
    share = sum(each.lower or each.higher for each in those) / n
    lower = sum(each.lower for each in those)
    higher = sum(each.higher for each in those)
    se = math.sqrt(share * (1 - share) / n)
    print(f"{what:48}{n:6}{share:7.3f} ± {se:.3f}{lower:7}{higher:7}")


def by_error(what: str, said: list[Said]) -> None:
    bounds: dict[str, Callable[[float], bool]] = {
        "off by more than 10 %": lambda off: off > BADLY,
        "more than 5 %": lambda off: off > MATTERS,
        "1-5 %": lambda off: RIGHT < off <= MATTERS,
        "1 % or less": lambda off: off <= RIGHT,
    }
    for how, holds in bounds.items():
        report(f"{what}, {how}", (each for each in said if holds(each.error)))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hearts", type=int, default=40, metavar="N")
    parser.add_argument("--seeds", type=int, nargs="+", default=[6, 7, 8, 9])
    given = parser.parse_args()
    real = list(sinus_stretches().values())
    whole = [rr for rr in real if rmssd(rr) < 20 and not batch(Case(rr, (), rr)).taken]
    print(f"{'RMSSD hangs on few beats: said of':48}{'n':>6}  share ± SE  lower higher")
    by_error("labelled sinus", [asked(rr, rr) for rr in real])
    cases = (
        case for seed in given.seeds for case in planted(whole, seed, given.hearts)
    )
    by_error("planted", [asked(case.rr_ms, case.truth_ms) for case in cases])
    makers = {"quiet": quiet_heart, "slow": slow_heart, "uneven breath": uneven_breath}
    for name, make in makers.items():
        hearts = (
            on_ticks(make(np.random.default_rng([6, seed, k])))
            for seed in given.seeds
            for k in range(given.hearts)
        )
        report(f"nothing planted: {name}", (asked(rr, rr) for rr in hearts))
    for name, series in recorded().items():
        known = (rr[np.isfinite(rr) & (rr > 0)] for rr in series)
        report(f"whole: {name}", (asked(rr, rr) for rr in known))
    return 0


if __name__ == "__main__":
    sys.exit(main())
