"""Where simulated couples come from: those that ship with coreg, or a file."""

from importlib import resources
from typing import Final

from coreg.base.toml_shelf import TomlShelf
from coreg.errors import BadCoupleError
from coreg.sensors.simulation.couple_file import CoupleFile, parse_couple

USUAL: Final = "usual"
_SHELF = TomlShelf(
    folder=resources.files("coreg.sensors.simulation") / "couples",
    words="couple",
    error=BadCoupleError,
)


def couple_names() -> list[str]:
    """Return the names of the couples that ship with coreg."""
    return _SHELF.names()


def couple_text(name: str) -> str:
    """Return the text of a couple: one of coreg's own by name, or a file by its path.

    Raises
    ------
    BadCoupleError
        If there is no such couple, or the file cannot be read as text.
    """
    return _SHELF.text(name)


def couple_of(name: str) -> CoupleFile:
    """Return a couple, described by name or by a file; what is wrong names the file.

    Raises
    ------
    BadCoupleError
        If there is no such couple, or its file has a fault.
    """
    return _SHELF.read(name, parse_couple)
