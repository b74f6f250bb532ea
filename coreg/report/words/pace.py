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
    "How far your heart swings with the breath, over its own best. Marks: measured, "
    "with one standard error. Line and band: what is most likely of hearts in general "
    "and of these breaths; four in five of all that fits lies within the band. "
    "Dotted: six a minute."
)
EACH_CAPTION = OWN_CAPTION.replace("your heart", "each heart")
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
NO_SHARED = (
    "No pace for both can be said: it takes six measured breaths of each heart at "
    "three paces."
)
LIMITS = "What this can tell, and what it cannot"
NO_CURVE = "Too few breaths of this heart were measured for a curve."
NO_OWN = (
    "No curve can be drawn: it takes six measured breaths at three paces, and there "
    "were fewer tonight."
)
TABLE_OWN = "Swing at each pace, relative to your own best, with one standard error."
TABLE_SHARED = "Worth of each pace to the one it suits less."
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
        return f"This evening does not tell where it swings widest: {span} all fits."
    if low <= SLOWEST_PER_MIN:
        where = f"at {_rate(high)} or slower"
    elif high >= FASTEST_PER_MIN:
        where = f"at {_rate(low)} or faster"
    else:
        where = f"somewhere from {figure(low, 1)} to {_rate(high)}"
    return f"It swings widest {where} (four in five of all that fits)."


def choice(shared: Shared) -> str:
    """Say the pace for both, and how much it matters to keep to it."""
    rate = shared.choice_per_min
    least, most = shared.low_per_min, shared.high_per_min
    pace = f"{_rate(rate)}, {seconds_a_breath(rate)} a breath"
    said = [f"For both together: {pace}."]
    if most - least > STEP_PER_MIN:
        span = f"{figure(least, 1)} to {figure(most, 1)}"
        said.append(f"Anything from {span} is expected to do about as well.")
    if least <= SIX_PER_MIN <= most:
        said.append("Six, where everybody begins, is among these.")
    else:
        said.append(
            "There the heart it suits less is expected to swing "
            f"{_percent(shared.worth_of_choice)} as far as at its own best pace; at "
            f"six, {_percent(shared.worth_of_six)}."
        )
    return " ".join(said)


def own_alt(curve: Curve, points: Points) -> str:
    """Describe a curve to somebody who cannot see it."""
    places = ", ".join(
        f"{share:.2f} at {rate:.1f}"
        for rate, share in zip(points.rate_per_min, points.relative, strict=True)
    )
    return (
        f"Swing relative to its own best, by breaths a minute: {places}. {best(curve)}"
    )


def shared_alt(shared: Shared) -> str:
    """Describe the choice to somebody who cannot see it."""
    return f"Worth of each pace to the one it suits less. {choice(shared)}"


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
