"""Marks that imported files hold themselves, in words."""

from typing import Final

from coreg.facts.events import NS_PER_S, FileMarked
from coreg.report.words.numbers import clock
from coreg.words import say

MOST_SHOWN: Final = 40
"""So many stand on a therapist's sheet."""


def told(mark: FileMarked, start_s: float) -> str:
    """Return a mark with its time in the practice, which began at `start_s`."""
    at = clock(mark.t_ns / NS_PER_S - start_s)
    return say("report.file_marks.mark", at=at, words=mark.label)


def not_shown(more: int) -> tuple[str, ...]:
    """Say how many marks there is no room for; nothing where there is none."""
    return (say("report.file_marks.more", n=more),) if more else ()


def held_by_file(kept: int, unread: str) -> list[str]:
    """Say that a file holds marks which its figures don't use; nothing without any.

    `kept` are those that an import would keep: labels of each beat are none of them.
    `unread` is the name of a file of marks beside it that can't be read, or empty.
    """
    lines = []
    if kept:
        lines.append(say("report.file_marks.of_file", n=kept))
    if unread:
        lines.append(say("report.file_marks.unread", file=unread))
    return lines
