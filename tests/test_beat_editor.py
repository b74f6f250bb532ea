"""The beat editor's server: what is seen is saved, and nobody else gets in."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from coreg.cli import main
from coreg.errors import BadCorrectionsError
from coreg.findings import corrected as findings
from coreg.findings.corrected import correctable
from coreg.findings.recording import figures_of
from coreg.sensors.recordings.reading import read_recording
from coreg.store.corrections import KeptBeside, corrections_path, sha256_of
from coreg.web.server.beat_editor import BeatEditor
from tests.helpers.beat_editor import ServedEditor, editing, kept_at

WITHIN_S = 20.0
Visit = Callable[[ServedEditor, ClientConnection], Awaitable[None]]
DELETE = {"do": "delete", "beat": 31, "last": 31, "t_s": 24.3}


def with_an_extra_beat(folder: Path) -> Path:
    """A recording with a beat that was none, at 24.3 s."""
    rr_ms = [800.0] * 120
    rr_ms[30:31] = [300.0, 500.0]
    return kept_at(folder / "rest.txt", rr_ms)


@pytest.fixture
def rest(tmp_path: Path) -> Path:
    """Such a recording."""
    return with_an_extra_beat(tmp_path)


async def told(line: ClientConnection, kind: str) -> dict[str, Any]:
    """The next of this type that a page is told."""
    async with asyncio.timeout(WITHIN_S):
        while (found := json.loads(await line.recv()))["type"] != kind:
            pass
    return dict(found)


def visit(recording: Path, what: Visit, *, left_alone_s: float = 60) -> None:
    """Run one visit of a page to a fresh editor."""

    async def go() -> None:
        async with (
            editing(recording, left_alone_s=left_alone_s) as at,
            at.line(await at.keys()) as line,
        ):
            await what(at, line)

    asyncio.run(go())


def test_what_a_page_is_told_is_in_the_file_already_and_every_page_is_told(
    rest: Path,
) -> None:
    async def what(at: ServedEditor, line: ClientConnection) -> None:
        was = rest.read_bytes()
        async with at.line(await at.keys()) as other:
            await told(other, "beats")
            assert not at.file.exists()
            await line.send(json.dumps(DELETE))
            for each in (line, other):
                change = await told(each, "change")
                assert 'do = "delete"' in at.file.read_text(encoding="utf-8")
                assert (change["at"], change["out"]) == (30, 2)
                assert change["into"]["rr_ms"] == [800.0]
                assert (change["done"], change["undone"]) == (1, 0)
        assert rest.read_bytes() == was

    visit(rest, what)


def test_figures_of_before_and_after_follow(rest: Path) -> None:
    async def what(at: ServedEditor, line: ClientConnection) -> None:
        first = await told(line, "figures")
        assert not any(row["changed"] for row in first["rows"])
        await line.send(json.dumps(DELETE))
        after = await told(line, "figures")
        while after["done"] != 1:
            after = await told(line, "figures")
        rows = {row["name"]: row for row in after["rows"]}
        assert rows["rmssd_ms"]["after"] == "0.000"
        assert "made by hand" in after["cautions"][0]
        assert at.editor.has_pages

    visit(rest, what)


def test_what_was_done_is_there_when_the_editor_is_opened_again(rest: Path) -> None:
    async def first(_at: ServedEditor, line: ClientConnection) -> None:
        await line.send(json.dumps(DELETE))
        await told(line, "change")

    async def second(_at: ServedEditor, line: ClientConnection) -> None:
        beats = await told(line, "beats")
        assert beats["beats"]["rr_ms"] == [800.0] * 120
        assert beats["done"] == 1
        await line.send(json.dumps({"do": "undo"}))
        change = await told(line, "change")
        assert change["into"]["rr_ms"] == [300.0, 500.0]

    visit(rest, first)
    visit(rest, second)
    assert "correction" not in corrections_path(rest).read_text().split("beats_sha")[1]


def test_what_cannot_be_done_is_said_to_who_asked_and_changes_nothing(
    rest: Path,
) -> None:
    async def what(at: ServedEditor, line: ClientConnection) -> None:
        await line.send(json.dumps({**DELETE, "beat": 99}))
        assert "no beat 99" in (await told(line, "refused"))["words"]
        assert not at.file.exists()

    visit(rest, what)


def test_nothing_of_somebody_else_is_written_over(rest: Path) -> None:
    async def what(at: ServedEditor, line: ClientConnection) -> None:
        await line.send(json.dumps(DELETE))
        await told(line, "change")
        at.file.write_text("# mine\n", encoding="utf-8")
        await line.send(json.dumps({"do": "undo"}))
        assert "changed elsewhere" in (await told(line, "refused"))["words"]
        assert at.file.read_text(encoding="utf-8") == "# mine\n"

    visit(rest, what)


def test_where_nothing_can_be_written_no_page_is_told_that_it_was(rest: Path) -> None:
    async def what(at: ServedEditor, line: ClientConnection) -> None:
        at.file.mkdir()  # whoever may write everywhere cannot write a file there
        await line.send(json.dumps(DELETE))
        await told(line, "refused")
        assert not at.editor.editing.done

    visit(rest, what)


def test_corrections_of_another_recording_open_no_editor(rest: Path) -> None:
    async def what(_at: ServedEditor, line: ClientConnection) -> None:
        await line.send(json.dumps(DELETE))
        await told(line, "change")

    visit(rest, what)
    with rest.open("a", encoding="utf-8") as file:
        file.write("\n800")
    with pytest.raises(BadCorrectionsError, match="another recording"):
        BeatEditor(
            correctable(read_recording(rest), sha256_of(rest)),
            KeptBeside(corrections_path(rest)),
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"do": "erase"}',
        '{"do": "delete"}',
        '{"do": "delete", "beat": true, "last": 3, "t_s": 1}',
        '{"do": "delete", "beat": 3, "last": 3, "t_s": "1"}',
        '{"do": "delete", "beat": 3, "last": 3, "t_s": 1e999}',
        '{"do": "delete", "beat": 3, "last": 3, "t_s": NaN}',
        '{"do": {"a": 1}}',
        '{"do": "undo", "why": "' + 2000 * "x" + '"}',
        2000 * "[",
    ],
)
def test_what_no_page_of_ours_sends_ends_that_line(rest: Path, text: str) -> None:
    async def what(at: ServedEditor, line: ClientConnection) -> None:
        await told(line, "beats")
        await line.send(text)
        with pytest.raises(ConnectionClosed) as ended:
            await told(line, "nothing of this kind")
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 1008
        async with at.line(await at.keys()) as other:
            assert (await told(other, "beats"))["done"] == 0

    visit(rest, what)


# --- faults of ours -----------------------------------------------------------


class Once:
    """Stands in for a function, and fails the first time."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.has_failed = False

    def __call__(self, *given: Any, **named: Any) -> Any:
        if not self.has_failed:
            self.has_failed = True
            raise ZeroDivisionError("planted")
        return self._function(*given, **named)


def test_a_fault_in_the_figures_is_noted_and_the_next_ones_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing = Once(figures_of)
    monkeypatch.setattr(findings, "figures_of", failing)

    async def what(_at: ServedEditor, line: ClientConnection) -> None:
        await told(line, "beats")
        async with asyncio.timeout(WITHIN_S):
            while not failing.has_failed:
                await asyncio.sleep(0.01)
        await line.send(json.dumps(DELETE))
        assert (await told(line, "figures"))["done"] == 1

    visit(with_an_extra_beat(tmp_path), what)
    assert "planted" in caplog.text


@pytest.mark.parametrize(
    ("of", "name"), [(BeatEditor, "hear"), (WebSocket, "send_text")]
)
def test_a_fault_on_one_editors_line_closes_it_and_no_other(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    of: type,
    name: str,
) -> None:
    async def what(at: ServedEditor, line: ClientConnection) -> None:
        await told(line, "figures")  # the last that it is told by itself
        failing = Once(getattr(of, name))

        def once(*given: Any) -> Any:  # a function is a method, an object is none
            return failing(*given)

        monkeypatch.setattr(of, name, once)
        async with at.line(await at.keys()) as other:
            await other.send(json.dumps({"do": "undo"}))
            with pytest.raises(ConnectionClosed) as ended:
                await told(other, "nothing of this kind")
            assert ended.value.rcvd is not None
            assert ended.value.rcvd.code == 1011
        await line.send(json.dumps(DELETE))
        assert (await told(line, "change"))["done"] == 1

    visit(with_an_extra_beat(tmp_path), what)
    assert "planted" in caplog.text


# --- who gets in --------------------------------------------------------------


async def refused(at: ServedEditor, **given: Any) -> int:
    """Return the status with which a line of this kind is refused."""
    try:
        async with connect(f"ws://{at.host}/ws", proxy=None, **given):
            return 101
    except InvalidStatus as answer:
        return answer.response.status_code


def test_no_other_site_program_or_guess_gets_a_line(rest: Path) -> None:
    async def what(at: ServedEditor, _line: ClientConnection) -> None:
        keys = await at.keys()
        cookie = {"Cookie": keys["Cookie"]}
        right = at.line(keys)
        async with right:
            pass
        protocols = ["coreg", f"coreg.page.{keys['Coreg-Page']}"]
        wrong = ["coreg", "coreg.page.guess"]
        all_right = {
            "origin": at.origin,
            "additional_headers": cookie,
            "subprotocols": protocols,
        }
        changes: list[dict[str, Any]] = [
            {"origin": "http://evil.example"},
            {"origin": "null"},
            {"origin": None},
            {"additional_headers": {}},
            {"subprotocols": wrong},
            {"subprotocols": ["coreg"]},
        ]
        for changed in changes:
            assert await refused(at, **(all_right | changed)) == 403, changed

    visit(rest, what)


def test_no_other_name_leads_there_and_a_link_opens_one_page_once(rest: Path) -> None:
    async def what(at: ServedEditor, _line: ClientConnection) -> None:
        link = at.links[-1]
        async with httpx.AsyncClient() as client:
            foreign = await client.get(
                f"{at.origin}/", headers={"Host": "evil.example"}
            )
            assert foreign.status_code == 421
            assert (await client.get(f"{at.origin}/")).status_code == 403
            first = await client.get(link)
            assert first.status_code == 200
            policy = first.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self'" in policy
            assert (await client.get(link)).status_code == 403
            posted = await client.post(f"{at.origin}/ws", json=DELETE)
            assert posted.status_code == 403

    visit(rest, what)


# --- its end ------------------------------------------------------------------


def test_it_ends_once_its_last_page_was_closed_and_not_before_one_came(
    rest: Path,
) -> None:
    async def go() -> None:
        async with editing(rest, left_alone_s=0.3) as at:
            await asyncio.sleep(0.8)
            assert not at.stop.is_set()  # nobody came yet
            keys = await at.keys()
            async with at.line(keys) as line:
                await told(line, "beats")
            async with at.line(keys) as line:  # a reload takes less
                await told(line, "beats")
                await asyncio.sleep(0.8)
                assert not at.stop.is_set()
            async with asyncio.timeout(WITHIN_S):
                await at.stop.wait()

    asyncio.run(go())


def test_no_editor_opens_where_its_corrections_could_not_be_kept(
    rest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = rest.parent / "no such folder" / "c.toml"
    given = ["analyze", str(rest), "--edit", "--no-browser", "--corrections"]
    assert main([*given, str(nowhere)]) == 1
    told = capsys.readouterr()
    assert "cannot be written" in told.err
    assert "saved in" not in told.out + told.err
    assert "http" not in told.out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--edit", "--json"], "--json does not go with --edit"),
        (["--edit", "--out", "x"], "--out does not go with --edit"),
        (["--no-browser"], "--no-browser needs --edit"),
        (["--against", "x"], "--against needs --corrections"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    rest: Path, capsys: pytest.CaptureFixture[str], given: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["analyze", str(rest), *given])
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err
