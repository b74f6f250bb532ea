"""Earlier evenings: their list and their pages, as far as each of both opened them.

One evening that cannot be opened, whatever is wrong with it, is a line that says so and
hides none of the others.
"""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from coreg.base.supervision import apart, noted
from coreg.errors import CoregError
from coreg.exercises.plan import Plan, readable_plan
from coreg.facts.events import Partner, Source
from coreg.store.library import ListedSession, began_utc, list_sessions
from coreg.store.reader import State
from coreg.web.server.drawer import Soon
from coreg.web.server.drawing import Drawn, PageAsked
from coreg.web.server.drawing_process import NotDrawn
from coreg.web.server.evening_service import EveningService
from coreg.web.server.view import names_of
from coreg.web.wire.outgoing import EveningListed
from coreg.web.words import page_of_words, say

JOINT = "page"
_AGAIN_AFTER_S = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A page or a refusal; `style` is the one style sheet that it may use."""

    status: int
    html: str
    style: str


def listed(service: EveningService) -> list[EveningListed]:
    """Return the earlier evenings, newest first, with what may be seen of each."""
    sessions = list_sessions(service.folder)
    return [
        _listed(service, session)
        for session in reversed(sessions)
        if session.state is not State.RUNNING
    ]


Have = Callable[[PageAsked], Awaitable[Drawn | NotDrawn | Soon]]
"""Has a page drawn."""


async def report(
    service: EveningService, have: Have, session_id: str, whose: str
) -> Reply:
    """Return the page of a session: `page` for both, or one partner's own."""

    async def asked() -> PageAsked | Reply:
        await service.all_kept()
        return await apart(
            "finding an evening", lambda: _asked(service, session_id, whose)
        )

    page = await asked()
    if isinstance(page, Reply):
        return page
    answer = await have(page)
    if isinstance(answer, Soon):
        html = page_of_words(say("drawing"), again_after_s=_AGAIN_AFTER_S)
        return Reply(status=202, html=html, style="")
    if isinstance(answer, NotDrawn):
        return Reply(status=500, html=page_of_words(answer.words), style="")
    now = await asked()
    if isinstance(now, Reply):  # somebody took it back while it was drawn
        return now
    return Reply(status=200, html=answer.html, style=answer.style)


def _asked(service: EveningService, session_id: str, whose: str) -> PageAsked | Reply:
    """Return the page that is to be drawn, or why it is not."""
    session = _session(service, session_id)
    if session is None or (whose != JOINT and whose not in set(Partner)):
        return _refused(404, "no-such-evening")
    if _plan(session) is None:
        return _refused(422, "cannot-open")
    if not _is_open(service, session, whose):
        return _refused(403, "not-opened")
    partner = None if whose == JOINT else Partner(whose)
    try:
        ratings = (
            service.evening_store.ratings(partner, session.session_id)
            if partner
            else []
        )
    except CoregError as error:
        return Reply(status=500, html=page_of_words(error.wrong), style="")
    a, b = names_of(service.evening).values()
    return PageAsked(
        path=session.path, whose=partner, ratings=tuple(ratings), called=(a, b)
    )


def _session(service: EveningService, session_id: str) -> ListedSession | None:
    """Return a session of the list; a name from outside never becomes a path."""
    for session in list_sessions(service.folder):
        if session.session_id == session_id and session.state is not State.RUNNING:
            return session
    return None


def _plan(session: ListedSession) -> Plan | None:
    """Return a session's plan; None where this coreg cannot open the session."""
    if session.opened is None:
        return None
    with noted("reading a plan", failed=_is_said_in_its_line):
        return readable_plan(session.opened.practice.plan_toml)
    return None


def _is_said_in_its_line(_error: Exception) -> None:
    """Say no more: one odd session must not hide the others."""


def _is_open(service: EveningService, session: ListedSession, whose: str) -> bool:
    if session.opened is None:
        return False
    partner = None if whose == JOINT else Partner(whose)
    with noted("reading who may see", failed=_stays_closed):
        return service.evening_store.may_see(session.opened, partner)
    return False


def _stays_closed(_error: Exception) -> None:
    """Open nothing where nobody knows what was said; the list is read all the same."""


def _listed(service: EveningService, session: ListedSession) -> EveningListed:
    opened, plan = session.opened, _plan(session)
    when_utc = opened.identity.opened_utc if opened else began_utc(session.session_id)
    return EveningListed(
        id=session.session_id,
        when_utc=when_utc,
        practice=plan.title if plan else None,
        length_s=None if math.isnan(session.length_s) else session.length_s,
        state=session.state.value,
        source=opened.couple.source if opened else None,
        simulated=opened is not None and opened.couple.source is Source.SIMULATED,
        words="" if plan else say("cannot-open"),
        page=_path(service, session, JOINT) if plan else None,
        own={
            partner: _path(service, session, partner) if plan else None
            for partner in Partner
        },
    )


def _path(service: EveningService, session: ListedSession, whose: str) -> str | None:
    """Return where a page is, None where it is not opened."""
    if not _is_open(service, session, whose):
        return None
    return f"/evenings/{quote(session.session_id, safe='')}/{whose}"


def _refused(status: int, key: str) -> Reply:
    return Reply(status=status, html=page_of_words(say(key)), style="")
