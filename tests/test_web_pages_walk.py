"""Every screen, walked in a real browser: what it says, and what a press sends."""

import datetime as dt
import json
import re
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from coreg.base import clock
from coreg.words import ENGLISH, section
from tests.helpers.pages import (
    OpenPage,
    caught_up,
    choose_passcode,
    enter_passcode,
    heading,
    look_until,
    press,
    sent as all_sent,
    settled,
    shown,
)
from tests.helpers.scenes import EVENINGS, FREE, LINES, OUR_LINES
from tests.helpers.stand_in_server import (
    NO_PASSCODES,
    STATIC,
    StandInServer,
    heart,
    hearts,
)

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
BREATHE = {"kind": "breathe", "words": "", "waits": False}
REST = {"kind": "rest", "words": "No pace now. Eyes where you like.", "waits": False}
ALL_SCREENS: list[dict[str, Any]] = [
    {"screen": "welcome", "couple": None},
    {"screen": "consent", "turn": "A"},
    {"screen": "home"},
    {"screen": "question", "turn": "B"},
    {"screen": "gate", "turn": "A"},
    {"screen": "arrive"},
    {"screen": "breathe", "block": BREATHE},
    {"screen": "breathe", "block": BREATHE, "taps": True},
    {"screen": "pause", "paused": True, "taps": False},
    {
        "screen": "pause",
        "paused": True,
        "pause": {"way": "near", "back_server_s": None},
    },
    {"screen": "rest", "paused": False, "pause": None, "block": REST},
    {"screen": "both-light", "block": FREE, "pacing": "calm"},
    {"screen": "words"},
    {"screen": "look-back", "turn": "A"},
    {"screen": "look-back", "turn": None},
    {"screen": "evenings"},
    {"screen": "settings"},
]


def sent(server: StandInServer, page: Any, kind: str, count: int = 1) -> dict[str, Any]:
    """What the pages sent last of this type, once it is this much."""
    last = all_sent(server, page, kind, count)[-1]
    return {name: value for name, value in last.items() if name != "type"}


@pytest.fixture
def quiet_console(complaints: list[str]) -> Any:
    """Fail afterwards if a page complained: an error, a warning, the CSP."""
    yield
    assert complaints == []


pytestmark = pytest.mark.usefixtures("quiet_console")


def test_first_use_goes_from_names_to_each_ones_own_consent(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "welcome", "couple": None}
    page = open_page(server.url)
    heading(page, "Two hearts, one breath")
    page.get_by_label("Sitting on the left").fill("Ada")
    press(page, "Continue")
    assert sent(server, page, "names") == {"A": "Ada", "B": ""}
    server.show(
        screen="consent",
        turn="A",
        couple={"A": {"name": "Ada"}, "B": {"name": "Right"}},
    )
    server.agreed = None
    heading(page, "Hand the laptop to Ada")
    assert not page.get_by_text("without fear").is_visible()
    press(page, "I’m Ada")
    choose_passcode(page)
    heading(page, "Could you say no tonight without fear?")
    press(page, "Yes, I could")
    press(page, "Save my choices")
    page.get_by_text("only for adults").wait_for()
    assert server.messages("consent") == []
    page.get_by_label("I am an adult").check()
    page.get_by_label(re.compile("Save my heartbeats")).check()
    press(page, "Save my choices")
    assert sent(server, page, "consent") == {
        "partner": "A",
        "choice": "yes",
        "adult": True,
        "record": True,
        "show_partner": False,
        "heart_rhythm": False,
        "see_doctor": False,
        "find_pace": False,
        "show_therapist": False,
        "movement": False,
        "ecg": False,
    }
    server.show(turn="B")
    heading(page, "Hand the laptop to Right")


def test_whoever_takes_consent_back_is_told_of_erasing_and_finds_it(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "consent", "turn": "A"}
    server.agreed = {"record": True}
    page = open_page(server.url)
    press(page, "I’m Ada")
    enter_passcode(page)
    page.get_by_text("stays until you delete it in Settings").wait_for()
    server.show(screen="welcome", turn=None)
    heading(page, "Two hearts, one breath")
    press(page, "Settings")
    assert sent(server, page, "go") == {"screen": "settings"}
    server.agreed = None
    server.show(screen="consent", turn="B", couple=NO_PASSCODES)
    press(page, "I’m Bo")
    choose_passcode(page)
    heading(page, "Could you say no")
    assert not shown(page).get_by_text("stays until you delete it").is_visible()


def test_what_belongs_to_a_therapist_is_asked_at_first_use_and_told_to_nobody(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "consent", "turn": "A", "couple": NO_PASSCODES}
    server.agreed = None
    page = open_page(server.url)
    press(page, "I’m Ada")
    choose_passcode(page)
    shown(page).get_by_text("You’re afraid of your partner").wait_for()
    yes = shown(page).get_by_role("button", name="Yes, I could")
    assert yes.is_visible()
    shown(page).get_by_label("Something here fits").check()
    shown(page).get_by_text("don’t do this together at home").wait_for()
    assert not yes.is_visible()
    caught_up(page)
    asked = [message["type"] for message in server.heard]
    assert set(asked) <= {"own-consent"}  # nothing of the tick left the page
    press(page, "Not now")
    assert sent(server, page, "consent")["choice"] == "not-now"
    server.show(turn="B")
    press(page, "I’m Bo")
    choose_passcode(page)
    assert not shown(page).get_by_label("Something here fits").is_checked()


def test_help_is_shown_and_sends_nothing(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "consent", "turn": "B", "couple": NO_PASSCODES}
    page = open_page(server.url)
    press(page, "I’m Bo")
    choose_passcode(page)
    press(page, "Get help (nothing is saved)")
    page.get_by_role("dialog", name="People you can call").wait_for()
    page.get_by_text("Numbers checked in").wait_for()
    page.get_by_role("button", name="Back").click()
    heading(page, "Could you say no")
    assert server.heard == []
    press(page, "Not now")
    assert sent(server, page, "consent")["choice"] == "not-now"


def test_home_shows_both_hearts_and_lets_them_be_swapped(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    heading(page, "Tonight: Relaxed and alert")
    server.tell(hearts(heart("A"), heart("B", signal="dry")))
    page.get_by_text("A bit dry. Wet the pads").wait_for()
    card = page.get_by_role("region", name="Ada")
    assert card.inner_text().split("\n\n") == [
        "Ada",
        "Good contact",
        "Polar H10 · ends 4A2F",
        "Not Ada? Switch",
    ]  # no rate and no line: nobody is looked through
    assert card.get_by_role("img").count() == 0
    press(page, "Not Ada? Switch")
    assert sent(server, page, "swap") == {}
    assert not page.get_by_label("Without breathing").is_visible()  # folded
    press(page, "Something else")
    page.get_by_label("Without breathing").check()
    assert sent(server, page, "choose") == {
        "practice": "relaxed-and-alert",
        "minutes": None,
        "length": None,
        "without_breathing": True,
    }
    press(page, "Sit down together")
    assert sent(server, page, "start") == {}
    # Of straps that are known from last time there is nothing to read.
    both = [heart(each, remembered=True) for each in "AB"]
    server.tell(hearts(*both))
    page.get_by_text("Polar H10").wait_for(state="hidden")
    assert page.locator(".tonight > .lead").inner_text() == ""


def test_lines_say_which_strap_is_tapped_and_go_once_that_is_clear(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    torn = [0.0, 0.0, None, None, 1.0, 0.0]
    server.tell(hearts(heart("A", jumps=torn), heart("B", jumps=[0.0, 0.0])))
    page.get_by_text("tap your strap three times. Which line jumped?").wait_for()
    line = page.get_by_role("img", name="Ada’s strap: the line jumps when")
    path = line.locator("path").get_attribute("d")
    assert re.sub("[^ML]", "", path) == "MLML"  # a gap stays a gap
    press(page, "Got it")
    assert sent(server, page, "lines") == {"shown": False}
    server.tell(hearts(heart("A"), heart("B")))
    line.wait_for(state="hidden")
    press(page, "Something else")
    press(page, "Not sure which strap is whose? Find out")
    assert all_sent(server, page, "lines", 2)[-1]["shown"] is True


def test_of_several_straps_the_couple_picks_theirs(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    stranger = heart(None, id="far", model="Wahoo TICKR", ends="77AA")
    server.tell(hearts(heart("A"), stranger))
    page.get_by_text("Wahoo TICKR · ends 77AA").wait_for()
    line = page.get_by_role("listitem").filter(has_text="Wahoo TICKR")
    line.get_by_text("Good contact").wait_for()
    press(page, "This is Bo’s")
    assert sent(server, page, "assign") == {"strap_id": "far", "partner": "B"}


def test_a_strap_says_in_words_how_it_sits_and_the_one_button_begins(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    server.tell(hearts(heart("A"), heart("B", signal="silent")))
    page.get_by_text("No heartbeat yet. Wet the pads").wait_for()
    server.tell(hearts(heart("A"), heart("B", signal="dry")))
    page.get_by_text("A bit dry. Wet the pads").wait_for()
    page.get_by_text("Snug, not tight").wait_for()
    press(page, "Sit down together")
    assert sent(server, page, "start") == {}


@pytest.mark.parametrize(
    ("words", "answer"),
    [("Yes", "yes"), ("Something gentler", "gentler"), ("Not today", "not-today")],
)
def test_each_is_asked_alone_before_every_practice(
    open_page: OpenPage, server: StandInServer, words: str, answer: str
) -> None:
    server.state |= {"screen": "gate", "turn": "A"}
    page = open_page(server.url)
    heading(page, "Is this all right for you today?")
    shown(page).get_by_text("Bo, please look away for a moment.").wait_for()
    shown(page).get_by_role("button", name=words, exact=True).click()
    given = sent(server, page, "gate")
    assert (given["partner"], given["answer"]) == ("A", answer)
    server.show(turn="B")
    shown(page).get_by_text("Just for Bo").wait_for()
    shown(page).get_by_text("Ada, please hand this over").wait_for()


GONE = {"signal": "searching", "words": "Looking for it…"}
NOT_BOTH = [
    pytest.param((), id="none"),
    pytest.param((heart("A"),), id="one"),
    pytest.param((heart("A"), heart(None, id="x")), id="one and a stranger's"),
    pytest.param((heart("A"), heart("B", **GONE)), id="one went home"),
    pytest.param((heart("A", signal="silent"), heart("B")), id="one fell silent"),
    pytest.param((heart("A", **GONE), heart("B", **GONE)), id="both went home"),
]


@pytest.mark.parametrize("straps", NOT_BOTH)
def test_nothing_can_begin_unless_both_hearts_arrive(
    open_page: OpenPage, server: StandInServer, straps: tuple[dict[str, Any], ...]
) -> None:
    page = open_page(server.url)
    begin = page.get_by_role("button", name="Sit down together")
    assert begin.is_disabled()
    for _ in range(2):
        server.tell(hearts(heart("A"), heart("B")))
        look_until(page, begin.is_enabled)
        server.tell(hearts(*straps))
        look_until(page, begin.is_disabled)


STRANGERS = (heart(None, id="x"), heart(None, id="y"), heart(None, id="z"))
HOME_LEADS = [
    ((), "Wet the pads and put the straps on"),
    ((heart("A"),), "One strap is here"),
    ((heart("A"), heart("B")), ""),
    ((heart("A"), heart("B", signal="dry")), "Snug, not tight"),
    (
        (heart("A", jumps=[0.0, 0.0]), heart("B", jumps=[0.0, 1.0])),
        "Both straps are here. One of you, tap your strap three times",
    ),
    (
        (heart("A", remembered=True), heart("B", remembered=True)),
        "",  # nothing is left to say
    ),
    (STRANGERS, "There are several straps nearby"),
    ((heart("A"), heart("B", **GONE)), "One strap is here"),
    ((heart("A", signal="silent"), heart("B")), "One strap is here"),
    ((heart("A", **GONE), heart("B", **GONE)), "Wet the pads and put the straps on"),
    ((heart("A"), heart("B", **GONE), *STRANGERS), "There are several straps nearby"),
]


def test_home_says_what_to_do_with_the_straps_that_are_there(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    lead = page.locator(".tonight > .lead")
    for straps, words in HOME_LEADS:
        server.tell(hearts(heart("A"), heart("B", jumps=[0.0, 1.0])))
        look_until(page, lead.inner_text, lambda said: "Which line jumped" in said)
        server.tell(hearts(*straps))
        if words:
            lead.get_by_text(words).wait_for()
        else:
            look_until(page, lead.inner_text, "".__eq__)


def test_home_gives_no_advice_about_pads_while_bluetooth_is_off(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    server.tell(hearts())
    page.get_by_text("Wet the pads and put the straps on").wait_for()
    server.show(notices=[{"id": "radio", "words": "Bluetooth is off. Switch it on."}])
    server.tell(hearts())
    page.get_by_text("Bluetooth is off. Switch it on.").wait_for()
    page.get_by_text("Wet the pads").wait_for(state="hidden")
    server.show(notices=[])
    server.tell(hearts())
    page.get_by_text("Wet the pads and put the straps on").wait_for()


def test_each_rates_alone_and_may_leave_everything_out(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "question", "turn": "A"}
    page = open_page(server.url)
    press(page, "I’m Ada")
    page.get_by_label("In your own words").fill("a quiet hour")
    page.get_by_role("slider", name="Awake").press("ArrowLeft")
    press(page, "Done")
    assert sent(server, page, "rating") == {
        "partner": "A",
        "moment": "before",
        "at_ease": None,
        "wide_awake": 4,
        "myself": None,
    }
    assert sent(server, page, "words") == {"partner": "A", "text": "a quiet hour"}
    server.show(turn="B")
    press(page, "I’m Bo")
    assert shown(page).get_by_label("In your own words").input_value() == ""
    press(page, "Skip this")
    assert sent(server, page, "rating", 2)["partner"] == "B"
    server.show(turn=None, screen="arrive")  # straight on
    heading(page, "Settle in")


def test_a_rating_on_the_very_middle_counts_and_can_be_cleared(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "look-back", "turn": "B"}
    page = open_page(server.url)
    press(page, "I’m Bo")
    page.get_by_role("slider", name="At ease").click()
    page.get_by_role("slider", name="Able to be myself").click()
    press(page, "Clear: Able to be myself")
    press(page, "Done")
    rating = sent(server, page, "rating")
    assert (rating["at_ease"], rating["myself"]) == (5, None)
    assert rating["moment"] == "after"


def test_a_pause_has_four_ways_on(open_page: OpenPage, server: StandInServer) -> None:
    server.state |= {"screen": "pause", "paused": True}
    page = open_page(server.url)
    heading(page, "Let’s stop for a moment.")
    for words in (
        "Quiet, side by side",
        "Apart until",
        "Someone else needs us",
        "Stop for tonight",
    ):
        press(page, words)
    ways = [message["way"] for message in all_sent(server, page, "pause-way", 4)]
    assert ways == ["near", "apart", "someone", "finish"]


def test_apart_says_when_to_be_back_by_the_clock_on_the_wall(
    open_page: OpenPage, server: StandInServer
) -> None:
    back_s = server.now_s() + 20 * 60
    pause = {"way": "apart", "back_server_s": back_s}
    server.state |= {"screen": "pause", "paused": True, "pause": pause}
    page = open_page(server.url, timezone_id="UTC")
    shown_at = shown(page).get_by_text("Apart until").inner_text()
    back = clock.utc_now() + timedelta(minutes=20)
    near = [back + timedelta(minutes=minutes) for minutes in range(-3, 4)]
    assert any(f"{time:%H:%M}" in shown_at for time in near)


def held(server: StandInServer, page: Any, count: int) -> list[tuple[str, bool]]:
    """Whose button was held or let go, in order; said again is said once."""
    told = [(m["partner"], m["on"]) for m in all_sent(server, page, "hold", count)]
    return [each for i, each in enumerate(told) if each not in told[:i][-1:]]


OSCILLATORS = """() => {
  window.tones = 0;
  const made = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    window.tones += 1;
    return made.call(this);
  };
}"""


def test_the_end_of_being_apart_is_said_and_heard(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "pause", "paused": True}
    page = open_page(server.url)
    page.evaluate(OSCILLATORS)
    press(page, "Apart until")  # whoever presses lets the page sound
    back_s = server.now_s() + 1
    server.show(pause={"way": "apart", "back_server_s": back_s, "is_last": False})
    shown(page).get_by_text("Time to come back, if only").wait_for()
    look_until(page, lambda: page.evaluate("tones"), lambda seen: seen == 2)


def test_a_last_pause_ends_kindly_and_offers_no_going_on(
    open_page: OpenPage, server: StandInServer
) -> None:
    pause = {"way": None, "back_server_s": None, "is_last": True}
    server.state |= {"screen": "pause", "paused": True, "pause": pause}
    page = open_page(server.url)
    heading(page, "That’s enough for today.")
    names = shown(page).get_by_role("button").all_inner_texts()
    assert names == [
        "Stop for tonight",
        "Get help (nothing is saved)",
        "Ada: change my choices",
        "Bo: change my choices",
    ]


def test_going_on_takes_both_keys_held_at_once_and_says_nothing_of_one(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "pause", "paused": True}
    page = open_page(server.url)
    before = shown(page).inner_text()
    page.keyboard.down("f")
    assert held(server, page, 1) == [("A", True)]
    assert shown(page).inner_text() == before  # the other is not pressed by it
    # As long as it is held that is said again: who went away holds nothing.
    assert held(server, page, 3) == [("A", True)]
    page.keyboard.down("j")
    page.keyboard.up("f")
    page.keyboard.up("j")
    assert held(server, page, 6)[1:] == [("B", True), ("A", False), ("B", False)]
    assert server.messages("press") == []


def test_a_finger_on_one_s_own_button_holds_it_until_it_leaves(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "pause", "paused": True}
    page = open_page(server.url)
    shown(page).get_by_role("button", name="Bo: hold to go on").hover()
    page.mouse.down()
    assert held(server, page, 1) == [("B", True)]
    page.mouse.move(5, 5)
    assert held(server, page, 2) == [("B", True), ("B", False)]
    page.mouse.up()


FOCUSED = "document.activeElement.innerText"


def test_by_keyboard_alone_the_place_on_a_pause_is_kept(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "pause", "paused": True}
    page = open_page(server.url)
    shown(page).get_by_role("button", name="Someone else needs us").focus()
    server.show(notices=[{"id": "x", "words": "Something was said."}])
    page.get_by_text("Something was said.").wait_for()
    assert page.evaluate(FOCUSED) == "Someone else needs us"
    page.keyboard.press("Enter")
    assert sent(server, page, "pause-way") == {"way": "someone"}
    server.show(pause={"way": "someone", "back_server_s": None})
    shown(page).get_by_role("button", name="Something else").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Something else"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Quiet, side by side"
    shown(page).get_by_role("button", name="Ada: hold to go on").focus()
    page.keyboard.down("Enter")
    assert held(server, page, 1) == [("A", True)]
    page.keyboard.press("Tab")  # whoever leaves the button holds it no more
    assert held(server, page, 2) == [("A", True), ("A", False)]
    page.keyboard.up("Enter")


@pytest.mark.parametrize("screen", ["home", "pause", "gate", "question", "look-back"])
def test_help_is_one_press_away_and_nothing_of_it_is_sent(
    open_page: OpenPage, server: StandInServer, screen: str
) -> None:
    server.state |= {"screen": screen, "paused": screen == "pause"}
    if screen not in {"home", "pause"}:
        server.state |= {"turn": "A"}
    page = open_page(server.url)
    if screen not in {"home", "pause", "gate"}:
        press(page, "I’m Ada")
    press(page, "Get help (nothing is saved)")
    page.get_by_role("dialog", name="People you can call").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Back").click()
    page.get_by_role("dialog").wait_for(state="detached")
    caught_up(page)
    assert {each["type"] for each in server.heard} <= {"own-consent"}


def test_esc_over_the_list_of_help_takes_what_lies_beneath_away_too(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "consent", "turn": "A"}
    page = open_page(server.url)
    press(page, "I’m Ada")
    press(page, "Get help (nothing is saved)")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    heading(page, "Hand the laptop to Ada")
    page.get_by_role("dialog").wait_for(state="detached")
    assert not page.get_by_text("without fear").is_visible()


@pytest.mark.parametrize("way", [None, "near"])
def test_what_is_said_of_the_straps_does_not_lie_on_the_words_of_a_pause(
    open_page: OpenPage, server: StandInServer, way: str | None
) -> None:
    server.state |= {"screen": "pause", "paused": True}
    server.state |= {"pause": {"way": way, "back_server_s": None}}
    page = open_page(server.url)
    for wide, high in ((390, 844), (1280, 800), (640, 600)):
        page.set_viewport_size({"width": wide, "height": high})
        settled(page)
        words_of_straps_keep_clear(page, server)


def words_of_straps_keep_clear(page: Any, server: StandInServer) -> None:
    long = "Lost the strap. Move closer. Looking again, and this goes on for a while."
    title = shown(page).get_by_role("heading", name="Let’s stop for a moment.")
    before = title.bounding_box()
    server.show(notices=[{"id": each, "words": f"{each}: {long}"} for each in "AB"])
    page.get_by_text("B: Lost").wait_for()

    def room_px() -> float:
        told = page.locator("#notices").bounding_box()
        return float(title.bounding_box()["y"] - told["y"] - told["height"])

    look_until(page, room_px, lambda px: px >= 0)
    server.show(notices=[])
    page.get_by_text("B: Lost").wait_for(state="detached")
    look_until(page, title.bounding_box, lambda box: box == before)


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_a_page_with_a_few_words_does_not_scroll(
    open_page: OpenPage, server: StandInServer, size: tuple[int, int]
) -> None:
    server.state |= {"screen": "question", "turn": "A"}
    page = open_page(
        server.url, viewport=dict(zip(("width", "height"), size, strict=True))
    )
    heading(page, "Hand the laptop to Ada")
    settled(page)
    assert page.evaluate("document.documentElement.scrollHeight") == size[1]


def test_a_usual_evening_ends_in_four_presses_and_asks_nothing_twice(
    open_page: OpenPage, server: StandInServer
) -> None:
    """Say something, a page each: two hand-overs, and nobody has to move a thing."""
    server.state |= {"screen": "words", "look": {"session_id": "x", "page": None}}
    page = open_page(server.url)

    def evening(message: dict[str, Any]) -> None:
        if message["type"] == "press":
            server.show(screen="look-back", turn="B")
        if message["type"] == "look":
            server.show(turn="A" if message["partner"] == "B" else None)

    server.on_message = evening
    heading(page, "Say something to each other if you like. Or nothing.")
    press(page, "I’m Bo")
    heading(page, "How are you now?")  # he has said that he is here
    press(page, "Done")
    heading(page, "Hand the laptop to Ada")
    press(page, "I’m Ada")
    press(page, "Done")
    heading(page, "That’s it for tonight.")
    assert [each["type"] for each in server.heard] == ["press"] + 2 * ["rating", "look"]
    assert {each["whose"] for each in server.messages("look")} == {"nothing"}


def test_look_back_shows_ones_own_at_once_and_opens_only_what_was_released(
    open_page: OpenPage, server: StandInServer
) -> None:
    look = {"session_id": "x", "page": None}
    server.state |= {"screen": "look-back", "turn": "A", "look": look}
    server.lines = [dict(each) for each in LINES]
    page = open_page(server.url)
    press(page, "I’m Ada")
    shown(page).get_by_label("Both, if we both say yes").check()
    shown(page).get_by_role("slider", name="Awake").press("ArrowRight")
    press(page, "Done")
    enter_passcode(page)  # nobody says yes to both for the other
    heading(page, "Your own page")
    first = shown(page).get_by_role("heading").all_inner_texts()
    assert first[:2] == ["Your own page", "How it was for you"]
    assert sent(server, page, "rating")["wide_awake"] == 6
    assert server.messages("look") == []  # it is the last thing that is said
    press(page, "Done")
    assert sent(server, page, "look") == {"whose": "ours", "partner": "A"}
    server.show(turn=None)
    heading(page, "That’s it for tonight.")
    settled(page)
    assert page.locator("main a").count() == 0  # what is one's own is not on show
    press(page, "Just for Ada")
    press(page, "I’m Ada")
    enter_passcode(page)
    link = page.get_by_role("link", name="Look at my heart")
    assert link.get_attribute("href") == "/evenings/x/A?ticket=a-ticket"
    press(page, "Back")
    assert page.locator("main a").count() == 0
    press(page, "Done")
    assert sent(server, page, "go") == {"screen": "home"}


def test_a_line_is_kept_for_oneself_unless_one_wants_to_read_it(
    open_page: OpenPage, server: StandInServer
) -> None:
    look = {"session_id": "x", "page": None}
    server.state |= {"screen": "look-back", "turn": "A", "look": look}
    page = open_page(server.url)
    for name, turn, reads in (("Ada", "A", False), ("Bo", "B", True)):
        server.show(turn=turn)
        press(page, f"I’m {name}")
        keep = shown(page).get_by_role("group", name="Keep a line for the two")
        assert not keep.is_visible()  # there is no line yet
        shown(page).get_by_label("One line, if you like").fill(f"The rain. {name}")
        if reads:
            keep.get_by_label("Read it to them").check()
        press(page, "Done")
        assert len(sent(server, page, "look", 2 if reads else 1)) > 0
    assert [each["text"] for each in server.messages("words")] == [
        "The rain. Ada",
        "The rain. Bo",
    ]
    (read,) = server.messages("read-aloud")
    assert (read["partner"], read["text"]) == ("B", "The rain. Bo")


def test_who_stops_is_asked_nothing_more_and_shown_nothing(
    open_page: OpenPage, server: StandInServer
) -> None:
    look = {"session_id": "x", "page": None}
    stopped = {"screen": "look-back", "turn": None, "ending": "finished early"}
    server.state |= stopped | {"look": look}
    page = open_page(server.url)
    heading(page, "Thank you both. That’s enough.")
    buttons = shown(page).get_by_role("button").all_inner_texts()
    assert buttons == ["Done", "Get help (nothing is saved)"]


def test_either_removes_a_line_of_both(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.our_lines = [dict(each) for each in OUR_LINES]
    look = {"session_id": "x", "page": None}
    server.state |= {"screen": "look-back", "turn": None, "look": look}
    page = open_page(server.url)
    page.get_by_text("The rain, and your hand").wait_for()
    press(page, "Remove this line: The rain")
    press(page, "Keep it")  # it is asked once: there is no way back
    assert server.messages("remove-line") == []
    press(page, "Remove this line: The rain")
    page.get_by_text("Remove it for both of you?").wait_for()
    server.our_lines = server.our_lines[:1]
    press(page, "Remove it")
    page.get_by_text("The rain, and your hand").wait_for(state="detached")
    assert sent(server, page, "remove-line") == {"number": 2}


@pytest.mark.parametrize("screen", ["gate", "look-back"])
def test_a_passcode_or_a_name_that_is_new_is_said_for_two_weeks(
    open_page: OpenPage, server: StandInServer, screen: str
) -> None:
    """What stands there every evening is read by nobody."""
    now = clock.utc_now()
    lately, long_ago = (
        (now - dt.timedelta(days=days)).isoformat() for days in (13, 15)
    )
    ada = {"name": "Ada", "passcode_utc": long_ago}
    bo = {"name": "Bo", "passcode_utc": long_ago}
    look = {"session_id": "x", "page": None}
    server.state |= {"screen": screen, "turn": "A", "look": look}
    server.state |= {"couple": {"A": ada, "B": bo}}
    page = open_page(server.url)
    hint = shown(page).get_by_text("don’t write anything here.")
    for couple, said in (
        ({"A": ada, "B": bo | {"passcode_utc": lately}}, 0),
        ({"A": ada | {"renamed_utc": long_ago, "before": "Bo"}, "B": bo}, 0),
        ({"A": ada | {"passcode_utc": lately}, "B": bo}, 1),
        ({"A": ada | {"renamed_utc": lately, "before": "Bo"}, "B": bo}, 2),
    ):
        server.show(couple=couple)
        page.reload()
        if screen == "look-back":
            press(page, "I’m Ada")
        shown(page).locator("h1").wait_for()
        shown(page).get_by_role("slider").first.wait_for()
        assert hint.count() == said
    renamed = shown(page).get_by_text("You’ve been called Ada here since")
    assert "before that, Bo." in renamed.inner_text()


def test_not_yet_is_an_end_and_leads_home(
    open_page: OpenPage, server: StandInServer
) -> None:
    """Home leads back to it for twelve hours: nothing is to be continued."""
    server.state |= {"screen": "not-yet"}
    page = open_page(server.url)
    heading(page, "That’s all for now.")
    press(page, "Done")
    assert sent(server, page, "go")["screen"] == "welcome"


def test_an_earlier_evening_opens_its_page_and_can_be_erased(
    open_page: OpenPage, server: StandInServer
) -> None:
    evening = {
        "id": "e1",
        "when_utc": "2026-03-01T19:40:00Z",
        "practice": "Relaxed and alert",
        "length_s": 1140,
        "state": "complete",
        "simulated": False,
        "source": "straps",
        "page": "/evenings/e1/page",
    }
    server.evenings = [evening, evening | {"id": "e2", "page": None}]
    server.state |= {"screen": "evenings"}
    page = open_page(server.url)
    link = page.get_by_role("link", name="See it together: Sunday 1 March")
    assert link.get_attribute("href") == "/evenings/e1/page"
    door = page.get_by_role("button", name=re.compile("^Just for Bo.*Sunday")).first
    assert door.inner_text() == "Just for Bo"  # seen as it is read aloud
    door.click()
    press(page, "I’m Bo")
    heading(page, "Your passcode, please")
    press(page, "Back")
    page.get_by_role("button", name=re.compile("^Delete")).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    assert sent(server, page, "erase") == {
        "what": "session",
        "session_id": "e1",
        "confirm": "erase",
    }


def test_an_hour_is_one_evening_with_pages_for_each_of_its_parts(
    open_page: OpenPage, server: StandInServer
) -> None:
    titles = ("An open hour", "Attune", "An open hour")
    pages = (None, None, "/evenings/p3/page")
    parts = [
        {"id": f"p{i}", "practice": title, "page": page}
        | {"when_utc": f"2026-11-20T10:{i}5:00+00:00"}
        for i, (title, page) in enumerate(zip(titles, pages, strict=True), start=1)
    ]
    server.evenings = [{**EVENINGS[0], "id": "p3", "parts": parts}]
    server.our_lines = [{**OUR_LINES[0], "session_id": "p3"}]
    server.state |= {"screen": "evenings"}
    page = open_page(server.url, timezone_id="UTC")
    hour = page.locator(".told-evening")
    assert hour.locator(".told-parts p").all_inner_texts() == [
        f"10:{i}5 · {title}" for i, title in enumerate(titles, start=1)
    ]
    assert hour.locator("blockquote").count() == 1
    name = "See it together: part 3, An open hour, Friday 20 November"
    link = hour.get_by_role("link", name=name)
    assert link.get_attribute("href") == "/evenings/p3/page"
    assert hour.get_by_role("link").count() == 1
    labels = [
        each.get_attribute("aria-label")
        for each in hour.get_by_role("button", name=re.compile("^Just for")).all()
    ]
    assert len(set(labels)) == len(labels) == 6
    hour.get_by_role("button", name=re.compile("^Delete")).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    assert sent(server, page, "erase")["session_id"] == "p3"


HOUR = [
    {"id": "p1", "practice": "An open hour", "page": "/evenings/p1/page"}
    | {"when_utc": "2026-11-20T10:02:00+00:00"},
    {"id": "p2", "practice": "Attune", "page": None}
    | {"when_utc": "2026-11-20T10:24:00+00:00"},
    {"id": "p3", "practice": "An open hour", "page": "/evenings/p3/page"}
    | {"when_utc": "2026-11-20T10:41:00+00:00"},
]


def links_of(page: Any) -> dict[str, str]:
    """Return where the lines of this screen lead."""
    found = shown(page).locator(".list a.door").all()
    return {each.inner_text(): each.get_attribute("href") for each in found}


def test_after_an_hour_looking_back_leads_to_each_of_its_parts_with_its_time(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.evenings = [{**EVENINGS[0], "id": "p3", "parts": HOUR}]
    server.lines = [
        {**LINES[0], "session_id": "p1"},
        {**LINES[2], "session_id": "p3"},
    ]
    look = {"session_id": "p3", "page": "/evenings/p3/page", "wished": True}
    server.state |= {"screen": "look-back", "look": look, "with_therapist": True}
    page = open_page(server.url, timezone_id="UTC")
    shown(page).get_by_text("See each part of your hour together").wait_for()
    # Of both there is what was opened; each has a heart of their own in every part.
    assert links_of(page) == {
        "10:02 · An open hour": "/evenings/p1/page",
        "10:41 · An open hour": "/evenings/p3/page",
    }
    press(page, "Just for Ada")
    press(page, "I’m Ada")
    enter_passcode(page)
    heading(page, "Your own page")
    words = shown(page).inner_text()
    assert {LINES[0]["text"], LINES[2]["text"]} <= set(words.split("\n"))
    assert {text: href.split("?")[0] for text, href in links_of(page).items()} == {
        "10:02 · An open hour": "/evenings/p1/A",
        "10:24 · Attune": "/evenings/p2/A",
        "10:41 · An open hour": "/evenings/p3/A",
    }


def test_where_nothing_of_both_may_be_seen_no_heading_leads_to_nothing(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.evenings = [{**EVENINGS[0], "id": "p3", "parts": HOUR}]
    look = {"session_id": "p3", "page": None, "wished": True}
    server.state |= {"screen": "look-back", "look": look, "with_therapist": True}
    page = open_page(server.url, timezone_id="UTC")
    shown(page).get_by_role("button", name="Just for Ada").wait_for()
    page.wait_for_load_state("networkidle")  # the parts came, and were shown
    press(page, "Just for Ada")
    press(page, "I’m Ada")
    enter_passcode(page)
    heading(page, "Your own page")
    assert len(links_of(page)) == 3  # of one's own there is each
    press(page, "Back")
    assert "each part of your hour" not in shown(page).inner_text()
    assert links_of(page) == {}


def test_an_evening_that_cannot_be_opened_says_so_and_offers_nobodys_page(
    open_page: OpenPage, server: StandInServer
) -> None:
    words = "This version of coreg can’t open this evening. It stays as it is."
    closed = {
        "id": "holiday",
        "when_utc": None,
        "practice": None,
        "length_s": None,
        "state": "damaged",
        "simulated": False,
        "words": words,
        "page": None,
    }
    server.evenings = [closed]
    server.state |= {"screen": "evenings"}
    page = open_page(server.url)
    line = page.get_by_role("listitem").filter(has_text=words)
    assert line.inner_text().splitlines()[0] == "Day unknown"  # never its name
    assert line.get_by_role("link").count() == 0
    assert line.get_by_role("button").all_inner_texts() == ["Delete"]


def test_the_evenings_are_a_story_by_month_and_day_without_names_of_files(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.evenings = [dict(each) for each in EVENINGS]
    server.our_lines = [dict(each) for each in OUR_LINES]
    server.state |= {"screen": "evenings"}
    page = open_page(server.url)
    heading(page, "November 2026")
    first = page.locator(".told-evening").first
    # The stand-in says fifteen minutes, eight of them at six breaths a minute.
    told = first.locator(".told").inner_text().split("\n")
    assert [each for each in told if each] == [
        "Friday 20",
        (
            "Together for fifteen minutes, eight of them breathing, mostly at six"
            " breaths a minute."
        ),
        "I noticed my shoulders. And that you were there.",
    ]
    text = page.locator("main").inner_text()
    for log_like in ("e1", "UTC", "20:12", "%"):
        assert log_like not in text
    # Nobody's hearts stand apart, and folded.
    assert not page.get_by_text("Monday 2 November").is_visible()
    page.get_by_text("Looking around, with the made-up couple").click()
    assert page.get_by_text("Monday 2 November").is_visible()


def test_an_evening_unlike_others_is_ticked_alone_and_says_no_reason(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "question", "turn": "B"}
    page = open_page(server.url)
    press(page, "I’m Bo")
    page.get_by_label(re.compile("Alcohol, new medicine")).check()
    press(page, "Done")
    assert sent(server, page, "aside") == {"partner": "B"}
    server.show(turn=None, screen="arrive")
    heading(page, "Settle in")
    assert not shown(page).get_by_text("Alcohol").is_visible()


def test_erasing_everything_asks_for_the_word_first(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "settings"}
    page = open_page(server.url)
    press(page, "Everything on this computer")
    dialog = page.get_by_role("dialog")
    erase = dialog.get_by_role("button", name="Delete")
    assert erase.is_disabled()
    dialog.get_by_role("textbox").fill("delete")
    erase.click()
    assert sent(server, page, "erase") == {"what": "everything", "confirm": "erase"}


def test_erasing_everything_of_somebody_asks_for_that_ones_passcode(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "settings"}
    page = open_page(server.url)
    press(page, "Everything of Ada’s")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("will be able to see that something was deleted").wait_for()
    dialog.get_by_label("Ada’s passcode").fill("4711")
    dialog.get_by_label(re.compile("Type")).fill("delete")
    dialog.get_by_role("button", name="Delete").click()
    assert sent(server, page, "erase") == {
        "what": "partner",
        "partner": "A",
        "confirm": "erase",
    }
    assert server.passcodes == ["4711"]


def test_notices_stand_on_every_screen_and_simulated_hearts_are_named_so(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    notices = [{"id": "battery", "words": "Bo’s strap is nearly empty."}]
    stopped = {"ok": False, "words": "Recording stopped: the disk is full."}
    for screen in ALL_SCREENS:
        server.show(
            **{"turn": None, "paused": False, "simulated": True, **screen},
            notices=notices,
            recording=stopped,
        )
        caught_up(page)
        assert page.get_by_text("Made-up couple", exact=True).is_visible()
        assert page.get_by_text("Bo’s strap is nearly empty.").is_visible()
        assert page.get_by_text("the disk is full").is_visible()


# What is fading out is gone at once: a walk of all screens need not wait for it.
ONE_SCREEN = """() => {
  for (const each of document.querySelectorAll(".screen.leaving")) each.remove();
}"""


def test_no_screen_is_wider_than_a_phone_and_every_control_has_a_name_and_room(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url, **PHONE, reduced_motion="reduce")
    devtools = page.context.new_cdp_session(page)
    for screen in ALL_SCREENS:
        server.show(**{"turn": None, "paused": False, **screen})
        caught_up(page)
        page.evaluate(ONE_SCREEN)
        for _ in range(2):  # as it comes, and past "Hand the laptop to ..."
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, screen
            assert nameless(devtools) == [], screen
            assert cramped(page) == [], screen
            ready = page.get_by_role("button", name=re.compile("^I’m"))
            if not ready.is_visible() or screen["screen"] == "words":
                break
            ready.click()
            ready.wait_for(state="hidden")  # the own page is asked for, and comes


def nameless(devtools: Any) -> list[str]:
    """Controls without a name, as a screen reader meets them."""
    roles = ("button", "link", "checkbox", "radio", "slider", "textbox", "image")
    nodes = devtools.send("Accessibility.getFullAXTree")["nodes"]
    return [
        node["role"]["value"]
        for node in nodes
        if not node.get("ignored")
        and node.get("role", {}).get("value") in roles
        and not node.get("name", {}).get("value", "").strip()
    ]


def cramped(page: Any) -> list[str]:
    """Targets less than 44 px high; a box counts with the label around it."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("button, input, textarea, main a")]
          .map((e) => e.closest("label.choice") ?? e)
          .filter((e) => e.offsetParent !== null)
          .filter((e) => e.getBoundingClientRect().height < 43.9)
          .map((e) => e.outerHTML.slice(0, 120))"""
    )
    return found


def test_every_screen_can_be_walked_with_the_keyboard_alone(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    server.show(screen="question", turn="A")
    heading(page, "Hand the laptop to Ada")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("n m still typing")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    for _ in range(4):  # two more ratings, a box, then Done
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert sent(server, page, "words")["text"] == "n m still typing"
    assert sent(server, page, "rating")["at_ease"] == 6
    server.show(turn=None, screen="arrive")
    heading(page, "Settle in")
    page.keyboard.press("n")
    assert sent(server, page, "press") == {"press": "ready"}
    server.show(screen="breathe", block=BREATHE)
    heading(page, "Breathing together")
    page.keyboard.press("Space")
    assert sent(server, page, "press", 2) == {"press": "pause"}


def test_the_page_shows_where_the_keyboard_is(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


COLOURS = """(light) => {
  document.body.dataset.light = light;
  const style = getComputedStyle(document.body);
  const names = ["paper", "card", "sand", "ink", "name", "quiet", "a-text", "b-text",
                 "well", "care", "edge", "main", "on-main", "a", "b"];
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue("--" + name).trim()]));
}"""


def test_text_stands_out_from_every_ground_it_lies_on(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    for scheme, light in product(("light", "dark"), ("day", "dusk")):
        page.emulate_media(color_scheme=scheme)
        colours = page.evaluate(COLOURS, light)
        for ground in ("paper", "card", "sand"):
            for text in ("ink", "name", "quiet"):
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
            assert contrast(colours["edge"], colours[ground]) >= 2.9, ground
        for text in ("well", "care", "a-text", "b-text"):
            assert contrast(colours[text], colours["card"]) >= 4.5, (text, scheme)
        for line in ("a", "b"):
            assert contrast(colours[line], colours["card"]) >= 3, (line, scheme)
        assert contrast(colours["on-main"], colours["main"]) >= 4.5, (scheme, light)


def test_a_reload_in_the_middle_of_a_practice_shows_no_bright_page(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "breathe", "block": BREATHE}
    page = open_page(server.url, color_scheme="light")
    heading(page, "Breathing together")
    page.add_init_script(
        """new MutationObserver(() => {
          if (!document.body) return;
          const paper = getComputedStyle(document.documentElement).backgroundColor;
          const lamp = document.getElementById("ground");
          const dark = paper === "rgb(18, 26, 33)"
            || (lamp !== null && getComputedStyle(lamp).opacity === "1");
          window.seen = [...(window.seen ?? []), dark];
        }).observe(document, {subtree: true, childList: true, attributes: true});"""
    )
    page.reload()
    heading(page, "Breathing together")
    seen = page.evaluate("window.seen")
    assert len(seen) > 2
    assert all(seen)
    server.show(screen="question", turn="A")
    heading(page, "Hand the laptop to Ada")
    paper = "getComputedStyle(document.getElementById('ground')).opacity"
    look_until(page, lambda: page.evaluate(paper), lambda dark: dark == "0")


def test_dark_and_light_differ_by_day(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    paper = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        paper.append(
            page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        )
    assert paper == ["rgb(252, 251, 248)", "rgb(18, 26, 33)"]


def test_the_words_never_praise_score_or_shout() -> None:
    words = dict(section("pages", ENGLISH))
    words.pop("server")
    text = json.dumps(words, ensure_ascii=False)
    forbidden = r"!|\b(score|goal|failed|well done|great|streak|congrat\w*)\b"
    assert re.findall(forbidden, text, re.IGNORECASE) == []


def test_no_page_asks_for_anything_outside_itself() -> None:
    for file in STATIC.rglob("*"):
        if file.suffix not in (".js", ".css", ".html"):
            continue
        text = file.read_text(encoding="utf-8")
        text = text.replace("http://www.w3.org/2000/svg", "")
        assert re.findall(r"https?://|@import|<style|style=|onclick=", text) == [], file
