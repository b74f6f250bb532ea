"""One spread that a few wild values cannot move."""

import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from scipy.stats import median_abs_deviation

from coreg.analysis.spread import scaled_mad

COREG = Path(__file__).resolve().parents[1] / "coreg"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_it_is_what_scipy_finds_for_normal_values(values: list[float]) -> None:
    theirs = median_abs_deviation(values, scale="normal")
    assert scaled_mad(values) == pytest.approx(theirs, rel=1e-4)


def test_it_is_worked_out_in_one_place() -> None:
    rooms = [
        path
        for path in COREG.rglob("*.py")
        if re.search(r"1\.4826", path.read_text("utf-8"))
    ]
    assert [path.name for path in rooms] == ["spread.py"]
