"""Two people with straps on, as far as an evening can tell, and their first use."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from coreg.base import clock
from coreg.facts.both import Both
from coreg.facts.events import Partner, Source, Stream
from coreg.session.sources import SessionSource
from coreg.store.library_db import Library
from coreg.store.own_things import RatingKept
from coreg.store.passcode import OwnKey
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.server.hearts import SimulatedHome
from coreg.web.server.lan import House
from tests.helpers.evening_server import PageClient, Served, served
from tests.helpers.short_plans import SHORT_EVENING

FAST = 2000.0
YES = {
    "choice": "yes",
    "adult": True,
    "record": True,
    "show_partner": True,
    "heart_rhythm": False,
    "see_doctor": False,
    "find_pace": False,
    "show_therapist": False,
}
PASSCODES = {"A": "4711", "B": "a boat at noon"}
CALM = {"at_ease": 7, "wide_awake": 8, "myself": 8}


def sessions(data: Path) -> list[Path]:
    """The sessions of a data folder, oldest first."""
    return sorted((data / "sessions").glob("*.coreg"))


class TwoStraps:
    """Straps of real people, as far as the evening can tell."""

    trouble = ""

    def __init__(self, speed: float) -> None:
        self._home = SimulatedHome(seed=3, speed=speed, swapped=False)

    def straps(self, now_ns: int) -> tuple[StrapSeen, ...]:
        return tuple(replace(s, worn_by=None) for s in self._home.straps(now_ns))

    def open_session(
        self, a: str, b: str, measured: Both[frozenset[Stream]]
    ) -> SessionSource:
        source = self._home.open_session(a, b, measured)
        return replace(source, kind=Source.STRAPS)


def evening_of_two(
    data: Path,
    *,
    is_quiet: bool = False,
    speed: float = FAST,
    house: House | None = None,
    with_therapist: bool = False,
    plan_toml: str = SHORT_EVENING,
) -> AbstractAsyncContextManager[Served]:
    """Serve these two, and practices that are over soon, quiet ones by lot or not."""
    return served(
        data,
        speed=speed,
        at_home=TwoStraps(speed),
        plan_toml=plan_toml,
        is_quiet=is_quiet,
        house=house,
        with_therapist=with_therapist,
    )


async def agree(one: PageClient, partner: str, **ticked: object) -> None:
    """One of the two chooses a passcode and answers what they are asked."""
    asked = {"partner": partner, "passcode": PASSCODES[partner]}
    assert (await one.ask("choose-passcode", **asked))["type"] == "taken"
    await one.say("consent", partner=partner, **{**YES, **ticked})


async def unlock(one: PageClient, partner: str) -> str:
    """One of the two gives their passcode; return the ticket of their own pages."""
    asked = {"partner": partner, "passcode": PASSCODES[partner]}
    answer = await one.ask("enter-passcode", **asked)
    assert answer["type"] == "taken", answer
    ticket: str = answer["unlocked"]["ticket"]
    return ticket


def own_key(library: Library, partner: Partner) -> OwnKey:
    """The key of one of the two, unlocked by their passcode."""
    now = clock.utc_now()
    return library.own.enter(partner, PASSCODES[partner], now=now).key


def words_of(data: Path, partner: Partner) -> list[str]:
    """What one of the two wrote, read with their passcode."""
    library = Library(data)
    key = own_key(library, partner)
    return [each.text for each in library.own.lines(partner, key).words]


def ratings_of(data: Path, partner: Partner) -> list[RatingKept]:
    """How one of the two was, read with their passcode."""
    library = Library(data)
    return library.own.lines(partner, own_key(library, partner)).ratings


async def first_use(one: PageClient) -> None:
    """Two people come for the first time: names, consent, whose heart is whose."""
    await one.screen("welcome")
    await one.say("names", A="Ada", B="Bo")
    await one.turn("A")
    await agree(one, "A")
    await one.turn("B")
    await agree(one, "B")
    await one.screen("home")
    await one.say("assign", strap_id="simulated-A", partner="A")
    await one.say("assign", strap_id="simulated-B", partner="B")


def said_before(partner: str) -> dict[str, object]:
    """What each says alone before a practice; B sets the evening aside."""
    return {"text": f"secret {partner} before", "aside": partner == "B", **CALM}


async def look_back(one: PageClient, *, read: str = "") -> Any:
    """Say how it was, each alone, and release it; return what may be seen then.

    The first one reads a line to the other, if any.
    """
    await one.screen("look-back")
    for partner in "BA":  # who was asked last before it has the laptop
        await one.say("words", partner=partner, text=f"secret {partner} after")
        if read and partner == "B":
            await one.say("read-aloud", partner=partner, text=read)
        await one.say("rating", partner=partner, moment="after", **CALM)
        await unlock(one, partner)
        await one.say("look", partner=partner, whose="ours")
        await one.turn("A" if partner == "B" else None)
    return one.state["look"]
