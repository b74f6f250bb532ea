"""A whole evening: real server, real engine, simulated couple, real browser."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import skips
from tests.helpers.pages import (
    DRAWN_MS,
    OpenPage,
    heading,
    look_until,
    press,
    shown,
)

ROOT = Path(__file__).resolve().parents[1]
THOROUGH = "COREG_THOROUGH" in os.environ


# The title of every screen that comes, also of one that is gone before a test looks.
TITLES = """() => {
  window.titles = [];
  new MutationObserver((changes) => {
    for (const change of changes) for (const screen of change.addedNodes) {
      window.titles.push(screen.querySelector("h1").textContent);
    }
  }).observe(document.getElementById("stage"), {childList: true});
}"""


class Program:
    """`coreg` as somebody starts it, its browser left out."""

    def __init__(self, folder: Path, *words: str, port: int = 0) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "coreg", "--no-browser"),
                *("--port", str(port), "--data-dir", str(folder), *words),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        self.port = int(self.address.split(":")[2].split("/")[0])

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.communicate(timeout=20)


@pytest.fixture
def programs() -> Iterator[list[Program]]:
    """Programs that a test started; all are ended."""
    started: list[Program] = []
    yield started
    for program in started:
        program.stop()


def test_a_simulated_evening_from_arriving_to_looking_back(
    open_page: OpenPage, programs: list[Program], tmp_path: Path, complaints: list[str]
) -> None:
    # Arriving and breathing last six seconds: time for a busy machine to open a page.
    program = Program(tmp_path, "--simulate", "--speed", "100")
    programs.append(program)
    page = open_page(program.address)
    page.evaluate(TITLES)
    heading(page, "Breathing together")
    assert page.get_by_text("Simulated couple", exact=True).is_visible()
    page.keyboard.press("Space")
    heading(page, "Let’s stop for a moment.")
    page.keyboard.down("f")
    page.keyboard.down("j")
    page.keyboard.up("f")
    page.keyboard.up("j")
    look_until(page, lambda: page.evaluate("titles"), lambda seen: "Just be" in seen)
    for name in ("Left", "Right"):
        heading(page, f"Hand the laptop to {name}")
        press(page, f"I am {name}")
        press(page, "Leave this out")
    press(page, "Done")
    for name in ("Left", "Right"):
        heading(page, f"Hand the laptop to {name}")
        press(page, f"I am {name}")
        heading(page, "First, what did you notice?")
        press(page, "Ours")
    page.get_by_text("Hearts alike or unlike say nothing about love.").wait_for()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the page of this evening").click()
    opened.value.get_by_role("heading").first.wait_for(timeout=DRAWN_MS)
    press(page, "Done")
    heading(page, "Who’s wearing which strap?")
    press(page, "Earlier evenings")
    page.locator("main .list li").first.wait_for()
    press(page, "Settings")
    heading(page, "Settings")
    assert complaints == []


def test_first_use_needs_both_consents_before_home(
    open_page: OpenPage, programs: list[Program], tmp_path: Path, complaints: list[str]
) -> None:
    program = Program(tmp_path)
    programs.append(program)
    page = open_page(program.address)
    heading(page, "Two hearts, one breath")
    page.get_by_label("Name on the left").fill("Ada")
    page.get_by_label("Name on the right").fill("Bo")
    press(page, "Go on")
    for name in ("Ada", "Bo"):
        heading(page, f"Hand the laptop to {name}")
        press(page, f"I am {name}")
        press(page, "Yes, I’d like to")
        shown(page).get_by_label("I am an adult").check()
        press(page, "Save my choices")
    heading(page, "Who’s wearing which strap?")
    for version in ("Without breathing", "Steady six"):
        shown(page).get_by_role("radio", name=version).check()
    press(page, "No straps at hand?")
    shown(page).get_by_role("region", name="Ada").get_by_text("contact").wait_for()
    press(page, "Sit down together")
    heading(page, "Are the straps comfortable?")
    press(page, "Begin")
    heading(page, "Hand the laptop to Ada")
    assert complaints == []


def test_pages_come_back_by_themselves_when_the_program_is_started_again(
    open_page: OpenPage, programs: list[Program], tmp_path: Path
) -> None:
    program = Program(tmp_path, "--simulate", "--speed", "40")
    programs.append(program)
    page = open_page(program.address)
    heading(page, "Breathing together")
    program.stop()
    heading(page, "The program has stopped")
    programs.append(Program(tmp_path, "--simulate", "--speed", "40", port=program.port))
    heading(page, "Breathing together")
    page.locator(".turns .now").wait_for()


@pytest.mark.skipif(not THOROUGH, reason=f"a minute long; {skips.THOROUGH}")
def test_a_whole_practice_at_twenty_times_the_pace_keeps_the_pages_memory(
    open_page: OpenPage,
    programs: list[Program],
    tmp_path: Path,
    complaints: list[str],
    record_property: Any,
) -> None:
    program = Program(tmp_path, "--simulate", "--speed", "20")
    programs.append(program)
    page = open_page(program.address)
    devtools = page.context.new_cdp_session(page)

    def heap_kb() -> float:
        devtools.send("HeapProfiler.collectGarbage")
        return float(devtools.send("Runtime.getHeapUsage")["usedSize"]) / 1024

    heading(page, "Breathing together")
    page.wait_for_timeout(3000)
    before_kb = heap_kb()
    shown(page).get_by_role("heading", name="Just be").wait_for(timeout=60_000)
    shown(page).get_by_role("heading", name="Hand the laptop").wait_for(timeout=60_000)
    grew_kb = heap_kb() - before_kb
    record_property("heap_grew_kb", grew_kb)
    print(f"heap grew by {grew_kb:.0f} kB in a practice at speed 20")
    assert grew_kb < 500
    assert complaints == []
