"""A peer that cannot be imported fails the comparison; it never drops out."""

import os
import subprocess
import sys
from pathlib import Path

WORKER = Path(__file__).parents[1] / "benchmarks" / "cleaning_peers_worker.py"


def test_a_peer_that_is_not_there_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "neurokit2.py").write_text("raise ImportError('broken')\n")
    ended = subprocess.run(
        [sys.executable, str(WORKER)],
        input="{}",
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert ended.returncode != 0
    assert "broken" in ended.stderr
    assert not ended.stdout
