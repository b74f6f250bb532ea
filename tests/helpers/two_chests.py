"""A session in which two chests are seen to breathe, fed to the engine by hand."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from coreg.facts.arrays import Floats
from coreg.facts.events import (
    NS_PER_S,
    Input,
    Opened,
    Partner,
    Stream,
    StreamPacket,
    StreamStarted,
    Tick,
)
from coreg.sensors.decoding.polar_control import settings_wanted, start
from coreg.store.plans import plan_text
from coreg.testing.polar_streams import PolarStreams
from tests.helpers.openings import opening

LIGHT_PLAN = "the-light-follows-you-both"
Chest = Callable[[Floats], Floats]
MOVES = Stream.ACCELERATION


def chest(rate_per_min: float, *, still_from_s: float = math.inf) -> Chest:
    """Somebody who sits upright and breathes so; then the strap hangs on a chair."""

    def mg(t_s: Floats) -> Floats:
        swing = 10 * np.sin(2 * np.pi * rate_per_min / 60 * t_s)
        swing = np.where(t_s < still_from_s, swing, 0.0)
        return np.column_stack([swing, np.full(t_s.size, -980.0), 180 + 0.3 * swing])

    return mg


def opened(plan: str = LIGHT_PLAN) -> Opened:
    return opening(plan_toml=plan_text(plan))


def light_session(chests: dict[Partner, Chest], length_s: int) -> Iterator[Input]:
    """Yield the inputs of a session in which the straps of these show their chests."""
    yield opened()
    straps = {p: PolarStreams(acceleration_mg=mg) for p, mg in chests.items()}
    for partner, strap in straps.items():
        asked = start(MOVES, settings_wanted(MOVES))
        yield StreamStarted(
            t_ns=0,
            partner=partner,
            stream=MOVES,
            asked=asked,
            answer=strap.written(asked, 0.0),
        )
    for number in range(1, 4 * length_s):
        t_ns = number * NS_PER_S // 4
        for partner, strap in straps.items():
            for data in strap.frames(t_ns / NS_PER_S):
                yield StreamPacket(t_ns=t_ns, partner=partner, stream=MOVES, data=data)
        yield Tick(t_ns=t_ns)
