"""The door for phones: what of the house's network reaches the evening.

It stands beside the door of this computer (door.py) and is narrower:

1. exactly one Host header, and it is an address or the name that we listen at (421
   otherwise);
2. for a WebSocket, and for anything but reading, exactly one Origin, and it is that
   host under TLS; none and `null` are refused (403);
3. `/join` and the scripts are the same for everybody, and tell nothing;
4. whoever has no place asks only so often, each address and all of them (429): a phone
   that never stops asking keeps no other one out (phones/budget.py);
5. a code from the laptop's screen, posted there, gives the browser a cookie and the
   page a key, for the one place that the code is for (phones/join_codes.py);
6. without both nothing else answers. Only a person's own place or a light is reached
   here: what opens the laptop's own pages opens nothing, and no launch link does.
"""

from collections.abc import Callable

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from coreg.web.phones.budget import Allowance, Budget
from coreg.web.phones.join_codes import Why
from coreg.web.server import asked
from coreg.web.server.answered import deny, refused, with_headers
from coreg.web.server.door import our_cookies, proof_of, unless_keyed
from coreg.web.server.guests import Guest, Guests
from coreg.web.wire.named import Seat
from coreg.web.words import page_that_joins

PHONE_SEATS = (Seat.A, Seat.B, Seat.LIGHT)
COOKIE_LASTS_S = 12 * 60 * 60  # a phone may close its browser and open it again
JOIN_PATH = "/join"
_REFUSED_WITH = {Why.TOO_OFTEN: 429}

KNOCKS_OF_ONE = Allowance(at_once=60, again_s=0.25)
KNOCKS_OF_ALL = Allowance(at_once=600, again_s=0.025)

Join = Callable[[str, str], Guest | Why]
"""Takes a code and the address that it came from."""


class PhoneDoor:
    """Stands before the app where it is served to the house."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: tuple[str, ...],
        guests: Guests,
        join: Join,
        now_s: Callable[[], float],
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._guests = guests
        self._join = join
        self._now_s = now_s
        self._knocks = Budget(KNOCKS_OF_ONE, KNOCKS_OF_ALL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on to the app; either way with our headers."""
        if scope["type"] not in {"http", "websocket"}:
            return
        host = asked.header(scope, b"host") or ""
        is_ours = host in self._hosts
        send = with_headers(send, f"wss://{host}" if is_ours else "'none'")
        answer = await self._answer(scope, receive, host if is_ours else None)
        if answer is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await answer(scope, receive, send)
        else:
            await deny(answer, scope, receive, send)

    async def _answer(
        self, scope: Scope, receive: Receive, host: str | None
    ) -> Response | None:
        """Return the door's own answer; None where the app's own is due."""
        if host is None:
            return refused(scope, 421, "wrong-host")
        has_place = self._has_place(scope)
        if not (has_place or self._may_knock(scope)):
            return refused(scope, 429, "too-often")
        return await self._in_house(scope, receive, host, has_place=has_place)

    async def _in_house(
        self, scope: Scope, receive: Receive, host: str, *, has_place: bool
    ) -> Response | None:
        """Answer who came to our host, and not too often."""
        is_http = scope["type"] == "http"
        reads = is_http and scope["method"] in asked.READING
        if not reads and asked.header(scope, b"origin") != f"https://{host}":
            return refused(scope, 403, "foreign-origin")
        path: str = scope["path"]
        if is_http and path == JOIN_PATH:
            return await self._joined(scope, receive)
        if is_http and path.startswith("/static/"):
            return None
        if not has_place:
            return refused(scope, 403, "no-place")
        return (
            proof_of(scope, self._guests)
            or await unless_keyed(scope, receive, self._guests)
            or self._unless_a_phones(scope)
        )

    def _may_knock(self, scope: Scope) -> bool:
        return self._knocks.allows(_address(scope), self._now_s())

    def _has_place(self, scope: Scope) -> bool:
        return self._guests.has_cookie(our_cookies(scope, self._guests))

    def _unless_a_phones(self, scope: Scope) -> Response | None:
        """Refuse whoever came with what opens the laptop's own pages."""
        seat = scope.get("state", {}).get("seat")
        if asked.is_empty_page(scope) or seat in PHONE_SEATS:
            return None
        return refused(scope, 403, "not-at-this-seat")

    async def _joined(self, scope: Scope, receive: Receive) -> Response:
        """Give a place for a code; the page that has one posts it here."""
        if scope["method"] in asked.READING:
            return HTMLResponse(page_that_joins(asked.language(scope)))
        if scope["method"] != "POST":
            return Response(status_code=405)
        code = await asked.short_body(receive)
        given = self._join(code or "", _address(scope))
        if isinstance(given, Why):
            status = _REFUSED_WITH.get(given, 403)
            return JSONResponse({"why": given.value}, status_code=status)
        answer = JSONResponse({"page_key": given.page})
        answer.set_cookie(
            self._guests.cookie_name,
            given.cookie,
            max_age=COOKIE_LASTS_S,
            path="/",
            secure=True,
            httponly=True,
            samesite="strict",
        )
        return answer


def _address(scope: Scope) -> str:
    """Return where a request came from."""
    client: tuple[str, int] | None = scope.get("client")
    return client[0] if client else ""
