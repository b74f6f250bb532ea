"""library.db: the people, what they agreed to, and what each said for oneself.

Strategy.

1. What one partner wrote lies sealed (`own`, own_things.py) and opens with that
   partner's key and no other way. It never lies in a session's file, which both may
   open.
2. Consent is a history, newest last: what was agreed to, in which version of the
   words, when, and when it was taken back. *Not now* from who never agreed leaves no
   row: it is nobody's business.
3. What is erased is in no file afterwards: each change writes the library anew
   (library_file.py).

Each call is a transaction of its own, on the disk when it returns.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from coreg.errors import StorageLocked, StorageUnusable
from coreg.facts.both import Both
from coreg.facts.events import InQuiet, Partner
from coreg.store.audit import END_OF_AUDIT, AuditLog
from coreg.store.library_file import (
    LIBRARY_NAME,
    PLACES,
    LibraryFile,
    Written,
    how_written,
    is_library_in,
)
from coreg.store.loose_ends import LooseEnds
from coreg.store.our_lines import OurLines, forget_evening
from coreg.store.own_things import OwnThings
from coreg.store.page_copies import forget_all_pages
from coreg.store.passcode import USUAL_COST, Cost
from coreg.store.release import CONSENT_VERSION, Renamed, Said, Wish
from coreg.words import say

__all__ = [
    "HARDER_UNTIL",
    "LIBRARY_NAME",
    "RESTS_AS_SAID",
    "RESTS_UNTIL",
    "Library",
    "LibraryCheck",
    "Person",
    "Purpose",
    "check_library",
    "is_library_in",
]

# What each wrote is that one's own.
RESTS_UNTIL = "not the day until"
HARDER_UNTIL = "no harder practice until"
RESTS_AS_SAID = "not the day, as one said"
_OF_A_NO = (RESTS_UNTIL, HARDER_UNTIL, RESTS_AS_SAID)
_OF_A_SESSION = ("wish", "aside", "sitting", "in_quiet")
_OF_A_PERSON = (
    *("consent", "rating", "words", "wish", "own", "passcode", "line", "loose_end"),
)
_RENAMED = {each: f"{each} was named anew" for each in Partner}
_SETTINGS = "SELECT name, value FROM setting WHERE typeof(value) = 'text' AND name != ?"
_FORGET = (
    "UPDATE person SET name = ?, heart_rhythm = 0, see_doctor = 0 WHERE person = ?"
)


class Purpose(StrEnum):
    """What somebody may agree to, each for itself."""

    RECORD = "record"
    SHOW_PARTNER = "show to my partner"
    FIND_PACE = "find our pace"
    THERAPIST = "show to the therapist"
    RESEARCH = "research"
    OLD_MOVEMENT = "measure how my chest moves"  # words that hid what a light shows
    MOVEMENT = "measure how my chest moves, which a light may show"
    ECG = "measure my ecg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One partner; `given` is what the newest consent says, of one version."""

    name: str
    heart_rhythm: bool
    see_doctor: bool
    version: int
    given: dict[Purpose, bool]

    @property
    def has_agreed(self) -> bool:
        """Whether this one answered at all, in the words that hold now."""
        return self.version == CONSENT_VERSION

    def agrees(self, purpose: Purpose) -> bool:
        """Whether this one agreed to it, in the words that hold now."""
        return self.has_agreed and self.given.get(purpose, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """How long two sat together in one evening, without pauses, and at which pace.

    `breathing_s` is how long they breathed with a pace, `breaths_per_min` that of most
    of the time; None where none was followed.
    """

    sat_s: float
    breathing_s: float
    breaths_per_min: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryCheck:
    """Whether a library is as it was written; `words` say what was found."""

    is_well: bool
    words: str


class Library:
    """The library of one data folder.

    Where the folder is locked (`keys`), so is the library. With `only_reads`, nothing
    is made, mended or written.

    Raises
    ------
    StorageLocked
        From any call: if it is locked, and nobody opened it.
    StorageUnusable
        From any call: if the file cannot be made, read or written, or is not ours.
    """

    def __init__(
        self,
        folder: Path,
        *,
        only_reads: bool = False,
        passcode_cost: Cost = USUAL_COST,
    ) -> None:
        self._file = LibraryFile(folder, only_reads=only_reads)
        self.own = OwnThings(self._file, cost=passcode_cost)
        self.audit = AuditLog(self._file)
        self.lines = OurLines(self._file)
        self.loose_ends = LooseEnds(self._file)

    @property
    def is_mended(self) -> bool:
        """Whether it was damaged, and its copy is used."""
        return self._file.is_mended

    def lay_open(self, then: Callable[[], None]) -> None:
        """Write the library so that it opens without a key, and do this next."""
        self._file.lay_open(then)

    def person(self, partner: Partner) -> Person:
        """Return one partner."""
        with self._file.reading() as db:
            name, rhythm, doctor = db.execute(
                "SELECT name, heart_rhythm, see_doctor FROM person WHERE person = ?",
                (PLACES[partner],),
            ).fetchone()
            rows = db.execute(
                "SELECT purpose, given, version FROM consent WHERE person = ?"
                " AND version > 0 ORDER BY rowid",
                (PLACES[partner],),
            ).fetchall()
            newest = max((_whole(version) for *_, version in rows), default=0)
            return Person(
                name=_text(name),
                heart_rhythm=bool(_whole(rhythm)),
                see_doctor=bool(_whole(doctor)),
                version=newest,
                given={
                    Purpose(purpose): bool(_whole(given))
                    for purpose, given, version in rows
                    if version == newest
                },
            )

    def consent_of(self, partner: Partner) -> list[dict[str, object]]:
        """Return all that one person agreed to or took back, oldest first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT utc, purpose, given, version FROM consent WHERE person = ?"
                " ORDER BY rowid",
                (PLACES[partner],),
            ).fetchall()
            return [
                {
                    "utc": _text(utc),
                    "purpose": _text(purpose),
                    "given": bool(_whole(given)),
                    "version": abs(_whole(version)),
                    "taken_back": _whole(version) < 0,
                }
                for utc, purpose, given, version in rows
            ]

    def keep_names(self, a: str, b: str) -> None:
        """Keep what the two are called."""
        with self._file.transaction() as db:
            for partner, name in Both(*(a, b)).items():
                db.execute(
                    "UPDATE person SET name = ? WHERE person = ?",
                    (name, PLACES[partner]),
                )

    def note_renamed(self, names: Both[str], *, utc: str) -> None:
        """Note of who has a passcode that they are to be called something else now."""
        for partner, name in names.items():
            before = self.person(partner).name
            if before != name and self.own.chosen_utc(partner) is not None:
                self.keep_setting(_RENAMED[partner], f"{utc} {before}")

    def renamed(self, partner: Partner) -> Renamed | None:
        """Return when one was named anew last, if ever."""
        utc, _, before = self.settings().get(_RENAMED[partner], "").partition(" ")
        return Renamed(utc=utc, before=before) if utc else None

    def keep_consent(
        self,
        partner: Partner,
        given: dict[Purpose, bool],
        *,
        version: int,
        utc: str,
    ) -> None:
        """Keep what one person agreed to, for each purpose.

        Where something is taken back, pages that may show it go.
        """
        before = self.person(partner)
        if any(before.agrees(each) and not yes for each, yes in given.items()):
            forget_all_pages(self._file.folder)
        with self._file.transaction() as db:
            db.executemany(
                "INSERT INTO consent VALUES (?, ?, ?, ?, ?)",
                [
                    (PLACES[partner], purpose.value, version, said, utc)
                    for purpose, said in given.items()
                ],
            )

    def keep_body(
        self, partner: Partner, *, heart_rhythm: bool, see_doctor: bool
    ) -> None:
        """Keep what one person's body asks of a practice."""
        with self._file.transaction() as db:
            db.execute(
                "UPDATE person SET heart_rhythm = ?, see_doctor = ? WHERE person = ?",
                (heart_rhythm, see_doctor, PLACES[partner]),
            )

    def keep_aside(self, session_id: str) -> None:
        """Keep a session out of what is compared over weeks.

        Whose wish it was is not kept: alcohol, medicine, illness and sleep are
        nobody else's business.
        """
        with self._file.transaction() as db:
            db.execute("INSERT OR IGNORE INTO aside VALUES (?)", (session_id,))

    def aside(self) -> frozenset[str]:
        """Return the sessions that stay out of what is compared over weeks."""
        with self._file.reading() as db:
            rows = db.execute("SELECT session_id FROM aside").fetchall()
            return frozenset(_text(session_id) for (session_id,) in rows)

    def keep_in_quiet(self, session_id: str, said: Iterable[InQuiet]) -> None:
        """Keep what was in the quiet time of a session, in place of what was kept.

        `said` is what both said together. Neither who said it nor when is kept: the
        second one answers later. So the rows lie in the order of their words, and not
        in that in which they came.
        """
        with self._file.transaction() as db:
            db.execute("DELETE FROM in_quiet WHERE session_id = ?", (session_id,))
            db.executemany(
                "INSERT INTO in_quiet VALUES (?, ?)",
                [(session_id, what) for what in _of_both(said)],
            )

    def in_quiet(self, session_id: str) -> frozenset[InQuiet]:
        """Return what was in the quiet time of a session; empty where nobody said."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT what FROM in_quiet WHERE session_id = ?", (session_id,)
            ).fetchall()
            texts = [_text(what) for (what,) in rows]
        return _of_both(
            # One of a newer coreg has no name here, and was not quiet.
            InQuiet(text) if text in set(InQuiet) else InQuiet.UNNAMED
            for text in texts
        )

    def keep_wish(
        self, partner: Partner, session_id: str, whose: str, *, utc: str
    ) -> None:
        """Keep what one person wants to see of a session; a later wish replaces it."""
        with self._file.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO wish VALUES (?, ?, ?, ?)",
                (PLACES[partner], session_id, whose, utc),
            )

    def wishes(self, partner: Partner) -> dict[str, str]:
        """Return what one person wants to see, by session."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT session_id, whose FROM wish WHERE person = ?",
                (PLACES[partner],),
            ).fetchall()
            return {_text(session_id): _text(whose) for session_id, whose in rows}

    def said(self, partner: Partner, session_id: str) -> Said:
        """Return what one person said that decides what may be seen of a session."""
        wish = self.wishes(partner).get(session_id)
        return Said(
            # One of a newer coreg opens nothing here.
            wish=Wish(wish) if wish in set(Wish) else None,
            shows=self.person(partner).agrees(Purpose.SHOW_PARTNER),
            owns=self.own.opens_page_of(partner, session_id),
        )

    def keep_sitting(self, session_id: str, sitting: Sitting) -> None:
        """Keep how long two sat together, and at which pace."""
        with self._file.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO sitting VALUES (?, ?, ?, ?)",
                (
                    session_id,
                    sitting.sat_s,
                    sitting.breathing_s,
                    sitting.breaths_per_min,
                ),
            )

    def sittings(self) -> dict[str, Sitting]:
        """Return how long two sat together, by session; not of earlier coregs'."""
        with self._file.reading() as db:
            rows = db.execute("SELECT * FROM sitting").fetchall()
            return {
                _text(session_id): Sitting(
                    sat_s=float(sat_s),
                    breathing_s=float(breathing_s),
                    breaths_per_min=None if per_min is None else float(per_min),
                )
                for session_id, sat_s, breathing_s, per_min in rows
            }

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a setting of this computer."""
        with self._file.transaction() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def settings(self) -> dict[str, str]:
        """Return the settings of this computer."""
        with self._file.reading() as db:
            # SQLite holds bytes in a column of texts, where somebody put them there.
            return dict(db.execute(_SETTINGS, (END_OF_AUDIT,)).fetchall())

    def withdraw(self, partner: Partner, *, utc: str) -> None:
        """Take back what one person agreed to; when that was stays known.

        What was taken back has its version below zero. Who never agreed has no rows.
        """
        self.keep_body(partner, heart_rhythm=False, see_doctor=False)
        forget_all_pages(self._file.folder)
        person = (PLACES[partner],)
        with self._file.transaction() as db:
            newest = db.execute(
                "SELECT max(version) FROM consent WHERE person = ? AND version > 0",
                person,
            ).fetchone()[0]
            if newest is None:
                return
            db.execute(
                "UPDATE consent SET version = -version"
                " WHERE person = ? AND version > 0",
                person,
            )
            db.execute(
                "INSERT INTO consent VALUES (?, ?, ?, 0, ?)",
                (*person, Purpose.RECORD.value, -_whole(newest), utc),
            )

    def erase_session(self, session_id: str) -> None:
        """Erase what both decided about one session; what each wrote stays theirs.

        So do their lines, which no longer say of which evening they are.
        """
        self.audit.blank(session_id=session_id)
        with self._file.transaction() as db:
            for table in _OF_A_SESSION:
                statement = f"DELETE FROM {table} WHERE session_id = ?"  # noqa: S608
                db.execute(statement, (session_id,))
            forget_evening(db, session_id)

    def erase_person(self, partner: Partner) -> None:
        """Erase one person: the name, the answers, what was agreed to."""
        self.audit.blank(whose=partner.value)
        with self._file.transaction() as db:
            db.execute(_FORGET, (partner.value, PLACES[partner]))
            for name in _RENAMED.values():  # either may have had this one's name
                db.execute("DELETE FROM setting WHERE name = ?", (name,))
            db.execute("DELETE FROM aside")  # one person's, and nobody knows whose
            db.execute("DELETE FROM sitting")  # a pace may have come of both hearts
            db.execute("DELETE FROM in_quiet")  # as `aside`: nobody knows who said it
        self._erase(partner, _OF_A_PERSON)

    def erase_everything(self) -> None:
        """Erase both people and the settings of this computer."""
        with self._file.transaction() as db:
            # A no that runs stays until it runs out: it says nothing of who said it.
            db.execute("DELETE FROM setting WHERE name NOT IN (?, ?, ?)", _OF_A_NO)
            db.execute("DELETE FROM audit")
        for partner in Partner:
            self.erase_person(partner)

    def _erase(self, partner: Partner, tables: tuple[str, ...]) -> None:
        with self._file.transaction() as db:
            for table in tables:
                statement = f"DELETE FROM {table} WHERE person = ?"  # noqa: S608
                db.execute(statement, (PLACES[partner],))


def check_library(folder: Path) -> LibraryCheck | None:
    """Look at the library of a data folder; None where there is none yet.

    Nothing is made, mended or written. One that is locked is checked as far as can be
    without its key: that is every byte of it, though not what they mean.
    """
    if not is_library_in(folder):
        return None
    try:
        library = Library(folder, only_reads=True)
        for partner in Partner:
            library.person(partner)
        library.settings()
        library.audit.lines()
        well = say("errors.library.ok")
    except StorageLocked:
        well = say("errors.library.ok-locked")
    except StorageUnusable as error:
        return LibraryCheck(is_well=False, words=str(error))
    match how_written(folder):
        case Written.MENDED:
            return LibraryCheck(is_well=False, words=say("errors.library.mended"))
        case Written.ONCE:
            return LibraryCheck(is_well=True, words=say("errors.library.copy"))
    return LibraryCheck(is_well=True, words=well)


def _of_both(said: Iterable[InQuiet]) -> frozenset[InQuiet]:
    """Return what both said together, without who said it.

    *None of these* beside anything else would be one's own answer, and the rest the
    other's. Libraries of before may hold both.
    """
    known = frozenset(said)
    return known - {InQuiet.NOTHING} or known


def _text(value: object) -> str:
    """Return words as they were kept; SQLite keeps whatever it is given."""
    if not isinstance(value, str):
        raise TypeError("no words")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("no whole number")
    return value
