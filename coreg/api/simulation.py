"""Simulated couples: what their straps would have sent, and what they truly did."""

import os
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np

from coreg.api.checks import number_of, whole_of
from coreg.api.results import Result, frame, frozen
from coreg.api.together import Pacer
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import NS_PER_S, Breath, Notification, Partner
from coreg.sensors.decoding import heart_rate
from coreg.sensors.simulation.couple import SimulatedCouple as LivingCouple
from coreg.sensors.simulation.events import is_settled
from coreg.session.couple_shelf import USUAL, couple_of
from coreg.session.sources import simulated_couple

if TYPE_CHECKING:
    import pandas as pd

_INHALE_SHARE: Final = 0.4
_LONGEST_MIN: Final = 180.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedHeart(Result):
    """One simulated partner.

    Attributes
    ----------
    arrival_s, rr_ms : ndarray, shape (n,), seconds and milliseconds
        What the strap sent, artefacts, delay and dropouts included: each interval and
        when its packet arrived.
    true_beat_s : ndarray, shape (m,), seconds
        When the heart truly beat.
    second_s : ndarray, shape (k,), seconds
        Where the truth below was taken, once a second.
    true_hr_bpm, true_breaths_per_min, true_rsa_ms : ndarray, shape (k,)
        Heart rate, breathing rate, and the swing with the breath, peak to trough.
    true_settled : ndarray of bool, shape (k,)
        Whether the body was settled.
    """

    arrival_s: Floats
    rr_ms: Floats
    true_beat_s: Floats
    second_s: Floats
    true_hr_bpm: Floats
    true_breaths_per_min: Floats
    true_rsa_ms: Floats
    true_settled: Flags

    def to_frame(self) -> "pd.DataFrame":
        """Return a pandas table of what the strap sent, a row an interval."""
        return frame({"arrival_s": self.arrival_s, "rr_ms": self.rr_ms})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedCouple(Result):
    """Two people whose truth is known. Nobody wore these straps.

    `pacer` is the one they breathed with, None where they breathed freely; `couple` is
    what they are called in docs/simulated-couples.md, or their file.
    """

    a: SimulatedHeart
    b: SimulatedHeart
    minutes: float
    seed: int
    couple: str
    pacer: Pacer | None


def simulate_couple(
    minutes: float,
    seed: int,
    *,
    breaths_per_min: float | None = None,
    couple: "str | os.PathLike[str]" = USUAL,
) -> SimulatedCouple:
    """Simulate two people with straps, and keep the truth beside what the straps say.

    Parameters
    ----------
    minutes : float
        How long, at most 180.
    seed : int
        0 or more. The same arguments give the same bits.
    breaths_per_min : float, optional
        A steady pacer that both breathe with from the start; without, each breathes
        freely.
    couple : str or path
        Who they are: `usual`, whose hearts share nothing but the pacer, `one-leads`,
        `opposite`, `each-follows`, `eventful` or `takes-turns`; or a file
        (docs/simulated-couples.md).

    Returns
    -------
    SimulatedCouple

    Raises
    ------
    BadInputError
        If a number is out of its limits.
    BadCoupleError
        If there is no such couple, or its file has a fault.

    Examples
    --------
    >>> simulated = simulate_couple(1, seed=7, breaths_per_min=6)
    >>> bool(simulated.a.true_beat_s[-1] <= 60)
    True
    """
    length_s = 60 * number_of(minutes, "minutes", low=1 / 60, high=_LONGEST_MIN)
    chance = whole_of(seed, "seed", low=0)
    pacer = None
    living = simulated_couple(seed=chance, described=couple_of(os.fspath(couple)))
    if breaths_per_min is None:
        arrived = living.advance(round(length_s * NS_PER_S))
    else:
        pacer = Pacer.steady(breaths_per_min, start_s=0.0, end_s=length_s)
        arrived = _paced(living, length_s, 60 / float(breaths_per_min))
    a, b = (_heart(living, who, arrived, length_s) for who in Partner)
    return SimulatedCouple(
        a=a,
        b=b,
        minutes=length_s / 60,
        seed=chance,
        couple=os.fspath(couple),
        pacer=pacer,
    )


def _paced(
    living: LivingCouple, length_s: float, period_s: float
) -> list[Notification]:
    """Let them hear each breath as it begins; return what arrived."""
    arrived: list[Notification] = []
    for number in count():
        start_s = number * period_s
        if start_s >= length_s:
            return arrived
        living.hear(
            Breath(t_s=start_s, period_s=period_s, inhale_s=_INHALE_SHARE * period_s)
        )
        end_s = min(start_s + period_s, length_s)
        arrived += living.advance(round(end_s * NS_PER_S))
    raise AssertionError("counting has no end")


def _heart(
    living: LivingCouple, who: Partner, arrived: list[Notification], length_s: float
) -> SimulatedHeart:
    sent = [
        (packet.t_ns / NS_PER_S, rr_ms)
        for packet in arrived
        if packet.partner is who
        for rr_ms in heart_rate.decode(packet.data).rr_ms
    ]
    of_packets = np.array(sent, dtype=np.float64).reshape(-1, 2)
    person = living.people[who]
    beat_s = np.array(person.beat_times_s)
    moments = [each for each in person.moments if 0 <= each.t_s <= length_s]
    settled = np.array([is_settled(person.events, each.t_s) for each in moments])
    settled.setflags(write=False)
    return SimulatedHeart(
        arrival_s=frozen(of_packets[:, 0]),
        rr_ms=frozen(of_packets[:, 1]),
        true_beat_s=frozen(beat_s[(beat_s >= 0) & (beat_s <= length_s)]),
        second_s=frozen([each.t_s for each in moments]),
        true_hr_bpm=frozen([each.hr_bpm for each in moments]),
        true_breaths_per_min=frozen([each.breaths_per_min for each in moments]),
        true_rsa_ms=frozen([each.rsa_ms for each in moments]),
        true_settled=settled,
    )
