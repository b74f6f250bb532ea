"""Who may see what of an evening: the one place that decides it.

1. A heart is shown alone to its own wearer, who unlocked it with their own passcode:
   one that was theirs already when the evening was.
2. Both hearts are shown together where each asked for that, of this evening, and each
   agreed that the other may see theirs.
3. What somebody agreed to counts in the words that hold now: of other words nobody
   knows whether they would agree to these.
4. A therapist sees over several evenings what its owner agreed to let a therapist see,
   and of both hearts together only where each did. Nobody is told who did not.
5. Simulated people and recordings need no release: there is nobody to ask.

Pages, the state they are told, and the command line all ask here; what is asked about
comes from `Library.said`.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import StrEnum

from coreg.facts.both import Both
from coreg.facts.events import Partner, Source

CONSENT_VERSION = 1  # of the words somebody agrees to; a change asks again


class Wish(StrEnum):
    """What somebody wants to see of an evening: `ours` releases it to the other."""

    NOTHING = "nothing"
    MINE = "mine"
    OURS = "ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEnd:
    """Something of one person's, offered to the other.

    `handle` is its line among that one's own. `has_room`: the other said so. It is over
    once it is `done` for both.
    """

    number: int
    partner: Partner
    handle: int
    has_room: bool
    done: Both[bool]

    @property
    def is_over(self) -> bool:
        """Whether both are done with it."""
        return all(self.done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """When somebody with a passcode was named anew last, and what they were called."""

    utc: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one partner said: of this evening, and whether the other may see a heart.

    `wish` is None while nothing was said. `owns` says that the passcode of today opens
    the own page of this evening.
    """

    wish: Wish | None
    shows: bool
    owns: bool = False


def shown_to_therapist(
    source: Source, agrees: Callable[[Partner], bool]
) -> frozenset[Partner]:
    """Return whose own part of several evenings a therapist may see.

    What is of both hearts takes both. `agrees` says whether somebody agreed to show a
    therapist, in the words that hold now; it is asked only where somebody had to be.
    """
    if source is not Source.STRAPS:
        return frozenset(Partner)
    return frozenset(partner for partner in Partner if agrees(partner))


UNSAID = Said(wish=None, shows=False)


def may_see(
    source: Source,
    said: Callable[[Partner], Said],
    whose: Partner | None,
    unlocked: Container[Partner] = (),
) -> bool:
    """Whether one partner's own page is open, or the joint one (None).

    `said` is asked only where somebody had to be. `unlocked` are those whose passcode
    whoever asks has given.
    """
    if source is not Source.STRAPS:
        return True
    if whose is not None:
        return whose in unlocked and said(whose).owns
    both = [said(partner) for partner in Partner]
    return all(each.wish is Wish.OURS and each.shows for each in both)
