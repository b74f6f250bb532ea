"""A practice as data: what happens, for how long, in which words.

A plan is a small TOML file that a therapist can write without code. `parse_plan`
reads its text; whatever is wrong is named by its place and by what would be right.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from coreg.errors import BadPlanError

FORMAT = 1
LONGEST_BLOCK_MIN = 60.0
_PACE_LINE = re.compile(r"\s*pace\s*=")


class BlockKind(StrEnum):
    """What a block is for; the practice treats each kind its own way."""

    QUESTION = "question"  # one question, each alone; may wait for a press
    ARRIVE = "arrive"  # sit; the baseline of both hearts
    BREATHE = "breathe"  # one paced breath for both
    REST = "rest"  # no pacer, no talk
    WORDS = "words"  # talk, or stay silent; may wait for a press


class Pace(StrEnum):
    """Who sets the pace of a paced breath."""

    SHARED = "shared"  # both hearts: the glide waits for the slower one
    FIXED = "fixed"  # time alone, where hearts are not to be relied on


class OpenedBy(StrEnum):
    """Who may open a practice."""

    COUPLE = "couple"
    THERAPIST = "therapist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of a practice."""

    name: str
    kind: BlockKind
    length_s: float
    words: str
    inputs: tuple[str, ...]
    measured: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole practice."""

    name: str
    version: int
    title: str
    purpose: str
    opened_by: OpenedBy
    pace: Pace
    blocks: tuple[Block, ...]


def parse_plan(text: str) -> Plan:
    """Return the plan that a TOML text describes.

    Raises
    ------
    BadPlanError
        Naming the place in the text and what would be right there.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPlanError(
            f"The plan is not valid TOML: {error}.",
            "Compare it with coreg's own plans (`coreg practices`).",
        ) from error
    top = _Table("the plan", table)
    top.allow(
        "format", "name", "version", "title", "purpose", "opened_by", "pace", "block"
    )
    if top.whole("format") != FORMAT:
        raise top.wrong("format", f"{FORMAT}, the only format there is so far")
    blocks = top.get("block", list)
    if not blocks:
        raise top.wrong("block", "at least one [[block]]")
    return Plan(
        name=top.text("name"),
        version=top.whole("version"),
        title=top.text("title"),
        purpose=top.text("purpose"),
        opened_by=OpenedBy(top.one_of("opened_by", tuple(OpenedBy))),
        pace=Pace(top.one_of_or("pace", tuple(Pace), Pace.SHARED)),
        blocks=tuple(_block(i, each) for i, each in enumerate(blocks, start=1)),
    )


def with_breathing_min(plan: Plan, minutes: float) -> Plan:
    """Return the plan with its breathing blocks `minutes` long."""
    return replace(
        plan,
        blocks=tuple(
            replace(block, length_s=60 * minutes)
            if block.kind is BlockKind.BREATHE
            else block
            for block in plan.blocks
        ),
    )


def with_fixed_pace(text: str) -> str:
    """Return a plan's text with a pace that no heart changes; all else as it was."""
    if parse_plan(text).pace is Pace.FIXED:
        return text
    head, block, rest = text.partition("[[block]]")
    lines = head.splitlines(keepends=True)
    kept = "".join(line for line in lines if not _PACE_LINE.match(line))
    return f'pace = "{Pace.FIXED}"\n{kept}{block}{rest}'


def _block(number: int, given: Any) -> Block:
    place = f"block {number}"
    if not isinstance(given, dict):
        raise BadPlanError(f"In {place}: {given!r}.", "Write it as a [[block]] table.")
    table = _Table(f"{place} ({given.get('name', 'unnamed')})", given)
    table.allow("name", "kind", "minutes", "words", "inputs", "measured", "shown")
    return Block(
        name=table.text("name"),
        kind=BlockKind(table.one_of("kind", tuple(BlockKind))),
        length_s=60 * table.minutes("minutes"),
        words=table.text("words"),
        inputs=table.texts("inputs"),
        measured=table.texts("measured"),
        shown=table.texts("shown"),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """A TOML table that knows its place, for errors that name it."""

    place: str
    values: dict[str, Any]

    def wrong(self, key: str, right: str) -> BadPlanError:
        seen = repr(self.values[key]) if key in self.values else "nothing"
        return BadPlanError(f"In {self.place}, {key} is {seen}.", f"Write {right}.")

    def allow(self, *keys: str) -> None:
        for key in self.values:
            if key not in keys:
                raise self.wrong(key, f"only these here: {', '.join(keys)}")

    def get(self, key: str, kind: type) -> Any:
        value = self.values.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.wrong(key, {list: "a list", int: "a whole number"}[kind])
        return value

    def whole(self, key: str) -> int:
        return int(self.get(key, int))

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "some words in quotes")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.get(key, list)
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key, 'a list of words in quotes, such as ["own words"]')
        return tuple(values)

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.values.get(key)
        if value not in choices:
            raise self.wrong(key, f"one of: {', '.join(choices)}")
        return str(value)

    def one_of_or(self, key: str, choices: tuple[str, ...], usual: str) -> str:
        return self.one_of(key, choices) if key in self.values else usual

    def minutes(self, key: str) -> float:
        value = self.values.get(key)
        right = f"minutes above 0, at most {LONGEST_BLOCK_MIN:g}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, right)
        if not 0 < value <= LONGEST_BLOCK_MIN:  # NaN is refused here too
            raise self.wrong(key, right)
        return float(value)
