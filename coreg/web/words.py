"""The server's own words; all words for people lie in one file, `static/words.json`."""

import json
from functools import cache
from pathlib import Path

STATIC = Path(__file__).with_name("static")


def say(key: str, detail: str = "") -> str:
    """Return the words of this key; `detail` takes its place in them."""
    return _server_words()[key].replace("{detail}", detail).strip()


@cache
def _server_words() -> dict[str, str]:
    text = (STATIC / "words.json").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text)["server"]
    return words
