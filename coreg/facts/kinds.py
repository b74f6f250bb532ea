"""The words that facts are told in: whose, where from, what was pressed, why ended."""

from enum import StrEnum
from typing import Final


class Partner(StrEnum):
    """One of the two: told apart by a letter, a shape and a place, never ranked."""

    A = "A"
    B = "B"

    @property
    def other(self) -> "Partner":
        """The other of the two."""
        return Partner.B if self is Partner.A else Partner.A


class Source(StrEnum):
    """Where a session's hearts come from."""

    STRAPS = "straps"
    RECORDINGS = "recordings"
    SIMULATED = "simulated"
    NOBODY = "nobody"  # no straps: two people, and nothing of their hearts


class Stream(StrEnum):
    """What a strap can measure beside its heart rate, as it sends it."""

    ECG = "ecg"
    ACCELERATION = "acceleration"


class Link(StrEnum):
    """What is known of one strap's connection."""

    SEARCHING = "searching"
    CONNECTED = "connected"
    WAITING_FOR_RR = "waiting for RR"
    STREAMING = "streaming"
    GAP = "gap"
    LOST = "lost"


BROKEN_LINKS: Final = frozenset({Link.SEARCHING, Link.CONNECTED, Link.GAP, Link.LOST})
"""Said where one connection ended or another began: nothing is on its way over that."""


class Quirk(StrEnum):
    """A strap's habit that the couple should know of."""

    NO_SIGNAL = "no signal"
    NO_CONTACT = "no contact"
    CONTACT_UNKNOWN = "contact unknown"
    NO_RR = "no RR"
    RR_IN_MS = "RR in ms"
    FILL_VALUES = "fill values"
    OVER_COUNTED = "over-counted"
    UNDER_COUNTED = "under-counted"
    BATTERY_LOW = "battery low"
    UNREADABLE = "unreadable"
    REPEATED = "repeated"


class InQuiet(StrEnum):
    """What was in quiet time, as somebody said afterwards. Who said it is never kept.

    Each of the three after the first makes two hearts alike, or unlike, by itself.
    `UNNAMED` is nobody's answer: it stands for one that only a newer coreg asks for.
    """

    NOTHING = "nothing"
    TALK = "talk"
    MOVING = "moving"
    SOUND = "sound"
    UNNAMED = "unnamed"


class Press(StrEnum):
    """What the couple asked for. Who of the two asked is never kept."""

    NEXT = "next"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    TOO_SLOW = "too slow"
    READY = "ready"  # to go on from where one settles in
    AGAIN = "again"  # what was said back, once more
    SLOWER = "slower"  # these four are a therapist's who is there
    FASTER = "faster"
    HOLD = "hold"
    BY_ITSELF = "by itself"
    GO_OVER = "go over"  # to another part of the same hour, with its therapist


STEERING = frozenset({Press.SLOWER, Press.FASTER, Press.HOLD, Press.BY_ITSELF})
"""What a therapist who is there asks of the pace; no couple's page does."""


class WhyNot(StrEnum):
    """Why a practice that broke off does not go on; its page is there all the same."""

    LONG_AGO = "long ago"
    OVER = "over"
    DAMAGED = "damaged"
    SIMULATED = "simulated"
    RECORDINGS = "recordings"
    OTHER_VERSION = "other version"
    COMMAND_LINE = "command line"


class Pacing(StrEnum):
    """What the shared pacer is doing, as both may know it; of neither partner."""

    GLIDING = "gliding"
    FINDING = "finding"
    STAYING = "staying"
    HOLDING = "holding"  # not enough is known of both hearts to change anything
    QUICKER = "quicker"  # somebody found it too slow
    NO_SLOWER = "no slower"  # the same, while the glide is still faster than that
    BY_HAND = "by hand"  # a therapist who is there says how fast
    FOLLOWING = "following"  # a light goes as both breathe
    CALM = "calm"  # it goes by itself: not both breaths are seen


class Wakefulness(StrEnum):
    """Three bands, and not known; never a number."""

    AWAKE = "awake"
    BETWEEN = "in between"
    DROWSY = "drowsy"
    UNKNOWN = "not known"


class BeatLabel(StrEnum):
    """What cleaning says of one RR interval."""

    NORMAL = "normal"
    ECTOPIC = "ectopic"
    MISSED = "missed"
    EXTRA = "extra"
    LONG = "long"
    SHORT = "short"
    GAP = "gap"


class InStep(StrEnum):
    """What is known of one paced breath beside somebody's own."""

    FOLLOWED = "followed"
    OWN_WAY = "own_way"
    UNTOLD = "untold"


class Ending(StrEnum):
    """Why a practice ended."""

    COMPLETE = "complete"
    FINISHED_EARLY = "finished early"
    SOURCE_ENDED = "source ended"
    WENT_OVER = "went over"  # to another part of the same hour: nobody stopped
