"""What goes over the wire is defined once; everything else that says it follows."""

import asyncio
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from coreg.web.wire import incoming, outgoing
from coreg.web.wire.definition import Definition, definition, javascript
from coreg.web.wire.readers import reader_of
from coreg.web.wire.shapes import NEW, Shape, shape_of
from coreg.web.write_wire import PAGE, SCRIPT, page_written
from tests.helpers.evening_server import one_page, simulated
from tests.helpers.pages import OpenPage
from tests.helpers.stand_in_server import StandInServer

WRITE = "run `python -m coreg.web.write_wire`"
DEFINED = definition()


def test_the_browsers_part_is_as_the_definition_has_it() -> None:
    assert SCRIPT.read_text(encoding="utf-8") == javascript(), WRITE


def test_the_tables_are_as_the_definition_has_them() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == page_written(page), WRITE


SIGNATURE = re.compile(r"`([a-z-]+) \{([\w, ]*)\}`")


def rows(heading: str, heads: str) -> list[str]:
    """The first cells of the table with these heads, under this heading."""
    under = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1]
    table = under.split(f"\n| {heads} |\n")[1].split("\n\n")[0]
    return [row.split("|")[1] for row in table.splitlines()[1:]]


def signatures(heading: str, heads: str) -> dict[str, list[str]]:
    """The messages that a table of meanings tells of, and their fields."""
    return {
        name: [each for each in of.split(", ") if each]
        for row in rows(heading, heads)
        for name, of in SIGNATURE.findall(row)
    }


def test_every_message_and_field_that_is_told_is_explained() -> None:
    explained = [
        name
        for row in rows("From the server", "field | is")
        for name in re.findall(r"`(\w+)`", row)
    ]
    assert sorted(explained) == sorted(each.name for each in fields(outgoing.State))
    assert signatures("From the server", "message | when") == {
        told: [each.name for each in fields(kind)]
        for kind, told in outgoing.TYPES.items()
        if kind is not outgoing.State
    }


def test_every_message_that_a_page_may_send_is_explained() -> None:
    assert signatures("From a page", "message | does") == {
        name: [each.name for each in fields(kind)]
        for name, kind in incoming.TYPES.items()
    }


def shapes(of: Definition) -> Iterator[Shape]:
    """Every shape of the definition, those within others too."""
    tops = [
        *of.answers.values(),
        *(shape for each in of.objects.values() for shape in each.values()),
        *(shape for each in of.asked.values() for shape in each.values()),
    ]
    for shape in tops:
        yield shape
        while isinstance(shape.get("of"), dict):
            shape = shape["of"]  # noqa: PLW2901 -- one step in
            yield shape


def test_nothing_is_called_what_stands_for_the_unknown() -> None:
    """Else an older page would take a word it does not know for that one."""
    words = {word for shape in shapes(DEFINED) for word in shape.get("words", ())}
    assert {"home", "A", "good"} <= words
    assert NEW not in words


def test_what_a_page_may_send_has_bounds() -> None:
    for fields_of in DEFINED.asked.values():
        for shape in fields_of.values():
            assert {
                "text": "longest" in shape,
                "whole": {"least", "most"} <= set(shape),
                "number": {"least", "most"} <= set(shape),
                "word": "words" in shape,
                "yes-no": True,
            }[shape["is"]], shape


@pytest.mark.parametrize("kind", [str, float, int, dict[str, str], tuple[int, ...]])
def test_what_has_no_bounds_is_not_taken_from_a_page(kind: Any) -> None:
    with pytest.raises(TypeError, match="no bounds"):
        reader_of(kind)


@pytest.mark.parametrize("kind", [bytes, set[int], list[int], object])
def test_what_no_page_reads_is_no_part_of_a_message(kind: Any) -> None:
    with pytest.raises(TypeError, match="does not go over the wire"):
        shape_of(kind, {})


UNDERSTOOD = """async (texts) => {
  const {understood} = await import("/static/messages.js");
  return texts.map(understood);
}"""


def test_whatever_an_evening_tells_is_understood_to_the_last_field(
    tmp_path: Path, open_page: OpenPage, server: StandInServer
) -> None:
    """A practice is paused, gone on with and finished, and looked back on."""

    async def go() -> list[str]:
        async with one_page(simulated(tmp_path, speed=60)) as one:
            await one.screen("breathe")
            await one.say("ping", id=1)
            await one.until(lambda m: m["type"] == "warmth" and m["value"] is not None)
            await one.say("press", press="pause", id=2)
            await one.state_when(lambda state: state["paused"])
            await one.say("pause-way", way="apart")
            await one.state_when(lambda m: (m["pause"] or {}).get("way") == "apart")
            await one.say("nothing", id=3)
            await one.say("press", press="finish")
            await one.screen("look-back")
            await one.say("look", partner="A", whose="mine", id=4)
            await one.until(lambda m: m.get("id") == 4)
            await one.say("go", screen="home")
            await one.screen("home")
            await one.until(lambda m: m["type"] == "hearts")
            return one.raw

    with ThreadPoolExecutor(1) as apart:  # the browser has a loop in this thread
        told = apart.submit(asyncio.run, go()).result()
    page = open_page(server.url)
    messages = [json.loads(each) for each in told]
    seldom = {"glint", "pacer-stopped", "locked", "ended"}
    seldom |= {"watched", "clinic", "hour", "heard", "home-plan", "editor"}
    assert {each["type"] for each in messages} >= set(DEFINED.messages) - seldom
    for message, read in zip(messages, page.evaluate(UNDERSTOOD, told), strict=True):
        assert read == message
