"""The way into a practice: what is offered, one page each, and a soft beginning."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coreg.exercises import ladder, practice
from coreg.exercises.plan import parse_plan
from coreg.facts.events import (
    BlockBegan,
    Ended,
    Ending,
    Partner,
    Press,
    Source,
)
from coreg.session.engine import run
from coreg.store.erasing import SET_UP
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library
from coreg.store.plans import plan_text
from coreg.store.session_log import SessionLog
from coreg.web.evening.effects import (
    Begin,
    Do,
    Effect,
    KeepAside,
    KeepPractised,
    KeepRating,
    KeepRest,
    KeepWords,
)
from coreg.web.evening.happenings import Heard, SessionOver, SessionStopped
from coreg.web.evening.state import Evening
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.wire.incoming import (
    ChooseSource,
    Gate,
    Go,
    Names,
    Start,
)
from coreg.web.wire.named import GateAnswer, Moment, Screen
from tests.helpers.evening_server import beside, served
from tests.helpers.living import couple_of, live, opened
from tests.helpers.openings import changed
from tests.helpers.pages import OpenPage, caught_up, look_until, press, sent, shown
from tests.helpers.sessions import OPENED
from tests.helpers.stand_in_server import StandInServer
from tests.test_web_evening import BEGAN, HOME, SESSION, after, block, shown as told

A, B = Partner.A, Partner.B
FIRST = "relaxed-and-alert-first-time"
SECOND = "small-good-moment-and-breathe"
MAIN = "relaxed-and-alert"


# --- what is offered ------------------------------------------------------------


def begun(folder: Path, source: Source = Source.STRAPS) -> Evening:
    names = PracticeCatalogue().names
    return EveningStore(folder).evening(names, source=source, seed=1, speed=1.0)


def test_a_first_evening_is_eleven_minutes_then_a_good_moment_then_the_usual(
    tmp_path: Path,
) -> None:
    folder = data_folder(tmp_path)
    catalogue = PracticeCatalogue()
    first = begun(folder)
    assert first.chosen.practice == FIRST
    plan = parse_plan(catalogue.text_for(first))
    minutes = [(each.kind.value, each.length_s / 60) for each in plan.blocks]
    assert minutes == [("arrive", 2), ("breathe", 5), ("rest", 3), ("words", 1)]
    EveningStore(folder).keep(KeepPractised(evenings=1))
    second = begun(folder)
    assert second.chosen.practice == SECOND
    assert FIRST not in {each.name for each in catalogue.shown(second)}
    EveningStore(folder).keep(KeepPractised(evenings=2))
    third = begun(folder)
    assert third.chosen.practice == MAIN
    assert SECOND not in {each.name for each in catalogue.shown(third)}


def test_a_gentler_first_evening_is_as_short(tmp_path: Path) -> None:
    first = replace(begun(data_folder(tmp_path)), is_gentle=True).tonight
    plan = parse_plan(PracticeCatalogue().text_for(first))
    assert plan.minutes == 11
    assert not any(each.means.is_led for each in plan.blocks)


def test_whoever_practised_with_a_coreg_of_before_is_not_there_for_the_first_time(
    tmp_path: Path,
) -> None:
    folder = data_folder(tmp_path)
    library = Library(folder)
    library.keep_setting(SET_UP, "yes")
    for name, source in (
        ("20260301-193000-0001", Source.SIMULATED),
        ("20260302-193000-0002", Source.STRAPS),
    ):
        kept = changed(OPENED, session_id=name, source=source)
        SessionLog.create(session_path(folder, name), kept).close()
    assert begun(folder).practised == 1
    assert begun(folder).chosen.practice == SECOND


def test_a_look_around_counts_for_nothing_and_shows_the_usual_evening(
    tmp_path: Path,
) -> None:
    assert begun(data_folder(tmp_path), Source.SIMULATED).chosen.practice == MAIN
    simulated = replace(HOME, source=Source.SIMULATED)
    over, effects = after(simulated, BEGAN, block(4, "words"), SessionOver())
    assert (over.practised, counted(effects)) == (0, [])


def counted(effects: list[Effect]) -> list[int]:
    """How many evenings are to be kept, each time that is asked for."""
    return [each.evenings for each in effects if isinstance(each, KeepPractised)]


def at_its_end(
    evening: Evening, number: int, kind: str
) -> tuple[Evening, list[Effect]]:
    ended = Heard(cue=Ended(t_s=90.0, ending=Ending.FINISHED_EARLY))
    return after(evening, BEGAN, block(number, kind), ended, SessionOver())


def test_an_evening_counts_once_its_last_part_was_reached() -> None:
    left, effects = at_its_end(HOME, 2, "breathe")
    assert (left.practised, counted(effects)) == (0, [])
    done, effects = at_its_end(HOME, 4, "words")
    assert (done.practised, counted(effects)) == (1, [1])


def test_a_first_evening_ends_with_a_word_on_first_times_and_no_other_does() -> None:
    first = replace(HOME, chosen=replace(HOME.chosen, practice=FIRST))
    done, _ = at_its_end(first, 4, "words")
    assert "often feel odd" in json.loads(told(done))["closing"]
    home, _ = after(done, Go(screen=Screen.HOME))
    assert json.loads(told(home))["closing"] == ""
    assert home.chosen.practice == SECOND  # what is offered next
    again, _ = at_its_end(home, 4, "words")
    assert json.loads(told(again))["closing"] == ""


def test_what_somebody_chose_stays_chosen() -> None:
    chosen = replace(HOME.chosen, practice="our-pace")
    done, _ = at_its_end(replace(HOME, chosen=chosen), 4, "words")
    assert done.chosen.practice == "our-pace"


def test_what_compares_paces_is_on_no_couples_home_but_can_be_asked_for_by_name() -> (
    None
):
    catalogue = PracticeCatalogue()
    for practised in (0, 1, 12):
        evening = replace(HOME, practised=practised)
        names = {each.name for each in catalogue.shown(evening)}
        assert MAIN in names
        assert not {each for each in names if each.startswith("our-pace")}
    by_name = replace(HOME, chosen=replace(HOME.chosen, practice="our-pace"))
    assert "our-pace" in {each.name for each in catalogue.shown(by_name)}
    assert "our-pace" in catalogue.names


def test_whatever_is_offered_is_a_practice_that_there_is() -> None:
    names = PracticeCatalogue().names
    assert {ladder.offered(practised) for practised in range(20)} <= names


# --- one page each --------------------------------------------------------------


def gate(partner: Partner, answer: GateAnswer = GateAnswer.YES, **said: Any) -> Gate:
    return Gate(partner=partner, answer=answer, **said)


OF_A: dict[str, Any] = {"text": "A quiet hour.", "at_ease": 4, "myself": 6}


def test_the_second_answer_leads_straight_into_the_practice() -> None:
    asked, _ = after(HOME, Start())
    second, effects = after(asked, gate(A, **OF_A))
    assert (second.screen, second.turn) == (Screen.GATE, B)
    assert effects == [KeepRest(for_s=0.0, was_said=False)]
    begins, effects = after(second, gate(B))
    assert effects == [Begin()]
    began, effects = after(begins, BEGAN)
    assert [type(each) for each in effects] == [KeepWords, KeepRating]
    # Its question was answered before it: nobody is asked once more.
    same, effects = after(began, block(0, "question"))
    assert effects == [Do(press=Press.NEXT)]
    assert same.screen is not Screen.QUESTION
    arrived, _ = after(same, block(1, "arrive"))
    assert (arrived.screen, arrived.turn) == (Screen.ARRIVE, None)


def test_a_question_later_in_a_practice_is_asked_in_its_place() -> None:
    began, _ = after(HOME, Start(), gate(A), gate(B), BEGAN, block(0, "arrive"))
    later, effects = after(began, block(1, "question"))
    assert (later.screen, later.turn, effects) == (Screen.QUESTION, A, [])


def test_what_each_said_before_is_kept_for_each_once_there_is_a_practice() -> None:
    begins, _ = after(HOME, Start(), gate(A, **OF_A), gate(B, aside=True, wide_awake=3))
    _, effects = after(begins, BEGAN)
    assert effects == [
        KeepWords(
            partner=A, session_id=SESSION, block="question", text="A quiet hour."
        ),
        KeepRating(
            partner=A,
            session_id=SESSION,
            moment=Moment.BEFORE,
            at_ease=4,
            wide_awake=None,
            myself=6,
        ),
        KeepAside(session_id=SESSION),
        KeepRating(
            partner=B,
            session_id=SESSION,
            moment=Moment.BEFORE,
            at_ease=None,
            wide_awake=3,
            myself=None,
        ),
    ]
    # Where no heart is saved, nothing is there to be set aside; words are one's own.
    _, effects = after(begins, replace(BEGAN, kept=False))
    assert KeepAside(session_id=SESSION) not in effects
    assert len(effects) == 3


def test_what_was_said_before_a_practice_that_does_not_begin_is_with_nobody() -> None:
    not_today = gate(B, GateAnswer.NOT_TODAY)
    for ends in (
        (gate(A, **OF_A), not_today),
        (gate(A, **OF_A), Go(screen=Screen.HOME)),
    ):
        left, effects = after(HOME, Start(), *ends)
        assert {type(each) for each in effects} <= {KeepRest}
        assert left.before == (None, None)
    silent, _ = after(HOME, Start(), gate(A, **OF_A))
    silent, effects = after(replace(silent, arriving=frozenset()), gate(B))
    assert (silent.screen, silent.before, effects) == (Screen.HOME, (None, None), [])


def test_what_was_said_before_a_practice_that_failed_goes_into_no_other_one() -> None:
    begins, _ = after(HOME, Start(), gate(A, **OF_A), gate(B))
    failed, _ = after(begins, SessionStopped(words="The disk is full."))
    assert failed.before == (None, None)
    around, _ = after(failed, ChooseSource(source=Source.SIMULATED, seed=1), Start())
    assert after(around, BEGAN)[1] == []


@pytest.mark.parametrize("name", [MAIN, FIRST])
def test_a_gate_asks_what_the_practice_asks_before_it(name: str) -> None:
    evening = replace(HOME, chosen=replace(HOME.chosen, practice=name))
    asks = json.loads(told(evening))["practice"]["asks"]
    assert asks.startswith("What would be good today?") is (name == MAIN)


def test_the_page_of_the_second_one_takes_no_click_of_the_first_one(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "gate", "turn": "B"}
    page = open_page(server.url)
    yes = shown(page).get_by_role("button", name="Yes")
    assert yes.is_disabled()
    look_until(page, yes.is_enabled)
    press(page, "Yes")
    said = sent(server, page, "gate")[-1]
    assert (said["partner"], said["answer"], said["text"]) == ("B", "yes", None)


def test_words_and_how_one_is_go_with_the_answer(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"screen": "gate", "turn": "A"}
    page = open_page(server.url)
    shown(page).get_by_label("What would be good today?").fill("That we laugh once.")
    shown(page).get_by_role("slider", name="At ease").press("ArrowRight")
    shown(page).get_by_label("I’ve had alcohol").check()
    press(page, "Yes")
    said = sent(server, page, "gate")[-1]
    assert said["text"] == "That we laugh once."
    assert (said["answer"], said["aside"]) == ("gentler", True)
    assert (said["at_ease"], said["myself"]) == (6, None)
    assert complaints == []


def test_leaving_the_gate_lets_go_of_what_was_written(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "gate", "turn": "A"}
    page = open_page(server.url)
    shown(page).get_by_label("What would be good today?").fill("Not for you.")
    page.keyboard.press("Escape")
    assert sent(server, page, "go") == [{"type": "go", "screen": "home"}]
    server.show(screen="home", turn=None)
    shown(page).get_by_role("heading", name="Tonight").wait_for()
    assert server.messages("gate") == []


# --- settling in, and going on before its time is up ---------------------------------


def stepped(state: practice.Practice, *presses: tuple[float, Press]) -> list[str]:
    kinds = []
    for t_s, pressed in presses:
        state, said = practice.step(state, practice.WasPressed(t_s=t_s, press=pressed))
        kinds += [each.kind for each in said if isinstance(each, BlockBegan)]
    return kinds


def test_whoever_has_settled_in_goes_on_and_the_press_does_nothing_elsewhere() -> None:
    plan = parse_plan(plan_text(MAIN))
    state, _ = practice.begin(plan, t_s=0.0, steps_wait=True, ends_with_source=False)
    ready, on, stop = Press.READY, Press.NEXT, Press.PAUSE
    assert stepped(state, (1.0, ready)) == []  # a question is answered
    assert stepped(state, (1.0, on), (2.0, ready)) == ["arrive", "breathe"]
    assert stepped(state, (1.0, on), (2.0, stop), (3.0, ready)) == ["arrive"]
    again = ((2.0, ready), (3.0, ready), (4.0, ready))
    assert stepped(state, (1.0, on), *again) == ["arrive", "breathe"]


def test_going_on_once_more_does_nothing_while_one_settles_in_as_ever() -> None:
    """Sessions of before have such a press where two pages both went on."""
    plan = parse_plan(plan_text(MAIN))
    state, _ = practice.begin(plan, t_s=0.0, steps_wait=True, ends_with_source=False)
    assert stepped(state, (1.0, Press.NEXT), (1.2, Press.NEXT)) == ["arrive"]


def test_an_evening_that_was_left_early_replays_to_the_bit() -> None:
    lived = live(couple_of(5), opened(), until_s=400.0, presses={90.0: Press.READY})
    began = {
        each.kind: t_s for t_s, each in lived.outputs if isinstance(each, BlockBegan)
    }
    assert began["breathe"] < 60 + 120  # a minute of question, then thirty seconds
    assert list(run(lived.inputs))[: len(lived.outputs)] == [
        output for _, output in lived.outputs
    ]


def test_ready_is_asked_for_where_one_settles_in_and_nowhere_else(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "arrive", "block": part("arrive", server)}
    page = open_page(server.url)
    press(page, "We’re ready")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    assert [each["press"] for each in sent(server, page, "press", 2)] == ["ready"] * 2
    server.show(screen="rest", block=part("rest", server, number=3))
    shown(page).get_by_role("heading", name="Rest").wait_for()
    page.keyboard.press("n")
    caught_up(page)
    assert len(server.messages("press")) == 2


# --- time is felt ----------------------------------------------------------------


def part(
    kind: str, server: StandInServer, *, number: int = 1, at_s: float = 0.0
) -> Any:
    """A part of a practice, this far into its two minutes."""
    return {
        "number": number,
        "count": 5,
        "name": kind,
        "kind": kind,
        "words": "",
        "length_s": 120.0,
        "began_server_s": server.now_s() - at_s,
        "waits": False,
    }


COUNTS_BELLS = """() => {
  window.bells = [];
  AudioContext.prototype.createOscillator = new Proxy(
    AudioContext.prototype.createOscillator,
    { apply(made, audio, given) {
      const voice = Reflect.apply(made, audio, given);
      const start = voice.start.bind(voice);
      voice.start = (at_s) => {
        window.bells.push(voice.frequency.value);
        start(at_s);
      };
      return voice;
    } },
  );
  window.buzzes = 0;
  Object.defineProperty(navigator, "vibrate", { value: () => { window.buzzes += 1; } });
}"""
PARTIALS = 3


def bells(page: Any) -> int:
    return int(page.evaluate("window.bells.length")) // PARTIALS


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_bell_is_struck_once_where_a_part_begins_and_where_the_last_one_ends(
    open_page: OpenPage, server: StandInServer, motion: str, complaints: list[str]
) -> None:
    server.state |= {"screen": "gate", "turn": "B", "block": None}
    page = open_page(server.url)
    page.emulate_media(reduced_motion=motion)
    page.evaluate(COUNTS_BELLS)
    shown(page).get_by_role("heading").first.click()  # whoever is here tapped once
    look_until(page, lambda: page.evaluate("navigator.userActivation.hasBeenActive"))
    page.wait_for_timeout(200)  # until the browser lets it sound
    kinds = ("arrive", "breathe", "rest", "words")
    for number, kind in enumerate(kinds, start=1):
        server.show(screen=kind, turn=None, block=part(kind, server, number=number))
        assert look_until(page, lambda: bells(page), number.__le__)
        server.show(notices=[])  # told again, it is no other part
        caught_up(page)
        assert bells(page) == number
    server.show(screen="look-back", turn="A", block=None)
    assert look_until(page, lambda: bells(page), lambda seen: seen == 5) == 5
    assert page.evaluate("window.buzzes") == 5
    assert complaints == []


def test_no_bell_is_struck_for_a_pause_nor_where_it_is_turned_off(
    open_page: OpenPage, server: StandInServer
) -> None:
    first = part("breathe", server)
    server.state |= {"screen": "breathe", "block": first}
    page = open_page(server.url)
    page.evaluate(COUNTS_BELLS)
    page.mouse.click(5, 5)
    page.wait_for_timeout(200)
    stood = {"way": None, "back_server_s": None, "is_last": False, "is_back": False}
    server.show(screen="pause", paused=True, pause=stood)
    server.show(screen="breathe", paused=False, pause=None)
    server.show(settings={"warmth": True, "bell": False})
    server.show(screen="rest", block=part("rest", server, number=2))
    shown(page).get_by_role("heading", name="Rest").wait_for()
    caught_up(page)
    assert (bells(page), page.evaluate("window.buzzes")) == (0, 0)


BRIGHT = """async ([block, at]) => {
  const {brightness, hasBeenRead} = await import("/static/fading.js");
  return at.map((t_s) => [brightness(block, t_s), hasBeenRead(block, t_s)]);
}"""


def test_the_light_sinks_over_the_last_fifteen_seconds_of_a_part(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    block_ = {"began_server_s": 1000.0, "length_s": 480.0}
    asked_s = [1000.0, 1019.0, 1021.0, 1464.9, 1472.5, 1480.0, 1490.0]
    seen = page.evaluate(BRIGHT, [block_, asked_s])
    assert [bright for bright, _ in seen] == pytest.approx(
        [1, 1, 1, 1, 0.65, 0.3, 0.3], abs=0.01
    )
    assert [read for _, read in seen] == [False, False, *[True] * 5]
    # Where nothing is known of a part, nothing sinks and no word goes.
    assert page.evaluate(BRIGHT, [None, [5.0]]) == [[1, False]]


def test_what_is_said_of_rest_goes_once_it_was_read(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "rest", "block": part("rest", server, at_s=21.0)}
    page = open_page(server.url)
    said = shown(page).locator(".spoken-words")
    look_until(page, lambda: said.get_attribute("class"), lambda is_: "read" in is_)
    # Where one settles in, the words stay: they say what to do.
    server.show(screen="arrive", block=part("arrive", server, number=2, at_s=60.0))
    shown(page).get_by_role("heading", name="Settle in").wait_for()
    assert "read" not in (shown(page).locator(".spoken-words").get_attribute("class"))


# --- names -------------------------------------------------------------------------


def test_names_are_changed_in_settings(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"screen": "settings"}
    page = open_page(server.url)
    shown(page).get_by_label("Sitting on the right").fill("Bodil")
    press(page, "Save names")
    assert sent(server, page, "names") == [{"type": "names", "A": "Ada", "B": "Bodil"}]
    shown(page).get_by_text("Saved.").wait_for()
    assert complaints == []


def test_a_change_of_names_is_kept_and_changes_nothing_else() -> None:
    settings = replace(HOME, screen=Screen.SETTINGS)
    named, effects = after(settings, Names(A="Ada", B="Bodil"))
    assert named.names == ("Ada", "Bodil")
    assert (named.screen, len(effects)) == (Screen.SETTINGS, 1)


def test_a_chosen_practice_is_named_on_the_one_card_of_home(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    wanted = "Tonight: Relaxed and alert, about 19 minutes."
    shown(page).get_by_role("heading", name=wanted).wait_for()
    assert not shown(page).get_by_role("radio").first.is_visible()
    press(page, "Something else")
    shown(page).get_by_role("radio", name="10 minutes").check()
    asked = sent(server, page, "choose")[-1]
    assert (asked["practice"], asked["length"]) == (MAIN, "shorter")


def test_the_last_page_of_a_first_evening_says_so(
    open_page: OpenPage, server: StandInServer
) -> None:
    words = "First times often feel odd rather than calm."
    server.state |= {"screen": "look-back", "turn": None, "closing": words}
    page = open_page(server.url)
    shown(page).get_by_text(words).wait_for()


# --- the way back in ---------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_used_link_is_a_page_in_the_look_of_the_screens(
    open_page: OpenPage, tmp_path: Path, scheme: str
) -> None:
    """Its few lines of style pass the policy that lets nothing else in."""
    with beside(served(tmp_path)) as at:
        used = at.launch_url
        open_page(used)
        refused: list[str] = []
        page = open_page(
            used,
            color_scheme=scheme,
            watch=lambda context: context.on(
                "console", lambda said: refused.append(said.text)
            ),
        )
        assert page.locator("h1").inner_text() == "This link has been used"
        assert "Start coreg again" in page.locator("p").inner_text()
        ground = page.evaluate("getComputedStyle(document.documentElement).background")
        assert ("rgb(18, 26, 33)" in ground) is (scheme == "dark")
        assert page.title() == "This link has been used · coreg"
        assert not [each for each in refused if "Content Security" in each]
