"""The examples about two hearts, with what a reader of them would check."""

import runpy
import subprocess
import sys
from pathlib import Path

from tests.helpers.readers import html_words
from tests.helpers.shared import needs_data

ROOT = Path(__file__).resolve().parents[1]


def run(name: str, *arguments: object, cwd: Path) -> str:
    ran = subprocess.run(
        [sys.executable, ROOT / "examples" / name, *map(str, arguments)],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "COREG_DATA_DIR": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_report_of_simulated_recordings_says_so_on_every_sheet(
    tmp_path: Path,
) -> None:
    told = run("recordings_to_report.py", "--out", tmp_path, cwd=tmp_path)
    assert told.startswith("Not distinguishable from 999")
    page = (tmp_path / "two-hearts.html").read_text(encoding="utf-8")
    assert "from recordings of a simulated couple" in html_words(page)
    assert (tmp_path / "two-hearts.pdf").read_bytes().startswith(b"%PDF-")


@needs_data
def test_pairs_of_real_people_who_never_met_are_ranked_among_themselves(
    tmp_path: Path,
) -> None:
    # The benchmark knows how each kind of recording is read; it is no package's module.
    benchmark = runpy.run_path(str(ROOT / "benchmarks" / "real_strangers.py"))
    strangers = {each.person: each.rr_s for each in benchmark["sessions"]()}
    files = []
    for number, rr_s in enumerate(list(strangers.values())[:6]):
        files.append(tmp_path / f"person-{number}.txt")
        lines = (f"{1000 * each:.0f}" for each in rr_s)
        files[-1].write_text("\n".join(lines), encoding="utf-8")
    told = run("strangers_as_null.py", *files, cwd=tmp_path)
    assert "3 pairs of recordings of people who never met" in told
    assert "6 pairs of strangers" in told  # 3 x 3 less the couples themselves
    assert "simulated" not in told


def test_a_custom_measure_of_unrelated_hearts_lies_within_its_chance(
    tmp_path: Path,
) -> None:
    told = run("custom_measure.py", cwd=tmp_path)
    seen = float(told.split("slow down: ")[1].split()[0])
    low, _, high = told.split("chance: ")[1].split()[:3]
    assert float(low) <= seen <= float(high)
