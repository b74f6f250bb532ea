"""Small files that were made to cost much: each is read or refused soon.

None of these tests times anything: what they hold off would not end within a test run,
or would take more memory than the limit that a test sets.
"""

import io
import json
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.recognise import parse_recording
from coreg.session.recorded_pair import expect_one_clock

GIGABYTE = 1 << 30


def refusal(data: bytes) -> str:
    with pytest.raises(BadRecordingError) as refused:
        parse_recording(data, name="made.txt")
    return f"{refused.value.wrong} {refused.value.do}"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_unpacks_whole_blocks_is_refused_before_it_is_unpacked(
    packing: int,
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", packing) as packed:
        packed.writestr("rr.txt", "\n".join(["812"] * 400))
    assert "packed in a way that is not read here" in refusal(archive.getvalue())


@pytest.mark.parametrize("blanks", [300, 200_000])
def test_blanks_in_a_list_are_passed_over_once(blanks: int) -> None:
    after = b"[812, 813]" + b" " * blanks + b"x"
    before = b" " * blanks + b"a\n" + b"\n".join([b"812"] * 50)
    assert refusal(after)
    assert len(parse_recording(before, name="made.txt").rr_ms) == 50


def test_a_long_line_of_commas_is_looked_through_once() -> None:
    assert refusal(b"\n".join([b"813," * 200_000] * 3))


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (2 * GIGABYTE, 2 * GIGABYTE))


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_objects_that_all_have_other_names_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "made.json"
    path.write_text(json.dumps([{f"k{n}": n} for n in range(20_000)]))
    reads = (
        "import sys; from pathlib import Path;"
        "from coreg.sensors.recordings.reading import read_recording;"
        "read_recording(Path(sys.argv[1]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", reads, str(path)],
        capture_output=True,
        text=True,
        preexec_fn=limited,
        check=False,
    )
    assert "BadRecordingError" in told.stderr


def exported(session: str) -> bytes:
    rows = [
        f"{session},A,{0.8 * (n + 1):.3f},{800 + n % 7},{800 + n % 7},normal"
        for n in range(400)
    ]
    heading = "session,partner,t_s,rr_ms,nn_ms,label"
    return "\n".join([heading, *rows]).encode()


def test_times_of_two_evenings_are_no_common_clock() -> None:
    """What coreg exports counts from when its own session was opened."""
    a, b, other = (
        parse_recording(exported(session), name=f"{session}.csv")
        for session in ("20260302-193000-7f3a", "20260302-193000-7f3a", "20260303-20")
    )
    expect_one_clock(a, b)
    with pytest.raises(BadRecordingError) as refused:
        expect_one_clock(a, other)
    assert "from a beginning of their own" in refused.value.wrong
    both = exported("20260302-193000-7f3a") + b"\n" + exported("x").split(b"\n", 1)[1]
    assert "beats of 2 sessions" in refusal(both)
