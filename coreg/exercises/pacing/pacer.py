"""The shared breath as a function of time.

A page or a simulated chest asks how full the lungs are at a moment; nothing counts
frames, so a late frame shows the right breath.
"""

import math

from coreg.facts.events import Breath


def fullness(breath: Breath, t_s: float) -> float:
    """Return how full the lungs are, 0 (empty) to 1 (full), at `t_s`.

    Half a cosine in and half a cosine out, so both turns are smooth.

    Examples
    --------
    >>> breath = Breath(t_s=100.0, period_s=10.0, inhale_s=4.0)
    >>> [round(fullness(breath, t_s), 3) for t_s in (100.0, 102.0, 104.0, 110.0)]
    [0.0, 0.5, 1.0, 0.0]
    """
    into_s = t_s - breath.t_s
    if not 0 <= into_s < breath.period_s:
        return 0.0
    if into_s < breath.inhale_s:
        return 0.5 - 0.5 * math.cos(math.pi * into_s / breath.inhale_s)
    exhale_s = breath.period_s - breath.inhale_s
    return 0.5 + 0.5 * math.cos(math.pi * (into_s - breath.inhale_s) / exhale_s)
