"""Space and Esc pause a practice, whatever has the focus; who writes, writes on."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tests.helpers.pages import (
    SHORT_MS,
    OpenPage,
    caught_up,
    enter_passcode,
    heading,
    look_until,
    press,
    shown,
)
from tests.helpers.stand_in_server import StandInServer

BREATHE = {"kind": "breathe", "name": "Breathe together", "words": "", "waits": False}
PRACTISING: dict[str, dict[str, Any]] = {
    "arrive": {"screen": "arrive", "block": BREATHE | {"kind": "arrive"}},
    "breathe": {"screen": "breathe", "block": BREATHE},
    "lively": {"screen": "breathe", "block": BREATHE, "asks": True},
    "taps": {"screen": "breathe", "block": BREATHE, "taps": True},
    "light": {"screen": "both-light", "block": BREATHE | {"kind": "light"}},
    "rest": {"screen": "rest", "block": BREATHE | {"kind": "rest"}},
    "words": {"screen": "words", "block": BREATHE | {"kind": "words"}},
}
FOCUSABLE = "button, a[href], input, textarea, select, summary, canvas, [tabindex]"


@pytest.fixture
def quiet_console(complaints: list[str]) -> Iterator[None]:
    """Fail afterwards if a page complained."""
    yield
    assert complaints == []


def heard(server: StandInServer, page: Any, count: int) -> list[dict[str, Any]]:
    """What pages sent, once it is this much, and what else this one sent until now."""
    look_until(page, lambda: server.heard, lambda seen: len(seen) >= count)
    caught_up(page)
    return server.heard


@pytest.mark.usefixtures("quiet_console")
@pytest.mark.parametrize("name", PRACTISING)
def test_a_key_pauses_whatever_has_the_focus(
    open_page: OpenPage, server: StandInServer, name: str
) -> None:
    server.state |= PRACTISING[name]
    page = open_page(server.url)
    heading(page, "")
    things = [e for e in page.locator(FOCUSABLE).all() if e.is_visible()]
    assert len(things) >= 2  # the title, and Pause at least
    for key, thing in product(("Space", "Escape", "Shift+Space"), [None, *things]):
        server.heard.clear()
        page.evaluate("document.activeElement?.blur()")
        if thing is not None:
            thing.focus()
        page.keyboard.press(key)
        pressed = [{"type": "press", "press": "pause"}]
        assert heard(server, page, 1) == pressed, (key, thing)


@pytest.mark.usefixtures("quiet_console")
@pytest.mark.parametrize(
    ("words", "says"), [("Too slow", 1), ("Sound", 0), ("All right", 1)]
)
def test_space_pauses_after_a_button_was_clicked(
    open_page: OpenPage, server: StandInServer, words: str, says: int
) -> None:
    server.state |= PRACTISING["lively"]
    page = open_page(server.url)
    shown(page).get_by_role("button", name=words).click()
    clicked = list(heard(server, page, says))
    assert len(clicked) == says
    page.keyboard.press("Space")
    assert heard(server, page, says + 1) == [
        *clicked,
        {"type": "press", "press": "pause"},
    ]


@pytest.mark.usefixtures("quiet_console")
def test_who_pauses_when_the_other_was_quicker_pauses_no_second_time(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= PRACTISING["breathe"]
    page = open_page(server.url)
    server.show(screen="pause", paused=True)  # by the other one
    heading(page, "Let’s stop for a moment.")
    page.evaluate("import('/static/main.js').then(({app}) => app.pause())")
    pressed = [{"type": "press", "press": "pause"}]
    assert heard(server, page, 1) == pressed
    server.show(**PRACTISING["breathe"] | {"paused": False})  # and both went on
    assert heard(server, page, 1) == pressed


@pytest.mark.usefixtures("quiet_console")
def test_a_key_that_is_held_pauses_once_and_presses_nothing_when_let_go(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= PRACTISING["breathe"]
    server.on_message = lambda m: (
        server.show(screen="pause", paused=True) if m["type"] == "press" else None
    )
    page = open_page(server.url)
    shown(page).get_by_role("button", name="Too slow").focus()
    for _ in range(4):  # the first, and three that the held key repeats
        page.keyboard.down("Space")
        page.wait_for_timeout(30)
    heading(page, "Let’s stop for a moment.")
    page.keyboard.down("Space")
    page.keyboard.up("Space")
    assert heard(server, page, 1) == [{"type": "press", "press": "pause"}]


@pytest.mark.usefixtures("quiet_console")
def test_where_one_writes_the_keys_write(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "question", "turn": "A", "block": None}
    page = open_page(server.url)
    shown(page).get_by_role("button", name="I’m Ada").click()
    text = shown(page).get_by_label("In your own words")
    text.click()
    page.keyboard.type("a b")
    assert text.input_value() == "a b"
    assert heard(server, page, 0) == []


@pytest.mark.usefixtures("quiet_console")
@pytest.mark.parametrize(
    ("state", "left_by"),
    [
        ({"screen": "question", "turn": "A", "block": None}, "press"),
        ({"screen": "look-back", "turn": "A"}, None),
        ({"screen": "consent", "turn": "A"}, "go"),
    ],
    ids=["before", "look back", "consent"],
)
def test_esc_leaves_a_page_of_one_s_own_at_once_whatever_stands_on_it(
    open_page: OpenPage,
    server: StandInServer,
    state: dict[str, Any],
    left_by: str | None,
) -> None:
    """Somebody comes in: what stands there is gone with one key."""
    server.state |= state
    page = open_page(server.url)
    shown(page).get_by_role("button", name="I’m").click()
    if state["screen"] == "consent":
        enter_passcode(page)
        press(page, "Yes, I could")
        shown(page).get_by_label("I am an adult").check()
    else:
        shown(page).get_by_role("textbox").fill("I am afraid.")
    page.keyboard.press("Escape")
    heading(page, "Hand the laptop to")
    assert page.get_by_text("I am afraid.").count() == 0
    told = heard(server, page, 0 if left_by is None else 1)
    assert [each["type"] for each in told if each["type"] != "own-consent"] == (
        [] if left_by is None else [left_by]
    )


@pytest.mark.usefixtures("quiet_console")
def test_a_question_left_open_on_one_page_does_not_stand_before_the_practice(
    open_page: OpenPage, server: StandInServer
) -> None:
    """Another page began meanwhile: the pause has to be within reach on this one."""
    server.state |= {"screen": "settings"}
    page = open_page(server.url)
    shown(page).get_by_role("button", name="Everything on this computer").click()
    page.get_by_role("dialog").wait_for()
    server.show(**PRACTISING["arrive"])
    heading(page, "Settle in")
    assert page.get_by_role("dialog").count() == 0
    page.keyboard.press("Space")
    assert heard(server, page, 1) == [{"type": "press", "press": "pause"}]


def test_a_pause_that_finds_the_line_broken_is_made_once_it_is_back(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= PRACTISING["breathe"]
    page = open_page(server.url)
    heading(page, "Breathing together")
    server.close()
    page.wait_for_timeout(SHORT_MS)
    page.keyboard.press("Space")
    again = StandInServer(server.port)
    try:
        again.state |= PRACTISING["breathe"]
        asked = look_until(page, lambda: again.messages("press"))
        assert asked[0] == {"type": "press", "press": "pause"}
        again.show(screen="pause", paused=True)
        heading(page, "Let’s stop for a moment.")
        again.show(screen="breathe", paused=False)
        heading(page, "Breathing together")
        page.wait_for_timeout(SHORT_MS)
        assert len(again.messages("press")) == 1  # one pause, asked for once
    finally:
        again.close()


def test_a_pause_that_came_too_fast_for_the_server_is_asked_for_again(
    open_page: OpenPage, server: StandInServer
) -> None:
    refused = {"type": "refused", "why": "too-fast"}
    server.state |= PRACTISING["breathe"]
    server.on_message = lambda m: (
        server.tell(refused) if len(server.messages(m["type"])) == 1 else None
    )
    page = open_page(server.url)
    heading(page, "Breathing together")
    page.keyboard.press("Escape")
    assert heard(server, page, 2) == 2 * [{"type": "press", "press": "pause"}]


@pytest.fixture
def last_to_come(open_page: OpenPage) -> Iterator[list[Any]]:
    """Pages that have to be closed by the time that this ends: the first to end."""
    assert callable(open_page)  # it is set up before this
    pages: list[Any] = []
    yield pages
    assert [page.is_closed() for page in pages] == [True]


def test_a_page_closes_before_its_server_and_complains_of_no_one_gone(
    open_page: OpenPage, server: StandInServer, last_to_come: list[Any]
) -> None:
    last_to_come.append(open_page(server.url))
