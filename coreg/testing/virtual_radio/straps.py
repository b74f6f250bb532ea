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

from bumble.att import AttributeValue
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection
from bumble.gatt import Characteristic, Service

from coreg.sensors.decoding import polar_time
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, decode, encode
from coreg.sensors.decoding.polar_control import CONTROL_UUID, DATA_UUID, SERVICE_UUID
from coreg.testing.polar_streams import PolarStreams
from coreg.testing.virtual_radio.air import Air, device_on

PACKET_S = 1.0
FRAMES_EVERY_S = 0.05
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
    """One strap on the air. `sent` is what it gave to the radio, and when.

    `polar` is what it measures beside its heart rate, None where it measures no more.
    """

    def __init__(  # noqa: PLR0913 - a strap has so many sides
        self,
        air: Air,
        *,
        name: str,
        address: str,
        heart: Iterator[bytes],
        about: _Text = POLAR,
        battery_percent: int = 80,
        measures_heart: bool = True,
        polar: PolarStreams | None = None,
    ) -> None:
        self.polar = polar
        self.address = address
        self.name = name
        self.sent: list[tuple[float, bytes]] = []
        self.is_silent = False
        self._air = air
        self._heart = heart
        self._tasks: list[asyncio.Task[None]] = []
        self._answering: set[asyncio.Task[None]] = set()
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
        if polar is not None:
            self._control, self._data = self._streams_of(polar)
            service = Service(UUID(SERVICE_UUID), [self._control, self._data])
            transfer = Service(UUID(polar_time.SERVICE_UUID), [self._transfer(polar)])
            self._device.add_services([service, transfer])

    async def put_on(self) -> None:
        """Begin to advertise, and to send once somebody listens."""
        await self._device.power_on()
        await self._device.start_advertising(
            advertising_data=self._advertisement(), auto_restart=True
        )
        self._tasks = [asyncio.create_task(self._beat())]
        if self.polar is not None:
            self._tasks.append(asyncio.create_task(self._measure(self.polar)))

    async def take_off(self) -> None:
        """Be gone."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._device.stop_advertising()
        await self.drop_link()

    async def drop_link(self) -> None:
        """End the connection from the strap's side; it advertises again at once."""
        for connection in list(self._device.connections.values()):
            await connection.disconnect()

    @property
    def listeners(self) -> int:
        """How many subscribe to its heart rate."""
        return sum(
            by_handle.get(self._measurement.handle, b"\0\0") != b"\0\0"
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

    async def _measure(self, polar: PolarStreams) -> None:
        """Send the frames that are due; what nobody hears is lost."""
        while True:
            await asyncio.sleep(FRAMES_EVERY_S)
            for frame in polar.frames(asyncio.get_running_loop().time()):
                await self._device.notify_subscribers(self._data, frame)

    def _streams_of(
        self, polar: PolarStreams
    ) -> tuple[Characteristic[bytes], Characteristic[bytes]]:
        """Return control point and data: a write is answered by an indication."""

        async def answer(told: bytes) -> None:
            await self._device.indicate_subscribers(control, told)

        def written(_connection: Connection, data: bytes) -> None:
            told = polar.written(data, asyncio.get_running_loop().time())
            answering = asyncio.create_task(answer(told))
            self._answering.add(answering)
            answering.add_done_callback(self._answering.discard)

        can, may = Characteristic.Properties, Characteristic.Permissions
        control = Characteristic[bytes](
            UUID(CONTROL_UUID),
            can.READ | can.WRITE | can.INDICATE,
            may.READABLE | may.WRITEABLE,
            AttributeValue(read=lambda _: polar.features, write=written),
        )
        data = Characteristic[bytes](UUID(DATA_UUID), can.NOTIFY, may(0))
        return control, data

    def _transfer(self, polar: PolarStreams) -> Characteristic[bytes]:
        """Return where the strap is told what time it is."""

        async def say(told: bytes) -> None:
            await self._device.notify_subscribers(transfer, told)

        def written(_connection: Connection, data: bytes) -> None:
            told = polar.told(data, asyncio.get_running_loop().time())
            if told is not None:
                answering = asyncio.create_task(say(told))
                self._answering.add(answering)
                answering.add_done_callback(self._answering.discard)

        can, may = Characteristic.Properties, Characteristic.Permissions
        transfer = Characteristic[bytes](
            UUID(polar_time.TRANSFER_UUID),
            can.WRITE | can.NOTIFY,
            may.WRITEABLE,
            AttributeValue(write=written),
        )
        return transfer

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
