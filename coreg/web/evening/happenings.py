"""What happens to an evening that no page asked for."""

from dataclasses import dataclass

from coreg.exercises.plan import Asked, Plan
from coreg.exercises.plan_blocks import Block
from coreg.facts.both import Both
from coreg.facts.events import Cue, Partner, WentOn
from coreg.store.release import LooseEnd, Renamed
from coreg.web.evening.running import SessionClock
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.wire.named import Erasing, LockIs, Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCame:
    """A page connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCame:
    """A phone took a place, and the laptop says so; or has said so for long enough."""

    seat: Seat
    is_said: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheAir:
    """What is in the air now, and what is wrong with the radio (no words: nothing)."""

    straps: tuple[StrapSeen, ...]
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkIs:
    """What a strap's connection is like now: words where it is lost, else none."""

    partner: Partner
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBegan:
    """A session is under way, of these blocks; `first` has the first place in it."""

    session_id: str
    clock: SessionClock
    kept: bool
    blocks: tuple[Block, ...]
    first: Partner = Partner.A
    after: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionWentOn:
    """A session that broke off is under way again; `cues` are all it said before.

    `earlier` are those of its hour that were before it, if it is of any.
    """

    session_id: str
    clock: SessionClock
    taps: bool
    plan: Plan
    first: Partner
    cues: tuple[Cue, ...]
    went_on: WentOn
    earlier: tuple[str, ...] = ()

    @property
    def began(self) -> "SessionBegan":
        """It as it once began."""
        return SessionBegan(
            session_id=self.session_id,
            clock=self.clock,
            kept=True,
            blocks=self.plan.blocks,
            first=self.first,
            after=self.plan.after,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStopped:
    """A session, begun or not, was ended by a fault, and which, in words."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEndsAre:
    """Somebody offered something, or took it back."""

    loose_ends: tuple[LooseEnd, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a page asked for failed through a fault of coreg's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The session said this to the couple."""

    cue: Cue


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmed:
    """One warmth for two; None where it is not known."""

    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingIs:
    """Recording stopped, and why; or it goes on (no words)."""

    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietOne:
    """Tonight is a quiet one though nobody asked: it happens now and then by itself.

    So that whoever asked for something gentler can not be told from chance.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """All of it is to end: of an hour that is under way, nothing more comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOver:
    """The session is at its end and its log is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was asked to be erased is gone."""

    what: Erasing
    partner: Partner | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasscodeChosen:
    """Somebody has a passcode now, since when."""

    partner: Partner
    utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasscodeForgotten:
    """Somebody's passcode is gone, and with it all that it opened or decided."""

    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWordsGone:
    """Somebody deleted or changed words of their own: of which session, and which."""

    partner: Partner
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesKept:
    """Names are on the disk; when each was named anew, and from what."""

    renamed: Both[Renamed | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockChosen:
    """Both chose a passphrase for all that is kept, or none."""

    lock: LockIs


@dataclass(frozen=True, slots=True, kw_only=True)
class NotKept:
    """Something could not be kept, read or erased: the key of its words, and why."""

    key: str
    words: str


Happening = (
    PageCame
    | PhoneCame
    | InTheAir
    | LinkIs
    | SessionBegan
    | SessionWentOn
    | SessionStopped
    | Fault
    | LooseEndsAre
    | Heard
    | Warmed
    | RecordingIs
    | QuietOne
    | Leaving
    | SessionOver
    | Erased
    | PasscodeChosen
    | PasscodeForgotten
    | OwnWordsGone
    | NamesKept
    | LockChosen
    | NotKept
)
