"""Settled minutes agree with what simulated people truly did, through the whole path.

`benchmarks/settled_minutes.py` has the figures for more people, sizes and evenings.
"""

from dataclasses import replace

import pytest

from benchmarks.settled_minutes import EVENINGS, Person, evening
from coreg.facts.events import Partner
from coreg.sensors.simulation.events import EventKind, usual_event
from tests.helpers.once import once_a_run
from tests.helpers.sessions import rounds

COUPLES = rounds(5, thorough=12)
UNCHANGING = rounds(3, thorough=12)  # found are seconds, far below what is allowed
USUAL = EVENINGS["led, then just being"]


@once_a_run
def changed() -> list[Person]:
    """Return people who settle once, by 8/min, for six minutes, each at their time."""
    usual = usual_event(EventKind.SETTLING, 480.0)
    events = {
        Partner.A: (replace(usual, hold_s=360.0),),
        Partner.B: (replace(usual, start_s=660.0, hold_s=360.0),),
    }
    return [
        one for seed in range(COUPLES) for one in evening(seed, events, USUAL).values()
    ]


def test_settled_minutes_are_as_many_as_they_truly_were_within_a_tenth() -> None:
    true_s = sum(one.true_s for one in changed())
    found_s = sum(one.found_s for one in changed())
    # Half of the minute up, all of the hold, and ln 2 of the minute down; the first
    # five stretches after the change of blocks are not judged.
    assert true_s == pytest.approx(2 * COUPLES * (30 + 360 + 41.6 - 50), rel=0.05)
    assert found_s == pytest.approx(true_s, rel=0.1)


def test_most_settled_time_is_the_true_one() -> None:
    true_s = sum(one.true_s for one in changed())
    not_s = sum(one.judged_s for one in changed()) - true_s
    assert sum(one.missed_s for one in changed()) < 0.2 * true_s
    assert sum(one.false_s for one in changed()) < 0.2 * not_s


def test_people_who_do_not_change_are_called_settled_a_tenth_of_the_time_at_most() -> (
    None
):
    same = [
        one for seed in range(UNCHANGING) for one in evening(seed, {}, USUAL).values()
    ]
    assert sum(one.found_s for one in same) <= 0.1 * sum(one.judged_s for one in same)
    assert all(one.judged_s > 14 * 60 for one in same)


def test_without_breathing_somebody_can_be_called_settled_too() -> None:
    usual = replace(usual_event(EventKind.SETTLING, 480.0), hold_s=360.0)
    both = evening(3, {Partner.A: (usual,)}, EVENINGS["without breathing"])
    for one in both.values():
        assert one.judged_s > 14 * 60
    assert both[Partner.A].missed_s < 0.5 * both[Partner.A].true_s
