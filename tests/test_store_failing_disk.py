"""A disk that errs or loses power keeps what was acknowledged.

The disk is a real one, seen through a small library that stands before the system's
own calls (tests/helpers/failing_disk.c); it is built here and needs a C compiler.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coreg.store.reader import check_session
from tests.helpers.disks import built
from tests.helpers.power_loss import acknowledged, after_power_cut, read_changes
from tests.helpers.sessions import ENDED, OPENED, facts_in, packet, rounds

REPOSITORY = Path(__file__).resolve().parents[1]
EVENTS = 120
FACTS = [OPENED, *(packet(n) for n in range(1, EVENTS + 1)), ENDED]


@pytest.fixture(scope="module")
def failing_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("disk"))


def recorded_on(disk: Path, path: Path, **how: str) -> str:
    """Record a session on this disk; return what the program said at its end."""
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "tests.helpers.session_on_failing_disk"),
            *(str(path), str(EVENTS), "25"),
        ],
        cwd=REPOSITORY,
        env={**os.environ, "LD_PRELOAD": str(disk), **how},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("how", ["DISK_FAILS_AT", "DISK_FAILS_ONCE"])
def test_a_disk_that_errs_stops_the_recording_and_never_harms_it(
    tmp_path: Path, failing_disk: Path, how: str
) -> None:
    numbers = range(1, 101) if rounds(0, thorough=1) else (1, 8, 13, 16, 20, 33, 90)
    stopped = 0
    for number in numbers:
        path = tmp_path / f"{number}.coreg"
        said = recorded_on(failing_disk, path, **{how: str(number)})
        count, words = said.split(maxsplit=1)
        stopped += "the disk reported an error" in words
        if not path.exists():
            assert int(count) == 0
            continue
        facts = facts_in(path)
        assert len(facts) >= int(count)
        assert facts == FACTS[: len(facts)]
    assert stopped > len(numbers) // 3


def test_a_power_cut_loses_nothing_that_was_acknowledged(
    tmp_path: Path, failing_disk: Path
) -> None:
    trace = tmp_path / "trace"
    recorded_on(failing_disk, tmp_path / "x.coreg", DISK_TELLS=str(trace))
    changes = read_changes(trace)
    assert acknowledged(changes) == len(FACTS)
    rng = np.random.default_rng(300)
    torn = 0
    for number in range(rounds(60, thorough=1000)):
        before = changes[: rng.integers(1, len(changes) + 1)]
        folder = tmp_path / f"cut-{number}"
        folder.mkdir()
        for name, content in after_power_cut(before, rng).items():
            (folder / Path(name).name).write_bytes(content)
        path = folder / "x.coreg"
        if not path.exists():
            assert acknowledged(before) == 0
            continue
        facts = facts_in(path)
        assert len(facts) >= acknowledged(before)
        assert facts == FACTS[: len(facts)]
        assert check_session(path).words.startswith(f"ok: {len(facts)} events")
        torn += before[-1].what == "W"
        shutil.rmtree(folder)
    assert torn > 5
