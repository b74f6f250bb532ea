"""A program whose disk fails: records a session and says what came of it.

`python -m tests.helpers.session_on_failing_disk FILE EVENTS CHECKPOINT_EVERY [unsafe]`

With `unsafe` nothing is brought to the disk (synchronous=OFF), to see whether those who
look for what is lost would find it.
"""

import ctypes
import sqlite3
import sys
from pathlib import Path

from coreg.errors import StorageUnusable
from coreg.store import database
from coreg.store.session_log import SessionLog
from tests.helpers.sessions import ENDED, OPENED, QUICK_S, packet, wait_until


def main() -> None:
    path, events, fold_every = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    if "unsafe" in sys.argv[4:]:
        bring_nothing_to_the_disk()
    disk = ctypes.CDLL(None)
    try:
        log = SessionLog.create(path, OPENED, commit_every_s=QUICK_S)
    except StorageUnusable as error:
        print(0, error)
        return
    tell_acknowledged = disk.disk_acknowledged
    tell_acknowledged.argtypes = [ctypes.c_int64]
    tell_acknowledged(log.acknowledged)
    for number in range(1, events + 1):
        log.append(packet(number), packet(number).t_ns)
        if number % 3 == 0:
            wait_until(lambda: log.unsaved == 0 or log.trouble is not None)
            tell_acknowledged(log.acknowledged)
        if number % fold_every == 0:
            fold_in(path)
    log.append(ENDED, 0)
    log.close()
    tell_acknowledged(log.acknowledged)
    print(log.acknowledged, log.trouble)


def bring_nothing_to_the_disk() -> None:
    names = vars(database)
    careful = names["_DURABLE"]
    names["_DURABLE"] = tuple(each.replace("= FULL", "= OFF") for each in careful)


def fold_in(path: Path) -> None:
    """Fold the write-ahead log in often, for what goes wrong while it happens."""
    try:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        connection.close()
    except sqlite3.Error:
        pass


if __name__ == "__main__":
    main()
