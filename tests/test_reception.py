"""A therapist's list of couples: told at that seat alone, and one couple at a time."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from math import floor
from pathlib import Path
from typing import Any

import pytest

from coreg.base import clock
from coreg.errors import PassphraseRefused, StorageLocked, StorageUnusable
from coreg.exercises.home_plan import WEEK
from coreg.facts.events import Ending, Partner, Press, Source
from coreg.session.home_plan_shelf import home_plan_in, plans_there
from coreg.store import keys
from coreg.store.clinic.book import Book, close_clinic, close_couples, set_up
from coreg.store.clinic.notebook import CoupleNotebook
from coreg.store.clinic.places import couple_folder
from coreg.store.clinic.records import Couple, Mark
from coreg.store.library import session_path
from coreg.store.library_db import Library
from coreg.web.evening.in_place import OutOfPlace
from coreg.web.evening.step import _erase
from coreg.web.server.evening_service import EveningService
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.hall import Hall
from coreg.web.server.hearts import NoStraps
from coreg.web.server.hours import hour_told, hours_of
from coreg.web.server.page import PageConnection
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.reception import Reception, couples_shown
from coreg.web.wire.incoming import Erase, Message, Pressing, Settings, Start
from coreg.web.wire.named import Erasing, Screen, Seat
from coreg.web.wire.of_clinic import (
    AddCouple,
    EndHomePlan,
    HoldBack,
    KeepHomePlan,
    LabelMark,
    LeaveCouple,
    OpenCouple,
    ReviewHour,
    SawAlone,
    ShowHomePlan,
)
from coreg.web.wire.of_own import ChoosePassphrase, LockNow, NoLock, Recover, Unlock
from tests.helpers.couple_sessions import recorded, recorded_hour
from tests.helpers.evening_server import CHEAP, LATE_S
from tests.helpers.pages import OpenPage, heading, look_until
from tests.helpers.stand_in_server import StandInServer

WORDS, OTHER = "four words I remember", "another four words"
SHORT = "short"
SHELF = PracticeCatalogue()
NOTED = "he went pale when she said Lisbon"
NOT_HERE = "not-at-this-seat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A reception with a therapist's page and a couple's."""

    hall: Reception
    book: Book
    therapist: PageConnection
    couple: PageConnection
    heard: dict[PageConnection, list[str]]

    async def told(self, page: PageConnection, kind: str) -> dict[str, Any]:
        """Return the next message of a kind that a page is told."""
        while True:
            text = await asyncio.wait_for(page.next(), LATE_S)
            assert text is not None
            self.heard[page].append(text)
            message: dict[str, Any] = json.loads(text)
            if message["type"] == kind:
                return message

    async def listed(self) -> dict[str, Any]:
        """Return the list of couples as it is told after what was asked."""
        return await self.told(self.therapist, "clinic")

    async def asked(self, message: Message, page: PageConnection | None = None) -> str:
        """Ask something; return why it was refused, empty where it was taken."""
        page = page or self.therapist
        self.hall.ask(message, page, 7)
        while True:
            text = await asyncio.wait_for(page.next(), LATE_S)
            assert text is not None
            self.heard[page].append(text)
            answer = json.loads(text)
            if answer.get("id") == 7:
                return str(answer.get("why", ""))


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "clinic"
    set_up(place, WORDS, cost=CHEAP)
    yield place
    close_clinic(place)


@asynccontextmanager
async def opened_at(hall: Reception, book: Book) -> AsyncIterator[Desk]:
    """Two pages at a reception: the therapist's, and a window for a couple."""
    pages = PageConnection(Seat.THERAPIST), PageConnection(Seat.BOTH)
    async with hall.living():
        for page in pages:
            hall.came(page)
        yield Desk(
            hall=hall,
            book=book,
            therapist=pages[0],
            couple=pages[1],
            heard={page: [] for page in pages},
        )


@asynccontextmanager
async def desk(clinic: Path) -> AsyncIterator[Desk]:
    book = Book(clinic)

    def begin(couple: Couple, folder: Path) -> EveningService:
        store = EveningStore(folder, passcode_cost=CHEAP)
        evening = store.evening(SHELF.names, source=Source.STRAPS, seed=1, speed=1.0)
        service = EveningService(
            folder,
            evening_store=store,
            evening=replace(evening, with_therapist=True),
            at_home=NoStraps(),
            catalogue=SHELF,
            straight_to=None,
        )
        service.open_notebook(CoupleNotebook(book, couple.id_))
        return service

    hall = Reception(book, begin, WORDS)
    async with opened_at(hall, book) as at:
        yield at
        await hall.finish()


def test_couples_come_one_at_a_time_and_only_once_each_was_seen_alone(
    clinic: Path,
) -> None:
    async def run() -> None:
        async with desk(clinic) as at:
            assert (await at.told(at.therapist, "clinic"))["couples"] == []
            assert await at.asked(AddCouple(a="Ada", b="Ben")) == ""
            (couple,) = (await at.told(at.therapist, "clinic"))["couples"]
            assert (couple["a"], couple["may_open"]) == ("Ada", False)
            ada = couple["id"]
            assert await at.asked(OpenCouple(couple=ada)) == "not-set-up"
            for partner in Partner:
                seen = SawAlone(couple=ada, partner=partner)
                assert await at.asked(seen) == ""
            assert await at.asked(OpenCouple(couple=ada)) == ""
            state = await at.told(at.therapist, "state")
            assert (state["seat"], state["couple"]["A"]["name"]) == ("therapist", "Ada")
            assert state["marks"][0] == "Mark 1"
            assert at.hall.folder == couple_folder(clinic, ada)
            assert await at.asked(OpenCouple(couple=ada)) == "not-now"
            assert await at.asked(LeaveCouple()) == ""
            assert len((await at.told(at.therapist, "clinic"))["couples"]) == 1
            assert at.hall.folder == clinic

    asyncio.run(run())


def test_no_other_seat_is_told_who_comes_or_may_ask(clinic: Path) -> None:
    async def run() -> None:
        async with desk(clinic) as at:
            ada = at.book.add_couple("Ada", "Ben", WORDS, cost=CHEAP).id_
            for asked in (
                OpenCouple(couple=ada),
                AddCouple(a="Eve", b="Gus"),
                SawAlone(couple=ada, partner=Partner.A),
                LeaveCouple(),
                ReviewHour(couple=ada, session_id="x"),
            ):
                assert await at.asked(asked, at.couple) == NOT_HERE
            assert {json.loads(each)["type"] for each in at.heard[at.couple]} == {
                *("locked", "refused")
            }
            assert len(at.book.couples()) == 1

    asyncio.run(run())


def test_locking_closes_the_book_and_the_passphrase_leads_back(clinic: Path) -> None:
    async def run() -> None:
        async with desk(clinic) as at:
            await at.told(at.therapist, "clinic")
            at.hall.ask(LockNow(), at.therapist, 8)
            await at.told(at.therapist, "locked")
            with pytest.raises(StorageLocked):
                at.book.couples()
            assert await at.asked(AddCouple(a="Ada", b="Ben")) == "locked"
            wrong = Unlock(passphrase=OTHER)
            assert await at.asked(wrong) == "passphrase-wrong"
            assert await at.asked(Unlock(passphrase=WORDS)) == ""
            assert (await at.told(at.therapist, "clinic"))["couples"] == []

    asyncio.run(run())


def is_open(folder: Path) -> bool:
    try:
        return keys.vault_of(folder) is not None
    except StorageLocked:
        return False


# --- the passphrase on a page ---------------------------------------------------------


@asynccontextmanager
async def front_desk(clinic: Path) -> AsyncIterator[Desk]:
    """A reception that nobody opened yet, as it begins without a terminal."""
    book = Book(clinic)
    hall = Reception(book, no_evening, passphrase_cost=CHEAP)
    async with opened_at(hall, book) as at:
        yield at


def no_evening(_couple: Couple, _folder: Path) -> EveningService:
    raise AssertionError("nobody opened a couple")


def test_without_a_terminal_a_clinic_is_made_opened_and_changed_on_a_page(
    tmp_path: Path,
) -> None:
    clinic = tmp_path / "clinic"

    async def run() -> None:
        async with front_desk(clinic) as at:
            assert (await at.told(at.therapist, "locked"))["clinic"] == "none-yet"
            assert await at.asked(ChoosePassphrase(passphrase=SHORT)) != ""
            assert not clinic.exists()
            assert await at.asked(ChoosePassphrase(passphrase=WORDS)) == ""
            assert (await at.told(at.therapist, "clinic"))["couples"] == []
            taken = json.loads(at.heard[at.therapist][-2])
            keys.recovered_with(clinic, taken["recovery_key"])
            assert await at.asked(ChoosePassphrase(passphrase=OTHER)) == (
                "passphrase-chosen"
            )
            assert await at.asked(AddCouple(a="Ada", b="Ben")) == ""
            change = ChoosePassphrase(passphrase=OTHER, old="not these words")
            assert await at.asked(change) == "passphrase-wrong"
            assert await at.asked(replace(change, old=WORDS)) == ""
            await at.told(at.therapist, "clinic")
            at.hall.ask(LockNow(), at.therapist)
            while (await at.told(at.therapist, "locked"))["clinic"] != "locked":
                pass
            with pytest.raises(StorageLocked):
                at.book.couples()
            assert await at.asked(AddCouple(a="Eve", b="Gus")) == "locked"
            assert await at.asked(Unlock(passphrase=WORDS)) == "passphrase-wrong"
            assert await at.asked(replace(change, old=OTHER)) == "locked"
            assert await at.asked(Unlock(passphrase=OTHER)) == ""
            told = await at.told(at.therapist, "clinic")
            assert [each["what"] for each in told["log"]] == [
                "opened",
                "passphrase changed",
            ]
            # One who is entered now has the passphrase of now.
            assert await at.asked(AddCouple(a="Eve", b="Gus")) == ""
            eve = couple_folder(clinic, at.book.find("Eve").id_)
            keys.opened_with(eve, OTHER)

    try:
        asyncio.run(run())
    finally:
        close_clinic(clinic)


def test_the_recovery_key_opens_the_book_on_a_page_and_gives_another(
    tmp_path: Path,
) -> None:
    clinic = tmp_path / "clinic"
    paper = set_up(clinic, WORDS, cost=CHEAP)
    close_clinic(clinic)

    async def run() -> None:
        async with front_desk(clinic) as at:
            assert (await at.told(at.therapist, "locked"))["clinic"] == "locked"
            lost = Recover(recovery_key=paper, passphrase=OTHER)
            slip = replace(lost, recovery_key=paper[:-1])
            assert await at.asked(slip) == "recovery-slip"
            assert await at.asked(replace(lost, passphrase=SHORT)) != ""
            with pytest.raises(StorageLocked):
                at.book.couples()
            assert await at.asked(lost) == ""
            taken = json.loads(at.heard[at.therapist][-1])
            keys.recovered_with(clinic, taken["recovery_key"])
            assert await at.asked(lost) == "not-now"

    try:
        asyncio.run(run())
        with pytest.raises(PassphraseRefused):
            keys.recovered_with(clinic, paper)
        keys.opened_with(clinic, OTHER)
    finally:
        close_clinic(clinic)


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("seat", [Seat.BOTH, Seat.A, Seat.B, Seat.LIGHT])
def test_no_other_seat_makes_recovers_or_changes_it_nor_hears_whether_it_is_there(
    tmp_path: Path, seat: Seat, is_there: bool
) -> None:
    clinic = tmp_path / "clinic"
    paper = set_up(clinic, WORDS, cost=CHEAP) if is_there else "x"
    close_clinic(clinic)

    async def run() -> None:
        async with front_desk(clinic) as at:
            page = PageConnection(seat)
            at.heard[page] = []
            assert at.hall.came(page)
            assert (await at.told(page, "locked"))["clinic"] is None
            for message in (
                ChoosePassphrase(passphrase=OTHER),
                ChoosePassphrase(passphrase=OTHER, old=WORDS),
                Recover(recovery_key=paper, passphrase=OTHER),
                NoLock(),
                NoLock(passphrase=WORDS),
            ):
                assert await at.asked(message, page) in {NOT_HERE, "lock-stays"}
            if seat is not Seat.BOTH:  # a window of this computer
                assert await at.asked(Unlock(passphrase=WORDS), page) == NOT_HERE

    try:
        asyncio.run(run())
        assert keys.is_locked(clinic) is is_there
        if is_there:
            keys.opened_with(clinic, WORDS)
    finally:
        close_clinic(clinic)


def two_couples(clinic: Path) -> tuple[str, str]:
    book = Book(clinic)
    ids = [
        book.add_couple(*names, WORDS, is_made_up=True, cost=CHEAP).id_
        for names in (("Ada", "Ben"), ("Eve", "Gus"))
    ]
    return ids[0], ids[1]


def test_only_the_couple_that_is_here_lies_open(clinic: Path) -> None:
    async def run() -> None:
        ada, eve = two_couples(clinic)
        name = recorded(couple_folder(clinic, eve), 2, Ending.COMPLETE)
        folders = [couple_folder(clinic, each) for each in (ada, eve)]
        async with desk(clinic) as at:
            await at.told(at.therapist, "clinic")
            assert [is_open(each) for each in folders] == [False, False]
            review = ReviewHour(couple=eve, session_id=name)
            assert await at.asked(review) == ""
            await at.told(at.therapist, "hour")
            async with at.hall._one_at_a_time:  # noqa: SLF001 - until it is over
                assert [is_open(each) for each in folders] == [False, False]
            assert await at.asked(OpenCouple(couple=ada)) == ""
            await at.told(at.therapist, "state")
            assert await at.asked(review) == "not-now"
            assert [is_open(each) for each in folders] == [True, False]

    asyncio.run(run())


def test_whoever_came_last_stands_first_in_the_list(clinic: Path) -> None:
    ada, eve = two_couples(clinic)  # by name until somebody comes
    book = Book(clinic)
    ivo = book.add_couple("Ivo", "Jo", WORDS, cost=CHEAP).id_
    try:
        assert [each.id for each in couples_shown(book)] == [ada, eve, ivo]
        recorded(couple_folder(clinic, eve), 2, Ending.COMPLETE)
        assert [each.id for each in couples_shown(book)] == [eve, ada, ivo]
        book.saw_alone(ivo, Partner.B, clock.today())  # long after that session
        assert [each.id for each in couples_shown(book)] == [ivo, eve, ada]
    finally:
        close_couples(clinic)


def test_a_couple_whose_lock_was_taken_off_is_listed_and_not_opened(
    clinic: Path,
) -> None:
    async def run() -> None:
        ada, eve = two_couples(clinic)
        keys.forget_keys(couple_folder(clinic, ada))
        with pytest.raises(StorageUnusable, match="lost its lock"):
            Book(clinic).open_couple(ada)
        async with desk(clinic) as at:
            told = (await at.told(at.therapist, "clinic"))["couples"]
            may = {each["id"]: each["may_open"] for each in told}
            assert may == {ada: False, eve: True}
            assert await at.asked(OpenCouple(couple=ada)) == "not-set-up"

    asyncio.run(run())


def test_a_couples_page_neither_locks_the_clinic_nor_erases_its_folders_lock(
    clinic: Path,
) -> None:
    async def run() -> None:
        ada, _ = two_couples(clinic)
        async with desk(clinic) as at:
            assert await at.asked(LockNow(), at.couple) == NOT_HERE
            assert await at.asked(OpenCouple(couple=ada)) == ""
            assert await at.asked(LockNow(), at.couple) == NOT_HERE
            service = at.hall.service
            assert service is not None
            settings = replace(service.evening, screen=Screen.SETTINGS)
            everything = Erase(
                what=Erasing.EVERYTHING, session_id=None, partner=None, confirm="erase"
            )
            with pytest.raises(OutOfPlace, match="not-here"):
                _erase(settings, everything, 0.0)
            one = replace(everything, what=Erasing.PARTNER, partner=Partner.A)
            assert _erase(settings, one, 0.0)[1]
            at_home = replace(settings, with_therapist=False)
            assert _erase(at_home, everything, 0.0)[1]

    asyncio.run(run())


def test_where_one_couple_is_opened_its_therapist_locks_and_unlocks_it(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        keys.lock_with(tmp_path, WORDS, cost=CHEAP)
        hall = Hall(
            tmp_path, lambda: pytest.fail("opened"), begins=False, front=Seat.THERAPIST
        )
        asking: tuple[tuple[Message, Seat, str], ...] = (
            (LockNow(), Seat.BOTH, NOT_HERE),
            (LockNow(), Seat.A, NOT_HERE),
            (NoLock(passphrase=WORDS), Seat.BOTH, "lock-stays"),
            (NoLock(passphrase=WORDS), Seat.THERAPIST, NOT_HERE),
            (Unlock(passphrase=OTHER), Seat.LIGHT, NOT_HERE),
            (Unlock(passphrase=OTHER), Seat.THERAPIST, "passphrase-wrong"),
        )
        for asked, seat, why in asking:
            page = PageConnection(seat)
            hall.ask(asked, page, 7)
            text = await asyncio.wait_for(page.next(), LATE_S)
            told = json.loads(text or "")
            assert told["why"] == why, (asked, seat)

    asyncio.run(run())


def test_a_light_and_what_is_refused_keep_nothing_open(
    clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        ada, _ = two_couples(clinic)
        async with desk(clinic) as at:
            assert await at.asked(OpenCouple(couple=ada)) == ""
            uses: list[str] = []
            monkeypatch.setattr(at.hall, "used", lambda: uses.append("used"))
            light, phone = PageConnection(Seat.LIGHT), PageConnection(Seat.A)
            assert at.hall.came(light)
            at.hall.ask(Pressing(press=Press.PAUSE), light, 7)
            at.hall.ask(LockNow(), light, 7)
            at.hall.ask(LeaveCouple(), at.couple, 7)
            at.hall.ask(Start(), phone, 7)
            assert uses == []
            at.hall.ask(Settings(warmth=True, bell=True), at.couple, 7)
            assert uses == ["used"]
            for page in (at.therapist, at.couple):
                at.hall.left(page)
            assert not at.hall.has_pages  # a light alone keeps no program alive
            at.hall.left(light)

    asyncio.run(run())


def test_no_page_of_an_evening_takes_the_lock_off_a_couples_folder(
    clinic: Path,
) -> None:
    async def run() -> None:
        async with desk(clinic) as at:
            for asked in (
                NoLock(passphrase=WORDS),
                ChoosePassphrase(passphrase=OTHER, old=WORDS),
            ):
                assert await at.asked(asked, at.couple) == "lock-stays"

    asyncio.run(run())


def test_an_hour_is_gone_over_at_the_therapists_seat_alone(clinic: Path) -> None:
    async def run() -> None:
        book = Book(clinic)
        ada = book.add_couple("Ada", "Ben", WORDS, cost=CHEAP).id_
        name = recorded(couple_folder(clinic, ada), 2, Ending.COMPLETE)
        book.note(ada, NOTED, session_id=name)
        async with desk(clinic) as at:
            (couple,) = (await at.told(at.therapist, "clinic"))["couples"]
            (listed,) = couple["hours"]
            assert listed["words"] == "2 March 2026, Relaxed and alert"
            for wrong in ("../../x", "20200101-000000-0000"):
                asked = ReviewHour(couple=ada, session_id=wrong)
                assert await at.asked(asked) == "no-such-session"
            assert await at.asked(ReviewHour(couple=ada, session_id=name)) == ""
            told = await at.told(at.therapist, "hour")
            assert f"note: {NOTED}" in told["lines"]
            assert "Present: Ada, Ben" in told["note"]
            assert NOTED not in "".join(told["note"])
            await at.told(at.couple, "locked")
            assert NOTED not in "".join(at.heard[at.couple])

    asyncio.run(run())


def hour_with_marks(clinic: Path) -> tuple[Book, Couple, tuple[str, str, str]]:
    """An hour of three sessions, each with a mark two seconds after it began."""
    book = Book(clinic)
    couple = book.add_couple("Ada", "Ben", WORDS, cost=CHEAP)
    names = recorded_hour(couple_folder(clinic, couple.id_), 2)
    for name in names:
        book.mark(Mark(couple_id=couple.id_, session_id=name, t_s=2.0, key=1))
    return book, couple, names


def test_the_list_of_an_hour_says_the_times_that_its_picture_shows(
    clinic: Path,
) -> None:
    book, couple, (first, *_) = hour_with_marks(clinic)
    told = hour_told(book, couple, first)
    assert told is not None
    assert told.line is not None
    drawn = [each.t_s for each in told.line.moments]
    assert [floor(t_s / 60) for t_s in drawn] == [0, 10, 30]
    times = [line.split()[0] for line in told.lines if "mark 1" in line]
    assert times == [f"{floor(t_s / 60)}:{floor(t_s % 60):02d}" for t_s in drawn]


def test_an_hour_whose_first_part_is_gone_is_gone_over_with_all_the_rest(
    clinic: Path,
) -> None:
    book, couple, (first, within, last) = hour_with_marks(clinic)
    folder = couple_folder(clinic, couple.id_)
    session_path(folder, first).unlink()
    (listed,) = hours_of(folder).shown
    for asked in (listed.id, last):
        told = hour_told(book, couple, asked)
        assert told is not None
        assert told.line is not None
        assert [floor(each.t_s / 60) for each in told.line.moments] == [0, 20]
    session_path(folder, within).unlink()
    assert hour_told(book, couple, within) is None


def test_where_there_is_no_clinic_nothing_is_asked_of_one(tmp_path: Path) -> None:
    async def run() -> None:
        hall = Hall(tmp_path, lambda: pytest.fail("no evening"), begins=False)
        for seat in (Seat.BOTH, Seat.THERAPIST, Seat.A):
            page = PageConnection(seat)
            hall.ask(OpenCouple(couple="0f3a99c1"), page, 7)
            assert json.loads(await page.next() or "")["why"] == "no-clinic"

    asyncio.run(run())


def test_a_couple_is_held_back_and_let_go_from_the_list(clinic: Path) -> None:
    async def go() -> None:
        async with desk(clinic) as at:
            for each in both_seen(at):
                assert await at.asked(each) == ""
            ada = at.book.find("Ada").id_
            assert await at.asked(HoldBack(couple=ada, on=True), at.couple) == NOT_HERE
            assert await at.asked(HoldBack(couple=ada, on=True)) == ""
            held = (await at.listed())["couples"][0]
            assert (held["held_back"], held["may_open"]) == (True, False)
            assert await at.asked(OpenCouple(couple=ada)) == "not-set-up"
            assert await at.asked(plan_of(ada)) == "not-set-up"
            assert await at.asked(HoldBack(couple=ada, on=False)) == ""
            let_go = (await at.listed())["couples"][0]
            assert (let_go["held_back"], let_go["may_open"]) == (False, True)

    asyncio.run(go())


def test_what_the_keys_stand_for_is_said_from_the_list(clinic: Path) -> None:
    async def go() -> None:
        async with desk(clinic) as at:
            mark = LabelMark(key=2, words=" Rupture ")
            assert await at.asked(mark, at.couple) == NOT_HERE
            assert await at.asked(mark) == ""
            assert (await at.listed())["labels"] == ["", "Rupture", "", "", ""]
            assert at.book.labels()[2] == "Rupture"

    asyncio.run(go())


def test_a_plan_for_home_is_made_read_and_ended_from_the_list(clinic: Path) -> None:
    """As from the command line: told to the page that asked, and kept in the folder."""

    async def go() -> None:
        async with desk(clinic) as at:
            for each in both_seen(at):
                assert await at.asked(each) == ""
            ada = at.book.find("Ada").id_
            assert await at.asked(ShowHomePlan(couple=ada), at.couple) == NOT_HERE
            assert await at.asked(ShowHomePlan(couple=ada)) == ""
            none = await at.told(at.therapist, "home-plan")
            assert (none["words"], none["came"]) == ("", [])
            most = {each["name"]: each["most_a_week"] for each in none["practices"]}
            assert (most["repair"], most["delight"]) == (1, 7)
            assert not {"open", "near-and-far"} & set(most)
            assert await at.asked(plan_of(ada, practice="repair")) == "not-kept"
            assert await at.asked(plan_of(ada, practice="open")) == "not-kept"
            long = clock.today() + 13 * WEEK
            assert await at.asked(plan_of(ada, until=long)) == "not-kept"
            assert await at.asked(plan_of(ada)) == ""
            made = await at.told(at.therapist, "home-plan")
            assert made["words"].startswith("Delight, 3 times a week until")
            assert made["why"] == "To enjoy something together."
            assert made["came"] == [
                "Practised here 0 times.",
                "What got in the way? Not doing it is worth knowing, too.",
            ]
            folder = at.book.open_couple(ada)
            plan = home_plan_in(Library(folder), plans_there(folder))
            assert plan is not None
            assert (plan.practice, plan.since) == ("delight", clock.today())
            assert await at.asked(EndHomePlan(couple=ada)) == ""
            assert (await at.told(at.therapist, "home-plan"))["words"] == ""
            assert not [t for t in at.heard[at.couple] if "home-plan" in t]

    asyncio.run(go())


def both_seen(_at: Desk) -> Iterator[Message]:
    """What is asked for a couple that may practise."""
    yield AddCouple(a="Ada", b="Ben")
    ada = _at.book.find("Ada").id_
    for partner in Partner:
        yield SawAlone(couple=ada, partner=partner)


def plan_of(couple: str, **other: Any) -> KeepHomePlan:
    given: dict[str, Any] = {
        "practice": "delight",
        "times_a_week": 3,
        "until": clock.today() + WEEK,
        "why": "To enjoy something together.",
    }
    return KeepHomePlan(couple=couple, **(given | other))


def test_the_list_is_shown_and_a_couple_chosen_by_one_press(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.show(screen="home")
    page = open_page(server.url)
    heading(page, "Tonight")
    couple = {"id": "0f3a99c1", "a": "Ada", "b": "Ben", "may_open": True}
    held = couple | {"id": "1f3a99c1", "a": "Eve", "b": "Gus", "may_open": False}
    more = {"words": "Ready", "alone": []}
    server.tell({"type": "clinic", "v": 1, "couples": [couple | more, held | more]})
    heading(page, "Your couples")
    assert page.get_by_role("button", name="Eve & Gus", exact=True).count() == 0
    page.get_by_role("button", name="Ada & Ben", exact=True).click()
    look_until(page, lambda: server.messages("open-couple"))
    assert server.messages("open-couple")[0]["couple"] == "0f3a99c1"
