"""A Polar strap's clock, set over one link, where its firmware lets anybody."""

import asyncio
import datetime as dt
from collections.abc import Callable

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from coreg.errors import RadioError
from coreg.sensors.decoding.polar_time import (
    TRANSFER_UUID,
    error_answered,
    set_time_packets,
)
from coreg.sensors.quirks.words import Trouble, radio_error
from coreg.sensors.straps.radio_errors import in_words

_ATT_BYTES = 3


async def set_clock(
    client: BleakClient, now: Callable[[], dt.datetime], answer_s: float
) -> None:
    """Tell a strap what time it is; `now` is asked right before it is written.

    Raises
    ------
    RadioError
        If the strap cannot be told, or does not take it.
    """
    if client.services.get_characteristic(TRANSFER_UUID) is None:
        raise radio_error(Trouble.CLOCK_NOT_SET)
    answers: asyncio.Queue[int] = asyncio.Queue(maxsize=16)

    def answered(_sender: BleakGATTCharacteristic, data: bytearray) -> None:
        error = error_answered(bytes(data))
        if error is not None and not answers.full():
            answers.put_nowait(error)

    try:
        with in_words():
            async with asyncio.timeout(answer_s):
                await client.start_notify(TRANSFER_UUID, answered)
                for packet in set_time_packets(now(), client.mtu_size - _ATT_BYTES):
                    await client.write_gatt_char(TRANSFER_UUID, packet, response=True)
                error = await answers.get()
                await client.stop_notify(TRANSFER_UUID)
    except RadioError:
        # Some firmware asks for pairing first, some has no such service at all.
        raise radio_error(Trouble.CLOCK_NOT_SET) from None
    if error:
        raise radio_error(Trouble.CLOCK_NOT_SET)
