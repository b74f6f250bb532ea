"""What a step of the evening asks the service to do, each as one frozen fact."""

from dataclasses import dataclass

from coreg.facts.both import Both
from coreg.facts.events import InQuiet, Partner, Press
from coreg.store.clinic.records import About
from coreg.store.release import Wish
from coreg.web.evening.sat import Sat
from coreg.web.evening.state import Agreed, Answered, Evening, PaceChosen
from coreg.web.wire.named import Erasing, Happened, Moment
from coreg.web.wire.outgoing import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Begin a session with what was chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOnWith:
    """Go on with a session that broke off."""

    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """Press in the session."""

    press: Press


@dataclass(frozen=True, slots=True, kw_only=True)
class TapAt:
    """Tap in the session, at this moment of it."""

    partner: Partner
    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Tell every page at once."""

    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Tell the page that asked why nothing happened."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """Tell the page that asked what its person agreed to; None before a first time."""

    agreed: Agreed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepNames:
    """Keep what the two are called."""

    names: Both[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepConsent:
    """Keep what one person agreed to."""

    partner: Partner
    agreed: Agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """One person takes back what was agreed to."""

    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseAtEnd:
    """Keep which sessions are to be erased once the last of them ends, come what may.

    There are several where an hour has them; empty: none.
    """

    session_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRest:
    """Keep for how long from now on it is not the day; 0: it may be again.

    `was_said`: one of the two said so, and no choice that is made anew undoes it.
    """

    for_s: float
    was_said: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepHarder:
    """Keep for how long from now on no other harder practice comes."""

    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepLooseEnd:
    """Keep what the two said of a loose end."""

    number: int
    has_room: bool
    done: Both[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveUnfinished:
    """Keep that a session that broke off is left as it is."""

    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRating:
    """Keep how one person was, for that person."""

    partner: Partner
    session_id: str
    moment: Moment
    at_ease: int | None
    wide_awake: int | None
    myself: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAside:
    """Keep that a session stays out of what is compared over weeks; not whose."""

    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepInQuiet:
    """Keep what both said was in the quiet time of a session; not who said so."""

    session_id: str
    what: frozenset[InQuiet]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepWords:
    """Keep one person's words, for that person."""

    partner: Partner
    session_id: str
    block: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAnswer:
    """Keep what one person answered to what a practice asked, for that person."""

    session_id: str
    answered: Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepHappened:
    """Keep whether a little of what one person wished for did happen, for that one."""

    partner: Partner
    session_id: str
    happened: Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepLine:
    """Keep a line that one person reads to the other, for both."""

    partner: Partner
    session_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetLine:
    """Remove a line of both for good."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetRead:
    """Remove lines of both that one person wrote and takes back, where they are."""

    partner: Partner
    session_id: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSat:
    """Keep how long two sat together in a session, and at which pace."""

    session_id: str
    sat: Sat


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepWish:
    """Keep what one person wants to see of a session: `ours` releases it."""

    partner: Partner
    session_id: str
    whose: Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSettings:
    """Keep what holds for every evening."""

    warmth: bool
    bell: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPace:
    """Keep which pace was chosen, for the next evening."""

    pace: PaceChosen


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepTimes:
    """Keep how often two practised what says something the first times."""

    practice: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDays:
    """Keep for how many days evenings are kept."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPractised:
    """Keep how many evenings these two have practised."""

    evenings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepLearned:
    """Keep what an evening taught of a couple, unless either set it aside."""

    session_id: str
    couple: str
    pace_belief: str
    arrived_bpm: tuple[float, ...]
    usual_taps_s: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepWorn:
    """Keep which straps A and B wore, by what stays the same on another evening."""

    identities: Both[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Erase for good.

    `whole_hour`: with a session goes all of the hour that it is a part of.
    """

    what: Erasing
    session_id: str | None
    partner: Partner | None
    whole_hour: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TellTherapist:
    """Tell a therapist what one person chose to tell them, and nobody else.

    `asked` is what was asked, in English; `value` is the answer, None where words are
    all.
    """

    partner: Partner
    about: About
    session_id: str = ""
    asked: str = ""
    value: int | None = None
    text: str = ""


Keep = (
    KeepNames
    | KeepConsent
    | Withdraw
    | EraseAtEnd
    | KeepRest
    | KeepHarder
    | KeepLooseEnd
    | LeaveUnfinished
    | KeepRating
    | KeepAside
    | KeepInQuiet
    | KeepWords
    | KeepAnswer
    | KeepHappened
    | KeepLine
    | ForgetLine
    | ForgetRead
    | KeepSat
    | KeepWish
    | KeepSettings
    | KeepPace
    | KeepPractised
    | KeepTimes
    | KeepDays
    | KeepLearned
    | KeepWorn
)
Effect = (
    Begin
    | GoOnWith
    | Do
    | TapAt
    | Tell
    | Refuse
    | Reveal
    | Keep
    | Remove
    | TellTherapist
)
Stepped = tuple[Evening, tuple[Effect, ...]]
