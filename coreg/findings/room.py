"""Several evenings as a therapist may see them.

Of each of the two only what that one lets a therapist see (`release`); what somebody
said of oneself only where their own passcode opened it; and how long care took, which
is of both, only where both agreed. Evenings that were set aside are in none of it.
"""

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coreg.exercises.blocks import Role
from coreg.facts.events import Opened, Partner, Source
from coreg.findings.care import Care, CareOver, care_of, care_over
from coreg.findings.own_rating import OwnRating
from coreg.findings.steps import SaidInPart, Step, steps_for_therapist
from coreg.findings.summary import SessionSummary
from coreg.findings.turns import RoleLevel, levels_by_role
from coreg.findings.warm import WarmEvening, WarmOver, warm_of, warm_over

BESIDE_ONE_ANOTHER: Final = frozenset({Role.ARRIVES, Role.FOLLOWS, Role.RESTS})
"""What both do at once: no turn of anybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What one of the two said of one evening, opened with that one's own passcode."""

    ratings: tuple[OwnRating, ...]
    said: tuple[SaidInPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomEvening:
    """One evening: of each of the two what may be seen, and what is of both.

    `turns` are levels by what somebody did, where not both did the same. `ratings` and
    `steps` have those alone whose passcode opened them. `care` is empty and `warm` None
    unless both agreed.
    """

    opened: Opened
    zone: dt.tzinfo
    turns: tuple[RoleLevel, ...]
    care: tuple[Care, ...]
    warm: WarmEvening | None
    ratings: Mapping[Partner, tuple[OwnRating, ...]]
    steps: Mapping[Partner, tuple[Step, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoomEvenings:
    """All evenings, oldest first.

    `shown` are those who let a therapist see theirs, `opened_by` those of them whose
    passcode is here. `care` and `warm` are None unless both agreed. `left_out` and
    `unread` count the evenings that are not here.
    """

    evenings: tuple[RoomEvening, ...]
    shown: frozenset[Partner]
    opened_by: frozenset[Partner]
    care: CareOver | None
    warm: WarmOver | None
    left_out: int
    unread: int

    @property
    def is_real(self) -> bool:
        """Whether two people sat there, who had to be asked."""
        return self.evenings[-1].opened.couple.source is Source.STRAPS


def room_evening(
    summary: SessionSummary,
    shown: Container[Partner],
    words: Mapping[Partner, OwnWords],
) -> RoomEvening:
    """Take from one evening what a therapist may see.

    Parameters
    ----------
    summary : SessionSummary
    shown : container of Partner
        Those who let a therapist see theirs.
    words : mapping
        What was said, of those whose passcode opened it.
    """
    both = summary.erased is None and all(partner in shown for partner in Partner)
    return RoomEvening(
        opened=summary.opened,
        zone=summary.zone,
        turns=tuple(
            each
            for each in levels_by_role(summary)
            if each.partner in shown and each.role not in BESIDE_ONE_ANOTHER
        ),
        care=care_of(summary) if both else (),
        warm=warm_of(summary) if both else None,
        ratings={
            partner: own.ratings for partner, own in words.items() if partner in shown
        },
        steps={
            partner: steps_for_therapist(
                summary.opened, own.said, owner_agreed=partner in shown
            )
            for partner, own in words.items()
            if partner in shown and own.said
        },
    )


def room_evenings(
    evenings: Sequence[RoomEvening],
    shown: frozenset[Partner],
    opened_by: frozenset[Partner],
    *,
    left_out: int,
    unread: int,
) -> RoomEvenings:
    """Return all evenings, oldest first, with what is told over all of them."""
    both = shown == frozenset(Partner)
    warm = [each.warm for each in evenings if each.warm is not None]
    return RoomEvenings(
        evenings=tuple(evenings),
        shown=shown,
        opened_by=opened_by & shown,
        care=care_over([each.care for each in evenings], shown) if both else None,
        warm=warm_over(warm, shown) if both else None,
        left_out=left_out,
        unread=unread,
    )
