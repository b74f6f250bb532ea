"""`coreg lock` at a terminal, and the commands that open what is locked."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.store import keys, locking
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.reader import read_session
from tests.helpers.evening_server import CHEAP
from tests.helpers.sessions import SESSION_ID, whole_session
from tests.helpers.terminal import at_a_terminal

WORDS, OTHER = "four words we remember", "another four words"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = data_folder(tmp_path / "data")
    whole_session(session_path(folder, SESSION_ID))
    yield folder
    keys.let_go(folder)


def lock(folder: Path, *how: str) -> list[str]:
    return ["lock", *how, "--data-dir", str(folder)]


def recovery_key(said: str) -> str:
    found = re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", said)
    assert found is not None, said
    return found.group()


def test_it_is_chosen_changed_lost_recovered_and_given_up(folder: Path) -> None:
    path = session_path(folder, SESSION_ID)
    before = read_session(path).events
    status, said = at_a_terminal(lock(folder), WORDS, WORDS)
    assert status == 0, said
    assert WORDS not in said
    first_key = recovery_key(said)
    assert read_and_listed(folder, WORDS)
    status, said = at_a_terminal(lock(folder, "--change"), WORDS, OTHER, OTHER)
    assert status == 0, said
    second_key = recovery_key(said)
    assert second_key != first_key
    status, said = at_a_terminal(lock(folder, "--recover"), first_key)
    assert (status, "isn’t the recovery key" in said) == (1, True)
    status, said = at_a_terminal(lock(folder, "--recover"), second_key, WORDS, WORDS)
    assert status == 0, said
    status, said = at_a_terminal(lock(folder, "--off"), WORDS)
    assert status == 0, said
    assert not keys.is_locked(folder)
    assert read_session(path).events == before


def read_and_listed(folder: Path, passphrase: str) -> bool:
    command = ["sessions", "--data-dir", str(folder)]
    status, said = at_a_terminal(command, "wrong words here", passphrase)
    assert status == 0, said
    assert "isn’t the passphrase" in said
    return SESSION_ID in said and "locked" not in said


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("short",), "at least 10 characters"),
        ((WORDS, "four other words"), "the same"),
    ],
)
def test_what_is_no_passphrase_locks_nothing(
    folder: Path, typed: tuple[str, ...], why: str
) -> None:
    status, said = at_a_terminal(lock(folder), *typed)
    assert (status, why in said, "Traceback" in said) == (1, True, False)
    assert not keys.is_locked(folder)


@pytest.mark.parametrize(
    "command",
    [
        ["sessions"],
        ["replay", "last"],
        ["report", "last", "--out", "nowhere"],
        ["practice", "--simulate", "--headless", "--speed", "2000"],
        ["lock", "--off"],
    ],
)
def test_where_nobody_can_be_asked_it_is_said_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    locking.lock(folder, WORDS, cost=CHEAP)
    keys.let_go(folder)
    assert main([*command, "--data-dir", str(folder)]) == 1
    assert "terminal" in capsys.readouterr().err


def test_a_check_and_the_doctor_need_no_passphrase(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    locking.lock(folder, WORDS, cost=CHEAP)
    keys.let_go(folder)
    assert main(["check", "--data-dir", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "ok: 42 events (locked)" in said
    assert "library  ok (locked)" in said
    path = session_path(folder, SESSION_ID)
    changed = bytearray(path.read_bytes())
    changed[changed.rindex(b"sealed") + 20] ^= 1
    path.write_bytes(changed)
    assert main(["check", "--data-dir", str(folder)]) == 1


def test_what_locks_nothing_yet_says_so(folder: Path) -> None:
    for how in ("--off", "--change", "--recover"):
        status, said = at_a_terminal(lock(folder, how))
        assert (status, "no passphrase yet" in said) == (1, True)
