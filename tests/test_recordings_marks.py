"""What a file says of its beats counts, or a remark names it: never a word too few."""

from collections.abc import Sequence

import numpy as np
import pytest

from coreg.errors import BadRecordingError
from coreg.findings.recording import RecordingFigures, measured
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Remark
from coreg.sensors.recordings.source import Wanted

ROWS = 120
AT = np.arange(ROWS)
# A heart that breathes: smooth, so that cleaning alone would accept every beat.
HEART = [int(each) for each in 812 + 30 * np.sin(AT / 2) + AT * AT % 7]
MARKED = (17, 44, 80)


def column(out: str, usual: str) -> list[str]:
    return [out if i in MARKED else usual for i in range(ROWS)]


def figures(head: str, *columns: Sequence[object], sep: str = ",") -> RecordingFigures:
    rows = [sep.join(map(str, row)) for row in zip(*columns, strict=True)]
    text = "\n".join([*([head] if head else []), *rows])
    return measured(parse_recording(text.encode(), name="planted"))


def left_out(of: RecordingFigures) -> list[int]:
    return [i for i, label in enumerate(of.labels) if label != "normal"]


CERTAIN = [
    *(
        ("artifact", "1", "0"),
        ("Artefact", "TRUE", "FALSE"),
        ("Artefakt", "ja", "nein"),
    ),
    *(("artifact", "x", ""), ("rr_artifact", "1", "0")),
    *(("outlier", "True", "False"), ("isArtifact", "1", "0")),
    *(("accepted", "0", "1"), ("valid", "false", "true"), ("ok", "no", "yes")),
    *(
        ("gültig", "nein", "ja"),
        ("RR valid", "FALSE", "TRUE"),
        ("isArtifact", "1", "0"),
    ),
    *(("quality", "bad", "good"), ("label", "artifact", "normal")),
    *(("type", "~", "N"), ("interpolated", "1", "0"), ("Ausreißer", "1", "0")),
]


@pytest.mark.parametrize(("name", "out", "usual"), CERTAIN)
@pytest.mark.parametrize("sep", [",", ";", "\t"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_beat_that_its_file_marks_as_an_artefact_counts_nowhere(
    name: str, out: str, usual: str, sep: str, is_first: bool
) -> None:
    marks = column(out, usual)
    got = (
        figures(f"{name}{sep}RR", marks, HEART, sep=sep)
        if is_first
        else figures(f"RR{sep}{name}", HEART, marks, sep=sep)
    )
    assert left_out(got) == list(MARKED)
    assert {got.labels[i] for i in MARKED} == {"marked"}
    kept = np.array([rr for i, rr in enumerate(HEART) if i not in MARKED])
    assert got.hrv.mean_nn_ms == pytest.approx(kept.mean())
    assert got.details[Remark.MARKS_USED] == {"column": name, "n": len(MARKED)}


@pytest.mark.parametrize("code", ["V", "S", "A", "F", "E"])
@pytest.mark.parametrize("head", ["rr,type", "rr,Annotation", "rr,beat_type", ""])
def test_a_beat_that_began_elsewhere_and_the_pause_behind_it_are_ectopic(
    code: str, head: str
) -> None:
    got = figures(head, HEART, column(code, "N"))
    both = sorted([*MARKED, *(i + 1 for i in MARKED)])
    assert left_out(got) == both
    assert {got.labels[i] for i in both} == {"ectopic"}
    assert got.details[Remark.MARKS_USED]["n"] == len(MARKED)


@pytest.mark.parametrize(
    ("name", "out", "usual"),
    [
        *(("quality", "1", "0"), ("contact", "0", "1"), ("flag", "1", "0")),
        *(("status", "7", "3"), ("corrected", "1", "0"), ("label", "Z", "N")),
        *(("quality", "40", "98"), ("valid", "1", ""), ("signal quality", "2", "3")),
    ],
)
def test_a_mark_that_can_mean_two_things_changes_nothing_and_is_named(
    name: str, out: str, usual: str
) -> None:
    got = figures(f"rr,{name}", HEART, column(out, usual))
    assert left_out(got) == []
    assert got.details[Remark.MARKS_UNUSED] == {"column": name, "n": len(MARKED)}


def test_marks_that_would_leave_out_most_beats_are_not_believed() -> None:
    got = figures("rr,artifact", HEART, column("0", "1"))
    assert left_out(got) == []
    assert Remark.MARKS_UNUSED in got.remarks


@pytest.mark.parametrize("head", ["rr,artifact", "rr,type", "rr,quality"])
def test_a_column_that_always_says_the_same_needs_no_word(head: str) -> None:
    got = figures(head, HEART, ["0"] * ROWS)
    assert got.remarks == ()


def test_marks_stay_with_their_beats_where_times_gather_them_and_some_are_missing() -> (
    None
):
    heart: list[object] = [*HEART]
    heart[30] = ""
    t_s = np.cumsum(HEART) / 1000
    pairs = [f"{t_s[i | 1]:.3f}" for i in range(ROWS)]
    for head, columns in (
        ("rr,artifact", (heart, column("1", "0"))),
        ("time [s],rr,artifact", (pairs, heart, column("1", "0"))),
    ):
        got = figures(head, *columns)
        marked = [got.rr_ms[i] for i, at in enumerate(got.labels) if at == "marked"]
        assert marked == [HEART[i] for i in MARKED]


# --- two columns of one heart ----------------------------------------------------


def corrected() -> list[object]:
    return [800 if i in MARKED else rr for i, rr in enumerate(HEART)]


@pytest.mark.parametrize(
    ("measured_name", "other"),
    [
        *(("rr_raw", "rr_clean"), ("RR", "NN"), ("rr_original", "rr_corrected")),
        *(("RR", "RR corrected"), ("RR roh", "RR bereinigt"), ("RRI", "NNI")),
        *(("ibi", "ibi_filtered"), ("rr_uncorrected", "rr"), ("RR [ms]", "NN [ms]")),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("is_blank", [True, False])
def test_of_two_columns_of_one_heart_the_measured_one_is_read_and_both_are_named(
    measured_name: str, other: str, is_first: bool, is_blank: bool
) -> None:
    worked_on = corrected()
    if is_blank:
        worked_on = ["" if i in MARKED else rr for i, rr in enumerate(HEART)]
    pairs: list[tuple[str, Sequence[object]]]
    pairs = [(measured_name, HEART), (other, worked_on)]
    pairs = pairs if is_first else pairs[::-1]
    got = figures(",".join(n for n, _ in pairs), *(c for _, c in pairs))
    assert got.rr_ms.tolist() == HEART
    about = {"column": measured_name, "other": other, "n": len(MARKED)}
    assert got.details[Remark.ONE_OF_TWO] == about


def test_whoever_names_the_corrected_column_gets_it_without_a_remark() -> None:
    rows = "\n".join(f"{a},{b}" for a, b in zip(HEART, corrected(), strict=True))
    wanted = Wanted(column="rr_clean")
    read = parse_recording(f"rr_raw,rr_clean\n{rows}".encode(), name="x", wanted=wanted)
    assert list(read.rr_ms) == corrected()
    assert read.remarks == ()


def test_two_columns_of_one_heart_whose_names_say_nothing_are_refused() -> None:
    with pytest.raises(BadRecordingError, match="differ in 3 rows"):
        figures("rr_1,rr_2", HEART, corrected())


def test_one_heart_in_two_units_needs_no_word() -> None:
    got = figures("RR [ms],RR [s]", HEART, [f"{rr / 1000:.3f}" for rr in HEART])
    assert got.remarks == ()


@pytest.mark.parametrize("name", ["beat", "Beat", "annotation", "label", "n"])
def test_a_count_of_beats_with_a_hole_in_it_marks_none(name: str) -> None:
    numbers = [i + 7 * (i > 60) for i in range(ROWS)]
    got = figures(f"{name},rr", numbers, HEART)
    assert Remark.MARKS_UNUSED not in got.remarks
