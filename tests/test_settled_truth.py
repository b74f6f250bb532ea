"""Settled minutes agree with what simulated people truly did, through the whole path.

`benchmarks/settled_minutes.py` has the figures for more people and other sizes.
"""

from dataclasses import replace
from functools import cache

import pytest

from benchmarks.settled_minutes import EVENINGS, Person, evening
from coreg.events import Partner
from coreg.sensors.simulated_events import EventKind, usual_event

COUPLES = 8
LED, WITHOUT_BREATHING = "led", "without breathing"


@cache
def people(kind: str) -> list[tuple[Person, Person]]:
    """Return pairs: somebody who settles once, and somebody who does not change."""
    usual = usual_event(EventKind.SETTLING, 420.0)
    event = replace(usual, hold_s=360.0)
    found = []
    for seed in range(COUPLES):
        who, other = list(Partner)[:: 1 if seed % 2 else -1]
        both = evening(seed, {who: (event,)}, EVENINGS[kind])
        found.append((both[who], both[other]))
    return found


@pytest.mark.parametrize("kind", [LED, WITHOUT_BREATHING])
def test_settled_minutes_are_as_many_as_they_truly_were_within_a_tenth(
    kind: str,
) -> None:
    true_s = sum(changed.true_s for changed, _ in people(kind))
    found_s = sum(changed.found_s for changed, _ in people(kind))
    # Half of the minute up, all of the hold, and ln 2 of the minute down.
    assert true_s == pytest.approx(COUPLES * (30 + 360 + 41.6), rel=0.05)
    assert found_s == pytest.approx(true_s, rel=0.1)


@pytest.mark.parametrize("kind", [LED, WITHOUT_BREATHING])
def test_most_settled_time_is_the_true_one(kind: str) -> None:
    changed = [one for one, _ in people(kind)]
    true_s = sum(one.true_s for one in changed)
    not_s = sum(one.judged_s for one in changed) - true_s
    assert sum(one.missed_s for one in changed) < 0.2 * true_s
    assert sum(one.false_s for one in changed) < 0.2 * not_s


@pytest.mark.parametrize("kind", [LED, WITHOUT_BREATHING])
def test_people_who_do_not_change_are_called_settled_a_tenth_of_the_time_at_most(
    kind: str,
) -> None:
    same = [one for _, one in people(kind)]
    assert sum(one.found_s for one in same) <= 0.1 * sum(one.judged_s for one in same)
    assert all(one.judged_s > 14 * 60 for one in same)
