"""What a kind of block means: one record a kind, read by all who treat them apart.

A new kind is a name and a record here, and a screen where it needs one of its own. A
block of an old session whose kind this coreg does not know means as little as can be
(`meaning_of`): nothing is led, watched, asked or tested in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class BlockKind(StrEnum):
    """What a block is for."""

    QUESTION = "question"  # one question, each alone
    ARRIVE = "arrive"  # sit; the baseline of both hearts
    BREATHE = "breathe"  # one paced breath for both
    REST = "rest"  # no pacer, no talk
    LIGHT = "light"  # a light that goes as both breathe; nobody follows it
    WORDS = "words"  # talk, or stay silent
    TURN = "turn"  # one speaks, the other listens
    CARE = "care"  # one says what would help, and gets it
    STEP = "step"  # one chooses a distance, and says alone how it is
    WRITE = "write"  # one writes, for nobody else
    GATE = "gate"  # one answers alone, and what follows may change


class Who(StrEnum):
    """Whose a block is: two places in a practice, which two people take in turn."""

    FIRST = "first"  # who begins tonight, or who is hurt
    SECOND = "second"
    BOTH = "both"
    EACH = "each"  # each alone, one after the other


class Role(StrEnum):
    """What one partner does in a part."""

    ARRIVES = "arrives"
    FOLLOWS = "follows"  # the breath of both
    RESTS = "rests"  # both are quiet
    SPEAKS = "speaks"
    LISTENS = "listens"
    CARED_FOR = "cared for"
    CARES = "cares"
    CHOOSES = "chooses"  # the distance
    STAYS = "stays"
    OTHER = "other"  # nobody knows what either does


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a kind of block means for everything that goes on in it.

    `is_led`: one breath leads both. `is_lit`: a light goes as both breathe, and leads
    nobody: it takes straps that see both chests. `is_arrival`: the heart rate at rest
    is taken, and is the baseline of the evening. `is_quiet`: two sit in quiet without
    being led, so that *settled* is judged at every stretch of time. `is_warned`:
    possible flooding is told; elsewhere hearts race for many reasons. `asks_each`: each
    answers alone. `is_before`: that is asked before the practice, so that it is over
    once each has answered. `waits`: it ends by a press where steps wait, unless the
    plan says otherwise. `is_compared`: both hearts' time in it may be tested for
    synchrony; where people talk or answer, they are together by what they do.
    `is_spoken`: somebody has the word in it; `may_talk`: anybody may. `is_private`: one
    has the screen alone. `is_care`: one is given what would help. `is_step`: one
    chooses a distance. `must_lead_on`: something is answered in it, or leads on.
    `whose` it may be; `roles` are what whoever's it is does in it, and the other one.
    `since` is the format of plans that has it. `screen` is the screen that shows it.
    """

    is_led: bool = False
    is_lit: bool = False
    is_arrival: bool = False
    is_quiet: bool = False
    is_warned: bool = False
    asks_each: bool = False
    is_before: bool = False
    waits: bool = False
    is_compared: bool = False
    is_spoken: bool = False
    may_talk: bool = False
    is_private: bool = False
    is_care: bool = False
    is_step: bool = False
    must_lead_on: bool = False
    whose: tuple[Who, ...] = (Who.BOTH,)
    roles: tuple[Role, Role] = (Role.OTHER, Role.OTHER)
    since: int = 1
    screen: str


_ONE = (Who.FIRST, Who.SECOND)

MEANINGS: Final[Mapping[BlockKind, Meaning]] = MappingProxyType(
    {
        BlockKind.QUESTION: Meaning(
            asks_each=True,
            is_before=True,
            waits=True,
            whose=(Who.EACH,),
            screen="question",
        ),
        BlockKind.ARRIVE: Meaning(
            is_arrival=True,
            is_warned=True,
            is_compared=True,
            roles=(Role.ARRIVES, Role.ARRIVES),
            screen="arrive",
        ),
        BlockKind.BREATHE: Meaning(
            is_led=True,
            is_warned=True,
            is_compared=True,
            roles=(Role.FOLLOWS, Role.FOLLOWS),
            screen="breathe",
        ),
        BlockKind.REST: Meaning(
            is_quiet=True,
            is_warned=True,
            is_compared=True,
            roles=(Role.RESTS, Role.RESTS),
            screen="rest",
        ),
        # Not compared: two who look at one light may be alike through it.
        BlockKind.LIGHT: Meaning(
            is_lit=True,
            is_quiet=True,
            is_warned=True,
            roles=(Role.RESTS, Role.RESTS),
            since=2,
            screen="both-light",
        ),
        BlockKind.WORDS: Meaning(waits=True, may_talk=True, screen="words"),
        BlockKind.TURN: Meaning(
            is_spoken=True,
            whose=_ONE,
            roles=(Role.SPEAKS, Role.LISTENS),
            since=2,
            screen="turn",
        ),
        BlockKind.CARE: Meaning(
            is_spoken=True,
            is_care=True,
            waits=True,
            whose=_ONE,
            roles=(Role.CARED_FOR, Role.CARES),
            since=2,
            screen="turn",
        ),
        BlockKind.STEP: Meaning(
            is_step=True,
            waits=True,
            is_private=True,
            whose=_ONE,
            roles=(Role.CHOOSES, Role.STAYS),
            since=2,
            screen="step",
        ),
        BlockKind.WRITE: Meaning(
            waits=True,
            is_private=True,
            whose=(*_ONE, Who.EACH),
            since=2,
            screen="write",
        ),
        BlockKind.GATE: Meaning(
            waits=True,
            is_private=True,
            must_lead_on=True,
            whose=(*_ONE, Who.EACH),
            since=2,
            screen="asked",
        ),
    }
)

UNKNOWN: Final = Meaning(screen="words")


def meaning_of(kind: str) -> Meaning:
    """Return what a kind of block means; of an unknown one, as little as can be.

    Examples
    --------
    >>> meaning_of("breathe").is_led, meaning_of("of tomorrow").is_led
    (True, False)
    """
    try:
        return MEANINGS[BlockKind(kind)]
    except ValueError:
        return UNKNOWN
