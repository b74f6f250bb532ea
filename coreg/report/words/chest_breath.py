"""What a therapist reads of each breath beside the light: counts, and what is missing.

No score and no comparison of the two; the couple's pages have nothing of it.
"""

import math

from coreg.findings.chest_breath import FEWEST_TOLD, ChestBreath, EcgBreath
from coreg.report.words.numbers import figure, short_length
from coreg.words import say


def of_chest(breath: ChestBreath) -> str:
    """Return what one chest tells."""
    told = (_beside(breath), _steady(breath), _known(breath))
    return " ".join(each for each in told if each is not None)


def of_ecg(breath: EcgBreath) -> str:
    """Return what one ECG tells."""
    if not breath.known_s:
        return say("report.chest_breath.never_known")
    return say(
        "report.chest_breath.by_ecg",
        rate=figure(breath.rate_per_min, 1),
        length=short_length(breath.known_s),
        quality=_at_most(breath.quality),
    )


def _at_most(quality: float) -> str:
    return figure(math.floor(100 * quality) / 100, 2)  # never better than it was


def _beside(breath: ChestBreath) -> str:
    if not breath.is_told:
        return say(
            "report.chest_breath.too_few",
            told=breath.told,
            paced=breath.paced,
            fewest=FEWEST_TOLD,
        )
    return say(
        "report.chest_breath.told",
        followed=breath.followed,
        own=breath.own_way,
        untold=breath.untold,
        paced=breath.paced,
    )


def _steady(breath: ChestBreath) -> str | None:
    if math.isnan(breath.steadiness):
        return None
    return say("report.chest_breath.steady", steadiness=figure(breath.steadiness, 2))


def _known(breath: ChestBreath) -> str:
    if not breath.known_s:
        return say("report.chest_breath.never_known")
    return say(
        "report.chest_breath.known",
        length=short_length(breath.known_s),
        quality=_at_most(breath.quality),
    )
