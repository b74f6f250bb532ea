"""What one person answers alone makes no difference on any other page.

Two evenings, and two hours with a therapist, are lived that differ in nothing but what
one of the two answered, chose or wrote alone. What every other page was told has to be
the same then, whatever field it might have stood in: a rating, a consent, a wish. What
goes with the clock of a computer (breaths, hearts, times) is left out.
"""

import asyncio
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx

from coreg.store.clinic.book import Book
from coreg.store.clinic.notebook import CoupleNotebook
from coreg.web.wire.named import Seat
from tests.helpers.evening_server import LATE_S, PageClient, Served, on_a_phone
from tests.helpers.two_people import agree, unlock
from tests.test_told_to_a_therapist import (
    at_the_gate,
    book,
    couple_in,
    hour,
    taken,
    waits_in,
)
from tests.test_web_seats import Room, caught_up, room

__all__ = ["book"]  # a fixture

OTHERS = ("laptop", "B", "console", "light")
ROOM = ("laptop", "console", "light")
# Told by the clock of the computer, and the same whatever anybody answers.
OF_THE_CLOCK = {"hearts", "breath", "pacer-stopped", "warmth", "watched", "pong"}
FLEETING = {"straps", "breath", "next_breath", "pacing"}
FLEETING |= {"length_s", "ticket", "number"}
SESSION = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
UTC = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+]+")
Told = dict[str, list[Any]]
Live = Callable[[int], Told]
TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """What one of the two says alone, all through."""

    consent: Mapping[str, bool] = field(default_factory=dict)
    how: int = 2
    text: str = "a plum"
    aside: bool = False
    gate: str = "yes"
    happened: str = "yes"
    in_quiet: tuple[str, ...] = ("nothing",)
    look: str = "nothing"
    wrong_passcodes: int = 0
    shared: bool = False


PLUM = Private()
PEAR = Private(
    how=9,
    text="a pear, and more than that",
    aside=True,
    happened="not-today",
    in_quiet=("talk", "sound"),
    look="mine",
    wrong_passcodes=2,
)
WITHOUT = ("record", "show_partner", "find_pace", "show_therapist")
ALL = Private(consent=dict.fromkeys(WITHOUT, True), look="ours")
NOTHING = Private(consent=dict.fromkeys(WITHOUT, False) | {"see_doctor": True})


def told_to(page: PageClient) -> list[Any]:
    """Return all that a page was told, one after the other, without the clock's."""
    told = list[Any]()
    heard = list[Any]()  # a console, once a second: it may come between any two others
    for message in page.heard:
        if message["type"] in OF_THE_CLOCK:
            continue
        plain = without_clock(message)
        if message["type"] == "heard":
            heard += [one for one in message["heard"] if one not in heard]
            continue
        if message["type"] == "state" and told and told[-1] == plain:
            continue  # told anew because of what is left out
        told.append(plain)
    return [*told, *heard]


def without_clock(told: Any) -> Any:
    if isinstance(told, dict):
        return {
            name: without_clock(value)
            for name, value in told.items()
            if name not in FLEETING and not name.endswith("server_s")
        }
    if isinstance(told, list):
        return [without_clock(each) for each in told]
    if isinstance(told, str):
        return UTC.sub("UTC", SESSION.sub("SESSION", told))
    return told


async def fetched(at: Served, seat: Seat) -> list[Any]:
    """Return what a phone may read of evenings and lines, beside its socket."""
    async with httpx.AsyncClient(headers=on_a_phone(at, seat), timeout=LATE_S) as web:
        answers = [
            await web.get(f"{at.origin}/{path}") for path in ("evenings", "lines")
        ]
    return [without_clock(answer.json()) for answer in answers]


def said(of: Private) -> dict[str, object]:
    how = dict.fromkeys(("at_ease", "wide_awake", "myself"), of.how)
    return {"text": f"{of.text} before", "aside": of.aside, **how}


def in_quiet(of: Private) -> dict[str, bool]:
    """What one says of the free time; of a therapist’s hour nobody is asked it."""
    things = ("nothing", "talk", "moving", "sound")
    return {each: each in of.in_quiet for each in things}


async def answers(phone: PageClient, partner: str, of: Private) -> None:
    """Answer all that one is asked alone after a practice."""
    await phone.turn(partner)
    await phone.say("words", partner=partner, text=f"{of.text} after")
    how = dict.fromkeys(("at_ease", "wide_awake", "myself"), of.how)
    await phone.say("rating", partner=partner, moment="after", **how)
    await phone.ask("happened", partner=partner, happened=of.happened)
    for _ in range(of.wrong_passcodes):
        await phone.ask("enter-passcode", partner=partner, passcode="not this")
    await unlock(phone, partner)
    wish = {"text": f"{of.text} more", "near": of.how}
    await taken(phone, "own-wish", partner=partner, **wish)
    if of.shared:
        await taken(phone, "show-own-wish", partner=partner, shown=True)
    hurts = f"{of.text} hurts"
    told = await phone.ask("write-loose-end", partner=partner, text=hurts)
    (line,) = (line for line in told["own"]["lines"] if line["text"] == hurts)
    change = {"number": line["number"], "text": f"{of.text} anew"}
    await taken(phone, "change-own-line", partner=partner, **change)
    await taken(phone, "look", partner=partner, whose=of.look)


def lived(data: Path, a: Private, b: Private, live: Any) -> Told:
    """Return what every page was told of an evening that these two lived."""

    async def go() -> Told:
        async with room(data) as at:
            await live(at, a, b)
            pages = {"laptop": at.laptop, "A": at.a, "B": at.b}
            pages |= {"console": at.console, "light": at.light}
            await caught_up(*pages.values())
            told = {name: told_to(page) for name, page in pages.items()}
            told["B"] += await fetched(at.at, Seat.B)
            return told

    return asyncio.run(go())


async def asked_at_first(at: Room, a: Private, b: Private) -> None:
    """Two people come for the first time, and each answers on their own phone."""
    await at.laptop.say("names", A="Ada", B="Bo")
    for partner, phone, of in (("A", at.a, a), ("B", at.b, b)):
        await phone.turn(partner)
        await agree(phone, partner, **of.consent)
    await at.laptop.screen("home")
    for partner in "AB":
        worn = {"strap_id": f"simulated-{partner}", "partner": partner}
        await at.laptop.say("assign", **worn)


async def whole_evening(at: Room, a: Private, b: Private) -> None:
    await asked_at_first(at, a, b)
    await at.laptop.say("start")
    for partner, phone, of in (("A", at.a, a), ("B", at.b, b)):
        await phone.turn(partner)
        await phone.say("gate", partner=partner, answer=of.gate, **said(of))
    await at.laptop.screen("words")
    await at.laptop.say("press", press="next")
    await at.laptop.screen("look-back")
    for partner, phone, of in (("B", at.b, b), ("A", at.a, a)):
        await phone.turn(partner)
        await taken(phone, "in-quiet", partner=partner, **in_quiet(of))
        await answers(phone, partner, of)
    await at.laptop.turn(None)
    await at.laptop.say("go", screen="home")
    await at.laptop.screen("home")


async def asked_whether_today(at: Room, a: Private, b: Private) -> None:
    """Both are asked before a practice, and it may be that none begins."""
    await asked_at_first(at, a, b)
    await at.laptop.say("start")
    for partner, phone, of in (("A", at.a, a), ("B", at.b, b)):
        await phone.turn(partner)
        await phone.say("gate", partner=partner, answer=of.gate, **said(of))
    await at.laptop.state_when(
        lambda state: state["screen"] == "not-yet" or state["block"] is not None
    )


def lived_hour(data: Path, book: Book, a: Private, b: Private) -> Told:
    """Return what every page was told of an hour with a therapist."""
    notebook = CoupleNotebook(book, couple_in(book))

    async def go() -> Told:
        async with hour(data) as (at, laptop, phones, console):
            at.service.open_notebook(notebook)
            await console.say("start")
            for partner, of in (("A", a), ("B", b)):
                phone = phones[partner]
                await at_the_gate(phone, partner)
                if of.shared:
                    before = {"partner": partner, "text": f"{of.text} first"}
                    await taken(phone, "tell-before", **before)
                week = {"name": "week", "value": of.how}
                await taken(phone, "answer", partner=partner, **week)
                await phone.say("gate", partner=partner, answer=of.gate, **said(of))
            for part in ("Open", "One practice", "Words"):
                await console.state_when(partial(waits_in, part))
                await taken(console, "press", press="next")
            for partner, of in (("A", a), ("B", b)):
                await of_the_hour(phones[partner], partner, of)
            await laptop.screen("look-back")
            for partner, of in (("B", b), ("A", a)):
                await answers(phones[partner], partner, of)
            await laptop.turn(None)
            told_of = 6 * sum(of.shared for of in (a, b))
            await console.told_when("heard", lambda m: len(m["heard"]) == told_of)
            pages = {"laptop": laptop, "console": console, **phones}
            await caught_up(*pages.values())
            told = {name: told_to(page) for name, page in pages.items()}
            told["B"] += await fetched(at, Seat.B)
            return told

    return asyncio.run(go())


async def of_the_hour(phone: PageClient, partner: str, of: Private) -> None:
    """Say on an own phone how the hour was."""
    await phone.screen("write")
    await phone.turn(partner)
    shared = {"shared": True} if of.shared else {}
    for name in ("heard", "mattered", "right_pace"):
        value = {"name": name, "value": of.how}
        await taken(phone, "answer", partner=partner, **value, **shared)
    text = {"text": f"{of.text} differently"}
    await taken(phone, "words", partner=partner, **text, **shared)
    await taken(phone, "done", partner=partner, does="next")


def alike(seats: Collection[str], told: Live, again: Live) -> tuple[Told, Told]:
    """Return both, once each of these seats was told the same in one of either.

    A machine that is busy may tell a state between two others in one run and not in the
    next: that comes and goes. What somebody answered comes out in every one.
    """
    ones, others = list[Told](), list[Told]()
    apart = set(seats)
    for number in range(TRIES):
        ones.append(told(number))
        others.append(again(number))
        apart = {
            seat
            for seat in seats
            if not any(one[seat] == other[seat] for one in ones for other in others)
        }
        if not apart:
            break
    for seat in apart:
        assert ones[-1][seat] == others[-1][seat], seat
    return ones[-1], others[-1]


def test_what_one_says_alone_of_an_evening_makes_no_difference_elsewhere(
    tmp_path: Path,
) -> None:
    told, again = alike(
        OTHERS,
        lambda n: lived(tmp_path / f"one {n}", PLUM, PLUM, whole_evening),
        lambda n: lived(tmp_path / f"other {n}", PEAR, PLUM, whole_evening),
    )
    assert all(len(told[seat]) > 10 for seat in OTHERS), "they were told of it"
    assert told["A"] != again["A"], "but to whoever said it"


def test_where_the_other_agreed_to_nothing_what_one_agreed_to_makes_no_difference(
    tmp_path: Path,
) -> None:
    alike(
        OTHERS,
        lambda n: lived(tmp_path / f"one {n}", ALL, NOTHING, whole_evening),
        lambda n: lived(tmp_path / f"other {n}", NOTHING, NOTHING, whole_evening),
    )


def test_which_of_two_would_rather_not_shows_on_no_page(tmp_path: Path) -> None:
    @cache
    def told(a: str, b: str, number: int) -> Told:
        said_by_both = replace(PLUM, gate=a), replace(PLUM, gate=b)
        place = tmp_path / f"{a} {b} {number}"
        return lived(place, *said_by_both, asked_whether_today)

    # Who of the two it was that wanted it otherwise, shows nowhere.
    for answer in ("not-today", "gentler"):
        alike(ROOM, partial(told, answer, "yes"), partial(told, "yes", answer))
    # And whoever wanted it otherwise does not learn whether the other one did, too.
    for of_a, of_b in (
        ("not-today", "not-today"),
        ("gentler", "not-today"),
        ("gentler", "gentler"),
    ):
        alike(OTHERS, partial(told, of_a, of_b), partial(told, "yes", of_b))


def test_what_one_says_alone_of_an_hour_makes_no_difference_even_to_the_therapist(
    tmp_path: Path, book: Book
) -> None:
    """Unless its owner shares it: then it does to the therapist, and to nobody else."""

    def told(name: str, a: Private, number: int) -> Told:
        return lived_hour(tmp_path / f"{name} {number}", book, a, PLUM)

    all_shared = replace(PEAR, shared=True)
    plum = cache(partial(told, "one", PLUM))
    alike(("laptop", "B", "console"), plum, partial(told, "other", PEAR))
    _, shared = alike(("laptop", "B"), plum, partial(told, "shared", all_shared))
    assert "a pear" in json.dumps(shared["console"])
