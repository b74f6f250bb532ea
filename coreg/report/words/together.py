"""What a therapist reads of two hearts compared: what was found, and what it is not.

What a couple reads of it is one sentence, in `couple`. Never said: love, fit, health,
who calmed whom, that more is better, that one evening without a finding is a finding.
"""

import math
from typing import Final

from coreg.analysis.synchrony import Lead, PhaseSynchrony, Synchrony
from coreg.facts.events import Opened, Partner
from coreg.findings.together import Answer, Stretch, Together, Untested, answer
from coreg.report.words.numbers import (
    NBSP,
    NONE,
    figure,
    with_unit,
)
from coreg.report.words.session import name

TESTED: Final = "Tested against chance"
STRIPS: Final = "More alike than unrelated hearts?"
STRIPS_CAPTION: Final = (
    "Grey: where unrelated hearts doing this same exercise would lie, worked out from "
    "these two with their timing broken; dark: the middle half. The mark: these two, "
    "filled only where it lies beyond the grey. Further right: more alike, or more "
    "opposite."
)
STRIPS_TABLE: Final = (
    "Correlation of slow heart rate at its best shift, without its sign; beyond the "
    "last column, which allows for the number of parts, it is told from chance."
)
NULL_TABLE: Final = "Chance over the whole practice, and these two."
PROFILE_TABLE: Final = "Correlation at each shift, and the middle 95 of 100 of chance."
STRIP_AXIS: Final = "correlation at the best shift, either sign"

FREE: Final = "in free time"
PACED: Final = "breathing together"

ANSWERS: Final = {
    Answer.ALIKE: "moved together more than strangers’ would",
    Answer.OPPOSITE: "in opposite directions more than chance",
    Answer.OPEN: "no clear pattern",
    Answer.TOO_SHORT: "too short to tell",
    Answer.TOO_LITTLE_DATA: "the straps lost too much",
    Answer.STILL: "too still to say",
}

UNTESTED: Final = {
    Untested.NO_COMMON_CLOCK: "Not compared: the two recordings have separate clocks.",
    Untested.UNKNOWN_PACER: (
        "Not compared: these hearts were recorded in an earlier session and followed "
        "its pacer, which this session does not hold. Look at that session instead."
    ),
    Untested.NO_PHASE: "Nothing to compare this time.",
}

NULL: Final = "This pair among unrelated ones"
NULL_AXIS: Final = "likeness over the whole practice (Fisher’s z)"
NULL_PAIR: Final = "this pair"
NULL_EDGE: Final = "5 of 100 beyond"
PROFILE: Final = "Shift by shift"
PROFILE_AXIS: Final = "correlation"
PROFILE_CAPTION: Final = (
    "Correlation of the slow heart rates. Grey: the middle 95 of 100 of chance, shift "
    "by shift; at one of 21 shifts chance leaves it more often than that."
)
PROFILE_STRAPS: Final = "the straps alone"
SCALOGRAM: Final = "At which pace, and when"
SCALOGRAM_CAPTION: Final = (
    "Wavelet coherence of both heart rates. Drawn only where it exceeds 95 of 100 "
    "surrogates, one cell in twenty does by chance; pale near ends and gaps; hatched: "
    "the pace of the shared breath, which fills its band in strangers too."
)
SCALOGRAM_ALT: Final = (
    "Coloured surface of wavelet coherence over time and breaths a minute."
)
SCALOGRAM_NONE: Final = "Left out: it takes two minutes in which both hearts are known."
SCALOGRAM_AXIS: Final = "cycles/min"
SCALOGRAM_TABLE: Final = "Share of the time above the 95 % level, away from edges."
SCALOGRAM_COLUMNS: Final = ("cycles/min", "share", "mean coherence")

FREELY: Final = (
    "This assumes you both breathed freely. If you followed an app, give its pace: "
    "following one makes strangers look alike."
)
ONE_PACE: Final = (
    "Both are taken to have breathed with one pacer of this pace all the time; another "
    "pace, or one that changed, makes strangers look alike."
)
SURROGATES_ARE: Final = (
    "Chance is drawn from these two hearts themselves, with their timing broken, sent "
    "the same way through the analysis. It is not two strangers in one room."
)
P_IS: Final = (
    "p is the share of chance, these two counted in, that lies as far out; that of the "
    "finding is corrected for two figures having been looked at (Holm)."
)
PHASES: Final = "Part by part"
PHASES_CAPTION: Final = (
    "r: correlation of slow heart rate (0.01–0.06 Hz) at its best shift, the session’s "
    "own course taken out; p by surrogates, for all parts together (Holm); swing: the "
    "same of the size of the swing with the breath. n: seconds in which both are known."
)
PHASE_COLUMNS: Final = (
    "part", "n", "r", "shift, s", "p", "p, Holm", "swing p, Holm"
)  # fmt: skip
LAG_COLUMNS: Final = ("shift", "r", "chance from", "to")
NULL_COLUMNS: Final = ("chance, of 100 below", "Fisher’s z")
STRIP_COLUMNS: Final = (
    "part", "", "these two", "three quarters of chance below", "told beyond"
)  # fmt: skip


def strips_alt(parts: list[tuple[Stretch, PhaseSynchrony]]) -> str:
    """Describe the strips to somebody who cannot see them."""
    each = "; ".join(f"{stretch_name(s)}: {told(phase)}" for s, phase in parts)
    return f"For each part of the practice, these two beside chance. {each}."


def stretch_name(stretch: Stretch) -> str:
    """Return the name of a tested part."""
    told = name(stretch.name)
    return f"{told}, part{NBSP}{stretch.part}" if stretch.part else told


def told(phase: PhaseSynchrony) -> str:
    """Return the few words beside one part's mark."""
    return ANSWERS[answer(phase)]


def tested(together: Together, opened: Opened) -> tuple[str, ...]:
    """Tell a therapist what was found over the whole practice, and how finely."""
    found = together.found
    if found is None:
        return (UNTESTED[together.untested or Untested.NO_PHASE],)
    if found.missing is not None:
        return (f"Not told: {found.missing}.",)
    return (verdict(found), direction(together, opened.straps.lag_resolution_s))


def verdict(found: Synchrony) -> str:
    r"""Say whether chance reaches what was seen, by which figures."""
    where = " and ".join(
        words
        for words, p in (
            ("in slow heart rate", found.p_hr),
            ("in how far they swing with the breath", found.p_rsa),
        )
        if p < 0.05
    )
    chance = f"{found.surrogates}{NBSP}chance pairings"
    figures = f"p{NBSP}{probability(found.p_any)}"
    if found.p_any < 0.05 and where:
        way = "alike" if found.sign > 0 else "opposite"
        tied = f"more {way}" if found.p_hr < 0.05 else "more tied"
        return f"Tested: {tied} than {chance} of these hearts, {where} ({figures})."
    return (
        f"Not distinguishable from {chance} of these hearts ({figures}). That doesn’t "
        "mean nothing is there: one session often misses it."
    )


def direction(together: Together, lag_resolution_s: float) -> str:
    """Say which heart moved earlier, where that may be said."""
    found = together.found
    if found is None or together.lead is Lead.NOBODY:
        return f"Neither heart clearly moved first. {_finest(lag_resolution_s)}"
    early, late = (
        (Partner.A, Partner.B) if together.lead is Lead.A else (Partner.B, Partner.A)
    )
    lag = with_unit(f"{abs(found.lag_s):.0f}", "s")
    p = f"p{NBSP}{probability(found.p_direction)}"
    return (
        f"{early}’s heart moved about {lag} earlier than {late}’s ({p}); earlier "
        f"doesn’t mean because of. {_finest(lag_resolution_s)}"
    )


def _finest(lag_resolution_s: float) -> str:
    if math.isnan(lag_resolution_s):
        return "With these straps, nothing can be said about who moved first."
    shift = with_unit(f"{lag_resolution_s:.1f}", "s")
    return f"The straps can’t resolve less than {shift}."


def probability(p: float) -> str:
    """Return a probability without its leading zero, as papers write it.

    Examples
    --------
    >>> probability(0.001), probability(0.0304), probability(1.0), probability(1e-6)
    ('.001', '.030', '1', '<.001')
    """
    if math.isnan(p):
        return NONE
    if p < 0.0005:
        return "<.001"
    return "1" if p > 0.9995 else f"{p:.3f}".removeprefix("0")


def null_caption(found: Synchrony) -> str:
    """Say what the picture of chance is made of."""
    return (
        f"Grey: {found.surrogates} pairs of unrelated hearts made from these two, "
        f"doing this same exercise (seed{NBSP}{found.seed}). The line: these two."
    )


def null_alt(found: Synchrony) -> str:
    """Describe the picture of chance."""
    return (
        f"Histogram of {found.surrogates} chance pairings with a line for this pair; "
        f"{probability(found.p_hr)} of chance reaches it."
    )


def profile_alt(found: Synchrony) -> str:
    """Describe the chart of shifts."""
    r = figure(found.hr.r, 2)
    return f"Line of the correlation over shifts of 10 s either way; largest: {r}."
