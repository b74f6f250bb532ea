"""A second `coreg` opens the pages of the one that is running, and nothing else's."""

import asyncio
import itertools
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from coreg.cli import main
from coreg.cli.launch_file import NAME, launch_file
from coreg.cli.running import running_pages
from coreg.facts.events import NS_PER_S
from coreg.store.folder import data_folder, library_lock
from coreg.web.launch_proof import launch_proof
from tests.helpers.evening_server import LATE_S, served
from tests.helpers.sessions import wait_until

ROOT = Path(__file__).resolve().parents[1]
PAGE_KEY = re.compile(r'name="coreg-page-key" content="([\w-]{43})"')


@contextmanager
def running(data: Path) -> Iterator["subprocess.Popen[str]"]:
    """Have a coreg as somebody starts it, until this is left."""
    program = subprocess.Popen(
        [
            *(sys.executable, "-m", "coreg", "--simulate"),
            *("--no-browser", "--data-dir", str(data)),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert program.stdout is not None
        assert program.stdout.readline().startswith("http://127.0.0.1:")
        yield program
    finally:
        program.kill()
        program.communicate()


def key_of_a_page(link: str) -> str:
    """Follow a launch link as a browser does; return what it lets a page in with."""
    answer = httpx.get(link, timeout=LATE_S)
    assert answer.status_code == 200, answer.text
    found = PAGE_KEY.search(answer.text)
    assert found is not None
    return found[1]


def test_it_opens_the_file_of_the_running_one_says_so_in_one_line_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []

    def open_(url: str) -> bool:
        told.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", open_)
    with running(tmp_path):
        assert main(["--data-dir", str(tmp_path)]) == 0
        file = tmp_path.resolve() / NAME
        assert told == [file.as_uri()]  # in which nothing is secret
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert said.err.startswith("coreg is already running.")


def test_without_a_browser_it_prints_a_link_that_lets_one_page_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    links, keys = [], set()
    with running(tmp_path):
        for _ in range(3):
            assert main(["--no-browser", "--data-dir", str(tmp_path)]) == 0
            links.append(capsys.readouterr().out.strip())
            keys.add(key_of_a_page(links[-1]))
            assert httpx.get(links[-1], timeout=LATE_S).status_code == 403
    assert len(set(links)) == 3
    assert len(keys) == 1  # each is a page of the same evening


def test_what_was_asked_for_besides_is_said_not_to_be_applied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--simulate", "--seed", "7", "--no-browser", "--data-dir", str(tmp_path)]
    with running(tmp_path):
        assert main(asked) == 0
    assert "not applied: --simulate, --seed." in capsys.readouterr().err


def test_what_a_killed_one_left_fools_nobody(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        left = tmp_path / "left.html"
        shutil.copy(tmp_path / NAME, left)
        program.send_signal(signal.SIGKILL)
        program.wait()
    assert (tmp_path / NAME).read_bytes() == left.read_bytes()  # nobody took it away
    assert running_pages(tmp_path) is None
    with running(tmp_path):  # the next one begins, and is found
        pages = running_pages(tmp_path)
        assert pages is not None
        key_of_a_page(pages.link)


class _Impostor(BaseHTTPRequestHandler):
    """Whoever has the port that a leftover names; hears all that is sent there."""

    heard: list[str]
    answer = b"0" * 64

    def do_GET(self) -> None:
        self.heard.append(f"{self.path} {self.headers}")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_given: object) -> None:
        """Say nothing."""


@contextmanager
def impostor() -> Iterator[tuple[int, list[str]]]:
    heard: list[str] = []
    hears = type("Hears", (_Impostor,), {"heard": heard})
    server = HTTPServer(("127.0.0.1", 0), hears)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_another_program_at_a_leftovers_port_is_asked_and_gets_neither_link_nor_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    folder = data_folder(tmp_path / "data")
    with impostor() as (port, heard), library_lock(folder):  # as without pages
        with launch_file(folder) as file:
            file.keep(f"http://127.0.0.1:{port}/?launch=SECRET")
            left = file.path.read_bytes()
        file.path.write_bytes(left)
        assert main(["--data-dir", str(folder)]) == 1
    assert heard
    assert not any("SECRET" in each for each in heard)
    assert opened == []
    assert "is using the data folder" in capsys.readouterr().err


@contextmanager
def dripping() -> Iterator[int]:
    """Have somebody answer at a port, a byte now and then, as long as anybody hears."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError):  # who asked has gone, or nobody asks any more
                connection, _ = server.accept()
                with connection:
                    connection.sendall(b"HTTP/1.0 200 OK\r\nX-Slow: ")
                    while True:
                        connection.sendall(b"x")
                        time.sleep(0.01)

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_who_answers_byte_by_byte_is_heard_no_longer_than_all_may_take(
    tmp_path: Path,
) -> None:
    folder = data_folder(tmp_path / "data")
    seconds = itertools.count()  # one passes each time that anybody looks
    with dripping() as port, library_lock(folder):
        link = f'<a href="http://127.0.0.1:{port}/?launch=T">'
        (folder / NAME).write_text(link)
        found = running_pages(
            folder, within_s=20.0, monotonic_ns=lambda: next(seconds) * NS_PER_S
        )
    assert found is None
    assert next(seconds) <= 22


@pytest.mark.parametrize(
    "page",
    [
        "",
        "no link",
        '<a href="http://evil.example:80/?launch=T">',
        '<a href="http://127.0.0.1:99999999/?launch=T">',
        '<a href="http://127.0.0.1:99999/?launch=T">',
        '<a href="file:///etc/passwd">',
        "x" * 20_000 + '<a href="http://127.0.0.1:1/?launch=T">',
    ],
)
def test_a_file_that_is_no_launch_file_leads_nowhere(tmp_path: Path, page: str) -> None:
    folder = data_folder(tmp_path / "data")
    with library_lock(folder):
        (folder / NAME).write_text(page)
        assert running_pages(folder, within_s=0.2) is None


def test_asking_whether_it_runs_tells_no_link_and_uses_none_up(tmp_path: Path) -> None:
    async def go() -> None:
        async with served(tmp_path) as at, httpx.AsyncClient() as client:
            token = at.launch_url.partition("launch=")[2]
            asked = f"{at.origin}/running?nonce=once"
            answer = await client.get(asked)
            assert token not in answer.text
            assert answer.text == launch_proof(token, "once")
            assert answer.text != launch_proof(token, "again")
            assert (await client.get(f"{at.origin}/running")).status_code == 403
            elsewhere = await client.get(asked, headers={"Host": "evil.example"})
            assert elsewhere.status_code == 421
            assert (await client.get(at.launch_url)).status_code == 200
            assert (await client.get(asked)).text != answer.text  # as it was used

    asyncio.run(go())


def test_one_that_is_just_starting_is_waited_for(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data")

    async def go() -> None:
        async with served(folder) as at:
            with library_lock(folder), launch_file(folder) as file:
                soon = threading.Timer(0.3, file.keep, args=(at.launch_url,))
                soon.start()
                pages = await asyncio.to_thread(running_pages, folder)
                soon.join()
            assert pages is not None
            assert pages.link == at.launch_url

    asyncio.run(go())


def test_one_that_ends_meanwhile_is_not_waited_for(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data")
    lock = library_lock(folder)
    lock.__enter__()
    found: list[object] = []
    looking = threading.Thread(
        target=lambda: found.append(running_pages(folder, within_s=LATE_S))
    )
    looking.start()
    lock.__exit__(None, None, None)
    looking.join(LATE_S)
    assert found == [None]


def test_of_two_started_at_once_one_opens_the_other(tmp_path: Path) -> None:
    begun = [
        subprocess.Popen(
            [sys.executable, "-m", "coreg", "--no-browser", "--data-dir", tmp_path],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        wait_until(lambda: any(each.poll() is not None for each in begun))
        (ended,) = [each for each in begun if each.poll() is not None]
        out, err = ended.communicate()
        assert ended.returncode == 0, err
        assert "coreg is already running." in err
        key_of_a_page(out.strip())
    finally:
        for each in begun:
            each.kill()
            each.communicate()


def test_something_is_said_before_anything_takes_time(tmp_path: Path) -> None:
    """As where the disk is slow: the pages are not loaded at all here."""
    probe = (
        "import sys\nsys.modules['coreg.cli.home'] = None\n"
        "from coreg.cli import main\n"
        f"try: main(['--data-dir', {str(tmp_path)!r}])\n"
        "except ImportError: print([each for each in ('asyncio', 'numpy')"
        " if each in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == "Starting coreg.\n"
    assert ran.stdout == "[]\n"
