"""coreg as an app: opened from a menu, where nobody reads what is printed."""

import os
from collections.abc import Callable


def as_app(begin: Callable[[], int]) -> int:
    """Begin without a terminal; what is wrong is said on a page, whatever it is.

    Nothing is printed: what a menu starts is often written into a log of the system,
    and a launch link is for nobody but this user's browser.
    """
    _print_nowhere()
    try:
        return begin()
    except Exception as error:  # noqa: BLE001 - nobody else would say so
        # Loaded only where something is wrong.
        from coreg.cli.trouble import show_trouble  # noqa: PLC0415

        show_trouble(error)
        return 1


def _print_nowhere() -> None:
    """Take the streams away from this process, and from all that it begins."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    if nowhere > 2:
        os.close(nowhere)
