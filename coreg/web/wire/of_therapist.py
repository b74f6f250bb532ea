"""What a therapist's console asks, of the therapist's own: marks and notes in time.

Nothing of it is of the two: it goes to the therapist's own notebook, where one is open,
and no step of the evening is told of it.
"""

from dataclasses import dataclass
from typing import Annotated

from coreg.web.wire.bounded import Words
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


OfTherapist = Mark | Note
"""What goes to a therapist's own notebook; no step is told of it."""
