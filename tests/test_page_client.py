"""A page without a browser misses nothing that it is told, whenever it is told."""

import asyncio
import json
from typing import Any, cast

from websockets.asyncio.client import ClientConnection

from tests.helpers.evening_server import PageClient

HOME = {"type": "state", "screen": "home", "turn": None}
GATE = {"type": "state", "screen": "gate", "turn": "A"}
STRAPS = {"type": "hearts", "straps": [1, 2]}
TAKEN = {"type": "taken", "id": 1001}


class Line:
    """Tells these one after the other, and then nothing."""

    def __init__(self, *told: dict[str, Any]) -> None:
        self._told = [json.dumps(each) for each in told]

    async def send(self, _: str) -> None:
        pass

    async def recv(self) -> str:
        if self._told:
            return self._told.pop(0)
        raise AssertionError("nothing more is told")


def hearing(*told: dict[str, Any]) -> PageClient:
    return PageClient(cast("ClientConnection", Line(*told)))


def test_what_is_told_before_an_answer_is_found_after_it() -> None:
    async def go() -> None:
        one = hearing(HOME, STRAPS, GATE, TAKEN)
        assert await one.ask("start") == TAKEN
        assert await one.until(lambda m: m["type"] == "hearts") == STRAPS
        assert await one.told_when("hearts", lambda m: bool(m["straps"])) == STRAPS
        assert await one.screen("gate") == GATE
        assert await one.turn("A") == GATE

    asyncio.run(go())


def test_what_was_waited_for_is_not_found_again() -> None:
    async def go() -> None:
        one = hearing(STRAPS, HOME, TAKEN, STRAPS, GATE)
        for _ in range(2):
            assert await one.until(lambda m: m["type"] == "hearts") == STRAPS
        assert len(one.heard) == 4
        assert await one.until(lambda m: m["type"] == "state") == GATE

    asyncio.run(go())


def test_what_was_told_before_anything_was_asked_is_no_consequence_of_it() -> None:
    async def go() -> None:
        one = hearing(HOME, STRAPS, TAKEN, GATE)
        await one.screen("home")
        await one.ask("start")
        assert await one.until(lambda m: m["type"] == "state") == GATE

    asyncio.run(go())
