"""A coreg that is running already: its page, for whoever may read its launch file.

Strategy.

1. A lock says whether one is running; the system takes it back from one that died. A
   launch file without that lock is a leftover.
2. A lock may be held by a practice without pages, beside a leftover. So whoever answers
   at the file's address proves first that it knows the link (`launch_proof`).
3. A link is good once and the file soon holds the next one, and one that is starting
   has no file yet: so both are looked for several times.
"""

import hmac
import http.client
import re
import secrets
import time
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from coreg.base.bounds import BadText
from coreg.base.text_files import text_of
from coreg.cli.launch_file import NAME
from coreg.store.folder import is_in_use
from coreg.web.launch_proof import NONCE_FIELD, RUNNING_PATH, launch_proof

_TRIES: Final = 40
_BETWEEN_S: Final = 0.1
_ANSWERS_WITHIN_S: Final = 2.0
_LARGEST_BYTES: Final = 10_000
_LINK = re.compile(r'href="(http://(127\.0\.0\.1):(\d{1,5})/\?launch=([\w-]{1,200}))"')


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPages:
    """The pages of a coreg that is running: a link that opens one, and its file."""

    link: str
    file: Path


def running_pages(folder: Path, *, tries: int = _TRIES) -> RunningPages | None:
    """Return the pages of the coreg that uses this data folder; None where none has.

    One that is just starting is waited for.
    """
    for number in range(tries):
        if number:
            time.sleep(_BETWEEN_S)
        if not is_in_use(folder):
            return None
        if (pages := _pages(folder.resolve() / NAME)) is not None:
            return pages
    return None


def _pages(file: Path) -> RunningPages | None:
    try:
        found = _LINK.search(unescape(text_of(file, _LARGEST_BYTES)))
    except (OSError, BadText):
        return None
    if found is None:
        return None
    link, host, port, token = found.groups()
    if not _is_ours(host, int(port), token):
        return None
    return RunningPages(link=link, file=file)


def _is_ours(host: str, port: int, token: str) -> bool:
    """Whether whoever answers there knows the token, which it is not told."""
    nonce = secrets.token_urlsafe(16)
    expected = launch_proof(token, nonce).encode()
    asked = f"{RUNNING_PATH}?{urlencode({NONCE_FIELD: nonce})}"
    connection = http.client.HTTPConnection(host, port, timeout=_ANSWERS_WITHIN_S)
    with closing(connection):
        try:
            connection.request("GET", asked)
            answered = connection.getresponse().read(len(expected) + 1)
        except (OSError, OverflowError, http.client.HTTPException):  # no port, too
            return False
    return hmac.compare_digest(answered, expected)
