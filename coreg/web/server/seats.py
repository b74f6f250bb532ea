"""Whose a page is: what each seat is told of the evening, and what it may ask.

Strategy.

1. The evening is told once, as the laptop that two share is told it (view.py). What any
   other seat is told is less, never more: `seen_from` takes away. A new field of the
   state is therefore nothing to a phone or a console until it is named here.
2. What may be asked is named seat by seat, too: a message that is in no list is taken
   from the laptop alone. What is one person's own is taken from that one's phone for
   that one, never for the other.
3. While a phone has somebody's place, what is asked of that one alone is asked there
   (`held`), and the laptop neither shows it nor answers it.

Pure: from facts to facts.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from coreg.facts.events import Partner, Press
from coreg.facts.kinds import STEERING
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
)
from coreg.web.wire.named import Screen, Seat
from coreg.web.wire.of_own import (
    AskHere,
    ChangeOwnLine,
    ChoosePasscode,
    DeleteOwnLine,
    EnterPasscode,
    LockAgain,
    OfferLooseEnd,
    ReadOwnLines,
    SayHappened,
    WriteLooseEnd,
)
from coreg.web.wire.of_therapist import Mark, Note, OfTherapist
from coreg.web.wire.outgoing import (
    BlockShown,
    Hearts,
    RecordingShown,
    State,
    Told,
)

OWN_SEATS = {Seat.A: Partner.A, Seat.B: Partner.B}
"""The seats of one person's own, and whose they are."""

# What one is asked alone, or says of what is one's own.
_ALONE = (
    Gate
    | Consent
    | OwnConsent
    | Rating
    | Answer
    | Done
    | Aside
    | OwnWords
    | ReadAloud
    | Look
)
_OWN_THINGS = (
    ChoosePasscode
    | EnterPasscode
    | LockAgain
    | ReadOwnLines
    | ChangeOwnLine
    | DeleteOwnLine
    | SayHappened
    | WriteLooseEnd
    | OfferLooseEnd
    | AskHere
)
_TOGETHER = Pressing | PauseWay | Hold | Tap | Lively
_OF_A_PHONE = _ALONE | _OWN_THINGS | _TOGETHER | Go
_OF_A_THERAPIST = (
    Pressing | Choose | Start | Assign | Swap | Lines | Names | Go | Mark | Note
)
_GOES_TO = {
    Seat.A: {Screen.CONSENT, Screen.HOME, Screen.WELCOME},
    Seat.B: {Screen.CONSENT, Screen.HOME, Screen.WELCOME},
    Seat.THERAPIST: {Screen.HOME},
}
_NO_RECORDING = RecordingShown(ok=True, words="")


def why_not(
    message: Message, seat: Seat, *, turn: Partner | None, held: Collection[Partner]
) -> str | None:
    """Return why a seat may not ask this; None where it may.

    `turn` is who is asked alone now, and `held` whose places phones have.
    """
    if isinstance(message, Ping):
        return None
    if seat is Seat.BOTH:
        return _why_not_here(message, held)
    if not _is_of(message, seat, turn):
        return "not-at-this-seat"
    owner = OWN_SEATS.get(seat)
    return None if owner is None else _why_not_on_a_phone(message, owner, held)


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
    if isinstance(message, OfTherapist) or _steers(message):
        return "not-at-this-seat"
    if isinstance(message, _ALONE) and message.partner in held:
        return "asked-elsewhere"
    return None


def _is_of(message: Message, seat: Seat, turn: Partner | None) -> bool:
    """Whether it is something that this seat asks at all."""
    if isinstance(message, Go) and message.screen not in _GOES_TO.get(seat, ()):
        return False
    match seat:
        case Seat.A | Seat.B:
            if isinstance(message, Go):  # nobody's screen is moved from afar
                return message.screen is Screen.CONSENT or turn is OWN_SEATS[seat]
            return isinstance(message, _OF_A_PHONE) and not _steers(message)
        case Seat.THERAPIST:
            return isinstance(message, _OF_A_THERAPIST)
        case _:  # whoever sits before a light may stop it, too
            return isinstance(message, Pressing) and message.press is Press.PAUSE


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
        marks=told.marks if seat is Seat.THERAPIST else (),
        settings=replace(
            told.settings, may_quit=told.settings.may_quit and seat is Seat.BOTH
        ),
    )
    return _TOLD[seat](told)


def _to_both(told: State) -> State:
    return told


def _to_one(told: State) -> State:
    """Return what a phone is told: nothing of straps, and its own line of a part."""
    owner = OWN_SEATS[told.seat]
    return replace(
        told,
        block=None if told.block is None else _own_lines(told.block, owner),
        straps=(),
        notices=(),
        unfinished=None,
    )


def _own_lines(block: BlockShown, owner: Partner) -> BlockShown:
    """Return a part with the line of whoever reads it, and not the other's."""
    if block.who is None:
        return block
    if block.who is owner:
        return replace(block, listener="")
    return replace(block, speaker="", prompts=())


def _to_a_therapist(told: State) -> State:
    """Return what a console is told: what goes on, and nothing that one said alone."""
    return replace(
        told,
        scales=(),
        look=None,
        sat=None,
        read=(),
        loose_ends=(),
        closing="",
        unfinished=None,
    )


def _to_a_light(told: State) -> State:
    """Return what a light is told: the breath, and what both do now."""
    block = told.block
    return replace(
        _to_a_therapist(told),
        choices=(),
        block=None if block is None else replace(block, speaker="", listener=""),
        notices=(),
        recording=_NO_RECORDING,
        straps=(),
        settings=replace(told.settings, bell=False, our_pace=False),
    )


_TOLD: dict[Seat, Callable[[State], State]] = {
    Seat.BOTH: _to_both,
    Seat.A: _to_one,
    Seat.B: _to_one,
    Seat.THERAPIST: _to_a_therapist,
    Seat.LIGHT: _to_a_light,
}


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


def hears(seat: Seat, told: Told) -> bool:
    """Whether a seat hears what is told to all: of hearts in the air, not every one.

    Examples
    --------
    >>> hears(Seat.LIGHT, Hearts(straps=())), hears(Seat.THERAPIST, Hearts(straps=()))
    (False, True)
    """
    return not isinstance(told, Hearts) or seat in {Seat.BOTH, Seat.THERAPIST}


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
