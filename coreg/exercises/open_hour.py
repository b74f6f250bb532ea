"""An hour with a therapist that other practices may come in, and how it goes on.

A part of it has no form: two talk, nobody has a line, and it lasts until somebody says
so. There a practice may begin; the hour then goes on from that talk, or from the rest
that follows it. Pure: from a plan's text to another one's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from coreg.base.toml_writer import toml_text
from coreg.exercises.blocks import meaning_of
from coreg.exercises.plan import (
    OpenedBy,
    Plan,
    parse_plan,
    readable_plan,
    toml_values,
)
from coreg.exercises.plan_blocks import Block
from coreg.facts.events import Opened


class HourPart(StrEnum):
    """From which of its own parts an hour goes on."""

    TALK = "talk"
    REST = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenParts:
    """Where in an hour two talk as they like, and where they rest after that."""

    talk: int
    rest: int


def open_parts(plan: Plan) -> OpenParts | None:
    """Return where other practices may come in; None where it is no such hour.

    A harder practice that a therapist opens is none, whatever its parts are.
    """
    if plan.opened_by is not OpenedBy.THERAPIST or plan.is_harder:
        return None
    talk = next((i for i, each in enumerate(plan.blocks) if is_open(each)), None)
    if talk is None:
        return None
    rest = next(
        (i for i, each in enumerate(plan.blocks) if i > talk and _shows(each, "rest")),
        None,
    )
    return None if rest is None else OpenParts(talk=talk, rest=rest)


def is_of_an_hour(opened: Opened) -> bool:
    """Whether a session is of an hour with a therapist: its first one, or a later."""
    plan = readable_plan(opened.practice.plan_toml)
    is_first = plan is not None and open_parts(plan) is not None
    return bool(opened.identity.hour) or is_first


def _shows(block: Block, screen: str) -> bool:
    return meaning_of(block.kind).screen == screen


def is_open(block: Block) -> bool:
    """Whether two talk in it as they like, for as long as they like."""
    is_talk = _shows(block, "turn") and not meaning_of(block.kind).is_care
    return (
        is_talk
        and block.waits
        and not (block.speaker or block.listener or block.prompts)
    )


def is_as_written(blocks: Sequence[Block], plan: Plan) -> bool:
    """Whether these are all the parts of a plan: not a quiet evening in its place."""
    return [each.name for each in blocks] == [each.name for each in plan.blocks]


def gone_on_with(text: str, part: HourPart) -> str:
    """Return an hour's text from one of its own parts on.

    What was asked before it was asked. From the talk it goes on to the rest: what else
    stood between is in place of a practice, and there was one.

    Raises
    ------
    ValueError
        If it is no hour that other practices come in.
    """
    parts = open_parts(parse_plan(text))
    if parts is None:
        raise ValueError("this is no open hour")
    values = toml_values(text)
    written = values["block"]
    talk = [written[parts.talk]] if part is HourPart.TALK else []
    values["block"] = [*talk, *written[parts.rest :]]
    values.pop("before", None)
    return toml_text(values)
