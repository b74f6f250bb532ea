"""A session whose every interval was planted, on two straps that no one else has."""

from pathlib import Path

import numpy as np

from coreg.facts.events import NS_PER_S, Input, Notification, Opened, Partner, Tick
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, encode
from coreg.store.rows import Logged
from coreg.store.session_log import SessionLog
from tests.helpers.living import opened
from tests.helpers.short_plans import ARRIVING

TICKS_PER_S = 1024
LENGTH_S = 119.0  # of a practice of two minutes
HOLE_S = (50.0, 63.0)
"""When nothing of A came."""
STRAPS = ("H10 AA11BB22", "HRM-Pro CC33DD44")
SLOWEST_B_MS, FASTEST_A_MS = 800.0, 900.0
"""Every interval of A is longer than every one of B: a value says whose it is."""


def planted_ticks(partner: Partner) -> list[int]:
    """Intervals in 1/1024 s, calm and different, as a strap sends them."""
    rng = np.random.default_rng(1 if partner is Partner.A else 2)
    middle, count = (975, 150) if partner is Partner.A else (768, 190)
    swing = 30 * np.sin(np.arange(count) / 3) + rng.normal(0, 5, count)
    return [int(each) for each in np.clip(np.round(middle + swing), 700, 1023)]


def rr_ms(ticks: list[int]) -> list[float]:
    return [1000 * each / TICKS_PER_S for each in ticks]


def recorded_ms(partner: Partner) -> list[float]:
    """What arrived of one heart: all that was planted but what lay in the hole."""
    return [rr for _, rr in _arrived(partner)]


def before_hole(partner: Partner) -> int:
    """How many intervals arrived before the hole."""
    return sum(t_s < HOLE_S[0] for t_s, _ in _arrived(partner))


def _arrived(partner: Partner) -> list[tuple[float, float]]:
    """When each beat came, and its interval."""
    intervals = rr_ms(planted_ticks(partner))
    ends_s = (0.4 + np.cumsum(intervals) / 1000).tolist()
    return [
        (t_s, rr)
        for t_s, rr in zip(ends_s, intervals, strict=True)
        if t_s < LENGTH_S
        and not (partner is Partner.A and HOLE_S[0] <= t_s < HOLE_S[1])
    ]


def _packets(partner: Partner) -> list[Input]:
    return [
        Notification(
            t_ns=round(t_s * NS_PER_S),
            partner=partner,
            data=encode(
                HeartRateMeasurement(
                    hr_bpm=round(60_000 / rr),
                    wide_hr=False,
                    contact=None,
                    energy_kj=None,
                    rr_ms=(rr,),
                )
            ),
        )
        for t_s, rr in _arrived(partner)
    ]


def planted_inputs(
    until_s: float = 125.0, **changes: object
) -> tuple[Opened, list[Input]]:
    """Both hearts in a practice of two minutes, or until it broke off."""
    begins = opened(plan_toml=ARRIVING, streams=STRAPS, **changes)
    ticks = [Tick(t_ns=n * NS_PER_S // 4) for n in range(int(4 * until_s))]
    inputs: list[Input] = [*ticks, *_packets(Partner.A), *_packets(Partner.B)]
    inputs = [each for each in inputs if each.t_ns <= until_s * NS_PER_S]
    return begins, sorted(inputs, key=lambda each: each.t_ns)


def record(
    path: Path, *more: Logged, until_s: float = 125.0, **changes: object
) -> Path:
    """Record it to a file."""
    begins, inputs = planted_inputs(until_s, **changes)
    with SessionLog.create(path, begins) as log:
        for each in inputs:
            log.append(each, each.t_ns)
        for fact in more:
            log.append(fact, inputs[-1].t_ns)
    assert log.trouble is None
    return path
