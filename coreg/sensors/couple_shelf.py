"""Where simulated couples come from: those that ship with coreg, or a file."""

from importlib import resources
from pathlib import Path
from typing import Final

from coreg.errors import BadCoupleError

USUAL: Final = "usual"
LARGEST_BYTES: Final = 100_000
_SHELF = resources.files("coreg.sensors") / "couples"


def couple_names() -> list[str]:
    """Return the names of the couples that ship with coreg."""
    names = [entry.name for entry in _SHELF.iterdir()]
    return sorted(name[:-5] for name in names if name.endswith(".toml"))


def couple_text(name: str) -> str:
    """Return the text of a couple: one of coreg's own by name, or a file by its path.

    Raises
    ------
    BadCoupleError
        If there is no such couple, or the file cannot be read as text.
    """
    if name in couple_names():
        return (_SHELF / f"{name}.toml").read_text(encoding="utf-8")
    path = Path(name)
    if not path.is_file():
        raise BadCoupleError(
            f"There is no simulated couple called {name!r}.",
            f"Choose one of: {', '.join(couple_names())}; or give a couple's file.",
        )
    if path.stat().st_size > LARGEST_BYTES:
        raise BadCoupleError(
            f"{name} is too large for a couple.", "Give a couple's TOML file."
        )
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCoupleError(
            f"The couple {name} cannot be read: {error}.", "Give a couple's TOML file."
        ) from error
