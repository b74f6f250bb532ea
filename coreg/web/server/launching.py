"""Where pages are answered, and the links that open the first of them."""

import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from coreg.base.supervision import again, apart, ended
from coreg.errors import CoregError
from coreg.web.server.door import LOOPBACK, LaunchLinks
from coreg.words import wrong_and_do

_NEXT_LINK_S: Final = 1.0


def listen(port: int | None) -> socket.socket:
    """Return a socket on this computer's own address.

    Without a port: one that nobody can guess. What another program once put in the
    browser's hands for an address (a service worker) would wait there for our pages.

    Raises
    ------
    CoregError
        If the port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":  # there it would let another program take our port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port or 0))
    except OSError:
        listening.close()
        told = wrong_and_do("errors.port.taken", port=str(port))
        raise CoregError(*told) from None
    return listening


@asynccontextmanager
async def handed_over(
    links: LaunchLinks, linked: Callable[[str], None]
) -> AsyncIterator[str]:
    """Hand over each launch link as soon as it is good; yield the first of them."""

    async def hand_over() -> str:
        link = await links.next()
        await apart("keeping a launch link", partial(linked, link))
        return link

    async def go_on() -> None:
        while True:
            await hand_over()

    first = await hand_over()
    keeping = again(
        "keeping launch links", go_on, failed=_is_said, after_s=_NEXT_LINK_S
    )
    try:
        yield first
    finally:
        await ended(keeping)


def _is_said(_error: Exception) -> None:
    """Do no more: its traceback is written, and the pages that are open go on."""
