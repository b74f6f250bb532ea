"""Settled minutes against the simulator's truth, through the whole path.

Simulated couples breathe at six a minute for twenty minutes. In half of the people
nothing happens; the others settle once, for four to ten minutes (1 min up, 1 min down;
heart rate slower by as much as the row says, swing wider by 35 %). Bytes go through the
engine; its clean beats and swings go into `exercises/state.py` as in a session: the
reference from the first two minutes after the glide, the last six breaths, the cut. A
minute is settled where most of its breaths are, in truth where most of its seconds are.

Printed are the settled minutes that were found over the true ones (in all, so misses
and false alarms may balance: both stand beside it), and the share of minutes in which
people are called settled who do not change.

    python benchmarks/settled_minutes.py [--quick] [SEED]
"""

import dataclasses
import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreg.codec import CUES
from coreg.engine import Engine
from coreg.events import (
    NS_PER_S,
    Beat,
    Breath,
    BreathSwing,
    Opened,
    Partner,
    Source,
    Tick,
)
from coreg.exercises.state import (
    BREATHS,
    SETTLED_CUT,
    heart_reference,
    settled,
    settled_by_heart_rate,
)
from coreg.sensors.simulate import Script, SimulatedCouple
from coreg.sensors.simulated_coupling import UNCOUPLED
from coreg.sensors.simulated_events import (
    Event,
    EventKind,
    is_settled,
    usual_event,
)

Floats = NDArray[np.float64]
PACED_S, GLIDE_S, REFERENCE_S = 1200.0, 120.0, 120.0
CHANGES_BPM = (-4.0, -6.0, -8.0, -10.0, -12.0)
PLAN = """
format = 1
name = "six"
version = 1
title = "Six"
purpose = "Six a minute."
opened_by = "couple"
pace = "fixed"
[[block]]
name = "Breathe"
kind = "breathe"
minutes = 20
breaths_per_min = 6
words = "Breathe."
inputs = []
measured = []
shown = []
"""
OPENED = Opened(
    t_ns=0,
    session_id="00000000-000000-0000",
    opened_utc="2000-01-01T00:00:00+00:00",
    source=Source.SIMULATED,
    streams=("simulated person A", "simulated person B"),
    common_clock=True,
    latency_s=(1.2, 1.2),
    lag_resolution_s=2.2,
    seed=0,
    plan_toml=PLAN,
    breathing_min=0.0,
    steps_wait=False,
    ends_with_source=False,
    consent="simulated people",
    versions=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person's breaths as the engine had them; whether settled, by each score."""

    minutes_true: NDArray[np.bool_]
    by_heart_rate: NDArray[np.bool_]
    with_swing: NDArray[np.bool_]


def evening(
    seed: int, events: dict[Partner, tuple[Event, ...]]
) -> dict[Partner, Person]:
    """Return what was found and what was true of both people of a seed."""
    couple = SimulatedCouple(
        seed=seed, script=Script(coupling=UNCOUPLED, events=events)
    )
    engine = Engine()
    outputs = engine.feed(dataclasses.replace(OPENED, seed=seed))
    t_ns = 0
    while not engine.is_ended:
        for packet in couple.advance(t_ns):
            outputs += engine.feed(packet)
        new = engine.feed(Tick(t_ns=t_ns))
        for cue in new:
            if isinstance(cue, CUES):
                couple.hear(cue)
        outputs += new
        t_ns += NS_PER_S // 4
    breaths = [each for each in outputs if isinstance(each, Breath)]
    return {
        partner: person(
            breaths,
            [e for e in outputs if isinstance(e, Beat) and e.partner is partner],
            [e for e in outputs if isinstance(e, BreathSwing) and e.partner is partner],
            events.get(partner, ()),
        )
        for partner in Partner
    }


def person(
    breaths: list[Breath],
    beats: list[Beat],
    swings: list[BreathSwing],
    events: tuple[Event, ...],
) -> Person:
    """Score every breath, then every minute."""
    slow = [b for b in breaths if b.t_s >= GLIDE_S]
    t_s = np.array([beat.t_s for beat in beats])
    nn_ms = np.array([beat.nn_ms for beat in beats])
    hr_bpm = np.array([rate_bpm(t_s, nn_ms, b) for b in slow])
    by_start = {swing.breath_start_s: swing.rsa_ms for swing in swings}
    rsa_ms = np.array([by_start.get(b.t_s, np.nan) for b in slow])
    ends_s = np.array([b.t_s + b.period_s for b in slow])
    first = ends_s <= GLIDE_S + REFERENCE_S
    reference = heart_reference(hr_bpm[first])
    assert reference is not None
    expected_ms = np.full(BREATHS, np.nanmean(rsa_ms[first]))
    alone, both = [], []
    scored = range(int(first.sum()) + BREATHS, len(slow) + 1)
    for end in scored:
        last = slice(end - BREATHS, end)
        alone.append(settled_by_heart_rate(hr_bpm[last], reference))
        both.append(settled(hr_bpm[last], rsa_ms[last], expected_ms, reference))
    at_s = ends_s[[end - 1 for end in scored]]
    seconds = np.arange(int(at_s[0]), int(at_s[-1]))
    truth = np.array([is_settled(events, float(s)) for s in seconds])
    return Person(
        minutes_true=by_minute(seconds.astype(float), truth),
        by_heart_rate=by_minute(at_s, np.array(alone) >= SETTLED_CUT),
        with_swing=by_minute(at_s, np.array(both) >= SETTLED_CUT),
    )


def rate_bpm(t_s: Floats, nn_ms: Floats, breath: Breath) -> float:
    """Return the heart rate over exactly one breath; NaN where half is not clean."""
    inside = (t_s > breath.t_s) & (t_s <= breath.t_s + breath.period_s)
    clean_ms = nn_ms[inside & np.isfinite(nn_ms)]
    if clean_ms.sum() < 500 * breath.period_s:
        return np.nan
    return float(60_000 / clean_ms.mean())


def by_minute(t_s: Floats, is_so: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return of each whole minute whether it is so for most of it."""
    first = np.ceil((GLIDE_S + REFERENCE_S) / 60) + 1
    minutes = np.arange(first, np.floor(PACED_S / 60))
    return np.array(
        [is_so[(t_s >= 60 * m) & (t_s < 60 * m + 60)].mean() > 0.5 for m in minutes]
    )


def settles(rng: np.random.Generator, change_bpm: float) -> tuple[Event, ...]:
    """Return one settling, somewhere after the reference."""
    hold_s = float(rng.uniform(240, 600))
    start_s = float(rng.uniform(270, PACED_S - 60 - hold_s))
    usual = usual_event(EventKind.SETTLING, start_s)
    return (dataclasses.replace(usual, change_bpm=change_bpm, hold_s=hold_s),)


def main(seed: int, couples: int) -> int:
    rng = np.random.default_rng(seed)
    print("slower   found/true minutes      missed        false   unchanged settled")
    print("         by rate  with swing   (with swing)            by rate  with swing")
    for change_bpm in CHANGES_BPM:
        changed: list[Person] = []
        unchanged: list[Person] = []
        for number in range(couples):
            who = Partner.A if number % 2 else Partner.B
            both = evening(1000 * seed + number, {who: settles(rng, change_bpm)})
            for partner, one in both.items():
                (changed if partner is who else unchanged).append(one)
        true = np.concatenate([one.minutes_true for one in changed])
        alone = np.concatenate([one.by_heart_rate for one in changed])
        both_ways = np.concatenate([one.with_swing for one in changed])
        print(
            f"{change_bpm:5.0f}   {alone.sum() / true.sum():7.2f}"
            f"{both_ways.sum() / true.sum():12.2f}"
            f"{(true & ~both_ways).sum() / true.sum():15.2f}"
            f"{(~true & both_ways).sum() / (~true).sum():13.2f}"
            f"{np.mean([one.by_heart_rate.mean() for one in unchanged]):10.3f}"
            f"{np.mean([one.with_swing.mean() for one in unchanged]):12.3f}"
        )
    return 0


if __name__ == "__main__":
    numbers = [int(arg) for arg in sys.argv[1:] if arg.isdigit()]
    sys.exit(main(numbers[0] if numbers else 0, 8 if "--quick" in sys.argv else 40))
