"""The bundle for Linux: built, installed, opened and practised with, without a Python.

It takes minutes to build, so it is for the night. COREG_BUNDLE names an archive that is
there already, COREG_SINGLE_FILE a single file.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from coreg import __version__
from coreg.base import clock
from coreg.store import keys
from coreg.store.library import list_sessions
from coreg.store.reader import State
from coreg.web.phones.addresses import private_addresses
from tests.helpers import skips
from tests.helpers.clinic_hour import worn_straps
from tests.helpers.evening_server import LATE_S
from tests.helpers.pages import DRAWN_MS, OpenPage, heading, look_until, press, shown
from tests.helpers.short_plans import in_short
from tests.helpers.thorough import THOROUGH

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="a bundle for Linux"),
    pytest.mark.skipif(not THOROUGH, reason=skips.THOROUGH),
]
ROOT = Path(__file__).resolve().parents[1]
TOLD = '#!/bin/sh\nprintf %s "$1" > {0}.new && mv {0}.new {0}\n'
ENVIRONMENT = '#!/bin/sh\n{{ echo "$1"; env; }} > {0}.new && mv {0}.new {0}\n'
WORDS = "four words I remember"
WITHOUT_WORDS = in_short("relaxed-and-alert", arrive=1, breathe=1, rest=1)
THREE_MINUTES = WITHOUT_WORDS.rpartition("[[block]]")[0]
A_SECOND = 1000


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if there := os.environ.get("COREG_BUNDLE"):
        return Path(there)
    out = tmp_path_factory.mktemp("out")
    build = ROOT / "packaging" / "linux" / "build"
    subprocess.run(
        [build, out], check=True, env=os.environ | {"PYTHON": sys.executable}
    )
    (made,) = out.glob("coreg-*.tar.gz")
    return made


@pytest.fixture(scope="module")
def single_file(request: pytest.FixtureRequest) -> Path:
    if there := os.environ.get("COREG_SINGLE_FILE"):
        return Path(there)
    if "COREG_BUNDLE" in os.environ:
        pytest.skip("COREG_SINGLE_FILE names none, and COREG_BUNDLE is given")
    archive: Path = request.getfixturevalue("archive")
    (made,) = archive.parent.glob("coreg-*.run")
    return made


@pytest.fixture(scope="module")
def home(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of somebody who unpacked it, ran `install`, and deleted the folder."""
    home = tmp_path_factory.mktemp("home of somebody")
    with tarfile.open(archive) as packed:
        packed.extractall(home / "Downloads", filter="data")
    folder = home / "Downloads" / "coreg"
    subprocess.run([folder / "install"], check=True, env=bare(home))
    shutil.rmtree(folder)
    return home


def bare(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", **more}


def of_menu(home: Path) -> list[list[str]]:
    """The commands of the menu's entry, as a desktop reads them."""
    entry = home / ".local/share/applications/coreg.desktop"
    lines = entry.read_text(encoding="utf-8").splitlines()
    assert (home / ".local/share/icons/hicolor/scalable/apps/coreg.svg").is_file()
    return [shlex.split(line[5:]) for line in lines if line.startswith("Exec=")]


@contextmanager
def opened(
    command: list[str], home: Path, told: Path, **more: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """The program as a menu starts it: no terminal, and hardly an environment."""
    browser = home / "browser"
    browser.write_text(TOLD.format(shlex.quote(str(told))))
    browser.chmod(0o755)
    told.unlink(missing_ok=True)
    program = subprocess.Popen(
        command,
        cwd="/",
        env=bare(home, BROWSER=f"{shlex.quote(str(browser))} %s", **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def running(app: Path, word: str) -> list[int]:
    """The processes of coreg in this folder that were begun with this word."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # one that ended meanwhile
            command = (each / "cmdline").read_bytes().split(b"\0")
            if (each / "exe").samefile(app / "coreg") and word.encode() in command:
                found.append(int(each.name))
    return found


def from_the_system(process: int, app: Path) -> set[str]:
    """The libraries that it took from the system, though the folder brings them."""
    lines = Path(f"/proc/{process}/maps").read_text().splitlines()
    loaded = {Path(line.split(maxsplit=5)[5]) for line in lines if "/" in line}
    brought = {each.name for each in (app / "_internal").glob("*.so*")}
    return {
        str(each) for each in loaded if each.name in brought and app not in each.parents
    }


def test_the_menu_opens_it_and_a_made_up_couple_practises_to_the_end(
    open_page: OpenPage, home: Path
) -> None:
    told, app = home / "told", home / ".local/share/coreg-app"
    command = [*of_menu(home)[0], "--simulate", "--speed", "60"]
    began_ns = clock.monotonic_ns()
    with opened(command, home, told) as program:
        blank = open_page("data:text/html,<h1>waiting</h1>")
        look_until(blank, told.exists, patience_ms=60 * A_SECOND)
        took_s = (clock.monotonic_ns() - began_ns) / 1e9
        print(f"\nbundle: {took_s:.1f} s from the menu to the browser")
        page = open_page(told.read_text())
        heading(page, "Settle in")
        talk = shown(page).get_by_role("heading", name="Say something to each other")
        talk.wait_for(timeout=120 * A_SECOND)
        page.keyboard.press("n")
        talk.wait_for(state="detached")
        for hands_over in ("", "I’m Left"):
            if hands_over:
                press(page, hands_over)
            heading(page, "How are you now?")
            shown(page).get_by_label("Both, if we both say yes").check()
            press(page, "Done")
        heading(page, "That’s it for tonight.")
        with page.context.expect_page() as seen:
            page.get_by_role("link", name="See this evening together").click()
        seen.value.get_by_role("heading").first.wait_for(timeout=DRAWN_MS)
        (draws,) = running(app, "--multiprocessing-fork")
        assert from_the_system(draws, app) == set()
        program.terminate()
        said, _ = program.communicate(timeout=LATE_S)
        assert said == b""
    (session,) = list_sessions(home / ".local/share/coreg")
    assert session.state is State.WHOLE


def test_a_therapist_opens_a_clinic_from_the_menu(
    open_page: OpenPage, home: Path
) -> None:
    """Keys are made and tried there, with the libraries that the bundle brings."""
    told = home / "told"
    with opened(of_menu(home)[1], home, told) as program:
        blank = open_page("data:text/html,<h1>waiting</h1>")
        look_until(blank, told.exists, patience_ms=60 * A_SECOND)
        page = open_page(told.read_text())
        heading(page, "Choose your passphrase")
        for label in ("Your passphrase", "Once more"):
            shown(page).get_by_label(label).fill(WORDS)
        shown(page).get_by_role("button", name="Lock it").click()
        heading(page, "Your recovery key")
        paper = "-".join(shown(page).locator(".recovery-key span").all_inner_texts())
        clinic = home / ".local/share/coreg/clinic"
        assert keys.recovered_with(clinic, paper) == keys.opened_with(clinic, WORDS)
        shown(page).get_by_role("button", name="I’ve written it down").click()
        heading(page, "Your couples")
        program.terminate()
        said, _ = program.communicate(timeout=LATE_S)
        assert said == b""


def test_home_begins_the_clinic_as_a_program_of_its_own_that_outlives_it(
    open_page: OpenPage, home: Path
) -> None:
    told, folder = home / "told", home / "of a practice room"
    there = {"COREG_DATA_DIR": str(folder)}
    app = home / ".local/share/coreg-app"
    blank = open_page("data:text/html,<h1>waiting</h1>")
    clinics: list[int] = []
    try:
        with opened(of_menu(home)[0], home, told, **there) as program:
            look_until(blank, told.exists, patience_ms=60 * A_SECOND)
            page = open_page(told.read_text())
            told.unlink()
            shown(page).get_by_role("button", name="Look around first").click()
            page.get_by_role("navigation").get_by_role(
                "button", name="Settings"
            ).click()
            press(page, "Open it")
            look_until(blank, told.exists, patience_ms=60 * A_SECOND)
            clinics = running(app, "clinic")
            (clinic,) = clinics
            program.terminate()
            said, _ = program.communicate(timeout=LATE_S)
            assert said == b""
        page = open_page(told.read_text())
        heading(page, "Choose your passphrase")
        assert from_the_system(clinic, app) == set()
        os.kill(clinic, signal.SIGTERM)
        look_until(blank, lambda: not running(app, "clinic"))
    finally:
        for each in clinics:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)


def test_phones_come_in_with_the_certificate_and_the_codes_that_it_makes(
    open_page: OpenPage, home: Path
) -> None:
    told = home / "told"
    with opened([*of_menu(home)[0], "--lan"], home, told):
        blank = open_page("data:text/html,<h1>waiting</h1>")
        look_until(blank, told.exists, patience_ms=60 * A_SECOND)
        page = open_page(told.read_text())
        shown(page).get_by_role("button", name="Look around first").click()
        page.get_by_role("navigation").get_by_role("button", name="Settings").click()
        if not private_addresses():  # as in a container: then it says so
            press(page, "Let our phones in")
            shown(page).get_by_text("isn’t in a network of the house").wait_for()
            return
        code = shown(page).locator(".phone-places img.code").first
        code.wait_for(timeout=60 * A_SECOND)
        warned = shown(page).locator(".phone-hints").inner_text()
        found = re.search(r"https://([\d.]+):(\d+)", warned)
        assert found is not None, warned
        at = (found[1], int(found[2]))
        made = home / ".local/share/coreg/phones-certificate.pem"
        trusted = ssl.create_default_context(cafile=made)
        with (
            socket.create_connection(at, timeout=LATE_S) as plain,
            trusted.wrap_socket(plain, server_hostname=found[1]) as line,
        ):
            assert line.version() in {"TLSv1.2", "TLSv1.3"}


@pytest.mark.parametrize("before", ["", "/of/the/desktop"])
def test_the_browser_gets_the_libraries_of_the_system_and_not_of_the_bundle(
    open_page: OpenPage, home: Path, before: str
) -> None:
    """As one from a snap or a Flatpak is opened: by `xdg-open`, which finds it."""
    tools, told = home / "tools", home / "environment"
    tools.mkdir(exist_ok=True)
    opens = ENVIRONMENT.format(shlex.quote(str(told)))
    # Python opens by itself what it knows; a browser from elsewhere it leaves to this.
    says = "#!/bin/sh\necho org.example.Elsewhere.desktop\n"
    for name, script in (("xdg-open", opens), ("xdg-settings", says)):
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    told.unlink(missing_ok=True)
    there = bare(home, DISPLAY=":7") | {"PATH": f"{tools}:/usr/bin:/bin"}
    if before:
        there["LD_LIBRARY_PATH"] = before
    program = subprocess.Popen(
        of_menu(home)[0], cwd="/", env=there, stdin=subprocess.DEVNULL
    )
    try:
        blank = open_page("data:text/html,<h1>waiting</h1>")
        look_until(blank, told.exists, patience_ms=60 * A_SECOND)
    finally:
        program.kill()
        program.communicate()
    opened_with, *lines = told.read_text().splitlines()
    assert opened_with.startswith("file:///")
    libraries = [each for each in lines if each.startswith("LD_LIBRARY_PATH=")]
    assert libraries == ([f"LD_LIBRARY_PATH={before}"] if before else [])


def test_two_straps_are_found_and_practised_with(home: Path) -> None:
    plan = home / "three.toml"
    plan.write_text(THREE_MINUTES)
    program = home / ".local/share/coreg-app/coreg"
    with worn_straps() as bus:
        ran = subprocess.run(
            [
                *(program, "practice", plan, "--headless", "--out", home / "evening"),
                *("--straps", "00:0A", "00:0B"),
            ],
            env=bare(home, DBUS_SYSTEM_BUS_ADDRESS=bus),
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    made = {each.suffix for each in (home / "evening").iterdir()}
    assert {".coreg", ".pdf", ".html"} <= made


def test_it_goes_from_the_menu_as_it_came_and_leaves_what_was_saved(
    home: Path,
) -> None:
    app = home / ".local/share/coreg-app"
    saved = home / ".local/share/coreg"
    before = sorted(saved.rglob("*"))
    subprocess.run([app / "install", "--remove"], check=True, env=bare(home))
    assert not app.exists()
    assert not list(home.rglob("coreg.desktop"))
    assert sorted(saved.rglob("*")) == before


def test_one_file_opens_without_a_terminal_and_the_second_time_at_once(
    open_page: OpenPage, single_file: Path, tmp_path: Path
) -> None:
    """As from a file manager: no words, no terminal, and any folder of the home."""
    home = tmp_path / "Zoë’s home"
    (home / "Downloads").mkdir(parents=True)
    own = shutil.copy(single_file, home / "Downloads")
    told = home / "told"
    blank = open_page("data:text/html,<h1>waiting</h1>")
    for once in ("Unpacking", ""):
        began_ns = clock.monotonic_ns()
        with opened([str(own)], home, told) as program:
            look_until(blank, told.exists, patience_ms=120 * A_SECOND)
            took_s = (clock.monotonic_ns() - began_ns) / 1e9
            print(f"\nsingle file: {took_s:.1f} s to the browser")
            page = open_page(told.read_text())
            first = shown(page).get_by_role("button", name="Look around first")
            settings = page.get_by_role("navigation").get_by_role(
                "button", name="Settings"
            )
            first.or_(settings).first.wait_for()
            if first.is_visible():
                first.click()
            settings.click()
            press(page, "Quit coreg")
            said, _ = program.communicate(timeout=LATE_S)
            assert program.returncode == 0
            assert once in said.decode()
            assert bool(said) is bool(once)
    begun = subprocess.run(
        [own, "--version"], env=bare(home), capture_output=True, check=True, text=True
    )
    assert (begun.stdout, begun.stderr) == (f"coreg {__version__}\n", "")
    (folder,) = (home / ".local/share/coreg-versions").iterdir()
    assert [command[0] for command in of_menu(home)] == [f"{folder}/coreg"] * 2
    subprocess.run([own, "--remove"], check=True, env=bare(home))
    assert not folder.parent.exists()
    assert not list(home.rglob("coreg.desktop"))
    assert (home / ".local/share/coreg").is_dir()
