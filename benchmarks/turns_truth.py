"""Do heart levels of turns agree with a scripted truth, within what is stated?

    python -m benchmarks.turns_truth [--seeds N] [--first N]

Evenings of simulated couples through the whole path: bytes of straps, cleaning, engine,
`coreg.findings.turns`. Arrive 2 min, four turns of 2, care 2, rest 4. In one half each
turn holds talk, and for either of the two nothing, an upset, a relief or a delight of a
size drawn by chance; in the other half nothing is scripted at all. The truth of a part
is the simulator's level without breath and own waves, of the same seconds.

Then the same arithmetic on real hearts, cut as if they had been such evenings, of which
nobody knows the truth: they went about their day. Exit status 1 where a 95 % interval
holds the truth in less than 92 of 100.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.real_strangers import heart, sessions
from benchmarks.settled_minutes import OPENED
from coreg.analysis.level import level_bpm, stretch_levels_bpm, wave_power_bpm2
from coreg.exercises.blocks import Role
from coreg.exercises.plan_blocks import QUIET_BETWEEN_TURNS_S
from coreg.facts.codec import CUES
from coreg.facts.events import NS_PER_S, Partner, Tick
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.turns import (
    AFTER_CHANGE_S,
    levels_by_block,
    levels_by_role,
)
from coreg.sensors.simulation.couple import (
    UNSCRIPTED,
    Script,
    SimulatedCouple,
    SimulatedPerson,
)
from coreg.sensors.simulation.coupling import UNCOUPLED
from coreg.sensors.simulation.events import EventKind, usual_event
from coreg.sensors.simulation.turns import FELT, Felt, ScriptedTurn
from coreg.session.engine import Engine
from tests.helpers.openings import changed

Floats = NDArray[np.float64]
HOLDS_AT_LEAST = 0.92
PARTS = (
    ("Arrive", "arrive", "", 2.0),
    ("One", "turn", "first", 2.0),
    ("Two", "turn", "second", 2.0),
    ("Three", "turn", "first", 2.0),
    ("Four", "turn", "second", 2.0),
    ("Care", "care", "first", 2.0),
    ("Rest", "rest", "", 4.0),
)


def plan_of() -> str:
    blocks = "".join(
        f'[[block]]\nname = "{name}"\nkind = "{kind}"\nminutes = {minutes}\n'
        + (f'who = "{who}"\n' if who else "")
        + ('ends = "time"\n' if kind == "care" else "")
        + 'words = "Be."\n'
        for name, kind, who, minutes in PARTS
    )
    return (
        'format = 2\nname = "turns"\nversion = 1\ntitle = "Turns"\n'
        'purpose = "To be measured."\nopened_by = "couple"\n' + blocks
    )


def spans_s() -> list[tuple[float, float]]:
    """Return what counts of each part, by arithmetic of its own."""
    spans, t_s, before = [], 0.0, ""
    for _, _, who, minutes in PARTS:
        quiet = bool(before) and bool(who) and who != before
        length_s = 60 * minutes + (QUIET_BETWEEN_TURNS_S if quiet else 0)
        skip_s = AFTER_CHANGE_S + (QUIET_BETWEEN_TURNS_S if quiet else 0)
        spans.append((t_s + skip_s, t_s + length_s))
        t_s += length_s
        before = who
    return spans


def script(seed: int) -> Script:
    """Return turns by chance: talk, and for each of the two something or nothing."""
    rng = np.random.default_rng([seed, 77])
    turns = []
    for (_, kind, who, _), (start_s, end_s) in zip(PARTS, spans_s(), strict=True):
        if kind not in {"turn", "care"}:
            continue
        speaker = Partner.A if who == "first" else Partner.B
        turns.append(
            ScriptedTurn(
                start_s=start_s - AFTER_CHANGE_S,
                length_s=end_s - start_s + AFTER_CHANGE_S,
                speaker=speaker if kind == "turn" else None,
                speaking_bpm=float(rng.uniform(2, 8)),
                feels=tuple(_felt(partner, rng) for partner in Partner),
            )
        )
    events = {
        partner: tuple(e for turn in turns for e in turn.events_of(partner))
        for partner in Partner
    }
    return Script(coupling=UNCOUPLED, events=events, turns=tuple(turns))


def _felt(partner: Partner, rng: np.random.Generator) -> Felt:
    kind = FELT[int(rng.integers(len(FELT)))]
    usual = usual_event(kind, 0.0)
    size_bpm = float(rng.choice([0.0, 3.0, 6.0, 10.0, 15.0]))
    return Felt(
        partner=partner,
        kind=kind,
        change_bpm=-size_bpm if kind is EventKind.RELIEF else size_bpm,
        after_s=float(rng.uniform(0, 30)),
        rise_s=usual.rise_s,
        fade_s=usual.fade_s,
    )


def evening(seed: int, scripted: Script) -> tuple[SessionSummary, SimulatedCouple]:
    couple = SimulatedCouple(seed=seed, script=scripted)
    opened = changed(OPENED, seed=seed, plan_toml=plan_of())
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
    return summarise(opened, outputs), couple


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One level, its change, and the truth of both."""

    role: Role
    error_bpm: float
    true_change_bpm: float
    half_width_bpm: float
    naive_half_bpm: float
    level_error_bpm: float
    is_told: bool

    @property
    def holds(self) -> bool:
        return abs(self.error_bpm) <= self.half_width_bpm


def found_of(summary: SessionSummary, couple: SimulatedCouple) -> list[Found]:
    spans = spans_s()
    found = []
    for each in levels_by_block(summary):
        level, span = each.level, spans[each.phase.number]
        if not math.isfinite(level.half_width_bpm):
            continue
        person = couple.people[each.partner]
        true = true_level(person, [span]) - true_level(person, [spans[0]])
        beats_s = np.array(person.beat_times_s)
        inside = (beats_s[1:] > span[0]) & (beats_s[1:] <= span[1])
        figures = summary.a if each.partner is Partner.A else summary.b
        found.append(
            Found(
                role=each.role,
                error_bpm=level.change_bpm - true,
                true_change_bpm=true,
                half_width_bpm=level.half_width_bpm,
                naive_half_bpm=naive_half_bpm(
                    figures.beat_t_s, figures.nn_ms, [spans[0], span]
                ),
                level_error_bpm=level.bpm - level_bpm(1000 * np.diff(beats_s)[inside]),
                is_told=level.is_beyond_waves,
            )
        )
    return found


def by_role(summary: SessionSummary, couple: SimulatedCouple) -> list[Found]:
    spans = spans_s()
    first = {"first": Partner.A, "second": Partner.B}
    found = []
    for each in levels_by_role(summary):
        if each.role not in {Role.SPEAKS, Role.LISTENS}:
            continue
        speaks = each.role is Role.SPEAKS
        own = [
            span
            for (_, kind, who, _), span in zip(PARTS, spans, strict=True)
            if kind == "turn" and (first[who] is each.partner) is speaks
        ]
        person = couple.people[each.partner]
        true = float(
            np.average(
                [true_level(person, [span]) for span in own],
                weights=[end_s - start_s for start_s, end_s in own],
            )
        ) - true_level(person, [spans[0]])
        found.append(
            Found(
                role=each.role,
                error_bpm=each.level.change_bpm - true,
                true_change_bpm=true,
                half_width_bpm=each.level.half_width_bpm,
                naive_half_bpm=math.nan,
                level_error_bpm=math.nan,
                is_told=each.level.is_beyond_waves,
            )
        )
    return [each for each in found if math.isfinite(each.half_width_bpm)]


def true_level(person: SimulatedPerson, spans: Sequence[tuple[float, float]]) -> float:
    levels = [
        moment.level_bpm
        for moment in person.moments
        if any(start < moment.t_s <= end for start, end in spans)
    ]
    return float(np.median(levels))


def naive_half_bpm(
    beat_t_s: Floats, nn_ms: Floats, spans: Sequence[tuple[float, float]]
) -> float:
    """Return what stretches within the two parts alone would state."""
    variance = 0.0
    for start_s, end_s in spans:
        levels = stretch_levels_bpm(beat_t_s, nn_ms, start_s, end_s)
        levels = levels[np.isfinite(levels)]
        variance += float(levels.var(ddof=1)) / levels.size if levels.size > 1 else 0.0
    return 1.96 * math.sqrt(variance)


def told(name: str, found: list[Found]) -> float:
    error = np.array([each.error_bpm for each in found])
    half = np.array([each.half_width_bpm for each in found])
    true = np.array([each.true_change_bpm for each in found])
    is_told = np.array([each.is_told for each in found])
    holds = float(np.mean([each.holds for each in found]))
    print(f"{name}: {len(found)} changes")
    print(
        f"  error, beats/min: mean {error.mean():+.2f}, SD {error.std(ddof=1):.2f}, "
        f"median of its size {np.median(np.abs(error)):.2f}"
    )
    print(
        f"  the 95 % interval holds the truth in {holds:.3f}; "
        f"half of it {np.median(half):.1f} (middle half "
        f"{np.quantile(half, 0.25):.1f} to {np.quantile(half, 0.75):.1f})"
    )
    for low, high in ((0, 1), (1, 3), (3, 6), (6, 10), (10, 30)):
        such = (np.abs(true) >= low) & (np.abs(true) < high)
        if such.any():
            share = float(is_told[such].mean())
            print(f"  true change {low} to {high}: {such.sum()}, told of {share:.3f}")
    return holds


def real() -> None:
    """Tell how often real hearts, cut as an evening, change beyond their interval."""
    spans = spans_s()
    beyond, halves, people = [], [], set()
    for session in sessions():
        heard = heart(session.rr_s)
        runs = [
            stretch_levels_bpm(heard.beat_t_s, heard.nn_ms, *span) for span in spans
        ]
        waves = wave_power_bpm2(runs)
        levels = []
        for start_s, end_s in spans:
            inside = (heard.beat_t_s > start_s) & (heard.beat_t_s <= end_s)
            is_heard = np.nansum(heard.nn_ms[inside]) >= 600 * (end_s - start_s)
            levels.append(level_bpm(heard.nn_ms[inside]) if is_heard else math.nan)
        for level, span in zip(levels[1:], spans[1:], strict=True):
            half = waves.half_width_bpm([spans[0]], [span])
            if math.isfinite(level - levels[0]) and math.isfinite(half):
                beyond.append(abs(level - levels[0]) > half)
                halves.append(half)
                people.add(session.person)
    if not beyond:
        print("The real recordings are not beside the repository.")
        return
    print(
        f"real hearts going about their day: {len(beyond)} changes of {len(people)} "
        f"recordings, beyond the interval {np.mean(beyond):.3f}; half of it "
        f"{np.median(halves):.1f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=1000)
    given = parser.parse_args(arguments)
    holds = []
    for name, of in (("scripted", script), ("nothing scripted", lambda _: UNSCRIPTED)):
        blocks: list[Found] = []
        roles: list[Found] = []
        for seed in range(given.first, given.first + given.seeds):
            summary, couple = evening(seed, of(seed))
            blocks += found_of(summary, couple)
            roles += by_role(summary, couple)
        holds += [told(f"{name}, by part", blocks), told(f"{name}, by role", roles)]
        off = np.abs([each.level_error_bpm for each in blocks])
        print(
            f"  level against the true beats: median {np.median(off):.2f}, 95 of 100 "
            f"within {np.quantile(off, 0.95):.2f}"
        )
        within = [abs(each.error_bpm) <= each.naive_half_bpm for each in blocks]
        print(f"  an interval from within the parts alone: {np.mean(within):.3f}")
        alarms = [each.is_told for each in blocks if each.role is not Role.ARRIVES]
        if of is not script:
            print(f"  told of a change, nothing scripted: {np.mean(alarms):.3f}")
    real()
    return 0 if min(holds) >= HOLDS_AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
