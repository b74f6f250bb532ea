"""A table of beats that coreg gave is read again, whoever and whatever is in it."""

import csv
import io
import math
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, strategies as st

from coreg.errors import BadRecordingError
from coreg.facts.events import Partner
from coreg.findings.beat_rows import session_rows
from coreg.findings.reading import summary_of
from coreg.findings.recording import measured
from coreg.report.exchange.file_format import FileFormat
from coreg.report.exchange.files import files_of
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.source import Wanted
from tests.helpers.planted_session import before_hole, record, recorded_ms

A, B = Partner
HEAD = "session,partner,t_s,rr_ms,nn_ms,label,gap_before_s,part\n"
BEATS = (
    "x,A,-1.5,800,800,normal,,\n"
    "x,A,-0.7,810,810,normal,,\n"
    "x,A,0.1,790,790,normal,,1\n"
    "x,A,0.9,805,805,normal,,1\n"
)
OTHERS = "x,B,0.2,900,900,normal,,1\nx,B,1.1,910,910,normal,,1\n"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Both hearts of the planted session, as CSV."""
    path = record(tmp_path_factory.mktemp("own") / "planted.coreg")
    rows = session_rows("planted", summary_of(path), (A, B))
    (content,) = (
        content
        for name, content in files_of(rows, FileFormat.CSV).items()
        if name.endswith(".csv")
    )
    return content


@pytest.mark.parametrize("partner", Partner)
def test_either_heart_comes_back_and_its_gap(table: bytes, partner: Partner) -> None:
    wanted = Wanted(person=partner.value)
    read = parse_recording(table, name="x.csv", wanted=wanted)
    assert list(read.rr_ms) == recorded_ms(partner)
    figures = measured(read)
    steps = np.diff(recorded_ms(partner))
    if partner is A:
        steps = np.delete(steps, before_hole(A) - 1)  # over the hole
    by_hand = math.sqrt(np.mean(steps**2))
    assert figures.hrv.rmssd_ms == pytest.approx(by_hand, rel=0.01)


def test_of_two_people_it_asks_whom(table: bytes) -> None:
    with pytest.raises(BadRecordingError, match=r"2 recordings: 'A', 'B'\..*--person"):
        parse_recording(table, name="x.csv")
    with pytest.raises(BadRecordingError, match="no one person 'C'"):
        parse_recording(table, name="x.csv", wanted=Wanted(person="C"))


def test_beats_from_before_arrive_at_the_beginning_together() -> None:
    read = parse_recording((HEAD + BEATS).encode(), name="x.csv")
    assert read.packets == ((0.0, (800.0, 810.0)), (0.1, (790.0,)), (0.9, (805.0,)))
    assert (read.has_times, read.has_clock) == (True, True)


def test_what_cannot_be_a_beat_is_named_with_its_line() -> None:
    for cell, said in (("", "'' is no number"), ("nan", "nan is not"), ("-1", "-1 is")):
        text = f"{HEAD}{BEATS}x,A,1.7,{cell},,normal,,1\n"
        with pytest.raises(BadRecordingError, match=f"line 6: {said}"):
            parse_recording(text.encode(), name="x.csv")
    cut = f"{HEAD}{BEATS}x,A"
    with pytest.raises(BadRecordingError, match="line 6: '' is no number"):
        parse_recording(cut.encode(), name="x.csv")


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.text(max_size=8), max_size=30).map(
            lambda cells: ",".join(cells).encode()
        ),
    )
)
def test_whatever_follows_the_heading_only_named_errors_come(rest: bytes) -> None:
    with suppress(BadRecordingError):
        read = parse_recording((HEAD + BEATS).encode() + rest, name="x.csv")
        assert min(t_s for t_s, _ in read.packets) == 0


def test_the_heading_is_that_of_what_is_given(table: bytes) -> None:
    first = next(csv.reader(io.StringIO(table.decode())))
    assert ",".join(first).startswith(HEAD.strip())
