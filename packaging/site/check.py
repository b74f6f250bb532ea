"""Check a built site: every link leads somewhere, and nothing comes from elsewhere.

    python packaging/site/check.py FOLDER

A page may lead a reader to another site, by a link that is pressed. What a browser
would fetch by itself (styles, scripts, pictures, fonts) has to lie in the folder.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("iframe", "src"),
    ("source", "src"),
    ("source", "srcset"),
    ("video", "src"),
    ("audio", "src"),
    ("object", "data"),
    ("embed", "src"),
    ("use", "href"),
}
POINTS = {"canonical", "prev", "next", "alternate", "edit"}
"""Kinds of `link` that say where something is and fetch nothing."""
_IN_STYLE = re.compile(
    r"url\(\s*['\"]?((?:https?:)?//[^)'\"]+)|@import\s+['\"]([^'\"]+)"
)


class Page(HTMLParser):
    """What a page names, leads to, and fetches."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.leads_to: set[str] = set()
        self.fetches: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element names, leads to or fetches."""
        told = {name: value or "" for name, value in attrs}
        self.names.update(told[each] for each in ("id", "name") if each in told)
        if tag == "a" and "href" in told:
            self.leads_to.add(told["href"])
        for name, value in told.items():
            points = tag == "link" and told.get("rel", "") in POINTS
            if (tag, name) in FETCHED and not points:
                self.fetches.add(value)
        style = told.get("style", "")
        self.fetches.update(each[0] or each[1] for each in _IN_STYLE.findall(style))


def wrong_with(site: Path) -> Iterator[str]:
    """Yield what is wrong with a site, a line each."""
    read = {
        path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")
    }
    if not read:
        yield f"{site}: there is no page"
    for path, page in sorted(read.items()):
        # A server gives this page at any depth, so its links begin at the root.
        if path.name != "404.html":
            for wrong in _wrong_on(path, page, read):
                yield f"{path.relative_to(site)}: {wrong}"
    for path in sorted(site.rglob("*.css")):
        for found in _IN_STYLE.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site)}: fetches {found[0] or found[1]}"


def _wrong_on(path: Path, page: Page, read: dict[Path, Page]) -> Iterator[str]:
    for target in sorted(page.fetches):
        if urlsplit(target).netloc:
            yield f"fetches {target}"
        elif not _there(path, target, read):
            yield f"fetches {target}, which is not there"
    for target in sorted(page.leads_to):
        elsewhere = urlsplit(target).scheme or urlsplit(target).netloc
        if not elsewhere and not _there(path, target, read):
            yield f"leads to {target}, which is not there"


def _there(page: Path, target: str, read: dict[Path, Page]) -> bool:
    if target.startswith("data:") or target in ("", "#", "."):
        return True
    told = urlsplit(target)
    path = (page.parent / unquote(told.path)).resolve() if told.path else page
    if path.is_dir():
        path /= "index.html"
    if not told.fragment or path not in read:
        return path.is_file()
    names = read[path].names
    return unquote(told.fragment) in names or told.fragment.startswith("__")


def main() -> int:
    """Print what is wrong with the site in a folder."""
    wrong = list(wrong_with(Path(sys.argv[1]).resolve()))
    sys.stderr.writelines(f"{each}\n" for each in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
