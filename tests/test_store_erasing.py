"""What is erased is in no file any more, however often coreg is killed over it."""

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from coreg.base import locks
from coreg.cli.remembered import finish_erasing_in
from coreg.errors import CoregError, SessionError, SessionNotFound, StorageUnusable
from coreg.facts.both import Both
from coreg.facts.events import HeartErased, Notification, Partner, Source
from coreg.store import erase, erasing, keys, learned, library_file, locking
from coreg.store.erasing import INTENTS_NAME, finish_erasing
from coreg.store.library import list_sessions, session_path
from coreg.store.library_db import Library
from coreg.store.reader import check_session, read_session
from coreg.store.session_log import SessionLog
from coreg.web.evening.effects import KeepNames, KeepSettings, Remove
from coreg.web.phones.certificate import certificate_in
from coreg.web.server.evening_store import EveningStore
from coreg.web.wire.named import Erasing
from tests.helpers.disks import built
from tests.helpers.erasing import (
    FIRST,
    SECOND,
    SECRET,
    UTC,
    asked,
    canary,
    found_in,
    hearts,
    lay_down,
    of_partner,
)
from tests.helpers.evening_server import CHEAP
from tests.helpers.sessions import OPENED, beats, facts_in, rounds

REPOSITORY = Path(__file__).resolve().parents[1]
KilledOver = Callable[..., bool]
BOTH = [*of_partner(Partner.A), *of_partner(Partner.B), "canary pace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is erased: what goes with it, and what does not."""

    gone: list[str]
    kept: list[str]
    sessions: list[str]


CASES = {
    "session": Case(
        gone=[hearts(FIRST), *(canary("wish", each) for each in Partner)],
        # What each wrote of it is that one's own: whoever erases an evening erases no
        # words of the other.
        kept=[
            *(SECOND, hearts(SECOND)),
            *(canary("name", each) for each in Partner),
            *(canary("words", each) for each in Partner),
            *(canary("line", each) for each in Partner),
        ],
        sessions=[SECOND],
    ),
    "partner": Case(
        gone=[*of_partner(Partner.A), "canary pace", hearts(FIRST), hearts(SECOND)],
        kept=of_partner(Partner.B),
        sessions=[FIRST, SECOND],
    ),
    "everything": Case(
        gone=[*BOTH, FIRST, SECOND, hearts(FIRST)], kept=[], sessions=[]
    ),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_down(tmp_path_factory.mktemp("whole") / "data.coreg")


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return copied(whole, tmp_path)


def copied(whole: Path, to: Path) -> Path:
    folder = to / "data.coreg"  # the failing disk looks at no other
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    return folder


def remove(what: str) -> Remove:
    return Remove(
        what=Erasing(what),
        session_id=FIRST if what == "session" else None,
        partner=Partner.A if what == "partner" else None,
    )


def assert_erased(folder: Path, what: str) -> None:
    case = CASES[what]
    left = {each: found for each in case.gone if (found := found_in(folder, each))}
    assert left == {}
    assert [each for each in case.kept if not found_in(folder, each)] == []
    assert found_in(folder, INTENTS_NAME) == []
    names = {each.name for each in (folder / "sessions").iterdir()}
    # Whoever reads an evening without an end leaves an empty log of SQLite beside it.
    beside = {each for each in names if each.endswith(("-wal", "-shm"))}
    sessions = {f"{each}.coreg" for each in case.sessions}
    assert names - beside == sessions
    assert {each.rpartition("-")[0] for each in beside} <= sessions
    if what == "partner":
        for each in case.sessions:
            assert_one_heart_left(session_path(folder, each))


def assert_one_heart_left(path: Path) -> None:
    """The other one's packets are all there, in a session that is well."""
    assert "one heart erased" in check_session(path).words
    facts = facts_in(path)
    assert [each for each in facts if getattr(each, "partner", None) is Partner.A] == [
        HeartErased(t_ns=0, partner=Partner.A)
    ]
    assert [each for each in facts if isinstance(each, Notification)] == [
        each for each in beats(300) if isinstance(each, Notification)
    ]


@pytest.mark.parametrize("what", CASES)
def test_before_it_is_erased_all_of_it_can_be_found(whole: Path, what: str) -> None:
    case = CASES[what]
    assert [
        each for each in (*case.gone, *case.kept) if not found_in(whole, each)
    ] == []


@pytest.mark.parametrize("what", CASES)
def test_what_is_erased_is_in_no_file_and_the_rest_is_whole(
    folder: Path, what: str
) -> None:
    EveningStore(folder).remove(remove(what))
    assert_erased(folder, what)
    assert all(each.wrong == "" for each in list_sessions(folder))


def test_with_everything_goes_what_an_open_page_knows_the_server_by(
    folder: Path,
) -> None:
    assert found_in(folder, SECRET.decode()) == ["page-secret"]
    EveningStore(folder).remove(remove("everything"))
    assert found_in(folder, SECRET.decode()) == []


def test_with_everything_goes_the_certificate_that_names_where_this_computer_was(
    folder: Path,
) -> None:
    addresses, name = ("192.168.7.31",), "a-name-in-the-house.local"
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    certificate_in(folder, addresses=addresses, name=name, now=now)
    assert found_in(folder, "BEGIN CERTIFICATE") == ["phones-certificate.pem"]
    EveningStore(folder).remove(remove("everything"))
    assert found_in(folder, "BEGIN CERTIFICATE") == []


def test_what_the_other_one_said_stays_when_one_is_erased(folder: Path) -> None:
    library = Library(folder)
    said = (library.wishes, library.person)
    before = [each(Partner.B) for each in said]
    EveningStore(folder).remove(remove("partner"))
    assert [each(Partner.B) for each in said] == before
    known = learned.known_of(library, learned.OURS)
    assert known.rest_bpm[1] == float(canary("rest", Partner.B))
    assert known.usual_taps_s[1] == (float(canary("taps", Partner.B)),)
    assert EveningStore(folder).worn == {canary("strap", Partner.B): Partner.B}


def test_a_heart_at_rest_goes_with_the_evening_on_which_it_was(folder: Path) -> None:
    library = Library(folder)
    name = "rest of A, ours"
    library.keep_setting(name, f'[58.5, ["{FIRST}", 61.0], ["{SECOND}", 62.0]]')
    EveningStore(folder).remove(remove("session"))
    # The first figure was kept without its evening: it may be of this one.
    assert library.settings()[name] == f'[["{SECOND}", 62.0]]'


# --- coreg is killed over it ----------------------------------------------------


@pytest.fixture(scope="module")
def killed_over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KilledOver]:
    """Erase in a program that is killed at one of its changes; return if it was."""
    disk = built(tmp_path_factory.mktemp("disk"))
    with subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.erasing"],
        cwd=REPOSITORY,
        env={**os.environ, "LD_PRELOAD": str(disk)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        asks, answers = program.stdin, program.stdout

        def killed(folder: Path, what: str, at: int, passphrase: str = "") -> bool:
            asks.write(asked(folder, what, at, passphrase))
            asks.flush()
            ended = int(answers.readline())
            assert ended in {0, -signal.SIGKILL}
            return ended != 0

        yield killed
        asks.close()


@pytest.mark.parametrize("what", CASES)
def test_a_kill_at_any_moment_leaves_all_as_it_was_or_is_taken_up_at_the_next_start(
    whole: Path, tmp_path: Path, killed_over: KilledOver, what: str
) -> None:
    step = rounds(11, thorough=1)
    taken_up, at, was_killed = 0, 2, True
    while was_killed:
        folder = copied(whole, tmp_path)
        was_killed = killed_over(folder, what, at)
        is_pending = (folder / INTENTS_NAME).exists()
        store = EveningStore(folder)
        if was_killed and not is_pending and not taken_up:  # nothing had happened yet
            assert all(found_in(folder, each) for each in CASES[what].gone)
            store.remove(remove(what))
        assert_erased(folder, what)
        taken_up += is_pending
        at += step
    assert taken_up > 3


def test_a_kill_over_one_heart_of_a_locked_folder_is_taken_up_once_it_is_open(
    whole: Path, tmp_path: Path, killed_over: KilledOver
) -> None:
    passphrase, step = "four words we remember", rounds(25, thorough=7)
    locked = copied(whole, tmp_path / "locked")
    locking.lock(locked, passphrase, cost=CHEAP)
    taken_up, at, was_killed = 0, 40, True
    while was_killed:
        folder = copied(locked, tmp_path)
        was_killed = killed_over(folder, "partner", at, passphrase)
        taken_up += (folder / INTENTS_NAME).exists()
        keys.hold(folder, keys.opened_with(folder, passphrase))
        EveningStore(folder)
        assert [each.erased for each in list_sessions(folder)] == [Partner.A] * 2
        for name in (FIRST, SECOND):
            assert_one_heart_left(session_path(folder, name))
            assert read_session(session_path(folder, name)).seal is not None
        assert [each for each in CASES["partner"].gone if found_in(folder, each)] == []
        keys.let_go(folder)
        at += step
    keys.let_go(locked)
    assert taken_up > 1


def test_a_practice_without_pages_takes_up_what_was_to_be_erased(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unremovable(monkeypatch), pytest.raises(StorageUnusable, match="in use"):
        EveningStore(folder).remove(remove("everything"))
    finish_erasing_in(folder)
    assert_erased(folder, "everything")


# --- something is in its way ------------------------------------------------------


@contextmanager
def unremovable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another program holds the session's files."""

    def refuse(path: Path) -> None:
        raise StorageUnusable(f"{path.name} is in use.", "Close it.")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "erase_session_file", refuse)
        patch.setattr(erasing, "write_anew", lambda path, *_, **__: refuse(path))
        yield


def test_what_cannot_be_erased_is_said_and_takes_nothing_that_comes_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unremovable(monkeypatch):
        store = EveningStore(folder)
        with pytest.raises(StorageUnusable, match="in use"):
            store.remove(remove("partner"))
        again = EveningStore(folder)
        (notice, *_) = shown(again)
        assert notice == ("not-erased", f"{FIRST}.coreg is in use.")
    library = Library(folder)
    library.keep_names("Ada", "Bo")
    EveningStore(folder)
    assert_erased_hearts(folder)
    assert Library(folder).person(Partner.A).name == "Ada"


def assert_erased_hearts(folder: Path) -> None:
    assert [each.erased for each in list_sessions(folder)] == [Partner.A, Partner.A]
    assert not (folder / INTENTS_NAME).exists()


def shown(store: EveningStore) -> list[tuple[str, str]]:
    evening = store.evening(frozenset(), source=Source.STRAPS, seed=1, speed=1.0)
    return [(each.key, each.detail) for each in evening.notices]


def test_where_the_library_cannot_be_written_nothing_new_comes_among_what_is_to_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_file, "_TURN_WITHIN_S", 0.05)
    store = EveningStore(folder)
    other = locks.take(folder / "library.db-lock")
    assert other is not None
    with pytest.raises(StorageUnusable, match="another coreg"):
        store.remove(remove("partner"))
    with pytest.raises(StorageUnusable, match="another coreg"):  # or it would go, too
        store.keep(KeepNames(names=Both("Ada", "Bo")))
    other.release()
    store.keep(KeepNames(names=Both("Ada", "Bo")))
    EveningStore(folder)
    assert Library(folder).person(Partner.A).name == "Ada"
    left = [each for each in CASES["partner"].gone if found_in(folder, each)]
    assert left == []


def test_a_session_that_is_no_longer_listed_is_erased_by_its_name(
    folder: Path,
) -> None:
    """As an older coreg left it that was killed after the file and before the words."""
    erase.erase_session_file(session_path(folder, FIRST))
    EveningStore(folder).remove(remove("session"))
    assert_erased(folder, "session")


@pytest.mark.parametrize(
    "name", ["", "../library", "a/b", "/etc/passwd", "\0", "\ud800", "x" * 300]
)
def test_what_is_no_name_of_a_session_erases_nothing(folder: Path, name: str) -> None:
    with pytest.raises(SessionNotFound):
        erasing.erase_session(folder, Library(folder), name)
    assert not (folder / INTENTS_NAME).exists()


def test_a_session_that_is_being_recorded_is_not_erased(folder: Path) -> None:
    name = "20260303-193000-7f3c"
    library = Library(folder)
    library.keep_wish(Partner.A, name, "mine", utc=UTC)
    with (
        SessionLog.create(session_path(folder, name), OPENED),
        pytest.raises(SessionError, match="being recorded"),
    ):
        erasing.erase_session(folder, library, name)
    assert library.wishes(Partner.A)[name] == "mine"


@pytest.mark.parametrize("text", ["", "[", "{}", "[1]", '[{"what": "all"}]'])
def test_a_list_of_what_is_to_be_erased_that_cannot_be_read_is_said_and_erases_nothing(
    folder: Path, text: str
) -> None:
    (folder / INTENTS_NAME).write_text(text)
    store = EveningStore(folder)
    assert "not-erased" in dict(shown(store))
    with pytest.raises(CoregError, match=INTENTS_NAME):
        store.remove(remove("everything"))
    # An evening is not lost by it.
    store.keep(KeepSettings(warmth=True, bell=True))
    assert [each for each in BOTH if not found_in(folder, each)] == []


@pytest.mark.parametrize(
    "name", ["../../evenings", "../evenings", "/{}/evenings", "", ".", "a/b", "x\0y", 7]
)
def test_a_file_that_somebody_laid_there_erases_nothing_elsewhere(
    name: object, folder: Path
) -> None:
    """A data folder may have come from somebody else, and this file with it."""
    elsewhere = [folder / "evenings.coreg", folder.parent / "evenings.coreg"]
    for each in elsewhere:
        each.write_bytes(b"another couple")
    if isinstance(name, str):
        name = name.format(folder.parent)
    asked = {"what": "session", "whose": "", "strap": "", "sessions": [name]}
    text = json.dumps([asked | {"has_rows": False}])
    (folder / INTENTS_NAME).write_text(text, encoding="utf-8")
    (said,) = finish_erasing(folder, Library(folder))
    assert INTENTS_NAME in said.wrong
    assert all(each.exists() for each in elsewhere)
    assert len(list_sessions(folder)) == 2
