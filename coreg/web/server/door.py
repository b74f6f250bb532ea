"""The door: which requests reach the evening, and what every answer carries.

Other pages in the same browser, other programs' servers on the same computer, and its
other users must not get in: by a name that leads here (DNS rebinding), by a form or a
WebSocket of their own, by a frame around ours, or with what a browser sends them. So,
in this order:

1. exactly one Host header, and it is ours (421 otherwise);
2. for a WebSocket, and for anything but reading, exactly one Origin, and it is ours;
   none and `null` are refused (403);
3. a launch link lets one page in, once: the browser is given a cookie, and the page a
   key of its own, which it keeps in its session storage and which says whose page it is
   (its seat: guests.py);
4. without the cookie nothing answers (403, in words) but `/healthz`, and a proof to
   another coreg of this user that this is the one whose launch file it read;
5. without the page's key nothing answers but the empty page, its scripts, and a proof
   to the page itself that this is the coreg that let it in.

The cookie alone opens nothing of the evening, for a browser sends it to every port of
this computer: whoever listens on another one has it. A page's session storage belongs
to its own port. Both are made anew at each launch and kept nowhere, so what is caught
after coreg has ended opens nothing either. Why so: docs/decisions/0018.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coreg.web.launch_proof import NONCE_FIELD, RUNNING_PATH, launch_proof
from coreg.web.server.guests import SECRET_BYTES, Guests, same
from coreg.web.server.seats import may_read
from coreg.web.wire.named import Seat
from coreg.web.words import STYLE_HASH, language_of, page_that_enters, refusal
from coreg.words import Language

LOOPBACK = "127.0.0.1"
PAGE_KEY_HEADER = "Coreg-Page"
PAGE_KEY_FIELD = "page-key"  # in the form that opens a page of an evening
SUBPROTOCOL = "coreg"
KEY_SUBPROTOCOL = "coreg.page."  # and the key
_READING = {"GET", "HEAD"}
_LONGEST_FORM_BYTES = 4096
_FORM_WITHIN_S = 5.0
_WINDOW_WITHIN_S = 60.0
_MOST_WINDOWS = 8


class LaunchLinks:
    """The links that let a page in, each once.

    One is always good, and leads to the seat at the front; it stands in the launch
    file. Others open one more window of this computer, for as long as that takes.
    """

    def __init__(self, port: int, *, front: Seat, now_s: Callable[[], float]) -> None:
        self._front = f"http://{LOOPBACK}:{port}/"
        self._seat = front
        self._now_s = now_s
        self._token = ""
        self._windows: dict[str, tuple[Seat, float]] = {}
        self._made: asyncio.Queue[str] = asyncio.Queue()
        self._renew()

    async def next(self) -> str:
        """Return the next link, as soon as the one before it is used."""
        return await self._made.get()

    def use(self, token: str) -> Seat | None:
        """Return the seat that a link leads to, and use it up; None: to none."""
        if same(token, self._token):
            self._renew()
            return self._seat
        for made in self._still_good():
            if same(token, made):
                return self._windows.pop(made)[0]
        return None

    def for_window(self, seat: Seat) -> str:
        """Return a link that opens one more window of this computer, for a minute."""
        while len(self._still_good()) >= _MOST_WINDOWS:
            self._windows.pop(next(iter(self._windows)))
        token = secrets.token_urlsafe(SECRET_BYTES)
        self._windows[token] = (seat, self._now_s() + _WINDOW_WITHIN_S)
        return f"{self._front}?launch={token}"

    def _still_good(self) -> list[str]:
        now_s = self._now_s()
        self._windows = {
            token: window
            for token, window in self._windows.items()
            if window[1] > now_s
        }
        return list(self._windows)

    def proof(self, nonce: str) -> str:
        """Prove that the link that is good now is ours, without telling it."""
        return launch_proof(self._token, nonce)

    def _renew(self) -> None:
        self._token = secrets.token_urlsafe(SECRET_BYTES)
        self._made.put_nowait(f"{self._front}?launch={self._token}")


class Door:
    """Stands before the whole app and lets in what belongs to this evening."""

    def __init__(
        self, app: ASGIApp, *, port: int, guests: Guests, links: LaunchLinks
    ) -> None:
        self._app = app
        self._host = f"{LOOPBACK}:{port}"
        self._guests = guests
        self._links = links

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on to the app; either way with our headers."""
        if scope["type"] not in {"http", "websocket"}:
            return
        answer = self._own_answer(scope) or await self._unless_keyed(scope, receive)
        if answer is None:
            await self._app(scope, receive, _with_headers(send, self._host))
        elif scope["type"] == "http":
            await answer(scope, receive, _with_headers(send, self._host))
        else:
            await _deny(answer, scope, receive, _with_headers(send, self._host))

    def _own_answer(self, scope: Scope) -> Response | None:
        """Return the door's own answer to what asks without a page's key, if any."""
        if _header(scope, b"host") != self._host:
            return _refused(scope, 421, "wrong-host")
        reads = scope["type"] == "http" and scope["method"] in _READING
        if not reads and _header(scope, b"origin") != f"http://{self._host}":
            return _refused(scope, 403, "foreign-origin")
        if (told := self._told_to_anybody(scope)) is not None:
            return told
        token = _launch_token(scope)
        if token is not None:
            return self._launched(scope, token)
        if not self._guests.has_cookie(self._our_cookies(scope)):
            return _refused(scope, 403, "no-cookie")
        return self._proof(scope)

    def _told_to_anybody(self, scope: Scope) -> Response | None:
        """Say that we are here; and prove it to another coreg of this user.

        The proof is worth nothing to who does not have the launch link already.
        """
        if scope["type"] != "http":
            return None
        if scope["path"] == "/healthz":
            return Response(status_code=204)
        nonce = _field(scope["query_string"], NONCE_FIELD)
        if scope["path"] != RUNNING_PATH or nonce is None:
            return None
        return PlainTextResponse(self._links.proof(nonce))

    def _our_cookies(self, scope: Scope) -> list[str]:
        """Return each cookie of our name, ours or not."""
        name = self._guests.cookie_name
        return [value for given, value in _cookies(scope) if given == name]

    def _launched(self, scope: Scope, token: str) -> Response:
        """Let a page in by the link that is good now.

        With a page and not with a redirect: a browser that comes from a file sends no
        strict cookie along on its way.
        """
        seat = self._links.use(token)
        if seat is None:
            return _refused(scope, 403, "used-launch")
        guest = self._guests.at_this_computer(seat)
        answer = HTMLResponse(page_that_enters(guest.page, _language(scope)))
        answer.set_cookie(
            self._guests.cookie_name,
            guest.cookie,
            path="/",
            httponly=True,
            samesite="strict",
        )
        return answer

    async def _unless_keyed(self, scope: Scope, receive: Receive) -> Response | None:
        """Return a refusal of what needs a page's key and has none."""
        if _is_empty_page(scope):
            return None
        key = _page_key(scope)
        if key is None and _is_form(scope):
            key = await _page_key_of_form(receive)
            scope.setdefault("state", {})["page_key"] = key  # to ask again with
        cookies = self._our_cookies(scope)
        seat = None if key is None else self._guests.seat(cookies, key)
        if seat is None:
            return _refused(scope, 403, "no-page-key")
        if not may_read(seat, scope["path"]):
            return _refused(scope, 403, "not-at-this-seat")
        scope.setdefault("state", {})["seat"] = seat
        return None

    def _proof(self, scope: Scope) -> Response | None:
        """Prove to a page that this is the coreg that let it in.

        It asks before it comes back: by then another program may have the port. Each
        line proves it to the pages of one seat: which of them asks is not asked.
        """
        if scope["type"] != "http" or scope["path"] != "/known":
            return None
        nonce = _field(scope["query_string"], NONCE_FIELD)
        if nonce is None:
            return None
        told = f"coreg known {nonce}".encode()
        proofs = self._guests.proofs(self._our_cookies(scope), told)
        return PlainTextResponse("\n".join(proofs))


def _lines(scope: Scope, name: bytes) -> list[str]:
    """Return each header of this name."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _header(scope: Scope, name: bytes) -> str | None:
    """Return a header that was sent once; None where it is absent or doubled."""
    found = _lines(scope, name)
    return found[0] if len(found) == 1 else None


def _cookies(scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield the name and value of each cookie, however odd the others are.

    Another program on this computer may set cookies of any look, and one of ours' name:
    so nothing is refused here, and none takes the place of another.
    """
    for line in _lines(scope, b"cookie"):
        for cookie in line.split(";"):
            name, _, value = cookie.strip().partition("=")
            yield name, value


def _launch_token(scope: Scope) -> str | None:
    """Return the token of a launch link that is being followed.

    What a browser fetches ahead, in case somebody follows it, does not use it up.
    """
    if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
        return None
    if any("prefetch" in line for line in _lines(scope, b"sec-purpose")):
        return None
    return _field(scope["query_string"], "launch")


def _is_empty_page(scope: Scope) -> bool:
    """Whether this is what every coreg serves to everybody."""
    path: str = scope["path"]
    return scope["type"] == "http" and (path == "/" or path.startswith("/static/"))


def _page_key(scope: Scope) -> str | None:
    """Return the page's key that a request or a WebSocket came with."""
    if scope["type"] == "http":
        return _header(scope, PAGE_KEY_HEADER.lower().encode())
    for protocol in scope.get("subprotocols", ()):
        if protocol.startswith(KEY_SUBPROTOCOL):
            key: str = protocol.removeprefix(KEY_SUBPROTOCOL)
            return key
    return None


def _is_form(scope: Scope) -> bool:
    kind = _header(scope, b"content-type")
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and kind == "application/x-www-form-urlencoded"
    )


async def _page_key_of_form(receive: Receive) -> str | None:
    """Return the page's key in a form that is short and comes in time."""
    body, is_whole = b"", False
    try:
        async with asyncio.timeout(_FORM_WITHIN_S):
            while not is_whole and len(body) <= _LONGEST_FORM_BYTES:
                message = await receive()
                body += message.get("body", b"")
                is_whole = not message.get("more_body", False)
    except TimeoutError:
        return None
    return _field(body, PAGE_KEY_FIELD) if len(body) <= _LONGEST_FORM_BYTES else None


def _field(encoded: bytes, name: str) -> str | None:
    """Return the first field of this name in a query or a form."""
    try:
        fields = parse_qs(encoded.decode("latin-1"), max_num_fields=4)
    except ValueError:  # more fields than anything of ours has
        return None
    return fields[name][0] if name in fields else None


def _refused(scope: Scope, status: int, key: str) -> Response:
    """Return a refusal for whoever asks, after which the connection is closed."""
    html, headers = refusal(key, _language(scope)), {"Connection": "close"}
    return HTMLResponse(html, status_code=status, headers=headers)


def _language(scope: Scope) -> Language:
    """Return the language of whoever asks: theirs alone, and never the other's."""
    asked = ",".join(_lines(scope, b"accept-language"))
    return language_of(dict(_cookies(scope)), asked)


def _with_headers(send: Send, host: str) -> Send:
    """Return a `send` that puts our headers on every answer."""

    async def send_with_headers(message: Message) -> None:
        if message["type"].endswith("http.response.start"):
            headers = MutableHeaders(scope=message)
            for name, value in _headers(host):
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers


def _headers(host: str) -> Iterable[tuple[str, str]]:
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self' '{STYLE_HASH}'; "
        f"img-src 'self' data:; connect-src 'self' ws://{host}; media-src 'none'; "
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


async def _deny(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket before it opens, with a plain HTTP answer."""

    async def send_denial(message: Message) -> None:
        message["type"] = f"websocket.{message['type']}"
        await send(message)

    await receive()
    await refusal({**scope, "type": "http"}, receive, send_denial)
