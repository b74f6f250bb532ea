"""What a session under way does to the evening; and its beginning and end."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coreg.exercises.blocks import meaning_of
from coreg.facts.both import Both
from coreg.facts.events import (
    BlockBegan,
    Breath,
    Cue,
    Ended,
    FloodingPassed,
    Glint,
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
)
from coreg.sensors.quirks.words import quirk_words
from coreg.web.evening.effects import Begin, Do, Stepped, Tell
from coreg.web.evening.happenings import (
    Erased,
    Fault,
    Happening,
    Heard,
    InTheAir,
    LinkIs,
    NotKept,
    PageCame,
    QuietOne,
    RecordingIs,
    SessionBegan,
    SessionOver,
    SessionStopped,
    Warmed,
)
from coreg.web.evening.on_straps import RADIO, linked, lost_id, lost_notice, seen
from coreg.web.evening.state import (
    BlockNow,
    Evening,
    Looking,
    Notice,
    PauseNow,
    Running,
    first_screen,
)
from coreg.web.wire.incoming import Erasing, Screen, Way
from coreg.web.wire.outgoing import BreathTold, GlintTold, PacerStoppedTold, WarmthTold

INTERRUPTED = "interrupted"
NOT_KEPT = "not-kept"
SLOW_ENOUGH = "slow-enough"
QUIET_ONE = "quiet-one"
_QUIRK = "quirk-"
# A breathing block is breathed out, so one that ends this early was left.
_LEFT_EARLY_S = 1.0


def step(evening: Evening, given: Happening, server_s: float) -> Stepped:
    """Return the evening after something that no page asked for."""
    match given:
        case Heard(cue=cue) if evening.running is not None:
            hear = _HEAR.get(type(cue))
            return hear(evening, evening.running, cue) if hear else (evening, ())
        case Warmed(value=value) if evening.warmth:
            # Where a heart may not lead, the light answers as to hearts unknown.
            shown = value if evening.by_heart else None
            return evening, (Tell(told=WarmthTold(value=shown)),)
        case PageCame() if evening.straight and not evening.is_busy:
            return replace(evening, starting=True), (Begin(),)
        case InTheAir():
            return seen(evening, given, server_s), ()
        case LinkIs() if evening.running is not None:
            return linked(evening, evening.running, given), ()
    return _between(evening, given), ()


def _between(evening: Evening, given: Happening) -> Evening:
    """Return the evening after a session's beginning, end or trouble."""
    match given:
        case SessionBegan():
            evening = _began(evening, given)
        case SessionOver() if evening.running is not None:
            evening = _over(evening, evening.running)
        case SessionStopped(words=words):
            evening = _broken_off(evening, words)
        case RecordingIs(trouble=trouble):
            evening = replace(evening, recording_trouble=trouble)
        case Erased():
            evening = _erased(evening, given)
        case NotKept(key=key, words=words):
            unkept = Notice(id=f"{NOT_KEPT}-{key}", key=key, detail=words)
            evening = evening.noticed(unkept)
        case QuietOne():
            evening = replace(evening, is_gentle=True)
        case Fault():
            evening = evening.noticed(_notice("fault", ""))
    return evening


def _notice(key: str, detail: str) -> Notice:
    return Notice(id=key, key=key, detail=detail)


def _broken_off(evening: Evening, words: str) -> Evening:
    """Return the evening after a fault ended its session, wherever that stood."""
    if evening.starting:
        return _not_begun(evening, words)
    if evening.running is not None:
        evening = _over(evening, evening.running)
    is_kept = evening.looking is not None and evening.looking.kept
    key = "stopped-kept" if is_kept else "stopped"
    return evening.noticed(Notice(id="stopped", key=key, detail=words))


def _not_begun(evening: Evening, words: str) -> Evening:
    """Return the evening at its front door: a session that was to come will not."""
    source = Source.STRAPS if evening.source is Source.RECORDINGS else evening.source
    after = replace(
        evening, starting=False, straight=False, source=source, is_gentle=False
    )
    return first_screen(after.noticed(_notice("could-not-begin", words)))


def _began(evening: Evening, began: SessionBegan) -> Evening:
    running = Running(
        session_id=began.session_id,
        clock=began.clock,
        kept=began.kept,
        straight=evening.straight,
        words=began.blocks,
        block=None,
        pause=None,
        breath=None,
        next_breath=None,
        pacing=None,
        asks=False,
        ending=None,
        lost=Both("", ""),
    )
    for over in (RADIO, "could-not-begin", "stopped", "fault", INTERRUPTED):
        evening = evening.settled(over)
    if evening.is_gentle:
        evening = evening.noticed(_notice(QUIET_ONE, ""))
    return replace(
        evening,
        straight=False,
        starting=False,
        is_gentle=False,
        running=running,
        looking=None,
        recording_trouble="",
    )


def _block(evening: Evening, running: Running, began: BlockBegan) -> Stepped:
    means = meaning_of(began.kind)
    screen = Screen(means.screen)
    if running.straight and screen is Screen.QUESTION:
        # Who came to see the practice is not asked about a couple's evening.
        return evening, (Do(press=Press.NEXT),)
    block = BlockNow(
        number=began.number,
        count=len(running.words),
        name=began.name,
        kind=began.kind,
        words=running.words[began.number],
        length_s=began.length_s,
        began_s=began.t_s,
    )
    said = _without_quirks(evening).settled(SLOW_ENOUGH)
    if running.block is not None and meaning_of(running.block.kind).is_arrival:
        said = said.settled(QUIET_ONE)
    if not means.is_led and _was_too_slow(running.block, began.t_s):
        said = said.noticed(_notice(SLOW_ENOUGH, ""))
    after = replace(
        said,
        screen=screen,
        turn=Partner.A if means.asks_each else None,
        running=replace(running, block=block, pacing=None),
    )
    return after, ()


def _was_too_slow(left: BlockNow | None, t_s: float) -> bool:
    """Whether the block until now was left, its pace being too slow for somebody."""
    if left is None or not meaning_of(left.kind).is_led:
        return False
    return t_s < left.began_s + left.length_s - _LEFT_EARLY_S


def _breath(evening: Evening, running: Running, breath: Breath) -> Stepped:
    shifted = replace(running, breath=running.next_breath, next_breath=breath)
    told = BreathTold(
        t_s=running.clock.server_s(breath.t_s),
        period_s=running.clock.length_s(breath.period_s),
        inhale_s=running.clock.length_s(breath.inhale_s),
    )
    return replace(evening, running=shifted), (Tell(told=told),)


def _stopped(evening: Evening, running: Running, stopped: PacerStopped) -> Stepped:
    still = replace(running, breath=None, next_breath=None)
    told = PacerStoppedTold(t_s=running.clock.server_s(stopped.t_s))
    return replace(evening, running=still), (Tell(told=told),)


def _glint(evening: Evening, running: Running, glint: Glint) -> Stepped:
    return evening, (Tell(told=GlintTold(t_s=running.clock.server_s(glint.t_s))),)


def _paused(evening: Evening, running: Running, paused: Paused) -> Stepped:
    pause = PauseNow(
        since_s=paused.t_s,
        way=None,
        back_server_s=None,
        held_server_s=Both(None, None),
        is_last=evening.pauses > 0 and _is_practised(running),
    )
    held = replace(running, pause=pause, asks=False)
    return replace(evening, screen=Screen.PAUSE, running=held), ()


def _is_practised(running: Running) -> bool:
    return running.block is not None and not meaning_of(running.block.kind).asks_each


def _resumed(evening: Evening, running: Running, resumed: Resumed) -> Stepped:
    if running.pause is None or running.block is None:
        return evening, ()
    stood_s = resumed.t_s - running.pause.since_s
    block = replace(running.block, began_s=running.block.began_s + stood_s)
    # The door bell is no sign that it was too much, nor is Esc on a page to write on.
    was_needed = running.pause.way is not Way.SOMEONE and _is_practised(running)
    needed = evening.is_real and was_needed
    on = replace(running, pause=None, block=block)
    screen = Screen(meaning_of(block.kind).screen)
    pauses = evening.pauses + needed
    return replace(evening, screen=screen, running=on, pauses=pauses), ()


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
    return f"{_QUIRK}{quirk}-{partner}"


def _quirk(evening: Evening, _running: Running, noticed: QuirkNoticed) -> Stepped:
    notice = Notice(
        id=_quirk_id(noticed.quirk, noticed.partner),
        key=f"strap-of-{noticed.partner}",
        detail=quirk_words(noticed.quirk),
    )
    return evening.noticed(notice), ()


def _without_quirks(evening: Evening) -> Evening:
    """Return the evening without what was said of straps: quietly, and once."""
    for notice in evening.notices:
        if notice.id.startswith(_QUIRK):
            evening = evening.settled(notice.id)
    return evening


def _ended(evening: Evening, running: Running, ended: Ended) -> Stepped:
    return replace(evening, running=replace(running, ending=ended.ending)), ()


_HEAR: dict[type[Cue], Callable[[Evening, Running, Any], Stepped]] = {
    BlockBegan: _block,
    Breath: _breath,
    Glint: _glint,
    PacerStopped: _stopped,
    PaceTurned: _turned,
    PossibleFlooding: _asked,
    FloodingPassed: _passed,
    Paused: _paused,
    Resumed: _resumed,
    QuirkNoticed: _quirk,
    SignalLost: _signal_lost,
    SignalBack: _signal_back,
    Ended: _ended,
}


def _over(evening: Evening, running: Running) -> Evening:
    evening = _without_quirks(evening).settled(SLOW_ENOUGH).settled(QUIET_ONE)
    for partner in Partner:
        evening = evening.settled(lost_id(partner))
    looking = Looking(
        session_id=running.session_id,
        kept=running.kept,
        ending=running.ending or INTERRUPTED,
        wishes=Both(None, None),
    )
    return replace(
        evening,
        screen=Screen.LOOK_BACK,
        turn=Partner.A if looking.kept else None,  # else there is nothing to wish for
        running=None,
        looking=looking,
    )


def _erased(evening: Evening, erased: Erased) -> Evening:
    """Return the evening without those who were erased."""
    gone = {
        Erasing.SESSION: (),
        Erasing.PARTNER: (erased.partner,),
        Erasing.EVERYTHING: tuple(Partner),
    }[erased.what]
    for partner in gone:
        if partner is not None:
            evening = replace(
                evening,
                names=evening.names.but(partner, partner.value),
                agreed=evening.agreed.but(partner, None),
                was_set_up=False,
                worn=evening.worn.but(partner, None),
            )
    return first_screen(replace(evening, looking=None)) if gone else evening
