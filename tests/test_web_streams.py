"""A page without a WebSocket: the same messages, the same key, the same limits."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from coreg.web.server import page as page_of_server, streams
from coreg.web.server.asked import PAGE_KEY_HEADER
from coreg.web.server.hall import Hall
from coreg.web.server.hearing import Hearing
from coreg.web.server.page import BURST, FORGIVEN, PageConnection
from coreg.web.server.streams import LINE_HEADER
from coreg.web.wire.incoming import LARGEST_MESSAGE_BYTES
from tests.helpers.evening_server import LATE_S, Served, entered, served, simulated

Keys = dict[str, str]


@dataclass(slots=True)
class StreamClient:
    """A page that is told by events, and says by posts."""

    client: httpx.AsyncClient
    at: Served
    keys: Keys
    events: AsyncIterator[str]
    line: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def event(self) -> dict[str, str]:
        """The next event, whatever it is; comments are none."""
        async with asyncio.timeout(LATE_S):
            fields: dict[str, str] = {}
            async for text in self.events:
                name, _, value = text.partition(": ")
                if text and not text.startswith(":"):
                    fields[name] = value
                elif fields:
                    return fields
        return {}

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            event = await self.event()
            assert event, self.heard[-5:]
            self.heard.append(json.loads(event["data"]))
            if holds(self.heard[-1]):
                return self.heard[-1]

    async def post(self, text: str | bytes, **changed: str) -> int:
        headers = self.keys | {"Origin": self.at.origin, LINE_HEADER: self.line}
        answer = await self.client.post(
            self.at.origin + "/said", content=text, headers=headers | changed
        )
        return answer.status_code

    async def say(self, kind: str, **fields: object) -> int:
        return await self.post(json.dumps({"type": kind, **fields}))


@asynccontextmanager
async def streaming(at: Served, keys: Keys) -> AsyncIterator[StreamClient]:
    async with (
        httpx.AsyncClient(timeout=LATE_S) as client,
        client.stream("GET", at.origin + "/events", headers=keys) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        page = StreamClient(client, at, keys, answer.aiter_lines())
        first = await page.event()
        assert first["event"] == "line"
        page.line = first["data"]
        yield page


def visit(data: Path, what: Callable[[StreamClient], Awaitable[None]]) -> None:
    async def go() -> None:
        async with served(data) as at, streaming(at, await entered(at)) as page:
            await what(page)

    asyncio.run(go())


def test_a_stream_tells_and_a_post_says_what_a_socket_would(tmp_path: Path) -> None:
    async def go() -> None:
        async with (
            simulated(tmp_path, speed=20) as at,
            streaming(at, await entered(at)) as page,
        ):
            await page.until(lambda m: m["type"] == "breath")
            assert await page.say("press", press="pause") == 204
            paused = await page.until(lambda m: m["type"] == "state" and m["paused"])
            assert paused["screen"] == "pause"
            assert await page.say("ping", id=7) == 204
            assert (await page.until(lambda m: m["type"] == "pong"))["id"] == 7

    asyncio.run(go())


def test_what_is_not_understood_is_refused_to_that_page(tmp_path: Path) -> None:
    async def what(page: StreamClient) -> None:
        await page.until(lambda m: m["type"] == "state")
        assert await page.post('{"type": "no-such-thing", "id": 3}') == 204
        assert (await page.until(lambda m: m["type"] == "refused"))["id"] == 3
        assert await page.post(b"\xff") == 400

    visit(tmp_path, what)


def test_without_key_cookie_origin_or_line_nothing_is_heard(tmp_path: Path) -> None:
    async def what(page: StreamClient) -> None:
        ping = '{"type": "ping", "id": 1}'
        for changed, status in (
            ({PAGE_KEY_HEADER: "x"}, 403),
            ({"Cookie": "x=y"}, 403),
            ({"Origin": "null"}, 403),
            ({"Host": "evil.example"}, 421),
            ({LINE_HEADER: ""}, 410),
            ({LINE_HEADER: page.line[:-1]}, 410),
        ):
            assert await page.post(ping, **changed) == status
        for name in ("Cookie", PAGE_KEY_HEADER):
            keys = {key: value for key, value in page.keys.items() if key != name}
            answer = await page.client.get(page.at.origin + "/events", headers=keys)
            assert answer.status_code == 403
        assert await page.post(ping) == 204

    visit(tmp_path, what)


def test_a_line_ends_with_its_page_and_its_name_is_worth_nothing(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with served(tmp_path) as at:
            keys = await entered(at)
            async with streaming(at, keys) as page:
                name = page.line
            async with streaming(at, keys) as page:
                async with asyncio.timeout(LATE_S):
                    while await page.post("{}", **{LINE_HEADER: name}) != 410:
                        await asyncio.sleep(0.01)
                assert page.line != name

    asyncio.run(go())


def test_a_stream_in_too_much_haste_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_server, "EACH_S", 0.0)

    async def what(page: StreamClient) -> None:
        said = [await page.say("lively") for _ in range(BURST + FORGIVEN + 2)]
        assert said[-2:] == [429, 410]
        assert set(said[:-2]) == {204}

    visit(tmp_path, what)


def test_a_page_that_was_let_go_is_heard_no_more() -> None:
    """It is told nothing any more, so it could not even learn what became of it."""

    heard: list[object] = []

    class Heard:
        def ask(self, message: object, *_: object) -> None:
            heard.append(message)

    page = PageConnection()
    hearing = Hearing(cast("Hall", Heard()), page)
    assert hearing.hear('{"type": "lively"}')
    page.let_go()
    assert not hearing.hear('{"type": "lively"}')
    assert len(heard) == 1


def test_a_message_too_large_ends_the_line(tmp_path: Path) -> None:
    async def what(page: StreamClient) -> None:
        assert await page.post(b" " * (LARGEST_MESSAGE_BYTES + 1)) == 413
        while await page.event():
            pass

    visit(tmp_path, what)


def test_a_page_that_fell_silent_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "SILENT_S", 0.2)
    monkeypatch.setattr(streams, "_BEATS_EVERY_S", 0.05)

    async def what(page: StreamClient) -> None:
        while await page.event():
            pass
        assert await page.post("{}") == 410

    visit(tmp_path, what)


def test_a_stream_too_many_is_told_so(tmp_path: Path) -> None:
    async def go() -> None:
        async with served(tmp_path) as at, httpx.AsyncClient() as client:
            keys = await entered(at)
            at.hall._pages.update(object() for _ in range(16))  # type: ignore[misc]  # noqa: SLF001
            answer = await client.get(at.origin + "/events", headers=keys)
            assert "event: full" in answer.text
            at.hall._pages.clear()  # noqa: SLF001

    asyncio.run(go())
