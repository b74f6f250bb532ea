"""What `coreg practice` does with straps that speak ANT+."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager

from coreg.cli.common import tell
from coreg.errors import AntError, CoregError
from coreg.facts.both import Both
from coreg.sensors.ant.inlets import open_inlets
from coreg.sensors.ant.stick import AntStick, usb_stick
from coreg.session.lsl_source import stream_hearts
from coreg.session.sources import SessionSource
from coreg.words import wrong_and_do


@asynccontextmanager
async def hearts_over_ant(
    numbers: Sequence[int],
    stick: Callable[[], AbstractContextManager[AntStick]] = usb_stick,
) -> AsyncIterator[SessionSource]:
    """Take the ANT+ straps of these numbers as hearts while this is entered.

    Raises
    ------
    AntError
        If there is no stick, or a strap is not heard.
    """
    with stick() as opened:
        of_both = Both(*await asyncio.to_thread(open_inlets, opened, numbers)).items()
        for partner, inlet in of_both:
            tell(f"{partner}: ANT+ {inlet.name}")
        async with stream_hearts(dict(of_both), way="ANT+", silent=_silent) as hearts:
            yield hearts


def _silent(strap: str) -> CoregError:
    return AntError(*wrong_and_do("errors.ant.silent", strap=strap))
