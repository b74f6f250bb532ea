"""A simulated couple practising through the engine, with things that go wrong."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from coreg.facts.events import (
    NS_PER_S,
    Input,
    Notification,
    Opened,
    Partner,
    Press,
    Pressed,
    Source,
    Tick,
)
from coreg.sensors.decoding.heart_rate import decode, encode
from coreg.sensors.simulation.couple import (
    UNSCRIPTED,
    Script,
    SimulatedCouple,
    draw_traits,
)
from coreg.sensors.simulation.coupling import UNCOUPLED
from coreg.sensors.simulation.events import EventKind, usual_event
from coreg.session.companion import Learned
from coreg.session.engine import Engine, Output
from coreg.store.plans import plan_text
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED

TICK_NS = NS_PER_S // 4
Spoil = Callable[[Notification], Notification | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upset:
    """What stirs one heart within seconds, and fades slowly."""

    partner: Partner
    start_s: float
    rise_bpm: float
    rise_s: float
    hold_s: float

    @property
    def script(self) -> Script:
        """An evening on which that happens, and nothing else."""
        event = replace(
            usual_event(EventKind.UPSET, self.start_s),
            change_bpm=self.rise_bpm,
            rise_s=self.rise_s,
            hold_s=self.hold_s,
        )
        return Script(coupling=UNCOUPLED, events={self.partner: (event,)})


def couple_of(
    seed: int, *, upset: Upset | None = None, deaf: Partner | None = None
) -> SimulatedCouple:
    """The couple of this seed, one of them stirred, or one following no breath."""
    traits = draw_traits(seed)
    if deaf is not None:
        body = traits[deaf].body
        alone = replace(body.breath, adherence=0.0)
        traits[deaf] = replace(traits[deaf], body=replace(body, breath=alone))
    script = UNSCRIPTED if upset is None else upset.script
    return SimulatedCouple(seed=seed, traits=traits, script=script)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """An evening: what came in, and what followed from each."""

    inputs: tuple[Input, ...]
    outputs: tuple[tuple[float, Output], ...]
    learned: Learned

    def of(self, kind: type[Output]) -> list[tuple[float, Output]]:
        """Outputs of this kind, with the moment at which they were said."""
        return [(t_s, out) for t_s, out in self.outputs if isinstance(out, kind)]


def opened(**changes: object) -> Opened:
    """An evening of the main practice without waiting steps."""
    plain = changed(
        OPENED, source=Source.SIMULATED, plan_toml=plan_text("relaxed-and-alert")
    )
    return changed(plain, **changes)


def live(
    couple: SimulatedCouple,
    begins: Opened,
    *,
    until_s: float = 20 * 60,
    presses: Mapping[float, Press] | None = None,
    spoil: Spoil = lambda packet: packet,
) -> Lived:
    """Practise until the end, or until somebody's patience is over."""
    engine, inputs, outputs = Engine(), list[Input](), list[tuple[float, Output]]()

    def take(given: Input) -> None:
        inputs.append(given)
        for output in engine.feed(given):
            outputs.append((given.t_ns / NS_PER_S, output))
            couple.hear(output)  # type: ignore[arg-type]

    take(begins)
    waiting = sorted((presses or {}).items(), reverse=True)
    for t_ns in range(0, round(until_s * NS_PER_S), TICK_NS):
        while waiting and waiting[-1][0] * NS_PER_S <= t_ns:
            take(Pressed(t_ns=t_ns, press=waiting.pop()[1]))
        for packet in map(spoil, couple.advance(t_ns)):
            if packet is not None:
                take(packet)
        take(Tick(t_ns=t_ns))
        if engine.is_ended:
            break
    return Lived(inputs=tuple(inputs), outputs=tuple(outputs), learned=engine.learned)


def silent(partner: Partner, from_s: float, until_s: float) -> Spoil:
    """Nothing from one strap for a while."""

    def spoil(packet: Notification) -> Notification | None:
        is_lost = from_s <= packet.t_ns / NS_PER_S < until_s
        return None if is_lost and packet.partner is partner else packet

    return spoil


def garbled(partner: Partner, from_s: float, until_s: float, seed: int = 5) -> Spoil:
    """One strap's intervals are chance, as many as there were."""
    rng = np.random.default_rng(seed)

    def spoil(packet: Notification) -> Notification:
        t_s = packet.t_ns / NS_PER_S
        if packet.partner is not partner or not from_s <= t_s < until_s:
            return packet
        said = decode(packet.data)
        rr_ms = tuple(float(rng.uniform(300, 2000)) for _ in said.rr_ms)
        return replace(packet, data=encode(replace(said, rr_ms=rr_ms)))

    return spoil


def alone(partner: Partner, from_s: float, until_s: float) -> Spoil:
    """One heart swings with a breath of its own, nine a minute, whatever the pace."""

    def spoil(packet: Notification) -> Notification:
        t_s = packet.t_ns / NS_PER_S
        if packet.partner is not partner or not from_s <= t_s < until_s:
            return packet
        said = decode(packet.data)
        own_ms = 860 + 45 * math.sin(2 * math.pi * t_s * 9 / 60)
        rr_ms = tuple(own_ms for _ in said.rr_ms)
        return replace(packet, data=encode(replace(said, rr_ms=rr_ms)))

    return spoil
