"""A moment that alone makes two hearts alike is named, and one that does not is not."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.influence import (
    MINUTE_S,
    TellingMinute,
    most_telling_minute,
    without_minute,
)
from coreg.analysis.session_regressors import NO_PACER
from coreg.analysis.synchrony import Phase, synchrony
from coreg.analysis.synchrony_channels import ComparedHeart
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import Answer, Together, answer, together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.one_sentence import of_both
from coreg.report.pages.session import joint_page, therapist_page
from coreg.words import Language, say, speaking
from tests.helpers.banned import banned_in, everything_said
from tests.helpers.couples import Planted, couple, opened_by
from tests.helpers.once import once_a_run
from tests.helpers.readers import plain

Floats = NDArray[np.float64]

END_S, BELL_S = 600.0, 370.0
REST = Phase(name="rest", start_s=0.0, end_s=END_S)
GRID_S = np.arange(-10.0, END_S + 10.0, 0.25)


def slow_wave(rng: np.random.Generator) -> Floats:
    hz = np.fft.rfftfreq(GRID_S.size, 0.25)
    drawn = rng.normal(size=hz.size) + 1j * rng.normal(size=hz.size)
    wave = np.fft.irfft(drawn * ((hz > 0.01) & (hz < 0.06)), GRID_S.size)
    return np.asarray(wave / wave.std())


def heart(ln_ibi: Floats) -> ComparedHeart:
    t_s, beats, nn_ms = -5.0, [], []
    while t_s < END_S:
        rr_s = 0.9 * float(np.exp(np.interp(t_s, GRID_S, ln_ibi)))
        t_s += rr_s
        beats.append(t_s)
        nn_ms.append(1000 * rr_s)
    return ComparedHeart(
        beat_t_s=np.array(beats), nn_ms=np.array(nn_ms), gaps_s=np.empty((0, 2))
    )


def bell() -> Floats:
    """What a fright does: faster within seconds, and back within a minute."""
    since_s = np.maximum(GRID_S - BELL_S, 0.0)
    answered = np.exp(-since_s / 10) - np.exp(-since_s / 2.5)
    return np.asarray(-0.45 * np.where(GRID_S > BELL_S, answered, 0.0))


def pair(seed: int, *, coupling: float, rings: bool) -> tuple[ComparedHeart, ...]:
    rng = np.random.default_rng(seed)
    of_a, own = slow_wave(rng), slow_wave(rng)
    of_b = coupling * of_a + np.sqrt(1 - coupling**2) * own
    both = bell() if rings else np.zeros(GRID_S.size)
    return heart(0.03 * of_a + both), heart(0.03 * of_b + both)


def minute_of(seed: int, *, coupling: float, rings: bool) -> TellingMinute:
    a, b = pair(seed, coupling=coupling, rings=rings)
    told = synchrony(a, b, phases=[REST], pacer=NO_PACER, surrogates=99, seed=1)
    assert told.hr.r > 0.3
    return most_telling_minute(a, b, phase=REST, pacer=NO_PACER, surrogates=99, seed=1)


@pytest.mark.parametrize("seed", [1, 6, 8])
def test_a_bell_that_both_heard_is_found_where_it_rang_and_carries_it(
    seed: int,
) -> None:
    minute = minute_of(seed, coupling=0.0, rings=True)
    assert minute.start_s <= BELL_S < minute.end_s
    assert minute.end_s - minute.start_s == MINUTE_S
    assert minute.p > 0.05


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hearts_that_are_alike_all_along_are_so_without_any_minute(seed: int) -> None:
    assert minute_of(seed, coupling=0.9, rings=False).p < 0.05


def test_a_bell_in_a_couple_that_is_alike_all_along_does_not_hide_that() -> None:
    assert minute_of(2, coupling=0.9, rings=True).p < 0.05


def test_the_same_seed_gives_the_same_minute_and_another_heart_is_left_as_it_is() -> (
    None
):
    a, b = pair(1, coupling=0.9, rings=False)
    before = a.nn_ms.copy()
    first, again = (
        most_telling_minute(a, b, phase=REST, pacer=NO_PACER, surrogates=19, seed=4)
        for _ in range(2)
    )
    assert first == again
    np.testing.assert_array_equal(a.nn_ms, before)
    assert a.gaps_s.size == 0


def test_a_minute_is_lost_as_where_a_strap_was_silent() -> None:
    a, _ = pair(1, coupling=0.0, rings=False)
    left = without_minute(a, 100.0)
    inside = (a.beat_t_s >= 100.0) & (a.beat_t_s < 160.0)
    assert np.isnan(left.nn_ms[inside]).all()
    np.testing.assert_array_equal(left.nn_ms[~inside], a.nn_ms[~inside])
    assert left.gaps_s.tolist() == [[100.0, 160.0]]


# --- what is read of it ------------------------------------------------------------


@once_a_run
def summary() -> SessionSummary:
    return summarise(opened_by(1), couple(Planted(seed=1, coupling=0.9)))


@once_a_run
def found() -> Together:
    return together(summary())


def with_minutes(p: float) -> Together:
    """The test of the couple, as where every minute gave this p."""
    minutes = tuple(
        None if each is None else TellingMinute(start_s=630.0, end_s=690.0, p=p)
        for each in found().minutes
    )
    return replace(found(), minutes=minutes)


def said_on(told: Together, *, to_both: bool) -> str:
    page = joint_page if to_both else therapist_page
    with style():
        return everything_said(document(page(summary(), told)))


def test_a_minute_is_looked_for_in_the_parts_that_are_told_alike_and_in_no_other() -> (
    None
):
    told = found()
    assert told.found is not None
    assert [each is not None for each in told.minutes] == [
        answer(phase) is Answer.ALIKE for phase in told.found.per_phase
    ]
    assert any(told.minutes)
    assert not told.one_minute_carries  # they were alike all along


def test_a_couple_reads_that_one_minute_carries_it_and_not_which() -> None:
    text = said_on(with_minutes(0.4), to_both=True)
    assert plain(say("report.couple.one_minute")) in text
    assert not banned_in(text)
    assert "10:30" not in text
    assert plain(say("report.couple.one_minute")) not in said_on(found(), to_both=True)


def test_one_part_that_is_alike_all_along_is_enough_and_a_short_one_says_nothing() -> (
    None
):
    def carried(*p: float | None) -> bool:
        minutes = tuple(
            None if each is None else TellingMinute(start_s=0.0, end_s=60.0, p=each)
            for each in p
        )
        return replace(found(), minutes=minutes).one_minute_carries

    assert carried(None, 0.4, 0.2)
    assert carried(float("nan"), 0.4, None)
    assert not carried(0.4, 0.01, None)
    assert not carried(float("nan"), None, None)
    assert not carried(None, None, None)


def test_a_therapist_reads_which_minute_and_by_which_figure() -> None:
    text = said_on(with_minutes(0.4), to_both=False)
    assert "one minute carries most of it, the one from 10:30" in text
    assert "without it p is .400" in text
    holds = said_on(with_minutes(0.01), to_both=False)
    assert "beyond chance without its most telling minute too" in holds
    untold = said_on(with_minutes(float("nan")), to_both=False)
    assert "too short to leave out a minute" in untold


@pytest.mark.parametrize("language", list(Language))
def test_the_one_sentence_of_an_evening_names_it_too(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "coreg.report.one_sentence.together", lambda _: with_minutes(0.4)
    )
    with speaking(language):
        assert of_both(summary()).endswith(say("report.couple.one_minute"))
