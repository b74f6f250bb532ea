"""The passphrase of both, in a real browser: chosen, given, lost, given up."""

from typing import Any

from tests.helpers.pages import (
    OpenPage,
    caught_up,
    heading,
    look_until,
    press,
    sent,
    shown,
)
from tests.helpers.stand_in_server import StandInServer

WORDS = "four words we remember"
KEY = "CA9Q-42BW-5CMD-6VP0-7FXK-G1DB-S5SN"
LOCKED = {"type": "locked", "v": 1}


def fill(page: Any, label: str, text: str) -> None:
    shown(page).get_by_label(label).fill(text)


def chosen(
    page: Any, first: str = WORDS, second: str = WORDS, *, button: str = "Lock it"
) -> None:
    fill(page, "Your passphrase", first)
    fill(page, "Once more", second)
    press(page, button)


def told(page: Any) -> str:
    words: str = shown(page).locator("[aria-live]").first.inner_text()
    return words


def test_both_choose_write_the_recovery_key_down_and_go_on(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "lock", "lock": "unasked"}
    page = open_page(server.url)
    heading(page, "Lock what coreg saves?")
    chosen(page, second="four other words")
    assert told(page) == "These two aren’t the same."
    assert server.messages("choose-passphrase") == []
    server.refuses = {"choose-passphrase": "passphrase-short"}
    chosen(page, "short", "short")
    look_until(page, lambda: "too short" in told(page))
    server.refuses = {}
    chosen(page)
    heading(page, "Your recovery key")
    # The state comes before it is written down: it stays.
    server.show(lock="locked")
    caught_up(page)
    assert shown(page).locator(".recovery-key span").all_inner_texts() == KEY.split("-")
    press(page, "We’ve both written it down")
    assert sent(server, page, "go")[-1]["screen"] == "home"
    assert server.messages("choose-passphrase")[-1]["passphrase"] == WORDS


def test_both_say_in_one_sentence_that_they_want_none(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "lock", "lock": "unasked"}
    page = open_page(server.url)
    press(page, "No lock")
    assert sent(server, page, "no-lock")[-1] == {"type": "no-lock"}


def test_what_is_locked_opens_with_the_passphrase(
    open_page: OpenPage, server: StandInServer
) -> None:
    plain = server.state
    server.state = dict(LOCKED)
    page = open_page(server.url)
    heading(page, "Your passphrase, please")
    server.refuses = {"unlock": "passphrase-wrong"}
    fill(page, "Your passphrase", "no")
    press(page, "Open")
    look_until(page, lambda: told(page) == "That isn’t it. Try again.")
    server.refuses = {}
    fill(page, "Your passphrase", WORDS)
    press(page, "Open")
    assert sent(server, page, "unlock")[-1] == {"type": "unlock", "passphrase": WORDS}
    server.state = plain
    server.show(screen="settings", lock="locked")
    heading(page, "Settings")


def test_a_lost_one_is_replaced_by_the_key_on_paper_and_the_new_key_is_read_first(
    open_page: OpenPage, server: StandInServer
) -> None:
    plain = server.state
    server.state = dict(LOCKED)
    page = open_page(server.url)
    press(page, "We’ve forgotten it")
    fill(page, "Recovery key", KEY.lower())
    chosen(page, button="Open")
    heading(page, "Your recovery key")
    asked = sent(server, page, "recover")[-1]
    assert (asked["recovery_key"], asked["passphrase"]) == (KEY.lower(), WORDS)
    server.state = plain
    server.show(screen="settings", lock="locked")
    caught_up(page)
    heading(page, "Your recovery key")
    press(page, "We’ve both written it down")
    heading(page, "Settings")


def test_a_lock_covers_everything_also_what_is_not_saved(
    open_page: OpenPage, server: StandInServer
) -> None:
    notice = {"id": "x", "words": "Something about last evening."}
    block = {"kind": "question", "words": "What would be good?", "waits": True}
    server.state |= {"screen": "question", "turn": "A", "notices": [notice]}
    server.state |= {"block": block}
    page = open_page(server.url)
    press(page, "I’m Ada")
    shown(page).get_by_label("In your own words").fill("only mine")
    server.tell(LOCKED)
    heading(page, "Your passphrase, please")
    look_until(page, lambda: page.locator(".leaving").count() == 0)
    # With it goes what stood on the page, and no question of the browser keeps it.
    inside = page.evaluate(
        "() => document.body.innerText + [...document.querySelectorAll"
        "('input, textarea')].map((each) => each.value).join()"
    )
    for gone in ("only mine", "Ada", "last evening"):
        assert gone not in inside


def test_settings_say_what_is_and_change_it(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "settings", "lock": "locked"}
    page = open_page(server.url)
    press(page, "Choose another passphrase")
    fill(page, "The passphrase you have now", "the old one")
    chosen(page)
    heading(page, "Your recovery key")
    assert sent(server, page, "choose-passphrase")[-1]["old"] == "the old one"
    press(page, "We’ve both written it down")
    press(page, "Remove the lock")
    fill(page, "The passphrase you have now", WORDS)
    press(page, "Remove it")
    assert sent(server, page, "no-lock")[-1]["passphrase"] == WORDS
    press(page, "Lock it now")
    assert sent(server, page, "lock-now")[-1] == {"type": "lock-now"}
