"""What a therapist's own pages are told, and what somebody does there."""

from typing import Any

from coreg.web.words import say
from tests.helpers.in_language import language_of, translated, worded
from tests.helpers.pages import caught_up, shown
from tests.helpers.stand_in_server import StandInServer

NAMES = (
    *(("Ada", "Ben"), ("Mira", "K."), ("Eve", "Gus"), ("J-12", "J-13")),
    *(("Constantin-Emanuel", "Maria-Theresia"), ("Ida", "Tom"), ("Noor", "Sam")),
)


def couple(number: int, state: str, *hours: str) -> dict[str, Any]:
    """One of the couples, as they are listed."""
    a, b = NAMES[number]
    return {
        "id": f"0f3a99c{number}",
        "a": a,
        "b": b,
        "may_open": state in {"ready", "ask-again"},
        "words": say(f"couple-{state}"),
        "alone": ["A", "B"],
        "hours": [
            {"id": f"hour-{number}-{i}", "words": words}
            for i, words in enumerate(hours)
        ],
    }


SEVERAL_HOURS = (
    "24 November 2026, Relaxed and alert",
    "17 November 2026, One small good moment",
    "10 November 2026, Relaxed and alert, first time",
)
COUPLES = [
    couple(0, "ready", *SEVERAL_HOURS),
    couple(1, "ask-again", "20 November 2026, Near and far"),
    couple(2, "see-each-alone"),
    couple(3, "ready", "4 October 2026, Relaxed and alert"),
    couple(4, "not-yet", "2 October 2026, Repair"),
    couple(5, "ready", "30 September 2026, Relaxed and alert"),
    couple(6, "no-lock"),
]
CLINIC: dict[str, Any] = {"type": "clinic", "v": 1, "couples": COUPLES}
AROUND = (
    "Ada, around mark 1 (Something shifted), 3 marks: -2.4 beats/min afterwards "
    "against before (-4.1 to -0.8; p 0.031 against moments nearby)."
)
HOUR: dict[str, Any] = {
    "type": "hour",
    "v": 1,
    "session_id": "hour-0-0",
    "couple": "Ada & Ben",
    "lines": [
        "  0:00  Arrive",
        "  2:04  Breathe together",
        "  6:31  mark 1: Something shifted",
        "  6:48  note: Ben looked up first. Her shoulders came down.",
        "  9:12  pause",
        " 11:40  Rest",
        " 14:05  mark 3: Repair",
        AROUND,
    ],
    "note": [
        "Date: 24 November 2026",
        "Present: Ada, Ben",
        "Practice: Relaxed and alert",
        "Length: 17 minutes",
        "Pauses: 1",
        "Signal: both straps heard well",
        "Plan for home: Relaxed and alert, 3 times a week, until 20 December 2026",
        "Seen alone on: Ada, 3 November 2026; Ben, 3 November 2026",
    ],
    "correctable": [
        {
            "session_id": "hour-0-0",
            "partner": "A",
            "name": "Ada",
            "part": "",
            "words": "3 corrections",
        },
        {
            "session_id": "hour-0-0",
            "partner": "B",
            "name": "Ben",
            "part": "",
            "words": "",
        },
    ],
}


def hours_unfolded(page: Any, _server: StandInServer) -> None:
    """Unfold the past sessions of whoever came last."""
    words = worded(page, "^Past sessions$")
    shown(page).locator("summary").get_by_text(words).first.click()


def gone_over(page: Any, server: StandInServer) -> None:
    """Go over one of them."""
    hours_unfolded(page, server)
    shown(page).get_by_role("button", name="24 November 2026").first.click()
    caught_up(page)
    server.tell(translated(HOUR, language_of(page)))
    shown(page).get_by_role("heading", name="Ada & Ben").wait_for()


def looked_for(page: Any, _server: StandInServer) -> None:
    """Look for a couple by a few letters."""
    find = shown(page).get_by_label(worded(page, "^Find a couple$"))
    find.fill("con")
    caught_up(page)
