"""What is said while pages are made: one line for each thing that takes a while."""

from coreg.words import say


def drawing(whose: str) -> str:
    """Say which page is being drawn."""
    return say("report.progress.drawing", page=whose)


def undrawn(whose: str) -> str:
    """Say that a page failed for a fault of coreg's own, which stands above."""
    return say("report.progress.undrawn_page", page=whose)


def evening_of(number: int, of: int) -> str:
    """Say which of several evenings is being read."""
    return say("report.progress.evening_of", number=number, of=of)


def fault(error: Exception) -> str:
    """Name a fault of coreg's own."""
    return say("report.progress.fault", fault=repr(error))


def unread(name: str, wrong: str) -> str:
    """Say which evening is left out because it cannot be opened, and why."""
    return say("report.progress.unread", name=name, wrong=wrong)


def written(path: str) -> str:
    """Say where a page is."""
    return say("report.progress.written", path=path)
