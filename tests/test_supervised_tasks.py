"""A fault planted in each task: words, a whole log, and the next practice.

`PLANTED` names a test for every task that coreg begins; one that is added without a
fault planted in it fails `test_every_task_of_coreg_has_a_fault_planted_here`.
"""

import ast
import asyncio
import datetime as dt
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import RequestResponseCycle
from websockets.exceptions import ConnectionClosedError

from coreg.cli import main
from coreg.facts.both import Both
from coreg.facts.events import Cue, Input, Notification, Partner, Stream, Tick
from coreg.sensors.quirks.habits import QuirkWatch
from coreg.sensors.quirks.words import Trouble, sentence
from coreg.sensors.straps.held_strap import HeldStrap
from coreg.sensors.straps.polar_streams import PolarStreams
from coreg.sensors.straps.radio import FoundStrap, StrapConnection
from coreg.sensors.straps.scan import SharedScan
from coreg.session import live, opening
from coreg.session.engine import Engine, Output
from coreg.session.hearts_watched import HeartNow, HeartsWatched
from coreg.session.replay import compare
from coreg.session.sources import SessionSource, SimulatedSource
from coreg.store import keys, locking
from coreg.store.clinic.book import Book, close_clinic, set_up
from coreg.store.clinic.records import Couple
from coreg.store.library import list_sessions
from coreg.store.library_db import Library
from coreg.store.reader import State, read_session
from coreg.store.session_log import SessionLog
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import ADDRESSES, virtual_couple
from coreg.testing.virtual_radio.ears import held
from coreg.web.evening import (
    on_end as end_steps,
    on_session as session_steps,
    step as steps,
)
from coreg.web.evening.effects import Keep
from coreg.web.evening.happenings import Heard
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.server import (
    app as server,
    evenings,
    hall,
    hearing,
    lan,
    places,
    session_editor,
    streams,
    tls,
)
from coreg.web.server.door import LaunchLinks
from coreg.web.server.drawer import Drawer
from coreg.web.server.drawing import Drawn, PageAsked, Reached
from coreg.web.server.drawing_process import DrawingProcess, NotDrawn
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.hearts import SimulatedHome
from coreg.web.server.page import PageConnection
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.reception import Reception
from coreg.web.wire import incoming as messages
from coreg.web.wire.incoming import (
    Message,
    Names,
)
from coreg.web.wire.named import Seat
from coreg.web.wire.of_clinic import AddCouple
from coreg.web.words import say
from tests.helpers.evening_server import (
    CHEAP,
    LATE_S,
    PageClient,
    Served,
    entered,
    page,
    phones_of_tests,
    served,
    simulated,
)
from tests.helpers.planted_drawing import at_once
from tests.helpers.two_people import FAST, sessions
from tests.test_app import (
    test_a_fault_while_it_is_watched_is_said_and_it_is_watched_anew,
)
from tests.test_beat_editor import (
    test_a_fault_in_the_figures_is_noted_and_the_next_ones_come,
    test_a_fault_on_one_editors_line_closes_it_and_no_other,
)
from tests.test_drawing_apart import evening as evening_of_nobody, reading
from tests.test_reception import WORDS, desk
from tests.test_straps_at_home import at_home, finish, practise as begin
from tests.test_web_seats import window

ROOT = Path(__file__).resolve().parents[1]
FAULT = say("fault")
Patch = pytest.MonkeyPatch


PASSPHRASE = "four words we remember"  # noqa: S105 - of a folder made for this


class Planted(Exception):
    """A fault that was planted, of a kind that nobody foresaw."""


class Fuse:
    """Raises once, when it has been asked so many times; then never again."""

    def __init__(self, after: int = 0) -> None:
        self.left = after
        self.is_spent = False

    def burn(self) -> None:
        if self.is_spent:
            return
        if self.left:
            self.left -= 1
            return
        self.is_spent = True
        raise Planted("a planted fault")


def has_planted(caplog: pytest.LogCaptureFixture) -> bool:
    """Whether a planted fault's traceback was kept."""
    return any(
        record.exc_info is not None and isinstance(record.exc_info[1], Planted)
        for record in caplog.records
    )


@asynccontextmanager
async def two_pages(at: Served) -> AsyncIterator[tuple[PageClient, PageClient]]:
    good = await entered(at)
    async with page(at, good) as first, page(at, good) as second:
        yield first, second


def notices(message: dict[str, Any]) -> list[str]:
    return [each["words"] for each in message.get("notices", ())]


async def reads(one: PageClient, words: str) -> None:
    """Hear until these words are among the notices; at once where they are."""
    if one.heard and words in notices(one.state):
        return
    await one.until(lambda message: words in notices(message))


async def next_practice(one: PageClient) -> None:
    """Begin another practice from wherever the evening stands, and be in it."""
    if one.state["screen"] == "look-back":
        await one.say("go", screen="home")
        await one.screen("home")
    await one.say("start")
    await one.screen("question")
    await one.say("press", press="finish")
    await one.screen("look-back")


# --- a session, before it began -------------------------------------------------


def in_the_plan(patch: Patch, fuse: Fuse) -> None:
    text_for = PracticeCatalogue.text_for

    def failing(self: PracticeCatalogue, evening: Any) -> str:
        fuse.burn()
        return text_for(self, evening)

    patch.setattr(PracticeCatalogue, "text_for", failing)


def in_the_hearts(patch: Patch, fuse: Fuse) -> None:
    open_session = SimulatedHome.open_session

    def failing(
        self: SimulatedHome, a: str, b: str, measured: Both[frozenset[Stream]]
    ) -> SessionSource:
        fuse.burn()
        return open_session(self, a, b, measured)

    patch.setattr(SimulatedHome, "open_session", failing)


def in_the_new_log(patch: Patch, fuse: Fuse) -> None:
    create = SessionLog.create

    def failing(*given: Any, **how: Any) -> SessionLog:
        fuse.burn()
        return create(*given, **how)

    patch.setattr(SessionLog, "create", failing)


def in_what_is_opened(patch: Patch, fuse: Fuse) -> None:
    versions = live.versions

    def failing() -> tuple[tuple[str, str], ...]:
        fuse.burn()
        return versions()

    patch.setattr(opening, "versions", failing)


BEFORE = [in_the_plan, in_the_hearts, in_the_new_log, in_what_is_opened]


@pytest.mark.parametrize("plant", BEFORE)
def test_a_session_that_cannot_begin_says_so_and_the_next_one_can(
    plant: Callable[[Patch, Fuse], None],
    tmp_path: Path,
    monkeypatch: Patch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    plant(monkeypatch, Fuse())

    async def go() -> None:
        async with served(tmp_path, speed=FAST) as at, two_pages(at) as both:
            for each in both:
                await each.screen("welcome")
            await both[0].say("source", source="simulated", seed=1)
            for each in both:
                await each.screen("home")
            await both[0].say("start")
            for each in both:
                await reads(each, say("could-not-begin", FAULT))
                assert each.state["screen"] == "home"
            await next_practice(both[1])
            assert notices(both[1].state) == []

    asyncio.run(go())
    assert has_planted(caplog)
    (path,) = sessions(tmp_path)
    assert read_session(path).state is State.WHOLE


# --- a session under way --------------------------------------------------------


def in_the_engine(patch: Patch, fuse: Fuse) -> None:
    class Faulty(Engine):
        def feed(self, given: Input) -> list[Output]:
            if isinstance(given, Tick):
                fuse.burn()
            return super().feed(given)

    patch.setattr(live, "Engine", Faulty)


def in_the_source(patch: Patch, fuse: Fuse) -> None:
    inputs = SimulatedSource.inputs

    async def failing(self: SimulatedSource) -> AsyncGenerator[Input, None]:
        async for given in inputs(self):
            fuse.burn()
            yield given

    patch.setattr(SimulatedSource, "inputs", failing)


def in_hearing_a_cue(patch: Patch, fuse: Fuse) -> None:
    hear = SimulatedSource.hear

    def failing(self: SimulatedSource, cue: Cue) -> None:
        fuse.left = min(fuse.left, 8)
        fuse.burn()
        hear(self, cue)

    patch.setattr(SimulatedSource, "hear", failing)


def in_the_evening(patch: Patch, fuse: Fuse) -> None:
    step = session_steps.step

    def failing(evening: Any, given: Any, server_s: float) -> Any:
        # What the session says, not what is seen of straps beside it.
        if evening.running is not None and isinstance(given, Heard):
            fuse.left = min(fuse.left, 8)
            fuse.burn()
        return step(evening, given, server_s)

    patch.setattr(session_steps, "step", failing)


def in_its_very_end(patch: Patch, fuse: Fuse) -> None:
    over = end_steps.over

    def failing(evening: Any, running: Any) -> Any:
        fuse.left = 0
        fuse.burn()
        return over(evening, running)

    patch.setattr(session_steps, "over", failing)


UNDER_WAY = [
    in_the_engine,
    in_the_source,
    in_hearing_a_cue,
    in_the_evening,
]


@pytest.mark.parametrize("plant", UNDER_WAY)
def test_a_session_that_fails_says_so_keeps_its_log_and_the_next_one_can(
    plant: Callable[[Patch, Fuse], None],
    tmp_path: Path,
    monkeypatch: Patch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    plant(monkeypatch, Fuse(after=700))

    async def go() -> None:
        async with simulated(tmp_path, speed=FAST) as at, two_pages(at) as both:
            for each in both:
                await reads(each, say("stopped-kept", FAULT))
                assert each.state["screen"] == "look-back"
                assert each.state["ending"] == "interrupted"
            await next_practice(both[1])
            assert notices(both[1].state) == []

    asyncio.run(go())
    assert has_planted(caplog)
    # By state, not by name: both may have begun within one second.
    kept = {read_session(path).state: path for path in sessions(tmp_path)}
    assert kept.keys() == {State.INTERRUPTED, State.WHOLE}
    broken = read_session(kept[State.INTERRUPTED])
    facts = [event.fact for event in broken.events]
    assert len(facts) > 5
    assert compare(facts, is_whole=False).difference == ""
    beside = {path.name for path in broken.path.parent.iterdir()}
    assert beside == {path.name for path in kept.values()}  # no log, no lock is left


def test_a_headless_practice_that_fails_says_so_and_keeps_its_log(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    in_the_engine(monkeypatch, Fuse(after=100))
    how = ["--simulate", "--headless", "--speed", "5000", "--data-dir", str(tmp_path)]
    with pytest.raises(Planted) as planted:
        main(["practice", *how])
    assert "ended this practice" in "".join(planted.value.__notes__)
    (path,) = sessions(tmp_path)
    session = read_session(path)
    assert session.state is State.INTERRUPTED
    assert len(session.events) > 100


def test_the_input_that_broke_the_engine_is_in_the_log(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    class Faulty(Engine):
        def feed(self, given: Input) -> list[Output]:
            if given.t_ns == 40 * live.TICK_NS and isinstance(given, Tick):
                raise ZeroDivisionError
            return super().feed(given)

    monkeypatch.setattr(live, "Engine", Faulty)

    async def go() -> None:
        async with simulated(tmp_path, speed=FAST) as at, two_pages(at) as (one, _):
            await reads(one, say("stopped-kept", FAULT))

    asyncio.run(go())
    (path,) = sessions(tmp_path)
    last = read_session(path).events[-1].fact
    assert last == Tick(t_ns=40 * live.TICK_NS)


def test_a_fault_at_the_very_end_of_a_session_does_not_hold_the_evening(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    in_its_very_end(monkeypatch, Fuse())

    async def go() -> None:
        async with simulated(tmp_path, speed=FAST) as at, two_pages(at) as both:
            await both[0].screen("breathe")
            await both[0].say("press", press="finish")
            for each in both:
                await reads(each, say("stopped-kept", FAULT))
            await next_practice(both[1])

    asyncio.run(go())
    assert has_planted(caplog)
    for path in sessions(tmp_path):
        assert read_session(path).state is State.WHOLE


# --- tasks beside a session -----------------------------------------------------


def test_a_fault_in_the_search_is_said_and_the_search_goes_on(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple:
            find, fuse = couple.radio.find_straps, Fuse()

            async def failing(seconds: float) -> list[FoundStrap]:
                fuse.burn()
                return await find(seconds)

            monkeypatch.setattr(couple.radio, "find_straps", failing)
            async with at_home(couple, tmp_path) as home:
                await home.until(lambda: home.notices == [say("fault-straps")])
                await home.both_seen()
                assert home.notices == []

    run_in_no_time(scene(), monkeypatch)
    assert has_planted(caplog)


def test_a_fault_in_the_scan_is_said_and_the_search_goes_on(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, begun = Fuse(), SharedScan._begun  # noqa: SLF001

    async def failing(self: SharedScan) -> Any:
        fuse.burn()
        return await begun(self)

    monkeypatch.setattr(SharedScan, "_begun", failing)

    async def scene() -> None:
        async with virtual_couple() as couple, at_home(couple, tmp_path) as home:
            await home.until(lambda: home.notices == [say("fault-straps")])
            await home.both_seen()
            assert home.notices == []

    run_in_no_time(scene(), monkeypatch)
    assert has_planted(caplog)


def test_a_fault_while_a_strap_is_held_is_said_and_it_is_held_again(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> Path:
        async with virtual_couple() as couple, at_home(couple, tmp_path) as home:
            await home.both_seen()
            await begin(home, 20.0)
            until_silent, fuse = HeldStrap._until_silent, Fuse()  # noqa: SLF001

            async def failing(self: HeldStrap, heard: Any) -> None:
                if self.address == ADDRESSES[Partner.A]:
                    fuse.burn()
                await until_silent(self, heard)

            monkeypatch.setattr(HeldStrap, "_until_silent", failing)
            couple.straps[Partner.A].is_silent = True
            await home.until(lambda: fuse.is_spent)
            said = f"Left strap: {sentence(Trouble.FAULT)}"
            await home.until(lambda: home.notices == [said])
            couple.straps[Partner.A].is_silent = False
            await home.until(lambda: home.notices == [])
            await finish(home)
            return home.service.recorded[-1]

    path = run_in_no_time(scene(), monkeypatch)
    assert has_planted(caplog)
    session = read_session(path)
    assert session.state is State.WHOLE
    facts = [event.fact for event in session.events]
    assert compare(facts, is_whole=True).difference == ""


def test_a_fault_while_a_strap_is_asked_who_it_is_takes_no_beat_away(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, read_info = Fuse(), StrapConnection.read_info

    async def failing(self: StrapConnection) -> Any:
        fuse.burn()
        return await read_info(self)

    monkeypatch.setattr(StrapConnection, "read_info", failing)

    async def scene() -> None:
        async with virtual_couple() as couple, at_home(couple, tmp_path) as home:
            await home.both_seen()  # both said who they are: it was asked again
            assert couple.computer.attempts["connect"] == 2

    run_in_no_time(scene(), monkeypatch)
    assert fuse.is_spent
    assert has_planted(caplog)


def test_a_fault_over_what_else_a_strap_measures_takes_no_beat_away(
    monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, offered = Fuse(), PolarStreams.offered

    async def failing(self: PolarStreams) -> Any:
        fuse.burn()
        return await offered(self)

    monkeypatch.setattr(PolarStreams, "offered", failing)

    async def scene() -> None:
        async with virtual_couple(measures_more=True) as couple:
            strap = couple.straps[Partner.A]
            async with held(couple.radio, strap.address) as ear:
                await asyncio.sleep(60)
            assert len(ear.packets) > 50
            assert couple.computer.attempts["connect"] == 1
            assert strap.polar is not None
            assert strap.polar.asked  # it was gone about again

    run_in_no_time(scene(), monkeypatch)
    assert fuse.is_spent
    assert has_planted(caplog)


def test_a_packet_that_home_cannot_understand_is_kept_all_the_same(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """What arrived is logged before anything understands it, whatever that raises."""

    def failing(_self: QuirkWatch) -> None:
        raise ZeroDivisionError

    async def scene() -> tuple[Path, set[bytes]]:
        async with virtual_couple() as couple, at_home(couple, tmp_path) as home:
            await home.both_seen()
            await begin(home, 20.0)
            before = len(couple.straps[Partner.A].sent)
            with monkeypatch.context() as patch:
                patch.setattr(QuirkWatch, "now", property(failing))
                await asyncio.sleep(30)
            sent = [data for _, data in couple.straps[Partner.A].sent[before:]]
            await asyncio.sleep(5)
            await finish(home)
            return home.service.recorded[-1], set(sent[:-1])

    path, sent = run_in_no_time(scene(), monkeypatch)
    facts = [event.fact for event in read_session(path).events]
    kept = {fact.data for fact in facts if isinstance(fact, Notification)}
    assert len(sent) > 20
    assert sent <= kept


def test_a_fault_while_hearts_are_shown_is_said_and_they_come_back(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, straps = Fuse(after=1), SimulatedHome.straps

    def failing(self: SimulatedHome, now_ns: int) -> tuple[StrapSeen, ...]:
        fuse.burn()
        return straps(self, now_ns)

    monkeypatch.setattr(SimulatedHome, "straps", failing)

    async def go() -> None:
        async with served(tmp_path) as at, two_pages(at) as both:
            await both[0].screen("welcome")
            await both[0].say("source", source="simulated", seed=1)
            for each in both:
                await reads(each, say("fault-straps"))
                await each.state_when(lambda state: not state["notices"])
                await each.told_when("hearts", lambda m: len(m["straps"]) == 2)

    asyncio.run(go())
    assert has_planted(caplog)


def test_a_fault_beside_a_console_is_told_to_nobody_else_and_it_goes_on(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, now = Fuse(after=1), HeartsWatched.now

    def failing(
        self: HeartsWatched, partner: Partner, *, after_s: float = -math.inf
    ) -> HeartNow:
        fuse.burn()
        return now(self, partner, after_s=after_s)

    monkeypatch.setattr(HeartsWatched, "now", failing)

    class Torn:
        marks = ("Something shifted",)
        heard = ()
        seen_alone = Both[dt.date | None](None, None)

        def mark(self, *_: object) -> None:
            raise Planted("a planted fault")

        note = hear = retell = mark

    async def go() -> None:
        async with simulated(tmp_path, speed=20.0) as at, two_pages(at) as both:
            await both[0].screen("arrive")
            async with page(at, window(at, Seat.THERAPIST)) as console:
                await console.told_when(
                    "watched", lambda m: bool(m["hearts"]["A"]["t_s"])
                )
                at.service.open_notebook(Torn())
                assert (await console.ask("mark", key=1))["why"] == "not-kept"
            assert FAULT not in "".join(both[0].raw)

    asyncio.run(go())
    assert has_planted(caplog)


def test_a_fault_of_the_book_is_said_to_whoever_asked_and_the_next_is_answered(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    clinic, couples, fuse = tmp_path / "clinic", Book.couples, Fuse()
    add = AddCouple(a="Ada", b="Ben")
    set_up(clinic, WORDS, cost=CHEAP)

    def failing(self: Book) -> tuple[Couple, ...]:
        fuse.burn()
        return couples(self)

    def torn(*_: object) -> None:
        raise Planted("a planted fault")

    async def go() -> None:
        async with desk(clinic) as at:
            await at.told(at.therapist, "clinic")
            with monkeypatch.context() as patch:
                patch.setattr(Book, "add_couple", torn)
                assert await at.asked(add) == "not-kept"
            monkeypatch.setattr(Book, "couples", failing)
            late = PageConnection(Seat.THERAPIST)
            at.heard[late] = []
            at.hall.came(late)  # the list fails once, and is told with what comes next
            assert await at.asked(add) == ""
            told = await at.told(late, "clinic")
            assert [each["a"] for each in told["couples"]] == ["Ada"]

    try:
        asyncio.run(go())
    finally:
        close_clinic(clinic)
    assert has_planted(caplog)


def test_a_fault_of_a_beat_editor_is_told_to_whoever_asked_and_the_next_one_opens(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, gone = Fuse(), list[bool]()

    async def failing(*_: object, **named: Any) -> None:
        fuse.burn()
        named["opened"]("http://localhost/the-next")
        await named["stop"].wait()

    monkeypatch.setattr(session_editor, "serve_editor", failing)

    async def go() -> None:
        editor = session_editor.SessionEditor(lambda: gone.append(True))
        beats: Any = None  # what is edited makes no difference here
        with pytest.raises(Planted):
            await editor.open(beats, tmp_path, tmp_path)
        assert editor.folder is None
        link = await editor.open(beats, tmp_path, tmp_path)
        assert link == "http://localhost/the-next"
        await editor.end()

    asyncio.run(go())
    assert len(gone) == 2
    assert has_planted(caplog)


def test_a_fault_while_an_editors_folder_is_closed_keeps_nobody_out(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    clinic, fuse = tmp_path / "clinic", Fuse()
    let_go = Reception._let_go_of_others  # noqa: SLF001 - where folders are closed
    set_up(clinic, WORDS, cost=CHEAP)

    def failing(self: Reception) -> None:
        fuse.burn()
        let_go(self)

    async def go() -> None:
        async with desk(clinic) as at:
            await at.told(at.therapist, "clinic")
            monkeypatch.setattr(Reception, "_let_go_of_others", failing)
            at.hall._editor_gone()  # noqa: SLF001 - as an editor that was closed says
            async with asyncio.timeout(LATE_S):
                while not fuse.is_spent:
                    await asyncio.sleep(0.01)
            assert await at.asked(AddCouple(a="Ada", b="Ben")) == ""

    try:
        asyncio.run(go())
    finally:
        close_clinic(clinic)
    assert has_planted(caplog)


def test_a_fault_while_something_is_kept_is_said_and_the_next_is_kept(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, keep = Fuse(), EveningStore.keep

    def failing(self: EveningStore, what: Keep) -> None:
        fuse.burn()
        keep(self, what)

    monkeypatch.setattr(EveningStore, "keep", failing)

    async def go() -> None:
        async with served(tmp_path) as at, two_pages(at) as both:
            await both[0].screen("welcome")
            await both[0].say("names", A="Ada", B="Bo")
            for each in both:
                await reads(each, say("not-kept-names", FAULT))
            await both[1].say("settings", warmth=True, bell=False)
            await both[1].state_when(lambda state: state["settings"]["bell"] is False)
            await at.service.all_kept()

    asyncio.run(go())
    assert has_planted(caplog)
    assert Library(tmp_path).settings()["bell"] == "off"


def test_a_fault_while_something_is_erased_is_said(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse = Fuse()
    monkeypatch.setattr(EveningStore, "remove", lambda *_: fuse.burn())

    async def go() -> None:
        async with served(tmp_path) as at, two_pages(at) as both:
            await both[0].screen("welcome")
            await both[0].say("go", screen="settings")
            await both[0].screen("settings")
            await both[0].say(
                "erase",
                what="everything",
                session_id=None,
                partner=None,
                confirm="erase",
            )
            for each in both:
                await reads(each, say("not-erased", FAULT))

    asyncio.run(go())
    assert has_planted(caplog)


@pytest.mark.parametrize("way", ["sending", "receiving"])
def test_a_fault_on_the_way_to_one_page_closes_that_line_and_no_other(
    way: str, tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, next_text, parse = Fuse(), PageConnection.next, messages.parse

    async def failing_next(self: PageConnection) -> str | None:
        text = await next_text(self)
        if text is not None and '"pong"' in text:
            fuse.burn()
        return text

    def failing_parse(text: str) -> Message:
        fuse.burn()
        return parse(text)

    if way == "sending":
        monkeypatch.setattr(PageConnection, "next", failing_next)
    else:
        monkeypatch.setattr(hearing, "parse", failing_parse)

    async def go() -> None:
        async with served(tmp_path) as at:
            good = await entered(at)
            await go_with(at, good)

    async def go_with(at: Served, good: Mapping[str, str]) -> None:
        async with page(at, good) as one, page(at, good) as other:
            for each in (one, other):
                await each.screen("welcome")
            await one.say("ping", id=1)
            with pytest.raises(ConnectionClosedError) as closed:
                await one.until(lambda m: m["type"] == "pong")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1011
            await other.say("ping", id=2)
            await other.until(lambda m: m["type"] == "pong")
            async with page(at, good) as anew:  # it comes back by itself
                await anew.screen("welcome")

    asyncio.run(go())
    assert has_planted(caplog)


def test_a_message_that_breaks_something_is_said_and_the_page_lives_on(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse = Fuse()

    def failing(*_given: Any) -> Any:
        fuse.burn()

    monkeypatch.setitem(steps._ASKED, Names, failing)  # noqa: SLF001

    async def go() -> None:
        async with served(tmp_path) as at, two_pages(at) as both:
            await both[0].screen("welcome")
            await both[0].say("names", A="Ada", B="Bo")
            for each in both:
                await reads(each, FAULT)
            await both[0].say("source", source="simulated", seed=1)
            await both[0].screen("home")

    asyncio.run(go())
    assert has_planted(caplog)


def test_a_server_that_fails_ends_the_practice_in_order_and_says_why(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    tick, fuse = uvicorn.Server.on_tick, Fuse()

    async def failing(self: uvicorn.Server, counter: int) -> bool:
        if started.is_set():
            fuse.burn()
        return await tick(self, counter)

    monkeypatch.setattr(uvicorn.Server, "on_tick", failing)
    started = asyncio.Event()

    async def go() -> None:
        async with simulated(tmp_path, speed=FAST) as at, two_pages(at) as (one, _):
            await one.screen("breathe")
            started.set()
            await at.stop.wait()

    with pytest.raises(Planted):
        asyncio.run(go())
    assert has_planted(caplog)
    (path,) = sessions(tmp_path)
    assert read_session(path).state is State.WHOLE


def test_a_fault_while_a_launch_link_is_handed_over_spoils_no_later_one(
    tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, next_link = Fuse(1), LaunchLinks.next  # the first one is handed over

    async def failing(self: LaunchLinks) -> str:
        fuse.burn()
        return await next_link(self)

    monkeypatch.setattr(LaunchLinks, "next", failing)

    async def go() -> None:
        async with served(tmp_path) as at:
            await entered(at)
            while len(at.links) < 2:
                await asyncio.sleep(0.01)
            await entered(replace(at, launch_url=at.links[1]))

    asyncio.run(go())
    assert has_planted(caplog)


def test_a_page_that_cannot_be_answered_says_so_and_the_others_are(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    fuse, places_of = Fuse(), places.places_of

    def failing(folder: Path) -> Any:
        fuse.burn()
        return places_of(folder)

    monkeypatch.setattr(server, "places_of", failing)

    async def go() -> None:
        async with served(tmp_path) as at:
            headers = await entered(at)
            async with httpx.AsyncClient(headers=headers) as client:
                broken = await client.get(f"{at.origin}/places")
                assert broken.status_code == 500
                assert say("fault-page") in broken.text
                assert (await client.get(f"{at.origin}/places")).status_code == 200

    asyncio.run(go())


def in_the_process_of_drawing(patch: Patch, fuse: Fuse) -> None:
    answer = DrawingProcess.answer

    async def failing(
        self: DrawingProcess, asked: PageAsked, reached: Reached
    ) -> Drawn | NotDrawn:
        fuse.burn()
        return await answer(self, asked, reached)

    patch.setattr(DrawingProcess, "answer", failing)


def in_what_comes_next_to_be_drawn(patch: Patch, fuse: Fuse) -> None:
    coming = Drawer._next  # noqa: SLF001

    async def failing(self: Drawer) -> Any:
        job = await coming(self)
        try:
            fuse.burn()
        except Planted:
            self._waiting.appendleft(job)
            raise
        return job

    patch.setattr(Drawer, "_next", failing)


def in_finding_the_evening(patch: Patch, fuse: Fuse) -> None:
    sessions_of = list_sessions

    def failing(folder: Path) -> Any:
        fuse.burn()
        return sessions_of(folder)

    patch.setattr(evenings, "list_sessions", failing)


def in_listening_for_a_leave(patch: Patch, fuse: Fuse) -> None:
    receive = Request.receive

    def failing(self: Request) -> Any:
        fuse.burn()
        return receive.fget(self)  # type: ignore[attr-defined]

    patch.setattr(Request, "receive", property(failing))


@pytest.mark.parametrize(
    ("plant", "status"),
    [
        (in_the_process_of_drawing, 500),
        (in_what_comes_next_to_be_drawn, 200),  # it is taken up again
        (in_finding_the_evening, 500),
        (in_listening_for_a_leave, 500),
    ],
)
def test_a_fault_on_the_way_to_an_evenings_page_is_said_and_the_next_is_drawn(
    plant: Callable[[Patch, Fuse], None],
    status: int,
    tmp_path: Path,
    monkeypatch: Patch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = evening_of_nobody(tmp_path)
    plant(monkeypatch, Fuse())

    async def go() -> None:
        async with reading(tmp_path, at_once) as client:
            url = f"/evenings/{path.stem}/page"
            first = await client.get(url)
            assert first.status_code == status
            assert (say("fault-page") in first.text) is (status == 500)
            assert (await client.get(url)).status_code == 200

    asyncio.run(go())
    assert has_planted(caplog)


# --- none is forgotten ----------------------------------------------------------


def test_a_fault_over_a_passphrase_is_said_and_the_next_one_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in locking, and in looking whether anybody is there: both go on."""
    looked = asyncio.Event()

    def broken(*_given: object, **_how: object) -> None:
        looked.set()
        raise Planted("a planted fault")

    async def go() -> None:
        async with (
            served(tmp_path, locks_after_s=0.05) as at,
            page(at, await entered(at)) as one,
        ):
            with monkeypatch.context() as planted:
                planted.setattr(locking, "lock", broken)
                answer = await one.ask("choose-passphrase", passphrase=PASSPHRASE)
                assert answer["why"] == "not-kept"
                looked.clear()
                planted.undo()
                planted.setattr(hall.Hall, "_lock", broken)
                answer = await one.ask("choose-passphrase", passphrase=PASSPHRASE)
                assert answer["recovery_key"]
                await one.say("lock-now")
                await asyncio.wait_for(looked.wait(), LATE_S)
            await one.until(lambda m: m["type"] == "locked")

    asyncio.run(go())
    keys.let_go(tmp_path)


OF_PHONES = (
    "a handshake",
    "answering phones",
    "listening for a page's leave",
    "telling a page",
    "watching the network",
)


@pytest.mark.parametrize("task", OF_PHONES)
def test_a_fault_on_the_way_to_a_phone_is_noted_and_the_laptop_goes_on(
    task: str, tmp_path: Path, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    fuse, house = Fuse(), phones_of_tests()
    if task == "watching the network":
        monkeypatch.setattr(lan, "_ADDRESSES_EVERY", 1)
        house = replace(house, addresses=addresses_that_burn(fuse))

    async def go() -> None:
        async with (
            served(tmp_path, house=house) as at,
            httpx.AsyncClient(timeout=LATE_S) as laptop,
            httpx.AsyncClient(verify=False, timeout=LATE_S) as phone,  # noqa: S501
            page(at, good := await entered(at)) as one,
        ):
            await one.screen("welcome")
            asked = f"{at.origin}/phones"
            there = (await laptop.get(asked, headers=good)).json()["address"]
            plant_on_the_way(task, monkeypatch, fuse, urlsplit(there).port)
            with suppress(httpx.HTTPError):
                await phone.get(f"{there}/join")
            if "page" in task:  # it ends, and the page comes back itself
                await laptop.get(f"{at.origin}/events", headers=good)
            async with asyncio.timeout(LATE_S):
                while not has_planted(caplog):
                    await asyncio.sleep(0.01)
            told = (await laptop.get(asked, headers=good)).json()
            assert told["on"] is (task != "answering phones")
            assert told["words"] == ("" if told["on"] else FAULT)
            if told["on"]:
                assert (await phone.get(f"{there}/join")).status_code == 200
            await one.say("names", A="Ada", B="Bo")
            await one.turn("A")

    asyncio.run(go())


def plant_on_the_way(task: str, patch: Patch, fuse: Fuse, port: int | None) -> None:
    """Plant a fault where this task passes, once phones are answered."""
    tick = uvicorn.Server.on_tick

    async def ticking(self: uvicorn.Server, counter: int) -> bool:
        if any(each.getsockname()[1] == port for each in self.servers[0].sockets):
            fuse.burn()
        return await tick(self, counter)

    def burning(real: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*given: Any) -> Any:
            fuse.burn()
            return real(*given)

        return failing

    ways: dict[str, tuple[Any, str]] = {
        "a handshake": (tls._Early, "hand_over"),  # noqa: SLF001
        "telling a page": (streams.Streams, "_told"),
        "listening for a page's leave": (RequestResponseCycle, "receive"),
    }
    if task == "answering phones":
        patch.setattr(uvicorn.Server, "on_tick", ticking)
    elif task in ways:
        owner, name = ways[task]
        patch.setattr(owner, name, burning(getattr(owner, name)))


def addresses_that_burn(fuse: Fuse) -> Callable[[], tuple[str, ...]]:
    """The addresses of a house, of which the second look fails."""
    looks: list[None] = []

    def looked() -> tuple[str, ...]:
        looks.append(None)
        if len(looks) > 1:
            fuse.burn()
        return ("127.0.0.1",)

    return looked


PLANTED: dict[str, Callable[..., None]] = {
    **dict.fromkeys(
        OF_PHONES, test_a_fault_on_the_way_to_a_phone_is_noted_and_the_laptop_goes_on
    ),
    "waiting for the disk": (
        test_a_session_that_cannot_begin_says_so_and_the_next_one_can
    ),
    "session": test_a_session_that_fails_says_so_keeps_its_log_and_the_next_one_can,
    "showing hearts": test_a_fault_while_hearts_are_shown_is_said_and_they_come_back,
    **dict.fromkeys(
        ("telling a console", "keeping a therapist's note"),
        test_a_fault_beside_a_console_is_told_to_nobody_else_and_it_goes_on,
    ),
    **dict.fromkeys(
        ("asking of a clinic", "telling couples"),
        test_a_fault_of_the_book_is_said_to_whoever_asked_and_the_next_is_answered,
    ),
    "keeping": test_a_fault_while_something_is_kept_is_said_and_the_next_is_kept,
    "searching for straps": test_a_fault_in_the_search_is_said_and_the_search_goes_on,
    "scanning": test_a_fault_in_the_scan_is_said_and_the_search_goes_on,
    "holding a strap": test_a_fault_while_a_strap_is_held_is_said_and_it_is_held_again,
    "measuring more than heartbeats": (
        test_a_fault_over_what_else_a_strap_measures_takes_no_beat_away
    ),
    "serving a beat editor": (
        test_a_fault_of_a_beat_editor_is_told_to_whoever_asked_and_the_next_one_opens
    ),
    "closing a couple's folder": (
        test_a_fault_while_an_editors_folder_is_closed_keeps_nobody_out
    ),
    "asking a strap": test_a_fault_while_a_strap_is_asked_who_it_is_takes_no_beat_away,
    "sending": test_a_fault_on_the_way_to_one_page_closes_that_line_and_no_other,
    "receiving": test_a_fault_on_the_way_to_one_page_closes_that_line_and_no_other,
    **dict.fromkeys(
        ("drawing", "answering", "listening for a reader's leave"),
        test_a_fault_on_the_way_to_an_evenings_page_is_said_and_the_next_is_drawn,
    ),
    "keeping launch links": (
        test_a_fault_while_a_launch_link_is_handed_over_spoils_no_later_one
    ),
    **dict.fromkeys(
        ("a passphrase", "locking", "locking what nobody uses"),
        test_a_fault_over_a_passphrase_is_said_and_the_next_one_is_taken,
    ),
    "ending what was left alone": (
        test_a_fault_while_it_is_watched_is_said_and_it_is_watched_anew
    ),
    "working out figures": test_a_fault_in_the_figures_is_noted_and_the_next_ones_come,
    **dict.fromkeys(
        ("telling an editor's page", "hearing an editor's page"),
        test_a_fault_on_one_editors_line_closes_it_and_no_other,
    ),
    "answering pages": test_a_server_that_fails_ends_the_practice_in_order_and_says_why,
}


def names_of_tasks() -> set[str]:
    """The names by which coreg begins its tasks, read from its source."""
    return {
        first.value
        for path in (ROOT / "coreg").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"once", "again", "whole"}
        for first in node.args[:1]
        if isinstance(first, ast.Constant) and isinstance(first.value, str)
    }


def test_every_task_of_coreg_has_a_fault_planted_here() -> None:
    assert names_of_tasks() == PLANTED.keys()
