"""Straps as they are in the air, before any Bluetooth service knows of them.

A `FakeStrap` speaks raw bytes. What it sent over a living link is in `sent`; what it
sent while nobody could hear is in `lost`. A test holds both against what arrived.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from coreg.sensors.decoding.polar_control import CONTROL_UUID, DATA_UUID, SERVICE_UUID
from coreg.testing.polar_streams import PolarStreams

HEART_RATE = "0000180d-0000-1000-8000-00805f9b34fb"
HEART_RATE_MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
BODY_SENSOR_LOCATION = "00002a38-0000-1000-8000-00805f9b34fb"
BATTERY = "0000180f-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
DEVICE_INFORMATION = "0000180a-0000-1000-8000-00805f9b34fb"
MANUFACTURER_NAME = "00002a29-0000-1000-8000-00805f9b34fb"
MODEL_NUMBER = "00002a24-0000-1000-8000-00805f9b34fb"
SERIAL_NUMBER = "00002a25-0000-1000-8000-00805f9b34fb"
FIRMWARE_REVISION = "00002a26-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """One characteristic; `value` is what a read answers."""

    uuid: str
    flags: tuple[str, ...]
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One GATT service."""

    uuid: str
    characteristics: tuple[Characteristic, ...]


def readable(uuid: str, value: bytes) -> Characteristic:
    """Return a characteristic that can be read and nothing else."""
    return Characteristic(uuid=uuid, flags=("read",), value=value)


CHEST_STRAP = (
    Service(
        uuid=HEART_RATE,
        characteristics=(
            Characteristic(uuid=HEART_RATE_MEASUREMENT, flags=("notify",), value=b""),
            readable(BODY_SENSOR_LOCATION, b"\x01"),
        ),
    ),
    Service(uuid=BATTERY, characteristics=(readable(BATTERY_LEVEL, bytes([87])),)),
    Service(
        uuid=DEVICE_INFORMATION,
        characteristics=(
            readable(MANUFACTURER_NAME, b"Example Straps"),
            readable(MODEL_NUMBER, b"ES-1"),
            readable(SERIAL_NUMBER, b"0042"),
            readable(FIRMWARE_REVISION, b"1.2.3"),
        ),
    ),
)


def measures_more(strap: "FakeStrap", polar: PolarStreams) -> None:
    """Have a strap measure ECG and acceleration too, as an H10 does.

    The frames that are due are sent by `frames_due`.
    """
    control = Characteristic(
        uuid=CONTROL_UUID, flags=("read", "write", "indicate"), value=polar.features
    )
    data = Characteristic(uuid=DATA_UUID, flags=("notify",), value=b"")
    strap.services = (
        *strap.services,
        Service(uuid=SERVICE_UUID, characteristics=(control, data)),
    )

    def answer(uuid: str, written: bytes) -> None:
        if uuid == CONTROL_UUID:
            now_s = asyncio.get_running_loop().time()
            strap.notify(CONTROL_UUID, polar.written(written, now_s))

    strap.on_write = answer


def frames_due(strap: "FakeStrap", polar: PolarStreams) -> list[bytes]:
    """Send the frames that are measured by now; return those that were heard."""
    now_s = asyncio.get_running_loop().time()
    return [each for each in polar.frames(now_s) if strap.notify(DATA_UUID, each)]


def without(uuid: str, services: tuple[Service, ...]) -> tuple[Service, ...]:
    """Return the services less one characteristic."""
    return tuple(
        replace(
            service,
            characteristics=tuple(c for c in service.characteristics if c.uuid != uuid),
        )
        for service in services
    )


class Link(Protocol):
    """The other end of a connection."""

    def is_subscribed(self, uuid: str) -> bool:
        """Whether notifications of this characteristic were asked for."""
        ...

    def notified(self, uuid: str, value: bytes) -> None:
        """Take one notification."""
        ...

    def lost(self) -> None:
        """Notice that the link is gone."""
        ...

    def att_lost(self) -> None:
        """Notice that ATT is gone; the kernel tells of the link a moment later."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The service answers with this error."""

    error: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Abortion:
    """The link is up for a moment and breaks: radio interference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttFirst:
    """Connect is answered before the kernel has told that the link is up.

    bluetoothd hears of a link twice, from its ATT socket and over mgmt, in whichever
    order it reads them. Where ATT comes first, Connect succeeds while the device is not
    "Connected" yet, and bleak takes that for a link that broke at once.
    """


Answer = Refusal | Abortion | AttFirst


@dataclass(eq=False, kw_only=True)
class FakeStrap:
    """One strap. `next_answers` is used up, one a connection attempt.

    `on_write` takes what is written to a characteristic, by its UUID.
    """

    address: str
    name: str
    services: tuple[Service, ...] = CHEST_STRAP
    advertised: tuple[str, ...] = (HEART_RATE,)
    is_in_range: bool = True
    next_answers: deque[Answer] = field(default_factory=deque)
    sent: list[bytes] = field(default_factory=list)
    lost: list[bytes] = field(default_factory=list)
    link: Link | None = None
    on_write: Callable[[str, bytes], None] | None = None

    @property
    def advertises(self) -> bool:
        """A connected strap falls silent in the air: it takes one phone, no more."""
        return self.is_in_range and self.link is None

    def beat(self, packet: bytes) -> None:
        """Send one Heart Rate Measurement, if somebody has asked for them."""
        if self.link is None or not self.link.is_subscribed(HEART_RATE_MEASUREMENT):
            return
        if not self.is_in_range:
            self.lost.append(packet)
            return
        self.sent.append(packet)
        self.link.notified(HEART_RATE_MEASUREMENT, packet)

    def notify(self, uuid: str, value: bytes) -> bool:
        """Send a notification, if somebody has asked for it; return whether it went."""
        if self.link is None or not self.is_in_range:
            return False
        if not self.link.is_subscribed(uuid):
            return False
        self.link.notified(uuid, value)
        return True

    def drop(self) -> None:
        """End the connection from the strap's side."""
        if self.link is not None:
            self.link.lost()

    def drop_att_first(self) -> None:
        """End it so that the service hears of it from ATT before it does over mgmt."""
        if self.link is not None:
            self.link.att_lost()

    def walk_off(self) -> None:
        """Leave the range; nobody is told, the link has to find out."""
        self.is_in_range = False

    def walk_in(self) -> None:
        """Come back into range."""
        self.is_in_range = True
