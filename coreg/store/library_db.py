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

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.store.library_file import LIBRARY_NAME, PLACES, LibraryFile
from coreg.store.release import CONSENT_VERSION, Said, Wish

__all__ = [
    "LIBRARY_NAME",
    "Library",
    "Person",
    "Purpose",
    "RatingKept",
    "WordsKept",
]

_OF_A_PERSON_IN_A_SESSION = ("rating", "words", "wish")
_OF_A_SESSION = (*_OF_A_PERSON_IN_A_SESSION, "aside")
_OF_A_PERSON = ("consent", *_OF_A_PERSON_IN_A_SESSION)
_SETTINGS = "SELECT name, value FROM setting WHERE typeof(value) = 'text'"
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
        self._file = LibraryFile(folder)

    def person(self, partner: Partner) -> Person:
        """Return one partner."""
        with self._file.reading() as db:
            name, rhythm, doctor = db.execute(
                "SELECT name, heart_rhythm, see_doctor FROM person WHERE person = ?",
                (PLACES[partner],),
            ).fetchone()
            rows = db.execute(
                "SELECT purpose, given, version FROM consent WHERE person = ?"
                " ORDER BY rowid",
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

    def keep_names(self, a: str, b: str) -> None:
        """Keep what the two are called."""
        with self._file.transaction() as db:
            for partner, name in Both(*(a, b)).items():
                db.execute(
                    "UPDATE person SET name = ? WHERE person = ?",
                    (name, PLACES[partner]),
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

    def keep_rating(self, partner: Partner, rating: RatingKept) -> None:
        """Keep how one person was."""
        with self._file.transaction() as db:
            db.execute(
                "INSERT INTO rating VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    PLACES[partner],
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
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT session_id, moment, at_ease, awake, myself, utc FROM rating"
                " WHERE person = ? ORDER BY rowid",
                (PLACES[partner],),
            ).fetchall()
            return [
                RatingKept(
                    session_id=_text(session_id),
                    moment=_text(moment),
                    at_ease=_score(at_ease),
                    awake=_score(awake),
                    myself=_score(myself),
                    utc=_text(utc),
                )
                for session_id, moment, at_ease, awake, myself, utc in rows
            ]

    def keep_words(self, partner: Partner, words: WordsKept) -> None:
        """Keep what one person wrote; once, where it is said again.

        Whoever did not hear that it was kept says it once more.
        """
        said = (PLACES[partner], words.session_id, words.block, words.text)
        with self._file.transaction() as db:
            db.execute(
                "INSERT INTO words SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1"
                " FROM words WHERE (person, session_id, block, text) = (?, ?, ?, ?))",
                (*said, words.utc, *said),
            )

    def words(self, partner: Partner) -> list[WordsKept]:
        """Return what one person wrote, oldest first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT session_id, block, text, utc FROM words"
                " WHERE person = ? ORDER BY rowid",
                (PLACES[partner],),
            ).fetchall()
            names = ("session_id", "block", "text", "utc")
            return [
                WordsKept(**dict(zip(names, map(_text, row), strict=True)))
                for row in rows
            ]

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
        )

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a setting of this computer."""
        with self._file.transaction() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def settings(self) -> dict[str, str]:
        """Return the settings of this computer."""
        with self._file.reading() as db:
            # SQLite holds bytes in a column of texts, where somebody put them there.
            return dict(db.execute(_SETTINGS).fetchall())

    def withdraw(self, partner: Partner) -> None:
        """Take back what one person agreed to."""
        self._erase(partner, ("consent",))
        self.keep_body(partner, heart_rhythm=False, see_doctor=False)

    def erase_session(self, session_id: str) -> None:
        """Erase what both said about one session."""
        with self._file.transaction() as db:
            for table in _OF_A_SESSION:
                statement = f"DELETE FROM {table} WHERE session_id = ?"  # noqa: S608
                db.execute(statement, (session_id,))
        self._file.leave_no_trace()

    def erase_person(self, partner: Partner) -> None:
        """Erase one person: the name, the answers, what was agreed to."""
        with self._file.transaction() as db:
            db.execute(_FORGET, (partner.value, PLACES[partner]))
            db.execute("DELETE FROM aside")  # one person's, and nobody knows whose
        self._erase(partner, _OF_A_PERSON)

    def erase_everything(self) -> None:
        """Erase both people and the settings of this computer."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM setting")
        for partner in Partner:
            self.erase_person(partner)

    def _erase(self, partner: Partner, tables: tuple[str, ...]) -> None:
        with self._file.transaction() as db:
            for table in tables:
                statement = f"DELETE FROM {table} WHERE person = ?"  # noqa: S608
                db.execute(statement, (PLACES[partner],))
        self._file.leave_no_trace()


def _text(value: object) -> str:
    """Return words as they were kept; SQLite keeps whatever it is given."""
    if not isinstance(value, str):
        raise TypeError("no words")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("no whole number")
    return value


def _score(value: object) -> int | None:
    return None if value is None else _whole(value)
