"""A whole evening: real server, real engine, simulated couple, real browser.

It is watched: whatever the program and its processes do with networks is written down,
and whatever the browser asks for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.helpers import skips
from tests.helpers.browser import pages_in
from tests.helpers.pages import (
    DRAWN_MS,
    OpenPage,
    choose_passcode,
    heading,
    look_until,
    press,
    shown,
)
from tests.helpers.stand_in_server import StandInServer
from tests.helpers.thorough import THOROUGH
from tests.helpers.watched_program import Program

# The title of every screen that comes, also of one that is gone before a test looks.
TITLES = """() => {
  window.titles = [];
  new MutationObserver((changes) => {
    for (const change of changes) for (const screen of change.addedNodes) {
      window.titles.push(screen.querySelector("h1").textContent);
    }
  }).observe(document.getElementById("stage"), {childList: true});
}"""


@pytest.fixture
def programs() -> Iterator[list[Program]]:
    """Programs that a test started; all are ended."""
    started: list[Program] = []
    yield started
    for program in started:
        program.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What was seen of an evening from outside."""

    program: Program
    asked: list[str]
    policies: list[str]
    complaints: list[str]

    def look_at(self, context: Any) -> None:
        """Note what every page of a browser asks for, and what it may ask for."""

        def may_ask(response: Any) -> None:
            if response.request.resource_type == "document":
                policy = response.headers.get("content-security-policy", "")
                self.policies.append(policy)

        context.on("request", lambda request: self.asked.append(request.url))
        context.on("response", may_ask)
        context.on(
            "page",
            lambda page: page.on("websocket", lambda it: self.asked.append(it.url)),
        )


@pytest.fixture(scope="module")
def evening(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """An evening of the simulated couple, lived once, and its page drawn."""
    # Arriving and breathing last six seconds: time for a busy machine to open a page.
    folder = tmp_path_factory.mktemp("evening") / "data"
    program = Program(folder, "--simulate", "--speed", "100")
    seen = Watched(program=program, asked=[], policies=[], complaints=[])
    try:
        with pages_in(browser, seen.complaints) as open_page:
            live(open_page(program.address, watch=seen.look_at))
    finally:
        program.stop()
    return seen


def live(page: Any) -> None:
    """From arriving to looking back, with a pause, and to every screen by day."""
    page.evaluate(TITLES)
    heading(page, "Breathing together")
    assert page.get_by_text("Made-up couple", exact=True).is_visible()
    page.keyboard.press("Space")
    heading(page, "Let’s stop for a moment.")
    page.keyboard.down("f")
    page.keyboard.down("j")
    page.keyboard.up("f")
    page.keyboard.up("j")
    look_until(page, lambda: page.evaluate("titles"), lambda seen: "Rest" in seen)
    for name in ("Right", "Left"):
        press(page, f"I’m {name}")  # the first one says so before it is over
        heading(page, "How are you now?")
        shown(page).get_by_label("Both, if we both say yes").check()
        press(page, "Done")
    heading(page, "That’s it for tonight.")
    page.get_by_text("Whether two hearts move together").wait_for()
    page.get_by_text("You breathed together for").wait_for()
    said = re.compile("^(Your hearts moved|For part of the time|No clear|Nothing to)")
    page.get_by_text(said).wait_for(timeout=DRAWN_MS)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="See this evening together").click()
    opened.value.get_by_role("heading").first.wait_for(timeout=DRAWN_MS)
    press(page, "Done")
    heading(page, "Tonight: Relaxed and alert")
    press(page, "Get help (nothing is saved)")
    page.get_by_role("dialog", name="People you can call").wait_for()
    page.get_by_role("button", name="Back").click()
    press(page, "Earlier evenings")
    page.locator("main .list li").first.wait_for()
    page.get_by_text("mostly at").first.wait_for()
    press(page, "Settings")
    heading(page, "Settings")


def test_a_simulated_evening_from_arriving_to_looking_back(evening: Watched) -> None:
    assert evening.complaints == []


def test_nothing_of_an_evening_leaves_the_computer(evening: Watched) -> None:
    seen = evening.program.seen()
    begun = [each["process"] for each in seen if each["event"] == "begun"]
    assert len(begun) >= 2  # the page was drawn in a process of its own
    listened = [each["place"] for each in seen if each["event"] == "socket.bind"]
    assert ["127.0.0.1", 0] in listened  # any port that is free
    assert [each for each in seen if not each.get("stays", True)] == []
    others = {Path(each["program"]).name for each in seen if "program" in each}
    assert others <= {"systemd-inhibit"}  # which keeps the computer awake


def test_the_pages_load_nothing_from_elsewhere(evening: Watched) -> None:
    asked = [urlsplit(url) for url in evening.asked]
    ours = f"127.0.0.1:{evening.program.port}"
    assert {each.netloc for each in asked if each.scheme != "data"} == {ours}
    paths = {each.path for each in asked}
    assert {"/", "/ws", "/static/main.js", "/evenings", "/places"} <= paths
    assert any(path.endswith("/page") for path in paths)
    assert len(evening.policies) >= 2
    assert all("default-src 'none'" in policy for policy in evening.policies)


def test_first_use_needs_both_consents_before_home(
    open_page: OpenPage, programs: list[Program], tmp_path: Path, complaints: list[str]
) -> None:
    program = Program(tmp_path)
    programs.append(program)
    page = open_page(program.address)
    heading(page, "Two hearts, one breath")
    page.get_by_label("Sitting on the left").fill("Ada")
    page.get_by_label("Sitting on the right").fill("Bo")
    press(page, "Continue")
    for name in ("Ada", "Bo"):
        heading(page, f"Hand the laptop to {name}")
        press(page, f"I’m {name}")
        choose_passcode(page, "a boat at noon")
        press(page, "Yes, I could")
        shown(page).get_by_label("I am an adult").check()
        press(page, "Save my choices")
    heading(page, "Lock what coreg saves?")
    for label in ("Your passphrase", "Once more"):
        shown(page).get_by_label(label).fill("four words we remember")
    press(page, "Lock it")
    heading(page, "Your recovery key")
    press(page, "We’ve both written it down")
    heading(page, "Tonight: Relaxed and alert")
    press(page, "Something else")
    for version in ("Without breathing", "Six a minute"):
        # What is marked is what the server has: one that was told before it heard of
        # this may come in between.
        chosen = shown(page).get_by_role("radio", name=version)
        chosen.click()
        look_until(page, chosen.is_checked)
    press(page, "No straps? Try it")
    press(page, "Sit down together")
    page.get_by_text("Settle in").first.wait_for()
    assert complaints == []


def test_a_page_survives_a_reload_and_says_what_to_do_after_another_start(
    open_page: OpenPage, programs: list[Program], tmp_path: Path
) -> None:
    program = Program(tmp_path, "--simulate", "--speed", "40")
    programs.append(program)
    page = open_page(program.address)
    heading(page, "Breathing together")
    page.reload()
    heading(page, "Breathing together")
    program.stop()
    heading(page, "coreg has stopped")
    page.get_by_text("Start coreg again and it opens a new one").wait_for()
    again = Program(tmp_path, "--simulate", "--speed", "40", port=program.port)
    programs.append(again)
    heading(page, "This page isn’t in use any more")
    new_page = open_page(again.address)
    heading(new_page, "Breathing together")


def test_a_page_whose_couple_has_left_says_so_and_comes_back_no_more(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"screen": "question", "turn": "A"}
    page = open_page(server.url)
    server.tell({"type": "ended", "v": 1})
    heading(page, "This evening has ended here")
    assert shown(page).get_by_text("You can close this page.").is_visible()
    server.tell({"type": "state"} | server.state)  # it does not listen any more
    page.wait_for_timeout(1500)  # longer than a page waits before it comes back
    heading(page, "This evening has ended here")
    assert page.evaluate("document.body.textContent").count("Ada") == 0
    assert complaints == []


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
    shown(page).get_by_role("heading", name="Rest").wait_for(timeout=60_000)
    shown(page).get_by_role("heading", name="Hand the laptop").wait_for(timeout=60_000)
    grew_kb = heap_kb() - before_kb
    record_property("heap_grew_kb", grew_kb)
    print(f"heap grew by {grew_kb:.0f} kB in a practice at speed 20")
    assert grew_kb < 500
    assert complaints == []
