"""Values of options, for argparse: each says what is wrong with it."""

import argparse

from coreg.exercises.pacing.pace_limits import (
    FASTEST_PER_MIN,
    SLOWEST_PER_MIN,
    is_slow_pace,
)


def above_zero(text: str) -> float:
    """Return a number above zero, for argparse."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def speed(text: str) -> float:
    """Return how many times faster than life, for argparse.

    A practice looks up every quarter of a second of its own time: slower than a tenth,
    it would not notice Ctrl-C for longer than anybody waits.
    """
    number = above_zero(text)
    if not 0.1 <= number <= 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.1 and 1000000")
    return number


def minutes(text: str) -> float:
    """Return minutes of a block, for argparse."""
    number = above_zero(text)
    if not 0.1 <= number <= 60:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.1 and 60 minutes")
    return number


def pace(text: str) -> float:
    """Return breaths a minute, for argparse."""
    number = above_zero(text)
    if not is_slow_pace(number):
        limits = f"{SLOWEST_PER_MIN:g} and {FASTEST_PER_MIN:g} breaths a minute"
        raise argparse.ArgumentTypeError(f"{text} is not between {limits}")
    return number


def whole(text: str) -> int:
    """Return a whole number from 0 up, for argparse."""
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return number


def above_none(text: str) -> int:
    """Return a whole number from 1 up, for argparse."""
    number = whole(text)
    if number == 0:
        raise argparse.ArgumentTypeError("0 is not above 0")
    return number


def ant_number(text: str) -> int:
    """Return the device number of an ANT+ strap, for argparse."""
    number = whole(text)
    if not 1 <= number <= 0xFFFF:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and 65535")
    return number
