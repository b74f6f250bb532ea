"""Many sessions as one table: the same rows whoever works them out, and none lost."""

import csv
import errno
import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from coreg.batch.engines import DIED, pool, serial
from coreg.batch.limit import TOO_LONG, rows_within
from coreg.batch.run import Outcome, run
from coreg.batch.session import Row, _rows, error_row, session_rows
from coreg.batch.shards import FOLDER_SUFFIX, ShardFolder
from coreg.batch.table import columns, parquet_of
from coreg.batch.work import Item, Parameters, code_version, found_item, shards_of
from coreg.cli import main
from coreg.errors import StorageUnusable
from coreg.facts.events import InQuiet, Partner, Source
from coreg.store.erasing import erase_partner
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library
from coreg.store.session_log import SessionLog
from tests.helpers.evening_server import CHEAP, NOW
from tests.helpers.planted_session import planted_inputs, record
from tests.helpers.sessions import SESSION_ID, raw_damage, wait_until
from tests.helpers.terminal import ROOT, at_a_terminal
from tests.test_export_asks import CODES, release
from tests.test_export_table import by_hand

A, B = Partner
SECOND = "20260302-193000-7f3b"
FEW = Parameters(surrogates=19)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six sessions: four that read, one that is damaged, and one that is none."""
    folder = tmp_path_factory.mktemp("sessions")
    (folder / "clinic").mkdir()
    for number in range(4):
        where = folder / "clinic" if number == 3 else folder
        session_id = f"20260301-19300{number}-7f3a"
        record(where / f"planted-{number}.coreg", session_id=session_id)
    raw_damage(folder / "planted-1.coreg", "DELETE FROM event WHERE seq = 700")
    (folder / "none.coreg").write_bytes(b"no session at all")
    return folder


def items_of(folder: Path) -> list[Item]:
    return [found_item(path, folder) for path in folder.rglob("*.coreg")]


def nobody_looks(_done: int, _of: int) -> None:
    """Say nothing of progress."""


def rows_in(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
    return rows


def told(rows: list[dict[str, Any]]) -> list[str]:
    """Rows as they can be compared: a NaN is the same as another."""
    return [repr(sorted(row.items())) for row in rows]


def given(folder: Path, out: Path, *more: str) -> list[str]:
    return ["batch", "--in", str(folder), "--out", str(out), *more]


@pytest.fixture(scope="module")
def table(sessions: Path) -> Path:
    """The table of all six, by the command, in this process."""
    out = sessions.parent / "table" / "rows.parquet"
    assert main(given(sessions, out, "--surrogates", "99")) == 1
    return out


# --- what the rows say --------------------------------------------------------------


def test_figures_are_those_of_what_was_planted(table: Path) -> None:
    (row,) = (
        each
        for each in rows_in(table)
        if (each["file"], each["partner"], each["scope"])
        == ("clinic/planted-3.coreg", "A", "practice")
    )
    mean_ms, rmssd_ms = by_hand(A)
    assert row["mean_nn_ms"] == pytest.approx(mean_ms, rel=1e-9)
    assert row["rmssd_ms"] == pytest.approx(rmssd_ms, rel=1e-9)


def test_where_chance_is_drawn_as_on_the_pages_rows_are_those_of_export(
    sessions: Path, tmp_path: Path
) -> None:
    path = sessions / "planted-0.coreg"
    study = ["export", str(path), "--table", "csv", "--out", str(tmp_path)]
    assert main(study) == 0
    text = (tmp_path / "coreg-sessions.csv").read_text(encoding="utf-8")
    exported = list(csv.DictReader(text.splitlines()))
    ours = session_rows(found_item(path, sessions), Parameters(surrogates=999))
    assert len(exported) == len(ours) == 4
    for theirs, row in zip(exported, ours, strict=True):
        for name, cell in theirs.items():
            value = row[name]
            if value is None or value != value:  # noqa: PLR0124 - NaN
                assert cell == "", name
            else:
                same = float(cell) if isinstance(value, float | int) else cell
                assert same == value, name


def test_a_session_that_cannot_be_read_is_a_row_that_says_why(table: Path) -> None:
    rows = {each["file"]: each for each in rows_in(table)}
    assert set(rows) == {
        "clinic/planted-3.coreg",
        "none.coreg",
        *(f"planted-{number}.coreg" for number in range(3)),
    }
    assert rows["none.coreg"]["error_kind"] == "SessionDamaged"
    assert "cannot be read as a session" in rows["none.coreg"]["error"]
    assert rows["none.coreg"]["mean_nn_ms"] is None
    assert rows["planted-1.coreg"]["is_damaged"] == 1
    assert rows["planted-1.coreg"]["error_kind"] is None


def test_a_fault_of_ours_is_a_row_and_not_the_end(
    sessions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("coreg.batch.session.study_of", broken)
    (row,) = session_rows(found_item(sessions / "planted-0.coreg", sessions), FEW)
    assert (row["error_kind"], row["error"]) == ("fault: ZeroDivisionError", "planted")


def test_every_column_is_defined_in_the_file_itself(table: Path) -> None:
    schema = pyarrow.parquet.read_schema(table)
    assert schema.names == [each.name for each in columns()]
    assert all(field.metadata[b"definition"] for field in schema)
    assert code_version().encode() in schema.metadata[b"coreg"]


# --- whoever works them out ---------------------------------------------------------


def test_a_pool_gives_the_same_rows_in_the_same_order(
    sessions: Path, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.parquet"
    asked = given(sessions, out, "--surrogates", "99", "--workers", "2")
    assert main([*asked, "--chunk", "2"]) == 1
    assert told(rows_in(out)) == told(rows_in(table))
    assert [each["file"] for each in rows_in(out)] == sorted(
        each["file"] for each in rows_in(table)
    )


class EndsItsWorker(Item):
    """A session that ends whichever process is given it, as too much memory does."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (1,)


_THREADS_AS_NUMPY_LOADS = """
import os, sys

class Seen:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print("threads", os.environ.get("OPENBLAS_NUM_THREADS"))

sys.meta_path.insert(0, Seen())
from coreg.cli import main
main(["batch", "--in", sys.argv[1], "--out", sys.argv[2]])
"""


def test_one_process_counts_with_one_thread_as_workers_do(
    sessions: Path, tmp_path: Path
) -> None:
    """With two, sums of one long session came out differently in the last bit.

    The library reads how many it may take as it loads, and never again.
    """
    place = str(sessions), str(tmp_path / "rows.parquet")
    said = subprocess.run(
        [sys.executable, "-c", _THREADS_AS_NUMPY_LOADS, *place],
        env={k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "threads 1" in said.stdout
    assert "threads None" not in said.stdout


def test_a_session_that_ends_its_process_ends_no_run(
    sessions: Path, tmp_path: Path
) -> None:
    one, two = (
        found_item(sessions / f"planted-{number}.coreg", sessions) for number in (0, 2)
    )
    fields = {name: getattr(one, name) for name in Item.__slots__}
    killer = EndsItsWorker(**{**fields, "file": "planted-1-kills.coreg"})
    out = tmp_path / "rows.parquet"
    ended = run(
        [one, killer, two],
        out,
        FEW,
        engine=lambda shards: pool(shards, workers=2),
        progress=nobody_looks,
        chunk=2,
    )
    assert ended == Outcome(sessions=3, found_done=0, errors=1, unfinished=0)
    kinds = {each["file"]: each["error_kind"] for each in rows_in(out)}
    assert kinds == {one.file: None, killer.file: DIED, two.file: None}
    assert len(rows_in(out)) == 4 + 1 + 4


@pytest.fixture
def one_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `planted-2` never come to an end, whatever catches faults on the way."""

    def hanging(item: Item, parameters: Parameters) -> list[Row]:
        while item.file == "planted-2.coreg":
            with suppress(Exception):
                time.sleep(0.01)
        return _rows(item, parameters)

    monkeypatch.setattr("coreg.batch.session._rows", hanging)


@pytest.mark.usefixtures("one_hangs")
def test_a_session_that_hangs_is_a_row_and_the_next_ones_have_their_figures(
    sessions: Path, tmp_path: Path
) -> None:
    items = [
        found_item(sessions / name, sessions)
        for name in ("planted-0.coreg", "planted-2.coreg", "clinic/planted-3.coreg")
    ]
    out = tmp_path / "rows.parquet"
    ended = run(
        items, out, FEW, engine=serial, progress=nobody_looks, chunk=3, limit_s=15
    )
    assert ended.errors == 1
    wrong = {row["file"]: (row["error_kind"], row["error"]) for row in rows_in(out)}
    assert wrong == {
        "clinic/planted-3.coreg": (None, None),
        "planted-0.coreg": (None, None),
        "planted-2.coreg": (TOO_LONG, "It was not worked out within 15 s."),
    }


@pytest.mark.usefixtures("one_hangs")
def test_the_time_limit_holds_in_a_thread_of_a_worker_and_ends_no_other(
    sessions: Path,
) -> None:
    hangs, reads = (
        found_item(sessions / f"planted-{number}.coreg", sessions) for number in (2, 0)
    )
    with ThreadPoolExecutor(2) as threads:
        late = threads.submit(rows_within, hangs, FEW, 1.0)
        fine = threads.submit(rows_within, reads, FEW, 600.0)
        (row,) = late.result()
        assert row["error_kind"] == TOO_LONG
        assert len(fine.result()) == 4
        assert len(threads.submit(rows_within, reads, FEW, 600.0).result()) == 4


def test_where_time_was_not_enough_a_run_that_goes_on_tries_it_again(
    sessions: Path, tmp_path: Path
) -> None:
    items = [found_item(sessions / "planted-0.coreg", sessions)]
    shards = shards_of(items, FEW)
    folder = ShardFolder(tmp_path / "rows.parquet")
    folder.begin(shards)
    late = error_row(items[0], TOO_LONG, "It was not worked out within 1 s.")
    folder.keep(shards[0], parquet_of([late]))
    assert folder.begin(shards_of(items, FEW, limit_s=60.0)) == frozenset()
    folder.keep(shards[0], parquet_of([error_row(items[0], DIED, "It ended.")]))
    assert folder.begin(shards) == {shards[0].name}


# --- a run that was stopped ---------------------------------------------------------


def test_a_killed_run_goes_on_without_a_lost_or_doubled_row(
    sessions: Path, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.parquet"
    asked = given(sessions, out, "--surrogates", "99", "--chunk", "1")
    shards = out.with_name(out.name + FOLDER_SUFFIX)
    program = subprocess.Popen(
        [sys.executable, "-m", "coreg", *asked],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: len(list(shards.glob("[!.]*.parquet"))) >= 2)
    program.send_signal(signal.SIGKILL)
    program.wait()
    assert not out.exists()
    left = {path.name: path.stat().st_ino for path in shards.glob("[!.]*.parquet")}
    (shards / ".half.parquet.new").write_bytes(b"what a kill leaves")
    assert len(left) < 5
    seen = dict[str, int]()

    def look(_done: int, _of: int) -> None:
        seen.update(
            {path.name: path.stat().st_ino for path in shards.glob("[!.]*.parquet")}
        )

    ended = run(
        items_of(sessions),
        out,
        Parameters(surrogates=99),
        engine=serial,
        progress=look,
        chunk=1,
    )
    assert ended.found_done == len(left) >= 2
    assert {name: seen[name] for name in left} == left  # none was worked out anew
    assert told(rows_in(out)) == told(rows_in(table))
    assert not shards.exists()


def test_a_shard_that_the_disk_has_lost_is_worked_out_anew(
    sessions: Path, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.parquet"
    items, parameters = items_of(sessions), Parameters(surrogates=99)
    shards = shards_of(items, parameters, chunk=3)
    folder = ShardFolder(out)
    folder.begin(shards)
    (kept, _), (torn, content) = serial(shards[:2])
    folder.keep(kept, b"PAR1 of another disk")
    folder.keep(torn, content[:-40])
    assert folder.begin(shards) == frozenset()
    done = list(serial(shards))
    for shard, rows in done:
        folder.keep(shard, rows)
    assert folder.begin(shards) == {each.name for each in shards}
    folder.merge(shards, {})
    assert told(rows_in(out)) == told(rows_in(table))


def test_rows_of_other_sessions_under_a_shards_name_are_never_taken(
    sessions: Path, tmp_path: Path
) -> None:
    first, second = shards_of(items_of(sessions), FEW, chunk=3)
    folder = ShardFolder(tmp_path / "rows.parquet")
    folder.begin([first, second])
    ((_, rows),) = serial([first])
    folder.keep(first, rows)
    folder.keep(second, rows)  # doubled, and those of the second lost
    with pytest.raises(StorageUnusable, match="not what it should be"):
        folder.merge([first, second], {})
    assert not (tmp_path / "rows.parquet").exists()
    assert folder.begin([first, second]) == {first.name}


@pytest.mark.parametrize(
    "changed",
    [{"size": 1}, {"mtime_ns": 1}, {"file": "x"}, {"in_quiet": (InQuiet.TALK,)}],
    ids=str,
)
def test_what_rows_depend_on_is_in_the_name_of_a_shard(
    sessions: Path, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    item = found_item(sessions / "planted-0.coreg", sessions)
    (before,) = shards_of([item], FEW)
    (after,) = shards_of([replace(item, **changed)], FEW)
    (more,) = shards_of([item], Parameters(surrogates=20))
    (moved,) = shards_of([replace(item, folder="/elsewhere")], FEW)
    assert len({before.name, after.name, more.name}) == 3
    assert moved.name == before.name
    monkeypatch.setattr("coreg.batch.work.code_version", lambda: "another")
    (of_another,) = shards_of([item], FEW)
    assert of_another.name != before.name


def test_how_many_workers_there_are_changes_no_shard(sessions: Path) -> None:
    many = [replace(items_of(sessions)[0], file=f"{n:04d}") for n in range(2000)]
    shards = shards_of(many, FEW)
    assert max(len(each.items) for each in shards) == 63
    assert [item for each in shards for item in each.items] == many
    assert len(shards_of(many * 10, FEW)) == 100  # of 200 each


def test_two_runs_never_write_one_table(sessions: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.parquet"
    refused = list[str]()

    def meanwhile(shards: Any) -> Iterator[Any]:
        with pytest.raises(StorageUnusable) as found:
            run(items_of(sessions), out, FEW, engine=serial, progress=nobody_looks)
        refused.append(found.value.wrong)
        yield from serial(shards)

    one = [found_item(sessions / "planted-0.coreg", sessions)]
    run(one, out, FEW, engine=meanwhile, progress=nobody_looks)
    assert refused == [f"Another run is writing {out}."]
    assert len(rows_in(out)) == 4


def test_a_table_that_is_there_is_replaced_only_when_asked(
    sessions: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.parquet"
    out.write_bytes(table.read_bytes())
    assert main(given(sessions, out)) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(given(sessions, tmp_path / "rows.csv")) == 1
    assert main(given(tmp_path / "nowhere", tmp_path / "more.parquet")) == 1
    assert main(given(tmp_path, tmp_path / "more.parquet")) == 1
    assert "no session" in capsys.readouterr().err
    only = sessions / "clinic"
    assert main(given(only, out, "--force", "--surrogates", "99")) == 0
    assert {each["file"] for each in rows_in(out)} == {"planted-3.coreg"}


# --- whose they are -----------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two evenings of two people; only the first was opened by both."""
    folder = data_folder(tmp_path / "all" / "couple")
    for name in (SESSION_ID, SECOND):
        record(session_path(folder, name), source=Source.STRAPS, session_id=name)
    library = Library(folder, passcode_cost=CHEAP)
    for partner, code in CODES.items():
        library.own.choose(partner, code, now=NOW)
    release(folder, *Partner)
    return folder


def test_what_is_of_two_people_takes_both_passcodes_and_that_both_opened_it(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.parquet"
    asked = given(folder.parent, out, "--surrogates", "99")
    status, said = at_a_terminal(asked, CODES[A], CODES[A])
    assert (status, out.exists()) == (1, False), said
    status, said = at_a_terminal(asked, CODES[A], CODES[B])
    assert status == 0, said
    assert {(each["session"], each["couple"]) for each in rows_in(out)} == {
        (SESSION_ID, "couple")
    }
    assert f"{SECOND}.coreg isn't in it" in said
    (line,) = Library(folder).audit.lines()
    assert (line.what, line.whose, line.place) == ("exported", "both", str(out))


def test_what_either_set_aside_is_not_in_it_and_not_named(
    folder: Path, tmp_path: Path
) -> None:
    Library(folder).keep_aside(SESSION_ID)
    out = tmp_path / "rows.parquet"
    status, said = at_a_terminal(given(folder, out), CODES[A], CODES[B])
    assert (status, out.exists()) == (1, False)
    assert "no session" in said
    assert SESSION_ID not in said


def test_nobody_is_passed_over_where_nobody_can_be_asked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.parquet"
    assert main(given(folder, out)) == 1
    assert "typed at a terminal" in capsys.readouterr().err
    assert not out.exists()


def test_hearts_of_people_without_their_library_are_in_no_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(tmp_path / "alone.coreg", source=Source.STRAPS)
    assert main(given(tmp_path, tmp_path / "rows.parquet")) == 1
    assert "alone.coreg isn't in it" in capsys.readouterr().err
    assert not (tmp_path / "rows.parquet").exists()


def test_a_worker_refuses_hearts_of_people_that_it_was_not_given(
    tmp_path: Path,
) -> None:
    path = record(tmp_path / "alone.coreg", source=Source.STRAPS)
    (row,) = session_rows(found_item(path, tmp_path), FEW)
    assert row["error_kind"] == "NotReleased"
    assert "mean_nn_ms" not in row


def test_what_is_locked_is_opened_in_one_process_and_in_no_other(
    folder: Path, tmp_path: Path
) -> None:
    words = "four words we remember"
    status, said = at_a_terminal(["lock", "--data-dir", str(folder)], words, words)
    assert status == 0, said
    out = tmp_path / "rows.parquet"
    asked = given(folder, out, "--surrogates", "99")
    typed = (words, CODES[A], CODES[B])
    status, said = at_a_terminal([*asked, "--workers", "2"], *typed)
    assert (status, out.exists()) == (1, False), said
    assert "only this process can open it" in " ".join(said.split())
    status, said = at_a_terminal(asked, *typed)
    assert status == 0, said
    assert {each["session"] for each in rows_in(out)} == {SESSION_ID}


# --- folders as a clinic has them ---------------------------------------------------


def couple_of_people(place: Path, *, choose: bool) -> Path:
    """A data folder with one evening of two people that both opened."""
    folder = data_folder(place)
    record(session_path(folder, SESSION_ID), source=Source.STRAPS)
    library = Library(folder, passcode_cost=CHEAP)
    for partner, code in CODES.items() if choose else ():
        library.own.choose(partner, code, now=NOW)
    release(folder, *Partner)
    return folder


def test_a_couple_who_cannot_be_asked_ends_no_other_couples_run(tmp_path: Path) -> None:
    """Of one pair a heart was erased, and another one never chose a passcode."""
    clinic = tmp_path / "clinic"
    erased = couple_of_people(clinic / "a", choose=True)
    erase_partner(erased, Library(erased), A)
    couple_of_people(clinic / "b", choose=False)
    couple_of_people(clinic / "c", choose=True)
    out = tmp_path / "rows.parquet"
    asked = given(clinic, out, "--surrogates", "99")
    status, said = at_a_terminal(asked, CODES[A], CODES[B])
    assert status == 0, said
    assert {(each["couple"], each["error_kind"]) for each in rows_in(out)} == {
        ("c", None)
    }
    words = " ".join(said.split())
    assert f"a/sessions/{SESSION_ID}.coreg isn't in it" in words
    assert f"b/sessions/{SESSION_ID}.coreg isn't in it: A has not chosen" in words
    assert words.index("Folder c:") < words.index("A's passcode")


def test_what_is_recorded_now_or_had_no_straps_is_left_out_with_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    record(folder / "over.coreg")
    record(folder / "without.coreg", source=Source.NOBODY)
    begins, inputs = planted_inputs()
    out = tmp_path / "rows.parquet"
    with SessionLog.create(folder / "now.coreg", begins, commit_every_s=0.01) as log:
        for each in inputs[:200]:
            log.append(each, each.t_ns)
        wait_until(lambda: log.unsaved == 0)
        assert main(given(folder, out, "--surrogates", "99")) == 0
    said = capsys.readouterr().err
    assert "now.coreg isn't in it: It is still being recorded." in said
    assert "without.coreg isn't in it: It was practised without straps." in said
    assert {each["file"] for each in rows_in(out)} == {"over.coreg"}


def test_what_broke_off_or_is_damaged_is_counted_beside_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    record(folder / "whole.coreg")
    record(folder / "broke-off.coreg", until_s=60.0)
    record(folder / "damaged.coreg")
    raw_damage(folder / "damaged.coreg", "DELETE FROM event WHERE seq = 700")
    out = tmp_path / "rows.parquet"
    assert main(given(folder, out, "--surrogates", "99")) == 0
    assert "broke off or are damaged: 2." in capsys.readouterr().err
    told_of = {
        (each["file"], each["ending"], each["is_damaged"]) for each in rows_in(out)
    }
    assert told_of == {
        ("broke-off.coreg", "broken off", 0),
        ("damaged.coreg", "broken off", 1),
        ("whole.coreg", "complete", 0),
    }


def test_a_folder_that_cannot_be_looked_into_is_a_row_and_a_link_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, shut = tmp_path / "sessions", tmp_path / "sessions" / "shut"
    (folder / "empty").mkdir(parents=True)
    shut.mkdir()
    record(folder / "open.coreg")
    record(shut / "unseen.coreg")
    (folder / "elsewhere").symlink_to(tmp_path)
    looked_into = os.scandir

    def refused(place: Any = ".") -> Any:
        """Refuse one folder, as a system does whose user may not read it."""
        if Path(place) == shut:
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return looked_into(place)

    monkeypatch.setattr(os, "scandir", refused)
    out = tmp_path / "rows.parquet"
    assert main(given(folder, out, "--surrogates", "99")) == 1
    assert "elsewhere isn't in it: It is a link" in capsys.readouterr().err
    rows = rows_in(out)
    assert {each["file"] for each in rows} == {"open.coreg", "shut/"}
    (row,) = (each for each in rows if each["file"] == "shut/")
    assert (row["error_kind"], row["beats"]) == ("SessionError", None)
    assert "can't be looked into" in row["error"]


def test_what_lies_broken_in_a_folder_is_a_row_each(tmp_path: Path) -> None:
    """A file cut short, an empty one, another database, a folder, a link to nowhere."""
    folder = tmp_path / "sessions"
    folder.mkdir()
    content = record(folder / "whole.coreg").read_bytes()
    (folder / "cut.coreg").write_bytes(content[: len(content) // 2])
    (folder / "empty.coreg").write_bytes(b"")
    (folder / "folder.coreg").mkdir()
    (folder / "nowhere.coreg").symlink_to(tmp_path / "nothing")
    out = tmp_path / "rows.parquet"
    assert main(given(folder, out, "--surrogates", "99")) == 1
    kinds = {each["file"]: each["error_kind"] for each in rows_in(out)}
    assert kinds.pop("whole.coreg") is None
    assert set(kinds.values()) == {"SessionDamaged"}
    assert len(kinds) == 4


def test_sessions_of_0_1_have_rows(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    for packed in (ROOT / "tests/data/sessions_of_0_1/sessions").glob("*.gz"):
        (folder / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    out = tmp_path / "rows.parquet"
    status = main(given(folder, out, "--surrogates", "99"))
    rows = [each for each in rows_in(out) if each["scope"] == "practice"]
    assert status == 0
    assert len(rows) == 2 * 8  # the other three are of straps, and of no library
    ends = {each["session"]: each["ending"] for each in rows}
    assert ends["20261129-173430-b8c0"] == "broken off"
    assert set(ends.values()) == {"broken off", "complete", "source ended"}
