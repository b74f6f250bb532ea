"""What coreg itself does wrong is said in words, and takes nothing else with it."""

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from coreg.cli import main
from coreg.facts.events import Opened, Partner
from coreg.findings import reading
from coreg.report import session, write_page as pages
from coreg.report.page_format import PageFormat, Whose
from coreg.report.pages.session import own_page
from coreg.report.paper.typeset import Typeset
from coreg.report.session import report_session
from coreg.report.undrawn import Report
from coreg.report.wanted import Wanted
from coreg.store.folder import data_folder
from coreg.store.reader import State, check_session
from coreg.words import say
from tests.helpers.hostile import PLAIN, Evening, Stretch, inputs_of, recorded, sound
from tests.helpers.openings import changed
from tests.test_command_line import ROOT, environment, listed_in

NOT_LOST = say("report.progress.not_lost")
UNDRAWN = say("report.progress.undrawn")

HTML = (PageFormat.HTML,)


class Planted(Exception):
    """A fault that is not foreseen anywhere."""


def fails(*_: object) -> NoReturn:
    raise Planted("here")


def two_minutes(opened: Opened) -> Evening:
    heart: tuple[Stretch, ...] = (
        Stretch(lasts_s=120.0, every_s=0.83, packets=sound(830, 0.05)),
    )
    straps = dict.fromkeys(Partner, heart)
    return Evening(opened=opened, straps=straps, others=(), stops_s=120.0)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two minutes of two sound hearts."""
    folder = data_folder(tmp_path_factory.mktemp("data"))
    return recorded(PLAIN, inputs_of(two_minutes(PLAIN)), folder)


def drawn(
    evening: Path,
    out: Path,
    *whose: Whose,
    formats: tuple[PageFormat, ...] = HTML,
) -> Report:
    wanted = Wanted(
        pages=whose,
        formats=formats,
        data_folder=evening.parents[1],
        left_out=frozenset(),
        zone=dt.UTC,
    )
    return report_session(evening, out, wanted, lambda _: None)


def said(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_drawn_says_so_and_the_others_are_drawn(
    evening: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def for_b_alone(*given: object) -> object:
        return fails() if given[1] is Partner.A else own_page(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(session, "own_page", for_b_alone)
    report = drawn(evening, tmp_path, Whose.A, Whose.B, Whose.EVENINGS_A)
    of_a, of_b, over = map(said, report.pages)
    assert UNDRAWN in of_a
    assert NOT_LOST in of_a
    assert UNDRAWN not in of_b + over
    assert "Your heart" in of_b
    assert [(each.whose, type(each.error)) for each in report.undrawn] == [
        (Whose.A, Planted)
    ]


def test_a_format_that_cannot_be_drawn_takes_no_other_format_with_it(
    evening: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[object] = []

    def the_first_time(*given: object) -> object:
        tries.append(given)
        return fails() if len(tries) == 1 else Typeset(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(pages, "Typeset", the_first_time)
    formats = (PageFormat.SVG, PageFormat.HTML)
    report = drawn(evening, tmp_path, Whose.A, formats=formats)
    instead, whole = map(said, report.pages)
    assert UNDRAWN in instead
    assert UNDRAWN not in whole
    assert [each.whose for each in report.undrawn] == [Whose.A]


def test_a_session_that_cannot_be_computed_has_pages_of_words(
    evening: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "summarise", fails)
    every = (Whose.THERAPIST, Whose.A, Whose.B, Whose.JOINT, Whose.EVENINGS_B)
    report = drawn(evening, tmp_path, *every, formats=tuple(PageFormat))
    assert len(report.pages) == len(every) * len(PageFormat)
    for page in report.pages:
        assert page.suffix in {".pdf", ".png"} or UNDRAWN in said(page)
    assert [each.whose for each in report.undrawn] == list(every)


def test_the_command_draws_the_others_keeps_the_traceback_and_ends_with_one(
    evening: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(session, "therapist_page", fails)
    data = str(evening.parents[1])
    asked = f"report last --pages therapist,B --format html --out {tmp_path}"
    assert main([*asked.split(), "--data-dir", data]) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        str(tmp_path / f"{evening.stem}.html"),
        str(tmp_path / f"{evening.stem}-B.html"),
    ]
    assert "Traceback" in told.err
    assert "Planted: here" in told.err
    assert told.err.splitlines()[-1].startswith("coreg: The page therapist couldn’t")


def test_one_evening_at_fault_is_left_out_of_the_page_over_evenings(
    evening: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = changed(PLAIN, session_id="20260101-193000-7f3a", seed=1)
    folder = evening.parents[1]
    first = recorded(before, inputs_of(two_minutes(before)), folder)
    summary_of = reading.summary_of

    def but_for_the_first(path: Path) -> object:
        return fails() if path == first else summary_of(path)

    monkeypatch.setattr(session, "summary_of", but_for_the_first)
    report = drawn(evening, tmp_path, Whose.EVENINGS_A)
    first.unlink()
    assert not report.undrawn
    (over,) = map(said, report.pages)
    assert "1 evening can’t be opened" in over.replace("\N{NO-BREAK SPACE}", " ")


HEADLESS = """
import sys
import coreg.{module} as module
from coreg.cli import main
true, seen = module.{name}, []
def planted(*given, **named):
    seen.append(given)
    if len(seen) > {after}:
        raise ZeroDivisionError("planted")
    return true(*given, **named)
module.{name} = planted
sys.exit(main(sys.argv[1:]))
"""


def headless(
    data: Path, *arguments: str, module: str, name: str, after: int
) -> subprocess.CompletedProcess[str]:
    """`coreg practice` of the simulated couple in which one function breaks."""
    code = HEADLESS.format(module=module, name=name, after=after)
    asked = "practice --simulate --headless --speed 100000 --minutes 1"
    return subprocess.run(
        [sys.executable, "-c", code, *asked.split(), *arguments],
        cwd=ROOT,
        env=environment(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_fault_of_the_engine_leaves_the_log_whole_and_says_so_below_its_traceback(
    tmp_path: Path,
) -> None:
    ended = headless(tmp_path, module="session.calm_watch", name="rest_bpm", after=1)
    (listed,) = listed_in(tmp_path)
    assert ended.returncode == 1
    assert "ZeroDivisionError: planted" in ended.stderr
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("A fault in coreg, shown above, ended this practice.")
    assert f"coreg check {listed['id']}" in last
    assert listed["state"] == "interrupted"
    assert listed["length_s"] == 180.0  # it broke where arriving was over
    (path,) = (tmp_path / "sessions").iterdir()
    checked = check_session(path)
    assert checked.state is State.INTERRUPTED
    assert checked.words == f"ok: {checked.events} events (interrupted)"


def test_a_fault_of_drawing_leaves_the_session_whole_and_ends_with_one(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    ended = headless(
        *(tmp_path / "data", "--out", str(out)),
        module="report.charts.session",
        name="draw_hearts",
        after=0,
    )
    (listed,) = listed_in(tmp_path / "data")
    assert ended.returncode == 1
    assert listed["state"] == "whole"
    assert ended.stdout.splitlines()[0] == listed["id"]
    assert len(ended.stdout.splitlines()) == 4
    assert UNDRAWN in said(out / f"{listed['id']}.html")
    assert "ZeroDivisionError: planted" in ended.stderr
