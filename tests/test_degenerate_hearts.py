"""Hearts that never vary, or are hardly known: each measure of them is NaN or a number.

A session that hardly any heart was heard in still has its pages, so nothing may raise
there, warn of a division, or give an endless figure.
"""

import math
from dataclasses import fields, is_dataclass

import numpy as np
from hypothesis import example, given, settings, strategies as st
from numpy.typing import NDArray

from coreg.analysis.concordance import concordance
from coreg.analysis.coupling import coupled_oscillator, inertia_and_coordination
from coreg.analysis.crosscorrelation import (
    instantaneous_hr_bpm,
    windowed_cross_correlation,
)
from coreg.analysis.hrv import hrv
from coreg.analysis.phase_locking import adherence, co_breathing
from coreg.analysis.rsa import rsa_of_breath
from coreg.analysis.session_regressors import NO_PACER
from coreg.analysis.settling import settling
from coreg.analysis.spectrum import peak_of_window
from coreg.analysis.synchrony import Phase, synchrony
from coreg.analysis.synchrony_channels import ComparedHeart
from coreg.analysis.tachogram import elapsed_s
from coreg.analysis.wavelet import frequencies_hz, wavelet_coherence

Floats = NDArray[np.float64]
NO_GAPS: Floats = np.empty((0, 2))


def numbers_of(found: object) -> list[float]:
    """Every number in a result, however deep."""
    if is_dataclass(found):
        return [n for f in fields(found) for n in numbers_of(getattr(found, f.name))]
    if isinstance(found, tuple | list):
        return [n for each in found for n in numbers_of(each)]
    if isinstance(found, np.ndarray):
        return [float(n) for n in np.abs(found).ravel()]
    return [float(found)] if isinstance(found, float) else []


def none_is_endless(*found: object) -> None:
    assert not any(map(math.isinf, numbers_of(found)))


def rounds_of(values: list[float], times: int) -> Floats:
    return np.resize(np.array(values, dtype=np.float64), times)


rates = st.builds(
    rounds_of,
    st.lists(st.sampled_from([60.0, 73.17, 73.2, 200.0, math.nan]), min_size=1),
    st.sampled_from([2, 3, 30, 95, 300, 700]),
)
intervals = st.builds(
    rounds_of,
    st.lists(st.sampled_from([820.0, 820.1, 410.0, 4000.0, math.nan]), min_size=1),
    st.sampled_from([1, 2, 3, 40, 250]),
)
CLOCK = np.full(300, 73.2)
SWING = 70 + 8 * np.sin(np.arange(300) / 9)


@settings(max_examples=60)
@given(a=rates, b=rates)
@example(a=CLOCK, b=CLOCK)
@example(a=CLOCK, b=SWING)
@example(a=SWING, b=CLOCK)
@example(a=SWING, b=SWING)
def test_two_rates_that_hardly_vary_are_compared_without_an_endless_figure(
    a: Floats, b: Floats
) -> None:
    size = min(a.size, b.size)
    a, b = np.log(a[:size]), np.log(b[:size])
    rng = np.random.default_rng(1)
    surface = windowed_cross_correlation(a, b, rate_hz=4.0)
    told = np.abs(surface.r[np.isfinite(surface.r)])
    assert np.all(told <= 1)
    phase_rad = 2 * np.pi * 0.1 * np.arange(size) / 4
    none_is_endless(
        surface.r,
        concordance(a, b),
        coupled_oscillator(a - np.nanmean(a) if np.isfinite(a).any() else a, b),
        inertia_and_coordination(a, b, 5),
        adherence(a, phase_rad, 4.0),
        co_breathing([(a, b)], 4.0, 9, rng),
        settling(a, size // 2),
    )
    if min(np.isfinite(a).sum(), np.isfinite(b).sum()) > 1:
        hz = frequencies_hz(0.01, 0.35)
        none_is_endless(
            wavelet_coherence(a, b, rate_hz=1.0, hz=hz, surrogates=3, rng=rng)
        )


@settings(max_examples=60)
@given(nn_ms=intervals)
def test_intervals_that_hardly_vary_have_no_endless_figure(nn_ms: Floats) -> None:
    beat_t_s = elapsed_s(nn_ms)
    grid_s = np.arange(0.0, 200.0, 0.25)
    none_is_endless(
        hrv(beat_t_s, nn_ms),
        instantaneous_hr_bpm(beat_t_s, nn_ms, NO_GAPS, grid_s),
        rsa_of_breath(beat_t_s, nn_ms, 10.0, 10.0),
        peak_of_window(beat_t_s, nn_ms, 64.0),
    )


@settings(max_examples=40)
@given(a=intervals, b=intervals, seconds=st.sampled_from([1.0, 95.0, 240.0]))
def test_two_hearts_that_hardly_vary_are_tested_or_said_not_to_be(
    a: Floats, b: Floats, seconds: float
) -> None:
    one, other = (
        ComparedHeart(beat_t_s=elapsed_s(nn_ms), nn_ms=nn_ms, gaps_s=NO_GAPS)
        for nn_ms in (a, b)
    )
    phase = Phase(name="rest", start_s=0.0, end_s=seconds)
    found = synchrony(one, other, phases=[phase], pacer=NO_PACER, surrogates=9, seed=1)
    none_is_endless(found)
    assert (found.missing is None) == math.isfinite(found.p_hr)
