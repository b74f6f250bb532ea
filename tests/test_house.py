"""The house keeps its own rules."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coreg.cli.options.whole import parser

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "coreg").rglob("*.py"))
PRODUCT = [path for path in MODULES if "testing" not in path.parts]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_is_small(path: Path) -> None:
    """Reading decides what is too long; this only hears of what nobody read."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


UNSUPERVISED = {
    "create_task",
    "create_eager_task_factory",
    "ensure_future",
    "run_coroutine_threadsafe",
    "Task",
    "TaskGroup",
}


def unsupervised(path: Path) -> list[int]:
    """Lines on which a task is begun past the supervision."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for called in [node.func]
        if (isinstance(called, ast.Attribute) and called.attr in UNSUPERVISED)
        or (isinstance(called, ast.Name) and called.id in UNSUPERVISED)
    ]


@pytest.mark.parametrize("path", PRODUCT, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_task_is_begun_under_supervision(path: Path) -> None:
    """A task begun by itself ends unseen: see `coreg.base.supervision`."""
    if path.name == "supervision.py":
        assert len(unsupervised(path)) == 1
    else:
        assert unsupervised(path) == []


def test_the_core_loads_without_the_edges() -> None:
    edges = ["bleak", "matplotlib", "starlette", "uvicorn", "sqlite3"]
    probe = (
        "import sys, coreg.session.engine;"
        f"print([name for name in {edges!r} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "module", ["coreg.cli", "coreg.cli.home", "coreg.web.server.app"]
)
def test_what_draws_pages_is_loaded_only_to_draw(module: str) -> None:
    """`coreg`, `coreg straps` and `coreg doctor` start without waiting for it.

    Nor for `scipy.stats`, which alone takes longer than all else that they load.
    """
    heavy = ["matplotlib", "coreg.report.write_page", "scipy.signal", "scipy.stats"]
    probe = (
        f"import sys, {module};"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"


def commands() -> list[str]:
    actions = [a for a in parser()._actions if a.choices]  # noqa: SLF001
    return sorted(name for action in actions for name in action.choices or ())


@pytest.mark.parametrize("name", commands())
def test_every_command_shows_an_example_and_is_in_the_readme(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parser().parse_args([name, "--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert f"Example: coreg {name}" in shown
    assert f"`coreg {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").glob("*.py")), ids=lambda p: p.name
)
def test_every_example_runs(path: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, path],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "COREG_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout


def test_readme_holds_the_two_commands_that_ci_reads() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for mark in ("practise", "test"):
        after = readme.split(f"<!-- command: {mark} -->\n```sh\n")[1]
        assert after.startswith("python3 -m venv .venv && ")


def test_one_room_makes_and_opens_databases() -> None:
    by_hand = re.compile(
        r'sqlite3\.connect|application_id|BEGIN IMMEDIATE|"COMMIT"|SQLite format'
    )
    rooms = {
        str(path.relative_to(ROOT / "coreg"))
        for path in MODULES
        if by_hand.search(path.read_text(encoding="utf-8"))
    }
    # What a recording is is read from its first bytes, a session's too.
    assert rooms == {"store/database.py", "sensors/recordings/lines.py"}


def test_no_parser_is_let_loose_on_a_text_that_was_not_measured() -> None:
    parsers = re.compile(r"\bjson\.loads?\(|\btomllib\.loads?\(|\breceive_json\(")
    rooms = {
        str(path.relative_to(ROOT / "coreg"))
        for path in MODULES
        if parsers.search(path.read_text(encoding="utf-8"))
    }
    # The words come with the program, and typst answers of pages that we gave it.
    ours = {"words/catalogue.py", "report/paper/typeset.py"}
    assert rooms == {"base/bounds.py", *ours}


def test_whoever_comes_in_finds_few_doors() -> None:
    entries = {
        path.name for path in (ROOT / "coreg").iterdir() if path.name != "__pycache__"
    }
    # Translators have a door of their own, `words`, and whoever has many couples, too.
    assert len(entries) <= 19


def test_pairs_and_arrays_have_one_name() -> None:
    by_hand = re.compile(
        r"zip\(Partner, [^()]*strict=True|NDArray\[np\.(?:float64|bool_)\]"
    )
    rooms = {
        str(path.relative_to(ROOT / "coreg"))
        for path in MODULES
        if by_hand.search(path.read_text(encoding="utf-8"))
    }
    # Two at once, of a couple whose earlier answers are both of each.
    assert rooms == {"facts/arrays.py", "session/companions.py"}
