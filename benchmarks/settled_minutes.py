"""Settled minutes against the simulator's truth, through the whole path.

In half of the people of simulated couples nothing happens; the others settle once, for
four to ten minutes (1 min up, 1 min down; heart rate slower by as much as the row says,
swing wider by 35 %). Bytes go through the engine; what is counted is what one's own
page counts. In truth somebody is settled past half of the settling.

Three kinds of evening, each after two minutes of arriving: twenty minutes led at a
steady six; ten minutes led and then ten of just being; twenty of quiet without
breathing, where heart rate counts alone.

Printed are the settled minutes that were found over the true ones (in all, so misses
and false alarms may balance: both stand beside it), and of people who do not change the
share of the time that they are called settled, and how many of them ever are.

    python benchmarks/settled_minutes.py [--quick] [SEED]
"""

import dataclasses
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coreg.exercises.states.settled import SETTLED_CUT
from coreg.facts.codec import CUES
from coreg.facts.events import NS_PER_S, Partner, SettledWindow, Source, Tick
from coreg.findings.settled import settled_of
from coreg.sensors.simulation.couple import Script, SimulatedCouple
from coreg.sensors.simulation.coupling import UNCOUPLED
from coreg.sensors.simulation.events import (
    EventKind,
    ScriptedEvent,
    is_settled,
    usual_event,
)
from coreg.session.engine import Engine
from tests.helpers.openings import changed, opening

CHANGES_BPM = (-4.0, -6.0, -8.0, -10.0, -12.0)
ARRIVE, LED, QUIET = "arrive", "breathe", "rest"
EVENINGS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "led": ((ARRIVE, 2), (LED, 20)),
    "led, then just being": ((ARRIVE, 2), (LED, 10), (QUIET, 10)),
    "without breathing": ((ARRIVE, 2), (QUIET, 20)),
}
LENGTH_S, REFERENCE_UNTIL_S = 1320.0, 360.0
HEAD = """
format = 1
name = "measured"
version = 1
title = "Measured"
purpose = "To be measured."
opened_by = "couple"
"""
BLOCK = """
[[block]]
name = "A block"
kind = "{kind}"
minutes = {minutes}
words = "Be."
inputs = []
measured = []
shown = []
"""
OPENED = opening(
    session_id="00000000-000000-0000",
    opened_utc="2000-01-01T00:00:00+00:00",
    source=Source.SIMULATED,
    streams=("simulated person A", "simulated person B"),
    common_clock=True,
    latency_s=(1.2, 1.2),
    lag_resolution_s=2.2,
    seed=0,
    plan_toml="",
    breathing_min=0.0,
    steps_wait=False,
    ends_with_source=False,
    consent="simulated people",
    versions=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """How long one person was settled, of what could be judged, in seconds."""

    judged_s: float
    true_s: float
    found_s: float
    missed_s: float

    @property
    def false_s(self) -> float:
        """How long this one was called settled and was not."""
        return self.found_s - (self.true_s - self.missed_s)


def evening(
    seed: int,
    events: Mapping[Partner, tuple[ScriptedEvent, ...]],
    blocks: tuple[tuple[str, int], ...] = EVENINGS["led"],
) -> dict[Partner, Person]:
    """Return what was found and what was true of both people of a seed."""
    couple = SimulatedCouple(
        seed=seed, script=Script(coupling=UNCOUPLED, events=events)
    )
    opened = changed(OPENED, seed=seed, plan_toml=plan_of(blocks))
    engine = Engine()
    outputs = engine.feed(opened)
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
    windows = [each for each in outputs if isinstance(each, SettledWindow)]
    return {
        partner: person(partner, windows, events.get(partner, ()))
        for partner in Partner
    }


def plan_of(blocks: tuple[tuple[str, int], ...]) -> str:
    """Return a plan of such blocks, a kind and its minutes each."""
    return HEAD + "".join(
        BLOCK.format(kind=kind, minutes=minutes) for kind, minutes in blocks
    )


def person(
    partner: Partner, windows: list[SettledWindow], events: tuple[ScriptedEvent, ...]
) -> Person:
    """Hold what one's own page counts against the truth."""
    counted = settled_of(partner, tuple(windows))
    own = [one for one in windows if one.partner is partner and not one.gates]
    true_s = [
        one.length_s * np.mean([is_settled(events, t) for t in moments(one)])
        for one in own
    ]
    missed_s = [
        true for true, one in zip(true_s, own, strict=True) if one.settled < SETTLED_CUT
    ]
    return Person(
        judged_s=counted.judged_s,
        true_s=float(sum(true_s)),
        found_s=counted.settled_s,
        missed_s=float(sum(missed_s)),
    )


def moments(window: SettledWindow) -> list[float]:
    """Return ten moments spread over a window."""
    return [window.start_s + window.length_s * (k + 0.5) / 10 for k in range(10)]


def settles(rng: np.random.Generator, change_bpm: float) -> tuple[ScriptedEvent, ...]:
    """Return one settling, somewhere after the reference."""
    hold_s = float(rng.uniform(240, 600))
    start_s = float(rng.uniform(REFERENCE_UNTIL_S + 30, LENGTH_S - 60 - hold_s))
    usual = usual_event(EventKind.SETTLING, start_s)
    return (dataclasses.replace(usual, change_bpm=change_bpm, hold_s=hold_s),)


def row(changed: list[Person], unchanged: list[Person]) -> str:
    """Return one row of the table."""
    true_s = sum(one.true_s for one in changed)
    not_s = sum(one.judged_s for one in changed) - true_s
    found = sum(one.found_s for one in changed) / true_s
    missed = sum(one.missed_s for one in changed) / true_s
    false = sum(one.false_s for one in changed) / not_s
    shares = [one.found_s / one.judged_s for one in unchanged if one.judged_s]
    ever = float(np.mean([share > 0 for share in shares]))
    return f"{found:10.2f}{missed:9.2f}{false:8.2f}{np.mean(shares):12.3f}{ever:7.2f}"


def main(seed: int, couples: int) -> int:
    rng = np.random.default_rng(seed)
    print("          found/true   missed   false   unchanged   ever")
    for name, blocks in EVENINGS.items():
        print(f"{name}, {couples} couples a row")
        still: list[Person] = []
        for change_bpm in CHANGES_BPM:
            changed: list[Person] = []
            unchanged: list[Person] = []
            for number in range(couples):
                who = Partner.A if number % 2 else Partner.B
                both = evening(
                    1000 * seed + number + int(-100_000 * change_bpm),
                    {who: settles(rng, change_bpm)},
                    blocks,
                )
                for partner, one in both.items():
                    (changed if partner is who else unchanged).append(one)
            print(f"{change_bpm:5.0f}/min{row(changed, unchanged)}", flush=True)
            still += unchanged
        shares = [one.found_s / one.judged_s for one in still if one.judged_s]
        print(f"unchanged people in all: settled {np.mean(shares):.3f} of the time")
    return 0


if __name__ == "__main__":
    numbers = [int(arg) for arg in sys.argv[1:] if arg.isdigit()]
    sys.exit(main(numbers[0] if numbers else 0, 8 if "--quick" in sys.argv else 24))
