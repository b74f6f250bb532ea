"""Wanting to be near and wanting space, step by step: two values, never one.

Both can be high at once, and both low: that is what is looked for, so they are never
added, subtracted or turned into an index, and neither more nor less of either is
better. Each is the answer of the one who chose the distance, and is there for that one,
or for a therapist whom that one let see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coreg.errors import NotReleased
from coreg.exercises.plan import readable_plan
from coreg.facts.events import Opened
from coreg.words import wrong_and_do

NEAR: Final = "near"
SPACE: Final = "space"
"""What a plan names the two scales of a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidInPart:
    """What somebody answered from 0 to 10 in one block of a plan, by its number."""

    block: int
    name: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: two dots. None where nothing was said."""

    number: int
    block: int
    near: int | None
    space: int | None


def steps_of(opened: Opened, said: Sequence[SaidInPart]) -> tuple[Step, ...]:
    """Return the owner's two values of each step, in the plan's order.

    Parameters
    ----------
    opened : Opened
        The session, whose plan has the steps.
    said : sequence of SaidInPart
        What the owner answered, oldest first: of what was said twice, the last counts.
    """
    plan = readable_plan(opened.practice.plan_toml)
    if plan is None:
        return ()
    last = {(each.block, each.name): each.value for each in said}
    numbers = [
        number
        for number, block in enumerate(plan.blocks)
        if block.means.is_step
        and {NEAR, SPACE} <= {scale.name for scale in block.scales}
    ]
    return tuple(
        Step(
            number=at,
            block=number,
            near=last.get((number, NEAR)),
            space=last.get((number, SPACE)),
        )
        for at, number in enumerate(numbers, start=1)
    )


def has_dots(steps: Sequence[Step]) -> bool:
    """Whether anything was said in any step."""
    return any(each.near is not None or each.space is not None for each in steps)


def steps_for_therapist(
    opened: Opened, said: Sequence[SaidInPart], *, owner_agreed: bool
) -> tuple[Step, ...]:
    """Return the same for a therapist.

    Raises
    ------
    NotReleased
        Unless the one whose answers they are agreed.
    """
    if not owner_agreed:
        raise NotReleased(*wrong_and_do("errors.measure.steps"))
    return steps_of(opened, said)
