"""Everything that a person can mend, as one tree.

::

    CoregError                 what was wrong, what was seen, what to do
    |-- AntError               an ANT stick or strap that cannot be had
    |-- BadPacketError         bytes that are no packet of a strap
    |-- BadRecordingError      a file of intervals that cannot be used
    |-- BadCorrectionsError    corrections of beats that do not fit, or a file of none
    |-- BadPlanError           a practice plan with a fault, and its place
    |-- BadCoupleError         a simulated couple's file with a fault, and its place
    |-- BadPlacesError         an own list of places to turn to that is not shown
    |-- BadInputError          an argument that cannot be what it is said to be
    |-- ClusterError           a scheduler or worker that is not there, or unlike
    |-- NotEnoughBeats         a measure below its validity floor
    |-- EnoughTold             more than a therapist's book takes of one person
    |-- LslError               streams of LSL that cannot be had, or cannot be read
    |-- MissingPackageError    a package that is not installed, and how to get it
    |-- PasscodeRefused        a passcode that is wrong, too early or too easy
    |-- PassphraseRefused      a passphrase or recovery key that is wrong or too easy
    |-- RadioError             Bluetooth or a strap that cannot be reached
    |-- SessionError
    |   |-- HeartGone          what takes a heart that was erased from the session
    |   |-- NotReleased        a page that its owners have not opened
    |   |-- SpokenPart         what breath decides, of a part in which people talk
    |   |-- SessionNotFound    no such session, or more than one begins so
    |   `-- SessionDamaged     a session file that cannot be read as one
    `-- StorageError
        |-- LibraryBusy        another coreg is using this data folder
        `-- StorageUnusable    a folder or disk that cannot be written
            `-- StorageLocked  what is locked with a passphrase, and no key for it

`cli` prints a `CoregError` in one line, without a traceback, and exits with 1. Any
other exception is a bug of coreg and keeps its traceback.
"""


class CoregError(Exception):
    """What was wrong (and what was seen), and what to do about it."""

    def __init__(self, wrong: str, do: str) -> None:
        super().__init__(f"{wrong} {do}")
        self.wrong = wrong
        self.do = do


class AntError(CoregError):
    """An ANT stick cannot be used, or a strap is not heard by it."""


class BadPacketError(CoregError):
    """Bytes that are no packet of a strap: a heart rate, a frame, an answer."""


class BadRecordingError(CoregError):
    """A file of intervals that cannot be used."""


class BadCorrectionsError(CoregError):
    """Corrections of heartbeats that do not fit, or a file that holds none."""


class BadPlanError(CoregError):
    """A practice plan with a fault, naming its place."""


class BadCoupleError(CoregError):
    """A simulated couple's file with a fault, naming its place."""


class BadPlacesError(CoregError):
    """A list of the user's own of places to turn to that cannot be trusted."""


class BadInputError(CoregError, ValueError):
    """An argument of the library that cannot be what it is said to be."""


class EnoughTold(CoregError):
    """More than a therapist's book takes of one person."""


class MissingPackageError(CoregError, ImportError):
    """A package that coreg does not need, and that what was asked for does."""


class ClusterError(CoregError):
    """A scheduler or worker that does not answer, or that has other code."""


class NotEnoughBeats(CoregError):
    """A measure asked for below its validity floor."""


class PasscodeRefused(CoregError):
    """A passcode that is wrong, comes too early after wrong ones, or is too easy.

    `why` names the reason for pages; `wait_s` is how long to wait before the next try.
    """

    def __init__(self, wrong: str, do: str, *, why: str, wait_s: float = 0.0) -> None:
        super().__init__(wrong, do)
        self.why = why
        self.wait_s = wait_s


class PassphraseRefused(CoregError):
    """A passphrase or a recovery key that is wrong, or a passphrase that is too easy.

    `why` names the reason for pages.
    """

    def __init__(self, wrong: str, do: str, *, why: str) -> None:
        super().__init__(wrong, do)
        self.why = why


class RadioError(CoregError):
    """Bluetooth cannot be used, or a strap cannot be reached.

    `trouble` names the kind of it (`coreg.sensors.quirks.words.Trouble`).
    """

    def __init__(self, wrong: str, do: str, *, trouble: str) -> None:
        super().__init__(wrong, do)
        self.trouble = trouble


class LslError(CoregError):
    """Streams of LSL cannot be used, or one cannot be taken for a heart."""


class SessionError(CoregError):
    """Something about one session."""


class NotReleased(SessionError):
    """A page that not everybody opened whom it shows."""


class HeartGone(SessionError):
    """What takes a heart that was erased from the session."""


class SpokenPart(SessionError):
    """What breath decides was asked of a part in which people talk."""


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


class StorageLocked(StorageUnusable):
    """What is locked with a passphrase, asked for without its key."""
