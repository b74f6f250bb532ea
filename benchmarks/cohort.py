"""What many sessions cost, and whether it matters who works them out.

    python -m benchmarks.cohort [--sessions 48] [--in DIR] [--chunk 2] [--place DIR]

Simulated couples of two minutes (or the first sessions of DIR) are worked out by
`coreg batch` in one process, in a pool of two, and by Dask with a scheduler and two
workers, and the rows are compared. The run in one process is killed midway and goes on;
Dask loses a worker at a third and its scheduler at two thirds, and gets another one
each. Time is that of processors, so that a busy computer changes little; seconds of
one processor are still worth less where others use its caches. Printed are:

* what a session costs: processor time is looked at as shards come in; a line through a
  quarter and half of the sessions, and how far off it is at the end, which it has not
  seen;
* what a task costs alone: files that are no sessions, all in one task and in one each;
* what the scheduler and a worker held at most;
* what a million sessions would take by that line, on paper.

With `--place` what is done stays there, and a benchmark that was stopped goes on.

Exit status 1 where rows differ, 2 where it cannot be tried. At night, once:
`--sessions 2000 --chunk 20`, which takes about half an hour of one processor.
"""

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow.parquet

from coreg.batch.work import USUAL_CHUNK, found_item
from coreg.store.reader import read_head

ENGINES = ("serial", "pool", "dask")
PLAN = """
format = 1
name = "two-minutes"
version = 1
title = "Two minutes"
purpose = "For measuring."
opened_by = "couple"

[[block]]
name = "Breathe together"
kind = "breathe"
minutes = 2
words = "In and out."
inputs = []
measured = ["heart rate"]
shown = []
"""
MILLION = 1_000_000
NO_SESSIONS = 400
POLL_S = 0.2
HURT = {
    "serial": "   killed midway, and went on",
    "pool": "",
    "dask": "   lost a worker, and its scheduler",
}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One run: processor time of all of it (s), and what was held at most (MB).

    `rows` are hashes of the rows, in their order, `sessions` is how many they are of,
    and `seen` is how many were done at which processor time.
    """

    cpu_s: float
    wall_s: float
    rows: list[str]
    sessions: int
    seen: list[tuple[int, float]]
    scheduler_mb: float = float("nan")
    worker_mb: float = float("nan")


def sessions(folder: Path, wanted: int) -> list[Path]:
    plan = folder / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    made = ("--couples", str(wanted), "--practice", str(plan))
    command = ("simulate", "--out", str(folder / "made"), *made)
    subprocess.run(
        [sys.executable, "-m", "coreg", *command], check=True, capture_output=True
    )
    return sorted((folder / "made").glob("*.coreg"))


def used_by(process: psutil.Process) -> tuple[float, float]:
    """Return processor time so far (s) and what is held (MB); nothing of one gone."""
    try:
        with process.oneshot():
            time_s = process.cpu_times()
            return time_s.user + time_s.system, process.memory_info().rss / 2**20
    except psutil.NoSuchProcess:
        return 0.0, 0.0


class Watched:
    """Programs and what they begin: what each has used and held, to the last look."""

    def __init__(self) -> None:
        self._programs: list[tuple[str, psutil.Process]] = []
        self._used: dict[tuple[int, float], tuple[str, float, float]] = {}

    def add(self, kind: str, pid: int) -> None:
        self._programs.append((kind, psutil.Process(pid)))

    def look(self) -> float:
        """See what all have used; return it."""
        for kind, program in self._programs:
            for process in self._with_children(program):
                cpu_s, held_mb = used_by(process)
                key = (process.pid, process.create_time())
                _, before_s, before_mb = self._used.get(key, (kind, 0.0, 0.0))
                most = max(before_s, cpu_s), max(before_mb, held_mb)
                self._used[key] = (kind, *most)
        return sum(cpu_s for _, cpu_s, _ in self._used.values())

    def held_mb(self, wanted: str) -> float:
        """Return what one of a kind held at most."""
        held = (mb for kind, _, mb in self._used.values() if kind == wanted)
        return max(held, default=float("nan"))

    @staticmethod
    def _with_children(program: psutil.Process) -> list[psutil.Process]:
        try:
            return [program, *program.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


@contextmanager
def begun(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    program = subprocess.Popen(
        [sys.executable, "-m", "dask", *command],
        env={**os.environ, **ONE_THREAD},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def wait_for(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(POLL_S)
        else:
            return


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Run:
    """One table, worked out by whoever; looked at as its shards come in."""

    def __init__(self, folder: Path, out: Path, *more: str, chunk: int) -> None:
        self._shards = out.with_name(f"{out.name}.shards")
        how = ("--surrogates", "99", "--chunk", str(chunk), *more)
        files = ("--in", str(folder), "--out", str(out))
        self._command = [sys.executable, "-m", "coreg", "batch", *files, *how]
        self._chunk = chunk
        self.watched = Watched()
        self.seen: list[tuple[int, float]] = []

    def begin(self) -> None:
        """Begin it, or go on with it."""
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.watched.add("batch", self._process.pid)

    def kill(self) -> None:
        self.watched.look()
        self._process.kill()
        self._process.wait()

    def wait(self, shards: int) -> None:
        """Wait until so many shards are done."""
        while (done := self._look()) < shards:
            if self._process.poll() is not None:
                raise SystemExit(f"coreg batch ended at {done} shards")
            time.sleep(POLL_S)

    def end(self) -> None:
        """Wait until it has come to its end."""
        while self._process.poll() is None:
            self._look()
            time.sleep(POLL_S)
        if self._process.returncode not in {0, 1}:  # 1: some are no sessions
            raise SystemExit(f"coreg batch ended with {self._process.returncode}")

    def _look(self) -> int:
        cpu_s = self.watched.look()
        done = len(list(self._shards.glob("[!.]*.parquet")))
        if done and (not self.seen or self.seen[-1][0] < done * self._chunk):
            self.seen.append((done * self._chunk, cpu_s))
        return done


def found(out: Path) -> tuple[list[str], int]:
    """Return the rows of a table, and how many sessions they are of."""
    rows = pyarrow.parquet.read_table(out).to_pylist()
    told = (repr(sorted(row.items())).encode() for row in rows)
    hashes = [hashlib.sha256(each).hexdigest() for each in told]
    return hashes, len({row["file"] for row in rows})


def run(
    engine: str, folder: Path, out: Path, *, chunk: int, of: int, hurt: bool
) -> Ran:
    """Have `of` shards worked out; hurt the run as the module says, where asked."""
    with ExitStack() as ends:
        began = time.perf_counter()
        if engine == "dask":
            watched = by_dask(ends, folder, out, chunk, of if hurt else 0)
        else:
            more = ("--workers", "2") if engine == "pool" else ()
            watched = Run(folder, out, *more, chunk=chunk)
            watched.begin()
            if hurt and engine == "serial":
                watched.wait(of // 2)
                watched.kill()
                watched.begin()
            watched.end()
        cpu_s = watched.watched.look()
        wall_s = time.perf_counter() - began
    rows, sessions_found = found(out)
    return Ran(
        cpu_s=cpu_s,
        wall_s=wall_s,
        rows=rows,
        sessions=sessions_found,
        seen=watched.seen,
        scheduler_mb=watched.watched.held_mb("scheduler"),
        worker_mb=watched.watched.held_mb("worker"),
    )


def by_dask(ends: ExitStack, folder: Path, out: Path, chunk: int, hurt_of: int) -> Run:
    """Run it with Dask; of so many shards, if any, hurt it at a third and two."""
    port = free_port()
    at = f"tcp://127.0.0.1:{port}"
    watched = Run(folder, out, "--scheduler", at, chunk=chunk)

    def begin(kind: str, *more: str) -> subprocess.Popen[bytes]:
        program = ends.enter_context(begun(kind, *more, "--no-dashboard"))
        watched.watched.add(kind, program.pid)
        return program

    def scheduler() -> subprocess.Popen[bytes]:
        return begin("scheduler", "--host", "127.0.0.1", "--port", str(port))

    def worker() -> subprocess.Popen[bytes]:
        return begin("worker", at, "--nthreads", "1", "--no-nanny")

    first, one, _ = scheduler(), worker(), worker()
    wait_for(port)
    watched.begin()
    if hurt_of:
        watched.wait(hurt_of // 3)
        one.kill()
        one.wait()
        worker()
        watched.wait(2 * hurt_of // 3)
        first.kill()
        first.wait()
        scheduler()
        worker()  # those that are left end with their scheduler
        worker()
    watched.end()
    return watched


def no_sessions(folder: Path) -> Path:
    """Files that are refused at once: all that they cost is being handed out."""
    folder.mkdir(exist_ok=True)
    for number in range(NO_SESSIONS):
        path = folder / f"{number:04d}.coreg"
        if not path.exists():
            path.write_bytes(b"no session at all")
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=48)
    parser.add_argument("--in", dest="folder", type=Path)
    parser.add_argument("--chunk", type=int, default=2)
    parser.add_argument("--place", type=Path)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = told.place or Path(name)
        place.mkdir(exist_ok=True)
        files = (
            sorted(told.folder.glob("*.coreg"))
            if told.folder
            else sessions(place, told.sessions)
        )[: told.sessions]
        if len(files) < told.sessions:
            print(f"only {len(files)} sessions are there", file=sys.stderr)
            return 2
        folder = place / f"of-{told.sessions}"
        if not folder.exists():
            folder.mkdir()
            for file in files:
                shutil.copy2(file, folder)  # with its time, which is in a shard's name
        return measured(folder, place, told.chunk, told.sessions)


def measured(folder: Path, place: Path, chunk: int, n: int) -> int:
    print(f"{chunk} sessions a task, 99 surrogates a session")
    print("engine   sessions   rows   cpu s   wall s   scheduler MB   worker MB")
    ran: dict[str, Ran] = {}
    for engine in ENGINES:
        out = place / f"{engine}.parquet"
        out.unlink(missing_ok=True)
        each = run(engine, folder, out, chunk=chunk, of=-(-n // chunk), hurt=True)
        ran[engine] = each
        print(
            f"{engine:8} {n:8d} {len(each.rows):6d} {each.cpu_s:7.1f} "
            f"{each.wall_s:8.1f} {each.scheduler_mb:14.0f} {each.worker_mb:11.0f}"
            f"{HURT[engine]}",
            flush=True,
        )
    same = all(
        each.rows == ran["pool"].rows and each.sessions == n for each in ran.values()
    )
    print(
        "rows of all three equal, in the same order, and each session there:"
        f" {'yes' if same else 'NO'}"
    )
    lines = {engine: line(engine, n, each) for engine, each in ran.items()}
    task_s = per_task(no_sessions(place / "none"), place / "none.parquet")
    on_paper(lines, task_s, ran["dask"], folder)
    return int(not same)


def line(engine: str, n: int, ran: Ran) -> float:
    """Draw a line through a quarter and half; hold it against the end."""
    quarter, half = (
        min(ran.seen, key=lambda each: abs(each[0] - wanted))
        for wanted in (n / 4, n / 2)
    )
    if quarter == half:
        print(f"{engine:8} went on from where it was: no line is drawn")
        return float("nan")  # what was spent before is not known
    each_s = (half[1] - quarter[1]) / (half[0] - quarter[0])
    begin_s = quarter[1] - quarter[0] * each_s
    foretold = begin_s + n * each_s
    off = foretold / ran.cpu_s - 1
    print(
        f"{engine:8} begins with {begin_s:.1f} s, then {1000 * each_s:.0f} ms a"
        f" session; at {n} it foretells {foretold:.1f} s ({off:+.0%})"
    )
    return each_s


def per_task(folder: Path, out: Path) -> float:
    """Return what a task costs Dask: the same files all in one, and in one each."""
    task_s = 0.0
    for engine in ENGINES:
        cpu_s = list[float]()
        for chunk in (NO_SESSIONS, 1):
            out.unlink(missing_ok=True)
            each = run(engine, folder, out, chunk=chunk, of=0, hurt=False)
            cpu_s.append(each.cpu_s)
        task_s = (cpu_s[1] - cpu_s[0]) / (NO_SESSIONS - 1)
        print(
            f"{engine:8} {1000 * task_s:.1f} ms a task, its file and all"
            f" ({NO_SESSIONS} tasks beside 1);"
            f" of {USUAL_CHUNK} sessions a task {1000 * task_s / USUAL_CHUNK:.2f} ms"
            " each",
            flush=True,
        )
    return task_s


def on_paper(
    lines: dict[str, float], task_s: float, largest: Ran, folder: Path
) -> None:
    tasks = -(-MILLION // USUAL_CHUNK)
    hours = (MILLION * lines["dask"] + tasks * task_s) / 3600
    files = list(folder.glob("*.coreg"))
    began = time.process_time()
    for file in files:
        found_item(file, folder)
        read_head(file)
    looked_ms = 1000 * (time.process_time() - began) / len(files)
    print(
        f"on paper, {MILLION} such sessions: {hours:.0f} core hours, {tasks} tasks;"
        f" {looked_ms:.2f} ms to ask each file whose it is before;"
        f" scheduler {largest.scheduler_mb:.0f} MB and worker"
        f" {largest.worker_mb:.0f} MB, as above:"
        " at most two tasks a thread are handed out at once"
    )


if __name__ == "__main__":
    raise SystemExit(main())
