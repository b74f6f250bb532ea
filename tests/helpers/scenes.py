"""Every screen as a scene: what the server says, and what somebody does there.

Drawn for docs/screens (`tests.helpers.draw_screens`), and walked by tests.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from coreg.web.phones.code_picture import picture_of
from coreg.web.words import say
from coreg.words import ENGLISH, Language
from tests.helpers import clinic_scenes
from tests.helpers.in_language import language_of, translated, worded
from tests.helpers.pages import (
    caught_up,
    choose_passcode,
    enter_passcode,
    knowing,
    shown,
)
from tests.helpers.scenes_of_clinic import (
    CLINIC,
    gone_over,
    hours_unfolded,
    looked_for,
)
from tests.helpers.stand_in_server import (
    NO_PASSCODES,
    PLAIN_STATE,
    StandInServer,
    heart,
    hearts,
)

RADIO_OFF = "Bluetooth is off. Turn it on and coreg will carry on."
DUSK_MS = 2700  # until a screen has come and the lamp has been turned down

Act = Callable[[Any, StandInServer], None]


def nothing(page: Any, server: StandInServer) -> None:
    """Look at it as it comes."""


def pressed(*words: str) -> Act:
    """Press these buttons, one after the other."""

    def act(page: Any, _server: StandInServer) -> None:
        for each in words:
            shown(page).get_by_role("button", name=worded(page, each)).first.click()
            caught_up(page)  # what was asked by it has been answered

    return act


def acts(*each: Act) -> Act:
    """Do these, one after the other."""

    def act(page: Any, server: StandInServer) -> None:
        for one in each:
            one(page, server)

    return act


def chosen(page: Any, _server: StandInServer) -> None:
    """Choose a passcode."""
    choose_passcode(page)


def entered(page: Any, _server: StandInServer) -> None:
    """Give a passcode."""
    enter_passcode(page)
    caught_up(page)


def locked_with(page: Any, _server: StandInServer) -> None:
    """Choose a passphrase."""
    for label in ("Your passphrase", "Once more"):
        page.get_by_label(worded(page, f"^{label}$")).fill("four words we remember")
    pressed("Lock it")(page, _server)


def typed(*keys: str) -> Act:
    """Press these keys, one after the other."""

    def act(page: Any, _server: StandInServer) -> None:
        for key in keys:
            page.keyboard.press(key)

    return act


def still(page: Any, _server: StandInServer) -> None:
    """Have the focus nowhere."""
    page.evaluate("document.activeElement.blur()")


def with_hearts(*straps: dict[str, Any]) -> Act:
    """Let these straps be in the air."""

    def act(page: Any, server: StandInServer) -> None:
        server.tell(translated(hearts(*straps), language_of(page)))

    return act


def breathing(into_s: float) -> Act:
    """Be this far into a breath of ten seconds."""

    def act(page: Any, server: StandInServer) -> None:
        knowing(page, server)
        server.tell({"type": "warmth", "value": 0.8})
        server.breathe(server.now_s() - into_s, period_s=60.0, inhale_s=24.0)

    return act


def glinting(page: Any, server: StandInServer) -> None:
    """Be breathing in, with a glint just when the picture is taken."""
    breathing(12.0)(page, server)
    server.tell({"type": "glint", "t_s": server.now_s() + DUSK_MS / 1000 - 0.1})


def rated(page: Any, _server: StandInServer) -> None:
    """Put one rating down."""
    pressed("I’m")(page, _server)
    slider = page.get_by_role("slider", name=worded(page, "^At ease$"))
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def sore(page: Any, _server: StandInServer) -> None:
    """Something sore came up, and is kept."""
    page.get_by_role("radio", name=worded(page, "^Yes$")).check()
    page.get_by_role("button", name=worded(page, "Loose ends")).click()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


FRONT = "https://192.168.178.23:43211"


def phones_unfolded(page: Any, _server: StandInServer) -> None:
    """A therapist lets the phones of the two in."""
    page.locator(".console .phones > summary").click()


def with_phones(page: Any, server: StandInServer) -> None:
    """Phones are let in: one is here, one place waits for its code to be scanned."""
    address = f"{FRONT}/join#{'7fKq' * 11}"
    free = {"taken": False, "here": False, "address": address}
    free |= {"picture": picture_of(address)}
    taken = {"taken": True, "here": True, "address": "", "picture": ""}
    server.phones = {
        "on": True,
        "words": "",
        "address": FRONT,
        "fingerprint": ":".join(["7F"] * 32),
        "places": [{"seat": "A", **taken}, {"seat": "B", **free}],
    }
    page.locator("img.code").wait_for()
    page.locator(".phone-places").scroll_into_view_if_needed()


def hard_to_take_in(page: Any, _server: StandInServer) -> None:
    """Something good was hard to take in."""
    page.get_by_role("slider", name=worded(page, "take it in")).press("Home")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def said(page: Any, _server: StandInServer) -> None:
    """Say how it was, and write a line."""
    page.get_by_label(worded(page, "^One line, if you like$")).fill(READ)
    for name, steps in (("At ease", 2), ("Awake", 1)):
        slider = page.get_by_role("slider", name=worded(page, f"^{name}$"))
        for _ in range(steps):
            slider.press("ArrowRight")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def unsaved(page: Any, server: StandInServer) -> None:
    """Write something that the disk does not take."""
    pressed("I’m")(page, server)
    page.get_by_label(worded(page, "^In your own words$")).fill(
        "A quiet hour. No talk of the move."
    )
    server.refuses = {"words": "not-kept"}
    pressed("Done")(page, server)
    page.evaluate("document.activeElement.blur()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture: its name, what the server says, and what somebody does."""

    name: str
    state: dict[str, Any]
    act: Act = nothing
    night: bool = False
    agreed: dict[str, bool] | None = None
    evenings: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    our_lines: list[dict[str, Any]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    last: str = ""  # words that come last, where the page fetches them


def block(kind: str, words: str = "") -> dict[str, Any]:
    """A block of this kind."""
    return {"kind": kind, "words": words, "waits": False}


def paused(way: str | None, *, back_server_s: float | None) -> Any:
    """A pause."""
    return {"way": way, "back_server_s": back_server_s, "is_last": False}


def unfinished(key: str, *, is_ready: bool) -> Any:
    """A practice that broke off, in the server's own words."""
    return {
        "title": say(f"unfinished-{key}-title"),
        "words": say(f"unfinished-{key}"),
        "may_go_on": key == "goes-on",
        "is_ready": is_ready,
        "page": None,
    }


def evening(number: int, when_utc: str, minutes: int, *, simulated: bool) -> Any:
    """An earlier evening."""
    return {
        "id": f"e{number}",
        "when_utc": when_utc,
        "practice": "Relaxed and alert",
        "length_s": 60 * minutes,
        "sat": sat(minutes - 3) if number != 2 else None,
        "state": "complete",
        "source": "simulated" if simulated else "straps",
        "simulated": simulated,
        "page": None if number == 2 else f"/evenings/e{number}/page",
    }


def sat(minutes: int, *, breathing: int = 8, pace: float | None = 6.0) -> Any:
    """How two sat together."""
    told = {"minutes": minutes, "breathing_minutes": breathing}
    return told | {"breaths_per_min": pace}


def our_line(number: int, partner: str, of: str, when_utc: str, text: str) -> Any:
    """A line that one of them read to the other."""
    told = {"number": number, "partner": partner, "session_id": of}
    return told | {"when_utc": when_utc, "text": text}


def line(number: int, block: str, text: str | None = None, **rated: int) -> Any:
    """Something of one person's own, on the first of the evenings."""
    return {
        "number": number,
        "session_id": "x",
        "when_utc": "2026-11-20T20:12:00Z",
        "block": block,
        "text": text,
        **{name: rated.get(name) for name in ("at_ease", "wide_awake", "myself")},
    }


# Somebody taps the left strap.
TAPPED = [0.0] * 96 + [0.5, 0.0, 1.0, 0.0, 0.0, 0.7, 0.0, 0.4] + [0.0] * 16
STILL = [0.0] * 120
BOTH = (heart("A", jumps=TAPPED), heart("B", signal="dry", jumps=STILL))
REMEMBERED = (heart("A", remembered=True), heart("B", remembered=True))
SIMULATED = (
    heart("A", model="Simulated strap", ends=""),
    heart("B", model="Simulated strap", ends=""),
)
SEVERAL = (
    heart("A", jumps=STILL),
    heart(None, id="x", model="Polar H10", ends="77AA", jumps=TAPPED),
    heart(None, id="y", model="Wahoo TICKR", ends="10BC", signal="dry", jumps=STILL),
)
LOOK = {
    "session_id": "x",
    "page": "/evenings/x/page",
    "wished": False,
    "had_quiet": True,
}
HOUR_PARTS = [
    {"id": of, "practice": practice, "page": f"/evenings/{of}/page"}
    | {"when_utc": f"2026-11-20T{time}:00Z"}
    for of, practice, time in (
        ("w1", "An open hour", "10:02"),
        ("w2", "Relaxed and alert", "10:24"),
        ("x", "An open hour", "10:41"),
    )
]
LINES = [
    line(1, "question", "A quiet half hour, and that we laugh once."),
    line(2, "before", at_ease=4, wide_awake=7, myself=6),
    line(3, "look-back", "I noticed my shoulders. And that you were there."),
    line(4, "after", at_ease=7, wide_awake=6, myself=8),
]
ALL_LINES = [
    *LINES,
    line(5, "") | {"asked": "Warm", "answered": 7},
    line(6, "loose-end", "How the holiday ended.")
    | {"session_id": "", "offered": True},
]
EVENINGS = [
    evening(1, "2026-11-20T20:12:00Z", 18, simulated=False),
    evening(2, "2026-11-14T19:40:00Z", 19, simulated=False),
    evening(3, "2026-11-02T20:31:00Z", 12, simulated=True),
]
READ = "I noticed my shoulders. And that you were there."
READ_EARLIER = "The rain, and your hand on the blanket."
OUR_LINES = [
    our_line(3, "A", "e1", "2026-11-20T20:31:00Z", READ),
    our_line(2, "B", "e2", "2026-11-14T20:02:00Z", READ_EARLIER),
]
ASK = "What would be good today? For you, for them, for the two of you."
LOST = {
    "id": "lost-B",
    "words": "The right strap has gone quiet. Carry on; wet the pads or move it up a "
    "little when you like.",
}

MAIN = PLAIN_STATE["practice"] | {"own_pace": False}
FIRST_TIME = MAIN | {
    "name": "relaxed-and-alert-first-time",
    "title": "Relaxed and alert, first time",
    "minutes": 11,
    "lengths": {},
    "asks": "",
}
FIVE = {
    "name": "our-pace",
    "title": "Our pace, first time",
    "purpose": "Three minutes at each of five paces. Which feels good to you both?",
    "minutes": 21,
    "length": "usual",
    "lengths": {},
    "own_pace": True,
}
SECOND = FIVE | {
    "name": "our-pace-second-evening",
    "title": "Our pace, second time",
}
CHOICES = [MAIN, FIVE, SECOND]
ELSE = pressed("Something else")
FINDING = {"way": "find", "may_find": True}
SET = {"way": "set", "per_min": 5.4, "in_out": "50:50"}
SHORTER = MAIN | {"length": "shorter", "minutes": 10}
WITHOUT = MAIN | {
    "name": "relaxed-and-alert-without-breathing",
    "title": "Relaxed and alert, no breathing pace",
}
LONGER = "A little slower. Too slow? Say so and it won’t get slower."

FREE = block("light", "Breathe as you like. You don’t have to follow it, or watch it.")

NOBODY = {"A": {"name": "Left"}, "B": {"name": "Right"}}
FIRST_USE: dict[str, Any] = {
    "screen": "consent",
    "turn": "A",
    "couple": NO_PASSCODES,
}
AGAIN: dict[str, Any] = {"screen": "consent", "turn": "A"}

AGREED = {
    "record": True,
    "show_partner": True,
    "heart_rhythm": False,
    "see_doctor": False,
    "find_pace": False,
    "show_therapist": False,
}

HURT = {"name": "hurt", "words": "How much does it hurt, right now?"} | {
    "needed": True,
    "low": "not at all",
    "high": "as much as can be",
}
RIGHT_NOW = MAIN | {
    "name": "right-now",
    "title": "Right now",
    "purpose": "One of you hurts: three minutes of care, before anything else.",
    "minutes": 3,
    "straps": "none",
    "lengths": {},
}
SORE = {
    "name": "sore",
    "words": "Did something sore come up?",
    "yes_no": True,
    "reply": "That can happen. You don’t have to do anything with it today.",
    "may_keep": True,
}
TOOK_IN = {
    "name": "took_in",
    "words": "Could you take it in?",
    "low": "not at all",
    "high": "completely",
    "reply": "Good things can be hard to let in. "
    "Nothing is wrong with you, or with them.",
    "reply_at_most": 3,
}
WARM = {"name": "warm", "words": "Warm", "low": "not at all", "high": "completely"}
NEAR = {"name": "near", "words": "I want to be near"} | {
    "low": "not at all",
    "high": "completely",
}
SPACE = NEAR | {"name": "space", "words": "I want space"}
GOOD = "Tell one small good moment with Bo. Last week or years ago."
HEARD = "What I heard is … What I guess you felt is …"
SMALL_GOOD = MAIN | {
    "name": "small-good-moment",
    "title": "One small good moment",
    "purpose": "Tell each other something small and good, and stay there a little.",
    "minutes": 9,
    "length": "usual",
    "lengths": {},
    "straps": "optional",
    "begins": "turns",
    "not_when": "Not while a betrayal is still raw between you.",
    "is_led": False,
    "has_turns": True,
}
LED = MAIN | {"purpose": "Settle together, and stay awake."}


def part(kind: str, words: str = "", **more: Any) -> dict[str, Any]:
    """A part in which one speaks, or has the screen alone."""
    told = {"number": 2, "count": 6, "name": "", "length_s": 600.0, "quiet_s": 0.0}
    return block(kind, words) | told | {"began_server_s": 0.0, "who": "A"} | more


THAT_IS_IT = [
    {"words": "That’s it", "does": "next"},
    {"words": "Almost", "does": "again"},
]
HELPS = ["Stay here", "A hand", "Listen", "Tell me we’re all right", "Some quiet"]
OUTCOMES = [
    {"words": "Better", "does": "next"},
    {"words": "The same", "does": "again"},
    {"words": "Worse", "does": "pause"},
]

MARKS = ["Something shifted", "Rupture", "Repair", "Tears or laughter", "I stepped in"]
OPEN_TO_ALL = [
    PLAIN_STATE["practice"],
    PLAIN_STATE["practice"] | {"name": "near-and-far", "title": "Near and far"},
]
IN_VIEW = [
    "They’ve both agreed to be recorded.",
    "They’ve both agreed to show each other their hearts.",
    "They haven’t both agreed to show you their hearts yet.",
    "You saw Ada alone on 2 March 2026.",
    "You saw Bo alone on 5 March 2026.",
]
TALKING = block("turn") | {"name": "Open", "number": 3, "count": 8, "waits": True}
OPEN_HOUR = {
    "is_within": False,
    "practices": [practice["name"] for practice in OPEN_TO_ALL],
    "ways": ["end"],
}
WITHIN = {"is_within": True, "practices": [], "ways": ["talk", "rest", "end"]}
BREATHING = block("breathe") | {
    "name": "Breathe together",
    "number": 1,
    "count": 4,
    "length_s": 480.0,
}


AN_HOUR = PLAIN_STATE["practice"] | {
    "name": "open",
    "title": "An open hour",
    "minutes": 50.0,
    "asks": "How was the week between you? What would be good today?",
}
WEEK = {"name": "week", "words": "How was the week between you?"} | {
    "low": "hard",
    "high": "good",
}
OF_THE_HOUR: list[dict[str, Any]] = [
    WARM | {"name": name, "words": words}
    for name, words in (
        ("heard", "I felt heard"),
        ("mattered", "We worked on what matters to me"),
        ("right_pace", "The pace was right for me"),
    )
]


WISHES = [
    line(number, "wish")
    | {"session_id": "", "when_utc": f"2026-{day}T19:30:00Z", "answered": near}
    | {"asked": "That we laugh together again, at least once a day."}
    for number, day, near in (
        (91, "02-16", 4),
        (92, "02-23", 6),
        (93, "03-02", 5),
        (94, "03-09", 7),
    )
]


def with_book(page: Any, server: StandInServer) -> None:
    """A therapist is there, and is shown the own wish."""
    server.shares = {"may_share": True, "wish_shared": True}
    pressed("Your own pages")(page, server)
    entered(page, server)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


RATED = part("write", "One thing to do differently", name="How was the hour?")


def told_the_therapist(page: Any, server: StandInServer) -> None:
    """A told something before the hour and shared how it was; B shows a wish."""
    told: dict[str, Any] = {"partner": "A", "asked": "", "value": None, "text": ""}
    told |= {"fell": False}
    before = "I nearly didn’t come today. Please go slowly."
    of_hour = zip(OF_THE_HOUR, (7, 4, 8), strict=True)
    heard = [told | {"about": "before", "day": "2 March 2026", "text": before}]
    heard += [
        told
        | {"about": "hour", "day": "2 March 2026"}
        | {"asked": asked["words"], "value": value}
        for asked, value in of_hour
    ]
    words = {"asked": "One thing to do differently", "text": "A longer silence."}
    heard.append(told | {"about": "hour", "day": "2 March 2026"} | words)
    wish = {"about": "wish", "text": "That we laugh together again."}
    heard += [
        told | wish | {"partner": "B", "day": day, "value": near, "fell": near == 3}
        for day, near in (("16 February", 4), ("23 February", 6), ("2 March", 3))
    ]
    server.tell(translated({"type": "heard", "heard": heard}, language_of(page)))
    page.get_by_text(worded(page, "^What they told you$")).click()
    caught_up(page)


def watched(page: Any, server: StandInServer) -> None:
    """Both hearts of three minutes, one with beats missing; and a mark."""

    def traced(rate_bpm: float, swing_bpm: float, lag_s: float) -> dict[str, Any]:
        now_s = server.now_s()
        t_s = [now_s - 180 + 60 / rate_bpm * n for n in range(int(3 * rate_bpm))]
        wave = [math.sin(2 * math.pi * (each + lag_s) / 10) for each in t_s]
        return {
            "is_seen": True,
            "signal": "good",
            "t_s": t_s,
            "bpm": [rate_bpm + swing_bpm / 2 * each for each in wave],
            "level_bpm": 3.0,
            "swing_bpm": swing_bpm,
        }

    a, b = traced(66, 9, 0.0), traced(71, 7, 2.0)
    b["bpm"][90:110] = [None] * 20
    server.tell({"type": "watched", "anew": True, "hearts": {"A": a, "B": b}})
    caught_up(page)
    typed("3")(page, server)
    page.wait_for_timeout(300)  # lines are drawn four times a second


CLOSED: dict[str, Any] = {"type": "locked", "v": 1}
SCENES = (
    Scene(name="welcome", state={"screen": "welcome", "couple": NOBODY}),
    Scene(name="hand", state=FIRST_USE),
    Scene(name="consent", state=FIRST_USE, act=acts(pressed("I’m"), chosen)),
    Scene(
        name="consent-details",
        state=FIRST_USE,
        act=acts(pressed("I’m"), chosen, pressed("Yes, I could")),
    ),
    Scene(name="passcode-choose", state=FIRST_USE, act=pressed("I’m")),
    Scene(name="passcode", state=AGAIN, act=pressed("I’m"), agreed=AGREED),
    Scene(
        name="passcode-wait",
        state=AGAIN,
        act=acts(pressed("I’m"), entered),
        refuses={"enter-passcode": "passcode-wait"},
    ),
    Scene(
        name="consent-again",
        state=AGAIN,
        act=acts(pressed("I’m"), entered, pressed("Yes, I could")),
        agreed=AGREED,
    ),
    Scene(
        name="consent-therapist",
        state=AGAIN | {"with_therapist": True},
        act=acts(pressed("I’m"), entered, pressed("Yes, I could")),
        agreed=AGREED | {"movement": True},
    ),
    Scene(
        name="help",
        state=FIRST_USE,
        act=pressed("I’m", "Get help"),
        last="Numbers checked in",
    ),
    Scene(
        name="cards",
        state={"screen": "home"},
        act=acts(ELSE, pressed("^Cards$"), still),
    ),
    Scene(
        name="cards-right-now",
        state={"screen": "home"},
        act=acts(ELSE, pressed("^Cards$"), typed("ArrowLeft", "ArrowLeft"), still),
    ),
    Scene(name="lock", state={"screen": "lock", "lock": "unasked"}),
    Scene(
        name="lock-key", state={"screen": "lock", "lock": "unasked"}, act=locked_with
    ),
    Scene(name="locked", state={"type": "locked", "v": 1}),
    Scene(
        name="locked-recover",
        state={"type": "locked", "v": 1},
        act=pressed("forgotten it"),
    ),
    Scene(name="clinic-new", state=CLOSED | {"clinic": "none-yet"}),
    Scene(name="clinic-key", state=CLOSED | {"clinic": "none-yet"}, act=locked_with),
    Scene(
        name="clinic-recover",
        state=CLOSED | {"clinic": "locked"},
        act=pressed("forgotten it"),
    ),
    Scene(name="gate", state={"screen": "gate", "turn": "A"}),
    Scene(name="gate-second", state={"screen": "gate", "turn": "B"}),
    Scene(
        name="gate-first-time",
        state={"screen": "gate", "turn": "A", "practice": FIRST_TIME},
    ),
    Scene(name="not-yet", state={"screen": "not-yet"}),
    Scene(
        name="home-no-bluetooth",
        state={"screen": "home", "notices": [{"id": "radio", "words": RADIO_OFF}]},
    ),
    Scene(name="home-none", state={"screen": "home"}, act=with_hearts()),
    Scene(name="home-one", state={"screen": "home"}, act=with_hearts(heart("A"))),
    Scene(name="home", state={"screen": "home"}, act=with_hearts(*BOTH)),
    Scene(
        name="home-remembered", state={"screen": "home"}, act=with_hearts(*REMEMBERED)
    ),
    Scene(
        name="home-first-time",
        state={"screen": "home", "practice": FIRST_TIME},
        act=with_hearts(*REMEMBERED),
    ),
    Scene(
        name="home-something-else",
        state={"screen": "home", "choices": [MAIN]},
        act=acts(with_hearts(*REMEMBERED), ELSE),
    ),
    Scene(name="home-others", state={"screen": "home"}, act=with_hearts(*SEVERAL)),
    Scene(
        name="home-simulated",
        state={"screen": "home", "simulated": True},
        act=with_hearts(*SIMULATED),
    ),
    Scene(
        name="home-find-pace",
        state={"screen": "home", "pace": PLAIN_STATE["pace"] | FINDING},
        act=acts(with_hearts(*REMEMBERED), ELSE),
    ),
    Scene(
        name="home-set-pace",
        state={"screen": "home", "pace": PLAIN_STATE["pace"] | SET},
        act=acts(with_hearts(*REMEMBERED), ELSE),
    ),
    Scene(
        name="home-shorter",
        state={"screen": "home", "practice": SHORTER},
        act=acts(with_hearts(*REMEMBERED), ELSE),
    ),
    Scene(
        name="home-without-breathing",
        state={"screen": "home", "without_breathing": True, "practice": WITHOUT},
        act=acts(with_hearts(*REMEMBERED), ELSE),
    ),
    Scene(
        name="home-five-paces",
        state={"screen": "home", "practice": FIVE},
        act=acts(with_hearts(*REMEMBERED), ELSE),
    ),
    Scene(
        name="home-unfinished",
        state={"screen": "home", "unfinished": unfinished("goes-on", is_ready=True)},
        act=with_hearts(*REMEMBERED),
    ),
    Scene(
        name="home-unfinished-straps",
        state={"screen": "home", "unfinished": unfinished("goes-on", is_ready=False)},
        act=with_hearts(),
    ),
    Scene(
        name="home-unfinished-long-ago",
        state={"screen": "home", "unfinished": unfinished("long-ago", is_ready=False)},
        act=with_hearts(),
    ),
    Scene(
        name="question",
        state={"screen": "question", "turn": "A", "block": block("question", ASK)},
        act=rated,
    ),
    Scene(
        name="question-not-saved",
        state={"screen": "question", "turn": "A", "block": block("question", ASK)},
        act=unsaved,
    ),
    Scene(name="arrive", state={"screen": "arrive"}, night=True),
    Scene(
        name="arrive-simulated",
        state={"screen": "arrive", "simulated": True},
        night=True,
    ),
    Scene(
        name="arrive-eyes-closed",
        state={"screen": "arrive", "seat": "A", "phones": ["A", "B"]},
        act=pressed("Eyes closed"),
        night=True,
    ),
    Scene(
        name="breathe-in",
        state={"screen": "breathe", "block": block("breathe")},
        act=breathing(19.0),
        night=True,
    ),
    Scene(
        name="breathe-out",
        state={"screen": "breathe", "block": block("breathe")},
        act=breathing(46.0),
        night=True,
    ),
    Scene(
        name="breathe-lost-strap",
        state={"screen": "breathe", "block": block("breathe"), "notices": [LOST]},
        act=breathing(12.0),
        night=True,
    ),
    Scene(
        name="breathe-finding",
        state={"screen": "breathe", "block": block("breathe"), "pacing": "finding"},
        act=breathing(19.0),
        night=True,
    ),
    Scene(
        name="breathe-lively",
        state={"screen": "breathe", "block": block("breathe"), "asks": True},
        act=breathing(19.0),
        night=True,
    ),
    Scene(
        name="breathe-five-paces",
        state={
            "screen": "breathe",
            "practice": FIVE,
            "block": block("breathe", LONGER) | {"name": "Third pace"},
        },
        act=breathing(19.0),
        night=True,
    ),
    Scene(
        name="pause",
        state={
            "screen": "pause",
            "paused": True,
            "pause": paused(None, back_server_s=None),
        },
        night=True,
    ),
    Scene(
        name="pause-back",
        state={
            "screen": "pause",
            "paused": True,
            "pause": paused(None, back_server_s=None) | {"is_back": True},
        },
        night=True,
    ),
    Scene(
        name="breathe-taps",
        state={
            "screen": "breathe",
            "block": block("breathe"),
            "pacing": "finding",
            "taps": True,
        },
        act=glinting,
        night=True,
    ),
    Scene(
        name="pause-near",
        state={
            "screen": "pause",
            "paused": True,
            "pause": paused("near", back_server_s=None),
        },
        night=True,
    ),
    Scene(
        name="both-light",
        state={"screen": "both-light", "block": FREE, "pacing": "following"},
        act=breathing(19.0),
        night=True,
    ),
    Scene(
        name="both-light-alone",
        state={"screen": "both-light", "block": FREE, "pacing": "calm"},
        act=breathing(19.0),
        night=True,
    ),
    Scene(name="rest", state={"screen": "rest", "block": block("rest")}, night=True),
    Scene(
        name="turn",
        state={
            "screen": "turn",
            "block": part(
                "turn",
                name="A moment",
                speaker=GOOD,
                listener="Just enjoy it. You may remember it differently.",
            ),
        },
        night=True,
    ),
    Scene(
        name="turn-said-back",
        state={
            "screen": "turn",
            "block": part(
                "turn",
                name="Said back",
                who="B",
                speaker=HEARD,
                listener="Say the bit that’s missing.",
                waits=True,
                choices=THAT_IS_IT,
            ),
        },
        night=True,
    ),
    Scene(
        name="care",
        state={
            "screen": "turn",
            "block": part(
                "care",
                "What would help right now?",
                name="What would help",
                waits=True,
                choices=[{"words": each, "does": "next"} for each in HELPS],
            ),
        },
        night=True,
    ),
    Scene(
        name="step",
        state={
            "screen": "step",
            "turn": "A",
            "scales": [NEAR, SPACE],
            "block": part(
                "step",
                "Nearer, further, or stay?",
                listener="You choose. I’m here.",
                waits=True,
            ),
        },
    ),
    Scene(
        name="step-alone",
        state={
            "screen": "step",
            "turn": "A",
            "scales": [NEAR, SPACE],
            "block": part("step", "Nearer, further, or stay?", waits=True),
        },
        act=pressed("I’m"),
    ),
    Scene(
        name="write",
        state={
            "screen": "write",
            "turn": "B",
            "block": part(
                "write",
                "Think of one disagreement. Someone who wishes you both well was "
                "watching. What did they see?",
                who=None,
                waits=True,
            ),
        },
        act=pressed("I’m"),
    ),
    Scene(
        name="asked",
        state={
            "screen": "asked",
            "turn": "A",
            "block": part("gate", "How is it now?", waits=True, choices=OUTCOMES),
        },
        act=pressed("I’m"),
    ),
    Scene(
        name="gate-asks",
        state={
            "screen": "gate",
            "turn": "A",
            "scales": [HURT],
            "practice": SMALL_GOOD | {"asks": ""},
        },
    ),
    Scene(
        name="look-back-asks",
        state={"screen": "look-back", "turn": "A", "scales": [WARM, SORE]}
        | {"look": LOOK | {"page": None}, "practice": SMALL_GOOD},
        act=acts(pressed("I’m"), sore),
    ),
    Scene(
        name="look-back-wished",
        state={"screen": "look-back", "turn": "A", "scales": [TOOK_IN]}
        | {"look": LOOK | {"page": None, "wished": True}},
        act=acts(pressed("I’m"), hard_to_take_in),
    ),
    Scene(
        name="home-without-straps",
        state={"screen": "home", "practice": SMALL_GOOD}
        | {"choices": [LED, SMALL_GOOD, RIGHT_NOW]},
        act=acts(with_hearts(), ELSE),
    ),
    Scene(
        name="home-loose-ends",
        state={
            "screen": "home",
            "loose_ends": [
                {"number": 1, "partner": "A", "has_room": False, "is_over": False},
                {"number": 2, "partner": "B", "has_room": True, "is_over": False},
            ],
        },
        act=with_hearts(*REMEMBERED),
    ),
    Scene(
        name="home-loose-end-own",
        state={
            "screen": "home",
            "loose_ends": [
                {"number": 1, "partner": "A", "has_room": False, "is_over": False}
            ],
        },
        act=acts(with_hearts(*REMEMBERED), pressed("Just for Bo", "I’m"), entered),
    ),
    Scene(
        name="talk",
        state={"screen": "words", "block": block("words")},
    ),
    Scene(
        name="look-back",
        state={"screen": "look-back", "turn": "A", "look": LOOK | {"page": None}},
        act=acts(pressed("I’m"), said),
    ),
    Scene(
        name="look-back-first",
        state={"screen": "look-back", "turn": "B", "look": LOOK | {"page": None}},
        act=pressed("I’m"),
    ),
    Scene(
        name="look-back-stopped",
        state={"screen": "look-back", "ending": "finished early"},
    ),
    Scene(
        name="look-back-closed",
        state={"screen": "look-back", "look": LOOK | {"page": None}, "sat": sat(16)},
    ),
    Scene(
        name="look-back-not-saved",
        state={"screen": "look-back", "look": None, "sat": sat(16)},
    ),
    Scene(
        name="look-back-open",
        state={
            "screen": "look-back",
            "look": LOOK,
            "sat": sat(16),
            "read": [{"partner": "A", "text": READ}],
        },
        our_lines=OUR_LINES,
    ),
    Scene(
        name="look-back-hour",
        state={"screen": "look-back", "look": LOOK, "sat": sat(48)}
        | {"with_therapist": True},
        evenings=[EVENINGS[0] | {"id": LOOK["session_id"], "parts": HOUR_PARTS}],
    ),
    Scene(
        name="look-back-hour-own",
        state={"screen": "look-back", "look": LOOK, "with_therapist": True},
        act=acts(pressed("Just for Ada", "I’m"), entered),
        evenings=[EVENINGS[0] | {"id": LOOK["session_id"], "parts": HOUR_PARTS}],
        lines=LINES,
    ),
    Scene(
        name="look-back-own",
        state={"screen": "look-back", "look": LOOK},
        act=acts(pressed("Just for Ada", "I’m"), entered),
        lines=LINES,
    ),
    Scene(
        name="evenings-own",
        state={"screen": "evenings"},
        act=acts(pressed("Just for Ada", "I’m"), entered),
        evenings=EVENINGS,
        lines=ALL_LINES,
    ),
    Scene(
        name="evenings",
        state={"screen": "evenings"},
        evenings=EVENINGS,
        our_lines=OUR_LINES,
        last="Looking around",
    ),
    Scene(name="settings", state={"screen": "settings"}),
    Scene(
        name="settings-therapist",
        state={"screen": "settings"},
        act=pressed("Open it"),
    ),
    Scene(name="settings-phones", state={"screen": "settings"}, act=with_phones),
    Scene(
        name="phone",
        state={"screen": "home", "seat": "A", "phones": ["A"]}
        | {"straps": [heart("A", signal="dry")]},
    ),
    Scene(
        name="phone-waiting-room",
        state={"screen": "home", "seat": "A", "phones": ["A", "B"]}
        | {"with_therapist": True, "straps": [heart("A")]},
    ),
    Scene(
        name="elsewhere",
        state={"screen": "gate", "turn": "A", "phones": ["A"], "elsewhere": True},
    ),
    Scene(
        name="settings-erase",
        state={"screen": "settings"},
        act=pressed("Everything on this computer"),
    ),
    Scene(
        name="settings-erase-one",
        state={"screen": "settings"},
        act=pressed("Everything of Ada’s"),
    ),
    Scene(
        name="console-before",
        state={"seat": "therapist", "choices": OPEN_TO_ALL, "marks": MARKS}
        | {"straps": hearts(heart("A"), heart("B"))["straps"]}
        | {"for_therapist": IN_VIEW},
    ),
    Scene(
        name="console-phones",
        state={"seat": "therapist", "choices": OPEN_TO_ALL, "marks": MARKS}
        | {"straps": [heart("A"), heart("B", signal="silent")]},
        act=acts(phones_unfolded, with_phones),
    ),
    Scene(
        name="console-hour",
        state={"seat": "therapist", "screen": "turn", "marks": MARKS}
        | {"choices": OPEN_TO_ALL, "block": TALKING, "hour": OPEN_HOUR},
        act=watched,
    ),
    Scene(
        name="console-within",
        state={"seat": "therapist", "screen": "breathe", "marks": MARKS}
        | {"block": BREATHING, "pacing": "staying", "hour": WITHIN},
        act=watched,
    ),
    Scene(
        name="console",
        state={"seat": "therapist", "screen": "breathe", "marks": MARKS}
        | {"block": BREATHING, "pacing": "staying"},
        act=watched,
    ),
    Scene(
        name="console-asked",
        state={"seat": "therapist", "screen": "gate", "turn": "A", "marks": MARKS},
    ),
    Scene(
        name="console-told",
        state={"seat": "therapist", "choices": OPEN_TO_ALL, "marks": MARKS}
        | {"straps": hearts(heart("A"), heart("B"))["straps"]},
        act=told_the_therapist,
    ),
    Scene(
        name="own-wish",
        state={"screen": "home", "seat": "A", "phones": ["A"]},
        act=with_book,
        lines=[*WISHES, line(96, "words", "I could look at you.")],
    ),
    Scene(
        name="gate-with-therapist",
        state={"screen": "gate", "turn": "A", "seat": "A", "phones": ["A", "B"]}
        | {"with_therapist": True, "therapist_hears": True, "scales": [WEEK]}
        | {"practice": AN_HOUR},
    ),
    Scene(
        name="hour-rated",
        state={"screen": "write", "turn": "A", "seat": "A", "phones": ["A", "B"]}
        | {"with_therapist": True, "therapist_hears": True, "scales": OF_THE_HOUR}
        | {"block": RATED},
    ),
    Scene(name="couples", state=CLINIC),
    Scene(name="couples-none", state=CLINIC | {"couples": []}),
    Scene(name="couples-found", state=CLINIC, act=looked_for),
    Scene(name="couples-hours", state=CLINIC, act=hours_unfolded),
    Scene(name="couples-hour", state=CLINIC, act=gone_over),
    Scene(
        name="clinic-review", state={"seat": "therapist"}, act=clinic_scenes.reviewed
    ),
    Scene(name="clinic-plan", state={"seat": "therapist"}, act=clinic_scenes.planned),
    Scene(name="light", state={"seat": "light"}, night=True),
    Scene(name="newer", state={"screen": "turn-taking"}),
    Scene(name="gone", state={"screen": "home"}),
)


@contextmanager
def served(scene: Scene, language: Language = ENGLISH) -> Iterator[StandInServer]:
    """Serve what a scene says."""
    server = StandInServer()
    tell(server, scene, language)
    try:
        yield server
    finally:
        if scene.name != "gone":
            server.close()


def tell(server: StandInServer, scene: Scene, language: Language) -> None:
    """Have a stand-in say what a scene says."""
    told = PLAIN_STATE | {"choices": CHOICES} | scene.state
    server.state = translated(told, language)
    server.sentences = translated(server.sentences, language)
    server.evenings = translated(scene.evenings, language)
    server.agreed = scene.agreed
    server.lines = scene.lines
    server.our_lines = scene.our_lines
    server.refuses = dict(scene.refuses)
    server.wait_s = 60.0 if scene.refuses else None
