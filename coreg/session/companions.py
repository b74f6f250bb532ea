"""Who comes along on an evening: the one list of companions, in telling order."""

from coreg.exercises.plan import Pace, Plan
from coreg.exercises.states.flooding import FloodingWatch
from coreg.exercises.states.near_last_beats import NearLastBeats
from coreg.facts.events import Opened, Partner
from coreg.session.alertness import Alertness, UsualTaps
from coreg.session.calm_watch import CalmWatch
from coreg.session.companion import Companion
from coreg.session.lead import BreathLead


def companions_of(
    opened: Opened, plan: Plan, lead: BreathLead
) -> tuple[Companion, ...]:
    """Return everything that runs beside this practice, the lead first."""
    # Hearts are not watched where they mislead: for that a plan fixes its pace.
    watched = tuple(Partner) if plan.pace is not Pace.FIXED else ()
    return (
        lead,
        CalmWatch(
            watched,
            opened.learned.rest_bpm,
            lead.expected_swing_ms,
            FloodingWatch if opened.practice.by_labels else NearLastBeats,
        ),
        Alertness(_usual_taps(opened) if opened.practice.taps else {}),
    )


def _usual_taps(opened: Opened) -> dict[Partner, UsualTaps]:
    """Return how soon each usually answers glints."""
    learned = opened.learned
    known = zip(Partner, learned.first_taps_s, learned.usual_taps_s, strict=True)
    return {
        partner: UsualTaps(first_s=first_s, usual_s=usual_s)
        for partner, first_s, usual_s in known
    }
