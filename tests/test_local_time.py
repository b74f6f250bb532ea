"""Files say UTC; whoever reads a page or a list reads the clock on the wall."""

import datetime as dt
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coreg.base.clock import HERE
from coreg.base.local_time import local
from coreg.cli import main
from coreg.facts.events import Partner
from coreg.findings.evenings import evening, over_evenings
from coreg.findings.summary import SessionSummary, read_in, summarise
from coreg.findings.together import together
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words.session import date, day
from coreg.store.audit import Line, What
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from tests.helpers.couples import SHORT_BLOCKS, Planted, couple, opened_by
from tests.helpers.hostile import PLAIN, Evening, Stretch, inputs_of, recorded, sound
from tests.helpers.openings import changed

AUCKLAND = dt.timezone(dt.timedelta(hours=13), "NZDT")
NEAR_MIDNIGHT = changed(opened_by(1), opened_utc="2026-11-01T23:14:00+00:00")


def summary() -> SessionSummary:
    planted = Planted(seed=8, coupling=0.9, blocks=SHORT_BLOCKS)
    return read_in(summarise(NEAR_MIDNIGHT, couple(planted)), AUCKLAND)


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put this computer in Berlin (POSIX.1-2017, 8.3: TZ)."""
    if not hasattr(time, "tzset"):
        pytest.skip("zones by TZ are of POSIX")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_berlin")
def test_here_is_summer_in_summer_and_winter_in_winter() -> None:
    summer, winter = (
        local(f"2026-{month}-01T23:30:00+00:00", HERE) for month in ("07", "01")
    )
    assert f"{summer:%d %H:%M %Z}" == "02 01:30 CEST"
    assert f"{winter:%d %H:%M %Z}" == "02 00:30 CET"


def test_a_time_without_a_zone_in_a_file_is_utc() -> None:
    assert local("2026-11-01T23:14:00", AUCKLAND) == local(
        "2026-11-01T23:14:00+00:00", AUCKLAND
    )


def test_what_is_no_time_stays_as_it_was_written() -> None:
    for odd in ("time of day not known", "0001-01-01T00:00:00+23:00"):
        told = changed(NEAR_MIDNIGHT, opened_utc=odd)
        assert date(told, AUCKLAND) == day(told, AUCKLAND) == odd


def test_a_couple_s_pages_tell_the_day_and_the_hour_where_they_are_read() -> None:
    of = summary()
    for page in (joint_page(of, together(of)), own_page(of, Partner.A, ())):
        assert page.when.startswith("Monday, 2 November 2026, 12:14  ·  ")
        assert "Monday, 2 November 2026, 12:14" in page.document_title
    over = over_evenings(
        Partner.A, [evening(of, None, Partner.A, ())], left_out=0, unread=0
    )
    assert evenings_page(over).when == "2\xa0Nov\xa02026"


def test_whoever_was_not_there_is_told_which_zone_it_is() -> None:
    of = summary()
    told = therapist_page(of, together(of)).when
    assert told.startswith("Monday, 2 November 2026, 12:14\xa0NZDT")


@pytest.mark.usefixtures("in_berlin")
def test_the_list_of_sessions_tells_local_time_and_its_json_utc(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begins = changed(PLAIN, opened_utc="2026-07-01T22:14:00+00:00")
    heart: tuple[Stretch, ...] = (
        Stretch(lasts_s=5.0, every_s=0.83, packets=sound(830, 0.05)),
    )
    lived = Evening(
        opened=begins, straps=dict.fromkeys(Partner, heart), others=(), stops_s=5.0
    )
    recorded(begins, inputs_of(lived), data_folder(tmp_path))
    assert main(["--data-dir", str(tmp_path), "sessions"]) == 0
    assert "2026-07-02 00:14" in capsys.readouterr().out
    assert main(["--data-dir", str(tmp_path), "sessions", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["sessions"]
    assert told["opened_utc"] == "2026-07-01T22:14:00+00:00"


@pytest.mark.usefixtures("in_berlin")
def test_the_log_tells_local_time_and_its_json_utc(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = Library(data_folder(tmp_path))
    at = "2026-07-01T22:14:09+00:00"
    library.audit.add(Line(utc=at, what=What.BACKED_UP, whose="both"))
    assert main(["--data-dir", str(tmp_path), "log"]) == 0
    assert capsys.readouterr().out.startswith("2026-07-02 00:14  ")
    assert main(["--data-dir", str(tmp_path), "log", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["log"]
    assert told["utc"] == at
