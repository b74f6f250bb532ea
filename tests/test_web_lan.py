"""Phones come in over the house's network, each to one place, and by one code."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from coreg.web.phones.budget import Allowance
from coreg.web.phones.certificate import NAME
from coreg.web.phones.join_codes import TRIES_OF_ONE
from coreg.web.server import phone_door, tls
from coreg.web.server.asked import PAGE_KEY_HEADER
from coreg.web.server.lan import House
from coreg.web.wire.named import Seat
from coreg.web.words import say
from tests.helpers.evening_server import (
    LATE_S,
    PageClient,
    Served,
    entered,
    page,
    phones_of_tests,
    protocols,
    served,
)

Keys = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """A laptop, and a way into its network."""

    at: Served
    laptop: httpx.AsyncClient
    keys: Keys
    phone: httpx.AsyncClient
    trusted: ssl.SSLContext
    told: dict[str, Any]

    @property
    def origin(self) -> str:
        address: str = self.told["address"]
        return address

    async def phones(self, what: str = "") -> dict[str, Any]:
        """What the laptop's page is told, after it asked for this."""
        url = f"{self.at.origin}/phones{what}"
        headers = self.keys | {"Origin": self.at.origin}
        asked = self.laptop.post if what else self.laptop.get
        answer = await asked(url, headers=headers)
        assert answer.status_code == 200
        told: dict[str, Any] = answer.json()
        return told

    async def place(self, seat: str) -> dict[str, Any]:
        told = await self.phones()
        (place,) = [each for each in told["places"] if each["seat"] == seat]
        found: dict[str, Any] = place
        return found

    async def code(self, seat: str) -> str:
        return urlsplit(str((await self.place(seat))["address"])).fragment

    async def post(self, code: str, **headers: str) -> httpx.Response:
        return await self.phone.post(
            f"{self.origin}/join",
            content=code,
            headers={"Origin": self.origin} | headers,
        )

    async def join(self, seat: str) -> Keys:
        """Scan the code of a place; return what that phone then sends."""
        answer = await self.post(await self.code(seat))
        assert answer.status_code == 200, answer.text
        cookie = "; ".join(f"{k}={v}" for k, v in answer.cookies.items())
        self.phone.cookies.clear()
        return {"Cookie": cookie, PAGE_KEY_HEADER: answer.json()["page_key"]}

    async def refusal(self, keys: Keys, *, origin: str | None = None) -> int:
        """The status with which a phone's WebSocket is refused; 101: it is not."""
        try:
            async with self.socket(keys, origin=origin):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    def socket(self, keys: Keys, *, origin: str | None = None) -> connect:
        return connect(
            self.origin.replace("https", "wss") + "/ws",
            origin=origin or self.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": keys.get("Cookie", "")},
            subprotocols=protocols(keys.get(PAGE_KEY_HEADER, "")),
            ssl=self.trusted,
            proxy=None,
            max_queue=None,
        )


def at_home(
    data: Path, what: Callable[[AtHome], Awaitable[None]], *, house: House | None = None
) -> None:
    async def go() -> None:
        house_ = house or phones_of_tests()
        async with (
            served(data, house=house_) as at,
            httpx.AsyncClient(timeout=LATE_S) as laptop,
        ):
            keys = await entered(at)
            url, headers = f"{at.origin}/phones", keys
            told = (await laptop.get(url, headers=headers)).json()
            # Whoever trusts this very certificate finds that it names this address.
            trusted = ssl.create_default_context()
            if told["on"]:
                trusted.load_verify_locations(data / NAME)
            async with httpx.AsyncClient(verify=trusted, timeout=LATE_S) as phone:
                await what(
                    AtHome(
                        at=at, laptop=laptop, keys=keys, phone=phone, trusted=trusted,
                        told=told,
                    )
                )  # fmt: skip

    asyncio.run(go())


def test_a_phone_takes_a_place_and_hears_what_is_for_it(tmp_path: Path) -> None:
    async def what(home: AtHome) -> None:
        async with page(home.at, home.keys) as laptop:
            await laptop.screen("welcome")
            assert not (await home.place("A"))["taken"]
            keys = await home.join("A")
            said = say("phone-A")
            await laptop.state_when(
                lambda s: said in [n["words"] for n in s["notices"]]
            )
            async with home.socket(keys) as socket:
                a = PageClient(socket)
                assert (await a.screen("welcome"))["seat"] == "A"
                await laptop.state_when(lambda s: s["phones"] == ["A"])
                place = await home.place("A")
                assert (place["taken"], place["here"]) == (True, True)
                assert (place["address"], place["picture"]) == ("", "")
            assert await home.refusal(keys) == 101  # it comes back by its keys

    at_home(tmp_path, what)


def test_a_code_that_was_used_ended_or_guessed_opens_nothing(tmp_path: Path) -> None:
    async def what(home: AtHome) -> None:
        code = await home.code("A")
        for wrong, why in ((code[:-1], "unknown"), ("", "unknown")):
            answer = await home.post(wrong)
            assert (answer.status_code, answer.json()) == (403, {"why": why})
        assert (await home.post(code)).status_code == 200
        home.phone.cookies.clear()
        answer = await home.post(code)  # somebody photographed it
        assert (answer.status_code, answer.json()) == (403, {"why": "used"})
        assert "set-cookie" not in answer.headers
        tried = [
            (await home.post("x")).json()["why"] for _ in range(TRIES_OF_ONE.at_once)
        ]
        assert tried[-1] == "too-often"
        assert (await home.post(await home.code("B"))).status_code == 429

    at_home(tmp_path, what)


def test_whoever_took_a_place_that_is_freed_is_out(tmp_path: Path) -> None:
    async def what(home: AtHome) -> None:
        keys = await home.join("A")
        async with home.socket(keys) as socket:
            stolen = PageClient(socket)
            await stolen.screen("welcome")
            told = await home.phones("/free/A")
            assert [each["taken"] for each in told["places"]] == [False] * 3
            with pytest.raises(ConnectionClosed):
                await stolen.until(lambda _: False)
        assert await home.refusal(keys) == 403
        again = await home.join("A")
        assert again[PAGE_KEY_HEADER] != keys[PAGE_KEY_HEADER]
        assert await home.refusal(again) == 101

    at_home(tmp_path, what)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:PORT", "x"])
def test_a_foreign_host_is_misdirected_there_too(tmp_path: Path, host: str) -> None:
    async def what(home: AtHome) -> None:
        foreign = host.replace("PORT", str(urlsplit(home.origin).port))
        code = await home.code("A")
        assert (await home.post(code, Host=foreign)).status_code == 421
        for path in ("/", "/join", "/static/join.js"):
            answer = await home.phone.get(home.origin + path, headers={"Host": foreign})
            assert answer.status_code == 421

    at_home(tmp_path, what)


def test_only_a_page_from_there_may_post_or_open_a_socket(tmp_path: Path) -> None:
    async def what(home: AtHome) -> None:
        code = await home.code("A")
        http = home.origin.replace("https", "http")
        for origin in ("null", "https://evil.example", http, home.at.origin):
            assert (await home.post(code, Origin=origin)).status_code == 403
        keys = await home.join("A")
        for origin in ("null", "https://evil.example", http, home.at.origin):
            assert await home.refusal(keys, origin=origin) == 403
        assert await home.refusal(keys) == 101

    at_home(tmp_path, what)


def test_what_opens_the_laptops_pages_opens_nothing_there(tmp_path: Path) -> None:
    async def what(home: AtHome) -> None:
        for keys in ({}, home.keys, {"Cookie": home.keys["Cookie"]}):
            assert await home.refusal(keys) == 403
            for path in ("/evenings", "/lines", "/places", "/events", "/phones"):
                url = home.origin + path
                assert (await home.phone.get(url, headers=keys)).status_code == 403
        launch = f"{home.origin}/?{urlsplit(home.at.links[-1]).query}"
        answer = await home.phone.get(launch)
        assert answer.status_code == 403
        assert "coreg-page-key" not in answer.text
        keys = await home.join("light")
        for path in ("/phones", "/evenings", "/lines", "/window/both"):
            answer = await home.phone.get(home.origin + path, headers=keys)
            assert answer.status_code == 403

    at_home(tmp_path, what)


def test_nothing_older_than_tls_1_3_is_spoken_there(tmp_path: Path) -> None:
    async def what(home: AtHome) -> None:
        old = ssl.create_default_context(cafile=tmp_path / NAME)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        async with httpx.AsyncClient(verify=old) as phone:
            with pytest.raises(httpx.ConnectError):
                await phone.get(home.origin + "/join")
        assert (await home.phone.get(home.origin + "/join")).status_code == 200
        async with httpx.AsyncClient() as plain:
            with pytest.raises(httpx.HTTPError):
                await plain.get(home.origin.replace("https", "http") + "/join")

    at_home(tmp_path, what)


OFTEN = Allowance(at_once=1000, again_s=0.01)  # what counts here is how many at once


def test_whoever_only_connects_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "SHAKE_WITHIN_S", 60.0)
    monkeypatch.setattr(tls, "SHAKES_OF_ONE", OFTEN)

    async def what(home: AtHome) -> None:
        split = urlsplit(home.origin)
        silent = [
            await asyncio.open_connection(split.hostname, split.port)
            for _ in range(4 * tls.MOST_SHAKING)
        ]
        assert (await home.phone.get(home.origin + "/join")).status_code == 200
        async with asyncio.timeout(LATE_S):
            gone = [await each.read() for each, _ in silent[: 3 * tls.MOST_SHAKING]]
        assert set(gone) == {b""}
        for _, writer in silent:
            writer.close()

    at_home(tmp_path, what)


def test_one_phone_that_floods_keeps_no_other_from_a_handshake_or_a_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "SHAKE_WITHIN_S", 60.0)
    monkeypatch.setattr(tls, "SHAKES_OF_ONE", OFTEN)
    few = Allowance(at_once=5, again_s=600.0)
    monkeypatch.setattr(phone_door, "KNOCKS_OF_ONE", few)

    async def what(home: AtHome) -> None:
        split = urlsplit(home.origin)

        async def silent(address: str) -> asyncio.StreamReader:
            reader, writer = await asyncio.open_connection(
                split.hostname, split.port, local_addr=(address, 0)
            )
            opened.append(writer)
            return reader

        opened: list[asyncio.StreamWriter] = []
        slow = await silent("127.0.0.3")  # a phone whose handshake takes its time
        flood = [await silent("127.0.0.2") for _ in range(3 * tls.MOST_SHAKING)]
        async with asyncio.timeout(LATE_S):
            assert await flood[0].read() == b""
            assert await flood[tls.MOST_SHAKING].read() == b""
        assert not slow.at_eof()
        by_flood = httpx.AsyncHTTPTransport(
            verify=home.trusted, local_address="127.0.0.2"
        )
        async with httpx.AsyncClient(transport=by_flood, timeout=LATE_S) as other:
            statuses = [
                (await other.get(home.origin + "/join")).status_code
                for _ in range(few.at_once + 1)
            ]
            assert statuses == [200] * few.at_once + [429]
            told = await other.get(home.origin + "/join")
            assert say("too-often") in told.text
        assert (await home.post(await home.code("A"))).status_code == 200
        for writer in opened:
            writer.close()

    at_home(tmp_path, what)


def test_a_stranger_begins_a_handshake_only_so_often_and_who_has_joined_at_any_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Allowance(at_once=3, again_s=600.0)
    monkeypatch.setattr(tls, "SHAKES_OF_ONE", few)

    async def what(home: AtHome) -> None:
        split = urlsplit(home.origin)

        async def shaken_hands(address: str) -> bool:
            try:
                _, writer = await asyncio.open_connection(
                    split.hostname, split.port, local_addr=(address, 0),
                    ssl=home.trusted,
                )  # fmt: skip
            except OSError:
                return False
            writer.close()
            return True

        flood = [await shaken_hands("127.0.0.2") for _ in range(few.at_once + 2)]
        assert flood == [True] * few.at_once + [False] * 2
        await home.join("A")  # from another address
        assert all([await shaken_hands("127.0.0.1") for _ in range(few.at_once + 2)])

    at_home(tmp_path, what)


def test_it_is_off_until_somebody_asks_and_then_off_again(tmp_path: Path) -> None:
    async def what(home: AtHome) -> None:
        assert home.told == {
            "on": False, "words": "", "address": "", "fingerprint": "", "places": [],
        }  # fmt: skip
        on = await home.phones("/on")
        assert on["on"]
        split = urlsplit(on["address"])
        _, writer = await asyncio.open_connection(split.hostname, split.port)
        writer.close()
        assert not (await home.phones("/off"))["on"]
        with pytest.raises(OSError):  # noqa: PT011 - whichever way it is refused
            await asyncio.open_connection(split.hostname, split.port)

    at_home(tmp_path, what, house=phones_of_tests(is_on=False))


def test_where_there_is_no_network_of_the_house_it_says_so(tmp_path: Path) -> None:
    async def go() -> None:
        house = House(addresses=lambda: (), name="", is_on=True)
        async with served(tmp_path, house=house) as at, httpx.AsyncClient() as laptop:
            headers = await entered(at)
            told = (await laptop.get(f"{at.origin}/phones", headers=headers)).json()
            assert not told["on"]
            assert "Wi-Fi" in told["words"]

    asyncio.run(go())


def test_a_freed_place_is_not_kept_for_who_still_leaves(tmp_path: Path) -> None:
    async def what(home: AtHome) -> None:
        async with page(home.at, home.keys) as laptop:
            keys = await home.join("A")
            async with home.socket(keys) as socket:
                await PageClient(socket).screen("welcome")
                await laptop.state_when(lambda s: s["phones"] == ["A"])
                await home.phones("/free/A")
                await laptop.state_when(lambda s: s["phones"] == [])
                await socket.wait_closed()
            while home.at.hall.is_here(Seat.A):
                await asyncio.sleep(0.01)
            await laptop.say("names", A="Ada", B="Bo")
            assert (await laptop.turn("A"))["phones"] == []

    at_home(tmp_path, what)


def test_a_phone_with_many_pages_keeps_the_laptop_from_nothing(tmp_path: Path) -> None:
    async def what(home: AtHome) -> None:
        keys = await home.join("A")
        async with AsyncExitStack() as many:
            for _ in range(4):
                socket = await many.enter_async_context(home.socket(keys))
                await PageClient(socket).screen("welcome")
            one_more = await many.enter_async_context(home.socket(keys))
            await one_more.wait_closed()
            assert one_more.close_code == 4013
            async with page(home.at, home.keys) as laptop:
                await laptop.screen("welcome")

    at_home(tmp_path, what)
