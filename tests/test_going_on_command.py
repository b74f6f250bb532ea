"""`coreg practice --go-on`: without pages, a practice goes on where it broke off."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from coreg.base import clock
from coreg.cli import main, practise
from coreg.facts.events import (
    Ended,
    Ending,
    Opened,
    Resumed,
    Source,
    WentOn,
)
from coreg.facts.opened import PracticeChosen
from coreg.session.opening import identity, opening
from coreg.session.sources import SessionSource, simulated_hearts
from coreg.store.folder import data_folder
from coreg.store.left import leave
from coreg.store.library import session_path
from coreg.store.reader import State, read_session
from coreg.store.session_log import SessionLog
from tests.helpers.evening_server import entered, served
from tests.helpers.living import couple_of, live
from tests.helpers.short_plans import BREATHING
from tests.test_going_on import logged

BEGAN = dt.datetime(2026, 3, 1, 19, 30, tzinfo=dt.UTC)
BROKE_OFF_S = 171.0


def worn() -> SessionSource:
    """Two straps, as far as a practice can tell."""
    hearts = simulated_hearts(seed=4, speed=100_000)
    return replace(hearts, kind=Source.STRAPS)


def begins(*, steps_wait: bool = False) -> Opened:
    chosen = PracticeChosen(
        plan_toml=BREATHING,
        breathing_min=0.0,
        steps_wait=steps_wait,
        ends_with_source=False,
    )
    return opening(identity(BEGAN, "7f3a", consent="given"), worn(), chosen)


def test_what_begins_now_says_that_it_goes_by_labels_and_ticks() -> None:
    assert begins().practice.by_labels
    assert begins().straps.by_ticks


def break_off(folder: Path, opened: Opened) -> Path:
    """Record what came until the power went."""
    lived = live(couple_of(3), opened, until_s=BROKE_OFF_S)
    path = session_path(folder, opened.identity.session_id)
    with SessionLog.create(path, opened) as log:
        for each in logged(lived.inputs)[1:]:
            log.append(each.fact, each.t_ns)
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    @asynccontextmanager
    async def straps(*_given: object, **_named: object) -> AsyncIterator[SessionSource]:
        yield worn()

    monkeypatch.setattr(practise, "strap_hearts", straps)
    later = BEGAN + dt.timedelta(minutes=10)
    monkeypatch.setattr(clock, "utc_now", lambda: later)
    return data_folder(tmp_path / "data")


def go_on(folder: Path, *more: str) -> int:
    return main(["practice", "--go-on", "--headless", "--data-dir", str(folder), *more])


def test_it_goes_on_by_itself_and_ends_whole_and_the_page_says_so(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = break_off(folder, begins())
    out = tmp_path / "out"
    assert go_on(folder, "--out", str(out)) == 0
    said = capsys.readouterr()
    assert "back where it broke off" in said.err
    assert said.out.splitlines()[0] == path.stem
    session = read_session(path)
    assert session.state is State.WHOLE
    facts = [each.fact for each in session.events]
    (went_on,) = [each for each in facts if isinstance(each, WentOn)]
    assert went_on.is_timed
    assert went_on.t_s == pytest.approx(600.0, abs=0.01)
    (resumed,) = [each for each in facts if isinstance(each, Resumed)]
    assert resumed.t_s - went_on.t_s < 1.0
    (ended,) = [each for each in facts if isinstance(each, Ended)]
    assert ended.ending is Ending.COMPLETE
    page = (out / f"{path.stem}.html").read_text(encoding="utf-8")
    told = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "coreg stopped; it went on 7 minutes later" in told
    assert main(["replay", "last", "--data-dir", str(folder)]) == 0
    assert "identical" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("nothing", "nothing to pick up"),
        ("pages", "was started on the pages"),
        ("long ago", "more than an hour ago"),
        ("left", "nothing to pick up"),
        ("other straps", "the straps you began with"),
        ("simulated", "a made-up couple"),
    ],
)
def test_what_does_not_go_on_is_said_and_left_as_it_is(
    folder: Path,
    why: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = begins(steps_wait=why == "pages")
    if why == "other straps":
        straps = replace(opened.straps, streams=("Polar H9", "Polar H10"))
        opened = replace(opened, straps=straps)
    if why == "simulated":
        couple = replace(opened.couple, source=Source.SIMULATED)
        opened = replace(opened, couple=couple)
    path = None if why == "nothing" else break_off(folder, opened)
    if why == "long ago":
        later = BEGAN + dt.timedelta(hours=2)
        monkeypatch.setattr(clock, "utc_now", lambda: later)
    if why == "left":
        assert path is not None
        leave(path)
    before = path.read_bytes() if path else b""
    assert go_on(folder) == 1
    assert words in capsys.readouterr().err
    assert (path.read_bytes() if path else b"") == before


def test_a_new_practice_says_first_that_one_could_go_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = break_off(folder, begins())
    again = ["practice", "--headless", "--data-dir", str(folder)]
    assert main(again) == 0
    assert f"{path.stem} stopped halfway" in capsys.readouterr().err
    assert main(again) == 0
    assert "halfway" not in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--simulate"], ["--replay", "a", "b"]])
def test_only_hearts_in_straps_go_on(
    folder: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert go_on(folder, *more) == 1
    assert "--go-on needs straps" in capsys.readouterr().err


def test_with_pages_home_offers_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["practice", "--go-on", "--data-dir", str(folder)]) == 1
    assert "Add --headless" in capsys.readouterr().err


def test_last_and_newest_are_what_was_recorded_last_though_the_clock_was_set_back(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = ("--data-dir", str(folder))
    ids = []
    for day in (3, 1, 2):  # the clock was set back after the first
        now = dt.datetime(2026, 5, day, 19, 0, tzinfo=dt.UTC)
        monkeypatch.setattr(clock, "utc_now", lambda now=now: now)
        assert main(["practice", "--headless", *data]) == 0
        ids.append(capsys.readouterr().out.strip())
    assert sorted(ids) != ids
    assert main(["check", "last", *data]) == 0
    assert capsys.readouterr().out.startswith(ids[-1])
    assert main(["sessions", *data]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == ids

    async def newest_first() -> list[str]:
        async with served(folder) as at:
            keys = await entered(at)
            async with httpx.AsyncClient(headers=keys) as client:
                told = (await client.get(f"{at.origin}/evenings")).json()
                return [each["id"] for each in told]

    assert asyncio.run(newest_first()) == ids[::-1]
