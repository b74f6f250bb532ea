"""A practice as data: what happens, for how long, in which words.

A plan is a small TOML file that a therapist can write without code. `parse_plan`
reads its text; whatever is wrong is named by its place and by what would be right.
"""

import math
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from coreg.base.bounds import BadText, toml_of
from coreg.base.toml_table import TomlTable, read_toml
from coreg.base.toml_writer import toml_text
from coreg.errors import BadPlanError
from coreg.exercises.blocks import Who
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.pacing.pace_limits import (
    FASTEST_BY_THERAPIST_PER_MIN,
    FASTEST_PER_MIN,
    SLOWEST_PER_MIN,
)
from coreg.exercises.plan_blocks import (
    MOST_SCALES,
    NO,
    SCALE_KEYS,
    SCALE_MAX,
    YES,
    YES_NO_WORDS,
    Allowed,
    Block,
    Length,
    Scale,
    blocks,
    first_blocks,
    lengths_of,
    scale,
)
from coreg.facts.kinds import Stream

FORMATS = (1, 2)
WITH_TAPS_MIN = 12.0  # a glide, twelve early glints, six later ones and some to judge
_LARGEST_VERSION = 10**12  # a date and a time of day may serve as a version
_LARGEST_EVENING = 1000
_MOST_FIRST_TIMES = 100
_KEYS = (
    *("format", "name", "version", "title", "purpose", "opened_by"),
    *("pace", "breaths_per_min", "in_out", "length", "block"),
)
_LATER_KEYS = (
    *("straps", "begins", "from_evening", "harder", "warm", "not_when"),
    *("before", "after", "at_first", "at_first_times"),
)
_NAME_LINE = re.compile(r"""^name[ \t]*=[ \t]*("[^"\n]*"|'[^'\n]*')""", re.MULTILINE)
_PACE_KEY, _PACE_UNIT = "breaths_per_min", "breaths a minute"


class Pace(StrEnum):
    """Who sets the pace of a paced breath, and whether hearts are watched.

    Plans that were written before there was `BLOCKS` set the paces of their blocks with
    `FIXED`: they are read as they were then.
    """

    SHARED = "shared"  # both hearts: the glide waits for the slower one
    BLOCKS = "blocks"  # the plan's blocks; no heart leads, and both are watched
    FIXED = "fixed"  # time and blocks alone: no heart may be relied on or is watched


class OpenedBy(StrEnum):
    """Who may open a practice."""

    COUPLE = "couple"
    THERAPIST = "therapist"


# What may be kept to once breathing is slow; a therapist may choose more.
_FASTEST = {
    OpenedBy.COUPLE: FASTEST_PER_MIN,
    OpenedBy.THERAPIST: FASTEST_BY_THERAPIST_PER_MIN,
}


class Straps(StrEnum):
    """Whether a practice needs hearts; where it has none, nothing of it is kept."""

    WORN = "worn"
    OPTIONAL = "optional"
    NONE = "none"


class Begins(StrEnum):
    """Who is first in a practice."""

    TURNS = "turns"  # the one who was second last time
    ASKED = "asked"  # whoever the two say: it is about that one


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What each, or one of the two, is asked alone before a practice or after it.

    Of an answer above `gentler_above` or below `gentler_below`, tonight is a quiet one
    instead; NaN where no answer makes it so. Between the two answers of a question of
    yes or no lies a half.
    """

    who: Who
    scale: Scale
    gentler_above: float = math.nan
    gentler_below: float = math.nan

    @property
    def is_needed(self) -> bool:
        """Whether the practice depends on the answer: it begins with none but that."""
        return not (math.isnan(self.gentler_above) and math.isnan(self.gentler_below))

    def makes_gentle(self, answer: int | None) -> bool:
        """Return whether tonight had better be a quiet one; None: nobody said."""
        if answer is None:
            return self.is_needed
        return answer > self.gentler_above or answer < self.gentler_below


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole practice.

    `breaths_per_min` is a pace that was set beforehand, NaN where none was. `lengths`
    are those it may have, `USUAL` alone where its times are part of what it does; the
    blocks last as it is asked for in `length`. It is offered from the evening
    `from_evening` on; `is_harder`: not twice within two days; `is_warm`: something good
    is told or taken in, and what is free before and after it may be compared. `before`
    and `after` are asked of each alone. `not_when` says when to leave it; `at_first` is
    said beside it until it was practised `at_first_times`.
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
    straps: Straps = Straps.WORN
    begins: Begins = Begins.TURNS
    from_evening: int = 1
    is_harder: bool = False
    is_warm: bool = False
    not_when: str = ""
    at_first: str = ""
    at_first_times: int = 0
    before: tuple[Asked, ...] = ()
    after: tuple[Asked, ...] = ()

    @property
    def follows_breaths(self) -> bool:
        """Whether it has a light that follows both: it takes straps that see chests."""
        return any(block.means.is_lit for block in self.blocks)

    @property
    def measured_of_each(self) -> frozenset[Stream]:
        """What the straps of both have to measure for it beside heartbeats."""
        return frozenset({Stream.ACCELERATION} if self.follows_breaths else ())

    @property
    def minutes(self) -> float:
        """The whole evening, as far as a plan can know it: people may take longer.

        What comes only where somebody asks for once more is not in it.
        """
        usual = (block for block in self.blocks if not block.is_again)
        return sum(block.length_s for block in usual) / 60


def parse_plan(text: str) -> Plan:
    """Return the plan that a TOML text describes.

    Raises
    ------
    BadPlanError
        Naming the place in the text and what would be right there.
    """
    top = _top(text)
    number = top.format_of(FORMATS)
    top.allow(*_KEYS, *(_LATER_KEYS if number > 1 else ()))
    given = top.list_of("block")
    if not given:
        raise top.wrong("block", "at least one [[block]]")
    opened_by = OpenedBy(top.one_of("opened_by", tuple(OpenedBy)))
    pace = Pace(top.one_of_or("pace", tuple(Pace), Pace.SHARED))
    lengths = lengths_of(given)
    length = Length(top.one_of_or("length", lengths, Length.USUAL))
    allowed = Allowed(
        length=length,
        sets_pace=pace is not Pace.SHARED,
        fastest_per_min=_FASTEST[opened_by],
    )
    read = first_blocks if number == 1 else blocks
    plan = Plan(
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
        blocks=read(given, allowed),
    )
    return plan if number == 1 else _with_later(plan, top)


def _with_later(plan: Plan, top: TomlTable) -> Plan:
    """Return the plan with what only format 2 has at its head."""
    straps = Straps(top.one_of_or("straps", tuple(Straps), Straps.WORN))
    at_first = top.text_or("at_first", "")
    if "at_first_times" in top.values and not at_first:
        raise top.wrong("at_first", "what is said the first times")
    return replace(
        plan,
        straps=straps,
        begins=Begins(top.one_of_or("begins", tuple(Begins), Begins.TURNS)),
        from_evening=(
            top.whole("from_evening", 1, _LARGEST_EVENING)
            if "from_evening" in top.values
            else 1
        ),
        is_harder=top.flag_or("harder", usual=False),
        is_warm=top.flag_or("warm", usual=False),
        not_when=top.text_or("not_when", ""),
        at_first=at_first,
        at_first_times=(
            top.whole("at_first_times", 1, _MOST_FIRST_TIMES) if at_first else 0
        ),
        before=_asked(top, "before"),
        after=_asked(top, "after"),
    )


def _asked(top: TomlTable, key: str) -> tuple[Asked, ...]:
    """Return what is asked alone, at most three of one person."""
    read: list[Asked] = []
    for table in top.tables(key, f"[[{key}]]"):
        limited_by = ("gentler_above", "gentler_below") if key == "before" else ()
        said_by = ("gentler_on",) if key == "before" else ()
        # What hurts is kept from the page after a practice, and from nowhere else.
        may_keep = () if key == "before" else ("may_keep",)
        table.allow("who", *SCALE_KEYS, *limited_by, *said_by, *may_keep)
        names = {each.scale.name for each in read}
        of = (Who.EACH, Who.FIRST, Who.SECOND)
        limits = {
            limit: table.number_or(limit, 0, SCALE_MAX, "an answer", math.nan)
            for limit in limited_by
        }
        if "gentler_on" in table.values:
            answer = YES_NO_WORDS[table.one_of("gentler_on", tuple(YES_NO_WORDS))]
            limit = "gentler_above" if answer == YES else "gentler_below"
            limits[limit] = (NO + YES) / 2
        who = Who(table.one_of_or("who", of, Who.EACH))
        read.append(Asked(who=who, scale=scale(table, names), **limits))
        for one in (Who.FIRST, Who.SECOND):
            if sum(each.who in {one, Who.EACH} for each in read) > MOST_SCALES:
                raise top.wrong(key, f"at most {MOST_SCALES} for one person")
    return tuple(read)


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


def toml_values(text: str) -> dict[str, Any]:
    """Return a plan's text as values, which are the caller's own to change."""
    return dict(_top(text).values)


def with_name(text: str, name: str) -> str:
    """Return a plan's text under another name, with its comments where that can be.

    Whoever writes on from it reads them: so this text alone is edited, and taken only
    where nothing but the name is another one.
    """
    edited = _NAME_LINE.sub(f'name = "{name}"', text, count=1)
    try:
        is_same = toml_of(edited) == {**_top(text).values, "name": name}
    except BadText:
        is_same = False
    return edited if is_same else _with(text, "name", name)


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
        compare_with="a new one (`coreg practices new`)",
    )
