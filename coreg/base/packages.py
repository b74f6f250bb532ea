"""Packages that only some formats need, fetched when one is asked for."""

from importlib import import_module
from typing import Any

from coreg.errors import MissingPackageError
from coreg.words import wrong_and_do


def installing(*extras: str) -> str:
    """Return the command for extras, in coreg's folder: by name pip has another coreg.

    Examples
    --------
    >>> installing("cluster", "formats")
    'pip install ".[cluster,formats]"'
    """
    return f'pip install ".[{",".join(extras)}]"'


def package(name: str) -> Any:
    """Return a package of the extra `formats`.

    Raises
    ------
    MissingPackageError
        If it is not installed, with how to get it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        told = wrong_and_do("errors.export.package", package=name.partition(".")[0])
        raise MissingPackageError(*told) from error
