"""The breath from chest acceleration: how far off, and what is said when it is stirred.

    python -m benchmarks.breath [--chests N] [--people N] [--only PART] [--row NAME]

Two generators: the chest of `coreg.sensors.simulation.chest`, and one made here that
shares nothing with it (a chest that turns as a rigid body, breath with pauses, noise of
1/f, heart of damped ringing). The truth of a second is the mean rate of the planted
breath over the window that the estimate names.

*steady*: planted rates, breaths of one length. *uneven*: lengths differ by 10 % (SD of
the logarithm). *stirred*: talk, laughter, another posture, fidgeting for a minute in
three. A second is *right* within a breath a minute of the truth, *refused* where
nothing is told, *wrong* otherwise. Standard errors are over chests.

*in step*: paced breaths from 10 to 5 a minute, of people who follow (all, late, nearly
all) and of those who go on at 9, 11, 13, 16 a minute: what each breath is called, how
many people `does_not_follow` calls within six minutes, and after how many breaths whose
pace is well below their own (by a third).

*heart*: the breath from R heights and intervals, asked every five seconds; *ecg*: the
same from samples of a made ECG, by the R peaks that are found in them.
"""

import argparse
import math
import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.breath_from_acceleration import BreathMoment, breath_of_acceleration
from coreg.analysis.breath_from_heart import LEAST_LIKENESS, breath_of_heart
from coreg.analysis.breath_in_step import (
    BreathInStep,
    breath_in_step,
    does_not_follow,
)
from coreg.analysis.breath_trace import ChestTrace
from coreg.analysis.r_peaks import r_peaks
from coreg.facts.events import Breath
from coreg.facts.kinds import InStep
from coreg.sensors.simulation.breath import Breathing, BreathTraits
from coreg.sensors.simulation.chest import (
    ScriptedStir,
    Stir,
    acceleration_mg,
    chest_chance,
    draw_chest_traits,
)

Array = NDArray[np.float64]
RATES = (4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0)
LENGTH_S, SETTLED_S, GRID_S = 180.0, 45.0, 0.1
STIR_S = (70.0, 130.0)
DELAY_S = 0.7  # the window ends this long before the second
KINDS = ("nothing", *Stir)


class Lungs(NamedTuple):
    t_s: Array
    filled: Array
    breaths: Array  # breaths so far, growing

    def rate_per_min(self, moment: BreathMoment) -> float:
        end_s = moment.t_s - DELAY_S
        ends = np.interp([end_s - moment.window_s, end_s], self.t_s, self.breaths)
        return 60 * float(np.diff(ends)[0]) / moment.window_s


def breathed(
    rate_per_min: float,
    rng: np.random.Generator,
    shape: Callable[[float], float],
    uneven: float,
    kind: str,
) -> Lungs:
    """Breathe; while talking quickly in and out for as long as the words take."""
    t_s = np.arange(0, LENGTH_S, GRID_S)
    filled, breaths = np.zeros(t_s.size), np.zeros(t_s.size)
    turned, at, inhale_s = float(rng.random()), shape, 0.0
    period_s = 60 / rate_per_min
    for step, now_s in enumerate(t_s.tolist()):
        before = math.floor(turned)
        turned += GRID_S / period_s
        if math.floor(turned) > before:
            period_s = 60 / rate_per_min * math.exp(uneven * rng.standard_normal())
            at = shape
            if kind == Stir.TALK and STIR_S[0] <= now_s < STIR_S[1]:
                inhale_s = float(rng.uniform(0.5, 1.0))
                period_s = inhale_s + float(np.exp(rng.normal(math.log(3.5), 0.45)))
                at = partial(_ramp, inhale=inhale_s / period_s)
        breaths[step], filled[step] = turned, at(turned % 1)
    return Lungs(t_s, filled, breaths)


def _ramp(x: float, inhale: float) -> float:
    return x / inhale if x < inhale else (1 - x) / (1 - inhale)


def _cosines(x: float) -> float:
    if x < 0.4:
        return 0.5 - 0.5 * math.cos(math.pi * x / 0.4)
    return 0.5 + 0.5 * math.cos(math.pi * (x - 0.4) / 0.6)


def _with_pause(x: float) -> float:
    if x < 0.35:
        return math.sin(math.pi / 2 * x / 0.35) ** 2
    return math.exp(-(((x - 0.35) / 0.22) ** 1.5))


def shipped(lungs: Lungs, rng: np.random.Generator, kind: str) -> tuple[Array, Array]:
    beats_s = np.cumsum(rng.normal(0.85, 0.04, round(LENGTH_S)))
    first_s, last_s = STIR_S
    length_s = 2.0 if kind == Stir.SHIFT else last_s - first_s
    if kind == Stir.LAUGHTER:
        length_s = 6.0
    stirs = (
        []
        if kind == "nothing"
        else [ScriptedStir(kind=Stir(kind), start_s=first_s, length_s=length_s)]
    )
    chance = chest_chance(int(rng.integers(2**31)), 0)
    traits = draw_chest_traits(rng)
    return acceleration_mg(traits, chance, lungs.t_s, lungs.filled, beats_s, stirs)


def another(lungs: Lungs, rng: np.random.Generator, kind: str) -> tuple[Array, Array]:
    """Turn gravity with a rigid chest; nothing here is shared with `shipped`."""
    rate_hz = float(rng.choice([25, 50, 100, 200]))
    t_s = np.arange(0.0, LENGTH_S - 1, 1 / rate_hz)
    axis = rng.normal(size=3) * [1, 0.3, 0.3]
    axis /= np.linalg.norm(axis)
    rest = rng.normal(size=3) * 0.4 + [0, 1, 0.3]
    rest *= 1000 / np.linalg.norm(rest)
    across = np.cross(axis, rest)
    turn = math.radians(rng.uniform(0.4, 1.8)) * np.interp(t_s, *lungs[:2])
    mg = rest + np.outer(np.sin(turn), across)
    mg += np.outer(1 - np.cos(turn), np.cross(axis, across))
    noise = np.fft.rfft(rng.normal(size=(t_s.size, 3)), axis=0)
    size = np.arange(len(noise))
    noise[1:] *= size[1:, None] ** -0.5
    noise[0] = 0
    drift = np.fft.irfft(noise, t_s.size, axis=0)
    mg += rng.uniform(0.5, 2.0) * drift / drift.std(axis=0)
    mg += rng.normal(size=mg.shape) * rng.uniform(0.5, 3)
    phase = np.cumsum(np.interp(t_s, t_s[::50], rng.normal(1.15, 0.03, t_s[::50].size)))
    since_s = (phase / rate_hz) % 1 / 1.15
    ring = np.exp(-since_s / 0.1) * np.sin(2 * np.pi * 15 * since_s)
    mg += np.outer(rng.uniform(5, 20) * ring, rng.normal(size=3) / math.sqrt(3))
    return t_s, np.round(mg + _stir_mg(t_s, rng, kind))


def _stir_mg(t_s: Array, rng: np.random.Generator, kind: str) -> Array:
    inside = (t_s >= STIR_S[0]) & (t_s < STIR_S[1])
    way = rng.normal(size=3)
    way /= np.linalg.norm(way)
    if kind == Stir.SHIFT:
        gone = np.clip((t_s - STIR_S[0]) / rng.uniform(0.7, 3), 0, 1)
        return np.outer(gone * rng.uniform(60, 500), way)
    if kind == Stir.LAUGHTER:
        heaves = np.sign(np.sin(2 * np.pi * rng.uniform(3.5, 5.5) * t_s))
        loud = np.abs(np.sin(np.pi * (t_s - STIR_S[0]) / 6)) * (t_s < STIR_S[0] + 6)
        return np.outer(inside * heaves * loud * rng.uniform(40, 120), way)
    if kind == Stir.TALK:
        shaking = rng.normal(size=(t_s.size, 3)) * rng.uniform(2, 6)
        return inside[:, None] * shaking
    if kind == Stir.FIDGET:
        moved = np.zeros((t_s.size, 3))
        for at_s in rng.uniform(*STIR_S, 15):
            bump = np.exp(-0.5 * ((t_s - at_s) / rng.uniform(0.2, 1.2)) ** 2)
            moved += np.outer(bump * rng.uniform(20, 150), rng.normal(size=3))
        return moved
    return np.zeros((t_s.size, 3))


GENERATORS = {"shipped": (shipped, _cosines), "another": (another, _with_pause)}


def seconds(
    name: str, rate_per_min: float, chest: int, uneven: float, kind: str
) -> list[tuple[BreathMoment, float]]:
    make, shape = GENERATORS[name]
    rng = np.random.default_rng([len(name), round(10 * rate_per_min), chest])
    lungs = breathed(rate_per_min, rng, shape, uneven, kind)
    moments = breath_of_acceleration(*make(lungs, rng, kind))
    late = [each for each in moments if each.t_s >= SETTLED_S]
    return [(each, lungs.rate_per_min(each)) for each in late]


def mean_and_error(values: list[float]) -> str:
    kept = np.array([each for each in values if math.isfinite(each)])
    if kept.size < 2:
        return "      -      "
    return f"{kept.mean():.3f} ± {kept.std(ddof=1) / math.sqrt(kept.size):.3f}"


def tell_rates(chests: int) -> None:
    print("chest     breaths   rate   told            error/min       worst   n")
    for uneven, called in ((0.0, "steady"), (0.1, "uneven")):
        for name in GENERATORS:
            for rate in RATES:
                told, errors, worst = [], [], 0.0
                for chest in range(chests):
                    found = seconds(name, rate, chest, uneven, "nothing")
                    off = [
                        abs(each.rate_per_min - true)
                        for each, true in found
                        if each.untold is None
                    ]
                    told.append(len(off) / len(found))
                    errors.append(float(np.mean(off)) if off else math.nan)
                    worst = max([worst, *off])
                row = f"{name:10}{called:8}{rate:6.0f}   {mean_and_error(told)}"
                row = f"{row}   {mean_and_error(errors)}{worst:8.2f}{chests:4}"
                print(row, flush=True)


def tell_stirred(chests: int) -> None:
    print("\nchest     stirred by   right           refused         wrong           n")
    for name in GENERATORS:
        for kind in KINDS:
            shares: list[tuple[float, float, float]] = []
            for rate in RATES:
                for chest in range(math.ceil(chests / 2)):
                    found = seconds(name, rate, 1000 + chest, 0.08, kind)
                    near = [
                        (each, true)
                        for each, true in found
                        if STIR_S[0] <= each.t_s <= STIR_S[1] + 40
                    ]
                    told = [pair for pair in near if pair[0].untold is None]
                    right = sum(abs(m.rate_per_min - true) <= 1 for m, true in told)
                    shares.append(
                        (
                            right / len(near),
                            1 - len(told) / len(near),
                            (len(told) - right) / len(near),
                        )
                    )
            columns = zip(*shares, strict=True)
            row = "   ".join(mean_and_error(list(column)) for column in columns)
            print(f"{name:10}{kind:13}{row}{len(shares):4}", flush=True)


def heart_of(
    lungs: Lungs, rng: np.random.Generator, shows: float
) -> tuple[Array, Array, Array]:
    """Return beats, intervals and R heights; `shows` times what people show of breath.

    Intervals swing by 20 to 100 ms, R heights by 3 to 10 %; slow waves, waves of 0.1 Hz
    and noise are there whatever one breathes.
    """
    swing_ms, height = shows * rng.uniform(20, 100), shows * rng.uniform(0.03, 0.1)
    waves_ms, turned = rng.uniform(4, 15), rng.uniform(0, 2 * np.pi)
    slow_ms, now_s, rows = 0.0, 0.0, []
    while now_s < LENGTH_S - 1:
        filled = float(np.interp(now_s, lungs.t_s, lungs.filled))
        slow_ms = 0.97 * slow_ms + 5 * rng.standard_normal()
        turned += 2 * np.pi * 0.1 * 0.85 + 0.15 * rng.standard_normal()
        own_ms = slow_ms + waves_ms * math.sin(turned) + 10 * rng.standard_normal()
        rr_ms = 850 + own_ms - swing_ms * (filled - 0.5)
        now_s += rr_ms / 1000
        seen = float(np.interp(now_s, lungs.t_s, lungs.filled))
        height_uv = 1000 * (1 + height * seen) + 15 * rng.standard_normal()
        rows.append((now_s, rr_ms, height_uv))
    t_s, rr, height_of_r = np.array(rows).T
    return t_s, rr, height_of_r


def tell_heart(chests: int) -> None:
    print(
        "\nheart               rate   told            wrong           error/min       n"
    )
    kinds = (
        ("R and intervals", 1.0),
        ("intervals alone", 1.0),
        ("shows no breath", 0.0),
    )
    for name, shows in kinds:
        for rate in RATES:
            told, wrong, errors = [], [], []
            for chest in range(chests):
                rng = np.random.default_rng([77, round(rate), chest])
                lungs = breathed(rate, rng, _cosines, 0.05, "nothing")
                t_s, rr_ms, height_uv = heart_of(lungs, rng, shows)
                if name == "intervals alone":
                    height_uv = np.full(t_s.size, np.nan)
                off, asked = [], np.arange(60.0, LENGTH_S - 2, 5.0)
                for end_s in asked.tolist():
                    found = breath_of_heart(t_s, rr_ms, height_uv, end_s)
                    if found.untold is None:
                        window_s = min(max(300 / found.rate_per_min, 24.0), 50.0)
                        ends = [end_s - window_s, end_s]
                        turned = float(np.diff(np.interp(ends, lungs.t_s, lungs[2]))[0])
                        off.append(abs(found.rate_per_min - 60 * turned / window_s))
                told.append(len(off) / asked.size)
                wrong.append(sum(each > 1 for each in off) / asked.size)
                errors.append(float(np.mean(off)) if off else math.nan)
            row = f"{name:18}{rate:6.0f}   {mean_and_error(told)}"
            row = f"{row}   {mean_and_error(wrong)}   {mean_and_error(errors)}"
            print(f"{row}{chests:4}", flush=True)


def ecg_of(
    beats: tuple[Array, Array, Array],
    lungs: Lungs,
    rng: np.random.Generator,
    length_s: float = LENGTH_S - 2,
) -> tuple[Array, Array]:
    """Return an ECG of 130 Hz: a Gaussian a beat, drift with the breath, noise."""
    beat_t_s, _, height_uv = beats
    t_s = np.arange(0.0, length_s, 1 / 130)
    uv = rng.uniform(20, 80) * np.interp(t_s, lungs.t_s, lungs.filled)
    uv += rng.uniform(5, 20) * rng.standard_normal(t_s.size)
    for at_s, high_uv in zip(beat_t_s.tolist(), height_uv.tolist(), strict=True):
        first, last = np.searchsorted(t_s, [at_s - 0.1, at_s + 0.5]).tolist()
        since_s = t_s[first:last] - at_s
        uv[first:last] += high_uv * np.exp(-0.5 * (since_s / 0.012) ** 2)
        uv[first:last] += 0.17 * high_uv * np.exp(-0.5 * ((since_s - 0.27) / 0.05) ** 2)
    return t_s, uv


def tell_ecg(chests: int) -> None:
    print(
        "\necg                 rate   told            wrong           error/min       n"
    )
    for name, shows in (("breath in it", 1.0), ("shows no breath", 0.0)):
        for rate in RATES:
            told, wrong, errors = [], [], []
            for chest in range(chests):
                rng = np.random.default_rng([78, round(rate), chest])
                lungs = breathed(rate, rng, _cosines, 0.05, "nothing")
                found = r_peaks(*ecg_of(heart_of(lungs, rng, shows), lungs, rng))
                usual = ~(found.likeness < LEAST_LIKENESS)
                rr_ms = 1000 * np.diff(found.t_s, prepend=math.nan)
                nn_ms = np.where(usual & ~found.after_gap, rr_ms, math.nan)
                high_uv = np.where(usual, found.height_uv, math.nan)
                off, asked = [], np.arange(60.0, LENGTH_S - 4, 5.0)
                for end_s in asked.tolist():
                    each = breath_of_heart(found.t_s, nn_ms, high_uv, end_s)
                    if each.untold is None:
                        window_s = min(max(300 / each.rate_per_min, 24.0), 50.0)
                        ends = [end_s - window_s, end_s]
                        turned = float(np.diff(np.interp(ends, lungs.t_s, lungs[2]))[0])
                        off.append(abs(each.rate_per_min - 60 * turned / window_s))
                told.append(len(off) / asked.size)
                wrong.append(sum(each > 1 for each in off) / asked.size)
                errors.append(float(np.mean(off)) if off else math.nan)
            row = f"{name:18}{rate:6.0f}   {mean_and_error(told)}"
            row = f"{row}   {mean_and_error(wrong)}   {mean_and_error(errors)}"
            print(f"{row}{chests:4}", flush=True)


def session(
    traits: BreathTraits, seed: int, late_s: float, stirs: tuple[ScriptedStir, ...]
) -> tuple[list[Breath], list[BreathInStep]]:
    """Return paced breaths of six minutes, 10 to 6 and on to 5 a minute."""
    chance = np.random.SeedSequence([seed, 4])
    lungs_seed, chest_seed = chance.spawn(2)
    breathing = Breathing(traits, lungs_seed)
    paces, at_s = [], 20.0
    while at_s < 360:
        rate = max(5.0, 6.0 + 4 * math.exp(-at_s / 40) - max(0.0, at_s - 120) / 200)
        paces.append(Breath(t_s=at_s, period_s=60 / rate, inhale_s=24 / rate))
        at_s += 60 / rate
    for pace in paces:
        breathing.hear(
            Breath(
                t_s=pace.t_s + late_s, period_s=pace.period_s, inhale_s=pace.inhale_s
            )
        )
    t_s = np.arange(0, at_s + 10, GRID_S)
    filled = np.zeros(t_s.size)
    for step, now_s in enumerate(t_s.tolist()):
        breathing.step(now_s)
        filled[step] = breathing.depth * (0.5 - 0.5 * math.cos(breathing.phase_rad))
    rng = np.random.default_rng(chest_seed)
    beats_s = np.cumsum(rng.normal(0.85, 0.04, round(at_s)))
    chest = draw_chest_traits(rng)
    chance_of_chest = chest_chance(seed, 1)
    felt = acceleration_mg(chest, chance_of_chest, t_s, filled, beats_s, stirs)
    stretches = ChestTrace().push(*felt)
    breaths = []
    for pace in paces:
        ready_s = pace.t_s + 1.25 * pace.period_s + 0.7
        after = next((s for s in stretches if s.now_s >= ready_s), stretches[-1])
        span = (pace.t_s, pace.period_s, pace.inhale_s)
        breaths.append(breath_in_step(after.t_s, after.mg, *span))
    return paces, breaths


def tell_in_step(people: int, only: str) -> None:
    print(
        "\nwho                       followed   own way   not told   people called   n"
    )
    usual = {"variation": 0.08, "lowest_comfortable_per_min": 3.5, "comfort_s": 40.0}

    def traits(own: float, adherence: float) -> BreathTraits:
        return BreathTraits(own_rate_per_min=own, adherence=adherence, **usual)

    fidgets = tuple(
        ScriptedStir(kind=Stir.FIDGET, start_s=at_s, length_s=20.0)
        for at_s in (60.0, 150.0, 240.0)
    )
    shifts = tuple(
        ScriptedStir(kind=Stir.SHIFT, start_s=at_s, length_s=3.0)
        for at_s in np.arange(40.0, 340.0, 30.0).tolist()
    )
    rows = [
        ("follows every breath", 13.0, 1.0, 0.0),
        ("follows 1.5 s late", 13.0, 1.0, 1.5),
        ("follows 97 of 100", 13.0, 0.97, 0.3),
        ("follows 90 of 100", 13.0, 0.9, 0.3),
        ("follows 30 of 100", 13.0, 0.3, 0.3),
        ("follows, fidgets", 13.0, 0.97, 0.3),
        ("follows, shifts seat", 13.0, 0.97, 0.3),
        *((f"goes on at {own:.0f}", own, 0.0, 0.0) for own in (9.0, 11.0, 13.0, 16.0)),
    ]
    for name, own, adherence, late_s in (row for row in rows if only in row[0]):
        stirs = fidgets if "fidgets" in name else shifts if "shifts" in name else ()
        waited, found = [], []
        for person in range(people):
            person_traits = traits(own, adherence)
            paces, breaths = session(person_traits, 7000 + person, late_s, stirs)
            told = [each.in_step for each in breaths]
            found += told
            far = [60 / pace.period_s <= own / 1.35 for pace in paces]
            ends = range(1, len(breaths) + 1)
            called = [end for end in ends if does_not_follow(told[:end])]
            if called:
                waited.append(sum(far[: called[0]]))
        shares = (found.count(each) / len(found) for each in InStep)
        row = "".join(f"{share:11.3f}" for share in shares)
        after = f"{np.median(waited):.0f}-{max(waited)}" if waited else "-"
        row = f"{name:22}{row}{len(waited):4}/{people}{after:>7}"
        print(f"{row}{len(found):9}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chests", type=int, default=10)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--row", default="", help="only rows named so")
    parser.add_argument("--only", choices=["rates", "stirred", "heart", "ecg", "step"])
    chosen = parser.parse_args()
    if chosen.only in (None, "rates"):
        tell_rates(chosen.chests)
    if chosen.only in (None, "stirred"):
        tell_stirred(chosen.chests)
    if chosen.only in (None, "heart"):
        tell_heart(chosen.chests)
    if chosen.only in (None, "ecg"):
        tell_ecg(chosen.chests)
    if chosen.only in (None, "step"):
        tell_in_step(chosen.people, chosen.row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
