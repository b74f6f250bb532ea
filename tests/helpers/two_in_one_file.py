"""Hearts for files that hold two people: made by a rule, each unlike the other."""

import math

BEATS = 300


def hearts_ms(which: int) -> list[tuple[int, int]]:
    """Return when each beat of a heart ended and its interval, whole milliseconds."""
    found, t_ms = list[tuple[int, int]](), 0
    for n in range(BEATS):
        swing = 40 * math.sin(n / (4 + which)) + 11 * math.sin(n * (1.3 + which))
        rr_ms = round(850 + 60 * which + swing)
        t_ms += rr_ms
        found.append((t_ms, rr_ms))
    return found


def unlike(rr_ms: int) -> int:
    """Return an interval of somebody else at the same place."""
    return 1900 - rr_ms
