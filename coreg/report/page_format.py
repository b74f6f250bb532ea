"""What pages there are and how they can be written: known without drawing anything."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class PageFormat(StrEnum):
    """What a page can be written as; the value is the file's ending."""

    PDF = "pdf"
    PNG = "png"
    SVG = "svg"
    HTML = "html"


class Whose(StrEnum):
    """For whom a page is; the value is said on the command line and ends the name."""

    THERAPIST = "therapist"
    A = "A"
    B = "B"
    JOINT = "joint"
    EVENINGS_A = "evenings-A"
    EVENINGS_B = "evenings-B"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be drawn.

    `data_folder` holds the library and the other evenings; `left_out` are sessions, by
    name, that do not count over evenings, besides those that the couple set aside.
    `zone` is where times of day are read.
    """

    pages: tuple[Whose, ...]
    formats: tuple[PageFormat, ...]
    data_folder: Path
    left_out: frozenset[str]
    zone: dt.tzinfo
