"""How long tonight is: chosen on Home, as long as the practice lets it be chosen."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coreg.exercises.plan import parse_plan
from coreg.exercises.plan_blocks import Length
from coreg.facts.events import Source
from coreg.store.folder import data_folder
from coreg.store.plans import plan_text
from coreg.web.evening.state import Chosen, Evening
from coreg.web.evening.step import step
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.wire.incoming import (
    Choose,
    parse,
)
from coreg.web.wire.outgoing import PracticeShown
from coreg.web.wire.readers import BadMessage

MAIN = Chosen(
    practice="relaxed-and-alert", minutes=0.0, length=None, without_breathing=False
)
TEN = replace(MAIN, length=Length.SHORTER)


@pytest.fixture
def home(tmp_path: Path) -> Evening:
    return evening_of(tmp_path)


def evening_of(folder: Path) -> Evening:
    evening_store = EveningStore(data_folder(folder))
    return evening_store.evening(
        PracticeCatalogue().names, source=Source.SIMULATED, seed=1, speed=1.0
    )


def tonight(
    home: Evening, chosen: Chosen, catalogue: PracticeCatalogue | None = None
) -> PracticeShown:
    return (catalogue or PracticeCatalogue()).tonight(replace(home, chosen=chosen))


def choosing(evening: Evening, **asked: Any) -> Evening:
    plainly = {"minutes": None, "length": None, "without_breathing": False}
    message = Choose(**{"practice": MAIN.practice} | plainly | asked)
    after, _effects = step(evening, message, server_s=0.0)
    return after


def test_home_offers_whole_evenings_of_ten_nineteen_and_thirty_minutes(
    home: Evening,
) -> None:
    shown = tonight(home, MAIN)
    assert shown.lengths == {"shorter": 10, "usual": 19, "longer": 30}
    assert (shown.length, shown.minutes) == ("usual", 19)


def test_a_shorter_evening_is_recorded_as_the_plan_that_was_done(home: Evening) -> None:
    evening = choosing(home, length=Length.SHORTER)
    plan = parse_plan(PracticeCatalogue().text_for(evening))
    assert (plan.length, plan.minutes) == (Length.SHORTER, 10)
    assert PracticeCatalogue().tonight(evening).minutes == 10


def test_an_evening_nobody_changed_is_recorded_to_the_letter(home: Evening) -> None:
    assert PracticeCatalogue().text(home.chosen) == plan_text(MAIN.practice)


def test_a_short_evening_stays_short_whichever_practice_it_is(home: Evening) -> None:
    evening = choosing(home, length=Length.SHORTER)
    evening = choosing(evening, practice="our-pace")
    assert PracticeCatalogue().tonight(evening).lengths == {}
    evening = choosing(evening, without_breathing=True)
    assert PracticeCatalogue().tonight(evening).minutes == 10


def test_the_next_evening_begins_at_its_usual_length(tmp_path: Path) -> None:
    choosing(evening_of(tmp_path), length=Length.LONGER)
    assert PracticeCatalogue().tonight(evening_of(tmp_path)).minutes == 19


@pytest.mark.parametrize("name", ["our-pace", "our-pace-second-evening"])
def test_a_practice_whose_times_matter_keeps_them(home: Evening, name: str) -> None:
    chosen = replace(TEN, practice=name)
    assert tonight(home, chosen).lengths == {}
    assert PracticeCatalogue().text(chosen) == plan_text(name)


def test_a_plan_that_was_brought_along_keeps_the_length_it_was_given(
    home: Evening,
) -> None:
    brought = f'length = "longer"\n{plan_text(MAIN.practice)}'
    catalogue = PracticeCatalogue(brought)
    assert catalogue.text(MAIN) == brought
    assert tonight(home, MAIN, catalogue).minutes == 30
    assert parse_plan(catalogue.text(TEN)).minutes == 10


def test_minutes_of_the_command_line_are_not_chosen_a_second_time(
    home: Evening,
) -> None:
    """8 minutes of 19 breathe; asked for 3, the evening takes 14."""
    shown = tonight(home, replace(MAIN, minutes=3.0))
    assert (shown.minutes, shown.lengths) == (14, {})


def test_taps_make_a_usual_evening_longer_and_no_other(home: Evening) -> None:
    """8 minutes breathe, taps want 12; who has only ten minutes keeps them."""
    with_taps = replace(home, taps=True)
    catalogue = PracticeCatalogue()
    usual = replace(with_taps, chosen=MAIN)
    assert catalogue.tonight(usual).minutes == 23
    assert catalogue.tonight(usual).lengths == {
        "shorter": 10,
        "usual": 23,
        "longer": 30,
    }
    assert catalogue.breathing_min(usual) == 12
    short = replace(with_taps, chosen=TEN)
    assert (catalogue.tonight(short).minutes, catalogue.breathing_min(short)) == (10, 0)
    assert parse_plan(catalogue.text_for(short)).minutes == 10


@pytest.mark.parametrize("length", [None, *Length])
def test_with_taps_every_length_is_offered_as_it_would_be_whichever_is_chosen(
    home: Evening, length: Length | None
) -> None:
    evening = replace(home, taps=True, chosen=replace(MAIN, length=length))
    shown = PracticeCatalogue().tonight(evening)
    assert shown.lengths == {"shorter": 10, "usual": 23, "longer": 30}
    assert shown.minutes == shown.lengths[length or Length.USUAL]


def test_a_brought_plan_of_another_length_is_lengthened_for_taps_where_usual(
    home: Evening,
) -> None:
    catalogue = PracticeCatalogue(f'length = "longer"\n{plan_text(MAIN.practice)}')
    with_taps = replace(home, taps=True, chosen=MAIN)
    usual = replace(with_taps, chosen=replace(MAIN, length=Length.USUAL))
    assert (
        catalogue.tonight(with_taps).minutes,
        catalogue.breathing_min(with_taps),
    ) == (30, 0)
    assert (catalogue.tonight(usual).minutes, catalogue.breathing_min(usual)) == (
        23,
        12,
    )


def test_a_page_that_asks_for_no_such_length_is_refused() -> None:
    asked = {"type": "choose", "practice": "x", "without_breathing": False}
    assert parse(json.dumps(asked)) == Choose(
        practice="x", minutes=None, length=None, without_breathing=False
    )
    with pytest.raises(BadMessage, match="length is not one of shorter"):
        parse(json.dumps(asked | {"length": "endless"}))
