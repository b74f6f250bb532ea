"""What one of the two tells a therapist who is there: by a press of their own, alone.

It goes to the therapist's book and to no page of the two; whether somebody told
anything shows nowhere but there, and the evening goes on the same either way.
"""

from typing import Final

from coreg.exercises.plan import OpenedBy
from coreg.facts.events import Partner
from coreg.store.clinic.records import About
from coreg.web.evening.effects import Stepped, TellTherapist
from coreg.web.evening.in_place import need
from coreg.web.evening.state import Answered, Evening
from coreg.web.wire.incoming import TellBefore
from coreg.web.wire.named import Screen

_AN_HOUR_ASKS: Final = Screen.WRITE


def may_tell(evening: Evening) -> bool:
    """Whether what one is asked alone now may be told to the therapist.

    That is before a practice, and where a therapist's hour asks how it was.
    """
    if not (evening.therapist_hears and evening.is_real):
        return False
    if evening.screen is Screen.GATE:
        return True
    plan = evening.plan
    is_an_hour = plan is not None and plan.opened_by is OpenedBy.THERAPIST
    return is_an_hour and evening.screen is _AN_HOUR_ASKS


def tell_before(evening: Evening, asked: TellBefore, _server_s: float) -> Stepped:
    """Tell the therapist what they should know before it begins."""
    need(evening.screen is Screen.GATE and may_tell(evening), "not-now")
    need(asked.partner is evening.turn, "not-your-turn")
    if not asked.text:
        return evening, ()
    told = TellTherapist(partner=asked.partner, about=About.BEFORE, text=asked.text)
    return evening, (told,)


def answer_told(evening: Evening, session_id: str, said: Answered) -> TellTherapist:
    """Return what tells an answer of how the hour was."""
    _need_hour(evening)
    return TellTherapist(
        partner=said.partner,
        about=About.HOUR,
        session_id=session_id,
        asked=said.words,
        value=said.value,
    )


def words_told(
    evening: Evening, session_id: str, partner: Partner, text: str
) -> TellTherapist:
    """Return what tells what somebody wrote of how the hour was."""
    _need_hour(evening)
    running = evening.running
    block = None if running is None else running.block
    return TellTherapist(
        partner=partner,
        about=About.HOUR,
        session_id=session_id,
        asked="" if block is None else block.of.words,
        text=text,
    )


def _need_hour(evening: Evening) -> None:
    need(evening.screen is _AN_HOUR_ASKS and may_tell(evening), "not-now")
