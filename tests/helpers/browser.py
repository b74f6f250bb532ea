"""A real browser for tests of the pages; skipped with a reason where there is none.

The fixtures last a module: while the browser runs, no other test in this thread could
use asyncio.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One headless Chromium."""
    executable = _chromium()
    playwright_api = pytest.importorskip("playwright.sync_api")
    with playwright_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, headless=True, args=list(FLAGS)
        )
        yield chromium
        chromium.close()


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
def open_page(browser: Any, complaints: list[str]) -> Iterator[OpenPage]:
    """Open pages and close them all again."""
    with pages_in(browser, complaints) as opened:
        yield opened


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
