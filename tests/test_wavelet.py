"""Wavelet coherence against its definition, planted waves, and its promised level."""

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.wavelet import (
    FOURIER_FACTOR,
    OMEGA_0,
    WaveletCoherence,
    frequencies_hz,
    wavelet_coherence,
)

Floats = NDArray[np.float64]
HZ = frequencies_hz(0.01, 0.4)
N = 900
T_S = np.arange(N, dtype=np.float64)


def seen(a: Floats, b: Floats, surrogates: int = 20) -> WaveletCoherence:
    return wavelet_coherence(
        a,
        b,
        rate_hz=1.0,
        hz=HZ,
        surrogates=surrogates,
        rng=np.random.default_rng(1),
    )


def noise(seed: int) -> Floats:
    """Draw noise that falls with frequency, as slow heart rate does."""
    drawn = np.random.default_rng(seed).normal(size=N)
    return np.convolve(drawn, np.exp(-np.arange(60) / 15), mode="same")


def row_at(hz: float) -> int:
    return int(np.argmin(np.abs(HZ - hz)))


def test_a_period_is_1_03_scales_as_torrence_and_compo_print() -> None:
    assert pytest.approx(1.03, abs=0.005) == FOURIER_FACTOR


def test_coherence_is_that_of_sums_taken_one_by_one() -> None:
    """Wavelet and smoothing by direct sums in time, at one cell."""
    a, b = noise(1), noise(2)
    row, middle = row_at(0.08), 450
    reach = np.arange(-200, 201)

    def transform(x: Floats, scale: float, at: int) -> complex:
        away = reach / scale
        wavelet = np.pi**-0.25 * np.exp(-1j * OMEGA_0 * away - away**2 / 2)
        return complex((x - x.mean())[at + reach] @ wavelet / np.sqrt(scale))

    sums = np.zeros(3, dtype=complex)
    for hz in HZ[row - 3 : row + 4]:  # round(.6 x 12) // 2 = 3 voices either way
        scale = 1 / (FOURIER_FACTOR * hz)
        for away in range(-60, 61):
            gauss = np.exp(-(away**2) / (2 * scale**2)) / scale / scale
            of_a = transform(a, scale, middle + away)
            of_b = transform(b, scale, middle + away)
            products = (of_a * of_b.conjugate(), abs(of_a) ** 2, abs(of_b) ** 2)
            sums += gauss * np.array(products)
    truth = abs(sums[0]) ** 2 / (sums[1] * sums[2]).real
    found = seen(a, b, surrogates=1)
    assert found.coherence[row, middle] == pytest.approx(truth, abs=2e-3)
    assert found.phase_rad[row, middle] == pytest.approx(np.angle(sums[0]), abs=5e-3)


def test_one_series_is_wholly_coherent_with_itself() -> None:
    a = noise(3)
    np.testing.assert_allclose(seen(a, 3 * a + 7, 1).coherence, 1.0, atol=1e-6)


def test_who_is_ahead_has_the_positive_angle() -> None:
    a, b = np.sin(2 * np.pi * 0.05 * T_S), np.sin(2 * np.pi * 0.05 * (T_S - 3))
    found = seen(a + 0.01 * noise(4), b + 0.01 * noise(5), 1)
    assert found.phase_rad[row_at(0.05), 450] == pytest.approx(
        2 * np.pi * 0.05 * 3, abs=0.05
    )


def test_strangers_exceed_the_level_about_one_moment_in_twenty() -> None:
    shares = []
    for seed in range(10):
        found = seen(noise(100 + seed), noise(200 + seed))
        above = found.coherence > found.chance[:, np.newaxis]
        shares.append(above[~found.near_edge].mean())
    assert 0.02 < np.mean(shares) < 0.09


def test_a_wave_that_both_have_for_a_while_stands_out_there() -> None:
    shared = 8 * np.sin(2 * np.pi * 0.04 * T_S) * ((T_S > 300) & (T_S < 600))
    found = seen(noise(6) + shared, noise(7) + shared)
    row = row_at(0.04)
    assert found.coherence[row, 450] > found.chance[row]
    assert found.coherence[row, 450] > 0.9


def test_what_is_near_an_end_or_a_gap_is_said_to_be() -> None:
    a = noise(8)
    a[400:420] = np.nan
    found = seen(a, noise(9), 1)
    row = row_at(0.05)
    reach = np.sqrt(2) / (FOURIER_FACTOR * HZ[row])
    known = np.flatnonzero(~found.near_edge[row])
    assert known[0] == pytest.approx(reach, abs=1.5)
    assert found.near_edge[row, 400:420].all()
    assert 399 - known[known < 400][-1] == pytest.approx(reach, abs=1.5)
    assert np.isfinite(found.coherence).all()


@pytest.mark.parametrize(
    ("a", "hz", "words"),
    [
        (np.zeros(5), HZ, "share no grid"),
        (np.full(N, np.nan), HZ, "two values"),
        (np.zeros(N), np.array([0.5]), "samples a second"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    a: Floats, hz: Floats, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        wavelet_coherence(
            a,
            noise(1),
            rate_hz=1.0,
            hz=hz,
            surrogates=1,
            rng=np.random.default_rng(1),
        )
