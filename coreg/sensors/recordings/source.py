"""What a reader is given: the bytes of a file, and what the person asked to read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coreg.sensors.recordings.recording import Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person said of a file that may hold several things.

    `column` and `person` name a column, or one of several people, as the file calls
    them or by their place from 1.
    """

    column: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """A file to be read: `data` is all of it; `path` finds the files beside it."""

    name: str
    data: bytes
    path: Path | None = None
    wanted: Wanted = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One format: whether a file looks like it, and how it is read.

    `recognises` looks at the content alone and never raises; `read` raises
    BadRecordingError with words. The first reader in `recognise.READERS` that
    recognises a file reads it.
    """

    recognises: Callable[[FileSource], bool]
    read: Callable[[FileSource], Recording]
