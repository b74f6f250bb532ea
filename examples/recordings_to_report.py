"""Two recordings to a report: words, figures, a PDF and a page.

    python examples/recordings_to_report.py [A.csv B.csv] [--out DIR]

Each file has the columns `arrival_s` and `rr_ms`, stamped by one computer. Without
files, a couple is simulated for eight minutes; its files are named so, and the report
says on every sheet that nobody wore these straps.

It goes through private rooms of coreg, which may change from one version to the next.
"""

import argparse
import csv
from pathlib import Path

import coreg
from coreg.findings.pair import pair_summary
from coreg.findings.together import together
from coreg.report.page_format import PageFormat
from coreg.report.pages.session import therapist_page
from coreg.report.words.together import tested
from coreg.report.write_page import write_page
from coreg.sensors.recordings.reading import read_recording

MINUTES = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=Path())
    given = parser.parse_args()
    if len(given.files) not in {0, 2}:
        parser.error("two recordings are compared: give two files, or none")
    given.out.mkdir(parents=True, exist_ok=True)
    a, b = given.files or simulated(given.out)
    summary = pair_summary(read_recording(a), read_recording(b))
    found = together(summary)
    for sentence in tested(found, summary.opened):
        print(sentence)
    page = therapist_page(summary, found)
    formats = (PageFormat.PDF, PageFormat.HTML)
    for path in write_page(page, given.out, "two-hearts", formats):
        print(path)


def simulated(folder: Path) -> list[Path]:
    """Write what the straps of a simulated couple sent, breathing freely."""
    couple = coreg.simulate_couple(MINUTES, seed=7)
    paths = []
    for who, heart in (("A", couple.a), ("B", couple.b)):
        path = folder / f"simulated-{who}.csv"
        rows = zip(heart.arrival_s.tolist(), heart.rr_ms.tolist(), strict=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("arrival_s", "rr_ms"), *rows])
        paths.append(path)
    return paths


if __name__ == "__main__":
    main()
