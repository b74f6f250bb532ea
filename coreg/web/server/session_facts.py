"""What an evening says of itself in a session's file and in what it teaches."""

from coreg.facts.events import Source
from coreg.facts.opened import LearnedBefore
from coreg.session.companion import Learned
from coreg.store.learned import OURS, simulated
from coreg.store.release import CONSENT_VERSION
from coreg.web.evening.effects import KeepLearned
from coreg.web.evening.state import Evening


def couple_of(evening: Evening) -> str:
    """Return which couple this evening teaches; empty if nobody breathes along."""
    if evening.is_real:
        return OURS
    return simulated(evening.seed) if evening.is_simulated else ""


def taught(couple: str, learned: Learned, *, finds_pace: bool) -> KeepLearned:
    """Return what is to be kept: a pace that was looked for, taps, and real rest."""
    is_ours = couple == OURS
    return KeepLearned(
        session_id=learned.session_id,
        couple=couple,
        pace_belief=learned.pace_belief if couple and finds_pace else "",
        arrived_bpm=learned.arrived_bpm if is_ours else LearnedBefore().rest_bpm,
        usual_taps_s=learned.usual_taps_s if couple else LearnedBefore().usual_taps_s,
    )


def consent_of(evening: Evening) -> str:
    """Return what a session's file says of consent: purposes, no person's health."""
    if evening.source is Source.SIMULATED:
        return "a simulated couple: nobody had to be asked"
    if evening.source is Source.RECORDINGS:
        return "taken as given by whoever brought these recordings"
    # What each said of showing lies in the library, not in a file that both may open.
    return f"each was asked alone and agreed to be recorded, version {CONSENT_VERSION}"
