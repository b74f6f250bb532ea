"""Is a pace held for whoever is seen to breathe their own way, and for nobody else?

    python -m benchmarks.own_breath [--couples N] [--first SEED]

Couples are `coreg.sensors.simulation`'s, in a whole session through the engine, seven
minutes on the way to six a minute. In half of them B breathes at 9, 11, 13 or 16 a
minute whatever the pacer does, with a heart that shows little of it. *Held*: on its
way, above 6.2 a minute, the pace stood still for a minute or more. Then the longest
time for which it did: the median, the least and the most. Each couple once with straps
that show their chests and once without.
"""

import argparse
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np

from coreg.cli.options.practise import MAIN_PRACTICE
from coreg.facts.arrays import Floats
from coreg.facts.codec import CUES
from coreg.facts.events import (
    NS_PER_S,
    Breath,
    Input,
    Opened,
    Partner,
    Source,
    Stream,
    StreamPacket,
    StreamStarted,
    Tick,
)
from coreg.facts.opened import (
    Identity,
    PracticeChosen,
    StrapsWorn,
    WhoseHearts,
)
from coreg.sensors.decoding.polar_control import settings_wanted, start
from coreg.sensors.simulation.breath import STEP_S
from coreg.sensors.simulation.couple import (
    PersonTraits,
    SimulatedCouple,
    SimulatedPerson,
    draw_traits,
)
from coreg.session.engine import Engine
from coreg.store.plans import plan_text
from coreg.testing.polar_streams import PolarStreams

OWN_RATES = (9.0, 11.0, 13.0, 16.0)
BREATHING_MIN, MOST_S = 7.0, 1200
ARRIVED_PER_MIN, HELD_S = 6.2, 60.0


class Worn:
    """What the strap of one simulated person measures while their lungs fill."""

    def __init__(self, person: SimulatedPerson, seed: tuple[int, int]) -> None:
        self._person = person
        self._rng = np.random.default_rng(seed)
        tilt = self._rng.normal(size=3)
        self._tilt = tilt * self._rng.uniform(10, 50) / float(np.linalg.norm(tilt))

    def acceleration_mg(self, t_s: Floats) -> Floats:
        """Return the acceleration at these times; shape (n, 3)."""
        lived = self._person.lungs_between(float(t_s[0]), float(t_s[-1]))
        full = np.interp(t_s, *lived)
        seen = np.array([20.0, -970.0, 150.0]) + full[:, None] * self._tilt
        return seen + self._rng.normal(0, 3.0, seen.shape)


def own_way(traits: PersonTraits, rate_per_min: float) -> PersonTraits:
    """Return somebody who breathes at this rate whatever is asked, heart quiet."""
    breath = replace(traits.body.breath, own_rate_per_min=rate_per_min, adherence=0.0)
    curve = replace(traits.body.curve, peak_rsa_ms=20.0)
    return replace(traits, body=replace(traits.body, breath=breath, curve=curve))


def opened() -> Opened:
    return Opened(
        t_ns=0,
        identity=Identity(
            session_id="20261202-190000-0000",
            opened_utc="2026-12-02T19:00:00Z",
            consent="",
            versions=(),
        ),
        couple=WhoseHearts(source=Source.SIMULATED, seed=0),
        practice=PracticeChosen(
            plan_toml=plan_text(MAIN_PRACTICE),
            breathing_min=BREATHING_MIN,
            steps_wait=False,
            ends_with_source=False,
            by_labels=True,
        ),
        straps=StrapsWorn(
            streams=("one", "two"),
            common_clock=True,
            latency_s=(1.0, 1.0),
            lag_resolution_s=math.nan,
        ),
    )


def paces(
    seed: int, rate_per_min: float | None, *, chests: bool
) -> list[tuple[float, float]]:
    """Return when each breath of an evening began, and its rate."""
    traits = draw_traits(seed)
    if rate_per_min is not None:
        traits[Partner.B] = own_way(traits[Partner.B], rate_per_min)
    couple = SimulatedCouple(seed=seed, traits=traits)
    straps = {
        partner: PolarStreams(
            acceleration_mg=Worn(person, (seed, place)).acceleration_mg
        )
        for place, (partner, person) in enumerate(couple.people.items())
    }
    engine, said = Engine(), []

    def feed(given: Input) -> None:
        for output in engine.feed(given):
            if isinstance(output, CUES):
                couple.hear(output)
            if isinstance(output, Breath):
                said.append((output.t_s, 60 / output.period_s))

    feed(opened())
    stream = Stream.ACCELERATION
    for partner, strap in straps.items() if chests else ():
        asked = start(stream, settings_wanted(stream))
        answer = strap.written(asked, 0.0)
        feed(
            StreamStarted(
                t_ns=0,
                partner=partner,
                stream=stream,
                asked=asked,
                answer=answer,
                holds_breaths=True,
            )
        )
    for number in range(1, 4 * MOST_S):
        t_ns = number * NS_PER_S // 4
        arrived: list[Input] = [*couple.advance(t_ns)]
        for given in (*arrived, *frames(straps, t_ns), Tick(t_ns=t_ns)):
            feed(given)
        # Once it has arrived it is not held on its way any more.
        if engine.is_ended or (said and said[-1][1] <= ARRIVED_PER_MIN):
            break
    return said


def frames(straps: dict[Partner, PolarStreams], t_ns: int) -> Iterator[StreamPacket]:
    """Yield what arrives by now; bodies live in steps, so the last is waited for."""
    for partner, strap in straps.items():
        for data in strap.frames(t_ns / NS_PER_S - STEP_S):
            yield StreamPacket(
                t_ns=t_ns, partner=partner, stream=Stream.ACCELERATION, data=data
            )


def held(given: tuple[int, float | None, bool]) -> tuple[bool, float]:
    """Return whether the pace was held, and the longest time that it stood still."""
    seed, rate, chests = given
    longest_s = still_s = 0.0
    before = math.nan
    for _, per_min in paces(seed, rate, chests=chests):
        still_s = still_s + 60 / per_min if per_min == before else 0.0
        before = per_min
        if per_min > ARRIVED_PER_MIN:
            longest_s = max(longest_s, still_s)
    return longest_s >= HELD_S, longest_s


def print_couples(count: int, first: int) -> None:
    """Print how often the pace is held for somebody, and for nobody."""
    seeds = range(first, first + count)
    rows: dict[str, list[float | None]] = {
        "B goes their own way": [OWN_RATES[i % len(OWN_RATES)] for i in range(count)],
        "both follow": [None] * count,
    }
    print(f"{count} couples a row                   held   stood still (s)")
    with ProcessPoolExecutor() as pool:
        for chests in (True, False):
            shown = "chests seen" if chests else "hearts alone"
            for name, rates in rows.items():
                jobs = [(s, r, chests) for s, r in zip(seeds, rates, strict=True)]
                found = list(pool.map(held, jobs))
                times = np.array([still_s for _, still_s in found])
                print(
                    f"{name:21}{shown:13}{sum(h for h, _ in found):3d}"
                    f"   {np.median(times):5.0f} (least {times.min():.0f}, most "
                    f"{times.max():.0f})",
                    flush=True,
                )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--couples", type=int, default=40)
    parser.add_argument("--first", type=int, default=300)
    given = parser.parse_args(arguments)
    print_couples(given.couples, given.first)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
