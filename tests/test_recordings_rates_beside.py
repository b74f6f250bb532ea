"""Heart rates beside intervals: two sources for one heart, which have to agree.

Rates are made as straps send them: whole beats a minute, over some beats.
"""

import numpy as np
import pytest

from coreg.facts.arrays import Floats
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Remark
from coreg.sensors.recordings.text.rates_beside import said_by_rates
from tests.helpers.real_hearts import real_hearts

TOLD = {Remark.UNIT_UNLIKE_RATES, Remark.RATES_OF_ANOTHER}


def heart(seed: int, level_ms: float) -> Floats:
    rng = np.random.default_rng(seed)
    swing_ms = 0.05 * level_ms * np.sin(np.arange(300) / 2.7)
    return np.round(level_ms + swing_ms + rng.normal(0, 0.01 * level_ms, 300))


def rates(rr_ms: Floats, beats: int, whole: str) -> Floats:
    means_ms = np.convolve(rr_ms, np.ones(beats) / beats, "same")
    means_ms[:beats], means_ms[-beats:] = rr_ms[:beats], rr_ms[-beats:]
    bpm = 60_000 / means_ms
    return np.floor(bpm) if whole == "down" else np.round(bpm)


def remarks_of(rr: Floats, bpm: Floats) -> set[Remark]:
    rows = [f"{a:.0f},{b:.0f}" for a, b in zip(rr, bpm, strict=True)]
    text = "\n".join(["rr,heart rate", *rows])
    return set(parse_recording(text.encode(), name="test").remarks) & TOLD


@pytest.mark.parametrize("level_ms", [450.0, 700.0, 1000.0, 1300.0])
@pytest.mark.parametrize("beats", [1, 5, 15])
@pytest.mark.parametrize("whole", ["down", "nearest"])
def test_ticks_taken_for_ms_show_beside_rates(
    level_ms: float, beats: int, whole: str
) -> None:
    rr_ms = heart(int(level_ms) + beats, level_ms)
    bpm = rates(rr_ms, beats, whole)
    assert remarks_of(rr_ms, bpm) == set()
    if whole == "down" and level_ms > 1200:
        return  # half a beat of 46 is as much as half of what the unit makes
    assert remarks_of(np.round(rr_ms * 1.024), bpm) == {Remark.UNIT_UNLIKE_RATES}


def test_the_rates_of_another_heart_are_told() -> None:
    rr_ms = heart(1, 1000.0)
    assert remarks_of(rr_ms, rates(heart(2, 800.0), 5, "nearest")) == {
        Remark.RATES_OF_ANOTHER
    }


@pytest.mark.usefixtures("recordings")
def test_rates_of_a_real_heart_say_nothing_against_it() -> None:
    wrong, tried = [], 0
    for name, rr_ms in real_hearts():
        if rr_ms.size < 60 or not (rr_ms > 0).all():
            continue
        for beats in (1, 5, 15):
            for whole in ("down", "nearest"):
                tried += 1
                if said_by_rates(rr_ms, rates(rr_ms, beats, whole)) is not None:
                    wrong.append(f"{name}, over {beats}, {whole}")
    assert tried > 200
    assert not wrong
