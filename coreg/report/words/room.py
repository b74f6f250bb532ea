"""What is said of several evenings to a therapist, and to nobody else."""

import math

from coreg.findings.care import FEWEST_HELPED, Care, CareOver, Until
from coreg.findings.warm import FEWEST_EVENINGS, WarmOver
from coreg.report.words.numbers import figure, short_length
from coreg.words import say


def lasted(care: Care) -> str:
    r"""Return how long one time of care was; where it did not help, at least that.

    Examples
    --------
    >>> lasted(Care(start_s=0, seconds=97.0, until=Until.HELPED))
    '1\xa0min\xa037\xa0s'
    >>> lasted(Care(start_s=0, seconds=40.0, until=Until.PAUSE))
    'at least 40\xa0s'
    """
    told = short_length(care.seconds)
    if care.until is Until.HELPED:
        return told
    return say("report.room.at_least", length=told)


def care_over(of: CareOver) -> str:
    """Return the median over all evenings with its interval, or why there is none."""
    if math.isnan(of.median_s):
        if of.helped < FEWEST_HELPED:
            return say("report.room.care_too_few", n=of.helped, fewest=FEWEST_HELPED)
        return say("report.room.care_no_half")
    key = "care_median_open" if math.isinf(of.high_s) else "care_median"
    return say(
        f"report.room.{key}",
        median=short_length(of.median_s),
        low=short_length(of.low_s),
        high="" if math.isinf(of.high_s) else short_length(of.high_s),
        helped=of.helped,
        censored=of.censored,
    )


def warm_over(of: WarmOver) -> tuple[str, ...]:
    """Return what all warm evenings say, and why others of them say nothing."""
    change = of.change_z
    reasons = tuple(
        say(f"report.room.warm_why.{why.name.lower()}", n=count)
        for why, count in sorted(of.unanswered.items())
    )
    if math.isnan(change.estimate):
        few = say("report.room.warm_too_few", n=of.evenings, fewest=FEWEST_EVENINGS)
        return few, *reasons
    if change.low > 0:
        key = "warm_more"
    elif change.high < 0:
        key = "warm_less"
    else:
        key = "warm_open"
    told = say(
        f"report.room.{key}",
        n=of.evenings,
        change=figure(change.estimate, 2),
        low=figure(change.low, 2),
        high=figure(change.high, 2),
    )
    return told, *reasons
