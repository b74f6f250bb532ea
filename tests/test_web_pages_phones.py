"""A laptop and a phone for each of the two: real pages, over TLS."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.helpers.evening_server import (
    Served,
    beside,
    phones_of_tests,
    simulated,
)
from tests.helpers.five_pages import CODE, NO_SOCKETS, PHONE, STATE
from tests.helpers.late_lines import CLOCK, JITTER
from tests.helpers.pages import (
    OpenPage,
    choose_passcode,
    enter_passcode,
    heading,
    look_until,
    press,
    shown,
)
from tests.helpers.stand_in_server import StandInServer
from tests.helpers.two_people import evening_of_two

SPEED = 60.0
FREE = """async (seat) => {
  const {fetchKeyed} = await import("/static/page_key.js");
  await fetchKeyed(`/phones/free/${seat}`, {method: "POST"});
}"""
SENDS = """async ([type, fields]) => {
  const {app} = await import("/static/main.js");
  app.send(type, fields);
}"""


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Served]:
    with beside(
        evening_of_two(tmp_path, speed=SPEED, house=phones_of_tests())
    ) as served:
        yield served


def laptop(open_page: OpenPage, at: Served) -> Any:
    page = open_page(at.launch_url)
    heading(page, "Two hearts, one breath")
    return page


def named(page: Any) -> None:
    page.evaluate(SENDS, ["names", {"A": "Ada", "B": "Bo"}])


def phone(
    open_page: OpenPage, page: Any, seat: str, title: str, *, script: str = ""
) -> Any:
    """Scan the code of a seat with a phone; `title` is what its page says then."""
    address = page.evaluate(CODE, seat)

    def watch(context: Any) -> None:
        if script:
            context.add_init_script(script)
        context.route("**/static/clock.js", asking_more_often)

    opened = open_page(address, watch=watch, **PHONE)
    heading(opened, title)
    return opened


def asking_more_often(route: Any) -> None:
    """Let a page ask for the time more often: a minute takes twelve seconds."""
    answer = route.fetch()
    text = answer.text()
    assert "ROUND_S = 5" in text
    route.fulfill(response=answer, body=text.replace("ROUND_S = 5", "ROUND_S = 1"))


def agree(page: Any) -> None:
    """Choose a passcode and agree, on one's own phone; nothing is handed over."""
    choose_passcode(page)
    heading(page, "Could you say no tonight without fear?")
    press(page, "Yes, I could, and I’d like to")
    heading(page, "Before the first evening")
    shown(page).get_by_label("I am an adult").check()
    press(page, "Save my choices")


def state(page: Any) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate(STATE)
    return told


def p95_apart_s(*pages: Any) -> float:
    """How far apart the clocks are that these pages breathe by."""
    apart_s = []
    for _ in range(20):
        told = [page.evaluate(CLOCK) for page in pages]
        apart_s.append(max(told) - min(told))
    return float(np.percentile(apart_s, 95))


def test_a_whole_evening_with_a_laptop_and_two_phones(
    open_page: OpenPage, evening: Served, record_property: Any
) -> None:
    both = laptop(open_page, evening)
    named(both)  # which asks each whether they would like this
    heading(both, "Hand the laptop to Ada")
    a = phone(open_page, both, "A", "Choose your own passcode", script=JITTER)
    heading(both, "A moment for Ada")
    b = phone(open_page, both, "B", "A moment for Ada", script=JITTER)
    agree(a)
    agree(b)
    heading(both, "Tonight: Relaxed and alert")
    for partner in "AB":
        worn = {"strap_id": f"simulated-{partner}", "partner": partner}
        both.evaluate(SENDS, ["assign", worn])
    heading(a, "You’re on Ada’s phone")
    heading(b, "You’re on Bo’s phone")
    press(both, "Sit down together")
    for name, page, other in (("Ada", a, b), ("Bo", b, a)):
        heading(page, "Is this all right for you today?")
        heading(both, f"A moment for {name}")
        heading(other, f"A moment for {name}")
        assert shown(page).get_by_text("look away").count() == 0
        press(page, "Yes")
    for page in (both, a, b):
        heading(page, "Settle in")
    for page in (both, a, b):
        heading(page, "Breathing together")
    for page in (both, a, b):
        heading(page, "Say something to each other if you like. Or nothing.")
    press(b, "Go on")
    for name, page, other in (("Bo", b, a), ("Ada", a, b)):
        heading(page, "How are you now?")
        heading(both, f"A moment for {name}")
        heading(other, f"A moment for {name}")
        shown(page).get_by_label("My heart").check()
        press(page, "Done")
        enter_passcode(page)
        heading(page, "Your own page")
        press(page, "Done")
    heading(both, "That’s it for tonight.")
    for page in (a, b):
        heading(page, "You’re on")
    # A clock that was found out while the machine was busy is put right by and by.
    apart_s = look_until(
        both, lambda: p95_apart_s(both, a, b), lambda s: s < 0.005, patience_ms=90_000
    )
    record_property("phones_clock_apart_p95_ms", 1000 * apart_s)
    print(f"laptop and two phones: clocks {1000 * apart_s:.2f} ms apart (p95)")


def test_a_phone_without_sockets_that_leaves_and_returns_disturbs_nobody(
    open_page: OpenPage, evening: Served
) -> None:
    both = laptop(open_page, evening)
    a = phone(open_page, both, "A", "You’re on", script=NO_SOCKETS)
    named(both)
    heading(a, "Choose your own passcode")  # by a stream: it has no other way
    agree(a)
    heading(both, "Hand the laptop to Bo")
    heading(a, "A moment for Bo")
    both.evaluate(SENDS, ["go", {"screen": "welcome"}])
    a.context.set_offline(True)
    address = a.url
    a.goto("about:blank")  # its owner closed the browser
    a.context.set_offline(False)
    look_until(both, lambda: state(both)["phones"], lambda held: held == ["A"])
    a.goto(address)
    heading(a, "You’re on")
    both.evaluate(FREE, "A")
    heading(a, "This phone isn’t connected any more")
    look_until(both, lambda: state(both)["phones"], lambda held: held == [])
    a.reload()
    a.get_by_role("heading", name="This phone has no place yet").wait_for()


def test_a_code_that_somebody_else_used_says_so_on_both(
    open_page: OpenPage, evening: Served
) -> None:
    both = laptop(open_page, evening)
    address = both.evaluate(CODE, "A")
    thief = open_page(address, **PHONE)
    heading(thief, "You’re on")
    both.get_by_text("A phone took the left place.").wait_for()
    second = open_page(address, **PHONE)
    second.get_by_role("heading", name="This code doesn’t work").wait_for()
    second.get_by_text("Somebody has already used this code.").wait_for()
    assert "#" not in second.url
    assert "#" not in thief.url


def test_a_breath_is_felt_by_whoever_chose_it_and_told_apart(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "home", "seat": "A", "phones": ["A"]}

    def watch(context: Any) -> None:
        context.add_init_script(
            "window.felt = []; navigator.vibrate = (touch) => window.felt.push(touch);"
        )

    page = open_page(server.url, watch=watch)
    bell = "60"  # a part began: whoever has the bell feels that
    felt = f"() => window.felt.map(String).filter((each) => each !== '{bell}')"
    breathing = {"screen": "breathe", "block": {"number": 1, "kind": "breathe"}}
    server.show(**breathing)
    server.breathe(server.now_s(), period_s=2.0, inhale_s=1.0)
    shown(page).locator(".turns .now", has_text="breathe in").wait_for()
    assert page.evaluate(felt) == []  # nobody asked for it
    server.show(screen="home", block=None)
    heading(page, "You’re on Ada’s phone")
    shown(page).get_by_label("Feel the breath").check()
    page.evaluate("window.felt.length = 0")
    server.show(**breathing)
    server.breathe(server.now_s() + 0.5, period_s=2.0, inhale_s=1.0)
    look_until(
        page, lambda: page.evaluate(felt), lambda all_: all_ == ["220", "70,110,70"]
    )


def test_what_is_asked_on_a_phone_may_be_had_on_the_laptop_and_back(
    open_page: OpenPage, evening: Served
) -> None:
    both = laptop(open_page, evening)
    a = phone(open_page, both, "A", "You’re on")
    named(both)
    heading(a, "Choose your own passcode")
    press(both, "Use the laptop instead")
    heading(both, "Hand the laptop to Ada")
    heading(a, "This is on the laptop now")
    press(a, "Use this phone")
    heading(both, "A moment for Ada")
    agree(a)
    heading(both, "Hand the laptop to Bo")


def test_two_who_pause_at_once_pause_once_and_go_on_by_a_finger_each(
    open_page: OpenPage, tmp_path: Path
) -> None:
    with beside(simulated(tmp_path, speed=1.0, house=phones_of_tests())) as at:
        both = open_page(at.launch_url)
        heading(both, "Settle in")
        a = phone(open_page, both, "A", "Settle in")
        b = phone(open_page, both, "B", "Settle in")
        for page in (a, b):  # neither has heard of the other's
            page.evaluate("import('/static/main.js').then(({app}) => app.pause())")
        for page in (both, a, b):
            heading(page, "Let’s stop for a moment.")
        told = [state(page)["pause"] for page in (both, a, b)]
        assert told[0] == told[1] == told[2]
        for page, own in ((a, "A"), (b, "B")):
            pads = shown(page).locator(".pad")
            assert [each.get_attribute("data-partner") for each in pads.all()] == [own]
            pads.hover()
            page.mouse.down()
        for page in (both, a, b):
            heading(page, "Settle in")
