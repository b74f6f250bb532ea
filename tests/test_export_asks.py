"""What goes out is asked of whose it is: of one, and of both for what is of both."""

import csv
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.errors import HeartGone
from coreg.facts.events import Partner, Source
from coreg.findings.beat_rows import session_rows
from coreg.findings.reading import summary_of
from coreg.store.erasing import erase_partner
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library, Purpose
from coreg.store.release import CONSENT_VERSION, Wish
from coreg.store.session_corrections import session_corrections_path
from tests.helpers.evening_server import CHEAP, NOW
from tests.helpers.planted_session import record, recorded_ms
from tests.helpers.sessions import SESSION_ID
from tests.helpers.terminal import at_a_terminal

A, B = Partner
UTC = "2026-03-01T19:30:00+00:00"
CODES = {A: "4711", B: "a boat at noon"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one evening of two people who chose a passcode each."""
    folder = data_folder(tmp_path / "data")
    record(session_path(folder, SESSION_ID), source=Source.STRAPS)
    library = Library(folder, passcode_cost=CHEAP)
    for partner, code in CODES.items():
        library.own.choose(partner, code, now=NOW)
    return folder


def release(folder: Path, *partners: Partner) -> None:
    library = Library(folder)
    agreed = {Purpose.RECORD: True, Purpose.SHOW_PARTNER: True}
    for partner in partners:
        library.keep_consent(partner, agreed, version=CONSENT_VERSION, utc=UTC)
        library.keep_wish(partner, SESSION_ID, Wish.OURS, utc=UTC)


def command(folder: Path, out: Path, partner: str) -> list[str]:
    asked = ["export", "last", "--format", "csv", "--partner", partner]
    return [*asked, "--out", str(out), "--data-dir", str(folder)]


def test_one_heart_takes_its_own_passcode_and_no_other(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    status, said = at_a_terminal(command(folder, out, "A"), CODES[B])
    assert (status, out.exists()) == (1, False), said
    status, said = at_a_terminal(command(folder, out, "A"), CODES[A])
    assert status == 0, said
    table = csv.DictReader((out / f"{SESSION_ID}-A-beats.csv").read_text().splitlines())
    assert [float(row["rr_ms"]) for row in table] == recorded_ms(A)
    (line,) = Library(folder).audit.lines()
    assert (line.what, line.whose, line.session_id) == ("exported", "A", SESSION_ID)


def test_an_export_says_that_it_goes_without_corrections_of_that_heart_alone(
    folder: Path, tmp_path: Path
) -> None:
    place = session_corrections_path(session_path(folder, SESSION_ID), A)
    place.write_text("", encoding="utf-8")
    for partner, says_so in ((A, True), (B, False)):
        out = tmp_path / partner
        status, said = at_a_terminal(command(folder, out, partner), CODES[partner])
        assert status == 0, said
        assert ("corrected by hand" in " ".join(said.split())) is says_so


def test_both_take_both_passcodes_and_that_each_opened_it(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    both = command(folder, out, "both")
    status, said = at_a_terminal(both, CODES[A], CODES[B])
    assert (status, out.exists()) == (1, False)
    assert "only where both partners opened them" in " ".join(said.split())
    release(folder, A)
    status, said = at_a_terminal(both, CODES[A], CODES[B])
    assert (status, out.exists()) == (1, False), said
    release(folder, B)
    status, said = at_a_terminal(both, CODES[A], CODES[A])
    assert (status, out.exists()) == (1, False), said
    status, said = at_a_terminal(both, CODES[A], CODES[B])
    assert status == 0, said
    assert sorted(each.name for each in out.iterdir()) == [
        f"{SESSION_ID}-both-beats.csv",
        f"{SESSION_ID}-both-beats.json",
    ]


@pytest.mark.parametrize("partner", ["A", "both"])
def test_nobody_is_passed_over_where_nobody_can_be_asked(
    folder: Path, tmp_path: Path, partner: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(command(folder, out, partner)) == 1
    assert "typed at a terminal" in capsys.readouterr().err
    assert not out.exists()


def test_a_session_of_two_people_without_their_library_stays_shut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record(tmp_path / "alone.coreg", source=Source.STRAPS)
    said = ["export", str(path), "--format", "csv", "--partner", "A"]
    elsewhere = ["--data-dir", str(tmp_path / "none")]
    assert main([*said, "--out", str(tmp_path / "out"), *elsewhere]) == 1
    assert "takes the passcode that A had" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_is_locked_takes_the_passphrase_first(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "four words we remember"
    status, said = at_a_terminal(["lock", "--data-dir", str(folder)], words, words)
    assert status == 0, said
    out = tmp_path / "out"
    assert main(command(folder, out, "A")) == 1
    assert "is locked" in capsys.readouterr().err
    status, said = at_a_terminal(command(folder, out, "A"), words, CODES[A])
    assert status == 0, said
    table = csv.DictReader((out / f"{SESSION_ID}-A-beats.csv").read_text().splitlines())
    assert [float(row["rr_ms"]) for row in table] == recorded_ms(A)


def test_of_an_erased_heart_nothing_is_given_and_the_other_one_stays(
    folder: Path,
) -> None:
    library = Library(folder, passcode_cost=CHEAP)
    erase_partner(folder, library, A)
    path = session_path(folder, SESSION_ID)
    summary = summary_of(path)
    for asked in ((A,), (A, B)):
        with pytest.raises(HeartGone, match="was erased"):
            session_rows(path.stem, summary, asked)
    (heart,) = session_rows(path.stem, summary, (B,)).hearts
    assert [each.rr_ms for each in heart.beats] == recorded_ms(B)


def test_another_libraries_passcode_opens_no_heart_of_a_file_from_elsewhere(
    folder: Path, tmp_path: Path
) -> None:
    """Who holds a file and chose a passcode elsewhere is not its wearer by that."""
    other = data_folder(tmp_path / "other")
    library = Library(other, passcode_cost=CHEAP)
    library.own.choose(A, "not A at all", now=NOW)
    loose = tmp_path / f"{SESSION_ID}.coreg"
    loose.write_bytes(session_path(folder, SESSION_ID).read_bytes())
    out = tmp_path / "out"
    asked = ["export", str(loose), "--format", "csv", "--partner", "A"]
    asked += ["--out", str(out)]
    elsewhere = [*asked, "--data-dir", str(other)]
    status, said = at_a_terminal(elsewhere, "not A at all")
    assert (status, out.exists()) == (1, False), said
    assert "another data folder" in " ".join(said.split())
    page = ["report", str(loose), "--pages", "A", "--format", "html"]
    page += ["--out", str(out), "--data-dir", str(other)]
    status, said = at_a_terminal(page, "not A at all")
    assert (status, list(out.glob("*"))) == (1, []), said
    # A copy of an evening of this folder is its wearer's as the evening itself is.
    status, said = at_a_terminal([*asked, "--data-dir", str(folder)], CODES[A])
    assert status == 0, said
    assert len(list(out.glob("*-A-beats.csv"))) == 1
