"""Reading a recording from its file."""

from pathlib import Path

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import MAX_BYTES
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.recordings.source import FileSource, Wanted
from coreg.words import system_said, wrong_and_do


def read_recording(path: Path, wanted: Wanted | None = None) -> Recording:
    """Return the recording in a file; what it is, is read from its content.

    Raises
    ------
    BadRecordingError
        If the file cannot be read or is no recording.
    """
    # Here, because starting coreg need not wait for two dozen formats.
    from coreg.sensors.recordings.recognise import read_source  # noqa: PLC0415

    try:
        if path.is_dir():
            raise BadRecordingError(*wrong_and_do("errors.recording.folder", path=path))
        if path.exists() and not path.is_file():
            told = wrong_and_do("errors.recording.no-file", path=path)
            raise BadRecordingError(*told)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # one more than may be: told from the limit
    except FileNotFoundError:
        told = wrong_and_do("errors.recording.missing", path=path)
        raise BadRecordingError(*told) from None
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        why = system_said(error) if isinstance(error, OSError) else str(error)
        told = wrong_and_do("errors.recording.unreadable", path=path, why=why)
        raise BadRecordingError(*told) from error
    return read_source(
        FileSource(name=path.name, data=data, path=path, wanted=wanted or Wanted())
    )
