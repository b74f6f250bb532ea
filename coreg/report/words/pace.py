"""Every sentence about a pace that was looked for: what it shows, and what it cannot.

Nobody is told that one heart was the reason for a pace, and no pace is called right.
"""

from coreg.exercises.pacing.curves import STEP_PER_MIN
from coreg.exercises.pacing.pace_curve import Curve, Points, Shared
from coreg.exercises.pacing.pace_limits import FASTEST_PER_MIN, SLOWEST_PER_MIN
from coreg.exercises.pacing.policy import SIX_PER_MIN
from coreg.facts.events import Partner
from coreg.report.words.numbers import NBSP, figure, with_unit

WIDEST_TOLD_PER_MIN = 1.5

TITLE = "Our pace"
OWN = "Your heart at each pace"
EACH = "Each heart at each pace"
SHARED = "A pace for both"
RATE_AXIS = "breaths a minute"
BEST = "own best"
HALF = "half"

OWN_CAPTION = (
    "Dots: how much your heart moved at each pace, compared with its own highest. The "
    "band shows how sure that is. Dotted: six a minute."
)
OWN_CAN_TELL = (
    "This shows which pace moved your heart most tonight. It can’t show which is best "
    "for you."
)
BOTH_CAN_TELL = (
    "This shows which pace moved both hearts tonight. It can’t show which is best for "
    "you."
)
COUPLE_CANNOT_TELL = (
    f"One breath can easily move a heart {with_unit('1.7', 'times')} as much as the "
    f"next, so three minutes at a pace are known to about {with_unit(15, '%')}. In two "
    "people of three the highest is at another pace when they try again. In a trial, a "
    "pace of one’s own did no better than six a minute. And most isn’t nicest: if it’s "
    "too slow for one of you, it’s too slow."
)
COUPLE_TWICE = (
    "Try again another evening, the other way round. If both agree, use that pace. If "
    "not, six is fine."
)
COUPLE_SHARED_CAPTION = (
    "How well each pace works for both of you. Shaded: paces that do about as well. "
    "Dotted: six a minute."
)
EACH_CAPTION = (
    "How far each heart swings with the breath, over its own best. Marks: measured, "
    "with one standard error. Line and band: what is most likely of hearts in general "
    "and of these breaths; four in five of all that fits lies within the band. "
    "Dotted: six a minute."
)
SHARED_CAPTION = (
    "What each pace is worth to the one it suits less: the swing expected of that "
    "heart, over its own best. Shaded: paces expected to do about as well as the "
    "one for both. Dotted: six."
)
CAN_TELL = (
    "It can tell at which of these paces a heart swung widest on this evening, and how "
    "sure that is. It cannot tell what is best for you."
)
CANNOT_TELL = (
    f"One breath’s swing is easily {with_unit('1.7', 'times')} the next one’s, so "
    f"three minutes at a pace are known to about {with_unit(15, '%')}. In two people "
    "of three the widest swing is at another pace when they try again. In a trial, a "
    "pace of one’s own did no better than six a minute. And wide is not what feels "
    "good: a pace that is too slow for one of you is too slow."
)
TWICE = (
    "Do it again on another evening, the other way round. Where both evenings agree, "
    "that is a pace for you; where they do not, six is."
)
NO_SHARED = "Not enough clear breaths to suggest a pace."
LIMITS = "What this can tell, and what it cannot"
NO_CURVE = "Too few breaths of this heart were measured for a curve."
NO_OWN = (
    "No curve can be drawn: it takes six measured breaths at three paces, and there "
    "were fewer tonight."
)
TABLE_OWN = (
    "How far the heart moved at each pace, compared with its own highest, with one "
    "standard error."
)
TABLE_SHARED = "Worth of each pace to the one it suits less."
COUPLE_TABLE_SHARED = "How well each pace works for both of you; 1 is best."
PACE, BREATHS, MEASURED, LIKELY, BAND = (
    "breaths/min",
    "breaths",
    "measured",
    "most likely",
    "four in five",
)
WORTH = "worth"


def seconds_a_breath(rate_per_min: float) -> str:
    r"""Return how long a breath is at a rate.

    Examples
    --------
    >>> seconds_a_breath(5.0)
    '12\xa0s'
    """
    return with_unit(f"{60 / rate_per_min:.1f}".removesuffix(".0"), "s")


def best(curve: Curve) -> str:
    """Say where a heart swings widest, and how sure that is."""
    low, high = curve.best_low_per_min, curve.best_high_per_min
    if high - low > WIDEST_TOLD_PER_MIN:
        span = f"{figure(low, 1)} to {figure(high, 1)}"
        return f"Tonight can’t tell: anything from {span} fits."
    if low <= SLOWEST_PER_MIN:
        where = f"at {_rate(high)} or slower"
    elif high >= FASTEST_PER_MIN:
        where = f"at {_rate(low)} or faster"
    else:
        where = f"somewhere from {figure(low, 1)} to {_rate(high)}"
    return f"It swings widest {where} (four in five of all that fits)."


def own_best(curve: Curve) -> str:
    """Say to its owner where a heart moved most, and how sure that is.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> of = SimpleNamespace(best_low_per_min=5.0, best_high_per_min=5.8)
    >>> print(own_best(of).replace(chr(160), " "))
    Your heart moved most somewhere from 5.0 to 5.8 breaths a minute.
    """
    low, high = curve.best_low_per_min, curve.best_high_per_min
    if high - low > WIDEST_TOLD_PER_MIN:
        return best(curve)
    if low <= SLOWEST_PER_MIN:
        return f"Your heart moved most at {_rate(high)} or slower."
    if high >= FASTEST_PER_MIN:
        return f"Your heart moved most at {_rate(low)} or faster."
    return f"Your heart moved most somewhere from {figure(low, 1)} to {_rate(high)}."


def couple_choice(shared: Shared) -> str:
    """Say the pace for both to both: nobody's heart is the one that it suits less."""
    return " ".join(_choice(shared))


def choice(shared: Shared) -> str:
    """Say the pace for both, and what it costs the heart that it suits less."""
    said = _choice(shared)
    if not _is_six_as_good(shared):
        said.append(
            "There the heart it suits less is expected to swing "
            f"{_percent(shared.worth_of_choice)} as far as at its own best pace; at "
            f"six, {_percent(shared.worth_of_six)}."
        )
    return " ".join(said)


def _is_six_as_good(shared: Shared) -> bool:
    return shared.low_per_min <= SIX_PER_MIN <= shared.high_per_min


def _choice(shared: Shared) -> list[str]:
    """Say how much it matters to keep to a pace."""
    rate = shared.choice_per_min
    least, most = shared.low_per_min, shared.high_per_min
    pace = f"{_rate(rate)}, {seconds_a_breath(rate)} a breath"
    said = [f"For both together: {pace}."]
    if most - least > STEP_PER_MIN:
        span = f"{figure(least, 1)} to {figure(most, 1)}"
        said.append(f"Anything from {span} is expected to do about as well.")
    if _is_six_as_good(shared):
        said.append("Six a minute is one of them.")
    return said


def each_alt(curve: Curve, points: Points) -> str:
    """Describe a curve to somebody who cannot see it."""
    places = _places(points)
    return (
        f"Swing relative to its own best, by breaths a minute: {places}. {best(curve)}"
    )


def own_alt(curve: Curve, points: Points) -> str:
    """Describe one's own curve."""
    return (
        "How much your heart moved, compared with its own highest, by breaths a "
        f"minute: {_places(points)}. {own_best(curve)}"
    )


def _places(points: Points) -> str:
    return ", ".join(
        f"{share:.2f} at {rate:.1f}"
        for rate, share in zip(points.rate_per_min, points.relative, strict=True)
    )


def shared_alt(shared: Shared) -> str:
    """Describe the choice to somebody who cannot see it."""
    return f"Worth of each pace to the one it suits less. {choice(shared)}"


def couple_shared_alt(shared: Shared) -> str:
    """Describe the choice to the couple."""
    return f"How well each pace works for both of you. {couple_choice(shared)}"


def heart(partner: Partner) -> str:
    """Return the name of one heart's panel."""
    return f"{partner}’s heart"


def _rate(rate_per_min: float) -> str:
    return f"{with_unit(figure(rate_per_min, 1), 'breaths')} a minute"


def _percent(share: float) -> str:
    return f"{round(100 * share)}{NBSP}%"


def for_both(shared: Shared) -> str:
    """Return the label of the choice in a chart."""
    return f"for both {figure(shared.choice_per_min, 1)}"
