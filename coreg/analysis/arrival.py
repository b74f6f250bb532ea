"""Whether the beats of a breath are in: they come late, and some never come."""

from typing import Final

# Straps deliver 0.4-2.6 s late (doi 10.1088/1361-6579/adece4), and then the beat clock
# and cleaning wait for a few beats more.
LONGEST_ARRIVAL_S: Final = 10.0


def beats_are_in(
    needed_s: float, *, last_beat_s: float, t_s: float, latest_s: float
) -> bool:
    """Return whether beats up to a moment are known, or will not come any more.

    Parameters
    ----------
    needed_s : float, seconds
        Up to here beats count.
    last_beat_s : float, seconds
        When the last beat was that is known; -inf where none is.
    t_s : float, seconds
        Now.
    latest_s : float, seconds
        From when on nobody waits any longer.

    Examples
    --------
    >>> [
    ...     beats_are_in(100.0, last_beat_s=last_s, t_s=103.0, latest_s=110.0)
    ...     for last_s in (99.4, 100.3)
    ... ]
    [False, True]
    >>> beats_are_in(100.0, last_beat_s=99.4, t_s=110.0, latest_s=110.0)
    True
    """
    return last_beat_s >= needed_s or t_s >= latest_s
