"""A program to be killed: appends events for ever and says which are acknowledged.

`python -m tests.helpers.session_writer FILE [COMMIT_EVERY_S]`
"""

import itertools
import sys
import time
from pathlib import Path

from coreg.store.session_log import SessionLog
from tests.helpers.sessions import OPENED, packet


def main() -> None:
    path = Path(sys.argv[1])
    commit_every_s = float(sys.argv[2]) if len(sys.argv) > 2 else 0.005
    print("starting", flush=True)
    log = SessionLog.create(path, OPENED, commit_every_s=commit_every_s)
    for number in itertools.count(1):
        print(log.acknowledged, flush=True)
        log.append(packet(number), number * 1_000_000)
        if number % 5 == 0:
            time.sleep(0.001)


if __name__ == "__main__":
    main()
