"""What `coreg practice` does with the Lab Streaming Layer."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

from coreg.cli.common import tell
from coreg.facts.both import Both
from coreg.facts.events import Stream
from coreg.facts.opened import Opened
from coreg.sensors.lsl.inlets import open_inlets
from coreg.sensors.lsl.library import Reach
from coreg.sensors.lsl.outlets import open_outlets
from coreg.session.live import Listener
from coreg.session.lsl_out import SessionSender, streams_of
from coreg.session.lsl_source import stream_hearts
from coreg.session.sources import SessionSource
from coreg.words import say as word

LOOK_S = 3.0


@contextmanager
def sent_over_lsl(
    reach: str | None, opened: Opened, measured: frozenset[Stream]
) -> Iterator[list[Listener]]:
    """Send a session while this is entered, and say so; not where no reach is given.

    Raises
    ------
    LslError
        If LSL cannot be used here.
    """
    if reach is None:
        yield []
        return
    with open_outlets(streams_of(opened, measured), Reach(reach)) as outlets:
        tell(word(f"terminal.lsl-out.{reach}"))
        yield [SessionSender(outlets, measured)]


@asynccontextmanager
async def hearts_over_lsl(wanted: Sequence[str]) -> AsyncIterator[SessionSource]:
    """Take the streams of these source ids or names as hearts while this is entered.

    Raises
    ------
    LslError
        If LSL cannot be used here, or two streams cannot be had.
    """
    inlets = await asyncio.to_thread(open_inlets, wanted, LOOK_S)
    of_both = Both(*inlets).items()
    for partner, inlet in of_both:
        tell(f"{partner}: {inlet.name}")
    async with stream_hearts(dict(of_both)) as hearts:
        yield hearts
