"""What coreg gives out for other programs, it reads again as what was recorded."""

from pathlib import Path

import pytest

from coreg.cli import main
from coreg.findings.recording import measured
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.recordings.source import Wanted
from tests.helpers.short_plans import BREATHING


@pytest.fixture(scope="module")
def couple(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the session of a made-up couple; what their straps sent is beside it."""
    folder = tmp_path_factory.mktemp("couple")
    plan = folder / "short.toml"
    plan.write_text(BREATHING, encoding="utf-8")
    told = ["simulate", "--out", str(folder), "--practice", str(plan), "--seed", "4"]
    assert main(told) == 0
    return folder / "couple-0004.coreg"


def exported(session: Path, file_format: str, pattern: str) -> Path:
    out = session.parent / file_format
    told = ["export", str(session), "--format", file_format, "--partner", "both"]
    assert main([*told, "--data-dir", str(session.parent), "--out", str(out)]) == 0
    (found,) = out.rglob(pattern)
    return found


def sent(session: Path) -> Recording:
    return read_recording(session.with_name("couple-0004-A.csv"))


@pytest.mark.parametrize(
    ("file_format", "pattern", "exact_ms"),
    [
        ("edf", "*-A.edf", 1e-6),
        ("xdf", "*.xdf", 1e-6),
        ("bids", "sub-*A_*_events.tsv", 1e-6),
        ("fit", "*-A.fit", 0.5),
    ],
)
def test_an_export_is_read_back_with_every_interval_and_gap(
    couple: Path, file_format: str, pattern: str, exact_ms: float
) -> None:
    path = exported(couple, file_format, pattern)
    back = read_recording(path, Wanted(person="coreg RR A"))
    before, after = measured(sent(couple)), measured(back)
    beats = [rr for rr in back.rr_ms if rr > 0]  # FIT marks where its timer stopped
    assert beats == pytest.approx(
        [rr for rr in sent(couple).rr_ms if rr > 0], abs=exact_ms
    )
    assert after.hrv.rmssd_ms == pytest.approx(before.hrv.rmssd_ms, rel=0.003)
    assert after.label_counts["gap"] >= before.label_counts["gap"]
