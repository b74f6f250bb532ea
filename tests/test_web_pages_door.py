"""The door in a real browser: what others on this computer try, and what people do."""

import json
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from coreg.facts.events import Partner
from coreg.store.library_db import Purpose
from coreg.store.release import CONSENT_VERSION
from coreg.web.server import evening_service
from coreg.web.server.asked import PAGE_KEY_FIELD, PAGE_KEY_HEADER
from tests.helpers.eavesdropper import Eavesdropper
from tests.helpers.evening_server import LATE_S, Served, beside, protocols, served
from tests.helpers.pages import DRAWN_MS, SHORT_MS, OpenPage, heading, look_until
from tests.helpers.sessions import SESSION_ID
from tests.test_who_may_see import UTC, kept_evening

ROOT = Path(__file__).resolve().parents[1]
FIRST_USE = "Two hearts, one breath"
KEY = "sessionStorage.getItem('coreg.page-key')"
KEYED = ("/evenings", "/places", "/known", "/evenings/20260301-193000-7f3a/page")


def key_of(page: Any) -> str:
    """The key that a page holds."""
    key: str = page.evaluate(KEY)
    assert len(key) > 40
    return key


def opens_nothing(at: Served, caught: dict[str, str]) -> None:
    """Try whatever was caught, with no browser in between that would refuse."""
    headers = {k: v for k, v in caught.items() if k in {"Cookie", PAGE_KEY_HEADER}}
    for path in KEYED:
        assert httpx.get(at.origin + path, headers=headers).status_code == 403
    answer = httpx.post(
        at.origin + KEYED[-1],
        headers=headers | {"Origin": at.origin},
        data={PAGE_KEY_FIELD: caught.get(PAGE_KEY_HEADER, "")},
    )
    assert answer.status_code == 403
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(
            f"ws://{at.host}/ws",
            origin=Origin(at.origin),
            additional_headers={"Cookie": caught["Cookie"]},
            subprotocols=protocols(caught.get(PAGE_KEY_HEADER, "none")),
            proxy=None,
        ),
    ):
        pass
    assert refused.value.response.status_code == 403


# What a page of another local server does to ours. It is of the same site, for a site
# has no port: so the browser sends our strict cookie along.
TRIES = """async (ours) => {
  const tried = {};
  const attempt = async (name, what) => {
    try { tried[name] = String(await what()); } catch { tried[name] = "refused"; }
  };
  const within = (what) => Promise.race([
    what, new Promise((done) => setTimeout(() => done("nothing"), 3000)),
  ]);
  await attempt("read", async () => (await fetch(ours + "/evenings")).text());
  await attempt("read with the cookie", async () =>
    (await fetch(ours + "/evenings", {credentials: "include"})).text());
  await attempt("read blindly", async () =>
    (await fetch(ours + "/evenings", {mode: "no-cors"})).text());
  await attempt("a script of ours", async () =>
    (await import(ours + "/static/page_key.js")).pageKey());
  await attempt("a socket", () => within(new Promise((done) => {
    const line = new WebSocket(ours.replace("http", "ws") + "/ws", ["coreg"]);
    line.onopen = () => done("open");
    line.onclose = () => done("refused");
  })));
  const inside = (frame) => {
    try { return frame.document.body.innerText.includes("coreg"); }
    catch { return "refused"; }
  };
  await attempt("a frame", () => within(new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.src = ours + "/";
    frame.onload = () => done(inside(frame.contentWindow));
    document.body.append(frame);
  })));
  await attempt("a window", () => within(new Promise((done) => {
    const opened = window.open(ours + "/");
    const isCut = () => opened === null || opened.closed;
    setTimeout(() => done(isCut() ? "refused" : inside(opened)), 1000);
  })));
  return tried;
}"""


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "evil.localhost"])
def test_a_page_of_another_local_server_gets_nothing(
    open_page: OpenPage, tmp_path: Path, name: str
) -> None:
    with (
        beside(served(tmp_path)) as at,
        Eavesdropper(page="<h1>Another program</h1>") as other,
    ):
        page = open_page(at.launch_url)
        heading(page, FIRST_USE)
        key = key_of(page)
        elsewhere = page.context.new_page()
        elsewhere.goto(other.origin.replace("127.0.0.1", name))
        tried = elsewhere.evaluate(TRIES, at.origin)
        assert set(tried.values()) == {"refused"}, tried
        if name == "127.0.0.1":
            (cookie,) = other.values("Cookie")  # so much it has, by no doing of its own
            assert cookie.startswith("coreg_")
            opens_nothing(at, {"Cookie": cookie})
        else:
            assert other.values("Cookie") == set()
        assert key not in json.dumps(other.heard)
        heading(page, FIRST_USE)


def test_whoever_takes_the_port_learns_nothing_that_opens_anything(
    open_page: OpenPage, tmp_path: Path
) -> None:
    with beside(served(tmp_path)) as at:
        page = open_page(at.launch_url)
        heading(page, FIRST_USE)
        key = key_of(page)
        port = int(at.host.split(":")[1])
    with Eavesdropper(port) as squatter:  # which says that it knows everybody
        heading(page, "This page isn’t in use any more")
        (cookie,) = squatter.values("Cookie")
        assert {each["path"].split("?")[0] for each in squatter.heard} == {"/known"}
        assert key not in json.dumps(squatter.heard)
    with beside(served(tmp_path, port=port)) as again:
        # Nor would the key have helped.
        for caught in ({}, {PAGE_KEY_HEADER: key}):
            opens_nothing(again, {"Cookie": cookie, **caught})
        new_page = open_page(again.launch_url)
        heading(new_page, FIRST_USE)
        page.wait_for_timeout(SHORT_MS)
        heading(page, "This page isn’t in use any more")


def test_our_own_address_under_another_name_is_none_of_ours(
    open_page: OpenPage, tmp_path: Path
) -> None:
    """Another program may have the other address that `localhost` stands for."""
    with beside(served(tmp_path)) as at:
        page = open_page(at.launch_url)
        other = page.context.new_page()
        answer = other.goto(at.origin.replace("127.0.0.1", "localhost"))
        assert answer.status == 421


WATCHES = """
import pathlib, sys
here = pathlib.Path(__file__).parent
lines = []
for each in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
    try:
        lines.append(each.read_bytes().replace(bytes(1), b" ").decode())
    except OSError:
        pass
(here / "seen").write_text("\\n".join(lines))
(here / "told.new").write_text(sys.argv[1])
(here / "told.new").rename(here / "told")
"""


@contextmanager
def started(data: Path, browser: Path) -> Iterator[str]:
    """`coreg`, which starts this browser; yields the address that it prints."""
    command = shlex.join([sys.executable, str(browser)])
    with subprocess.Popen(
        [sys.executable, "-m", "coreg"],
        cwd=ROOT,
        env={**os.environ, "BROWSER": f"{command} %s", "COREG_DATA_DIR": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        running.terminate()
        _, errors = running.communicate(timeout=LATE_S)
        assert "Traceback" not in errors


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc here")
def test_no_command_line_opens_the_pages_and_the_file_that_does_is_ours_alone(
    open_page: OpenPage, tmp_path: Path
) -> None:
    browser = tmp_path / "browser.py"
    browser.write_text(WATCHES)
    told, data = tmp_path / "told", tmp_path / "data"
    with started(data, browser) as address:
        token = address.split("launch=")[1]
        file = data / "open-coreg.html"
        blank = open_page("data:text/html,<h1>waiting</h1>")
        look_until(blank, told.exists)
        assert told.read_text() == file.as_uri()
        seen = (tmp_path / "seen").read_text()
        assert str(browser) in seen  # it did look
        assert token not in seen
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert token in file.read_text()
        page = open_page(file.as_uri())
        heading(page, FIRST_USE)
        assert page.url == address.split("?")[0]  # the used link stays nowhere
        look_until(page, lambda: token not in file.read_text())
        heading(open_page(file.as_uri()), FIRST_USE)  # one more page
    assert not file.exists()


def test_a_second_tab_says_how_to_get_in_and_a_reload_is_in(
    open_page: OpenPage, tmp_path: Path
) -> None:
    with beside(served(tmp_path)) as at:
        page = open_page(at.launch_url)
        heading(page, FIRST_USE)
        page.reload()
        heading(page, FIRST_USE)
        second = page.context.new_page()
        second.goto(at.origin)
        heading(second, "coreg didn’t open this page")
        look_until(page, lambda: len(at.links) == 2)
        second.goto(at.links[1])
        heading(second, FIRST_USE)
        with page.context.expect_page() as duplicate:  # made with a copy of its storage
            page.evaluate("void window.open('/')")
        heading(duplicate.value, FIRST_USE)


def test_a_page_too_many_says_so_and_asks_no_more(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evening_service, "MOST_PAGES", 1)
    with beside(served(tmp_path)) as at:
        page = open_page(at.launch_url)
        heading(page, FIRST_USE)
        second = page.context.new_page()
        lines: list[str] = []
        asked: list[str] = []
        second.on("websocket", lambda line: lines.append(line.url))
        second.on("request", lambda request: asked.append(request.url))
        look_until(page, lambda: len(at.links) == 2)
        second.goto(at.links[1])
        heading(second, "Enough pages are open")
        second.wait_for_timeout(1500)  # it used to ask again after half a second
        assert len(lines) == 1
        assert not [url for url in asked if url.endswith("/known")]
        page.close()

        def comes_in() -> bool:
            second.reload()
            heading(second, re.compile("."))
            return bool(second.get_by_role("heading", name=FIRST_USE).count())

        look_until(second, comes_in)


LINK = """(path) => {
  const link = document.createElement("a");
  Object.assign(link, {href: path, target: "_blank", rel: "noopener", id: "link"});
  link.append("the page of that evening");
  document.body.append(link);
}"""


@pytest.mark.parametrize("how", ["left", "middle", "Enter"])
def test_a_page_of_an_evening_opens_by_its_link_and_its_address_alone_opens_nothing(
    open_page: OpenPage, tmp_path: Path, how: str
) -> None:
    folder, library = kept_evening(tmp_path)
    yes = {Purpose.RECORD: True, Purpose.SHOW_PARTNER: True}
    for partner in Partner:
        library.keep_consent(partner, yes, version=CONSENT_VERSION, utc=UTC)
    with beside(served(folder)) as at:
        page = open_page(at.launch_url)
        heading(page, re.compile("."))
        key = key_of(page)
        path = f"/evenings/{SESSION_ID}/page"
        page.evaluate(LINK, path)
        link = page.locator("#link")
        with page.context.expect_page() as opened:
            if how == "Enter":
                link.focus()
                page.keyboard.press("Enter")
            else:
                link.click(button=how, force=True)
        tab = opened.value
        tab.get_by_role("heading").first.wait_for(timeout=DRAWN_MS)
        assert tab.url == at.origin + path
        assert key not in tab.content()
        assert key not in tab.evaluate("document.referrer")
        tab.reload()
        tab.get_by_role("heading").first.wait_for(timeout=DRAWN_MS)
        typed = page.context.new_page()
        assert typed.goto(at.origin + path).status == 403
        typed.get_by_text("Go back to the page coreg opened").wait_for()


def test_many_long_cookies_of_other_programs_lock_no_page_out(
    open_page: OpenPage, tmp_path: Path
) -> None:
    with beside(served(tmp_path)) as at:
        page = open_page(at.launch_url)
        heading(page, FIRST_USE)
        page.context.add_cookies(
            [
                {"name": f"other{number}", "value": "x" * 3900, "url": at.origin}
                for number in range(12)
            ]
            + [{"name": "odd", "value": 'a={"b": [1', "url": at.origin}]
        )
        page.reload()
        heading(page, FIRST_USE)


def test_words_for_a_screen_reader_stay_wanted_on_the_next_evenings_port(
    open_page: OpenPage, tmp_path: Path
) -> None:
    wants = """async () =>
      (await import("/static/preferences.js")).wantsSpokenBreath()"""
    with beside(served(tmp_path / "one")) as at, beside(served(tmp_path / "two")) as on:
        page = open_page(at.launch_url)
        assert page.evaluate(wants) is False
        page.evaluate(
            """async () =>
            (await import("/static/preferences.js")).setSpokenBreath(true)"""
        )
        page.goto(on.launch_url)
        heading(page, FIRST_USE)
        assert page.evaluate(wants) is True
