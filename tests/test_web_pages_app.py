"""coreg as an app, in a browser: a page quits it, and a page says what is wrong."""

import os
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from coreg.store import keys
from tests.helpers.evening_server import LATE_S
from tests.helpers.pages import OpenPage, heading, look_until, shown
from tests.test_web_pages_axe import grave

ROOT = Path(__file__).resolve().parents[1]
WORDS = "four words I remember"
TOLD = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"


@contextmanager
def opened(
    data: Path, browser: Path, *arguments: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """`coreg --app` as a menu starts it; `browser` gets the address it is told."""
    told = shlex.join([sys.executable, "-c", TOLD, str(browser)])
    program = subprocess.Popen(
        [sys.executable, "-m", "coreg", *(arguments or ("--app",))],
        cwd=ROOT,
        env={**os.environ, "BROWSER": f"{told} %s", "COREG_DATA_DIR": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def test_a_menu_starts_it_a_page_quits_it_and_nothing_is_printed(
    open_page: OpenPage, tmp_path: Path
) -> None:
    data, browser = tmp_path / "data", tmp_path / "told"
    with opened(data, browser) as program:
        waiting = open_page("data:text/html,<h1>waiting</h1>")
        address = look_until(waiting, lambda: browser.exists() and browser.read_text())
        assert address == (data / "open-coreg.html").as_uri()
        first = open_page(address)
        shown(first).get_by_role("button", name="Look around first").click()
        first.get_by_role("navigation").get_by_role("button", name="Settings").click()
        heading(first, "Settings")
        shown(first).get_by_role("button", name="Quit coreg").click()
        heading(first, "coreg has stopped")
        said, _ = program.communicate(timeout=LATE_S)
        assert program.returncode == 0
        assert said == b""  # a link in a log would let its reader in
        assert not (data / "open-coreg.html").exists()


def test_a_therapist_without_a_terminal_chooses_a_passphrase_on_a_page(
    open_page: OpenPage, tmp_path: Path
) -> None:
    data, browser = tmp_path / "data", tmp_path / "told"
    with opened(data, browser, "clinic", "--app") as program:
        waiting = open_page("data:text/html,<h1>waiting</h1>")
        look_until(waiting, lambda: browser.exists() and browser.read_text())
        page = open_page(browser.read_text())
        heading(page, "Choose your passphrase")
        shown(page).get_by_label("Your passphrase").fill(WORDS)
        shown(page).get_by_label("Once more").fill(WORDS)
        shown(page).get_by_role("button", name="Lock it").click()
        heading(page, "Your recovery key")
        # The list of couples comes before it is written down: it stays.
        paper = "-".join(shown(page).locator(".recovery-key span").all_inner_texts())
        clinic = data / "clinic"
        assert keys.recovered_with(clinic, paper) == keys.opened_with(clinic, WORDS)
        shown(page).get_by_role("button", name="I’ve written it down").click()
        heading(page, "Your couples")
        shown(page).get_by_role("button", name="Lock everything").click()
        heading(page, "Your passphrase, please")
        shown(page).get_by_label("Your passphrase").fill(WORDS)
        shown(page).get_by_role("button", name="Open").click()
        heading(page, "Your couples")
        shown(page).get_by_text("What was done here").click()
        shown(page).get_by_text("opened").first.wait_for()
        program.terminate()
        said, _ = program.communicate(timeout=LATE_S)
        assert said == b""


def test_what_keeps_it_from_beginning_is_said_on_a_page_with_a_report_to_copy(
    open_page: OpenPage, tmp_path: Path
) -> None:
    blocked, browser = tmp_path / "file", tmp_path / "told"
    blocked.write_text("")
    with opened(blocked / "data", browser) as program:
        said, _ = program.communicate(timeout=LATE_S)
        assert program.returncode == 1
        assert said == b""
    address = browser.read_text()
    file = Path(url2pathname(urlsplit(address).path))
    try:
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        page = open_page(address)
        page.get_by_role("heading", name="coreg can’t go on").wait_for()
        assert str(blocked) in page.locator("body").inner_text()  # what is wrong
        report = page.get_by_label("A report to pass on")
        assert "StorageUnusable" in report.input_value()
        assert str(tmp_path) not in report.input_value()
        page.get_by_role("button", name="Copy the report").click()
        status = page.locator("[aria-live]")
        assert look_until(page, status.inner_text) == "Copied."
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        assert grave(axe, page) == []
    finally:
        shutil.rmtree(file.parent)
