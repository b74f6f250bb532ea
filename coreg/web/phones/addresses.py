"""Which addresses this computer has in the house's own network.

Strategy. A datagram socket that is connected sends nothing: the system only looks up
which of its own addresses it would send from. It is asked so for the way out of the
house and for the far end of each private range. No name is looked up, and no packet
leaves. Only addresses of private ranges are kept: phones come in over these and no
other.
"""

import ipaddress
import socket
from collections.abc import Iterable

# RFC 1918, and what computers give themselves where nobody gives them one (RFC 3927).
PRIVATE = tuple(
    map(
        ipaddress.IPv4Network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
    )
)
# An address for documentation (RFC 5737) stands for everything outside of the house.
_WAYS_OUT = (
    "192.0.2.1",
    "192.168.255.254",
    "10.255.255.254",
    "172.31.255.254",
    "169.254.255.254",
)
_DISCARD = 9  # a port, as a connection needs one; nothing is sent to it


def private_addresses() -> tuple[str, ...]:
    """Return this computer's addresses in private networks, the likeliest first."""
    return kept_private(filter(None, map(_own_address_towards, _WAYS_OUT)))


def kept_private(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return those that are of a private network, each once, in their order.

    Examples
    --------
    >>> kept_private(["192.168.1.7", "8.8.8.8", "127.0.0.1", "192.168.1.7"])
    ('192.168.1.7',)
    """
    return tuple(dict.fromkeys(filter(is_private, addresses)))


def is_private(address: str) -> bool:
    """Whether an address is of a private network and no loopback.

    Examples
    --------
    >>> is_private("172.20.10.2"), is_private("172.32.0.1"), is_private("fe80::1")
    (True, False, False)
    """
    try:
        known = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return any(known in network for network in PRIVATE)


def local_name(host_name: str) -> str:
    """Return what this computer is called in the house by mDNS, empty if nothing.

    Examples
    --------
    >>> local_name("Adas-Laptop.fritz.box"), local_name("localhost"), local_name("a b")
    ('adas-laptop.local', '', '')
    """
    label = host_name.partition(".")[0].lower()
    fits = (
        0 < len(label) <= 63
        and label.isascii()
        and label.replace("-", "").isalnum()
        and not (label.startswith("-") or label.endswith("-"))
    )
    return f"{label}.local" if fits and label != "localhost" else ""


def _own_address_towards(address: str) -> str:
    """Return from which own address the system would send there; empty: none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((address, _DISCARD))
        except OSError:  # there is no way there
            return ""
        own: str = asking.getsockname()[0]
        return own
