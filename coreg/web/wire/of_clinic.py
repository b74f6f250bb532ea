"""What a therapist's page asks and is told while no couple is there: the list of them.

Only the therapist's seat is told it, and only from it is it asked.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from coreg.exercises.home_plan import LONGEST_WHY, MOST_A_WEEK
from coreg.facts.events import Partner
from coreg.store.clinic.records import About
from coreg.web.wire.bounded import Id, Name
from coreg.web.wire.of_therapist import MOST_MARKS
from coreg.web.wire.readers import iso_day, whole, written
from coreg.web.wire.shapes import NEEDED, Limits, Otherwise

LONGEST_LABEL = 60
_TWO_DAYS_S = 2 * 24 * 3600
OfHour_s = Annotated[float, Limits(least=0, most=_TWO_DAYS_S)]
"""A time of an hour: one that broke off and went on has its gap in it, too."""
Bpm = Annotated[float, Limits(least=0, most=300)]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EditBeats:
    """Correct one heart of a session by hand: `editor` is told, to this page alone."""

    couple: Id
    session_id: Id
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldBack:
    """Keep a couple from practising together, or (`on` false) no longer."""

    couple: Id
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMark:
    """Say what one of the keys 1 to 5 stands for; empty: nothing in particular."""

    key: Annotated[int, whole(1, MOST_MARKS)]
    words: Annotated[str, written(LONGEST_LABEL)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHomePlan:
    """Read a couple's plan for home: `home-plan` is told, to this page alone."""

    couple: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepHomePlan:
    """Make a couple's plan for home, in place of the one that there is."""

    couple: Id
    practice: Id
    times_a_week: Annotated[int, whole(1, MOST_A_WEEK)]
    until: Annotated[dt.date, iso_day]
    why: Annotated[str, written(LONGEST_WHY)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHomePlan:
    """End a couple's plan for home today."""

    couple: Id


OfClinic = (
    OpenCouple
    | LeaveCouple
    | AddCouple
    | SawAlone
    | ReviewHour
    | EditBeats
    | HoldBack
    | LabelMark
    | ShowHomePlan
    | KeepHomePlan
    | EndHomePlan
)
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

    `held_back`: the therapist does not let them practise for now. `alone` says of whom
    it is noted that they were seen alone, however long ago. The last one of `hours`
    comes first.
    """

    id: Annotated[str, NEEDED]
    a: str
    b: str
    may_open: bool
    words: str
    held_back: bool
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
    `labels` are what the keys 1 to 5 stand for, empty where nobody said.
    """

    v: int
    couples: tuple[CoupleShown, ...]
    labels: tuple[str, ...]
    log: tuple[LogLineShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardNow:
    """What the two that are here told their therapist: for a console alone."""

    heard: tuple[HeardShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchShown:
    """A part of an hour (`words`), or a pause in it; seconds from its beginning."""

    start_s: Annotated[OfHour_s, NEEDED]
    end_s: Annotated[OfHour_s, NEEDED]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceStretchShown:
    """A stretch of an hour in which breaths came at one pace."""

    start_s: Annotated[OfHour_s, NEEDED]
    end_s: Annotated[OfHour_s, NEEDED]
    breaths_per_min: Annotated[float, Limits(above=0, most=60), NEEDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedShown:
    """A mark (`key` 1 to 5) or a note (0) in its time, and its words."""

    t_s: Annotated[OfHour_s, NEEDED]
    key: Annotated[int, Otherwise(0)]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartLineShown:
    """One heart of an hour: its mean rate over five seconds; null where not known."""

    partner: Annotated[Partner, NEEDED]
    name: str
    t_s: tuple[OfHour_s, ...]
    bpm: tuple[Bpm | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HourLineShown:
    """An hour as it is drawn; hearts of those who agreed to be seen by a therapist."""

    length_s: Annotated[OfHour_s, NEEDED]
    parts: tuple[StretchShown, ...]
    pauses: tuple[StretchShown, ...]
    paces: tuple[PaceStretchShown, ...]
    moments: tuple[MarkedShown, ...]
    hearts: tuple[HeartLineShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectableShown:
    """One heart of a session that may be corrected by hand, and what was so far.

    `name` is whose it is; `part` says which session of the hour, where it has several.
    """

    session_id: Annotated[str, NEEDED]
    partner: Annotated[Partner, NEEDED]
    name: str
    part: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorTold:
    """Where the editor that was asked for answers: a link that opens one page, once."""

    v: int
    link: Annotated[str, NEEDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class HourTold:
    """One hour for its therapist: drawn, along its time, and as a note to copy.

    `correctable` are the hearts of those who agreed to be seen by a therapist.
    """

    v: int
    session_id: str
    couple: str
    line: HourLineShown | None
    lines: tuple[str, ...]
    note: tuple[str, ...]
    correctable: tuple[CorrectableShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedShown:
    """A practice that a plan for home may name, and how often a week at most."""

    name: Annotated[str, NEEDED]
    title: str
    most_a_week: Annotated[int, Otherwise(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForHomeTold:
    """A couple's plan for home, empty where there is none, and what came of it.

    Another one may be of these `practices` and end on a day from `today` to `latest`,
    `usual` where nobody says otherwise.
    """

    v: int
    couple: Annotated[str, NEEDED]
    called: str
    words: str
    why: str
    came: tuple[str, ...]
    practices: tuple[PlannedShown, ...]
    today: str
    usual: str
    latest: str
