"""The assessments that the shared pacer is held against choose what they should."""

from types import ModuleType, SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from benchmarks.pacing_beside import (
    ASSESSMENTS,
    Assessing,
    Assessment,
    Sliding,
    Stepped,
)

# What two hearts swing at each rate, ms: the one is at best at 5, the other at 6.
RATES_PER_MIN = (4.5, 5.0, 5.5, 6.0, 6.5)
SWINGS_MS = {"A": (90, 100, 80, 50, 40), "B": (10, 20, 32, 40, 36)}
LATENCY_S = 3.0


class Gliding:
    """Stands in for the benchmark's pacer: a glide of 90 s, and what was heard."""

    glide_s, glide_to = 90.0, 6.0

    def __init__(self) -> None:
        self.beats: dict[str, list[tuple[float, float]]] = {"A": [], "B": []}

    def observe(self, partner: str, _arrival: float, t_s: float, rr_ms: float) -> None:
        self.beats[partner].append((t_s, rr_ms))

    def rate_per_min(self, t_s: float) -> float:
        return float(12 * (self.glide_to / 12) ** (t_s / self.glide_s))


def planted_ms(t_s: Any, _rr_ms: Any, cycles: list[tuple[float, float]]) -> float:
    """Return the planted swing; whose it is, the stand-in beats say."""
    rate = float(np.mean([rate for _, rate in cycles]))
    return float(np.interp(rate, RATES_PER_MIN, SWINGS_MS["A" if t_s[0] else "B"]))


def evening(assessment: Assessment, heard: Any = planted_ms) -> list[float]:
    """Return the rates of an evening, each with the breath's start."""
    stand_in = SimpleNamespace(
        FixedSix=Gliding, fitted_rsa_ms=heard, ARRIVAL_WAIT_S=LATENCY_S
    )
    pacer = Assessing(assessment, cast("ModuleType", stand_in))
    pacer.observe("A", 0.0, 1.0, 1000.0)
    pacer.observe("B", 0.0, 0.0, 1000.0)
    rates, t_s = [], 0.0
    while t_s < 1200.0:
        rates.append(pacer.rate_per_min(t_s))
        t_s += 60 / rates[-1]
    return rates


def test_a_stepped_assessment_ends_at_the_rate_that_leaves_neither_behind() -> None:
    rates = evening(Stepped(step_s=60.0))
    assert [rate for rate in dict.fromkeys(rates) if rate in RATES_PER_MIN] == [
        *(6.5, 6.0, 5.5, 5.0, 4.5)
    ]
    # At 5.5 both have .8 of their best; at 5 and at 6 one of them has .5.
    assert rates[-1] == 5.5


def test_a_slide_ends_near_the_rate_that_leaves_neither_behind() -> None:
    assert evening(Sliding(length_s=300.0))[-1] == pytest.approx(5.5, abs=0.1)


@pytest.mark.parametrize("name", ASSESSMENTS)
def test_no_assessment_leaves_the_guided_range(name: str) -> None:
    glided = [rate for rate in evening(ASSESSMENTS[name]) if rate <= 6.75]
    assert min(glided) >= 4.5
    assert max(glided) <= 6.75


def test_where_nothing_can_be_measured_six_is_kept() -> None:
    assert evening(Stepped(step_s=60.0), lambda *_: None)[-1] == 6.0
