"""One evening that cannot be opened is said so, and hides none of the others."""

import asyncio
import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from coreg.cli import main
from coreg.errors import SessionError, StorageUnusable
from coreg.facts.events import NS_PER_S, Tick
from coreg.findings.reading import summary_of
from coreg.report.page_format import PageFormat, Whose
from coreg.report.session import report_session
from coreg.report.wanted import Wanted
from coreg.store import database
from coreg.store.folder import data_folder
from coreg.store.library import began_utc, list_sessions, session_path
from coreg.store.plans import plan_text
from coreg.store.session_log import SessionLog
from coreg.web.evening.effects import Remove
from coreg.web.server.evening_store import EveningStore
from coreg.web.wire.named import Erasing
from coreg.web.words import say
from coreg.words import Language, speaking
from tests.helpers.evening_server import LATE_S, entered, page, served, simulated
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED
from tests.helpers.unreadable import SPOILS

FAST = 2000.0
ODD_ID = "20260302-200000-00b{}"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short evening of the simulated couple, whole."""

    async def go() -> Path:
        async with simulated(tmp_path_factory.mktemp("good"), speed=FAST) as at:
            async with page(at, await entered(at)) as one:
                await one.screen("breathe")
                await one.say("press", press="finish")
                await one.screen("look-back")
            return at.service.recorded[-1]

    return asyncio.run(go())


def with_good(good: Path, data: Path) -> tuple[Path, str]:
    """Lay the whole evening into a data folder; return that, and the evening's name."""
    folder = data_folder(data)
    session_path(folder, good.stem).write_bytes(good.read_bytes())
    return folder, good.stem


async def asked(data: Path, *paths: str) -> list[httpx.Response]:
    async with served(data) as at:
        headers = await entered(at)
        async with httpx.AsyncClient(headers=headers, timeout=LATE_S) as client:
            return [await client.get(at.origin + path) for path in paths]


def test_evenings_that_cannot_be_opened_are_listed_and_hide_no_other(
    good: Path, tmp_path: Path
) -> None:
    folder, whole = with_good(good, tmp_path)
    odd = {how: f"20260302-2000{n:02d}-000a" for n, how in enumerate(SPOILS)}
    for how, name in odd.items():
        SPOILS[how](good, session_path(folder, name))
    pages = (f"/evenings/{name}/page" for name in (*odd.values(), whole))
    answer, *refused, well = asyncio.run(asked(tmp_path, "/evenings", *pages))
    assert answer.status_code == 200
    listed: dict[str, Any] = {each["id"]: each for each in answer.json()}
    assert listed.keys() == {whole, *odd.values()}
    for (how, name), told in zip(odd.items(), refused, strict=True):
        assert listed[name]["words"] == say("cannot-open"), how
        assert listed[name]["when_utc"] is not None, how
        assert listed[name]["page"] is None, how
        assert told.status_code == 422, how
        assert say("cannot-open-page-title") in told.text, how
    assert listed[whole]["words"] == ""
    assert listed[whole]["practice"] == "Relaxed and alert"
    assert well.status_code == 200
    assert "Relaxed and alert" in well.text


def test_an_evening_that_another_program_holds_is_listed_and_hides_no_other(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_S", 0.01)
    folder, whole = with_good(good, tmp_path)
    held = session_path(folder, ODD_ID.format(2))
    held.write_bytes(good.read_bytes())
    with closing(sqlite3.connect(held, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        (answer,) = asyncio.run(asked(tmp_path, "/evenings"))
    words = {each["id"]: each["words"] for each in answer.json()}
    assert words == {whole: "", held.stem: say("cannot-open")}


def test_an_evening_that_is_taken_away_while_the_list_is_read_hides_no_other(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, whole = with_good(good, tmp_path)
    gone = session_path(folder, ODD_ID.format(3))
    monkeypatch.setattr(
        "coreg.store.library.list_session_files",
        lambda _: [session_path(folder, whole), gone],
    )
    (answer,) = asyncio.run(asked(tmp_path, "/evenings"))
    assert {each["id"] for each in answer.json()} >= {whole}


def test_a_fault_of_ours_in_one_line_hides_no_other(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = with_good(good, tmp_path)
    odd = session_path(folder, ODD_ID.format(4))
    odd.write_bytes(good.read_bytes())
    plan = "coreg.web.server.evenings.readable_plan"
    asked_for = iter((RecursionError("planted"), None))

    def parse(text: str) -> Any:
        from coreg.exercises.plan import readable_plan  # noqa: PLC0415

        if error := next(asked_for):
            raise error
        return readable_plan(text)

    monkeypatch.setattr(plan, parse)
    (answer,) = asyncio.run(asked(tmp_path, "/evenings"))
    words = [each["words"] for each in answer.json()]
    assert words == [say("cannot-open"), ""]


def spoiled(path: Path, change: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(change)
        db.commit()


async def line_and_page(data: Path) -> tuple[dict[str, Any], httpx.Response]:
    """Return the one line of the list, and the page that it leads to."""
    async with served(data) as at:
        headers = await entered(at)
        async with httpx.AsyncClient(headers=headers, timeout=LATE_S) as client:
            (line,) = (await client.get(at.origin + "/evenings")).json()
            while (answer := await client.get(at.origin + line["page"])).is_success:
                if answer.status_code == 200:
                    break
                await asyncio.sleep(0.2)
            return line, answer


def test_a_page_of_an_evening_that_is_damaged_half_way_shows_what_came_before(
    good: Path, tmp_path: Path
) -> None:
    folder, name = with_good(good, tmp_path)
    path = session_path(folder, name)
    spoiled(path, "UPDATE event SET payload = x'00' WHERE seq = 90")
    line, answer = asyncio.run(line_and_page(tmp_path))
    assert line["words"] == ""  # its beginning and end are whole: the list cannot know
    assert answer.status_code == 200
    assert "Part of this recording is damaged" in answer.text
    assert all(cold not in answer.text for cold in (path.name, "SQLite", "event 90"))


def test_an_evening_whose_end_is_damaged_is_listed_with_its_page_and_says_so(
    good: Path, tmp_path: Path
) -> None:
    folder, name = with_good(good, tmp_path)
    path = session_path(folder, name)
    last = "(SELECT max(seq) FROM event)"
    spoiled(path, f"UPDATE event SET payload = x'00' WHERE seq = {last}")  # noqa: S608
    line, answer = asyncio.run(line_and_page(tmp_path))
    assert line["words"] == say("damaged-part")
    assert line["state"] == "damaged"
    assert line["practice"] == "Relaxed and alert"
    assert answer.status_code == 200
    assert "Part of this recording is damaged" in answer.text


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.ENGLISH, "damaged"), (Language.GERMAN, "beschädigt")],
)
def test_a_page_of_an_evening_that_cannot_be_read_at_all_says_so_in_words_for_two(
    good: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: Language,
    said: str,
) -> None:
    """It was whole when the list was read."""
    folder, name = with_good(good, tmp_path)
    path = session_path(folder, name)

    def is_open(*_given: object) -> bool:
        path.write_bytes(b"no session any more")
        return True

    monkeypatch.setattr("coreg.web.server.evenings._is_open", is_open)

    async def go() -> httpx.Response:
        async with served(tmp_path) as at:
            headers = await entered(at)
            async with httpx.AsyncClient(headers=headers, timeout=LATE_S) as client:
                page = f"{at.origin}/evenings/{name}/page"
                while (answer := await client.get(page)).status_code == 202:
                    await asyncio.sleep(0.2)
                return answer

    with speaking(language):  # which the process that draws has to be told
        answer = asyncio.run(go())
    assert answer.status_code == 500
    assert said in answer.text
    assert all(cold not in answer.text for cold in (path.name, "SQLite", "checksum"))


def test_an_evening_whose_name_needs_quoting_opens_all_the_same(
    good: Path, tmp_path: Path
) -> None:
    folder = data_folder(tmp_path)
    name = "our best one? 100%"
    session_path(folder, name).write_bytes(good.read_bytes())

    async def go() -> tuple[dict[str, Any], httpx.Response]:
        async with served(tmp_path) as at:
            headers = await entered(at)
            async with httpx.AsyncClient(headers=headers, timeout=LATE_S) as client:
                (line,) = (await client.get(at.origin + "/evenings")).json()
                return line, await client.get(at.origin + line["page"])

    line, answer = asyncio.run(go())
    assert line["id"] == name
    assert answer.status_code == 200


def test_everything_is_erased_that_can_be_and_what_cannot_is_said(
    good: Path, tmp_path: Path
) -> None:
    folder, _ = with_good(good, tmp_path)
    for number, how in enumerate(SPOILS):
        SPOILS[how](good, session_path(folder, f"2026010{number % 9}-100000-{number}"))
    evening_store = EveningStore(folder)
    everything = Remove(what=Erasing.EVERYTHING, session_id=None, partner=None)
    with pytest.raises(StorageUnusable, match="cannot be erased"):
        evening_store.remove(everything)  # there is a folder among them
    left = [each.path for each in list_sessions(folder)]
    assert [path.is_dir() for path in left] == [True]


def test_a_name_says_when_its_evening_began_as_far_as_it_is_one_of_ours() -> None:
    assert began_utc("20260301-193000-7f3a") == "2026-03-01T19:30:00+00:00"
    for name in ("holiday", "20269901-193000-7f3a", "20260301", ""):
        assert began_utc(name) is None


def test_the_page_over_evenings_leaves_out_what_cannot_be_opened_and_says_so(
    good: Path, tmp_path: Path
) -> None:
    folder, whole = with_good(good, tmp_path)
    for number, how in enumerate(SPOILS):
        SPOILS[how](good, session_path(folder, f"20260101-1000{number:02d}-000a"))
    told: list[str] = []
    wanted = Wanted(
        pages=(Whose.EVENINGS_A,),
        formats=(PageFormat.HTML,),
        data_folder=folder,
        left_out=frozenset(),
        zone=dt.UTC,
    )
    path = session_path(folder, whole)
    (written,) = report_session(path, tmp_path, wanted, told.append).pages
    drawn = written.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    count = len(SPOILS)
    assert f"{count} evenings can’t be opened by this coreg" in drawn
    assert "marked for" not in drawn
    said = [words for words in told if words.startswith("20260101-")]
    assert len(said) == count
    assert any("newer coreg" in words for words in said)


def test_the_list_of_the_command_line_says_in_one_line_each_what_cannot_be_opened(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, whole = with_good(good, tmp_path)
    for number, how in enumerate(SPOILS):
        SPOILS[how](good, session_path(folder, f"20260101-1000{number:02d}-000a"))
    assert main(["sessions", "--data-dir", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(SPOILS) + 1
    (opens,) = [line for line in lines if line.startswith(whole)]
    assert "Relaxed and alert" in opens
    for line in lines:
        if line == opens:
            continue
        assert "cannot be" in line or "unreadable plan" in line


@pytest.mark.parametrize(
    "last_ns", [8 * 86_400 * NS_PER_S, 2**62], ids=["days", "ages"]
)
def test_a_session_that_lasts_for_ages_is_refused_before_it_takes_memory(
    tmp_path: Path, last_ns: int
) -> None:
    path = session_path(data_folder(tmp_path), ODD_ID.format(5))
    opened = changed(OPENED, plan_toml=plan_text("relaxed-and-alert"), steps_wait=True)
    with SessionLog.create(path, opened) as log:
        for tick in (Tick(t_ns=NS_PER_S), Tick(t_ns=last_ns)):
            log.append(tick, tick.t_ns)
    with pytest.raises(SessionError, match=r"lasts .+ days, .+ at most 7"):
        summary_of(path)
    assert [each.length_s for each in list_sessions(data_folder(tmp_path))] == [
        last_ns / NS_PER_S
    ]
