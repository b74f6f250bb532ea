"""Print how far a heart that does not change scatters about its own reference.

Somebody who does not change at all is breathed at six a minute for 12, 18 and 30 min: a
stationary heart with 1/f waves of 12-35 ms as slow as the session is long, waves about
.1 Hz, a swing with the breath whose size wanders by 15 %. The reference is taken from
the first two minutes, as in a session.

Printed are what `exercises/states/settled.py` takes: the SD of single breaths about a
person's own mean, and of the reference about it (heart rate in SD of the reference, the
swing as a logarithm); how alike breaths one, three and six apart are, which is why they
are no independent witnesses; and how much of the time such people are called settled.
The slower the waves, the more often.

    python benchmarks/settled_noise.py [SEED]
"""

import sys

import numpy as np
from numpy.typing import NDArray

from coreg.exercises.states.settled import SETTLED_CUT, SettledBelief, heart_reference

Floats = NDArray[np.float64]

PERIOD_S, RATE_HZ, PEOPLE, REFERENCE_BREATHS = 10.0, 4.0, 200, 12
MINUTES = (12.0, 18.0, 30.0)


def waves(
    rng: np.random.Generator, length_s: float, low_hz: float, high_hz: float
) -> Floats:
    """Return noise of unit variance with power 1/f between two frequencies."""
    count = int(length_s * RATE_HZ)
    frequency_hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    within = (frequency_hz >= low_hz) & (frequency_hz <= high_hz)
    size = np.where(within, np.maximum(frequency_hz, 1 / length_s) ** -0.5, 0.0)
    draws = rng.standard_normal((2, frequency_hz.size))
    noise = np.fft.irfft(size * (draws[0] + 1j * draws[1]), count)
    return np.asarray(noise / noise.std())


def unchanging(rng: np.random.Generator, length_s: float) -> tuple[Floats, Floats]:
    """Return heart rate and swing over each breath of one person."""
    t_s = np.arange(0, length_s, 1 / RATE_HZ)
    turn = 2 * np.pi * t_s / PERIOD_S
    swing_ms = np.exp(rng.uniform(np.log(20), np.log(200)))
    swing_ms = swing_ms * np.exp(0.15 * waves(rng, length_s, 0, 0.02))
    rr_ms = rng.uniform(720, 1050) + rng.uniform(12, 35) * waves(rng, length_s, 0, 0.04)
    rr_ms = rr_ms + rng.uniform(8, 20) * waves(rng, length_s, 0.04, 0.15)
    rr_ms = rr_ms + swing_ms / 2 * np.sin(turn)
    by_breath = (-1, int(PERIOD_S * RATE_HZ))
    hr_bpm = (60_000 / rr_ms).reshape(by_breath).mean(axis=1)
    locked = (rr_ms * np.exp(-1j * turn)).reshape(by_breath).mean(axis=1)
    return hr_bpm, 4 * np.abs(locked)


def one(
    rng: np.random.Generator, length_s: float
) -> tuple[Floats, Floats, float, float]:
    """Return scatter of both, and the shares called settled with and without swing."""
    hr_bpm, rsa_ms = unchanging(rng, length_s)
    reference = heart_reference(hr_bpm[:REFERENCE_BREATHS])
    assert reference is not None
    later = slice(REFERENCE_BREATHS, None)
    slower = (reference.hr_bpm - hr_bpm[later]) / reference.hr_sd_bpm
    wider = np.log(rsa_ms[later] / rsa_ms[:REFERENCE_BREATHS].mean())
    both, alone = SettledBelief(reference), SettledBelief(reference)
    called = np.array(
        [
            (
                both.breath(hr_bpm=hr, wider=w, length_s=PERIOD_S) >= SETTLED_CUT,
                alone.breath(hr_bpm=hr, wider=np.nan, length_s=PERIOD_S) >= SETTLED_CUT,
            )
            for hr, w in zip(hr_bpm[later].tolist(), wider.tolist(), strict=True)
        ]
    )
    return slower, wider, *called.mean(axis=0)


def alike(people: list[Floats], apart: int) -> float:
    """Return the correlation of breaths so many apart, within people."""
    pairs = [(x[:-apart] - x.mean(), x[apart:] - x.mean()) for x in people]
    first, second = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return float(np.corrcoef(first, second)[0, 1])


def main(seed: int) -> None:
    rng = np.random.default_rng(seed)
    print(f"{PEOPLE} people a row who do not change, seed {seed}")
    print("min     SD of heart rate, reference, swing   alike 1, 3, 6   called settled")
    for minutes in MINUTES:
        people = [one(rng, 60 * minutes) for _ in range(PEOPLE)]
        slower = [each[0] for each in people]
        likeness = [alike(slower, apart) for apart in (1, 3, 6)]
        within = np.std([each - each.mean() for each in slower])
        reference = np.std([each.mean() for each in slower])
        swing = np.std([each[1] - each[1].mean() for each in people])
        print(
            f"{minutes:3.0f}{within:20.2f}{reference:11.2f}{swing:7.2f}"
            f"{likeness[0]:10.2f}{likeness[1]:5.2f}{likeness[2]:5.2f}"
            f"{np.mean([each[2] for each in people]):11.3f} with it,"
            f"{np.mean([each[3] for each in people]):6.3f} without"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
