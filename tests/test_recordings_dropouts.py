"""Beats left out of a stamped file are a gap in it, and bend no figure."""

import math

import numpy as np
import pytest

from benchmarks.dropouts import FORMATS, dropped

# What a whole heart gives and a part of it does not, before any reading.
NEAR = 0.05


@pytest.mark.parametrize("loss", ["2 s", "60 s", "half in ten"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_planted_dropout_is_labelled_and_rmssd_stays(form: str, loss: str) -> None:
    found = dropped(form, loss, seed=1)
    assert found.parts >= 1
    assert found.gaps == found.parts
    assert abs(found.off) < NEAR


@pytest.mark.parametrize("form", ["Polar Flow", "HRV Logger, whole seconds"])
def test_no_spectrum_is_taken_where_half_of_the_time_is_lost(form: str) -> None:
    hrv = dropped(form, "half in ten", seed=2).figures.hrv
    assert math.isnan(hrv.lf_ms2)
    assert "needs" in hrv.reasons["lf_ms2"]


def test_the_median_over_formats_is_within_one_and_a_half_percent() -> None:
    off = [abs(dropped(form, "5 s", seed=3).off) for form in FORMATS]
    assert np.median(off) < 0.015
