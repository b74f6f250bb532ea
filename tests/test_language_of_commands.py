"""Commands speak English; the pages that they draw speak as their terminal does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.words import ENGLISH, speak

ASKED = ("--pages", "therapist", "--format", "html")


@pytest.fixture(autouse=True)
def spoken_again() -> Iterator[None]:
    yield
    speak(ENGLISH)


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
