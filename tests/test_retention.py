"""Evenings go when both said for how long they stay: said once, and then erased."""

import datetime as dt
import json
from pathlib import Path

import pytest

from coreg.base import clock
from coreg.facts.events import Source
from coreg.store.audit import What
from coreg.store.folder import data_folder
from coreg.store.library import began_utc, session_path
from coreg.store.library_db import Library
from coreg.store.retention import ANNOUNCED, KEEP_DAYS, due, keep_days
from coreg.web.evening.effects import KeepDays
from coreg.web.server.evening_store import EveningStore
from tests.helpers.sessions import whole_session

NOW = dt.datetime(2026, 3, 1, 20, 0, tzinfo=dt.UTC)
OLD, NEW, ODD = "20251101-193000-7f3a", "20260215-193000-7f3b", "kept-by-hand"
DAY = dt.timedelta(days=1)


def began(*names: str) -> dict[str, str | None]:
    return {name: began_utc(name) for name in names}


KEEPS_90 = {KEEP_DAYS: "90"}


def test_without_a_wish_nothing_ever_goes() -> None:
    for settings in ({}, {KEEP_DAYS: "0"}, {KEEP_DAYS: "7"}, {KEEP_DAYS: "-90"}):
        assert keep_days(settings) == 0
        found = due(began(OLD, NEW), settings, NOW + 9999 * DAY)
        assert (found.erase, found.announce, found.note) == ((), (), "")


def test_what_is_too_old_is_said_first_and_goes_a_day_later_at_the_earliest() -> None:
    said = due(began(OLD, NEW, ODD), KEEPS_90, NOW)
    assert (said.erase, said.announce) == ((), (OLD,))
    settings = {**KEEPS_90, ANNOUNCED: said.note}
    soon = due(began(OLD, NEW, ODD), settings, NOW + DAY / 2)
    assert (soon.erase, soon.announce, soon.note) == ((), (OLD,), said.note)
    later = due(began(OLD, NEW, ODD), settings, NOW + DAY)
    assert (later.erase, later.announce) == ((OLD,), ())


def test_a_clock_that_was_wrong_for_an_evening_erases_nothing() -> None:
    wrong = due(began(OLD, NEW), KEEPS_90, NOW + 4000 * DAY)
    assert (wrong.erase, set(wrong.announce)) == ((), {OLD, NEW})
    right = due(began(OLD, NEW), {**KEEPS_90, ANNOUNCED: wrong.note}, NOW)
    assert (right.erase, right.announce) == ((), (OLD,))
    assert json.loads(right.note).keys() == {OLD}


@pytest.mark.parametrize("note", ["", "[", "7", '{"x": 1}', f'{{"{OLD}": "never"}}'])
def test_what_was_written_down_and_cannot_be_read_erases_nothing(note: str) -> None:
    assert due(began(OLD), {**KEEPS_90, ANNOUNCED: note}, NOW).erase == ()


def test_it_is_erased_at_a_start_and_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = data_folder(tmp_path)
    for name in (OLD, NEW):
        whole_session(session_path(folder, name))
    now = NOW

    def starts() -> list[tuple[str, str]]:
        store = EveningStore(folder)
        evening = store.evening(frozenset(), source=Source.STRAPS, seed=1, speed=1.0)
        return [(each.key, each.detail) for each in evening.notices]

    monkeypatch.setattr(clock, "utc_now", lambda: now)
    EveningStore(folder).keep(KeepDays(days=90))
    assert starts() == [("one-to-go", "1")]
    assert session_path(folder, OLD).exists()
    now = NOW + 2 * DAY
    assert starts() == []
    assert not session_path(folder, OLD).exists()
    assert session_path(folder, NEW).exists()
    (line,) = Library(folder).audit.lines()
    assert (line.what, line.session_id, line.place) == (What.ERASED, "", "too old")
