"""Print the cut above which *settled* means something, and how it comes about.

Somebody who does not change at all is breathed at six a minute for twelve minutes: a
stationary heart with 1/f waves of 12-35 ms as slow as the session is long, waves about
.1 Hz, a swing with the breath whose size wanders by 15 %. The reference is taken from
the first two minutes, as in a session; the 90th percentile of every score after that is
the cut. Slower waves raise it: without those below .003 Hz it would be .69 and .65.

    python benchmarks/settled_cut.py [SEED]
"""

import sys

import numpy as np
from numpy.typing import NDArray

from coreg.exercises.state import (
    BREATHS,
    UNCHANGING_SHARE,
    heart_reference,
    settled,
    settled_by_heart_rate,
)

Floats = NDArray[np.float64]

PERIOD_S, RATE_HZ, MINUTES, PEOPLE = 10.0, 4.0, 12.0, 400
SLOWEST_HZ = 1 / (60 * MINUTES)


def waves(rng: np.random.Generator, low_hz: float, high_hz: float) -> Floats:
    """Return noise of unit variance with power 1/f between two frequencies."""
    count = int(60 * MINUTES * RATE_HZ)
    frequency_hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    within = (frequency_hz >= low_hz) & (frequency_hz <= high_hz)
    size = np.where(within, np.maximum(frequency_hz, SLOWEST_HZ) ** -0.5, 0.0)
    draws = rng.standard_normal((2, frequency_hz.size))
    noise = np.fft.irfft(size * (draws[0] + 1j * draws[1]), count)
    return np.asarray(noise / noise.std())


def unchanging(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    """Return the scores, by heart rate alone and with the swing, of one person."""
    t_s = np.arange(0, 60 * MINUTES, 1 / RATE_HZ)
    turn = 2 * np.pi * t_s / PERIOD_S
    swing_ms = np.exp(rng.uniform(np.log(20), np.log(200)))
    swing_ms = swing_ms * np.exp(0.15 * waves(rng, SLOWEST_HZ, 0.02))
    rr_ms = rng.uniform(720, 1050) + rng.uniform(12, 35) * waves(rng, SLOWEST_HZ, 0.04)
    rr_ms = rr_ms + rng.uniform(8, 20) * waves(rng, 0.04, 0.15)
    rr_ms = rr_ms + swing_ms / 2 * np.sin(turn)
    by_breath = (-1, int(PERIOD_S * RATE_HZ))
    hr_bpm = (60_000 / rr_ms).reshape(by_breath).mean(axis=1)
    locked = (rr_ms * np.exp(-1j * turn)).reshape(by_breath).mean(axis=1)
    rsa_ms = 4 * np.abs(locked)
    first = slice(0, int(120 / PERIOD_S))
    reference = heart_reference(hr_bpm[first])
    assert reference is not None
    expected_ms = np.full(BREATHS, rsa_ms[first].mean())
    alone, both = [], []
    for end in range(first.stop + BREATHS, hr_bpm.size + 1):
        last = slice(end - BREATHS, end)
        alone.append(settled_by_heart_rate(hr_bpm[last], reference))
        both.append(settled(hr_bpm[last], rsa_ms[last], expected_ms, reference))
    return alone, both


def main(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = [unchanging(rng) for _ in range(PEOPLE)]
    quantile = 1 - UNCHANGING_SHARE
    alone = np.quantile([score for scores, _ in people for score in scores], quantile)
    both = np.quantile([score for _, scores in people for score in scores], quantile)
    print(f"{PEOPLE} people who do not change, seed {seed}")
    print(f"cut by heart rate alone      {alone:.3f}")
    print(f"cut by heart rate and swing  {both:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
