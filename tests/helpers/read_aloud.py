"""What a screen reader is given of a page, held against what it needs.

Chromium's own accessibility tree, as it hands it to the system, is read over its
debugging protocol: what a rule finds there is what a reader would say.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

CONTROLS = frozenset(
    {
        *("button", "link", "textbox", "checkbox", "radio", "slider", "combobox"),
        *("spinbutton", "DisclosureTriangle", "switch", "image", "img"),
    }
)
"""What needs a name, or nobody knows what it does."""
LANDMARKS = frozenset(
    {"main", "navigation", "banner", "contentinfo", "dialog", "status", "log"}
)
Node = dict[str, Any]

# Everything that is read aloud by itself, once it changes, and its words now.
LIVE = """() => [...document.querySelectorAll(
  "[aria-live]:not([aria-live=off]), [role=status], [role=log], [role=alert]")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.textContent.trim(),
    each.parentElement.closest("[aria-live], [role=status], [role=log]") !== null,
    each.getAttribute("role") === "alert"
      || each.getAttribute("aria-live") === "assertive"])"""


def wrong_for_a_reader(page: Any) -> list[str]:
    """Return what is wrong with a page as it is read aloud, a sentence each."""
    return [*wrong_in_tree(_tree(page)), *wrong_alive(page.evaluate(LIVE))]


def wrong_in_tree(nodes: list[Node]) -> Iterator[str]:
    """Yield what is wrong with a tree: headings, landmarks, names."""
    seen = {node["nodeId"]: node for node in nodes if not node["ignored"]}
    dialogs = [node for node in seen.values() if _role(node) == "dialog"]
    if dialogs:  # the page beneath is out of reach
        yield from (f"unnamed dialog: {each}" for each in dialogs if not _name(each))
    else:
        firsts = [_name(each) for each in seen.values() if _level(each) == 1]
        if len(firsts) != 1 or not firsts[0]:
            yield f"headings of the first level: {firsts}"
        mains = sum(_role(each) == "main" for each in seen.values())
        if mains != 1:
            yield f"main landmarks: {mains}"
    for node in seen.values():
        if _role(node) in CONTROLS and not _name(node):
            yield f"no name: {_role(node)} {node.get('properties')}"
        if _role(node) == "status" and not _says_anything(node, seen):
            yield "an empty status bar"  # a reader that comes by it says just that
    within = set(_within_landmarks(nodes))
    for node in seen.values():
        is_said = _role(node) == "StaticText" and _name(node).strip()
        if is_said and node["nodeId"] not in within:
            yield f"in no landmark: {_name(node)}"


def wrong_alive(live: list[list[Any]]) -> Iterator[str]:
    """Yield what would be read twice, or would cut somebody off."""
    for words, times in Counter(words for words, _, _ in live if words).items():
        if times > 1:
            yield f"read {times} times: {words}"
    for words, is_within, cuts_off in live:
        if is_within:
            yield f"read within what is read: {words!r}"
        if cuts_off:
            yield f"cuts a reader off: {words!r}"


def _tree(page: Any) -> list[Node]:
    protocol = page.context.new_cdp_session(page)
    try:
        nodes: list[Node] = protocol.send("Accessibility.getFullAXTree")["nodes"]
        return nodes
    finally:
        protocol.detach()


def _says_anything(node: Node, seen: dict[str, Node]) -> bool:
    inner = [seen[each] for each in node.get("childIds", ()) if each in seen]
    return bool(_name(node).strip()) or any(
        _says_anything(each, seen) for each in inner
    )


def _role(node: Node) -> str:
    return str(node.get("role", {}).get("value", ""))


def _name(node: Node) -> str:
    return str(node.get("name", {}).get("value", ""))


def _level(node: Node) -> int | None:
    for each in node.get("properties", ()):
        if each["name"] == "level" and _role(node) == "heading":
            return int(each["value"]["value"])
    return None


def _is_place(node: Node) -> bool:
    """Whether it is a landmark, or is read by itself wherever somebody is."""
    properties = {each["name"]: each["value"] for each in node.get("properties", ())}
    is_live = properties.get("live", {}).get("value", "off") != "off"
    return is_live or _role(node) in LANDMARKS


def _within_landmarks(nodes: list[Node]) -> Iterator[str]:
    children = {node["nodeId"]: node.get("childIds", []) for node in nodes}
    waiting = [node["nodeId"] for node in nodes if _is_place(node)]
    while waiting:
        inner = children.get(waiting.pop(), [])
        yield from inner
        waiting += inner
