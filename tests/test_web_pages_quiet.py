"""Whoever listens to a page is told what changed, once, and not every breath of it."""

import re
from typing import Any

import pytest

from tests.helpers.one_tab import Look
from tests.helpers.pages import caught_up, knowing, look_until, settled, shown
from tests.helpers.scenes import REMEMBERED, SCENES, Scene, watched
from tests.helpers.stand_in_server import hearts

# Everything that would be read aloud from now on.
LISTEN = """() => {
  window.read = [];
  const live = "[aria-live], [role=status], [role=log], [role=alert]";
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const place = (target.parentElement ?? target).closest(live)
        ?? (target.matches?.(live) ? target : null);
      if (place) window.read.push(place.textContent.trim());
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
  window.turns = 0;
  for (const each of document.querySelectorAll(".turns span")) {
    new MutationObserver(() => { window.turns += 1; })
      .observe(each, { attributes: true });
  }
}"""


def scene(name: str) -> Scene:
    return next(each for each in SCENES if each.name == name)


def listened(page: Any) -> list[str]:
    return [str(each) for each in page.evaluate("window.read")]


@pytest.mark.parametrize("is_spoken", [False, True])
def test_a_breath_is_read_aloud_only_where_somebody_chose_that(
    looked_at: Look, *, is_spoken: bool
) -> None:
    still = scene("breathe-in").state
    with looked_at(Scene(name="breathing", state=still)) as (page, server):
        knowing(page, server)
        page.evaluate(
            """async (is) => {
              const { setSpokenBreath } = await import("/static/preferences.js");
              setSpokenBreath(is);
            }""",
            is_spoken,
        )
        page.evaluate(LISTEN)
        for n in range(3):
            server.breathe(server.now_s() + 0.6 * n, period_s=0.6, inhale_s=0.3)
        look_until(page, lambda: page.evaluate("window.turns"), lambda seen: seen >= 6)
        said = [each for each in listened(page) if each]
    assert set(said) == ({"breathe in", "breathe out"} if is_spoken else set())


def test_hearts_that_go_on_as_they_are_say_nothing(looked_at: Look) -> None:
    with looked_at(scene("home-remembered")) as (page, server):
        server.tell(hearts(*REMEMBERED))
        caught_up(page)
        page.evaluate(LISTEN)
        for _ in range(5):
            server.tell(hearts(*REMEMBERED))
        caught_up(page)
        assert listened(page) == []
        server.tell(hearts(REMEMBERED[0]))  # one strap is gone
        look_until(page, lambda: listened(page))
        assert len(set(listened(page))) == 1


def test_a_console_that_draws_two_hearts_says_nothing_of_them(looked_at: Look) -> None:
    with looked_at(scene("console")) as (page, server):
        watched(page, server)
        page.evaluate(LISTEN)
        for _ in range(3):
            watched(page, server)
        read = [re.sub(r"[0-9:]+", "", each) for each in listened(page)]
        # Its marks are the therapist's own presses, and are read as a log.
        assert all("Repair" in each for each in read if each)


@pytest.mark.parametrize("first", ["home-remembered", "breathe-in", "couples"])
def test_the_next_page_begins_with_its_heading(looked_at: Look, first: str) -> None:
    with looked_at(scene(first)) as (page, server):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") != "H1"
        server.show(type="state", screen="words", block=None)
        shown(page).get_by_role("heading", level=1).wait_for()
        settled(page)
        on = page.evaluate(
            "[document.activeElement.tagName, document.activeElement.textContent]"
        )
        assert on[0] == "H1"
        assert on[1].startswith("Say something to each other")
