"""What a therapist's page is told while no couple is there, for scenes and pictures."""

import math
from typing import Any

from tests.helpers.in_language import language_of, translated
from tests.helpers.stand_in_server import StandInServer

CLINIC: dict[str, Any] = {
    "type": "clinic",
    "v": 1,
    "couples": [
        {
            "id": "0f3a99c1",
            "a": "Ada",
            "b": "Bo",
            "may_open": True,
            "held_back": False,
            "words": "Ready",
            "alone": ["A", "B"],
            "hours": [{"id": "first", "words": "3 March 2026, An open hour, Repair"}],
        }
    ],
    "labels": ["Something shifted", "Rupture", "Repair", "", ""],
}
EDITOR: dict[str, Any] = {
    "type": "editor",
    "v": 1,
    "link": "http://127.0.0.1:8123/?launch=once",
}
HOME_PLAN: dict[str, Any] = {
    "type": "home-plan",
    "v": 1,
    "couple": "0f3a99c1",
    "called": "Ada & Bo",
    "words": "Delight, 3 times a week until 28 March 2026.",
    "why": "To enjoy something together.",
    "came": ["Practised here twice.", "Stopped once, and that’s all right."],
    "practices": [
        {"name": "delight", "title": "Delight", "most_a_week": 7},
        {"name": "repair", "title": "Repair", "most_a_week": 1},
    ],
    "today": "2026-03-03",
    "usual": "2026-03-31",
    "latest": "2026-05-26",
}


def _heart(partner: str, name: str, middle: float, lag_s: float) -> dict[str, Any]:
    t_s = [5.0 * n + 2.5 for n in range(480)]
    bpm: list[float | None] = [
        middle
        + 6 * math.sin((each + lag_s) / 260)
        + 2 * math.sin((each + lag_s) / 31)
        - each / 600
        for each in t_s
    ]
    for gap in range(200, 215):
        bpm[gap] = None
    return {"partner": partner, "name": name, "t_s": t_s, "bpm": bpm}


def _stretch(start: float, end: float, words: str = "") -> dict[str, Any]:
    return {"start_s": start * 60, "end_s": end * 60, "words": words}


def _pace(start: float, end: float, per_min: float) -> dict[str, Any]:
    stretch = {"start_s": start * 60, "end_s": end * 60}
    return stretch | {"breaths_per_min": per_min}


HOUR: dict[str, Any] = {
    "type": "hour",
    "v": 1,
    "session_id": "first",
    "couple": "Ada & Bo",
    "line": {
        "length_s": 2400.0,
        "parts": [
            _stretch(0, 2, "Settle in"),
            _stretch(2, 5, "Breathe together"),
            _stretch(5, 19, "Open"),
            _stretch(19.2, 31, "What hurts"),
            _stretch(31, 32, "Quiet"),
            _stretch(32.3, 36, "Rest"),
            _stretch(36, 40, "Words"),
        ],
        "pauses": [_stretch(14, 15.5)],
        "paces": [_pace(2, 2.6, 7.5), _pace(2.6, 3, 6.5), _pace(3, 5, 6.0)],
        "moments": [
            {"t_s": 400.0, "key": 2, "words": "Rupture"},
            {"t_s": 408.0, "key": 5, "words": "I stepped in"},
            {"t_s": 415.0, "key": 0, "words": "He looks away at “Lisbon”"},
            {"t_s": 1300.0, "key": 3, "words": "Repair"},
            {"t_s": 2300.0, "key": 0, "words": "Both laugh"},
        ],
        "hearts": [_heart("A", "Ada", 78, 0), _heart("B", "Bo", 71, 40)],
    },
    "lines": ["  0:00  Ada", "  2:00  Bo", "  5:00  Ada & Bo"],
    "note": ["3 March 2026", "Present: Ada and Bo"],
}


def reviewed(page: Any, server: StandInServer) -> None:
    """A therapist goes over an hour, with the keyboard on one of the marks."""
    language = language_of(page)
    server.tell(translated(CLINIC, language))
    server.tell(translated(HOUR, language))
    page.get_by_role("img", name="6:40: 2,").first.focus()


def planned(page: Any, server: StandInServer) -> None:
    """A therapist reads a couple's plan for home."""
    language = language_of(page)
    server.tell(translated(CLINIC, language))
    server.tell(translated(HOME_PLAN, language))
    page.get_by_role("heading", name="Ada & Bo").wait_for()
