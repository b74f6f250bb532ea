"""What the radio's troubles are called, and what a person reads about them.

The words are for two people on a sofa: what is wrong, then what to do. What to do
depends on where they read it. On a page, and while a strap is held, coreg goes on
trying, and nobody sees a command line; a command has ended when its words are read.
Nothing here knows the radio; `strap` says which trouble an error of the radio is.
"""

from collections.abc import Sequence
from enum import StrEnum

from coreg.errors import RadioError
from coreg.facts.events import Quirk
from coreg.words import say


class Trouble(StrEnum):
    """What can be wrong between a computer and a strap."""

    NO_ADAPTER = "no adapter"
    NO_LOW_ENERGY = "no low energy"
    OFF = "off"
    NOT_ALLOWED_BY_PERSON = "not allowed by person"
    NOT_ALLOWED_BY_SYSTEM = "not allowed by system"
    NO_SERVICE = "no service"
    SERVICE_STOPPED = "service stopped"
    NOTHING_FOUND = "nothing found"
    WENT_AWAY = "went away"
    BROKE_OFF = "broke off"
    SILENT = "silent"
    NO_ANSWER = "no answer"
    BUSY = "busy"
    INTERFERENCE = "interference"
    WANTS_PAIRING = "wants pairing"
    NO_HEART_RATE = "no heart rate"
    IN_USE = "in use"
    IN_USE_BY_COREG = "in use by coreg"
    NO_STREAM = "no stream"
    NARROW_LINK = "narrow link"
    IN_CHARGER = "in charger"
    FLOODS = "floods"
    CLOCK_NOT_SET = "clock not set"
    FAULT = "fault"
    UNKNOWN = "unknown"


# The radio gets over these by itself; only when it does not are they worth a word.
RETRIED_SILENTLY = frozenset({Trouble.BUSY, Trouble.INTERFERENCE, Trouble.BROKE_OFF})

# The strap is there and only the link did not hold: it may well at the next attempt.
PASSES_BY_ITSELF = RETRIED_SILENTLY | {Trouble.WENT_AWAY}

# The whole computer's, whichever strap it was noticed with.
_OF_THE_COMPUTER = frozenset(
    {
        Trouble.NO_ADAPTER,
        Trouble.NO_LOW_ENERGY,
        Trouble.OFF,
        Trouble.NOT_ALLOWED_BY_PERSON,
        Trouble.NOT_ALLOWED_BY_SYSTEM,
        Trouble.NO_SERVICE,
        Trouble.SERVICE_STOPPED,
    }
)


def radio_error(trouble: Trouble, *, seen: str = "", strap: str = "") -> RadioError:
    """Return the error that says so; `seen` is what the system said of it."""
    wrong = _of(trouble, "wrong", strap=strap)
    wrong = f"{wrong[:-1]} ({seen})." if seen else wrong
    return RadioError(wrong, _of(trouble, "do"), trouble=trouble)


def sentence(trouble: Trouble, *, strap: str = "") -> str:
    """Return what a person reads while coreg goes on trying.

    Examples
    --------
    >>> sentence(Trouble.OFF)
    'Bluetooth is off. Turn it on and coreg will carry on.'
    >>> print(radio_error(Trouble.OFF))
    Bluetooth is off. Turn it on, then try again.
    """
    return f"{_of(trouble, 'wrong', strap=strap)} {_of(trouble, 'meanwhile')}"


def is_of_the_computer(words: str) -> bool:
    """Whether a `sentence` is about the computer's Bluetooth, and about no strap."""
    return any(words == sentence(trouble) for trouble in _OF_THE_COMPUTER)


def once_ended(words: str) -> tuple[str, str]:
    """Return what is wrong and what to do, of a `sentence`, where nobody goes on.

    Of other words, all of them and nothing.

    Examples
    --------
    >>> once_ended(sentence(Trouble.OFF))
    ('Bluetooth is off.', 'Turn it on, then try again.')
    """
    for trouble in Trouble:
        if words == sentence(trouble):
            error = radio_error(trouble)
            return error.wrong, error.do
    return words, ""


def quirk_words(quirk: Quirk) -> str:
    """Return what a person reads about a strap's habit."""
    return say(f"straps.quirk.{_place(quirk)}")


_ABILITIES = {
    "0000180d": "heart-rate",
    "fb005c80": "polar",
    "0000180f": "battery",
}


def abilities(services: Sequence[str]) -> list[str]:
    """Return in words what a strap with these services can do.

    Examples
    --------
    >>> abilities(["0000180d-0000-1000-8000-00805f9b34fb"])
    ['heart rate']
    """
    return [
        say(f"straps.ability.{ability}")
        for sign, ability in _ABILITIES.items()
        if any(each.lower().startswith(sign) for each in services)
    ]


def _of(trouble: Trouble, part: str, *, strap: str = "") -> str:
    named = strap or say("straps.some")
    return say(f"straps.trouble.{_place(trouble)}.{part}", strap=named)


def _place(kind: Trouble | Quirk) -> str:
    """Return what the words of this kind are called in the catalogue."""
    return kind.name.lower().replace("_", "-")
