"""Heartbeats corrected by hand: what each does, undone, kept in a file, compared."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from coreg.analysis.agreement import cohens_kappa
from coreg.analysis.corrections import (
    Accept,
    Correction,
    Delete,
    Did,
    EditedBeats,
    Editing,
    Insert,
    MarkEctopic,
    Reject,
    WhichRecording,
    corrected,
    did,
    place_of,
    redid,
    undid,
    usual_place_ms,
)
from coreg.base.bounds import toml_of
from coreg.cli import main, recording_figures
from coreg.errors import BadCorrectionsError, CoregError
from coreg.findings.compared import compared
from coreg.findings.corrected import (
    correctable,
    corrected_figures,
    editable,
    which,
)
from coreg.findings.recording import cleaned, measured
from coreg.report.charts.recording import recording_sheet
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Recording
from coreg.store.corrections import (
    corrections_path,
    corrections_text,
    parse_corrections,
    sha256_of,
)
from tests.helpers.shared import needs_data

OF = WhichRecording(name="x.txt", sha256="0" * 64, beats=40, beats_sha256="1" * 64)


def recording_of(rr_ms: list[float]) -> Recording:
    return parse_recording("\n".join(map(str, rr_ms)).encode(), name="x.txt")


def beats_of(rr_ms: list[float]) -> EditedBeats:
    return editable(cleaned(recording_of(rr_ms)))


def rr_of(edited: EditedBeats) -> list[float]:
    return [beat.rr_ms for beat in edited.beats]


def kept_of(edited: EditedBeats) -> list[bool]:
    return [beat.counts for beat in edited.beats]


# --- what each does, worked by hand -------------------------------------------


def test_a_beat_that_was_none_is_deleted_and_its_two_intervals_are_one() -> None:
    rr_ms = [800.0] * 60
    rr_ms[30:31] = [300.0, 500.0]  # beat 31 at 24.3 s is none
    before = beats_of(rr_ms)
    assert [beat.label for beat in before.beats[30:32]] == ["extra", "extra"]
    after = corrected(before, [Delete(beat=31, t_s=24.3)]).edited
    assert rr_of(after) == [800.0] * 60
    assert all(kept_of(after))
    assert 31 not in {beat.number for beat in after.beats}


def test_a_beat_that_was_missed_is_put_in_where_it_was() -> None:
    rr_ms = [800.0] * 30
    rr_ms[10] = 1700.0  # of beat 11, which is at 9.7 s
    before = beats_of(rr_ms)
    after = corrected(before, [Insert(beat=11, after_ms=900.0, t_s=9.7)]).edited
    assert rr_of(after)[9:13] == [800.0, 900.0, 800.0, 800.0]
    assert after.beats[10].t_s == pytest.approx(8.9)
    assert after.beats[10].number == 31  # the next free one; all others keep theirs
    assert all(kept_of(after))


def test_where_three_beats_were_missed_the_first_goes_after_a_quarter() -> None:
    rr_ms = [800.0] * 30
    rr_ms[10] = 3200.0
    assert usual_place_ms(beats_of(rr_ms).beats, 10) == 800.0


def test_an_ectopic_beat_takes_both_its_intervals_with_it() -> None:
    rr_ms = [800.0, 820.0] * 20
    after = corrected(beats_of(rr_ms), [MarkEctopic(beat=11, t_s=8.9)]).edited
    out = [beat.number for beat in after.beats if not beat.counts]
    assert out == [11, 12]
    assert {beat.verdict for beat in after.beats[10:12]} == {"ectopic"}


def test_what_cleaning_set_aside_counts_once_accepted_and_is_worked_by_hand() -> None:
    # 800 with one beat 260 ms early, kept: differences of 260, 520 and 260 among 59.
    rr_ms = [800.0] * 60
    rr_ms[30:32] = [540.0, 1060.0]
    recording = recording_of(rr_ms)
    assert np.isnan(cleaned(recording).nn_ms[30:32]).all()
    of = correctable(recording, OF.sha256)
    figures = corrected_figures(of, [Accept(beat=31, last=32, t_s=24.54)])
    assert figures.before.hrv.rmssd_ms == 0
    by_hand = (2 * 260**2 + 520**2) / 59
    assert figures.after.hrv.rmssd_ms == pytest.approx(by_hand**0.5)


def test_a_whole_stretch_is_left_out_in_one_correction() -> None:
    after = corrected(beats_of([800.0] * 40), [Reject(beat=5, last=9, t_s=4.0)])
    out = [beat.number for beat in after.edited.beats if not beat.counts]
    assert out == [5, 6, 7, 8, 9]


def test_no_correction_reaches_across_a_gap() -> None:
    lines = [f"{0.8 * n + (60 if n > 20 else 0)},800" for n in range(1, 41)]
    text = "\n".join(["arrival_s,rr_ms", *lines]).encode()
    before = editable(cleaned(parse_recording(text, name="torn.csv")))
    (gap,) = [at for at, beat in enumerate(before.beats) if beat.lost_before]
    last = before.beats[gap - 1]
    for each in (
        MarkEctopic(beat=last.number, t_s=last.t_s),
        Delete(beat=last.number, t_s=last.t_s),
    ):
        after = corrected(before, [each]).edited
        assert before.beats[gap] in after.beats


def test_corrections_far_apart_do_not_change_one_another() -> None:
    rr_ms = [800.0 + 7 * (n % 5) for n in range(400)]
    rr_ms[300] = 1600.0
    before = beats_of(rr_ms)
    first = before.beats[10]
    after = corrected(before, [Delete(beat=first.number, t_s=first.t_s)]).edited
    assert after.beats[50:] == before.beats[51:]


# --- what cannot be done ------------------------------------------------------


@pytest.mark.parametrize(
    ("correction", "words"),
    [
        (Reject(beat=99, last=99, t_s=3.0), "no beat 99"),
        (Reject(beat=5, last=5, t_s=30.0), "no beat 5 at 30 s"),
        (Reject(beat=5, last=4, t_s=4.0), "no beat 4 after it"),
        (Insert(beat=5, after_ms=150.0, t_s=4.0), "no room"),
        (Insert(beat=5, after_ms=float("nan"), t_s=4.0), "no room"),
        (Insert(beat=5, after_ms=799.0, t_s=4.0), "no room"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    correction: Correction, words: str
) -> None:
    with pytest.raises(BadCorrectionsError, match=words) as told:
        corrected(beats_of([800.0] * 40), [correction])
    assert str(told.value).startswith("Correction 1 ")


def test_a_mark_of_a_lost_beat_cannot_be_accepted() -> None:
    rr_ms = [800.0] * 40
    rr_ms[20] = 0.0
    mark = beats_of(rr_ms).beats[20]
    with pytest.raises(BadCorrectionsError, match="no interval that could count"):
        corrected(beats_of(rr_ms), [Accept(beat=21, last=21, t_s=mark.t_s)])


# --- undone and done again ----------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from([*Did, "undo", "redo"]), st.floats(0, 1), st.booleans()),
    max_size=100,
)
HEARTS = st.lists(
    st.sampled_from([0.0, 310.0, 790.0, 800.0, 815.0, 1610.0, 2500.0]),
    min_size=20,
    max_size=60,
).filter(lambda rr_ms: sum(rr >= 300 for rr in rr_ms) > 0.8 * len(rr_ms))


def wanted(editing: Editing, what: str, where: float, *, wide: bool) -> Correction:
    beats = editing.edited.beats
    at = round(where * (len(beats) - 1))
    beat, t_s = beats[at].number, beats[at].t_s
    last = beats[min(at + 3, len(beats) - 1)].number if wide else beat
    match what:
        case Did.ACCEPT:
            return Accept(beat=beat, last=last, t_s=t_s)
        case Did.REJECT:
            return Reject(beat=beat, last=last, t_s=t_s)
        case Did.ECTOPIC:
            return MarkEctopic(beat=beat, t_s=t_s)
        case Did.DELETE:
            return Delete(beat=beat, t_s=t_s)
    return Insert(beat=beat, after_ms=usual_place_ms(beats, at), t_s=t_s)


def step(editing: Editing, what: str, where: float, *, wide: bool) -> Editing:
    if what == "undo":
        return undid(editing)
    if what == "redo":
        return redid(editing)
    try:
        return did(editing, wanted(editing, what, where, wide=wide))
    except BadCorrectionsError:
        return editing  # refused: nothing has changed


@settings(deadline=None, max_examples=60)
@given(HEARTS, STEPS)
def test_a_hundred_edits_undone_and_redone_are_those_of_their_list(
    rr_ms: list[float], steps: list[tuple[str, float, bool]]
) -> None:
    as_cleaned = beats_of(rr_ms)
    editing = Editing(edited=as_cleaned)
    for what, where, wide in steps:
        editing = step(editing, what, where, wide=wide)
        again = corrected(as_cleaned, editing.corrections)
        assert again.edited == editing.edited
    back = editing
    while back.done:
        back = undid(back)
    assert back.edited == as_cleaned
    forth = back
    for _ in editing.done:
        forth = redid(forth)
    assert forth.edited == editing.edited
    assert forth.corrections == editing.corrections


@settings(deadline=None, max_examples=60)
@given(HEARTS, STEPS)
def test_no_edit_makes_time_and_no_number_means_two_beats(
    rr_ms: list[float], steps: list[tuple[str, float, bool]]
) -> None:
    editing = Editing(edited=beats_of(rr_ms))
    total_ms = sum(rr_ms)
    for what, where, wide in steps:
        editing = step(editing, what, where, wide=wide)
        beats = editing.edited.beats
        assert sum(rr_of(editing.edited)) <= total_ms + 1e-6
        numbers = [beat.number for beat in beats]
        assert len(set(numbers)) == len(numbers)
        assert [place_of(beats, b.number, b.t_s) for b in beats] == [*range(len(beats))]


# --- their file ---------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(HEARTS, STEPS)
def test_a_file_says_the_same_once_read_again(
    rr_ms: list[float], steps: list[tuple[str, float, bool]]
) -> None:
    recording = recording_of(rr_ms)
    editing = Editing(edited=editable(cleaned(recording)))
    for what, where, wide in steps:
        editing = step(editing, what, where, wide=wide)
    of = which(recording, "a" * 64)
    text = corrections_text(of, editing.corrections)
    assert parse_corrections(text, of, "x") == editing.corrections


def test_a_file_is_one_that_people_read() -> None:
    text = corrections_text(OF, [Reject(beat=12, last=14, t_s=9.75)])
    assert text.endswith(
        '[[correction]]\ndo = "reject"\nbeat = 12\nlast = 14\nt_s = 9.75\n'
    )


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(OF, sha256="f" * 64), "another recording, x.txt"),
        (replace(OF, beats=41), "other heartbeats"),
        (replace(OF, beats_sha256="f" * 64), "other heartbeats"),
    ],
)
def test_a_file_refuses_to_fit_another_recording(
    other: WhichRecording, words: str
) -> None:
    text = corrections_text(OF, [Delete(beat=3, t_s=2.4)])
    with pytest.raises(BadCorrectionsError, match=words):
        parse_corrections(text, other, "x")


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ('do = "delete"', 'do = "remove"', "do is 'remove'"),
        ("beat = 3", "beat = 3.5", "beat is 3.5"),
        ("beat = 3", "beat = true", "beat is true"),
        ("beat = 3", "beat = 0", "beat is 0"),
        ("beat = 3", "beat = 99999", "beat is 99999"),
        ("t_s = 2.4", "t_s = nan", "t_s is nan"),
        ("t_s = 2.4", "", "t_s is nothing"),
        ("t_s = 2.4", "t_s = 2.4\nlast = 4", "last is 4"),
        ("format = 1", "format = 2", "format is 2"),
        ('recording_sha256 = "0', 'recording_sha256 = "x', "recording_sha256 is"),
        ("[[correction]]", "[correction]", "correction is"),
    ],
)
def test_whatever_was_tampered_with_is_named(
    was: str, becomes: str, words: str
) -> None:
    text = corrections_text(OF, [Delete(beat=3, t_s=2.4)])
    assert was in text
    with pytest.raises(BadCorrectionsError, match=words):
        parse_corrections(text.replace(was, becomes), OF, "x")


@given(st.text() | st.text(alphabet='[]="\n.abc019{}').map(lambda end: "a=1\n" + end))
def test_garbage_is_named_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(BadCorrectionsError):
        parse_corrections(text, OF, "x")


def test_more_than_a_file_takes_is_refused() -> None:
    many = [Reject(beat=3, last=3, t_s=2.4)] * 2501
    with pytest.raises(BadCorrectionsError, match="2500"):
        parse_corrections(corrections_text(OF, many), OF, "x")


def test_as_many_as_a_file_takes_are_read_again() -> None:
    many = [Insert(beat=9_999_999, after_ms=1234.5678, t_s=86_399.123456789)] * 2500
    of = replace(OF, beats=10_000_000)
    text = corrections_text(of, many)
    assert len(toml_of(text)["correction"]) == 2500
    assert parse_corrections(text, of, "x") == tuple(many)


# --- the command line ---------------------------------------------------------


@pytest.fixture
def rest(tmp_path: Path) -> Path:
    """A recording with a beat that was none, at 24.3 s."""
    rr_ms = [800.0, 820.0] * 60
    rr_ms[30:31] = [300.0, 500.0]
    path = tmp_path / "rest.txt"
    path.write_text("\n".join(map(str, rr_ms)), encoding="utf-8")
    return path


def keep(path: Path, recording: Path, corrections: list[Correction]) -> Path:
    of = which(
        parse_recording(recording.read_bytes(), name=recording.name),
        sha256_of(recording),
    )
    path.write_text(corrections_text(of, corrections), encoding="utf-8")
    return path


def test_figures_are_shown_before_and_after_and_the_recording_stays(
    rest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    was = rest.read_bytes()
    beat = cleaned(parse_recording(was, name="rest")).t_s[30]
    keep(
        rest.with_name("rest.txt.corrections.toml"),
        rest,
        [Delete(beat=31, t_s=float(beat))],
    )
    assert main(["analyze", str(rest), "--corrections", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    # With the true beats back, 800 and 820 in turn: every difference is 20.
    assert told["rmssd_ms"] == pytest.approx(20)
    assert told["intervals"] == 120
    assert told["before"]["intervals"] == 121
    assert told["before"]["labels"]["extra"] == 2
    assert told["corrections"]["delete"] == 1
    assert told["corrections"]["intervals_made"] == 1
    assert main(["analyze", str(rest), "--corrections"]) == 0
    lines = capsys.readouterr().out
    assert "1 correction of rest.txt.corrections.toml: 1 beat deleted" in lines
    assert "1 interval was made by hand" in lines
    assert rest.read_bytes() == was


def test_whoever_leaves_corrections_out_reads_that_there_are_some(
    rest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", str(rest), "--json"]) == 0
    assert capsys.readouterr().err == ""
    keep(rest.with_name("rest.txt.corrections.toml"), rest, [Delete(beat=31, t_s=24.6)])
    assert main(["analyze", str(rest), "--json"]) == 0
    told = capsys.readouterr()
    assert "rest.txt.corrections.toml" in told.err
    assert json.loads(told.out)["intervals"] == 121


@pytest.mark.parametrize("options", [["--edit"], ["--corrections"]])
def test_what_is_no_file_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert main(["analyze", "/", *options]) == 1
    assert "is a folder" in capsys.readouterr().err


def test_no_corrections_change_no_figure(
    rest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = keep(rest.with_name("none.toml"), rest, [])
    assert main(["analyze", str(rest), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert main(["analyze", str(rest), "--corrections", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {key: told[key] for key in plain} == plain == told["before"]


@needs_data
def test_the_figures_of_a_real_recording_stay_where_nothing_is_corrected(
    recordings: Path,
) -> None:
    path = recordings / "polar_h10_arrival_times" / "dhyb_10min.csv"
    recording = parse_recording(path.read_bytes(), name=path.name)
    figures = corrected_figures(correctable(recording, OF.sha256), [])
    usual = measured(recording)
    assert figures.after.hrv == figures.before.hrv == usual.hrv
    assert figures.after.irregular_s == pytest.approx(usual.irregular_s)


def test_a_recording_changed_since_is_refused(
    rest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = keep(rest.with_name("c.toml"), rest, [Delete(beat=31, t_s=24.6)])
    with rest.open("a", encoding="utf-8") as file:
        file.write("\n")
    assert main(["analyze", str(rest), "--corrections", str(path)]) == 1
    assert "corrects another recording, rest.txt" in capsys.readouterr().err


def test_a_file_that_is_missing_is_named(
    rest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", str(rest), "--corrections"]) == 1
    assert "rest.txt.corrections.toml" in capsys.readouterr().err


# --- two editors --------------------------------------------------------------


def test_kappa_is_that_worked_by_hand() -> None:
    # Of ten: both a 3, both b 2, both c 2, and a/b, b/c, c/a once each.
    # observed 7/10; rows a 4, b 3, c 3; columns a 4, b 3, c 3; expected
    # (16 + 9 + 9)/100 = .34; kappa (.70 - .34)/.66 = .5454...
    one, other = "aaabbccabc", "aaabbccbca"
    agreed = cohens_kappa(one, other)
    assert agreed.observed == pytest.approx(0.7)
    assert agreed.expected == pytest.approx(0.34)
    assert agreed.kappa == pytest.approx(6 / 11)


def test_two_who_take_everything_for_one_thing_have_no_kappa() -> None:
    assert np.isnan(cohens_kappa("aaaa", "aaaa").kappa)


def test_two_who_see_opposite_things_are_below_none() -> None:
    assert cohens_kappa("ab", "ba").kappa == -1


def test_two_editors_are_compared_beat_by_beat() -> None:
    before = beats_of([800.0] * 10)
    one = corrected(
        before, [Reject(beat=2, last=3, t_s=1.6), Delete(beat=6, t_s=4.8)]
    ).edited
    other = corrected(
        before,
        [Reject(beat=3, last=3, t_s=2.4), Insert(beat=9, after_ms=400.0, t_s=7.2)],
    ).edited
    found = compared(before, one, other, names=("mine", "yours"))
    assert found.names == ("mine", "yours")
    assert [
        (each.beat, each.last, round(each.from_s, 3), each.first, each.second)
        for each in found.differences
    ] == [
        (2, 2, 1.6, "left-out", "kept"),
        (6, 6, 4.8, "deleted", "kept"),
        (9, 9, 7.2, "kept", "inserted-before"),
    ]
    assert dict(found.pairs) == {
        ("kept", "kept"): 6,
        ("left-out", "kept"): 1,
        ("left-out", "left-out"): 1,
        ("deleted", "kept"): 1,
        ("kept", "inserted-before"): 1,
    }
    # observed 7/10; first: kept 7, left out 2, deleted 1; second: kept 8, left out 1,
    # parted 1; expected (56 + 2)/100, kappa (.7 - .58)/.42.
    assert found.agreement.kappa == pytest.approx(2 / 7)


def test_two_files_are_compared_on_the_command_line(
    rest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = keep(rest.with_name("one.toml"), rest, [Reject(beat=9, last=9, t_s=7.28)])
    other = keep(rest.with_name("other.toml"), rest, [])
    given = ["analyze", str(rest), "--corrections", str(one), "--against", str(other)]
    assert main(given) == 0
    assert "Cohen’s kappa" in capsys.readouterr().out
    assert main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["agreement"]
    # Both leave out the two of the extra beat; the first another one of 121 besides.
    by_chance = (118 * 119 + 3 * 2) / 121**2
    assert told["same"] == 120
    assert told["kappa"] == pytest.approx((120 / 121 - by_chance) / (1 - by_chance))


def test_what_was_made_by_hand_stays_so_where_its_stretch_is_accepted() -> None:
    recording = recording_of([800.0] * 40)
    joined = Delete(beat=5, t_s=4.0)
    of = correctable(recording, OF.sha256)
    found = corrected_figures(of, [joined, Accept(beat=1, last=9, t_s=0.8)])
    assert found.by_hand.made == 1
    assert [beat.did for beat in found.editing.edited.beats if beat.did] == [Did.DELETE]


def test_a_picture_of_corrected_beats_says_so_and_takes_no_others_place(
    rest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def sheet(*given: Any) -> Any:
        figure = recording_sheet(*given)
        drawn.append(" ".join(each.get_text() for each in figure.texts))
        return figure

    monkeypatch.setattr(recording_figures, "recording_sheet", sheet)
    keep(corrections_path(rest), rest, [Reject(beat=9, last=9, t_s=7.28)])
    out = rest.parent / "out"
    given = ["analyze", str(rest), "--out", str(out)]
    assert main(given) == 0
    assert main([*given, "--corrections"]) == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"{rest.stem}-hrv-corrected.png", f"{rest.stem}-hrv.png"]
    assert ["1 correction of" in told for told in drawn] == [False, True]


def test_no_error_but_ours_leaves_a_list_that_does_not_fit() -> None:
    before = beats_of([800.0] * 10)
    with pytest.raises(CoregError):
        corrected(before, [Delete(beat=1, t_s=1e300)])


def test_whose_opinion_is_whose_and_where_they_differ_is_said_and_drawn(
    rest: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    one = keep(rest.with_name("kim.toml"), rest, [Reject(beat=9, last=12, t_s=7.28)])
    other = keep(rest.with_name("lee.toml"), rest, [Delete(beat=20, t_s=16.2)])
    given = ["analyze", str(rest), "--corrections", str(one), "--against", str(other)]
    assert main([*given, "--out", str(tmp_path / "drawn")]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "First opinion: kim.toml" in lines
    assert "Second opinion: lee.toml" in lines
    at = lines.index("They differ in 2 places:")
    assert lines[at + 2 :] == [
        "0:07.3 4 beats left out kept",
        "0:16.2 1 beat kept deleted",
    ]
    assert (tmp_path / "drawn" / f"{rest.stem}-compared.png").stat().st_size > 10_000
    assert main([*given, "--json"]) == 0
    agreement = json.loads(capsys.readouterr().out)["agreement"]
    assert (agreement["first"], agreement["second"]) == ("kim.toml", "lee.toml")
    assert [each["beat"] for each in agreement["differences"]] == [9, 20]


def test_a_files_name_is_as_it_is_where_a_sentence_begins_with_it() -> None:
    with pytest.raises(BadCorrectionsError, match=r"^rest\.txt\.corrections\.toml is"):
        parse_corrections("= no", OF, "rest.txt.corrections.toml")
