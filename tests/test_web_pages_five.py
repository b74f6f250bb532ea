"""Five pages of one practice, at speed, and all that may disturb them."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.evening_server import Served, taken_port
from tests.helpers.five_pages import (
    PHONE,
    STATE,
    Five,
    Losable,
    hour,
)
from tests.helpers.pages import OpenPage, heading, look_until, press, shown

LONG = {"speed": 40.0, "breathe_min": 60.0}
SHORT = {"speed": 40.0, "breathe_min": 1.0}  # over by the time that all pages are open
PAUSE = """async () => (await import("/static/main.js")).app.pause()"""
# A notice that came, and once what a first tap brings (12 listeners). Of a screen that
# was kept there would be as many more at each pause, and its nodes.
MORE = {"Nodes": 40, "JSEventListeners": 25}


def sleeps(page: Any, wait: Any) -> None:
    """Have nothing of a page run for a while, as where a lid is closed."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Debugger.enable")
    devtools.send("Debugger.pause")
    wait.wait_for_timeout(1500)
    devtools.send("Debugger.disable")
    devtools.detach()


def waiting(at: Served) -> int:
    """How many messages wait for pages that are there."""
    pages = at.hall._pages  # noqa: SLF001
    return sum(page._waiting.qsize() for page in pages)  # noqa: SLF001


def each_leaves_sleeps_and_returns(five: Five) -> None:
    for page in five.all[1:]:
        address = page.url
        page.goto("about:blank")
        page.goto(address)
    for page in (five.couple, five.a, five.b):
        sleeps(page, five.console)
    five.breathe()


def lost(state: dict[str, Any]) -> bool:
    return any(each["id"].startswith("lost-") for each in state["notices"])


def both_straps_are_lost_and_back(five: Five, hearts: Losable) -> None:
    hearts.is_lost = True
    for page in (five.console, five.couple, five.a, five.b):
        look_until(page, partial(page.evaluate, STATE), lost)
    assert not lost(five.light.evaluate(STATE))
    hearts.is_lost = False
    five.until(lambda state: not lost(state))


def all_pause_at_once_and_two_go_on(five: Five) -> None:
    for page in (five.couple, five.light, five.a, five.b):
        page.evaluate(PAUSE)
    five.until(lambda state: state["paused"])
    for page in (five.a, five.b):
        shown(page).locator(".pad").hover()
        page.mouse.down()
    five.breathe()
    for page in (five.a, five.b):  # or the browser keeps what the mouse was on
        page.mouse.up()
        page.mouse.move(1, 1)


def a_code_is_tried_again(five: Five, open_page: OpenPage) -> None:
    thief = open_page(five.codes["A"], **PHONE)
    thief.get_by_role("heading", name="This code doesn’t work").wait_for()
    thief.get_by_text("Somebody has already used this code.").wait_for()
    five.breathe()


def the_end_comes_to_each(five: Five) -> None:
    """Each is asked on their own phone, and then each page has an end of its own."""
    five.until(lambda state: state["screen"] == "words")
    press(five.a, "Go on")
    for name, asked, others in (
        ("Right", five.b, (five.a, five.couple)),
        ("Left", five.a, (five.b, five.couple)),
    ):
        heading(asked, "How are you now?")
        for page in others:
            heading(page, f"A moment for {name}")
        shown(five.console).get_by_text(f"{name} is being asked something").wait_for()
        shown(five.light).get_by_text("One moment.").wait_for()
        press(asked, "Done")
    heading(five.couple, "That’s it for today.")
    shown(five.light).get_by_text("The light is resting.").wait_for()
    heading(five.a, "You’re on Left’s phone")
    heading(five.b, "You’re on Right’s phone")
    shown(five.console).get_by_text("It’s over.").wait_for()
    press(five.console, "Back to the start")
    heading(five.couple, "Today: Relaxed and alert")


@pytest.fixture
def ports() -> tuple[int, int]:
    with taken_port() as one, taken_port() as other:
        return one, other


def test_a_practice_of_five_pages_stands_whatever_disturbs_it(
    open_page: OpenPage, tmp_path: Path, ports: tuple[int, int]
) -> None:
    port, phones = ports
    with hour(tmp_path, port=port, phones=phones, **LONG) as (at, hearts):
        five = Five(open_page, at.launch_url)
        five.breathe()
        each_leaves_sleeps_and_returns(five)
        before = five.held()
        both_straps_are_lost_and_back(five, hearts)
        all_pause_at_once_and_two_go_on(five)
        a_code_is_tried_again(five, open_page)
        for name, holds in five.held().items():
            more = {what: holds[what] - before[name][what] for what in MORE}
            assert all(more[what] < most for what, most in MORE.items()), (name, more)
        look_until(five.console, lambda: waiting(at), lambda count: count < 50)
        assert len(at.hall._pages) == len(five.all)  # noqa: SLF001
    for page in five.all:
        heading(page, "coreg has stopped")
    with hour(tmp_path, port=port, phones=phones, **SHORT) as (at, _):
        for page in five.all[:3]:
            heading(page, "This page isn’t in use any more")
        for page in five.all[3:]:
            heading(page, "This phone isn’t connected any more")
        old = open_page(five.codes["B"], **PHONE)
        old.get_by_text("Scan the code on the laptop again").wait_for()
        the_end_comes_to_each(Five(open_page, at.launch_url))
