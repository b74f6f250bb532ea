"""coreg as an app: without a terminal, ended by its pages, and never gone unsaid."""

import asyncio
import errno
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from coreg import __version__
from coreg.cli import main
from coreg.cli.doctor import Diagnosis
from coreg.cli.home import clinic_command
from coreg.cli.trouble import page_of, report_of
from coreg.errors import RadioError, StorageUnusable
from coreg.store.folder import data_folder
from coreg.web.server.hall import Hall
from coreg.web.server.left_alone import PRACTISING_S, ended_by_pages, left_alone
from coreg.words import Language, say, speaking
from tests.helpers.evening_server import LATE_S, entered, page, served, simulated
from tests.helpers.readers import html_words
from tests.helpers.short_plans import SHORT_EVENING

ROOT = Path(__file__).resolve().parents[1]
TOLD = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
SOON_S = 0.1
WITHOUT_WORDS = SHORT_EVENING.rpartition("[[block]]")[0]  # none waits for a press
NAME, STRAP, FOLDER = "Annabel", "A0:9E:1A:22:33:44", "/home/annabel.private"


def test_where_there_is_a_terminal_no_page_offers_to_quit_and_none_can(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with served(tmp_path) as to, page(to, await entered(to)) as one:
            state = await one.state_when(lambda _: True)
            assert state["settings"]["may_quit"] is False
            assert (await one.ask("quit"))["why"] == "no-app"
            assert not to.stop.is_set()

    asyncio.run(go())


def test_nobody_quits_while_two_people_practise(tmp_path: Path) -> None:
    async def go() -> None:
        serving = simulated(tmp_path, speed=1.0)
        async with serving as to, page(to, await entered(to)) as one:
            to.hall.quit = to.stop.set
            await one.screen("arrive")
            assert (await one.ask("quit"))["why"] == "practising"
            assert not to.stop.is_set()

    asyncio.run(go())


def test_a_page_opens_the_therapists_program_where_there_is_one(tmp_path: Path) -> None:
    begun: list[str] = []

    async def go() -> None:
        async with served(tmp_path) as to, page(to, await entered(to)) as one:
            assert (await one.ask("for-therapists"))["why"] == "no-app"
            to.hall.for_therapists = partial(begun.append, "clinic")
            assert (await one.ask("for-therapists"))["type"] == "taken"
            assert not to.stop.is_set()

    asyncio.run(go())
    assert begun == ["clinic"]


def test_nobody_opens_it_in_front_of_two_who_practise(tmp_path: Path) -> None:
    async def go() -> None:
        serving = simulated(tmp_path, speed=1.0)
        async with serving as to, page(to, await entered(to)) as one:
            to.hall.for_therapists = to.stop.set
            await one.screen("arrive")
            assert (await one.ask("for-therapists"))["why"] == "practising"
            assert not to.stop.is_set()

    asyncio.run(go())


def test_the_therapists_program_is_begun_in_the_same_folder_as_a_program_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = [sys.executable, "-m", "coreg", "clinic", "--app"]
    assert clinic_command(None) == python
    assert clinic_command(tmp_path) == [*python, "--data-dir", str(tmp_path)]
    monkeypatch.setattr(sys, "frozen", True, raising=False)  # as in a bundle
    assert clinic_command(None) == [sys.executable, "clinic", "--app"]


def test_it_ends_once_its_last_page_was_closed_and_not_while_one_is_open(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with served(tmp_path) as to:
            async with page(to, await entered(to)) as one:
                await one.state_when(lambda _: True)
                alone = asyncio.create_task(left_alone(to.hall, for_s=SOON_S))
                await asyncio.sleep(5 * SOON_S)
                assert not alone.done()
            await asyncio.wait_for(alone, LATE_S)

    asyncio.run(go())


@pytest.mark.parametrize(
    ("plan", "practising_s", "ends"),
    [
        (WITHOUT_WORDS, PRACTISING_S, "at its end"),
        (SHORT_EVENING, 3.0, "where it waits for a press that nobody can give"),
    ],
    ids=["", "abandoned"],
)
def test_a_practice_goes_on_to_its_end_without_any_page(
    plan: str, practising_s: float, ends: str, tmp_path: Path
) -> None:
    async def go() -> None:
        async with simulated(tmp_path, speed=60.0, plan_toml=plan) as to:
            async with page(to, await entered(to)) as one:
                await one.screen("arrive")
            alone = left_alone(to.hall, for_s=SOON_S, practising_s=practising_s)
            await asyncio.wait_for(alone, LATE_S)
            assert to.hall.is_practising is (ends != "at its end")
        assert to.hall.recorded  # in order, either way

    asyncio.run(go())


def test_a_fault_while_it_is_watched_is_said_and_it_is_watched_anew(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The fault that is planted in this task (`tests/test_supervised_tasks.py`)."""
    asked: list[str] = []

    def has_pages(_hall: Hall) -> bool:
        asked.append("")
        if len(asked) == 1:
            raise ValueError("planted")
        return False

    async def go() -> None:
        async with served(tmp_path) as to:
            monkeypatch.setattr(Hall, "has_pages", property(has_pages))
            stop = asyncio.Event()
            async with ended_by_pages(to.hall, stop, after_s=SOON_S):
                await asyncio.wait_for(stop.wait(), LATE_S)

    asyncio.run(go())
    assert "ValueError: planted" in caplog.text


def met(error: Exception) -> Exception:
    """An error as it is met: somewhere, and because of another one."""
    try:
        try:
            Path(os.devnull, NAME).read_text()
        except OSError as first:
            raise error from first
    except Exception as second:  # noqa: BLE001 - whatever it was given
        return second
    raise AssertionError


def planted(error: Exception) -> Exception:
    """The error, come of a program in a private folder that says private things."""
    source = f"def {NAME}():\n    raise RuntimeError('{NAME} wears {STRAP}')\n"
    file = f"{FOLDER}/{NAME}.py"
    lives: dict[str, Any] = {}
    exec(compile(source, file, "exec"), lives)  # noqa: S102 - where it says it lies
    try:
        lives[NAME]()
    except RuntimeError as private:
        error.__cause__ = private
    return error


@pytest.mark.parametrize(
    "error",
    [
        StorageUnusable(f"{FOLDER} cannot be written, {NAME}.", "Make room."),
        RadioError(f"{NAME}'s strap {STRAP} is away.", "Wet it.", trouble="gone"),
        OSError(errno.ENOSPC, f"{NAME}: no space", f"{FOLDER}/{NAME}"),
        ValueError(f"{NAME} {STRAP} {FOLDER}"),
        KeyError(NAME),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_report_to_pass_on_holds_nothing_of_anybody(error: Exception) -> None:
    findings = [Diagnosis(what="storage", is_well=False, words=f"{FOLDER} {NAME}")]
    for plant, cause in (
        (met, "NotADirectoryError ENOTDIR"),
        (planted, "RuntimeError"),
    ):
        report = report_of(plant(error), findings)
        assert type(error).__name__ in report
        assert cause in report
        assert "storage: not ok" in report
        for private in (NAME, STRAP, FOLDER, "annabel", str(Path.home()), str(ROOT)):
            assert private.lower() not in report.lower()


def test_a_report_says_where_in_coreg_it_was(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StorageUnusable) as refused:
        data_folder(blocked / "data")
    report = report_of(refused.value)
    assert "StorageUnusable" in report
    assert "  coreg/store/folder.py:" in report
    assert __version__ in report


@pytest.mark.parametrize("language", list(Language))
def test_a_person_is_told_what_is_wrong_and_what_to_do(language: Language) -> None:
    with speaking(language):
        error = StorageUnusable("Nothing <fits> there.", "Make room.")
        bad = Diagnosis(what="browser", is_well=False, words="None to be seen.")
        good = Diagnosis(what="port", is_well=True, words="All is fine here.")
        page = page_of(error, [bad, good])
        said = html_words(page)
        assert f'lang="{language}"' in page
        for words in (error.wrong, error.do, bad.words, say("terminal.trouble.copy")):
            assert words in said
        assert good.words not in said
        assert say("terminal.trouble.fault.do") in html_words(page_of(ValueError(NAME)))


def test_no_option_that_prints_goes_with_a_start_that_prints_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--app", "--no-browser"])
    assert stopped.value.code == 2
    assert "Leave one out" in capsys.readouterr().err


def test_without_any_stream_nothing_that_is_printed_breaks_anything(
    tmp_path: Path,
) -> None:
    """As Windows starts what has no terminal: there are no streams at all."""
    program = (
        "import sys; sys.stdout = sys.stderr = None\n"
        "from coreg.cli import main\n"
        "sys.exit(10 * main(['practices']) + main(['report', 'none']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "COREG_DATA_DIR": str(tmp_path)},
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == 1  # 0 and 1
