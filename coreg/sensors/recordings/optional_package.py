"""Packages that only some formats need: imported when one is met, named when absent."""

from typing import Any

from coreg.base.packages import installing, package
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
            f"Install it from coreg's folder: {installing('formats')}",
        ) from None
