"""What coreg sends over LSL and LabRecorder would write, read back from XDF.

LabRecorder writes each stream's description as LSL hands it over, so this one does.
"""

import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from coreg.errors import BadRecordingError
from coreg.facts.events import Beat, BeatLabel, BlockBegan, Breath, Partner, Tick
from coreg.sensors.lsl.library import Reach
from coreg.sensors.lsl.outlets import open_outlets
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.source import Wanted
from coreg.session.lsl_out import SessionSender, streams_of
from tests.helpers.lsl import lsl_or_skip
from tests.helpers.openings import opening

PLANTED = {Partner.A: (812.5, 790.25, 801.0), Partner.B: (900.0, 911.5, 905.75)}
OFFSET_S = 0.125  # what LabRecorder measured between the two computers


def counted(number: int) -> bytes:
    return b"\x04" + struct.pack("<I", number)


def chunk(tag: int, content: bytes) -> bytes:
    return counted(len(content) + 2) + struct.pack("<H", tag) + content


def value(each: float | str) -> bytes:
    if isinstance(each, str):
        return counted(len(each.encode())) + each.encode()
    return struct.pack("<d", each)


def as_labrecorder(inlet: Any, number: int, count: int) -> bytes:
    """One stream's chunks, with as many samples as were sent."""
    stream = struct.pack("<I", number)
    got = [inlet.pull_sample(10.0) for _ in range(count)]
    samples = b"".join(
        b"\x08" + struct.pack("<d", stamp_s) + b"".join(map(value, values))
        for values, stamp_s in got
    )
    offset = struct.pack("<dd", got[0][1], OFFSET_S)
    return (
        chunk(2, stream + inlet.info(10.0).as_xml().encode())
        + chunk(3, stream + counted(count) + samples)
        + chunk(4, stream + offset)
    )


def sent() -> list[Any]:
    facts: list[Any] = [
        BlockBegan(t_s=0.0, number=0, name="breathe", kind="breathe", length_s=60.0),
        Breath(t_s=0.0, period_s=10.0, inhale_s=4.0),
    ]
    for partner, rr_ms in PLANTED.items():
        t_s = 0.0
        for rr in rr_ms:
            t_s += rr / 1000
            beat = Beat(
                t_s=t_s, partner=partner, rr_ms=rr, nn_ms=rr, label=BeatLabel.NORMAL
            )
            facts.append(beat)
    return facts


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lsl = lsl_or_skip()
    described = streams_of(opening())
    counts = {each.name: 3 for each in described} | {
        "coreg pace": 1,
        "coreg practice": 1,
    }
    with open_outlets(described, Reach.COMPUTER) as outlets:
        inlets = []
        for each in described:
            found = lsl.resolve_byprop("source_id", each.source_id, 1, 10.0)
            assert len(found) == 1, each.name
            inlet = lsl.StreamInlet(found[0], recover=False)
            inlet.open_stream(10.0)
            inlets.append((each.name, inlet))
        SessionSender(outlets)(Tick(t_ns=0), sent())
        chunks = [
            as_labrecorder(inlet, number, counts[name])
            for number, (name, inlet) in enumerate(inlets, 1)
        ]
        for _, inlet in inlets:
            inlet.close_stream()
    file = tmp_path_factory.mktemp("lab") / "hour.xdf"
    head = chunk(1, b'<?xml version="1.0"?><info><version>1.0</version></info>')
    file.write_bytes(b"XDF:" + head + b"".join(chunks))
    return file


@pytest.mark.parametrize("partner", list(Partner))
def test_each_heart_is_read_back_by_its_name_with_its_intervals_and_times(
    recorded: Path, partner: Partner
) -> None:
    wanted = Wanted(person=f"coreg RR {partner}")
    recording = read_recording(recorded, wanted)
    planted = PLANTED[partner]
    assert tuple(rr for _, rr_ms in recording.packets for rr in rr_ms) == planted
    times_s = [t_s for t_s, _ in recording.packets]
    apart_ms = [1000 * (b - a) for a, b in pairwise(times_s)]
    assert apart_ms == pytest.approx(planted[1:], abs=1e-3)


def test_of_two_hearts_neither_is_guessed(recorded: Path) -> None:
    with pytest.raises(BadRecordingError, match=r"coreg RR A.*coreg RR B"):
        read_recording(recorded)


def test_pyxdf_reads_the_same_names_kinds_and_marks(recorded: Path) -> None:
    pyxdf = pytest.importorskip("pyxdf")
    streams, _ = pyxdf.load_xdf(str(recorded))
    named = {each["info"]["name"][0]: each for each in streams}
    assert {name: each["info"]["type"][0] for name, each in named.items()} == {
        "coreg RR A": "RR",
        "coreg RR B": "RR",
        "coreg beat labels A": "Markers",
        "coreg beat labels B": "Markers",
        "coreg pace": "Pace",
        "coreg practice": "Markers",
    }
    assert named["coreg practice"]["time_series"] == [["part 1: breathe"]]
    assert named["coreg pace"]["time_series"].tolist() == [[10.0, 4.0]]
