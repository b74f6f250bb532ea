"""What a page's message does to the evening: a pure step, one function a message.

Whatever is out of place is refused with the key of its words and changes nothing, so
a late or doubled message from a second page does no harm.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coreg.facts.both import Both
from coreg.facts.events import Partner, Press, Source
from coreg.web.evening import on_answers as answer_steps, on_session as session_steps
from coreg.web.evening.effects import (
    Begin,
    Do,
    KeepConsent,
    KeepNames,
    KeepPace,
    KeepSettings,
    KeepTaps,
    Refuse,
    Remove,
    Reveal,
    Stepped,
    TapAt,
    Withdraw,
)
from coreg.web.evening.happenings import Happening
from coreg.web.evening.in_place import OutOfPlace, need
from coreg.web.evening.state import (
    Agreed,
    Chosen,
    Evening,
    PaceChosen,
    first_screen,
)
from coreg.web.wire.incoming import (
    Aside,
    Assign,
    Choice,
    Choose,
    ChoosePace,
    ChooseSource,
    Consent,
    Erase,
    Erasing,
    GiveTaps,
    Go,
    Lively,
    Look,
    Message,
    Names,
    OwnConsent,
    OwnWords,
    PaceWay,
    PauseWay,
    Ping,
    Pressing,
    Rating,
    Screen,
    Settings,
    Sound,
    Start,
    Swap,
    Tap,
    Way,
)

# The other one need not be told for how long a leave is; twenty minutes is what a
# flooded body takes to come back (Gottman & Levenson 1988 let couples read for 20).
APART_S = 20 * 60.0
# The second "going on" counts from here, so that one hand's double click is not two.
BOTH_READY_AFTER_S = 1.0

_FRONT = {Screen.WELCOME, Screen.HOME}
_BEFORE = _FRONT | {Screen.FIT}
_MOVES = {
    Screen.WELCOME: {Screen.CONSENT, Screen.SETTINGS, Screen.EVENINGS},
    Screen.CONSENT: {Screen.WELCOME, Screen.SETTINGS},
    Screen.HOME: {Screen.FIT, Screen.EVENINGS, Screen.SETTINGS, Screen.CONSENT},
    Screen.FIT: {Screen.HOME},
    Screen.LOOK_BACK: {Screen.HOME, Screen.EVENINGS},
    Screen.EVENINGS: {Screen.HOME, Screen.SETTINGS},
    Screen.SETTINGS: {Screen.HOME, Screen.EVENINGS, Screen.CONSENT},
}


def step(evening: Evening, given: Message | Happening, *, server_s: float) -> Stepped:
    """Return the evening after this, and what the service has to do for it."""
    if isinstance(given, Happening):
        return session_steps.step(evening, given)
    try:
        return _ASKED[type(given)](evening, given, server_s)
    except OutOfPlace as why:
        return evening, (Refuse(why=str(why)),)


def _press(evening: Evening, asked: Pressing, server_s: float) -> Stepped:
    running = evening.running
    if running is None:
        raise OutOfPlace("no-session")
    if asked.press is Press.TOO_SLOW:
        need(evening.screen is Screen.BREATHE, "not-now")
    if asked.press is not Press.RESUME:
        return evening, (Do(press=asked.press),)
    if running.pause is None:
        raise OutOfPlace("not-paused")
    ready_s = running.pause.ready_since_server_s
    if ready_s is None:
        pause = replace(running.pause, ready_since_server_s=server_s)
        return replace(evening, running=replace(running, pause=pause)), ()
    need(server_s - ready_s >= BOTH_READY_AFTER_S, "takes-both")
    return evening, (Do(press=Press.RESUME),)


def _tap(evening: Evening, asked: Tap, server_s: float) -> Stepped:
    """Take a tap at once: what it answered is said to no page."""
    running = evening.running
    if running is None:
        raise OutOfPlace("no-session")
    need(evening.taps and evening.screen is Screen.BREATHE, "not-now")
    t_s = running.clock.session_s(server_s)
    return evening, (TapAt(partner=asked.partner, t_s=t_s),)


def _pause_way(evening: Evening, asked: PauseWay, server_s: float) -> Stepped:
    running = evening.running
    if running is None or running.pause is None:
        raise OutOfPlace("not-paused")
    if asked.way is Way.FINISH:
        return evening, (Do(press=Press.FINISH),)
    back_s = server_s + APART_S if asked.way is Way.APART else None
    # Whoever was ready before the two chose a way is asked again.
    pause = replace(
        running.pause,
        way=asked.way,
        back_server_s=back_s,
        ready_since_server_s=None,
    )
    return replace(evening, running=replace(running, pause=pause)), ()


def _consent(evening: Evening, asked: Consent, _server_s: float) -> Stepped:
    need(evening.screen is Screen.CONSENT, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    if asked.choice is Choice.NOT_NOW:
        return _not_now(evening, asked.partner)
    need(asked.adult, "adults-only")
    agreed = Agreed(
        record=asked.record,
        show_partner=asked.show_partner,
        heart_rhythm=asked.heart_rhythm,
        see_doctor=asked.see_doctor,
        find_pace=asked.find_pace,
    )
    had = evening.agreed_by(asked.partner)
    both = evening.agreed.but(asked.partner, agreed)
    chosen = evening.chosen
    if asked.see_doctor and not (had and had.see_doctor):
        chosen = replace(chosen, without_breathing=True)
    after = replace(evening, agreed=both, chosen=chosen)
    after = _next_consent(after) if had is None else _to_settings(after)
    return after, (KeepConsent(partner=asked.partner, agreed=agreed),)


def _own_consent(evening: Evening, asked: OwnConsent, _server_s: float) -> Stepped:
    """Only to whose turn it is, where that one decides by it."""
    need(evening.screen in {Screen.CONSENT, Screen.LOOK_BACK}, "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    return evening, (Reveal(agreed=evening.agreed_by(asked.partner)),)


def _to_settings(evening: Evening) -> Evening:
    """Return the evening where consent was opened again, changed or not."""
    return replace(evening, screen=Screen.SETTINGS, turn=None)


def _not_now(evening: Evening, partner: Partner) -> Stepped:
    """To the other it is an unfinished set-up; nothing is kept of it.

    Only what was agreed to before is taken back.
    """
    had = evening.agreed_by(partner)
    after = replace(
        evening,
        screen=Screen.WELCOME,
        turn=None,
        agreed=evening.agreed.but(partner, None),
    )
    return after, (Withdraw(partner=partner),) if had else ()


def _next_consent(evening: Evening) -> Evening:
    """Return the evening with the turn of who has not agreed, or at its front door."""
    if evening.turn is Partner.A and evening.agreed_by(Partner.B) is None:
        return replace(evening, turn=Partner.B)
    return first_screen(evening)


def _names(evening: Evening, asked: Names, _server_s: float) -> Stepped:
    need(evening.screen in {*_FRONT, Screen.SETTINGS}, "not-now")
    names = Both(asked.A or "A", asked.B or "B")
    after = replace(evening, names=names)
    if evening.screen is Screen.WELCOME:
        after = _ask_consent(after)
    return after, (KeepNames(names=names),)


def _ask_consent(evening: Evening) -> Evening:
    """Return the evening where the first one is asked who has not agreed."""
    turn = Partner.B if evening.agreed[0] and not evening.agreed[1] else Partner.A
    return replace(evening, screen=Screen.CONSENT, turn=turn)


def _choose(evening: Evening, asked: Choose, _server_s: float) -> Stepped:
    need(evening.screen in _BEFORE, "not-now")
    need(asked.practice in evening.practices, "no-such-practice")
    chosen = Chosen(
        practice=asked.practice,
        minutes=_minutes(evening.chosen, asked),
        length=asked.length or evening.chosen.length,
        without_breathing=asked.without_breathing,
    )
    return replace(evening, chosen=chosen), ()


def _minutes(chosen: Chosen, asked: Choose) -> float:
    """Return the minutes asked for; where none are, a practice keeps those it has."""
    if asked.minutes is not None:
        return asked.minutes
    return chosen.minutes if asked.practice == chosen.practice else 0.0


def _pace(evening: Evening, asked: ChoosePace, _server_s: float) -> Stepped:
    need(evening.screen in _BEFORE, "not-now")
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
    need(evening.screen in _BEFORE and not evening.is_busy, "not-now")
    need(asked.source is not Source.RECORDINGS, "not-from-a-page")
    seed = evening.seed if asked.seed is None else asked.seed
    after = replace(evening, source=asked.source, seed=seed, speed=1.0)
    return first_screen(after), ()


def _assign(evening: Evening, asked: Assign, _server_s: float) -> Stepped:
    need(evening.screen in _BEFORE, "not-now")
    need(evening.is_real, "simulated-straps")
    a, b = (None if worn == asked.strap_id else worn for worn in evening.worn)
    return replace(evening, worn=Both(a, b).but(asked.partner, asked.strap_id)), ()


def _swap(evening: Evening, _asked: Swap, _server_s: float) -> Stepped:
    need(evening.screen in _BEFORE, "not-now")
    if not evening.is_real:
        return replace(evening, swapped=not evening.swapped), ()
    a, b = evening.worn
    return replace(evening, worn=Both(b, a)), ()


def _go(evening: Evening, asked: Go, _server_s: float) -> Stepped:
    need(not evening.is_busy, "practising")
    need(asked.screen in _MOVES.get(evening.screen, set()), "not-now")
    if asked.screen in _FRONT:
        return _to_front(evening), ()
    if asked.screen is Screen.CONSENT:
        need(evening.is_real, "not-now")
        asking = _ask_consent(evening)
        return replace(asking, turn=asked.partner or asking.turn), ()
    return replace(evening, screen=asked.screen, turn=None, looking=None), ()


def _to_front(evening: Evening) -> Evening:
    """Return the evening at its front door; recordings are over once they are."""
    if evening.source is Source.RECORDINGS:
        evening = replace(evening, source=Source.STRAPS, speed=1.0)
    return replace(first_screen(evening), looking=None)


def _start(evening: Evening, _asked: Start, _server_s: float) -> Stepped:
    need(evening.screen in _BEFORE and not evening.is_busy, "not-now")
    if evening.is_real:
        need(evening.is_set_up, "not-set-up")
        need(all(evening.worn), "two-straps")
        need(evening.both_arrive, "two-hearts")
    return replace(evening, starting=True), (Begin(),)


def _sound(evening: Evening, asked: Sound, _server_s: float) -> Stepped:
    after = replace(evening, sound=asked.on)
    return after, (KeepSettings(sound=asked.on, warmth=evening.warmth),)


def _settings(evening: Evening, asked: Settings, _server_s: float) -> Stepped:
    after = replace(evening, sound=asked.sound, warmth=asked.warmth)
    return after, (KeepSettings(sound=asked.sound, warmth=asked.warmth),)


def _give_taps(evening: Evening, asked: GiveTaps, _server_s: float) -> Stepped:
    need(
        not evening.is_busy, "practising"
    )  # a session has them, or has not, to its end
    return replace(evening, taps=asked.on), (KeepTaps(on=asked.on),)


def _erase(evening: Evening, asked: Erase, _server_s: float) -> Stepped:
    need(not evening.is_busy, "practising")
    need(evening.screen in {Screen.SETTINGS, Screen.EVENINGS}, "not-now")
    if asked.what is Erasing.SESSION:
        need(bool(asked.session_id), "which-session")
    if asked.what is Erasing.PARTNER:
        need(asked.partner is not None, "which-partner")
    remove = Remove(what=asked.what, session_id=asked.session_id, partner=asked.partner)
    return evening, (remove,)


def _ping(evening: Evening, _asked: Ping, _server_s: float) -> Stepped:
    return evening, ()  # the door answers pings itself, at once


_ASKED: dict[type[Message], Callable[[Evening, Any, float], Stepped]] = {
    Ping: _ping,
    Pressing: _press,
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
    Swap: _swap,
    Go: _go,
    Start: _start,
    Rating: answer_steps.rating,
    Aside: answer_steps.aside,
    OwnWords: answer_steps.words,
    Look: answer_steps.look,
    Sound: _sound,
    Settings: _settings,
    GiveTaps: _give_taps,
    Erase: _erase,
}
