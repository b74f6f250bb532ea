"""The harness of faults finds what is lost where something is."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.fault_harness import Harness
from benchmarks.faults import (
    FACTS,
    library_spoiled,
    one_bit,
    remove_checks,
    session_spoiled,
    unsynced,
)
from coreg.base import kept_twice
from coreg.store import rows
from tests.helpers.disks import built
from tests.helpers.library_rows import BOTH
from tests.helpers.power_loss import acknowledged

ROUNDS = 30


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("disk"))


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_power_cut_is_seen_to_take_what_was_never_brought_to_the_disk(
    tmp_path: Path, disk: Path, unsafe: bool
) -> None:
    harness = Harness(
        disk=disk,
        work=tmp_path,
        rounds=ROUNDS,
        rng=np.random.default_rng(17),
        unsafe=unsafe,
    )
    changes, errors = harness.recorded(harness.emptied("traced"))
    assert errors == ""
    assert acknowledged(changes) == len(FACTS)
    struck = unsynced(harness, changes)
    assert struck.rounds == ROUNDS
    assert (struck.lost > 5) is unsafe
    assert struck.silent == struck.traceback == 0


def test_damage_to_a_session_is_never_silent(tmp_path: Path, disk: Path) -> None:
    rng = np.random.default_rng(3)
    harness = Harness(disk=disk, work=tmp_path, rounds=ROUNDS, rng=rng, unsafe=False)
    struck = session_spoiled(harness, one_bit)
    assert struck.rounds == ROUNDS
    assert struck.silent == struck.traceback == 0


def test_without_its_checks_damage_is_seen_to_be_silent(
    tmp_path: Path, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((rows, "_crc"), (kept_twice, "_digest")):
        monkeypatch.setattr(module, name, getattr(module, name))  # to be put back
    rng = np.random.default_rng(5)
    harness = Harness(disk=disk, work=tmp_path, rounds=ROUNDS, rng=rng, unsafe=False)
    for seen in (False, True):
        if seen:
            remove_checks()
        of_session = session_spoiled(harness, one_bit)
        of_library = library_spoiled(harness, one_bit, BOTH[:1])
        assert (of_session.silent > 0, of_library.silent > 0) == (seen, seen)
