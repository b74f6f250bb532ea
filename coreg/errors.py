"""Everything that a person can mend, as one tree.

::

    CoregError                 what was wrong, what was seen, what to do
    |-- BadPacketError         bytes that are no Heart Rate Measurement
    |-- BadRecordingError      a file of intervals that cannot be used
    |-- BadPlanError           a practice plan with a fault, and its place
    |-- BadCoupleError         a simulated couple's file with a fault, and its place
    |-- BadPlacesError         an own list of places to turn to that is not shown
    |-- BadInputError          an argument that cannot be what it is said to be
    |-- NotEnoughBeats         a measure below its validity floor
    |-- MissingPackageError    a package that is not installed, and how to get it
    |-- RadioError             Bluetooth or a strap that cannot be reached
    |-- SessionError
    |   |-- NotReleased        a page that its owners have not opened
    |   |-- SessionNotFound    no such session, or more than one begins so
    |   `-- SessionDamaged     a session file that cannot be read as one
    `-- StorageError
        |-- LibraryBusy        another coreg is using this data folder
        `-- StorageUnusable    a folder or disk that cannot be written

`cli` prints a `CoregError` in one line, without a traceback, and exits with 1. Any
other exception is a bug of coreg and keeps its traceback.
"""


class CoregError(Exception):
    """What was wrong (and what was seen), and what to do about it."""

    def __init__(self, wrong: str, do: str) -> None:
        super().__init__(f"{wrong} {do}")
        self.wrong = wrong
        self.do = do


class BadPacketError(CoregError):
    """Bytes that are not a Heart Rate Measurement."""


class BadRecordingError(CoregError):
    """A file of intervals that cannot be used."""


class BadPlanError(CoregError):
    """A practice plan with a fault, naming its place."""


class BadCoupleError(CoregError):
    """A simulated couple's file with a fault, naming its place."""


class BadPlacesError(CoregError):
    """A list of the user's own of places to turn to that cannot be trusted."""


class BadInputError(CoregError, ValueError):
    """An argument of the library that cannot be what it is said to be."""


class MissingPackageError(CoregError, ImportError):
    """A package that coreg does not need, and that what was asked for does."""


class NotEnoughBeats(CoregError):
    """A measure asked for below its validity floor."""

    def __init__(self, measure: str, *, have: int, need: int) -> None:
        super().__init__(
            f"{measure} needs at least {need} clean intervals and got {have}.",
            "Lengthen the window, or check the strap's contact.",
        )


class RadioError(CoregError):
    """Bluetooth cannot be used, or a strap cannot be reached.

    `trouble` names the kind of it (`coreg.sensors.quirks.words.Trouble`).
    """

    def __init__(self, wrong: str, do: str, *, trouble: str) -> None:
        super().__init__(wrong, do)
        self.trouble = trouble


class SessionError(CoregError):
    """Something about one session."""


class NotReleased(SessionError):
    """A page that not everybody opened whom it shows."""


class SessionNotFound(SessionError):
    """No such session, or the beginning given fits more than one."""


class SessionDamaged(SessionError):
    """A file that cannot be read as a session."""


class StorageError(CoregError):
    """Something about the place where sessions are kept."""


class LibraryBusy(StorageError):
    """Another coreg is using this data folder."""


class StorageUnusable(StorageError):
    """A folder or a disk that cannot be written."""
