"""What a page may ask, word for word: typed, checked, and nothing of who asked.

Strategy. Each message is a frozen dataclass, and that is its definition: from the types
of its fields follow the readers that turn JSON into values or refuse it, and the table
in docs/web-messages.md. `parse` accepts exactly these fields and no others, so what
gets past it needs no second look; any may bear a number, `id`, to be answered by. No
message says who pressed: whoever holds the laptop may pause, and nobody can be asked
about it later.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Annotated, Any, Literal, get_type_hints

from coreg.base.bounds import BadText, json_of
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan import Length
from coreg.facts.events import Partner, Press, Source
from coreg.store.release import Wish
from coreg.web.wire.readers import (
    BadMessage,
    Reader,
    minutes,
    name,
    or_none,
    pace,
    reader_of,
    text,
    whole,
    written,
)

LARGEST_MESSAGE_BYTES = 64 * 1024  # the longest words, all letters escaped
LONGEST_WORDS = 4000
LARGEST_SEED = 2**32 - 1
_LARGEST_ID = 2**53  # beyond it a page's numbers are no longer whole


class Screen(StrEnum):
    """What the pages show."""

    WELCOME = "welcome"
    CONSENT = "consent"
    NOT_YET = "not-yet"
    HOME = "home"
    FIT = "fit"
    GATE = "gate"
    QUESTION = "question"
    ARRIVE = "arrive"
    BREATHE = "breathe"
    REST = "rest"
    WORDS = "words"
    PAUSE = "pause"
    LOOK_BACK = "look-back"
    EVENINGS = "evenings"
    SETTINGS = "settings"


class Way(StrEnum):
    """A way on from a pause."""

    NEAR = "near"
    APART = "apart"
    SOMEONE = "someone"
    FINISH = "finish"


class GateAnswer(StrEnum):
    """An answer to "is this all right for you today?"."""

    YES = "yes"
    GENTLER = "gentler"
    NOT_TODAY = "not-today"


class Choice(StrEnum):
    """An answer to "would you like this?"; *not now* needs no reason."""

    YES = "yes"
    NOT_NOW = "not-now"


class Moment(StrEnum):
    """When somebody said how they were."""

    BEFORE = "before"
    AFTER = "after"


class PaceWay(StrEnum):
    """Who sets the pace of the breath."""

    FIND = "find"  # both hearts, where both agreed
    SIX = "six"
    SET = "set"


class Erasing(StrEnum):
    """What is to be erased."""

    SESSION = "session"
    PARTNER = "partner"
    EVERYTHING = "everything"


Words = Annotated[str, written(LONGEST_WORDS)]
Name = Annotated[str, name]
Id = Annotated[str, text(64)]
Score = Annotated[int, whole(0, 10)]

# --- messages -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """How late is the server's clock? Answered at once."""

    id: Annotated[int, whole(0, _LARGEST_ID)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """Somebody pressed; who is not in it."""

    press: Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Before a practice, each alone: whether it is all right today. It is not kept."""

    partner: Partner
    answer: GateAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """On a pause: A's or B's own button is held, still or anew, or is let go."""

    partner: Partner
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """Somebody answered a glint, on this partner's side of the keyboard."""

    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseWay:
    """How the pause is spent."""

    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One person's own answer. *Not now* is kept nowhere."""

    partner: Partner
    choice: Choice
    adult: bool
    record: bool
    show_partner: bool
    heart_rhythm: bool
    see_doctor: bool
    find_pace: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnConsent:
    """One person, alone, reads what that person agreed to."""

    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the two are called on the pages."""

    A: Name
    B: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Which practice tonight; what is left out stays as it is."""

    practice: Id
    minutes: Annotated[float, minutes] | None
    length: Length | None
    without_breathing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePace:
    """With the breath tonight, at which pace, and how shared between in and out."""

    way: PaceWay
    per_min: Annotated[float, pace]
    in_out: InOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Lively:
    """What moves a heart is lively, not too much: nobody has to be asked further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseSource:
    """Real straps, or a simulated couple (of a seed)."""

    source: Source
    seed: Annotated[int, whole(0, LARGEST_SEED)] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """Somebody says which partner wears a strap."""

    strap_id: Id
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Show for a minute which strap is tapped, or no more: it is clear now."""

    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """The straps are the other way round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """Show another screen, where that is possible; consent is one person's own."""

    screen: Screen
    partner: Partner | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Begin the practice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How one person is, privately; nothing has to be said.

    `awake` is the Karolinska sleepiness scale as it is: 1 extremely alert to 9
    fighting sleep (Akerstedt & Gillberg 1990).
    """

    partner: Partner
    moment: Moment
    at_ease: Score | None
    awake: Annotated[int, whole(1, 9)] | None
    myself: Score | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Tonight is not like other evenings for one of the two; which way is not asked."""

    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """One person's own words, for that person alone."""

    partner: Partner
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one person wants to see of the evening."""

    partner: Partner
    whose: Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The breath is heard, or only seen."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for every evening; either may decline the warmth."""

    sound: bool
    warmth: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveTaps:
    """Glints are given to be answered, from the next practice on; or none."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """Take something away for good."""

    what: Erasing
    session_id: Id | None
    partner: Partner | None
    confirm: Literal["erase"]


Message = (
    Ping
    | Pressing
    | Gate
    | Hold
    | Tap
    | PauseWay
    | Consent
    | OwnConsent
    | Names
    | Choose
    | ChoosePace
    | Lively
    | ChooseSource
    | Assign
    | Lines
    | Swap
    | Go
    | Start
    | Rating
    | Aside
    | OwnWords
    | Look
    | Sound
    | Settings
    | GiveTaps
    | Erase
)

TYPES: dict[str, type[Message]] = {
    "ping": Ping,
    "press": Pressing,
    "gate": Gate,
    "hold": Hold,
    "tap": Tap,
    "pause-way": PauseWay,
    "consent": Consent,
    "own-consent": OwnConsent,
    "names": Names,
    "choose": Choose,
    "pace": ChoosePace,
    "lively": Lively,
    "source": ChooseSource,
    "assign": Assign,
    "lines": Lines,
    "swap": Swap,
    "go": Go,
    "start": Start,
    "rating": Rating,
    "aside": Aside,
    "words": OwnWords,
    "look": Look,
    "sound": Sound,
    "settings": Settings,
    "taps": GiveTaps,
    "erase": Erase,
}


def _readers(kind: type[Message]) -> dict[str, Reader[Any]]:
    hints = get_type_hints(kind, include_extras=True)
    return {each.name: reader_of(hints[each.name]) for each in fields(kind)}


NUMBER = or_none(whole(0, _LARGEST_ID))
_READERS = {kind: _readers(kind) for kind in TYPES.values()}


def parse(text: str) -> Message:
    """Return the message that a page sent.

    Raises
    ------
    BadMessage
        Saying what is wrong with it; nothing but `BadMessage` is ever raised.

    Examples
    --------
    >>> parse('{"type": "press", "press": "pause"}')
    Pressing(press=<Press.PAUSE: 'pause'>)
    """
    given = object_of(text)
    name = given.pop("type", None)
    NUMBER(None if name == "ping" else given.pop("id", None))
    kind = TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BadMessage("is of an unknown type")
    readers = _READERS[kind]
    for key in given:
        if key not in readers:
            raise BadMessage(f"{name} has no such field")
    values = {}
    for key, read in readers.items():
        try:
            values[key] = read(given.get(key))
        except BadMessage as error:
            raise BadMessage(f"{name}: {key} {error}") from None
    return kind(**values)


def object_of(text: str) -> dict[str, Any]:
    """Return the JSON object in a page's text, or refuse it."""
    try:
        given = json_of(text, LARGEST_MESSAGE_BYTES)
    except BadText as error:
        raise BadMessage(str(error)) from None
    if not isinstance(given, dict):
        raise BadMessage("is no JSON object")
    return given
