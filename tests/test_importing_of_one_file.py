"""Importing both people out of one file, twice, alone, and with what is said of it."""

from pathlib import Path

import pytest

from coreg.cli import main
from coreg.errors import BadRecordingError
from coreg.facts.events import Intervals, Partner
from coreg.findings.pair import pair_summary
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Recording
from coreg.session.recorded_pair import expect_one_clock
from coreg.store.folder import sessions_folder
from coreg.store.library import find_session, list_sessions
from coreg.store.reader import read_session
from coreg.words import ENGLISH, speak
from tests.helpers.two_in_one_file import hearts_ms, unlike

HEADING = "Phone timestamp;RR-interval [ms]"


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """Anna and Ben, row by row, on one clock."""
    rows = sorted(
        (round(t_ms / 1000, 3), name, rr_ms)
        for name, shift in (("anna", 0), ("ben", 1))
        for t_ms, rr_ms in hearts_ms(shift)
    )
    path = tmp_path / "both.csv"
    lines = [f"{t_s:.3f},{name},{rr_ms}" for t_s, name, rr_ms in rows]
    path.write_text("\n".join(["arrival_s,person,rr_ms", *lines]), encoding="utf-8")
    return path


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """Two columns, a row for each pair of beats, and no time."""
    path = tmp_path / "beside.csv"
    rows = zip(hearts_ms(0), hearts_ms(1), strict=True)
    lines = [f"{a},{b}" for (_, a), (_, b) in rows]
    path.write_text("\n".join(["left_rr_ms,right_rr_ms", *lines]), encoding="utf-8")
    return path


def kept_ms(data: Path, name: str) -> dict[Partner, list[float]]:
    found: dict[Partner, list[float]] = {partner: [] for partner in Partner}
    for event in read_session(find_session(data, name)).events:
        if isinstance(event.fact, Intervals):
            found[event.fact.partner].extend(event.fact.rr_ms)
    return found


def imported(data: Path, *given: str | Path) -> int:
    return main(["import", *map(str, given), "--data-dir", str(data)])


def test_two_people_out_of_one_file_are_a_session_of_both(
    both: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert imported(data, both, "--person", "ben", "--person", "anna") == 0
    name = capsys.readouterr().out.strip()
    kept = kept_ms(data, name)
    assert kept[Partner.A][10:20] == [rr for _, rr in hearts_ms(1)][10:20]
    assert set(kept[Partner.B]) <= {rr for _, rr in hearts_ms(0)}
    streams = read_session(find_session(data, name)).opened.straps.streams
    assert [each.split(" (")[0] for each in streams] == [
        "both.csv, ben",
        "both.csv, anna",
    ]


def test_two_columns_of_one_file_are_two_people(
    beside: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    columns = ("--column", "right_rr_ms", "--column", "1")
    assert imported(data, beside, *columns, "--offset-s", "0") == 0
    kept = kept_ms(data, capsys.readouterr().out.strip())
    assert set(kept[Partner.A]) <= {rr for _, rr in hearts_ms(1)}
    assert set(kept[Partner.B]) <= {rr for _, rr in hearts_ms(0)}


def test_one_column_named_once_is_that_of_both_files(
    beside: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    rows = [f"{rr},{unlike(rr)}" for _, rr in hearts_ms(2)]
    other.write_text("\n".join(["left_rr_ms,right_rr_ms", *rows]), encoding="utf-8")
    data = tmp_path / "data"
    given = (beside, other, "--column", "left_rr_ms", "--offset-s", "0")
    assert imported(data, *given) == 0
    kept = kept_ms(data, capsys.readouterr().out.strip())
    assert set(kept[Partner.A]) <= {rr for _, rr in hearts_ms(0)}
    assert set(kept[Partner.B]) <= {rr for _, rr in hearts_ms(2)}


def test_a_phone_that_stamped_both_is_one_clock_and_claims_no_resolution(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begins_ms = 10 * 3_600_000
    rows = sorted(
        (begins_ms + t_ms, name, rr)
        for name, shift in (("anna", 0), ("ben", 1))
        for t_ms, rr in hearts_ms(shift)
        if name == "anna" or t_ms > 30_000
    )
    lines = [f"{_of_day(t_ms)};{name};{rr}" for t_ms, name, rr in rows]
    path = tmp_path / "phone.csv"
    heading = "Phone timestamp;person;RR-interval [ms]"
    path.write_text("\n".join([heading, *lines]), encoding="utf-8")
    data = tmp_path / "data"
    assert imported(data, path, "--person", "anna", "--person", "ben") == 0
    session = read_session(find_session(data, capsys.readouterr().out.strip()))
    first: dict[Partner, Intervals] = {}
    for event in session.events:
        if isinstance(event.fact, Intervals):
            first.setdefault(event.fact.partner, event.fact)
    # Ben's first beat after the thirtieth second is where both begin.
    of_ben = next((t, rr) for t, rr in hearts_ms(1) if t > 30_000)
    of_anna = next((t, rr) for t, rr in hearts_ms(0) if t >= of_ben[0])
    assert first[Partner.B].rr_ms == (of_ben[1],)
    assert first[Partner.A].rr_ms == (of_anna[1],)
    apart_ms = (first[Partner.A].t_ns - first[Partner.B].t_ns) / 1e6
    assert apart_ms == pytest.approx(of_anna[0] - of_ben[0])
    straps = session.opened.straps
    assert straps.lag_resolution_s != straps.lag_resolution_s  # NaN: none is known


def _of_day(t_ms: float) -> str:
    seconds, ms = divmod(round(t_ms), 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{ms:03d}"


def test_one_recording_alone_is_refused_with_what_to_do(
    both: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert imported(data, both, "--person", "anna") == 1
    said = capsys.readouterr().err
    assert "one heart" in said
    assert "--person NAME --person NAME" in said
    assert "coreg analyze" in said
    assert not sessions_folder(data).exists()


def test_the_same_import_again_names_the_session_that_is_there(
    both: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    given = ("--person", "anna", "--person", "ben")
    assert imported(data, both, *given) == 0
    first = capsys.readouterr().out.strip()
    copy = both.with_name("renamed.csv")
    copy.write_bytes(both.read_bytes())
    assert imported(data, copy, *given) == 0
    again = capsys.readouterr()
    assert again.out.strip() == first
    assert "already" in again.err
    assert first in again.err
    assert len(list_sessions(data)) == 1
    # Other people's places, or another offset, are another session.
    assert imported(data, both, "--person", "ben", "--person", "anna") == 0
    assert imported(data, both, *given, "--offset-s", "1") == 0
    assert len(list_sessions(data)) == 3


def test_what_came_of_an_import_is_said(
    both: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    given = (both, "--person", "anna", "--person", "ben", "--offset-s", "-20")
    assert imported(data, *given) == 0
    said = capsys.readouterr()
    name = said.out.strip()
    assert name in said.err
    assert f"coreg report {name}" in said.err
    assert f"coreg replay {name}" in said.err
    assert "you gave" in said.err  # whence the offset
    recorded = [parse_of(both, who) for who in ("anna", "ben")]
    starts = (recorded[0].arrivals_s[0], recorded[1].arrivals_s[0] - 20)
    ends = (recorded[0].arrivals_s[-1], recorded[1].arrivals_s[-1] - 20)
    minutes, seconds = divmod(round(min(ends) - max(starts)), 60)
    assert f"{minutes} min {seconds} s" in said.err.replace("\xa0", " ")


def parse_of(path: Path, person: str) -> Recording:
    from coreg.sensors.recordings.reading import read_recording  # noqa: PLC0415
    from coreg.sensors.recordings.source import Wanted  # noqa: PLC0415

    return read_recording(path, Wanted(person=person))


def test_what_a_reader_remarked_is_said_of_the_file_it_is_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{rr}" for _, rr in hearts_ms(0)]
    a, b = tmp_path / "a.txt", tmp_path / "b.txt"
    a.write_text("\n".join(rows), encoding="utf-8")
    other = [f"{rr}" for _, rr in hearts_ms(1)]
    other[7] = "NaN"
    b.write_text("\n".join(other), encoding="utf-8")
    assert imported(tmp_path / "data", a, b, "--offset-s", "0") == 0
    said = capsys.readouterr().err
    assert "b.txt: Some values are missing" in said
    assert "a.txt: Some values" not in said
    # Nobody knows when these were: beats lost on the way move what comes after.
    assert "a.txt: " in said
    assert "no times of its own" in said


def stamped(first: str) -> str:
    hours, minutes, seconds = (float(each) for each in first.split(":"))
    begins_ms = 1000 * (3600 * hours + 60 * minutes + seconds)
    day_ms = 86_400_000
    rows = [f"{_of_day((begins_ms + t_ms) % day_ms)};{rr}" for t_ms, rr in hearts_ms(0)]
    return "\n".join([HEADING, *rows])


def named(text: str, name: str) -> Recording:
    return parse_recording(text.encode(), name=name)


def test_clocks_on_either_side_of_midnight_are_minutes_apart() -> None:
    a, b = named(stamped("23:59:00"), "a.txt"), named(stamped("0:01:00"), "b.txt")
    with pytest.raises(BadRecordingError, match=r"--offset-s 120\.000"):
        expect_one_clock(a, b)


def test_no_offset_is_offered_that_leaves_nothing_in_common() -> None:
    a, b = named(stamped("10:00:00"), "a.txt"), named(stamped("15:00:00"), "b.txt")
    with pytest.raises(BadRecordingError) as refused:
        expect_one_clock(a, b)
    assert "--offset-s 1" not in str(refused.value)
    assert "5:00:00" in str(refused.value)


def test_times_since_each_ones_own_start_are_not_offered_as_a_time_of_day() -> None:
    a, b = named(stamped("0:00:01"), "a.txt"), named(stamped("0:00:03"), "b.txt")
    with pytest.raises(BadRecordingError) as refused:
        expect_one_clock(a, b)
    assert "--offset-s 2" not in str(refused.value)


def test_the_file_that_has_no_clock_is_the_one_that_is_named() -> None:
    rows = "\n".join(f"{t / 1000:.3f},{rr}" for t, rr in hearts_ms(0))
    clocked = named(f"arrival_s,rr_ms\n{rows}", "clocked.csv")
    bare = named("\n".join(f"{rr}" for _, rr in hearts_ms(1)), "bare.txt")
    session = named(
        "session,partner,t_s,rr_ms,nn_ms,label\n"
        + "\n".join(f"one,A,{t / 1000:.3f},{rr},{rr},normal" for t, rr in hearts_ms(2)),
        "session.csv",
    )
    for a, b in ((session, bare), (bare, session), (clocked, bare), (bare, clocked)):
        with pytest.raises(BadRecordingError) as refused:
            expect_one_clock(a, b)
        assert str(refused.value).startswith("bare.txt")
    with pytest.raises(BadRecordingError) as refused:
        expect_one_clock(session, clocked)
    assert "session.csv and clocked.csv" in str(refused.value)
    assert "does not say when" not in str(refused.value)


def test_beats_of_two_sessions_are_not_compared_as_if_on_one_clock() -> None:
    a, b = (
        named(
            "session,partner,t_s,rr_ms,nn_ms,label\n"
            + "\n".join(
                f"{name},A,{t / 1000:.3f},{rr},{rr},normal" for t, rr in hearts_ms(of)
            ),
            f"{name}.csv",
        )
        for name, of in (("one", 0), ("two", 1))
    )
    with pytest.raises(BadRecordingError, match=r"one\.csv and two\.csv"):
        pair_summary(a, b)


def test_one_heart_written_in_two_ways_is_still_one_heart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = tmp_path / "a.txt", tmp_path / "b.txt"
    a.write_text("\n".join(f"{rr}" for _, rr in hearts_ms(0)), encoding="utf-8")
    seconds = "\n".join(f"{rr / 1000:.3f}" for _, rr in hearts_ms(0))
    b.write_text(seconds, encoding="utf-8")
    assert imported(tmp_path / "data", a, b, "--offset-s", "3") == 1
    assert "same heartbeats" in capsys.readouterr().err


def test_a_german_terminal_hears_german_alone(
    both: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COREG_LANGUAGE", "de")
    try:
        given = (both, "--person", "anna", "--person", "ben", "--offset-s", "5")
        assert imported(tmp_path / "data", *given) == 0
        said = capsys.readouterr().err
        assert imported(tmp_path / "data", both, "--person", "anna") == 1
        said += capsys.readouterr().err
    finally:
        speak(ENGLISH)
    for word in ("Imported", "moved by", "recording", " and ", "heart", "the "):
        assert word not in said
    assert "verschoben" in said
