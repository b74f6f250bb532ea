"""The paces that may be kept are written once, and pages offer no others."""

import argparse
import math
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from coreg.cli.options.values import pace as pace_asked_for
from coreg.exercises.pacing.curves import GUIDED_PER_MIN
from coreg.exercises.pacing.pace_limits import (
    FASTEST_PER_MIN,
    SLOWEST_PER_MIN,
    is_slow_pace,
)
from coreg.web.wire.readers import BadMessage, pace as pace_sent

COREG = Path(__file__).resolve().parents[1] / "coreg"


def test_pages_offer_the_paces_that_are_taken() -> None:
    page = COREG / "web" / "static" / "screens" / "pace.js"
    offered = dict(
        re.findall(r"const (\w+EST_PER_MIN) = ([\d.]+);", page.read_text("utf-8"))
    )
    assert {name: float(number) for name, number in offered.items()} == {
        "SLOWEST_PER_MIN": SLOWEST_PER_MIN,
        "FASTEST_PER_MIN": FASTEST_PER_MIN,
    }


def test_hearts_are_led_within_the_same_paces() -> None:
    assert GUIDED_PER_MIN[0] == SLOWEST_PER_MIN
    assert GUIDED_PER_MIN[-1] == FASTEST_PER_MIN
    assert GUIDED_PER_MIN.size == 26  # every tenth, both ends with it


@given(st.floats(4, 8) | st.floats())
def test_every_way_to_ask_for_a_pace_takes_the_same_ones(rate: float) -> None:
    if is_slow_pace(rate):
        assert pace_asked_for(repr(rate)) == rate
        assert pace_sent(rate) == round(rate, 1)
    else:
        with pytest.raises(argparse.ArgumentTypeError):
            pace_asked_for(repr(rate))
        with pytest.raises(BadMessage):
            pace_sent(rate)


def test_what_is_no_number_is_no_pace() -> None:
    assert not is_slow_pace(math.nan)
    assert not is_slow_pace(math.inf)
