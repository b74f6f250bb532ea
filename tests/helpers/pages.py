"""What tests of the pages share and say by name."""

import re
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import pytest

from coreg.base import clock
from tests.helpers.in_language import worded
from tests.helpers.stand_in_server import Message, StandInServer

PATIENCE_MS = 20_000  # for what the program does; a press is answered at once
DRAWN_MS = 90_000  # for a page afterwards: a process of its own begins, and draws
LOOK_AGAIN_MS = 20
SHORT_MS = 100  # for what must not happen: a busy machine fails no test by it
IN_TIME_S = 0.05  # generous: this machine is shared; the mathematics has its own test

Seen = TypeVar("Seen")


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


def enter_passcode(page: Any, passcode: str = "4711") -> None:
    """Give a passcode where one is asked for."""
    heading(page, worded(page, "^Your passcode, please$"))
    shown(page).get_by_label(worded(page, "^Your passcode$")).fill(passcode)
    shown(page).get_by_role("button", name=worded(page, "^Open$")).click()


def choose_passcode(page: Any, passcode: str = "4711") -> None:
    """Choose a passcode where there is none yet."""
    heading(page, worded(page, "^Choose your own passcode$"))
    for field in ("^Your passcode$", "^Once more$"):
        shown(page).get_by_label(worded(page, field)).fill(passcode)
    shown(page).get_by_role("button", name=worded(page, "Keep this passcode")).click()


def look_until(
    page: Any,
    look: Callable[[], Seen],
    holds: Callable[[Seen], object] = bool,
    *,
    patience_ms: float = PATIENCE_MS,
) -> Seen:
    """Look again until what is seen holds, and return it.

    The page waits, not the test: nothing that a page asks of the test (a dialog, a
    request) is answered while a test sleeps.
    """
    last_ns = clock.monotonic_ns() + round(1e6 * patience_ms)
    while not holds(seen := look()):
        if clock.monotonic_ns() > last_ns:
            pytest.fail(f"did not come true in {patience_ms / 1000:.0f} s: {seen!r}")
        page.wait_for_timeout(LOOK_AGAIN_MS)
    return seen


# The stand-in answers this to whoever asks and keeps nothing of it. It comes behind all
# that this page sent, and its answer behind all that this page was told.
ASKS_AND_HEARS = """async () => {
  const {app} = await import("/static/main.js");
  await app.ask("own-consent", {partner: "A"});
}"""


def caught_up(page: Any) -> None:
    """Wait until page and stand-in have heard what either said to the other so far."""
    page.evaluate(ASKS_AND_HEARS)


def sent(server: StandInServer, page: Any, kind: str, count: int = 1) -> list[Message]:
    """All that pages sent of this type, once it is this much.

    What this page sent too much is among it: the stand-in has heard it out.
    """
    look_until(page, lambda: server.messages(kind), lambda seen: len(seen) >= count)
    caught_up(page)
    return server.messages(kind)


SETTLED = """async (patience_ms) => {
  const frame = () => new Promise(requestAnimationFrame);
  const isSettled = () =>
    document.querySelector(".screen.coming, .screen.leaving") === null
    && document.getAnimations().every((each) => each.playState === "finished");
  for (let i = 0; i < 2; i += 1) await frame();  // what is drawn every frame is drawn
  const last = performance.now() + patience_ms;
  while (!isSettled() && performance.now() < last) await frame();
  return isSettled();
}"""


def settled(page: Any) -> None:
    """Wait until one screen has gone, the next has come, and nothing fades any more.

    One question to the page, which waits by itself: what is asked again and again may
    not be a promise, for that counts as true at once.
    """
    if not page.evaluate(SETTLED, PATIENCE_MS):
        pytest.fail(f"nothing was settled within {PATIENCE_MS / 1000:.0f} s")


AHEAD_OF_DATE = """async () => {
  const {app} = await import("/static/main.js");
  return app.clock.known ? app.now_s() - Date.now() / 1000 : null;
}"""


def knowing(page: Any, server: StandInServer) -> Any:
    """The page, once it has found out the server's time.

    Both are held against the one clock of this computer, so that it does not matter how
    long the question takes.
    """

    def wrong_s() -> float | None:
        here_s = server.now_s() - clock.utc_now().timestamp()
        there_s = page.evaluate(AHEAD_OF_DATE)
        return None if there_s is None else float(there_s - here_s)

    look_until(page, wrong_s, lambda s: s is not None and abs(s) < IN_TIME_S)
    return page
