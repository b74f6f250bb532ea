"""library.db: the people, what they agreed to, and what each said for oneself.

Strategy.

1. What one partner wrote is asked for by that partner and no other way: no function
   here returns both. It never lies in a session's file, which both may open.
2. Consent is a history, newest last: what was agreed to, in which version of the
   words, when. *Not now* leaves no row: it is nobody's business.
3. Erasing overwrites (`secure_delete`), rewrites the file (VACUUM) and empties the
   write-ahead log, where deleted words would otherwise live on.

One writer: whoever holds the data folder's lock. Each call is a transaction of its
own, on the disk when it returns.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from coreg.errors import StorageUnusable
from coreg.events import Partner
from coreg.store.database import (
    connect_for_writing,
    in_words,
    new_database,
    transaction,
    version_of,
)
from coreg.store.release import CONSENT_VERSION, Said, Wish
from coreg.store.whole_file import remove_half_made

SCHEMA_VERSION = 2
LIBRARY_NAME = "library.db"

_ASIDE = "CREATE TABLE aside (session_id TEXT PRIMARY KEY)"  # since version 2
_SCHEMA = (
    "CREATE TABLE couple (couple INTEGER PRIMARY KEY)",
    """CREATE TABLE person (
        person INTEGER PRIMARY KEY, couple INTEGER NOT NULL REFERENCES couple,
        partner TEXT NOT NULL CHECK (partner IN ('A', 'B')), name TEXT NOT NULL,
        heart_rhythm INTEGER NOT NULL, see_doctor INTEGER NOT NULL,
        UNIQUE (couple, partner))""",
    """CREATE TABLE consent (
        person INTEGER NOT NULL REFERENCES person, purpose TEXT NOT NULL,
        version INTEGER NOT NULL, given INTEGER NOT NULL, utc TEXT NOT NULL)""",
    """CREATE TABLE rating (
        person INTEGER NOT NULL REFERENCES person, session_id TEXT NOT NULL,
        moment TEXT NOT NULL, at_ease INTEGER, awake INTEGER, myself INTEGER,
        utc TEXT NOT NULL)""",
    """CREATE TABLE words (
        person INTEGER NOT NULL REFERENCES person, session_id TEXT NOT NULL,
        block TEXT NOT NULL, text TEXT NOT NULL, utc TEXT NOT NULL)""",
    """CREATE TABLE wish (
        person INTEGER NOT NULL REFERENCES person, session_id TEXT NOT NULL,
        whose TEXT NOT NULL, utc TEXT NOT NULL, PRIMARY KEY (person, session_id))""",
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    _ASIDE,
)
_OF_A_PERSON_IN_A_SESSION = ("rating", "words", "wish")
_OF_A_SESSION = (*_OF_A_PERSON_IN_A_SESSION, "aside")
_OF_A_PERSON = ("consent", *_OF_A_PERSON_IN_A_SESSION)
_SETTINGS = "SELECT name, value FROM setting WHERE typeof(value) = 'text'"
_FORGET = (
    "UPDATE person SET name = ?, heart_rhythm = 0, see_doctor = 0 WHERE person = ?"
)
_PLACES = {Partner.A: 1, Partner.B: 2}  # one couple so far; the tables hold more


class Purpose(StrEnum):
    """What somebody may agree to, each for itself."""

    RECORD = "record"
    SHOW_PARTNER = "show to my partner"
    FIND_PACE = "find our pace"
    THERAPIST = "show to the therapist"
    RESEARCH = "research"


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
class RatingKept:
    """How somebody was before or after, in that person's own figures."""

    session_id: str
    moment: str
    at_ease: int | None
    awake: int | None
    myself: int | None
    utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsKept:
    """What somebody wrote for oneself."""

    session_id: str
    block: str
    text: str
    utc: str


class Library:
    """The library of one data folder.

    Raises
    ------
    StorageUnusable
        From any call: if the file cannot be made, read or written, or is not ours.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LIBRARY_NAME
        self._one_at_a_time = threading.Lock()
        if not self._path.exists():
            self._lay_down()
        with self._transaction() as db:
            version = version_of(db)
            if version == 1:
                db.execute(_ASIDE)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                version = SCHEMA_VERSION
        if version != SCHEMA_VERSION:
            raise self._unusable("it was not made by this version of coreg")

    def person(self, partner: Partner) -> Person:
        """Return one partner."""
        with self._transaction() as db:
            name, rhythm, doctor = db.execute(
                "SELECT name, heart_rhythm, see_doctor FROM person WHERE person = ?",
                (_PLACES[partner],),
            ).fetchone()
            rows = db.execute(
                "SELECT purpose, given, version FROM consent WHERE person = ?"
                " ORDER BY rowid",
                (_PLACES[partner],),
            ).fetchall()
        newest = max((version for *_, version in rows), default=0)
        return Person(
            name=name,
            heart_rhythm=bool(rhythm),
            see_doctor=bool(doctor),
            version=newest,
            given={
                Purpose(purpose): bool(given)
                for purpose, given, version in rows
                if version == newest
            },
        )

    def keep_names(self, a: str, b: str) -> None:
        """Keep what the two are called."""
        with self._transaction() as db:
            for partner, name in zip(Partner, (a, b), strict=True):
                db.execute(
                    "UPDATE person SET name = ? WHERE person = ?",
                    (name, _PLACES[partner]),
                )

    def keep_consent(
        self,
        partner: Partner,
        given: dict[Purpose, bool],
        *,
        version: int,
        utc: str,
    ) -> None:
        """Keep what one person agreed to, for each purpose."""
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO consent VALUES (?, ?, ?, ?, ?)",
                [
                    (_PLACES[partner], purpose.value, version, said, utc)
                    for purpose, said in given.items()
                ],
            )

    def keep_body(
        self, partner: Partner, *, heart_rhythm: bool, see_doctor: bool
    ) -> None:
        """Keep what one person's body asks of a practice."""
        with self._transaction() as db:
            db.execute(
                "UPDATE person SET heart_rhythm = ?, see_doctor = ? WHERE person = ?",
                (heart_rhythm, see_doctor, _PLACES[partner]),
            )

    def keep_rating(self, partner: Partner, rating: RatingKept) -> None:
        """Keep how one person was."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO rating VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    _PLACES[partner],
                    rating.session_id,
                    rating.moment,
                    rating.at_ease,
                    rating.awake,
                    rating.myself,
                    rating.utc,
                ),
            )

    def ratings(self, partner: Partner) -> list[RatingKept]:
        """Return one person's own ratings, oldest first."""
        with self._transaction() as db:
            rows = db.execute(
                "SELECT session_id, moment, at_ease, awake, myself, utc FROM rating"
                " WHERE person = ? ORDER BY rowid",
                (_PLACES[partner],),
            ).fetchall()
        names = ("session_id", "moment", "at_ease", "awake", "myself", "utc")
        return [RatingKept(**dict(zip(names, row, strict=True))) for row in rows]

    def keep_words(self, partner: Partner, words: WordsKept) -> None:
        """Keep what one person wrote."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO words VALUES (?, ?, ?, ?, ?)",
                (
                    _PLACES[partner],
                    words.session_id,
                    words.block,
                    words.text,
                    words.utc,
                ),
            )

    def words(self, partner: Partner) -> list[WordsKept]:
        """Return what one person wrote, oldest first."""
        with self._transaction() as db:
            rows = db.execute(
                "SELECT session_id, block, text, utc FROM words"
                " WHERE person = ? ORDER BY rowid",
                (_PLACES[partner],),
            ).fetchall()
        names = ("session_id", "block", "text", "utc")
        return [WordsKept(**dict(zip(names, row, strict=True))) for row in rows]

    def keep_aside(self, session_id: str) -> None:
        """Keep a session out of what is compared over weeks.

        Whose wish it was is not kept: alcohol, medicine, illness and sleep are
        nobody else's business.
        """
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO aside VALUES (?)", (session_id,))

    def aside(self) -> frozenset[str]:
        """Return the sessions that stay out of what is compared over weeks."""
        with self._transaction() as db:
            rows = db.execute("SELECT session_id FROM aside").fetchall()
        return frozenset(session_id for (session_id,) in rows)

    def keep_wish(
        self, partner: Partner, session_id: str, whose: str, *, utc: str
    ) -> None:
        """Keep what one person wants to see of a session; a later wish replaces it."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO wish VALUES (?, ?, ?, ?)",
                (_PLACES[partner], session_id, whose, utc),
            )

    def wishes(self, partner: Partner) -> dict[str, str]:
        """Return what one person wants to see, by session."""
        with self._transaction() as db:
            rows = db.execute(
                "SELECT session_id, whose FROM wish WHERE person = ?",
                (_PLACES[partner],),
            ).fetchall()
        return dict(rows)

    def said(self, partner: Partner, session_id: str) -> Said:
        """Return what one person said that decides what may be seen of a session."""
        wish = self.wishes(partner).get(session_id)
        return Said(
            # One of a newer coreg opens nothing here.
            wish=Wish(wish) if wish in set(Wish) else None,
            shows=self.person(partner).agrees(Purpose.SHOW_PARTNER),
        )

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a setting of this computer."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def settings(self) -> dict[str, str]:
        """Return the settings of this computer."""
        with self._transaction() as db:
            # SQLite holds bytes in a column of texts, where somebody put them there.
            return dict(db.execute(_SETTINGS).fetchall())

    def withdraw(self, partner: Partner) -> None:
        """Take back what one person agreed to."""
        self._erase(partner, ("consent",))
        self.keep_body(partner, heart_rhythm=False, see_doctor=False)

    def erase_session(self, session_id: str) -> None:
        """Erase what both said about one session."""
        with self._transaction() as db:
            for table in _OF_A_SESSION:
                statement = f"DELETE FROM {table} WHERE session_id = ?"  # noqa: S608
                db.execute(statement, (session_id,))
        self._leave_no_trace()

    def erase_person(self, partner: Partner) -> None:
        """Erase one person: the name, the answers, what was agreed to."""
        with self._transaction() as db:
            db.execute(_FORGET, (partner.value, _PLACES[partner]))
            db.execute("DELETE FROM aside")  # one person's, and nobody knows whose
        self._erase(partner, _OF_A_PERSON)

    def erase_everything(self) -> None:
        """Erase both people and the settings of this computer."""
        with self._transaction() as db:
            db.execute("DELETE FROM setting")
        for partner in Partner:
            self.erase_person(partner)

    def _erase(self, partner: Partner, tables: tuple[str, ...]) -> None:
        with self._transaction() as db:
            for table in tables:
                statement = f"DELETE FROM {table} WHERE person = ?"  # noqa: S608
                db.execute(statement, (_PLACES[partner],))
        self._leave_no_trace()

    def _leave_no_trace(self) -> None:
        """Rewrite the file and empty its log, where deleted words would live on."""
        with self._connected() as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _lay_down(self) -> None:
        """Make the library, complete before it has its name, for this user alone."""
        try:
            remove_half_made(self._path)  # by one that was killed over it
            with new_database(self._path, _SCHEMA, version=SCHEMA_VERSION) as db:
                _make_couple(db)
        except sqlite3.Error as error:
            raise self._unusable(in_words(error)) from error
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._one_at_a_time, closing(connect_for_writing(self._path)) as db:
                db.execute("PRAGMA journal_mode = WAL").fetchall()
                db.execute("PRAGMA foreign_keys = ON")
                yield db
        except sqlite3.Error as error:
            raise self._unusable(in_words(error)) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as db, transaction(db):
            yield db

    def _unusable(self, why: str) -> StorageUnusable:
        return StorageUnusable(
            f"The library {self._path} cannot be used: {why}.",
            "Free some space there, or choose another --data-dir.",
        )


def _make_couple(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO couple VALUES (1)")
    db.executemany(
        "INSERT INTO person VALUES (?, 1, ?, ?, 0, 0)",
        [(place, partner, partner) for partner, place in _PLACES.items()],
    )
