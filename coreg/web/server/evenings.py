"""Earlier evenings: their list and their pages, as far as each of both opened them.

One evening that cannot be opened, whatever is wrong with it, is a line that says so and
hides none of the others.
"""

import math
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from coreg.base.supervision import apart, noted
from coreg.errors import CoregError
from coreg.exercises.plan import Plan, readable_plan
from coreg.facts.events import Partner, Source
from coreg.findings.kept import own_ratings, said_of
from coreg.findings.own_rating import OwnRating
from coreg.findings.steps import SaidInPart
from coreg.store.audit import What
from coreg.store.keys import vault_of
from coreg.store.library import ListedSession, began_utc, list_sessions
from coreg.store.library_db import Sitting
from coreg.store.one_hour import by_hour
from coreg.store.reader import State
from coreg.web.server.drawer import Soon
from coreg.web.server.drawing import Drawn, PageAsked
from coreg.web.server.drawing_process import NotDrawn
from coreg.web.server.evening_service import EveningService
from coreg.web.server.view import names_of, sat_shown
from coreg.web.wire.answers import EveningListed, LineListed, PartListed
from coreg.web.wire.outgoing import SatShown
from coreg.web.words import page_of_words, refusal, say
from coreg.words import in_words, say as words_of

JOINT = "page"
OVER = "over-"
"""Before a partner's letter: the page over all of that partner's evenings."""
SAID = "said-"
"""Before what a page is of: one sentence on what it shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A page, a sentence or a refusal; `style` is the one sheet that it may use.

    A sentence is no markup (`is_text`), and is sent as what it is. `waits` says that it
    is still being drawn, and how far.
    """

    status: int
    html: str
    style: str
    is_text: bool = False
    waits: str = ""


def listed(service: EveningService) -> list[EveningListed]:
    """Return the earlier evenings, newest first, with what may be seen of each.

    An hour of several sessions is one evening.
    """
    sessions = list_sessions(service.folder)
    sittings: dict[str, Sitting] = {}
    with noted("reading how long two sat", failed=_is_said_elsewhere):
        sittings = service.evening_store.sittings()
    over = [session for session in sessions if session.state is not State.RUNNING]
    return [_listed(service, hour, sittings) for hour in reversed(by_hour(over))]


def lines(service: EveningService) -> list[LineListed]:
    """Return the lines of both, newest first."""
    return [
        LineListed(
            number=each.number,
            partner=each.partner,
            session_id=each.session_id,
            text=each.text,
            when_utc=each.utc,
        )
        for each in service.evening_store.lines()
    ]


Have = Callable[[PageAsked], Awaitable[Drawn | NotDrawn | Soon]]
"""Has a page drawn."""


async def report(
    service: EveningService, have: Have, session_id: str, whose: str, ticket: str
) -> Reply:
    """Return the page of a session: `page` for both, or one partner's own.

    `over-A` and `over-B` are that one's page over all evenings until this one;
    `said-page`, `said-A` and `said-B` are one sentence on what those pages show.

    `ticket` says that this one's own things are unlocked.
    """

    async def asked() -> PageAsked | Reply:
        await service.all_kept()
        return await apart(
            "finding an evening", lambda: _asked(service, session_id, whose, ticket)
        )

    page = await asked()
    if isinstance(page, Reply):
        return page
    answer = await have(page)
    if isinstance(answer, Soon):
        waits = _waits(answer)
        return Reply(status=202, html=page_of_words(waits), style="", waits=waits)
    if isinstance(answer, NotDrawn):
        return Reply(status=500, html=page_of_words(answer.words), style="")
    now = await asked()
    if isinstance(now, Reply):  # somebody took it back while it was drawn
        return now
    with noted("noting that a page was opened", failed=_is_said_elsewhere):
        store, of = service.evening_store, str(page.whose or "both")
        place = "over evenings" if page.over is not None else ""
        place = "one sentence" if page.says else place
        noting = partial(store.note, What.OPENED, of, session_id, place)
        await apart("noting", noting)
    return Reply(status=200, html=answer.html, style=answer.style, is_text=page.says)


def _waits(soon: Soon) -> str:
    if soon.at is None:
        return say("drawing")
    number, of = soon.at
    return words_of("pages.server.drawing-evening", number=number, of=of)


def _asked(
    service: EveningService, session_id: str, whose: str, ticket: str
) -> PageAsked | Reply:
    """Return the page that is to be drawn, or why it is not."""
    session = _session(service, session_id)
    is_over, says = whose.startswith(OVER), whose.startswith(SAID)
    whose = whose.removeprefix(OVER if is_over else SAID)
    if session is None or (whose not in set(Partner) and (is_over or whose != JOINT)):
        return _refused(404, "no-such-evening")
    if _plan(session) is None:
        return _refused(422, "cannot-open-page")
    partner = None if whose == JOINT else Partner(whose)
    if session.erased is not None and partner is not session.erased.other:
        return _refused(403, "one-heart-page")
    key = None if partner is None else service.own_access.key_for(ticket, partner)
    unlocked = {partner} if partner is not None and key is not None else set()
    if not _is_open(service, session, partner, unlocked):
        return _refused(403, "not-opened" if partner is None else "not-unlocked")
    ratings: list[OwnRating] = []
    said: tuple[SaidInPart, ...] = ()
    over: tuple[tuple[str, tuple[OwnRating, ...]], ...] | None = None
    try:
        vault = vault_of(service.folder)
        if partner is not None and key is not None:
            lines = service.evening_store.own.lines(partner, key)
            ratings = own_ratings(lines, session.session_id)
            said = said_of(lines.answers, session.session_id)
            if is_over:
                rated = dict.fromkeys(each.session_id for each in lines.ratings)
                over = tuple((of, tuple(own_ratings(lines, of))) for of in rated)
    except CoregError as error:
        return Reply(status=500, html=page_of_words(error.wrong), style="")
    a, b = names_of(service.evening).values()
    return PageAsked(
        path=session.path,
        whose=partner,
        ratings=tuple(ratings),
        called=(a, b),
        vault=vault,
        over=over,
        says=says,
        said=said,
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


def _is_open(
    service: EveningService,
    session: ListedSession,
    whose: Partner | None,
    unlocked: Container[Partner] = (),
) -> bool:
    if session.opened is None:
        return False
    with noted("reading who may see", failed=_stays_closed):
        return service.evening_store.may_see(session.opened, whose, unlocked)
    return False


def _is_said_elsewhere(_error: Exception) -> None:
    """Show the page all the same: what is wrong with a library, Home says."""


def _stays_closed(_error: Exception) -> None:
    """Open nothing where nobody knows what was said; the list is read all the same."""


def _listed(
    service: EveningService,
    hour: Sequence[ListedSession],
    sittings: Mapping[str, Sitting],
) -> EveningListed:
    """Return one evening, mostly one session.

    It goes by its last one's name: with that is kept what both said afterwards.
    """
    first, last = hour[0], hour[-1]
    opened, plans = first.opened, [_plan(session) for session in hour]
    titles = [in_words(plan.title) for plan in plans if plan]
    when_utc = _began_utc(first)
    lengths_s = [each.length_s for each in hour if not math.isnan(each.length_s)]
    damaged = any(each.state is State.DAMAGED for each in hour)
    return EveningListed(
        id=last.session_id,
        when_utc=when_utc,
        practice=titles[0] if plans[-1] else None,
        length_s=sum(lengths_s) if lengths_s else None,
        sat=_sat(hour, sittings),
        state=(State.DAMAGED if damaged else last.state).value,
        source=opened.couple.source if opened else None,
        simulated=opened is not None and opened.couple.source is Source.SIMULATED,
        words=_words(hour, plans),
        page=_joint_path(service, last) if plans[-1] else None,
        parts=()
        if len(hour) == 1
        else tuple(
            PartListed(
                id=session.session_id,
                when_utc=_began_utc(session),
                practice=in_words(plan.title),
                page=_joint_path(service, session),
            )
            for session, plan in zip(hour, plans, strict=True)
            if plan is not None
        ),
    )


def _began_utc(session: ListedSession) -> str | None:
    opened = session.opened
    if opened is not None:
        return opened.identity.opened_utc
    return began_utc(session.session_id)


def _sat(
    hour: Sequence[ListedSession], sittings: Mapping[str, Sitting]
) -> SatShown | None:
    """Return how long two sat in all of it; None where that is not known of a part."""
    sat = [sittings.get(each.session_id) for each in hour]
    known = [each for each in sat if each is not None]
    if len(known) < len(sat):
        return None
    longest = max(known, key=lambda each: each.breathing_s)
    return sat_shown(
        sum(each.sat_s for each in known),
        sum(each.breathing_s for each in known),
        longest.breaths_per_min,
    )


def _words(hour: Sequence[ListedSession], plans: Sequence[Plan | None]) -> str:
    if not any(plans):
        return say("cannot-open")
    is_damaged = any(each.state is State.DAMAGED for each in hour)
    told = [("damaged-part", is_damaged or not all(plans))]
    told += [("one-heart", any(each.erased is not None for each in hour))]
    return " ".join(say(key) for key, is_so in told if is_so)


def _joint_path(service: EveningService, session: ListedSession) -> str | None:
    """Return where the page of both is, None where it is not opened, or closed."""
    if session.erased is not None or not _is_open(service, session, None):
        return None
    return f"/evenings/{quote(session.session_id, safe='')}/{JOINT}"


def _refused(status: int, key: str) -> Reply:
    return Reply(status=status, html=refusal(key), style="")
