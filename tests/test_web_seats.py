"""Whose a page is: what each seat hears of an evening, and what it may ask of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import httpx
import pytest

from coreg.facts.events import Partner, Press
from coreg.web.evening.on_straps import lost_id
from coreg.web.server.guests import Guests
from coreg.web.server.nothing_told import NOTHING
from coreg.web.server.page import PageConnection
from coreg.web.server.phones import MAY_SLEEP_S, Phones
from coreg.web.server.seats import TOLD_TO, seen_from, why_not
from coreg.web.wire import incoming
from coreg.web.wire.incoming import Go, Message, parse
from coreg.web.wire.named import Screen, Seat
from coreg.web.wire.of_own import ChoosePasscode
from coreg.web.wire.outgoing import NOBODY, Called, NoticeShown, State
from tests.helpers.evening_server import (
    LATE_S,
    PageClient,
    Served,
    entered,
    on_a_phone,
    page,
)
from tests.helpers.two_people import (
    CALM,
    agree,
    evening_of_two,
    first_use,
    said_before,
    unlock,
)

ELSEWHERE = {"type": "refused", "why": "asked-elsewhere"}
NOT_HERE = {"type": "refused", "why": "not-at-this-seat"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A page at each seat."""

    at: Served
    laptop: PageClient
    a: PageClient
    b: PageClient
    console: PageClient
    light: PageClient

    def heard(self) -> dict[str, str]:
        """All that each seat's socket ever received."""
        seats = {"A": self.a, "B": self.b, "laptop": self.laptop}
        seats |= {"console": self.console, "light": self.light}
        return {name: "\n".join(one.raw) for name, one in seats.items()}


@asynccontextmanager
async def room(data: Path) -> AsyncIterator[Room]:
    """An evening of two with a laptop, a phone for each, a console and a light."""
    async with evening_of_two(data) as at, page(at, await entered(at)) as laptop:
        await laptop.screen("welcome")
        ways = [on_a_phone(at, seat) for seat in (Seat.A, Seat.B)]
        ways += [window(at, seat) for seat in (Seat.THERAPIST, Seat.LIGHT)]
        async with (
            page(at, ways[0]) as a,
            page(at, ways[1]) as b,
            page(at, ways[2]) as console,
            page(at, ways[3]) as light,
        ):
            yield Room(at=at, laptop=laptop, a=a, b=b, console=console, light=light)


def window(at: Served, seat: Seat) -> dict[str, str]:
    """What one more window of this computer sends."""
    guest = at.guests.at_this_computer(seat)
    cookie = f"{at.guests.cookie_name}={guest.cookie}"
    return {"Cookie": cookie, "Coreg-Page": guest.page}


def why(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer.get(name) for name in ("type", "why")}


async def caught_up(*pages: PageClient) -> None:
    """Have each hear all that was told until now."""
    for one in pages:
        await one.say("ping", id=9)
        await one.until(lambda m: m["type"] == "pong")


async def first_use_on_phones(at: Room) -> None:
    """Two people come for the first time, and each answers on their own phone."""
    await at.laptop.say("names", A="Ada", B="Bo")
    for partner, phone in (("A", at.a), ("B", at.b)):
        await phone.turn(partner)
        await agree(phone, partner)
    await at.laptop.screen("home")
    for partner in "AB":
        strap_id = f"simulated-{partner}"
        await at.laptop.say("assign", strap_id=strap_id, partner=partner)


def test_of_a_whole_evening_no_seat_hears_what_is_anothers(tmp_path: Path) -> None:
    """Each writes and rates on a phone; all that every socket got is searched."""
    said: dict[str, list[str]] = {"A": [], "B": []}

    async def go() -> dict[str, str]:
        async with room(tmp_path) as at:
            await first_use_on_phones(at)
            await at.laptop.say("start")
            for partner, phone in (("A", at.a), ("B", at.b)):
                await phone.turn(partner)
                given = {**said_before(partner), "text": f"before of {partner}"}
                said[partner].append(str(given["text"]))
                await phone.say("gate", partner=partner, answer="yes", **given)
            await at.laptop.screen("words")
            await at.laptop.say("press", press="next")
            await at.laptop.screen("look-back")
            first = at.laptop.state["turn"]
            for partner in (first, "A" if first == "B" else "B"):
                phone = at.a if partner == "A" else at.b
                await phone.turn(partner)
                text = f"after of {partner}"
                said[partner].append(text)
                await phone.say("words", partner=partner, text=text)
                await phone.say("rating", partner=partner, moment="after", **CALM)
                said[partner].append(await unlock(phone, partner))
                lines = await phone.ask("own-lines", partner=partner)
                assert len(lines["own"]["lines"]) == 4, "words and ratings, come back"
                await phone.say("look", partner=partner, whose="nothing")
            await at.laptop.turn(None)
            everybody = (at.laptop, at.a, at.b, at.console, at.light)
            await caught_up(*everybody)
            return at.heard()

    heard = asyncio.run(go())
    for partner, private in said.items():
        assert len(private) == 3
        for text in private:
            found = {seat for seat, all_of in heard.items() if text in all_of}
            # What one wrote comes back to that one's own phone, and nowhere else.
            assert found == {partner}, text
    assert "Ada" in heard["console"]
    # Each reads on an own phone how the own strap sits, and nothing of the other one's.
    for own, other in ("AB", "BA"):
        assert f"simulated-{own}" in heard[own]
        assert f"simulated-{other}" not in heard[own]
    assert "simulated-" not in heard["light"]
    assert not [
        text for text in ("jumps", "scales") if f'"{text}":[{{' in heard["light"]
    ]


def test_what_one_is_asked_alone_is_asked_on_their_phone_and_not_on_the_laptop(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with room(tmp_path) as at:
            await first_use_on_phones(at)
            await at.laptop.say("start")
            laptop = await at.laptop.turn("A")
            on_phones = [await at.a.turn("A"), await at.b.turn("A")]
            assert laptop["phones"] == ["A", "B"]
            assert [laptop["elsewhere"], *(it["elsewhere"] for it in on_phones)] == [
                True,
                False,
                True,
            ]
            gate = {"partner": "A", "answer": "yes"}
            assert why(await at.laptop.ask("gate", **gate)) == ELSEWHERE
            assert why(await at.b.ask("gate", **gate)) == NOT_HERE
            # Whoever would rather answer on the laptop says so there.
            assert (await at.laptop.ask("ask-here", partner="A"))["type"] == "taken"
            await at.laptop.state_when(lambda state: not state["elsewhere"])
            await at.a.state_when(lambda state: state["elsewhere"])
            assert why(await at.a.ask("gate", **gate)) == ELSEWHERE
            assert (await at.laptop.ask("gate", **gate))["type"] == "taken"

    asyncio.run(go())


def test_either_phone_and_the_light_may_pause_and_two_phones_go_on_together(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with room(tmp_path) as at:
            await first_use_on_phones(at)
            await at.laptop.say("start")
            for partner, phone in (("A", at.a), ("B", at.b)):
                await phone.turn(partner)
                await phone.say("gate", partner=partner, answer="yes")
            await at.laptop.screen("arrive")
            await at.light.say("press", press="pause")
            await at.b.screen("pause")
            assert why(await at.b.ask("hold", partner="A", on=True)) == NOT_HERE
            await at.a.say("hold", partner="A", on=True)
            await at.b.say("hold", partner="B", on=True)
            await at.laptop.state_when(lambda state: not state["paused"])

    asyncio.run(go())


def test_what_helps_is_said_on_the_phone_of_the_one_who_hurts_or_on_the_laptop(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with room(tmp_path) as at:
            await first_use_on_phones(at)
            await at.laptop.say("start", right_now="A")
            await at.laptop.state_when(lambda it: it["block"] is not None)
            await at.laptop.say("press", press="next")
            pages = (at.laptop, at.a, at.b, at.console)
            told = [await one.state_when(is_of_care) for one in pages]
            buttons = [len(state["block"]["choices"]) for state in told]
            assert buttons == [6, 6, 0, 6]
            assert [state["block"]["waits"] for state in told] == [
                True,
                True,
                False,
                True,
            ]
            for press in ("next", "again"):
                refused = why(await at.b.ask("press", press=press))
                assert refused == {"type": "refused", "why": "not-your-turn"}
            assert (await at.a.ask("press", press="next"))["type"] == "taken"
            await at.a.state_when(
                lambda it: not is_of_care(it) or not it["block"]["waits"]
            )

    asyncio.run(go())


def is_of_care(state: dict[str, Any]) -> bool:
    return state["block"] is not None and state["block"]["kind"] == "care"


def test_whoever_hurts_and_has_no_phone_of_their_own_is_asked_by_either_page() -> None:
    """Where the phone of the hurt one sleeps for long, nobody is stuck."""
    on = parse(json.dumps({"type": "press", "press": "next"}))
    pause = parse(json.dumps({"type": "press", "press": "pause"}))
    other = {"turn": None, "cared_for": Partner.A}
    for held in ({Partner.B}, set[Partner]()):
        assert why_not(on, Seat.B, held=held, **other) is None
    both = {Partner.A, Partner.B}
    assert why_not(on, Seat.B, held=both, **other) == "not-your-turn"
    assert why_not(pause, Seat.B, held=both, **other) is None
    for seat in (Seat.A, Seat.BOTH, Seat.THERAPIST):
        assert why_not(on, seat, held=both, **other) is None


# What a seat asks at all, message by message; what is not named is the laptop's alone.
_TOGETHER = {"ping", "press", "pause-way", "hold", "tap", "lively"}
_ALONE = {"gate", "consent", "own-consent", "rating", "answer", "done", "aside"}
_ALONE |= {"words", "read-aloud", "look", "happened", "in-quiet", "tell-before"}
_OWN = {"choose-passcode", "enter-passcode", "lock-again", "own-lines", "ask-here"}
_OWN |= {"change-own-line", "delete-own-line", "say-happened"}
_OWN |= {"write-loose-end", "offer-loose-end", "own-wish"}
_OWN |= {"show-own-wish", "bring-own-line"}
_CONSOLE = {"mark", "note", "begin-within", "hour-on"}
ASKS: dict[Seat, set[str]] = {
    Seat.A: _TOGETHER | _ALONE | _OWN | {"go"},
    Seat.B: _TOGETHER | _ALONE | _OWN | {"go"},
    Seat.THERAPIST: {"ping", "press", "choose", "start", "assign", "swap", "lines"}
    | {"names", "go"}
    | _CONSOLE,
    # A first passcode is chosen by whoever it is for (below).
    Seat.BOTH: set(incoming.TYPES) - {"choose-passcode"} - _ALONE - _CONSOLE,
    Seat.LIGHT: {"ping", "press"},
}
FIELDS: dict[str, Any] = {
    "id": 1,
    "press": Press.PAUSE,
    "partner": "A",
    "screen": Screen.HOME,
    "answer": "yes",
}


def messages() -> Iterator[tuple[str, Message]]:
    """Of each kind of message one of A, as a page sends it."""
    for name, kind in incoming.TYPES.items():
        given = object.__new__(kind)
        for field in kind.__dataclass_fields__:
            object.__setattr__(given, field, FIELDS.get(field))
        yield name, given


def test_every_message_is_of_the_seats_that_are_named_and_of_no_other() -> None:
    assert {type(each) for _, each in messages()} == set(get_args(Message))
    held = {Partner.A, Partner.B}
    for seat, asks in ASKS.items():
        owner = Partner.B if seat is Seat.B else Partner.A
        for name, message in messages():
            if hasattr(message, "partner"):
                object.__setattr__(message, "partner", owner)
            refused = why_not(message, seat, turn=owner, held=held)
            assert (refused is None) == (name in asks), (seat, name)


def test_no_phone_asks_anything_for_the_other() -> None:
    for name, message in messages():
        is_someones = getattr(message, "partner", None) is not None
        refused = why_not(message, Seat.B, turn=Partner.A, held={Partner.A, Partner.B})
        if is_someones:
            assert refused == "not-at-this-seat", name


def test_a_light_may_stop_a_practice_and_do_nothing_else() -> None:
    for press in ("next", "resume", "finish", "too slow", "ready", "again"):
        message = parse(json.dumps({"type": "press", "press": press}))
        assert why_not(message, Seat.LIGHT, turn=None, held=()) == "not-at-this-seat"


def test_nobody_but_a_therapist_says_how_fast_to_breathe() -> None:
    for press in ("slower", "faster", "hold", "by itself"):
        message = parse(json.dumps({"type": "press", "press": press}))
        may = {
            seat for seat in Seat if why_not(message, seat, turn=None, held=()) is None
        }
        assert may == {Seat.THERAPIST}


def test_what_is_somebodys_is_of_their_phone_or_named_as_the_laptops() -> None:
    """A new message with a partner in it has to be thought of."""
    of_both = {"assign", "erase", "forget-passcode", "loose-end", "hold", "tap"}
    of_both |= {"saw-alone", "edit-beats"}  # a therapist's
    theirs = {
        name
        for name, kind in incoming.TYPES.items()
        if "partner" in {each.name for each in fields(kind)}
    }
    assert theirs - of_both <= _ALONE | _OWN | {"go"}


def test_no_phone_moves_the_page_on_which_the_other_is_asked() -> None:
    def asked(partner: Partner | None, turn: Partner | None) -> str | None:
        go = Go(screen=Screen.CONSENT, partner=partner)
        return why_not(go, Seat.B, turn=turn, held={Partner.A, Partner.B})

    assert asked(Partner.B, None) is None
    assert asked(Partner.B, Partner.B) is None
    assert asked(None, Partner.A) == "not-at-this-seat"
    assert asked(None, None) == "not-at-this-seat"
    assert asked(Partner.B, Partner.A) == "not-at-this-seat"


def test_nobody_chooses_a_first_passcode_on_the_laptop_for_who_has_a_phone() -> None:
    def asked(old: str | None, held: set[Partner]) -> str | None:
        choose = ChoosePasscode(partner=Partner.A, passcode="4711", old=old)
        return why_not(choose, Seat.BOTH, turn=Partner.A, held=held)

    assert asked(None, {Partner.A}) == "asked-elsewhere"
    assert asked(None, {Partner.B}) is None
    assert asked("1234", {Partner.A}) is None


# What a light and a console hear of the state, field by field, beside the laptop.
HEARD_BY_ALL = {
    *("v", "server_s", "screen", "simulated", "source", "seed", "speed", "turn"),
    *("seat", "elsewhere", "phones", "first", "strapless", "with_therapist"),
    *("paused", "breath", "next_breath", "pacing", "asks", "taps"),
    *("couple", "settings", "block"),
}


def test_a_field_that_nobody_named_reaches_the_laptop_alone() -> None:
    every = {each.name for each in fields(State)}
    assert every > HEARD_BY_ALL
    changed = {"couple", "settings", "block"}
    assert TOLD_TO[Seat.LIGHT] == HEARD_BY_ALL - changed
    assert TOLD_TO[Seat.THERAPIST] - HEARD_BY_ALL == {
        *("practice", "choices", "without_breathing", "pace", "pause", "ending"),
        *("notices", "recording", "lock", "home_plan", "marks", "straps"),
        *("hour", "for_therapist"),
    }
    assert TOLD_TO[Seat.A] - HEARD_BY_ALL == {
        *("practice", "without_breathing", "pace", "scales", "pause", "ending"),
        *("closing", "look", "sat", "read", "lock", "loose_ends", "home_plan"),
        *("recording", "therapist_hears", "straps"),
    }
    assert TOLD_TO[Seat.A] == TOLD_TO[Seat.B]


def test_a_phone_hears_that_a_strap_is_lost_and_no_other_notice() -> None:
    lost = NoticeShown(id=lost_id(Partner.B), words="Nothing from Bo’s strap.")
    told = replace(NOTHING, notices=(NoticeShown(id="phone-A", words="x"), lost))
    assert seen_from(told, Seat.A, ()).notices == (lost,)
    assert seen_from(told, Seat.LIGHT, ()).notices == ()


def test_of_a_name_before_and_a_passcode_only_its_owner_hears() -> None:
    called = Called(name="Ada", passcode_utc="p", renamed_utc="r", before="Eve")
    told = replace(NOTHING, couple=dict.fromkeys(Partner, called))
    for seat, owner in (
        (Seat.A, Partner.A),
        (Seat.LIGHT, None),
        (Seat.THERAPIST, None),
    ):
        for partner, heard in seen_from(told, seat, ()).couple.items():
            own = partner is owner
            assert heard == (called if own else replace(NOBODY, name="Ada"))


# --- a phone's place ----------------------------------------------------------


def test_a_phone_that_sleeps_keeps_its_place_for_ten_minutes() -> None:
    phones, phone = Phones(), PageConnection(Seat.A)
    phones.came(phone)
    phones.left(phone, 100.0)
    assert phones.held(100.0 + 599.9) == {Partner.A}
    assert phones.held(100.0 + 600.0) == set()
    assert MAY_SLEEP_S == 600.0
    phones.came(PageConnection(Seat.A))
    assert phones.held(1e9) == {Partner.A}


def test_of_two_pages_on_one_phone_either_keeps_the_place() -> None:
    phones, one, other = Phones(), PageConnection(Seat.B), PageConnection(Seat.B)
    phones.came(one)
    phones.came(other)
    phones.left(one, 0.0)
    assert phones.held(1e6) == {Partner.B}


def test_the_laptop_takes_a_place_until_the_phone_asks_for_it_or_comes_anew() -> None:
    phones, phone, laptop = Phones(), PageConnection(Seat.A), PageConnection(Seat.BOTH)
    phones.came(phone)
    phones.ask_at(laptop, Partner.A)
    assert phones.held(0.0) == set()
    phones.ask_at(phone, Partner.A)
    assert phones.held(0.0) == {Partner.A}
    phones.left(phone, 0.0)
    phones.sent_away(Partner.A)
    assert phones.held(1.0) == set()


# --- the door -----------------------------------------------------------------


async def opened(at: Served, keys: dict[str, str], seat: str) -> httpx.Response:
    async with httpx.AsyncClient(headers=keys, timeout=LATE_S) as client:
        origin = {"Origin": at.origin}
        return await client.post(f"{at.origin}/window/{seat}", headers=origin)


def test_a_link_to_one_more_window_leads_to_its_seat_once(tmp_path: Path) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at, httpx.AsyncClient() as client:
            keys = await entered(at)
            answer = await opened(at, keys, "light")
            link = answer.text
            assert urlsplit(link).netloc == at.host
            told = await client.get(link)
            assert told.status_code == 200
            again = await client.get(link)
            assert again.status_code == 403
            assert at.guests.at_this_computer(Seat.LIGHT).page in told.text
            assert keys["Coreg-Page"] not in told.text

    asyncio.run(go())


@pytest.mark.parametrize("seat", ["therapist", "A", "B", "nobody"])
def test_no_window_of_this_computer_opens_a_seat_of_somebodys_own(
    tmp_path: Path, seat: str
) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            answer = await opened(at, await entered(at), seat)
            assert answer.status_code == 404

    asyncio.run(go())


def test_neither_a_phone_nor_a_light_opens_windows_or_reads_beyond_its_seat(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            for keys in (on_a_phone(at, Seat.A), window(at, Seat.LIGHT)):
                assert (await opened(at, keys, "both")).status_code == 403
            light, console = window(at, Seat.LIGHT), window(at, Seat.THERAPIST)
            for keys, path in (
                (light, "/evenings"),
                (light, "/lines"),
                (console, "/evenings"),
                (console, "/lines"),
                (console, "/evenings/20260301-193000-7f3a/page"),
            ):
                async with httpx.AsyncClient(headers=keys) as client:
                    answer = await client.get(at.origin + path)
                assert answer.status_code == 403, path

    asyncio.run(go())


def test_two_keys_open_together_and_neither_with_anothers(tmp_path: Path) -> None:
    guests = Guests(tmp_path)
    here, a, b = (
        guests.at_this_computer(Seat.BOTH),
        guests.from_elsewhere(Seat.A),
        guests.from_elsewhere(Seat.B),
    )
    assert guests.seat([a.cookie], a.page) is Seat.A
    for cookie, key in ((a.cookie, b.page), (here.cookie, a.page), (a.cookie, "")):
        assert guests.seat([cookie], key) is None
    guests.send_away(Seat.A)
    assert guests.seat([a.cookie], a.page) is None
    assert guests.seat([b.cookie], b.page) is Seat.B
    assert len({here.cookie, a.cookie, b.cookie, here.page, a.page, b.page}) == 6


def test_no_lock_and_nothing_that_concerns_both_is_asked_from_a_phone(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at, page(at, await entered(at)) as one:
            await first_use(one)
            async with page(at, on_a_phone(at, Seat.A)) as phone:
                for kind, fields in (
                    ("lock-now", {}),
                    ("no-lock", {"passphrase": None}),
                    ("erase", {"what": "everything", "session_id": None}),
                    ("start", {}),
                    ("keep-for", {"days": 1}),
                ):
                    more = {"partner": None, "confirm": "erase"} if fields else {}
                    more = more if kind == "erase" else {}
                    answer = await phone.ask(kind, **fields, **more)
                    assert why(answer) == NOT_HERE, kind

    asyncio.run(go())
