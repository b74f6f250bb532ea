"""The harness of faults: a disk that can be made to fail, and what it took."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.helpers.power_loss import Change, read_changes

REPOSITORY = Path(__file__).resolve().parents[1]
EVENTS, FOLD_EVERY = 120, 25
Done = subprocess.CompletedProcess[str]


@dataclass(slots=True)
class Struck:
    """How often a fault struck, and what it took."""

    rounds: int = 0
    lost: int = 0
    silent: int = 0
    traceback: int = 0

    def add(self, outcome: str) -> None:
        """Count one round."""
        self.rounds += 1
        if outcome:
            setattr(self, outcome, getattr(self, outcome) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harness:
    """Where the faults are tried, and how often."""

    disk: Path
    work: Path
    rounds: int
    rng: np.random.Generator
    unsafe: bool
    cheap: int = 1

    def emptied(self, name: str) -> Path:
        """Return an empty folder of this name; the disk looks at `.coreg` alone."""
        folder = self.work / f"{name}.coreg"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def run(
        self, module: str, *arguments: str, **how: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the tests on this disk."""
        return subprocess.run(
            [sys.executable, "-m", f"tests.helpers.{module}", *arguments],
            cwd=REPOSITORY,
            env={**os.environ, "LD_PRELOAD": str(self.disk), **how},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def asked(self, folder: Path, module: str, *arguments: str) -> int:
        """Return how many changes a program asks of its disk: each is a moment to die.

        Drawn beyond them, a kill would come when all is done, and prove nothing.
        """
        trace = self.work / "asked"
        trace.unlink(missing_ok=True)
        self.run(module, str(folder), *arguments, DISK_TELLS=str(trace))
        return sum(each.what != "A" for each in read_changes(trace))

    def copy_of(self, whole: Path) -> Path:
        """Return a copy of a data folder, to be spoiled."""
        folder = self.emptied("copy")
        shutil.copytree(whole, folder, dirs_exist_ok=True)
        return folder

    def kills(
        self,
        whole: Path,
        program: tuple[str, ...],
        judge: Callable[[Path, Done], str],
        *,
        first: int = 1,
    ) -> Struck:
        """Kill a program over copies of a folder, each time at another of its changes.

        `judge` says what is wrong with what is left. `program` is a module of the tests
        and what it is told after the folder; it lives until its `first` change.
        """
        module, *told = program
        most = self.asked(self.copy_of(whole), module, *told)
        struck = Struck()
        for _ in range(self.rounds):
            folder = self.copy_of(whole)
            at = str(self.rng.integers(first, most + 1))
            done = self.run(module, str(folder), *told, DISK_KILLS_AT=at)
            struck.add("traceback" if done.stderr else judge(folder, done))
        return struck

    def recorded(self, folder: Path, **how: str) -> tuple[list[Change], str]:
        """Record a session; return what its disk was asked to do, and its errors."""
        trace = folder / "trace"
        arguments = [str(folder / "x.coreg"), str(EVENTS), str(FOLD_EVERY)]
        if self.unsafe:
            arguments.append("unsafe")
        done = self.run(
            "session_on_failing_disk", *arguments, DISK_TELLS=str(trace), **how
        )
        changes = read_changes(trace) if trace.exists() else []
        return changes, done.stderr
