"""The breath by a chest's movement beside the breath by an ECG, of the same people.

    python -m benchmarks.breath_two_ways [--by chest|ecg|both] [--couples N]
        [--first SEED]

Couples are `coreg.sensors.simulation`'s: three minutes as they breathe by themselves,
then five at six a minute, once as they are (about one breath in ten they take their own
way) and once with nobody who means to do that. One pair of lungs moves the chest (the
generator of `coreg.sensors.simulation.chest`), the intervals (that heart's own swing)
and the R heights (3 to 10 % of a whole breath, drawn for each person), so both ways are
asked of one breath, every five seconds.

*Refused*: nothing is told. *Wrong*: more than a breath a minute off the mean rate over
the window that was looked at; a few quick breaths among slow ones move that mean, and
the rate of the slow ones is told all the same. *Error*: the mean of |rate less that
mean|. *Phase*: the mean of |phase less the lungs'|, in degrees, but for the half turn
that depends on how a strap is worn; the ECG tells none. The truth is of the lungs
alone, by their analytic signal. Standard errors are over people.
"""

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from benchmarks.breath import DELAY_S, Lungs, ecg_of, mean_and_error
from coreg.analysis.breath_from_acceleration import breath_of_acceleration
from coreg.analysis.breath_from_heart import LEAST_LIKENESS, breath_of_heart
from coreg.analysis.r_peaks import r_peaks
from coreg.facts.events import NS_PER_S, Breath
from coreg.sensors.simulation.chest import (
    acceleration_mg,
    chest_chance,
    draw_chest_traits,
)
from coreg.sensors.simulation.couple import (
    PersonTraits,
    SimulatedCouple,
    SimulatedPerson,
    draw_traits,
)

Array = NDArray[np.float64]
PACED_FROM_S, END_S, EVERY_S = 180.0, 480.0, 5.0
PERIOD_S, INHALE_S = 10.0, 4.0
SETTLED_S = 60.0  # the longest window of both, and its edges
BREATHS_HZ = (0.04, 0.6)
ALONE_S = (SETTLED_S, PACED_FROM_S)
PACED_S = (PACED_FROM_S + SETTLED_S, END_S - 20.0)
ALONE, AS_THEY_ARE, EACH = "by themselves", "six, as they are", "six, each breath"
PARTS = (ALONE, AS_THEY_ARE, EACH)
WAYS = ("chest", "ecg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one way told when it was asked: one entry a time, NaN where nothing."""

    asked_s: Array
    rate_per_min: Array
    window_s: Array
    end_s: Array
    phase_rad: Array


def turns_of(t_s: Array, filled: Array) -> Array:
    """Return the turns of a breath: whole where the lungs are emptiest."""
    rate_hz = 1 / float(t_s[1] - t_s[0])
    band = signal.butter(2, BREATHS_HZ, "bandpass", fs=rate_hz, output="sos")
    wave = signal.sosfiltfilt(band, filled - filled.mean())
    turns: Array = np.unwrap(np.angle(-signal.hilbert(wave))) / (2 * np.pi)
    return turns


def by_chest(person: SimulatedPerson, seed: int, place: int, asked_s: Array) -> Told:
    drawn, chance = chest_chance(seed, place).spawn(2)
    traits = draw_chest_traits(np.random.default_rng(drawn))
    beats_s = np.array(person.beat_times_s)
    moments = breath_of_acceleration(
        *acceleration_mg(traits, chance, *person.lungs, beats_s)
    )
    seconds = np.array([each.t_s for each in moments])
    last = [moments[at] for at in np.searchsorted(seconds, asked_s, "right") - 1]
    return Told(
        asked_s=asked_s,
        rate_per_min=np.array([each.rate_per_min for each in last]),
        window_s=np.array([each.window_s for each in last]),
        end_s=np.array([each.t_s for each in last]) - DELAY_S,
        phase_rad=np.array([each.phase_rad for each in last]),
    )


def by_ecg(person: SimulatedPerson, seed: int, place: int, asked_s: Array) -> Told:
    rng = np.random.default_rng([79, seed, place])
    t_s, filled = person.lungs
    lungs = Lungs(t_s, filled, turns_of(t_s, filled))
    beats_s = np.array(person.beat_times_s)
    shown = 1 + rng.uniform(0.03, 0.1) * np.interp(beats_s, t_s, filled)
    height_uv = 1000 * shown + 15 * rng.standard_normal(beats_s.size)
    rr_ms = 1000 * np.diff(beats_s, prepend=np.nan)
    found = r_peaks(*ecg_of((beats_s, rr_ms, height_uv), lungs, rng, END_S))
    usual = ~(found.likeness < LEAST_LIKENESS)
    seen_ms = 1000 * np.diff(found.t_s, prepend=np.nan)
    nn_ms = np.where(usual & ~found.after_gap, seen_ms, np.nan)
    high_uv = np.where(usual, found.height_uv, np.nan)
    told = [breath_of_heart(found.t_s, nn_ms, high_uv, end_s) for end_s in asked_s]
    rates = np.array([each.rate_per_min for each in told])
    return Told(
        asked_s=asked_s,
        rate_per_min=rates,
        window_s=np.clip(300 / rates, 24.0, 50.0),
        end_s=asked_s,
        phase_rad=np.full(asked_s.size, np.nan),
    )


def figures(told: Told, lungs: tuple[Array, Array]) -> tuple[float, ...]:
    """Return the shares refused and wrong, the error a minute and that of the phase."""
    t_s, turns = lungs[0], turns_of(*lungs)
    known = np.isfinite(told.rate_per_min)
    ends = [
        np.interp(at_s, t_s, turns) for at_s in (told.end_s - told.window_s, told.end_s)
    ]
    off = abs(told.rate_per_min - 60 * (ends[1] - ends[0]) / told.window_s)[known]
    truly = 2 * np.pi * np.interp(told.end_s + DELAY_S, t_s, turns)
    apart = abs(np.angle(np.exp(2j * (told.phase_rad - truly)))) / 2
    has_phase = np.isfinite(apart).any()
    return (
        float(1 - known.mean()),
        float((off > 1).sum() / known.size),
        float(off.mean()) if off.size else np.nan,
        float(np.degrees(np.nanmean(apart))) if has_phase else np.nan,
    )


def who_follows_all(traits: PersonTraits) -> PersonTraits:
    """Return somebody who means to go along with every breath."""
    breath = replace(traits.body.breath, adherence=1.0)
    return replace(traits, body=replace(traits.body, breath=breath))


def lived(seed: int, *, follow_all: bool) -> list[SimulatedPerson]:
    """Return a couple after eight minutes, the last five of them paced."""
    traits = draw_traits(seed)
    if follow_all:
        traits = {whose: who_follows_all(each) for whose, each in traits.items()}
    couple = SimulatedCouple(seed=seed, traits=traits)
    for at_s in np.arange(PACED_FROM_S, END_S, PERIOD_S).tolist():
        couple.hear(Breath(t_s=at_s, period_s=PERIOD_S, inhale_s=INHALE_S))
    couple.advance(round((END_S + 10) * NS_PER_S))
    return list(couple.people.values())


def of_couple(seed: int) -> list[dict[tuple[str, str], tuple[float, ...]]]:
    """Return the figures of both partners, by part and by way."""
    as_they_are, each_breath = (lived(seed, follow_all=all_) for all_ in (False, True))
    found = []
    for place in range(2):
        mine = {}
        for part, span_s, people in (
            (ALONE, ALONE_S, as_they_are),
            (AS_THEY_ARE, PACED_S, as_they_are),
            (EACH, PACED_S, each_breath),
        ):
            asked_s, person = np.arange(*span_s, EVERY_S), people[place]
            for way, ask in zip(WAYS, (by_chest, by_ecg), strict=True):
                told = ask(person, seed, place, asked_s)
                mine[part, way] = figures(told, person.lungs)
        found.append(mine)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--by", choices=(*WAYS, "both"), default="both")
    parser.add_argument("--couples", type=int, default=15)
    parser.add_argument("--first", type=int, default=700)
    given = parser.parse_args(arguments)
    seeds = range(given.first, given.first + given.couples)
    with ProcessPoolExecutor() as pool:
        people = [mine for both in pool.map(of_couple, seeds) for mine in both]
    print(f"{len(people)} people, seeds from {given.first}")
    print(
        f"{'breathing':17}{'by':7}refused         wrong           error, /min     phase"
    )
    for part in PARTS:
        for way in WAYS if given.by == "both" else (given.by,):
            columns = zip(*(mine[part, way] for mine in people), strict=True)
            row = "   ".join(mean_and_error(list(column)) for column in columns)
            print(f"{part:17}{way:7}{row}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
