"""The file that leads this user's browser to the pages, and nobody else's."""

import re
import stat
import threading
import webbrowser
from html import unescape
from pathlib import Path

import pytest

from coreg.cli import home, launch_file as launching
from coreg.cli.launch_file import launch_file

LINK = "http://127.0.0.1:40123/?launch=token-_1"


def leads_to(page: str) -> set[str]:
    """Where a page goes by itself, and by its link."""
    found = re.findall(r'content="0;url=([^"]+)"|href="([^"]+)"', page)
    return {unescape(by_itself or by_link) for by_itself, by_link in found}


def test_it_leads_to_the_link_that_is_good_now_and_is_gone_afterwards(
    tmp_path: Path,
) -> None:
    with launch_file(tmp_path) as file:
        for link in (LINK, LINK + "2"):
            file.keep(link)
            assert file.is_kept
            assert leads_to(file.path.read_text()) == {link}
            assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
        assert file.url.startswith("file:///")
        assert "token" not in file.url
    file.keep(LINK)  # one that comes late
    assert list(tmp_path.iterdir()) == []


def test_a_relative_data_folder_is_told_to_the_browser_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with launch_file(Path()) as file:
        assert file.url == (tmp_path / "open-coreg.html").as_uri()


def test_nothing_in_a_link_becomes_markup(tmp_path: Path) -> None:
    with launch_file(tmp_path) as file:
        file.keep(f'{LINK}"><script>')
        assert "<script>" not in file.path.read_text()


def test_on_a_full_disk_it_leads_nowhere_rather_than_to_a_used_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with launch_file(tmp_path) as file:
        file.keep(LINK)
        monkeypatch.setattr(launching, "write_whole", full)
        file.keep(LINK + "2")
        assert not file.is_kept
        assert not file.path.exists()


@pytest.mark.parametrize(
    ("is_kept", "opens", "says"),
    [
        (True, True, "The page opens in your browser"),
        (True, False, "No browser opened"),
        (False, True, "No browser opened"),
    ],
)
def test_a_browser_is_told_the_file_or_nothing_and_a_terminal_the_link(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_kept: bool,
    opens: bool,
    says: str,
) -> None:
    told: list[str] = []

    def open_(url: str) -> bool:
        told.append(url)
        return opens

    monkeypatch.setattr(webbrowser, "open", open_)
    with launch_file(tmp_path) as file:
        if is_kept:
            file.keep(LINK)
        home._say_and_open(file, LINK)  # noqa: SLF001
        opened()
        assert told == ([file.url] if is_kept else [])
        said = capsys.readouterr()
        assert said.out == f"{LINK}\n"
        assert said.err.startswith(says)
        assert (str(file.path) in said.err) is is_kept


def opened() -> None:
    """Wait until whatever opens a browser has told it."""
    for each in threading.enumerate():
        if each.name == "opening the browser":
            each.join(60)


def test_a_browser_that_takes_its_time_holds_up_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_open = threading.Event()
    monkeypatch.setattr(webbrowser, "open", lambda _url: is_open.wait(60))
    with launch_file(tmp_path) as file:
        file.keep(LINK)
        home._say_and_open(file, LINK)  # noqa: SLF001 - and it is back
        assert not is_open.is_set()
        is_open.set()
        opened()


def test_what_a_killed_run_and_earlier_versions_left_is_removed(
    tmp_path: Path,
) -> None:
    (tmp_path / ".open-coreg.htmlabc.new").write_text(LINK)
    (tmp_path / "page-secret").write_bytes(bytes(32))
    (tmp_path / "library.db").write_bytes(b"kept")
    with launch_file(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == ["library.db"]
