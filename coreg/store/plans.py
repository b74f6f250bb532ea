"""Where plans come from: those that ship with coreg, or a file."""

from importlib import resources

from coreg.errors import BadPlanError
from coreg.toml_shelf import TomlShelf

_SHELF = TomlShelf(
    folder=resources.files("coreg.exercises") / "plans",
    one="practice",
    file="plan",
    error=BadPlanError,
)


def plan_names() -> list[str]:
    """Return the names of the plans that ship with coreg."""
    return _SHELF.names()


def plan_text(name: str) -> str:
    """Return the text of a plan: one of coreg's own by name, or a file by its path.

    Raises
    ------
    BadPlanError
        If there is no such plan, or the file cannot be read as text.
    """
    return _SHELF.text(name)
