"""Plans and couples are found by name or by path, and what is wrong is said."""

from collections.abc import Callable
from pathlib import Path

import pytest

from coreg.errors import BadCoupleError, BadPlanError, CoregError
from coreg.session.couple_shelf import couple_names, couple_text
from coreg.store.plans import plan_names, plan_text

Read = Callable[[str], str]
SHELVES = [(plan_text, BadPlanError), (couple_text, BadCoupleError)]


@pytest.fixture(params=SHELVES, ids=["plans", "couples"])
def shelf(request: pytest.FixtureRequest) -> tuple[Read, type[CoregError]]:
    of: tuple[Read, type[CoregError]] = request.param
    return of


def test_what_ships_is_found_by_name() -> None:
    assert "relaxed-and-alert" in plan_names()
    assert "usual" in couple_names()
    assert 'name = "relaxed-and-alert"' in plan_text("relaxed-and-alert")


def test_a_file_is_found_by_its_path(
    shelf: tuple[Read, type[CoregError]], tmp_path: Path
) -> None:
    read, _error = shelf
    (tmp_path / "own.toml").write_text('title = "Für uns"', encoding="utf-8")
    assert read(str(tmp_path / "own.toml")) == 'title = "Für uns"'


def test_a_name_that_is_none_is_answered_with_those_there_are(
    shelf: tuple[Read, type[CoregError]],
) -> None:
    read, error = shelf
    with pytest.raises(error, match=r"called 'relaxed'\. Choose one of: .*by its path"):
        read("relaxed")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is a folder"),
        (b"x" * 100_001, "is too large"),
        (b"\xff\xfe\x00", "is no text"),
    ],
)
def test_what_cannot_be_one_is_refused_with_what_to_give(
    shelf: tuple[Read, type[CoregError]],
    tmp_path: Path,
    content: bytes | None,
    words: str,
) -> None:
    read, error = shelf
    path = tmp_path / "given"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(error, match=rf"{words}.* Give a \w+ file"):
        read(str(path))
