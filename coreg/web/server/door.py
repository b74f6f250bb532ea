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
from collections.abc import Callable

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from coreg.web.launch_proof import NONCE_FIELD, RUNNING_PATH, launch_proof
from coreg.web.server import asked
from coreg.web.server.answered import deny, refused, with_headers
from coreg.web.server.guests import SECRET_BYTES, Guests, same
from coreg.web.server.seats import may_read
from coreg.web.wire.named import Seat
from coreg.web.words import page_that_enters

LOOPBACK = "127.0.0.1"
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

    def forget_windows(self) -> None:
        """Have no link open a window that was asked for and is not there yet."""
        self._windows = {}

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
        answer = self._own_answer(scope)
        answer = answer or await unless_keyed(scope, receive, self._guests)
        send = with_headers(send, f"ws://{self._host}")
        if answer is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await answer(scope, receive, send)
        else:
            await deny(answer, scope, receive, send)

    def _own_answer(self, scope: Scope) -> Response | None:
        """Return the door's own answer to what asks without a page's key, if any."""
        if asked.header(scope, b"host") != self._host:
            return refused(scope, 421, "wrong-host")
        reads = scope["type"] == "http" and scope["method"] in asked.READING
        if not reads and asked.header(scope, b"origin") != f"http://{self._host}":
            return refused(scope, 403, "foreign-origin")
        if (told := self._told_to_anybody(scope)) is not None:
            return told
        token = _launch_token(scope)
        if token is not None:
            return self._launched(scope, token)
        if not self._guests.has_cookie(our_cookies(scope, self._guests)):
            return refused(scope, 403, "no-cookie")
        return proof_of(scope, self._guests)

    def _told_to_anybody(self, scope: Scope) -> Response | None:
        """Say that we are here; and prove it to another coreg of this user.

        The proof is worth nothing to who does not have the launch link already.
        """
        if scope["type"] != "http":
            return None
        if scope["path"] == "/healthz":
            return Response(status_code=204)
        nonce = asked.field(scope["query_string"], NONCE_FIELD)
        if scope["path"] != RUNNING_PATH or nonce is None:
            return None
        return PlainTextResponse(self._links.proof(nonce))

    def _launched(self, scope: Scope, token: str) -> Response:
        """Let a page in by the link that is good now.

        With a page and not with a redirect: a browser that comes from a file sends no
        strict cookie along on its way.
        """
        seat = self._links.use(token)
        if seat is None:
            return refused(scope, 403, "used-launch")
        guest = self._guests.at_this_computer(seat)
        answer = HTMLResponse(page_that_enters(guest.page, asked.language(scope)))
        answer.set_cookie(
            self._guests.cookie_name,
            guest.cookie,
            path="/",
            httponly=True,
            samesite="strict",
        )
        return answer


def _launch_token(scope: Scope) -> str | None:
    """Return the token of a launch link that is being followed.

    What a browser fetches ahead, in case somebody follows it, does not use it up.
    """
    if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
        return None
    if any("prefetch" in line for line in asked.lines(scope, b"sec-purpose")):
        return None
    return asked.field(scope["query_string"], "launch")


def our_cookies(scope: Scope, guests: Guests) -> list[str]:
    """Return each cookie of our name, ours or not."""
    name = guests.cookie_name
    return [value for given, value in asked.cookies(scope) if given == name]


async def unless_keyed(
    scope: Scope, receive: Receive, guests: Guests
) -> Response | None:
    """Return a refusal of what needs a page's key and has none, or not at its seat."""
    if asked.is_empty_page(scope):
        return None
    key = asked.page_key(scope)
    if key is None and asked.is_form(scope):
        key = await asked.page_key_of_form(receive)
        scope.setdefault("state", {})["page_key"] = key  # to ask again with
    seat = None if key is None else guests.seat(our_cookies(scope, guests), key)
    if seat is None:
        return refused(scope, 403, "no-page-key")
    if not may_read(seat, scope["path"]):
        return refused(scope, 403, "not-at-this-seat")
    scope.setdefault("state", {})["seat"] = seat
    return None


def proof_of(scope: Scope, guests: Guests) -> Response | None:
    """Prove to a page that this is the coreg that let it in.

    It asks before it comes back: by then another program may have the port. Each
    line proves it to the pages of one seat: which of them asks is not asked.
    """
    if scope["type"] != "http" or scope["path"] != "/known":
        return None
    nonce = asked.field(scope["query_string"], NONCE_FIELD)
    if nonce is None:
        return None
    told = f"coreg known {nonce}".encode()
    proofs = guests.proofs(our_cookies(scope, guests), told)
    return PlainTextResponse("\n".join(proofs))
