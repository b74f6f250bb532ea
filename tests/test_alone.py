"""One heart alone beside the same heart with the partner there, for a therapist."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from coreg.cli import main
from coreg.errors import NotReleased
from coreg.facts.events import Partner
from coreg.findings.alone import (
    FEWEST_OF_EACH,
    LONGEST_S,
    NoFigure,
    Sitting,
    alone_beside,
    sitting_alone,
    sitting_beside,
)
from coreg.findings.recording import CleanedRecording
from coreg.store.library_db import Purpose
from coreg.store.release import CONSENT_VERSION
from tests.helpers.sessions import SESSION_ID
from tests.test_turns import evening
from tests.test_who_may_see import UTC, kept_evening

A, B = Partner.A, Partner.B
BOTH = frozenset(Partner)


def recorded(bpm: float, seconds: float, then_bpm: float = 60.0) -> CleanedRecording:
    """A heart that alternates by 20 ms around a rate, and then has another one."""
    first = 60_000 / bpm + 10 * np.resize([1.0, -1.0], int(seconds * bpm / 60))
    rr_ms = np.append(first, np.full(60, 60_000 / then_bpm))
    return CleanedRecording(
        t_s=np.cumsum(rr_ms) / 1000,
        rr_ms=rr_ms,
        nn_ms=rr_ms,
        labels=("normal",) * rr_ms.size,
        corrected_ms=rr_ms,
        lost_before=np.zeros(rr_ms.size, dtype=np.bool_),
        over_counted_s=0.0,
        irregular_s=0.0,
    )


def test_a_sitting_is_its_first_five_minutes_after_ten_seconds() -> None:
    found = sitting_alone(recorded(75.0, LONGEST_S + 20, then_bpm=120.0))
    assert found.silent is None
    assert found.seconds == LONGEST_S
    assert 74.0 < found.bpm < 76.0
    assert found.ln_rmssd == pytest.approx(math.log(20.0))


def test_a_short_or_broken_sitting_has_no_figure_and_says_why() -> None:
    short = recorded(60.0, 5.0)
    assert sitting_alone(short).silent is NoFigure.TOO_SHORT
    of = recorded(60.0, 200.0)
    of.nn_ms[20:120] = math.nan
    assert sitting_alone(of).silent is NoFigure.TOO_LITTLE_CLEAN


def test_beside_the_partner_only_the_first_free_time_of_a_session_counts() -> None:
    # Arriving at 60 for two minutes; 75 while A tells, which is no free time.
    of = evening(a=((120.0, 60.0), (240.0, 75.0), (610.0, 66.0)))
    found = sitting_beside(of, A)
    assert found.seconds == 110.0
    assert found.silent is NoFigure.TOO_LITTLE_CLEAN  # a heart that does not vary
    of.a.nn_ms[:] += 10 * np.resize([1.0, -1.0], of.a.nn_ms.size)
    found = sitting_beside(of, A)
    assert 59.0 < found.bpm < 61.0


def sat(bpm: float) -> Sitting:
    return Sitting(seconds=120.0, bpm=bpm, ln_rmssd=bpm / 20, silent=None)


def test_two_sets_are_compared_by_ranks_as_scipy_does() -> None:
    alone = [60.0, 62.0, 59.0, 61.5, 63.0]
    beside = [66.0, 64.0, 62.5, 67.0]
    found = alone_beside([*map(sat, alone)], [*map(sat, beside)], BOTH)
    right = stats.mannwhitneyu(beside, alone, method="exact").pvalue
    assert found.bpm.p == pytest.approx(float(right))
    assert found.bpm.estimate == pytest.approx(
        float(np.median([b - a for a in alone for b in beside]))
    )
    assert (found.alone, found.beside) == (5, 4)


def test_below_four_of_each_it_is_silent() -> None:
    many = [sat(60.0 + n) for n in range(9)]
    few = alone_beside(many, many[: FEWEST_OF_EACH - 1], BOTH)
    assert math.isnan(few.bpm.estimate)
    unknown = Sitting(
        seconds=0.0, bpm=math.nan, ln_rmssd=math.nan, silent=NoFigure.TOO_SHORT
    )
    some = alone_beside([*many[:3], unknown], many, BOTH)
    assert (some.alone, some.silent) == (3, 1)
    assert math.isnan(some.bpm.p)


def test_it_takes_both() -> None:
    for agreed in ({A}, {B}):
        with pytest.raises(NotReleased, match="haven’t both agreed"):
            alone_beside([sat(60.0)], [sat(61.0)], agreed)


# --- the command --------------------------------------------------------------------


@pytest.fixture
def alone_file(tmp_path: Path) -> str:
    path = tmp_path / "alone.txt"
    path.write_text("\n".join(["990", "1010"] * 80), encoding="utf-8")
    return str(path)


def test_the_command_refuses_without_a_yes_of_both(
    alone_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, library = kept_evening(tmp_path / "data")
    asked = ["alone", "A", "--alone", alone_file, "--beside", SESSION_ID]
    given = [*asked, "--data-dir", str(folder), "--json"]
    for shows in ((False, False), (True, False), (False, True)):
        for partner, yes in zip(Partner, shows, strict=True):
            consent = {Purpose.RECORD: True, Purpose.THERAPIST: yes}
            library.keep_consent(partner, consent, version=CONSENT_VERSION, utc=UTC)
        assert main(given) == 1
        told = capsys.readouterr()
        assert "haven’t both agreed" in told.err
        assert told.out == ""
    for partner in Partner:
        consent = {Purpose.RECORD: True, Purpose.THERAPIST: True}
        library.keep_consent(partner, consent, version=CONSENT_VERSION, utc=UTC)
    assert main(given) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["alone"] == 1
    assert figures["bpm_shift"] is None  # one of each is too few for anything


def test_a_session_of_two_is_nobody_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = kept_evening(tmp_path / "data")
    session = str(folder / "sessions" / f"{SESSION_ID}.coreg")
    given = ["alone", "B", "--alone", session, "--beside", SESSION_ID]
    assert main([*given, "--data-dir", str(folder)]) == 1
    assert "nobody in it was alone" in capsys.readouterr().err
