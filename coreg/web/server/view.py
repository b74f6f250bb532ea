"""From the evening to what a page is told: the state and the straps."""

import math
import re
from urllib.parse import quote

from coreg.exercises import ladder
from coreg.exercises.plan_blocks import NAMES_IN_WORDS, PROMPT_EVERY_S
from coreg.facts.events import Breath, Partner
from coreg.sensors.quirks.words import is_of_the_computer
from coreg.session.home_plan_words import in_short
from coreg.store.release import Said, Wish, may_see
from coreg.web.evening import on_hour, on_loose_ends
from coreg.web.evening.on_answers import asked_now
from coreg.web.evening.on_gate import scales_before
from coreg.web.evening.on_session import NOT_KEPT
from coreg.web.evening.on_straps import RADIO
from coreg.web.evening.on_therapist import may_tell
from coreg.web.evening.running import BlockNow, Running, SessionClock
from coreg.web.evening.state import Evening, Looking, Notice, Unfinished
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.wire.named import Screen, Seat
from coreg.web.wire.outgoing import (
    PROTOCOL,
    BlockShown,
    BreathShown,
    Called,
    ChoiceShown,
    HomePlanShown,
    LookShown,
    LooseEndShown,
    NoticeShown,
    OpenHourShown,
    PaceShown,
    PauseShown,
    ReadShown,
    RecordingShown,
    SatShown,
    ScaleShown,
    SettingsShown,
    State,
    StrapShown,
    UnfinishedShown,
)
from coreg.web.words import say
from coreg.words import in_words, number

HEARTS_ARE_SHOWN = frozenset({Screen.HOME})
_S_PER_MIN = 60.0
_NAME = re.compile(rf"\{{({'|'.join(NAMES_IN_WORDS)})\}}")
_MOST_TOLD = 3  # of what lies in a folder; `coreg practices` tells all


def state_of(
    evening: Evening,
    *,
    server_s: float,
    catalogue: PracticeCatalogue,
    straps: tuple[StrapSeen, ...],
) -> State:
    """Return all that the laptop of both needs to show the evening."""
    running = evening.running
    return State(
        v=PROTOCOL,
        server_s=server_s,
        screen=evening.screen,
        simulated=evening.is_simulated,
        source=evening.source,
        seed=evening.seed,
        speed=running.clock.speed if running else evening.speed,
        couple={
            partner: _called(evening, partner, name)
            for partner, name in names_of(evening).items()
        },
        turn=evening.turn,
        practice=catalogue.tonight(evening),
        choices=catalogue.shown(evening),
        without_breathing=evening.chosen.without_breathing,
        pace=PaceShown(
            way=evening.pace_way,
            per_min=evening.pace.per_min,
            in_out=evening.pace.in_out,
            may_find=evening.may_find_pace,
        ),
        first=running.first if running else evening.first,
        strapless=_is_strapless(evening),
        scales=_scales(evening),
        block=_block(evening, running),
        paused=running is not None and running.pause is not None,
        pause=_pause(running),
        breath=_breath(running, running.breath) if running else None,
        next_breath=_breath(running, running.next_breath) if running else None,
        pacing=running.pacing if running else None,
        asks=running is not None and running.asks,
        taps=evening.taps,
        notices=(*_notices(evening), *_left_out(evening, catalogue)),
        recording=_recording(evening),
        ending=evening.looking.ending if evening.looking else None,
        closing=_closing(evening.looking),
        look=_look(evening, evening.looking),
        sat=_sat(evening, evening.looking),
        read=_read(evening, evening.looking),
        lock=evening.lock,
        keep_days=evening.keep_days,
        loose_ends=tuple(
            LooseEndShown(
                number=each.number,
                partner=each.partner,
                has_room=each.has_room,
                is_over=each.is_over,
            )
            for each in on_loose_ends.shown(evening)
        ),
        home_plan=_home_plan(evening),
        unfinished=_unfinished(evening, evening.unfinished, server_s),
        seat=Seat.BOTH,
        elsewhere=False,
        phones=(),
        marks=(),
        hour=_hour(evening),
        for_therapist=(),
        with_therapist=evening.with_therapist,
        therapist_hears=may_tell(evening),
        settings=SettingsShown(
            warmth=evening.warmth,
            bell=evening.bell,
            our_pace=_may_compare_paces(evening),
            may_quit=evening.may_quit,
        ),
        straps=straps_of(evening, straps, server_s=server_s),
    )


def _home_plan(evening: Evening) -> HomePlanShown | None:
    """Return the plan for home: on Home alone, where both read it."""
    plan = evening.home_plan
    is_home = evening.is_real and evening.screen is Screen.HOME
    if plan is None or plan.practice not in evening.plans or not is_home:
        return None
    return HomePlanShown(words=in_short(plan, evening.plans), why=plan.why)


def _hour(evening: Evening) -> OpenHourShown | None:
    """Return an open hour that is under way; only a console passes it on."""
    if evening.hour is None:
        return None
    return OpenHourShown(
        is_within=evening.hour.within is not None,
        practices=on_hour.begins_within(evening),
        ways=on_hour.ways_on(evening),
    )


def _may_compare_paces(evening: Evening) -> bool:
    """Whether comparing paces is offered in the settings: not on the first evenings."""
    plan = evening.plans.get(ladder.OUR_PACE)
    return plan is not None and (
        evening.is_simulated
        or ladder.has_come(
            plan, evening.practised, with_therapist=evening.with_therapist
        )
    )


def _is_strapless(evening: Evening) -> bool:
    session = evening.running or evening.looking
    return evening.is_strapless if session is None else session.strapless


def _notices(evening: Evening) -> tuple[NoticeShown, ...]:
    """Return what is told; what was noticed with either strap is said once."""
    ids: dict[str, str] = {}
    for notice in evening.notices:
        if not _waits(evening, notice):
            ids.setdefault(say(notice.key, notice.detail), notice.id)
    return tuple(NoticeShown(id=of, words=words) for words, of in ids.items())


def _left_out(
    evening: Evening, catalogue: PracticeCatalogue
) -> tuple[NoticeShown, ...]:
    """Return which practices of one's own cannot be used: on Home, and nowhere else."""
    if evening.screen is not Screen.HOME:
        return ()
    return tuple(
        NoticeShown(id=f"practice {name}", words=say("practice-left-out", name))
        for name in catalogue.left_out[:_MOST_TOLD]
    )


def _waits(evening: Evening, notice: Notice) -> bool:
    """Whether it is said afterwards, or not at all.

    Nobody who practises can mend a disk; and whoever sits down without straps need not
    start a computer anew for Bluetooth, with the own page before them.
    """
    if notice.id == RADIO and evening.is_strapless:
        return evening.needs_no_gate or evening.screen is not Screen.HOME
    return evening.is_busy and notice.id.startswith(NOT_KEPT)


def names_of(evening: Evening) -> dict[Partner, str]:
    """Return what the two are called on every page, and on those of an evening."""
    return {partner: called(partner, name) for partner, name in evening.names.items()}


def _called(evening: Evening, partner: Partner, name: str) -> Called:
    renamed = evening.renamed[partner]
    return Called(
        name=name,
        passcode_utc=evening.passcode_utc[partner],
        renamed_utc=renamed.utc if renamed else None,
        before=called(partner, renamed.before) if renamed else None,
    )


def called(partner: Partner, name: str) -> str:
    """Return what a partner is called on the pages: the place, until there is a name.

    Examples
    --------
    >>> called(Partner.A, "Ada"), called(Partner.A, "A"), called(Partner.B, "")
    ('Ada', 'Left', 'Right')
    """
    return name if name not in {partner.value, ""} else say(f"place-{partner}")


def straps_of(
    evening: Evening, straps: tuple[StrapSeen, ...], *, server_s: float
) -> tuple[StrapShown, ...]:
    """Return the straps as they are shown; none while anybody practises."""
    if evening.screen not in HEARTS_ARE_SHOWN or evening.is_busy:
        return ()
    shows_lines = evening.shows_lines(server_s)
    return tuple(
        StrapShown(
            id=strap.id,
            name=strap.name,
            model=strap.model,
            ends=strap.ends,
            partner=_wearer(evening, strap),
            jumps=tuple(map(_known, strap.jumps)) if shows_lines else (),
            arrives=strap.arrives,
            signal=strap.signal,
            remembered=_is_as_remembered(evening, strap),
            words=_of_this_strap(strap),
        )
        for strap in straps
    )


def _of_this_strap(strap: StrapSeen) -> str:
    """Return what is said on its card; what is the computer's stands above both."""
    if is_of_the_computer(strap.words):
        return say("strap-searching")
    return strap.words or say(f"strap-{strap.signal}")


def _wearer(evening: Evening, strap: StrapSeen) -> Partner | None:
    if not evening.is_real:
        return strap.worn_by
    for partner, worn in evening.worn.items():
        if worn == strap.id:
            return partner
    return None


def _is_as_remembered(evening: Evening, strap: StrapSeen) -> bool:
    return strap.worn_by is not None and strap.worn_by is _wearer(evening, strap)


def _known(jump: float) -> float | None:
    return round(jump, 2) if math.isfinite(jump) else None


def _filled(evening: Evening, block: BlockNow, words: str) -> str:
    """Return a plan's words in the language of the pages, with both names in them."""
    running, names = evening.running, names_of(evening)
    who = running.whose(block.of.who) if running is not None else None
    speaker = who or (running.first if running is not None else Partner.A)
    places = dict(zip(NAMES_IN_WORDS, (speaker, speaker.other), strict=True))
    return _NAME.sub(lambda place: names[places[place[1]]], in_words(words))


def _block(evening: Evening, running: Running | None) -> BlockShown | None:
    if running is None or running.block is None:
        return None
    block, clock = running.block, running.clock
    return BlockShown(
        number=block.number,
        count=block.count,
        name=_filled(evening, block, block.name),
        kind=block.kind,
        words=_filled(evening, block, block.of.words),
        length_s=clock.length_s(block.length_s),
        began_server_s=clock.server_s(block.began_s),
        waits=block.waits,
        who=running.whose(block.of.who),
        speaker=_filled(evening, block, block.of.speaker),
        listener=_filled(evening, block, block.of.listener),
        prompts=tuple(_filled(evening, block, each) for each in block.of.prompts),
        prompt_s=clock.length_s(PROMPT_EVERY_S),
        choices=tuple(
            ChoiceShown(words=in_words(each.words), does=each.does)
            for each in block.of.choices
        ),
        quiet_s=clock.length_s(block.of.quiet_s),
    )


def _scales(evening: Evening) -> tuple[ScaleShown, ...]:
    partner = evening.turn
    is_before = evening.screen is Screen.GATE
    before = scales_before(evening, partner) if is_before and partner else ()
    needed = {each.scale.name for each in before if each.is_needed}
    return tuple(
        ScaleShown(
            name=each.name,
            words=in_words(each.words),
            low=in_words(each.low),
            high=in_words(each.high),
            needed=each.name in needed,
            yes_no=each.is_yes_no,
            reply=in_words(each.reply) if each.reply else "",
            reply_at_most=None if each.reply_at_most < 0 else each.reply_at_most,
            may_keep=each.may_keep,
        )
        for each in asked_now(evening)
    )


def _pause(running: Running | None) -> PauseShown | None:
    if running is None or running.pause is None:
        return None
    pause = running.pause
    return PauseShown(
        way=pause.way,
        back_server_s=pause.back_server_s,
        is_last=pause.is_last,
        is_back=pause.is_back,
    )


def _unfinished(
    evening: Evening, unfinished: Unfinished | None, server_s: float
) -> UnfinishedShown | None:
    """Return what broke off, on Home alone: in a practice it is no matter."""
    if unfinished is None or evening.is_busy or evening.screen is not Screen.HOME:
        return None
    if not evening.is_real:
        return None
    why_not = unfinished.why_not_at(server_s)
    key = (why_not or "goes on").replace(" ", "-")
    path = f"/evenings/{quote(unfinished.session_id, safe='')}/page"
    return UnfinishedShown(
        title=say(f"unfinished-{key}-title"),
        words=say(f"unfinished-{key}"),
        may_go_on=why_not is None,
        is_ready=evening.both_arrive and unfinished.is_worn,
        page=None if unfinished.is_real else path,
    )


def _closing(looking: Looking | None) -> str:
    """Return what is said at the end of an evening; mostly nothing."""
    if looking is not None and looking.needs_more:
        return say("needs-more")
    if looking is not None and looking.found_per_min is not None:
        return say("found-pace", number(looking.found_per_min, 1))
    return say("first-closing") if looking is not None and looking.is_first else ""


def _breath(running: Running, breath: Breath | None) -> BreathShown | None:
    if breath is None:
        return None
    clock: SessionClock = running.clock
    return BreathShown(
        t_s=clock.server_s(breath.t_s),
        period_s=clock.length_s(breath.period_s),
        inhale_s=clock.length_s(breath.inhale_s),
    )


def _recording(evening: Evening) -> RecordingShown:
    if evening.recording_trouble:
        return RecordingShown(ok=False, words=evening.recording_trouble)
    if not evening.is_real:
        return RecordingShown(ok=True, words=say(f"recording-{evening.source}"))
    # Whether anything is kept is said to nobody in the middle of it, neither way:
    # whoever agreed would learn that the other did not. How it works stands on Home.
    return RecordingShown(ok=True, words="")


def _sat(evening: Evening, looking: Looking | None) -> SatShown | None:
    """Return how two sat together, once nobody is asked any more."""
    if looking is None or evening.turn is not None or looking.sat.sat_s <= 0:
        return None
    sat = looking.sat
    return sat_shown(sat.sat_s, sat.breathing_s, sat.breaths_per_min)


def sat_shown(
    sat_s: float, breathing_s: float, breaths_per_min: float | None
) -> SatShown:
    """Return how two sat together, in whole minutes as people tell them."""
    return SatShown(
        minutes=round(sat_s / _S_PER_MIN),
        breathing_minutes=round(breathing_s / _S_PER_MIN),
        breaths_per_min=breaths_per_min,
    )


def _read(evening: Evening, looking: Looking | None) -> tuple[ReadShown, ...]:
    """Return what is read to one another; nobody's while somebody is still asked."""
    if looking is None or evening.turn is not None:
        return ()
    return tuple(
        ReadShown(partner=partner, text=text) for partner, text in looking.read
    )


def _look(evening: Evening, looking: Looking | None) -> LookShown | None:
    # What is asked of each alone is the same whatever the other agreed to.
    if looking is None or not (looking.kept or evening.turn):
        return None
    said = {
        partner: Said(
            wish=looking.wish(partner),
            shows=agreed is not None and agreed.show_partner,
        )
        for partner, agreed in evening.agreed.items()
    }
    # What the first one wished is nothing to the second. And nobody has to be asked
    # about simulated hearts; but shown is what was chosen.
    both_chose = all(each.wish is Wish.OURS for each in said.values())
    is_open = (
        evening.turn is None
        and both_chose
        and may_see(evening.source, said.__getitem__, None)
    )
    path = f"/evenings/{looking.session_id}/page"
    return LookShown(
        session_id=looking.session_id,
        page=path if is_open else None,
        wished=looking.wished,
        had_quiet=looking.had_quiet,
    )
