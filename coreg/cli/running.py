"""A coreg that is running already: its page, for whoever may read its launch file.

Strategy.

1. A lock says whether one is running; the system takes it back from one that died. A
   launch file without that lock is a leftover.
2. A lock may be held by a practice without pages, beside a leftover. So whoever answers
   at the file's address proves first that it knows the link (`launch_proof`).
3. A link is good once and the file soon holds the next one, and one that is starting
   has no file yet: so both are looked for several times.
4. Whoever answers there may be anything, and slow: one deadline holds for all of it.
"""

import hmac
import re
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from coreg.base import clock
from coreg.base.bounds import BadText
from coreg.base.text_files import text_of
from coreg.cli.launch_file import NAME
from coreg.facts.events import NS_PER_S
from coreg.store.folder import is_in_use
from coreg.web.launch_proof import NONCE_FIELD, RUNNING_PATH, launch_proof

_WITHIN_S: Final = 5.0
_BETWEEN_S: Final = 0.1
_ANSWERS_WITHIN_S: Final = 2.0
_LARGEST_BYTES: Final = 10_000
_Left = Callable[[], float]
"""Says how many seconds are left; raises `TimeoutError` where none are."""
_LINK = re.compile(r'href="(http://(127\.0\.0\.1):(\d{1,5})/\?launch=([\w-]{1,200}))"')


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPages:
    """The pages of a coreg that is running: a link that opens one, and its file."""

    link: str
    file: Path


def running_pages(
    folder: Path,
    *,
    within_s: float = _WITHIN_S,
    monotonic_ns: Callable[[], int] = clock.monotonic_ns,
) -> RunningPages | None:
    """Return the pages of the coreg that uses this data folder; None where none has.

    One that is just starting is waited for, `within_s` at most.
    """
    until_ns = monotonic_ns() + round(within_s * NS_PER_S)

    def left_s() -> float:
        left_ns = until_ns - monotonic_ns()
        if left_ns <= 0:
            raise TimeoutError
        return left_ns / NS_PER_S

    while is_in_use(folder):
        try:
            if (pages := _pages(folder.resolve() / NAME, left_s)) is not None:
                return pages
            time.sleep(min(_BETWEEN_S, left_s()))
        except TimeoutError:
            return None
    return None


def _pages(file: Path, left_s: _Left) -> RunningPages | None:
    try:
        found = _LINK.search(unescape(text_of(file, _LARGEST_BYTES)))
    except (OSError, BadText):
        return None
    if found is None:
        return None
    link, host, port, token = found.groups()
    if not _is_ours(host, int(port), token, left_s):
        return None
    return RunningPages(link=link, file=file)


def _is_ours(host: str, port: int, token: str, left_s: _Left) -> bool:
    """Whether whoever answers there knows the token, which it is not told."""
    nonce = secrets.token_urlsafe(16)
    expected = launch_proof(token, nonce).encode()
    asked = f"{RUNNING_PATH}?{urlencode({NONCE_FIELD: nonce})}"
    try:
        answered = _answer(host, port, asked, left_s)
    except (OSError, OverflowError):  # no port, too
        return False
    return hmac.compare_digest(answered, expected)


def _answer(host: str, port: int, asked: str, left_s: _Left) -> bytes:
    """Return what is answered, as much of it as may be read.

    By hand: `http.client` waits anew for every byte, and so for as long as whoever
    answers wants.
    """
    request = f"GET {asked} HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n"
    wait_s = min(_ANSWERS_WITHIN_S, left_s())
    with socket.create_connection((host, port), timeout=wait_s) as connection:
        connection.sendall(request.encode("ascii"))
        heard = b""
        while len(heard) < _LARGEST_BYTES:
            connection.settimeout(min(_ANSWERS_WITHIN_S, left_s()))
            if not (more := connection.recv(_LARGEST_BYTES)):
                break  # HTTP/1.0 ends where the connection does
            heard += more
    return heard.partition(b"\r\n\r\n")[2]
