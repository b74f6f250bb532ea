"""The researcher's table: figures by hand, units in names, and who is asked."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from coreg.analysis.hrv import FLOORS
from coreg.cli import main
from coreg.facts.events import Partner, Source
from coreg.findings.reading import summary_of
from coreg.store.erasing import erase_partner
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library
from tests.helpers.evening_server import CHEAP, NOW
from tests.helpers.planted_session import before_hole, record, recorded_ms
from tests.helpers.sessions import SESSION_ID, raw_damage
from tests.helpers.terminal import at_a_terminal
from tests.test_export_asks import CODES, release

A, B = Partner
SECOND = "20260302-193000-7f3b"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("planted") / "planted.coreg")


@pytest.fixture(scope="module")
def out(session: Path) -> Path:
    folder = session.parent / "study"
    for form in ("csv", "json"):
        said = ["export", str(session), "--table", form, "--out", str(folder)]
        assert main(said) == 0
    return folder


def rows_in(out: Path) -> list[dict[str, str]]:
    text = (out / "coreg-sessions.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def by_hand(partner: Partner) -> tuple[float, float]:
    """Mean and RMSSD of what was planted, over true neighbours only.

    The first interval after the hole counts for nothing: it may have begun in it.
    """
    intervals = np.array(recorded_ms(partner))
    if partner is A:
        intervals[before_hole(A)] = np.nan
    steps = np.diff(intervals)
    return float(np.nanmean(intervals)), float(np.sqrt(np.nanmean(steps**2)))


@pytest.mark.parametrize("partner", Partner)
@pytest.mark.parametrize("scope", ["practice", "part"])
def test_figures_are_those_of_what_was_planted(
    out: Path, partner: Partner, scope: str
) -> None:
    (row,) = (
        each
        for each in rows_in(out)
        if (each["partner"], each["scope"]) == (partner, scope)
    )
    mean_ms, rmssd_ms = by_hand(partner)
    assert float(row["mean_nn_ms"]) == pytest.approx(mean_ms, rel=1e-9)
    assert float(row["rmssd_ms"]) == pytest.approx(rmssd_ms, rel=1e-9)
    assert int(row["beats"]) == len(recorded_ms(partner))
    # Two minutes are too short for very low frequencies (docs/measures.md).
    assert row["vlf_ms2"] == ""
    assert "vlf_ms2: needs 300 s" in row["why_empty"]
    if scope == "practice":
        assert (row["gaps"], row["part"]) == ("1" if partner is A else "0", "")
    else:
        assert (row["gaps"], row["part"], row["part_name"]) == ("", "1", "Arrive")


def test_what_is_of_both_stands_the_same_in_both_rows_and_as_synchrony_says(
    session: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["synchrony", str(session), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    of_part = [row for row in rows_in(out) if row["scope"] == "part"]
    pairs = [{n: v for n, v in r.items() if n.startswith("pair_")} for r in of_part]
    assert pairs[0] == pairs[1]
    (part,) = told["parts"]
    assert pairs[0]["pair_answer"] == part["answer"]
    assert float(pairs[0]["pair_r"]) == part["r"]
    assert int(pairs[0]["pair_seed"]) == told["seed"]
    whole = next(row for row in rows_in(out) if row["scope"] == "practice")
    assert float(whole["pair_p_hr"]) == told["p_hr"]


def test_each_column_is_defined_and_each_figure_has_its_floor(out: Path) -> None:
    columns = json.loads((out / "coreg-sessions-columns.json").read_text())["columns"]
    assert [each["name"] for each in columns] == list(rows_in(out)[0])
    told = {each["name"]: each for each in columns}
    assert all(each["definition"] for each in columns)
    assert all(told[name]["floor"] for name in FLOORS)
    assert told["lf_ms2"]["floor"].startswith("120 s of clean intervals, ")
    for name, each in told.items():
        unit = re.search(r"_(s|ms|hz|bpm|pct|ms2)$", name)
        assert bool(each.get("unit")) or unit is None, name


def test_json_says_the_same_with_null_for_what_is_not_known(out: Path) -> None:
    told = json.loads((out / "coreg-sessions.json").read_text())
    for row, written in zip(told["rows"], rows_in(out), strict=True):
        assert list(row) == list(written)
        for name, value in row.items():
            cell = written[name]
            if value is None:
                assert cell == ""
            else:
                assert (cell if isinstance(value, str) else float(cell)) == value


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a session of the main practice, and its table in `study`."""
    folder = tmp_path_factory.mktemp("simulated")
    assert main(["simulate", "--out", str(folder), "--minutes", "1"]) == 0
    session, study = str(folder / "couple-0001.coreg"), str(folder / "study")
    assert main(["export", session, "--table", "csv", "--out", study]) == 0
    return folder


def test_of_a_part_in_which_people_talk_there_is_the_heart_level_alone(
    simulated: Path,
) -> None:
    rows = rows_in(simulated / "study")
    of_kind = {row["part_kind"]: row for row in rows if row["partner"] == "A"}
    spoken, whole = of_kind["words"], of_kind[""]
    assert float(spoken["mean_hr_bpm"]) > 40
    assert (spoken["rmssd_ms"], spoken["hf_ms2"]) == ("", "")
    assert "rmssd_ms: people talk in this part" in spoken["why_empty"]
    quiet_s = sum(
        float(row["clean_s"])
        for kind, row in of_kind.items()
        if kind not in {"", "words"}
    )
    assert float(whole["clean_s"]) == pytest.approx(quiet_s, abs=1e-6)


@pytest.mark.parametrize("partner", Partner)
def test_a_part_has_the_figures_of_its_row_on_the_therapists_sheet(
    simulated: Path, partner: Partner
) -> None:
    rows = rows_in(simulated / "study")
    of_parts = [r for r in rows if (r["partner"], r["scope"]) == (partner, "part")]
    summary = summary_of(simulated / "couple-0001.coreg")
    (heart,) = (each for each in summary.hearts if each.partner is partner)
    for row, level in zip(of_parts, heart.levels, strict=True):
        assert float(row["mean_hr_bpm"]) == pytest.approx(level.mean_hr_bpm)
        if row["part_kind"] != "words":
            assert float(row["rmssd_ms"]) == pytest.approx(level.rmssd_ms)


# --- whose it is --------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two evenings of two people; only the first was opened by both."""
    folder = data_folder(tmp_path / "data")
    for name in (SESSION_ID, SECOND):
        record(session_path(folder, name), source=Source.STRAPS, session_id=name)
    library = Library(folder, passcode_cost=CHEAP)
    for partner, code in CODES.items():
        library.own.choose(partner, code, now=NOW)
    release(folder, *Partner)
    return folder


def command(folder: Path, out: Path) -> list[str]:
    asked = ["export", "--table", "csv", "--out", str(out)]
    return [*asked, "--data-dir", str(folder)]


def test_a_table_asks_both_and_holds_what_both_opened(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "study"
    status, said = at_a_terminal(command(folder, out), CODES[A], CODES[A])
    assert (status, out.exists()) == (1, False), said
    status, said = at_a_terminal(command(folder, out), CODES[A], CODES[B])
    assert status == 0, said
    assert {row["session"] for row in rows_in(out)} == {SESSION_ID}
    assert f"{SECOND} isn't in it" in said
    (line,) = Library(folder).audit.lines()
    assert (line.what, line.whose) == ("exported", "both")


def test_what_either_set_aside_is_in_no_table_and_not_named(
    folder: Path, tmp_path: Path
) -> None:
    Library(folder).keep_aside(SESSION_ID)
    status, said = at_a_terminal(
        command(folder, tmp_path / "study"), CODES[A], CODES[B]
    )
    assert status == 1
    assert "No session can be put into the table" in said
    assert SESSION_ID not in said.replace(str(tmp_path), "")


def test_a_table_asks_nobody_for_the_passcode_that_went_with_a_heart(
    folder: Path, tmp_path: Path
) -> None:
    erase_partner(folder, Library(folder), B)
    status, said = at_a_terminal(command(folder, tmp_path / "study"))
    assert status == 1
    assert "One heart of this session was erased" in said
    assert "No session can be put into the table" in said
    assert "passcode" not in said


def test_nobody_is_passed_over_where_nobody_can_be_asked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(folder, tmp_path / "study")) == 1
    assert "typed at a terminal" in capsys.readouterr().err
    assert not (tmp_path / "study").exists()


def test_a_damaged_session_is_in_the_table_as_far_as_it_reads(
    tmp_path: Path,
) -> None:
    path = record(tmp_path / "torn.coreg")
    raw_damage(path, "DELETE FROM event WHERE seq = 700")
    out = tmp_path / "study"
    assert main(["export", str(path), "--table", "csv", "--out", str(out)]) == 0
    whole = next(row for row in rows_in(out) if row["scope"] == "practice")
    assert whole["is_damaged"] == "1"
    assert 10 < int(whole["beats"]) < len(recorded_ms(A))
