"""Where files go that were told no place: never where somebody happens to be."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.facts.events import Partner
from coreg.store import keys, locking
from coreg.store.erasing import erase_everything, erase_partner, erase_session
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.own_things import OwnThings
from coreg.store.passcode import OwnKey
from tests.helpers.evening_server import CHEAP

NOW = datetime(2026, 11, 30, 21, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that somebody happens to be in; a data folder lies elsewhere."""
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("COREG_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("COREG_THOROUGH", raising=False)
    return place


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "rest.txt"
    path.write_text("800\n820\n" * 60, encoding="utf-8")
    return path


def test_a_picture_goes_to_the_data_folder_for_this_user_alone_and_where_is_said(
    here: Path, recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", str(recording)]) == 0
    assert list(here.iterdir()) == []
    pages = tmp_path / "data" / "pages"
    (picture,) = pages.iterdir()
    assert picture.name == "rest-hrv.png"
    assert str(picture) in capsys.readouterr().err
    assert stat.S_IMODE(pages.stat().st_mode) == 0o700


def test_out_says_another_place(here: Path, recording: Path, tmp_path: Path) -> None:
    assert main(["analyze", str(recording), "--out", str(tmp_path / "out")]) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["rest-hrv.png"]
    assert not (tmp_path / "data" / "pages").exists()
    assert list(here.iterdir()) == []


def test_a_session_s_pages_go_to_the_data_folder(here: Path, tmp_path: Path) -> None:
    couples = tmp_path / "couples"
    assert main(["simulate", "--out", str(couples), "--minutes", "1"]) == 0
    session = couples / "couple-0001.coreg"
    assert main(["report", str(session), "--format", "html"]) == 0
    assert main(["synchrony", str(session), "--surrogates", "99"]) == 0
    assert list(here.iterdir()) == []
    assert sorted(page.name for page in (tmp_path / "data" / "pages").iterdir()) == [
        "couple-0001-synchrony.html",
        "couple-0001-synchrony.pdf",
        "couple-0001.html",
    ]


def test_a_link_in_its_place_is_refused(
    here: Path, recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (data_folder(None) / "pages").symlink_to(elsewhere)
    assert main(["analyze", str(recording)]) == 1
    assert "is a link" in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []
    assert list(here.iterdir()) == []


# --- pages go with what they show -----------------------------------------------------

ONE, OTHER = "20260301-193000-aaaa", "20260302-193000-bbbb"
PAGES = (
    f"{ONE}.pdf",
    f"{ONE}-A.html",
    f"{ONE}-synchrony.pdf",
    f"{OTHER}.pdf",
    f"{OTHER}-evenings-B.pdf",
    "rest-hrv.png",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with pages in it."""
    folder = data_folder(tmp_path / "data")
    (folder / "pages").mkdir(mode=0o700)
    for name in PAGES:
        (folder / "pages" / name).write_bytes(b"a heart")
    return folder


def left_in(folder: Path) -> list[str]:
    return sorted(page.name for page in (folder / "pages").iterdir())


def test_erasing_an_evening_takes_its_pages_and_those_over_all_evenings(
    folder: Path,
) -> None:
    erase_session(folder, Library(folder), ONE)
    assert left_in(folder) == [f"{OTHER}.pdf", "rest-hrv.png"]


def test_erasing_everything_takes_all_pages(folder: Path) -> None:
    erase_everything(folder, Library(folder))
    assert left_in(folder) == []


def test_erasing_somebody_takes_the_pages_over_their_evenings(folder: Path) -> None:
    erase_partner(folder, Library(folder), Partner.A)
    assert f"{OTHER}-evenings-B.pdf" not in left_in(folder)


@pytest.mark.parametrize(
    "goes",
    [
        lambda own, key: own.delete(Partner.A, key, None),
        lambda own, _: own.forget(Partner.A, now=NOW),
    ],
    ids=["all of it is deleted", "a passcode is forgotten"],
)
def test_what_is_erased_of_ones_own_lives_on_in_no_page(
    folder: Path, goes: Callable[[OwnThings, OwnKey], object]
) -> None:
    own = Library(folder).own
    goes(own, own.choose(Partner.A, "4711", now=NOW))
    assert left_in(folder) == []


def test_what_is_taken_back_lives_on_in_no_page(folder: Path) -> None:
    Library(folder).withdraw(Partner.A, utc=NOW.isoformat())
    assert left_in(folder) == []


def test_a_lock_leaves_no_page_open_beside_it_and_lets_none_come(
    folder: Path,
    recording: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    locking.lock(folder, "four words we remember", cost=CHEAP)
    try:
        assert left_in(folder) == []
        monkeypatch.setenv("COREG_DATA_DIR", str(folder))
        assert main(["analyze", str(recording)]) == 1
        assert "with --out" in capsys.readouterr().err
        assert left_in(folder) == []
        out = tmp_path / "out"
        assert main(["analyze", str(recording), "--out", str(out)]) == 0
        assert list(out.iterdir())
    finally:
        keys.let_go(folder)


def test_what_a_link_among_the_pages_leads_to_is_left_alone(
    folder: Path, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    (folder / "pages" / f"{ONE}-link.pdf").symlink_to(precious)
    erase_session(folder, Library(folder), ONE)
    assert precious.read_text() == "kept"
    assert f"{ONE}-link.pdf" not in left_in(folder)
