"""What each of the two tells their therapist alone: it reaches nobody else."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from coreg.errors import EnoughTold, StorageUnusable
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.store.clinic import book as book_room
from coreg.store.clinic.book import Book, close_clinic, set_up
from coreg.store.clinic.notebook import CoupleNotebook
from coreg.store.clinic.records import (
    MOST_BEFORE_A_DAY,
    MOST_LINES,
    About,
    Heard,
    with_retold,
)
from coreg.store.clinic.written import as_json
from coreg.store.library_db import Library
from coreg.web.evening.effects import KeepNames, TellTherapist
from coreg.web.server.console import Console
from coreg.web.server.errands import MOST_WAITING, Errands, Waiting
from coreg.web.server.heard import heard_shown
from coreg.web.server.own_access import OwnAccess
from coreg.web.server.page import PageConnection
from coreg.web.wire.named import Seat
from coreg.web.wire.of_own import (
    ChoosePasscode,
    DeleteOwnLine,
    EnterPasscode,
    ForgetPasscode,
    KeepOwnWish,
    ReadOwnLines,
    ShowOwnWish,
)
from coreg.web.wire.outgoing import RefusedTold, Taken
from tests.helpers.evening_server import (
    CHEAP,
    PageClient,
    Served,
    entered,
    on_a_phone,
    page,
    served,
)
from tests.helpers.short_plans import in_short
from tests.helpers.two_people import FAST, TwoStraps, agree, unlock, words_of
from tests.test_web_console import Pages
from tests.test_web_seats import window

WORDS = "four words I remember"
DAY = dt.date(2026, 3, 2)
ONE_MORE = dt.date(2026, 3, 9)
AN_HOUR = in_short("open", question=1, arrive=1, breathe=1, turn=1, rest=1, write=1)
ASKED = {"heard": 3, "mattered": 8, "right_pace": 5}


@asynccontextmanager
async def hour(
    data: Path,
) -> AsyncIterator[tuple[Served, PageClient, dict[str, PageClient], PageClient]]:
    """A therapist's hour of two: a laptop, a phone for each, and a console."""
    serving = served(
        data,
        speed=FAST,
        at_home=TwoStraps(FAST),
        plan_toml=AN_HOUR,
        with_therapist=True,
    )
    async with serving as at, page(at, await entered(at)) as laptop:
        await laptop.screen("welcome")
        async with (
            page(at, on_a_phone(at, Seat.A)) as a,
            page(at, on_a_phone(at, Seat.B)) as b,
            page(at, window(at, Seat.THERAPIST)) as console,
        ):
            await laptop.say("names", A="Ada", B="Bo")
            for partner, phone in (("A", a), ("B", b)):
                await phone.turn(partner)
                await agree(phone, partner)
            await laptop.screen("home")
            for partner in "AB":
                strap_id = f"simulated-{partner}"
                await laptop.say("assign", strap_id=strap_id, partner=partner)
            chosen = {"minutes": None, "length": None, "without_breathing": False}
            await console.say("choose", practice="open", **chosen)
            yield at, laptop, {"A": a, "B": b}, console


async def at_the_gate(one: PageClient, partner: str) -> dict[str, Any]:
    return await one.state_when(
        lambda state: state["screen"] == "gate" and state["turn"] == partner
    )


def waits_in(part: str, state: dict[str, Any]) -> bool:
    block = state["block"]
    return bool(block) and block["waits"] and block["name"] == part


async def taken(one: PageClient, kind: str, **fields: object) -> None:
    answer = await one.ask(kind, **fields)
    assert answer["type"] == "taken", (kind, answer)


def test_of_an_hour_what_is_told_the_therapist_is_on_no_page_of_the_two(
    tmp_path: Path, book: Book
) -> None:
    """A tells and shares, B writes as much and shares nothing; every socket is read."""
    notebook = CoupleNotebook(book, couple_in(book))

    async def go() -> dict[str, str]:
        async with hour(tmp_path / "couple") as (at, laptop, phones, console):
            at.service.open_notebook(notebook)
            await console.say("start")
            for partner, phone in phones.items():
                state = await at_the_gate(phone, partner)
                assert state["therapist_hears"]
                if partner == "A":
                    told = {"partner": "A", "text": "before of A"}
                    await taken(phone, "tell-before", **told)
                    await taken(phone, "tell-before", **told)  # it had not heard
                await taken(phone, "answer", partner=partner, name="week", value=6)
                await phone.say("gate", partner=partner, answer="yes")
            for part in ("Open", "One practice", "Words"):
                await console.state_when(partial(waits_in, part))
                await taken(console, "press", press="next")
            for partner, phone in phones.items():
                await phone.screen("write")
                await phone.turn(partner)
                shared = {"shared": True} if partner == "A" else {}
                for name, value in ASKED.items():
                    said = {"name": name, "value": value, **shared}
                    await taken(phone, "answer", partner=partner, **said)
                said = {"text": f"differently of {partner}", **shared}
                await taken(phone, "words", partner=partner, **said)
                await taken(phone, "done", partner=partner, does="next")
            await laptop.screen("look-back")
            await console.told_when("heard", lambda m: len(m["heard"]) == 5)
            for one in (laptop, *phones.values()):
                await one.say("ping", id=9)
                await one.until(lambda m: m["type"] == "pong")
            pages = {"laptop": laptop, "console": console, **phones}
            return {name: "\n".join(one.raw) for name, one in pages.items()}

    heard = asyncio.run(go())
    places = {
        text: {seat for seat, all_of in heard.items() if text in all_of}
        for text in ("before of A", "differently of A", "differently of B")
    }
    assert places == {
        "before of A": {"console"},
        "differently of A": {"console"},
        "differently of B": set(),
    }
    told = [(one.partner, one.about, one.value, one.text) for one in notebook.heard]
    hour_ = (Partner.A, About.HOUR)
    assert told[:1] == [(Partner.A, About.BEFORE, None, "before of A")]
    assert told[-4:] == [
        (*hour_, 3, ""),
        (*hour_, 8, ""),
        (*hour_, 5, ""),
        (*hour_, None, "differently of A"),
    ]
    # Each has what they wrote of the hour; what was told before it is the therapist's.
    for partner in Partner:
        assert words_of(tmp_path / "couple", partner) == [f"differently of {partner}"]


def test_where_no_book_is_open_nothing_is_told_and_nobody_is_asked_to(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with hour(tmp_path) as (_, _, phones, console):
            await console.say("start")
            state = await at_the_gate(phones["A"], "A")
            assert not state["therapist_hears"]
            told = {"partner": "A", "text": "before of A"}
            assert (await phones["A"].ask("tell-before", **told))["why"] == "not-now"

    asyncio.run(go())


def test_what_cannot_be_kept_is_said_to_the_one_who_told_it_and_to_nobody_else(
    tmp_path: Path,
) -> None:
    notebook = Pages(is_full=True)

    async def go() -> None:
        async with hour(tmp_path) as (at, laptop, phones, console):
            at.service.open_notebook(notebook)
            await console.say("start")
            await at_the_gate(phones["A"], "A")
            # The answer to a question of the couple's own is never told.
            week = {"partner": "A", "name": "week", "value": 6, "shared": True}
            assert (await phones["A"].ask("answer", **week))["why"] == "not-now"
            told = {"partner": "A", "text": "before of A"}
            before = [one.state["notices"] for one in (laptop, phones["B"])]
            assert (await phones["A"].ask("tell-before", **told))["why"] == "not-kept"
            after = [one.state["notices"] for one in (laptop, phones["B"])]
            assert before == after
            assert (await console.ask("tell-before", **told))["why"] == (
                "not-at-this-seat"
            )
            assert (await laptop.ask("tell-before", **told))["why"] == "asked-elsewhere"

    asyncio.run(go())


# --- the book ---------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    clinic = tmp_path / "clinic"
    set_up(clinic, WORDS, cost=CHEAP)
    yield Book(clinic)
    close_clinic(clinic)


def couple_in(book: Book, a: str = "Ada", b: str = "Bo") -> str:
    return book.add_couple(a, b, WORDS, cost=CHEAP).id_


def near(value: int, on: dt.date, text: str = "More ease") -> Heard:
    return Heard(
        partner=Partner.A, about=About.WISH, on=on, asked="", value=value, text=text
    )


def test_what_was_told_lies_sealed_and_goes_with_the_couple(book: Book) -> None:
    ada, eve = couple_in(book), couple_in(book, "Eve", "Gus")
    for each in (ada, eve):
        told = Heard(
            partner=Partner.B, about=About.BEFORE, on=DAY, text=f"lisbon {each}"
        )
        CoupleNotebook(book, each).hear(told)
    kept = b"".join(p.read_bytes() for p in book.clinic.rglob("*") if p.is_file())
    assert b"lisbon" not in kept
    assert [one.text for one in book.heard(eve)] == [f"lisbon {eve}"]
    assert CoupleNotebook(book, ada).heard == book.heard(ada)
    book.erase_couple(ada)
    assert book.heard(ada) == ()
    assert len(book.heard(eve)) == 1


def test_the_last_answer_holds_and_words_before_an_hour_stay_beside_one_another(
    book: Book,
) -> None:
    notebook = CoupleNotebook(book, couple_in(book))
    before = Heard(partner=Partner.A, about=About.BEFORE, on=DAY, text="one")
    said = {"partner": Partner.A, "about": About.HOUR, "session_id": "s", "on": DAY}
    notebook.hear(before)
    notebook.hear(before)
    notebook.hear(Heard(partner=Partner.A, about=About.BEFORE, on=DAY, text="two"))
    for value in (3, 7):
        notebook.hear(Heard(**said, asked="I felt heard", value=value))  # type: ignore[arg-type]
    notebook.hear(near(4, DAY), near(6, ONE_MORE))
    notebook.hear(near(5, DAY))
    told = [(one.about, one.on, one.value, one.text) for one in notebook.heard]
    assert told == [
        (About.BEFORE, DAY, None, "one"),
        (About.BEFORE, DAY, None, "two"),
        (About.HOUR, DAY, 7, ""),
        (About.WISH, ONE_MORE, 6, "More ease"),
        (About.WISH, DAY, 5, "More ease"),
    ]
    notebook.retell(Partner.B, About.WISH)
    assert len(notebook.heard) == 5
    notebook.retell(Partner.A, About.WISH)
    assert {one.about for one in notebook.heard} == {About.BEFORE, About.HOUR}


def before(number: int, on: dt.date = DAY, partner: Partner = Partner.A) -> Heard:
    return Heard(partner=partner, about=About.BEFORE, on=on, text=f"told {number}")


def test_one_person_cannot_fill_the_book_and_the_other_is_heard_all_the_same(
    book: Book,
) -> None:
    notebook = CoupleNotebook(book, couple_in(book))
    for number in range(MOST_BEFORE_A_DAY):
        notebook.hear(before(number))
    with pytest.raises(EnoughTold, match="takes no more of this from one person"):
        notebook.hear(before(MOST_BEFORE_A_DAY))
    notebook.hear(before(0))  # the same again is nothing more
    notebook.hear(before(0, partner=Partner.B), before(0, ONE_MORE))
    assert len(notebook.heard) == MOST_BEFORE_A_DAY + 2
    lines = [
        Heard(partner=Partner.A, about=About.LINE, on=DAY, text=f"line {number}")
        for number in range(MOST_LINES + 1)
    ]
    with pytest.raises(EnoughTold):
        notebook.hear(*lines)
    assert len(notebook.heard) == MOST_BEFORE_A_DAY + 2  # all of them, or none
    notebook.hear(*lines[:-1])


def test_a_book_is_never_written_so_large_that_it_could_not_be_read(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = couple_in(book)
    book.note(ada, "kept before")
    with monkeypatch.context() as smaller:
        smaller.setattr(book_room, "_LARGEST_CHARS", 2000)
        with pytest.raises(StorageUnusable, match="is full"):
            book.note(ada, "x" * 2000)
        assert [note.text for note in book.notes(ada)] == ["kept before"]
    book.note(ada, "and after")
    assert len(book.notes(ada)) == 2


def test_lines_come_in_the_place_of_all_that_were_brought_in_one_writing(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = CoupleNotebook(book, couple_in(book))
    console = Console()
    console.notebook = notebook
    console.bring(Partner.A, ["one", "two"])
    console.bring(Partner.B, ["theirs"])
    many = [f"line {number}" for number in range(MOST_LINES + 1)]
    with pytest.raises(EnoughTold):
        console.bring(Partner.A, many)
    assert console.brought(Partner.A) == ("one", "two")  # not lost between two
    written: list[object] = []
    monkeypatch.setattr(book._kept, "write", lambda *what: written.append(what))  # noqa: SLF001
    console.bring(Partner.A, ["one", "two"])
    assert written == []  # nothing is new
    console.bring(Partner.A, ["three"])
    assert len(written) == 1


def test_what_was_brought_before_there_was_a_bound_can_become_fewer() -> None:
    of = ("0f3a99c1", Partner.A, About.LINE)
    kept = tuple(
        Heard(
            couple_id=of[0], partner=of[1], about=of[2], on=DAY, text=f"line {number}"
        )
        for number in range(MOST_LINES + 20)
    )
    assert with_retold(kept, of, kept[1:]) == kept[1:]
    assert with_retold(kept[:5], of, kept[: MOST_LINES + 1]) is None


def own_access(
    library: Library,
    notebook: Pages | None,
    forget: Callable[[Partner], None] = lambda _partner: None,
) -> tuple[OwnAccess, Callable[[Any], Taken | RefusedTold]]:
    """What is one's own beside a therapist's notebook, and a page that asks of it."""
    console = Console()
    console.notebook = notebook
    access = OwnAccess(
        library.own,
        lambda: 0.0,
        forget=forget,
        read=lambda _partner: (),
        loose_ends=library.loose_ends,
        therapist=console,
    )
    here = PageConnection(Seat.A)
    return access, lambda asked: access.answer(asked, here, access.visit(here), 1)[0]


def test_where_the_book_cannot_be_cleared_nothing_is_forgotten(tmp_path: Path) -> None:
    forgotten: list[Partner] = []
    notebook = Pages(heard=(near(4, DAY),), is_full=True)
    library = Library(tmp_path, passcode_cost=CHEAP)
    _, ask = own_access(library, notebook, forgotten.append)
    forget = ForgetPasscode(partner=Partner.A, confirm="erase")
    with pytest.raises(StorageUnusable):
        ask(forget)
    assert (forgotten, len(notebook.heard)) == ([], 1)
    notebook.is_full = False
    ask(forget)
    assert (forgotten, notebook.heard) == ([Partner.A], ())


WISH = KeepOwnWish(partner=Partner.A, text="more ease", near=4)


def test_what_its_owner_deleted_where_no_book_was_open_goes_from_it_at_the_next_ask(
    tmp_path: Path,
) -> None:
    """And what they wish for next is shown to nobody unless they say so."""
    library = Library(tmp_path, passcode_cost=CHEAP)
    book = Pages()
    _, in_the_hour = own_access(library, book)
    in_the_hour(ChoosePasscode(partner=Partner.A, passcode="4711"))
    in_the_hour(WISH)
    in_the_hour(ShowOwnWish(partner=Partner.A, shown=True))
    assert [each.text for each in book.heard] == ["more ease"]

    _, at_home = own_access(library, None)
    at_home(EnterPasscode(partner=Partner.A, passcode="4711"))
    told = at_home(ReadOwnLines(partner=Partner.A))
    assert isinstance(told, Taken)
    assert told.own is not None
    (line,) = told.own.lines
    at_home(DeleteOwnLine(partner=Partner.A, number=line.number))
    assert [each.text for each in book.heard] == ["more ease"]  # nobody could tell it

    for asked in (ReadOwnLines(partner=Partner.A), WISH):
        beside = Pages(heard=book.heard)
        _, again = own_access(library, beside)
        again(EnterPasscode(partner=Partner.A, passcode="4711"))
        told = again(asked)
        assert isinstance(told, Taken)
        assert told.own is not None
        assert (told.own.wish_shared, beside.heard) == (False, ())


def test_a_passcode_chosen_after_one_that_was_forgotten_elsewhere_shows_nothing(
    tmp_path: Path,
) -> None:
    library = Library(tmp_path, passcode_cost=CHEAP)
    book = Pages(heard=(near(4, DAY), replace(near(4, DAY), about=About.LINE)))
    _, ask = own_access(library, book)
    ask(ChoosePasscode(partner=Partner.B, passcode="1234"))
    assert [each.partner for each in book.heard] == [
        Partner.A
    ] * 2  # what the other one shows stays
    ask(ChoosePasscode(partner=Partner.A, passcode="4711"))
    assert not book.heard
    shown = book.heard = (near(4, DAY),)
    again = ask(ChoosePasscode(partner=Partner.A, passcode="9999"))  # has one already
    assert isinstance(again, RefusedTold)
    assert book.heard == shown


def told_by(text: str) -> TellTherapist:
    return TellTherapist(partner=Partner.A, about=About.BEFORE, text=text)


def test_what_one_page_may_have_waiting_for_the_disk_has_an_end() -> None:
    async def go() -> list[dict[str, Any]]:
        def enough(_told: TellTherapist) -> None:
            raise EnoughTold("Enough.", "No more.")

        nothing: Any = None
        errands = Errands(nothing, nothing, lambda _happening: None, enough)
        one, other = PageConnection(Seat.A), PageConnection(Seat.B)
        keeps = (KeepNames(names=Both("Ada", "Bo")),)
        tells = (told_by("once"),)
        assert errands.has_room(one, tells)
        errands.add(tells, Waiting(page=one, number=1), page=one)
        assert not errands.has_room(one, (told_by("twice"),))
        assert errands.has_room(one, keeps)
        assert errands.has_room(other, tells)
        running = asyncio.create_task(errands.run())
        await errands.all_done()
        running.cancel()
        assert errands.has_room(one, tells)  # it waits no more
        for _ in range(MOST_WAITING):
            assert errands.has_room(other, keeps)
            errands.add(keeps, page=other)
        assert not errands.has_room(other, keeps)
        assert errands.has_room(other, ())  # what keeps nothing is never refused
        errands.add_own(nothing, Waiting(page=other, number=2))
        return [json.loads(await each.next() or "") for each in (one, other)]

    heard = asyncio.run(go())
    assert [each["why"] for each in heard] == ["told-enough", "too-fast"]


def test_a_book_from_before_anything_was_told_opens(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a book has no such place in it at all."""
    with monkeypatch.context() as earlier:
        earlier.setattr(
            book_room,
            "as_json",
            lambda told: {k: v for k, v in as_json(told).items() if k != "heard"},
        )
        ada = couple_in(book)
        book.note(ada, "a note of then")
    assert book.heard(ada) == ()
    CoupleNotebook(book, ada).hear(near(4, DAY))
    assert [note.text for note in book.notes(ada)] == ["a note of then"]
    assert [one.value for one in book.heard(ada)] == [4]


# --- one's own wish -----------------------------------------------------------------


def test_an_own_wish_reaches_the_therapist_while_its_owner_shows_it_and_nobody_else(
    tmp_path: Path, book: Book
) -> None:
    notebook = CoupleNotebook(book, couple_in(book))
    wish = {"partner": "A", "text": "more laughter"}

    def shown() -> list[tuple[Partner, int | None, str]]:
        return [(one.partner, one.value, one.text) for one in notebook.heard]

    async def go() -> None:
        async with hour(tmp_path / "couple") as (at, laptop, phones, console):
            a = phones["A"]
            assert (await a.ask("own-wish", **wish, near=4))["why"] == "locked"
            await unlock(a, "A")
            told = await a.ask("own-wish", **wish, near=4)
            assert [told["own"][of] for of in ("may_share", "wish_shared")] == [
                False
            ] * 2
            at.service.open_notebook(notebook)
            told = await a.ask("own-lines", partner="A")
            assert [told["own"][of] for of in ("may_share", "wish_shared")] == [
                True,
                False,
            ]
            assert shown() == []
            told = await a.ask("show-own-wish", partner="A", shown=True)
            assert told["own"]["wish_shared"]
            assert shown() == [(Partner.A, 4, "more laughter")]
            # What is kept while it is shown is shown; on one day the last answer holds.
            told = await a.ask("own-wish", **wish, near=7)
            (line,) = told["own"]["lines"]
            assert (line["block"], line["answered"]) == ("wish", 7)
            assert shown() == [(Partner.A, 7, "more laughter")]
            await console.told_when("heard", lambda m: len(m["heard"]) == 1)
            told = await a.ask("show-own-wish", partner="A", shown=False)
            assert not told["own"]["wish_shared"]
            assert shown() == []
            await taken(a, "show-own-wish", partner="A", shown=True)
            await taken(a, "delete-own-line", partner="A", number=line["number"])
            assert shown() == []
            for one in (laptop, phones["B"]):
                await one.say("ping", id=9)
                await one.until(lambda m: m["type"] == "pong")
                assert "laughter" not in "\n".join(one.raw)
            assert (await phones["B"].ask("own-wish", **wish, near=4))["why"] == (
                "not-at-this-seat"
            )
            assert (await console.ask("own-wish", **wish, near=4))["why"] == (
                "not-at-this-seat"
            )

    asyncio.run(go())


def test_a_line_is_brought_by_its_owner_until_it_is_left_changed_or_deleted(
    tmp_path: Path, book: Book
) -> None:
    notebook = CoupleNotebook(book, couple_in(book))

    def brought() -> list[str]:
        return [one.text for one in notebook.heard if one.about is About.LINE]

    async def go() -> None:
        async with hour(tmp_path / "couple") as (at, _, phones, _):
            at.service.open_notebook(notebook)
            b = phones["B"]
            await unlock(b, "B")
            for text in ("the harbour", "the quarrel"):
                told = await b.ask("write-loose-end", partner="B", text=text)
            harbour, quarrel = (line["number"] for line in told["own"]["lines"])
            assert brought() == []
            for number in (harbour, quarrel):
                bring = {"number": number, "brought": True}
                told = await b.ask("bring-own-line", partner="B", **bring)
            assert [line["brought"] for line in told["own"]["lines"]] == [True, True]
            assert brought() == ["the harbour", "the quarrel"]
            leave = {"number": harbour, "brought": False}
            await taken(b, "bring-own-line", partner="B", **leave)
            assert brought() == ["the quarrel"]
            change = {"number": quarrel, "text": "the row"}
            told = await b.ask("change-own-line", partner="B", **change)
            assert [line["brought"] for line in told["own"]["lines"]] == [False, False]
            assert brought() == []
            bring = {"number": quarrel, "brought": True}
            await taken(b, "bring-own-line", partner="B", **bring)
            await taken(b, "delete-own-line", partner="B", number=quarrel)
            assert brought() == []

    asyncio.run(go())


def test_a_fall_of_three_points_below_the_four_answers_before_is_pointed_out() -> None:
    """By hand: 6 is 3 above the last one, and 9 was five answers ago."""

    def told(*values: int) -> list[bool]:
        days = [DAY + dt.timedelta(weeks=week) for week in range(len(values))]
        heard = [near(value, on) for value, on in zip(values, days, strict=True)]
        other = replace(near(1, ONE_MORE), partner=Partner.B)  # is nobody's fall
        return [each.fell for each in heard_shown((*heard, other))]

    assert told(6, 5, 4, 3) == [False, False, False, True, False]
    assert told(9, 5, 6, 6, 6, 4) == [False, True, True, True, True, False, False]
    assert told(4, 6) == [False, False, False]


def test_a_wish_forgotten_with_its_passcode_is_shown_no_more(
    tmp_path: Path, book: Book
) -> None:
    notebook = CoupleNotebook(book, couple_in(book))
    notebook.hear(near(4, DAY), Heard(partner=Partner.A, about=About.BEFORE, on=DAY))

    async def go() -> None:
        async with hour(tmp_path / "couple") as (at, laptop, _, _):
            at.service.open_notebook(notebook)
            await taken(laptop, "forget-passcode", partner="A", confirm="erase")
            assert [one.about for one in notebook.heard] == [About.BEFORE]

    asyncio.run(go())
