"""A session under way, as the evening knows it."""

from dataclasses import dataclass
from itertools import pairwise

from coreg.exercises.blocks import Who, meaning_of
from coreg.exercises.plan import Asked
from coreg.exercises.plan_blocks import Block, Scale, has_quiet
from coreg.facts.both import Both
from coreg.facts.events import Breath, Pacing, Partner
from coreg.web.evening.comfort import COMFORTABLE, Comfort, Swung
from coreg.web.evening.sat import NOT_SAT, Sat
from coreg.web.wire.named import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionClock:
    """Where the session's time lies on the server's clock."""

    origin_s: float
    speed: float

    def server_s(self, t_s: float) -> float:
        """Return when on the server's clock a moment of the session is."""
        return self.origin_s + t_s / self.speed

    def session_s(self, server_s: float) -> float:
        """Return which moment of the session it is on the server's clock."""
        return (server_s - self.origin_s) * self.speed

    def length_s(self, length_s: float) -> float:
        """Return how long on the server's clock something lasts."""
        return length_s / self.speed


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockNow:
    """The block under way, `of` the plan; pauses move `began_s` on.

    `is_done`: whoever has it alone said so, and the next one is about to come.
    """

    number: int
    count: int
    of: Block
    name: str
    kind: str
    length_s: float
    began_s: float
    is_done: bool = False

    @property
    def waits(self) -> bool:
        """Whether it ends by a press."""
        return self.of.waits


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseNow:
    """A pause, in the session's time and on the server's clock.

    `held_server_s` is when each one's button was last known to be held. `is_last` says
    that this day is over: it is the second pause that one of the two needed. `is_back`
    says that coreg stopped and came back in it, `was_needed` that it was there before,
    or that coreg never stopped.
    """

    since_s: float
    way: Way | None
    back_server_s: float | None
    held_server_s: Both[float | None]
    is_last: bool
    is_back: bool = False
    was_needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A session under way. `kept` says whether anything of it is being kept.

    `by_heart` and `may_find` hold for all of it: what somebody changes in a pause must
    not show. `blocks` are those of its plan; `first` has the first place in it; where
    it is `strapless`, no heart is heard. `after` is what it asks at its end, `comfort`
    and `swung` what was said of its paces and how both hearts answered. `lost` say
    why A's and B's strap are not there, where they are not. `was_asked`: each said
    before it what its first question asks; `wished`: it has such a question, and nobody
    was spared it. `asks` is the question whether all is
    right, which is of both. `earlier` are the sessions of its hour that were before
    coreg stopped in this one.
    """

    session_id: str
    clock: SessionClock
    kept: bool
    by_heart: bool
    may_find: bool
    straight: bool
    blocks: tuple[Block, ...]
    block: BlockNow | None
    pause: PauseNow | None
    breath: Breath | None
    next_breath: Breath | None
    pacing: Pacing | None
    asks: bool
    ending: str | None
    lost: Both[str]
    came_back: bool = False
    was_asked: bool = False
    sat: Sat = NOT_SAT
    first: Partner = Partner.A
    strapless: bool = False
    after: tuple[Asked, ...] = ()
    comfort: tuple[Comfort, ...] = ()
    swung: tuple[Swung, ...] = ()
    wished: bool = False
    earlier: tuple[str, ...] = ()

    @property
    def kept_with_it(self) -> tuple[str, ...]:
        """The sessions that are being saved of tonight, as far as this one knows."""
        return (*self.earlier, self.session_id) if self.kept else ()

    @property
    def compared_per_min(self) -> float | None:
        """The pace that both are asked about: in its block, and in the part that asks.

        Elsewhere none: on the way to a pace nobody breathes at it yet.
        """
        at = self.block.number if self.block is not None else 0
        for paced, asks in pairwise(self.blocks[max(0, at - 1) : at + 2]):
            is_asked = any(scale.name == COMFORTABLE for scale in asks.scales)
            if is_asked and paced.means.is_led:
                return paced.breaths_per_min
        return None

    @property
    def had_quiet(self) -> bool:
        """Whether it has free time in which hearts may be compared."""
        return has_quiet(self.blocks) and not self.strapless

    def place_of(self, partner: Partner) -> Who:
        """Return the place that one of the two has in it."""
        return Who.FIRST if partner is self.first else Who.SECOND

    def asks_after(self, partner: Partner) -> tuple[Scale, ...]:
        """Return what the practice asks one of the two alone at its end."""
        places = {self.place_of(partner), Who.EACH}
        return tuple(each.scale for each in self.after if each.who in places)

    def whose(self, who: Who) -> Partner | None:
        """Return who of the two has a place in it; None where it is of both."""
        return {Who.FIRST: self.first, Who.SECOND: self.first.other}.get(who)

    @property
    def cared_for(self) -> Partner | None:
        """Who is given what would help, and alone knows what does; mostly nobody."""
        block = self.block
        if block is None or not meaning_of(block.kind).is_care:
            return None
        return self.whose(block.of.who)

    @property
    def is_led(self) -> bool:
        """Whether one breath leads both now: the block has one, and nobody paused."""
        block = self.block
        return (
            block is not None and self.pause is None and meaning_of(block.kind).is_led
        )

    @property
    def is_arriving(self) -> bool:
        """Whether both settle in now, and may go on before its time is up."""
        block = self.block
        return (
            block is not None
            and self.pause is None
            and meaning_of(block.kind).is_arrival
        )

    @property
    def is_at_its_last(self) -> bool:
        """Whether the last of its blocks has begun: an evening that was practised."""
        return self.block is not None and self.block.number >= len(self.blocks) - 1
