"""Whose a page is: what each seat is told of the evening, and what it may ask.

Strategy.

1. The evening is told once, as the laptop that two share is told it (view.py). What any
   other seat is told is less, never more: `seen_from` passes on what `TOLD_TO` names. A
   new field of the state is nothing to a phone or a console until it is named there.
2. What may be asked is named seat by seat, too: a message that is in no list is taken
   from the laptop alone. What is one person's own is taken from that one's phone for
   that one, never for the other.
3. While a phone has somebody's place, what is asked of that one alone is asked there
   (`held`), and the laptop neither shows it nor answers it.

Pure: from facts to facts.
"""

from collections.abc import Collection
from dataclasses import replace

from coreg.exercises.blocks import meaning_of
from coreg.facts.events import Partner, Press
from coreg.facts.kinds import STEERING
from coreg.web.evening.on_straps import LOST
from coreg.web.server.nothing_told import NOTHING
from coreg.web.wire.incoming import (
    Answer,
    Aside,
    Assign,
    Choose,
    Consent,
    Done,
    Gate,
    Go,
    Hold,
    Lines,
    Lively,
    Look,
    Message,
    Names,
    OwnConsent,
    OwnWords,
    PauseWay,
    Ping,
    Pressing,
    Rating,
    ReadAloud,
    Start,
    Swap,
    Tap,
    TellBefore,
)
from coreg.web.wire.named import Screen, Seat
from coreg.web.wire.of_afterwards import ItHappened, SayInQuiet
from coreg.web.wire.of_own import (
    AskHere,
    BringOwnLine,
    ChangeOwnLine,
    ChoosePasscode,
    DeleteOwnLine,
    EnterPasscode,
    KeepOwnWish,
    LockAgain,
    OfferLooseEnd,
    ReadOwnLines,
    SayHappened,
    ShowOwnWish,
    WriteLooseEnd,
)
from coreg.web.wire.of_therapist import Mark, Note, OfHour, OfTherapist
from coreg.web.wire.outgoing import (
    NOBODY,
    BlockShown,
    Called,
    Hearts,
    State,
    StrapShown,
    Told,
    WarmthTold,
)

OWN_SEATS = {Seat.A: Partner.A, Seat.B: Partner.B}
"""The seats of one person's own, and whose they are."""

# What one is asked alone, or says of what is one's own.
_ALONE = (
    Gate
    | Consent
    | OwnConsent
    | Rating
    | TellBefore
    | Answer
    | Done
    | Aside
    | OwnWords
    | ReadAloud
    | Look
    | ItHappened
    | SayInQuiet
)
_OWN_THINGS = (
    ChoosePasscode
    | EnterPasscode
    | LockAgain
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
)
_TOGETHER = Pressing | PauseWay | Hold | Tap | Lively
_OF_A_PHONE = _ALONE | _OWN_THINGS | _TOGETHER | Go
_OF_A_THERAPIST = (
    Pressing
    | Choose
    | Start
    | Assign
    | Swap
    | Lines
    | Names
    | Go
    | Mark
    | Note
    | OfHour
)
_GOES_TO = {
    Seat.A: {Screen.CONSENT, Screen.HOME, Screen.WELCOME},
    Seat.B: {Screen.CONSENT, Screen.HOME, Screen.WELCOME},
    Seat.THERAPIST: {Screen.HOME},
}


def why_not(
    message: Message,
    seat: Seat,
    *,
    turn: Partner | None,
    held: Collection[Partner],
    cared_for: Partner | None = None,
) -> str | None:
    """Return why a seat may not ask this; None where it may.

    `turn` is who is asked alone now, and `held` whose places phones have. `cared_for`
    is who is given what would help in the part under way: whether it does is said on
    that one's phone or on the laptop, never on the other one's phone.
    """
    if isinstance(message, Ping):
        return None
    if seat is Seat.BOTH:
        return _why_not_here(message, held)
    if not _is_of(message, seat, turn):
        return "not-at-this-seat"
    owner = OWN_SEATS.get(seat)
    if owner is None:
        return None
    if _says_what_helps(message) and _is_said_by_the_other(owner, cared_for, held):
        return "not-your-turn"
    return _why_not_on_a_phone(message, owner, held)


def _why_not_on_a_phone(
    message: Message, owner: Partner, held: Collection[Partner]
) -> str | None:
    """Return why a phone may not ask this: it is the other's, or asked elsewhere."""
    whose = getattr(message, "partner", None)
    if whose is not None and whose is not owner:
        return "not-at-this-seat"
    if isinstance(message, _ALONE) and owner not in held:
        return "asked-elsewhere"
    return None


def _why_not_here(message: Message, held: Collection[Partner]) -> str | None:
    """Return why the laptop may not ask this: a therapist does, or one on a phone."""
    if isinstance(message, OfTherapist | OfHour) or _steers(message):
        return "not-at-this-seat"
    is_asked = isinstance(message, _ALONE) or _is_first_passcode(message)
    if is_asked and getattr(message, "partner", None) in held:
        return "asked-elsewhere"
    return None


def _is_first_passcode(message: Message) -> bool:
    """Whether somebody chooses a first passcode: nobody does it for the other."""
    return isinstance(message, ChoosePasscode) and message.old is None


def _is_of(message: Message, seat: Seat, turn: Partner | None) -> bool:
    """Whether it is something that this seat asks at all."""
    if isinstance(message, Go) and message.screen not in _GOES_TO.get(seat, ()):
        return False
    match seat:
        case Seat.A | Seat.B:
            if isinstance(message, Go):
                return _may_go(message, OWN_SEATS[seat], turn)
            return isinstance(message, _OF_A_PHONE) and not _steers(message)
        case Seat.THERAPIST:
            return isinstance(message, _OF_A_THERAPIST)
        case _:  # whoever sits before a light may stop it, too
            return isinstance(message, Pressing) and message.press is Press.PAUSE


def _may_go(message: Go, owner: Partner, turn: Partner | None) -> bool:
    """Whether a phone may go there: nobody's screen is moved from afar."""
    if message.screen is Screen.CONSENT:
        return message.partner is owner and turn in {None, owner}
    return turn is owner


def _says_what_helps(message: Message) -> bool:
    """Whether it says, where one is cared for, that it helps, or that it does not."""
    return isinstance(message, Pressing) and message.press in {Press.NEXT, Press.AGAIN}


def _is_said_by_the_other(
    owner: Partner, cared_for: Partner | None, held: Collection[Partner]
) -> bool:
    """Whether what helps is not for this phone to say: the other one has one, too."""
    return cared_for is owner.other and cared_for in held


def _steers(message: Message) -> bool:
    """Whether it says how fast to breathe, which a therapist alone does."""
    return isinstance(message, Pressing) and message.press in STEERING


def seen_from(told: State, seat: Seat, held: Collection[Partner]) -> State:
    """Return what a seat is told of an evening, of what the laptop would be told.

    `elsewhere` says that what is asked of one alone is asked on another page than this.
    """
    owner = OWN_SEATS.get(seat)
    is_asked_here = (
        told.turn is None
        or (seat is Seat.BOTH and told.turn not in held)
        or (told.turn is owner and owner in held)
    )
    told = replace(
        told,
        seat=seat,
        elsewhere=not is_asked_here,
        phones=tuple(sorted(held)),
        scales=told.scales if is_asked_here else (),
    )
    if seat is Seat.BOTH:
        return replace(told, marks=(), hour=None, for_therapist=())
    named = {name: getattr(told, name) for name in TOLD_TO[seat]}
    block = told.block
    if owner is not None:  # whoever has closed eyes hears it from the phone beside them
        named["notices"] = tuple(
            each for each in told.notices if each.id.startswith(LOST)
        )
    if owner is not None:
        named["straps"] = _own_strap(told.straps, owner)
    return replace(
        NOTHING,
        **named,
        couple=_called_by(told, owner),
        settings=replace(told.settings, may_quit=False),
        block=None if block is None else _lines_of(block, seat, held),
    )


_ALL_SEATS = {
    *("v", "server_s", "screen", "simulated", "source", "seed", "speed", "turn"),
    *("seat", "elsewhere", "phones", "first", "strapless", "with_therapist"),
    *("paused", "breath", "next_breath", "pacing", "asks", "taps"),
}
_OF_ONE = {
    *("practice", "without_breathing", "pace", "scales", "pause", "ending", "closing"),
    *("look", "sat", "read", "lock", "loose_ends", "home_plan", "recording"),
    "therapist_hears",
    "straps",
}
TOLD_TO: dict[Seat, frozenset[str]] = {
    Seat.A: frozenset(_ALL_SEATS | _OF_ONE),
    Seat.B: frozenset(_ALL_SEATS | _OF_ONE),
    Seat.THERAPIST: frozenset(
        {
            *_ALL_SEATS,
            *("practice", "choices", "without_breathing", "pace", "pause", "ending"),
            *("notices", "recording", "lock", "home_plan", "marks", "straps"),
            *("hour", "for_therapist"),
        }
    ),
    Seat.LIGHT: frozenset(_ALL_SEATS),
}
"""Which fields of the state each seat but the laptop hears; of the others, nothing.

A phone hears one thing more, which the laptop shows to both: that a strap is lost.
"""


def _called_by(told: State, owner: Partner | None) -> dict[Partner, Called]:
    """Return what both are called; of a passcode and a name before, the own alone."""
    return {
        partner: called if partner is owner else replace(NOBODY, name=called.name)
        for partner, called in told.couple.items()
    }


def _lines_of(block: BlockShown, seat: Seat, held: Collection[Partner]) -> BlockShown:
    """Return a part with the lines that a seat reads in it."""
    owner = OWN_SEATS.get(seat)
    if owner is not None:
        return _own_lines(block, owner, held)
    if seat is Seat.LIGHT:
        return replace(block, speaker="", listener="", prompts=(), choices=())
    return block


def _own_lines(
    block: BlockShown, owner: Partner, held: Collection[Partner]
) -> BlockShown:
    """Return a part with the line of whoever reads it, and not the other's.

    Nor with the buttons by which the other one says on an own phone what helps.
    """
    if block.who is None:
        return block
    if block.who is owner:
        return replace(block, listener="")
    block = replace(block, speaker="", prompts=())
    cared_for = block.who if meaning_of(block.kind).is_care else None
    if _is_said_by_the_other(owner, cared_for, held):
        return replace(block, choices=(), waits=False)  # this page waits for no press
    return block


_TALKS = {"ws", "events", "said"}
_PLACES = _TALKS | {"places"}
_OF_THE_TWO = _PLACES | {"evenings", "lines"}
_READ = {
    Seat.BOTH: _OF_THE_TWO | {"window", "phones"},
    Seat.A: _OF_THE_TWO,
    Seat.B: _OF_THE_TWO,
    Seat.THERAPIST: _PLACES | {"window", "clinic", "phones"},
    Seat.LIGHT: _TALKS,
}


def as_heard(seat: Seat, told: Told) -> Told | None:
    """Return what a seat hears of what is told to all; None where it hears nothing.

    Of straps in the air a phone hears its owner's alone, and only how it sits. The
    warmth is made of both hearts, and the two were not asked for it whether a
    therapist may see them: a console has no use for it, and does not hear it.

    Examples
    --------
    >>> as_heard(Seat.LIGHT, Hearts(straps=())) is None
    True
    >>> as_heard(Seat.THERAPIST, WarmthTold(value=0.5)) is None
    True
    """
    if isinstance(told, WarmthTold):
        return None if seat is Seat.THERAPIST else told
    if not isinstance(told, Hearts) or seat in {Seat.BOTH, Seat.THERAPIST}:
        return told
    owner = OWN_SEATS.get(seat)
    return None if owner is None else Hearts(straps=_own_strap(told.straps, owner))


def _own_strap(
    straps: tuple[StrapShown, ...], owner: Partner
) -> tuple[StrapShown, ...]:
    """Return the strap of one, without the line that tells which strap is whose."""
    return tuple(replace(each, jumps=()) for each in straps if each.partner is owner)


def may_read(seat: Seat, path: str) -> bool:
    """Whether a seat may ask for this over HTTP, beside its socket.

    Pages of evenings and lines are of the two; a light asks for nothing, and a
    therapist's own pages are at other addresses than the couple's.

    Examples
    --------
    >>> may_read(Seat.A, "/lines"), may_read(Seat.THERAPIST, "/lines")
    (True, False)
    """
    first = path.split("/")[1]
    return first in _READ.get(seat, set())
