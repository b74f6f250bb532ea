"""Pages are drawn apart: nothing waits behind them, and whoever leaves stops them."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from coreg.facts.events import Partner
from coreg.session.sources import simulated_hearts
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.plans import plan_text
from coreg.store.session_log import SessionLog
from coreg.web.server import app
from coreg.web.server.drawer import Drawer, Patience, Soon
from coreg.web.server.drawing import Drawn, PageAsked
from coreg.web.server.drawing_process import DrawPage, NotDrawn
from coreg.web.words import say
from tests.helpers.evening_server import LATE_S, Served, entered, page, served
from tests.helpers.openings import changed
from tests.helpers.planted_drawing import (
    at_once,
    begun,
    broken_for_b,
    deadly_for_b,
    over_three,
    release,
    until_released,
)
from tests.helpers.sessions import OPENED

ROOT = Path(__file__).resolve().parents[1]
FIRST, SECOND = "20260301-193000-7f3a", "20260302-193000-7f3a"
EACH = (None, *Partner)
FOR_EVER = Patience(reload_s=3600.0, idle_s=3600.0, hold_s=0.0, back_s=3600.0)
AT_ONCE = replace(FOR_EVER, reload_s=0.0, back_s=0.0)


def evening(data: Path, session_id: str = FIRST) -> Path:
    """Lay an evening of a simulated couple into a data folder."""
    path = session_path(data_folder(data), session_id)
    opened = changed(
        OPENED, session_id=session_id, plan_toml=plan_text("relaxed-and-alert")
    )
    SessionLog.create(path, opened).close()
    return path


def asked(path: Path, whose: Partner | None = None) -> PageAsked:
    return PageAsked(path=path, whose=whose, ratings=(), called=("Ada", "Bo"))


async def until(holds: Callable[[], bool]) -> None:
    """Wait for another process; a failure, not a hang, where it never comes."""
    async with asyncio.timeout(LATE_S):
        while not holds():
            await asyncio.sleep(0.01)


async def left(asking: "asyncio.Task[Any]") -> None:
    """Let whoever asks for a page go away."""
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking


def is_alive(pid: int) -> bool:
    """Whether a process lives; one that ended and is not yet buried does not."""
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            return stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# --- on the real server -----------------------------------------------------------


@pytest.fixture
def waited_for(monkeypatch: pytest.MonkeyPatch) -> list[Partner | None]:
    """Whose pages readers of the real server wait for, in the order they were queued.

    Each request has a connection of its own, and nothing but this says which of them
    the server has heard, and which reader it knows to have left.
    """
    waiting: list[Partner | None] = []

    class Observed(Drawer):
        async def page(self, asked: PageAsked) -> Drawn | NotDrawn:
            waiting.append(asked.whose)
            try:
                return await super().page(asked)  # it is queued within this very step
            finally:
                waiting.remove(asked.whose)

    monkeypatch.setattr(app, "Drawer", Observed)
    return waiting


@asynccontextmanager
async def reader(
    at: Served, good: Mapping[str, str]
) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=at.origin, headers=good, timeout=LATE_S, limits=limits
    ) as client:
        yield client


@asynccontextmanager
async def reading(data: Path, draw: DrawPage) -> AsyncIterator[httpx.AsyncClient]:
    """Serve, and open one reader."""
    async with (
        served(data, draw=draw) as at,
        reader(at, await entered(at)) as client,
    ):
        yield client


def test_help_and_a_pause_do_not_wait_behind_six_drawings(tmp_path: Path) -> None:
    first, second = evening(tmp_path), evening(tmp_path, SECOND)
    paths = [
        f"/evenings/{each.stem}/{whose or 'page'}"
        for each in (first, second)
        for whose in EACH
    ]

    async def go() -> None:
        hearts = simulated_hearts(seed=1, speed=20)
        async with served(
            tmp_path, straight_to=hearts, speed=20, draw=until_released
        ) as at:
            good = await entered(at)
            async with page(at, good) as one, reader(at, good) as client:
                await one.screen("arrive")
                drawings = [asyncio.create_task(client.get(path)) for path in paths]
                await until(lambda: len(begun(first)) == 1)
                assert (await client.get("/places")).status_code == 200
                assert len((await client.get("/evenings")).json()) == 2
                await one.say("press", press="pause")
                await one.screen("pause")
                assert not any(drawing.done() for drawing in drawings)
                release(first)
                for drawing in drawings:
                    assert (await drawing).status_code == 200
                await one.say("press", press="finish")
                await one.screen("look-back")

    asyncio.run(go())
    assert len(begun(first)) == 6
    assert len({pid for _, pid in begun(first)}) == 1  # one process drew them all


def test_the_same_page_asked_for_six_times_is_drawn_once(
    tmp_path: Path, waited_for: list[Partner | None]
) -> None:
    path = evening(tmp_path)

    async def go() -> None:
        async with reading(tmp_path, until_released) as client:
            url = f"/evenings/{FIRST}/page"
            drawings = [asyncio.create_task(client.get(url)) for _ in range(6)]
            await until(lambda: len(waited_for) == 6)
            await until(lambda: len(begun(path)) == 1)
            release(path)
            pages = {(await drawing).text for drawing in drawings}
            assert pages == {f"<p>{FIRST} None</p>"}

    asyncio.run(go())
    assert len(begun(path)) == 1


def test_a_reader_who_leaves_takes_the_drawing_along(
    tmp_path: Path, waited_for: list[Partner | None]
) -> None:
    path = evening(tmp_path)

    async def go() -> None:
        async with served(tmp_path, draw=until_released) as at:
            good = await entered(at)
            async with reader(at, good) as leaving:

                def asks(whose: str) -> "asyncio.Task[httpx.Response]":
                    url = f"/evenings/{FIRST}/{whose}"
                    return asyncio.create_task(leaving.get(url))

                first = asks("page")
                await until(lambda: len(begun(path)) == 1)
                ((_, pid),) = begun(path)
                second = asks("A")
                await until(lambda: waited_for == [None, Partner.A])
                # The one whose turn has not come leaves first: the turn of the other
                # one ends only when the server knows that.
                await left(second)
                await until(lambda: waited_for == [None])
                await left(first)
            await until(lambda: not is_alive(pid))
            async with reader(at, good) as staying:
                drawing = asyncio.create_task(staying.get(f"/evenings/{FIRST}/B"))
                await until(lambda: len(begun(path)) == 2)
                release(path)
                assert (await drawing).text == f"<p>{FIRST} B</p>"

    asyncio.run(go())
    # A's own page was left before its turn came: it was never begun.
    assert [whose for whose, _ in begun(path)] == [f"{FIRST}-page", f"{FIRST}-B"]


@pytest.mark.parametrize("plant", [broken_for_b, deadly_for_b])
def test_a_page_that_cannot_be_drawn_says_so_and_the_others_are_drawn(
    plant: DrawPage, tmp_path: Path
) -> None:
    evening(tmp_path)

    async def go() -> None:
        async with reading(tmp_path, plant) as client:
            for whose, status in (("A", 200), ("B", 500), ("page", 200)):
                answer = await client.get(f"/evenings/{FIRST}/{whose}")
                assert answer.status_code == status
                assert (say("fault-page") in answer.text) is (status == 500)

    asyncio.run(go())


def test_a_page_taken_back_while_it_is_drawn_is_not_shown(tmp_path: Path) -> None:
    path = evening(tmp_path)

    async def go() -> None:
        async with reading(tmp_path, until_released) as client:
            url = f"/evenings/{FIRST}/page"
            drawing = asyncio.create_task(client.get(url))
            await until(lambda: len(begun(path)) == 1)
            board = begun(path)
            assert board
            path.unlink()
            release(path)
            assert (await drawing).status_code == 404

    asyncio.run(go())


# --- the process ------------------------------------------------------------------


def test_a_reload_finds_the_drawing_still_under_way(tmp_path: Path) -> None:
    path = evening(tmp_path)

    async def go() -> None:
        async with Drawer(until_released, FOR_EVER) as drawer:
            leaving = asyncio.create_task(drawer.page(asked(path)))
            await until(lambda: len(begun(path)) == 1)
            await left(leaving)
            back = asyncio.create_task(drawer.page(asked(path)))
            release(path)
            assert isinstance(await back, Drawn)

    asyncio.run(go())
    assert len(begun(path)) == 1


def test_one_who_stays_keeps_the_drawing_that_another_one_leaves(
    tmp_path: Path,
) -> None:
    path = evening(tmp_path)

    async def go() -> None:
        async with Drawer(until_released, AT_ONCE) as drawer:
            staying, leaving = (
                asyncio.create_task(drawer.page(asked(path))) for _ in range(2)
            )
            await until(lambda: len(begun(path)) == 1)
            await left(leaving)
            await asyncio.sleep(0)
            release(path)
            assert isinstance(await staying, Drawn)

    asyncio.run(go())
    assert len(begun(path)) == 1


def test_one_who_asks_again_finds_the_page_and_its_place_in_the_queue(
    tmp_path: Path,
) -> None:
    path = evening(tmp_path)

    async def go() -> None:
        async with Drawer(until_released, FOR_EVER) as drawer:
            for whose in (*EACH, *EACH):
                assert await drawer.page_or_soon(asked(path, whose)) == Soon()
            await until(lambda: len(begun(path)) == 1)
            release(path)
            await until(lambda: len(begun(path)) == 3)
            for whose in EACH:
                page = await drawer.page(asked(path, whose))
                assert page == Drawn(html=f"<p>{FIRST} {whose}</p>", style="")
                assert await drawer.page_or_soon(asked(path, whose)) == page

    asyncio.run(go())
    drawn = [whose for whose, _ in begun(path)]
    assert drawn == [f"{FIRST}-page", f"{FIRST}-A", f"{FIRST}-B"]


def test_who_asks_again_hears_at_which_evening_a_page_over_several_is(
    tmp_path: Path,
) -> None:
    path = evening(tmp_path)

    async def go() -> None:
        async with Drawer(over_three, FOR_EVER) as drawer:
            assert await drawer.page_or_soon(asked(path)) == Soon()
            await until(lambda: bool(begun(path)))
            soon = await drawer.page_or_soon(asked(path))
            while soon == Soon():
                soon = await drawer.page_or_soon(asked(path))
            while soon == Soon(at=(1, 3)):
                soon = await drawer.page_or_soon(asked(path))
            assert soon == Soon(at=(2, 3))
            release(path)
            assert isinstance(await drawer.page(asked(path)), Drawn)

    asyncio.run(go())


def test_what_nobody_asks_for_again_is_drawn_no_further(tmp_path: Path) -> None:
    path = evening(tmp_path)

    async def go() -> None:
        async with Drawer(until_released, replace(AT_ONCE, back_s=0.5)) as drawer:
            while not begun(path):
                assert await drawer.page_or_soon(asked(path)) == Soon()
                await asyncio.sleep(0.01)
            await until(lambda: not is_alive(begun(path)[0][1]))

    asyncio.run(go())


def test_the_process_is_kept_for_the_next_page_and_ended_when_idle(
    tmp_path: Path,
) -> None:
    path = evening(tmp_path)

    async def drawn_by(patience: Patience) -> list[int]:
        async with Drawer(at_once, patience) as drawer:
            for whose in EACH:
                assert isinstance(await drawer.page(asked(path, whose)), Drawn)
                if not patience.idle_s:
                    await until(lambda: not is_alive(begun(path)[-1][1]))
        return [pid for _, pid in begun(path)[-3:]]

    kept = asyncio.run(drawn_by(FOR_EVER))
    assert len(set(kept)) == 1
    assert not is_alive(kept[0])  # it ends with the drawer
    ended = asyncio.run(drawn_by(replace(FOR_EVER, idle_s=0.0)))
    assert len(set(ended)) == 3


def test_who_waits_when_coreg_ends_is_told_so(tmp_path: Path) -> None:
    path = evening(tmp_path)

    async def go() -> None:
        async with Drawer(until_released, FOR_EVER) as drawer:
            waiting = [
                asyncio.create_task(drawer.page(asked(path, whose))) for whose in EACH
            ]
            await until(lambda: len(begun(path)) == 1)
        closing = NotDrawn(words=say("closing"))
        assert [await each for each in waiting] == [closing] * 3
        assert await drawer.page(asked(path)) == closing

    asyncio.run(go())
    assert not is_alive(begun(path)[0][1])


# --- as a program -----------------------------------------------------------------


@asynccontextmanager
async def program(data: Path) -> AsyncIterator[tuple["subprocess.Popen[str]", Served]]:
    """`coreg` at a terminal of its own, with an evening whose page is being drawn."""
    path = evening(data)
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.helpers.slow_drawing_program"),
            *("--no-browser", "--port", "0"),
        ],
        cwd=ROOT,
        env={**os.environ, "COREG_DATA_DIR": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a terminal's Ctrl-C reaches every process of it
    ) as running:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        at = Served(hall=None, launch_url=url, stop=asyncio.Event())  # type: ignore[arg-type]
        async with reader(at, await entered(at)) as client:
            getting = [
                asyncio.create_task(client.get(f"/evenings/{FIRST}/{whose}"))
                for whose in ("page", "A", "B")
            ]
            await until(lambda: len(begun(path)) == 1)
            yield running, at
            await asyncio.wait(getting)
            for each in getting:
                each.exception()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_ends_everything_while_pages_are_drawn(tmp_path: Path) -> None:
    async def go() -> tuple[int, str]:
        async with program(tmp_path) as (running, _):
            os.killpg(running.pid, signal.SIGINT)
            _, errors = await asyncio.to_thread(running.communicate, None, LATE_S)
        return running.returncode, errors

    code, errors = asyncio.run(go())
    assert code == 130
    assert "Traceback" not in errors
    ((_, pid),) = begun(session_path(tmp_path, FIRST))
    assert not is_alive(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is another thing there")
def test_the_drawing_ends_also_with_a_coreg_that_is_killed(tmp_path: Path) -> None:
    async def go() -> None:
        async with program(tmp_path) as (running, _):
            ((_, pid),) = begun(session_path(tmp_path, FIRST))
            running.kill()
            await until(lambda: not is_alive(pid))

    asyncio.run(go())
