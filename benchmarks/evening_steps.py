"""What an evening asks of two people: screens, choices, clicks, words, hand-overs.

Walks evenings through the real pages, in a real browser, against the real server: two
people with straps on (a simulated couple in disguise, which lives many times faster),
from Home, or at first from the very beginning, back to Home. They take the shortest way
that is no refusal: nothing is written, no rating is given, nothing is looked at
afterwards. Screens are told apart by their titles; *choices* are the buttons, fields,
boxes and links that a screen offers; what is typed (names, passcodes) is counted apart
from clicks. The laptop changes hands whenever a page is for one person and the last
such page was the other's, or nobody's yet.

Run: ``python -m benchmarks.evening_steps [--evenings 1 3 10] [--each-screen]``; needs
Chromium.
"""

import argparse
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright

from coreg.base import clock
from coreg.facts.events import NS_PER_S
from tests.helpers.browser import CHROMIUMS, FLAGS
from tests.helpers.evening_server import beside, served
from tests.helpers.two_people import FAST, PASSCODES, TwoStraps

SPEED = 60.0  # so that a page comes and is read before its part is over
PATIENCE_S = 120.0
NAMES = ("Ada", "Bo")
# The way on, wherever one is: the first of these that a screen has is pressed. Older
# words stand beside today's, so that evenings of before can be counted as well.
ONWARD = (
    r"I.m (Ada|Bo)$|I am (Ada|Bo)$",
    r"Yes, I could.*|Yes, I.d like to",
    r"Save my choices",
    r"We don.t want a lock.*|No lock.*",
    r"Sit (quietly|down) together",
    r"Begin|Start",
    r"Yes",
    r"Leave this out|Skip this|Skip",
    r"Arrive",
    r"Nothing, thanks.*|Nothing.*",
    r"Just for me.*",
    r"Done.*|Continue|Go on",
)
WITHOUT_HANDS = {"arrive", "breathe", "rest"}
SCREEN = ".screen:not(.leaving)"
SEEN = """async () => {
  const {app} = await import("/static/main.js");
  const screen = document.querySelector(".screen:not(.leaving)");
  if (!screen || !app.state) return null;
  const isSeen = (each) =>
    each.checkVisibility({opacityProperty: false, visibilityProperty: true})
    && !each.disabled;
  const offered = "button, a[href], input, textarea, select, summary";
  return {
    name: app.state.screen,
    turn: app.state.turn,
    title: screen.querySelector("h1")?.innerText ?? "",
    words: (screen.innerText.match(/[\\p{L}\\p{N}][\\p{L}\\p{N}’'-]*/gu) ?? []).length,
    choices: [...screen.querySelectorAll(offered)].filter(isSeen).length,
    coming: screen.classList.contains("coming"),
  };
}"""


class KnownStraps(TwoStraps):
    """Straps whose wearers are remembered, as from the second evening on."""

    def straps(self, now_ns: int) -> Any:
        return self._home.straps(now_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One screen as two people find it."""

    name: str
    title: str
    turn: str | None
    words: int
    choices: int


@dataclass(slots=True, kw_only=True)
class Walked:
    """An evening as it was walked."""

    screens: list[Seen] = field(default_factory=list)
    clicks: int = 0
    typed: int = 0
    hand_overs: int = 0
    last_alone: str | None = None

    def saw(self, seen: Seen) -> None:
        """Take note of a screen, and of whether the laptop was handed over for it."""
        self.screens.append(seen)
        if seen.turn is not None and seen.turn != self.last_alone:
            self.hand_overs += 1
            self.last_alone = seen.turn

    def row(self, number: int) -> tuple[object, ...]:
        """A line of the table."""
        words = sum(seen.words for seen in self.screens)
        choices = sum(seen.choices for seen in self.screens)
        return (
            number,
            len(self.screens),
            choices,
            self.clicks,
            self.typed,
            self.hand_overs,
            words,
            round(words / len(self.screens)),
            max(seen.words for seen in self.screens),
        )


TITLES = (
    *("evening", "screens", "choices", "clicks", "typed", "hand-overs"),
    *("words", "a screen", "most"),
)


def main() -> None:
    """Walk the evenings and print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--evenings", type=int, nargs="+", default=[1, 3, 10])
    asked.add_argument("--each-screen", action="store_true")
    given = asked.parse_args()
    print("  ".join(f"{title:>10}" for title in TITLES))
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        for number in range(1, max(given.evenings) + 1):
            speed = SPEED if number in given.evenings else FAST
            walked = walk(browser, Path(folder), number, speed)
            if number not in given.evenings:
                continue
            print("  ".join(f"{each:>10}" for each in walked.row(number)), flush=True)
            if given.each_screen:
                for seen in walked.screens:
                    of = seen.turn or "both"
                    counts = f"{seen.choices:3} choices {seen.words:4} words"
                    print(f"    {seen.name:10} {of:4} {counts}  {seen.title}")


@contextmanager
def _browser() -> Iterator[Any]:
    executable = next(filter(None, map(shutil.which, CHROMIUMS)))
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=executable, args=list(FLAGS))


def walk(browser: Any, data: Path, number: int, speed: float) -> Walked:
    """Walk one evening from the page that opens to where it is over."""
    straps = TwoStraps(speed) if number == 1 else KnownStraps(speed)
    walked = Walked()
    with beside(
        served(data, speed=speed, at_home=straps, asks_for_lock=True, practised=None)
    ) as at:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(at.launch_url)
        _walk(page, walked)
        page.close()
    return walked


def _walk(page: Any, walked: Walked) -> None:
    last: tuple[object, ...] = ()
    has_practised = False
    until_ns = clock.monotonic_ns() + round(PATIENCE_S * NS_PER_S)
    while clock.monotonic_ns() < until_ns:
        page.wait_for_timeout(20)
        now = page.evaluate(SEEN)
        if now is None or now["coming"] or not now["title"]:
            continue
        has_practised = has_practised or now["name"] in {*WITHOUT_HANDS, "look-back"}
        if has_practised and now["name"] == "home":
            return
        seen = (now["name"], now["turn"], now["title"])
        if seen != last:
            last = seen
            if now["name"] not in WITHOUT_HANDS:
                page.wait_for_timeout(600)  # what comes with it has come
            now = page.evaluate(SEEN)
            if now is None or (now["name"], now["turn"], now["title"]) != seen:
                last = ()
                continue
            fields = {key: now[key] for key in ("name", "title", "turn")}
            walked.saw(Seen(**fields, words=now["words"], choices=now["choices"]))
        if now["name"] not in WITHOUT_HANDS:
            _press_on(page, walked, now["name"])
    raise AssertionError(f"stuck at {last} after {walked}")


def _press_on(page: Any, walked: Walked, name: str) -> None:
    """Fill what has to be filled, and press the way on."""
    if name != "lock" and _filled_and_sent(page, walked):  # they want no lock
        return
    for words in ONWARD:
        buttons = page.locator(SCREEN).get_by_role(
            "button", name=re.compile(f"^({words})")
        )
        ready = [each for each in buttons.all() if each.is_visible()]
        if ready and ready[0].is_enabled():
            try:
                ready[0].click(timeout=1000)
            except Error:  # it went while it was looked at
                return
            walked.clicks += 1
            page.wait_for_timeout(250)
            return


def _filled_and_sent(page: Any, walked: Walked) -> bool:
    """Fill what has to be filled; whether a passcode was, which goes on by itself."""
    screen = page.locator(SCREEN)
    for label, name in zip(("left", "right"), NAMES, strict=True):
        box = screen.get_by_label(re.compile(f"(Name on|Sitting on) the {label}"))
        if box.count() and not box.input_value():
            box.fill(name)
            walked.typed += 1
    adult = screen.get_by_label("I am an adult")
    record = screen.get_by_label(re.compile("Save my heartbeats"))
    for box in (adult, record):
        if box.count() and box.is_visible() and not box.is_checked():
            box.check()
            walked.clicks += 1
    secrets = screen.locator("input.secret")
    if secrets.count() and not secrets.first.input_value():
        is_a = page.get_by_text(re.compile("(Just for|For) Ada")).count() > 0
        for box in secrets.all():
            box.fill(PASSCODES["A" if is_a else "B"])
            walked.typed += 1
        screen.locator("button[type=submit]").click()
        walked.clicks += 1
        page.wait_for_timeout(250)
        return True
    return False


if __name__ == "__main__":
    main()
