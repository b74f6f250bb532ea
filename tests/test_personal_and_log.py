"""What is held about one person is given to that one; who did what stands in a log."""

import csv
import json
from pathlib import Path

import pytest

from coreg.errors import StorageUnusable
from coreg.facts.events import (
    BatteryRead,
    Link,
    LinkChanged,
    Partner,
    Stream,
    StreamPacket,
    StreamTakenBack,
    Tapped,
)
from coreg.report.personal import heart_in, held_about, rest_in, streams_in
from coreg.store.audit import Line, What
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library, Purpose, check_library
from coreg.store.own_things import RatingKept, WordsKept
from coreg.store.session_corrections import session_corrections_path
from coreg.store.session_log import SessionLog
from tests.helpers.evening_server import CHEAP, NOW
from tests.helpers.library_rows import library_rows
from tests.helpers.sessions import (
    ENDED,
    OPENED,
    SESSION_ID,
    append_all,
    whole_session,
)
from tests.helpers.terminal import at_a_terminal
from tests.test_who_may_see import kept_evening

UTC = "2026-03-01T19:30:00+00:00"
A, B = Partner


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(data_folder(tmp_path / "data"), passcode_cost=CHEAP)
    library.keep_names("Adalgunde", "Bohumil")
    for partner, said in ((A, "only Ada's"), (B, "only Bo's")):
        library.own.choose(partner, "4711", now=NOW)
        library.keep_consent(partner, {Purpose.RECORD: True}, version=1, utc=UTC)
        library.keep_wish(partner, SESSION_ID, "mine", utc=UTC)
        words = WordsKept(session_id=SESSION_ID, block="rest", text=said, utc=UTC)
        library.own.keep(partner, words)
        library.keep_setting(f"strap of {partner}", f"strap-{partner}")
    return library


def test_it_is_all_of_one_and_nothing_of_the_other(library: Library) -> None:
    key = library.own.enter(A, "4711", now=NOW).key
    held = held_about(library, A, key)
    assert (held["name"], held["strap"]) == ("Adalgunde", "strap-A")
    assert [each["text"] for each in held["words"]] == ["only Ada's"]
    assert held["wishes"] == {SESSION_ID: "mine"}
    assert [each["purpose"] for each in held["agreed_to"]] == ["record"]
    told = json.dumps(held)
    for others in ("Bohumil", "only Bo's", "strap-B"):
        assert others not in told


def test_every_scale_of_a_rating_is_named_and_the_old_one_runs_the_other_way(
    library: Library,
) -> None:
    rating = RatingKept(
        session_id=SESSION_ID, moment="before", at_ease=4, awake=3, myself=6, utc=UTC
    )
    library.own.keep(A, rating)
    held = held_about(library, A, library.own.enter(A, "4711", now=NOW).key)
    (kept,) = held["ratings"]
    figures = kept.keys() - {"session_id", "moment", "utc"}
    assert held["scales"].keys() == figures
    # Akerstedt & Gillberg 1990: 1 is extremely alert, 9 fights sleep.
    assert "1 very alert" in held["scales"]["awake"]
    assert "10 wide awake" in held["scales"]["wide_awake"]


def test_a_heart_is_given_as_the_strap_sent_it(tmp_path: Path) -> None:
    path = tmp_path / "x.coreg"
    whole_session(path, count=9)  # six packets of B: 60 a minute, one RR of 1 s
    assert len(heart_in(path, A).splitlines()) == 1
    rows = list(csv.DictReader(heart_in(path, B).splitlines()))
    assert len(rows) == 6
    for row in rows:
        assert (row["heart_rate_bpm"], row["rr_ms"].split()[0]) == ("60", "1000.000")
        assert row["packet"].startswith("103c0004")


def test_so_are_ecg_and_acceleration(tmp_path: Path) -> None:
    path = tmp_path / "x.coreg"
    ecg, motion = (
        StreamPacket(t_ns=t_ns, partner=A, stream=stream, data=b"\x02\xff")
        for t_ns, stream in ((10**9, Stream.ECG), (2 * 10**9, Stream.ACCELERATION))
    )
    with SessionLog.create(path, OPENED) as log:
        append_all(log, [ecg, motion, ENDED])
    began_s = OPENED.t_ns / 1e9
    rows = list(csv.DictReader(streams_in(path, A).splitlines()))
    told = [(each["stream"], float(each["time_s"]) + began_s) for each in rows]
    assert told == [("ecg", 1.0), ("acceleration", 2.0)]
    assert {each["packet"] for each in rows} == {"02ff"}
    assert not streams_in(path, B)


def test_so_is_all_else_that_a_session_holds_of_one(tmp_path: Path) -> None:
    path = tmp_path / "x.coreg"
    of_a = LinkChanged(t_ns=10**9, partner=A, link=Link.LOST, detail="out of range")
    tap = Tapped(t_ns=2 * 10**9, partner=A)
    of_b = BatteryRead(t_ns=3 * 10**9, partner=B, percent=7)
    with SessionLog.create(path, OPENED) as log:
        append_all(log, [of_a, tap, of_b, ENDED])
    rest = rest_in(path, A)
    assert rest["strap"] == "one"
    began_s = OPENED.t_ns / 1e9
    told = [(each["kind"], each["time_s"] + began_s) for each in rest["events"]]
    assert told == [("LinkChanged", 1.0), ("Tapped", 2.0)]
    assert rest["events"][0]["detail"] == "out of range"
    assert [each["percent"] for each in rest_in(path, B)["events"]] == [7]
    json.dumps(rest, allow_nan=False)


def test_what_one_took_back_is_told_to_that_one_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.coreg"
    back = StreamTakenBack(t_ns=2 * 10**9, partner=A, stream=Stream.ACCELERATION)
    with SessionLog.create(path, OPENED) as log:
        append_all(log, [back, ENDED])
    (told,) = rest_in(path, A)["events"]
    assert (told["kind"], told["stream"]) == ("StreamTakenBack", "acceleration")
    assert rest_in(path, B)["events"] == []


def test_at_a_terminal_it_takes_the_passcode(tmp_path: Path) -> None:
    folder, _ = kept_evening(tmp_path / "data")
    Library(folder, passcode_cost=CHEAP).own.choose(A, "4711", now=NOW)
    out = tmp_path / "for-ada"
    command = ["export", "A", "--out", str(out), "--data-dir", str(folder)]
    status, said = at_a_terminal(command, "0815")
    assert (status, out.exists()) == (1, False)
    status, said = at_a_terminal(command, "4711")
    assert status == 0, said
    names = sorted(each.name for each in out.iterdir())
    assert names == [f"{SESSION_ID}-A.csv", f"{SESSION_ID}-A.json", "coreg-A.json"]
    told = json.loads((out / "coreg-A.json").read_text())
    assert [each["what"] for each in told["log"]] == ["exported"]


def test_what_a_therapist_corrected_of_a_heart_is_given_to_whose_it_is(
    tmp_path: Path,
) -> None:
    folder, _ = kept_evening(tmp_path / "data")
    Library(folder, passcode_cost=CHEAP).own.choose(A, "4711", now=NOW)
    path = session_path(folder, SESSION_ID)
    for partner in Partner:
        text = f"# corrections of {partner}\n"
        session_corrections_path(path, partner).write_text(text, encoding="utf-8")
    out = tmp_path / "for-ada"
    command = ["export", "A", "--out", str(out), "--data-dir", str(folder)]
    status, said = at_a_terminal(command, "4711")
    assert status == 0, said
    (given,) = out.glob("*.corrections.toml")
    assert given.read_text(encoding="utf-8") == "# corrections of A\n"


# --- the log ----------------------------------------------------------------------


def line(number: int, whose: str = "both") -> Line:
    return Line(utc=UTC, what=What.OPENED, whose=whose, session_id=f"s{number}")


def test_it_only_grows_and_says_what_was_done(library: Library) -> None:
    for number in range(5):
        library.audit.add(line(number))
    assert library.audit.lines() == [line(number) for number in range(5)]
    library.audit.add(line(7, "A"))
    library.erase_session("s2")
    library.erase_person(A)
    lines = library.audit.lines()
    assert [each.session_id for each in lines] == ["s0", "s1", "", "s3", "s4", ""]
    assert (lines[2].whose, lines[5].whose) == ("", "")  # and of whom, nobody learns
    library.erase_everything()
    assert library.audit.lines() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET session_id = 's9' WHERE number = 2",
        "UPDATE audit SET utc = '' WHERE number = 4",
        "DELETE FROM audit WHERE number = 2",
        "DELETE FROM audit WHERE number = 1",
        "UPDATE audit SET number = 9 WHERE number = 4",
        "UPDATE audit SET what = 'erased' WHERE number = 3",
        "DELETE FROM audit WHERE number = 4",
    ],
)
def test_a_line_that_was_changed_or_taken_away_shows(
    tmp_path: Path, change: str
) -> None:
    folder = data_folder(tmp_path)
    library = Library(folder)
    for number in range(4):
        library.audit.add(line(number))
    with library_rows(folder) as db:
        db.execute(change)
    with pytest.raises(StorageUnusable, match="not as it was written"):
        library.audit.lines()
    found = check_library(folder)
    assert found is not None
    assert not found.is_well


def test_what_was_done_with_ones_own_is_nobody_elses_business(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data")
    library = Library(folder, passcode_cost=CHEAP)
    library.own.choose(A, "4711", now=NOW)
    for number, whose in enumerate(("both", "A", "B", "therapist")):
        library.audit.add(line(number, whose))
    session_path(folder, SESSION_ID)
    command = ["log", "--data-dir", str(folder)]
    _, said = at_a_terminal(command)
    assert [name in said for name in ("s0", "s1", "s2", "s3")] == [
        True,
        False,
        False,
        True,
    ]
    _, said = at_a_terminal([*command, "--person", "A"], "4711")
    assert [name in said for name in ("s0", "s1", "s2", "s3")] == [
        True,
        True,
        False,
        True,
    ]
    status, said = at_a_terminal([*command, "--person", "A"], "0815")
    assert (status, "s1" in said) == (1, False)
