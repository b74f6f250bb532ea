"""How uvicorn listens for us: on this computer, or to the house under TLS."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from coreg.web.server.connections import BACKLOG, HttpConnection
from coreg.web.wire.incoming import LARGEST_MESSAGE_BYTES

_CLOSE_WITHIN_S = 2
_LARGEST_HEAD_BYTES = 64 * 1024  # other programs' cookies come along
_LOOKS_EVERY_S = 0.005


class PagesServer(uvicorn.Server):
    """Leaves signals to the command line, which ends a session first."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield

    async def until_started(self, stop: asyncio.Event | None = None) -> None:
        """Wait until it answers, or nobody wants it any more."""
        while not (self.started or (stop is not None and stop.is_set())):
            await asyncio.sleep(_LOOKS_EVERY_S)

    async def answer_on(self, sockets: Sequence[socket.socket]) -> None:
        """Answer on these until it is to exit."""
        await self.serve(sockets=list(sockets))


def pages_server(
    app: ASGIApp, *, begins: type[asyncio.Protocol] = HttpConnection
) -> PagesServer:
    """Return a server of these pages; `begins` is what a connection begins with."""
    return PagesServer(
        uvicorn.Config(
            app,
            loop="asyncio",
            http=begins,
            ws="websockets-sansio",
            ws_max_size=LARGEST_MESSAGE_BYTES,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            backlog=BACKLOG,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            h11_max_incomplete_event_size=_LARGEST_HEAD_BYTES,
            timeout_graceful_shutdown=_CLOSE_WITHIN_S,
        )
    )
