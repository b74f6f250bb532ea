"""A real browser for tests of the pages; skipped with a reason where there is none.

It is begun once and serves all modules. Playwright leaves its loop as the running one
of this thread, where no test without pages could use asyncio: it is only while a module
uses the browser.
"""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from tests.helpers.pages import PATIENCE_MS, OpenPage
from tests.helpers.stand_in_server import StandInServer

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-precise-memory-info",
    "--autoplay-policy=user-gesture-required",
)


# The first is the same browser without a window of its own: it opens a page sooner.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")


def _chromium() -> str:
    for found in filter(None, map(shutil.which, CHROMIUMS)):
        return found
    pytest.skip("no chromium on this machine; Debian: apt install chromium")


class _Launched:
    """Chromium, begun anew only where it is gone."""

    def __init__(self, chromium: Any) -> None:
        self.loop = asyncio.get_running_loop()  # as Playwright left it
        self._chromium = chromium
        self._browser: Any = None

    def browser(self) -> Any:
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._chromium.launch(
                executable_path=_chromium(), headless=True, args=list(FLAGS)
            )
        return self._browser

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()


@pytest.fixture(scope="session")
def launched() -> Iterator[_Launched]:
    """One headless Chromium for all modules."""
    _chromium()  # skips where there is none
    playwright_api = pytest.importorskip("playwright.sync_api")
    with playwright_api.sync_playwright() as playwright:
        launched = _Launched(playwright.chromium)
        asyncio._set_running_loop(None)  # noqa: SLF001
        yield launched
        asyncio._set_running_loop(launched.loop)  # noqa: SLF001
        launched.close()


@pytest.fixture(scope="module")
def browser(launched: _Launched) -> Iterator[Any]:
    """The browser, as long as a module uses it."""
    asyncio._set_running_loop(launched.loop)  # noqa: SLF001 - as Playwright does
    try:
        yield launched.browser()
    finally:
        asyncio._set_running_loop(None)  # noqa: SLF001


@pytest.fixture
def server() -> Iterator[StandInServer]:
    """A stand-in for the server."""
    stand_in = StandInServer()
    yield stand_in
    stand_in.close()


@pytest.fixture
def complaints() -> list[str]:
    """What pages wrote to the console as a warning or an error."""
    return []


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, browser: Any, complaints: list[str]
) -> OpenPage:
    """Open pages, and close them all again before anything else ends.

    A page whose server has gone complains of it, as it should. So pages close first,
    whatever a test asked for before or after them: what was opened last ends first.
    """
    opening: list[OpenPage] = []

    def opened(url: str, **context: Any) -> Any:
        if not opening:
            pages = ExitStack()
            opening.append(pages.enter_context(pages_in(browser, complaints)))
            request.node.addfinalizer(pages.close)
        return opening[0](url, **context)

    return opened


@contextmanager
def pages_in(browser: Any, complaints: list[str]) -> Iterator[OpenPage]:
    """Open pages, note what they complain of, and close them all again."""
    contexts: list[Any] = []

    def opened(url: str, **context: Any) -> Any:
        watch = context.pop("watch", None)
        contexts.append(
            browser.new_context(
                **{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
                | context
            )
        )
        if watch is not None:
            watch(contexts[-1])
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type in ("error", "warning")
                else None
            ),
        )
        page.goto(url)
        page.wait_for_selector("h1")
        return page

    yield opened
    for each in contexts:
        each.close()
