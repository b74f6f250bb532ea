"""An ANT stick in a USB port, through openant: it hears straps by their numbers.

A stick has a handful of channels; each listens to one strap. What arrives is stamped in
the thread of openant's that reads the stick, before anything else happens to it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final, Protocol

from coreg.errors import AntError
from coreg.words import wrong_and_do

_HEART_RATE: Final = 120
_PERIOD: Final = 8070  # of 32768 a second: 4.06 broadcasts
_FREQUENCY: Final = 57  # 2457 MHz
_ANY_TRANSMISSION: Final = 0
_SEARCHES_FOR_EVER: Final = 255
_NETWORK: Final = 0
_ENDS_WITHIN_S: Final = 5.0

Hear = Callable[[bytes], None]


class AntStick(Protocol):
    """What hears straps."""

    def listen(self, number: int, hear: Hear) -> None:
        """Have each broadcast of the strap of this number handed over, in a thread."""
        ...


class _UsbStick:
    def __init__(self, node: Any, receive: int) -> None:
        self._node = node
        self._receive = receive

    def listen(self, number: int, hear: Hear) -> None:
        channel = self._node.new_channel(self._receive, _NETWORK)
        channel.on_broadcast_data = channel.on_burst_data = lambda data: hear(
            bytes(data)
        )
        channel.set_period(_PERIOD)
        channel.set_search_timeout(_SEARCHES_FOR_EVER)
        channel.set_rf_freq(_FREQUENCY)
        channel.set_id(number, _HEART_RATE, _ANY_TRANSMISSION)
        channel.open()


@contextmanager
def usb_stick() -> Iterator[AntStick]:
    """Open the stick that is plugged in, while this is entered.

    Raises
    ------
    AntError
        If openant is not installed, or there is no stick that may be used.
    """
    try:
        node_module = import_module("openant.easy.node")
        channel_module = import_module("openant.easy.channel")
        key = import_module("openant.devices").ANTPLUS_NETWORK_KEY
    except (ImportError, OSError):
        raise AntError(*wrong_and_do("errors.ant.absent")) from None
    try:
        node = node_module.Node()
    except Exception as error:  # openant, pyusb and pyserial raise what they like
        raise AntError(*wrong_and_do("errors.ant.no-stick")) from error
    running = threading.Thread(target=node.start, name="ANT stick", daemon=True)
    try:
        node.set_network_key(_NETWORK, key)
        running.start()
        yield _UsbStick(node, channel_module.Channel.Type.BIDIRECTIONAL_RECEIVE)
    finally:
        node.stop()
        if running.ident is not None:
            running.join(_ENDS_WITHIN_S)
