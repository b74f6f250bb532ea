"""The door: which requests reach the evening, and what every answer carries.

Other pages in the same browser, and other programs' pages on the same computer, must
not get in: by a name that leads here (DNS rebinding), by a form or a WebSocket of
their own, or by a frame around ours. So, in this order:

1. exactly one Host header, and it is ours (421 otherwise);
2. for a WebSocket, and for anything but reading, exactly one Origin, and it is ours;
   none and `null` are refused (403);
3. a launch token opens the door once and is swapped for a cookie;
4. without the cookie nothing but `/healthz` answers (403, in words).

The cookie's secret lies in the data folder, so a page survives a restart; its name is
made from the secret, so two evenings on one computer do not take each other's.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coreg.base.whole_file import write_whole
from coreg.errors import StorageUnusable
from coreg.web.words import page_of_words, say

SECRET_BYTES = 32
LOOPBACK = "127.0.0.1"
_READING = {"GET", "HEAD"}


class Door:
    """Stands before the whole app and lets in what belongs to this evening."""

    def __init__(self, app: ASGIApp, *, port: int, secret: bytes, launch: str) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in (LOOPBACK, "localhost")}
        self._launch: str | None = launch
        self._cookie_name = f"coreg_{_derived(secret, 'name')[:8]}"
        self._cookie = _derived(secret, "page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on to the app; either way with our headers."""
        if scope["type"] not in {"http", "websocket"}:
            return
        refusal = self._answer(scope)
        if refusal is None:
            host = _header(scope, b"host") or ""
            await self._app(scope, receive, _with_headers(send, host))
        elif scope["type"] == "http":
            await refusal(scope, receive, _with_headers(send, ""))
        else:
            await _deny(refusal, scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """Return the door's own answer, None where the app may answer."""
        host = _header(scope, b"host")
        if host not in self._hosts:
            return _words_page(421, "wrong-host")
        reads = scope["type"] == "http" and scope["method"] in _READING
        if not reads and _header(scope, b"origin") != f"http://{host}":
            return _words_page(403, "foreign-origin")
        if scope["type"] == "http" and scope["path"] == "/healthz":
            return Response(status_code=204)
        if self._has_cookie(scope):
            return _to_front(scope)
        return self._launched(scope)

    def _has_cookie(self, scope: Scope) -> bool:
        given = _header(scope, b"cookie") or ""
        try:
            morsel = SimpleCookie(given).get(self._cookie_name)
        except CookieError:
            return False
        return morsel is not None and _same(morsel.value, self._cookie)

    def _launched(self, scope: Scope) -> Response:
        """Swap the launch token for the cookie, once."""
        given = _launch_token(scope)
        if given is None:
            return _words_page(403, "no-cookie")
        if self._launch is None or not _same(given, self._launch):
            return _words_page(403, "used-launch")
        self._launch = None
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(
            self._cookie_name,
            self._cookie,
            path="/",
            httponly=True,
            samesite="strict",
        )
        return answer


def page_secret(folder: Path) -> bytes:
    """Return the secret of this data folder's pages, made where there is none.

    Raises
    ------
    StorageUnusable
        If it cannot be read or made.
    """
    path = folder / "page-secret"
    try:
        if path.exists():
            secret = path.read_bytes()
            if len(secret) == SECRET_BYTES:
                return secret
        secret = secrets.token_bytes(SECRET_BYTES)
        write_whole(path, secret)
    except OSError as error:
        raise StorageUnusable(
            f"The file {path} cannot be used ({error.strerror}).",
            "Choose another --data-dir.",
        ) from error
    return secret


def launch_token() -> str:
    """Return a token that opens the door once."""
    return secrets.token_urlsafe(32)


def _derived(secret: bytes, purpose: str) -> str:
    return hmac.new(secret, f"coreg {purpose} 1".encode(), hashlib.sha256).hexdigest()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _header(scope: Scope, name: bytes) -> str | None:
    """Return a header that was sent once; None where it is absent or doubled."""
    found = [value for key, value in scope["headers"] if key == name]
    if len(found) != 1:
        return None
    value: bytes = found[0]
    return value.decode("latin-1")


def _launch_token(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["path"] != "/":
        return None
    query: str = scope["query_string"].decode("latin-1")
    try:
        tokens = parse_qs(query, max_num_fields=4).get("launch", [])
    except ValueError:  # more fields than any link of ours has
        return None
    return tokens[0] if tokens else None


def _to_front(scope: Scope) -> Response | None:
    """Take a launch token out of the address bar of a page that is in already."""
    if _launch_token(scope) is None:
        return None
    return RedirectResponse("/", status_code=303)


def _words_page(status: int, key: str) -> Response:
    return HTMLResponse(page_of_words(say(key)), status_code=status)


def _with_headers(send: Send, host: str) -> Send:
    """Return a `send` that puts our headers on every answer."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _headers(host):
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers


def _headers(host: str) -> Iterable[tuple[str, str]]:
    connect = f"'self' ws://{host}" if host else "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' data:; connect-src {connect}; media-src 'none'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    return (
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
        ("Cache-Control", "no-store"),
    )


async def _deny(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket before it opens, with a plain HTTP answer."""

    async def send_denial(message: Message) -> None:
        message["type"] = f"websocket.{message['type']}"
        await send(message)

    await receive()
    await refusal({**scope, "type": "http"}, receive, _with_headers(send_denial, ""))
