"""What a couple meets at a terminal is in its language; what programs read is not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.store.folder import data_folder
from coreg.store.keys import is_locked
from coreg.store.library import session_path
from coreg.store.reader import read_session
from coreg.words import ENGLISH, speak
from tests.helpers.sessions import SESSION_ID, whole_session
from tests.helpers.terminal import at_a_terminal

UNPACED = "relaxed-and-alert-without-breathing"
ASKED = ("--pages", "therapist", "--format", "html")
FOUR_WORDS = "four words we remember"


@pytest.fixture(autouse=True)
def spoken_again() -> Iterator[None]:
    yield
    speak(ENGLISH)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is there and holds nothing."""
    monkeypatch.setenv("COREG_DATA_DIR", str(tmp_path / "data"))
    return data_folder(tmp_path / "data")


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch, data: Path) -> Path:
    """A German terminal, with that data folder."""
    monkeypatch.setenv("COREG_LANGUAGE", "de")
    return data


@pytest.mark.parametrize(
    ("named", "language", "heading"),
    [
        ("de_AT.UTF-8", "de", "Zusammen atmen"),
        ("en_GB.UTF-8", "en", "Breathe together"),
    ],
)
def test_a_page_is_in_the_language_of_the_terminal(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: str,
    language: str,
    heading: str,
) -> None:
    monkeypatch.delenv("COREG_LANGUAGE", raising=False)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", named)
    monkeypatch.setenv("COREG_DATA_DIR", str(tmp_path / "data"))
    assert main(["simulate", "--out", str(tmp_path), "--minutes", "1"]) == 0
    session = str(tmp_path / "couple-0001.coreg")
    assert main(["report", session, *ASKED, "--out", str(tmp_path / "out")]) == 0
    (page,) = (tmp_path / "out").glob("*.html")
    html = page.read_text(encoding="utf-8")
    assert f'<html lang="{language}"' in html
    assert heading in html


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("report last", "Es gibt noch keine Sitzung."),
        ("report last --data-dir no-such-folder", "Es gibt noch keine Sitzung."),
        ("backup", "Es ist noch nichts gespeichert. Nehmt zuerst etwas auf: coreg"),
        ("export A --out out", "Es ist noch nichts gespeichert. Fangt an mit: coreg"),
        ("lock", "Eine Passphrase muss in einem Terminal eingetippt werden."),
        ("practice dinner", "Keine Übung heißt 'dinner'."),
        ("practice --replay a.csv b.csv --headless", "Die Datei a.csv gibt es nicht."),
        ("practice --go-on", "--go-on ist für eine Übung ohne Seiten."),
        ("practice --go-on --headless", "Es gibt nichts fortzusetzen:"),
        (
            "practice --replay a.csv b.csv --couple usual",
            "hier werden aber Aufnahmen abgespielt. Nehmt --simulate statt --replay",
        ),
        (
            f"practice {UNPACED} --pace 5 --headless",
            "--pace 5 bewirkt in „Entspannt und wach, ohne Atemtempo“ nichts:",
        ),
    ],
)
def test_what_goes_wrong_is_said_in_german(
    german: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    said: str,
) -> None:
    assert german.exists()
    monkeypatch.chdir(tmp_path)
    assert main(command.split()) == 1
    assert said in capsys.readouterr().err


def test_a_full_disk_and_a_damaged_session_are_said_in_german(
    german: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = session_path(german, SESSION_ID)
    path.write_bytes(b"no session at all")
    assert main(["report", "last", "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert f"{path.name} lässt sich nicht als Sitzung lesen: Es ist keine " in said
    (tmp_path / "file").touch()
    assert main(["report", "last", "--out", str(tmp_path / "file")]) == 1
    said = capsys.readouterr().err
    assert f"In den Ordner {tmp_path / 'file'} lässt sich nichts schreiben" in said
    assert "(gibt es schon)" in said


def test_what_programs_read_is_in_english_at_a_german_terminal(
    german: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session_path(german, SESSION_ID).write_bytes(b"no session at all")
    assert main(["sessions", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["sessions"]
    assert "cannot be read as a session" in told["wrong"]


def test_a_lock_is_chosen_and_taken_off_in_german(german: Path) -> None:
    whole_session(session_path(german, SESSION_ID))
    status, said = at_a_terminal(["lock"], FOUR_WORDS, FOUR_WORDS)
    assert status == 0, said
    assert "Neue Passphrase (vier Wörter, die ihr euch merkt): " in said
    assert "Schreibt diesen Ersatzschlüssel auf Papier" in said
    assert "1 von 1 Abenden" in said
    status, said = at_a_terminal(["lock", "--off"], "something else", FOUR_WORDS)
    assert status == 0, said
    assert "Das ist nicht die Passphrase. Versucht es noch einmal." in said
    assert "Es ist nichts mehr abgeschlossen" in said
    assert not is_locked(german)


def test_a_practice_shows_its_progress_in_german(
    german: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert german.exists()
    fast = ("--simulate", "--headless", "--speed", "100000", "--minutes", "1")
    assert main(["practice", *fast]) == 0
    said = capsys.readouterr().err
    assert re.search(r"^1:00  Ankommen$", said, re.MULTILINE), said
    assert not re.search(r"\b(the|strap|carrying|Breathe)\b", said)


def test_what_is_recorded_is_the_same_in_every_language(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data.exists()
    made = {}
    for language in ("en", "de"):
        monkeypatch.setenv("COREG_LANGUAGE", language)
        out = tmp_path / language
        assert main(["simulate", "--out", str(out), "--minutes", "1"]) == 0
        texts = sorted(each for each in out.iterdir() if each.suffix != ".coreg")
        recorded = read_session(out / "couple-0001.coreg").events
        made[language] = (recorded, [each.read_bytes() for each in texts])
    assert made["en"] == made["de"]
