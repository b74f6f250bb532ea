"""What tests of the pages share and say by name."""

import re
from typing import Any, Protocol

PATIENCE_MS = 20_000  # for what the program does; a press is answered at once


class OpenPage(Protocol):
    """Opens a page at an address, in a browser context of its own."""

    def __call__(self, url: str, **context: Any) -> Any:
        """Return the page once it shows its first screen."""
        ...


def shown(page: Any) -> Any:
    """The screen that is there, without the one that still fades out."""
    return page.locator(".screen:not(.leaving)")


def heading(page: Any, words: str | re.Pattern[str]) -> None:
    """Wait for the screen with this title."""
    found = shown(page).get_by_role("heading", name=words).first
    found.wait_for(timeout=PATIENCE_MS)


def press(page: Any, words: str) -> None:
    """Press a button of the screen that is there."""
    shown(page).get_by_role("button", name=words).click()
