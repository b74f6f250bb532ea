"""What broke off, in a real browser: offered on Home, and gone on with by both."""

from typing import Any

import pytest

from tests.helpers.pages import OpenPage, caught_up, heading, press, sent, shown
from tests.helpers.scenes import paused, unfinished
from tests.helpers.stand_in_server import StandInServer

READY = unfinished("goes-on", is_ready=True)
STOPPED = "Your practice stopped in the middle"


def button(page: Any, words: str) -> Any:
    return shown(page).get_by_role("button", name=words, exact=True)


def opened(open_page: OpenPage, server: StandInServer, told: Any) -> Any:
    server.state |= {"screen": "home", "unfinished": told}
    page = open_page(server.url)
    heading(page, "Tonight: Relaxed and alert")
    return page


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("Go on where you were", "go-on"),
        ("Look back at it", "look-back"),
        ("Leave it", "leave"),
    ],
)
def test_home_offers_three_ways_and_each_is_one_press(
    open_page: OpenPage, server: StandInServer, words: str, way: str
) -> None:
    page = opened(open_page, server, READY)
    heading(page, STOPPED)
    press(page, words)
    assert [each["way"] for each in sent(server, page, "onward")] == [way]


def test_to_go_on_waits_for_the_straps_of_before_and_no_longer(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = opened(open_page, server, unfinished("goes-on", is_ready=False))
    assert button(page, "Go on where you were").is_disabled()
    assert shown(page).get_by_text("put on the same straps as before").is_visible()
    server.show(unfinished=READY)
    caught_up(page)
    assert button(page, "Go on where you were").is_enabled()
    assert shown(page).get_by_text("each of you holds a button").is_visible()
    server.show(unfinished=None)
    caught_up(page)
    assert not shown(page).get_by_text(STOPPED).is_visible()


def test_what_does_not_go_on_has_no_button_for_it(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = opened(open_page, server, unfinished("long-ago", is_ready=True))
    heading(page, "Your last practice stopped in the middle")
    assert not button(page, "Go on where you were").is_visible()
    assert button(page, "Look back at it").is_visible()


def test_the_page_of_a_simulated_couple_is_a_link(
    open_page: OpenPage, server: StandInServer
) -> None:
    simulated = unfinished("simulated", is_ready=False) | {"page": "/evenings/x/page"}
    page = opened(open_page, server, simulated)
    link = shown(page).get_by_role("link", name="See its page")
    assert link.get_attribute("href") == "/evenings/x/page"
    assert not button(page, "Look back at it").is_visible()
    assert button(page, "Leave it").is_visible()


def test_it_comes_back_to_a_pause_that_both_end_or_either_stops(
    open_page: OpenPage, server: StandInServer
) -> None:
    back = paused(None, back_server_s=None) | {"is_back": True}
    server.state |= {"screen": "pause", "paused": True, "pause": back}
    page = open_page(server.url)
    heading(page, "Welcome back")
    ways = shown(page).locator(".ways button")
    assert ways.all_text_contents() == ["Stop for tonight"]
    for key in "fj":
        page.keyboard.down(key)
    held = sent(server, page, "hold", 2)
    assert [(each["partner"], each["on"]) for each in held[:2]] == [
        ("A", True),
        ("B", True),
    ]
    for key in "fj":
        page.keyboard.up(key)
    press(page, "Stop for tonight")
    assert [each["way"] for each in sent(server, page, "pause-way")] == ["finish"]
