"""What is said of heart levels by part and by who spoke: for the therapist alone."""

from collections.abc import Iterator

from coreg.exercises.blocks import Role
from coreg.facts.events import Partner
from coreg.findings.turns import (
    HeartLevel,
    Reference,
    Silent,
)
from coreg.report.words.numbers import NONE, figure
from coreg.words import number, say

_TOLD = (
    Silent.TOO_SHORT,
    Silent.TOO_LITTLE_CLEAN,
    Silent.NO_ARRIVAL,
    Silent.TOO_FEW_STRETCHES,
)


def role(of: Role) -> str:
    """Say what somebody did; a dash where nobody knows.

    Examples
    --------
    >>> role(Role.CARED_FOR), role(Role.OTHER)
    ('is cared for', '–')
    """
    return NONE if of is Role.OTHER else say(f"report.turns.roles.{of.name.lower()}")


def level(of: HeartLevel) -> str:
    """Return a level as it is written."""
    return figure(of.bpm, 1)


def change(of: HeartLevel) -> str:
    """Return a change with what the heart's own waves would do to it."""
    if of.change_silent is not None:
        return NONE
    return say(
        "report.turns.change_of",
        change=signed(of.change_bpm),
        half=number(of.half_width_bpm, 1),
    )


def why_none(of: HeartLevel, partner: Partner) -> Iterator[str]:
    """Say why there is no level or no change, where there is something to say."""
    if of.change_silent in _TOLD:
        why = say(f"report.turns.why.{of.change_silent.name.lower()}")
        yield say("report.turns.reason", heart=partner.value, why=why)


def columns(what: str, partners: tuple[Partner, ...], of: Reference) -> tuple[str, ...]:
    """Return the columns of each partner: what they did where it differs, and figures.

    `what` is `role` or `part`, what the rows are.
    """
    change = "change" if of is Reference.ARRIVAL else "change_from_step"
    each = ("does", "level", change) if what == "part" else ("level", change)
    return (
        say(f"report.turns.{what}"),
        *(
            say(f"report.turns.{name}", heart=partner.value)
            for partner in partners
            for name in each
        ),
    )


def caption(of: Reference) -> str:
    """Say what stands in the table of parts, and what its changes are from."""
    beside = "caption" if of is Reference.ARRIVAL else "caption_from_step"
    return say(f"report.turns.{beside}")


def signed(bpm: float) -> str:
    """Return a change with its sign; what rounds to nothing has none."""
    rounded = round(bpm, 1)
    return f"+{number(rounded, 1)}" if rounded > 0 else number(rounded + 0.0, 1)
