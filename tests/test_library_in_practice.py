"""A library that fails in mid-practice ends nothing: said afterwards, in words."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from coreg.base import clock, locks
from coreg.errors import PasscodeRefused, StorageUnusable
from coreg.exercises.pacing.in_out import InOut
from coreg.facts.both import Both
from coreg.facts.events import Partner, Source
from coreg.session.replay import compare
from coreg.store import learned, library_file
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.own_things import RatingKept, WordsKept
from coreg.store.passcode import new_key
from coreg.store.reader import State, read_session
from coreg.web.evening.effects import KeepConsent, KeepNames, KeepPace, KeepWorn
from coreg.web.evening.state import Agreed, PaceChosen
from coreg.web.server.evening_store import EveningStore
from coreg.web.wire.named import PaceWay
from tests.helpers.evening_server import (
    CHEAP,
    LATE_S,
    NOW,
    PageClient,
    entered,
    page,
    served,
)
from tests.helpers.library_rows import BOTH, LINE, library_rows
from tests.helpers.sessions import rounds
from tests.helpers.two_people import evening_of_two, first_use, sessions
from tests.test_who_may_see import kept_evening

Spoil = Callable[[Path, ExitStack], None]


def rubbish(folder: Path, _held: ExitStack) -> None:
    for name in BOTH:
        (folder / name).write_bytes(b"no database" * 5000)


def zeroed(folder: Path, _held: ExitStack) -> None:
    for name in BOTH:
        (folder / name).write_bytes(b"")


def gone(folder: Path, _held: ExitStack) -> None:
    for name in BOTH:
        (folder / name).unlink()


def a_folder_in_its_place(folder: Path, _held: ExitStack) -> None:
    for name in BOTH:
        (folder / name).unlink()
        (folder / name).mkdir()


def without_its_people(folder: Path, _held: ExitStack) -> None:
    with library_rows(folder) as db:
        db.execute("DROP TABLE setting")
        db.execute("DELETE FROM person")


def held_by_another(folder: Path, held: ExitStack) -> None:
    lock = locks.take(folder / "library.db-lock")
    assert lock is not None
    held.callback(lock.release)


SPOILS = [
    rubbish,
    zeroed,
    gone,
    a_folder_in_its_place,
    without_its_people,
    held_by_another,
]


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


CASES = [
    *((spoil, "under way") for spoil in SPOILS),
    (rubbish, "before it begins"),
    (held_by_another, "before it begins"),
]


async def practise(one: PageClient) -> None:
    """Begin, say something, breathe for a moment, and end it."""
    await one.begin(lambda partner: {"text": "something", "aside": partner == "A"})
    await one.screen("breathe")
    await one.say("press", press="finish")
    await one.screen("look-back")


def not_kept(message: dict[str, Any]) -> list[str]:
    """What a state says that could not be kept or read."""
    return [
        notice["words"]
        for notice in message.get("notices", ())
        if notice["id"].startswith("not-kept")
    ]


@pytest.mark.parametrize(("spoil", "when"), CASES)
def test_a_practice_goes_on_without_its_library_and_says_afterwards_what_is_missing(
    spoil: Spoil,
    when: str,
    tmp_path: Path,
    held: ExitStack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(library_file, "_TURN_WITHIN_S", 0.01)

    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one, page(at, good) as other:
                await first_use(one)
                await at.service.all_kept()
                if when == "before it begins":
                    spoil(tmp_path, held)
                await one.begin()
                await one.screen("arrive")
                await at.service.all_kept()
                if when == "under way":
                    spoil(tmp_path, held)
                await one.say("press", press="finish")
                await one.screen("look-back")
                await one.say("go", screen="home")  # the evening is not over
                await one.screen("home")
                await practise(one)
                practising = [m for m in one.heard if m.get("block")]
                assert practising
                for message in practising:  # nobody who practises can mend a disk
                    assert not_kept(message) == []
                await one.say(
                    "settings", warmth=True, bell=False
                )  # whatever else, the state is told
                for each in (one, other):
                    told = await each.until(
                        lambda m: m.get("screen") == "look-back" and bool(not_kept(m))
                    )
                    said = " ".join(not_kept(told))
                    assert "couldn’t be" in said
                    assert "--" not in said  # nobody there sees a command line

    asyncio.run(go())
    assert len(sessions(tmp_path)) == 2
    for path in sessions(tmp_path):
        session = read_session(path)
        assert session.state is State.WHOLE
        facts = [event.fact for event in session.events]
        assert compare(facts, is_whole=True).difference == ""


def test_without_a_library_the_evenings_are_listed_and_nobodys_heart_is_open(
    tmp_path: Path,
) -> None:
    folder, _ = kept_evening(tmp_path)

    async def go() -> None:
        async with served(folder) as at:
            headers = await entered(at)
            async with httpx.AsyncClient(headers=headers, timeout=LATE_S) as client:
                rubbish(folder, ExitStack())
                (line,) = (await client.get(f"{at.origin}/evenings")).json()
                assert line["practice"] == "Relaxed and alert"
                assert line["page"] is None
                for whose in ("page", "A", "B"):
                    url = f"{at.origin}/evenings/{line['id']}/{whose}"
                    assert (await client.get(url)).status_code == 403

    asyncio.run(go())


# --- the library itself: a value, or words ---------------------------------------

SESSION = "20260301-193000-7f3a"
UTC = "2026-03-01T19:30:00+00:00"
AGREED = Agreed(
    record=True,
    show_partner=True,
    heart_rhythm=False,
    see_doctor=False,
    find_pace=True,
    show_therapist=False,
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with something in each of its tables."""
    folder = data_folder(tmp_path_factory.mktemp("written"))
    library = Library(folder, passcode_cost=CHEAP)
    evening_store = EveningStore(folder)
    evening_store.keep(KeepNames(names=Both("Ada", "Bo")))
    evening_store.keep(KeepWorn(identities=Both("one", "other")))
    pace = PaceChosen(way=PaceWay.FIND, per_min=5.5, in_out=InOut.EVEN)
    evening_store.keep(KeepPace(pace=pace))
    library.keep_aside(SESSION)
    for partner in Partner:
        evening_store.keep(KeepConsent(partner=partner, agreed=AGREED))
        library.keep_wish(partner, SESSION, "ours", utc=UTC)
        library.own.choose(partner, "4711", now=NOW)
        library.own.keep(
            partner, WordsKept(session_id=SESSION, block="rest", text="x", utc=UTC)
        )
        rating = RatingKept(
            session_id=SESSION, moment="after", at_ease=1, awake=2, myself=3, utc=UTC
        )
        library.own.keep(partner, rating)
    return folder / "library.db"


def test_a_consent_that_no_coreg_writes_is_damage_and_no_consent(
    tmp_path: Path,
) -> None:
    folder = data_folder(tmp_path)
    library = Library(folder)
    with library_rows(folder) as db:
        db.execute("INSERT INTO consent VALUES (1, 'record', 'new', 'yes', '')")
    with pytest.raises(StorageUnusable, match="not as it was written"):
        library.person(Partner.A)
    assert library.person(Partner.B).given == {}


def let_in(library: Library, partner: Partner) -> None:
    with suppress(PasscodeRefused):
        library.own.enter(partner, "4711", now=clock.utc_now())


def all_asked(folder: Path) -> None:
    """Ask a library for everything that it can be asked for, and write to it."""
    with suppress(StorageUnusable):
        evening_store = EveningStore(folder)
        evening = evening_store.evening(
            frozenset({"relaxed-and-alert"}), source=Source.STRAPS, seed=1, speed=1.0
        )
        assert all(isinstance(name, str) for name in evening.names)
    with suppress(StorageUnusable):
        library = Library(folder)
        asks: list[Callable[[], object]] = [
            *(partial(library.person, partner) for partner in Partner),
            *(partial(library.own.has_passcode, partner) for partner in Partner),
            *(partial(let_in, library, partner) for partner in Partner),
            *(partial(library.own.lines, partner, new_key()) for partner in Partner),
            *(partial(library.said, partner, SESSION) for partner in Partner),
            library.aside,
            library.settings,
            partial(learned.known_of, library, learned.OURS),
            partial(
                learned.keep_rest, library, learned.OURS, (60.0, 70.0), session_id="1"
            ),
            partial(library.keep_names, "Ada", "Bo"),
            partial(library.erase_session, SESSION),
        ]
        for ask in asks:
            with suppress(StorageUnusable):
                ask()


@settings(
    max_examples=rounds(50, thorough=1000),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    flips=st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), min_size=1)
)
def test_rows_that_no_coreg_wrote_give_a_value_or_words(
    flips: list[tuple[int, int]], tmp_path: Path, written: Path
) -> None:
    """Under a check that holds: another program wrote them, and not the disk."""
    folder = data_folder(tmp_path)
    content = bytearray(written.read_bytes()[len(LINE) + 32 :])
    used = [place for place, byte in enumerate(content) if byte]
    for number, byte in flips:
        content[used[number % len(used)]] = byte
    digest = hashlib.sha256(LINE + content).digest()
    for name in BOTH:
        (folder / name).write_bytes(LINE + digest + content)
    all_asked(folder)
