"""What messages call by a name of its own: screens, ways, answers."""

from enum import StrEnum


class Seat(StrEnum):
    """Whose a page is, which decides what it is told and what it may ask."""

    BOTH = "both"  # the laptop that two share
    A = "A"
    B = "B"
    THERAPIST = "therapist"
    LIGHT = "light"  # a window that shows the breath and nothing else


class Screen(StrEnum):
    """What the pages show."""

    WELCOME = "welcome"
    CONSENT = "consent"
    NOT_YET = "not-yet"
    LOCK = "lock"
    HOME = "home"
    GATE = "gate"
    QUESTION = "question"
    ARRIVE = "arrive"
    BREATHE = "breathe"
    REST = "rest"
    BOTH_LIGHT = "both-light"
    WORDS = "words"
    TURN = "turn"
    STEP = "step"
    WRITE = "write"
    ASKED = "asked"
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


class HourGoes(StrEnum):
    """Where an hour with a therapist goes on: at one of its own parts, or nowhere."""

    TALK = "talk"
    REST = "rest"
    END = "end"


class GateAnswer(StrEnum):
    """An answer to "is this all right for you today?"."""

    YES = "yes"
    GENTLER = "gentler"
    NOT_TODAY = "not-today"


class OnwardWay(StrEnum):
    """What becomes of a practice that broke off."""

    GO_ON = "go-on"
    LOOK_BACK = "look-back"
    LEAVE = "leave"


class Happened(StrEnum):
    """Whether a little of what somebody had wished for did happen."""

    YES = "yes"
    A_BIT = "a-bit"
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


class LockIs(StrEnum):
    """Whether what is kept here is locked with a passphrase."""

    UNASKED = "unasked"  # nobody was asked yet
    OPEN = "open"  # both want none
    LOCKED = "locked"


class ClinicIs(StrEnum):
    """What a therapist's page finds where no book lies open."""

    NONE_YET = "none-yet"  # nobody has chosen a passphrase
    LOCKED = "locked"


class Erasing(StrEnum):
    """What is to be erased."""

    SESSION = "session"
    PARTNER = "partner"
    EVERYTHING = "everything"
