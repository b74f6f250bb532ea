"""What a page asks for over HTTP, and is answered: defined as messages are.

The tables in docs/web-messages.md and the browser's check follow from them.
"""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from coreg.facts.events import Partner, Source
from coreg.web.wire.named import Seat
from coreg.web.wire.outgoing import OwnPage, SatShown
from coreg.web.wire.shapes import NEEDED, Otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class PartListed:
    """A part of an hour that has pages of its own, and when it began."""

    id: Annotated[str, NEEDED]
    when_utc: str | None
    practice: str
    page: OwnPage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningListed:
    """An earlier evening; `words` say why not all of it can be opened, if so.

    `sat` is None where an earlier coreg kept it: then there is its length alone. An
    hour of several sessions is one evening, by the name of its last; `parts` are those
    that can be opened, in their order, and none where the evening is one session.
    """

    id: Annotated[str, NEEDED]
    when_utc: str | None
    practice: str | None
    length_s: float | None
    sat: SatShown | None
    state: str
    source: Source | None
    simulated: bool
    words: str
    page: OwnPage | None
    parts: tuple[PartListed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineListed:
    """A line of both, who wrote it, when, and on which evening, while that is kept."""

    number: Annotated[int, NEEDED]
    partner: Annotated[Partner, NEEDED]
    session_id: str
    text: Annotated[str, NEEDED]
    when_utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePlace:
    """A place that one device of the house may have, told to the laptop alone.

    Where it is free, `address` leads a phone to it, once, and `picture` is that address
    for a camera. Where it is `taken`, `here` says whether its page is there now.
    """

    seat: Annotated[Seat, NEEDED]
    taken: bool
    here: bool
    address: str
    picture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonesTold:
    """Whether phones may come in; `words` say why not, where that was asked for.

    `fingerprint` is that of the certificate which a phone's browser shows, and
    `address` where it is to be seen.
    """

    on: bool
    words: str
    address: str
    fingerprint: str
    places: tuple[PhonePlace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody to turn to, for whom they are, and who says that this is the number.

    There is no number only where there is a way by text or chat.
    """

    where: str
    name: str
    number: Annotated[str, NEEDED]
    for_whom: str = ""
    by_text: str = ""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """A list of places, and as of when its numbers were looked up."""

    as_of: str
    places: Annotated[tuple[Place, ...], NEEDED]

    def told(self) -> dict[str, Any]:
        """Return the list as pages read it."""
        return asdict(self)


_NO_PHONES = PhonesTold(on=False, words="", address="", fingerprint="", places=())
ANSWERS: dict[str, Any] = {
    "/evenings": Annotated[tuple[EveningListed, ...], Otherwise([])],
    "/lines": Annotated[tuple[LineListed, ...], Otherwise([])],
    "/places": Annotated[Places, Otherwise(Places(as_of="", places=()))],
    "/phones": Annotated[PhonesTold, Otherwise(_NO_PHONES)],
}
