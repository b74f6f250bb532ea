"""Settled minutes agree with what simulated people truly did, through the whole path.

`benchmarks/settled_minutes.py` has the figures for more people and other sizes.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.settled_minutes import Person, evening
from coreg.events import Partner
from coreg.sensors.simulated_events import EventKind, usual_event

COUPLES = 8


def settled_for(minutes: float, from_min: float) -> Iterator[tuple[Person, Person]]:
    """Yield pairs: somebody who settles once, and somebody who does not change."""
    usual = usual_event(EventKind.SETTLING, 60 * from_min)
    event = replace(usual, hold_s=60 * minutes)
    for seed in range(COUPLES):
        who, other = list(Partner)[:: 1 if seed % 2 else -1]
        both = evening(seed, {who: (event,)})
        yield both[who], both[other]


@pytest.fixture(scope="module")
def people() -> list[tuple[Person, Person]]:
    return list(settled_for(6, 7))


def test_settled_minutes_are_as_many_as_they_truly_were_within_a_tenth(
    people: list[tuple[Person, Person]],
) -> None:
    true = sum(changed.minutes_true.sum() for changed, _ in people)
    found = sum(changed.with_swing.sum() for changed, _ in people)
    assert true == COUPLES * 7  # half up in the first minute, half down in the last
    assert found == pytest.approx(true, rel=0.1)


def test_most_settled_minutes_are_the_true_ones(
    people: list[tuple[Person, Person]],
) -> None:
    true = np.concatenate([changed.minutes_true for changed, _ in people])
    found = np.concatenate([changed.with_swing for changed, _ in people])
    assert found[true].mean() > 0.8
    assert found[~true].mean() < 0.2


def test_people_who_do_not_change_are_called_settled_a_tenth_of_the_time_at_most(
    people: list[tuple[Person, Person]],
) -> None:
    assert np.mean([same.with_swing.mean() for _, same in people]) <= 0.1
