"""The pages while two practise: in unison, paused, interrupted, for a long time."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.helpers.pages import (
    IN_TIME_S,
    SHORT_MS,
    OpenPage,
    caught_up,
    heading,
    knowing,
    look_until,
    press,
    settled,
)
from tests.helpers.stand_in_server import StandInServer
from tests.helpers.thorough import THOROUGH

BREATHE = {
    "number": 2,
    "count": 5,
    "name": "Breathe together",
    "kind": "breathe",
    "words": "Small, easy breaths.",
    "length_s": 480.0,
    "began_server_s": 0.0,
    "waits": False,
}

CLOCK = """async () => {
  const {app} = await import("/static/main.js");
  const wall_s = () => (performance.timeOrigin + performance.now()) / 1000;
  return app.now_s() - wall_s();
}"""
FULLNESS = """async () => (await import("/static/main.js")).app.fullness()"""


@pytest.fixture
def breathing(server: StandInServer) -> StandInServer:
    """A server in the middle of breathing together."""
    now = {"began_server_s": server.now_s(), "length_s": 480.0}
    server.state |= {"screen": "breathe", "block": BREATHE | now}
    return server


@pytest.fixture
def no_complaints(complaints: list[str]) -> Iterator[None]:
    """Fail afterwards if any page complained."""
    yield
    assert complaints == []


def full(breath: dict[str, Any], at_s: float) -> float:
    """How full the lungs are at a moment of breathing in."""
    into = (at_s - breath["t_s"]) / breath["inhale_s"]
    assert 0 <= into <= 1
    return float(0.5 - 0.5 * np.cos(np.pi * into))


def says(page: Any, words: str) -> None:
    """Wait until these are the breath words that are shown."""
    page.locator(".screen:not(.leaving) .turns .now", has_text=words).wait_for()


def still(page: Any) -> bool:
    """Whether the breath stands still between two looks."""
    first = page.evaluate(FULLNESS)
    page.wait_for_timeout(SHORT_MS)
    return bool(first == page.evaluate(FULLNESS))


@pytest.mark.usefixtures("no_complaints")
def test_two_pages_breathe_in_unison(
    open_page: OpenPage, breathing: StandInServer, record_property: Any
) -> None:
    pages = [knowing(open_page(breathing.url), breathing) for _ in range(2)]

    def p95_s() -> float:
        apart_s = []
        for _ in range(20):
            first, second = (page.evaluate(CLOCK) for page in pages)
            apart_s.append(abs(first - second))
        return float(np.percentile(apart_s, 95))

    # A clock that was found out while the machine was busy is put right by and by.
    apart_s = look_until(pages[0], p95_s, lambda s: s < IN_TIME_S)
    degrees = 360 * apart_s / 10.0
    record_property("clock_apart_p95_ms", 1000 * apart_s)
    record_property("phase_apart_p95_degrees", degrees)
    print(f"two pages: clocks {1000 * apart_s:.2f} ms apart, {degrees:.3f} degrees")


@pytest.mark.usefixtures("no_complaints")
def test_the_page_draws_the_breath_of_the_servers_clock(
    open_page: OpenPage, breathing: StandInServer
) -> None:
    page = knowing(open_page(breathing.url), breathing)
    # Long, so that nobody can be too late for it.
    breath = breathing.breathe(breathing.now_s() - 20, period_s=100.0, inhale_s=60.0)
    says(page, "breathe in")

    def looked() -> tuple[float, float, float]:
        before_s = breathing.now_s()
        drawn = page.evaluate(FULLNESS)
        return before_s, drawn, breathing.now_s()

    def is_of_the_server(look: tuple[float, float, float]) -> bool:
        before_s, drawn, after_s = look
        low = full(breath, before_s - IN_TIME_S)
        return low <= drawn <= full(breath, after_s + IN_TIME_S)

    look_until(page, looked, is_of_the_server)


@pytest.mark.usefixtures("no_complaints")
def test_a_reload_in_the_middle_goes_on_with_the_same_breath(
    open_page: OpenPage, breathing: StandInServer
) -> None:
    page = knowing(open_page(breathing.url), breathing)
    breath = breathing.breathe(breathing.now_s() - 20, period_s=200.0, inhale_s=80.0)
    breathing.state["breath"] = breath
    page.reload()
    heading(page, "Breathing together")
    knowing(page, breathing)
    look_until(
        page,
        lambda: page.evaluate(FULLNESS) - full(breath, breathing.now_s()),
        lambda wrong: abs(wrong) < 0.004,  # a fifth of a second of this breath
    )


def test_a_server_that_was_away_finds_its_pages_again(
    open_page: OpenPage, breathing: StandInServer
) -> None:
    page = knowing(open_page(breathing.url), breathing)
    breathing.close()
    heading(page, "coreg has stopped")
    again = StandInServer(breathing.port, ahead_s=777.0)
    try:
        again.state |= {"screen": "breathe", "block": BREATHE}
        heading(page, "Breathing together")
        knowing(page, again)
        again.breathe(again.now_s() - 1.0, period_s=100.0, inhale_s=40.0)
        says(page, "breathe in")
        assert page.evaluate(FULLNESS) > 0
    finally:
        again.close()


@pytest.mark.usefixtures("no_complaints")
def test_a_pause_from_either_page_freezes_both(
    open_page: OpenPage, breathing: StandInServer
) -> None:
    stopped_s: list[float] = []

    def hear(message: dict[str, Any]) -> None:
        if message == {"type": "press", "press": "pause"}:
            stopped_s.append(breathing.now_s())
            breathing.tell({"type": "pacer-stopped", "t_s": stopped_s[-1]})
            breathing.show(paused=True, screen="pause")

    breathing.on_message = hear
    pages = [knowing(open_page(breathing.url), breathing) for _ in range(2)]
    for presser in pages:
        breathing.show(paused=False, screen="breathe")
        began_s = breathing.now_s() - 10
        breath = breathing.breathe(began_s, period_s=200.0, inhale_s=120.0)
        for page in pages:
            says(page, "breathe in")
            assert not still(page)
        before_s = breathing.now_s()
        press(presser, "Pause")
        for page in pages:
            heading(page, "Let’s stop for a moment.")
        assert all(still(page) for page in pages)
        # Who pressed stands still at once, the other where the server says.
        low = full(breath, before_s - IN_TIME_S)
        high = full(breath, stopped_s[-1] + IN_TIME_S)
        assert all(low <= page.evaluate(FULLNESS) <= high for page in pages)


@pytest.mark.usefixtures("no_complaints")
def test_with_reduced_motion_the_orb_keeps_its_size_and_its_light_breathes(
    open_page: OpenPage, breathing: StandInServer
) -> None:
    page = knowing(open_page(breathing.url, reduced_motion="reduce"), breathing)

    def drawn() -> tuple[int, int]:
        """How wide the orb is (at half its strength), and how strong its middle."""
        wide, strong = page.evaluate(
            """() => {
              const orb = document.querySelector("canvas");
              const copy = new OffscreenCanvas(orb.width, 1);
              const pen = copy.getContext("2d", {willReadFrequently: true});
              pen.drawImage(orb, 0, -Math.floor(orb.height / 2));
              const {data} = pen.getImageData(0, 0, orb.width, 1);
              const strong = data[4 * Math.floor(orb.width / 2) + 3];
              let wide = 0;
              for (let i = 3; i < data.length; i += 4) wide += data[i] > strong / 2;
              return [wide, strong];
            }"""
        )
        return wide, strong

    empty = look_until(page, drawn, lambda orb: orb[0] > 0)
    # Its light gets fuller and fuller, for longer than anybody looks.
    breathing.breathe(breathing.now_s() - 50.0, period_s=200.0, inhale_s=100.0)
    lit = look_until(page, drawn, lambda orb: orb[1] > empty[1] + 20)
    assert lit[0] == pytest.approx(empty[0], rel=0.03)


@pytest.mark.usefixtures("no_complaints")
def test_sound_is_off_until_somebody_turns_it_on_and_then_a_choice_of_the_place(
    open_page: OpenPage, breathing: StandInServer
) -> None:
    page = knowing(open_page(breathing.url), breathing)
    is_on = """async () => (await import("/static/main.js")).app.hearing.on"""
    assert page.evaluate(is_on) is False
    page.get_by_role("button", name="Sound on").click()
    page.get_by_role("button", name="Sound off").wait_for()
    assert page.evaluate(is_on) is True
    page.keyboard.press("m")
    page.get_by_role("button", name="Sound on").wait_for()
    assert page.evaluate(is_on) is False
    page.keyboard.press("m")
    page.get_by_role("button", name="Sound off").wait_for()
    page.reload()
    page.get_by_text("Tap anywhere to let the sound start.").wait_for()
    page.locator("h1").click()
    page.get_by_role("button", name="Sound off").wait_for()
    kept = {each["name"]: each["value"] for each in page.context.cookies()}
    assert kept["coreg.heard.both"] == "tone"  # of this seat: a phone has its own


@pytest.mark.usefixtures("no_complaints")
def test_breath_words_are_spoken_only_where_they_are_wanted(
    open_page: OpenPage, breathing: StandInServer
) -> None:
    page = knowing(open_page(breathing.url), breathing)
    breathing.breathe(breathing.now_s(), period_s=100.0, inhale_s=60.0)
    says(page, "breathe in")
    spoken = page.locator("#spoken")
    assert spoken.inner_text() == ""
    breathing.show(screen="settings")
    page.get_by_label("Read the breathing aloud").check()
    breathing.show(screen="breathe")
    breathing.breathe(breathing.now_s(), period_s=100.0, inhale_s=60.0)
    look_until(page, spoken.inner_text, lambda words: words == "breathe in")


@pytest.mark.usefixtures("no_complaints")
def test_a_made_up_couple_is_asked_before_the_first_breath_if_it_is_to_be_read(
    open_page: OpenPage, breathing: StandInServer
) -> None:
    page = knowing(open_page(breathing.url), breathing)
    breathing.show(screen="arrive", simulated=False)
    page.get_by_role("button", name="We’re ready").wait_for()
    assert page.get_by_role("button", name="Read the breathing aloud").count() == 0
    breathing.show(screen="home", simulated=True)
    breathing.show(screen="arrive", simulated=True)
    aloud = page.locator(".dusk").get_by_role("button", name="Read the breathing aloud")
    aloud.focus()
    page.keyboard.press("Enter")  # Space pauses there, whatever has the focus
    assert aloud.get_attribute("aria-pressed") == "true"
    breathing.show(screen="breathe", simulated=True)
    breathing.breathe(breathing.now_s(), period_s=100.0, inhale_s=60.0)
    spoken = page.locator("#spoken")
    look_until(page, spoken.inner_text, lambda words: words == "breathe in")


@pytest.mark.usefixtures("no_complaints")
def test_a_practice_at_twenty_times_the_pace_keeps_its_memory(
    open_page: OpenPage, breathing: StandInServer, record_property: Any
) -> None:
    page = knowing(open_page(breathing.url), breathing)
    devtools = page.context.new_cdp_session(page)
    session_s = 20 * 60 if THOROUGH else 60

    def held() -> tuple[float, float]:
        devtools.send("HeapProfiler.collectGarbage")
        heap = devtools.send("Runtime.getHeapUsage")["usedSize"]
        return heap, devtools.send("Memory.getDOMCounters")["nodes"]

    def practise(length_s: float) -> None:
        t_s = breathing.now_s()
        for _ in range(round(length_s / 10)):  # of ten seconds, in half a second
            breathing.breathe(t_s, period_s=0.5, inhale_s=0.2)
            breathing.tell({"type": "warmth", "value": 0.5})
            t_s += 0.5
            page.wait_for_timeout(max(0.0, 1000 * (t_s - 0.05 - breathing.now_s())))

    practise(20)
    before = held()
    practise(session_s)
    after = held()
    record_property("heap_grew_kb", (after[0] - before[0]) / 1024)
    assert after[0] - before[0] < 300 * 1024
    assert after[1] - before[1] < 20


@pytest.mark.usefixtures("no_complaints")
def test_screens_come_and_go_without_leaving_anything_behind(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = knowing(open_page(server.url), server)
    devtools = page.context.new_cdp_session(page)

    def nodes() -> int:
        settled(page)  # what fades out is gone
        devtools.send("HeapProfiler.collectGarbage")
        count: int = devtools.send("Memory.getDOMCounters")["nodes"]
        return count

    def walk(rounds: int) -> None:
        for _ in range(rounds):
            for screen in ("breathe", "rest", "home", "settings", "pause"):
                server.show(screen=screen, paused=screen == "pause")
            caught_up(page)

    walk(3)
    first = nodes()
    walk(20)
    # Garbage goes when it likes.
    look_until(page, lambda: nodes() - first, lambda more: more < 50)


GHOSTS = """async () => {
  const spans = [...document.querySelectorAll(".turns span")];
  const seen = () => spans.map((each) => Number(getComputedStyle(each).opacity));
  const ends = performance.now() + 4000;
  let worst = 0, turned = new Set();
  while (performance.now() < ends) {
    await new Promise(requestAnimationFrame);
    const now = seen();
    worst = Math.max(worst, Math.min(...now));
    now.forEach((opacity, at) => opacity > 0.9 && turned.add(at));
  }
  return {worst, turned: turned.size};
}"""


def test_one_word_of_a_breath_has_gone_before_the_next_one_comes(
    open_page: OpenPage, breathing: StandInServer
) -> None:
    """Two words in one place, one through the other, are read by nobody."""
    page = open_page(breathing.url, reduced_motion="no-preference")
    knowing(page, breathing)
    breathing.breathe(breathing.now_s() + 0.2, period_s=60.0, inhale_s=2.0)
    found = page.evaluate(GHOSTS)
    assert found["turned"] == 2  # both were there, in and out
    assert found["worst"] < 0.05
