"""The air between a computer and its straps: intervals, repeats, losses, distance."""

import asyncio
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.core import PhysicalTransport
from bumble.device import Device
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

# A notification inside L2CAP: length u16, channel u16, opcode u8, handle u16, value.
_NOTIFICATION, _OPCODE_AT, _VALUE_AT = 0x1B, 4, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class RadioModel:
    """How good the air is.

    Data moves at connection events, `interval_s` apart; an event fails with
    `repeat_share` and is repeated at the next. `loss_share` of notifications vanish
    before the radio gets them (a full queue in the strap). A link that hears nothing
    for `supervision_s` is dropped on both sides.
    """

    interval_s: float = 0.05
    repeat_share: float = 0.05
    loss_share: float = 0.0
    supervision_s: float = 6.0


@dataclass(slots=True)
class _Way:
    """One direction of one link."""

    last_s: float = 0.0
    held: list[Callable[[], None]] = field(default_factory=list)


class Air(LocalLink):
    """A link layer with physics."""

    def __init__(self, model: RadioModel, rng: random.Random) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.lost: list[bytes] = []
        self._model = model
        self._rng = rng
        self._ways: dict[tuple[str, str], _Way] = {}
        self._left_s: dict[str, float] = {}

    # --- distance -------------------------------------------------------------

    def walk_away(self, address: str) -> None:
        """Take a device out of range; nobody is told, they only hear nothing."""
        loop = asyncio.get_running_loop()
        self._left_s[address] = loop.time()
        loop.call_later(self._model.supervision_s, self._supervise, address)

    def come_back(self, address: str) -> None:
        """Bring a device back into range."""
        del self._left_s[address]
        for (source, destination), way in self._ways.items():
            if address in (source, destination):
                held, way.held = way.held, []
                for deliver in held:
                    deliver()

    def drop_links(self, address: str) -> None:
        """End every link of a device at both sides, as the supervision does."""
        for controller in self.controllers:
            for peer, connection in list(controller.le_connections.items()):
                own = str(controller.random_address)
                if address in (_name(own), _name(peer)):
                    controller.on_le_disconnected(
                        connection, hci.HCI_CONNECTION_TIMEOUT_ERROR
                    )
        for pair, way in self._ways.items():
            if address in pair:
                way.held.clear()

    def _supervise(self, address: str) -> None:
        left_s = self._left_s.get(address)
        now_s = asyncio.get_running_loop().time()
        if left_s is not None and now_s - left_s >= 0.99 * self._model.supervision_s:
            self.drop_links(address)

    def _apart(self, *addresses: str) -> bool:
        return any(address in self._left_s for address in addresses)

    # --- what bumble's link does at once and for sure --------------------------

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        source, destination = (
            _name(sender_controller.random_address),
            _name(destination_address),
        )
        if self._is_lost(data):
            self.lost.append(data[_VALUE_AT:])
            return
        way = self._ways.setdefault((source, destination), _Way())

        def deliver() -> None:
            if self._apart(source, destination):
                way.held.append(deliver)
                return
            receiver = self.find_le_controller(destination_address)
            sender_address = sender_controller.random_address
            if receiver is not None and sender_address in receiver.le_connections:
                receiver.on_link_acl_data(sender_address, transport, data)

        loop = asyncio.get_running_loop()
        way.last_s = max(way.last_s, self._event_s(loop.time()))
        loop.call_at(way.last_s, deliver)

    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        source = _name(sender_controller.random_address)
        for receiver in self.controllers:
            if receiver is sender_controller:
                continue
            if not self._apart(source, _name(receiver.random_address)):
                asyncio.get_running_loop().call_soon(
                    receiver.on_ll_advertising_pdu, packet
                )

    def send_ll_control_pdu(
        self,
        sender_address: hci.Address,
        receiver_address: hci.Address,
        packet: ll.ControlPdu,
    ) -> None:
        receiver = self.find_le_controller(receiver_address)
        apart = self._apart(_name(sender_address), _name(receiver_address))
        if receiver is None or apart or sender_address not in receiver.le_connections:
            return  # whoever is not there hears nothing
        asyncio.get_running_loop().call_soon(
            receiver.on_ll_control_pdu, sender_address, packet
        )

    def _event_s(self, now_s: float) -> float:
        """Return the time of the connection event that gets data through."""
        interval_s = self._model.interval_s
        if interval_s == 0:
            return now_s
        events = math.floor(now_s / interval_s) + 1
        while self._rng.random() < self._model.repeat_share:
            events += 1
        return events * interval_s

    def _is_lost(self, data: bytes) -> bool:
        is_notification = data[_OPCODE_AT] == _NOTIFICATION
        return is_notification and self._rng.random() < self._model.loss_share


class Chip(Controller):
    """bumble's controller, with a connection attempt that can be given up."""

    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        # Both sides may end a link at once; bumble ends it only once.
        if connection.peer_address in self.le_connections:
            super().on_le_disconnected(connection, reason)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        pending = self.pending_le_connection
        if pending is None:
            return hci.HCI_StatusReturnParameters(
                hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR
            )
        self.pending_le_connection = None
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address.address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)


def device_on(air: Air, name: str, address: str) -> Device:
    """Return a device whose chip is on this air."""
    chip = Chip(name, link=air)
    chip.random_address = hci.Address(address)
    host = Host(chip, AsyncPipeSink(chip))
    return Device(name=name, address=hci.Address(address), host=host)


def _name(address: hci.Address | str) -> str:
    return str(address).removesuffix("/P")
