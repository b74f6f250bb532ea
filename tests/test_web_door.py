"""Only this evening's own pages get in: each way around is tried, and refused."""

import asyncio
import json
import stat
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from coreg.errors import CoregError
from coreg.web.server.app import listen
from coreg.web.server.door import page_secret
from tests.helpers.evening_server import (
    LATE_S,
    Served,
    cookie,
    page,
    served,
    simulated,
    taken_port,
)

Visit = Callable[[Served, httpx.AsyncClient, str], Awaitable[None]]


def visit(data: Path, what: Visit) -> None:
    """Run one visit to a fresh server, with a client and a good cookie."""

    async def go() -> None:
        async with served(data) as at, httpx.AsyncClient() as client:
            await what(at, client, await cookie(at))

    asyncio.run(go())


async def refusal(at: Served, headers: Mapping[str, str | None]) -> int:
    """Return the status with which a WebSocket with these headers is refused."""
    given = {k: v for k, v in headers.items() if v is not None and k != "Origin"}
    try:
        async with connect(
            f"ws://{at.host}/ws",
            origin=headers.get("Origin"),  # type: ignore[arg-type]
            additional_headers=given,
            proxy=None,
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "[::1]", ""],
)
def test_a_foreign_host_is_misdirected(tmp_path: Path, host: str) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: str) -> None:
        for path in ("/", "/static/words.json", "/evenings", "/healthz"):
            headers = {"Host": host, "Cookie": good}
            answer = await client.get(at.origin + path, headers=headers)
            # An empty Host is no HTTP/1.1 at all.
            assert answer.status_code == (421 if host else answer.status_code)
            assert answer.status_code in {400, 421}
        headers = {"Host": host, "Cookie": good, "Origin": f"http://{host}"}
        if host:
            assert await refusal(at, headers) in {400, 421}

    visit(tmp_path, what)


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://evil.example", "https://HOST", "http://127.0.0.1:1", ""],
)
def test_a_websocket_of_a_foreign_page_is_refused(
    tmp_path: Path, origin: str | None
) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: str) -> None:
        given = origin.replace("HOST", at.host) if origin else origin
        assert await refusal(at, {"Origin": given, "Cookie": good}) == 403
        assert await refusal(at, {"Origin": at.origin, "Cookie": good}) == 101

    visit(tmp_path, what)


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example"])
def test_a_post_of_a_foreign_page_is_refused(
    tmp_path: Path, origin: str | None
) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: str) -> None:
        headers = {"Cookie": good} | ({"Origin": origin} if origin else {})
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            answer = await client.request(method, at.origin + "/", headers=headers)
            assert answer.status_code == 403
        own = {"Cookie": good, "Origin": at.origin}
        answer = await client.post(at.origin + "/", headers=own)
        assert answer.status_code == 405  # there is nothing to post to

    visit(tmp_path, what)


def test_without_the_cookie_nothing_answers_but_the_sign_of_life(
    tmp_path: Path,
) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: str) -> None:
        name = good.split("=", maxsplit=1)[0]
        for bad in ("", f"{name}=", f"{name}={'0' * 64}", "coreg=1", good[:-1], "=;="):
            for path in ("/", "/static/words.json", "/evenings", "/evenings/x/page"):
                answer = await client.get(at.origin + path, headers={"Cookie": bad})
                assert answer.status_code == 403
                assert "Start coreg" in answer.text
            assert await refusal(at, {"Origin": at.origin, "Cookie": bad}) == 403
        assert (await client.get(at.origin + "/healthz")).status_code == 204

    visit(tmp_path, what)


def test_a_launch_token_opens_once_and_a_wrong_one_never(tmp_path: Path) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: str) -> None:
        again = await client.get(at.launch_url)  # `visit` has used it
        assert again.status_code == 403
        assert "once" in again.text
        for wrong in ("", "x", "%00", "a&launch=b", "&".join("abcdefgh")):
            answer = await client.get(f"{at.origin}/?launch={wrong}")
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
        inside = await client.get(at.launch_url, headers={"Cookie": good})
        assert inside.status_code == 303  # a page that is in loses only the token

    visit(tmp_path, what)


def test_the_cookie_is_for_this_browser_and_this_program_alone(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with served(tmp_path) as at, httpx.AsyncClient() as client:
            answer = await client.get(at.launch_url)
        given = answer.headers["set-cookie"].lower()
        assert "httponly" in given
        assert "samesite=strict" in given
        assert "path=/" in given
        assert "domain" not in given

    asyncio.run(go())


def test_the_cookie_outlives_the_server_and_opens_no_other_evening(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with served(tmp_path / "one") as at:
            good = await cookie(at)
        async with served(tmp_path / "one") as again, httpx.AsyncClient() as client:
            headers = {"Cookie": good}
            answer = await client.get(again.origin + "/evenings", headers=headers)
            assert answer.status_code == 200
        async with served(tmp_path / "two") as other, httpx.AsyncClient() as client:
            answer = await client.get(other.origin + "/evenings", headers=headers)
            assert answer.status_code == 403
            both = {"Cookie": f"{good}; {await cookie(other)}"}
            answer = await client.get(other.origin + "/evenings", headers=both)
            assert answer.status_code == 200

    asyncio.run(go())


def test_the_secret_is_for_this_user_alone_and_made_anew_where_it_is_damaged(
    tmp_path: Path,
) -> None:
    secret = page_secret(tmp_path)
    path = tmp_path / "page-secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert page_secret(tmp_path) == secret
    path.write_bytes(b"short")
    assert len(page_secret(tmp_path)) == 32
    assert page_secret(tmp_path) != secret


def test_every_answer_forbids_frames_foreign_scripts_and_guessing(
    tmp_path: Path,
) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: str) -> None:
        for path, host in (
            ("/static/words.json", at.host),
            ("/evenings", at.host),
            ("/no-such-page", at.host),
            ("/healthz", at.host),
            ("/", "evil.example"),
        ):
            headers = {"Cookie": good, "Host": host}
            got = (await client.get(at.origin + path, headers=headers)).headers
            policy = got["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "base-uri 'none'" in policy
            assert "unsafe" not in policy
            assert got["x-frame-options"] == "DENY"
            assert got["x-content-type-options"] == "nosniff"
            assert got["referrer-policy"] == "no-referrer"
            assert got["cross-origin-resource-policy"] == "same-origin"
            assert "server" not in got
            assert "access-control-allow-origin" not in got

    visit(tmp_path, what)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../auth.py",
        "/static/%2e%2e/auth.py",
        "/static/..%2fauth.py",
        "/static//etc/passwd",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
        "/evenings/..%2f..%2flibrary.db/page",
        "/evenings/%2e%2e/page",
        "/evenings/%2fetc%2fpasswd/page",
        "/evenings/20260301-193000-7f3a/page",
        "/evenings/x/..%2fpage",
        "/evenings/x/C",
    ],
)
def test_no_path_leads_out_of_its_folder(tmp_path: Path, path: str) -> None:
    """Sent raw: a client that tidies the path up would hide the attack."""

    async def what(at: Served, _client: httpx.AsyncClient, good: str) -> None:
        host, port = at.host.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {at.host}\r\nCookie: {good}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        assert answer.split()[1] == b"404"
        for secret in (b"SQLite", b"root:", b"import "):
            assert secret not in answer

    visit(tmp_path, what)


def test_two_hosts_or_two_origins_are_none(tmp_path: Path) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: str) -> None:
        host, port = at.host.split(":")
        for doubled in (
            f"Host: {at.host}\r\nHost: {at.host}\r\n",
            f"Host: {at.host}\r\nHost: evil.example\r\n",
        ):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(
                f"GET /evenings HTTP/1.1\r\n{doubled}Cookie: {good}\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            status = (await reader.read()).split()[1]
            writer.close()
            await writer.wait_closed()
            assert status in {b"400", b"421"}

    visit(tmp_path, what)


def test_a_message_too_large_ends_that_page_and_no_other(tmp_path: Path) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: str) -> None:
        async with page(at, good) as other, page(at, good) as one:
            await one.hear()
            await one.send("x" * (65 * 1024))
            with pytest.raises(ConnectionClosed) as closed:
                await one.until(lambda _m: False)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009
            await other.hear()
            await other.say("ping", id=1)
            await other.until(lambda m: m["type"] == "pong")

    visit(tmp_path, what)


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{", '{"type":"nothing"}', '{"type":"press"}', b"\x00\xff"],
)
def test_an_unknown_message_is_refused_and_changes_nothing(
    tmp_path: Path, text: str | bytes
) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: str) -> None:
        async with page(at, good) as one:
            await one.hear()
            before = at.service.evening
            await one.send(text)
            refused = await one.until(lambda m: m["type"] == "refused")
            assert refused["why"]
            assert at.service.evening == before

    visit(tmp_path, what)


@pytest.mark.parametrize(
    "newer",
    [
        {"type": "turn-taking", "turns": 3},
        {"type": "press", "press": "swirl"},
        {"type": "go", "screen": "settings", "softly": True},
        {"type": "go", "screen": "library"},
        {"type": "names", "A": {"name": "Ada"}, "B": {"name": "Bo"}},
    ],
)
def test_a_page_newer_than_its_server_is_refused_and_goes_on(
    tmp_path: Path, newer: dict[str, object]
) -> None:
    """Somebody went back to an older coreg while a page was open."""

    async def what(at: Served, _client: httpx.AsyncClient, good: str) -> None:
        async with page(at, good) as one:
            await one.hear()
            before = at.service.evening
            await one.send(json.dumps(newer | {"id": 7}))
            refused = await one.until(lambda m: m["type"] == "refused")
            assert refused["id"] == 7  # whoever asked on that page hears of it
            assert at.service.evening == before
            await one.say("go", screen="settings")
            await one.screen("settings")

    visit(tmp_path, what)


def test_a_page_in_too_much_haste_is_let_go(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: str) -> None:
        async with page(at, good) as one:
            await one.hear()
            with pytest.raises(ConnectionClosed) as closed:
                await asyncio.gather(
                    *(one.say("ping", id=number) for number in range(1000)),
                    one.until(lambda _m: False),
                )
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008

    visit(tmp_path, what)
    assert "a fault of coreg itself" not in caplog.text  # it is the page's doing


def test_no_more_pages_than_anybody_needs(tmp_path: Path) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: str) -> None:
        async with AsyncExitStack() as pages:
            opened = [
                await pages.enter_async_context(page(at, good)) for _ in range(16)
            ]
            for each in opened:
                await each.hear()
            one_more = await pages.enter_async_context(page(at, good))
            with pytest.raises(ConnectionClosed) as closed:
                await one_more.hear()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1013

    visit(tmp_path, what)


def test_only_this_computer_is_listened_to(tmp_path: Path) -> None:
    with listen(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
    assert tmp_path.exists()


def test_a_taken_port_is_said_in_words() -> None:
    with taken_port() as port, pytest.raises(CoregError, match="--port"):
        listen(port)


def test_the_report_of_an_evening_may_use_its_own_style_and_nothing_else(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with simulated(tmp_path, speed=5000) as at:
            good = await cookie(at)
            async with page(at, good) as one:
                await one.screen("breathe")
                await one.say("press", press="finish")
                await one.screen("look-back")
            async with httpx.AsyncClient(
                headers={"Cookie": good}, timeout=LATE_S
            ) as client:
                (evening,) = (await client.get(at.origin + "/evenings")).json()
                assert evening["simulated"] is True
                joint = await client.get(at.origin + evening["page"])
                own = await client.get(at.origin + evening["own"]["A"])
        for answer in (joint, own):
            assert answer.status_code == 200
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; style-src 'sha256-")
            assert "frame-ancestors 'none'" in policy
            assert policy.split("'")[3] in answer.text  # the page's own says the same
        assert 'class="b"' in joint.text
        assert 'class="b"' not in own.text
        assert "B, beats/min" not in own.text

    asyncio.run(go())
