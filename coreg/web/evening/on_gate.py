"""Before a practice, one page each: is it all right today, and how are you.

Everybody is asked, one after the other, and the second one's answer begins the
practice: the laptop goes from the first to the second, and then stands between both.
What each says there of themselves is kept once there is a practice to keep it for;
where none begins, nobody has it. Where a strap fell silent just then it waits until
they sit down again, and no page shows it meanwhile: that page opens to anybody.
"""

from dataclasses import replace

from coreg.exercises.blocks import Who
from coreg.exercises.plan import Asked
from coreg.facts.events import Partner
from coreg.web.evening.effects import (
    Begin,
    Effect,
    KeepAnswer,
    KeepAside,
    KeepRating,
    KeepRest,
    KeepWords,
    Stepped,
)
from coreg.web.evening.in_place import need
from coreg.web.evening.on_hour import back
from coreg.web.evening.state import (
    NOBODY,
    NOT_TODAY_S,
    Before,
    Evening,
    Notice,
    Unbegun,
)
from coreg.web.wire.incoming import (
    Gate,
)
from coreg.web.wire.named import GateAnswer, Moment, Screen

# Long enough to find a battery, and gone before anybody's tomorrow.
SIT_AGAIN_S = 2 * 3600.0
SAID_KEPT = "said-kept"


def gate(evening: Evening, asked: Gate, server_s: float) -> Stepped:
    """Go on once both answered: which of them wanted what shows nowhere."""
    need(evening.screen is Screen.GATE, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    answers = (*evening.gate, asked.answer)
    once = evening.said_before(asked.partner, server_s)
    before = evening.before.but(asked.partner, _said(asked, once))
    if asked.partner is Partner.A:
        evening = replace(evening, turn=Partner.B, gate=answers, before=before)
        return _first_said(evening, asked, server_s)
    evening = replace(evening, turn=None, gate=(), before=before)
    if GateAnswer.NOT_TODAY in answers or not evening.is_set_up:
        return _no(evening, answers, server_s)
    unbegun = Unbegun(said=before, until_s=server_s + SIT_AGAIN_S)
    evening = replace(evening, unbegun=unbegun)  # until it has begun
    # A strap may have gone silent meanwhile: Home says so. An hour that is under way
    # waits for it as any practice does.
    if not (evening.hour or evening.is_strapless or evening.both_arrive):
        home = replace(evening, screen=Screen.HOME, before=NOBODY, answered=())
        return home.noticed(Notice(id=SAID_KEPT, key=SAID_KEPT, detail="")), ()
    is_gentle = (
        GateAnswer.GENTLER in answers
        or _says_gentle(evening)
        or evening.had_harder(server_s)
    )
    return replace(evening, is_gentle=is_gentle, starting=True), (Begin(),)


def _first_said(evening: Evening, asked: Gate, server_s: float) -> Stepped:
    """Return the evening where the second one is asked, whatever the first one said."""
    if evening.hour is not None:  # a no is to this practice alone
        return evening, ()
    if asked.answer is GateAnswer.NOT_TODAY:
        return not_today(evening, server_s)  # whatever becomes of this page
    # A yes is kept for as long as a no is: how long it takes tells neither.
    return evening, (KeepRest(for_s=0.0, was_said=False),)


def _no(evening: Evening, answers: tuple[GateAnswer, ...], server_s: float) -> Stepped:
    """Return the evening in which nothing begins; an hour goes on without it."""
    if evening.hour is not None:
        return back(evening)
    not_yet = replace(
        evening,
        before=NOBODY,
        answered=(),
        unbegun=None,
        screen=Screen.NOT_YET,
    )
    if GateAnswer.NOT_TODAY in answers:
        return not_today(not_yet, server_s)
    return not_agreed(not_yet, server_s)


def scales_before(evening: Evening, partner: Partner) -> tuple[Asked, ...]:
    """Return what tonight's practice asks this one alone before it."""
    plan = evening.plan
    place = Who.FIRST if partner is evening.first else Who.SECOND
    asked = plan.before if plan is not None else ()
    return tuple(each for each in asked if each.who in {place, Who.EACH})


def _says_gentle(evening: Evening) -> bool:
    """Whether an answer of either makes tonight a quiet one; which, shows nowhere."""
    said = {(one.partner, one.name): one.value for one in evening.answered}
    return any(
        asked.makes_gentle(said.get((partner, asked.scale.name)))
        for partner in Partner
        for asked in scales_before(evening, partner)
    )


def not_today(evening: Evening, server_s: float) -> Stepped:
    """Return the evening after one of the two said that it is not the day."""
    until_s = server_s + NOT_TODAY_S
    rests = replace(evening, rests_until_s=until_s, rests_as_said=True)
    return rests, (KeepRest(for_s=NOT_TODAY_S, was_said=True),)


def not_agreed(evening: Evening, server_s: float) -> Stepped:
    """Return the evening where somebody took consent back: it looks the same."""
    until_s = server_s + NOT_TODAY_S
    rests = replace(evening, rests_until_s=until_s, rests_as_said=False)
    return rests, (KeepRest(for_s=NOT_TODAY_S, was_said=False),)


def _said(asked: Gate, once: Before | None) -> Before:
    """Return what one says of themselves, now or, where it is not said anew, `once`."""
    now = Before(
        text=asked.text or "",
        aside=bool(asked.aside),
        at_ease=asked.at_ease,
        wide_awake=asked.wide_awake,
        myself=asked.myself,
    )
    if once is None:
        return now
    return Before(
        text=now.text or once.text,
        aside=now.aside or once.aside,
        at_ease=_newer(now.at_ease, once.at_ease),
        wide_awake=_newer(now.wide_awake, once.wide_awake),
        myself=_newer(now.myself, once.myself),
    )


def _newer(now: int | None, once: int | None) -> int | None:
    return once if now is None else now


def without_unbegun(evening: Evening, partner: Partner) -> Evening:
    """Return the evening where what one said for a practice to come is gone."""
    unbegun = evening.unbegun
    if unbegun is None:
        return evening
    said = unbegun.said.but(partner, None)
    return replace(evening, unbegun=replace(unbegun, said=said))


def kept_before(evening: Evening, session_id: str, *, kept: bool) -> tuple[Effect, ...]:
    """Return what keeps all that each said before the practice that has begun.

    What each wrote and rated is theirs, whatever the other agreed to; that a day is
    unlike others says something of a session, so there has to be one that is `kept`.
    """
    effects: list[Effect] = [
        KeepAnswer(session_id=session_id, answered=one) for one in evening.answered
    ]
    for partner, said in evening.before.items():
        if said is None:
            continue
        if said.aside and kept:
            effects.append(KeepAside(session_id=session_id))
        if said.text:
            words = KeepWords(
                partner=partner,
                session_id=session_id,
                block=Screen.QUESTION,
                text=said.text,
            )
            effects.append(words)
        if (said.at_ease, said.wide_awake, said.myself) != (None, None, None):
            rating = KeepRating(
                partner=partner,
                session_id=session_id,
                moment=Moment.BEFORE,
                at_ease=said.at_ease,
                wide_awake=said.wide_awake,
                myself=said.myself,
            )
            effects.append(rating)
    return tuple(effects)
