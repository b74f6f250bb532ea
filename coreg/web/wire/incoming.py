"""What a page may ask, word for word: typed, checked, and nothing of who asked.

Strategy. Each message is a frozen dataclass, and that is its definition: from the types
of its fields follow the readers that turn JSON into values or refuse it, and the table
in docs/web-messages.md. `parse` accepts exactly these fields and no others, so what
gets past it needs no second look; any may bear a number, `id`, to be answered by. No
message says who pressed: whoever holds the laptop may pause, and nobody can be asked
about it later.
"""

from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal, get_type_hints

from coreg.base.bounds import BadText, json_of
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan_blocks import Does, Length
from coreg.facts.events import Partner, Press, Source
from coreg.store.release import Wish
from coreg.web.wire.bounded import (
    LARGEST_ID,
    LARGEST_SEED,
    LONGEST_WORDS,
    Id,
    LineNumber,
    Name,
    Score,
    Words,
)
from coreg.web.wire.named import (
    Choice,
    Erasing,
    GateAnswer,
    Moment,
    OnwardWay,
    PaceWay,
    Screen,
    Way,
)
from coreg.web.wire.of_afterwards import ItHappened, SayInQuiet
from coreg.web.wire.of_clinic import (
    AddCouple,
    EditBeats,
    EndHomePlan,
    HoldBack,
    KeepHomePlan,
    LabelMark,
    LeaveCouple,
    OfClinic,
    OpenCouple,
    ReviewHour,
    SawAlone,
    ShowHomePlan,
)
from coreg.web.wire.of_own import (
    AskHere,
    BringOwnLine,
    ChangeOwnLine,
    ChoosePasscode,
    ChoosePassphrase,
    DeleteOwnLine,
    EnterPasscode,
    ForgetPasscode,
    KeepOwnWish,
    LockAgain,
    LockNow,
    NoLock,
    OfferLooseEnd,
    ReadOwnLines,
    Recover,
    SayHappened,
    ShowOwnWish,
    Unlock,
    WriteLooseEnd,
)
from coreg.web.wire.of_therapist import BeginWithin, HourOn, Mark, Note
from coreg.web.wire.readers import (
    BadMessage,
    Reader,
    minutes,
    or_none,
    pace,
    reader_of,
    server_moment_s,
    whole,
    written,
)

LARGEST_MESSAGE_BYTES = 64 * 1024  # the longest words, all letters escaped


# --- messages -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """How late is the server's clock? Answered at once."""

    id: Annotated[int, whole(0, LARGEST_ID)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """Somebody pressed; who is not in it."""

    press: Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Before a practice, each alone: whether it is all right today. It is not kept.

    With it comes what that one says before it, of which nothing has to be said: words,
    how they are (as in `Rating`), and that today is unlike other days (as in `Aside`).
    That is kept for them once the practice begins.
    """

    partner: Partner
    answer: GateAnswer
    text: Annotated[str, written(LONGEST_WORDS)] | None = None
    aside: bool | None = None
    at_ease: Score | None = None
    wide_awake: Score | None = None
    myself: Score | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """On a pause: A's or B's own button is held, still or anew, or is let go."""

    partner: Partner
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """Somebody answered a glint, on this partner's side of the keyboard.

    A page that knows the server's time says when: its line takes longer on a phone.
    """

    partner: Partner
    at_server_s: Annotated[float, server_moment_s] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseWay:
    """How the pause is spent."""

    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One person's own answer. *Not now* is kept nowhere.

    What a strap may measure beside heartbeats is a no where it is left out.
    """

    partner: Partner
    choice: Choice
    adult: bool
    record: bool
    show_partner: bool
    heart_rhythm: bool
    see_doctor: bool
    find_pace: bool
    show_therapist: bool
    movement: bool | None = None
    ecg: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnConsent:
    """One person, alone, reads what that person agreed to."""

    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEndIs:
    """Once unlocked: one has room for a loose end of the other's; or is done with it.

    Or not after all. What is null stays as it is.
    """

    number: LineNumber
    partner: Partner
    has_room: bool | None
    done: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the two are called on the pages."""

    A: Name
    B: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Which practice tonight, and who has the first place; what is left out stays."""

    practice: Id
    minutes: Annotated[float, minutes] | None
    length: Length | None
    without_breathing: bool
    first: Partner | None = None


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
    """Begin the practice; without straps, where it needs none and so it is wanted.

    `right_now`: this one hurts, and it is *Right now* that begins, whatever is chosen.
    """

    without_straps: bool | None = None
    right_now: Partner | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """Go on with the practice that broke off, look back at it, or leave it as it is."""

    way: OnwardWay


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How one person is, privately; nothing has to be said. More is more.

    `wide_awake` is 0 nearly asleep to 10 wide awake. A page of coreg 0.1 sends `awake`
    instead, which runs the other way round, and is refused.
    """

    partner: Partner
    moment: Moment
    at_ease: Score | None
    wide_awake: Score | None
    myself: Score | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One person's own answer, from 0 to 10, to what a practice asks; `name` says what.

    To a question of yes or no it is 1 or 0.
    On the page before a practice, in a part that one has alone, or on the page after.
    `shared`: their therapist may read it, too, where a therapist's hour asks.
    """

    partner: Partner
    name: Id
    value: Score
    shared: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TellBefore:
    """Before a practice, one person tells the therapist something, and nobody else."""

    partner: Partner
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Whoever has a part alone is done with it; `does` is what comes of it."""

    partner: Partner
    does: Does


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Tonight is not like other evenings for one of the two; which way is not asked."""

    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """One person's own words, for that person alone.

    `still_hurts`: they go to what still hurts, where the practice asked whether
    something does, and belong to no evening. `shared`: as in `Answer`.
    """

    partner: Partner
    text: Words
    still_hurts: bool | None = None
    shared: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAloud:
    """One person reads a line to the other: it is of both from then on."""

    partner: Partner
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLine:
    """Either removes a line of both, for good."""

    number: LineNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one person wants to see of the evening: it is that one's last answer."""

    partner: Partner
    whose: Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for every evening; either may decline the warmth, or the bell."""

    warmth: bool
    bell: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepFor:
    """Evenings older than so many days are erased; with 0 they stay."""

    days: Annotated[int, whole(0, 365)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """Take something away for good."""

    what: Erasing
    session_id: Id | None
    partner: Partner | None
    confirm: Literal["erase"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quit:
    """Somebody ends the program, where no terminal could; not while practising."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForTherapists:
    """Somebody opens a therapist's own program, too; not while practising."""


Message = (
    Ping
    | Pressing
    | Gate
    | Hold
    | Tap
    | PauseWay
    | Consent
    | OwnConsent
    | ChoosePasscode
    | EnterPasscode
    | ForgetPasscode
    | LockAgain
    | ChoosePassphrase
    | NoLock
    | Unlock
    | Recover
    | LockNow
    | OfClinic
    | ReadOwnLines
    | ChangeOwnLine
    | DeleteOwnLine
    | SayHappened
    | KeepOwnWish
    | ShowOwnWish
    | BringOwnLine
    | WriteLooseEnd
    | OfferLooseEnd
    | AskHere
    | Mark
    | Note
    | BeginWithin
    | HourOn
    | LooseEndIs
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
    | Onward
    | Rating
    | TellBefore
    | Answer
    | Done
    | ItHappened
    | SayInQuiet
    | Aside
    | OwnWords
    | ReadAloud
    | RemoveLine
    | Look
    | Settings
    | KeepFor
    | Erase
    | Quit
    | ForTherapists
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
    "choose-passcode": ChoosePasscode,
    "enter-passcode": EnterPasscode,
    "forget-passcode": ForgetPasscode,
    "lock-again": LockAgain,
    "choose-passphrase": ChoosePassphrase,
    "no-lock": NoLock,
    "unlock": Unlock,
    "recover": Recover,
    "lock-now": LockNow,
    "own-lines": ReadOwnLines,
    "change-own-line": ChangeOwnLine,
    "delete-own-line": DeleteOwnLine,
    "say-happened": SayHappened,
    "own-wish": KeepOwnWish,
    "show-own-wish": ShowOwnWish,
    "bring-own-line": BringOwnLine,
    "write-loose-end": WriteLooseEnd,
    "offer-loose-end": OfferLooseEnd,
    "ask-here": AskHere,
    "open-couple": OpenCouple,
    "leave-couple": LeaveCouple,
    "add-couple": AddCouple,
    "saw-alone": SawAlone,
    "review-hour": ReviewHour,
    "edit-beats": EditBeats,
    "hold-back": HoldBack,
    "label-mark": LabelMark,
    "show-home-plan": ShowHomePlan,
    "keep-home-plan": KeepHomePlan,
    "end-home-plan": EndHomePlan,
    "mark": Mark,
    "note": Note,
    "begin-within": BeginWithin,
    "hour-on": HourOn,
    "loose-end": LooseEndIs,
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
    "onward": Onward,
    "rating": Rating,
    "tell-before": TellBefore,
    "answer": Answer,
    "done": Done,
    "happened": ItHappened,
    "in-quiet": SayInQuiet,
    "aside": Aside,
    "words": OwnWords,
    "read-aloud": ReadAloud,
    "remove-line": RemoveLine,
    "look": Look,
    "settings": Settings,
    "keep-for": KeepFor,
    "erase": Erase,
    "quit": Quit,
    "for-therapists": ForTherapists,
}


def _readers(kind: type[Message]) -> dict[str, Reader[Any]]:
    hints = get_type_hints(kind, include_extras=True)
    return {each.name: reader_of(hints[each.name]) for each in fields(kind)}


NUMBER = or_none(whole(0, LARGEST_ID))
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
