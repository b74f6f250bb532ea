"""The marks that a file itself holds: laps, events, notes, with a time and a label.

Labels are words of whoever made the file: they become one line in which every character
is seen, and are cut to a length that fits on a line. What a file holds too many of is
counted and left: a mark a beat marks nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from coreg.base.plain_text import plain

MOST_MARKS: Final = 1000
LONGEST_LABEL: Final = 120
_FEW: Final = 10
_MOST_OF_BEATS: Final = 1 / 3
_CUT: Final = "…"
_MOST_READ: Final = 2000  # characters of a label, before it is put on one line


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMark:
    """One mark of a file, on the clock of its recording's packets."""

    t_s: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMarks:
    """The marks of a file in order of time, and those that were seen and left.

    `shortened` of them have a longer label in the file. `too_many` stand behind those
    that are kept, and of `untimed` ones the file doesn't say when they were. `unread`
    is the name of a file beside it that holds some and can't be read, or empty.
    """

    kept: tuple[FileMark, ...] = ()
    shortened: int = 0
    too_many: int = 0
    untimed: int = 0
    unread: str = ""

    @property
    def seen(self) -> int:
        """How many the file holds."""
        return len(self.kept) + self.too_many + self.untimed

    def and_left(self, more: int) -> "FileMarks":
        """Return them where the file holds so many more, which mark every beat."""
        return replace(self, too_many=self.too_many + more)


NO_MARKS: Final = FileMarks()


def file_marks(found: Iterable[tuple[float, str]], *, zero_s: float = 0.0) -> FileMarks:
    r"""Return what a file marks, counted from `zero_s`; what says nothing is no mark.

    Parameters
    ----------
    found : iterable of (t_s, label)
        As they stand in the file, in any order.
    zero_s : float, seconds
        What its times have where the recording's have 0.

    Examples
    --------
    >>> file_marks([(12.5, "talk\n"), (11.0, " ")], zero_s=10.0).kept
    (FileMark(t_s=2.5, label='talk'),)
    """
    in_order = sorted(
        ((t_s, said) for t_s, label in found if (said := " ".join(label.split()))),
        key=lambda each: each[0],
    )
    kept = [
        FileMark(t_s=round(t_s - zero_s, 6), label=_on_a_line(label))
        for t_s, label in in_order[:MOST_MARKS]
    ]
    return FileMarks(
        kept=tuple(kept),
        shortened=sum(each.label.endswith(_CUT) for each in kept),
        too_many=len(in_order) - len(kept),
    )


def untimed_marks(labels: Iterable[str]) -> FileMarks:
    """Return marks of which the file doesn't say when they were."""
    return FileMarks(untimed=sum(bool(label.strip()) for label in labels))


def is_of_each_beat(marks: int, beats: int) -> bool:
    """Whether so many marks among these beats are labels of beats, and no moments."""
    return marks > _FEW and marks > _MOST_OF_BEATS * beats


def _on_a_line(label: str) -> str:
    shown = plain(label[:_MOST_READ])
    if len(shown) <= LONGEST_LABEL:
        return shown
    return shown[: LONGEST_LABEL - len(_CUT)] + _CUT
