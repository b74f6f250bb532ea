"""What is said while pages are made: one line for each thing that takes a while."""

from typing import Final

READING: Final = "reading the session"
COMPARING: Final = "comparing both hearts with chance"


def drawing(whose: str) -> str:
    """Say which page is being drawn."""
    return f"drawing: {whose}"


def evening_of(number: int, of: int) -> str:
    """Say which of several evenings is being read."""
    return f"evening {number} of {of}"


def unread(name: str, wrong: str) -> str:
    """Say which evening is left out because it cannot be opened, and why."""
    return f"{name} is left out: {wrong}"


def written(path: str) -> str:
    """Say where a page is."""
    return f"page: {path}"
