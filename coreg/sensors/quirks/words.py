"""What the radio's troubles are called, and what a person reads about them.

The words are for two people on a sofa: what is wrong, then what to do. What to do
depends on where they read it. On a page, and while a strap is held, coreg goes on
trying, and nobody sees a command line; a command has ended when its words are read.
Nothing here knows the radio; `strap` says which trouble an error of the radio is.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from coreg.errors import RadioError
from coreg.facts.events import Quirk


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


class _Words(NamedTuple):
    """What is wrong; what to do where a command has ended; and where coreg goes on."""

    wrong: str
    do: str
    meanwhile: str


_WORDS: dict[Trouble, _Words] = {
    Trouble.NO_ADAPTER: _Words(
        "No Bluetooth adapter found.",
        "Plug in a USB Bluetooth adapter, or try --simulate.",
        "Plug in a USB Bluetooth adapter and coreg will carry on.",
    ),
    Trouble.NO_LOW_ENERGY: _Words(
        "This adapter is too old for heart-rate straps (no Bluetooth Low Energy).",
        "Plug in a newer USB Bluetooth adapter, or try --simulate.",
        "Plug in a newer USB Bluetooth adapter and coreg will carry on.",
    ),
    Trouble.OFF: _Words(
        "Bluetooth is off.",
        "Turn it on, then try again.",
        "Turn it on and coreg will carry on.",
    ),
    Trouble.NOT_ALLOWED_BY_PERSON: _Words(
        "coreg isn't allowed to use Bluetooth.",
        "Allow this program under Privacy & Security > Bluetooth.",
        "Allow this program under Privacy & Security > Bluetooth.",
    ),
    Trouble.NOT_ALLOWED_BY_SYSTEM: _Words(
        "Your account isn't allowed to use Bluetooth.",
        "Add it to the group bluetooth and log in again.",
        "Ask whoever set up this computer; coreg doctor says what they need.",
    ),
    Trouble.NO_SERVICE: _Words(
        "The Bluetooth service is not running.",
        "Start it: sudo systemctl start bluetooth. Without Bluetooth, try --simulate.",
        "Restart this computer; if that doesn't help, coreg doctor says what will.",
    ),
    Trouble.SERVICE_STOPPED: _Words(
        "The Bluetooth service on this computer has stopped.",
        "Start it: sudo systemctl restart bluetooth.",
        "coreg will carry on when it's back; if it stays away, restart this computer.",
    ),
    Trouble.NOTHING_FOUND: _Words(
        "Strap not found.",
        "Wet the pads, put the strap on, and disconnect it from your phone or watch.",
        "Wet the pads, put the strap on, and disconnect it from your phone or watch.",
    ),
    Trouble.WENT_AWAY: _Words(
        "Lost the strap.",
        "Move closer, then try again.",
        "Move closer. Looking again…",
    ),
    Trouble.BROKE_OFF: _Words(
        "The connection to the strap keeps breaking.",
        "Move closer, then try again.",
        "Move closer. Trying again…",
    ),
    Trouble.SILENT: _Words(
        "The strap has gone quiet.",
        "Check that it's snug, then try again.",
        "Check that it's snug. Reconnecting…",
    ),
    Trouble.NO_ANSWER: _Words(
        "No answer from the strap.",
        "Another app may be using it. Close that app, on your phone or watch too.",
        "Another app may be using it. Close that app, on your phone or watch too.",
    ),
    Trouble.BUSY: _Words(
        "Bluetooth is busy.",
        "Turn Bluetooth off and on again.",
        "Turn Bluetooth off and on again.",
    ),
    Trouble.INTERFERENCE: _Words(
        "Radio interference.",
        "Move closer, and away from USB-3 devices and Wi-Fi.",
        "Move closer, and away from USB-3 devices and Wi-Fi.",
    ),
    Trouble.WANTS_PAIRING: _Words(
        "Your computer wants to pair with the strap. It doesn't need to.",
        "Remove the strap in the system's Bluetooth settings, then try again.",
        "Remove the strap in the computer's Bluetooth settings.",
    ),
    Trouble.NO_HEART_RATE: _Words(
        "This is not a heart-rate strap.",
        "Choose another one: coreg straps lists what is nearby.",
        "Choose another one.",
    ),
    Trouble.IN_USE: _Words(
        "Another program on this computer is using {strap}.",
        "Close that program, then try again.",
        "Close that program and coreg will carry on.",
    ),
    Trouble.IN_USE_BY_COREG: _Words(
        "Another coreg on this computer is using {strap}.",
        "Close that one first, or use other straps here.",
        "Close that one and coreg will carry on here.",
    ),
    Trouble.FAULT: _Words(
        "Something went wrong inside coreg while it listened to this strap.",
        "Try again.",
        "Reconnecting…",
    ),
    Trouble.UNKNOWN: _Words(
        "Something went wrong with Bluetooth.",
        "Turn Bluetooth off and on again; if that doesn't help: coreg doctor.",
        "Turn Bluetooth off and on again.",
    ),
}

_QUIRK_WORDS: dict[Quirk, str] = {
    Quirk.NO_SIGNAL: "The strap feels no heart. Wet the electrodes and put it on "
    "tightly.",
    Quirk.NO_CONTACT: "The strap has no contact with the skin. Wet the electrodes and "
    "put it on tightly.",
    Quirk.CONTACT_UNKNOWN: "This strap does not tell whether it touches the skin.",
    Quirk.NO_RR: "This strap sends a heart rate but no single beats, so nothing can be "
    "said about its heart's variability. Take a chest strap that sends RR intervals.",
    Quirk.RR_IN_MS: "This strap counts in milliseconds where the standard has 1/1024 "
    "s: its intervals read 2.3 % too short.",
    Quirk.FILL_VALUES: "This strap fills gaps with intervals of exactly 500 ms that "
    "no heart made.",
    Quirk.OVER_COUNTED: "More heartbeats come from this strap than there is time for, "
    "so coreg goes by none of them for now. Close other programs that use it, or check "
    "how it sits.",
    Quirk.UNDER_COUNTED: "This strap leaves out beats. Check its contact.",
    Quirk.UNREADABLE: "Its beats cannot be read just now. Wet the electrodes, or slide "
    "the strap up a finger's width.",
    Quirk.REPEATED: "Another program on this computer is listening to this strap too, "
    "so every heartbeat comes more than once. Each is counted once. Please close the "
    "other program.",
    Quirk.BATTERY_LOW: "The strap's battery is low. Change it before next time.",
}


_SOME_STRAP = "this strap"


def radio_error(
    trouble: Trouble, *, seen: str = "", strap: str = _SOME_STRAP
) -> RadioError:
    """Return the error that says so; `seen` is what the system said of it."""
    words = _WORDS[trouble]
    wrong = words.wrong.format(strap=strap)
    wrong = f"{wrong[:-1]} ({seen})." if seen else wrong
    return RadioError(wrong, words.do, trouble=trouble)


def sentence(trouble: Trouble, *, strap: str = _SOME_STRAP) -> str:
    """Return what a person reads while coreg goes on trying.

    Examples
    --------
    >>> sentence(Trouble.OFF)
    'Bluetooth is off. Turn it on and coreg will carry on.'
    >>> print(radio_error(Trouble.OFF))
    Bluetooth is off. Turn it on, then try again.
    """
    words = _WORDS[trouble]
    return f"{words.wrong.format(strap=strap)} {words.meanwhile}"


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
    return _QUIRK_WORDS[quirk]


_ABILITIES = {
    "0000180d": "heart rate",
    "fb005c80": "ECG and movement (Polar)",
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
        words
        for sign, words in _ABILITIES.items()
        if any(each.lower().startswith(sign) for each in services)
    ]
