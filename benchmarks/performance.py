"""All ratios of how long coreg takes, in one run: beside peers, and above floors.

    python -m benchmarks.performance            prints the table
    python -m benchmarks.performance --write    and puts it into docs/performance.md
    python -m benchmarks.performance --check    fails where a ratio changed by over 10 %

*Peers* are other libraries that give the same figures, in the environment of
`cleaning_peers`, at the versions pinned there; one that cannot be imported fails the
run. A *floor* is the least that has to be done in any case, in plain numpy, matplotlib
or Python, and stands below. CPU time of all threads, least of several calls, coreg and
the other in turns; a ratio is the median over rounds, ± half of their range. Seconds
stay on the machine that took them. Where rounds differ too much to tell a change of
10 %, nothing is claimed of that ratio, and `--check` ends with 3 if no other changed.
"""

import argparse
import contextlib
import io
import json
import os
import platform
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import matplotlib as mpl
import numpy as np
import scipy
from matplotlib.figure import Figure

from benchmarks.cleaning_peers import ROOT, peers_python
from benchmarks.figures_peers import measured
from benchmarks.live_path import numpy_windows, windows
from coreg.analysis.cleaning_causal import CausalCleaner
from coreg.batch.session import session_rows
from coreg.batch.work import Parameters, found_item
from coreg.cli import main as coreg
from coreg.facts.events import Notification
from coreg.findings.reading import summary_of
from coreg.findings.summary import SessionSummary
from coreg.findings.together import Together, shown_pacer, tested
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.page_format import PageFormat
from coreg.report.pages.session import joint_page, therapist_page
from coreg.report.write_page import write_page
from coreg.sensors.decoding.heart_rate import decode
from coreg.store.reader import read_session

TABLE = ROOT / "docs" / "performance.md"
BEGINS: Final = (
    "<!-- from here on made by: python -m benchmarks.performance --write -->\n"
)
TURNS: Final = 2
LENGTHS: Final = ("5 min", "an hour")
MOST_S: Final = 1.5
"""What one figure of one library may take in a round."""
LARGEST_CHANGE: Final = 0.10
SURROGATES: Final = 999
Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How many times as long one takes as the other, of so many rounds."""

    area: str
    what: str
    value: float
    error: float

    @property
    def key(self) -> tuple[str, str]:
        """What it is a ratio of, without versions: those may change."""
        return self.area, re.sub(r" \d+(\.\d+)+", "", self.what)


def ratio_of(area: str, what: str, rounds: Sequence[float]) -> Ratio:
    """Return the median over rounds, and half of their range."""
    spread = (max(rounds) - min(rounds)) / 2
    return Ratio(area=area, what=what, value=median(rounds), error=spread)


def cpu_s() -> float:
    """CPU seconds of this process and of those that it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def in_turns(work: Work, other: Work, calls: int, other_calls: int) -> float:
    """Return how many times as long one call takes, the least of some turns each."""
    least = [float("inf"), float("inf")]
    for _ in range(TURNS):
        for at, (function, times) in enumerate(((work, calls), (other, other_calls))):
            began_s = cpu_s()
            for _ in range(times):
                function()
            least[at] = min(least[at], (cpu_s() - began_s) / times)
    return least[0] / least[1]


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often everything is measured."""

    number: int

    def of(
        self, work: Work, other: Work, *, calls: int = 1, other_calls: int = 1
    ) -> list[float]:
        """Return the ratio of each round, after a call of each to warm up."""
        work()
        other()
        turns = range(self.number)
        return [in_turns(work, other, calls, other_calls) for _ in turns]


# --- peers ----------------------------------------------------------------------------


def beside_peers(python: Path, rounds: Rounds) -> list[Ratio]:
    """Return how many times as long other libraries take for the same figures."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds.number):
        for length, tasks in measured(python, LENGTHS, most_s=MOST_S).items():
            for task, by_who in tasks.items():
                for who, seconds in by_who.items():
                    if who != "coreg":
                        what = f"{who} / coreg: {task}, beats of {length}"
                        ratio = seconds / by_who["coreg"]
                        found.setdefault(what, []).append(ratio)
    return [ratio_of("analysis", what, each) for what, each in found.items()]


# --- floors ---------------------------------------------------------------------------


def live(path: Path, rounds: Rounds) -> list[Ratio]:
    """Return what a live beat takes, beside recomputing it and above decoding alone."""
    rng = np.random.default_rng(1)
    nn_ms = 850 + rng.normal(0, 30, 1500)
    t_s = np.cumsum(nn_ms) / 1000
    rows = [(float(t), float(nn), True) for t, nn in zip(t_s, nn_ms, strict=True)]
    sums = rounds.of(lambda: numpy_windows(rows), lambda: windows(rows), other_calls=5)

    def cleaned() -> None:
        causal = CausalCleaner()
        for at_s, rr_ms, _ in rows:
            causal.feed(t_s=at_s, rr_ms=rr_ms, after_gap=False)

    cleaning = rounds.of(cleaned, lambda: windows(rows), calls=3, other_calls=5)
    facts = [each.fact for each in read_session(path).events]
    packets = [each.data for each in facts if isinstance(each, Notification)]

    def decoded() -> None:
        for data in packets:
            decode(data)

    replayed = rounds.of(lambda: summary_of(path), decoded, other_calls=50)
    return [
        ratio_of("live", "numpy at every beat / heart rate and RMSSD", sums),
        ratio_of("live", "cleaning a beat / its heart rate and RMSSD", cleaning),
        ratio_of("live", "a session recomputed / its packets decoded", replayed),
    ]


def synchrony(summary: SessionSummary, seed: int, rounds: Rounds) -> list[Ratio]:
    """Return the test of two hearts above its transforms and lags in numpy alone."""
    seconds = int(summary.end_s - summary.start_s)
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 2, seconds))
    lagged = np.stack([np.roll(a, lag, axis=1) for lag in range(-10, 11)])

    def transforms() -> None:
        spectrum = np.fft.rfft(b)
        for _ in range(SURROGATES):
            angles = np.exp(2j * np.pi * rng.random(spectrum.shape[1]))
            drawn = np.fft.irfft(spectrum * angles, seconds)
            _ = np.einsum("lks,ks->lk", lagged, drawn)

    def test() -> None:
        tested(summary, shown_pacer(summary), surrogates=SURROGATES, seed=seed)

    what = f"the test / {SURROGATES} transforms and 21 lags in numpy"
    return [ratio_of("synchrony", what, rounds.of(test, transforms))]


def report(
    summary: SessionSummary, found: Together, folder: Path, rounds: Rounds
) -> list[Ratio]:
    """Return the pages of a session above one bare picture of its two hearts."""
    t_s = np.arange(summary.end_s - summary.start_s)

    def bare() -> None:
        figure = Figure(layout="constrained")
        axes = figure.subplots()
        axes.plot(t_s, np.sin(t_s), t_s, np.cos(t_s))
        axes.set(xlabel="time (s)", ylabel="heart rate (/min)")
        figure.savefig(io.BytesIO(), format="svg")

    def joint() -> None:
        with style():
            document(joint_page(summary, found))

    def sheets() -> None:
        page = therapist_page(summary, found)
        write_page(page, folder, "sheets", [PageFormat.PDF, PageFormat.HTML])

    floor = "a bare picture of two lines"
    of_joint = rounds.of(joint, bare, other_calls=3)
    of_sheets = rounds.of(sheets, bare, other_calls=3)
    return [
        ratio_of("report", f"the joint page / {floor}", of_joint),
        ratio_of(
            "report", f"the therapist’s sheets, PDF and HTML / {floor}", of_sheets
        ),
    ]


def batch(path: Path, rounds: Rounds) -> list[Ratio]:
    """Return a session's rows above recomputing it, which no row can do without."""
    item = found_item(path, path.parent)
    parameters = Parameters(surrogates=SURROGATES)
    taken = rounds.of(lambda: session_rows(item, parameters), lambda: summary_of(path))
    return [ratio_of("batch", "a session’s rows / the session recomputed", taken)]


def start_up(rounds: Rounds) -> list[Ratio]:
    """Return what it takes to begin, above Python and above numpy alone."""

    def begun(*words: str) -> Work:
        command = [sys.executable, *words]

        def run() -> None:
            subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)

        return run

    nothing = begun("-c", "pass")
    helped = rounds.of(begun("-m", "coreg", "--help"), nothing, other_calls=3)
    numpy = begun("-c", "import numpy")
    imported = rounds.of(begun("-c", "import coreg"), nothing, other_calls=3)
    figures = rounds.of(begun("-c", "from coreg.analysis.hrv import hrv"), numpy)
    return [
        ratio_of("start-up", "coreg --help / Python alone", helped),
        ratio_of("start-up", "import coreg / Python alone", imported),
        ratio_of("start-up", "import of its figures / import numpy", figures),
    ]


def all_ratios(python: Path, seed: int, rounds: Rounds) -> list[Ratio]:
    """Return every ratio, peers first."""
    ratios = beside_peers(python, rounds)
    with TemporaryDirectory() as made:
        folder = Path(made)
        with contextlib.redirect_stdout(io.StringIO()):
            coreg(["simulate", "--out", made, "--seed", str(seed), "--minutes", "4"])
        path = next(folder.glob("*.coreg"))
        summary = summary_of(path)
        found = tested(summary, shown_pacer(summary), surrogates=SURROGATES, seed=seed)
        ratios += live(path, rounds) + synchrony(summary, seed, rounds)
        ratios += report(summary, found, folder, rounds) + batch(path, rounds)
    return ratios + start_up(rounds)


# --- what is said of them -------------------------------------------------------------


def table(ratios: Sequence[Ratio]) -> str:
    """Return the ratios as Markdown."""
    lines = ["| | what | times | ± |", "|---|---|---|---|"]
    area = ""
    for each in ratios:
        shown = each.area if each.area != area else ""
        area = each.area
        lines.append(f"| {shown} | {each.what} | {each.value:.3g} | {each.error:.2g} |")
    return "\n".join(lines) + "\n"


def stored(text: str) -> dict[tuple[str, str], Ratio]:
    """Return the ratios of a table, by what they are of."""
    found: dict[tuple[str, str], Ratio] = {}
    area = ""
    for line in text.partition(BEGINS)[2].splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        if len(cells) == 4 and re.match(r"[\d.]+", cells[2]):
            area = cells[0] or area
            value, error = map(float, cells[2:])
            ratio = Ratio(area=area, what=cells[1], value=value, error=error)
            found[ratio.key] = ratio
    return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What changed since a table was stored, and what could not be told."""

    changed: tuple[str, ...]
    untold: tuple[str, ...]

    @property
    def status(self) -> int:
        """The exit status: 1 where something changed, 3 where that can't be told."""
        return 1 if self.changed else 3 if self.untold else 0


def compared(
    ratios: Sequence[Ratio], before: Mapping[tuple[str, str], Ratio]
) -> Verdict:
    """Hold ratios against those stored; one that is missing on a side has changed."""
    now = {each.key: each for each in ratios}
    gone = sorted(before.keys() - now.keys())
    changed = [f"{' '.join(key)}: is not measured any more" for key in gone]
    untold = []
    for key, each in now.items():
        if key not in before:
            changed.append(f"{' '.join(key)}: {each.value:.3g}, stands in no table")
            continue
        kept = before[key]
        change = each.value / kept.value - 1
        # Within what rounds differ by, then and now, it may be no change at all.
        noise = each.error / each.value + kept.error / kept.value
        told = f"{' '.join(key)}: {kept.value:.3g} ± {kept.error:.2g}"
        said = (
            f"{told}, now {each.value:.3g} ± {each.error:.2g} ({100 * change:+.0f} %)"
        )
        if abs(change) > max(LARGEST_CHANGE, noise):
            changed.append(said)
        elif noise > LARGEST_CHANGE:
            untold.append(said)
    return Verdict(tuple(changed), tuple(untold))


def said_of(verdict: Verdict) -> str:
    """Return a verdict in words."""
    lines = [f"changed: {each}" for each in verdict.changed]
    lines += [f"can't be told, rounds differ: {each}" for each in verdict.untold]
    if not verdict.changed and not verdict.untold:
        lines.append("No ratio changed by more than 10 %.")
    return "\n".join(lines)


def machine(rounds: Rounds) -> str:
    """Return what the ratios were taken with."""
    load = os.getloadavg()[1] / (os.cpu_count() or 1)
    return (
        f"Python {platform.python_version()}, numpy {np.__version__}, "
        f"scipy {scipy.__version__}, matplotlib {mpl.__version__}; "
        f"{os.cpu_count()} processors ({platform.machine()}), "
        f"{load:.1f} times as much to do as they can; {rounds.number} rounds.\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep ratios there")
    parser.add_argument(
        "--environment", type=Path, default=ROOT / "build" / "peers", metavar="FOLDER"
    )
    given = parser.parse_args()
    rounds = Rounds(given.rounds)
    ratios = all_ratios(peers_python(given.environment), given.seed, rounds)
    print(f"{machine(rounds)}\n{table(ratios)}")
    text = TABLE.read_text(encoding="utf-8")
    if given.json:
        rows = [[*each.key, each.value, each.error] for each in ratios]
        given.json.write_text(json.dumps(rows), encoding="utf-8")
    if given.write:
        made = (
            f"{text.partition(BEGINS)[0]}{BEGINS}\n{machine(rounds)}\n{table(ratios)}"
        )
        TABLE.write_text(made, encoding="utf-8")
    if given.check:
        verdict = compared(ratios, stored(text))
        print(said_of(verdict))
        return verdict.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
