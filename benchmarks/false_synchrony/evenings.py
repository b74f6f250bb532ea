"""Evenings of two hearts: strangers under one pacer, and couples who share something.

What a method is given is an `Evening`. Strangers are simulated (`other_couples`) or are
real people's recordings with a pacer laid over both (`real_strangers`); neither has met
the other, so whatever is called between them is false. Coupled ones are simulated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks import other_couples, real_strangers
from coreg.analysis.session_regressors import Pacer
from coreg.analysis.synchrony import Phase
from coreg.analysis.synchrony_channels import ComparedHeart

Floats = NDArray[np.float64]
RATE_HZ: Final = 4.0
OTHERS: Final = 99

SIMULATED: Final = ("usual", "both relax", "quiet hearts", "20 % lost")
REAL: Final = ("real, as they stand", "real, breathing with it")
COUPLED: Final = ("coupled 0.3", "coupled 0.5", "coupled .5, 4-8 s")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evening:
    """Two hearts, what led them, and its parts.

    `hr_a` and `hr_b` are heart rates in beats/min, shape (n,), at `RATE_HZ` from the
    session's start: lines between clean beats, as most methods take them. `a` and `b`
    are the beats themselves. `seed` is for the method's own chance. `people` names
    whose recordings they are; None where both were simulated for this evening alone.
    `hr_others` are heart rates of B in other evenings of the kind, of nobody who is in
    this one: for methods that pair people anew.
    """

    a: ComparedHeart
    b: ComparedHeart
    hr_a: Floats
    hr_b: Floats
    pacer: Pacer
    phases: tuple[Phase, ...]
    seed: int
    people: tuple[str, str] | None = None
    hr_others: tuple[Floats, ...] = ()


def of_kind(name: str, count: int, first_seed: int) -> list[Evening]:
    """Return evenings of one kind; fewer where recordings are absent."""
    return beside_others(list(_alone(name, count, first_seed)))


def beside_others(evenings: Sequence[Evening]) -> list[Evening]:
    """Return evenings with the heart rates of B in up to `OTHERS` others."""
    beside = []
    for evening in evenings:
        mine = set(evening.people or ())
        others = [
            each.hr_b
            for each in evenings
            if each is not evening and mine.isdisjoint(each.people or ())
        ]
        rng = np.random.default_rng([evening.seed, 3])
        chosen = rng.permutation(len(others))[:OTHERS].tolist()
        paired = tuple(others[at] for at in chosen)
        beside.append(replace(evening, hr_others=paired))
    return beside


def _alone(name: str, count: int, first_seed: int) -> Iterator[Evening]:
    if name in REAL:
        yield from _real(name, count, first_seed)
        return
    for seed in range(first_seed, first_seed + count):
        (a, b), pacer = other_couples.evening(other_couples.ROWS[name], seed)
        yield _evening(a, b, pacer, other_couples.PHASES, seed)


def _real(name: str, count: int, first_seed: int) -> Iterator[Evening]:
    cut = real_strangers.sessions()
    rng = np.random.default_rng([first_seed, 21])
    for at, (one, other) in enumerate(real_strangers.pairs(cut, count, rng)):
        pacer = real_strangers.planned_pacer(rng)
        if name == REAL[0]:
            a, b = real_strangers.heart(one.rr_s), real_strangers.heart(other.rr_s)
        else:
            a, b = (
                real_strangers.breathing_with(
                    each.rr_s, real_strangers.response(pacer, rng)
                )
                for each in (one, other)
            )
        people = (one.person, other.person)
        yield _evening(a, b, pacer, real_strangers.PHASES, first_seed + at, people)


def _evening(
    a: ComparedHeart,
    b: ComparedHeart,
    pacer: Pacer,
    phases: tuple[Phase, ...],
    seed: int,
    people: tuple[str, str] | None = None,
) -> Evening:
    end_s = phases[-1].end_s
    return Evening(
        a=a,
        b=b,
        hr_a=_heart_rate(a, end_s),
        hr_b=_heart_rate(b, end_s),
        pacer=pacer,
        phases=phases,
        seed=seed,
        people=people,
    )


def _heart_rate(heart: ComparedHeart, end_s: float) -> Floats:
    known = np.isfinite(heart.nn_ms)
    at_s = np.arange(0.0, end_s, 1 / RATE_HZ)
    rates: Floats = np.interp(at_s, heart.beat_t_s[known], 60_000 / heart.nn_ms[known])
    return rates
