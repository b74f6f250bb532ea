"""The straight line under a strap's delays: where arrivals and summed RR agree best.

A beat's delay is its arrival less the sum of RR so far. Waiting (for the sender's next
notification, the radio, the host) only ever adds to it, so the fastest packets carry
the truth, and the truth is the line under all points: the one-way-delay problem of
network measurement (Moon, Skelly & Towsley, INFOCOM 1999; Zhang, Liu & Xia, INFOCOM
2002, convex hull). The last five minutes are kept as one lowest point per block, so
that memory is bounded and the cost of a beat does not grow with the session.
"""

from collections import deque
from itertools import pairwise

MAX_SKEW = 1500e-6
_BLOCK_S = 10.0
_BLOCKS = 30
_SHRINK_S = 120.0

Point = tuple[float, float]


def lower_hull(points: list[Point]) -> list[Point]:
    """Return the lower convex hull of points that are sorted from left to right."""
    hull: list[Point] = []
    for point in points:
        while len(hull) >= 2 and _is_above(hull[-1], hull[-2], point):
            hull.pop()
        hull.append(point)
    return hull


def _is_above(middle: Point, left: Point, right: Point) -> bool:
    """Say whether the middle point lies on or above the line through the others."""
    rise, run = right[1] - left[1], right[0] - left[0]
    return (middle[1] - left[1]) * run >= rise * (middle[0] - left[0])


def slope_under(points: list[Point]) -> float:
    """Return the slope of the hull's edge below the middle of the points.

    Of all lines below the points it has the least mean distance. Few seconds say
    little about a slope, so it is drawn towards 0 there; and it is clamped, because
    neither a quartz nor the rounding of RR is further off than `MAX_SKEW`.
    """
    hull = lower_hull(points)
    span = points[-1][0] - points[0][0]
    middle = points[0][0] + span / 2
    for (x0, y0), (x1, y1) in pairwise(hull):
        if x0 < x1 and middle <= x1:
            slope = (y1 - y0) / (x1 - x0) * span / (span + _SHRINK_S)
            return min(max(slope, -MAX_SKEW), MAX_SKEW)
    return 0.0


class Envelope:
    """The line under the delays of the last five minutes of beats."""

    def __init__(self) -> None:
        self._blocks: deque[tuple[Point, int]] = deque(maxlen=_BLOCKS)
        self._block_start_s = 0.0
        self._lowest: Point = (0.0, 0.0)
        self._count = 0
        self._closed_count = 0
        self._slope = 0.0
        self._level = 0.0
        self._mean_height = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether no beat was taken in yet."""
        return not self._count and not self._blocks

    def at(self, sum_s: float) -> float:
        """Return the delay, at this sum of RR, of a beat that waited for nothing."""
        # The line touches its lowest points; the truth lies lower by what the lowest
        # of n evenly spread waits is expected to be (twice the mean height is their
        # range, and two points hold the line).
        excess = 2 * self._mean_height * 1.5 / (self._closed_count + self._count + 1)
        return self._level + self._slope * sum_s - excess

    def add(self, sum_s: float, delay_s: float) -> None:
        """Take in one beat."""
        if self.is_empty or sum_s - self._block_start_s >= _BLOCK_S:
            self._open_block(sum_s, delay_s)
        height = delay_s - self._level - self._slope * sum_s
        if height < 0:
            self._level += height
            height = 0.0
        if delay_s - self._lowest[1] < self._slope * (sum_s - self._lowest[0]):
            self._lowest = (sum_s, delay_s)
        self._count += 1
        total = min(self._closed_count + self._count, 300)
        self._mean_height += (height - self._mean_height) / total

    def _open_block(self, sum_s: float, delay_s: float) -> None:
        """Close the running block, draw the line anew, begin a block with this beat."""
        if self._count:
            self._blocks.append((self._lowest, self._count))
            self._closed_count = sum(count for _, count in self._blocks)
        self._block_start_s = sum_s
        self._lowest = (sum_s, delay_s)
        self._count = 0
        points = [*(point for point, _ in self._blocks), self._lowest]
        self._slope = slope_under(points)
        self._level = min(y - self._slope * x for x, y in points)
