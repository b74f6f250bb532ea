"""How much of one simulated heart's slow waves is in the other's.

Slow waves are all that a heart does by itself below the breath (1/f wander and waves
about 0.1 Hz). A heart takes a share of the other's, as they were `lag_s` ago, and keeps
as much of its own as leaves their size what it was:

    x(t) = share * other(t - lag) + sqrt(1 - share**2) * own(t)

Where one follows and the other leads, the share is the correlation of these waves at
that lag. Beats scatter around them, so the two heart rates correlate by less. The pace
that both breathe with is no coupling, though it looks like one.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from coreg.facts.events import Partner

ALL_ALONG_S: Final = 0.0


class CouplingKind(StrEnum):
    """Who takes what from whom."""

    NONE = "none"
    LEADER_FOLLOWER = "leader-follower"  # one takes the other's waves, later
    ANTI_PHASE = "anti-phase"  # the same, upside down
    BOTH = "both"  # each takes the other's


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupling:
    """How two hearts are coupled; `strength` is the share that is taken, 0 to 1.

    Before `begins_s`, on the session's clock, each has its own waves alone.
    """

    kind: CouplingKind
    leader: Partner
    strength: float
    lag_s: float
    begins_s: float = ALL_ALONG_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """What one heart takes of the other's slow waves; below 0 it is upside down."""

    share: float
    lag_s: float
    begins_s: float = ALL_ALONG_S


UNCOUPLED: Final = Coupling(
    kind=CouplingKind.NONE, leader=Partner.A, strength=0.0, lag_s=0.0
)
NO_PULL: Final = Pull(share=0.0, lag_s=0.0)


def pull_on(partner: Partner, coupling: Coupling) -> Pull:
    """Return what this partner's heart takes of the other's.

    Examples
    --------
    >>> opposite = Coupling(
    ...     kind=CouplingKind.ANTI_PHASE, leader=Partner.A, strength=0.6, lag_s=0.0
    ... )
    >>> pull_on(Partner.A, opposite).share, pull_on(Partner.B, opposite).share
    (0.0, -0.6)
    """
    leads = partner is coupling.leader
    if coupling.kind is CouplingKind.NONE or (
        leads and coupling.kind is not CouplingKind.BOTH
    ):
        return NO_PULL
    upside_down = coupling.kind is CouplingKind.ANTI_PHASE
    share = -coupling.strength if upside_down else coupling.strength
    return Pull(share=share, lag_s=coupling.lag_s, begins_s=coupling.begins_s)


def pulled(
    own: Iterator[float],
    other: Callable[[], Iterator[float]],
    pull: Pull,
    step_s: float,
    since_s: float = 0.0,
) -> Iterator[float]:
    """Return the waves of a heart under this pull, on the same grid.

    `other` makes the other's waves from their beginning, `since_s`. Before that they
    are taken to have been what they begin with.
    """
    if not pull.share:
        return own
    keeps = math.sqrt(1 - pull.share**2)
    earlier = _delayed(other(), round(pull.lag_s / step_s))
    alone = round((pull.begins_s - since_s) / step_s) if pull.begins_s else 0
    return (
        mine if step < alone else pull.share * theirs + keeps * mine
        for step, (theirs, mine) in enumerate(zip(earlier, own, strict=False))
    )


def _delayed(waves: Iterator[float], steps: int) -> Iterator[float]:
    first = next(waves)
    return itertools.chain(itertools.repeat(first, steps + 1), waves)
