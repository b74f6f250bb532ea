"""Writes down what a program does with networks, and with other programs.

Python imports a module of this name by itself where its folder is on PYTHONPATH, before
anything of the program: so it is there in each Python that the program begins, too.
What would leave the computer is written down, and then refused: a test sends nothing.
"""

import ipaddress
import json
import os
import socket
import sys
from typing import Any

WATCH = "COREG_TEST_WATCH"
"""The variable that names the file to write to, a line of JSON an event."""

ADDRESSED = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
NAMED = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
BEGUN = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system")
_OF_THIS_COMPUTER = {getattr(socket, "AF_UNIX", None), getattr(socket, "AF_NETLINK", 0)}


def is_here(family: int | None, place: object) -> bool:
    """Whether an address or a name is this computer alone; all its addresses are not.

    >>> is_here(socket.AF_INET, ("127.0.0.1", 80)), is_here(None, "localhost")
    (True, True)
    >>> is_here(socket.AF_INET, ("0.0.0.0", 80)), is_here(None, "example.org")
    (False, False)
    """
    if family is not None and family in _OF_THIS_COMPUTER:
        return True
    host = place[0] if isinstance(place, tuple) else place
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def watch(path: str) -> None:
    """Write down everything from now on; nothing can take this back."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def tell(event: str, **more: object) -> None:
        line = json.dumps({"event": event, "process": os.getpid(), **more}, default=str)
        os.write(file, f"{line}\n".encode())

    def hear(event: str, given: tuple[Any, ...]) -> None:
        if event in ADDRESSED:
            family, place = given[0].family, given[1]
        elif event in NAMED:
            family, place = None, given[0]
        else:
            if event in BEGUN:
                tell(event, program=str(given[0]))
            return
        stays = is_here(family, place)
        tell(event, place=place, stays=stays)
        if not stays:
            raise PermissionError(f"{event} {place} is not this computer")

    sys.addaudithook(hear)
    tell("begun")


if WATCH in os.environ:
    watch(os.environ[WATCH])
