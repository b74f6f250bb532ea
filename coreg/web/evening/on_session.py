"""What a session under way does to the evening; and its beginning and end."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coreg.exercises.blocks import Who, meaning_of
from coreg.exercises.plan_blocks import Block
from coreg.facts.both import Both
from coreg.facts.events import (
    BlockBegan,
    Breath,
    Cue,
    Ended,
    FloodingPassed,
    Glint,
    Glow,
    PacerStopped,
    PaceTurned,
    Partner,
    Paused,
    PossibleFlooding,
    Press,
    Quirk,
    QuirkNoticed,
    Resumed,
    SignalBack,
    SignalLost,
    Source,
    WentOn,
)
from coreg.sensors.quirks.words import quirk_words
from coreg.web.evening import on_light
from coreg.web.evening.comfort import Swung
from coreg.web.evening.effects import (
    Begin,
    Do,
    Effect,
    KeepHarder,
    KeepPace,
    KeepPractised,
    KeepSat,
    KeepTimes,
    LeaveUnfinished,
    Remove,
    Stepped,
    Tell,
)
from coreg.web.evening.happenings import (
    Erased,
    Fault,
    Happening,
    Heard,
    InTheAir,
    Leaving,
    LinkIs,
    LockChosen,
    LooseEndsAre,
    NamesKept,
    NotKept,
    OwnWordsGone,
    PageCame,
    PasscodeChosen,
    PasscodeForgotten,
    PhoneCame,
    QuietOne,
    RecordingIs,
    SessionBegan,
    SessionOver,
    SessionStopped,
    SessionWentOn,
    Warmed,
)
from coreg.web.evening.on_answers import words_gone
from coreg.web.evening.on_end import (
    QUIET_ONE,
    QUIRK,
    SLOW_ENOUGH,
    over,
    part_over,
    without_quirks,
)
from coreg.web.evening.on_gate import SAID_KEPT, kept_before, without_unbegun
from coreg.web.evening.on_hour import ending, goes_on, gone_on, with_hour, without_hour
from coreg.web.evening.on_people import of_people, with_lock
from coreg.web.evening.on_straps import (
    BREATHS_UNSEEN,
    RADIO,
    linked,
    lost_id,
    lost_notice,
    seen,
)
from coreg.web.evening.on_unfinished import chosen_then
from coreg.web.evening.running import BlockNow, PauseNow, Running
from coreg.web.evening.sat import Sat
from coreg.web.evening.state import (
    HARDER_REST_S,
    NOBODY,
    Evening,
    Notice,
    first_screen,
)
from coreg.web.wire.named import Erasing, PaceWay, Screen, Way
from coreg.web.wire.outgoing import WarmthTold

NOT_KEPT = "not-kept"
SAID_ONCE = ("could-not-begin", "stopped", "fault", SAID_KEPT, BREATHS_UNSEEN)
# A breathing block is breathed out, so one that ends this early was left.
_LEFT_EARLY_S = 1.0


def step(evening: Evening, given: Happening, server_s: float) -> Stepped:
    """Return the evening after something that no page asked for."""
    match given:
        case Heard(cue=cue) if evening.running is not None:
            hear = _HEAR.get(type(cue))
            return hear(evening, evening.running, cue) if hear else (evening, ())
        case Warmed(value=value):
            # Where a heart may not lead, the light answers as to hearts unknown.
            known = value if evening.by_heart else None
            told = (Tell(told=WarmthTold(value=known)),) if evening.warmth else ()
            return _swung(evening, known), told
        case PageCame() if evening.straight and not evening.is_busy:
            return replace(evening, starting=True), (Begin(),)
        case InTheAir():
            return seen(evening, given, server_s), ()
        case (
            SessionBegan()
            | SessionWentOn()
            | SessionOver()
            | SessionStopped()
            | OwnWordsGone()
        ):
            return _of_session(evening, given, server_s)
    return _between(evening, given), ()


def _swung(evening: Evening, warmth: float | None) -> Evening:
    """Return the evening that knows how both answered a breath, of a pace asked of."""
    running = evening.running
    pace = running.compared_per_min if running is not None else None
    if running is None or pace is None or warmth is None:
        return evening
    swung = Swung(per_min=pace, warmth=warmth)
    return replace(evening, running=replace(running, swung=(*running.swung, swung)))


def _of_session(
    evening: Evening,
    given: SessionBegan | SessionWentOn | SessionOver | SessionStopped | OwnWordsGone,
    server_s: float,
) -> Stepped:
    if isinstance(given, OwnWordsGone):
        return words_gone(without_unbegun(evening, given.partner), given)
    if isinstance(given, SessionBegan | SessionWentOn):
        return _under_way(evening, given)
    return _done_with(evening, given, server_s)


def _done_with(
    evening: Evening, given: SessionOver | SessionStopped, server_s: float
) -> Stepped:
    """Look back, or go on with the hour that the session was a part of.

    What either no longer agrees to have saved is erased, and not told.
    """
    running = evening.running
    effects: list[Effect] = []
    if isinstance(given, SessionStopped):
        after = without_hour(_broken_off(evening, given.words))
    elif running is not None and goes_on(evening):
        after = part_over(evening, running)
    else:
        after = evening if running is None else without_hour(over(evening, running))
    if running is not None and evening.is_real and _was_harder(evening, running):
        until_s = server_s + HARDER_REST_S
        after = replace(after, harder_until_s=until_s)
        effects.append(KeepHarder(for_s=HARDER_REST_S))
    if after.practised != evening.practised:
        effects.append(KeepPractised(evenings=after.practised))
    practice = evening.chosen.practice
    if after.practised_of != evening.practised_of:
        times = after.practised_of[practice]
        effects.append(KeepTimes(practice=practice, times=times))
    found = after.looking.found_per_min if after.looking is not None else None
    if found is not None and running is not None and evening.is_real:
        pace = replace(after.pace, way=PaceWay.SET, per_min=found)
        after = replace(after, pace=pace)
        effects.append(KeepPace(pace=pace))
    if running is not None:
        effects += _kept_or_erased(evening, running)
    if running is None or after.hour is None:
        return after, tuple(effects)
    if not after.may_keep:  # what was saved of the hour has just gone
        after = replace(after, hour=replace(after.hour, kept=()))
    on, begins = gone_on(after)
    return on, (*effects, *begins)


def _kept_or_erased(evening: Evening, running: Running) -> tuple[Effect, ...]:
    """Keep how long they sat; or erase all of tonight, also the hour's earlier ones."""
    if not evening.may_keep:
        return tuple(
            Remove(what=Erasing.SESSION, session_id=each, partner=None)
            for each in evening.kept
        )
    if not running.kept:
        return ()
    return (KeepSat(session_id=running.session_id, sat=running.sat),)


def _was_harder(evening: Evening, running: Running) -> bool:
    """Whether a harder practice was done, not a quiet evening in its place."""
    plan = evening.plan
    return plan is not None and plan.is_harder and running.blocks == plan.blocks


def _between(evening: Evening, given: Happening) -> Evening:
    """Return the evening after a session's beginning, end or trouble."""
    match given:
        case RecordingIs(trouble=trouble):
            evening = replace(evening, recording_trouble=trouble)
        case Erased() | PasscodeChosen() | PasscodeForgotten():
            evening = of_people(evening, given)
        case NamesKept(renamed=renamed):
            evening = replace(evening, renamed=renamed)
        case LockChosen(lock=lock):
            evening = with_lock(evening, lock)
        case NotKept(key=key, words=words):
            unkept = Notice(id=f"{NOT_KEPT}-{key}", key=key, detail=words)
            evening = evening.noticed(unkept)
        case LinkIs() if evening.running is not None:
            evening = linked(evening, evening.running, given)
        case LooseEndsAre(loose_ends=loose_ends):
            evening = replace(evening, loose_ends=loose_ends)
        case Fault() | PhoneCame():
            evening = _told(evening, given)
        case Leaving() | QuietOne():
            evening = _otherwise(evening, given)
    return evening


def _told(evening: Evening, given: Fault | PhoneCame) -> Evening:
    """Return the evening with what both are told of this, or are told no longer."""
    if isinstance(given, Fault):
        return evening.noticed(_notice("fault", ""))
    phone = _notice(f"phone-{given.seat}", "")
    return evening.noticed(phone) if given.is_said else evening.settled(phone.id)


def _otherwise(evening: Evening, given: Leaving | QuietOne) -> Evening:
    """Return the evening that becomes another one than was chosen."""
    if isinstance(given, Leaving):
        return ending(evening)
    return replace(evening, is_gentle=True)


def _notice(key: str, detail: str) -> Notice:
    return Notice(id=key, key=key, detail=detail)


def _broken_off(evening: Evening, words: str) -> Evening:
    """Return the evening after a fault ended its session, wherever that stood."""
    if evening.starting:
        return _not_begun(evening, words)
    if evening.running is not None:
        evening = over(evening, evening.running)
    is_kept = evening.looking is not None and evening.looking.kept
    key = "stopped-kept" if is_kept else "stopped"
    return evening.noticed(Notice(id="stopped", key=key, detail=words))


def _not_begun(evening: Evening, words: str) -> Evening:
    """Return the evening at its front door: a session that was to come will not."""
    source = Source.STRAPS if evening.source is Source.RECORDINGS else evening.source
    after = replace(
        evening,
        starting=False,
        straight=False,
        source=source,
        chosen=evening.put_by or evening.chosen,
        put_by=None,
        is_gentle=False,
        before=NOBODY,
        answered=(),
    )
    return first_screen(after.noticed(_notice("could-not-begin", words)))


def _began(
    evening: Evening, began: SessionBegan, gone_on: SessionWentOn | None = None
) -> Evening:
    running = Running(
        session_id=began.session_id,
        clock=began.clock,
        kept=began.kept,
        by_heart=evening.by_heart,
        may_find=evening.may_find_pace,
        straight=evening.straight,
        was_asked=evening.before != NOBODY,
        wished=_wishes(began.blocks) and _was_to_wish(evening),
        blocks=began.blocks,
        first=began.first,
        after=began.after,
        strapless=evening.is_strapless,
        block=None,
        pause=None,
        breath=None,
        next_breath=None,
        pacing=None,
        asks=False,
        ending=None,
        lost=Both("", ""),
        earlier=() if gone_on is None else gone_on.earlier,
    )
    plan = evening.plan if gone_on is None else gone_on.plan
    evening = with_hour(evening, running, plan)
    for said in (RADIO, *SAID_ONCE):
        evening = evening.settled(said)
    if evening.is_gentle:
        evening = evening.noticed(_notice(QUIET_ONE, ""))
    return replace(
        evening,
        straight=False,
        starting=False,
        is_gentle=False,
        before=NOBODY,
        answered=(),
        unbegun=None,
        looking=None,
        recording_trouble="",
    )


def _wishes(blocks: tuple[Block, ...]) -> bool:
    """Whether a practice asks each beforehand what would be good."""
    return bool(blocks) and blocks[0].means.is_before


def _was_to_wish(evening: Evening) -> bool:
    """Whether what was chosen asks it, too: a quiet evening comes in its place."""
    return evening.plan is None or _wishes(evening.plan.blocks)


def _under_way(evening: Evening, given: SessionBegan | SessionWentOn) -> Stepped:
    """Return the evening in its practice; whoever begins anew leaves what broke off.

    A look around with a simulated couple leaves nothing behind.
    """
    unfinished = evening.unfinished
    if isinstance(given, SessionWentOn):
        return _went_on(evening, given), ()
    began = _began(evening, given)
    said = kept_before(evening, given.session_id, kept=given.kept)
    if unfinished is None or (unfinished.is_real and not evening.is_real):
        return began, said
    left = LeaveUnfinished(session_id=unfinished.session_id)
    return replace(began, unfinished=None), (*said, left)


def _went_on(evening: Evening, on: SessionWentOn) -> Evening:
    """Return the evening where its practice broke off, with both about to go on.

    What was said then is heard once more; what it would do now was done then.
    """
    evening = replace(
        _began(chosen_then(evening, on.plan), on.began, on),
        unfinished=None,
        pauses_s=(),
        taps=on.taps,
    )
    paused = Paused(t_s=on.went_on.since_s)
    for cue in (*on.cues, on.went_on, paused):
        hear, running = _HEAR.get(type(cue)), evening.running
        if hear is not None and running is not None:
            evening, _ = hear(evening, running, cue)
    return without_quirks(evening)


def _came_back(evening: Evening, running: Running, _on: WentOn) -> Stepped:
    """Take note that coreg was away, and show so in the pause that it came back to."""
    pause = running.pause
    if pause is not None:
        pause = replace(pause, way=None, back_server_s=None, is_back=True)
    back = replace(running, pause=pause, came_back=pause is None, asks=False)
    return replace(evening, running=back), ()


def _block(evening: Evening, running: Running, began: BlockBegan) -> Stepped:
    means = meaning_of(began.kind)
    screen = Screen(means.screen)
    # Who came to see the practice is not asked about a couple's evening, and who said
    # it alone before it began is not asked once more.
    # In an hour it was said before the hour.
    is_within = evening.hour is not None and evening.hour.within is not None
    is_said = (
        running.straight or is_within or (running.was_asked and running.block is None)
    )
    if means.is_before and is_said:
        asked = replace(evening, running=replace(running, was_asked=False))
        return asked, (Do(press=Press.NEXT),)
    block = BlockNow(
        number=began.number,
        count=len(running.blocks),
        of=running.blocks[began.number],
        name=began.name,
        kind=began.kind,
        length_s=began.length_s,
        began_s=began.t_s,
    )
    said = without_quirks(evening)
    if running.block is None or not meaning_of(running.block.kind).is_private:
        said = said.settled(SLOW_ENOUGH)  # else it is still to be read by both
    if running.block is not None and meaning_of(running.block.kind).is_arrival:
        said = said.settled(QUIET_ONE)
    if not means.is_led and _was_too_slow(running, began):
        said = said.noticed(_notice(SLOW_ENOUGH, ""))
    after = replace(
        said,
        screen=screen,
        turn=_turn(running, block),
        running=replace(
            running, block=block, pacing=None, sat=_sat(running, began.t_s)
        ),
    )
    return after, ()


def _turn(running: Running, block: BlockNow) -> Partner | None:
    """Return who has the screen alone in a block, at first; mostly nobody."""
    means = meaning_of(block.kind)
    if means.asks_each:
        return Partner.A
    if not means.is_private:
        return None
    return running.first if block.of.who is Who.EACH else running.whose(block.of.who)


def _sat(running: Running, t_s: float) -> Sat:
    """Return how long both sat together, with the block that ends now."""
    left = running.block
    if left is None or running.pause is not None or left.waits:
        return running.sat
    return running.sat.and_sat(t_s - left.began_s)


def _was_too_slow(running: Running, began: BlockBegan) -> bool:
    """Whether the block until now was left, too slow for somebody, and none comes."""
    left = running.block
    if left is None or not meaning_of(left.kind).is_led:
        return False
    comes_quicker = any(
        block.means.is_led and not block.breaths_per_min <= left.of.breaths_per_min
        for block in running.blocks[began.number :]
    )
    was_left = began.t_s < left.began_s + left.length_s - _LEFT_EARLY_S
    return was_left and not comes_quicker


def _paused(evening: Evening, running: Running, paused: Paused) -> Stepped:
    if running.pause is not None:
        return evening, ()
    was_needed = not running.came_back
    pause = PauseNow(
        since_s=paused.t_s,
        way=None,
        back_server_s=None,
        held_server_s=Both(None, None),
        is_last=was_needed and _is_the_second(evening, running, paused),
        is_back=running.came_back,
        was_needed=was_needed,
    )
    held = replace(running, pause=pause, asks=False, came_back=False)
    return replace(evening, screen=Screen.PAUSE, running=held), ()


def _is_the_second(evening: Evening, running: Running, paused: Paused) -> bool:
    """Whether one of the two needed a pause before, on this day.

    Where a therapist is there, when an hour is over is for the therapist to say.
    """
    at_s = running.clock.server_s(paused.t_s)
    before = evening.needed_pause(at_s) and _is_practised(running)
    return before and not evening.with_therapist


def _is_practised(running: Running) -> bool:
    """Whether both are in the practice: a pause in it says that it was too much.

    Not where one answers or writes alone, nor in the question before it and the words
    at its end, which wait for as long as anybody likes.
    """
    if running.block is None:
        return False
    means = meaning_of(running.block.kind)
    is_apart = means.is_private or means.asks_each or means.may_talk
    return not (running.block.waits and is_apart)


def _resumed(evening: Evening, running: Running, resumed: Resumed) -> Stepped:
    if running.pause is None or running.block is None:
        return evening, ()
    stood_s = resumed.t_s - running.pause.since_s
    began_s = running.block.began_s + stood_s
    block = replace(running.block, began_s=began_s, is_done=False)
    # The door bell is no sign that it was too much, nor is Esc on a page to write on,
    # nor that coreg stopped.
    pause = running.pause
    was_needed = pause.was_needed and pause.way is not Way.SOMEONE
    needed = evening.is_real and was_needed and _is_practised(running)
    on = replace(running, pause=None, block=block)
    # Whoever had the screen alone is handed it once more.
    turn = _turn(running, block) if meaning_of(block.kind).is_private else evening.turn
    screen = Screen(meaning_of(block.kind).screen)
    pauses_s = evening.pauses_s
    if needed:
        pauses_s = (*pauses_s, running.clock.server_s(pause.since_s))
    after = replace(evening, screen=screen, running=on, pauses_s=pauses_s, turn=turn)
    return after, ()


def _turned(evening: Evening, running: Running, turned: PaceTurned) -> Stepped:
    return replace(evening, running=replace(running, pacing=turned.pacing)), ()


def _asked(evening: Evening, running: Running, _may: PossibleFlooding) -> Stepped:
    return replace(evening, running=replace(running, asks=True)), ()


def _passed(evening: Evening, running: Running, _over: FloodingPassed) -> Stepped:
    return replace(evening, running=replace(running, asks=False)), ()


def _signal_lost(evening: Evening, running: Running, lost: SignalLost) -> Stepped:
    return evening.noticed(lost_notice(lost.partner, running)), ()


def _signal_back(evening: Evening, _running: Running, back: SignalBack) -> Stepped:
    unreadable = _quirk_id(Quirk.UNREADABLE, back.partner)
    return evening.settled(lost_id(back.partner)).settled(unreadable), ()


def _quirk_id(quirk: Quirk, partner: Partner) -> str:
    return f"{QUIRK}{quirk}-{partner}"


def _quirk(evening: Evening, _running: Running, noticed: QuirkNoticed) -> Stepped:
    if noticed.quirk is Quirk.CONTACT_UNKNOWN:
        return evening, ()  # nothing to be done about it: the log and report have it
    notice = Notice(
        id=_quirk_id(noticed.quirk, noticed.partner),
        key=f"strap-of-{noticed.partner}",
        detail=quirk_words(noticed.quirk),
    )
    return evening.noticed(notice), ()


def _ended(evening: Evening, running: Running, ended: Ended) -> Stepped:
    # Who stops in a pause sat until it.
    until_s = ended.t_s if running.pause is None else running.pause.since_s
    sat = _sat(replace(running, pause=None), until_s)
    return replace(evening, running=replace(running, ending=ended.ending, sat=sat)), ()


_HEAR: dict[type[Cue], Callable[[Evening, Running, Any], Stepped]] = {
    BlockBegan: _block,
    Breath: on_light.breath,
    Glint: on_light.glint,
    Glow: on_light.glow,
    PacerStopped: on_light.stopped,
    PaceTurned: _turned,
    PossibleFlooding: _asked,
    FloodingPassed: _passed,
    Paused: _paused,
    Resumed: _resumed,
    QuirkNoticed: _quirk,
    SignalLost: _signal_lost,
    SignalBack: _signal_back,
    Ended: _ended,
    WentOn: _came_back,
}
