"""A stand-in for the server: it says what a test tells it to, and keeps what it heard.

For states that are hard to reach for real (a lost strap, a recording that stopped) and
for clocks that must be known exactly. It serves the pages with the same content
security policy and answers pings; everything else is the test's.
"""

import json
import mimetypes
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from coreg.base import clock
from coreg.facts.events import NS_PER_S
from coreg.web.wire.incoming import parse
from coreg.web.wire.readers import BadMessage

STATIC = Path(__file__).resolve().parents[2] / "coreg" / "web" / "static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws://{host}; media-src 'none'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)

Message = dict[str, Any]

PLAIN_STATE: Message = {
    "type": "state",
    "v": 1,
    "screen": "home",
    "simulated": False,
    "source": "straps",
    "couple": {"A": {"name": "Ada"}, "B": {"name": "Bo"}},
    "turn": None,
    "practice": {
        "name": "relaxed-and-alert",
        "title": "Relaxed and alert",
        "minutes": 19,
        "length": "usual",
        "lengths": {"shorter": 10, "usual": 19, "longer": 30},
    },
    "block": None,
    "paused": False,
    "breath": None,
    "next_breath": None,
    "notices": [],
    "recording": {"ok": True, "words": ""},
    "ending": None,
    "sound": False,
    "straps": [],
    "pause": None,
    "look": None,
    "choices": [],
    "without_breathing": False,
    "pace": {"way": "six", "per_min": 6.0, "in_out": "40:60", "may_find": False},
    "pacing": None,
    "asks": False,
    "taps": False,
    "settings": {"sound": False, "warmth": True},
}


class StandInServer:
    """Serves the pages, holds one state for all of them, and keeps what they send."""

    def __init__(self, port: int = 0, *, ahead_s: float = 0.0) -> None:
        self._ahead_s = ahead_s
        self.state = dict(PLAIN_STATE)
        self.heard: list[Message] = []
        self.answers = True  # as the server does, once what was asked for is kept
        self.refuses: dict[str, str] = {}  # why, by the type of a message
        self.agreed: Message | None = None  # what whoever asks agreed to
        self.evenings: list[Message] = []
        self.not_understood: list[str] = []  # what the real server would refuse
        self.on_message: Callable[[Message], None] = lambda _: None
        self._lines: set[ServerConnection] = set()
        self._server: Server = serve(
            self._talk, "127.0.0.1", port, process_request=self._page
        )
        self.port: int = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}/"

    def now_s(self) -> float:
        """The stand-in's own clock, which pages have to find out."""
        return clock.monotonic_ns() / NS_PER_S + self._ahead_s

    def close(self) -> None:
        """Go away, as a server that is stopped; pages have kept to what may be sent."""
        for line in list(self._lines):
            line.close(code=1001)
        self._server.shutdown()
        self._thread.join()
        assert self.not_understood == []

    def show(self, **changes: Any) -> None:
        """Change the state and tell every page."""
        self.state |= changes
        self.tell(self._told_state())

    def tell(self, message: Message) -> None:
        """Send a message to every page."""
        text = json.dumps(message)
        for line in list(self._lines):
            try:
                line.send(text)
            except ConnectionClosed:
                self._lines.discard(line)

    def breathe(
        self, t_s: float, *, period_s: float = 10.0, inhale_s: float = 4.0
    ) -> Message:
        """Announce one breath to every page, and return it."""
        breath = {"t_s": t_s, "period_s": period_s, "inhale_s": inhale_s}
        self.tell({"type": "breath", **breath})
        return breath

    def messages(self, kind: str) -> list[Message]:
        """What pages sent of one type, oldest first."""
        return [message for message in self.heard if message["type"] == kind]

    def _told_state(self) -> Message:
        return {**self.state, "server_s": self.now_s()}

    def _talk(self, line: ServerConnection) -> None:
        self._lines.add(line)
        try:
            line.send(json.dumps(self._told_state()))
            for text in line:
                self._read(text)
                self._hear(line, json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self._lines.discard(line)

    def _read(self, text: str | bytes) -> None:
        try:
            parse(str(text))
        except BadMessage as error:
            self.not_understood.append(f"{text!r} {error}")

    def _hear(self, line: ServerConnection, message: Message) -> None:
        if message["type"] == "ping":
            pong = {"type": "pong", "id": message["id"], "server_s": self.now_s()}
            line.send(json.dumps(pong))
            return
        number = message.pop("id", None)
        if message["type"] == "own-consent":
            agreed = self.agreed
        else:
            self.heard.append(message)
            agreed = None
        self.on_message(message)
        # What one's own page asks for is not to be kept: it is answered all the same.
        is_answered = self.answers or message["type"] == "own-consent"
        if number is None or not is_answered:
            return
        if why := self.refuses.get(message["type"]):
            answer = {"type": "refused", "why": why, "id": number}
        else:
            answer = {"type": "taken", "id": number, "agreed": agreed}
        line.send(json.dumps(answer))

    def _page(self, line: ServerConnection, request: Request) -> Response | None:
        del line
        path = request.path.split("?")[0]
        if path == "/ws":
            return None
        if path == "/healthz":
            return Response(HTTPStatus.NO_CONTENT, "No Content", Headers(), b"")
        if path == "/evenings":
            return _answer(json.dumps(self.evenings).encode(), "application/json", "")
        if path == "/places":
            path = "/static/places.json"
        name = "index.html" if path == "/" else path.removeprefix("/static/")
        file = STATIC / name
        if not file.is_file():
            return Response(HTTPStatus.NOT_FOUND, "Not Found", Headers(), b"")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        csp = CSP.format(host=f"127.0.0.1:{self.port}")
        return _answer(file.read_bytes(), kind, csp)


def _answer(body: bytes, kind: str, csp: str) -> Response:
    headers = Headers()
    headers["Content-Type"] = kind
    headers["Content-Length"] = str(len(body))
    headers["Connection"] = "close"
    if csp:
        headers["Content-Security-Policy"] = csp
    return Response(HTTPStatus.OK, "OK", headers, body)


def heart(partner: str | None, **changes: Any) -> Message:
    """A strap as `hearts` describes it, while nobody has to be told whose it is."""
    of_b = partner == "B"
    strap: Message = {
        "id": f"strap-{partner}",
        "name": "Strap",
        "model": "Garmin HRM-Dual" if of_b else "Polar H10",
        "ends": "91C0" if of_b else "4A2F",
        "partner": partner,
        "jumps": [],
        "arrives": True,
        "signal": "good",
        "words": "",
    }
    is_heard = changes.get("signal", "good") in {"good", "dry"}
    return strap | {"arrives": is_heard} | changes


def hearts(*straps: Message) -> Message:
    """A `hearts` message."""
    return {"type": "hearts", "straps": list(straps)}
