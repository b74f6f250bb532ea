"""Beats as the live path has them: labelled by cleaning, some beats after they came.

What the benchmarks give to the pacer and to the watch over possible flooding goes this
way, so that they are measured by the rule that an evening has.
"""

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.cleaning_causal import CausalCleaner, CleanedBeat
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.facts.both import Both
from coreg.facts.events import Partner

Floats = NDArray[np.float64]

# As the beat clock: a beat this much later than its interval says follows lost ones.
LOST_AFTER_S = 0.5


class Labelled:
    """One heart's beats, labelled as they come."""

    def __init__(self) -> None:
        self._cleaner = CausalCleaner()
        self._last_s = float("nan")

    def feed(self, t_s: float, rr_ms: float) -> tuple[CleanedBeat, ...]:
        after_gap = t_s - self._last_s - rr_ms / 1000 > LOST_AFTER_S
        self._last_s = t_s
        return self._cleaner.feed(t_s=t_s, rr_ms=rr_ms, after_gap=after_gap)

    def flush(self) -> tuple[CleanedBeat, ...]:
        return self._cleaner.flush()


class LivePacer:
    """A shared pacer that hears two hearts as the live path lets it."""

    def __init__(self, pacer: SharedPacer) -> None:
        self.of = pacer
        self._hearts = Both(Labelled(), Labelled())

    def observe(self, partner: Partner, beat_t_s: float, rr_ms: float) -> None:
        for beat in self._hearts[partner].feed(beat_t_s, rr_ms):
            self.of.observe(partner, beat.t_s, beat.nn_ms)

    def rate_per_min(self, t_s: float) -> float:
        return self.of.rate_per_min(t_s)


def labelled(t_s: Floats, rr_ms: Floats) -> Floats:
    """Return the intervals of a recording as live labels have them, NaN if rejected."""
    heart = Labelled()
    said = [
        each
        for beat in zip(t_s.tolist(), rr_ms.tolist(), strict=True)
        for each in heart.feed(*beat)
    ]
    return np.array([each.nn_ms for each in (*said, *heart.flush())], dtype=np.float64)
