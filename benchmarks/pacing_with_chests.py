"""Does a pace that sees both chests lose to six a minute where B seldom follows?

    python -m benchmarks.pacing_with_chests [--seeds 0 1 2] [--couples N] [--share .3]
        [--chests-alone]

The couples are those of the acceptance benchmark (`bench/pacing.py` in the sibling
folder `shared`, or in COREG_SHARED), B following three breaths in ten; a first evening
of twelve minutes at each seed. Each couple once with hearts alone and once with straps
that show both chests too: the lungs are those that the benchmark's hearts swing with,
on the still chests of `coreg.sensors.simulation.chest`, tilted by each breath, and what
they show goes to the pacer as in a practice. Lungs do not jump: where a breath begins
at another phase than the last one ended, they are there within half a second.

*Less six*: the regret of minutes 6-12 less that of six a minute for the same couples,
its mean and standard error; below 0 is better than six. *Less alone*: with chests less
without, couple by couple. *A led by*, *B led by*: the share of breaths after the glide
at which that heart may lead. *Known*: the share of seconds in which a breath was seen.
*Off six*: how far from six the pace was in minutes 6-12, on average. Regret takes B's
curve for what a pace is worth to B, who does not breathe at it. Exit status 2 without
the benchmark.
"""

import argparse
import math
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.as_live import LivePacer
from benchmarks.pacing_beside import SHARED, benchmark
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.facts.both import Both
from coreg.facts.events import Breath, BreathSeen, Partner
from coreg.sensors.simulation.chest import (
    acceleration_mg,
    chest_chance,
    draw_chest_traits,
)
from coreg.session.chest import _Movement
from coreg.session.lead import BreathLead

Floats = NDArray[np.float64]
TICK_S, THERE_AFTER_S, RATE_HZ = 0.1, 0.5, 50.0
LATE_S, GLIDE_S, SIX = 360.0, 90.0, 6.0
LONGEST_S = 780.0
OWN_DEPTH, INHALE_SHARE = 0.6, 0.4
ARRIVES_AFTER_S = 0.4


class Lungs:
    """How full one body's lungs are, tick by tick, as its heart swings with them."""

    def __init__(self) -> None:
        self._full: list[float] = [0.0]

    def breathe(self, phase_rad: Floats, depth: float) -> None:
        """Go to where this breath is and along with it."""
        aims = depth * (0.5 - 0.5 * np.cos(phase_rad))
        most = TICK_S / THERE_AFTER_S
        for aim in aims.tolist():
            step = min(max(aim - self._full[-1], -most), most)
            self._full.append(self._full[-1] + step)

    def at(self, t_s: Floats) -> Floats:
        ticks_s = TICK_S * np.arange(len(self._full))
        full: Floats = np.interp(t_s, ticks_s, np.array(self._full))
        return full

    @property
    def until_s(self) -> float:
        return TICK_S * (len(self._full) - 1)


class Worn:
    """A still chest, tilted by its lungs, and what coreg sees of it."""

    def __init__(self, seed: int, place: int, partner: Partner) -> None:
        chance = chest_chance(seed, place)
        rng = np.random.default_rng(chance)
        traits = replace(draw_chest_traits(rng), rate_hz=RATE_HZ)
        still_s, beats_s = (
            np.array([0.0, LONGEST_S]),
            np.cumsum(rng.normal(0.85, 0.04, round(LONGEST_S))),
        )
        self._t_s, self._mg = acceleration_mg(
            traits, chance, still_s, np.zeros(2), beats_s
        )
        lean, skewed = traits.lean_rad, traits.skewed_rad
        along = np.array([math.sin(skewed), -math.sin(lean), math.cos(lean)])
        along[1:] *= math.cos(skewed)
        self._tilt_mg = traits.swing_mg * along
        self._paced: deque[Breath] = deque(maxlen=16)
        self._sees = _Movement(partner, self._paced)
        self._told = 0
        self.known: list[bool] = []

    def paced(self, breath: Breath) -> None:
        self._paced.append(breath)

    def show(self, lungs: Lungs, until_s: float, lead: BreathLead) -> None:
        """Give to the pacer what the chest has shown until then."""
        end = int(np.searchsorted(self._t_s, min(until_s, lungs.until_s)))
        if end <= self._told:
            return
        t_s, mg = self._t_s[self._told : end], self._mg[self._told : end]
        mg = np.round(mg + np.outer(lungs.at(t_s), self._tilt_mg))
        self._told = end
        for seen in self._sees.understand(t_s, mg, 0.0):
            if isinstance(seen, BreathSeen):
                self.known.append(math.isfinite(seen.rate_per_min))
            lead.see(seen)  # type: ignore[arg-type]  # movement says nothing else


class Led:
    """A shared pacer as the benchmark calls it, with chests or without."""

    def __init__(self, seed: int, lungs: Both[Lungs], *, chests: bool) -> None:
        self._pacer = LivePacer(SharedPacer.finding())
        self._lead = BreathLead(self._pacer.of, by_heart=True)
        self._lungs = lungs
        worn = [Worn(seed, place, each) for place, each in enumerate(Partner)]
        self.worn = Both(*worn) if chests else None
        self.leads: list[tuple[bool, ...]] = []

    def observe(
        self, partner: str, _arrival_s: float, beat_t_s: float, rr_ms: float
    ) -> None:
        self._pacer.observe(Partner(partner), beat_t_s, rr_ms)

    def rate_per_min(self, t_s: float) -> float:
        if self.worn is not None:
            for partner in Partner:
                self.worn[partner].show(
                    self._lungs[partner], t_s - ARRIVES_AFTER_S, self._lead
                )
        rate = self._pacer.rate_per_min(t_s)
        ears = self._pacer.of._ears.values()  # noqa: SLF001
        self.leads.append(tuple(not ear.is_unled(t_s) for ear in ears))
        if self.worn is not None:
            period_s = 60 / rate
            for partner in Partner:
                self.worn[partner].paced(
                    Breath(t_s=t_s, period_s=period_s, inhale_s=INHALE_SHARE * period_s)
                )
        return rate


class Outcome(NamedTuple):
    less_six: float
    off_six: float
    a_led: float
    b_led: float
    known: float


@contextmanager
def with_lungs(couple: Any, lungs: Both[Lungs]) -> Iterator[None]:
    """Let the benchmark's bodies tell their lungs what their hearts swing with."""
    of_benchmark: Any = couple.Body

    class Breathing(of_benchmark):  # type: ignore[misc]  # nobody typed it
        def advance(
            self, cycle: int, ticks: NDArray[np.int64], pacer: Floats, rate: float
        ) -> Floats:
            before = self.own_phase
            beats_s: Floats = super().advance(cycle, ticks, pacer, rate)
            if self.follow_log[-1]:
                phase = pacer - self.person.lag_rad + self.phase_jitter[ticks]
            else:
                own = max(rate, self.person.lowest_comfortable)
                own *= self.cycle_own_rate[cycle % couple.MAX_CYCLES]
                into_s = (ticks - ticks[0]) * TICK_S
                phase = before + 2 * np.pi * own / 60 * into_s
            assert math.isclose(phase[-1], self.own_phase)
            depth = 1.0 if self.follow_log[-1] else OWN_DEPTH
            lungs[Partner(self.name)].breathe(phase, depth)
            return beats_s

    couple.Body = Breathing
    try:
        yield
    finally:
        couple.Body = of_benchmark


def one_evening(job: tuple[int, float, bool]) -> Outcome:
    """Return what one couple's evening came to."""
    seed, share, chests = job
    bench, _ = benchmark()
    couple_of: Any = sys.modules["couple"]
    couple = bench.make_couple(seed, bench.Scenario(non_adherent=("B", share)))
    lungs = Both(Lungs(), Lungs())
    pacer = Led(seed, lungs, chests=chests)
    with with_lungs(couple_of, lungs):
        cycles, _ = bench.run_session(couple, pacer)
    start_s, rate_per_min, length_s = cycles.T
    worth = couple.shared_value(rate_per_min) / couple.best_value
    less_six = couple.shared_value(SIX) / couple.best_value - worth
    late, glided = start_s >= LATE_S, start_s >= GLIDE_S
    a_led, b_led = np.array(pacer.leads)[glided].mean(axis=0).tolist()
    worn = pacer.worn
    known = [0.0] if worn is None else [k for p in Partner for k in worn[p].known]
    return Outcome(
        less_six=float(np.average(less_six[late], weights=length_s[late])),
        off_six=float(
            np.average(np.abs(rate_per_min - SIX)[late], weights=length_s[late])
        ),
        a_led=a_led,
        b_led=b_led,
        known=float(np.mean(known)),
    )


def mean(values: Sequence[float]) -> str:
    of = np.array(values)
    return f"{of.mean():+7.4f} ±{of.std(ddof=1) / np.sqrt(of.size):.4f}"


def print_seeds(
    seeds: Sequence[int], couples: int, share: float, kinds: Sequence[bool]
) -> None:
    """Print a row a seed, without chests and with them, where both are wanted."""
    print(f"{couples} couples each; B follows {share:g} of breaths")
    print(
        "seed        less six          less alone       off six   A led  B led  known"
    )
    of_all: dict[bool, list[Outcome]] = {True: [], False: []}
    with ProcessPoolExecutor(1) as pool:
        for seed in seeds:
            first = 20_000 + 1_000 * seed
            for chests in kinds:
                jobs = [(first + i, share, chests) for i in range(couples)]
                rows = list(pool.map(one_evening, jobs))
                of_all[chests] += rows
                alone = of_all[False][-couples:]
                print_row(f"{seed}", rows, chests=chests, alone=alone)
    for chests in kinds:
        print_row("all", of_all[chests], chests=chests, alone=of_all[False])


def print_row(
    name: str, rows: list[Outcome], *, chests: bool, alone: list[Outcome]
) -> None:
    between = ""
    if chests and alone:
        pairs = zip(rows, alone, strict=True)
        between = mean([worn.less_six - bare.less_six for worn, bare in pairs])
    worn = "chests" if chests else "hearts"
    means = np.array(rows).mean(axis=0)
    print(
        f"{name:>4} {worn} {mean([each.less_six for each in rows])} {between:>16}"
        f"   {means[1]:.2f}    {means[2]:.2f}   {means[3]:.2f}   {means[4]:.2f}",
        flush=True,
    )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(8)))
    parser.add_argument("--couples", type=int, default=160)
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--chests-alone", action="store_true")
    given = parser.parse_args()
    try:
        benchmark()
    except ImportError:
        print(f"no benchmark in {SHARED / 'bench'}: nothing was tried", file=sys.stderr)
        return 2
    kinds = (True,) if given.chests_alone else (False, True)
    print_seeds(given.seeds, given.couples, given.share, kinds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
