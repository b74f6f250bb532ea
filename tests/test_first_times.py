"""What a practice says the first times of it, and no more; and no count of them."""

import json
from dataclasses import replace

import pytest

from coreg.facts.events import BlockBegan, Ended, Ending
from coreg.web.evening.effects import KeepTimes
from coreg.web.evening.happenings import Heard, SessionBegan, SessionOver
from coreg.web.evening.running import SessionClock
from coreg.web.evening.state import Evening
from coreg.web.server.view import state_of
from coreg.web.wire.outgoing import encode
from tests.test_web_evening import HOME, SHELF, after

AT_FIRST = {
    "attune": (4, "The first times, take a strain from outside the two of you."),
    "inner-witness": (
        2,
        "The first two times, do it by yourself, without the other in the room.",
    ),
}


def at_home(name: str) -> Evening:
    chosen = replace(HOME.chosen, practice=name)
    return replace(HOME, plans=SHELF.plans, practised=9, chosen=chosen)


def practised(evening: Evening, name: str, instead: str = "") -> tuple[Evening, list]:  # type: ignore[type-arg]
    """One evening of it, to its last part; or of what came in its place."""
    blocks = SHELF.plans[instead or name].blocks
    began = SessionBegan(
        session_id="20260301-210000-00aa",
        clock=SessionClock(origin_s=0.0, speed=1.0),
        kept=True,
        blocks=blocks,
        first=evening.first,
        after=(),
    )
    last = BlockBegan(
        t_s=1.0,
        number=len(blocks) - 1,
        name=blocks[-1].name,
        kind=blocks[-1].kind.value,
        length_s=60.0,
    )
    ended = Ended(t_s=61.0, ending=Ending.COMPLETE)
    effects = []
    for given in (began, Heard(cue=last), Heard(cue=ended), SessionOver()):
        evening, more = after(evening, given)
        effects += more
    return replace(evening, screen=HOME.screen, looking=None), effects


def said(evening: Evening) -> str:
    shown = state_of(evening, server_s=0.0, catalogue=SHELF, straps=())
    return shown.practice.at_first


@pytest.mark.parametrize("name", AT_FIRST)
def test_it_is_said_so_often_and_then_no_more(name: str) -> None:
    times, words = AT_FIRST[name]
    evening = at_home(name)
    for number in range(times):
        assert said(evening) == words
        evening, effects = practised(evening, name)
        assert KeepTimes(practice=name, times=number + 1) in effects
    assert said(evening) == ""


def test_a_quiet_evening_in_its_place_is_no_time_of_it() -> None:
    evening = at_home("attune")
    after_quiet, effects = practised(
        evening, "attune", instead="relaxed-and-alert-without-breathing"
    )
    assert after_quiet.practised_of == {}
    assert not [each for each in effects if isinstance(each, KeepTimes)]


def test_how_often_it_was_is_told_to_no_page() -> None:
    told = [
        json.loads(encode(state_of(each, server_s=0.0, catalogue=SHELF, straps=())))
        for each in (
            replace(at_home("attune"), practised_of={"attune": times})
            for times in (0, 3)
        )
    ]
    assert told[0] == told[1]
