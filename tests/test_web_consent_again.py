"""Consent opened again: what was agreed to stands, and only what is changed changes."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from coreg.base import clock
from coreg.facts.both import Both
from coreg.facts.events import Ended, Ending, Partner, Paused, Resumed, Source
from coreg.store.folder import data_folder
from coreg.store.release import Wish
from coreg.web.evening.effects import (
    KeepConsent,
    KeepRest,
    KeepSat,
    Refuse,
    Remove,
    Reveal,
    Withdraw,
)
from coreg.web.evening.happenings import Heard, SessionOver, SessionStopped, Warmed
from coreg.web.evening.state import Agreed, Evening
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.wire.incoming import (
    Consent,
    Go,
    Hold,
    Look,
    OwnConsent,
    PauseWay,
)
from coreg.web.wire.named import Choice, Erasing, Screen, Way
from tests.helpers.pages import (
    OpenPage,
    choose_passcode,
    enter_passcode,
    heading,
    press,
    sent,
    shown,
)
from tests.helpers.stand_in_server import (
    NO_PASSCODES,
    StandInServer,
)
from tests.test_web_evening import (
    BEGAN,
    BREATHING,
    FREE,
    HOME,
    NEW,
    SESSION,
    after,
    block,
    shown as told,
)

A, B = Partner.A, Partner.B
NAMES = [each.name for each in fields(Agreed)]
SETTINGS, _ = after(HOME, Go(screen=Screen.SETTINGS))


def opened_by(evening: Evening, partner: Partner) -> Evening:
    """Consent, opened again by one of the two from Settings."""
    return after(evening, Go(screen=Screen.CONSENT, partner=partner))[0]


def yes(partner: Partner, agreed: Agreed) -> Consent:
    return Consent(partner=partner, choice=Choice.YES, adult=True, **asdict(agreed))


@pytest.mark.parametrize("partner", Partner)
def test_each_opens_ones_own_and_not_through_the_others(partner: Partner) -> None:
    opened = opened_by(SETTINGS, partner)
    assert (opened.screen, opened.turn) == (Screen.CONSENT, partner)
    done, effects = after(opened, yes(partner, FREE))
    assert (done.screen, done.turn) == (Screen.SETTINGS, None)
    assert done.agreed == HOME.agreed
    assert effects == [KeepConsent(partner=partner, agreed=FREE)]


@pytest.mark.parametrize("partner", Partner)
def test_to_cancel_changes_nothing_and_looks_as_if_something_was(
    partner: Partner,
) -> None:
    """Whoever watches the screen from afar cannot tell one from the other."""
    opened = opened_by(SETTINGS, partner)
    left, effects = after(opened, Go(screen=Screen.SETTINGS))
    assert left == SETTINGS
    assert effects == []
    changed, _ = after(opened, yes(partner, replace(FREE, record=False)))
    assert told(changed) == told(left)


def test_only_what_is_unticked_is_withdrawn() -> None:
    everything = Agreed(**dict.fromkeys(NAMES, True))
    before = replace(SETTINGS, agreed=Both(everything, everything))
    for name in NAMES:
        fewer = replace(everything, **{name: False})
        done, effects = after(opened_by(before, B), yes(B, fewer))
        assert done.agreed == (everything, fewer)
        assert effects == [KeepConsent(partner=B, agreed=fewer)]


def test_what_one_agreed_to_is_revealed_at_ones_own_turn_alone() -> None:
    mine = replace(FREE, heart_rhythm=True)
    evening = replace(SETTINGS, agreed=Both(mine, FREE))
    asked = OwnConsent(partner=A)
    assert after(evening, asked)[1] == [Refuse(why="not-now")]
    assert after(opened_by(evening, B), asked)[1] == [Refuse(why="not-your-turn")]
    assert after(opened_by(evening, A), asked)[1] == [Reveal(agreed=mine)]
    first_use, _ = after(NEW, Go(screen=Screen.CONSENT))
    assert after(first_use, asked)[1] == [Reveal(agreed=None)]


def test_no_page_is_told_what_anybody_agreed_to_unasked() -> None:
    """Whatever each ticked, every page is told the same, with consent open as well."""
    for evening in (SETTINGS, opened_by(SETTINGS, A), BREATHING):
        for health in product((False, True), repeat=2):
            ticked = replace(FREE, heart_rhythm=health[0], see_doctor=health[1])
            assert told(replace(evening, agreed=Both(ticked, FREE))) == told(evening)


def test_not_now_still_takes_everything_back() -> None:
    opened = opened_by(SETTINGS, B)
    back, effects = after(opened, replace(yes(B, FREE), choice=Choice.NOT_NOW))
    assert effects == [Withdraw(partner=B)]
    assert back.agreed == (FREE, None)


def test_consent_taken_back_is_not_told_by_a_restart(tmp_path: Path) -> None:
    """Whoever starts coreg again arrives where they arrived before."""

    def arriving() -> Evening:
        return EveningStore(data_folder(tmp_path)).evening(
            frozenset({"relaxed-and-alert"}), source=Source.STRAPS, seed=1, speed=1.0
        )

    assert arriving().screen is Screen.WELCOME
    store = EveningStore(data_folder(tmp_path))
    for partner in Partner:
        store.keep(KeepConsent(partner=partner, agreed=FREE))
    store.keep_no_lock()
    store.keep(Withdraw(partner=A))
    assert not arriving().is_set_up
    assert arriving().screen is Screen.HOME
    store.remove(Remove(what=Erasing.PARTNER, session_id=None, partner=A))
    assert arriving().screen is Screen.WELCOME


@pytest.mark.parametrize(
    ("hours", "rests"), [(0, True), (11, True), (13, False), (-30 * 24, True)]
)
def test_a_restart_asks_no_no_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int, rests: bool
) -> None:
    """A no holds for 12 h, and no longer, whatever the clock was set back to."""
    said = dt.datetime(2026, 3, 1, 20, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "utc_now", lambda: said)
    store = EveningStore(data_folder(tmp_path))
    store.keep(KeepRest(for_s=12 * 3600.0, was_said=True))
    monkeypatch.setattr(clock, "utc_now", lambda: said + dt.timedelta(hours=hours))
    monkeypatch.setattr(clock, "monotonic_ns", lambda: 0)

    def arriving() -> Evening:
        return EveningStore(data_folder(tmp_path)).evening(
            frozenset({"relaxed-and-alert"}), source=Source.STRAPS, seed=1, speed=1.0
        )

    evening = arriving()
    assert evening.rests(1.0) is rests
    assert evening.rests_as_said
    assert not evening.rests(12 * 3600.0 + 1.0)
    store.keep(KeepRest(for_s=0.0, was_said=False))
    assert not arriving().rests(1.0)


def test_what_was_ticked_is_there_again_on_another_evening(tmp_path: Path) -> None:
    ticked = Agreed(
        record=True,
        show_partner=False,
        heart_rhythm=True,
        see_doctor=False,
        find_pace=True,
        show_therapist=False,
    )
    evening_store = EveningStore(data_folder(tmp_path))
    evening_store.keep(KeepConsent(partner=A, agreed=ticked))
    fewer = replace(ticked, find_pace=False)
    evening_store.keep(KeepConsent(partner=B, agreed=ticked))
    evening_store.keep(KeepConsent(partner=B, agreed=fewer))
    evening = EveningStore(data_folder(tmp_path)).evening(
        PracticeCatalogue().names, source=Source.STRAPS, seed=1, speed=1.0
    )
    assert evening.agreed == (ticked, fewer)


# --- in the browser -----------------------------------------------------------

BEFORE = {
    "record": True,
    "show_partner": False,
    "heart_rhythm": True,
    "see_doctor": False,
    "find_pace": True,
    "show_therapist": False,
    "movement": True,
    "ecg": True,
}
BOXES = {
    "record": "Save my heartbeats",
    "show_partner": "My partner may see",
    "heart_rhythm": "I have a heart rhythm",
    "see_doctor": "Any of these: lung disease",
    "find_pace": "coreg may use my heart",
    "movement": "How my chest moves",
    "ecg": "My ECG",
    "show_therapist": "A therapist may see",
}


@pytest.fixture
def opened(open_page: OpenPage, server: StandInServer) -> Any:
    """Consent opened again by Ada, who ticked some of it."""
    server.state |= {"screen": "settings"}
    server.agreed = dict(BEFORE)
    page = open_page(server.url)
    press(page, "Ada: change my choices")
    assert sent(server, page, "go")[-1] == {
        "type": "go",
        "screen": "consent",
        "partner": "A",
    }
    server.heard.clear()
    server.show(screen="consent", turn="A")
    return page


def ticked(page: Any) -> dict[str, bool]:
    """Which boxes are ticked, of those that are there."""
    place: Callable[[str], Any] = shown(page).get_by_label
    return {
        name: place(words).is_checked()
        for name, words in BOXES.items()
        if place(words).count()
    }


def to_the_boxes(page: Any) -> None:
    press(page, "I’m Ada")
    enter_passcode(page)
    press(page, "Yes, I could")
    heading(page, "What you agreed to")


def test_earlier_ticks_are_in_place_and_done_sends_what_is_ticked(
    opened: Any, server: StandInServer
) -> None:
    to_the_boxes(opened)
    assert ticked(opened) == BEFORE
    assert shown(opened).get_by_label("I am an adult").is_checked()
    shown(opened).get_by_label(BOXES["find_pace"]).uncheck()
    press(opened, "Save my choices")
    assert sent(server, opened, "consent") == [
        {
            "type": "consent",
            "partner": "A",
            "choice": "yes",
            "adult": True,
            **BEFORE,
            "find_pace": False,
            "show_therapist": False,
        }
    ]


@pytest.mark.parametrize("way_in", [[], ["I’m Ada"], ["I’m Ada", "Yes, I could"]])
def test_consent_can_be_left_from_each_of_its_pages(
    opened: Any, server: StandInServer, way_in: list[str]
) -> None:
    for words in way_in:
        press(opened, words)
        if words == "I’m Ada":
            enter_passcode(opened)
    if len(way_in) == 2:
        shown(opened).get_by_label(BOXES["record"]).uncheck()
    press(opened, "Cancel, change nothing" if way_in else "Back")
    # The server knows where it was opened from: here, from Settings.
    assert sent(server, opened, "go") == [{"type": "go", "screen": "welcome"}]
    server.show(screen="settings", turn=None)
    heading(opened, "Settings")
    assert [each["type"] for each in server.heard] == ["go"]


def test_a_first_consent_can_be_left_before_anybodys_own_page(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "consent", "turn": "A", "couple": NO_PASSCODES}
    page = open_page(server.url)
    press(page, "Back")
    assert sent(server, page, "go") == [{"type": "go", "screen": "welcome"}]
    press(page, "I’m Ada")
    choose_passcode(page)
    heading(page, "Could you say no")
    cancel = shown(page).get_by_role("button", name="Cancel")
    assert not cancel.is_visible()  # that is Not now
    press(page, "Yes, I could")
    heading(page, "Before the first evening")
    assert ticked(page) == dict.fromkeys(BOXES.keys() - {"ecg"}, False)
    assert not cancel.is_visible()


def test_who_reads_what_is_kept_can_still_say_not_now_and_find_help(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "consent", "turn": "A", "couple": NO_PASSCODES}
    page = open_page(server.url)
    press(page, "I’m Ada")
    choose_passcode(page)
    press(page, "Yes, I could")
    heading(page, "Before the first evening")
    shown(page).get_by_label(BOXES["record"]).check()
    press(page, "Back")
    heading(page, "Could you say no")
    press(page, "Get help (nothing is saved)")
    page.get_by_role("dialog", name="People you can call").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Back").click()
    press(page, "Not now")
    (said,) = sent(server, page, "consent")
    assert said["choice"] == "not-now"
    assert not said["record"]


def test_boxes_are_not_shown_blank_where_what_was_agreed_to_is_not_heard(
    opened: Any, server: StandInServer
) -> None:
    server.refuses = {"own-consent": "not-now"}
    press(opened, "I’m Ada")
    enter_passcode(opened)
    shown(opened).get_by_text("That didn’t work just now").wait_for()
    heading(opened, "Your passcode, please")
    server.refuses = {}
    enter_passcode(opened)
    press(opened, "Yes, I could")
    heading(opened, "What you agreed to")
    assert ticked(opened) == BEFORE


def test_a_choice_that_could_not_be_saved_stays_as_it_was_made(
    opened: Any, server: StandInServer
) -> None:
    to_the_boxes(opened)
    shown(opened).get_by_label(BOXES["show_partner"]).check()
    server.refuses = {"consent": "not-kept"}
    press(opened, "Save my choices")
    shown(opened).get_by_text("couldn’t be saved to the disk").wait_for()
    assert ticked(opened) == {**BEFORE, "show_partner": True}
    server.refuses = {}
    press(opened, "Save my choices")
    assert len(sent(server, opened, "consent", 2)) == 2


# --- what is saved, and what can be seen of it --------------------------------


def either(no: Agreed) -> list[Both[Agreed | None]]:
    """A said no, B did, and both."""
    return [Both(no, FREE), Both(FREE, no), Both(no, no)]


def looked_back(*, kept: bool, agreed: Both[Agreed | None]) -> Evening:
    running = BREATHING.running
    assert running is not None
    evening = replace(BREATHING, running=replace(running, kept=kept), agreed=agreed)
    complete = Heard(cue=Ended(t_s=60.0, ending=Ending.COMPLETE))
    return after(evening, complete, SessionOver())[0]


def test_an_evening_that_is_not_saved_shows_itself_to_nobody_alone() -> None:
    no = replace(FREE, record=False)
    for agreed in either(no):
        evening = looked_back(kept=False, agreed=agreed)
        saved = looked_back(kept=True, agreed=Both(FREE, FREE))
        # Each alone is asked the same: nobody reads off it what the other agreed to.
        assert told(evening) == told(saved)
        both = [Look(partner=each, whose=Wish.OURS) for each in (B, A)]
        assert json.loads(told(after(evening, *both)[0]))["look"] is None


def test_while_they_practise_nobody_is_told_that_the_other_said_no() -> None:
    no = replace(FREE, record=False)
    running = BREATHING.running
    assert running is not None
    unkept = replace(BREATHING, running=replace(running, kept=False))
    shown_to_all = {told(replace(unkept, agreed=agreed)) for agreed in either(no)[:2]}
    assert len(shown_to_all) == 1
    assert json.loads(shown_to_all.pop())["recording"] == {"ok": True, "words": ""}


def test_home_says_to_both_when_hearts_are_saved(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    words = shown(page).get_by_text("saved only if you both agreed, each alone")
    words.wait_for()
    before = page.locator("main").inner_text()
    for name in ("Ada", "Bo"):
        assert name not in words.inner_text()
    server.show(recording={"ok": True, "words": ""})
    assert page.locator("main").inner_text() == before
    server.show(simulated=True)
    shown(page).get_by_text("Nobody is wearing these").wait_for()
    assert not words.is_visible()  # nobody's hearts


def test_no_page_is_offered_of_an_evening_that_is_not_saved(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "look-back", "turn": None, "look": None}
    page = open_page(server.url)
    shown(page).get_by_text(
        "Hearts are saved only if you wore straps and you both agreed"
    ).wait_for()
    main = page.locator("main")
    assert main.get_by_role("link").count() == 0
    buttons = main.get_by_role("button").all_inner_texts()
    assert buttons == ["Done", "Get help (nothing is saved)"]
    assert "Ada" not in main.inner_text()
    assert "Bo" not in main.inner_text()


def test_what_may_be_wished_tells_nothing_of_what_was_agreed_to(
    open_page: OpenPage, server: StandInServer
) -> None:
    """Whoever says "I’m Ada" there must not read off it what Ada allows."""
    look = {"session_id": "x", "page": None}
    server.state |= {"screen": "look-back", "turn": "A", "look": look}
    server.agreed = BEFORE | {"show_partner": False}
    page = open_page(server.url)
    press(page, "I’m Ada")
    heading(page, "How are you now?")
    wishes = shown(page).get_by_role("group", name="Look at anything?")
    assert wishes.locator("label").all_inner_texts() == [
        "Nothing, thanks",
        "My heart",
        "Both, if we both say yes",
    ]
    assert server.messages("own-consent") == []


def test_where_there_is_no_page_of_both_the_reason_is_the_same_for_all(
    open_page: OpenPage, server: StandInServer
) -> None:
    look = {"session_id": "x", "page": None}
    server.state |= {"screen": "look-back", "turn": None, "look": look}
    page = open_page(server.url)
    reason = shown(page).get_by_text("only if you each say yes, alone")
    reason.wait_for()
    server.show(look=look | {"page": "/evenings/x/page"})
    shown(page).get_by_role("link", name="See this evening together").wait_for()
    assert not reason.is_visible()


# --- where one's own choices lead back to ---------------------------------------

PAUSED, _ = after(BREATHING, Heard(cue=Paused(t_s=5.0)))
NO_RECORD = replace(FREE, record=False)


@pytest.mark.parametrize("screen", [Screen.HOME, Screen.EVENINGS, Screen.SETTINGS])
def test_ones_own_choices_lead_back_to_where_they_were_opened(screen: Screen) -> None:
    there = HOME if screen is Screen.HOME else after(HOME, Go(screen=screen))[0]
    opened = opened_by(there, B)
    for given in (yes(B, NO_RECORD), Go(screen=Screen.WELCOME)):
        back, _ = after(opened, given)
        assert (back.screen, back.turn, back.came_from) == (screen, None, None)


def test_whose_turn_it_was_before_a_pause_it_is_after_ones_own_choices() -> None:
    asked, _ = after(HOME, BEGAN, block(0, "question"), Heard(cue=Paused(t_s=5.0)))
    assert asked.turn is A
    back, _ = after(opened_by(asked, B), Go(screen=Screen.WELCOME))
    on, _ = after(back, Heard(cue=Resumed(t_s=9.0)))
    assert (on.screen, on.turn) == (Screen.QUESTION, A)


def test_while_one_reads_their_own_choices_nobody_ends_the_pause_elsewhere() -> None:
    opened = opened_by(PAUSED, A)
    left, effects = after(opened, PauseWay(way=Way.FINISH))
    assert (left, effects) == (opened, [Refuse(why="not-now")])
    holding = [Hold(partner=each, on=True) for each in Partner]
    assert after(opened, *holding) == (opened, [])


def test_what_the_light_does_does_not_change_with_ones_choices() -> None:
    """What is ticked of a heart's rhythm in a pause holds from the next practice on."""
    ticked = replace(FREE, heart_rhythm=True, find_pace=True)
    back, _ = after(opened_by(PAUSED, A), yes(A, ticked))
    for before, now in ((PAUSED, back),):
        assert after(now, Warmed(value=0.5))[1] == after(before, Warmed(value=0.5))[1]
        assert told(now) == told(before)


def test_who_changes_choices_after_an_evening_comes_back_to_it() -> None:
    looked = looked_back(kept=True, agreed=Both(FREE, FREE))
    last, _ = after(
        looked, Look(partner=B, whose=Wish.OURS), Look(partner=A, whose=Wish.OURS)
    )
    back, _ = after(opened_by(last, A), yes(A, replace(FREE, show_partner=False)))
    assert (back.screen, back.turn) == (Screen.LOOK_BACK, None)
    look = json.loads(told(back))["look"]
    assert (look["session_id"], look["page"]) == (SESSION, None)


def test_a_pause_is_a_way_to_ones_own_choices_and_they_lead_back_to_it() -> None:
    for partner in Partner:
        opened = opened_by(PAUSED, partner)
        assert (opened.screen, opened.turn) == (Screen.CONSENT, partner)
        back, _ = after(opened, yes(partner, NO_RECORD))
        assert back.screen is Screen.PAUSE
        assert told(back) == told(PAUSED)  # whatever it was
        left, _ = after(opened, Go(screen=Screen.WELCOME))
        assert left == PAUSED
    with_both, refused = after(PAUSED, Go(screen=Screen.CONSENT))
    assert (with_both, refused) == (PAUSED, [Refuse(why="practising")])
    running, refused = after(BREATHING, Go(screen=Screen.CONSENT, partner=A))
    assert (running, refused) == (BREATHING, [Refuse(why="practising")])


@pytest.mark.parametrize("partner", Partner)
def test_what_somebody_no_longer_wants_saved_is_erased_when_it_ends(
    partner: Partner,
) -> None:
    back, _ = after(opened_by(PAUSED, partner), yes(partner, NO_RECORD))
    for ending in (SessionOver(), SessionStopped(words="a fault")):
        over, effects = after(back, ending)
        erase = Remove(what=Erasing.SESSION, session_id=SESSION, partner=None)
        assert effects == [erase]
        assert json.loads(told(over))["look"] is None
        assert over.notices == () or isinstance(ending, SessionStopped)
    (kept,) = after(PAUSED, SessionOver())[1]
    assert isinstance(kept, KeepSat)
