"""A therapist's hour of several sessions, among the earlier evenings: one evening."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coreg.errors import StorageUnusable
from coreg.facts.events import Ending, Partner
from coreg.store import erasing
from coreg.store.erase import erase_session_file
from coreg.store.folder import data_folder
from coreg.store.library import list_sessions, session_path
from coreg.store.library_db import Library, Purpose, Sitting
from coreg.store.release import CONSENT_VERSION
from coreg.web.evening.effects import Remove
from coreg.web.evening.step import step
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.evenings import listed
from coreg.web.wire.answers import EveningListed
from coreg.web.wire.incoming import Erase
from coreg.web.wire.named import Erasing, Screen
from tests.helpers.couple_sessions import recorded, recorded_hour
from tests.test_web_evening import HOME

UTC = "2026-03-02T20:00:00Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data")


def told(folder: Path) -> list[EveningListed]:
    service: Any = SimpleNamespace(folder=folder, evening_store=EveningStore(folder))
    return listed(service)


def names(folder: Path) -> list[str]:
    return [each.session_id for each in list_sessions(folder)]


def whole_hour(session_id: str) -> Remove:
    """What the page's own erasing asks the service for."""
    asked = Erase(
        what=Erasing.SESSION, session_id=session_id, partner=None, confirm="erase"
    )
    _, (effect,) = step(replace(HOME, screen=Screen.EVENINGS), asked, server_s=0.0)
    assert isinstance(effect, Remove)
    return effect


def test_an_hour_is_one_evening_and_each_of_its_parts_has_its_pages(
    folder: Path,
) -> None:
    before = recorded(folder, 1, Ending.COMPLETE)
    first, within, last = recorded_hour(folder, 2)
    library = Library(folder)
    for name, sat_s, pace in ((first, 300.0, 5.5), (within, 540.0, 6.0)):
        sitting = Sitting(sat_s=sat_s, breathing_s=sat_s / 2, breaths_per_min=pace)
        library.keep_sitting(name, sitting)
    agreed = {Purpose.RECORD: True, Purpose.SHOW_PARTNER: True}
    for partner in Partner:
        library.keep_consent(partner, agreed, version=CONSENT_VERSION, utc=UTC)
        library.keep_wish(partner, last, "ours", utc=UTC)
    hour, evening = told(folder)
    # What both said afterwards is kept with its last part.
    assert (hour.id, hour.when_utc) == (last, "2026-03-02T19:00:00+00:00")
    assert hour.page == f"/evenings/{last}/page"
    assert hour.sat is None  # of its last part nobody kept it
    assert [each.id for each in hour.parts] == [first, within, last]
    titles = [each.practice for each in hour.parts]
    assert titles == [hour.practice, "Relaxed and alert", hour.practice]
    assert [each.page for each in hour.parts] == [None, None, hour.page]
    begun = [each.when_utc or "" for each in hour.parts]
    assert [utc[11:16] for utc in begun] == ["19:00", "19:10", "19:30"]
    assert (evening.id, evening.parts) == (before, ())
    rest = Sitting(sat_s=60.0, breathing_s=0.0, breaths_per_min=None)
    library.keep_sitting(last, rest)
    sat = told(folder)[0].sat
    assert sat is not None
    assert (sat.minutes, sat.breathing_minutes, sat.breaths_per_min) == (15, 7, 6.0)


def test_what_can_be_opened_of_an_hour_is_listed_and_said_to_be_not_all(
    folder: Path,
) -> None:
    first, _, last = recorded_hour(folder, 2)
    session_path(folder, first).unlink()
    assert [each.id for each in told(folder)[0].parts][-1] == last
    path = session_path(folder, last)
    path.write_bytes(path.read_bytes()[:100])
    hour, of_itself = told(folder)
    assert (of_itself.id, of_itself.practice) == (last, None)
    assert (hour.practice, hour.parts) == ("Relaxed and alert", ())


@pytest.mark.parametrize("which", [0, 1, 2])
def test_whoever_deletes_an_evening_deletes_all_of_its_hour(
    folder: Path, which: int
) -> None:
    before = recorded(folder, 1, Ending.COMPLETE)
    hour = recorded_hour(folder, 2)
    library = Library(folder)
    for name in (before, *hour):
        library.keep_wish(Partner.A, name, "mine", utc=UTC)
    EveningStore(folder).remove(whole_hour(hour[which]))
    assert names(folder) == [before]
    assert library.wishes(Partner.A).keys() == {before}


def test_of_an_hour_that_is_half_deleted_the_rest_goes_at_the_next_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = recorded(folder, 1, Ending.COMPLETE)
    first, within, _ = recorded_hour(folder, 2)

    def stuck(path: Path) -> None:
        if path.stem == within:
            raise StorageUnusable("It is in use.", "Close it.")
        erase_session_file(path)

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "erase_session_file", stuck)
        with pytest.raises(StorageUnusable):
            EveningStore(folder).remove(whole_hour(first))
        assert names(folder) == [before, within]
    EveningStore(folder)
    assert names(folder) == [before]


def test_a_part_that_nobody_wants_kept_goes_alone(folder: Path) -> None:
    first, within, last = recorded_hour(folder, 2)
    part = Remove(what=Erasing.SESSION, session_id=within, partner=None)
    EveningStore(folder).remove(part)
    assert names(folder) == [first, last]
