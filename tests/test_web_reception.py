"""A couple's phones and windows are nobody's any more in the next couple's evening."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from coreg.facts.events import Source
from coreg.store.clinic.book import Book, close_clinic, set_up
from coreg.store.clinic.places import couple_folder
from coreg.store.clinic.records import Couple
from coreg.web.phones.certificate import NAME
from coreg.web.server.asked import PAGE_KEY_HEADER
from coreg.web.server.evening_service import EveningService
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.guests import Guests
from coreg.web.server.hearts import NoStraps
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.reception import Reception
from coreg.web.wire.named import Seat
from tests.helpers.evening_server import (
    CHEAP,
    LATE_S,
    PageClient,
    Served,
    answering,
    entered,
    on_a_phone,
    page,
    phones_of_tests,
)

WORDS = "four words I remember"
SHELF = PracticeCatalogue()
Keys = dict[str, str]


@asynccontextmanager
async def clinic_of(tmp_path: Path) -> AsyncIterator[tuple[Served, tuple[str, str]]]:
    """Serve a clinic of two couples that may practise, with its therapist's pages."""
    clinic = tmp_path / "clinic"
    set_up(clinic, WORDS, cost=CHEAP)
    book = Book(clinic)
    ids = []
    for names in (("Ada", "Ben"), ("Eve", "Gus")):
        couple = book.add_couple(*names, WORDS, is_made_up=True, cost=CHEAP)
        ids.append(couple.id_)

    def begin(_couple: Couple, folder: Path) -> EveningService:
        store = EveningStore(folder, passcode_cost=CHEAP)
        evening = store.evening(SHELF.names, source=Source.STRAPS, seed=1, speed=1.0)
        return EveningService(
            folder,
            evening_store=store,
            evening=replace(evening, with_therapist=True),
            at_home=NoStraps(),
            catalogue=SHELF,
            straight_to=None,
        )

    guests = Guests(clinic, front=Seat.THERAPIST)
    try:
        hall = Reception(book, begin, WORDS)
        async with answering(hall, guests, house=phones_of_tests(is_on=False)) as at:
            yield at, (ids[0], ids[1])
    finally:
        close_clinic(clinic)


def with_clinic(
    tmp_path: Path,
    what: Callable[[Served, PageClient, Keys, tuple[str, str]], Awaitable[None]],
) -> None:
    async def run() -> None:
        async with clinic_of(tmp_path) as (at, couples):
            keys = await entered(at)
            async with page(at, keys) as console:
                await console.until(lambda m: m["type"] == "clinic")
                await what(at, console, keys, couples)

    asyncio.run(run())


def window(at: Served, seat: Seat) -> Keys:
    """Return what a window of this computer sends."""
    guest = at.guests.at_this_computer(seat)
    return {
        "Cookie": f"{at.guests.cookie_name}={guest.cookie}",
        PAGE_KEY_HEADER: guest.page,
    }


async def posted(at: Served, keys: Keys, path: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=LATE_S) as client:
        headers = keys | {"Origin": at.origin}
        return await client.post(at.origin + path, headers=headers)


async def refusal(at: Served, keys: Keys) -> int:
    try:
        async with page(at, keys):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def told_to_the_end(one: PageClient) -> list[dict[str, Any]]:
    """Return all that a page was told, once it is let go."""
    with pytest.raises(ConnectionClosed):
        await one.until(lambda _: False)
    return one.heard


@pytest.mark.parametrize("how", ["leave-couple", "lock-now"])
def test_who_was_here_with_a_couple_is_let_in_no_more(tmp_path: Path, how: str) -> None:
    async def what(
        at: Served, console: PageClient, keys: Keys, couples: tuple[str, str]
    ) -> None:
        ada, eve = couples
        assert (await console.ask("open-couple", couple=ada))["type"] == "taken"
        seats = (Seat.A, Seat.B, Seat.LIGHT)
        old = [on_a_phone(at, seat) for seat in seats]
        old += [window(at, seat) for seat in (Seat.BOTH, Seat.LIGHT)]
        asked = await posted(at, window(at, Seat.BOTH), "/window/both")
        phones = await posted(at, keys, "/phones/on")
        codes = [each["address"].split("#")[1] for each in phones.json()["places"]]
        async with page(at, old[0]) as phone, page(at, old[3]) as laptop:
            for one in (phone, laptop):
                await one.until(lambda m: m["type"] == "state")
            await console.say(how, id=4711)
            await console.until(lambda m: m["type"] == "locked")
            if how == "lock-now":
                await console.ask("unlock", passphrase=WORDS)
            assert (await console.ask("open-couple", couple=eve))["type"] == "taken"
            for one in (phone, laptop):
                heard = await told_to_the_end(one)
                assert "Eve" not in str(heard)
                assert heard[-1]["type"] == "ended"
        for each in old:
            assert await refusal(at, each) == 403
        async with httpx.AsyncClient(timeout=LATE_S) as client:
            assert (await client.get(asked.text)).status_code == 403
        trusted = ssl.create_default_context(cafile=tmp_path / "clinic" / NAME)
        origin = phones.json()["address"]
        async with httpx.AsyncClient(verify=trusted, timeout=LATE_S) as client:
            for code in codes:
                joined = await client.post(
                    f"{origin}/join", content=code, headers={"Origin": origin}
                )
                assert (joined.status_code, joined.json()) == (403, {"why": "ended"})
        # The therapist lets the next two in anew, and stays.
        anew = window(at, Seat.BOTH)
        assert anew[PAGE_KEY_HEADER] != old[3][PAGE_KEY_HEADER]
        assert await refusal(at, anew) == await refusal(at, keys) == 101

    with_clinic(tmp_path, what)


def test_a_page_that_is_still_on_its_way_in_comes_to_no_other_couple(
    tmp_path: Path,
) -> None:
    async def what(
        at: Served, console: PageClient, keys: Keys, couples: tuple[str, str]
    ) -> None:
        del keys
        assert (await console.ask("open-couple", couple=couples[0]))["type"] == "taken"
        slow = at.hall.coming(Seat.BOTH)  # the door let it in
        assert (await console.ask("leave-couple"))["type"] == "taken"
        assert (await console.ask("open-couple", couple=couples[1]))["type"] == "taken"
        assert not at.hall.came(slow)

    with_clinic(tmp_path, what)


def test_phones_are_turned_off_where_no_couple_is_and_their_key_is_the_clinics(
    tmp_path: Path,
) -> None:
    async def what(
        at: Served, console: PageClient, keys: Keys, couples: tuple[str, str]
    ) -> None:
        assert (await console.ask("open-couple", couple=couples[0]))["type"] == "taken"
        assert (await posted(at, keys, "/phones/on")).json()["on"]
        clinic = tmp_path / "clinic"
        assert (clinic / NAME).exists()
        assert not (couple_folder(clinic, couples[0]) / NAME).exists()
        assert (await console.ask("leave-couple"))["type"] == "taken"
        assert (await posted(at, keys, "/phones/on")).status_code == 423
        off = await posted(at, keys, "/phones/off")
        assert (off.status_code, off.json()["on"]) == (200, False)

    with_clinic(tmp_path, what)
