"""Heartbeats of a session corrected by hand: whose, kept, locked and erased."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from coreg.analysis.corrections import (
    Accept,
    Correction,
    Delete,
    Did,
    Insert,
    Reject,
    corrected,
)
from coreg.cli import main
from coreg.errors import (
    BadCorrectionsError,
    HeartGone,
    NotReleased,
    SessionError,
    SessionNotFound,
    StorageLocked,
)
from coreg.facts.events import Partner
from coreg.findings.corrected import Correctable, editable
from coreg.findings.corrected_session import Made, corrected_summary
from coreg.findings.reading import (
    correctable_heart,
    corrected_by_hand,
    summary_of,
    summary_of_stored,
)
from coreg.findings.research import hrv_of_phase
from coreg.findings.study import study_of
from coreg.findings.summary import SessionSummary
from coreg.report.html.document import document
from coreg.report.page_format import Whose
from coreg.report.session import page_of
from coreg.store import keys, locking
from coreg.store.backup import back_up, restore
from coreg.store.corrections import corrections_text
from coreg.store.erasing import erase_everything, erase_partner, erase_session
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library, Purpose
from coreg.store.reader import read_session
from coreg.store.release import CONSENT_VERSION
from coreg.store.session_corrections import (
    KeptBesideSession,
    session_corrections_path,
    text_of_session,
)
from coreg.store.session_log import SessionLog
from tests.helpers.evening_server import CHEAP
from tests.helpers.one_heart import beginning, lived, record

NAME = "20260301-193000-7f3a"
UTC = "2026-03-02T09:00:00+00:00"
A, B = Partner.A, Partner.B
WORDS = "four words we remember"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = data_folder(tmp_path / "data")
    yield folder
    keys.let_go(folder)


@pytest.fixture
def session(folder: Path) -> Path:
    """Seven minutes of two with straps; only A agreed that a therapist sees it."""
    library = Library(folder, passcode_cost=CHEAP)
    for partner in Partner:
        given = {Purpose.RECORD: True, Purpose.THERAPIST: partner is A}
        library.keep_consent(partner, given, version=CONSENT_VERSION, utc=UTC)
    return record(folder, NAME, lived(NAME, "relaxed-and-alert", 420.0))


def kept(session: Path, partner: Partner = A, *, by: str = "Dr K") -> KeptBesideSession:
    return KeptBesideSession(session, partner, by=by, utc=lambda: UTC)


def leave_out(of: Correctable, *numbers: int) -> list[Correction]:
    return [Reject(beat=n, last=n, t_s=float(of.cleaned.t_s[n - 1])) for n in numbers]


def keep(session: Path, *done: Correction, partner: Partner = A) -> str:
    """Keep corrections of one heart as an editor does."""
    place = kept(session, partner)
    of = correctable_heart(session, partner)
    text = corrections_text(of.which, done, place.made())
    place.write(text)
    return text


def keep_some(session: Path) -> str:
    return keep(session, *leave_out(correctable_heart(session, A), 100, 101))


def with_corrections(session: Path) -> SessionSummary:
    stored = read_session(session)
    return corrected_by_hand(stored, summary_of_stored(stored))


def same(one: object, other: object) -> bool:
    return bool(np.array_equal(one, other, equal_nan=True))  # type: ignore[arg-type]


# --- what follows from them ---------------------------------------------------


def test_a_heart_put_through_without_a_correction_is_what_it_was_to_the_last_bit(
    session: Path,
) -> None:
    summary = summary_of(session)
    of = correctable_heart(session, A)
    nothing = Made(corrections=(), by="", utc="")
    after = corrected_summary(summary, {A: (of, nothing)}).a
    before = summary.a
    for name in ("beat_t_s", "rr_ms", "nn_ms", "after_gap", "gaps_s", "hr_bpm"):
        assert same(getattr(after, name), getattr(before, name)), name
    assert after.labels == before.labels
    assert after.levels == before.levels
    assert after.signal == before.signal
    assert same(after.swings.rsa_bpm, before.swings.rsa_bpm)


def test_a_breath_measured_anew_of_the_same_beats_swings_as_it_did(
    session: Path,
) -> None:
    """To accept a beat that counts changes nothing, but is near to breaths."""
    summary = summary_of(session)
    of = correctable_heart(session, A)
    every = tuple(
        Accept(beat=n, last=n, t_s=float(t_s))
        for n, (t_s, nn) in enumerate(
            zip(of.cleaned.t_s, of.cleaned.nn_ms, strict=True), start=1
        )
        if np.isfinite(nn)
    )
    made = Made(corrections=every, by="", utc="")
    after = corrected_summary(summary, {A: (of, made)}).a.swings.rsa_bpm
    before = summary.a.swings.rsa_bpm
    known = np.isfinite(before)
    assert known.sum() > 10
    assert after[known].tolist() == before[known].tolist()


def test_figures_before_are_those_of_the_table_for_research(session: Path) -> None:
    of = correctable_heart(session, A)
    whole = next(
        row
        for row in study_of(NAME, summary_of(session)).rows
        if row.partner is A and row.part is None
    )
    assert of.figures(of.cleaned).hrv == whole.hrv
    assert np.isfinite(whole.hrv.rmssd_ms)


def test_a_planted_beat_too_many_is_deleted_and_the_therapists_figures_are_as_without(
    session: Path,
) -> None:
    """A beat is put in that was none, and deleted: two hands that undo each other."""
    of = correctable_heart(session, A)
    at_s = float(of.cleaned.t_s[199])
    rr_ms = float(of.cleaned.rr_ms[199])
    new = of.which.beats + 1
    put_in = Insert(beat=200, after_ms=rr_ms / 2, t_s=at_s)
    keep(session, put_in)
    plain, with_it = summary_of(session), with_corrections(session)
    at = next(
        n for n, part in enumerate(plain.phases) if part.start_s <= at_s < part.end_s
    )
    assert with_it.a.levels[at].rmssd_ms > plain.a.levels[at].rmssd_ms
    assert with_it.b is not None
    assert with_it.by_hand[A].by_hand.made == 2
    keep(session, put_in, Delete(beat=new, t_s=at_s - rr_ms / 2000))
    undone = with_corrections(session)
    assert undone.a.levels[at].rmssd_ms == pytest.approx(plain.a.levels[at].rmssd_ms)
    phase = plain.phases[at]
    assert hrv_of_phase(undone.a, phase, plain.pauses).rmssd_ms == pytest.approx(
        hrv_of_phase(plain.a, phase, plain.pauses).rmssd_ms
    )


def test_what_is_left_out_is_a_hole_in_the_therapists_heart_and_in_nobody_elses(
    session: Path,
) -> None:
    plain = summary_of(session)
    numbers = range(200, 230)
    keep(session, *leave_out(correctable_heart(session, A), *numbers))
    after = with_corrections(session)
    assert np.isnan(after.a.nn_ms[199:229]).all()
    inside = (plain.grid_s > plain.a.beat_t_s[200]) & (
        plain.grid_s < plain.a.beat_t_s[227]
    )
    assert np.isfinite(plain.a.hr_bpm[inside]).all()
    assert np.isnan(after.a.hr_bpm[inside]).all()
    counted = int(np.isfinite(plain.a.nn_ms[199:229]).sum())
    assert counted > 20
    assert after.a.signal.clean_beats == plain.a.signal.clean_beats - counted
    assert same(after.b.hr_bpm, plain.b.hr_bpm)
    assert after.settled == plain.settled
    again = summary_of(session)  # what the couple's pages are drawn of
    assert same(again.a.hr_bpm, plain.a.hr_bpm)


def test_the_therapists_sheet_says_who_corrected_how_many_and_the_couples_do_not(
    session: Path,
) -> None:
    keep_some(session)
    sheet = document(page_of(with_corrections(session), Whose.THERAPIST, ()))
    assert "corrected by hand by Dr K (last on 2 March 2026)" in sheet
    assert "2 corrections (2 left out)" in sheet
    assert "rest on these corrections" in sheet
    own = document(page_of(summary_of(session), Whose.A, ()))
    assert "correct" not in own


# --- whose, and of what -------------------------------------------------------


def test_only_the_heart_of_who_agreed_is_opened(session: Path, folder: Path) -> None:
    assert correctable_heart(session, A).which.name == f"{NAME}, A"
    with pytest.raises(NotReleased, match="B hasn’t agreed"):
        correctable_heart(session, B)
    Library(folder).withdraw(A, utc=UTC)
    with pytest.raises(NotReleased, match="A hasn’t agreed"):
        correctable_heart(session, A)


def test_a_session_by_itself_says_of_nobody_that_they_agreed(
    session: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "elsewhere" / "a" / session.name
    alone.parent.mkdir(parents=True)
    alone.write_bytes(session.read_bytes())
    with pytest.raises(NotReleased):
        correctable_heart(alone, A)


def test_what_is_being_recorded_is_corrected_by_nobody(folder: Path) -> None:
    path = session_path(folder, NAME)
    with (
        SessionLog.create(path, beginning(NAME, "relaxed-and-alert")),
        pytest.raises(SessionError, match="is being recorded"),
    ):
        correctable_heart(path, A)


def test_corrections_of_another_heart_are_refused_and_named(
    session: Path, folder: Path
) -> None:
    text = keep_some(session)
    library = Library(folder)
    given = {Purpose.RECORD: True, Purpose.THERAPIST: True}
    library.keep_consent(B, given, version=CONSENT_VERSION, utc=UTC)
    session_corrections_path(session, B).write_text(text, encoding="utf-8")
    with pytest.raises(BadCorrectionsError, match="another recording"):
        with_corrections(session)


def test_the_session_itself_is_never_written(session: Path) -> None:
    before = session.read_bytes()
    keep_some(session)
    with_corrections(session)
    assert session.read_bytes() == before


# --- locked, backed up, erased ------------------------------------------------


def test_in_a_locked_folder_they_lie_sealed_and_open_with_it_alone(
    session: Path, folder: Path
) -> None:
    text = keep_some(session)
    path = session_corrections_path(session, A)
    assert "reject" in path.read_text(encoding="utf-8")
    locking.lock(folder, WORDS, cost=CHEAP)
    assert "reject" not in path.read_text(encoding="utf-8")
    assert "beats" not in path.read_text(encoding="utf-8")
    assert text_of_session(session, A) == text
    assert with_corrections(session).by_hand[A].by_hand.done == {"reject": 2}
    again = keep(session, *leave_out(correctable_heart(session, A), 50))
    assert "reject" not in path.read_text(encoding="utf-8")
    keys.let_go(folder)
    with pytest.raises(StorageLocked):
        text_of_session(session, A)
    keys.hold(folder, keys.opened_with(folder, WORDS))
    assert locking.unlock_for_good(folder) == {}
    assert path.read_text(encoding="utf-8") == again


def test_what_was_sealed_for_one_heart_opens_as_no_other(
    session: Path, folder: Path
) -> None:
    keep_some(session)
    locking.lock(folder, WORDS, cost=CHEAP)
    sealed = session_corrections_path(session, A).read_bytes()
    session_corrections_path(session, B).write_bytes(sealed)
    with pytest.raises(BadCorrectionsError, match="is locked"):
        text_of_session(session, B)


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_backup_brings_them_back(
    session: Path, folder: Path, tmp_path: Path, is_locked: bool
) -> None:
    text = keep_some(session)
    if is_locked:
        locking.lock(folder, WORDS, cost=CHEAP)
    target = tmp_path / "all.coreg-backup"
    made = back_up(folder, target, utc=UTC, version="1")
    assert made.sessions == 1
    other = data_folder(tmp_path / "other")
    assert restore(target, other) == 1
    if is_locked:
        keys.hold(other, keys.opened_with(other, WORDS))
    assert text_of_session(other / "sessions" / session.name, A) == text
    keys.let_go(other)


def test_they_go_with_the_session(session: Path, folder: Path) -> None:
    keep_some(session)
    erase_session(folder, Library(folder), NAME)
    assert list((folder / "sessions").iterdir()) == []


def test_they_go_with_everything(session: Path, folder: Path) -> None:
    keep_some(session)
    erase_everything(folder, Library(folder))
    assert list((folder / "sessions").iterdir()) == []


def test_with_one_person_go_theirs_and_the_others_still_fit(
    session: Path, folder: Path
) -> None:
    library = Library(folder)
    given = {Purpose.RECORD: True, Purpose.THERAPIST: True}
    library.keep_consent(B, given, version=CONSENT_VERSION, utc=UTC)
    keep_some(session)
    keep(session, *leave_out(correctable_heart(session, B), 7), partner=B)
    erase_partner(folder, library, A)
    assert not session_corrections_path(session, A).exists()
    found = correctable_heart(session, B)
    assert with_corrections(session).by_hand[B].by_hand.done == {"reject": 1}
    edited = corrected(editable(found.cleaned), leave_out(found, 7)).edited
    assert edited.beats[6].did is Did.REJECT


def test_an_editor_left_open_writes_nothing_of_what_was_erased_meanwhile(
    session: Path, folder: Path
) -> None:
    text = keep_some(session)
    place = kept(session)
    erase_partner(folder, Library(folder), A)
    with pytest.raises(HeartGone):
        place.write(text)
    erase_session(folder, Library(folder), NAME)
    with pytest.raises(SessionNotFound):
        place.write(text)
    assert list((folder / "sessions").iterdir()) == []


# --- at a terminal ------------------------------------------------------------


def test_figures_before_and_after_at_a_terminal(
    session: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_some(session)
    given = ["analyze", "last", "--partner", "A", "--data-dir", str(folder)]
    assert main(given) == 0
    assert f"{NAME}.A.corrections.toml" in capsys.readouterr().err
    assert main([*given, "--corrections", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["name"] == f"{NAME}, A"
    assert told["corrections"]["reject"] == 2
    assert told["clean_s"] < told["before"]["clean_s"]
    assert main(["analyze", str(session)]) == 1
    assert "--partner A" in capsys.readouterr().err
    assert main([*given[:3], "B", *given[4:]]) == 1
    assert "hasn’t agreed" in capsys.readouterr().err


def test_synchrony_says_that_it_goes_without_corrections(
    session: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_some(session)
    name = session_corrections_path(session, A).name
    main(["synchrony", session.stem, "--surrogates", "99", "--data-dir", str(folder)])
    assert f"{name} holds beats corrected by hand" in capsys.readouterr().err
