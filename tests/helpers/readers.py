"""Readers of what was exported, none of them coreg's own."""

import struct
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

from pypdf import PdfReader


def plain(text: str) -> str:
    """Return a text with every kind of space as one space."""
    return " ".join(text.split())


class _Text(HTMLParser):
    """The words of a page that somebody sees or hears; not those inside pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "svg"}
        self.said += [value or "" for name, value in attrs if name == "aria-label"]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "svg"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def html_words(text: str) -> str:
    """Return the words of an HTML page and its descriptions of pictures."""
    reader = _Text()
    reader.feed(text)
    return plain(" ".join(reader.said))


def pdf_words(path: Path) -> str:
    """Return the words of all sheets."""
    return plain(" ".join(sheet.extract_text() for sheet in PdfReader(path).pages))


def svg_words(path: Path) -> str:
    """Return the words of one sheet, which stand beside its outlined letters."""
    root = ET.parse(path).getroot()  # noqa: S314
    return plain(root.findtext("{http://www.w3.org/2000/svg}desc") or "")


def png_size(path: Path) -> tuple[int, int]:
    """Return width and height in pixels (IHDR chunk: PNG, W3C 2003, 11.2.2)."""
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert head[12:16] == b"IHDR"
    width, height = struct.unpack(">II", head[16:24])
    return width, height
