"""Two virtual straps and a computer, ready for a test."""

import random
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from coreg.facts.events import Partner
from coreg.sensors.straps.radio import FoundStrap, Radio
from coreg.sensors.straps.timings import PATIENT, StrapTimings
from coreg.session.strap_source import WornPair, held_pair
from coreg.testing.polar_streams import PolarStreams
from coreg.testing.virtual_radio.air import Air, RadioModel
from coreg.testing.virtual_radio.computer import Computer
from coreg.testing.virtual_radio.straps import VirtualStrap, packets

ADDRESSES = {Partner.A: "C0:00:00:00:00:0A", Partner.B: "C0:00:00:00:00:0B"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualCouple:
    air: Air
    computer: Computer
    straps: dict[Partner, VirtualStrap]
    radio: Radio

    def pair(self) -> AbstractAsyncContextManager[WornPair]:
        """Hold both straps, each worn by whom it is named after."""
        return held_pair(
            self.radio,
            {
                partner: FoundStrap(
                    name=strap.name,
                    address=strap.address,
                    rssi_dbm=-50,
                    is_in_use=False,
                    services=(),
                )
                for partner, strap in self.straps.items()
            },
        )


ORDINARY = RadioModel()


@asynccontextmanager
async def virtual_couple(
    model: RadioModel = ORDINARY,
    timings: StrapTimings = PATIENT,
    *,
    measures_more: bool = False,
) -> AsyncIterator[VirtualCouple]:
    """Yield two straps, put on, and a computer that hears them.

    `measures_more`: they measure ECG and acceleration too, as an H10 does.
    """
    air = Air(model, random.Random(7))  # noqa: S311 - no secret
    computer = Computer(air)
    await computer.start()
    straps = {
        partner: VirtualStrap(
            air,
            name=f"Polar H10 {partner}",
            address=address,
            heart=packets(seed=ord(partner)),
            polar=PolarStreams() if measures_more else None,
        )
        for partner, address in ADDRESSES.items()
    }
    for strap in straps.values():
        await strap.put_on()
    try:
        yield VirtualCouple(
            air=air,
            computer=computer,
            straps=straps,
            radio=Radio(computer.backends, timings),
        )
    finally:
        for strap in straps.values():
            await strap.take_off()
