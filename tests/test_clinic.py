"""A therapist's couples and book: apart from one another, and sealed."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coreg.base.kept_twice import KeptTwice
from coreg.cli import main
from coreg.cli.options.clinic import WHAT
from coreg.errors import (
    BadInputError,
    PassphraseRefused,
    StorageLocked,
    StorageUnusable,
)
from coreg.facts.events import Ending, Partner
from coreg.store import keys
from coreg.store.audit import What
from coreg.store.clinic.book import (
    BOOK_NAME,
    Book,
    choose_passphrase_anew,
    close_clinic,
    open_clinic,
    recover,
    set_up,
)
from coreg.store.clinic.notebook import CoupleNotebook
from coreg.store.clinic.places import clinic_location, couple_folder
from coreg.store.clinic.records import (
    LONGEST_LOG,
    Done,
    Mark,
    Ready,
    in_time,
    ready,
)
from coreg.store.library import session_path
from coreg.store.library_db import Library
from tests.helpers.couple_sessions import recorded, recorded_hour
from tests.helpers.evening_server import CHEAP
from tests.helpers.sessions import SESSION_ID, whole_session
from tests.helpers.terminal import at_a_terminal

WORDS, OTHER = "four words I remember", "another four words"
ROOT = Path(__file__).resolve().parents[1]
NOTED = "he went pale when she said Lisbon"
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "data" / "clinic"
    set_up(place, WORDS, cost=CHEAP)
    yield place
    close_clinic(place)


def entered(book: Book, a: str = "Ada", b: str = "Ben") -> str:
    return book.add_couple(a, b, WORDS, cost=CHEAP).id_


def all_bytes(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_a_note_lies_sealed_from_its_first_byte_on(clinic: Path) -> None:
    book = Book(clinic)
    ada = entered(book)
    book.note(ada, NOTED, session_id=SESSION_ID, t_s=61.5)
    book.label(2, "turning towards")
    book.saw_alone(ada, Partner.B, DAY)
    kept = all_bytes(clinic)
    for told in (NOTED, "Ada", "Ben", "turning", "2026-03-01", SESSION_ID):
        assert told.encode() not in kept, told
    (note,) = book.notes(ada)
    assert (note.text, note.t_s, note.session_id) == (NOTED, 61.5, SESSION_ID)


def test_nothing_opens_without_the_passphrase(clinic: Path) -> None:
    book = Book(clinic)
    ada = entered(book)
    close_clinic(clinic)
    with pytest.raises(StorageLocked):
        book.notes(ada)
    with pytest.raises(StorageLocked):
        Library(couple_folder(clinic, ada)).person(Partner.A)
    with pytest.raises(PassphraseRefused):
        open_clinic(clinic, "not these four words")
    open_clinic(clinic, WORDS)
    folder = book.open_couple(ada)
    assert Library(folder).person(Partner.A).name == "Ada"


def test_a_couples_folder_opens_neither_the_book_nor_another_couple(
    clinic: Path,
) -> None:
    book = Book(clinic)
    ada, eve = entered(book), entered(book, "Eve", "Gus")
    vaults = [
        keys.vault_of(folder)
        for folder in (clinic, *(couple_folder(clinic, each) for each in (ada, eve)))
    ]
    assert len({vault.id_() for vault in vaults if vault is not None}) == 3
    folder = couple_folder(clinic, ada)
    path = session_path(folder, SESSION_ID)
    whole_session(path)
    for place in (clinic / BOOK_NAME, couple_folder(clinic, eve) / "library.db"):
        assert SESSION_ID.encode() not in place.read_bytes()
    assert b"Eve" not in all_bytes(folder)


def test_a_couple_is_found_by_name_or_id_and_no_other(clinic: Path) -> None:
    book = Book(clinic)
    ada, eve = entered(book), entered(book, "Eve", "Ben")
    assert book.find("ada").id_ == book.find(ada).id_ == ada
    assert book.find("Eve & Ben").id_ == eve
    with pytest.raises(BadInputError, match="More than one"):
        book.find("Ben")
    for nobody in ("Zoe", "../..", ""):
        with pytest.raises(BadInputError, match="No couple"):
            book.find(nobody)
        with pytest.raises(BadInputError, match="No couple"):
            book.open_couple(nobody)
    for a, b in (("Ada", ""), ("Ada", "ada"), ("Ada", "B" * 61)):
        with pytest.raises(BadInputError):
            entered(book, a, b)
    assert {each.id_ for each in book.couples()} == {ada, eve}


def test_an_erased_couple_is_in_no_file(clinic: Path) -> None:
    book = Book(clinic)
    ada, eve = entered(book), entered(book, "Eve", "Gus")
    for each in (ada, eve):
        book.note(each, NOTED, session_id=SESSION_ID, t_s=1.0)
        book.mark(Mark(couple_id=each, session_id=SESSION_ID, t_s=1.0, key=1))
    book.erase_couple(ada)
    assert not couple_folder(clinic, ada).exists()
    assert (book.notes(ada), book.marks(ada, SESSION_ID)) == ((), ())
    assert len(book.notes(eve)) == len(book.marks(eve, SESSION_ID)) == 1
    with pytest.raises(BadInputError):
        book.open_couple(ada)


def test_another_passphrase_opens_all_and_the_old_one_nothing(clinic: Path) -> None:
    book = Book(clinic)
    ada = entered(book)
    book.note(ada, NOTED)
    choose_passphrase_anew(clinic, OTHER, cost=CHEAP)
    close_clinic(clinic)
    for place in (clinic, couple_folder(clinic, ada)):
        with pytest.raises(PassphraseRefused):
            keys.opened_with(place, WORDS)
        keys.opened_with(place, OTHER)
    assert open_clinic(clinic, OTHER).notes(ada)[0].text == NOTED


def test_the_recovery_key_opens_all_once_and_gives_another(clinic: Path) -> None:
    book = Book(clinic)
    ada = entered(book)
    book.note(ada, NOTED)
    first = choose_passphrase_anew(clinic, WORDS, cost=CHEAP)
    close_clinic(clinic)
    for refused in (first[:-1] + "?", keys_of_nobody(clinic.parent / "elsewhere")):
        with pytest.raises(PassphraseRefused):
            recover(clinic, refused, OTHER, cost=CHEAP)
    with pytest.raises(PassphraseRefused):
        recover(clinic, first, "short", cost=CHEAP)
    keys.opened_with(clinic, WORDS)  # nothing has changed yet
    second = recover(clinic, first.lower().replace("-", " "), OTHER, cost=CHEAP)
    assert book.notes(ada)[0].text == NOTED
    close_clinic(clinic)
    for place in (clinic, couple_folder(clinic, ada)):
        with pytest.raises(PassphraseRefused):
            keys.opened_with(place, WORDS)
        keys.opened_with(place, OTHER)
    with pytest.raises(PassphraseRefused):
        keys.recovered_with(clinic, first)
    assert keys.recovered_with(clinic, second) == keys.opened_with(clinic, OTHER)


def keys_of_nobody(folder: Path) -> str:
    """A recovery key that is written as it should be, and opens something else."""
    folder.mkdir()
    return keys.lock_with(folder, WORDS, cost=CHEAP)[1]


def test_a_book_that_has_lost_its_keys_is_not_written_over(clinic: Path) -> None:
    entered(Book(clinic))
    close_clinic(clinic)
    aside = [path.rename(path.with_suffix(".aside")) for path in clinic.glob("keys*")]
    before = (clinic / BOOK_NAME).read_bytes()
    with pytest.raises(StorageUnusable, match=r"keys\.json is gone"):
        set_up(clinic, OTHER, cost=CHEAP)
    assert (clinic / BOOK_NAME).read_bytes() == before
    for path in aside:
        path.rename(path.with_suffix(".json"))
    assert len(open_clinic(clinic, WORDS).couples()) == 1


def test_the_log_says_what_was_done_and_never_of_whom(clinic: Path) -> None:
    book = Book(clinic)
    ada = entered(book)
    book.note_done(Done.OPENED)
    choose_passphrase_anew(clinic, OTHER, cost=CHEAP)
    book.erase_couple(ada)
    done = ["opened", "passphrase changed", "couple erased"]
    assert [each.what for each in book.log()] == done
    told = in_clear(clinic)
    for private in (ada, "Ada", "Ben"):
        assert private not in told
    assert ada.encode() not in all_bytes(clinic)
    for _ in range(LONGEST_LOG + 1):
        book.note_done(Done.EXPORTED)
    assert {each.what for each in book.log()} == {"exported"}
    assert len(book.log()) == LONGEST_LOG


def in_clear(clinic: Path) -> str:
    """What a clinic's book holds, unsealed."""
    vault = keys.vault_of(clinic)
    assert vault is not None
    sealed = KeptTwice(clinic / BOOK_NAME, "book").read().content
    return vault.library_seal().unsealed(sealed, b"coreg therapist's book 1").decode()


def rewritten(clinic: Path, told: dict[str, object]) -> None:
    vault = keys.vault_of(clinic)
    assert vault is not None
    clear = json.dumps(told).encode()
    sealed = vault.library_seal().sealed(clear, b"coreg therapist's book 1")
    KeptTwice(clinic / BOOK_NAME, "book").write(1, sealed)


def test_a_book_of_an_earlier_and_of_a_later_coreg_opens(clinic: Path) -> None:
    book = Book(clinic)
    ada = entered(book)
    book.note(ada, NOTED)
    told = json.loads(in_clear(clinic))
    del told["log"]  # as 0.2 wrote it
    rewritten(clinic, told)
    assert (book.log(), book.notes(ada)[0].text) == ((), NOTED)
    told["notes"][0]["colour"] = "blue"
    told["log"] = [["2026-03-01T10:00:00+00:00", "sung"]]
    told["songs"] = {"of": ["Lisbon"]}
    rewritten(clinic, told)
    assert book.notes(ada)[0].text == NOTED
    book.note_done(Done.OPENED)
    assert [each.what for each in book.log()] == ["sung", "opened"]
    assert json.loads(in_clear(clinic))["songs"] == {"of": ["Lisbon"]}


def test_a_damaged_book_is_refused_and_its_copy_read(clinic: Path) -> None:
    book = Book(clinic)
    entered(book)
    path = clinic / BOOK_NAME
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert len(book.couples()) == 1
    copy = path.with_name("therapist-copy.book")
    path.unlink()
    copy.unlink()
    with pytest.raises(StorageUnusable, match="gone"):
        book.couples()
    path.write_bytes(b"something else")
    with pytest.raises(StorageUnusable, match="cannot be used"):
        book.couples()


def test_marks_come_in_the_sessions_time_and_go_again(clinic: Path) -> None:
    book = Book(clinic)
    ada = entered(book)
    marks = [
        Mark(couple_id=ada, session_id=SESSION_ID, t_s=t_s, key=key)
        for t_s, key in ((90.0, 3), (30.25, 1), (90.0, 2))
    ]
    for mark in marks:
        book.mark(mark)
    assert (
        book.marks(ada, SESSION_ID) == in_time(marks) == (marks[1], marks[2], marks[0])
    )
    book.unmark(marks[0])
    assert book.marks(ada, SESSION_ID) == (marks[1], marks[2])
    for key, t_s in ((0, 1.0), (6, 1.0), (1, -1.0), (1, float("nan"))):
        with pytest.raises(ValueError, match="no such mark"):
            Mark(couple_id=ada, session_id=SESSION_ID, t_s=t_s, key=key)


def test_a_console_writes_in_the_book_of_its_couple(clinic: Path) -> None:
    book = Book(clinic)
    ada, eve = entered(book), entered(book, "Eve", "Gus")
    book.label(2, "  turning   towards ")
    notebook = CoupleNotebook(book, ada)
    assert notebook.marks == ("Mark 1", "turning towards", "Mark 3", "Mark 4", "Mark 5")
    notebook.mark(SESSION_ID, 12.5, 2)
    notebook.note(SESSION_ID, 10.0, NOTED)
    (mark,), (note,) = book.marks(ada, SESSION_ID), book.notes(ada, SESSION_ID)
    assert (mark.t_s, mark.key, note.t_s, note.text) == (12.5, 2, 10.0, NOTED)
    assert (book.marks(eve, SESSION_ID), book.notes(eve)) == ((), ())
    for key, words in ((6, "no such key"), (1, "w" * 61)):
        with pytest.raises(BadInputError):
            book.label(key, words)


def test_who_may_practise_when(clinic: Path) -> None:
    """spec/practices.md 4: each alone first; again after 8 weeks and after a stop."""
    book = Book(clinic)
    ada = entered(book)

    def told(on: dt.date, stopped: tuple[dt.date, ...] = ()) -> Ready:
        return ready(book.find(ada), on, stopped)

    assert told(DAY) is Ready.SEE_ALONE
    book.saw_alone(ada, Partner.A, DAY)
    assert (told(DAY), told(DAY).may_practise) == (Ready.SEE_ALONE, False)
    book.saw_alone(ada, Partner.B, DAY + dt.timedelta(days=7))
    assert told(DAY + dt.timedelta(days=55)) is Ready.READY
    assert told(DAY + dt.timedelta(days=56)) is Ready.ASK_AGAIN
    stop = DAY + dt.timedelta(days=9)
    assert told(stop, (stop,)) is Ready.ASK_AGAIN
    book.saw_alone(ada, Partner.A, stop + dt.timedelta(days=1))
    assert told(stop, (stop,)) is Ready.ASK_AGAIN  # B was not asked since
    book.saw_alone(ada, Partner.B, stop + dt.timedelta(days=1))
    assert told(stop + dt.timedelta(days=1), (stop,)) is Ready.READY
    book.hold_back(ada, is_held_back=True)
    assert (told(stop), told(stop).may_practise) == (Ready.NOT_YET, False)


def test_a_note_and_a_plan_for_home_at_a_terminal(clinic: Path) -> None:
    book = Book(clinic)
    ada = entered(book)
    name = recorded(couple_folder(clinic, ada), 2, Ending.FINISHED_EARLY)
    book.note(ada, NOTED, session_id=name)
    for partner in Partner:
        book.saw_alone(ada, partner, DAY)
    data = ["--data-dir", str(clinic.parent)]
    plan = ["homeplan", ada, "--practice", "repair"]
    out, why = clinic.parent / "plan.toml", "To mend sooner."
    make = ["clinic", *plan, "--out", str(out), *data]
    status, said = at_a_terminal(make, WORDS, why)
    assert (status, "once a week until" in said) == (0, True), said
    assert 'why = "To mend sooner."' in out.read_text("utf-8")
    status, said = at_a_terminal(["clinic", "note", name[:8], *data], WORDS)
    assert (status, "Present: Ada, Ben" in said) == (0, True), said
    assert "Ada, 1 March 2026, Ben, 1 March 2026" in said
    assert "once a week until" in said
    assert NOTED not in said
    status, said = at_a_terminal(["clinic", "review", "last", *data], WORDS)
    assert (status, f"note: {NOTED}" in said) == (0, True), said
    book.hold_back(ada, is_held_back=True)
    status, said = at_a_terminal(["clinic", *plan, *data], WORDS)
    assert (status, "isn’t set up yet" in said) == (1, True), said


def test_an_hour_of_several_sessions_is_gone_over_as_one_at_a_terminal(
    clinic: Path, typing: "Typing"
) -> None:
    book = Book(clinic)
    ada = entered(book)
    for partner in Partner:
        book.saw_alone(ada, partner, DAY)
    recorded(couple_folder(clinic, ada), 1, Ending.COMPLETE)
    first, within, last = recorded_hour(couple_folder(clinic, ada), 2)
    for name in (first, within, last):
        book.note(ada, f"{NOTED} {name}", session_id=name)
    data = ["--data-dir", str(clinic.parent)]
    for asked in (within, first[:8], "last"):  # all that begin so are of it
        status, said = typing(["review", asked, *data], WORDS)
        assert status == 0, said
        for name in (first, within, last):
            assert f"{NOTED} {name}" in said, (asked, said)
        status, said = typing(["note", asked, *data], WORDS)
        assert (status, said.count("Present: Ada, Ben")) == (0, 3), said
    status, said = typing(["note", first[:6], *data], WORDS)
    assert (status, "Present" in said) == (1, False), "two hours begin so"


Typing = Callable[..., tuple[int, str]]


@pytest.fixture
def typing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typing:
    """Run a command in this process, and type one after another of these."""

    def run(command: list[str], *typed: str) -> tuple[int, str]:
        waiting = list(typed)

        def answer(_question: str) -> str:
            return waiting.pop(0)

        monkeypatch.setattr("getpass.getpass", answer)
        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        status = main(["clinic", *command])
        said = capsys.readouterr()
        assert waiting == []
        return status, said.out + said.err

    return run


def test_it_is_recovered_backed_up_restored_and_says_what_was_done(
    clinic: Path, tmp_path: Path, typing: Typing
) -> None:
    data, book = ["--data-dir", str(clinic.parent)], Book(clinic)
    ada = entered(book)
    paper = keys.choose_anew(clinic, keys.opened_with(clinic, WORDS), WORDS, cost=CHEAP)
    close_clinic(clinic)
    status, said = typing(["backup", "--out", str(tmp_path), *data], WORDS)
    assert (status, "1 couple and your book" in said) == (0, True), said
    (backup,) = tmp_path.glob("coreg-clinic-*.coreg-backup")
    open_clinic(clinic, WORDS)
    (line,) = Library(book.open_couple(ada)).audit.lines()
    assert (line.what, line.place) == (What.BACKED_UP, str(backup))
    close_clinic(clinic)
    status, said = typing(["recover", *data], paper, OTHER, OTHER)
    assert status == 0, said
    found = re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", said)
    assert found is not None, said
    assert keys.recovered_with(clinic, found.group()).id_()
    status, said = typing(["recover", *data], paper)
    assert (status, "isn’t the recovery key" in said) == (1, True), said
    status, said = typing(["erase", ada, *data], OTHER, "Ada & Ben")
    assert (status, "Backups" in said) == (0, True), said
    status, said = typing(["log", *data], OTHER)
    assert [line[18:] for line in said.splitlines()] == [
        *("opened", "backed up", "opened with the recovery key"),
        *("passphrase changed", "opened", "a couple erased", "opened"),
    ]
    there = ["--data-dir", str(tmp_path / "there")]
    status, said = typing(["restore", str(backup), *there], OTHER, WORDS)
    assert (status, "isn’t the passphrase" in said) == (0, True), said
    assert "1 couple and your book are back" in said
    status, said = typing(["log", "--json", *there], WORDS)
    assert [each["what"] for each in json.loads(said)["log"]] == [
        "opened",
        *("opened", "restored", "opened"),
    ]


def test_what_a_key_stands_for_is_asked_and_a_command_line_is_warned_of(
    clinic: Path, typing: Typing
) -> None:
    data = ["--data-dir", str(clinic.parent)]
    status, said = typing(["label", "2", *data], WORDS, "turning away")
    assert (status, "can be read by others" in said) == (0, False), said
    assert "Key 2 stands for: turning away" in said
    status, said = typing(["label", "3", "going", "quiet", *data], WORDS)
    assert (status, "can be read by others" in said) == (0, True), said
    assert "Key 3 stands for: going quiet" in said


@pytest.mark.parametrize("what", ["couples", "log", "backup", "passphrase", "recover"])
def test_what_needs_a_terminal_says_so_and_where_else_it_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """Standard input is none while tests run."""
    assert main(["clinic", what, "--data-dir", str(tmp_path)]) == 1
    assert "open your pages with `coreg clinic`" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_no_example_has_a_therapist_write_a_name_or_a_sentence_into_a_command() -> None:
    """Anybody on the computer may read a command line, and a shell keeps it."""
    shown = [example for _, _, example in WHAT.values()]
    told = (ROOT / "docs" / "commands.md").read_text("utf-8")
    shown += re.findall(r"^coreg clinic (.*)$", told, re.MULTILINE)
    for code in ("en", "de"):
        for path in (ROOT / "coreg" / "words" / code).glob("*.json"):
            shown += re.findall(r"coreg clinic (.*?)[`\"]", path.read_text("utf-8"))
    assert len(shown) > len(WHAT)
    for each in shown:
        what, *words = each.split()
        assert not {"Ada", "Ben", "NAME", "--why"} & set(words), each
        assert what != "add" or not words, each
        assert what != "label" or len(words) <= 1, each


def test_at_a_terminal_a_couple_is_entered_seen_alone_and_listed(
    tmp_path: Path,
) -> None:
    data = ["--data-dir", str(tmp_path)]
    status, said = at_a_terminal(["clinic", "couples", *data], WORDS, WORDS)
    assert status == 0, said
    assert re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", said)
    status, said = at_a_terminal(["clinic", "add", *data], WORDS, "Ada", "Ben")
    assert (status, "Ada & Ben have a folder" in said) == (0, True), said
    (couple,) = (folder.name for folder in clinic_location(tmp_path).glob("couples/*"))
    status, said = at_a_terminal(["clinic", "open", couple, *data], WORDS)
    assert (status, "isn’t set up yet" in said) == (1, True), said
    seen = ["clinic", "seen", "Ada", "b", "--on", "2026-03-01", *data]
    status, said = at_a_terminal(seen, WORDS)
    assert (status, "saw Ben alone on 1 March 2026" in said) == (0, True), said
    status, said = at_a_terminal(
        ["clinic", "couples", *data], "not these four words", WORDS
    )
    assert (status, "Ada & Ben" in said, "see each alone" in said) == (0, True, True)
    clinic = clinic_location(tmp_path)
    assert not (clinic / "sessions").exists()
    (folder,) = (clinic / "couples").iterdir()
    status, said = at_a_terminal(["sessions", "--data-dir", str(folder)], WORDS)
    assert (status, "Nothing recorded yet" in said) == (0, True), said
