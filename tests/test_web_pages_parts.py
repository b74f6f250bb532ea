"""The pages of a part that one has alone: whose they are, and the way out of them."""

from typing import Any

import pytest

from tests.helpers.pages import (
    OpenPage,
    caught_up,
    enter_passcode,
    heading,
    press,
    sent,
    shown,
)
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


SORE = {
    "name": "sore",
    "words": "Did something sore come up?",
    "yes_no": True,
    "reply": "That can happen.",
    "may_keep": True,
}
TOOK_IN = {
    "name": "took_in",
    "words": "Could you take it in?",
    "low": "not at all",
    "high": "completely",
    "reply": "Good things can be hard to let in.",
    "reply_at_most": 3,
}
AFTER = {
    "screen": "look-back",
    "turn": "B",
    "ending": "complete",
    "look": {"session_id": "x", "page": None, "wished": True, "had_quiet": True},
    "scales": [SORE, TOOK_IN],
}


def test_a_reply_comes_to_a_yes_or_to_a_low_answer_and_goes_again(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= AFTER
    page = open_page(server.url, **PHONE)
    press(page, "I’m Bo")
    heading(page, "How are you now?")
    of_yes, of_low = (page.get_by_text(each["reply"]) for each in (SORE, TOOK_IN))
    assert not of_yes.is_visible()
    assert not of_low.is_visible()
    sore = page.get_by_role("radiogroup", name="Did something sore come up?")
    took_in = page.get_by_role("slider", name="Could you take it in?")
    sore.get_by_role("radio", name="Yes").check()
    took_in.press("ArrowLeft")  # 4
    of_yes.wait_for()
    assert not of_low.is_visible()
    took_in.press("ArrowLeft")  # 3
    of_low.wait_for()
    sore.get_by_role("radio", name="No").check()
    of_yes.wait_for(state="hidden")
    took_in.press("End")
    of_low.wait_for(state="hidden")
    press(page, "Done")
    sent(server, page, "look")
    assert [each["value"] for each in server.messages("answer")] == [0, 10]
    assert server.messages("words") == server.messages("happened") == []


def test_what_was_sore_is_kept_among_what_still_hurts_by_one_press(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= AFTER
    page = open_page(server.url, **PHONE)
    press(page, "I’m Bo")
    page.get_by_role("radiogroup", name="sore").get_by_role("radio", name="Yes").check()
    press(page, "Keep it in Loose ends")
    page.get_by_role("group", name="Did a little of it happen?").get_by_role(
        "radio", name="A bit"
    ).check()
    press(page, "Done")
    sent(server, page, "look")
    (words,) = server.messages("words")
    assert words["still_hurts"] is True
    assert server.state["practice"]["title"] in words["text"]
    (happened,) = server.messages("happened")
    assert happened == {"type": "happened", "partner": "B", "happened": "a-bit"}


def quiet(*what: str) -> dict[str, bool]:
    return {each: each in what for each in ("nothing", "talk", "moving", "sound")}


def test_what_was_in_the_quiet_time_is_one_press_and_nobody_has_to_say(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= AFTER
    page = open_page(server.url, **PHONE)
    press(page, "I’m Bo")
    asked = page.get_by_role(
        "group", name="While you were settling in or resting, was there any of this?"
    )
    none, talked, moved, _ = (
        asked.get_by_role("checkbox", name=name)
        for name in ("None of these", "We talked", "We moved about", "Music or")
    )
    assert not any(each.is_checked() for each in (none, talked, moved))
    none.check()
    talked.check()
    moved.check()
    assert not none.is_checked()  # it is either some of it or none
    press(page, "Done")
    sent(server, page, "look")
    (said,) = server.messages("in-quiet")
    assert said == {"type": "in-quiet", "partner": "B"} | quiet("talk", "moving")


def test_who_leaves_it_says_nothing_of_the_quiet_time_and_none_takes_back_the_rest(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= AFTER
    page = open_page(server.url, **PHONE)
    press(page, "I’m Bo")
    page.get_by_role("checkbox", name="We talked").check()
    page.get_by_role("checkbox", name="None of these").check()
    assert not page.get_by_role("checkbox", name="We talked").is_checked()
    page.get_by_role("checkbox", name="None of these").uncheck()
    press(page, "Done")
    sent(server, page, "look")
    assert server.messages("in-quiet") == []


def test_a_wrong_tick_that_was_sent_is_taken_back_by_the_next_press(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= AFTER
    server.refuses["look"] = "not-kept"  # so the page is still there
    page = open_page(server.url, **PHONE)
    press(page, "I’m Bo")
    page.get_by_role("checkbox", name="We talked").check()
    press(page, "Done")
    sent(server, page, "look")
    del server.refuses["look"]
    page.get_by_role("checkbox", name="We talked").uncheck()
    press(page, "Done")
    said = sent(server, page, "in-quiet", 2)
    assert [each["talk"] for each in said] == [True, False]
    complaints.remove("coreg: the server refused: not-kept")


def test_whoever_hurts_is_one_press_from_care(
    open_page: OpenPage, server: StandInServer
) -> None:
    usual = server.state["practice"]
    server.state |= {"choices": [usual, {**usual, "name": "right-now"}]}
    page = open_page(server.url, **PHONE)
    press(page, "Right now, for Bo")
    assert sent(server, page, "start") == [{"type": "start", "right_now": "B"}]


def test_beside_care_for_right_now_stands_when_it_is_not_for_the_two(
    open_page: OpenPage, server: StandInServer
) -> None:
    usual, unless = server.state["practice"], "Not when you’re afraid of each other"
    page = open_page(server.url, **PHONE)
    heading(page, "Tonight")
    assert not shown(page).get_by_text(unless).count()  # where there is none
    server.state |= {"choices": [usual, {**usual, "name": "right-now"}]}
    page.reload()
    shown(page).get_by_text(f"{unless}: see “Get help”.").wait_for()


def test_what_is_over_is_said_once_and_of_nobody_and_whose_alone(
    open_page: OpenPage, server: StandInServer
) -> None:
    over = {"has_room": True, "is_over": True}
    server.state |= {
        "screen": "evenings",
        "loose_ends": [
            {"number": 5, "partner": "A"} | over,
            {"number": 8, "partner": "B"} | over,
        ],
    }
    page = open_page(server.url, **PHONE)
    box = shown(page).locator(".loose-ends")
    box.get_by_text("Something is done for both of you.").wait_for()
    assert box.locator(".loose-end").count() == 1
    said = box.locator("p").inner_text()
    assert said == "Something is done for both of you."
    box.get_by_role("button", name="Just for Bo").click()
    press(page, "I’m Bo")
    enter_passcode(page)
    heading(page, "Something is done for both of you.")
    own = shown(page).get_by_role(
        "group", name="You’re both done with something of Ada"
    )
    own.get_by_role("button", name="Not done after all").click()
    (opened,) = sent(server, page, "loose-end")
    assert (opened["number"], opened["partner"], opened["done"]) == (5, "B", False)


def test_what_is_said_of_many_calls_is_said_where_one_stopped_too(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "look-back", "turn": None, "ending": "finished early"}
    server.state |= {"closing": "This may need more.", "strapless": True}
    page = open_page(server.url, **PHONE)
    shown(page).get_by_text("This may need more.").wait_for()


def test_what_one_says_to_a_loose_end_is_behind_their_own_passcode(
    open_page: OpenPage, server: StandInServer
) -> None:
    """And that it is not the time is said to nobody: the line stays as it was."""
    end = {"number": 7, "partner": "A", "has_room": False, "is_over": False}
    server.state |= {"loose_ends": [end]}
    page = open_page(server.url, **PHONE)
    asked = "Ada has something they’d like to talk about, when you’ve room."

    def answer(words: str) -> None:
        press(page, "Just for Bo")
        press(page, "I’m Bo")
        enter_passcode(page)
        heading(page, asked)
        press(page, words)

    shown(page).get_by_text(asked).wait_for()
    assert not shown(page).get_by_role("button", name="I have room").count()
    answer("Not yet")
    shown(page).get_by_text(asked).wait_for()
    caught_up(page)
    assert server.messages("loose-end") == []
    page.reload()
    heading(page, "Tonight")
    shown(page).get_by_text(asked).wait_for()
    answer("I have room")
    (said,) = sent(server, page, "loose-end")
    assert (said["partner"], said["has_room"], said["done"]) == ("B", True, None)
    heading(page, "Tonight")
    assert server.locked >= 2


def test_a_practice_within_an_hour_shows_its_own_words_though_it_counts_from_0_again(
    open_page: OpenPage, server: StandInServer
) -> None:
    talk = {**STEP, "number": 0, "name": "Open", "kind": "turn", "who": None}
    talk |= {"words": "Talk as you like.", "listener": ""}
    hurt = {
        **talk,
        "name": "What happened",
        "who": "A",
        "speaker": "Tell what happened.",
    }
    server.state |= {"screen": "turn", "block": talk}
    page = open_page(server.url)
    shown(page).get_by_text("Talk as you like.").wait_for()
    server.show(block=hurt)
    shown(page).get_by_text("Tell what happened.").wait_for()
    server.show(block=talk)
    shown(page).get_by_text("Talk as you like.").wait_for()
