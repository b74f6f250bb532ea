"""What `pytest -m fast` runs: see tests/helpers/fast.py."""

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from tests.helpers.fast import SLOW_MODULES

TESTS = Path(__file__).parent


def test_every_module_that_is_called_slow_is_there() -> None:
    assert SLOW_MODULES - {path.stem for path in TESTS.glob("test_*.py")} == set()


def test_a_test_of_a_module_that_is_not_called_slow_is_fast(
    request: pytest.FixtureRequest,
) -> None:
    assert request.node.get_closest_marker("fast") is not None


@pytest.mark.slow
def test_a_test_may_be_called_slow_by_itself(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("fast") is None


@settings(max_examples=1)
@given(number=st.just(1))
def test_what_is_tried_by_chance_is_not_fast(
    number: int, request: pytest.FixtureRequest
) -> None:
    assert number == 1
    assert request.node.get_closest_marker("fast") is None
