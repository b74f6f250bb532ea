"""Every kind of recording, damaged at random: it is read, or refused in words.

The same inputs at each run; COREG_THOROUGH=1 tries some minutes' worth of each kind.
"""

import random
import struct

import pytest

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import Wanted
from tests.helpers.sessions import rounds
from tests.helpers.written_recordings import WRITTEN

PIECES = (
    *(b"", b"\x00", b"9" * 400, b"nan", b"-1", b"1e999", b"1e-999", b'"', b"[", b"{"),
    *(b"<!DOCTYPE a>", b"\n", b"\r", b",", b";", b"\t", b"null", b"\xff", b"true"),
    *(
        b"PT9999H",
        b"0001-01-01T00:00",
        b"inf",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"]",
        b"}",
    ),
    *("−1".encode(), "٣".encode(), b"65535", b"0", b"1,000", b"1.000,5", b"=1"),
)
LENGTHS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF)
MOST_AN_OCTET = 40  # intervals of a byte: only packing makes more of less


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """Return a file with one to four faults."""
    raw = bytearray(whole)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(raw))
        match chance.randrange(7):
            case 0 if raw:  # a bit falls over
                raw[min(at, len(raw) - 1)] ^= 1 << chance.randrange(8)
            case 1:  # it is cut off
                del raw[at:]
            case 2:  # something comes in, or in place of something
                raw[at : at + chance.randrange(7)] = chance.choice(PIECES)
            case 3:  # a length or a count says something else
                form = chance.choice(("<B", "<H", "<I", ">H", ">I", "<Q"))
                most = 256 ** struct.calcsize(form) - 1
                said = struct.pack(form, min(most, chance.choice(LENGTHS)))
                raw[at : at + len(said)] = said
            case 4:  # a part is there again
                part = raw[at : at + chance.randrange(60)]
                raw[at:at] = part * chance.randint(1, 3)
            case 5:  # a part is missing
                del raw[at : at + chance.randrange(60)]
            case _:  # anything at all
                raw[at : at + chance.randrange(9)] = chance.randbytes(8)
    return bytes(raw)


def expect_read_or_refused(raw: bytes) -> Recording | None:
    try:
        recording = parse_recording(raw, name="damaged")
    except BadRecordingError:
        return None
    assert all(0 <= rr < 64_000 for rr in recording.rr_ms)
    assert list(recording.arrivals_s) == sorted(recording.arrivals_s)
    assert all(-1e9 < t_s < 1e11 for t_s in recording.arrivals_s)
    assert len(recording.rr_ms) <= MOST_AN_OCTET * len(raw)
    return recording


def kind_of(name: str) -> str:
    """Return what an undamaged file is recognised as, or how it is refused."""
    try:
        return parse_recording(WRITTEN[name], name=name).kind.value
    except BadRecordingError as error:
        return str(error)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_damaged_at_random_is_read_or_refused(name: str) -> None:
    chance = random.Random(name)  # noqa: S311 # the same at each run; nothing secret
    tried = rounds(20, thorough=60_000)
    whole = WRITTEN[name]
    read = [expect_read_or_refused(damaged(whole, chance)) for _ in range(tried)]
    # Some of it has to get through, and some not, or nothing was tried.
    assert any(each is None for each in read)


def test_each_is_whole_before_and_of_the_kind_that_it_is_meant_to_be() -> None:
    column = Wanted(column="anna_rr_ms")
    kinds = {
        parse_recording(
            whole, name=name, wanted=column if name == "two people" else Wanted()
        ).kind
        for name, whole in WRITTEN.items()
    }
    # Beat times and plain times are tables as the others; EDF+ has a reader's own test.
    assert set(Kind) - kinds == {Kind.TIMED, Kind.BEAT_TIMES, Kind.EDF}


def test_intervals_that_a_damaged_fit_file_calls_text_are_refused_in_words() -> None:
    intervals = b"\x00\x4e\x00\x01\x00\x0a\x84"  # hrv: its time is ten octets of uint16
    as_text = intervals[:-1] + b"\x07"
    assert WRITTEN["FIT"].count(intervals) == 1
    with pytest.raises(BadRecordingError, match="damaged or cut off"):
        parse_recording(WRITTEN["FIT"].replace(intervals, as_text), name="a.fit")
