"""Compare cleaning with NeuroKit2, systole, hrv-analysis and HeartPy on real ectopy.

    python -m benchmarks.cleaning_peers

The peers get an environment of their own (made at the first run, in build/peers, and
again where other versions are pinned). One that cannot be imported fails the run: it
never drops out of the table, which names the versions that ran and is Markdown.

Labelled: three hours of the MIT-BIH long-term database. A beat labelled as not normal
is *visible* if the interval before it is below .85 of the local sinus interval, or the
one after it above 1.15. It is found if either interval is flagged. Specificity is over
intervals at least one away from any such beat. (14149 is atrial fibrillation: there is
no rhythm to deviate from, and its figures are not counted.)
Unlabelled: ten minutes of a Polar H10's own RR from a heart with very frequent
ventricular beats. Only the share that is flagged can be told.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.cleaning import clean

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("COREG_SHARED", ROOT.parent / "shared"))
PINNED = (
    "neurokit2==0.3.0",
    "systole==0.3.1",
    "hrv-analysis==1.0.5",  # 1.0.6 wants a nolds from 0.6.3 on
    "nolds==0.6.1",  # 0.6.3 fails to import its own data
    "heartpy==1.2.7",
)
LABELLED = ("14046_hour13", "14134_hour05", "14157_hour04")
UNLABELLED = "polar_h10_ecg_pvc"

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def column(path: Path, name: str) -> list[str]:
    with path.open(newline="", encoding="utf-8") as stream:
        return [row[name] for row in csv.DictReader(stream) if row[name]]


def read() -> tuple[dict[str, Array], dict[str, Flags]]:
    """Intervals of every recording, and which beats are not sinus, where labelled."""
    rr_ms: dict[str, Array] = {}
    odd: dict[str, Flags] = {}
    for record in LABELLED:
        path = SHARED / "data" / "ltdb_labelled_beats" / f"{record}.csv"
        rr_ms[record] = 1000 * np.diff(np.array(column(path, "t_s"), dtype=float))
        odd[record] = np.array(column(path, "label")) != "N"
    path = SHARED / "data" / UNLABELLED / "device_rr.csv"
    rr_ms[UNLABELLED] = np.array(column(path, "rr_ms"), dtype=float)
    return rr_ms, odd


def peers_python(folder: Path) -> Path:
    """Return the interpreter of the peers' environment, made if it is not whole."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    whole, pinned = folder / "whole", "\n".join(PINNED)
    if not whole.exists() or whole.read_text(encoding="utf-8") != pinned:
        print(f"Installing the peers into {folder} (some minutes, 600 MB) ...")
        venv.create(folder, with_pip=True, clear=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        command = [str(python), "-m", "pip", "install", "--quiet", *PINNED]
        subprocess.run(command, check=True)
        whole.write_text(pinned, encoding="utf-8")
    return python


def flags_of_peers(
    python: Path, rr_ms: dict[str, Array]
) -> dict[str, dict[str, Flags]]:
    """Return the flags of each peer, by its name and version.

    Raises
    ------
    CalledProcessError
        If one of them cannot be imported or fails; why is on standard error.
    """
    worker = Path(__file__).with_name("cleaning_peers_worker.py")
    answer = subprocess.run(
        [str(python), str(worker)],
        input=json.dumps({name: rr.tolist() for name, rr in rr_ms.items()}),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return {
        peer: {name: np.array(flags) for name, flags in by_name.items()}
        for peer, by_name in json.loads(answer.stdout).items()
    }


def beside(flags: Flags) -> Flags:
    """Flags and their neighbours."""
    wide = flags.copy()
    wide[1:] |= flags[:-1]
    wide[:-1] |= flags[1:]
    return wide


def score(rr_ms: Array, odd: Flags, flags: Flags) -> tuple[int, int, int, int]:
    """Visible beats found, visible beats, quiet intervals kept, quiet intervals."""
    touched = odd[1:] | odd[:-1]
    sinus = np.pad(np.where(touched, np.nan, rr_ms), 15, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(sinus, 31)
    ratio = rr_ms / np.nanmedian(windows, axis=1)
    visible = odd[1:-1] & ((ratio[:-1] < 0.85) | (ratio[1:] > 1.15))
    found = flags[:-1] | flags[1:]
    quiet = ~beside(touched)
    return (
        int((found & visible).sum()),
        int(visible.sum()),
        int((~flags & quiet).sum()),
        int(quiet.sum()),
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--environment", type=Path, default=ROOT / "build" / "peers", metavar="FOLDER"
    )
    folder = parser.parse_args().environment
    rr_ms, odd = read()
    found = {
        "coreg": {
            name: np.array([label != "normal" for label in clean(rr).labels])
            for name, rr in rr_ms.items()
        }
    } | flags_of_peers(peers_python(folder), rr_ms)
    print("| | visible found | quiet kept | H10 flagged |")
    print("|---|---|---|---|")
    for who, by_name in found.items():
        scores = [score(rr_ms[name], odd[name], by_name[name]) for name in odd]
        hits, visible, kept, quiet = np.sum(scores, axis=0)
        share = by_name[UNLABELLED].mean()
        print(f"| {who} | {hits / visible:.3f} | {kept / quiet:.4f} | {share:.3f} |")
    h10 = rr_ms[UNLABELLED].size
    print(f"\n{visible} visible beats, {quiet} quiet intervals, {h10} of the H10.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
