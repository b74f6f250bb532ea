"""Marks of imported files: kept in the session, told, shown to whom they may be."""

import json
from pathlib import Path

import edfio
import pytest
import pyxdf

from coreg.cli import main
from coreg.facts.events import NS_PER_S, FileMarked, Partner
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.store.library import find_session
from coreg.store.one_heart import without_heart
from coreg.store.reader import read_session
from tests.test_importing import rows_of

Pair = tuple[Path, Path]
OF_A = {20.0: "argument begins", 60.5: "<b>hug</b>\u202e", 1e6: "never"}


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Two people on one clock; A's app has marks, at the first beat after each time."""
    folder = tmp_path_factory.mktemp("marked")
    paths = (folder / "a.csv", folder / "b.csv")
    both = rows_of(SimulatedCouple(seed=5)).values()
    for path, rows, marks in zip(paths, both, (OF_A, {}), strict=True):
        lines = ["arrival_s,rr_ms,marker"]
        due = dict(sorted(marks.items()))
        for t_s, rr in rows:
            said = next((at_s for at_s in due if at_s <= t_s), None)
            word = due.pop(said) if said is not None else ""
            lines.append(f"{t_s:.6f},{rr:.6f},{word}")
        path.write_text("\n".join(lines), encoding="utf-8")
    return paths


def imported(
    pair: Pair, data: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[str, str]:
    assert main(["import", *map(str, pair), "--data-dir", str(data), *options]) == 0
    done = capsys.readouterr()
    return done.out.strip(), done.err


def marks_in(data: Path, name: str) -> list[FileMarked]:
    facts = (each.fact for each in read_session(find_session(data, name)).events)
    return [each for each in facts if isinstance(each, FileMarked)]


def test_an_import_keeps_each_mark_at_its_time_and_says_how_many(
    marked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, said = imported(marked, tmp_path, capsys)
    marks = marks_in(tmp_path, name)
    assert [each.label for each in marks] == ["argument begins", "<b>hug</b>\\u202e"]
    assert {each.partner for each in marks} == {Partner.A}
    assert marks[1].t_ns - marks[0].t_ns == pytest.approx(40.5 * NS_PER_S, abs=2e9)
    assert "a.csv: 2 marks of its own are kept" in said
    assert "b.csv: no marks of its own" in said
    assert main(["replay", name, "--data-dir", str(tmp_path)]) == 0
    assert "identical" in capsys.readouterr().out


def test_marks_are_left_out_where_it_is_asked_for(
    marked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, said = imported(marked, tmp_path, capsys, "--marks", "leave")
    assert marks_in(tmp_path, name) == []
    assert "a.csv: 2 marks of its own were left out, as you asked" in said


def test_marks_outside_of_the_time_of_both_are_named(
    marked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = tmp_path / "late.csv"
    heading, *rows = marked[1].read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if float(row.split(",")[0]) > 40]
    late.write_text("\n".join([heading, *kept]), encoding="utf-8")
    name, said = imported((marked[0], late), tmp_path, capsys)
    (mark,) = marks_in(tmp_path, name)
    assert mark.label.startswith("<b>hug")
    assert "a.csv: 1 mark of its own is kept" in said
    assert "a.csv: 1 mark lies outside the time" in said


def test_the_therapists_sheet_shows_marks_and_obeys_none(
    marked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, _ = imported(marked, tmp_path, capsys)
    out = tmp_path / "pages"
    report = ["report", name, "--format", "html", "--out", str(out)]
    assert main([*report, "--data-dir", str(tmp_path)]) == 0
    (page,) = out.glob("*.html")
    shown = page.read_text(encoding="utf-8")
    assert "Marks of the imported files" in shown
    assert "argument begins" in shown
    assert "&lt;b&gt;hug&lt;/b&gt;" in shown
    assert "<b>hug" not in shown


def test_exports_give_a_partners_marks_with_that_partners_heart_alone(
    marked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, _ = imported(marked, tmp_path, capsys)
    times_s = [each.t_ns / NS_PER_S for each in marks_in(tmp_path, name)]

    def exported(format_: str, partner: str) -> Path:
        out = tmp_path / f"{format_}-{partner}"
        options = ["--format", format_, "--partner", partner, "--out", str(out)]
        assert main(["export", name, "--data-dir", str(tmp_path), *options]) == 0
        return out

    (edf,) = exported("edf", "A").glob("*.edf")
    onsets_s = {each.text: each.onset for each in edfio.read_edf(edf).annotations}
    begun_s = onsets_s["part 1: both recordings"]  # which the session opens with
    assert onsets_s["argument begins"] - begun_s == pytest.approx(times_s[0], abs=1e-3)
    (xdf,) = exported("xdf", "A").glob("*.xdf")
    streams, _ = pyxdf.load_xdf(xdf)
    (of_file,) = [
        each for each in streams if each["info"]["name"][0] == "coreg marks of file A"
    ]
    assert of_file["time_series"][0] == ["argument begins"]
    assert of_file["time_stamps"][0] == pytest.approx(times_s[0], abs=1e-6)
    (events,) = exported("bids", "A").rglob("*_events.tsv")
    heading, *rows = events.read_text(encoding="utf-8").splitlines()
    assert heading.split("\t")[-1] == "mark"
    assert [row.split("\t")[-1] for row in rows if "\tmark\t" in row] == [
        *("argument begins", "<b>hug</b>\\u202e"),
    ]
    for path in exported("xdf", "B").rglob("*"):
        assert b"argument" not in path.read_bytes()


def test_marks_go_with_the_heart_that_is_erased(
    marked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, _ = imported(marked, tmp_path, capsys)
    events = read_session(find_session(tmp_path, name)).events
    for erased, left in ((Partner.A, 0), (Partner.B, 2)):
        facts = [each.fact for each in without_heart(events, erased)]
        assert sum(isinstance(each, FileMarked) for each in facts) == left


def test_sessions_name_the_files_and_synchrony_the_marks_that_it_does_not_use(
    marked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, _ = imported(marked, tmp_path, capsys)
    in_folder = ["--data-dir", str(tmp_path)]
    assert main(["sessions", *in_folder]) == 0
    listed = capsys.readouterr().out
    assert "a.csv" in listed
    assert "b.csv" in listed
    assert main(["sessions", "--json", *in_folder]) == 0
    (session,) = json.loads(capsys.readouterr().out)["sessions"]
    assert [each.split(" ")[0] for each in session["files"]] == ["a.csv", "b.csv"]
    test = ["synchrony", name, "--surrogates", "99", *in_folder]
    assert main([*test, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file_marks"] == {"A": 2, "B": 0}
    assert told["file_marks_used"] is False
    assert main(test) == 0
    assert "2 in A’s, 0 in B’s. The test doesn’t use them." in capsys.readouterr().out
