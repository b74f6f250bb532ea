"""Is the breath read from a chest's movement, and is it seen who goes their own way?

    python -m benchmarks.own_breath [--chests N] [--couples N] [--first SEED]

*Chests* are made up here, apart from the simulation that ships: breath after breath,
each of its own length and depth, tilts gravity on a strap that sits anyhow; hearts
shake it, it drifts, and its numbers are rounded. By rate: the share of seconds at which
a rate is told once half a minute was seen, and how far it is off (root mean square, and
95 of 100). Then what spoils it, at 12 a minute: the share of seconds told, and of those
the share within 1/min of what the chest did over the stretch that is judged.

*Couples* are `coreg.sensors.simulation`'s, in a whole session through the engine, seven
minutes on the way to six a minute. In half of them B breathes at 9, 11, 13 or 16 a
minute whatever the pacer does, with a heart that shows little of it. *Held*: the pace
was still above 6.5 a minute after three and a half minutes; a glide that waits for
nobody is there in two. Each couple once with straps that show their chests and once
without.
"""

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from coreg.analysis.chest_breath import ChestBreathing
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

RATES = (4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0)
OWN_RATES = (9.0, 11.0, 13.0, 16.0)
CHEST_S, FS_HZ = 150.0, 50.0
BREATHING_MIN, MOST_S = 7.0, 1200
HELD_ABOVE_PER_MIN, HELD_S = 6.5, 210.0
Spoils = Callable[[np.random.Generator, Floats, Floats], None]


# --- chests -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Wearer:
    """One chest: acceleration in mG, shape (n, 3), and start and length of breaths."""

    t_s: Floats
    acceleration_mg: Floats
    breaths: tuple[tuple[float, float], ...]

    def rate_per_min(self, from_s: float, to_s: float) -> float:
        """Return how many breaths a minute it truly took from then to then."""
        count = sum(
            max(0.0, min(at_s + for_s, to_s) - max(at_s, from_s)) / for_s
            for at_s, for_s in self.breaths
        )
        return 60 * count / (to_s - from_s)


def worn(
    rng: np.random.Generator,
    rate_per_min: float,
    *,
    variation: float = 0.06,
    spoils: Sequence[Spoils] = (),
) -> Wearer:
    """Draw a chest that breathes at this rate."""
    t_s = np.arange(0.0, CHEST_S, 1 / FS_HZ)
    lungs, breaths = np.zeros(t_s.size), []
    now_s = -rng.uniform(0, 8)
    while now_s < CHEST_S:
        for_s = 60 / rate_per_min * math.exp(variation * rng.standard_normal())
        deep = math.exp(0.2 * rng.standard_normal())
        inside = (t_s >= now_s) & (t_s < now_s + for_s)
        share = (t_s[inside] - now_s) / for_s
        turn = np.where(share < 0.4, share / 0.8, 0.5 + (share - 0.4) / 1.2)
        lungs[inside] = deep * (1 - np.cos(2 * np.pi * turn)) / 2
        breaths.append((now_s, for_s))
        now_s += for_s
    tilt = rng.normal(size=3)
    tilt *= rng.uniform(10, 50) / float(np.linalg.norm(tilt))
    gravity = np.array([rng.normal(0, 60), -970.0, rng.normal(150, 80)])
    seen = gravity + lungs[:, None] * tilt
    beat_s = 0.0
    while beat_s < CHEST_S:
        since = t_s - beat_s
        now = (since > 0) & (since < 0.4)
        shake = np.exp(-since[now] / 0.1) * np.sin(2 * np.pi * 7 * since[now])
        seen[now] += rng.uniform(2, 6) * shake[:, None] * rng.normal(size=3)
        beat_s += rng.normal(0.85, 0.04)
    seen += rng.normal(0, 2.5, seen.shape)
    seen += np.cumsum(rng.normal(0, 0.02, seen.shape), axis=0)
    for spoil in spoils:
        spoil(rng, t_s, seen)
    return Wearer(t_s=t_s, acceleration_mg=np.round(seen), breaths=tuple(breaths))


def posture(rng: np.random.Generator, t_s: Floats, seen: Floats) -> None:
    """Somebody sits otherwise, four times."""
    for at_s in rng.uniform(10, CHEST_S - 10, 4):
        share = np.clip((t_s - at_s) / rng.uniform(0.5, 2.0), 0, 1)
        seen += share[:, None] * rng.normal(0, 120, 3)


def laughter(rng: np.random.Generator, t_s: Floats, seen: Floats) -> None:
    """Bursts of two to five seconds, four or five shakes a second."""
    for at_s in rng.uniform(10, CHEST_S - 10, 5):
        now = (t_s > at_s) & (t_s < at_s + rng.uniform(2, 5))
        wave = np.sin(2 * np.pi * rng.uniform(4, 5) * t_s[now])
        seen[now] += wave[:, None] * rng.normal(0, 60, 3)


def fidgets(rng: np.random.Generator, t_s: Floats, seen: Floats) -> None:
    """Small movements of a hand or head, one each ten seconds or so."""
    for at_s in rng.uniform(0, CHEST_S, 15):
        since = t_s - at_s
        now = (since > 0) & (since < 1.5)
        bump = np.sin(np.pi * since[now] / 1.5) ** 2
        seen[now] += bump[:, None] * rng.normal(0, 25, 3)


def talking(rng: np.random.Generator) -> Wearer:
    """Somebody who talks all along: a quick breath in, a long one out."""
    quiet = worn(rng, 12.0)
    lungs, breaths, now_s = np.zeros(quiet.t_s.size), [], -1.0
    while now_s < CHEST_S:
        in_s, out_s = rng.uniform(0.4, 0.9), rng.uniform(1.5, 8.0)
        since = quiet.t_s - now_s
        rising = (since >= 0) & (since < in_s)
        falling = (since >= in_s) & (since < in_s + out_s)
        lungs[rising] = since[rising] / in_s
        lungs[falling] = 1 - (since[falling] - in_s) / out_s
        breaths.append((now_s, in_s + out_s))
        now_s += in_s + out_s
    tilt = rng.normal(size=3)
    tilt *= rng.uniform(10, 50) / float(np.linalg.norm(tilt))
    seen = np.array([20.0, -970.0, 150.0]) + lungs[:, None] * tilt
    seen += rng.normal(0, 5, seen.shape)
    seen += np.cumsum(rng.normal(0, 0.4, seen.shape), axis=0)  # hands and head go along
    return Wearer(t_s=quiet.t_s, acceleration_mg=np.round(seen), breaths=tuple(breaths))


SPOILED: dict[str, Callable[[np.random.Generator], Wearer]] = {
    "still": lambda rng: worn(rng, 12.0),
    "posture, four times": lambda rng: worn(rng, 12.0, spoils=[posture]),
    "laughter, five times": lambda rng: worn(rng, 12.0, spoils=[laughter]),
    "fidgets, fifteen": lambda rng: worn(rng, 12.0, spoils=[fidgets]),
    "talks all along": talking,
}


def judged(wearer: Wearer) -> tuple[int, list[float]]:
    """Return how many seconds were judged, and how far off each told rate is."""
    seconds, off = 0, []
    for seen in ChestBreathing().feed(wearer.t_s, wearer.acceleration_mg):
        if seen.t_s < 40:
            continue
        seconds += 1
        if seen.is_known:
            true = wearer.rate_per_min(seen.t_s - seen.seen_s, seen.t_s)
            off.append(seen.rate_per_min - true)
    return seconds, off


def print_chests(count: int, first: int) -> None:
    """Print both tables of chests."""
    print(f"{count} chests a row, {CHEST_S:g} s each")
    print("rate/min   told   off, rms   95 of 100")
    for rate in RATES:
        found = [
            judged(worn(np.random.default_rng([first + i, round(rate)]), rate))
            for i in range(count)
        ]
        off = np.abs(np.concatenate([each for _, each in found]))
        told = off.size / sum(seconds for seconds, _ in found)
        rms, most = math.sqrt(float(np.mean(off**2))), float(np.quantile(off, 0.95))
        print(f"{rate:8g}   {told:.2f}   {rms:8.2f}   {most:9.2f}")
    print("\nspoiled by              told   within 1/min")
    for number, (name, make) in enumerate(SPOILED.items()):
        found = [
            judged(make(np.random.default_rng([first + i, 100 + number])))
            for i in range(count)
        ]
        off = np.abs(np.concatenate([each for _, each in found]))
        told = off.size / sum(seconds for seconds, _ in found)
        right = f"{np.mean(off <= 1.0):.3f}" if off.size else "-"
        print(f"{name:22}  {told:.2f}   {right}")


# --- couples ----------------------------------------------------------------------


class Lungs:
    """What one simulated person's lungs did, to be asked for at any past time."""

    def __init__(self, person: SimulatedPerson, seed: int) -> None:
        breathing = person._body.breathing  # noqa: SLF001
        # Each person's own: what a body drew for itself tells the two apart.
        rng = np.random.default_rng([seed, round(1e6 * breathing.phase_rad)])
        self._t_s: list[float] = [-100.0]
        self._full: list[float] = [0.0]
        self._rng = rng
        tilt = rng.normal(size=3)
        self._tilt = tilt * rng.uniform(10, 50) / float(np.linalg.norm(tilt))
        live = breathing.step

        def step(t_s: float) -> None:
            live(t_s)
            self._t_s.append(t_s)
            self._full.append(breathing.depth * (1 - math.cos(breathing.phase_rad)) / 2)

        breathing.step = step  # type: ignore[method-assign]

    def acceleration_mg(self, t_s: Floats) -> Floats:
        """Return what the strap measures; shape (n, 3)."""
        full = np.interp(t_s, self._t_s[-200:], self._full[-200:])
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
        partner: PolarStreams(acceleration_mg=Lungs(person, seed).acceleration_mg)
        for partner, person in couple.people.items()
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
                t_ns=0, partner=partner, stream=stream, asked=asked, answer=answer
            )
        )
    for number in range(1, 4 * MOST_S):
        t_ns = number * NS_PER_S // 4
        arrived: list[Input] = [*couple.advance(t_ns)]
        for given in (*arrived, *frames(straps, t_ns), Tick(t_ns=t_ns)):
            feed(given)
        if engine.is_ended:
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
    """Return whether the pace was held, and how long it stayed above the limit."""
    seed, rate, chests = given
    said = paces(seed, rate, chests=chests)
    below_s = next((t_s for t_s, each in said if each <= HELD_ABOVE_PER_MIN), MOST_S)
    above_s = below_s - said[0][0]
    return above_s >= HELD_S, above_s


def print_couples(count: int, first: int) -> None:
    """Print how often the pace is held for somebody, and for nobody."""
    seeds = range(first, first + count)
    rows: dict[str, list[float | None]] = {
        "B goes their own way": [OWN_RATES[i % len(OWN_RATES)] for i in range(count)],
        "both follow": [None] * count,
    }
    print(f"\n{count} couples a row            held   above {HELD_ABOVE_PER_MIN:g} (s)")
    with ProcessPoolExecutor() as pool:
        for chests in (True, False):
            shown = "chests seen" if chests else "hearts alone"
            for name, rates in rows.items():
                jobs = [(s, r, chests) for s, r in zip(seeds, rates, strict=True)]
                found = list(pool.map(held, jobs))
                times = np.array([above_s for _, above_s in found])
                print(
                    f"{name:21}{shown:13}{sum(h for h, _ in found):3d}"
                    f"   {np.median(times):5.0f} (least {times.min():.0f}, most "
                    f"{times.max():.0f})",
                    flush=True,
                )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--chests", type=int, default=40)
    parser.add_argument("--couples", type=int, default=40)
    parser.add_argument("--first", type=int, default=300)
    given = parser.parse_args(arguments)
    if given.chests:
        print_chests(given.chests, given.first)
    if given.couples:
        print_couples(given.couples, given.first)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
