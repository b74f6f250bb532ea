"""What each says alone, before and after: kept for that one, told to nobody."""

from dataclasses import replace

from coreg.facts.events import Partner
from coreg.web.evening.effects import (
    KeepAside,
    KeepRating,
    KeepWish,
    KeepWords,
    Stepped,
)
from coreg.web.evening.in_place import OutOfPlace, need
from coreg.web.evening.state import Evening, Looking, Running
from coreg.web.wire.incoming import Aside, Look, Moment, OwnWords, Rating, Screen

_MOMENTS = {Screen.QUESTION: Moment.BEFORE, Screen.WORDS: Moment.AFTER}


def rating(evening: Evening, asked: Rating, _server_s: float) -> Stepped:
    """Keep how one person is, and hand the turn on."""
    running = evening.running
    if running is None:
        raise OutOfPlace("no-session")
    moment = _MOMENTS.get(evening.screen)
    need(moment is asked.moment, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    after = replace(evening, turn=_after(asked.partner))
    said = (asked.at_ease, asked.awake, asked.myself)
    if not _keeps(evening, running) or said == (None, None, None):
        return after, ()
    kept = KeepRating(
        partner=asked.partner,
        session_id=running.session_id,
        moment=asked.moment,
        at_ease=asked.at_ease,
        awake=asked.awake,
        myself=asked.myself,
    )
    return after, (kept,)


def aside(evening: Evening, asked: Aside, _server_s: float) -> Stepped:
    """Keep the evening out of what is compared over weeks."""
    need(evening.screen is Screen.QUESTION, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    running = evening.running
    if running is None or not _keeps(evening, running):
        return evening, ()
    return evening, (KeepAside(session_id=running.session_id),)


def _keeps(evening: Evening, session: Running | Looking) -> bool:
    """Whether what is said is kept: only what real people say of an evening kept."""
    return session.kept and evening.is_real


def _after(partner: Partner) -> Partner | None:
    return Partner.B if partner is Partner.A else None


def words(evening: Evening, asked: OwnWords, _server_s: float) -> Stepped:
    """Keep what one person wrote."""
    need(evening.screen in {*_MOMENTS, Screen.LOOK_BACK}, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    session = evening.running or evening.looking
    if session is None or not _keeps(evening, session) or not asked.text:
        return evening, ()
    kept = KeepWords(
        partner=asked.partner,
        session_id=session.session_id,
        block=evening.screen,
        text=asked.text,
    )
    return evening, (kept,)


def look(evening: Evening, asked: Look, _server_s: float) -> Stepped:
    """Take what one person wants to see, and hand the turn on."""
    looking = evening.looking
    if looking is None or evening.screen is not Screen.LOOK_BACK:
        raise OutOfPlace("not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    wishes = looking.wishes.but(asked.partner, asked.whose)
    after = replace(
        evening, looking=replace(looking, wishes=wishes), turn=_after(asked.partner)
    )
    if not _keeps(evening, looking):
        return after, ()
    wish = KeepWish(
        partner=asked.partner, session_id=looking.session_id, whose=asked.whose
    )
    return after, (wish,)
