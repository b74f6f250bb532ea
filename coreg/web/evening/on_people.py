"""What becomes of the evening where somebody's things come or go, and of its lock."""

from dataclasses import replace

from coreg.exercises import ladder
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.web.evening.happenings import Erased, PasscodeChosen, PasscodeForgotten
from coreg.web.evening.on_gate import without_unbegun
from coreg.web.evening.state import Evening, first_screen
from coreg.web.wire.named import Erasing, LockIs, Screen


def of_people(
    evening: Evening, given: Erased | PasscodeChosen | PasscodeForgotten
) -> Evening:
    """Return the evening after something of one of the two came or went."""
    if isinstance(given, Erased):
        return replace(_erased(evening, given), unbegun=None)
    # Said under no passcode, or under one that is forgotten: no other one opens it.
    evening = without_unbegun(evening, given.partner)
    if isinstance(given, PasscodeChosen):
        return _with_passcode(evening, given.partner, given.utc)
    # What was agreed to went with it, and nothing shows that it did.
    evening = replace(
        evening,
        agreed=evening.agreed.but(given.partner, None),
        was_set_up=evening.was_set_up or evening.is_set_up,
    )
    return _with_passcode(evening, given.partner, None)


def with_lock(evening: Evening, lock: LockIs) -> Evening:
    """Return the evening after both chose; a recovery key is read before going on."""
    evening = replace(evening, lock=lock)
    is_asked = evening.screen is Screen.LOCK
    return first_screen(evening) if is_asked and lock is LockIs.OPEN else evening


def _with_passcode(evening: Evening, partner: Partner, utc: str | None) -> Evening:
    return replace(evening, passcode_utc=evening.passcode_utc.but(partner, utc))


def _erased(evening: Evening, erased: Erased) -> Evening:
    """Return the evening without those who were erased."""
    gone = {
        Erasing.SESSION: (),
        Erasing.PARTNER: (erased.partner,),
        Erasing.EVERYTHING: tuple(Partner),
    }[erased.what]
    if erased.what is Erasing.EVERYTHING:
        # The keys went, too, and whoever comes next is here for the first time.
        chosen = replace(evening.chosen, practice=ladder.offered(0))
        evening = replace(evening, lock=LockIs.UNASKED, practised=0, chosen=chosen)
    if gone and evening.home_plan is not None:  # it was a plan of both
        chosen = replace(evening.chosen, practice=ladder.offered(0))
        evening = replace(evening, chosen=chosen, home_plan=None, home_plan_rests=False)
    for partner in gone:
        if partner is not None:
            evening = replace(
                evening,
                names=evening.names.but(partner, partner.value),
                agreed=evening.agreed.but(partner, None),
                was_set_up=False,
                worn=evening.worn.but(partner, None),
            )
            evening = _with_passcode(evening, partner, None)
    if not gone:
        return evening
    # A no that runs stays until it runs out: erasing would ask it away.
    return first_screen(
        replace(
            evening,
            looking=None,
            unfinished=None,
            renamed=Both(None, None),
        )
    )
