"""What is only one person's own: sealed under a passcode, and nobody else's to open."""

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given, settings, strategies as st

from coreg.errors import PasscodeRefused, StorageUnusable
from coreg.facts.events import Partner
from coreg.store.folder import data_folder
from coreg.store.library_db import LIBRARY_NAME, Library, Purpose
from coreg.store.own_things import OwnThings, RatingKept, WordsKept
from coreg.store.passcode import (
    LONGEST_WAIT_S,
    USUAL_COST,
    Cost,
    new_key,
    sealed,
    unlocked,
    wait_s,
)
from tests.helpers.evening_server import CHEAP
from tests.helpers.library_rows import library_rows

A, B = Partner.A, Partner.B
NOW = dt.datetime(2026, 3, 1, 21, 0, tzinfo=dt.UTC)
EVENING, LATER = "20260301-193000-7f3a", "20260302-193000-0000"
FEAR = "I was afraid, and did not say so."
WORDS = WordsKept(session_id=EVENING, block="question", text=FEAR, utc="2026-03-01")
RATING = RatingKept(
    session_id=EVENING, moment="before", at_ease=7, awake=3, myself=8, utc="2026-03-01"
)


def library(tmp_path: Path) -> Library:
    return Library(data_folder(tmp_path), passcode_cost=CHEAP)


def own(tmp_path: Path) -> OwnThings:
    return library(tmp_path).own


def after(minutes: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def bytes_of(folder: Path) -> bytes:
    files = [each for each in sorted(folder.rglob("*")) if each.is_file()]
    return b"".join(each.read_bytes() for each in files)


# --- the passcode ---------------------------------------------------------------


def test_scrypt_is_the_one_of_the_standard() -> None:
    """RFC 7914, section 12: the second of its test vectors."""
    kdf = Scrypt(salt=b"NaCl", length=64, n=1024, r=8, p=16)
    assert kdf.derive(b"password").hex().startswith("fdbabe1c9d3472007856e7190d01e9fe")


def test_the_usual_cost_is_what_is_advised() -> None:
    """OWASP Password Storage Cheat Sheet: scrypt with N = 2^17, r = 8, p = 1."""
    assert Cost(n=2**17, r=8, p=1) == USUAL_COST
    assert USUAL_COST.memory_bytes == 128 * 2**20


@given(passcode=st.text(min_size=1, max_size=30), other=st.text(max_size=30))
@settings(max_examples=30)
def test_a_key_opens_with_its_own_passcode_and_no_other(
    passcode: str, other: str
) -> None:
    key = new_key()
    locked = key.locked(passcode, CHEAP)
    opened = unlocked(locked, passcode)
    assert opened is not None
    assert opened.unsealed(sealed(key.public, b"words", "A"), "A") == b"words"
    if other.strip() != passcode.strip():
        found = unlocked(locked, other)
        # Some signs are the same sign to every keyboard (NFKC).
        assert found is None or found.public == key.public


def test_an_accent_is_the_same_however_it_is_typed() -> None:
    locked = new_key().locked("caf\u00e9 noir", CHEAP)
    assert unlocked(locked, "cafe\u0301 noir") is not None


@pytest.mark.parametrize(
    "easy",
    [
        *("0000", "1234", "9876", "aaaa", "abcdef", "111111", " 4321 "),
        *("1212", "7733", "2580", "1984", "2019", "Ada", "BERTA"),
    ],
)
def test_what_is_guessed_at_once_is_refused(tmp_path: Path, easy: str) -> None:
    library(tmp_path).keep_names("Ada", "Berta")
    with pytest.raises(PasscodeRefused) as refused:
        own(tmp_path).choose(A, easy, now=NOW)
    is_short = len(easy.strip()) < 4
    assert refused.value.why == ("passcode-length" if is_short else "passcode-easy")
    assert not own(tmp_path).has_passcode(A)


@pytest.mark.parametrize("short", ["", "471", "   47  ", "x" * 201])
def test_too_few_signs_or_too_many_are_refused(tmp_path: Path, short: str) -> None:
    with pytest.raises(PasscodeRefused) as refused:
        own(tmp_path).choose(A, short, now=NOW)
    assert refused.value.why == "passcode-length"


def test_only_the_old_one_changes_a_passcode_and_all_is_sealed_anew(
    tmp_path: Path,
) -> None:
    things = own(tmp_path)
    key = things.choose(A, "4711", now=NOW)
    things.keep(A, WORDS)
    with pytest.raises(PasscodeRefused) as refused:
        things.choose(A, "8302", now=NOW)
    assert refused.value.why == "passcode-chosen"
    with pytest.raises(PasscodeRefused) as refused:
        things.change_passcode(A, "0815", "8302", now=NOW)
    assert refused.value.why == "passcode-wrong"
    things.change_passcode(A, "4711", "8302", now=NOW)
    again = things.enter(A, "8302", now=NOW)
    assert again.wrong_tries == 0  # the wrong one was said to who came in with 4711
    assert things.lines(A, again.key).words == [WORDS]
    with pytest.raises(PasscodeRefused):
        things.enter(A, "4711", now=NOW)
    # Whoever has a copy of the old key opens nothing any more.
    assert things.lines(A, key).lines == ()


def test_it_is_told_when_somebody_was_there_last(tmp_path: Path) -> None:
    own(tmp_path).choose(A, "4711", now=NOW)
    assert own(tmp_path).enter(A, "4711", now=NOW).last_utc == ""
    entered = own(tmp_path).enter(A, "4711", now=after(5))
    assert dt.datetime.fromisoformat(entered.last_utc) == NOW


# --- trying it out --------------------------------------------------------------


def tried(things: OwnThings, passcode: str, now: dt.datetime) -> str:
    try:
        things.enter(A, passcode, now=now)
    except PasscodeRefused as refused:
        return refused.why
    return "right"


def test_five_wrong_ones_slow_down_also_whoever_starts_again(tmp_path: Path) -> None:
    own(tmp_path).choose(A, "4711", now=NOW)
    for _ in range(5):
        assert tried(own(tmp_path), "0815", NOW) == "passcode-wrong"
    assert tried(own(tmp_path), "4711", after(0.9)) == "passcode-wait"
    assert tried(own(tmp_path), "0816", after(1.1)) == "passcode-wrong"
    assert tried(own(tmp_path), "4711", after(2.2)) == "passcode-wait"
    entered = own(tmp_path).enter(A, "4711", now=after(4))
    assert entered.wrong_tries == 6
    assert own(tmp_path).enter(A, "4711", now=after(4)).wrong_tries == 0


def test_a_try_counts_before_it_is_known_to_be_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever ends the program over each try gains nothing by it."""
    own(tmp_path).choose(A, "4711", now=NOW)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("coreg.store.own_things.unlocked", killed)
    for _ in range(5):
        with pytest.raises(KeyboardInterrupt):
            own(tmp_path).enter(A, "0815", now=NOW)
    monkeypatch.undo()
    assert tried(own(tmp_path), "4711", NOW) == "passcode-wait"


def test_a_clock_set_back_locks_nobody_out_for_long(tmp_path: Path) -> None:
    own(tmp_path).choose(A, "4711", now=NOW)
    for _ in range(5):
        tried(own(tmp_path), "0815", after(60 * 24 * 365))
    assert tried(own(tmp_path), "4711", NOW) == "passcode-wait"
    assert tried(own(tmp_path), "4711", after(1.1)) == "right"


def test_all_four_digits_take_a_hundred_days_and_no_wait_is_long() -> None:
    waits = [wait_s(wrong, 0.0) for wrong in range(10_000)]
    assert max(waits) == LONGEST_WAIT_S == 15 * 60
    assert sum(waits) / 86_400 == pytest.approx(104, abs=1)
    assert waits == sorted(waits)


# --- what is sealed -------------------------------------------------------------


def test_nothing_private_lies_in_clear(tmp_path: Path) -> None:
    things = own(tmp_path)
    key = things.choose(A, "4711", now=NOW)
    assert things.keep(A, WORDS)
    assert things.keep(A, RATING)
    for clear in (FEAR, "afraid", '"at_ease":7', "4711", "question"):
        assert clear.encode() not in bytes_of(tmp_path)
    kept = things.lines(A, key)
    assert (kept.words, kept.ratings, kept.unread) == ([WORDS], [RATING], 0)


def test_without_a_passcode_nothing_private_is_kept(tmp_path: Path) -> None:
    assert not own(tmp_path).keep(A, WORDS)
    assert b"afraid" not in bytes_of(tmp_path)
    assert own(tmp_path).lines(A, own(tmp_path).choose(A, "4711", now=NOW)).lines == ()


def test_the_other_ones_key_opens_nothing(tmp_path: Path) -> None:
    things = own(tmp_path)
    key = things.choose(A, "4711", now=NOW)
    things.keep(A, WORDS)
    stranger = things.choose(B, "2850", now=NOW)
    found = things.lines(A, stranger)
    assert (found.lines, found.unread) == ((), 1)
    (number,) = [each.number for each in things.lines(A, key).lines]
    assert not things.delete(A, stranger, number)
    assert not things.change(A, stranger, number, "I was happy.")


def test_ones_line_is_no_line_of_the_other(tmp_path: Path) -> None:
    """Whoever may write the file cannot put words into the other's mouth."""
    things = own(tmp_path)
    keys = {partner: things.choose(partner, "4711", now=NOW) for partner in Partner}
    things.keep(A, WORDS)
    with library_rows(tmp_path) as db:
        db.execute("UPDATE own SET person = 2")
    for key in keys.values():
        found = things.lines(B, key)
        assert (found.lines, found.unread) == ((), 1)


def test_of_which_evening_somebody_wrote_lies_sealed_too(tmp_path: Path) -> None:
    things = own(tmp_path)
    things.choose(A, "4711", now=NOW)
    things.keep(A, WORDS)
    assert EVENING.encode() not in bytes_of(tmp_path)


@given(texts=st.lists(st.text(min_size=1, max_size=4000), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_whatever_is_written_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    things = own(tmp_path_factory.mktemp("own"))
    key = things.choose(A, "4711", now=NOW)
    for text in texts:
        # Half a character, which no page sends, is no text for any file.
        clean = text.encode("utf-8", "ignore").decode()
        things.keep(
            A, WordsKept(session_id=EVENING, block="words", text=clean, utc="now")
        )
    clean_texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    said = [each.text for each in things.lines(A, key).words]
    assert said == list(dict.fromkeys(clean_texts))


def test_a_line_is_changed_and_deleted_for_good(tmp_path: Path) -> None:
    things = own(tmp_path)
    key = things.choose(A, "4711", now=NOW)
    things.keep(A, WORDS)
    things.keep(A, WORDS)  # whoever did not hear that it was kept says it once more
    things.keep(A, RATING)
    words, rating = things.lines(A, key).lines
    assert things.change(A, key, words.number, "I was calm.")
    (changed, _) = things.lines(A, key).lines
    assert changed.thing == WordsKept(
        session_id=EVENING, block="question", text="I was calm.", utc="2026-03-01"
    )
    assert not things.change(A, key, rating.number, "no words")
    assert not things.delete(A, key, 99)
    assert things.delete(A, key, changed.number)
    assert things.lines(A, key).words == []
    assert things.lines(A, key).ratings == [RATING]
    assert things.delete(A, key, None)
    assert things.lines(A, key).lines == ()
    things.keep(A, RATING)
    with library_rows(tmp_path) as db:
        assert db.execute("SELECT count(*) FROM own").fetchone() == (1,)


def test_a_deleted_line_leaves_no_byte_of_it(tmp_path: Path) -> None:
    things = own(tmp_path)
    key = things.choose(A, "4711", now=NOW)
    things.keep(A, WORDS)
    with library_rows(tmp_path) as db:
        (box,) = db.execute("SELECT sealed FROM own").fetchone()
    assert box[100:200] in bytes_of(tmp_path)
    things.delete(A, key, things.lines(A, key).lines[0].number)
    assert box[100:200] not in bytes_of(tmp_path)


def test_one_damaged_line_hides_none_of_the_others(tmp_path: Path) -> None:
    things = own(tmp_path)
    key = things.choose(A, "4711", now=NOW)
    things.keep(A, WORDS)
    things.keep(A, RATING)
    with library_rows(tmp_path) as db:
        db.execute("UPDATE own SET sealed = x'00' WHERE own = 1")
    found = things.lines(A, key)
    assert (found.words, found.ratings, found.unread) == ([], [RATING], 1)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE passcode SET n = 1073741824",
        "UPDATE passcode SET n = 3",
        "UPDATE passcode SET r = 'much'",
        "UPDATE passcode SET locked = 'words'",
        "UPDATE passcode SET public = zeroblob(32)",
        "UPDATE passcode SET wrong = 'often'",
        "UPDATE passcode SET last_utc = 'yesterday', wrong = 9",
    ],
)
def test_a_passcode_that_no_coreg_wrote_is_damage_in_words(
    tmp_path: Path, damage: str
) -> None:
    own(tmp_path).choose(A, "4711", now=NOW)
    with library_rows(tmp_path) as db:
        db.execute(damage)
    with pytest.raises(StorageUnusable, match="not as it was written"):
        own(tmp_path).enter(A, "4711", now=NOW)


# --- forgotten, erased, of before -----------------------------------------------


def two_people(tmp_path: Path) -> Library:
    kept = library(tmp_path)
    yes = {Purpose.RECORD: True, Purpose.SHOW_PARTNER: True}
    for partner, passcode in ((A, "4711"), (B, "2850")):
        kept.own.choose(partner, passcode, now=NOW)
        kept.own.keep(partner, WORDS)
        kept.own.keep(partner, RATING)
        kept.keep_wish(partner, EVENING, "ours", utc="")
        kept.keep_consent(partner, yes, version=1, utc="")
        kept.keep_body(partner, heart_rhythm=True, see_doctor=True)
    return kept


def test_forgetting_erases_what_it_opened_and_leaves_the_other_whole(
    tmp_path: Path,
) -> None:
    kept = two_people(tmp_path)
    kept.own.forget(A, now=NOW)
    assert not kept.own.has_passcode(A)
    stranger = kept.own.choose(A, "8302", now=NOW)
    assert kept.own.lines(A, stranger).lines == ()
    assert kept.wishes(A) == {}
    assert not kept.person(A).has_agreed
    assert not kept.person(A).heart_rhythm
    # Nor does whatever passcode comes next open a heart of before.
    assert not kept.said(A, EVENING).owns
    assert kept.said(A, LATER).owns
    assert kept.said(B, EVENING).owns
    assert not kept.said(A, "an evening by another name").owns
    key = kept.own.enter(B, "2850", now=NOW).key
    assert kept.own.lines(B, key).words == [WORDS]
    assert kept.own.lines(B, key).ratings == [RATING]
    assert kept.wishes(B) == {EVENING: "ours"}
    assert kept.person(B).agrees(Purpose.RECORD)
    assert kept.person(B).heart_rhythm


def test_an_evening_that_is_erased_leaves_each_what_each_wrote(tmp_path: Path) -> None:
    """Whoever erases an evening erases no words of the other."""
    kept = two_people(tmp_path)
    kept.erase_session(EVENING)
    for partner, passcode in ((A, "4711"), (B, "2850")):
        key = kept.own.enter(partner, passcode, now=NOW).key
        assert kept.own.lines(partner, key).words == [WORDS]
        assert kept.wishes(partner) == {}


def test_erasing_a_person_takes_the_passcode_too(tmp_path: Path) -> None:
    kept = two_people(tmp_path)
    kept.erase_person(A)
    assert not kept.own.has_passcode(A)
    assert kept.own.has_passcode(B)
    with library_rows(tmp_path) as db:
        assert db.execute("SELECT DISTINCT person FROM own").fetchall() == [(2,)]


OF_BEFORE = json.loads((Path(__file__).parent / "data/library_2.json").read_text())


def library_of_before(folder: Path) -> Path:
    """A library as the coreg before passcodes made it, statement by statement."""
    path = data_folder(folder) / LIBRARY_NAME
    with closing(sqlite3.connect(path)) as db:
        for statement in OF_BEFORE:
            db.execute(statement)
        db.commit()
    return path


def test_a_library_of_before_opens_and_its_clear_words_go_under_their_owners_key(
    tmp_path: Path,
) -> None:
    library_of_before(tmp_path)
    assert b"SECRET-OF-ADA" in bytes_of(tmp_path)
    kept = library(tmp_path)
    assert kept.person(A).name == "Ada"
    assert not kept.own.has_passcode(A)
    key = kept.own.choose(A, "4711", now=NOW)
    lines = kept.own.lines(A, key)
    assert [each.text for each in lines.words] == ["SECRET-OF-ADA one", "two"]
    assert [each.at_ease for each in lines.ratings] == [7, None]
    assert b"SECRET-OF-ADA" not in bytes_of(tmp_path)
    assert b"SECRET-OF-BO" in bytes_of(tmp_path)  # whose turn has not come yet
    other = kept.own.choose(B, "2850", now=NOW)
    assert [each.text for each in kept.own.lines(B, other).words] == ["SECRET-OF-BO"]
    assert b"SECRET-OF" not in bytes_of(tmp_path)


def test_clear_words_of_before_are_forgotten_with_the_rest(tmp_path: Path) -> None:
    library_of_before(tmp_path)
    library(tmp_path).own.forget(A, now=NOW)
    assert b"SECRET-OF-ADA" not in bytes_of(tmp_path)
    assert b"SECRET-OF-BO" in bytes_of(tmp_path)


def test_line_numbers_tell_nothing_of_what_the_other_said(tmp_path: Path) -> None:
    things = own(tmp_path)
    keys = {partner: things.choose(partner, "4711", now=NOW) for partner in Partner}
    for partner in (A, B, A, A, B):
        things.keep(
            partner,
            WordsKept(
                session_id=EVENING,
                block="x",
                text=str(len(things.lines(partner, keys[partner]).lines)),
                utc="",
            ),
        )
    numbers = [each.number for each in things.lines(B, keys[B]).lines]
    texts = [each.text for each in things.lines(B, keys[B]).words]
    assert texts == ["0", "1"]  # in the order in which they were said
    assert min(numbers) > 1000  # by chance: below it once in 10^12
