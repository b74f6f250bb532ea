"""How fast a strap's clock and the host's drift apart: the slope under the delays.

Waiting only ever adds to a delay, so the slope of the lower convex hull of all delays
is the skew (Zhang, Liu & Xia, INFOCOM 2002). The last quarter of an hour is kept as one
lowest point per block: bounded memory, and a hull of at most 60 points per 15 s.
"""

from collections import deque
from itertools import pairwise

# Neither a quartz nor the rounding of RR is further off.
MAX_SKEW = 1500e-6

_BLOCK_S = 15.0
_BLOCKS = 60
_SHRINK_S = 120.0
# A step at a loss is known to a few hundredths of a second: as if time were shorter.
_SHRINK_PER_STEP_S = 60.0

Point = tuple[float, float]


def lower_hull(points: list[Point]) -> list[Point]:
    """Return the lower convex hull of points that are sorted from left to right.

    Examples
    --------
    >>> lower_hull([(0.0, 0.0), (1.0, 3.0), (2.0, 1.0), (3.0, 2.0)])
    [(0.0, 0.0), (2.0, 1.0), (3.0, 2.0)]
    """
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

    Of all lines under the points that one has the least mean distance to them (Moon,
    Skelly & Towsley, INFOCOM 1999).

    Examples
    --------
    >>> slope_under([(0.0, 0.0), (1.0, 3.0), (2.0, 1.0), (3.0, 2.0)])
    0.5
    """
    middle = (points[0][0] + points[-1][0]) / 2
    for (x0, y0), (x1, y1) in pairwise(lower_hull(points)):
        if x0 < x1 and middle <= x1:
            return (y1 - y0) / (x1 - x0)
    return 0.0


def shrunk_slope(points: list[Point], *, steps: int = 0) -> float:
    """Return the skew that the points speak for: nearer to 0 the less they know.

    `steps` is how often beats were lost between them.
    """
    span_s = points[-1][0] - points[0][0]
    doubt_s = _SHRINK_S + _SHRINK_PER_STEP_S * steps
    slope = slope_under(points) * span_s / (span_s + doubt_s)
    return min(max(slope, -MAX_SKEW), MAX_SKEW)


class SkewHull:
    """Follows the skew from the delays of one strap."""

    def __init__(self) -> None:
        self.skew = 0.0
        self._lowest: deque[Point] = deque(maxlen=_BLOCKS)
        self._steps: deque[int] = deque(maxlen=_BLOCKS)
        self._block_start_s = 0.0
        self._stepped_s = 0.0

    def stepped(self, by_s: float) -> None:
        """Take note that the offset stepped because beats were lost."""
        self._stepped_s += by_s
        if self._steps:
            self._steps[-1] += 1

    def add(self, sum_s: float, delay_s: float) -> None:
        """Take in the delay of a beat, at this sum of RR; neither holds a skew."""
        delay_s -= self._stepped_s
        if not self._lowest or sum_s - self._block_start_s >= _BLOCK_S:
            self._redraw()
            self._block_start_s = sum_s
            self._lowest.append((sum_s, delay_s))
            self._steps.append(0)
        elif delay_s - self.skew * (sum_s - self._lowest[-1][0]) < self._lowest[-1][1]:
            self._lowest[-1] = (sum_s, delay_s)

    def _redraw(self) -> None:
        if len(self._lowest) < 4:
            return
        self.skew = shrunk_slope(list(self._lowest), steps=sum(self._steps))
