"""What a therapist's console asks: marks and notes in time, and what an hour does next.

Marks and notes are the therapist's own: they go to the therapist's notebook, where one
is open, and no step of the evening is told of them.
"""

from dataclasses import dataclass
from typing import Annotated

from coreg.exercises.plan_blocks import Length
from coreg.facts.events import Partner
from coreg.web.wire.bounded import Id, Words
from coreg.web.wire.named import HourGoes
from coreg.web.wire.readers import whole

MOST_MARKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something happened now, of one of the therapist's own kinds (1 to 5)."""

    key: Annotated[int, whole(1, MOST_MARKS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words for a moment: `ago_s` before now, when whoever writes began to."""

    text: Words
    ago_s: Annotated[int, whole(0, 24 * 3600)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginWithin:
    """In an open hour, have this practice come now; what is left out stays its own."""

    practice: Id
    length: Length | None = None
    first: Partner | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOn:
    """Go on with an open hour at one of its own parts, or end it."""

    to: HourGoes


OfHour = BeginWithin | HourOn
"""What a therapist does with an open hour; the evening takes it as a step."""

OfTherapist = Mark | Note
"""What goes to a therapist's own notebook; no step is told of it."""
