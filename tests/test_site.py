"""The documentation site: whole, small, true to the commands, and nobody else's server.

All but the last test read what the site is built from, so that they need no builder.
"""

import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
import unicodedata
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from coreg.cli import main
from coreg.cli.options.whole import parser
from coreg.words import ENGLISH
from tests.helpers import skips
from tests.helpers.thorough import THOROUGH
from tests.helpers.two_files import two_files_of_one_evening
from tests.test_words_of_a_couple import NEVER_SAID

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SITE = ROOT / "packaging" / "site"
GATHER: Any = runpy.run_path(str(SITE / "gather.py"))
CHECK: Any = runpy.run_path(str(SITE / "check.py"))
READERS = ("couples", "therapists", "researchers")
MOST_BYTES = 3_000_000  # of pictures, all together
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "source"
    GATHER["gather"](folder)
    return folder


def reader_pages() -> list[Path]:
    return [path for each in READERS for path in sorted((DOCS / each).glob("*.md"))]


# --- whole ----------------------------------------------------------------------------


def test_the_menu_leads_to_every_page_once_and_decisions_have_a_list_of_theirs(
    gathered: Path,
) -> None:
    menu = GATHER["navigation"]()
    assert len(menu) == len(set(menu))
    there = {path.relative_to(gathered).as_posix() for path in gathered.rglob("*.md")}
    listed = (gathered / "decisions" / "README.md").read_text(encoding="utf-8")
    decisions = {each for each in there if re.match(r"decisions/\d", each)}
    assert set(re.findall(r"\((\d[^)]+\.md)\)", listed)) == {
        each.removeprefix("decisions/") for each in decisions
    }
    assert set(menu) == there - decisions


def slug(heading: str) -> str:
    """As Python-Markdown makes an anchor of a heading (its `toc.slugify`)."""
    text = re.sub(r"[`*]|<[^>]+>|\]\([^)]*\)|\[", "", heading)
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^\w\s-]", "", ascii_text).strip().lower()
    return re.sub(r"[-\s]+", "-", kept)


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$|`[^`\n]+`", "", text, flags=re.MULTILINE | re.DOTALL)


def test_every_link_and_anchor_of_the_site_leads_somewhere(gathered: Path) -> None:
    anchors = {
        path: {
            slug(line.lstrip("# "))
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("#")
        }
        for path in gathered.rglob("*.md")
    }
    followed = 0
    for path in anchors:
        for target in LINK.findall(without_code(path.read_text(encoding="utf-8"))):
            if "://" in target:
                continue
            place, _, anchor = target.partition("#")
            other = (path.parent / place).resolve() if place else path
            assert other in anchors, f"{path.name}: {target}"
            assert not anchor or anchor in anchors[other], f"{path.name}: {target}"
            followed += 1
    assert followed > 200


def test_a_link_to_a_file_that_is_not_there_stops_the_site(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("[code](there.py), [code](gone.py)\n", encoding="utf-8")
    (tmp_path / "there.py").touch()
    with pytest.raises(FileNotFoundError, match=r"gone\.py"):
        GATHER["as_on_the_site"]("a.md", page, {})


def test_what_belongs_to_an_item_of_a_list_stays_in_it() -> None:
    """The builder ended the list at a picture, and counted from 1 again after it."""
    written = "1. One\n\n   ![a](b.png)\n\n2. Two\n\n- a\n\n  more\n  - b\n\nend\n"
    wanted = "1. One\n\n    ![a](b.png)\n\n2. Two\n\n- a\n\n    more\n    - b\n\nend\n"
    assert GATHER["_indented"](written) == wanted
    code = "- a\n\n```toml\n  b = 1\n```\n"
    assert GATHER["_indented"](code) == code


def test_pictures_come_with_their_pages_and_stay_small(gathered: Path) -> None:
    kept = sorted(gathered.rglob("*.png"))
    pages = [path.read_text(encoding="utf-8") for path in gathered.rglob("*.md")]
    shown = re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", "".join(pages))
    assert {Path(target).name for _, target in shown} == {path.name for path in kept}
    assert all(words for words, _ in shown)  # for whoever doesn't see it
    assert sum(path.stat().st_size for path in kept) < MOST_BYTES


def test_the_sources_that_are_given_away_bring_the_pictures_that_pages_show(
    gathered: Path,
) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    sdist = tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["sdist"]
    first, *kept = sdist["exclude"]
    assert first == "docs/screens/*"
    shown = {path.name for path in (gathered / "screens").iterdir()}
    assert set(kept) == {f"!docs/screens/{name}" for name in shown}


def test_it_is_the_same_each_time(gathered: Path, tmp_path: Path) -> None:
    GATHER["gather"](tmp_path / "again")
    for path in gathered.rglob("*"):
        if path.is_file():
            again = tmp_path / "again" / path.relative_to(gathered)
            assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('<img src="https://elsewhere.example/a.png">', "fetches https://elsewhere"),
        ('<script src="//elsewhere.example/a.js"></script>', "fetches //elsewhere"),
        ('<link rel="stylesheet" href="gone.css">', "gone.css, which is not there"),
        ('<p style="background: url(https://e.example/a)">', "fetches https://e."),
        ('<a href="gone.html">gone</a>', "gone.html, which is not there"),
        ('<a href="#nowhere">gone</a>', "#nowhere, which is not there"),
        ('<a href="https://e.example/">out</a><b id="a"></b><a href="#a">in</a>', ""),
    ],
)
def test_what_is_built_is_looked_through(page: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    wrong = list(CHECK["wrong_with"](tmp_path))
    assert said in "".join(wrong)
    assert bool(wrong) == bool(said)


# --- true to the commands -------------------------------------------------------------


def commands() -> dict[str, ArgumentParser]:
    found: dict[str, ArgumentParser] = {}
    for action in parser()._actions:  # noqa: SLF001
        if isinstance(action.choices, dict):
            found.update(action.choices)
    return found


def sections() -> dict[str, str]:
    """What docs/commands.md says of each command, by its heading."""
    told = (DOCS / "commands.md").read_text(encoding="utf-8")
    return dict(
        re.findall(
            r"^## (coreg(?: \S+)?)\n(.*?)(?=^## |\Z)", told, re.MULTILINE | re.DOTALL
        )
    )


def options_of(command: ArgumentParser) -> set[str]:
    every = {name for each in command._actions for name in each.option_strings}  # noqa: SLF001
    return every - {"-h", "--help"}


def test_every_option_of_every_command_is_told_in_its_section() -> None:
    told = sections()
    every = {f"coreg {name}": command for name, command in commands().items()}
    every["coreg"] = parser()
    assert set(told) == set(every)
    for name, command in every.items():
        for option in options_of(command):
            assert f"`{option}" in told[name], f"{name} {option}"


def test_an_option_that_is_not_told_would_be_missed() -> None:
    command = ArgumentParser()
    command.add_argument("--unheard-of")
    assert options_of(command) == {"--unheard-of"}
    assert "`--unheard-of" not in sections()["coreg practice"]


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_told_on_a_page_for_those_who_need_it(name: str) -> None:
    pages = [*reader_pages(), *sorted(DOCS.glob("*.md"))]
    for path in pages:
        text = path.read_text(encoding="utf-8")
        if path.name != "commands.md" and re.search(rf"coreg {name}\b", text):
            return
    pytest.fail(f"`coreg {name}` is on no page but the list of all commands")


BLOCK = re.compile(r"^```sh$(.*?)^```$", re.MULTILINE | re.DOTALL)


def lines_to_type(path: Path) -> list[list[str]]:
    """The commands of coreg in blocks of a page, as one would type them."""
    blocks = "\n".join(BLOCK.findall(path.read_text(encoding="utf-8")))
    # What follows a `;` is another line, and what follows a `>` is the shell's.
    lines = re.sub(r" >.*$", "", blocks, flags=re.MULTILINE).replace("; ", "\n")
    ours = [each for each in lines.splitlines() if each.startswith("coreg ")]
    whole = (each for each in ours if "…" not in each)
    return [shlex.split(each, comments=True)[1:] for each in whole]


STREAMS = {
    "acceleration",
    "beat",
    "breath",
    "pace",
}  # of LSL, called `coreg beat labels A`


def named_in_sentences(path: Path) -> list[list[str]]:
    """The words of commands of coreg that a sentence names, whole or in part."""
    named = re.findall(r"`coreg ([^`\n]+)`", path.read_text(encoding="utf-8"))
    return [each.split() for each in named]


ALL_PAGES = [*reader_pages(), *sorted(DOCS.glob("*.md"))]


@pytest.mark.parametrize("path", ALL_PAGES, ids=lambda path: path.stem)
def test_what_a_page_says_to_type_is_taken(path: Path) -> None:
    for words in lines_to_type(path):
        placed = ["last" if each == "SESSION" else each for each in words]
        parser().parse_args(placed)  # ends, where it is not taken


@pytest.mark.parametrize("path", ALL_PAGES, ids=lambda path: path.stem)
def test_a_sentence_names_no_command_or_option_that_there_is_not(path: Path) -> None:
    for first, *rest in named_in_sentences(path):
        options = {word.split("=")[0] for word in rest if word.startswith("--")}
        if first.startswith("-"):
            assert {first, *options} <= {"--help", *options_of(parser())}, first
        elif re.fullmatch(r"[a-z]+", first) and first not in STREAMS:
            assert first in commands(), first
            assert options <= {"--help", *options_of(commands()[first])}, (first, rest)


# --- true to its figures --------------------------------------------------------------


def test_every_command_that_prints_a_figure_is_there() -> None:
    named = 0
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        text = path.read_text(encoding="utf-8")
        modules = re.findall(r"python -m ((?:benchmarks|coreg|tests)\.[\w.]+\w)", text)
        for module in modules:
            place = ROOT / module.replace(".", "/")
            package = (place / "__main__.py").is_file()
            assert package or place.with_suffix(".py").is_file(), module
        tests = re.findall(r"pytest (tests/\w+\.py)", text)
        for test in tests:
            assert (ROOT / test).is_file(), test
        named += len(modules) + len(tests)
    assert named > 60


def section_of(page: Path, anchor: str) -> str:
    """The text beneath a heading, with that of the headings beneath it."""
    text = page.read_text(encoding="utf-8")
    if not anchor:
        return text
    lines = text.splitlines()
    at, depth = next(
        (at, line.split(" ")[0])
        for at, line in enumerate(lines)
        if line.startswith("#") and slug(line.lstrip("# ")) == anchor
    )
    ends = [
        after
        for after, line in enumerate(lines[at + 1 :], at + 1)
        if re.match(rf"#{{1,{len(depth)}}} ", line)
    ]
    return "\n".join(lines[at : ends[0] if ends else None])


def validated() -> list[tuple[str, str, str]]:
    """The rows of the validation page: figure, command, and where more is said."""
    text = (DOCS / "researchers" / "validation.md").read_text(encoding="utf-8")
    rows = [re.split(r" (?<!\\)\| ", line.strip("| ")) for line in text.splitlines()]
    found = [row for row in rows if len(row) == 4 and row[2].startswith("`")]
    return [(row[1], row[2], LINK.findall(row[3])[0]) for row in found]


def test_a_validation_figure_stands_where_it_says_beside_its_command() -> None:
    assert len(validated()) > 10
    for figure, command, target in validated():
        assert re.match(r"`(python -m benchmarks\.|pytest tests/)\w+", command)
        place, _, anchor = target.partition("#")
        said = section_of((DOCS / "researchers" / place).resolve(), anchor)
        if re.search(r"\d", figure):
            number = figure.removesuffix(" (%)").replace(r"\|", "|")
            assert number in said, figure
        assert command.strip("`").split(" --")[0].split(" 200")[0] in said, command


# --- for the people who read it -------------------------------------------------------


@pytest.mark.parametrize(
    "path", sorted((DOCS / "couples").glob("*.md")), ids=lambda path: path.stem
)
def test_no_page_for_couples_judges_or_cheers(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    words = re.sub(r"\]\([^)]*\)|!\[", "", without_code(text))
    found = [each.group() for each in NEVER_SAID[ENGLISH].finditer(words)]
    # What an evening tells is told in the words of the page about both.
    assert [each for each in found if each != "chance"] == []


def step(page: str, name: str) -> list[list[str]]:
    """The commands of one step of a page."""
    text = (DOCS / "researchers" / page).read_text(encoding="utf-8")
    block = text.split(f"<!-- step: {name} -->\n```sh\n")[1].split("```")[0]
    return [shlex.split(line)[1:] for line in block.splitlines()]


def test_whoever_has_two_recordings_gets_to_a_report_by_the_page_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COREG_DATA_DIR", str(tmp_path / "data"))
    two_files_of_one_evening(tmp_path / "ada.csv", tmp_path / "bo.csv", later_s=7)
    assert main(["import", "ada.csv", "bo.csv"]) == 1
    assert "--offset-s 7.0" in capsys.readouterr().err
    for name in ("analyze", "import", "report", "synchrony", "table"):
        for words in step("first-report.md", name):
            assert main(words) == 0, words
    drawn = {path.suffix for path in (tmp_path / "evening").iterdir()}
    assert drawn == {".pdf", ".html"}
    assert len(list((tmp_path / "evening").iterdir())) == 4
    assert (tmp_path / "study" / "coreg-sessions.csv").is_file()
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 2
    assert "999" in capsys.readouterr().out


@pytest.mark.skipif(not THOROUGH, reason=skips.THOROUGH)
def test_whoever_has_ten_sessions_works_them_out_by_the_page_alone(
    tmp_path: Path,
) -> None:
    for words in step("ten-sessions.md", "ten"):
        ran = subprocess.run(
            [sys.executable, "-m", "coreg", *words],
            cwd=tmp_path,
            env=os.environ | {"COREG_DATA_DIR": "data", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
    assert "sessions 10, couples 10" in ran.stdout
    page = (DOCS / "researchers" / "ten-sessions.md").read_text(encoding="utf-8")
    rows = pyarrow.parquet.read_metadata(tmp_path / "rows.parquet").num_rows
    assert f"part, {rows} in" in page


@pytest.mark.skipif(not THOROUGH, reason=skips.THOROUGH)
def test_the_site_is_built_strictly_and_a_browser_asks_nobody_else_for_anything(
    tmp_path: Path,
) -> None:
    """It fetches the builder, which the other tests can do without."""
    from tests.helpers.built_site import asked_for_by_a_browser  # noqa: PLC0415

    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    pip = (python, "-m", "pip", "install", "-q", "zensical", "pillow")
    subprocess.run(pip, check=True)
    subprocess.run(
        [SITE / "build"], cwd=ROOT, env=os.environ | {"PYTHON": str(python)}, check=True
    )
    asked = asked_for_by_a_browser(ROOT / "build" / "site" / "html", "index.html")
    assert asked.here
    assert asked.elsewhere == []
