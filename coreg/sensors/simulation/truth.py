"""What simulated people truly did, as plain tables to check an estimator against.

Nothing of this reaches a strap: it is what no heart can tell.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from coreg.facts.events import Partner
from coreg.sensors.simulation.body import BodyMoment
from coreg.sensors.simulation.breath import comfortable_share
from coreg.sensors.simulation.couple import (
    PersonTraits,
    Script,
    SimulatedCouple,
    SimulatedPerson,
)
from coreg.sensors.simulation.events import (
    EventKind,
    ScriptedEvent,
    height_of,
    influence,
    is_settled,
)
from coreg.sensors.simulation.turns import ScriptedTurn

FORMAT: Final = 1
COLUMNS: Final = (
    "t_s",
    "partner",
    "hr_bpm",
    "level_bpm",
    "breaths_per_min",
    "rsa_ms",
    "follows",
    "settled",
    "slower_answers",
    *EventKind,
)
"""A row a second and partner; the last ones are how much there is of each event."""


GUIDED_PER_MIN: Final = tuple(hundredths / 100 for hundredths in range(450, 705, 5))


def best_per_min(people: Iterable[PersonTraits]) -> float:
    """Return the guided rate that truly suits them best: one person, or two.

    The smaller of their swings counts, each relative to its own best, and only breaths
    that are comfortable enough to be followed.
    """
    worths = [
        [
            person.body.curve.steady_rsa_ms(rate)
            * comfortable_share(rate, person.body.breath.lowest_comfortable_per_min)
            for rate in GUIDED_PER_MIN
        ]
        for person in people
    ]
    relative = [[each / max(worth) for each in worth] for worth in worths]
    smaller = [min(at_a_rate) for at_a_rate in zip(*relative, strict=True)]
    return GUIDED_PER_MIN[smaller.index(max(smaller))]


def truth_rows(couple: SimulatedCouple) -> list[tuple[object, ...]]:
    """Return what both did, second by second, in the order of `COLUMNS`."""
    return [
        _row(partner, couple.people[partner], moment)
        for moments in zip(*_moments(couple), strict=False)
        for partner, moment in zip(couple.people, moments, strict=True)
    ]


def truth_facts(couple: SimulatedCouple, script: Script) -> dict[str, Any]:
    """Return what held all evening, and when what happened: only what JSON knows."""
    return {
        "format": FORMAT,
        "coupling": asdict(script.coupling),
        "turns": [_turn(couple, turn) for turn in script.turns],
        "best_for_both_per_min": best_per_min(
            person.traits for person in couple.people.values()
        ),
        "partners": {
            partner.value: _facts(person) for partner, person in couple.people.items()
        },
    }


def _moments(couple: SimulatedCouple) -> list[tuple[BodyMoment, ...]]:
    return [person.moments for person in couple.people.values()]


def _row(
    partner: Partner, person: SimulatedPerson, moment: BodyMoment
) -> tuple[object, ...]:
    t_s, events = moment.t_s, person.events
    return (
        f"{t_s:.0f}",
        partner.value,
        f"{moment.hr_bpm:.2f}",
        f"{moment.level_bpm:.2f}",
        f"{moment.breaths_per_min:.3f}",
        f"{moment.rsa_ms:.2f}",
        int(moment.follows),
        int(is_settled(events, t_s)),
        f"{influence(events, t_s).slower_answers:.3f}",
        *(f"{height_of(kind, events, t_s):.3f}" for kind in EventKind),
    )


def _turn(couple: SimulatedCouple, turn: ScriptedTurn) -> dict[str, Any]:
    """Return a turn with what it holds for each, and what that does to each heart."""
    return {
        "start_s": turn.start_s,
        "length_s": turn.length_s,
        "speaker": None if turn.speaker is None else turn.speaker.value,
        "partners": {
            partner.value: {
                "role": turn.role_of(partner),
                "change_bpm": round(mean_change_bpm(person.events, turn), 3),
            }
            for partner, person in couple.people.items()
        },
    }


def mean_change_bpm(events: Sequence[ScriptedEvent], turn: ScriptedTurn) -> float:
    """Return by how much the whole script moves a heart rate, on average of a turn."""
    seconds = range(math.ceil(turn.start_s), math.ceil(turn.start_s + turn.length_s))
    return sum(influence(events, t_s).change_bpm for t_s in seconds) / len(seconds)


def _facts(person: SimulatedPerson) -> dict[str, Any]:
    lived_s = person.moments[-1].t_s if person.moments else 0.0
    followed = person.followed
    return {
        "best_per_min": best_per_min([person.traits]),
        "body": asdict(person.traits.body),
        "strap": asdict(person.traits.strap),
        "events": [asdict(event) for event in person.events],
        "paced_breaths": len(followed),
        "followed_breaths": sum(followed),
        "artefacts": [
            {"t_s": round(t_s, 3), "kind": kind} for t_s, kind in person.artefacts
        ],
        "dropouts_s": [
            [round(start_s, 3), round(end_s, 3)]
            for start_s, end_s in person.dropouts_s
            if start_s <= lived_s
        ],
    }
