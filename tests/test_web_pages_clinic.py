"""A therapist's own pages with the keyboard: a couple found, an hour gone over."""

from typing import Any

import pytest

from tests.helpers.one_tab import Look
from tests.helpers.pages import caught_up, heading, look_until, sent, shown
from tests.helpers.scenes import CLOSED, SCENES, Scene, with_book
from tests.helpers.scenes_of_clinic import CLINIC, COUPLES, gone_over

FOCUSED = "document.activeElement.textContent"


def scene(name: str) -> Scene:
    return next(each for each in SCENES if each.name == name)


def recover_with(page: Any, key: str) -> None:
    shown(page).get_by_label("Recovery key").fill(key)
    shown(page).get_by_label("Your passphrase").fill("four words we remember")
    shown(page).get_by_label("Once more").fill("four words we remember")
    shown(page).get_by_role("button", name="Open").click()


def listed(page: Any) -> list[str]:
    return [
        each.inner_text()
        for each in shown(page).locator(".couples h2").all()
        if each.is_visible()
    ]


def test_a_few_letters_and_enter_bring_a_couple_in(looked_at: Look) -> None:
    with looked_at(scene("couples")) as (page, server):
        assert page.evaluate(FOCUSED) == "Your couples"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # nobody was asked for yet
        page.keyboard.type("tom id")
        assert listed(page) == ["Ida & Tom"]
        page.keyboard.press("Enter")
        assert sent(server, page, "open-couple")[0]["couple"] == COUPLES[5]["id"]
        page.keyboard.press("Escape")
        assert len(listed(page)) == len(COUPLES)
        page.keyboard.type("nobody")
        page.get_by_text("Nobody by that name.").wait_for()
        page.keyboard.press("Enter")
        caught_up(page)
        assert len(server.messages("open-couple")) == 1


def test_few_couples_are_not_looked_for(looked_at: Look) -> None:
    with looked_at(scene("couples")) as (page, server):
        find = page.get_by_label("Find a couple")
        find.fill("tom")
        server.tell(CLINIC | {"couples": COUPLES[:3]})
        caught_up(page)
        assert not find.is_visible()
        assert len(listed(page)) == 3


def test_who_was_seen_alone_comes_to_the_top_and_the_keyboard_keeps_its_place(
    looked_at: Look,
) -> None:
    with looked_at(scene("couples")) as (page, server):
        eve = shown(page).locator(".couples > li", has_text="Eve & Gus")
        eve.locator("summary", has_text="Seen alone").press("Enter")
        eve.get_by_role("button", name="I saw Eve alone today").press("Enter")
        assert sent(server, page, "saw-alone")[0]["partner"] == "A"
        page.get_by_text("Noted: you saw Eve alone today.").wait_for()
        now = COUPLES[2] | {"may_open": True, "words": "Ready"}
        server.tell(CLINIC | {"couples": [now, *COUPLES[:2], *COUPLES[3:]]})
        look_until(page, lambda: listed(page), lambda seen: seen[0] == "Eve & Gus")
        assert page.evaluate(FOCUSED) == "I saw Eve alone today"


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        ("clinic-key", {"clinic": "locked"}),
        ("locked-recover", {"clinic": None}),
    ],
)
def test_a_recovery_key_goes_from_the_screen_when_everything_locks_itself(
    looked_at: Look, name: str, closed: dict[str, str | None]
) -> None:
    where = scene(name)
    with looked_at(where) as (page, server):
        assert where.act is not None
        where.act(page, server)
        if name == "locked-recover":
            recover_with(page, "CA9Q-42BW-5CMD-6VP0-7FXK-G1DB-S5SN")
        heading(page, "Your recovery key")
        server.tell(CLOSED | closed)
        heading(page, "Your passphrase, please")
        page.get_by_text("took your recovery key off the screen").wait_for()
        look_until(page, lambda: page.locator(".recovery-key").count() == 0)
        assert "CA9Q" not in page.content()


def test_what_a_therapist_is_shown_can_be_taken_back_where_nothing_of_it_is_left_here(
    looked_at: Look,
) -> None:
    own = next(each for each in SCENES if each.act is with_book)
    with looked_at(own) as (page, server):
        server.lines = []
        with_book(page, server)
        shown(page).get_by_role("button", name="Stop showing it").click()
        assert sent(server, page, "show-own-wish")[-1]["shown"] is False


def test_a_lock_that_took_no_key_away_speaks_of_none(looked_at: Look) -> None:
    with looked_at(scene("couples")) as (page, server):
        server.tell(CLOSED | {"clinic": "locked"})
        heading(page, "Your passphrase, please")
        assert not page.get_by_text("took your recovery key").is_visible()


@pytest.mark.parametrize("way", ["Back to the couples", "Escape"])
def test_an_hour_has_the_page_to_itself_and_is_gone_after_it(
    looked_at: Look, way: str
) -> None:
    with looked_at(scene("couples")) as (page, server):
        gone_over(page, server)
        assert page.evaluate(FOCUSED) == "Ada & Ben"
        assert listed(page) == []
        assert page.get_by_text("looked up first").is_visible()
        if way == "Escape":
            page.keyboard.press(way)
        else:
            shown(page).get_by_role("button", name=way).click()
        assert page.evaluate(FOCUSED) == "24 November 2026, Relaxed and alert"
        assert "looked up first" not in page.content()


def test_an_editor_of_one_heart_opens_in_a_window_of_its_own(looked_at: Look) -> None:
    with looked_at(scene("couples-hour")) as (page, server):
        gone_over(page, server)
        ada = page.get_by_role("button", name="Correct Ada’s heartbeats")
        with page.expect_popup() as popup:
            ada.press("Enter")
        asked = sent(server, page, "edit-beats")[0]
        assert {key: asked[key] for key in ("couple", "session_id", "partner")} == {
            "couple": COUPLES[0]["id"],
            "session_id": "hour-0-0",
            "partner": "A",
        }
        link = f"{server.url.partition('?')[0]}static/icon.svg"
        server.tell({"type": "editor", "v": 1, "link": link})
        page.get_by_text("The editor is open in another window.").wait_for()
        popup.value.wait_for_url("**/icon.svg")
        popup.value.close()


def test_a_link_that_leads_elsewhere_opens_no_window(looked_at: Look) -> None:
    with looked_at(scene("couples-hour")) as (page, server):
        gone_over(page, server)
        server.tell({"type": "editor", "v": 1, "link": "http://elsewhere.test/"})
        caught_up(page)
        assert page.locator(".beats a").count() == 0
        server.tell({"type": "editor", "v": 1, "link": "http://127.0.0.1:9/?launch=x"})
        page.get_by_role("link", name="Open the editor").wait_for()
