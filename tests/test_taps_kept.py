"""How soon somebody usually answers glints: kept over evenings, and forgotten."""

import asyncio
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coreg.facts.events import Opened, Partner
from coreg.facts.opened import LearnedBefore
from coreg.session.replay import compare
from coreg.store import learned
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.reader import read_session
from coreg.web.evening.effects import KeepAside, KeepLearned, Remove
from coreg.web.server.evening_store import EveningStore
from coreg.web.wire.named import Erasing
from tests.helpers.evening_server import PageClient, one_page, served
from tests.helpers.library_rows import library_rows
from tests.helpers.short_plans import SHORT_EVENING
from tests.helpers.two_people import CALM, FAST, TwoStraps, first_use, sessions
from tests.test_web_pace import opened_last, practise

SESSION = "20260301-193000-7f3a"
FIRST_S = (0.3, 0.31, 0.29, 0.3, 0.32, 0.28, 0.3, 0.3)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(data_folder(tmp_path))


def usual_of(library: Library) -> tuple[tuple[float, ...], ...]:
    return learned.known_of(library, learned.OURS).usual_taps_s


def test_the_first_evening_s_answers_stay_beside_the_usual_ones(
    library: Library,
) -> None:
    learned.keep_taps(library, learned.OURS, (FIRST_S, ()))
    learned.keep_taps(library, learned.OURS, ((0.25,) * 40, ()))
    learned.keep_taps(library, learned.OURS, ((), ()))  # an evening that taught nothing
    known = learned.known_of(library, learned.OURS)
    assert known.first_taps_s == (FIRST_S, ())
    assert known.usual_taps_s == ((0.25,) * 40, ())


def test_erasing_one_partner_forgets_that_one_s_answers_and_no_other(
    library: Library, tmp_path: Path
) -> None:
    learned.keep_taps(library, learned.OURS, (FIRST_S, FIRST_S))
    erased = Remove(what=Erasing.PARTNER, session_id=None, partner=Partner.A)
    EveningStore(data_folder(tmp_path)).remove(erased)
    assert usual_of(library) == ((), FIRST_S)
    assert learned.known_of(library, learned.OURS).first_taps_s == ((), FIRST_S)


@pytest.mark.parametrize(
    "text",
    [
        *("no JSON", "[" * 4000, "[]", "{}", '{"first": [0.3], "usual": 3}'),
        '{"first": [0.3], "usual": [null]}',
        '{"first": [0.3], "usual": [NaN]}',
        '{"first": [0.3], "usual": [-0.3]}',
        '{"first": [0.3], "usual": [1e999]}',
    ],
)
def test_answers_that_cannot_be_read_are_as_none(library: Library, text: str) -> None:
    library.keep_setting("taps of A, ours", text)
    assert usual_of(library) == ((), ())


def test_a_belief_too_long_for_a_session_is_as_none(library: Library) -> None:
    learned.keep_pace(library, learned.OURS, "[" * 5_000_000)
    assert learned.known_of(library, learned.OURS).pace_belief == ""


def test_settings_that_are_no_text_are_as_none(
    library: Library, tmp_path: Path
) -> None:
    with library_rows(tmp_path) as db:
        for name in ("taps of A, ours", "rest of A, ours", "pace of ours", "pace"):
            db.execute("INSERT INTO setting VALUES (?, ?)", (name, b"[]"))
        db.commit()
    assert learned.known_of(library, learned.OURS) == LearnedBefore()


def test_an_evening_set_aside_teaches_nothing_of_rest_pace_or_taps(
    library: Library, tmp_path: Path
) -> None:
    evening_store = EveningStore(data_folder(tmp_path))
    what = KeepLearned(
        session_id=SESSION,
        couple=learned.OURS,
        pace_belief='{"of": "both"}',
        arrived_bpm=(80.0, 80.0),
        usual_taps_s=(FIRST_S, FIRST_S),
    )
    evening_store.keep(KeepAside(session_id=SESSION))
    for _ in range(3):  # a rest is known after three evenings
        evening_store.keep(what)
    known = learned.known_of(library, learned.OURS)
    assert known.pace_belief == ""
    assert all(map(math.isnan, known.rest_bpm))
    assert known.usual_taps_s == ((), ())
    other = SESSION.replace("7f3a", "8f3a")
    evening_store.keep(replace(what, session_id=other))
    assert usual_of(library) == (FIRST_S, FIRST_S)


async def evening(one: PageClient, *, set_aside: bool) -> dict[str, Any]:
    """One evening of two who wear straps, from Home to Home."""
    await one.begin(lambda each: {"aside": set_aside and each == "A", **CALM})
    await one.screen("words")
    await one.say("press", press="next")
    state = await one.screen("look-back")
    await one.say("go", screen="home")
    await one.screen("home")
    return state


def test_evenings_of_a_couple_that_was_given_taps(tmp_path: Path) -> None:
    """First, one set aside, and a third that begins with what the first one taught."""

    async def go() -> None:
        async with one_page(
            served(
                tmp_path,
                speed=FAST,
                at_home=TwoStraps(FAST),
                plan_toml=SHORT_EVENING,
                taps=True,
            )
        ) as one:
            await first_use(one)
            for set_aside in (False, True):
                await evening(one, set_aside=set_aside)
            await one.begin()  # the third begins, and that is all that is asked of it
            await one.screen("arrive")
            await one.say("press", press="finish")
            await one.screen("look-back")

    asyncio.run(go())
    kept = [read_session(path) for path in sessions(tmp_path)]
    first, aside, third = (each.opened for each in kept)
    assert all(each.practice.taps for each in (first, aside, third))
    assert first.practice.breathing_min == 12
    assert first.learned.usual_taps_s == ((), ())
    assert [8 <= len(each) <= 12 for each in aside.learned.usual_taps_s] == [True, True]
    assert (
        third.learned.usual_taps_s == aside.learned.usual_taps_s
    )  # which taught nothing
    facts = [event.fact for event in kept[1].events]  # which began with that
    assert compare(facts, is_whole=True).difference == ""


def test_without_pages_a_second_evening_begins_with_the_first_one_s_answers(
    tmp_path: Path,
) -> None:
    taught = []
    for minutes in ((), ("--minutes", "1")):  # of the second, the beginning is enough
        assert practise(tmp_path, "--taps", *minutes) == 0
        opened: Opened = opened_last(tmp_path)
        assert opened.practice.breathing_min == (1 if minutes else 12)
        taught.append(opened.learned.usual_taps_s)
    assert taught[0] == ((), ())
    assert all(len(each) >= 8 for each in taught[1])
    # And without taps nothing of it is in the log.
    assert practise(tmp_path, "--minutes", "1") == 0
    assert opened_last(tmp_path).learned.usual_taps_s == ((), ())
    settings = Library(tmp_path).settings()
    assert json.loads(settings["taps of A, simulated couple 3"])["first"]
