"""What stands in a therapist's book, as values: no file and no clock."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from coreg.facts.both import Both
from coreg.facts.events import Partner

MARK_KEYS: Final = (1, 2, 3, 4, 5)
LONGEST_NAME: Final = 60
LONGEST_NOTE: Final = 4000
LONGEST_LABEL: Final = 60
LONGEST_LOG: Final = 500
MOST_BEFORE_A_DAY: Final = 10  # of one person: nobody fills a book for everybody
MOST_LINES: Final = 100  # that one person brings
A_FALL: Final = 3
LOOKED_BACK: Final = 4
ASK_AGAIN_AFTER: Final = dt.timedelta(weeks=8)


class Ready(StrEnum):
    """Whether a couple may practise together, as far as what was asked alone says.

    `NOT_YET` is the therapist's word after somebody was seen alone, and says nothing
    of whom or why. The couple reads no more than that it is not set up yet. `NO_LOCK`:
    somebody took the lock off their folder, and nothing is kept there in clear.
    """

    READY = "ready"
    SEE_ALONE = "see each alone"  # one of the two never was
    ASK_AGAIN = "ask again"  # eight weeks have gone, or a practice was stopped
    NOT_YET = "not yet"
    NO_LOCK = "no lock"

    @property
    def may_practise(self) -> bool:
        """Whether a practice and a home plan are open to them."""
        return self in {Ready.READY, Ready.ASK_AGAIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Couple:
    """One couple: an id, a first name or a code each, and when each was seen alone.

    Of what was said alone nothing is kept: a date each, the newest last, and whether
    the therapist holds the couple back.
    """

    id_: str
    names: Both[str]
    seen_alone: Both[tuple[dt.date, ...]] = Both((), ())  # noqa: RUF009 -- frozen
    is_held_back: bool = False
    is_made_up: bool = False

    @property
    def called(self) -> str:
        """Both names, as they stand in a list."""
        return " & ".join(self.names)

    def seen(self, partner: Partner, on: dt.date) -> "Couple":
        """Return the couple with one of the two seen alone on a day."""
        days = tuple(sorted({*self.seen_alone[partner], on}))
        return replace(self, seen_alone=self.seen_alone.but(partner, days))

    def last_seen_alone(self) -> Both[dt.date | None]:
        """Return when each was seen alone last."""
        return Both(*(days[-1] if days else None for days in self.seen_alone))


def ready(couple: Couple, today: dt.date, stopped: Iterable[dt.date] = ()) -> Ready:
    """Return whether a couple may practise today.

    Parameters
    ----------
    couple : Couple
    today : date
    stopped : iterable of date
        The days of practices that somebody stopped. On the day itself somebody may have
        been seen alone before or after, so both have to be asked again from then on.

    Examples
    --------
    >>> day = dt.date(2026, 3, 1)
    >>> couple = Couple(id_="0f3a99c1", names=Both("Ada", "Ben"))
    >>> ready(couple, day).value
    'see each alone'
    >>> seen = couple.seen(Partner.A, day).seen(Partner.B, day)
    >>> ready(seen, day).value, ready(seen, dt.date(2026, 5, 1)).value
    ('ready', 'ask again')
    """
    if couple.is_held_back:
        return Ready.NOT_YET
    last = couple.last_seen_alone()
    days = [day for day in last if day is not None]
    if len(days) < len(last):
        return Ready.SEE_ALONE
    first = min(days)
    is_old = today - first >= ASK_AGAIN_AFTER
    was_stopped = any(day >= first for day in stopped)
    return Ready.ASK_AGAIN if is_old or was_stopped else Ready.READY


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark that the therapist set, by key, at a moment of the session's own clock."""

    couple_id: str
    session_id: str
    t_s: float
    key: int

    def __post_init__(self) -> None:
        if self.key not in MARK_KEYS or not self.t_s >= 0:
            raise ValueError(f"no such mark: key {self.key} at {self.t_s} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A private note of the therapist's; of a moment, of a session, or of neither.

    `t_s` is on the session's own clock, None for a note that is of no moment.
    """

    id_: str
    couple_id: str
    session_id: str
    t_s: float | None
    text: str
    utc: str

    def __post_init__(self) -> None:
        if self.t_s is not None and not (self.session_id and self.t_s >= 0):
            raise ValueError("a moment is one of a session")


class About(StrEnum):
    """What somebody told their therapist something of."""

    BEFORE = "before"  # what the therapist should know before an hour begins
    HOUR = "hour"  # how an hour was
    WISH = "wish"  # what they wish for, and how near it is, a day each
    LINE = "line"  # a line of their own that they bring to an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one of the two told the therapist, by a press of their own, on a day.

    `asked` is what was asked, in the English of the practice, empty where words stand
    for themselves; `value` is the answer from 0 to 10, None where words are all. Of an
    hour, `session_id` says which. `couple_id` is empty until it is in a book.
    """

    partner: Partner
    about: About
    on: dt.date
    session_id: str = ""
    asked: str = ""
    value: int | None = None
    text: str = ""
    couple_id: str = ""

    def replaces(self, other: "Heard") -> bool:
        """Whether this is said in the place of another: the last answer holds.

        Words before an hour never replace others, but the same ones said twice are one.
        """
        return self.place == other.place

    @property
    def place(self) -> tuple[object, ...]:
        """What is the same of two things of which the later one holds."""
        of_whom = (self.couple_id, self.partner, self.about)
        match self.about:
            case About.BEFORE:
                return (*of_whom, self.on, self.text)
            case About.LINE:
                return (*of_whom, self.text)
            case About.HOUR:
                return (*of_whom, self.session_id, self.asked)
            case About.WISH:
                return (*of_whom, self.on)


def with_heard(kept: tuple[Heard, ...], one: Heard) -> tuple[Heard, ...] | None:
    """Return what was told with one thing more; None where that person told enough.

    What takes the place of something is always taken.
    """
    others = tuple(each for each in kept if not one.replaces(each))
    is_more = len(others) == len(kept)
    if is_more and sum(_counts_with(each, one) for each in kept) >= _most(one.about):
        return None
    return (*others, one)


def with_retold(
    kept: tuple[Heard, ...], of: tuple[str, Partner, About], heard: Sequence[Heard]
) -> tuple[Heard, ...] | None:
    """Return what was told with these in the place of all that one told of something.

    None where that is more than a book takes of them; fewer than before is never that.
    """
    others = tuple(
        each for each in kept if (each.couple_id, each.partner, each.about) != of
    )
    anew = {each.place: each for each in heard}  # of the same the last one holds
    if len(anew) > max(len(kept) - len(others), _most(of[2])):
        return None
    return (*others, *anew.values())


def _most(about: About) -> float:
    """Return how many stand beside one another; the rest replace one another."""
    most = {About.BEFORE: MOST_BEFORE_A_DAY, About.LINE: MOST_LINES}
    return most.get(about, math.inf)


def _counts_with(one: Heard, other: Heard) -> bool:
    def of_whom(each: Heard) -> tuple[object, ...]:
        day = each.on if each.about is About.BEFORE else None
        return (each.couple_id, each.partner, each.about, day)

    return of_whom(one) == of_whom(other)


class Done(StrEnum):
    """What was done with a clinic, as its log names it."""

    OPENED = "opened"
    RECOVERED = "opened with the recovery key"
    CHANGED = "passphrase changed"  # and the recovery key with it
    BACKED_UP = "backed up"
    RESTORED = "restored"
    EXPORTED = "exported"
    ERASED = "couple erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a clinic's log: when, and what; never whom it was about.

    `what` is a `Done`, or what a newer coreg calls something that this one does not do.
    """

    utc: str
    what: str


def fell(values: Sequence[int]) -> bool:
    """Return whether the last answer is three points below one of the four before it.

    So much is talked about with each alone first. Four weekly answers: what was better
    long ago is another matter.

    Examples
    --------
    >>> fell([6, 3]), fell([6, 5, 4, 3]), fell([6, 4]), fell([9, 5, 5, 5, 5, 5])
    (True, True, False, False)
    """
    *earlier, last = values
    return any(each - last >= A_FALL for each in earlier[-LOOKED_BACK:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What stands in a book: all of it, as it is sealed.

    `more` is what a newer coreg keeps beside these, as it came: it goes back unread.
    """

    couples: tuple[Couple, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()  # a couple's id, and its folder's key in hex
    marks: tuple[Mark, ...] = ()
    notes: tuple[Note, ...] = ()
    labels: tuple[tuple[int, str], ...] = ()  # what a mark's key stands for
    heard: tuple[Heard, ...] = ()
    log: tuple[LogLine, ...] = ()  # the newest last
    more: tuple[tuple[str, Any], ...] = ()


def in_time(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return marks in the order of their session's time."""
    return tuple(sorted(marks, key=lambda mark: (mark.t_s, mark.key)))
