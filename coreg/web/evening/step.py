"""What a page's message does to the evening: a pure step, one function a message.

Whatever is out of place is refused with the key of its words and changes nothing, so
a late or doubled message from a second page does no harm.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coreg.exercises import ladder
from coreg.exercises.plan_blocks import Does
from coreg.facts.both import Both
from coreg.facts.events import Partner, Press, Source
from coreg.facts.kinds import STEERING
from coreg.store.retention import CHOICES_DAYS
from coreg.web.evening import on_answers, on_session, on_therapist
from coreg.web.evening.effects import (
    Begin,
    Do,
    EraseAtEnd,
    KeepConsent,
    KeepDays,
    KeepNames,
    KeepPace,
    KeepRest,
    KeepSettings,
    Refuse,
    Remove,
    Reveal,
    Stepped,
    TapAt,
    Withdraw,
)
from coreg.web.evening.happenings import Happening
from coreg.web.evening.in_place import OutOfPlace, need
from coreg.web.evening.on_gate import gate
from coreg.web.evening.on_hour import begin_within, hour_on
from coreg.web.evening.on_loose_ends import loose_end_is
from coreg.web.evening.on_session import SAID_ONCE
from coreg.web.evening.on_straps import LINES_S
from coreg.web.evening.on_unfinished import onward
from coreg.web.evening.running import Running
from coreg.web.evening.state import (
    NOBODY,
    Agreed,
    Chosen,
    Evening,
    PaceChosen,
    asked_each,
    first_screen,
)
from coreg.web.wire.incoming import (
    Answer,
    Aside,
    Assign,
    Choose,
    ChoosePace,
    ChooseSource,
    Consent,
    Done,
    Erase,
    Gate,
    Go,
    Hold,
    KeepFor,
    Lines,
    Lively,
    Look,
    LooseEndIs,
    Message,
    Names,
    Onward,
    OwnConsent,
    OwnWords,
    PauseWay,
    Ping,
    Pressing,
    Rating,
    ReadAloud,
    RemoveLine,
    Settings,
    Start,
    Swap,
    Tap,
    TellBefore,
)
from coreg.web.wire.named import Choice, Erasing, GateAnswer, PaceWay, Screen, Way
from coreg.web.wire.of_afterwards import ItHappened, SayInQuiet
from coreg.web.wire.of_therapist import BeginWithin, HourOn

# The other one need not be told for how long a leave is; twenty minutes is what a
# flooded body takes to come back (Gottman & Levenson 1988 let couples read for 20).
APART_S = 20 * 60.0
# A page says again and again that a button is held: one that fell silent holds nothing.
HELD_S = 2.0
TAP_TAKES_S = 2.0  # from page to server; what says more has another clock, or slept
CALLED_WITHIN_S = 60 * 60.0
"""Who calls several times within it may need more than three minutes."""

_FROM_A_PAGE = {Source.STRAPS, Source.SIMULATED}
_FRONT = {Screen.WELCOME, Screen.HOME}
_MOVES = {
    Screen.WELCOME: {Screen.CONSENT, Screen.SETTINGS, Screen.EVENINGS},
    Screen.CONSENT: {Screen.WELCOME, Screen.SETTINGS},
    Screen.NOT_YET: {Screen.WELCOME, Screen.CONSENT},
    Screen.LOCK: {Screen.HOME},
    Screen.HOME: {Screen.EVENINGS, Screen.SETTINGS, Screen.CONSENT},
    Screen.PAUSE: {Screen.CONSENT},
    Screen.GATE: {Screen.HOME},
    Screen.LOOK_BACK: {Screen.HOME, Screen.EVENINGS, Screen.CONSENT},
    Screen.EVENINGS: {Screen.HOME, Screen.SETTINGS, Screen.CONSENT},
    Screen.SETTINGS: {Screen.HOME, Screen.EVENINGS, Screen.CONSENT},
}


def step(evening: Evening, given: Message | Happening, *, server_s: float) -> Stepped:
    """Return the evening after this, and what the service has to do for it."""
    if isinstance(given, Happening):
        return on_session.step(evening, given, server_s)
    try:
        return _ASKED[type(given)](evening, given, server_s)
    except OutOfPlace as why:
        return evening, (Refuse(why=str(why)),)


def _press(evening: Evening, asked: Pressing, _server_s: float) -> Stepped:
    running = evening.running
    if running is None:
        raise OutOfPlace("no-session")
    if asked.press is Press.TOO_SLOW:
        need(running.is_led, "not-now")
    if asked.press in STEERING:
        need(running.is_led, "not-now")
    if asked.press in {Press.AGAIN, Press.NEXT}:
        need(_may_go_on(running, asked.press), "not-now")
    if asked.press is Press.READY:
        need(running.is_arriving, "not-now")
    # Going on takes both at once (`_hold`): one finger that presses twice is not two.
    need(asked.press is not Press.RESUME, "takes-both")
    need(asked.press is not Press.GO_OVER, "not-now")  # where to is in its own message
    return evening, (Do(press=asked.press),)


def _may_go_on(running: Running, press: Press) -> bool:
    """Whether a part is left by this, from whatever page it comes.

    Where choices are offered it is one of them; where one has the screen alone, only
    that one leads on from it, and from nowhere else (`on_answers.done`).
    """
    block = None if running.pause else running.block
    if press is Press.NEXT and (block is None or not block.waits):
        return True  # nothing is left by it
    does = {choice.does for choice in block.of.choices} if block is not None else set()
    if block is not None and block.of.means.is_private:
        return False
    return Does.AGAIN in does if press is Press.AGAIN else not does or Does.ON in does


def _hold(evening: Evening, asked: Hold, server_s: float) -> Stepped:
    """Go on once both hold at the same moment, on one page or on two."""
    running = evening.running
    if running is None or running.pause is None:
        return evening, ()  # who lets go once it went on says nothing new
    if evening.screen is not Screen.PAUSE:
        return evening, ()  # somebody reads their own choices
    if running.pause.is_last:
        return evening, ()  # that is enough for today
    held = running.pause.held_server_s.but(
        asked.partner, server_s if asked.on else None
    )
    pause = replace(running.pause, held_server_s=held)
    both = all(at_s is not None and server_s - at_s <= HELD_S for at_s in held)
    after = replace(evening, running=replace(running, pause=pause))
    return after, (Do(press=Press.RESUME),) if both else ()


def _tap(evening: Evening, asked: Tap, server_s: float) -> Stepped:
    """Take a tap at once: what it answered is said to no page."""
    running = evening.running
    if running is None:
        raise OutOfPlace("no-session")
    need(evening.taps and running.is_led, "not-now")
    at_s = server_s if asked.at_server_s is None else asked.at_server_s
    is_likely = 0 <= server_s - at_s <= TAP_TAKES_S
    t_s = running.clock.session_s(at_s if is_likely else server_s)
    return evening, (TapAt(partner=asked.partner, t_s=t_s),)


def _pause_way(evening: Evening, asked: PauseWay, server_s: float) -> Stepped:
    running = evening.running
    if running is None or running.pause is None:
        raise OutOfPlace("not-paused")
    need(evening.screen is Screen.PAUSE, "not-now")  # somebody reads their own choices
    if asked.way is Way.FINISH:
        return evening, (Do(press=Press.FINISH),)
    back_s = server_s + APART_S if asked.way is Way.APART else None
    pause = replace(running.pause, way=asked.way, back_server_s=back_s)
    return replace(evening, running=replace(running, pause=pause)), ()


def _consent(evening: Evening, asked: Consent, _server_s: float) -> Stepped:
    need(evening.screen is Screen.CONSENT, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    if asked.choice is Choice.NOT_NOW:
        # Also where there is nothing to take back: it takes as long as to agree.
        after = _answered(evening, asked.partner, None)
        return after, (Withdraw(partner=asked.partner), *_erase_at_end(after))
    need(asked.adult, "adults-only")
    agreed = Agreed(
        record=asked.record,
        show_partner=asked.show_partner,
        heart_rhythm=asked.heart_rhythm,
        see_doctor=asked.see_doctor,
        find_pace=asked.find_pace,
        show_therapist=asked.show_therapist,
        movement=bool(asked.movement),
        ecg=bool(asked.ecg),
    )
    keep = KeepConsent(partner=asked.partner, agreed=agreed)
    after = _answered(evening, asked.partner, agreed)
    waited_for_this = after.is_set_up and not evening.is_set_up
    if waited_for_this and evening.rests_until_s and not evening.rests_as_said:
        # It rested for want of this yes; a no that was said holds, whatever else is.
        after = replace(after, rests_until_s=None)
        anew = KeepRest(for_s=0.0, was_said=False)
        return after, (keep, anew, *_erase_at_end(after))
    return after, (keep, *_erase_at_end(after))


def _erase_at_end(evening: Evening) -> tuple[EraseAtEnd, ...]:
    """Say whether all of tonight is to go: also where nobody sees its end."""
    if evening.running is None or not evening.kept:
        return ()
    return (EraseAtEnd(session_ids=() if evening.may_keep else evening.kept),)


def _answered(evening: Evening, partner: Partner, agreed: Agreed | None) -> Evening:
    """Return the evening after one answered: the way on is the same whatever it was.

    The other is asked in any case; and where either said no, both read the same line.
    """
    evening = replace(
        evening,
        agreed=evening.agreed.but(partner, agreed),
        was_set_up=evening.was_set_up or evening.is_set_up,
    )
    if not evening.asks_both:
        return _back(evening)
    if partner is Partner.A:
        return replace(evening, turn=Partner.B)
    evening = replace(evening, turn=None, asks_both=False)
    if evening.is_set_up:
        return first_screen(replace(evening, was_set_up=True))
    return replace(evening, screen=Screen.NOT_YET)


def _own_consent(evening: Evening, asked: OwnConsent, _server_s: float) -> Stepped:
    """Only to whose turn it is."""
    need(evening.screen is Screen.CONSENT, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    return evening, (Reveal(agreed=evening.agreed_by(asked.partner)),)


def _names(evening: Evening, asked: Names, _server_s: float) -> Stepped:
    need(evening.screen in {*_FRONT, Screen.SETTINGS}, "not-now")
    names = Both(asked.A or "A", asked.B or "B")
    _need_two_people(evening, names)
    after = replace(evening, names=names)
    if names != evening.names:  # other people, maybe
        after = replace(after, unbegun=None)
    if evening.screen is Screen.WELCOME:
        after = _ask_consent(after)
    return after, (KeepNames(names=names),)


def _need_two_people(evening: Evening, names: Both[str]) -> None:
    """Refuse names under which one would write into the other's place.

    Whoever has a passcode is found by their name: neither takes the other one's.
    """
    if names == evening.names:
        return
    now, before = (
        Both(*(name.casefold() for name in each)) for each in (names, evening.names)
    )
    need(now.a != now.b, "names-equal")
    takes = now.a == before.b or now.b == before.a
    need(not takes or not any(evening.passcode_utc), "names-swapped")


def _ask_consent(evening: Evening) -> Evening:
    """Return the evening where both are asked, whatever either said before."""
    return replace(evening, screen=Screen.CONSENT, turn=Partner.A, asks_both=True)


def _choose(evening: Evening, asked: Choose, _server_s: float) -> Stepped:
    need(evening.screen in _FRONT, "not-now")
    need(asked.practice in evening.practices, "no-such-practice")
    need(evening.may_choose(asked.practice), "home-plan")
    need(evening.may_offer(asked.practice), "breaths-unseen")
    chosen = Chosen(
        practice=asked.practice,
        minutes=_minutes(evening.chosen, asked),
        length=asked.length or evening.chosen.length,
        without_breathing=asked.without_breathing,
        first=asked.first or evening.chosen.first,
    )
    return replace(evening, chosen=chosen), ()


def _minutes(chosen: Chosen, asked: Choose) -> float:
    """Return the minutes asked for; where none are, a practice keeps those it has."""
    if asked.minutes is not None:
        return asked.minutes
    return chosen.minutes if asked.practice == chosen.practice else 0.0


def _pace(evening: Evening, asked: ChoosePace, _server_s: float) -> Stepped:
    need(evening.screen in _FRONT, "not-now")
    need(asked.way is not PaceWay.FIND or evening.may_find_pace, "takes-both")
    pace = PaceChosen(way=asked.way, per_min=asked.per_min, in_out=asked.in_out)
    chosen = replace(evening.chosen, without_breathing=False)
    return replace(evening, pace=pace, chosen=chosen), (KeepPace(pace=pace),)


def _lively(evening: Evening, _asked: Lively, _server_s: float) -> Stepped:
    running = evening.running
    if running is None:
        raise OutOfPlace("no-session")
    return replace(evening, running=replace(running, asks=False)), ()


def _source(evening: Evening, asked: ChooseSource, _server_s: float) -> Stepped:
    need(evening.screen in _FRONT and not evening.is_busy, "not-now")
    need(asked.source in _FROM_A_PAGE, "not-from-a-page")
    seed = evening.seed if asked.seed is None else asked.seed
    after = replace(evening, source=asked.source, seed=seed, speed=1.0)
    if after.planned is not None:
        after = after.choosing(replace(after.chosen, practice=after.planned))
    return first_screen(after), ()


def _assign(evening: Evening, asked: Assign, _server_s: float) -> Stepped:
    need(evening.screen in _FRONT, "not-now")
    need(evening.is_real, "simulated-straps")
    a, b = (None if worn == asked.strap_id else worn for worn in evening.worn)
    return replace(evening, worn=Both(a, b).but(asked.partner, asked.strap_id)), ()


def _lines(evening: Evening, asked: Lines, server_s: float) -> Stepped:
    need(evening.screen is Screen.HOME, "not-now")
    until_s = server_s + LINES_S if asked.shown else server_s
    return replace(evening, lines_until_s=until_s), ()


def _swap(evening: Evening, _asked: Swap, _server_s: float) -> Stepped:
    need(evening.screen in _FRONT, "not-now")
    if not evening.is_real:
        return replace(evening, swapped=not evening.swapped), ()
    a, b = evening.worn
    return replace(evening, worn=Both(b, a)), ()


def _go(evening: Evening, asked: Go, server_s: float) -> Stepped:
    is_ones_own = evening.screen is Screen.CONSENT and not evening.asks_both
    asks_one = asked.screen is Screen.CONSENT and asked.partner is not None
    is_paused = evening.running is not None and evening.running.pause is not None
    # Of a pause, each may go to what they agreed to, and comes back to the pause.
    need(not evening.is_busy or (is_paused and (is_ones_own or asks_one)), "practising")
    need(asked.screen in _MOVES.get(evening.screen, set()), "not-now")
    partner = evening.turn
    if evening.screen is Screen.GATE and evening.hour and partner is not None:
        # Back is into the hour, on the way of a no: nobody sees which of them it was.
        no = Gate(partner=partner, answer=GateAnswer.NOT_TODAY)
        return gate(evening, no, server_s)
    for said in SAID_ONCE:  # where it was read, and is no matter any more
        evening = evening.settled(said)
    if is_ones_own:
        return _back(evening), ()
    held = on_answers.kept_on_leaving(evening)
    if asked.screen in _FRONT:
        left = replace(evening, asks_both=False, gate=(), before=NOBODY, answered=())
        if evening.screen is Screen.GATE:
            left = replace(left, unbegun=None)
        return _to_front(left), held
    if asked.screen is Screen.CONSENT:
        need(evening.is_real, "not-now")
        return _to_consent(evening, asked.partner), held
    return replace(evening, screen=asked.screen, turn=None, looking=None), held


def _to_consent(evening: Evening, partner: Partner | None) -> Evening:
    """Ask one person, who comes back to where they were, or both."""
    asking = _ask_consent(evening)
    if partner is None:
        return replace(asking, looking=None)
    came_from = (evening.screen, evening.turn)
    return replace(asking, turn=partner, asks_both=False, came_from=came_from)


def _back(evening: Evening) -> Evening:
    """Return the evening where one person's own consent was opened from."""
    there, turn = evening.came_from or (Screen.SETTINGS, None)
    back = replace(evening, turn=turn, came_from=None)
    if there in _FRONT:
        return _to_front(back)
    return replace(back, screen=there)


def _to_front(evening: Evening) -> Evening:
    """Return the evening at its front door; recordings are over once they are."""
    if evening.source is Source.RECORDINGS:
        evening = replace(evening, source=Source.STRAPS, speed=1.0)
    return replace(first_screen(evening), looking=None)


def _start(evening: Evening, asked: Start, server_s: float) -> Stepped:
    need(evening.screen in _FRONT and not evening.is_busy, "not-now")
    is_for_now = asked.right_now is not None or evening.needs_no_gate
    if is_for_now and not evening.takes_right_now(server_s):
        return replace(evening, screen=Screen.NOT_YET), ()
    if asked.right_now is not None:
        evening = _right_now(evening, asked.right_now)
    without = replace(evening.chosen, without_straps=bool(asked.without_straps))
    evening = evening.choosing(without)
    if evening.chosen.practice == ladder.RIGHT_NOW:
        called_s = (*evening.called_s, server_s)
        within_s = (each for each in called_s if each > server_s - CALLED_WITHIN_S)
        evening = replace(evening, called_s=tuple(within_s))
    # What is for right now waits for nobody's answer: nothing of it is kept.
    if not evening.is_real or evening.needs_no_gate:
        return replace(evening, starting=True), (Begin(),)
    if not evening.is_strapless:
        need(all(evening.worn), "two-straps")
        need(evening.both_arrive, "two-hearts")
    if evening.is_real:
        need(evening.may_offer(evening.chosen.practice), "breaths-unseen")
    if not (evening.is_set_up or evening.was_set_up):
        return _ask_consent(evening), ()
    if evening.rests(server_s):
        return replace(evening, screen=Screen.NOT_YET), ()  # a no is not asked away
    return asked_each(evening), ()


def _right_now(evening: Evening, partner: Partner) -> Evening:
    """Return the evening where somebody hurts: what was chosen is put by for it."""
    need(ladder.RIGHT_NOW in evening.practices, "no-such-practice")
    chosen = Chosen(
        practice=ladder.RIGHT_NOW,
        minutes=0.0,
        length=None,
        without_breathing=False,
        first=partner,
    )
    return replace(evening, chosen=chosen, put_by=evening.chosen)


def _settings(evening: Evening, asked: Settings, _server_s: float) -> Stepped:
    after = replace(evening, warmth=asked.warmth, bell=asked.bell)
    return after, (KeepSettings(warmth=asked.warmth, bell=asked.bell),)


def _keep_for(evening: Evening, asked: KeepFor, _server_s: float) -> Stepped:
    need(asked.days in CHOICES_DAYS, "not-now")
    return replace(evening, keep_days=asked.days), (KeepDays(days=asked.days),)


def _erase(evening: Evening, asked: Erase, _server_s: float) -> Stepped:
    need(not evening.is_busy, "practising")
    need(evening.screen in {Screen.SETTINGS, Screen.EVENINGS}, "not-now")
    # It would take the lock off the folder: a clinic's couple is erased by the book.
    is_clinics = evening.with_therapist
    need(not (asked.what is Erasing.EVERYTHING and is_clinics), "not-here")
    if asked.what is Erasing.SESSION:
        need(bool(asked.session_id), "which-session")
    if asked.what is Erasing.PARTNER:
        need(asked.partner is not None, "which-partner")
    remove = Remove(
        what=asked.what,
        session_id=asked.session_id,
        partner=asked.partner,
        whole_hour=asked.what is Erasing.SESSION,  # to the two it is one evening
    )
    unfinished = evening.unfinished
    if unfinished is not None and unfinished.session_id == asked.session_id:
        evening = replace(evening, unfinished=None)
    return evening, (remove,)


def _ping(evening: Evening, _asked: Ping, _server_s: float) -> Stepped:
    return evening, ()  # the door answers pings itself, at once


_ASKED: dict[type[Message], Callable[[Evening, Any, float], Stepped]] = {
    Ping: _ping,
    Pressing: _press,
    Gate: gate,
    BeginWithin: begin_within,
    HourOn: hour_on,
    Hold: _hold,
    Tap: _tap,
    PauseWay: _pause_way,
    Consent: _consent,
    OwnConsent: _own_consent,
    Names: _names,
    Choose: _choose,
    ChoosePace: _pace,
    Lively: _lively,
    ChooseSource: _source,
    Assign: _assign,
    Lines: _lines,
    Swap: _swap,
    Go: _go,
    Start: _start,
    Onward: onward,
    Rating: on_answers.rating,
    TellBefore: on_therapist.tell_before,
    Answer: on_answers.answer,
    Done: on_answers.done,
    ItHappened: on_answers.happened,
    SayInQuiet: on_answers.in_quiet,
    Aside: on_answers.aside,
    OwnWords: on_answers.words,
    ReadAloud: on_answers.read_aloud,
    RemoveLine: on_answers.remove_line,
    LooseEndIs: loose_end_is,
    Look: on_answers.look,
    Settings: _settings,
    KeepFor: _keep_for,
    Erase: _erase,
}
