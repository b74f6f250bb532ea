"""What is to be drawn of a session, and by whose leave."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coreg.facts.events import Partner
from coreg.report.page_format import PageFormat, Whose
from coreg.store.passcode import OwnKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be drawn.

    `data_folder` holds the library and the other evenings; `left_out` are sessions, by
    name, that do not count over evenings, besides those that the couple set aside.
    `zone` is where times of day are read; `keys` are those of whoever gave a passcode.
    """

    pages: tuple[Whose, ...]
    formats: tuple[PageFormat, ...]
    data_folder: Path
    left_out: frozenset[str]
    zone: dt.tzinfo
    keys: Mapping[Partner, OwnKey] = field(default_factory=dict, repr=False)
