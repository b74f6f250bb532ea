"""Where plans come from: those that ship with coreg, or a file."""

from collections.abc import Callable
from importlib import resources
from types import MappingProxyType
from typing import Final, TypeVar

from coreg.base.toml_shelf import TomlShelf
from coreg.errors import BadPlanError

_What = TypeVar("_What")
_CALLED_NOW: Final = MappingProxyType(
    {
        "resonance": "our-pace",
        "resonance-second-evening": "our-pace-second-evening",
    }
)
"""What earlier names lead to now; a session of then has its own plan with it."""
_SHELF = TomlShelf(
    folder=resources.files("coreg.exercises") / "plans",
    words="practice",
    error=BadPlanError,
)


def plan_names() -> list[str]:
    """Return the names of the plans that ship with coreg."""
    return _SHELF.names()


def is_taken(name: str) -> bool:
    """Return whether a name is one of coreg's own plans', or was."""
    return name in plan_names() or name in _CALLED_NOW


def plan_text(name: str) -> str:
    """Return the text of a plan: one of coreg's own by name, or a file by its path.

    Raises
    ------
    BadPlanError
        If there is no such plan, or the file cannot be read as text.
    """
    return _SHELF.text(_CALLED_NOW.get(name, name))


def new_plan_text(name: str) -> str:
    """Return the text of a new plan of this name: valid, and saying how to go on."""
    new = resources.files("coreg.exercises") / "new_practice.toml"
    return new.read_text(encoding="utf-8").replace("NAME", name)


def read_plan(name: str, parse: Callable[[str], _What]) -> _What:
    """Return what `parse` makes of a plan; whatever is wrong names its file.

    Raises
    ------
    BadPlanError
        If there is no such plan, or it has a fault.
    """
    return _SHELF.read(_CALLED_NOW.get(name, name), parse)
