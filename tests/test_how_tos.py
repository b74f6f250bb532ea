"""Every how-to is carried out, word for word, on a copy of coreg."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.readers import html_words
from tests.helpers.short_plans import ARRIVING

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
STEP = re.compile(
    r"^(?P<what>In|New file) `(?P<path>[^`]+)`:\n\n```\w+\n(?P<block>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def changed(text: str, block: str) -> str:
    """Apply the lines of a diff at the one place where its context stands."""
    lines = block.splitlines()
    assert {line[0] for line in lines} <= {" ", "+", "-"}
    before = "".join(f"{line[1:]}\n" for line in lines if line[0] != "+")
    after = "".join(f"{line[1:]}\n" for line in lines if line[0] != "-")
    assert text.count(before) == 1, f"this stands {text.count(before)} times:\n{before}"
    return text.replace(before, after)


def carried_out(how_to: str, folder: Path) -> set[str]:
    """Do what a how-to says to a copy of coreg; return which files it touched."""
    shutil.copytree(ROOT / "coreg", folder / "coreg")  # with what is compiled
    touched = set()
    for step in STEP.finditer((DOCS / how_to).read_text(encoding="utf-8")):
        path = folder / step["path"]
        touched.add(step["path"])
        if step["what"] == "New file":
            assert not path.exists()
            path.write_text(step["block"], encoding="utf-8")
        else:
            text = path.read_text(encoding="utf-8")
            path.write_text(changed(text, step["block"]), encoding="utf-8")
    return touched


def run(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "", "COREG_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def simulated(folder: Path, practice: str) -> str:
    told = run(
        folder,
        *("-m", "coreg", "simulate", "--out", ".", "--seed", "4"),
        *("--practice", practice),
    )
    return Path(told.strip()).name


def short_evening(folder: Path) -> str:
    (folder / "short.toml").write_text(ARRIVING, encoding="utf-8")
    return simulated(folder, "short.toml")


def test_a_copy_is_what_is_tried_and_not_coreg_itself(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "coreg", tmp_path / "coreg")
    told = run(tmp_path, "-c", "import coreg; print(coreg.__file__)")
    assert Path(told.strip()) == tmp_path / "coreg" / "__init__.py"


def test_a_new_measure_takes_two_files_and_is_on_the_therapists_sheets(
    tmp_path: Path,
) -> None:
    touched = carried_out("add-a-measure.md", tmp_path)
    assert len(touched) == 2
    session = short_evening(tmp_path)
    told = run(tmp_path, "-m", "coreg", "synchrony", session, "--out", "pages")
    row = next(line for line in told.splitlines() if "quicken_together" in line)
    assert 0 < float(row.split()[1]) < 1
    assert "both hearts change the same way" in row
    (page,) = (tmp_path / "pages").glob("*.html")
    assert "quicken_together" in html_words(page.read_text(encoding="utf-8"))
    probe = f"import coreg; print([m.name for m in coreg.review({session!r}).measures])"
    assert "quicken_together" in run(tmp_path, "-c", probe)
    run(tmp_path, "-m", "doctest", "coreg/analysis/quickening.py")


def test_a_new_habit_of_a_strap_is_noticed_and_said(tmp_path: Path) -> None:
    carried_out("add-a-straps-habit.md", tmp_path)
    probe = """
from coreg.sensors.decoding.heart_rate import decode
from coreg.sensors.quirks.habits import QuirkWatch
from coreg.sensors.quirks.words import quirk_words

watch = QuirkWatch()
for t_s in range(10):  # contact is told, 250 a minute, an RR interval of 240 ms
    for quirk in watch.feed(float(t_s), decode(bytes([0x16, 250, 246, 0]))):
        print(t_s, quirk_words(quirk))
"""
    (said,) = run(tmp_path, "-c", probe).splitlines()
    assert said.startswith("5 This strap sends a heart rate no heart has.")


def test_a_new_practice_is_one_file_and_is_practised_to_its_end(
    tmp_path: Path,
) -> None:
    touched = carried_out("add-a-practice.md", tmp_path)
    assert touched == {"coreg/exercises/plans/quiet-minutes.toml"}
    listed = run(tmp_path, "-m", "coreg", "practices")
    told = r"^quiet-minutes +3 min +couple +from evening 1 +Quiet minutes$"
    assert re.search(told, listed, re.MULTILINE)
    session = simulated(tmp_path, "quiet-minutes")
    probe = (
        f"import coreg; told = coreg.review({session!r});"
        "print(told.practice, told.ending, [p.kind for p in told.phases])"
    )
    told = run(tmp_path, "-c", probe).strip()
    assert told == "Quiet minutes complete ['arrive', 'breathe']"


def test_a_new_page_is_drawn_on_paper_and_for_a_screen(tmp_path: Path) -> None:
    carried_out("add-a-page.md", tmp_path)
    session = short_evening(tmp_path)
    run(
        tmp_path,
        *("-m", "coreg", "report", session, "--pages", "straps", "--out", "pages"),
    )
    stem = Path(session).stem
    page = (tmp_path / "pages" / f"{stem}-straps.html").read_text(encoding="utf-8")
    assert "How the straps were heard" in html_words(page)
    assert re.search(r"A: \d+ of \d+ beats could be used", html_words(page))
    printed = (tmp_path / "pages" / f"{stem}-straps.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "how_to", sorted(DOCS.glob("add-a-*.md")), ids=lambda p: p.name
)
def test_a_how_to_has_steps_and_is_carried_out_here(how_to: Path) -> None:
    assert STEP.search(how_to.read_text(encoding="utf-8"))
    assert f'carried_out("{how_to.name}"' in Path(__file__).read_text(encoding="utf-8")
