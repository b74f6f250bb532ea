"""Glints in a real browser, on the real server: seen, answered by a key, and told."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from coreg.base import clock
from coreg.facts.codec import INPUTS
from coreg.facts.events import Glint, Partner, Tapped
from coreg.findings.awake import awake_of
from coreg.report.words.awake import sentences
from coreg.session.engine import run
from coreg.session.sources import SimulatedSource, simulated_hearts
from coreg.store import learned
from coreg.store.folder import data_folder
from coreg.store.library import find_session
from coreg.store.library_db import Library
from coreg.store.plans import plan_text
from coreg.store.reader import read_session
from coreg.words import say
from tests.helpers.evening_server import Served, served
from tests.helpers.living import couple_of
from tests.helpers.pages import (
    SHORT_MS,
    OpenPage,
    heading,
    look_until,
    press,
    shown,
)

CANNOT_TELL = say("report.awake.cannot_tell")

# Keys are pressed in the page, where the glint appears: on a busy machine the way from
# a test into the browser takes longer than anybody needs to see it.
ANSWERS_EACH_GLINT = """() => {
  window.glintsSeen = 0;
  let shown = false;
  const look = () => {
    const now = document.querySelector(".glint.now") !== null;
    if (now && !shown) {
      window.glintsSeen += 1;
      for (const key of ["f", "j"]) {
        const pressed = new KeyboardEvent("keydown", { key, bubbles: true });
        document.activeElement.dispatchEvent(pressed);
      }
    }
    shown = now;
    requestAnimationFrame(look);
  };
  look();
}"""
# Fast enough not to wait for minutes, slow enough for a key to come within 1.5 s.
SEED, SPEED = 3, 12.0
GLINTS = 3  # what six answers tell is tested without a browser
BREATHING_S = 12 * 60  # as long as something glints
NOBODY_ANSWERS_SPEED = 60.0
FIRST_GLINTS_S = 240.0  # of a session: arriving, the glide, and ten glints or so
SOON_S = (0.3,) * 12  # how soon both usually answer
# The main practice, arriving for a few seconds only; without taps it breathes for
# longer than anybody looks.
PLAN = (
    plan_text("relaxed-and-alert")
    .replace("minutes = 2\n", "minutes = 0.25\n", 1)
    .replace("minutes = 8\n", "minutes = 40\n", 1)
)
WITH_TAPS, WITHOUT = True, False
Serve = Callable[[float, bool], str]


@contextmanager
def serving(data: Path, speed: float, *, taps: bool) -> Iterator[str]:
    """A server of its own, in a thread of its own: the browser has this one.

    Its simulated couple has hearts, and no hands.
    """
    hearts = replace(
        simulated_hearts(seed=SEED, speed=speed),
        source=SimulatedSource(couple_of(SEED), speed),
    )
    loop, found, over = asyncio.new_event_loop(), list[Served](), asyncio.Event()
    ready = threading.Event()

    async def go() -> None:
        async with served(
            data, straight_to=hearts, speed=speed, plan_toml=PLAN, taps=taps
        ) as at:
            found.append(at)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(go(),))
    thread.start()
    assert ready.wait(60)
    try:
        yield found[0].launch_url
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(60)
        loop.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serves from the test's own folder until the test is over."""
    with ExitStack() as stack:
        yield lambda speed, taps: stack.enter_context(
            serving(tmp_path, speed, taps=taps)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What the session's file holds of glints and taps, and what follows for A."""

    glints_s: list[float]
    taps: list[Tapped]
    told: tuple[str, ...]

    def answered(self, partner: Partner) -> int:
        """How many glints this one answered within 1.5 s."""
        return sum(
            any(
                tap.partner is partner and 0 < tap.t_ns / 1e9 - glint_s < 1.5
                for tap in self.taps
            )
            for glint_s in self.glints_s
        )


def logged(data: Path) -> Logged:
    facts = [e.fact for e in read_session(find_session(data, "last")).events]
    again = run(fact for fact in facts if isinstance(fact, INPUTS))
    return Logged(
        glints_s=[fact.t_s for fact in facts if isinstance(fact, Glint)],
        taps=[fact for fact in facts if isinstance(fact, Tapped)],
        told=sentences(awake_of(Partner.A, tuple(again))),
    )


def stopped(page: Any) -> None:
    """Finish: nothing more is asked."""
    page.keyboard.press("Space")
    press(page, "Stop for tonight")
    heading(page, say("pages.lookBack.stopped"))


def test_a_glint_is_answered_by_two_keys_and_kept(
    open_page: OpenPage, serve: Serve, tmp_path: Path, complaints: list[str]
) -> None:
    folder = data_folder(tmp_path)
    couple = learned.simulated(SEED)
    learned.keep_taps(Library(folder), couple, (SOON_S, SOON_S))
    page = open_page(serve(SPEED, WITH_TAPS))
    heading(page, "Breathing together")
    assert shown(page).get_by_role("button", name="Left: key F").is_visible()
    assert shown(page).get_by_role("button", name="Right: key J").is_visible()
    page.evaluate(ANSWERS_EACH_GLINT)

    def is_answered() -> bool:
        if page.evaluate("window.glintsSeen") < GLINTS:
            return False
        found = logged(tmp_path)
        return len(found.glints_s) >= GLINTS and all(map(found.answered, Partner))

    # On a busy machine some answers come too late: then there are more glints.
    look_until(page, is_answered, patience_ms=1000 * BREATHING_S / SPEED)
    stopped(page)
    found = logged(tmp_path)
    assert len(found.glints_s) >= GLINTS
    assert {tap.partner for tap in found.taps} == set(Partner)
    for partner in Partner:
        assert found.answered(partner) >= 1
    assert complaints == []


def test_with_taps_off_nothing_glints_and_the_keys_do_nothing(
    open_page: OpenPage, serve: Serve, tmp_path: Path, complaints: list[str]
) -> None:
    page = open_page(serve(NOBODY_ANSWERS_SPEED, WITHOUT))
    heading(page, "Breathing together")
    page.evaluate(ANSWERS_EACH_GLINT)
    over_ns = clock.monotonic_ns() + round(1e9 * FIRST_GLINTS_S / NOBODY_ANSWERS_SPEED)
    while clock.monotonic_ns() < over_ns:
        page.keyboard.press("f")
        page.keyboard.press("j")
        page.wait_for_timeout(SHORT_MS)
    assert page.evaluate("window.glintsSeen") == 0
    assert shown(page).locator("kbd").count() == 0
    stopped(page)
    assert logged(tmp_path) == Logged(glints_s=[], taps=[], told=(CANNOT_TELL,))
    assert complaints == []
