"""Whether a heart followed the breath: what is said by chance, and what is missed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.phase_locking import FEWEST_ANSWERS, chance_of_step
from coreg.facts.events import Partner
from coreg.findings.followed import followed
from coreg.findings.summary import own
from coreg.report.pages.session import own_page
from tests.test_together_pages import own as own_page_of, said_on, summary_of

Answers = NDArray[np.complex128]


def noise(rng: np.random.Generator, breaths: int) -> Answers:
    """Answers of a heart that goes its own way."""
    return np.asarray(rng.normal(size=breaths) + 1j * rng.normal(size=breaths))


def waves(rng: np.random.Generator, breaths: int) -> Answers:
    """Waves of its own that keep a phase for several breaths, near the pace or not."""
    turns = np.cumsum(rng.normal(rng.uniform(-0.3, 0.3), 0.12, breaths))
    return np.asarray(3 * np.exp(2j * np.pi * turns) + noise(rng, breaths))


def rayleigh(answers: Answers) -> bool:
    """Say what Rayleigh's test says, which takes breaths as independent."""
    return bool(abs(np.mean(answers / abs(answers))) ** 2 * answers.size > 2.996)


def said_of(drawn: list[Answers]) -> float:
    return float(np.mean([chance_of_step(each) <= 0.05 for each in drawn]))


@pytest.mark.parametrize("breaths", [FEWEST_ANSWERS, 45, 90])
def test_of_noise_it_is_said_as_often_as_it_says(breaths: int) -> None:
    rng = np.random.default_rng(breaths)
    drawn = [noise(rng, breaths) for _ in range(4000)]
    assert said_of(drawn) == pytest.approx(0.05, abs=0.012)


def test_waves_that_last_for_breaths_are_no_following() -> None:
    rng = np.random.default_rng(5)
    drawn = [waves(rng, 45) for _ in range(2000)]
    assert np.mean([rayleigh(each) for each in drawn]) > 0.12
    assert said_of(drawn) < 0.08


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_who_follows_half_of_the_breaths_and_more_is_found(share: float) -> None:
    rng = np.random.default_rng(6)
    drawn = [2 * (rng.random(45) < share) + noise(rng, 45) for _ in range(300)]
    assert said_of(drawn) > 0.9


def test_it_does_not_matter_where_in_the_breath_a_heart_is_slow() -> None:
    rng = np.random.default_rng(7)
    answers = noise(rng, 30) + 0.6
    turned = answers * np.exp(2j)
    assert chance_of_step(turned) == pytest.approx(chance_of_step(answers))


def test_too_few_breaths_and_a_heart_that_does_not_move_say_nothing() -> None:
    rng = np.random.default_rng(8)
    answers = noise(rng, FEWEST_ANSWERS) + 3
    answers[4] = complex("nan")
    assert np.isnan(chance_of_step(answers))
    assert np.isnan(chance_of_step(np.zeros(40, dtype=np.complex128)))


def test_breaths_that_were_not_measured_leave_the_others_as_they_are() -> None:
    rng = np.random.default_rng(9)
    answers = noise(rng, 40)
    with_holes = np.insert(answers, [7, 7, 30], complex("nan"))
    assert chance_of_step(with_holes) == chance_of_step(answers)


# --- on one's own page ---------------------------------------------------------------


def test_a_heart_that_swings_with_the_breath_is_told_so() -> None:
    assert "Your heart followed the pace" in own_page_of("coupled")


def test_what_was_not_heard_is_no_you_did_not() -> None:
    (of,) = followed(own(summary_of("strap lost"), Partner.B))
    assert not of.is_told
    assert np.isnan(of.p)
    assert not of.beyond_chance
    page = said_on(own_page(summary_of("strap lost"), Partner.B, ()))
    assert "Too few breaths to tell whether your heart followed the pace" in page
