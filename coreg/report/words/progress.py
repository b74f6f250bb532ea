"""What is said while pages are made: one line for each thing that takes a while."""

from typing import Final

READING: Final = "reading the session"
COMPARING: Final = "comparing both hearts with chance"

UNDRAWN: Final = "This page couldn’t be drawn"
WHY: Final = "What happened"
NOT_LOST: Final = (
    "Something went wrong in coreg, not in your session. Everything recorded is safe, "
    "and a newer coreg may well draw this page."
)


def drawing(whose: str) -> str:
    """Say which page is being drawn."""
    return f"drawing: {whose}"


def undrawn(whose: str) -> str:
    """Say that a page failed for a fault of coreg's own, which stands above."""
    return (
        f"The page {whose} couldn’t be drawn, for the fault in coreg shown above. The "
        "session is whole, and other pages are drawn all the same."
    )


def evening_of(number: int, of: int) -> str:
    """Say which of several evenings is being read."""
    return f"evening {number} of {of}"


def fault(error: Exception) -> str:
    """Name a fault of coreg's own."""
    return f"coreg itself is at fault ({error!r})."


def unread(name: str, wrong: str) -> str:
    """Say which evening is left out because it cannot be opened, and why."""
    return f"{name} is left out: {wrong}"


def written(path: str) -> str:
    """Say where a page is."""
    return f"page: {path}"
