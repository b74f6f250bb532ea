"""How long tonight is, in a real browser: by hand, by keys and by ear."""

from typing import Any

from tests.helpers.pages import OpenPage, caught_up, press, sent, shown
from tests.helpers.stand_in_server import StandInServer

FIVE = {
    "name": "resonance",
    "title": "Our pace, first time",
    "minutes": 21,
    "lengths": {},
}


def asked(page: Any, server: StandInServer) -> list[Any]:
    return [message["length"] for message in sent(server, page, "choose")]


def test_ten_minutes_are_chosen_with_one_press(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    press(page, "Something else")
    choice = shown(page).get_by_role("radiogroup", name="How long?")
    names = choice.locator("label").all_inner_texts()
    assert names == ["10 minutes", "19 minutes, the usual", "30 minutes"]
    assert choice.get_by_role("radio", name="the usual").is_checked()
    choice.get_by_text("10 minutes", exact=True).click()
    assert asked(page, server) == ["shorter"]


def test_arrows_choose_a_length_and_keep_the_focus_through_the_answer(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    press(page, "Something else")
    choice = shown(page).get_by_role("radiogroup", name="How long?")
    choice.get_by_role("radio", name="the usual").focus()
    page.keyboard.press("ArrowRight")
    assert asked(page, server) == ["longer"]
    practice = server.state["practice"] | {"length": "longer", "minutes": 30}
    server.show(practice=practice)
    caught_up(page)
    focused = page.evaluate("document.activeElement.parentElement.innerText")
    assert focused == "30 minutes"
    assert choice.get_by_role("radio", name="30 minutes").is_checked()


def test_a_practice_that_keeps_its_times_only_says_them(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"practice": FIVE}
    page = open_page(server.url)
    press(page, "Something else")
    shown(page).get_by_text("About 21 minutes", exact=True).wait_for()
    assert shown(page).get_by_role("radiogroup", name="How long?").count() == 0


def test_the_choice_fits_a_narrow_phone(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url, viewport={"width": 360, "height": 740})
    press(page, "Something else")
    ends = shown(page).locator(".length").bounding_box()
    assert ends["x"] + ends["width"] <= 360
    tall = [
        label.bounding_box() for label in shown(page).locator(".length label").all()
    ]
    assert all(box["height"] >= 44 for box in tall)
