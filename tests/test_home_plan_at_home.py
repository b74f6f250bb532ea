"""A plan for home on Home: it gives tonight, and nobody changes it here."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coreg.base import clock
from coreg.exercises import ladder
from coreg.exercises.home_plan import HomePlan
from coreg.facts.both import Both
from coreg.facts.events import Ending, Partner, Source
from coreg.session.home_plan_shelf import home_plan_in, keep_home_plan
from coreg.store.erasing import erase_partner
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.web.evening.effects import Refuse
from coreg.web.evening.happenings import Erased
from coreg.web.evening.state import Evening
from coreg.web.evening.step import step
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.view import state_of
from coreg.web.wire.incoming import Choose
from coreg.web.wire.named import Erasing, Screen
from tests.helpers.couple_sessions import recorded
from tests.helpers.pages import OpenPage, heading, look_until
from tests.helpers.stand_in_server import StandInServer
from tests.test_web_evening import FREE

SHELF = PracticeCatalogue()
NOW = dt.datetime(2026, 6, 10, 12, tzinfo=dt.UTC)
TODAY = NOW.astimezone(clock.HERE).date()
WHY = "To sit down together again."


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """No plan ends because midnight comes while it is tried."""
    monkeypatch.setattr(clock, "utc_now", lambda: NOW)


def evening_with(folder: Path, practice: str, **other: Any) -> Evening:
    """An evening at home of two people with straps, in whose folder a plan lies."""
    plan = {
        "practice": practice,
        "times_a_week": 1,
        "since": TODAY - dt.timedelta(days=1),
        "until": TODAY,
        "why": WHY,
    }
    keep_home_plan(Library(folder), HomePlan(**{**plan, **other}))
    evening = EveningStore(folder).evening(
        SHELF.names, source=Source.STRAPS, seed=1, speed=1.0
    )
    return replace(
        evening,
        plans=SHELF.plans,
        screen=Screen.HOME,
        practised=30,
        agreed=Both(FREE, FREE),
    )


@pytest.mark.parametrize("partner", list(Partner))
def test_it_ends_when_one_of_the_two_is_erased_and_its_words_go(
    tmp_path: Path, partner: Partner
) -> None:
    folder = data_folder(tmp_path / "data")
    evening = evening_with(folder, "repair")
    assert bytes_of_library(folder).count(WHY.encode()) > 0
    erase_partner(folder, Library(folder), partner)
    assert bytes_of_library(folder).count(WHY.encode()) == 0
    assert home_plan_in(Library(folder), SHELF.plans) is None
    erased = Erased(what=Erasing.PARTNER, partner=partner)
    after, _ = step(evening, erased, server_s=0.0)
    assert (after.home_plan, after.chosen.practice) == (None, ladder.offered(0))


def bytes_of_library(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("library*.db"))


def choosing(evening: Evening, practice: str) -> tuple[Evening, Any]:
    asked = Choose(
        practice=practice, minutes=None, length=None, without_breathing=False
    )
    return step(evening, asked, server_s=0.0)


def test_it_gives_tonight_and_nothing_else_but_what_needs_no_straps(
    tmp_path: Path,
) -> None:
    evening = evening_with(data_folder(tmp_path / "data"), "delight")
    assert evening.chosen.practice == "delight"
    without_straps = {"right-now", "kind-eyes", "welcome-home"}
    assert {each.name for each in SHELF.shown(evening)} == {"delight", *without_straps}
    after, effects = choosing(evening, "relaxed-and-alert")
    assert (after, effects) == (evening, (Refuse(why="home-plan"),))
    assert choosing(evening, "right-now")[0].chosen.practice == "right-now"
    told = state_of(evening, server_s=0.0, catalogue=SHELF, straps=()).home_plan
    assert told is not None
    assert told.why == WHY
    assert told.words.startswith("Delight, once a week until")
    elsewhere = replace(evening, screen=Screen.ARRIVE)
    state = state_of(elsewhere, server_s=0.0, catalogue=SHELF, straps=())
    assert state.home_plan is None
    made_up = replace(evening, source=Source.SIMULATED)
    assert len(SHELF.shown(made_up)) > 5
    assert state_of(made_up, server_s=0.0, catalogue=SHELF, straps=()).home_plan is None


def test_after_its_last_day_the_ladder_gives_tonight(tmp_path: Path) -> None:
    day = TODAY - dt.timedelta(days=1)
    evening = evening_with(data_folder(tmp_path / "data"), "delight", until=day)
    assert evening.home_plan is None
    assert evening.chosen.practice == ladder.offered(0)
    assert choosing(evening, "relaxed-and-alert")[1] == ()


def test_a_harder_practice_rests_for_a_week(tmp_path: Path) -> None:
    """Whatever is not a harder one may be chosen then."""
    folder = data_folder(tmp_path / "data")
    day = dt.date(2026, 3, 2)
    recorded(folder, day.day, Ending.COMPLETE, "repair")
    old = evening_with(folder, "repair")
    assert old.planned == "repair"  # that was long ago
    evening = replace(old, home_plan_rests=True)
    assert evening.planned is None
    assert choosing(evening, "delight")[1] == ()
    for harder in ("repair", "inner-witness"):
        assert choosing(evening, harder)[1] == (Refuse(why="home-plan"),)


def test_both_read_it_on_home(open_page: OpenPage, server: StandInServer) -> None:
    server.show(screen="home")
    page = open_page(server.url)
    heading(page, "Tonight")
    sheet = page.locator(".home-plan")
    assert sheet.is_hidden()
    words = "Delight, once a week until 28 March 2026."
    server.show(screen="home", home_plan={"words": words, "why": WHY})
    look_until(page, sheet.is_visible)
    assert words in sheet.inner_text()
    assert WHY in sheet.inner_text()
    server.show(screen="home", home_plan=None)
    look_until(page, sheet.is_hidden)
