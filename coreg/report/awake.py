"""What pages say of *awake*, and of both settled and awake: small, and never a score.

Experimental, and only of sessions with taps. One's own page says how long one's own
answers to glints were as soon as usually; of both only the minutes are counted in
which both were settled and both awake, beside what chance gives.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coreg.events import AwakeWindow, Partner, SettledWindow, Wakefulness
from coreg.exercises.settled import SETTLED_CUT
from coreg.exercises.state import Gate, Together, together
from coreg.report.not_judged import minutes, not_judged
from coreg.report.numbers import count
from coreg.report.timeline import Facts, of_partner

HEADING = "Awake, experimental"
BOTH_HEADING = "Settled and awake together, experimental"
MEANING = (
    "Awake means: you answered glints about as soon as you usually do, on earlier "
    "evenings or at the start of your first one. Slower can mean sleepy, or that your "
    "eyes were closed or elsewhere, and about one minute in ten it is chance. It looks "
    "back over ten glints, about five minutes, so two drowsy minutes may never show. "
    "Your own words come first."
)
BOTH_MEANING = (
    "A minute counts where both hearts were settled and both answered glints about as "
    "soon as they usually do. It is no measure of the two of you."
)
CANNOT_TELL = "Can’t tell tonight: too few glints were answered."
BOTH_CANNOT_TELL = "Can’t tell tonight: no minute could be judged for both."

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


def sentences(awake: Awake) -> tuple[str, ...]:
    """Return what one's own page says.

    Examples
    --------
    >>> told = Awake(
    ...     awake_s=180.0,
    ...     slower_s=60.0,
    ...     unknown_s=300.0,
    ...     not_judged_s={Gate.WARMING_UP: 120.0, Gate.FEW_TAPS: 180.0},
    ... )
    >>> print(sentences(told)[0].replace(chr(160), " "))
    Awake: 3 minutes. Slower than usual: 1 minute. Can’t tell: 5 minutes.
    >>> print(sentences(told)[1].replace(chr(160), " "))
    Not judged: 2 minutes while warming up, 3 minutes while too few glints had been
    answered.
    """
    why_not = not_judged(awake.not_judged_s)
    if awake.awake_s + awake.slower_s == 0:
        return (CANNOT_TELL, *why_not)
    told = (
        f"Awake: {minutes(awake.awake_s)}. Slower than usual: "
        f"{minutes(awake.slower_s)}. Can’t tell: {minutes(awake.unknown_s)}."
    )
    return (told, *why_not, MEANING)


def both_minutes(facts: Facts) -> Together:
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


def both_sentences(minutes: Together) -> tuple[str, ...]:
    """Return what is said of both, beside chance.

    Examples
    --------
    >>> told = Together(judged_min=6, together_min=2, by_chance_min=0.06)
    >>> print(both_sentences(told)[0].replace(chr(160), " "))
    2 minutes with both settled and both awake, of 6 minutes that could be judged. By
    chance alone two people who do not change would get about 0.1 minutes
    on average.
    """
    if not minutes.judged_min:
        return (BOTH_CANNOT_TELL,)
    by_chance = minutes.by_chance_min
    chance = f"about {by_chance:.1f}" if by_chance >= 0.05 else "less than 0.1"
    told = (
        f"{count(minutes.together_min, 'minute')} with both settled and both awake, of "
        f"{count(minutes.judged_min, 'minute')} that could be judged. By chance alone "
        f"two people who do not change would get {chance} minutes on "
        "average."
    )
    return (told, BOTH_MEANING)


def _by_minute(judged: Iterable[tuple[float, bool]]) -> dict[int, float]:
    """Return the last judgement of each minute, as 1 or 0."""
    return {int(t_s // _MINUTE_S): float(so) for t_s, so in judged}


def _both(of_each: list[dict[int, float]], minute: int) -> float:
    """Return 1 or 0 of both in a minute, NaN where either could not be judged."""
    return math.prod(one.get(minute, math.nan) for one in of_each)
