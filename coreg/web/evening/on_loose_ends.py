"""Loose ends: one offers, the other has room, and it is over once it is so for both.

Nobody is told what it is, since when it has been there, or how many there are. What
either says to it takes their own passcode: nobody has room for the other. That there is
no room yet is said to nobody, and nothing changes by it: the line both see stays as it
was. Nor is it told for whom of them it is over, before it is so for both.
"""

from dataclasses import replace

from coreg.facts.events import Partner
from coreg.store.release import LooseEnd
from coreg.web.evening.effects import KeepLooseEnd, Stepped
from coreg.web.evening.in_place import OutOfPlace, need
from coreg.web.evening.state import Evening
from coreg.web.wire.incoming import (
    LooseEndIs,
)
from coreg.web.wire.named import Screen

LOOSE_END = "loose-end"
"""What something that still hurts is kept as, among one's own words."""
LOOSE_ENDS_ARE_SHOWN = frozenset({Screen.HOME, Screen.EVENINGS})


def shown(evening: Evening) -> tuple[LooseEnd, ...]:
    """Return what is shown: what is open at Home, and beside it what is over.

    Of each person one of either, so that no page counts them: of what is open, the
    one there is room for before any other; of what is over, the last.
    """
    if evening.is_busy or not evening.is_real:
        return ()
    if evening.screen not in LOOSE_ENDS_ARE_SHOWN:
        return ()
    found: list[LooseEnd] = []
    for partner in Partner:
        ends = [each for each in evening.loose_ends if each.partner is partner]
        opened = [each for each in ends if not each.is_over]
        found += sorted(opened, key=lambda each: not each.has_room)[:1]
        if evening.screen is Screen.EVENINGS:
            found += [each for each in ends if each.is_over][-1:]
    return tuple(sorted(found, key=lambda each: each.number))


def loose_end_is(evening: Evening, asked: LooseEndIs, _server_s: float) -> Stepped:
    """Take what one of the two says of a loose end."""
    need(evening.screen in LOOSE_ENDS_ARE_SHOWN, "not-now")
    before = next((one for one in shown(evening) if one.number == asked.number), None)
    if before is None:
        raise OutOfPlace("no-such-line")
    after = before
    if asked.has_room is not None:
        # Whether there is room says the one who is to listen, and nobody for them.
        need(asked.partner is not before.partner, "not-your-turn")
        after = replace(after, has_room=asked.has_room)
    if asked.done is not None:
        # Nothing is over before it was heard; either may open it again.
        need(before.has_room, "not-now")
        after = replace(after, done=after.done.but(asked.partner, asked.done))
    others = tuple(
        after if each.number == after.number else each for each in evening.loose_ends
    )
    keep = KeepLooseEnd(number=after.number, has_room=after.has_room, done=after.done)
    return replace(evening, loose_ends=others), (keep,)
