"""Figures as SVG: small, the same bytes every time, and quiet guests in a page.

matplotlib writes a style on every element. Inside an HTML page that would need a lax
content security policy and could not follow the reader's dark mode, so here styles
become plain attributes, which the page's one style sheet can overrule by colour.
"""

import io
import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.figure import Figure

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_FAMILY = "DejaVu Sans, Verdana, sans-serif"
_LONG_FRACTION = re.compile(r"(\d+\.\d{2})\d+")
_FONT = re.compile(r"(?:.*\s)?(?P<size>[\d.]+)px\s+(?P<family>.+)")


def standalone(figure: Figure, title: str) -> bytes:
    """Return a figure as an SVG file of its own; its text stays text."""
    root = _drawn(figure, title)
    heading = ET.Element(f"{{{_SVG}}}title")
    heading.text = title
    root.insert(0, heading)
    return _bytes(root) + b"\n"


def words_of(drawing: str) -> list[str]:
    """Return the texts that a drawing holds, in its order."""
    root = ET.fromstring(drawing)  # noqa: S314 - our own drawing
    return [text.text for text in root.iter(f"{{{_SVG}}}text") if text.text]


def described(drawing: bytes, title: str, words: str) -> bytes:
    """Return a drawing that says by name and in words what is drawn in outlines."""
    root = ET.fromstring(drawing)  # noqa: S314 - our own drawing
    for at, (tag, text) in enumerate((("title", title), ("desc", words))):
        element = ET.Element(f"{{{_SVG}}}{tag}")
        element.text = text
        root.insert(at, element)
    return _bytes(root) + b"\n"


def inline(figure: Figure, name: str) -> str:
    """Return a figure for use inside HTML; `name` keeps its ids apart from others'.

    It is hidden from screen readers: the page describes it and has its numbers.
    """
    root = _drawn(figure, name)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.set("class", name.rsplit("-", 1)[-1])
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return _bytes(root).decode()


def _drawn(figure: Figure, salt: str) -> ET.Element:
    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": salt}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    root = ET.fromstring(buffer.getvalue())  # noqa: S314 - our own drawing
    _drop(root, {"metadata", "style"})
    for element in root.iter():
        _plain(element)  # first: a hatching is referred to from within a style
    names = _wanted_ids(root)
    for element in root.iter():
        _rename(element, names, salt)
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    root.set("font-family", _FAMILY)
    return root


def _bytes(root: ET.Element) -> bytes:
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    text: bytes = ET.tostring(root, encoding="utf-8")
    return text.replace(b"\n", b" ")


def _drop(root: ET.Element, tags: set[str]) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rsplit("}", 1)[-1] in tags:
                parent.remove(child)
            else:
                child.tail = None


def _plain(element: ET.Element) -> None:
    """Turn one element's style into attributes, and coordinates into short ones."""
    style = element.attrib.pop("style", "")
    for part in filter(None, (part.strip() for part in style.split(";"))):
        key, value = (side.strip() for side in part.split(":", 1))
        if key == "font":  # matplotlib before 3.10 writes size and family as one
            found = _FONT.fullmatch(value)
            key, value = "font-size", f"{found['size']}px" if found else "8px"
        if key != "font-family":
            element.set(key, value)
    for key in ("d", "x", "y", "transform"):
        if key in element.attrib:
            short = _LONG_FRACTION.sub(r"\1", element.attrib[key])
            element.set(key, " ".join(short.split()))
    if element.text and not element.text.strip():
        element.text = None


def _wanted_ids(root: ET.Element) -> set[str]:
    """Return the ids that something refers to, and those that name data."""
    wanted: set[str] = set()
    for element in root.iter():
        for key, value in element.attrib.items():
            if _is_link(key, value):
                wanted.add(value[1:])
            elif value.startswith("url(#"):
                wanted.add(value[5:-1])
    return wanted


def _is_link(key: str, value: str) -> bool:
    """Tell a reference to an id from a colour, which starts the same way."""
    return key.rsplit("}", 1)[-1] == "href" and value.startswith("#")


def _rename(element: ET.Element, names: set[str], prefix: str) -> None:
    """Keep the ids that are referred to, under names of this figure's own."""
    own = "".join(char if char.isalnum() else "-" for char in prefix)
    if "id" in element.attrib:
        if element.attrib["id"] in names:
            element.set("id", f"{own}-{element.attrib['id']}")
        else:
            del element.attrib["id"]
    for key, value in element.attrib.items():
        if _is_link(key, value):
            element.set(key, f"#{own}-{value[1:]}")
        elif value.startswith("url(#"):
            element.set(key, f"url(#{own}-{value[5:]}")
