"""Six tabs whose pages are being drawn, in a real browser, on the real server."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coreg.web.words import say
from tests.helpers.evening_server import LATE_S, Served, served
from tests.helpers.pages import DRAWN_MS, OpenPage
from tests.helpers.planted_drawing import release, until_released
from tests.test_drawing_apart import FIRST, SECOND, evening


@contextmanager
def serving(data: Path) -> Iterator[Served]:
    """A server of its own, in a thread of its own: the browser has this one."""
    loop, found, over = asyncio.new_event_loop(), list[Served](), asyncio.Event()
    ready = threading.Event()

    async def go() -> None:
        async with served(data, draw=until_released) as at:
            found.append(at)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(go(),))
    thread.start()
    assert ready.wait(LATE_S)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(LATE_S)
        loop.close()


def test_six_tabs_that_wait_for_their_pages_leave_a_way_for_help(
    open_page: OpenPage, tmp_path: Path
) -> None:
    path = evening(tmp_path)
    evening(tmp_path, SECOND)
    with serving(tmp_path) as at:
        page = open_page(at.launch_url)
        tabs: list[Any] = []
        for session in (FIRST, SECOND):
            for whose in ("page", "A", "B"):
                tab = page.context.new_page()
                tab.goto(f"{at.origin}/evenings/{session}/{whose}")
                tabs.append(tab)
        for tab in tabs:
            tab.get_by_text(say("drawing")).wait_for()
        assert page.evaluate("fetch('/places').then((answer) => answer.status)") == 200
        release(path)
        for tab in tabs:  # each comes by itself
            drawn = tab.get_by_text(tab.url.split("/")[-2])
            drawn.wait_for(timeout=DRAWN_MS)
