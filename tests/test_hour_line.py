"""An hour as a picture: what is drawn of whom, and where."""

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from coreg.facts.events import Partner
from coreg.findings.hour import hour_of, usual_chance
from coreg.findings.hour_line import (
    HourLine,
    PaceStretch,
    Stretch,
    hour_line,
    joined,
)
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.timeline import BlockSpan, PacedBreaths, Span
from coreg.store.clinic.records import Mark, Note
from tests.helpers import report_sessions
from tests.helpers.clinic_scenes import CLINIC, HOME_PLAN, HOUR
from tests.helpers.pages import OpenPage, heading, look_until, shown
from tests.helpers.stand_in_server import StandInServer

BOTH = frozenset(Partner)
BEGAN_S, LENGTH_S = 10.0, 60.0


@cache
def a_minute() -> SessionSummary:
    """A minute that began at 10 s: one part, a pause in it, and two steady hearts."""
    whole = summarise(report_sessions.opened(), report_sessions.session())
    points = round(LENGTH_S * 4)
    a_bpm, b_bpm = np.full(points, 70.0), np.full(points, 80.0)
    a_bpm[40:60] = math.nan  # all of the five seconds from 10 s on
    b_bpm[40:48] = math.nan  # two of them
    return replace(
        whole,
        a=replace(whole.a, hr_bpm=a_bpm),
        b=replace(whole.b, hr_bpm=b_bpm),
        start_s=BEGAN_S,
        end_s=BEGAN_S + LENGTH_S,
        grid_s=BEGAN_S + np.arange(points) / 4,
        phases=(BlockSpan(number=0, name="Open", kind="turn", start_s=10, end_s=70),),
        pauses=(Span(start_s=30.0, end_s=40.0),),
        pace=PacedBreaths(
            start_s=np.array([10.0, 20.0, 30.0, 50.0]),
            end_s=np.array([20.0, 30.0, 40.0, 60.0]),
            breaths_per_min=np.array([6.02, 5.98, 7.0, 7.0]),
        ),
    )


def line_of(seen: frozenset[Partner] = BOTH) -> HourLine:
    about = {"couple_id": "0f3a99c1", "session_id": "first"}
    marks = [Mark(**about, t_s=25.0, key=2)]
    said = {"text": "Softer.", "utc": ""}
    notes = [
        Note(id_="1", **about, t_s=50.0, **said),
        Note(id_="2", **about, t_s=None, **said),
    ]
    labels = {2: "Rupture"}
    hour = hour_of(a_minute(), marks, notes, labels, seen, usual_chance())
    return hour_line(a_minute(), hour, seen)


def test_parts_pauses_marks_and_notes_stand_at_their_time_of_the_hour() -> None:
    line = line_of()
    assert line.length_s == 60.0
    assert line.parts == (Stretch(start_s=0.0, end_s=60.0, words="Open"),)
    assert line.pauses == (Stretch(start_s=20.0, end_s=30.0),)
    moments = [(each.t_s, each.key, each.words) for each in line.moments]
    assert moments == [(15.0, 2, "Rupture"), (40.0, 0, "Softer.")]


def test_breaths_of_one_pace_are_one_stretch_until_they_stop() -> None:
    """Worked by hand: six a minute twice, then seven, and seven once more later."""
    assert line_of().paces == (
        PaceStretch(start_s=0.0, end_s=20.0, breaths_per_min=6.0),
        PaceStretch(start_s=20.0, end_s=30.0, breaths_per_min=7.0),
        PaceStretch(start_s=40.0, end_s=50.0, breaths_per_min=7.0),
    )


@pytest.mark.parametrize("seen", [frozenset(), frozenset({Partner.B}), BOTH])
def test_a_heart_is_drawn_of_who_agreed_and_a_gap_stays_one(
    seen: frozenset[Partner],
) -> None:
    hearts = {each.partner: each for each in line_of(seen).hearts}
    assert hearts.keys() == seen
    for partner, bpm, is_gap in ((Partner.A, 70.0, True), (Partner.B, 80.0, False)):
        if partner in seen:
            heart = hearts[partner]
            assert heart.t_s[:2] == pytest.approx((2.375, 7.375))  # of 0 to 4.75 s
            assert math.isnan(heart.bpm[2]) is is_gap
            known = [each for each in heart.bpm if not math.isnan(each)]
            assert known == [bpm] * (11 if is_gap else 12)


def test_sessions_of_one_hour_lie_along_one_time_with_nothing_between() -> None:
    line = line_of()
    hour = joined([(0.0, line), (100.0, line)])
    assert hour.length_s == 160.0
    assert [each.start_s for each in hour.parts] == [0.0, 100.0]
    assert [each.start_s for each in hour.pauses] == [20.0, 120.0]
    assert [each.t_s for each in hour.moments] == [15.0, 40.0, 115.0, 140.0]
    (a, _) = hour.hearts
    assert len(a.t_s) == len(a.bpm) == 12 + 1 + 12
    assert math.isnan(a.bpm[12])  # no line leads from one to the other


# --- on the page --------------------------------------------------------------


def test_an_hour_is_drawn_and_each_mark_is_reached_by_the_keyboard(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"seat": "therapist"}
    page = open_page(server.url)
    heading(page, "With Ada and Bo")
    server.tell(CLINIC)
    heading(page, "Your couples")
    server.tell(HOUR)
    picture = page.get_by_role("group", name="The hour from start to end.")
    picture.wait_for()
    assert "Pauses: 1. Marks: 3. Notes: 2." in picture.get_attribute("aria-label")
    page.get_by_role("region", name="The hour as a picture").focus()
    for words in ("6:40: 2, Rupture", "6:48: 5, I stepped in"):
        page.keyboard.press("Tab")
        page.locator(".hour-told", has_text=words).wait_for()
    paths = picture.locator("path.heart-line")
    assert [d.get_attribute("d").count("M") for d in paths.all()] == [2, 2]
    server.tell(HOUR | {"line": HOUR["line"] | {"hearts": []}})
    page.get_by_text("No hearts here").wait_for()
    assert page.locator("path.heart-line").count() == 0
    assert complaints == []


def test_a_plan_is_made_and_a_couple_held_back_on_the_page(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"seat": "therapist"}
    page = open_page(server.url)
    heading(page, "With Ada and Bo")
    server.tell(CLINIC)
    heading(page, "Your couples")
    server.tell(HOME_PLAN)
    page.get_by_text("Stopped once, and that’s all right.").wait_for()
    shown(page).get_by_label("Practice", exact=True).select_option("Repair")
    page.get_by_text("This is a harder practice").wait_for()
    page.get_by_label("In one sentence").fill("To be heard.")
    page.get_by_role("button", name="Save this plan").click()
    plan = asked(page, server, "keep-home-plan")
    assert (plan["practice"], plan["times_a_week"]) == ("repair", 1)
    assert (plan["until"], plan["why"]) == ("2026-03-31", "To be heard.")
    page.get_by_role("button", name="Back to the couples").click()
    page.get_by_text("Seen alone").click()
    page.get_by_role("button", name="No practice for now").click()
    held = asked(page, server, "hold-back")
    assert (held["couple"], held["on"]) == ("0f3a99c1", True)
    page.get_by_text("What the keys 1 to 5 stand for").click()
    key = page.get_by_label("Key 4")
    key.fill("Tears")
    key.press("Tab")
    label = asked(page, server, "label-mark")
    assert (label["key"], label["words"]) == (4, "Tears")
    assert complaints == []


def asked(page: Any, server: StandInServer, kind: str) -> dict[str, Any]:
    """Return what the page asked of this kind, once it did."""
    found: list[dict[str, Any]] = look_until(page, lambda: server.messages(kind), bool)
    return found[0]
