"""The blocks of a practice as data: how each is read, and what would be right there.

Format 1 has the five kinds of a practice without words of its own for each; format 2
has who speaks, a line for each of the two, and what ends a block. What format 1 says
means the same for ever.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from coreg.base.bounds import shown
from coreg.base.toml_table import TomlTable
from coreg.errors import BadPlanError
from coreg.exercises.blocks import MEANINGS, BlockKind, Meaning, Who
from coreg.exercises.pacing.pace_limits import SLOWEST_PER_MIN

LONGEST_BLOCK_MIN = 60.0
QUIET_BETWEEN_TURNS_S = 10.0
"""Nothing, between one who spoke and the other: what was said may sink in.

Pauses of 5 to 15 s took the heat out of couples' retaliation in an experiment
(McCurry, May & Donaldson 2024, Communications Psychology 2, 73).
"""
PROMPT_EVERY_S = 40.0
SCALE_MAX = 10
MOST_CHOICES, MOST_PROMPTS, MOST_SCALES = 8, 6, 3

_Few = TypeVar("_Few")
SCALE_KEYS = ("name", "words", "low", "high", "answers", "reply", "reply_at_most")
_OF_SCALES_ALONE = ("low", "high", "reply_at_most", "gentler_above", "gentler_below")
_OF_YES_NO_ALONE = ("may_keep", "gentler_on")
_PACE_KEY, _PACE_UNIT = "breaths_per_min", "breaths a minute"
_LONGEST_SHOWN = 60
_FILLED: Final = ("words", "speaker", "listener", "prompts")
_BLANK: Final = re.compile(r"\{([^{}]*)\}")
NAMES_IN_WORDS: Final = ("speaker", "listener")
"""The blanks of a block's words, each filled with a name; no other one is."""
_FIRST_KINDS = tuple(kind for kind in BlockKind if MEANINGS[kind].since == 1)


class Length(StrEnum):
    """How long an evening is; a plan says which of these it may be."""

    SHORTER = "shorter"
    USUAL = "usual"
    LONGER = "longer"


_OTHER_MINUTES = {
    Length.SHORTER: "shorter_minutes",
    Length.LONGER: "longer_minutes",
}


class Ends(StrEnum):
    """What ends a block."""

    TIME = "time"
    PRESS = "press"


class Does(StrEnum):
    """What a choice in a block leads to."""

    ON = "next"
    AGAIN = "again"  # the block after it that is for once more
    PAUSE = "pause"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button of a block, and what it does."""

    words: str
    does: Does


class Answers(StrEnum):
    """How something that one is asked alone is answered."""

    SCALE = "scale"  # 0 to 10
    YES_NO = "yes-no"


NO, YES = 0, 1
"""What is kept of an answer to a question of yes or no."""
YES_NO_WORDS: Final = {"no": NO, "yes": YES}
"""How a plan writes one of them."""
NEVER = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What one says alone, 0 `low` to 10 `high`; `name` is what it is kept as.

    Where `is_yes_no`, it is answered by `YES` or `NO` and has no ends. `reply` is what
    that one alone reads at once after a yes, or after an answer of at most
    `reply_at_most` (`NEVER`: after none). `may_keep`: after a yes they may keep it
    among what still hurts.
    """

    name: str
    words: str
    low: str
    high: str
    is_yes_no: bool = False
    reply: str = ""
    reply_at_most: int = NEVER
    may_keep: bool = False

    def takes(self, value: int) -> bool:
        """Return whether this is an answer to it."""
        return value in {NO, YES} if self.is_yes_no else 0 <= value <= SCALE_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of a practice.

    `breaths_per_min` is the pace that a breathing block keeps; NaN where it sets none.
    `words` are for both; `speaker` and `listener` are the lines of whose block it is
    and of the other one. `prompts` follow one another in place of `speaker`, each for
    `PROMPT_EVERY_S`. The first `quiet_s` of it nothing is said and nothing shown.
    `is_again`: it comes only where somebody asked for once more. `scales` are answered
    alone at its end. `may_listen`: it offers music, or another sound, to both.
    """

    name: str
    kind: BlockKind
    length_s: float
    breaths_per_min: float
    words: str
    inputs: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    who: Who = Who.BOTH
    speaker: str = ""
    listener: str = ""
    prompts: tuple[str, ...] = ()
    ends: Ends = Ends.TIME
    choices: tuple[Choice, ...] = ()
    is_again: bool = False
    scales: tuple[Scale, ...] = ()
    quiet_s: float = 0.0
    may_listen: bool = False

    @property
    def means(self) -> Meaning:
        """What its kind means for everything that goes on in it."""
        return MEANINGS[self.kind]

    @property
    def waits(self) -> bool:
        """Whether it ends by a press, where steps wait."""
        return self.ends is Ends.PRESS


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What a plan's head asks of its blocks and allows them."""

    length: Length
    sets_pace: bool
    fastest_per_min: float


def has_quiet(blocks: Sequence[Block]) -> bool:
    """Whether hearts are compared in free time: to settle in counts, as a rest does.

    They are not where something to listen to is offered.
    """
    free = any(each.means.is_compared and not each.means.is_led for each in blocks)
    return free and not any(each.may_listen for each in blocks)


def lengths_of(blocks: list[Any]) -> tuple[Length, ...]:
    """Return the lengths that a plan may have: those its blocks have minutes for."""
    written = {key for block in blocks if isinstance(block, dict) for key in block}
    return tuple(
        length
        for length in Length
        if length is Length.USUAL or _OTHER_MINUTES[length] in written
    )


def first_blocks(given: list[Any], allowed: Allowed) -> tuple[Block, ...]:
    """Return the blocks of a plan of format 1.

    Raises
    ------
    BadPlanError
        Naming the block, and what would be right there.
    """
    return tuple(_first_block(table, allowed) for table in _tables(given))


def blocks(given: list[Any], allowed: Allowed) -> tuple[Block, ...]:
    """Return the blocks of a plan of format 2, with ten quiet seconds between turns.

    Raises
    ------
    BadPlanError
        Naming the block, and what would be right there.
    """
    read: list[Block] = []
    for table in _tables(given):
        block = _block(table, allowed)
        if block.is_again and not _leads_again(read):
            right = "it only after a block with a choice that does again"
            raise table.wrong("again", right)
        if _leads_again(read) and not block.is_again:
            right = "again = true, for the block before has a choice that does again"
            raise table.wrong("again", right)
        read.append(_after_quiet(read, block))
    if _leads_again(read):
        raise BadPlanError(
            "In the last block, a choice does again, and nothing comes after it.",
            "Add a block with `again = true`.",
        )
    return tuple(read)


def scales(tables: tuple[TomlTable, ...]) -> tuple[Scale, ...]:
    """Return what is asked from 0 to 10; each is kept under a name of its own.

    Raises
    ------
    BadPlanError
        Naming the place, and what would be right there.
    """
    read: list[Scale] = []
    for table in tables:
        table.allow(*SCALE_KEYS)
        read.append(scale(table, {each.name for each in read}))
    return tuple(read)


def scale(table: TomlTable, taken: set[str]) -> Scale:
    """Return one thing that is asked alone, of a name that is not taken."""
    name = table.text("name")
    if not name.isidentifier() or len(name) > _LONGEST_SHOWN or name in taken:
        raise table.wrong("name", "a short name of its own, such as warm")
    answers = Answers(table.one_of_or("answers", tuple(Answers), Answers.SCALE))
    is_yes_no = answers is Answers.YES_NO
    for key in _OF_SCALES_ALONE if is_yes_no else _OF_YES_NO_ALONE:
        if key in table.values:
            other = Answers.SCALE if is_yes_no else Answers.YES_NO
            raise table.wrong(key, f'it only with answers = "{other}"')
    reply = table.text_or("reply", "")
    at_most = "reply_at_most"
    if at_most in table.values and not reply:
        raise table.wrong("reply", "what is said then")
    return Scale(
        name=name,
        words=table.text("words"),
        low="" if is_yes_no else table.text("low"),
        high="" if is_yes_no else table.text("high"),
        is_yes_no=is_yes_no,
        reply=reply,
        reply_at_most=(
            NEVER if is_yes_no or not reply else table.whole(at_most, 0, SCALE_MAX)
        ),
        may_keep=table.flag_or("may_keep", usual=False),
    )


def _tables(given: list[Any]) -> list[TomlTable]:
    tables: list[TomlTable] = []
    for number, each in enumerate(given, start=1):
        place = f"block {number}"
        if not isinstance(each, dict):
            raise BadPlanError(
                f"In {place}: {shown(each)}.", "Write it as a [[block]] table."
            )
        tables.append(TomlTable(_place_of(place, each), each, BadPlanError))
    return tables


def _first_block(table: TomlTable, allowed: Allowed) -> Block:
    table.allow(
        *("name", "kind", "minutes", *_OTHER_MINUTES.values(), _PACE_KEY),
        *("words", "inputs", "measured", "shown"),
    )
    kind = BlockKind(table.one_of("kind", _FIRST_KINDS))
    return Block(
        name=table.text("name"),
        kind=kind,
        length_s=60 * _minutes(table, allowed.length),
        breaths_per_min=_breaths_per_min(table, kind, allowed),
        words=table.text("words"),
        inputs=table.texts("inputs"),
        measured=table.texts("measured"),
        shown=table.texts("shown"),
        who=Who.EACH if MEANINGS[kind].asks_each else Who.BOTH,
        ends=_usual_end(kind),
    )


def _block(table: TomlTable, allowed: Allowed) -> Block:
    table.allow(
        *("name", "kind", "minutes", *_OTHER_MINUTES.values(), _PACE_KEY),
        *("who", "words", "speaker", "listener", "prompts", "ends", "choices"),
        *("again", "scales", "measured", "listen"),
    )
    kind = BlockKind(table.one_of("kind", tuple(BlockKind)))
    means = MEANINGS[kind]
    _refuse_other_blanks(table)
    ends = Ends(table.one_of_or("ends", tuple(Ends), _usual_end(kind)))
    if ends is Ends.TIME and means.is_private:
        raise table.wrong("ends", f"press: nobody is hurried in a block of kind {kind}")
    if (means.is_led or means.is_lit) and ends is Ends.PRESS:
        raise table.wrong("ends", "time: a breath is breathed out")
    choices = _choices(table, ends)
    asked = _block_scales(table, means)
    if means.must_lead_on and not (choices or asked):
        raise table.wrong("choices", "what may be answered, and what each does")
    return Block(
        name=table.text("name"),
        kind=kind,
        length_s=60 * _minutes(table, allowed.length),
        breaths_per_min=_breaths_per_min(table, kind, allowed),
        words=_words(table),
        measured=table.texts_or_none("measured"),
        who=_who(table, kind),
        speaker=table.text_or("speaker", ""),
        listener=table.text_or("listener", ""),
        prompts=_few(table, "prompts", table.texts_or_none("prompts"), MOST_PROMPTS),
        ends=ends,
        choices=choices,
        is_again=table.flag_or("again", usual=False),
        scales=asked,
        may_listen=_may_listen(table, means),
    )


def _may_listen(table: TomlTable, means: Meaning) -> bool:
    may_listen = table.flag_or("listen", usual=False)
    if may_listen and (means.is_lit or not means.is_quiet):
        raise table.wrong("listen", "it only in a block of kind rest")
    return may_listen


def _refuse_other_blanks(table: TomlTable) -> None:
    """Refuse a blank that nobody fills: both would read it as it is written."""
    for key in _FILLED:
        value = table.values.get(key)
        for words in value if isinstance(value, list) else [value]:
            blanks = _BLANK.findall(words) if isinstance(words, str) else []
            if not set(blanks) <= set(NAMES_IN_WORDS):
                named = " and ".join(f"{{{each}}}" for each in NAMES_IN_WORDS)
                raise table.wrong(key, f"only {named} in curly brackets, for the names")


def _words(table: TomlTable) -> str:
    """Return what is for both; whoever has a line of their own needs none."""
    if "words" not in table.values and "speaker" in table.values:
        return ""
    return table.text("words")


def _who(table: TomlTable, kind: BlockKind) -> Who:
    may_be = MEANINGS[kind].whose
    if len(may_be) == 1:
        return Who(table.one_of_or("who", may_be, may_be[0]))
    return Who(table.one_of("who", may_be))


def _usual_end(kind: BlockKind) -> Ends:
    return Ends.PRESS if MEANINGS[kind].waits else Ends.TIME


def _choices(table: TomlTable, ends: Ends) -> tuple[Choice, ...]:
    tables = table.tables("choices", "choice")
    if tables and ends is not Ends.PRESS:
        raise table.wrong("choices", 'ends = "press" as well')
    read: list[Choice] = []
    for each in tables:
        each.allow("words", "does")
        does = Does(each.one_of_or("does", tuple(Does), Does.ON))
        read.append(Choice(words=each.text("words"), does=does))
    return _few(table, "choices", tuple(read), MOST_CHOICES)


def _block_scales(table: TomlTable, means: Meaning) -> tuple[Scale, ...]:
    read = scales(table.tables("scales", "scale"))
    if read and not means.is_private:
        raise table.wrong("scales", "it only in a block of kind step, write or gate")
    return _few(table, "scales", read, MOST_SCALES)


def _few(
    table: TomlTable, key: str, read: tuple[_Few, ...], most: int
) -> tuple[_Few, ...]:
    if len(read) > most:
        raise table.wrong(key, f"at most {most} of them")
    return read


def _leads_again(read: list[Block]) -> bool:
    """Whether the block before has a choice that asks for once more."""
    return bool(read) and any(each.does is Does.AGAIN for each in read[-1].choices)


def _after_quiet(before: list[Block], block: Block) -> Block:
    """Return a turn with its ten quiet seconds, where the other one spoke before."""
    is_new = bool(before) and block.who is not before[-1].who
    if not (is_new and block.means.is_spoken and before[-1].means.is_spoken):
        return block
    length_s = block.length_s + QUIET_BETWEEN_TURNS_S
    return replace(block, length_s=length_s, quiet_s=QUIET_BETWEEN_TURNS_S)


def _place_of(place: str, given: dict[str, Any]) -> str:
    """Return where a block stands, with its name where that is one."""
    name = given.get("name")
    if isinstance(name, str) and name.isprintable() and len(name) <= _LONGEST_SHOWN:
        return f"{place} ({name})"
    return f"{place} (unnamed)"


def _minutes(table: TomlTable, length: Length) -> float:
    """Return how long a block lasts; all its minutes are read, so that none is bad."""
    usual = table.minutes("minutes", LONGEST_BLOCK_MIN)
    other = {
        each: table.minutes(key, LONGEST_BLOCK_MIN)
        for each, key in _OTHER_MINUTES.items()
        if key in table.values
    }
    return other.get(length, usual)


def _breaths_per_min(table: TomlTable, kind: BlockKind, allowed: Allowed) -> float:
    """Return the pace that a block keeps; NaN where it sets none."""
    if _PACE_KEY not in table.values:
        return math.nan
    if not MEANINGS[kind].is_led:
        raise table.wrong(_PACE_KEY, "it only in a block of kind breathe")
    if not allowed.sets_pace:
        right = 'pace = "blocks" at the head of the plan as well'
        raise table.wrong(_PACE_KEY, right)
    fastest = allowed.fastest_per_min
    return table.number(_PACE_KEY, SLOWEST_PER_MIN, fastest, _PACE_UNIT)
