"""What a column means: the words that lie beside each table, for other programs.

In English, whoever exports it: the names of columns are, too.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, which ends in its unit, and what it says.

    `floor` is what a figure needs at least; empty where it needs nothing.
    """

    name: str
    unit: str
    definition: str
    floor: str = ""

    def told(self) -> dict[str, str]:
        """Return it as a data dictionary has it."""
        told = {
            "name": self.name,
            "unit": self.unit,
            "definition": self.definition,
            "floor": self.floor,
        }
        return {name: value for name, value in told.items() if value}


BEATS: Final = (
    Column(
        name="session",
        unit="",
        definition="Name of the session.",
    ),
    Column(
        name="partner",
        unit="",
        definition="A or B: whose heart it is.",
    ),
    Column(
        name="t_s",
        unit="s",
        definition="When the heart beat, in seconds after the session was opened; below"
        " 0 for beats that a strap still told of from before. Both hearts of a session"
        " are on this clock.",
    ),
    Column(
        name="rr_ms",
        unit="ms",
        definition="The interval that ended with this beat, as it was recorded.",
    ),
    Column(
        name="nn_ms",
        unit="ms",
        definition="The same where coreg counts it; empty where cleaning rejected it,"
        " after a gap, where more time was in the beats than passed, and where the"
        " rhythm was irregular. Take differences only between neighbours"
        " (gap_before_s).",
    ),
    Column(
        name="label",
        unit="",
        definition="What cleaning says of the interval: normal, ectopic, missed, extra,"
        " long, short, or gap (beats were lost before it: take no difference to the row"
        " before).",
    ),
    Column(
        name="gap_before_s",
        unit="s",
        definition="Time between the row before and the beginning of this interval that"
        " no interval fills; empty where the row before is the beat before.",
    ),
    Column(
        name="part",
        unit="",
        definition="Number of the part of the practice, from 1; empty before and after"
        " the practice.",
    ),
    Column(
        name="part_kind",
        unit="",
        definition="What kind of part it is.",
    ),
    Column(
        name="part_name",
        unit="",
        definition="What the practice calls this part.",
    ),
    Column(
        name="in_pause",
        unit="",
        definition="1 where the practice was paused, else 0.",
    ),
)


def dictionary_of(columns: Iterable[Column], about: dict[str, object]) -> bytes:
    """Return the data dictionary that lies beside a table, as JSON."""
    told = {**about, "columns": [each.told() for each in columns]}
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()
