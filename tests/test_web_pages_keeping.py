"""What somebody writes on a page of their own stays there until it is kept."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from coreg.web.wire.bounded import (
    LONGEST_WORDS,
)
from tests.helpers.pages import SHORT_MS, OpenPage, heading, press, sent, shown
from tests.helpers.stand_in_server import StandInServer

QUESTION: dict[str, Any] = {"screen": "question", "turn": "A", "block": None}
ASKING: dict[str, dict[str, Any]] = {
    "question": QUESTION,
    "look-back": {
        "screen": "look-back",
        "turn": "A",
        "look": {"session_id": "x", "page": None},
    },
}
ALONE = "what I would say\vto nobody"


def field(page: Any) -> Any:
    """Where one writes for oneself."""
    return shown(page).get_by_label(
        re.compile("In your own words|One line, if you like")
    )


def wrote(page: Any, server: StandInServer, screen: str) -> Any:
    """A person who has written something, and not sent it yet."""
    server.state |= ASKING[screen]
    opened = page(server.url)
    press(opened, "I’m Ada")
    field(opened).fill(ALONE)
    return opened


def send(page: Any) -> None:
    """Say that one is done."""
    shown(page).get_by_role("button", name="Done", exact=True).click()


@pytest.fixture
def again() -> Iterator[list[StandInServer]]:
    """Servers that came back; all are closed."""
    started: list[StandInServer] = []
    yield started
    for each in started:
        each.close()


@pytest.mark.parametrize("screen", ASKING)
def test_words_with_any_character_are_sent_as_they_are(
    open_page: OpenPage, server: StandInServer, screen: str
) -> None:
    page = wrote(open_page, server, screen)
    odd = "a\vb\x07c\u0085d\u2028e\ufeff\U0001f600"
    half = "e => { e.value += '\\ud83d.'; }"  # no message may hold half a character
    field(page).evaluate("(e, text) => { e.value = text; }", odd)
    field(page).evaluate(half)
    send(page)
    (words,) = sent(server, page, "words")
    assert words["text"] == odd + "\ufffd."


@pytest.mark.parametrize("screen", ASKING)
@pytest.mark.parametrize("why", ["not-kept", "too-fast", "the message words: odd"])
def test_what_is_refused_stays_on_the_screen_and_nothing_goes_on(
    open_page: OpenPage, server: StandInServer, screen: str, why: str
) -> None:
    page = wrote(open_page, server, screen)
    server.refuses = {"words": why}
    send(page)
    shown(page).locator("[aria-live]").get_by_text("couldn’t be saved").wait_for()
    assert field(page).input_value() == ALONE
    assert len(sent(server, page, "words")) == 1
    assert server.messages("rating") == server.messages("look") == []
    server.refuses = {}
    send(page)
    advance = "look" if screen == "look-back" else "rating"
    assert len(sent(server, page, advance)) == 1
    assert [each["text"] for each in server.messages("words")] == [ALONE, ALONE]


@pytest.mark.parametrize("screen", ASKING)
def test_nothing_goes_on_before_the_server_has_the_words(
    open_page: OpenPage, server: StandInServer, screen: str
) -> None:
    page = wrote(open_page, server, screen)
    server.answers = False
    send(page)
    shown(page).get_by_text("Saving…").wait_for()
    send(page)  # again, for good measure
    assert len(sent(server, page, "words")) == 1
    assert field(page).input_value() == ALONE
    assert server.messages("rating") == server.messages("look") == []


def test_the_page_goes_on_only_once_the_last_answer_is_there(
    open_page: OpenPage, server: StandInServer
) -> None:
    """The server hands the turn on at once, and answers when it is on the disk."""
    page = wrote(open_page, server, "question")

    def hand_on(message: dict[str, Any]) -> None:
        if message["type"] == "rating":
            server.show(turn="B")
            server.refuses = {"rating": "not-kept"} if len(server.heard) < 3 else {}

    server.on_message = hand_on
    send(page)
    shown(page).get_by_text("can’t be saved any more").wait_for()
    assert field(page).input_value() == ALONE
    press(page, "Leave it")
    heading(page, "Hand the laptop to Bo")
    assert "Ada" not in shown(page).inner_text()


def test_after_the_answer_the_other_ones_turn_is_shown(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = wrote(open_page, server, "question")
    server.on_message = lambda m: (
        server.show(turn="B") if m["type"] == "rating" else None
    )
    send(page)
    heading(page, "Hand the laptop to Bo")
    press(page, "I’m Bo")
    assert field(page).input_value() == ""


@pytest.mark.parametrize("screen", ASKING)
def test_more_than_is_kept_is_told_and_nothing_of_it_is_cut(
    open_page: OpenPage, server: StandInServer, screen: str
) -> None:
    page = wrote(open_page, server, screen)
    long = "y" * (LONGEST_WORDS + 1)
    field(page).fill(long)
    send(page)
    shown(page).get_by_text("That’s 4001 characters").wait_for()
    assert field(page).input_value() == long
    assert server.heard == []
    just = "\U0001f600" * LONGEST_WORDS
    field(page).fill(just)
    send(page)
    assert [each["text"] for each in sent(server, page, "words")] == [just]


@pytest.mark.parametrize("screen", ASKING)
def test_a_line_that_breaks_while_somebody_writes_loses_nothing(
    open_page: OpenPage,
    server: StandInServer,
    again: list[StandInServer],
    screen: str,
) -> None:
    page = wrote(open_page, server, screen)
    server.close()
    shown(page).get_by_text("coreg can’t be reached just now").wait_for()
    assert field(page).input_value() == ALONE
    field(page).press("End")
    page.keyboard.type(" and more")
    send(page)
    page.wait_for_timeout(SHORT_MS)
    assert field(page).input_value() == ALONE + " and more"
    again.append(StandInServer(server.port))
    again[0].state |= ASKING[screen]
    shown(page).get_by_text("coreg can’t be reached").wait_for(state="hidden")
    assert field(page).input_value() == ALONE + " and more"
    send(page)
    assert [e["text"] for e in sent(again[0], page, "words")] == [ALONE + " and more"]


def test_a_line_that_breaks_before_the_answer_lets_one_say_it_again(
    open_page: OpenPage, server: StandInServer, again: list[StandInServer]
) -> None:
    page = wrote(open_page, server, "question")
    server.answers = False
    send(page)
    assert len(sent(server, page, "words")) == 1
    server.close()
    shown(page).get_by_text("coreg can’t be reached just now").wait_for()
    again.append(StandInServer(server.port))
    again[0].state |= QUESTION
    shown(page).get_by_text("coreg can’t be reached").wait_for(state="hidden")
    send(page)
    assert [each["text"] for each in sent(again[0], page, "words")] == [ALONE]
    assert len(sent(again[0], page, "rating")) == 1


@pytest.mark.parametrize("screen", ASKING)
def test_an_evening_that_went_on_elsewhere_takes_no_words_away(
    open_page: OpenPage, server: StandInServer, screen: str
) -> None:
    page = wrote(open_page, server, screen)
    server.show(screen="home", turn=None)
    shown(page).get_by_text("can’t be saved any more").wait_for()
    assert field(page).input_value() == ALONE
    server.show(**ASKING[screen])
    shown(page).get_by_text("can’t be saved any more").wait_for(state="hidden")
    assert field(page).input_value() == ALONE
    server.show(screen="home", turn=None)
    press(page, "Leave it")
    heading(page, "Tonight: Relaxed and alert")
    assert server.messages("words") == []


def test_a_page_on_which_nothing_is_unsaved_goes_on_at_once(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= QUESTION
    page = open_page(server.url)
    press(page, "I’m Ada")
    heading(page, "What would be good")
    server.show(screen="home", turn=None)
    heading(page, "Tonight: Relaxed and alert")


def test_a_rating_and_a_tick_stay_with_the_words(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= QUESTION
    page = open_page(server.url)
    press(page, "I’m Ada")
    shown(page).get_by_role("slider", name="At ease").press("ArrowRight")
    shown(page).get_by_role("checkbox").check()
    server.refuses = {"aside": "too-fast"}
    send(page)
    shown(page).get_by_text("couldn’t be saved").wait_for()
    assert len(sent(server, page, "aside")) == 1
    assert server.messages("rating") == []
    assert shown(page).get_by_role("checkbox").is_checked()
    server.show(screen="home", turn=None)
    slider = shown(page).get_by_role("slider", name="At ease")
    assert slider.get_attribute("aria-valuetext").startswith("6")


def test_names_that_are_being_written_outlive_a_broken_line(
    open_page: OpenPage, server: StandInServer, again: list[StandInServer]
) -> None:
    server.state |= {"screen": "welcome", "couple": None}
    page = open_page(server.url)
    name = shown(page).get_by_label("Sitting on the left")
    name.fill("Ada")
    server.close()
    shown(page).get_by_text("coreg can’t be reached just now").wait_for()
    again.append(StandInServer(server.port))
    again[0].state |= {"screen": "welcome", "couple": None}
    shown(page).get_by_text("coreg can’t be reached").wait_for(state="hidden")
    assert name.input_value() == "Ada"
    press(page, "Continue")
    (names,) = sent(again[0], page, "names")
    assert names["A"] == "Ada"
    again[0].show(screen="home", couple={"A": {"name": "Ada"}, "B": {"name": "Bo"}})
    heading(page, "Tonight: Relaxed and alert")


def test_closing_a_page_with_unsaved_words_is_asked_about(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = wrote(open_page, server, "question")
    asked: list[str] = []

    def go_all_the_same(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", go_all_the_same)
    page.reload()
    heading(page, "Hand the laptop to Ada")
    assert asked == ["beforeunload"]
    page.reload()
    assert asked == ["beforeunload"]  # nothing is written: nothing is asked
