"""What a browser asks for when it opens the documentation site."""

import functools
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from tests.helpers.browser import FLAGS


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class AskedFor(NamedTuple):
    """Addresses of the site's own server, and of any other."""

    here: list[str]
    elsewhere: list[str]


def asked_for_by_a_browser(site: Path, *pages: str) -> AskedFor:
    """Open pages, look for a word, and return all that was asked for meanwhile."""
    handler = functools.partial(Quiet, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    own = f"http://127.0.0.1:{server.server_port}/"
    asked: list[str] = []
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=list(FLAGS)
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for each in pages:
            page.goto(own + each)
            page.wait_for_load_state("networkidle")
        browser.close()
    server.shutdown()
    server.server_close()
    fetched = [url for url in asked if url.startswith("http")]
    here = [url for url in fetched if url.startswith(own)]
    return AskedFor(here, [url for url in fetched if not url.startswith(own)])
