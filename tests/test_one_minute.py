"""A moment that alone makes two hearts alike is named, and one that does not is not."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from coreg.analysis.influence import (
    MINUTE_S,
    TellingMinute,
    most_telling_minute,
    without_minute,
)
from coreg.analysis.likeness import Likeness
from coreg.analysis.session_regressors import NO_PACER
from coreg.analysis.synchrony import Phase, synchrony
from coreg.analysis.synchrony_channels import ComparedHeart
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import MOST_CARRIED, Answer, Together, answer, together
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

END_S, MET_S = 600.0, (300.0, 360.0)
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


def pair(
    seed: int, *, coupled: float, within: tuple[float, float] = (0.0, END_S)
) -> tuple[ComparedHeart, ComparedHeart]:
    """Two hearts that share this much of their waves between these times."""
    rng = np.random.default_rng(seed)
    of_a, own = slow_wave(rng), slow_wave(rng)
    there = (within[0] <= GRID_S) & (within[1] > GRID_S)
    share = gaussian_filter1d(np.where(there, coupled, 0.0), 20)
    of_b = share * of_a + np.sqrt(1 - share**2) * own
    return heart(0.03 * of_a), heart(0.03 * of_b)


def minute_of(a: ComparedHeart, b: ComparedHeart) -> tuple[TellingMinute, Likeness]:
    told = synchrony(a, b, phases=[REST], pacer=NO_PACER, surrogates=99, seed=1)
    minute = most_telling_minute(
        a, b, phase=REST, pacer=NO_PACER, likeness=told.per_phase[0].hr
    )
    return minute, told.per_phase[0].hr


def test_the_minute_in_which_alone_two_hearts_met_is_found_and_carries_most() -> None:
    found = [minute_of(*pair(seed, coupled=0.99, within=MET_S)) for seed in range(40)]
    alike = [minute for minute, told in found if told.p <= 0.1 and told.r > 0]
    assert len(alike) >= 5
    near = [minute.start_s < MET_S[1] and minute.end_s > MET_S[0] for minute in alike]
    assert np.mean(near) > 0.5  # a minute anywhere would be near in a fifth
    carried = [minute.left < MOST_CARRIED for minute in alike]
    assert np.mean(carried) > 1 / 3  # and of hearts alike all along none, below


def test_of_hearts_that_are_alike_all_along_most_is_left_without_any_minute() -> None:
    left = [minute_of(*pair(seed, coupled=0.9))[0].left for seed in range(8)]
    assert min(left) > MOST_CARRIED  # a tenth of the time is gone


def test_each_minute_is_left_out_the_last_one_too() -> None:
    """Of 605 s nothing but the last forty is shared."""
    a, b = pair(4, coupled=0.995, within=(560.0, END_S))
    rest = Phase(name="rest", start_s=0.0, end_s=END_S - 5.0)
    told = synchrony(a, b, phases=[rest], pacer=NO_PACER, surrogates=19, seed=1)
    minute = most_telling_minute(
        a, b, phase=rest, pacer=NO_PACER, likeness=told.per_phase[0].hr
    )
    assert minute.end_s - minute.start_s == MINUTE_S
    assert minute.end_s <= rest.end_s


def test_a_minute_is_lost_as_where_a_strap_was_silent() -> None:
    a, _ = pair(1, coupled=0.0)
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


def with_minutes(left: float) -> Together:
    """The test of the couple, as where without any minute so much is left."""
    minutes = tuple(
        None if each is None else TellingMinute(start_s=630.0, end_s=690.0, left=left)
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


def test_every_part_that_is_told_must_be_carried_by_a_minute() -> None:
    def carried(*left: float | None) -> bool:
        minutes = tuple(
            None if each is None else TellingMinute(start_s=0.0, end_s=60.0, left=each)
            for each in left
        )
        return replace(found(), minutes=minutes).one_minute_carries

    assert carried(None, 0.4, -0.2)
    assert not carried(0.4, 0.7, None)
    assert not carried(float("nan"), 0.4, None)  # who knows of the other part
    assert not carried(float("nan"), None, None)
    assert not carried(None, None, None)


def test_a_therapist_reads_which_minute_and_by_which_figure() -> None:
    text = said_on(with_minutes(0.4), to_both=False)
    assert "one minute carries most of it, the one from 10:30" in text
    assert "Without it 40 % is left of what is beyond chance" in text
    spread = said_on(with_minutes(0.8), to_both=False)
    assert "the one from 10:30, 80 % is left of what is beyond chance" in spread
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
