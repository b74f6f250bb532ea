"""Only this evening's own pages get in: each way around is tried, and refused."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from coreg.errors import CoregError
from coreg.web.server import asked
from coreg.web.server.asked import PAGE_KEY_FIELD, PAGE_KEY_HEADER
from coreg.web.server.launching import listen
from coreg.words import ENGLISH, Language, speak, spoken
from tests.helpers.evening_server import (
    LATE_S,
    Served,
    entered,
    page,
    protocols,
    served,
    simulated,
    taken_port,
)

Keys = dict[str, str]
Visit = Callable[[Served, httpx.AsyncClient, Keys], Awaitable[None]]
OF_AN_EVENING = "/evenings/20260301-193000-7f3a/page"
KEYED = ("/evenings", "/places", "/known", OF_AN_EVENING, "/no-such-thing")


def visit(data: Path, what: Visit) -> None:
    """Run one visit to a fresh server, with a client and what a page sends."""

    async def go() -> None:
        async with served(data) as at, httpx.AsyncClient() as client:
            await what(at, client, await entered(at))

    asyncio.run(go())


async def refusal(at: Served, headers: Mapping[str, str], *, origin: str | None) -> int:
    """Return the status with which a WebSocket of these keys is refused."""
    given = {name: headers[name] for name in ("Host", "Cookie") if name in headers}
    key = headers.get(PAGE_KEY_HEADER)
    try:
        async with connect(
            f"ws://{at.host}/ws",
            origin=origin,  # type: ignore[arg-type]
            additional_headers=given,
            subprotocols=None if key is None else protocols(key),
            proxy=None,
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def raw(at: Served, request: str) -> bytes:
    """Return what is answered to a request that no client tidies up."""
    host, port = at.host.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode("latin-1"))
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


def lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "127.0.0.1",
        "127.0.0.1:1",
        "[::1]",
        "",
        "localhost:PORT",  # another program may listen on its other address
    ],
)
def test_a_foreign_host_is_misdirected(tmp_path: Path, host: str) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        foreign = host.replace("PORT", at.host.split(":")[1])
        headers = {**good, "Host": foreign}
        for path in ("/", "/static/words.json", "/evenings", "/healthz"):
            answer = await client.get(at.origin + path, headers=headers)
            # An empty Host is no HTTP/1.1 at all.
            assert answer.status_code == (421 if host else answer.status_code)
            assert answer.status_code in {400, 421}
        if host:
            assert await refusal(at, headers, origin=f"http://{foreign}") in {400, 421}

    visit(tmp_path, what)


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://evil.example", "https://HOST", "http://127.0.0.1:1", ""],
)
def test_a_websocket_of_a_foreign_page_is_refused(
    tmp_path: Path, origin: str | None
) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
        given = origin.replace("HOST", at.host) if origin else origin
        assert await refusal(at, good, origin=given) == 403
        assert await refusal(at, good, origin=at.origin) == 101

    visit(tmp_path, what)


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1:1"]
)
def test_a_post_of_a_foreign_page_is_refused(
    tmp_path: Path, origin: str | None
) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        headers = good | ({"Origin": origin} if origin else {})
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            for path in ("/", OF_AN_EVENING):
                asked = client.request(method, at.origin + path, headers=headers)
                assert (await asked).status_code == 403
        own = good | {"Origin": at.origin}
        answer = await client.post(at.origin + "/", headers=own)
        assert answer.status_code == 405  # there is nothing to post to

    visit(tmp_path, what)


def test_without_the_cookie_nothing_answers_but_the_sign_of_life(
    tmp_path: Path,
) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        cookie = good["Cookie"]
        name = cookie.split("=", maxsplit=1)[0]
        for bad in ("", f"{name}=", f"{name}={'0' * 43}", "coreg=1", cookie[:-1], "=;"):
            headers = {**good, "Cookie": bad}
            for path in ("/", "/static/words.json", *KEYED):
                answer = await client.get(at.origin + path, headers=headers)
                assert answer.status_code == 403
                assert "Start coreg" in answer.text
            assert await refusal(at, headers, origin=at.origin) == 403
        assert (await client.get(at.origin + "/healthz")).status_code == 204

    visit(tmp_path, what)


def test_a_stolen_cookie_opens_an_empty_page_and_nothing_of_the_evening(
    tmp_path: Path,
) -> None:
    """A browser sends it to whatever listens on another port of this computer."""

    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        stolen = {"Cookie": good["Cookie"]}
        key = good[PAGE_KEY_HEADER]
        assert (await client.get(at.origin + "/", headers=stolen)).status_code == 200
        for wrong in (None, "", key[:-1], key.swapcase(), f"{key}x", good["Cookie"]):
            headers = stolen if wrong is None else stolen | {PAGE_KEY_HEADER: wrong}
            for path in KEYED:
                answer = await client.get(at.origin + path, headers=headers)
                assert answer.status_code == 403
                assert "page coreg opened" in answer.text
            form = {} if wrong is None else {PAGE_KEY_FIELD: wrong}
            answer = await client.post(
                at.origin + OF_AN_EVENING,
                headers=stolen | {"Origin": at.origin},
                data=form,
            )
            assert answer.status_code == 403
            if wrong is None or wrong == key[:-1]:
                assert await refusal(at, headers, origin=at.origin) == 403
        assert (
            await client.get(at.origin + "/places", headers=good)
        ).status_code == 200

    visit(tmp_path, what)


def test_whoever_has_the_pages_key_proves_it_without_saying_it(tmp_path: Path) -> None:
    """A page asks so whether it may come back, before it gives its key to anybody."""

    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        url, key = f"{at.origin}/known?nonce=one", good[PAGE_KEY_HEADER]
        cookie = {"Cookie": good["Cookie"]}
        answer = await client.get(url, headers=cookie)
        right = hmac.new(key.encode(), b"coreg known one", "sha256").hexdigest()
        assert (answer.status_code, answer.text) == (200, right)
        another = await client.get(f"{at.origin}/known?nonce=two", headers=cookie)
        assert another.text != right
        assert (await client.get(url)).status_code == 403

    visit(tmp_path, what)


def test_a_pages_key_opens_nothing_without_the_cookie_or_from_elsewhere(
    tmp_path: Path,
) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        key = {PAGE_KEY_HEADER: good[PAGE_KEY_HEADER]}
        for path in KEYED:
            answer = await client.get(at.origin + path, headers=key)
            assert answer.status_code == 403
            in_the_address = (
                f"{at.origin}{path}?{PAGE_KEY_FIELD}={good[PAGE_KEY_HEADER]}"
            )
            answer = await client.get(
                in_the_address, headers={"Cookie": good["Cookie"]}
            )
            assert answer.status_code == 403  # there it would lie in a history
        assert await refusal(at, key, origin=at.origin) == 403

    visit(tmp_path, what)


def test_the_form_that_opens_a_page_of_an_evening_is_short_and_comes_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "_FORM_WITHIN_S", 0.1)

    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
        form = f"{PAGE_KEY_FIELD}={good[PAGE_KEY_HEADER]}"
        too_long = f"{form}&more={'x' * 8000}"
        statuses = [
            (await raw(at, _posted(at, good, length, text))).split()[1]
            for length, text in (
                (len(form), form),
                (len(form) + 1, form),  # one more never comes
                (len(too_long), too_long),
                (len(form) + 12, form + "&a&b&c&d&e&f"),
            )
        ]
        assert statuses[0] == b"404"  # it is let in, and there is no such evening
        assert statuses[1:] == [b"403"] * 3

    visit(tmp_path, what)


def _posted(at: Served, good: Keys, length: int, form: str) -> str:
    return (
        f"POST {OF_AN_EVENING} HTTP/1.1\r\nHost: {at.host}\r\nOrigin: {at.origin}\r\n"
        f"Cookie: {good['Cookie']}\r\nContent-Length: {length}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
        + form
    )


ODD = [
    '=; =x; ;;; "',
    'json={"a": [1, 2], "b": "c;d"}',
    "name[with]=brackets; a@b=c; (comment)=1; tab\t=2",
    "$Version=1; $Path=/; caf\xe9=cr\xe8me",
    'quoted="unfinished',
    "=".join("abcdefgh"),
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_cookies_of_other_programs_lock_nobody_out(
    tmp_path: Path, odd: str
) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
        for cookies in (f"{odd}; {good['Cookie']}", f"{good['Cookie']}; {odd}"):
            headers = lines({**good, "Cookie": cookies, "Connection": "close"})
            request = f"GET /evenings HTTP/1.1\r\nHost: {at.host}\r\n{headers}\r\n"
            assert (await raw(at, request)).split()[1] == b"200"
            keys = {**good, "Cookie": cookies}
            assert await refusal(at, keys, origin=at.origin) == 101

    visit(tmp_path, what)


def test_many_cookies_and_one_of_ours_name_lock_nobody_out(tmp_path: Path) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        name = good["Cookie"].split("=", maxsplit=1)[0]
        others = "; ".join(f"other{number}={'x' * 3900}" for number in range(12))
        for cookies in (
            f"{others}; {good['Cookie']}",
            f"{name}=of-another; {good['Cookie']}; {name}=",
        ):
            keys = {**good, "Cookie": cookies}
            answer = await client.get(at.origin + "/evenings", headers=keys)
            assert answer.status_code == 200
            assert await refusal(at, keys, origin=at.origin) == 101

    visit(tmp_path, what)


def test_a_launch_link_opens_once_and_a_wrong_one_never(tmp_path: Path) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        again = await client.get(at.launch_url)  # `visit` has used it
        assert again.status_code == 403
        assert "once" in again.text
        for wrong in ("", "x", "%00", "a&launch=b", "&".join("abcdefgh")):
            for headers in ({}, good):
                answer = await client.get(
                    f"{at.origin}/?launch={wrong}", headers=headers
                )
                assert "coreg-page-key" not in answer.text
                assert "set-cookie" not in answer.headers

    visit(tmp_path, what)


def test_once_a_link_is_used_the_next_one_opens_one_more_page(tmp_path: Path) -> None:
    """Somebody closed the only tab, or wants a second one."""

    async def go() -> None:
        async with served(tmp_path) as at:
            first = await entered(at)
            while len(at.links) < 2:
                await asyncio.sleep(0.01)
            assert at.links[0] == at.launch_url
            second = await entered(replace(at, launch_url=at.links[1]))
            async with page(at, first) as one, page(at, second) as other:
                await one.screen("welcome")
                await other.screen("welcome")

    asyncio.run(go())


def test_a_link_that_is_fetched_ahead_is_not_used_up(tmp_path: Path) -> None:
    async def go() -> None:
        async with served(tmp_path) as at, httpx.AsyncClient() as client:
            ahead = {"Sec-Purpose": "prefetch;prerender"}
            for answer in (
                await client.get(at.launch_url, headers=ahead),
                await client.head(at.launch_url),
            ):
                assert answer.status_code == 403
                assert "set-cookie" not in answer.headers
            assert await entered(at)

    asyncio.run(go())


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


def test_what_opened_one_launch_opens_no_other(tmp_path: Path) -> None:
    """Whoever had the port in between may have caught all of it."""

    async def go() -> None:
        async with served(tmp_path / "one") as at:
            old = await entered(at)
        for data in (tmp_path / "one", tmp_path / "two"):
            async with served(data) as again, httpx.AsyncClient() as client:
                for path in ("/", *KEYED):
                    answer = await client.get(again.origin + path, headers=old)
                    assert answer.status_code == 403
                assert await refusal(again, old, origin=again.origin) == 403
                # Neither does half of it beside the other half of the new one.
                new = await entered(again)
                for half in old:
                    answer = await client.get(
                        again.origin + "/places", headers=new | {half: old[half]}
                    )
                    assert answer.status_code == 403

    asyncio.run(go())


def test_two_evenings_do_not_take_each_others_cookie_and_a_new_launch_replaces_it(
    tmp_path: Path,
) -> None:
    async def go() -> list[str]:
        names = []
        for data in ("one", "two", "one"):
            async with served(tmp_path / data) as at:
                names.append((await entered(at))["Cookie"].split("=")[0])
        return names

    one, two, one_again = asyncio.run(go())
    assert one != two
    assert one == one_again  # or a browser would gather one for each evening


def test_nothing_that_opens_the_pages_is_written_down(tmp_path: Path) -> None:
    async def go() -> Keys:
        async with served(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await one.screen("welcome")
            return good

    good = asyncio.run(go())
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert good["Cookie"].split("=")[1].encode() not in kept
    assert good[PAGE_KEY_HEADER].encode() not in kept


def test_every_answer_forbids_frames_foreign_scripts_and_guessing(
    tmp_path: Path,
) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        for path, host in (
            ("/static/words.json", at.host),
            ("/evenings", at.host),
            ("/no-such-page", at.host),
            ("/healthz", at.host),
            ("/", "evil.example"),
        ):
            headers = {**good, "Host": host}
            got = (await client.get(at.origin + path, headers=headers)).headers
            policy = got["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "base-uri 'none'" in policy
            assert "unsafe" not in policy
            assert got["x-frame-options"] == "DENY"
            assert got["x-content-type-options"] == "nosniff"
            assert got["referrer-policy"] == "same-origin"
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

    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
        headers = lines({"Host": at.host, **good, "Connection": "close"})
        answer = await raw(at, f"GET {path} HTTP/1.1\r\n{headers}\r\n")
        assert answer.split()[1] == b"404"
        for secret in (b"SQLite", b"root:", b"import "):
            assert secret not in answer

    visit(tmp_path, what)


def test_two_hosts_or_two_origins_are_none(tmp_path: Path) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
        keys = lines({**good, "Connection": "close"})
        for doubled in (
            f"Host: {at.host}\r\nHost: {at.host}\r\n",
            f"Host: {at.host}\r\nHost: evil.example\r\n",
        ):
            answer = await raw(at, f"GET /evenings HTTP/1.1\r\n{doubled}{keys}\r\n")
            status = answer.split()[1]
            assert status in {b"400", b"421"}

    visit(tmp_path, what)


def test_a_message_too_large_ends_that_page_and_no_other(tmp_path: Path) -> None:
    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
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
    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
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

    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
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
    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
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
    async def what(at: Served, _client: httpx.AsyncClient, good: Keys) -> None:
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
            assert closed.value.rcvd.code == 4013  # after which it does not come back

    visit(tmp_path, what)


def test_only_this_computer_is_listened_to(tmp_path: Path) -> None:
    with listen(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
    assert tmp_path.exists()


def test_the_port_is_another_one_each_time() -> None:
    """Whoever knew it could lie in wait there: a service worker stays in a browser."""
    with ExitStack() as held:
        ports = {held.enter_context(listen(None)).getsockname()[1] for _ in range(5)}
    assert len(ports) == 5
    with listen(None) as one_more:
        assert one_more.getsockname()[1] not in range(8367, 8377)  # as it once was


def test_a_taken_port_is_said_in_words() -> None:
    with taken_port() as port, pytest.raises(CoregError, match="--port"):
        listen(port)


def test_the_report_of_an_evening_may_use_its_own_style_and_nothing_else(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with simulated(tmp_path, speed=5000) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await one.screen("breathe")
                await one.say("press", press="finish")
                await one.screen("look-back")
            async with httpx.AsyncClient(headers=good, timeout=LATE_S) as client:
                (evening,) = (await client.get(at.origin + "/evenings")).json()
                assert evening["simulated"] is True
                joint = await client.get(at.origin + evening["page"])
                own = await client.get(f"{at.origin}/evenings/{evening['id']}/A")
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


def test_a_page_is_in_its_browser_s_language_and_a_cookie_alone_changes_no_voice(
    tmp_path: Path,
) -> None:
    async def what(at: Served, client: httpx.AsyncClient, good: Keys) -> None:
        german = {**good, "Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
        front = await client.get(at.origin + "/", headers=german)
        assert '<html lang="de">' in front.text
        words = await client.get(at.origin + "/static/words.json", headers=german)
        assert words.headers["content-language"] == "de"
        assert words.json()["nav"]["settings"] == "Einstellungen"
        assert "server" not in words.json()
        assert spoken() is ENGLISH
        async with connect(
            f"ws://{at.host}/ws",
            origin=at.origin,  # type: ignore[arg-type]
            additional_headers={
                name: german[name] for name in ("Cookie", "Accept-Language")
            },
            subprotocols=protocols(good[PAGE_KEY_HEADER]),
            proxy=None,
        ) as line:
            await line.recv()
            assert spoken() is Language.GERMAN

    try:
        visit(tmp_path, what)
    finally:
        speak(ENGLISH)


@pytest.mark.parametrize(
    ("asks", "language"),
    [
        ({"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}, Language.GERMAN),
        ({"Accept-Language": "en"}, Language.ENGLISH),
        ({"Accept-Language": "en", "Cookie": "coreg.language=de"}, Language.GERMAN),
        ({}, Language.ENGLISH),
    ],
)
@pytest.mark.parametrize("voice", list(Language))
def test_a_refusal_is_in_the_language_of_whoever_is_refused(
    tmp_path: Path, voice: Language, asks: Keys, language: Language
) -> None:
    async def what(at: Served, client: httpx.AsyncClient, _good: Keys) -> None:
        speak(voice)  # as the page that came last does
        for path, headers in {
            "/evenings": asks,
            "/": {**asks, "Host": "evil.example"},
            "/?launch=used": asks,
        }.items():
            answer = await client.get(at.origin + path, headers=headers)
            assert answer.status_code in {403, 421}
            assert f'<html lang="{language}">' in answer.text
        assert spoken() is voice

    try:
        visit(tmp_path, what)
    finally:
        speak(ENGLISH)
