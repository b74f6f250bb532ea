"""What a file's own stamps say of its intervals: of their times, unit and number.

`beats` times what a strap sends, and `surplus` watches it live. A file may hold more
than arrivals: where each stamp is that of its beat, a loss of one beat shows at once,
and the sum of all intervals may be held against the time that all of them took.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from coreg.sensors.decoding.heart_rate import TICKS_PER_S
from coreg.sensors.timing.surplus import MOST_SHARE, SurplusStretch

Packets = Sequence[tuple[float, tuple[float, ...]]]

_FEWEST = 20
_NEAR_MS = 20.0
_LONGEST_BATCH_S = 3.0
_MS_SHARE = 1000 / TICKS_PER_S
_TICK_NEAR = 0.004  # of 0.023 between the units


def stamped_at_beats(packets: Packets) -> bool:
    """Whether stamps are as far apart as intervals are long, each of them.

    Examples
    --------
    >>> stamped_at_beats([(0.8 * i, (800.0,)) for i in range(40)])
    True
    >>> stamped_at_beats([(1.0 * i, (800.0,)) for i in range(40)])
    False
    """
    off_ms = [
        abs(1000 * (t_s - before_s) - rr_ms[0])
        for (before_s, _), (t_s, rr_ms) in pairwise(packets)
        if len(rr_ms) == 1
    ]
    if len(off_ms) < max(_FEWEST, 0.9 * (len(packets) - 1)):
        return False
    return float(np.median(off_ms)) < _NEAR_MS


def counts_ticks_as_ms(packets: Packets) -> bool:
    """Whether intervals grow against the clock as milliseconds taken for 1/1024 s do.

    The other way round, 1/1024 s taken for milliseconds, counts too. Only stamps of
    beats are sure enough, as nothing that is lost changes their usual step.
    """
    if not stamped_at_beats(packets):
        return False
    shares = [
        rr_ms[0] / (1000 * (t_s - before_s))
        for (before_s, _), (t_s, rr_ms) in pairwise(packets)
        if len(rr_ms) == 1 and t_s > before_s and rr_ms[0] > 0
    ]
    usual = float(np.median(shares))
    return any(abs(usual - unit) < _TICK_NEAR for unit in (_MS_SHARE, 1 / _MS_SHARE))


def overcounted_in_all(packets: Packets) -> tuple[SurplusStretch, ...]:
    """Return the whole recording where its intervals are longer than it lasted.

    `surplus` looks back a minute before it is sure; this holds for shorter ones too.

    Examples
    --------
    >>> len(overcounted_in_all([(0.5 * i, (900.0,)) for i in range(80)]))
    1
    >>> overcounted_in_all([(0.9 * i, (900.0,)) for i in range(80)])
    ()
    """
    if len(packets) < _FEWEST:
        return ()
    lasted_s = packets[-1][0] - packets[0][0]
    held_s = sum(rr for _, together in packets[1:] for rr in together) / 1000
    if held_s < (1 + 2 * MOST_SHARE) * lasted_s + _LONGEST_BATCH_S:
        return ()
    return (SurplusStretch(start_s=packets[0][0], end_s=packets[-1][0]),)
