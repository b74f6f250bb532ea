"""Every sentence about one's own ratings and about several evenings.

The third of the report's files of words. No streak, no comparison of partners, no
"better": a line that rises is a line that rises.
"""

from typing import Final

from coreg.facts.events import Opened, Source
from coreg.findings.together import Answer
from coreg.report.words.numbers import NBSP, count

RATINGS: Final = "How it was for you"
RATINGS_CAPTION: Final = (
    "In your own figures: hollow before, filled after. Nobody else sees them here "
    "unless you show them."
)
RATING_NAMES: Final = {"at_ease": "at ease", "awake": "awake", "myself": "myself"}
RATING_ENDS: Final = {
    "at_ease": ("not at all", "fully"),
    "awake": ("fighting sleep", "very alert"),
    "myself": ("not at all", "fully"),
}
RATING_COLUMNS: Final = ("", "before", "after")
RATING_TABLE: Final = (
    "As you gave them: at ease and myself 0 to 10; awake on the Karolinska scale, "
    "1 very alert to 9 fighting sleep."
)
BEFORE, AFTER = "before", "after"

TITLE: Final = "Your evenings"
OWN_RATINGS: Final = "How you were"
OWN_RATINGS_CAPTION: Final = (
    "Your own figures, evening by evening: hollow before, filled after. At ease and "
    "myself 0 to 10; awake turned over, so that very alert is on top."
)
REST: Final = "Your heart at rest"
REST_CAPTION: Final = (
    "ln RMSSD while you arrived: how much your heart varies from beat to beat. It "
    "changes with sleep, illness and the day."
)
USUAL: Final = "Grey: the middle half of these evenings."
REST_AXIS: Final = "ln RMSSD"
PACE: Final = "The breath you were led to"
PACE_CAPTION: Final = (
    "The last minute of each evening’s shared breath: breaths a minute."
)
_YOURS: Final = " that you both opened"
POOLED: Final = "All evenings together"
POOLED_AXIS: Final = "beyond chance (Fisher’s z)"
EVENING, DATE = "evening", "date"
NO_RATINGS: Final = "You gave no figures on these evenings."
NO_PACE: Final = "No evening had a shared breath."
NO_REST: Final = "No evening had enough clean beats at rest."
EVENINGS_ALT: Final = "Small charts over evenings; their numbers are in the tables."
RATINGS_OVER_COLUMNS: Final = (
    "evening", "at ease, before", "after", "awake, before", "after", "myself, before",
    "after",
)  # fmt: skip
REST_COLUMNS: Final = ("evening", "ln RMSSD", "breaths/min")
POOLED_COLUMNS: Final = ("", "evenings", "beyond chance", "from", "to", "p, Holm")
FREE_AFTER: Final = "Free time afterwards"
BREATHING: Final = "Breathing together"
NOT_A_MEASURE: Final = (
    "Nothing here says how you are as a couple. Evenings differ for many reasons, and "
    "most of them have nothing to do with two people."
)


def left_out(number: int) -> str:
    """Say that evenings were left out, and why."""
    if not number:
        return ""
    were = "was" if number == 1 else "were"
    return (
        f"{count(number, 'evening')} {were} left out: marked for alcohol, medicine, "
        "illness or poor sleep."
    )


def unread(number: int) -> str:
    """Say that evenings are missing because this version cannot open them."""
    if not number:
        return ""
    if number == 1:
        return "1 evening can’t be opened by this version of coreg and isn’t here."
    evenings = count(number, "evening")
    return f"{evenings} can’t be opened by this version of coreg and aren’t here."


def how_many(evenings: int) -> str:
    """Say over how many evenings this page goes."""
    order = ", oldest first" if evenings > 1 else ""
    return f"{count(evenings, 'evening')}{order}."


def pooled_caption(last: Opened) -> str:
    """Say what the pooled answer is made of."""
    which = f"the evenings{_YOURS}" if _is_yours(last) else "these evenings"
    return (
        f"How far {which} lie beyond unrelated hearts, mean and 95 % interval "
        "(Fisher’s z); 0 is chance. Small marks: one evening each."
    )


def not_yet(evenings: int, wanted: int, last: Opened) -> str:
    """Say that there are too few evenings for an answer."""
    which = f"{_YOURS} and" if _is_yours(last) else ""
    return (
        f"Of two hearts together: {count(evenings, 'evening')}{which} that could be "
        f"judged; from {wanted}{NBSP}evenings on there is an answer."
    )


def _is_yours(last: Opened) -> bool:
    """Whether somebody had to open these: simulated and recorded ones nobody does."""
    return last.couple.source is Source.STRAPS


def pooled(where: str, answer: Answer, evenings: int) -> str:
    """Give the pooled answer."""
    over = f"over {count(evenings, 'evening')}"
    return {
        Answer.ALIKE: f"{where}, {over}: more alike than unrelated hearts.",
        Answer.OPPOSITE: f"{where}, {over}: more opposite than unrelated hearts.",
        Answer.TIED: (
            f"{where}, {over}: alike on some evenings and opposite on others, more "
            "than unrelated hearts."
        ),
    }.get(answer, f"{where}, {over}: can’t tell.")


def evening_name(number: int, date: str) -> str:
    """Return a row's name."""
    return f"{number}: {date}"
