"""What every answer carries, and how something is refused."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import Message, Receive, Scope, Send

from coreg.web.server.asked import language
from coreg.web.words import STYLE_HASH, refusal


def refused(scope: Scope, status: int, key: str) -> Response:
    """Return a refusal for whoever asks, after which the connection is closed."""
    html, headers = refusal(key, language(scope)), {"Connection": "close"}
    return HTMLResponse(html, status_code=status, headers=headers)


def with_headers(send: Send, socket: str) -> Send:
    """Return a `send` that puts our headers on every answer.

    `socket` is where pages may open a WebSocket: `ws://` or `wss://` and our own host,
    as some browsers do not count it among what is of ourselves.
    """

    async def send_with_headers(message: Message) -> None:
        if message["type"].endswith("http.response.start"):
            headers = MutableHeaders(scope=message)
            for name, value in _headers(socket):
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers


def _headers(socket: str) -> Iterable[tuple[str, str]]:
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self' '{STYLE_HASH}'; "
        f"img-src 'self' data:; connect-src 'self' {socket}; media-src 'none'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    return (
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        # Nothing to anybody else; to ourselves, or a form would come from nowhere.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
        ("Cache-Control", "no-store"),
    )


async def deny(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket before it opens, with a plain HTTP answer."""

    async def send_denial(message: Message) -> None:
        message["type"] = f"websocket.{message['type']}"
        await send(message)

    await receive()
    await refusal({**scope, "type": "http"}, receive, send_denial)
