"""What each wrote and how each was, sealed for that one alone.

Strategy.

1. What is said is sealed at once, with the public key of whoever said it. Without a
   passcode there is no such key, and then nothing private is kept at all.
2. It is read, changed and deleted with that person's own key, and no other way.
3. A library from before passcodes holds words and ratings in clear. They are sealed
   when their owner chooses a passcode, and the clear ones go with the same transaction;
   until then nothing reads them.
4. A wrong passcode is counted before it is tried, so that ending the program gains
   nothing; after a few of them each next one has to wait (`passcode.wait_s`).
5. Forgotten means gone: what is sealed, and whatever else a stranger with a new
   passcode could see by it, own pages of earlier evenings too.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from coreg.base.bounds import json_of
from coreg.errors import PasscodeRefused
from coreg.facts.events import Partner
from coreg.store.library import began_utc
from coreg.store.library_file import PLACES, LibraryFile
from coreg.store.page_copies import forget_all_pages
from coreg.store.passcode import (
    USUAL_COST,
    Cost,
    LockedKey,
    OwnKey,
    need_passcode,
    new_key,
    sealed,
    since_s,
    unlocked,
    wait_s,
)
from coreg.words import wrong_and_do

_LARGEST_BYTES = 64 * 1024  # the longest words, all letters escaped
_HANDLES = 2**53  # a page's whole numbers end there
_PUT = "UPDATE own SET sealed = ? WHERE own = ?"
_FORGOTTEN = ("own", "passcode", "wish", "consent", "rating", "words", "loose_end")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingKept:
    """How somebody was before or after, in that person's own figures.

    `at_ease`, `wide_awake` and `myself` go from 0 to 10. coreg 0.1 asked for
    sleepiness instead of `wide_awake`: `awake` is Karolinska's scale, 1 very alert to 9
    fighting sleep (Akerstedt & Gillberg 1990). What somebody said then stays as it was.
    """

    session_id: str
    moment: str
    at_ease: int | None
    awake: int | None
    myself: int | None
    utc: str
    wide_awake: int | None = None  # which what was sealed before does not have


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsKept:
    """What somebody wrote for oneself, in which block of an evening."""

    session_id: str
    block: str
    text: str
    utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HappenedKept:
    """Whether a little of what somebody had wished for an evening did happen."""

    session_id: str
    happened: str
    utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerKept:
    """What somebody answered to what a practice asked, from 0 to 10.

    Where `is_yes_no`, 1 is a yes and 0 a no. `words` are those that it asked with, in
    English: by them they are found in any language, also where the practice has others
    now. `block` is the number of the part
    that asked, None before and after: the same answer in two steps is two answers.
    """

    session_id: str
    name: str
    words: str
    value: int
    utc: str
    # What was sealed before has neither of these.
    block: int | None = None
    is_yes_no: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWishKept:
    """What somebody wishes for, in their own words, and how near that was on a day.

    `near` goes from 0 to 10, and `on` is that day (ISO 8601). It is of no session.
    """

    text: str
    near: int
    on: str
    utc: str
    session_id: str = ""


OwnThing = RatingKept | WordsKept | HappenedKept | AnswerKept | OwnWishKept
_KINDS: dict[str, type[OwnThing]] = {
    "rating": RatingKept,
    "words": WordsKept,
    "happened": HappenedKept,
    "answer": AnswerKept,
    "wish": OwnWishKept,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One own thing and its number, by which it is changed or deleted."""

    number: int
    thing: OwnThing


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLines:
    """All that one person's key opens, oldest first; `unread` is what it does not."""

    lines: tuple[OwnLine, ...]
    unread: int

    @property
    def words(self) -> list[WordsKept]:
        """What that person wrote."""
        return [each.thing for each in self.lines if isinstance(each.thing, WordsKept)]

    @property
    def ratings(self) -> list[RatingKept]:
        """How that person was."""
        return [each.thing for each in self.lines if isinstance(each.thing, RatingKept)]

    @property
    def answers(self) -> list[AnswerKept]:
        """What that person answered to what practices ask."""
        return [each.thing for each in self.lines if isinstance(each.thing, AnswerKept)]

    @property
    def own_wishes(self) -> list[OwnWishKept]:
        """What that person wishes for, and how near it was, day after day."""
        return [
            each.thing for each in self.lines if isinstance(each.thing, OwnWishKept)
        ]

    @property
    def happened(self) -> list[HappenedKept]:
        """Whether what that person had wished for did happen."""
        return [
            each.thing for each in self.lines if isinstance(each.thing, HappenedKept)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A key, when it was unlocked last, and the wrong tries since then."""

    key: OwnKey
    wrong_tries: int
    last_utc: str


class OwnThings:
    """The private part of the library of one data folder.

    Raises
    ------
    StorageUnusable
        From any call: if the file cannot be read or written, or is not as it was left.
    """

    def __init__(self, file: LibraryFile, *, cost: Cost = USUAL_COST) -> None:
        self._file = file
        self._cost = cost

    def has_passcode(self, partner: Partner) -> bool:
        """Whether one partner chose a passcode."""
        return self.chosen_utc(partner) is not None

    # --- the passcode -----------------------------------------------------------

    def chosen_utc(self, partner: Partner) -> str | None:
        """Return when one partner chose their passcode, None where there is none."""
        with self._file.reading() as db:
            row = db.execute(
                "SELECT chosen_utc FROM passcode WHERE person = ?", (PLACES[partner],)
            ).fetchone()
        return None if row is None else str(row[0])

    def choose(self, partner: Partner, passcode: str, *, now: datetime) -> OwnKey:
        """Keep a first passcode, and seal what still lies in clear; return the key.

        Raises
        ------
        PasscodeRefused
            If it is too short or too easy, or there is one already.
        """
        self._need_passcode(passcode)
        if self.has_passcode(partner):
            raise _chosen_already()
        key = new_key()
        locked = key.locked(passcode, self._cost)  # before the file is held up
        with self._file.transaction() as db:
            if _locked_key(db, partner) is not None:
                raise _chosen_already()
            _keep_locked(db, partner, locked, now)
            _seal_what_lies_in_clear(db, partner, locked.public)
        return key

    def change_passcode(
        self, partner: Partner, old: str, passcode: str, *, now: datetime
    ) -> OwnKey:
        """Put another passcode in the place of one, and return the new key.

        All is sealed anew: whoever copied the file and learned the old one opens
        nothing that is kept from now on.

        Raises
        ------
        PasscodeRefused
            As `enter` does of the old one, and `choose` of the new one.
        """
        self._need_passcode(passcode)
        old_key, key = self.enter(partner, old, now=now).key, new_key()
        locked = key.locked(passcode, self._cost)
        with self._file.transaction() as db:
            for box in _boxes(db, partner):
                thing = box.opened(old_key, partner)
                if thing is not None:  # else it is damaged, and said to be
                    anew = _sealed(partner, key.public, thing)
                    db.execute(_PUT, (anew, box.own))
            _keep_locked(db, partner, locked, now)
        return key

    def _need_passcode(self, passcode: str) -> None:
        with self._file.reading() as db:
            names = [name for (name,) in db.execute("SELECT name FROM person")]
        need_passcode(passcode, names)

    def enter(self, partner: Partner, passcode: str, *, now: datetime) -> Entered:
        """Unlock one partner's key.

        Raises
        ------
        PasscodeRefused
            If the passcode is wrong, comes too early after wrong ones, or none was
            chosen yet.
        """
        locked, wrong = self._count_try(partner, now)
        with self._file.understanding():
            key = unlocked(locked, passcode)
        if key is None:
            told, pause_s = (
                wrong_and_do("errors.passcode.wrong"),
                wait_s(wrong + 1, 0.0),
            )
            raise PasscodeRefused(*told, why="passcode-wrong", wait_s=pause_s)
        with self._file.transaction() as db:
            (last_utc,) = db.execute(
                "SELECT entered_utc FROM passcode WHERE person = ?", (PLACES[partner],)
            ).fetchone()
            db.execute(
                "UPDATE passcode SET wrong = 0, last_utc = '', entered_utc = ?"
                " WHERE person = ?",
                (now.isoformat(timespec="seconds"), PLACES[partner]),
            )
        return Entered(key=key, wrong_tries=wrong, last_utc=str(last_utc))

    def forget(self, partner: Partner, *, now: datetime) -> None:
        """Erase one person's passcode and all that it opened, or that it decided.

        Own pages of evenings until now stay closed to whatever passcode comes next.
        Names stay, and so does everything of the other.
        """
        with self._file.transaction() as db:
            for table in _FORGOTTEN:
                statement = f"DELETE FROM {table} WHERE person = ?"  # noqa: S608
                db.execute(statement, (PLACES[partner],))
            db.execute(
                "UPDATE person SET heart_rhythm = 0, see_doctor = 0 WHERE person = ?",
                (PLACES[partner],),
            )
            db.execute(
                "INSERT OR REPLACE INTO setting VALUES (?, ?)",
                (_closed_until(partner), f"{now.astimezone(UTC):%Y%m%d-%H%M%S}"),
            )
        forget_all_pages(self._file.folder)

    def opens_page_of(self, partner: Partner, session_id: str) -> bool:
        """Whether one's passcode opens one's own page of a session.

        Not of one from before an earlier passcode was forgotten: the next one may be
        somebody else's.
        """
        # A session's name begins with when it began (`library.new_session_id`).
        until, is_named = self.closed_until(partner), began_utc(session_id) is not None
        return not until or (is_named and session_id[: len(until)] > until)

    def closed_until(self, partner: Partner) -> str:
        """Return until when own pages stay closed, as sessions' names have the time.

        Empty where none does.
        """
        with self._file.reading() as db:
            row = db.execute(
                "SELECT value FROM setting WHERE name = ?", (_closed_until(partner),)
            ).fetchone()
        return "" if row is None else str(row[0])

    def _count_try(self, partner: Partner, now: datetime) -> tuple[LockedKey, int]:
        """Count a try as a wrong one, and return how many there were before it."""
        with self._file.transaction() as db:
            locked = _locked_key(db, partner)
            if locked is None:
                raise not_chosen_yet(partner)
            wrong, last_utc = db.execute(
                "SELECT wrong, last_utc FROM passcode WHERE person = ?",
                (PLACES[partner],),
            ).fetchone()
            still_s = wait_s(int(wrong), since_s(now, last_utc))
            if still_s > 0:
                if datetime.fromisoformat(last_utc) > now:  # the clock was set back
                    _note_try(db, partner, int(wrong), now)
            else:
                _note_try(db, partner, int(wrong) + 1, now)
        if still_s > 0:
            told = wrong_and_do("errors.passcode.wait", seconds=round(still_s))
            raise PasscodeRefused(*told, why="passcode-wait", wait_s=still_s)
        return locked, int(wrong)

    # --- what is sealed ---------------------------------------------------------

    def keep(self, partner: Partner, thing: OwnThing) -> bool:
        """Seal something for one person; return whether there is a key to do it."""
        with self._file.transaction() as db:
            locked = _locked_key(db, partner)
            if locked is not None:
                _insert(db, partner, locked.public, thing)
        return locked is not None

    def lines(self, partner: Partner, key: OwnKey) -> OwnLines:
        """Return what one person's key opens; what was said twice is one line.

        Whoever did not hear that it was kept says it once more.
        """
        with self._file.reading() as db:
            boxes = _boxes(db, partner)
        opened = [(box.number, box.opened(key, partner)) for box in boxes]
        first: dict[OwnThing, OwnLine] = {}
        for number, thing in opened:
            if thing is not None:
                first.setdefault(_said(thing), OwnLine(number=number, thing=thing))
        unread = sum(thing is None for _, thing in opened)
        return OwnLines(lines=tuple(first.values()), unread=unread)

    def change(self, partner: Partner, key: OwnKey, number: int, text: str) -> bool:
        """Put other words in the place of a line; return whether there was such a one.

        When and where they were written stays as it was.
        """
        with self._file.transaction() as db:
            same = _same(db, partner, key, number)
            old = same.pop(number, None)
            if not isinstance(old, WordsKept):
                return False
            box = _sealed(partner, key.public, replace(old, text=text))
            db.execute("UPDATE own SET sealed = ? WHERE handle = ?", (box, number))
            _delete(db, same)
        forget_all_pages(self._file.folder)
        return True

    def keep_last(
        self, partner: Partner, key: OwnKey, said: HappenedKept | OwnWishKept
    ) -> None:
        """Keep whether it did happen, or how near a wish is: the last answer holds."""
        with self._file.transaction() as db:
            locked = _locked_key(db, partner)
            if locked is None:
                return
            before = [
                box.number
                for box in _boxes(db, partner)
                if (thing := box.opened(key, partner)) is not None
                and _of_what(thing) == _of_what(said)
            ]
            _delete(db, before)
            _insert(db, partner, locked.public, said)

    def delete(self, partner: Partner, key: OwnKey, number: int | None) -> bool:
        """Delete a line for good, or all; return whether there was such a one."""
        with self._file.transaction() as db:
            if number is None:
                same = {box.number: None for box in _boxes(db, partner)}
            else:
                same = dict.fromkeys(_same(db, partner, key, number))
            _delete(db, same)
        forget_all_pages(self._file.folder)
        return bool(same)


def not_chosen_yet(partner: Partner) -> PasscodeRefused:
    """Return what says that one partner has no passcode, and where to choose one."""
    told = wrong_and_do("errors.passcode.none", partner=partner)
    return PasscodeRefused(*told, why="no-passcode")


def _chosen_already() -> PasscodeRefused:
    told = wrong_and_do("errors.passcode.chosen-already")
    return PasscodeRefused(*told, why="passcode-chosen")


def _closed_until(partner: Partner) -> str:
    """Return the setting that says until when own pages stay closed."""
    return f"own pages of {partner} are closed until"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """One row of `own`; its number, by chance, tells nothing of other rows."""

    own: int
    number: int
    sealed: bytes

    def opened(self, key: OwnKey, partner: Partner) -> OwnThing | None:
        """Return what is in it, None where this key does not open it."""
        try:
            clear = key.unsealed(self.sealed, _about(partner))
            told = json_of(clear.decode(), _LARGEST_BYTES)
            return _KINDS[told.pop("kind")](**told)
        except (ValueError, TypeError, LookupError):
            return None


def _about(partner: Partner) -> str:
    return f"coreg own thing 1, {partner}"


def _said(thing: OwnThing) -> OwnThing:
    """Return what somebody said, whenever that was."""
    return replace(thing, utc="")


def _of_what(thing: OwnThing) -> tuple[str, str] | None:
    """Return of what only the last answer holds; None where each does."""
    match thing:
        case HappenedKept(session_id=session_id):
            return "happened", session_id
        case OwnWishKept(on=on):
            return "wish", on
    return None


def _sealed(partner: Partner, public: bytes, thing: OwnThing) -> bytes:
    (kind,) = (kind for kind, of in _KINDS.items() if isinstance(thing, of))
    told = {"kind": kind, **asdict(thing)}
    clear = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return sealed(public, clear.encode(), _about(partner))


def _insert(
    db: sqlite3.Connection, partner: Partner, public: bytes, thing: OwnThing
) -> None:
    box = _sealed(partner, public, thing)
    db.execute(
        "INSERT INTO own (person, handle, sealed) VALUES (?, ?, ?)",
        (PLACES[partner], secrets.randbelow(_HANDLES), box),
    )


def _boxes(db: sqlite3.Connection, partner: Partner) -> list[_Box]:
    rows = db.execute(
        "SELECT own, handle, sealed FROM own WHERE person = ? ORDER BY own",
        (PLACES[partner],),
    ).fetchall()
    return [_Box(own=own, number=handle, sealed=box) for own, handle, box in rows]


def _same(
    db: sqlite3.Connection, partner: Partner, key: OwnKey, number: int
) -> dict[int, OwnThing]:
    """Return a line with all that say the same; none where there is no such line."""
    things = {
        box.number: thing
        for box in _boxes(db, partner)
        if (thing := box.opened(key, partner)) is not None
    }
    if number not in things:
        return {}
    wanted = _said(things[number])
    return {each: thing for each, thing in things.items() if _said(thing) == wanted}


def _delete(db: sqlite3.Connection, numbers: Iterable[int]) -> None:
    db.executemany("DELETE FROM own WHERE handle = ?", [(each,) for each in numbers])


def _locked_key(db: sqlite3.Connection, partner: Partner) -> LockedKey | None:
    row = db.execute(
        "SELECT public, salt, n, r, p, locked FROM passcode WHERE person = ?",
        (PLACES[partner],),
    ).fetchone()
    if row is None:
        return None
    public, salt, n, r, p, locked = row
    return LockedKey(public=public, salt=salt, cost=Cost(n=n, r=r, p=p), locked=locked)


def _keep_locked(
    db: sqlite3.Connection, partner: Partner, locked: LockedKey, now: datetime
) -> None:
    cost = locked.cost
    db.execute(
        "INSERT OR REPLACE INTO passcode VALUES (?, ?, ?, ?, ?, ?, ?, 0, '', '', ?)",
        (
            PLACES[partner],
            locked.public,
            locked.salt,
            cost.n,
            cost.r,
            cost.p,
            locked.locked,
            now.isoformat(timespec="seconds"),
        ),
    )


def _note_try(
    db: sqlite3.Connection, partner: Partner, wrong: int, now: datetime
) -> None:
    db.execute(
        "UPDATE passcode SET wrong = ?, last_utc = ? WHERE person = ?",
        (wrong, now.isoformat(), PLACES[partner]),
    )


def _seal_what_lies_in_clear(
    db: sqlite3.Connection, partner: Partner, public: bytes
) -> None:
    """Seal what an earlier coreg kept of somebody in clear, and take that away."""
    for thing in list(_in_clear(db, partner)):
        _insert(db, partner, public, thing)
    for table in ("rating", "words"):
        statement = f"DELETE FROM {table} WHERE person = ?"  # noqa: S608
        db.execute(statement, (PLACES[partner],))


def _in_clear(db: sqlite3.Connection, partner: Partner) -> Iterator[OwnThing]:
    person = (PLACES[partner],)
    for session_id, moment, at_ease, awake, myself, utc in db.execute(
        "SELECT session_id, moment, at_ease, awake, myself, utc FROM rating"
        " WHERE person = ? ORDER BY rowid",
        person,
    ).fetchall():
        yield RatingKept(
            session_id=session_id,
            moment=moment,
            at_ease=at_ease,
            awake=awake,
            myself=myself,
            utc=utc,
        )
    for session_id, block, text, utc in db.execute(
        "SELECT session_id, block, text, utc FROM words"
        " WHERE person = ? ORDER BY rowid",
        person,
    ).fetchall():
        yield WordsKept(session_id=session_id, block=block, text=text, utc=utc)
