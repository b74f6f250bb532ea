"""What a therapist sees over evenings takes a yes of one's own, kept and taken back."""

import datetime as dt
from pathlib import Path

import pytest

from coreg.facts.events import Partner, Source
from coreg.findings.kept import Kept
from coreg.store.folder import data_folder
from coreg.store.library_db import Library, Purpose
from coreg.store.release import CONSENT_VERSION

A, B = Partner.A, Partner.B
UTC = "2026-03-01T19:30:00+00:00"
NOW = dt.datetime(2026, 3, 1, 19, 30, tzinfo=dt.UTC)
BEFORE = {Purpose.RECORD: True, Purpose.SHOW_PARTNER: True, Purpose.FIND_PACE: False}


def shown(folder: Path, source: Source = Source.STRAPS) -> frozenset[Partner]:
    return Kept(folder, {}).shown_to_therapist(source)


def agreed(library: Library, partner: Partner, *, shows: bool, version: int) -> None:
    given = BEFORE | {Purpose.THERAPIST: shows}
    library.keep_consent(partner, given, version=version, utc=UTC)


@pytest.mark.parametrize("whose", [(), (A,), (B,), (A, B)])
def test_only_of_who_agreed_is_anything_shown(
    whose: tuple[Partner, ...], tmp_path: Path
) -> None:
    library = Library(data_folder(tmp_path))
    for partner in Partner:
        agreed(library, partner, shows=partner in whose, version=CONSENT_VERSION)
    assert shown(tmp_path) == frozenset(whose)


def test_without_a_library_nobody_agreed_and_nobody_real_needs_no_yes(
    tmp_path: Path,
) -> None:
    assert shown(tmp_path) == frozenset()
    assert shown(tmp_path, Source.SIMULATED) == frozenset(Partner)
    assert shown(tmp_path, Source.RECORDINGS) == frozenset(Partner)


def test_who_agreed_before_this_was_asked_still_has_and_shows_no_therapist_anything(
    tmp_path: Path,
) -> None:
    """A purpose that comes later is off, and takes nothing away (decision 35)."""
    library = Library(data_folder(tmp_path))
    library.keep_consent(A, BEFORE, version=CONSENT_VERSION, utc=UTC)
    assert library.person(A).has_agreed
    assert library.person(A).agrees(Purpose.SHOW_PARTNER)
    assert not library.person(A).agrees(Purpose.THERAPIST)
    assert shown(tmp_path) == frozenset()


@pytest.mark.parametrize("version", [CONSENT_VERSION - 1, CONSENT_VERSION + 1])
def test_a_yes_to_other_words_shows_nothing(version: int, tmp_path: Path) -> None:
    library = Library(data_folder(tmp_path))
    agreed(library, A, shows=True, version=version)
    assert shown(tmp_path) == frozenset()


def test_a_yes_ends_where_it_is_unticked_taken_back_or_its_passcode_forgotten(
    tmp_path: Path,
) -> None:
    library = Library(data_folder(tmp_path))
    library.own.choose(A, "4711", now=NOW)
    for ends in ("unticked", "not now", "forgotten"):
        agreed(library, A, shows=True, version=CONSENT_VERSION)
        assert shown(tmp_path) == {A}
        if ends == "unticked":
            agreed(library, A, shows=False, version=CONSENT_VERSION)
        elif ends == "not now":
            library.withdraw(A, utc=UTC)
        else:
            library.own.forget(A, now=NOW)
        assert shown(tmp_path) == frozenset(), ends
