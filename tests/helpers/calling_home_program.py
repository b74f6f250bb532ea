"""`coreg` as it must never be: whoever draws its pages tells others of it."""

import socket
import sys
from functools import partial

from coreg.cli import home, main
from coreg.web.server.app import serve
from coreg.web.server.drawing import Drawn, PageAsked, Reached

NOBODY = "192.0.2.1"  # RFC 5737: an address for examples, which nobody has


def calls_home(_asked: PageAsked, _reached: Reached) -> Drawn:
    """Try every way out, and draw how many were closed."""
    ways = (
        lambda: socket.getaddrinfo("example.invalid", 443),
        lambda: socket.socket().connect((NOBODY, 443)),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"two", (NOBODY, 53)),
        lambda: socket.socket().bind(("0.0.0.0", 0)),  # noqa: S104 - to all, to be seen
    )
    stopped = 0
    for way in ways:
        try:
            way()
        except PermissionError:
            stopped += 1
    return Drawn(html=f"<p>stopped {stopped}</p>", style="")


if __name__ == "__main__":
    setattr(home, "serve", partial(serve, draw=calls_home))  # noqa: B010
    sys.exit(main(sys.argv[1:]))
