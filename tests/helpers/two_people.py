"""Two people with straps on, as far as an evening can tell, and their first use."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from coreg.facts.events import Source
from coreg.session.sources import SessionSource
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.server.hearts import SimulatedHome
from tests.helpers.evening_server import PageClient

FAST = 2000.0
YES = {
    "choice": "yes",
    "adult": True,
    "record": True,
    "show_partner": True,
    "heart_rhythm": False,
    "see_doctor": False,
    "find_pace": False,
}
CALM = {"at_ease": 7, "awake": 3, "myself": 8}


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

    def open_session(self, a: str, b: str) -> SessionSource:
        return replace(self._home.open_session(a, b), kind=Source.STRAPS)


async def first_use(one: PageClient) -> None:
    """Two people come for the first time: names, consent, whose heart is whose."""
    await one.screen("welcome")
    await one.say("names", A="Ada", B="Bo")
    await one.turn("A")
    await one.say("consent", partner="A", **YES)
    await one.turn("B")
    await one.say("consent", partner="B", **YES)
    await one.screen("home")
    await one.say("assign", strap_id="simulated-A", partner="A")
    await one.say("assign", strap_id="simulated-B", partner="B")
    await one.say("go", screen="fit")
    await one.screen("fit")


async def each_says(one: PageClient, moment: str) -> None:
    """Say words and ratings for each of the two; B sets the evening aside."""
    for partner in "AB":
        await one.turn(partner)
        if (partner, moment) == ("B", "before"):
            await one.say("aside", partner=partner)
        await one.say("words", partner=partner, text=f"secret {partner} {moment}")
        await one.say("rating", partner=partner, moment=moment, **CALM)
    await one.turn(None)
    await one.say("press", press="next")


async def look_back(one: PageClient) -> dict[str, Any]:
    """Release the evening to one another; return what may be seen then."""
    await one.screen("look-back")
    for partner in "AB":
        await one.say("look", partner=partner, whose="ours")
        await one.turn("B" if partner == "A" else None)
    look: dict[str, Any] = one.state["look"]
    return look
