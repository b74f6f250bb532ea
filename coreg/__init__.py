"""Two hearts, one breath: practise being relaxed and alert together.

The library::

    import coreg

    recording = coreg.read_recording("rest.csv")
    beats = recording.cleaned()
    figures = coreg.hrv(beats.nn_ms, beats.t_s)

What is public: the names in `coreg.__all__`, and whatever attributes and methods
without a leading underscore the things they return have. A change of those is said in
CHANGELOG.md. Every other module and name is private, whatever it is called, and may
change or go in any release. docs/library.md shows all of it at work.

Importing coreg loads neither numpy nor anything else that takes time: each name is
fetched when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from coreg.errors import (
    AntError,
    BadCorrectionsError,
    BadCoupleError,
    BadInputError,
    BadPacketError,
    BadPlacesError,
    BadPlanError,
    BadRecordingError,
    ClusterError,
    CoregError,
    EnoughTold,
    HeartGone,
    LibraryBusy,
    LslError,
    MissingPackageError,
    NotEnoughBeats,
    NotReleased,
    PasscodeRefused,
    PassphraseRefused,
    RadioError,
    SessionDamaged,
    SessionError,
    SessionNotFound,
    SpokenPart,
    StorageError,
    StorageLocked,
    StorageUnusable,
)

if TYPE_CHECKING:  # for type checkers and editors; at run time see __getattr__
    from coreg.api.cleaning import CleanBeats, clean
    from coreg.api.recordings import Recording, read_recording
    from coreg.api.sessions import Replay, Review, replay, review
    from coreg.api.simulation import SimulatedCouple, SimulatedHeart, simulate_couple
    from coreg.api.together import Pacer, Synchrony, synchrony
    from coreg.api.variability import Hrv, hrv

__version__ = "0.1.0"

_ROOMS: Final = {
    "CleanBeats": "cleaning",
    "Hrv": "variability",
    "Pacer": "together",
    "Recording": "recordings",
    "Replay": "sessions",
    "Review": "sessions",
    "SimulatedCouple": "simulation",
    "SimulatedHeart": "simulation",
    "Synchrony": "together",
    "clean": "cleaning",
    "hrv": "variability",
    "read_recording": "recordings",
    "replay": "sessions",
    "review": "sessions",
    "simulate_couple": "simulation",
    "synchrony": "together",
}

__all__ = [
    "AntError",
    "BadCorrectionsError",
    "BadCoupleError",
    "BadInputError",
    "BadPacketError",
    "BadPlacesError",
    "BadPlanError",
    "BadRecordingError",
    "CleanBeats",
    "ClusterError",
    "CoregError",
    "EnoughTold",
    "HeartGone",
    "Hrv",
    "LibraryBusy",
    "LslError",
    "MissingPackageError",
    "NotEnoughBeats",
    "NotReleased",
    "Pacer",
    "PasscodeRefused",
    "PassphraseRefused",
    "RadioError",
    "Recording",
    "Replay",
    "Review",
    "SessionDamaged",
    "SessionError",
    "SessionNotFound",
    "SimulatedCouple",
    "SimulatedHeart",
    "SpokenPart",
    "StorageError",
    "StorageLocked",
    "StorageUnusable",
    "Synchrony",
    "__version__",
    "clean",
    "hrv",
    "read_recording",
    "replay",
    "review",
    "simulate_couple",
    "synchrony",
]


if not TYPE_CHECKING:  # or a checker would take every name for one of ours

    def __getattr__(name: str) -> object:
        """Fetch a public name when it is first asked for."""
        if name not in _ROOMS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found: object = getattr(import_module(f"coreg.api.{_ROOMS[name]}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    """Return the public names, also those that are not fetched yet."""
    return sorted({*__all__, *globals()})
