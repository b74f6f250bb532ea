"""`coreg` as somebody starts it; what it does with networks is written down."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.helpers.watched import sitecustomize

ROOT = Path(__file__).resolve().parents[2]
WATCHED = str(Path(sitecustomize.__file__).parent)


class Program:
    """`coreg` as somebody starts it, its browser left out."""

    def __init__(
        self, folder: Path, *words: str, port: int = 0, module: str = "coreg"
    ) -> None:
        self._watched = folder.with_name(f"{folder.name}-watched")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", module, "--no-browser"),
                *("--port", str(port), "--data-dir", str(folder), *words),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ
            | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": WATCHED}
            | {sitecustomize.WATCH: str(self._watched)},
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        self.port = int(self.address.split(":")[2].split("/")[0])

    def seen(self) -> list[dict[str, Any]]:
        """What it and its processes did until now, of networks and programs."""
        lines = self._watched.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.communicate(timeout=20)
