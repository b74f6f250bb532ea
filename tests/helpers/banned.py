"""Words that no page of a couple holds, and a reader of everything such a page says."""

import re
from html import unescape

from tests.helpers.readers import html_words, plain

BANNED = re.compile(
    r"\b(judged|clean|chance(?! would have it)|unrelated|opposite|against|beyond|tested"
    r"|p|RMSSD|RSA|UTC|versions?|numpy|python|surrogates?|consent|seed|Fisher|Holm|lively|flooded"
    r"|unreadable|opposed)\b"
    r"|settled\s+minutes|minutes?\s+settled|\b0\s+minutes|95\s+%",
    re.IGNORECASE,
)
"""The list of what a couple never reads; *p* and *UTC* as words of their own.

*More than chance would have it* is plain speech, and no more than was tested.
"""


def everything_said(html: str) -> str:
    """Return all that eyes and screen readers get, letters in pictures too."""
    drawn = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", html))
    return plain(f"{html_words(html)} {unescape(drawn)}")


def banned_in(text: str) -> list[str]:
    """Return what should not stand there, each with a few words around it."""
    return [
        text[max(0, found.start() - 40) : found.end() + 40]
        for found in BANNED.finditer(text)
    ]
