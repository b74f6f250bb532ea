"""What can have happened to the next few intervals, and which of it explains most.

A hypothesis is worth the deviation that it removes. One that keeps the total time (a
beat in the wrong place, one too many, one too few) is worth twice one that only throws
an interval away. Where the truth cannot be known it leaves NaN; only an extra beat is
undone, because the two intervals around it add up to the true one.

A heart that slows down is believed. A long interval alone is normal until it is half as
long again as both sides of it: resting hearts do that, and straps lengthen no beat.
Where breathing swings a slow heart, the sum of two short intervals may be less than
that; then it is a missed beat if no interval of late was nearly as long, and halves of
it were.

How short an interval alone may be depends on the heart (`BeatPlace.lone_ms`): a quiet
one never takes a step of 8 % that the next beat takes back; a lively one does so at
every breath.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isnan, nan
from statistics import median

# Shares of the local level.
EARLY = 0.85  # an interval below it is premature ...
FALL = 0.9  # ... if also below this share of the one before: troughs are no jumps
ABRUPT = 0.2  # a lone interval this far from both neighbours, however lively the heart
PAUSE = 1.5  # a lone interval above it is no sinus arrhythmia
BEYOND = 1.25  # of the longest of late: longer is no part of a swing ...
WITHIN = 0.9  # ... if half of it is no shorter than this share of the shortest
THREE = 2.5  # an interval above it lacks two beats
MOST = 3.5  # one above it is no sum of a few
MERGED = 0.2  # two that add up to one do so within this
NEAR = 0.15  # a neighbour within this of the level shows the slope
ECTOPIC = 0.12  # a beat earlier by more than this is premature, not misplaced

REPAID = 0.6  # of a displacement: the least that moving the beat back must remove
END_FACTOR = 1.5  # on the bound, at an end: the slope is not known
SHORTEST_MS, LONGEST_MS = 200.0, 4000.0  # 300 and 15 beats per minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What happened to the next intervals, and what may stand in their place."""

    labels: tuple[str, ...]
    corrected_ms: tuple[float, ...]
    removed_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatPlace:
    """A moment in the series: `ahead_ms[0]` is the interval in question.

    `behind_ms` are the two before it, NaN where a stretch begins. `bound_ms` is what
    a displacement must exceed to count, `lone_ms` by how much an interval must be
    shorter than both its neighbours to be early although nothing repays it, and
    `unforetold_ms` the same where it is shorter than those around it foretell, else
    infinite. `range_ms` are the shortest and the longest interval of late, NaN where
    too few are known.
    """

    behind_ms: tuple[float, float]
    ahead_ms: Sequence[float]
    level_ms: float
    bound_ms: float
    lone_ms: float
    unforetold_ms: float
    range_ms: tuple[float, float]

    def off_ms(self, rr_ms: float) -> float:
        """Distance from the local level."""
        return abs(rr_ms - self.level_ms)

    def believed_ms(self, rr_ms: float) -> float:
        """Return a neighbour if it is in rhythm, else the level."""
        near = self.off_ms(rr_ms) < NEAR * self.level_ms
        return rr_ms if near else self.level_ms

    def after_ms(self, count: int) -> float:
        """Return the interval after `count` of those ahead, if it can be believed."""
        known = len(self.ahead_ms) > count
        return self.believed_ms(self.ahead_ms[count]) if known else self.level_ms

    @property
    def is_early(self) -> bool:
        """Whether the interval is short against the level and the one before it."""
        first = self.ahead_ms[0]
        return first < EARLY * self.level_ms and not first >= FALL * self.behind_ms[1]

    @property
    def is_lone(self) -> bool:
        """Whether the interval is shorter than both sides, as this heart never is.

        A small step that ends where the heart was of late anyhow is a trough, unless
        how this heart goes foretells none.
        """
        if len(self.ahead_ms) < 2:
            return False
        depth_ms = lone_depth_ms((*self.behind_ms, *self.ahead_ms[:3]))
        if depth_ms > self.unforetold_ms:
            return True
        is_within = self.ahead_ms[0] >= self.range_ms[0]
        is_small = depth_ms < (1 - EARLY) * self.level_ms
        return depth_ms > self.lone_ms and not (is_within and is_small)

    @property
    def hides_a_beat(self) -> bool:
        """Whether the interval is beyond this heart's swings, and half of it is not."""
        first = self.ahead_ms[0]
        shortest, longest = self.range_ms
        return first > BEYOND * longest and first / 2 >= WITHIN * shortest

    @property
    def slow_level_ms(self) -> float:
        """The slower of before and after: a heart that slows down lacks no beat."""
        after = self.ahead_ms[1:]
        return max(self.level_ms, median(after)) if len(after) > 1 else self.level_ms

    def after(self, explanation: Explanation) -> "BeatPlace":
        """Return the place behind what is explained; the level stands for it."""
        ahead_ms = self.ahead_ms[len(explanation.labels) :]
        return replace(
            self,
            behind_ms=(self.level_ms,) * 2,
            ahead_ms=ahead_ms,
            unforetold_ms=inf,
        )

    def next(self) -> "BeatPlace":
        """Return the place one interval later."""
        behind_ms = (self.behind_ms[1], self.ahead_ms[0])
        return replace(
            self,
            behind_ms=behind_ms,
            ahead_ms=self.ahead_ms[1:],
            unforetold_ms=inf,
        )


def displacement_ms(around_ms: Sequence[float]) -> float:
    """How much too late the beat in the middle of six intervals is.

    The slope is that of the cubic through the four outer ones; where the first or the
    last is NaN, of the line through the second and the fifth; where they are, zero.
    """
    earlier, before, left, right, after, later = around_ms
    slope = (before - after) / 2 - (earlier - later) / 10
    if isnan(slope):
        slope = (before - after) / 3
    return ((left - right) - (0.0 if isnan(slope) else slope)) / 2


def lone_depth_ms(around_ms: Sequence[float]) -> float:
    """By how much the third of five intervals is shorter than both sides.

    And than what the cubic through two on each side foretells: the trough of a slow
    breath lies on it. The first may be NaN and the last may be absent: then their
    neighbour stands for them.
    """
    earlier, before, first, after = around_ms[:4]
    earlier = before if isnan(earlier) else earlier
    later = around_ms[4] if len(around_ms) > 4 else after
    foretold = (4 * (before + after) - earlier - later) / 6
    return min(before, after, foretold) - first


def only_lone(place: BeatPlace) -> Explanation | None:
    """Return that the interval is early, or nothing, where no beat is displaced."""
    return _lone(place) if place.is_lone else None


def explained(place: BeatPlace) -> Explanation | None:
    """Return what best explains the intervals ahead; None if they are in rhythm.

    What is no interval of any heart never is, also where nothing explains it well.
    """
    first = place.ahead_ms[0]
    if SHORTEST_MS <= first <= LONGEST_MS:
        return _likeliest(place)
    return _likeliest(place) or _thrown_away(place)


def _likeliest(place: BeatPlace) -> Explanation | None:
    best = _best(place)
    if best is None or len(best.labels) == 1:
        return best
    # An early beat explained one interval too soon would spoil its neighbour.
    following = _best(place.next())
    if following is None or following.removed_ms <= best.removed_ms:
        return best
    # Unless another pair follows it: early and late beats in turn.
    rest = _best(place.after(best))
    if rest is None or len(rest.labels) == 1:
        return None
    return best if following.removed_ms <= best.removed_ms + rest.removed_ms else None


def _best(place: BeatPlace) -> Explanation | None:
    if not place.ahead_ms:
        return None
    found = [one for rule in _RULES if (one := rule(place)) and one.removed_ms > 0]
    return max(found, key=lambda one: one.removed_ms, default=None)


def _alone(place: BeatPlace) -> Explanation | None:
    """One interval off, and nothing repays it."""
    first, level = place.ahead_ms[0], place.level_ms
    alone = _thrown_away(place)
    if not SHORTEST_MS <= first <= LONGEST_MS:
        return alone
    if place.is_lone:
        return _lone(place)
    around = (place.believed_ms(place.behind_ms[1]) + place.after_ms(1)) / 2
    if abs(first - around) <= min(2 * place.bound_ms, ABRUPT * level):
        return None
    return alone if place.is_early or first > PAUSE * place.slow_level_ms else None


def _lone(place: BeatPlace) -> Explanation:
    """One interval came early; short it is against its sides, whatever the level."""
    return replace(_thrown_away(place), labels=("short",))


def _thrown_away(place: BeatPlace) -> Explanation:
    """One interval is spurious, and no later one makes up for it."""
    first = place.ahead_ms[0]
    return Explanation(
        labels=("long" if first > place.level_ms else "short",),
        corrected_ms=(nan,),
        # At least something, so that it goes even where all is impossible.
        removed_ms=max(place.off_ms(first) / 2, 1.0),
    )


def _missed(place: BeatPlace) -> Explanation | None:
    """One interval is two or three: the beats between were not seen."""
    first, level = place.ahead_ms[0], place.level_ms
    if not PAUSE * place.slow_level_ms < first < MOST * level:
        return _missed_in_a_swing(place)
    beats = 2 if first < THREE * level else 3
    removed = place.off_ms(first) - beats * place.off_ms(first / beats)
    return Explanation(labels=("missed",), corrected_ms=(nan,), removed_ms=removed)


def _missed_in_a_swing(place: BeatPlace) -> Explanation | None:
    """One interval is two short ones, where the level lies far above both."""
    if not place.hides_a_beat:
        return None
    removed = place.ahead_ms[0] - place.range_ms[1]
    return Explanation(labels=("missed",), corrected_ms=(nan,), removed_ms=removed)


def _displaced(place: BeatPlace) -> Explanation | None:
    """Two intervals off by the same, one short, one long: their beat is misplaced."""
    if len(place.ahead_ms) < 2:
        return None
    first, second = place.ahead_ms[:2]
    earlier, before = map(place.believed_ms, place.behind_ms)
    after, later = place.after_ms(2), place.after_ms(3)
    shift = displacement_ms((earlier, before, first, second, after, later))
    off_first = first - (2 * before + after) / 3
    off_second = second - (before + 2 * after) / 3
    removed = abs(off_first) + abs(off_second) - abs(off_first + off_second)
    at_end = isnan(place.behind_ms[1]) or len(place.ahead_ms) == 2
    bound = place.bound_ms * (END_FACTOR if at_end else 1.0)
    # Where a breath ends the heart takes a step: nothing goes the other way first.
    is_step = (first - place.behind_ms[1]) * shift < 0
    if is_step or abs(shift) <= bound or removed <= REPAID * abs(shift):
        return None
    return Explanation(
        labels=_displaced_labels(place, shift),
        corrected_ms=(nan, nan),
        removed_ms=removed,
    )


def _displaced_labels(place: BeatPlace, shift: float) -> tuple[str, str]:
    first, second = place.ahead_ms[:2]
    repaid = first < place.level_ms < second
    if repaid and -shift > ECTOPIC * place.level_ms:
        return ("ectopic", "ectopic")
    return ("long", "short") if first > second else ("short", "long")


def _extra(place: BeatPlace) -> Explanation | None:
    """Two intervals are really one: the beat between them was spurious."""
    if len(place.ahead_ms) < 2:
        return None
    first, second = place.ahead_ms[:2]
    level, whole = place.level_ms, first + second
    if max(first, second) >= EARLY * level or place.off_ms(whole) >= MERGED * level:
        return None
    return Explanation(
        labels=("extra", "extra"),
        corrected_ms=(whole,),
        removed_ms=place.off_ms(first) + place.off_ms(second) - place.off_ms(whole),
    )


def _run(place: BeatPlace) -> Explanation | None:
    """Two early beats in a row, then a pause that repays both."""
    run = place.ahead_ms[:3]
    if len(run) < 3 or not place.is_early:
        return None
    off = sum(map(place.off_ms, run))
    return Explanation(
        labels=("ectopic", "ectopic", "ectopic"),
        corrected_ms=(nan, nan, nan),
        # Three intervals are easier to make add up than two.
        removed_ms=off - 3 * place.off_ms(sum(run) / 3) - NEAR * place.level_ms,
    )


_RULES = (_alone, _missed, _displaced, _extra, _run)
