"""What a page asks of one person's own, or of the lock of all; and what it is told.

No step of the evening is told of these: who asks is answered, on that page alone.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from coreg.facts.events import Partner
from coreg.web.wire.bounded import Id, LineNumber, Passcode, Passphrase, Score, Words
from coreg.web.wire.named import Happened
from coreg.web.wire.shapes import NEEDED, Otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePasscode:
    """One person, alone, chooses a passcode; another one in the place of `old`."""

    partner: Partner
    passcode: Passcode = field(repr=False)
    old: Passcode | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterPasscode:
    """One person, alone, unlocks what is theirs, on this page and for a while."""

    partner: Partner
    passcode: Passcode = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetPasscode:
    """A passcode is forgotten: all that it opened is erased."""

    partner: Partner
    confirm: Literal["erase"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockAgain:
    """Whatever this page unlocked is locked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePassphrase:
    """Lock all that is kept here; with another passphrase, in the place of `old`."""

    passphrase: Passphrase = field(repr=False)
    old: Passphrase | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLock:
    """Both want no passphrase; `passphrase` is the one that there was, if so."""

    passphrase: Passphrase | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock:
    """Open what is locked."""

    passphrase: Passphrase = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recover:
    """Open what is locked with the recovery key, and choose another passphrase."""

    recovery_key: Passphrase = field(repr=False)
    passphrase: Passphrase = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockNow:
    """Close everything until the passphrase is given again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOwnLines:
    """One person, alone, reads what that person wrote and how they were."""

    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOwnLine:
    """One person puts other words in the place of a line of their own."""

    partner: Partner
    number: LineNumber
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOwnLine:
    """One person deletes a line of their own, or (null) all that they ever said."""

    partner: Partner
    number: LineNumber | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SayHappened:
    """One person says, alone, whether a little of what they wished for happened."""

    partner: Partner
    session_id: Id
    happened: Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepOwnWish:
    """One person keeps, alone, what they wish for and how near that is today."""

    partner: Partner
    text: Words
    near: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOwnWish:
    """One person shows their therapist what they wish for and how near it is; or not.

    While it is shown, each answer that they keep is, too.
    """

    partner: Partner
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BringOwnLine:
    """One person brings a line of their own to an hour: their therapist reads it.

    Or no more.
    """

    partner: Partner
    number: LineNumber
    brought: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLooseEnd:
    """One person keeps, alone, something that still hurts."""

    partner: Partner
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLooseEnd:
    """One person says that there is something they would like to talk about, or not."""

    partner: Partner
    number: LineNumber
    offered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHere:
    """What is asked of one alone is to be asked on this page, and not on another."""

    partner: Partner


OfOwnThings = (
    ChoosePasscode
    | EnterPasscode
    | ForgetPasscode
    | ReadOwnLines
    | ChangeOwnLine
    | DeleteOwnLine
    | SayHappened
    | KeepOwnWish
    | ShowOwnWish
    | BringOwnLine
    | WriteLooseEnd
    | OfferLooseEnd
)
"""What one person asks of what is theirs, and is answered; no step is told of it."""

OfLock = ChoosePassphrase | NoLock | Unlock | Recover | LockNow
"""What concerns the lock of all that is kept; no step is told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockedTold:
    """A passcode was right; `ticket` opens that person's own pages for a while.

    `wrong_tries` is how often it was tried in vain since it was right last, `last_utc`
    when that was (empty for a first time). Own pages of sessions whose names begin with
    an earlier time than `closed_until` stay closed (empty: none does).
    """

    ticket: Annotated[str, NEEDED]
    last_utc: str
    closed_until: str
    wrong_tries: Annotated[int, Otherwise(0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLineTold:
    """Words or ratings of one person, in which block of which session.

    `text` is None where it is a rating. `wide_awake` is 0 to 10; of coreg 0.1 there is
    `awake` instead, Karolinska's 1 very alert to 9 fighting sleep. `happened` says
    whether a little of what was wished for did happen, and then the rest is None.
    `asked` is what a practice asked, in the language of the pages, and `answered` what
    was said to it, 0 to 10, or `said_yes` whether it was a yes. In the block `wish` it
    is a wish of one's own, and how near. `is_read`: these words are shown to the other,
    too. `offered`: the other knows that there is something, and not what.
    """

    number: Annotated[int, NEEDED]
    session_id: str
    when_utc: str
    block: str
    text: str | None
    at_ease: int | None
    wide_awake: int | None
    awake: int | None
    myself: int | None
    happened: Happened | None
    asked: str
    answered: int | None
    said_yes: bool | None
    is_read: bool
    offered: bool
    brought: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLinesTold:
    """All that one person's passcode opens; `unread` is how much of it is damaged.

    `may_share`: a therapist may be shown the own wish, and is where `wish_shared`; and
    be brought lines, as those are that are `brought`.
    """

    lines: Annotated[tuple[OwnLineTold, ...], NEEDED]
    unread: Annotated[int, Otherwise(0)]
    may_share: bool
    wish_shared: bool
