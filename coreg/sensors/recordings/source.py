"""What a reader is given: the bytes of a file, and what the person asked to read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coreg.sensors.recordings.lines import MAX_BYTES
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
    """A file to be read: `data` is all of it; `path` finds the files beside it.

    `packed_beside` are the files of marks in the same folder of the archive that it was
    packed in, by their lower-case names; None where it was in none.
    """

    name: str
    data: bytes
    path: Path | None = None
    wanted: Wanted = Wanted()
    packed_beside: Mapping[str, bytes] | None = None

    def beside(self, name: str) -> bytes | None:
        """Return what a file beside it holds, None where there is none.

        Raises
        ------
        OSError
            If it is there and can't be read.
        """
        if self.packed_beside is not None:
            return self.packed_beside.get(name.casefold())
        path = None if self.path is None else self.path.with_name(name)
        if path is None or path == self.path or not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more tells a file too large


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One format: whether a file looks like it, and how it is read.

    `recognises` looks at the content alone and never raises; `read` raises
    BadRecordingError with words. The first reader in `recognise.READERS` that
    recognises a file reads it.
    """

    recognises: Callable[[FileSource], bool]
    read: Callable[[FileSource], Recording]
