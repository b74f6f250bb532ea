"""How long each answered glints as usual, and when both were settled and awake."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coreg.exercises.states.gates import Gate, MinutesTogether, together
from coreg.exercises.states.settled import SETTLED_CUT
from coreg.facts.events import AwakeWindow, Partner, SettledWindow, Wakefulness
from coreg.findings.timeline import Facts, of_partner

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Awake:
    """How long one partner answered as usual, slower, or nobody can tell."""

    awake_s: float
    slower_s: float
    unknown_s: float
    not_judged_s: Mapping[Gate, float]


def awake_of(partner: Partner, facts: Facts) -> Awake:
    """Gather what the facts say of one partner."""
    windows = of_partner(facts, partner, AwakeWindow)

    def length_s(*bands: Wakefulness) -> float:
        return sum(window.length_s for window in windows if window.band in bands)

    return Awake(
        awake_s=length_s(Wakefulness.AWAKE),
        slower_s=length_s(Wakefulness.BETWEEN, Wakefulness.DROWSY),
        unknown_s=length_s(Wakefulness.UNKNOWN),
        not_judged_s={
            reason: sum(w.length_s for w in windows if _reason(w) is reason)
            for reason in (Gate.WARMING_UP, Gate.FEW_TAPS)
        },
    )


def _reason(window: AwakeWindow) -> Gate | None:
    """Return the one reason a window that is not known counts for.

    With every gate open it is misses that leave too few answers.
    """
    if window.band is not Wakefulness.UNKNOWN:
        return None
    is_early = Gate.WARMING_UP.name in window.gates
    return Gate.WARMING_UP if is_early else Gate.FEW_TAPS


def both_minutes(facts: Facts) -> MinutesTogether:
    """Count the minutes in which both were settled and both awake.

    Each minute is judged by what is known after the last breath and the last glint that
    end in it, so that what chance gives is what it gives for one such window.
    """
    settled = [
        _by_minute(
            (window.t_s, window.settled >= SETTLED_CUT)
            for window in of_partner(facts, partner, SettledWindow)
            if not window.gates
        )
        for partner in Partner
    ]
    awake = [
        _by_minute(
            (window.t_s, window.band is Wakefulness.AWAKE)
            for window in of_partner(facts, partner, AwakeWindow)
            if window.band is not Wakefulness.UNKNOWN
        )
        for partner in Partner
    ]
    minutes = range(
        1 + max((m for each in (*settled, *awake) for m in each), default=0)
    )
    return together(
        [_both(settled, minute) for minute in minutes],
        [_both(awake, minute) for minute in minutes],
    )


def _by_minute(judged: Iterable[tuple[float, bool]]) -> dict[int, float]:
    """Return the last judgement of each minute, as 1 or 0."""
    return {int(t_s // _MINUTE_S): float(so) for t_s, so in judged}


def _both(of_each: list[dict[int, float]], minute: int) -> float:
    """Return whether both were, as 1 or 0; NaN where either could not be judged."""
    return math.prod(one.get(minute, math.nan) for one in of_each)
