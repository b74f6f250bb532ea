"""The server's own words; all words for people lie in one file, `static/words.json`."""

import json
from functools import cache
from html import escape
from pathlib import Path

STATIC = Path(__file__).with_name("static")


def say(key: str, detail: str = "") -> str:
    """Return the words of this key; `detail` takes its place in them."""
    return _server_words()[key].replace("{detail}", detail).strip()


def page_of_words(words: str, *, again_after_s: int = 0) -> str:
    """Return a whole page that says this and nothing else; markup in it stays words.

    Above 0 of `again_after_s` a browser asks for its address again by then.

    Examples
    --------
    >>> page_of_words("a < b")[-22:]
    '<p>a &lt; b</p></html>'
    """
    again = f'<meta http-equiv="refresh" content="{again_after_s}">'
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>coreg</title>'
        f"{again if again_after_s else ''}<p>{escape(words)}</p></html>"
    )


@cache
def _server_words() -> dict[str, str]:
    text = (STATIC / "words.json").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text)["server"]
    return words
