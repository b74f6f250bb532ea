"""Heartbeats put right from a therapist's own pages, and by nobody else."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect

from coreg.errors import StorageLocked
from coreg.facts.events import Partner
from coreg.store import keys
from coreg.store.clinic.book import Book, close_clinic, set_up
from coreg.store.library_db import Library, Purpose
from coreg.store.release import CONSENT_VERSION
from coreg.store.session_corrections import (
    session_corrections_path,
    text_of_session,
)
from coreg.web.wire.incoming import Message
from coreg.web.wire.of_clinic import EditBeats, ReviewHour
from coreg.web.wire.of_own import LockNow
from tests.helpers.evening_server import CHEAP, LATE_S, protocols
from tests.helpers.one_heart import lived, record
from tests.test_reception import WORDS, Desk, desk

NAME = "20260301-193000-7f3a"
UTC = "2026-03-01T20:00:00+00:00"
A, B = Partner.A, Partner.B


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "clinic"
    set_up(place, WORDS, cost=CHEAP)
    yield place
    close_clinic(place)


@pytest.fixture
def couple(clinic: Path) -> str:
    """Ada and Ben, with one evening; Ada alone agreed that their therapist sees it."""
    book = Book(clinic)
    id_ = book.add_couple("Ada", "Ben", WORDS, cost=CHEAP).id_
    folder = book.open_couple(id_)
    library = Library(folder, passcode_cost=CHEAP)
    for partner in Partner:
        given = {Purpose.RECORD: True, Purpose.THERAPIST: partner is A}
        library.keep_consent(partner, given, version=CONSENT_VERSION, utc=UTC)
    record(folder, NAME, lived(NAME, "relaxed-and-alert", 420.0))
    keys.let_go(folder)
    return id_


def session_of(clinic: Path, couple: str) -> Path:
    return clinic / "couples" / couple / "sessions" / f"{NAME}.coreg"


def edit(couple: str, partner: Partner = A) -> Message:
    return EditBeats(couple=couple, session_id=NAME, partner=partner)


async def link_of(at: Desk, couple: str) -> str:
    assert await at.asked(edit(couple)) == ""
    return str((await at.told(at.therapist, "editor"))["link"])


async def line_of(link: str) -> connect:
    """Follow the link, as a browser does; return its page's line."""
    host = urlsplit(link).netloc
    async with httpx.AsyncClient() as client:
        answer = await client.get(link)
        key = re.search('name="coreg-page-key" content="([^"]+)"', answer.text)
        assert key is not None, answer.text
        cookies = "; ".join(f"{n}={v}" for n, v in client.cookies.items())
    return connect(
        f"ws://{host}/ws",
        origin=f"http://{host}",  # type: ignore[arg-type]
        additional_headers={"Cookie": cookies},
        subprotocols=protocols(key[1]),
        max_size=64 * 1024 * 1024,
        proxy=None,
    )


def test_a_therapist_leaves_a_beat_out_and_it_lies_sealed_beside_the_session(
    clinic: Path, couple: str
) -> None:
    session = session_of(clinic, couple)
    was = session.read_bytes()

    async def run() -> None:
        async with desk(clinic) as at:
            link = await link_of(at, couple)
            async with await line_of(link) as line, asyncio.timeout(LATE_S):
                told = json.loads(await line.recv())
                assert told["name"] == "Ada, 1 March 2026"
                assert told["file"] == ""
                asked = {"do": "reject", "beat": 9, "last": 9}
                asked["t_s"] = told["beats"]["t_s"][8]
                await line.send(json.dumps(asked))
                while json.loads(await line.recv())["type"] != "change":
                    pass
                sealed = session_corrections_path(session, A).read_text()
                assert "reject" not in sealed
                text = text_of_session(session, A) or ""
                assert 'made_by = "therapist"' in text
                assert 'do = "reject"' in text
            review = ReviewHour(couple=couple, session_id=NAME)
            assert await at.asked(review) == ""
            (heart,) = (await at.told(at.therapist, "hour"))["correctable"]
            assert (heart["name"], heart["words"]) == ("Ada", "1 correction")
            assert at.heard[at.couple] == []

    asyncio.run(run())
    assert session.read_bytes() == was


def test_nobody_corrects_the_heart_of_who_did_not_agree_or_from_another_seat(
    clinic: Path, couple: str
) -> None:
    async def run() -> None:
        async with desk(clinic) as at:
            assert await at.asked(edit(couple, B)) == "not-kept"
            assert await at.asked(edit(couple), at.couple) == "not-at-this-seat"

    asyncio.run(run())
    assert not session_corrections_path(session_of(clinic, couple), B).exists()


def test_locking_ends_the_editor_and_closes_the_folder(
    clinic: Path, couple: str
) -> None:
    session = session_of(clinic, couple)

    async def run() -> None:
        async with desk(clinic) as at:
            link = await link_of(at, couple)
            async with await line_of(link) as line:
                assert keys.vault_of(session.parent.parent) is not None
                at.hall.ask(LockNow(), at.therapist, 8)
                await at.told(at.therapist, "locked")
                async with asyncio.timeout(LATE_S):
                    await line.wait_closed()
                with pytest.raises(StorageLocked):
                    keys.vault_of(session.parent.parent)

    asyncio.run(run())
