"""The pages of a part that one has alone: whose they are, and the way out of them."""

from typing import Any

import pytest

from tests.helpers.pages import OpenPage, heading, press, sent, shown
from tests.helpers.stand_in_server import StandInServer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
STEP = {
    "number": 1,
    "name": "First step",
    "kind": "step",
    "words": "Nearer, further, or stay?",
    "who": "B",
    "speaker": "",
    "listener": "You may say only: “You choose. I’m here.”",
    "choices": [],
    "waits": True,
}
WRITE = {
    **STEP,
    "name": "What they saw",
    "kind": "write",
    "words": "What did they see?",
}
BETTER = {"words": "Better", "does": "next"}
ASKED = {**STEP, "kind": "gate", "words": "How is it now?", "choices": [BETTER]}
ASKS = {**STEP, "kind": "question", "words": "What would be good today?"}


@pytest.fixture
def quiet_console(complaints: list[str]) -> Any:
    yield
    assert complaints == []


pytestmark = pytest.mark.usefixtures("quiet_console")


@pytest.mark.parametrize(
    ("screen", "block"),
    [("step", STEP), ("write", WRITE), ("asked", ASKED), ("question", ASKS)],
)
def test_either_may_pause_before_it_is_said_who_is_here(
    open_page: OpenPage, server: StandInServer, screen: str, block: dict[str, Any]
) -> None:
    """On a phone there is no key for it, and nobody has to say they are the other."""
    server.state |= {"screen": screen, "turn": "B", "block": block}
    page = open_page(server.url, **PHONE)
    shown(page).get_by_role("button", name="I’m Bo").wait_for()
    press(page, "Pause · I need a moment")
    assert sent(server, page, "press")[0]["press"] == "pause"


def test_who_goes_on_writing_is_not_handed_the_laptop_anew(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "write", "turn": "B", "block": WRITE}
    page = open_page(server.url)
    press(page, "I’m Bo")
    heading(page, "What did they see?")
    press(page, "Done")
    sent(server, page, "done")
    server.show(block={**WRITE, "number": 2, "words": "What makes it hard?"})
    heading(page, "What makes it hard?")
    press(page, "Done")
    sent(server, page, "done", 2)
    server.show(turn="A", block={**WRITE, "number": 3, "words": "And this month?"})
    heading(page, "Hand the laptop to Ada")


def test_after_a_pause_it_is_asked_anew_who_writes(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "write", "turn": "B", "block": WRITE}
    page = open_page(server.url)
    press(page, "I’m Bo")
    heading(page, "What did they see?")
    press(page, "Done")
    sent(server, page, "done")
    second = {**WRITE, "number": 2, "words": "What makes it hard?"}
    server.show(block=second)
    heading(page, "What makes it hard?")
    server.show(screen="pause", paused=True)
    heading(page, "Let’s stop for a moment.")
    server.show(screen="write", paused=False, block=second)
    heading(page, "Hand the laptop to Bo")


@pytest.mark.parametrize("ending", ["complete", "finished early"])
def test_without_straps_nothing_is_said_of_straps_or_of_who_agreed_to_them(
    open_page: OpenPage, server: StandInServer, ending: str
) -> None:
    server.state |= {
        "screen": "look-back",
        "turn": None,
        "ending": ending,
        "look": None,
        "strapless": True,
    }
    page = open_page(server.url)
    shown(page).get_by_role("button", name="Done").wait_for()
    said = shown(page).inner_text()
    assert "agreed" not in said
    assert "straps" not in said


def test_where_it_is_not_the_day_nobody_takes_off_straps_they_do_not_wear(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "not-yet", "turn": None, "strapless": True}
    page = open_page(server.url)
    heading(page, "That’s all for now.")
    assert "straps" not in shown(page).inner_text()


def test_whoever_is_asked_alone_reads_what_it_is_and_when_to_leave_it(
    open_page: OpenPage, server: StandInServer
) -> None:
    """The other one may have chosen it, and handed over the laptop."""
    repair = {
        **server.state["practice"],
        "title": "Repair",
        "minutes": 14.0,
        "begins": "asked",
        "has_turns": True,
        "not_when": "Not on the day of a row.",
    }
    server.state |= {"screen": "gate", "turn": "A", "first": "B", "practice": repair}
    page = open_page(server.url, **PHONE)
    heading(page, "Is this all right for you today?")
    said = shown(page).inner_text()
    assert "Tonight: Repair, about 14 minutes." in said
    assert "This time it’s about Bo." in said
    assert "Not on the day of a row." in said
