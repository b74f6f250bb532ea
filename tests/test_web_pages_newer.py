"""A page of another version than its server: what it does not know, it leaves aside.

Unknown words are planted in every field of every message that the server can send, as a
newer one may, and each field is left out, as an older one may; the rest of the message
is heeded, and the page goes on. By default each screen has its share of what is
planted, and all together have everything; COREG_THOROUGH plants everything in each.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields
from typing import Any

import pytest

from coreg.web.wire import outgoing as telling
from coreg.web.wire.definition import definition
from coreg.web.wire.named import Screen
from coreg.web.wire.outgoing import State
from coreg.web.wire.shapes import Shape
from tests.helpers.clinic_scenes import EDITOR, HOME_PLAN
from tests.helpers.pages import (
    OpenPage,
    caught_up,
    heading,
    knowing,
    look_until,
    press,
    sent,
    shown,
)
from tests.helpers.stand_in_server import STATIC, StandInServer, heart, hearts
from tests.helpers.thorough import THOROUGH

DEFINED = definition()
Message = dict[str, Any]
Place = tuple[str | int, ...]

PRACTICE: Message = {
    "name": "relaxed-and-alert",
    "title": "Relaxed and alert",
    "purpose": "Settle.",
    "minutes": 19,
    "length": "usual",
    "lengths": {"shorter": 10, "usual": 19, "longer": 30},
    "own_pace": False,
    "asks": "What would be good?",
    "straps": "optional",
    "begins": "turns",
    "not_when": "Not after a row.",
    "at_first": "At first, alone.",
    "is_led": True,
    "has_turns": True,
}
STATE: Message = {
    "type": "state",
    "v": 1,
    "server_s": 100.0,
    "screen": "home",
    "simulated": False,
    "source": "straps",
    "seed": 1,
    "speed": 1.0,
    "couple": {
        "A": {
            "name": "Ada",
            "passcode_utc": "2026-03-01T19:00:00+00:00",
            "renamed_utc": "2026-03-02T19:00:00+00:00",
            "before": "Eve",
        },
        "B": {
            "name": "Bo",
            "passcode_utc": None,
            "renamed_utc": None,
            "before": None,
        },
    },
    "turn": None,
    "practice": PRACTICE,
    "choices": [PRACTICE, PRACTICE | {"name": "other", "title": "Other"}],
    "without_breathing": False,
    "pace": {"way": "six", "per_min": 6.0, "in_out": "40:60", "may_find": True},
    "block": {
        "number": 2,
        "count": 5,
        "name": "Breathe together",
        "kind": "breathe",
        "words": "Small breaths.",
        "length_s": 480.0,
        "began_server_s": 0.0,
        "waits": True,
        "who": "A",
        "speaker": "Tell it.",
        "listener": "Enjoy it.",
        "prompts": ["What was the best bit?"],
        "prompt_s": 40.0,
        "choices": [{"words": "That’s it", "does": "next"}],
        "quiet_s": 0.0,
    },
    "first": "A",
    "strapless": True,
    "scales": [
        {"name": "warm", "words": "Warm", "low": "not at all", "high": "fully"}
        | {"needed": True, "yes_no": False, "reply": "It can be.", "reply_at_most": 3}
        | {"may_keep": True},
    ],
    "loose_ends": [
        {
            "number": 1,
            "partner": "A",
            "has_room": True,
            "is_over": False,
        },
    ],
    "home_plan": {"words": "Relaxed and alert, once a week.", "why": "To sit down."},
    "paused": False,
    "pause": {
        "way": "apart",
        "back_server_s": 1300.0,
        "is_last": False,
        "is_back": False,
    },
    "breath": {"t_s": 99.0, "period_s": 10.0, "inhale_s": 4.0},
    "next_breath": {"t_s": 109.0, "period_s": 10.0, "inhale_s": 4.0},
    "pacing": "gliding",
    "asks": True,
    "closing": "Well done.",
    "taps": True,
    "notices": [
        {"id": "radio", "words": "Bluetooth is off."},
        {"id": "lost-A", "words": "Left strap: silent."},
    ],
    "recording": {"ok": True, "words": "Both hearts are being recorded."},
    "ending": None,
    "look": {
        "session_id": "x",
        "page": "/evenings/x/page",
        "wished": True,
        "had_quiet": True,
    },
    "sat": {"minutes": 16, "breathing_minutes": 8, "breaths_per_min": 6.0},
    "read": [{"partner": "A", "text": "The rain."}],
    "unfinished": {
        "title": "Your practice stopped in the middle",
        "words": "Everything up to then is saved.",
        "may_go_on": True,
        "is_ready": True,
        "page": "/evenings/x/page",
    },
    "lock": "locked",
    "keep_days": 90,
    "seat": "both",
    "elsewhere": False,
    "phones": ["B"],
    "marks": ["Something shifted"],
    "hour": {"is_within": False, "practices": ["delight"], "ways": ["rest"]},
    "for_therapist": ["You saw Ada alone on 2 March 2026."],
    "with_therapist": True,
    "therapist_hears": True,
    "settings": {
        "warmth": True,
        "bell": True,
        "our_pace": True,
        "may_quit": True,
    },
    "straps": [
        heart("A", remembered=True, jumps=[0.0, 0.5]),
        heart("B", remembered=True, jumps=[0.0]),
    ],
}
BREATH: Message = {"type": "breath", "t_s": 99.0, "period_s": 10.0, "inhale_s": 4.0}
ENDED: Message = {"type": "ended", "v": 1}
"""The last one that a page hears."""
HEARD: Message = {
    "partner": "A",
    "about": "hour",
    "day": "2 March 2026",
    "asked": "I felt heard",
    "value": 7,
    "text": "",
    "fell": True,
}
LINE: Message = {
    "length_s": 60.0,
    "parts": [{"start_s": 0.0, "end_s": 30.0, "words": "Open"}],
    "pauses": [{"start_s": 1.0, "end_s": 2.0, "words": ""}],
    "paces": [{"start_s": 0.0, "end_s": 30.0, "breaths_per_min": 6.0}],
    "moments": [{"t_s": 3.0, "key": 1, "words": "Something shifted"}],
    "hearts": [{"partner": "A", "name": "Ada", "t_s": [2.5], "bpm": [70.0]}],
}
OTHERS: list[Message] = [
    hearts(
        heart("A", remembered=True, jumps=[0.0, 0.5]),
        heart("B"),
        heart(None, id="x"),
    ),
    BREATH,
    {"type": "locked", "v": 1, "words": "The library cannot be used.", "clinic": None},
    {
        "type": "clinic",
        "v": 1,
        "couples": [
            {"id": "0f3a99c1", "a": "Ada", "b": "Ben", "may_open": True}
            | {
                "words": "Ready",
                "held_back": False,
                "alone": ["A"],
                "hours": [{"id": "x", "words": "Monday"}],
                "heard": [HEARD],
            },
        ],
        "labels": ["Something shifted"],
        "log": [{"utc": "2026-03-01T19:00:00+00:00", "what": "opened"}],
    },
    {"type": "heard", "heard": [HEARD]},
    {
        "type": "hour",
        "v": 1,
        "session_id": "x",
        "couple": "Ada & Ben",
        "line": LINE,
        "lines": ["0:00  Arrive"],
        "note": ["Pauses: 1"],
        "correctable": [
            {
                "session_id": "x",
                "partner": "A",
                "name": "Ada",
                "part": "",
                "words": "Nothing corrected yet.",
            }
        ],
    },
    {"type": "glint", "t_s": 101.0},
    {"type": "pacer-stopped", "t_s": 101.0},
    {"type": "warmth", "value": 0.5},
    {
        "type": "watched",
        "anew": False,
        "hearts": {
            partner: {"is_seen": True, "signal": "good", "t_s": [99.0], "bpm": [66.0]}
            | {"level_bpm": 3.0, "swing_bpm": 7.0}
            for partner in "AB"
        },
    },
    {"type": "pong", "id": 1, "server_s": 100.0},
    {"type": "refused", "why": "not-now", "id": 1, "wait_s": 60.0},
    {
        "type": "taken",
        "id": 1,
        "agreed": {
            "record": True,
            "show_partner": True,
            "heart_rhythm": False,
            "see_doctor": False,
            "find_pace": True,
            "show_therapist": False,
            "movement": True,
            "ecg": False,
        },
        "unlocked": {
            "ticket": "a",
            "last_utc": "2026-03-01",
            "closed_until": "20260301-193000",
            "wrong_tries": 2,
        },
        "own": {
            "lines": [
                {
                    "number": 1,
                    "session_id": "x",
                    "when_utc": "2026-03-01T19:40:00+00:00",
                    "block": "question",
                    "text": "words",
                    "at_ease": None,
                    "wide_awake": None,
                    "awake": None,
                    "myself": None,
                    "happened": None,
                    "asked": "Warm",
                    "answered": 7,
                    "said_yes": True,
                    "is_read": True,
                    "offered": True,
                    "brought": True,
                }
            ],
            "unread": 1,
            "may_share": True,
            "wish_shared": True,
        },
        "recovery_key": "CA9Q-42BW",
    },
]
SHOWN: list[tuple[Message, str]] = [
    ({"screen": "welcome"}, "Two hearts, one breath"),
    ({"screen": "consent", "turn": "A"}, "Hand the laptop"),
    ({"screen": "not-yet"}, "That’s all for now."),
    ({"screen": "lock"}, "It’s locked now"),
    ({"screen": "home"}, "Today: Relaxed and alert"),
    ({"screen": "gate", "turn": "A"}, "Is this all right for you today?"),
    ({"screen": "question", "turn": "A"}, "Hand the laptop"),
    ({"screen": "arrive"}, "Settle in"),
    ({"screen": "breathe"}, "Breathing together"),
    ({"screen": "rest"}, "Rest"),
    ({"screen": "both-light"}, "The light follows you both"),
    ({"screen": "words"}, ""),
    ({"screen": "turn"}, ""),
    ({"screen": "step", "turn": "A"}, ""),
    ({"screen": "write", "turn": "A"}, "Hand the laptop"),
    ({"screen": "asked", "turn": "A"}, "Hand the laptop"),
    ({"screen": "pause", "paused": True}, "Let’s stop for a moment."),
    ({"screen": "look-back", "turn": "A"}, "Hand the laptop"),
    ({"screen": "look-back"}, "That’s it for today."),
    ({"screen": "evenings"}, "Earlier evenings"),
    ({"screen": "settings"}, "Settings"),
]
LEFT_OUT = object()  # a server from before this field does not say it
UNKNOWN: list[Any] = [
    LEFT_OUT,
    "something new",
    "constructor",  # a name that every object of a page's language has
    None,
    -1,
    True,
    1e308,
    {"new": ["deep", {"er": 1}]},
    [],
    ["new", None],
    "x" * 10_000,
]


def places(message: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in a message, the deeper ones of the first in a list only."""
    if at and at != ("type",):
        yield at
    if isinstance(message, dict):
        for name, value in message.items():
            yield from places(value, (*at, name))
    elif isinstance(message, list) and message:
        yield from places(message[0], (*at, 0))


def planted(message: Message, at: Place, value: Any) -> Message:
    """The message with this value at that place, or without anything there."""
    changed = deepcopy(message)
    inner: Any = changed
    for step in at[:-1]:
        inner = inner[step]
    if value is LEFT_OUT:
        del inner[at[-1]]
    else:
        inner[at[-1]] = value
    return changed


AT_ONCE = 2  # values of the shown ones that a place has on one screen


def planted_on(screen: int, message: Message) -> Iterator[tuple[Place, Any]]:
    """What is planted where while this screen is there, by its number in `SHOWN`.

    Each place is left out on each screen; the other values go round, so that each comes
    to each place on several screens.
    """
    left_out, *others = UNKNOWN
    for number, at in enumerate(places(message)):
        yield at, left_out
        first = AT_ONCE * screen + number
        here = range(len(others)) if THOROUGH else range(first, first + AT_ONCE)
        for each in here:
            yield at, others[each % len(others)]


WATCHED = """() => {
  const title = (screen) => screen.querySelector("h1").textContent;
  const stage = document.getElementById("stage");
  window.before = title(stage.querySelector(".screen:not(.leaving)"));
  window.titles = [];
  new MutationObserver((changes) => {
    for (const change of changes) for (const screen of change.addedNodes) {
      window.titles.push(title(screen));
    }
  }).observe(stage, {childList: true});
}"""


def put_down(complaints: list[str]) -> list[str]:
    """What the page complained of, but for saying that it left something aside."""
    return [each for each in complaints if not each.startswith("coreg: ")]


def assert_whole(told: Message, of: dict[str, Shape]) -> None:
    """Hold a sample against the definition: it has every field, down to the last."""
    assert set(told) - {"type"} == set(of)
    for name, shape in of.items():
        inner, value = shape, told[name]
        while isinstance(inner.get("of"), dict):
            inner = inner["of"]
            value = (list(value.values()) if isinstance(value, dict) else value)[0]
        if inner["is"] == "object":
            assert_whole(value, DEFINED.objects[inner["of"]])


def test_what_is_planted_is_planted_everywhere() -> None:
    assert set(STATE) == {each.name for each in fields(State)} | {"type"}
    # The last two are told to a page of their own alone.
    apart = (STATE, ENDED, HOME_PLAN, EDITOR)
    told = {each["type"] for each in (*apart, *OTHERS)}
    assert told == set(telling.TYPES.values())
    for message in (*apart, *OTHERS):
        assert_whole(message, DEFINED.objects[DEFINED.messages[message["type"]]])
    assert {each["screen"] for each, _ in SHOWN} == set(Screen)
    assert ("straps", 0, "signal") in list(places(STATE))
    assert ("couple", "A", "passcode_utc") in list(places(STATE))


def test_over_all_screens_each_value_is_planted_in_each_place() -> None:
    for message in (STATE, *OTHERS):
        there = [
            (at, repr(value))
            for screen in range(len(SHOWN))
            for at, value in planted_on(screen, message)
        ]
        assert len(set(there)) == len(list(places(message))) * len(UNKNOWN)


@pytest.mark.parametrize(
    ("number", "screen", "title"),
    [(number, *shown) for number, shown in enumerate(SHOWN)],
    ids=[f"{shown['screen']}-{title}" for shown, title in SHOWN],
)
def test_a_state_with_something_unknown_in_it_is_still_shown(
    open_page: OpenPage,
    server: StandInServer,
    complaints: list[str],
    number: int,
    screen: Message,
    title: str,
) -> None:
    whole = STATE | screen
    server.state = dict(whole)
    page = open_page(server.url, reduced_motion="reduce")
    heading(page, title)
    page.evaluate(WATCHED)
    for at, value in planted_on(number, whole):
        if at not in {("screen",), ("turn",), ("elsewhere",)}:
            server.tell(planted(whole, at, value))
    server.show(**whole)
    page.wait_for_function("n => window.titles.length > n", arg=0)
    if title:  # else it is the block's own words
        assert set(page.evaluate("window.titles")) == {page.evaluate("window.before")}
    for at in (("screen",), ("turn",)):
        for value in UNKNOWN:
            server.tell(planted(whole, at, value))
    server.show(**whole)
    heading(page, title)
    other = ("settings", "Settings") if title != "Settings" else ("arrive", "Settle in")
    server.show(**STATE | {"screen": other[0]})
    heading(page, other[1])
    assert put_down(complaints) == []


def test_any_other_message_with_something_unknown_in_it_does_no_harm(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    page = open_page(server.url)
    for number, (screen, title) in enumerate(SHOWN):
        server.show(**STATE | screen)
        heading(page, title)
        for message in OTHERS:
            for at, value in planted_on(number, message):
                server.tell(planted(message, at, value))
            server.tell(message | {"new": "field"})
            server.tell(message | {"type": "something new"})
        assert put_down(complaints) == [], title
    server.show(**STATE | {"screen": "home"})
    server.tell(hearts(heart("A"), heart("B", signal="dry")))
    page.get_by_text("Snug, not tight").wait_for()


def test_what_is_known_beside_something_unknown_is_heeded(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    server.state = dict(STATE)
    server.show(pacing="swirling", notices=[{"id": 7}, *STATE["notices"]], v=2)
    page.get_by_text("Left strap: silent.").wait_for()
    new = heart(
        "B", signal="humming", words="It hums.", jumps=[0.0, 0.0, "x", 0.0, 0.5]
    )
    server.tell(hearts(heart("A"), {"id": None}, new, heart("C", id="c")))
    shown(page).get_by_text("It hums.").wait_for()
    line = shown(page).get_by_label("Bo’s strap: the line jumps").locator("path")
    assert line.get_attribute("d").count("M") == 2  # what is not known is a gap
    assert (
        not shown(page).get_by_text("Other straps nearby").is_visible()
    )  # C is somebody's
    press(page, "Something else")
    lengths = {"shorter": 10, "epic": 300, "usual": "x", "longer": 30}
    server.show(practice=PRACTICE | {"lengths": lengths, "length": "shorter"})
    radios = shown(page).get_by_role("radiogroup", name="How long?")
    radios.get_by_role("radio", name="30 minutes").wait_for()
    assert radios.get_by_role("radio").count() == 2
    server.show(pace=STATE["pace"] | {"way": "spiral"})
    ways = shown(page).get_by_role("radiogroup", name="Tonight’s breathing")
    caught_up(page)
    assert ways.locator("input:checked").count() == 0  # none of those is true


@pytest.mark.parametrize(
    "new",
    [
        {"screen": "turn-taking"},
        {"screen": None},
        {"screen": "question", "turn": "C"},
        {"screen": "consent", "turn": None},
        {"screen": "consent", "turn": "both"},
    ],
)
def test_a_screen_that_a_page_does_not_know_is_not_taken_for_another(
    open_page: OpenPage, server: StandInServer, complaints: list[str], new: Message
) -> None:
    page = open_page(server.url)
    server.show(**STATE | new | {"block": None})
    heading(page, "coreg has something new here")
    assert not shown(page).get_by_role("button", name="Pause").is_visible()
    page.keyboard.press("Space")
    caught_up(page)
    assert server.heard == []
    server.state |= {"screen": "settings", "turn": None}
    press(page, "Load this page again")
    heading(page, "Settings")
    assert put_down(complaints) == []


def test_a_screen_that_is_defined_and_not_built_yet_is_new_to_a_page(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    defined = (STATIC / "wire.js").read_text(encoding="utf-8")
    more = defined.replace('"welcome",', '"welcome", "turn-taking",')
    assert more != defined
    kind = "text/javascript"
    page.route("**/static/wire.js", lambda it: it.fulfill(body=more, content_type=kind))
    page.reload()
    server.show(**STATE | {"screen": "turn-taking"})
    heading(page, "coreg has something new here")


def test_a_practice_that_a_page_does_not_know_can_still_be_paused(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    server.show(**STATE | {"screen": "turn-taking", "block": STATE["block"]})
    heading(page, "coreg has something new here")
    press(page, "Pause")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    assert sent(server, page, "press", 3) == 3 * [{"type": "press", "press": "pause"}]
    assert len(server.heard) == 3


def test_breaths_stop_where_it_is_not_understood_when(
    open_page: OpenPage, server: StandInServer
) -> None:
    still = """async () => (await import("/static/main.js")).app.schedule.turn(
      (await import("/static/main.js")).app.now_s() + 5)"""
    server.state = STATE | {"screen": "breathe", "breath": None, "next_breath": None}
    page = open_page(server.url)
    heading(page, "Breathing together")
    knowing(page, server)
    server.breathe(server.now_s() + 3, period_s=200.0, inhale_s=100.0)
    look_until(page, lambda: page.evaluate(still), lambda turn: turn == "in")
    server.tell({"type": "pacer-stopped", "t_s": "soon"})
    caught_up(page)
    assert page.evaluate(still) == "still"


HOSTILE = (
    "</p><img src=x onerror='window.hurt=1'><script>window.hurt=1</script>&lt;b&gt;"
)


def with_words(message: Any) -> Any:
    """The message with hostile words wherever a page shows words."""
    keys = {
        "name",
        "title",
        "purpose",
        "words",
        "model",
        "ends",
        "practice",
        "when_utc",
    }
    if isinstance(message, list):
        return [with_words(each) for each in message]
    if not isinstance(message, dict):
        return message
    return {
        key: HOSTILE if key in keys and isinstance(value, str) else with_words(value)
        for key, value in message.items()
    }


def test_markup_in_anything_that_is_told_stays_words(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.evenings = [
        {
            "id": "e1",
            "when_utc": HOSTILE,
            "practice": HOSTILE,
            "length_s": 1140,
            "state": "complete",
            "simulated": True,
            "page": "javascript:window.hurt=1",
        }
    ]
    hostile = with_words(STATE)
    server.state = hostile | {"screen": "home"}
    page = open_page(server.url)
    seen = ""
    for screen, _title in SHOWN:
        server.show(**hostile | screen)
        server.tell(with_words(hearts(heart("A"), heart("B"), heart(None, id="x"))))
        caught_up(page)
        if screen["screen"] == "evenings":  # they are asked for
            shown(page).locator(".list li").first.wait_for()
        for ready in shown(page).get_by_role("button", name="I’m").all():
            ready.click()
        seen += page.locator("body").inner_text()
        assert page.locator("img, script:not([src]), b:has-text('x')").count() == 0
        assert page.locator("main a[href^=javascript], main a[href*=evil]").count() == 0
    assert page.evaluate("window.hurt") is None
    assert seen.count("<img src=x") > 20  # it is read, as what it is
    assert json.dumps(complaints).count("Content Security Policy") == 0
    assert put_down(complaints) == []
