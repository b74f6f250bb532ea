"""Words that are markup stay words, wherever a page is written."""

import asyncio
import os
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from coreg.web.words import page_of_words
from tests.helpers.evening_server import Served, entered, page, simulated

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "coreg" / "web" / "static"
MARKUP = "x<img src=x onerror=alert(1)>&amp;'\""


class Elements(HTMLParser):
    """The elements of a page, and the text between them, as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.names.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


async def finished_session(at: Served, keys: Mapping[str, str]) -> Path:
    """Practise for a moment, and return the session's file."""
    async with page(at, keys) as one:
        await one.screen("breathe")
        await one.say("press", press="finish")
        await one.screen("look-back")
    return at.service.recorded[-1]


@pytest.mark.skipif(os.name == "nt", reason="no file is called so on Windows")
def test_what_is_damaged_is_said_in_words_and_not_in_markup(
    tmp_path: Path,
) -> None:
    """A damaged file of a hostile name: neither name nor error becomes markup."""

    async def go() -> httpx.Response:
        async with simulated(tmp_path, speed=200) as at, httpx.AsyncClient() as client:
            keys = await entered(at)
            recorded = await finished_session(at, keys)
            content = bytearray(recorded.read_bytes())
            middle = len(content) // 2
            content[middle : middle + 3000] = b"\xaa" * 3000
            recorded.with_name(f"{MARKUP}.coreg").write_bytes(content)
            return await client.get(
                f"{at.origin}/evenings/{quote(MARKUP)}/page",
                headers=keys,
                timeout=60,
            )

    answer = asyncio.run(go())
    read = Elements(answer.text)
    assert answer.status_code == 200  # what came before the damage is drawn
    assert "Part of this recording is damaged" in read.text
    assert "img" not in read.names
    assert MARKUP not in answer.text


OF_WORDS = {"html", "meta", "title", "style", "main", "h1", "p"}
"""What a page of words is made of; its style is our own and the same on each."""


def test_words_that_hold_a_name_are_text_on_a_page_of_words() -> None:
    read = Elements(page_of_words(f"There is no {MARKUP}."))
    assert MARKUP in read.text
    assert set(read.names) == OF_WORDS - {"h1"}


def test_every_refusal_at_the_door_is_a_page_of_words(tmp_path: Path) -> None:
    async def go() -> str:
        async with simulated(tmp_path, speed=1) as at, httpx.AsyncClient() as client:
            return (await client.get(at.origin + "/")).text

    assert set(Elements(asyncio.run(go())).names) == OF_WORDS


MAKES_MARKUP = (
    "innerHTML|outerHTML|insertAdjacentHTML|setHTML|setHTMLUnsafe|srcdoc|DOMParser"
    "|createContextualFragment|document.write|document.writeln|eval|Function"
)


def test_no_page_makes_markup_of_text() -> None:
    """Text goes in as text (`dom.js`), so that nothing said can be anything else."""
    modules = sorted(STATIC.rglob("*.js"))
    assert modules
    for module in modules:
        text = module.read_text(encoding="utf-8")
        found = re.findall(
            rf"\b(?:{MAKES_MARKUP})\b\s*[(=]|\.(?:{MAKES_MARKUP})\b", text
        )
        assert found == [], module


def test_markup_is_written_in_three_places_only() -> None:
    """Each escapes whatever it is given: a report, a page of words, one of trouble."""
    writing = {
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "coreg").rglob("*.py"))
        if re.search(
            # Bytes are what a file is known by, and are never sent.
            r"(?<!\bb\")<(?:!doctype|html|body|p|h1|li)\b[^']*>",
            path.read_text("utf-8"),
        )
    }
    assert writing == {
        "coreg/cli/trouble.py",
        "coreg/report/html/document.py",
        "coreg/web/words.py",
    }
