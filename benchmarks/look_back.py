"""How long a look-back takes: the session, the test, the pages, part by part.

    python -m benchmarks.look_back [--seed N]

A simulated couple practises for twenty minutes (not timed). Then, in CPU seconds of one
process, once warm: reading and recomputing the session; the test with 999 surrogates;
the joint page that a couple waits for, and the therapist's sheets; the windowed
cross-correlation surface of 20 min at 4 Hz; 999 surrogates of three phases by
themselves. Exit status 1 where a bound is missed.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from coreg.analysis.crosscorrelation import windowed_cross_correlation
from coreg.cli import main as coreg
from coreg.findings.reading import summary_of
from coreg.findings.together import shown_pacer, tested
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.page_format import PageFormat
from coreg.report.pages.session import joint_page, therapist_page
from coreg.report.write_page import write_page

BREATHING_MIN = 9.0  # with the rest of the plan: twenty minutes
REPEATS = 5


def cpu_s(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the CPU seconds of the quickest of several runs, after one to warm up."""
    work()
    taken = []
    for _ in range(repeats):
        before_s = time.process_time()
        work()
        taken.append(time.process_time() - before_s)
    return min(taken)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        return measured(Path(folder), given.seed)


def measured(folder: Path, seed: int) -> int:
    arguments = ["--out", str(folder), "--seed", str(seed)]
    coreg(["simulate", *arguments, "--minutes", str(BREATHING_MIN)])
    path = next(folder.glob("*.coreg"))
    summary = summary_of(path)
    found = tested(summary, shown_pacer(summary), surrogates=999, seed=seed)
    minutes = (summary.end_s - summary.start_s) / 60
    print(f"a session of {minutes:.1f} min, numpy {np.__version__}")

    def test() -> None:
        tested(summary, shown_pacer(summary), surrogates=999, seed=seed)

    def joint() -> None:
        page = joint_page(summary, found)
        with style():
            document(page)

    def therapist() -> None:
        page = therapist_page(summary, found)
        write_page(page, folder, "sheets", [PageFormat.PDF, PageFormat.HTML])

    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 4800))
    parts = {
        "read and recompute": cpu_s(lambda: summary_of(path), 2),
        "test, 999 surrogates": cpu_s(test, 2),
        "joint page (HTML)": cpu_s(joint, 2),
        "therapist's sheets (PDF and HTML)": cpu_s(therapist, 1),
    }
    for name, seconds in parts.items():
        print(f"  {name:36}{seconds:7.2f} s")
    couple_s = sum(list(parts.values())[:3])
    sheets_s = couple_s - parts["joint page (HTML)"] + list(parts.values())[3]
    surface_s = cpu_s(lambda: windowed_cross_correlation(a, b, rate_hz=4.0))
    bounds = (
        ("look-back of the couple", couple_s, 5.0),
        ("look-back of the therapist", sheets_s, 5.0),
        ("WCC surface, 20 min at 4 Hz", surface_s, 0.05),
        ("999 surrogates, three phases", parts["test, 999 surrogates"], 0.25),
    )
    for name, seconds, bound in bounds:
        verdict = "held" if seconds <= bound else "MISSED"
        ratio = seconds / bound
        print(f"{name:38}{seconds:7.3f} s of {bound:5.2f} ({ratio:4.2f}) {verdict}")
    return int(any(seconds > bound for _, seconds, bound in bounds))


if __name__ == "__main__":
    sys.exit(main())
