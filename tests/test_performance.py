"""What is held against the table of docs/performance.md: nothing here is timed."""

import pytest

from benchmarks.performance import BEGINS, TABLE, Ratio, compared, ratio_of, stored


def ratio(value: float, *, what: str = "one / other", error: float = 0.0) -> Ratio:
    return Ratio(area="live", what=what, value=value, error=error)


BEFORE = {("live", "one / other"): ratio(10.0)}


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (ratio(10.9), 0),
        (ratio(9.2), 0),
        (ratio(11.2), 1),
        (ratio(8.8), 1),  # quicker is a change as well: the table is then out of date
        (ratio(11.2, error=1.0), 1),
        (ratio(11.2, error=3.0), 3),  # within what rounds differ by
        (ratio(10.0, error=3.0), 3),  # and a change of 10 % could not be told
    ],
)
def test_a_change_above_a_tenth_is_told_or_said_to_be_untold(
    now: Ratio, status: int
) -> None:
    assert compared([now], BEFORE).status == status


def test_what_rounds_differed_by_when_the_table_was_made_counts_as_well() -> None:
    noisy = {("live", "one / other"): ratio(10.0, error=2.0)}
    assert compared([ratio(11.2)], noisy).status == 3
    assert compared([ratio(12.5)], noisy).status == 1


def test_a_ratio_that_dropped_out_or_came_is_a_change() -> None:
    """A peer that is gone must not look like one that is as ever."""
    assert compared([], BEFORE).changed == (
        "live one / other: is not measured any more",
    )
    assert compared([ratio(10.0), ratio(1.0, what="new / old")], BEFORE).status == 1


def test_a_peer_is_the_same_whatever_its_version() -> None:
    kept = f"x\n{BEGINS}\n| analysis | neurokit2 0.3.0 / coreg: five | 31 | 2 |\n"
    newer = Ratio(
        area="analysis", what="neurokit2 0.4.1 / coreg: five", value=31, error=0
    )
    assert compared([newer], stored(kept)).status == 0


def test_rounds_give_their_median_and_half_their_range() -> None:
    told = ratio_of("live", "one / other", [3.0, 1.0, 2.0])
    assert (told.value, told.error) == (2.0, 1.0)


def test_the_table_holds_every_area_beside_each_peer() -> None:
    text = TABLE.read_text(encoding="utf-8")
    kept = stored(text)
    areas = {area for area, _ in kept}
    assert areas == {"analysis", "live", "synchrony", "report", "batch", "start-up"}
    for peer in ("neurokit2", "systole", "hrv-analysis"):
        assert any(what.startswith(f"{peer} / coreg") for _, what in kept)
        assert f"{peer} " in text  # with its version
