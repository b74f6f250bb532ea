"""A practice inside a therapist's hour: one session after another, and one hour."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from coreg.exercises.ladder import MAIN
from coreg.exercises.open_hour import HourPart, gone_on_with, open_parts
from coreg.exercises.plan import parse_plan
from coreg.facts.both import Both
from coreg.facts.codec import decode_as, encode
from coreg.facts.events import (
    Ended,
    Ending,
    Opened,
    Partner,
    Paused,
    Press,
    Resumed,
    WentOn,
)
from coreg.session.replay import compare
from coreg.store.library import session_path
from coreg.store.plans import plan_names, plan_text
from coreg.store.reader import read_head, read_session
from coreg.store.release import Wish
from coreg.store.session_log import SessionLog
from coreg.web.evening.effects import (
    Begin,
    Do,
    Effect,
    EraseAtEnd,
    KeepSat,
    KeepWish,
    Refuse,
    Remove,
)
from coreg.web.evening.happenings import (
    Heard,
    Leaving,
    SessionBegan,
    SessionOver,
    SessionStopped,
    SessionWentOn,
)
from coreg.web.evening.on_hour import begins_within, ways_on
from coreg.web.evening.on_therapist import may_tell
from coreg.web.evening.state import FIRST_AFTERWARDS, Evening
from coreg.web.server.run_session import earlier_in_hour
from coreg.web.wire.incoming import Consent, Gate, Go, Look, Pressing
from coreg.web.wire.named import Choice, GateAnswer, HourGoes, Screen, Seat
from coreg.web.wire.of_therapist import BeginWithin, HourOn
from tests.helpers.evening_server import PageClient, Served, entered, page
from tests.helpers.openings import changed, opening
from tests.helpers.short_plans import in_short
from tests.helpers.two_people import agree, evening_of_two, sessions
from tests.test_web_evening import (
    BEGAN,
    BOTH_SAY_YES,
    HOME,
    SHELF,
    YES,
    after,
    block,
)
from tests.test_web_seats import window

SHORT_HOUR = in_short("open", arrive=0.5, breathe=0.5, rest=0.5)
WHOLE = re.findall(r'\[\[block\]\]\nname = "(.*)"', plan_text("open"))


@pytest.mark.parametrize(
    ("part", "names"),
    [(HourPart.TALK, WHOLE[3:4] + WHOLE[5:]), (HourPart.REST, WHOLE[5:])],
)
def test_an_hour_goes_on_from_its_talk_or_its_rest_in_its_own_words(
    part: HourPart, names: list[str]
) -> None:
    before, after = (
        parse_plan(plan_text("open")),
        parse_plan(gone_on_with(plan_text("open"), part)),
    )
    assert WHOLE[3] == "Open"
    assert WHOLE[5] == "Rest"
    assert [each.name for each in after.blocks] == names
    assert set(after.blocks) < set(before.blocks)
    assert after.before == ()
    assert (after.name, after.opened_by) == (before.name, before.opened_by)


def test_of_all_practices_others_come_in_the_open_hour_alone() -> None:
    hours = [n for n in plan_names() if open_parts(parse_plan(plan_text(n)))]
    assert hours == ["open"]
    with pytest.raises(ValueError, match="no open hour"):
        gone_on_with(plan_text(MAIN), HourPart.REST)


SEAT = "not-at-this-seat"


@dataclass
class Room:
    at: Served
    laptop: PageClient
    console: PageClient
    light: PageClient


@asynccontextmanager
async def in_the_open(data: Path) -> AsyncIterator[Room]:
    """Two in an hour with a therapist, where they talk as they like."""
    two = evening_of_two(data, with_therapist=True, plan_toml=SHORT_HOUR)
    async with two as at, page(at, await entered(at)) as laptop:
        await laptop.screen("welcome")
        await laptop.say("names", A="Ada", B="Bo")
        for partner in "AB":
            await laptop.turn(partner)
            await agree(laptop, partner)
        await laptop.screen("home")
        for partner in "AB":
            strap_id = f"simulated-{partner}"
            await laptop.say("assign", strap_id=strap_id, partner=partner)
        async with (
            page(at, window(at, Seat.THERAPIST)) as console,
            page(at, window(at, Seat.LIGHT)) as light,
        ):
            chosen = {"minutes": None, "length": None, "without_breathing": False}
            await console.say("choose", practice="open", **chosen)
            await console.say("start")
            for partner in "AB":
                await laptop.turn(partner)
                await laptop.say("gate", partner=partner, answer="yes")
            await part(console, "open", "Open")
            yield Room(at, laptop, console, light)


async def part(one: PageClient, of: str, name: str) -> dict[str, Any]:
    """Hear until this part of a practice is under way: one that waits for a press."""
    return await one.state_when(
        lambda state: (
            (state["practice"]["name"], (state["block"] or {}).get("name"))
            == (of, name)
        )
    )


async def lights(room: Room, name: str) -> None:
    """Hear of this part at a light, which is not told of which practice it is."""
    await room.light.until(
        lambda told: (
            told["type"] == "state" and (told["block"] or {}).get("name") == name
        )
    )


async def answered(one: PageClient, asked: str, **fields: object) -> str:
    """Ask; return why not, empty where it was taken."""
    return str((await one.ask(asked, **fields)).get("why", ""))


def test_a_practice_comes_in_an_open_hour_and_the_hour_goes_on(tmp_path: Path) -> None:
    async def go() -> None:
        async with in_the_open(tmp_path) as room:
            told = room.console.state["hour"]
            assert not told["is_within"]
            assert {MAIN, "attune", "near-and-far"} <= set(told["practices"])
            assert not {"open", "right-now"} & set(told["practices"])
            await lights(room, "Open")
            heard = len(room.light.heard)
            begin = "begin-within"
            assert await answered(room.laptop, begin, practice=MAIN) == SEAT
            assert await answered(room.light, begin, practice=MAIN) == SEAT
            assert await answered(room.console, begin, practice="attune") == ""
            told = await part(room.console, "attune", "What I heard")
            ways = ["talk", "rest", "end"]
            assert told["hour"] == {"is_within": True, "practices": [], "ways": ways}
            assert await answered(room.console, begin, practice=MAIN) == "not-now"
            await room.console.say("hour-on", to="rest")
            told = await part(room.console, "open", "Words")
            assert told["hour"]["ways"] == ["talk", "end"]
            await room.console.say("hour-on", to="talk")
            await part(room.console, "open", "Open")
            # To the two it never ended, and nobody was asked in between.
            for name in ("What I heard", "Words", "Open"):
                await lights(room, name)
            states = [e for e in room.light.heard[heard:] if e["type"] == "state"]
            assert {each["screen"] for each in states} == {"turn", "rest"}
            assert {each["turn"] for each in states} == {None}
            for one in (room.laptop, room.light):
                assert {e["hour"] for e in one.heard if e["type"] == "state"} == {None}
            await room.console.say("press", press="finish")
            told = await room.console.screen("look-back")
            assert (told["practice"]["name"], told["hour"]) == ("open", None)
            await room.at.service.all_kept()

    asyncio.run(go())
    heads = [read_head(path) for path in sessions(tmp_path)]
    # Two that began within a second are named in either order.
    heads.sort(key=lambda head: head.opened.identity.opened_utc)
    over = [Ending.WENT_OVER] * 3
    assert [each.ending for each in heads] == [*over, Ending.FINISHED_EARLY]
    first, *others = (each.opened.identity for each in heads)
    assert first.hour == ""
    assert {each.hour for each in others} == {first.session_id}
    for path in sessions(tmp_path):
        facts = [each.fact for each in read_session(path).events]
        assert compare(facts, is_whole=True).difference == ""


# --- the same, as a pure step -------------------------------------------------

IN_THERAPY = replace(
    HOME,
    with_therapist=True,
    practices=SHELF.names_with_therapist,
    plans=SHELF.plans,
    chosen=replace(HOME.chosen, practice="open"),
)


def began(practice: str, session_id: str = "first") -> SessionBegan:
    blocks = SHELF.plans[practice].blocks
    return replace(BEGAN, blocks=blocks, session_id=session_id)


def hour_from(part: HourPart) -> SessionBegan:
    blocks = parse_plan(gone_on_with(plan_text("open"), part)).blocks
    return replace(BEGAN, blocks=blocks, session_id=f"from {part}")


def ended(ending: Ending) -> Heard:
    return Heard(cue=Ended(t_s=200.0, ending=ending))


TALKING, _ = after(IN_THERAPY, began("open"), block(3, "turn"))


def within(practice: str) -> Evening:
    """The evening in which this practice is about to begin or be asked about."""
    evening, effects = after(TALKING, BeginWithin(practice=practice))
    assert effects == [Do(press=Press.GO_OVER)]
    return after(evening, ended(Ending.WENT_OVER), SessionOver())[0]


@pytest.mark.parametrize("how", [Ending.COMPLETE, Ending.FINISHED_EARLY])
def test_from_a_practice_that_ends_by_itself_or_is_stopped_the_hour_goes_on(
    how: Ending,
) -> None:
    there, _ = after(within("delight"), began("delight", "2"), block(3, "rest"))
    back, effects = after(there, ended(how), SessionOver())
    assert (back.starting, back.turn) == (True, None)
    assert Begin() in effects
    assert back.chosen.practice == "open"
    told, _ = after(back, hour_from(HourPart.TALK), block(0, "turn"))
    assert told.hour is not None
    assert (told.hour.part, told.hour.within) == (HourPart.TALK, None)
    over, effects = after(
        told, block(3, "write"), ended(Ending.COMPLETE), SessionOver()
    )
    assert (over.screen, over.turn) == (Screen.LOOK_BACK, FIRST_AFTERWARDS)
    assert (over.hour, over.chosen.practice) == (None, "open")
    # Practised to its last part or not, all of it was one evening.
    assert over.practised == 1


def test_where_both_sat_is_told_of_the_whole_hour() -> None:
    quiet = (block(0, "arrive"), block(3, "rest", 100.0))
    there, _ = after(within("delight"), began("delight", "2"), *quiet)
    back, effects = after(there, ended(Ending.COMPLETE), SessionOver())
    (kept,) = (each for each in effects if isinstance(each, KeepSat))
    assert (kept.session_id, kept.sat.sat_s) == ("2", 200.0)
    rest = (block(0, "rest"), block(1, "turn", 60.0))
    over, effects = after(
        back, hour_from(HourPart.REST), *rest, ended(Ending.COMPLETE), SessionOver()
    )
    (kept,) = (each for each in effects if isinstance(each, KeepSat))
    assert kept.sat.sat_s == 60.0
    assert over.looking is not None
    assert over.looking.sat.sat_s == 260.0


def test_a_harder_practice_is_asked_about_and_a_no_leads_back_without_a_word() -> None:
    asked = within("near-and-far")
    assert (asked.screen, asked.turn) == (Screen.GATE, Partner.A)
    first, second = (
        Gate(partner=each, answer=GateAnswer.NOT_TODAY) for each in Partner
    )
    yes_first, yes_second = BOTH_SAY_YES
    ways = ((first, yes_second), (yes_first, second), (first, second))
    gone = [after(asked, *each) for each in ways]
    for back, effects in gone:
        assert effects == [Begin()]  # and nothing is kept: another day it may be
        assert (back.starting, back.chosen.practice) == (True, "open")
        assert back.rests_until_s is None
    assert len({repr(evening) for evening, _ in gone}) == 1
    yes, effects = after(asked, *BOTH_SAY_YES)
    assert effects == [Begin()]
    assert yes.chosen.practice == "near-and-far"


def test_a_practice_comes_in_where_two_talk_as_they_like_and_nowhere_else() -> None:
    settling, _ = after(IN_THERAPY, began("open"), block(1, "arrive"))
    another, _ = after(
        replace(IN_THERAPY, chosen=HOME.chosen), BEGAN, block(2, "breathe")
    )
    alone = replace(IN_THERAPY, with_therapist=False)
    at_home, _ = after(alone, began("open"), block(3, "turn"))
    for evening in (settling, another, at_home, IN_THERAPY):
        stays, effects = after(evening, BeginWithin(practice="delight"))
        assert (stays, [type(each) for each in effects]) == (evening, [Refuse])
    for name in ("open", "right-now", "no such"):
        _, effects = after(TALKING, BeginWithin(practice=name))
        assert effects == [Refuse(why="not-now")]
    _, effects = after(TALKING, Pressing(press=Press.GO_OVER))
    assert effects == [Refuse(why="not-now")]


def test_a_quiet_evening_in_its_place_is_no_open_hour() -> None:
    quiet, _ = after(IN_THERAPY, began("relaxed-and-alert"), block(1, "arrive"))
    assert quiet.hour is None


def in_delight() -> Evening:
    return after(within("delight"), began("delight", "2"), block(1, "turn"))[0]


def test_who_leaves_coreg_in_a_practice_is_led_nowhere_else() -> None:
    gone = (Leaving(), ended(Ending.FINISHED_EARLY), SessionOver())
    over, _ = after(in_delight(), *gone)
    assert (over.screen, over.turn, over.hour) == (Screen.LOOK_BACK, None, None)
    assert over.chosen.practice == "open"


def test_an_hour_that_its_therapist_ends_is_one_that_nobody_stopped() -> None:
    asks = replace(began("delight", "2"), after=SHELF.plans["delight"].after)
    assert asks.after
    there, _ = after(within("delight"), asks, block(1, "turn"))
    leaving, effects = after(there, HourOn(to=HourGoes.END))
    assert effects == [Do(press=Press.GO_OVER)]
    over, effects = after(leaving, ended(Ending.WENT_OVER), SessionOver())
    assert Begin() not in effects
    assert (over.screen, over.turn) == (Screen.LOOK_BACK, FIRST_AFTERWARDS)
    assert (over.hour, over.chosen.practice) == (None, "open")
    assert over.looking is not None
    assert over.looking.scales == Both((), ())  # the hour's own, not the practice's


def test_an_hour_that_its_therapist_ends_in_its_talk_is_asked_about_too() -> None:
    assert ways_on(TALKING) == (HourGoes.END,)
    leaving, effects = after(TALKING, HourOn(to=HourGoes.END))
    assert effects == [Do(press=Press.GO_OVER)]
    over, _ = after(leaving, ended(Ending.WENT_OVER), SessionOver())
    assert (over.screen, over.turn) == (Screen.LOOK_BACK, FIRST_AFTERWARDS)


def test_what_one_wants_to_see_of_an_hour_is_kept_for_each_of_its_sessions() -> None:
    there, _ = after(within("delight"), began("delight", "2"), block(1, "turn"))
    ends = (HourOn(to=HourGoes.END), ended(Ending.WENT_OVER), SessionOver())
    over, _ = after(there, *ends)
    partner = FIRST_AFTERWARDS
    _, effects = after(over, Look(partner=partner, whose=Wish.OURS))
    kept = [
        KeepWish(partner=partner, session_id=of, whose=Wish.OURS)
        for of in ("first", "2")
    ]
    assert effects == kept


def test_an_hour_that_a_fault_ends_is_over() -> None:
    stopped, _ = after(within("delight"), SessionStopped(words="No straps."))
    assert (stopped.screen, stopped.hour) == (Screen.HOME, None)
    assert stopped.chosen.practice == "open"


def test_after_a_fault_in_a_practice_of_the_hour_nothing_begins_by_itself() -> None:
    leaving, _ = after(TALKING, BeginWithin(practice="delight"))
    for evening in (in_delight(), leaving):
        # The session is over first, without an end, and the fault is told of then.
        over, effects = after(evening, SessionOver(), SessionStopped(words="Full."))
        assert Begin() not in effects
        assert (over.starting, over.running, over.hour) == (False, None, None)
        assert (over.screen, over.turn) == (Screen.LOOK_BACK, None)
        assert [each.id for each in over.notices] == ["stopped"]


# --- a pause inside the hour --------------------------------------------------

PAUSED = Heard(cue=Paused(t_s=60.0))


def refused(evening: Evening, *asked: BeginWithin | HourOn) -> None:
    for each in asked:
        assert after(evening, each) == (evening, [Refuse(why="not-now")])


def test_no_single_press_leads_out_of_a_pause_but_the_one_that_ends_the_hour() -> None:
    talk, _ = after(TALKING, PAUSED)
    assert begins_within(talk) == ()
    assert ways_on(talk) == (HourGoes.END,)
    refused(talk, BeginWithin(practice="delight"))
    there, _ = after(in_delight(), PAUSED)
    assert ways_on(there) == (HourGoes.END,)
    refused(there, HourOn(to=HourGoes.TALK), HourOn(to=HourGoes.REST))
    _, effects = after(there, HourOn(to=HourGoes.END))
    assert effects == [Do(press=Press.GO_OVER)]
    on, _ = after(there, Heard(cue=Resumed(t_s=90.0)))
    assert ways_on(on) == tuple(HourGoes)


def test_while_somebody_reads_their_own_choices_the_hour_stays_where_it_is() -> None:
    mine = Go(screen=Screen.CONSENT, partner=Partner.A)
    there, _ = after(in_delight(), PAUSED, mine)
    assert there.screen is Screen.CONSENT
    assert ways_on(there) == ()
    refused(there, *(HourOn(to=each) for each in HourGoes))
    talk, _ = after(TALKING, PAUSED, mine)
    refused(talk, BeginWithin(practice="delight"))


def takes_back(evening: Evening, how: Consent) -> tuple[Evening, list[Effect]]:
    mine = Go(screen=Screen.CONSENT, partner=Partner.A)
    return after(evening, PAUSED, mine, how)


@pytest.mark.parametrize(
    "how", [replace(YES, record=False), replace(YES, choice=Choice.NOT_NOW)]
)
@pytest.mark.parametrize(
    "ends",
    [
        (ended(Ending.COMPLETE), SessionOver()),
        (HourOn(to=HourGoes.END), ended(Ending.WENT_OVER), SessionOver()),
        (SessionOver(), SessionStopped(words="Full.")),
        (SessionStopped(words="Full."),),
    ],
)
def test_what_somebody_takes_back_in_a_pause_is_erased_of_the_whole_hour(
    how: Consent, ends: tuple[Heard | HourOn | SessionOver | SessionStopped, ...]
) -> None:
    paused, effects = takes_back(in_delight(), how)
    assert EraseAtEnd(session_ids=("first", "2")) in effects  # though coreg stop now
    over, effects = after(paused, *ends)
    erased = [each.session_id for each in effects if isinstance(each, Remove)]
    assert erased == ["first", "2"]
    assert not [each for each in effects if isinstance(each, KeepSat)]
    if over.hour is not None:  # what comes now is not saved, and not erased once more
        talk = replace(hour_from(HourPart.TALK), kept=False)
        on, _ = after(over, talk, block(0, "turn"))
        _, effects = after(on, ended(Ending.COMPLETE), SessionOver())
        assert not [each for each in effects if isinstance(each, Remove)]


def test_no_heart_is_heard_in_an_hour_after_its_owner_took_all_of_it_back() -> None:
    paused, _ = takes_back(in_delight(), replace(YES, choice=Choice.NOT_NOW))
    over, effects = after(paused, ended(Ending.COMPLETE), SessionOver())
    assert Begin() not in effects
    assert (over.hour, over.running) == (None, None)
    # Who only wants nothing saved goes on, and nothing is saved.
    paused, _ = takes_back(in_delight(), replace(YES, record=False))
    _, effects = after(paused, ended(Ending.COMPLETE), SessionOver())
    assert Begin() in effects


def test_who_agrees_again_in_the_same_pause_has_the_whole_hour_kept() -> None:
    paused, _ = takes_back(in_delight(), replace(YES, record=False))
    mine = Go(screen=Screen.CONSENT, partner=Partner.A)
    again, effects = after(paused, mine, YES)
    assert EraseAtEnd(session_ids=()) in effects
    _, effects = after(again, ended(Ending.COMPLETE), SessionOver())
    assert not [each for each in effects if isinstance(each, Remove)]


# --- an hour that broke off ------------------------------------------------------


def came_back(text: str, cue: Heard, *earlier: str) -> Evening:
    """The evening that goes on after a restart, where something else was chosen."""
    restarted = replace(IN_THERAPY, chosen=HOME.chosen, starting=True)
    assert restarted.chosen.practice != "open"
    on = SessionWentOn(
        session_id="back",
        clock=BEGAN.clock,
        taps=False,
        plan=parse_plan(text),
        first=Partner.B,
        cues=(cue.cue,),
        went_on=WentOn(t_s=800.0, since_s=200.0, is_timed=True),
        earlier=earlier,
    )
    return after(restarted, on, Heard(cue=Resumed(t_s=820.0)))[0]


def test_an_hour_that_broke_off_in_its_talk_is_an_hour_still() -> None:
    whole = came_back(plan_text("open"), block(3, "turn"))
    cut = gone_on_with(plan_text("open"), HourPart.TALK)
    later = came_back(cut, block(0, "turn"), "first", "delight")
    for evening, first in ((whole, "back"), (later, "first")):
        assert evening.hour is not None
        assert (evening.hour.session_id, evening.chosen.practice) == (first, "open")
        assert "delight" in begins_within(evening)
        on, _ = after(evening, BeginWithin(practice="delight"))
        _, effects = after(on, ended(Ending.WENT_OVER), SessionOver())
        assert Begin() in effects


def test_what_is_taken_back_after_coreg_came_back_is_erased_of_all_the_hour() -> None:
    earlier = ("first", "delight")
    cut = gone_on_with(plan_text("open"), HourPart.TALK)
    for evening in (
        came_back(cut, block(0, "turn"), *earlier),
        came_back(plan_text("attune"), block(1, "turn"), *earlier),
    ):
        _, effects = takes_back(evening, replace(YES, record=False))
        assert EraseAtEnd(session_ids=(*earlier, "back")) in effects


def test_what_is_of_the_same_hour_is_found_in_its_folder(tmp_path: Path) -> None:
    def kept(session_id: str, minute: int, hour: str = "") -> Opened:
        utc = f"2026-03-01T10:{minute:02}:00+00:00"
        opened = changed(opening(), session_id=session_id, opened_utc=utc, hour=hour)
        SessionLog.create(session_path(tmp_path, session_id), opened).close()
        return opened

    session_path(tmp_path, "any").parent.mkdir()
    first = kept("20260301-100000-ffff", 0)
    kept("20260301-101000-aaaa", 12, first.identity.session_id)
    kept("20260301-101000-bbbb", 11, first.identity.session_id)
    other = kept("20260301-102000-cccc", 20)
    back = kept("20260301-103000-dddd", 30, first.identity.session_id)
    assert earlier_in_hour(tmp_path, back) == (
        "20260301-100000-ffff",
        "20260301-101000-bbbb",
        "20260301-101000-aaaa",
    )
    assert earlier_in_hour(tmp_path, other) == ()


def test_an_hour_that_came_back_is_told_of_to_its_therapist() -> None:
    hears = replace(
        came_back(plan_text("open"), block(7, "write")), therapist_hears=True
    )
    assert hears.screen is Screen.WRITE
    assert may_tell(hears)


# --- back, where each is asked alone -------------------------------------------


@pytest.mark.parametrize("turn", Partner)
def test_back_at_the_question_before_a_practice_is_a_no_and_looks_like_one(
    turn: Partner,
) -> None:
    def through(left: Go | None) -> list[tuple[Evening, list[Effect]]]:
        evening, seen = within("near-and-far"), []
        for each, yes in zip(Partner, BOTH_SAY_YES, strict=True):
            no = left or Gate(partner=each, answer=GateAnswer.NOT_TODAY)
            evening, effects = after(evening, no if each is turn else yes)
            seen.append((evening, effects))
        return seen

    back = through(Go(screen=Screen.HOME))
    assert back == through(None)
    evening, effects = back[-1]
    assert effects == [Begin()]
    assert evening.hour is not None
    assert (evening.starting, evening.chosen.practice) == (True, "open")


def test_a_session_of_before_there_were_hours_opens_and_says_of_none() -> None:
    """Its row is as long as it was; only what goes on with an hour has one more."""
    # The last field that there was.
    before = changed(opening(first=Partner.B), by_labels=False)
    old = encode(before)
    assert json.loads(old)[-1] == "B"
    assert decode_as(Opened, old).identity.hour == ""
    of_hour = changed(before, hour="first")
    assert decode_as(Opened, encode(of_hour)) == of_hour
    assert encode(of_hour) == old[:-1] + b',"first"]'
