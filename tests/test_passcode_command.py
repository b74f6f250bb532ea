"""`coreg report` at a terminal: an own page takes its owner's passcode."""

from pathlib import Path

import pytest

from coreg.cli import main
from coreg.facts.events import Partner
from coreg.store.library_db import Library
from coreg.store.own_things import RatingKept
from tests.helpers.evening_server import CHEAP, NOW
from tests.helpers.sessions import SESSION_ID
from tests.helpers.terminal import at_a_terminal
from tests.test_who_may_see import kept_evening


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder, _ = kept_evening(tmp_path / "data")
    own = Library(folder, passcode_cost=CHEAP).own
    own.choose(Partner.A, "4711", now=NOW)
    rating = RatingKept(
        session_id=SESSION_ID, moment="before", at_ease=7, awake=3, myself=8, utc=""
    )
    own.keep(Partner.A, rating)
    return folder


def report(folder: Path, pages: str, out: Path) -> list[str]:
    wanted = ["--pages", pages, "--format", "html", "--out", str(out)]
    return ["report", SESSION_ID, *wanted, "--data-dir", str(folder)]


@pytest.mark.parametrize("pages", ["A", "B", "evenings-A", "evenings-B"])
def test_without_a_terminal_no_own_page_is_drawn_and_it_says_why(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], pages: str
) -> None:
    assert main(report(folder, pages, tmp_path / "out")) == 1
    said = capsys.readouterr().err
    assert f"opens with {pages[-1]}'s passcode only" in said
    drawn = "".join(each.read_text() for each in (tmp_path / "out").iterdir())
    assert "<svg" not in drawn


def test_with_the_passcode_the_own_page_is_drawn_and_it_is_not_echoed(
    folder: Path, tmp_path: Path
) -> None:
    status, said = at_a_terminal(report(folder, "A", tmp_path / "out"), "4711")
    assert status == 0, said
    assert "4711" not in said
    (page,) = (tmp_path / "out").glob("*.html")
    assert "<svg" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pages", "typed", "why"),
    [
        ("A", "0815", "That isn’t the passcode."),
        ("B", "", "B has not chosen a passcode yet."),
    ],
)
def test_a_wrong_one_or_none_draws_nothing(
    folder: Path, tmp_path: Path, pages: str, typed: str, why: str
) -> None:
    status, said = at_a_terminal(report(folder, pages, tmp_path / "out"), typed)
    assert status == 1
    assert why in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()
