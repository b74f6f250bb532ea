"""Every screen as a scene: what the server says, and what somebody does there.

Drawn for docs/screens (`tests.helpers.draw_screens`), and walked by tests.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.helpers.pages import caught_up, knowing, shown
from tests.helpers.stand_in_server import PLAIN_STATE, StandInServer, heart, hearts

RADIO_OFF = "Bluetooth is off. Turn it on and coreg will carry on."
DUSK_MS = 2700  # until a screen has come and the lamp has been turned down

Act = Callable[[Any, StandInServer], None]


def nothing(page: Any, server: StandInServer) -> None:
    """Look at it as it comes."""


def pressed(*words: str) -> Act:
    """Press these buttons, one after the other."""

    def act(page: Any, _server: StandInServer) -> None:
        for each in words:
            shown(page).get_by_role("button", name=re.compile(each)).first.click()
            caught_up(page)  # what was asked by it has been answered

    return act


def with_hearts(*straps: dict[str, Any]) -> Act:
    """Let these straps be in the air."""

    def act(_page: Any, server: StandInServer) -> None:
        server.tell(hearts(*straps))

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
    pressed("I am")(page, _server)
    slider = page.get_by_role("slider", name="At ease")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def unsaved(page: Any, server: StandInServer) -> None:
    """Write something that the disk does not take."""
    pressed("I am")(page, server)
    page.get_by_label("In your own words").fill("A quiet hour. No talk of the move.")
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
    last: str = ""  # words that come last, where the page fetches them


def block(kind: str, words: str = "") -> dict[str, Any]:
    """A block of this kind."""
    return {"kind": kind, "words": words, "waits": False}


def paused(way: str | None, *, back_server_s: float | None) -> Any:
    """A pause."""
    return {"way": way, "back_server_s": back_server_s, "is_last": False}


def evening(number: int, when_utc: str, minutes: int, *, simulated: bool) -> Any:
    """An earlier evening."""
    return {
        "id": f"e{number}",
        "when_utc": when_utc,
        "practice": "Relaxed and alert",
        "length_s": 60 * minutes,
        "state": "complete",
        "simulated": simulated,
        "page": None if number == 2 else f"/evenings/e{number}/page",
        "own": {"A": None, "B": None},
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
LOOK = {"page": "/evenings/x/page", "own": {"A": "/evenings/x/A", "B": None}}
EVENINGS = [
    evening(1, "2026-11-20T20:12:00Z", 18, simulated=False),
    evening(2, "2026-11-14T19:40:00Z", 19, simulated=False),
    evening(3, "2026-11-02T20:31:00Z", 12, simulated=True),
]
ASK = "What would be good tonight: for you, for your partner, for you two?"
LOST = {
    "id": "lost-B",
    "words": "The right strap has gone quiet. Carry on; wet the pads or move it up a "
    "little when you like.",
}

MAIN = PLAIN_STATE["practice"] | {"own_pace": False}
FIVE = {
    "name": "resonance",
    "title": "Five paces",
    "purpose": "Three minutes at each, from quicker to slower: which is good to "
    "you both?",
    "minutes": 21,
    "length": "usual",
    "lengths": {},
    "own_pace": True,
}
SECOND = FIVE | {
    "name": "resonance-second-evening",
    "title": "Five paces, second evening",
}
CHOICES = [MAIN, FIVE, SECOND]
FINDING = {"way": "find", "may_find": True}
SET = {"way": "set", "per_min": 5.4, "in_out": "50:50"}
SHORTER = MAIN | {"length": "shorter", "minutes": 10}
WITHOUT = MAIN | {
    "name": "relaxed-and-alert-without-breathing",
    "title": "Relaxed and alert, without breathing",
}
LONGER = "A little longer. Too slow for either of you? Say so; nothing slower comes."

NOBODY = {"A": {"name": "Left"}, "B": {"name": "Right"}}
FIRST_USE: dict[str, Any] = {
    "screen": "consent",
    "turn": "A",
}

AGREED = {
    "record": True,
    "show_partner": True,
    "heart_rhythm": False,
    "see_doctor": False,
    "find_pace": False,
}

SCENES = (
    Scene(name="welcome", state={"screen": "welcome", "couple": NOBODY}),
    Scene(name="hand", state=FIRST_USE),
    Scene(name="consent", state=FIRST_USE, act=pressed("I am")),
    Scene(
        name="consent-details",
        state=FIRST_USE,
        act=pressed("I am", "Yes, I’d like to"),
    ),
    Scene(
        name="consent-again",
        state={"screen": "consent", "turn": "A"},
        act=pressed("I am", "Yes, I’d like to"),
        agreed=AGREED,
    ),
    Scene(
        name="help",
        state=FIRST_USE,
        act=pressed("I am", "Get help"),
        last="Numbers checked in",
    ),
    Scene(name="gate", state={"screen": "gate", "turn": "B"}, act=pressed("I am")),
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
    Scene(name="home-others", state={"screen": "home"}, act=with_hearts(*SEVERAL)),
    Scene(
        name="home-simulated",
        state={"screen": "home", "simulated": True},
        act=with_hearts(*SIMULATED),
    ),
    Scene(
        name="home-find-pace",
        state={"screen": "home", "pace": PLAIN_STATE["pace"] | FINDING},
        act=with_hearts(*REMEMBERED),
    ),
    Scene(
        name="home-set-pace",
        state={"screen": "home", "pace": PLAIN_STATE["pace"] | SET},
        act=with_hearts(*REMEMBERED),
    ),
    Scene(
        name="home-shorter",
        state={"screen": "home", "practice": SHORTER},
        act=with_hearts(*REMEMBERED),
    ),
    Scene(
        name="home-without-breathing",
        state={"screen": "home", "without_breathing": True, "practice": WITHOUT},
        act=with_hearts(*REMEMBERED),
    ),
    Scene(
        name="home-five-paces",
        state={"screen": "home", "practice": FIVE},
        act=with_hearts(*REMEMBERED),
    ),
    Scene(name="fit", state={"screen": "fit"}, act=with_hearts(*BOTH)),
    Scene(name="fit-one", state={"screen": "fit"}, act=with_hearts(heart("A"))),
    Scene(
        name="question",
        state={"screen": "question", "turn": "A", "block": block("question", ASK)},
        act=rated,
    ),
    Scene(
        name="question-together",
        state={"screen": "question", "block": block("question", ASK)},
    ),
    Scene(
        name="question-not-saved",
        state={"screen": "question", "turn": "A", "block": block("question", ASK)},
        act=unsaved,
    ),
    Scene(name="arrive", state={"screen": "arrive"}, night=True),
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
    Scene(name="rest", state={"screen": "rest", "block": block("rest")}, night=True),
    Scene(
        name="words",
        state={"screen": "words", "turn": "B", "block": block("words")},
        act=pressed("I am"),
    ),
    Scene(
        name="look-back",
        state={"screen": "look-back", "turn": "A"},
        act=pressed("I am"),
        agreed=AGREED,
    ),
    Scene(
        name="look-back-closed",
        state={"screen": "look-back", "look": LOOK | {"page": None}},
    ),
    Scene(
        name="look-back-not-saved",
        state={"screen": "look-back", "look": None},
    ),
    Scene(name="look-back-open", state={"screen": "look-back", "look": LOOK}),
    Scene(
        name="look-back-own",
        state={"screen": "look-back", "look": LOOK},
        act=pressed("For Ada", "I am"),
    ),
    Scene(
        name="evenings",
        state={"screen": "evenings"},
        evenings=EVENINGS,
        last="2 November",
    ),
    Scene(name="settings", state={"screen": "settings"}),
    Scene(
        name="settings-erase",
        state={"screen": "settings"},
        act=pressed("Everything on this computer"),
    ),
    Scene(name="newer", state={"screen": "turn-taking"}),
    Scene(name="gone", state={"screen": "home"}),
)


@contextmanager
def served(scene: Scene) -> Iterator[StandInServer]:
    """Serve what a scene says."""
    server = StandInServer()
    server.state = PLAIN_STATE | {"choices": CHOICES} | scene.state
    server.evenings = scene.evenings
    server.agreed = scene.agreed
    try:
        yield server
    finally:
        if scene.name != "gone":
            server.close()
