"""What many sessions cost, and whether it matters who works them out.

    python -m benchmarks.cohort [--sizes 12 24 48] [--in DIR]

Simulated couples of two minutes (or the first sessions of DIR) are worked out by
`coreg batch` in one process, in a pool of two, and by Dask with a scheduler and two
workers, of three sizes each, and the rows are compared. Time is that of processors, so
that a busy computer changes little. Printed are:

* what a session and a task cost, from a line through the smaller two sizes, and how far
  off it is at the largest, which it has not seen;
* what the scheduler and a worker held at most;
* what a million sessions would take by that line, on paper.

Exit status 1 where rows differ, 2 where it cannot be tried. At night, once:
`--sizes 500 1000 2000`, which takes about an hour of one processor.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One run: processor time of all of it (s), and what was held at most (MB)."""

    cpu_s: float
    wall_s: float
    scheduler_mb: float
    worker_mb: float
    rows: list[str]


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
    """Wait for a process that is to succeed; return its processor time."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"coreg batch ended with {process.returncode}")
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


def batch(folder: Path, out: Path, *more: str) -> tuple[float, float, list[str]]:
    """Run it; return processor and wall time (s), and the rows."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "coreg", "batch", "--in", folder, "--out", out, *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    cpu_s = cpu_of(process)
    wall_s = time.perf_counter() - began
    rows = pyarrow.parquet.read_table(out).to_pylist()
    out.unlink()
    return cpu_s, wall_s, [repr(sorted(row.items())) for row in rows]


def run(engine: str, folder: Path, out: Path, *more: str) -> Ran:
    nan = float("nan")
    if engine != "dask":
        how = ("--workers", "2") if engine == "pool" else ()
        cpu_s, wall_s, rows = batch(folder, out, *how, *more)
        return Ran(
            cpu_s=cpu_s, wall_s=wall_s, scheduler_mb=nan, worker_mb=nan, rows=rows
        )
    port = free_port()
    at = f"tcp://127.0.0.1:{port}"
    here = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    worker = ("worker", at, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    with begun("scheduler", *here) as first, begun(*worker) as a, begun(*worker) as b:
        cpu_s, wall_s, rows = batch(folder, out, "--scheduler", at, *more)
        pids = (first.pid, a.pid, b.pid)
        return Ran(
            cpu_s=cpu_s + sum(map(cpu_s_so_far, pids)),
            wall_s=wall_s,
            scheduler_mb=held_mb(first.pid),
            worker_mb=max(map(held_mb, pids[1:])),
            rows=rows,
        )


def folder_of(files: Sequence[Path], folder: Path) -> Path:
    folder.mkdir()
    for file in files:
        shutil.copy(file, folder)
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs=3, default=[12, 24, 48])
    parser.add_argument("--in", dest="sessions", type=Path)
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
        return measured(sizes, folders, place / "rows.parquet")


def measured(sizes: Sequence[int], folders: dict[int, Path], out: Path) -> int:
    print("engine   sessions   rows   cpu s   wall s   scheduler MB   worker MB")
    ran: dict[tuple[str, int], Ran] = {}
    for n in sizes:
        for engine in ENGINES:
            each = ran[engine, n] = run(engine, folders[n], out)
            print(
                f"{engine:8} {n:8d} {len(each.rows):6d} {each.cpu_s:7.1f} "
                f"{each.wall_s:8.1f} {each.scheduler_mb:14.0f} {each.worker_mb:11.0f}",
                flush=True,
            )
    same = all(each.rows == ran["serial", n].rows for (_, n), each in ran.items())
    print(f"rows of all three equal, in the same order: {'yes' if same else 'NO'}")
    lines = {engine: line(engine, sizes, ran) for engine in ENGINES}
    task_s = per_task(folders[sizes[0]], out, sizes[0])
    on_paper(lines, task_s, ran["dask", sizes[-1]], folders[sizes[0]])
    return int(not same)


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


def per_task(folder: Path, out: Path, n: int) -> float:
    """Return what a task costs: the same sessions in one, and in one each."""
    whole = run("dask", folder, out, "--chunk", str(n))
    single = run("dask", folder, out, "--chunk", "1")
    task_s = (single.cpu_s - whole.cpu_s) / (n - 1)
    print(
        f"dask: {1000 * task_s:.0f} ms a task, its file and all ({n} tasks beside 1);"
        f" of {USUAL_CHUNK} sessions a task {1000 * task_s / USUAL_CHUNK:.2f} ms each"
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
