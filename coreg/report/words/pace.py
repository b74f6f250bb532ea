"""Every sentence about a pace that was looked for: what it shows, and what it cannot.

Nobody is told that one heart was the reason for a pace, and no pace is called right.
"""

from coreg.exercises.pacing.curves import STEP_PER_MIN
from coreg.exercises.pacing.pace_curve import Curve, Points, Shared
from coreg.exercises.pacing.pace_limits import FASTEST_PER_MIN, SLOWEST_PER_MIN
from coreg.exercises.pacing.policy import SIX_PER_MIN
from coreg.facts.events import Partner
from coreg.report.words.numbers import figure, round_figure
from coreg.words import say

WIDEST_TOLD_PER_MIN = 1.5


def seconds_a_breath(rate_per_min: float) -> str:
    r"""Return how long a breath is at a rate.

    Examples
    --------
    >>> seconds_a_breath(5.0)
    '12\xa0s'
    """
    return say("report.numbers.s", seconds=round_figure(60 / rate_per_min))


def best(curve: Curve) -> str:
    """Say where a heart swings widest, and how sure that is."""
    return say(f"report.pace.widest.{_where(curve)}", **_span(curve))


def own_best(curve: Curve) -> str:
    """Say to its owner where a heart moved most, and how sure that is.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> of = SimpleNamespace(best_low_per_min=5.0, best_high_per_min=5.8)
    >>> print(own_best(of).replace(chr(160), " "))
    Your heart moved most somewhere from 5.0 to 5.8 breaths a minute.
    """
    return say(f"report.pace.moved_most.{_where(curve)}", **_span(curve))


def _where(curve: Curve) -> str:
    """Return which sentence says where a heart's widest pace lies."""
    low, high = curve.best_low_per_min, curve.best_high_per_min
    if high - low > WIDEST_TOLD_PER_MIN:
        return "anywhere"
    if low <= SLOWEST_PER_MIN:
        return "slower"
    return "faster" if high >= FASTEST_PER_MIN else "between"


def _span(curve: Curve) -> dict[str, str]:
    low, high = curve.best_low_per_min, curve.best_high_per_min
    return {"low": figure(low, 1), "high": figure(high, 1)}


def couple_choice(shared: Shared) -> str:
    """Say the pace for both to both: nobody's heart is the one that it suits less."""
    return " ".join(_choice(shared))


def choice(shared: Shared) -> str:
    """Say the pace for both, and what it costs the heart that it suits less."""
    said = _choice(shared)
    if not _is_six_as_good(shared):
        worth = {
            "choice": f"{round(100 * shared.worth_of_choice)}",
            "six": f"{round(100 * shared.worth_of_six)}",
        }
        said.append(say("report.pace.worth_there", **worth))
    return " ".join(said)


def _is_six_as_good(shared: Shared) -> bool:
    return shared.low_per_min <= SIX_PER_MIN <= shared.high_per_min


def _choice(shared: Shared) -> list[str]:
    """Say how much it matters to keep to a pace."""
    rate = shared.choice_per_min
    least, most = shared.low_per_min, shared.high_per_min
    length = seconds_a_breath(rate)
    said = [say("report.pace.for_both_together", rate=figure(rate, 1), length=length)]
    if most - least > STEP_PER_MIN:
        low, high = figure(least, 1), figure(most, 1)
        said.append(say("report.pace.about_as_well", low=low, high=high))
    if _is_six_as_good(shared):
        said.append(say("report.pace.six_too"))
    return said


def each_alt(curve: Curve, points: Points) -> str:
    """Describe a curve to somebody who cannot see it."""
    return f"{say('report.pace.each_alt', places=_places(points))} {best(curve)}"


def own_alt(curve: Curve, points: Points) -> str:
    """Describe one's own curve."""
    return f"{say('report.pace.own_alt', places=_places(points))} {own_best(curve)}"


def _places(points: Points) -> str:
    return ", ".join(
        say("report.pace.place", share=figure(share, 2), rate=figure(rate, 1))
        for rate, share in zip(points.rate_per_min, points.relative, strict=True)
    )


def shared_alt(shared: Shared) -> str:
    """Describe the choice to somebody who cannot see it."""
    return f"{say('report.pace.table_shared')} {choice(shared)}"


def couple_shared_alt(shared: Shared) -> str:
    """Describe the choice to the couple."""
    return f"{say('report.pace.works_for_both')} {couple_choice(shared)}"


def heart(partner: Partner) -> str:
    """Return the name of one heart's panel."""
    return say("report.pace.heart_of", name=partner.value)


def for_both(shared: Shared) -> str:
    """Return the label of the choice in a chart."""
    return say("report.pace.for_both", rate=figure(shared.choice_per_min, 1))
