"""What is offered on which evening: a short one first, the usual one from then on.

A first time is short, for first times are odd rather than calm. What compares paces is
for whoever asks for it by name (`coreg practice --practice resonance`), and never
stands on a couple's Home: it is an experiment, not an evening. Pure: whoever asks has
counted.
"""

from collections.abc import Iterable
from typing import Final

FIRST_TIME: Final = "relaxed-and-alert-first-time"
MAIN: Final = "relaxed-and-alert"
_BY_NAME_ALONE = frozenset({"resonance", "resonance-second-evening"})


def offered(practised: int) -> str:
    """Return the practice of tonight after so many evenings.

    Examples
    --------
    >>> offered(0), offered(1), offered(9)
    ('relaxed-and-alert-first-time', 'relaxed-and-alert', 'relaxed-and-alert')
    """
    return FIRST_TIME if practised == 0 else MAIN


def at_home(names: Iterable[str], practised: int) -> tuple[str, ...]:
    """Return which of these practices a couple may choose at home, in their order.

    Examples
    --------
    >>> at_home(["quiet", "relaxed-and-alert-first-time", "resonance"], 3)
    ('quiet',)
    """
    hidden = _BY_NAME_ALONE if practised == 0 else {*_BY_NAME_ALONE, FIRST_TIME}
    return tuple(name for name in names if name not in hidden)
