"""What the straps do to the evening: whose they are, and what is wrong with them."""

from dataclasses import replace

from coreg.facts.both import Both
from coreg.facts.events import Partner, Stream
from coreg.sensors.quirks.words import is_of_the_computer
from coreg.web.evening.happenings import InTheAir, LinkIs
from coreg.web.evening.running import Running
from coreg.web.evening.state import MAIN_PRACTICE, Evening, Notice
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.wire.named import Screen

RADIO = "radio"
BREATHS_UNSEEN = "breaths-unseen"
LOST = "lost-"
"""How the names of all notices begin that nothing arrives from a strap."""
LINES_S = 60.0
"""How long lines tell which strap is whose; then they are gone until asked for."""


def lost_id(partner: Partner) -> str:
    """Return the name of the notice that nothing arrives from a strap."""
    return f"{LOST}{partner}"


def lost_notice(partner: Partner, running: Running) -> Notice:
    """Return the notice that a strap is silent, with the radio's reason if known."""
    words = running.lost[partner]
    if not words:
        return Notice(id=lost_id(partner), key=f"strap-lost-{partner}", detail="")
    if is_of_the_computer(words):
        return Notice(id=lost_id(partner), key=RADIO, detail=words)
    return Notice(id=lost_id(partner), key=f"strap-of-{partner}", detail=words)


def linked(evening: Evening, running: Running, link: LinkIs) -> Evening:
    """Return the evening with the words for a lost strap, said once it is missed."""
    lost = running.lost.but(link.partner, link.words)
    running = replace(running, lost=lost)
    evening = replace(evening, running=running)
    is_missed = any(each.id == lost_id(link.partner) for each in evening.notices)
    if not link.words or not is_missed:
        return evening
    notice = lost_notice(link.partner, running)
    return replace(
        evening,
        notices=tuple(notice if n.id == notice.id else n for n in evening.notices),
    )


def seen(evening: Evening, air: InTheAir, server_s: float) -> Evening:
    """Return the evening with what is in the air, and whose it is."""
    given = _given(evening, air, server_s)
    return _as_before(_with_what_is_seen(given, air.straps), air.straps)


def _seeing(evening: Evening, air: InTheAir) -> frozenset[str]:
    """Return which straps can see a breath: one that is away does not unlearn it."""
    known = {each.id for each in air.straps if each.sees_breath is not None}
    now = {each.id for each in air.straps if each.sees_breath}
    return (evening.seeing - known) | now


def _with_what_is_seen(evening: Evening, straps: tuple[StrapSeen, ...]) -> Evening:
    """Return the evening with the usual practice where a light could follow nobody.

    Of straps that have not said yet what they can, it waits to hear.
    """
    if not evening.is_real or evening.is_busy or not evening.both_arrive:
        return evening
    if evening.may_offer(evening.chosen.practice):
        return evening
    waits = any(each.id in evening.worn and each.sees_breath is None for each in straps)
    is_agreed = all(Stream.ACCELERATION in each for each in evening.measured)
    if is_agreed and waits:
        return evening
    usual = replace(evening.chosen, practice=MAIN_PRACTICE)
    notice = Notice(id=BREATHS_UNSEEN, key=BREATHS_UNSEEN, detail="")
    return evening.choosing(usual).noticed(notice)


def _given(evening: Evening, air: InTheAir, server_s: float) -> Evening:
    """Return the evening with straps given to those whose they most likely are.

    What a person said is never changed: only who has none gets the strap that is
    remembered; and where nobody has one, the only two are A's and B's, to be swapped.
    """
    words = "" if evening.is_busy else air.trouble
    arriving = frozenset(strap.id for strap in air.straps if strap.arrives)
    evening = replace(
        evening.settled(RADIO), arriving=arriving, seeing=_seeing(evening, air)
    )
    if words:
        evening = evening.noticed(Notice(id=RADIO, key=RADIO, detail=words))
    if not evening.is_real or evening.is_busy:
        return evening
    for strap in air.straps:
        if strap.worn_by is None or strap.id in evening.worn:
            continue
        if evening.worn[strap.worn_by] is None:
            worn = evening.worn.but(strap.worn_by, strap.id)
            evening = replace(evening, worn=worn)
    strangers = all(each.has_said_who and each.worn_by is None for each in air.straps)
    if len(air.straps) == 2 and strangers and evening.worn == (None, None):
        a, b = sorted(strap.id for strap in air.straps)
        evening = replace(evening, worn=Both(a, b))
    if evening.lines_until_s is None and _is_unsure(evening, air.straps):
        return replace(evening, lines_until_s=server_s + LINES_S)
    return evening


def _as_before(evening: Evening, straps: tuple[StrapSeen, ...]) -> Evening:
    """Return the evening that knows whether both wear what they wore when it broke off.

    Other straps, or each the other's, are other hearts in one recording.
    """
    if evening.unfinished is None:
        return evening
    known = {strap.id: strap.identity for strap in straps}
    now = tuple(known.get(worn or "", "") for worn in evening.worn)
    is_worn = all(now) and now == tuple(evening.unfinished.worn)
    return replace(evening, unfinished=replace(evening.unfinished, is_worn=is_worn))


def _is_unsure(evening: Evening, straps: tuple[StrapSeen, ...]) -> bool:
    """Whether a heart is heard from a strap whose wearer is unknown."""
    return evening.screen is Screen.HOME and any(
        strap.arrives and strap.worn_by is None for strap in straps
    )
