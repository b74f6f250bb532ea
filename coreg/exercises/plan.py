"""A practice as data: what happens, for how long, in which words.

A plan is a small TOML file that a therapist can write without code. `parse_plan`
reads its text; whatever is wrong is named by its place and by what would be right.
"""

import math
import re
import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from coreg.errors import BadPlanError

FORMAT = 1
LONGEST_BLOCK_MIN = 60.0
# Guided rates after the glide; only a therapist may go beyond 7/min.
SLOWEST_PER_MIN, FASTEST_PER_MIN, FASTEST_BY_THERAPIST_PER_MIN = 4.5, 7.0, 10.0


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


class InOut(StrEnum):
    """How a breath is shared between in and out; the evidence is mixed."""

    LONGER_OUT = "40:60"
    EVEN = "50:50"

    @property
    def inhale_share(self) -> float:
        """Share of the breath that is breathed in."""
        return 0.4 if self is InOut.LONGER_OUT else 0.5


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
    """A whole practice.

    `breaths_per_min` is a pace that was set beforehand, NaN where none was.
    """

    name: str
    version: int
    title: str
    purpose: str
    opened_by: OpenedBy
    pace: Pace
    breaths_per_min: float
    in_out: InOut
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
        *("format", "name", "version", "title", "purpose", "opened_by"),
        *("pace", "breaths_per_min", "in_out", "block"),
    )
    if top.whole("format") != FORMAT:
        raise top.wrong("format", f"{FORMAT}, the only format there is so far")
    blocks = top.get("block", list)
    if not blocks:
        raise top.wrong("block", "at least one [[block]]")
    opened_by = OpenedBy(top.one_of("opened_by", tuple(OpenedBy)))
    return Plan(
        name=top.text("name"),
        version=top.whole("version"),
        title=top.text("title"),
        purpose=top.text("purpose"),
        opened_by=opened_by,
        pace=Pace(top.one_of_or("pace", tuple(Pace), Pace.SHARED)),
        breaths_per_min=top.breaths_per_min(opened_by),
        in_out=InOut(top.one_of_or("in_out", tuple(InOut), InOut.LONGER_OUT)),
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
    return _with_line(text, "pace", f'"{Pace.FIXED}"')


def with_set_pace(text: str, breaths_per_min: float) -> str:
    """Return a plan's text whose breath is led to this pace and stays there."""
    return _with_line(text, "breaths_per_min", f"{breaths_per_min:g}")


def with_in_out(text: str, in_out: InOut) -> str:
    """Return a plan's text with its breaths shared so between in and out."""
    return _with_line(text, "in_out", f'"{in_out}"')


def _with_line(text: str, key: str, value: str) -> str:
    """Return a plan's text with one line of its head set, all else as it was."""
    head, block, rest = text.partition("[[block]]")
    own_line = re.compile(rf"\s*{key}\s*=")
    kept = [one for one in head.splitlines(keepends=True) if not own_line.match(one)]
    return f"{key} = {value}\n{''.join(kept)}{block}{rest}"


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

    def breaths_per_min(self, opened_by: OpenedBy) -> float:
        key = "breaths_per_min"
        if key not in self.values:
            return math.nan
        by_therapist = opened_by is OpenedBy.THERAPIST
        fastest = FASTEST_BY_THERAPIST_PER_MIN if by_therapist else FASTEST_PER_MIN
        value = self.values[key]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not SLOWEST_PER_MIN <= value <= fastest:
            right = f"a pace from {SLOWEST_PER_MIN:g} to {fastest:g} breaths a minute"
            raise self.wrong(key, right)
        return float(value)

    def minutes(self, key: str) -> float:
        value = self.values.get(key)
        right = f"minutes above 0, at most {LONGEST_BLOCK_MIN:g}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, right)
        if not 0 < value <= LONGEST_BLOCK_MIN:  # NaN is refused here too
            raise self.wrong(key, right)
        return float(value)
