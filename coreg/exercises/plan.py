"""A practice as data: what happens, for how long, in which words.

A plan is a small TOML file that a therapist can write without code. `parse_plan`
reads its text; whatever is wrong is named by its place and by what would be right.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from coreg.base.bounds import BadText, shown, toml_of
from coreg.base.toml_table import TomlTable, read_toml
from coreg.base.toml_writer import toml_text
from coreg.errors import BadPlanError
from coreg.exercises.blocks import MEANINGS, BlockKind, Meaning
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.pacing.pace_limits import (
    FASTEST_BY_THERAPIST_PER_MIN,
    FASTEST_PER_MIN,
    SLOWEST_PER_MIN,
)

FORMAT = 1
LONGEST_BLOCK_MIN = 60.0
WITH_TAPS_MIN = 12.0  # a glide, twelve early glints, six later ones and some to judge
_LARGEST_VERSION = 10**12  # a date and a time of day may serve as a version
_LONGEST_SHOWN = 60
_PACE_KEY, _PACE_UNIT = "breaths_per_min", "breaths a minute"


class Pace(StrEnum):
    """Who sets the pace of a paced breath, and whether hearts are watched.

    Plans that were written before there was `BLOCKS` set the paces of their blocks with
    `FIXED`: they are read as they were then.
    """

    SHARED = "shared"  # both hearts: the glide waits for the slower one
    BLOCKS = "blocks"  # the plan's blocks; no heart leads, and both are watched
    FIXED = "fixed"  # time and blocks alone: no heart may be relied on or is watched


class Length(StrEnum):
    """How long an evening is; a plan says which of these it may be."""

    SHORTER = "shorter"
    USUAL = "usual"
    LONGER = "longer"


class OpenedBy(StrEnum):
    """Who may open a practice."""

    COUPLE = "couple"
    THERAPIST = "therapist"


# What may be kept to once breathing is slow; a therapist may choose more.
_FASTEST = {
    OpenedBy.COUPLE: FASTEST_PER_MIN,
    OpenedBy.THERAPIST: FASTEST_BY_THERAPIST_PER_MIN,
}


_OTHER_MINUTES = {
    Length.SHORTER: "shorter_minutes",
    Length.LONGER: "longer_minutes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of a practice.

    `breaths_per_min` is the pace that a breathing block keeps; NaN where it sets none.
    """

    name: str
    kind: BlockKind
    length_s: float
    breaths_per_min: float
    words: str
    inputs: tuple[str, ...]
    measured: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def means(self) -> Meaning:
        """What its kind means for everything that goes on in it."""
        return MEANINGS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole practice.

    `breaths_per_min` is a pace that was set beforehand, NaN where none was. `lengths`
    are those it may have, `USUAL` alone where its times are part of what it does; the
    blocks last as it is asked for in `length`.
    """

    name: str
    version: int
    title: str
    purpose: str
    opened_by: OpenedBy
    pace: Pace
    breaths_per_min: float
    in_out: InOut
    length: Length
    lengths: tuple[Length, ...]
    blocks: tuple[Block, ...]

    @property
    def minutes(self) -> float:
        """The whole evening, as far as a plan can know it: people may take longer."""
        return sum(block.length_s for block in self.blocks) / 60


def parse_plan(text: str) -> Plan:
    """Return the plan that a TOML text describes.

    Raises
    ------
    BadPlanError
        Naming the place in the text and what would be right there.
    """
    top = _top(text)
    top.allow(
        *("format", "name", "version", "title", "purpose", "opened_by"),
        *("pace", "breaths_per_min", "in_out", "length", "block"),
    )
    top.expect_format(FORMAT)
    blocks = top.list_of("block")
    if not blocks:
        raise top.wrong("block", "at least one [[block]]")
    opened_by = OpenedBy(top.one_of("opened_by", tuple(OpenedBy)))
    pace = Pace(top.one_of_or("pace", tuple(Pace), Pace.SHARED))
    lengths = _lengths(blocks)
    length = Length(top.one_of_or("length", lengths, Length.USUAL))
    allowed = _Allowed(
        length=length,
        sets_pace=pace is not Pace.SHARED,
        fastest_per_min=_FASTEST[opened_by],
    )
    return Plan(
        name=top.text("name"),
        version=top.whole("version", 0, _LARGEST_VERSION),
        title=top.text("title"),
        purpose=top.text("purpose"),
        opened_by=opened_by,
        pace=pace,
        breaths_per_min=top.number_or(
            _PACE_KEY, SLOWEST_PER_MIN, allowed.fastest_per_min, _PACE_UNIT, math.nan
        ),
        in_out=InOut(top.one_of_or("in_out", tuple(InOut), InOut.LONGER_OUT)),
        length=length,
        lengths=lengths,
        blocks=tuple(
            _block(i, each, allowed) for i, each in enumerate(blocks, start=1)
        ),
    )


def readable_plan(text: str) -> Plan | None:
    """Return the plan of an earlier session, None where this coreg cannot read it."""
    try:
        return parse_plan(text)
    except BadPlanError:
        return None


def title_in(text: str) -> str:
    """Return what a plan calls itself, also one that this coreg cannot follow.

    Empty where it does not say, or cannot be read at all.

    Examples
    --------
    >>> title_in('title = "Seven seas"'), title_in("title = [")
    ('Seven seas', '')
    """
    try:
        plan = toml_of(text)
    except BadText:
        return ""
    named = plan.get("title") or plan.get("name") or ""
    return named if isinstance(named, str) else ""


def with_breathing_min(plan: Plan, minutes: float) -> Plan:
    """Return the plan with its breathing blocks `minutes` long."""
    return replace(
        plan,
        blocks=tuple(
            replace(block, length_s=60 * minutes) if block.means.is_led else block
            for block in plan.blocks
        ),
    )


def breathing_for_taps_min(plan: Plan) -> float:
    """Return how long a plan's breathing has to be for taps; 0 where it is enough.

    A plan that breathes at several paces has a length for each, and keeps them; an
    evening that was chosen shorter or longer stays as long as it is.
    """
    if plan.length is not Length.USUAL:
        return 0.0
    breathing = [block for block in plan.blocks if block.means.is_led]
    is_short = len(breathing) == 1 and breathing[0].length_s < 60 * WITH_TAPS_MIN
    return WITH_TAPS_MIN if is_short else 0.0


def with_fixed_pace(text: str) -> str:
    """Return a plan's text for hearts that may not be relied on; all else as it was.

    No heart changes its pace and none is watched; what its blocks set, they keep.
    """
    return _with(text, "pace", Pace.FIXED.value)


def with_set_pace(text: str, breaths_per_min: float) -> str:
    """Return a plan's text whose breath is led to this pace and stays there."""
    return _with(text, _PACE_KEY, float(f"{breaths_per_min:g}"))


def with_in_out(text: str, in_out: InOut) -> str:
    """Return a plan's text with its breaths shared so between in and out."""
    return _with(text, "in_out", in_out.value)


def with_length(text: str, length: Length) -> str:
    """Return a plan's text for an evening of this length, one that the plan allows."""
    return _with(text, "length", length.value)


def _with(text: str, key: str, value: str | float) -> str:
    """Return a text of the plan that it describes, but for one value of its head.

    A text is understood, changed and written anew, never edited: only a parser knows
    which of its words are keys, and where a table begins. What says it already is left
    to the letter, with its comments.
    """
    values = _top(text).values
    if values.get(key) == value:
        return text
    return toml_text({**values, key: value})


def _top(text: str) -> TomlTable:
    return read_toml(
        text,
        "the plan",
        BadPlanError,
        compare_with="coreg's own plans (`coreg practices`)",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowed:
    """What a plan's head asks of its blocks and allows them."""

    length: Length
    sets_pace: bool
    fastest_per_min: float


def _block(number: int, given: Any, allowed: _Allowed) -> Block:
    place = f"block {number}"
    if not isinstance(given, dict):
        raise BadPlanError(
            f"In {place}: {shown(given)}.", "Write it as a [[block]] table."
        )
    table = TomlTable(_place(place, given), given, BadPlanError)
    table.allow(
        "name",
        "kind",
        "minutes",
        *_OTHER_MINUTES.values(),
        "breaths_per_min",
        "words",
        "inputs",
        "measured",
        "shown",
    )
    kind = BlockKind(table.one_of("kind", tuple(BlockKind)))
    return Block(
        name=table.text("name"),
        kind=kind,
        length_s=60 * _minutes(table, allowed.length),
        breaths_per_min=_breaths_per_min(table, kind, allowed),
        words=table.text("words"),
        inputs=table.texts("inputs"),
        measured=table.texts("measured"),
        shown=table.texts("shown"),
    )


def _place(place: str, given: dict[str, Any]) -> str:
    """Return where a block stands, with its name where that is one."""
    name = given.get("name")
    if isinstance(name, str) and name.isprintable() and len(name) <= _LONGEST_SHOWN:
        return f"{place} ({name})"
    return f"{place} (unnamed)"


def _lengths(blocks: list[Any]) -> tuple[Length, ...]:
    """Return the lengths that a plan may have: those its blocks have minutes for."""
    written = {key for block in blocks if isinstance(block, dict) for key in block}
    return tuple(
        length
        for length in Length
        if length is Length.USUAL or _OTHER_MINUTES[length] in written
    )


def _minutes(table: TomlTable, length: Length) -> float:
    """Return how long a block lasts; all its minutes are read, so that none is bad."""
    usual = table.minutes("minutes", LONGEST_BLOCK_MIN)
    other = {
        each: table.minutes(key, LONGEST_BLOCK_MIN)
        for each, key in _OTHER_MINUTES.items()
        if key in table.values
    }
    return other.get(length, usual)


def _breaths_per_min(table: TomlTable, kind: BlockKind, allowed: _Allowed) -> float:
    """Return the pace that a block keeps; NaN where it sets none."""
    if _PACE_KEY not in table.values:
        return math.nan
    if not MEANINGS[kind].is_led:
        raise table.wrong(_PACE_KEY, "it only in a block of kind breathe")
    if not allowed.sets_pace:
        right = f'pace = "{Pace.BLOCKS}" at the head of the plan as well'
        raise table.wrong(_PACE_KEY, right)
    fastest = allowed.fastest_per_min
    return table.number(_PACE_KEY, SLOWEST_PER_MIN, fastest, _PACE_UNIT)
