"""Two straps on the air as the hearts of a headless practice."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from coreg.cli.common import tell
from coreg.errors import RadioError
from coreg.facts.events import Partner, Stream
from coreg.sensors.straps.choice import the_named, the_two
from coreg.sensors.straps.radio import Radio
from coreg.session.sources import SessionSource
from coreg.session.strap_source import WornPair, held_pair
from coreg.words import say as word

SEARCH_S = 10.0
MEASURING_WITHIN_S = 10.0
ASKED_EVERY_S = 0.1
STREAMING_WITHIN_S = 60.0


@asynccontextmanager
async def strap_hearts(
    endings: Sequence[str],
    folder: Path,
    radio: Radio | None = None,
    streams: frozenset[Stream] = frozenset(),
    *,
    sets_clocks: bool = False,
) -> AsyncIterator[SessionSource]:
    """Find two straps, hold them while this is entered, and yield them as hearts.

    `endings` says how the addresses or names of A's and B's straps end; none takes
    the only two on the air. `folder` holds what is known of pairs of straps. `streams`
    are measured too, by straps that can; what cannot is said, and holds up nobody. So
    it is with their clocks, where `sets_clocks` asks for them to be set.

    Raises
    ------
    RadioError
        If Bluetooth cannot be used, or two straps cannot be had.
    """
    radio = radio or Radio()
    found = await radio.find_straps(SEARCH_S)
    straps = the_named(found, *endings) if endings else the_two(found)
    for partner, strap in straps.items():
        tell(f"{partner}: {strap.name or strap.address}")
    async with held_pair(radio, straps) as pair:
        await pair.until_streaming(STREAMING_WITHIN_S)
        if sets_clocks:
            await _set_clocks(pair)
        with pair.heard_by(lambda _arrived: None, streams):
            await _until_measuring(pair, streams)
            yield pair.hearts(folder, streams)


async def _set_clocks(pair: WornPair) -> None:
    for partner in Partner:
        try:
            await pair.set_clock(partner)
        except RadioError as error:
            tell(word("terminal.clock.not-set", partner=partner, why=str(error)))
        else:
            tell(word("terminal.clock.set", partner=partner))


async def _until_measuring(pair: WornPair, streams: frozenset[Stream]) -> None:
    """Give straps a moment to begin what is wanted, and say what does not begin."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MEASURING_WITHIN_S):
            while any(_missing(pair, partner, streams) for partner in Partner):
                await asyncio.sleep(ASKED_EVERY_S)
    for partner in Partner:
        for stream in sorted(_missing(pair, partner, streams)):
            if why := pair.state(partner).why_not(stream):
                tell(word(f"terminal.not-measured.{stream}", partner=partner, why=why))
            else:
                tell(word(f"terminal.not-measured-yet.{stream}", partner=partner))


def _missing(
    pair: WornPair, partner: Partner, streams: frozenset[Stream]
) -> frozenset[Stream]:
    """Return what is wanted of one strap and is not under way."""
    return streams - {stream for stream, _ in pair.state(partner).streams}
