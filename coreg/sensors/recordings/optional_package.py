"""Packages that only some formats need: imported when one is met, named when absent."""

from importlib import import_module
from types import ModuleType

from coreg.errors import BadRecordingError


def optional_package(name: str, what: str) -> ModuleType:
    """Return a package of the extra `formats`.

    Raises
    ------
    BadRecordingError
        If it is not installed; the words say how to get it.
    """
    try:
        return import_module(name)
    except ImportError:
        raise BadRecordingError(
            f"This is {what}, and reading one takes the package {name}.",
            "Install it: pip install coreg[formats]",
        ) from None
