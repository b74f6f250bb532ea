"""Every practice from Home to its end: by keyboard alone, on a phone's size."""

from pathlib import Path
from typing import Any

import pytest

from coreg.exercises import ladder
from coreg.exercises.plan import parse_plan
from coreg.facts.events import Source
from coreg.store.plans import plan_text
from coreg.web.server.practice_catalogue import PracticeCatalogue
from tests.helpers.evening_server import beside, served
from tests.helpers.pages import OpenPage, heading, look_until

PHONE = {"viewport": {"width": 390, "height": 844}}
SHELF = PracticeCatalogue()
PRACTICES = sorted(ladder.at_home(map(SHELF.plans.__getitem__, SHELF.names), 1000))
WITH_THERAPIST = ["near-and-far", "open"]
SPEED = 400.0
STATE = """async () => {
  const {state} = (await import("/static/main.js")).app;
  return {screen: state.screen, turn: state.turn, title: state.practice?.title ?? "",
    number: state.block?.number ?? -1};
}"""
FOCUS = """() => {
  const element = document.activeElement;
  const isThere = element?.matches("button, a") && !element.closest(".screen.leaving");
  return isThere ? element.textContent : "";
}"""
MOST_TABS = 60
WORK_MS = 90_000  # where chests are seen, minutes of them are understood in one second


@pytest.fixture
def quiet_console(complaints: list[str]) -> Any:
    yield
    assert complaints == []


pytestmark = pytest.mark.usefixtures("quiet_console")


def tab_to(page: Any, words: str) -> None:
    """Go by Tab alone to what says this, and press it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUS):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no Tab leads to {words!r}")


def chosen(page: Any, title: str) -> None:
    """Unfold what else there is, and choose a practice by the arrow keys."""
    tab_to(page, "Something else")
    page.keyboard.press("Tab")
    for _ in range(len(PRACTICES) + len(WITH_THERAPIST)):
        if page.evaluate(STATE)["title"] == title:
            return
        before = page.evaluate(STATE)
        page.keyboard.press("ArrowDown")
        another(page, before)
    assert page.evaluate(STATE)["title"] == title


def another(page: Any, now: dict[str, Any]) -> None:
    """Wait until it is not as it is now."""
    look_until(
        page,
        lambda: page.evaluate(STATE),
        lambda seen: seen != now,
        patience_ms=WORK_MS,
    )


@pytest.mark.parametrize("name", [*PRACTICES, *WITH_THERAPIST, ladder.OUR_PACE])
def test_a_practice_goes_from_home_to_its_end_by_keyboard_on_a_phone(
    open_page: OpenPage, tmp_path: Path, name: str
) -> None:
    plan = parse_plan(plan_text(name))
    usual = [n for n, block in enumerate(plan.blocks) if not block.is_again]
    came: list[int] = []
    with_therapist = name in WITH_THERAPIST
    source = Source.SIMULATED
    serving = served(
        tmp_path, source=source, speed=SPEED, with_therapist=with_therapist
    )
    with beside(serving) as at:
        page = open_page(at.launch_url, **PHONE)
        heading(page, "Today" if with_therapist else "Tonight")
        if name == ladder.OUR_PACE:  # for the curious, from the settings
            tab_to(page, "Settings")
            heading(page, "Settings")
            tab_to(page, "Compare five paces tonight")
            heading(page, plan.title)
        else:
            chosen(page, plan.title)
        tab_to(page, "Sit down together")
        look_until(page, lambda: page.evaluate(STATE)["screen"] != "home")
        # Afterwards is walked elsewhere: it is the same for all.
        while (now := page.evaluate(STATE))["screen"] != "look-back":
            if now["number"] >= 0 and now["number"] not in came[-1:]:
                came.append(now["number"])
            gone_on(page, now, plan)
        page.goto("about:blank")  # before its server is gone
    assert came == usual


def gone_on(page: Any, now: dict[str, Any], plan: Any) -> None:
    """Do what this part waits for, and wait until another one is there."""
    block = plan.blocks[max(0, now["number"])]
    if now["screen"] in {"step", "write", "asked"}:
        if not goes_on_writing(plan, now["number"]):
            tab_to(page, "I’m ")
        tab_to(page, block.choices[0].words if block.choices else "Done")
    elif now["screen"] == "question":
        tab_to(page, "I’m ")
        tab_to(page, "Skip this")
    elif now["screen"] == "words":
        tab_to(page, "I’m ")
    elif block.waits and now["number"] >= 0:
        page.wait_for_timeout(1000 * block.quiet_s / SPEED + 300)
        tab_to(page, block.choices[0].words if block.choices else "Go on")
    another(page, now)


def goes_on_writing(plan: Any, number: int) -> bool:
    """Whether it is one who has just written the part before: nobody hands anything."""
    before, block = plan.blocks[max(0, number - 1)], plan.blocks[number]
    was_alone = before.means.is_private and before.who is block.who
    return number > 0 and block.kind == "write" and was_alone
