"""What the radio's troubles are called, and what a person reads about them.

The words are for two people on a sofa: what is wrong, then what to do. Nothing here
knows the radio; `strap` says which trouble an error of the radio is.
"""

from collections.abc import Sequence
from enum import StrEnum

from coreg.errors import RadioError
from coreg.events import Quirk


class Trouble(StrEnum):
    """What can be wrong between a computer and a strap."""

    NO_ADAPTER = "no adapter"
    NO_LOW_ENERGY = "no low energy"
    OFF = "off"
    NOT_ALLOWED_BY_PERSON = "not allowed by person"
    NOT_ALLOWED_BY_SYSTEM = "not allowed by system"
    NO_SERVICE = "no service"
    NOTHING_FOUND = "nothing found"
    WENT_AWAY = "went away"
    SILENT = "silent"
    NO_ANSWER = "no answer"
    BUSY = "busy"
    INTERFERENCE = "interference"
    WANTS_PAIRING = "wants pairing"
    NO_HEART_RATE = "no heart rate"
    UNKNOWN = "unknown"


# The radio gets over these by itself; only when it does not are they worth a word.
RETRIED_SILENTLY = frozenset({Trouble.BUSY, Trouble.INTERFERENCE})

_WORDS: dict[Trouble, tuple[str, str]] = {
    Trouble.NO_ADAPTER: (
        "No Bluetooth adapter found.",
        "Plug in a USB Bluetooth adapter, or try --simulate.",
    ),
    Trouble.NO_LOW_ENERGY: (
        "This adapter is too old for heart-rate straps (no Bluetooth Low Energy).",
        "Plug in a newer USB Bluetooth adapter, or try --simulate.",
    ),
    Trouble.OFF: (
        "Bluetooth is off.",
        "Turn it on; we go on by ourselves.",
    ),
    Trouble.NOT_ALLOWED_BY_PERSON: (
        "This program may not use Bluetooth.",
        "Allow this program under Privacy & Security > Bluetooth.",
    ),
    Trouble.NOT_ALLOWED_BY_SYSTEM: (
        "Your user may not use Bluetooth.",
        "Add it to the group bluetooth and log in again.",
    ),
    Trouble.NO_SERVICE: (
        "The Bluetooth service is not running.",
        "Start it: sudo systemctl start bluetooth. Without Bluetooth, try --simulate.",
    ),
    Trouble.NOTHING_FOUND: (
        "Strap not found.",
        "Wet the electrodes, put the strap on, and disconnect it from phone or watch.",
    ),
    Trouble.WENT_AWAY: (
        "The strap went away.",
        "Move closer; searching again.",
    ),
    Trouble.SILENT: (
        "The strap is silent.",
        "Check that it sits tightly; we connect to it anew.",
    ),
    Trouble.NO_ANSWER: (
        "No answer from the strap.",
        "Another app may be holding it: close that, on phone or watch too.",
    ),
    Trouble.BUSY: (
        "Bluetooth is busy.",
        "Turn it off and on.",
    ),
    Trouble.INTERFERENCE: (
        "Radio interference.",
        "Move closer, and away from USB-3 devices and Wi-Fi.",
    ),
    Trouble.WANTS_PAIRING: (
        "The system wants to pair with the strap, which straps do not need.",
        "Remove the strap in the system's Bluetooth settings, then try again.",
    ),
    Trouble.NO_HEART_RATE: (
        "This is not a heart-rate strap.",
        "Choose another one: coreg straps lists what is in the air.",
    ),
    Trouble.UNKNOWN: (
        "Bluetooth gave an error that we do not know.",
        "Turn Bluetooth off and on; if that does not help: coreg doctor.",
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
    Quirk.OVER_COUNTED: "This strap sends more beats than there was time for. Check "
    "its contact.",
    Quirk.UNDER_COUNTED: "This strap leaves out beats. Check its contact.",
    Quirk.UNREADABLE: "Its beats cannot be read just now. Wet the electrodes, or slide "
    "the strap up a finger's width.",
    Quirk.BATTERY_LOW: "The strap's battery is low. Change it before next time.",
}


def radio_error(trouble: Trouble, *, seen: str = "") -> RadioError:
    """Return the error that says so; `seen` is what the system said of it."""
    wrong, do = _WORDS[trouble]
    return RadioError(f"{wrong[:-1]} ({seen})." if seen else wrong, do, trouble=trouble)


def sentence(trouble: Trouble) -> str:
    """Return what a person reads.

    Examples
    --------
    >>> sentence(Trouble.OFF)
    'Bluetooth is off. Turn it on; we go on by ourselves.'
    """
    return " ".join(_WORDS[trouble])


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
