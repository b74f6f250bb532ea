"""What a therapist's page asks and is told while no couple is there: the list of them.

Only the therapist's seat is told it, and only from it is it asked.
"""

from dataclasses import dataclass
from typing import Annotated

from coreg.facts.events import Partner
from coreg.store.clinic.records import About
from coreg.web.wire.bounded import Id, Name
from coreg.web.wire.shapes import NEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCouple:
    """Open this couple's folder, and begin an evening in it."""

    couple: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveCouple:
    """Close the folder of the couple that is here, and go back to the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCouple:
    """Enter a couple: a first name or a code each."""

    a: Name
    b: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class SawAlone:
    """Note that one of the two was seen alone today; and nothing else of it."""

    couple: Id
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHour:
    """Go over one of a couple's hours: `hour` is told, to this page alone."""

    couple: Id
    session_id: Id


OfClinic = OpenCouple | LeaveCouple | AddCouple | SawAlone | ReviewHour
"""What is asked of the clinic, and of no evening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastHourShown:
    """One of a couple's hours; `words` say when it was and what was practised."""

    id: Annotated[str, NEEDED]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardShown:
    """What one of the two told the therapist, on which day; in words, or from 0 to 10.

    `asked` is what was asked, in the language of the pages. `fell`: a wish is three
    points further away than it was in one of the four answers before.
    """

    partner: Annotated[Partner, NEEDED]
    about: Annotated[About, NEEDED]
    day: str
    asked: str
    value: int | None
    text: str
    fell: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CoupleShown:
    """A couple in the list: both names, whether they may practise, and words on that.

    `alone` says of whom it is noted that they were seen alone, however long ago.
    The last one of `hours` comes first.
    """

    id: Annotated[str, NEEDED]
    a: str
    b: str
    may_open: bool
    words: str
    alone: tuple[Partner, ...]
    hours: tuple[PastHourShown, ...]
    heard: tuple[HeardShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLineShown:
    """When something was done with the clinic, and what; never of whom."""

    utc: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicTold:
    """The couples of a clinic, while none of them is here.

    `log` is what was done with it last, the newest first.
    """

    v: int
    couples: tuple[CoupleShown, ...]
    log: tuple[LogLineShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardNow:
    """What the two that are here told their therapist: for a console alone."""

    heard: tuple[HeardShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HourTold:
    """One hour for its therapist: along its time, and as a note to copy."""

    v: int
    session_id: str
    couple: str
    lines: tuple[str, ...]
    note: tuple[str, ...]
