"""Two people, or two recordings, in one file are named, and never read as one heart."""

from collections.abc import Sequence

import numpy as np
import pytest

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.source import Wanted

ROWS = 60


def heart(usual_ms: int, beats_a_breath: float) -> list[int]:
    """Return a heart that breathes, with a beat here and there a little off."""
    at = np.arange(ROWS)
    swing = 0.04 * usual_ms * np.sin(2 * np.pi * at / beats_a_breath)
    return [int(each) for each in usual_ms + swing + at * at % 7]


ANNA = heart(812, 5.3)
BEN = heart(905, 6.1)
IN_TURN = [rr for pair in zip(ANNA, BEN, strict=True) for rr in pair]
STACKED = ANNA + BEN


def rr_of(text: str, **wanted: str) -> list[float]:
    got = parse_recording(text.encode(), name="planted", wanted=Wanted(**wanted))
    return list(got.rr_ms)


def refusal(text: str) -> str:
    with pytest.raises(BadRecordingError) as refused:
        rr_of(text)
    return str(refused.value)


def table(head: str, *columns: Sequence[object], sep: str = ",") -> str:
    rows = [sep.join(map(str, row)) for row in zip(*columns, strict=True)]
    return "\n".join([*([head] if head else []), *rows])


@pytest.mark.parametrize("head", ["rr_a,rr_b", "RR anna,RR ben", "rr1,rr2"])
@pytest.mark.parametrize("each", [2, 3, 5])
def test_a_person_with_blank_cells_fills_no_place_in_the_others_packets(
    head: str, each: int
) -> None:
    now_and_then = [rr if i % each == 0 else "" for i, rr in enumerate(BEN)]
    assert "two people?" in refusal(table(head, ANNA, now_and_then))


def test_one_empty_place_of_fit_in_a_pair_makes_no_packets_of_two_people() -> None:
    ben = [*BEN[:40], 65535, *BEN[41:]]
    for head in ("anna,ben", "rr_anna,rr_ben"):
        assert "two people?" in refusal(table(head, ANNA, ben))


def test_places_of_a_packet_filled_in_some_rows_stay_one_heart() -> None:
    first, second, want, at = [], [], [], 0
    while at < ROWS - 1:
        both = at % 3 == 0
        first.append(ANNA[at])
        second.append(ANNA[at + 1] if both else "")
        want += ANNA[at : at + 1 + both]
        at += 1 + both
    assert rr_of(table("rr1,rr2", first, second)) == want
    marks = [each or 65535 for each in second]
    assert rr_of(table("rr1,rr2", first, marks)) == want


@pytest.mark.parametrize(
    "name",
    [
        *("mac", "serial", "source", "address", "channel", "wer", "Gerät", "rr_source"),
        *("file", "session", "id", "strap_id", "belt", "x", "label", "note", ""),
    ],
)
@pytest.mark.parametrize(
    ("one", "other"), [("anna", "ben"), ("00:22:D0:AA", "00:22:D0:BB"), (10234, 20345)]
)
def test_labels_of_two_hearts_are_known_by_what_they_part(
    name: str, one: object, other: object
) -> None:
    head = f"{name},rr" if name else ""
    in_turn = table(head, [one, other] * ROWS, IN_TURN)
    stacked = table(head, [one] * ROWS + [other] * ROWS, STACKED)
    for text in (in_turn, stacked):
        said = refusal(text)
        assert f"{one}, {other}" in said
        assert f"--person {one}" in said
        assert rr_of(text, person=str(one)) == ANNA
        assert rr_of(text, person=str(other)) == BEN


def test_the_name_in_front_of_each_line_is_a_persons() -> None:
    text = "\n".join(
        f"{'Ben' if i % 2 else 'Anna'}: {rr}" for i, rr in enumerate(IN_TURN)
    )
    assert "by column 1: Anna, Ben" in refusal(text)
    assert rr_of(text, person="anna") == ANNA


def test_beats_of_two_that_stand_by_time_are_chosen_by_their_labels() -> None:
    beats = [(t, "A") for t in np.cumsum(ANNA) / 1000]
    beats += [(t, "B") for t in np.cumsum(BEN) / 1000]
    beats.sort()
    text = "\n".join(["beat [s],id", *(f"{t:.3f},{who}" for t, who in beats)])
    assert "by 'id': A, B" in refusal(text)
    assert rr_of(text, person="B") == pytest.approx(BEN[1:], abs=0.01)


def test_parts_of_one_heart_are_offered_and_a_pause_between_two_stays_a_gap() -> None:
    labels = ["rest"] * 20 + ["stress"] * 20 + ["rest"] * 20
    text = table("condition,rr", labels, ANNA)
    said = refusal(text)
    assert "several parts, by 'condition': rest, stress" in said
    assert "--person rest" in said
    assert rr_of(text, person="stress") == ANNA[20:40]
    assert rr_of(text, person="rest") == [*ANNA[:20], 0, *ANNA[40:]]


def test_a_part_of_one_person_is_chosen_by_both_names() -> None:
    people = ["anna"] * ROWS + ["ben"] * ROWS
    parts = (["rest"] * 30 + ["task"] * 30) * 2
    text = table("person,condition,rr", people, parts, STACKED)
    assert "--person anna" in refusal(text)
    with pytest.raises(BadRecordingError, match="--person anna,rest"):
        rr_of(text, person="anna")
    assert rr_of(text, person="ben,task") == BEN[30:]


@pytest.mark.parametrize("sign", ["# A\n", "% Anna\n", "# Anna, 3 May\n\n"])
def test_a_note_between_blocks_does_not_join_them(sign: str) -> None:
    text = sign + table("", ANNA) + "\n" + sign.replace("A", "B") + table("", BEN)
    assert "another person's, or another recording's" in refusal(text)


def test_two_hearts_in_turn_without_a_label_are_told_by_their_levels() -> None:
    beats = [(t, rr) for t, rr in zip(np.cumsum(ANNA), ANNA, strict=True)]
    beats += [(t, rr) for t, rr in zip(np.cumsum(BEN), BEN, strict=True)]
    by_time = [rr for _, rr in sorted(beats)]
    for series in (IN_TURN, by_time):
        text = table("", series)
        assert "two hearts were written into one list" in refusal(text)
        assert rr_of(text, column="1") == series


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("label", ["N", "V"] * 30),
        ("", (["N"] * 9 + ["V"]) * 6),
        ("quality", (["good"] * 5 + ["bad"]) * 10),
        ("artefact", ([0] * 11 + [1]) * 5),
        ("contact", [0] * 10 + [1] * 50),
        ("stage", ["W"] * 20 + ["N1"] * 20 + ["REM"] * 20),
        ("phase", ["in", "in", "out", "out", "out"] * 12),
        ("note", ["", "", "", "", "", "coughed"] * 10),
    ],
)
def test_what_is_said_of_single_beats_parts_no_heart(
    name: str, labels: Sequence[object]
) -> None:
    early_and_late = [rr * (3 if i % 2 else 5) // 4 for i, rr in enumerate(ANNA)]
    series = early_and_late if labels[:2] == ["N", "V"] else ANNA
    head = f"rr,{name}" if name else ""
    assert rr_of(table(head, series, labels)) == series


def test_a_label_changes_no_heart_where_the_time_goes_on_by_one_beat() -> None:
    t_s = [f"{t:.3f}" for t in np.cumsum(ANNA) / 1000]
    labels = ["garden"] * 30 + ["house"] * 30
    assert rr_of(table("t [s],rr [ms],ort", t_s, ANNA, labels)) == ANNA


@pytest.mark.parametrize("usual_ms", [900, 1400])
@pytest.mark.parametrize("beats_a_breath", [2.3, 2.6, 3.0])
def test_a_slow_heart_that_breathes_within_three_beats_is_one(
    usual_ms: int, beats_a_breath: float
) -> None:
    series = heart(usual_ms, beats_a_breath)
    assert rr_of(table("", series)) == series


@pytest.mark.parametrize(
    ("head", "one", "other"), [("ID", 1, 2), ("who", "anna", "ben")]
)
def test_a_label_that_stands_once_is_that_of_all_rows_until_the_next(
    head: str, one: object, other: object
) -> None:
    labels = [one, *[""] * (ROWS - 1), other, *[""] * (ROWS - 1)]
    text = table(f"{head},RR [ms]", labels, STACKED)
    assert f"{one}, {other}" in refusal(text)
    assert rr_of(text, person=str(other)) == BEN


@pytest.mark.parametrize("other", ["hr", "sensor.heart_rate", "sdnn", "qt"])
@pytest.mark.parametrize(("name", "per_ms"), [("rr_ms", 1.0), ("rr [s]", 0.001)])
def test_rows_that_say_what_they_hold_are_read_where_they_hold_intervals(
    other: str, name: str, per_ms: float
) -> None:
    said = [each for _ in ANNA for each in (name, other)]
    values = [each for rr in ANNA for each in (f"{rr * per_ms:.3f}", 60_000 // rr)]
    assert rr_of(table("variable,value", said, values)) == ANNA
    few = [
        each
        for i, each in enumerate(zip(said, values, strict=True))
        if i % 24 < 2 or i % 2 == 0
    ]
    assert rr_of(table("variable,value", *zip(*few, strict=True))) == ANNA


def test_rows_of_two_kinds_of_intervals_are_named() -> None:
    said = ["rr_raw", "rr_filtered"] * ROWS
    values = [each for rr in ANNA for each in (rr, rr + 1)]
    assert "rr_filtered, rr_raw" in refusal(table("metric,value", said, values))
