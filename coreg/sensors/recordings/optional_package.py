"""Packages that only some formats need: imported when one is met, named when absent."""

from typing import Any

from coreg.base.packages import package
from coreg.errors import BadRecordingError, MissingPackageError


def optional_package(name: str, what: str) -> Any:
    """Return a package of the extra `formats`.

    Raises
    ------
    BadRecordingError
        If it is not installed; the words say how to get it.
    """
    try:
        return package(name)
    except MissingPackageError:
        raise BadRecordingError(
            f"This is {what}, and reading one takes the package {name}.",
            'Install it from coreg\'s folder: pip install ".[formats]"',
        ) from None
