"""Loose ends: one's own words, and at most that there is something."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.store.library_db import Library
from coreg.store.loose_ends import MOST_OFFERED
from coreg.store.release import LooseEnd
from coreg.web.evening.effects import KeepLooseEnd, Refuse
from coreg.web.evening.happenings import LooseEndsAre
from coreg.web.server.view import state_of
from coreg.web.wire.incoming import (
    LooseEndIs,
    Start,
)
from coreg.web.wire.named import Screen
from coreg.web.wire.outgoing import encode
from tests.helpers.evening_server import entered, page
from tests.helpers.two_people import evening_of_two, first_use, unlock
from tests.test_web_evening import HOME, SHELF, after

NOT_DONE, OVER = Both(*(False, False)), Both(*(True, True))
HURTS = "the thing that was said at the lake"
OFFERED = LooseEnd(
    number=1, partner=Partner.A, handle=77, has_room=False, done=NOT_DONE
)
AT_HOME, _ = after(HOME, LooseEndsAre(loose_ends=(OFFERED,)))
ROOM = LooseEndIs(number=1, has_room=True, partner=Partner.B, done=None)


def done(partner: Partner, *, is_done: bool = True) -> LooseEndIs:
    return LooseEndIs(number=1, has_room=None, partner=partner, done=is_done)


def shown(evening: Any) -> Any:
    told = encode(state_of(evening, server_s=0.0, catalogue=SHELF, straps=()))
    return json.loads(told)["loose_ends"]


# --- what both see ------------------------------------------------------------------


def test_the_other_learns_that_there_is_something_and_nothing_of_it() -> None:
    assert shown(AT_HOME) == [
        {
            "number": 1,
            "partner": "A",
            "has_room": False,
            "is_over": False,
        }
    ]
    asked, _ = after(AT_HOME, Start())
    assert shown(asked) == []  # nothing of it stands on the way into a practice


def test_it_is_over_once_it_is_so_for_both_and_either_opens_it_again() -> None:
    assert after(AT_HOME, done(Partner.B))[1] == [Refuse(why="not-now")]  # unheard
    heard, effects = after(AT_HOME, ROOM)
    assert effects == [KeepLooseEnd(number=1, has_room=True, done=NOT_DONE)]
    one, _ = after(heard, done(Partner.B))
    assert len(shown(one)) == 1
    # For whom it is over is told to nobody, until it is so for both.
    assert shown(one) == shown(heard)
    both, _ = after(one, done(Partner.A))
    assert shown(both) == []
    evenings = replace(both, screen=Screen.EVENINGS)
    assert [each["is_over"] for each in shown(evenings)] == [True]
    for partner in Partner:
        again, _ = after(evenings, done(partner, is_done=False))
        assert len(shown(replace(again, screen=Screen.HOME))) == 1


@pytest.mark.parametrize("screen", [Screen.HOME, Screen.EVENINGS])
def test_how_many_there_are_is_counted_in_front_of_nobody(screen: Screen) -> None:
    """Of each one line: the one there is room for, before any other."""
    ends = tuple(
        replace(OFFERED, number=number, partner=partner)
        for number, partner in enumerate([Partner.A, Partner.A, Partner.B, Partner.A])
    )
    home, _ = after(HOME, LooseEndsAre(loose_ends=ends))
    told = replace(home, screen=screen)
    assert [(each["number"], each["partner"]) for each in shown(told)] == [
        (0, "A"),
        (2, "B"),
    ]
    heard, _ = after(told, replace(ROOM, number=0))
    assert [each["has_room"] for each in shown(heard)] == [True, False]
    later = tuple(replace(each, has_room=each.number == 3) for each in ends)
    now, _ = after(told, LooseEndsAre(loose_ends=later))
    assert [each["number"] for each in shown(replace(now, screen=screen))] == [2, 3]


def test_what_is_over_is_not_counted_either_and_the_last_may_be_opened_again() -> None:
    ends = tuple(
        replace(OFFERED, number=number, has_room=True, done=OVER) for number in range(3)
    )
    home, _ = after(HOME, LooseEndsAre(loose_ends=ends))
    assert shown(home) == []
    evenings = replace(home, screen=Screen.EVENINGS)
    assert [each["number"] for each in shown(evenings)] == [2]
    again, _ = after(evenings, replace(done(Partner.B, is_done=False), number=2))
    assert [(each["number"], each["is_over"]) for each in shown(again)] == [
        (1, True),
        (2, False),
    ]


def test_nobody_has_room_for_what_is_their_own() -> None:
    own = LooseEndIs(number=1, has_room=True, partner=Partner.A, done=None)
    assert after(AT_HOME, own) == (AT_HOME, [Refuse(why="not-your-turn")])


# --- what is kept ---------------------------------------------------------------------


def test_at_most_three_of_one_person_stand_open(tmp_path: Path) -> None:
    ends = Library(tmp_path).loose_ends
    assert [ends.offer(Partner.A, each) for each in range(4)] == [True] * 3 + [False]
    assert ends.offer(Partner.A, 0)  # twice is once
    assert ends.offer(Partner.B, 9)
    first = ends.all()[0]
    ends.keep(first.number, has_room=True, done=OVER)
    assert ends.offer(Partner.A, 3)  # what is over takes no place
    ends.take_back(Partner.A, 3)
    assert 3 not in {each.handle for each in ends.all()}
    assert MOST_OFFERED == 3


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["offer", "take"]),
            st.sampled_from("AB"),
            st.integers(0, 4),
        ),
        max_size=12,
    )
)
def test_whatever_is_offered_no_more_than_three_stand_open(
    moves: list[tuple[str, str, int]],
) -> None:
    with TemporaryDirectory() as folder:
        ends = Library(Path(folder)).loose_ends
        for way, whose, handle in moves:
            partner = Partner(whose)
            if way == "offer":
                ends.offer(partner, handle)
            else:
                ends.take_back(partner, handle)
        for partner in Partner:
            ours = [each for each in ends.all() if each.partner is partner]
            assert len(ours) <= MOST_OFFERED
            assert len({each.handle for each in ours}) == len(ours)


def test_what_is_offered_goes_with_its_owner(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.loose_ends.offer(Partner.A, 1)
    library.loose_ends.offer(Partner.B, 2)
    library.erase_person(Partner.A)
    assert [each.partner for each in library.loose_ends.all()] == [Partner.B]


# --- in an evening --------------------------------------------------------------


def test_its_words_are_told_to_its_owner_alone(tmp_path: Path) -> None:
    """To no other page, in no file, and gone with the line."""

    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one, page(at, good) as other:
                await first_use(one)
                kept = {"partner": "A", "text": HURTS}
                assert (await one.ask("write-loose-end", **kept))["why"] == "locked"
                await unlock(one, "A")
                told = await one.ask("write-loose-end", **kept)
                (line,) = told["own"]["lines"]
                assert (line["text"], line["offered"]) == (HURTS, False)
                await other.screen("home")
                assert other.state["loose_ends"] == []
                offer = {"partner": "A", "number": line["number"], "offered": True}
                assert (await one.ask("offer-loose-end", **offer))["type"] == "taken"
                await other.state_when(lambda state: bool(state["loose_ends"]))
                (end,) = other.state["loose_ends"]
                assert end["partner"] == "A"
                said = {"has_room": True, "partner": "B", "done": None}
                said |= {"number": end["number"]}
                assert (await other.ask("loose-end", **said))["why"] == "locked"
                assert not other.state["loose_ends"][0]["has_room"]
                await unlock(other, "B")
                assert (await other.ask("loose-end", **said))["type"] == "taken"
                await other.state_when(lambda state: state["loose_ends"][0]["has_room"])
                theirs = said | {"partner": "A", "has_room": None, "done": True}
                assert (await other.ask("loose-end", **theirs))["why"] == "locked"
                gone = {"partner": "A", "number": line["number"]}
                assert (await one.ask("delete-own-line", **gone))["own"]["lines"] == []
                await other.state_when(lambda state: state["loose_ends"] == [])
                assert HURTS not in "".join(other.raw)

    asyncio.run(go())
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert HURTS.encode() not in path.read_bytes()


def test_what_is_no_line_of_ones_own_is_not_offered(tmp_path: Path) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await first_use(one)
                await unlock(one, "A")
                offer = {"partner": "A", "number": 12345, "offered": True}
                answer = await one.ask("offer-loose-end", **offer)
                assert answer["why"] == "no-such-line"
                others = {**offer, "partner": "B"}
                assert (await one.ask("offer-loose-end", **others))["why"] == "locked"

    asyncio.run(go())
