"""One list, however a program printed it, and several lists in one file."""

import json
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.source import Wanted

# Typed by hand: two hearts, at 74 and at 65 a minute.
ONE = [812, 837, 859, 841, 806, 779, 791, 823, 848, 835, 802, 784, 795, 826, 851, 838]
OTHER = [905, 921, 944, 938, 917, 896, 889, 902, 926, 941, 930, 908, 899, 911, 935, 949]


def rr_of(text: str, **wanted: str) -> list[float]:
    got = parse_recording(text.encode(), name="planted", wanted=Wanted(**wanted))
    return list(got.rr_ms)


def refusal(text: str) -> str:
    with pytest.raises(BadRecordingError) as refused:
        rr_of(text)
    return str(refused.value)


def in_rows(values: Sequence[int], width: int, sep: str = " ") -> list[str]:
    return [
        sep.join(map(str, values[at : at + width]))
        for at in range(0, len(values), width)
    ]


def test_what_r_printed_is_one_list_where_its_counts_are_right() -> None:
    rows = in_rows(ONE, 5)
    text = "\n".join(f" [{1 + 5 * i}] {row}" for i, row in enumerate(rows))
    assert rr_of(text) == ONE
    assert rr_of("> rr\n" + text) == ONE
    assert refusal(text.replace("[11]", "[12]"))


@pytest.mark.parametrize("sign", ["=", "<-"])
def test_a_list_that_is_given_a_name_is_one_list(sign: str) -> None:
    assert rr_of(f"rr {sign} c({', '.join(map(str, ONE))})") == ONE


@pytest.mark.parametrize(("width", "sep"), [(4, " "), (8, ","), (5, "\t"), (8, "  ")])
def test_a_list_wrapped_into_rows_is_told_from_so_many_people(
    width: int, sep: str
) -> None:
    long = [rr + i * i % 31 for i, rr in enumerate(ONE * 7)]
    assert "one list that goes on from row to row" in refusal(
        "\n".join(in_rows(long, width, sep))
    )


def test_a_series_in_each_row_is_named_for_what_it_is() -> None:
    text = "\n".join(["A," + ",".join(map(str, ONE)), "B," + ",".join(map(str, OTHER))])
    assert "16 columns and 2 rows: a series in each row?" in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "A = [{0}];\nB = [{1}];\n",
        "A=[{0}]; B=[{1}];",
        "A <- c({0})\nB <- c({1})\n",
        "A = [{0}]\nB = [{1}]\n",
        '{{"A": [{0}], "B": [{1}]}}',
    ],
)
def test_several_lists_in_a_file_are_named_and_chosen_by_name(text: str) -> None:
    whole = text.format(*(", ".join(map(str, each)) for each in (ONE, OTHER)))
    said = refusal(whole)
    assert "A" in said
    assert "--column A" in said
    assert rr_of(whole, column="A") == ONE
    assert rr_of(whole, column="B") == OTHER


def test_json_lines_and_pairs_are_the_table_that_they_hold() -> None:
    t_s = [round(sum(ONE[: i + 1]) / 1000, 3) for i in range(len(ONE))]
    rows = list(zip(t_s, ONE, strict=True))
    lines = "\n".join(json.dumps({"t": t, "rr": rr}) for t, rr in rows)
    assert rr_of(lines) == ONE
    for indent in (None, 1):
        assert rr_of(json.dumps(rows, indent=indent)) == ONE
    assert rr_of(json.dumps([str(rr) for rr in ONE])) == ONE


def test_two_people_in_json_lines_are_named() -> None:
    rows = [
        {"who": "ab"[i % 2], "rr": rr}
        for i, rr in enumerate(v for pair in zip(ONE, OTHER, strict=True) for v in pair)
    ]
    assert "by 'who': a, b" in refusal("\n".join(map(json.dumps, rows)))


def test_notes_alone_are_not_called_an_empty_file() -> None:
    assert "Nothing stands in the file but notes" in refusal("# a note\n\n")


def test_a_name_that_may_be_a_unit_or_a_number_is_asked_about() -> None:
    ticks = "\n".join(str(round(rr * 1.024)) for rr in ONE)
    for name in ("RR_1024", "rr1024", "IBI-1024"):
        assert "in 1/1024 s, or in ms?" in refusal(f"{name}\n{ticks}")
    rr_ms = rr_of(f"RR [1/1024 s]\n{ticks}")
    assert rr_ms == pytest.approx(ONE, abs=0.5)


def test_parts_of_a_second_in_a_name_of_underscores_are_no_seconds() -> None:
    beats = [18_448 + sum(ONE[: i + 1]) // 3 for i in range(len(ONE))]
    text = "\n".join(["beat_s/256", *(f"{each:,}".replace(",", ".") for each in beats)])
    want = [(b - a) * 1000 / 256 for a, b in pairwise(beats)]
    assert rr_of(text) == pytest.approx(want)


def tachogram(step_s: float) -> tuple[list[float], list[float]]:
    """Return a heart's intervals at even steps, on straight lines between beats."""
    rr_ms = [rr + i * i % 31 for i, rr in enumerate(ONE * 7)]
    ends_s = np.cumsum(rr_ms) / 1000
    at_s = np.arange(2, 80, step_s)
    return at_s.tolist(), np.interp(at_s, ends_s, rr_ms).tolist()


@pytest.mark.parametrize("step_s", [0.5, 0.25, 0.2])
@pytest.mark.parametrize("decimals", [0, 2])
def test_an_interpolated_tachogram_is_no_series_of_beats(
    step_s: float, decimals: int
) -> None:
    rows = zip(*tachogram(step_s), strict=True)
    text = "\n".join(["t [s],rr [ms]", *(f"{t:.2f},{v:.{decimals}f}" for t, v in rows)])
    assert "interpolated" in refusal(text)


def test_intervals_that_were_asked_for_twice_a_second_are_none() -> None:
    rr_ms = [rr + i * i % 31 for i, rr in enumerate(ONE * 7)]
    at_s = np.arange(2, 80, 0.5)
    latest = np.searchsorted(np.cumsum(rr_ms) / 1000, at_s)
    text = "\n".join(
        [
            "t [s],rr [ms]",
            *(f"{t},{rr_ms[i]}" for t, i in zip(at_s, latest, strict=True)),
        ]
    )
    assert len(rr_of(text)) == at_s.size


@pytest.mark.parametrize("first", [len(ONE), 250, 128])
def test_a_number_above_a_list_that_is_no_interval_is_named(first: int) -> None:
    text = "\n".join(map(str, [first, *ONE]))
    assert f"line 1: {first} above values of usually about" in refusal(text)
    assert rr_of("\n".join(map(str, [660, *ONE]))) == [660, *ONE]


def test_a_row_without_a_time_is_not_asked_to_be_left_empty() -> None:
    rows = [f"{0.8 * i:.1f};{rr}" for i, rr in enumerate(ONE)]
    said = refusal("\n".join([*rows, ";812"]))
    assert "Write the time there, or take that line out" in said
