"""Damage recordings of every kind at random, for as long as is asked.

    python -m benchmarks.fuzz_recordings [--seconds 300] [--seed 0] [--kind fit] ...

Prints what was tried of each kind, and what was read all the same. The first input that
is neither read nor refused in words is kept beside, and its error is raised.
"""

import argparse
import random
import sys
import time
from pathlib import Path

from tests.helpers.written_recordings import WRITTEN
from tests.test_recordings_fuzzed import damaged, expect_read_or_refused


def fuzz(name: str, seconds: float, seed: int) -> tuple[int, int]:
    """Return how many were tried in that much processor time, and how many read."""
    chance = random.Random(f"{name} {seed}")  # noqa: S311 # the same again, no secret
    tried = read = 0
    until_s = time.process_time() + seconds
    while time.process_time() < until_s:
        raw = damaged(WRITTEN[name], chance)
        try:
            read += expect_read_or_refused(raw) is not None
        except BaseException:
            kept = Path(f"fault-{name.replace(' ', '-')}-{seed}-{tried}")
            kept.write_bytes(raw)
            print(f"{name}: kept as {kept}")
            raise
        tried += 1
    return tried, read


def main() -> int:
    """Do as asked at a terminal."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=300, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--kind", nargs="+", choices=WRITTEN, default=[*WRITTEN])
    asked = parser.parse_args()
    print(f"{'kind':32}{'tried':>10}{'read':>10}   in {asked.seconds:g} s of processor")
    for name in asked.kind:
        tried, read = fuzz(name, asked.seconds, asked.seed)
        print(f"{name:32}{tried:10}{read:10}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
