"""What several evenings tell: more of them tell more, never less."""

import datetime as dt
import math

import numpy as np
import pytest

from coreg.analysis.lagged_correlation import LAGS_S, MAX_LAG_S
from coreg.analysis.likeness import Likeness, likeness
from coreg.facts.events import Partner
from coreg.findings.evenings import EveningFigures, over_evenings
from coreg.findings.together import Answer
from tests.helpers.couples import opened_by


def evening(z: float, rng: np.random.Generator) -> Likeness:
    """One evening: Fisher's z at lag 0, beside chance of -.3 to .3."""
    at_lags = np.zeros((200, LAGS_S.size))
    at_lags[:, MAX_LAG_S] = [z, *rng.uniform(-0.3, 0.3, 199)]
    return likeness(at_lags)


def told(*z: float) -> Answer:
    rng = np.random.default_rng(7)
    evenings = [
        EveningFigures(
            opened=opened_by(1),
            zone=dt.UTC,
            ratings=(),
            ln_rmssd=math.nan,
            breaths_per_min=math.nan,
            sat_s=math.nan,
            breathing=None,
            free_after=evening(each, rng),
        )
        for each in z
    ]
    return over_evenings(Partner.A, evenings, left_out=0).free_after.answer


def test_one_evening_of_many_that_went_otherwise_does_not_hide_the_others() -> None:
    assert told(*[0.4, 0.45, 0.5, 0.35, 0.42] * 2, -0.2, -0.21) is Answer.ALIKE


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_six_evenings_of_one_sign_are_told(sign: float) -> None:
    of_one_sign = Answer.ALIKE if sign > 0 else Answer.OPPOSITE
    assert told(*(sign * np.array([0.4, 0.45, 0.5, 0.35, 0.42, 0.41]))) is of_one_sign


def test_as_many_of_either_sign_tell_nothing() -> None:
    """They used to be told as moving otherwise from evening to evening."""
    assert told(*[0.4, -0.42, 0.45, -0.44] * 4) is Answer.OPEN


def test_what_chance_gives_is_not_told_and_too_few_are_not() -> None:
    """The mean of twelve of chance has a standard deviation of .05."""
    assert told(*[0.02, -0.01] * 6) is Answer.OPEN
    assert told(*[0.5] * 5) is Answer.OPEN  # too few
