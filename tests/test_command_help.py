"""Help is there at once, a slip of the pen is answered with what was meant."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from coreg.cli import main
from coreg.cli.options.completion import SHELLS
from coreg.cli.options.parsing import couple_names, practice_names
from coreg.cli.options.whole import parser
from coreg.cli.write_reference import BEGINS, REFERENCE, reference
from coreg.session import couple_shelf
from coreg.store.plans import plan_names

ROOT = Path(__file__).resolve().parents[1]
# Each takes a twentieth of a second or more to load.
HEAVY = ["numpy", "scipy", "asyncio", "starlette", "uvicorn", "bleak", "sqlite3"]


def commands() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for action in parser()._actions:  # noqa: SLF001
        if isinstance(action.choices, dict):
            found.update(action.choices)
    return found


def ended(*arguments: str) -> int:
    """Give a command that is refused, or prints help; return its status."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


# --- help -------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["report"], ["practice"], ["--help"]])
def test_help_loads_nothing_that_takes_time(words: list[str]) -> None:
    """Where all of it was loaded, `coreg --help` took three seconds."""
    probe = (
        "import sys\nfrom coreg.cli import main\n"
        f"try: main({[*words, '--help']!r})\n"
        "except SystemExit: pass\n"
        f"print([each for each in {HEAVY!r} if each in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_what_each_command_does_is_where_it_is_looked_for() -> None:
    named = [commands()[name].get_default("run") for name in commands()]
    for run in [*named, parser().get_default("run")]:
        module, _, name = run.where.partition(":")
        assert callable(getattr(import_module(module), name))


def test_help_shows_how_to_live_faster(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--help") == 0
    assert "coreg --simulate --speed 20" in capsys.readouterr().out
    assert "--simulate --speed 20" in (ROOT / "README.md").read_text("utf-8")


def test_names_offered_before_anything_is_loaded_are_those_there_are() -> None:
    assert practice_names() == plan_names()
    assert couple_names() == couple_shelf.couple_names()


def test_python_dash_m_says_the_same() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "coreg", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.startswith("usage: coreg ")


# --- what is refused, and what was meant ----------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("--speed 20", "--speed is only for a made-up couple. Add --simulate"),
        ("--seed 2", "--seed is only for a made-up couple. Add --simulate"),
        ("practice --speed 20", "Add --simulate or --replay"),
        ("practice --straps a b --seed 2", "--seed is only for a made-up couple."),
        ("--speed 5 practice", "--speed belongs after practice"),
        ("--port 5 sessions", "coreg sessions takes no --port"),
        ("analyse rest.txt", "Did you mean analyze?"),
        ("practise", "Did you mean practice?"),
        ("sesions", "Did you mean sessions?"),
        ("quixotic", "there is no command 'quixotic'. See: coreg --help"),
        ("--sped 20 --simulate", "Did you mean --speed?"),
        ("--simlate", "Did you mean --simulate?"),
        ("practice --find-pce", "Did you mean --find-pace?"),
        ("practice --in-out 40:61", "Did you mean 40:60?"),
        ("report last --pages therapst,joint", "Did you mean therapist?"),
        ("report last --format pdf,docx", "'docx' isn't one of the choices: pdf, png"),
        ("completion zhs", "Did you mean zsh?"),
        (
            "batch --in x --out y.parquet --workers 2 --local-cluster 2",
            "choose one of --workers, --scheduler and --local-cluster",
        ),
        ("batch --in x --out y.parquet --chunk 0", "0 is not above 0"),
        ("export C --out x", "'C' isn't one of the choices: A, B"),
        ("sessions more", "there is no more here"),
    ],
)
def test_what_does_not_fit_ends_with_2_and_says_what_to_do(
    typed: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*typed.split()) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("practice relaxed-and-alrt --simulate --headless", "relaxed-and-alert?"),
        ("practice --simulate --headless --couple evntful", "eventful?"),
        ("practice zebra --simulate --headless", "Choose one of: attune, delight,"),
    ],
)
def test_a_mistyped_name_is_answered_with_what_was_meant(
    typed: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*typed.split(), "--data-dir", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err


# --- TAB ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def path_with_coreg(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH on which `coreg` is this one, as after it was installed."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "coreg"
    script.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m coreg "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def offered_by_bash(line: str, path: str, data: Path) -> list[str]:
    """What bash offers after this line, once it read what coreg prints for it."""
    pressed = (
        'source <(coreg completion bash)\nread -ra COMP_WORDS <<< "$COMP_LINE"\n'
        '[[ "$COMP_LINE" == *" " ]] && COMP_WORDS+=("")\n'
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_TYPE=9 COMP_POINT=${#COMP_LINE}\n"
        'how=$(complete -p coreg); how=${how##*-F }; "${how%% *}" coreg\n'
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    ran = subprocess.run(
        [str(shutil.which("bash")), "-c", pressed],
        env={"PATH": path, "COMP_LINE": line, "COREG_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [each.strip() for each in ran.stdout.splitlines()]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_commands_options_practices_and_sessions(
    path_with_coreg: str, tmp_path: Path
) -> None:
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    (sessions / "20260301-193000-7f3a.coreg").write_bytes(b"")

    def offered(line: str) -> list[str]:
        return offered_by_bash(line, path_with_coreg, tmp_path)

    practices = tmp_path / "practices"
    practices.mkdir()
    (practices / "our-own.toml").write_bytes(b"")
    assert offered("coreg pract") == ["practice", "practices"]
    assert offered("coreg --sim") == ["--simulate"]
    of_both = ["our-pace", "our-pace-second-evening", "our-own"]
    assert offered("coreg practice our") == of_both
    assert offered("coreg practice --couple op") == ["opposite"]
    assert offered("coreg report ") == ["last", "20260301-193000-7f3a"]


@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_shell_reads_is_its_own_language(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "coreg" in script
    found = shutil.which(shell)
    if found is not None:
        file = tmp_path / "completion"
        file.write_text(script, encoding="utf-8")
        subprocess.run([found, "-n", file], check=True)


# --- what is written down ---------------------------------------------------------


def test_the_reference_is_what_the_options_say() -> None:
    """`python -m coreg.cli.write_reference` writes it anew."""
    assert REFERENCE.read_text("utf-8").partition(BEGINS)[2] == reference()


def test_the_reference_is_told_in_readme_and_says_how_commands_end() -> None:
    assert "(docs/commands.md)" in (ROOT / "README.md").read_text("utf-8")
    told = REFERENCE.read_text("utf-8")
    assert [f"\n| {status} |" in told for status in (0, 1, 2, 130)] == [True] * 4


def keys_told(command: str) -> set[str]:
    """The keys that the reference tells of a command's JSON."""
    told = REFERENCE.read_text("utf-8").partition(BEGINS)[0].split("## JSON")[1]
    (row,) = re.findall(rf"^\| `{command}` \| (.*) \|$", told, flags=re.MULTILINE)
    return set(re.findall(r"`([a-z_]+)`", row))


def keys_in(told: object) -> set[str]:
    """All keys of what was printed as JSON, down to the last list."""
    if isinstance(told, list):
        return {key for each in told for key in keys_in(each)}
    if isinstance(told, dict):
        return {key for name, each in told.items() for key in {name, *keys_in(each)}}
    return set()


def test_each_command_with_json_has_its_keys_told() -> None:
    for name, command in commands().items():
        if "--json" in command.format_usage():
            assert keys_told(name), name


TABLES = {"sessions", "straps", "practices", "log", "check", "doctor", "synchrony"}


def test_each_table_can_be_had_as_json() -> None:
    with_json = {
        name for name, each in commands().items() if "--json" in each.format_usage()
    }
    assert with_json >= TABLES


def test_practices_are_told_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["practices", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in told["practices"]] == plan_names()
    more = {"ok", "file", "wrong", "do"}
    assert keys_in(told) | more == keys_told("practices") | {"practices"}
    plan = tmp_path / "mine.toml"
    text = (ROOT / "coreg/exercises/plans/our-pace.toml").read_text("utf-8")
    plan.write_text(text, encoding="utf-8")
    assert main(["practices", "check", str(plan), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
