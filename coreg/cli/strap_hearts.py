"""Two straps on the air as the hearts of a headless practice."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from coreg.cli.common import tell
from coreg.sensors.straps.choice import the_named, the_two
from coreg.sensors.straps.radio import Radio
from coreg.session.sources import SessionSource
from coreg.session.strap_source import held_pair

SEARCH_S = 10.0
STREAMING_WITHIN_S = 60.0


@asynccontextmanager
async def strap_hearts(
    endings: Sequence[str], folder: Path, radio: Radio | None = None
) -> AsyncIterator[SessionSource]:
    """Find two straps, hold them while this is entered, and yield them as hearts.

    `endings` says how the addresses or names of A's and B's straps end; none takes
    the only two on the air. `folder` holds what is known of pairs of straps.

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
        yield pair.hearts(folder)
