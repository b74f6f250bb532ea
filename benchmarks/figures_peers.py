"""Compare how long figures of variability take with NeuroKit2, systole, hrv-analysis.

    python -m benchmarks.figures_peers

The peers and coreg run in one process of the peers' environment (build/peers, as in
`cleaning_peers`), in turns, on the same made-up beats: 1/f noise with a breath, whole
milliseconds. CPU time of all threads, the least of several calls, after one to warm
up; what takes long is called less often. Milliseconds are of this machine and ratios
travel. *Same figures* are the figures of that peer, taken by coreg, where coreg has
them; *all figures* is `coreg.analysis.hrv.hrv`, with sample entropy and DFA.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cleaning_peers import ROOT, peers_python

LENGTHS = ("5 min", "an hour", "a day")


def measured(
    python: Path, lengths: Sequence[str] = LENGTHS, *, most_s: float = 2.0
) -> dict[str, dict[str, dict[str, float]]]:
    """Return seconds by length, task and who took them, as the worker prints them."""
    worker = Path(__file__).with_name("figures_peers_worker.py")
    answer = subprocess.run(
        [str(python), str(worker), str(most_s), *lengths],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return dict(json.loads(answer.stdout))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--environment", type=Path, default=ROOT / "build" / "peers", metavar="FOLDER"
    )
    took = measured(peers_python(parser.parse_args().environment))
    print("| beats of | figures | who | ms | coreg, the same, ms | times |")
    print("|---|---|---|---|---|---|")
    for length, tasks in took.items():
        for task, by_who in tasks.items():
            own_s = by_who["coreg"]
            if len(by_who) == 1:
                print(f"| {length} | {task} | coreg | {1e3 * own_s:.2f} | | |")
            for who, seconds in by_who.items():
                if who == "coreg":
                    continue
                both = f"{1e3 * seconds:.2f} | {1e3 * own_s:.2f}"
                row = f"{who} | {both} | {seconds / own_s:.1f}"
                print(f"| {length} | {task} | {row} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
