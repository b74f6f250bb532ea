"""What a few neighbouring intervals say about one of them: the rules of cleaning.

Strategy
--------
A heart slows and quickens smoothly against its own beat; what goes wrong is abrupt.

1. *Evidence.* A beat that was displaced by x makes the interval before it x too long
   and the one after it x too short. `displacement_ms` is that x, less the slope that
   the next neighbours show: a swing of 200 ms at six breaths a minute (ten beats a
   breath) leaves 4 ms, a displaced beat leaves all of it.
2. *Bound.* A displacement counts beyond `SPREADS` times what this heart ordinarily
   shows in its last `MEMORY` beats, those not rejected; but never below `FLOOR` of
   the interval (quiet hearts) nor above `CEILING` (ectopy must not excuse ectopy).
3. *Explanation.* What counts is named by hypotheses (a beat missed, an extra one, one
   or several early, one alone), each worth the deviation that it removes. One that
   keeps the total time is worth twice one that only throws away.

Everything looks `LOOKAHEAD` intervals forward and `MEMORY` back at most, so the live
cleaner decides with the same function, that many beats late. A late interval alone is
believed up to `PAUSE`: hearts at rest do pause, and straps do not lengthen beats.

References
----------
Lipponen & Tarvainen 2019, J Med Eng Technol 43:173: differences and distance from a
local median against bounds from the quartiles of 91 beats; missed and extra beats
named by what repairs them. Ours differs in bounding displacement (which RSA hardly
moves) instead of differences, in floors and ceilings relative to the interval, and
in leaving NaN where the beat cannot be known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, isnan, nan
from statistics import median

LOOKAHEAD = 3
MEMORY = 120
ENOUGH = 20  # displacements; with fewer, only the ceiling bounds
RECENT = 30  # intervals back that may lend their level

FLOOR = 0.05
SPREADS = 4.0
CEILING = 0.1
SCREEN = 0.08  # a displacement that is looked at, however lively the heart
END_FACTOR = 1.5  # at an end the slope is not known
SPREAD_PER_MEDIAN = 1 / 0.6745  # of a normal distribution

EARLY = 0.85  # an interval below this share of the level is premature
ABRUPTLY = 0.9  # and below this share of the interval before
ABRUPT = 0.2  # a lone interval this far from both neighbours is looked at
PAUSE = 1.5  # a lone interval above this is no sinus arrhythmia
REPAID = 0.6
NEAR = 0.15  # a neighbour within this of the level may show the slope
ECTOPIC = 0.12  # displaced by more than this: premature, not misplaced
SHORTEST_MS, LONGEST_MS = 200.0, 4000.0  # 300 and 15 beats per minute
CLIP_MS = 60_000.0  # a longer interval says no more than this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What happened to the next intervals, and what may stand in their place."""

    labels: tuple[str, ...]
    corrected_ms: tuple[float, ...]
    removed_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A moment in the series: `ahead_ms[0]` is the interval in question.

    `before_ms` is NaN where a stretch begins. `bound_ms` is what a displacement
    must exceed to count.
    """

    before_ms: float
    ahead_ms: Sequence[float]
    level_ms: float
    bound_ms: float

    def off_ms(self, rr_ms: float) -> float:
        """Distance from the local level."""
        return abs(rr_ms - self.level_ms)

    def slope_neighbour_ms(self, rr_ms: float) -> float:
        """Return a neighbour if it is in rhythm, else the level."""
        near = self.off_ms(rr_ms) < NEAR * self.level_ms
        return rr_ms if near else self.level_ms

    @property
    def falls_abruptly(self) -> bool:
        """Whether the interval is short against the one before, too: no mere trough."""
        return not self.ahead_ms[0] >= ABRUPTLY * self.before_ms

    @property
    def slow_level_ms(self) -> float:
        """The slower of before and after: a heart that slows down pauses no beat."""
        after = self.ahead_ms[1:]
        return max(self.level_ms, median(after)) if len(after) > 1 else self.level_ms

    @property
    def previous_ms(self) -> float:
        """The interval before, as far as it can be believed."""
        return self.slope_neighbour_ms(self.before_ms)


def displacement_ms(before: float, left: float, right: float, after: float) -> float:
    """How much too late the beat between `left` and `right` is.

    A neighbour that is not known is NaN; no slope is taken from the other then.
    """
    slope = (before - after) / 3
    return ((left - right) - (0.0 if isnan(slope) else slope)) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """The series so far, and what was decided: lists of one length.

    `displaced_ms[k]` belongs to the beat between intervals k and k + 1; it is 0 where
    they are no neighbours. `ordinary_ms[k]` is its size, or infinite where a rejected
    interval had a part in it.
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
    if not stands_out(tape, i, stretch, spread):
        return None
    end = min(stretch.stop, i + LOOKAHEAD + 1)
    level = _level_ms(tape, i, end)
    before = nan
    if i > stretch.start:
        before = level if tape.rejected[i - 1] else tape.rr_ms[i - 1]
    bound = min(max(FLOOR * level, SPREADS * spread), CEILING * level)
    return explained(
        Place(
            before_ms=before,
            ahead_ms=tape.rr_ms[i:end],
            level_ms=level,
            bound_ms=bound,
        )
    )


def stands_out(tape: Tape, i: int, stretch: range, spread: float) -> bool:
    """Whether interval `i` deserves a look; with `spread` 0, whether it ever could."""
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


def _level_ms(tape: Tape, i: int, end: int) -> float:
    """Local level: the median of a few accepted intervals before and a few after."""
    recent = range(max(0, i - RECENT), i)
    before = [tape.rr_ms[k] for k in recent if not tape.rejected[k]][-5:]
    if len(before) >= 3:
        return median([*before, *tape.rr_ms[i + 2 : end]])
    # Nothing to lean on. The mean of two neighbours is blind to early-late pairs.
    around = tape.rr_ms[max(0, i - 2 * LOOKAHEAD) : end]
    pairs = [(x + y) / 2 for x, y in pairwise(around)]
    return median(pairs) if pairs else around[0]


def explained(place: Place) -> Explanation | None:
    """Return what best explains the intervals ahead; None if they are in rhythm."""
    best = _best(place)
    if best is None or len(best.labels) == 1:
        return best
    # An early beat explained one interval too soon would spoil its neighbour.
    following = _best(_moved(place, 1, place.ahead_ms[0]))
    if following is None or following.removed_ms <= best.removed_ms:
        return best
    rest = _best(_moved(place, len(best.labels), place.level_ms))
    gained = best.removed_ms + (rest.removed_ms if rest else 0.0)
    return best if following.removed_ms <= gained else None


def _moved(place: Place, by: int, before_ms: float) -> Place:
    return replace(place, before_ms=before_ms, ahead_ms=place.ahead_ms[by:])


def _best(place: Place) -> Explanation | None:
    if not place.ahead_ms:
        return None
    found = [one for rule in _RULES if (one := rule(place)) and one.removed_ms > 0]
    return max(found, key=lambda one: one.removed_ms, default=None)


def _alone(place: Place) -> Explanation | None:
    """One interval off, nothing repays it: worth half of what a repair is worth."""
    first, level = place.ahead_ms[0], place.level_ms
    label = "long" if first > level else "short"
    # At least something, so that the impossible goes even where all is impossible.
    removed_ms = max(place.off_ms(first) / 2, 1.0)
    alone = Explanation(labels=(label,), corrected_ms=(nan,), removed_ms=removed_ms)
    if not SHORTEST_MS <= first <= LONGEST_MS:
        return alone
    second = place.slope_neighbour_ms((*place.ahead_ms, level)[1])
    jump = abs(first - (place.previous_ms + second) / 2)
    if jump <= min(2 * place.bound_ms, ABRUPT * level):
        return None
    is_early = first < EARLY * level and place.falls_abruptly
    return alone if is_early or first > PAUSE * place.slow_level_ms else None


def _missed(place: Place) -> Explanation | None:
    """One interval is two or three: the beats between were not seen."""
    first, level = place.ahead_ms[0], place.level_ms
    beats = 2 if first < 2.5 * level else 3
    if not PAUSE * place.slow_level_ms < first < 3.5 * level:
        return None
    removed = place.off_ms(first) - beats * place.off_ms(first / beats)
    return Explanation(labels=("missed",), corrected_ms=(nan,), removed_ms=removed)


def _displaced(place: Place) -> Explanation | None:
    """Two intervals off by the same, one short, one long: a misplaced beat."""
    if len(place.ahead_ms) < 2:
        return None
    first, second, level = *place.ahead_ms[:2], place.level_ms
    at_end = isnan(place.before_ms) or len(place.ahead_ms) == 2
    before, after = (
        place.previous_ms,
        place.slope_neighbour_ms((*place.ahead_ms, level)[2]),
    )
    shift = displacement_ms(before, first, second, after)
    off_first = first - (2 * before + after) / 3
    off_second = second - (before + 2 * after) / 3
    removed = abs(off_first) + abs(off_second) - abs(off_first + off_second)
    bound = place.bound_ms * (END_FACTOR if at_end else 1.0)
    if abs(shift) <= bound or removed <= REPAID * abs(shift):
        return None
    if first < level < second and -shift > ECTOPIC * level:
        labels = ("ectopic", "ectopic")
    else:
        labels = ("long", "short") if first > second else ("short", "long")
    return Explanation(labels=labels, corrected_ms=(nan, nan), removed_ms=removed)


def _extra(place: Place) -> Explanation | None:
    """Two intervals are one: the beat between was none."""
    if len(place.ahead_ms) < 2:
        return None
    first, second, level = *place.ahead_ms[:2], place.level_ms
    whole = first + second
    if max(first, second) >= EARLY * level or place.off_ms(whole) >= 0.2 * level:
        return None
    return Explanation(
        labels=("extra", "extra"),
        corrected_ms=(whole,),
        removed_ms=place.off_ms(first) + place.off_ms(second) - place.off_ms(whole),
    )


def _run(place: Place) -> Explanation | None:
    """Two early beats in a row, then a pause that repays both."""
    level, run = place.level_ms, place.ahead_ms[:3]
    is_early = run[0] < EARLY * level and place.falls_abruptly
    if len(run) < 3 or not is_early:
        return None
    off = sum(map(place.off_ms, run))
    removed = off - 3 * place.off_ms(sum(run) / 3) - NEAR * level
    return Explanation(
        labels=("ectopic",) * 3, corrected_ms=(nan,) * 3, removed_ms=removed
    )


_RULES = (_alone, _missed, _displaced, _extra, _run)
