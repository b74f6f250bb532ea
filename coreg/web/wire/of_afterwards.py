"""What a page says alone, after a practice, of what was in it."""

from dataclasses import dataclass

from coreg.facts.events import Partner
from coreg.web.wire.named import Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class ItHappened:
    """On the page after: whether a little of what one wished for did happen."""

    partner: Partner
    happened: Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class SayInQuiet:
    """On the page after: what was in the quiet time, in place of what one said of it.

    `nothing` of these; all false: this one would rather not say.
    """

    partner: Partner
    nothing: bool
    talk: bool
    moving: bool
    sound: bool
