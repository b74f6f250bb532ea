"""What has to be in sight on a small window, and what a fold there must not change."""

from datetime import timedelta
from typing import Any

import pytest

from coreg.base import clock
from coreg.words import Language
from tests.helpers.one_tab import Look
from tests.helpers.pages import OpenPage, caught_up, press, sent, settled, shown
from tests.helpers.scenes import SCENES
from tests.helpers.stand_in_server import PLAIN_STATE, StandInServer

SCENE = {scene.name: scene for scene in SCENES}
PHONE = {"width": 390, "height": 844}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DIFFERENT = "Anything different today?"
IN_SIGHT = """each => {
  const box = each.getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
}"""


def at_the_gate(open_page: OpenPage, server: StandInServer, **size: int) -> Any:
    server.state = PLAIN_STATE | {"screen": "gate", "turn": "A"}
    page = open_page(server.url, viewport=size)
    settled(page)
    return page


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("size", [PHONE, {"width": 844, "height": 390}], ids=str)
def test_both_buttons_to_hold_are_in_sight_without_scrolling(
    looked_at: Look, size: dict[str, int], language: Language
) -> None:
    with looked_at(SCENE["pause"], language, viewport=size) as (page, _):
        settled(page)
        pads = shown(page).locator(".pad").all()
        assert [pad.evaluate(IN_SIGHT) for pad in pads] == [True, True]


def test_the_warning_of_a_heart_stands_above_the_first_answer(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = at_the_gate(open_page, server, **PHONE)
    warning = shown(page).get_by_text("After a heart attack").bounding_box()
    yes = shown(page).get_by_role("button", name="Yes", exact=True).bounding_box()
    assert warning["y"] + warning["height"] <= yes["y"]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("scene", ["gate", "gate-second", "gate-first-time"])
def test_what_is_asked_before_and_its_answers_are_in_sight_on_a_small_laptop(
    looked_at: Look, scene: str, language: Language
) -> None:
    size = {"width": 1280, "height": 720}
    with looked_at(SCENE[scene], language, viewport=size) as (page, _):
        settled(page)
        answers = shown(page).locator(".buttons button").all()
        assert [each.evaluate(IN_SIGHT) for each in answers] == [True, True, True]
        assert shown(page).locator("h1").evaluate(IN_SIGHT)


def test_on_a_phone_the_ticks_are_folded_and_count_folded_again(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = at_the_gate(open_page, server, **PHONE)
    fold = shown(page).get_by_text(DIFFERENT)
    drunk = shown(page).get_by_label("I’ve had alcohol today")
    assert not drunk.is_visible()
    fold.click()
    drunk.check()
    fold.click()
    assert not drunk.is_visible()
    press(page, "Yes")
    (answer,) = sent(server, page, "gate")
    assert (answer["answer"], answer["aside"]) == ("gentler", True)


def test_what_is_sent_does_not_tell_whether_anybody_unfolded_the_ticks(
    open_page: OpenPage, server: StandInServer
) -> None:
    answers = []
    for is_unfolded in (False, True):
        page = at_the_gate(open_page, server, **PHONE)
        before = len(server.heard)
        if is_unfolded:
            shown(page).get_by_text(DIFFERENT).click()
        press(page, "Yes")
        caught_up(page)
        heard = [each for each in server.heard[before:] if each["type"] == "gate"]
        answers.append(
            [
                {name: value for name, value in each.items() if name != "id"}
                for each in heard
            ]
        )
        page.close()
    assert len(answers[0]) == 1
    assert answers[0] == answers[1]


def test_where_there_is_room_the_ticks_stand_open(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = at_the_gate(open_page, server, **PHONE)
    drunk = shown(page).get_by_label("I’ve had alcohol today")
    page.set_viewport_size({"width": 1280, "height": 800})  # as a phone is turned
    drunk.check()
    shown(page).get_by_text(DIFFERENT).click()  # a heading there, and folds nothing
    assert drunk.is_visible()


def test_a_pace_is_written_as_the_language_writes_it(looked_at: Look) -> None:
    scene = SCENE["home-set-pace"]
    said = {}
    for language in Language:
        with looked_at(scene, language) as (page, server):
            scene.act(page, server)
            said[language] = shown(page).locator(".stepper").inner_text().split()
    assert said[Language.ENGLISH][1:2] == ["5.4"]
    assert said[Language.GERMAN][1:2] == ["5,4"]
    assert "Atemzüge" in said[Language.GERMAN]


def test_a_day_is_written_in_the_language_of_the_page_not_of_the_browser(
    open_page: OpenPage, server: StandInServer
) -> None:
    chosen = clock.utc_now() - timedelta(days=2)
    couple = PLAIN_STATE["couple"]
    ada = couple["A"] | {"passcode_utc": chosen.isoformat()}
    server.state = PLAIN_STATE | {"screen": "gate", "turn": "A"}
    server.state["couple"] = couple | {"A": ada}
    page = open_page(server.url, locale="fr-FR", timezone_id="UTC")
    settled(page)
    written = f"{chosen.day} {MONTHS[chosen.month - 1]} {chosen.year}"
    assert shown(page).get_by_text(written).count() == 1


@pytest.mark.parametrize(
    "screen", [{"screen": "welcome"}, {"screen": "home", "simulated": True}], ids=str
)
def test_the_breath_can_be_read_aloud_from_the_first_page_on(
    open_page: OpenPage, server: StandInServer, screen: dict[str, Any]
) -> None:
    server.state = PLAIN_STATE | screen
    page = open_page(server.url)
    shown(page).get_by_label("Read the breathing aloud").check()
    kept = {each["name"]: each["value"] for each in page.context.cookies()}
    assert kept["coreg.spoken-breath"] == "yes"
