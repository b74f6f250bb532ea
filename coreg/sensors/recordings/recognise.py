r"""Which reader reads a file. Pure: bytes in, value or words out.

What a file is, is read from its content, never from its name.
"""

from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings import formats
from coreg.sensors.recordings.lines import ONE_COLUMN
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.recordings.source import FileSource, Reader, Wanted

# From the surest sign to the weakest; text reads whatever is left.
READERS: Final[tuple[Reader, ...]] = (formats.TEXT,)


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
    reader = next(each for each in READERS if each.recognises(source))
    try:
        recording = reader.read(source)
        _expect_heartbeats(recording.rr_ms)
    except BadRecordingError as error:
        raise BadRecordingError(f"{source.name}: {error.wrong}", error.do) from None
    return recording


def _expect_heartbeats(rr_ms: tuple[float, ...]) -> None:
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
