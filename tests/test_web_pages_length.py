"""How long tonight is, in a real browser: by hand, by keys and by ear."""

from typing import Any

from tests.helpers.pages import OpenPage, caught_up, sent, shown
from tests.helpers.stand_in_server import StandInServer

FIVE = {"name": "resonance", "title": "Five paces", "minutes": 21, "lengths": {}}


def asked(page: Any, server: StandInServer) -> list[Any]:
    return [message["length"] for message in sent(server, page, "choose")]


def test_ten_minutes_are_chosen_with_one_press(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    choice = shown(page).get_by_role("radiogroup", name="How long tonight")
    names = [each.get_attribute("aria-label") for each in choice.locator("input").all()]
    assert names == [
        "10 minutes, shorter",
        "19 minutes, as usual",
        "30 minutes, longer",
    ]
    assert choice.get_by_role("radio", name="as usual").is_checked()
    choice.get_by_text("10", exact=True).click()
    assert asked(page, server) == ["shorter"]


def test_arrows_choose_a_length_and_keep_the_focus_through_the_answer(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    choice = shown(page).get_by_role("radiogroup", name="How long tonight")
    choice.get_by_role("radio", name="as usual").focus()
    page.keyboard.press("ArrowRight")
    assert asked(page, server) == ["longer"]
    practice = server.state["practice"] | {"length": "longer", "minutes": 30}
    server.show(practice=practice)
    caught_up(page)
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "30 minutes, longer"
    assert choice.get_by_role("radio", name="longer").is_checked()


def test_a_practice_that_keeps_its_times_only_says_them(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"practice": FIVE}
    page = open_page(server.url)
    shown(page).get_by_text("about 21 minutes").wait_for()
    assert shown(page).get_by_role("radiogroup", name="How long tonight").count() == 0


def test_the_choice_fits_a_narrow_phone(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url, viewport={"width": 360, "height": 740})
    ends = shown(page).locator(".length").bounding_box()
    assert ends["x"] + ends["width"] <= 360
    tall = [
        label.bounding_box() for label in shown(page).locator(".length label").all()
    ]
    assert all(box["height"] >= 44 for box in tall)
    assert len({box["y"] for box in tall}) == 1  # one line
