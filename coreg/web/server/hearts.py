"""The straps of an evening, before anybody begins: whose heart is whose.

`HomeStraps` is what the pages need of straps. A simulated couple is one of them;
the straps in the air are another.
"""

import math
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Protocol

from coreg.errors import CoregError
from coreg.facts.both import Both
from coreg.facts.events import (
    NS_PER_S,
    Cue,
    Input,
    Notification,
    Partner,
    Stream,
    StreamPacket,
    StreamStarted,
    Tapped,
)
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.session.live import HeartSource
from coreg.session.sources import SessionSource, simulated_hearts
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.server.beat_jumps import SHOWN_S, BeatJumps
from coreg.words import say, wrong_and_do

_LONGEST_CATCH_UP_NS = 120 * NS_PER_S


class HomeStraps(Protocol):
    """Straps that can be looked at, and worn for a session.

    `trouble` says in words why there are none, where that is known; else it is empty.
    """

    @property
    def trouble(self) -> str: ...  # noqa: D102 - said above

    def straps(self, now_ns: int) -> tuple[StrapSeen, ...]:
        """Return the straps in the air, as they are at this moment.

        Straps are looked for as long as somebody goes on asking this.
        """
        ...

    def open_session(
        self, a: str, b: str, measured: Both[frozenset[Stream]]
    ) -> SessionSource:
        """Return a session's hearts: A wears strap `a`, B strap `b`.

        `measured` is what each lets their strap measure beside heartbeats.

        Raises
        ------
        CoregError
            If one of them is not there.
        """
        ...


class NoStraps:
    """No radio: nothing is found, and nothing can be begun."""

    trouble = ""

    def straps(self, now_ns: int) -> tuple[StrapSeen, ...]:  # noqa: ARG002
        """Return none."""
        return ()

    def open_session(
        self,
        a: str,  # noqa: ARG002
        b: str,  # noqa: ARG002
        measured: Both[frozenset[Stream]],  # noqa: ARG002
    ) -> SessionSource:
        """Refuse."""
        raise CoregError(*wrong_and_do("faults.no-straps"))


class SimulatedHome:
    """A simulated couple at home, alive on the computer's clock."""

    trouble = ""

    def __init__(self, *, seed: int, speed: float, swapped: bool) -> None:
        self.traits = (seed, speed, swapped)
        self._seed = seed
        self._speed = speed
        self._swapped = swapped
        self._couple = SimulatedCouple(seed=seed)
        self._began_ns: int | None = None
        self._seen_ns = 0
        self._beats = {p: BeatJumps() for p in Partner}

    def straps(self, now_ns: int) -> tuple[StrapSeen, ...]:
        """Return both straps; at the first look they have been worn for a while."""
        self._live_until(now_ns)
        now_s = (now_ns - (self._began_ns or 0)) / NS_PER_S
        return tuple(self._strap(partner, now_s) for partner in Partner)

    def open_session(
        self,
        a: str,  # noqa: ARG002
        b: str,  # noqa: ARG002
        measured: Both[frozenset[Stream]],
    ) -> SessionSource:
        """Return the same couple, from the beginning of its evening."""
        hearts = simulated_hearts(seed=self._seed, speed=self._speed, measured=measured)
        if not self._swapped:
            return hearts
        source = _Swapped(hearts.source)
        return replace(hearts, source=source, streams=hearts.streams[::-1])

    def _live_until(self, now_ns: int) -> None:
        if self._began_ns is None or now_ns - self._seen_ns > _LONGEST_CATCH_UP_NS:
            self._couple = SimulatedCouple(seed=self._seed)
            self._beats = {p: BeatJumps() for p in Partner}
            self._began_ns = now_ns - round(SHOWN_S * NS_PER_S)
        self._seen_ns = now_ns
        for packet in self._couple.advance(now_ns - self._began_ns):
            self._beats[packet.partner].hear(packet.t_ns / NS_PER_S, packet.data)

    def _strap(self, person: Partner, now_s: float) -> StrapSeen:
        jumps = self._beats[person].at(now_s)
        wearer = _other(person) if self._swapped else person
        return StrapSeen(
            id=f"simulated-{person}",
            identity=f"simulated-{person}",
            has_said_who=True,
            name=say("pages.server.simulated-name", detail=person),
            model=say("pages.server.simulated-strap"),
            ends="",
            worn_by=wearer,
            jumps=jumps,
            signal="good" if math.isfinite(jumps[-1]) else "silent",
            words="",
        )


class _Swapped:
    """A simulated couple with its straps, and its sides of the keyboard, swapped."""

    def __init__(self, source: HeartSource) -> None:
        self._source = source

    def hear(self, cue: Cue) -> None:
        self._source.hear(cue)

    async def inputs(self) -> AsyncGenerator[Input, None]:
        async for given in self._source.inputs():
            match given:
                case (
                    Notification(partner=person)
                    | StreamStarted(partner=person)
                    | StreamPacket(partner=person)
                    | Tapped(partner=person)
                ):
                    yield replace(given, partner=_other(person))
                case _:
                    yield given


def _other(partner: Partner) -> Partner:
    return Partner.B if partner is Partner.A else Partner.A
