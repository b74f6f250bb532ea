"""Taps between pages and session: off by default, timed on arrival, told to nobody."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from coreg.facts.both import Both
from coreg.facts.events import (
    NS_PER_S,
    Cue,
    Glint,
    Input,
    Partner,
    Press,
    Pressed,
    Source,
    Tapped,
    Tick,
)
from coreg.session.engine import Output
from coreg.session.live import Presses, practise
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.web.evening.effects import Refuse, TapAt, Tell
from coreg.web.evening.happenings import Heard
from coreg.web.evening.running import SessionClock
from coreg.web.evening.step import step
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.hearts import SimulatedHome
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.wire.incoming import (
    Tap,
    parse,
)
from coreg.web.wire.outgoing import GlintTold
from coreg.web.wire.readers import BadMessage
from tests.helpers.living import opened
from tests.helpers.pages import (
    OpenPage,
    knowing,
    look_until,
    sent,
    shown,
)
from tests.helpers.stand_in_server import StandInServer
from tests.test_web_evening import BREATHING
from tests.test_web_pace import told
from tests.test_web_pages_loop import BREATHE

TAP = Tap(partner=Partner.B)
FAST = SessionClock(origin_s=100.0, speed=4.0)


def with_taps() -> object:
    running = BREATHING.running
    assert running is not None
    return replace(BREATHING, taps=True, running=replace(running, clock=FAST))


def test_a_tap_is_timed_where_it_arrives_and_changes_nothing_that_pages_see() -> None:
    evening = with_taps()
    after, effects = step(evening, TAP, server_s=160.5)  # type: ignore[arg-type]
    assert effects == (TapAt(partner=Partner.B, t_s=242.0),)
    assert told(after) == told(evening)


@pytest.mark.parametrize(
    ("said_s", "taken_s"),
    [
        (160.42, 160.42),  # what a phone's line took is not in it
        (158.5, 158.5),
        (158.49, 160.5),  # a page that slept, or whose clock is not right
        (160.51, 160.5),  # nobody answers before they do
        (-5.0, 160.5),
    ],
)
def test_a_page_that_knows_the_time_says_when_and_is_believed_within_two_seconds(
    said_s: float, taken_s: float
) -> None:
    message = f'{{"type": "tap", "partner": "B", "at_server_s": {said_s}}}'
    evening = with_taps()
    _, effects = step(evening, parse(message), server_s=160.5)  # type: ignore[arg-type]
    assert effects == (TapAt(partner=Partner.B, t_s=FAST.session_s(taken_s)),)


@pytest.mark.parametrize("said", ["true", '"160.4"', "1e300", "-1e300", "[]"])
def test_a_tap_whose_time_is_none_is_refused(said: str) -> None:
    with pytest.raises(BadMessage, match="at_server_s"):
        parse(f'{{"type": "tap", "partner": "B", "at_server_s": {said}}}')


def test_without_taps_or_off_the_breath_a_tap_is_refused() -> None:
    assert step(BREATHING, TAP, server_s=1.0) == (BREATHING, (Refuse(why="not-now"),))
    idle = replace(BREATHING, taps=True, running=None)
    assert step(idle, TAP, server_s=1.0) == (idle, (Refuse(why="no-session"),))


def test_no_couple_finds_taps_at_home_not_even_one_that_once_asked_for_them(
    tmp_path: Path,
) -> None:
    """They are for research: `coreg practice --taps` gives them, and nothing kept."""
    folder = data_folder(tmp_path)
    Library(folder).keep_setting("taps", "on")  # as a coreg of before kept it
    names = frozenset({"relaxed-and-alert"})
    evening_store = EveningStore(folder)
    begun = evening_store.evening(names, source=Source.STRAPS, seed=1, speed=1.0)
    assert not begun.taps


def test_an_evening_with_taps_breathes_for_twelve_minutes_unless_it_says_how_long() -> (
    None
):
    catalogue = PracticeCatalogue()
    plain = replace(BREATHING, running=None)
    assert catalogue.breathing_min(plain) == 0  # the plan's own eight
    asked = replace(plain, taps=True)
    assert catalogue.breathing_min(asked) == 12
    longer_min = catalogue.tonight(asked).minutes - catalogue.tonight(plain).minutes
    assert longer_min == 4
    for changes, minutes in (
        ({"minutes": 5.0}, 5.0),
        ({"without_breathing": True}, 0.0),
        ({"practice": "our-pace"}, 0.0),  # a length for each of its paces
    ):
        chosen = replace(plain.chosen, **changes)
        assert catalogue.breathing_min(replace(asked, chosen=chosen)) == minutes


def test_a_glint_is_told_on_the_server_s_clock_and_to_both_alike() -> None:
    evening = with_taps()
    heard = Heard(cue=Glint(t_s=240.0))
    after, effects = step(evening, heard, server_s=0.0)  # type: ignore[arg-type]
    assert effects == (Tell(told=GlintTold(t_s=160.0)),)
    assert after == evening
    assert json.loads(told(evening))["taps"] is True
    assert json.loads(told(BREATHING))["taps"] is False


class Ticking:
    """Ticks of a quarter of a second, with something done before one of them."""

    def __init__(self, presses: Presses) -> None:
        self._presses = presses

    def hear(self, cue: Cue) -> None:
        """Nobody listens."""

    async def inputs(self) -> AsyncGenerator[Input, None]:
        for quarter in range(20):
            if quarter == 8:
                self._presses.tap(Partner.A, 1.9)
                self._presses.tap(Partner.B, 99.0)  # a clock that runs ahead
                self._presses.tap(Partner.A, 0.1)  # and one that went back
            if quarter == 19:
                self._presses.press(Press.FINISH)
            yield Tick(t_ns=quarter * NS_PER_S // 4)


class Kept:
    """What was recorded, in its order."""

    def __init__(self) -> None:
        self.facts: list[tuple[int, object]] = []

    def append(self, fact: Input | Cue, t_ns: int) -> None:
        self.facts.append((t_ns, fact))


def test_a_tap_keeps_its_own_time_and_inputs_stay_in_order() -> None:
    presses, kept = Presses(), Kept()
    heard: list[Input] = []

    def listen(given: Input, _outputs: list[Output]) -> None:
        heard.append(given)

    asyncio.run(practise(opened(taps=True), Ticking(presses), kept, presses, [listen]))
    taps = [each for each in heard if isinstance(each, Tapped)]
    assert [each.t_ns / NS_PER_S for each in taps] == [1.75, 1.9, 3.75]
    times = [each.t_ns for each in heard]
    assert times == sorted(times)
    assert any(isinstance(each, Pressed) for each in heard)
    assert sum(isinstance(fact, Tapped) for _, fact in kept.facts) == 3


def test_a_tap_later_than_the_input_under_way_waits_for_one_that_is_not_earlier() -> (
    None
):
    """A packet of 10.28 s is understood a little later; a tap of 10.30 s came since."""
    presses = Presses()
    list(presses.taken(round(10.25 * NS_PER_S)))
    presses.tap(Partner.B, 10.31)
    presses.tap(Partner.A, 10.30)
    assert list(presses.taken(round(10.28 * NS_PER_S))) == []
    presses.press(Press.TOO_SLOW)
    assert list(presses.taken(round(10.5 * NS_PER_S))) == [
        Tapped(t_ns=round(10.30 * NS_PER_S), partner=Partner.A),
        Tapped(t_ns=round(10.31 * NS_PER_S), partner=Partner.B),
        Pressed(t_ns=round(10.5 * NS_PER_S), press=Press.TOO_SLOW),
    ]


moments = st.floats(0, 5)


@given(st.lists(st.one_of(moments, st.tuples(st.sampled_from(Partner), moments))))
def test_taps_since_the_last_input_keep_their_time_whatever_comes_in_between(
    done: list[float | tuple[Partner, float]],
) -> None:
    presses, t_s, taken, tapped = Presses(), 0.0, list[Tapped | Pressed](), list[int]()
    for one in done:
        if isinstance(one, float):
            t_s += one / 5
            taken += presses.taken(round(t_s * NS_PER_S))
        else:
            tap_s = t_s + one[1] / 5
            presses.tap(one[0], tap_s)
            tapped.append(round(tap_s * NS_PER_S))
    taken += presses.taken(round((t_s + 10) * NS_PER_S))
    assert [each.t_ns for each in taken] == sorted(tapped)


def test_a_swapped_simulated_couple_answers_glints_as_the_other_of_both() -> None:
    def answers(*, swapped: bool) -> dict[Partner, list[int]]:
        home = SimulatedHome(seed=3, speed=1e6, swapped=swapped)
        source = home.open_session(
            "simulated-A", "simulated-B", Both(frozenset(), frozenset())
        ).source
        source.hear(Glint(t_s=1.0))
        source.hear(Glint(t_s=9.0))

        async def taps() -> list[Tapped]:
            found = []
            async for each in source.inputs():
                if isinstance(each, Tapped):
                    found.append(each)
                if each.t_ns > 15 * NS_PER_S:
                    break
            return found

        heard = asyncio.run(taps())
        return {p: [tap.t_ns for tap in heard if tap.partner is p] for p in Partner}

    one_way, other_way = answers(swapped=False), answers(swapped=True)
    assert len(one_way[Partner.A]) == len(one_way[Partner.B]) == 2
    assert other_way == {
        Partner.A: one_way[Partner.B],
        Partner.B: one_way[Partner.A],
    }


UNSURE_S = 0.06  # of the server's time, as far as a page knows it
COUNT_GLINTS = """() => {
  window.glints = 0;
  let was = false;
  new MutationObserver(([{ target }]) => {
    const is = target.classList.contains("now");
    if (is && !was) window.glints += 1;
    was = is;
  }).observe(document.querySelector(".glint"), { attributeFilter: ["class"] });
}"""


def sent_taps(server: StandInServer, page: Any, count: int) -> list[str]:
    return [message["partner"] for message in sent(server, page, "tap", count)]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_glint_is_seen_softly_and_two_keys_answer_it(
    open_page: OpenPage, server: StandInServer, complaints: list[str], motion: str
) -> None:
    server.state |= {"screen": "breathe", "block": BREATHE, "taps": True}
    page = knowing(open_page(server.url), server)
    page.emulate_media(reduced_motion=motion)
    shown(page).get_by_text("If you see a spark, tap your key. Or don’t.").wait_for()
    assert page.locator(".glint.now").count() == 0
    page.evaluate(COUNT_GLINTS)

    def glints() -> int:
        return int(page.evaluate("window.glints"))

    def glint() -> int:
        t_s = server.now_s() + 0.3
        server.tell({"type": "glint", "t_s": t_s})
        look_until(page, lambda: glints() or server.now_s() > t_s + 1)
        return glints()

    # Until the page has a frame to spare while one is to be seen.
    assert look_until(page, glint) == 1
    seen_s = server.now_s()
    page.keyboard.press("j")
    page.keyboard.press("f")
    page.locator(".glint.now").wait_for(state="detached")
    assert sent_taps(server, page, 2) == ["B", "A"]
    at_s = [message["at_server_s"] for message in server.messages("tap")]
    assert seen_s - UNSURE_S < at_s[0] < at_s[1] < server.now_s() + UNSURE_S
    # Whoever has no keyboard has the keys on the screen, each once a press.
    shown(page).get_by_role("button", name="Ada: key F").click()
    page.keyboard.press("Space")  # and the space bar still pauses
    shown(page).get_by_role("button", name="Bo: key J").press("Enter")
    assert sent_taps(server, page, 4) == ["B", "A", "A", "B"]
    assert [each["press"] for each in server.messages("press")] == ["pause"]
    assert complaints == []


def test_a_pause_voids_a_glint_and_without_taps_the_keys_are_dead(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"screen": "breathe", "block": BREATHE}
    page = open_page(server.url)
    shown(page).get_by_text("Too slow for me").wait_for()
    knowing(page, server)
    page.evaluate(COUNT_GLINTS)
    glint_s = server.now_s() + 0.3
    server.tell({"type": "glint", "t_s": glint_s})
    server.tell({"type": "pacer-stopped", "t_s": glint_s - 0.2})
    page.keyboard.press("f")
    look_until(page, lambda: server.now_s() > glint_s + 0.3)
    assert page.evaluate("window.glints") == 0
    assert sent_taps(server, page, 0) == []
    assert not shown(page).get_by_text("If you see a spark").is_visible()
    assert shown(page).locator("kbd").count() == 0
    assert complaints == []
