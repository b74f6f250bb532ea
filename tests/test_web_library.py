"""The library keeps each one's answers for that one, and erases without a trace."""

import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from coreg.errors import StorageUnusable
from coreg.facts.events import Partner, Source
from coreg.store.folder import data_folder
from coreg.store.library_db import Library, Purpose
from coreg.store.own_things import RatingKept, WordsKept
from coreg.store.release import CONSENT_VERSION
from coreg.web.server.evening_store import EveningStore
from tests.helpers.evening_server import CHEAP, NOW
from tests.helpers.library_rows import BOTH, library_rows

CANARY = "canary-4711-süß"
OTHER = "the other one's words"
SESSION = "20260301-193000-7f3a"
UTC = "2026-03-01T19:30:00+00:00"


def words(text: str, session_id: str = SESSION) -> WordsKept:
    return WordsKept(session_id=session_id, block="words", text=text, utc=UTC)


def rating(at_ease: int) -> RatingKept:
    return RatingKept(
        session_id=SESSION,
        moment="before",
        at_ease=at_ease,
        awake=None,
        myself=10,
        utc=UTC,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data")


def on_the_disk(folder: Path) -> bytes:
    """Everything that any file of the data folder holds."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


def test_a_new_library_knows_nobody(folder: Path) -> None:
    library = Library(folder)
    for partner in Partner:
        person = library.person(partner)
        assert (person.name, person.version, person.given) == (partner, 0, {})
    assert library.settings() == {}


def test_an_evening_set_aside_is_kept_once_and_goes_with_the_session(
    folder: Path,
) -> None:
    library = Library(folder)
    for _ in range(2):  # both may have ticked it
        library.keep_aside(SESSION)
    assert Library(folder).aside() == {SESSION}
    library.erase_session(SESSION)
    assert library.aside() == frozenset()


def test_a_library_of_the_first_version_goes_on(folder: Path) -> None:
    Library(folder).keep_names("Ada", "Bo")
    with library_rows(folder) as db:
        for table in (
            "aside",
            "passcode",
            "own",
            "audit",
            "line",
            "sitting",
            "loose_end",
            "in_quiet",
        ):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 1")
        image = db.serialize()
    for name in BOTH:
        (folder / name).unlink()
    (folder / "library.db").write_bytes(image)
    library = Library(folder)
    assert library.person(Partner.A).name == "Ada"
    library.keep_aside(SESSION)
    assert library.aside() == {SESSION}


def test_it_is_for_this_user_alone(folder: Path) -> None:
    Library(folder).keep_names("Ada", "Bo")
    for path in folder.glob("library.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_wish_is_given_to_that_one_only(folder: Path) -> None:
    Library(folder).keep_wish(Partner.A, SESSION, "ours", utc=UTC)
    again = Library(folder)
    assert again.wishes(Partner.A) == {SESSION: "ours"}
    assert again.wishes(Partner.B) == {}


def test_words_that_are_said_again_are_kept_once(folder: Path) -> None:
    own = Library(folder, passcode_cost=CHEAP).own
    keys = {partner: own.choose(partner, "4711", now=NOW) for partner in Partner}
    said = [words("a\x00\vb"), words("a"), replace(words("a"), block="look-back")]
    for each in [*said, *said]:
        own.keep(Partner.A, replace(each, utc=f"{UTC}{len(each.text)}"))
    own.keep(Partner.B, words("a"))
    texts = [each.text for each in own.lines(Partner.A, keys[Partner.A]).words]
    assert texts == ["a\x00\vb", "a", "a"]
    assert len(own.lines(Partner.B, keys[Partner.B]).words) == 1


def test_the_newest_consent_holds_and_an_older_version_is_seen_as_such(
    folder: Path,
) -> None:
    library = Library(folder)
    yes = {Purpose.RECORD: True, Purpose.SHOW_PARTNER: True}
    library.keep_consent(Partner.B, yes, version=1, utc=UTC)
    no = {Purpose.RECORD: True, Purpose.SHOW_PARTNER: False}
    library.keep_consent(Partner.B, no, version=1, utc=UTC)
    assert library.person(Partner.B).given == no
    library.keep_consent(Partner.B, {Purpose.RECORD: False}, version=2, utc=UTC)
    person = library.person(Partner.B)
    assert (person.version, person.given) == (2, {Purpose.RECORD: False})
    library.withdraw(Partner.B, utc=UTC)
    history = library.consent_of(Partner.B)
    assert [each["taken_back"] for each in history] == [True] * len(history)
    assert (
        len(history) > 3
    )  # what was agreed to stays known, and that it was taken back
    assert library.person(Partner.B).given == {}
    assert library.person(Partner.A).given == {}


@pytest.mark.parametrize(
    ("said", "agrees"),
    [("measure how my chest moves", False), (Purpose.MOVEMENT.value, True)],
)
def test_a_yes_under_words_that_hid_what_a_light_shows_moves_no_light(
    folder: Path, said: str, agrees: bool
) -> None:
    library = Library(folder)
    yes = {Purpose.RECORD: True, Purpose(said): True}
    library.keep_consent(Partner.A, yes, version=CONSENT_VERSION, utc=UTC)
    evening = EveningStore(folder).evening(
        frozenset(), source=Source.STRAPS, seed=1, speed=1.0
    )
    agreed = evening.agreed[Partner.A]
    assert agreed is not None
    assert (agreed.record, agreed.movement) == (True, agrees)


def test_an_erased_person_leaves_no_trace_and_the_other_loses_nothing(
    folder: Path,
) -> None:
    library = Library(folder, passcode_cost=CHEAP)
    library.keep_names(CANARY, "Bo")
    keys = {
        partner: library.own.choose(partner, "4711", now=NOW) for partner in Partner
    }
    for number in range(300):  # more than a page, so that pages are freed
        library.own.keep(Partner.A, words(f"{number} " + "long " * 50))
    library.own.keep(Partner.B, words(OTHER))
    library.own.keep(Partner.A, rating(1))
    library.own.keep(Partner.B, rating(2))
    library.keep_consent(Partner.A, {Purpose.RECORD: True}, version=1, utc=UTC)
    library.keep_body(Partner.A, heart_rhythm=True, see_doctor=True)
    with library_rows(folder) as db:
        boxes = [
            box for (box,) in db.execute("SELECT sealed FROM own WHERE person = 1")
        ]
    assert all(box in on_the_disk(folder) for box in boxes)
    library.erase_person(Partner.A)
    assert CANARY.encode() not in on_the_disk(folder)
    assert not any(box[40:90] in on_the_disk(folder) for box in boxes)
    assert library.own.lines(Partner.A, keys[Partner.A]).lines == ()
    person = library.person(Partner.A)
    assert (person.name, person.given, person.heart_rhythm) == ("A", {}, False)
    others = library.own.lines(Partner.B, keys[Partner.B])
    assert others.words == [words(OTHER)]
    assert others.ratings == [rating(2)]
    assert library.person(Partner.B).name == "Bo"


def test_everything_erased_is_a_library_as_new(folder: Path) -> None:
    library = Library(folder, passcode_cost=CHEAP)
    library.keep_names(CANARY, OTHER)
    library.keep_setting("sound", CANARY)
    library.own.choose(Partner.B, "4711", now=NOW)
    library.own.keep(Partner.B, words(CANARY))
    library.erase_everything()
    assert not library.own.has_passcode(Partner.B)
    assert CANARY.encode() not in on_the_disk(folder)
    assert OTHER.encode() not in on_the_disk(folder)
    assert library.settings() == {}
    assert library.person(Partner.A).name == "A"


def test_a_database_from_elsewhere_is_not_taken_for_a_library(folder: Path) -> None:
    connection = sqlite3.connect(folder / "library.db")
    connection.execute("CREATE TABLE person (name TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(StorageUnusable, match="not made by"):
        Library(folder)
    assert (folder / "library.db").read_bytes().startswith(b"SQLite")  # left as it is


def test_a_library_half_made_by_a_crash_is_made_anew(folder: Path) -> None:
    (folder / ".library.db.new").write_bytes(b"half")
    assert Library(folder).settings() == {}
    assert not (folder / ".library.db.new").exists()
