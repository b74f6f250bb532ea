"""Gather what the documentation site is built from: pages, papers, and pictures shown.

    python packaging/site/gather.py FOLDER

The pages under `docs/` are read in the repository as they are. The site takes them with
the papers that lie above them (README and its kind), so a link to one of those leads to
its page, and a link to a file of the source becomes that file's name: the site knows no
address of a repository. Only pictures that a page shows come with it, in few colours.
"""

import io
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "zensical.toml"
PAPERS = {
    "README.md": "in-a-terminal.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "benchmarks/false_synchrony/README.md": "researchers/false-synchrony.md",
}
WIDEST, COLOURS = 960, 64
_LINK = re.compile(r"(?P<is_picture>!?)\[(?P<words>[^\]]*)\]\((?P<target>[^)\s]+)\)")
_ITEM = re.compile(r"(?:\d+\.|[-*]) ")
_CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)


def pages() -> dict[str, Path]:
    """Return each page of the site by its place there, with the file it is made of."""
    docs = ROOT / "docs"
    own = {path.relative_to(docs).as_posix(): path for path in docs.rglob("*.md")}
    return own | {place: ROOT / paper for paper, place in PAPERS.items()}


def as_on_the_site(place: str, source: Path, there: dict[Path, str]) -> str:
    """Return the text of a page with its links as they have to be on the site."""

    def link(found: re.Match[str]) -> str:
        target, _, anchor = found["target"].partition("#")
        if not target or "://" in target:
            return found[0]
        path = Path(os.path.normpath(source.parent / target))
        if not path.exists():
            raise FileNotFoundError(f"{source}: {found['target']}")
        if path.is_dir():
            path /= "README.md"
        if path in there:
            to = _from(place, there[path])
            return f"[{found['words']}]({to}{'#' if anchor else ''}{anchor})"
        if found["is_picture"]:
            return f"![{found['words']}]({_from(place, _picture_place(path))})"
        return found["words"]

    parts = _CODE.split(_indented(source.read_text(encoding="utf-8")))
    # Every other part is code, in which nothing is a link.
    return "".join(
        part if at % 2 else _LINK.sub(link, part) for at, part in enumerate(parts)
    )


def pictures(text: str, source: Path) -> Iterator[Path]:
    """Yield the pictures that a page shows."""
    for found in _LINK.finditer(text):
        if found["is_picture"] and "://" not in found["target"]:
            yield Path(os.path.normpath(source.parent / found["target"]))


def small(picture: Path) -> bytes:
    """Return a picture no wider than a page, in few colours, the same each time."""
    with Image.open(picture) as opened:
        image = opened.convert("RGB")
    if image.width > WIDEST:
        height = round(image.height * WIDEST / image.width)
        image = image.resize((WIDEST, height), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    image.quantize(COLOURS).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def gather(into: Path) -> None:
    """Write what the site is built from into a folder that is empty or not there."""
    shown: set[Path] = set()
    there = {source: place for place, source in pages().items()}
    for place, source in pages().items():
        target = into / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = as_on_the_site(place, source, there)
        if place == "decisions/README.md":
            text += "".join(_decisions())
        target.write_text(text, encoding="utf-8")
        shown.update(pictures(source.read_text(encoding="utf-8"), source))
    for picture in sorted(shown):
        target = into / _picture_place(picture)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(small(picture))


def navigation() -> list[str]:
    """Return the pages that the site's menu leads to, in its order."""
    told = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    return list(_leaves(told["project"]["nav"]))


def _leaves(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        for below in entry.values():
            yield from _leaves(below)
    else:
        for each in entry:
            yield from _leaves(each)


def _indented(text: str) -> str:
    """Return a text whose lists hold what belongs to an item as the builder wants it.

    The Markdown of the repository's host indents by the width of the item's mark, that
    of the builder by four: it would end the list, and begin the next one at 1.
    """
    lines = []
    is_code, width = False, 0
    for line in text.splitlines():
        if line.startswith("```"):
            is_code = not is_code
        item = None if is_code else _ITEM.match(line)
        if item:
            width = len(item[0])
        elif width and line.startswith(" " * width):
            line = " " * (4 - width) + line  # noqa: PLW2901 - what is written of it
        elif line:
            width = 0
        lines.append(line)
    return "\n".join(lines) + "\n"


def _decisions() -> Iterator[str]:
    yield "\n"
    for path in sorted((ROOT / "docs" / "decisions").glob("0*.md")):
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        yield f"- [{title}]({path.name})\n"


def _picture_place(picture: Path) -> str:
    return picture.relative_to(ROOT / "docs").as_posix()


def _from(place: str, other: str) -> str:
    here = PurePosixPath(place).parent
    return PurePosixPath(os.path.relpath(other, here)).as_posix()


if __name__ == "__main__":
    gather(Path(sys.argv[1]))
