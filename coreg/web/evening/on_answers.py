"""What each says alone, before and after: kept for that one, told to nobody."""

from dataclasses import replace
from typing import Final

from coreg.exercises.blocks import Who
from coreg.exercises.plan_blocks import (
    Does,
    Scale,
)
from coreg.facts.events import InQuiet, Partner, Press
from coreg.web.evening.comfort import COMFORTABLE, Comfort
from coreg.web.evening.effects import (
    Do,
    Effect,
    ForgetLine,
    ForgetRead,
    KeepAnswer,
    KeepAside,
    KeepHappened,
    KeepInQuiet,
    KeepLine,
    KeepRating,
    KeepWish,
    KeepWords,
    Stepped,
)
from coreg.web.evening.happenings import OwnWordsGone
from coreg.web.evening.in_place import OutOfPlace, need
from coreg.web.evening.on_gate import scales_before
from coreg.web.evening.on_loose_ends import LOOSE_END
from coreg.web.evening.on_therapist import answer_told, words_told
from coreg.web.evening.running import Running
from coreg.web.evening.state import FIRST_AFTERWARDS, Answered, Evening, Looking
from coreg.web.wire.incoming import (
    Answer,
    Aside,
    Done,
    Look,
    OwnWords,
    Rating,
    ReadAloud,
    RemoveLine,
)
from coreg.web.wire.named import Moment, Screen
from coreg.web.wire.of_afterwards import ItHappened, SayInQuiet

PRESS_OF: Final = {
    Does.ON: Press.NEXT,
    Does.AGAIN: Press.AGAIN,
    Does.PAUSE: Press.PAUSE,
    Does.END: Press.FINISH,
}
_WRITTEN_ON = {Screen.QUESTION, Screen.WRITE, Screen.STEP, Screen.LOOK_BACK}
_MOMENTS = {Screen.QUESTION: Moment.BEFORE, Screen.LOOK_BACK: Moment.AFTER}
_TELL_LINES = {Screen.LOOK_BACK, Screen.EVENINGS}


def rating(evening: Evening, asked: Rating, _server_s: float) -> Stepped:
    """Keep how one person is; before a practice it is the last that one is asked.

    The second one's leads straight into it.
    """
    session = evening.running or evening.looking
    if session is None:
        raise OutOfPlace("no-session")
    moment = _MOMENTS.get(evening.screen)
    need(moment is asked.moment, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    is_last = asked.moment is Moment.BEFORE
    after, effects = evening, list[Effect]()
    if is_last and asked.partner is Partner.A:
        after = replace(evening, turn=Partner.B)
    elif is_last:
        effects.append(Do(press=Press.NEXT))
    said = (asked.at_ease, asked.wide_awake, asked.myself)
    if not evening.is_real or said == (None, None, None):
        return after, tuple(effects)
    kept = KeepRating(
        partner=asked.partner,
        session_id=session.session_id,
        moment=asked.moment,
        at_ease=asked.at_ease,
        wide_awake=asked.wide_awake,
        myself=asked.myself,
    )
    return after, (kept, *effects)


def answer(evening: Evening, asked: Answer, _server_s: float) -> Stepped:
    """Keep what one person says alone of what a practice asks.

    Before the practice it waits for one to keep it for.
    """
    need(asked.partner is evening.turn, "not-your-turn")
    scale = next((one for one in asked_now(evening) if one.name == asked.name), None)
    if scale is None:
        raise OutOfPlace("not-now")
    need(scale.takes(asked.value), "not-now")
    said = Answered(
        partner=asked.partner,
        name=scale.name,
        words=scale.words,
        value=asked.value,
        block=_part_of(evening),
        is_yes_no=scale.is_yes_no,
    )
    if evening.screen is Screen.GATE:
        need(not asked.shared, "not-now")
        others = tuple(
            one
            for one in evening.answered
            if (one.partner, one.name) != (asked.partner, asked.name)
        )
        return replace(evening, answered=(*others, said)), ()
    session = evening.running or evening.looking
    evening = _with_comfort(evening, said)
    if session is None or not evening.is_real:
        return evening, ()
    kept = KeepAnswer(session_id=session.session_id, answered=said)
    if not asked.shared:
        return evening, (kept,)
    return evening, (kept, answer_told(evening, session.session_id, said))


def _part_of(evening: Evening) -> int | None:
    """Return the number of the part under way, None before a practice and after it."""
    if evening.running is None or evening.running.block is None:
        return None
    return evening.running.block.number


def _with_comfort(evening: Evening, said: Answered) -> Evening:
    """Return the evening that knows what one said of a pace, until it is over."""
    running = evening.running
    pace = running.compared_per_min if running is not None else None
    if running is None or pace is None or said.name != COMFORTABLE:
        return evening
    comfort = Comfort(per_min=pace, partner=said.partner, value=said.value)
    known = replace(running, comfort=(*running.comfort, comfort))
    return replace(evening, running=known)


def asked_now(evening: Evening) -> tuple[Scale, ...]:
    """Return what the one whose turn it is is asked alone now, beside the usual."""
    partner = evening.turn
    if partner is None:
        return ()
    if evening.screen is Screen.GATE:
        return tuple(each.scale for each in scales_before(evening, partner))
    if evening.screen is Screen.LOOK_BACK and evening.looking is not None:
        return evening.looking.scales[partner]
    running = evening.running
    block = None if running is None or running.pause is not None else running.block
    return () if block is None else block.of.scales


def done(evening: Evening, asked: Done, _server_s: float) -> Stepped:
    """Go on from a part that one has alone; where each has it, to the other first."""
    running = evening.running
    if running is None or running.pause is not None or running.block is None:
        raise OutOfPlace("not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    of = running.block.of
    need(of.means.is_private and not running.block.is_done, "not-now")
    offered = {choice.does for choice in of.choices} or {Does.ON}
    need(asked.does in offered, "not-now")
    if of.who is Who.EACH and asked.partner is running.first:
        return replace(evening, turn=asked.partner.other), ()
    block = replace(running.block, is_done=True)
    over = replace(evening, running=replace(running, block=block))
    return over, (Do(press=PRESS_OF[asked.does]),)


def happened(evening: Evening, asked: ItHappened, _server_s: float) -> Stepped:
    """Keep whether a little of what one person wished for did happen."""
    looking = evening.looking
    if looking is None or evening.screen is not Screen.LOOK_BACK:
        raise OutOfPlace("not-now")
    need(looking.wished, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    if not evening.is_real:
        return evening, ()
    kept = KeepHappened(
        partner=asked.partner,
        session_id=looking.session_id,
        happened=asked.happened,
    )
    return evening, (kept,)


def in_quiet(evening: Evening, asked: SayInQuiet, _server_s: float) -> Stepped:
    """Take what was in the quiet time: it decides whether that is compared.

    It is kept once both answered: until then it may be taken back.
    """
    looking = evening.looking
    if looking is None or evening.screen is not Screen.LOOK_BACK:
        raise OutOfPlace("not-now")
    need(looking.had_quiet, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    if not _keeps(evening, looking):
        return evening, ()
    things = {
        InQuiet.NOTHING: asked.nothing,
        InQuiet.TALK: asked.talk,
        InQuiet.MOVING: asked.moving,
        InQuiet.SOUND: asked.sound,
    }
    said = frozenset(what for what, was_there in things.items() if was_there)
    held = looking.in_quiet.but(asked.partner, said)
    return replace(evening, looking=replace(looking, in_quiet=held)), ()


def _kept_in_quiet(evening: Evening) -> tuple[KeepInQuiet, ...]:
    """Return what keeps what both said together, or as many of them as said it."""
    looking = evening.looking
    if looking is None or not _keeps(evening, looking):
        return ()
    said = [each for each in looking.in_quiet if each is not None]
    if not said:
        return ()
    what = frozenset[InQuiet]().union(*said)
    return (KeepInQuiet(session_id=looking.session_id, what=what),)


def aside(evening: Evening, asked: Aside, _server_s: float) -> Stepped:
    """Keep the evening out of what is compared over weeks."""
    need(evening.screen is Screen.QUESTION, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    running = evening.running
    if running is None or not _keeps(evening, running):
        return evening, ()
    return evening, (KeepAside(session_id=running.session_id),)


def _keeps(evening: Evening, session: Running | Looking) -> bool:
    """Whether an evening is kept, of which somebody says something.

    What each wrote and rated needs none: it is theirs, whatever the other agreed to.
    """
    return session.kept and evening.is_real


def words(evening: Evening, asked: OwnWords, _server_s: float) -> Stepped:
    """Keep what one person wrote."""
    need(evening.screen in _WRITTEN_ON, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    session = evening.running or evening.looking
    if session is None or not evening.is_real or not asked.text:
        return evening, ()
    if asked.still_hurts:
        return evening, (_loose_end(evening, asked),)
    kept = KeepWords(
        partner=asked.partner,
        session_id=session.session_id,
        block=evening.screen,
        text=asked.text,
    )
    # Whoever writes once more says anew whether it is read to the other.
    evening = _unread(evening, asked.partner)
    if not asked.shared:
        return evening, (kept,)
    id_ = session.session_id
    return evening, (kept, words_told(evening, id_, asked.partner, asked.text))


def _loose_end(evening: Evening, asked: OwnWords) -> KeepWords:
    """Return what keeps something that still hurts: of one person, and of no evening.

    Only where the practice asked whether there is such a thing.
    """
    need(any(each.may_keep for each in asked_now(evening)), "not-now")
    return KeepWords(
        partner=asked.partner, session_id="", block=LOOSE_END, text=asked.text
    )


def _unread(evening: Evening, partner: Partner) -> Evening:
    """Return the evening without the line that one was to read to the other."""
    looking = evening.looking
    if looking is None:
        return evening
    read = tuple(each for each in looking.read if each[0] is not partner)
    return replace(evening, looking=replace(looking, read=read))


def read_aloud(evening: Evening, asked: ReadAloud, _server_s: float) -> Stepped:
    """Take a line that one wants to read to the other.

    It is told, and kept, once both answered: until then it may be taken back.
    """
    looking = evening.looking
    if looking is None or evening.screen is not Screen.LOOK_BACK:
        raise OutOfPlace("not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    if not asked.text:
        return evening, ()
    others = tuple(each for each in looking.read if each[0] is not asked.partner)
    read = (*others, (asked.partner, asked.text))
    return replace(evening, looking=replace(looking, read=read)), ()


def kept_lines(evening: Evening) -> tuple[KeepLine, ...]:
    """Return what keeps the lines of those who answered: nobody changes them now.

    Of who has no passcode nothing is kept, and so neither is this.
    """
    looking = evening.looking
    if looking is None or not evening.is_real or evening.turn is FIRST_AFTERWARDS:
        return ()
    return tuple(
        KeepLine(partner=partner, session_id=looking.session_id, text=text)
        for partner, text in looking.read
        if partner is not evening.turn and evening.passcode_utc[partner] is not None
    )


def kept_on_leaving(evening: Evening) -> tuple[KeepLine | KeepInQuiet, ...]:
    """Return what keeps what is held until both answered, where they leave before.

    Once both answered it is kept already.
    """
    if evening.turn is None:
        return ()
    return (*kept_lines(evening), *_kept_in_quiet(evening))


def words_gone(evening: Evening, gone: OwnWordsGone) -> Stepped:
    """Take what somebody deleted or changed tonight out of what both read, too."""
    looking = evening.looking
    texts = {text for session_id, text in gone.said if _is_of(looking, session_id)}
    if looking is None or not texts:
        return evening, ()
    read = tuple(
        (partner, text)
        for partner, text in looking.read
        if partner is not gone.partner or text not in texts
    )
    forget = ForgetRead(
        partner=gone.partner, session_id=looking.session_id, texts=tuple(sorted(texts))
    )
    return replace(evening, looking=replace(looking, read=read)), (forget,)


def _is_of(looking: Looking | None, session_id: str) -> bool:
    return looking is not None and looking.session_id == session_id


def remove_line(evening: Evening, asked: RemoveLine, _server_s: float) -> Stepped:
    """Remove a line of both, whoever asks for it."""
    need(evening.screen in _TELL_LINES, "not-now")
    need(evening.turn is None, "not-now")
    return evening, (ForgetLine(number=asked.number),)


def look(evening: Evening, asked: Look, _server_s: float) -> Stepped:
    """Take what one person wants to see, and hand the turn on."""
    looking = evening.looking
    if looking is None or evening.screen is not Screen.LOOK_BACK:
        raise OutOfPlace("not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    wishes = looking.wishes.but(asked.partner, asked.whose)
    is_first = asked.partner is FIRST_AFTERWARDS
    turn = FIRST_AFTERWARDS.other if is_first else None
    after = replace(evening, looking=replace(looking, wishes=wishes), turn=turn)
    if turn is not None:
        held = tuple[Effect, ...]()
    else:
        held = (*kept_lines(after), *_kept_in_quiet(after))
    if not _keeps(evening, looking):
        return after, held
    # Whoever is asked of an hour is asked of all of it.
    wishes_kept = (
        KeepWish(partner=asked.partner, session_id=of, whose=asked.whose)
        for of in (*looking.earlier, looking.session_id)
    )
    return after, (*wishes_kept, *held)
