"""A simulated couple that breathes with the pacer it hears and speaks real bytes.

Two straps on two bodies, in virtual time: no clock is read and nothing sleeps. The
couple hears cues, lives on to the time it is told, and hands over what would have
arrived by then. Everything comes from one seed, bit for bit, whoever runs it and in
however many steps, as long as each cue is heard before its own time.

The numbers of physiology stand beside their sources in `simulated_body`,
`simulated_breath` and `simulated_strap`. The two hearts are independent but for the
pacer they share, unless the evening's script couples them (`simulated_coupling`) or
lets something happen to one of them (`simulated_events`).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats
from coreg.facts.both import Both
from coreg.facts.events import NS_PER_S, Cue, Notification, Partner
from coreg.sensors.simulation.body import (
    BEGIN_STEP,
    Body,
    BodyMoment,
    BodyTraits,
    draw_body_traits,
)
from coreg.sensors.simulation.breath import STEP_S
from coreg.sensors.simulation.coupling import UNCOUPLED, Coupling, pull_on
from coreg.sensors.simulation.events import ScriptedEvent
from coreg.sensors.simulation.strap import (
    Artefact,
    Strap,
    StrapTraits,
    draw_strap_traits,
)
from coreg.sensors.simulation.turns import ScriptedTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTraits:
    """One partner: a body and the strap around it."""

    body: BodyTraits
    strap: StrapTraits


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What an evening holds: how the hearts are coupled, and what happens to whom.

    What `turns` do to hearts is among the events already; they say who spoke when.
    """

    coupling: Coupling
    events: Mapping[Partner, tuple[ScriptedEvent, ...]]
    turns: tuple[ScriptedTurn, ...] = ()


UNSCRIPTED: Final = Script(coupling=UNCOUPLED, events={})


def draw_traits(seed: int) -> dict[Partner, PersonTraits]:
    """Return the two people of this seed, to be changed with `dataclasses.replace`.

    Examples
    --------
    >>> 0.4 <= draw_traits(7)[Partner.A].strap.latency_s <= 2.1
    True
    """
    return {
        partner: _draw_person_traits(streams[0])
        for partner, streams in _streams(seed).items()
    }


class SimulatedPerson:
    """One partner, with the truth that a strap does not tell."""

    def __init__(
        self,
        traits: PersonTraits,
        body: Body,
        strap: np.random.SeedSequence,
        events: tuple[ScriptedEvent, ...],
    ) -> None:
        self.traits = traits
        self.events = events
        self._body = body
        self._strap = Strap(traits.strap, strap)
        self._sensed = 0

    def hear(self, cue: Cue) -> None:
        """Hear one cue."""
        self._body.hear(cue)

    def packets_until(self, t_s: float) -> Iterator[tuple[float, bytes]]:
        """Yield arrival time and bytes of every packet sent from now up to `t_s`."""
        while self._strap.next_packet_s <= t_s:
            # A body lives only as far as its strap needs: not beyond what was heard.
            self._body.live_until(self._strap.sensed_until_s)
            self._sense()
            packet = self._strap.packet()
            if packet is not None:
                yield packet

    def steady_rsa_ms(self, rate_per_min: float) -> float:
        """Return the true swing, peak to trough, at a rate followed for long."""
        return self.traits.body.curve.steady_rsa_ms(rate_per_min)

    @property
    def beat_times_s(self) -> tuple[float, ...]:
        """True beats so far; those before 0 fell before the session began."""
        return tuple(self._body.beat_times_s)

    @property
    def moments(self) -> tuple[BodyMoment, ...]:
        """What the body truly did so far, second by second."""
        return tuple(self._body.moments)

    @property
    def lungs(self) -> tuple[Floats, Floats]:
        """When, in s, and how full the lungs were so far: what moves a chest.

        `coreg.sensors.simulation.chest` makes acceleration of it.
        """
        return self._lungs_from(0)

    def lungs_between(self, from_s: float, to_s: float) -> tuple[Floats, Floats]:
        """Live on until `to_s`, and return when and how full around these times.

        A body lives no further than its strap needs, some seconds behind what arrives:
        whoever measures a chest as time goes on asks here. No cue may come later that
        is for a time before `to_s`.
        """
        self._body.live_until(to_s + STEP_S)
        return self._lungs_from(max(0, math.floor(from_s / STEP_S) - BEGIN_STEP - 1))

    def _lungs_from(self, first: int) -> tuple[Floats, Floats]:
        filled = np.array(self._body.lungs[first:], dtype=np.float64)
        steps = np.arange(first, first + filled.size, dtype=np.float64) + BEGIN_STEP
        return STEP_S * steps, filled

    @property
    def artefacts(self) -> tuple[tuple[float, Artefact], ...]:
        """What the strap got wrong so far, with the true time of that beat."""
        return tuple(self._strap.artefacts)

    @property
    def dropouts_s(self) -> tuple[tuple[float, float], ...]:
        """Spans without packets: all so far, and the next one to come."""
        return tuple(self._strap.dropouts_s)

    @property
    def followed(self) -> tuple[bool, ...]:
        """Of every paced breath so far: was it followed."""
        return tuple(self._body.breathing.followed)

    def _sense(self) -> None:
        beats_s = self._body.beat_times_s
        until_s = self._strap.sensed_until_s
        while self._sensed < len(beats_s) and beats_s[self._sensed] <= until_s:
            self._strap.sense(beats_s[self._sensed])
            self._sensed += 1


class SimulatedCouple:
    """Two people on one pacer.

    Parameters
    ----------
    seed : int
        Not negative; decides everything that is chance.
    traits : mapping of Partner to PersonTraits, optional
        Who they are; drawn from the seed where not given (`draw_traits`). Other traits
        do not change the luck of the evening.
    script : Script, optional
        How their hearts are coupled and what happens to them; else nothing is.

    Examples
    --------
    >>> from coreg.facts.events import Breath
    >>> couple = SimulatedCouple(seed=7)
    >>> couple.hear(Breath(t_s=0.0, period_s=10.0, inhale_s=4.0))
    >>> arrived = couple.advance(10_000_000_000)
    >>> sorted({packet.partner.value for packet in arrived})
    ['A', 'B']
    """

    def __init__(
        self,
        *,
        seed: int,
        traits: Mapping[Partner, PersonTraits] | None = None,
        script: Script = UNSCRIPTED,
    ) -> None:
        known = traits or draw_traits(seed)
        chance = _streams(seed)
        self.people: dict[Partner, SimulatedPerson] = {}
        for partner, other in zip(Partner, reversed(Partner), strict=True):
            _, body, strap = chance[partner]
            events = script.events.get(partner, ())
            self.people[partner] = SimulatedPerson(
                known[partner],
                Body(
                    known[partner].body,
                    body,
                    other=chance[other][1],
                    pull=pull_on(partner, script.coupling),
                    events=events,
                ),
                strap,
                events,
            )
        self._on_the_way: list[Notification] = []
        self._until_ns = 0

    def hear(self, cue: Cue) -> None:
        """Let both hear a cue; those about breath move them, others do not."""
        for person in self.people.values():
            person.hear(cue)

    def advance(self, until_ns: int) -> list[Notification]:
        """Return what arrived since the last call, up to and with `until_ns`.

        Ordered by time, then partner.

        Raises
        ------
        ValueError
            If time would go back.
        """
        if until_ns < self._until_ns:
            raise ValueError(f"time went back from {self._until_ns} to {until_ns} ns")
        self._until_ns = until_ns
        sent = [
            Notification(t_ns=round(t_s * NS_PER_S), partner=partner, data=data)
            for partner, person in self.people.items()
            for t_s, data in person.packets_until(until_ns / NS_PER_S)
        ]
        waiting = sorted(
            self._on_the_way + sent, key=lambda packet: (packet.t_ns, packet.partner)
        )
        arrived = [packet for packet in waiting if packet.t_ns <= until_ns]
        self._on_the_way = waiting[len(arrived) :]
        return arrived


def _draw_person_traits(seeds: np.random.SeedSequence) -> PersonTraits:
    body, strap = map(np.random.default_rng, seeds.spawn(2))
    return PersonTraits(body=draw_body_traits(body), strap=draw_strap_traits(strap))


def _streams(seed: int) -> dict[Partner, list[np.random.SeedSequence]]:
    """Return independent chance for each partner's traits, body and strap."""
    if seed < 0:
        raise ValueError(f"a seed is 0 or more, not {seed}")
    each = np.random.SeedSequence(seed).spawn(len(Partner))
    return {partner: stream.spawn(3) for partner, stream in Both(*each).items()}
