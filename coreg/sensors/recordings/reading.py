"""Reading a recording from its file."""

from pathlib import Path

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.formats import Recording, parse_recording
from coreg.sensors.recordings.lines import MAX_BYTES


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
