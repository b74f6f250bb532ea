"""The program as somebody uses it: whole commands.

What records, and one replay, runs in a process of its own. What is only read
afterwards, or refused before anything begins, is asked for in this one: to begin a
process takes longer than most answers do.
"""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from coreg.cli import main
from coreg.store.library import list_sessions
from coreg.store.reader import read_session
from coreg.store.session_log import SessionLog
from tests.helpers.disks import can_mount, mounted
from tests.helpers.once import folder_once_a_run
from tests.helpers.openings import changed
from tests.helpers.sessions import wait_until
from tests.helpers.short_plans import SHORT_FILE
from tests.helpers.thorough import THOROUGH

ROOT = Path(__file__).resolve().parents[1]
AT_LENGTH = ("--headless", "--speed", "2000")
FAST = ("--headless", "--speed", "100000", "--minutes", "2")


def coreg(
    *arguments: str | Path, data: Path, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def command(*arguments: str | Path) -> Sequence[str | Path]:
    return [sys.executable, "-m", "coreg", *arguments]


def asked(*arguments: str | Path, data: Path) -> subprocess.CompletedProcess[str]:
    """Give a command in this process."""
    said, told = io.StringIO(), io.StringIO()
    status: object
    with (
        patch.dict(os.environ, {"COREG_DATA_DIR": str(data)}),  # whatever is set there
        redirect_stdout(said),
        redirect_stderr(told),
    ):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            status = stopped.code
    assert isinstance(status, int)
    return subprocess.CompletedProcess(
        arguments, status, said.getvalue(), told.getvalue()
    )


def listed_in(data: Path) -> list[dict[str, Any]]:
    told = json.loads(asked("sessions", "--json", data=data).stdout)
    listed: list[dict[str, Any]] = told["sessions"]
    return listed


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COREG_DATA_DIR": str(data)}


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A simulated evening: the data folder and the folder of results."""

    def lived(folder: Path) -> None:
        of_seed_1 = ("--simulate", "--seed", "1")
        data = folder / "data"
        ran = coreg(
            "practice",
            SHORT_FILE,
            *of_seed_1,
            *FAST,
            "--out",
            folder / "out",
            data=data,
        )
        assert ran.returncode == 0, ran.stderr

    folder = folder_once_a_run("evening", lived, tmp_path_factory.mktemp)
    return folder / "data", folder / "out"


def test_a_simulated_practice_gives_its_session_and_pages(
    evening: tuple[Path, Path],
) -> None:
    data, out = evening
    listed = listed_in(data)
    assert len(listed) == 1
    session_id = listed[0]["id"]
    assert listed[0]["state"] == "whole"
    assert listed[0]["source"] == "simulated"
    assert sorted(path.name for path in out.iterdir()) == sorted(
        f"{session_id}.{ending}" for ending in ("coreg", "html", "pdf")
    )
    told = asked("sessions", data=data).stdout
    assert session_id in told
    assert "simulated" in told


def test_a_replay_in_another_process_is_identical(evening: tuple[Path, Path]) -> None:
    data, out = evening
    for session, tried in (("last", asked), (next(out.glob("*.coreg")), coreg)):
        ran = tried("replay", session, data=data)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.startswith("identical: ")
        features, cues = (int(n) for n in ran.stdout.split() if n.isdigit())
        assert features > 500
        assert cues > 10


def test_speed_changes_nothing_in_the_result(
    evening: tuple[Path, Path], tmp_path: Path
) -> None:
    data, _ = evening
    slower = (*AT_LENGTH, "--minutes", "2")
    as_before = ("--simulate", "--seed", "1")
    ran = coreg("practice", SHORT_FILE, *as_before, *slower, data=tmp_path)
    assert ran.returncode == 0, ran.stderr

    def events(folder: Path) -> list[tuple[object, ...]]:
        path = next((folder / "sessions").glob("*.coreg"))
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            rows = connection.execute(
                "SELECT seq, t_mono_ns, source, kind, payload FROM event "
                "WHERE kind <> 'Opened' ORDER BY seq"
            ).fetchall()
        connection.close()
        return rows

    assert events(tmp_path) == events(data)


def test_a_changed_packet_is_found_by_replay_and_by_check(
    evening: tuple[Path, Path], tmp_path: Path
) -> None:
    _, out = evening
    path = tmp_path / "changed.coreg"
    path.write_bytes(next(out.glob("*.coreg")).read_bytes())
    connection = sqlite3.connect(path)
    connection.execute(
        "UPDATE event SET payload = x'103c0004' WHERE seq = "
        "(SELECT seq FROM event WHERE kind = 'Notification' ORDER BY seq LIMIT 1)"
    )
    connection.commit()
    connection.close()
    ran = asked("check", path, data=tmp_path)
    assert ran.returncode == 1
    assert "ok" not in ran.stdout
    replayed = asked("replay", path, data=tmp_path)
    assert replayed.returncode == 1
    assert "Traceback" not in replayed.stderr


def test_check_of_everything_is_ok_also_where_there_is_nothing(
    evening: tuple[Path, Path], tmp_path: Path
) -> None:
    data, _ = evening
    ran = asked("check", data=data)
    assert ran.returncode == 0
    assert "ok: " in ran.stdout
    nothing = asked("check", data=tmp_path / "never made")
    assert nothing.returncode == 0
    assert not (tmp_path / "never made").exists()


def test_two_real_recordings_go_the_same_way(recordings: Path, tmp_path: Path) -> None:
    first = recordings / "polar_h10_arrival_times" / "dhyb_10min.csv"
    second = recordings / "rhenanbartels_polar" / "rest_rri.txt"
    out = tmp_path / "out"
    ran = coreg(
        "practice", "--replay", first, second, *FAST, "--out", out, data=tmp_path
    )
    assert ran.returncode == 0, ran.stderr
    assert {path.suffix for path in out.iterdir()} == {".coreg", ".pdf", ".html"}
    assert asked("replay", "last", data=tmp_path).stdout.startswith("identical")
    listed = listed_in(tmp_path)
    seconds = sum(int(line) for line in second.read_text().split()) / 1000
    assert listed[0]["length_s"] == pytest.approx(seconds, abs=0.5)  # the longer one


def test_an_earlier_session_is_a_source_too(
    evening: tuple[Path, Path], tmp_path: Path
) -> None:
    _, out = evening
    session = next(out.glob("*.coreg"))
    pages = tmp_path / "pages"
    ran = coreg(
        "practice",
        SHORT_FILE,
        "--replay",
        session,
        *FAST,
        "--out",
        pages,
        data=tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
    assert asked("check", data=tmp_path).returncode == 0
    with_id = coreg("practice", SHORT_FILE, "--replay", "last", *FAST, data=tmp_path)
    assert with_id.returncode == 0, with_id.stderr
    assert "simulated" in next(pages.glob("*.html")).read_text(encoding="utf-8")


ABSURD = {
    "empty.csv": b"",
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "words.txt": b"dear diary\ntoday we breathed\n",
    "huge.txt": b"1e300\n" * 50,
    "header only.csv": b"arrival_s,rr_ms\n",
    "not numbers.csv": b"arrival_s,rr_ms\n1.0,abc\n",
    "not finite.csv": b"arrival_s,rr_ms\n1.0,nan\n2.0,inf\n",
}


@pytest.mark.parametrize("name", [*ABSURD, "missing.csv", "."])
def test_an_absurd_recording_is_answered_in_words(name: str, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("800\n" * 100)
    path = tmp_path / name
    if name in ABSURD:
        path.write_bytes(ABSURD[name])
    data = tmp_path / "data"
    answer = asked("practice", "--replay", path, good, *FAST, data=data)
    said = answer.stderr
    assert answer.returncode == 1
    assert said.startswith("coreg: ")
    assert len(said.strip().splitlines()) == 1
    assert not list(data.rglob("*.coreg"))


def test_an_unwritable_data_folder_is_said_before_anything_begins(
    tmp_path: Path,
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    answer = asked("practice", "--simulate", *FAST, data=blocked / "data")
    said = answer.stderr
    assert answer.returncode == 1
    assert str(blocked) in said
    assert "--data-dir" in said


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("practice", "--simulate", "--speed", "0", "--headless"), 2),
        (("practice", "--simulate", "--speed", "1e-300", "--headless"), 2),
        (("practice", "--simulate", "--minutes", "-3", "--headless"), 2),
        (("practice", "no-such-practice", "--simulate", "--headless"), 1),
        (("practice", "--headless", "--replay", "a", "b", "c"), 1),
        (("report", "last"), 1),
        (("replay", "20990101"), 1),
        (("no-such-command",), 2),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    arguments: tuple[str, ...], status: int, tmp_path: Path
) -> None:
    answer = asked(*arguments, data=tmp_path)
    assert answer.returncode == status
    assert answer.stderr.startswith(("coreg", "usage"))


def begin(data: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start a practice that lasts, and wait until some of it is recorded."""
    running = subprocess.Popen(
        command("practice", "--simulate", "--headless", "--speed", "20", *arguments),
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: running.poll() is not None or recorded_s(data) > 10)
    assert running.poll() is None, running.communicate()
    return running


def recorded_s(data: Path) -> float:
    """How much of the one session is on the disk, in its own time."""
    return sum(each.length_s for each in list_sessions(data))


@pytest.mark.parametrize("number", range(50 if THOROUGH else 2))
def test_after_a_kill_the_session_is_whole_as_far_as_it_went(
    number: int, tmp_path: Path
) -> None:
    with begin(tmp_path) as running:
        time.sleep(0.02 + 0.037 * number)  # some moment, another one each round
        running.kill()
    checked = asked("check", data=tmp_path)
    assert checked.returncode == 0
    assert "(interrupted)" in checked.stdout
    listed = listed_in(tmp_path)
    assert listed[0]["state"] == "interrupted"
    assert listed[0]["length_s"] > 1
    assert asked("replay", "last", data=tmp_path).stdout.startswith("identical")
    out = tmp_path / "pages"
    assert asked("report", "last", "--out", out, data=tmp_path).returncode == 0


@can_mount
def test_a_disk_that_fills_stops_the_recording_and_not_the_practice(
    tmp_path: Path,
) -> None:
    small = ("-t", "tmpfs", "-o", "size=300k", "tmpfs")
    with mounted(tmp_path / "disk", *small) as disk:
        ran = coreg("practice", "--simulate", *AT_LENGTH, data=disk)
        assert ran.returncode == 1
        assert "disk is full" in ran.stderr
        assert "The practice goes on." in ran.stderr
        assert "Words" in ran.stderr.split("The practice goes on.")[1]  # the last block
        checked = asked("check", data=disk)
        assert checked.returncode == 0
        assert int(checked.stdout.split("ok: ")[1].split()[0]) > 500
        replayed = asked("replay", "last", data=disk)
        assert replayed.stdout.startswith("identical")


def test_ctrl_c_finishes_the_session_in_order(tmp_path: Path) -> None:
    with begin(tmp_path) as running:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=30)
    assert running.returncode == 130
    listed = listed_in(tmp_path)
    assert listed[0]["state"] == "whole"
    assert asked("replay", "last", data=tmp_path).stdout.startswith("identical")


def test_a_second_practice_in_the_same_folder_is_told_of_the_first(
    tmp_path: Path,
) -> None:
    with begin(tmp_path) as running:
        ran = coreg("practice", SHORT_FILE, "--simulate", *FAST, data=tmp_path)
        running.kill()
    assert ran.returncode == 1
    assert str(running.pid) in ran.stderr


def test_simulated_couples_are_reproducible_and_can_be_replayed(
    tmp_path: Path,
) -> None:
    folders = (tmp_path / "one", tmp_path / "two")
    for folder in folders:
        ran = coreg(
            "simulate",
            "--out",
            folder,
            "--couples",
            "2",
            "--seed",
            "7",
            "--practice",
            SHORT_FILE,
            "--minutes",
            "1",
            data=tmp_path,
        )
        assert ran.returncode == 0, ran.stderr
        assert "couple 2 of 2" in ran.stderr
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == sorted(
        f"couple-{seed}{rest}"
        for seed in ("0007", "0008")
        for rest in (
            ".coreg",
            "-A.csv",
            "-B.csv",
            "-truth.csv",
            "-truth.json",
        )
    )
    for name in names:
        if not name.endswith(".coreg"):
            first, second = ((folder / name).read_bytes() for folder in folders)
            assert first == second
    replayed = asked("replay", folders[0] / "couple-0007.coreg", data=tmp_path)
    assert replayed.stdout.startswith("identical")


def test_what_a_killed_simulation_left_is_no_part_of_the_next(tmp_path: Path) -> None:
    short = ("--practice", SHORT_FILE, "--minutes", "1")
    simulate = ("simulate", "--out", tmp_path, *short)
    wal = tmp_path / "couple-0001.coreg-wal"
    with subprocess.Popen(
        command(*simulate), env=environment(tmp_path), stdout=subprocess.DEVNULL
    ) as running:
        while not (wal.exists() and wal.stat().st_size > 40_000):
            assert running.poll() is None, "it ended before it could be killed"
            time.sleep(0.005)
        running.kill()
    assert wal.exists()
    ran = coreg(*simulate, data=tmp_path)
    assert ran.returncode == 0, ran.stderr
    checked = asked("check", tmp_path / "couple-0001.coreg", data=tmp_path)
    assert "interrupted" not in checked.stdout


def test_a_practice_goes_on_when_nobody_reads_its_progress(tmp_path: Path) -> None:
    nobody, progress = os.pipe()
    os.close(nobody)
    ran = subprocess.run(
        command("practice", SHORT_FILE, "--simulate", *FAST),
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=progress,
        check=False,
        timeout=120,
    )
    os.close(progress)
    assert ran.returncode == 0
    listed = listed_in(tmp_path)
    assert listed[0]["state"] == "whole"


def test_one_session_with_an_odd_plan_does_not_hide_the_others(
    evening: tuple[Path, Path], tmp_path: Path
) -> None:
    data, _ = evening
    (path,) = data.glob("sessions/*.coreg")
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    opened = read_session(path).opened
    later = opened.practice.plan_toml.replace("format = 2", "format = 999")
    for session_id, plan_toml in (("odd", later), ("sound", opened.practice.plan_toml)):
        other = changed(opened, session_id=session_id, plan_toml=plan_toml)
        SessionLog.create(sessions / f"{session_id}.coreg", other).close()
    ran = asked("sessions", data=tmp_path)
    assert ran.returncode == 0
    assert "(unreadable plan)" in ran.stdout
    assert "Relaxed and alert" in ran.stdout


def test_a_page_stays_in_its_folder_whatever_a_session_calls_itself(
    evening: tuple[Path, Path], tmp_path: Path
) -> None:
    data, _ = evening
    (path,) = data.glob("sessions/*.coreg")
    strange = changed(read_session(path).opened, session_id="../outside")
    SessionLog.create(tmp_path / "gift.coreg", strange).close()
    out = tmp_path / "out"
    ran = asked("report", tmp_path / "gift.coreg", "--out", out, data=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert sorted(page.name for page in out.iterdir()) == ["gift.html", "gift.pdf"]
    assert not list(tmp_path.glob("outside*"))


def test_a_terminal_without_accents_gets_the_figures_all_the_same(
    tmp_path: Path,
) -> None:
    recording = tmp_path / "soirée.txt"
    recording.write_text("800\n820\n" * 60, encoding="utf-8")
    ran = subprocess.run(
        command("analyze", recording),
        cwd=tmp_path,
        env={**environment(tmp_path), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Poincar?" in ran.stdout


@pytest.mark.parametrize("name", ["recording.txt", "half.coreg"])
def test_what_is_no_session_is_refused_with_words_that_fit(
    name: str, evening: tuple[Path, Path], tmp_path: Path
) -> None:
    given = tmp_path / name
    session = next(evening[1].glob("*.coreg")).read_bytes()
    given.write_bytes(b"800\n820\n" * 60 if name.endswith("txt") else session[:20_000])
    ran = asked("synchrony", given, data=tmp_path)
    assert ran.returncode == 1
    if name.endswith("txt"):
        assert "two recordings" in ran.stderr
        assert "Keep the file" not in ran.stderr
    else:
        assert "the file is damaged" in ran.stderr
        assert "Keep the file as it is" in ran.stderr
