"""Earlier evenings: their list and their pages, as far as each of both opened them."""

import math
from dataclasses import dataclass
from typing import Any

from coreg.errors import CoregError
from coreg.events import Partner, Source
from coreg.exercises.plan import parse_plan
from coreg.store.library import ListedSession, list_sessions
from coreg.store.reader import State
from coreg.web.house import House
from coreg.web.view import names_of
from coreg.web.words import page_of_words, say

JOINT = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A page or a refusal; `style` is the one style sheet that it may use."""

    status: int
    html: str
    style: str


def listed(house: House) -> list[dict[str, Any]]:
    """Return the earlier evenings, newest first, with what may be seen of each."""
    sessions = list_sessions(house.folder)
    return [
        _listed(house, session)
        for session in reversed(sessions)
        if session.state is not State.RUNNING
    ]


def report(house: House, session_id: str, whose: str) -> Told:
    """Return the page of a session: `page` for both, or one partner's own."""
    session = _session(house, session_id)
    if session is None or (whose != JOINT and whose not in set(Partner)):
        return _refused(404, "no-such-evening")
    if not _is_open(house, session, whose):
        return _refused(403, "not-opened")
    # Drawing takes a second to load: no practice waits for it, only the first page.
    from coreg.web.drawing import drawn, stylesheet  # noqa: PLC0415

    partner = None if whose == JOINT else Partner(whose)
    try:
        ratings = house.keeper.ratings(partner, session.session_id) if partner else []
        page = drawn(session.path, partner, ratings, names_of(house.evening))
        return Told(status=200, html=page, style=stylesheet())
    except CoregError as error:
        return Told(status=500, html=page_of_words(str(error)), style="")


def _session(house: House, session_id: str) -> ListedSession | None:
    """Return a session of the list; a name from outside never becomes a path."""
    for session in list_sessions(house.folder):
        if session.session_id == session_id and session.state is not State.RUNNING:
            return session
    return None


def _is_open(house: House, session: ListedSession, whose: str) -> bool:
    if session.opened is None:
        return False
    if session.opened.source is not Source.STRAPS:
        return True  # simulated or brought as recordings: nobody of this house
    if whose == JOINT:
        return house.keeper.opened_by_both(session.session_id)
    return house.keeper.opened_by(Partner(whose), session.session_id)


def _listed(house: House, session: ListedSession) -> dict[str, Any]:
    opened = session.opened
    path = f"/evenings/{session.session_id}"
    return {
        "id": session.session_id,
        "when_utc": opened.opened_utc if opened else None,
        "practice": parse_plan(opened.plan_toml).title if opened else None,
        "length_s": None if math.isnan(session.length_s) else session.length_s,
        "state": session.state.value,
        "source": opened.source.value if opened else None,
        "simulated": opened is not None and opened.source is Source.SIMULATED,
        "page": f"{path}/{JOINT}" if _is_open(house, session, JOINT) else None,
        "own": {
            partner: f"{path}/{partner}" if _is_open(house, session, partner) else None
            for partner in Partner
        },
    }


def _refused(status: int, key: str) -> Told:
    return Told(status=status, html=page_of_words(say(key)), style="")
