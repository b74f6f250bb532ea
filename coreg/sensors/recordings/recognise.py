r"""Which reader reads a file. Pure: bytes in, value or words out.

What a file is, is read from its content, never from its name.
"""

from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.apple_json import APPLE_SERIES
from coreg.sensors.recordings.bids import BIDS_EVENTS, BIDS_PHYSIO
from coreg.sensors.recordings.edf import EDF
from coreg.sensors.recordings.empatica import EMPATICA
from coreg.sensors.recordings.emwave import EMWAVE
from coreg.sensors.recordings.fit import FIT
from coreg.sensors.recordings.json_table import JSON_TABLE
from coreg.sensors.recordings.kubios_report import KUBIOS_REPORT
from coreg.sensors.recordings.lines import MAX_BYTES, ONE_COLUMN
from coreg.sensors.recordings.mindware import MINDWARE
from coreg.sensors.recordings.nrf_connect import NRF_CONNECT
from coreg.sensors.recordings.own_beats import OWN_BEATS
from coreg.sensors.recordings.packed import unpacked
from coreg.sensors.recordings.polar_hrm import HRM
from coreg.sensors.recordings.polar_json import POLAR_PULSE, POLAR_SESSION
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.recordings.signatures import NAMED
from coreg.sensors.recordings.source import FileSource, Reader, Wanted
from coreg.sensors.recordings.suunto import SUUNTO_JSON, SUUNTO_SML
from coreg.sensors.recordings.text.reader import TEXT
from coreg.sensors.recordings.vns_analyse import VNS_ANALYSE
from coreg.sensors.recordings.wfdb_annotations import WFDB_ANNOTATIONS, WFDB_HEADER
from coreg.sensors.recordings.xdf import XDF

# From the surest sign to the weakest; text reads whatever is left.
READERS: Final[tuple[Reader, ...]] = (
    FIT,
    XDF,
    EDF,
    SUUNTO_SML,
    NAMED,
    APPLE_SERIES,
    POLAR_SESSION,
    POLAR_PULSE,
    SUUNTO_JSON,
    JSON_TABLE,
    OWN_BEATS,
    EMPATICA,
    VNS_ANALYSE,
    EMWAVE,
    KUBIOS_REPORT,
    NRF_CONNECT,
    MINDWARE,
    BIDS_PHYSIO,
    BIDS_EVENTS,
    WFDB_HEADER,
    WFDB_ANNOTATIONS,
    HRM,
    TEXT,
)


def parse_recording(
    data: bytes, *, name: str, wanted: Wanted | None = None
) -> Recording:
    r"""Return the recording that these bytes hold.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What to call it in words for people.
    wanted : Wanted, optional
        Which column or person, where there are several.

    Raises
    ------
    BadRecordingError
        If it is none, is too large, or holds a value that cannot be; with the line.

    Examples
    --------
    >>> parse_recording(b"812\n790\n801\n", name="mine.txt").packets[0]
    (0.812, (812.0,))
    """
    return read_source(FileSource(name=name, data=data, wanted=wanted or Wanted()))


def read_source(source: FileSource) -> Recording:
    """Return the recording in a file; BadRecordingError if it is none."""
    try:
        _expect_bounded(source.data)
        plain = unpacked(source)
        reader = next(each for each in READERS if each.recognises(plain))
        recording = reader.read(plain)
        _expect_heartbeats(recording.rr_ms)
    except BadRecordingError as error:
        raise BadRecordingError(f"{source.name}: {error.wrong}", error.do) from None
    return recording


def _expect_bounded(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise BadRecordingError(
            f"The file is larger than {MAX_BYTES // 1_000_000} MB.",
            "Cut the recording to the part you need.",
        )


def _expect_heartbeats(given_ms: tuple[float, ...]) -> None:
    rr_ms = [rr for rr in given_ms if rr != 0]  # 0 marks a place without a beat
    if len(rr_ms) < 2:
        raise BadRecordingError(
            f"RR intervals in the recording: {len(rr_ms)}; at least 2 are needed.",
            ONE_COLUMN,
        )
    likely = sum(240 <= rr <= 3000 for rr in rr_ms)
    if likely < 0.75 * len(rr_ms):
        raise BadRecordingError(
            f"Only {likely} of {len(rr_ms)} values can be heartbeats (240-3000 ms).",
            ONE_COLUMN,
        )
