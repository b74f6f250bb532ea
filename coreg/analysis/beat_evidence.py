"""What a few neighbouring intervals say about one of them: the rules of cleaning.

Strategy
--------
A heart slows and quickens smoothly against its own beat; what goes wrong is abrupt.

1. *Evidence.* A beat that was displaced by x makes the interval before it x too long
   and the one after it x too short. `displacement_ms` is that x, less the slope that
   two neighbours on each side show: a swing of 200 ms at six breaths a minute (ten
   beats a breath) leaves half a millisecond, a displaced beat leaves all of it.
2. *Bound.* A displacement counts beyond `SPREADS` times what this heart ordinarily
   shows in its last `MEMORY` beats, those not rejected; but never below `FLOOR` of
   the interval (quiet hearts) nor above `CEILING` (ectopy must not excuse ectopy).
   An interval that is shorter than both its neighbours, by `LONE_SPREADS` times that
   and `LONE_FLOOR` of the interval, counts too: a beat came early and set the rhythm
   anew, so nothing repays it. So does one that is shorter than those around it foretell
   (`beat_foretold`), by `UNFORETOLD` of what this heart's lie off that. The first holds
   where so many are early that they spoil what is learned, the second where breath or
   drift is much of what lies off. Unless one of late, not rejected, was nearly as deep:
   at the end of each slow breath there is such a trough.
3. *Explanation.* What counts is named by the hypothesis that explains most of it:
   `beat_hypotheses`. What none explains is normal.

Everything looks `LOOKAHEAD` intervals forward and `MEMORY` back at most, so the live
cleaner decides with the same function, that many beats late.

References
----------
Lipponen & Tarvainen 2019, J Med Eng Technol 43:173: differences and distance from a
local median against bounds from the quartiles of 91 beats; missed and extra beats
named by what repairs them. Ours differs in bounding displacement (which RSA hardly
moves) instead of differences, in floors and ceilings relative to the interval, and
in leaving NaN where the beat cannot be known.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import inf, nan
from statistics import median

import numpy as np

from coreg.analysis.beat_foretold import PAIRS, spreads_short
from coreg.analysis.beat_hypotheses import (
    LONGEST_MS,
    SHORTEST_MS,
    BeatPlace,
    Explanation,
    explained,
    lone_depth_ms,
    only_lone,
)

LOOKAHEAD = 3
MEMORY = 120
ENOUGH = 20  # displacements; with fewer, only the ceiling bounds
RECENT = 30  # intervals back that may lend their level
FEWEST_RECENT = 15  # of these, to know how far a heart swings

SPREADS = 4.0
FLOOR = 0.05
CEILING = 0.09
LONE_SPREADS = 5.6
LONE_FLOOR = 0.065
UNFORETOLD = 5.0  # spreads: a normal one in three and a half million lies so far off
LONE_DEPTHS = 1.5
SCREEN = 0.08  # a displacement that is looked at, however lively the heart
SPREAD_PER_MEDIAN = 1 / 0.6745  # of a normal distribution
CLIP_MS = 60_000.0  # a longer interval says no more than this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """The series so far, and what was decided: lists of one length.

    `displaced_ms[k]` belongs to the beat between intervals k and k + 1; it is 0 where
    they are no neighbours. `ordinary_ms[k]` is its size, or infinite where a rejected
    interval had a large part in it.
    """

    rr_ms: list[float]
    displaced_ms: list[float]
    ordinary_ms: list[float]
    rejected: list[bool]

    def reject(self, first: int, past: int) -> None:
        """Take intervals out of what later ones are compared with."""
        self.rejected[first:past] = [True] * (past - first)
        reached = range(max(0, first - 2), min(past + 1, len(self.rr_ms)))
        self.ordinary_ms[reached.start : reached.stop] = [inf] * len(reached)

    def spread_ms(self, past: int) -> float:
        """Ordinary size of a displacement among the `MEMORY` before index `past`.

        Infinite while too few are known.
        """
        sizes = sorted(self.ordinary_ms[max(0, past - MEMORY) : past])
        known = len(sizes) - sizes.count(inf)
        if known < ENOUGH:
            return inf
        return sizes[known // 2] * SPREAD_PER_MEDIAN


def verdict(tape: Tape, i: int, stretch: range, spread: float) -> Explanation | None:
    """Return what happened at interval `i`; None if it is normal.

    `stretch` holds the indices without a loss between them that are known by now.
    """
    start = max(0, i - RECENT)
    is_displaced = _is_displaced(tape, i, stretch, spread)
    deep_ms = _deep_ms(tape, i, stretch, range(max(start, 1), i - 1))
    is_deep = _depth_ms(tape, i, stretch) > deep_ms
    if not (is_displaced or is_deep):
        return None
    is_unforetold = is_deep and _is_unforetold(tape, i, stretch)
    end = min(stretch.stop, i + LOOKAHEAD + 1)
    known = [tape.rr_ms[k] for k in range(start, i) if not tape.rejected[k]]
    level = _level_ms(tape, i, end, known[-5:])

    def behind(k: int) -> float:
        if k < stretch.start:
            return nan
        return level if tape.rejected[k] else tape.rr_ms[k]

    bound = min(max(FLOOR * level, SPREADS * spread), CEILING * level)
    says = explained if is_displaced else only_lone
    return says(
        BeatPlace(
            behind_ms=(behind(i - 2), behind(i - 1)),
            ahead_ms=tape.rr_ms[i:end],
            level_ms=level,
            bound_ms=bound,
            lone_ms=max(deep_ms, LONE_SPREADS * spread),
            unforetold_ms=deep_ms if is_unforetold else inf,
            range_ms=_range_ms(known),
        )
    )


def stands_out(tape: Tape, i: int, stretch: range, spread: float) -> bool:
    """Whether interval `i` deserves a look; with `spread` 0, whether it ever could."""
    if _is_displaced(tape, i, stretch, spread):
        return True
    return _depth_ms(tape, i, stretch) > LONE_FLOOR * tape.rr_ms[i - 1]


def _is_displaced(tape: Tape, i: int, stretch: range, spread: float) -> bool:
    if not SHORTEST_MS <= tape.rr_ms[i] <= LONGEST_MS:
        return True
    if i + 1 < stretch.stop and _is_suspect(tape, i, spread):
        return True
    earlier = i > stretch.start and not tape.rejected[i - 1]
    return earlier and _is_suspect(tape, i - 1, spread)


def _is_suspect(tape: Tape, k: int, spread: float) -> bool:
    level = (tape.rr_ms[k] + tape.rr_ms[k + 1]) / 2
    bound = min(max(FLOOR * level, SPREADS * spread), SCREEN * level)
    return abs(tape.displaced_ms[k]) > bound


def _depth_ms(tape: Tape, i: int, stretch: range) -> float:
    """`lone_depth_ms` of the interval; minus infinity without two sides."""
    if i == stretch.start or i + 1 >= stretch.stop or tape.rejected[i - 1]:
        return -inf
    first = max(i - 2, stretch.start)
    if first == i - 1 or tape.rejected[first]:
        first = i - 1
    return lone_depth_ms(
        (tape.rr_ms[first], *tape.rr_ms[i - 1 : min(i + 3, stretch.stop)])
    )


def _deep_ms(tape: Tape, i: int, stretch: range, of_late: range) -> float:
    """By how much an interval must fall short of both sides; infinite without two."""
    if i == stretch.start or tape.rejected[i - 1]:
        return inf
    return max(LONE_FLOOR * tape.rr_ms[i - 1], LONE_DEPTHS * _deepest_ms(tape, of_late))


def _is_unforetold(tape: Tape, i: int, stretch: range) -> bool:
    """Whether the interval is shorter than those around it foretell of this heart."""
    pairs = 1
    while (
        pairs < PAIRS
        and stretch.start < i - pairs
        and i + pairs + 1 < stretch.stop
        and not tape.rejected[i - pairs - 1]
    ):
        pairs += 1
    start, stop = max(0, i - MEMORY), max(MEMORY, i + pairs + 1)
    rr_ms = np.array(tape.rr_ms[start:stop])
    may_teach = ~np.array(tape.rejected[start:stop]) & (rr_ms >= SHORTEST_MS)
    return spreads_short(rr_ms, may_teach, i - start, pairs) > UNFORETOLD


def _deepest_ms(tape: Tape, these: range) -> float:
    """By how much an interval that was believed fell short of both sides at most."""
    rr_ms, rejected = tape.rr_ms, tape.rejected
    return max(
        (
            min(rr_ms[k - 1], rr_ms[k + 1]) - rr_ms[k]
            for k in these
            if not (rejected[k - 1] or rejected[k] or rejected[k + 1])
        ),
        default=0.0,
    )


def _range_ms(recent_ms: list[float]) -> tuple[float, float]:
    if len(recent_ms) < FEWEST_RECENT:
        return nan, nan
    return min(recent_ms), max(recent_ms)


def _level_ms(tape: Tape, i: int, end: int, before: list[float]) -> float:
    """Local level: the median of a few accepted intervals before and a few after."""
    if len(before) >= 3:
        return median([*before, *tape.rr_ms[i + 2 : end]])
    # Nothing to lean on. The mean of two neighbours is blind to early-late pairs.
    around = tape.rr_ms[max(0, i - 2 * LOOKAHEAD) : end]
    pairs = [(x + y) / 2 for x, y in pairwise(around)]
    return median(pairs) if pairs else around[0]
