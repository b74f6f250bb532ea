"""A heart around a therapist's marks, and an hour along its time."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.marks_truth import LENGTH_S, Case, heart
from coreg.facts.events import FileMarked, Partner
from coreg.findings.hour import Hour, Moments, hour_of
from coreg.findings.marks import MarkResponse, response_around_marks
from coreg.findings.summary import SessionSummary, marked_in_files, summarise
from coreg.report.words.hour import hour_lines
from coreg.store.clinic.records import Mark, Note
from tests.helpers.report_sessions import opened, session

CALLED = {Partner.A: "Ada", Partner.B: "Ben"}
STEPS = Case(marks=8, step_bpm=8.0, calms_bpm=10.0, is_bunched=False)
NAME = "20261119-201400-7f3a"


def steady(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A heart that does nothing in particular, about 60 a minute."""
    nn_ms = 1000 + 30 * rng.standard_normal(int(LENGTH_S))
    return np.cumsum(nn_ms) / 1000, nn_ms


def response(marks_s: list[float], nn: object = None, seed: int = 1) -> MarkResponse:
    beat_t_s, nn_ms = steady(np.random.default_rng(7))
    nn_ms = nn_ms if nn is None else np.where(beat_t_s < nn, np.nan, nn_ms)
    rng = np.random.default_rng(seed)
    return response_around_marks(beat_t_s, nn_ms, marks_s, (0.0, LENGTH_S), rng)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_step_is_found_though_the_heart_calms_down(seed: int) -> None:
    beat_t_s, nn_ms, marks_s = heart(STEPS, np.random.default_rng(seed))
    rng = np.random.default_rng(seed)
    found = response_around_marks(beat_t_s, nn_ms, marks_s, (0.0, LENGTH_S), rng)
    assert found.low_bpm <= STEPS.step_bpm <= found.high_bpm
    assert found.low_bpm > 0
    assert found.p < 0.05


def test_the_same_step_down_is_the_same_with_its_sign() -> None:
    down = Case(marks=8, step_bpm=-8.0, calms_bpm=0.0, is_bunched=False)
    beat_t_s, nn_ms, marks_s = heart(down, np.random.default_rng(1))
    rng = np.random.default_rng(1)
    found = response_around_marks(beat_t_s, nn_ms, marks_s, (0.0, LENGTH_S), rng)
    assert found.low_bpm <= -8.0 <= found.high_bpm < 0


def test_too_few_marks_or_too_little_heard_say_nothing() -> None:
    six = [300.0 + 200 * n for n in range(6)]
    assert not math.isnan(response(six).change_bpm)
    for marks_s, nn in (
        (six[:4], None),
        ([*six[:4], LENGTH_S + 5, 10.0], None),  # after the end, and before 30 s
        (six, 750.0),  # half of them in a stretch without a heart
        ([300.0 + 20 * n for n in range(6)], None),  # all within one another's 30 s
        ([], None),
    ):
        said = response(marks_s, nn)
        assert math.isnan(said.change_bpm)
        assert math.isnan(said.low_bpm)
        assert math.isnan(said.p)
        assert said.given == len(marks_s)


def test_the_same_marks_are_told_the_same_twice() -> None:
    six = [300.0 + 200 * n for n in range(6)]
    assert response(six) == response(six[::-1])
    assert response(six) != response(six, seed=2)


def test_a_heart_that_does_nothing_is_held_by_the_interval() -> None:
    said = response([300.0 + 200 * n for n in range(10)])
    assert said.low_bpm < 0 < said.high_bpm
    assert said.marks == said.given == 10


# --- an hour ----------------------------------------------------------------------


def hour(
    seen: set[Partner], marks: int = 6, in_files: Sequence[FileMarked] = ()
) -> tuple[SessionSummary, Hour]:
    summary = marked_in_files(
        summarise(opened(), session(pause=(200.0, 260.0))), in_files
    )
    kept = [
        Mark(couple_id="0f3a99c1", session_id=NAME, t_s=300.0 + 90 * n, key=2)
        for n in range(marks)
    ]
    notes = [
        Note(id_="1", couple_id="c", session_id=NAME, t_s=130.0, text="a\nb", utc=""),
        Note(id_="2", couple_id="c", session_id=NAME, t_s=None, text="later", utc=""),
    ]
    rng = np.random.default_rng(1)
    return summary, hour_of(summary, kept, notes, {2: "turning"}, seen, rng)


def test_an_hour_goes_along_its_time_and_names_nobody_who_paused() -> None:
    _, of = hour(set(), marks=1)
    assert [(m.t_s, m.what.value, m.words) for m in of.moments] == [
        (0.0, "part", "arrive"),
        (120.0, "part", "breathe together"),
        (130.0, "note", "a\nb"),
        (200.0, "pause", ""),
        (300.0, "mark", "turning"),
        (660.0, "part", "just be"),
    ]
    assert (of.notes, of.around) == (("later",), ())
    lines = hour_lines(of, CALLED)
    assert "  2:10  note: a b" in lines
    assert "  3:20  pause" in lines
    assert "  5:00  mark 2: turning" in lines
    assert not any(name in line for line in lines for name in CALLED.values())
    assert {m.what for m in of.moments} == set(Moments) - {Moments.FILE_MARK}


def test_an_hour_of_two_files_holds_the_marks_of_those_who_may_be_seen() -> None:
    marks = [
        FileMarked(t_ns=200_000_000_000, partner=Partner.A, label="clap"),
        FileMarked(t_ns=240_000_000_000, partner=Partner.B, label="hug"),
    ]
    _, nobody = hour(set(), marks=1, in_files=marks)
    assert Moments.FILE_MARK not in {m.what for m in nobody.moments}
    _, of = hour({Partner.A}, marks=1, in_files=marks)
    assert {m.what for m in of.moments} == set(Moments)
    lines = hour_lines(of, CALLED)
    assert [line for line in lines if "clap" in line] == ["  3:20  Ada’s file: clap"]
    assert not any("hug" in line for line in lines)


def test_of_hearts_there_is_only_who_agreed() -> None:
    _, of = hour({Partner.B})
    assert [each.partner for each in of.around] == [Partner.B]
    (line,) = [line for line in hour_lines(of, CALLED) if "around mark" in line]
    assert line.startswith("Ben, around mark 2 (turning), 6 marks:")
    _, few = hour({Partner.A}, marks=3)
    (line,) = [line for line in hour_lines(few, CALLED) if "around mark" in line]
    assert "nothing is said of so few" in line
