"""Recordings in place of straps: a file is read, and its beats arrive as they did."""

from collections.abc import Iterator
from pathlib import Path

from coreg.errors import BadRecordingError
from coreg.events import NS_PER_S, Intervals, Partner
from coreg.sensors.recording_formats import (
    Kind,
    Recording,
    parse_recording,
)
from coreg.sensors.recording_lines import MAX_BYTES

__all__ = ["Kind", "Recording", "parse_recording", "read_recording", "to_inputs"]


def read_recording(path: Path) -> Recording:
    """Return the recording in a file; what it is, is read from its content.

    Raises
    ------
    BadRecordingError
        If the file cannot be read or is no recording.
    """
    try:
        if path.is_dir():
            raise BadRecordingError(f"{path} is a folder.", "Name a file in it.")
        if path.exists() and not path.is_file():
            raise BadRecordingError(f"{path} is no file.", "Name a recording.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # one more than may be: told from the limit
    except FileNotFoundError:
        raise BadRecordingError(
            f"There is no file {path}.", "Check the name and the folder."
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadRecordingError(
            f"{path} cannot be read ({reason}).",
            "Check that you may open it, or copy it elsewhere.",
        ) from error
    return parse_recording(data, name=path.name)


def to_inputs(recording: Recording, partner: Partner) -> Iterator[Intervals]:
    r"""Yield what this partner's strap would have delivered, in order of time.

    Examples
    --------
    >>> recording = parse_recording(b"arrival_s,rr_ms\n0.5,800\n0.5,810\n", name="x")
    >>> [(each.t_ns, each.rr_ms) for each in to_inputs(recording, Partner.A)]
    [(500000000, (800.0, 810.0))]
    """
    for t_s, rr_ms in recording.packets:
        yield Intervals(t_ns=round(t_s * NS_PER_S), partner=partner, rr_ms=rr_ms)
