"""One tab in which scene after scene is looked at.

In a tab of its own each scene would fetch, compile and lay out the whole program anew,
which takes three times as long as the scene does. What one scene leaves behind (what
its server was told, its window, what the browser kept) is taken away before the next;
only the files of the pages stay.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import pytest

from coreg.words import ENGLISH, Language
from tests.helpers.pages import PATIENCE_MS
from tests.helpers.scenes import Scene, tell
from tests.helpers.stand_in_server import StandInServer

LOCALES = {Language.ENGLISH: "en-GB", Language.GERMAN: "de-DE"}
WINDOW = {"width": 1280, "height": 800}


class OneTab:
    """A tab that speaks one language, and the server whose pages it shows."""

    def __init__(self, browser: Any, language: Language) -> None:
        self._language = language
        self._context = browser.new_context(
            locale=LOCALES[language], reduced_motion="reduce", timezone_id="UTC"
        )
        self._page = self._context.new_page()
        self._page.set_default_timeout(PATIENCE_MS)
        self._server = StandInServer(files_are_kept=True)

    @contextmanager
    def at(
        self, scene: Scene, window: dict[str, int], color_scheme: str
    ) -> Iterator[tuple[Any, StandInServer]]:
        """The page as it comes, and its server; nothing was done there yet."""
        tell(self._server, scene, self._language)
        self._page.set_viewport_size(window)
        self._page.emulate_media(
            color_scheme=color_scheme, reduced_motion="reduce", forced_colors="none"
        )
        self._page.goto(self._server.url)
        self._page.wait_for_selector("h1")
        try:
            yield self._page, self._server
        finally:
            self._page.evaluate("sessionStorage.clear(); localStorage.clear()")
            self._context.clear_cookies()
            self._page.goto("about:blank")  # before its server has gone or changes
            if scene.name == "gone":
                self._server = StandInServer(files_are_kept=True)
            else:
                self._server.begin_anew()

    def close(self) -> None:
        """Close the tab, then its server."""
        self._context.close()
        self._server.close()


class Look(Protocol):
    """Looks at a scene in the tab that speaks a language."""

    def __call__(
        self,
        scene: Scene,
        language: Language = ENGLISH,
        *,
        viewport: dict[str, int] = WINDOW,
        color_scheme: str = "light",
    ) -> AbstractContextManager[tuple[Any, StandInServer]]:
        """Open it; the page and its server are there as long as it is looked at."""
        ...


@pytest.fixture(scope="module")
def looked_at(browser: Any) -> Iterator[Look]:
    """One tab for each language, as long as a module looks at scenes."""
    tabs: dict[Language, OneTab] = {}

    def looked(
        scene: Scene,
        language: Language = ENGLISH,
        *,
        viewport: dict[str, int] = WINDOW,
        color_scheme: str = "light",
    ) -> AbstractContextManager[tuple[Any, StandInServer]]:
        if language not in tabs:
            tabs[language] = OneTab(browser, language)
        return tabs[language].at(scene, viewport, color_scheme)

    yield looked
    for tab in tabs.values():
        tab.close()
