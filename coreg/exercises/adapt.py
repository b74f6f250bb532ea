"""One pace for two: a glide into six breaths a minute that waits for the slower one.

Strategy, simple and safe:

1. Glide from 12 to 6 breaths a minute, exponentially, over 90 s. Six is an honest
   default: individual resonance lies at 4.5-6.6/min and a trial found it no better
   than a steady six.
2. The glide goes on only while *both* hearts follow the breath or cannot be judged:
   where one does not, the pace holds for both, for at most `LONGEST_WAIT_S` in all.
   Following is judged by how much of the beat-to-beat variation is locked to the
   phase of the last breaths (level, trend and one sinusoid, least squares).
3. Afterwards the pace stays at six. Leaving six has to be earned by evidence.

The glide's position is time spent gliding, not time of day, so a hold or a pause
never makes the pace jump.
"""

import math
from collections import deque

import numpy as np

from coreg.events import Partner

START_PER_MIN = 12.0
STEADY_PER_MIN = 6.0
GLIDE_S = 90.0
LONGEST_WAIT_S = 60.0

# Judged over the last whole breaths: two at least for a trend apart from the phase.
JUDGED_BREATHS = 3
FEWEST_BEATS = 8
# Locked share of variance below which somebody is taken not to follow. Of pure noise,
# two regressors on n beats explain 2/(n - 2): about .15 on the 15 beats of 3 breaths.
FOLLOWS_SHARE = 0.3
# Straps deliver 0.4-2.6 s late (doi 10.1088/1361-6579/adece4).
ARRIVAL_WAIT_S = 3.0


class SharedPacer:
    """Chooses the rate of each breath from both partners' beats."""

    __slots__ = ("_beats", "_breaths", "_glided_s", "_waited_s")

    def __init__(self) -> None:
        self._beats: dict[Partner, deque[tuple[float, float]]] = {
            partner: deque(maxlen=64) for partner in Partner
        }
        self._breaths: deque[tuple[float, float]] = deque(maxlen=JUDGED_BREATHS + 1)
        self._glided_s = 0.0
        self._waited_s = 0.0

    def observe(self, partner: Partner, beat_t_s: float, rr_ms: float) -> None:
        """Take one beat, in the order in which beats become known."""
        self._beats[partner].append((beat_t_s, rr_ms))

    def rate_per_min(self, t_s: float) -> float:
        """Return the rate of the breath that starts at `t_s`."""
        self._go_on(t_s)
        share = min(1.0, self._glided_s / GLIDE_S)
        ratio = STEADY_PER_MIN / START_PER_MIN
        rate = START_PER_MIN * math.pow(ratio, share)
        self._breaths.append((t_s, 60 / rate))
        return rate

    def _go_on(self, t_s: float) -> None:
        """Move the glide on by the last breath, or wait for the slower partner."""
        if not self._breaths or self._glided_s >= GLIDE_S:
            return
        spent_s = self._breaths[-1][1]
        if self._waited_s < LONGEST_WAIT_S and not self._both_follow(t_s):
            self._waited_s += spent_s
        else:
            self._glided_s += spent_s

    def _both_follow(self, t_s: float) -> bool:
        known_s = t_s - ARRIVAL_WAIT_S
        whole = [b for b in self._breaths if b[0] + b[1] <= known_s][-JUDGED_BREATHS:]
        if len(whole) < JUDGED_BREATHS:
            return True
        shares = [locked_share(list(beats), whole) for beats in self._beats.values()]
        return not any(share < FOLLOWS_SHARE for share in shares)


def locked_share(
    beats: list[tuple[float, float]], breaths: list[tuple[float, float]]
) -> float:
    """Return the share of RR variance that is locked to the phase of these breaths.

    Parameters
    ----------
    beats : list of (float, float)
        Beat times in seconds and RR intervals in milliseconds.
    breaths : list of (float, float)
        Start and period of breaths that follow one another, in seconds.

    Returns
    -------
    float
        0 to 1; NaN where fewer than `FEWEST_BEATS` beats fall into the breaths or
        they do not vary, so that nothing can be judged.
    """
    starts = np.array([start for start, _ in breaths])
    periods = np.array([period for _, period in breaths])
    t_s, rr_ms = np.array(beats, dtype=float).reshape(-1, 2).T
    inside = (t_s >= starts[0]) & (t_s < starts[-1] + periods[-1])
    t_s, rr_ms = t_s[inside], rr_ms[inside]
    if t_s.size:
        near = np.abs(rr_ms - np.median(rr_ms)) < 0.3 * np.median(rr_ms)
        t_s, rr_ms = t_s[near], rr_ms[near]
    if t_s.size < FEWEST_BEATS:
        return math.nan
    which = np.searchsorted(starts, t_s, side="right") - 1
    phase_rad = 2 * np.pi * (t_s - starts[which]) / periods[which]
    trend = np.column_stack([np.ones_like(t_s), t_s - t_s.mean()])
    locked = np.column_stack([trend, np.cos(phase_rad), np.sin(phase_rad)])
    around = _unexplained(trend, rr_ms)
    if around <= 1e-9:
        return math.nan
    return 1 - _unexplained(locked, rr_ms) / around


def _unexplained(design: np.ndarray, rr_ms: np.ndarray) -> float:
    """Return the residual sum of squares of a least-squares fit."""
    weights, *_ = np.linalg.lstsq(design, rr_ms, rcond=None)
    return float(np.sum((rr_ms - design @ weights) ** 2))
