"""The loop at work in a real browser: a real server, and one of two gets upset."""

import asyncio
import json
import re
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from coreg.exercises.pacing.in_out import InOut
from coreg.facts.events import Cue, Input, Partner, PossibleFlooding, Tick
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.session.sources import SimulatedSource, simulated_hearts
from coreg.store.folder import data_folder
from coreg.store.library import find_session
from coreg.store.reader import read_session
from coreg.web.evening.effects import KeepPace
from coreg.web.evening.state import PaceChosen
from coreg.web.server.evening_store import EveningStore
from coreg.web.wire.named import PaceWay
from coreg.web.words import say
from tests.helpers.evening_server import served
from tests.helpers.living import Upset, couple_of
from tests.helpers.pages import OpenPage, heading, press, sent, shown
from tests.helpers.stand_in_server import PLAIN_STATE, StandInServer

SEED, SPEED = 3, 40.0
# It lasts until a page on a busy machine has asked about it.
UPSET = Upset(
    partner=Partner.A, start_s=420.0, rise_bpm=15.0, rise_s=20.0, hold_s=600.0
)
FINDING = PaceChosen(way=PaceWay.FIND, per_min=6.0, in_out=InOut.LONGER_OUT)


class Held:
    """Simulated hearts that wait until a page is there to hear all of the practice."""

    def __init__(self, couple: SimulatedCouple) -> None:
        self._source = SimulatedSource(couple, SPEED)
        self.begin = asyncio.Event()

    def hear(self, cue: Cue) -> None:
        """Let the couple hear it."""
        self._source.hear(cue)

    async def inputs(self) -> AsyncGenerator[Input, None]:
        """Yield that it is there, and nothing more before it is to begin."""
        yield Tick(t_ns=0)
        await self.begin.wait()
        async for each in self._source.inputs():
            yield each


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A server whose practice waits to begin."""

    url: str
    begin: Callable[[], object]


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    """A server of its own, in a thread of its own: the browser has this one."""
    EveningStore(data_folder(tmp_path)).keep(KeepPace(pace=FINDING))
    held = Held(couple_of(SEED, upset=UPSET))
    hearts = replace(simulated_hearts(seed=SEED, speed=SPEED), source=held)
    loop, found, over = asyncio.new_event_loop(), list[str](), asyncio.Event()
    ready = threading.Event()

    async def go() -> None:
        async with served(tmp_path, straight_to=hearts, speed=SPEED) as at:
            found.append(at.launch_url)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(go(),))
    thread.start()
    assert ready.wait(60)

    def begin() -> None:
        loop.call_soon_threadsafe(held.begin.set)

    yield Waiting(url=found[0], begin=begin)
    begin()  # where the test failed before it did: else nothing ends
    loop.call_soon_threadsafe(over.set)
    thread.join(60)
    loop.close()


BREATHE = {
    "number": 2,
    "count": 5,
    "name": "Breathe together",
    "kind": "breathe",
    "words": "Small, easy breaths.",
    "length_s": 480.0,
    "began_server_s": 0.0,
    "waits": False,
}


def test_too_slow_is_a_quiet_button_and_a_key(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"screen": "breathe", "block": BREATHE}
    page = open_page(server.url)
    press(page, "Too slow for me")
    assert sent(server, page, "press") == [{"type": "press", "press": "too slow"}]
    server.show(pacing="quicker")
    shown(page).get_by_text("Getting a little faster.").wait_for()
    # A third of beginners breathe too much at a slow pace: said all along.
    assert shown(page).get_by_text("Small, easy breaths.").is_visible()
    page.keyboard.press("s")
    assert len(sent(server, page, "press", 2)) == 2
    assert complaints == []


def test_after_the_last_pace_was_too_slow_a_calm_word_stands_over_the_words(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    last = {"number": 6, "count": 8, "name": "Fifth pace"}
    server.state |= {"screen": "breathe", "practice": FIVE, "block": BREATHE | last}
    page = open_page(server.url)
    press(page, "Too slow for me")
    assert [each["press"] for each in sent(server, page, "press")] == ["too slow"]
    words = {"number": 7, "name": "Words", "kind": "words", "waits": True}
    server.show(
        screen="words",
        block=BREATHE | last | words | {"words": "Which pace was good to you?"},
        notices=[{"id": "slow-enough", "words": say("slow-enough")}],
    )
    heading(page, "Which pace was good to you?")
    assert page.get_by_text("That’s slow enough for tonight.").is_visible()
    assert complaints == []


def test_lively_is_an_answer_and_nothing_is_imposed(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"screen": "breathe", "block": BREATHE, "pacing": "finding"}
    page = open_page(server.url)
    line = shown(page).locator(".line")
    line.get_by_text("Looking for a pace").wait_for()
    server.show(asks=True)
    line.get_by_text("A lot going on. All right?").wait_for()
    assert shown(page).get_by_role("button", name="Pause", exact=True).is_visible()
    assert server.heard == []
    line.get_by_role("button", name="All right").click()
    assert sent(server, page, "lively") == [{"type": "lively"}]
    server.show(asks=False)
    line.get_by_text("Looking for a pace").wait_for()
    assert complaints == []


def test_home_offers_one_choice_of_the_breath(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    page = open_page(server.url)
    press(page, "Something else")
    ways = shown(page).get_by_role("radiogroup", name="Tonight’s breathing")
    # Hidden without a word: nobody learns here what the other agreed to.
    assert ways.get_by_role("radio", name="Find our pace").count() == 0
    assert ways.get_by_role("radio", name="Six a minute").is_checked()
    ways.get_by_role("radio", name="Our own choice").check()
    told = {"type": "pace", "way": "set", "per_min": 6.0, "in_out": "40:60"}
    assert sent(server, page, "pace") == [told]
    server.show(pace=server.state["pace"] | {"way": "set"})
    press(page, "Slower")
    assert sent(server, page, "pace", 2)[-1] == told | {"per_min": 5.9}
    server.show(pace=server.state["pace"] | {"may_find": True})
    ways.get_by_role("radio", name="Find our pace").check()  # waits until it may be
    assert sent(server, page, "pace", 3)[-1]["way"] == "find"
    assert complaints == []


FIVE = {
    "name": "resonance",
    "title": "Five paces",
    "purpose": "From quicker to slower, three minutes each.",
    "minutes": 21,
    "own_pace": True,
}


def test_a_practice_with_paces_of_its_own_offers_no_other_and_says_what_it_does(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {
        "practice": FIVE,
        "choices": [PLAIN_STATE["practice"] | {"own_pace": False}, FIVE],
        "without_breathing": False,
    }
    page = open_page(server.url)
    press(page, "Something else")
    shown(page).get_by_text(re.compile("three minutes each. You’ll breathe")).wait_for()
    ways = shown(page).get_by_role("radiogroup", name="Tonight’s breathing")
    assert not ways.is_visible()
    assert not shown(page).get_by_text("Six slow breaths").is_visible()
    own = PLAIN_STATE["practice"] | {"own_pace": False}
    server.show(practice=own, without_breathing=True)
    ways.wait_for()
    shown(page).get_by_role("radio", name="Five paces").check()
    # It is nothing but breathing: to choose it is to choose the breath.
    asked = sent(server, page, "choose")[-1]
    assert (asked["practice"], asked["without_breathing"]) == ("resonance", False)
    assert complaints == []


def test_the_practice_that_is_chosen_is_the_one_that_is_marked(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    own = PLAIN_STATE["practice"]
    second = FIVE | {"name": "resonance-second-evening", "title": "Second evening"}
    server.state |= {"practice": second, "choices": [own, FIVE, second]}
    page = open_page(server.url)
    press(page, "Something else")
    second_side = shown(page).get_by_role("radio", name="Second evening")
    assert second_side.is_checked()
    without = own | {"name": "relaxed-and-alert-without-breathing"}
    server.show(practice=without, without_breathing=True)
    steady = shown(page).get_by_role("radio", name="Six a minute")
    steady.wait_for()
    assert shown(page).get_by_role("radio", name="Relaxed and alert").is_checked()
    # What is marked is what one gets, whatever was chosen before.
    steady.check()
    sent(server, page, "pace")
    assert sent(server, page, "choose")[-1]["practice"] == "relaxed-and-alert"
    assert complaints == []


def test_paces_that_follow_one_another_can_be_told_apart(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    words = "A little longer. Too slow for either of you? Say so."
    block = BREATHE | {"name": "Third pace", "words": words}
    server.state |= {
        "screen": "breathe",
        "practice": FIVE,
        "block": block,
        "pacing": "holding",
    }
    page = open_page(server.url)
    heading(page, "Third pace")
    shown(page).locator(".line").get_by_text(words).wait_for()
    server.show(block=block | {"number": 5, "name": "Fourth pace", "words": "Longer."})
    heading(page, "Fourth pace")
    shown(page).locator(".line").get_by_text("Longer.").wait_for()
    assert complaints == []


def test_a_rating_is_answered_by_moving_it_and_by_no_other_key(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"screen": "question", "turn": "A", "block": None}
    page = open_page(server.url)
    press(page, "I’m")
    slider = page.get_by_role("slider", name="At ease")
    for key in ("Shift", "Shift+Tab", "Control", "Alt"):
        slider.focus()
        page.keyboard.press(key)
        assert slider.get_attribute("aria-valuetext") == "not answered", key
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext").startswith("6")
    assert complaints == []


def test_the_loop_moves_the_pace_and_an_upset_is_asked_about(
    waiting: Waiting, open_page: OpenPage, complaints: list[str], tmp_path: Path
) -> None:
    told: list[dict[str, Any]] = []
    page = open_page(waiting.url)
    page.on(
        "websocket",
        lambda line: line.on(
            "framereceived",
            lambda frame: told.append(json.loads(frame)),
        ),
    )
    page.reload()
    heading(page, "Settle in")
    waiting.begin()
    heading(page, "Breathing together")
    line = shown(page).locator(".line")
    line.get_by_text("Looking for a pace that suits you both.").wait_for(timeout=60_000)
    line.get_by_text("A lot going on. All right?").wait_for(timeout=60_000)
    assert any(message.get("asks") for message in told)
    press(page, "I need a moment")
    heading(page, "Let’s stop for a moment.")
    assert not shown(page).get_by_text("A lot going on. All right?").is_visible()
    press(page, "Stop for tonight")
    heading(page, "Thank you both. That’s enough.")
    per_min = [
        60 / (SPEED * message["period_s"])
        for message in told
        if message["type"] == "breath"
    ]
    assert per_min[0] > 10
    assert min(per_min) < 5.9
    (asked,) = (
        event.fact
        for event in read_session(find_session(tmp_path, "last")).events
        if isinstance(event.fact, PossibleFlooding)
    )
    assert UPSET.start_s < asked.t_s <= UPSET.start_s + 40
    assert complaints == []
