"""What disks, kills and damage take from what was kept: one command, one table.

    python -m benchmarks.faults [ROUNDS] [SEED] [unsafe] [unchecked]

Each line is one fault, struck ROUNDS times (default 40) at moments drawn with SEED;
power cuts twelve times as often; from 50 rounds on a disk fails at each of the first
200 changes:

- **lost**: something that was acknowledged is not there (after damage: nothing of it
  can be read, which is said);
- **silent**: something else than what was written is taken for it, or what was to be
  erased is still there;
- **traceback**: a reader or writer fails otherwise than in words.

All of them are 0 where coreg keeps its promise, except *lost* after damage. With
`unsafe`, sessions are written without bringing anything to the disk (synchronous=OFF):
the line of un-synced sectors has to lose something then, or it would prove nothing.
With `unchecked`, every check of what was read is taken for right: damage is silent
then.
Of a library, its file alone is spoiled, then its copy too. Needs Linux and a C
compiler.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.fault_harness import EVENTS, Harness, Struck
from benchmarks.faults_of_folders import (
    SETTINGS,
    backup_killed,
    erasing_killed,
    library_killed,
    library_unsynced,
    locking_killed,
    migration_killed,
    of_library,
)
from coreg.base import clock, kept_twice
from coreg.errors import CoregError, SessionDamaged
from coreg.store import rows
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.reader import State, read_beginning
from coreg.store.rows import Logged
from coreg.store.session_log import SessionLog
from tests.helpers.disks import built
from tests.helpers.library_rows import BOTH
from tests.helpers.library_writer import setting
from tests.helpers.power_loss import Change, acknowledged, after_power_cut
from tests.helpers.sessions import (
    ENDED,
    OPENED,
    QUICK_S,
    append_all,
    beats,
    crashed_copy,
    facts_in,
    packet,
    wait_until,
    whole_session,
)

FACTS: list[Logged] = [OPENED, *(packet(n) for n in range(1, EVENTS + 1)), ENDED]
LAST_CHANGES = 20
CHEAP_TIMES = 12  # a power cut is tried without a program: so much more often
THOROUGH, MOST_FAILURES = 50, 200
Spoil = Callable[[bytes, np.random.Generator], bytes]


# --- sessions -----------------------------------------------------------------


def of_session(path: Path, safe: int, errors: str) -> str:
    """Return what is wrong with a session of which so many events were safe."""
    if errors:
        return "traceback"
    if not path.exists():
        return "lost" if safe else ""
    try:
        facts = facts_in(path)
    except SessionDamaged:
        return "lost"
    except Exception:  # noqa: BLE001 - that is what is counted
        return "traceback"
    if len(facts) < safe:
        return "lost"
    return "" if facts == FACTS[: len(facts)] else "silent"


def killed(harness: Harness, first: int, last: int) -> Struck:
    """Kill a recording at changes from `first` to `last`."""
    struck = Struck()
    for _ in range(harness.rounds):
        folder = harness.emptied("killed")
        at = int(harness.rng.integers(first, last + 1))
        changes, errors = harness.recorded(folder, DISK_KILLS_AT=str(at))
        struck.add(of_session(folder / "x.coreg", acknowledged(changes), errors))
    return struck


def failing(harness: Harness, how: str, most: int) -> Struck:
    """Let a recording's disk fail at its Nth change."""
    struck = Struck()
    for each in range(MOST_FAILURES if harness.rounds >= THOROUGH else harness.rounds):
        folder = harness.emptied("failing")
        # Thoroughly: each of the first changes once; else some of all.
        is_thorough = harness.rounds >= THOROUGH
        at = str(each + 1 if is_thorough else harness.rng.integers(1, most + 1))
        changes, errors = harness.recorded(folder, **{how: at})
        struck.add(of_session(folder / "x.coreg", acknowledged(changes), errors))
    return struck


def unsynced(harness: Harness, changes: list[Change]) -> Struck:
    """Cut the power: of what was not synced, each sector is there or not."""
    struck = Struck()
    for _ in range(harness.rounds * harness.cheap):
        before = changes[: harness.rng.integers(1, len(changes) + 1)]
        folder = harness.emptied("cut")
        for name, content in after_power_cut(before, harness.rng).items():
            (folder / Path(name).name).write_bytes(content)
        struck.add(of_session(folder / "x.coreg", acknowledged(before), ""))
    return struck


def silent_disk(harness: Harness) -> Struck:
    """Let a disk not answer: *silent* where that is not said within three seconds."""
    struck = Struck()
    for _ in range(min(harness.rounds, 5)):
        path = harness.emptied("hangs") / "x.coreg"
        with (
            SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log,
            closing(sqlite3.connect(path, isolation_level=None)) as holder,
        ):
            holder.execute("BEGIN IMMEDIATE")  # whoever writes waits from here on
            log.append(packet(1), packet(1).t_ns)
            since_ns = clock.monotonic_ns()
            while log.trouble is None and clock.monotonic_ns() - since_ns < 3e9:
                time.sleep(0.02)
            struck.add("" if log.trouble else "silent")
    return struck


# --- damage -------------------------------------------------------------------


def one_bit(content: bytes, rng: np.random.Generator) -> bytes:
    """Flip one bit."""
    changed = bytearray(content)
    changed[rng.integers(len(content))] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def one_sector(content: bytes, rng: np.random.Generator) -> bytes:
    """Empty one sector."""
    at = 512 * int(rng.integers(len(content) // 512))
    return content[:at] + bytes(512) + content[at + 512 :]


def cut(content: bytes, rng: np.random.Generator) -> bytes:
    """Cut the end off."""
    return content[: rng.integers(len(content))]


def garbage(content: bytes, rng: np.random.Generator) -> bytes:
    """Write chance over a stretch of it."""
    at, size = int(rng.integers(len(content))), int(rng.integers(1, 4096))
    return (content[:at] + rng.bytes(size) + content[at + size :])[: len(content)]


SPOILS: dict[str, Spoil] = {
    "one bit": one_bit,
    "one sector": one_sector,
    "cut": cut,
    "garbage": garbage,
}


def session_spoiled(harness: Harness, spoil: Spoil) -> Struck:
    """Spoil a whole session, and read what is left of it."""
    path = harness.emptied("spoiled") / "x.coreg"
    facts = whole_session(path, count=300)
    intact = path.read_bytes()
    struck = Struck()
    for _ in range(harness.rounds):
        path.write_bytes(spoil(intact, harness.rng))
        struck.add(of_beginning(path, facts))
    return struck


def log_spoiled(harness: Harness, spoil: Spoil) -> Struck:
    """Spoil the write-ahead log that a kill left, and read what is left."""
    folder = harness.emptied("whole")
    path = folder / "x.coreg"
    facts: list[Logged] = [OPENED, *beats(120)]
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, facts[1:])
        wait_until(lambda: log.unsaved == 0)
        crashed = crashed_copy(path, folder / "crashed")
    left = {each.name: each.read_bytes() for each in crashed.parent.iterdir()}
    struck = Struck()
    for _ in range(harness.rounds):
        spoiled = harness.emptied("spoiled") / "x.coreg"
        for name, content in left.items():
            is_log = name.endswith("-wal")
            told = spoil(content, harness.rng) if is_log else content
            spoiled.with_name(name).write_bytes(told)
        struck.add(of_prefix(spoiled, facts))
    return struck


def of_prefix(path: Path, facts: list[Logged]) -> str:
    """Return what is wrong with what is read where only a log was spoiled."""
    try:
        seen = [each.fact for each in read_beginning(path).events]
    except CoregError:
        return "lost"
    except Exception:  # noqa: BLE001 - that is what is counted
        return "traceback"
    return "" if seen == facts[: len(seen)] else "silent"


def of_beginning(path: Path, facts: list[Logged]) -> str:
    """Return what is wrong with what is read of a damaged session."""
    try:
        session = read_beginning(path)
    except SessionDamaged:
        return "lost"
    except Exception:  # noqa: BLE001 - that is what is counted
        return "traceback"
    seen = [each.fact for each in session.events]
    is_told = seen == facts or session.state is State.DAMAGED
    return "" if is_told and seen == facts[: len(seen)] else "silent"


def library_spoiled(harness: Harness, spoil: Spoil, names: tuple[str, ...]) -> Struck:
    """Spoil these files of a library, and read it."""
    whole = data_folder(harness.emptied("whole"))
    library = Library(whole)
    for number in range(SETTINGS):
        library.keep_setting(*setting(number))
    struck = Struck()
    for _ in range(harness.rounds):
        folder = harness.copy_of(whole)
        for name in names:
            path = folder / name
            path.write_bytes(spoil(path.read_bytes(), harness.rng))
        struck.add(of_library(folder, SETTINGS))
    return struck


# --- the table ----------------------------------------------------------------


def faults(harness: Harness) -> Iterator[tuple[str, Struck]]:
    """Strike with one fault after another."""
    changes, _ = harness.recorded(harness.emptied("traced"))
    first_ack = next(n for n, each in enumerate(changes, 1) if each.what == "A")
    asked = sum(each.what != "A" for each in changes)
    yield "SIGKILL, creation", killed(harness, 1, first_ack)
    yield "SIGKILL, practice", killed(harness, first_ack, asked - LAST_CHANGES)
    yield "SIGKILL, end", killed(harness, asked - LAST_CHANGES, asked)
    yield "SIGKILL, library write", library_killed(harness)
    yield "SIGKILL, migration", migration_killed(harness)
    yield "SIGKILL, locking", locking_killed(harness)
    yield "SIGKILL, backup", backup_killed(harness)
    for what in ("partner", "everything"):
        yield f"SIGKILL, erasing {what}", erasing_killed(harness, what)
    yield "un-synced sectors", unsynced(harness, changes)
    yield "un-synced sectors, library", library_unsynced(harness)
    yield "EIO from the Nth on", failing(harness, "DISK_FAILS_AT", asked)
    yield "EIO once", failing(harness, "DISK_FAILS_ONCE", asked)
    yield "ENOSPC from the Nth on", failing(harness, "DISK_FULL_AT", asked)
    yield "a disk that hangs, 3 s", silent_disk(harness)
    yield from damages(harness)


def damages(harness: Harness) -> Iterator[tuple[str, Struck]]:
    """Spoil what lies there."""
    for name, spoil in SPOILS.items():
        yield f"{name}, session", session_spoiled(harness, spoil)
    for name, spoil in SPOILS.items():
        yield f"{name}, write-ahead log", log_spoiled(harness, spoil)
    for name, spoil in SPOILS.items():
        yield f"{name}, library", library_spoiled(harness, spoil, BOTH[:1])
    for name, spoil in SPOILS.items():
        yield f"{name}, library and copy", library_spoiled(harness, spoil, BOTH)


def remove_checks() -> None:
    """Take every sum for right, to see whether what is silent then would be found."""
    rows._crc = lambda *_columns: 0  # noqa: SLF001
    kept_twice._digest = lambda line, content: bytes(32)  # noqa: ARG005, SLF001


def main() -> None:
    """Print the table."""
    numbers = [int(each) for each in sys.argv[1:] if each.isdecimal()]
    rounds, seed = (*numbers, *(40, 1)[len(numbers) :])
    with tempfile.TemporaryDirectory() as work:
        harness = Harness(
            disk=built(Path(work)),
            work=Path(work),
            rounds=rounds,
            rng=np.random.default_rng(seed),
            unsafe="unsafe" in sys.argv,
            cheap=CHEAP_TIMES,
        )
        print(f"{rounds} rounds each, seed {seed}")
        print(f"{'fault':28} {'rounds':>7} {'lost':>6} {'silent':>7} {'traceback':>10}")
        if "unchecked" in sys.argv:
            remove_checks()
        lines = damages(harness) if "unchecked" in sys.argv else faults(harness)
        for name, struck in lines:
            counts = f"{struck.rounds:7} {struck.lost:6} {struck.silent:7}"
            print(f"{name:28} {counts} {struck.traceback:10}", flush=True)


if __name__ == "__main__":
    main()
