"""What one says alone, of every kind: the other's pages, files and lists are the same.

One evening is lived twice. B says the same both times, and A says something else in
every answer that there is, on the way in, in the practice, afterwards and later. All
that B's pages are told, all that is exported of B, the settings, and what the recording
says of the practice are compared: they are equal.
"""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coreg.base import clock
from coreg.facts.events import BlockBegan, Partner, Pressed
from coreg.report.personal import held_about
from coreg.store.library_db import Library
from coreg.store.reader import read_session
from tests.helpers.evening_server import PageClient, entered, page, served
from tests.helpers.two_people import FAST, PASSCODES, TwoStraps, first_use, unlock
from tests.test_parts_of_a_practice import PLAN

EACH = (
    PLAN.replace('who = "second"\nname = "room"', 'who = "each"\nname = "room"')
    .replace(
        "[[block]]",
        '[[block]]\nname = "Wish"\nkind = "question"\nminutes = 1\n'
        'words = "What would be good?"\n\n[[block]]',
        1,
    )
    .replace(
        "[[after]]",
        '[[after]]\nname = "sore"\nwords = "Sore?"\nanswers = "yes-no"\n'
        'reply = "That can happen."\nmay_keep = true\n\n'
        '[[after]]\nname = "took_in"\nwords = "Taken in?"\nlow = "no"\n'
        'high = "yes"\nreply = "It can be hard."\nreply_at_most = 3\n\n[[after]]',
        1,
    )
)
CHANGES = {"server_s", "straps", "breath", "next_breath", "pacing", "hearts", "notices"}
"""What comes of the moment and of the hearts, not of anybody's answers."""


@dataclass(frozen=True)
class Life:
    """What A says alone: seventeen answers, of every kind there is."""

    word: str
    number: int
    aside: bool
    wish: str
    happened: str
    loose_ends: int
    sore: bool
    took_in: int
    hurts: int = 0  # what of it is kept among what still hurts


QUIET = Life(
    *("lake", 6),
    aside=False,
    wish="nothing",
    happened="yes",
    loose_ends=0,
    sore=False,
    took_in=9,
)
OTHER = Life(
    *("moor", 9),
    aside=True,
    wish="mine",
    happened="not-today",
    loose_ends=1,
    sore=True,
    took_in=0,
    hurts=1,
)


async def lived(one: PageClient, a: Life) -> None:
    """Live through the evening; A answers as this life says, B always the same."""
    b = Life(
        *("field", 7),
        aside=False,
        wish="mine",
        happened="a-bit",
        loose_ends=1,
        sore=True,
        took_in=5,
    )
    await first_use(one)
    chosen = {"practice": "said-back", "minutes": None, "length": None}
    await one.ask("choose", **chosen, without_breathing=False, first="B")
    await one.until(lambda m: m["type"] == "hearts" and both_arrive(m))
    await one.ask("start")
    for partner, life in (("A", a), ("B", b)):
        await one.state_when(lambda state, of=partner: state["turn"] == of)  # type: ignore[misc]
        # Of how much it hurts, and of room to listen: neither makes it a quiet one.
        asked = {"room": life.number} | ({"hurt": 3} if partner == "B" else {})
        for name, value in asked.items():
            await one.ask("answer", partner=partner, name=name, value=value)
        rated = dict.fromkeys(("at_ease", "wide_awake", "myself"), life.number)
        before = {"text": f"{life.word} before", "aside": life.aside, **rated}
        await one.ask("gate", partner=partner, answer="yes", **before)
    await one.state_when(
        lambda s: s["screen"] == "turn" and bool(s["block"]) and s["block"]["waits"]
    )
    await one.ask("press", press="next")
    await one.screen("step")
    await one.ask("answer", partner="B", name="near", value=5)
    await one.ask("done", partner="B", does="next")
    await one.screen("write")
    for partner, life in (("B", b), ("A", a)):
        await one.state_when(lambda state, of=partner: state["turn"] == of)  # type: ignore[misc]
        await one.ask("words", partner=partner, text=f"{life.word} written")
        await one.ask("done", partner=partner, does="next")
    await one.screen("asked")
    await one.ask("done", partner="B", does="next")
    await one.screen("look-back")
    for partner, life in (("B", b), ("A", a)):
        await one.state_when(lambda state, of=partner: state["turn"] == of)  # type: ignore[misc]
        asked = {"sore": int(life.sore), "took_in": life.took_in}
        for name, value in (asked | ({"reached": 8} if partner == "B" else {})).items():
            told = await one.ask("answer", partner=partner, name=name, value=value)
            assert told["type"] == "taken"
        for number in range(life.hurts):
            hurts = {"text": f"{life.word} hurts too {number}", "still_hurts": True}
            assert (await one.ask("words", partner=partner, **hurts))["type"] == "taken"
        told = await one.ask("happened", partner=partner, happened=life.happened)
        assert told["type"] == "taken"
        await one.ask("words", partner=partner, text=f"{life.word} after")
        rated = dict.fromkeys(("at_ease", "wide_awake", "myself"), life.number)
        await one.ask("rating", partner=partner, moment="after", **rated)
        await one.ask("look", partner=partner, whose=life.wish)
    await one.state_when(lambda state: state["turn"] is None)
    session_id = one.state["look"]["session_id"]
    for partner, life in (("A", a), ("B", b)):
        await unlock(one, partner)
        said = {"session_id": session_id, "happened": life.happened}
        await one.ask("say-happened", partner=partner, **said)
        for number in range(life.loose_ends):
            text = f"{life.word} hurts {number}"
            told = await one.ask("write-loose-end", partner=partner, text=text)
            assert told["type"] == "taken"
        await one.ask("lock-again")


def both_arrive(told: dict[str, Any]) -> bool:
    worn = [each for each in told["straps"] if each["partner"] and each["arrives"]]
    return len(worn) == 2


@dataclass(frozen=True)
class Seen:
    """All that B, or anybody who looks for it, has of an evening."""

    told: list[dict[str, Any]]
    exported: str
    settings: dict[str, str]
    recorded: list[str]
    raw: str


def seen(folder: Path, a: Life) -> Seen:
    heard: list[str] = []

    async def go() -> None:
        at_home = TwoStraps(FAST)
        serving = served(folder, speed=FAST, at_home=at_home, plan_toml=EACH)
        async with serving as at:
            good = await entered(at)
            async with page(at, good) as one, page(at, good) as other:
                await lived(one, a)
                await one.ask("go", screen="home")
                await other.ask("lock-again")  # then it has heard all before it
                heard.extend(other.raw)

    asyncio.run(go())
    library = Library(folder)
    (path,) = (folder / "sessions").glob("*.coreg")
    now = clock.utc_now()
    key = library.own.enter(Partner.B, PASSCODES["B"], now=now).key
    return Seen(
        told=states(heard),
        exported=timeless(json.dumps(held_about(library, Partner.B, key)), path),
        settings={
            name: timeless(value, path)
            for name, value in library.settings().items()
            if "learned" not in name and "rest" not in name
        },
        recorded=[
            f"{type(each.fact).__name__} {getattr(each.fact, 'press', '')}"
            for each in read_session(path).events
            if isinstance(each.fact, BlockBegan | Pressed)
        ],
        raw="".join(heard),
    )


def timeless(text: str, path: Path) -> str:
    """A text without the times and the name of the evening."""
    text = text.replace(path.stem, "SESSION")
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)?", "UTC", text)
    return re.sub(r"-?\d+\.\d{4,}", "FIGURE", text)  # of hearts, heard anew


def states(heard: list[str]) -> list[dict[str, Any]]:
    """What a page was told of the evening, each once where it was told again."""
    told: list[dict[str, Any]] = []
    for text in heard:
        message = json.loads(text)
        if message["type"] != "state":
            continue
        now = {name: value for name, value in message.items() if name not in CHANGES}
        now = json.loads(re.sub(r'"\d{8}-\d{6}-\w+"', '"SESSION"', json.dumps(now)))
        now = json.loads(re.sub(r'"\d{4}-\d\d-\d\dT[^"]+"', '"UTC"', json.dumps(now)))
        if now["block"] is not None:
            now["block"].pop("began_server_s")
        if not told or told[-1] != now:
            told.append(now)
    return told


def test_whatever_one_says_alone_the_other_has_the_same(tmp_path: Path) -> None:
    first, second = (
        seen(tmp_path / life.word, life)  # the same evening, in two folders
        for life in (QUIET, OTHER)
    )
    assert {each["screen"] for each in first.told} > {"gate", "turn", "write", "asked"}
    assert first.told == second.told
    assert first.exported == second.exported
    assert first.settings == second.settings
    assert first.recorded == second.recorded
    for life, of in ((QUIET, first), (OTHER, second)):
        for text in (of.raw, of.exported, json.dumps(of.settings)):
            assert life.word not in text.replace(str(tmp_path), "")
    # And what is looked at is there: B's own words are in B's export, and no page's.
    assert "field written" in first.exported
    assert "field written" not in first.raw
    for path in tmp_path.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert not any(word in held for word in (b"lake w", b"moor w", b"field w"))
