"""A virtual strap: a heart, and a raw 0x2A37 that carries whatever bytes one likes.

bumble's own heart-rate profile is not used: it truncates RR and refuses an odd byte at
the end, which real straps send.
"""

import asyncio
import itertools
import math
import random
from collections.abc import Iterator
from contextlib import suppress

from bumble.core import UUID, AdvertisingData
from bumble.gatt import Characteristic, Service

from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, decode, encode
from coreg.testing.virtual_radio.air import Air, device_on

PACKET_S = 1.0
_Text = dict[int, bytes]

POLAR: _Text = {
    0x2A29: b"Polar Electro Oy",
    0x2A24: b"H10\x00",
    0x2A25: b"12345678",
    0x2A26: b"5.0.0",
}


def packets(seed: int) -> Iterator[bytes]:
    """Yield a packet a second: the RR of a breathing heart, numbered in the energy.

    The number makes every packet another, so that one that comes twice is seen.
    """
    rng = random.Random(seed)  # noqa: S311 - no secret
    beat_s, ready = 0.3, []
    for number in itertools.count():
        while beat_s <= number + 1:
            rr_ms = 850 + 60 * math.sin(2 * math.pi * beat_s / 10) + rng.gauss(0, 8)
            ready.append(rr_ms)
            beat_s += rr_ms / 1000
        yield encode(
            HeartRateMeasurement(
                hr_bpm=71,
                wide_hr=False,
                contact=True,
                energy_kj=number,
                rr_ms=tuple(ready),
            )
        )
        ready = []


def number_of(packet: bytes) -> int:
    """Return the number that a packet carries."""
    number = decode(packet).energy_kj
    assert number is not None
    return number


class VirtualStrap:
    """One strap on the air. `sent` is what it gave to the radio, and when."""

    def __init__(
        self,
        air: Air,
        *,
        name: str,
        address: str,
        heart: Iterator[bytes],
        about: _Text = POLAR,
        battery_percent: int = 80,
        measures_heart: bool = True,
    ) -> None:
        self.address = address
        self.name = name
        self.sent: list[tuple[float, bytes]] = []
        self.is_silent = False
        self._air = air
        self._heart = heart
        self._task: asyncio.Task[None] | None = None
        self._device = device_on(air, name, address)
        self._measurement = Characteristic[bytes](
            UUID.from_16_bits(0x2A37 if measures_heart else 0x2A38),
            Characteristic.Properties.NOTIFY,
            Characteristic.Permissions(0),
        )
        self._device.add_services(
            [
                Service(
                    UUID.from_16_bits(0x180D),
                    [self._measurement, _text(0x2A38, b"\x01")],
                ),
                Service(
                    UUID.from_16_bits(0x180F), [_text(0x2A19, bytes([battery_percent]))]
                ),
                Service(
                    UUID.from_16_bits(0x180A),
                    [_text(number, value) for number, value in about.items()],
                ),
            ]
        )

    async def put_on(self) -> None:
        """Begin to advertise, and to send once somebody listens."""
        await self._device.power_on()
        await self._device.start_advertising(
            advertising_data=self._advertisement(), auto_restart=True
        )
        self._task = asyncio.create_task(self._beat())

    async def take_off(self) -> None:
        """Be gone."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._device.stop_advertising()
        await self.drop_link()

    async def drop_link(self) -> None:
        """End the connection from the strap's side; it advertises again at once."""
        for connection in list(self._device.connections.values()):
            await connection.disconnect()

    @property
    def listeners(self) -> int:
        """How many subscriptions the strap knows of."""
        return sum(
            any(value != b"\0\0" for value in by_handle.values())
            for by_handle in self._device.gatt_server.subscribers.values()
        )

    async def send(self, packet: bytes) -> None:
        """Send any bytes as a measurement."""
        if self.listeners:
            self.sent.append((asyncio.get_running_loop().time(), packet))
            await self._device.notify_subscribers(self._measurement, packet)

    async def _beat(self) -> None:
        for packet in self._heart:
            await asyncio.sleep(PACKET_S)
            if not self.is_silent:
                await self.send(packet)

    def _advertisement(self) -> bytes:
        return bytes(
            AdvertisingData(
                [
                    (AdvertisingData.FLAGS, b"\x06"),
                    (AdvertisingData.COMPLETE_LOCAL_NAME, self.name.encode()),
                    (
                        AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
                        (0x180D).to_bytes(2, "little"),
                    ),
                ]
            )
        )


def _text(number: int, value: bytes) -> Characteristic[bytes]:
    return Characteristic(
        UUID.from_16_bits(number),
        Characteristic.Properties.READ,
        Characteristic.Permissions.READABLE,
        value,
    )
