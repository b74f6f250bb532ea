"""Dask's workers give the same rows, whoever dies; a worker that does not fit is told.

Tried with distributed 2026.8.0.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from coreg.batch.cluster import _probe, _to_be_seen, _wrong_with
from coreg.batch.engines import DIED
from coreg.batch.shards import FOLDER_SUFFIX
from coreg.batch.work import Item, Parameters, shards_of
from coreg.cli import main
from tests.helpers.planted_session import record
from tests.helpers.sessions import wait_until
from tests.helpers.terminal import ROOT
from tests.test_batch import given, rows_in, told

MANY = 24
Program = subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As many sessions as take both workers some seconds, and one that is none."""
    folder = tmp_path_factory.mktemp("cluster") / "sessions"
    folder.mkdir()
    for number in range(2):
        session_id = f"20260301-19300{number}-7f3a"
        record(folder / f"{number:02d}.coreg", session_id=session_id)
    for number in range(2, MANY):
        shutil.copy(folder / f"{number % 2:02d}.coreg", folder / f"{number:02d}.coreg")
    (folder / "none.coreg").write_bytes(b"no session at all")
    return folder


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@contextmanager
def begun(*command: str, **more: str) -> Iterator[Program]:
    """Run a program that is not there any more afterwards."""
    program = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=more.get("PYTHONPATH", ROOT),  # which comes first of all places
        env={**os.environ, "OMP_NUM_THREADS": "1", **more},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if command[0] == "coreg" else subprocess.DEVNULL,
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def scheduler(port: int, **more: str) -> AbstractContextManager[Program]:
    at = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    return begun("dask", "scheduler", *at, **more)


def worker(port: int, *how: str, **more: str) -> AbstractContextManager[Program]:
    at = (f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-dashboard")
    return begun("dask", "worker", *at, *(how or ("--no-nanny",)), **more)


def test_a_worker_that_is_killed_and_a_scheduler_that_is_begun_anew_change_no_row(
    sessions: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone.parquet"
    assert main(given(sessions, alone)) == 1
    out, port = tmp_path / "rows.parquet", free_port()
    shards = out.with_name(out.name + FOLDER_SUFFIX)

    def done() -> int:
        return len(list(shards.glob("[!.]*.parquet")))

    asked = given(sessions, out, "--chunk", "1")
    with ExitStack() as ends:
        first = ends.enter_context(scheduler(port))
        one = ends.enter_context(worker(port))
        ends.enter_context(worker(port))
        at = ("--scheduler", f"tcp://127.0.0.1:{port}")
        program = ends.enter_context(begun("coreg", *asked, *at))
        wait_until(lambda: done() >= 2, within_s=200)
        one.kill()
        so_far = done()
        wait_until(lambda: done() >= so_far + 2, within_s=200)
        assert program.poll() is None
        first.kill()
        first.wait()
        ends.enter_context(scheduler(port))
        ends.enter_context(worker(port))
        ends.enter_context(worker(port))
        _, said = program.communicate(timeout=400)
    assert program.returncode == 1, said  # one of them is no session
    assert b"The scheduler is gone" in said
    assert len(rows_in(out)) == 4 * MANY + 1
    assert told(rows_in(out)) == told(rows_in(alone))


def other_coreg(folder: Path) -> Path:
    """A coreg of the same version in which one line is another."""
    shutil.copytree(ROOT / "coreg", folder / "coreg")
    with (folder / "coreg" / "analysis" / "hrv.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    return folder


def no_coreg(folder: Path) -> Path:
    """What a worker finds that has none."""
    (folder / "coreg").mkdir()
    (folder / "coreg" / "__init__.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'coreg'\", name='coreg')\n"
    )
    return folder


@pytest.mark.parametrize(
    ("made", "said"),
    [(other_coreg, "Install the same versions"), (no_coreg, "has no coreg")],
)
def test_a_worker_that_does_not_fit_is_told_before_the_first_session(
    sessions: Path,
    tmp_path: Path,
    made: Callable[[Path], Path],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "other").mkdir()
    place = made(tmp_path / "other")
    out, port = tmp_path / "rows.parquet", free_port()
    at = ("--scheduler", f"tcp://127.0.0.1:{port}")
    with scheduler(port), worker(port, PYTHONPATH=str(place)):
        assert main(given(sessions, out, *at)) == 1
    told_of = capsys.readouterr().err
    assert said in told_of
    assert "The worker tcp://127.0.0.1:" in told_of
    assert not list(out.with_name(out.name + FOLDER_SUFFIX).glob("[!.]*"))


KILLS = """
import os
import coreg.batch.session as session
rows = session._rows
def ending(item, parameters):
    return os._exit(1) if item.file == "07.coreg" else rows(item, parameters)
session._rows = ending
"""


def test_a_session_that_ends_each_worker_it_is_given_to_is_a_row(
    sessions: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(KILLS, encoding="utf-8")
    out, port = tmp_path / "rows.parquet", free_port()
    at = ("--scheduler", f"tcp://127.0.0.1:{port}", "--chunk", "5")
    once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with (
        scheduler(port, **once),
        worker(port, "--nanny", PYTHONPATH=str(tmp_path)),
        begun("coreg", *given(sessions, out, "--surrogates", "99"), *at) as program,
    ):
        _, said = program.communicate(timeout=400)
    assert program.returncode == 1, said
    kinds = {each["file"]: each["error_kind"] for each in rows_in(out)}
    assert len(kinds) == MANY + 1
    wrong = {name: kind for name, kind in kinds.items() if kind}
    assert wrong == {"07.coreg": DIED, "none.coreg": "SessionDamaged"}


INTRUDER = """
import distributed
from coreg.batch.cluster import started_here

if __name__ == "__main__":
    with started_here(1) as (address, security):
        print(address)
        own = distributed.Client(address, security=security, timeout=60)
        print(own.submit(sum, [1, 2]).result())
        own.close()
        for other in (None, distributed.Security.temporary()):
            plain = address if other else address.replace("tls", "tcp")
            try:
                distributed.Client(plain, security=other, timeout=5)
            except (OSError, TimeoutError) as error:
                print("refused")
"""


def test_nobody_else_on_this_computer_hands_work_to_workers_started_here(
    tmp_path: Path,
) -> None:
    (tmp_path / "intruder.py").write_text(INTRUDER, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, tmp_path / "intruder.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    address, worked, *refused = ran.stdout.splitlines()
    assert address.startswith("tls://127.0.0.1:")
    assert (worked, refused) == ("3", ["refused", "refused"])


SECOND = """
import contextlib, urllib.error, urllib.request, socket, warnings
from distributed import Client
from coreg.batch.cluster import started_here

if __name__ == "__main__":
    warnings.simplefilter("error")
    with socket.socket() as other:  # whoever is first at the port that Dask likes
        with contextlib.suppress(OSError):  # somebody is
            other.bind(("127.0.0.1", 8787))
            other.listen()
        with started_here(1) as (address, security):
            with Client(address, security=security) as client:
                port = client.scheduler_info()["services"]["dashboard"]
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/info/main/workers.html")
            except urllib.error.HTTPError as error:
                print(error.code)
"""


def test_a_second_cluster_warns_of_no_port_and_tells_a_browser_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "second.py").write_text(SECOND, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, tmp_path / "second.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout.split(), ran.returncode) == (["404"], 0), ran.stderr


def test_a_worker_says_whether_it_sees_the_files(tmp_path: Path) -> None:
    there, elsewhere = str(tmp_path), str(tmp_path / "elsewhere")
    assert _wrong_with(_probe()(there), there) is None
    wrong = _wrong_with(_probe()(elsewhere), elsewhere)
    assert wrong is not None
    assert wrong[0] == f"can't read {elsewhere}"


def test_a_broken_link_that_comes_first_is_no_workers_fault(tmp_path: Path) -> None:
    (tmp_path / "a.coreg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.coreg").write_bytes(b"reads")
    items = [
        Item(folder=str(tmp_path), file=name, size=0, mtime_ns=0)
        for name in ("a.coreg", "b.coreg")
    ]
    few = Parameters(surrogates=99)
    assert _to_be_seen(shards_of(items, few)) == tmp_path / "b.coreg"
    assert _to_be_seen(shards_of(items[:1], few)) == tmp_path


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:9", "No Dask scheduler answers"),
        ("nonsense://x", "isn't the address of a scheduler"),
    ],
)
def test_where_no_scheduler_is_the_run_says_so(
    sessions: Path,
    tmp_path: Path,
    address: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("coreg.batch.cluster._CONNECT_S", 1)
    out = tmp_path / "rows.parquet"
    assert main(given(sessions, out, "--scheduler", address)) == 1
    assert said in capsys.readouterr().err
