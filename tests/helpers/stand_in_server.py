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
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

from coreg.base import clock
from coreg.facts.events import NS_PER_S
from coreg.web.server.asked import SUBPROTOCOL
from coreg.web.server.places import in_our_language, parse_places
from coreg.web.wire.incoming import (
    parse,
)
from coreg.web.wire.readers import BadMessage
from coreg.web.words import front_page, language_of, words_of_pages
from coreg.words import Language, speaking

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
    "couple": {
        "A": {"name": "Ada", "passcode_utc": "2026-03-01T19:00:00+00:00"},
        "B": {"name": "Bo", "passcode_utc": "2026-03-01T19:00:00+00:00"},
    },
    "turn": None,
    "scales": [],
    "first": "A",
    "practice": {
        "name": "relaxed-and-alert",
        "title": "Relaxed and alert",
        "minutes": 19,
        "length": "usual",
        "lengths": {"shorter": 10, "usual": 19, "longer": 30},
        "asks": "What would be good today? For you, for them, for the two of you.",
        "is_led": True,
    },
    "block": None,
    "paused": False,
    "breath": None,
    "next_breath": None,
    "notices": [],
    "recording": {"ok": True, "words": ""},
    "ending": None,
    "straps": [],
    "pause": None,
    "look": None,
    "sat": None,
    "read": [],
    "unfinished": None,
    "loose_ends": [],
    "home_plan": None,
    "with_therapist": False,
    "therapist_hears": False,
    "choices": [],
    "without_breathing": False,
    "pace": {"way": "six", "per_min": 6.0, "in_out": "40:60", "may_find": False},
    "pacing": None,
    "asks": False,
    "taps": False,
    "closing": "",
    "settings": {"warmth": True, "bell": True},
}


NO_PASSCODES = {
    "A": {"name": "Ada", "passcode_utc": None},
    "B": {"name": "Bo", "passcode_utc": None},
}
OF_ONES_OWN = {
    "own-consent",
    "choose-passcode",
    "enter-passcode",
    "lock-again",
    "own-lines",
}
"""What is asked for one person alone, and changes nothing of the evening."""


class StandInServer:
    """Serves the pages, holds one state for all of them, and keeps what they send."""

    def __init__(
        self, port: int = 0, *, ahead_s: float = 0.0, files_are_kept: bool = False
    ) -> None:
        self._ahead_s = ahead_s
        self._files_are_kept = files_are_kept
        self._begin()
        self._lines: set[ServerConnection] = set()
        self._server: Server = serve(
            self._talk,
            "127.0.0.1",
            port,
            process_request=self._page,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
        )
        self.port: int = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def _begin(self) -> None:
        """Be as one that nobody has told or asked anything."""
        self.state = dict(PLAIN_STATE)
        self.heard: list[Message] = []
        self.answers = True  # as the server does, once what was asked for is kept
        self.refuses: dict[str, str] = {}  # why, by the type of a message
        self.agreed: Message | None = None  # what whoever asks agreed to
        self.passcodes: list[str] = []
        self.answers_passcodes = True
        self.locked = 0  # how often a page locked what it had unlocked
        self._unanswered: list[tuple[ServerConnection, Message]] = []
        self.wrong_tries = 0
        self.wait_s: float | None = None  # where it refuses a passcode
        self.phones: Message = {  # of the house: nobody lets them in
            "on": False,
            "words": "",
            "address": "",
            "fingerprint": "",
            "places": [],
        }
        self.lines: list[Message] = []  # what somebody wrote, as they are shown it
        self.unread = 0
        self.shares = {"may_share": False, "wish_shared": False}  # no therapist's book
        self.sentences = {  # on the hearts of an evening
            "said-page": "Your hearts moved together more than chance would have it.",
            "said-A": "Your heart was slower for part of the time.",
        }
        self.pages: dict[str, str] = {}  # that stand by themselves, by their path
        self.evenings: list[Message] = []
        self.our_lines: list[Message] = []  # what they read to each other
        self.not_understood: list[str] = []  # what the real server would refuse
        self.on_message: Callable[[Message], None] = lambda _: None

    def begin_anew(self) -> None:
        """Forget what it was told and what it heard; no page is there any more."""
        assert self.not_understood == []
        self._begin()

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
        is_asked = message["type"] in OF_ONES_OWN
        self.locked += message["type"] == "lock-again"
        if not is_asked:
            self.heard.append(message)
        self.on_message(message)
        # What one's own page asks for is not to be kept: it is answered all the same.
        if number is None or not (self.answers or is_asked):
            return
        if why := self.refuses.get(message["type"]):
            answer = {"type": "refused", "why": why, "id": number}
            answer["wait_s"] = self.wait_s
        else:
            answer = {"type": "taken", "id": number, **self._own(message)}
        if "passcode" in message and not self.answers_passcodes:
            self._unanswered.append((line, answer))
            return
        line.send(json.dumps(answer))

    def answer_passcodes(self) -> None:
        """Answer those that were given meanwhile."""
        for line, answer in self._unanswered:
            line.send(json.dumps(answer))

    def _own(self, message: Message) -> Message:
        """What is told of somebody's own things, to that one who asks."""
        match message["type"]:
            case "own-consent":
                return {"agreed": self.agreed}
            case "choose-passcode" | "enter-passcode":
                self.passcodes.append(message["passcode"])
                unlocked = {"ticket": "a-ticket", "wrong_tries": self.wrong_tries}
                unlocked |= {"last_utc": "2026-11-14T19:40:00Z", "closed_until": ""}
                return {"unlocked": unlocked}
            case "choose-passphrase" | "recover":
                return {"recovery_key": "CA9Q-42BW-5CMD-6VP0-7FXK-G1DB-S5SN"}
            case "own-lines" | "change-own-line" | "delete-own-line" | "say-happened":
                own = {"lines": self.lines, "unread": self.unread}
                return {"own": own | self.shares}
        return {}

    def _told(self, path: str, language: Language) -> Response | None:
        """What is told at an address, where it is no file."""
        if (of := path.rpartition("/")[2]) in self.sentences:
            body = self.sentences[of].encode()
            return _answer(body, "text/html; charset=utf-8", "")
        if (alone := self.pages.get(path)) is not None:
            return _answer(alone.encode(), "text/html; charset=utf-8", "", language)
        told: Any
        match path:
            case "/evenings":
                told = self.evenings
            case "/lines":
                told = self.our_lines
            case "/static/words.json":
                told = words_of_pages(language)
            case "/phones":
                told = self.phones
            case "/places":
                told = _places(language)
            case _:
                return None
        return _answer(json.dumps(told).encode(), "application/json", "", language)

    def _page(self, line: ServerConnection, request: Request) -> Response | None:
        del line
        path = request.path.split("?")[0]
        if path == "/ws":
            return None
        if path == "/known":  # it lets everybody in
            return Response(HTTPStatus.NO_CONTENT, "No Content", Headers(), b"")
        language = _language(request)
        if (told := self._told(path, language)) is not None:
            return told
        name = "index.html" if path == "/" else path.removeprefix("/static/")
        file = STATIC / name
        if not file.is_file():
            return Response(HTTPStatus.NOT_FOUND, "Not Found", Headers(), b"")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        csp = CSP.format(host=f"127.0.0.1:{self.port}")
        body = file.read_bytes() if path != "/" else front_page(language).encode()
        answer = _answer(body, kind, csp)
        if self._files_are_kept and path != "/":
            answer.headers["Cache-Control"] = "max-age=3600"
        return answer


def _places(language: Language) -> Message:
    listed = parse_places((STATIC / "places.json").read_text("utf-8"))
    with speaking(language):
        return in_our_language(listed).told()


def _language(request: Request) -> Language:
    cookies = SimpleCookie(request.headers.get("Cookie", ""))
    said = {name: morsel.value for name, morsel in cookies.items()}
    return language_of(said, request.headers.get("Accept-Language", ""))


def _answer(body: bytes, kind: str, csp: str, language: str = "en") -> Response:
    headers = Headers()
    headers["Content-Language"] = language
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
