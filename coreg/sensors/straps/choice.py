"""Which two of the straps on the air are A's and B's."""

from collections.abc import Sequence

from coreg.errors import RadioError
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.sensors.quirks.words import Trouble, radio_error
from coreg.sensors.straps.radio import FoundStrap
from coreg.words import say, wrong_and_do


def the_two(found: Sequence[FoundStrap]) -> dict[Partner, FoundStrap]:
    """Return the only two straps there are, as A and B in order of their addresses.

    Where some are in use by others, those that are free count.

    Raises
    ------
    RadioError
        If there are not two, with those that were heard.
    """
    if not found:
        raise radio_error(Trouble.NOTHING_FOUND)
    free = [strap for strap in found if not strap.is_in_use]
    found = free if len(free) == 2 else found
    if len(found) != 2:
        told = wrong_and_do(
            "errors.straps.not-two", n=len(found), listed=_listed(found)
        )
        raise RadioError(*told, trouble=Trouble.NOTHING_FOUND)
    # The same strap is the same partner's on every evening, however near it is.
    return dict(Both(*sorted(found, key=lambda each: each.address)).items())


def the_named(found: Sequence[FoundStrap], a: str, b: str) -> dict[Partner, FoundStrap]:
    """Return the straps whose address or name ends so.

    Raises
    ------
    RadioError
        If one is not on the air, fits several, or both are the same.
    """
    straps = [_ending(found, a), _ending(found, b)]
    if straps[0] == straps[1]:
        told = wrong_and_do("errors.straps.same", a=a, b=b)
        raise RadioError(*told, trouble=Trouble.NOTHING_FOUND)
    return dict(Both(*straps).items())


def _ending(found: Sequence[FoundStrap], ending: str) -> FoundStrap:
    wanted = ending.casefold()
    fitting = [
        each
        for each in found
        if each.address.casefold().endswith(wanted)
        or each.name.casefold().endswith(wanted)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        told = wrong_and_do(
            "errors.straps.ambiguous",
            ending=ending,
            n=len(fitting),
            listed=_listed(fitting),
        )
    elif found:
        told = wrong_and_do(
            "errors.straps.not-found-among", ending=ending, listed=_listed(found)
        )
    else:
        told = wrong_and_do("errors.straps.not-found", ending=ending)
    raise RadioError(*told, trouble=Trouble.NOTHING_FOUND)


def _listed(found: Sequence[FoundStrap]) -> str:
    return ", ".join(map(_named, found))


def _named(strap: FoundStrap) -> str:
    name = strap.name or say("errors.straps.nameless")
    if strap.is_in_use:
        return say("errors.straps.listed-in-use", name=name, address=strap.address)
    return f"{name} {strap.address}"
