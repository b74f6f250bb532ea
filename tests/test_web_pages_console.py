"""A therapist's console, a window for two and one with the light, in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coreg.facts.events import Source
from coreg.web.wire.named import Seat
from tests.helpers.evening_server import Served, beside, served
from tests.helpers.pages import OpenPage, caught_up, heading, look_until, press, shown
from tests.helpers.scenes import BREATHING, LOST, MARKS, TALKING
from tests.helpers.stand_in_server import StandInServer


@pytest.fixture
def hour(tmp_path: Path) -> Iterator[Served]:
    """A made-up couple with a therapist, forty times faster than life."""
    serving = served(
        tmp_path,
        source=Source.SIMULATED,
        speed=40.0,
        front=Seat.THERAPIST,
        with_therapist=True,
    )
    with beside(serving) as at:
        yield at


def window(console: Any, button: str) -> Any:
    """Open one more window, and return it once it shows something."""
    with console.context.expect_page() as opened:
        press(console, button)
    opened.value.wait_for_selector("h1")
    return opened.value


def test_an_hour_from_the_console_with_a_window_for_two_and_one_for_the_light(
    hour: Served, open_page: OpenPage, complaints: list[str]
) -> None:
    console = open_page(hour.launch_url)
    heading(console, "With Left and Right")
    couple = window(console, "Open the couple’s window")
    light = window(console, "Only the light")
    heading(couple, "Today: Relaxed and alert")
    light.get_by_text("The light is resting.").wait_for()
    options = console.get_by_label("Practice").locator("option").all_inner_texts()
    assert any(option.startswith("Near and far") for option in options)
    press(console, "Begin")
    for name in ("Left", "Right"):
        console.get_by_text(f"{name} is being asked something alone.").wait_for()
        press(couple, f"I’m {name}")
        press(couple, "Done")
    heading(couple, "Breathing together")
    heading(light, "Breathing together")
    assert shown(light).get_by_role("button").all_inner_texts() == [
        "Pause · I need a moment"
    ]
    console.get_by_text("with the breath").first.wait_for()
    assert console.get_by_text(re.compile("arrival")).first.is_visible()
    press(console, "Hold the pace")
    console.get_by_text("You set the pace").wait_for()
    assert couple.get_by_text("You set the pace").count() == 0
    light.keyboard.press("Space")
    light.get_by_text("It’s paused.").wait_for()
    console.get_by_text("They go on when both hold.").wait_for()
    heading(couple, "Let’s stop for a moment.")
    press(console, "End here")
    heading(couple, "Thank you both. That’s enough.")
    press(console, "Back to the start")
    heading(couple, "Today: Relaxed and alert")
    console.get_by_role("button", name="Begin").wait_for()
    assert complaints == []


def test_marks_and_a_note_by_keys_and_a_space_in_a_note_pauses_nobody(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"seat": "therapist", "screen": "breathe", "marks": MARKS}
    server.state |= {"block": BREATHING, "pacing": "staying"}
    console = open_page(server.url)
    console.keyboard.press("3")
    look_until(
        console,
        lambda: [(each["type"], each.get("key")) for each in server.heard],
        lambda heard: ("mark", 3) in heard,
    )
    shown(console).get_by_role("log").get_by_text("Repair").wait_for()
    console.keyboard.press("n")
    console.keyboard.type("5 She softens first 3")
    caught_up(console)
    assert not [each for each in server.heard if each["type"] == "press"]
    assert [e["key"] for e in server.heard if e["type"] == "mark"] == [3]
    press(console, "Keep this note")
    note = look_until(
        console,
        lambda: [each for each in server.heard if each["type"] == "note"],
        bool,
    )
    assert note[0]["text"] == "5 She softens first 3"
    console.keyboard.press("Space")  # the field keeps it until one leaves it
    console.get_by_role("button", name="Faster").focus()
    console.keyboard.press("Space")
    look_until(
        console,
        lambda: [each["press"] for each in server.heard if each["type"] == "press"],
        lambda pressed: set(pressed) == {"pause"},
    )
    assert complaints == []


def test_a_note_that_is_being_written_stays_whatever_the_evening_does(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"seat": "therapist", "screen": "breathe", "marks": MARKS}
    server.state |= {"block": BREATHING, "pacing": "staying"}
    console = open_page(server.url)
    console.get_by_label("Note (N)").fill("He looks away")
    server.show(screen="look-back", block=None, turn="B")
    console.get_by_text("Bo is being asked something alone.").wait_for()
    assert console.get_by_label("Note (N)").input_value() == "He looks away"


def test_a_console_says_who_is_first_and_begins_without_straps_where_none_are_needed(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    repair = {"name": "repair", "title": "Repair", "minutes": 15, "not_when": ""}
    repair |= {"straps": "optional", "begins": "asked", "has_turns": True}
    server.state |= {"seat": "therapist", "screen": "home", "choices": [repair]}
    server.state |= {"practice": repair, "first": "A", "straps": []}
    console = open_page(server.url)
    whose = console.get_by_role("radiogroup").get_by_role("radio")
    assert [each.is_checked() for each in whose.all()] == [True, False]
    console.get_by_role("radio", name="Bo").check()
    assert console.get_by_role("button", name="Begin").is_disabled()
    press(console, "Without straps")
    sent = look_until(
        console,
        lambda: [each for each in server.heard if each["type"] in {"choose", "start"}],
        lambda heard: len(heard) == 2,
    )
    assert (sent[0]["practice"], sent[0]["first"]) == ("repair", "B")
    assert sent[1]["without_straps"] is True
    server.show(practice=repair | {"straps": "worn", "has_turns": False})
    console.get_by_role("button", name="Without straps").wait_for(state="hidden")
    console.get_by_role("radiogroup").wait_for(state="hidden")
    assert console.get_by_role("button", name="Begin").is_disabled()
    assert complaints == []


def test_a_practice_begins_in_an_open_hour_by_one_press_and_leads_back_by_another(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    both = {"usual": 19.0, "shorter": 11.0}
    long = {"name": "relaxed-and-alert", "title": "Relaxed and alert", "minutes": 19.0}
    other = {"name": "delight", "title": "Delight", "minutes": 7.0, "lengths": {}}
    choices = [long | {"lengths": both}, other, other | {"name": "open"}]
    hour = {"is_within": False, "ways": []}
    server.state |= {"seat": "therapist", "screen": "turn", "block": TALKING}
    server.state |= {"choices": choices, "marks": MARKS}
    server.state |= {"hour": hour | {"practices": ["relaxed-and-alert", "delight"]}}
    console = open_page(server.url)
    options = console.get_by_label("Which practice next").locator("option")
    titles = ["Relaxed and alert · 11 min", "Relaxed and alert · 19 min"]
    assert options.all_inner_texts() == [*titles, "Delight · 7 min"]
    console.get_by_label("Which practice next").select_option(titles[0])
    press(console, "Begin it now")
    begun = look_until(console, lambda: server.messages("begin-within"), bool)
    assert (begun[0]["practice"], begun[0]["length"]) == (long["name"], "shorter")
    within = {"is_within": True, "practices": [], "ways": ["talk", "rest", "end"]}
    server.show(hour=within, screen="breathe", block=BREATHING, pacing="staying")
    console.get_by_role("button", name="End the hour").wait_for()
    assert console.get_by_role("button", name="End here").count() == 0
    press(console, "On to the rest")
    gone = look_until(console, lambda: server.messages("hour-on"), bool)
    assert gone[0]["to"] == "rest"
    server.show(hour=None)
    console.get_by_role("button", name="On to the rest").wait_for(state="hidden")
    assert complaints == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_pausing_is_in_reach_however_long_the_page_and_no_notice_covers_its_title(
    open_page: OpenPage, server: StandInServer, width: int, height: int
) -> None:
    server.state |= {"seat": "therapist", "screen": "breathe", "marks": MARKS}
    server.state |= {"block": BREATHING, "pacing": "staying", "notices": [LOST]}
    console = open_page(server.url, viewport={"width": width, "height": height})
    pause = console.get_by_role("button", name="Pause both")
    told, title = console.locator("#notices p"), console.locator("h1")
    told.wait_for()
    over, under = told.bounding_box(), title.bounding_box()
    assert over["y"] + over["height"] <= under["y"]
    for scrolled in (0, 300, 100_000):
        console.evaluate("y => scrollTo(0, y)", scrolled)
        at = pause.bounding_box()
        assert at["y"] >= 0
        assert at["y"] + at["height"] <= height
    pause.click()
    look_until(console, lambda: {"type": "press", "press": "pause"} in server.heard)
