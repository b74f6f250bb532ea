"""What many sessions cost, and whether it matters who works them out.

    python -m benchmarks.cohort [--sizes 12 24 48] [--in DIR] [--chunk 20]

Simulated couples of two minutes (or the first sessions of DIR) are worked out by
`coreg batch` in one process, in a pool of two, and by Dask with a scheduler and two
workers, of three sizes each, and the rows are compared. Of the largest size the run in
one process is killed midway and goes on; and Dask loses a worker at a third of it and
its scheduler at two thirds, and gets another one each. Time is that of processors, so
that a busy computer changes little. Printed are:

* what a session and a task cost: a line through the smaller two sizes, and how far off
  it is at the largest, which it has not seen;
* what a task costs alone: files that are no sessions, all in one task and in one each;
* what the scheduler and a worker held at most;
* what a million sessions would take by that line, on paper.

Exit status 1 where rows differ, 2 where it cannot be tried. At night, once:
`--sizes 500 1000 2000`, which takes about half an hour of one processor.
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

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
POLL_S = 0.1
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One run: processor time of all of it (s), and what was held at most (MB).

    `rows` are hashes of the rows, in their order; `sessions` is how many they are of.
    """

    cpu_s: float
    wall_s: float
    rows: list[str]
    sessions: int
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


def cpu_of(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process to end; return its processor time."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def held_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (line,) = (each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def cpu_s_so_far(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def begin_batch(folder: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "coreg", "batch", "--in", folder, "--out", out, *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def shards_done(out: Path) -> int:
    return len(list(out.with_name(f"{out.name}.shards").glob("[!.]*.parquet")))


def wait_for_shards(
    process: subprocess.Popen[bytes],
    out: Path,
    wanted: int,
    look: Callable[[], None] = lambda: None,
) -> None:
    while shards_done(out) < wanted:
        look()
        if process.poll() is not None:
            raise SystemExit(f"coreg batch ended before {wanted} shards were done")
        time.sleep(POLL_S)


def ended(process: subprocess.Popen[bytes]) -> float:
    """Return the processor time of a run that is to come to its end."""
    cpu_s = cpu_of(process)
    if process.returncode not in {0, 1}:  # 1: some are no sessions
        raise SystemExit(f"coreg batch ended with {process.returncode}")
    return cpu_s


def found(out: Path) -> tuple[list[str], int]:
    """Return the rows of a table, which goes, and how many sessions they are of."""
    rows = pyarrow.parquet.read_table(out).to_pylist()
    out.unlink()
    told = (repr(sorted(row.items())).encode() for row in rows)
    hashes = [hashlib.sha256(each).hexdigest() for each in told]
    return hashes, len({row["file"] for row in rows})


def here(folder: Path, out: Path, *more: str, kill_at: int = 0) -> Ran:
    """Run it without Dask; kill it after so many shards, if any, and let it go on."""
    began, killed_s = time.perf_counter(), 0.0
    if kill_at:
        process = begin_batch(folder, out, *more)
        wait_for_shards(process, out, kill_at)
        process.kill()
        killed_s = cpu_of(process)
    cpu_s = killed_s + ended(begin_batch(folder, out, *more))
    wall_s = time.perf_counter() - began
    rows, of = found(out)
    return Ran(cpu_s=cpu_s, wall_s=wall_s, rows=rows, sessions=of)


class Cluster:
    """A scheduler and two workers, of which some may die: what they used and held."""

    def __init__(self, ends: ExitStack) -> None:
        self._ends = ends
        self._port = free_port()
        self.at = f"tcp://127.0.0.1:{self._port}"
        self._running = list[tuple[str, subprocess.Popen[bytes]]]()
        self._seen = dict[int, tuple[str, float, float]]()
        self.begin("scheduler")
        self.begin("worker")
        self.begin("worker")

    def begin(self, kind: str) -> None:
        more = {
            "scheduler": ("--host", "127.0.0.1", "--port", str(self._port)),
            "worker": (self.at, "--nthreads", "1", "--no-nanny"),
        }[kind]
        program = self._ends.enter_context(begun(kind, *more, "--no-dashboard"))
        self._running.append((kind, program))

    def end(self, kind: str) -> None:
        """Kill the first of a kind."""
        self.look()
        gone = next(each for each in self._running if each[0] == kind)
        self._running.remove(gone)
        gone[1].kill()
        gone[1].wait()

    def look(self) -> None:
        """See what each has used: a worker ends with its scheduler, unasked."""
        for kind, program in self._running:
            if program.poll() is None:
                pid = program.pid
                self._seen[pid] = (kind, cpu_s_so_far(pid), held_mb(pid))

    def cpu_s(self) -> float:
        """Return the processor time of all that there were."""
        return sum(cpu_s for _, cpu_s, _ in self._seen.values())

    def held_mb(self, wanted: str) -> float:
        """Return what one of a kind held at most."""
        return max(mb for kind, _, mb in self._seen.values() if kind == wanted)


def by_dask(folder: Path, out: Path, *more: str, hurt_of: int = 0) -> Ran:
    """Run it with Dask; of so many shards, if any, hurt it at a third and two."""
    with ExitStack() as ends:
        cluster = Cluster(ends)
        began = time.perf_counter()
        process = begin_batch(folder, out, "--scheduler", cluster.at, *more)
        if hurt_of:
            wait_for_shards(process, out, hurt_of // 3)
            cluster.end("worker")
            cluster.begin("worker")
            wait_for_shards(process, out, 2 * hurt_of // 3, look=cluster.look)
            cluster.end("scheduler")
            cluster.begin("scheduler")
            cluster.begin("worker")  # those that are left end with their scheduler
            cluster.begin("worker")
        cpu_s = ended(process)
        wall_s = time.perf_counter() - began
        cluster.look()
    rows, of = found(out)
    return Ran(
        cpu_s=cpu_s + cluster.cpu_s(),
        wall_s=wall_s,
        rows=rows,
        sessions=of,
        scheduler_mb=cluster.held_mb("scheduler"),
        worker_mb=cluster.held_mb("worker"),
    )


def run(engine: str, folder: Path, out: Path, chunk: int, *, hurt_of: int = 0) -> Ran:
    more = ("--surrogates", "99", "--chunk", str(chunk))
    if engine == "dask":
        return by_dask(folder, out, *more, hurt_of=hurt_of)
    if engine == "pool":
        return here(folder, out, *more, "--workers", "2")
    return here(folder, out, *more, kill_at=hurt_of // 2)


def folder_of(files: Sequence[Path], folder: Path) -> Path:
    folder.mkdir()
    for file in files:
        shutil.copy(file, folder)
    return folder


def no_sessions(folder: Path) -> Path:
    """Files that are refused at once: all that they cost is being handed out."""
    folder.mkdir()
    for number in range(NO_SESSIONS):
        (folder / f"{number:04d}.coreg").write_bytes(b"no session at all")
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs=3, default=[12, 24, 48])
    parser.add_argument("--in", dest="sessions", type=Path)
    parser.add_argument("--chunk", type=int, default=4)
    told = parser.parse_args()
    sizes = sorted(told.sizes)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        files = (
            sorted(told.sessions.glob("*.coreg"))
            if told.sessions
            else sessions(place, sizes[-1])
        )
        if len(files) < sizes[-1]:
            print(f"only {len(files)} sessions are there", file=sys.stderr)
            return 2
        folders = {n: folder_of(files[:n], place / f"of-{n}") for n in sizes}
        return measured(sizes, folders, place, told.chunk)


def measured(
    sizes: Sequence[int], folders: dict[int, Path], place: Path, chunk: int
) -> int:
    out = place / "rows.parquet"
    print(f"{chunk} sessions a task, 99 surrogates a session")
    print("engine   sessions   rows   cpu s   wall s   scheduler MB   worker MB")
    ran: dict[tuple[str, int], Ran] = {}
    for n in reversed(sizes):  # what takes longest is known first
        hurt_of = -(-n // chunk) if n == sizes[-1] else 0
        for engine in ENGINES:
            each = ran[engine, n] = run(engine, folders[n], out, chunk, hurt_of=hurt_of)
            print(
                f"{engine:8} {n:8d} {len(each.rows):6d} {each.cpu_s:7.1f} "
                f"{each.wall_s:8.1f} {each.scheduler_mb:14.0f} {each.worker_mb:11.0f}"
                f"{hurt(engine) if hurt_of else ''}",
                flush=True,
            )
    same = all(
        each.rows == ran["pool", n].rows and each.sessions == n
        for (_, n), each in ran.items()
    )
    print(
        "rows of all three equal, in the same order, and each session there:"
        f" {'yes' if same else 'NO'}"
    )
    lines = {engine: line(engine, sizes, ran) for engine in ENGINES}
    task_s = per_task(no_sessions(place / "none"), out)
    on_paper(lines, task_s, ran["dask", sizes[-1]], folders[sizes[0]])
    return int(not same)


def hurt(engine: str) -> str:
    """Return what befell a run of the largest size."""
    return {
        "serial": "   killed midway, and went on",
        "pool": "",
        "dask": "   lost a worker, and its scheduler",
    }[engine]


def line(
    engine: str, sizes: Sequence[int], ran: dict[tuple[str, int], Ran]
) -> tuple[float, float]:
    """Draw a line through two sizes, and hold it against the third."""
    few, some, many = sizes
    each_s = (ran[engine, some].cpu_s - ran[engine, few].cpu_s) / (some - few)
    begin_s = ran[engine, few].cpu_s - few * each_s
    foretold = begin_s + many * each_s
    off = foretold / ran[engine, many].cpu_s - 1
    print(
        f"{engine:8} begins with {begin_s:.1f} s, then {1000 * each_s:.0f} ms a"
        f" session; at {many} it foretells {foretold:.1f} s ({off:+.0%})"
    )
    return begin_s, each_s


def per_task(folder: Path, out: Path) -> float:
    """Return what a task costs Dask: the same files all in one, and in one each."""
    for engine in ENGINES:
        whole = run(engine, folder, out, NO_SESSIONS)
        single = run(engine, folder, out, 1)
        task_s = (single.cpu_s - whole.cpu_s) / (NO_SESSIONS - 1)
        print(
            f"{engine:8} {1000 * task_s:.1f} ms a task, its file and all"
            f" ({NO_SESSIONS} tasks beside 1);"
            f" of {USUAL_CHUNK} sessions a task {1000 * task_s / USUAL_CHUNK:.2f} ms"
            " each",
            flush=True,
        )
    return task_s


def on_paper(
    lines: dict[str, tuple[float, float]], task_s: float, largest: Ran, folder: Path
) -> None:
    _, each_s = lines["serial"]
    tasks = -(-MILLION // USUAL_CHUNK)
    hours = (MILLION * each_s + tasks * task_s) / 3600
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
