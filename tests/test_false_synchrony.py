"""The errors of shares in which one person stands in many pairs."""

import itertools
import math

import numpy as np
import pytest

from benchmarks.false_synchrony.errors import counted, over_people


def test_one_person_called_with_everybody() -> None:
    """Worked by hand: .2 of 45 pairs; 0 without that person, 8 of 36 without another.

    The mean of the ten is .2, and 9/10 (.2**2 + 9 (2/9 - .2)**2) is .04.
    """
    pairs = list(itertools.combinations("abcdefghij", 2))
    called = np.array(["a" in pair for pair in pairs])
    assert called.mean() == pytest.approx(0.2)
    assert over_people(called, pairs) == pytest.approx(0.2)
    assert counted(called) == pytest.approx(math.sqrt(0.2 * 0.8 / 45))


def test_the_error_is_the_spread_of_the_share_when_people_are_drawn_anew() -> None:
    rng = np.random.default_rng(62)
    pairs = list(itertools.combinations(map(str, range(12)), 2))
    at = np.array([[int(a), int(b)] for a, b in pairs])
    shares, by_person, by_pair = [], [], []
    for _ in range(400):
        likely = rng.choice([0.02, 0.3], 12)  # some people are called with anybody
        called = rng.random(len(pairs)) < likely[at].mean(axis=1)
        shares.append(float(called.mean()))
        by_person.append(over_people(called, pairs))
        by_pair.append(counted(called))
    truth = float(np.std(shares))
    assert 0.9 < np.sqrt(np.mean(np.square(by_person))) / truth < 1.4
    assert np.sqrt(np.mean(np.square(by_pair))) / truth < 0.85


def test_none_called_is_not_certain_and_two_people_say_nothing() -> None:
    pairs = list(itertools.combinations("abcd", 2))
    none = np.zeros(len(pairs), dtype=bool)
    assert over_people(none, pairs) == counted(none) > 0
    assert math.isnan(over_people(none[:1], pairs[:1]))
