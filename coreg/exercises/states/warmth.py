"""One warmth for two: how well the less moved of both hearts answers the breath.

A soft glow on the screen that both look at, never one for each, so that nobody is
compared, left behind or praised. Strategy:

1. Each heart's answer to a breath is its swing with it (RSA, peak to trough). Its
   *present* answer is the median over the last `RECENT` breaths, so that one sigh or
   one bad beat is not seen.
2. It is compared with the same heart's own recent best: the `BEST_SHARE` quantile of
   its present answers over the last `REMEMBERED` breaths. People differ several times
   over in how far their hearts swing, mostly by age; only oneself is a fair measure.
3. The warmth is the *smaller* of both shares, at most 1. It grows with what both do
   and cannot be raised by one alone.
4. It comes up slowly over the first `COMES_UP` breaths, because at the start the best
   is simply the present.
5. Where either heart cannot be judged the warmth is NaN: it would otherwise be the
   other's alone.

Experimental: a light to sit by, no measure. It is not stored and not charted.
"""

import math
from collections import deque

import numpy as np

from coreg.facts.events import BreathSwing, Partner

RECENT = 3
REMEMBERED = 30  # five minutes at six breaths a minute
BEST_SHARE = 0.9
COMES_UP = 6


class SharedWarmth:
    """Turns both hearts' swings into one warmth, breath by breath."""

    __slots__ = ("_answers", "_swings", "_told")

    def __init__(self) -> None:
        self._swings: dict[Partner, dict[float, float]] = {p: {} for p in Partner}
        self._answers: dict[Partner, deque[float]] = {
            partner: deque(maxlen=REMEMBERED) for partner in Partner
        }
        self._told = 0

    def observe(self, swing: BreathSwing) -> float | None:
        """Take one heart's swing; return the warmth once both know this breath.

        Returns
        -------
        float or None
            0 to 1; NaN where either heart cannot be judged; None while the other
            heart's swing with this breath is still to come.
        """
        mine = self._swings[swing.partner]
        mine[swing.breath_start_s] = swing.rsa_ms
        both = [
            swings for swings in self._swings.values() if swing.breath_start_s in swings
        ]
        if len(both) < len(Partner):
            return None
        shares = [self._share(partner, swing.breath_start_s) for partner in Partner]
        self._told += 1
        return min(1.0, self._told / COMES_UP) * float(np.min(shares))

    def _share(self, partner: Partner, until_s: float) -> float:
        """Return one heart's present answer beside its own recent best."""
        swings = self._swings[partner]
        starts = sorted(start_s for start_s in swings if start_s <= until_s)[-RECENT:]
        recent = [swings[start_s] for start_s in starts]
        for start_s in [old for old in swings if old < starts[0]]:
            del swings[start_s]
        known = [swing for swing in recent if math.isfinite(swing)]
        if 2 * len(known) <= len(recent):
            return math.nan
        present = float(np.median(known))
        answers = self._answers[partner]
        answers.append(present)
        best = float(np.quantile(answers, BEST_SHARE))
        return min(1.0, present / best) if best > 0 else math.nan
