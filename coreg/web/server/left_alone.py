"""A program that no terminal could end: a page quits it, or it ends once left alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from coreg.base.supervision import again, ended
from coreg.web.server.hall import Hall
from coreg.web.server.run_session import now_s

LEFT_ALONE_S = 5 * 60.0
"""Long enough to close a browser and open it again, or to find the page anew."""
PRACTISING_S = 2 * 3600.0
"""Longer than any practice: what is still going on then waits for a press of nobody."""
_LOOKS_EVERY_S = 1.0


@asynccontextmanager
async def ended_by_pages(
    hall: Hall, stop: asyncio.Event, *, after_s: float = LEFT_ALONE_S
) -> AsyncIterator[None]:
    """Set `stop` where a page quits, or where no page was open for `after_s`."""
    hall.quit = stop.set

    async def end() -> None:
        while True:
            await left_alone(hall, for_s=after_s)
            stop.set()

    watching = again(
        "ending what was left alone", end, failed=_is_said, after_s=after_s
    )
    try:
        yield
    finally:
        await ended(watching)


async def left_alone(
    hall: Hall, *, for_s: float, practising_s: float = PRACTISING_S
) -> None:
    """Return once no page was open for that long; `practising_s` while two practise."""
    since_s = now_s()
    while now_s() - since_s < (practising_s if hall.is_practising else for_s):
        await asyncio.sleep(min(_LOOKS_EVERY_S, for_s))
        if hall.has_pages:
            since_s = now_s()


def _is_said(_error: Exception) -> None:
    """Do no more: its traceback is written, a page can quit, and it is watched anew."""
