"""Where plans come from: those that ship with coreg, or a file."""

from importlib import resources
from pathlib import Path

from coreg.errors import BadPlanError

_SHELF = resources.files("coreg.exercises") / "plans"
LARGEST_PLAN_BYTES = 100_000


def plan_names() -> list[str]:
    """Return the names of the plans that ship with coreg."""
    names = [entry.name for entry in _SHELF.iterdir()]
    return sorted(name[:-5] for name in names if name.endswith(".toml"))


def plan_text(name: str) -> str:
    """Return the text of a plan: one of coreg's own by name, or a file by its path.

    Raises
    ------
    BadPlanError
        If there is no such plan, or the file cannot be read as text.
    """
    if name in plan_names():
        return (_SHELF / f"{name}.toml").read_text(encoding="utf-8")
    path = Path(name)
    if not path.is_file():
        raise BadPlanError(
            f"There is no practice called {name!r}.",
            f"Choose one of: {', '.join(plan_names())}; or give a plan file.",
        )
    if path.stat().st_size > LARGEST_PLAN_BYTES:
        raise BadPlanError(f"{name} is too large for a plan.", "Give a TOML plan file.")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadPlanError(
            f"The plan {name} cannot be read: {error}.", "Give a TOML plan file."
        ) from error
