"""Whether now is the moment for what a page asks."""


class OutOfPlace(Exception):
    """Now is not the moment: the message changes nothing."""


def need(holds: bool, why: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise unless this holds.

    Raises
    ------
    OutOfPlace
        Where it does not, with the key of its words.
    """
    if not holds:
        raise OutOfPlace(why)
