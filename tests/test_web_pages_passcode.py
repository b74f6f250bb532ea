"""One's own passcode and what is behind it, in a real browser."""

import re
from typing import Any

import pytest

from tests.helpers.pages import (
    OpenPage,
    caught_up,
    choose_passcode,
    enter_passcode,
    heading,
    look_until,
    press,
    sent,
    shown,
)
from tests.helpers.scenes import LINES
from tests.helpers.stand_in_server import NO_PASSCODES, StandInServer

LOOK = {"session_id": "x", "page": None}
EVENING = {
    "id": "x",
    "when_utc": "2026-03-01T19:40:00Z",
    "practice": "Relaxed and alert",
    "length_s": 1140,
    "state": "complete",
    "source": "straps",
    "simulated": False,
    "page": None,
}


@pytest.fixture
def own(open_page: OpenPage, server: StandInServer) -> Any:
    """Ada's own page of an evening, at its door."""
    server.state |= {"screen": "look-back", "turn": None, "look": LOOK}
    server.lines = [dict(line) for line in LINES]
    page = open_page(server.url)
    press(page, "Just for Ada")
    press(page, "I’m Ada")
    return page


def written(page: Any) -> list[str]:
    """What stands on an own page, line by line."""
    texts: list[str] = shown(page).locator(".own-lines .written").all_inner_texts()
    return texts


def test_what_somebody_wrote_is_shown_to_them_again(
    own: Any, server: StandInServer
) -> None:
    assert shown(own).locator(".own-lines").count() == 0
    enter_passcode(own)
    heading(own, "Your own page")
    assert written(own) == [
        "A quiet half hour, and that we laugh once.",
        "I noticed my shoulders. And that you were there.",
    ]
    rated = (
        shown(own)
        .get_by_role("img")
        .evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    )
    assert rated == [
        "At ease. Before: 4 of 10. After: 7 of 10.",
        "Awake. Before: 7 of 10. After: 6 of 10.",
        "Able to be myself. Before: 6 of 10. After: 8 of 10.",
    ]
    shown(own).get_by_text("Your heart was slower for part of the time.").wait_for()
    link = shown(own).get_by_role("link", name="Look at my heart")
    assert link.get_attribute("href") == "/evenings/x/A?ticket=a-ticket"
    assert server.passcodes == ["4711"]


def test_a_line_is_changed_and_deleted_once_one_is_sure(
    own: Any, server: StandInServer
) -> None:
    enter_passcode(own)
    shown(own).get_by_role("button", name="Change").first.click()
    shown(own).get_by_role("textbox", name="Change").fill("And that we laughed.")
    server.lines[0]["text"] = "And that we laughed."
    shown(own).get_by_role("button", name="Save", exact=True).click()
    look_until(own, lambda: written(own)[0] == "And that we laughed.")
    assert sent(server, own, "change-own-line") == [
        {"type": "change-own-line", "partner": "A", "number": 1}
        | {"text": "And that we laughed."}
    ]
    shown(own).get_by_role("button", name="Delete").first.click()
    press(own, "Keep it")
    assert server.messages("delete-own-line") == []
    shown(own).get_by_role("button", name="Delete").first.click()
    server.lines = server.lines[1:]
    press(own, "Delete it")
    look_until(own, lambda: len(written(own)), lambda count: count == 1)
    assert sent(server, own, "delete-own-line") == [
        {"type": "delete-own-line", "partner": "A", "number": 1}
    ]


def test_it_is_locked_again_however_one_leaves(own: Any, server: StandInServer) -> None:
    for way in ("Back", "Escape", None):
        enter_passcode(own)
        heading(own, "Your own page")
        if way == "Escape":
            own.keyboard.press("Escape")
        elif way:
            press(own, way)
        else:
            server.show(screen="home")
        look_until(
            own, lambda: shown(own).locator(".own-lines").count(), lambda n: n == 0
        )
        caught_up(own)
        if way:
            server.show(screen="home")
            server.show(screen="look-back", look=LOOK)
            press(own, "Just for Ada")
            press(own, "I’m Ada")
    assert server.locked == 3


def test_what_is_answered_after_somebody_left_is_shown_to_nobody(
    own: Any, server: StandInServer
) -> None:
    """Esc while the passcode is still being tried: what it opens stays away."""
    server.answers_passcodes = False
    shown(own).get_by_label("Your passcode").fill("4711")
    press(own, "Open")
    own.keyboard.press("Escape")
    look_until(
        own, lambda: shown(own).get_by_label("Your passcode").count(), lambda n: n == 0
    )
    server.answer_passcodes()
    caught_up(own)
    caught_up(own)
    assert shown(own).locator(".own-lines").count() == 0
    assert server.locked >= 1


def test_a_wrong_one_is_said_and_too_many_have_to_wait(
    own: Any, server: StandInServer
) -> None:
    server.refuses = {"enter-passcode": "passcode-wrong"}
    enter_passcode(own, "0815")
    shown(own).get_by_text("That isn’t it. Try again.").wait_for()
    server.refuses = {"enter-passcode": "passcode-wait"}
    server.wait_s = 60.0
    enter_passcode(own, "0816")
    shown(own).get_by_text("Too many wrong tries. Try again after").wait_for()
    server.refuses = {}
    server.wrong_tries = 2
    enter_passcode(own)
    shown(own).get_by_text("Wrong tries since then: 2.").wait_for()


def test_no_browser_is_offered_to_keep_a_passcode_and_nobody_reads_it_there(
    own: Any,
) -> None:
    field = shown(own).get_by_label("Your passcode")
    assert field.get_attribute("type") == "text"  # for "password" it would be
    assert field.get_attribute("autocomplete") == "off"
    hides = "(field) => getComputedStyle(field).webkitTextSecurity"
    assert field.evaluate(hides) == "disc"


def test_two_that_differ_are_not_kept(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "consent", "turn": "A", "couple": NO_PASSCODES}
    page = open_page(server.url)
    press(page, "I’m Ada")
    shown(page).get_by_label("Your passcode").fill("4711")
    shown(page).get_by_label("Once more").fill("4712")
    press(page, "Keep this passcode")
    shown(page).get_by_text("These two aren’t the same.").wait_for()
    assert server.passcodes == []
    server.refuses = {"choose-passcode": "passcode-easy"}
    choose_passcode(page, "1234")
    shown(page).get_by_text("one of the first anyone would try").wait_for()


def test_a_forgotten_one_is_erased_after_a_word_and_a_new_one_is_chosen(
    own: Any, server: StandInServer
) -> None:
    press(own, "I’ve forgotten it")
    dialog = own.get_by_role("dialog")
    dialog.get_by_text("Nothing of Bo’s is deleted.").wait_for()
    dialog.get_by_role("textbox").fill("delete")
    dialog.get_by_role("button", name="Delete").click()
    choose_passcode(own)
    assert sent(server, own, "forget-passcode") == [
        {"type": "forget-passcode", "partner": "A", "confirm": "erase"}
    ]
    # What was agreed to went with it, and is asked for next.
    go = {"type": "go", "screen": "consent", "partner": "A"}
    assert sent(server, own, "go") == [go]


def test_all_of_it_is_deleted_where_one_has_to_and_nothing_else_changes(
    own: Any, server: StandInServer
) -> None:
    enter_passcode(own)
    server.lines = [*server.lines, server.lines[0] | {"number": 9, "session_id": "y"}]
    press(own, "Change my passcode")
    assert shown(own).get_by_label("The one you have now").is_visible()
    press(own, "Back")
    press(own, "Just for Ada")
    press(own, "I’m Ada")
    enter_passcode(own)
    press(own, "Everything I wrote")
    press(own, "Delete all of it")
    server.lines = []
    own.get_by_role("dialog").get_by_role("button", name="Delete").click()
    look_until(own, lambda: written(own) == [])
    assert sent(server, own, "delete-own-line") == [
        {"type": "delete-own-line", "partner": "A", "number": None}
    ]


def test_under_earlier_evenings_each_finds_all_that_they_wrote(
    open_page: OpenPage, server: StandInServer
) -> None:
    later = dict(LINES[0]) | {"number": 9, "session_id": "y", "text": "On another day."}
    server.lines = [*LINES, later]
    server.evenings = [EVENING]
    server.state |= {"screen": "evenings"}
    page = open_page(server.url)
    shown(page).get_by_role("button", name="Just for Ada: Sunday").click()
    press(page, "I’m Ada")
    enter_passcode(page)
    assert "On another day." not in written(page)
    press(page, "Everything I wrote")
    assert written(page)[-1] == "On another day."
    press(page, "Back")
    all_of_it = "Just for Ada: What each of you wrote"
    shown(page).get_by_role("button", name=all_of_it).click()
    press(page, "I’m Ada")
    enter_passcode(page)
    heading(page, "Your own page")
    assert written(page)[-1] == "On another day."
    assert not shown(page).get_by_role("link", name="Look at my heart").is_visible()


def test_who_has_no_passcode_yet_is_asked_before_a_practice_and_may_leave_it(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "gate", "turn": "A", "couple": NO_PASSCODES}
    page = open_page(server.url)
    press(page, "I’m Ada")
    heading(page, "Choose your own passcode")
    press(page, "Later. Nothing I write tonight will be saved.")
    heading(page, "Is this all right for you today?")
    server.show(screen="question", turn="A")
    press(page, "I’m Ada")
    shown(page).get_by_text("so nothing you write here is kept").wait_for()


def test_a_wrong_passcode_erases_nobody_and_says_so(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "settings"}
    server.refuses = {"enter-passcode": "passcode-wrong"}
    page = open_page(server.url)
    press(page, "Everything of Ada’s")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(re.compile("Type")).fill("delete")
    dialog.get_by_role("button", name="Delete").click()
    dialog.get_by_text("That isn’t it. Try again.").wait_for()
    assert server.messages("erase") == []
    dialog.get_by_role("button", name="I’ve forgotten it").click()
    page.get_by_role("dialog").get_by_text("Delete what’s only yours?").wait_for()
