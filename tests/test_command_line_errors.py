"""What a new user does wrong is answered in one line that says what to do."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from coreg.cli import main, practise
from coreg.cli.home import Opening


def said(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that cannot work; return its one line on standard error."""
    status: object = 2
    with suppress(SystemExit):
        status = main(arguments)
    assert status in {1, 2}
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    assert err.startswith("coreg")
    return err.rstrip()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("practice --minutes 0", "coreg practice: --minutes: 0 is not above 0."),
        ("practice --in-out 30:70", "50:50"),
        ("practice --straps one", "--straps: expected 2 arguments"),
        ("analyze", "the following arguments are required: file"),
        ("analyze --wrong x", "coreg analyze: there is no --wrong here."),
        ("--wrong", "coreg: there is no --wrong here."),
        ("analyse rest.txt", "analyse"),
        ("simulate --out x --couples 0", "--couples: 0 is not above 0"),
    ],
)
def test_a_wrong_option_is_named_and_where_to_read_more(
    arguments: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = said(arguments.split(), capsys)
    assert words in line
    assert line.endswith("--help")


@pytest.mark.parametrize("command", ["report", "replay", "check"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "missing.coreg",
            "There is no file {}/missing.coreg. Check its name and folder",
        ),
        ("folder", "{}/folder is a folder. Name a session file in it."),
        ("none", "There is no file {}/none."),
    ],
)
def test_a_path_without_a_session_is_not_taken_for_an_empty_library(
    command: str,
    name: str,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder").mkdir()
    given = [command, str(tmp_path / name), "--data-dir", str(tmp_path / "library")]
    assert words.format(tmp_path) in said(given, capsys)


@pytest.mark.parametrize(
    "arguments", ["practices check {}", "practice --simulate --headless --couple {}"]
)
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.toml", None, "There is no file {}. Check its name and folder."),
        ("empty.toml", "", "format is nothing. Write 1"),
        ("torn.toml", "not = [toml", "is not valid TOML"),
    ],
)
def test_a_plan_or_a_couple_that_is_none_says_what_it_lacks(
    arguments: str,
    name: str,
    content: str | None,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    given = [*arguments.format(path).split(), "--data-dir", str(tmp_path / "library")]
    assert words.format(path) in said(given, capsys)


@pytest.mark.parametrize(
    ("hearts", "real", "instead"),
    [
        ("", "straps are worn", "Give --simulate to practise with them"),
        ("--straps one two", "straps are worn", "leave out --couple"),
        ("--replay last", "recordings are played", "in place of --replay"),
    ],
)
@pytest.mark.parametrize("couple", ["eventful", "usual"])
@pytest.mark.parametrize("pages", ["", "--headless"])
def test_simulated_people_are_not_silently_replaced_by_whoever_sits_here(
    *,
    hearts: str,
    real: str,
    instead: str,
    couple: str,
    pages: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = tmp_path / "kept"
    asked = f"practice --couple {couple} {hearts} {pages} --no-browser"
    line = said([*asked.split(), "--data-dir", str(kept)], capsys)
    assert f"--couple {couple} names a made-up couple" in line
    assert real in line
    assert instead in line
    assert not kept.exists()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("--headless", "--headless has none"),
        ("--headless --simulate", "--headless has none"),
        ("--headless --go-on", "--headless has none"),
        ("--simulate", "this practice begins at once"),
        ("--replay last", "this practice begins at once"),
    ],
)
def test_phones_are_refused_where_they_could_open_no_page_or_scan_no_code(
    how: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    line = said(["practice", *how.split(), "--lan", "--data-dir", str(kept)], capsys)
    assert why in line
    assert not kept.exists()


@pytest.mark.parametrize("lan", [True, False])
def test_a_practice_with_pages_lets_phones_in_where_it_was_asked_to(
    *, lan: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openings: list[Opening] = []

    def opened(opening: Opening) -> list[Path]:
        openings.append(opening)
        return []

    monkeypatch.setattr(practise, "open_pages", opened)
    asked = ["practice", *(["--lan"] if lan else []), "--data-dir", str(tmp_path)]
    assert main(asked) == practise.INTERRUPTED
    assert [each.lan for each in openings] == [lan]
